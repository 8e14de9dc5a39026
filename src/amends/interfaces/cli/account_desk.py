"""What the commands of the account share: which point or citation is meant, how results are written, and what a conflict says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, NotFoundError
from amends.interfaces.cli.account_text import AccountText
from amends.narrative import account_report as report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.narrative.account import Evidence, Stated


def meant(desk: Desk, part: str) -> Stated:
    """The point that an id, or the beginning or the end of one, means. Raises NotFoundError, UsageError."""
    try:
        return desk.usecases.narrating.meant(part, by=desk.person)
    except NotFoundError as error:
        raise NotFoundError(error.message, hint="`amends account show INCIDENT` shows them, with the end of each id") from error


def citation_meant(desk: Desk, part: str) -> Evidence:
    """The same of a citation. Raises NotFoundError, UsageError."""
    try:
        return desk.usecases.narrating.citation_meant(part, by=desk.person)
    except NotFoundError as error:
        raise NotFoundError(error.message, hint="`amends account show INCIDENT` shows them in brackets") from error


def write(desk: Desk, incident_id: str, points: Sequence[Stated]) -> None:
    """Points as the caller wants them."""
    text = AccountText(desk, points)
    rows = [report.stated_as_dict(one) for one in points]
    shown = "".join(f"{line[2:]}\n" for one in points for line in text.point(one))
    desk.answer(report.points_as_dict(incident_id, points), rows, shown)


def told(desk: Desk, act: Callable[[], Stated]) -> None:
    """A point after something was done to it; where somebody revised it meanwhile, what stands now and what was not taken."""
    from amends.incidents.stale import StaleError

    try:
        made = act()
    except StaleError as error:
        refused = f"; not taken: “{error.refused}”" if error.refused else ""
        hint = f"it stands as {error.current.id[-6:]}: “{error.current.text}”{refused}"
        raise ConflictError(error.message, hint=hint) from error
    write(desk, made.point.incident_id, [made])
