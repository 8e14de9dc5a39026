"""The OpenAPI document, and the API held against it by requests that nobody thought of."""

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

from amends.core.record import fields
from amends.interfaces.api.ledger import ACTS
from amends.interfaces.api.schema import document_schemas
from amends.language import records
from amends.testing import CountingIds, FixedClock, memory_usecases
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import application, served

if TYPE_CHECKING:
    from collections.abc import Iterator


def no_store() -> Any:
    raise AssertionError("checks need no store")


@pytest.fixture(scope="module")
def api() -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(UseCases(Checking, no_store, FixedClock(), CountingIds())))


@pytest.fixture(scope="module")
def person() -> UseCases:
    return memory_usecases()


@pytest.fixture(scope="module")
def ledger(person: UseCases) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(person))


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_every_answer_to_a_check_is_as_described(api: Any, mode: GenerationMode) -> None:
    @given(case=api["/check"]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    holds()


@pytest.mark.parametrize("path", ["/forms", "/rules", "/rules/{rule_id}"])
def test_every_answer_of_a_list_is_as_described(api: Any, path: str) -> None:
    @given(case=api[path]["GET"].as_strategy())
    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    holds()


LEDGER = [
    ("GET", "/promises"),
    ("GET", "/promises/absence"),
    ("GET", "/promises/{promise_id}"),
    ("GET", "/messages/{message_id}"),
    ("GET", "/incidents"),
    ("POST", "/promises"),
    ("POST", "/messages"),
    *(("POST", f"/promises/{{promise_id}}/{act}") for act, _, _ in ACTS),
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("verb", "path"), LEDGER)
def test_every_answer_of_the_ledger_is_as_described(ledger: Any, person: UseCases, verb: str, path: str, mode: GenerationMode) -> None:
    """Acts are asked of a promise that is there, a new one each time; what is not there is asked for too, in the other tests."""
    operation = ledger[path][verb]
    takes = operation.body or operation.query or operation.headers
    if mode is GenerationMode.NEGATIVE and not takes:
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        if "promise_id" in path:
            case.path_parameters["promise_id"] = person.promising.add("call the shops", None, made_to="Ines").promise.id
        case.call_and_validate(checks=CHECKS)

    holds()
    assert person.journal.verify() == []


@pytest.fixture(scope="module")
def document() -> Iterator[dict[str, Any]]:
    with served() as client:
        yield client.get("/api/v1/openapi.json").json()


def test_every_address_has_a_summary_and_says_how_it_refuses(document: dict[str, Any]) -> None:
    assert {"/check", "/forms", "/rules", "/rules/{rule_id}", "/promises", "/promises/{promise_id}/keep"} <= set(document["paths"])
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert "429" in operation["responses"], path
            refused = operation["responses"].get("422", {"content": {"application/problem+json": {}}})
            assert list(refused["content"]) == ["application/problem+json"], path


def test_every_way_to_be_refused_has_an_example(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status not in ("200", "201", "202"):
                    assert answer["content"]["application/problem+json"]["example"]["status"] == int(status)


def test_the_forms_that_can_be_asked_for_are_listed(document: dict[str, Any]) -> None:
    assert {"auto", "first-message"} <= set(document["components"]["schemas"]["CheckRequest"]["properties"]["form"]["enum"])


def test_schemas_speak_of_every_field_of_a_record() -> None:
    schemas = document_schemas()

    assert set(schemas["Document"]["properties"]) == set(fields(records.Document))
    assert set(schemas["Finding"]["required"]) == set(fields(records.Finding))
    assert schemas["Commitment"]["properties"]["due"]["anyOf"] == [{"type": "string", "format": "date-time"}, {"type": "null"}]
    assert schemas["Problem"]["description"]
