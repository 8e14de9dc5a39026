"""Proves about a scenario what its author cannot see by reading: that it can be won and lost, and that every line can be heard.

The proof walks the machine that people play (`play.step`) with turns made of acts instead of words: at most `AT_ONCE` good acts in a turn,
hidden facts only once they are told. It is a search, so what it finds is certain, and what it does not find in `_WIDTHS` states a turn is
reported as not found.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.acts import FOULS
from amends.practice.heard import Heard
from amends.practice.play import begin, step
from amends.practice.state import is_good

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amends.practice.condition import Condition
    from amends.practice.stage import Stage
    from amends.practice.state import State

AT_ONCE = 6
"""So many good things at most does a good turn do."""
_WIDTHS = (8, 24, 64)
_WORDS = 50
_ASKING = frozenset({"question", "open-question"})

Turn = tuple[frozenset[str], frozenset[str]]
"""The acts of a turn and the topics that it asks about."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was reached, each with the turns (as sorted acts) that lead there: endings and lines by id; and the facts that were told."""

    reached: dict[str, tuple[tuple[str, ...], ...]]
    revealed: frozenset[str]

    def reaches(self, line: str) -> bool:
        """Whether a line or ending was heard."""
        return line in self.reached


@dataclass(frozen=True, slots=True)
class _Place:
    state: State
    path: tuple[tuple[str, ...], ...]
    new: bool = False


def prove(stages: Sequence[Stage], lines: frozenset[str]) -> tuple[Proof, ...]:
    """Search every level for a good and a bad end, and all of them together for the lines and endings; more widely where that is needed."""
    proofs: dict[Stage, Proof] = {}
    for width in _WIDTHS:
        for one in stages:
            heard = frozenset(line for proof in proofs.values() for line in proof.reached)
            known = proofs.get(one, Proof({}, frozenset()))
            if not known.reached or not lines <= heard or not _both_ends(one, known):
                found = _search(one, lines - heard, width)
                proofs[one] = Proof({**found.reached, **known.reached}, found.revealed | known.revealed)
    return tuple(proofs[one] for one in stages)


def _both_ends(stage: Stage, proof: Proof) -> bool:
    """Whether a level was won and lost."""
    return {one.result for one in stage.scenario.endings if proof.reaches(one.id)} >= {"success", "failure"}


def _search(stage: Stage, wanted: frozenset[str], width: int) -> Proof:
    reached: dict[str, tuple[tuple[str, ...], ...]] = {}
    revealed: set[str] = set()
    palette = _palette(stage)
    places = [_Place(begin(stage)[0], ())]
    for _ in range(stage.level.turns):
        following: list[_Place] = []
        for place in places:
            if wanted <= reached.keys() and _both_ends(stage, Proof(reached, frozenset())):
                return Proof(reached, frozenset(revealed))
            for turn in dict.fromkeys(_turns(stage, place.state, palette)):
                found = _after(stage, place, turn, reached, revealed)
                if found is not None:
                    following.append(found)
        places = _kept(following, width)
    return Proof(reached, frozenset(revealed))


def _after(stage: Stage, place: _Place, turn: Turn, reached: dict[str, tuple[tuple[str, ...], ...]], revealed: set[str]) -> _Place | None:
    """Where a turn leads; None where the conversation is over. Notes what was heard on the way."""
    names, topics = turn
    done = step(stage, place.state, Heard("", _WORDS, (), names, topics))
    path = (*place.path, tuple(sorted(names)))
    heard = [line.id for line in done.lines]
    new = any(line not in reached for line in heard)
    for line in heard:
        reached.setdefault(line, path)
    revealed |= done.state.revealed
    return None if done.state.ended else _Place(done.state, path, new)


