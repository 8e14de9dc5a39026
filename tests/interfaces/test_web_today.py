"""Today: one field opens an incident and leads to the first message; what is late, due, silent and unsent stands below it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.usecases.sample import seed_sample

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def part(page: str, title: str) -> str:
    """What a section says, by its heading's id."""
    found = re.search(rf'<section[^>]*aria-labelledby="{title}">(.*?)</section>', page, re.DOTALL)
    return words(found[1]) if found else ""


def test_a_first_start_is_quiet_and_offers_the_sample_by_that_name(client: TestClient, usecases: UseCases) -> None:
    sample = seed_sample(usecases)
    assert sample is not None
    page = client.get("/").text

    assert heading(page) == "Nothing is due."
    assert f"Sample: {sample.title}" in part(page, "sample")
    assert f'href="/incidents/{sample.id}"' in page
    assert sample.title not in part(page, "open")


def test_one_field_opens_an_incident_and_leads_to_its_first_message_begun_with_the_same_words(
    client: TestClient, usecases: UseCases
) -> None:
    answer = client.post("/incidents", data={"title": "My deploy broke the login", "tz": "Europe/London"})

    draft = usecases.drafting.list_open()[0]
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/drafts/{draft.id}"
    assert draft.content.text.startswith("My deploy broke the login, at 10:50 GMT.")
    assert (draft.content.form, draft.content.audience, draft.content.tz) == ("first-message", "team", "Europe/London")
    (incident,) = usecases.incidents.list()
    assert draft.incident_id == incident.id
    assert incident.title == "My deploy broke the login"


@pytest.mark.parametrize(("title", "said"), [("", "must not be empty"), ("x" * 5000, "at most")])
def test_what_cannot_be_an_incident_comes_back_with_its_words_and_the_reason_beside_the_field(
    client: TestClient, usecases: UseCases, title: str, said: str
) -> None:
    answer = client.post("/incidents", data={"title": title})

    assert answer.status_code == 400
    assert 'aria-invalid="true" aria-describedby="error-open-title-"' in answer.text
    assert said in words(answer.text)
    assert f'id="what" name="title" maxlength="400" required value="{title}"' in answer.text
    assert usecases.incidents.list() == ()


