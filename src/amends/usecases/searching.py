"""Finding again what was written here: incidents, facts, messages, promises, actions, documents, and what hangs on them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from amends.core.errors import UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.search import parse
from amends.store import search as rows
from amends.store.indexed import KINDS
from amends.usecases import access

if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.core.search import Found
    from amends.store.engine import Store

PAGE_LIMIT = 100
"""The most hits of one answer."""


class Searching:
    """What people can find. Drafts and private promises are found by their owner only, a private incident by those invited."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of things that are found, as `kind:` takes them."""
        return KINDS

    def find(self, query: str, *, by: str = LOCAL_PERSON, limit: int = 20, after: int = 0, zone: tzinfo = UTC) -> Found:
        """What `query` asks for, the best first: `limit` hits behind the first `after`; see `core.search` for how it is written.

        Any text is a query. Days of filters begin in `zone`. Raises UsageError for a limit or a place that cannot be, ForbiddenError.
        """
        if not 1 <= limit <= PAGE_LIMIT:
            raise UsageError(f"limit must be from 1 to {PAGE_LIMIT}")
        if not 0 <= after <= rows.WINDOW:
            raise UsageError(f"after must be from 0 to {rows.WINDOW}", hint="search for more words instead of turning so many pages")
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return rows.find(connection, parse(query, KINDS, zone), by=by, limit=limit, after=after)
