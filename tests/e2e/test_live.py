"""Two people and one incident, each in a browser of their own: what one does the other sees, and nobody loses a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from amends import wiring
from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page, Route

    from amends.usecases.facade import UseCases

NOTES = "# Facts\n\nThe queue is full.\n\nDana calls the shops.\n"


@pytest.fixture(scope="module")
def usecases(tmp_path_factory: pytest.TempPathFactory) -> UseCases:
    folder: Path = tmp_path_factory.mktemp("live")
    return usecases_in(folder, FixedClock())


@pytest.fixture(scope="module")
def server(usecases: UseCases) -> Iterator[str]:
    with served_from(usecases) as address:
        yield address
        wiring.stopping.begun = True  # as `amends start` does when it is stopped
    wiring.stopping.begun = False


@pytest.fixture
def two(browser: Browser, server: str) -> Iterator[tuple[Page, Page]]:
    contexts = [browser.new_context(base_url=server, viewport={"width": 1280, "height": 900}) for _ in range(2)]
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def put_cursor(page: Page, words: str) -> None:
    page.evaluate("(words) => { const area = document.querySelector('#text'); area.focus();"
                  " const at = area.value.indexOf(words) + words.length; area.setSelectionRange(at, at); }", words)  # fmt: skip


def writing(usecases: UseCases, page: Page) -> str:
    incident = usecases.incidents.open("Checkout fails")
    document = usecases.documents.new(incident.id, "Call at 11:00", text=NOTES)
    page.goto(f"/incidents/{incident.id}/documents/{document.head.id}/edit")
    return document.head.id


def kept(page: Page) -> Locator:
    return page.locator("#kept")


def test_what_two_people_write_in_different_paragraphs_stands_in_both_browsers(two: tuple[Page, Page], usecases: UseCases) -> None:
    ana, ben = two
    document_id = writing(usecases, ana)
    ben.goto(ana.url)
    put_cursor(ana, "full")
    ana.keyboard.type(" and grows")
    put_cursor(ben, "shops")
    ben.keyboard.type(" and the bank")
    both = NOTES.replace("full", "full and grows").replace("shops", "shops and the bank")
    for page in two:
        expect(page.locator("#text")).to_have_value(both, timeout=10_000)
    assert usecases.documents.get(document_id).text == both
    at = ben.evaluate("document.querySelector('#text').selectionStart")
    assert both[:at].endswith("shops and the bank")


def test_one_paragraph_changed_by_two_is_shown_twice_and_one_decides(two: tuple[Page, Page], usecases: UseCases) -> None:
    ana, ben = two
    document_id = writing(usecases, ana)
    ben.goto(ana.url)
    ben.route("**/documents/*", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    put_cursor(ben, "full")
    ben.keyboard.type(" again")
    put_cursor(ana, "full")
    ana.keyboard.type(" of orders")
    expect(kept(ana)).to_contain_text("Saved")
    ben.unroute("**/documents/*")
    expect(ben.locator("#both")).to_be_visible(timeout=15_000)
    expect(ben.locator("[data-mine]")).to_contain_text("full again")
    expect(ben.locator("[data-theirs]")).to_contain_text("full of orders")
    ben.get_by_role("button", name="Put both into the text").click()
    expect(ana.locator("#text")).to_have_value(re.compile("full again"), timeout=10_000)
    final = usecases.documents.get(document_id).text
    assert "full again" in final
    assert "full of orders" in final


def test_words_written_while_the_server_is_away_survive_a_reload(two: tuple[Page, Page], usecases: UseCases) -> None:
    ana, _ = two
    document_id = writing(usecases, ana)
    ana.context.set_offline(True)
    put_cursor(ana, "shops")
    ana.keyboard.type(", all three")
    expect(ana.locator("#away")).to_be_visible(timeout=10_000)
    ana.wait_for_timeout(300)
    ana.context.set_offline(False)
    ana.reload()
    expect(ana.locator("#text")).to_have_value(re.compile("shops, all three"))
    expect(kept(ana)).to_contain_text("Saved ", timeout=10_000)
    assert "shops, all three" in usecases.documents.get(document_id).text


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(two: tuple[Page, Page], usecases: UseCases) -> None:
    ana, _ = two
    document_id = writing(usecases, ana)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "PUT" and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    ana.route("**/documents/*", lose)
    put_cursor(ana, "full")
    ana.keyboard.type(" now")
    ana.wait_for_timeout(1500)
    assert lost
    ana.keyboard.type(" and later")
    expect(kept(ana)).to_contain_text("Saved ", timeout=15_000)
    ana.wait_for_timeout(1500)
    expect(ana.locator("#both")).to_be_hidden()
    assert "full now and later" in usecases.documents.get(document_id).text


def test_a_fact_that_one_writes_down_appears_for_the_other_who_is_typing(two: tuple[Page, Page], usecases: UseCases) -> None:
    ben = two[1]
    incident = usecases.incidents.open("Checkout fails")
    for page in two:
        page.goto(f"/incidents/{incident.id}")
    opened = ben.locator("details:has(summary:has-text('Comment'))").first
    opened.locator("summary").click()
    area = opened.locator("textarea")
    area.fill("I am in the middle of a sen")
    ben.evaluate("const area = document.activeElement; area.setSelectionRange(5, 9)")
    usecases.recording.fact(incident.id, "happened", "Logins fail since 10:42")
    for page in two:
        expect(page.locator("#story")).to_contain_text("Logins fail since 10:42", timeout=10_000)
    assert area.input_value() == "I am in the middle of a sen"
    assert ben.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [5, 9]
    assert opened.evaluate("one => one.open")


def test_a_form_in_use_stays_as_its_writer_saw_it_when_others_change_what_it_is_about(two: tuple[Page, Page], usecases: UseCases) -> None:
    ben = two[1]
    incident = usecases.incidents.open("Checkout fails")
    ben.goto(f"/incidents/{incident.id}")
    act = ben.locator("details:has(> summary:has-text('Another status'))")
    act.locator("summary").click()
    act.get_by_label("Status").select_option("monitoring")
    act.get_by_label("Why").fill("The rollback holds")
    ben.locator("h1").click()
    seen = act.locator("[name=version]").input_value()
    usecases.incidents.change_status(incident.id, "identified", version=incident.version)
    expect(ben.locator("[data-live-part=head]")).to_contain_text("Identified", timeout=10_000)

    assert act.get_by_label("Status").input_value() == "monitoring"
    assert act.get_by_label("Why").input_value() == "The rollback holds"
    assert act.locator("[name=version]").input_value() == seen
    act.get_by_role("button", name="Change it").click()
    expect(ben.locator("[role=alert]")).to_contain_text("changed")
    assert usecases.incidents.get(incident.id).status == "identified"


def test_the_text_one_reads_follows_the_one_who_writes(two: tuple[Page, Page], usecases: UseCases) -> None:
    ana, ben = two
    document_id = writing(usecases, ana)
    ben.goto(ana.url.removesuffix("/edit"))
    expect(ben.locator("article.prose")).to_contain_text("The queue is full.")
    usecases.documents.save(document_id, NOTES.replace("full", "empty"), 1)
    expect(ben.locator("article.prose")).to_contain_text("The queue is empty.", timeout=10_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_about_shared_texts(
    browser: Browser, server: str, usecases: UseCases, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=server, color_scheme=scheme, viewport={"width": 390, "height": 844})
    page = context.new_page()
    document_id = writing(usecases, page)
    usecases.documents.save(document_id, NOTES + "\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> Quoted [link](https://example.org)\n", 1)
    place = page.url.removesuffix("/edit")
    found = {}
    for address in (place.rpartition("/")[0], place, f"{place}/edit", f"{place}/history"):
        page.goto(address)
        found[address] = complaints_of_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    context.close()
    assert {address: said for address, said in found.items() if said} == {}
