"""Somebody's practice as plain values: the `amends.practice-…/1` contracts that the API and the terminal share."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amends.practice.report import played_as_values
from amends.practice.score import PASS
from amends.practice.stage import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.practice.history import History
    from amends.practice.scenario import Scenario
    from amends.practice.session import Card, Entry, Own, Session, Sitting

CATALOGUE, SESSION, SESSIONS = "amends.practice-catalogue/1", "amends.practice-session/1", "amends.practice-sessions/1"
DUE, HISTORY, OWN, EXPORT = "amends.practice-due/1", "amends.practice-history/1", "amends.practice-own/1", "amends.practice-export/1"


def scenario_as_values(scenario: Scenario) -> dict[str, Any]:
    """What somebody may know of a scenario before they play it, told for its first variant."""
    values = dict(scenario.variants[0][1])
    texts = {name: fill(getattr(scenario, name), values) for name in ("title", "learner_role", "stakes", "brief")}
    return {
        "id": scenario.id, "version": scenario.version, **texts, "form": scenario.form, "audience": scenario.audience,
        "channel": scenario.channel, "group": scenario.group, "pass": PASS,
        "cast": [{name: fill(text, values) for name, text in asdict(one).items()} for one in scenario.cast],
        "levels": [{"difficulty": one.difficulty, "turns": one.turns} for one in scenario.levels],
        "variants": [name for name, _ in scenario.variants],
    }  # fmt: skip


def entry_as_values(entry: Entry) -> dict[str, Any]:
    """A main drill as one person sees it in the catalogue."""
    mine = {"later": entry.later, "receiver": entry.receiver, "played": entry.played, "best": entry.best, "due": entry.due}
    return {**scenario_as_values(entry.scenario), **mine}


def sitting_as_values(one: Sitting) -> dict[str, Any]:
    """A drill without what was said in it."""
    return {
        "id": one.id, "scenario": one.scenario_id, "title": one.title, "form": one.form, "kind": one.kind, "aided": one.aided,
        "started_at": one.started_at.isoformat(), "ended_at": one.ended_at.isoformat() if one.ended_at else None, "left": one.left,
        "turns": one.turns, "first": one.first, "score": one.score, "passed": one.passed, "promise": one.promise, "voice": one.voice,
        **asdict(one.locked),
    }  # fmt: skip


def session_as_values(session: Session) -> dict[str, Any]:
    """A drill with the conversation. While it goes on there is no score and no look back, and no remarks where help is switched off."""
    sitting, play = session.sitting, played_as_values(session.played)
    brief = session.played.stage.scenario
    if sitting.ended_at is None:
        play |= {"score": None, "debrief": None}
        if not sitting.aided:
            play["turns"] = [{**turn, "findings": []} for turn in play["turns"]]
    return {
        "schema": SESSION, **sitting_as_values(sitting), "changed": session.changed, "stakes": brief.stakes, "brief": brief.brief,
        "learner_role": brief.learner_role, "turns_left": max(0, session.played.stage.level.turns - sitting.turns),
        "delivery": [asdict(one) if one else None for one in session.delivery],
        "voices": [asdict(one) for one in session.voices], "play": play,
    }  # fmt: skip


def due_as_values(cards: Sequence[Card]) -> dict[str, Any]:
    """What to practise today."""
    told = [{"skill": one.skill, "form": one.form, "due": one.due.isoformat(), "scenario": one.scenario_id} for one in cards]
    return {"schema": DUE, "due": told}


def history_as_values(history: History) -> dict[str, Any]:
    """What somebody's drills can say."""
    return {
        "schema": HISTORY, "drills": history.drills, "counted": history.counted,
        "forms": [
            {
                "form": one.form, "trend": one.trend, "needed": one.needed,
                "points": [{**asdict(point), "at": point.at.isoformat()} for point in one.points],
            } for one in history.forms
        ],
        "skills": [asdict(one) for one in history.skills],
        "delivery": [asdict(one) for one in history.delivery],
    }  # fmt: skip


def own_as_values(own: Own) -> dict[str, Any]:
    """A conversation that somebody described."""
    return {"id": own.id, "scenario": own.scenario_id, "title": own.title, "answers": asdict(own.answers),
            "written_at": own.written_at.isoformat()}  # fmt: skip
