"""Has this happened before: what was met, what was promised then and whether it was done, guardrails, and days that look back.

Matches are found over all incidents and told to those who may see both; a match to an incident that somebody may not see is not told to
them, not even as a number. In shadow mode matches are kept and told to nobody before the review, where people judge them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, require_known
from amends.core.incident import STATUSES
from amends.core.people import LOCAL_PERSON
from amends.core.zones import zone_or_utc
from amends.incidents.actions import ACTION_EVIDENCE
from amends.recurrence.anniversary import pasts
from amends.recurrence.fingerprint import PARTS, Declared
from amends.recurrence.matching import MODES, VERDICTS, Judgement, records, standing
from amends.recurrence.prevention import HAPPENED, KINDS, GuardrailEvent, repeats
from amends.recurrence.told import Met, MetBefore, Mistake, OnThisDay
from amends.recurrence.traits import kind
from amends.store import fingerprints, postings, settings
from amends.store import incidents as incident_rows
from amends.store import recurring as rows
from amends.trust.statistics import jeffreys
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, line, passed, require_same
from amends.usecases.recurring_found import found_for, prints_of
from amends.usecases.recurring_guards import Guards, require_in_place

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.ports import Clock, Ids
    from amends.promises.promise import Evidence
    from amends.recurrence.matching import Match, Record
    from amends.recurrence.prevention import Guarded, Repeat
    from amends.store.engine import Store, Transaction
    from amends.trust.statistics import Share

logger = logging.getLogger(__name__)

SETTING = "recurrence"
"""Under which key the workspace keeps its mode."""

USUAL = "live"
NAME_LIMIT = 200
"""The longest component or condition, and the longest list of them, in code points."""
LINE_LIMIT = 500
SHOWN = 50
"""Incidents on one page of the list of guardrails."""
EVIDENCE = (*ACTION_EVIDENCE, "incident")
"""What shows that a guardrail fired, would have, or let something pass: as for action items, or an incident."""

WINDOW = 180
"""Days in which incidents of one category are counted."""
MOST_COUNTED = 500
_REVIEW = STATUSES.index("resolved")
_MOST_SEEN = 2000
_READ_AGAIN = 25
"""Changed incidents that are read again before the like of one is looked for: some milliseconds each, and whoever opened it waits."""
_SHOW = "name the alert that fired, the test that is red, the incident that came through; or a person's word"


@dataclass(frozen=True, slots=True)
class Judged:
    """How often judged matches of one strength were right, with the interval of that share; None where none was judged."""

    record: Record
    share: Share | None


class Recurring:
    """What people can learn from what was met before. `by` is who asks or acts."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._guards = Guards(clock)
        self._guard = Lock()
        self._seen: dict[str, tuple[int, str]] = {}

    # The setting

    def mode(self, *, by: str = LOCAL_PERSON) -> str:
        """Whether matches are looked for, and shown: one of `MODES`. Raises ForbiddenError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return _mode(connection)

    def set_mode(self, mode: str, *, by: str = LOCAL_PERSON) -> str:
        """Look for matches or not, and show them or not. Raises UnknownNameError, ForbiddenError for anybody but an owner."""
        require_known("mode", mode, MODES)
        with self._store.writing() as connection:
            access.require(connection, by, "manage")
            settings.put(connection, SETTING, mode, at=self._clock.now(), by=by)
        with self._guard:
            self._seen.clear()
        return mode

    # Met before

    def opened(self, incident_id: str) -> None:
        """Find and keep the matches of an incident that was just opened. Never raises: opening must not fail on it, and finds it later."""
        try:
            self._find(incident_id)
        except Exception:  # whatever it was, the incident is open, and that must stand
            logger.exception("what incident %s may have met before was not found; it is looked for again when somebody looks", incident_id)

    def look_again(self, *, by: str = LOCAL_PERSON) -> int:
        """Find the matches of every incident that somebody may see, such as after an import; how many were looked at.

        Each is found by itself the first time that somebody looks at it; guardrails know of repeats only then. Raises ForbiddenError,
        StoreError.
        """
        last, looked = None, 0
        while True:
            with self._store.reading() as connection:
                access.require(connection, by, "write")
                page = incident_rows.newest(connection, by=by, limit=SHOWN, before=last)
            for one in page:
                self._find(one.id)
            looked += len(page)
            if len(page) < SHOWN:
                return looked
            last = page[-1]

    def met_before(self, incident_id: str, *, by: str = LOCAL_PERSON) -> MetBefore:
        """What an incident may be again, as far as somebody may see it, with what was promised then and whether it was done.

        Raises NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
        self._refresh(incident_id)
        with self._store.reading() as connection:
            return self._told(connection, access.seen(connection, incident_id, by), by)

    def judge(self, incident_id: str, other_id: str, verdict: str, *, why: str | None = None, by: str = LOCAL_PERSON) -> MetBefore:
        """Say that an earlier incident is the same failure, is related, or has nothing to do with it; the last word of a pair counts.

        It need not have been found by the program. Saying the same again changes nothing.
        Raises UnknownNameError for the verdict, InputError, NotFoundError, ForbiddenError, and ConflictError for an incident and itself or
        one that is private: that it was judged would tell others of it.
        """
        require_known("verdict", verdict, VERDICTS)
        told = line(why, "why", LINE_LIMIT) if why and why.strip() else None
        with self._store.writing() as connection:
            own = access.changed(connection, incident_id, by)
            other = access.seen(connection, other_id, by)
            if own.id == other.id:
                raise ConflictError("this is the incident itself", hint="name the earlier one that it may be again")
            if other.started_at > own.started_at:
                raise ConflictError("an incident can only be an earlier one again", hint="name one that began before it")
            if other.visibility != "open":
                told_of = "the earlier incident is private, and a judgement stands in the record of this one for others to read"
                raise ConflictError(told_of, hint="write it down in the private one")
            before = standing(rows.judgements(connection, seen_by=by, incident_id=incident_id)).get((own.id, other.id))
            if told is None and before is not None and before.verdict == verdict:
                told = before.why
            if before is None or (before.verdict, before.why) != (verdict, told):
                found = next((one for one in rows.matches_of(connection, incident_id) if one[0].other_id == other_id), None)
                now = self._clock.now()
                new = Judgement(self._ids.new(), own.id, other.id, verdict, now, by, told, *(found or (None, False)))
                rows.add_judgement(connection, new, salt=self._ids.new())
            return self._told(connection, own, by)

    def records(self, *, by: str = LOCAL_PERSON) -> tuple[Judged, ...]:
        """How often judged matches were right, each strength by itself, of pairs that somebody may see. Raises ForbiddenError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            told = records(rows.judgements(connection, seen_by=by))
        return tuple(Judged(one, jeffreys(one.right, one.judged) if one.judged else None) for one in told)

    # Fingerprints

    def declare(
        self,
        incident_id: str,
        *,
        category: str | None = None,
        component: str | None = None,
        condition: str | None = None,
        trigger: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> MetBefore:
        """Say what an incident is; a part that is None stays as it is, an empty one is left to the words again.

        `category` and `trigger` are ids of kinds; `component` and `condition` may be several with commas between, in words or ids of kinds.
        Raises UnknownNameError, InputError, NotFoundError, ForbiddenError.
        """
        given = {
            "category": _named("category", category), "component": _listed(component), "condition": _listed(condition),
            "trigger": _named("trigger", trigger),
        }  # fmt: skip
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = rows.declared_of(connection, (incident_id,)).get(incident_id)
            stood = {part: getattr(before, part, None) for part in PARTS}
            wanted = stood | {part: value or None for part, value in given.items() if value is not None}
            if wanted != stood:
                new = Declared(self._ids.new(), incident_id, self._clock.now(), by, **wanted)
                rows.add_declared(connection, new, salt=self._ids.new())
        return self.met_before(incident_id, by=by)

    # Guardrails

    def guardrails(self, *, incident_id: str | None = None, before: str | None = None, by: str = LOCAL_PERSON) -> tuple[Mistake, ...]:
        """Mistakes with the guardrails against their repetition and how they did, the latest incident first; of one, or a page of them.

        `before` is the incident that the page before ended with. Raises NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            if incident_id is not None:
                return tuple(self._mistakes(connection, [access.seen(connection, incident_id, by)], by))
            last = access.seen(connection, before, by) if before is not None else None
            found: list[Mistake] = []
            while len(found) < SHOWN:
                page = incident_rows.newest(connection, by=by, limit=SHOWN, before=last)
                told = self._mistakes(connection, [one for one in page if one.origin == "own"], by)
                found += [one for one in told if one.guarded]
                if len(page) < SHOWN:
                    break
                last = page[-1]
        return tuple(found[:SHOWN])

    def _mistakes(self, connection: Transaction, found: list[Incident], by: str) -> list[Mistake]:
        ids = [one.id for one in found]
        prints, guarded = prints_of(connection, ids), self._guards.of(connection, ids, by)
        return [Mistake(one, prints[one.id].category, guarded[one.id]) for one in found]

    def tell_guardrail(
        self,
        incident_id: str,
        kind: str,
        guardrail: str,
        what: str,
        *,
        at: datetime | None = None,
        evidence: Evidence | None = None,
        text: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Mistake:
        """Write down that a guardrail fired, would have, or let something pass, at `at` (None for now), and what shows it.

        `kind` and `guardrail` name it: an action item, a promise of prevention or a commit of this incident. `once` is from
        `given.id_once`. Raises UnknownNameError, InputError without evidence, for a time to come or one at which it was not in place,
        ConflictError for one that never was, NotFoundError, also for an incident that shows it and is not there, ForbiddenError.
        """
        require_known("kind of guardrail", kind, KINDS)
        require_known("news of a guardrail", what, HAPPENED[:-1])
        if evidence is None:
            raise InputError("nothing shows yet that it did", hint=_SHOW, field="evidence")
        require_known("kind of evidence", evidence.kind, EVIDENCE)
        shown = line(evidence.reference, "evidence", LINE_LIMIT, _SHOW)
        words = line(text, "text", LINE_LIMIT) if text and text.strip() else None
        now = self._clock.now()
        with self._store.writing() as connection:
            began = access.changed(connection, incident_id, by).started_at
            own = {
                (one.prevention.kind, one.prevention.id): one.prevention
                for one in self._guards.of(connection, [incident_id], by)[incident_id]
            }
            if (kind, guardrail) not in own:
                raise NotFoundError(f"there is no {kind} {guardrail[:40]!r} among the guardrails of this incident")
            known = [one for one in rows.guardrail_events(connection, [incident_id]) if once and one.id[:KEY_DIGITS] == once[:KEY_DIGITS]]
            if known and once is not None:
                require_same(known[0].id, once)
            else:
                when = passed(at, now, "at")
                require_in_place(own[kind, guardrail], what, when, began)
                if evidence.kind == "incident":
                    require_in_place(own[kind, guardrail], what, access.seen(connection, shown, by).started_at, began)
                name = once or self._ids.new()
                new = GuardrailEvent(name, incident_id, kind, guardrail, what, when, now, by, evidence.kind, shown, words)
                rows.add_guardrail_event(connection, new, salt=self._ids.new())
        return self.guardrails(incident_id=incident_id, by=by)[0]

    def undo_guardrail(self, event_id: str, *, by: str = LOCAL_PERSON) -> Mistake:
        """Take back what was told of a guardrail; it stays in the history. Raises NotFoundError, ConflictError, ForbiddenError."""
        with self._store.writing() as connection:
            before = rows.told_of_guardrail(connection, event_id)
            access.part_seen(connection, before.incident_id, by, "guardrail", event_id)
            access.changed(connection, before.incident_id, by)
            told = rows.guardrail_events(connection, [before.incident_id])
            if before.what == "taken-back" or any(one.undoes == before.id for one in told):
                raise ConflictError("this was taken back already", hint="tell it anew instead")
            now = self._clock.now()
            undone = replace(
                before, id=self._ids.new(), what="taken-back", at=now, recorded_at=now, by=by, undoes=before.id, evidence_kind=None,
                evidence=None, text=None,
            )  # fmt: skip
            rows.add_guardrail_event(connection, undone, salt=self._ids.new())
        return self.guardrails(incident_id=before.incident_id, by=by)[0]

    # Over time

    def repeats(self, *, days: int = WINDOW, by: str = LOCAL_PERSON) -> tuple[Repeat, ...]:
        """The categories that came several times in the last days, with that exposure, of what somebody may see. Raises ForbiddenError.

        Where incidents are known for less than that, the days are fewer.
        """
        now = self._clock.now()
        since = now - timedelta(days=days)
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            known = rows.known_since(connection)
            found = rows.begun_since(connection, since, MOST_COUNTED, seen_by=by)
            prints = prints_of(connection, [one.id for one in found])
        return repeats([(prints[one.id], one.started_at) for one in found], max(since, known or since), now)

    def on_this_day(self, *, tz: str | None = None, by: str = LOCAL_PERSON) -> tuple[OnThisDay, ...]:
        """What began on this date a year ago and two, on the clocks of `tz` (None for UTC), with what was promised then."""
        days = pasts(self._clock.now(), zone_or_utc(tz))
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.begun_in(connection, days, seen_by=by)
            guarded = self._guards.of(connection, [one.id for _, one in found], by)
        return tuple(OnThisDay(past.years, one.started_at.astimezone(zone_or_utc(tz)).date(), one, guarded[one.id]) for past, one in found)

    # Within

    def _refresh(self, incident_id: str) -> None:
        """Find anew where words of the incident changed since this process looked; a store that cannot be written shows what it has."""
        try:
            self._find(incident_id)
        except AmendsError as error:
            logger.warning("matches of incident %s were not found anew: %s", incident_id, error.message)

    def _find(self, incident_id: str) -> None:
        with self._store.reading() as connection:
            mode = _mode(connection)
            if mode == "off" or not rows.has_earlier(connection, incident_id):
                return
            state = (fingerprints.last_change(connection, incident_id), mode)
            behind = postings.waiting(connection, but=incident_id)  # it is asked about, not looked for
        if self._seen.get(incident_id) == state:
            return
        if behind:  # what is left is read by the next who asks
            with self._store.writing() as connection:
                postings.read_again(connection, _READ_AGAIN)
        with self._store.reading() as connection:
            found = found_for(connection, incident_rows.get(connection, incident_id))
            kept = rows.matches_of(connection, incident_id)
        if [(one, mode == "shadow") for one in found] != kept:
            with self._store.writing() as connection:
                rows.put_matches(connection, incident_id, found, shadow=mode == "shadow", at=self._clock.now())
        with self._guard:
            while len(self._seen) >= _MOST_SEEN:
                self._seen.pop(next(iter(self._seen)))
            self._seen[incident_id] = state

    def _told(self, connection: Transaction, incident: Incident, by: str) -> MetBefore:
        mode = _mode(connection)
        matched = {one.other_id: (one, shadow) for one, shadow in rows.matches_of(connection, incident.id)}
        verdicts = {one.other_id: one for one in standing(rows.judgements(connection, seen_by=by, incident_id=incident.id)).values()}
        others = rows.incidents_of(connection, tuple(dict.fromkeys((*matched, *verdicts))), seen_by=by)
        guarded = self._guards.of(connection, tuple(others), by)
        told = [_met(one, matched.get(name), verdicts.get(name), guarded[name]) for name, one in others.items()]
        shown = [one for one in _sorted(told) if one.judgement is not None or (mode == "live" and not one.shadow)]
        at_review = STATUSES.index(incident.status) >= _REVIEW
        waiting = [one for one in _sorted(told) if one.judgement is None and (at_review or one in shown) and mode != "off"]
        return MetBefore(
            incident,
            mode,
            prints_of(connection, (incident.id,))[incident.id],
            rows.declared_of(connection, (incident.id,)).get(incident.id),
            tuple(one for one in shown if one.is_same),
            tuple(one for one in shown if not one.is_same and (one.judgement is None or one.judgement.verdict == "related")),
            tuple(waiting),
            tuple(one for one in shown if one.judgement is not None),
        )


def _met(incident: Incident, found: tuple[Match, bool] | None, judged: Judgement | None, guarded: tuple[Guarded, ...]) -> Met:
    one, shadow = found or (None, False)
    return Met(incident, one, judged, guarded, shadow)


def _sorted(told: list[Met]) -> list[Met]:
    return sorted(told, key=lambda one: (not one.is_same, -(one.match.score if one.match else 1.0), one.incident.id))


def _mode(connection: Transaction) -> str:
    found = settings.get(connection, SETTING)
    return found if found in MODES else USUAL


def _named(part: str, value: str | None) -> str | None:
    return value if not value else kind(part, value.strip()).id


def _listed(value: str | None) -> str | None:
    """Names with commas between, each once; "" where there is none."""
    if value is None or not value.strip():
        return value and ""
    kept = line(value, "value", NAME_LIMIT, "a few words each, with commas between")
    return ", ".join(dict.fromkeys(name.strip() for name in kept.split(",") if name.strip()))
