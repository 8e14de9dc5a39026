"""The pulse in the browser: a form that works without script and tells nothing, and a page that says what may be said."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest

from amends.interfaces.web.pulse_form import keep_out_of_logs
from amends.trust.pulse import items_for
from interfaces.desk import heading, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    made = usecases.incidents.open("Checkout is down since 10:42").id
    usecases.incidents.change_status(made, "monitoring", reason="payments go through")
    return made


@pytest.fixture
def here(incident: str) -> str:
    return f"/incidents/{incident}/pulse"


def opened(client: TestClient, here: str, **groups: str) -> list[str]:
    page = client.post(f"{here}/open", data={"which": "baseline", **groups})
    assert page.status_code == 200, words(page.text)
    return re.findall(r"http://\S+?(/p/\S+)", page.text)


def bare(page: str) -> str:
    """A page without the number that is fresh in each."""
    return re.sub(r'nonce="[^"]+"', "", page)


def chosen(group: str, value: str) -> dict[str, str]:
    return {item.id: value for item in items_for(group)}


def test_a_round_goes_from_links_over_a_phone_to_words(client: TestClient, usecases: UseCases, here: str) -> None:
    assert heading(client.get(here).text) == "Ask those it hit how far they trust again."
    links = opened(client, here, team="6")
    assert len(links) == 6
    assert links[0] not in client.get(here).text, "links are shown once"
    for link in links:
        form = client.get(link)
        assert form.status_code == 200
        assert "These questions are for those who were in it, until" in words(form.text)
        assert "Checkout" not in form.text, "which incident it is about is for those to say who hand the links out"
        sent = {"link": link.removeprefix("/p/"), "fear": "the night job", **chosen("team", "3")}
        assert heading(client.post("/p", data=sent).text) == "Thank you."
    assert heading(client.get(here).text) == "All 6 answered. Close it to see what they said."
    wave = usecases.pulses.of_incident(here.split("/")[2])[0].id
    page = client.post(f"{here}/close", data={"wave": wave}, follow_redirects=True).text
    assert heading(page) == "The baseline is taken. Ask again after a month."
    assert "Wait 30 days more, or say so when you compare with the other rounds.Ask now all the same…" in words(page)
    assert "Index 3.2 of 7, plausibly 3.2 to 3.2 (6 people)." in words(page)
    assert "Kept word 0 of 6 0 to 33 %" in words(page)
    assert "Comments: comments are shown from 8 answers on" in words(page)


@pytest.mark.parametrize(("team", "asked"), [("6", False), ("8", True)])
def test_open_questions_are_asked_only_where_enough_are_invited_to_show_their_answers(
    client: TestClient, here: str, team: str, asked: bool
) -> None:
    form = client.get(opened(client, here, team=team)[0]).text
    assert (form.count("<textarea"), "Name no people" in form) == ((2, True) if asked else (0, False))


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1:8433", True), ("localhost", True), ("amends.example", False)])
def test_links_that_only_this_machine_can_open_are_warned_of_before_they_are_made(
    client: TestClient, here: str, host: str, warned: bool
) -> None:
    page = client.get(here, headers={"host": host})
    assert ("which only this machine can open" in words(page.text)) is warned, page.status_code


def test_a_link_tells_nobody_whether_it_has_answered(client: TestClient, here: str) -> None:
    links = opened(client, here, team="5")
    fresh = client.get(links[0])
    client.post("/p", data={"link": links[0][3:], **chosen("team", "5")})
    again = client.get(links[0])
    assert (again.status_code, bare(again.text)) == (fresh.status_code, bare(fresh.text))
    assert heading(client.post("/p", data={"link": links[0][3:], **chosen("team", "1")}).text) == "Thank you."
    over = [client.get(f"/p/{token}") for token in ("x" * 22, "y", links[0][3:] + "z")]
    assert {(one.status_code, bare(one.text)) for one in over} == {(404, bare(over[0].text))}
    assert heading(over[0].text) == "This link takes no answer."


def test_the_form_keeps_what_was_chosen_when_nothing_counts_yet(client: TestClient, here: str) -> None:
    (link, *_) = opened(client, here, users="8")
    page = client.post("/p", data={"link": link[3:], "fear": "x" * 601, "care": "x", "kept-word": "6"})
    assert page.status_code == 400
    assert "A comment has 601 characters." in words(page.text)
    assert 'name="kept-word" value="6" checked' in page.text
    assert 'name="care" value="x" checked' in page.text


def test_the_address_that_forms_are_sent_to_is_a_quiet_page_too(client: TestClient) -> None:
    page = client.get("/p")
    assert (page.status_code, heading(page.text)) == (200, "No form stands at this address.")
    assert "you can close this page" in words(page.text)
    assert "set-cookie" not in page.headers


def test_who_answers_gets_no_cookie_is_not_followed_and_stands_in_no_log(
    client: TestClient, usecases: UseCases, here: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link, *_) = opened(client, here, team="5")
    usecases.people.add("mia", "owner")
    client.cookies.clear()
    keep_out_of_logs()
    access = logging.getLogger("uvicorn.access")
    monkeypatch.setattr(access, "propagate", True)  # a server that ran in this process before may have set it up for itself
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger=access.name):
        for answer in (client.head(link), client.get(link), client.post("/p", data={"link": link[3:], **chosen("team", "4")})):
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
            assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
        access.info('%s - "%s %s HTTP/%s" %d', "10.0.0.7:5123", "GET", link, "1.1", 200)
        access.info('%s - "%s %s HTTP/%s" %d', "10.0.0.7:5123", "POST", "/p", "1.1", 200)
        access.info('%s - "%s %s HTTP/%s" %d', "10.0.0.7:5123", "GET", "/promises", "1.1", 200)
    assert {one.getMessage() for one in caplog.records if one.name == "uvicorn.access"} == {'10.0.0.7:5123 - "GET /promises HTTP/1.1" 200'}
    assert not [one for one in caplog.records if link[3:] in one.getMessage() and not one.name.startswith("httpx")]
    page = client.get(link).text
    assert "<script" not in page
    assert re.findall(r"/static/[^/]+/([\w.]+)", page) == ["icon.svg"], "the page brings its style along: no second request says who came"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"team": "4"}, "Team: 4 people cannot answer unrecognised, the minimum is 5"),
        ({"team": "many"}, "'many' is no number of people."),
        ({}, "Nobody is asked."),
    ],
)
def test_a_round_that_cannot_be_is_refused_beside_its_fields(client: TestClient, here: str, typed: dict[str, str], said: str) -> None:
    page = client.post(f"{here}/open", data={"which": "baseline", **typed})
    assert page.status_code == 400
    assert said in words(page.text)


def test_a_live_incident_says_what_comes_first(client: TestClient, usecases: UseCases) -> None:
    live = usecases.incidents.open("Search is down").id
    assert heading(client.get(f"/incidents/{live}/pulse").text) == "Contain it first. Nobody is asked while it is live."


def test_the_page_says_what_an_attacker_could_still_see(client: TestClient, here: str) -> None:
    assert "When everybody in a group answers alike, everybody knows what everybody said." in words(client.get(here).text)


def test_the_page_says_when_to_ask_and_who_is_reminded(client: TestClient, usecases: UseCases, here: str) -> None:
    assert "is reminded" not in words(client.get(here).text), "nobody repairs this yet"
    usecases.trust_reviews.plan(here.split("/")[2], lead="Bo")
    assert re.search(r"Best asked between .*7 Mar.* and .*14 Mar.*; Bo is reminded\.", words(client.get(here).text))


def test_whoever_reads_the_page_and_is_reminded_is_not_called_by_a_name_of_the_program(
    client: TestClient, usecases: UseCases, here: str
) -> None:
    usecases.trust_reviews.plan(here.split("/")[2], lead="local")
    assert "; you are reminded." in words(client.get(here).text)


def test_the_page_says_before_a_wave_is_opened_that_the_same_people_are_being_asked(
    client: TestClient, usecases: UseCases, here: str
) -> None:
    other = usecases.incidents.open("Search <b>is</b> slow").id
    usecases.incidents.change_status(other, "monitoring", reason="it is fast again")
    for one in (other, here.split("/")[2]):
        usecases.involving.add_stakeholder(one, "Payments", audience="leadership")
    assert "asked about" not in words(client.get(here).text)
    usecases.pulses.open(other, "baseline", {"stakeholders": 6})
    page = client.get(here).text
    assert "Payments is being asked about “Search <b>is</b> slow” too, in a wave that was opened today" in words(page)
    assert "<b>is</b>" not in page
    assert len(opened(client, here, stakeholders="6")) == 6, "it is a remark, not a refusal"
