"""The pages of messages, before any script has run: begun from facts, sent to people by name, corrected, shared again, acknowledged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from amends.store.schema import person
from interfaces.desk import follow, heading, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.core.incident import Incident
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    made = usecases.incidents.open("Invoices went out twice", severity="SEV2")
    usecases.recording.fact(made.id, "number", "invoices went out twice", value="412")
    return made


def meet(usecases: UseCases, incident: Incident, name: str, audience: str = "customers", kind: str = "affected") -> str:
    return usecases.involving.add_stakeholder(incident.id, name, audience=audience, kind=kind).id


def started(client: TestClient, incident: Incident, **fields: str) -> str:
    """Begins a text on the page and gives the address of its draft."""
    answer = client.post(f"/incidents/{incident.id}/messages", data=fields)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


def test_an_empty_page_says_what_the_first_words_are_for(client: TestClient, incident: Incident) -> None:
    page = client.get(f"/incidents/{incident.id}/messages").text
    assert heading(page) == "Nobody has been told yet."
    assert "Begin it from the facts" in words(page)


def test_a_message_is_begun_from_facts_sent_to_people_by_name_and_stands_with_who_heard_it(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    nordwind, sud = meet(usecases, incident, "Nordwind"), meet(usecases, incident, "Süd")
    meet(usecases, incident, "the board", "leadership")
    draft = started(client, incident, form="customer-apology")
    kept = usecases.drafting.get(draft.rpartition("/")[2])
    assert (kept.incident_id, kept.content.form, kept.content.audience) == (incident.id, "customer-apology", "customers")
    assert "412 invoices went out twice." in kept.content.text

    asked = client.get(f"{draft}/send").text
    assert re.search(rf'name="to-{nordwind}" checked', asked)
    assert not re.search(r'name="to-\w+" checked>\s*the board', asked)
    page = follow(
        client, f"{draft}/send", incident=incident.id, audience="customers", people="yes", via="phone", **{f"to-{nordwind}": "on"}
    )

    assert heading(page) == "One reader has not heard the last message."
    assert "was told Nordwind" in words(page)
    assert "not told Süd" in words(page)
    (message,) = usecases.messaging.of_incident(incident.id)
    page = follow(client, f"/incidents/{incident.id}/messages/{message.id}/share", via="phone", **{f"to-{sud}": "on"})
    assert heading(page) == "The board has not heard anything yet."


def test_a_correction_is_begun_at_the_wrong_one_and_ticks_everybody_who_was_told_it(
    client: TestClient, usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    nordwind, board = meet(usecases, incident, "Nordwind"), meet(usecases, incident, "the board", "leadership")
    wrong = usecases.messaging.record("412 invoices went out twice.", incident_id=incident.id, audience="customers", to=[nordwind, board])
    clock.advance(minutes=5)
    (fact,) = usecases.recording.events(incident.id)[-1:]
    assert fact.value == "412"
    usecases.recording.fact(incident.id, "number", "invoices went out twice", value="438", replaces=fact.id)

    draft = started(client, incident, form="correction", corrects=wrong.id)
    text = usecases.drafting.get(draft.rpartition("/")[2]).content.text
    assert "it said “412 invoices went out twice.”" in text
    assert "What is right: 438 invoices went out twice." in text
    asked = client.get(f"{draft}/send").text
    assert all(f'name="to-{one}" checked' in asked for one in (nordwind, board))
    assert f'<option value="{wrong.id}" selected>' in asked

    page = follow(client, f"{draft}/send", incident=incident.id, people="yes", corrects=wrong.id, **{f"to-{nordwind}": "on"})
    assert heading(page) == "One reader still believes what was corrected."
    assert "It was corrected." in words(page)


def test_where_a_draft_contradicts_the_record_it_is_shown_and_nothing_is_in_the_way(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    draft = usecases.drafting.new("This SEV4 hit 400 invoices: 413 invoices went out twice.", audience="team", incident_id=incident.id)
    page = client.get(f"/drafts/{draft.id}/send").text
    assert "The record says something else" in words(page)
    assert "the incident is SEV2, not SEV4" in words(page)
    assert client.post(f"/drafts/{draft.id}/send", data={"incident": incident.id}).status_code == 303


def test_the_own_link_shows_the_message_and_one_button_and_looking_is_not_reading(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    one = meet(usecases, incident, "Nordwind")
    message = usecases.messaging.record("412 invoices.", incident_id=incident.id, audience="customers")
    page = client.post(f"/incidents/{incident.id}/messages/{message.id}/link", data={"stakeholder": one}).text
    address = re.search(r"http://testserver(/ack/\w+)", page)
    assert address
    for _ in range(2):
        seen = client.get(address[1])
        assert seen.text.count("<button") == 1
    assert "<script" not in seen.text
    assert "<img" not in seen.text
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert usecases.telling.of(message.id).heard[0].state == "sent"
    done = client.post(address[1]).text
    assert heading(done) == "You have said that you have read this."
    assert "<button" not in done
    assert usecases.telling.of(message.id).heard[0].state == "acknowledged"
    assert client.get(address[1][:-1] + ("0" if address[1][-1] != "0" else "1")).status_code == 404


def test_the_own_link_needs_no_account_and_opens_nothing_else(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    one = meet(usecases, incident, "Nordwind")
    message = usecases.messaging.record("412 invoices.", incident_id=incident.id, audience="customers")
    path = usecases.telling.link(message.id, one)
    with usecases.store.writing() as connection:
        connection.execute(person.insert().values(name="olga", display="Olga", role="owner", created_at=usecases.clock.now()))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 200
    assert client.get(f"/incidents/{incident.id}/messages").status_code in (302, 303, 401)


def test_nothing_that_anybody_wrote_is_taken_for_html(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open(f"Title {EVIL}")
    one = meet(usecases, incident, f"Name {EVIL}", kind="needs-to-know")
    usecases.recording.fact(incident.id, "recovery", f"We did {EVIL}")
    usecases.recording.commit(incident.id, "hotfix", "a" * 40, f"billing: {EVIL}")
    message = usecases.messaging.record(EVIL, form="follow-up-note", incident_id=incident.id, audience="customers", via="a<b>")
    draft = usecases.drafting.new(EVIL, audience="customers", incident_id=incident.id)
    link = usecases.telling.link(message.id, one)
    for path in (f"/incidents/{incident.id}/messages", f"/incidents/{incident.id}/note", f"/drafts/{draft.id}/send", link):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_note_ticks_its_boxes_names_its_commits_and_is_shared_with_both_lists(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    meet(usecases, incident, "finance", "team", "needs-to-know")
    meet(usecases, incident, "readers of the dashboard", "leadership", "saw-wrong")
    note = f"/incidents/{incident.id}/note"
    assert heading(client.get(note).text) == "Send the follow-up note."
    follow(client, note, act="boxes", box="impact", text="412 counted")
    follow(client, note, act="boxes", box="prevention", text="tested by 6 March", ticked="no")
    page = follow(client, note, act="commits", kind="hotfix", sha="a" * 40, subject="fix")
    assert "fewer than 3 words of “fix” carry something" in words(page).lower()
    refused = client.post(note, data={"act": "commits", "kind": "hotfix", "sha": "xyz", "subject": "billing: one host"})
    assert (refused.status_code, 'value="xyz"' in refused.text) == (400, True)
    draft = started(client, incident, form="follow-up-note")
    follow(client, f"{draft}/send", incident=incident.id, people="yes")
    page = follow(client, note, act="share", via="mail")
    assert "2 who" not in words(page)
    assert [one.state for _, people in usecases.notes.of(incident.id).lists for one in people] == ["sent", "sent"]
    assert client.get(f"{note}?look=1").status_code == 200


def test_what_cannot_be_shared_is_told_beside_its_form(client: TestClient, usecases: UseCases, incident: Incident) -> None:
    one = meet(usecases, incident, "Nordwind")
    message = usecases.messaging.record("412 invoices.", incident_id=incident.id, audience="customers", to=[])
    path = f"/incidents/{incident.id}/messages/{message.id}/share"
    answer = client.post(path, data={f"to-{one}": "on", "channel": "pigeon"})
    assert answer.status_code == 404, "a channel that there is not"
    assert "Unknown channel 'pigeon'" in words(answer.text)
    assert client.post(path, data={"to-nobody": "on"}).status_code == 400
    assert client.post(f"/incidents/{incident.id}/messages", data={"form": "poem"}).status_code in (400, 404)
    assert client.get("/incidents/unknown/messages").status_code == 404


def test_a_draft_that_contradicts_the_record_is_told_so_while_it_is_written(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    draft = usecases.drafting.new("This SEV4 hit us.", audience="team", incident_id=incident.id)
    assert "the incident is SEV2, not SEV4" in words(client.get(f"/drafts/{draft.id}").text)
    agreed = usecases.drafting.new("This SEV2 hit us.", audience="team", incident_id=incident.id)
    assert "The record of the incident says something else" not in words(client.get(f"/drafts/{agreed.id}").text)


def test_who_was_told_nothing_is_named_though_the_others_have_heard_everything(
    client: TestClient, usecases: UseCases, incident: Incident
) -> None:
    meet(usecases, incident, "The board", audience="leadership")
    usecases.messaging.record("We are on it.", audience="team", incident_id=incident.id)
    assert heading(client.get(f"/incidents/{incident.id}/messages").text) == "The board has not heard anything yet."
