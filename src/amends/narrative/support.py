"""How well a claim is supported, told from what it cites and before anything is written about it.

The scale and the gate before the prose follow what incident summarisers learnt the hard way: absence of evidence became a confident root
cause until the status was computed first (Aurora, pull request 414).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.narrative.account import WITHDRAWN, Account, Stated, Support

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.narrative.account import Evidence, Point

_RECORDS = frozenset({"log", "alert", "deploy", "commit", "status"})
"""Sorts of entries that a machine wrote when it happened; what people wrote afterwards is their word."""

_EXPLAINS = frozenset({"cause"})
"""Kinds of claims that say why: that one thing came before another does not show that it caused it."""


def support(point: Point, evidence: Iterable[Evidence]) -> Support:
    """How well what is cited supports a point.

    Cited on both sides: inconclusive. Nothing, or only what speaks against it: unsupported. A record of a machine, a measure, or two
    independent sources confirm what happened; why it happened needs a measure, or a record and another independent source. Less is likely.
    """
    cited = tuple(evidence)
    against = [one for one in cited if one.stance == "contradicts"]
    speaks_for = [one for one in cited if one.stance == "supports"]
    if against and speaks_for:
        return Support("inconclusive", f"{_count(speaks_for)} for it and {len(against)} against it")
    if against:
        return Support("unsupported", f"{_count(against)} against it and nothing for it")
    if not speaks_for:
        return Support("unsupported", "nothing is cited")
    return _of_what_supports(point, speaks_for)


def _of_what_supports(point: Point, cited: list[Evidence]) -> Support:
    """How well a point is supported where something supports it and nothing contradicts it."""
    if any(one.kind == "measure" for one in cited):
        return Support("confirmed", "a measure shows it")
    recorded = any(one.kind == "entry" and one.entry_kind in _RECORDS for one in cited)
    others = len({_source(one) for one in cited}) - 1
    if point.kind in _EXPLAINS or point.part == "condition":
        if recorded and others:
            return Support("confirmed", f"a record and {others} independent of it say so")
        said = f"{others + 1} sources say so" if others else "one source says so"
        return Support("likely", f"{said}; a measure, or a record and a second source, would confirm it")
    if recorded:
        return Support("confirmed", "a record made when it happened says so")
    if others:
        return Support("confirmed", f"{others + 1} independent sources say so")
    return Support("likely", "one person says so; a record, a measure or a second source would confirm it")


def stand(incident_id: str, points: Iterable[Point], evidence: Iterable[Evidence]) -> Account:
    """The account as it stands, from every revision and citation in the order in which they were recorded."""
    revisions: dict[str, list[Point]] = {}
    for point in points:
        revisions.setdefault(point.item, []).append(point)
    listed = tuple(evidence)
    undone = {one.undoes for one in listed if one.undoes is not None}
    cited: dict[str, list[Evidence]] = {}
    for one in listed:
        if one.undoes is None and one.id not in undone:
            cited.setdefault(one.item, []).append(one)
    stated = []
    for item, told in revisions.items():
        own = tuple(cited.get(item, ()))
        stated.append(Stated(told[-1], own, support(told[-1], own), tuple(told[:-1])))
    return Account(
        incident_id,
        tuple(one for one in stated if one.point.what != WITHDRAWN),
        tuple(one for one in stated if one.point.what == WITHDRAWN),
    )


def _source(one: Evidence) -> str:
    """What tells independent citations apart: where an entry comes from, else who or what says it."""
    return one.source or one.ref or f"{one.kind}:{(one.text or '').casefold()}"


def _count(cited: list[Evidence]) -> str:
    return "one source is cited" if len(cited) == 1 else f"{len(cited)} sources are cited"
