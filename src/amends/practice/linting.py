"""Proves scenario files, ours and a team's: names that exist, points that add up, transcripts that end as they say, lines that are heard.

`python -m amends.practice.linting FOLDER [ID …]` and `amends practice lint` say the same.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.core.files import LineOf, read_text
from amends.language.index import load
from amends.practice.acts import ACTS, BAD, FOULS, SKILLS
from amends.practice.condition import FUNCTIONS, parse
from amends.practice.drill import replay
from amends.practice.loading import load_folder
from amends.practice.scenario import CONDITIONS, NO_PROMISE, Scenario
from amends.practice.score import PASS
from amends.practice.solving import prove
from amends.practice.stage import NAME, fill, stage, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from amends.language.index import Index

APART = 40
"""So many points at least lie between a good transcript and a poor one."""
SHARED = 2
"""So many replies at most may two scenarios have in common."""
_RESERVED = frozenset({"quote", "question", "promise"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a scenario: where it stands, what it is, what to do."""

    path: str
    field: str
    message: str
    hint: str = ""
    line: int | None = None


def lint(scenarios: Sequence[Scenario], index: Index, only: Iterable[str] = ()) -> tuple[Fault, ...]:
    """Everything that is wrong with some scenarios; `only` names those to look at, all of them where it is empty."""
    wanted = set(only)
    found = [fault for one in scenarios if not wanted or one.id in wanted for fault in faults_of(one, index)]
    found += [fault for fault in shared(scenarios) if not wanted or Path(fault.path).stem in wanted]
    return tuple(_with_lines(found))


def faults_of(scenario: Scenario, index: Index) -> Iterator[Fault]:
    """What is wrong with one scenario by itself; what is proved by playing comes only once its names are right."""

    def fault(field: str, message: str, hint: str = "") -> Fault:
        return Fault(scenario.path, field, message, hint)

    checks = (_names, _ids, _points, _questions, _coaching, _promised, _variants, _levels)
    by_reading = [found for check in checks for found in check(scenario, fault)]
    yield from by_reading
    if scenario.form not in index.form_names:
        yield fault("form", f"unknown form {scenario.form!r}", f"known: {', '.join(index.form_names)}")
    elif not by_reading:
        yield from _played(scenario, index, fault)
        yield from _proved(scenario, fault)


if TYPE_CHECKING:
    Say = Callable[..., Fault]


