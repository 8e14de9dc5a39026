"""The page of a timeline in a real browser, opened from a file: fast with 100,000 entries, by mouse, finger and keyboard, for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.integrations.export.timeline import script_of_page, style_of_page, write_page
from e2e.page import Workbench
from e2e.test_everyone import PHONE, TARGETS, complaints_of_axe
from integrations.timeline_rows import BROKEN, FIRST_ERROR, LOGS, NAMES, head_made, rows_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator

pytestmark = pytest.mark.e2e

MANY = 100_000
SECONDS_TO_SHOW = 2.0
"""From navigation to a picture and a list that can be used; the figure of the issue."""

TOLD = 5
"""Rows of the promises and updates that `head_made` has: two made, two ended, one update."""

HOSTILE = "</script><img src=x onerror='window.hacked = 1'><svg onload='window.hacked = 1'>"

Rows = list[dict[str, Any]]
Open = Callable[..., "TimelinePage"]


class TimelinePage(Workbench):
    """The page as its tests speak of it."""

    @property
    def rows(self) -> Locator:
        return self.page.locator(".tl-row")

    @property
    def current(self) -> Locator:
        return self.page.locator(".tl-row.is-current")

    @property
    def search(self) -> Locator:
        return self.page.get_by_role("searchbox")

    @property
    def said(self) -> Locator:
        return self.page.locator(".tl-said")

    @property
    def window(self) -> Locator:
        return self.page.locator(".tl-window")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, facet: str, *values: str) -> None:
        summary = self.page.locator("summary", has_text=re.compile(f"^{facet}"))
        summary.click()
        for value in values:
            self.page.locator(".tl-facet[open] label", has_text=re.compile(f"^{re.escape(value)}")).click()
        summary.click()

    def hash(self) -> str:
        """What stands in the address once it was written."""
        self.page.wait_for_timeout(400)
        return str(self.evaluate("location.hash"))


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page of rows from a file; nothing may be asked of anybody, and the console stays silent."""
    opened: list[tuple[BrowserContext, TimelinePage]] = []

    def open_page(rows: Rows, *, state: str = "", head: dict[str, Any] | None = None, **options: Any) -> TimelinePage:
        path = tmp_path / "timeline.html"
        with path.open("w", encoding="utf-8") as file:
            write_page(head or head_made(rows), iter(rows), file.write)
        given = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Europe/Berlin", "locale": "en-GB", **options}
        context = browser.new_context(**given)
        made = TimelinePage(context.new_page(), "file://")
        opened.append((context, made))
        made.open(f"{path}{state}")
        if given.get("java_script_enabled", True):
            expect(made.page.locator(".amends-timeline")).to_have_class(re.compile("is-live"))
        return made

    yield open_page
    complaints = [line for _, page in opened for line in page.complaints]
    strangers = [line for _, page in opened for line in page.strangers]
    for context, _ in opened:
        context.close()
    assert complaints == []
    assert strangers == []


def test_a_hundred_thousand_entries_are_there_in_two_seconds(browser: Browser, tmp_path: Path) -> None:
    rows = rows_made(MANY, everything=True)
    path = tmp_path / "many.html"
    with path.open("w", encoding="utf-8") as file:
        write_page(head_made(rows, all=True), iter(rows), file.write)
    taken = []
    for _ in range(5):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"file://{path}")
        page.wait_for_function("performance.getEntriesByName('amends:shown').length")
        taken.append(page.evaluate("performance.getEntriesByName('amends:shown')[0].startTime") / 1000)
        expect(page.locator(".tl-row").first).to_be_visible()
        expect(page.locator(".tl-said")).to_have_text(f"{MANY + TOLD:,} of {MANY + TOLD:,} shown")
        page.close()

    assert median(taken) < SECONDS_TO_SHOW, taken


def test_of_many_entries_only_those_in_sight_are_in_the_document_and_the_last_can_be_reached(open_page: Open) -> None:
    page = open_page(rows_made(20_000))

    assert page.rows.count() < 60
    page.evaluate("document.querySelector('.tl-list').scrollTo(0, 1e9)")
    expect(page.rows.last).to_have_attribute("aria-posinset", str(20_000 + TOLD))
    expect(page.rows.last).to_have_attribute("aria-setsize", str(20_000 + TOLD))
    expect(page.rows.last).to_contain_text("no time")
    assert page.rows.count() < 60


