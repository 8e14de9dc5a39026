"""The story of an account in a real browser: entries become claims, a version for leadership drifts, that shows while it is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage

pytestmark = pytest.mark.e2e

FAILED = "258 of 831 payments failed"
KNOWN = (
    "A release raised the pool of each payments pod from 10 to 40 connections",
    f"{FAILED} until now",
    "Customers told us before our alert rang",
)
SOFT = "Some payments were delayed. Our alerts found it right away. It is fully understood and cannot happen again."
HONEST = (
    f"A release of ours raised the pool of each payments pod from 10 to 40 connections. {FAILED} until now. "
    "Customers told us before our alert rang."
)
DRIFTS = re.compile(r"^Leadership would believe \d+ things that are not so")
QUIET = "Leadership would believe nothing that is not so."
SAVED = re.compile(r"^Saved \d")
"""What stands there once something was saved since the page was opened."""


@pytest.fixture(scope="module")
def usecases(tmp_path_factory: pytest.TempPathFactory) -> UseCases:
    return usecases_in(tmp_path_factory.mktemp("account"), FixedClock())


@pytest.fixture(scope="module")
def address(usecases: UseCases) -> Iterator[str]:
    """One workbench for the tests of this file."""
    with served_from(usecases) as made:
        yield made


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The address of an incident with four entries in its timeline, one of which is of no use."""
    incident = usecases.incidents.open("Checkout is down").id
    for minutes, text in enumerate(("Lunch was late", *reversed(KNOWN)), 1):
        usecases.timelines.add(incident, usecases.clock.now() - timedelta(minutes=minutes), text)
    return f"/incidents/{incident}"


def stated(usecases: UseCases, here: str) -> str:
    """The id of an incident in whose account all of it stands."""
    incident = here.rpartition("/")[2]
    for text in KNOWN:
        usecases.narrating.state(incident, "claim", text, kind="fact")
    return incident


def card(page: Page, kind: str) -> Locator:
    return page.locator(".drift", has_text=kind)


def selected(page: Page) -> object:
    return page.evaluate("(() => { const one = document.activeElement; return one.value.slice(one.selectionStart, one.selectionEnd) })()")


def test_the_account_begins_with_what_was_written_down_and_one_press_takes_it_back(visit: NewPage, usecases: UseCases, here: str) -> None:
    usecases.recording.fact(here.rpartition("/")[2], "impact", "Shops could not take cards")
    workbench = visit(f"{here}/account")
    page = workbench.page
    page.get_by_role("link", name="Begin with what was written down (5)").click()
    assert complaints_of_axe(workbench) == []
    page.get_by_label("Lunch was late").uncheck()
    page.get_by_role("button", name="Put them into the account (4)").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("4 points stand in the account, each with what it cites.")
    expect(page.locator(".point")).to_have_count(4)
    hit = page.locator(".point", has_text="Shops could not take cards.")
    hit.locator("summary").click()
    hit.get_by_role("link", name="Where it was written down").click()
    expect(page.locator("#story-title")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator(".point")).to_have_count(0)


