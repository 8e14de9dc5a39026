"""Pulses over HTTP: asked and closed by people of the workspace, and answered without an account, leaving nothing behind."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.pulses import EXAMPLES
from amends.interfaces.api.pulses_schema import pulse_schemas

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    made = usecases.incidents.open("Checkout is down since 10:42").id
    usecases.incidents.change_status(made, "monitoring", reason="payments go through")
    return made


@pytest.fixture
def here(incident: str) -> str:
    return f"/api/v1/incidents/{incident}/pulse"


@pytest.fixture(scope="module")
def described() -> Any:
    known = pulse_schemas("#/$defs/")
    return lambda record, value: jsonschema_rs.validator_for({"$ref": f"#/$defs/{record}", "$defs": known}).validate(value)


def opened(client: TestClient, here: str, **groups: int) -> tuple[str, dict[str, list[str]]]:
    answer = client.post(here, json={"which": "baseline", "groups": groups})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return told["wave"]["id"], {group: [link.removeprefix("/p/") for link in links] for group, links in told["links"].items()}


def test_a_wave_is_opened_answered_closed_and_shown(client: TestClient, here: str, described: Any) -> None:
    answer = client.post(here, json={"which": "baseline", "groups": {"team": 6, "users": 9}})
    described("PulseOpened", answer.json())
    wave = answer.json()["wave"]["id"]
    for number, link in enumerate(answer.json()["links"]["team"]):
        token = link.removeprefix("/p/")
        asked = client.post("/api/v1/pulse/asked", json={"token": token})
        described("PulseAsked", asked.json())
        scores = {item["id"]: 3 + number % 4 for item in asked.json()["items"]}
        for _ in range(2):
            taken = client.post("/api/v1/pulse/answers", json={"token": token, "scores": scores, "comments": {"fear": "the night job"}})
            assert (taken.status_code, taken.json()["taken"]) == (200, True), "a form that is sent twice is thanked twice"
    before = client.get(here).json()
    described("Pulse", before)
    assert (before["results"], before["waves"][0]["groups"][0]) == ([], {"group": "team", "invited": 6, "answered": 6})
    closed = client.post(f"/api/v1/pulse/waves/{wave}/close").json()
    described("Pulse", closed)
    team, users = closed["results"][0]["groups"]
    assert (team["counted"], team["index"]["n"], len(team["items"])) == (6, 6, 9)
    assert (users["items"], users["hidden"]) == ([], "nobody answered; a group is shown from 5 answers on, and fewer are destroyed unread")


def test_answering_needs_no_account_and_leaves_no_word_in_any_log(
    client: TestClient, usecases: UseCases, here: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "amends")
    _, links = opened(client, here, team=5)
    usecases.people.add("mia", "owner")
    sent = {"token": links["team"][0], "scores": {"kept-word": 4}}
    assert client.get(here).status_code == 401
    assert client.post("/api/v1/pulse/asked", json={"token": links["team"][0]}).status_code == 200
    assert client.post("/api/v1/pulse/answers", json=sent).status_code == 200
    assert client.post("/api/v1/pulse/answers", json={**sent, "token": "x" * 22}).status_code == 404
    assert links["team"][0] not in caplog.text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"which": "baseline", "groups": {"team": 4}}, 422, "4 people cannot answer unrecognised"),
        ({"which": "baseline", "groups": {}}, 422, "nobody is asked"),
        ({"which": "baseline", "groups": {"team": 9}, "least": 3}, 422, "least"),
        ({"which": "soon", "groups": {"team": 9}}, 422, "which"),
        ({"which": "baseline", "groups": {"team": 9}, "closes_at": "2031-01-01T00:00:00Z"}, 422, "closes_at"),
    ],
)
def test_a_wave_that_cannot_be_is_refused_with_what_to_do(client: TestClient, here: str, body: Any, status: int, said: str) -> None:
    answer = client.post(here, json=body)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize("wrong", [{"kept-word": 8}, {"kept-word": "5"}, {"trust": 5}, {}])
def test_what_is_no_answer_is_refused_and_spends_nothing(client: TestClient, here: str, wrong: Any) -> None:
    _, links = opened(client, here, team=5)
    answer = client.post("/api/v1/pulse/answers", json={"token": links["team"][0], "scores": wrong})
    assert answer.status_code == 422, answer.text
    assert client.get(here).json()["waves"][0]["groups"][0]["answered"] == 0


def test_the_examples_are_taken_as_they_stand(client: TestClient, here: str) -> None:
    shown = {name: next(iter(examples.values()))["value"] for name, examples in EXAMPLES.items()}
    answer = client.post(here, json=shown["OpenPulseRequest"])
    wave, token = answer.json()["wave"]["id"], answer.json()["links"]["team"][0].removeprefix("/p/")
    assert client.post("/api/v1/pulse/asked", json=shown["PulseAskedRequest"] | {"token": token}).status_code == 200
    assert client.post("/api/v1/pulse/answers", json=shown["PulseAnswerRequest"] | {"token": token}).status_code == 200
    assert client.post(f"/api/v1/pulse/waves/{wave}/extend", json=shown["ExtendPulseRequest"]).status_code == 200
    for act in ("links", "abandon"):
        assert client.post(f"/api/v1/pulse/waves/{wave}/{act}", json=shown["PulseNothingRequest"]).status_code == 200
    assert client.post(f"{here}/forget", json=shown["PulseNothingRequest"]).json()["waves"] == []


def test_what_is_next_is_told_with_who_does_it(client: TestClient, usecases: UseCases, here: str, described: Any) -> None:
    assert client.get(here).json()["next"] is None
    usecases.trust_reviews.plan(here.split("/")[-2], lead="Bo")
    told = client.get(here).json()
    described("Pulse", told)
    assert (told["next"]["which"], told["next"]["step"], told["next"]["to"]) == ("baseline", "open", "Bo")
    client.post(here, json={"which": "baseline", "groups": {"team": 6}})
    told = client.get(here).json()
    described("Pulse", told)
    assert (told["next"]["step"], told["next"]["last"]) == ("close", told["waves"][0]["closes_at"])


def test_that_the_same_people_are_asked_twice_is_told_before_and_when_a_wave_is_opened(
    client: TestClient, usecases: UseCases, here: str, described: Any
) -> None:
    other = usecases.incidents.open("Search is slow").id
    usecases.incidents.change_status(other, "monitoring", reason="it is fast again")
    usecases.pulses.open(other, "baseline", {"team": 6})
    told = client.get(here).json()
    described("Pulse", told)
    assert [one["code"] for one in told["advice"]] == ["pulse-early", "pulse-asked-twice"]
    answer = client.post(here, json={"which": "baseline", "groups": {"users": 6}})
    assert [one["code"] for one in answer.json()["advice"]] == ["pulse-early"], "the users of the other incident were not asked"
    assert client.get(here).json()["advice"] == [], "a wave is open, so no other can be"
