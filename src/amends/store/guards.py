"""Tables that only grow: the database itself refuses to change or delete a row of them, whoever asks.

"Nothing is overwritten" would otherwise rest on every future statement being written with care. One change is allowed, and nothing but it:
the words of a person give way to `ERASED` once a tombstone says so, with a new salt, so that nobody can guess them from their hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

ERASED = "[erased]"
"""What stands where words stood that somebody asked to erase."""

ERASABLE: dict[str, tuple[str, ...]] = {
    "account_evidence": ("text", "quote", "source"),
    "account_point": ("text", "who", "value", "because", "answer"),
    "action_event": ("text", "evidence"),
    "action_item": ("title", "detail"),
    "delivery": ("text",),
    "document_version": ("text",),
    "draft_version": ("text",),
    "fingerprint": ("component", "condition", "trigger"),
    "guardrail_event": ("guardrail", "evidence", "text"),
    "incident_event": ("text",),
    "model_draft": ("answer",),
    "playbook_event": ("value", "ref", "text", "person", "asked", "why"),
    "promise": ("words", "time_words", "note", "made_to"),
    "promise_event": ("why", "evidence"),
    "recurrence_judgement": ("why", "found"),
    "redaction": ("why",),
    "repair_action": ("why_other", "uncertainty", "visible", "withdrawn"),
    "timeline_note": ("text", "actor"),
    "trust_break": ("whose", "fear", "heard_from", "asked", "withdrawn"),
    "trust_review_event": ("text", "ref", "said", "asked", "prepared"),
    "version_tie": ("sentence",),
}
"""The kept tables that hold words of people, and their columns that do."""

POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION amends_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE wanted jsonb; fresh text; words text;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
    SELECT salt INTO fresh FROM tombstone WHERE kept_in = TG_TABLE_NAME AND row_seq = OLD.journal_seq;
    IF FOUND THEN
      wanted := to_jsonb(OLD);
      FOREACH words IN ARRAY TG_ARGV LOOP
        IF wanted ->> words IS NOT NULL THEN wanted := jsonb_set(wanted, ARRAY[words], '"{ERASED}"'); END IF;
      END LOOP;
      IF wanted ? 'salt' THEN wanted := jsonb_set(wanted, ARRAY['salt'], to_jsonb(fresh)); END IF;
      IF to_jsonb(NEW) = wanted THEN RETURN NEW; END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME;
END $$
""".strip()  # noqa: S608  # a name of this file


def sqlite_guards(table: Table) -> tuple[str, ...]:
    """The triggers that keep the rows of a table on SQLite."""
    name = table.name
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are kept as they were written'); END"
    erasing = f" WHEN NOT ({_erasing(table)})" if name in ERASABLE else ""
    return (
        f"CREATE TRIGGER keep_{name}_update BEFORE UPDATE ON {name}{erasing} {refuse}",
        f"CREATE TRIGGER keep_{name}_delete BEFORE DELETE ON {name} {refuse}",
    )


def postgresql_guards(table: Table) -> tuple[str, ...]:
    """The triggers that keep the rows of a table on PostgreSQL, emptying the whole table included; they call `POSTGRESQL_FUNCTION`."""
    name = table.name
    words = ", ".join(f"'{column}'" for column in ERASABLE.get(name, ()))
    return (
        f"CREATE TRIGGER keep_{name}_rows BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION amends_refuse_change({words})",
        f"CREATE TRIGGER keep_{name}_all BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION amends_refuse_change()",
    )


def _erasing(table: Table) -> str:
    """That an update does what a tombstone of the row says, and nothing else."""
    words = ERASABLE[table.name]
    told = f"kept_in = '{table.name}' AND row_seq = OLD.journal_seq" + (" AND salt = NEW.salt" if "salt" in table.c else "")
    same = [f'NEW."{column.name}" IS OLD."{column.name}"' for column in table.c if column.name not in (*words, "salt")]
    gone = [f"""NEW."{name}" IS CASE WHEN OLD."{name}" IS NULL THEN NULL ELSE '{ERASED}' END""" for name in words]
    stone = f"EXISTS (SELECT 1 FROM tombstone WHERE {told})"  # noqa: S608  # names of the schema
    return " AND ".join([stone, *same, *gone])


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
    for statement in guards(table):
        connection.execute(text(statement))
