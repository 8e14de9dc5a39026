"""Warning signs over HTTP and in the terminal."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from amends import wiring
from amends.interfaces.api.signs import signs_schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

    Run = Callable[..., Any]


def vaguely_promised(usecases: UseCases) -> str:
    """An incident about which the same was promised twice without a date."""
    incident = usecases.incidents.open("Checkout is down since 10:42").id
    for days, when in ((5, "soon"), (1, "in the coming weeks")):
        text = f"Checkout works again. We will improve our monitoring of failed payments {when}."
        sent_at = usecases.clock.now() - timedelta(days=days)
        usecases.messaging.record(text, audience="customers", tz="UTC", incident_id=incident, sent_at=sent_at)
    return incident


def test_signs_are_answered_as_described(client: TestClient, usecases: UseCases) -> None:
    answer = client.get(f"/api/v1/incidents/{vaguely_promised(usecases)}/signs").json()
    jsonschema_rs.validator_for({"$ref": "#/$defs/WarningSigns", "$defs": signs_schemas("#/$defs/")}).validate(answer)
    (one,) = answer["signs"]
    assert (one["sign"], [ref["kind"] for ref in one["where"]]) == ("same-promise", ["message", "message"])
    assert client.get("/api/v1/incidents/NOSUCH/signs").status_code == 404


def test_the_terminal_tells_each_sign_with_what_to_do(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    opened = wiring.open_usecases()
    incident, quiet = vaguely_promised(opened), opened.incidents.open("Nothing of the kind").id
    opened.close()
    told = " ".join(run("trust", "signs", incident).out.split())
    assert told.startswith("The same vague promise in every follow-up Promised 2 times without a date (to customers")
    assert told.endswith("Do: Give it a day and an owner, or say that it will not be done.")
    assert json.loads(run("trust", "signs", incident, "--format", "json").out)["signs"][0]["sign"] == "same-promise"
    assert run("trust", "signs", quiet).out.startswith("No warning sign shows.")
