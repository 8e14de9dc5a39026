"""Whole aggregates as plain rows, taken out of a store by its schema, so that no table and no column of it can be forgotten.

A row is what the table has, with one difference: where a table names the row of the journal that vouches for it by number, the row names
it by hash (`journal`), because numbers belong to one store. The journal rows themselves come along as the table `journal`.

What was imported from elsewhere is given as it was there: a row of the journal that says `imported` (see `arrival`) is turned back into
the row that it was, as long as that row's hash still fits. So what goes through several stores stays the same, byte for byte.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, or_, select, true

from amends.core.errors import NotFoundError
from amends.store import journal as chain
from amends.store import schema
from amends.store.access import shown_to
from amends.store.instant import stamp
from amends.store.parts import in_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by the name of their table, in the order in which they were written."""

ORDER = (
    "incident", "invitation", "assignment", "stakeholder", "link", "draft", "document", "evidence", "draft_version", "message", "promise",
    "promise_event", "delivery", "incident_event", "action_item", "action_event", "document_version", "timeline_version", "timeline_note",
    "account_point", "account_evidence", "version_tie", "redaction", "version_sent", "model_draft", "model_adoption",
    "trust_break", "repair_action", "trust_review", "trust_review_event", "playbook_run", "playbook_event",
    "fingerprint", "recurrence_judgement", "guardrail_event",
    "tombstone", "journal",
)  # fmt: skip
"""The tables that are taken along, each behind those that it refers to."""

LEFT_OUT = {
    "api_token": "a key to this installation",
    "calendar_address": "a secret address of this installation",
    "person": "accounts belong to the installation; names stand in the rows that they wrote",
    "search_entry": "follows from the other tables, and is made anew as they are written",
    "reminder": "planned anew from the promises, through the channels of the installation that has them",
    "session": "where somebody is signed in here",
    "sign_in_attempt": "who tried to sign in here",
    "setting": "what this installation has decided about itself",
    "timeline_run": "how far a reading of evidence on this machine was; what came of it is a version",
    "recurrence_match": "found anew among the incidents of the installation; what people judged of it is taken along",
    **dict.fromkeys(
        ("recurrence_doc", "recurrence_posting", "recurrence_frequency", "recurrence_stale"),
        "follows from the words of the incidents, and is made anew",
    ),
    **dict.fromkeys(
        ("pulse_wave", "pulse_group", "pulse_link", "pulse_held", "pulse_answer", "pulse_comment"),
        "was promised to stay where it was asked; what came of it stands in the reviews",
    ),
    **dict.fromkeys(
        ("practice_session", "practice_turn", "practice_voice", "practice_review", "practice_card", "practice_own", "practice_choice"),
        "what somebody practises is theirs alone: they take it along themselves",
    ),
}
"""The tables that stay, each with the reason."""

SUBJECTS = {
    "incident": "incident", "message": "message", "promise": "promise", "action_item": "action", "document": "document",
    "stakeholder": "stakeholder", "link": "link", "incident_event": "event", "timeline_note": "note",
    "account_point": "point", "model_draft": "model", "playbook_run": "run", "trust_review": "review",
    "fingerprint": "fingerprint", "recurrence_judgement": "judgement", "guardrail_event": "guardrail",
}  # fmt: skip
"""How the journal names what it speaks of: the first word of its subjects, by table."""

JOURNAL_COLUMNS = {"journal_seq": "journal", "row_seq": "row"}
"""Columns that name a row of the journal by number, and how a row of ours calls it, by hash."""

IMPORTED = "imported"
"""The key under which a row of the journal keeps what the same row was where it was written first."""

ARRIVED = "incident.imported"
"""The row of the journal that says that an incident came from elsewhere; it stays where it was written."""

_OF_HERE = ("access.",)
"""How changes begin that concern this installation, whatever they speak of."""

_BELOW = {
    "promise_event": ("promise_id", "promise"), "delivery": ("message_id", "message"), "action_event": ("action_id", "action_item"),
    "document_version": ("document_id", "document"),
}  # fmt: skip


def incidents_shown_to(connection: Connection, person: str) -> list[str]:
    """The ids of all incidents that somebody may see, removed ones too, in their order."""
    own = schema.incident.c
    return list(connection.execute(select(own.id).where(shown_to(person)).order_by(own.id)).scalars())


