"""Waves and what came of them as plain values, for the command line and the API."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from amends.trust.anonymity import LIVE
from amends.trust.pulse import changes, gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.core.problem import Problem
    from amends.trust.pulse import Change, GroupResult, Item, Question, Wave, WaveResult, WaveStep
    from amends.trust.statistics import Mean, Share

SCHEMA = "amends.pulse/1"
LINKS = "amends.pulse-links/1"
ASKED = "amends.pulse-asked/1"
TAKEN = "amends.pulse-taken/1"
ITEMS = "amends.pulse-items/1"


def opened_as_dict(wave: Wave, links: Mapping[str, Sequence[str]], advice: Iterable[Problem], address: str = "/p/") -> dict[str, Any]:
    """A wave that was opened, with its links, which are told this once; `address` is what stands before the secret of each."""
    return {
        "schema": LINKS,
        "wave": wave_as_dict(wave),
        "links": {group: [f"{address}{token}" for token in tokens] for group, tokens in links.items()},
        "advice": [problem_as_dict(one) for one in advice],
        "live": list(LIVE),
    }


def pulse_as_dict(
    waves: Iterable[Wave],
    results: Sequence[WaveResult],
    problems: Iterable[Problem] = (),
    step: WaveStep | None = None,
    advice: Iterable[Problem] = (),
) -> dict[str, Any]:
    """Every wave of an incident, what came of those that are closed, and what changed from each to each later one.

    `step` is what is to be done next, `advice` what is to be said before the next wave is opened.
    """
    compared = [change for before, after in combinations(results, 2) for change in _changes(before, after)]
    return {
        "schema": SCHEMA,
        "waves": [wave_as_dict(one) for one in waves],
        "results": [result_as_dict(one) for one in results],
        "changes": compared,
        "next": None if step is None else step_as_dict(step),
        "advice": [problem_as_dict(one) for one in advice],
        "problems": [problem_as_dict(one) for one in problems],
        "live": list(LIVE),
    }


def step_as_dict(one: WaveStep) -> dict[str, Any]:
    """What is to be done next about the waves of an incident, by whom, and between when and when."""
    return {"which": one.which, "step": one.step, "to": one.to, "first": one.first.isoformat(), "last": one.last.isoformat()}


def asked_as_dict(group: str, items: Iterable[Item], questions: Iterable[Question]) -> dict[str, Any]:
    """What a link asks."""
    return {
        "schema": ASKED,
        "group": group,
        "items": [{"id": one.id, "number": one.number, "text": one.text} for one in items],
        "questions": [{"id": one.id, "text": one.text} for one in questions],
    }


def wave_as_dict(wave: Wave) -> dict[str, Any]:
    """A wave as it stands; while it is open nothing is known of it but how many answered."""
    return {
        "id": wave.id,
        "incident": wave.incident_id,
        "which": wave.which,
        "opened_at": wave.opened_at.isoformat(),
        "opened_by": wave.opened_by,
        "closes_at": wave.closes_at.isoformat(),
        "closed_at": wave.closed_at.isoformat() if wave.closed_at else None,
        "least": wave.least,
        "groups": [{"group": one.name, "invited": one.invited, "answered": one.answered} for one in wave.groups],
    }


def result_as_dict(result: WaveResult) -> dict[str, Any]:
    """What came of a wave."""
    gapped = gap(result)
    return {
        "wave": result.id,
        "which": result.which,
        "n": result.n,
        "groups": [_group(one) for one in result.groups],
        "gap": None if gapped is None else {"item": gapped.item.id, "chance": gapped.chance, "words": gapped.words},
        "paired": [
            {
                "group": one.group, "earlier": one.earlier, "n": one.n, "up": one.up, "down": one.down,
                "change": _mean(one.change), "chance": one.chance, "p": one.p,
            }
            for one in result.paired
        ],
        "trends": [
            {"group": one.group, "n": one.n, "statistic": one.statistic, "p_rising": one.p_rising, "p_falling": one.p_falling}
            for one in result.trends
        ],
        "comments": [{"id": one.id, "question": one.question, "text": one.text} for one in result.comments],
        "comments_hidden": result.comments_hidden,
    }  # fmt: skip


def change_as_dict(one: Change, before: str, after: str) -> dict[str, Any]:
    """What changed in a group between two waves."""
    return {
        "group": one.group,
        "item": None if one.item is None else one.item.id,
        "from": {"which": before, "value": one.before, "n": one.n_before},
        "to": {"which": after, "value": one.after, "n": one.n_after},
        "chance": one.chance,
        "verdict": one.verdict,
        "words": one.words,
    }


def problem_as_dict(one: Problem) -> dict[str, Any]:
    """Something to be said."""
    return {"code": one.code, "message": one.message, "hint": one.hint}


def _changes(before: WaveResult, after: WaveResult) -> list[dict[str, Any]]:
    return [change_as_dict(one, before.which, after.which) for one in changes(before, after)]


def _group(one: GroupResult) -> dict[str, Any]:
    return {
        "group": one.group,
        "invited": one.invited,
        "answered": one.answered,
        "counted": one.counted,
        "partial": one.partial,
        "hidden": one.hidden,
        "index": None if one.index is None else _mean(one.index),
        "items": [
            {
                "item": each.item.id, "title": each.item.title, "n": each.n, "cannot_say": each.cannot_say,
                "favourable": None if each.favourable is None else _share(each.favourable),
            }
            for each in one.items
        ],
    }  # fmt: skip


def _mean(one: Mean) -> dict[str, Any]:
    return {"n": one.n, "mean": round(one.mean, 3), "low": round(one.low, 3), "high": round(one.high, 3)}


def _share(one: Share) -> dict[str, Any]:
    return {"n": one.n, "count": one.count, "share": round(one.share, 3), "low": round(one.low, 3), "high": round(one.high, 3)}
