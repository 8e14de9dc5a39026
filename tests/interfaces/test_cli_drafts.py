"""Drafts of a model in the terminal: allowed by an owner, judged, and taken over by a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.narrative.drift import Comparison
from amends.testing import FixedClock
from amends.testing.models import KEY, NAME, ModelDouble, model_double
from amends.usecases import comparing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModelDouble]:
    """A model that the project file of this folder names."""
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    monkeypatch.setattr(comparing, "hold_against", lambda *_, **_how: Comparison((), (), 0))
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MODEL_KEY", KEY)
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    with model_double() as made:
        (tmp_path / "amends.toml").write_text(made.settings("MODEL_KEY"), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        yield made


@pytest.fixture
def incident(double: ModelDouble) -> str:
    assert double.url
    usecases = wiring.open_usecases()
    made = usecases.incidents.open("The checkout loses orders").id
    effect = usecases.narrating.state(made, "claim", "213 orders failed at three stores", kind="effect")
    usecases.narrating.cite(made, effect.item, "measure", text="orders without a payment, counted in the ledger: 213")
    usecases.close()
    return str(made)


def test_a_model_is_allowed_drafts_and_a_person_adopts(run: Run, incident: str, double: ModelDouble) -> None:
    refused = run("account", "draft", incident)
    assert refused.status == 2
    assert "nobody allowed" in refused.err
    assert f"{NAME} at 127.0.0.1" in run("account", "model").out
    assert "claims of open incidents: allowed" in run("account", "model", "--allow").out

    double.mode = "flatters"
    drafted = run("account", "draft", incident, "--audience", "leadership")
    assert drafted.status == 0, drafted.err
    assert "it sounds kinder than its claims" in " ".join(drafted.out.split())
    told = json.loads(run("account", "drafts", incident, "--format", "json").out)["drafts"][0]
    assert [one["struck"] for one in told["sentences"]] == [True, False]
    assert told["model"] == NAME

    short = told["id"][-6:]
    assert "was struck out" in run("account", "adopt", incident, short, "1").err
    adopted = run("account", "adopt", incident, short, "2", "--rewrite", "1", "213 orders failed, and we saw it late.")
    assert adopted.status == 0, adopted.err
    assert "213 orders failed, and we saw it late. 213 orders failed at three stores." in adopted.out
    after = json.loads(run("account", "drafts", incident, short, "--format", "json").out)
    assert (after["adoptions"][0]["sentences"], after["adoptions"][0]["rewritten"]) == ([1, 2], [1])


def test_a_draft_of_which_nothing_passed_says_so_by_its_status(run: Run, incident: str, double: ModelDouble) -> None:
    run("account", "model", "--allow")
    double.mode = "no-json"

    ran = run("account", "draft", incident)

    assert ran.status == 1
    assert "0 of 1 sentence passed" in ran.out
    assert "not the list of sentences" in ran.out
