"""Practice with conversations of one's own: the interview, and a draft that is heard answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from interfaces.desk import banner, follow, heading, words
from interfaces.practice_desk import shelf
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases

OWN, REHEARSE = "/practice/own", "/practice/rehearse"
ANSWERS = {
    "name": "Rosalind", "role": "head of the warehouse", "relation": "partner", "persona": "sceptical-peer", "channel": "call",
    "form": "any", "happened": "My change of Tuesday hid 40 <b>orders</b> for 3 hours.",
    "known": "Hidden from 09:10 to 12:04.\n\nAll 40 are back.",
    "unknown": "", "cost": "Two of my people stayed until 21:00.", "questions": "Why did nobody call me?", "opening": "So. Tuesday.",
}  # fmt: skip


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    """A browser at the very use cases of the test."""
    usecases.__dict__["_shelf"] = shelf()
    with TestClient(application(usecases), follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


def test_a_few_answers_make_a_conversation_that_begins_at_once_and_can_be_played_again(client: TestClient, usecases: UseCases) -> None:
    page = follow(client, OWN, **ANSWERS)

    told = words(page)
    assert "So. Tuesday." in told
    assert "Rosalind, head of the warehouse" in told
    assert "Hidden from 09:10 to 12:04." in told
    assert "stayed until 21:00" not in told
    assert "<b>orders" not in page.partition("<main")[2]
    (kept,) = usecases.practising.own("local")
    assert kept.answers.known == ("Hidden from 09:10 to 12:04.", "All 40 are back.")
    assert f'action="/practice/own-{kept.id}"' in client.get(OWN).text
    assert "So. Tuesday." in words(follow(client, f"/practice/own-{kept.id}"))


def test_level_and_help_can_be_chosen_for_it_too(client: TestClient, usecases: UseCases) -> None:
    follow(client, OWN, **ANSWERS)
    (kept,) = usecases.practising.own("local")
    here = f"/practice/own-{kept.id}"

    page = client.get(here).text

    assert f'href="{here}"' in client.get(OWN).text
    assert "Rosalind, head of the warehouse" in words(page)
    levels = re.findall(r'name="difficulty" value="(\d)"', page)
    begun = client.post(here, data={"difficulty": levels[-1], "aided": "no"})
    assert begun.status_code == 303
    newest = usecases.practising.sessions("local")[0]
    assert (newest.locked.difficulty, newest.aided) == (int(levels[-1]), False)
    assert client.get("/practice/own-nothing").status_code == 404


def test_what_was_described_is_deleted_for_good(client: TestClient, usecases: UseCases) -> None:
    follow(client, OWN, **ANSWERS)
    (kept,) = usecases.practising.own("local")

    assert banner(follow(client, f"{OWN}/{kept.id}/forget")) == "Deleted for good."
    assert usecases.practising.own("local") == ()


def test_an_answer_that_is_missing_comes_back_beside_its_field_with_all_the_others(client: TestClient) -> None:
    answer = client.post(OWN, data={**ANSWERS, "happened": ""})

    assert answer.status_code == 400
    assert 'id="error-own-happened-"' in answer.text
    for told in ("Rosalind", "All 40 are back.", "Why did nobody call me?"):
        assert told in answer.text


def test_a_draft_is_answered_before_it_is_sent_and_can_be_rehearsed_again(client: TestClient, usecases: UseCases) -> None:
    draft = usecases.drafting.new("At 10:42 my deploy broke the login. It is back since 10:58.", "first-message", None, None)
    offered = client.get(REHEARSE).text
    assert f"{REHEARSE}?draft={draft.id}" in offered
    page = client.get(f"{REHEARSE}?draft={draft.id}").text
    assert "my deploy broke the login" in page
    assert '<option value="first-message" selected>' in page

    page = follow(client, REHEARSE, text=draft.content.text, persona="busy-executive", form="first-message")

    assert "my deploy broke the login" in words(page)
    assert 'id="turn-1"' in page
    session = usecases.practising.sessions("local")[0]
    over = follow(client, f"/practice/session/{session.id}/leave")
    assert f'<a class="button" href="{REHEARSE}">Rehearse</a>' in over


def test_a_draft_that_is_too_long_comes_back(client: TestClient) -> None:
    answer = client.post(REHEARSE, data={"text": "a" * 20_001, "persona": "busy-executive", "form": "any"})

    assert answer.status_code == 413
    assert "a" * 20_001 in answer.text
    assert heading(answer.text) == "Hear it answered before you send it."
    assert client.post(REHEARSE, data={"text": "Hello.", "persona": "nobody", "form": "any"}).status_code == 404
