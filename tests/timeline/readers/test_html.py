"""HTML of chats and mails as text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.html_text import text_of

PARTS = [*"< > </ <! <!-- --> <![ <![CDATA[ ]]> <? <p> </p> b=' \" & &# &#xD800; &lt; x <script> </script>".split(), " ", "<a "]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &lt;b&gt; &amp; c</p><p>d<br/>e</p>", "a <b> & c\n\nd\ne"),
        ("<ul><li>one</li><li title='>'>two</li></ul>", "- one\n\n- two"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("1 < 2 and 3 > 2, x <y", "1 < 2 and 3 > 2, x <y"),
        ("a<!-- unseen <p> -->b<!DOCTYPE html><?php x ?>c", "abc"),
        ("<![if mso]>a<![endif]>b", "ab"),
    ],
)
def test_the_words_that_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@given(st.lists(st.sampled_from(PARTS)).map("".join))
@settings(max_examples=300, deadline=None)
def test_signs_in_any_order_are_no_trouble(html: str) -> None:
    assert isinstance(text_of(html), str)


@pytest.mark.parametrize("part", [*PARTS, "<a b='", "<a b=", "<p <", '<a "', "</a <", '<a "<a" ', "<a '\""])
def test_many_of_them_take_time_by_their_number(part: str) -> None:
    """The parser of the standard library took 57 seconds for 20,000 of one of these."""
    began = time.perf_counter()
    text_of(part * 20_000)
    assert time.perf_counter() - began < 10
