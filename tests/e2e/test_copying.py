"""What is pasted elsewhere: the marks of a draft in the marks of the place, and nothing that was meant for us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.interfaces.web.assets import Assets

if TYPE_CHECKING:
    from e2e.conftest import NewPage
    from e2e.page import Workbench

pytestmark = pytest.mark.e2e

SLACK = [
    ("**Now:** the index is back.", "*Now:* the index is back."),
    ("# Status\nAll good.", "*Status*\nAll good."),
    ("- one\n  - two\n* three", "• one\n  • two\n• three"),
    ("- [x] Impact\n- [ ] Prevention", "☑ Impact\n☐ Prevention"),
    ("see [the graph](https://example.org/g)", "see the graph (https://example.org/g)"),
    ("[https://example.org](https://example.org)", "https://example.org"),
    ("~~gone~~ _slanted_ *bold*", "~gone~ _slanted_ *bold*"),
    ("`**not bold**` and ```\n- not a list\n```", "`**not bold**` and ```\n- not a list\n```"),
    ("At [HH:MM] we see.", "At [HH:MM] we see."),
    ("Soon. <!-- amends: ignore vague-time because it is -->", "Soon."),
    ("<!-- amends: ignore-next-line hedge -->\nMaybe.", "Maybe."),
    ("| a | long |\n|---|:-:|\n| **bb** | c |", "```\na   long\nbb  c\n```"),
    ("5 < 6 & a*b*c stays", "5 < 6 & a*b*c stays"),
]
MARKDOWN = [
    ("Context: a\nCurrent: b\n\nnew", "Context: a  \nCurrent: b\n\nnew"),
    ("• one\n• two", "- one\n- two"),
    ("<https://example.org/g|the graph>", "[the graph](https://example.org/g)"),
    ("- one\n- two", "- one\n- two"),
    ("```\na\nb\n```", "```\na\nb\n```"),
    ("Soon. <!-- amends: ignore vague-time because it is -->", "Soon."),
]
EMAIL = [
    ("Subject: We fell short\n\nHi,\nwe **did**.", "We fell short", "Hi,\nwe did.", "<p>Hi,<br>we <strong>did</strong>.</p>"),
    ("# Status\n\n- one\n- two", "", "Status\n\n- one\n- two", "<p><strong>Status</strong></p>\n<ul><li>one</li><li>two</li></ul>"),
    (
        "<script>alert(1)</script> & [x](https://example.org)",
        "",
        "<script>alert(1)</script> & x (https://example.org)",
        '<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href="https://example.org">x</a></p>',
    ),
    ("[x](javascript:alert(1))", "", "[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("1. one\n2. two", "", "1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
    (
        "| a | long |\n|---|:-:|\n| **bb** | c |",
        "",
        "a   long\nbb  c",
        "<table><tr><th>a</th><th>long</th></tr><tr><td><strong>bb</strong></td><td>c</td></tr></table>",
    ),
    ("a snake_case_name stays", "", "a snake_case_name stays", "<p>a snake_case_name stays</p>"),
]


@pytest.fixture
def page(visit: NewPage) -> Workbench:
    return visit("/rules")


def convert(page: Workbench, name: str, texts: list[str]) -> list[object]:
    script = f"async (texts) => {{ const made = await import('{Assets().url('copying.js')}'); return texts.map(made.{name}); }}"
    made: list[object] = page.evaluate(script, texts)
    return made


def test_for_slack(page: Workbench) -> None:
    assert convert(page, "forSlack", [text for text, _ in SLACK]) == [wanted for _, wanted in SLACK]


def test_as_markdown(page: Workbench) -> None:
    assert convert(page, "forMarkdown", [text for text, _ in MARKDOWN]) == [wanted for _, wanted in MARKDOWN]


def test_for_email(page: Workbench) -> None:
    wanted = [{"subject": subject, "plain": plain, "html": html} for _, subject, plain, html in EMAIL]

    assert convert(page, "forEmail", [text for text, *_ in EMAIL]) == wanted


def test_gaps_that_are_still_open_are_told_when_copying(visit: NewPage) -> None:
    workbench = visit()
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    workbench.write("Subject: Build\n\nAt [HH:MM] I broke the build.")

    workbench.page.get_by_role("button", name="Copy for e-mail").click()
    notice = workbench.page.locator("#notice")
    notice.wait_for()

    assert "One gap is still open: [HH:MM]." in str(notice.text_content())
    assert "The subject is not in it: “Build”." in str(notice.text_content())
    assert workbench.evaluate("navigator.clipboard.readText()") == "At [HH:MM] I broke the build."


def test_an_empty_draft_is_not_copied(visit: NewPage) -> None:
    workbench = visit()
    workbench.until_live()

    workbench.page.get_by_role("button", name="Copy as Markdown").click()

    assert workbench.page.locator("#notice").text_content() == "There is nothing to copy yet."
