"""What was promised after incidents, and how it did since: action items, promises of prevention and commits, as somebody may see them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError
from amends.incidents.event import standing
from amends.recurrence.matching import standing as last
from amends.recurrence.prevention import Again, guarded, of_actions, of_commits, of_promises
from amends.store import record
from amends.store import recurring as rows
from amends.usecases import stories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.ports import Clock
    from amends.recurrence.prevention import Guarded, Prevention
    from amends.store.engine import Transaction


def require_in_place(guardrail: Prevention, what: str, at: datetime, began: datetime) -> None:
    """Refuse what a guardrail cannot have done at `at`: it was not there, or the incident it comes from had not begun.

    That it would have fired can be shown of one that is not in place. Of a commit it is known when it was written down, not since when it
    guards. Raises ConflictError for one that is not in place at all, InputError for the time.
    """
    if what == "would-have":
        return
    if guardrail.done_at is None:
        raise ConflictError(f"this guardrail is not in place: {guardrail.told}", hint="say first that it is done, and since when")
    since = began if guardrail.kind == "commit" else guardrail.done_at
    if at < since:
        told = f"it was not in place yet: that was before {since:%-d %b %Y, %H:%M} UTC"
        raise InputError(told, hint="give the time at which it did, or correct since when it is done", field="at")


class Guards:
    """Reads guardrails. Nothing here changes anything."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def of(self, connection: Transaction, ids: Sequence[str], by: str) -> dict[str, tuple[Guarded, ...]]:
        """The guardrails of some incidents that `by` may see, each with how it did until now, what is in place first."""
        if not ids:
            return {}
        now = self._clock.now()
        told = defaultdict(list)
        for event in rows.guardrail_events(connection, ids):
            told[event.incident_id].append(event)
        again = self._again(connection, ids, by)
        return {
            name: tuple(guarded(one, told[name], again[name], now) for one in self._promised(connection, name, by)) for name in ids
        }  # fmt: skip

    def _promised(self, connection: Transaction, incident_id: str, by: str) -> list[Prevention]:
        now = self._clock.now()
        commits = standing(record.events_of(connection, incident_id), "commit")
        found = [
            *of_actions(stories.actions_within(connection, incident_id, now)),
            *of_promises(stories.promises_within(connection, incident_id, now, by)),
            *of_commits(commits),
        ]
        return sorted(found, key=lambda one: (not one.is_done, one.promised_at, one.id))

    def _again(self, connection: Transaction, ids: Sequence[str], by: str) -> dict[str, list[Again]]:
        """The later incidents of the same failure, as far as somebody may see them: people's word before the program's."""
        found: dict[str, dict[str, Again]] = defaultdict(dict)
        for name, pairs in rows.matched_to(connection, ids, seen_by=by).items():
            found[name] = {later.id: Again(later.id, later.started_at) for _, later in pairs}
        judged = list(last(rows.judgements(connection, seen_by=by, other_ids=ids)).values())
        later = rows.incidents_of(connection, [one.incident_id for one in judged], seen_by=by)
        for one in judged:
            found[one.other_id].pop(one.incident_id, None)
            if one.verdict == "repeat":
                found[one.other_id][one.incident_id] = Again(one.incident_id, later[one.incident_id].started_at, confirmed=True)
        return defaultdict(list, {name: list(again.values()) for name, again in found.items()})
