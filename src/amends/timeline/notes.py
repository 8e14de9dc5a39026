"""What people say about the entries of a timeline: a fold of notes, of which none is ever changed.

An entry is as its source has it. What a person thinks of it (that it matters, that it does not, what its true time is) is a note beside
it; what no log knows is a note that is an entry itself. `marks` folds the notes, in the order in which they were recorded, and `noted`
puts them to the rows of a timeline. A note that says nothing new where it stands (pinning what is pinned) changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.timeline.entry import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, object]

NOTES = ("pinned", "unpinned", "hidden", "shown", "commented", "corrected", "added", "withdrawn")
"""What can be noted. `added` is an entry of its own; `withdrawn` takes a comment, a correction or an added entry back."""

WITHDRAWABLE = ("commented", "corrected", "added")
"""Notes that are taken back by `withdrawn`; the others are undone by their opposites."""

ADDED = "added by hand"
"""The source of an entry that a person wrote."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a person said about an entry.

    `entry` is the id of the entry, for an added one the id of the note that added it. `text` is the comment, the reason for another time,
    or what happened; `time` (aware) is the corrected time, or that of an added entry; `actor` is who acted in an added entry. `version` is
    the version of the timeline in which the entry was seen, where it can be found again. `undoes` is the id of a note taken back.
    """

    id: str
    incident_id: str
    entry: str
    what: str
    recorded_at: datetime
    by: str
    text: str | None = None
    time: datetime | None = None
    actor: str | None = None
    version: int | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """How an entry stands after all notes about it.

    `comments` and `corrections` are those that hold, oldest first; of several corrections the last one counts. `added` is the note that
    made the entry, None for one of a source. `gone` says that an added entry was withdrawn. `history` is every note, withdrawn ones too.
    """

    pinned: bool = False
    hidden: bool = False
    gone: bool = False
    comments: tuple[Note, ...] = ()
    corrections: tuple[Note, ...] = ()
    added: Note | None = None
    history: tuple[Note, ...] = ()

    @property
    def correction(self) -> Note | None:
        """The correction that counts."""
        return self.corrections[-1] if self.corrections else None

    @property
    def withdrawn(self) -> frozenset[str]:
        """The ids of the notes that were taken back."""
        return frozenset(note.undoes for note in self.history if note.undoes)


UNMARKED = Marks()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as people see it: its row in the form of the contract, what was noted, and its time after corrections.

    `time` and `original` are microseconds since 1970, `UNDATED` where there is none. `is_current` is False for an entry that people noted
    something about and that the version shown does not hold any more.
    """

    row: Row
    marks: Marks
    time: int
    original: int
    is_current: bool = True

    @property
    def id(self) -> str:
        """The id of the entry."""
        return str(self.row["id"])


def marks(notes: Iterable[Note]) -> dict[str, Marks]:
    """How each entry stands that something was noted about, by its id; `notes` in the order in which they were recorded."""
    told: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        told[note.entry].append(note)
    return {entry: _marks(tuple(history)) for entry, history in told.items()}


def _marks(history: tuple[Note, ...]) -> Marks:
    undone = {note.undoes for note in history if note.what == "withdrawn"}
    state = Marks(history=history)
    for note in history:
        match note.what:
            case "pinned" | "unpinned":
                state = replace(state, pinned=note.what == "pinned")
            case "hidden" | "shown":
                state = replace(state, hidden=note.what == "hidden")
            case "added":
                state = replace(state, added=note, gone=note.id in undone)
            case "commented" if note.id not in undone:
                state = replace(state, comments=(*state.comments, note))
            case "corrected" if note.id not in undone:
                state = replace(state, corrections=(*state.corrections, note))
            case _:
                pass
    return state


def noted(rows: Iterable[Row], said: Mapping[str, Marks], elsewhere: Mapping[str, Row]) -> list[Entry]:
    """The entries in the order of their corrected times, undated ones last, hidden ones included, withdrawn added ones not.

    `rows` are those of the version shown, `said` is what `marks` gives, `elsewhere` the rows of noted entries of other versions.
    """
    found = [_entry(row, said.get(str(row["id"]), UNMARKED)) for row in rows]
    known = {entry.id for entry in found}
    for name, state in said.items():
        if name in known or state.gone:
            continue
        if state.added is not None:
            found.append(_entry(row_of(state.added), state))
        elif name in elsewhere and _still_says_something(state):
            found.append(replace(_entry(elsewhere[name], state), is_current=False))
    return sorted(found, key=lambda entry: (entry.time == UNDATED, entry.time))


def _still_says_something(state: Marks) -> bool:
    return state.pinned or bool(state.comments or state.corrections)


def row_of(added: Note) -> dict[str, object]:
    """An added entry in the form of the contract; it cites the person who wrote it."""
    return {
        "id": added.id,
        "time": None if added.time is None else f"{added.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        "time_text": None,
        "zone": "stated",
        "source": ADDED,
        "sha256": "",
        "line": 0,
        "offset": 0,
        "length": 0,
        "flags": [],
        "kind": "other",
        "level": None,
        "actor": added.actor,
        "text": added.text or "",
        "count": 1,
        "last_time": None,
        "why": ["human"],
        "because": [],
    }


def _entry(row: Row, state: Marks) -> Entry:
    original = micros(row["time"])
    corrected = state.correction
    time = original if corrected is None or corrected.time is None else micros_of(corrected.time)
    return Entry(row, state, time, original)


def micros(written: object) -> int:
    """An instant as the contract writes it, in microseconds since 1970; `UNDATED` for none and for one beyond the calendar.

    >>> micros("2026-03-04T10:42:07.123000Z")
    1772620927123000
    """
    if not isinstance(written, str):
        return UNDATED
    try:
        return micros_of(datetime.fromisoformat(written))
    except ValueError:
        return UNDATED


def micros_of(at: datetime) -> int:
    """An aware instant in microseconds since 1970."""
    away = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (away.days * 86_400 + away.seconds) * 1_000_000 + away.microseconds
