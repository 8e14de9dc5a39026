"""Promises in a real browser: a sent draft counts down, is kept, moved, withdrawn, handed over; on a phone, without script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in
from e2e.test_everyone import LONG, PHONE, TARGETS, THIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e

UPDATE = "At 10:42 my deploy broke the login. I roll it back by 12:20 UTC. Next update at 11:20 UTC."


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(tmp_path: Path, clock: FixedClock) -> UseCases:
    return usecases_in(tmp_path, clock)


@pytest.fixture
def address(usecases: UseCases) -> Iterator[str]:
    """A workbench of its own for each test, because the ledger is one for all."""
    with served_from(usecases) as made:
        yield made


def promised(usecases: UseCases, text: str = "send the row counts", minutes: int = 30, **more: Any) -> LedgerEntry:
    return usecases.promising.add(text, usecases.clock.now() + timedelta(minutes=minutes), **more)


def card(workbench: Workbench, words: str) -> Locator:
    return workbench.page.locator(".promise").filter(has=workbench.page.get_by_role("heading", name=words))


def press(workbench: Workbench, words: str, button: str) -> None:
    card(workbench, words).get_by_role("button", name=re.compile(f"^{button}")).click()


def unfold(workbench: Workbench, words: str, what: str) -> Locator:
    """Opens the form of an act, and gives the promise's card."""
    found = card(workbench, words)
    found.locator("summary").filter(has_text=what).click()
    return found


def crowd(usecases: UseCases, clock: FixedClock) -> None:
    """A ledger with something in every part of the page."""
    incident = usecases.incidents.open("Saved cards are rejected")
    usecases.messaging.record(UPDATE, incident_id=incident.id, audience="team", tz="UTC")
    usecases.messaging.record(
        "Dana will call the shops by 16:00 UTC. I will add a test.", incident_id=incident.id, audience="team", tz="UTC"
    )
    promised(usecases, "call Kim", 5)
    promised(usecases, f"look at {LONG}", 40)
    usecases.promising.move(promised(usecases, "post numbers", made_to="Kim").promise.id, clock.now() + timedelta(hours=3))
    usecases.promising.offer(promised(usecases, "rerun the export", 200).promise.id, "Robin")
    usecases.promising.keep(promised(usecases, "write to legal").promise.id)
    clock.advance(minutes=8)


