"""An incident in the terminal alone: opened, filled, closed past a gate, told whole, and the same facts as over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends import wiring
from amends.interfaces.api.incidents_schema import story_schemas
from amends.testing import FixedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Terminal:
    """Runs commands over one store, at a time that only the test moves."""

    def __init__(self, run: Callable[..., Any], clock: FixedClock) -> None:
        self.run = run
        self.clock = clock

    def __call__(self, *words: str, group: str = "incident", stdin: str = "") -> str:
        ran = self.run(group, *words, stdin=stdin)
        assert (ran.status, ran.err) == (0, ""), ran.err
        return str(ran.out)

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--format", "json"))

    def refused(self, *words: str) -> str:
        ran = self.run("incident", *words)
        assert (ran.status, ran.out) == (2, ""), ran.out
        assert "Traceback" not in ran.err
        return str(ran.err)


@pytest.fixture
def cli(run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    clock = FixedClock()
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TZ", "Europe/London")
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    return Terminal(run, clock)


@pytest.fixture
def one(cli: Terminal) -> str:
    made: str = cli.json("new", "Checkout is down since 10:42", "--sev", "2")["id"]
    return made[-6:]


def test_one_sentence_opens_an_incident(cli: Terminal) -> None:
    shown = cli("new", "SEV1:", "checkout", "is", "down", "since", "10:42")
    (listed,) = cli.json("list")["incidents"]
    assert shown == f"{listed['id'][-6:]}  SEV1, investigating: Checkout is down\n        began 10:42, 8 min ago\n"
    assert cli("list") == f"{shown}\n1 incident\n"
    assert cli("list", "--sev", "2") == "no incident is open\n"
    assert cli.json("list", "--sev", "1", "--status", "investigating")["incidents"] == [listed]


def test_its_story_is_told_from_what_is_due_to_where_else_it_stands(cli: Terminal, one: str) -> None:
    cli("milestone", one, "detected", "--found-by", "others", "--at", "10:45", "--note", "a shop called")
    number = cli.json("fact", one, "number", "charged", "twice", "--figure", "4212 payments")["events"][0]["id"]
    commit = cli.json("commit", one, "hotfix", "8c2f1d0", "Restore the region index")["events"][0]["id"]
    box = cli.json("tick", one, "impact", "--note", "told to 312 shops")["events"][0]["id"]
    cli("assign", one, "lead", "ana")
    shops = cli.json("stakeholder", "add", one, "EU", "shops", "--size", "312", "--address", "shops@example.com")["stakeholders"][0]["id"]
    channel = cli.json("link", "add", one, "channel", "#checkout-down")["links"][0]["id"]
    cli("record", "-", "--incident", one, group="promises", stdin="Checkout fails for cards. Next update 11:10.")
    story = cli.json("show", one)
    message, promise = story["messages"][0]["id"][-6:], story["promises"][0]["id"][-6:]
    detected = next(event["id"] for event in story["events"] if event["what"] == "milestone")
    shown = cli("show", one)
    first, _, rest = shown.partition("  now\n")
    assert first.splitlines() == [
        f"{one}  SEV2, investigating: Checkout is down",
        "        began 10:42, 8 min ago",
        "        opened 10:50 by you; found by others at 10:45",
        "",
    ]
    assert "timeline" in rest.partition("\n\n")[0], "what is owed stands first"
    assert rest.partition("\n\n")[2] == (
        "  people\n"
        "    lead          ana, from 10:50\n"
        f"    must be told  {shops[-6:]} EU shops (affected, customers, 312, shops@example.com)\n"
        "\n"
        "  what is known\n"
        f"    {detected[-6:]}  it was detected, by others at 10:45 (a shop called)\n"
        f"    {number[-6:]}  10:50 number: 4212 payments charged twice\n"
        f"    {commit[-6:]}  10:50 hotfix 8c2f1d0: Restore the region index\n"
        f"    {box[-6:]}  10:50 impact box ticked: told to 312 shops\n"
        "\n"
        "  messages\n"
        f"    {message}  10:50, to team: “Checkout fails for cards. Next update 11:10.”\n"
        "\n"
        "  promises\n"
        f"    {promise}  due in 20 min: “Next update 11:10”\n"
        "\n"
        "  papers and links\n"
        f"    {channel[-6:]}  channel: #checkout-down\n"
    )
    jsonschema_rs.validator_for({"$ref": "#/$defs/Story", "$defs": story_schemas()}).validate(story)


def test_a_correction_stands_beside_what_it_corrects(cli: Terminal, one: str) -> None:
    first = cli.json("fact", one, "cause", "the deploy")["events"][0]["id"][-6:]
    cli.clock.advance(minutes=2)
    second = cli("fact", one, "cause", "the index is gone", "--corrects", first)
    assert second.endswith("  cause: the index is gone\n")
    assert "the deploy" not in cli("show", one)
    history = cli("history", one)
    assert f"{first}  10:50  cause: the deploy; you, no longer holds\n" in history
    assert f"{second[:6]}  10:52  cause: the index is gone, instead of {first}; you\n" in history
    late = cli.refused("fact", one, "cause", "the cache", "--corrects", first)
    stands = f"it stands as {second[:6]}, cause: the index is gone"
    assert late == f"amends: this fact was corrected meanwhile\n  {stands}; not taken: “the cache”\n"
    assert cli("withdraw", one, second[:6]).endswith(f"  took back the fact {second[:6]}\n")


def test_a_gate_is_named_and_passed_with_a_reason_that_stays(cli: Terminal, one: str) -> None:
    cli("record", "-", "--incident", one, group="promises", stdin="Checkout fails for cards. Next update 11:10.")
    assert cli.refused("status", one, "resolved") == (
        "amends: the incident is not resolved yet: “Next update 11:10” waits for an answer\n"
        "  keep it, move it or withdraw it; or give the --reason why it is resolved all the same\n"
    )
    assert "SEV2, resolved" in cli("status", one, "resolved", "--reason", "told them by phone")
    promise = cli.json("show", one)["promises"][0]["id"][-6:]
    assert f"passed the gate of the promise {promise} with the reason “told them by phone”" in cli("show", one)


def test_every_change_of_it_stands_in_its_history(cli: Terminal, one: str) -> None:
    earlier = cli.json("new", "The deploy broke search")["id"][-6:]
    cli("severity", one, "1")
    cli("rename", one, "Card", "payments", "fail")
    cli("began", one, "10:40")
    cli("follows", one, earlier)
    cli("private", one)
    cli("open", one)
    cli("remove", one)
    cli("restore", one)
    assert [line.partition("  10:50  ")[2] for line in cli("history", one).splitlines()] == [
        "opened: Checkout is down since 10:42; you",
        "severity SEV1, was SEV2; you",
        "renamed from “Checkout is down” to “Card payments fail”; you",
        "began 10:40, not 10:42; you",
        f"follows from {earlier}; you",
        "made private; you",
        "opened to everybody here; you",
        "taken out of the lists; you",
        "brought back; you",
    ]
    assert f"follows from {earlier} “The deploy broke search”" in cli("show", one)
    assert f"led to {one} “Card payments fail”" in cli("show", earlier)
    assert "cannot follow from itself" in cli.refused("follows", earlier, one)
    cli("follows", one, "--none")
    assert "follows from" not in cli("show", one)


def test_a_private_incident_is_not_there_for_who_was_not_invited(cli: Terminal, one: str) -> None:
    shown = cli("private", one)
    assert "private\n        only those who are invited see it:\n        you, invited by you\n" in shown
    assert "there is no incident" in cli.refused("show", one, "--as", "ben")
    cli("invite", one, "ben")
    assert "Checkout is down" in cli("show", one, "--as", "ben")
    assert cli("uninvite", one, "ben") == "you, invited by you\n"
    full = cli.json("show", one)["id"]
    assert cli("let-in", full, "--why", "the regulator asks", "--as", "ben") == "you, let in by themselves: “the regulator asks”\n"


def test_people_and_links_are_named_by_the_end_of_their_ids(cli: Terminal, one: str) -> None:
    cli("assign", one, "scribe", "me")
    assert cli("leave", one, "scribe") == "scribe  you, from 10:50 to 10:50\n"
    shops = cli("stakeholder", "add", one, "EU shops")
    assert cli("stakeholder", "remove", one, shops[:6]) == f"{shops[:6]}  EU shops (affected, customers), removed\n"
    ticket = cli("link", "add", one, "ticket", "https://tracker.example/OPS-12", "--title", "The ticket")
    assert ticket[6:] == "  ticket: https://tracker.example/OPS-12 (The ticket)\n"
    assert cli("link", "remove", one, ticket[:6]).endswith(", removed\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("severity", "ONE", "6"), "'6' is no severity"),
        (("milestone", "ONE", "detected"), "who found it"),
        (("fact", "ONE", "number", "charged twice"), "a number needs its figure"),
        (("commit", "ONE", "hotfix", "HEAD", "x"), "is no hash of a commit"),
        (("follows", "ONE"), "one thing is needed"),
        (("withdraw", "ONE", "ZZZZZZ"), "nothing of the id 'ZZZZZZ'"),
        (("link", "add", "ONE", "other", "javascript:alert(1)"), "cannot begin with"),
        (("show", "ZZZZZZ"), "there is no incident 'ZZZZZZ'"),
        (("leave", "ONE", "lead"), "nobody holds the function"),
        (("milestone", "ONE", "recovered", "--at", "10:51"), "still to come"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(cli: Terminal, one: str, words: tuple[str, ...], told: str) -> None:
    err = cli.refused(*(one if word == "ONE" else word for word in words))
    assert told in err
    assert len(err.splitlines()) >= 2, "a hint stands below"


def test_text_from_outside_cannot_steer_the_terminal(cli: Terminal, one: str) -> None:
    cli("comment", one, "a\x1b[31mb")
    cli("rename", one, "c\x1b[2Jd")
    for shown in (cli("show", one), cli("history", one), cli("list")):
        assert "\x1b" not in shown


def test_a_status_is_said_to_hold_since_a_time(cli: Terminal) -> None:
    name = cli.json("new", "Checkout is down since 10:20")["id"]
    cli("status", name, "monitoring", "--at", "10:40")
    last = cli.json("history", name)["events"][-1]
    assert (last["kind"], last["at"], last["recorded_at"]) == ("monitoring", "2026-03-04T10:40:00+00:00", "2026-03-04T10:50:00+00:00")
    assert "before the incident began" in cli.refused("status", name, "resolved", "--at", "10:00")
