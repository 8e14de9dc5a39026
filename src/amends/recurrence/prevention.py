"""Whether what was promised after an incident was done, and whether it held: mistake, guardrail, and what shows that it stood in the way.

That nothing happened since proves little and is called untried. A guardrail held where something came that it stopped; it did not hold
where the same failure came after it was done; it was not in time where the failure came back before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.incidents.acting import ActionStanding
    from amends.incidents.event import IncidentEvent
    from amends.promises.ledger import LedgerEntry
    from amends.recurrence.fingerprint import Fingerprint

KINDS = ("action", "promise", "commit")
"""What a guardrail is kept as."""

HAPPENED = ("fired", "would-have", "missed", "taken-back")
"""What can be told of a guardrail: it fired and stood in the way; it would have, as a test or a look back shows; it let something pass.
`taken-back` undoes one of these."""

STATES = ("not-accepted", "open", "overdue", "no-time", "done", "verified", "no-help", "dropped")
"""How far what was promised is; `no-time` was promised without a usable time."""

HELD = ("held", "untried", "not-there", "not-in-time", "did-not-hold")
"""How a guardrail did since."""

_STATE_WORDS = {
    "not-accepted": "nobody took it on", "open": "not done yet", "overdue": "not done, and its time has passed",
    "no-time": "promised without a time, not done", "done": "done", "verified": "done, and shown to help",
    "no-help": "done, and it did not help", "dropped": "dropped",
}  # fmt: skip
_ACTION_STATES = {"idea": "not-accepted", "accepted": "open"}
_PROMISE_STATES = {
    "proposed": "not-accepted", "declined": "not-accepted", "kept": "done", "late": "done", "missed": "overdue", "withdrawn": "dropped",
    "unverifiable": "no-time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuardrailEvent:
    """Something that was told of a guardrail, which is named by its kind and its id; `incident_id` is the incident that it came from.

    `at` is when it happened. `evidence` is what shows it: a measure, an alert, a test, a commit, an incident, or the word of a person.
    """

    id: str
    incident_id: str
    guardrail_kind: str
    guardrail: str
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    evidence_kind: str | None = None
    evidence: str | None = None
    text: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Prevention:
    """What was promised so that it does not happen again: an action item, a promise of prevention, or a commit that guards.

    `thing` is what an action item puts in place, one of `incidents.actions.ACTION_KINDS`. `late` says that it came after its time, `shown`
    what shows that it is done or helps, `reason` why it was dropped or did not help.
    """

    kind: str
    id: str
    incident_id: str
    words: str
    state: str
    promised_at: datetime
    thing: str | None = None
    due: datetime | None = None
    done_at: datetime | None = None
    late: bool = False
    shown: Evidence | None = None
    reason: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether it is in place; what was shown not to help is not."""
        return self.state in ("done", "verified")

    @property
    def told(self) -> str:
        """How far it is, in words."""
        words = _STATE_WORDS[self.state]
        return f"{words}, later than promised" if self.late and self.is_done else words


