"""The account of an incident over HTTP: stated, revised, cited, opened down to what it rests on, and refused with what stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.narrating_describe import EXAMPLES
from amends.interfaces.api.narrating_schema import account_record_schemas

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

NUMBER = {"part": "claim", "kind": "number", "text": "Payments that were charged twice", "value": "4,212 payments"}
MEASURE = {"kind": "measure", "text": "4,212 rows with two charges of one order, counted in the ledger"}


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The address of the account of an incident."""
    return f"/api/v1/incidents/{usecases.incidents.open('Checkout is down since 10:42').id}/account"


@pytest.fixture(scope="module")
def described() -> Any:
    known = account_record_schemas("#/$defs/")
    return lambda record: jsonschema_rs.validator_for(
        {"$ref": f"#/$defs/{record}", "$defs": {**known, "EntryBytes": {}, "SentMessage": {}}}
    )


def only(answer: Any) -> Any:
    """The one point of an answer."""
    assert answer.status_code in (200, 201), answer.text
    (point,) = answer.json()["points"]
    return point


def test_a_point_is_stated_cited_revised_and_withdrawn(client: TestClient, here: str, described: Any) -> None:
    stated = client.post(f"{here}/points", json=NUMBER)
    point = only(stated)
    assert (stated.status_code, stated.headers["location"]) == (201, f"{here}/points/{point['item']}")
    assert point["support"] == {"status": "unsupported", "why": "nothing is cited"}
    at = f"{here}/points/{point['item']}"
    cited = only(client.post(f"{at}/cite", json=MEASURE))
    assert (cited["support"]["status"], [one["text"] for one in cited["evidence"]]) == ("confirmed", [MEASURE["text"]])
    revised = only(client.post(f"{at}/revise", json={"based_on": point["id"], "value": "4,190 payments"}))
    assert (revised["value"], revised["text"], [one["value"] for one in revised["before"]]) == (
        "4,190 payments", NUMBER["text"], ["4,212 payments"])  # fmt: skip
    bare = only(client.post(f"{here}/evidence/{cited['evidence'][0]['id']}/remove"))
    assert bare["support"]["status"] == "unsupported"
    gone = client.post(f"{at}/withdraw", json={"based_on": revised["id"]}).json()
    assert (gone["points"], [one["what"] for one in gone["withdrawn"]]) == ([], ["withdrawn"])
    history = client.get(f"{here}/history").json()
    assert [one["done"] for one in history["changes"]] == ["stated", "cited", "revised", "taken-back", "withdrawn"]
    described("Account").validate(client.get(here).json())
    described("AccountHistory").validate(history)


def test_who_saw_an_old_revision_is_told_what_stands_now(client: TestClient, here: str) -> None:
    point = only(client.post(f"{here}/points", json=NUMBER))
    at = f"{here}/points/{point['item']}/revise"
    client.post(at, json={"based_on": point["id"], "text": "Charged twice, by the ledger"})
    answer = client.post(at, json={"based_on": point["id"], "text": "Charged twice, by the shops"})
    told = answer.json()
    assert (answer.status_code, told["current"]["text"], told["refused"]) == (
        409, "Charged twice, by the ledger", "Charged twice, by the shops")  # fmt: skip


def test_the_same_key_states_a_point_once(client: TestClient, here: str) -> None:
    key = {"Idempotency-Key": "one"}
    first, second = (only(client.post(f"{here}/points", json=NUMBER, headers=key)) for _ in range(2))
    assert first["item"] == second["item"]
    assert len(client.get(here).json()["points"]) == 1


def test_entries_become_claims_that_open_down_to_what_they_rest_on(client: TestClient, here: str, described: Any) -> None:
    timeline = here.replace("/account", "/timeline")
    entry = client.post(f"{timeline}/entries", json={"time": "2026-03-04T10:30:00Z", "text": "Ines called: the shops see errors"}).json()
    claim = only(client.post(f"{here}/choose", json={"entries": [entry["id"], entry["id"]], "kind": "signal"}))
    assert (claim["kind"], claim["text"], claim["evidence"][0]["quote"]) == ("signal", entry["text"], entry["text"])
    sent = client.post("/api/v1/messages", json={"text": "4,212 payments failed.", "incident": here.split("/")[-2]}).json()
    cited = client.post(
        f"{here}/points/{claim['item']}/cite", json={"kind": "message", "ref": sent["message"]["id"], "text": "4,212 payments"}
    )
    behind = client.get(f"{here}/evidence/{only(cited)['evidence'][1]['id']}").json()
    described("Cited").validate(behind)
    assert (behind["message"]["text"], behind["evidence"]["quote"]) == ("4,212 payments failed.", "4,212 payments")


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("points", {"part": "claim", "kind": "number", "text": "Payments"}, 422, "$.value"),
        ("points", {"part": "claim", "text": "It broke", "kind": "rumour"}, 422, "$.kind"),
        ("points", {"part": "question", "text": "Why?", "value": "5"}, 422, "$.value"),
        ("points", {"part": "position", "text": "It was the cache", "of": "nothing"}, 422, "$.of"),
        ("points", {"part": "claim", "kind": "fact", "text": "x", "at": "2099-01-01T00:00:00Z"}, 422, "$.at"),
        ("points/none/revise", {"based_on": "a", "text": "b"}, 404, None),
        ("points/none/cite", MEASURE, 404, None),
        ("choose", {"entries": ["none"]}, 404, None),
        ("choose", {"entries": []}, 422, "$.entries"),
        ("evidence/none/remove", {}, 404, None),
    ],
)
def test_what_means_nothing_is_refused_by_the_name_of_its_field(
    client: TestClient, here: str, path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.post(f"{here}/{path}", json=body)
    assert (answer.status_code, answer.json().get("field")) == (status, field), answer.text


def test_the_examples_of_the_description_are_taken(client: TestClient, here: str) -> None:
    for example in EXAMPLES["StateRequest"].values():
        point = only(client.post(f"{here}/points", json=example["value"]))
    for example in EXAMPLES["CiteRequest"].values():
        point = only(client.post(f"{here}/points/{point['item']}/cite", json=example["value"]))
    assert [one["stance"] for one in point["evidence"]] == ["supports", "contradicts"]


def test_an_account_begins_with_what_was_written_down(client: TestClient, usecases: UseCases, here: str, described: Any) -> None:
    incident = here.split("/")[4]
    fact = usecases.recording.fact(incident, "number", "payments failed", value="258 of 831")
    told = client.get(f"{here}/recorded").json()
    assert described("AccountRecorded").is_valid(told)
    assert [(one["id"], one["where"], one["kind"], one["item"]) for one in told["recorded"]] == [(fact.id, "fact", "number", None)]
    point = only(client.post(f"{here}/begin", json={"names": [fact.id]}))
    assert (point["value"], point["evidence"][0]["ref"]) == ("258 of 831", fact.id)
    assert client.get(f"{here}/recorded").json()["recorded"][0]["item"] == point["item"]
    assert client.post(f"{here}/begin", json={"names": ["none"]}).status_code == 404
