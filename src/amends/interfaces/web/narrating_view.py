"""What the pages of an account show: what to do now, its points by what they are, and how well each is supported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.account import WITHDRAWN, Evidence, Point
from amends.narrative.account_report import NOT_SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.incidents.acting import ActionStanding
    from amends.incidents.hearing import Told
    from amends.interfaces.web.timelines_view import Line
    from amends.narrative.account import Account, Change, Stated
    from amends.narrative.gaps import Gap

CLAIMS = {
    "fact": ("Fact", "Facts"),
    "signal": ("Signal", "Who saw what, and when"),
    "number": ("Number", "In numbers"),
    "cause": ("Cause", "Why it happened"),
    "effect": ("Effect", "Whom it hit, and how"),
    "decision": ("Decision", "What was decided"),
}
"""Kinds of claims: the name of one, and the heading over all of a kind."""

CLAIM_CHOICES = tuple((kind, name) for kind, (name, _) in CLAIMS.items())
CHOICES = tuple((kind, name) for kind, name in CLAIM_CHOICES if kind != "number")
"""What an entry of the timeline can become: the figure of a number is not read off an entry."""

CONDITIONS = {"technical": "Technical", "organisational": "In how we work"}

PARTS = {
    "claim": "Claim", "condition": "Condition", "well": "What went well", "badly": "What went badly", "luck": "Where luck helped",
    "disagreement": "Disagreement", "position": "One side of it", "question": "Question", "cost": "What it cost people",
    "trust-break": "Trust that was broken", "no-organisational": "Why no organisational condition was found",
}  # fmt: skip

STATUS = {
    "confirmed": ("kept", "Confirmed"),
    "likely": ("late", "Likely"),
    "inconclusive": ("soon", "Inconclusive"),
    "unsupported": ("missed", "Unsupported"),
}
"""How well something is supported: the tone, which has a shape of its own, and the word."""

EVIDENCE = {"entry": "Entry of the timeline", "message": "Message", "measure": "Measure", "person": "Somebody's word"}
WHERE = {"fact": "Fact", "milestone": "Milestone", "message": "Message", "entry": "Timeline"}
"""Where something was written down that the account does not hold yet."""
STANCES = {"supports": "It supports it", "contradicts": "It contradicts it"}

FIELDS = {
    "who": {"claim": "Who saw it, or what", "position": "Whose view it is", "cost": "Who bore it", "trust-break": "Whose trust"},
    "value": {"claim": "The figure with its unit", "cost": "The figure with its unit, if there is one"},
    "because": {
        "claim": "What made it reasonable at the time, or the reason",
        "condition": "What makes you think so",
        "badly": "If no action answers it: why none does",
        "position": "Why they see it so",
    },
    "answer": {
        "question": "The answer, once it is known", "trust-break": "How it was repaired", "disagreement": "What was agreed in the end",
    },
}  # fmt: skip
"""What each field asks for, by part; a part that does not stand here has no such field."""

ASKED_OF = {"who": ("signal",), "value": ("number",), "because": ("decision", "cause")}
"""The kinds of claims that a field is offered for."""

SHORT = 90
"""Characters of what can be cited that a list shows."""

_PLACES = {
    "empty": "account/entries", "timeline": "account/entries", "cost": "account#people", "impact": "account#claims",
    "single-cause": "account#why", "organisational": "account#why", "nothing-went-well": "account#learnt", "action": "actions",
    "unaccepted": "actions",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The account for its page; `sides` are the positions of each disagreement, by its item."""

    heading: str
    gaps: tuple[tuple[Gap, str], ...]
    claims: tuple[tuple[str, str, tuple[Stated, ...]], ...]
    account: Account
    sides: Mapping[str, tuple[Stated, ...]]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done last, as the store tells it, and the changes that a press takes back, as the page names them."""

    says: str
    change: str


def shown(account: Account, gaps: Iterable[Gap], waiting: int) -> Shown:
    """Everything that the page of an account shows; `waiting` is how much was written down that it does not hold."""
    missing = tuple((gap, place(gap)) for gap in gaps)
    groups = ((kind, title, tuple(one for one in account.claims if one.point.kind == kind)) for kind, (_, title) in CLAIMS.items())
    positions = account.of("position")
    sides = {one.item: tuple(side for side in positions if side.point.of == one.item) for one in account.of("disagreement")}
    return Shown(_heading(account, missing, waiting), missing, tuple(group for group in groups if group[2]), account, sides)


def place(gap: Gap) -> str:
    """Where a gap is filled: the end of the address of a page of the incident."""
    return f"account#{gap.item}" if gap.item else _PLACES.get(gap.code, "account")


def has_status(one: Stated) -> bool:
    """Whether the page says how well a point is supported: always of a claim and of why it happened, else once something is cited."""
    return one.point.part in ("claim", "condition") or (one.point.part not in NOT_SHOWN and bool(one.evidence))


def can_cite(one: Stated) -> bool:
    """Whether evidence means anything for a point."""
    return one.point.part not in NOT_SHOWN


def cited_choices(lines: Iterable[Line], messages: Iterable[Told]) -> tuple[tuple[str, str], ...]:
    """What can be cited, as a form offers it: a measure, a person's word, each message, each entry."""
    sent = tuple((f"message:{one.message.id}", f"Message: {_short(one.message.text)}") for one in messages)
    entries = tuple((f"entry:{one.id}", f"Entry: {_short(one.text)}") for one in lines)
    return (("measure:", "A measure"), ("person:", "Somebody’s word"), *sent, *entries)


