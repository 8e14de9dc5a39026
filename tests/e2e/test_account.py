"""The story of an account in a real browser: entries become claims, a version for leadership drifts, that shows while it is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from amends.narrative.drift import Comparison, Drift, Side
from amends.testing import FixedClock
from amends.usecases import comparing
from e2e.conftest import served_from, usecases_in
from e2e.test_everyone import complaints_of_axe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage

pytestmark = pytest.mark.e2e

FAILED = "258 of 831 payments failed"
SOFT = "Some payments failed"
SAVED = re.compile(r"^Saved \d")
"""What stands there once something was saved since the page was opened."""


def drifts(source: str, retold: str, *_: object, **_how: object) -> Comparison:
    """Finds one softened number and nothing else: these tests are about what the page does with it."""
    hard, soft = source.find(FAILED), retold.find(SOFT)
    if hard < 0 or soft < 0:
        return Comparison((), (), 1)
    sides = Side(hard, hard + len(FAILED), FAILED), Side(soft, soft + len(SOFT), SOFT)
    return Comparison((Drift("softened_number", "error", "a reader would believe that few payments failed", *sides),), (), 1)


@pytest.fixture(scope="module")
def usecases(tmp_path_factory: pytest.TempPathFactory) -> UseCases:
    return usecases_in(tmp_path_factory.mktemp("account"), FixedClock())


@pytest.fixture(scope="module")
def address(usecases: UseCases) -> Iterator[str]:
    """One workbench for the tests of this file, which compares as `drifts` does."""
    with pytest.MonkeyPatch.context() as patch, served_from(usecases) as made:
        patch.setattr(comparing, "hold_against", drifts)
        yield made


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The address of an incident with three entries in its timeline."""
    incident = usecases.incidents.open("Checkout is down").id
    for minutes, text in ((3, "A shop called"), (2, f"{FAILED} until now"), (1, "Lunch was late")):
        usecases.timelines.add(incident, usecases.clock.now() - timedelta(minutes=minutes), text)
    return f"/incidents/{incident}"


def test_entries_become_claims_and_a_version_that_drifts_says_so_until_it_is_put_right(visit: NewPage, here: str) -> None:
    workbench = visit(f"{here}/account")
    page = workbench.page
    expect(workbench.now).to_have_text("Choose what happened from the timeline.")

    page.get_by_role("link", name="Choose from the timeline").first.click()
    page.get_by_label("A shop called").check()
    page.get_by_label(FAILED).check()
    page.get_by_role("button", name="Make claims of them (2)").click()
    expect(page.locator(".point")).to_have_count(2)
    failed = page.locator(".point", has_text=FAILED)
    expect(failed.locator(".tag").first).to_have_text("Likely")
    failed.locator("summary").click()
    failed.get_by_role("link", name="Open its bytes").click()
    expect(failed.locator(".behind").first).to_contain_text("Cited by you")
    assert complaints_of_axe(workbench) == []

    page.get_by_role("link", name="Versions").first.click()
    page.locator("form[action$='/leadership/begin'] button").click()
    text = page.locator("#text")
    text.fill(f"{SOFT}.")
    expect(workbench.now).to_have_text("Leadership would believe one thing that is not so.")
    expect(page.locator(".mirror .changed")).to_have_text("Some")
    expect(page.locator("#told-account .lost")).to_contain_text("258 of 831")
    expect(page.locator(".drift .remark-message")).to_have_text("A reader would believe that few payments failed.")
    expect(workbench.kept).to_have_text(SAVED)
    assert complaints_of_axe(workbench) == []

    text.fill(f"We are sorry. {SOFT}.")
    expect(page.locator(".mirror .changed")).to_have_text("Some")
    page.get_by_role("button", name="Show the words").click()
    assert (
        workbench.evaluate("(() => { const one = document.activeElement; return one.value.slice(one.selectionStart, one.selectionEnd) })()")
        == "Some"
    )
    page.keyboard.insert_text("258 of 831")
    expect(workbench.now).to_have_text("Leadership would believe nothing that is not so.")
    expect(page.locator(".mirror .changed, .lost")).to_have_count(0)
    expect(workbench.kept).to_have_text(SAVED)
    page.keyboard.insert_text(" all")
    page.get_by_role("button", name="Begin a message with it").click()
    expect(page).to_have_url(re.compile("/drafts/"))
    expect(page.locator("#text")).to_have_value("We are sorry. 258 of 831 all payments failed.")


def test_two_who_write_one_version_see_each_other_s_words(visit: NewPage, here: str, usecases: UseCases) -> None:
    usecases.narrating.state(here.rpartition("/")[2], "claim", FAILED, kind="effect")
    one = visit(f"{here}/versions")
    one.page.locator("form[action$='/leadership/begin'] button").click()
    one.page.locator("#text").fill("It broke.")
    expect(one.kept).to_have_text(SAVED)
    other = visit(f"{here}/versions/leadership")
    other.page.locator("#text").fill(f"It broke.\n\n{SOFT}.")

    expect(one.page.locator("#text")).to_have_value(f"It broke.\n\n{SOFT}.")
    expect(one.now).to_have_text("Leadership would believe one thing that is not so.")
    expect(one.page.locator(".mirror .changed")).to_have_text("Some")


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
    page.get_by_label(FAILED).check()
    page.get_by_role("button", name="Make claims of them").click()
    page.get_by_role("link", name="Versions").first.click()
    page.locator("form[action$='/leadership/begin'] button").click()
    page.locator("#text").fill(f"{SOFT}.")
    page.get_by_role("button", name="Save and compare").click()

    expect(workbench.now).to_have_text("Leadership would believe one thing that is not so.")
    expect(page.locator(".facing-text .changed")).to_contain_text("Some")
    expect(page.locator("#told-account .lost")).to_contain_text("258 of 831")
