"""The story of one incident in the terminal alone, from the first minute to an action item that is shown to help, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

BEGAN = datetime(2026, 3, 4, 10, 42, tzinfo=UTC)

FIRST = """At 10:42 UTC I merged a change to the pool of payments, and since then a third of the payments in checkout fails.
I skipped the load test, that was my call. I am rolling it back, done by 11:20 UTC. I am adding a check that refuses pools larger than the
database. Next update 11:10 UTC."""

UPDATE = """Context: since 10:42 UTC a third of the payments in checkout fails.
Current: 258 of 831 payments failed, no new ones since 11:05 UTC. Not known yet: how many cards were charged without an order.
Constraints: waiting for Finance, who send the list of charges by 11:40 UTC.
Commitments: I send the count of charged cards by 11:45 UTC. Next update 11:50 UTC."""

LAST = """Context: between 10:42 and 11:05 UTC a third of the payments in checkout failed.
Current: resolved at 11:30 UTC, all 61 charges without an order were refunded.
Constraints: none.
Commitments: we publish the review by Friday 17:00 UTC."""


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Puts the clock some minutes after the beginning."""
    now = [BEGAN]
    monkeypatch.setattr(wiring.SystemClock, "now", lambda _: now[0])

    def put(count: float) -> None:
        now[0] = BEGAN + timedelta(minutes=count)

    return put


