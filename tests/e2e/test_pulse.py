"""The pulse in a real browser: answered on a phone without script, read on any screen, and by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in
from e2e.page import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from amends.usecases.facade import UseCases

pytestmark = pytest.mark.e2e

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SMALL = """() => [...document.querySelectorAll('main label:has(input), main button, main summary')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .map((one) => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 40).map(([name]) => name)"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, UseCases, str]]:
    """A server with a contained incident."""
    usecases = usecases_in(tmp_path, FixedClock())
    incident = usecases.incidents.open("Checkout is down", severity="SEV1").id
    usecases.incidents.change_status(incident, "monitoring", reason="payments go through")
    with served_from(usecases) as address:
        yield address, usecases, incident


def test_a_round_is_asked_answered_on_a_phone_without_script_and_read(browser: Browser, place: tuple[str, UseCases, str]) -> None:
    address, usecases, incident = place
    desk = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    lead = Workbench(desk.new_page(), address)
    lead.open(f"/incidents/{incident}/pulse")
    lead.page.get_by_label("The team, those who were in it").fill("5")
    lead.page.get_by_role("button", name="Make the links").click()
    links = lead.page.locator("textarea").input_value().split()
    assert len(links) == 5
    assert complaints_of_axe(lead) == []
    phone = browser.new_context(base_url=address, java_script_enabled=False, **PHONE)
    page = phone.new_page()
    for number, link in enumerate(links):
        page.goto(link)
        for row in page.locator("fieldset").all():
            row.get_by_role("radio").nth(number % 7).check(force=True)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
        assert page.url == f"{address}/p", "the way back shows no link"
    assert phone.cookies() == []
    lead.open(f"/incidents/{incident}/pulse")
    expect(lead.now).to_have_text("All 5 answered. Close it to see what they said.")
    lead.page.get_by_text("Close it…").click()
    lead.page.get_by_role("button", name="Close the wave").click()
    expect(lead.page.get_by_role("row").filter(has_text="Kept word")).to_contain_text("1 of 5")
    assert complaints_of_axe(lead) == []
    assert usecases.pulses.results(incident)[0].n == 5
    phone.close()
    desk.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_form(browser: Browser, place: tuple[str, UseCases, str], scheme: Any) -> None:
    address, usecases, incident = place
    (link, *_) = usecases.pulses.open(incident, "baseline", {"stakeholders": 5}).links["stakeholders"]
    context = browser.new_context(base_url=address, color_scheme=scheme, **PHONE)
    workbench = Workbench(context.new_page(), address)
    workbench.open(f"/p/{link}")
    assert complaints_of_axe(workbench) == []
    assert workbench.evaluate(SMALL) == []
    assert not workbench.evaluate("document.documentElement.scrollWidth > innerWidth")
    workbench.page.keyboard.press("Tab")
    workbench.page.keyboard.press("Space")
    workbench.page.keyboard.press("ArrowRight")
    expect(workbench.page.get_by_role("radio").nth(1)).to_be_checked()
    assert workbench.strangers == []
    context.close()
