"""`amends due` and the channels of the project file: what people and scripts read, and which mistakes are named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.core.errors import InputError, UsageError
from amends.integrations.channels.email import Email
from amends.settings import load_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))


def test_nothing_due_is_said_in_a_line(run: Run) -> None:
    done = run("due")
    assert (done.status, done.out) == (0, "0 promises missed, 0 to come\n")
    assert run("due", "--quiet").out == ""


def test_what_is_to_come_is_listed_with_what_to_do(run: Run) -> None:
    run("promises", "add", "we will write to the board", "--due", "in 2 hours")
    done = run("due")
    assert done.status == 0
    assert "we will write to the board" in done.out
    assert done.out.endswith("0 promises missed, 1 to come\n")


def test_scripts_read_it_as_json(run: Run) -> None:
    run("promises", "add", "we will write to the board", "--due", "in 2 hours")
    told = json.loads(run("due", "--mine", "--format", "json").out)
    assert (told["missed"], told["coming"], told["unsent"]) == (0, 1, [])
    assert [one["quote"] for one in told["promises"]] == ["we will write to the board"]
    assert json.loads(run("due", "--as", "ben", "--mine", "--format", "json").out)["promises"] == []


def test_a_missed_promise_ends_with_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("promises", "add", "we will write to the board", "--due", "in 2 hours")
    later = wiring.system_clock().now().replace(year=2099)
    monkeypatch.setattr(wiring.SystemClock, "now", lambda _: later)
    done = run("due", "--quiet")
    assert done.status == 1
    assert "1 promise missed" in done.out


def test_a_reminder_that_does_not_get_through_is_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "amends.toml").write_text('[channels.room]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n')
    run("promises", "add", "we will write to the board", "--due", "in 2 hours")
    later = wiring.system_clock().now().replace(year=2099)
    monkeypatch.setattr(wiring.SystemClock, "now", lambda _: later)
    done = run("due", "--send")
    assert "did not get through room" in done.out
    assert "allow_private" in done.out
    assert "0 reminders sent, 1 did not get through" in done.out


def project(tmp_path: Path, text: str) -> str:
    path = tmp_path / "amends.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[channels.a]\nkind = "pigeon"\n', 2, "pigeon"),
        ('[channels.a]\nkind = "webhook"\n', 1, "needs the key 'url'"),
        ('[channels.a]\nkind = "email"\nhost = "h"\nfrom = "a@b"\n', 1, "somebody to write to"),
        ('[channels.a]\nkind = "webhook"\nurl = "$U"\nhost = "h"\n', 4, "no key 'host'"),
        ('[channels.a]\nkind = "webhook"\nurl = "$U"\nsecret = "hunter2"\n', 4, "for all to read"),
        ('[channels.a]\nkind = "webhook"\nurll = "$U"\n', 3, "urll"),
        ('[reminders]\nbefore = ["soon"]\n', 2, "no length of time"),
        ('[reminders]\n\nquiet = "at night"\n', 3, "no hours"),
        ('[reminders]\nquiet_tz = "Mars/Base"\n', 2, "Mars/Base"),
        ("[reminders]\nnags = true\n", 2, "nags"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load_project(project(tmp_path, text))
    assert caught.value.line == line


def test_secrets_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[channels.post]\nkind = "email"\nhost = "h"\nfrom = "a@b.example"\nuser = "me"\npassword = "$POST"\npeople = { ana = "$ANA" }\n'
    settings = load_project(project(tmp_path, text)).for_path(None)
    with pytest.raises(UsageError, match=r"channels\.post\.password.*POST"):
        wiring.reminding(settings)
    monkeypatch.setenv("POST", "hunter2")
    monkeypatch.setenv("ANA", "ana@example.org")
    (channel,) = wiring.reminding(settings).channels
    assert isinstance(channel, Email)
    assert (channel.is_of("ana"), channel.is_of("ben"), channel.serves("ben")) == (True, False, True)
    assert hash(settings), "settings are compared and remembered"


def test_an_own_file_holds_where_no_project_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work").mkdir()
    assert wiring.settings_in(str(tmp_path / "work")) is None
    (tmp_path / "config/amends").mkdir(parents=True)
    (tmp_path / "config/amends/amends.toml").write_text('[reminders]\nquiet = "22:00-07:00"\n')
    settings = wiring.settings_in(str(tmp_path / "work"))
    assert settings is not None
    assert wiring.reminding(settings).plan.quiet is not None


def test_what_incidents_owe_stands_before_the_promises_and_in_json(run: Run) -> None:
    run("incident", "new", "Checkout is down", "--sev", "2")
    said = run("due").out
    assert "Checkout is down (SEV2, investigating)" in said
    assert "due in 5 min: Say what happened, to the team" in said
    told = json.loads(run("due", "--format", "json").out)
    assert {one["what"] for one in told["owed"]} >= {"first-message", "timeline", "follow-up-note"}
    assert all(one["why"] and one["source"] and one["due"] for one in told["owed"])


def test_the_clocks_follow_the_rules_that_are_named(run: Run) -> None:
    run("incident", "new", "Checkout is down", "--sev", "2")
    told = json.loads(run("due", "--rules", "pagerduty", "--format", "json").out)
    assert {one["what"] for one in told["owed"]} == {"first-customers-message"}
    refused = run("due", "--rules", "ours")
    assert refused.status == 2
    assert "sources" in refused.err
