"""Searching: the words on both databases, who may see what in the query itself, and the ranking.

Common words match everything, and ranking everything takes a hundred times as long as reading the newest thousand. So the best are
looked for among the `WINDOW` newest matches that somebody may see; a word that is rarer than that is ranked whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, column, func, literal, literal_column, or_, select, table, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from amends.core.search import Found, Hit, Query, Snippet, Term, snippet
from amends.store.access import shown_to
from amends.store.indexed import rebuild_statements
from amends.store.schema import incident, search_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Select

WINDOW = 1000
"""The newest matches among which the best are found; see above."""

_TITLE_WEIGHT = 8.0
"""How much more a word in a title says than one in a text; SQLite counts words, PostgreSQL takes its usual weights (1.0 and 0.4)."""

_own = search_entry.c
_words = literal_column("search_entry.words", TSVECTOR)
_index = table("search_index", column("rowid"), column("search_index"))
_matches = _index.c.search_index.op("MATCH")


def find(connection: Connection, query: Query, *, by: str, limit: int, after: int) -> Found:
    """What somebody may see and a query asks for, the best first: `limit` hits behind the first `after`."""
    if query.asks_nothing:
        return Found(problems=query.problems)
    on_postgresql = connection.dialect.name == "postgresql"
    if on_postgresql:
        # What is right for a rare word takes a second for a common one, so a plan is made for the words of each query.
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    candidates = _on_postgresql(query) if on_postgresql else _on_sqlite(query)
    newest = candidates.where(_seen(by), *_filters(query)).order_by(literal_column("place").desc()).limit(WINDOW + 1).cte("newest")
    order = (newest.c.score.desc(), newest.c.at.desc(), newest.c.place.desc())
    number = func.row_number().over(order_by=order).label("number")
    best = select(newest.c.place, number, func.count().over().label("total")).order_by(*order).limit(limit).offset(after).subquery()
    rows = connection.execute(_page(best)).mappings().all()
    total = rows[0]["total"] if rows else 0
    return Found(tuple(_hit(row, query, by) for row in rows), min(total, WINDOW), total > WINDOW, query.problems)


def rebuild(connection: Connection) -> None:
    """Make the whole index anew from what it is about."""
    for statement in rebuild_statements():
        connection.execute(text(statement.replace(":", r"\:")))


def _on_sqlite(query: Query) -> Select[Any]:
    """FTS5 reads its matches from the newest on; every word goes to it in quotes, where nothing has a meaning."""
    wanted = [_in_quotes(term) for term in query.terms if not term.negated]
    unwanted = [_in_quotes(term) for term in query.terms if term.negated]
    if not wanted:
        found = _candidates(search_entry, _own.id, literal(0.0))
        without = select(_index.c.rowid).where(_matches(bindparam("unwanted", " OR ".join(unwanted))))
        return found.where(_own.id.not_in(without)) if unwanted else found
    matched = f"({' AND '.join(wanted)})" + "".join(f" NOT {term}" for term in unwanted)
    score = -func.bm25(literal_column("search_index"), _TITLE_WEIGHT, 1.0)  # FTS5 gives the best the smallest number
    joined = _index.join(search_entry, _own.id == _index.c.rowid)
    return _candidates(joined, _index.c.rowid, score).where(_matches(matched))


def _on_postgresql(query: Query) -> Select[Any]:
    if not query.terms:
        return _candidates(search_entry, _own.id, literal(0.0))
    asked = func.to_tsquery("simple", " & ".join(_as_lexemes(term) for term in query.terms))
    # The length of the text weighs a little: a word says more in a short one.
    return _candidates(search_entry, _own.id, func.ts_rank(_words, asked, 1)).where(_words.op("@@")(asked))


def _candidates(source: FromClause, place: ColumnElement[Any], score: ColumnElement[Any]) -> Select[Any]:
    joined = source.outerjoin(incident, incident.c.id == _own.incident_id)
    return select(place.label("place"), _own.at.label("at"), score.label("score")).select_from(joined)


def _seen(by: str) -> ColumnElement[bool]:
    shown = incident.c.removed_at.is_(None) & shown_to(by)
    return or_(_own.owner.is_(None), _own.owner == by) & or_(_own.incident_id.is_(None), shown)


def _filters(query: Query) -> Iterator[ColumnElement[bool]]:
    for given, of in ((query.kinds, _own.kind), (query.statuses, incident.c.status), (query.severities, incident.c.severity)):
        if given:
            yield of.in_(given)
    if query.people:
        yield func.lower(_own.person).in_(query.people)
    if query.before is not None:
        yield _own.at < query.before
    if query.after is not None:
        yield _own.at >= query.after


def _page(best: Any) -> Select[Any]:
    told = (_own.kind, _own.ref, _own.incident_id, _own.owner, _own.person, _own.at, _own.title, _own.text)
    about = (incident.c.title.label("about"), incident.c.status, incident.c.severity)
    joined = best.join(search_entry, _own.id == best.c.place).outerjoin(incident, incident.c.id == _own.incident_id)
    return select(*told, *about, best.c.total).select_from(joined).order_by(best.c.number)


def _hit(row: RowMapping, query: Query, by: str) -> Hit:
    return Hit(
        kind=row["kind"],
        ref=row["ref"],
        incident_id=row["incident_id"],
        incident_title=row["about"],
        incident_status=row["status"],
        incident_severity=row["severity"],
        person=row["person"],
        at=row["at"],
        title=snippet(row["title"], query) if row["title"] else Snippet(""),
        snippet=snippet(row["text"], query),
        is_own=row["owner"] == by,
    )


def _in_quotes(term: Term) -> str:
    return '"' + " ".join(term.words) + '"' + ("*" if term.begins else "")


def _as_lexemes(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    words[-1] += ":*" if term.begins else ""
    joined = " <-> ".join(words)
    return f"!({joined})" if term.negated else f"({joined})"
