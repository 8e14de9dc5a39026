"""Patterns that several detectors share. They are texts; `re` compiles and keeps them when one is first needed."""

from __future__ import annotations


def any_of(words: str) -> str:
    """A pattern for any of some words; `_` stands for a space inside a phrase, and a word may be a pattern itself."""
    return r"\b(?:" + "|".join(word.replace("_", " ") for word in words.split()) + r")\b"


CLOCK = r"\d[:.h]\d\d|\d\s*[ap]\.?m\b"
WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day|s|rs?|nes)?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY_OF_MONTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{MONTH}|{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?)\b(?!:\d)"
ISO_DATE = r"\d{4}-\d\d-\d\d"
DATED = rf"{CLOCK}|\b{DAY_OF_MONTH}|{ISO_DATE}|\b{WEEKDAY}\b|\b(?:today|tonight|tomorrow|yesterday)\b"