def test_what_an_incident_owes_is_due_then_late_and_leads_to_where_it_is_done(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("The login is broken", severity="SEV3")
    clock.advance(minutes=1)
    soon = client.get("/").text
    clock.advance(minutes=9)
    late = client.get("/").text

    assert heading(soon) == "Say what happened, to the team."
    assert "Say what happened, to the team" in part(soon, "soon")
    assert "Say what happened, to the team" in part(late, "late")
    assert "5 min ago" in part(late, "late")
    assert f'action="/incidents/{incident.id}/messages"' in late
    assert "The login is broken" in part(late, "open")


def test_a_missed_promise_stands_among_what_is_late_and_a_later_one_among_what_comes(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    first = usecases.promising.add("I roll it back.", clock.now() + timedelta(minutes=5), kind="fix")
    usecases.promising.add("I send the counts.", clock.now() + timedelta(hours=7), kind="deliver")
    clock.advance(minutes=10)
    page = client.get("/").text

    assert "“I roll it back.”" in part(page, "late")
    assert f'href="/promises/{first.promise.id}"' in page
    assert "“I send the counts.”" in part(page, "coming")
    assert "in 6 h 50 min" in part(page, "coming")


def test_a_message_that_was_not_sent_shows_its_age(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    draft = usecases.drafting.new("**At 10:42** my deploy broke the login.", "first-message")
    clock.advance(minutes=40)
    page = client.get("/").text

    assert heading(page) == "One message is not sent yet."
    assert "At 10:42 my deploy broke the login." in part(page, "unsent")
    assert "40 min ago" in part(page, "unsent")
    assert f'href="/drafts/{draft.id}"' in page


def test_work_that_nobody_was_told_of_is_said(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("The login is broken", severity="SEV5")
    clock.advance(minutes=1)
    usecases.recording.fact(incident.id, "happened", "The session table was dropped.")
    clock.advance(minutes=30)
    page = client.get("/").text

    assert "Work since Wed 4 Mar, 10:51 UTC , and nobody told" in part(page, "silent")


def test_several_late_things_are_counted_and_the_oldest_stands_first(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    for minutes, said in ((9, "the second"), (5, "the first")):
        usecases.promising.add(f"I do {said}.", clock.now() + timedelta(minutes=minutes), kind="fix")
    clock.advance(minutes=20)
    page = client.get("/").text

    assert heading(page) == "2 things are late. Begin with the oldest."
    late = part(page, "late")
    assert late.index("the first") < late.index("the second")


def test_an_action_item_that_is_not_done_in_its_time_is_late(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("The login is broken", severity="SEV5")
    usecases.incidents.change_status(incident.id, "resolved")
    made = usecases.acting.propose(incident.id, "Refuse a deploy that drops a table", kind="test")
    usecases.acting.accept(made.item.id, due=clock.now() + timedelta(days=2), helps_when="such a deploy is red")
    coming = client.get("/").text
    clock.advance(days=3)
    late = client.get("/").text

    assert "Refuse a deploy that drops a table" in part(coming, "coming")
    assert f'href="/actions/{made.item.id}"' in late
    assert "Refuse a deploy that drops a table" in part(late, "late")


def test_a_title_is_never_taken_for_html(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    usecases.incidents.open("<img src=x onerror=alert(1)> broke")
    clock.advance(minutes=10)

    assert "<img" not in client.get("/").text


def test_an_owner_chooses_whose_rules_the_clocks_follow(client: TestClient, usecases: UseCases) -> None:
    page = client.get("/settings").text
    assert "Own it, fix it, keep trust" in page
    answer = client.post("/settings/clock", data={"preset": "pagerduty"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.headers["location"] == "/settings?done=clock"
    assert usecases.today.preset().id == "pagerduty"
    refused = client.post("/settings/clock", data={"preset": "<b>ours"}, headers={"sec-fetch-site": "same-origin"})
    assert refused.status_code == 404
    assert "<b>ours" not in refused.text


def test_a_wave_of_a_pulse_stands_here_while_it_is_best_opened_and_when_it_ends(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("Checkout is down", severity="SEV5").id
    usecases.incidents.change_status(incident, "monitoring", reason="payments go through again")
    usecases.trust_reviews.plan(incident)
    assert "Ask those it hit" not in words(client.get("/").text), "it is too early to ask"
    clock.advance(days=4)
    best = client.get("/").text
    assert "Ask those it hit for the baseline" in part(best, "coming")
    assert f'href="/incidents/{incident}/pulse"' in best
    usecases.pulses.open(incident, "baseline", {"team": 6}, closes_at=clock.now() + timedelta(days=2))
    assert "the baseline" not in words(client.get("/").text), "until it ends there is nothing to do"
    clock.advance(days=1.5)
    assert "Close what was asked for the baseline" in part(client.get("/").text, "soon")
    clock.advance(days=1)
    assert "Close what was asked for the baseline" in part(client.get("/").text, "late")


def test_what_follows_a_playbook_stands_here_when_it_is_due_until_it_is_done(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("I dropped an index", severity="SEV5").id
    gates = usecases.playbooks.get("own-a-mistake-first-hour").gates
    overrides = {one.id: "only what comes afterwards matters here" for one in gates}
    run = usecases.playbooks.start(incident, "own-a-mistake-first-hour", overrides=overrides).run.id
    assert "See that the guard works" not in client.get("/").text
    clock.advance(days=1)
    due = client.get("/").text
    assert "See that the guard works" in part(due, "soon")
    assert f'href="/incidents/{incident}/playbooks/{run}#about-guard-works"' in due
    clock.advance(days=1)
    assert "See that the guard works" in part(client.get("/").text, "late")
    usecases.playbooks.follow_up(run, "guard-works", "the migration was refused")
    assert "See that the guard works" not in client.get("/").text
