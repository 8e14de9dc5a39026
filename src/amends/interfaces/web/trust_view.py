"""What the pages of trust say: the one sentence at the top, the map as cells, and how well each thing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from amends.interfaces.web import actions_view, words
from amends.trust import prepared, review_paper, review_words
from amends.trust.breakmap import ASKED, DOUBTS, HEARD, NOT_ASKED, SUBJECTS
from amends.trust.review import HELD, is_early, unanswered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from amends.trust.breakmap import BreakMap, TrustBreak
    from amends.trust.remark import Remark
    from amends.trust.repair import Repair
    from amends.trust.review import Answer, TrustReview
    from amends.usecases.repairing import Board
    from amends.usecases.trust_reviews import Laid

SOON = timedelta(days=7)
"""How long before it is due a review stands at the top of the board: long enough to ask people."""

SUBJECT_NAMES = {"system": "In the system", "behaviour": "In how we behave"}
DIRECTION_NAMES = {"upward": ("↑", "Upward", "those who answer for us"), "inside": ("○", "Inside", "the team"),
                   "outward": ("→", "Outward", "users and partners")}  # fmt: skip
"""How a direction is drawn, called and explained, in the order of the map from top to bottom."""

KINDS = tuple((kind, f"{kind.capitalize()}: {says}") for kind, says in DOUBTS.items())
SUBJECTS_ASKED = (("system", "the system works"), ("behaviour", "we behave around it as we should"))
DIRECTIONS_ASKED = (
    ("inside", "inside the team"),
    ("upward", "upward, to those who answer for us"),
    ("outward", "outward, to users and partners"),
)
REPAIR_KINDS = (
    ("misleading-status", "A status that misled"), ("unclear-ownership", "Unclear ownership"), ("weak-rollback", "A weak way back"),
    ("alert-gap", "A gap in the alerts"), ("other", "Another, with a reason"),
)  # fmt: skip
REPAIR_NAMES = dict(REPAIR_KINDS)
ITEM_KINDS = actions_view.KINDS
STATES = {HEARD: ("quiet", "Heard"), ASKED: ("late", "Asked, no answer yet"), NOT_ASKED: ("soon", "Not yet asked")}
DONE = {"done": ("kept", "Done"), "by-word": ("late", "Done, by somebody's word"), "not-done": ("quiet", "Not done")}
HELPED = {
    "helped": ("kept", "Helped"), "by-word": ("late", "Helped, by somebody's word"), "did-not-help": ("missed", "Did not help"),
    "no-evidence-yet": ("quiet", "Helped? No evidence yet"),
}  # fmt: skip
DECIDED = review_paper.DECIDED
SPANS = review_paper.SPANS
ASKED_WORDS = review_words.ASKED
SECTIONS = review_paper.SECTIONS
REFERRED = (("link", "Something with an address"), ("person", "Somebody's word"), ("unknown", "Not known yet; somebody was asked"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A break on the map: its number, which leads to its row, and what stands on it."""

    number: int
    one: TrustBreak


