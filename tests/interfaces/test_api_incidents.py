"""Incidents over HTTP: opened, changed with the version that was seen, told whole, and every answer as it is described."""

from __future__ import annotations

from datetime import timedelta
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

from amends.interfaces.api.incidents import ACTS, LOOKS
from amends.interfaces.api.incidents_describe import EXAMPLES
from amends.interfaces.api.incidents_schema import story_schemas
from amends.testing import START, CountingIds, FixedClock, memory_usecases
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
ONE = "/incidents/{incident_id}"
ADDRESSES = [
    ("GET", "/incidents"),
    ("POST", "/incidents"),
    ("GET", ONE),
    ("PATCH", ONE),
    *(("POST", f"{ONE}/{act}") for act in ("follow", "remove", "restore", "events", *ACTS)),
    *(("GET", f"{ONE}/{part}") for part in ("gates", "events", *LOOKS)),
    ("POST", f"{ONE}/stakeholders/{{part_id}}/remove"),
    ("POST", f"{ONE}/links/{{part_id}}/remove"),
]


class Api:
    """A client, and the use cases behind it."""

    def __init__(self, usecases: UseCases) -> None:
        self.usecases = usecases
        self.client = TestClient(application(usecases), raise_server_exceptions=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.request(method, f"/api/v1{path}", json=body, headers=headers)

    def made(self, method: str, path: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        answer = self(method, path, body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def api() -> Iterator[Api]:
    usecases = memory_usecases(FixedClock(), CountingIds())
    yield Api(usecases)
    assert usecases.journal.verify() == []
    usecases.close()


@pytest.fixture
def here(api: Api) -> str:
    return f"/incidents/{api.usecases.incidents.open('Checkout is down', severity='SEV2').id}"


def test_one_sentence_opens_an_incident_at_an_address_of_its_own(api: Api) -> None:
    answer = api("POST", "/incidents", {"title": "SEV2: checkout is down since 10:42"})
    made = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/incidents/{made['id']}")
    assert made == {
        "schema": "amends.incident/1",
        "id": made["id"],
        "title": "Checkout is down",
        "severity": "SEV2",
        "status": "investigating",
        "started_at": "2026-03-04T10:42:00+00:00",
        "recorded_at": START.isoformat(),
        "origin": "own",
        "visibility": "open",
        "version": 1,
        "removed_at": None,
    }
    assert api.made("GET", "/incidents")["incidents"] == [{name: value for name, value in made.items() if name != "schema"}]


def test_a_retry_with_its_key_opens_nothing_new(api: Api) -> None:
    body = {"title": "Checkout is down"}
    tries = [api("POST", "/incidents", body, **{"Idempotency-Key": "k1"}).json()["id"] for _ in range(2)]
    assert len(set(tries)) == 1
    refused = api("POST", "/incidents", {"title": "Search is down"}, **{"Idempotency-Key": "k1"})
    assert (refused.status_code, refused.json()["field"]) == (422, "Idempotency-Key")


def test_a_retry_with_its_key_writes_nothing_twice(api: Api, here: str) -> None:
    bodies = [shown["value"] for shown in EXAMPLES["EventRequest"].values()]
    for number, body in enumerate(bodies):
        tries = [api("POST", f"{here}/events", body, **{"Idempotency-Key": f"k{number}"}).json()["events"] for _ in range(2)]
        assert tries[0] == tries[1]
    assert len(api.made("GET", f"{here}/events")["events"]) == 1 + len(bodies)
    refused = api("POST", f"{here}/events", {"what": "comment", "text": "another"}, **{"Idempotency-Key": "k0"})
    assert (refused.status_code, refused.json()["field"]) == (422, "Idempotency-Key")


def test_pages_and_filters_of_the_list(api: Api) -> None:
    made = [api.usecases.incidents.open(f"incident {one}", severity=f"SEV{one}").id for one in range(1, 6)]
    first = api.made("GET", "/incidents?limit=2")["incidents"]
    second = api.made("GET", f"/incidents?limit=3&before={first[-1]['id']}")["incidents"]
    assert [one["id"] for one in (*first, *second)] == made[::-1]
    two = api.made("GET", "/incidents?severity=SEV1&severity=SEV4&status=investigating")["incidents"]
    assert [one["severity"] for one in two] == ["SEV4", "SEV1"]
    assert api.made("GET", "/incidents?status=reviewed")["incidents"] == []
    for query in ("limit=0", "limit=201", "limit=x", "status=closed", "severity=high", "before=x"):
        refused = api("GET", f"/incidents?{query}")
        assert (refused.status_code, refused.json()["field"]) == (422, query.partition("=")[0])
    assert api("GET", f"/incidents?before={'0' * 26}").status_code == 404


def test_a_change_says_which_version_it_is_based_on(api: Api, here: str) -> None:
    changed = api.made("PATCH", here, {"version": 1, "severity": "SEV1", "title": "Card payments fail", "status": "identified"})
    assert (changed["version"], changed["severity"], changed["title"], changed["status"]) == (2, "SEV1", "Card payments fail", "identified")
    stale = api("PATCH", here, {"version": 1, "title": "Search is down"})
    assert (stale.status_code, stale.headers["content-type"]) == (409, "application/problem+json")
    told = stale.json()
    assert (told["code"], told["refused"], told["current"]) == ("stale", "Search is down", changed)
    assert api.made("PATCH", here, {"version": 1, "severity": "SEV1"}) == changed, "what stands already is no conflict"
    assert api("PATCH", here, {"severity": "SEV1"}).json()["field"] == "$.version"


def test_all_of_a_change_is_refused_or_none(api: Api, here: str) -> None:
    api.usecases.messaging.record("Checkout fails. Next update 11:10 UTC.", incident_id=here[-26:], sent_at=START)
    refused = api("PATCH", here, {"version": 1, "severity": "SEV1", "status": "resolved"})
    told = refused.json()
    assert (refused.status_code, told["code"], len(told["gates"])) == (409, "gate", 1)
    assert api.made("GET", f"{here}/gates?status=resolved")["gates"] == told["gates"]
    assert api.made("GET", here)["severity"] == "SEV2"
    passed = api.made("PATCH", here, {"version": 1, "severity": "SEV1", "status": "resolved", "reason": "told them by phone"})
    assert (passed["severity"], passed["status"], passed["version"]) == ("SEV1", "resolved", 2)
    events = api.made("GET", f"{here}/events")["events"]
    assert [(one["what"], one["text"]) for one in events if one["what"] == "gate"] == [("gate", "told them by phone")]


def test_what_is_written_down_is_told_with_what_still_stands(api: Api, here: str) -> None:
    events = f"{here}/events"
    (fact,) = api.made("POST", events, {"what": "fact", "kind": "cause", "text": "the deploy"}, 201)["events"]
    (better,) = api.made("POST", events, {"what": "fact", "kind": "cause", "text": "the index", "replaces": fact["id"]}, 201)["events"]
    stands = {one["id"]: one["stands"] for one in api.made("GET", events)["events"]}
    assert (stands[fact["id"]], stands[better["id"]]) == (False, True)
    late = api("POST", events, {"what": "fact", "kind": "cause", "text": "the cache", "replaces": fact["id"]})
    assert (late.status_code, late.json()["refused"], late.json()["current"]) == (409, "the cache", better)
    api.made("POST", events, {"what": "withdrawn", "replaces": better["id"]}, 201)
    assert not any(one["stands"] for one in api.made("GET", events)["events"] if one["what"] == "fact")


def test_every_example_can_be_sent(api: Api, here: str) -> None:
    addresses = {"OpenRequest": "/incidents", "FollowRequest": f"{here}/follow", "EventRequest": f"{here}/events"}
    addresses |= {kind.__name__: f"{here}/{name}" for name, (kind, _, _) in ACTS.items() if name != "invitations/remove"}
    for name, examples in EXAMPLES.items():
        for shown in examples.values():
            if name == "ChangeRequest":
                version = api.made("GET", here)["version"]
                api.made("PATCH", here, {**shown["value"], "version": version})
            else:
                answer = api("POST", addresses[name], shown["value"])
                assert answer.status_code in (200, 201), (name, answer.text)


def test_people_and_links_are_added_and_taken_off(api: Api, here: str) -> None:
    api.made("POST", f"{here}/assignments", {"function": "lead", "person": "ana"}, 201)
    api.made("POST", f"{here}/assignments", {"function": "lead", "person": "ben"}, 201)
    held = api.made("GET", f"{here}/assignments")["assignments"]
    assert [(one["person"], one["until"]) for one in held] == [("ana", START.isoformat()), ("ben", None)]
    assert api.made("POST", f"{here}/assignments/leave", {"function": "lead"})["assignments"][0]["until"] == START.isoformat()
    assert api("POST", f"{here}/assignments/leave", {"function": "lead"}).status_code == 409
    for noun, body in (("stakeholders", {"name": "EU shops"}), ("links", {"kind": "channel", "target": "#checkout"})):
        (one,) = api.made("POST", f"{here}/{noun}", body, 201)[noun]
        (gone,) = api.made("POST", f"{here}/{noun}/{one['id']}/remove")[noun]
        assert (gone["removed_at"], api.made("GET", f"{here}/{noun}")[noun]) == (START.isoformat(), [gone])
    refused = api("POST", f"{here}/links", {"kind": "other", "target": "javascript:alert(1)"})
    assert (refused.status_code, refused.json()["field"]) == (422, "$.target")


def test_the_story_holds_all_of_it_and_is_as_described(api: Api, here: str) -> None:
    usecases, incident = api.usecases, here[-26:]
    later = usecases.incidents.open("The rollback lost orders", follows=incident)
    usecases.recording.milestone(incident, "detected", START - timedelta(minutes=3), value="others")
    usecases.involving.hand_over(incident, "lead", "ana")
    usecases.involving.add_stakeholder(incident, "EU shops")
    usecases.acting.propose(incident, "Refuse a migration that drops an index in use", kind="test")
    usecases.documents.new(incident, "Call at 11:00")
    usecases.messaging.record("Checkout fails. Next update 11:10 UTC.", incident_id=incident, sent_at=START)
    story = api.made("GET", here)
    jsonschema_rs.validator_for({"$ref": "#/$defs/Story", "$defs": story_schemas()}).validate(story)
    assert [one["id"] for one in story["after"]] == [later.id]
    assert [len(story[part]) for part in ("assignments", "stakeholders", "messages", "promises", "actions", "documents")] == [1] * 6


def test_what_is_not_there_says_so(api: Api) -> None:
    for path in ("", "/events", "/gates", "/links"):
        answer = api("GET", f"/incidents/{'0' * 26}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.fixture(scope="module")
def person() -> Iterator[UseCases]:
    made = memory_usecases()
    yield made
    assert made.journal.verify() == []
    made.close()


@pytest.fixture(scope="module")
def described(person: UseCases) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(person))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("verb", "path"), ADDRESSES)
def test_every_answer_about_incidents_is_as_described(described: Any, person: UseCases, verb: str, path: str, mode: GenerationMode) -> None:
    operation = described[path][verb]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        if "incident_id" in path:
            case.path_parameters["incident_id"] = person.incidents.open("Checkout is down").id
        case.call_and_validate(checks=CHECKS)

    holds()
