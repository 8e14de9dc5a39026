"""The pages of incidents before any script has run: the list, the story in one order of time, every edit as a form, gates with reasons."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from amends.usecases.people import People
from amends.usecases.sample import seed_sample

if TYPE_CHECKING:
    from httpx import Response
    from starlette.testclient import TestClient

    from amends.core.incident import Incident
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

HOSTILE = """"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"""


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("The login is broken", severity="SEV2")


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def story(page: str) -> list[str]:
    """The items of the story, in the order of the page."""
    found = re.search(r'<ol class="story".*?</ol>', page, re.DOTALL)
    assert found
    return [words(item) for item in re.findall(r"<li id=.*?</li>", found[0], re.DOTALL)]


def told(page: str) -> list[str]:
    """What each item of the story is called."""
    return [words(one) for one in re.findall(r'<p class="story-what">(?:<b>|<span class="tag[^>]*>.*?</span>)(.*?)(?:</b>|</span>)', page)]


def act(client: TestClient, incident: Incident, name: str, /, **fields: Any) -> Response:
    return client.post(f"/incidents/{incident.id}/{name}", data=fields)


def after(client: TestClient, incident: Incident, name: str, /, **fields: Any) -> str:
    """The page that an act leads to."""
    answer = act(client, incident, name, **fields)
    assert answer.status_code == 303, words(answer.text)
    return client.get(answer.headers["location"]).text


def banner(page: str) -> str:
    found = re.search(r'<div class="banner is-[a-z]+" role="(?:status|alert)"[^>]*>(.*?)</div>', page, re.DOTALL)
    return words(found[1]) if found else ""


# The list