def answers(actions: Iterable[ActionStanding]) -> tuple[tuple[str, str], ...]:
    """The action items that can answer what went badly, as a form offers them."""
    return (("", "None"), *((one.item.id, one.item.title) for one in actions if one.state != "dropped"))


def fields_of(point: Point) -> dict[str, str]:
    """The fields that a point can have, with what each asks for."""
    found = {name: asks[point.part] for name, asks in FIELDS.items() if point.part in asks}
    if point.part == "claim":
        return {name: asks for name, asks in found.items() if point.kind in ASKED_OF[name] or getattr(point, name) is not None}
    return found


def done_with(changes: Sequence[Change], change_ids: Sequence[str]) -> Done | None:
    """What the banner says about the changes that one press made; None where an id is none of this account."""
    known = {one.id: one for one in changes}
    if not all(one in known for one in change_ids):
        return None
    if len(change_ids) > 1:
        return Done(f"{len(change_ids)} points stand in the account, each with what it cites.", ",".join(change_ids))
    return _done_with(changes, known[change_ids[0]])


def _done_with(changes: Sequence[Change], found: Change) -> Done:
    if isinstance(found, Evidence):
        return Done(
            "No longer cited. The history keeps it." if found.undoes else "Cited. How well it is supported was told anew.", found.id
        )
    if found.what == WITHDRAWN:
        return Done("Withdrawn. It stands below, and in the history.", found.id)
    if found.replaces is None:
        cites = any(isinstance(one, Evidence) and one.item == found.item for one in changes)
        return Done(
            "It stands in the account. Cite what shows it." if found.part == "claim" and not cites else "It stands in the account.",
            found.id,
        )
    return Done("Revised. What it said before stays beside it.", found.id)


def of_change(changes: Iterable[Change], change_id: str) -> tuple[Change | None, Point | None]:
    """A change by its id, and the revision that it took the place of."""
    points = {one.id: one for one in changes if isinstance(one, Point)}
    found = points.get(change_id) or next((one for one in changes if one.id == change_id), None)
    return found, points.get(found.replaces or "") if isinstance(found, Point) else None


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"


def _heading(account: Account, gaps: tuple[tuple[Gap, str], ...], waiting: int) -> str:
    """The answer to "what should I do now?"."""
    if not account.points:
        return "Begin with what was written down." if waiting else "Choose what happened from the timeline."
    if not gaps:
        return "The account holds. Tell it to each audience."
    return "One thing is missing in the account." if len(gaps) == 1 else f"{len(gaps)} things are missing in the account."
