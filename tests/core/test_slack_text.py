"""A message of Slack is read as its readers saw it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.slack_text import decoded, files_of, words_of

NAMES = {"U1": "ada", "C1": "incidents", "S1": "ops"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<@U1> look", "@ada look"),
        ("<@U9|eve> look", "@eve look"),
        ("in <#C1|incidents> or <#C1>", "in #incidents or #incidents"),
        ("<https://status.example.com|our page>", "our page"),
        ("<https://status.example.com>", "https://status.example.com"),
        ("<!here> a &lt; b &amp;&amp; c", "@here a < b && c"),
        ("<!date^1772621400^{time}|10:50 AM UTC>", "10:50 AM UTC"),
        ("&amp;lt;", "&lt;"),
        ("&lt;@U1&gt;", "<@U1>"),  # what was typed is no mark
        ("<!subteam^S1> and <!subteam^S1|@on-call>", "@ops and @on-call"),
    ],
)
def test_marks_are_shown_as_their_readers_saw_them(raw: str, shown: str) -> None:
    assert decoded(raw, NAMES.get) == shown  # type: ignore[arg-type]  # the names asked for are there


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<https://status.example.com|our page>", "our page (https://status.example.com)"),
        ("<https://status.example.com|status.example.com>", "status.example.com"),
        ("<https://status.example.com|https://status.example.com>", "https://status.example.com"),
        ("<https://status.example.com>", "https://status.example.com"),
    ],
)
def test_where_a_link_goes_is_shown_to_those_who_cannot_follow_it(raw: str, shown: str) -> None:
    assert decoded(raw, str, addresses=True) == shown


def rich(*pieces: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"text": "", "blocks": [{"type": "rich_text", "elements": [{"type": kind, "elements": list(pieces)}]}]}


@pytest.mark.parametrize("kind", ["rich_text_section", "rich_text_quote", "rich_text_preformatted"])
def test_rich_text_is_one_line_with_people_channels_and_links(kind: str) -> None:
    pieces: tuple[dict[str, Any], ...] = (
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " a < b && &lt; "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "emoji", "name": "fire"},
        {"type": "link", "url": "https://a.example", "text": "page"},
        {"type": "date", "timestamp": 1772621400, "format": "{time}", "fallback": "10:50"},
    )
    wanted = "@here a < b && &lt; @ada in #incidents@ops:fire:page (https://a.example)10:50"
    assert decoded(words_of(rich(*pieces, kind=kind)), lambda id: NAMES[id], addresses=True) == wanted


def test_items_of_a_list_are_lines() -> None:
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in ("one", "two")]
    assert words_of(rich(*items, kind="rich_text_list")) == "one\ntwo"


@pytest.mark.parametrize(
    ("attachment", "words"),
    [
        ({"fallback": "short", "pretext": "Deploy", "title": "v214", "text": "is live"}, "Deploy\nv214\nis live"),
        ({"fields": [{"title": "Ring", "value": "all"}, {"value": 7}, "junk"]}, "Ring: all\n7"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "in blocks"}}], "fallback": "[no preview]"}, "in blocks"),
        ({"fallback": "short"}, "short"),
    ],
)
def test_an_attachment_says_all_that_its_readers_see(attachment: dict[str, Any], words: str) -> None:
    assert words_of({"text": " ", "attachments": [attachment]}) == words


def test_a_comment_on_a_file_and_the_names_of_files_are_read() -> None:
    assert words_of({"text": "ada commented", "comment": {"comment": "Back at 11:30."}}) == "Back at 11:30."
    assert files_of({"files": [{"title": "p99", "name": "a.png"}, {"name": "b.png"}, {}, 7]}) == ["p99", "b.png", ""]


KEYS = st.sampled_from(
    ["type", "text", "elements", "blocks", "attachments", "fields", "files", "comment", "url", "title", "fallback", "range"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(st.dictionaries(KEYS, JSON))
def test_a_message_of_any_make_is_read_without_harm(message: dict[str, Any]) -> None:
    assert isinstance(decoded(words_of(message), str), str)
    assert all(isinstance(name, str) for name in files_of(message))
