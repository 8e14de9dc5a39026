"""Detectors for the follow-up note: two sentences, two commits, two checkboxes, and the fields that others will ask for."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors.shape import limit
from amends.language.detectors.words import CLOCK, DATED

__all__ = ["empty_commit_subject", "missing_fields", "open_boxes", "opening_sentences", "too_few_commits"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

    Subject = tuple[int, int, str]
    """Start, end and words of one commit subject."""

_COMMIT_LINE = (
    r"(?im)^[ \t>*-]*(?:commits?|changes?|hotfix|rollback|guardrail commit|pull requests?|prs?)\b"
    r"(?:[ \t]+(?:[a-z]|\d{1,2}|one|two|three|first|second))?[ \t]*(?::|–|—|-|/)[ \t]*(?P<rest>.*)$"
)
_INLINE = r"(?i)(?:(?<=[.!?] )|(?<=\n))commits?[ \t]*:[ \t]*(?P<rest>[^.\n]*)"
_PREFIX = r"(?:fix|feat|test|tests|chore|ci|docs|refactor|perf|build|revert|style|hotfix)(?:\([\w/., -]{1,40}\))?!?: "
_CONVENTIONAL = rf"(?m)^[ \t]*(?:(?:[-*•]|\d+[.)])[ \t]+)?(?P<bare>{_PREFIX}[^\n]+)$|[`\"“](?P<quoted>{_PREFIX}[^`\"”\n]+)[`\"”]"
"""Subjects that tell by their prefix that they are ones, wherever they stand."""
_LABELLED = r"(?m)^[ \t]*(?:what|when|who)[ \t]*:"
_QUOTED = r"`([^`\n]+)`|\"([^\"\n]+)\"|“([^”\n]+)”"
_NONE = r"(?i)\W*(?:none|n/?a|tbd|pending|to follow|see\b|.{0,24}\b(?:open|missing)\W*$)"
_BREAKS = r"\s+/\s+|\s+\+\s+|\s*;\s+|\s+\|\s+|,\s+(?=[\w-]+:)"
_EMPTY_WORDS = frozenset(
    "fix fixes fixed fixing hotfix wip update updates updated change changes changed stuff misc minor tweak tweaks cleanup clean"
    " test temp tmp final"
    " try again bug issue patch commit the a an of for to in on and or with it this that some more small quick another second"
    " first".split()
)
CONTENT_WORDS = 3
"""A subject with fewer words that carry something names neither the component nor the effect."""
_FIELDS = {"what": "fact", "when": "", "who": "impact", "fix": "recovery", "guardrail": "prevention"}
"""The fields, each with the move that tells it as well."""
_BOX = r"(?im)^[ \t]*(?:[-*][ \t]+)?(?P<box>\[[ xX✓]\]|[☐☑☒✅✓✔])[ \t]*(?P<name>impact|prevention)\b(?P<rest>.*)$"
_INLINE_BOX = r"(?i)(?P<box>\[[ xX✓]\]|[☐☑☒✅✓✔])[ \t]*(?P<name>impact|prevention)\b(?P<rest>[^☐☑☒✅✓✔\[\n]*)"

_OPENING_ENDS = (
    r"(?im)^[ \t>*-]*(?:commits?|changes?|hotfix|rollback|what|when|who|fix|guardrail|impact|prevention|prs?"
    r"|follow-up)\b[ \t]*(?:[a-z0-9]{1,5}[ \t]*)?(?::|–|—|-|/)"
    r"|^[ \t]*(?:[-*][ \t]+)?(?:\[[ xX✓]\]|[☐☑☒✅✓✔])"
)


def opening_sentences(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Another number of sentences than two before the first commit or labelled line; fragments do not count."""
    allowed = limit(context, "opening-sentences")
    if allowed is None:
        return
    masked = context.text.raw
    first = re.search(_OPENING_ENDS, masked)
    inline = re.search(_INLINE, masked)
    end = min([found.start() for found in (first, inline) if found] or [len(masked)])
    opening = [one for one in context.prose() if one.start < end and one.label != "subject" and one.last - one.first > 3]
    if len(opening) == allowed[0]:
        return
    start, stop = (opening[0].start, opening[-1].end) if opening else context.whole()
    yield Remark(start, stop, {"count": str(len(opening)), "most": str(allowed[0])}, allowed[1])


