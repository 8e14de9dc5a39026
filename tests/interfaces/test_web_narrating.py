"""The pages of an account: what is missing on top, how well each point is supported, and every act as a form that loses no word."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from httpx import Response
    from starlette.testclient import TestClient

    from amends.narrative.account import Stated
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout is down").id


@pytest.fixture
def here(incident: str) -> str:
    return f"/incidents/{incident}/account"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def one(usecases: UseCases, incident: str, part: str = "claim") -> Stated:
    (found,) = usecases.narrating.get(incident).of(part)
    return found


def change(answer: Response) -> str:
    """The id of what an act did, as its answer leads back with it."""
    assert answer.status_code == 303, words(answer.text)[:400]
    return parse_qs(urlsplit(answer.headers["location"]).query)["done"][0]


def test_an_empty_account_says_where_to_begin(client: TestClient, here: str) -> None:
    page = client.get(here).text
    assert heading(page) == "Choose what happened from the timeline."
    assert f'href="{here}/entries"' in page


def test_what_is_missing_stands_on_top_and_leads_to_where_it_is_written(client: TestClient, usecases: UseCases, incident: str) -> None:
    claim = usecases.narrating.state(incident, "claim", "Payments failed", kind="fact")
    page = client.get(f"/incidents/{incident}/account").text
    assert heading(page) == f"{len(usecases.reviewing.gaps(incident))} things are missing in the account."
    assert f'href="/incidents/{incident}/account#people"' in page
    assert f'href="/incidents/{incident}/account#{claim.item}"' in page


def test_a_claim_is_stated_and_says_in_a_word_and_a_shape_how_well_it_is_supported(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    typed = {"part": "claim", "kind": "signal", "text": "A <b>customer</b> called", "who": "Kim", "at": "2026-03-04T10:44", "tz": "UTC"}
    answer = client.post(here, data=typed)
    page = client.get(answer.headers["location"]).text
    stated = one(usecases, incident)
    assert (stated.point.who, stated.point.at and stated.point.at.isoformat()) == ("Kim", "2026-03-04T10:44:00+00:00")
    assert "A &lt;b&gt;customer&lt;/b&gt; called" in page
    assert '<span class="tag tone-missed"><span class="mark" aria-hidden="true"></span>Unsupported</span>' in page
    assert "Nothing is cited." in words(page)
    assert "It stands in the account. Cite what shows it." in words(page)


def test_a_condition_is_stated_from_the_fields_that_its_form_shows(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    form = re.search(r'<form[^>]*>(?:(?!</form>).)*name="part" value="condition".*?</form>', client.get(here).text, re.DOTALL)
    assert form is not None
    assert '<option value="technical"' in form[0]
    client.post(here, data={"part": "condition", "kind": "technical", "text": "Nobody saw the queue", "tz": "UTC"})
    assert one(usecases, incident, "condition").point.kind == "technical"


def test_a_question_is_not_asked_for_what_shows_it(client: TestClient, here: str) -> None:
    answer = client.post(here, data={"part": "question", "text": "How many have their money back?", "tz": "UTC"})
    assert "It stands in the account. Cite" not in words(client.get(answer.headers["location"]).text)


def test_what_cannot_be_taken_comes_back_with_every_word_and_the_reason_beside_its_field(client: TestClient, here: str) -> None:
    answer = client.post(here, data={"part": "claim", "kind": "signal", "text": "Somebody called", "at": "", "tz": ""})
    assert answer.status_code == 400
    assert "Somebody called</textarea>" in answer.text
    assert 'id="error-claim-who-"' in answer.text
    assert "A signal needs who saw it." in words(answer.text)


def test_a_citation_changes_how_well_it_is_supported_and_each_act_can_be_undone(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    item = usecases.narrating.state(incident, "claim", "258 of 831 payments failed", kind="effect").item
    cited = client.post(f"{here}/points/{item}/cite", data={"what": "measure:", "text": "by SQL: 258 of 831", "stance": "supports"})
    assert one(usecases, incident).support.status == "confirmed"
    client.post(f"{here}/undo", data={"change": change(cited)})
    assert one(usecases, incident).support.status == "unsupported"

    cited = client.post(f"{here}/points/{item}/cite", data={"what": "person:", "text": "Ana: I saw it", "stance": "contradicts"})
    gone = client.post(f"{here}/evidence/{change(cited)}/uncite")
    assert one(usecases, incident).evidence == ()
    client.post(f"{here}/undo", data={"change": change(gone)})
    assert [(each.text, each.stance) for each in one(usecases, incident).evidence] == [("Ana: I saw it", "contradicts")]


def test_a_revision_and_a_withdrawal_are_undone_by_new_ones(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    first = usecases.narrating.state(incident, "claim", "We rolled back", kind="decision", because="it had helped before")
    at = f"{here}/points/{first.item}"
    revised = client.post(f"{at}/revise", data={"based_on": first.point.id, "text": "We restarted", "because": "", "kind": "decision"})
    assert (one(usecases, incident).point.text, one(usecases, incident).point.because) == ("We restarted", None)
    assert "We rolled back" in client.get(here).text, "what it said before stays"
    client.post(f"{here}/undo", data={"change": change(revised)})
    assert (one(usecases, incident).point.text, one(usecases, incident).point.because) == ("We rolled back", "it had helped before")

    gone = client.post(f"{at}/withdraw", data={"based_on": one(usecases, incident).point.id})
    assert "Withdrawn: 1" in words(client.get(here).text)
    client.post(f"{here}/undo", data={"change": change(gone)})
    assert len(usecases.narrating.get(incident).points) == 1


def test_two_people_who_revise_at_once_are_shown_both(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    first = usecases.narrating.state(incident, "claim", "Payments failed", kind="fact")
    theirs = usecases.narrating.revise(incident, first.item, based_on=first.point.id, text="Some payments failed")
    at, typed = f"{here}/points/{first.item}/revise", {"kind": "fact", "text": "258 payments failed"}
    refused = client.post(at, data={"based_on": first.point.id, **typed})
    assert refused.status_code == 409
    assert ">Some payments failed</pre>" in refused.text
    assert ">258 payments failed</pre>" in refused.text
    assert f'name="based_on" value="{theirs.point.id}"' in refused.text
    change(client.post(at, data={"based_on": theirs.point.id, **typed}))
    assert one(usecases, incident).point.text == "258 payments failed"


def test_a_revision_that_leaves_the_time_alone_keeps_its_seconds(
    client: TestClient, usecases: UseCases, clock: FixedClock, incident: str, here: str
) -> None:
    at = clock.now().replace(minute=7, second=31)
    first = usecases.narrating.state(incident, "claim", "It broke", kind="fact", at=at)
    typed = {"based_on": first.point.id, "kind": "fact", "text": "It broke badly", "at": at.strftime("%Y-%m-%dT%H:%M"), "tz": "UTC"}
    change(client.post(f"{here}/points/{first.item}/revise", data=typed))
    assert one(usecases, incident).point.at == at


def test_entries_that_are_ticked_become_claims_that_cite_them(
    client: TestClient, usecases: UseCases, clock: FixedClock, incident: str, here: str
) -> None:
    at = clock.now().replace(minute=20)
    notes = [usecases.timelines.add(incident, at, text) for text in ("The pool was raised", "A shop called", "Nobody minds this")]
    page = client.get(f"{here}/entries").text
    boxes = [f"entry-{note.id}" for note in notes]
    assert all(f'name="{box}"' in page for box in boxes)
    assert client.post(f"{here}/entries", data={"kind": "fact"}).status_code == 400, "nothing is ticked"
    change(client.post(f"{here}/entries", data={"kind": "fact", boxes[0]: "yes", boxes[1]: "yes"}))
    claims = usecases.narrating.get(incident).claims
    assert {claim.point.text for claim in claims} == {"The pool was raised", "A shop called"}
    assert {cited.ref for claim in claims for cited in claim.evidence} == {notes[0].id, notes[1].id}
    assert words(client.get(f"{here}/entries").text).count("Cited already:") == 2


def test_a_disagreement_shows_its_sides_beside_each_other_and_only_under_it(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    split = usecases.narrating.state(incident, "disagreement", "Was the alert late?").item
    for text, name in (("It rang at once", "Platform"), ("It rang after the customers", "Support")):
        change(client.post(here, data={"part": "position", "of": split, "text": text, "who": name}))
    sides = re.search(r'<ul class="points sides">(.*?)</ul>', client.get(here).text, re.DOTALL)
    assert sides
    assert "It rang at once" in sides[1]
    assert "It rang after the customers" in sides[1]


def test_evidence_opens_in_place_and_on_a_page_of_its_own(
    client: TestClient, usecases: UseCases, clock: FixedClock, incident: str, here: str
) -> None:
    note = usecases.timelines.add(incident, clock.now(), "A shop <i>called</i>")
    (claim,) = usecases.narrating.choose(incident, [note.id])
    at = f"{here}/evidence/{claim.evidence[0].id}"
    assert "<html" not in client.get(at, headers={"hx-request": "true"}).text
    page = client.get(at)
    assert page.status_code == 200
    assert "A shop &lt;i&gt;called&lt;/i&gt;" in page.text
    assert "no source holds it" in page.text
    assert client.get(f"{here}/evidence/01JZZZZZZZZZZZZZZZZZZZZZZZ").status_code == 404


def test_every_entry_can_be_cited_and_the_pinned_ones_are_offered_first(
    client: TestClient, usecases: UseCases, clock: FixedClock, incident: str, here: str
) -> None:
    notes = [usecases.timelines.add(incident, clock.now(), f"Entry {number}") for number in range(70)]
    usecases.timelines.pin(incident, notes[-1].id)
    item = usecases.narrating.state(incident, "claim", "It broke", kind="fact").item
    offered = re.findall(r'value="entry:(\w+)"', client.get(f"{here}/points/{item}").text)
    assert offered[0] == notes[-1].id
    assert set(offered) == {note.id for note in notes}


def test_an_address_cannot_make_the_page_claim_what_did_not_happen(client: TestClient, here: str) -> None:
    assert "banner is-done" not in client.get(f"{here}?done=anything").text


def test_the_account_begins_with_what_was_written_down_by_ticking_it(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    fact = usecases.recording.fact(incident, "impact", "Shops could not take cards")
    number = usecases.recording.fact(incident, "number", "payments failed", value="258 of 831")
    assert f'href="{here}/recorded"' in client.get(f"/incidents/{incident}").text, "the story leads there"
    page = client.get(here).text
    assert heading(page) == "Begin with what was written down."
    assert f'href="{here}/recorded"' in page
    offered = client.get(f"{here}/recorded").text
    assert re.findall(r'name="entry-(\w+)" value="yes" checked', offered) == [fact.id, number.id]
    none = client.post(f"{here}/recorded", data={"other": "x"})
    assert none.status_code == 400
    assert "Nothing is ticked" in words(none.text)
    made = client.post(f"{here}/recorded", data={f"entry-{fact.id}": "yes", f"entry-{number.id}": "yes"}, follow_redirects=False)
    said = client.get(f"{here}?done={change(made)}").text
    assert "2 points stand in the account, each with what it cites." in words(said)
    assert f"/incidents/{incident}?all=1#event-{fact.id}" in said, "the citation leads to the record"
    assert f'name="entry-{fact.id}" value="yes" disabled' in client.get(f"{here}/recorded").text
    client.post(f"{here}/undo", data={"change": change(made)})
    assert usecases.narrating.get(incident).points == (), "one press takes back what one press made"


def test_a_citation_of_a_fact_can_be_taken_back_and_brought_back(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    fact = usecases.recording.fact(incident, "impact", "Shops could not take cards")
    (claim,) = usecases.narrating.begin(incident, [fact.id])
    gone = client.post(f"{here}/evidence/{claim.evidence[0].id}/uncite", follow_redirects=False)
    client.post(f"{here}/undo", data={"change": change(gone)})
    (cited,) = one(usecases, incident).evidence
    assert (cited.ref, cited.text) == (fact.id, "Shops could not take cards.")
