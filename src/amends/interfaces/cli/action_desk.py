"""What the commands of action items share: which one is meant, and how results are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.errors import NotFoundError
from amends.incidents import action_report as report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.incidents.acting import ActionStanding
    from amends.interfaces.cli.ledger_desk import Desk


def meant(desk: Desk, part: str) -> ActionStanding:
    """The action item that an id, or the beginning or the end of one, means. Raises NotFoundError, UsageError."""
    try:
        return desk.usecases.acting.meant(part, by=desk.person)
    except NotFoundError as error:
        raise NotFoundError(error.message, hint="`amends action list --all` shows them, with the end of each id") from error


def write(desk: Desk, items: Sequence[ActionStanding], text: str, **more: Any) -> None:
    """Action items as the caller wants them: `text` for people, else as plain values, with `more` beside them."""
    rows = [report.as_dict(one) for one in items] if desk.style == "jsonl" else []
    desk.answer(report.list_as_dict(items, **more) if desk.style == "json" else {}, rows, text)
