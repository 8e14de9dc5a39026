"""Messages in the terminal alone: begun, recorded, heard, shared, corrected; the note with its commits; each answer as it is described."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends import wiring
from amends.interfaces.api.messages_schema import message_schemas
from amends.testing import FixedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMAS = message_schemas("#/$defs/")


class Terminal:
    """Runs commands over one store, at a time that only the test moves."""

    def __init__(self, run: Callable[..., Any], clock: FixedClock) -> None:
        self.run = run
        self.clock = clock

    def __call__(self, *words: str, status: int = 0, stdin: str = "") -> str:
        ran = self.run(*words, stdin=stdin)
        assert ran.status == status, ran.err
        assert "Traceback" not in ran.err
        return str(ran.out)

    def json(self, schema: str, *words: str, status: int = 0, stdin: str = "") -> Any:
        told = json.loads(self(*words, "--format", "json", status=status, stdin=stdin))
        jsonschema_rs.validator_for({**SCHEMAS[schema], "$defs": SCHEMAS}).validate(told)
        return told

    def refused(self, *words: str, stdin: str = "") -> str:
        ran = self.run(*words, stdin=stdin)
        assert (ran.status, ran.out) == (2, ""), ran.out
        return str(ran.err)


@pytest.fixture
def cli(run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    clock = FixedClock()
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    return Terminal(run, clock)


@pytest.fixture
def incident(cli: Terminal) -> str:
    cli("incident", "new", "Invoices went out twice", "--sev", "2", "--at", "10:10")
    name = str(json.loads(cli("incident", "list", "--format", "jsonl").splitlines()[0])["id"])
    cli("incident", "fact", name, "number", "invoices", "went", "out", "twice", "--figure", "412")
    cli("incident", "stakeholder", "add", name, "Nordwind")
    return name


def test_a_text_is_begun_from_the_facts(cli: Terminal, incident: str) -> None:
    told = cli.json("MessageStart", "message", "start", incident, "exec-status")
    assert told["audience"] == "leadership"
    assert "412 invoices went out twice." in told["text"]
    assert cli("message", "start", incident, "exec-status") == told["text"]


def test_who_has_heard_is_told_until_everybody_has(cli: Terminal, incident: str) -> None:
    cli("message", "record", "-", "--incident", incident, "--audience", "customers", "--via", "phone", stdin="412 invoices went out twice.")
    (message,) = cli.json("Messages", "message", "list", incident)["messages"]
    assert [(one["name"], one["state"], one["via"]) for one in message["heard"]] == [("Nordwind", "sent", "phone")]
    cli("incident", "stakeholder", "add", incident, "Süd")
    assert "Süd: not told" in cli("message", "told", message["id"], status=1)
    assert "Süd: told" in cli("message", "share", message["id"][-6:], "--via", "mail")
    cli("message", "told", message["id"])
    assert "nobody" not in cli("message", "ack", message["id"], "süd")
    shown = cli("message", "show", message["id"])
    assert "acknowledged" in shown
    assert "412 invoices went out twice." in shown
    assert "everybody who must hear this has heard it" in cli.refused("message", "share", message["id"])
    assert "Nordwind" in cli.refused("message", "ack", message["id"], "Nobody")


def test_a_correction_reaches_who_was_told_the_wrong_one(cli: Terminal, incident: str) -> None:
    cli("message", "record", "-", "--incident", incident, "--audience", "customers", stdin="412 invoices went out twice.")
    (wrong,) = cli.json("Messages", "message", "list", incident)["messages"]
    cli.clock.advance(minutes=5)
    old = json.loads(cli("incident", "history", incident, "--format", "json"))["events"][-1]["id"]
    cli("incident", "fact", incident, "number", "invoices", "went", "out", "twice", "--figure", "438", "--corrects", old[-6:])
    text = cli("message", "correct", wrong["id"][-6:])
    assert "it said “412 invoices went out twice.”" in text
    cli("message", "record", "-", "--corrects", wrong["id"][-6:], "--to", "Nordwind", stdin=text)
    first, second = cli.json("Messages", "message", "list", incident)["messages"]
    assert (first["corrected_by"], second["corrects"], second["audience"]) == (second["id"], first["id"], "customers")
    assert second["heard"][0]["state"] == "sent"
    assert [one["kind"] for one in cli.json("MessageChanges", "message", "since", incident, "--message", first["id"])["changes"]] == [
        "number"
    ]


def test_what_changed_since_is_offered_for_the_next_update(cli: Terminal, incident: str) -> None:
    assert "nobody has been told anything yet" in cli("message", "since", incident)
    cli("message", "record", "-", "--incident", incident, "--audience", "team", stdin="We are on it.")
    cli.clock.advance(minutes=5)
    cli("incident", "milestone", incident, "contained")
    assert "It has been contained since 10:55 UTC." in cli("message", "since", incident, "--audience", "team")
    assert "- It has been contained since 10:55 UTC." in cli("message", "start", incident, "status-update", "--since")


def test_the_note_says_what_it_lacks_until_it_is_whole(cli: Terminal, incident: str) -> None:
    told = cli.json("FollowUpNote", "message", "note", incident, status=1)
    assert told["due"] == "2026-03-04T11:20:00+00:00"
    assert {"no-hotfix", "not-sent", "open-impact"} <= {one["code"] for one in told["missing"]}
    cli("incident", "tick", incident, "impact", "--note", "412 counted")
    assert "[x] impact: 412 counted" in cli("message", "note", incident, status=1)
    cli("incident", "tick", incident, "prevention", "--open", "--note", "due, until 6 March")
    assert "[ ] prevention: due, until 6 March" in cli("message", "note", incident, status=1)


def test_commits_are_looked_for_where_it_is_said(cli: Terminal, incident: str, tmp_path: Path) -> None:
    told = cli.json("CommitCandidates", "message", "commits", incident)
    assert told["sources"] == []
    ran = cli.run("message", "commits", incident, "--repository", str(tmp_path))
    assert (ran.status, "problem:" in ran.err) == (0, True)


def test_what_is_sent_through_a_channel_that_fails_is_told_and_exits_with_one(cli: Terminal, incident: str, tmp_path: Path) -> None:
    (tmp_path / "amends.toml").write_text('[channels.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:9/x"\nallow_private = true\n')
    ran = cli.run("message", "send", "-", "--incident", incident, "--audience", "customers", "--through", "hook", stdin="412 invoices.")
    assert ran.status == 1
    assert "it did not reach Nordwind" in ran.err
    assert "pigeon" in cli.refused("message", "send", "-", "--incident", incident, "--through", "pigeon", stdin="x")


def test_a_link_for_a_reader_without_an_account(cli: Terminal, incident: str) -> None:
    cli("message", "record", "-", "--incident", incident, "--audience", "customers", stdin="412 invoices.")
    (message,) = cli.json("Messages", "message", "list", incident)["messages"]
    assert cli("message", "link", message["id"], "Nordwind").startswith("/ack/")
