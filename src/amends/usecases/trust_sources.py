"""What other rooms show for a trust review: answers of people with their n, warning signs, gates that were overridden, what came again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from amends.trust.prepared import Shown
from amends.trust.pulse import changes, last_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amends.playbooks.run import RunEvent
    from amends.playbooks.state import RunState
    from amends.trust.pulse import GroupResult, WaveResult
    from amends.trust.signs.records import Material, Sign
    from amends.usecases.checking import Checking
    from amends.usecases.playbooks import Playbooks
    from amends.usecases.pulses import Pulses
    from amends.usecases.signs import Signs

NO_WAVE = "No pulse was closed yet, so nothing tells how people see it; a group of fewer than five is better asked in person."


class Rooms(Protocol):
    """The use cases that are asked, each made when it is first needed; `usecases.facade.UseCases` is one."""

    @property
    def checking(self) -> Checking:
        """Which signs show in what the data show."""

    @property
    def pulses(self) -> Pulses:
        """What people answered."""

    @property
    def signs(self) -> Signs:
        """What the data show."""

    @property
    def playbooks(self) -> Playbooks:
        """Which gates somebody went past."""


class TrustSources:
    """Asks the other rooms about an incident, for somebody, and gives what that person may see."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def of(self, incident_id: str, by: str) -> Mapping[str, tuple[Shown, ...]]:
        """All that they show, by the field of `trust.prepared.Prepared` that it is for. Raises NotFoundError, ForbiddenError."""
        rooms = self._rooms
        waves = rooms.pulses.results(incident_id, by=by)
        material = rooms.signs.material(incident_id, by=by)
        return {
            "pulse": pulse_shown(waves),
            "absent": () if waves else (Shown("pulse", None, NO_WAVE),),
            "signs": signs_shown(rooms.checking.signs(material)),
            "worse": came_again(material),
            "overrides": overrides_shown(rooms.playbooks.overrides(incident_id, by=by)),
        }


def pulse_shown(waves: tuple[WaveResult, ...]) -> tuple[Shown, ...]:
    """Each group of each closed wave with its n, and how the index changed since the last wave that shows it, in the statistics' words."""
    found = []
    for place, wave in enumerate(waves):
        for group in wave.groups:
            before = last_shown(waves[:place], group.group)
            changed = {one.group: one.words for one in changes(before, wave) if one.item is None} if before is not None else {}
            words = f"{wave.which}, {group.group}: {_answered(group)}"
            words += f" {changed[group.group]}" if group.group in changed else ""
            found.append(Shown("wave", wave.id, words))
    return tuple(found)


def _answered(group: GroupResult) -> str:
    counted = f"{group.answered} of {group.invited} answered{', which is partial' if group.partial else ''}"
    if group.hidden is not None or group.index is None:
        return f"{counted}; not shown: {group.hidden or 'too few scored it'}."
    return f"{counted}; index {group.index.mean:.1f} of 7 (between {group.index.low:.1f} and {group.index.high:.1f})."


def signs_shown(signs: Iterable[Sign]) -> tuple[Shown, ...]:
    """The warning signs in a sentence each."""
    return tuple(Shown("sign", one.id, f"{one.title}: {one.saw}") for one in signs)


def came_again(material: Material) -> tuple[Shown, ...]:
    """The incidents of the same category that began after this one was contained."""
    if material.category is None or material.contained_at is None:
        return ()
    return tuple(
        Shown("incident", one.id, f"the same category ({material.category}) again: “{one.title}”")
        for one in material.courses
        if one.id != material.incident_id and one.category == material.category and one.began > material.contained_at
    )


def overrides_shown(overrides: Iterable[tuple[RunState, RunEvent]]) -> tuple[Shown, ...]:
    """The gates of playbooks that somebody went past, and the reason they wrote; a private run is for nobody's eyes in a review."""
    return tuple(
        Shown("gate", event.id, f"{run.playbook.title}, gate {event.about}: {event.by} went past it, because “{event.why}”")
        for run, event in overrides
        if not run.playbook.private
    )
