"""The interview about a conversation that is coming, at the terminal: one question at a time, each with its help."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import InputError, UsageError
from amends.interfaces.cli.failures import tell
from amends.interfaces.cli.practice_own_file import USUAL
from amends.interfaces.cli.terminal import wrapped
from amends.practice.interview import LISTS, QUESTIONS, Answers, require_answer
from amends.practice.loading import CHANNELS, RELATIONS
from amends.usecases.given import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

BACK, QUIT = ":back", ":quit"
HOW = (
    "A few answers make a drill of a conversation that is coming. They are kept for you alone. An empty line ends an answer, and leaves "
    f"out what is not needed. {BACK} asks the question before again, {QUIT} leaves and keeps nothing."
)
_RELATIONS = {
    "customer": "a customer", "peer": "somebody next to you", "report": "somebody who reports to you", "manager": "your manager",
    "executive": "somebody at the top", "partner": "a partner", "stranger": "a stranger",
}  # fmt: skip
_ONE_LINE = ("name", "role")
_CHOICES = (
    ("relation", "Who are they to you?"),
    ("persona", "How are they?"),
    ("channel", "Where will you speak?"),
    ("form", "What kind of message is it?"),
)
_CHOSEN_AFTER = "role"


class _LeftError(Exception):
    """Somebody leaves the interview."""


class _BackError(Exception):
    """Somebody wants to answer the question before again."""


class Interview:
    """Asks; `personas` and `forms` are names with what they are in words. Questions go to standard error."""

    def __init__(self, personas: Sequence[tuple[str, str]], forms: Sequence[tuple[str, str]], width: int) -> None:
        self._width = width
        self._choices: dict[str, Sequence[tuple[str, str]]] = {
            "relation": [(one, _RELATIONS[one]) for one in RELATIONS],
            "persona": personas,
            "channel": list(CHANNELS.items()),
            "form": forms,
        }

    def answers(self) -> Answers | None:
        """What was answered; None where somebody left. Raises UsageError where the input ends before the interview."""
        self._say(HOW)
        questions = _in_order()
        given: dict[str, Any] = {}
        at = 0
        while at < len(questions):
            field, question, help = questions[at]
            try:
                given[field] = self._answer(field, question, help, given.get(field))
                at += 1
            except _BackError:
                at = max(0, at - 1)
            except _LeftError:
                return None
        return Answers(**given)

    def _answer(self, field: str, question: str, help: str, before: str | tuple[str, ...] | None) -> str | tuple[str, ...]:
        """An answer that can be used; what cannot is said, and asked again. Where there was one `before`, an empty line keeps it."""
        click.echo("", err=True)
        self._say(question)
        self._say(help, "  ")
        choices = self._choices.get(field)
        for number, (name, words) in enumerate(choices or (), 1):
            self._say(f"{name}{f': {words}' if words else ''}", f"  {number}  ", "     ")
        if before:
            self._say(before if isinstance(before, str) else "; ".join(before), "  Until now, and kept by an empty line: ", "  ")
        while True:
            lines = _lines(single=field in _ONE_LINE or choices is not None)
            if before and not lines:
                return before
            try:
                return _chosen(field, lines[0] if lines else "", [one for one, _ in choices]) if choices else _told(field, lines)
            except InputError as error:
                tell(InputError(error.message, hint=error.hint))

    def _say(self, text: str, first: str = "", later: str | None = None) -> None:
        if text:
            click.echo("\n".join(wrapped(text, self._width, first, first if later is None else later)), err=True)


def _in_order() -> list[tuple[str, str, str]]:
    """Every question; who they are to you and how they are is chosen once it is known who they are."""
    chosen = [(field, question, f"A number or a name. Empty: {USUAL[field]}." if field in USUAL else "") for field, question in _CHOICES]
    at = next(number for number, one in enumerate(QUESTIONS, 1) if one[0] == _CHOSEN_AFTER)
    return [*QUESTIONS[:at], *chosen, *QUESTIONS[at:]]


def _told(field: str, lines: Sequence[str]) -> str | tuple[str, ...]:
    rows = tuple(line.strip() for line in lines)
    answer = rows if field in LISTS else "\n".join(rows)
    require_answer(field, answer)
    storable("\n".join(rows), field)
    return answer


def _chosen(field: str, said: str, names: Sequence[str]) -> str:
    """The choice that a number, a name or the beginning of one means. Raises InputError."""
    said = said.strip().lower()
    if not said and field in USUAL:
        return USUAL[field]
    if not said:
        raise InputError("one of them is needed", hint="give its number")
    if said.isdecimal() and 1 <= int(said[:4]) <= len(names):
        return names[int(said[:4]) - 1]
    found = [said] if said in names else [one for one in names if one.startswith(said)]
    if len(found) != 1:
        raise InputError(f"{said[:40]!r} is none of them" if not found else f"{said[:40]!r} could be several", hint="give its number")
    return found[0]


def _lines(*, single: bool) -> list[str]:
    """What is typed as one answer: one line, or all lines until an empty one. At a terminal Ctrl+D ends an answer, elsewhere the input."""
    lines: list[str] = []
    live = sys.stdin.isatty()
    while True:
        if live:
            click.echo("  " if lines else "> ", err=True, nl=False)
        line = sys.stdin.readline()
        word = line.strip()
        if not line and not lines and not live:
            raise UsageError("the answers ended before the questions did", hint="answer in a terminal, or write them down: --from FILE")
        if not lines and word in (BACK, QUIT):
            raise _BackError if word == BACK else _LeftError
        if not word:
            return lines
        lines.append(line.rstrip("\r\n"))
        if single:
            return lines
