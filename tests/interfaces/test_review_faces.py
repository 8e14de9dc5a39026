"""The review and the status honesty of an incident over HTTP and in the terminal."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends import wiring
from amends.interfaces.api.comparing import comparison_schemas
from amends.interfaces.api.honesty import honesty_schemas
from amends.interfaces.api.reviewing import review_schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

    Run = Callable[..., Any]


def written(usecases: UseCases) -> str:
    """An incident whose account says two things."""
    incident = usecases.incidents.open("Checkout is down since 10:42").id
    usecases.narrating.state(incident, "claim", "4,212 payments were charged twice", kind="number", value="4,212 payments")
    usecases.narrating.state(incident, "badly", "Nobody saw the alert")
    return incident


@pytest.mark.parametrize("shape", ["review", "retro", "bug-report", "plain"])
def test_each_shape_is_answered_as_described(client: TestClient, usecases: UseCases, shape: str) -> None:
    answer = client.get(f"/api/v1/incidents/{written(usecases)}/review?shape={shape}&tz=Europe/London").json()
    validator = jsonschema_rs.validator_for({"$ref": "#/$defs/Review", "$defs": review_schemas("#/$defs/")})
    validator.validate(answer)
    assert "4,212" in json.dumps(answer["blocks"])
    assert {"unsupported", "unanswered"} <= {gap["code"] for gap in answer["gaps"]}


def test_the_text_of_the_review_is_begun_once(client: TestClient, usecases: UseCases) -> None:
    here = f"/api/v1/incidents/{written(usecases)}/review"
    first, second = client.post(here).json(), client.post(here).json()
    assert (first["id"], first["kind"]) == (second["id"], "review")
    paper = client.get(f"{here}?format=markdown&shape=retro")
    assert paper.headers["content-type"].startswith("text/markdown")
    assert paper.text.startswith("# Retro: Checkout is down")
    wrong = client.get(f"{here}?shape=poem")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "shape")


def test_the_terminal_writes_it_as_markdown_and_tells_what_it_lacks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    opened = wiring.open_usecases()
    incident = written(opened)
    opened.close()
    ran = run("account", "review", incident)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "# Review: Checkout is down")
    assert "4,212 payments" in ran.out
    assert "`amends account gaps` tells which" in ran.err
    assert run("account", "review", incident, "--shape", "retro", "-o", "retro.docx").status == 0
    assert (tmp_path / "retro.docx").read_bytes().startswith(b"PK")
    lacking = run("account", "gaps", incident)
    assert lacking.status == 1
    assert "Nobody saw the alert" in lacking.out
    assert "`amends incident document show` writes it" in run("account", "review", incident, "--start").out


def vaguely_promised(usecases: UseCases) -> str:
    """An incident about which the same was promised twice without a date."""
    incident = usecases.incidents.open("Checkout is down since 10:42").id
    for minutes, when in ((5, "soon"), (0, "in the coming weeks")):
        text = f"Checkout works again. We will improve our monitoring of failed payments {when}."
        sent_at = usecases.clock.now() - timedelta(minutes=minutes)
        usecases.messaging.record(text, audience="customers", tz="UTC", incident_id=incident, sent_at=sent_at)
    return incident


def test_status_honesty_is_answered_as_described(client: TestClient, usecases: UseCases) -> None:
    answer = client.get(f"/api/v1/incidents/{vaguely_promised(usecases)}/honesty?tz=Europe/London").json()
    definitions = honesty_schemas("#/$defs/") | comparison_schemas("#/$defs/")
    jsonschema_rs.validator_for({"$ref": "#/$defs/StatusHonesty", "$defs": definitions}, validate_formats=True).validate(answer)
    assert [len(one["occurrences"]) for one in answer["repeated"]] == [2]


def test_the_terminal_tells_of_a_promise_that_comes_again(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    opened = wiring.open_usecases()
    incident = vaguely_promised(opened)
    opened.close()
    told = " ".join(run("account", "honesty", incident).out.split())
    assert "to customers: promised for the second time since" in told
    assert "monitoring of failed payments in the coming weeks" in told
