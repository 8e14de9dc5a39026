"""Practice as rows, which only the person they belong to is ever given: every question here names the person.

There is no row of the journal about any of this (decision 0024).
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from amends.practice.interview import Answers
from amends.practice.session import Choices, Delivery, Locked, Own, Reviewed, Sitting, Voiced
from amends.store.engine import PATIENCE_S, overwriting
from amends.store.schema import (
    is_id,
    practice_card,
    practice_choice,
    practice_own,
    practice_review,
    practice_session,
    practice_turn,
    practice_voice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from amends.store.engine import Store

_LOCKED = tuple(field.name for field in fields(Locked))
_FLAGS = ("aided", "first", "left")
_SWEEP_PATIENCE_MS = 200
TABLES = (practice_voice, practice_turn, practice_review, practice_card, practice_own, practice_choice, practice_session)
"""Every table of practice, each before the one that it refers to."""


# Drills


def add(connection: Connection, new: Sitting, source: str | None = None) -> None:
    """Keep that a drill was begun; `source` is the scenario, where no folder has it."""
    row = {key: value for key, value in asdict(new).items() if key not in ("locked", "person_id")}
    row |= {"person": new.person_id, "source": source, **asdict(new.locked)}
    connection.execute(insert(practice_session), row | {name: int(row[name]) for name in _FLAGS})


def find(connection: Connection, person: str, session_id: str) -> tuple[Sitting, str | None] | None:
    """A drill of somebody, with its scenario where that is kept beside it; None where they have none of this id."""
    if not is_id(session_id):
        return None
    own = practice_session.c
    row = connection.execute(select(practice_session).where(own.id == session_id, own.person == person)).mappings().one_or_none()
    return (_sitting(row), row["source"]) if row is not None else None


def listed(connection: Connection, person: str, limit: int | None = None) -> tuple[Sitting, ...]:
    """The drills of somebody, the newest first."""
    own = practice_session.c
    query = select(practice_session).where(own.person == person).order_by(own.started_at.desc(), own.id.desc()).limit(limit)
    return tuple(_sitting(row) for row in connection.execute(query).mappings())


def said(connection: Connection, session_id: str) -> tuple[tuple[str, datetime, Delivery | None], ...]:
    """The turns of a drill in their order: the words, when, and how they were spoken."""
    own = practice_turn.c
    query = select(own.text, own.said_at, own.delivery).where(own.session_id == session_id).order_by(own.number)
    return tuple((row.text, row.said_at, _delivery(row.delivery)) for row in connection.execute(query))


def sources(connection: Connection, person: str) -> dict[str, str]:
    """What the drills of somebody were made of that no folder has, by id."""
    own = practice_session.c
    found = connection.execute(select(own.id, own.source).where(own.person == person, own.source.is_not(None)))
    return {row.id: row.source for row in found}


def spoken(connection: Connection, person: str) -> dict[str, list[tuple[str, Delivery]]]:
    """The turns of somebody that were spoken, by drill, the oldest first."""
    own, turn = practice_session.c, practice_turn.c
    query = select(own.id, turn.text, turn.delivery).join(practice_turn, turn.session_id == own.id)
    query = query.where(own.person == person, turn.delivery.is_not(None)).order_by(own.started_at, own.id, turn.number)
    found: dict[str, list[tuple[str, Delivery]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.id, []).append((row.text, Delivery(**json.loads(row.delivery))))
    return found


def add_turn(connection: Connection, session_id: str, number: int, words: str, at: datetime, delivery: Delivery | None) -> bool:
    """Keep one turn, if the drill goes on and has exactly the turns before it; whether that was so."""
    own = practice_session.c
    counted = update(practice_session).where(own.id == session_id, own.turns == number - 1, own.ended_at.is_(None)).values(turns=number)
    if connection.execute(counted).rowcount != 1:
        return False
    how = json.dumps(asdict(delivery)) if delivery else None
    row = {"session_id": session_id, "number": number, "text": words, "said_at": at, "delivery": how}
    connection.execute(insert(practice_turn), row)
    return True


def end(connection: Connection, session_id: str, at: datetime, *, score: int | None, passed: bool | None, first: bool, left: bool) -> None:
    """Keep that a drill is over, and what it was worth."""
    values = {"ended_at": at, "score": score, "passed": None if passed is None else int(passed), "first": int(first), "left": int(left)}
    connection.execute(update(practice_session).where(practice_session.c.id == session_id).values(**values))


def played_before(connection: Connection, person: str, scenario_id: str, session_id: str) -> bool:
    """Whether somebody said something in another drill of this scenario."""
    own = practice_session.c
    query = select(func.count()).where(own.person == person, own.scenario_id == scenario_id, own.id != session_id, own.turns > 0)
    return bool(connection.execute(query).scalar())


def _sitting(row: RowMapping) -> Sitting:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Sitting) if field.name not in ("locked", "person_id")}
    values |= {name: bool(row[name]) for name in _FLAGS}
    values["passed"] = None if row["passed"] is None else bool(row["passed"])
    return Sitting(**values, person_id=row["person"], locked=Locked(*(row[name] for name in _LOCKED)))


def _delivery(kept: str | None) -> Delivery | None:
    return Delivery(**json.loads(kept)) if kept else None


# What a model made of the lines


def put_voice(connection: Connection, session_id: str, voice: str | None) -> None:
    """Keep which model may voice a drill, or that none may."""
    connection.execute(update(practice_session).where(practice_session.c.id == session_id).values(voice=voice))


def add_voices(connection: Connection, session_id: str, new: Iterable[Voiced]) -> None:
    """Keep what was made of lines; what was kept of one before stands."""
    known = {(one.turn, one.number) for one in voices(connection, session_id)}
    fresh = [asdict(one) | {"session_id": session_id} for one in new if (one.turn, one.number) not in known]
    if fresh:
        connection.execute(insert(practice_voice), fresh)


def voices(connection: Connection, session_id: str) -> tuple[Voiced, ...]:
    """What a model made of the lines of a drill, in their order."""
    own = practice_voice.c
    query = select(*(own[field.name] for field in fields(Voiced))).where(own.session_id == session_id).order_by(own.turn, own.number)
    return tuple(Voiced(**row) for row in connection.execute(query).mappings())


# Looks at skills, and what is due


def add_reviews(connection: Connection, person: str, new: Iterable[Reviewed], document: str | None = None) -> None:
    """Keep looks at skills."""
    rows = [asdict(one) | {"person": person, "counted": int(one.counted), "document": document} for one in new]
    if rows:
        connection.execute(insert(practice_review), rows)


def reviews(connection: Connection, person: str) -> tuple[Reviewed, ...]:
    """Every look at a skill of somebody, the oldest first."""
    own = practice_review.c
    query = select(*(own[field.name] for field in fields(Reviewed))).where(own.person == person).order_by(own.at, own.id)
    return tuple(Reviewed(**{**row, "counted": bool(row["counted"])}) for row in connection.execute(query).mappings())


def has_counted(connection: Connection, person: str, document: str) -> bool:
    """Whether a real message was counted already."""
    own = practice_review.c
    return bool(connection.execute(select(func.count()).where(own.person == person, own.document == document)).scalar())


def cards(connection: Connection, person: str) -> dict[tuple[str, str], tuple[datetime, str | None, str]]:
    """What is practised again, by skill and form: when it is due, the scenario that exercised it last, and the schedule's own state."""
    own = practice_card.c
    query = select(own.skill, own.form, own.due_at, own.scenario_id, own.state).where(own.person == person).order_by(own.due_at, own.skill)
    return {(row.skill, row.form): (row.due_at, row.scenario_id, row.state) for row in connection.execute(query)}


