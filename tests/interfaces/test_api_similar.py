"""POST /similar: incidents whose words are like a text, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.similar import EXAMPLES, similar_schemas

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


def test_each_example_is_answered_as_described_and_only_with_what_is_alike(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is slow")
    usecases.incidents.open("The export skips rows")
    described = jsonschema_rs.validator_for({"$ref": "#/$defs/SimilarIncidents", "$defs": similar_schemas("#/$defs/")})
    for example in EXAMPLES.values():
        answer = client.post("/api/v1/similar", json=example["value"])
        assert answer.status_code == 200
        described.validate(answer.json())
        assert [one["id"] for one in answer.json()["matches"]] == [incident.id]


@pytest.mark.parametrize("body", [{}, {"text": 5}, {"text": "a", "limit": 0}, {"text": "a", "limit": 101}, {"text": "a", "limit": "x"}])
def test_what_cannot_be_asked_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/similar", json=body).status_code == 422
