"""A drill for people at a terminal: the brief, what is said, how the other person takes it, and at the end what it was worth."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from amends import wiring
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import Paint, columns, safe, wants_colour, wrapped
from amends.practice.feedback import debrief, remarks
from amends.practice.moods import mood
from amends.practice.scenario import METERS
from amends.practice.score import CAPS, PASS
from amends.practice.session import voiced_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.practice.drill import Played
    from amends.practice.feedback import Remark
    from amends.practice.score import Answered
    from amends.practice.session import Voiced
    from amends.practice.state import Line, State

_BAR = 8
_SAYS = {"costly": ("", "They hear"), "missing": ("not heard yet", "They think"), "foul": ("this turn earned nothing", "Why")}
"""The kinds of remark: what it is, and whose words follow."""
_SHOWN, _QUOTED = 4000, 160
"""Characters of a turn and of a quote that are shown; a turn may be of any length."""
ENDS = {"success": "It ended well.", "failure": "They broke it off.", "open": "The turns ran out before it was settled."}
UNFINISHED = "It was not played to its end."
_CAPPED = {
    "failure": "a conversation that is broken off",
    "open": "one that is not settled",
    "blocker": "one in which a question marked with * was answered with no",
    "fouls": "one of which half the turns were none",
}

_NOTES = {
    "refused": "what the model said does not fit here",
    "unanswered": "the model did not answer",
    "late": "the model was too slow",
    "busy": "the model is busy",
    "off": "the model may not be asked any more",
}


class PracticeText:
    """Writes a drill in lines of a width; bars only where somebody looks at them."""

    def __init__(self, paint: Paint, width: int, *, bars: bool) -> None:
        self._paint = paint
        self._width = width
        self._bars = bars

    @classmethod
    def for_output(cls) -> PracticeText:
        """For standard output as it is."""
        return cls(Paint(wants_colour(sys.stdout, wiring.environment)), columns(sys.stdout, wiring.environment), bars=sys.stdout.isatty())

    def brief(self, played: Played) -> str:
        """Who you are, what is at stake and what you know; then what the other person says first."""
        stage, scenario = played.stage, played.stage.scenario
        how = f"level {stage.level.difficulty}, at most {counted(stage.level.turns, 'turn')}, passed from {PASS} of 100"
        lines = [
            *wrapped(scenario.title, self._width),
            *wrapped(f"You are: {scenario.learner_role}. {how[:1].upper()}{how[1:]}.", self._width),
            "",
            *wrapped(scenario.brief, self._width),
            "",
            *wrapped(f"At stake: {scenario.stakes}", self._width),
            "",
            *(line for one in scenario.cast for line in wrapped(f"{one.name}, {one.role}", self._width, "With ", "     ")),
            "",
            *self.line(played.opening),
            "",
        ]
        lines[0] = self._paint("bold", lines[0])
        return _joined(lines)

    def conversation(self, played: Played, voices: Sequence[Voiced] = (), *, aided: bool = True) -> str:
        """Every turn with its answer as it was said, the state after it and, where help is wanted, its remarks."""
        parts = []
        for number, heard in enumerate(played.turns, 1):
            said = wrapped(heard.text[:_SHOWN], self._width, "you: ", "     ")
            parts.append(_joined([*said, ""]) + self.after(played, number, aided=aided, voices=voices))
        if played.unheard:
            parts.append(
                f"{counted(played.unheard, 'turn')} came after the end and {'was' if played.unheard == 1 else 'were'} not heard\n\n"
            )
        return "".join(parts)

    def after(self, played: Played, number: int, *, aided: bool, voices: Sequence[Voiced] = ()) -> str:
        """What came of a turn: the answer as it was said, the state, and where help is wanted the remarks."""
        step = played.steps[number - 1]
        made = voiced_in(number, voices)
        lines = [part for at, line in enumerate(step.lines) for part in self._voiced(line, made.get((at, line.id)))]
        lines += ["", *self.state(step.state)]
        if aided:
            lines += [part for one in remarks(played, number) for part in self.remark(one)]
        return _joined([*lines, ""])

    def line(self, line: Line) -> list[str]:
        """Something that is said, or that happens."""
        first = f"{safe(line.by)}: "
        lines = wrapped(line.text, self._width, first, "  ")
        lines[0] = self._paint("bold", first.rstrip()) + lines[0][len(first.rstrip()) :]
        return lines

    def _voiced(self, line: Line, voiced: Voiced | None) -> list[str]:
        """A line as a model said it, which is marked; or as it is written, and perhaps why."""
        if voiced is None:
            return self.line(line)
        if voiced.text is None:
            return [*self.line(line), self._paint("dim", f"  (the written line: {_NOTES[voiced.note or 'unanswered']})")]
        return [*self.line(replace(line, text=voiced.text)), self._paint("dim", f"  (voiced by {safe(voiced.model)})")]

    def state(self, state: State) -> list[str]:
        """The three meters in words, as bars too where somebody looks; one below the other where the line is too short for all."""
        meters = [self._meter(name, state.meter(name)) for name in METERS]
        one = "   ".join(meters)
        wide = max(len(name) for name in METERS)
        apart = [f"{part.partition(' ')[0]:<{wide}} {part.partition(' ')[2]}" for part in meters]
        return [self._paint("dim", part) for part in ([one] if len(one) <= self._width else apart)]

    def _meter(self, name: str, value: int) -> str:
        full = -(-value * _BAR // 100)  # two of them to each word
        word = mood(name, value)
        return f"{name} {'▮' * full}{'▯' * (_BAR - full)} {word}" if self._bars else f"{name} {value} ({word})"

    def remark(self, one: Remark) -> list[str]:
        """One remark: the words it is about, what was heard in them, and one way to write it, each on a line of its own."""
        kind, says = _SAYS[one.kind]
        what = [f"“{_short(one.quote)}”"] if one.quote else []
        head = ": ".join([kind, *what] if kind else what) or "this turn cost you"
        lines = [*wrapped(head, self._width, "  - ", "    "), *wrapped(one.heard, self._width, f"    {says}: ", "      ")]
        if one.rewrite:
            lines += wrapped(one.rewrite, self._width, "    Try: ", "      ")
        return [self._paint("note" if one.kind == "missing" else "warning", lines[0][:3]) + lines[0][3:], *lines[1:]]

    def paragraphs(self, text: str) -> str:
        """A text of one paragraph a line, wrapped at words."""
        return "\n".join(part for line in text.splitlines() for part in wrapped(line, self._width))

    def command(self, words: str) -> str:
        """A command to copy: where it is too long for a line, it goes on as a shell reads it."""
        return " \\\n".join(wrapped(words, self._width - 2, "  ", "    "))

    def outcome(self, played: Played) -> str:
        """How it ended and what it is worth, question by question; the two examples; one goal."""
        score, told = played.score, debrief(played)
        if not played.turns:
            return "It was ended before a word was said, so there is nothing to look back at.\n"
        ended = ENDS[played.state.ended] if played.state.ended else UNFINISHED
        verdict = "passed" if score.passed else "not passed"
        lines = [self._paint("bold", f"{ended} {score.total} of 100, {verdict}.")]
        lines += [f"  at most {CAPS[name]} for {_CAPPED[name]}" for name in score.capped if score.raw > CAPS[name]]
        lines += ["", *(part for item in score.items for part in self._item(item))]
        if told.best:
            lines += ["", *wrapped(f"Did most: “{_short(told.best)}”", self._width)]
        for heading, text in (("One way to say it", told.model), ("What costs trust", told.anti_model)):
            lines += ["", self._paint("bold", heading), *wrapped(text, self._width, "  ", "  ")]
        lines += ["", self._paint("bold", "To think about")]
        lines += [part for one in told.reflect for part in wrapped(one, self._width, "  - ", "    ")]
        return _joined([*lines, "", *wrapped(told.goal, self._width)])

    def _item(self, one: Answered) -> list[str]:
        mark = "yes" if one.passed else "no "
        head = f"  {mark} {one.points:>3}/{one.weight:<3}{'*' if one.blocker else ' '} "
        lines = wrapped(one.text, self._width, head, " " * len(head))
        lines[0] = lines[0].replace(mark, self._paint("good" if one.passed else "warning", mark), 1)
        shown = one.quotes if one.passed else one.against
        for quote in shown[:2]:
            lines += wrapped(f"“{_short(quote.text)}”", self._width, f"{' ' * len(head)}turn {quote.turn}: ", " " * len(head))
        return lines


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rpartition(' ')[0] or text[:_QUOTED]} …"


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line.rstrip()}\n" for line in lines)
