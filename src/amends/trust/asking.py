"""Whether the same people would be asked about two incidents at once: they answer neither well, and their two waves can be compared.

Only what the data say of who is asked counts here, the groups of a wave and the names of an incident; nobody knows who answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.problem import Problem
from amends.trust.pulse import GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

TWICE = "pulse-asked-twice"
"""The code of what is said about it."""
LATELY_DAYS = 14
"""So long after it was opened another wave counts, though it may have ended; as long as a wave usually takes answers."""

_HINT = "wait until that wave is over, or ask others: who is asked twice within a fortnight answers neither well"
_MAYBE_HINT = f"where they are the same people, {_HINT}"
_NAMED = 3
_CALLED = {"team": "a team", "stakeholders": "stakeholders", "users": "users"}


@dataclass(frozen=True, slots=True)
class AskedLately:
    """A wave about another incident: the groups that it asks, and by group the names that this incident has for them."""

    title: str
    opened_at: datetime
    is_open: bool
    groups: tuple[str, ...]
    names: Mapping[str, frozenset[str]]


def asked_twice(
    groups: Collection[str], names: Mapping[str, frozenset[str]], others: Iterable[AskedLately], now: datetime
) -> tuple[Problem, ...]:
    """What is to be said before these groups are asked; never a refusal.

    Where both incidents name somebody for a group, and not the same, nothing is said; where one of them names nobody, that it may be so.
    """
    found = (_remark(groups, names, one, now) for one in others)
    return tuple(one for one in found if one is not None)


def _remark(groups: Collection[str], names: Mapping[str, frozenset[str]], other: AskedLately, now: datetime) -> Problem | None:
    shared = [one for one in GROUPS if one in groups and one in other.groups]
    here = {name.casefold() for one in groups for name in names.get(one, ())}
    same = sorted(name for one in other.groups for name in other.names.get(one, ()) if name.casefold() in here)
    unnamed = [one for one in shared if not names.get(one) or not other.names.get(one)]
    if same:
        more = f" and {len(same) - _NAMED} more" if len(same) > _NAMED else ""
        return Problem(TWICE, f"{', '.join(same[:_NAMED])}{more} {_asked(other, len(same), now)}", _HINT)
    if unnamed:
        called = " and ".join(_CALLED[one] for one in unnamed)
        return Problem(TWICE, f"{called} {_asked(other, 2, now)}, and nothing says whether they are the same people", _MAYBE_HINT)
    return None


def _asked(other: AskedLately, count: int, now: datetime) -> str:
    days = (now - other.opened_at).days
    verb = ("is being" if count == 1 else "are being") if other.is_open else "was" if count == 1 else "were"
    ago = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{verb} asked about “{other.title}” too, in a wave that was opened {ago}"
