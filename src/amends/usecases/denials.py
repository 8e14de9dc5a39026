"""The record of denied access: who, on what, which verb; never a word of what was asked for, and at most once a minute for the same."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError
from amends.store import journal

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.ports import Clock
    from amends.store.engine import Store

logger = logging.getLogger("amends")

DENIED = "access.denied"
ONCE_IN = timedelta(minutes=1)
"""Whoever tries the same door again and again fills no journal with it."""

REMEMBERED = 10_000
_TEXT_LIMIT = 100
"""The longest name or subject that is written down: both may come from outside."""


class Denials:
    """Writes down what the store refused because of who asked. Safe to share between threads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lately: dict[tuple[str, str], datetime] = {}

    def note(self, error: AmendsError) -> None:
        """Append a row where this error means that access was denied. Never raises: who asked gets their answer either way."""
        if error.denied is None:
            return
        person, verb, subject = (_plain(part) for part in error.denied)
        now = self._clock.now()
        known = self._lately.get((person, subject))
        if known is not None and known <= now < known + ONCE_IN:
            return
        if len(self._lately) >= REMEMBERED:
            self._lately.clear()
        self._lately[person, subject] = now
        try:
            with self._store.writing() as connection:
                last = journal.last_at(connection, what=DENIED, actor=person, subject=subject)
                if last is None or not last <= now < last + ONCE_IN:
                    journal.append(connection, at=now, actor=person, what=DENIED, subject=subject, data={"verb": verb})
        except AmendsError as failure:
            logger.warning("denied access was not written down: %s", failure.message)


def _plain(text: str) -> str:
    """Characters that any database holds, on one line."""
    return "".join(one if one.isprintable() else "?" for one in text[:_TEXT_LIMIT])
