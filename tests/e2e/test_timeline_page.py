"""The page of a timeline in a real browser, opened from a file: fast with 100,000 entries, picture and list in step, permalinks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.integrations.export.timeline import write_page
from e2e.timeline import box_of, opening
from integrations.timeline_rows import BROKEN, CANDIDATE, DEPLOYS, FIRST_ERROR, LOGS, SLACK, head_made, rows_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from e2e.timeline import Open, TimelinePage

pytestmark = pytest.mark.e2e

MANY = 100_000
SECONDS_TO_SHOW = 2.0
"""From navigation to a picture and a list that can be used; the figure of the issue."""

TOLD = 5
"""Rows of the promises and updates that `head_made` has: two made, two ended, one update."""


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of some rows."""
    yield from opening(browser, tmp_path)


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
        "First error after a change: 11:42:07 CET in payment.log. "
        "Candidate, 234 s before: “payments 4.18.0 to production (pool size 40 → 4)”."
    )

    first.get_by_role("link").first.click()

    expect(page.current).to_contain_text(FIRST_ERROR)
    expect(page.current).to_be_in_viewport()
    expect(page.page.locator(".tl-here")).to_be_visible()


def error_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of the first error, on which the first line stands."""
    return next(row for row in rows if row["text"] == FIRST_ERROR)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("candidate: “payments #.#.# to production”, 234 s before", "“payments 4.18.0 to production (pool size 40 → 4)”"),
        ("candidate: deploy “payments 4.18.0 to prod…”, 234 s before", "“payments 4.18.0 to prod”"),
        ("candidate: payments 4.18.0 to production (merged 10:30:00Z, out 10:38:12Z), 234 s before", "“payments 4.18.0 to production”"),
    ],
)
def test_the_candidate_that_is_named_first_is_a_way_to_its_entry(open_page: Open, said: str, told: str) -> None:
    rows = rows_made(300)
    others = ["candidate: “another”, 20 min before", "and 2 more in the 2 h before"]
    error_of(rows)["because"] = ["rose from almost none to about 12 a minute", said, *others]
    page = open_page(rows)
    expect(page.page.locator(".tl-first")).to_contain_text(f"Candidate, 234 s before: {told}; 3 other candidates.")

    page.page.locator(".tl-first").get_by_role("link").last.click()

    expect(page.current).to_contain_text("payments 4.18.0 to production (pool size 40 → 4)")


def test_a_candidate_without_an_entry_is_told_as_it_is_called(open_page: Open) -> None:
    rows = rows_made(300)
    error_of(rows)["because"] = ["candidate: “a flag of another page”, 5 s before"]

    page = open_page(rows)

    expect(page.page.locator(".tl-first")).to_contain_text("Candidate, 5 s before: “a flag of another page”.")
    expect(page.page.locator(".tl-first").get_by_role("link")).to_have_count(1)


def test_without_a_candidate_the_changes_before_are_counted(open_page: Open) -> None:
    rows = rows_made(300)
    error_of(rows)["because"] = []

    page = open_page(rows)

    expect(page.page.locator(".tl-first")).to_contain_text("; 2 changes in the hour before, the last 11:38:12 in deploys.jsonl.")


def old_commits(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with eight changes of the weeks before."""
    deploy = next(row for row in rows if row["source"] == DEPLOYS)
    old = [
        {**deploy, "id": f"{deploy['id']}{day}", "time": f"2026-02-{day}T09:00:00.000000Z", "text": f"commit of day {day}"}
        for day in range(10, 18)
    ]
    return [*old, *rows]


def test_the_page_opens_on_the_part_in_which_nearly_everything_happened(open_page: Open) -> None:
    page = open_page(old_commits(rows_made(300)))

    expect(page.window).to_contain_text(re.compile(r"^4 Mar 2026, .* \(2 h \d+ min of 22 d \d+ h; Whole shows all\)$"))
    assert FIRST_ERROR in first_in_sight(page)
    expect(page.page.locator(".tl-first")).to_be_in_viewport()
    expect(page.current).to_have_count(0)
    assert page.hash() == ""
    page.page.get_by_role("button", name="The whole time").click()
    expect(page.window).to_contain_text(re.compile(r"^10 Feb 2026 .*\(22 d \d+ h\)$"))
    expect(page.said).to_have_text("313 of 313 shown")
    assert "from=" in page.hash()


def test_the_part_it_opens_on_has_the_hour_before_the_first_thing_to_look_at(open_page: Open) -> None:
    rows = [row for row in rows_made(300) if not row["time"] or row["time"] >= "2026-03-04T10:42"]

    page = open_page(old_commits(rows))

    expect(page.window).to_contain_text("4 Mar 2026, 10:4")


def test_what_happened_over_the_whole_time_is_shown_whole(open_page: Open) -> None:
    page = open_page(rows_made(300))

    expect(page.window).not_to_contain_text("Whole")
    expect(page.said).to_have_text("305 of 305 shown")
    assert FIRST_ERROR in first_in_sight(page)


def first_in_sight(page: TimelinePage) -> str:
    """What the first row says that stands whole in the frame of the list."""
    frame = box_of(page.page.locator(".tl-list"))["y"]
    return next(row.inner_text() for row in page.rows.all() if box_of(row)["y"] >= frame - 1)