def test_the_first_line_says_where_to_look_and_leads_there(open_page: Open) -> None:
    page = open_page(rows_made(5000))
    first = page.page.locator(".tl-first")
    expect(first).to_have_text(
        "First error after a change: 11:42:07 CET in payment.log; 2 changes in the hour before, the last 11:38:12 in deploys.jsonl."
    )

    first.get_by_role("link").first.click()

    expect(page.current).to_contain_text(FIRST_ERROR)
    expect(page.current).to_be_in_viewport()
    expect(page.page.locator(".tl-here")).to_be_visible()


def test_without_errors_the_first_line_says_so(open_page: Open) -> None:
    rows = [{**row, "level": "info"} for row in rows_made(60)]

    page = open_page(rows, head=head_made(rows, promises=[]))

    expect(page.page.locator(".tl-first")).to_have_text("No entry says that it is an error.")


def test_an_open_entry_tells_everything_that_is_known_of_it(open_page: Open) -> None:
    rows = rows_made(5000)
    error = next(row for row in rows if row["text"] == FIRST_ERROR)
    page = open_page(rows)

    page.page.locator(".tl-first a").first.click()

    detail = page.current.locator(".tl-detail")
    for words in (
        "4 Mar 2026 11:42:07.123 CET · 4 Mar 2026 10:42:07.123 GMT · 4 Mar 2026 10:42:07.123 UTC",
        "written “2026-03-04 10:42:07,123”, zone assumed: Europe/London",
        "no zone is stated; one was assumed",
        "began after a change (a candidate, not a cause)",
        "3 min 55 s after the deploy “payments 4.18.0 to production” (candidate)",
        f"line {error['line']:,}, byte {error['offset']:,}, {error['length']} bytes long",
        error["id"],
    ):
        expect(detail).to_contain_text(words)
    expect(page.current.locator(".tl-time")).to_have_attribute("title", re.compile("2026-03-04 10:42:07,123.*assumed: Europe/London"))


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


