"""The page of a timeline as its tests speak of it, and how it is opened: from a file, with nobody to ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from amends.integrations.export.timeline import write_page
from e2e.page import Workbench
from integrations.timeline_rows import head_made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator

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


def box_of(locator: Locator) -> dict[str, float]:
    """Where a part stands on the screen; it must be there."""
    box = locator.bounding_box()
    assert box
    return dict(box)


def opening(browser: Browser, folder: Path) -> Iterator[Open]:
    """Opens pages of rows from files; nothing may be asked of anybody, and the console stays silent."""
    opened: list[tuple[BrowserContext, TimelinePage]] = []

    def open_page(rows: Rows, *, state: str = "", head: dict[str, Any] | None = None, **options: Any) -> TimelinePage:
        path = folder / "timeline.html"
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
