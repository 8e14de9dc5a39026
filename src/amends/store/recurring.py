"""What people said of recurrence, as rows that are only ever added, and the matches that were found, which follow from everything else."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, or_, select

from amends.core.errors import NotFoundError
from amends.core.incident import Incident
from amends.recurrence.fingerprint import Declared, Reason
from amends.recurrence.matching import MAYBE, MET, WORDS, Judgement, Match
from amends.recurrence.prevention import GuardrailEvent
from amends.store import journal
from amends.store.access import shown_to
from amends.store.guards import ERASED
from amends.store.parts import in_parts
from amends.store.schema import fingerprint, guardrail_event, incident, is_id, recurrence_judgement, recurrence_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Table

    from amends.recurrence.anniversary import Past

DECLARED, JUDGED = "recurrence.declared", "recurrence.judged"
"""The changes that bring a fingerprint and a judgement; what is told of a guardrail is `recurrence.guardrail-` and what it is."""

_LIKELY = 50
"""Incidents of a declared fingerprint that are looked at because they share a part, the last declared first."""

_DECLARED = tuple(field.name for field in fields(Declared))
_GUARDRAIL = tuple(field.name for field in fields(GuardrailEvent))


# What people said


def add_declared(connection: Connection, new: Declared, *, salt: str) -> None:
    """Keep what somebody declared of an incident, with its row of the journal, which holds none of its words."""
    _add(connection, fingerprint, asdict(new), DECLARED, {"fingerprint": new.id}, salt)


def add_judgement(connection: Connection, new: Judgement, *, salt: str) -> None:
    """Keep what somebody judged of a match, and the match as it was then, without the words that both incidents share."""
    row = {**asdict(new), "found": _found(new)}
    del row["shadow"]
    _add(connection, recurrence_judgement, row, JUDGED, {"judgement": new.id, "verdict": new.verdict}, salt)


def add_guardrail_event(connection: Connection, new: GuardrailEvent, *, salt: str) -> None:
    """Keep something that was told of a guardrail."""
    told = {"guardrail_event": new.id, "guardrail_kind": new.guardrail_kind}
    _add(connection, guardrail_event, asdict(new), f"recurrence.guardrail-{new.what}", told, salt)


def declared_of(connection: Connection, ids: Sequence[str]) -> dict[str, Declared]:
    """What was declared last of each of some incidents; those of which nothing was are left out."""
    found: dict[str, Declared] = {}
    for part in in_parts(ids):
        query = select(*(fingerprint.c[name] for name in _DECLARED)).where(fingerprint.c.incident_id.in_(part))
        for row in connection.execute(query.order_by(fingerprint.c.journal_seq)).mappings():
            kept: dict[str, Any] = {name: None if value == ERASED else value for name, value in row.items()}
            found[row["incident_id"]] = Declared(**kept)
    return {name: one for name, one in found.items() if not one.is_empty}


def components_declared(connection: Connection) -> frozenset[str]:
    """The names of components that people ever declared, in lower case."""
    rows = connection.execute(select(fingerprint.c.component).where(fingerprint.c.component.is_not(None)).distinct()).scalars()
    return frozenset(name.strip().lower() for row in rows if row != ERASED for name in row.split(",") if name.strip())


def declared_alike(connection: Connection, categories: Sequence[str], components: Sequence[str]) -> list[str]:
    """Incidents of which somebody declared one of these categories or, alone, one of these components (lower case)."""
    if not categories and not components:
        return []
    own = fingerprint.c
    alike = or_(own.category.in_(categories), func.lower(own.component).in_(components))
    last = func.max(own.journal_seq)
    query = select(own.incident_id).where(alike).group_by(own.incident_id).order_by(last.desc()).limit(_LIKELY)
    return list(connection.execute(query).scalars())


def judgements(
    connection: Connection, *, seen_by: str, incident_id: str | None = None, other_ids: Sequence[str] | None = None
) -> list[Judgement]:
    """What was judged, in the order in which it was, of pairs of which somebody may see both incidents.

    Of one incident, of pairs with some earlier ones (at most a page of them), or of all.
    """
    other = incident.alias()
    own = recurrence_judgement.c
    query = select(*(own[field.name] for field in fields(Judgement) if field.name != "shadow")).order_by(own.journal_seq)
    query = query.join_from(recurrence_judgement, incident, incident.c.id == own.incident_id).join(other, other.c.id == own.other_id)
    query = query.where(shown_to(seen_by), _seen(other, seen_by), incident.c.removed_at.is_(None), other.c.removed_at.is_(None))
    if incident_id is not None:
        query = query.where(own.incident_id == incident_id)
    if other_ids is not None:
        query = query.where(own.other_id.in_(other_ids))
    return [_judgement(row) for row in connection.execute(query).mappings()]


def guardrail_events(connection: Connection, ids: Sequence[str]) -> list[GuardrailEvent]:
    """What was told of the guardrails of some incidents, in the order in which it was."""
    found: list[GuardrailEvent] = []
    for part in in_parts(ids):
        query = select(*(guardrail_event.c[name] for name in _GUARDRAIL)).where(guardrail_event.c.incident_id.in_(part))
        found += [GuardrailEvent(**row) for row in connection.execute(query.order_by(guardrail_event.c.journal_seq)).mappings()]
    return found


def told_of_guardrail(connection: Connection, event_id: str) -> GuardrailEvent:
    """One event of a guardrail. Raises NotFoundError."""
    row = None
    if is_id(event_id):
        query = select(*(guardrail_event.c[name] for name in _GUARDRAIL)).where(guardrail_event.c.id == event_id)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"nothing of the id {event_id[:40]!r} was told of a guardrail")
    return GuardrailEvent(**row)


# What was found


def put_matches(connection: Connection, incident_id: str, found: Iterable[Match], *, shadow: bool, at: datetime) -> None:
    """Keep the matches of an incident in the place of those that were found before."""
    connection.execute(delete(recurrence_match).where(recurrence_match.c.incident_id == incident_id))
    rows = [
        {
            "incident_id": incident_id,
            "other_id": one.other_id,
            "score": one.score,
            "strength": one.strength,
            "why": json.dumps([asdict(reason) for reason in one.reasons], ensure_ascii=False),
            "shadow": int(shadow),
            "found_at": at,
        }
        for one in found
    ]
    if rows:
        connection.execute(insert(recurrence_match), rows)


def drop_matches(connection: Connection, incident_id: str | None = None) -> None:
    """Forget the matches of an incident in both directions, or all: they are found anew when somebody looks."""
    own = recurrence_match.c
    gone = delete(recurrence_match)
    connection.execute(gone if incident_id is None else gone.where(or_(own.incident_id == incident_id, own.other_id == incident_id)))


def matches_of(connection: Connection, incident_id: str) -> list[tuple[Match, bool]]:
    """The matches of an incident as they are kept, the surest first, each with whether it is in shadow; for nobody's eyes yet."""
    own = recurrence_match.c
    query = select(recurrence_match).where(own.incident_id == incident_id).order_by(own.strength.desc(), own.score.desc(), own.other_id)
    return [(_match(row), bool(row["shadow"])) for row in connection.execute(query).mappings()]


