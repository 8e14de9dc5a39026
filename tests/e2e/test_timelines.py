"""Timelines in a real browser: evidence handed over and read, the picture, every note; on a phone, in the dark, without script."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from amends.usecases import assembling
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in
from e2e.test_everyone import LONG, PHONE, TARGETS, THIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e

LOG = """2026-03-04T10:40:00Z INFO deploy of checkout v214 finished
2026-03-04T10:42:07.250Z ERROR card service does not answer
2026-03-04T10:42:09Z ERROR payment of a basket failed
2026-03-04T10:44:00Z WARN queue is long
"""
CHAT = "2026-03-04T10:43:00Z ERROR the shop of Kim rejects cards\n"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(tmp_path: Path, clock: FixedClock) -> UseCases:
    return usecases_in(tmp_path, clock)


@pytest.fixture
def address(usecases: UseCases) -> Iterator[str]:
    with served_from(usecases) as made:
        yield made


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Saved cards are rejected").id


@pytest.fixture
def here(usecases: UseCases, incident: str, tmp_path: Path) -> str:
    """The address of a timeline that was read, with something promised and told."""
    (tmp_path / "app.log").write_text(LOG)
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    assert usecases.gathering.read(incident).state == "done"
    usecases.messaging.record("We are on it. Next update at 11:20 UTC.", incident_id=incident, audience="team", tz="UTC")
    return f"/incidents/{incident}/timeline"


def entry(workbench: Workbench, text: str) -> Locator:
    return workbench.page.locator(".entries:not(.example) > .entry").filter(has_text=text)


def crowd(usecases: UseCases, incident: str) -> None:
    """A timeline with something of everything."""
    found = usecases.timelines.get(incident).entries
    usecases.timelines.pin(incident, found[0].id)
    usecases.timelines.comment(incident, found[0].id, f"Look at {LONG}")
    usecases.timelines.correct(incident, found[1].id, usecases.clock.now(), "the clock of that host is slow")
    usecases.timelines.hide(incident, found[2].id)
    usecases.timelines.add(incident, usecases.clock.now(), f"Kim called. {LONG}", actor="Kim")


def test_from_a_sentence_and_two_files_to_a_timeline(visit: NewPage) -> None:
    workbench = visit("/timelines")
    page = workbench.page
    page.get_by_label("What happened, in one line").fill("Saved cards are rejected")
    page.get_by_role("button", name="Gather its evidence").click()
    expect(workbench.now).to_have_text("Add the evidence. The timeline comes from it.")
    files = [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in (("app.log", LOG), ("chat.log", CHAT))]
    page.get_by_label("Files: logs, exports, archives").set_input_files(files)
    page.get_by_role("button", name="Add the files").click()
    expect(workbench.now).to_have_text("Read the evidence.")
    page.get_by_role("button", name="Read the evidence").click()

    expect(workbench.now).to_have_text(re.compile(r"^\d entries matter\. Pin what the story needs\.$"), timeout=15_000)
    expect(entry(workbench, "card service").locator(".entry-head time").first).to_have_text("4 Mar, 10:42:07.25 GMT")
    expect(page.locator("#picture canvas").first).to_be_visible()


def test_while_it_reads_the_page_says_how_far_it_is_and_goes_on_by_itself(
    visit: NewPage, usecases: UseCases, incident: str, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, real = threading.Event(), assembling.assembled

    def slow(now: Any, root: str, operands: Any, tz: str | None, tell: Any) -> dict[str, Any]:
        clock.advance(seconds=2)
        tell(3 << 20, 12 << 20)
        assert go_on.wait(20)
        return real(now, root, operands, tz, tell)

    monkeypatch.setattr(assembling, "assembled", slow)
    (tmp_path / "app.log").write_text(LOG)
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    workbench = visit(f"/incidents/{incident}/timeline")
    workbench.page.get_by_role("button", name="Read the evidence").click()

    expect(workbench.now).to_have_text("The evidence is being read.")
    expect(workbench.page.locator("#reading")).to_contain_text("3.0 MB of 12 MB, 25 %.")
    assert complaints_of_axe(workbench) == []
    go_on.set()
    expect(workbench.now).to_contain_text("entries matter", timeout=10_000)


def test_pin_and_hide_change_the_entry_where_it_stands(visit: NewPage, usecases: UseCases, incident: str, here: str) -> None:
    workbench = visit(here)
    before = workbench.evaluate("performance.timeOrigin")
    entry(workbench, "card service").get_by_role("button", name=re.compile("^Pin")).click()
    expect(entry(workbench, "card service").locator(".pinned")).to_have_text("Pinned")
    entry(workbench, "queue is long").get_by_role("button", name=re.compile("^Hide")).click()
    expect(entry(workbench, "queue is long").get_by_role("button", name=re.compile("^Show again"))).to_be_visible()
    expect(entry(workbench, "card service").locator(".entry-head time").first).to_have_text("4 Mar, 10:42:07.25 GMT")

    assert workbench.evaluate("performance.timeOrigin") == before, "the page was not loaded again"
    assert [one.marks.pinned for one in usecases.timelines.get(incident).entries].count(True) == 1
    workbench.open(f"{here}?show=hidden")
    expect(entry(workbench, "queue is long")).to_be_visible()


def test_the_source_opens_in_the_list_and_is_closed_by_the_same_button(visit: NewPage, here: str) -> None:
    workbench = visit(here)
    found = entry(workbench, "card service")
    found.get_by_role("link", name=re.compile("^Open")).click()
    expect(found.locator(".bytes mark")).to_have_text("2026-03-04T10:42:07.250Z ERROR card service does not answer")
    expect(found.locator(".bytes span").first).to_contain_text("deploy of checkout v214 finished")
    expect(found.get_by_label(re.compile("When it really was"))).to_have_value("2026-03-04T10:42:07.25")
    assert complaints_of_axe(workbench) == []
    found.get_by_role("link", name=re.compile("^Open")).click()
    expect(found.locator(".bytes")).to_have_count(0)


def test_a_time_is_corrected_in_the_readers_zone_and_both_times_stay(visit: NewPage, usecases: UseCases, incident: str, here: str) -> None:
    workbench = visit(here, timezone_id="Europe/Berlin")
    found = entry(workbench, "card service")
    found.get_by_role("link", name=re.compile("^Open")).click()
    field = found.get_by_label(re.compile(r"When it really was \(Europe/Berlin\)"))
    expect(field).to_have_value("2026-03-04T11:42:07.25")
    field.fill("2026-03-04T11:43:30")
    found.get_by_label("Why the time is another").fill("the clock of that host is slow")
    usecases.timelines.correct(
        incident, str(found.get_attribute("id")).removeprefix("entry-"), usecases.clock.now(), "the camera says so", by="ana"
    )
    found.get_by_role("button", name="Correct the time").click()

    expect(workbench.page.locator(".banner")).to_contain_text("Ana corrected it meanwhile, to 4 Mar, 11:50:00")
    expect(found.locator(".entry-head time").first).to_have_text(re.compile(r"^4 Mar, 11:43:30 (CET|GMT\+1)$"))
    expect(found.locator(".entry-was time")).to_have_text(re.compile(r"^4 Mar, 11:42:07\.25 (CET|GMT\+1)$"))


def test_what_no_log_knows_is_added_and_taken_back(visit: NewPage, here: str) -> None:
    workbench = visit(here)
    page = workbench.page
    page.get_by_label("What happened").fill("Kim called the shop.")
    page.locator("#add").get_by_label(re.compile("^When")).fill("2026-03-04T10:43:30")
    page.get_by_label("Who, if it matters").fill("Kim")
    page.get_by_role("button", name="Add it").last.click()

    expect(entry(workbench, "Kim called the shop.")).to_contain_text("Added by hand")
    page.locator(".banner").get_by_role("button", name="Undo").click()
    expect(entry(workbench, "Kim called the shop.")).to_have_count(0)


def test_what_the_picture_shows_narrows_the_list_and_what_is_chosen_in_it_is_gone_to(visit: NewPage, here: str) -> None:
    workbench = visit(here)
    page = workbench.page
    expect(page.locator("#picture canvas").first).to_be_visible()
    page.locator("#picture").get_by_role("button", name="Whole").focus()
    page.keyboard.press("n")
    expect(entry(workbench, "card service")).to_be_focused()
    expect(page.locator(".entry.is-here")).to_have_count(1)

    page.locator("#picture summary").filter(has_text="Levels").click()
    page.locator("#picture").get_by_label(re.compile("^warning")).check()

    expect(entry(workbench, "queue is long")).to_be_visible()
    expect(entry(workbench, "card service")).to_be_hidden()
    expect(page.locator("#narrowed")).to_contain_text("1 of ")


def test_before_any_script_has_run_everything_can_be_done(visit: NewPage, usecases: UseCases, incident: str) -> None:
    workbench = visit(f"/incidents/{incident}/timeline", java_script_enabled=False)
    page = workbench.page
    file = {"name": "app.log", "mimeType": "text/plain", "buffer": LOG.encode()}
    page.get_by_label("Files: logs, exports, archives").set_input_files([file])
    page.get_by_role("button", name="Add the files").click()
    page.get_by_role("button", name="Read the evidence").click()
    for _ in range(50):
        if "matter" in str(workbench.now.text_content()):
            break
        page.reload()
    expect(entry(workbench, "card service").locator("time").first).to_have_text("4 Mar, 10:42:07.25 UTC")
    entry(workbench, "card service").get_by_role("button", name=re.compile("^Pin")).click()
    expect(workbench.page.locator(".banner")).to_contain_text("Pinned.")
    entry(workbench, "card service").get_by_role("link", name=re.compile("^Open")).click()
    expect(page.locator(".bytes mark")).to_contain_text("card service does not answer")
    page.get_by_label("Comment").fill("This is when Kim saw it.")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".banner")).to_contain_text("Your comment stands beside it.")
    page.get_by_label(re.compile("When it really was")).fill("2026-03-04T10:43:30")
    page.get_by_label("Why the time is another").fill("slow clock")
    page.get_by_role("button", name="Correct the time").click()
    expect(page.locator(".entry-head time").first).to_have_text("4 Mar, 10:43:30 UTC")
    assert [note.what for note in usecases.timelines.notes(incident)] == ["pinned", "commented", "corrected"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_about_timelines(visit: NewPage, usecases: UseCases, incident: str, here: str, scheme: str) -> None:
    crowd(usecases, incident)
    empty = usecases.incidents.open("Nothing is known yet").id
    found = usecases.timelines.get(incident).entries[0].id
    workbench = visit("/timelines", color_scheme=scheme)
    said = {}
    for path in ["/timelines", f"/incidents/{empty}/timeline", here, f"{here}?show=hidden", f"{here}/entries/{found}"]:
        workbench.open(path)
        workbench.page.wait_for_load_state("networkidle")
        said[path] = complaints_of_axe(workbench)
    assert {path: words for path, words in said.items() if words} == {}


def test_on_a_phone_nothing_is_squeezed_and_everything_can_be_touched(visit: NewPage, usecases: UseCases, incident: str, here: str) -> None:
    crowd(usecases, incident)
    empty = usecases.incidents.open("Nothing is known yet").id
    found = usecases.timelines.get(incident).entries[0].id
    workbench = visit("/timelines", **PHONE)
    for path in ["/timelines", f"/incidents/{empty}/timeline", here, f"{here}/entries/{found}"]:
        workbench.open(path)
        workbench.page.wait_for_load_state("networkidle")
        assert workbench.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert workbench.evaluate(THIN.replace("one.checkVisibility()", "one.checkVisibility() && !one.closest('#picture')")) == 0, path
        assert workbench.evaluate(TARGETS) == [], path
    assert complaints_of_axe(workbench) == []
