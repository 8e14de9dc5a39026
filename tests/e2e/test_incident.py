"""An incident in a real browser: opened by one field, told, decided and closed, with and without script, in the reader's zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e


def opened(workbench: Workbench, said: str) -> str:
    """Opens an incident by its one field and goes to its page; the address of that."""
    workbench.open("/")
    workbench.page.get_by_label("What happened?").fill(said)
    workbench.page.get_by_role("button", name="Open an incident").click()
    expect(workbench.page).to_have_url(re.compile("/drafts/"))
    workbench.open("/incidents")
    workbench.page.get_by_role("link", name=said).first.click()
    return workbench.page.url.removeprefix(workbench.address)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_what_happened_to_resolved_with_a_reason(visit: NewPage, script: bool) -> None:
    workbench = visit("/", java_script_enabled=script)
    said = f"The search times out {'with' if script else 'without'} script"
    opened(workbench, said)
    page = workbench.page

    page.get_by_label("What do you know now?").fill("The index was dropped")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#story li").first).to_contain_text("The index was dropped")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".banner").filter(has_text="Taken back")).to_be_visible()

    page.get_by_role("button", name="I lead it").click()
    expect(page.locator("#people").locator("..")).to_contain_text("Lead: you")
    for says in ("We know what it is", "It is contained", "It is resolved"):
        page.get_by_role("button", name=says).click()
    expect(page.locator(".badges").first).to_contain_text("Resolved")
    page.get_by_role("button", name="It is reviewed").click()
    expect(page.locator("#gates")).to_contain_text("Not reviewed yet. One thing is missing")
    page.get_by_label("Why all the same?").fill("The guardrail is the one of the incident before.")
    page.get_by_role("button", name="It is reviewed all the same").click()

    expect(page.locator(".badges").first).to_contain_text("Reviewed")
    expect(page.locator("#story")).to_contain_text("The guardrail is the one of the incident before.")


def test_times_stand_in_the_zone_of_the_reader_with_the_original_on_hover(visit: NewPage) -> None:
    workbench = visit("/", timezone_id="Asia/Tokyo")
    opened(workbench, "The invoices are late")

    time = workbench.page.locator("#story time").first
    expect(time).to_have_text(re.compile(r"19:50 (GMT\+9|JST)$"))
    expect(time).to_have_attribute("title", "Wed 4 Mar, 10:50 UTC")


def test_a_meeting_is_cancelled_or_decides_and_prints_without_its_buttons(visit: NewPage) -> None:
    workbench = visit("/")
    address = opened(workbench, "The export is empty")
    workbench.open(f"{address}/meeting")
    expect(workbench.now).to_have_text("Nothing is left to decide. Cancel the meeting.")

    workbench.open(address)
    workbench.page.get_by_label("About").select_option("question")
    workbench.page.get_by_label("What do you know now?").fill("Do we send it again?")
    workbench.page.get_by_role("button", name="Write it down").click()
    workbench.page.get_by_role("link", name="Meeting").click()
    workbench.page.get_by_text("Decided…").click()
    workbench.page.get_by_label("What was decided").fill("We send it again at noon")
    workbench.page.get_by_role("button", name="Write the decision down").click()
    expect(workbench.page.get_by_role("heading", name="Decided", exact=True)).to_be_visible()

    workbench.page.emulate_media(media="print")
    expect(workbench.page.get_by_role("button", name="We met just now")).to_be_hidden()
    expect(workbench.page.get_by_role("navigation", name="Pages", exact=True)).to_be_hidden()


def test_on_a_phone_the_places_are_at_the_thumb_and_large_enough(visit: NewPage) -> None:
    workbench = visit("/", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    small = workbench.evaluate(
        """[...document.querySelectorAll('.bar nav > a, .more > summary')].filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44).map((one) => one.textContent)"""
    )
    below = workbench.evaluate("document.querySelector('.bar nav').getBoundingClientRect().bottom === innerHeight")
    workbench.page.locator(".more > summary").tap()
    workbench.page.get_by_role("link", name="Search", exact=True).tap()

    assert small == []
    assert below
    expect(workbench.page).to_have_url(re.compile("/search$"))
