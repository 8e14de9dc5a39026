"""What a learner is told: after a turn at most three remarks on the words, at the end the questions of the rubric and one goal.

Always about the text and what was heard in it, never about the person (Kluger and DeNisi 1996: feedback on the self is what makes people
worse). Praise only names what a sentence did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.acts import FOULS, HEARD_BAD, SKILLS
from amends.practice.scenario import Coaching
from amends.practice.state import is_good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.drill import Played
    from amends.practice.score import Answered
    from amends.practice.stage import Stage
    from amends.practice.state import State

MOST = 3
"""So many remarks on a turn can be used in the next one."""
HINTS = 1
"""So many things that are missing are named at a time: more would be the answer."""
_FOUL_REWRITE = {
    "empty": "Say one true sentence: what happened, as far as you know.",
    "foreign": "Say it in English; the drill reads nothing else.",
    "abuse": "Leave the insult out. What do you need them to know?",
    "repeated": "They have heard this. Answer what they said last.",
    "copied": "That is the example. Say it in your own words, with the facts of this case.",
    "listed": "Make sentences of it: who did what, and when it is done.",
    "invented": "Keep to what you know; say what you do not know yet.",
    "rambling": "Two or three sentences: what happened, what you have done, when they hear from you.",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark on a turn: what the other person heard in an act, and one way to write it.

    `start` and `end` are None for something missing, `rule` is the checker's where one tells it; `kind` is costly, missing or foul.
    """

    kind: str
    act: str
    start: int | None
    end: int | None
    quote: str
    rule: str | None
    heard: str
    rewrite: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """The look back: what was won and lost, the examples, questions to think about, and one goal for the next real message."""

    items: tuple[Answered, ...]
    model: str
    anti_model: str
    reflect: tuple[str, ...]
    goal: str
    best: str | None


def remarks(played: Played, turn: int) -> tuple[Remark, ...]:
    """At most three remarks on a turn (from 1), the weightiest first."""
    found = list(_fouls(played, turn)) or [*_costly(played, turn), *_missing(played, turn)]
    return tuple(found[:MOST])


def debrief(played: Played) -> Debrief:
    """What a finished conversation teaches; also of one that was left."""
    scenario = played.stage.scenario
    score, best = played.score, _best(played)
    return Debrief(score.items, scenario.model, scenario.anti_model, scenario.reflect, _goal(score.items, best), best)


def _fouls(played: Played, turn: int) -> Iterator[Remark]:
    heard = played.turns[turn - 1]
    for act in heard.acts:
        if act.name in FOULS:
            quote = heard.quote(act.name)
            told = _coaching(played.stage, act.name)
            said = told.heard if told else f"{FOULS[act.name][:1].upper()}{FOULS[act.name][1:]}."
            yield Remark("foul", act.name, act.start, act.end, quote, None, said, told.rewrite if told else _FOUL_REWRITE[act.name])


def _costly(played: Played, turn: int) -> list[Remark]:
    """The bad acts of a turn by what they cost here, the dearest first; what costs nothing here is not spoken of."""
    stage, step, heard = played.stage, played.steps[turn - 1], played.turns[turn - 1]
    before = _before(played, turn)
    cost: dict[str, int] = {}
    for change in step.changes:
        if not is_good(stage, change.act):
            cost[change.act] = cost.get(change.act, 0) + abs(change.anger) + abs(change.trust) + abs(change.clarity)
    found = []
    for name in sorted(cost, key=lambda one: (-cost[one], one)):
        act = next((one for one in heard.acts if one.name == name), None)
        told = _coaching(stage, name)
        if name == "unanswered" and before.pending:  # which question it was, no file can know
            told = Coaching(name, f"I had asked: \u201c{before.pending.question}\u201d", "Begin with the answer to that.")
        said = told.heard if told else _meaning(stage, name)
        if name == "long" and told:
            said = f"{_meaning(stage, name)} {said}"
        start, end, rule = (act.start, act.end, act.rule) if act else (None, None, None)
        found.append(Remark("costly", name, start, end, heard.quote(name), rule, said, told.rewrite if told else ""))
    return found


def _missing(played: Played, turn: int) -> list[Remark]:
    """What the rubric asks for and nobody has heard yet, by weight; once a turn goes wrong this is what to try next."""
    stage, state = played.stage, played.steps[turn - 1].state
    known = _before(played, turn).revealed
    secret = (stage.hidden - known) | (frozenset() if known else {"listening"})  # nobody is told to answer what was not said yet
    found: list[Remark] = []
    for item in sorted(stage.scenario.rubric, key=lambda one: -one.weight):
        wanted = [name for name in item.all if name not in state.heard and name not in secret]
        if item.any and not any(name in state.heard for name in item.any):
            wanted += [name for name in item.any if name not in secret][:1]
        for name in wanted[:1]:
            told = _coaching(stage, name)
            if told is not None and all(name != one.act for one in found) and not _tells(stage, known, told):
                found.append(Remark("missing", name, None, None, "", None, told.heard, told.rewrite))
    return found[:HINTS]


def _tells(stage: Stage, known: frozenset[str], told: Coaching) -> bool:
    """Whether a hint would tell what the other person has not."""
    hidden = [sign for sign in stage.signs if sign.id in stage.hidden - known]
    return any(sign.shows.search(text) for sign in hidden for text in (told.heard, told.rewrite))


def _before(played: Played, turn: int) -> State:
    """How it stood before a turn (from 1)."""
    return played.steps[turn - 2].state if turn > 1 else played.first


def _coaching(stage: Stage, act: str) -> Coaching | None:
    return next((one for one in stage.scenario.coaching if one.act == act), None)


def _meaning(stage: Stage, act: str) -> str:
    cue = next((one for one in stage.scenario.cues if one.id == act), None)
    said = cue.says if cue else HEARD_BAD.get(act, act)
    return f"{said[:1].upper()}{said[1:]}."


def _goal(items: tuple[Answered, ...], best: str | None) -> str:
    """One thing for the next real message: the weightiest question that was answered with no, blockers before all."""
    lost = sorted((one for one in items if not one.passed), key=lambda one: (not one.blocker, -one.weight))
    if lost:
        return f"For the next real message: {SKILLS[lost[0].skill]}. Here the question was: \u201c{lost[0].text}\u201d"
    return (
        f"For the next real message: the sentence that did most here. \u201c{best}\u201d"
        if best
        else "For the next real message: the same."
    )


def _best(played: Played) -> str | None:
    """The learner's sentence that did most: praise that names a deed."""
    best: tuple[int, str] | None = None
    for heard, step in zip(played.turns, played.steps, strict=True):
        for change in step.changes:
            worth = change.trust + change.clarity - change.anger
            act = next((one for one in heard.acts if one.name == change.act), None)
            if act is not None and is_good(played.stage, change.act) and (best is None or worth > best[0]):
                start, end = heard.sentence(act)
                best = (worth, heard.text[start:end])
    return best[1] if best else None
