"""The page of a timeline for everybody: keys, fingers, readers, paper, other zones, hostile text, and as a guest in another page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from amends.integrations.export.timeline import script_of_page, style_of_page, write_page
from e2e.axe import complaints_of_axe
from e2e.test_everyone import PHONE, TARGETS
from e2e.timeline import box_of, opening
from integrations.timeline_rows import FIRST_ERROR, LOGS, NAMES, head_made, rows_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from e2e.timeline import Open

pytestmark = pytest.mark.e2e

HOSTILE = "</script><img src=x onerror='window.hacked = 1'><svg onload='window.hacked = 1'>"


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of some rows."""
    yield from opening(browser, tmp_path)


def test_citation_and_command_are_copied(open_page: Open) -> None:
    rows = rows_made(300)
    error = next(row for row in rows if row["text"] == FIRST_ERROR)
    page = open_page(rows)
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.page.locator(".tl-first a").first.click()

    page.page.get_by_role("button", name="Copy citation").click()
    expect(page.page.locator(".tl-told")).to_contain_text("Copied: evidence/payment.log:")
    place = f"byte {error['offset']}, {error['length']} bytes, sha256 {error['sha256']}, entry {error['id']}"
    cited = f"evidence/payment.log:{error['line']} ({place})"
    assert page.evaluate("navigator.clipboard.readText()") == cited
    page.page.get_by_role("button", name="Copy command").click()
    expect(page.page.locator(".tl-told")).to_contain_text("amends timeline show")
    assert page.evaluate("navigator.clipboard.readText()") == f"amends timeline show {error['id']} evidence/payment.log"
    page.page.get_by_role("button", name="Copy link").click()
    expect(page.page.locator(".tl-told")).to_contain_text("file://")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"#open={error['id']}")


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("bundle.zip!/var/app.log", "bundle.zip"),
        ("it's here/a b.log", r"'it'\''s here/a b.log'"),
        ("$(rm -rf x)`y`.log", "'$(rm -rf x)`y`.log'"),
        ("-rf", "'-rf'"),
        ("a\nb\x1b[31m.log", "'a?b?[31m.log'"),
    ],
)
def test_a_command_is_safe_to_paste_whatever_a_source_is_called(open_page: Open, name: str, quoted: str) -> None:
    rows = rows_made(30)
    head = head_made(rows)
    for row in rows:
        row["source"] = name if row["source"] == LOGS[0] else row["source"]
    head["sources"][0]["name"] = name
    page = open_page(rows, head=head)
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.page.locator(".tl-first a").first.click()

    page.page.get_by_role("button", name="Copy command").click()
    expect(page.page.locator(".tl-told")).to_contain_text("Copied")

    assert str(page.evaluate("navigator.clipboard.readText()")).split(" ", 4)[4] == quoted


