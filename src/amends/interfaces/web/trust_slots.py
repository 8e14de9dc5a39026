"""What other rooms show on the trust board: each in a small template of its own, and left out where there is nothing to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.interfaces.web.playbooks_view import KINDS, item_href
from amends.playbooks.known import Item
from amends.usecases.trust_sources import pulse_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.trust.signs.records import Sign
    from amends.usecases.facade import UseCases


@dataclass(frozen=True, slots=True)
class SignLine:
    """A warning sign, and what it saw: each with its address, what it is called, and the words in it."""

    sign: Sign
    where: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A card beside the board: its title, the template that it is made by, and what the template is given as `shown`."""

    id: str
    title: str
    template: str
    shown: Any


def slots(usecases: UseCases, incident_id: str, by: str) -> tuple[Slot, ...]:
    """The cards that there are for an incident now."""
    found = (_pulse(usecases, incident_id, by), _signs(usecases, incident_id, by), _playbooks(usecases, incident_id, by))
    return tuple(one for one in found if one is not None)


def _signs(usecases: UseCases, incident_id: str, by: str) -> Slot | None:
    reviews = {one.id: one.which for one in usecases.trust_reviews.of_incident(incident_id, by=by)}
    found = usecases.signs.of(incident_id, by=by)
    return Slot(
        "signs", "Warning signs", "_board_signs.html", tuple(SignLine(one, tuple(_seen(one, incident_id, reviews))) for one in found)
    )


def _seen(sign: Sign, incident_id: str, reviews: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Where something stands that a sign saw, what it is called, and the words in it; of several words of one place the first."""
    here, known = f"/incidents/{incident_id}", set()
    for one in sign.where:
        href = f"{here}/trust/reviews/{reviews[one.id]}" if one.id in reviews else item_href(Item(one.kind, one.id, one.words), incident_id)
        if href and href not in known:
            known.add(href)
            yield href, KINDS[one.kind], one.words


def _pulse(usecases: UseCases, incident_id: str, by: str) -> Slot | None:
    return Slot("pulse", "What people answered", "_board_pulse.html", pulse_shown(usecases.pulses.results(incident_id, by=by)))


def _playbooks(usecases: UseCases, incident_id: str, by: str) -> Slot | None:
    runs = usecases.playbooks.of_incident(incident_id, by=by)
    return Slot("playbooks", "Playbooks", "_board_playbooks.html", runs) if runs else None
