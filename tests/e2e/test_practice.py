"""A conversation practised in a browser: by keyboard alone from start to look back, on a phone, without a script, and with a voice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.interfaces.web.assets import Assets
from amends.practice.stage import stage
from amends.usecases.practising_shelf import Shelf
from e2e.axe import complaints_of_axe
from e2e.test_everyone import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e

DRILL = "charged-twice"
SPUN = "We apologise for any inconvenience caused. It should arrive soon."
OWNED = "We charged you twice on 20 March, and that was our fault."


def good_turns() -> tuple[str, ...]:
    scenario = Shelf().get(DRILL)
    told = stage(scenario, 0, None, scenario.variants[0][0]).scenario
    return next(one.turns for one in told.transcripts if one.kind == "good")


def begun(visit: NewPage, **options: Any) -> Workbench:
    workbench = visit(f"/practice/{DRILL}?variant={Shelf().get(DRILL).variants[0][0]}", **options)
    workbench.page.get_by_role("button", name="Begin", exact=True).click()
    until_ready(workbench)
    return workbench


def until_ready(workbench: Workbench) -> None:
    expect(workbench.page.locator("#say[data-ready]")).to_be_visible()
    expect(workbench.page.get_by_label("What you write")).to_be_focused()


def say(workbench: Workbench, text: str, turn: int) -> None:
    workbench.page.get_by_label("What you write").fill(text)
    workbench.page.keyboard.press("Control+Enter")
    expect(workbench.page.locator(f"#turn-{turn}, #over").first).to_be_attached()


def end(page: Page) -> None:
    """Ends the conversation, which is asked for in two steps."""
    page.get_by_text("End it here").click()
    page.get_by_role("button", name="End it for good").click()


def tab_to(workbench: Workbench, name: str) -> None:
    """Presses Tab until something of this name has the focus."""
    for _ in range(60):
        workbench.page.keyboard.press("Tab")
        if name in workbench.evaluate("document.activeElement.closest('label, a, button, summary')?.textContent ?? ''"):
            return
    raise AssertionError(name)


def test_a_drill_is_played_by_keyboard_alone_from_start_to_look_back(visit: NewPage) -> None:
    workbench = visit("/practice")
    page = workbench.page
    tab_to(workbench, Shelf().get(DRILL).title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It begins like this")).to_be_visible()
    tab_to(workbench, "Begin")
    page.keyboard.press("Enter")
    until_ready(workbench)
    for number, text in enumerate(good_turns(), 1):
        first, _, rest = text.partition(". ")
        page.keyboard.insert_text(f"{first}.")
        page.keyboard.press("Enter")
        page.keyboard.insert_text(rest)
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"#turn-{number}, #over").first).to_be_attached()
        if page.locator("#over").count():
            break
        expect(page.locator("#spoken")).to_contain_text("Now: anger")
        expect(page.get_by_label("What you write")).to_be_focused()
        assert ".\n" in page.locator(f"#turn-{number} .mine .said-words").inner_text()

    expect(page.locator("#over")).to_be_focused()
    expect(page.locator("#over")).to_contain_text("Settled.")
    expect(page.get_by_role("heading", name="One goal")).to_be_visible()
    tab_to(workbench, "Begin: The day after")
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_be_visible()


def test_a_turn_shows_what_was_heard_and_folds_what_was_told_before(visit: NewPage) -> None:
    workbench = begun(visit)
    page = workbench.page
    assert not page.locator(".bar").is_visible()
    expect(page.locator("#gauge .gauge-anger")).to_contain_text("angry")

    say(workbench, SPUN, 1)
    expect(page.locator("#turn-1 .findings")).to_have_attribute("open", "")
    expect(page.locator("#turn-1 .finding q").first).to_be_visible()
    expect(page.locator("#gauge .gauge-anger")).to_contain_text("furious worse")
    say(workbench, OWNED, 2)

    expect(page.locator("#turn-1 .findings")).not_to_have_attribute("open", "")
    expect(page.locator("#count")).to_have_text("Turn 3 of at most 7")
    page.reload()
    expect(page.locator("#talk > li")).to_have_count(3)
    page.get_by_text("What you know").click()
    expect(page.get_by_role("region", name="What you know")).to_contain_text("11,940 kroner")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="What you know")).not_to_be_visible()


def test_a_text_that_is_too_long_is_refused_where_the_eyes_are_and_keeps_its_place(visit: NewPage) -> None:
    workbench = begun(visit, **PHONE)
    page = workbench.page
    page.get_by_text("End it here").click()
    expect(page.locator("#ending")).to_contain_text("Nothing was said yet")
    say(workbench, SPUN, 1)
    expect(page.locator("#ending")).to_contain_text("looked back at as it stands")

    page.get_by_label("What you write").fill("word " * 15_000)
    expect(page.locator("#refused")).to_have_text("A turn has at most 20,000 characters, this one has 75,000. Say one thing at a time.")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("#refused")).to_be_in_viewport()
    expect(page.locator("#count")).to_be_in_viewport()
    assert page.locator(".say .written").bounding_box()["height"] < 600  # type: ignore[index]  # it is there
    page.get_by_label("What you write").fill(OWNED)
    expect(page.locator("#refused")).to_be_empty()


def test_words_are_underlined_while_they_are_written_unless_one_tests_oneself(visit: NewPage) -> None:
    workbench = begun(visit)
    workbench.page.keyboard.insert_text(SPUN)
    expect(workbench.page.locator("#help li").first).to_be_visible()
    expect(workbench.page.locator(".mirror .found").first).to_contain_text("inconvenience")
    expect(workbench.page.locator("#kept")).to_contain_text("Kept in this browser")
    expect(workbench.page.locator("#spoken")).to_contain_text("remarks on what you write")

    workbench.open(f"/practice/{DRILL}")
    workbench.page.get_by_label("To test yourself").check()
    workbench.page.get_by_role("button", name="Begin", exact=True).click()
    until_ready(workbench)
    with_checks: list[str] = []
    workbench.page.on("request", lambda request: with_checks.append(request.url) if "/check" in request.url else None)
    workbench.page.keyboard.insert_text(SPUN)
    say(workbench, SPUN, 1)

    assert with_checks == []
    assert workbench.page.locator("#help li").count() == 0


def test_what_is_written_outlives_the_page_and_a_server_that_is_away(visit: NewPage) -> None:
    workbench = begun(visit)
    page = workbench.page
    page.keyboard.insert_text(OWNED)
    page.reload()
    until_ready(workbench)
    expect(page.get_by_label("What you write")).to_have_value(OWNED)

    workbench.go_offline()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#refused")).to_contain_text("Your words are still here")
    workbench.go_online()
    page.get_by_role("button", name="Send").click()

    expect(page.locator("#turn-1")).to_be_attached()
    expect(page.get_by_label("What you write")).to_have_value("")
    assert workbench.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('amends-practice:'))") == []


def test_deleting_everything_takes_what_this_browser_kept_along(visit: NewPage) -> None:
    workbench = begun(visit)
    workbench.page.keyboard.insert_text(OWNED)
    expect(workbench.page.locator("#kept")).to_contain_text("Kept in this browser")
    workbench.open("/practice")
    expect(workbench.page.locator("html")).to_have_class("js live")
    workbench.page.get_by_text("Delete all of it").click()
    expect(workbench.page.get_by_text("This cannot be undone.")).to_be_visible()
    workbench.page.get_by_role("button", name="Delete everything for good").click()

    expect(workbench.page.get_by_role("status")).to_contain_text("Deleted for good.")
    assert workbench.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('amends-practice:'))") == []


def test_a_turn_taken_in_another_tab_is_refused_and_its_words_stay(visit: NewPage) -> None:
    workbench = begun(visit)
    here = workbench.page.url.removeprefix(workbench.address)
    workbench.page.request.post(workbench.address + here, form={"text": SPUN, "turn": "1"}, max_redirects=0)

    workbench.page.keyboard.insert_text(OWNED)
    workbench.page.keyboard.press("Control+Enter")

    expect(workbench.page.locator("#refused")).to_contain_text("Turn 1 was taken with other words.")
    expect(workbench.page.get_by_label("What you write")).to_have_value(OWNED)


def test_without_a_script_every_turn_is_a_page(visit: NewPage) -> None:
    workbench = visit(f"/practice/{DRILL}", java_script_enabled=False)
    page = workbench.page
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_label("What you write").fill(SPUN)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#turn-1")).to_contain_text("inconvenience")
    assert not page.locator("#speak").is_visible()
    end(page)

    expect(page.locator("#over")).to_contain_text("You ended it.")


def test_a_group_plays_without_leaving_anything_behind(visit: NewPage) -> None:
    workbench = visit("/practice/team")
    page = workbench.page
    before = page.request.get(f"{workbench.address}/practice/export").json()
    page.get_by_role("button", name="Spin").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#say[data-ready]")).to_be_visible()
    page.get_by_label("What you say, as a group").fill(OWNED)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#turn-1")).to_contain_text("Your group")
    assert workbench.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))"), "nobody loses it unasked"
    end(page)

    expect(page.locator("#over")).to_be_visible()
    assert page.request.get(f"{workbench.address}/practice/export").json() == before
    assert workbench.evaluate("localStorage.length") == 0


SPEECH = """async (url) => {
  const sound = await import(url);
  const rate = 8000, samples = new Float32Array(rate * 9);
  const talk = (from, to) => { for (let at = from * rate; at < to * rate; at += 1) samples[at] = 0.3 * Math.sin(at / 3); };
  for (let at = 0; at < samples.length; at += 1) samples[at] = 0.001 * Math.sin(at);
  talk(0.5, 2); talk(5, 6); talk(6.4, 8);
  const runs = sound.speech(sound.frames(samples, rate));
  const text = "Um, hello there, you know, and good morning. We did it.";
  const quiet = sound.speech(sound.frames(new Float32Array(rate), rate));
  return {runs, quiet, told: sound.told(runs, text, text.indexOf("We")), none: sound.told([], "", null)};
}"""  # fmt: skip


def test_pauses_and_fillers_are_counted_in_the_page(visit: NewPage) -> None:
    workbench = visit("/practice")
    found = workbench.evaluate(SPEECH, Assets().url("practice-sound.js"))

    assert [[round(at, 1) for at in run] for run in found["runs"]] == [[0.5, 2.0], [5.0, 6.0], [6.4, 8.0]]
    told = found["told"]
    assert (told["pauses"], told["longest_pause"], told["fillers"], told["seconds"]) == (1, 3.0, 2, 8.0)
    assert 6.4 < told["ownership_at"] < 7.5
    assert found["none"]["pace"] is None
    assert found["quiet"] == []


NO_MICROPHONE = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'))"
LOCAL = """globalThis.SpeechRecognition = class { static available({processLocally}) { return processLocally ? 'available' : 'no'; } }"""
MAKER = "globalThis.SpeechRecognition = class {}; delete globalThis.webkitSpeechRecognition"


@pytest.mark.parametrize(
    ("browser_has", "says"), [(LOCAL, "stays on this device"), (MAKER, "the words you send and a few counts leave it")]
)
def test_nobody_hears_a_voice_without_having_been_named(visit: NewPage, browser_has: str, says: str) -> None:
    workbench = visit("/practice")
    workbench.page.add_init_script(f"{browser_has}; {NO_MICROPHONE}")
    workbench.open(f"/practice/{DRILL}")
    workbench.page.get_by_role("button", name="Begin", exact=True).click()
    workbench.page.get_by_role("button", name="Say it aloud").click()

    expect(workbench.page.locator("#speak-state")).to_contain_text(says)
    assert workbench.page.locator("#speak-consent").is_visible() == (browser_has == MAKER)
    if browser_has == MAKER:
        workbench.page.get_by_text("Have it written down for you").click()
        expect(workbench.page.locator("#speak-who")).to_contain_text("Google for Chrome")
        expect(workbench.page.get_by_label("I know who hears me")).not_to_be_checked()
    workbench.page.get_by_role("button", name="Record").click()
    expect(workbench.page.locator("#speak-state")).to_contain_text("gives no microphone")


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_has_nothing_to_say_and_nothing_is_wider_than_the_page(visit: NewPage, options: dict[str, Any]) -> None:
    workbench = visit("/practice", **options)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        width = workbench.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[name] = complaints_of_axe(workbench) + ([f"{width} px too wide"] if width > 0 else [])

    for path in ("/practice", f"/practice/{DRILL}", "/practice/team", f"/practice/team/{DRILL}", "/practice/own", "/practice/rehearse"):
        workbench.open(path)
        workbench.evaluate("document.querySelectorAll('main details, aside details').forEach((one) => { one.open = true })")
        look(path)
    workbench.open(f"/practice/{DRILL}")
    workbench.page.get_by_role("button", name="Begin", exact=True).click()
    until_ready(workbench)
    look("begun")
    workbench.page.get_by_label("What you write").fill(SPUN)
    expect(workbench.page.locator("#help li").first).to_be_visible()
    workbench.page.get_by_role("button", name="Say it aloud").click()
    look("written")
    workbench.page.get_by_role("button", name="Send").click()
    expect(workbench.page.locator("#turn-1")).to_be_attached()
    workbench.page.get_by_text("What you know").first.click()
    look("answered")
    workbench.page.keyboard.press("Escape")
    end(workbench.page)
    workbench.page.locator(".whole > summary").click()
    look("over")
    workbench.open("/practice/history")
    look("history")

    assert {name: said for name, said in found.items() if said} == {}


def test_what_is_pressed_is_large_enough_for_a_thumb(visit: NewPage) -> None:
    workbench = begun(visit, **PHONE)
    say(workbench, SPUN, 1)
    small: Callable[[], Any] = lambda: workbench.evaluate(  # noqa: E731  # asked twice
        "[...document.querySelectorAll('main :is(button, summary, textarea, .tick)')].filter((one) => one.checkVisibility())"
        ".map((one) => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect().height]).filter(([, height]) => height < 43.5)"
    )
    assert small() == []
    end(workbench.page)
    expect(workbench.page.locator("#over")).to_be_visible()
    assert small() == []
    assert re.search(r"/practice/session/", workbench.page.url)