def test_two_fingers_zoom_and_one_moves(open_page: Open) -> None:
    page = open_page(rows_made(3000), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.page.locator(".tl-plot").scroll_into_view_if_needed()
    plot = box_of(page.page.locator(".tl-plot"))
    whole = page.window.inner_text()
    touch = page.page.context.new_cdp_session(page.page)

    def fingers(kind: str, *places: float) -> None:
        points = [{"x": x, "y": plot["y"] + 60, "id": at} for at, x in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 150, 250)
    for by in (10, 30, 50, 70):
        fingers("touchMove", 150 - by, 250 + by)
    fingers("touchEnd")
    expect(page.window).not_to_have_text(whole)
    zoomed = page.window.inner_text()
    fingers("touchStart", 200)
    for by in (10, 40, 80):
        fingers("touchMove", 200 - by)
    fingers("touchEnd")
    expect(page.window).not_to_have_text(zoomed)

    assert page.window.inner_text().split("(")[1] == zoomed.split("(")[1], "as long as before"


def test_keys_go_through_entries_errors_and_changes(open_page: Open) -> None:
    page = open_page(rows_made(3000))

    page.press("c")
    expect(page.current).to_contain_text("checkout 2.7.1 to production")
    page.press("c")
    expect(page.current).to_contain_text("payments 4.18.0 to production")
    expect(page.current.locator(".tl-head")).to_have_attribute("aria-expanded", "true")
    page.press("n")
    expect(page.current).to_contain_text(FIRST_ERROR)
    page.press("p")
    expect(page.page.locator(".tl-told")).to_have_text("No earlier error in what is shown.")
    page.press("Escape")
    expect(page.current.locator(".tl-head")).to_have_attribute("aria-expanded", "false")
    place = int(page.current.get_attribute("aria-posinset") or 0)
    page.press("j", "j", "k")
    expect(page.current).to_have_attribute("aria-posinset", str(place + 1))
    page.press("Enter")
    expect(page.current.locator(".tl-detail")).to_be_visible()


def test_slash_filters_question_mark_helps_and_escape_leaves(open_page: Open) -> None:
    page = open_page(rows_made(300))

    page.press("/")
    expect(page.search).to_be_focused()
    page.page.keyboard.insert_text("jnc? pool")
    expect(page.search).to_have_value("jnc? pool")
    expect(page.page.locator(".tl-nothing").first).to_contain_text("Nothing matches this filter.")
    page.press("Escape")
    expect(page.said).to_have_text(re.compile(r"^305 of 305"))
    page.press("Escape", "?")
    help_ = page.page.get_by_role("dialog", name="Help: keys and marks")
    expect(help_).to_be_visible()
    page.press("Escape")
    expect(help_).to_be_hidden()


def test_times_are_written_with_their_zone_which_can_be_chosen(open_page: Open) -> None:
    page = open_page(rows_made(60), timezone_id="America/New_York")
    options = page.page.get_by_role("combobox").locator("option")
    expect(options).to_have_text(["America/New_York (yours)", "Europe/London (assumed)", "UTC"])
    page.page.locator(".tl-first a").first.click()

    written = {}
    for zone in ("America/New_York", "Europe/London", "UTC"):
        page.page.get_by_role("combobox").select_option(zone)
        written[zone] = page.current.locator(".tl-time").inner_text().split()

    assert written == {
        "America/New_York": ["05:42:07.123", "4", "Mar", "GMT-5"],
        "Europe/London": ["10:42:07.123", "4", "Mar", "GMT"],
        "UTC": ["10:42:07.123", "4", "Mar", "UTC"],
    }


def test_problems_and_clocks_are_told_where_somebody_looks_for_them(open_page: Open) -> None:
    page = open_page(rows_made(300))
    panel = page.page.get_by_role("region", name="Sources")
    expect(panel).to_be_hidden()

    page.page.get_by_text("8 sources · 2 problems · 1 clock may differ").click()

    expect(panel.get_by_role("row")).to_have_count(len(NAMES) + 1)
    expect(panel).to_contain_text("Its clock seems 3.2 s ahead of that of payment.log (± 0.4 s, from 12 shared events).")
    expect(panel).to_contain_text("bundle.zip!/core.dump not text, and no format that is known")


def test_hostile_text_is_shown_and_does_nothing(open_page: Open) -> None:
    rows = rows_made(60)
    for row in rows:
        row.update(text=HOSTILE, actor=HOSTILE, because=[HOSTILE], time_text=HOSTILE)
    page = open_page(rows, head=head_made(rows, title=HOSTILE, problems=[{"source": HOSTILE, "message": HOSTILE}]))
    page.page.locator(".tl-first a").first.click()
    page.page.locator(".tl-sources summary").click()
    page.page.emulate_media(media="print")
    page.page.wait_for_timeout(200)

    expect(page.page.locator("h1")).to_have_text(HOSTILE)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('img, svg[onload]').length") == 0


def test_a_timeline_without_entries_says_what_to_do(open_page: Open) -> None:
    page = open_page([], head=head_made([], promises=[], updates=[]))

    expect(page.page.locator(".tl-first")).to_have_text("There are no entries.")
    expect(page.page.locator(".tl-nothing").first).to_contain_text("The sources held no entries.")
    page.press("j", "n", "c", "+", "0", "Enter")


def test_without_a_script_the_first_entries_are_a_table(open_page: Open) -> None:
    page = open_page(rows_made(1000), java_script_enabled=False)

    expect(page.page.get_by_role("row")).to_have_count(201)
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Payments time out after a deploy")
    expect(page.page.locator("noscript")).to_be_visible()


def test_on_paper_stands_what_is_shown(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    page.search.fill('"error rate above"')
    expect(page.said).to_contain_text("1 of")

    page.page.emulate_media(media="print")

    expect(page.page.locator(".tl-paper tbody tr")).to_have_count(1)
    expect(page.page.locator(".tl-paper")).to_contain_text("4 Mar 2026 11:44:10.123 CET")
    expect(page.page.locator(".tl-first")).to_be_visible()
    expect(page.page.locator("canvas, button, input").locator("visible=true")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say(open_page: Open, scheme: str) -> None:
    page = open_page(rows_made(3000), color_scheme=scheme)
    said = {"first": complaints_of_axe(page)}
    page.press("c", "c", "n")
    said["open"] = complaints_of_axe(page)
    page.page.locator(".tl-sources summary").click()
    said["sources"] = complaints_of_axe(page)
    page.press("Escape")
    page.page.locator("summary", has_text="Reasons").click()
    said["facet"] = complaints_of_axe(page)
    page.press("Escape", "?")
    said["help"] = complaints_of_axe(page)

    assert {part: found for part, found in said.items() if found} == {}


def test_axe_has_nothing_to_say_without_a_script_or_on_a_phone(open_page: Open) -> None:
    rows = rows_made(300)
    phone = open_page(rows, **PHONE)
    phone.page.locator(".tl-first a").first.click()

    assert complaints_of_axe(phone) == []


def test_a_small_phone_has_no_sideways_scrolling_and_room_for_thumbs(open_page: Open) -> None:
    rows = rows_made(300)
    for row in rows:
        row["text"] += " https://status.example.org/" + "incidents-with-a-very-long-name" * 6
    page = open_page(rows, **PHONE)
    wide = [page.evaluate("document.documentElement.scrollWidth")]
    page.page.locator(".tl-first a").first.click()
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    page.page.locator(".tl-sources summary").click()
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    small = [one for one in page.evaluate(TARGETS) if one != ["", 20]]

    assert wide == [360, 360, 360]
    assert small == []


def test_nothing_moves_by_itself(open_page: Open) -> None:
    page = open_page(rows_made(300))

    moving = page.evaluate("document.getAnimations().length")
    timed = "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"

    assert (moving, page.evaluate(timed)) == (0, 0)


def test_the_view_is_a_guest_in_any_element_of_any_page(open_page: Open, browser: Browser) -> None:
    rows = rows_made(60)
    text = open_page(rows).page.content()
    head = json.loads(re.findall(r'id="amends-head">(.+?)</script>', text)[0])
    pieces: list[str] = []
    write_page(head_made(rows), rows, pieces.append)
    block = re.findall(r'class="amends-block">(.+?)</script>', "".join(pieces))[0]
    modules = script_of_page().split("// The page that stands alone")[0]
    page = browser.new_page()
    page.set_content(
        f"<style>{style_of_page()}</style><div id='one'></div><div id='two'></div><p id='after'>After</p><script type='module'>"
        f"{modules}\nwindow.views = ['one', 'two'].map((id) => mount(document.getElementById(id), {{...{json.dumps(head)}, "
        f"entries: [{block}]}}));"
        "document.body.dataset.done = 'yes';</script>"
    )
    expect(page.locator("body[data-done]")).to_be_attached()
    assert page.evaluate("scrollY") == 0, "the other page stays where it was"

    page.locator("#two .tl-first a").first.click()
    page.locator("#after").click()
    page.keyboard.press("/")

    expect(page.locator("#one .tl-row.is-current")).to_have_count(0)
    expect(page.locator("#two .tl-row.is-current")).to_have_count(1)
    expect(page.locator("#two").get_by_role("button", name="Copy link")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "BODY", "keys pressed elsewhere are not taken"
    assert page.evaluate("location.hash") == ""
    assert page.evaluate("getComputedStyle(document.getElementById('after')).fontSize") == "16px", "the style stays inside"
    page.evaluate("views[0].unmount()")
    expect(page.locator("#one")).to_be_empty()
    expect(page.locator("#one")).not_to_have_class(re.compile("amends-timeline|is-live"))
    expect(page.locator("#two .tl-row.is-current")).to_have_count(1)
    page.close()


LISTENED = """
window.heard = new Map();
window.watching = 0;
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (name, run, how) {
  const isFar = !(this instanceof Node && !(this instanceof Document)) && !(this instanceof AbortSignal);
  if (isFar) {
    heard.set(run, name);
    how?.signal?.addEventListener("abort", () => heard.delete(run));
  }
  return add.call(this, name, run, how);
};
for (const kind of ["ResizeObserver", "MutationObserver"]) {
  const {observe, disconnect} = window[kind].prototype;
  window[kind].prototype.observe = function (...given) { watching += 1; return observe.apply(this, given); };
  window[kind].prototype.disconnect = function () { watching -= 1; return disconnect.call(this); };
}
"""


def test_a_view_that_is_taken_away_hears_nothing_any_more(browser: Browser) -> None:
    rows = rows_made(60)
    pieces: list[str] = []
    write_page(head_made(rows), rows, pieces.append)
    text = "".join(pieces)
    head, block = (re.findall(rf'{name}">(.+?)</script>', text)[0] for name in ("amends-head", "amends-block"))
    modules = script_of_page().split("// The page that stands alone")[0]
    page = browser.new_page()
    page.set_content(
        f"<style>{style_of_page()}</style><div id='one'></div><script type='module'>{LISTENED}{modules}\n"
        f"const view = mount(document.getElementById('one'), {{...{head}, entries: [{block}]}}, {{keys: document, links: true}});"
        "window.during = [heard.size, watching]; view.setWindow(view.window); view.unmount(); document.body.dataset.done = 'yes';</script>"
    )
    expect(page.locator("body[data-done]")).to_be_attached()
    page.keyboard.press("j")
    page.keyboard.press("?")
    page.wait_for_timeout(400)

    listeners, observers = page.evaluate("during")
    assert listeners >= 5
    assert observers == 3
    assert page.evaluate("[[...heard.values()], watching]") == [[], 0]
    assert page.evaluate("[document.getElementById('one').childElementCount, location.hash]") == [0, ""]
    page.close()


def test_the_hour_that_is_there_twice_and_the_one_that_is_not_are_told_by_their_zone(open_page: Open) -> None:
    times = ["2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"]
    rows = rows_made(15)[:4]
    head = head_made(rows, promises=[], updates=[])
    for row, time in zip(rows, times, strict=True):
        row.update(time=f"{time}.000000Z", last_time=None, count=1)

    page = open_page(rows, head=head, timezone_id="Europe/London")

    written = [" ".join(text.split()) for text in page.rows.locator(".tl-time").all_inner_texts()]
    assert written == ["00:59:59 29 Mar GMT", "02:00:00 29 Mar BST", "01:30:00 25 Oct BST", "01:30:00 25 Oct GMT"]
