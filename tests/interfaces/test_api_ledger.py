"""The ledger over HTTP: what it answers, what it refuses, and that it says the same as the command line."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from starlette.testclient import TestClient

from amends import asgi
from amends.interfaces.api import examples
from amends.interfaces.api.ledger import ACTS
from amends.interfaces.api.limits import Limits
from amends.promises.report import as_dict, message_as_dict
from amends.store.engine import StoreError
from amends.testing import START, CountingIds, FixedClock, memory_usecases
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MESSAGE = (
    "Checkout fails since 10:40 UTC. I am rolling back, done by 11:20 UTC. Dana will call the three shops by 12:00 UTC. "
    "Next update 11:10 UTC."
)


class Served:
    """A client, and the use cases and the clock behind it."""

    def __init__(self, usecases: UseCases, clock: FixedClock) -> None:
        self.usecases = usecases
        self.clock = clock
        self.client = TestClient(application(usecases), raise_server_exceptions=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params=query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def add(self, words: str = "I will call the shops by 15:30 UTC", **fields: Any) -> dict[str, Any]:
        answer = self.post("/promises", {"words": words, **fields})
        assert answer.status_code == 201, answer.text
        return the_one(answer)


@pytest.fixture
def api() -> Iterator[Served]:
    clock = FixedClock()
    usecases = memory_usecases(clock)
    yield Served(usecases, clock)
    assert usecases.journal.verify() == []
    usecases.close()


def the_one(answer: Any) -> dict[str, Any]:
    (promise,) = answer.json()["promises"]
    found: dict[str, Any] = promise
    return found


def problem(answer: Any, status: int, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told.get("field") == field
    return told


def test_a_promise_is_written_down_and_found_at_its_address(api: Served) -> None:
    answer = api.post("/promises", {"words": "I will call the shops by 15:30 UTC", "to": "Ines"})
    made = the_one(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/promises/{made['id']}"
    assert (made["due"], made["kind"], made["time_quote"], made["made_to"]) == ("2026-03-04T15:30:00+00:00", "deliver", "15:30 UTC", "Ines")
    assert (made["state"], made["step"], made["owner"], made["private"]) == ("open", "settle", "local", True)
    assert api.client.get(answer.headers["location"]).json() == {"schema": "amends.ledger/1", "promises": [made]}
    assert the_one(api.get("/promises")) == made == as_dict(api.usecases.promising.get(made["id"]))


def test_its_time_may_be_given_or_left_out(api: Served) -> None:
    assert api.add("call the shops", due="2026-03-05T09:00:00+01:00")["due"] == "2026-03-05T08:00:00+00:00"
    assert api.add("call the shops", due="2026-03-05T09:00:00", tz="Europe/Berlin")["due"] == "2026-03-05T08:00:00+00:00"
    without = api.add("call the shops")
    assert (without["due"], without["state"], without["step"]) == (None, "unverifiable", "time")
    assumed = api.add("call the shops by 9:00", tz="Europe/Berlin")
    assert (assumed["due"], "tomorrow" in assumed["note"]) == ("2026-03-05T08:00:00+00:00", True)


def test_a_message_brings_its_promises_and_keeps_the_update_that_was_promised(api: Served) -> None:
    incident = api.usecases.incidents.open("Checkout is down", severity="SEV2")
    about = {"incident": incident.id, "audience": "team", "tz": "UTC"}
    first = api.post("/messages", {"text": MESSAGE, **about})
    made = first.json()["promises"]
    assert first.status_code == 201
    assert [(one["quote"], one["state"]) for one in made if one["kind"] == "next_update"] == [("Next update 11:10 UTC", "open")]
    assert {one["owner"] for one in made} == {"local", "Dana"}

    api.clock.advance(minutes=19)
    second = api.post("/messages", {"text": "Rolled back. Next update 11:40 UTC.", **about}).json()
    (kept,) = [one for one in second["promises"] if one["message"] != second["message"]["id"]]
    assert (kept["quote"], kept["state"], kept["settled_by"]) == ("Next update 11:10 UTC", "kept", f"message:{second['message']['id']}")
    assert second["message"] == message_as_dict(api.usecases.messaging.get(second["message"]["id"]))

    again = api.client.get(first.headers["location"]).json()
    assert again["message"] == first.json()["message"]
    assert [one["id"] for one in again["promises"]] == [one["id"] for one in made]


def test_incidents_are_listed_with_the_ids_that_promises_are_about(api: Served) -> None:
    incident = api.usecases.incidents.open("Checkout is down", severity="SEV2")
    answer = api.get("/incidents").json()
    (listed,) = answer["incidents"]
    known = {
        "id": incident.id,
        "title": "Checkout is down",
        "severity": "SEV2",
        "status": "investigating",
        "started_at": "2026-03-04T10:50:00+00:00",
    }
    assert (answer["schema"], listed | known) == ("amends.incidents/1", listed)
    made = api.add(incident=incident.id)
    api.add()
    assert the_one(api.get("/promises", incident=incident.id)) == made
    assert made["private"] is False


def test_each_act_appends_an_event_and_shows_how_the_promise_stands(api: Served) -> None:
    one = api.add(to="Ines")["id"]
    assert the_one(api.post(f"/promises/{one}/snooze", {"until": "2026-03-04T11:30:00Z"}))["snoozed_until"] == "2026-03-04T11:30:00+00:00"
    assert the_one(api.post(f"/promises/{one}/offer", {"to": "Dana", "why": "my shift ends"}))["offered_to"] == "Dana"
    assert the_one(api.post(f"/promises/{one}/decline"))["offered_to"] is None
    api.post(f"/promises/{one}/offer", {"to": "Dana"})
    taken = api.post(f"/promises/{one}/accept", {}).json()
    assert (taken["promises"][0]["owner"], taken["promises"][0]["step"]) == ("Dana", "tell")
    assert "Dana does this now" in taken["tell"]
    told = api.post(f"/promises/{one}/tell", {"to": "Ines"}).json()
    assert (told["promises"][0]["step"], "tell" in told) == ("settle", False)
    kept = the_one(api.post(f"/promises/{one}/keep", {"evidence": {"kind": "commit", "reference": "8c2f1d0"}}))
    assert (kept["state"], kept["settled_by"]) == ("kept", "commit:8c2f1d0")
    undone = the_one(api.post(f"/promises/{one}/undo"))
    assert undone["state"] == "open"
    assert [event["what"] for event in undone["events"]] == [
        "snoozed", "offered", "turned-down", "offered", "taken-on", "told", "kept", "taken-back",
    ]  # fmt: skip
    assert {event["by"] for event in undone["events"]} == {"local"}


def test_a_moved_promise_comes_with_the_one_that_took_its_place_and_with_words_to_tell_it(api: Served) -> None:
    one = api.add(to="Ines", tz="Europe/Berlin")["id"]
    answer = api.post(f"/promises/{one}/move", {"due": "2026-03-04T16:00:00+00:00", "why": "the rollback failed"}).json()
    old, new = answer["promises"]
    assert (old["state"], old["successor"], new["follows"], new["due"]) == ("moved", new["id"], one, "2026-03-04T16:00:00+00:00")
    assert "17:00 CET" in answer["tell"]
    gone = api.post(f"/promises/{new['id']}/withdraw", {"why": "the shops were told by others"}).json()
    assert gone["promises"][0]["state"] == "withdrawn"
    assert "I take that back" in gone["tell"]


def test_an_absence_lists_what_it_would_break(api: Served) -> None:
    one = api.add("call the shops", due="2026-03-06T09:00:00Z")
    away = {"person": "local", "leaves": "2026-03-05T00:00:00+01:00", "returns": "2026-03-09T00:00:00+01:00"}
    assert the_one(api.get("/promises/absence", **away)) == one
    with_lost_plus = "/api/v1/promises/absence?person=local&leaves=2026-03-05T00:00:00+01:00&returns=2026-03-09T00:00:00+01:00"
    assert the_one(api.client.get(with_lost_plus)) == one
    api.post(f"/promises/{one['id']}/keep")
    assert api.get("/promises/absence", **away).json()["promises"] == []
    problem(api.get("/promises/absence", **{**away, "returns": away["leaves"]}), 422, "returns")
    problem(api.get("/promises/absence", **{**away, "leaves": "tomorrow"}), 422, "leaves")
    problem(api.get("/promises/absence", **{**away, "leaves": "2026-03-05"}), 422, "leaves")
    problem(api.get("/promises/absence", leaves=away["leaves"], returns=away["returns"]), 422, "person")


def test_all_promises_come_in_pages_the_last_first(api: Served) -> None:
    ids = [api.add(f"thing {number} by 15:30 UTC", owner="Dana" if number % 2 else None)["id"] for number in range(7)]
    seen: list[str] = []
    query: dict[str, Any] = {"state": "all", "limit": 3}
    while page := [one["id"] for one in api.get("/promises", **query).json()["promises"]]:
        assert len(page) <= 3
        seen += page
        query["before"] = page[-1]
    assert seen == ids[::-1]
    assert [one["id"] for one in api.get("/promises", state="all", owner="Dana", limit=2).json()["promises"]] == [ids[5], ids[3]]
    assert [one["id"] for one in api.get("/promises", owner="local").json()["promises"]] == ids[::2]
    assert len(api.get("/promises", limit=2).json()["promises"]) == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"before": "x"}, "before"),
        ({"before": "0" * 26}, "before"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_part(api: Served, query: dict[str, str], field: str) -> None:
    problem(api.get("/promises", **query), 422, field)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/promises", {}, "$.words"),
        ("/promises", {"words": " "}, "$.words"),
        ("/promises", {"words": "a\nb"}, "$.words"),
        ("/promises", {"words": "a" * 501}, "$.words"),
        ("/promises", {"words": "by 31 February"}, "$.words"),
        ("/promises", {"words": "a", "due": "soon"}, "$.due"),
        ("/promises", {"words": "a", "due": "2026-03-04T15:30:00"}, "$.due"),
        ("/promises", {"words": "a", "tz": "Mars/Olympus"}, "$.tz"),
        ("/promises", {"words": "a", "kind": "apology"}, "$.kind"),
        ("/promises", {"words": "a", "to": "\x00"}, "$.to"),
        ("/promises", {"words": "a", "by": "Dana"}, "$.by"),
        ("/messages", {"text": " "}, "$.text"),
        ("/messages", {"text": "a", "audience": "everybody"}, "$.audience"),
        ("/messages", {"text": "a", "sent_at": "2026-03-04T10:51:00Z"}, "$.sent_at"),
        ("/promises/{}/move", {}, "$.due"),
        ("/promises/{}/move", {"due": "2026-03-04T10:00:00Z"}, "$.due"),
        ("/promises/{}/keep", {"at": "2026-03-04T10:51:00Z"}, "$.at"),
        ("/promises/{}/keep", {"evidence": {"kind": "rumour", "reference": "a"}}, "$.evidence.kind"),
        ("/promises/{}/keep", {"by": "Dana"}, "$.by"),
        ("/promises/{}/withdraw", {"why": ""}, "$.why"),
        ("/promises/{}/withdraw", {"why": "a\nb"}, "$.why"),
        ("/promises/{}/offer", {"to": " "}, "$.to"),
        ("/promises/{}/snooze", {"until": "2026-03-04T10:00:00Z"}, "$.until"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_written(api: Served, path: str, body: dict[str, Any], field: str) -> None:
    one = api.add()["id"]
    before = api.get("/promises", state="all").json()
    problem(api.post(path.format(one), body), 422, field)
    assert api.get("/promises", state="all").json() == before


def test_what_is_not_there_is_not_found(api: Served) -> None:
    absent = "0" * 25 + "9"
    assert "hint" in problem(api.get(f"/promises/{absent}"), 404)
    problem(api.get("/promises/nonsense%00"), 404)
    problem(api.get(f"/messages/{absent}"), 404)
    problem(api.get("/promises", incident=absent), 404)
    problem(api.post("/promises", {"words": "a", "incident": absent}), 404)
    problem(api.post(f"/promises/{absent}/keep"), 404)
    problem(api.post(f"/promises/{api.add()['id']}/undo", {"event": absent}), 404)


def test_an_act_that_makes_no_sense_any_more_is_a_conflict(api: Served) -> None:
    one = api.add()["id"]
    problem(api.post(f"/promises/{one}/accept"), 409)
    problem(api.post(f"/promises/{one}/tell"), 409)
    problem(api.post(f"/promises/{one}/undo"), 409)
    api.post(f"/promises/{one}/keep")
    told = problem(api.post(f"/promises/{one}/keep"), 409)
    assert told == {**examples.PROBLEMS[409]}
    problem(api.post(f"/promises/{one}/move", {"due": "2026-03-05T10:00:00Z"}), 409)


def test_a_private_promise_of_somebody_else_is_not_there(api: Served) -> None:
    entry = api.usecases.promising.add("tell my manager", None, by="Dana")
    problem(api.get(f"/promises/{entry.promise.id}"), 404)
    assert api.get("/promises", state="all").json()["promises"] == []


def test_two_people_at_once_keep_a_promise_once(tmp_path: Path) -> None:
    api = Served(on_file(tmp_path), FixedClock())
    one = api.add()["id"]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: api.post(f"/promises/{one}/keep").status_code, range(8)))
    assert sorted(statuses) == [200, *[409] * 7]
    assert [event["what"] for event in the_one(api.get(f"/promises/{one}"))["events"]] == ["kept"]


def on_file(folder: Path, clock: FixedClock | None = None) -> UseCases:
    from amends.store.engine import file_url, open_store
    from amends.store.migrate import migrate

    def opened() -> Any:
        store = open_store(file_url(str(folder / "amends.sqlite3")))
        migrate(store)
        return store

    return UseCases(Checking, opened, clock or FixedClock(), CountingIds())


@pytest.mark.parametrize(("path", "body"), [("/promises", {"words": "call the shops in 45 min"}), ("/messages", {"text": MESSAGE})])
def test_a_second_try_with_the_same_key_makes_nothing_new(api: Served, path: str, body: dict[str, Any]) -> None:
    first = api.post(path, body, **{"Idempotency-Key": "a-1"})
    api.clock.advance(minutes=2)
    again = api.post(path, body, **{"Idempotency-Key": "a-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"]
    assert again.json() == first.json()
    assert len(api.get("/promises", state="all").json()["promises"]) == len(first.json()["promises"])
    other = api.post(path, body, **{"Idempotency-Key": "a-2"})
    assert other.headers["location"] != first.headers["location"]


def test_a_key_stands_for_one_request_only(api: Served) -> None:
    api.post("/promises", {"words": "call the shops"}, **{"Idempotency-Key": "a-1"})
    told = problem(api.post("/promises", {"words": "call the banks"}, **{"Idempotency-Key": "a-1"}), 422, "Idempotency-Key")
    assert "another request" in told["detail"]
    assert api.post("/messages", {"text": MESSAGE}, **{"Idempotency-Key": "a-1"}).status_code == 201
    problem(api.post("/promises", {"words": "a"}, **{"Idempotency-Key": "a" * 201}), 422, "Idempotency-Key")


def test_tries_at_the_same_time_with_one_key_make_one_message(tmp_path: Path) -> None:
    api = Served(on_file(tmp_path), FixedClock())
    api.get("/promises")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("/messages", {"text": MESSAGE}, **{"Idempotency-Key": "a-1"}), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(api.get("/promises", state="all").json()["promises"]) == len(answers[0].json()["promises"])


def test_the_ledger_has_the_limits_of_the_check() -> None:
    usecases = memory_usecases()
    with TestClient(asgi.compose(usecases, Limits(max_bytes=1000, per_second=0.5, burst=2))) as client:
        problem(client.post("/api/v1/messages", json={"text": "a" * 1000}), 413)
        assert client.get("/api/v1/promises").status_code == 200
        problem(client.get("/api/v1/promises"), 429)
    usecases.close()


def test_a_store_that_does_not_serve_stops_the_ledger_and_no_check() -> None:
    def busy() -> Any:
        raise StoreError("the store at sqlite:///amends.sqlite3 does not serve: database is locked", hint="try again")

    api = Served(UseCases(Checking, busy, FixedClock(), CountingIds()), FixedClock())
    told = problem(api.get("/promises"), 503)
    assert (told["code"], set(told)) == ("store", set(examples.PROBLEMS[503]))
    problem(api.post("/messages", {"text": MESSAGE}), 503)
    assert api.post("/check", {"text": MESSAGE}).status_code == 200


def test_a_store_that_stays_busy_is_told_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends.store.engine.PATIENCE_S", 0.2)
    api = Served(on_file(tmp_path), FixedClock())
    one = api.add()["id"]
    blocker = sqlite3.connect(tmp_path / "amends.sqlite3", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        problem(api.post(f"/promises/{one}/keep"), 503)
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert the_one(api.post(f"/promises/{one}/keep"))["state"] == "kept"


@pytest.mark.parametrize(("name", "kind"), [(name, kind.__name__) for name, kind, _ in ACTS])
def test_the_examples_of_the_acts_work(api: Served, name: str, kind: str) -> None:
    for example in examples.LEDGER_REQUESTS[kind].values():
        one = api.add(owner="Dana", to="Ines")["id"] if name in ("accept", "decline") else api.add(to="Ines")["id"]
        if name == "tell":
            api.post(f"/promises/{one}/withdraw", {"why": "not needed"})
        if name == "undo":
            api.post(f"/promises/{one}/keep")
        answer = api.post(f"/promises/{one}/{name}", example["value"])
        assert answer.status_code == 200, answer.text


def test_the_examples_of_what_can_be_made_work(api: Served) -> None:
    for path, kind in (("/promises", "AddRequest"), ("/messages", "MessageRequest")):
        for example in examples.LEDGER_REQUESTS[kind].values():
            answer = api.post(path, example["value"])
            assert answer.status_code == 201, answer.text
            assert set(answer.json()["promises"][0]) == set(examples.LEDGER["promises"][0])


def test_what_one_process_wrote_the_next_one_reads(tmp_path: Path) -> None:
    """A real server is killed, not asked to end; a second one and the command line find what the first one answered."""
    first = Server(tmp_path)
    try:
        made = first.client.post("/api/v1/promises", json={"words": "call the shops", "due": later(), "to": "Ines"}).json()
        one = made["promises"][0]["id"]
        kept = first.client.post(f"/api/v1/promises/{one}/keep").json()
    finally:
        first.kill()
    second = Server(tmp_path)
    try:
        assert second.client.get(f"/api/v1/promises/{one}").json() == kept
        printed = amends(tmp_path, "promises", "show", one[-8:], "--format", "json")
        assert json.loads(printed.stdout) == kept
        undone = amends(tmp_path, "promises", "undo", one[-8:], "--format", "json")
        assert second.client.get(f"/api/v1/promises/{one}").json() == json.loads(undone.stdout)
    finally:
        second.kill()


def later() -> str:
    from datetime import UTC, datetime

    return (datetime.now(UTC) + timedelta(hours=3)).isoformat()


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    return {**kept, "AMENDS_HOME": str(folder), "HOME": str(folder)}


AMENDS = (sys.executable, "-c", "from amends.interfaces.cli.main import main; raise SystemExit(main())")


def amends(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run((*AMENDS, *words), cwd=folder, env=environment(folder), capture_output=True, text=True, check=True)


class Server:
    """`amends start` in a process of its own, over the store of a folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = (
            sys.executable,
            "-c",
            "from amends.interfaces.cli.main import main; raise SystemExit(main())",
            "start",
            "--port",
            str(port),
        )
        self._process = subprocess.Popen(command, cwd=folder, env=environment(folder), stderr=subprocess.DEVNULL)
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)
        until = time.monotonic() + 30
        while time.monotonic() < until and not self._is_ready():
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()


def test_the_clock_of_the_tests_is_where_the_examples_are() -> None:
    assert examples.LEDGER["promises"][0]["made_at"] < START.isoformat() < examples.LEDGER["promises"][0]["due"]