@dataclass(frozen=True, slots=True)
class Again:
    """A later incident that is the same failure; `confirmed` says that people judged it so, else the program took it for one."""

    incident_id: str
    started_at: datetime
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guardrail, what was told of it that still stands, and how it did; `came` are the incidents that came in spite of it."""

    prevention: Prevention
    events: tuple[GuardrailEvent, ...]
    held: str
    came: tuple[Again, ...]
    text: str


def of_actions(items: Iterable[ActionStanding]) -> tuple[Prevention, ...]:
    """The action items of an incident as what was promised."""
    return tuple(_of_action(one) for one in items)


def of_promises(entries: Iterable[LedgerEntry]) -> tuple[Prevention, ...]:
    """The promises of prevention of an incident; one that was moved is told by the one that took its place."""
    found = (one for one in entries if one.promise.kind == "prevention" and one.promise.incident_id is not None)
    return tuple(_of_promise(one) for one in found if one.standing.state != "moved" and one.standing.successor is None)


def of_commits(commits: Iterable[IncidentEvent]) -> tuple[Prevention, ...]:
    """The commits of an incident that put a guardrail in place: done when they were made."""
    return tuple(
        Prevention("commit", one.id, one.incident_id, one.text or one.value or "", "done", one.at, done_at=one.at, shown=_commit(one.value))
        for one in commits
        if one.kind == "guardrail"
    )


def standing(events: Iterable[GuardrailEvent]) -> tuple[GuardrailEvent, ...]:
    """What was told of guardrails and not taken back, oldest first."""
    known = tuple(events)
    undone = {one.undoes for one in known if one.undoes is not None}
    kept = (one for one in known if one.what != "taken-back" and one.id not in undone)
    return tuple(sorted(kept, key=lambda one: (one.at, one.id)))


def guarded(prevention: Prevention, events: Iterable[GuardrailEvent], again: Iterable[Again], now: datetime) -> Guarded:
    """How a guardrail did until `now`; `again` are the later incidents of the same failure, in any order."""
    own = tuple(one for one in standing(events) if (one.guardrail_kind, one.guardrail) == (prevention.kind, prevention.id))
    later = sorted((one for one in again if one.started_at > prevention.promised_at), key=lambda one: one.started_at)
    done = prevention.done_at if prevention.is_done or prevention.state == "no-help" else None
    if done is None:
        return Guarded(prevention, own, "not-there", tuple(later), _not_there(later))
    after = [one for one in later if one.started_at >= done]
    missed = [one for one in own if one.what == "missed"]
    if after or missed or prevention.state == "no-help":
        return Guarded(prevention, own, "did-not-hold", tuple(after), _did_not_hold(after, missed))
    stopped = [one for one in own if one.what == "fired"]
    if stopped:
        return Guarded(prevention, own, "held", (), f"it stood in the way {_times(len(stopped))}")
    days = f"in {_days((now - done).days)}" if (now - done).days else "yet"
    if later:
        return Guarded(prevention, own, "not-in-time", tuple(later), f"it came after the failure was back; nothing has tried it {days}")
    would = ", though it was shown that it would fire" if own else ""
    return Guarded(prevention, own, "untried", (), f"nothing has tried it {days}{would}")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Incidents of one category and in how many days they came, each with its beginning, the first first."""

    category: str
    incidents: tuple[tuple[str, datetime], ...]
    days: int

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.incidents)

    @property
    def text(self) -> str:
        """The count with its exposure, because a count alone says nothing."""
        return f"{self.count} incidents in {_days(self.days)}"


def repeats(told: Iterable[tuple[Fingerprint, datetime]], since: datetime, now: datetime, *, least: int = 2) -> tuple[Repeat, ...]:
    """The categories that came at least `least` times between two instants, the most frequent first; what has no category is not counted.

    `since` is from when on incidents are known at all, or the beginning of the window, whichever is later.
    """
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for one, started_at in told:
        if one.category is not None and since <= started_at <= now:
            found[one.category].append((one.incident_id, started_at))
    days = max(1, (now - since).days)
    many = [Repeat(name, tuple(sorted(one, key=lambda pair: pair[1])), days) for name, one in found.items() if len(one) >= least]
    return tuple(sorted(many, key=lambda one: (-one.count, one.category)))


def _of_action(now: ActionStanding) -> Prevention:
    item = now.item
    state = "overdue" if now.overdue else _ACTION_STATES.get(now.state, now.state)
    shown = now.helps or now.shown
    about = ("action", item.id, item.incident_id, item.title, state, item.proposed_at)
    return Prevention(*about, item.kind, now.due, now.done_at, now.late, shown, now.reason)


def _of_promise(entry: LedgerEntry) -> Prevention:
    made, now = entry.promise, entry.standing
    assert made.incident_id is not None, "only promises about an incident are asked for"
    state = "done" if now.settled_at is not None else _PROMISE_STATES.get(now.state, now.state)
    about = ("promise", made.id, made.incident_id, made.words, state, made.made_at)
    return Prevention(*about, due=made.due, done_at=now.settled_at, late=now.state == "late", shown=now.evidence)


def _commit(sha: str | None) -> Evidence | None:
    return Evidence("commit", sha) if sha else None


def _not_there(later: Sequence[Again]) -> str:
    return f"it was not in place when the failure came back {_times(len(later))}" if later else "it is not in place"


def _did_not_hold(after: Sequence[Again], missed: Sequence[GuardrailEvent]) -> str:
    if after:
        return f"the failure came back {_times(len(after))} after it was done"
    return f"it let something pass {_times(len(missed))}" if missed else "it was shown not to help"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
