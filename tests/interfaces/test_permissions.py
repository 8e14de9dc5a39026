"""The table of `permissions.py`, run against the web, the API and the command line, on both databases."""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.core.errors import NotFoundError
from amends.integrations import passwords
from amends.interfaces.cli.main import main
from amends.practice.interview import Answers
from amends.store.engine import open_store
from amends.store.migrate import migrate
from amends.store.schema import journal, metadata
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.permissions import (
    ABSENT,
    CORA_ANSWERS,
    LEAKS_API,
    LEAKS_CLI,
    LEAKS_PRACTICE,
    LEAKS_WEB,
    NO,
    PEOPLE,
    ROLES,
    ROWS,
    SIGN_IN,
    YES,
    Row,
)
from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

MARKER = "quokka"
"""A word that stands in everything about the private incident, and nowhere else."""
SAID = "wombat"
"""A word that ben said in practice, and nowhere else."""


class World:
    """A small company: its people, an open and a private incident with all that belongs to one, and a browser for each person."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        clock = wiring.system_clock()
        self.usecases = UseCases(
            Checking, lambda: open_store(url), clock, wiring.ids(), new_secret=wiring.new_secret, home=lambda: str(folder)
        )
        self.keys: dict[str, str] = {}
        for name, role in ROLES.items():
            self.usecases.people.add(name, role, by="anna" if self.keys else "local")
            self.keys[name] = self.usecases.signing.enter(name).key
        file = folder / "app.log"
        file.write_text("2026-03-04T10:42:07Z ERROR the coupon service timed out\n", encoding="utf-8")
        self.ids: dict[str, str] = {"file": str(file), "marker": MARKER}
        self._fill("open", "Checkout is down", private=False)
        self._fill("private", f"Checkout of {MARKER} is down", private=True)
        u, due = self.usecases, clock.now() + timedelta(days=1)
        for guest in ("anna", "cora"):
            u.involving.invite(self.ids["private"], guest, by="ben")
        self.ids["draft"] = u.drafting.new(f"About {MARKER}", incident_id=self.ids["private"], by="ben").id
        self.ids["drill"] = u.practising.begin("ben", "charged-twice", aided=False).id
        u.practising.say("ben", self.ids["drill"], f"The {SAID} charged you twice, and that was our mistake.", 1)
        u.practising.keep_own("ben", Answers(SAID, SAID, "peer", "furious-customer", "call", "status-update", f"The {SAID} ran away."))
        self.ids["own"] = u.promising.add(f"feed the {MARKER}", due, by="ben").promise.id
        self.ids["coras"] = u.promising.add("read the report", due, owner="cora", incident_id=self.ids["open"], by="ben").promise.id

    def _fill(self, which: str, title: str, *, private: bool) -> None:
        u, due = self.usecases, wiring.system_clock().now() + timedelta(days=1)
        here = u.incidents.open(title, private=private, by="ben").id
        word = MARKER if private else "checkout"
        self.ids[which] = here
        self.ids[f"{which}_promise"] = u.promising.add(f"refund the {word}", due, incident_id=here, private=False, by="ben").promise.id
        self.ids[f"{which}_message"] = u.messaging.record(f"The {word} rollback runs.", form="status-update", incident_id=here, by="ben").id
        self.ids[f"{which}_action"] = u.acting.propose(here, f"Test the {word} service", kind="test", by="ben").item.id
        self.ids[f"{which}_text"] = u.documents.new(here, f"Call about {word}", text=f"{word} again", by="ben").head.id
        self.ids[f"{which}_point"] = u.narrating.state(here, "claim", f"The {word} service timed out", kind="fact", by="ben").item
        u.versions.open(here, "team", by="ben")
        self.ids[f"{which}_run"] = u.playbooks.start(here, "own-a-mistake-first-hour", lead="ben", by="ben").run.id
        u.recording.comment(here, f"the {word} waits", by="ben")
        u.involving.add_stakeholder(here, f"shops of {word}", by="ben")
        u.gathering.add_path(here, self.ids["file"], by="anna") if not private else None
        u.timelines.add(here, wiring.system_clock().now() - timedelta(minutes=5), f"{word} called", by="ben")

    def filled(self, value: Any) -> Any:
        """A request with the ids of this world in it."""
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], found[0]), value)
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        return value

    def cookie(self, person: str) -> dict[str, str]:
        """What the browser of somebody sends along."""
        return {"cookie": f"amends-session={self.keys[person]}"} if person in self.keys else {}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("company")
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "_hasher", cache(_weak))
    if request.param == "sqlite":
        made = World(_migrated(f"sqlite:///{folder / 'amends.sqlite3'}"), folder)
    else:
        made = World(_migrated(_own_database(request)), folder)
    yield made
    made.usecases.close()
    patch.undo()


def _weak() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def _own_database(request: pytest.FixtureRequest) -> str:
    server: str = request.getfixturevalue("postgres_server")
    if not server:
        request.getfixturevalue("cannot_run")("tests on PostgreSQL: no server")
    import psycopg

    name = f"amends_company_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "template0"'.encode())

    def drop() -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    request.addfinalizer(drop)
    return f"{server.rpartition('/')[0]}/{name}"


def _migrated(url: str) -> str:
    store = open_store(url)
    migrate(store)
    store.close()
    return url


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[TestClient]:
    with served(open_store=lambda: open_store(world.url), clock=wiring.system_clock()) as made:
        yield made


def rows_of(face: str) -> list[Any]:
    return [
        pytest.param(row, person, id=f"{row.thing}-{row.verb}-{person}")
        for row in ROWS
        if getattr(row, face) is not None
        for person in PEOPLE
    ]


def by_status(status: int) -> str:
    """What an answer over HTTP means; a thing that was settled meanwhile shows that somebody may settle it."""
    if status in (200, 201, 202, 303, 409):
        return YES
    return {401: SIGN_IN, 403: NO, 404: ABSENT}.get(status, f"status {status}")


@pytest.mark.parametrize(("row", "person"), rows_of("api"))
def test_the_api_answers_as_the_table_says(world: World, browser: TestClient, row: Row, person: str) -> None:
    assert row.api is not None
    method, path, *body = row.api
    answer = browser.request(
        method, f"/api/v1{world.filled(path)}", headers=world.cookie(person), json=world.filled(body[0]) if body else None
    )

    assert by_status(answer.status_code) == row.expected[person], answer.text[:300]


@pytest.mark.parametrize(("row", "person"), rows_of("web"))
def test_the_pages_answer_as_the_table_says(world: World, browser: TestClient, row: Row, person: str) -> None:
    assert row.web is not None
    method, path, *form = row.web
    answer = browser.request(method, world.filled(path), headers=world.cookie(person), data=world.filled(form[0]) if form else None)

    turned_away = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    beside_the_field = answer.status_code == 400 and "here is no incident" in answer.text
    meant = SIGN_IN if turned_away else ABSENT if beside_the_field else by_status(answer.status_code)
    assert meant == row.expected[person]


@pytest.mark.parametrize(("row", "person"), rows_of("cli"))
def test_the_command_line_answers_as_the_table_says(
    world: World, row: Row, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert row.cli is not None
    world.ids["out"] = str(tmp_path / "taken.zip")
    status, _, said = run(world, monkeypatch, tmp_path, person, *(world.filled(word) for word in row.cli))

    assert meaning(status, said) == row.expected[person], said


def meaning(status: int, said: str) -> str:
    if status in (0, 1):
        return YES
    known = {"has no account here": SIGN_IN, "may not do this": NO, "there is no": ABSENT}
    return next((what for words, what in known.items() if words in said), f"status {status}")


def run(world: World, patch: pytest.MonkeyPatch, folder: Path, person: str, *words: str) -> tuple[int, str, str]:
    patch.chdir(folder)
    patch.setenv("HOME", str(folder))
    patch.setenv("AMENDS_HOME", str(world.folder))
    patch.setenv("AMENDS_DATABASE_URL", world.url)
    patch.setenv("AMENDS_PERSON", "" if person == "nobody" else person)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))
    patch.setattr(sys, "stdout", out)
    patch.setattr(sys, "stderr", err)
    status = main(list(words))
    texts = []
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        texts.append(stream.buffer.getvalue().decode())
    return status, texts[0], texts[1]


# What nobody may learn


@pytest.mark.parametrize("person", ["olga", "dan"])
@pytest.mark.parametrize("path", LEAKS_WEB)
def test_no_page_tells_of_the_private_incident(world: World, browser: TestClient, path: str, person: str) -> None:
    answer = browser.get(world.filled(path), headers=world.cookie(person))

    assert answer.status_code == 200
    assert MARKER not in without_the_question(answer.text)
    assert world.ids["private"] not in answer.text


def without_the_question(page: str) -> str:
    """A page without what somebody searched for, which it says again in its field and its title."""
    page = re.sub(r"<title>.*?</title>", "", page)
    return page.replace(f'value="{MARKER}"', "").replace(f"“{MARKER}”", "").replace(f"q={MARKER}", "")


@pytest.mark.parametrize("person", ["olga", "dan"])
@pytest.mark.parametrize("path", LEAKS_API)
def test_no_answer_of_the_api_tells_of_it(world: World, browser: TestClient, path: str, person: str) -> None:
    answer = browser.get(f"/api/v1{world.filled(path)}", headers=world.cookie(person))

    assert answer.status_code == 200
    told = "\n".join(unpacked(answer.content)) if answer.content[:2] == b"PK" else answer.text.replace(f'"query":"{MARKER}"', "")
    assert MARKER not in told
    assert world.ids["private"] not in told


def unpacked(data: bytes) -> list[str]:
    """Everything in an export, names too."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [part for name in packed.namelist() for part in (name, packed.read(name).decode("utf-8", "replace"))]