@dataclass(frozen=True, slots=True)
class MapRow:
    """One direction of the map, a tuple of chips for each of its columns; `name` is None for breaks of which it is not known."""

    direction: str | None
    cells: tuple[tuple[Chip, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The map as a table: its columns (None: nobody said in what), its rows, and the breaks that nobody placed yet."""

    columns: tuple[str | None, ...]
    rows: tuple[MapRow, ...]
    numbers: dict[str, int]
    unplaced: tuple[TrustBreak, ...]


def drawn(told: BreakMap) -> Drawn:
    """The map with a number for each break, in the order of the account."""
    numbers = {one.item: number for number, one in enumerate(told.breaks, 1)}
    placed = [one for one in told.breaks if one.placed is not None]
    columns: tuple[str | None, ...] = SUBJECTS
    columns += (None,) if any(one.placed and one.placed.subject is None for one in placed) else ()
    directions: tuple[str | None, ...] = tuple(DIRECTION_NAMES)
    directions += (None,) if any(one.placed and one.placed.direction is None for one in placed) else ()
    rows = tuple(MapRow(one, tuple(_cell(placed, numbers, one, subject) for subject in columns)) for one in directions)
    return Drawn(columns, rows, numbers, tuple(one for one in told.breaks if one.placed is None))


def _cell(placed: list[TrustBreak], numbers: dict[str, int], direction: str | None, subject: str | None) -> tuple[Chip, ...]:
    return tuple(
        Chip(numbers[one.item], one) for one in placed if one.placed and (one.placed.direction, one.placed.subject) == (direction, subject)
    )


@dataclass(frozen=True, slots=True)
class First:
    """What to do now, in one sentence, and where it is done: the text of a link and the end of an address, empty where there is none."""

    says: str
    does: str = ""
    place: str = ""


def heading(board: Board, reviews: Iterable[TrustReview], now: datetime) -> First:
    """What to do now on the board: what is due goes before what is missing."""
    waiting = [one for one in reviews if one.state != HELD]
    for one in waiting:
        if one.due_at - now <= SOON:
            state = "overdue" if one.overdue else "due"
            return First(f"The review after {SPANS[one.which]} is {state}.", "Open it, it is prepared", f"/reviews/{one.which}")
    if board.since is None:
        return First("Contain it first. Repair begins when nothing hurts any more.")
    if not board.map.breaks:
        return First("Ask those who were hit what they rely on less since then.", "Write down what they said", "#new-break")
    if not board.repairs:
        return First("Tie a first repair to the trust that broke.", "Tie it", "#new-repair")
    lacks = len(board.map_lacks) + len(board.repairs_lack)
    if lacks:
        return First("One thing is missing on the trust board." if lacks == 1 else f"{lacks} things are missing on the trust board.")
    return First(f"Nothing is missing. The next look back is after {SPANS[waiting[0].which]}." if waiting else "Both looks back were held.")


def place_of(one: Remark, here: str) -> str:
    """Where something that lacks is filled in."""
    if one.code in ("map-empty", "direction-empty", "group-missing"):
        return "#new-break"
    if one.code in ("too-few", "unanswered", "honesty-unverifiable"):
        return "#new-repair"
    if one.code == "no-owner" and one.item:
        return f"/actions/{one.item}"
    return f"#{one.item}" if one.item else here


def review_heading(laid: Laid, now: datetime, zone: tzinfo) -> First:
    """The same for the page of a review, with days in `zone`."""
    review = laid.review
    if review.state == HELD and review.decision:
        return First(f"It was decided to {review.decision}.")
    missing = unanswered(review)
    if missing:
        says = "One question has no answer yet." if len(missing) == 1 else f"{len(missing)} questions have no answer yet."
        return First(says, "Answer the first" if len(missing) > 1 else "Answer it", f"#asked-{missing[0]}")
    if is_early(review, now):
        day = review.opens_at.astimezone(zone)
        return First(f"Everything is laid out. It is decided from {day.day} {day:%B} on.")
    return First("Everything is laid out. Decide.", "Decide", "#hold")


def shown_by(one: dict[str, Any], what: str) -> str:
    """What shows that a repair was done (`done`), or that it helped (`helped`), in words; a person by name."""
    by = one[f"{what}_by"]
    if what == "helped" and one["helped"] in ("no-evidence-yet", "did-not-help"):
        return by["words"] if by and by["words"] else "Nothing yet"
    if by is None:
        return "Nothing"
    if by["kind"] != "person":
        return f"{by['kind']}: {by['words']}"
    name = words.person(by["ref"] or "")
    return "your word" if name == "you" else f"the word of {name}"


def answered(one: Answer, zone: tzinfo) -> str:
    """An answer in words; what is unknown says whom we asked."""
    if one.is_unknown and one.asked_at is not None:
        return f"{one.asked} was asked on {one.asked_at.astimezone(zone):%d %B %Y}. {one.text}".strip()
    return review_paper.answer_in_words(one, zone)


def ideas(board: Board) -> tuple[tuple[str, str], ...]:
    """The action items that a repair can be made of, for a choice."""
    return tuple((one.item.id, one.item.title) for one in board.ideas)


def repair_plain(one: Repair) -> dict[str, Any]:
    """A repair with what shows that it was done and that it helped, as plain values."""
    return prepared.as_plain(prepared.repair_shown(one))
