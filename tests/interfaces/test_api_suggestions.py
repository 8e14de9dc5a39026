"""Drafts of a model over HTTP: allowed, asked for, judged, adopted, and every answer as it is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from amends.narrative.drift import Comparison
from amends.testing import CountingIds, FixedClock, memory_store
from amends.testing.models import NAME, ModelDouble, model_double
from amends.usecases import comparing
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND = "213 orders failed at three stores", "Nobody reviewed the plan of the migration"


@pytest.fixture(scope="module")
def double() -> Iterator[ModelDouble]:
    with model_double() as made:
        yield made


@pytest.fixture
def usecases(double: ModelDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[UseCases]:
    monkeypatch.setattr(comparing, "hold_against", lambda *_, **_how: Comparison((), (), 0))
    double.mode = None
    made = UseCases(Checking, memory_store, FixedClock(), CountingIds(), model=double.model)
    yield made
    assert made.journal.verify() == []
    made.close()


@pytest.fixture
def client(usecases: UseCases) -> TestClient:
    return TestClient(application(usecases), raise_server_exceptions=False)


@pytest.fixture
def here(usecases: UseCases) -> str:
    incident = usecases.incidents.open("The checkout loses orders").id
    effect = usecases.narrating.state(incident, "claim", FIRST, kind="effect")
    usecases.narrating.cite(incident, effect.item, "measure", text="orders without a payment: 213")
    plan = usecases.narrating.state(incident, "condition", SECOND, kind="organisational")
    usecases.narrating.cite(incident, plan.item, "measure", text="reviews of the plan: 0")
    return f"/api/v1/incidents/{incident}/account/drafts"


def drafted(client: TestClient, here: str, **body: Any) -> dict[str, Any]:
    answer = client.post(here, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{here}/{found['id']}"
    return found


def test_a_model_drafts_only_after_an_owner_allowed_it(client: TestClient, here: str) -> None:
    assert client.get("/api/v1/model").json() == {
        "schema": "amends.model/1", "model": NAME, "host": "127.0.0.1", "open": False, "private": False,
        "practice": False,
    }  # fmt: skip
    refused = client.post(here, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")

    assert client.post("/api/v1/model", json={"open": True}).json()["open"] is True
    made = drafted(client, here, audience="leadership")

    assert [(one["text"], one["struck"]) for one in made["sentences"]] == [(f"{FIRST}.", False), (f"{SECOND}.", False)]
    assert (made["model"], made["asked_by"], made["audience"]) == (NAME, "local", "leadership")
    assert client.get(here).json()["drafts"] == [made]
    assert client.get(f"{here}/{made['id']}").json() == made


def test_sentences_are_adopted_by_number_and_struck_out_ones_only_in_other_words(
    client: TestClient, here: str, double: ModelDouble
) -> None:
    client.post("/api/v1/model", json={"open": True})
    double.mode = "invents"
    made = drafted(client, here)
    adopt = f"{here}/{made['id']}/adopt"

    refused = client.post(adopt, json={"sentences": [{"number": 1}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    twice = client.post(adopt, json={"sentences": [{"number": 2}, {"number": 2}]})
    assert (twice.status_code, twice.json()["field"]) == (422, "$.sentences")
    after = client.post(adopt, json={"sentences": [{"number": 2}, {"number": 1, "text": "A cable was pulled."}]}).json()

    assert [one["adopted"] for one in after["sentences"]] == [True, True, False]
    assert after["adoptions"][0]["rewritten"] == [1]
    incident = here.split("/")[4]
    text = client.get(f"/api/v1/incidents/{incident}/versions/team").json()["text"]
    assert text == f"A cable was pulled. {FIRST}.\n"


def test_a_server_of_a_model_that_fails_is_a_bad_gateway_with_what_to_do(client: TestClient, here: str, double: ModelDouble) -> None:
    client.post("/api/v1/model", json={"open": True})
    double.faults.append("429")

    answer = client.post(here, json={})

    assert (answer.status_code, answer.json()["hint"]) == (502, "try again in 42 s")
    assert client.get(here).json()["drafts"] == []
