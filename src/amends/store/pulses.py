"""Pulses as rows: waves and their groups as they are, answers sealed while a wave is open, and only counts of them afterwards.

No row about an answer has a time, a person, an address or a number that grows; on SQLite these tables have no row number either. The writes
of an answer have no row in the journal, on purpose: the journal says when. See `docs/pulse.md`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select, text, update

from amends.core.errors import NotFoundError
from amends.store import journal
from amends.store.engine import overwriting
from amends.store.parts import in_parts
from amends.store.schema import (
    is_id,
    pulse_answer,
    pulse_comment,
    pulse_group,
    pulse_held,
    pulse_link,
    pulse_wave,
    trust_review,
    trust_review_event,
)
from amends.trust.pulse import GROUPS, Comment, GroupNow, Wave
from amends.trust.scoring import Count, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from amends.store.engine import Store

PATIENCE_S = 2
"""How long overwriting waits for others who read on PostgreSQL; the key is gone already, so there is no hurry."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a group in a closed wave: its tally, or why there is none; and what the same people's answers said."""

    group: str
    tally: Tally | None
    hidden: str | None
    paired: tuple[dict[str, Any], ...] = ()
    trends: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class SealedPair:
    """One person's index under the pairing secret, and the mark of their code; neither says anything without that secret."""

    key: str
    wave_id: str
    group: str
    pair: str
    sealed: str


# Waves


def add(connection: Connection, new: Wave, *, at: datetime) -> None:
    """Keep a new wave with its groups; the journal says that it opened, how many were invited, and nothing else."""
    row = {name: getattr(new, name) for name in ("id", "incident_id", "which", "opened_at", "opened_by", "closes_at", "closed_at", "least")}
    connection.execute(insert(pulse_wave), row | {"closing": 0})
    groups = [{"wave_id": new.id, "name": one.name, "invited": one.invited} for one in new.groups]
    connection.execute(insert(pulse_group), groups)
    _note(connection, new, "pulse.opened", new.opened_by, at, {"invited": sum(one.invited for one in new.groups)})


def get(connection: Connection, wave_id: str) -> Wave:
    """A wave. Raises NotFoundError."""
    if is_id(wave_id):
        row = connection.execute(select(pulse_wave).where(pulse_wave.c.id == wave_id)).one_or_none()
        if row is not None:
            return _wave(connection, row)
    raise NotFoundError(f"there is no wave {wave_id[:40]!r}", hint="`amends pulse show INCIDENT` lists the waves of an incident")


def of_incident(connection: Connection, incident_id: str) -> tuple[Wave, ...]:
    """The waves of an incident, the one opened first first."""
    query = select(pulse_wave).where(pulse_wave.c.incident_id == incident_id).order_by(pulse_wave.c.opened_at, pulse_wave.c.id)
    return tuple(_wave(connection, row) for row in connection.execute(query).all())


def open_ones(connection: Connection, *, over_at: datetime | None = None) -> tuple[Wave, ...]:
    """Every wave that is not closed; with `over_at` only those whose time is over then."""
    query = select(pulse_wave).where(pulse_wave.c.closed_at.is_(None)).order_by(pulse_wave.c.id)
    if over_at is not None:
        query = query.where(pulse_wave.c.closes_at <= over_at)
    return tuple(_wave(connection, row) for row in connection.execute(query).all())


def heads(connection: Connection, incident_ids: Iterable[str]) -> dict[str, list[Wave]]:
    """The waves of some incidents without their groups, the one opened first first: nothing of who was asked, or how many answered."""
    found: dict[str, list[Wave]] = {}
    own = pulse_wave.c
    for part in in_parts(sorted(set(incident_ids))):
        query = select(pulse_wave).where(own.incident_id.in_(part)).order_by(own.opened_at, own.id)
        for row in connection.execute(query):
            found.setdefault(row.incident_id, []).append(_head(row))
    return found


