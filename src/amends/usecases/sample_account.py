"""The account of the sample incident, and versions of it of which one became cleaner but less true."""

from __future__ import annotations

import logging
import os
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError
from amends.core.files import read_toml
from amends.core.people import LOCAL_PERSON
from amends.narrative.account import Point

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.core.incident import Incident, SentMessage
    from amends.usecases.facade import UseCases

logger = logging.getLogger(__name__)

FILE = os.path.join(os.path.dirname(__file__), "sample_account.toml")


def tell_account(
    usecases: UseCases, incident: Incident, times: Mapping[str, datetime], sent: Mapping[str, SentMessage], *, by: str = LOCAL_PERSON
) -> None:
    """State the account, cite the messages that were `sent` and what people said, and write its versions. Raises StoreError.

    `times` are those that the texts speak of, by name. The entries of the timeline are cited once it was read; see `cite_entries`.
    """
    given = _given()
    now = incident.recorded_at
    known = {**times, **{name: now + timedelta(minutes=away) for name, away in given["minutes"].items()}}
    clock = {name: f"{at.astimezone(UTC):%H:%M}" for name, at in known.items()}
    actions = {one.item.title: one.item.id for one in usecases.acting.of_incident(incident.id, by=by)}
    items: dict[str, str] = {}
    for one in given["point"]:
        fields = {name: one[name] for name in ("kind", "who", "value", "because") if name in one}
        at, of = known.get(one.get("at", "")), items.get(one.get("of", ""))
        stated = usecases.narrating.state(incident.id, one["part"], one["text"].format(**clock), **fields, at=at, of=of, by=by)
        items[one["key"]] = stated.item
        if "action" in one:
            answer = next(name for title, name in actions.items() if title.startswith(one["action"]))
            usecases.narrating.revise(incident.id, stated.item, based_on=stated.point.id, answer=answer, by=by)
        for cited in one.get("evidence", ()):
            if cited["kind"] != "entry":
                ref = sent[cited["sent"]].id if "sent" in cited else None
                usecases.narrating.cite(incident.id, stated.item, cited["kind"], ref=ref, text=cited["text"].format(**clock), by=by)
    for one in given["redaction"]:
        until = now + timedelta(days=one["days"])
        usecases.versions.redact(
            incident.id, items[one["point"]], one["audience"], one["ground"], one["why"], lift_at=until, by=by
        )  # fmt: skip
    for one in given["version"]:
        _write(usecases, incident.id, one, items, clock, by)


def cite_entries(usecases: UseCases, incident_id: str, *, by: str = LOCAL_PERSON) -> None:
    """Cite the entries of the timeline, once its evidence was read; where none was, the account stands on what people said and measured."""
    try:
        entries = usecases.timelines.get(incident_id, by=by).entries
        told = usecases.narrating.history(incident_id, by=by)
        items = [one.item for one in told if isinstance(one, Point) and one.id == one.item]  # the first of them are those of the file
        for one, item in zip(_given()["point"], items, strict=False):
            for cited in one.get("evidence", ()):
                words = cited.get("entry")
                found = next((entry for entry in entries if words and words in str(entry.row["text"])), None)
                if found is not None:
                    usecases.narrating.cite(incident_id, item, "entry", ref=found.id, by=by)
    except AmendsError as error:
        logger.warning("the account of the sample cites no entries: %s", error.message)


def _write(usecases: UseCases, incident_id: str, given: Any, items: Mapping[str, str], clock: Mapping[str, str], by: str) -> None:
    head = usecases.versions.open(incident_id, given["audience"], by=by).head
    paragraphs = [" ".join(one["text"].format(**clock) for one in part) for part in given["paragraph"]]
    usecases.documents.save(head.id, "\n\n".join(paragraphs) + "\n", head.version, by=by)
    ties = [(one["text"].format(**clock), items[key]) for part in given["paragraph"] for one in part for key in one["tells"]]
    usecases.versions.tie_all(head.id, ties, by=by)


def _given() -> Any:
    values, _ = read_toml(FILE)
    return values
