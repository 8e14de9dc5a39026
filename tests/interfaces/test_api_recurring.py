"""Recurrence over HTTP: met before, judged, declared and guarded, in the shapes that are described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.recurring_describe import EXAMPLES
from amends.interfaces.api.recurring_schema import recurrence_schemas

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

HERE = "/api/v1"


@pytest.fixture(scope="module")
def described() -> Any:
    known = recurrence_schemas("#/$defs/")
    return lambda record: jsonschema_rs.validator_for({"$ref": f"#/$defs/{record}", "$defs": known})


def example(body: str, which: str, **changed: Any) -> dict[str, Any]:
    return {**EXAMPLES[body][which]["value"], **changed}


def test_what_was_met_before_is_judged_and_guarded(client: TestClient, usecases: UseCases, clock: FixedClock, described: Any) -> None:
    earlier = usecases.incidents.open("Checkout rejects all cards since the deploy").id
    action = usecases.acting.propose(earlier, "Refuse a deploy without a currency", kind="test").item.id
    clock.advance(days=365)
    later = usecases.incidents.open("Checkout rejects cards since the deploy").id
    at = f"{HERE}/incidents/{later}/recurrence"

    met = client.get(at).json()
    described("MetBefore").validate(met)
    assert (met["times"], met["same"][0]["incident"]["id"], met["same"][0]["promised"][0]["held"]) == (2, earlier, "not-there")
    judged = client.post(f"{at}/judge", json=example("JudgeRequest", "again", earlier=earlier)).json()
    assert judged["same"][0]["judgement"]["verdict"] == "repeat"
    declared = client.post(f"{at}/declare", json=example("DeclareRequest", "some")).json()
    assert [one["title"] for one in declared["fingerprint"]][:2] == ["a certificate or credential", "login"]
    described("MetBefore").validate(declared)
    wrong = client.post(f"{at}/declare", json={"trigger": "releas"})
    assert (wrong.status_code, "release" in wrong.json()["hint"]) == (422, True)

    key = {"Idempotency-Key": "once"}
    fired = example("TellGuardrailRequest", "fired", guardrail=action)
    early = client.post(f"{HERE}/incidents/{earlier}/guardrails", json=fired)
    assert (early.status_code, early.json()["detail"]) == (409, "this guardrail is not in place: nobody took it on")
    usecases.acting.accept(action, helps_when="a deploy without one is red")
    usecases.acting.done(action)
    guarded = [client.post(f"{HERE}/incidents/{earlier}/guardrails", json=fired, headers=key).json() for _ in range(2)][1]
    described("Guardrails").validate(guarded)
    (event,) = guarded["mistakes"][0]["guardrails"][0]["events"]
    assert event["shown_by"] == "test:ci/8812"
    undone = client.post(f"{HERE}/guardrails/events/{event['id']}/undo", json={}).json()
    assert undone["mistakes"][0]["guardrails"][0]["events"] == []

    for record, path in (
        ("Guardrails", "guardrails"),
        ("OnThisDay", "on-this-day"),
        ("Recurrence", "recurrence"),
        ("RecurrenceKinds", "recurrence/kinds"),
    ):
        answer = client.get(f"{HERE}/{path}").json()
        described(record).validate(answer)
        assert any(answer[name] for name in ("mistakes", "incidents", "repeats", "records", "kinds") if name in answer)
    assert client.post(f"{HERE}/recurrence", json=example("ModeRequest", "shadow")).json()["mode"] == "shadow"
