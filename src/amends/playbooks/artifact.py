"""Artifacts as live documents: what each field holds now, and what it still misses.

A field is filled when enough of what it holds lacks nothing. What somebody chose and the data hold no longer does not count, and stays
named as gone. "Unknown" passes where the field allows it, and only with whom somebody asked, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.playbooks.known import WORD, Item
from amends.playbooks.run import last

if TYPE_CHECKING:
    from amends.playbooks.known import Known
    from amends.playbooks.playbook import Artifact, Field
    from amends.playbooks.run import RunEvent

FILLED, UNKNOWN, MISSING, OPTIONAL = "filled", "unknown", "missing", "optional"
STATES = (FILLED, UNKNOWN, MISSING, OPTIONAL)


@dataclass(frozen=True, slots=True)
class Held:
    """Something that stands in a field; `event` is how a person put it there, None where the field takes all that the data hold."""

    item: Item
    event: RunEvent | None = None


@dataclass(frozen=True, slots=True)
class FieldState:
    """How a field stands: one of `STATES`, what it holds, what was chosen and is gone, and what it misses, each in a sentence.

    `about` is `artifact.field`. `unknown` says whom somebody asked, and when, for as long as nothing better stands there. `offered` is
    what the data hold to choose from, without what was chosen.
    """

    about: str
    field: Field
    state: str
    held: tuple[Held, ...]
    misses: tuple[str, ...] = ()
    unknown: RunEvent | None = None
    gone: tuple[RunEvent, ...] = ()
    offered: tuple[Item, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether it keeps nobody from going on."""
        return self.state != MISSING


@dataclass(frozen=True, slots=True)
class ArtifactState:
    """An artifact with how its fields stand."""

    artifact: Artifact
    fields: tuple[FieldState, ...]

    @property
    def is_complete(self) -> bool:
        """Whether no field of it is missing."""
        return all(one.passes for one in self.fields)


def artifact_state(artifact: Artifact, events: tuple[RunEvent, ...], known: Known) -> ArtifactState:
    """How an artifact stands after some events that hold, with what the data hold."""
    return ArtifactState(artifact, tuple(field_state(f"{artifact.id}.{one.id}", one, events, known) for one in artifact.fields))


def field_state(about: str, field: Field, events: tuple[RunEvent, ...], known: Known) -> FieldState:
    """How one field stands."""
    offered = known.items(*field.sources)
    put = tuple(one for one in events if one.what == "filled" and one.about == about)
    by_id = {(one.kind, one.id): one for one in offered}
    held: list[Held] = [] if field.pick == "some" else [Held(one) for one in offered]
    gone = []
    for event in put:
        if event.ref_kind == WORD:
            held.append(Held(_word(event), event))
        elif (event.ref_kind or "", event.ref or "") in by_id:
            held.append(Held(by_id[event.ref_kind or "", event.ref or ""], event))
        else:
            gone.append(event)
    misses = _misses(field, held)
    unknown = last(events, "unknown", about)
    needed = field.needed or any(_is_so(one, events, known) for one in field.needed_if)
    state = FILLED if not misses else UNKNOWN if unknown is not None and field.may_be_unknown else MISSING if needed else OPTIONAL
    taken = {(one.item.kind, one.item.id) for one in held}
    left = tuple(one for key, one in by_id.items() if key not in taken)
    return FieldState(about, field, state, tuple(held), misses, unknown if misses else None, tuple(gone), left)


def _is_so(reason: str, events: tuple[RunEvent, ...], known: Known) -> bool:
    """Whether a condition shows, or a decision fell on an option."""
    decision, chose, option = reason.partition(": ")
    if chose:
        taken = last(events, "decided", decision)
        return taken is not None and taken.value == option
    saw = known.shows.get(reason)
    return saw is not None and saw.holds is True


def _word(event: RunEvent) -> Item:
    return Item(WORD, event.id, event.text or "", at=event.asked_at, by=event.person)


def _misses(field: Field, held: list[Held]) -> tuple[str, ...]:
    sound = [one for one in held if one.item.is_sound]
    found = []
    few, lacking = len(sound) < field.least, [f"“{_short(one.item.words)}” {lack}" for one in held for lack in one.item.lacks]
    if few and not (field.least == 1 and lacking):
        found.append(_too_few(field, len(sound)))
    if field.most is not None and len(held) > field.most:
        found.append(f"{len(held)} stand here, and {field.most or 'none'} should: {_named(held)}")
    if field.whole or few:
        found += lacking
    return tuple(found)


def _too_few(field: Field, sound: int) -> str:
    if field.least == 1:
        return "nothing that counts stands here yet"
    have = {0: "none is", 1: "one is"}.get(sound, f"{sound} are")
    return f"{field.least} are needed, and {have} here"


def _named(held: list[Held]) -> str:
    shown = "; ".join(f"“{_short(one.item.words)}”" for one in held[:_MOST_NAMED])
    return shown if len(held) <= _MOST_NAMED else f"{shown}; and {len(held) - _MOST_NAMED} more"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


_MOST_NAMED = 3
_LONGEST = 80