def test_an_address_wins_over_the_part_it_would_open_on(open_page: Open) -> None:
    rows = old_commits(rows_made(300))

    windowed = open_page(rows, state=f"#from={day_of_february(9)}&to={day_of_february(12)}")
    expect(windowed.window).to_contain_text("9 Feb 2026")
    expect(windowed.said).to_have_text("2 of 313 shown")
    named = open_page(rows, state=f"#open={rows[3]['id']}")
    expect(named.current).to_contain_text("commit of day 13")
    undated = open_page(rows, state=f"#open={rows[-1]['id']}")
    expect(undated.current).to_contain_text("call the bank back")


def day_of_february(day: int) -> int:
    return round(datetime(2026, 2, day, tzinfo=UTC).timestamp() * 1e6)


def test_a_clock_that_seems_off_is_said_beside_each_time_of_its_source(open_page: Open) -> None:
    page = open_page(rows_made(300))
    page.choose("Sources", "checkout.log")
    marks = page.rows.locator(".tl-skew")

    expect(marks).to_have_count(page.rows.count())
    expect(marks.first).to_have_text("clock 3.2 s ahead")
    expect(marks.first).to_have_attribute("title", "this source's clock seems 3.2 s ahead")
    page.rows.first.locator(".tl-head").click()
    expect(page.current.locator(".tl-detail")).to_contain_text("this source's clock seems 3.2 s ahead (compared with payment.log)")
    page.choose("Sources", "checkout.log", "payment.log")
    expect(page.rows.first).to_contain_text("payment.log")
    expect(marks).to_have_count(0)


def test_times_that_were_moved_are_not_said_to_be_off(open_page: Open) -> None:
    rows = rows_made(300)
    for row in rows:
        row["flags"] = ["skew_applied"]
    page = open_page(rows)

    page.choose("Sources", "checkout.log")

    expect(page.rows.first).to_contain_text("checkout.log")
    expect(page.page.locator(".tl-skew")).to_have_count(0)


def test_what_was_edited_says_so(open_page: Open) -> None:
    rows = rows_made(300)
    next(row for row in rows if row["source"] == SLACK)["flags"] = ["edited"]
    page = open_page(rows)
    page.choose("Reasons", "human")

    expect(page.rows.locator(".tl-text")).to_have_text(
        ["Mara edited later Anyone else seeing payments hang?", "Jonas That was my deploy, I am rolling it back."]
    )
    page.rows.first.locator(".tl-head").click()
    expect(page.current.locator(".tl-detail")).to_contain_text("edited later")


def test_of_much_that_is_to_be_said_a_row_shows_two_lines_and_the_opened_entry_all(open_page: Open) -> None:
    rows = rows_made(300)
    because = [f"candidate: “change number {at} of something with a long name”, {at + 3} min before" for at in range(12)]
    error_of(rows)["because"] = because
    page = open_page(rows)
    row = page.rows.filter(has_text=FIRST_ERROR)
    second = row.locator(".tl-second")
    lines = "(one) => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"

    assert second.evaluate(lines) == pytest.approx(2, abs=0.2)
    assert second.evaluate("(one) => one.scrollHeight > one.clientHeight")
    row.locator(".tl-head").click()
    expect(page.current.locator(".tl-detail .tl-line")).to_have_text(because)


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
        CANDIDATE,
        f"line {error['line']:,}, byte {error['offset']:,}, {error['length']} bytes long",
        error["id"],
    ):
        expect(detail).to_contain_text(words)
    expect(page.current.locator(".tl-time")).to_have_attribute("title", re.compile("2026-03-04 10:42:07,123.*assumed: Europe/London"))


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
    box = box_of(page.page.locator(".tl-plot"))

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
    brush = box_of(page.page.locator(".tl-brush"))

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
    x = box_of(here)["x"]
    frame = box_of(page.page.locator(".tl-lanes-frame"))

    page.page.mouse.move(x, frame["y"] + 60)
    for _ in range(4):
        page.page.mouse.wheel(0, -120)
    expect(page.window).not_to_contain_text("3 h")

    assert box_of(here)["x"] == pytest.approx(x, abs=16)


def test_a_mark_selects_its_row_and_a_row_its_mark(open_page: Open) -> None:
    page = open_page(rows_made(3000))
    page.search.fill('"error rate above"')
    expect(page.said).to_contain_text("1 of")
    page.rows.first.click()
    here = box_of(page.page.locator(".tl-here"))
    page.page.get_by_role("button", name="Clear").click()
    page.press("Escape", "Escape")
    page.page.locator(".tl-first a").last.click()
    expect(page.current).to_contain_text("payments 4.18.0 to production")

    lane = box_of(page.page.locator(".tl-lane", has_text="pagerduty.json").locator("canvas"))
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
    box, around, ring = box_of(lane), box_of(frame), box_of(page.page.locator(".tl-ring"))
    axis = 24
    assert around["y"] + axis - 2 <= box["y"] <= around["y"] + around["height"] - box["height"]
    assert box["y"] - 2 <= ring["y"] <= box["y"] + box["height"]


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
