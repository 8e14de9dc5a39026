"""The sample incident of the first start: something to look at, and to try remarks and rewrites on, before anything has gone wrong."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from amends.core.files import read_toml
from amends.core.incident import DraftContent
from amends.core.people import LOCAL_PERSON
from amends.promises.promise import Evidence
from amends.store import incidents as rows
from amends.usecases import assembling
from amends.usecases.sample_account import cite_entries, tell_account

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


def tell_sample(usecases: UseCases, incident: Incident, *, by: str = LOCAL_PERSON) -> None:
    """Give the sample incident what people wrote down and sent while it went on, as if it had been kept here. Raises StoreError."""
    values, _ = read_toml(FILE)
    given: Any = values
    now, minutes = incident.recorded_at, given["minutes"]
    times = {name: now + timedelta(minutes=away) for name, away in minutes.items()}
    sent = {}
    for one in given["message"]:
        text = one["text"].strip().format(**_clock_times(now, minutes))
        about = {"form": one["form"], "audience": one["audience"], "tz": "UTC", "incident_id": incident.id, "sent_at": times[one["sent"]]}
        sent[one["sent"]] = usecases.messaging.record(text, **about, by=by)
    for one in given["kept"]:
        for entry in usecases.promising.of_message(sent[one["sent"]].id, by=by):
            if entry.promise.kind != "next_update":
                evidence = Evidence("commit", one["commit"]) if "commit" in one else None
                usecases.promising.keep(entry.promise.id, at=times[one["at"]], evidence=evidence, by=by)
    for one in given["milestone"]:
        usecases.recording.milestone(incident.id, one["kind"], times[one["at"]], value=one.get("value"), text=one.get("text"), by=by)
    for one in given["fact"]:
        usecases.recording.fact(incident.id, one["kind"], one["text"], value=one.get("value"), by=by)
    for one in given["commit"]:
        usecases.recording.commit(incident.id, one["kind"], one["sha"], one["text"], by=by)
    for one in given["stakeholder"]:
        about = {"kind": one["kind"], "audience": one["audience"], "size": one.get("size")}
        usecases.involving.add_stakeholder(incident.id, one["name"], **about, by=by)
    for one in given["link"]:
        usecases.involving.add_link(incident.id, one["kind"], one["target"], by=by)
    for one in given["action"]:
        proposed = usecases.acting.propose(incident.id, one["title"], kind=one["kind"], by=by)
        if "helps_when" in one:
            usecases.acting.accept(proposed.item.id, helps_when=one["helps_when"], by=by)
    tell_account(usecases, incident, times, sent, by=by)


def read_sample(usecases: UseCases, incident: Incident, *, by: str = LOCAL_PERSON) -> None:
    """Give the sample incident its evidence, and begin to read it where what reads evidence is installed. Raises StoreError."""
    usecases.gathering.add_path(incident.id, EVIDENCE, by=by)
    if assembling.is_installed():
        usecases.gathering.start(incident.id, tz=ZONE, by=by, then=lambda: cite_entries(usecases, incident.id, by=by))


def _clock_times(now: datetime, minutes: dict[str, int]) -> dict[str, str]:
    """The times that the texts speak of, as they are read off a clock in UTC."""
    return {name: f"{(now + timedelta(minutes=away)).astimezone(UTC):%H:%M}" for name, away in minutes.items()}