def _palette(stage: Stage) -> tuple[Turn, ...]:
    """Turns made for each line: what it is about and asks for; each bad act alone; a turn that says nothing; a bare question."""
    scenario = stage.scenario
    turns: dict[Turn, None] = {(frozenset(), frozenset()): None, (_ASKING, frozenset()): None}
    for reply in scenario.replies:
        condition = stage.condition(reply.when)
        bare = frozenset({reply.about} if reply.about else ())  # what a condition asks about under a `not` must stay away
        for heard in (_wants(condition, reply.about), _wants(condition, reply.about, asking=True), (bare, frozenset[str]())):
            turns[heard] = None
        for fact in reply.reveal:
            reveal = next(one.reveal for one in scenario.facts if one.id == fact)
            for option in stage.condition(reveal).names("heard"):
                turns[frozenset({option}) | (_ASKING if option in _ASKING else frozenset()), frozenset()] = None
    for trigger in scenario.triggers:
        if trigger.act != "unanswered":
            turns[frozenset({trigger.act}), frozenset()] = None
    dear = sorted(scenario.triggers, key=lambda one: one.trust + one.clarity - one.anger)
    costly = [one.act for one in dear if not is_good(stage, one.act) and one.act not in FOULS and one.act != "unanswered"]
    turns[frozenset(costly[:3]), frozenset()] = None
    for secret in sorted(stage.hidden):
        turns[frozenset({secret, "listening"}), frozenset()] = None
    return tuple(turns)


def _wants(condition: Condition, about: str | None, *, asking: bool = False) -> Turn:
    topics = frozenset(name for name in condition.names("asked") if name)
    names = {*condition.names("heard"), *condition.names("only")} | ({about} if about else set())
    if asking or condition.names("asked"):
        names |= _ASKING
    return frozenset(names), topics


def _turns(stage: Stage, state: State, palette: tuple[Turn, ...]) -> Iterator[Turn]:
    """The turns that could be tried here: the best ones, and those of the palette, alone and with an answer to what waits."""
    best = _best(stage, state)
    yield frozenset(best[:AT_ONCE]), frozenset()
    yield frozenset(best[: AT_ONCE - 1]) | _ASKING, frozenset()
    yield frozenset(best[:2]), frozenset()
    waiting = state.pending.asks[:1] if state.pending else ()
    for names, topics in palette:
        said = _possible(stage, state, names)
        yield said, topics
        answering = _possible(stage, state, frozenset(waiting))
        if answering and not said & FOULS.keys():
            yield said | answering, topics


def _possible(stage: Stage, state: State, names: Iterable[str]) -> frozenset[str]:
    """The acts that can be said here: hidden facts only once they are told, and then as listening."""
    said = {name for name in names if name not in stage.hidden or name in state.revealed}
    if said & stage.hidden:
        said.add("listening")
    elif "listening" in said:
        told = sorted(state.revealed)
        if told:
            said.add(told[-1])
        else:
            said.discard("listening")
    return frozenset(said)


def _best(stage: Stage, state: State) -> list[str]:
    """The good acts in the order in which they help here: what waits for an answer, what an ending asks for, what moves most."""
    worth: dict[str, int] = {}
    for number, trigger in enumerate(stage.scenario.triggers):
        if is_good(stage, trigger.act) and state.fired.get(number, 0) < trigger.cap:
            worth[trigger.act] = worth.get(trigger.act, 0) + trigger.trust + trigger.clarity - trigger.anger
    for ending in stage.scenario.endings:
        if ending.result == "success":
            for name in stage.condition(ending.when).names("ever"):
                if name not in state.heard and is_good(stage, name):
                    worth[name] = worth.get(name, 0) + 40
    for name in state.pending.asks if state.pending else ():
        if is_good(stage, name):
            worth[name] = worth.get(name, 0) + 60
    listed = sorted(worth, key=lambda name: (-worth[name], name))
    return [name for name in listed if _possible(stage, state, (name,)) >= {name}]


def _kept(places: list[_Place], width: int) -> list[_Place]:
    """Few enough to go on with: those that just heard something new, the best, the worst, and some of all kinds."""
    unique = {_key(one.state): one for one in sorted(places, key=lambda one: one.new)}
    by_mood = sorted(
        unique.values(), key=lambda one: (one.state.anger - one.state.trust - one.state.clarity - 8 * len(one.state.revealed), one.path)
    )
    new = [one for one in by_mood if one.new][: width // 2]
    mixed = sorted(by_mood, key=lambda one: zlib.crc32(repr(one.path).encode()))
    chosen = {id(one): one for one in (*by_mood[: width // 4], *by_mood[-width // 8 :], *new, *mixed)}
    return list(chosen.values())[:width]


def _key(state: State) -> tuple[object, ...]:
    return (
        state.anger // 4, state.trust // 4, state.clarity // 4, frozenset(state.used), state.revealed, frozenset(state.heard),
        state.pending.asks if state.pending else None,
    )  # fmt: skip
