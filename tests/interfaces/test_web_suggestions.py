"""The page of a model's drafts without any script: what was struck out and why, and adopting by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from amends.core.errors import UsageError
from amends.narrative.drift import Comparison
from amends.testing.models import NAME, ModelDouble, model_double
from amends.usecases import comparing
from interfaces.desk import banner, follow, heading, words
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases


@pytest.fixture(scope="module")
def server() -> Iterator[ModelDouble]:
    with model_double() as made:
        yield made


@pytest.fixture
def double(server: ModelDouble, usecases: UseCases, monkeypatch: pytest.MonkeyPatch) -> ModelDouble:
    monkeypatch.setattr(comparing, "hold_against", lambda *_, **_how: Comparison((), (), 0))
    monkeypatch.setattr(usecases.suggesting, "_model", server.model)
    server.mode = None
    server.faults.clear()
    return server


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    """A browser at the very use cases of the test, whose model is set."""
    app = application(usecases)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def incident(usecases: UseCases) -> str:
    made = usecases.incidents.open("The checkout loses orders").id
    effect = usecases.narrating.state(made, "claim", "213 orders failed at three stores", kind="effect")
    usecases.narrating.cite(made, effect.item, "measure", text="orders without a payment: 213")
    return f"/incidents/{made}/suggestions"


def test_without_a_model_the_page_says_that_people_write(client: TestClient, incident: str) -> None:
    page = client.get(incident).text

    assert heading(page) == "No model is set up."
    assert "People write versions" in words(page)
    assert "Have it draft" not in page


def test_an_owner_allows_it_in_the_settings(client: TestClient, incident: str, double: ModelDouble) -> None:
    assert double.url
    assert "Nobody allowed double-7b" in words(client.get(incident).text)
    assert client.post(incident, data={"audience": "team"}).status_code == 403

    page = follow(client, "/settings/model", open="yes")

    assert "may be given claims of open incidents: yes; of private incidents: no" in words(page)
    assert "Have it draft" in client.get(incident).text


def test_what_was_struck_out_stands_there_with_the_reason_and_the_rest_is_adopted_by_hand(
    client: TestClient, incident: str, double: ModelDouble, usecases: UseCases
) -> None:
    usecases.suggesting.allow(open=True)
    double.mode = "html"
    page = follow(client, incident, audience="leadership", purpose="version")

    assert "<img src=x" not in page
    assert "<del>&lt;img src=x onerror=alert(1)&gt;213 orders" in page
    assert "It has markup, which plain sentences have none of." in words(page)
    assert f"Written by {NAME}" in words(page)
    adopt = re.search(r'action="([^"]+/adopt)"', page)
    assert adopt

    refused = client.post(adopt[1], data={"take-1": "yes"})
    assert refused.status_code == 409
    assert "Sentence 1 was struck out" in words(refused.text)
    assert "No sentence is named." in words(client.post(adopt[1], data={}).text)
    after = follow(client, adopt[1], **{"take-2": "yes", "text-1": "We saw it late."})
    assert "It stands at the end of the version now" in banner(after)
    assert "sentences 1, 2 (1 in other words)" in words(after)
    document = usecases.documents.list(incident.split("/")[2])[0]
    assert usecases.documents.get(document.id).text == "We saw it late. 213 orders failed at three stores.\n"


def test_a_server_that_fails_is_said_beside_the_form(client: TestClient, incident: str, double: ModelDouble, usecases: UseCases) -> None:
    usecases.suggesting.allow(open=True)
    double.faults.append("503")

    refused = client.post(incident, data={"audience": "customers", "purpose": "version"})

    assert refused.status_code == 502
    assert "The model cannot answer now (503)" in words(refused.text)
    assert '<option value="customers" selected>' in refused.text


def test_a_key_that_is_not_set_breaks_no_page(
    client: TestClient, incident: str, usecases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unset() -> None:
        raise UsageError("model.key names the variable MODEL_KEY, which is not set", hint="set MODEL_KEY to the key of the model's server")

    monkeypatch.setattr(usecases.suggesting, "_model", unset)

    for address in ("/settings", incident):
        assert "MODEL_KEY, which is not set" in words(client.get(address).text)