def holds(row: dict[str, Any], *, words: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> bool:
    text = f"{row['actor'] or ''} {row['text']}".lower()
    return all(word in text for word in words) and not any(word in text for word in without)


@pytest.mark.parametrize(
    ("query", "words", "without"),
    [
        ("TIMEOUT", ("timeout",), ()),
        ("order -timeout", ("order",), ("timeout",)),
        ('"0 idle"', ("0 idle",), ()),
        ('-"0 idle" pool', ("pool",), ("0 idle",)),
    ],
)
def test_words_filter_the_list_and_the_number_is_told(
    open_page: Open, query: str, words: tuple[str, ...], without: tuple[str, ...]
) -> None:
    rows = rows_made(3000)
    page = open_page(rows, head=head_made(rows, promises=[], updates=[]))
    wanted = sum(holds(row, words=words, without=without) for row in rows)

    page.search.fill(query)

    expect(page.said).to_have_text(f"{wanted:,} of 3,000 shown")
    expect(page.page.locator(".tl-sr[role=status]")).to_have_text(f"{wanted:,} of 3,000 entries shown")


def test_facets_narrow_and_tell_what_each_choice_would_leave(open_page: Open) -> None:
    rows = rows_made(3000)
    page = open_page(rows, head=head_made(rows, promises=[], updates=[]))
    errors = [row for row in rows if row["level"] == "error"]
    in_payment = [row for row in errors if row["source"] == LOGS[0]]

    page.choose("Levels", "error")
    expect(page.said).to_have_text(f"{len(errors):,} of 3,000 shown")
    page.choose("Sources", "payment.log")
    expect(page.said).to_have_text(f"{len(in_payment):,} of 3,000 shown")

    page.page.locator("summary", has_text="Levels").click()
    critical = sum(row["level"] == "critical" and row["source"] == LOGS[0] for row in rows)
    expect(page.page.locator(".tl-facet[open] label", has_text="critical").locator("small")).to_have_text(f"{critical:,}")
    page.press("Escape")
    page.page.get_by_role("button", name="Clear").click()
    expect(page.said).to_have_text("3,000 of 3,000 shown")


def test_reasons_filter_by_any_of_those_chosen(open_page: Open) -> None:
    rows = rows_made(3000)
    page = open_page(rows)

    page.choose("Reasons", "human", "alert")

    expect(page.said).to_contain_text(re.compile(r"^3 of "))
    assert [text.split()[0] for text in page.rows.locator(".tl-text").all_inner_texts()] == ["payments:", "Mara", "Jonas"]


def test_dragging_over_the_picture_shows_that_stretch_in_the_list(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    whole = page.window.inner_text()
    box = page.page.locator(".tl-plot").bounding_box()
    assert box

    page.page.mouse.move(box["x"] + 400, box["y"] + 60)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 500, box["y"] + 60, steps=4)
    page.page.mouse.up()

    expect(page.window).not_to_have_text(whole)
    begin, end = re.findall(r"\d\d:\d\d:\d\d", page.window.inner_text())
    times = [text.split()[0] for text in page.rows.locator(".tl-time", has_not_text="earlier").all_inner_texts()]
    assert times
    assert all(begin <= time[:8] <= end for time in times)
    page.press("0")
    expect(page.window).to_have_text(whole)


def test_the_strip_moves_the_window(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    page.press("+", "+")
    expect(page.window).to_contain_text("(46 min")
    before = page.window.inner_text()
    brush = page.page.locator(".tl-brush").bounding_box()
    assert brush

    page.page.mouse.move(brush["x"] + brush["width"] / 2, brush["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(brush["x"] + brush["width"] / 2 + 200, brush["y"] + 10, steps=4)
    page.page.mouse.up()

    expect(page.window).not_to_have_text(before)
    assert page.window.inner_text().split("(")[1] == before.split("(")[1], "as long as before"


def test_the_wheel_zooms_around_the_place_it_is_at(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    page.page.locator(".tl-first a").first.click()
    here = page.page.locator(".tl-here")
    x = here.bounding_box()["x"]  # type: ignore[index]  # it is shown
    frame = page.page.locator(".tl-lanes-frame").bounding_box()
    assert frame

    page.page.mouse.move(x, frame["y"] + 60)
    for _ in range(4):
        page.page.mouse.wheel(0, -120)
    expect(page.window).not_to_contain_text("3 h")

    assert here.bounding_box()["x"] == pytest.approx(x, abs=16)  # type: ignore[index]  # it is shown


def test_two_fingers_zoom_and_one_moves(open_page: Open) -> None:
    page = open_page(rows_made(3000), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.page.locator(".tl-plot").scroll_into_view_if_needed()
    plot = page.page.locator(".tl-plot").bounding_box()
    assert plot
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


def test_a_mark_selects_its_row_and_a_row_its_mark(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    page.search.fill('"error rate above"')
    expect(page.said).to_contain_text("1 of")
    page.rows.first.click()
    here = page.page.locator(".tl-here").bounding_box()
    assert here
    page.page.get_by_role("button", name="Clear").click()
    page.press("Escape", "Escape")
    page.page.locator(".tl-first a").last.click()
    expect(page.current).to_contain_text("payments 4.18.0 to production")

    lane = page.page.locator(".tl-lane", has_text="pagerduty.json").locator("canvas").bounding_box()
    assert lane
    page.page.mouse.move(here["x"], lane["y"] + 12)
    expect(page.page.locator(".tl-tip")).to_contain_text("critical · payments: error rate above 20 %")
    page.page.mouse.click(here["x"], lane["y"] + 12)

    expect(page.current).to_contain_text("payments: error rate above 20 %")
    expect(page.current.locator(".tl-head")).to_be_focused()


def test_the_lane_of_the_selected_entry_comes_into_sight(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    lane = page.page.locator(".tl-lane", has_text="deploys.jsonl")
    frame = page.page.locator(".tl-lanes-frame")
    page.evaluate("document.querySelector('.tl-lanes-frame').scrollTo(0, 1e6)")

    page.press("c")

    expect(lane).to_have_class(re.compile("is-current"))
    box, around, ring = lane.bounding_box(), frame.bounding_box(), page.page.locator(".tl-ring").bounding_box()
    assert box
    assert around
    assert ring
    axis = 24
    assert around["y"] + axis - 2 <= box["y"] <= around["y"] + around["height"] - box["height"]
    assert box["y"] - 2 <= ring["y"] <= box["y"] + box["height"]


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


def test_the_address_brings_back_window_filter_zone_and_entry(open_page: Open) -> None:
    rows = rows_made(3000)
    page = open_page(rows)
    page.search.fill("timeout -upstream")
    page.choose("Levels", "error")
    page.page.get_by_role("combobox").select_option("UTC")
    page.press("n")
    page.page.locator(".tl-lanes-frame").focus()
    page.press("+", "+")
    state = page.hash()
    shown, window, entry = page.said.inner_text(), page.window.inner_text(), page.current.get_attribute("data-at")

    again = open_page(rows, state=state)

    expect(again.said).to_have_text(shown)
    expect(again.window).to_have_text(window)
    expect(again.current).to_have_attribute("data-at", str(entry))
    expect(again.current.locator(".tl-detail")).to_be_visible()
    expect(again.search).to_have_value("timeout -upstream")
    expect(again.page.get_by_role("combobox")).to_have_value("UTC")


def test_an_address_of_an_entry_that_is_not_here_says_so(open_page: Open) -> None:
    page = open_page(rows_made(60), state="#open=00000000-0")

    expect(page.page.locator(".tl-told")).to_have_text("The entry 00000000-0 of the address is not on this page.")


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


def test_entries_without_a_time_have_a_place_of_their_own(open_page: Open) -> None:
    page = open_page(rows_made(3000))

    page.page.get_by_role("button", name="3 entries have no time of their own").click()

    expect(page.current).to_contain_text("call the bank back")
    expect(page.current.locator(".tl-detail")).to_contain_text("none of its own")
    page.press("+")
    expect(page.said).not_to_contain_text("3,005 of")


def test_repeats_that_began_before_the_window_are_still_listed(open_page: Open) -> None:
    rows = rows_made(60)
    rows[0].update(count=4212, last_time="2026-03-04T11:30:00.000000Z", text="long runner")
    begin = round(BROKEN.timestamp() * 1e6)

    page = open_page(rows, state=f"#from={begin}&to={begin + 60_000_000}")

    expect(page.rows.first).to_contain_text("long runner")
    expect(page.rows.first).to_contain_text("×4,212 until 12:30:00")
    expect(page.rows.first.locator(".tl-time")).to_contain_text("earlier")


def test_one_entry_of_the_year_1_does_not_squeeze_the_others_into_a_line(open_page: Open) -> None:
    rows = rows_made(3000)
    head = head_made(rows)
    rows[0]["time"] = "0001-01-01T00:00:00.000000Z"
    page = open_page(rows, head=head)

    expect(page.window).to_contain_text("4 Mar 2026")
    expect(page.said).not_to_contain_text("3,005 of")
    page.press("0")

    expect(page.said).to_contain_text("3,005 of")
    expect(page.rows.first.locator(".tl-time")).to_contain_text("1 Jan UTC")


def test_promises_and_updates_have_a_lane_and_rows(open_page: Open) -> None:
    page = open_page(rows_made(3000))

    expect(page.page.locator(".tl-lane-name").first).to_contain_text("Promises and updates")
    page.choose("Kinds", "promise", "update")

    expect(page.rows.locator(".tl-text")).to_have_text(
        [
            "Promised: “Next update at 11:15”",
            "first-message Payments fail since 10:42. It was my deploy.",
            "Promised: “I will write the review by noon”",
            "Promise missed: “Next update at 11:15”",
            "Promise kept: “I will write the review by noon”",
        ]
    )


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
        f"{modules}\nfor (const id of ['one', 'two']) mount(document.getElementById(id), {{...{json.dumps(head)}, entries: [{block}]}});"
        "document.body.dataset.done = 'yes';</script>"
    )
    expect(page.locator("body[data-done]")).to_be_attached()

    page.locator("#two .tl-first a").first.click()
    page.locator("#after").click()
    page.keyboard.press("/")

    expect(page.locator("#one .tl-row.is-current")).to_have_count(0)
    expect(page.locator("#two .tl-row.is-current")).to_have_count(1)
    expect(page.locator("#two").get_by_role("button", name="Copy link")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "BODY", "keys pressed elsewhere are not taken"
    assert page.evaluate("location.hash") == ""
    assert page.evaluate("getComputedStyle(document.getElementById('after')).fontSize") == "16px", "the style stays inside"
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
