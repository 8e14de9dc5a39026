"""The pages of action items in a real browser: an idea becomes a commitment, in the reader's zone, and everybody can use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in
from e2e.page import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from amends.usecases.facade import UseCases

pytestmark = pytest.mark.e2e

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SHORT = """() => [...document.querySelectorAll('main button, main summary, main select, main input:not([type=hidden])')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1)
  .map((one) => [one.textContent.trim().slice(0, 40) || one.name, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


TITLES = {
    "idea": "Refuse a deploy that drops an index",
    "open": "Alert when the queue is older than 5 minutes",
    "late": "Add a limit to retries",
}


class Board:
    """A server with action items in every state, and the browser that visits it."""

    def __init__(self, browser: Browser, address: str, usecases: UseCases) -> None:
        self._browser = browser
        self._address = address
        self.usecases = usecases
        incident = usecases.incidents.open("Checkout is down", severity="SEV1").id
        self.incident = incident
        acting = usecases.acting
        made = {name: acting.propose(incident, title, kind="alert", detail="As in the plan.").item.id for name, title in TITLES.items()}
        acting.accept(made["open"], helps_when="nobody is paged about the queue for a month", person="Bo")
        acting.accept(made["late"], helps_when="no retry storm", due=usecases.clock.now().replace(hour=12))
        done = acting.propose(incident, "Write a runbook for the queue", kind="runbook").item.id
        acting.accept(done, helps_when="the next person finds it")
        acting.done(done)
        self.items = {**made, "done": done}

    def visit(self, path: str, **options: Any) -> Workbench:
        settings = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Europe/London", "locale": "en-GB", **options}
        context = self._browser.new_context(base_url=self._address, **settings)
        workbench = Workbench(context.new_page(), self._address)
        workbench.open(path)
        return workbench

    @property
    def paths(self) -> list[str]:
        return ["/actions", f"/incidents/{self.incident}/actions", *(f"/actions/{one}" for one in self.items.values())]


@pytest.fixture(scope="module")
def board(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    clock = FixedClock()
    usecases = usecases_in(tmp_path_factory.mktemp("actions"), clock)
    with served_from(usecases) as address:
        made = Board(browser, address, usecases)
        clock.advance(hours=3)
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say(board: Board, scheme: str) -> None:
    workbench = board.visit("/actions", color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in board.paths:
        workbench.open(path)
        for one in workbench.page.locator("main summary").all():
            one.click()
        found[path] = complaints_of_axe(workbench)

    assert {path: said for path, said in found.items() if said} == {}


def test_on_a_phone_nothing_is_cut_off_and_everything_can_be_touched(board: Board) -> None:
    workbench = board.visit("/actions", **PHONE)
    for path in board.paths:
        workbench.open(path)
        assert workbench.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert workbench.evaluate(SHORT) == [], path


def test_an_idea_is_taken_on_in_the_zone_of_the_reader(board: Board) -> None:
    workbench = board.visit(f"/actions/{board.items['idea']}", timezone_id="Asia/Kolkata")
    page = workbench.page
    page.get_by_text("Take it on…").first.click()
    page.get_by_label("What would show that it helps?").fill("a deploy that drops an index is red")
    page.get_by_label(re.compile("Until; empty for the 15 days")).fill("2026-03-10T17:00")
    page.get_by_role("button", name="Take it on").click()

    expect(page.get_by_role("status").first).to_contain_text("Accepted: Refuse a deploy")
    now = board.usecases.acting.get(board.items["idea"])
    assert now.due is not None
    assert now.due.isoformat() == "2026-03-10T11:30:00+00:00"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("Undone")
    assert board.usecases.acting.get(board.items["idea"]).state == "idea"