def test_entries_become_claims_and_a_version_that_drifts_says_so_until_it_is_put_right(visit: NewPage, here: str) -> None:
    workbench = visit(f"{here}/account")
    page = workbench.page
    expect(workbench.now).to_have_text("Begin with what was written down.")

    page.get_by_role("link", name="Choose from the timeline").first.click()
    for text in KNOWN:
        page.get_by_label(text).check()
    page.get_by_role("button", name="Make claims of them (3)").click()
    expect(page.locator(".point")).to_have_count(3)
    failed = page.locator(".point", has_text=FAILED)
    expect(failed.locator(".tag").first).to_have_text("Likely")
    failed.locator("summary").click()
    failed.get_by_role("link", name="Open its bytes").click()
    expect(failed.locator(".behind").first).to_contain_text("Cited by you")
    assert complaints_of_axe(workbench) == []

    page.get_by_role("link", name="Versions").first.click()
    page.locator("form[action$='/leadership/begin'] button").click()
    text = page.locator("#text")
    text.fill(SOFT)
    expect(workbench.now).to_have_text(DRIFTS)
    expect(page.locator(".mirror .changed").first).to_have_text("Some")
    expect(page.locator("#told-account .lost", has_text="258 of 831")).to_have_count(1)
    softened = card(page, "Number softened")
    expect(softened.locator(".remark-message")).to_contain_text(f"“{FAILED}”")
    expect(softened.locator("dd")).to_have_count(2)
    expect(softened.locator("dd").last).to_contain_text("Some")
    expect(workbench.kept).to_have_text(SAVED)
    assert complaints_of_axe(workbench) == []

    softened.get_by_role("button", name="Show the words").click()
    assert selected(page) == "Some"
    card(page, "More certain than known").get_by_role("button", name="Show the words").click()
    assert str(selected(page)) in SOFT

    text.fill(HONEST)
    expect(workbench.now).to_have_text(QUIET)
    expect(page.locator("#drift")).to_contain_text("None")
    expect(page.locator(".mirror .changed, .lost, .drift")).to_have_count(0)
    expect(workbench.kept).to_have_text(SAVED)
    page.get_by_role("button", name="Begin a message with it").click()
    expect(page).to_have_url(re.compile("/drafts/"))
    expect(page.locator("#text")).to_have_value(HONEST)


def test_two_tellings_that_drift_in_the_same_words_each_show_them(visit: NewPage) -> None:
    workbench = visit("/compare")
    page = workbench.page
    page.locator("#source").fill(". ".join(KNOWN) + ".")
    page.locator("#retold").fill(SOFT)
    expect(workbench.now).to_have_text(re.compile(r"^A reader would believe \d+ things that are not so"))
    for button in page.get_by_role("button", name="Show the words").all():
        page.locator("#retold").evaluate("one => one.setSelectionRange(0, 0)")
        button.click()
        assert selected(page), "a card whose words cannot be shown"


def test_two_who_write_one_version_see_each_other_s_words(visit: NewPage, here: str, usecases: UseCases) -> None:
    stated(usecases, here)
    one = visit(f"{here}/versions")
    one.page.locator("form[action$='/leadership/begin'] button").click()
    one.page.locator("#text").fill("It broke today.")
    expect(one.kept).to_have_text(SAVED)
    other = visit(f"{here}/versions/leadership")
    other.page.locator("#text").fill(f"It broke today.\n\n{SOFT}")

    expect(one.page.locator("#text")).to_have_value(f"It broke today.\n\n{SOFT}")
    expect(one.now).to_have_text(DRIFTS)
    expect(one.page.locator(".mirror .changed", has_text="Some")).to_have_count(1)


def test_what_one_is_writing_in_place_survives_what_another_puts_into_the_account(visit: NewPage, here: str, usecases: UseCases) -> None:
    incident = here.rpartition("/")[2]
    usecases.narrating.state(incident, "claim", FAILED, kind="effect")
    page = visit(f"{here}/account").page
    page.get_by_role("link", name="Change, or cite").click()
    typed = page.locator(".point .behind textarea[name=text]").first
    typed.fill("Being written")
    usecases.narrating.state(incident, "claim", "A shop called", kind="effect")

    expect(page.locator(".point", has_text="A shop called")).to_have_count(1)
    expect(typed).to_have_value("Being written")


def test_without_a_script_it_all_works_by_forms(visit: NewPage, here: str) -> None:
    workbench = visit(f"{here}/versions", java_script_enabled=False)
    page = workbench.page
    page.get_by_role("link", name="The account, which all of them tell").click()
    page.get_by_role("link", name="Choose from the timeline").first.click()
    for text in KNOWN:
        page.get_by_label(text).check()
    page.get_by_role("button", name="Make claims of them").click()
    page.get_by_role("link", name="Versions").first.click()
    page.locator("form[action$='/leadership/begin'] button").click()
    page.locator("#text").fill(SOFT)
    page.get_by_role("button", name="Save and compare").click()

    expect(workbench.now).to_have_text(DRIFTS)
    expect(page.locator(".facing-text .changed").first).to_contain_text("Some")
    expect(page.locator("#told-account .lost", has_text="258 of 831")).to_have_count(1)
