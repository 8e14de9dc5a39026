"""A model may voice a line that the engine chose; these gates decide whether what it says may be heard in its place.

The engine stays the referee: what moves, what is told, asked and scored depends on the written line alone. A voiced line that leaks,
flatters, turns into a helper, speaks for the learner, grows long, repeats itself, changes a figure or loses the question is thrown away,
and the written line is said. Gates follow what role plays by models get wrong: agreeableness, turning into the helper, speaking
for the other side, forgetting what is secret.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.moods import mood
from amends.practice.unfit import FILLERS, HELPING, SEVERAL, STAGED, SWEET, counts, is_marked_up, meaning, parts, questions, repeated
from amends.practice.wording import share, shingles, words_in

if TYPE_CHECKING:
    import re

    from amends.practice.drill import Played
    from amends.practice.state import Line

LAST = 6
"""So many lines of the conversation are given along."""
LONGER = 1.6
"""A voiced line has at most so many times the words of the written one, and `_ROOM` more."""
_ROOM = 12
ENORMOUS = 4000
"""More characters than this are not even read."""
_SAME = 0.8
_SECRET = 0.5
_KEPT, _FEW = 0.34, 4
"""A line of at least so many words of meaning keeps so much of them."""
_ADDED = 3
"""So many words of meaning may be new, and a third as many as the line has."""
_ANCHORED, _PLAIN = 0.5, 0.4
"""More than so much of the words of meaning of each part of a sentence stands in the line, or of all its words where it has none of
meaning: what is kind, helpful or invented comes as a part of its own, and no list of such words is ever complete."""

GATES = {
    "leak": "it tells what has not been told yet",
    "sweet": "it is kinder than somebody in this state",
    "helper": "it helps or explains instead of being somebody",
    "speaks-for": "it speaks for the other side, or tells a scene",
    "long": "it is longer than the line",
    "twice": "it says several things to choose from, or the same again",
    "again": "it says what was said before",
    "strays": "it says something else than the line",
    "figures": "it names a figure, a number or a day that the line does not, or loses one",
    "question": "it loses the question, or asks one that the line does not",
    "markup": "it is no plain speech",
    "empty": "it says nothing",
}
"""Every gate, with what is wrong with a line that it stops."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked: who it is to be, and what is to be said."""

    system: str
    user: str


def question(played: Played, line: Line) -> Asked:
    """What to ask a model for a line of the last turn. Secrets are not in it: a model cannot leak what it was never given."""
    scenario, state = played.stage.scenario, played.state
    person = next((one for one in scenario.cast if line.by and one.name.startswith(line.by)), scenario.opener)
    feeling = mood("anger", state.anger)
    system = (
        f"You lend your voice to {person.name}, {person.role}, in a {scenario.channel}. Say the line that you are given again in that "
        f"person's own way. Mood: {feeling}. Keep most of its words in every part of it, its figures and its question; you may "
        f"change their order, the small words, and where it presses. Add nothing of your own: no fact, no thanks, no comfort, no advice, "
        f"no stage directions, no name in front. At most {_most(line.text)} words, plain text, nothing else."
    )
    said = "\n".join(f"- {text}" for text in _lately(played)[-LAST:])
    return Asked(system, f"What was said last:\n{said}\n\nThe line to say: {line.text}")


def refused(said: str, line: Line, played: Played) -> tuple[str, ...]:
    """The gates that stop a voiced line, in the order of `GATES`; none lets it pass."""
    text = said.strip()
    if not any(sign.isalpha() for sign in text[:ENORMOUS]):
        return ("empty",)
    if len(text) > ENORMOUS:
        return ("long",)
    calm = mood("anger", played.state.anger) == "calm"
    checks = {
        "leak": _leaks(text, line, played),
        "sweet": not calm and _only(SWEET, text, line),
        "helper": _only(HELPING, text, line),
        "speaks-for": _only(STAGED, text, line),
        "long": len(text.split()) > _most(line.text),
        "twice": _only(SEVERAL, text, line) or (repeated(text) > repeated(line.text)),
        "again": _repeats(text, line, played),
        "strays": _strays(text, line, calm=calm),
        "figures": counts(text) != counts(line.text),
        "question": _asks_otherwise(text, line.text),
        "markup": is_marked_up(text, line.text),
    }
    return tuple(gate for gate in GATES if checks.get(gate))


def unquoted(said: str) -> str:
    """What was said without the quotation marks that models put around a line."""
    text = said.strip()
    quoted = len(text) > 1 and (text[0], text[-1]) in (('"', '"'), ("“", "”"), ("'", "'"))
    return text[1:-1].strip() if quoted and text[0] not in text[1:-1] else text


def _asks_otherwise(text: str, line: str) -> bool:
    return text.count("?") != line.count("?") or questions(text) != questions(line)


def _only(words: re.Pattern[str], text: str, line: Line) -> bool:
    """Whether something of these words is in a text more often than in the line."""
    said, own = (Counter(found[0].lower() for found in words.finditer(one)) for one in (text, line.text))
    return bool(said - own)


def _most(text: str) -> int:
    return int(len(text.split()) * LONGER) + _ROOM


def _leaks(text: str, line: Line, played: Played) -> bool:
    """Whether a hidden fact that is not told yet shows in the words, and does not in the written line."""
    secret = played.stage.hidden - played.state.revealed
    for sign in played.stage.signs:
        if sign.id in secret and sign.shows.search(text) and not sign.shows.search(line.text):
            return True
    hidden = [one.text for one in played.stage.scenario.facts if one.id in secret]
    return any(share(shingles(text, 2), shingles(fact, 2)) >= _SECRET for fact in hidden)


def _repeats(text: str, line: Line, played: Played) -> bool:
    """Whether it is nearly a line that was said before; the written line itself may be said as it is."""
    if words_in(text) == words_in(line.text):
        return False
    said, own = shingles(text, 2), shingles(line.text, 2)
    known = (shingles(one, 2) for one in _lately(played))
    return any(share(said, one) >= _SAME and share(own, one) < _SAME for one in known)


def _strays(text: str, line: Line, *, calm: bool) -> bool:
    """Whether it keeps little of what the line says, adds much, or has a part that says nothing of the line."""
    said, own = meaning(text), meaning(line.text)
    kept = len(said & own) / len(own) if len(own) >= _FEW else 1.0
    if kept < _KEPT or len(said - own) > _ADDED + len(own) // 3:
        return True
    known = frozenset(words_in(line.text))
    return any(_is_new(one, own, known) and not (calm and SWEET.search(one)) for one in parts(text))


def _is_new(part: str, own: frozenset[str], known: frozenset[str]) -> bool:
    """Whether a part of a sentence says what the line does not: little of its words of meaning, or where it has none, of all its words."""
    words, said = words_in(part), meaning(part)
    if not words or " ".join(words) in FILLERS:
        return False
    if said:
        return len(said & own) <= _ANCHORED * len(said)
    return sum(word in known for word in words) < _PLAIN * len(words)


def _lately(played: Played) -> list[str]:
    """What both have said before the answer to the last turn, the oldest first."""
    said = [played.opening.text]
    for heard, step in zip(played.turns, played.steps, strict=True):
        said += [heard.text, *(line.text for line in step.lines)]
    return said[: len(said) - len(played.steps[-1].lines)] if played.steps else said