@pytest.mark.parametrize("person", ["olga", "dan"])
@pytest.mark.parametrize("words", LEAKS_CLI, ids=" ".join)
def test_no_command_tells_of_it(world: World, words: tuple[str, ...], person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run(world, monkeypatch, tmp_path, person, *(world.filled(word) for word in words))

    assert status in (0, 1), err
    assert MARKER not in out
    assert world.ids["private"] not in out


@pytest.mark.parametrize("path", ["/incidents", "/promises", "/actions", "/search?q=checkout", "/export"])
def test_whoever_was_invited_finds_it_there(world: World, browser: TestClient, path: str) -> None:
    answer = browser.get(f"/api/v1{path}", headers=world.cookie("cora"))

    assert MARKER in ("\n".join(unpacked(answer.content)) if answer.content[:2] == b"PK" else answer.text)


HIDDEN = (
    "/incidents/{private}", "/promises/{private_promise}", "/messages/{private_message}", "/actions/{private_action}",
    "/incidents/{private}/timeline", "/incidents/{private}/documents/{private_text}", "/incidents/{private}/export",
)  # fmt: skip


@pytest.mark.parametrize("path", HIDDEN)
def test_what_is_private_answers_as_what_is_not_there(world: World, browser: TestClient, path: str) -> None:
    def asked(ids: dict[str, str]) -> tuple[int, str]:
        filled = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
        answer = browser.get(f"/api/v1{filled}", headers=world.cookie("dan"))
        return answer.status_code, re.sub("|".join(ids.values()), "ID", answer.text)

    nothing = dict.fromkeys(world.ids, "01KNAVQP5H4SGDNQE1B3H6ZQ2M")
    assert asked(world.ids) == asked(nothing)


def test_the_address_of_a_calendar_shows_what_its_maker_may_see_now(world: World, browser: TestClient) -> None:
    calendars, ids = world.usecases.calendars, world.ids
    bens = calendars.subscribe(person="ben", by="ben").token
    dans = calendars.subscribe(incident_id=ids["open"], by="dan").token
    coras = calendars.subscribe(incident_id=ids["private"], by="cora").token

    def fetched(token: str) -> tuple[int, str]:
        answer = browser.get(f"/calendar/{token}.ics")
        return answer.status_code, answer.text

    assert MARKER in fetched(bens)[1], "nobody is signed in here: the address is the secret"
    assert MARKER in fetched(coras)[1]
    assert fetched(dans)[0] == 200
    world.usecases.involving.uninvite(ids["private"], "cora", by="ben")
    try:
        assert fetched(coras) == fetched("unknown")
    finally:
        world.usecases.involving.invite(ids["private"], "cora", by="ben")
    assert fetched(coras)[0] == 200


@pytest.mark.parametrize(("person", "expected"), [("dan", ABSENT), ("olga", ABSENT), ("nobody", SIGN_IN)])
def test_nobody_watches_what_they_may_not_see(world: World, browser: TestClient, person: str, expected: str) -> None:
    headers = {**world.cookie(person), "accept": "text/event-stream"}
    assert by_status(browser.get(world.filled("/incidents/{private}/live"), headers=headers).status_code) == expected


def test_nobody_subscribes_to_the_promises_of_somebody_else(world: World) -> None:
    from amends.core.errors import ForbiddenError, NotFoundError

    with pytest.raises(ForbiddenError):
        world.usecases.calendars.subscribe(person="ben", by="anna")
    with pytest.raises(NotFoundError):
        world.usecases.calendars.subscribe(incident_id=world.ids["private"], by="dan")
    made = world.usecases.calendars.subscribe(person="ben", by="ben").calendar
    with pytest.raises(NotFoundError):
        world.usecases.calendars.revoke(made.id, by="dan")
    assert world.usecases.calendars.revoke(made.id, by="olga").revoked_at is not None, "who manages may revoke all"


def test_a_reader_answers_for_herself(world: World, browser: TestClient) -> None:
    assert CORA_ANSWERS.api is not None
    method, path, *body = CORA_ANSWERS.api
    accepted = browser.post(f"/api/v1{world.filled('/promises/{coras}/accept')}", headers=world.cookie("cora"), json={})
    kept = browser.request(method, f"/api/v1{world.filled(path)}", headers=world.cookie("cora"), json=body[0] if body else None)

    assert (accepted.status_code, kept.status_code) == (200, 200)
    moved = browser.post(f"/api/v1{world.filled('/promises/{open_promise}/keep')}", headers=world.cookie("cora"), json={})
    assert moved.status_code == 403, "and not for others"


# Practice, which is nobody else's: not those who were invited to everything, not an owner

OTHERS = tuple(one for one in PEOPLE if one not in ("ben", "nobody"))


def of_ben(world: World, told: str) -> bool:
    return SAID in told.replace(f"q={SAID}", "").replace(f'value="{SAID}"', "").replace(f"“{SAID}”", "") or world.ids["drill"] in told


@pytest.mark.parametrize("person", OTHERS)
def test_nothing_tells_anybody_of_the_practice_of_somebody_else(world: World, browser: TestClient, person: str) -> None:
    found = []
    for path in (*LEAKS_WEB, f"/search?q={SAID}", "/incidents/{open}", "/incidents/{open}/timeline"):
        page = browser.get(world.filled(path), headers=world.cookie(person)).text
        found += [path] if of_ben(world, re.sub(r"<title>.*?</title>", "", page)) else []
    for path in (*LEAKS_API, *LEAKS_PRACTICE, f"/search?q={SAID}", "/people", "/sessions", "/tokens", "/incidents/{open}/export"):
        answer = browser.get(f"/api/v1{world.filled(path)}", headers=world.cookie(person))
        told = "\n".join(unpacked(answer.content)) if answer.content[:2] == b"PK" else answer.text.replace(f'"query":"{SAID}"', "")
        found += [path] if of_ben(world, told) else []
    assert found == []


@pytest.mark.parametrize("person", ["anna", "olga"])
@pytest.mark.parametrize("words", [*LEAKS_CLI, ("search", SAID), ("practice", "due"), ("practice", "history"), ("practice", "export")])
def test_no_command_tells_an_owner_of_the_practice_of_somebody_else(
    world: World, words: tuple[str, ...], person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, err = run(world, monkeypatch, tmp_path, person, *(world.filled(word) for word in words))
    assert not of_ben(world, out)
    assert "Traceback" not in err


def test_practice_stands_in_its_own_tables_alone(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the journal, not in the index of words, not in any table that exports, bundles and pages are made of; and in no log."""
    drill = world.usecases.practising.session("ben", world.ids["drill"])
    with caplog.at_level("DEBUG"):
        world.usecases.practising.say("ben", drill.id, f"A {SAID} again.", drill.sitting.turns + 1)
        with pytest.raises(NotFoundError):
            world.usecases.practising.session("anna", world.ids["drill"])
    with world.usecases.store.reading() as connection:
        holding = {
            table.name
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
            if SAID in str(row) or world.ids["drill"] in str(row)
        }
        told = [row.data for row in connection.execute(journal.select()) if "practice" in f"{row.what} {row.subject} {row.data}"]
    assert holding == {"practice_session", "practice_turn", "practice_own"}
    assert told == []
    assert SAID not in caplog.text


def test_only_whoever_holds_the_whole_database_holds_practice(world: World, tmp_path: Path) -> None:
    world.usecases.backup.back_up(str(tmp_path / "backup.zip"), by="anna")
    assert any(of_ben(world, part) for part in unpacked((tmp_path / "backup.zip").read_bytes())), "as the page says"


def test_a_token_opens_practice_only_where_it_was_made_for_it(world: World, browser: TestClient) -> None:
    def asked(*scopes: str, path: str) -> int:
        _, key = world.usecases.signing.new_token("a program", scopes, by="ben")
        return browser.get(f"/api/v1{path}", headers={"authorization": f"Bearer {key}"}).status_code

    assert asked("write", path="/practice/sessions") == 403
    assert asked("practice", path="/practice/sessions") == 200
    assert asked("practice", path="/incidents") == 403
    assert asked("read", "practice", path="/incidents") == 200


def test_whoever_is_kept_out_is_written_down(world: World, browser: TestClient) -> None:
    browser.get(f"/api/v1/incidents/{world.ids['private']}", headers=world.cookie("dan"))
    told = [one for one in world.usecases.journal.about(f"incident/{world.ids['private']}", by="anna") if one.what == "access.denied"]

    assert {one.actor for one in told} >= {"dan"}
    assert all(one.data in ('{"verb":"read"}', '{"verb":"write"}') for one in told)


def test_the_journal_stays_whole(world: World) -> None:
    assert world.usecases.journal.verify(by="anna") == []
