"""A comparison of two tellings as plain values, the same on the command line and over HTTP: the shapes of `amends.compare/1`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.problem import Problem
    from amends.narrative.drift import Comparison, Drift, Side, Withheld

SCHEMA = "amends.compare/1"
_WORD = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*%?")


def as_dict(
    found: Comparison,
    problems: Iterable[Problem] = (),
    *,
    id: str | None = None,
    source_path: str | None = None,
    retold_path: str | None = None,
    audience: str | None = None,
) -> dict[str, Any]:
    """One comparison. `problems` are what of the texts could not be used; the rest says which texts were compared, and for whom."""
    return {
        "id": id,
        "source_path": source_path,
        "retold_path": retold_path,
        "audience": audience,
        "drifts": [drift_as_dict(one) for one in found.drifts],
        "redactions": [withheld_as_dict(one) for one in found.redactions],
        "kept": found.kept,
        "problems": [{"code": one.code, "message": one.message, "hint": one.hint, "field": one.field} for one in problems],
    }


def drift_as_dict(drift: Drift) -> dict[str, Any]:
    """One drift with both of its sides."""
    return {
        "kind": drift.kind,
        "severity": drift.severity,
        "message": drift.message,
        "source": _side(drift.source),
        "retold": _side(drift.retold),
    }


def withheld_as_dict(one: Withheld) -> dict[str, Any]:
    """One redaction that was declared."""
    return {"quote": one.quote, "start": one.start, "end": one.end, "ground": one.ground}


def reworded(drift: Drift) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that only the source has, and those that only the retold text has; nothing where one side is missing."""
    if drift.source is None or drift.retold is None:
        return (), ()
    before, after = _WORD.findall(drift.source.quote), _WORD.findall(drift.retold.quote)
    return _without(before, after), _without(after, before)


def _without(words: list[str], others: list[str]) -> tuple[str, ...]:
    known = {word.casefold() for word in others}
    return tuple(dict.fromkeys(word for word in words if word.casefold() not in known))


def _side(side: Side | None) -> dict[str, Any] | None:
    return {"start": side.start, "end": side.end, "quote": side.quote} if side is not None else None
