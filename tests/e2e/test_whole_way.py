"""The sample incident goes the whole way in a real browser: from the offer on its page to the last look back, a quarter later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.testing import FixedClock
from amends.usecases.sample import seed_sample, tell_sample
from e2e.conftest import served_from, usecases_in
from e2e.page import Workbench
from usecases.playbook_walk import OnceEach, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from amends.core.incident import Incident
    from amends.usecases.facade import UseCases

pytestmark = pytest.mark.e2e

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "java_script_enabled": False}
PEOPLE = 6
"""As many answer in each round: one more than a group needs to be shown."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> UseCases:
    return usecases_in(tmp_path_factory.mktemp("whole-way"), clock)


@pytest.fixture
def address(usecases: UseCases) -> Iterator[str]:
    with served_from(usecases) as made:
        yield made


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Workbench]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, timezone_id="Europe/London", locale="en-GB")
    made = Workbench(context.new_page(), address)
    yield made
    assert [one for one in made.complaints if "status of 400" not in one] == [], "what is refused comes back with 400"
    assert made.strangers == []
    context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **PHONE)
    yield context.new_page()
    context.close()


class ByHand:
    """The acts of a run as somebody does them on its page: with the button that the heading has, then in the field that it leads to."""

    def __init__(self, desk: Workbench, here: str) -> None:
        self._desk = desk
        self._here = here

    def answer(self, gate: str) -> None:
        field = self._led_to(gate)
        field.get_by_label("Yes").check()
        field.get_by_label("By whose word").fill("Mara")
        field.get_by_role("button", name="Answer").click()

    def choose(self, field: str, kind: str, ref: str) -> None:
        place = self._led_to(field)
        place.get_by_text("Choose…").click()
        place.get_by_label("What the data hold").select_option(f"{kind}:{ref}")
        place.get_by_role("button", name="Cite it").click()
        self._told()

    def word(self, field: str, person: str, text: str) -> None:
        place = self._led_to(field)
        place.get_by_text("What somebody said…").click()
        place.get_by_label("What they said").fill(text)
        place.get_by_label("Who said it").fill(person)
        place.get_by_role("button", name="Cite their word").click()
        self._told()

    def unknown(self, field: str, asked: str) -> None:
        place = self._led_to(field)
        place.get_by_text("Not known yet…").click()
        place.get_by_label("Whom did you ask?").fill(asked)
        place.get_by_role("button", name="I asked them").click()
        self._told()

    def decide(self, decision: str, text: str) -> None:
        place = self._led_to(decision)
        place.get_by_text("Decide…").click()
        place.get_by_label(text).check()
        place.get_by_role("button", name="Decide").click()
        self._told()

    def finish(self) -> None:
        self._desk.open(self._here)
        self._desk.page.get_by_role("button", name="It is finished").click()
        expect(self._desk.page.locator("main")).to_contain_text("Finished")

    def _told(self) -> None:
        """What was done stands above, with its undo; the page may be at the next step by then."""
        expect(self._desk.page.get_by_role("status").first).to_contain_text("Undo")

    def _led_to(self, about: str) -> Locator:
        self._desk.open(self._here)
        self._desk.page.get_by_role("link", name="Do it").click()
        place = self._desk.page.locator(f"#about-{about.replace('.', '-')}")
        expect(place).to_be_in_viewport()
        return place


