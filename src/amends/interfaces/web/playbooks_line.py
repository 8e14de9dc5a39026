"""The one quiet line of an incident's page about playbooks: which is under way, or which may help now, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases


@dataclass(frozen=True, slots=True)
class Line:
    """What the line says before the title of the playbook, that title, what it says behind it, and where it leads."""

    before: str
    title: str
    behind: str
    href: str


def line_of(usecases: UseCases, incident_id: str, by: str) -> Line | None:
    """The line for an incident as somebody may see it; None where nothing is under way and nothing asks for one."""
    use = usecases.playbooks
    here = f"/incidents/{incident_id}/playbooks"
    begun = use.begun(incident_id, by=by)
    if begun:
        more = f", and {len(begun) - 1} more" if len(begun) > 1 else ""
        return Line("Under way:", begun[-1].title, more, here if more else f"{here}/{begun[-1].id}")
    ready = [one for one in use.offered(incident_id, by=by, quickly=True) if not one.shut]
    if not ready:
        return None
    _, saw = ready[0].because[0]
    return Line("May help now:", ready[0].playbook.title, f", because {saw.words}", f"{here}?begin={ready[0].playbook.id}")
