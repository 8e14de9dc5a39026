"""The ledger in the terminal: what is asked for, every act, and the same facts as over HTTP."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from amends import wiring
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.cli.ledger_text import seconds_in_words, short_length
from amends.testing import START, FixedClock
from interfaces.serving import application
from pages import schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UPDATE = "Checkout fails since 10:40. I am rolling back, done by 11:20. Dana will call the three shops by 12:00. Next update 11:10.\n"


class Terminal:
    """Runs commands of `amends promises` one after the other over one store, at a time that only the test moves."""

    def __init__(self, run: Callable[..., Any], folder: Path, clock: FixedClock) -> None:
        self._run = run
        self.folder = folder
        self.clock = clock

    def __call__(self, *words: str, stdin: str = "") -> Any:
        return self._run("promises", *words, stdin=stdin)

    def text(self, *words: str, status: int = 0, stdin: str = "") -> str:
        ran = self(*words, stdin=stdin)
        assert (ran.status, ran.err) == (status, ""), ran.err
        return str(ran.out)

    def json(self, *words: str, status: int = 0, stdin: str = "") -> Any:
        ran = self(*words, "--format", "json", stdin=stdin)
        assert ran.status == status, ran.err
        answer = json.loads(ran.out)
        assert answer["schema"] == "amends.ledger/1"
        return answer

    def one(self, *words: str) -> dict[str, Any]:
        (promise,) = self.json(*words)["promises"]
        found: dict[str, Any] = promise
        return found

    def refused(self, *words: str, stdin: str = "") -> str:
        ran = self(*words, stdin=stdin)
        assert (ran.status, ran.out) == (2, "")
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
    return Terminal(run, tmp_path, clock)


def short(promise: dict[str, Any]) -> str:
    return str(promise["id"])[-6:]


def of_kind(answer: Any, kind: str) -> dict[str, Any]:
    (found,) = [one for one in answer["promises"] if one["kind"] == kind]
    promise: dict[str, Any] = found
    return promise


def test_an_empty_ledger_says_so(cli: Terminal) -> None:
    assert cli.text("list") == "nothing asks for anything now\n"
    assert cli.text("list", "--all") == "there is no promise yet\n"
    assert cli.json("list") == {"schema": "amends.ledger/1", "promises": []}
    assert cli.text("list", "--format", "jsonl") == ""


def test_what_is_due_first_stands_first_on_the_readers_clock(cli: Terminal) -> None:
    later = cli.one("add", "call the shops", "--due", "tomorrow 10:00")
    first = cli.one("add", "I will send the figures by 11:02", "--to", "Ines", "--shared")
    listed = cli.text("list", "--tz", "America/New_York")
    assert listed == (
        f"{short(first)}  due in 12 min: “I will send the figures by 11:02”\n"
        "        due Wed 4 Mar 2026, 06:02 -05:00; deliver; yours; to Ines\n"
        f"        → done? amends promises keep {short(first)}\n"
        "\n"
        f"{short(later)}  due in 23 h 10 min: “call the shops”\n"
        "        due Thu 5 Mar 2026, 05:00 -05:00; other; yours; private\n"
        f"        → done? amends promises keep {short(later)}\n"
        "\n"
        "2 promises to look after\n"
    )


def test_a_missed_promise_fails_the_command_until_somebody_answers_for_it(cli: Terminal) -> None:
    one = cli.one("add", "I will send the figures by 11:02")
    cli.clock.advance(minutes=12, seconds=59)
    assert "due now" in cli.text("list")
    cli.clock.advance(minutes=40)
    listed = cli.text("list", status=1)
    assert f"{short(one)}  missed 40 min ago: " in listed
    assert listed.endswith("1 promise to look after, 1 missed\n")
    assert cli.json("list", "--all", status=1)["promises"][0]["state"] == "missed"
    moved = cli.text("move", short(one), "in", "45", "min", "--why", "the rollback failed")
    assert f"{short(one)}  missed 40 min ago: " in moved
    assert "due in 44 min" in moved
    assert cli("list").status == 0


def test_a_recorded_message_brings_its_promises_and_keeps_the_one_before(cli: Terminal) -> None:
    (cli.folder / "update.md").write_text(UPDATE)
    made = cli.json("record", "update.md", "--new-incident", "Checkout is down", "--audience", "team")
    assert of_kind(made, "next_update")["due"] == "2026-03-04T11:10:00+00:00"
    assert made["message"]["text"] == UPDATE
    incident = made["message"]["incident"]
    assert {one["incident"] for one in made["promises"]} == {incident}

    cli.clock.advance(minutes=19)
    words = ("record", "-", "--incident", incident[-8:].lower(), "--audience", "team")
    said = cli.text(*words, stdin="Rolled back at 11:05. Next update 11:40.\n")
    assert said.startswith("message ")
    assert ", sent Wed 4 Mar 2026, 11:09 UTC, about incident " in said
    assert "It settles 1 promise made before:" in said
    assert f"{short(of_kind(made, 'next_update'))}  kept: “Next update 11:10”" in said
    assert f"→ send the update, then: amends promises record FILE --incident {incident[-6:]}" in said
    assert [one["state"] for one in cli.json("list", "--incident", incident)["promises"]] == ["open", "open", "proposed"]


def test_a_message_is_read_on_the_senders_clock(cli: Terminal) -> None:
    made = cli.json("record", "-", "--at", "2026-03-04T10:45:00+00:00", "--tz", "Asia/Kolkata", stdin="Next update 17:00.")
    assert made["promises"][0]["due"] == "2026-03-04T11:30:00+00:00"
    assert made["message"]["sent_at"] == "2026-03-04T10:45:00+00:00"
    (cli.folder / "amends.toml").write_text('tz = "Europe/Berlin"\n')
    assert cli.json("record", "-", stdin="Next update 17:00.")["promises"][0]["due"] == "2026-03-04T16:00:00+00:00"


def test_a_machine_whose_clock_has_no_zone_of_a_name_goes_by_its_offset(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "machine_zone", lambda: None)
    assert cli.one("add", "call the shops", "--due", "in 45 min")["due"] == "2026-03-04T11:35:00+00:00"
    assert f", {(START.astimezone() + timedelta(minutes=45)):%H:%M} " in cli.text("list")


def test_a_refused_message_leaves_no_incident_behind(cli: Terminal) -> None:
    assert "cannot have been sent in the future" in cli.refused("record", "-", "--new-incident", "A", "--at", "10:51", stdin="x")
    assert "unknown form 'postcard'" in cli.refused("record", "-", "--new-incident", "A", "--form", "postcard", stdin="x")
    usecases = wiring.open_usecases()
    assert usecases.incidents.list() == ()
    assert usecases.journal.verify() == []
    usecases.close()


def test_the_time_of_a_promise_is_read_from_its_words_and_told_back(cli: Terminal) -> None:
    said = cli("add", "I", "will", "call", "Dana", "by", "9:00")
    assert "note: this time has passed today; read as tomorrow's\n" in said.err
    assert "due in 22 h 10 min: “I will call Dana by 9:00”" in said.out
    assert "due Thu 5 Mar 2026, 09:00 UTC; deliver; yours; private" in said.out
    without = cli.text("add", "water the plants")
    assert "no time: “water the plants”" in without
    assert "kept without a time, so nobody can say whether it was met" in without


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "done by 31 February"], "there is no such date"),
        (["add", "call", "--due", "soon"], "no time can be read from 'soon'"),
        (["add", " "], "must not be empty"),
        (["add", "call", "--kind", "apology"], "'apology' is not one of"),
        (["add", "call", "--incident", "nope"], "there is no incident 'nope'"),
        (["list", "--tz", "Mars/Olympus"], "unknown time zone 'Mars/Olympus'"),
        (["list", "--incident", "nope"], "there is no incident yet"),
        (["show", "nope"], "there is no promise 'nope'"),
        (["show", "\x00"], "there is no promise"),
        (["keep"], "missing argument 'ID'"),
        (["withdraw", "nope"], "missing option '--why'"),
        (["move", "nope", "soon"], "there is no promise 'nope'"),
        (["record", "none.md"], "none.md: there is no such file"),
        (["record", "-"], "there is nothing on standard input"),
        (["record", "-", "--incident", "a", "--new-incident", "b"], "exclude each other"),
        (["absence", "me", "--from", "tomorrow", "--to", "10:55"], "the absence ends before it begins"),
        (["absence", "me", "--from", "soon", "--to", "Friday"], "from: no time can be read from 'soon'"),
        (["undo", "nope"], "there is no promise 'nope'"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(cli: Terminal, words: list[str], said: str) -> None:
    told = cli.refused(*words)
    assert said in told
    assert told.startswith("amends: ")
    assert not told.startswith("amends:  ")
    assert "\n  " in told


def test_a_time_to_come_is_asked_for(cli: Terminal) -> None:
    one = cli.one("add", "call the shops", "--due", "15:30")
    assert "the new time has passed already" in cli.refused("move", short(one), "2026-03-04T10:00:00+00:00")
    assert "there is no such date" in cli.refused("move", short(one), "30 February")
    assert "the snooze would end in the past" in cli.refused("snooze", short(one), "yesterday 10:00")
    assert "before the promise was made, or still to come" in cli.refused("keep", short(one), "--at", "10:51")
    assert cli.one("show", one["id"])["events"] == []


def test_a_promise_is_named_by_either_end_of_its_id(cli: Terminal) -> None:
    first, second = cli.one("add", "call the shops"), cli.one("add", "call the banks")
    assert cli.one("show", first["id"]) == cli.one("show", first["id"][-5:].lower()) == first
    told = cli.refused("show", first["id"][:2])
    assert f"'{first['id'][:2]}' could be 2 promises" in told
    assert f"{first['id']} “call the shops”; {second['id']} “call the banks”" in told


@pytest.mark.parametrize(
    ("option", "settled_by"),
    [
        ((), "person:local"),
        (("--commit", "8c2f1d0"), "commit:8c2f1d0"),
        (("--ticket", "SHOP-12"), "ticket:SHOP-12"),
        (("--deploy", "77"), "deploy:77"),
    ],
)
def test_what_shows_that_it_was_kept_is_kept_with_it(cli: Terminal, option: tuple[str, ...], settled_by: str) -> None:
    one = cli.one("add", "call the shops by 15:30")
    kept = cli.one("keep", short(one), *option)
    assert (kept["state"], kept["settled_by"]) == ("kept", settled_by)
    assert "it is settled already" in cli.refused("keep", short(one))


def test_a_message_shows_that_it_was_kept(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30")
    message = cli.json("record", "-", stdin="The shops were called.")["message"]["id"]
    assert cli.one("keep", short(one), "--message", message[-7:])["settled_by"] == f"message:{message}"
    assert "there is no message" in cli.refused("keep", short(one), "--message", "nope")
    assert "--commit and --ticket exclude each other" in cli.refused("keep", short(one), "--commit", "a", "--ticket", "b")


def test_a_promise_kept_late_says_by_how_much(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 11:00")
    cli.clock.advance(hours=2)
    assert f"{short(one)}  kept 9 min late: “call the shops by 11:00”" in cli.text("keep", short(one), "--at", "11:09")


def test_who_was_promised_is_told_with_words_to_begin_with(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30", "--to", "Ines")
    moved = cli.json("move", short(one), "tomorrow 10:00", "--why", "the rollback failed")
    assert [one["state"] for one in moved["promises"]] == ["moved", "open"]
    assert moved["tell"] == "I told you: “call the shops by 15:30”. The new time is Thu 05 Mar 10:00 GMT. The reason: the rollback failed."
    assert f"→ tell Ines, then: amends promises told {short(one)}" in cli.text("list")
    assert "step" in cli.one("told", short(one), "Ines")
    new = moved["promises"][1]
    gone = cli.text("withdraw", short(new), "--why", "the shops were told by others")
    assert "To tell them, you could begin with:\n\n  I told you: “call the shops by 15:30”. I take that back." in gone
    cli.text("told", short(new))
    assert cli.text("list") == "nothing asks for anything now\n"


def test_a_promise_without_listeners_asks_nobody_to_be_told(cli: Terminal) -> None:
    one = cli.one("add", "water the plants by 15:30")
    assert "tell" not in cli.json("withdraw", short(one), "--why", "it rained")


def test_handing_over_takes_two(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30", "--to", "Ines", "--shared")
    offered = cli.text("hand-over", short(one), "Dana", "--why", "my shift ends")
    assert f"→ Dana must take it over: amends promises accept {short(one)}" in offered
    assert cli.json("list", "--owner", "me")["promises"][0]["offered_to"] == "Dana"
    cli.text("decline", short(one), "--as", "Dana")
    cli.text("hand-over", short(one), "Dana")
    taken = cli.text("accept", short(one), "--as", "Dana")
    assert "; yours; to Ines" in taken
    assert "Dana does this now" in taken
    assert cli.json("list", "--owner", "me")["promises"] == []
    assert cli.json("list", "--owner", "me", "--as", "Dana")["promises"][0]["owner"] == "Dana"
    assert "only local, who made this promise, can withdraw it" in cli.refused("withdraw", short(one), "--why", "x", "--as", "Dana")


def test_what_somebody_else_must_keep_is_proposed(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30", "--owner", "Dana", "--shared")
    assert f"{short(one)}  proposed to Dana, due in 4 h 40 min" in cli.text("list")
    assert cli.one("decline", short(one), "--as", "Dana")["state"] == "declined"
    said = cli.text("list")
    assert "declined by Dana" in said
    assert f"→ nobody has taken it on: amends promises accept {short(one)} --owner NAME" in said
    assert cli.one("accept", short(one), "--owner", "Bo")["owner"] == "Bo"
    assert "for Bo to keep; if it is done: " in cli.text("list")


def test_what_is_private_is_seen_by_its_people_only(cli: Terminal) -> None:
    one = cli.one("add", "call my manager by 15:30")
    assert cli.text("list", "--as", "Dana") == "nothing asks for anything now\n"
    assert "there is no promise" in cli.refused("show", one["id"], "--as", "Dana")


def test_reminders_are_held_for_all_to_see(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30")
    assert cli.one("snooze", short(one), "45m")["snoozed_until"] == "2026-03-04T11:35:00+00:00"
    assert "; reminders held until Wed 4 Mar 2026, 11:35 UTC;" in " ".join(cli.text("list").split())


def test_the_last_event_is_undone_or_the_one_that_is_named(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by 15:30")
    assert "nothing that happened to this promise can be undone" in cli.refused("undo", short(one))
    snoozed = cli.one("snooze", short(one), "45m")["events"][0]["id"]
    cli.one("keep", short(one))
    undone = cli.one("undo", short(one))
    assert (undone["state"], [event["what"] for event in undone["events"]]) == ("open", ["snoozed", "kept", "taken-back"])
    assert cli.one("undo", short(one), snoozed[-6:])["snoozed_until"] is None
    assert "nothing of the id 'nope' happened" in cli.refused("undo", short(one), "nope")
    history = cli.text("show", short(one))
    assert "kept by you" in history
    assert f"taken back by you, undoing {snoozed[-6:]}" in history


def test_an_absence_fails_while_something_is_left_behind(cli: Terminal) -> None:
    one = cli.one("add", "call the shops by Friday 15:30", "--shared")
    cli.one("add", "water the plants by 20 March")
    away = ("absence", "me", "--from", "Thursday", "--to", "2026-03-09")
    said = cli.text(*away, status=1)
    assert f"{short(one)}  due in 2 days" in said
    assert f"or before the absence: hand-over {short(one)} NAME, move {short(one)} TIME, or withdraw {short(one)} --why …" in said
    assert said.endswith("\n1 promise left behind from Thu 5 Mar 2026, 00:00 UTC to Mon 9 Mar 2026, 00:00 UTC\n")
    cli.text("hand-over", short(one), "Dana")
    assert f"→ Dana must take it over: amends promises accept {short(one)}" in cli.text(*away, status=1)
    cli.text("accept", short(one), "--as", "Dana")
    assert cli.text(*away).startswith("nothing is left behind from Thu 5 Mar 2026, 00:00 UTC")
    assert cli.json("absence", "Dana", "--from", "Thursday", "--to", "20 March", status=1)["promises"][0]["id"] == one["id"]


def test_every_act_says_the_same_over_http(cli: Terminal) -> None:
    """One store, two doors: what a command prints is what the API answers, and the other way round."""
    made = cli.json("record", "-", "--new-incident", "Checkout is down", "--audience", "team", stdin=UPDATE)
    usecases = wiring.open_usecases()
    api = TestClient(application(usecases))
    incident = made["message"]["incident"]
    assert api.get("/api/v1/incidents").json()["incidents"][0]["id"] == incident
    assert api.get(f"/api/v1/messages/{made['message']['id']}").json() == made
    assert api.get("/api/v1/promises", params={"incident": incident}).json() == cli.json("list", "--incident", incident)
    assert api.get("/api/v1/promises", params={"state": "all"}).json() == cli.json("list", "--all")
    fix = next(one["id"] for one in made["promises"] if "11:20" in one["quote"])
    moved = api.post(f"/api/v1/promises/{fix}/move", json={"due": "2026-03-04T12:00:00+00:00", "why": "it failed"}).json()
    assert cli.one("show", fix) == moved["promises"][0]
    update = of_kind(made, "next_update")["id"]
    kept = cli.json("keep", update, "--commit", "8c2f1d0")
    assert api.get(f"/api/v1/promises/{update}").json() == kept
    assert api.post(f"/api/v1/promises/{update}/keep").status_code == 409
    usecases.close()


def test_a_line_for_each_promise(cli: Terminal) -> None:
    made = [cli.one("add", f"thing {number} by 15:3{number}") for number in range(3)]
    lines = cli.text("list", "--format", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == made


def test_more_than_a_page_is_listed(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends.interfaces.cli.ledger.PAGE", 2)
    ids = [cli.one("add", f"thing {number} by 15:30")["id"] for number in range(5)]
    assert [one["id"] for one in cli.json("list", "--all")["promises"]] == ids[::-1]


def test_words_cannot_steer_the_terminal(cli: Terminal) -> None:
    cli.one("add", "call \x1b[31mthe shops by 15:30", "--to", "I\x1b[2Jnes")
    assert "\x1b" not in cli.text("list") + cli.text("show", cli.json("list")["promises"][0]["id"])


def test_a_store_that_is_busy_or_no_store_is_told_in_one_line(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    one = cli.one("add", "call the shops by 15:30")
    monkeypatch.setattr("amends.store.engine.PATIENCE_S", 0.2)
    blocker = sqlite3.connect(cli.folder / "home" / "amends.sqlite3", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        told = cli.refused("keep", short(one))
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert "does not serve: database is locked" in told
    monkeypatch.setenv("AMENDS_DATABASE_URL", f"sqlite:///{cli.folder}/no/such/folder/amends.sqlite3")
    (cli.folder / "no").write_text("a file where a folder should be")
    assert cli.refused("list").startswith("amends: ")


HELP = """
import sys
from amends.interfaces.cli.main import main
main(["promises", "{}", "--help"])
print(*sorted(name for name in ("sqlalchemy", "alembic", "fastapi", "starlette", "numpy", "dbos") if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("command", ["list", "keep", "record"])
def test_help_brings_no_database_with_it(command: str) -> None:
    done = subprocess.run([sys.executable, "-c", HELP.format(command)], capture_output=True, text=True, check=True)
    assert "--as PERSON" in done.stdout
    assert done.stderr == "\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (12_000, "3 h 20 min"),
        (100_000, "27 h"),
        (200_000, "2 days"),
    ],
)
def test_lengths_are_told_in_the_units_that_matter(seconds: int, words: str) -> None:
    assert seconds_in_words(seconds) == words


