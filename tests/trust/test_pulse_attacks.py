"""Attacks on a pulse after it closed, by an administrator who kept everything but the key: none may succeed.

The strongest of them compares two worlds in which other people said other things, at other times, in another order, by other links, with
other comments and codes, though with the same totals. If what the administrator has is the same in both, no method whatever tells them
apart. The others look for what such a comparison cannot see: bytes that were left behind, and the order in which rows lie.
Each attack is also tried with the key in hand, where it must succeed: an attack that never works proves nothing.
"""

from __future__ import annotations

import json
import random
import re
import zipfile
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from amends.integrations.sealing import mark, unseal
from amends.store.engine import open_store
from amends.store.schema import metadata, pulse_answer, pulse_comment, pulse_held, pulse_link
from amends.testing import CountingIds, FixedClock
from amends.trust.anonymity import counted
from amends.trust.pulse import items_for
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from amends.store.engine import Store

PEOPLE = 9
CHANCE = {"key", "hash", "sealed", "pair", "previous", "salt"}
"""Columns that hold chance, or what is made of chance and a destroyed key: an attacker sees how long they are."""


@dataclass
class World:
    """Everything an administrator has: the rows at several moments, what lay in the folder, and the links that were handed out."""

    store: Store
    tokens: tuple[str, ...] = ()
    seen: list[object] = field(default_factory=list)
    stolen: bytes = b""
    marks: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)
    pairing: bytes = b""
    traces: int = 0
    """How many traces of the open wave a thief finds in the bytes while it is open."""
    order: list[str] = field(default_factory=list)
    """The comments in the order in which they were sent, which is the secret that the attacks look for."""


def vector(person: int) -> dict[int, int | None]:
    """What this person says: no two alike, some cannot say."""
    dice = random.Random(person)
    return {item.number: (None if item.id == "messenger" and person == 3 else dice.randint(2, 6)) for item in items_for("team")}


def live(store: Store, home: Path, seed: int) -> World:
    """One wave from opening to its end. The seed decides who says what, when, in which order and by which link; the totals stay."""
    dice = random.Random(seed)
    clock = FixedClock()
    usecases = UseCases(
        Checking, lambda: store, clock, CountingIds(), new_secret=lambda: f"{dice.getrandbits(256):064x}", home=lambda: str(home)
    )
    incident = usecases.incidents.open("Checkout is down").id
    usecases.incidents.change_status(incident, "monitoring", reason="it works again")
    world = World(store)
    world.seen.append(looked(store, home))
    opened = usecases.pulses.open(incident, "baseline", {"team": PEOPLE})
    world.tokens = opened.links["team"]
    vectors, comments, codes, links = (dice.sample(range(PEOPLE), PEOPLE) for _ in range(4))
    for place in range(PEOPLE):
        clock.advance(seconds=dice.randint(1, 3000))
        said = f"Number {comments[place]} fears the nightly job"
        world.order.append(said)
        usecases.pulses.answer(world.tokens[links[place]], vector(vectors[place]), comments={"fear": said}, code=f"river {codes[place]}")
        if place in {2, 5}:
            world.seen.append(looked(store, home))
    take(world, home)
    clock.advance(seconds=9 * 3000 - (clock.now() - FixedClock().now()).total_seconds())
    usecases.pulses.close(opened.wave.id)
    world.seen.append(looked(store, home))
    return world


def take(world: World, home: Path) -> None:
    """What a thief would take while the wave is open; the tests use it to see that an attack is one, and what must not be left."""
    world.stolen = next(path for path in (home / "pulse").glob("*.key") if "pairing" not in path.name).read_bytes()
    world.pairing = next((home / "pulse").glob("pairing-*.key")).read_bytes()
    with world.store.reading() as connection:
        world.marks = list(connection.execute(select(pulse_link.c.hash)).scalars())
        world.held = list(connection.execute(select(pulse_held.c.key)).scalars())
        world.sealed = list(connection.execute(select(pulse_held.c.sealed)).scalars())
    world.traces = sum(any(one in data for _, data in raw(world.store)) for one in traces(world))


def traces(world: World) -> list[bytes]:
    """What must not be left: links, their marks, and where sealed answers lay and how they began and ended."""
    ends = [end for one in world.sealed for end in (one[:40], one[-40:])]
    return [one.encode() for one in (*world.tokens, *world.marks, *world.held, *ends)]