def asked_since(connection: Connection, since: datetime) -> tuple[str, ...]:
    """The incidents that have a wave which is open, or which was opened after a moment."""
    own = pulse_wave.c
    query = select(own.incident_id).where(or_(own.closed_at.is_(None), own.opened_at > since)).distinct()
    return tuple(connection.execute(query).scalars())


def asked_lately(connection: Connection, since: datetime) -> list[tuple[Wave, tuple[str, ...]]]:
    """The waves that are open, or were opened after a moment, each with the groups that it asks, the one opened first first."""
    own = pulse_wave.c
    query = select(pulse_wave).where(or_(own.closed_at.is_(None), own.opened_at > since)).order_by(own.opened_at, own.id)
    waves = [_head(row) for row in connection.execute(query)]
    asked: dict[str, list[str]] = {}
    for part in in_parts([one.id for one in waves]):
        named = select(pulse_group.c.wave_id, pulse_group.c.name).where(pulse_group.c.wave_id.in_(part))
        for row in connection.execute(named):
            asked.setdefault(row.wave_id, []).append(row.name)
    return [(one, tuple(name for name in GROUPS if name in asked.get(one.id, ()))) for one in waves]


def taking(connection: Connection, now: datetime) -> tuple[str, ...]:
    """The ids of the waves that take answers now."""
    own = pulse_wave.c
    return tuple(connection.execute(select(own.id).where(own.closed_at.is_(None), own.closing == 0, own.closes_at > now)).scalars())