def put_card(connection: Connection, person: str, skill: str, form: str, *, due: datetime, scenario_id: str | None, state: str) -> None:
    """Keep when a skill in a form is due again."""
    own = practice_card.c
    values = {"due_at": due, "scenario_id": scenario_id, "state": state}
    which = (own.person == person) & (own.skill == skill) & (own.form == form)
    if connection.execute(update(practice_card).where(which).values(**values)).rowcount == 0:
        connection.execute(insert(practice_card), {"person": person, "skill": skill, "form": form, **values})


def drop_cards(connection: Connection, person: str) -> None:
    """Forget what is due; it is made anew from the looks that are left."""
    connection.execute(delete(practice_card).where(practice_card.c.person == person))


# Own conversations, and choices


def add_own(connection: Connection, person: str, new: Own) -> None:
    """Keep a conversation that somebody described."""
    row = {"id": new.id, "person": person, "title": new.title, "answers": json.dumps(asdict(new.answers)), "written_at": new.written_at}
    connection.execute(insert(practice_own), row)


def owns(connection: Connection, person: str) -> tuple[Own, ...]:
    """The conversations that somebody described, the newest first."""
    own = practice_own.c
    query = (
        select(own.id, own.title, own.answers, own.written_at).where(own.person == person).order_by(own.written_at.desc(), own.id.desc())
    )
    return tuple(Own(row.id, row.title, _answers(row.answers), row.written_at) for row in connection.execute(query))


