"""The pages before any script has run: they check, keep, tell of a conflict, and never take a text for HTML."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import AmendsError
from amends.interfaces.web.library import mark
from amends.interfaces.web.words import plain
from amends.testing import CountingIds, FixedClock, memory_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.sample import seed_sample
from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from amends.store.engine import Store

TEXT = "At 10:42 my deploy broke the login. We will share more as soon as possible."
HOSTILE = (
    """</textarea></pre></q><img src=x onerror=alert(1)><script>alert(2)</script>"><svg onload=alert(3)> {{7*7}} as soon as possible."""
)


@pytest.fixture
def store() -> Iterator[Store]:
    made = memory_store()
    yield made
    made.close()


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with served(open_store=lambda: store) as made:
        yield made


def words(page: str) -> str:
    """What a reader sees of a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def text_in(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def start(client: TestClient, **fields: Any) -> str:
    answer = client.post("/drafts", data={"text": TEXT, **fields})
    assert answer.status_code == 303
    return answer.headers["location"].removeprefix("/drafts/")


def test_the_empty_page_says_what_to_do_and_shows_one_example(client: TestClient) -> None:
    page = client.get("/write").text

    assert heading(page) == "Say what happened, and when."
    assert "At 16:08 I merged a schema change" in words(page)
    assert text_in(page) == ""


def test_a_form_can_be_begun_from_its_gaps(client: TestClient) -> None:
    page = client.get("/write?start=template&form=first-message").text

    assert "[HH:MM]" in text_in(page)
    assert '<option value="first-message" selected>' in page


def test_a_draft_can_be_begun_from_the_example(client: TestClient) -> None:
    assert text_in(client.get("/write?start=example").text).startswith("At 16:08 I merged")


@pytest.mark.parametrize("query", ["?form=postcard", "?start=postcard", "?start=template&form=postcard"])
def test_an_address_that_asks_for_nonsense_gets_the_empty_page(client: TestClient, query: str) -> None:
    assert text_in(client.get(f"/write{query}").text) == ""


def test_check_without_script_shows_the_results_and_keeps_what_was_typed(client: TestClient) -> None:
    page = client.post("/write", data={"text": TEXT, "form": "first-message", "audience": "team", "tz": "Europe/London"}).text

    assert text_in(page) == TEXT
    assert heading(page).startswith("Say ")
    assert "as soon as possible" in words(page)
    assert "About this rule" in words(page)
    assert '<option value="team" selected>' in page
    assert 'name="tz" value="Europe/London"' in page


def test_line_breaks_of_browsers_are_line_breaks(client: TestClient) -> None:
    assert text_in(client.post("/write", data={"text": "one\r\ntwo\rthree"}).text) == "one\ntwo\nthree"


def test_the_parts_that_change_while_typing_come_alone(client: TestClient) -> None:
    answer = client.post("/check", data={"text": TEXT})

    targets = re.findall(r'hx-target="([^"]+)"', answer.text)
    assert targets == ["#answer", "#steps", "#count", "#reading", "#rail"]
    assert "<html" not in answer.text


def test_a_text_of_no_known_form_is_read_as_a_first_message(client: TestClient) -> None:
    assert "Read as First message" in words(client.post("/check", data={"text": "Hello there"}).text)


def test_any_text_can_be_asked_for(client: TestClient) -> None:
    assert "Read as Any text" in words(client.post("/check", data={"text": "Hello there", "form": "any"}).text)


def test_a_form_that_was_taken_away_is_guessed_again(client: TestClient) -> None:
    assert client.post("/check", data={"text": TEXT, "form": "postcard"}).status_code == 200


@pytest.mark.parametrize("path", ["/write", "/check"])
def test_a_text_is_never_taken_for_html(client: TestClient, path: str) -> None:
    page = client.post(path, data={"text": HOSTILE, "tz": '"><script>alert(4)</script>'}).text

    assert "<script>" not in page
    assert "<img" not in page
    assert "<svg onload" not in page


def test_a_kept_text_is_never_taken_for_html_either(client: TestClient) -> None:
    draft = start(client, text=HOSTILE)
    pages = [client.get(path).text for path in (f"/drafts/{draft}", "/drafts", f"/drafts/{draft}/versions")]
    pages.append(client.post(f"/drafts/{draft}", data={"text": f"{HOSTILE} mine", "based_on": "1", "form": "x<script>"}).text)

    for page in pages:
        assert "<script>" not in page
        assert "<img" not in page
    assert text_in(pages[0]) == HOSTILE


def test_a_draft_is_kept_and_found_again(client: TestClient) -> None:
    draft = start(client, form="first-message", audience="team", tz="Europe/London")

    page = client.get(f"/drafts/{draft}").text

    assert text_in(page) == TEXT
    assert '<option value="first-message" selected>' in page
    assert "At 10:42 my deploy broke the login" in words(client.get("/drafts").text)
    assert heading(client.get("/drafts").text) == "One message is not sent yet."


def test_saving_without_script_goes_back_to_the_draft(client: TestClient) -> None:
    draft = start(client)

    answer = client.post(f"/drafts/{draft}", data={"text": f"{TEXT} More.", "based_on": "1"})

    assert answer.status_code == 303
    assert text_in(client.get(answer.headers["location"]).text) == f"{TEXT} More."


def test_two_texts_that_differ_are_both_shown(client: TestClient) -> None:
    draft = start(client)
    client.post(f"/drafts/{draft}", data={"text": "The first of two.", "based_on": "1"})

    answer = client.post(f"/drafts/{draft}", data={"text": "The second of two.", "based_on": "1"})

    assert answer.status_code == 409
    assert text_in(answer.text) == "The second of two."
    assert "The first of two." in words(answer.text)
    assert 'name="based_on" value="2"' in answer.text, "saving again is then meant on top of the other text"
    versions = words(client.get(f"/drafts/{draft}/versions").text)
    assert "The first of two." in versions
    assert "The second of two." in versions


def test_the_script_saves_with_versions(client: TestClient) -> None:
    made = client.post("/drafts", json={"text": TEXT, "form": "auto", "audience": "", "tz": "Europe/London"})
    saved = client.put(f"/drafts/{made.json()['id']}", json={"text": f"{TEXT} More.", "form": "auto", "based_on": 1})

    assert made.status_code == 201
    assert made.json()["version"] == 1
    assert made.json()["tz"] == "Europe/London"
    assert saved.status_code == 200
    assert (saved.json()["version"], saved.json()["text"], saved.json()["open"]) == (2, f"{TEXT} More.", True)


def test_the_script_is_told_of_a_conflict_with_the_other_text(client: TestClient) -> None:
    draft = client.post("/drafts", json={"text": TEXT}).json()["id"]
    client.put(f"/drafts/{draft}", json={"text": "The first of two.", "based_on": 1})

    answer = client.put(f"/drafts/{draft}", json={"text": "The second of two.", "based_on": 1})

    assert answer.status_code == 409
    assert answer.json()["current"]["text"] == "The first of two."
    assert answer.json()["current"]["version"] == 2
    assert answer.json()["kept_as"] == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": 7}', 400),
        (b"{", 400),
        (b'{"text": "a\\u0000b"}', 400),
        (b'{"text": "a", "form": "No Such Form!"}', 400),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/drafts", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_body_beyond_the_limit_is_refused_with_the_limit(client: TestClient) -> None:
    answer = client.post("/check", data={"text": "a" * 4_000_001}, headers={"hx-request": "true"})

    assert answer.status_code == 413
    assert "4,000,000 bytes" in answer.text


def test_put_away_can_be_undone(client: TestClient) -> None:
    draft = start(client)

    closed = client.post(f"/drafts/{draft}/discard")
    listed = client.get(closed.headers["location"]).text
    page = client.get(f"/drafts/{draft}").text
    client.post(f"/drafts/{draft}/reopen")

    assert "Put away." in words(listed)
    assert f'action="/drafts/{draft}/reopen"' in listed
    assert heading(listed) == "Nothing is waiting to be sent."
    assert "This draft is closed." in words(page)
    assert " readonly" in page
    assert heading(client.get("/drafts").text) == "One message is not sent yet."


def test_saving_can_lead_on_to_the_page_that_records_it_as_sent(client: TestClient) -> None:
    made = client.post("/drafts", data={"text": TEXT, "then": "send"}).headers["location"]
    saved = client.post(made.removesuffix("/send"), data={"text": f"{TEXT} More.", "based_on": "1", "then": "send"})

    assert (made, made.endswith("/send")) == (saved.headers["location"], True)


def test_no_drafts_is_a_page_that_teaches(client: TestClient) -> None:
    page = words(client.get("/drafts").text)

    assert "Nothing is waiting to be sent." in page
    assert "Write a message" in page


def test_the_sample_is_marked_and_not_counted_as_waiting(store: Store) -> None:
    seed_sample(UseCases(Checking, lambda: store, FixedClock(), CountingIds()))
    with served(open_store=lambda: store) as client:
        page = client.get("/drafts").text

    assert heading(page) == "Nothing of yours is waiting. Try the sample."
    assert words(page).count("Sample.") == 2


def test_a_store_that_is_away_costs_the_history_not_the_help() -> None:
    def broken() -> Store:
        raise AmendsError("the store does not serve", hint="see that it runs")

    with served(open_store=broken) as client:
        assert client.post("/check", data={"text": TEXT}).status_code == 200
        assert client.post("/api/v1/check", json={"text": TEXT}).status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").json()["detail"] == "the store does not serve"
        assert client.get("/drafts").status_code == 503
        assert client.put("/drafts/1", json={"text": TEXT}).status_code == 503


def test_health_is_told_to_machines(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_rules_are_listed_and_explained(client: TestClient) -> None:
    listed = words(client.get("/rules").text)
    page = client.get("/rules/vague-time").text

    assert "vague-time" in listed
    assert "Why it matters to the reader" in words(page)
    assert "It finds" in words(page)
    assert "<mark>" in page
    assert "ignore vague-time because" in words(page)


def test_rules_can_be_filtered_by_words_in_their_names(client: TestClient) -> None:
    page = client.get("/rules?q=VAGUE+time").text

    assert "/rules/vague-time" in page
    assert "/rules/minor-issue" not in page
    assert "No rule has all these words" in words(client.get("/rules?q=xyzzy").text)
    assert 'value="&lt;b&gt;"' in client.get("/rules?q=<b>").text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Status\n\n**Now:** `index` is [back](https://example.org).", "Status Now: index is back."),
        ("Soon. <!-- amends: ignore vague-time because it is -->", "Soon."),
        ("- one\n> two <!-- note\nto self -->", "one two"),
        ("2 * 3 stays, snake_case too", "2 * 3 stays, snake_case too"),
    ],
)
def test_drafts_are_listed_in_plain_words(text: str, line: str) -> None:
    assert plain(text) == line


def test_a_draft_without_words_is_not_counted_as_waiting(client: TestClient) -> None:
    start(client)
    start(client, text="<!-- nothing yet -->")

    page = client.get("/drafts").text

    assert heading(page) == "One message is not sent yet."
    assert "Nothing written yet" in words(page)


def test_the_script_can_ask_whether_a_draft_changed_elsewhere(client: TestClient) -> None:
    draft = start(client)

    assert client.get(f"/drafts/{draft}", headers={"accept": "application/json"}).json()["version"] == 1


def test_every_rule_and_every_form_has_its_page(client: TestClient) -> None:
    checking = Checking()

    for rule in checking.rules():
        assert client.get(f"/rules/{rule.id}").status_code == 200, rule.id
    for form in checking.forms():
        assert heading(client.get(f"/forms/{form.id}").text) == form.title


def test_examples_mark_the_words_that_a_rule_finds() -> None:
    assert mark("It goes <b>out</b> [[as soon as]] we can.") == "It goes &lt;b&gt;out&lt;/b&gt; <mark>as soon as</mark> we can."


@pytest.mark.parametrize("path", ["/nothing", "/rules/vague-tyme", "/forms/postcard", "/drafts/00000000000000000000000009"])
def test_a_page_that_is_not_there_says_where_to_go(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert heading(answer.text) == "There is nothing here."
    assert "Write a message" in words(answer.text)


def test_the_wrong_method_is_refused_and_names_the_right_ones(client: TestClient) -> None:
    answer = client.delete("/rules")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_a_fault_of_ours_shows_nothing_of_its_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(Checking, "check", broken)
    answer = client.get("/write")

    assert answer.status_code == 500
    assert "not in what you wrote" in words(answer.text)
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/", "/write", "/drafts", "/promises", "/promises/absence", "/rules", "/forms", "/nothing"])
def test_pages_have_a_language_a_title_a_way_past_the_navigation_and_one_heading(client: TestClient, path: str) -> None:
    page = client.get(path).text

    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert re.search(r"<title>[^<]+ · Amends</title>", page)
    assert '<a class="skip" href="#main">' in page
    assert page.count("<h1") == 1
    assert '<main id="main"' in page


def test_pages_come_compressed_where_the_browser_can_unpack_them(client: TestClient) -> None:
    client.get("/forms")  # the first page brings the style sheet along
    packed, plain = client.get("/forms"), client.get("/forms", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


def test_pages_are_never_kept_by_anybody(client: TestClient) -> None:
    assert client.get("/drafts").headers["cache-control"] == "no-store"
