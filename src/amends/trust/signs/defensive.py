"""Said to be repaired, and still defensive around the same risk: people speak later than before, or dates are padded.

Medians are compared, so one slow night among quick ones is no sign; both sides need enough cases. The limits are ours.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from amends.core import lengths
from amends.trust.signs.records import Ref, Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard_in

if TYPE_CHECKING:
    from datetime import datetime

    from amends.trust.signs.records import Course, Estimate, Material

_Case = TypeVar("_Case", "Course", "Estimate")
ID, TITLE = "still-defensive", "Said to be repaired, and still defensive around the same risk"
ASK = "Ask those on shift what makes it costly to speak early here, and change that one thing."
LEAST = 3
"""Cases that each side needs."""
GROWN = 1.5
AT_LEAST = timedelta(minutes=10)
"""A usual delay has grown when it is half as long again, and by ten minutes."""
NEVER = timedelta(days=36_500)
PADDED = 1.5
"""Estimates are padded when what is asked for, held against what the work takes, has grown by half."""
_MENDED = ("done", "verified", "no-help")


def find(material: Material) -> Sign | None:
    """The sign, if something was called mended and delays or estimates around the same risk grew since."""
    mended = _mended(material)
    if mended is None:
        return None
    return _slower(material, mended) or _padded(material, mended)


def _mended(material: Material) -> Ref | None:
    """What says first that things were mended."""
    found = [(one.done_at, Ref("action", one.item.id, one.item.title)) for one in material.actions if one.state in _MENDED and one.done_at]
    closed = [one for one in material.account.of("trust-break") if not one.is_open]
    found += [(one.point.recorded_at, Ref("break", one.item, one.point.text)) for one in closed]
    found += [(text.at, ref(text, said[0])) for text in material.texts if (said := heard_in("repaired", text))]
    return min(found, key=lambda one: one[0])[1] if found else None


def _slower(material: Material, why: Ref) -> Sign | None:
    same = [one for one in material.courses if _is_same(material, one)]
    before, after = _apart(material, same, [one.began for one in same])
    if len(before) < LEAST or len(after) < LEAST:
        return None
    then, now = _usual(before), _usual(after)
    if now < GROWN * then or now - then < AT_LEAST:
        return None
    saw = (
        f"From the first signal until a person said something: usually {_length(now)} since the repair, {_length(then)} before"
        f" ({len(before)} incidents before, {len(after)} since, of the same kind)."
    )
    where = tuple(Ref("incident", one.id, f"{one.title}: {_length(_delay(one))}") for one in after)
    return Sign(ID, TITLE, saw, (why, *where), ASK)


def _padded(material: Material, why: Ref) -> Sign | None:
    same = [one for one in material.estimates if one.done_at is not None and _is_same(material, one)]
    before, after = _apart(material, same, [one.made_at for one in same])
    if len(before) < LEAST or len(after) < LEAST:
        return None
    then, now = median(map(_padding, before)), median(map(_padding, after))
    if now < PADDED * then or now <= 1:
        return None
    saw = (
        f"Since the repair we ask for {now:.1f} times what the work takes, {then:.1f} times before"
        f" ({len(before)} times before, {len(after)} since, for the same kind of work)."
    )
    asked = "Ask what happens here to somebody who misses a date, and agree on an honest range in the place of a buffer."
    where = tuple(Ref("promise", one.id, one.words) for one in after)
    return Sign(ID, TITLE, saw, (why, *where), asked)


def _apart(material: Material, cases: list[_Case], times: list[datetime]) -> tuple[list[_Case], list[_Case]]:
    """The cases up to this incident, and those since."""
    before = [one for one, at in zip(cases, times, strict=True) if at <= material.began]
    return before, [one for one, at in zip(cases, times, strict=True) if at > material.began]


def _is_same(material: Material, one: Course | Estimate) -> bool:
    """Of the same category or the same component."""
    same_category = material.category is not None and one.category == material.category
    return same_category or (material.component is not None and one.component == material.component)


def _delay(one: Course) -> timedelta:
    """How long nobody said anything; where nobody ever did, longer than any other."""
    return NEVER if one.said_at is None else max(timedelta(0), one.said_at - one.began)


def _usual(cases: list[Course]) -> timedelta:
    return timedelta(seconds=median(_delay(one).total_seconds() for one in cases))


def _padding(one: Estimate) -> float:
    """What was asked for, held against what it took; a piece of work takes an hour at least."""
    took = max(timedelta(hours=1), (one.done_at or one.due) - one.made_at)
    return (one.due - one.made_at) / took


def _length(one: timedelta) -> str:
    if one >= NEVER / 2:
        return "never"
    return lengths.in_words(round(one.total_seconds() / 60))