def subjects(context: Context) -> list[Subject]:
    """The commit subjects that a note names, with where they stand; placeholders are none."""
    raw = context.text.raw
    found: list[Subject] = []
    lines = list(re.finditer(_COMMIT_LINE, raw)) or list(re.finditer(_INLINE, raw))
    for line in lines:
        rest, at = line["rest"], line.start("rest")
        quoted = list(re.finditer(_QUOTED, rest))
        if quoted:
            found += [_subject(at + one.start(one.lastindex or 0), one[one.lastindex or 0]) for one in quoted]
        else:
            found += _split(rest, at)
    if not lines:
        return _conventional(raw)
    if not any(words for _, _, words in found):
        found += _listed_below(raw, lines[-1].end())
    return [one for one in found if one[2] and not re.match(_NONE, one[2])]


def _conventional(raw: str) -> list[Subject]:
    """Subjects such as `fix: add the tenant to the query` that no label announces; `fix:` below `what:` is a field of the note."""
    fields = re.search(_LABELLED, raw) is not None
    return [
        _subject(one.start(one.lastgroup or 0), one[one.lastgroup or 0])
        for one in re.finditer(_CONVENTIONAL, raw)
        if one["quoted"] or not fields
    ]


def _split(rest: str, at: int) -> list[Subject]:
    """Unquoted subjects of one line, parted by / or +."""
    pieces: list[Subject] = []
    begin = 0
    for gap in re.finditer(_BREAKS, rest):
        pieces.append(_subject(at + begin, rest[begin : gap.start()]))
        begin = gap.end()
    pieces.append(_subject(at + begin, rest[begin:]))
    return pieces


def _listed_below(raw: str, at: int) -> list[Subject]:
    """The items of a list below a line that says `Commits:` and no more."""
    lines = re.finditer(r"(?m)^[ \t]*(?:[-*•]|\d+[.)])[ \t]+(?P<item>.+)$", raw[at : at + 2000])
    return [_subject(at + line.start("item"), line["item"]) for line in lines]


def _subject(start: int, words: str) -> Subject:
    bare = words.strip(" `\"“”.'")
    lead = len(words) - len(words.lstrip(" `\"“'"))
    return start + lead, start + lead + len(bare), bare


def too_few_commits(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Fewer than two commits: one that repairs, one that guards."""
    found = subjects(context)
    if len(found) < 2:
        start, end = (found[0][0], found[0][1]) if found else context.whole()
        yield Remark(start, end, {"count": ("none", "only one")[len(found)]})


def empty_commit_subject(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A commit subject that will say nothing to anybody in six months."""
    for start, end, words in subjects(context):
        if says_nothing(words):
            yield Remark(start, end, {"words": words})


def says_nothing(subject: str) -> bool:
    """Whether a commit subject has fewer than three words that carry something: `fix`, `wip`, `fix 2`."""
    parts = re.findall(r"[A-Za-z][\w'-]*|#?\d[\w.%:,-]*", subject)
    told = [part for part in parts if part.lower() not in _EMPTY_WORDS and not part.isdigit()]
    return len(told) < CONTENT_WORDS and not (len(told) >= 2 and ":" in subject and len(parts) >= CONTENT_WORDS)


def open_boxes(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A note without its two boxes, or with one that is neither checked nor dated."""
    raw = context.text.raw
    boxes = {found["name"].lower(): found for found in re.finditer(_BOX, raw)} or {
        found["name"].lower(): found for found in re.finditer(_INLINE_BOX, raw)
    }
    missing = [name for name in ("impact", "prevention") if name not in boxes]
    if missing:
        start, end = context.whole()
        yield Remark(start, end, {"boxes": " and ".join(missing), "state": "is missing" if len(missing) == 1 else "are missing"})
    for name, found in boxes.items():
        checked = found["box"] not in ("[ ]", "☐")
        if not checked and not re.search(DATED, found["rest"], re.IGNORECASE):
            yield Remark(found.start("box"), found.end(), {"boxes": name, "state": "is neither checked nor dated"})


def missing_fields(context: Context, _rule: Rule) -> Iterator[Remark]:
    """What the readers of a note will ask for, and that neither a field nor a sentence tells."""
    raw = context.text.raw
    told = {report.move for report in context.reports if report.present}
    missing = [name for name in _FIELDS if re.search(rf"(?i)\b{name}\b[ \t]*(?::|/|–|—|-[ \t])", raw) is None]
    missing = [name for name in missing if not (re.search(CLOCK, raw) if name == "when" else _FIELDS[name] in told)]
    if missing:
        start, end = context.whole()
        yield Remark(start, end, {"fields": ", ".join(missing)}, "note" if len(missing) < len(_FIELDS) else None)