def test_short_ids_tell_the_promises_of_a_list_apart() -> None:
    assert short_length([]) == 6
    assert short_length(["0" * 26, "0" * 19 + "1" + "0" * 6]) == 7
    assert short_length(["0" * 26, "0" * 26]) == 6


def test_what_is_printed_fits_the_published_schema(cli: Terminal) -> None:
    whole = jsonschema_rs.validator_for(schemas.ledger_report(), validate_formats=True)
    line = jsonschema_rs.validator_for(schemas.ledger_promise(), validate_formats=True)
    recorded = cli.json("record", "-", "--new-incident", "Checkout is down", stdin=UPDATE)
    whole.validate(recorded)
    names = [short(one) for one in recorded["promises"]]
    assert len(names) == 3
    whole.validate(cli.json("move", names[0], "12:30", "--why", "the rollback failed"))
    for act in (
        ("snooze", names[2], "45m"),
        ("hand-over", names[2], "Bo"),
        ("accept", names[2], "--as", "Bo"),
        ("told", names[2]),
        ("keep", names[2]),
        ("undo", names[2]),
    ):
        whole.validate(cli.json(*act))
    cli.one("add", "call my manager")
    whole.validate(cli.json("list", "--all"))
    lines = cli.text("list", "--all", "--format", "jsonl").splitlines()
    assert len(lines) == 5
    for text in lines:
        line.validate(json.loads(text))


def test_the_schema_speaks_of_every_field(cli: Terminal) -> None:
    made = cli.json("record", "-", "--new-incident", "Checkout is down", stdin=UPDATE)
    kept = cli.one("keep", short(made["promises"][0]))
    known = ledger_schemas()
    assert set(known["LedgerPromise"]["properties"]) == set(kept)
    assert set(known["LedgerEvent"]["properties"]) == set(kept["events"][0])
    assert set(known["SentMessage"]["properties"]) == set(made["message"])
