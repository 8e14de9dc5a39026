"""The story of one incident in the browser alone, from the first minute to an action item that is shown to help, on both databases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from amends import wiring
from amends.testing import FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from e2e.conftest import served_from
from e2e.page import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from amends.store.engine import Store

FIRST = (
    "At 10:47 UTC I merged a change to the pool of payments, and since then a third of the payments in checkout fails. "
    "I skipped the load test, that was my call. I am rolling it back, done by 11:20 UTC. "
    "I am adding a check that refuses pools larger than the database. Next update 11:10 UTC."
)
LAST = (
    "Context: between 10:47 and 11:05 UTC a third of the payments in checkout failed. Current: resolved at 11:30 UTC, all charges were "
    "refunded. Constraints: none. Commitments: none are open."
)


class Somebody:
    """Who sits at the browser: clicks what is written on buttons, and fills what is written beside fields."""

    def __init__(self, workbench: Workbench, clock: FixedClock) -> None:
        self.workbench = workbench
        self.page = workbench.page
        self.clock = clock
        self.here = ""

    def later(self, **length: float) -> None:
        self.clock.advance(**length)
        self.go()

    def go(self, part: str = "") -> None:
        self.workbench.open(f"{self.here}{part}")

    def part(self, heading: str) -> Locator:
        """The part of the page under a heading."""
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=heading, exact=False)).last

    def unfold(self, words: str, within: Locator | None = None) -> Locator:
        """Opens what is folded under some words; the form in it."""
        fold = (within or self.page).locator("details").filter(has=self.page.locator("summary", has_text=words)).last
        fold.locator("summary").first.click()
        return fold

    def press(self, words: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=words).first.click()

    def chip(self) -> Locator:
        return self.page.locator("[data-live-part=head]")


@pytest.fixture
def somebody(browser: Browser, store: Store, tmp_path: Path) -> Iterator[Somebody]:
    clock = FixedClock()
    usecases = UseCases(Checking, lambda: store, clock, wiring.ids(), home=lambda: str(tmp_path))
    with served_from(usecases) as address:
        context = browser.new_context(base_url=address, timezone_id="UTC", locale="en-GB", viewport={"width": 1280, "height": 900})
        workbench = Workbench(context.new_page(), address)
        yield Somebody(workbench, clock)
        assert workbench.complaints == []
        assert workbench.strangers == []
        assert usecases.journal.verify() == []
        context.close()


def test_from_the_first_minute_to_the_verified_action_item(somebody: Somebody) -> None:
    it_broke_and_the_first_message_is_sent(somebody)
    what_is_known_and_who_must_know_is_written_down(somebody)
    the_promised_update_is_begun_from_the_facts(somebody)
    resolving_is_gated_by_what_was_promised(somebody)
    an_action_item_is_accepted_done_and_shown_to_help(somebody)


def it_broke_and_the_first_message_is_sent(who: Somebody) -> None:
    who.workbench.open("/")
    who.page.get_by_label("What happened?").fill("SEV2: checkout fails since 10:47")
    who.press("Open an incident")
    who.workbench.until_live()
    expect(who.workbench.editor).to_contain_text("10:47")
    who.page.keyboard.press("Control+A")
    who.workbench.editor.click()
    who.page.keyboard.press("Control+A")
    who.page.keyboard.insert_text(FIRST)
    who.workbench.until_saved()
    who.press("I have sent it")
    who.press("Yes, I have sent it")
    who.workbench.open("/incidents")
    who.page.get_by_role("link", name=re.compile("checkout fails", re.IGNORECASE)).first.click()
    who.here = re.sub(r"https?://[^/]+", "", who.page.url).split("?")[0]
    expect(who.chip()).to_contain_text("SEV2")
    expect(who.page.locator("main")).to_contain_text("customers", ignore_case=True)


def what_is_known_and_who_must_know_is_written_down(who: Somebody) -> None:
    who.later(minutes=5)
    facts = who.part("Write down")
    facts.get_by_label("About").select_option("impact")
    facts.get_by_label("What do you know now?").fill("Customers who paid by card saw an error")
    who.press("Write it down", facts)
    expect(who.page.locator("main")).to_contain_text("Customers who paid by card saw an error")
    who.press("I lead it")
    expect(who.part("People")).to_contain_text("you")
    adding = who.unfold("Add somebody…")
    adding.get_by_label("Who? A group or a person").fill("Finance")
    adding.get_by_label("Why").select_option("needs-to-know")
    adding.get_by_label("They are").select_option("team")
    who.press("Add", adding)
    expect(who.part("Who must know")).to_contain_text("Finance")
    naming = who.unfold("Name a commit…")
    naming.get_by_label("It is the").select_option("rollback")
    naming.get_by_label("Hash").fill("184daf5")
    naming.get_by_label("Subject").fill("payments: pool back to 10, six pods want 240 of 200 connections")
    who.press("Name it", naming)
    expect(who.part("Two boxes")).to_contain_text("184daf5")


def the_promised_update_is_begun_from_the_facts(who: Somebody) -> None:
    who.later(minutes=12)
    who.go("/messages")
    who.press("Begin it from the facts")
    who.workbench.until_live()
    expect(who.workbench.editor).to_contain_text("Customers who paid by card saw an error")
    who.workbench.editor.click()
    who.page.keyboard.press("Control+A")
    who.page.keyboard.insert_text("Context: since 10:47 UTC a third of the payments fails. Current: rolling back. Next update 11:40 UTC.")
    who.workbench.until_saved()
    who.press("I have sent it")
    who.press("Yes, I have sent it")
    who.workbench.open("/promises?all=1")
    who.go()
    expect(who.page.locator("main")).to_contain_text("Promise kept")


def resolving_is_gated_by_what_was_promised(who: Somebody) -> None:
    who.later(minutes=20)
    fold = who.unfold("Another status or time…")
    fold.get_by_label("Status").select_option("resolved")
    who.press("Change it", fold)
    gates = who.page.locator("#gates")
    expect(gates).to_contain_text("Next update 11:40 UTC")
    expect(who.chip()).to_contain_text("Investigating")
    who.go("/messages")
    who.press("Begin it from the facts")
    who.workbench.until_live()
    who.workbench.editor.click()
    who.page.keyboard.press("Control+A")
    who.page.keyboard.insert_text(LAST)
    who.workbench.until_saved()
    who.press("I have sent it")
    who.press("Yes, I have sent it")
    who.go()
    fold = who.unfold("Another status or time…")
    fold.get_by_label("Status").select_option("resolved")
    fold.get_by_label("Why, where something is missing").fill("the rollback is through, and its promise is shown below")
    who.press("Change it", fold)
    expect(who.chip()).to_contain_text("Resolved")


def an_action_item_is_accepted_done_and_shown_to_help(who: Somebody) -> None:
    who.later(days=1)
    who.go("/actions")
    proposing = who.page.locator("form").filter(has=who.page.get_by_role("button", name="Propose it"))
    proposing.get_by_label("What will be there?").fill("Refuse to start with pools larger than the database")
    proposing.get_by_label("It is").select_option("limit")
    who.press("Propose it", proposing)
    taking = who.unfold("Take it on…")
    taking.get_by_label("What would show that it helps?").fill("a release with a pool that is too large stops")
    who.press("Take it on", taking)
    who.clock.advance(days=2)
    who.go("/actions")
    doing = who.unfold("Done…")
    doing.get_by_label("Shown by").select_option("commit")
    doing.get_by_label("Which one").fill("9f1c2ab")
    who.press("It is done", doing)
    who.clock.advance(days=28)
    who.go("/actions")
    helping = who.unfold("It helps…")
    helping.get_by_label("Shown by").select_option("measure")
    helping.get_by_label("Which one").fill("2 of 2 releases with a pool too large were refused")
    who.press("It helps", helping)
    expect(who.page.locator("main")).to_contain_text("2 of 2 releases with a pool too large were refused")
    who.go()
    expect(who.part("Action items")).to_contain_text("One is shown to help")
    expect(who.page.locator("main")).to_contain_text("Action item helps")
