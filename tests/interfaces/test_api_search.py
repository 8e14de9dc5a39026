"""GET /search: what was found, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


def test_hits_come_with_their_incident_and_their_marks(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("The export skips rows")
    answer = client.get("/api/v1/search", params={"q": "export kind:incident"}).json()
    assert (answer["schema"], answer["total"], answer["more"]) == ("amends.search/1", 1, False)
    (hit,) = answer["hits"]
    assert hit["incident"]["id"] == hit["id"] == incident.id
    assert hit["title"] == {"text": "The export skips rows", "marks": [[4, 10]]}


def test_a_filter_that_cannot_be_is_a_problem_and_the_rest_is_searched(client: TestClient, usecases: UseCases) -> None:
    usecases.incidents.open("The export skips rows")
    answer = client.get("/api/v1/search", params={"q": "export sev:9"}).json()
    assert (answer["total"], [one["field"] for one in answer["problems"]]) == (1, ["sev"])


@pytest.mark.parametrize("query", ["", "q=a&limit=0", "q=a&limit=101", "q=a&limit=x", "q=a&after=1001", "q=a&tz=Nowhere"])
def test_parameters_that_cannot_be_are_refused_by_name(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-field")