def of_incident(connection: Connection, incident_id: str, *, as_first: bool = True) -> Rows:
    """Everything of one incident but what is there for single people: unsent drafts, private promises, runs of private playbooks.

    Without `as_first` rows of the journal stand as they do in the chain of this store, imported ones too. Raises NotFoundError.
    """
    found: Rows = {"incident": _rows(connection, schema.incident, schema.incident.c.id == incident_id)}
    if not found["incident"]:
        raise NotFoundError(f"there is no incident {incident_id!r}")
    for name, table in _rooted():
        open_to_all = schema.promise.c.private == 0 if name == "promise" else true()
        found[name] = _rows(connection, table, and_(table.c.incident_id == incident_id, open_to_all))
    private = {row["id"] for row in found["playbook_run"] if _is_private(row["source"])}
    for name, column in (("playbook_run", "id"), ("playbook_event", "run_id")):
        found[name] = [row for row in found[name] if row[column] not in private]
    _complete(connection, found, as_first=as_first, untold=private)
    _settle_follows(connection, found["incident"][0])
    return _in_order(found)


def loose(connection: Connection) -> Rows:
    """Messages and promises about no incident here; without promises that are private to one."""
    promise, message = schema.promise, schema.message
    found: Rows = {
        "message": _rows(connection, message, message.c.incident_id.is_(None)),
        "promise": _rows(connection, promise, and_(promise.c.incident_id.is_(None), promise.c.private == 0)),
    }
    _complete(connection, found)
    return _in_order(found)


def own_of(connection: Connection, person: str) -> Rows:
    """What is there for one person only: their drafts that were not sent, in all versions, and their private promises."""
    draft, promise = schema.draft, schema.promise
    unsent = and_(draft.c.author == person, draft.c.id.not_in(select(schema.message.c.draft_id)))
    private = and_(promise.c.private == 1, or_(promise.c.maker == person, promise.c.owner == person))
    found: Rows = {"draft": _rows(connection, draft, unsent), "promise": _rows(connection, promise, private)}
    found["draft_version"] = list(_among(connection, schema.draft_version, "draft_id", [row["id"] for row in found["draft"]]))
    _complete(connection, found)
    return _in_order(found)


def counts(rows: Rows) -> dict[str, int]:
    """How many rows each table has."""
    return {name: len(rows[name]) for name in ORDER if rows.get(name)}


def _rooted() -> Iterator[tuple[str, Table]]:
    """The tables whose rows name their incident themselves."""
    for name in ORDER:
        table = schema.metadata.tables[name]
        if "incident_id" in table.c and name != "draft":
            yield name, table


def _is_private(source: str) -> bool:
    """Whether a playbook says of itself that its runs are nobody else's; one that cannot be read says nothing, and is kept back."""
    try:
        return tomllib.loads(source).get("private", False) is not False
    except tomllib.TOMLDecodeError:
        return True


def _complete(connection: Connection, found: Rows, *, as_first: bool = True, untold: Collection[str] = ()) -> None:
    """Add what hangs on the rows that were found, and the rows of the journal that vouch for all of them.

    The journal speaks of runs of playbooks under the name of their incident; what it says of `untold` ones stays here.
    """
    for name, (column, above) in _BELOW.items():
        ids = [row["id"] for row in found.get(above, [])]
        found[name] = list(_among(connection, schema.metadata.tables[name], column, ids))
    _add_sent(connection, found)
    _vouch(connection, found, as_first=as_first, untold=untold)


def _add_sent(connection: Connection, found: Rows) -> None:
    """Of the drafts that became messages, the version that was sent, and nothing that its author wrote before or after."""
    sent = {(row["draft_id"], row["version"]): row for row in found.get("message", [])}
    last: dict[str, Row] = {}
    for row in found.get("message", []):
        if row["draft_id"] not in last or last[row["draft_id"]]["version"] < row["version"]:
            last[row["draft_id"]] = row
    versions = _among(connection, schema.draft_version, "draft_id", sorted(last))
    found.setdefault("draft_version", []).extend(row for row in versions if (row["draft_id"], row["version"]) in sent)
    for row in _among(connection, schema.draft, "id", sorted(last)):
        of = last[row["id"]]
        row |= {"incident_id": of["incident_id"], "version": of["version"], "discarded_at": None}
        row["finished_at"] = row["finished_at"] or of["recorded_at"]
        found.setdefault("draft", []).append(row)
    found["draft_version"].sort(key=lambda row: int(row["journal_seq"]))


