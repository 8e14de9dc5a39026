"""The sample incident of the first start: something to look at, and to try remarks and rewrites on, before anything has gone wrong."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from amends.core.files import read_toml
from amends.core.incident import DraftContent
from amends.core.people import LOCAL_PERSON
from amends.store import incidents as rows
from amends.usecases import assembling

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.usecases.facade import UseCases

FILE = os.path.join(os.path.dirname(__file__), "sample.toml")
EVIDENCE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "samples", "checkout")
ZONE = "Europe/Berlin"
"""Where those who wrote the sample's evidence have their clocks."""


def seed_sample(usecases: UseCases, *, by: str = LOCAL_PERSON) -> Incident | None:
    """Put the sample incident and its two drafts into a store that never had an incident; None where it has, or had.

    It is marked by its `origin`, `usecases.incidents.remove` takes it out of every list, and once removed it does not come back by
    itself. Processes that start at once put it there once.
    """
    values, _ = read_toml(FILE)
    now = usecases.clock.now()
    with usecases.store.writing() as connection:
        if rows.any_was_opened(connection):
            return None
        given: Any = values
        started_at = now + timedelta(minutes=given["minutes"]["started"])
        incident = usecases.incidents.open_within(
            connection, given["title"], severity=given["severity"], status=given["status"], started_at=started_at, origin="sample", by=by
        )
        for draft in given["draft"]:
            text = draft["text"].strip().format(**_clock_times(now, given["minutes"]))
            content = DraftContent(text, draft["form"], draft["audience"], "UTC")
            usecases.drafting.new_within(connection, content, incident_id=incident.id, by=by)
        return incident


def read_sample(usecases: UseCases, incident: Incident, *, by: str = LOCAL_PERSON) -> None:
    """Give the sample incident its evidence, and begin to read it where what reads evidence is installed. Raises StoreError."""
    usecases.gathering.add_path(incident.id, EVIDENCE, by=by)
    if assembling.is_installed():
        usecases.gathering.start(incident.id, tz=ZONE, by=by)


def _clock_times(now: datetime, minutes: dict[str, int]) -> dict[str, str]:
    """The times that the texts speak of, as they are read off a clock in UTC."""
    return {name: f"{(now + timedelta(minutes=away)).astimezone(UTC):%H:%M}" for name, away in minutes.items()}
