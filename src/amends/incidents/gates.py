"""What must be true before an incident may be called resolved or reviewed; each gate can be passed with a written reason that stays.

Contained means monitoring or later. Resolved means that nobody waits for an update or a fix that was promised; reviewed means besides that
something now stands in the way of the same mistake, and that no other promise is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError
from amends.core.incident import STATUSES
from amends.incidents.event import standing
from amends.promises.fate import end_of_minute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.incidents.event import IncidentEvent
    from amends.promises.ledger import LedgerEntry

GUARDRAIL = "guardrail"
_WAITED_FOR = ("next_update", "fix")
_RESOLVED, _REVIEWED = STATUSES.index("resolved"), STATUSES.index("reviewed")


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that keeps an incident from a status: its stable id, what is missing, what opens it, and the promise it is about."""

    id: str
    message: str
    hint: str
    promise_id: str | None = None


class GateError(ConflictError):
    """An incident cannot become what somebody wants to call it; `gates` are the reasons."""

    code = "gate"

    def __init__(self, status: str, gates: Sequence[Gate]) -> None:
        first = gates[0]
        more = f", and {len(gates) - 1} more" if len(gates) > 1 else ""
        super().__init__(
            f"the incident is not {status} yet: {first.message}{more}",
            hint=f"{first.hint}; or write the reason why it is {status} all the same, which stays visible",
        )
        self.status = status
        self.gates = tuple(gates)


def closed(
    status: str, before: str, promises: Iterable[LedgerEntry], events: tuple[IncidentEvent, ...], now: datetime, *, guarded: bool
) -> tuple[Gate, ...]:
    """The gates that are shut on the way from one status to a later one; none on the way back.

    `guarded` says that an action item that stands in the way of a repetition is done. A gate that was passed with a reason stays open for
    that status (the `value` of its event) and those before it: who resolved early is asked again before the review is over.
    """
    target = STATUSES.index(status)
    if target <= STATUSES.index(before) or target < _RESOLVED:
        return ()
    told = tuple(promises)
    shut = [_gate(entry) for entry in told if entry.promise.kind in _WAITED_FOR and not entry.is_settled]
    if target == _REVIEWED:
        shut += [_gate(entry) for entry in told if entry.promise.kind not in _WAITED_FOR and _is_overdue(entry, now)]
        if not guarded and not _has_guardrail(told, events):
            shut.append(_NO_GUARDRAIL)
    passed = {event.kind for event in events if event.what == "gate" and STATUSES.index(event.value or status) >= target}
    return tuple(gate for gate in shut if gate.id not in passed)


_NO_GUARDRAIL = Gate(
    GUARDRAIL,
    "nothing stands in the way of the same mistake",
    "finish an action item that would catch it, or name the commit that is the guardrail",
)

_ASKS = {
    "settle": ("waits for an answer", "keep it, move it or withdraw it"),
    "tell": ("has changed, and those who were promised have not heard", "tell them"),
    "accept": ("was accepted by nobody", "let its owner take it on or decline it"),
    "answer": ("waits for somebody to take it over", "let them answer"),
    "assign": ("has no owner", "find who keeps it"),
    "time": ("has no time", "give it one, or withdraw it"),
}


def _gate(entry: LedgerEntry) -> Gate:
    state, hint = _ASKS[entry.standing.step]
    return Gate(f"promise:{entry.promise.id}", f"“{entry.promise.words[:80]}” {state}", hint, entry.promise.id)


def _is_overdue(entry: LedgerEntry, now: datetime) -> bool:
    due = entry.promise.due
    return not entry.is_settled and due is not None and now >= end_of_minute(due)


def _has_guardrail(promises: Iterable[LedgerEntry], events: tuple[IncidentEvent, ...]) -> bool:
    """A guardrail is a commit, a prevention that was promised and is there, or a ticked box with the words that show what ticked it."""
    ticked = standing(events, "box", "prevention")
    kept = any(entry.promise.kind == "prevention" and entry.standing.state in ("kept", "late") for entry in promises)
    shown = bool(ticked) and ticked[-1].value == "ticked" and bool(ticked[-1].text)
    return kept or shown or bool(standing(events, "commit", GUARDRAIL))
