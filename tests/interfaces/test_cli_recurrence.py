"""`amends recurrence` at a terminal and for scripts: what was met before, what was promised then, and what people say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.testing import FixedClock

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def met(clock: FixedClock) -> tuple[str, str, str]:
    """An incident of a year ago, what was done after it, and the one that may be the same."""
    usecases = wiring.open_usecases()
    earlier = usecases.incidents.open("Checkout rejects all cards since the deploy", severity="SEV2").id
    action = usecases.acting.propose(earlier, "Refuse a deploy without a currency", kind="test").item.id
    usecases.acting.accept(action, helps_when="a deploy without one is red")
    usecases.acting.done(action, evidence=Evidence("commit", "4f2c1ab"))
    clock.advance(days=365)
    later = usecases.incidents.open("Checkout rejects cards since the deploy", severity="SEV2").id
    usecases.close()
    return earlier, action, later


def test_what_was_met_before_is_told_with_its_reasons_and_judged(run: Run, met: tuple[str, str, str]) -> None:
    earlier, _, later = met
    ran = run("recurrence", "met-before", later[-6:])
    assert ran.status == 1, "a repeat is something to look at"
    assert "You have met this before: twice in 365 days, this time included." in ran.out
    assert "- same component: checkout" in ran.out
    assert "Refuse a deploy without a currency: done\n" in ran.out
    assert "→ the failure came back once after it was done" in ran.out

    ran = run("recurrence", "judge", later, earlier, "repeat", "--why", "the same field")
    assert ran.out.startswith(f"{earlier[-6:]} counts as the same failure again from now on\n")
    assert "people say: the same failure again, because: the same field" in run("recurrence", "judge", later, earlier, "repeat").out
    ran = run("recurrence", "judge", later, earlier, "new", "--why", "another field", "--format", "json")
    told = json.loads(ran.out)
    assert (told["same"], told["judged"][0]["judgement"]["verdict"]) == ([], "new")
    assert run("recurrence", "met-before", later).status == 0


def test_a_guardrail_that_fired_is_written_down_and_taken_back(run: Run, met: tuple[str, str, str]) -> None:
    earlier, action, later = met
    run("recurrence", "judge", later, earlier, "new")
    assert "nothing has tried it in 365 days" in run("recurrence", "guardrails").out

    ran = run("recurrence", "guardrail", action[-6:], "fired", "--incident", earlier, "--test", "ci/8812", "--format", "json")
    (guard,) = json.loads(ran.out)["mistakes"][0]["guardrails"]
    assert (guard["held"], guard["events"][0]["shown_by"]) == ("held", "test:ci/8812")
    assert "nothing has tried it" in run("recurrence", "undo", guard["events"][0]["id"][-6:], "--incident", earlier).out
    missed = ("recurrence", "guardrail", action[-6:], "missed", "--incident", earlier, "--came", later, "--text", "the field was there")
    assert f"missed Thu 4 Mar 2027, 10:50 UTC, shown by incident {later[-6:]}: the field was there" in " ".join(run(*missed).out.split())
    refused = run("recurrence", "guardrail", action, "fired", "--incident", earlier)
    assert (refused.status, "nothing shows yet that it did" in refused.err) == (2, True)


def test_a_year_ago_today_a_declaration_and_the_shadow(run: Run, met: tuple[str, str, str]) -> None:
    earlier, _, later = met
    looked_back = " ".join(run("recurrence", "on-this-day", "--tz", "UTC").out.split())
    told = "a year ago: Checkout rejects all cards since the deploy (SEV2); guardrails in place: 1 of 1"
    assert looked_back == f"{earlier[-6:]} {told}"
    assert "hardware or power (declared)" in run("recurrence", "declare", later, "--category", "hardware").out
    assert "hardware" in run("recurrence", "declare", later, "--category", "hardwear").err
    shadow = run("recurrence", "mode", "shadow").out
    assert shadow.startswith("recurrence is shadow\n")
    assert "“met before”: nobody has judged one yet" in shadow
    assert "Nothing is shown: recurrence is in shadow." in run("recurrence", "met-before", later).out
