"""The small language in which scenarios say when something holds: `heard("timed") and anger < 50 and not pending`.

Names are numbers or yes/no of the conversation, functions ask about acts, facts and lines; `and`, `or`, `not`, comparisons and
parentheses join them. It is parsed here and never handed to Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from amends.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NUMBERS = ("anger", "trust", "clarity", "turn", "left", "words")
"""What a condition may compare: the three meters (0 to 100), the turn (from 1), the turns left, the words of this turn."""
FLAGS = ("pending",)
"""What is simply so or not: whether a question of the counterpart waits for its answer."""
FUNCTIONS = {
    "heard": "act",
    "ever": "act",
    "times": "act",
    "only": "act",
    "asked": "topic",
    "revealed": "fact",
    "can": "fact",
    "used": "reply",
}
"""The functions, each with what it takes: was an act heard this turn, ever before or now, how often, was it the only good one; was the
learner asking (about a fact or a cue); is a hidden fact told, could it be told now; was a line said."""

_TOKEN = re.compile(r'\s*(?:(?P<number>\d+)|(?P<name>[a-z][a-z_-]*)|"(?P<text>[^"]*)"|(?P<sign><=|>=|==|<|>|\(|\)))')
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "==": lambda one, other: one == other,
}


class Moment(Protocol):
    """A place in a conversation, as conditions see it."""

    def number(self, name: str) -> int:
        """One of `NUMBERS`."""

    def flag(self, name: str) -> bool:
        """One of `FLAGS`."""

    def call(self, function: str, argument: str) -> int:
        """One of `FUNCTIONS` with its argument, which is empty where none was given; how often, or 0 and 1 for no and yes."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition. `weight` counts what it asks, so that of two lines that fit the one that asks more is chosen."""

    source: str
    weight: int
    asks: tuple[tuple[str, str], ...]
    holds: Callable[[Moment], bool]

    def names(self, function: str) -> tuple[str, ...]:
        """The arguments with which a function is called."""
        return tuple(argument for one, argument in self.asks if one == function)


ALWAYS = Condition("always", 0, (), lambda _: True)


def parse(source: str) -> Condition:
    """A condition from its text.

    Raises:
        InputError: it is not one; says what was expected and what is known. The caller adds file, line and field.
    """
    if source.strip() == "always":
        return ALWAYS
    return _Parser(source).whole()


class _Parser:
    """Recursive descent: or, and, not, comparison; each step gives a test."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(_tokens(source))
        self._at = 0
        self._asks: list[tuple[str, str]] = []

    def whole(self) -> Condition:
        test = self._any()
        if self._at < len(self._tokens):
            raise self._wrong(f"{self._tokens[self._at][1]!r} was not expected")
        return Condition(self._source, len(self._asks), tuple(self._asks), test)

    def _any(self) -> Callable[[Moment], bool]:
        tests = [self._all()]
        while self._take("name", "or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda moment: any(test(moment) for test in tests)

    def _all(self) -> Callable[[Moment], bool]:
        tests = [self._not()]
        while self._take("name", "and"):
            tests.append(self._not())
        return tests[0] if len(tests) == 1 else lambda moment: all(test(moment) for test in tests)

    def _not(self) -> Callable[[Moment], bool]:
        if self._take("name", "not"):
            test = self._not()
            return lambda moment: not test(moment)
        if self._take("sign", "("):
            test = self._any()
            self._need(")")
            return test
        return self._comparison()

    def _comparison(self) -> Callable[[Moment], bool]:
        value = self._value()
        for sign, compare in _COMPARE.items():
            if self._take("sign", sign):
                limit = self._number()
                return lambda moment: compare(value(moment), limit)
        return lambda moment: value(moment) > 0

    def _value(self) -> Callable[[Moment], int]:
        kind, name = self._next()
        if kind != "name":
            raise self._wrong(f"{name!r} was not expected")
        if name in FUNCTIONS:
            argument = self._argument(name)
            self._asks.append((name, argument))
            return lambda moment: moment.call(name, argument)
        if name in NUMBERS:
            self._asks.append((name, ""))
            return lambda moment: moment.number(name)
        if name in FLAGS:
            self._asks.append((name, ""))
            return lambda moment: int(moment.flag(name))
        raise self._wrong(f"unknown word {name!r}")

    def _argument(self, function: str) -> str:
        self._need("(")
        if self._take("sign", ")"):
            if function != "asked":
                raise self._wrong(f"{function}() needs the name of a {FUNCTIONS[function]} in quotes")
            return ""
        kind, argument = self._next()
        if kind != "text":
            raise self._wrong(f"{function}() needs the name of a {FUNCTIONS[function]} in quotes")
        self._need(")")
        return argument

    def _number(self) -> int:
        kind, text = self._next()
        if kind != "number":
            raise self._wrong(f"a whole number was expected, not {text!r}")
        return int(text)

    def _need(self, sign: str) -> None:
        if not self._take("sign", sign):
            raise self._wrong(f"{sign!r} is missing")

    def _take(self, kind: str, text: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == (kind, text):
            self._at += 1
            return True
        return False

    def _next(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise self._wrong("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self, message: str) -> InputError:
        return _refusal(self._source, message)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    end = len(source.rstrip())
    while at < end:
        found = _TOKEN.match(source, at)
        if not found:
            raise _refusal(source, f"{source[at:].strip()[:12]!r} cannot be read")
        kind = str(found.lastgroup)
        yield kind, found[kind]
        at = found.end()


def _refusal(source: str, message: str) -> InputError:
    known = f"known: {', '.join((*NUMBERS, *FLAGS))}, {', '.join(f'{name}(…)' for name in FUNCTIONS)}, and, or, not, always"
    return InputError(f"the condition {source!r} cannot be read: {message}", hint=known)
