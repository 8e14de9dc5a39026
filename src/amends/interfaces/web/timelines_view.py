"""What the pages of timelines show: what to do now, the entries with what was promised and told between them, the sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from amends.interfaces.web import words
from amends.timeline.entry import UNDATED
from amends.timeline.notes import micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.timeline.notes import Entry, Note
    from amends.timeline.versions import Run
    from amends.usecases.timeline_page import Lanes
    from amends.usecases.timelines import Told

LISTED = 500
"""Entries of one page."""

SHOWS = ("", "pinned", "hidden")
_LONGEST = 400
"""Characters of an entry in the list; all of it stands on its own page."""

_SAID_BY_KIND = {
    "alert": ("alert",), "chat": ("human",), "commit": ("change",), "deploy": ("change",), "mail": ("human",), "status": ("human",),
    "ticket": ("human",),
}  # fmt: skip
"""Reasons that the kind of an entry, which stands beside its time, says already."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SERIOUS = {"critical": "missed", "error": "missed", "warning": "soon"}
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in the list, or something that was promised or told (`lane`); `at` is None for what has no time."""

    id: str
    at: datetime | None
    tone: str
    tags: tuple[str, ...]
    text: str
    is_cut: bool
    more: str
    until: datetime | None
    why: tuple[str, ...]
    place: str
    entry: Entry | None = None
    original: datetime | None = None
    link: str = ""

    @property
    def lane(self) -> bool:
        """Whether it is no entry of the timeline."""
        return self.entry is None


@dataclass(frozen=True, slots=True)
class Shown:
    """The list as it was asked for: which part of how many, what to do now, and how many are pinned and hidden."""

    heading: str
    lines: tuple[Line, ...]
    undated: tuple[Line, ...]
    total: int
    start: int
    pinned: int
    hidden: int

    @property
    def end(self) -> int:
        """The place behind the last line shown."""
        return self.start + len(self.lines)


def shown(told: Told, lanes: Lanes, *, show: str, query: str, start: int, at: str = "") -> Shown:
    """The part of a timeline that was asked for: those pinned, those hidden, or all that are not; with some words in them, or any.

    The part begins at place `start`, or, where `at` is the id of an entry in the list, it is the one that holds that entry.
    """
    pinned = sum(entry.marks.pinned and not entry.marks.hidden for entry in told.entries)
    hidden = sum(entry.marks.hidden for entry in told.entries)
    wanted = [entry for entry in told.entries if _is_wanted(entry, show)]
    lines = [line(entry) for entry in wanted] + ([] if show else [*_lanes(lanes)])
    if query:
        asked = query.lower().split()
        lines = [one for one in lines if all(word in _searched(one) for word in asked)]
    dated = sorted((one for one in lines if one.at is not None), key=lambda one: one.at or _EPOCH)
    undated = tuple(one for one in lines if one.at is None)
    place = next((place for place, one in enumerate(dated) if one.id == at), None)
    start = max(0, min(start, len(dated) - 1)) if place is None else place - place % LISTED
    return Shown(_heading(told, pinned), tuple(dated[start : start + LISTED]), undated[:LISTED], len(dated), start, pinned, hidden)


def _is_wanted(entry: Entry, show: str) -> bool:
    if show == "hidden":
        return entry.marks.hidden
    return not entry.marks.hidden and (show != "pinned" or entry.marks.pinned)


def _searched(one: Line) -> str:
    text = str(one.entry.row["text"]) if one.entry else one.text
    said = " ".join(note.text or "" for note in one.entry.marks.comments) if one.entry else ""
    return " ".join((text, said, one.place, *one.tags)).lower()


def _heading(told: Told, pinned: int) -> str:
    """The answer to "what should I do now?"."""
    state = told.run.state if told.run else ""
    if state in ("running", "stopping"):
        return "The evidence is being read."
    if state == "interrupted":
        return "The reading was interrupted. Go on with it."
    if not told.evidence and told.version is None:
        return "Add the evidence. The timeline comes from it."
    if state == "failed":
        return "The evidence could not be read."
    if told.version is None:
        return "Read the evidence."
    if told.unread or told.left:
        return "The evidence has changed. Read it again."
    count = sum(not entry.marks.hidden for entry in told.entries)
    if not count:
        return "Nothing in the evidence stands out."
    entries = "One entry matters" if count == 1 else f"{count:,} entries matter"
    return f"{entries}, {pinned:,} pinned." if pinned else f"{entries}. Pin what the story needs."


def line(entry: Entry) -> Line:
    """One entry for the list."""
    row: Any = entry.row
    text = _without_time(str(row["text"]), str(row["time_text"] or ""))
    level, kind, actor = row["level"], str(row["kind"]), row["actor"]
    tags = [words.ENTRY_KINDS.get(kind, kind)] if kind != "log" else []
    tags += [str(level)] if level else []
    tags += [str(actor)] if actor else []
    count = int(row["count"])
    added = entry.marks.added
    said = ("human",) if added else _SAID_BY_KIND.get(kind, ())
    return Line(
        id=entry.id,
        at=_at(entry.time),
        tone=_SERIOUS.get(str(level), "quiet"),
        tags=tuple(["Added by hand", *tags[1:]] if added else tags),
        text=text[:_LONGEST].rstrip(),
        is_cut=len(text) > _LONGEST,
        more=f"{count:,} times" if count > 1 else "",
        until=_at(micros(row["last_time"])) if count > 1 else None,
        why=tuple(str(one) for one in row["because"]) or tuple(words.REASONS[one] for one in row["why"] if one not in said),
        place=f"by {words.person(added.by)}" if added else f"{row['source']}:{row['line']}",
        entry=entry,
        original=_at(entry.original) if entry.marks.corrections else None,
    )


def _without_time(text: str, written: str) -> str:
    """A line without the time that stands before it already, where the line begins with it."""
    for begin in (written, f"[{written}]"):
        if written and text.startswith(begin):
            return text[len(begin) :].lstrip() or text
    return text


def _lanes(lanes: Lanes) -> Iterable[Line]:
    for one in lanes.promises:
        promise, stands = one.promise, one.standing
        tone = {"kept": "kept", "missed": "missed", "late": "soon"}.get(stands.state, "quiet")
        tags = ("Promised", words.STATE_NAMES[stands.state].lower())
        yield _lane(f"promise-{promise.id}", promise.made_at, tone, tags, promise.words, f"/promises/{promise.id}")
    for sent in lanes.updates:
        to = words.AUDIENCE_NAMES.get(sent.audience or "", "")
        yield _lane(f"update-{sent.id}", sent.sent_at, "quiet", ("Told", *((f"to {to}",) if to else ())), sent.text, "")


def _lane(name: str, at: datetime, tone: str, tags: tuple[str, ...], text: str, link: str) -> Line:
    return Line(name, at, tone, tags, text[:_LONGEST].rstrip(), len(text) > _LONGEST, "", None, (), "", link=link)


def _at(time: int) -> datetime | None:
    return None if time == UNDATED else _EPOCH + timedelta(microseconds=time)


@dataclass(frozen=True, slots=True)
class Said:
    """One note in the history of an entry; `undone` where it was taken back, `is_mine` where this person can take it back."""

    note: Note
    name: str
    undone: bool
    is_mine: bool


def history(entry: Entry, by: str) -> tuple[Said, ...]:
    """Everything that was noted about an entry, in the order in which it was recorded."""
    gone = entry.marks.withdrawn
    return tuple(
        Said(
            note,
            words.NOTE_NAMES[note.what],
            note.id in gone,
            note.by == by and note.id not in gone and note.what in ("commented", "corrected", "added"),
        )
        for note in entry.marks.history
    )


def progress(run: Run) -> str:
    """How far a reading is, in words."""
    if run.state == "stopping":
        return "It stops after what it has in hand."
    if not run.total:
        return "It looks at what there is."
    return f"{size(run.done)} of {size(run.total)}, {100 * run.done // run.total} %."


def size(count: int | None) -> str:
    """Bytes in words.

    >>> [size(count) for count in (None, 0, 900, 2048, 5_300_000, 7_000_000_000)]
    ['', '0 bytes', '900 bytes', '2 KB', '5.1 MB', '6.5 GB']
    """
    if count is None:
        return ""
    if count < _KIB:
        return f"{count} bytes"
    amount, unit = count / _KIB, "KB"
    for larger in ("MB", "GB"):
        if amount >= _KIB:
            amount, unit = amount / _KIB, larger
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "KB" else f"{amount:.1f} {unit}"


def sources(told: Told) -> Sequence[dict[str, Any]]:
    """What was read of each source."""
    if told.version is None:
        return ()
    return [
        {
            **one,
            "read_as": ", ".join(one["formats"]) or one["reader"],
            "first": None if one["first"] is None else _at(one["first"]),
            "last": None if one["last"] is None else _at(one["last"]),
            "zone": words.zone_of_source(one["zone"]),
        }
        for one in told.version.document["sources"]
    ]
