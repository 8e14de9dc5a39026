"""A play as the plain values of the `amends.practice/1` contract: the same input gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.practice.drill import ENGINE
from amends.practice.feedback import debrief, remarks
from amends.practice.score import PASS

if TYPE_CHECKING:
    from amends.practice.drill import Played
    from amends.practice.feedback import Remark
    from amends.practice.score import Answered, Quote
    from amends.practice.state import Line, State

SCHEMA = "amends.practice/1"


def played_as_values(played: Played) -> dict[str, Any]:
    """Everything about a conversation: its turns with what was heard, said and remarked, the score and the look back."""
    stage, score = played.stage, played.score
    scenario = stage.scenario
    told = debrief(played)
    return {
        "schema": SCHEMA,
        "scenario": {"id": scenario.id, "version": scenario.version, "sha256": scenario.sha256, "title": scenario.title},
        "engine": ENGINE,
        "seed": stage.seed,
        "difficulty": stage.level.difficulty,
        "variant": stage.variant,
        "opening": _line(played.opening),
        "start": meters(played.first),
        "turns": [_turn(played, number) for number in range(1, len(played.turns) + 1)],
        "end": played.state.ended or "open",
        "ending": played.state.ending,
        "unheard_turns": played.unheard,
        "score": {
            "total": score.total, "raw": score.raw, "pass": PASS, "passed": score.passed, "capped": list(score.capped),
            "items": [_item(one) for one in score.items],
        },
        "debrief": {
            "model": told.model, "anti_model": told.anti_model, "reflect": list(told.reflect), "goal": told.goal, "best": told.best,
        },
    }  # fmt: skip


def meters(state: State) -> dict[str, int]:
    """The three meters of a state."""
    return {"anger": state.anger, "trust": state.trust, "clarity": state.clarity}


def remark_as_values(one: Remark) -> dict[str, Any]:
    """A remark on a turn."""
    return {
        "kind": one.kind, "act": one.act, "start": one.start, "end": one.end, "quote": one.quote, "rule": one.rule, "heard": one.heard,
        "rewrite": one.rewrite,
    }  # fmt: skip


def _turn(played: Played, number: int) -> dict[str, Any]:
    heard, step = played.turns[number - 1], played.steps[number - 1]
    return {
        "turn": number,
        "text": heard.text,
        "acts": [{"act": act.name, "start": act.start, "end": act.end} for act in heard.acts],
        "state": meters(step.state),
        "drifted": step.drifted,
        "replies": [_line(line) for line in step.lines],
        "waiting_for": _waiting(step.state),
        "findings": [remark_as_values(one) for one in remarks(played, number)],
    }


def _waiting(state: State) -> str | None:
    """The question that waits for its answer."""
    return state.pending.question if state.pending and not state.pending.known else None


def _line(line: Line) -> dict[str, Any]:
    return {"by": line.by, "text": line.text, "id": line.id, "outside": line.outside}


def _item(one: Answered) -> dict[str, Any]:
    return {
        "id": one.id, "text": one.text, "weight": one.weight, "skill": one.skill, "blocker": one.blocker, "passed": one.passed,
        "points": one.points, "quotes": [_quote(quote) for quote in one.quotes], "against": [_quote(quote) for quote in one.against],
        "missing": list(one.missing),
    }  # fmt: skip


def _quote(one: Quote) -> dict[str, Any]:
    return {"turn": one.turn, "start": one.start, "end": one.end, "text": one.text, "act": one.act}
