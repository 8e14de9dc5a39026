"""The pages of playbooks: the sample goes through the whole of one by forms alone, without any script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from amends.playbooks.loading import PROCEDURES
from amends.usecases.playbook_shelf import PlaybookShelf
from amends.usecases.sample import seed_sample, tell_sample
from interfaces.desk import heading, words
from interfaces.serving import application
from usecases.playbook_walk import ByUseCase, OnceEach, Walk

if TYPE_CHECKING:
    from pathlib import Path

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


class ByPage:
    """The acts of a run as forms; each leads back to the page, whose heading is what to do next."""

    def __init__(self, client: TestClient, usecases: UseCases, here: str) -> None:
        self._client = client
        self._usecases = usecases
        self._here = here

    def answer(self, gate: str) -> None:
        self._post("answer", about=gate, yes="yes", person="Mara")

    def choose(self, field: str, kind: str, ref: str) -> None:
        self._post("fill", about=field, ref=f"{kind}:{ref}")

    def word(self, field: str, person: str, text: str) -> None:
        self._post("fill", about=field, person=person, text=text)

    def unknown(self, field: str, asked: str) -> None:
        self._post("unknown", about=field, person=asked)

    def decide(self, decision: str, text: str) -> None:
        self._post("decide", about=decision, text=text)

    def finish(self) -> None:
        self._post("finish")

    def _post(self, act: str, **fields: str) -> None:
        answer = self._client.post(f"{self._here}/{act}", data=fields)
        assert answer.status_code == 303, words(answer.text)
        if act == "decide":
            to_do = self._usecases.playbooks.state(self._here.rpartition("/")[2]).next.do
            page = self._client.get(answer.headers["location"]).text
            assert heading(page).casefold().rstrip(".?") == to_do.casefold().rstrip(".?")


def sample(usecases: UseCases) -> str:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    return incident.id


def test_the_sample_goes_through_the_whole_playbook_by_forms(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    incident = sample(usecases)
    page = client.get(f"/incidents/{incident}").text
    assert "May help now: Repair trust after a painful incident, because it was SEV2" in words(page)
    here = f"/incidents/{incident}/playbooks"
    assert "Seen: the account names 1 break of trust" in words(client.get(here).text)

    refused = client.post(here, data={"playbook": "repair-trust", "gate-lead": "yes"})
    assert refused.status_code == 409
    assert "First: Name one person who leads it" in words(refused.text)
    assert 'name="why-lead"' in refused.text, "the way on takes a reason"
    begun = client.post(here, data={"playbook": "repair-trust", "person": "Mara", "gate-lead": "yes"})
    run = begun.headers["location"]
    run_id = run.rpartition("/")[2]

    walk = Walk(usecases, clock, usecases.incidents.get(incident), run_id, OnceEach(ByPage(client, usecases, run), usecases, run_id))
    walk.to_the_end()

    assert words(client.get(run).text).count("Complete") >= 1
    assert "Under way" not in client.get(f"/incidents/{incident}").text


def test_what_cannot_be_taken_comes_back_with_every_word_and_a_live_incident_says_what_comes_first(
    client: TestClient, usecases: UseCases
) -> None:
    incident = sample(usecases)
    run = usecases.playbooks.start(incident, "repair-trust", lead="Mara", answers={"lead": True, "optics": True, "speak": True}).run.id
    here = f"/incidents/{incident}/playbooks/{run}"

    answer = client.post(f"{here}/fill", data={"about": "initial-repair-frame.next-talk", "text": "Thursday at ten", "person": ""})
    assert answer.status_code == 400
    assert "Thursday at ten</textarea>" in answer.text
    assert "name who said it" in words(answer.text).lower()
    empty = client.get(f"{here}?step=repairs").text
    assert "This step is not reached yet." in empty
    assert 'action="' + here + '/fill"' not in empty
    seen = str(usecases.playbooks.state(run).version)
    usecases.playbooks.answer_gate(run, "speak", yes=False, person="Ines")
    stale = client.post(f"{here}/answer", data={"about": "speak", "yes": "yes", "seen": seen, "person": "Bo of Finance"})
    assert stale.status_code == 409
    assert "answered this meanwhile" in stale.text
    assert "You wrote: “Bo of Finance”" in words(stale.text)

    usecases.playbooks.undo(run)
    usecases.incidents.change_status(incident, "investigating")
    halted = client.get(here).text
    assert heading(halted).startswith("End the response first")
    usecases.playbooks.override(run, "live", why="finance cannot wait")
    assert "Passed by you" in words(client.get(here).text) or "finance cannot wait" in words(client.get(here).text)


def test_each_playbook_reads_as_a_document_and_every_link_of_a_run_leads_somewhere(client: TestClient, usecases: UseCases) -> None:
    incident = sample(usecases)
    library = client.get("/playbooks").text
    for one in usecases.playbooks.list():
        assert f'href="/playbooks/{one.id}"' in library
        document = words(client.get(f"/playbooks/{one.id}").text)
        assert all(step.title in document for step in one.steps)
    run = usecases.playbooks.start(incident, "repair-trust", lead="Mara", answers={"lead": True, "optics": True, "speak": True}).run.id
    page = (
        client.get(f"/incidents/{incident}/playbooks/{run}").text + client.get(f"/incidents/{incident}/playbooks/{run}?step=account").text
    )
    main = "".join(re.findall(r"<main.*?</main>", page, re.DOTALL))
    for href in sorted({one.partition("#")[0] for one in re.findall(r'href="(/[^"]+)"', main)}):
        assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_all_that_is_wrong_in_a_file_of_ones_own_stands_in_the_library(usecases: UseCases, tmp_path: Path) -> None:
    own = tmp_path / "own-a-mistake-first-hour.toml"
    source = (PROCEDURES / own.name).read_text()
    own.write_text(source.replace('gate = "damage"', 'gate = "harm"', 1).replace('outputs = ["note"]', 'outputs = ["notes"]'))
    (tmp_path / "no-toml.toml").write_text("title = ")
    usecases.playbooks.shelf = PlaybookShelf(str(tmp_path))
    page = TestClient(application(usecases)).get("/playbooks").text
    assert page.count('role="alert"') == 2, "one for each file"
    assert "Unknown gate 'harm'. Known: damage." in words(page)
    assert "Unknown artifact 'notes'. Did you mean 'note'?" in words(page)
    assert 'href="/playbooks/own-a-mistake-first-hour"' in page, "ours stands in for it"


def test_a_step_that_waits_for_the_account_leads_to_what_was_written_down_already(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is down").id
    usecases.recording.fact(incident, "impact", "Shops could not take cards")
    run = begun(usecases, incident)
    here = f"/incidents/{incident}/playbooks/{run}"
    page = client.get(f"{here}?step=account").text
    assert "One thing that was written down of this incident is not in its account yet." in words(page)
    assert f'href="/incidents/{incident}/account/recorded"' in page
    usecases.narrating.begin(incident, [one.id for one in usecases.narrating.recorded(incident)])
    assert "account/recorded" not in client.get(f"{here}?step=account").text


def test_a_run_rests_while_the_incident_is_live_again_and_its_pages_keep_what_is_finished(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = sample(usecases)
    run = usecases.playbooks.start(incident, "repair-trust", lead="Mara", answers={"lead": True}).run.id
    whole = usecases.incidents.get(incident)
    Walk(usecases, clock, whole, run, ByUseCase(usecases, run)).until("trust-break-map.breaks")
    clock.advance(minutes=1)
    usecases.incidents.change_status(incident, "investigating")
    here = f"/incidents/{incident}/playbooks"
    page = words(client.get(f"{here}/{run}").text)
    assert "The run rests while the incident is live. What is finished stays finished." in page
    assert "Settle what is open, and say what it cost, finished" in page
    assert "Find out whose trust broke, and in what, waits at a gate" in page
    assert "3. Find out whose trust broke" in page, "it shows the step where it stands, not the first"
    for address in (here, f"/incidents/{incident}/trust"):
        assert "step 3 of 5" in words(client.get(address).text)
    told = client.get(f"/api/v1/playbook-runs/{run}").json()
    assert [one["state"] for one in told["steps"]][:3] == ["finished", "finished", "waiting"]
    assert told["resting"].startswith("The run rests")


def test_the_history_of_a_run_says_who_did_what_in_a_sentence_and_so_does_the_banner(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is down").id
    run = begun(usecases, incident)
    here = f"/incidents/{incident}/playbooks/{run}"
    page = words(client.get(here).text)
    assert "You began the run, and Mara leads it." in page
    answer = client.post(f"{here}/hand-over", data={"person": "Bo"})
    assert "You handed the run over to Bo, where Mara led it before." in words(client.get(answer.headers["location"]).text)
    undone = client.post(f"{here}/undo", data={})
    page = words(client.get(undone.headers["location"]).text)
    assert "You took back that you handed the run over to Bo." in page
    assert (
        client.get(f"/api/v1/playbook-runs/{run}").json()["events"][-1]["said"] == "Local took back that local handed the run over to Bo."
    )


def begun(usecases: UseCases, incident: str) -> str:
    """A run of the first playbook, whatever its gates say."""
    book = usecases.playbooks.get("repair-trust")
    reasons = {one.id: "the test goes on" for one in book.gates if one.condition is not None}
    answers = {one.id: True for one in book.gates if one.ask}
    return usecases.playbooks.start(incident, book.id, lead="Mara", answers=answers, overrides=reasons).run.id