def _names(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Every act, fact, reply and person that is named exists."""
    own = scenario.own_acts()
    acts = {*ACTS, *own}
    hidden = {one.id for one in scenario.facts if one.known_to == "counterpart"}
    known = {
        "act": acts, "topic": {"", *own}, "fact": hidden, "reply": {one.id for one in scenario.replies},
    }  # fmt: skip
    for field, name in _acts_named(scenario):
        if name not in acts:
            yield fault(
                field,
                f"no act is called {name!r}",
                "acts are the moves and flaws of the checker, what a conversation knows, cues and facts",
            )
    for field, source in _conditions(scenario):
        for function, argument in parse(source).asks:
            kind = FUNCTIONS.get(function)
            if kind and argument not in known[kind]:
                yield fault(field, f"{function}({argument!r}) names no {kind} of this scenario")
    for number, reply in enumerate(scenario.replies):
        for name in reply.reveal:
            if name not in hidden:
                yield fault(f"replies[{number}].reveal", f"{name!r} is no fact that the counterpart knows")
    cast = {one.name for one in scenario.cast} | {one.name.split()[0] for one in scenario.cast}
    for table in ("replies", "injects", "endings"):
        for number, row in enumerate(getattr(scenario, table)):
            if row.by is not None and row.by not in cast:
                yield fault(f"{table}[{number}].by", f"{row.by!r} is not in the cast", f"cast: {', '.join(sorted(cast))}")


def _acts_named(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for number, trigger in enumerate(scenario.triggers):
        yield f"triggers[{number}].act", trigger.act
    for number, reply in enumerate(scenario.replies):
        yield from ((f"replies[{number}].asks", name) for name in reply.asks)
        if reply.about is not None:
            yield f"replies[{number}].about", reply.about
    for number, inject in enumerate(scenario.injects):
        yield from ((f"injects[{number}].asks", name) for name in inject.asks)
    for number, item in enumerate(scenario.rubric):
        yield from ((f"rubric[{number}]", name) for name in (*item.all, *item.any, *item.none))
    for number, one in enumerate(scenario.coaching):
        yield f"coaching[{number}].act", one.act
    yield from (("opening_asks", name) for name in scenario.opening_asks)


def _conditions(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for table, keys in CONDITIONS.items():
        for number, row in enumerate(getattr(scenario, table)):
            for key in keys:
                source = getattr(row, key)
                if source is not None:
                    yield f"{table}[{number}].{key}", source


def _ids(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Ids are unique, own acts hide none of the engine's, and facts are told by those who know them."""
    for table in ("facts", "cues", "replies", "injects", "endings", "rubric"):
        ids = [one.id for one in getattr(scenario, table)]
        for number, name in enumerate(ids):
            if name in ids[:number]:
                yield fault(f"{table}[{number}].id", f"{name!r} is there twice")
    for name in scenario.own_acts().keys() & set(ACTS):
        yield fault("cues", f"{name!r} is an act of every scenario", "name the cue or fact otherwise")
    for name in {one.id for one in scenario.facts} & {one.id for one in scenario.cues}:
        yield fault("cues", f"{name!r} is a fact and a cue", "name one of them otherwise")
    for number, fact in enumerate(scenario.facts):
        if (fact.known_to == "counterpart") != (fact.reveal is not None):
            yield fault(f"facts[{number}].reveal", f"{fact.id!r}: a fact of the counterpart needs `reveal`, and one of the learner none")


def _points(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Weights add up to 100, something is a blocker, and skills are known."""
    total = sum(one.weight for one in scenario.rubric)
    if total != 100:
        yield fault("rubric", f"the weights add up to {total}, not to 100")
    if not any(one.blocker for one in scenario.rubric):
        yield fault("rubric", "no item is a blocker", "say without what nobody passes: blocker = true")
    for number, item in enumerate(scenario.rubric):
        if not (item.all or item.any or item.when != "always" or item.none):
            yield fault(f"rubric[{number}]", f"{item.id!r} asks for nothing")
        if item.skill not in SKILLS:
            yield fault(f"rubric[{number}].skill", f"unknown skill {item.skill!r}", f"known: {', '.join(SKILLS)}")


def _questions(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Who asks says what answers it; who quotes says what; somebody who is asked answers."""
    for table in ("replies", "injects"):
        for number, row in enumerate(getattr(scenario, table)):
            if bool(row.asks) != bool(row.question):
                yield fault(f"{table}[{number}]", f"{row.id!r}: `asks` and `question` belong together")
    for number, reply in enumerate(scenario.replies):
        if reply.about is None and any("{quote}" in say for say in reply.say):
            yield fault(f"replies[{number}].say", f"{reply.id!r} quotes, and says not what: `about` is missing")
    if bool(scenario.opening_asks) != bool(scenario.opening_question):
        yield fault("opening_asks", "`opening_asks` and `opening_question` belong together")
    for number, said in enumerate(scenario.press):
        if "{question}" not in said:
            yield fault(f"press[{number}]", "it does not put the question again: {question} is missing")
    if not any(one.repeat and "asked" in dict(parse(one.when).asks) for one in scenario.replies):
        yield fault("replies", "a question of the learner can stay without an answer", 'add a line with when = "asked()" and repeat = true')


def _coaching(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Whatever is asked for or costs something can be explained, in the words of this case."""
    told = {one.act for one in scenario.coaching}
    wanted = {name for item in scenario.rubric for name in item.all} | {item.any[0] for item in scenario.rubric if item.any}
    own = scenario.own_acts()
    costly = {one.act for one in scenario.triggers if one.act not in FOULS and (one.act in BAD or own.get(one.act) is False)}
    for name in sorted((wanted | costly) - told - {"long"}):
        yield fault("coaching", f"nothing says what was heard in {name!r}, or would have been", f'add [[coaching]] act = "{name}"')


def _promised(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Who quotes a promise says what stands for it where none was made."""
    if scenario.promise == NO_PROMISE and any("{promise}" in text for text in texts_of(scenario)):
        yield fault("promise", "{promise} is quoted, and nothing says what was promised where nothing was", 'add promise = "…"')


def _variants(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """Variants fill the same names, and every name in a text is filled."""
    if len(scenario.variants) < 2:
        yield fault("variants", "one variant only", "add another, or the drill is learnt by heart")
    names = {name for name, _ in scenario.variants[0][1]} if scenario.variants else set()
    for variant, values in scenario.variants:
        for name in names ^ {name for name, _ in values}:
            yield fault(f"variants.{variant}", f"{name!r} is not filled in every variant")
    used: set[str] = set()
    for text in texts_of(scenario):
        used |= set(NAME.findall(text))
    for name in sorted(used - names - _RESERVED):
        yield fault("variants", f"{{{name}}} stands in a text, and no variant fills it")


def _levels(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    if len({one.difficulty for one in scenario.levels}) < 2:
        yield fault("levels", "one level only", "add a harder or an easier one")
    for number, level in enumerate(scenario.levels):
        if not (1 <= level.difficulty <= 5 and level.turns >= 2 and level.max_change > 0):
            yield fault(f"levels[{number}]", "difficulty is 1 to 5, turns at least 2, max_change at least 1")
    kinds = {one.kind for one in scenario.transcripts}
    for kind in sorted({"good", "poor"} - kinds):
        yield fault("transcripts", f"no {kind} transcript")


def _played(scenario: Scenario, index: Index, fault: Say) -> Iterator[Fault]:
    """The transcripts end as they say, at every level and in every variant, and lie far apart."""
    for level in scenario.levels:
        for variant, values in scenario.variants:
            worth: dict[str, list[int]] = {"good": [], "poor": []}
            for number, transcript in enumerate(scenario.transcripts):
                turns = [fill(one, dict(values)) for one in transcript.turns]
                played = replay(stage(scenario, 0, level.difficulty, variant), turns, index)
                score = played.score
                worth[transcript.kind].append(score.total)
                said = f"(level {level.difficulty}, variant {variant}) ends in {played.state.ended or 'nothing'} with {score.total}"
                if transcript.kind == "good" and not score.passed:
                    missed = ", ".join(item.id for item in score.items if not item.passed)
                    fouls = ", ".join(sorted({name for one in played.turns for name in one.names & FOULS.keys()}))
                    hint = f"turns of it are none: {fouls}" if fouls else ""
                    yield fault(f"transcripts[{number}]", f"the good transcript {said}; missed: {missed or 'nothing'}", hint)
                if transcript.kind == "poor" and (played.state.ended == "success" or score.total >= PASS):
                    yield fault(f"transcripts[{number}]", f"the poor transcript {said}")
            if worth["good"] and worth["poor"] and min(worth["good"]) - max(worth["poor"]) < APART:
                yield fault("transcripts", f"good and poor lie less than {APART} points apart in variant {variant}: {worth}")


def _proved(scenario: Scenario, fault: Say) -> Iterator[Fault]:
    """By search: every level can be won, and lost but not in one turn; every line is heard and every fact told in one of them."""
    lines = {one.id: f"replies[{number}]" for number, one in enumerate(scenario.replies)}
    lines |= {one.id: f"injects[{number}]" for number, one in enumerate(scenario.injects)}
    endings = {one.id: one for one in scenario.endings}
    ready = [stage(scenario, 0, level.difficulty) for level in scenario.levels]
    proofs = prove(ready, frozenset({*lines, *endings}))
    missing = {*lines, *endings}.difference(*(proof.reached for proof in proofs))
    told = {fact for proof in proofs for fact in proof.revealed}
    for level, proof in zip(scenario.levels, proofs, strict=True):
        for result in ("success", "failure"):
            if not any(proof.reaches(name) for name, one in endings.items() if one.result == result):
                yield fault("endings", f"no {result} was reached at level {level.difficulty}, of {level.turns} turns")
        for name, one in endings.items():
            if (
                one.result == "failure"
                and proof.reaches(name)
                and len(proof.reached[name]) == 1
                and not set(proof.reached[name][0]) & FOULS.keys()
            ):
                acts = ", ".join(proof.reached[name][0])
                yield fault(
                    "levels", f"one turn ({acts}) ends it at level {level.difficulty}", "nobody is lost in one sentence: start less angry"
                )
    for name in sorted(missing):
        yield fault(
            lines.get(name, "endings"), f"{name!r} was never heard", "its condition cannot hold, or another line always comes first"
        )
    for fact in scenario.facts:
        if fact.known_to == "counterpart" and fact.id not in told:
            yield fault("facts", f"the fact {fact.id!r} was never told", "no line reveals it, or its condition cannot hold")


def shared(scenarios: Sequence[Scenario]) -> Iterator[Fault]:
    """No two scenarios are the same drill in other clothes. A day after shares the triggers of its scenario unless it has its own."""
    for number, one in enumerate(scenarios):
        for other in scenarios[:number]:
            related = one.later_of == other.id or other.later_of == one.id
            if one.triggers == other.triggers and not related:
                yield Fault(one.path, "triggers", f"the triggers are those of {other.id}")
            if {end.when for end in one.endings} & {end.when for end in other.endings}:
                yield Fault(one.path, "endings", f"an ending has the same rule as in {other.id}")
            same = {say for reply in one.replies for say in reply.say} & {say for reply in other.replies for say in reply.say}
            if len(same) > SHARED:
                yield Fault(one.path, "replies", f"{len(same)} replies are those of {other.id}", "at most two may be")


def _with_lines(faults: Iterable[Fault]) -> Iterator[Fault]:
    lines: dict[str, LineOf] = {}
    for fault in faults:
        if fault.path not in lines:
            lines[fault.path] = LineOf(read_text(fault.path))
        yield Fault(fault.path, fault.field, fault.message, fault.hint, lines[fault.path](fault.field))


def main(arguments: Sequence[str]) -> int:
    """Lint a folder, or some scenarios of it; prints a line for each fault. 0 none, 1 some, 2 a file cannot be read."""
    folder, *only = arguments or ("src/amends/practice/scenarios",)
    try:
        faults = lint(load_folder(Path(folder)), load(), only)
    except InputError as error:
        sys.stderr.write(f"{error.path}:{error.line or 1}: {error.field or ''}: {error.message}. {error.hint}\n")
        return 2
    for one in faults:
        sys.stdout.write(f"{one.path}:{one.line or 1}: {one.field}: {one.message}{'. ' if one.hint else ''}{one.hint}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