def matched_to(connection: Connection, ids: Sequence[str], *, seen_by: str) -> dict[str, list[tuple[Match, Incident]]]:
    """By each of some incidents, the later ones that somebody may see and that were shown to be met before with it."""
    found: dict[str, list[tuple[Match, Incident]]] = {}
    own = recurrence_match.c
    for part in in_parts(ids):
        query = select(recurrence_match, *(column.label(f"later_{column.name}") for column in incident.c))
        query = query.join_from(recurrence_match, incident, incident.c.id == own.incident_id)
        query = query.where(own.other_id.in_(part), own.strength == MET, own.shadow == 0)
        query = query.where(incident.c.removed_at.is_(None), shown_to(seen_by))
        for row in connection.execute(query).mappings():
            later = Incident(**{column.name: row[f"later_{column.name}"] for column in incident.c})
            found.setdefault(row["other_id"], []).append((_match(row), later))
    return found


def met_before(connection: Connection, *, seen_by: str) -> frozenset[str]:
    """The incidents that were shown to be met before with an earlier one, of pairs of which somebody may see both."""
    other, own = incident.alias(), recurrence_match.c
    query = select(own.incident_id).distinct().join_from(recurrence_match, incident, incident.c.id == own.incident_id)
    query = query.join(other, other.c.id == own.other_id).where(own.strength == MET, own.shadow == 0)
    query = query.where(shown_to(seen_by), _seen(other, seen_by), incident.c.removed_at.is_(None), other.c.removed_at.is_(None))
    return frozenset(connection.execute(query).scalars())


# Incidents


