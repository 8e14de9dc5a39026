"""What of a report's words can be met again in another one."""

from __future__ import annotations

import pytest

from amends.recurrence.terms import LONGEST_TERM, LONGEST_TEXT, stem, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The checkout was failing, and it fails again", ["checkout", "fail", "fail", "again"]),
        ("pool_timeout in OrderService", ["pool_timeout", "pool", "timeout", "orderservice", "order", "servic"]),
        ("lang.NullPointer", ["lang.nullpointer", "lang", "nullpointer", "null", "pointer"]),
        ("std::vector", ["std::vector", "std", "vector"]),
        ("HTTP 503 from v2.14.1", ["http", "503", "2.14.1"]),
        ("ORA-00600", ["ora-00600", "ora", "00600"]),
        ("two NPEs", ["two", "npe"]),
        ("Café réglé", ["cafe", "regl"]),
        ("at 2026-03-04T10:22:31Z and 10:22, 7 rows", ["row"]),
        ("commit deadbeef01, order 123456789, at 0x7ffe", ["commit", "order"]),
        ("https://ana:secret@wiki.test/run?token=abc#top", ["wiki.test/run", "wiki", "test", "run"]),
        ("", []),
        ("… — !", []),
    ],
)  # fmt: skip
def test_words_without_endings_names_whole_and_in_parts_and_nothing_that_only_this_text_has(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("words", "one"),
    [
        ("fail fails failed failing", "fail"),
        ("crash crashes crashed crashing", "crash"),
        ("retry retries", "retri"),
        ("stop stopped stopping", "stop"),
        ("time times timed timing", "tim"),
    ],
)
def test_the_forms_of_a_word_are_one(words: str, one: str) -> None:
    assert {stem(word) for word in words.split()} <= {one, words.split(maxsplit=1)[0]}


def test_of_a_huge_text_the_beginning_is_read_and_a_run_of_letters_that_is_no_word_is_left_out() -> None:
    assert terms(f"export {'x' * (LONGEST_TERM + 1)} rows") == ["export", "row"]
    assert terms("disk " + "\n" * LONGEST_TEXT + "late") == ["disk"]
