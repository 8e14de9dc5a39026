"""The pages of promises before any script has run: what is due and missed, every act, what cannot be taken, and what nobody else sees."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.store import reminders
from amends.store.reminders import Reminder
from amends.testing import START, FixedClock
from amends.usecases.sample import seed_sample
from interfaces.desk import TEXT, act, banner, follow, heading, promised, section, state, words

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases


HOSTILE = """<img src=x onerror=alert(1)><script>alert(2)</script>"'{{7*7}}"""


# What stands on the page


def test_the_empty_page_teaches_with_one_example(client: TestClient) -> None:
    page = client.get("/promises").text

    assert heading(page) == "Nothing is promised yet."
    assert "I roll the change back by 14:30 UTC. Next update at 14:00 UTC." in words(page)


def test_it_says_what_is_due_next_and_how_far_away_that_is(client: TestClient, usecases: UseCases) -> None:
    usecases.messaging.record(TEXT, incident_id=usecases.incidents.open("Saved cards are rejected").id, audience="team", tz="UTC")

    page = client.get("/promises").text

    assert heading(page) == "The next update is due in 30 min."
    assert section(page, "due").index("Next update at 11:20 UTC") < section(page, "due").index("I will refund")
    assert "You, to the team, until Wed 4 Mar, 11:20 UTC." in section(page, "due")
    assert 'data-local="due" title="Said as “11:20 UTC”."' in page
    assert f'data-now="{START.isoformat()}"' in page, "the page counts down by the clock of the server"


