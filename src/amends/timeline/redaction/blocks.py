r"""Private keys, which stand over many lines, with or without their end, and with line breaks that are written out as `\\n`."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import zip_longest
from typing import TYPE_CHECKING

from amends.timeline.redaction.found import Found, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-Lines: \d{1,4}|AGE-SECRET-KEY-(?=1)")
END = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-MAC: \w*")
_BODY = re.compile(
    r"(?:(?:\\{1,2}[nr]|[\s|>\"',+])*+"
    r"(?:[A-Za-z0-9+/]{16,}+={0,2}|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): [^\n\\]*+|[A-Za-z0-9+/]{0,80}={1,2}))*+"
)
_LONGEST = 1 << 14  # characters; a key of 16,384 bits has 12,800
_LINES = 200
_LINE = re.compile(r"[A-Za-z0-9+/]{40,76}={0,2}|[A-Za-z0-9+/]{2,76}={1,2}")


def line_of_key(text: str) -> tuple[int, int] | None:
    """Where the last word of a text stands if it can be a line of a key, while a key goes on over several texts."""
    words = text[-200:].split()
    if not words or not _LINE.fullmatch(words[-1]) or words[-1].islower() or words[-1].isupper():
        return None
    start = text.rindex(words[-1])
    return start, start + len(words[-1])


def lines_to_come(text: str, before: int) -> int:
    """For how many further texts lines of a key may come: none behind its end, and never without limit."""
    begins, ends = text.rfind("-BEGIN "), text.rfind("-END ")
    if begins >= 0 and "PRIVATE KEY" in text[begins : begins + 60]:
        return 0 if ends > begins else _LINES
    return 0 if ends >= 0 else max(before - 1, 0)


def _private_keys(text: str) -> Iterator[Found]:
    """Each from its beginning to its end; where the end is missing, as far as its letters go."""
    begins, ends = list(BEGIN.finditer(text)), [match.end() for match in END.finditer(text)]
    for match, following in zip_longest(begins, begins[1:]):
        at = bisect_right(ends, match.end())
        limit = min(match.end() + _LONGEST, following.start() if following else len(text))
        end = ends[at] if at < len(ends) and ends[at] <= limit else _end_of_body(text, match.end())
        yield Found(match.start(), end, "private key")


def _end_of_body(text: str, at: int) -> int:
    body = _BODY.match(text, at)
    return body.end() if body else at


RULES = (Rule("private key", _private_keys, ("--be", "---- b", "private-l", "age-s")),)
