"""What the commands of trust share: which break or action item is meant, and how results are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError
from amends.interfaces.cli.action_desk import meant as action_meant
from amends.interfaces.cli.trust_text import TrustText
from amends.trust import board_report, review_report
from amends.usecases.given import one_meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.trust.breakmap import TrustBreak
    from amends.trust.remark import Remark
    from amends.trust.repair import Repair
    from amends.trust.review import TrustReview
    from amends.usecases.repairing import Board


def break_meant(desk: Desk, incident_id: str, part: str) -> TrustBreak:
    """The break of an incident that an id, or the beginning or the end of one, means. Raises NotFoundError, UsageError."""
    found = desk.usecases.repairing.breaks_like(incident_id, part.upper(), by=desk.person)
    hint = "`amends trust board INCIDENT` shows them, with the end of each id"
    return one_meant("broken trust", part, [(one.item, one.text, one) for one in found], hint=hint)


def withdrawn_meant(desk: Desk, incident_id: str, part: str) -> str:
    """The id of a break that was withdrawn, by the beginning or the end of it. Raises NotFoundError, UsageError."""
    gone = desk.usecases.repairing.board(incident_id, by=desk.person).map.withdrawn
    found = [(one.item, one.text, one.item) for one in gone if one.item.startswith(part.upper()) or one.item.endswith(part.upper())]
    return one_meant("withdrawn broken trust", part, found, hint="`amends trust board INCIDENT` shows them, with the end of each id")


def breaks_meant(desk: Desk, incident_id: str, parts: Iterable[str]) -> list[str]:
    """The ids of the breaks that parts of ids mean."""
    return [break_meant(desk, incident_id, part).item for part in parts]


def repair_meant(desk: Desk, part: str) -> Repair:
    """The repair that a part of the id of its action item means. Raises NotFoundError where it is none, UsageError."""
    now = action_meant(desk, part)
    board = desk.usecases.repairing.board(now.item.incident_id, by=desk.person)
    found = next((one for one in board.repairs if one.action.action_id == now.item.id), None)
    if found is None:
        raise NotFoundError(f"the action item {part!r} is no repair of trust", hint="`amends trust repair tie` makes it one")
    return found


def write_break(desk: Desk, incident_id: str, one: TrustBreak) -> None:
    """A broken trust, and what its row lacks."""
    board = desk.usecases.repairing.board(incident_id, by=desk.person)
    lacks = [each for each in board.map_lacks if each.item == one.item]
    text = TrustText(desk, [each.item for each in board.map.breaks])
    shown = "".join(f"{line}\n" for line in text.trust_break(one)) + text.remarks(lacks)
    row = {**board_report.break_as_dict(one), "lacks": _remarks(lacks)}
    desk.answer({"schema": "amends.trust-break/1", "incident": incident_id, **row}, [row], shown)


def write_board(desk: Desk, found: Board) -> None:
    """The whole board, with the looks back."""
    reviews = desk.usecases.trust_reviews.of_incident(found.incident_id, by=desk.person)
    lacks = (*found.map_lacks, *found.repairs_lack)
    told = board_report.as_dict(found.incident_id, found.map, found.repairs, found.since, lacks, reviews)
    items = (*(one.item for one in found.map.breaks), *(one.item for one in found.map.withdrawn))
    among = [*items, *(one.action.action_id for one in found.repairs), *(one.id for one in reviews)]
    desk.answer(told, told["breaks"], TrustText(desk, among).board(found, reviews))


def write_repair(desk: Desk, incident_id: str, one: Repair) -> None:
    """A repair, and what it lacks."""
    board = desk.usecases.repairing.board(incident_id, by=desk.person)
    lacks = [each for each in board.repairs_lack if each.item == one.action.action_id]
    text = TrustText(desk, [one.action.action_id, *one.action.breaks])
    shown = "".join(f"{line}\n" for line in text.repair(one)) + text.remarks(lacks)
    row = {**board_report.repair_as_dict(one), "lacks": _remarks(lacks)}
    desk.answer({"schema": "amends.trust-repair/1", "incident": incident_id, **row}, [row], shown)


def write_reviews(desk: Desk, incident_id: str | None, found: Sequence[TrustReview]) -> None:
    """Reviews, a line each."""
    rows = [review_report.head_as_dict(one) for one in found]
    text = TrustText(desk, [one.id for one in found]).heads(found)
    desk.answer({"schema": review_report.REVIEWS, "incident": incident_id, "reviews": rows}, rows, text)


def write_review(desk: Desk, review: TrustReview) -> None:
    """A review with its evidence."""
    laid = desk.usecases.trust_reviews.laid(review.incident_id, review.which, by=desk.person)
    told = review_report.as_dict(laid.review, laid.told, laid.lacks)
    desk.answer(told, [told], TrustText(desk, [review.id]).review(laid))


def _remarks(lacks: Iterable[Remark]) -> list[dict[str, str | None]]:
    return [board_report.remark_as_dict(one) for one in lacks]