def incidents_of(connection: Connection, ids: Sequence[str], *, seen_by: str | None) -> dict[str, Incident]:
    """Those of some incidents that somebody may see and that were not removed, by their ids; None for the machinery that sees all."""
    found: dict[str, Incident] = {}
    for part in in_parts(ids):
        query = select(incident).where(incident.c.id.in_(part), incident.c.removed_at.is_(None))
        query = query if seen_by is None else query.where(shown_to(seen_by))
        found |= {row["id"]: Incident(**row) for row in connection.execute(query).mappings()}
    return found


def has_earlier(connection: Connection, incident_id: str) -> bool:
    """Whether any incident of the same origin began before an incident, or with it."""
    own, other = incident.alias(), incident.c
    earlier = (other.id != own.c.id) & (other.started_at <= own.c.started_at) & (other.origin == own.c.origin) & other.removed_at.is_(None)
    return bool(connection.execute(select(exists().where(own.c.id == incident_id, earlier))).scalar())


def begun_in(connection: Connection, days: Sequence[Past], *, seen_by: str) -> list[tuple[Past, Incident]]:
    """The incidents that somebody may see and that began in one of some days, by day and by their beginning."""
    found = []
    for day in days:
        own = incident.c
        query = select(incident).where(own.removed_at.is_(None), shown_to(seen_by), own.origin == "own")
        query = query.where(own.started_at >= day.start, own.started_at < day.end).order_by(own.started_at, own.id)
        found += [(day, Incident(**row)) for row in connection.execute(query).mappings()]
    return found


def begun_since(connection: Connection, since: datetime, limit: int, *, seen_by: str) -> list[Incident]:
    """The incidents of our own that somebody may see and that began since an instant, the last to start first, at most `limit`."""
    own = incident.c
    query = select(incident).where(own.removed_at.is_(None), shown_to(seen_by), own.origin == "own", own.started_at >= since)
    return [Incident(**row) for row in connection.execute(query.order_by(own.started_at.desc(), own.id).limit(limit)).mappings()]


def known_since(connection: Connection) -> datetime | None:
    """When the first incident of our own began, None where there is none: from then on a count of incidents says something."""
    own = incident.c
    return connection.execute(select(func.min(own.started_at)).where(own.origin == "own", own.removed_at.is_(None))).scalar()


def _add(connection: Connection, table: Table, row: Mapping[str, Any], what: str, told: Mapping[str, object], salt: str) -> None:
    data = {**told, "sha256": journal.record_hash(salt, row)}
    subject = f"incident/{row['incident_id']}"
    seq = journal.append(connection, at=row["recorded_at"], actor=row["by"], what=what, subject=subject, data=data)
    connection.execute(insert(table), {**row, "salt": salt, "journal_seq": seq})


def _found(new: Judgement) -> str:
    """A match as it was judged. The words that both incidents share stay out: they may have to be erased, and a judgement is for ever."""
    if new.found is None:
        return "{}"
    why = [one.text for one in new.found.reasons if one.part != WORDS] + ["alike in words"] * any(
        one.part == WORDS for one in new.found.reasons
    )
    return json.dumps({"score": new.found.score, "strength": new.found.strength, "why": why, "shadow": new.shadow}, sort_keys=True)


def _judgement(row: RowMapping) -> Judgement:
    told = _told(row["found"])
    found = None
    if told:
        reasons = tuple(Reason("", str(text), 0.0) for text in told.get("why", ()))
        found = Match(row["incident_id"], row["other_id"], float(told.get("score", 0.0)), str(told["strength"]), reasons)
    return Judgement(**{**row, "found": found, "shadow": bool(told.get("shadow"))})


def _told(found: str) -> dict[str, Any]:
    """A match as it was judged; nothing where people found it themselves, or where its words were erased or came from elsewhere unread."""
    try:
        told = json.loads(found)
    except ValueError:
        return {}
    return told if isinstance(told, dict) and told.get("strength") in (MET, MAYBE) else {}


def _match(row: RowMapping) -> Match:
    reasons = tuple(Reason(**one) for one in json.loads(row["why"]))
    return Match(row["incident_id"], row["other_id"], row["score"], row["strength"], reasons)


def _seen(other: FromClause, name: str) -> ColumnElement[bool]:
    """`shown_to` for an incident under another name."""
    found: ColumnElement[bool] = other.c.id.in_(select(incident.c.id).where(shown_to(name)))
    return found
