"""`POST /compare`: what it takes, what it answers, and that the documents of the command line have the same shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.interfaces.api.comparing import EXAMPLES, comparison_schemas
from amends.narrative.drift import Comparison, Drift, Side, Withheld
from amends.usecases import comparing

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

FOUND = Comparison(
    (Drift("softened_number", "error", "Its reader would think of few.", Side(0, 5, "4,212"), Side(0, 4, "some")),
     Drift("dropped_fact", "warning", "Its reader would think of nothing.", Side(0, 5, "4,212"), None)),
    (Withheld("why", ground="legal"),), 2,
)  # fmt: skip


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a comparison whose result is known in the place of the real one."""
    monkeypatch.setattr(comparing, "hold_against", lambda *_, **_how: FOUND)


@pytest.fixture(scope="module")
def described() -> Any:
    definitions = comparison_schemas("#/$defs/")
    return jsonschema_rs.validator_for({"$ref": "#/$defs/Comparison", "$defs": definitions}, validate_formats=True)


def test_each_example_of_the_description_is_answered_as_described(client: TestClient, described: Any) -> None:
    for example in EXAMPLES.values():
        answer = client.post("/api/v1/compare", json=example["value"])
        assert answer.status_code == 200
        described.validate(answer.json())
        assert (answer.json()["id"], answer.json()["kept"], len(answer.json()["drifts"])) == ("notice-1", 2, 2)


def test_the_command_line_says_the_same_in_the_same_shape(client: TestClient, run: Callable[..., Any], described: Any) -> None:
    asked = {"id": "a", "source": "It broke.", "retold": "It is fine.", "audience": "team"}
    printed = json.loads(run("compare", "--jsonl", "-", stdin=json.dumps(asked)).out)
    described.validate(printed)
    assert printed == client.post("/api/v1/compare", json=asked).json()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ('{"source": "a"}', 422, "$.retold"),
        ('{"source": "a", "retold": 5}', 422, "$.retold"),
        ('{"source": "a", "retold": "b", "audience": "boss"}', 422, "unknown audience 'boss'"),
        ('{"source": "a", "retold": "' + "b " * 110_000 + '"}', 413, "the retold text has 220,000 characters"),
        ("{", 400, "the JSON breaks off"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(client: TestClient, body: str, status: int, said: str) -> None:
    answer = client.post("/api/v1/compare", content=body)
    assert answer.status_code == status
    assert said in json.dumps(answer.json())
