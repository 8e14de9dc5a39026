"""Trust repair over HTTP: placed, tied, answered and held, in the shapes that are described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.trust_describe import EXAMPLES
from amends.interfaces.api.trust_schema import trust_schemas
from amends.trust.review import QUESTIONS

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The address of the trust board of an incident that is still going on."""
    return f"/api/v1/incidents/{usecases.incidents.open('Payments were charged twice').id}/trust"


@pytest.fixture(scope="module")
def described() -> Any:
    known = trust_schemas("#/$defs/")
    return lambda record: jsonschema_rs.validator_for({"$ref": f"#/$defs/{record}", "$defs": known})


def example(body: str, which: str, **changed: Any) -> dict[str, Any]:
    return {**EXAMPLES[body][which]["value"], **changed}


def test_trust_goes_from_the_map_to_a_review_that_is_held(
    client: TestClient, usecases: UseCases, here: str, clock: FixedClock, described: Any
) -> None:
    key = {"Idempotency-Key": "once"}
    made = client.post(f"{here}/breaks", json=example("BreakRequest", "heard"), headers=key)
    again = client.post(f"{here}/breaks", json=example("BreakRequest", "heard"), headers=key)
    broken = made.json()
    assert (made.status_code, again.json()["item"]) == (201, broken["item"])
    described("PlacedBreak").validate(broken)
    tied = example("ProposeRepairRequest", "a repair", breaks=[broken["item"]])
    live = client.post(f"{here}/repairs", json=tied)
    assert (live.status_code, live.json()["code"]) == (409, "conflict")
    usecases.incidents.change_status(here.split("/")[4], "monitoring")
    repair = client.post(f"{here}/repairs", json=tied, headers=key).json()
    described("TiedRepair").validate(repair)
    assert client.post(f"{here}/repairs", json=tied, headers=key).json()["action"] == repair["action"]
    clock.advance(days=30)
    at = f"{here}/reviews/month"
    unknown = client.get(f"{here}/reviews/year")
    assert (unknown.status_code, unknown.json()["known"]) == (404, ["month", "quarter"])
    hold = example("HoldRequest", "change")
    assert client.post(f"{at}/hold", json=hold).status_code == 409, "no question has an answer"
    for question in QUESTIONS:
        answer = client.post(f"{at}/answer", json=example("AnswerRequest", "unknown", question=question))
        assert answer.status_code == 200, answer.text
    boast = client.post(f"{at}/hold", json={**hold, "said": "Your trust in us is restored."})
    assert (boast.status_code, "$.said" in boast.json()["detail"], "leave the judgement" in boast.json()["hint"]) == (422, True, True)
    held = client.post(f"{at}/hold", json=hold).json()
    assert (held["state"], held["evidence"]["repairs"][0]["helped"]) == ("held", "no-evidence-yet")
    assert held["opens_at"] == "2026-03-27T10:50:00+00:00"
    for record, path in (("TrustBoard", here), ("TrustReviews", f"{here}/reviews"), ("TrustReview", at)):
        described(record).validate(client.get(path).json())
    paper = client.get(f"{at}?format=markdown").text
    assert "Partners heard first in 2 of 3 failures" in paper


def test_a_repair_is_withdrawn_with_a_reason_and_comes_back(client: TestClient, usecases: UseCases, here: str) -> None:
    usecases.incidents.change_status(here.split("/")[4], "monitoring")
    group = client.post(f"{here}/breaks/not-asked", json=example("NotAskedRequest", "a group")).json()
    placed = client.post(f"{here}/breaks/{group['item']}/place", json=example("PlaceRequest", "heard")).json()
    assert (placed["state"], placed["whose"]) == ("heard", "Payments partners")
    item = usecases.acting.propose(here.split("/")[4], "Page the owner of the index").item.id
    at = f"{here}/repairs/{item}"
    tied = client.post(at, json=example("TieRequest", "a repair", breaks=[group["item"]], kind="other"))
    assert (tied.status_code, "$.why_other" in tied.json()["detail"]) == (422, True)
    assert client.post(at, json=example("TieRequest", "a repair", breaks=[group["item"]])).status_code == 200

    gone = client.post(f"{at}/withdraw", json=example("WithdrawRepairRequest", "why")).json()

    assert gone["repairs"] == []
    assert client.post(f"{at}/restore").json()["action"] == item


def test_a_row_of_the_map_is_withdrawn_with_a_reason_and_comes_back(client: TestClient, here: str, described: Any) -> None:
    group = client.post(f"{here}/breaks/not-asked", json=example("NotAskedRequest", "a group")).json()
    at = f"{here}/breaks/{group['item']}"
    gone = client.post(f"{at}/withdraw", json=example("WithdrawBreakRequest", "why")).json()
    described("TrustBoard").validate(gone)
    assert (gone["breaks"], [one["why"] for one in gone["withdrawn"]]) == ([], ["they spoke of the outage in May"])
    assert client.post(f"{at}/withdraw", json=example("WithdrawBreakRequest", "why")).status_code == 409
    back = client.post(f"{at}/restore").json()
    assert ([one["item"] for one in back["breaks"]], back["withdrawn"]) == ([group["item"]], [])
