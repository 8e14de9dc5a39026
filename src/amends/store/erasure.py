"""Erasing words of people on request: each row that held them keeps its place in the chain, with a tombstone that says why they are gone.

The salt goes with the words, so that nobody can find them again by guessing. What is left of the row (its times, its kind, who wrote it)
is vouched for anew by the row of the journal that speaks of the erasure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, literal, or_, select, update

from amends.store import journal
from amends.store.audit import is_erased
from amends.store.guards import ERASABLE, ERASED
from amends.store.ledger_audit import ERASED as WHAT
from amends.store.ledger_audit import erased_hash, stone_hash
from amends.store.schema import (
    account_evidence,
    account_point,
    action_event,
    action_item,
    api_token,
    calendar_address,
    delivery,
    document,
    document_version,
    draft,
    draft_version,
    fingerprint,
    guardrail_event,
    incident,
    incident_event,
    link,
    message,
    metadata,
    model_draft,
    person,
    playbook_event,
    playbook_run,
    promise,
    promise_event,
    recurrence_judgement,
    redaction,
    repair_action,
    session,
    stakeholder,
    timeline_note,
    tombstone,
    trust_break,
    trust_review,
    trust_review_event,
    version_tie,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from amends.store.engine import Store

TITLED = ("opened", "renamed")
"""Events of an incident that repeat its title."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be erased: where it stands, the kept rows that hold its words, and its own columns that may be changed."""

    table: Table
    kept: tuple[tuple[Table, Callable[[str], ColumnElement[bool]]], ...]
    loose: tuple[str, ...] = ()


def _drafts_of(message_id: str) -> Any:
    return select(message.c.draft_id).where(message.c.id == message_id)


def _promises_of(message_id: str) -> Any:
    return select(promise.c.id).where(promise.c.message_id == message_id)


def _versions_of(event_id: str) -> Any:
    """The ids of an event and of all that it took the place of, or that took its place: one fact in its versions."""
    own = incident_event.c
    earlier = select(own.id, own.replaces).where(own.id == event_id).cte(recursive=True)
    earlier = earlier.union(select(own.id, own.replaces).where(own.id == earlier.c.replaces))
    later = select(own.id).where(own.id == event_id).cte(recursive=True)
    later = later.union(select(own.id).where(own.replaces == later.c.id))
    return select(earlier.c.id).union(select(later.c.id))


def _item_of(point_id: str) -> Any:
    return select(account_point.c.item).where(account_point.c.id == point_id).scalar_subquery()


def _quoted(kind: str, ref: str) -> ColumnElement[bool]:
    """The citations that hold words of an entry or a message."""
    return (account_evidence.c.kind == kind) & (account_evidence.c.ref == ref)


def _chosen(*ids: Any) -> ColumnElement[bool]:
    """What runs of playbooks refer to: the words by which a reference is known are copied beside it."""
    return or_(*(playbook_event.c.ref.in_(one) for one in ids))


def _pinned(key: str, id: Any) -> ColumnElement[bool]:
    """The looks back that were held with evidence about a thing, in words, named by its id in JSON as `json.dumps` writes it."""
    return trust_review_event.c.prepared.contains(literal(f'"{key}": "') + id + literal('"'))


def _pinned_promise(message_id: str) -> ColumnElement[bool]:
    return exists(select(promise.c.id).where(promise.c.message_id == message_id, _pinned("ref", promise.c.id)))


def _pinned_gate(run_id: str) -> ColumnElement[bool]:
    return exists(select(playbook_event.c.id).where(playbook_event.c.run_id == run_id, _pinned("ref", playbook_event.c.id)))


