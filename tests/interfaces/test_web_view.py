from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from amends.core.problem import Problem
from amends.core.record import replace
from amends.interfaces.web.view import GAP, Utf16, compose_view, say_when
from amends.language.forms import Form, FormMove
from amends.language.records import Commitment, Document, Edit, Finding, MoveReport, SentenceReport, Signal, Suppressed

if TYPE_CHECKING:
    from amends.interfaces.web.view import ComposeView

NOW = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
FORM = Form(
    "first-message",
    "First message",
    "Says it.",
    "ours",
    "team",
    tuple(FormMove(name, "error", f"Where is the {name}?", "", "") for name in ("fact", "impact", "ownership")),
    template="At [HH:MM] I [what].",
)
TEXT = "At 10:42 my deploy broke the login. It was just a small thing, more soon."


def document(**changes: object) -> Document:
    return replace(
        Document(
            id=None,
            path=None,
            form="first-message",
            audience="team",
            at=NOW,
            tz="Europe/Berlin",
            language="en",
            signals=tuple(Signal(name, met=name != "impact", start=None, end=None) for name in ("ownership", "impact", "recovery")),
            sentences=(SentenceReport(0, 35, (), ()), SentenceReport(36, 73, (), ())),
            moves=(move("fact", 0, 35), move("impact"), move("ownership", 0, 35)),
            findings=(),
            promises=(),
            past_times=(),
            suppressed=(),
            problems=(),
        ),
        **changes,
    )


def move(name: str, start: int | None = None, end: int | None = None, *, required: bool = True) -> MoveReport:
    return MoveReport(name, required=required, present=start is not None, start=start, end=end)


def finding(rule: str, start: int, end: int, severity: str = "error", flaw: str | None = "vague", missing: str | None = None) -> Finding:
    edits = (Edit("Name it", start, end, "by [HH:MM]"),)
    return Finding(
        rule, None if missing else flaw, missing, severity, "When?", "They wait.", start, end, 1, 1, ("Say when.",), "ours", edits
    )


def seen(text: str = TEXT, **changes: object) -> ComposeView:
    return compose_view(text, document(**changes), (FORM,))


ALL_THERE = (move("fact", 0, 35), move("impact", 0, 35), move("ownership", 0, 35))
ALL_MET = tuple(Signal(name, met=True, start=0, end=1) for name in ("ownership", "impact", "recovery"))


def test_the_page_says_what_is_missing_first() -> None:
    assert seen().now == "Say who was affected."


def test_without_a_fact_nothing_else_is_asked_for() -> None:
    assert seen(moves=(move("fact"), move("impact"), move("ownership"))).now == "Say what happened, and when."


def test_then_it_says_which_gap_is_open() -> None:
    text = "At [HH:MM] I broke the build."

    assert seen(text, moves=ALL_THERE, signals=ALL_MET).now == "Fill in [HH:MM]."
    assert not seen(text, moves=ALL_THERE, signals=ALL_MET).ready


def test_then_which_words_to_rewrite() -> None:
    assert seen(moves=ALL_THERE, findings=(finding("minimizing", 43, 55),)).now == "Rewrite “just a small”."


def test_with_only_advice_left_a_message_is_ready() -> None:
    view = seen(moves=ALL_THERE, findings=(finding("vague-time", 68, 72, "warning"),))

    assert view.now == "Ready to send. 1 remark is left to weigh."
    assert view.ready


def test_a_clean_message_is_ready() -> None:
    assert seen(moves=ALL_THERE, signals=ALL_MET).now == "Ready to send."


def test_an_empty_draft_shows_what_it_will_need() -> None:
    view = seen("  \n", moves=(), signals=(), sentences=(), problems=(Problem("empty-draft", "there is nothing here yet"),))

    assert view.now == "Say what happened, and when."
    assert view.empty
    assert not view.ready
    assert [step.move for step in view.steps if not step.present] == ["fact", "impact", "ownership"]
    assert [signal.met for signal in view.signals] == [False]
    assert view.problems == ()


