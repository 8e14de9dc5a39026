"""Signing in with a real browser; a session that ends while somebody writes loses not a word; and the pages, checked by axe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from amends.integrations import passwords
from amends.testing import FixedClock
from e2e.axe import complaints_of_axe
from e2e.conftest import served_from, usecases_in
from e2e.page import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from amends.usecases.facade import UseCases

PASSWORD = "four ducks on a quiet pond"


@pytest.fixture
def usecases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UseCases:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = usecases_in(tmp_path, FixedClock())
    made.people.add("anna", "owner", display="Anna", password=PASSWORD)
    made.people.add("ben", "responder", display="Ben", email="ben@example.org", by="anna")
    made.signing.new_token("dashboard", ("read",), by="anna")
    return made


@pytest.fixture
def context(browser: Browser, usecases: UseCases) -> Iterator[BrowserContext]:
    with served_from(usecases) as address:
        made = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, timezone_id="Europe/London")
        yield made
        made.close()


def enter(context: BrowserContext, path: str = "/write") -> Workbench:
    page = context.new_page()
    page.goto(path)
    expect(page.locator("h1.now")).to_have_text("Sign in to go on.")
    page.get_by_label("Name", exact=True).fill("anna")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")
    return Workbench(page, page.url.removesuffix(path))


def test_whoever_signs_in_gets_to_where_they_wanted(context: BrowserContext) -> None:
    workbench = enter(context, "/rules")
    expect(workbench.page.locator(".bar-person")).to_contain_text("anna")


def test_a_session_that_ends_while_somebody_writes_loses_not_a_word(context: BrowserContext, usecases: UseCases) -> None:
    workbench = enter(context)
    workbench.until_live()
    workbench.editor.press_sequentially("At 10:42 my deploy broke the login.")
    expect(workbench.kept).to_contain_text("Saved")
    usecases.signing.revoke(by="anna")
    workbench.editor.press_sequentially(" I am rolling back.")
    expect(workbench.kept).to_contain_text("not signed in")

    other = enter(context, "/drafts")
    other.page.close()
    workbench.editor.press_sequentially(" Next update at 11:20.")
    expect(workbench.kept).to_contain_text("Saved")
    draft = usecases.drafting.list_open(by="anna")[0]
    assert draft.content.text == "At 10:42 my deploy broke the login. I am rolling back. Next update at 11:20."


def test_what_was_written_after_the_session_ended_is_there_after_signing_in_anew(context: BrowserContext, usecases: UseCases) -> None:
    workbench = enter(context)
    workbench.until_live()
    workbench.editor.press_sequentially("At 10:42 my deploy broke the login.")
    expect(workbench.kept).to_contain_text("Saved")
    usecases.signing.revoke(by="anna")
    workbench.editor.press_sequentially(" I am rolling back.")
    expect(workbench.kept).to_contain_text("not signed in")
    workbench.page.reload()
    workbench.page.get_by_label("Name", exact=True).fill("anna")
    workbench.page.get_by_label("Password", exact=True).fill(PASSWORD)
    workbench.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(workbench.editor).to_contain_text("my deploy broke the login. I am rolling back.")


def test_a_form_that_came_too_late_is_sent_again_in_one_click(context: BrowserContext, usecases: UseCases) -> None:
    workbench = enter(context, "/promises")
    page = workbench.page
    key = next(one for one in context.cookies() if one["name"] == "amends-session")
    usecases.signing.revoke(by="anna")
    page.evaluate(
        "() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/promises';"
        " form.innerHTML = '<input name=words value=\"call the shops\">'; document.body.append(form); form.submit(); }"
    )
    expect(page.locator("h1.now")).to_have_text("You were signed out before this arrived.")
    assert key["value"]
    enter(context, "/drafts").page.close()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/promises?**")
    assert [one.promise.words for one in usecases.promising.unsettled(by="anna")] == ["call the shops"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_has_nothing_to_say(browser: Browser, usecases: UseCases, scheme: Any, width: int) -> None:
    key = usecases.people.invite("ben", by="anna")
    with served_from(usecases) as address:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        said = {}
        for path in ("/sign-in", f"/invitation/{key}"):
            page.goto(path)
            said[path] = complaints_of_axe(page)
        page = enter(context, "/settings").page
        said["/settings"] = complaints_of_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the screen"
        context.close()
    assert {path: found for path, found in said.items() if found} == {}
