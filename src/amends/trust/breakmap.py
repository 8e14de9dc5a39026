"""The map of broken trust: whose it was, in what, in which direction, of which kind, what they fear now, and who said so.

A break is a point of the account of the part `trust-break`; its place on the map is a row beside it, and the last row of a break holds.
So that nothing is asserted for other people, a fear needs who said it, and a group that nobody has asked stands as not yet asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.trust.remark import Remark
from amends.trust.same import ALIKE, alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from amends.narrative.account import Account, Point

SUBJECTS = ("system", "behaviour")
"""What they do not rely on any more: that the system works, or how we behave around it."""

DIRECTIONS = ("inside", "upward", "outward")
"""Where trust was lost: inside the team, with those who answer for us, with users and partners."""

DOUBTS = {"ability": "that we can", "honesty": "that we say what is so", "care": "that it matters to us"}
"""What they doubt, by the kind of the break."""
KINDS = tuple(DOUBTS)

HEARD, ASKED, NOT_ASKED = "heard", "asked", "not-yet-asked"
STATES = (HEARD, ASKED, NOT_ASKED)
"""How we know of a break: somebody told us, somebody was asked and has not answered, or nobody was asked yet."""

DIRECTION_OF = {"team": "inside", "leadership": "upward", "customers": "outward", "partner": "outward"}
"""In which direction the trust of an audience lies (`core.people.AUDIENCES`)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one break stands on the map, as somebody placed it; of several rows of one `item` the last recorded holds.

    `item` is the point of the account, `whose` the group, by its name. `fear` is what they fear will happen again, in their words.
    `heard_from` told us, at `heard_at`; `asked` was asked, at `asked_at`. What is not known yet is None. `withdrawn` says why the break
    does not belong on the map any more; `whose` is empty where it was withdrawn before anybody placed it.
    """

    id: str
    incident_id: str
    item: str
    whose: str
    recorded_at: datetime
    by: str
    subject: str | None = None
    direction: str | None = None
    kind: str | None = None
    fear: str | None = None
    heard_from: str | None = None
    heard_at: datetime | None = None
    asked: str | None = None
    asked_at: datetime | None = None
    withdrawn: str | None = None

    @property
    def state(self) -> str:
        """One of `STATES`."""
        return HEARD if self.heard_from else ASKED if self.asked else NOT_ASKED


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody who was affected, and so belongs on the map; `audience` is how they are written to, where that is known."""

    name: str
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class TrustBreak:
    """A break of the account with its place on the map, None where nobody placed it yet. `closed` says how it was closed."""

    item: str
    text: str
    placed: Placed | None
    who: str | None = None
    closed: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return not self.closed

    @property
    def whose(self) -> str | None:
        """Whose trust it was, by the map, else by the account."""
        return self.placed.whose if self.placed is not None else self.who


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A break that stands no more: who took it back and when, and why, None where nobody said so on the map."""

    item: str
    text: str
    whose: str | None
    at: datetime
    by: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class BreakMap:
    """All breaks of an incident in the order in which the account has them, the groups that it affected, and what was withdrawn.

    What was withdrawn counts nowhere; it is kept to be read.
    """

    breaks: tuple[TrustBreak, ...]
    groups: tuple[Group, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()

    def get(self, item: str) -> TrustBreak | None:
        """The break of an item, None where there is none that stands."""
        return next((one for one in self.breaks if one.item == item), None)

    def at(self, direction: str, subject: str) -> tuple[TrustBreak, ...]:
        """The breaks that were placed at one cell of the map."""
        return tuple(
            one for one in self.breaks if one.placed is not None and (one.placed.direction, one.placed.subject) == (direction, subject)
        )

    def problems(self) -> tuple[Remark, ...]:
        """What the map still lacks, whole groups first; nothing where everybody who was hit stands on it as far as anybody was asked."""
        if not self.breaks and not self.groups:
            return (Remark("map-empty", "no broken trust is on the map", _ASK_FIRST),)
        found = [*_groups_left_out(self), *_directions_left_out(self), *_written_twice(self)]
        for one in self.breaks:
            if one.placed is None:
                found.append(_about("not-placed", one, "nobody has said whose trust this was, in what, and who told us", _PLACE))
            elif one.is_open:
                found += _unsaid(one, one.placed)
        return tuple(found)


_ASK_FIRST = "ask those who were hit what they rely on less since then, and what they fear will happen again"
_PLACE = "place it: whose trust, in the system or in how we behave, and from whom we heard it"
_NAMES = {"inside": "inside the team", "upward": "among those who answer for us", "outward": "among users and partners"}


def _groups_left_out(told: BreakMap) -> Iterator[Remark]:
    named = {" ".join(one.whose.casefold().split()) for one in told.breaks if one.whose}
    for group in told.groups:
        if " ".join(group.name.casefold().split()) not in named:
            hint = "ask them what they fear will happen again; until then put them on the map as not yet asked"
            yield Remark("group-missing", f"{group.name} were hit, and do not stand on the map", hint, "whose", group.name, group.name)


def _directions_left_out(told: BreakMap) -> Iterator[Remark]:
    known = {one.placed.direction for one in told.breaks if one.placed is not None}
    for direction in DIRECTIONS:
        if direction not in known:
            hint = "ask somebody there, or put them on the map as not yet asked; no row is no answer"
            yield Remark("direction-empty", f"nobody {_NAMES[direction]} stands on the map", hint, "direction", direction)


def _written_twice(told: BreakMap) -> Iterator[Remark]:
    """Breaks of the same people and kind in nearly the same words: of two, the one that was written second."""
    standing = [one for one in told.breaks if one.is_open]
    for number, one in enumerate(standing):
        before = next((each for each in standing[:number] if _is_same(one, each)), None)
        if before is not None:
            whose = f"of {one.whose}" if one.whose else "with nobody named"
            hint = "withdraw one of the two, or say in it what is different"
            yield _about("written-twice", one, f"nearly the same stands here already, {whose}: “{before.text.rstrip('.')}”", hint, "text")


def _is_same(one: TrustBreak, two: TrustBreak) -> bool:
    """Whether two breaks say the same of the same people, as far as both say of which kind it is."""
    if " ".join((one.whose or "").casefold().split()) != " ".join((two.whose or "").casefold().split()):
        return False
    kinds = {each.placed.kind for each in (one, two) if each.placed is not None and each.placed.kind}
    return len(kinds) < 2 and alike(one.text, two.text) >= ALIKE


def _unsaid(one: TrustBreak, placed: Placed) -> Iterator[Remark]:
    """What lacks in a row of which somebody was heard; of who was not asked yet, or has not answered, nothing more can be known."""
    if placed.fear and not placed.heard_from:
        yield _about(
            "fear-unsaid", one, "a fear stands here, and nobody who said it", "name who said it and when, or take it out", "heard_from"
        )
    if not placed.heard_from:
        return
    if not placed.fear:
        hint = "ask what they fear will happen again, and write it down in their words"
        yield _about("fear-missing", one, f"{placed.heard_from} was heard, and not what they fear", hint, "fear")
    lacking = [name for name in ("subject", "direction", "kind") if getattr(placed, name) is None]
    if lacking:
        named = " and ".join(_FIELDS[name] for name in lacking)
        yield _about("place-unsaid", one, f"nothing says {named}", "say it as they would, or ask them", lacking[0])


_FIELDS = {"subject": "in what trust broke", "direction": "in which direction", "kind": "what they doubt"}


def _about(code: str, one: TrustBreak, message: str, hint: str, field: str | None = None) -> Remark:
    return Remark(code, message, hint, field, one.item, one.text)


def break_map(account: Account, placed: Iterable[Placed], groups: Iterable[Group] = ()) -> BreakMap:
    """The map of an account: its trust breaks, each with the last of its rows, which come in the order in which they were recorded."""
    last = {one.item: one for one in placed}
    standing = {name: one for name, one in last.items() if one.whose}
    breaks = (
        TrustBreak(one.item, one.point.text, standing.get(one.item), one.point.who, one.point.answer) for one in account.of("trust-break")
    )
    gone = (one.point for one in account.withdrawn if one.point.part == "trust-break")
    return BreakMap(tuple(breaks), tuple(groups), tuple(_withdrawn(one, last.get(one.item)) for one in gone))


def _withdrawn(point: Point, last: Placed | None) -> Withdrawn:
    whose = (last.whose if last is not None else None) or point.who
    return Withdrawn(point.item, point.text, whose, point.recorded_at, point.by, last.withdrawn if last is not None else None)
