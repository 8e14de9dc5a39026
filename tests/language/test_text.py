"""How a draft is read: units, kinds, labels, masks; offsets that never move, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.language.mask import CODE, LINK, QUOTE
from amends.language.text import MARKUPS, parse


def units(raw: str, markup: str = "auto") -> list[str]:
    return [raw[one.start : one.end] for one in parse(raw, markup).sentences]


def kinds(raw: str) -> list[str]:
    return [one.kind for one in parse(raw).sentences]


def test_full_stops_end_sentences_and_abbreviations_do_not() -> None:
    assert units("We met Dr. Kim at 5 p.m. on Friday. It took 2.5 h, e.g. the import. Done!") == [
        "We met Dr. Kim at 5 p.m. on Friday.",
        "It took 2.5 h, e.g. the import.",
        "Done!",
    ]


def test_a_zone_after_the_clock_belongs_to_it() -> None:
    assert units("Next note at 4 p.m. PT. The rest waits.") == ["Next note at 4 p.m. PT.", "The rest waits."]


def test_a_time_before_the_verb_does_not_end_the_sentence() -> None:
    assert units("At 2:15 p.m. I sent the rota. It was the old one.") == ["At 2:15 p.m. I sent the rota.", "It was the old one."]
    assert (
        units("We write again at 4 p.m. ET and then at 6 p.m. Thanks for waiting.")[0] == "We write again at 4 p.m. ET and then at 6 p.m."
    )


def test_small_letters_may_begin_a_sentence_in_chat() -> None:
    assert units("number is fixed since 2:05. a mail goes out at 4.") == ["number is fixed since 2:05.", "a mail goes out at 4."]


def test_wrapped_lines_are_one_sentence_and_broken_lines_are_two() -> None:
    wrapped = "I missed these entries in the last change, so that they were not\nused in the backend."
    assert units(wrapped) == [wrapped]
    assert units("Build is red\nI am on it") == ["Build is red", "I am on it"]


def test_items_boxes_and_headings_lose_their_marker_but_not_their_place() -> None:
    raw = "## Actions\n- [x] Impact: 12 orders\n1. Add a check\n☑ Prevention: done"
    assert units(raw) == ["Actions", "Impact: 12 orders", "Add a check", "Prevention: done"]
    assert kinds(raw) == ["heading", "label", "item", "label"]


def test_labels_are_read_at_the_start_of_a_line_in_bold_too() -> None:
    text = parse("Context: since 07:52 logins fail.\n**Next update:** 08:45\nWhat / the wrong template\nAt 10:42 it broke")
    assert [one.label for one in text.sentences] == ["context", "next update", "what", None]


def test_greeting_and_sign_off_stand_apart() -> None:
    assert kinds("Hi Joy,\nYour seat is booked.\nBest regards\nAda") == ["greeting", "sentence", "signature", "sentence"]


def test_mail_headers_are_blanked_and_the_subject_stays() -> None:
    raw = "From: a@example.org\nTo: b@example.org\nSubject: Checkout down, next update 14:30\n\nIt is down."
    assert units(raw) == ["Subject: Checkout down, next update 14:30", "It is down."]


def test_quoted_mail_and_everything_behind_the_signature_mark_are_no_part_of_the_draft() -> None:
    assert units("It is fixed.\n> who broke this?\n-- \nAda Example\nHead of Blame") == ["It is fixed."]
    assert units("It is fixed.\n\nOn Tuesday, Bo wrote:\nwhy is it down?") == ["It is fixed."]


def test_code_links_and_quotations_keep_their_length_and_their_place_in_the_sentence() -> None:
    raw = 'I dropped the `region` index, see https://example.org/a?b=1. The page said "never again" to everyone.'
    masked = parse(raw).masked
    assert len(masked) == len(raw)
    assert masked.count(CODE) == len("`region`")
    assert masked.count(LINK) == len("https://example.org/a?b=1")
    assert masked.count(QUOTE) == len('"never again"')
    assert "never" not in masked


def test_a_message_pasted_between_quotation_marks_is_the_authors_own() -> None:
    assert "broke" in parse("\u201cAt 10:42, my deploy broke the login.\u201d").words


def test_a_quotation_inside_a_pasted_message_is_still_a_quotation() -> None:
    masked = parse('"Logins fail with "401 not allowed" for everybody. Next update at 14:30."').masked
    assert "Next update" in masked
    assert "not allowed" not in masked


def test_fenced_code_and_front_matter_are_blanked() -> None:
    assert units("---\ntitle: x\n---\nIt broke.\n```\nwho did this?\n```\nIt works.") == ["It broke.", "It works."]


def test_plain_markup_takes_every_line_as_it_stands() -> None:
    assert "> quoted words" in units("> quoted words", "plain")


def test_typographic_apostrophes_read_like_straight_ones() -> None:
    assert parse("That\u2019s on me").words == ["that's", "on", "me"]


@pytest.mark.parametrize(
    "raw", ["cafe\u0301 is down. e\u0301 👩‍👩‍👧 ok. שלום עולם. İstanbul is up. ﬁx it.", "👍🏽\n\n🔥 down since 10:42! 🙏"]
)
def test_words_stand_where_they_are_said_to_stand(raw: str) -> None:
    text = parse(raw)
    for written, (start, end) in zip(text.written, text.spans, strict=True):
        assert raw[start:end] == written


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300), st.sampled_from(MARKUPS))
def test_any_text_is_read_with_ordered_units_inside_it_and_a_mask_of_its_length(raw: str, markup: str) -> None:
    text = parse(raw, markup)
    assert len(text.masked) == len(raw)
    assert len(text.spans) == len(text.words) == len(text.written)
    end = 0
    for sentence in text.sentences:
        assert end <= sentence.start < sentence.end <= len(raw)
        end = sentence.end


@given(st.text(alphabet='ab.!?:*_`"<>[]()#-|@\n 1', max_size=200))
def test_markup_soup_is_read_too(raw: str) -> None:
    text = parse(raw)
    assert len(text.masked) == len(raw)
    assert [one.start for one in text.sentences] == sorted(one.start for one in text.sentences)


HOSTILE = [
    "a",
    ".",
    "`",
    "` ",
    '"',
    '"a ',
    "**a",
    "<!--",
    "_ a",
    "a: ",
    "](a",
    "\n- ",
    "|",
    "-",
    "- ",
    "a@b.",
    "w-",
    " ",
    "1.",
    "abc def\n",
    "On a wrote:\n",
    "(",
    "\u201c",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_is_read_in_more_than_linear_time(piece: str) -> None:
    """Eight times the text may take at most twenty times the time: square would be sixty-four. Generous, since machines are busy."""
    size = 60_000 // len(piece)

    def seconds(count: int) -> float:
        started = time.process_time()
        parse(piece * count)
        return time.process_time() - started

    small = min(seconds(size) for _ in range(3))
    assert seconds(size * 8) < max(20 * small, 0.6)
