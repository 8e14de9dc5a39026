"""Shared texts over HTTP: what is joined, what is refused with both texts, and that every answer is as described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from amends.interfaces.api.documents_describe import EXAMPLES
from amends.testing import memory_usecases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ONE = "/incidents/{incident_id}/documents/{document_id}"
ADDRESSES = [
    ("GET", "/incidents/{incident_id}/documents"),
    ("POST", "/incidents/{incident_id}/documents"),
    ("GET", ONE),
    ("GET", f"{ONE}/versions"),
    ("GET", f"{ONE}/differences"),
    *(("POST", f"{ONE}/{act}") for act in ("save", "rename", "go-back", "remove", "restore")),
]


@pytest.fixture(scope="module")
def usecases() -> Iterator[UseCases]:
    made = memory_usecases()
    yield made
    assert made.journal.verify() == []
    made.close()


@pytest.fixture
def here(usecases: UseCases) -> str:
    return f"/api/v1/incidents/{usecases.incidents.open('Checkout fails').id}/documents"


@pytest.fixture
def client(usecases: UseCases) -> TestClient:
    return TestClient(application(usecases), raise_server_exceptions=False)


def begun(client: TestClient, here: str, text: str = "One.\n\nTwo.\n") -> Any:
    answer = client.post(here, json={"title": "Notes", "text": text})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{here}/{answer.json()['id']}"
    return answer.json()


def test_a_text_is_begun_saved_and_read(client: TestClient, here: str) -> None:
    made = begun(client, here)
    place = f"{here}/{made['id']}"
    saved = client.post(f"{place}/save", json={"text": "One.\n\nTwo, and more.\n", "based_on": 1}).json()
    assert (saved["version"], saved["text"], saved["updated_by"]) == (2, "One.\n\nTwo, and more.\n", "local")
    assert client.get(place).json() == saved
    assert [one["id"] for one in client.get(here).json()["documents"]] == [made["id"]]
    assert [one["outcome"] for one in client.get(f"{place}/versions").json()["versions"]] == ["saved", "saved"]
    (hunk,) = client.get(f"{place}/differences", params={"from": 1, "to": 2}).json()["hunks"]
    assert {"what": "added", "text": "Two, and more."} in hunk["lines"]


def test_other_paragraphs_are_joined_and_the_same_one_is_refused_with_both_texts(client: TestClient, here: str) -> None:
    place = f"{here}/{begun(client, here)['id']}"
    client.post(f"{place}/save", json={"text": "One!\n\nTwo.\n", "based_on": 1})
    assert client.post(f"{place}/save", json={"text": "One.\n\nTwo!\n", "based_on": 1}).json()["text"] == "One!\n\nTwo!\n"
    refused = client.post(f"{place}/save", json={"text": "One?\n\nTwo.\n", "based_on": 1})
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert (told["code"], told["current"]["text"], told["kept_as"]) == ("conflict", "One!\n\nTwo!\n", 4)
    assert client.get(f"{place}/versions").json()["versions"][3]["text"] == "One?\n\nTwo.\n"


def test_what_was_removed_comes_back_and_an_earlier_version_too(client: TestClient, here: str) -> None:
    place = f"{here}/{begun(client, here)['id']}"
    assert client.post(f"{place}/remove").json()["removed_at"] is not None
    assert client.get(here).json()["documents"] == []
    assert len(client.get(here, params={"removed": "yes"}).json()["documents"]) == 1
    assert client.post(f"{place}/restore").json()["removed_at"] is None
    client.post(f"{place}/save", json={"text": "", "based_on": 1})
    assert client.post(f"{place}/go-back", json={"version": 1}).json()["text"] == "One.\n\nTwo.\n"


def test_a_retry_with_the_same_key_begins_nothing_twice(client: TestClient, here: str) -> None:
    answers = [client.post(here, json={"title": "Notes"}, headers={"Idempotency-Key": "abc"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(client.get(here).json()["documents"]) == 1


def test_a_text_is_not_there_under_another_incident(client: TestClient, here: str, usecases: UseCases) -> None:
    made = begun(client, here)
    other = usecases.incidents.open("Another").id
    assert client.get(f"/api/v1/incidents/{other}/documents/{made['id']}").status_code == 404
    assert client.post(f"/api/v1/incidents/{other}/documents/{made['id']}/remove").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"), [({"from": "1"}, "to"), ({"from": "0", "to": "1"}, "from"), ({"from": "x", "to": "1"}, "from")]
)
def test_a_version_that_is_no_number_is_named(client: TestClient, here: str, query: dict[str, str], field: str) -> None:
    refused = client.get(f"{here}/{begun(client, here)['id']}/differences", params=query)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_every_example_is_taken(client: TestClient, here: str) -> None:
    acts = {"SaveTextRequest": "save", "RenameTextRequest": "rename", "GoBackRequest": "go-back"}
    for name, examples in EXAMPLES.items():
        for example in examples.values():
            path = f"{here}/{begun(client, here)['id']}/{acts[name]}" if name in acts else here
            assert client.post(path, json=example["value"]).status_code in (200, 201)


@pytest.fixture(scope="module")
def described(usecases: UseCases) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(usecases))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("verb", "path"), ADDRESSES)
def test_every_answer_is_as_described(described: Any, usecases: UseCases, verb: str, path: str, mode: GenerationMode) -> None:
    operation = described[path][verb]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        return
    incident_id = usecases.incidents.open("Checkout fails").id

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.path_parameters["incident_id"] = incident_id
        if "document_id" in case.path_parameters:
            case.path_parameters["document_id"] = usecases.documents.new(incident_id, "Notes", text="One.").head.id
        case.call_and_validate(checks=CHECKS)

    holds()
