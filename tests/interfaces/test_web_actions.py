"""The pages of action items before any script has run: what to do now, every act as a form, and what was typed is never lost."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from amends.promises.promise import Evidence
from amends.testing import CountingIds, FixedClock, memory_store
from amends.testing.trackers import TrackerDouble, tracker_double
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.tracking import Outside
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.incident import Incident

HOSTILE = """"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"""
HELPS = "a deploy that drops an index is red"
COMMIT = {"evidence": "commit", "reference": "4f2c1ab"}


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("Checkout is down", severity="SEV1")


@pytest.fixture
def item(usecases: UseCases, incident: Incident) -> str:
    return usecases.acting.propose(incident.id, "Refuse a deploy that drops an index", kind="test").item.id


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def section(page: str, key: str) -> str:
    found = re.search(rf'<h2 id="section-{key}">.*?</section>', page, re.DOTALL)
    return words(found[0]) if found else ""


def banner(page: str) -> str:
    found = re.search(r'<div class="banner[^"]*" role="(?:status|alert)">(.*?)</div>', page, re.DOTALL)
    return words(found[1]) if found else ""


def after(client: TestClient, path: str, **fields: str) -> str:
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, words(answer.text)
    return client.get(answer.headers["location"]).text


def act(client: TestClient, item: str, name: str, **fields: str) -> str:
    return after(client, f"/actions/{item}/{name}", **{"back": "/actions", **fields})


def test_an_idea_is_proposed_on_the_page_of_its_incident(client: TestClient, incident: Incident) -> None:
    here = f"/incidents/{incident.id}/actions"
    page = client.get(here).text
    assert heading(page) == "There is no action item yet."
    assert "due in 15 days ( SEV1 )" in words(page)

    page = after(client, here, title="Refuse a deploy that drops an index", kind="test", detail="The check reads the plan.")

    assert banner(page).startswith("Written down. It binds nobody before somebody takes it on.")
    assert heading(page) == "One idea waits for somebody to take it on."
    assert "Refuse a deploy that drops an index" in section(page, "accept")


def test_an_item_goes_all_the_way_through_forms_alone(client: TestClient, usecases: UseCases, clock: FixedClock, item: str) -> None:
    page = act(client, item, "accept", helps_when=HELPS)
    assert heading(page) == "The next action item is due in 15 days."
    assert f"It helps when: {HELPS}" in section(page, "do")
    assert "Undo" in banner(page)
    clock.advance(days=2)
    page = act(client, item, "done", **COMMIT)
    assert heading(page) == "One is done. Show that it helps."
    clock.advance(days=30)
    page = act(client, item, "verify", evidence="measure", reference="0 of 212 deploys")
    assert heading(page) == "Every action item is done."
    assert "Helps , 0 of 212 deploys" in section(page, "over")
    whole = words(client.get(f"/actions/{item}").text)
    for told in ("Proposed by you", "Accepted by you", "Commit: 4f2c1ab", "It helps by you", "Measure: 0 of 212 deploys"):
        assert told in whole
    assert usecases.acting.get(item).state == "verified"


def test_the_page_answers_first_what_is_late(client: TestClient, clock: FixedClock, item: str) -> None:
    act(client, item, "accept", helps_when=HELPS, due="2026-03-06T10:00")
    clock.advance(days=3)

    page = client.get("/actions").text
    assert heading(page) == "One action item is late. Do it, or say honestly until when."
    assert "24 h ago" in section(page, "overdue")
    page = act(client, item, "move", due="2026-03-20T10:00", why="the pager was replaced")
    assert "It was due" in section(page, "do")
    whole = words(client.get(f"/actions/{item}").text)
    assert "was moved by 14 days in all. It was late when that was said." in whole


