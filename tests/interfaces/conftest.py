"""The command line in process: its words in, its status and both streams out; and an engine whose findings never change."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.core.errors import UnknownNameError
from amends.core.problem import Problem
from amends.core.record import record, replace
from amends.core.span import LineIndex
from amends.interfaces.cli.main import main
from amends.language.forms import Form, FormMove
from amends.language.records import (
    Commitment,
    Document,
    Draft,
    Edit,
    Finding,
    MoveLabel,
    MoveReport,
    SentenceReport,
    Signal,
    Suppressed,
)
from amends.language.rules import Rule
from amends.testing import FixedClock, memory_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.testclient import TestClient

    from amends.settings import Settings

GOLDEN = Path(__file__).parent.parent / "golden"


@record
class Ran:
    """What a run of the command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def clock() -> FixedClock:
    """A clock that moves only when it is told to."""
    return FixedClock()


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: FixedClock) -> FixedClock:
    """The commands live in the time of the test, in London, and have a home of their own. Gives their clock."""
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.setenv("TZ", "Europe/London")
    return clock


@pytest.fixture
def usecases(clock: FixedClock) -> Iterator[UseCases]:
    """Everything a user can do, over a store in memory that `client` serves too."""
    made = UseCases(Checking, memory_store, clock, wiring.ids())
    yield made
    made.close()


