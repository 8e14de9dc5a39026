"""Whatever is changed behind the program, in any column of any table that only grows, is found by verifying the journal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Column, Integer, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from amends import wiring
from amends.narrative.suggestion import ModelDraft
from amends.narrative.suggestion_report import Adoption
from amends.promises.promise import Evidence
from amends.store import suggesting, timelines, trusting
from amends.store.instant import Instant
from amends.store.schema import incident_event, metadata
from amends.testing import START, FixedClock
from amends.timeline.versions import Version
from amends.trust.review import PlannedReview
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.journal import problems_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

    from amends.store.engine import Store

OTHERS: dict[str, tuple[str, ...]] = {
    "outcome": ("set-aside", "merged"),
    "what": ("comment", "read", "withdrawn", "done", "hidden", "missed", "x"),
    "kind": ("test", "review", "person", "ability", "weak-rollback", "x"),
    "part": ("question",),
    "stance": ("contradicts",),
    "audience": ("partner", "team"),
    "ground": ("legal",),
    "evidence_kind": ("message", "commit"),
    "guardrail_kind": ("commit",),
    "verdict": ("related",),
    "subject": ("system",),
    "direction": ("inside",),
    "which": ("quarter",),
    "decision": ("stop",),
}
"""Values for columns that take only some."""


def kept_tables(connection: Connection) -> list[Table]:
    """The tables that the database itself guards."""
    query = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep%'"
        if connection.dialect.name == "sqlite"
        else "SELECT DISTINCT tgrelid\\:\\:regclass\\:\\:text FROM pg_trigger WHERE tgname LIKE 'keep%'"
    )
    return [metadata.tables[name] for name in sorted(connection.execute(text(query)).scalars())]


@pytest.fixture
def full(store: Store) -> Store:
    """A workspace with rows in every table that only grows, and something erased."""
    made = UseCases(Checking, lambda: store, FixedClock(), wiring.ids(), new_secret=lambda: "secret" * 8)
    incident = made.incidents.open("The export skips rows").id
    made.recording.fact(incident, "impact", "12 rows were skipped")
    told = made.involving.add_stakeholder(incident, "The shops")
    message = made.messaging.record("Next update by 11:10 UTC.", audience="customers", tz="UTC", incident_id=incident)
    made.telling.share(message.id, to=[told.id])
    (entry,) = made.promising.of_message(message.id)
    made.promising.move(entry.promise.id, START + timedelta(hours=2), why="the line is down")
    item = made.acting.propose(incident, "A test covers the export", kind="test").item.id
    made.acting.accept(item, helps_when="no row is skipped", due=START + timedelta(days=9))
    document = made.documents.new(incident, "Notes", text="one").head
    made.documents.save(document.id, "two", document.version)
    made.timelines.add(incident, START, "somebody called")
    item = made.narrating.state(incident, "claim", "12 rows were skipped", kind="fact").item
    made.narrating.cite(incident, item, "measure", text="by SQL: 12")
    version = made.versions.open(incident, "customers").head
    made.documents.save(version.id, "Rows were skipped.", version.version)
    made.versions.tie(version.id, "Rows were skipped.", item)
    made.versions.redact(incident, item, "leadership", "privacy", "it names somebody")
    made.messaging.send(made.versions.begin_message(version.id).id)
    repair(made, incident)
    drafted = ModelDraft("DRAFT", incident, "version", "team", "a model", "0" * 64, START, "local", "{}")
    with store.writing() as connection:
        timelines.add_version(connection, Version(incident, 1, START, "local", "UTC", 0, {"rows": []}), salt="salt")
        suggesting.add_draft(connection, drafted, salt="salt")
        suggesting.add_adoption(connection, Adoption("ADOPTED", incident, drafted.id, version.id, 2, START, "local"), salt="salt")
    made.erasing.erase(f"event/{made.recording.fact(incident, 'cause', 'Annabel skipped a step').id}", "asked for")
    assert made.journal.verify() == []
    return store


def repair(made: UseCases, incident: str) -> None:
    """What only happens once an incident is contained, and an earlier one of which one look back is planned: a second would be another."""
    before = made.incidents.open("The export skipped rows", started_at=START - timedelta(days=9)).id
    with made.store.writing() as connection:
        trusting.add_review(connection, PlannedReview("PLANNED", before, "month", START, START, "local"), salt="salt")
    made.incidents.change_status(incident, "monitoring")
    broken = made.repairing.add_break(incident, "The shops count their rows themselves", whose="the shops")
    item = made.acting.of_incident(incident)[0].item.id
    made.repairing.tie(incident, item, kind="alert-gap", breaks=[broken.item], uncertainty="You will know within 5 minutes")
    made.trust_reviews.hand_over(incident, "month", "ada")
    run = made.playbooks.start(incident, "own-a-mistake-first-hour", lead="ada", answers={"damage": True}).run.id
    made.playbooks.stop(run, why="it was begun by mistake")
    made.recurring.declare(incident, category="capacity", component="the export")
    made.recurring.judge(incident, before, "repeat")
    made.recurring.tell_guardrail(incident, "action", item, "would-have", evidence=Evidence("alert", "rows-skipped"))


def unguarded(store: Store) -> Iterator[Connection]:
    """Transactions of somebody with the database in hand, each taken back."""
    while True:
        with store.engine.connect() as connection:
            if store.kind == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                bare: Any = connection.connection.driver_connection
                bare.execute("PRAGMA foreign_keys = OFF")
                for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            yield connection
            connection.rollback()
            if store.kind == "sqlite":
                bare.execute("PRAGMA foreign_keys = ON")


def other(column: Column[Any], value: object) -> list[object]:
    """Other values that a column could take; the first that its rules allow is used."""
    if isinstance(value, datetime) or isinstance(column.type, Instant):
        return [START + timedelta(days=99)]
    if isinstance(value, int) or isinstance(column.type, Integer):
        return [(value or 0) + 7 if isinstance(value, int) else 7, 1 - int(value or 0) if value in (0, 1) else 9]
    return [*(one for one in OTHERS.get(column.name, ()) if one != value), f"{value or ''}x", f"{value or 1}1"]


def tamper(connection: Connection, table: Table, column: Column[Any]) -> bool:
    """Change one column of the first row, where its rules allow any change."""
    seq = table.c.seq if "seq" in table.c else table.c.journal_seq
    which = seq == select(func.min(seq)).scalar_subquery()
    first = connection.execute(select(seq, column).where(which)).one()
    for value in other(column, first[1]):
        try:
            with connection.begin_nested():
                connection.execute(update(table).where(seq == first[0]).values({column.name: value}))
        except IntegrityError:
            continue
        return True
    return False


def test_every_change_of_every_column_is_found(full: Store) -> None:
    transactions = unguarded(full)
    with full.reading() as connection:
        tables = kept_tables(connection)
    assert incident_event in tables
    assert len(tables) == 29
    unfound, untried = [], []
    for table in tables:
        for column in table.columns:
            connection = next(transactions)
            if not tamper(connection, table, column):
                untried.append(f"{table.name}.{column.name}")
            elif not list(problems_in(connection)):
                unfound.append(f"{table.name}.{column.name}")
    transactions.close()
    assert (unfound, untried) == ([], [])


def test_every_row_that_is_taken_away_is_found(full: Store) -> None:
    transactions = unguarded(full)
    with full.reading() as connection:
        tables = kept_tables(connection)
    unfound = []
    for table in tables:
        seq = table.c.seq if "seq" in table.c else table.c.journal_seq
        connection = next(transactions)
        connection.execute(delete(table).where(seq == select(func.min(seq)).scalar_subquery()))
        if not list(problems_in(connection)):
            unfound.append(table.name)
    transactions.close()
    assert unfound == []
