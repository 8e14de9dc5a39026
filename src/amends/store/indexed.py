"""What is found by searching: for each kind of thing the query that says how it is found, and the changes that bring it up to date.

The database keeps the index itself, by triggers made from this table, in the transaction of the change. So no use case can forget to, an
erased text is gone from it at once, and the index can be made anew from the same queries at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event, text

from amends.store.guards import ERASED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection, Table

LONGEST = 100_000
"""How much of a text is searched, in code points. PostgreSQL keeps at most a megabyte of words for one row."""

COLUMNS = "kind, ref, incident_id, owner, person, at, title, text"
BOTH = ("INSERT", "UPDATE")


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of `table` that are inserted or updated, where `when` holds, bring the things whose ids `refs` gives up to date."""

    table: str
    verbs: tuple[str, ...] = BOTH
    refs: str = "NEW.id"
    when: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of thing: `select` gives the columns of the index behind `kind`, in order, for each, and `changes` is what it follows."""

    kind: str
    select: str
    changes: tuple[Change, ...]

    def query(self, refs: str = "") -> str:
        """The rows of the index for these ids, or for all; what was erased is not among them."""
        only = f" AND ref IN ({refs})" if refs else ""
        columns = f"'{self.kind}', ref, incident_id, owner, person, at, substr(title, 1, 1000), substr(text, 1, {LONGEST})"
        return f"SELECT {columns} FROM ({self.select}) AS found WHERE text <> '{ERASED}' AND title <> '{ERASED}'{only}"  # noqa: S608  # all of it stands in this file

    def refresh(self, refs: str) -> tuple[str, str]:
        """The two statements that bring the things of these ids up to date."""
        forget = f"DELETE FROM search_entry WHERE kind = '{self.kind}' AND ref IN ({refs})"  # noqa: S608  # our own words
        return forget, f"INSERT INTO search_entry ({COLUMNS}) {self.query(refs)}"


def _point() -> str:
    return (
        "SELECT item AS ref, incident_id, NULL AS owner, \"by\" AS person, coalesce(at, recorded_at) AS at, '' AS title,"  # noqa: S608  # all of it stands in this file
        " text || coalesce(' ' || value, '') || coalesce(' ' || who, '') || coalesce(' ' || because, '') AS text"
        f" FROM account_point AS own WHERE what <> 'withdrawn' AND text <> '{ERASED}'"
        " AND NOT EXISTS (SELECT 1 FROM account_point AS later WHERE later.replaces = own.id)"
    )


def _record(words: str, whats: str) -> str:
    return (
        f"SELECT id AS ref, incident_id, NULL AS owner, \"by\" AS person, at, '' AS title, {words} AS text FROM incident_event AS own"  # noqa: S608  # all of it stands in this file
        f" WHERE text IS NOT NULL AND what IN ({whats})"
        " AND NOT EXISTS (SELECT 1 FROM incident_event AS later WHERE later.replaces = own.id)"
    )


_EVENT = (Change("incident_event", BOTH, "NEW.id, NEW.replaces"),)

FOUND = (
    Found(
        "incident",
        "SELECT id AS ref, id AS incident_id, NULL AS owner, NULL AS person, started_at AS at, title, '' AS text FROM incident",
        (Change("incident"),),
    ),
    Found("fact", _record("text || coalesce(' ' || value, '')", "'fact', 'milestone', 'box', 'commit', 'gate'"), _EVENT),
    Found("comment", _record("text", "'comment'"), _EVENT),
    Found(
        "message",
        "SELECT message.id AS ref, message.incident_id, NULL AS owner, message.author AS person, message.sent_at AS at, '' AS title, text"
        " FROM message JOIN draft_version AS kept ON kept.draft_id = message.draft_id AND kept.version = message.version",
        (Change("message"), Change("draft_version", ("UPDATE",), "SELECT id FROM message WHERE draft_id = NEW.draft_id")),
    ),
    Found(
        "draft",
        "SELECT draft.id AS ref, incident_id, author AS owner, author AS person, recorded_at AS at, '' AS title, text"
        " FROM draft JOIN draft_version AS head ON head.draft_id = draft.id AND head.version = draft.version"
        " WHERE finished_at IS NULL AND discarded_at IS NULL",
        (Change("draft", ("UPDATE",)), Change("draft_version", BOTH, "NEW.draft_id", "NEW.version = 1")),
    ),
    Found(
        "promise",
        "SELECT id AS ref, incident_id, CASE private WHEN 1 THEN maker END AS owner, maker AS person, made_at AS at, '' AS title,"
        " words AS text FROM promise",
        (Change("promise"),),
    ),
    Found(
        "action",
        "SELECT id AS ref, incident_id, NULL AS owner, proposed_by AS person, proposed_at AS at, title, coalesce(detail, '') AS text"
        " FROM action_item",
        (Change("action_item"),),
    ),
    Found(
        "document",
        "SELECT document.id AS ref, incident_id, NULL AS owner, author AS person, recorded_at AS at, title, text"
        " FROM document JOIN document_version AS head ON head.document_id = document.id AND head.version = document.version"
        " WHERE removed_at IS NULL",
        (Change("document", ("UPDATE",)), Change("document_version", BOTH, "NEW.document_id", "NEW.version = 1")),
    ),
    Found(
        "note",
        'SELECT id AS ref, incident_id, NULL AS owner, "by" AS person, coalesce(time, recorded_at) AS at,'
        " coalesce(actor, '') AS title, text"
        " FROM timeline_note AS own WHERE text IS NOT NULL AND what <> 'withdrawn'"
        " AND NOT EXISTS (SELECT 1 FROM timeline_note AS later WHERE later.undoes = own.id)",
        (Change("timeline_note", BOTH, "NEW.id, NEW.undoes"),),
    ),
    Found(
        "evidence",
        "SELECT id AS ref, incident_id, NULL AS owner, added_by AS person, added_at AS at, name AS title, '' AS text"
        " FROM evidence WHERE removed_at IS NULL",
        (Change("evidence"),),
    ),
    Found(
        "link",
        "SELECT id AS ref, incident_id, NULL AS owner, added_by AS person, added_at AS at, coalesce(title, '') AS title, target AS text"
        " FROM link WHERE removed_at IS NULL",
        (Change("link"),),
    ),
    Found(
        "stakeholder",
        "SELECT id AS ref, incident_id, NULL AS owner, added_by AS person, added_at AS at, name AS title, coalesce(address, '') AS text"
        " FROM stakeholder WHERE removed_at IS NULL",
        (Change("stakeholder"),),
    ),
    Found("point", _point(), (Change("account_point", BOTH, "NEW.item"),)),
)

KINDS = tuple(found.kind for found in FOUND)
"""The kinds of things that are found."""

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00b7\u2022\u00ab\u00bb\u2192\u00d7"
_QUOTED = _PUNCTUATION.replace("'", "''")

_SQLITE_INDEX = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(title, text, content='search_entry', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    ),
    (
        "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
        " INSERT INTO search_index (rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END"
    ),
    (
        "CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN"
        " INSERT INTO search_index (search_index, rowid, title, text) VALUES ('delete', OLD.id, OLD.title, OLD.text); END"
    ),
)

_POSTGRESQL_INDEX = (
    # Without marks on letters and with every sign a space, so that words are those that SQLite's tokenizer finds.
    (
        "CREATE FUNCTION amends_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT"
        " translate(regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', 'g'),"
        f" '{_QUOTED}', repeat(' ', {len(_PUNCTUATION)})) $$"
    ),
    (
        "ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', amends_plain(title)), 'A')"
        " || setweight(to_tsvector('simple', amends_plain(text)), 'B')) STORED"
    ),
    "CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)",
)


def index_statements(dialect: str) -> tuple[str, ...]:
    """What makes the index of words beside the table `search_entry`."""
    return _POSTGRESQL_INDEX if dialect == "postgresql" else _SQLITE_INDEX


def following_statements(dialect: str, kinds: Collection[str] = KINDS) -> Iterator[str]:
    """The triggers by which the index follows what it is about; the tables of these kinds must be there."""
    for found in _of(kinds):
        for change in found.changes:
            body = "; ".join(found.refresh(change.refs))
            name = f"find_{found.kind}_by_{change.table}"
            when = f" WHEN ({change.when})" if change.when else ""
            if dialect == "postgresql":
                yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
                verbs = " OR ".join(change.verbs)
                yield f"CREATE TRIGGER {name} AFTER {verbs} ON {change.table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
            else:
                for verb in change.verbs:
                    yield f"CREATE TRIGGER {name}_{verb.lower()} AFTER {verb} ON {change.table}{when} BEGIN {body}; END"


def rebuild_statements(kinds: Collection[str] = KINDS) -> Iterator[str]:
    """What makes the whole index anew."""
    yield "DELETE FROM search_entry"
    for found in _of(kinds):
        yield f"INSERT INTO search_entry ({COLUMNS}) {found.query()} ORDER BY at"


def _of(kinds: Collection[str]) -> Iterator[Found]:
    return (found for found in FOUND if found.kind in kinds)


def index(table: Table) -> None:
    """Declare that this table of the schema is searched, from the moment the tables are created."""
    event.listen(table, "after_create", _create_index)
    event.listen(table.metadata, "after_create", _follow)


def _create_index(_: object, connection: Connection, **_more: object) -> None:
    _run(connection, index_statements(connection.dialect.name))


def _follow(_: object, connection: Connection, **_more: object) -> None:
    _run(connection, following_statements(connection.dialect.name))


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(text(statement.replace(":", r"\:")))
