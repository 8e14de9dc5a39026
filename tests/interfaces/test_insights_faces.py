"""Insights at the terminal, over HTTP and in the browser: the same figures, and none of a person."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.interfaces.web.insights import heading
from amends.interfaces.web.plotting import plot
from amends.testing import FixedClock
from amends.trust.figures import Figure, Judged
from amends.trust.insights import Insights, Metric
from amends.usecases import insights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from amends.trust.statistics import Verdict
    from amends.usecases.facade import UseCases
    from interfaces.conftest import Ran

TOLD = "At 10:02 we broke checkout: 41 payments failed. The rollback runs, done by 10:30. Next update at 10:40 UTC."


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FixedClock:
    """A clock that stands still for commands and pages, and a home of their own."""
    made = FixedClock()
    monkeypatch.setattr(wiring, "system_clock", lambda: made)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    return made


@pytest.fixture
def usecases(clock: FixedClock) -> Iterator[UseCases]:
    """Over a store in that home, which the commands open too."""
    assert clock.now() == wiring.system_clock().now()
    made = wiring.open_usecases()
    yield made
    made.close()


@pytest.fixture
def lived(usecases: UseCases, clock: FixedClock) -> UseCases:
    """A year with incidents in three of its quarters, told of faster in the last one that is over."""
    now = clock.now()
    for quarter, (count, minutes) in enumerate(((0, 0), (5, 55), (0, 0), (6, 4), (1, 5))):
        for number in range(count):
            began = now - timedelta(days=91 * (4 - quarter) + 2 * number + 1)
            own = usecases.incidents.open(f"Checkout {quarter} {number}", started_at=began).id
            usecases.recording.milestone(own, "detected", at=began, value="us" if quarter > 2 else "others")
            sent = began + timedelta(minutes=minutes + number)
            usecases.messaging.record(TOLD, audience="customers", tz="UTC", incident_id=own, sent_at=sent)
    return usecases


def test_a_newcomer_is_told_where_figures_come_from(client: TestClient, run: Callable[..., Ran]) -> None:
    page = words(client.get("/insights").text)
    assert "Nothing can be told yet: write your incidents down here." in page
    assert "the sample does not count" in page
    assert "No incident of your own is written down" in run("insights").out


def test_every_face_tells_the_same_change(lived: UseCases, client: TestClient, run: Callable[..., Ran]) -> None:
    told = lived.insights.over()
    early = told.get("early-escalation")
    assert early.judged.verdict == "improved"
    page = words(client.get("/insights").text)
    assert early.judged.says in page
    assert early.trap in page
    answer = client.get("/api/v1/insights").json()
    assert [one["says"] for one in answer["metrics"]] == [one.judged.says for one in told.metrics]
    assert json.loads(run("insights", "--format", "json").out) == answer
    assert early.judged.says in run("insights").out


def test_a_plot_has_its_table_and_reads_without_colour(lived: UseCases, client: TestClient) -> None:
    page = client.get("/insights").text
    metric = page[page.index('id="first-honest-status"') : page.index('id="promise-hit-rate"')]
    assert metric.count("plot-dot") == 2
    assert metric.count("plot-ring") == 1
    assert metric.count("<tr>") == len(lived.insights.over().periods) + 1
    assert "color" not in metric


def test_names_of_many_months_do_not_run_into_each_other_and_each_says_what_it_rests_on() -> None:
    figures = [Figure(f"Mon {2000 + number}", number, 0.5, 0.1, 0.9, "") for number in range(1, 13)]
    drawn = plot(figures, "share", "Mon 2012")
    assert drawn is not None
    assert [one.name for one in drawn.marks if one.name] == ["Mon 2003", "Mon 2006", "Mon 2009", "Mon 2012"]
    assert drawn.marks[-1].name_x + 8.5 * len("Mon 2012") / 2 <= drawn.width, "the last name is not cut off"
    quarters = plot([Figure(f"Q{number} 2026", 1, 0.5, 0.1, 0.9, "") for number in range(1, 7)], "share")
    assert quarters is not None
    assert all(one.name for one in quarters.marks)
    assert [one.rests_on for one in drawn.marks] == list(range(1, 13))
    assert drawn.marks[-1].running


def test_a_terminal_shows_what_there_is_and_says_once_where_nothing_is(lived: UseCases, run: Callable[..., Ran]) -> None:
    told = run("insights").out
    assert "nothing to" not in told
    early = told[told.index("Speaking up early") : told.index("Until the first honest status")]
    names = [period.name for period in lived.insights.over().periods]
    assert f"    {names[-1]}, so far  5 min from the first signal to the first message, in the one incident" in early
    assert early.count("nothing in ") == 2, "once of the times, once of the incidents beside them"
    assert "nothing in" not in told[told.index("Confidence of stakeholders") : told.index("Speaking up early")]


def test_what_happens_to_an_incident_shows_at_once(lived: UseCases, client: TestClient, clock: FixedClock) -> None:
    before = client.get("/api/v1/insights").json()
    own = lived.incidents.list(limit=1)[0].id
    item = lived.acting.propose(own, "Alert on the queue", kind="alert")
    lived.acting.accept(item.item.id, helps_when="it rings")
    lived.acting.done(item.item.id)
    after = client.get("/api/v1/insights").json()
    assert [one["n"] for one in before["metrics"][6]["figures"]][-1] == 0
    assert [one["n"] for one in after["metrics"][6]["figures"]][-1] == 1
    clock.advance(days=400)
    assert [one["n"] for one in client.get("/api/v1/insights?count=1").json()["metrics"][5]["figures"]] == [0]


@pytest.mark.parametrize("query", ["by=week", "count=0", "count=25", "count=x", "tz=Mars"])
def test_what_cannot_be_asked_for_is_named(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/insights?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_page_over_many_incidents_says_how_far_it_is_and_then_tells_the_same(
    lived: UseCases, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = lived.insights.read_some()[1]
    assert number >= 2
    monkeypatch.setattr(insights, "AT_ONCE", number - 1)
    first = client.get("/insights").text
    assert f"Reading: {number - 1} of {number} incidents." in words(first)
    assert '<meta http-equiv="refresh" content="0; url=/insights?by=quarter">' in first
    assert "95 % interval" not in first, "some of the incidents make no figure"
    then = client.get("/insights").text
    assert f"{number} incidents since" in words(then)
    assert all(one.judged.says in words(then) for one in lived.insights.over().metrics)


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("improved", "probably worse"), "Look at what probably got worse: promises kept in time."),
        (("probably worse", "worse"), "Look at what got worse: promises kept in time."),
        (("cannot tell yet", "probably improved"), "Something probably got better: promises kept in time."),
        (("cannot tell yet", "cannot tell yet"), "No change can be told yet; keep writing down what happens."),
    ],
)
def test_the_first_sentence_is_no_surer_than_the_figure(verdicts: tuple[Verdict, Verdict], says: str) -> None:
    told = zip(("Speaking up early", "Promises kept in time"), verdicts, strict=True)
    metrics = tuple(Metric("", title, "", "higher", "", (), Judged(verdict, None, "")) for title, verdict in told)
    assert heading(Insights((), 9, metrics)) == says
