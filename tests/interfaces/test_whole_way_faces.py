"""The sample incident goes the whole way on each kind of database, by forms and by commands: map, repairs, pulses, looks back, the end."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from starlette.testclient import TestClient

from amends import wiring
from amends.testing import FixedClock
from amends.trust.review import QUESTIONS
from amends.usecases.sample import seed_sample, tell_sample
from interfaces.desk import heading, words
from interfaces.serving import application
from usecases.playbook_walk import ByUseCase, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.usecases.facade import UseCases

    Run = Callable[..., Any]

PEOPLE = 6
BEGUN = {"playbook": "repair-trust", "person": "Mara", "gate-lead": "yes"}
TOLD = "They call support before every release now."
SINCE = "You will know within 5 minutes if a charge has no order."
WHY = "Two of the three repairs are done; nothing shows yet that they helped."


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store_url: str) -> FixedClock:
    """The clock of every face, over a database of each kind."""
    made = FixedClock()
    monkeypatch.setattr(wiring, "system_clock", lambda: made)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AMENDS_DATABASE_URL", store_url)
    monkeypatch.setenv("TZ", "Europe/London")
    return made


@pytest.fixture
def usecases(clock: FixedClock) -> Iterator[UseCases]:
    assert clock.now() == wiring.system_clock().now(), "the commands live in the time of the test"
    made = wiring.open_usecases()
    yield made
    made.close()


@pytest.fixture
def incident(usecases: UseCases) -> str:
    made = seed_sample(usecases)
    assert made is not None
    tell_sample(usecases, made)
    return made.id


class Face(Protocol):
    """What one does beside the run, on the way through it."""

    def refused(self) -> str: ...
    def begin(self) -> str: ...
    def place(self, item: str) -> None: ...
    def not_asked(self, group: str) -> None: ...
    def tie(self, item: str) -> None: ...
    def ask(self, which: str) -> list[str]: ...
    def close(self) -> str: ...
    def due(self) -> str: ...
    def answer(self, which: str, question: str) -> None: ...
    def hold(self, which: str) -> str: ...
    def cannot_finish(self, run: str) -> str: ...


class ByForms:
    """The pages, as a browser without script sends their forms."""

    def __init__(self, client: TestClient, incident: str) -> None:
        self._client = client
        self._here = f"/incidents/{incident}"

    def refused(self) -> str:
        return words(
            self._client.post(f"{self._here}/playbooks", data={"playbook": "repair-trust", "person": "Mara", "gate-lead": "yes"}).text
        )

    def begin(self) -> str:
        return self._sent("playbooks", **BEGUN).rpartition("/")[2]

    def place(self, item: str) -> None:
        self._sent(
            f"trust/breaks/{item}", whose="Finance", subject="behaviour", direction="upward", kind="honesty",
            fear="That a charge has no order again", heard_from="Bo of Finance",
        )  # fmt: skip

    def not_asked(self, group: str) -> None:
        self._sent("trust/not-asked", group=group)

    def tie(self, item: str) -> None:
        page = self._client.get(f"{self._here}/trust").text
        (chosen,) = re.findall(rf'name="([\w-]*{item})"', page)
        self._sent(
            "trust/repairs", title="Count charges without an order", item_kind="alert", kind="alert-gap", uncertainty=SINCE,
            visible="on the status page", check_at="2026-03-25T10:00", tz="UTC", **{chosen: "on"},
        )  # fmt: skip

    def ask(self, which: str) -> list[str]:
        page = self._client.post(f"{self._here}/pulse/open", data={"which": which, "team": str(PEOPLE)}).text
        return re.findall(r"/p/([\w-]+)", page)

    def close(self) -> str:
        page = self._client.get(f"{self._here}/pulse").text
        (wave,) = set(re.findall(r'name="wave" value="(\w+)"', page))
        return heading(self._client.get(self._sent("pulse/close", wave=wave)).text)

    def due(self) -> str:
        return words(self._client.get("/").text)

    def answer(self, which: str, question: str) -> None:
        self._sent(f"trust/reviews/{which}/answer", question=question, what="person", text=TOLD, ref="Bo of Finance")

    def hold(self, which: str) -> str:
        return words(self._client.get(self._sent(f"trust/reviews/{which}/hold", decision="continue", why=WHY)).text)

    def cannot_finish(self, run: str) -> str:
        answer = self._client.post(f"{self._here}/playbooks/{run}/finish")
        assert answer.status_code == 409
        return words(answer.text)

    def _sent(self, to: str, **fields: str) -> str:
        answer = self._client.post(f"{self._here}/{to}", data=fields)
        assert answer.status_code == 303, words(answer.text)
        return str(answer.headers["location"])


class ByCommands:
    """The terminal."""

    def __init__(self, run: Run, incident: str) -> None:
        self._command = run
        self._incident = incident

    def refused(self) -> str:
        ran = self._start()
        assert ran.status == 2
        return " ".join(ran.err.split())

    def begin(self) -> str:
        return str(json.loads(self._start("--format", "json").out)["id"])

    def _start(self, *more: str) -> Any:
        return self._command("playbook", "start", "repair-trust", "--incident", self._incident, "--lead", "Mara", "--yes", "lead", *more)

    def place(self, item: str) -> None:
        self._run(
            "trust", "break", "place", self._incident, item, "--subject", "behaviour", "--direction", "upward", "--kind", "honesty",
            "--fear", "That a charge has no order again", "--heard-from", "Bo of Finance",
        )  # fmt: skip

    def not_asked(self, group: str) -> None:
        self._run("trust", "break", "not-asked", self._incident, group)

    def tie(self, item: str) -> None:
        self._run(
            "trust", "repair", "propose", self._incident, "Count charges without an order", "--item-kind", "alert", "--kind", "alert-gap",
            "--break", item, "--uncertainty", SINCE, "--visible", "on the status page", "--check-at", "2026-03-25T10:00:00+00:00",
        )  # fmt: skip

    def ask(self, which: str) -> list[str]:
        told = self._run("pulse", "open", self._incident, which, "--team", str(PEOPLE))
        return [one.rpartition("/")[2] for one in re.findall(r"^  (\S{20,})$", told, re.MULTILINE)]

    def close(self) -> str:
        self._run("pulse", "close", self._incident)
        return " ".join(self._run("pulse", "show", self._incident).split())

    def due(self) -> str:
        return " ".join(self._command("trust", "review", "list").out.split())

    def answer(self, which: str, question: str) -> None:
        self._run("trust", "review", "answer", self._incident, which, question, TOLD, "--person", "Bo of Finance")

    def hold(self, which: str) -> str:
        self._run("trust", "review", "hold", self._incident, which, "continue", "--why", WHY)
        return " ".join(self._run("trust", "review", "show", self._incident, which).split())

    def cannot_finish(self, run: str) -> str:
        ran = self._command("playbook", "finish", run)
        assert ran.status == 2
        return str(ran.err)

    def _run(self, *given: str) -> str:
        ran = self._command(*given)
        assert ran.status == 0, ran.err
        return str(ran.out)


class Way(Walk):
    """The walk on which the board, the pulses and the looks back are made through a face, each act of theirs once."""

    def __init__(self, usecases: UseCases, clock: FixedClock, incident: str, run: str, face: Face) -> None:
        super().__init__(usecases, clock, usecases.incidents.get(incident), run, ByUseCase(usecases, run))
        self._through = face

    def _place(self) -> None:
        (broken,) = self._u.repairing.board(self._incident.id).map.breaks
        self._through.place(broken.item)
        self._through.not_asked("Customers who paid by card")
        board = self._u.repairing.board(self._incident.id).map
        assert [one.placed.state for one in board.breaks if one.placed] == ["heard", "not-yet-asked"]
        signs = {one.id for one in self._u.signs.of(self._incident.id)}
        assert "cleaner-upward" in signs
        assert self._asked_and_told("baseline", 2)

    def _repair(self) -> None:
        self._through.tie(self._u.repairing.board(self._incident.id).map.breaks[0].item)
        (repair,) = self._u.repairing.board(self._incident.id).repairs
        assert repair.action.uncertainty == SINCE
        self._u.acting.accept(repair.action.action_id, helps_when="nobody else finds one first", due=self._clock.now() + timedelta(days=7))
        super()._repair()

    def _look_back(self, which: str) -> None:
        due = self._u.trust_reviews.get(self._incident.id, which).due_at
        self._clock.advance(seconds=(due - self._clock.now()).total_seconds() + 60)
        said = self._asked_and_told(which, 2 if which == "month" else 7)
        assert ("cannot tell yet" if which == "month" else "improved") in said.casefold()
        assert which in self._through.due()
        laid = self._u.trust_reviews.laid(self._incident.id, which).told
        assert SINCE in [one["uncertainty"] for one in laid["repairs"]]
        assert f"{PEOPLE} of {PEOPLE} answered" in laid["pulse"][-1]["words"]
        self._through.answer(which, "worse")
        for question in QUESTIONS[1:]:
            self._u.trust_reviews.answer(self._incident.id, which, question, kind="unknown", asked="Ola", asked_at=self._clock.now())
        shown = self._through.hold(which)
        assert all(words in shown for words in (SINCE, TOLD, WHY, "continue"))

    def _asked_and_told(self, which: str, score: int) -> str:
        links = self._through.ask(which)
        assert len(set(links)) == PEOPLE
        for number, link in enumerate(links):
            value = min(7, score + (number + (which == "month")) % 2)
            asked = self._u.pulses.asked(link).items
            self._u.pulses.answer(link, {one.number: 8 - value if one.reverse else value for one in asked}, code=f"word {number}")
        return self._through.close()


@pytest.fixture(params=["forms", "commands"])
def face(request: pytest.FixtureRequest, usecases: UseCases, incident: str, run: Run) -> Iterator[Face]:
    if request.param == "commands":
        yield ByCommands(run, incident)
        return
    with TestClient(application(usecases), follow_redirects=False) as client:
        yield ByForms(client, incident)


def test_the_sample_goes_the_whole_way_to_both_looks_back(face: Face, usecases: UseCases, clock: FixedClock, incident: str) -> None:
    usecases.incidents.change_status(incident, "investigating")
    assert "End the response first" in face.refused()
    usecases.incidents.change_status(incident, "monitoring")
    run = face.begin()
    assert face.cannot_finish(run), "an empty run"

    way = Way(usecases, clock, incident, run, face)
    ended = way.to_the_end()

    assert ended.finished is not None
    assert way.did[-1] == "finish"
    assert all(step.complete for step in ended.steps)
    held = [(one.which, one.state, one.decision) for one in usecases.trust_reviews.of_incident(incident)]
    assert held == [("month", "held", "continue"), ("quarter", "held", "continue")]