def test_signals_say_only_what_no_step_says() -> None:
    assert [signal.name for signal in seen().signals] == ["Recovery"]
    assert seen(form="status-update").signals == ()
    assert [(one.name, one.met) for one in seen(form="any", moves=()).signals] == [
        ("Ownership", True),
        ("Impact awareness", False),
        ("Recovery", True),
    ]


def test_a_missing_sentence_that_is_ignored_is_left_out_on_purpose() -> None:
    view = seen(suppressed=(Suppressed("missing-impact", 0, 35, "switch on line 1", "it is told elsewhere"),))

    assert [step.left_out for step in view.steps] == [False, True, False]
    assert view.now == "Ready to send."


def test_several_missing_sentences_share_a_card_beside_the_best_remarks_on_words() -> None:
    missing = tuple(finding(f"missing-{name}", 0, 35, missing=name) for name in ("impact", "ownership"))
    on_words = tuple(finding("vague-time", at, at + 2) for at in range(4))

    view = seen(findings=(*missing, *on_words))

    assert [remark.move for remark in view.unsaid] == ["impact", "ownership"]
    assert [remark.key for remark in view.top] == ["vague-time-1", "vague-time-2", "vague-time-3"]
    assert [remark.key for remark in view.rest] == ["vague-time-4"]
    assert seen(findings=(missing[0], *on_words)).unsaid == ()


def test_a_time_that_is_written_out_is_not_repeated_behind_itself() -> None:
    due = NOW.replace(hour=14, minute=30)
    written = Commitment("next update 14:30 UTC", 0, 21, "14:30 UTC", "next_update", "speaker", "firm", due, None, "minute", 12, 21)

    assert json.loads(seen(promises=(written,), tz="UTC").marks)["promises"] == []
    assert len(json.loads(seen(promises=(written,)).marks)["promises"]) == 1


def test_of_another_language_nothing_is_called_missing() -> None:
    problem = Problem("other-language", "this does not read as English but as German", "only its structure was checked")

    view = seen("Der Build ist kaputt.", language="de", problems=(problem,))

    assert view.now == "This does not read as English but as German."
    assert view.problems == (problem,)
    assert view.steps == ()
    assert view.signals == ()
    assert not view.ready


def test_a_text_of_nothing_but_code_still_says_what_it_needs() -> None:
    assert seen("```\ncode\n```", sentences=(), moves=(move("fact"), move("impact"))).now == "Say what happened, and when."


def test_steps_carry_the_question_of_the_form_and_the_place_of_their_sentence() -> None:
    fact, impact, _ = seen().steps

    assert (fact.present, fact.start, fact.end) == (True, 0, 35)
    assert (impact.present, impact.start, impact.question) == (False, None, "Where is the impact?")


def test_offsets_for_browsers_count_utf_16_units() -> None:
    text = "😬 It was 👩‍💻 just a blip."
    at = text.index("just")

    view = seen(text, findings=(finding("minimizing", at, at + 4),))

    remark = view.remarks[0]
    assert text.encode("utf-16-le")[2 * remark.start : 2 * remark.end].decode("utf-16-le") == "just"
    assert remark.fixes[0].start == remark.start
    assert json.loads(view.marks)["findings"] == [[remark.start, remark.end, "error", "minimizing-1"]]


def test_offsets_of_plain_text_stay_as_they_are() -> None:
    assert [Utf16("plain")(at) for at in range(6)] == list(range(6))


def test_three_remarks_stand_open_and_the_rest_is_folded() -> None:
    view = seen(findings=tuple(finding("vague-time", at, at + 2) for at in range(5)))

    assert [remark.key for remark in view.top] == ["vague-time-1", "vague-time-2", "vague-time-3"]
    assert [remark.key for remark in view.rest] == ["vague-time-4", "vague-time-5"]
    assert view.counts == (("error", 5, "5 to fix"),)


