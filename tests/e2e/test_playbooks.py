"""A run of a playbook in a real browser: what to do now leads to its field, by keyboard, on a phone, and axe has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from amends.usecases.sample import seed_sample, tell_sample
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
OPENED = "document.querySelectorAll('main details').forEach((one) => { one.open = true })"


@pytest.fixture(scope="module")
def usecases(tmp_path_factory: pytest.TempPathFactory) -> UseCases:
    return usecases_in(tmp_path_factory.mktemp("playbooks"), FixedClock())


@pytest.fixture(scope="module")
def address(usecases: UseCases) -> Iterator[str]:
    with served_from(usecases) as made:
        yield made


@pytest.fixture(scope="module")
def here(usecases: UseCases) -> str:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    return f"/incidents/{incident.id}/playbooks"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_run_says_what_to_do_now_and_leads_there(visit: NewPage, usecases: UseCases, here: str, options: dict[str, Any]) -> None:
    running = usecases.playbooks.begun(here.split("/")[2])
    for one in running:
        usecases.playbooks.stop(one.id, why="the test begins anew")
    workbench = visit(here, **options)
    page = workbench.page
    page.locator("#begin-repair-trust > summary").click()
    page.locator("#begin-repair-trust").get_by_label("Who leads it?").fill("Mara")
    page.locator("#begin-repair-trust").get_by_label("Yes").first.check()
    page.locator("#begin-repair-trust").get_by_role("button", name="Begin").click()
    expect(workbench.now).to_contain_text("May something about the system")
    assert complaints_of_axe(workbench) == []
    for gate in ("optics", "speak"):
        form = page.locator(f"#about-{gate} form")
        form.get_by_label("Yes").check()
        form.get_by_role("button", name="Answer").press("Enter")
    page.get_by_role("link", name="Do it").click()
    field = page.locator("#about-initial-repair-frame-operations")
    expect(field).to_be_in_viewport()
    field.get_by_text("Choose…").click()
    field.get_by_role("button", name="Cite it").click()
    expect(field).to_contain_text("Action item")
    expect(page.get_by_role("status").first).to_contain_text("You chose for")
    page.get_by_role("button", name="Undo").first.click()
    expect(field).to_contain_text("Nothing that counts stands here yet")

    workbench.evaluate(OPENED)
    assert complaints_of_axe(workbench) == []
    assert workbench.evaluate("document.documentElement.scrollWidth <= innerWidth")