def _vouch(connection: Connection, found: Rows, *, as_first: bool, untold: Collection[str]) -> None:
    """Take along the journal of these rows, and let them name its rows by hash."""
    found["tombstone"] = list(_among(connection, schema.tombstone, "row_seq", _cited(found)))
    unsent = {row["id"] for row in found.get("draft", [])} - {row["draft_id"] for row in found.get("message", [])}
    subjects = [f"{word}/{row['id']}" for name, word in SUBJECTS.items() for row in found.get(name, [])]
    subjects += [f"draft/{name}" for name in sorted(unsent)]
    told = {row["seq"]: row for row in _among(connection, schema.journal, "seq", _cited(found))}
    told |= {row["seq"]: row for row in _among(connection, schema.journal, "subject", subjects)}
    left = {seq: row for seq, row in sorted(told.items()) if not row["what"].startswith(_OF_HERE) and not _is_of(untold, row)}
    rows = {seq: _as_it_was(row) for seq, row in left.items() if row["what"] != ARRIVED} if as_first else left
    for listed in found.values():
        for row in listed:
            for number, name in JOURNAL_COLUMNS.items():
                if number in row:
                    row[name] = rows[row.pop(number)]["hash"]
    found["journal"] = list(rows.values())


def _is_of(runs: Collection[str], row: Row) -> bool:
    """Whether a row of the journal speaks of one of these runs of playbooks."""
    if not runs or not row["what"].startswith("playbook."):
        return False
    data = json.loads(row["data"])
    return data.get("run", data.get("of_run")) in runs


def _cited(found: Rows) -> list[int]:
    """The rows of the journal that vouch for these rows, by number."""
    return sorted({row["journal_seq"] for rows in found.values() for row in rows if "journal_seq" in row})


def _as_it_was(row: Row) -> Row:
    """A row of the journal as it stands, or one that was imported as it was written first, where its hash still fits."""
    data = json.loads(row["data"])
    first = data.pop(IMPORTED, None)
    if not isinstance(first, dict):
        return row
    if (before := first.get("before")) is not None:
        data[IMPORTED] = before
    back = row | {name: first[name] for name in ("seq", "actor", "previous", "hash")}
    back |= {"at": datetime.fromisoformat(first["at"]), "data": chain.canonical(data)}
    return back if journal_hash(back) == back["hash"] else row


def journal_hash(row: Row) -> str:
    """The hash that a row of the journal with these values must carry."""
    return chain.row_hash(**{name: row[name] for name in ("seq", "at", "actor", "what", "subject", "data", "previous")})


def _settle_follows(connection: Connection, row: Row) -> None:
    """An incident that came without the one that it follows from still says which one that was."""
    if row["follows"] is not None:
        return
    subject = f"incident/{row['id']}"
    own = schema.journal.c
    told = connection.execute(select(own.data).where(own.subject == subject, own.what == ARRIVED).order_by(own.seq.desc()).limit(1))
    data = told.scalar_one_or_none()
    row["follows"] = json.loads(data).get("follows") if data else None


def _rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[Row]:
    ordered = [table.c.journal_seq] if "journal_seq" in table.c else list(table.primary_key.columns)
    return [dict(row) for row in connection.execute(select(table).where(condition).order_by(*ordered)).mappings()]


def _among(connection: Connection, table: Table, column: str, values: Sequence[object]) -> Iterable[Row]:
    """The rows whose column has one of some values, in their order."""
    found: list[Row] = []
    for part in in_parts(values):
        found += _rows(connection, table, table.c[column].in_(part))
    if "journal_seq" in table.c:
        found.sort(key=lambda row: int(row["journal_seq"]))
    return found


def _in_order(found: Rows) -> Rows:
    return {name: found[name] for name in ORDER if found.get(name)}


def plain(value: object) -> object:
    """A value as JSON has it: instants as text in UTC."""
    return stamp(value) if isinstance(value, datetime) else value
