"""For everybody: by keyboard alone, with a screen reader, on a small phone, in the dark, and checked by axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from e2e.axe import complaints_of_axe

if TYPE_CHECKING:
    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e

FACT = "At 10:42 my deploy broke the login."
VAGUE = "It was just a small issue. I will share more as soon as possible. Next update at 14:30 UTC."
PAGES = [
    "/",
    "/write",
    "/write?start=example",
    "/incidents",
    "/search",
    "/search?q=login",
    "/compare",
    "/drafts",
    "/promises",
    "/promises/absence",
    "/actions",
    "/guardrails",
    "/settings",
    "/calendars",
    "/timelines",
    "/rules",
    "/rules/vague-time",
    "/forms",
    "/forms/first-message",
    "/playbooks",
    "/playbooks/repair-trust",
    "/nothing",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LONG = "https://status.example.org/" + "incidents-with-a-very-long-name" * 6


def test_axe_says_what_is_wrong_with_every_element_that_it_is_about(visit: NewPage) -> None:
    workbench = visit("/forms")
    workbench.evaluate("for (const _ of '12') document.querySelector('main').append(document.createElement('img'))")

    assert [said.partition(":")[0] for said in complaints_of_axe(workbench)] == ["image-alt", "image-alt"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_about_any_page(visit: NewPage, scheme: str) -> None:
    workbench = visit(color_scheme=scheme)
    found = {}
    for path in PAGES:
        workbench.open(path)
        found[path] = complaints_of_axe(workbench)

    assert {path: said for path, said in found.items() if said} == {}


OWN = (
    "", "?order=oldest", "/messages", "/note", "/actions", "/timeline", "/account", "/account/entries", "/versions", "/versions/team",
    "/review", "/documents", "/meeting", "/export", "/playbooks", "/trust",
    "/recurrence",
)  # fmt: skip
"""The ends of the addresses of an incident's pages."""


def own_incident(workbench: Workbench) -> str:
    """Opens an incident by its one field, and writes something of every sort down; the address of its page."""
    workbench.open("/")
    workbench.page.get_by_label("What happened?").fill("SEV2: my deploy broke the login")
    workbench.page.get_by_role("button", name="Open an incident").click()
    expect(workbench.page).to_have_url(re.compile("/drafts/"))
    workbench.open("/incidents")
    workbench.page.get_by_role("link", name="my deploy broke the login").first.click()
    address = workbench.page.url.removeprefix(workbench.address)
    for act, fields in (
        ("facts", {"kind": "question", "text": "Do we roll back?"}),
        ("facts", {"kind": "number", "text": "failed", "value": "4212 logins"}),
        ("stakeholders", {"name": "Shops", "kind": "affected", "audience": "customers"}), ("functions", {"function": "lead"}),
        ("links", {"kind": "ticket", "target": "https://tickets.example.org/1"}), ("boxes", {"box": "impact", "text": "the list"}),
        ("commits", {"kind": "rollback", "sha": "4f2c1ab", "subject": "Roll back"}), ("milestones", {"kind": "detected-us"}),
    ):  # fmt: skip
        assert workbench.page.request.post(f"{workbench.address}{address}/{act}", form=fields, max_redirects=0).status == 303
    return address


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_has_nothing_to_say_about_the_pages_of_an_incident(visit: NewPage, options: dict[str, Any]) -> None:
    workbench = visit("/", **options)
    address = own_incident(workbench)
    found = {}
    for end in OWN:
        workbench.open(f"{address}{end}")
        workbench.evaluate("document.querySelectorAll('main details, aside details').forEach((one) => { one.open = true })")
        found[end] = complaints_of_axe(workbench)
    workbench.page.locator(".more > summary").click()
    found["more"] = complaints_of_axe(workbench, ".bar")
    workbench.page.keyboard.press("Escape")
    workbench.page.keyboard.press("?")
    found["keys"] = complaints_of_axe(workbench)

    assert {path: said for path, said in found.items() if said} == {}