def closed_among(connection: Connection, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of some waves that are closed."""
    query = select(pulse_wave.c.id).where(pulse_wave.c.id.in_(ids), pulse_wave.c.closed_at.is_not(None))
    return tuple(connection.execute(query).scalars())


def reviewed_among(connection: Connection, incident_ids: Sequence[str]) -> tuple[str, ...]:
    """Those of some incidents whose review after a quarter was held, and not taken back."""
    held, undone = trust_review_event.c, trust_review_event.alias("undone").c
    query = select(trust_review.c.incident_id).join_from(trust_review, trust_review_event, held.review_id == trust_review.c.id)
    query = query.where(trust_review.c.which == "quarter", held.what == "held", trust_review.c.incident_id.in_(incident_ids))
    return tuple(connection.execute(query.where(~select(undone.id).where(undone.undoes == held.id).exists()).distinct()).scalars())


def move(connection: Connection, wave: Wave, closes_at: datetime, *, by: str, at: datetime) -> None:
    """Let a wave take answers until another time."""
    connection.execute(update(pulse_wave).where(pulse_wave.c.id == wave.id).values(closes_at=closes_at))
    _note(connection, wave, "pulse.extended", by, at, {})


# Links and answers


def replace_links(connection: Connection, wave_id: str, group: str, hashes: Iterable[str]) -> None:
    """The links of a group, in place of those it had. Their table has no order, and a hash says nothing without the key of the wave."""
    overwriting(connection)
    connection.execute(delete(pulse_link).where(pulse_link.c.wave_id == wave_id, pulse_link.c.name == group))
    connection.execute(insert(pulse_link), [{"hash": one, "wave_id": wave_id, "name": group, "spent": 0} for one in sorted(hashes)])


def link(connection: Connection, hashes: Sequence[str]) -> tuple[str, str, str] | None:
    """The hash, the wave and the group of a link, by what it would be hashed to in each open wave."""
    query = select(pulse_link.c.hash, pulse_link.c.wave_id, pulse_link.c.name).where(pulse_link.c.hash.in_(hashes))
    row = connection.execute(query).first()
    return None if row is None else (row[0], row[1], row[2])


def spend(connection: Connection, hash_: str) -> bool:
    """Spend a link; whether it was not spent before, so that one link is one answer whoever asks at once."""
    overwriting(connection)
    own = pulse_link.c
    return connection.execute(update(pulse_link).where(own.hash == hash_, own.spent == 0).values(spent=1)).rowcount == 1


def hold(connection: Connection, wave_id: str, key: str, sealed: str) -> None:
    """Keep a sealed answer until the wave closes; `key` is chance, and says where the row lies."""
    connection.execute(insert(pulse_held), {"key": key, "wave_id": wave_id, "sealed": sealed})


def held(connection: Connection, wave_id: str) -> tuple[str, ...]:
    """The sealed answers of a wave."""
    return tuple(connection.execute(select(pulse_held.c.sealed).where(pulse_held.c.wave_id == wave_id)).scalars())


# Closing


def close(
    connection: Connection,
    wave: Wave,
    kept: Sequence[Kept],
    *,
    answered: dict[str, int],
    pairs: Sequence[SealedPair],
    comments: Sequence[tuple[str, Comment]],
    keys: Sequence[str],
    by: str,
    at: datetime,
) -> None:
    """Put counts in the place of answers, all in one transaction; the journal says that the wave closed, and with how many answers.

    `keys` and those of the comments are chance; everything is written in the order of these keys, so that no order is left of what was.
    """
    overwriting(connection)
    rows = [
        {"key": key, "wave_id": wave.id, "name": one.group, "scores": _json(_kept_values(one)), "pair": None}
        for key, one in zip(keys, kept, strict=True)
    ]
    rows += [{"key": one.key, "wave_id": one.wave_id, "name": one.group, "scores": one.sealed, "pair": one.pair} for one in pairs]
    connection.execute(insert(pulse_answer), sorted(rows, key=lambda row: str(row["key"])))
    if comments:
        told = [{"key": key, "wave_id": wave.id, "question": one.question, "text": one.text} for key, one in sorted(comments, key=_first)]
        connection.execute(insert(pulse_comment), told)
    connection.execute(delete(pulse_held).where(pulse_held.c.wave_id == wave.id))
    connection.execute(delete(pulse_link).where(pulse_link.c.wave_id == wave.id))
    for name, n in answered.items():
        connection.execute(update(pulse_group).where(pulse_group.c.wave_id == wave.id, pulse_group.c.name == name).values(answered=n))
    connection.execute(update(pulse_wave).where(pulse_wave.c.id == wave.id).values(closing=1, closed_at=at))
    _note(connection, wave, "pulse.closed", by, at, {"n": sum(answered.values())})


def abandon(connection: Connection, wave: Wave, *, by: str, at: datetime) -> None:
    """Delete an open wave with everything of it; the journal keeps that it was, and with how many answers it ended."""
    overwriting(connection)
    for table in (pulse_held, pulse_link, pulse_group):
        connection.execute(delete(table).where(table.c.wave_id == wave.id))
    connection.execute(delete(pulse_wave).where(pulse_wave.c.id == wave.id))
    _note(connection, wave, "pulse.abandoned", by, at, {"n": sum(one.answered for one in wave.groups)})


def kept_of(connection: Connection, wave_id: str) -> dict[str, Kept]:
    """What was kept of each group of a closed wave."""
    query = select(pulse_answer.c.name, pulse_answer.c.scores).where(pulse_answer.c.wave_id == wave_id, pulse_answer.c.pair.is_(None))
    return {row.name: _kept(row.name, json.loads(row.scores)) for row in connection.execute(query)}


def pairs_of(connection: Connection, incident_id: str) -> tuple[tuple[str, SealedPair], ...]:
    """The sealed pairs of all waves of an incident, each with the name of its wave."""
    own = pulse_answer.c
    query = select(pulse_wave.c.which, own.key, own.wave_id, own.name, own.pair, own.scores).join_from(
        pulse_answer, pulse_wave, pulse_wave.c.id == own.wave_id
    )
    rows = connection.execute(query.where(pulse_wave.c.incident_id == incident_id, own.pair.is_not(None)).order_by(own.key))
    return tuple((row.which, SealedPair(row.key, row.wave_id, row.name, row.pair, row.scores)) for row in rows)


def forget_pairs(connection: Connection, incident_id: str) -> int:
    """Delete what is paired over the waves of an incident; how many rows that were."""
    overwriting(connection)
    waves = select(pulse_wave.c.id).where(pulse_wave.c.incident_id == incident_id)
    gone = connection.execute(delete(pulse_answer).where(pulse_answer.c.wave_id.in_(waves), pulse_answer.c.pair.is_not(None)))
    return int(gone.rowcount)


def comments_of(connection: Connection, wave_id: str) -> tuple[Comment, ...]:
    """The comments of a wave, in the order of chance."""
    query = select(pulse_comment).where(pulse_comment.c.wave_id == wave_id).order_by(pulse_comment.c.key)
    return tuple(Comment(row.question, row.text, row.key) for row in connection.execute(query))


def strike(connection: Connection, wave: Wave, comment_id: str, *, by: str, at: datetime) -> bool:
    """Delete a comment for good, such as one that names somebody; whether it was there. The journal keeps that one was struck."""
    overwriting(connection)
    own = pulse_comment.c
    gone = connection.execute(delete(pulse_comment).where(own.wave_id == wave.id, own.key == comment_id)).rowcount == 1
    if gone:
        _note(connection, wave, "pulse.comment-struck", by, at, {})
    return gone


def scrub(store: Store) -> bool:
    """Rid the files of the database of what was deleted: the log of SQLite, the dead rows of PostgreSQL. Whether nobody stood in the way.

    What may be left was sealed under a key that is destroyed, and is unreadable; this is the second lock.
    """
    if store.kind == "sqlite":
        with store.refusals_named(), store.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    from sqlalchemy.exc import DBAPIError

    with store.refusals_named(), store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.execute(text(f"SET lock_timeout = {PATIENCE_S * 1000}"))
            for table in (pulse_link, pulse_held, pulse_answer, pulse_comment):
                connection.execute(text(f"VACUUM FULL {table.name}"))
        except DBAPIError:
            return False
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True


def _wave(connection: Connection, row: Row[Any]) -> Wave:
    groups = connection.execute(select(pulse_group).where(pulse_group.c.wave_id == row.id)).all()
    spent: dict[str, int] = {}
    if row.closed_at is None:
        own = pulse_link.c
        query = select(own.name, func.count()).where(own.wave_id == row.id, own.spent == 1).group_by(own.name)
        spent = {name: int(count) for name, count in connection.execute(query)}
    ordered = sorted(groups, key=lambda one: GROUPS.index(one.name))
    now = tuple(GroupNow(one.name, one.invited, spent.get(one.name, 0) if one.answered is None else one.answered) for one in ordered)
    return replace(_head(row), groups=now)


def _head(row: Row[Any]) -> Wave:
    return Wave(row.id, row.incident_id, row.which, row.opened_at, row.opened_by, row.closes_at, row.closed_at, row.least, ())


def _note(connection: Connection, wave: Wave, what: str, by: str, at: datetime, told: dict[str, object]) -> None:
    data = {"wave": wave.id, "which": wave.which, **told}
    journal.append(connection, at=at, actor=by, what=what, subject=f"incident/{wave.incident_id}", data=data)


def _kept_values(one: Kept) -> dict[str, Any]:
    found: dict[str, Any] = {"hidden": one.hidden} if one.tally is None else {"tally": asdict(one.tally)}
    return found | {"paired": list(one.paired), "trends": list(one.trends)}


def _kept(group: str, values: dict[str, Any]) -> Kept:
    raw = values.get("tally")
    tally = None if raw is None else Tally(**(raw | {"counts": tuple(Count(**one) for one in raw["counts"])}))
    return Kept(group, tally, values.get("hidden"), tuple(values.get("paired", ())), tuple(values.get("trends", ())))


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _first(pair: tuple[str, Comment]) -> str:
    return pair[0]
