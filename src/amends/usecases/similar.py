"""Has this happened before: incidents whose words are like some text, among those that somebody may see; and the same for any reports."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from amends.core.errors import UsageError
from amends.core.people import LOCAL_PERSON
from amends.recurrence.postings import Corpus, report_of
from amends.recurrence.similar import LIMIT, SimilarIncident, similar
from amends.store import incidents
from amends.store import postings as rows
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from amends.recurrence.postings import Report
    from amends.recurrence.similar import Match
    from amends.store.engine import Store, Transaction

PATIENCE = 4
"""Portions of changed incidents that a search reads before it answers; whoever asks next reads the rest."""
MOST = 100
"""The most matches of one answer."""


def catch_up(store: Store, turns: int | None = None) -> int:
    """Read the incidents whose words changed since they were read, a portion a transaction; how many that were.

    With `turns`, at most so many portions. Raises StoreError.
    """
    done = 0
    for _ in count() if turns is None else range(turns):
        with store.writing() as connection:
            now = rows.read_again(connection)
        done += now
        if now < rows.BATCH:
            break
    return done


class Among:
    """Reports that are all at hand, none of them in the store."""

    def __init__(self, reports: Iterable[tuple[str, Report]]) -> None:
        self._postings = Corpus(reports)

    def __len__(self) -> int:
        return self._postings.documents()

    def like(self, report: Report, *, limit: int = LIMIT, without: Collection[str] = ()) -> tuple[Match, ...]:
        """The reports most like this one, the best first; see `recurrence.similar`. Raises UsageError for a limit that cannot be."""
        _require(limit)
        return similar(self._postings, report, limit=limit, without=without)


class Similar:
    """Finds incidents again by their words. A private incident is met by those who were invited, and by nobody else."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def among(self, reports: Iterable[tuple[str, Report]]) -> Among:
        """The same ranking over reports that somebody brings, by their ids; opens no store."""
        return Among(reports)

    def like(self, text: str, *, limit: int = LIMIT, incident_id: str | None = None, by: str = LOCAL_PERSON) -> tuple[SimilarIncident, ...]:
        """The incidents that are most like a text, the best first, without the one that it is about (`incident_id`).

        The first line of the text is its title. Raises UsageError for a limit that cannot be, ForbiddenError.
        """
        return self._found(lambda _: report_of(text), limit, incident_id, by)

    def like_incident(self, incident_id: str, *, limit: int = LIMIT, by: str = LOCAL_PERSON) -> tuple[SimilarIncident, ...]:
        """The incidents that are most like this one as it is known by now, the best first. Raises NotFoundError, ForbiddenError."""
        return self._found(lambda connection: self._words(connection, incident_id, by), limit, incident_id, by)

    def rebuild(self, *, by: str = LOCAL_PERSON) -> int:
        """Read every incident anew, which is never needed unless somebody changed the tables by hand; how many there are.

        Raises StoreError, ForbiddenError.
        """
        with self._store().writing() as connection:
            access.require(connection, by, "manage")
            return rows.rebuild(connection)

    def _found(self, asked: Callable[[Transaction], Report], limit: int, incident_id: str | None, by: str) -> tuple[SimilarIncident, ...]:
        _require(limit)
        without = () if incident_id is None else (incident_id,)

        def answer(connection: Transaction) -> tuple[SimilarIncident, ...]:
            matches = similar(rows.KeptPostings(connection, by), asked(connection), limit=limit, without=without)
            return tuple(SimilarIncident(incidents.get(connection, one.id), one.score, one.why) for one in matches)

        with self._store().reading() as connection:
            access.require(connection, by, "read")
            if not rows.waiting(connection):
                return answer(connection)
        catch_up(self._store(), PATIENCE)
        with self._store().reading() as connection:
            return answer(connection)

    def _words(self, connection: Transaction, incident_id: str, by: str) -> Report:
        access.seen(connection, incident_id, by)
        return rows.report(connection, incident_id)


def _require(limit: int) -> None:
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit must be from 1 to {MOST}")