KINDS: dict[str, Kind] = {
    "action": Kind(
        action_item,
        (
            (action_item, lambda one: action_item.c.id == one),
            (action_event, lambda one: action_event.c.action_id == one),
            (repair_action, lambda one: repair_action.c.action_id == one),
            (playbook_event, lambda one: _chosen([one])),
            (trust_review_event, lambda one: _pinned("action_id", one)),
        ),
    ),
    "document": Kind(
        document,
        (
            (document_version, lambda one: document_version.c.document_id == one),
            (version_tie, lambda one: version_tie.c.document_id == one),
            (playbook_event, lambda one: _chosen([one])),
        ),
        ("title",),
    ),
    "draft": Kind(draft, ((draft_version, lambda one: draft_version.c.draft_id == one),)),
    "event": Kind(
        incident_event,
        (
            (incident_event, lambda one: incident_event.c.id.in_(_versions_of(one))),
            (account_evidence, lambda one: (account_evidence.c.kind == "person") & account_evidence.c.ref.in_(_versions_of(one))),
            (playbook_event, lambda one: _chosen(_versions_of(one))),
        ),
    ),
    "fingerprint": Kind(fingerprint, ((fingerprint, lambda one: fingerprint.c.id == one),)),
    "guardrail": Kind(guardrail_event, ((guardrail_event, lambda one: guardrail_event.c.id == one),)),
    "incident": Kind(
        incident,
        (
            (incident_event, lambda one: (incident_event.c.incident_id == one) & incident_event.c.what.in_(TITLED)),
            (trust_review_event, lambda one: _pinned("ref", one)),
        ),
        ("title",),
    ),
    "judgement": Kind(recurrence_judgement, ((recurrence_judgement, lambda one: recurrence_judgement.c.id == one),)),
    "link": Kind(link, (), ("target", "title")),
    "message": Kind(
        message,
        (
            (draft_version, lambda one: draft_version.c.draft_id.in_(_drafts_of(one))),
            (promise, lambda one: promise.c.message_id == one),
            (promise_event, lambda one: promise_event.c.promise_id.in_(_promises_of(one))),
            (delivery, lambda one: delivery.c.message_id == one),
            (account_evidence, lambda one: _quoted("message", one)),
            (playbook_event, lambda one: _chosen([one], _promises_of(one))),
            (trust_review_event, _pinned_promise),
        ),
    ),
    "model": Kind(model_draft, ((model_draft, lambda one: model_draft.c.id == one),)),
    "note": Kind(
        timeline_note, ((timeline_note, lambda one: timeline_note.c.id == one), (account_evidence, lambda one: _quoted("entry", one)))
    ),
    "point": Kind(
        account_point,
        (
            (account_point, lambda one: account_point.c.item == _item_of(one)),
            (account_evidence, lambda one: account_evidence.c.item == _item_of(one)),
            (redaction, lambda one: redaction.c.item == _item_of(one)),
            (trust_break, lambda one: trust_break.c.item == _item_of(one)),
            (playbook_event, lambda one: playbook_event.c.ref == _item_of(one)),
        ),
    ),
    "promise": Kind(
        promise,
        (
            (promise, lambda one: promise.c.id == one),
            (promise_event, lambda one: promise_event.c.promise_id == one),
            (playbook_event, lambda one: _chosen([one])),
            (trust_review_event, lambda one: _pinned("ref", one)),
        ),
    ),
    "review": Kind(
        trust_review,
        (
            (trust_review_event, lambda one: trust_review_event.c.review_id == one),
            (playbook_event, lambda one: _chosen(select(trust_review_event.c.id).where(trust_review_event.c.review_id == one))),
        ),
    ),
    "run": Kind(
        playbook_run,
        ((playbook_event, lambda one: playbook_event.c.run_id == one), (trust_review_event, _pinned_gate)),
    ),
    "stakeholder": Kind(stakeholder, ((delivery, lambda one: delivery.c.stakeholder_id == one),), ("name", "address")),
}
"""What can be erased, by the first word of its subject; `person` besides, which is an account."""


def get(connection: Connection, kind: str, one: str) -> RowMapping | None:
    """The row of a thing that could be erased, None where there is none."""
    table = KINDS[kind].table
    return connection.execute(select(table).where(table.c.id == one)).mappings().one_or_none()


def counted(connection: Connection, kind: str, one: str) -> dict[str, int]:
    """How many rows of each table hold words of a thing that were not erased yet."""
    found = {}
    for table, condition in KINDS[kind].kept:
        number = connection.execute(select(func.count()).select_from(table).where(condition(one), ~is_erased(table))).scalar_one()
        if number:
            found[table.name] = number
    row = get(connection, kind, one)
    if row is not None and any(row[name] not in (None, ERASED) for name in KINDS[kind].loose):
        found[KINDS[kind].table.name] = found.get(KINDS[kind].table.name, 0) + 1
    return found


def erase(connection: Connection, kind: str, one: str, *, at: datetime, by: str, why: str, new_salt: Callable[[], str]) -> int:
    """Erase the words of a thing in every row that holds them; how many rows that were."""
    done = 0
    subject = f"{kind}/{one}"
    for table, condition in KINDS[kind].kept:
        rows = connection.execute(select(table).where(condition(one), ~is_erased(table)).order_by(table.c.journal_seq)).mappings().all()
        for row in rows:
            _bury(connection, table, row, subject=subject, at=at, by=by, why=why, salt=new_salt())
        done += len(rows)
    return done + _loosen(connection, kind, one, at=at, by=by)


