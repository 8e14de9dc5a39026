"""Search on a page and in the palette: what is found, marked where the words are, and never taken for HTML."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_empty_page_says_what_can_be_found_and_how(client: TestClient) -> None:
    page = words(client.get("/search").text)

    assert "What are you looking for?" in page
    assert "kind:" in page


def test_hits_lead_to_where_they_stand_with_the_words_marked(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("The login is broken")
    fact = usecases.recording.fact(incident.id, "cause", "The session table was dropped.")
    page = client.get("/search?q=session").text

    assert "One place has these words." in words(page)
    assert f'href="/incidents/{incident.id}?all=1#event-{fact.id}"' in page
    assert "<mark>session</mark>" in page


def test_nothing_found_says_how_to_find_more(client: TestClient) -> None:
    assert "Fewer words find more." in words(client.get("/search?q=nowhere").text)


def test_a_filter_that_cannot_be_says_so_and_the_rest_is_searched(client: TestClient, usecases: UseCases) -> None:
    usecases.incidents.open("The login is broken")
    page = client.get("/search?q=login+kind:postcard").text

    assert 'class="field-error"' in page
    assert "The <mark>login</mark> is broken" in page


def test_a_long_answer_has_more_pages(client: TestClient, usecases: UseCases) -> None:
    for number in range(25):
        usecases.incidents.open(f"The login is broken {number}")
    first = client.get("/search?q=login").text
    following = re.search(r'href="(/search\?[^"]+)">More', first)

    assert following
    assert first.count('class="row"') == 20
    assert client.get(html.unescape(following[1])).text.count('class="row"') == 5


def test_what_is_found_is_never_taken_for_html(client: TestClient, usecases: UseCases) -> None:
    usecases.incidents.open("<img src=x onerror=alert(1)> login <script>alert(2)</script>")
    page = client.get('/search?q=login+"><script>alert(3)</script>').text + client.get("/search?q=login").text

    assert "<img" not in page
    assert "<script>" not in page


def test_the_palette_is_offered_incidents_and_action_items(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("The login is broken")
    usecases.recording.comment(incident.id, "login is mentioned here too")

    offered = client.get("/search/offers?q=login").json()
    assert offered == [{"name": "The login is broken", "href": f"/incidents/{incident.id}", "kind": "Incident"}]
    assert client.get("/search/offers?q=").json() == []