def test_remarks_on_gaps_leave_the_room_to_those_on_words() -> None:
    view = seen(findings=(finding("open-gap", 0, 2), finding("vague-time", 5, 7, "warning")))

    assert [remark.rule for remark in view.top] == ["vague-time", "open-gap"]


def test_no_more_than_fifty_remarks_are_listed_and_all_are_counted() -> None:
    view = seen(findings=tuple(finding("vague-time", at, at + 1) for at in range(70)))

    assert (len(view.top) + len(view.rest), view.unlisted) == (50, 20)
    assert view.counts == (("error", 70, "70 to fix"),)


def test_a_tip_is_shown_where_it_says_more_than_the_rewrite() -> None:
    one = finding("vague-time", 0, 4)

    assert seen(findings=(one,)).remarks[0].tip == "Say when."
    assert seen(findings=(replace(one, suggestions=("Write: by [HH:MM].",)),)).remarks[0].tip == ""


def test_a_remark_about_what_is_missing_underlines_nothing() -> None:
    view = seen(findings=(finding("missing-impact", 0, 35, missing="impact"), finding("too-long", 0, len(TEXT))))

    assert [remark.underlined for remark in view.remarks] == [False, False]
    assert json.loads(view.marks)["findings"] == []
    assert json.loads(view.marks)["places"]["missing-impact-1"] == [0, 35]


def test_a_promise_shows_its_time_in_the_readers_zone() -> None:
    promise = Commitment(
        "next update 14:30 UTC",
        0,
        21,
        "14:30 UTC",
        "next_update",
        "speaker",
        "firm",
        NOW.replace(hour=14, minute=30),
        None,
        "minute",
        12,
        21,
    )

    chip = seen(promises=(promise,)).chips[0]

    assert (chip.kind, chip.when, chip.quote) == ("Next update", "15:30 CET", "next update 14:30 UTC")
    assert chip.iso == "2026-03-04T15:30:00+01:00"


def test_a_promise_without_a_time_says_so() -> None:
    promise = Commitment("more soon", 63, 72, "soon", "other", "speaker", "vague", None, None, None)

    chip = seen(promises=(promise,)).chips[0]

    assert (chip.kind, chip.when, chip.note) == ("Promise", "no time yet", "no time that can be kept")


def test_an_unknown_zone_falls_back_to_the_offset_of_the_check() -> None:
    promise = Commitment("by 14:30", 0, 8, "14:30", "fix", "speaker", "firm", NOW.replace(hour=14, minute=30), None, "minute")

    assert seen(promises=(promise,), tz="Europe/Atlantis").chips[0].when == "14:30 UTC"


@pytest.mark.parametrize(
    ("due", "grain", "said"),
    [
        (NOW.replace(hour=14, minute=30), "minute", "14:30 UTC"),
        (NOW.replace(day=5, hour=9, minute=0), "hour", "Thu 5 Mar, 09:00 UTC"),
        (NOW.replace(day=6), "day", "Fri 6 Mar"),
        (NOW.replace(year=2027), "month", "Thu 4 Mar 2027"),
        (NOW.astimezone(ZoneInfo("Asia/Kolkata")), None, "16:20 IST"),
    ],
)
def test_times_are_said_with_day_and_zone_as_far_as_they_were_meant(due: datetime, grain: str | None, said: str) -> None:
    assert say_when(due, grain, NOW) == said


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("At [HH:MM] I [what].", ["[HH:MM]", "[what]"]),
        ("- [ ] Impact\n- [x] Prevention", []),
        ("see [the page](https://example.org)", []),
        ("nothing open", []),
    ],
)
def test_gaps_are_words_in_brackets_but_no_boxes_and_no_links(text: str, gaps: list[str]) -> None:
    assert GAP.findall(text) == gaps


def test_words_are_counted_without_the_switches() -> None:
    assert seen("It was late. <!-- amends: ignore hedge because it was -->").words == 3
