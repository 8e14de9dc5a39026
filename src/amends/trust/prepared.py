"""What the program lays out for a trust review: per repair action what shows that it is done and that it helped, and all the rest.

Done and helped are two things. What nothing shows has "no evidence yet", and somebody's word is called a word. Nothing here judges; a
review is held by people.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amends.incidents.acting import is_guardrail
from amends.promises import fate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Evidence
    from amends.trust.repair import Repair

DONE = ("done", "by-word", "not-done")
"""Whether a repair action was done: shown by something, by somebody's word alone, or not."""

HELPED = ("helped", "by-word", "did-not-help", "no-evidence-yet")
"""Whether it helped: shown by a measure, a test or an alert; by somebody's word alone; shown not to; or nothing shows it yet."""

TOO_SHORT = "A quarter is usually too short to prove a lower repeat rate."
"""Said wherever somebody could read a falling rate out of a few weeks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that the review rests on: a thing of a kind (`review.REFERENCES`, or measure, alert, test, …), which, and in words what."""

    kind: str
    ref: str | None
    words: str


@dataclass(frozen=True, slots=True)
class RepairShown:
    """A repair action with what shows that it was done and that it helped; `guardrail` says that it works when nobody thinks of it."""

    action_id: str
    title: str
    kind: str
    uncertainty: str
    visible: str | None
    breaks: tuple[str, ...]
    owner: str | None
    due: datetime | None
    check_at: datetime | None
    late: bool
    done: str
    done_at: datetime | None
    done_by: Shown | None
    helped: str
    helped_by: Shown | None
    helps_when: str | None
    guardrail: bool


@dataclass(frozen=True, slots=True)
class PromisesShown:
    """What became of the promises that fell due since the containment; `broken` are those that were late or missed."""

    kept: int = 0
    late: int = 0
    missed: int = 0
    moved: int = 0
    open: int = 0
    broken: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The evidence of a review at `at`, since the containment at `since`.

    `pulse` are results with their n, `signs` warning signs, `worse` what the data show got worse, `overrides` the gates that somebody
    went past, and why. `absent` says what could have been shown and was not there; `limits` what must not be read out of it.
    """

    which: str
    incident_id: str
    at: datetime
    since: datetime | None
    repairs: tuple[RepairShown, ...] = ()
    promises: PromisesShown = PromisesShown()
    pulse: tuple[Shown, ...] = ()
    signs: tuple[Shown, ...] = ()
    worse: tuple[Shown, ...] = ()
    overrides: tuple[Shown, ...] = ()
    absent: tuple[Shown, ...] = ()
    limits: tuple[str, ...] = ()


def repair_shown(one: Repair) -> RepairShown:
    """What shows that a repair action was done, and that it helped: two questions, and never one answer to both."""
    now, action = one.now, one.action
    is_done = now.state in ("done", "verified", "no-help")
    done_by = _shown(now.shown) if is_done else None
    helped_by = _shown(now.helps) if now.state in ("verified", "no-help") else None
    if now.state == "no-help":
        helped_by = helped_by or Shown("person", None, now.reason or "")
    return RepairShown(
        action.action_id, now.item.title, action.kind, action.uncertainty, action.visible, action.breaks, now.owner, now.due,
        action.check_at, now.late,
        done="not-done" if not is_done else "by-word" if done_by is None or done_by.kind == "person" else "done",
        done_at=now.done_at if is_done else None,
        done_by=done_by,
        helped=_helped(now.state, helped_by),
        helped_by=helped_by,
        helps_when=now.helps_when,
        guardrail=is_guardrail(now),
    )  # fmt: skip


def _helped(state: str, by: Shown | None) -> str:
    if state == "no-help":
        return "did-not-help"
    if state != "verified" or by is None:
        return "no-evidence-yet"
    return "by-word" if by.kind == "person" else "helped"


def _shown(evidence: Evidence | None) -> Shown | None:
    return Shown(evidence.kind, evidence.reference, evidence.reference) if evidence is not None else None


def promises_shown(entries: Iterable[LedgerEntry], since: datetime, now: datetime) -> PromisesShown:
    """What became of the promises that fell due between the containment and now, or were settled or moved then; without private ones."""
    counts = dict.fromkeys(("kept", "late", "missed", "moved", "open"), 0)
    broken: list[Shown] = []
    for entry in entries:
        due, state = entry.promise.due, entry.standing.state
        if entry.promise.private or due is None or state not in counts or fate.end_of_minute(due) <= since:
            continue
        if due > now and state not in ("kept", "moved"):
            continue
        counts[state] += 1
        if state in ("late", "missed"):
            broken.append(Shown("promise", entry.promise.id, f"{state}: “{entry.promise.words}”"))
    return PromisesShown(**counts, broken=tuple(broken))


def as_plain(record: Prepared | RepairShown) -> dict[str, Any]:
    """The evidence, or a part of it, as plain values, as it is pinned when a review is held; instants are RFC 3339 with an offset."""
    told: dict[str, Any] = _plain(asdict(record))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
