"""Finding the earlier incidents that an incident may be again: over all incidents, whoever may see them. Who is told is decided later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.recurrence.fingerprint import fingerprint, usualness
from amends.recurrence.matching import Alike, best, match
from amends.recurrence.similar import similar
from amends.recurrence.terms import terms
from amends.store import fingerprints, postings
from amends.store import recurring as rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.incident import Incident
    from amends.recurrence.fingerprint import Fingerprint
    from amends.recurrence.matching import Match
    from amends.store.engine import Transaction

CANDIDATES = 12
"""Incidents that are looked at closely because their words are alike."""

KEPT = 10
"""The most matches of one incident."""


def prints_of(connection: Transaction, ids: Sequence[str]) -> dict[str, Fingerprint]:
    """The fingerprints of some incidents."""
    declared = rows.declared_of(connection, ids)
    known = rows.components_declared(connection)
    said = fingerprints.said_of(connection, ids)
    return {name: fingerprint(name, told, declared.get(name), known) for name, told in said.items()}


def found_for(connection: Transaction, incident: Incident) -> tuple[Match, ...]:
    """The earlier incidents that an incident may be again, the surest first. The words of incidents may be a little behind."""
    kept = postings.KeptPostings(connection, None)
    words = similar(kept, postings.report(connection, incident.id), limit=CANDIDATES, without=(incident.id,))
    alike = {one.id: Alike(one.id, one.score, one.why) for one in words}
    earlier = _earlier(connection, incident, tuple(alike))
    prints = prints_of(connection, (incident.id, *earlier))
    here = prints[incident.id]
    categories = [one.value for one in here.of("category")]
    components = [one.value for one in here.of("component")]
    more = tuple(name for name in rows.declared_alike(connection, categories, components) if name not in alike)
    if more:
        prints |= prints_of(connection, _earlier(connection, incident, more))
    usual = _usual(kept, components)
    return best((match(here, one, alike.get(name), usual) for name, one in prints.items() if name != incident.id), KEPT)


def _earlier(connection: Transaction, incident: Incident, ids: tuple[str, ...]) -> tuple[str, ...]:
    found = rows.incidents_of(connection, ids, seen_by=None)
    return tuple(name for name, one in found.items() if _is_earlier(one, incident))


def _is_earlier(one: Incident, incident: Incident) -> bool:
    """Whether it came before, and is as real: the sample is no history of ours."""
    return one.id != incident.id and one.started_at <= incident.started_at and one.origin == incident.origin


def _usual(kept: postings.KeptPostings, components: Sequence[str]) -> dict[tuple[str, str], float]:
    """How usual each component is here, by the rarest of its words."""
    total = kept.documents()
    if not components:
        return {}
    words = {name: terms(name) for name in components}
    holding = kept.frequencies({word for told in words.values() for word in told})
    rarest = {name: min(holding.get(word, 0) for word in told) for name, told in words.items() if told}
    return {("component", name): usualness(count, total) for name, count in rarest.items()}
