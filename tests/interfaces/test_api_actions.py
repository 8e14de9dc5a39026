"""Action items over HTTP: every act, every refusal, what belongs to others, and every answer as it is described."""

from __future__ import annotations

from dataclasses import replace
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

from amends.incidents.action_report import as_dict
from amends.interfaces.api.actions import ACTS
from amends.interfaces.api.actions_describe import EXAMPLE, EXAMPLES
from amends.interfaces.api.actions_schema import action_schemas
from amends.testing import START, CountingIds, FixedClock, memory_store
from amends.testing.trackers import tracker_double
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.tracking import Outside
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
HELPS = {"helps_when": "a deploy that drops an index is red"}
COMMIT = {"evidence": {"kind": "commit", "reference": "4f2c1ab"}}
MEASURE = {"evidence": {"kind": "measure", "reference": "0 of 212 deploys"}}


class Api:
    """A client, and the use cases behind it; `signed_in` is who asks."""

    def __init__(self, usecases: UseCases, clock: FixedClock) -> None:
        self.usecases = usecases
        self.clock = clock
        self.signed_in: str | None = None
        self.client = TestClient(bare_api(usecases, lambda: self.signed_in), raise_server_exceptions=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.request(method, path, json=body, headers=headers)

    def one(self, path: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        answer = self("POST" if body is not None else "GET", path, body)
        assert answer.status_code == status, answer.text
        (found,) = answer.json()["actions"]
        return dict(found)

    def refused(self, path: str, body: Any) -> tuple[int, str, str | None]:
        answer = self("POST", path, body)
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        return answer.status_code, told["detail"], told.get("field")


@pytest.fixture
def api() -> Iterator[Api]:
    clock = FixedClock()
    with tracker_double("github") as double:
        outside = Outside({"ours": double.tracker("ours")})
        usecases = UseCases(Checking, memory_store, clock, CountingIds(), outside=lambda: outside)
        made = Api(usecases, clock)
        made.double = double  # type: ignore[attr-defined]  # for the tests of tickets
        yield made
        assert usecases.journal.verify() == []
        usecases.close()


@pytest.fixture
def incident(api: Api) -> str:
    return api.usecases.incidents.open("Checkout is down", severity="SEV1").id


@pytest.fixture
def here(api: Api, incident: str) -> str:
    made = api.one(f"/incidents/{incident}/actions", {"title": "Refuse a deploy that drops an index", "kind": "test"}, 201)
    return f"/actions/{made['id']}"


def test_an_idea_has_an_address_and_goes_all_the_way(api: Api, incident: str) -> None:
    answer = api("POST", f"/incidents/{incident}/actions", {"title": "Refuse a deploy that drops an index", "kind": "test"})
    (made,) = answer.json()["actions"]
    assert (answer.status_code, answer.headers["location"]) == (201, f"/actions/{made['id']}")
    here = f"/actions/{made['id']}"
    accepted = api.one(f"{here}/accept", HELPS)
    assert (accepted["state"], accepted["owner"], accepted["due"]) == ("accepted", "local", "2026-03-19T23:59:00+00:00")
    api.clock.advance(days=2)
    assert api.one(f"{here}/done", COMMIT)["shown_by"] == "commit:4f2c1ab"
    api.clock.advance(days=30)
    verified = api.one(f"{here}/verify", MEASURE)
    assert (verified["state"], verified["step"], verified["guardrail"]) == ("verified", "", True)
    assert [event["what"] for event in verified["events"]] == ["accepted", "done", "verified"]
    assert api.one(here) == verified
    assert api("GET", "/actions").json()["actions"] == []
    assert api("GET", f"/incidents/{incident}/actions").json()["actions"] == [verified]


def test_it_says_the_same_as_the_use_cases(api: Api, here: str) -> None:
    assert api.one(here) == as_dict(api.usecases.acting.get(here[-26:]))


def test_every_record_is_as_described(api: Api, here: str) -> None:
    api.one(f"{here}/accept", HELPS)
    api.one(f"{here}/push", {})
    api.double.close()  # type: ignore[attr-defined]  # set by the fixture
    api.one(f"{here}/follow", {})
    schemas = action_schemas("#/$defs/")
    described = jsonschema_rs.validator_for({"$ref": "#/$defs/Actions", "$defs": schemas})
    described.validate(api("GET", here).json())
    described.validate(EXAMPLE)
    assert set(EXAMPLE["actions"][0]) == set(api.one(here)), "the example shows every field"


def test_a_retry_with_its_key_proposes_nothing_new(api: Api, incident: str) -> None:
    body = {"title": "Add a limit to the queue"}
    tries = [api("POST", f"/incidents/{incident}/actions", body, **{"Idempotency-Key": "k1"}).json() for _ in range(2)]
    assert tries[0] == tries[1]
    refused = api("POST", f"/incidents/{incident}/actions", {"title": "Add a test"}, **{"Idempotency-Key": "k1"})
    assert refused.status_code == 400


def test_every_act_does_what_it_says(api: Api, here: str) -> None:
    later = (START + timedelta(days=40)).isoformat()
    assert api.one(f"{here}/accept", {**HELPS, "person": "Bo", "due": later})["owner"] == "Bo"
    assert api.one(f"{here}/decline", {"why": "another team"})["reason"] == "another team"
    api.one(f"{here}/accept", HELPS)
    assert api.one(f"{here}/move", {"due": later, "why": "the migration comes first"})["was_due"][-1] == "2026-03-19T23:59:00+00:00"
    api.one(f"{here}/done", {})
    assert api.one(f"{here}/reopen", {"why": "it never ran"})["state"] == "accepted"
    api.one(f"{here}/done", COMMIT)
    no_help = api.one(f"{here}/no-help", {"why": "again on Tuesday", "evidence": {"kind": "alert", "reference": "checkout-errors"}})
    assert (no_help["state"], no_help["step"], no_help["guardrail"]) == ("no-help", "again", False)
    assert api.one(f"{here}/undo", {})["state"] == "done"
    assert api.one(f"{here}/drop", {"why": "switched off"})["state"] == "dropped"


def test_lists_are_by_state_incident_owner_and_page(api: Api, incident: str, here: str) -> None:
    other = api.one(f"/incidents/{incident}/actions", {"title": "Alert when the queue is old"}, 201)["id"]
    api.one(f"/actions/{other}/accept", {**HELPS, "due": (START + timedelta(days=1)).isoformat(), "person": "Bo"})
    api.clock.advance(days=2)

    def ids(query: str) -> list[str]:
        return [one["id"] for one in api("GET", f"/actions{query}").json()["actions"]]

    mine = here[-26:]
    assert ids("") == [other, mine]
    assert ids("?state=overdue") == [other]
    assert ids("?owner=Bo") == [other]
    assert ids(f"?state=all&incident={incident}") == [other, mine]
    assert ids(f"?state=all&limit=1&before={other}") == [mine]
    assert api("GET", f"/actions?incident={'Z' * 26}").status_code == 404


@pytest.mark.parametrize("query", ["state=late", "limit=0", "limit=x", "before=1", "before=" + "0" * 26])
def test_a_query_that_means_nothing_is_refused_by_name(api: Api, query: str) -> None:
    answer = api("GET", f"/actions?{query}")

    assert (answer.status_code, answer.json()["field"]) == (422, query.partition("=")[0])


def test_what_cannot_be_taken_is_named_by_its_field(api: Api, incident: str, here: str) -> None:
    proposing = f"/incidents/{incident}/actions"
    assert api.refused(proposing, {"title": "two\nlines"})[::2] == (422, "$.title")
    assert api.refused(proposing, {"title": "Add a test", "kind": "hope"})[::2] == (422, "$.kind")
    assert api.refused(f"{here}/accept", {"helps_when": "it works", "due": START.isoformat()})[::2] == (422, "$.due")
    assert api.refused(f"{here}/accept", {"due": START.isoformat()})[::2] == (422, "$.helps_when")
    assert api.refused(f"{here}/accept", {**HELPS, "until": 1})[::2] == (422, "$.until")
    assert api.refused(f"{here}/verify", {})[::2] == (422, "$.evidence")
    assert api.refused(f"{here}/verify", MEASURE)[0] == 409
    assert api.refused(f"/actions/{'Z' * 26}/done", {})[0] == 404


def test_remarks_come_with_what_was_taken(api: Api, incident: str) -> None:
    answer = api("POST", f"/incidents/{incident}/actions", {"title": "Be more careful"})

    assert answer.status_code == 201
    assert answer.json()["remarks"][0]["code"] == "be-more-careful"


def test_a_tracker_that_refuses_is_a_bad_gateway_with_what_to_do(api: Api, here: str) -> None:
    api.double.faults.append("401")  # type: ignore[attr-defined]  # set by the fixture
    answer = api("POST", f"{here}/push", {})

    assert (answer.status_code, answer.json()["code"]) == (502, "outside")
    assert "trackers.ours.token" in answer.json()["hint"]
    assert api.one(f"{here}/push", {})["ticket"] == "ours:1"
    assert api.refused(f"{here}/push", {})[0] == 409
    assert api.refused(f"{here}/push", {"tracker": "theirs"})[0] == 422


def test_of_a_private_incident_others_learn_nothing_and_nothing_is_sent(api: Api) -> None:
    api.signed_in = "Dana"
    hidden = api.usecases.incidents.open("A key was published", private=True, by="Dana").id
    made = api.one(f"/incidents/{hidden}/actions", {"title": "Rotate keys each month"}, 201)["id"]
    assert "private" in api.refused(f"/actions/{made}/push", {})[1]
    api.signed_in = "Bo"
    assert api("GET", f"/actions/{made}").status_code == 404
    assert api("GET", f"/incidents/{hidden}/actions").status_code == 404
    assert api("GET", "/actions?state=all").json()["actions"] == []
    for name in ACTS:
        body = {"why": "curious", **HELPS, **MEASURE, "due": "2099-01-01T00:00:00Z"}
        wanted = ACTS[name][0].__struct_fields__
        answer = api("POST", f"/actions/{made}/{name}", {key: value for key, value in body.items() if key in wanted})
        assert answer.status_code == 404, name
    assert api.double.seen == []  # type: ignore[attr-defined]  # set by the fixture


BEFORE = {
    "decline": ("accept",), "move": ("accept",), "done": ("accept",), "reopen": ("accept", "done"), "verify": ("accept", "done"),
    "no-help": ("accept", "done"), "undo": ("accept",), "follow": ("push",),
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {"accept": HELPS, "done": {}, "push": {}}


@pytest.mark.parametrize("name", ACTS)
def test_every_example_can_be_sent(api: Api, incident: str, name: str) -> None:
    for example in EXAMPLES[ACTS[name][0].__name__].values():
        made = api.one(f"/incidents/{incident}/actions", {"title": "Add a test"}, 201)["id"]
        for first in BEFORE.get(name, ()):
            api.one(f"/actions/{made}/{first}", BODIES[first])
        api.one(f"/actions/{made}/{name}", example["value"])


def test_every_example_of_an_idea_can_be_sent(api: Api, incident: str) -> None:
    for example in EXAMPLES["ProposeActionRequest"].values():
        api.one(f"/incidents/{incident}/actions", example["value"], 201)


@pytest.fixture(scope="module")
def person() -> Iterator[UseCases]:
    with tracker_double("github") as double:
        outside = Outside({"ours": double.tracker("ours")})
        usecases = UseCases(Checking, memory_store, FixedClock(), CountingIds(), outside=lambda: outside)
        yield usecases
        usecases.close()


@pytest.fixture(scope="module")
def described(person: UseCases) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(person))


ADDRESSES = [
    ("GET", "/actions"),
    ("GET", "/actions/{action_id}"),
    ("GET", "/incidents/{incident_id}/actions"),
    ("POST", "/incidents/{incident_id}/actions"),
    *(("POST", f"/actions/{{action_id}}/{name}") for name in ACTS),
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("verb", "path"), ADDRESSES)
def test_every_answer_about_action_items_is_as_described(
    described: Any, person: UseCases, verb: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][verb]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        incident = person.incidents.open("Checkout is down").id
        if "incident_id" in path:
            case.path_parameters["incident_id"] = incident
        if "action_id" in path:
            case.path_parameters["action_id"] = person.acting.propose(incident, "Add a test").item.id
        case.call_and_validate(checks=CHECKS)

    holds()


def test_a_record_without_anything_optional_is_as_described(api: Api, here: str) -> None:
    now = api.usecases.acting.get(here[-26:])
    bare = as_dict(replace(now, events=()))

    schemas = action_schemas("#/$defs/")
    jsonschema_rs.validator_for({"$ref": "#/$defs/ActionItem", "$defs": schemas}).validate(bare)
