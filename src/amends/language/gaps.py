"""The gaps of our own templates and stubs: `[what you did]`, `[HH:MM ZONE]`. A sentence that still holds one says nothing yet."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.text import Text

_TIME = r"(?:day |date |what by |if what by )?(?:HH:MM|ZONE)(?:[ -](?:and )?(?:zone|HH:MM))*"
_ASKING = (
    r"(?:exactly )?(?:wh(?:at|o|om|ich|ere|en|y)|how)(?: [^\]\[\n]{1,80})?"
    r"|do what\b[^\]\[\n]{0,40}|(?:receive|put right|if) what\b[^\]\[\n]{0,40}"
)
_NAMED = (
    r"(?:old |new )?(?:date|day|time)|(?:owner'?s )?role|number|name|condition|cause|trigger|check|limit|effect|act|state|repair|six words"
    r"|i/we|n of m|the (?:mistake|risk|trouble it caused|act, or [^\]\[\n]{1,40}|specific act[^\]\[\n]{0,30}|check, test or limit"
    r"|condition that [^\]\[\n]{1,40})|an? (?:check|test)(?:, test or alert)?|tests?, (?:check, )?(?:alert|review|limit)[^\]\[\n]{0,60}"
    r"|catches this class of error|stops or shows this class of error|have reverted, am restoring|tested how|checked how[^\]\[\n]{0,40}"
    r"|fails the build, is blocked, alerts|lost, missed, had to do|customers, orders, money|users, minutes, money|technical|organisational"
)
_BRACKETS = r"\[([^\]\[\n]{2,160})\](?!\()"
_TIMED_LINE = (
    r"[ \t|*•–-]*(?:\d{1,2}[.)][ \t]+)?(?:\d{4}-\d\d-\d\d[ T]|\d{1,2}\.? [A-Z][a-z]{2,8},? |[A-Z][a-z]{2,8}\.? \d{1,2},? "
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?\d{1,2}[:.]\d\d\b"
)
"""What stands in brackets at the end of a timeline's entry is its evidence."""


def gaps(text: Text, template: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each gap that is still open, and whether it stands for content and not just for a time.

    A gap is one of the form's `template`, or looks like those of the stubs; other brackets are the author's own.
    """
    masked = text.masked
    if "[" not in masked:
        return
    for found in re.finditer(_BRACKETS, masked):
        timed = re.fullmatch(_TIME, found[1], re.IGNORECASE) is not None
        stub = timed or found[0] in template or re.fullmatch(f"{_ASKING}|{_NAMED}", found[1], re.IGNORECASE)
        if stub and (timed or not _is_evidence(masked, found.start(), found.end())):
            yield found.start(), found.end(), not timed


def _is_evidence(masked: str, start: int, end: int) -> bool:
    stop = masked.find("\n", end)
    behind = masked[end : stop if stop >= 0 else len(masked)]
    return not behind.strip() and re.match(_TIMED_LINE, masked[masked.rfind("\n", 0, start) + 1 : start]) is not None


def unsaid(text: Text, template: str) -> set[int]:
    """The numbers of the sentences whose content is still a gap, so that they make no move yet."""
    open_at = [(start, end) for start, end, content in gaps(text, template) if content]
    if not open_at:
        return set()
    return {place for place, one in enumerate(text.sentences) if any(start < one.end and end > one.start for start, end in open_at)}
