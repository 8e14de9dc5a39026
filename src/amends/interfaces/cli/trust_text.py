"""Broken trust, repairs and reviews for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of, short_length
from amends.interfaces.cli.terminal import safe, wrapped
from amends.trust.breakmap import DIRECTIONS, DOUBTS
from amends.trust.prepared import as_plain, repair_shown
from amends.trust.review import HELD, QUESTIONS, is_early, unanswered
from amends.trust.review_paper import SPANS, answer_in_words, decided, done_in_words, helped_in_words
from amends.trust.review_words import ASKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.trust.breakmap import TrustBreak, Withdrawn
    from amends.trust.remark import Remark
    from amends.trust.repair import Repair
    from amends.trust.review import TrustReview
    from amends.usecases.repairing import Board
    from amends.usecases.trust_reviews import Laid

_TOWARDS = {"inside": "inside the team", "upward": "upward", "outward": "outward", None: "not placed yet"}


class TrustText:
    """Writes for the person at a desk. `among` are the ids whose short forms must differ from each other."""

    def __init__(self, desk: Desk, among: Sequence[str] = ()) -> None:
        self._desk = desk
        self._length = short_length(list(among))

    def board(self, board: Board, reviews: Iterable[TrustReview]) -> str:
        """The whole board, what to do now at its top."""
        lacks = (*board.map_lacks, *board.repairs_lack)
        since = (
            f"contained since {self.when(board.since)}" if board.since else "not contained yet: repair begins when nothing hurts any more"
        )
        parts = [since, *([self.remarks(lacks).rstrip()] if lacks else [])]
        for direction in (*DIRECTIONS, None):
            found = [one for one in board.map.breaks if (one.placed.direction if one.placed else None) == direction]
            if found:
                heading = self._desk.paint("bold", f"trust that broke {_TOWARDS[direction]}" if direction else "not placed yet")
                parts.append("\n".join([heading, *(line for one in found for line in self.trust_break(one))]))
        if board.map.withdrawn:
            gone = [line for one in board.map.withdrawn for line in self._withdrawn(one)]
            parts.append("\n".join([self._desk.paint("bold", "withdrawn, counted nowhere"), *gone]))
        if board.repairs:
            parts.append("\n".join([self._desk.paint("bold", "repairs"), *(line for one in board.repairs for line in self.repair(one))]))
        looks = [self._head(one) for one in reviews]
        parts += ["\n".join([self._desk.paint("bold", "reviews"), *looks])] if looks else []
        return "\n\n".join(parts) + "\n"

    def trust_break(self, one: TrustBreak) -> list[str]:
        """A broken trust in some lines."""
        head = f"  {one.item[-self._length :]}  "
        later = " " * len(head)
        lines = wrapped(f"{safe(one.whose or 'nobody named')}: {safe(one.text)}", self._desk.width, head, later)
        placed = one.placed
        facts = [f"closed: {safe(one.closed)}"] if one.closed else []
        if placed is not None:
            facts += [f"in the {placed.subject}" if placed.subject == "system" else "in how we behave"] if placed.subject else []
            facts += [f"they doubt {DOUBTS[placed.kind]} ({placed.kind})"] if placed.kind else []
            facts += [f"they fear: “{safe(placed.fear)}”"] if placed.fear else []
            facts.append(self._known(one))
        return lines + (wrapped("; ".join(facts), self._desk.width, later, later) if facts else [])

    def _withdrawn(self, one: Withdrawn) -> list[str]:
        """A break that stands no more, and why."""
        head = f"  {one.item[-self._length :]}  "
        by = f"by {name_of(one.by, self._desk.person)} {self.when(one.at)}"
        said = f"{one.whose or 'nobody named'}: {one.text.rstrip('.')}; withdrawn {by}{f': {one.why}' if one.why else ''}"
        return wrapped(safe(said), self._desk.width, head, " " * len(head))

    def _known(self, one: TrustBreak) -> str:
        placed = one.placed
        if placed is None or placed.state == "not-yet-asked":
            return "not yet asked"
        if placed.state == "asked":
            return f"{safe(placed.asked or '')} was asked {self.when(placed.asked_at)}, and has not answered"
        return f"heard from {safe(placed.heard_from or '')} {self.when(placed.heard_at)}"

    def repair(self, one: Repair) -> list[str]:
        """A repair action in some lines: what people will know first."""
        head = f"  {one.action.action_id[-self._length :]}  "
        later = " " * len(head)
        shown = as_plain(repair_shown(one))
        facts = [
            f"{one.action.kind}: {one.now.item.title}",
            f"{name_of(one.now.owner, self._desk.person)} until {self.when(one.now.due)}" if one.now.owner else "no owner",
        ]
        facts += [f"seen by others: {one.action.visible}"] if one.action.visible else []
        facts += [f"to be checked {self.when(one.action.check_at)}"] if one.action.check_at else []
        facts += [
            done_in_words(shown),
            f"helped? {helped_in_words(shown)}" if shown["helped"] == "no-evidence-yet" else helped_in_words(shown),
        ]
        answers = ", ".join(item[-self._length :] for item in one.action.breaks)
        lines = wrapped(safe(one.action.uncertainty), self._desk.width, head, later)
        return lines + wrapped(safe("; ".join([*facts, f"answers {answers}"])), self._desk.width, later, later)

    def remarks(self, remarks: Iterable[Remark]) -> str:
        """What is lacking, each with what to do."""
        lines: list[str] = []
        for one in remarks:
            quoted = f" (“{one.quote}”)" if one.quote and one.quote not in one.message else ""
            lines += wrapped(safe(f"{one.message}{quoted}; {one.hint}"), self._desk.width, "- ", "  ")
        return "".join(f"{line}\n" for line in lines)

    def review(self, laid: Laid) -> str:
        """A review: the decision or what lacks, then the evidence."""
        review, told = laid.review, laid.told
        parts = [self._head(review).strip()]
        if review.state == HELD and review.decision:
            said = [decided(review.decision), review.why or ""] + ([f"Told: {review.said}"] if review.said else [])
            parts.append("\n".join(line for one in said for line in wrapped(safe(one), self._desk.width, "", "")))
        else:
            missing = unanswered(review)
            asks = [f"no answer yet to {', '.join(missing)}; `amends trust review answer` takes them"] if missing else []
            if is_early(review, self._desk.now):
                asks.append(f"it can be held from {self.when(review.opens_at)} on; `amends trust review move` where it must be earlier")
            elif not missing:
                asks.append("everything is laid out: hold it")
            parts += ["\n".join(wrapped(one, self._desk.width, "→ ", "  ")) for one in asks]
            more = [one for one in laid.lacks if one.code != "unanswered"]
            parts += [self.remarks(more).rstrip()] if more else []
        parts.append(self._block("repairs", [_repair_line(one) for one in told.get("repairs") or []], "none is tied to a broken trust"))
        promises = told.get("promises") or {}
        counted = ", ".join(f"{promises[name]} {name}" for name in ("kept", "late", "missed", "moved", "open") if promises.get(name))
        parts.append(self._block("promises", [counted or "none fell due", *(one["words"] for one in promises.get("broken") or [])], ""))
        for name, none in (("pulse", "no answers"), ("worse", "the data show nothing"), ("signs", "none shows"), ("overrides", "none")):
            absent = [one["words"] for one in told.get("absent") or [] if one["kind"] == name]
            parts.append(self._block(name, [one["words"] for one in told.get(name) or []] or absent, none))
        for question in QUESTIONS:
            answers = [answer_in_words(one, self._desk.zone) for one in review.answered(question)]
            parts.append(self._block(f"{question}: {ASKED[question]}", answers, "nobody has answered"))
        parts += ["\n".join(wrapped(one, self._desk.width, "", "")) for one in told.get("limits") or []]
        return "\n\n".join(parts) + "\n"

    def heads(self, reviews: Sequence[TrustReview]) -> str:
        """Reviews, a line each."""
        return "".join(f"{self._head(one)}\n" for one in reviews) or "no trust review is planned: tie a repair, or plan them\n"

    def when(self, at: datetime | None) -> str:
        """An instant on the clock of the reader."""
        return instant_in_words(at.astimezone(self._desk.zone)) if at is not None else "at no time that was said"

    def _head(self, one: TrustReview) -> str:
        state = (
            f"held {self.when(one.held_at)}: {one.decision}"
            if one.state == HELD
            else f"due {self.when(one.due_at)}, with {name_of(one.lead, self._desk.person)}"
        )
        late = self._desk.paint("error", " overdue") if one.overdue else ""
        return f"  {one.id[-self._length :]}  after {SPANS[one.which]}: {state}{late}"

    def _block(self, heading: str, lines: Sequence[str], none: str) -> str:
        shown = lines or [none]
        return "\n".join(
            [self._desk.paint("bold", heading), *(line for one in shown for line in wrapped(safe(one), self._desk.width, "  - ", "    "))]
        )


def _repair_line(one: dict[str, Any]) -> str:
    return f"{one['uncertainty']} ({one['title']}): {done_in_words(one)}; {helped_in_words(one)}"
