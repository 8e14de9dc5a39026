"""The page of an account over time: what to put right first, every figure with what it rests on, every change as a sentence."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


@pytest.fixture
def incident(usecases: UseCases) -> str:
    began = usecases.clock.now() - timedelta(minutes=50)
    own = usecases.incidents.open("Payments <b>fail</b>", started_at=began).id
    usecases.recording.milestone(own, "contained", at=began + timedelta(minutes=10))
    return own


def test_an_incident_that_nobody_told_of_says_so_and_accuses_nobody(client: TestClient, incident: str) -> None:
    page = client.get(f"/incidents/{incident}/account/history").text
    assert heading(page) == "Nothing can be told yet: nobody was told anything."
    assert page.count("Cannot tell yet:") == 7
    assert "Nothing stands in the account yet." in page


def test_what_turned_out_wrong_is_asked_to_be_corrected_and_leads_to_both_sides(
    client: TestClient, usecases: UseCases, incident: str
) -> None:
    sent = usecases.messaging.record("<i>In all</i>, 41 payments failed.", audience="customers", tz="UTC", incident_id=incident)
    item = usecases.narrating.state(incident, "claim", "Payments that failed", kind="number", value="258 payments").item
    usecases.narrating.cite(incident, item, "measure", text="rows with status failed: 258")
    page = client.get(f"/incidents/{incident}/account/history").text
    assert heading(page) == "One message says what turned out to be wrong. Correct it."
    assert "Customers were told 41; the account says 258." in words(page)
    assert f'href="/incidents/{incident}/messages#message-{sent.id}"' in page
    assert f'href="/incidents/{incident}/account#{item}"' in page
    assert "<i>In all" not in page
    assert f'<input type="hidden" name="corrects" value="{sent.id}">' in page
    assert "unsupported → confirmed" in page
    assert "It went from unsupported to confirmed." in words(page)
    usecases.messaging.record("Correction: 258 payments failed.", audience="customers", incident_id=incident, corrects=sent.id)
    after = heading(client.get(f"/incidents/{incident}/account/history").text)
    assert "Correct it" not in client.get(f"/incidents/{incident}/account/history").text
    assert after == "Nothing that was told has to be put right, as far as is known."


def test_a_promise_that_came_again_wants_a_date(client: TestClient, usecases: UseCases, incident: str) -> None:
    for minutes in (30, 20):
        at = usecases.clock.now() - timedelta(minutes=minutes)
        text = "We will improve the monitoring of the payment queue."
        usecases.messaging.record(text, audience="customers", tz="UTC", incident_id=incident, sent_at=at)
    page = client.get(f"/incidents/{incident}/account/history").text
    assert heading(page) == "Give a date to what was promised again, or take it back."
    assert "and never with a date" in words(page)


def test_the_account_leads_to_it(client: TestClient, incident: str) -> None:
    assert f'href="/incidents/{incident}/account/history"' in client.get(f"/incidents/{incident}/account").text


def test_an_incident_that_is_not_there_has_no_page(client: TestClient) -> None:
    assert client.get("/incidents/01KNAVQNB2V4T1XKX5F1PTC7JB/account/history").status_code == 404
