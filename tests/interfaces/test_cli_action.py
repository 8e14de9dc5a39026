"""The action items of reviews in the terminal: from an idea to what was shown to help, and as tickets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.testing.trackers import TOKEN, TrackerDouble, tracker_double

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.testing import FixedClock

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_home")

HELPS = ("--helps-when", "a deploy that drops an index is red")


@pytest.fixture
def incident(own_home: FixedClock) -> str:
    assert own_home is wiring.system_clock(), "the commands live in the time of the test"
    usecases = wiring.open_usecases()
    opened = usecases.incidents.open("Checkout is down", severity="SEV1")
    usecases.close()
    return opened.id


def told(ran: Any) -> dict[str, Any]:
    assert ran.status in (0, 1), ran.err
    found: dict[str, Any] = json.loads(ran.out)["actions"][0]
    return found


def proposed(run: Run, incident: str, title: str = "Refuse a deploy that drops an index", kind: str = "test") -> str:
    return str(told(run("action", "propose", title, "--incident", incident, "--kind", kind, "--format", "json"))["id"])


def test_an_idea_goes_all_the_way_in_the_terminal(run: Run, clock: FixedClock, incident: str) -> None:
    ran = run("action", "propose", "Refuse", "a", "deploy", "that", "drops", "an", "index", "--incident", incident[-6:], "--kind", "test")
    assert ran.status == 0, ran.err
    assert "your idea, 0 s ago: Refuse a deploy that drops an index" in ran.out
    name = ran.out[:6]
    assert f"→ somebody takes it on: amends action accept {name}" in ran.out

    ran = run("action", "accept", name, *HELPS)
    assert ran.status == 0, ran.err
    assert "due in 15 days" in ran.out
    assert "helps when: a deploy that drops an index is red" in " ".join(ran.out.split())
    assert "due in 15 days, as for every SEV1: PagerDuty" in ran.err

    clock.advance(days=2)
    assert "done, not shown to help" in run("action", "done", name, "--commit", "4f2c1ab").out
    assert "amends action verify" in run("action", "list").out
    ran = run("action", "verify", name)
    assert ran.status == 2
    assert "nothing shows yet that it helps" in ran.err
    clock.advance(days=30)
    ran = run("action", "verify", name, "--measure", "0 of 212 deploys")
    assert "helps: Refuse a deploy" in ran.out
    assert "shown by measure 0 of 212 deploys" in ran.out
    assert run("action", "list").out == "no action item asks for anything now\n"
    whole = run("action", "show", name).out
    for words in ("what happened", "accepted by you", "done by you, shown by commit 4f2c1ab", "verified by you"):
        assert words in whole


def test_what_is_overdue_ends_with_one_and_moving_it_stays_late(run: Run, clock: FixedClock, incident: str) -> None:
    name = proposed(run, incident)
    run("action", "accept", name, *HELPS, "--due", "tomorrow 10:00", "--person", "Bo")
    clock.advance(days=2)

    ran = run("action", "list")
    assert ran.status == 1
    assert "overdue by" in ran.out
    assert "1 action item, 1 overdue" in ran.out
    assert run("action", "list", "--overdue", "--owner", "me").status == 0, "it is Bo's"
    moved = told(run("action", "move", name, "in 3 days", "--why", "the pager was replaced", "--format", "json"))
    assert (moved["overdue"], moved["late"], len(moved["was_due"])) == (False, True, 1)
    assert run("action", "list").status == 0


def test_a_title_that_asks_people_to_try_harder_is_remarked_upon(run: Run, incident: str) -> None:
    ran = run("action", "propose", "Be more careful with restarts", "--incident", incident)

    assert ran.status == 0
    assert "note: Careful how?" in ran.out
    ran = run("action", "propose", "Fix it", "--incident", incident, "--format", "json")
    assert json.loads(ran.out)["remarks"][0]["code"] == "action-without-thing"


def test_giving_back_dropping_reopening_and_undoing(run: Run, incident: str) -> None:
    name = proposed(run, incident)
    run("action", "accept", name, *HELPS)
    assert told(run("action", "decline", name, "--why", "another team", "--format", "json"))["state"] == "idea"
    run("action", "accept", name, *HELPS)
    run("action", "done", name)
    assert told(run("action", "reopen", name, "--why", "it never ran", "--format", "json"))["state"] == "accepted"
    run("action", "done", name, "--deploy", "prod-17")
    told_no = told(run("action", "no-help", name, "--why", "again on Tuesday", "--alert", "checkout-errors", "--format", "json"))
    assert (told_no["state"], told_no["helps_by"]) == ("no-help", "alert:checkout-errors")
    assert told(run("action", "undo", name, "--format", "json"))["state"] == "done"
    assert told(run("action", "drop", name, "--why", "switched off", "--format", "json"))["state"] == "dropped"
    assert "dropped: Refuse" in run("action", "list", "--all").out
    ran = run("action", "done", name)
    assert ran.status == 2
    assert "it was dropped" in ran.err
    event = told(run("action", "show", name, "--format", "json"))["events"][0]["id"]
    assert run("action", "undo", name, event[-8:]).status == 0
    assert "nothing of the id" in run("action", "undo", name, "ZZZZZZZZ").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("propose", "Add a test"), "missing option '--incident'"),
        (("propose", "Add a test", "--incident", "ZZZZZZ"), "there is no incident"),
        (("accept", "ZZZZZZ", *HELPS), "there is no action item 'ZZZZZZ'"),
        (("done", "ZZZZZZ", "--commit", "a", "--test", "b"), "there is no action item"),
        (("push", "ZZZZZZ"), "there is no action item"),
    ],
)
@pytest.mark.usefixtures("incident")
def test_what_cannot_be_done_says_what_to_do(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("action", *words)

    assert ran.status == 2
    assert said in ran.err


def test_only_one_thing_shows_it(run: Run, incident: str) -> None:
    name = proposed(run, incident)
    run("action", "accept", name, *HELPS)

    assert "exclude each other" in run("action", "done", name, "--commit", "a", "--test", "b").err


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrackerDouble]:
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)
    with tracker_double("github") as made:
        (tmp_path / "amends.toml").write_text(made.settings("ours", "TRACKER_TOKEN"), encoding="utf-8")
        yield made


def test_an_item_becomes_a_ticket_and_is_followed(run: Run, incident: str, double: TrackerDouble) -> None:
    name = proposed(run, incident)
    run("action", "accept", name, *HELPS)
    ran = run("action", "push", name)
    assert ran.status == 0, ran.err
    assert "ours:1" in ran.out
    double.close()

    ran = run("action", "follow")

    assert ran.status == 0
    assert "its ticket was closed; if the condition has changed: amends action done" in " ".join(ran.out.split())
    assert "1 ticket looked at, news of 1" in ran.out
    assert run("action", "follow").out == "1 ticket looked at, news of 0\n"
    assert "closed (completed)" in run("action", "show", name).out


def test_a_tracker_that_refuses_says_so_on_standard_error(run: Run, incident: str, double: TrackerDouble) -> None:
    name = proposed(run, incident)
    run("action", "push", name)
    double.faults.append("401")

    ran = run("action", "follow")

    assert ran.status == 2
    assert "ours answered 401: Bad credentials" in ran.err
    assert "trackers.ours.token" in ran.err


def test_without_a_tracker_pushing_says_how_to_set_one_up(run: Run, incident: str) -> None:
    ran = run("action", "push", proposed(run, incident))

    assert ran.status == 2
    assert "no tracker is set up" in ran.err
    assert "[trackers.NAME]" in ran.err
