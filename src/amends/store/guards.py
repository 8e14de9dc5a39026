"""Tables that only grow: the database itself refuses to change or delete a row of them, whoever asks.

"Nothing is overwritten" would otherwise rest on every future statement being written with care.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

POSTGRESQL_FUNCTION = """
CREATE FUNCTION amends_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME; END $$
""".strip()


def sqlite_guards(table: str) -> tuple[str, ...]:
    """The triggers that keep the rows of a table on SQLite."""
    return tuple(
        f"CREATE TRIGGER keep_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as they were written'); END"
        for verb in ("UPDATE", "DELETE")
    )


def postgresql_guards(table: str) -> tuple[str, ...]:
    """The triggers that keep the rows of a table on PostgreSQL, emptying the whole table included; they call `POSTGRESQL_FUNCTION`."""
    return (
        f"CREATE TRIGGER keep_{table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION amends_refuse_change()",
        f"CREATE TRIGGER keep_{table}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION amends_refuse_change()",
    )


def guard(*tables: Table) -> None:
    """Declare that the rows of these tables of one schema never change, from the moment the tables are created."""
    event.listen(tables[0].metadata, "before_create", _create_function)
    for table in tables:
        event.listen(table, "after_create", _create_triggers)


def _create_function(_: object, connection: Connection, **_more: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(POSTGRESQL_FUNCTION))


def _create_triggers(table: Table, connection: Connection, **_more: object) -> None:
    guards = postgresql_guards if connection.dialect.name == "postgresql" else sqlite_guards
    for statement in guards(table.name):
        connection.execute(text(statement))