def test_missed_ones_stand_first_and_press_beside_what_is_due(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    promised(usecases, "call the shops", 5)
    promised(usecases, "post the numbers", 8)
    promised(usecases, "rerun the export", 40)
    clock.advance(minutes=12)

    page = client.get("/promises").text

    assert heading(page) == "2 promises were missed. Answer the oldest first. A promise is due in 28 min."
    assert "call the shops" in section(page, "missed")
    assert "7 min ago" in section(page, "missed")
    assert page.index('id="section-missed"') < page.index('id="section-due"')


def test_the_whole_promised_minute_is_still_in_time(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    promised(usecases, minutes=5)
    clock.advance(minutes=5, seconds=59)
    assert heading(client.get("/promises").text) == "A promise is due now."
    clock.advance(seconds=1)
    assert heading(client.get("/promises").text).startswith("One promise was missed.")


def test_what_others_must_do_waits_until_somebody_takes_it_on(client: TestClient, usecases: UseCases) -> None:
    usecases.messaging.record("The vendor will call the three shops by 12:00 UTC.", audience="team", tz="UTC")

    page = client.get("/promises").text

    assert heading(page) == "One promise waits for an answer."
    assert "Nobody yet, to the team" in section(page, "waiting")
    usecases.messaging.record("Dana will call the bank by 12:30 UTC.", audience="team", tz="UTC")
    assert "Dana took it on" in section(client.get("/promises").text, "waiting"), "who is named is asked"


def test_a_promise_without_a_time_asks_for_one(client: TestClient, usecases: UseCases) -> None:
    entry = usecases.promising.add("add a test for expired cards", None)

    page = client.get("/promises").text

    assert heading(page) == "One promise has no time yet."
    assert "Give it a time" in section(page, "timeless")
    act(client, entry, "move", due="2026-03-05T10:00", tz="UTC")
    assert heading(client.get("/promises").text) == "A promise is due in 23 h 10 min."


def test_settled_ones_are_a_strip_with_words_and_the_share_that_was_in_time(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    kept, late = promised(usecases), promised(usecases, "call Kim", 5)
    usecases.promising.keep(kept.promise.id)
    clock.advance(minutes=17)
    usecases.promising.keep(late.promise.id)

    page = client.get("/promises").text

    assert heading(page) == "Nothing is due."
    assert "1 kept, 1 late: 50 % in time." in section(page, "settled")
    assert "12 min late" in section(page, "settled")


def test_one_incident_shows_its_own_promises_and_its_title(client: TestClient, usecases: UseCases) -> None:
    one, other = usecases.incidents.open("Saved cards are rejected"), usecases.incidents.open("The export skipped 12 rows")
    promised(usecases, "refund the orders", incident_id=one.id)
    promised(usecases, "rerun the export", incident_id=other.id)

    page = client.get(f"/promises?incident={one.id}").text

    assert "About: Saved cards are rejected" in words(page)
    assert "refund the orders" in words(page)
    assert "rerun the export" not in words(page)
    assert client.get("/promises?incident=nothing").status_code == 404


def test_the_sample_is_marked_and_presses_nobody_who_has_promises_of_their_own(client: TestClient, usecases: UseCases) -> None:
    seed_sample(usecases)
    update = next(draft for draft in usecases.drafting.list_open() if draft.content.form == "status-update")
    usecases.messaging.send(update.id)
    assert heading(client.get("/promises").text) == "The next update is due in 30 min."
    promised(usecases, "rerun the export", 200)

    page = client.get("/promises").text

    assert heading(page) == "A promise is due in 3 h 20 min."
    assert "Sample. Almost a third of the payments" in words(page)


def test_hundreds_of_promises_are_listed_in_part_and_counted_in_full(client: TestClient, usecases: UseCases) -> None:
    for at in range(130):
        promised(usecases, f"promise number {at}", 60 + at)

    page = client.get("/promises").text

    assert "Due next 130" in words(page)
    assert "80 more come up as these go." in words(page)


def test_older_settled_ones_are_a_page_away(client: TestClient, usecases: UseCases) -> None:
    for at in range(205):
        usecases.promising.keep(promised(usecases, f"promise number {at} of many").promise.id)

    page = client.get("/promises").text
    older = re.search(r'href="([^"]+)">Older ones', page)

    assert older
    assert "promise number 0 of many" not in page
    assert "promise number 0 of many" in client.get(html.unescape(older[1])).text


# Acts


def test_kept_is_one_click_and_can_be_undone(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases)

    page = act(client, entry, "keep")
    event = re.search(r'name="event" value="(\w+)"', page)

    assert event
    assert (banner(page), state(usecases, entry)) == ("Kept. Undo", "kept")
    assert banner(act(client, entry, "undo", event=event[1])) == "Undone. It stands as before."
    assert state(usecases, entry) == "open"


def test_kept_can_say_when_and_by_what(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    entry = promised(usecases, minutes=10)
    clock.advance(minutes=30)

    act(client, entry, "keep", at="2026-03-04T11:55", tz="Europe/Berlin", evidence="commit", reference="4f2c1ab")

    page = words(client.get(f"/promises/{entry.promise.id}").text)
    assert state(usecases, entry) == "kept"
    assert "A commit: 4f2c1ab" in page
    assert "Kept by you, Wed 4 Mar, 10:55 UTC recorded Wed 4 Mar, 11:20 UTC" in page


def test_moving_takes_the_time_of_the_readers_clock_and_offers_to_tell_those_who_were_promised(
    client: TestClient, usecases: UseCases
) -> None:
    incident = usecases.incidents.open("Saved cards are rejected")
    usecases.messaging.record(TEXT, incident_id=incident.id, audience="customers", tz="Europe/Berlin")
    refund = next(entry for entry in usecases.promising.unsettled() if entry.promise.kind != "next_update")

    page = act(client, refund, "move", due="2026-03-04T16:00", tz="Europe/Berlin", why="the bank takes a day")

    assert banner(page) == ("Moved. The new time counts now. Those who were promised have not heard of it. Write to them They know already")
    assert "until Wed 4 Mar, 15:00 UTC" in section(page, "due")
    assert "I will refund the orders" in section(page, "untold")
    written = client.post(f"/promises/{refund.promise.id}/write", data={"tz": "Europe/Berlin"}).headers["location"]
    draft = usecases.drafting.get(written.removeprefix("/drafts/"))
    assert "The new time is Wed 04 Mar 16:00 CET. The reason: the bank takes a day." in draft.content.text
    assert (draft.incident_id, draft.content.audience) == (incident.id, "customers")


def test_the_message_that_tells_of_a_change_can_say_so_when_it_is_sent(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, made_to="Kim")
    act(client, entry, "withdraw", why="the counts are public now")
    draft = client.post(f"/promises/{entry.promise.id}/write").headers["location"]

    page = client.get(f"{draft}/send").text
    assert "It tells them of the change to “send the row counts”" in words(page)
    client.post(f"{draft}/send", data={f"tells-{entry.promise.id}": "on"})

    assert not usecases.promising.get(entry.promise.id).standing.untold


def test_withdrawn_and_told_leave_the_list(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, made_to="Kim")

    act(client, entry, "withdraw", why="the counts are public now")
    page = act(client, entry, "tell")

    assert banner(page) == "Noted: they have heard of it. Undo"
    assert heading(page) == "Nothing is due."


def test_a_promised_update_is_begun_with_a_click_and_keeps_the_promise_once_sent(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("Saved cards are rejected")
    usecases.messaging.record("Next update at 11:20 UTC.", incident_id=incident.id, audience="customers", tz="UTC")
    (entry,) = usecases.promising.unsettled()

    draft = client.post(f"/promises/{entry.promise.id}/update", data={"tz": "UTC"}).headers["location"].removeprefix("/drafts/")

    begun = usecases.drafting.get(draft)
    assert (begun.incident_id, begun.content.audience, begun.content.form) == (incident.id, "customers", "status-update")
    clock.advance(minutes=3)
    usecases.messaging.send(draft)
    assert state(usecases, entry) == "kept"


def test_handing_over_waits_for_an_answer_which_can_be_yes_or_no(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, made_to="Kim")

    page = act(client, entry, "offer", to="Robin", why="they own the export")
    assert "Offered to Robin, who has not answered." in section(page, "waiting")
    assert "Robin took it on" in section(page, "waiting")
    act(client, entry, "decline")
    assert usecases.promising.get(entry.promise.id).standing.owner == "local"
    act(client, entry, "offer", to="Robin")
    page = act(client, entry, "accept")

    assert usecases.promising.get(entry.promise.id).standing.owner == "Robin"
    assert "Those who were promised have not heard of it." in banner(page)


def test_what_others_must_do_is_taken_on_by_name_or_by_oneself_or_refused(client: TestClient, usecases: UseCases) -> None:
    text = "The bank will call the shops by 12:00 UTC. The vendor will send the report by 13:00 UTC. They will check the logs by 14:00 UTC."
    usecases.messaging.record(text, audience="team", tz="UTC")
    dana, lee, kim = usecases.promising.unsettled()

    act(client, dana, "accept", owner="Dana")
    act(client, lee, "accept")
    page = act(client, kim, "decline", why="on leave")

    assert [usecases.promising.get(one.promise.id).standing.owner for one in (dana, lee)] == ["Dana", "local"]
    assert state(usecases, kim) == "declined"
    assert "Declined." in banner(page)


def test_what_was_proposed_to_somebody_is_answered_in_their_name(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, "check the logs", owner="Kim")
    page = client.get("/promises").text
    assert "Kim took it on" in section(page, "waiting")
    assert "Kim said no…" in section(page, "waiting")

    act(client, entry, "accept")

    assert usecases.promising.get(entry.promise.id).standing.owner == "Kim"


@pytest.mark.parametrize(
    ("length", "until"), [("15", "Wed 4 Mar, 11:05 UTC"), ("60", "Wed 4 Mar, 11:50 UTC"), ("morning", "Thu 5 Mar, 08:00 UTC")]
)
def test_reminders_can_be_held(client: TestClient, usecases: UseCases, length: str, until: str) -> None:
    entry = promised(usecases, minutes=3000)

    page = act(client, entry, "snooze", **{"for": length, "tz": "Europe/Berlin"})

    assert banner(page) == f"Its reminders are held. {until}. Undo"
    assert f"Its reminders are held until {until}." in section(page, "due")


def test_after_midnight_the_morning_is_that_of_the_same_day(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(hours=16)
    entry = promised(usecases, minutes=3000)

    assert "Thu 5 Mar, 09:00 UTC" in banner(act(client, entry, "snooze", **{"for": "morning", "tz": "UTC"}))


# What cannot be taken


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("move", {"due": "2026-03-04T09:00", "tz": "UTC", "why": "typed words"}, "The new time has passed already."),
        ("move", {"due": "soon", "tz": "UTC", "why": "typed words"}, "'soon' is no date with a time."),
        ("move", {"due": "", "tz": "UTC", "why": "typed words"}, "'' is no date with a time."),
        ("move", {"due": "9999-12-31T23:59", "tz": "UTC", "why": "typed words"}, "The year 9999 is out of reach."),
        ("move", {"due": "2026-03-29T02:30", "tz": "Europe/Berlin", "why": "typed words"}, "The clocks skip this time that day."),
        ("move", {"due": "2026-03-05T02:30", "tz": "Mars/Olympus", "why": "typed words"}, "There is no time zone 'Mars/Olympus'."),
        ("withdraw", {"why": " "}, "A reason must not be empty."),
        ("offer", {"to": "", "why": "typed words"}, "A name must not be empty."),
        ("keep", {"at": "2026-03-01T09:00", "tz": "UTC", "reference": "typed words"}, "That time is before the promise was made"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_the_words_and_the_reason_beside_the_field(
    client: TestClient, usecases: UseCases, what: str, fields: dict[str, str], said: str
) -> None:
    entry = promised(usecases)

    answer = client.post(f"/promises/{entry.promise.id}/{what}", data=fields | {"back": "/promises"})

    error = re.search(r'<p class="field-error" id="([^"]+)">(.*?)</p>', answer.text)
    assert answer.status_code == 400
    assert error
    assert words(error[2]).startswith(said)
    assert f'aria-describedby="{error[1]}"' in answer.text or "tz" in error[1]
    assert "typed words" in answer.text or "typed words" not in fields.values()
    assert state(usecases, entry) == "open"


def test_an_act_on_what_somebody_changed_meanwhile_says_what_happened_and_loses_no_word(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases, made_to="Kim")
    usecases.promising.keep(entry.promise.id)

    answer = client.post(f"/promises/{entry.promise.id}/withdraw", data={"why": "nobody needs it", "back": "/promises"})

    assert answer.status_code == 409
    assert "This promise cannot be withdrawn: it is settled already." in words(answer.text)
    assert "Last: kept by you" in words(answer.text)
    assert "You wrote, why: “nobody needs it”" in words(answer.text)
    assert state(usecases, entry) == "kept"


def test_a_form_leads_back_to_a_page_of_promises_and_nowhere_else(client: TestClient, usecases: UseCases) -> None:
    for asked in (
        "https://evil.example/promises",
        "//evil.example/promises",
        "/\\evil.example",
        "/promises/../../drafts",
        "javascript:1",
        "[",
    ):
        entry = promised(usecases)
        answer = client.post(f"/promises/{entry.promise.id}/keep", data={"back": asked})
        assert answer.headers["location"].startswith("/promises?done="), asked
    entry = promised(usecases)
    back = client.post(f"/promises/{entry.promise.id}/keep", data={"back": f"/promises/{entry.promise.id}?evil=1"}).headers["location"]
    assert back.startswith(f"/promises/{entry.promise.id}?done=")


def test_the_banner_tells_only_what_the_ledger_knows(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases)

    for query in (f"done={entry.promise.id}&event=1", "done=x", "sent=x", "new=x", "done=%00"):
        assert banner(client.get(f"/promises?{query}").text) == "", query


@pytest.mark.parametrize("what", ["keep", "move", "withdraw", "offer", "accept", "decline", "snooze", "tell", "undo", "write", "update"])
def test_acts_are_posted_only_and_not_from_other_sites(client: TestClient, usecases: UseCases, what: str) -> None:
    entry = promised(usecases)

    assert client.get(f"/promises/{entry.promise.id}/{what}").status_code == 405
    assert client.post(f"/promises/{entry.promise.id}/{what}", headers={"origin": "https://evil.example"}).status_code == 403
    assert state(usecases, entry) == "open"


@pytest.mark.parametrize("path", ["/promises/nothing", "/promises/%00", "/promises/00000000000000000000000009"])
def test_a_promise_that_is_not_there_is_told(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/keep").status_code == 404
    assert client.post(f"{path}/dance").status_code == 404


def test_a_private_promise_of_somebody_else_is_not_there(client: TestClient, usecases: UseCases) -> None:
    theirs = promised(usecases, "ask for a calmer week", by="dana")
    promised(usecases, "write to legal")

    assert "ask for a calmer week" not in client.get("/promises").text
    assert client.get(f"/promises/{theirs.promise.id}").status_code == 404
    assert client.post(f"/promises/{theirs.promise.id}/keep").status_code == 404
    assert "Only you see it." in words(client.get("/promises").text)


def test_words_are_never_taken_for_html(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open(HOSTILE)
    entry = promised(usecases, HOSTILE, made_to=HOSTILE, incident_id=incident.id, tz=HOSTILE)
    act(client, entry, "offer", to=HOSTILE, why=HOSTILE)
    pages = [client.get(path).text for path in ("/promises", f"/promises?incident={incident.id}", f"/promises/{entry.promise.id}")]
    pages.append(client.post("/promises", data={"words": HOSTILE, "due": HOSTILE, "made_to": HOSTILE, "tz": HOSTILE}).text)
    pages.append(client.post(f"/promises/{entry.promise.id}/move", data={"due": HOSTILE, "why": HOSTILE, "tz": HOSTILE}).text)
    pages.append(client.get("/promises/absence", params={"who": HOSTILE, "from": HOSTILE, "until": HOSTILE, "tz": HOSTILE}).text)

    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "49" not in re.findall(r"onerror=alert\(1\).{0,80}", page)


# One promise


def test_one_promise_tells_its_whole_history_with_what_was_undone(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    usecases.messaging.record(TEXT, audience="team", tz="UTC")
    refund = usecases.promising.unsettled()[1]
    clock.advance(minutes=2)
    kept = usecases.promising.keep(refund.promise.id)
    usecases.promising.take_back(refund.promise.id, kept.events[-1].id)
    _, new = usecases.promising.move(refund.promise.id, START + timedelta(hours=5), why="the bank takes a day")

    page = client.get(f"/promises/{refund.promise.id}").text

    assert heading(page) == "I will refund the orders by 13:20 UTC"
    assert "Promised by you, Wed 4 Mar, 10:50 UTC" in words(page)
    assert re.search(r'<li class="is-undone"><p><b>Kept</b>', page)
    assert "Undone: “Kept” no longer counts, by you" in words(page)
    assert "“the bank takes a day”" in words(page)
    assert "The rollback runs." in words(page), "the message that made it"
    assert f'href="/promises/{new.promise.id}"' in page
    assert f'href="/promises/{refund.promise.id}"' in client.get(f"/promises/{new.promise.id}").text


# Writing one down


def test_a_promise_written_down_takes_its_time_from_the_words_and_shows_it_back(client: TestClient, usecases: UseCases) -> None:
    page = follow(client, "/promises", words="send the numbers to Dana by Friday 17:00", made_to="Dana", tz="Europe/Berlin")

    (entry,) = usecases.promising.unsettled()
    assert banner(page) == "Written down. It is due: Fri 6 Mar, 16:00 UTC."
    assert (entry.promise.due, entry.promise.private, entry.promise.made_to) == (START.replace(day=6, hour=16, minute=0), True, "Dana")


def test_a_time_of_its_own_beats_the_words(client: TestClient, usecases: UseCases) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")

    follow(client, "/promises", words="rerun the export", due="2026-03-05T09:30", tz="Europe/Berlin", incident=incident.id)

    (entry,) = usecases.promising.unsettled(incident_id=incident.id)
    assert (entry.promise.due, entry.promise.private) == (START.replace(day=5, hour=8, minute=30), False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": "", "made_to": "Dana"}, "A promise must not be empty."),
        ({"words": "x" * 501, "made_to": "Dana"}, "A promise is one line of at most 500 characters."),
        ({"words": "call on 31 February", "made_to": "Dana"}, "“31 February” is no time"),
        ({"words": "call", "due": "nonsense", "made_to": "Dana"}, "'nonsense' is no date with a time."),
        ({"words": "call", "made_to": "Dana " * 30}, "A name is one line of at most 100 characters."),
        ({"words": "call", "made_to": "Dana", "incident": "nothing"}, "There is no incident"),
    ],
)
def test_what_cannot_be_written_down_keeps_every_word(client: TestClient, usecases: UseCases, fields: dict[str, str], said: str) -> None:
    answer = client.post("/promises", data=fields)

    error = re.search(r'<p class="field-error"[^>]*>(.*?)</p>', answer.text)
    assert answer.status_code in (400, 404)
    assert error
    assert words(error[1]).startswith(said)
    assert 'value="Dana' in answer.text
    assert fields["words"] in answer.text
    assert usecases.promising.unsettled() == []


def test_a_promise_shows_its_reminders_and_the_list_tells_which_did_not_get_through(client: TestClient, usecases: UseCases) -> None:
    entry = promised(usecases)
    due = usecases.clock.now() + timedelta(minutes=30)
    with usecases.store.writing() as connection:
        reminders.add(connection, [Reminder("R1", f"promise/{entry.promise.id}", "before", usecases.clock.now(), "phone")])
        reminders.add(connection, [Reminder("R2", f"promise/{entry.promise.id}", "due", due, "letters")])
        reminders.change(connection, reminders.get(connection, "R1"), state="failed", attempts=6, failure="the server answered 500")

    page = words(client.get(f"/promises/{entry.promise.id}").text)
    assert "Beforehand through phone" in page
    assert "did not get through.The server answered 500." in page
    assert "When it is due through letters" in page
    assert "A reminder did not get through; phone: the server answered 500." in words(client.get("/promises").text)