@pytest.fixture
def amends(run: Run, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a command over the store of the test; gives what it says as JSON where that is asked for, and holds it to its status."""
    monkeypatch.setenv("AMENDS_DATABASE_URL", store_url)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "UTC")

    def call(*words: str, stdin: str = "", status: int | None = 0, as_json: bool = True) -> Any:
        ran = run(*words, *(["--format", "json"] if as_json else []), stdin=stdin)
        assert status in (None, ran.status), f"amends {' '.join(words)}\n{ran.out}\n{ran.err}"
        return json.loads(ran.out) if as_json and ran.out else ran

    return call


class Team:
    """The people at the terminal: what they do, chapter by chapter."""

    def __init__(self, amends: Callable[..., Any], minute: Callable[[float], None]) -> None:
        self.amends = amends
        self.minute = minute
        self.incident = ""

    def owed(self) -> set[str]:
        return {one["what"] for one in self.amends("due", status=None)["owed"]}

    def send(self, text: str, form: str) -> str:
        about = ("--incident", self.incident, "--audience", "team", "--form", form)
        return str(self.amends("message", "record", "-", *about, stdin=text)["messages"][0]["id"])

    def note(self, *words: str) -> Any:
        return self.amends("incident", words[0], self.incident, *words[1:])

    def promises(self, *more: str) -> Any:
        return self.amends("promises", "list", "--incident", self.incident, *more, status=None)["promises"]

    def become(self, status: str, *more: str, refused: str = "") -> None:
        ran = self.amends("incident", "status", self.incident, status, *more, status=2 if refused else 0, as_json=False)
        assert refused in ran.err


@pytest.fixture
def team(amends: Callable[..., Any], minute: Callable[[float], None]) -> Team:
    return Team(amends, minute)


def test_from_the_first_minute_to_the_verified_action_item(team: Team) -> None:
    it_broke_and_it_was_us(team)
    first = the_first_message_is_checked_and_sent(team)
    what_is_known_is_written_down(team)
    the_silence_is_seen_and_the_promised_update_sent_in_time(team)
    finance_has_heard_it(team, first)
    two_commits_and_two_boxes(team)
    resolving_is_gated_by_what_was_promised(team)
    an_action_item_is_accepted_done_and_shown_to_help(team)
    it_can_be_told_found_and_proved(team)


def it_broke_and_it_was_us(team: Team) -> None:
    team.minute(3)
    team.incident = team.amends("incident", "new", "Checkout fails since 10:42", "--sev", "2")["id"]
    assert team.owed() >= {"first-message", "first-customers-message", "timeline", "checked-in", "follow-up-note"}


def the_first_message_is_checked_and_sent(team: Team) -> str:
    checked = team.amends("check", "-", "--form", "first-message", "--at", "2026-03-04T10:45:00Z", stdin=FIRST)
    assert [one["message"] for one in checked["documents"][0]["findings"] if one["severity"] == "error"] == []
    first = team.send(FIRST, "first-message")
    assert "first-message" not in team.owed()
    return first


def what_is_known_is_written_down(team: Team) -> None:
    team.minute(8)
    team.note("milestone", "detected", "--found-by", "us")
    team.note("assign", "lead", "lena")
    team.amends("incident", "stakeholder", "add", team.incident, "Finance", "--kind", "needs-to-know", "--audience", "team")
    team.note("fact", "impact", "Customers who paid by card saw an error")
    wrong = team.note("fact", "number", "payments failed", "--figure", "240 of 831 payments")["events"][0]["id"]
    team.note("fact", "number", "payments failed", "--figure", "258 of 831 payments", "--corrects", wrong)


def the_silence_is_seen_and_the_promised_update_sent_in_time(team: Team) -> None:
    team.minute(15)
    assert [one["incident"] for one in team.amends("due")["silences"]] == [team.incident]
    team.minute(27)
    about = ("--audience", "team", "--since")
    begun = team.amends("message", "start", team.incident, "status-update", *about, as_json=False).out
    assert "258 of 831 payments" in begun, "nothing is retyped"
    team.send(UPDATE, "status-update")
    assert team.amends("due")["silences"] == []
    assert {one["state"] for one in team.promises("--all") if one["quote"].startswith("Next update 11:10")} == {"kept"}


def finance_has_heard_it(team: Team, first: str) -> None:
    team.amends("message", "told", first, status=1)
    team.amends("message", "share", first, "--via", "phone", "--to", "Finance")
    team.amends("message", "ack", first, "Finance")
    team.amends("message", "told", first)


def two_commits_and_two_boxes(team: Team) -> None:
    team.minute(32)
    team.note("commit", "rollback", "184daf5", "payments: pool back to 10, six pods want 240 of 200 connections")
    team.note("tick", "impact", "--note", "258 of 831 payments, 61 charged without an order")
    team.note("milestone", "checked-in")
    team.note("milestone", "contained", "--at", "11:05")
    team.become("monitoring")


def resolving_is_gated_by_what_was_promised(team: Team) -> None:
    team.minute(48)
    team.become("resolved", refused="not resolved yet")
    for promise in team.promises():
        if promise["kind"] != "next_update":
            team.amends("promises", "keep", promise["id"])
    team.send(LAST, "status-update")
    team.become("resolved")


def an_action_item_is_accepted_done_and_shown_to_help(team: Team) -> None:
    team.minute(24 * 60)
    about = ("--incident", team.incident, "--kind", "limit")
    item = team.amends("action", "propose", "Refuse to start with pools larger than the database", *about)["actions"][0]["id"]
    answer = ("--helps-when", "a release with a pool that is too large stops", "--due", "in 3 days")
    team.amends("action", "accept", item, "--person", "lena", *answer)
    team.become("reviewed", refused="nothing stands in the way of the same mistake")
    team.minute(3 * 24 * 60)
    team.amends("action", "done", item, "--commit", "9f1c2ab")
    for promise in team.promises():
        team.amends("promises", "keep", promise["id"])
    team.become("reviewed")
    team.minute(30 * 24 * 60)
    verified = team.amends("action", "verify", item, "--measure", "2 of 2 releases with a pool too large were refused in 30 days")
    assert verified["actions"][0]["state"] == "verified"


def it_can_be_told_found_and_proved(team: Team) -> None:
    told = team.amends("incident", "show", team.incident, as_json=False).out
    assert "verified" in told
    assert "258 of 831 payments" in told
    assert "240 of 831" not in told
    assert team.amends("search", "pools larger")["hits"][0]["incident"]["id"] == team.incident
    assert team.amends("journal", "verify", as_json=False).status == 0


def test_who_must_resolve_although_something_is_open_writes_why_and_it_stays(
    team: Team,
) -> None:
    team.minute(3)
    team.incident = team.amends("incident", "new", "Checkout fails since 10:42")["id"]
    team.send(FIRST, "first-message")
    team.minute(60)
    reason = "the vendor took it over, and customers were told to follow their page"
    team.become("resolved", "--reason", reason)
    assert reason in " ".join(team.amends("incident", "history", team.incident, as_json=False).out.split())
