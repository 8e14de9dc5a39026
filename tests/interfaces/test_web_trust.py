"""The trust board and its reviews, as somebody works through them without a script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.promises.promise import Evidence
from amends.trust.review import QUESTIONS
from interfaces.desk import follow, heading, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

BROKEN = {
    "text": "They do not believe our status page.", "whose": "Payments partners", "subject": "behaviour", "direction": "outward",
    "kind": "honesty", "fear": "That we hear it from customers.", "heard_from": "Ines of Payments", "asked": "",
}  # fmt: skip
TIED = {"kind": "misleading-status", "uncertainty": "Partners see within 5 minutes if payments fail", "visible": "on the status page"}


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The board of an incident that is contained, and that hit one group."""
    opened = usecases.incidents.open("Payments were charged twice", severity="SEV1")
    usecases.involving.add_stakeholder(opened.id, "Payments partners", audience="partner")
    usecases.incidents.change_status(opened.id, "monitoring")
    return f"/incidents/{opened.id}/trust"


def test_the_board_says_what_to_do_now_from_the_first_question_to_the_first_review(
    client: TestClient, usecases: UseCases, clock: FixedClock, here: str
) -> None:
    incident = here.split("/")[2]
    empty = client.get(here).text
    assert heading(empty) == "Ask those who were hit what they rely on less since then."
    assert "Not asked yet: Payments partners" in words(empty)
    on_map = follow(client, f"{here}/breaks", **BROKEN)
    assert heading(on_map) == "Tie a first repair to the trust that broke."
    assert 'aria-label="1 Payments partners, honesty, heard"' in on_map
    assert "“That we hear it from customers.”What they fear; Ines of Payments" in words(on_map)
    (broken,) = usecases.repairing.board(incident).map.breaks
    tied = follow(
        client, f"{here}/repairs", title="Publish the error rate", item_kind="monitoring", **TIED, **{f"break-{broken.item}": "on"}
    )
    assert "Not done Helped? No evidence yet A status that misled Partners see within 5 minutes if payments fail" in words(tied)
    clock.advance(days=31)
    assert heading(client.get(here).text) == "The review after one month is overdue."
    for place in ("/", f"/incidents/{incident}"):
        page = client.get(place).text
        assert "Look back on trust after one month" in words(page)
        assert f'href="{here}/reviews/month"' in page


def test_a_form_that_is_refused_keeps_every_word_beside_what_is_wrong(client: TestClient, usecases: UseCases, here: str) -> None:
    boast = "Trust in the status page is restored"
    broken = usecases.repairing.add_break(here.split("/")[2], "They ask twice.", whose="support")
    answer = client.post(f"{here}/repairs", data={**TIED, "title": "An alert", "uncertainty": boast, f"break-{broken.item}": "on"})
    assert answer.status_code == 400
    assert f">\n{boast}</textarea>" in answer.text
    assert "“Trust in the status page is restored” is not ours to say. Write what can be counted" in words(answer.text)
    assert "checked" in answer.text.partition(f'name="break-{broken.item}"')[2][:20]
    unnamed = client.post(f"{here}/breaks/{broken.item}", data={"whose": "", "fear": "Again."})
    assert (unnamed.status_code, "Name the group as it calls itself" in words(unnamed.text)) == (400, True)


def test_a_repair_that_is_taken_off_the_board_can_be_put_back(client: TestClient, usecases: UseCases, here: str) -> None:
    incident = here.split("/")[2]
    broken = usecases.repairing.add_break(incident, "They ask twice.", whose="support")
    item = usecases.repairing.propose(incident, "An alert", breaks=[broken.item], **TIED).action.action_id

    gone = follow(client, f"{here}/repairs/{item}/withdraw", why="plain maintenance")

    assert "“An alert” is no repair of trust any more." in words(gone)
    assert TIED["uncertainty"] in words(follow(client, f"{here}/repairs/{item}/restore"))


def test_what_was_written_twice_and_a_check_in_the_past_are_remarked(client: TestClient, usecases: UseCases, here: str) -> None:
    follow(client, f"{here}/breaks", text="They ask twice before each release.", whose="support")
    page = follow(client, f"{here}/breaks", text="They ask twice before each release", whose="Support")
    assert "Nearly the same stands here already, of Support: “They ask twice before each release”." in words(page)
    broken = usecases.repairing.board(here.split("/")[2]).map.breaks[0]
    fields = {**TIED, "title": "An alert", "check_at": "2026-03-01T09:00", "tz": "UTC", f"break-{broken.item}": "on"}
    assert "The day of its check, 1 March 2026, had passed when it was written down." in words(follow(client, f"{here}/repairs", **fields))