def test_what_did_not_help_asks_for_something_else(client: TestClient, item: str) -> None:
    act(client, item, "accept", helps_when=HELPS)
    act(client, item, "done")
    page = act(client, item, "no-help", why="it happened again on Tuesday", evidence="alert", reference="checkout-errors")
    assert heading(page) == "One action item did not help. Reopen it, or propose what would."
    assert "“it happened again on Tuesday”" in section(page, "again")
    page = act(client, item, "reopen", why="the check was switched off")
    assert "To do" in section(page, "do")
    act(client, item, "decline", why="another team")
    page = act(client, item, "drop", why="the service is switched off")
    assert "the service is switched off" in section(page, "over")


@pytest.mark.parametrize(
    ("before", "name", "typed", "said"),
    [
        ((), "accept", {"helps_when": "", "person": "Bo"}, "What would show that it helps must not be empty."),
        ((), "accept", {"helps_when": HELPS, "due": "2020-01-01T10:00", "person": "Bo"}, "That time has passed already."),
        ((), "accept", {"helps_when": HELPS, "due": "soon", "person": "Bo"}, "'soon' is no date with a time."),
        (("accept",), "done", {"evidence": "feeling", "reference": "better"}, "Unknown kind of evidence 'feeling'."),
        (("accept", "done"), "verify", {"evidence": "measure", "reference": "", "why": "since Monday"}, "Nothing shows yet that it helps."),
        (("accept",), "move", {"due": "2020-01-01T10:00", "why": "the migration"}, "That time has passed already."),
        ((), "drop", {"why": "  "}, "A reason must not be empty."),
    ],
)
def test_a_form_that_cannot_be_taken_keeps_what_was_typed_and_says_why_beside_it(
    client: TestClient, item: str, before: tuple[str, ...], name: str, typed: dict[str, str], said: str
) -> None:
    for first in before:
        act(client, item, first, helps_when=HELPS)
    answer = client.post(f"/actions/{item}/{name}", data=typed)

    assert answer.status_code in (400, 404, 422)
    assert said in words(answer.text)
    shown = html.unescape(answer.text)
    for field, value in typed.items():
        assert field == "evidence" or not value.strip() or f'value="{value}"' in shown, value
    form = re.search(rf'<details class="act" open>.*?action="/actions/{item}/{name}"', answer.text, re.DOTALL)
    assert form, "its form is open"


def test_a_proposal_that_cannot_be_taken_keeps_its_detail(client: TestClient, incident: Incident) -> None:
    answer = client.post(f"/incidents/{incident.id}/actions", data={"title": "", "kind": "alert", "detail": "At night too."})

    assert answer.status_code == 400
    assert "A title must not be empty." in words(answer.text)
    assert "At night too." in answer.text
    assert '<option value="alert" selected>' in answer.text


def test_what_somebody_else_did_meanwhile_is_told_with_what_was_typed(client: TestClient, usecases: UseCases, item: str) -> None:
    usecases.acting.drop(item, why="not needed")
    answer = client.post(f"/actions/{item}/accept", data={"helps_when": HELPS})

    assert answer.status_code == 409
    assert "it was dropped" in banner(answer.text)
    assert f"You wrote: “{HELPS}”" in banner(answer.text)


def test_undo_takes_back_what_the_banner_tells(client: TestClient, usecases: UseCases, item: str) -> None:
    page = act(client, item, "accept", helps_when=HELPS)
    found = re.search(rf'action="/actions/{item}/undo">.*?name="event" value="(\w+)"', page, re.DOTALL)
    assert found
    page = act(client, item, "undo", event=found[1])

    assert usecases.acting.get(item).state == "idea"
    assert banner(page).startswith("Undone")


def test_a_soft_title_is_remarked_upon_and_taken(client: TestClient, incident: Incident) -> None:
    page = after(client, f"/incidents/{incident.id}/actions", title="Be more careful with restarts", kind="other")

    assert "Careful how?" in banner(page)