def test_open_incidents_stand_before_those_that_are_over(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    old = usecases.incidents.open("The invoices were late")
    clock.advance(hours=1)
    over = usecases.incidents.open("The search was slow")
    usecases.incidents.change_status(over.id, "resolved")
    page = client.get("/incidents").text

    assert "One incident is open." in words(page)
    assert page.index(old.title) < page.index(over.title)


def test_the_list_is_narrowed_by_status_and_severity_in_the_address(client: TestClient, usecases: UseCases) -> None:
    for title, severity in (("A bad one", "SEV1"), ("A mild one", "SEV5")):
        usecases.incidents.open(title, severity=severity)
    done = usecases.incidents.open("A done one", severity="SEV1")
    usecases.incidents.change_status(done.id, "resolved")

    def titles(query: str) -> list[str]:
        return re.findall(r'<span class="row-title">(.*?)</span>', client.get(f"/incidents{query}").text)

    assert titles("?severity=SEV1") == ["A bad one", "A done one"]
    assert titles("?status=resolved") == ["A done one"]
    assert titles("?q=ONE+mild") == ["A mild one"]
    assert titles("?q=100%25") == titles("?q=%00%00nothing") == []
    assert sorted(titles("?status=nonsense&severity=SEV9")) == ["A bad one", "A done one", "A mild one"]


def test_a_long_list_goes_on_where_the_page_before_ended(client: TestClient, usecases: UseCases) -> None:
    for number in range(60):
        one = usecases.incidents.open(f"Incident {number:02}")
        usecases.incidents.change_status(one.id, "resolved")
    first = client.get("/incidents").text
    following = re.search(r'href="(/incidents\?before=[^"]+)">Earlier ones', first)
    assert following
    second = client.get(following[1]).text

    seen = [re.findall(r"Incident \d\d", page) for page in (first, second)]
    assert [len(set(one)) for one in seen] == [50, 10]
    assert not set(seen[0]) & set(seen[1])
    assert "Earlier ones" not in second


def test_an_empty_list_teaches_with_one_example(client: TestClient) -> None:
    assert "My deploy at 10:42 broke the login" in words(client.get("/incidents").text)


# The page


def test_the_page_says_what_is_owed_and_offers_the_next_step_as_one_button(
    client: TestClient, incident: Incident, clock: FixedClock
) -> None:
    clock.advance(minutes=10)
    page = client.get(f"/incidents/{incident.id}").text

    assert "Late" in words(page)
    assert "Say what happened, to the team" in words(page)
    assert "We know what it is" in words(page)
    assert "SEV2" in words(page)


def test_the_story_is_told_in_one_order_of_time_and_can_be_turned_round(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    clock.advance(minutes=2)
    usecases.recording.fact(incident.id, "impact", "Nobody in the EU can log in.")
    clock.advance(minutes=2)
    draft = usecases.drafting.new("My deploy broke the login.", "first-message", "team", "UTC", incident_id=incident.id)
    usecases.messaging.send(draft.id, incident_id=incident.id, audience="team")
    clock.advance(minutes=2)
    usecases.incidents.change_status(incident.id, "identified")
    usecases.involving.hand_over(incident.id, "lead", "local")
    newest = client.get(f"/incidents/{incident.id}").text
    oldest = client.get(f"/incidents/{incident.id}?order=oldest").text

    order = [one for one in told(oldest) if one != "Opened"]
    assert order == ["It began", "Impact", "Message to the team", "Status: Identified", "Lead"]
    assert told(newest) == told(oldest)[::-1]
    assert "My deploy broke the login." in story(oldest)[-3]


def test_a_promise_that_was_missed_and_one_that_was_kept_are_in_the_story(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    due = clock.now() + timedelta(minutes=5)
    usecases.promising.add("I roll it back.", due, kind="fix", incident_id=incident.id)
    kept = usecases.promising.add("I send the counts.", due, kind="deliver", incident_id=incident.id)
    usecases.promising.keep(kept.promise.id)
    clock.advance(minutes=10)
    page = client.get(f"/incidents/{incident.id}").text

    assert "Promise missed" in told(page)
    assert "Promise kept" in told(page)


def test_it_tells_who_was_told_first_and_how_long_the_first_honest_status_took(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    for minutes, text in ((3, "It was just a small glitch."), (4, "At 10:50 my deploy broke the login. Nobody in the EU can log in.")):
        clock.advance(minutes=minutes)
        draft = usecases.drafting.new(text, "first-message", "team", "UTC", incident_id=incident.id)
        usecases.messaging.send(draft.id, incident_id=incident.id, audience="team")
    page = words(client.get(f"/incidents/{incident.id}").text)

    assert "First told The team , 3 min after it began" in page
    assert "First honest status 7 min after it began" in page


def test_an_incident_that_followed_from_another_is_told_as_one_story_with_it(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    later = usecases.incidents.open("The rollback slowed the checkout")
    page = after(client, later, "follows", earlier=f"https://amends.example/incidents/{incident.id}")

    assert "It followed from The login is broken" in words(page)
    assert "The rollback slowed the checkout followed from it" in words(client.get(f"/incidents/{incident.id}").text)


# Acting


@pytest.mark.parametrize(
    ("name", "fields", "says", "stands"),
    [
        ("facts", {"kind": "impact", "text": "Nobody can log in."}, "Written down.", "Impact you Nobody can log in."),
        ("facts", {"kind": "number", "text": "failed", "value": "4212 logins"}, "Written down.", "4212 logins: failed"),
        ("milestones", {"kind": "detected-others"}, "Written down.", "Detected (others told us)"),
        ("commits", {"kind": "rollback", "sha": "4F2C1AB", "subject": "Roll back"}, "Named.", "Rollback you Roll back (4f2c1ab)"),
        ("comments", {"text": "I copy the table."}, "Said.", "Comment you I copy the table."),
    ],
)
def test_what_is_written_down_stands_in_the_story_and_can_be_taken_back(
    client: TestClient, incident: Incident, name: str, fields: dict[str, str], says: str, stands: str
) -> None:
    page = after(client, incident, name, **fields)
    assert banner(page).startswith(says)
    assert "Undo" in banner(page)
    assert any(stands in item for item in story(page))

    event = re.search(r'name="event" value="([^"]+)"', page)
    assert event
    taken = after(client, incident, "withdraw", event=event[1])
    assert banner(taken) == "Taken back. The history keeps it."
    assert any(stands in item.replace(" taken back or corrected", "") for item in story(taken))
    assert any("taken back or corrected" in item for item in story(taken))


def test_a_fact_is_corrected_and_both_stay(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    old = usecases.recording.fact(incident.id, "cause", "The index was dropped.")
    page = after(client, incident, "facts", kind="cause", text="The table was dropped.", replaces=old.id)

    assert any("The table was dropped." in item and "corrected" not in item for item in story(page))
    assert any("The index was dropped." in item and "corrected" in item for item in story(page))


def test_a_fact_that_somebody_else_corrected_meanwhile_loses_no_word(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    old = usecases.recording.fact(incident.id, "cause", "The index was dropped.")
    usecases.recording.fact(incident.id, "cause", "The table was dropped.", replaces=old.id, by="local")
    answer = act(client, incident, "facts", kind="cause", text="My own words about it.", replaces=old.id)

    assert answer.status_code == 409
    assert 'value="My own words about it."' in answer.text
    again = re.search(r'name="replaces" value="([^"]+)"><input type="hidden" name="kind" value="cause">', answer.text)
    assert again
    assert again[1] != old.id


def test_severity_title_and_beginning_are_changed_where_they_stand(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    version = str(incident.version)
    assert "Severity: SEV1" in told(after(client, incident, "severity", severity="SEV1", version=version))
    version = str(usecases.incidents.get(incident.id).version)
    page = after(client, incident, "title", title="Nobody can log in", version=version)
    assert "<h1" in page
    assert "Nobody can log in" in re.findall(r"<h1[^>]*>(.*?)</h1>", page)[0]
    version = str(usecases.incidents.get(incident.id).version)
    after(client, incident, "start", started_at="2026-03-04T10:30", tz="UTC", version=version)
    assert usecases.incidents.get(incident.id).started_at.hour == 10


def test_a_stale_title_comes_back_with_both(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    usecases.incidents.rename(incident.id, "Somebody else's title", version=incident.version)
    answer = act(client, incident, "title", title="My title", version=str(incident.version))

    assert answer.status_code == 409
    assert 'value="My title"' in answer.text
    assert "Somebody else&#39;s title" in answer.text


@pytest.mark.parametrize(
    ("name", "fields", "field", "kept"),
    [
        ("facts", {"kind": "impact", "text": " "}, "text", None),
        ("facts", {"kind": "number", "text": "failed logins"}, "value", "failed logins"),
        ("facts", {"kind": "cause", "text": "my words", "at": "2030-01-01T10:00", "tz": "UTC"}, "at", "my words"),
        ("commits", {"kind": "hotfix", "sha": "nothex", "subject": "Fix"}, "sha", "nothex"),
        ("links", {"kind": "other", "target": "javascript:alert(1)"}, "target", "javascript:alert(1)"),
        ("stakeholders", {"name": "Shops", "kind": "affected", "audience": "customers", "size": "many"}, "size", "many"),
        ("title", {"title": ""}, "title", None),
        ("comments", {"text": ""}, "text", None),
    ],
)
def test_what_cannot_be_taken_comes_back_with_the_words_and_the_reason_beside_the_field(
    client: TestClient, incident: Incident, name: str, fields: dict[str, str], field: str, kept: str | None
) -> None:
    answer = act(client, incident, name, **fields)

    assert answer.status_code == 400
    assert f'id="error-{name}-{field}-' in answer.text
    assert f'aria-describedby="error-{name}-{field}-' in answer.text
    if kept:
        assert f'value="{kept}"' in answer.text


def test_a_gate_that_is_shut_says_what_is_missing_and_is_passed_with_a_reason_that_stays(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    promise = usecases.promising.add("I roll it back.", clock.now() + timedelta(hours=1), kind="fix", incident_id=incident.id)
    shut = act(client, incident, "status", status="resolved")

    assert shut.status_code == 409
    assert "Not resolved yet. One thing is missing" in words(shut.text)
    assert f'href="/promises/{promise.promise.id}"' in shut.text
    assert usecases.incidents.get(incident.id).status == "investigating"

    page = after(client, incident, "status", status="resolved", reason="The promise was made twice.")
    assert usecases.incidents.get(incident.id).status == "resolved"
    assert any("Passed with a reason" in item and "The promise was made twice." in item for item in story(page))


def test_functions_are_handed_over_and_let_go_and_that_can_be_undone(client: TestClient, incident: Incident) -> None:
    assert "Lead : you" in words(after(client, incident, "functions", function="lead"))
    left = after(client, incident, "leave", function="lead")

    assert "Nobody leads it yet." in words(left)
    assert banner(left) == "Nobody holds it now. Undo"
    again = after(client, incident, "functions", function="lead", person="local")
    assert "Lead : you" in words(again)


def test_who_must_know_is_listed_with_what_they_know(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    page = after(client, incident, "stakeholders", name="Shops", kind="affected", audience="customers", size="1,200", address="")
    assert "Shops (1,200), affected Not told yet" in words(page)

    (shops,) = usecases.stories.of(incident.id).told
    gone = after(client, incident, "stakeholders-remove", ref=shops.id)
    assert banner(gone) == "Off the list. What they were told stays. Undo"
    assert 'name="size" value="1200"' in gone


def test_links_lead_away_only_by_addresses_of_the_web(client: TestClient, incident: Incident) -> None:
    after(client, incident, "links", kind="ticket", target="https://tickets.example.org/1", title="OPS-1")
    page = after(client, incident, "links", kind="channel", target="#inc-login", title="")

    assert '<a href="https://tickets.example.org/1" rel="noreferrer nofollow">OPS-1</a>' in page
    assert 'href="#inc-login"' not in page


def test_a_box_is_ticked_with_what_shows_it_and_opened_again(client: TestClient, incident: Incident) -> None:
    ticked = after(client, incident, "boxes", box="impact", text="The list of orders is complete")
    assert "Impact box ticked" in words(ticked)
    assert "The list of orders is complete" in words(ticked)
    assert "Impact box open" in words(after(client, incident, "boxes", box="impact", ticked="no"))


def test_an_incident_is_put_away_and_brought_back(client: TestClient, incident: Incident) -> None:
    assert "Undo" in banner(after(client, incident, "remove"))
    assert incident.title not in client.get("/incidents").text
    after(client, incident, "restore")
    assert incident.title in client.get("/incidents").text


def test_what_is_done_on_the_page_of_today_leads_back_there(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    answer = act(client, incident, "milestones", kind="checked-in", back="/")

    assert answer.headers["location"] == "/"
    assert usecases.stories.of(incident.id).milestone("checked-in")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_an_act_never_leads_to_another_site(client: TestClient, incident: Incident, back: str) -> None:
    answer = act(client, incident, "milestones", kind="contained", back=back)

    assert answer.headers["location"].startswith(f"/incidents/{incident.id}?")


def test_nothing_that_people_write_is_ever_taken_for_html(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open(HOSTILE)
    for name, fields in (
        ("facts", {"kind": "cause", "text": HOSTILE}), ("comments", {"text": HOSTILE}), ("links", {"kind": "other", "target": HOSTILE}),
        ("stakeholders", {"name": HOSTILE, "kind": "affected", "audience": "team"}), ("boxes", {"box": "impact", "text": HOSTILE}),
        ("functions", {"function": "lead", "person": HOSTILE}), ("commits", {"kind": "hotfix", "sha": HOSTILE, "subject": HOSTILE}),
    ):  # fmt: skip
        act(client, incident, name, **fields)
    page = client.get(f"/incidents/{incident.id}?order=%3Cscript%3E&done=%3Cscript%3E&ref=%3Cscript%3E").text

    assert "<img" not in page
    assert "<script>" not in page
    assert "49" not in [item for item in story(page) if "7*7" in item]


def test_the_sample_is_marked_as_one(client: TestClient, usecases: UseCases) -> None:
    sample = seed_sample(usecases)
    assert sample is not None

    assert "Sample" in words(client.get(f"/incidents/{sample.id}").text)


def test_a_reader_is_told_that_they_can_read_and_not_offered_what_they_may_not_do(
    client: TestClient, usecases: UseCases, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = client.get(f"/incidents/{incident.id}").text
    me = usecases.people.me()
    monkeypatch.setattr(People, "me", lambda *_, **__: replace(me, role="reader"))
    page = client.get(f"/incidents/{incident.id}").text

    assert 'class="split"' in offered
    assert 'class="split is-reader"' in page
    assert "You can read this." in words(page)
    assert 'class="split is-reader"' in client.get("/").text


def test_an_incident_that_is_not_there_is_a_page_that_says_so(client: TestClient) -> None:
    assert client.get("/incidents/NOTHING").status_code == 404
    assert client.post("/incidents/NOTHING/status", data={"status": "resolved"}).status_code == 404


def test_a_long_story_begins_with_its_newest_part_and_leads_to_all_of_it(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    for number in range(120):
        usecases.recording.comment(incident.id, f"Comment {number}.")
    page = client.get(f"/incidents/{incident.id}").text

    assert len(story(page)) == 100
    assert "Show 22 more" in words(page)
    assert len(story(client.get(f"/incidents/{incident.id}?all=1").text)) == 122


def test_a_page_that_says_what_is_wrong_is_not_redrawn_by_what_others_do(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("Checkout is down")
    here = f"/incidents/{incident.id}"
    assert "live.js" in client.get(here).text
    refused = client.post(f"{here}/links", data={"kind": "other", "target": "javascript:alert(1)"})
    assert refused.status_code == 400
    assert "javascript:alert(1)" in refused.text
    assert "live.js" not in refused.text
    assert "data-incident=" not in refused.text


def test_the_status_says_since_when_also_past_a_gate(client: TestClient, usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    clock.advance(minutes=45)
    page = client.get(f"/incidents/{incident.id}").text
    assert 'name="reached_at"' in page
    early = act(client, incident, "status", status="monitoring", reached_at="2026-03-04T10:20", tz="UTC")
    assert (early.status_code, "That is before the incident began" in words(early.text)) == (400, True)
    assert 'value="2026-03-04T10:20"' in early.text, "what was given is kept"
    assert '<option value="monitoring" selected>' in early.text
    told_late = after(client, incident, "status", status="monitoring", reached_at="2026-03-04T11:20", tz="UTC")
    assert "Wed 4 Mar, 11:20 UTC written Wed 4 Mar, 11:35 UTC Status: Monitoring you" in story(told_late)
    usecases.promising.add("the fix", clock.now() + timedelta(hours=1), kind="fix", incident_id=incident.id, private=False)
    shut = act(client, incident, "status", status="resolved", reached_at="2026-03-04T11:30", tz="UTC")
    assert 'type="hidden" name="reached_at" value="2026-03-04T11:30"' in shut.text, "the way past the gate keeps the time"
    after(client, incident, "status", status="resolved", reached_at="2026-03-04T11:30", tz="UTC", reason="it moved elsewhere")
    last = next(one for one in reversed(usecases.recording.events(incident.id)) if one.what == "status")
    assert (f"{last.at:%H:%M}", last.recorded_at) == ("11:30", clock.now())
