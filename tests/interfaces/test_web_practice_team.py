"""Practice as a group: spun, played from one screen, and kept by nobody."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from interfaces.desk import heading, words
from interfaces.practice_desk import shelf
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases

HERE = "/practice/team/charged-twice"
SPUN = 'We apologise for any inconvenience caused. It should "arrive" soon & <b>safely</b>.'


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    """A browser at the very use cases of the test, with few drills on the shelf."""
    usecases.__dict__["_shelf"] = shelf()
    with TestClient(application(usecases), follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


def carried(page: str) -> dict[str, str]:
    found = re.search(r'<div id="carried">(.*?)</div>', page, re.DOTALL)
    assert found
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', found[1])}


def test_the_wheel_gives_a_drill_and_none_of_the_last_ones(client: TestClient) -> None:
    assert "Spin" in client.get("/practice/team").text
    first = client.post("/practice/team").headers["location"]
    page = client.get(first).text
    assert "Spin again" in page
    seen = dict(re.findall(r'name="(seen)" value="([^"]*)"', page))["seen"]

    second = client.post("/practice/team", data={"seen": seen}).headers["location"]

    assert second.partition("?")[0] != first.partition("?")[0]


def test_a_group_plays_with_its_conversation_in_the_page_alone(client: TestClient, usecases: UseCases) -> None:
    brief = client.get(HERE).text
    assert "To test yourself" not in brief
    page = client.post(HERE, data={"variant": "liv", "difficulty": "4"}).text
    assert "What you say, as a group" in words(page)
    assert carried(page)["difficulty"] == "4"

    page = client.post(HERE, data={**carried(page), "text": SPUN}).text
    page = client.post(HERE, data={**carried(page), "text": "We took it twice. That was our fault."}).text

    assert page.count('id="turn-') == 2
    assert "Your group turn 1" in words(page)
    assert "<b>safely" not in page
    assert "Nothing of this is kept" in words(page)
    assert usecases.practising.sessions("local") == ()
    over = client.post(f"{HERE}/leave", data=carried(page)).text
    assert heading(over).startswith("You ended it.")
    assert "Spin again" in words(over)
    assert "Delete this conversation" not in over


@pytest.mark.parametrize("said", ["nonsense", '{"a": 1}', "[1]"])
def test_a_conversation_that_cannot_be_read_is_refused(client: TestClient, said: str) -> None:
    answer = client.post(HERE, data={"said": said, "text": "Hello."})

    assert answer.status_code == 400
    assert "The conversation cannot be read." in words(answer.text)


def test_what_a_group_types_comes_back_where_it_is_too_long(client: TestClient) -> None:
    answer = client.post(HERE, data={"said": "[]", "text": "a" * 20_001})

    assert answer.status_code == 413
    assert "a" * 20_001 in answer.text


def test_remarks_come_while_a_group_writes(client: TestClient) -> None:
    assert "any inconvenience" in words(client.post(f"{HERE}/check", data={"said": "[]", "text": SPUN}).text)
