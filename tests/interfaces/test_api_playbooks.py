"""Playbooks over HTTP: refused at the gate, begun, and filled from what the data hold."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from amends.interfaces.api.playbooks_describe import EXAMPLES
from amends.interfaces.api.playbooks_schema import playbook_schemas
from amends.testing import memory_usecases
from amends.usecases.sample import seed_sample, tell_sample
from interfaces.serving import bare_api


@pytest.fixture
def api() -> tuple[TestClient, str]:
    usecases = memory_usecases()
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    return TestClient(bare_api(usecases, lambda: None), raise_server_exceptions=False), incident.id


def valid(name: str, value: Any) -> Any:
    """The value, which is what the description of the API says it is."""
    schemas = playbook_schemas("#/$defs/")
    jsonschema_rs.validator_for({"$ref": f"#/$defs/{name}", "$defs": schemas}).validate(value)
    return value


def test_a_run_over_http(api: tuple[TestClient, str]) -> None:
    client, incident = api
    assert valid("Playbooks", client.get("/playbooks").json())["playbooks"][0]["id"] == "repair-trust"
    whole = valid("Playbook", client.get("/playbooks/repair-trust").json())
    assert len(whole["procedure"]) == 5
    unknown = client.get("/playbooks/repair")
    assert (unknown.status_code, "repair-trust" in unknown.json()["known"]) == (404, True)
    offers = valid("PlaybookOffers", client.get(f"/incidents/{incident}/playbooks/offered").json())["offers"]
    assert [one["condition"] for one in offers[0]["because"]] == ["severe", "trust-broken", "told-cleaner"]
    refused = client.post(f"/incidents/{incident}/playbooks", json={"playbook": "repair-trust"})
    assert (refused.status_code, refused.json()["code"], refused.json()["gate"]) == (409, "playbook-gate", "lead")
    assert "Name one person" in refused.json()["hint"]

    body = EXAMPLES["StartPlaybookRequest"]["with a lead"]["value"]
    begun = client.post(f"/incidents/{incident}/playbooks", json=body, headers={"Idempotency-Key": "once"})
    again = client.post(f"/incidents/{incident}/playbooks", json=body, headers={"Idempotency-Key": "once"})
    here = f"/playbook-runs/{begun.json()['id']}"
    assert (begun.status_code, again.json()["id"]) == (201, begun.json()["id"])
    assert begun.headers["location"].endswith(here)
    assert valid("PlaybookRun", begun.json())["next"]["about"] == "optics"

    for gate in ("optics", "speak"):
        told = client.post(f"{here}/answer", json={"gate": gate, "yes": True, "person": "Ines", "seen": 9}).json()
    assert (told["state"], told["step"]) == ("going", "settle")
    fields = {one["field"]: one for one in told["steps"][0]["artifacts"][0]["fields"]}
    choice = fields["initial-repair-frame.operations"]["choices"][0]
    filled = client.post(f"{here}/fill", json={"field": "initial-repair-frame.operations", "kind": choice["kind"], "ref": choice["id"]})
    assert filled.status_code == 200
    word = client.post(f"{here}/fill", json=EXAMPLES["FillFieldRequest"]["a word"]["value"]).json()
    assert word["step"] == "account"
    early = client.post(f"{here}/unknown", json={"field": "trust-break-map.fears", "asked": "Bo of Finance"})
    assert (early.status_code, "is not reached" in early.json()["detail"]) == (409, True)
    assert client.post(f"{here}/finish").status_code == 409
    assert client.post(f"{here}/undo").json()["step"] == "settle"
    assert valid("PlaybookRuns", client.get(f"/incidents/{incident}/playbooks").json())["runs"][0]["state"] == "going"
    assert client.post(f"{here}/stop", json={"why": "the team was merged"}).json()["state"] == "stopped"
