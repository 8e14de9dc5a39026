"""Trust repair in a real browser, without a script and on a phone: from the first row of the map to a review that is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from amends.trust.review import QUESTIONS
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases
    from e2e.conftest import NewPage

pytestmark = pytest.mark.e2e

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def usecases(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> UseCases:
    return usecases_in(tmp_path_factory.mktemp("trust"), clock)


@pytest.fixture(scope="module")
def address(usecases: UseCases) -> Iterator[str]:
    """One workbench for the test of this file."""
    with served_from(usecases) as made:
        yield made


def test_trust_is_repaired_on_a_phone_without_a_script_and_axe_has_nothing_to_say(
    visit: NewPage, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("Payments were charged twice", severity="SEV1")
    usecases.incidents.change_status(incident.id, "monitoring")
    board = f"/incidents/{incident.id}/trust"
    workbench = visit(board, java_script_enabled=False, **PHONE)
    page = workbench.page
    page.get_by_text("Trust that broke…").click()
    page.get_by_label("What broke, in their words where you can").fill("They do not believe our status page.")
    page.get_by_label("Whose trust, as they call themselves").fill("Payments partners")
    page.get_by_label("What they rely on less").select_option("behaviour")
    page.get_by_label("Where they stand").select_option("outward")
    page.get_by_label("What they doubt").select_option("honesty")
    page.get_by_role("button", name="Put it on the map").click()
    expect(page.get_by_role("link", name="1 Payments partners, honesty, not yet asked")).to_be_visible()
    page.get_by_text("A repair…").click()
    page.get_by_label("A new action item: what will be there").fill("Publish the error rate")
    page.get_by_label("What people will know, and by when").fill("Partners see within 5 minutes if payments fail")
    page.get_by_role("button", name="Tie it").click()
    expect(page.get_by_text("Partners see within 5 minutes if payments fail").first).to_be_visible()
    clock.advance(days=30)
    workbench.open(board)
    page.get_by_role("link", name="Open it, it is prepared").click()
    for question in QUESTIONS:
        usecases.trust_reviews.answer(incident.id, "month", question, kind="unknown", asked="Ines", asked_at=clock.now())
    page.reload()
    expect(workbench.now).to_have_text("Everything is laid out. Decide.")
    page.get_by_label("Change: other repairs, or the same otherwise").check()
    page.get_by_label("Why, on the evidence above").fill("Nothing was done; Dana does it by 20 April.")
    page.get_by_role("button", name="Hold the review").click()
    expect(workbench.now).to_have_text("It was decided to change.")

    found = {}
    for scheme, path in (("dark", board), ("dark", f"{board}/reviews/month"), ("light", f"{board}/reviews/quarter")):
        seen = visit(path, color_scheme=scheme, **PHONE)
        seen.evaluate("document.querySelectorAll('main details, aside details').forEach((one) => { one.open = true })")
        found[path] = [*complaints_of_axe(seen), *seen.complaints]
        assert seen.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert {path: said for path, said in found.items() if said} == {}
