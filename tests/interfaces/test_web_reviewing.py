"""The page of the review: what is missing says what to do now, the review stands below, and can be taken along and written on."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from amends.interfaces.web.today_view import owed_line

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    own = usecases.incidents.open('The login <b>"broke"</b>', severity="SEV2").id
    narrating = usecases.narrating
    narrating.state(own, "claim", "Logins failed & were <i>lost</i>", kind="number", value="41 of 90 logins")
    narrating.state(own, "claim", "The certificate had ended", kind="cause")
    split = narrating.state(own, "disagreement", "Was the alert late?")
    narrating.state(own, "position", "It rang at once", of=split.item, who="Platform")
    return own


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def test_what_is_missing_stands_on_top_and_leads_to_where_it_is_written(client: TestClient, usecases: UseCases, incident: str) -> None:
    page = client.get(f"/incidents/{incident}/review").text
    gaps = usecases.reviewing.gaps(incident)
    assert heading(page) == f"{len(gaps)} things are missing in the review."
    for gap in gaps:
        assert (gap.message[0].upper() + gap.message[1:]) in words(page)
    one_sided = next(gap for gap in gaps if gap.code == "one-sided")
    assert f'href="/incidents/{incident}/account#{one_sided.item}"' in page
    assert f'href="/incidents/{incident}/actions"' in page


def test_the_review_stands_below_and_what_people_wrote_is_never_markup(client: TestClient, incident: str) -> None:
    page = client.get(f"/incidents/{incident}/review").text
    assert "Logins failed &amp; were &lt;i&gt;lost&lt;/i&gt;: 41 of 90 logins. [unsupported]" in page
    assert "<i>lost" not in page
    assert "Was the alert late?" in page
    assert "Root cause" not in page
    assert ">Root cause</h3>" in client.get(f"/incidents/{incident}/review?root_cause=yes").text
    assert "The words on this page" in client.get(f"/incidents/{incident}/review?shape=plain").text


def test_without_an_account_there_is_one_thing_to_do_and_nothing_to_begin(client: TestClient, usecases: UseCases) -> None:
    own = usecases.incidents.open("Nothing is known").id
    page = client.get(f"/incidents/{own}/review").text
    assert heading(page) == "Say first what happened."
    assert "Begin the text" not in page
    assert f'href="/incidents/{own}/timeline"' in page


def test_the_text_is_begun_once_and_then_is_what_the_page_leads_to(client: TestClient, usecases: UseCases, incident: str) -> None:
    answer = client.post(f"/incidents/{incident}/review")
    begun = usecases.reviewing.of(incident).written
    assert begun is not None
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/incidents/{incident}/documents/{begun.id}/edit"
    assert client.post(f"/incidents/{incident}/review").headers["location"] == answer.headers["location"]
    page = client.get(f"/incidents/{incident}/review").text
    assert f'href="/incidents/{incident}/documents/{begun.id}"' in page
    assert "Begin the text" not in page


def test_each_shape_is_a_file_with_a_safe_name_in_the_zone_of_the_reader(client: TestClient, incident: str) -> None:
    client.cookies.set("amends-zone", "Europe%2FBerlin")
    answer = client.get(f"/incidents/{incident}/review/bug-report.markdown")
    assert answer.headers["content-disposition"].startswith('attachment; filename="bug-report-the-login-b-broke-b')
    assert "11:50 CET" in answer.text
    assert "41 of 90 logins" in answer.text
    assert client.get(f"/incidents/{incident}/review/plain.pdf").content.startswith(b"%PDF")
    assert client.get(f"/incidents/{incident}/review/rumour.pdf").status_code == 404


def test_what_is_owed_as_a_review_leads_here(client: TestClient, usecases: UseCases, incident: str) -> None:
    usecases.incidents.change_status(incident, "resolved")
    (owed,) = (one for one in usecases.today.of_incident(incident)[0] if one.what == "review")
    assert client.get(owed_line(owed, None).href).status_code == 200
    assert owed_line(owed, None).href == f"/incidents/{incident}/review"
