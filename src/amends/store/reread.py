"""Which incidents have to be read again because their words changed: said by triggers on what is searched, so that nobody can forget to.

What an incident is known by is its title, what was recorded and told of it, what its account claims and its action items; not what people
discussed beside it, and nothing that is private to somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

READ = ("incident", "point", "fact", "message", "action")
"""The kinds of things that are read, in the order in which they tell what happened."""

_KINDS = ", ".join(f"'{kind}'" for kind in READ)
_OF_INTEREST = f"{{row}}.incident_id IS NOT NULL AND {{row}}.owner IS NULL AND {{row}}.kind IN ({_KINDS})"
_SAY_SO = (
    "INSERT INTO recurrence_stale (incident_id) SELECT {row}.incident_id"
    " WHERE NOT EXISTS (SELECT 1 FROM recurrence_stale WHERE incident_id = {row}.incident_id)"
)
_CHANGES = (("INSERT", "NEW"), ("DELETE", "OLD"))

ALL_STALE = "INSERT INTO recurrence_stale (incident_id) SELECT id FROM incident"
"""What has every incident read again; none may be waiting."""


def following_statements(dialect: str) -> Iterator[str]:
    """The triggers; the tables `search_entry` and `recurrence_stale` must be there."""
    for verb, row in _CHANGES:
        name, when, body = f"find_again_{verb.lower()}", _OF_INTEREST.format(row=row), _SAY_SO.format(row=row)
        if dialect == "postgresql":
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
            yield f"CREATE TRIGGER {name} AFTER {verb} ON search_entry FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        else:
            yield f"CREATE TRIGGER {name} AFTER {verb} ON search_entry WHEN {when} BEGIN {body}; END"


def follow_words(searched: Table) -> None:
    """Declare the triggers, which are made when all tables of the schema are."""
    event.listen(searched.metadata, "after_create", _create)


def _create(_: object, connection: Connection, **_more: object) -> None:
    for statement in following_statements(connection.dialect.name):
        connection.execute(text(statement))