@pytest.fixture
def client(usecases: UseCases, clock: FixedClock) -> Iterator[TestClient]:
    """The whole application as a browser meets it, without one."""
    with served(open_store=lambda: usecases.store, clock=clock) as made:
        yield made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Ran]:
    """Runs `amends` in an empty folder and gives its status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def run(*words: str, stdin: str | bytes = b"") -> Ran:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        data = stdin.encode() if isinstance(stdin, str) else stdin
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            status = main(list(words))
        texts = []
        for stream in (out, err):
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            texts.append(stream.buffer.getvalue().decode())
        return Ran(status, *texts)

    return run


RULES = (
    Rule(
        id="demo-blame",
        title="A person stands where the cause should",
        severity="error",
        message="“{words}” says who, and the reader needs what.",
        why="Blame hides causes.",
        source="a",
        flaw="blame",
    ),
    Rule(
        id="demo-empty",
        title="A word that adds nothing",
        severity="note",
        message="“{words}” adds nothing.",
        why="It takes room from facts.",
        source="b",
        flaw="minimizing",
    ),
    Rule(
        id="demo-prevention",
        title="Nothing says what will catch it",
        severity="error",
        message="What will catch it next time?",
        why="A fix repairs once.",
        source="c",
        move="prevention",
    ),
    Rule(
        id="demo-time",
        title="A time that nobody can check",
        severity="warning",
        message="When exactly is “{words}”?",
        why="A clock time can be kept.",
        source="d",
        flaw="vague",
        hits=("Done [[soon]].",),
        misses=("At 9:00.",),
    ),
)
_WORDS = {"Dave": 0, "very ": 1, "soon": 3}


class FakeEngine:
    """Finds `Dave`, `very` and `soon`, misses the word `test`, and leaves alone what stands on a line with `quietly`."""

    def __init__(self, settings: Settings | None) -> None:
        self._settings = settings
        self.checked: list[Draft] = []

    def rules(self) -> tuple[Rule, ...]:
        return RULES

    def rule(self, name: str) -> Rule:
        found = next((rule for rule in RULES if rule.id == name), None)
        if found is None:
            raise UnknownNameError("rule", name, tuple(rule.id for rule in RULES))
        return found

    def forms(self) -> tuple[Form, ...]:
        moves = (FormMove("fact", "error", "What happened?", "At [time], [what happened].", "what happened, and when"),)
        made = Form("first-message", "First message", "Says it.", "e", "team", moves, template="At [time] [what broke]. Back at [time].")
        return (made, replace(made, id="status-update", audience="customers"))

    def form(self, name: str) -> Form:
        found = next((form for form in self.forms() if form.id == name), None)
        if found is None:
            raise UnknownNameError("form", name, tuple(form.id for form in self.forms()))
        return found

    def explain(self, draft: Draft, document: Document) -> tuple[()]:
        return ()

    def check(self, draft: Draft) -> Document:
        self.checked.append(draft)
        known = ("auto", *(form.id for form in self.forms()))
        if draft.form not in known:
            raise UnknownNameError("form", draft.form, known)
        empty = not draft.text.strip()
        findings, silenced = ([], []) if empty else self._findings(draft.text)
        problems = (Problem("empty-draft", "there is nothing here yet", "write first: what happened, and when"),) if empty else ()
        return Document(
            id=draft.id,
            path=draft.path,
            form="first-message" if draft.form == "auto" else draft.form,
            audience=draft.audience or "team",
            at=draft.at,
            tz=draft.tz,
            language="en",
            signals=() if empty else (_signal("ownership", met="I " in draft.text), _signal("impact", met=False)),
            sentences=() if empty else tuple(_sentence(found) for found in re.finditer(r"[^.\s][^.]*\.?", draft.text)),
            moves=(_move("fact", present=not empty), _move("prevention", present="test" in draft.text)),
            findings=tuple(findings),
            promises=self._promises(draft),
            past_times=(),
            suppressed=tuple(silenced),
            problems=problems,
        )

    def _findings(self, text: str) -> tuple[list[Finding], list[Suppressed]]:
        lines = LineIndex(text)
        off = {name for name, severity in self._settings.severity if severity == "off"} if self._settings else set()
        found: list[Finding] = []
        silenced: list[Suppressed] = []
        for word, number in _WORDS.items():
            rule = RULES[number]
            at = text.find(word)
            while at >= 0 and rule.id not in off:
                line, column = lines.place(at)
                start, end = lines.line_span(line)
                if "quietly" in text[start:end]:
                    silenced.append(Suppressed(rule.id, at, at + len(word), f"switch on line {line}", "asked for"))
                else:
                    found.append(_finding(rule, word, at, line, column))
                at = text.find(word, at + 1)
        if "test" not in text:
            rule = RULES[2]
            found.insert(
                0,
                Finding(
                    rule.id, None, rule.move, rule.severity, rule.message, rule.why, 0, len(text), 1, 1, ("Name the test.",), rule.source
                ),
            )
        return found, silenced

    def _promises(self, draft: Draft) -> tuple[Commitment, ...]:
        at = draft.text.find("by 14:30")
        if at < 0:
            return ()
        due = draft.at.replace(hour=14, minute=30)
        return (Commitment("by 14:30", at, at + 8, "14:30", "next_update", "speaker", "firm", due, None, "minute", at + 3, at + 8),)


def _signal(name: str, *, met: bool) -> Signal:
    return Signal(name, met, 0 if met else None, 1 if met else None)


def _sentence(found: re.Match[str]) -> SentenceReport:
    return SentenceReport(*found.span(), (MoveLabel("fact", 0.9),), ())


def _move(name: str, *, present: bool) -> MoveReport:
    return MoveReport(name, required=True, present=present, start=None, end=None)


def _finding(rule: Rule, word: str, at: int, line: int, column: int) -> Finding:
    edits = {"very ": (Edit("Leave it out", at, at + len(word), ""),), "soon": (Edit("Name the time", at, at + 4, "by [HH:MM ZONE]"),)}
    suggestions = ("Say what made it possible.",) if word == "Dave" else ()
    return Finding(
        rule=rule.id,
        flaw=rule.flaw,
        move=None,
        severity=rule.severity,
        message=rule.message.replace("{words}", word.strip()),
        why=rule.why,
        start=at,
        end=at + len(word),
        line=line,
        column=column,
        suggestions=suggestions,
        source=rule.source,
        edits=edits.get(word, ()),
    )


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[FakeEngine]:
    """Puts the fake engine and a clock that stands still in place; the engines that a run opened, in order."""
    opened: list[FakeEngine] = []

    def open_checking(settings: Settings | None = None) -> FakeEngine:
        opened.append(FakeEngine(settings))
        return opened[-1]

    monkeypatch.setattr(wiring, "open_checking", open_checking)
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    return opened


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with a committed file; UPDATE_GOLDEN=1 writes the file anew, to be looked at before it is committed."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), f"{file} differs; run with UPDATE_GOLDEN=1 and look at the difference"

    return compare
