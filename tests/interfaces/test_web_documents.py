"""The pages of shared texts without any script: reading, writing, both texts where two people changed one paragraph, and every version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from amends.interfaces.web.prose import LONGEST, rendered
from interfaces.desk import follow, heading, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


@pytest.fixture
def here(usecases: UseCases) -> str:
    return f"/incidents/{usecases.incidents.open('Checkout fails').id}/documents"


def begun(client: TestClient, here: str, text: str = "# Facts\n\nOne.\n\nTwo.\n") -> str:
    edit = client.post(here, data={"title": "Call at 11:00", "kind": "note"}).headers["location"]
    place = edit.removesuffix("/edit")
    assert client.post(place, data={"text": text, "based_on": "1"}).status_code == 303
    return place


def test_a_text_is_begun_written_and_read(client: TestClient, here: str) -> None:
    assert "This incident has no text yet." in client.get(here).text
    place = begun(client, here)
    page = client.get(place).text
    assert heading(page) == "Call at 11:00"
    assert "<h2>Facts</h2>" in page
    assert f'href="{place}"' in client.get(here).text


def test_a_title_that_is_missing_is_said_beside_the_field(client: TestClient, here: str) -> None:
    refused = client.post(here, data={"title": " ", "kind": "agenda"})
    assert refused.status_code == 400
    assert "A title must not be empty." in words(refused.text)


def test_two_who_change_different_paragraphs_are_joined(client: TestClient, here: str) -> None:
    place = begun(client, here)
    client.post(place, data={"text": "# Facts\n\nOne!\n\nTwo.\n", "based_on": "2"})
    page = follow(client, place, text="# Facts\r\n\r\nOne.\r\n\r\nTwo!\r\n", based_on="2")
    assert "<p>One!</p>\n<p>Two!</p>" in page


def test_two_who_change_one_paragraph_see_both_texts_and_one_decides(client: TestClient, here: str) -> None:
    place = begun(client, here)
    client.post(place, data={"text": "# Facts\n\nOne!\n\nTwo.\n", "based_on": "2"})
    refused = client.post(place, data={"text": "# Facts\n\nOne <3?\n\nTwo.\n", "based_on": "2"})
    assert refused.status_code == 409
    assert "Both texts are kept, yours as version 4." in words(refused.text)
    assert "One!" in refused.text
    assert "One &lt;3?" in refused.text
    assert '<input type="hidden" name="based_on" value="3">' in refused.text
    assert "<p>Mine</p>" in follow(client, place, text="Mine", based_on="3")


def test_our_script_gets_both_texts_as_json(client: TestClient, here: str) -> None:
    place = begun(client, here)
    asked = {"text": "# Facts\n\nOne!\n\nTwo.\n", "based_on": 2}
    assert client.put(place, json=asked).json()["version"] == 3
    told = client.put(place, json={**asked, "text": "# Facts\n\nOne?\n\nTwo.\n"})
    assert (told.status_code, told.json()["current"]["text"], told.json()["kept_as"]) == (409, asked["text"], 4)
    assert client.get(place, headers={"accept": "application/json"}).json()["version"] == 3


def test_every_version_can_be_compared_and_brought_back(client: TestClient, here: str) -> None:
    place = begun(client, here)
    client.post(place, data={"text": "# Facts\n\nOne!\n\nTwo.\n", "based_on": "2"})
    page = client.get(f"{place}/history").text
    assert "<del>One.</del>" in page
    assert "<ins>One!</ins>" in page
    assert "Nothing came before version 1" in client.get(f"{place}/history?before=1&after=1").text
    assert "<p>One.</p>" in follow(client, f"{place}/go-back", version="2")


def test_a_text_is_put_away_and_comes_back_with_one_click(client: TestClient, here: str) -> None:
    place = begun(client, here)
    assert "The text is put away." in follow(client, f"{place}/remove")
    assert "This incident has no text yet." in client.get(here).text
    refused = client.post(place, data={"text": "Late words.", "based_on": "2"})
    assert refused.status_code == 409
    assert "The text is back." in follow(client, f"{place}/restore")
    assert heading(follow(client, f"{place}/rename", title="First call")) == "First call"
    assert client.post(f"{place}/rename", data={"title": ""}).status_code == 400


def test_a_text_is_not_there_under_another_incident(client: TestClient, here: str, usecases: UseCases) -> None:
    place = begun(client, here)
    other = usecases.incidents.open("Another").id
    for address in (f"/incidents/{other}/documents/{place.rpartition('/')[2]}", f"{here}/nothing", f"{place}/unknown-act"):
        assert client.post(address, data={"text": "x"}).status_code == 404


DANGEROUS: list[tuple[str, str]] = [
    ("<script>alert(1)</script>", "<script"),
    ("<img src=x onerror=alert(1)>", "<img"),
    ("![pixel](https://example.org/pixel.png)", "<img"),
    ("[a](javascript:alert(1))", 'href="javascript'),
    ("[a](data:text/html;base64,PHNjcmlwdD4=)", 'href="data'),
    ('<https://example.org/" onclick="x>', 'onclick="x'),
    ("| a |\n|---|\n| <iframe src=x> |", "<iframe"),
    ("```html\n<style>*{}</style>\n```", "<style"),
]


@pytest.mark.parametrize(("text", "forbidden"), DANGEROUS)
def test_nothing_in_a_text_can_do_anything(client: TestClient, here: str, text: str, forbidden: str) -> None:
    article = client.get(begun(client, here, text)).text.partition('<article class="prose">')[2].partition("</article>")[0]
    assert article.strip()
    assert forbidden not in " ".join(re.findall("<[^>]+>", article))


def test_markdown_becomes_what_it_means() -> None:
    html = str(
        rendered(
            "# A\n\n- one\n- *two*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x](https://example.org) ~~no~~\n\n![who](https://e.org/p.png)"
        )
    )
    assert "<h2>A</h2>" in html
    assert "<em>two</em>" in html
    assert "<td>2</td>" in html
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">x</a> <s>no</s>' in html
    assert '<a href="https://e.org/p.png" rel="noopener noreferrer nofollow">who</a>' in html


def test_a_text_too_long_to_format_is_shown_as_it_was_typed() -> None:
    html: Any = rendered("# <b>\n" * (LONGEST // 6 + 1))
    assert html.startswith("<pre># &lt;b&gt;")