def test_a_draft_is_sent_and_its_promises_count_down(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(UPDATE)
    workbench.until_saved()

    workbench.page.get_by_role("button", name="I have sent it").click()
    expect(workbench.now).to_have_text("You sent it? These 2 go into the ledger.")
    expect(workbench.page.locator(".row .row-about").last).to_contain_text("due Wed 4 Mar, 11:20 GMT")
    workbench.page.locator("summary").filter(has_text="About something new").click()
    workbench.page.get_by_label("A new incident, in one line").fill("The login is down")
    workbench.page.get_by_role("button", name="Yes, I have sent it").click()

    expect(workbench.page.locator(".banner")).to_contain_text("Its 2 promises are in the ledger.")
    expect(workbench.now).to_have_text("The next update is due in 30 min.")
    expect(workbench.page.locator(".about-page")).to_contain_text("The login is down")


def test_words_that_are_not_saved_yet_are_saved_before_they_are_sent(visit: NewPage) -> None:
    workbench = visit()
    workbench.write("Thank you for")
    workbench.until_saved()
    workbench.page.keyboard.insert_text(" your patience.")
    workbench.page.keyboard.press("Control+k")
    workbench.page.keyboard.insert_text("have sent")
    workbench.page.keyboard.press("Enter")

    expect(workbench.page).to_have_url(re.compile("/send$"))
    expect(workbench.page.locator("pre.version")).to_have_text("Thank you for your patience.")


@pytest.mark.parametrize("laptop", ["2026-03-04T10:50:00Z", "2031-01-01T00:00:00Z"])
def test_it_counts_down_by_the_clock_of_the_server_and_tells_when_a_promise_is_missed(
    visit: NewPage, usecases: UseCases, laptop: str
) -> None:
    promised(usecases, minutes=62)
    workbench = visit("/nothing")
    page = workbench.page
    page.clock.install(time=laptop)
    workbench.open("/promises")
    away, spoken = page.locator(".promise-away"), page.locator("#spoken")
    expect(away).to_have_text("in 1 h 2 min")

    page.clock.run_for(1000)
    expect(spoken).to_be_empty()
    page.clock.fast_forward("03:00")
    expect(away).to_have_text(re.compile(r"^in 5[89] min$"))
    expect(card(workbench, "send the row counts")).to_contain_text("Due soon")
    expect(spoken).to_have_text("Due soon: send the row counts")
    page.clock.fast_forward("01:01:00")

    expect(away).to_have_text(re.compile(r"^[12] min ago$"))
    expect(card(workbench, "send the row counts")).to_contain_text("Missed")
    expect(spoken).to_have_text("Missed: send the row counts")
    expect(workbench.now).to_have_text("A promise was missed just now. Say so, and what holds now.")


def test_kept_is_a_click_and_undo_another(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases)
    workbench = visit("/promises")

    press(workbench, "send the row counts", "Kept")
    expect(workbench.page.locator(".banner")).to_contain_text("Kept.")
    expect(workbench.now).to_have_text("Nothing is due.")
    workbench.page.get_by_role("button", name="Undo").click()

    expect(workbench.now).to_have_text("A promise is due in 30 min.")


def test_a_second_click_changes_nothing(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases)
    workbench = visit("/promises")

    card(workbench, "send the row counts").get_by_role("button", name=re.compile("^Kept")).first.dblclick()

    expect(workbench.page.locator(".banner")).to_contain_text("Kept.")


def test_moving_shows_the_readers_clock_and_leads_to_a_message_for_those_who_were_promised(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases, made_to="Kim")
    workbench = visit("/promises", timezone_id="America/New_York")
    expect(workbench.page.locator(".promise-about time")).to_have_text("Wed 4 Mar, 06:20 GMT-5")

    form = unfold(workbench, "send the row counts", "Move")
    expect(form.get_by_label("New time (America/New_York)")).to_have_value("2026-03-04T06:50")
    form.get_by_label("New time").fill("2026-03-04T09:00")
    form.get_by_label("Why, for those").nth(0).fill("the query takes an hour")
    form.get_by_role("button", name="Move it").click()

    expect(workbench.page.locator(".banner")).to_contain_text("Those who were promised have not heard of it.")
    expect(workbench.page.locator("#section-untold")).to_be_visible()
    workbench.page.locator(".banner").get_by_role("button", name="Write to them").click()
    workbench.until_live()
    assert "The new time is Wed 04 Mar 09:00 EST. The reason: the query takes an hour." in workbench.text()
    workbench.page.get_by_role("button", name="I have sent it").click()
    expect(workbench.page.get_by_label("It tells them of the change")).to_be_checked()
    workbench.page.get_by_role("button", name="Yes, I have sent it").click()
    workbench.open("/promises")

    expect(workbench.now).to_have_text("A promise is due in 3 h 10 min.")
    expect(workbench.page.locator("#section-untold")).to_have_count(0)


def test_withdrawing_asks_why_before_it_leaves_the_page(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases)
    workbench = visit("/promises")

    form = unfold(workbench, "send the row counts", "Withdraw")
    form.get_by_role("button", name="Withdraw it").click()
    expect(workbench.page).to_have_url(re.compile("/promises$"))
    form.get_by_label("Why it will not be kept").fill("the counts are public now")
    form.get_by_role("button", name="Withdraw it").click()

    expect(workbench.page.locator(".banner")).to_contain_text("Withdrawn.")


def test_what_somebody_did_meanwhile_is_told_in_place(visit: NewPage, usecases: UseCases) -> None:
    entry = promised(usecases)
    workbench = visit("/promises")
    form = unfold(workbench, "send the row counts", "Withdraw")
    form.get_by_label("Why it will not be kept").fill("nobody needs it")
    usecases.promising.keep(entry.promise.id)
    form.get_by_role("button", name="Withdraw it").click()

    expect(workbench.page.get_by_role("alert")).to_contain_text("it is settled already")
    expect(workbench.page.get_by_role("alert")).to_contain_text("nobody needs it")
    assert complaints_of_axe(workbench) == []


def test_one_form_at_a_time_opens_and_its_button_stays_where_it_was(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases)
    workbench = visit("/promises")
    summary = card(workbench, "send the row counts").locator("summary").filter(has_text="Move")
    before = summary.bounding_box()

    unfold(workbench, "send the row counts", "Move")
    assert summary.bounding_box() == before
    unfold(workbench, "send the row counts", "Withdraw")

    expect(workbench.page.locator(".act[open]")).to_have_count(1)


def test_a_promise_is_written_down_from_the_palette_and_its_time_shown_back(visit: NewPage) -> None:
    workbench = visit("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")
    workbench.page.keyboard.press("Control+k")
    workbench.page.keyboard.insert_text("write a promise")
    workbench.page.keyboard.press("Enter")
    expect(workbench.page.get_by_label("I told somebody I would…")).to_be_focused()

    workbench.page.keyboard.insert_text("send the numbers to Dana by Friday 17:00")
    workbench.page.keyboard.press("Enter")

    expect(workbench.page.locator(".banner")).to_contain_text("Written down. It is due: Fri 6 Mar, 17:00 GMT.")


def test_an_absence_is_answered_promise_by_promise(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases, "call the shops", 300)
    promised(usecases, "post the numbers", 400, made_to="Kim")
    workbench = visit("/promises/absence")
    workbench.page.get_by_label("Away from (Europe/London)").fill("2026-03-04T12:00")
    workbench.page.get_by_label("Back on").fill("2026-03-06T09:00")
    workbench.page.get_by_role("button", name="Show").click()
    expect(workbench.now).to_have_text("2 promises would be left behind.")

    form = unfold(workbench, "call the shops", "Withdraw")
    form.get_by_label("Why it will not be kept").fill("they called us")
    form.get_by_role("button", name="Withdraw it").click()
    form = unfold(workbench, "post the numbers", "Hand over")
    form.get_by_label("Who takes it over?").fill("Robin")
    form.get_by_role("button", name="Hand over").last.click()
    expect(card(workbench, "post the numbers")).to_contain_text("Offered to Robin, who has not answered.")
    press(workbench, "post the numbers", "Robin took it on")
    expect(workbench.now).to_have_text("One promise would be left behind.")
    press(workbench, "post the numbers", "They know already")

    expect(workbench.now).to_have_text("Nothing is left behind.")


def test_everything_works_without_any_script(visit: NewPage, usecases: UseCases) -> None:
    promised(usecases)
    workbench = visit("/promises", java_script_enabled=False)
    expect(workbench.now).to_have_text("A promise is due in 30 min.")

    form = unfold(workbench, "send the row counts", "Move")
    form.get_by_label("New time (UTC)").fill("2026-03-04T15:00")
    form.get_by_role("button", name="Move it").click()
    expect(workbench.page.locator(".promise-about time")).to_have_text("Wed 4 Mar, 15:00 UTC")
    press(workbench, "send the row counts", "Kept")
    workbench.page.get_by_role("button", name="Undo").click()
    workbench.open("/write")
    workbench.page.get_by_label("Your message").fill("Thank you for your patience.")
    workbench.page.get_by_role("button", name="I have sent it").click()
    workbench.page.get_by_role("button", name="Yes, I have sent it").click()

    expect(workbench.page.locator(".banner")).to_contain_text("Recorded as sent.")


def pages_of(usecases: UseCases) -> dict[str, str]:
    draft = usecases.drafting.new(UPDATE, tz="UTC")
    entry = usecases.promising.newest()[0]
    return {
        "all": "/promises",
        "one": f"/promises/{entry.promise.id}",
        "absence": "/promises/absence?from=2026-03-04T10:00&until=2026-03-07T10:00&tz=UTC",
        "send": f"/drafts/{draft.id}/send",
        "calendars": "/calendars",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_about_a_full_ledger(visit: NewPage, usecases: UseCases, clock: FixedClock, scheme: str) -> None:
    crowd(usecases, clock)
    workbench = visit(color_scheme=scheme)
    found = {}
    for name, path in pages_of(usecases).items():
        workbench.open(path)
        workbench.evaluate("[...document.querySelectorAll('details')].forEach((one) => { one.removeAttribute('name'); one.open = true; })")
        found[name] = complaints_of_axe(workbench)

    assert {name: said for name, said in found.items() if said} == {}


def test_a_small_phone_shows_all_of_it_with_room_for_fingers(visit: NewPage, usecases: UseCases, clock: FixedClock) -> None:
    crowd(usecases, clock)
    workbench = visit(**PHONE)
    for name, path in pages_of(usecases).items():
        workbench.open(path)
        workbench.evaluate("[...document.querySelectorAll('details')].forEach((one) => { one.removeAttribute('name'); one.open = true; })")

        assert workbench.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert workbench.evaluate(THIN) == 0, name
        assert workbench.evaluate(TARGETS) == [], name


def test_on_paper_there_are_the_promises_without_the_buttons(visit: NewPage, usecases: UseCases, clock: FixedClock) -> None:
    crowd(usecases, clock)
    workbench = visit("/promises")
    workbench.page.emulate_media(media="print")

    expect(workbench.page.locator(".promise").first).to_be_visible()
    expect(workbench.page.locator("#section-settled ~ details .row").first).to_be_visible()
    expect(workbench.page.locator(".acts, .side, .bar").locator("visible=true")).to_have_count(0)
