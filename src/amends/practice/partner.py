"""The other person's lines: which one is said, in whose voice, with whose words quoted, and what is asked again.

Of the lines that fit, the one that asks for most is said (salience), then the one that was not heard for longest, then the first in the
file. A question of the learner is answered before anything else; a question of the counterpart that got no answer is put again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from amends.practice.state import Line, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.heard import Heard
    from amends.practice.scenario import Reply
    from amends.practice.stage import Stage
    from amends.practice.state import At, State

_ANSWERING = 6
"""What a line gains by answering a question of the learner, or by telling something when asked: nobody is talked past."""
_ABOUT = 1
"""What a line gains by quoting the learner."""


def opening(stage: Stage, promise: str) -> Line:
    """How the conversation begins; on the day after it may quote what was promised."""
    return Line(stage.scenario.opener.name, stage.scenario.opening.replace("{promise}", promise), "opening")


def answer(stage: Stage, state: State, moment: At, heard: Heard, names: frozenset[str]) -> tuple[tuple[Line, ...], State]:
    """What is said to a turn, and the state after saying it."""
    if heard.foul:
        return _to_a_foul(stage, state, heard)
    reply = _chosen(stage, state, moment, names)
    waiting = state.pending is not None and "unanswered" in names
    if reply is None:
        if waiting:
            return _pressed(stage, state)
        return _idle(stage, state)
    line = Line(reply.by or stage.scenario.opener.name, _spoken(stage, reply, heard, state), reply.id)
    state = replace(state, used={**state.used, reply.id: state.turn}, revealed=state.revealed | frozenset(reply.reveal))
    if reply.asks:
        return (line,), ask(stage, state, line.by, reply.asks, reply.question or line.text)
    if waiting:
        again, state = _pressed(stage, state)
        return (line, *again), state
    return (line,), state


def last_word(stage: Stage, state: State, moment: At, heard: Heard, names: frozenset[str]) -> tuple[Line, ...]:
    """The answer to a question that the learner put in the turn that settles it; none where every answer would ask back."""
    if "question" not in names:
        return ()
    asked = [one for one in _fitting(stage, state, moment, names) if not one[1].asks and not one[1].reveal]
    asked = [one for one in asked if stage.condition(one[1].when).names("asked") and not one[1].repeat]
    if not asked:
        return ()
    reply = min(asked, key=lambda one: one[0])[1]
    return (Line(reply.by or stage.scenario.opener.name, _spoken(stage, reply, heard, state), reply.id),)


def _chosen(stage: Stage, state: State, moment: At, names: frozenset[str]) -> Reply | None:
    """The line that asks for most, was not heard for longest, and stands first."""
    return min(_fitting(stage, state, moment, names), key=lambda one: one[0], default=(None, None))[1]


def _fitting(stage: Stage, state: State, moment: At, names: frozenset[str]) -> Iterator[tuple[tuple[int, int, int], Reply]]:
    """The lines that could be said, each with its place among them."""
    for order, reply in enumerate(stage.scenario.replies):
        if (reply.id in state.used and not reply.repeat) or (reply.about is not None and reply.about not in names):
            continue
        condition = stage.condition(reply.when)
        if not condition.holds(moment) or any(not moment.call("can", fact) for fact in reply.reveal):
            continue
        salience = condition.weight + reply.boost + _ABOUT * (reply.about is not None)
        salience += _ANSWERING * ("question" in names and (bool(reply.reveal) or bool(condition.names("asked"))))
        yield (-salience, state.used.get(reply.id, 0), order), reply


def _spoken(stage: Stage, reply: Reply, heard: Heard, state: State) -> str:
    say = stage.wording(reply, state.turn)
    quote = heard.quote(reply.about) if reply.about else ""
    return say.replace("{quote}", quote or "that").replace("{promise}", state.promise or stage.scenario.promise)


def _pressed(stage: Stage, state: State) -> tuple[tuple[Line, ...], State]:
    """The question that waits, put again in other words."""
    pending = state.pending
    if pending is None:
        return (), state
    ways = stage.scenario.press
    said = ways[state.pressed % len(ways)].replace("{question}", pending.question)
    line = Line(pending.by or stage.scenario.opener.name, said, f"press-{state.pressed % len(ways)}")
    return (line,), replace(state, pending=replace(pending, times=pending.times + 1), pressed=state.pressed + 1)


def _idle(stage: Stage, state: State) -> tuple[tuple[Line, ...], State]:
    """What is said when nothing in the file fits."""
    ways = stage.scenario.idle
    place = state.turn % len(ways)
    return (Line(stage.scenario.opener.name, ways[place], f"idle-{place}"),), state


_FOUL_SAYS = {
    "empty": "…",
    "foreign": "I'm sorry, I only read English. Say it again, please?",
    "abuse": "I'm not going on like this. Try again, without that.",
    "repeated": "You have said that already, word for word.",
    "copied": "That sounds read out. I'd like it in your own words.",
    "listed": "Those are headings. Talk to me.",
    "invented": "Where do you have those numbers from? Nobody told me any of that.",
    "rambling": "I stopped reading. Two or three sentences, please.",
}
"""What anybody says to a turn that is none; a scenario may say it its own way with a line that is `about` the foul."""


def _to_a_foul(stage: Stage, state: State, heard: Heard) -> tuple[tuple[Line, ...], State]:
    """An answer in the role to a turn that is none; a question that waits goes on waiting."""
    foul = next(name for name in _FOUL_SAYS if name in heard.names)
    own = next((reply for reply in stage.scenario.replies if reply.about == foul and (reply.repeat or reply.id not in state.used)), None)
    if own:
        state = replace(state, used={**state.used, own.id: state.turn})
        return (Line(own.by or stage.scenario.opener.name, _spoken(stage, own, heard, state), own.id),), state
    return (Line(stage.scenario.opener.name, _FOUL_SAYS[foul], f"foul-{foul}"),), state