def looked(store: Store, home: Path) -> object:
    """All that is in the database and in the folder, as far as it says anything: of chance only its length."""
    rows: dict[str, list[str]] = {}
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            found = [blunt(dict(row)) for row in connection.execute(select(table)).mappings()]
            rows[table.name] = sorted(json.dumps(row, default=str, sort_keys=True) for row in found)
    folder = sorted((path.name, path.stat().st_size) for path in home.rglob("*.key")) if home.exists() else []
    return rows, folder


def blunt(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("pair"):
        row["scores"] = len(row["scores"])
    if "journal" in str(row.get("what", "")) or "previous" in row:
        row["hash"] = len(row["hash"])
    return {name: len(value) if name in CHANCE and isinstance(value, str) else value for name, value in row.items()}


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One wave that was opened, answered and closed, for the attacks that read what is the same on every database."""
    folder = tmp_path_factory.mktemp("world")
    file = folder / "amends.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    store = open_store(f"sqlite:///{file}")
    yield live(store, folder / "home", 1)
    store.close()


def test_two_worlds_that_differ_in_who_when_and_which_look_the_same(tmp_path: Path, sqlite_template: Path) -> None:
    views = []
    for seed in (1, 2):
        file = tmp_path / f"{seed}.sqlite3"
        file.write_bytes(sqlite_template.read_bytes())
        store = open_store(f"sqlite:///{file}")
        world = live(store, tmp_path / str(seed), seed)
        views.append((world.seen, world.order))
        store.close()
    (first, one_order), (second, other_order) = views
    assert one_order != other_order
    assert first == second, "rows before, during and after the wave, the journal and the folder tell nothing of it"


def test_links_in_old_backups_belong_to_nobody_once_the_key_is_gone(world: World) -> None:
    assert {mark(world.stolen, "link", token) for token in world.tokens} == set(world.marks), "with the key the attack works"
    guesses = [b"", *(sha256(row.encode()).digest() for row in (*world.marks, *world.held, *world.sealed)), world.pairing]
    for token in world.tokens:
        tried = {sha256(token.encode()).hexdigest(), *(mark(key, "link", token) for key in guesses)}
        assert not tried & set(world.marks)


def test_answers_in_old_backups_stay_sealed_once_the_key_is_gone(world: World) -> None:
    wave = CountingIds()
    names = [wave.new() for _ in range(40)]
    opened = [unseal(world.stolen, one, name) for one in world.sealed for name in names]
    assert sum(one is not None for one in opened) == PEOPLE, "with the key the attack works"
    assert len({len(one) for one in world.sealed}) == 1, "and without it not even a length tells who wrote more"
    for guess in (b"\0" * 32, world.pairing, *(sha256(token.encode()).digest() for token in world.tokens)):
        assert not any(unseal(guess, one, name) for one in world.sealed for name in names)


def test_no_byte_is_left_of_the_open_wave_and_rows_lie_in_the_order_of_chance(store: Store, tmp_path: Path) -> None:
    world = live(store, tmp_path / "home", 1)
    assert world.traces >= 2 * PEOPLE, "while it is open the attack finds marks and rows"
    for name, data in raw(store):
        left = [one for one in traces(world) if one in data]
        assert not left, f"{len(left)} traces in {name}"
    with store.reading() as connection:
        stored = lying(connection)
        assert [key for key, _ in stored] == sorted(key for key, _ in stored)
        if store.kind == "postgresql":
            made = "SELECT count(DISTINCT xmin\\:\\:text) FROM pulse_comment"
            assert connection.execute(text(made)).scalar() == 1, "all were written by one transaction, so none is older"
    guessed = [said for _, said in stored]
    hits = sum(mine == theirs for mine, theirs in zip(guessed, world.order, strict=True))
    assert hits <= 3, "who guesses that rows lie as people answered is right by chance only"
    rising = sum(world.order.index(a) < world.order.index(b) for a, b in pairwise(guessed))
    assert 1 <= rising <= PEOPLE - 2


def test_what_is_kept_are_counts_so_that_no_comment_has_scores(world: World) -> None:
    with world.store.reading() as connection:
        rows = connection.execute(select(pulse_answer.c.scores).where(pulse_answer.c.pair.is_(None))).scalars().all()
    (kept,) = rows
    tally = json.loads(kept)["tally"]
    assert set(tally) == {"n", "counts", "index_n", "index_mean", "index_deviation"}
    assert all(set(one) == {"item", "n", "favourable", "cannot_say"} for one in tally["counts"])


def test_codes_cannot_be_tried_out_once_the_pairing_secret_is_gone(world: World) -> None:
    with world.store.reading() as connection:
        pairs = set(connection.execute(select(pulse_answer.c.pair).where(pulse_answer.c.pair.is_not(None))).scalars())
    assert len(pairs) == PEOPLE
    import hmac

    def tried(secret: bytes) -> set[str]:
        return {hmac.new(secret, f"team/river{number}".encode(), sha256).hexdigest() for number in range(100)}

    assert tried(world.pairing) >= pairs, "with the secret the attack works, which is why it is destroyed"
    assert not any(tried(guess) & pairs for guess in (b"", world.stolen, *(token.encode() for token in world.tokens)))


def test_the_journal_says_that_a_wave_opened_and_closed_with_n(world: World) -> None:
    with world.store.reading() as connection:
        told = connection.execute(select(metadata.tables["journal"].c.what, metadata.tables["journal"].c.data)).all()
    pulses = [(what, json.loads(data)) for what, data in told if "pulse" in what]
    assert [what for what, _ in pulses] == ["pulse.opened", "pulse.closed"]
    assert [set(data) for _, data in pulses] == [{"wave", "which", "invited"}, {"wave", "which", "n"}]


def test_a_backup_holds_no_key_at_any_time(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "amends.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    store = open_store(f"sqlite:///{file}")
    home = tmp_path / "home"
    dice = random.Random(1)
    usecases = UseCases(
        Checking, lambda: store, FixedClock(), CountingIds(), new_secret=lambda: f"{dice.getrandbits(256):064x}", home=lambda: str(home)
    )
    incident = usecases.incidents.open("Checkout is down").id
    usecases.incidents.change_status(incident, "monitoring", reason="it works again")
    opened = usecases.pulses.open(incident, "baseline", {"team": PEOPLE})
    usecases.pulses.answer(opened.links["team"][0], vector(1))
    usecases.backup.back_up(str(tmp_path / "backup.zip"), with_keys=True)
    keys = [path.read_bytes() for path in (home / "pulse").glob("*.key")]
    assert len(keys) == 2
    with zipfile.ZipFile(tmp_path / "backup.zip") as backup:
        everything = b"".join(name.encode() + backup.read(name) for name in backup.namelist())
    assert b"pulse_held" in everything
    assert not any(key in everything or key.hex().encode() in everything for key in keys)
    store.close()


@given(st.lists(st.integers(0, 20), min_size=1, max_size=3), st.integers(4, 7))
def test_no_subtraction_of_waves_leaves_one_person(answered: Sequence[int], least: int) -> None:
    shown: list[int] = []
    for n in answered:
        found = counted(n, shown, least)
        assert found == 0 or least <= found <= n
        shown.append(found)
    visible = [one for one in shown if one]
    assert all(abs(one - other) != 1 for place, one in enumerate(visible) for other in visible[:place])


def raw(store: Store) -> Iterator[tuple[str, bytes]]:
    """The bytes of the database: its files on SQLite, with the log; the files of its tables and indexes on PostgreSQL."""
    if store.kind == "sqlite":
        from pathlib import Path

        file = Path(str(store.engine.url.database))
        for path in file.parent.glob(f"{file.name}*"):
            yield path.name, path.read_bytes()
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        names = connection.execute(text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relname ~ 'pulse|toast'"))
        for name in names.scalars().all():
            schema = "pg_toast." if re.match(r"pg_toast_\d", name) else ""
            found = connection.execute(
                text("SELECT pg_read_binary_file(pg_relation_filepath(to_regclass(:name)))"), {"name": f"{schema}{name}"}
            ).scalar()
            yield name, bytes(found or b"")


def lying(connection: Connection) -> list[tuple[str, str]]:
    """Comments as they lie in the file."""
    own = pulse_comment.c
    query = select(own.key, own.text)
    if connection.dialect.name == "postgresql":
        query = query.order_by(text("ctid"))
    return [(row.key, row.text) for row in connection.execute(query)]
