"""The report for people: marked words, wide and joined characters, narrow terminals, colour."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends import wiring
from amends.core.span import LineIndex
from amends.interfaces.cli.as_text import TextRenderer
from amends.interfaces.cli.excerpt import excerpt
from amends.interfaces.cli.progress import Progress, waiting_for
from amends.interfaces.cli.result import Checked, View
from amends.interfaces.cli.terminal import Paint, cells, shown_width, wrapped
from amends.language.records import Document, Draft, Edit, Finding, SentenceReport
from amends.testing import FixedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]
    Golden = Callable[[str, str], None]

PLAIN = Paint(False)  # noqa: FBT003  # whether to paint is all that it takes


def marked(text: str, words: str, width: int = 80) -> list[str]:
    start = text.index(words)
    return excerpt(text, LineIndex(text), start, start + len(words), width, PLAIN, "error")


def rows(lines: list[str]) -> list[str]:
    return [line.split("│ ", 1)[1] if "│ " in line else "" for line in lines]


def test_the_words_are_marked_under_their_line() -> None:
    assert marked("one\ntwo soon three\n", "soon") == ["  2 │ two soon three", "    │     ^^^^"]


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        ("\t", 4),
        ("ab\t", 4),
        ("日本", 4),
        ("e\u0301", 1),
        ("👩‍👩‍👧", 2),
        ("👍🏽", 2),
        ("\u200b", 0),
        ("🇩🇪", 2),
        ("\x1b[31m", 5),
        ("한국", 4),
    ],
)
def test_marks_stand_under_their_words_whatever_stands_before(before: str, columns: int) -> None:
    text = f"{before}soon"
    assert rows(marked(text, "soon"))[1] == " " * columns + "^^^^"


def test_wide_words_are_marked_over_their_whole_width() -> None:
    assert rows(marked("a 日本 b", "日本"))[1] == "  ^^^^"


def test_text_that_reads_from_right_to_left_is_quoted_instead_of_marked() -> None:
    assert rows(marked("אנחנו בודקים soon", "soon"))[1] == "here: soon"


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x07", "\r\r", "\u202e", "\u2066", "\x9b", "\u2028"])
def test_a_draft_cannot_steer_the_terminal(steering: str) -> None:
    shown = "".join(glyph for glyph, _ in cells(steering))
    assert not set(steering[0]) & set(shown)
    assert all(char >= " " for char in shown)


def test_several_lines_are_each_marked() -> None:
    assert marked("a b\nc d\n", "b\nc") == ["  1 │ a b", "    │   ^", "  2 │ c d", "    │ ^"]


def test_of_many_lines_the_first_two_and_the_last_are_shown() -> None:
    text = "\n".join("abcdefg")
    assert marked(text, text) == ["  1 │ a", "    │ ^", "  2 │ b", "    │ ^", "    ┆", "  7 │ g", "    │ ^"]


def test_a_long_line_is_shown_around_the_words_and_fits() -> None:
    text = "word " * 100 + "soon " + "more " * 100
    lines = marked(text, "soon", 40)
    assert all(shown_width(line) <= 40 for line in lines)
    top, under = rows(lines)
    assert top[under.index("^") : under.rindex("^") + 1] == "soon"
    assert top.startswith("… ")
    assert top.endswith(" …")


def test_a_hostile_line_takes_no_longer_than_a_short_one() -> None:
    text = "a" * 10_000_000 + " soon"
    assert "soon" in marked(text, "soon", 60)[0]


def test_an_empty_span_is_one_mark() -> None:
    assert excerpt("ab", LineIndex("ab"), 2, 2, 80, PLAIN, "note") == ["  1 │ ab", "    │   ^"]


def test_a_windows_line_ending_is_not_shown() -> None:
    assert marked("a soon\r\nb", "soon")[0] == "  1 │ a soon"


@given(st.text(max_size=300), st.data())
def test_any_span_of_any_text_is_shown_within_the_width(text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = excerpt(text, LineIndex(text), start, end, 40, PLAIN, "note")
    assert lines
    assert all("\n" not in line and shown_width(line) <= 44 for line in lines)
    assert any("^" in line or "here:" in line for line in lines)


@given(st.text(max_size=200), st.integers(10, 60))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    shown = " ".join(wrapped(text, width)).split()
    assert len(shown) == len(" ".join("".join(glyph for glyph, _ in cells(text.replace("\n", " ").replace("\r", ""))).split()).split())


DRAFT = "Dave broke the login at 10:42.\nIt is very bad, and it works soon.\nWe write again by 14:30.\n"


@pytest.mark.usefixtures("engines")
def test_the_report_looks_as_agreed(run: Run, golden: Golden, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT)
    golden("cli/report.txt", run("check", "draft.md").out)


@pytest.mark.usefixtures("engines")
def test_the_report_of_everything_looks_as_agreed(run: Run, golden: Golden, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT + "Soon, quietly, soon.\n")
    golden("cli/report-all.txt", run("check", "draft.md", "--all", "--explain").out)


@pytest.mark.usefixtures("engines")
def test_the_report_of_several_texts_ends_with_a_count(run: Run, golden: Golden, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(DRAFT)
    (tmp_path / "b.md").write_text("At 10:42 I broke it. A test will catch it.\n")
    (tmp_path / "c.md").write_text("")
    golden("cli/report-several.txt", run("check", "a.md", "b.md", "c.md").out)


QUESTIONS = {"fact": "What happened, and when?", "impact": "Who could not do what, since when?", "recovery": "When do we hear more?"}


def missing(move: str, severity: str = "error") -> Finding:
    message = f"{QUESTIONS[move]} This first message does not say."
    stub = f"[{move}]"
    return Finding(
        f"missing-{move}", None, move, severity, message, "A reader asks.", 12, 25, 3, 1, (f"Write: {stub}",), "a",
        (Edit(f"Add: {stub}", 25, 25, stub),),
    )  # fmt: skip


def remark(rule: str, flaw: str | None, start: int, end: int) -> Finding:
    return Finding(rule, flaw, None, "warning", f"About {rule}?", "It matters.", start, end, 3, 1, (), "b")


def shown(*findings: Finding, top: int | None = 9, explain: bool = False) -> str:
    text = "# Dashboard\nIt was down.\nWe look.\n"
    draft = Draft(text, FixedClock().now())
    sentences = tuple(SentenceReport(start, end, (), ()) for start, end in ((0, 11), (12, 24), (25, 33)))
    document = Document(
        None, None, "first-message", "team", draft.at, None, "en", (), sentences, (), findings, (), (), (), (),
    )  # fmt: skip
    view = View(PLAIN, 80, top, explain, quiet=False, rule=lambda _: None)
    return TextRenderer(view).document(Checked(draft, document, guessed=False, label="a.md"))


def test_moves_that_are_missing_stand_in_one_block(golden: Golden) -> None:
    findings = (missing("fact"), missing("impact"), remark("vague-time", "vague", 16, 19), missing("recovery", "note"))
    golden("cli/missing.txt", shown(*findings))
    golden("cli/missing-explained.txt", shown(*findings[:2], explain=True))


def test_the_block_of_missing_moves_gives_its_reasons_when_everything_is_shown() -> None:
    assert "why: A reader asks." in shown(missing("fact"), missing("impact"), top=None)
    assert "A reader asks." not in shown(missing("fact"), missing("impact"))


def test_the_block_holds_no_more_than_the_findings_that_are_shown() -> None:
    out = shown(missing("fact"), missing("impact"), missing("recovery"), top=2)
    assert "missing-recovery" not in out
    assert "… and 1 more: 1 error" in out


def test_a_remark_on_the_text_as_such_marks_no_words() -> None:
    assert "│" not in shown(remark("too-few-entries", None, 12, 24))
    assert "│" in shown(remark("too-few-entries", None, 16, 19))
    assert "│" in shown(remark("vague-time", "vague", 12, 24))


@pytest.mark.usefixtures("engines")
def test_a_narrow_terminal_gets_narrow_lines(run: Run, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "36")
    (tmp_path / "draft.md").write_text(DRAFT)
    out = run("check", "draft.md").out
    golden("cli/report-narrow.txt", out)
    assert all(shown_width(line) <= 36 for line in out.splitlines() if not line.startswith("draft.md:"))


@pytest.mark.usefixtures("engines")
def test_quiet_gives_one_line_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("It is up soon.\nA test.\n")
    assert run("check", "-q", "draft.md").out == "draft.md:1:10: warning[demo-time] When exactly is “soon”?\n"


@pytest.mark.usefixtures("engines")
def test_top_limits_the_findings_of_each_text(run: Run) -> None:
    assert "… and 3 more" in run("check", "-", "--top", "1", stdin=DRAFT).out
    assert "more" not in run("check", "-", "--all", stdin=DRAFT).out


@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, False)],
)
def test_colour_is_for_terminals_unless_the_environment_says_otherwise(
    run: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("check", "-", stdin=DRAFT).out) is coloured


@pytest.mark.usefixtures("engines")
def test_colour_changes_no_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("check", "-", "--all", stdin=DRAFT).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", run("check", "-", "--all", stdin=DRAFT).out) == plain


@pytest.mark.usefixtures("engines")
def test_a_terminal_that_knows_no_unicode_still_gets_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    from amends.interfaces.cli.main import main

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DRAFT.encode()), "utf-8"))
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["check", "-"]) == 1
    stream.flush()
    assert b"error[demo-blame]" in stream.buffer.getvalue()


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_work_over_a_second_is_counted_where_somebody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock()
    screen = Screen()
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    progress = Progress(quiet=False)
    progress.step()
    assert screen.getvalue() == ""
    clock.advance(seconds=2)
    progress.step()
    assert screen.getvalue() == "\r2 texts checked"
    progress.done()
    assert screen.getvalue().endswith("\r")


@pytest.mark.parametrize(("patience", "said"), [(0.0, "reading a.md, 1,000,000 characters …"), (60.0, "")])
def test_a_long_text_is_told_of_when_it_takes_long(monkeypatch: pytest.MonkeyPatch, patience: float, said: str) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting_for("a.md", 1_000_000, quiet=False, patience=patience):
        deadline = time.monotonic() + 5
        while said and not screen.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert screen.getvalue() == said
    assert screen.getvalue().endswith("\r")


def test_a_long_text_is_told_of_only_where_somebody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for screen, quiet in ((io.StringIO(), False), (Screen(), True)):
        monkeypatch.setattr(sys, "stderr", screen)
        with waiting_for("a.md", 1_000_000, quiet=quiet, patience=0):
            time.sleep(0.05)
        assert screen.getvalue() == ""


def test_quiet_work_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock()
    screen = Screen()
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    monkeypatch.setattr(sys, "stderr", screen)
    progress = Progress(quiet=True)
    clock.advance(seconds=2)
    progress.step()
    progress.done()
    assert screen.getvalue() == ""