def _bury(connection: Connection, table: Table, row: RowMapping, *, subject: str, at: datetime, by: str, why: str, salt: str) -> None:
    left = {name: ERASED if name in ERASABLE[table.name] and value is not None else value for name, value in row.items()}
    stone = {"kept_in": table.name, "row_seq": row["journal_seq"], "subject": subject, "erased_at": at, "by": by, "why": why, "salt": salt}
    told = {"table": table.name, "sha256": erased_hash(salt, left), "tombstone": stone_hash(stone)}
    seq = journal.append(connection, at=at, actor=by, what=WHAT, subject=subject, data=told)
    connection.execute(insert(tombstone), stone | {"journal_seq": seq})
    changed = {name: ERASED for name in ERASABLE[table.name] if row[name] is not None}
    changed |= {"salt": salt} if "salt" in table.c else {}
    if changed:
        connection.execute(update(table).where(table.c.journal_seq == row["journal_seq"]).values(**changed))


def _loosen(connection: Connection, kind: str, one: str, *, at: datetime, by: str) -> int:
    """Empty the columns of a row that may be changed; with a row of the journal."""
    of = KINDS[kind]
    row = get(connection, kind, one)
    assert row is not None, "it was asked for before"
    changed: dict[str, Any] = {name: ERASED for name in of.loose if row[name] not in (None, ERASED)}
    if not changed:
        return 0
    names = sorted(changed)
    changed |= {"version": row["version"] + 1} if kind == "incident" else {}
    connection.execute(update(of.table).where(of.table.c.id == one).values(**changed))
    told = {"columns": names}
    journal.append(connection, at=at, actor=by, what=f"{kind}.erased", subject=f"{kind}/{one}", data=told)
    return 1


def erase_person(connection: Connection, name: str, *, at: datetime, by: str, why_sha256: str, salt: str) -> None:
    """Take from an account who it was, and let nobody in by it; its name stays in what they wrote, as a pseudonym."""
    gone = {"display": name, "email": None, "password": None, "identity": None}
    connection.execute(update(person).where(person.c.name == name).values(**gone, disabled_at=func.coalesce(person.c.disabled_at, at)))
    connection.execute(
        update(session).where(session.c.person == name).values(agent=None, revoked_at=func.coalesce(session.c.revoked_at, at))
    )
    for table in (api_token, calendar_address):
        connection.execute(update(table).where(table.c.person == name, table.c.revoked_at.is_(None)).values(revoked_at=at))
    connection.execute(update(api_token).where(api_token.c.person == name).values(name=ERASED))
    journal.append(
        connection, at=at, actor=by, what="person.erased", subject=f"person/{name}", data={"salt": salt, "why_sha256": why_sha256}
    )


def has_person(connection: Connection, name: str) -> bool:
    """Whether there is an account of this name."""
    return name.isprintable() and bool(connection.execute(select(person.c.name).where(person.c.name == name)).scalar())


def is_last_owner(connection: Connection, name: str) -> bool:
    """Whether nobody else could manage the workspace without this account."""
    own = person.c
    owners = connection.execute(select(own.name).where(own.role == "owner", own.disabled_at.is_(None))).scalars().all()
    return owners == [name]


def discard_open(connection: Connection, draft_id: str, at: datetime, by: str) -> None:
    """Close the draft whose text is gone, so that nobody goes on writing in what is left of it."""
    is_open = draft.c.finished_at.is_(None) & draft.c.discarded_at.is_(None)
    done = connection.execute(update(draft).where(draft.c.id == draft_id, is_open).values(discarded_at=at))
    if done.rowcount:
        journal.append(connection, at=at, actor=by, what="draft.discarded", subject=f"draft/{draft_id}", data={})


def stones(connection: Connection, subject: str | None = None) -> Iterator[RowMapping]:
    """The tombstones, of one subject or all, in order."""
    query = select(tombstone).order_by(tombstone.c.journal_seq)
    yield from connection.execute(query if subject is None else query.where(tombstone.c.subject == subject)).mappings()


def sweep(store: Store) -> None:
    """Overwrite what the database still has of deleted words in its files; outside of every transaction. Raises StoreError."""
    with store.refusals_named(), store.engine.connect() as connection:
        bare: Any = connection.connection.driver_connection
        if store.kind == "sqlite":
            bare.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
            bare.execute("VACUUM")
            bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        before, bare.autocommit = bare.autocommit, True
        derived = sorted(name for name in metadata.tables if name.startswith(("practice_", "recurrence_")))
        try:
            for name in (
                *ERASABLE,
                "search_entry",
                "stakeholder",
                "link",
                "document",
                "incident",
                "person",
                "session",
                "api_token",
                *derived,
            ):
                bare.execute(f"VACUUM {metadata.tables[name].name}")
        finally:
            bare.autocommit = before
