"""The words survive: a reload, a closed tab, a lost connection, a server that went away, and two places that wrote at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from amends.interfaces.web.assets import Assets

if TYPE_CHECKING:
    from e2e.conftest import NewPage

pytestmark = pytest.mark.e2e

FACT = "At 10:42 my deploy broke the login."
MORE = " Nobody could deploy."


def test_a_reload_right_after_typing_keeps_every_word(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)

    workbench.page.reload()
    workbench.until_live()

    assert workbench.text() == FACT
    draft = workbench.until_saved()
    assert workbench.page.url.endswith(f"/drafts/{draft}")


def test_what_was_typed_a_moment_ago_is_on_this_device(visit: NewPage) -> None:
    workbench = visit()
    workbench.go_offline()
    workbench.write(FACT)

    workbench.page.wait_for_timeout(250)

    kept = workbench.evaluate("Object.values(localStorage).join()")
    assert FACT in kept


def test_a_saved_draft_opens_anywhere(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    draft = workbench.until_saved()

    elsewhere = visit(f"/drafts/{draft}")
    elsewhere.until_live()

    assert elsewhere.text() == FACT
    expect(elsewhere.step("fact")).to_contain_text("there")


def test_nothing_stays_on_the_device_that_the_server_has(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    workbench.until_saved()

    workbench.open("/drafts")

    assert FACT not in workbench.evaluate("Object.values(localStorage).join()")


def test_a_lost_connection_is_told_and_costs_nothing(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    draft = workbench.until_saved()

    workbench.go_offline()
    workbench.write(MORE)
    expect(workbench.page.locator("#away")).to_be_visible()
    expect(workbench.page.locator("#away")).to_contain_text("Your words are safe on this device.")
    expect(workbench.kept).to_have_text("Kept on this device")

    workbench.go_online()
    expect(workbench.page.locator("#away")).to_be_hidden(timeout=10_000)
    workbench.until_saved()
    workbench.until_checked()
    elsewhere = visit(f"/drafts/{draft}")
    elsewhere.until_live()

    assert elsewhere.text() == FACT + MORE


def test_a_message_can_be_copied_while_the_checker_is_away(visit: NewPage) -> None:
    workbench = visit()
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    workbench.write(FACT)
    workbench.until_saved()
    workbench.go_offline()

    workbench.page.get_by_role("button", name="Copy for Slack").click()

    expect(workbench.page.locator("#notice")).to_contain_text("Copied for Slack.")
    assert workbench.evaluate("navigator.clipboard.readText()") == FACT


def test_words_of_a_tab_that_was_closed_before_they_were_saved_are_offered(visit: NewPage) -> None:
    lost = visit()
    lost.until_live()
    lost.go_offline()
    lost.write(FACT)
    lost.page.wait_for_timeout(250)
    context = lost.page.context
    lost.page.close()
    context.set_offline(False)

    found = visit(context=context)
    expect(found.page.locator("#found-words")).to_contain_text(FACT)
    found.page.get_by_role("button", name="Go on with them").click()

    assert found.text() == FACT
    found.until_saved()


@pytest.mark.parametrize("chosen", ["mine", "theirs", "both"])
def test_when_two_places_wrote_both_texts_are_shown_and_neither_is_lost(visit: NewPage, chosen: str) -> None:
    one = visit()
    one.write(FACT)
    draft = one.until_saved()
    other = visit(f"/drafts/{draft}")
    other.until_live()

    other.page.keyboard.press("Control+a")
    other.editor.click()
    other.page.keyboard.press("Control+a")
    other.page.keyboard.insert_text("Written in the other place.")
    other.until_saved()
    one.page.keyboard.press("Control+a")
    one.page.keyboard.insert_text("Written in this place.")

    expect(one.page.locator("#both")).to_be_visible(timeout=10_000)
    expect(one.page.locator("[data-mine]")).to_have_text("Written in this place.")
    expect(one.page.locator("[data-theirs]")).to_have_text("Written in the other place.")
    expect(one.page.locator("#both-heading")).to_be_focused()
    one.page.locator(f"[data-keep={chosen}]").click()
    expect(one.page.locator("#both")).to_be_hidden()

    assert (
        one.text()
        == {
            "mine": "Written in this place.",
            "theirs": "Written in the other place.",
            "both": "Written in the other place.\n\nWritten in this place.",
        }[chosen]
    )
    one.until_saved()
    one.open(f"/drafts/{draft}/versions")
    expect(one.page.locator("main")).to_contain_text("Written in this place.")
    expect(one.page.locator("main")).to_contain_text("Written in the other place.")


def test_changes_that_do_not_touch_each_other_are_joined_without_asking(visit: NewPage) -> None:
    one = visit()
    one.write(FACT)
    draft = one.until_saved()
    other = visit(f"/drafts/{draft}")
    other.write("Hello all. ")
    other.until_saved()

    one.page.locator("#setting summary").click()
    one.page.get_by_label("For", exact=True).select_option("leadership")

    expect(one.editor).to_contain_text("Hello all.", timeout=10_000)
    expect(one.page.locator("#both")).to_be_hidden()
    one.open(f"/drafts/{draft}")
    one.until_live()
    assert "Hello all." in one.text()
    expect(one.page.get_by_label("For", exact=True)).to_have_value("leadership")


JOINED = [
    ("one two three", "ONE two three", "one two THREE", "ONE two THREE"),
    ("one two three", "one two three four", "zero one two three", "zero one two three four"),
    ("one two three", "one two three", "one 2 three", "one 2 three"),
    ("one two three", "one 2 three", "one two three", "one 2 three"),
    ("one two three", "one 2 three", "one II three", None),
    ("one", "one more", "one less", None),
    ("", "theirs", "mine", None),
]


def test_what_was_typed_meanwhile_is_joined_where_that_is_safe(visit: NewPage) -> None:
    workbench = visit("/rules")
    script = (
        f"async (cases) => {{ const made = await import('{Assets().url('joining.js')}'); return cases.map((one) => made.joined(...one)); }}"
    )

    assert workbench.evaluate(script, [list(case[:3]) for case in JOINED]) == [case[3] for case in JOINED]


BOTH = [
    ("One. Two. Three.", "One. Zwei. Three.", "One. Two. Zwei. Three."),
    ("One.\nTwo.", "One.\nTwo.\nThree.", "One.\nTwo.\nThree."),
    ("Nothing alike.", "Quite different.", "Nothing alike.\n\nQuite different."),
    ("Zero. One.", "One. Two at 10:42.", "Zero. One. Two at 10:42."),
]


def test_both_texts_in_one_say_what_they_share_once(visit: NewPage) -> None:
    workbench = visit("/rules")
    script = (
        f"async (cases) => {{ const made = await import('{Assets().url('joining.js')}'); return cases.map((one) => made.both(...one)); }}"
    )

    assert workbench.evaluate(script, [list(case[:2]) for case in BOTH]) == [case[2] for case in BOTH]


def test_who_comes_back_to_a_tab_sees_what_was_written_elsewhere(visit: NewPage) -> None:
    one = visit()
    one.write(FACT)
    draft = one.until_saved()
    other = visit(f"/drafts/{draft}")
    other.write("Hello all. ")
    other.until_saved()

    one.evaluate("dispatchEvent(new Event('focus'))")

    expect(one.editor).to_contain_text("Hello all.")
    expect(one.page.locator("#notice")).to_contain_text("changed somewhere else")


def test_without_the_checker_words_are_counted_and_remarks_say_how_old_they_are(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    workbench.until_saved()
    workbench.go_offline()
    workbench.write(MORE)

    expect(workbench.page.locator("#as-of")).to_have_text(re.compile(r"^Remarks as of \d\d:\d\d; the checker is away\.$"))
    expect(workbench.page.locator("#count")).to_have_text("10 words")
    workbench.go_online()
    expect(workbench.page.locator("#as-of")).to_be_hidden(timeout=10_000)


def test_two_texts_that_differ_are_shown_after_a_reload_too(visit: NewPage) -> None:
    one = visit()
    one.write(FACT)
    draft = one.until_saved()
    one.go_offline()
    one.write(" Written without a connection.")
    expect(one.kept).to_have_text("Kept on this device")
    other = visit(f"/drafts/{draft}")
    other.write("Written in the other place. ")
    other.until_saved()

    one.page.context.set_offline(False)
    one.open(f"/drafts/{draft}")
    one.until_live()

    expect(one.page.locator("#both")).to_be_visible()
    assert one.text() == f"{FACT} Written without a connection."


def test_putting_away_is_a_click_and_can_be_undone(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    workbench.until_saved()
    workbench.open("/drafts")

    workbench.page.locator(".row").filter(has_text=FACT).first.get_by_role("button", name="Put away").click()
    expect(workbench.page.locator(".banner")).to_contain_text("Put away.")
    workbench.page.get_by_role("button", name="Undo").click()
    workbench.until_live()

    assert workbench.text() == FACT


def test_a_new_draft_begins_empty_though_another_was_just_written(visit: NewPage) -> None:
    workbench = visit()
    workbench.write(FACT)
    workbench.until_saved()

    workbench.page.get_by_role("link", name="Write").click()
    workbench.until_live()

    assert workbench.text() == ""


def test_without_any_script_a_draft_can_be_checked_saved_and_found(visit: NewPage) -> None:
    workbench = visit(java_script_enabled=False)
    page = workbench.page

    page.get_by_label("Your message").fill(f"{FACT} I will share more as soon as possible.")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#rail")).to_contain_text("as soon as possible")
    expect(page.locator("h1.now")).to_have_text(re.compile("^Say "))
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_label("Your message")).to_have_value(f"{FACT} I will share more as soon as possible.")

    assert "/drafts/" in page.url
    assert page.locator(".scripted:visible").count() == 0
