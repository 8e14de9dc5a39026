"""Runs the examples in rule and form files: they are the files' tests, ours and a team's alike.

A hit marks the words that the rule must find: `We will report [[soon]].`; a miss must not be found at all.
"""

from __future__ import annotations

from datetime import datetime

from amends.core.record import record
from amends.language.check import check
from amends.language.datafiles import read_form, read_rule
from amends.language.options import Options
from amends.language.records import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from amends.language.index import Index
    from amends.language.records import Document

NOW = datetime.fromisoformat("2026-03-04T10:50:00+00:00")
"""When examples are sent that do not say: a Wednesday, so that weekdays and clock times in them resolve."""
LEAST = 3
"""Fewer hits or near-misses than this do not show what a rule means."""


@record
class Case:
    """One example as a test: `run` returns what is wrong, or None."""

    name: str
    run: Callable[[], str | None]


def rule_cases(path: str, index: Index) -> list[Case]:
    """The examples of a rule file as tests, and one that demands enough of them.

    Raises:
        InputError: the file is not a rule.
    """
    rule, _, _ = read_rule(path)
    switches = frozenset({rule.switch} if rule.switch else ())
    cases = [Case("examples", lambda: _enough("hits", len(rule.hits)) or _enough("misses", len(rule.misses)))]
    cases += [Case(f"hit[{number}]", _hit(rule.id, example, rule.forms, index, switches)) for number, example in enumerate(rule.hits)]
    cases += [Case(f"miss[{number}]", _miss(rule.id, example, rule.forms, index, switches)) for number, example in enumerate(rule.misses)]
    return cases


def form_cases(path: str, index: Index) -> list[Case]:
    """The example messages of a form file as tests: a good one has no error or warning, a bad one exactly the listed findings.

    Raises:
        InputError: the file is not a form.
    """
    form, _, _, good, bad = read_form(path)
    cases = [Case("examples", lambda: None if good and bad else "a form needs a good and a bad message")]
    cases += [Case(f"good[{number}]", _good(form.id, example, index)) for number, example in enumerate(good)]
    cases += [Case(f"bad[{number}]", _bad(form.id, example, index)) for number, example in enumerate(bad)]
    return cases


def _enough(what: str, count: int) -> str | None:
    return None if count >= LEAST else f"{count} {what}, and {LEAST} are the least that show what a rule means"


def _hit(rule: str, example: Any, forms: tuple[str, ...], index: Index, switches: frozenset[str]) -> Callable[[], str | None]:
    def run() -> str | None:
        text, marked = unmark(_table(example)["text"])
        found = [(one.start, one.end) for one in _checked(example, text, forms, index, switches).findings if one.rule == rule]
        if not found:
            return f"finds nothing in {text!r}"
        if marked and found != marked:
            return f"finds {[text[start:end] for start, end in found]}, and {[text[start:end] for start, end in marked]} is marked"
        return None

    return run


def _miss(rule: str, example: Any, forms: tuple[str, ...], index: Index, switches: frozenset[str]) -> Callable[[], str | None]:
    def run() -> str | None:
        text = _table(example)["text"]
        found = [text[one.start : one.end] for one in _checked(example, text, forms, index, switches).findings if one.rule == rule]
        return f"finds {found} in {text!r}" if found else None

    return run


def _good(form: str, example: dict[str, Any], index: Index) -> Callable[[], str | None]:
    def run() -> str | None:
        found = _checked({**example, "form": form}, example["text"], (), index, frozenset()).findings
        wrong = [f"{one.severity} {one.rule}: {example['text'][one.start : one.end]!r}" for one in found if one.severity != "note"]
        return "; ".join(wrong) or None

    return run


def _bad(form: str, example: dict[str, Any], index: Index) -> Callable[[], str | None]:
    def run() -> str | None:
        found = sorted({one.rule for one in _checked({**example, "form": form}, example["text"], (), index, frozenset()).findings})
        wanted = sorted(example.get("findings", []))
        return None if found == wanted else f"found {found}, listed are {wanted}"

    return run


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without its [[marks]], and the spans that they marked."""
    spans: list[tuple[int, int]] = []
    plain = ""
    for number, piece in enumerate(text.replace("]]", "[[").split("[[")):
        if number % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return plain, spans


def _table(example: Any) -> dict[str, Any]:
    return {"text": example} if isinstance(example, str) else example


def _checked(example: Any, text: str, forms: tuple[str, ...], index: Index, switches: frozenset[str]) -> Document:
    given = _table(example)
    draft = Draft(
        text=text,
        at=datetime.fromisoformat(given["at"]) if "at" in given else NOW,
        form=given.get("form", forms[0] if forms else "any"),
        audience=given.get("audience"),
        tz=given.get("tz"),
    )
    return check(draft, index, Options(switches=switches))