class WholeWay(Walk):
    """The walk of which the board, the pulses and the looks back are made in a browser too."""

    def __init__(self, usecases: UseCases, clock: FixedClock, incident: Incident, run_id: str, desk: Workbench, phone: Page) -> None:
        self._place_of = f"/incidents/{incident.id}"
        by_hand = ByHand(desk, f"{self._place_of}/playbooks/{run_id}")
        super().__init__(usecases, clock, incident, run_id, OnceEach(by_hand, usecases, run_id))
        self._desk = desk
        self._page = desk.page
        self._phone = phone

    def _place(self) -> None:
        """What Finance fears is placed, one group is put there as not asked yet, and then everybody is asked by a pulse."""
        self._desk.open(f"{self._place_of}/playbooks/{self._run}")
        self._page.get_by_role("link", name="Go to the trust board").first.click()
        (broken,) = self._u.repairing.board(self._incident.id).map.breaks
        row = self._page.locator(f"[id='{broken.item}']")
        row.get_by_text("Place it").click()
        row.get_by_label("What they rely on less").select_option("behaviour")
        row.get_by_label("Where they stand").select_option("upward")
        row.get_by_label("What they doubt").select_option("honesty")
        row.get_by_label("What they fear").fill("That a charge has no order again, and nobody tells us.")
        row.get_by_label("Who said so").fill("Bo of Finance")
        row.get_by_role("button", name="Keep this").click()
        expect(self._page.locator(".trust-map")).to_contain_text("Finance, honesty")
        self._page.get_by_role("button", name="Not asked yet: Customers who paid by card").click()
        expect(self._page.locator(".trust-map .is-not-yet-asked")).to_contain_text("Customers who paid by card")
        expect(self._page.locator("aside")).to_contain_text("The story gets cleaner upward")
        self._pulse("baseline", 2)

    def _repair(self) -> None:
        if not self._u.repairing.board(self._incident.id).repairs:
            self._tie_one()
        super()._repair()

    def _tie_one(self) -> None:
        self._desk.open(f"{self._place_of}/trust")
        form = self._page.locator("#add-repair")
        form.locator("summary").first.click()
        form.get_by_label("The action item").select_option(label="Alert when 80 % of the connections of the database are in use")
        form.get_by_label("What people will know").fill("Finance will know within 5 minutes if a charge has no order.")
        form.get_by_label("How somebody outside sees it").fill("The count stands on the status page.")
        form.get_by_label("Finance:").check()
        form.get_by_label("When you look").fill("2026-03-25T10:00")
        form.get_by_role("button", name="Tie it").click()
        expect(self._page.locator("#repairs, [aria-labelledby=repairs]").first).to_contain_text("Finance will know within 5 minutes")
        (repair,) = self._u.repairing.board(self._incident.id).repairs
        due = self._clock.now() + timedelta(days=7)
        self._u.acting.accept(repair.action.action_id, helps_when="no charge without an order that Finance finds first", due=due)

    def _look_back(self, which: str) -> None:
        """The clock stands at the day; Today leads there."""
        self._clock.advance(seconds=(self._u.trust_reviews.get(self._incident.id, which).due_at - self._clock.now()).total_seconds() + 60)
        self._pulse(which, 2 if which == "month" else 7)
        self._desk.open("/")
        page = self._page
        page.locator("details", has=page.locator(f"a[href$='/trust/reviews/{which}']")).locator("summary").first.click()
        page.locator(f"a[href$='/trust/reviews/{which}']").first.click()
        expect(self._desk.now).to_contain_text("6 questions have no answer yet.")
        expect(page.locator("main")).to_contain_text("Finance will know within 5 minutes if a charge has no order.")
        expect(page.locator("main")).to_contain_text(f"{PEOPLE} of {PEOPLE} answered")
        page.locator("#hold, [aria-labelledby=hold]").first.get_by_label("Continue").check()
        page.get_by_label("Why, on the evidence above").fill("Two of the three repairs are done.")
        page.get_by_role("button", name="Hold the review").click()
        expect(page.locator("main")).to_contain_text("nobody has answered")
        self._answer_one("worse")
        for question in ("ownership", "release", "architecture", "onboarding", "operating"):
            self._u.trust_reviews.answer(
                self._incident.id, which, question, f"the page on {question}", kind="link", ref=f"https://wiki.example/{question}"
            )
        self._desk.open(f"{self._place_of}/trust/reviews/{which}")
        page.get_by_label("Continue").check()
        for sure, kept in (
            (("Trust is restored."), False),
            ("Two of the three repairs are done; nothing shows yet that they helped.", True),
        ):
            page.get_by_label("Why, on the evidence above").fill(sure)
            page.get_by_role("button", name="Hold the review").click()
            expect(page.locator("main")).to_contain_text("The decision" if kept else "not ours to say")
        expect(self._desk.now).to_have_text("It was decided to continue.")

    def _answer_one(self, question: str) -> None:
        place = self._page.locator(f"#answer-{question}")
        place.locator("summary").first.click()
        place.locator("select[name=what]").select_option("person")
        place.get_by_label("What, in one line").fill("They call support before every release now.")
        place.get_by_label("Its address, or the name").fill("Bo of Finance")
        place.get_by_role("button", name="Keep this answer").click()
        expect(self._page.locator("main")).to_contain_text("They call support before every release now.")

    def _pulse(self, which: str, score: int) -> None:
        """Opened at the desk, answered on phones, closed, and read."""
        self._desk.open(f"{self._place_of}/pulse")
        self._page.get_by_label("The team, those who were in it").fill(str(PEOPLE))
        self._page.get_by_role("button", name="Make the links").click()
        for number, link in enumerate(self._page.locator("textarea").input_value().split()):
            self._answered(link, min(7, score + (number + (which == "month")) % 2), f"word {number}")
        self._desk.open(f"{self._place_of}/pulse")
        self._page.get_by_text("Close it…").click()
        self._page.get_by_role("button", name="Close the wave").click()
        told = {"baseline": "The baseline is taken", "month": "The team: cannot tell yet", "quarter": "The team: improved"}
        expect(self._desk.now).to_contain_text(told[which])

    def _answered(self, link: str, score: int, code: str) -> None:
        self._phone.goto(link)
        for row in self._phone.locator("fieldset").all():
            worded = row.inner_text().startswith("I am braced")
            row.get_by_role("radio").nth((8 - score if worded else score) - 1).check(force=True)
        self._phone.get_by_text("Compare me with myself").click()
        self._phone.get_by_label("A word that only you know").fill(code)
        self._phone.get_by_role("button", name="Send").click()
        expect(self._phone.get_by_role("heading", name="Thank you.")).to_be_visible()


