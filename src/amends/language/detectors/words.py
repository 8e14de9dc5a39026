"""Patterns that detectors and forms share. They are texts; `re` compiles and keeps them when one is first needed."""

from __future__ import annotations


def any_of(words: str) -> str:
    """A pattern for any of some words; `_` stands for a space inside a phrase, and a word may be a pattern itself."""
    return r"\b(?:" + "|".join(word.replace("_", " ") for word in words.split()) + r")\b"


def signs_of(words: str) -> frozenset[str]:
    """Words of which a text has one wherever `any_of(words)` finds something in it: of a phrase its last. Knows no sign but `?`."""
    last = [word.replace("-", "_").split("_")[-1] for word in words.split()]
    return frozenset(form for word in last for form in (word.replace("?", ""), word[:-2] if word.endswith("?") else word))


CLOCK = r"\d[:.h]\d\d|\d\s*[ap]\.?m\b"
WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day|s|rs?|nes)?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY_OF_MONTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{MONTH}|{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?)\b(?!:\d)"
ISO_DATE = r"\d{4}-\d\d-\d\d"
DATED = rf"{CLOCK}|\b{DAY_OF_MONTH}|{ISO_DATE}|\b{WEEKDAY}\b|\b(?:today|tonight|tomorrow|yesterday)\b"

_NO_THING = (
    r"(?!(?:was|is|has|this|its|us|as|times|hours|minutes|days|weeks|seconds|months|years|decades|mins|hrs|secs"
    r"|grams|degrees|\w*met(?:re|er)s|kilos)\b)"
)
_THINGS = (
    rf"\s+(?:(?!(?:a\.?m|p\.?m|was|is|has|this|its)\b)[a-z]{{2,}}\s+)?{_NO_THING}(?:[a-z]{{3,}}s|people|staff|children|men|women|tonnes)\b"
)

SHARED = {
    "time": r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]\.?m\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|yesterday|today|this morning|last night"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]* \d)",
    "past": any_of(
        "was were had has_been have_been went came got broke sent put ran lost took gave left fell shut stood failed stopped \\w{3,}ed"
    ),
    "done": any_of(
        "withdrawn stopped cancelled restored replaced repaired corrected fixed reverted removed reset restarted recalled refunded"
        " returned reopened cleaned emptied"
        " drained closed disabled blocked isolated renewed reissued cast tested delivered rebuilt reloaded quarantined"
        " switched_(?:on|off) turned_(?:on|off) rolled_back"
    ),
    "guard": any_of(
        "locks? locked label\\w* shelf separate\\w* second_(?:person|pair|reviewer) double-check checklist rule limits? rack sticker"
        " colou?r reminder confirm\\w* requir\\w+"
        " block\\w* refus\\w+ reject\\w* asks?_for of_their_own proof-?read\\w* two_people four_eyes sign-?off paint\\w* alarm\\w*"
        " alerts? tests? checks? template guard\\w*"
        " warn\\w* validat\\w+"
    ),
    "intention": r"\b(?:more |very |extra )?(?:careful|cautious|diligent|vigilant|attentive|mindful)\b|\bdo(?:ing)? better\b"
    r"|\btry(?:ing)? harder\b|\bmore (?:care|attention)\b"
    r"|^\W*(?:(?:we|i|the team)(?:'ll| will|'re| are|'m| am)? )?"
    r"(?:(?:also|aim to|want to|plan to|try to|need to|going to|working to) )*(?:improv|enhanc|strengthen|better)(?:e|ing)?"
    r" (?:our |the |in )?[\w-]+(?: and [\w-]+)?(?: in (?:the )?future| going forward)?\W*$",
    "own-act": r"(?:accidentally |mistakenly |just |also )*(?:sent(?=.{0,60}\b(?:wrong|whole|all|every\w*|twice|too early|instead)\b)"
    r"|force-?pushed|pushed|merged|deployed|deleted|dropped|shipped|released|renamed"
    r"|overwrote|uploaded|ran|applied|wiped|broke|crashed|knocked|took (?:down|out)|rebased|truncated|migrated|typed|mis\w+)\b"
    r"(?![^,.;]{0,60}\b(?:fix|hotfix|patch|roll(?:ed)?[ -]?back|rollback|revert|restor\w+"
    r"|repair|back|checks?|tests?|alerts?|guard\w*|old|previous)\b)",
    "counted-things": rf"(?<![\d:.,-])\b\d[\d,.]*{_THINGS}",
    "several-things": r"(?<![\d:.,-])\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty"
    r"|(?:dozens|hundreds) of)" + _THINGS,
}
"""What the patterns of a form may name in {braces}: a time, a past verb, a finished repair, a safeguard, a number of things."""
