"""Messages over HTTP: begun, sent once, heard, corrected, the note; what belongs to others; and every answer as it is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
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

from amends.interfaces.api.messages_describe import EXAMPLES
from amends.interfaces.api.messages_schema import message_schemas
from amends.store.schema import person
from amends.testing import CountingIds, FixedClock, memory_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import application, bare_api

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
SCHEMAS = message_schemas("#/$defs/")
TEXT = "412 invoices went out twice. Next update at 11:20 UTC."


class Api:
    """A client, and the use cases behind it; `signed_in` is who asks."""

    def __init__(self, usecases: UseCases, clock: FixedClock) -> None:
        self.usecases = usecases
        self.clock = clock
        self.signed_in: str | None = None
        self.client = TestClient(bare_api(usecases, lambda: self.signed_in), raise_server_exceptions=False)

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def told(self, schema: str, path: str) -> Any:
        value = self("GET", path)
        jsonschema_rs.validator_for({**SCHEMAS[schema], "$defs": SCHEMAS}).validate(value)
        return value


@pytest.fixture
def api() -> Iterator[Api]:
    clock = FixedClock()
    usecases = UseCases(Checking, memory_store, clock, CountingIds())
    yield Api(usecases, clock)
    assert usecases.journal.verify() == []
    usecases.close()


@pytest.fixture
def incident(api: Api) -> str:
    made = api.usecases.incidents.open("Invoices went out twice", severity="SEV2").id
    api.usecases.involving.add_stakeholder(made, "Nordwind")
    return made


def test_a_message_is_sent_once_whatever_is_retried(api: Api, incident: str) -> None:
    body = {"text": TEXT, "audience": "customers", "tz": "UTC", "via": "phone"}
    tries = [api("POST", f"/incidents/{incident}/messages", body, 201, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert tries[0] == tries[1]
    (message,) = api.told("Messages", f"/incidents/{incident}/messages")["messages"]
    assert [(one["name"], one["state"], one["via"]) for one in message["heard"]] == [("Nordwind", "sent", "phone")]
    assert api("POST", f"/incidents/{incident}/messages", {**body, "text": "x"}, 400, **{"Idempotency-Key": "k1"})["code"] == "input"


def test_it_is_shared_acknowledged_and_corrected(api: Api, incident: str) -> None:
    (wrong,) = api("POST", f"/incidents/{incident}/messages", {"text": TEXT, "audience": "customers", "tz": "UTC"}, 201)["messages"]
    here = f"/messages/{wrong['id']}"
    assert api("POST", f"{here}/deliveries", {}, 409)["code"] == "conflict"
    added = api.usecases.involving.add_stakeholder(incident, "Süd")
    (shared,) = api("POST", f"{here}/deliveries", {"via": "mail"})["messages"]
    assert [one["state"] for one in shared["heard"]] == ["sent", "sent"]
    (known,) = api("POST", f"{here}/acknowledge", {"stakeholder": added.id})["messages"]
    assert known["heard"][1]["acknowledged_at"] == "2026-03-04T10:50:00+00:00"
    assert api("POST", f"{here}/acknowledge", {}, 404)["code"] == "not-found"
    (right,) = api("POST", f"{here}/corrections", {"text": "It was 438.", "to": [added.id]}, 201)["messages"]
    assert (right["corrects"], right["audience"]) == (wrong["id"], "customers")
    assert [one["name"] for one in right["still_wrong"]] == ["Nordwind"]
    assert [one["id"] for one in api.told("Messages", f"{here}/corrections")["messages"]] == [wrong["id"], right["id"]]
    assert api.told("Messages", f"{here}/deliveries")["messages"][0]["corrected_by"] == right["id"]


def test_starts_changes_note_and_commits_are_as_described(api: Api, incident: str) -> None:
    api.usecases.recording.fact(incident, "number", "invoices went out twice", value="412")
    assert "412 invoices" in api.told("MessageStart", f"/incidents/{incident}/starts/exec-status?tz=Europe/Berlin")["text"]
    assert api("GET", f"/incidents/{incident}/starts/poem", None, 422)["known"]
    assert api("GET", f"/incidents/{incident}/starts/exec-status?tz=Nowhere", None, 422)["field"] == "$.tz"
    assert api.told("MessageChanges", f"/incidents/{incident}/changes")["since"] is None
    api("POST", f"/incidents/{incident}/messages", {"text": TEXT, "audience": "team", "tz": "UTC"}, 201)
    api.clock.advance(minutes=5)
    api.usecases.recording.milestone(incident, "contained")
    assert [one["kind"] for one in api.told("MessageChanges", f"/incidents/{incident}/changes?audience=team")["changes"]] == ["milestone"]
    api.usecases.recording.commit(incident, "hotfix", "a" * 40, "fix")
    assert api.told("FollowUpNote", f"/incidents/{incident}/note")["hotfix"]["judgements"][0]["code"] == "subject-empty"
    assert api.told("CommitCandidates", f"/incidents/{incident}/commits")["sources"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": TEXT, "channel": "pigeon"}, None),
        ({"text": TEXT, "to": ["nobody"]}, "$.to"),
        ({"text": TEXT, "via": "two\nlines"}, "$.via"),
        ({"text": TEXT, "sent_at": "2099-01-01T00:00:00+00:00"}, "$.sent_at"),
        ({"text": TEXT, "pigeon": 1}, "$.pigeon"),
        ({}, "$.text"),
    ],
)
def test_what_is_wrong_is_named_and_leaves_nothing_behind(api: Api, incident: str, body: Any, field: str | None) -> None:
    assert api("POST", f"/incidents/{incident}/messages", body, 422).get("field") == field
    assert api.usecases.messaging.of_incident(incident) == ()


def test_what_is_private_is_not_there_for_others_and_readers_send_nothing(api: Api, incident: str) -> None:
    (sent,) = api("POST", f"/incidents/{incident}/messages", {"text": TEXT, "audience": "customers"}, 201)["messages"]
    with api.usecases.store.writing() as connection:
        for name, role in (("olga", "owner"), ("rita", "reader")):
            row = {"name": name, "display": name, "role": role, "created_at": api.clock.now()}
            connection.execute(person.insert().values(**row))
    api.signed_in = "rita"
    for path in (f"/incidents/{incident}/messages", f"/messages/{sent['id']}/deliveries", f"/messages/{sent['id']}/corrections"):
        api("POST", path, {"text": "x"} if "deliveries" not in path else {}, 403)
        api("GET", path)
    api.usecases.incidents.set_private(incident, private=True, by="olga")
    for path in (
        f"/incidents/{incident}/messages", f"/incidents/{incident}/note", f"/incidents/{incident}/changes",
        f"/incidents/{incident}/commits", f"/incidents/{incident}/starts/exec-status", f"/messages/{sent['id']}/deliveries",
    ):  # fmt: skip
        assert api("GET", path, None, 404)["code"] == "not-found"
    with api.usecases.store.writing() as connection:
        connection.execute(person.delete())


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_a_body_that_is_taken(api: Api, incident: str, name: str) -> None:
    sent = api.usecases.messaging.record(TEXT, incident_id=incident, audience="customers", to=[])
    path, status = {
        "IncidentMessageRequest": (f"/incidents/{incident}/messages", 201),
        "ShareRequest": (f"/messages/{sent.id}/deliveries", 200),
        "AcknowledgeRequest": (f"/messages/{sent.id}/acknowledge", 200),
        "CorrectionRequest": (f"/messages/{sent.id}/corrections", 201),
    }[name]
    api.usecases.involving.add_stakeholder(incident, "local")
    for example in EXAMPLES[name].values():
        api("POST", path, example["value"], status)


# Every answer

PATHS = (
    ("/incidents/{incident_id}/messages", "get"), ("/incidents/{incident_id}/messages", "post"),
    ("/messages/{message_id}/deliveries", "get"), ("/messages/{message_id}/deliveries", "post"),
    ("/messages/{message_id}/acknowledge", "post"), ("/messages/{message_id}/corrections", "get"),
    ("/messages/{message_id}/corrections", "post"), ("/incidents/{incident_id}/starts/{form}", "get"),
    ("/incidents/{incident_id}/changes", "get"), ("/incidents/{incident_id}/note", "get"), ("/incidents/{incident_id}/commits", "get"),
)  # fmt: skip


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("path", "verb"), PATHS)
def test_every_answer_about_messages_is_as_described(api: Api, path: str, verb: str, mode: GenerationMode) -> None:
    operation = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(api.usecases))[path][verb]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        incident = api.usecases.incidents.open("Invoices went out twice").id
        api.usecases.involving.add_stakeholder(incident, "Nordwind")
        if "incident_id" in path:
            case.path_parameters["incident_id"] = incident
        if "message_id" in path:
            case.path_parameters["message_id"] = api.usecases.messaging.record(TEXT, incident_id=incident, audience="customers").id
        case.call_and_validate(checks=CHECKS)

    holds()
