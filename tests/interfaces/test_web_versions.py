"""The pages of versions: drift on both sides after a plain form, what is offered and withheld, and two pasted texts."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest

from amends.interfaces.web.versions_view import compared, pieces, source_marks, wide
from amends.narrative.drift import Comparison, Drift, Side
from amends.usecases import comparing

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

FAILED = "258 of 831 payments failed."
SOFT = "Some payments failed."
TRUST = "Finance does not take our word."


def side(text: str, quote: str) -> Side | None:
    start = text.find(quote)
    return Side(start, start + len(quote), quote) if start >= 0 else None


def drifts(source: str, retold: str, *_: object, withheld: tuple[tuple[int, int], ...] = (), **_how: object) -> Comparison:
    """Finds one softened number, one trust break that is left out, and nothing else."""
    found, hard, soft, trust = [], side(source, FAILED), side(retold, SOFT), side(source, TRUST)
    if hard and soft:
        found.append(Drift("softened_number", "error", "a reader would believe that few payments failed", hard, soft))
    hidden = trust is not None and any(start < trust.end and trust.start < end for start, end in withheld)
    if trust and TRUST not in retold and not hidden:
        found.append(Drift("dropped_fact", "error", "a reader never hears that a trust is broken", trust, None))
    return Comparison(tuple(found), (), 1)


@pytest.fixture(autouse=True)
def _comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "hold_against", drifts)


@pytest.fixture
def incident(usecases: UseCases) -> str:
    own = usecases.incidents.open("Checkout is down").id
    item = usecases.narrating.state(own, "claim", FAILED, kind="number", value="258 of 831 payments").item
    usecases.narrating.cite(own, item, "measure", text="by SQL: 258 of 831")
    usecases.narrating.state(own, "trust-break", TRUST, who="Finance")
    return own


@pytest.fixture
def here(usecases: UseCases, incident: str) -> str:
    usecases.versions.open(incident, "leadership")
    return f"/incidents/{incident}/versions/leadership"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def text_of(usecases: UseCases, incident: str) -> str:
    return usecases.versions.view(incident, "leadership").text


def test_without_a_script_drift_shows_on_both_sides_once_the_text_is_saved(client: TestClient, here: str) -> None:
    answer = client.post(here, data={"text": SOFT, "based_on": "1"})
    assert answer.headers["location"] == f"{here}?done=saved"
    page = client.get(here).text
    assert heading(page) == "Leadership would believe one thing that is not so, and not learn one thing that matters."
    assert re.search(r'<del class="lost">.*?258 of 831', page)
    assert re.search(r'<ins class="changed">.*?Some', page)
    assert "A reader would believe that few payments failed." in words(page)
    assert "says nothing of it" in words(page)


def test_an_honest_version_is_quiet(client: TestClient, here: str) -> None:
    client.post(here, data={"text": f"{FAILED} {TRUST}", "based_on": "1"})
    page = client.get(here).text
    assert heading(page) == "Leadership would believe nothing that is not so."
    assert "<del" not in page
    assert "<ins" not in page


def test_where_there_is_nothing_to_compare_no_page_says_that_nothing_drifts(client: TestClient, usecases: UseCases) -> None:
    own = usecases.incidents.open("Search is down").id
    head = usecases.versions.open(own, "leadership").head
    usecases.documents.save(head.id, SOFT, head.version)
    page = client.get(f"/incidents/{own}/versions/leadership").text
    assert heading(page) == "State the account first. This is held against it."
    assert "No drift" not in words(page)
    assert "No drift" not in words(client.get(f"/incidents/{own}/versions").text)
    assert "Not compared" in words(client.get(f"/incidents/{own}/versions").text)


def test_a_text_that_was_emptied_later_is_not_said_to_have_no_drift(client: TestClient, incident: str, here: str) -> None:
    client.post(here, data={"text": f"{FAILED} {TRUST}", "based_on": "1"})
    client.post(here, data={"text": "", "based_on": "2"})
    page = client.get(f"/incidents/{incident}/versions").text
    assert "No drift" not in words(page)
    assert "Not compared" in words(page)
    assert heading(page) == "Write the version for leadership."


def test_what_is_being_written_is_held_without_being_kept(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    answer = client.post(f"{here}/drift", data={"text": f"\U0001f600 {SOFT}"})
    told = re.search(r"data-marks='([^']*)'", answer.text)
    assert told
    assert json.loads(html.unescape(told[1])) == {"text": [[3, 7, "changed", [1]]]}, "counted as a browser counts"
    assert "<html" not in answer.text
    assert text_of(usecases, incident) == ""


def test_what_is_offered_is_put_in_by_a_plain_form(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    item = usecases.narrating.get(incident).of("trust-break")[0].item
    answer = client.post(here, data={"text": SOFT, "based_on": "1", "then": f"insert:{item}"})
    assert answer.status_code == 303
    assert text_of(usecases, incident).startswith(f"{SOFT}\n\nTrust broken and not repaired:")
    assert TRUST in text_of(usecases, incident)


def test_two_who_change_one_paragraph_are_shown_both_texts(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    client.post(here, data={"text": "It broke.", "based_on": "1"})
    client.post(here, data={"text": "Theirs stands.", "based_on": "2"})
    refused = client.post(here, data={"text": "Mine is other.", "based_on": "2"})
    assert refused.status_code == 409
    assert "Theirs stands." in refused.text
    assert "Mine is other." in refused.text
    assert text_of(usecases, incident) == "Theirs stands."


def test_what_is_withheld_is_said_to_be_and_is_no_drift_until_it_is_lifted(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    client.post(here, data={"text": "It is open.", "based_on": "1"})
    item = usecases.narrating.get(incident).of("trust-break")[0].item
    told = {"item": item, "ground": "legal", "why": "a dispute is open", "lift_at": "2026-05-01T12:00", "tz": "UTC"}
    assert client.post(f"{here}/redact", data=told).status_code == 303
    page = client.get(here).text
    assert heading(page) == "Leadership would believe nothing that is not so."
    assert "Legal: A dispute is open. Until Fri 1 May, 12:00 UTC" in words(page)
    (redaction,) = usecases.versions.redactions(incident)
    client.post(f"{here}/lift", data={"redaction": redaction.id})
    assert heading(client.get(here).text) == "Leadership would not learn one thing that matters."


def test_a_redaction_without_a_reason_comes_back_with_what_was_chosen(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    item = usecases.narrating.get(incident).of("trust-break")[0].item
    answer = client.post(f"{here}/redact", data={"item": item, "ground": "security", "why": ""})
    assert answer.status_code == 400
    assert 'id="error-redact-why-"' in answer.text
    assert f'<option value="{item}" selected>' in answer.text
    assert '<option value="security" selected>' in answer.text


def test_a_sentence_is_tied_and_untied(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    client.post(here, data={"text": SOFT, "based_on": "1"})
    item = usecases.narrating.get(incident).of("claim")[0].item
    client.post(f"{here}/tie", data={"sentence": SOFT, "item": item})
    assert usecases.versions.view(incident, "leadership").sentences[0].tied == (item,)
    client.post(f"{here}/untie", data={"sentence": SOFT, "item": item})
    assert usecases.versions.view(incident, "leadership").sentences[0].tied == ()


def test_a_message_begins_with_the_text_of_the_version(client: TestClient, usecases: UseCases, here: str) -> None:
    client.post(here, data={"text": SOFT, "based_on": "1"})
    answer = client.post(f"{here}/message")
    assert answer.status_code == 303
    draft = usecases.drafting.get(answer.headers["location"].removeprefix("/drafts/"))
    assert (draft.content.text, draft.content.audience) == (SOFT, "leadership")


def test_the_list_tells_of_all_four_audiences_and_holds_any_two_against_each_other(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    client.post(here, data={"text": SOFT, "based_on": "1"})
    head = usecases.versions.open(incident, "team").head
    usecases.documents.save(head.id, f"{FAILED} {TRUST}", head.version)
    page = client.get(f"/incidents/{incident}/versions?one=team&other=leadership").text
    assert heading(page) == "The version for leadership drifts."
    assert words(page).count("Not begun") == 2
    assert "2 drifts" in words(page)
    assert "Leadership would believe one thing that is not so, and not learn one thing that matters." in words(page)


def test_a_version_that_nobody_began_can_be_begun_and_an_audience_that_is_none_has_no_page(client: TestClient, incident: str) -> None:
    at = f"/incidents/{incident}/versions"
    assert heading(client.get(f"{at}/customers").text) == "There is no version for customers yet."
    assert client.post(f"{at}/customers/begin").headers["location"] == f"{at}/customers?done=begun"
    assert heading(client.get(f"{at}/customers").text) == "Write what customers should know."
    assert client.get(f"{at}/press").status_code == 404


def test_two_pasted_texts_are_compared_and_nothing_is_stored(client: TestClient, usecases: UseCases) -> None:
    assert "Nothing of them is stored." in words(client.get("/compare").text)
    page = client.post("/compare", data={"source": f" {FAILED}", "retold": f"<b>{SOFT}", "audience": "customers"}).text
    assert heading(page) == "A reader would believe one thing that is not so."
    assert "&lt;b&gt;" in page
    assert re.search(r'<del class="lost">.*?258 of 831', page)
    assert usecases.incidents.list() == ()
    assert usecases.drafting.list_open() == ()


def test_only_the_words_that_the_other_side_lacks_are_marked() -> None:
    found = drifts(FAILED, SOFT)
    (card,) = compared(FAILED, SOFT, found.drifts).cards
    assert [(one.text, one.what) for one in card.source] == [("258 of 831", "lost"), (" payments failed.", "")]
    assert [(one.text, one.what) for one in card.retold] == [("Some", "changed"), (" payments failed.", "")]


def many(grave: int, weighed: int) -> tuple[str, list[Drift]]:
    """A text of sentences that were all left out, the first `weighed` of them less surely."""
    parts = [f"Sentence {number} is gone." for number in range(grave + weighed)]
    text = " ".join(parts)
    sides = [side(text, one) for one in parts]
    return text, [Drift("dropped_fact", "warning" if n < weighed else "error", "gone", one, None) for n, one in enumerate(sides)]


def test_what_is_grave_comes_before_what_is_to_be_weighed_and_is_drawn_otherwise() -> None:
    text, found = many(grave=1, weighed=1)
    shown = compared(text, "Nothing.", found)
    assert [one.tone for one in shown.cards] == ["error", "warning"]
    assert shown.cards[0].source[0].text == "Sentence 1 is gone."
    assert [mark[2] for mark in shown.marks["source"]] == ["lost is-weighed", "lost"]


def test_among_many_drifts_what_is_only_to_be_weighed_is_folded_away(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    text, found = many(grave=5, weighed=4)
    monkeypatch.setattr(comparing, "hold_against", lambda *_, **_how: Comparison(tuple(found), (), 1))
    page = client.post("/compare", data={"source": text, "retold": "Nothing."}).text
    assert "Drift 9: 5 grave, 4 to weigh" in words(page)
    before, folded = page.split("4 more to weigh")
    assert (before.count('class="drift '), folded.count('class="drift ')) == (5, 4)


@pytest.mark.parametrize(
    ("severity", "says"),
    [("error", "A reader would not learn one thing that matters."), ("warning", "A reader might not learn one thing that matters.")],
)
def test_the_heading_is_as_sure_as_the_drifts_are(severity: str, says: str) -> None:
    found = [Drift("dropped_fact", severity, "gone", side(FAILED, FAILED), None)]
    assert compared(FAILED, "Nothing.", found).heading == says


def test_marks_that_overlap_are_cut_into_pieces_that_hold_every_word_once() -> None:
    text = "One two three four."
    both = tuple(Drift("dropped_fact", "error", "gone", Side(start, end, text[start:end]), None) for start, end in ((0, 13), (4, 18)))
    marks = source_marks(both, text)
    assert "".join(one.text for one in pieces(text, marks)) == text
    assert [one.numbers for one in pieces(text, marks)] == [(1,), (1, 2), (2,), ()]
    assert [mark[:2] for mark in wide(text, marks)] == [(0, 4), (4, 13), (13, 18)]
