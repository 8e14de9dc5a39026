"""Practice over HTTP: a drill from beginning to end, and everything that is kept of it, for its person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from amends.practice.session import TEXT_LIMIT
from amends.testing import memory_usecases
from amends.testing.actors import HOST, NAME, Actor
from interfaces.serving import application, bare_api

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

DRILL = "charged-twice"
HERE = "/api/v1/practice"


@pytest.fixture
def usecases() -> UseCases:
    return memory_usecases()


@pytest.fixture
def client(usecases: UseCases) -> TestClient:
    return TestClient(application(usecases), raise_server_exceptions=False)


def begun(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post(f"{HERE}/sessions", json={"scenario": DRILL, "seed": 3, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{HERE}/sessions/{found['id']}"
    return found


def say(client: TestClient, session: str, text: str, turn: int, **more: Any) -> Any:
    return client.post(f"{HERE}/sessions/{session}/turns", json={"text": text, "turn": turn, **more})


def turns(usecases: UseCases, kind: str = "good") -> tuple[str, ...]:
    return next(one.turns for one in usecases.drills.scenario(DRILL).transcripts if one.kind == kind)


def test_a_drill_is_played_from_its_opening_to_its_score(client: TestClient, usecases: UseCases) -> None:
    made = begun(client, aided=False)
    assert (made["play"]["turns"], made["score"], made["play"]["score"], made["play"]["debrief"]) == ([], None, None, None)
    told: dict[str, Any] = {}
    for number, text in enumerate(turns(usecases), 1):
        told = say(client, made["id"], text, number).json()
        if told["ended_at"]:
            break
        assert told["play"]["turns"][-1]["findings"] == []
    assert (told["passed"], told["play"]["end"]) == (True, "success")
    assert told["play"]["score"]["total"] == told["score"]
    assert told["play"]["debrief"]["goal"]
    assert client.get(f"{HERE}/sessions/{made['id']}").json() == told
    assert client.get(f"{HERE}/sessions").json()["sessions"][0]["score"] == told["score"]


def test_remarks_come_after_each_turn_where_help_is_on(client: TestClient, usecases: UseCases) -> None:
    made = begun(client)
    told = say(client, made["id"], turns(usecases, "poor")[0], 1).json()
    assert told["play"]["turns"][0]["findings"]


def test_the_same_turn_once_more_changes_nothing_and_with_other_words_is_a_conflict(client: TestClient) -> None:
    made = begun(client)["id"]
    first = say(client, made, "We charged you twice.", 1)
    assert say(client, made, "We charged you twice.", 1).json() == first.json()
    assert say(client, made, "Something else.", 1).status_code == 409
    assert say(client, made, "Too far ahead.", 5).status_code == 409


def test_a_turn_that_nobody_would_listen_to_is_refused_before_anything(client: TestClient) -> None:
    made = begun(client)["id"]
    assert say(client, made, "x" * (TEXT_LIMIT + 1), 1).status_code == 422
    assert client.get(f"{HERE}/sessions/{made}").json()["turns"] == 0


def test_the_day_after_takes_the_promise_along(client: TestClient) -> None:
    made = begun(client)["id"]
    refused = client.post(f"{HERE}/sessions", json={"scenario": f"{DRILL}-later", "after": made})
    assert (refused.status_code, "nothing with a time was promised" in refused.text) == (422, True)
    say(client, made, "It was our mistake. I will write to you on Wednesday 1 April by 10:00.", 1)
    later = begun(client, scenario=f"{DRILL}-later", after=made)
    assert (later["kind"], later["seed"]) == ("later", 3)
    assert client.post(f"{HERE}/sessions", json={"scenario": DRILL, "after": made}).status_code == 422


def test_what_is_kept_can_be_taken_along_and_forgotten(client: TestClient, usecases: UseCases) -> None:
    made = begun(client)["id"]
    for number, text in enumerate(turns(usecases, "poor"), 1):
        if say(client, made, text, number, delivery={"seconds": 30, "pauses": 2}).json()["ended_at"]:
            break
    usecases.clock.advance(days=2)  # type: ignore[attr-defined]  # the clock of the tests
    kept = client.get(f"{HERE}/export").json()
    due = client.get(f"{HERE}/due").json()["due"]
    assert 0 < len(due) <= 3
    assert kept["sessions"][0]["said"][0]["delivery"]["seconds"] == 30
    assert len(kept["cards"]) == len(kept["reviews"]) > 0
    catalogue = client.get(HERE).json()["scenarios"]
    assert next(one for one in catalogue if one["id"] == DRILL)["played"] == 1
    assert client.delete(f"{HERE}/sessions/{made}").json() == {"forgotten": True}
    assert client.get(f"{HERE}/export").json()["cards"] == []
    assert client.get(f"{HERE}/sessions/{made}").status_code == 404
    begun(client)
    assert client.delete(HERE).json() == {"forgotten": True}
    assert client.get(f"{HERE}/sessions").json()["sessions"] == []


def test_a_group_plays_and_nothing_is_kept(client: TestClient, usecases: UseCases) -> None:
    told = client.post(f"{HERE}/try", json={"scenario": DRILL, "turns": list(turns(usecases))}).json()
    assert (told["schema"], told["end"]) == ("amends.practice/1", "success")
    assert client.get(f"{HERE}/sessions").json()["sessions"] == []


def test_a_conversation_of_ones_own_is_a_drill_like_any_other(client: TestClient) -> None:
    answers = {
        "name": "Ana", "role": "head of the warehouse", "happened": "Twelve pallets went to Bergen.", "persona": "furious-customer",
        "known": ["Twelve pallets went to Bergen at 09:40."], "questions": ["When do I get them?"],
    }  # fmt: skip
    own = client.post(f"{HERE}/own", json=answers).json()["own"][0]
    made = begun(client, scenario=own["scenario"])
    told = say(client, made["id"], "Twelve pallets went to Bergen at 09:40, and that was our mistake.", 1).json()
    assert (told["kind"], told["changed"], told["turns"]) == ("own", False, 1)
    assert client.get(f"{HERE}/own").json()["own"] == [own]
    assert client.delete(f"{HERE}/own/{own['id']}").status_code == 200
    assert client.delete(f"{HERE}/own/{own['id']}").status_code == 404
    assert client.post(f"{HERE}/own", json={**answers, "persona": "nobody"}).status_code == 422


def test_a_draft_is_answered_before_it_is_sent(client: TestClient) -> None:
    text = "Twelve pallets went to Bergen. I call you by 15:00 today."
    told = client.post(f"{HERE}/rehearsals", json={"text": text, "persona": "furious-customer"}).json()
    assert (told["kind"], told["turns"], told["play"]["turns"][0]["text"]) == ("rehearsal", 1, text)


def test_a_form_or_a_zone_that_is_none_is_refused(client: TestClient) -> None:
    draft = {"text": "Twelve pallets went to Bergen.", "persona": "furious-customer"}
    for wrong in ({"form": "poem"}, {"tz": "Nowhere"}):
        assert client.post(f"{HERE}/rehearsals", json={**draft, **wrong}).status_code == 422
    assert client.post(f"{HERE}/sessions", json={"scenario": DRILL, "tz": "Nowhere"}).status_code == 422
    assert client.get(f"{HERE}/sessions").json()["sessions"] == []


def test_real_messages_count_by_choice_only(client: TestClient) -> None:
    assert client.get(f"{HERE}/settings").json() == {"count_real": False}
    sent = {"text": "Checkout is down. Next update 11:10 UTC.", "form": "first-message", "audience": "team"}
    client.post("/api/v1/messages", json=sent)
    assert client.get(f"{HERE}/export").json()["reviews"] == []
    client.post(f"{HERE}/settings", json={"count_real": True})
    client.post("/api/v1/messages", json=sent)
    assert {one["form"] for one in client.get(f"{HERE}/export").json()["reviews"]} == {"first-message"}


def test_what_is_another_persons_answers_as_what_is_not_there(usecases: UseCases) -> None:
    usecases.people.add("anna", "owner")
    usecases.people.add("ben", "responder", by="anna")
    mine = usecases.practising.begin("ben", DRILL).id
    acting = ["anna"]
    api = TestClient(bare_api(usecases, lambda: acting[0]), raise_server_exceptions=False)
    missing = api.get(f"/practice/sessions/{'0' * 26}")
    for verb, path, body in (
        ("GET", "", None), ("POST", "/turns", {"text": "hello", "turn": 1}), ("POST", "/leave", None), ("DELETE", "", None),
    ):  # fmt: skip
        answer = api.request(verb, f"/practice/sessions/{mine}{path}", json=body)
        assert answer.status_code == 404
        assert answer.json()["detail"].replace(mine, "") == missing.json()["detail"].replace("0" * 26, "")
    assert api.get("/practice/sessions").json()["sessions"] == []
    acting[0] = "ben"
    assert api.get(f"/practice/sessions/{mine}").status_code == 200


def test_a_model_may_voice_the_other_person_and_changes_nothing_else(client: TestClient, usecases: UseCases) -> None:
    usecases.__dict__["_model"] = Actor
    refused = client.post(f"{HERE}/sessions", json={"scenario": DRILL, "voice": True})
    assert (refused.status_code, client.get(f"{HERE}/sessions").json()["sessions"]) == (403, [])
    assert client.post("/api/v1/model", json={"practice": True}).json()["practice"] is True

    plain, voiced = begun(client), begun(client, voice=True)
    assert (plain["voice"], voiced["voice"]) == (None, f"{NAME} at {HOST}")
    text = turns(usecases)[0]
    without, told = (say(client, one["id"], text, 1).json() for one in (plain, voiced))

    assert without["voices"] == []
    [first, *_] = told["voices"]
    written = told["play"]["turns"][0]["replies"][first["number"]]
    assert (first["turn"], first["line"], first["text"], first["note"]) == (1, written["id"], f"Well. {written['text']}", None)
    assert without["play"] == told["play"]
    assert client.get(f"{HERE}/sessions/{voiced['id']}").json() == told
