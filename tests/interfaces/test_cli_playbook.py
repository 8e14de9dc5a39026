"""Playbooks in the terminal: the sample goes through the whole of one by commands, and a file of one's own is tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.playbooks.loading import PROCEDURES
from amends.usecases.sample import seed_sample, tell_sample
from usecases.playbook_walk import ByUseCase, OnceEach, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def usecases(own_home: FixedClock) -> Iterator[UseCases]:
    assert own_home is wiring.system_clock(), "the commands live in the time of the test"
    made = wiring.open_usecases()
    yield made
    made.close()


class ByCommand:
    """The acts of a run as commands; each shows what to do then."""

    def __init__(self, run: Run, run_id: str) -> None:
        self._command = run
        self._id = run_id

    def answer(self, gate: str) -> None:
        self._run("answer", self._id, gate, "yes", "--person", "Mara")

    def choose(self, field: str, kind: str, ref: str) -> None:
        self._run("fill", self._id, field, "--ref", f"{kind}:{ref}")

    def word(self, field: str, person: str, text: str) -> None:
        self._run("fill", self._id, field, "--person", person, "--says", text)

    def unknown(self, field: str, asked: str) -> None:
        self._run("unknown", self._id, field, "--asked", asked)

    def decide(self, decision: str, text: str) -> None:
        self._run("decide", self._id, decision, text)

    def finish(self) -> None:
        self._run("finish", self._id)

    def _run(self, *words: str) -> None:
        ran = self._command("playbook", *words)
        assert ran.status == 0, ran.err
        assert "→" in ran.out


def test_the_sample_goes_through_the_whole_playbook_by_commands(run: Run, usecases: UseCases, clock: FixedClock) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    assert "it was SEV2, and is monitoring" in " ".join(run("playbook", "offer", incident.id).out.split())
    refused = run("playbook", "start", "repair-trust", "--incident", incident.id)
    assert (refused.status, "nobody is named who leads it" in refused.err) == (2, True)
    begun = run("playbook", "start", "repair-trust", "--incident", incident.id, "--lead", "Mara", "--yes", "lead", "--format", "json")
    told = json.loads(begun.out)
    assert (told["schema"], told["state"], told["next"]["about"]) == ("amends.playbook-run/1", "halted", "optics")

    walk = Walk(usecases, clock, incident, told["id"], OnceEach(ByCommand(run, told["id"]), usecases, told["id"]))
    walk.to_the_end()

    ended = run("playbook", "status", told["id"][-8:])
    assert "finished" in ended.out
    assert "trust-recovery-review.quarter" in ended.out
    undone = json.loads(run("playbook", "undo", told["id"], "--format", "json").out)
    assert undone["state"] == "going"
    stopped = json.loads(run("playbook", "stop", told["id"], "--why", "the team was merged", "--format", "json").out)
    assert stopped["state"] == "stopped"
    listed = json.loads(run("playbook", "status", incident.id, "--incident", "--format", "json").out)
    assert [one["state"] for one in listed["runs"]] == ["stopped"]


def test_the_library_reads_and_a_file_of_ones_own_is_tried(run: Run, clock: FixedClock, tmp_path: Path) -> None:
    assert clock is wiring.system_clock()
    assert "repair-trust" in run("playbook", "list").out
    shown = " ".join(run("playbook", "show", "repair-trust").out.split())
    assert "Make a few changes that they can see" in shown
    assert "Trust recovery review (trust-recovery-review): after a month (month)," in shown
    assert "(lead, refuses to begin). Asks: Has the person who leads it said that they will listen" in shown, "what --yes lead says yes to"
    assert "(kind-of-trust, needed) Such as: what the system does;" in shown
    assert run("playbook", "show", "repair").status == 2
    own = tmp_path / "own-a-mistake-first-hour.toml"
    source = (PROCEDURES / own.name).read_text()
    own.write_text(source.replace('sources = ["note.impact"]', 'sources = ["note.impacts"]'))

    ran = run("playbook", "lint", str(own), "--format", "json")

    (fault,) = json.loads(ran.out)["faults"]
    assert (ran.status, fault["field"], fault["hint"]) == (1, "artifacts[2].fields[0].sources[0]", "did you mean 'note.impact'?")
    assert source.splitlines()[fault["line"] - 1] == 'sources = ["note.impact"]'
    other = tmp_path / "other.toml"
    other.write_text(source.replace('gate = "damage"', 'gate = "harm"', 1))
    told = run("playbook", "lint", str(tmp_path)).out
    assert told.endswith("2 playbooks, 3 faults\n"), "all faults of all files"
    assert "not_when[0].gate: unknown gate 'harm'" in told
    assert "rename the file to own-a-mistake-first-hour.toml" in told
    other.unlink()
    assert run("playbook", "lint").status == 0
    (tmp_path / "none").mkdir()
    assert run("playbook", "lint", str(tmp_path / "none")).status == 2, "a wrong folder is not a folder without faults"


def test_a_run_that_waits_for_the_account_names_the_command_that_takes_over_what_was_written_down(run: Run, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is down").id
    usecases.recording.fact(incident, "impact", "Shops could not take cards")
    ran = run("playbook", "start", "repair-trust", "--incident", incident, "--lead", "Mara", *overridden(usecases))
    name = ran.out.split()[0]
    assert f"not in its account yet: 1; `amends account begin {incident[-6:]}`" in " ".join(run("playbook", "status", name).out.split())
    run("account", "begin", incident, "--all")
    assert "account begin" not in run("playbook", "status", name).out


def test_a_run_rests_in_words_while_the_incident_is_live_again(run: Run, usecases: UseCases, clock: FixedClock) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    name = usecases.playbooks.start(incident.id, "repair-trust", lead="Mara", answers={"lead": True}).run.id
    Walk(usecases, clock, incident, name, ByUseCase(usecases, name)).until("trust-break-map.breaks")
    clock.advance(minutes=1)
    usecases.incidents.change_status(incident.id, "investigating")
    shown = " ".join(run("playbook", "status", name).out.split())
    assert "step 3 of 5" in shown
    assert "The run rests while the incident is live. What is finished stays finished." in shown
    assert "1. Settle what is open, and say what it cost, finished" in shown
    assert "3. Find out whose trust broke, and in what, waits at a gate" in shown


def test_what_happened_in_a_run_is_told_in_sentences(run: Run, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is down").id
    name = run("playbook", "start", "repair-trust", "--incident", incident, "--lead", "Mara", *overridden(usecases)).out.split()[0]
    told = " ".join(run("playbook", "history", name).out.split())
    assert "Wed 4 Mar 2026, 10:50 UTC: You began the run, and Mara leads it." in told
    assert "You went on although the gate “The live response is over” was shut: “the test goes on”." in told
    assert "You went on although the gate" in " ".join(run("playbook", "status", name).out.split())
    rows = json.loads(run("playbook", "history", name, "--format", "json").out)["events"]
    assert rows[0]["said"] == "Local began the run, and Mara leads it."


def overridden(usecases: UseCases) -> list[str]:
    """The options that begin the first playbook whatever its gates say."""
    gates = usecases.playbooks.get("repair-trust").gates
    asked = [word for one in gates if one.ask for word in ("--yes", one.id)]
    return [*asked, *(word for one in gates if one.condition for word in ("--override", f"{one.id}=the test goes on"))]
