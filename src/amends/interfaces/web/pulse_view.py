"""What the page of a pulse shows: the next step in one sentence, and each share as a strip that reads without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.interfaces.web.plotting import strip
from amends.trust.anonymity import CONTAINED
from amends.trust.pulse import changes, gap, last_shown, next_wave

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.interfaces.web.plotting import Strip
    from amends.trust.pulse import Change, Gap, GroupResult, ItemResult, Wave, WaveResult
    from amends.trust.statistics import Share

GROUP_NAMES = {"team": "The team", "stakeholders": "Stakeholders", "users": "Users"}
GROUP_WORDS = {
    "team": "those who were in it",
    "stakeholders": "those inside the company who rely on the team, and who lead",
    "users": "those who use the service",
}
WAVE_NAMES = {"baseline": "The baseline", "month": "After a month", "quarter": "After a quarter"}


@dataclass(frozen=True, slots=True)
class Row:
    """One statement in one group."""

    result: ItemResult
    strip: Strip | None
    earlier: Share | None


@dataclass(frozen=True, slots=True)
class GroupShown:
    """One group of a closed wave."""

    result: GroupResult
    rows: tuple[Row, ...]
    change: Change | None


@dataclass(frozen=True, slots=True)
class WaveShown:
    """A closed wave; `before` is whether any of its groups stands beside an earlier one."""

    result: WaveResult
    groups: tuple[GroupShown, ...]
    gap: Gap | None
    before: bool


def heading(incident: Incident, waves: Sequence[Wave], results: Sequence[WaveResult], now: datetime) -> str:
    """What to do now, in one sentence."""
    still = next((one for one in waves if one.is_open), None)
    if still is not None:
        answered, invited = sum(one.answered for one in still.groups), sum(one.invited for one in still.groups)
        if still.closes_at <= now:
            return f"The time is over: close {WAVE_NAMES[still.which].lower()}, {answered} of {invited} answered."
        if answered >= invited:
            return f"All {invited} answered. Close it to see what they said."
        return f"{answered} of {invited} answered. Wait until it ends."
    if incident.status not in CONTAINED:
        return "Contain it first. Nobody is asked while it is live."
    if not waves:
        return "Ask those it hit how far they trust again."
    if len(results) == 1:
        after = next_wave([one.which for one in waves])
        return (
            f"{WAVE_NAMES[results[0].which]} is taken. Ask again {WAVE_NAMES[after].lower()}." if after else "What they said stands below."
        )
    judged = (_judged(results[:-1], results[-1], group.group) for group in results[-1].groups)
    said = [one for one in judged if one is not None]
    if not said:
        return "Nothing can be compared yet: no group answered enough in two waves."
    return " ".join(f"{GROUP_NAMES[one.group]}: {one.verdict}." for one in said)


def shown(results: Sequence[WaveResult]) -> tuple[WaveShown, ...]:
    """Every closed wave, the last first; each of its groups beside the last wave before it that shows the same group."""
    found = []
    for place, result in enumerate(results):
        earlier = results[:place]
        groups = tuple(_group(one, last_shown(earlier, one.group), _judged(earlier, result, one.group)) for one in result.groups)
        found.append(WaveShown(result, groups, gap(result), any(row.earlier for group in groups for row in group.rows)))
    return tuple(reversed(found))


def _judged(earlier: Sequence[WaveResult], now: WaveResult, group: str) -> Change | None:
    """How the index of a group changed since the last wave that shows it; None where nothing can be compared."""
    before = last_shown(earlier, group)
    return next((one for one in changes(before, now) if one.item is None and one.group == group), None) if before else None


def _group(now: GroupResult, earlier_wave: WaveResult | None, change: Change | None) -> GroupShown:
    then = earlier_wave.group(now.group) if earlier_wave else None
    earlier = {one.item.number: one.favourable for one in then.items} if then else {}
    rows = []
    for one in now.items:
        before = earlier.get(one.item.number)
        rows.append(Row(one, strip(one.favourable, before) if one.favourable else None, before))
    return GroupShown(now, tuple(rows), change)