def _answers(kept: str) -> Answers:
    said = {name: value for name, value in json.loads(kept).items() if name in Answers.__slots__}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Answers(**values)


def drop_own(connection: Connection, person: str, own_id: str) -> bool:
    """Forget one of them; whether it was there."""
    overwriting(connection)
    own = practice_own.c
    return is_id(own_id) and connection.execute(delete(practice_own).where(own.person == person, own.id == own_id)).rowcount == 1


def choices(connection: Connection, person: str) -> Choices:
    """What somebody chose."""
    found = connection.execute(select(practice_choice.c.count_real).where(practice_choice.c.person == person)).scalar()
    return Choices(bool(found))


def put_choices(connection: Connection, person: str, new: Choices) -> None:
    """Keep what somebody chose."""
    connection.execute(delete(practice_choice).where(practice_choice.c.person == person))
    connection.execute(insert(practice_choice), {"person": person, "count_real": int(new.count_real)})


def take_over(connection: Connection, person: str, name: str) -> None:
    """Give everything of somebody to another account of theirs."""
    for table in TABLES:
        if "person" in table.c:
            connection.execute(update(table).where(table.c.person == person).values(person=name))


# Forgetting


def drop(connection: Connection, session_id: str) -> None:
    """Forget a drill with all that was said in it, and the looks at skills that it was."""
    overwriting(connection)
    for table in (practice_voice, practice_turn, practice_review):
        connection.execute(delete(table).where(table.c.session_id == session_id))
    connection.execute(delete(practice_session).where(practice_session.c.id == session_id))


def drop_all(connection: Connection, person: str) -> None:
    """Forget everything of somebody."""
    overwriting(connection)
    mine = select(practice_session.c.id).where(practice_session.c.person == person)
    for table in TABLES:
        connection.execute(delete(table).where(table.c.person == person if "person" in table.c else table.c.session_id.in_(mine)))


def sweep(store: Store) -> None:
    """Let go of what the database still has of forgotten words beside its tables; outside of every transaction. Raises StoreError.

    On SQLite that is its log, which is emptied where nobody reads at the moment, and otherwise by the next who writes.
    """
    with store.refusals_named(), store.engine.connect() as connection:
        bare: Any = connection.connection.driver_connection
        if store.kind == "sqlite":
            bare.execute(f"PRAGMA busy_timeout = {_SWEEP_PATIENCE_MS}")
            bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            bare.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000}")
            return
        before, bare.autocommit = bare.autocommit, True
        try:
            for table in TABLES:
                bare.execute(f"VACUUM {table.name}")
        finally:
            bare.autocommit = before
