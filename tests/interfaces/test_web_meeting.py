"""The page for a meeting: impact, what changed since the last one, what has to be decided, and that nothing has."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.core.incident import Incident
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("The login is broken", severity="SEV2")


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str, title: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{title}">(.*?)</section>', page, re.DOTALL)
    return words(found[1]) if found else ""


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def test_with_nothing_to_decide_it_says_to_cancel_and_whom_to_tell(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    usecases.involving.hand_over(incident.id, "communications", "local")
    page = client.get(f"/incidents/{incident.id}/meeting").text

    assert heading(page) == "Nothing is left to decide. Cancel the meeting."
    assert "Tell you that it does not take place" in words(page)
    assert f'href="/incidents/{incident.id}/messages"' in page


def test_what_is_to_be_decided_stands_first_and_a_decision_takes_its_place(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    asked = usecases.recording.fact(incident.id, "question", "Do we roll back?")
    page = client.get(f"/incidents/{incident.id}/meeting").text
    assert heading(page) == "One thing is left to decide."
    assert "Do we roll back?" in part(page, "decide")
    assert "Do we roll back?" not in part(page, "changed")

    decided = {"kind": "decision", "text": "We roll back at 11:10.", "replaces": asked.id, "back": "meeting"}
    answer = client.post(f"/incidents/{incident.id}/facts", data=decided)
    assert answer.headers["location"] == f"/incidents/{incident.id}/meeting"
    page = client.get(answer.headers["location"]).text
    assert heading(page) == "Nothing is left to decide. Cancel the meeting."
    assert "We roll back at 11:10." in part(page, "decided")


def test_changes_count_from_the_last_meeting(client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock) -> None:
    clock.advance(minutes=5)
    usecases.recording.fact(incident.id, "cause", "The table was dropped.")
    clock.advance(minutes=5)
    before = client.get(f"/incidents/{incident.id}/meeting").text
    assert "The table was dropped." in part(before, "changed")

    client.post(f"/incidents/{incident.id}/milestones", data={"kind": "meeting", "back": "meeting"})
    clock.advance(minutes=5)
    usecases.recording.fact(incident.id, "recovery", "The table is copied back.")
    after = client.get(f"/incidents/{incident.id}/meeting").text
    assert "The table is copied back." in part(after, "changed")
    assert "The table was dropped." not in part(after, "changed")


def test_impact_stands_with_its_numbers_and_promises_with_how_late_they_are(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    usecases.recording.fact(incident.id, "number", "failed in ten minutes", value="4212 logins")
    usecases.promising.add("I roll it back.", clock.now() + timedelta(minutes=5), kind="fix", incident_id=incident.id)
    clock.advance(minutes=10)
    page = client.get(f"/incidents/{incident.id}/meeting").text

    assert "4212 logins failed in ten minutes" in part(page, "impact")
    assert "“I roll it back.”" in part(page, "promised")
    assert "5 min ago" in part(page, "promised")


def test_times_in_sentences_are_on_the_clock_of_the_reader(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    clock.advance(minutes=1)
    usecases.recording.milestone(incident.id, "contained")

    assert "contained since 10:51 UTC" in part(client.get(f"/incidents/{incident.id}/meeting").text, "changed")
    client.cookies.set("amends-zone", "Europe%2FBerlin")
    assert "contained since 11:51 CET" in part(client.get(f"/incidents/{incident.id}/meeting").text, "changed")
    client.cookies.set("amends-zone", "Mars%2FOlympus")
    assert "10:51 UTC" in part(client.get(f"/incidents/{incident.id}/meeting").text, "changed")
