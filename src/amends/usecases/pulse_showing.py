"""A closed wave as it may be shown: from the counts that were kept, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError
from amends.store import pulses as rows
from amends.trust import anonymity
from amends.trust.pulse import Paired, Trended, WaveResult
from amends.trust.scoring import group_result
from amends.trust.statistics import Mean

if TYPE_CHECKING:
    from amends.store.engine import Transaction
    from amends.trust.pulse import Wave


def shown(connection: Transaction, wave: Wave) -> WaveResult:
    """What came of a wave. Raises ConflictError for one that is open."""
    if wave.closed_at is None:
        told = f"the wave {wave.which!r} is open, so nothing of it can be read"
        raise ConflictError(told, hint="close it first; until then only the number of answers is known")
    kept = rows.kept_of(connection, wave.id)
    groups = []
    for one in wave.groups:
        own = kept.get(one.name)
        tally, hidden = (own.tally, own.hidden) if own else (None, None)
        groups.append(group_result(one.name, one.invited, one.answered, tally, hidden))
    heard = sum(one.answered for one in groups if one.hidden is None)
    return WaveResult(
        wave.id,
        wave.incident_id,
        wave.which,
        wave.opened_at,
        wave.closed_at,
        tuple(groups),
        rows.comments_of(connection, wave.id),
        anonymity.why_comments_hidden(heard),
        tuple(Paired(**(raw | {"change": Mean(**raw["change"])})) for one in kept.values() for raw in one.paired),
        tuple(Trended(**raw) for one in kept.values() for raw in one.trends),
    )