def test_no_page_of_an_incident_is_wider_than_a_small_phone(visit: NewPage) -> None:
    workbench = visit("/", **PHONE)
    address = own_incident(workbench)
    wide = {}
    for end in OWN:
        workbench.open(f"{address}{end}")
        workbench.page.wait_for_load_state("load")
        wide[end] = workbench.evaluate("document.documentElement.scrollWidth")

    assert {end: width for end, width in wide.items() if width > 360} == {}


def test_single_keys_lead_to_places_and_can_be_switched_off(visit: NewPage) -> None:
    workbench = visit("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")
    workbench.page.keyboard.press("j")
    first = workbench.evaluate("document.activeElement.textContent")
    workbench.page.keyboard.press("j")
    assert workbench.evaluate("document.activeElement.textContent") != first
    workbench.page.keyboard.press("n")
    expect(workbench.page.get_by_label("What happened?")).to_be_focused()
    workbench.page.keyboard.insert_text("i")
    expect(workbench.page.get_by_label("What happened?")).to_have_value("i")

    workbench.open("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")
    workbench.page.keyboard.press("?")
    workbench.page.get_by_label("Single keys do something").uncheck()
    workbench.page.get_by_role("button", name="Close").click()
    workbench.page.keyboard.press("t")
    expect(workbench.page).to_have_url(re.compile("/rules$"))


