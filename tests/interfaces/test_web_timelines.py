"""The pages of timelines before any script has run: evidence, readings, the list, every note, what cannot be taken, and nothing made up."""

from __future__ import annotations

import html
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from amends import wiring
from amends.integrations.evidence import kept
from amends.interfaces.web import timelines_view
from amends.interfaces.web import words as said
from amends.testing import FixedClock, memory_store
from amends.timeline.entry import REASONS
from amends.timeline.notes import NOTES
from amends.usecases import assembling
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.desk import banner, heading, words
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = """<img src=x onerror=alert(1)><script>alert(2)</script>"'{{7*7}}"""
LOG = f"""2026-03-04T10:40:00Z INFO checkout v214 is live
2026-03-04T10:42:07Z ERROR card service does not answer
2026-03-04T10:42:09Z ERROR payment of a basket failed {HOSTILE}
2026-03-04T10:45:00Z WARN queue is long
"""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(clock: FixedClock, tmp_path: Path) -> Iterator[UseCases]:
    made = UseCases(Checking, memory_store, clock, wiring.ids(), home=lambda: str(tmp_path / "home"))
    yield made
    assert made.journal.verify() == []
    made.close()


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    with TestClient(application(usecases), follow_redirects=True, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Saved cards are rejected").id


@pytest.fixture
def here(usecases: UseCases, incident: str, tmp_path: Path) -> str:
    """The address of a timeline that was read."""
    (tmp_path / "app.log").write_text(LOG)
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    assert usecases.gathering.read(incident).state == "done"
    return f"/incidents/{incident}/timeline"


def entry_with(usecases: UseCases, incident: str, text: str) -> str:
    return next(str(entry.id) for entry in usecases.timelines.get(incident).entries if text in str(entry.row["text"]))


def card(page: str, entry_id: str) -> str:
    found = re.search(rf'<li class="entry[^"]*" id="entry-{re.escape(entry_id)}".*?</li>', page, re.DOTALL)
    assert found, "the entry stands on the page"
    told: str = words(found[0])
    return told


def give(client: TestClient, here: str, *files: tuple[str, bytes]) -> Any:
    return client.post(f"{here}/files", files=[("files", one) for one in files])


# Evidence


def test_the_first_page_asks_what_happened_and_leads_to_the_evidence(client: TestClient, usecases: UseCases) -> None:
    assert heading(client.get("/timelines").text) == "Name the incident, then add its evidence."
    refused = client.post("/timelines", data={"title": "  "})
    assert (refused.status_code, "must not be empty" in words(refused.text)) == (400, True)
    page = client.post("/timelines", data={"title": "Saved cards are rejected"})
    assert heading(page.text) == "Add the evidence. The timeline comes from it."
    (one,) = usecases.incidents.list()
    assert str(page.url).endswith(f"/incidents/{one.id}/timeline")
    assert "no evidence yet" in words(client.get("/timelines").text)


def test_files_are_handed_over_and_read_and_the_page_says_what_to_do_next(client: TestClient, usecases: UseCases, incident: str) -> None:
    here = f"/incidents/{incident}/timeline"
    page = give(client, here, ("app.log", LOG.encode()), ("../b<i>.log", b"2026-03-04T10:41:00Z ERROR other\n"))
    assert heading(page.text) == "Read the evidence."
    assert [one.name for one in usecases.timelines.get(incident).evidence] == ["app.log", "b_i_.log"]
    usecases.gathering.read(incident)
    assert re.match(r"\d+ entries matter\. Pin what the story needs\.", heading(client.get(here).text))
    assert "2 sources, " in words(client.get("/timelines").text)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain"])
def test_a_form_that_breaks_off_leaves_nothing(
    client: TestClient, usecases: UseCases, incident: str, content_type: str, tmp_path: Path
) -> None:
    data = b'--x\r\nContent-Disposition: form-data; name="files"; filename="app.log"\r\n\r\nhalf of it'
    page = client.post(f"/incidents/{incident}/timeline/files", content=data, headers={"content-type": content_type})
    assert (page.status_code, "cannot be read" in words(page.text)) == (400, True)
    assert usecases.timelines.get(incident).evidence == ()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_file_and_one_that_is_too_large_are_told_beside_the_field(
    client: TestClient, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"/incidents/{incident}/timeline"
    page = give(client, here, ("", b""))
    assert (page.status_code, "No file was chosen." in words(page.text)) == (400, True)
    monkeypatch.setattr(kept.Incoming.__init__, "__defaults__", (5,))
    page = give(client, here, ("app.log", LOG.encode()))
    assert (page.status_code, "larger than 5 bytes" in words(page.text)) == (413, True)


def test_a_path_is_named_and_one_that_is_not_there_comes_back_as_it_was_typed(client: TestClient, incident: str, tmp_path: Path) -> None:
    here = f"/incidents/{incident}/timeline"
    page = client.post(f"{here}/path", data={"path": "/nowhere/logs"})
    assert page.status_code == 400
    assert "There is no file or folder '/nowhere/logs'." in words(page.text)
    assert 'value="/nowhere/logs"' in page.text
    (tmp_path / "app.log").write_text(LOG)
    assert heading(client.post(f"{here}/path", data={"path": str(tmp_path)}).text) == "Read the evidence."


def test_a_source_is_left_out_and_taken_in_again(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    (source,) = usecases.timelines.get(incident).evidence
    page = client.post(f"{here}/evidence/{source.id}/remove").text
    assert heading(page) == "The evidence has changed. Read it again."
    assert "app.log is left out of the next reading." in words(page)
    page = client.post(f"{here}/evidence/{source.id}/restore").text
    assert "entries matter" in heading(page)
    assert client.post(f"{here}/evidence/{source.id}/burn").status_code == 404
    assert client.post(f"{here}/evidence/0/remove").status_code == 404


# Reading


def test_a_reading_shows_how_far_it_is_and_can_be_stopped(
    client: TestClient, usecases: UseCases, incident: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: FixedClock
) -> None:
    reached, go_on = threading.Event(), threading.Event()
    real = assembling.assembled

    def slow(now: Any, root: str, operands: Any, tz: str | None, tell: Any) -> dict[str, Any]:
        clock.advance(seconds=2)
        tell(3 << 20, 12 << 20)
        reached.set()
        assert go_on.wait(10)
        return real(now, root, operands, tz, tell)

    monkeypatch.setattr(assembling, "assembled", slow)
    here = f"/incidents/{incident}/timeline"
    (tmp_path / "app.log").write_text(LOG)
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    page = client.post(f"{here}/read", data={"tz": "Europe/London"}).text
    assert reached.wait(10)
    assert heading(page) == "The evidence is being read."
    part = client.get(f"{here}/reading", headers={"hx-request": "true"})
    assert "3.0 MB of 12 MB, 25 %." in words(part.text)
    again = client.post(f"{here}/read", data={})
    assert (again.status_code, heading(again.text)) == (409, "The evidence is being read.")
    assert "It stops after what it has in hand." in words(client.post(f"{here}/stop").text)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "amends-timeline":
            thread.join(10)
    over = client.get(f"{here}/reading", headers={"hx-request": "true"})
    assert over.headers["hx-refresh"] == "true"
    page = client.get(here).text
    assert heading(page) == "Read the evidence."
    assert "The last reading was stopped." in words(page)


def test_what_cannot_be_read_says_why_and_offers_to_try_again(
    client: TestClient, usecases: UseCases, incident: str, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    usecases.gathering.add_path(incident, str(tmp_path / "none"))
    usecases.gathering.read(incident)
    page = client.get(f"/incidents/{incident}/timeline").text
    assert heading(page) == "The evidence could not be read."
    assert "Nothing in the sources could be read" in words(page)
    assert "Try again" in words(page)
    wrong = client.post(f"/incidents/{incident}/timeline/read", data={"tz": "Mars/Olympus"})
    assert (wrong.status_code, "Unknown time zone 'Mars/Olympus'." in words(wrong.text)) == (400, True)


def test_an_interrupted_reading_is_said_with_a_button_to_go_on(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    from dataclasses import replace

    from amends.store import timelines as rows

    with usecases.store.writing() as connection:
        last = rows.last_run(connection, incident)
        assert last is not None
        rows.add_run(connection, replace(last, id=usecases.ids.new(), state="running", version=None))
    page = client.get(here).text
    assert heading(page) == "The reading was interrupted. Go on with it."
    assert "Go on reading" in words(page)
    assert "card service" in words(page), "what was read before stands as it did"


# The list


def test_an_entry_says_when_with_its_zone_what_why_and_where_it_stands(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    page = client.get(here).text
    told = card(page, entry_with(usecases, incident, "card service"))
    assert told.startswith("4 Mar, 10:42:07 UTC error")
    assert "app.log:2" in told
    assert "Why it is here:" in told


def test_whatever_stands_in_the_evidence_is_shown_as_text(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "basket")
    client.post(f"{here}/entries/{name}/comment", data={"text": HOSTILE})
    client.post(f"{here}/add", data={"text": HOSTILE, "time": "2026-03-04T10:43", "tz": "UTC", "actor": HOSTILE})
    for path in (here, f"{here}/entries/{name}", f"{here}?q=<b>"):
        page = client.get(path).text
        assert "<img" not in page.replace('<img src="/static', "")
        assert "<script>alert" not in page
        assert "{{7*7}}" in html.unescape(page) or "q=" in path


def test_promises_and_updates_stand_between_the_entries_where_they_were_made(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    usecases.messaging.record("We are on it. Next update at 11:20 UTC.", incident_id=incident, audience="team", tz="UTC")
    page = words(client.get(here).text)
    assert "4 Mar, 10:50:00 UTC Promised open Next update at 11:20 UTC" in page
    assert "4 Mar, 10:50:00 UTC Told to the team We are on it." in page
    assert page.index("queue is long") < page.index("Next update at 11:20 UTC")


def test_the_list_narrows_by_words_and_by_what_is_pinned_or_hidden(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    error, queue = (entry_with(usecases, incident, text) for text in ("card service", "queue"))
    client.post(f"{here}/entries/{error}/pin", data={"back": ""})
    client.post(f"{here}/entries/{queue}/hide", data={"back": ""})
    assert f'id="entry-{queue}"' not in client.get(here).text
    assert re.findall(r'id="entry-([^"]+)"', client.get(f"{here}?show=pinned").text) == [error]
    assert re.findall(r'id="entry-([^"]+)"', client.get(f"{here}?show=hidden").text) == [queue]
    assert re.findall(r'id="entry-([^"]+)"', client.get(f"{here}?q=CARD+answer").text) == [error]
    assert "None." in words(client.get(f"{here}?q=nowhere").text)


@pytest.mark.parametrize("query", ["from=99999", "from=-1", "from=x", "version=1", "show=everything", "done=nobody", "q=%00%ff"])
def test_an_address_that_nobody_gave_out_shows_the_page_all_the_same(client: TestClient, here: str, query: str) -> None:
    assert client.get(f"{here}?{query}").status_code == 200
    assert banner(client.get(f"{here}?{query}").text) == ""


def test_a_long_list_comes_in_pages(client: TestClient, usecases: UseCases, incident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines_view, "LISTED", 20)
    made = [usecases.timelines.add(incident, usecases.clock.now().replace(minute=minute), f"thing {minute}.") for minute in range(45)]
    here = f"/incidents/{incident}/timeline"
    page = client.get(here).text
    assert "thing 19." in page
    assert "thing 20." not in page
    assert "25 more" in words(page)
    assert "thing 20." in client.get(f"{here}?from=20").text
    found = client.get(f"{here}?at={made[41].id}").text
    assert "thing 41." in found
    assert "thing 39." not in found, "the page that holds the entry that the picture leads to"


def test_older_versions_can_be_looked_at_and_say_that_they_are_old(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    usecases.gathering.read(incident)
    assert "This is version 1 of 2" in words(client.get(f"{here}?version=1").text)
    assert "This is version" not in words(client.get(here).text)
    assert client.get(f"{here}?version=7").status_code == 404


# Noting


def test_pinning_is_a_click_and_undo_another(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    answer = client.post(f"{here}/entries/{name}/pin", data={"back": "q=card&evil=1"}, follow_redirects=False)
    assert re.fullmatch(rf"{here}\?q=card&done=\w+#entry-{name}", answer.headers["location"]), "back to the list as it was, at the entry"
    page = client.get(answer.headers["location"]).text
    assert banner(page) == "Pinned. Undo"
    assert "Pinned" in card(page, name)
    assert banner(client.post(f"{here}/entries/{name}/unpin", data={"back": ""}).text) == "No longer pinned. Undo"


def test_with_script_only_the_entry_comes_back(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    part = client.post(f"{here}/entries/{name}/hide", data={"back": ""}, headers={"hx-request": "true"}).text
    assert part.strip().startswith("<li")
    assert "Show again" in words(part)
    opened = client.get(f"{here}/entries/{name}", headers={"hx-request": "true"}).text
    assert "<html" not in opened
    assert "app.log, line 2, byte 48" in words(opened)


def test_a_comment_stands_beside_the_entry_and_can_be_taken_back(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    page = client.post(f"{here}/entries/{name}/comment", data={"text": "This is when Kim saw it.", "back": ""}).text
    assert banner(page).startswith("Your comment stands beside it.")
    assert "This is when Kim saw it. You" in card(page, name)
    (note,) = usecases.timelines.entry(incident, name).marks.comments
    answer = client.post(f"{here}/notes/{note.id}/withdraw", data={"back": "", "on": "entry"})
    assert str(answer.url).partition("?")[0].endswith(f"/entries/{name}")
    assert "taken back" in words(answer.text)
    assert client.post(f"{here}/notes/{note.id}/withdraw", data={}).status_code == 409


def test_a_corrected_time_shows_both_and_the_reason(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    fields = {"time": "2026-03-04T11:43:30.250", "tz": "Europe/Berlin", "why": "that host is slow", "back": "", "seen": ""}
    page = client.post(f"{here}/entries/{name}/correct", data=fields).text
    told = card(page, name)
    assert told.startswith("4 Mar, 10:43:30.25 UTC in the source: 4 Mar, 10:42:07 UTC")
    assert "Time corrected: that host is slow" in told
    assert page.index("basket") < page.index("card service"), "it moved to where it belongs"


def test_two_people_who_correct_one_time_hear_of_each_other(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    usecases.timelines.correct(incident, name, usecases.clock.now(), "the camera says so", by="ana")
    fields = {"time": "2026-03-04T10:39", "tz": "UTC", "why": "the phone says so", "back": "", "seen": ""}
    page = client.post(f"{here}/entries/{name}/correct", data=fields).text
    assert "Ana corrected it meanwhile, to 4 Mar, 10:50:00 UTC: “the camera says so”. Yours is later and holds; both are kept." in banner(
        page
    )
    assert "(2 corrections; the last one holds)" in card(page, name)
    seen = usecases.timelines.entry(incident, name).marks.corrections[-1].id
    page = client.post(f"{here}/entries/{name}/correct", data={**fields, "time": "2026-03-04T10:38", "seen": seen}).text
    assert "meanwhile" not in banner(page)


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("comment", {"text": " "}, "Say it in a few words."),
        ("correct", {"time": "yesterday", "why": "slow"}, "'yesterday' is no date with a time."),
        ("correct", {"time": "2026-03-04T10:40", "why": ""}, "Say why the time is another."),
        ("correct", {"time": "2026-03-04T10:40", "tz": "Mars", "why": "slow"}, "There is no time zone 'Mars'."),
    ],
)
def test_what_cannot_be_noted_comes_back_with_every_word_of_it(
    client: TestClient, usecases: UseCases, incident: str, here: str, act: str, fields: dict[str, str], says: str
) -> None:
    page = client.post(f"{here}/entries/{entry_with(usecases, incident, 'card service')}/{act}", data=fields)
    assert page.status_code == 400
    assert says in words(page.text)
    assert all(f'value="{html.escape(value)}"' in page.text for value in fields.values() if value.strip())
    assert 'aria-invalid="true"' in page.text or "tz" in fields, "the zone is not typed"


def test_what_no_log_knows_is_added_where_it_happened(client: TestClient, here: str) -> None:
    fields = {"text": "Kim called the shop.", "time": "2026-03-04T10:43:30", "tz": "UTC", "actor": "Kim", "back": ""}
    page = client.post(f"{here}/add", data=fields).text
    assert banner(page).startswith("Added. It stands where it happened.")
    assert "4 Mar, 10:43:30 UTC Added by hand Kim Kim called the shop. by you" in words(page)
    assert page.index("basket") < page.index("Kim called the shop.") < page.index("queue is long")
    late = client.post(f"{here}/add", data={**fields, "time": "2027-03-04T10:43:30"})
    assert (late.status_code, "That is still to come." in words(late.text)) == (400, True)
    assert 'value="2027-03-04T10:43:30"' in late.text


# The source of an entry


def test_the_page_of_an_entry_shows_its_bytes_between_their_neighbours(
    client: TestClient, usecases: UseCases, incident: str, here: str
) -> None:
    page = client.get(f"{here}/entries/{entry_with(usecases, incident, 'card service')}").text
    assert "<mark>2026-03-04T10:42:07Z ERROR card service does not answer</mark>" in page
    assert "2026-03-04T10:40:00Z INFO checkout v214 is live" in page
    assert "app.log, line 2, byte 48, 55 bytes." in words(page)


def test_a_source_that_is_not_what_it_was_is_said_and_nothing_is_made_up(
    client: TestClient, usecases: UseCases, incident: str, here: str, tmp_path: Path
) -> None:
    name = entry_with(usecases, incident, "card service")
    (tmp_path / "app.log").write_text("something else\n")
    page = client.get(f"{here}/entries/{name}").text
    assert "app.log has changed since the timeline was made." in words(page)
    assert "<mark>" not in page
    (tmp_path / "app.log").unlink()
    assert "app.log is not there any more" in words(client.get(f"{here}/entries/{name}").text)


@pytest.mark.parametrize("path", ["/incidents/0/timeline", "/incidents/%00/timeline", "/incidents/0/timeline/payload.json"])
def test_what_is_not_there_is_said(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_entries_and_acts_that_are_not_there_are_said(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    name = entry_with(usecases, incident, "card service")
    assert client.get(f"{here}/entries/00000000-0").status_code == 404
    assert client.post(f"{here}/entries/00000000-0/pin", data={}).status_code == 404
    assert client.post(f"{here}/entries/{name}/burn", data={}).status_code == 404
    assert client.post(f"{here}/notes/0/withdraw", data={}).status_code == 404


def test_the_picture_gets_its_payload(client: TestClient, usecases: UseCases, incident: str, here: str) -> None:
    assert client.get(f"{here}/payload.json").json() == usecases.timelines.payload(incident)


def test_every_reason_and_every_note_has_its_words() -> None:
    assert set(said.REASONS) == set(REASONS)
    assert set(said.NOTE_NAMES) == set(said.NOTE_SAYS) == set(NOTES)