def _begin(form: Locator) -> None:
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    form.get_by_label("Who leads it?").fill("Mara")
    form.get_by_label("Yes").first.check()
    form.get_by_role("button", name="Begin").click()


def test_the_sample_goes_the_whole_way_to_both_looks_back(desk: Workbench, phone: Page, usecases: UseCases, clock: FixedClock) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    usecases.incidents.change_status(incident.id, "investigating")
    page = desk.page
    desk.open(f"/incidents/{incident.id}/playbooks")
    begin = page.locator("#begin-repair-trust")
    _begin(begin)
    expect(begin).to_contain_text("It is not begun.")
    expect(begin).to_contain_text("End the response first")
    usecases.incidents.change_status(incident.id, "monitoring")

    desk.open(f"/incidents/{incident.id}")
    page.get_by_role("link", name="Repair trust after a painful incident").click()
    _begin(begin)
    expect(desk.now).to_contain_text("May something about the system")
    run = page.url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    expect(page.get_by_role("button", name="It is finished")).to_have_count(0)

    ended = WholeWay(usecases, clock, incident, run, desk, phone).to_the_end(40)

    assert ended.finished is not None
    desk.open(f"/incidents/{incident.id}/playbooks/{run}")
    expect(desk.now).to_have_text("Nothing is left to do here.")
    expect(page.locator(".pb-steps .is-done")).to_have_count(5)
    desk.open(f"/incidents/{incident.id}/trust")
    expect(page.locator("main")).to_contain_text("continue")
    assert "trust is restored" not in page.locator("body").inner_text().lower()