def test_the_palette_finds_incidents_by_their_words(visit: NewPage) -> None:
    workbench = visit("/")
    own_incident(workbench)
    workbench.open("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")
    workbench.page.keyboard.press("Control+k")
    workbench.page.keyboard.insert_text("broke the login")
    expect(workbench.page.locator("#palette-list [role=option]").first).to_contain_text("broke the login")
    workbench.page.keyboard.press("Enter")

    expect(workbench.page).to_have_url(re.compile("/incidents/"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_about_a_draft_with_remarks(visit: NewPage, scheme: str) -> None:
    workbench = visit(color_scheme=scheme)
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()
    draft = workbench.until_saved()
    for summary in workbench.page.locator("#more > summary, #setting > summary").all():
        summary.click()
    workbench.page.keyboard.press("F8")
    writing = complaints_of_axe(workbench)
    workbench.page.keyboard.press("Control+k")
    palette = complaints_of_axe(workbench)
    workbench.open(f"/drafts/{draft}/versions")

    assert writing == []
    assert palette == []
    assert complaints_of_axe(workbench) == []


def test_axe_has_nothing_to_say_about_a_phone(visit: NewPage) -> None:
    workbench = visit(**PHONE)
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()

    assert complaints_of_axe(workbench) == []


def test_a_message_is_written_rewritten_and_copied_by_keyboard_alone(visit: NewPage) -> None:
    workbench = visit()
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    workbench.until_live()
    keyboard = workbench.page.keyboard
    expect(workbench.editor).to_be_focused()
    keyboard.insert_text(f"{FACT} {VAGUE}")
    workbench.until_checked()

    keyboard.press("F8")
    first = workbench.page.locator(".remark.is-current").get_attribute("data-key")
    keyboard.press("F8")
    second = workbench.page.locator(".remark.is-current").get_attribute("data-key")
    keyboard.press("Shift+F8")
    assert workbench.page.locator(".remark.is-current").get_attribute("data-key") == first != second
    keyboard.press("Alt+ArrowDown")
    assert workbench.page.locator(".remark.is-current").get_attribute("data-key") == second

    before = workbench.text()
    keyboard.press("Control+.")
    assert workbench.text() != before
    expect(workbench.editor).to_be_focused()

    keyboard.press("Control+k")
    keyboard.insert_text("copy slack")
    keyboard.press("Enter")
    expect(workbench.page.locator("#notice")).to_contain_text("Copied for Slack.")
    assert workbench.evaluate("navigator.clipboard.readText()") == workbench.text()


PART = """() => {
  const part = document.activeElement.closest('.skip, .bar, #steps, #editor, .actions, #setting, #rail');
  return part ? part.id || part.className : '';
}"""


def test_focus_goes_from_the_answer_through_the_text_to_the_remarks(visit: NewPage) -> None:
    workbench = visit("/drafts")
    workbench.open("/write")
    workbench.write(FACT)
    workbench.until_checked()
    workbench.evaluate("document.activeElement.blur(), document.querySelector('.skip').focus()")
    seen = []
    for _ in range(45):
        seen.append(workbench.evaluate(PART))
        workbench.page.keyboard.press("Tab")
    order = [name for at, name in enumerate(seen) if at == 0 or seen[at - 1] != name]

    wanted = ["skip", "steps", "editor", "actions", "setting", "rail"]
    assert [name for name in order if name in wanted][: len(wanted)] == wanted


def test_the_way_past_the_navigation_leads_to_the_main_part(visit: NewPage) -> None:
    workbench = visit("/rules")

    workbench.page.keyboard.press("Tab")
    expect(workbench.page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    workbench.page.keyboard.press("Enter")

    expect(workbench.page).to_have_url(re.compile("#main$"))


def test_the_palette_finds_actions_by_their_words(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    workbench.until_checked()
    workbench.page.keyboard.press("Control+k")
    options = workbench.page.locator("#palette-list [role=option]")

    workbench.page.keyboard.insert_text("form apology")
    expect(options).to_have_text(["Form: Customer apology"])
    workbench.page.keyboard.insert_text(" nonsense")
    expect(workbench.page.locator("#palette-list")).to_contain_text("No action of that name.")
    workbench.page.get_by_role("combobox").fill("form status")
    workbench.page.keyboard.press("ArrowDown")
    workbench.page.keyboard.press("Enter")

    expect(workbench.page.locator("#palette")).to_be_hidden()
    expect(workbench.page.locator("#reading")).to_contain_text("tatus")
    expect(workbench.editor).to_be_focused()


def test_a_screen_reader_hears_what_to_do_and_the_remark_at_the_cursor(visit: NewPage) -> None:
    workbench = visit()
    expect(workbench.editor).to_have_accessible_name("Your message")
    expect(workbench.spoken).to_have_attribute("aria-live", "polite")

    workbench.write(f"{FACT} {VAGUE}")
    expect(workbench.spoken).to_have_text(re.compile(r"^Say .+ \d+ to fix"))
    workbench.page.keyboard.press("F8")

    expect(workbench.spoken).to_have_text(re.compile(r"^1 of \d+\. (Fix|Weigh|Note): .+"))


THIN = """[...document.querySelectorAll('.row-main, main p, .remark')]
  .filter((one) => one.checkVisibility() && one.clientWidth < 120).length"""


def test_nothing_is_wider_than_a_small_phone(visit: NewPage) -> None:
    workbench = visit(**PHONE)
    workbench.write(f"{FACT} {VAGUE} {LONG}")
    workbench.until_checked()
    draft = workbench.until_saved()
    wide = {}
    for path in [f"/drafts/{draft}", f"/drafts/{draft}/versions", *PAGES]:
        workbench.open(path)
        workbench.page.wait_for_load_state("networkidle")
        wide[path] = workbench.evaluate("document.documentElement.scrollWidth")

        thin = workbench.evaluate(THIN)
        assert thin == 0, f"{path} squeezes words into a column of letters"

    assert {path: width for path, width in wide.items() if width > 360} == {}


TARGETS = """() => [...document.querySelectorAll('button, summary, select, input:not([type=hidden]), .bar a, .row a, a.button')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1)
  .map((one) => [one.textContent.trim().slice(0, 40) || one.name, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


def test_everything_that_is_touched_is_at_least_44_pixels_high(visit: NewPage) -> None:
    workbench = visit(**PHONE)
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()
    small = {"compose": workbench.evaluate(TARGETS)}
    for path in PAGES:
        workbench.open(path)
        small[path] = workbench.evaluate(TARGETS)

    assert {path: found for path, found in small.items() if found} == {}


def test_on_a_phone_the_remark_stands_at_the_foot_and_can_be_stepped_through(visit: NewPage) -> None:
    workbench = visit(**PHONE)
    expect(workbench.page.locator("#strip")).to_be_hidden()
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()
    expect(workbench.page.locator("#strip-words")).to_contain_text("to fix")

    workbench.page.get_by_role("button", name="Next", exact=True).click()
    expect(workbench.page.locator("#strip-words")).to_have_text(re.compile(r"^1 of \d: "))
    expect(workbench.page.locator(".remark.is-current")).to_be_focused()
    for _ in range(5):
        if "as soon as possible" not in str(workbench.page.locator("#strip-words").text_content()):
            workbench.page.get_by_role("button", name="Next", exact=True).click()
    expect(workbench.page.locator(".held")).to_have_text(re.compile("as soon as possible"))
    workbench.page.locator("#strip-fix").click()

    assert "as soon as possible" not in workbench.text()
    workbench.page.locator("#strip").get_by_role("button", name="Actions").click()
    expect(workbench.page.get_by_role("combobox")).to_be_focused()


def test_stepping_follows_the_rail_and_comes_to_each_remark_once(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()
    shown = workbench.evaluate("[...document.querySelectorAll('#rail .remark')].map((one) => one.dataset.key)")

    seen = []
    for at in range(len(shown)):
        workbench.page.keyboard.press("F8")
        expect(workbench.spoken).to_contain_text(f"{at + 1} of {len(shown)}. ")
        seen.append(workbench.page.locator(".remark.is-current").get_attribute("data-key"))

    assert seen == shown


def test_the_palette_is_on_every_page(visit: NewPage) -> None:
    workbench = visit("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")

    workbench.page.keyboard.press("Control+k")
    workbench.page.keyboard.insert_text("open forms")
    workbench.page.keyboard.press("Enter")

    expect(workbench.page).to_have_url(re.compile("/forms$"))


def test_rules_narrow_while_one_types(visit: NewPage) -> None:
    workbench = visit("/rules")
    expect(workbench.page.locator("html")).to_have_class("js live")

    workbench.page.get_by_role("searchbox", name="Filter").fill("vague time")
    expect(workbench.page.locator(".row").locator("visible=true")).to_have_count(1)
    workbench.page.get_by_role("searchbox", name="Filter").fill("xyzzy")

    expect(workbench.page.locator("#no-row")).to_be_visible()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(247, 245, 241)"), ("dark", "rgb(20, 22, 26)")])
def test_pages_follow_the_system_until_somebody_chooses(visit: NewPage, scheme: str, paper: str) -> None:
    workbench = visit(color_scheme=scheme)
    background = "getComputedStyle(document.documentElement).backgroundColor"
    other = {"light": "dark", "dark": "light"}[scheme]
    assert workbench.evaluate(background) == paper

    switch = workbench.page.get_by_role("button", name="Theme")
    while workbench.evaluate("document.documentElement.dataset.theme") != other:
        switch.click()
    assert workbench.evaluate(background) != paper
    workbench.open("/rules")

    assert workbench.evaluate("document.documentElement.dataset.theme") == other
    assert workbench.evaluate(background) != paper


def test_nothing_moves_for_those_who_asked_for_that(visit: NewPage) -> None:
    workbench = visit(reduced_motion="reduce")

    moving = workbench.evaluate(
        "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    )

    assert moving == 0


def test_on_paper_there_are_the_words_and_the_remarks(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(f"{FACT} {VAGUE}")
    workbench.until_checked()
    workbench.page.emulate_media(media="print")

    expect(workbench.editor).to_be_visible()
    expect(workbench.page.locator(".remark").first).to_be_visible()
    expect(workbench.page.locator(".bar, .actions, .strip, .fixes").locator("visible=true")).to_have_count(0)