def test_a_wrong_row_is_struck_through_below_the_map_and_can_be_brought_back(client: TestClient, usecases: UseCases, here: str) -> None:
    broken = usecases.repairing.add_break(here.split("/")[2], "They ask twice.", whose="support")
    refused = client.post(f"{here}/breaks/{broken.item}/withdraw", data={"why": " "})
    assert (refused.status_code, "Say why in one line" in words(refused.text)) == (400, True)
    gone = follow(client, f"{here}/breaks/{broken.item}/withdraw", why="it was about the outage in May")
    assert "A row is off the map, and counts nowhere: “They ask twice.”" in words(gone)
    assert "<s>support: They ask twice.</s>" in gone
    assert "“it was about the outage in May”" in words(gone)
    assert "No broken trust is on the map yet." in words(gone)
    assert "<s>" not in follow(client, f"{here}/breaks/{broken.item}/restore")
    assert client.post(f"{here}/breaks/{broken.item}/explode").status_code == 404


def test_a_review_is_answered_held_and_taken_up_again(client: TestClient, usecases: UseCases, clock: FixedClock, here: str) -> None:
    incident = here.split("/")[2]
    broken = usecases.repairing.add_break(incident, "They ask twice.", whose="support")
    item = usecases.repairing.propose(incident, "An alert", breaks=[broken.item], **TIED).action.action_id
    usecases.acting.accept(item, helps_when="support hears first")
    usecases.acting.done(item, evidence=Evidence("commit", "4f2c1ab"))
    clock.advance(days=30)
    at = f"{here}/reviews/month"
    page = client.get(at).text
    assert heading(page) == "6 questions have no answer yet."
    assert "Done Helped? No evidence yet" in words(page)
    assert "A quarter is usually too short to prove a lower repeat rate." in words(page)
    early = client.post(f"{at}/hold", data={"decision": "change", "why": "This was an isolated incident."})
    assert early.status_code == 409
    assert "“isolated incident”" in words(early.text), "what closes the matter is remarked beside what was typed"
    for question in QUESTIONS:
        page = follow(client, f"{at}/answer", question=question, what="unknown", text="", ref="Ines of Payments", asked_at="")
    follow(client, f"{at}/answer", question="ownership", what=f"action:{item}", text="The alert has an owner", ref="")
    assert heading(client.get(at).text) == "Everything is laid out. Decide."
    held = follow(client, f"{at}/hold", decision="change", why="Nothing shows yet that it helped.", said="The alert runs since 1 April.")
    assert heading(held) == "It was decided to change."
    assert "Hold the review" not in words(held)
    assert client.get(f"{at}/review.markdown").text.startswith("# Trust review: Payments were charged twice")
    again = follow(client, f"{at}/reopen", why="a measure came in")
    assert heading(again) == "Everything is laid out. Decide."


def test_the_form_of_a_decision_is_there_once_it_can_be_taken_and_what_was_refused_is_kept(
    client: TestClient, usecases: UseCases, clock: FixedClock, here: str
) -> None:
    incident = here.split("/")[2]
    broken = usecases.repairing.add_break(incident, "They ask twice.", whose="support")
    usecases.repairing.propose(incident, "An alert", breaks=[broken.item], **TIED)
    at = f"{here}/reviews/month"
    page = client.get(at).text
    assert f'action="{at}/hold"' not in page
    assert 'datetime="2026-03-27T10:50' in page.partition("It can be decided from")[2][:120]
    assert 'id="move"' in page
    refused = client.post(f"{at}/hold", data={"decision": "stop", "why": "Nobody asks any more.", "said": "The alert runs."})
    assert refused.status_code == 409
    assert "open for a decision from 27 March 2026" in words(refused.text)
    assert ">\nNobody asks any more.</textarea>" in refused.text, "what was written is there"
    assert ">\nThe alert runs.</textarea>" in refused.text
    for question in QUESTIONS:
        follow(client, f"{at}/answer", question=question, what="unknown", text="", ref="Ines of Payments", asked_at="")
    assert heading(client.get(at).text) == "Everything is laid out. It is decided from 27 March on."
    clock.advance(days=23)
    assert f'action="{at}/hold"' in client.get(at).text
    assert heading(client.get(at).text) == "Everything is laid out. Decide."


def test_a_warning_sign_leads_to_what_it_saw(client: TestClient, usecases: UseCases, here: str) -> None:
    incident = here.split("/")[2]
    for days, when in ((5, "soon"), (1, "in the coming weeks")):
        text = f"Checkout works again. We will improve our monitoring of failed payments {when}."
        sent_at = usecases.clock.now() - timedelta(days=days)
        usecases.messaging.record(text, audience="customers", tz="UTC", incident_id=incident, sent_at=sent_at)

    page = client.get(here).text

    assert "The same vague promise in every follow-up" in page
    for one in usecases.messaging.of_incident(incident):
        place = f"/incidents/{incident}/messages#message-{one.id}"
        assert f'href="{place}"' in page
        assert f'id="message-{one.id}"' in client.get(place).text


def test_what_is_no_page_answers_so(client: TestClient, here: str) -> None:
    assert client.get(f"{here}/reviews/year").status_code == 404
    assert client.get(f"{here}/reviews/month").status_code == 404, "nothing is planned before repair begins"
    assert client.post(f"{here}/reviews/month/praise").status_code == 404