def test_only_mine_are_those_that_i_accepted(client: TestClient, usecases: UseCases, incident: Incident, item: str) -> None:
    other = usecases.acting.propose(incident.id, "Alert when the queue is old").item.id
    usecases.acting.accept(item, helps_when=HELPS, person="Bo")
    usecases.acting.accept(other, helps_when=HELPS)

    page = words(client.get("/actions?mine=1").text)
    assert "Alert when the queue is old" in page
    assert "Refuse a deploy" not in page


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/settings", "/actions/../x", "javascript:alert(1)"]
)
def test_no_form_leads_away(client: TestClient, item: str, back: str) -> None:
    answer = client.post(f"/actions/{item}/accept", data={"helps_when": HELPS, "back": back})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/actions/{item}?")


def test_words_of_people_are_shown_and_never_run(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    made = usecases.acting.propose(incident.id, HOSTILE, detail=HOSTILE).item.id
    usecases.acting.accept(made, helps_when=HOSTILE, person=HOSTILE)
    usecases.acting.done(made, evidence=Evidence("commit", HOSTILE))
    usecases.acting.no_help(made, why=HOSTILE, evidence=Evidence("person", HOSTILE))
    for path in ("/actions", f"/actions/{made}", f"/incidents/{incident.id}/actions", f"/actions?done={HOSTILE}"):
        page = client.get(path).text
        assert "<img" not in page
        assert "alert(2)</script>" not in page
        assert "49" not in words(page).replace("&#34;", "")


def test_of_a_private_incident_others_see_nothing(client: TestClient, usecases: UseCases) -> None:
    hidden = usecases.incidents.open("A key was published", private=True, by="Dana")
    made = usecases.acting.propose(hidden.id, "Rotate keys each month", by="Dana").item.id

    for path in (f"/actions/{made}", f"/incidents/{hidden.id}/actions"):
        assert client.get(path).status_code == 404
    assert client.post(f"/actions/{made}/accept", data={"helps_when": HELPS}).status_code == 404
    assert client.post(f"/incidents/{hidden.id}/actions", data={"title": "Add a test"}).status_code == 404
    for path in ("/actions", f"/actions?done={made}"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Rotate" not in page.text


def test_an_unknown_act_or_item_has_no_page(client: TestClient, item: str) -> None:
    assert client.post(f"/actions/{item}/explode", data={}).status_code == 404
    assert client.get(f"/actions/{'Z' * 26}").status_code == 404


class Served:
    """The application with a tracker, which the fixture `client` has none of."""

    def __init__(self, double: TrackerDouble) -> None:
        outside = Outside({"ours": double.tracker("ours")})
        self.usecases = UseCases(Checking, memory_store, FixedClock(), CountingIds(), outside=lambda: outside)
        self.client = TestClient(application(self.usecases), follow_redirects=False, raise_server_exceptions=False)
        self.double = double
        incident = self.usecases.incidents.open("Checkout is down")
        self.item = self.usecases.acting.propose(incident.id, "Refuse a deploy that drops an index").item.id


@pytest.fixture
def served() -> Iterator[Served]:
    with tracker_double("github") as double:
        made = Served(double)
        yield made
        made.usecases.close()


def test_an_item_becomes_a_ticket_and_what_the_tracker_says_is_shown(served: Served) -> None:
    here = f"/actions/{served.item}"
    assert "Make it a ticket" in served.client.get(here).text
    page = after(served.client, f"{here}/push", back=here)
    assert "Ticket ours:1" in words(page)
    assert f'href="{served.double.url}/acme/shop/issues/1"' in page
    served.usecases.acting.accept(served.item, helps_when=HELPS)
    served.double.reassign("bo", "2026-05-01")
    served.double.close()
    page = after(served.client, f"{here}/follow", back="/actions")
    assert heading(page) == "A ticket was closed. Say whether the action item is done."
    told = section(page, "confirm")
    assert "closed (completed), with bo" in told
    assert "Due there" in told
    assert served.usecases.acting.get(served.item).state == "accepted"


def test_a_tracker_that_refuses_says_so_on_the_page(served: Served) -> None:
    served.double.faults.append("401")
    answer = served.client.post(f"/actions/{served.item}/push", data={})

    assert answer.status_code == 502
    assert "Ours answered 401: Bad credentials." in words(answer.text)
    assert "trackers.ours.token" in words(answer.text)
