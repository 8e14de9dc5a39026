"""Sending a draft, planning an absence, and subscribing in a calendar, before any script has run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from amends.testing import START, FixedClock
from amends.usecases.sample import seed_sample
from interfaces.desk import TEXT, act, banner, follow, heading, promised, state, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


# Absence


def test_an_absence_lists_what_it_would_break_until_each_is_answered(client: TestClient, usecases: UseCases) -> None:
    one, two, later = (
        promised(usecases, "call the shops", 300),
        promised(usecases, "post the numbers", 600),
        promised(usecases, "audit", 9000),
    )
    away = "/promises/absence?from=2026-03-04T12:00&until=2026-03-06T09:00&tz=Europe/Berlin"
    assert heading(client.get(away).text) == "2 promises would be left behind."
    assert "audit" not in words(client.get(away).text)

    page = follow(client, f"/promises/{one.promise.id}/withdraw", why="they called us", back=away)
    assert heading(page) == "One promise would be left behind."
    page = follow(client, f"/promises/{two.promise.id}/move", due="2026-03-07T09:00", tz="UTC", back=away)

    assert heading(page) == "Nothing is left behind."
    assert state(usecases, later) == "open"


def test_an_absence_asks_who_and_when_and_says_what_is_wrong(client: TestClient) -> None:
    assert heading(client.get("/promises/absence").text) == "Who is away, and when?"
    backwards = client.get("/promises/absence?who=Robin&from=2026-03-06T12:00&until=2026-03-04T09:00&tz=UTC")
    assert backwards.status_code == 400
    assert "The absence ends before it begins." in words(backwards.text)
    assert 'value="Robin"' in backwards.text
    assert client.get("/promises/absence?from=x&until=y").status_code == 400


def test_an_absence_of_somebody_else_lists_theirs(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, "rerun the export", 300)
    act(client, entry, "offer", to="Robin")
    act(client, entry, "accept")

    page = client.get("/promises/absence?who=Robin&from=2026-03-04T12:00&until=2026-03-06T09:00&tz=UTC").text

    assert heading(page) == "One promise would be left behind."
    assert "while Robin is away" in words(page)


# Sending


def test_a_sent_draft_puts_its_promises_into_the_ledger(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Saved cards are rejected")
    draft = usecases.drafting.new(TEXT, "status-update", "customers", "UTC")

    page = client.get(f"/drafts/{draft.id}/send").text
    assert heading(page) == "You sent it? These 2 go into the ledger."
    assert "Next update, due Wed 4 Mar, 11:20 UTC" in words(page)
    assert '<option value="customers" selected>' in page
    page = follow(client, f"/drafts/{draft.id}/send", incident=incident.id, audience="customers")

    assert banner(page) == "Recorded as sent. Its 2 promises are in the ledger."
    assert "About: Saved cards are rejected" in words(page)
    assert heading(page) == "The next update is due in 30 min."
    assert heading(client.get(f"/drafts/{draft.id}/send").text) == "This was sent."
    assert "What was sent stays as it is." in words(client.get(f"/drafts/{draft.id}").text)


def test_the_update_that_was_promised_is_told_to_be_it(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Saved cards are rejected")
    usecases.messaging.record("Next update at 11:20 UTC.", incident_id=incident.id, audience="team", tz="UTC")
    clock.advance(minutes=20)
    draft = usecases.drafting.new("The rollback is through. Next update at 12:00 UTC.", tz="UTC", incident_id=incident.id)

    page = follow(client, f"/drafts/{draft.id}/send", audience="team")

    assert banner(page) == "Recorded as sent. It is the update that was promised. Its promise is in the ledger."
    assert heading(page) == "The next update is due in 50 min."


def test_gaps_that_are_still_open_are_told_before_anything_is_recorded(client: TestClient, usecases: UseCases) -> None:
    draft = usecases.drafting.new("At [HH:MM ZONE] the login broke. Next update at 11:20 UTC.", tz="UTC")

    assert "One gap is not filled in here." in words(client.get(f"/drafts/{draft.id}/send").text)


def test_a_draft_that_promises_nothing_is_one_click(client: TestClient, usecases: UseCases) -> None:
    draft = usecases.drafting.new("Thank you for your patience.")

    assert heading(client.get(f"/drafts/{draft.id}/send").text) == "You sent it? It promises nothing."
    page = follow(client, f"/drafts/{draft.id}/send")

    assert banner(page).startswith("Recorded as sent.")
    assert usecases.drafting.list_open() == ()


def test_sending_can_open_the_incident_and_say_when_it_was_sent(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    draft = usecases.drafting.new(TEXT, tz="UTC")
    clock.advance(minutes=5)

    page = follow(client, f"/drafts/{draft.id}/send", title="Saved cards are rejected", sent_at="2026-03-04T11:50", tz="Europe/Berlin")

    (incident,) = usecases.incidents.list()
    (message,) = usecases.messaging.of_incident(incident.id)
    assert message.sent_at == START
    assert "About: Saved cards are rejected" in words(page)


def test_what_cannot_be_sent_keeps_every_word_and_opens_no_incident(client: TestClient, usecases: UseCases) -> None:
    draft = usecases.drafting.new(TEXT, tz="UTC")
    fields = {"title": "Saved cards are rejected", "sent_at": "2026-03-04T18:00", "tz": "UTC", "audience": "customers"}

    answer = client.post(f"/drafts/{draft.id}/send", data=fields)

    assert usecases.incidents.list() == ()
    assert answer.status_code == 400
    assert "A message cannot have been sent in the future." in words(answer.text)
    assert 'value="2026-03-04T18:00"' in answer.text
    assert 'value="Saved cards are rejected"' in answer.text
    assert '<option value="customers" selected>' in answer.text
    long = client.post(f"/drafts/{draft.id}/send", data={"title": "x" * 300})
    assert (long.status_code, "x" * 300 in long.text) == (400, True)


def test_a_draft_is_sent_once(client: TestClient, usecases: UseCases) -> None:
    draft = usecases.drafting.new(TEXT, tz="UTC")
    follow(client, f"/drafts/{draft.id}/send")

    answer = client.post(f"/drafts/{draft.id}/send")

    assert answer.status_code == 409
    assert "This draft was sent already." in words(answer.text)
    assert len(usecases.promising.unsettled()) == 2


@pytest.mark.parametrize(("text", "says"), [("", "There is nothing to send yet."), ("put away", "This draft was put away.")])
def test_what_is_empty_or_put_away_is_not_offered_for_sending(client: TestClient, usecases: UseCases, text: str, says: str) -> None:
    draft = usecases.drafting.new(text)
    if text:
        usecases.drafting.discard(draft.id)

    assert heading(client.get(f"/drafts/{draft.id}/send").text) == says


def test_the_sample_can_be_sent_from_the_first_start_on(client: TestClient, usecases: UseCases) -> None:
    seed_sample(usecases)
    update = next(draft for draft in usecases.drafting.list_open() if draft.content.form == "status-update")
    page = client.get(f"/drafts/{update.id}/send").text
    chosen = re.search(r'<option value="(\w+)" selected>Sample: ', page)
    assert chosen

    page = follow(client, f"/drafts/{update.id}/send", incident=chosen[1], audience="team")

    assert heading(page) == "The next update is due in 30 min."
    assert banner(page) == "Recorded as sent. Its 3 promises are in the ledger."


# Calendars


def test_a_calendar_address_is_shown_once_and_needs_no_cookie(client: TestClient, usecases: UseCases) -> None:
    promised(usecases, "rerun the export", 300)

    made = client.post("/calendars")
    address = re.search(r'value="(http://testserver/calendar/[^"]+\.ics)"', made.text)
    assert address
    client.cookies.clear()
    feed = client.get(address[1])

    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.headers["cache-control"] == "no-store"
    assert "BEGIN:VCALENDAR" in feed.text
    assert "rerun the export" in feed.text
    listed = client.get("/calendars").text
    assert address[1] not in listed
    revoke = re.search(r'action="(/calendars/\w+/revoke)"', listed)
    assert revoke
    assert "That address answers no more." in words(follow(client, revoke[1]))
    assert client.get(address[1]).status_code == 404


def test_an_incident_has_calendars_of_its_own_and_unknown_addresses_answer_nothing(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Saved cards are rejected")

    assert "Calendar of Saved cards are rejected" in words(client.post("/calendars", data={"incident": incident.id}).text)
    assert "1 calendar reads this incident's promises." in words(client.get(f"/calendars?incident={incident.id}").text)
    unknown = client.get("/calendar/nothing.ics")
    assert (unknown.status_code, unknown.headers["cache-control"]) == (404, "no-store")
    assert client.post("/calendars", data={"incident": "nothing"}).status_code == 404
