"""A model may voice a line that the engine chose; these gates decide whether what it says may be heard in its place.

The engine stays the referee: what moves, what is told, asked and scored depends on the written line alone. A voiced line that leaks,
flatters, turns into a helper, speaks for the learner, grows long, repeats itself, changes a figure or loses the question is thrown away,
and the written line is said. Bands and gates follow what role plays by models get wrong: agreeableness, turning into the helper, speaking
for the other side, forgetting what is secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.figures import figures, known_figures
from amends.practice.wording import share, shingles, words_in

if TYPE_CHECKING:
    from amends.practice.drill import Played
    from amends.practice.state import Line, State

BANDS = ((25, "calm"), (50, "guarded"), (75, "angry"), (100, "furious"))
"""How angry somebody is, in a word, by the meter up to which it is said."""
LAST = 6
"""So many lines of the conversation are given along."""
LONGER = 1.6
"""A voiced line has at most so many times the words of the written one, and `_ROOM` more."""
_ROOM = 12
_SAME = 0.8
_SECRET = 0.5

_SWEET = re.compile(
    r"\b(?:thank(?:s| you)|no worries|no problem|appreciate|great (?:point|question|job|answer)|well (?:said|done)|i forgive|all good|"
    r"that(?:'s| is) (?:ok(?:ay)?|fine|great|perfect)|happy to|glad (?:you|to))\b",
    re.IGNORECASE,
)
_COACHING = re.compile(
    r"\bas an? (?:ai|assistant|language model|coach|actor)\b|\byou (?:might|may|could|should) (?:want to|try|consider|say|start by)\b"
    r"|\b(?:here(?:'s| is) (?:a|what|how)|let me help|i can help|i suggest|my advice|next time,? try|good (?:apology|answer))\b"
    r"|\b(?:scenario|role.?play|prompt|instructions?|learner|counterpart|rubric|meter)\b",
    re.IGNORECASE,
)
_STAGED = re.compile(r"^\s*(?:\*|\(|\[)|\*[^*]+\*|^\s*(?:you|me|learner|user|[A-Z][\w.]+(?: [A-Z][\w.]+)?)\s*:", re.MULTILINE)
_MARKUP = re.compile(r"<[a-z/!]|https?://|```|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]", re.IGNORECASE)

GATES = {
    "leak": "it tells what has not been told yet",
    "sweet": "it is kinder than somebody in this state",
    "helper": "it helps or explains instead of being somebody",
    "speaks-for": "it speaks for the other side, or tells a scene",
    "long": "it is longer than the line",
    "again": "it says what was said before",
    "figures": "it names a figure that the line does not",
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


def band(anger: int) -> str:
    """How angry somebody is, in a word."""
    return next(word for most, word in BANDS if anger <= most)


def question(played: Played, line: Line) -> Asked:
    """What to ask a model for a line of the last turn. Secrets are not in it: a model cannot leak what it was never given."""
    scenario, state = played.stage.scenario, played.state
    person = next((one for one in scenario.cast if line.by and one.name.startswith(line.by)), scenario.opener)
    system = (
        f"You lend your voice to {person.name}, {person.role}, in a {scenario.channel}. Say the line that you are given again in that "
        f"person's own way. Mood: {band(state.anger)}. Keep its meaning, its facts, its figures and its question; add no fact, no thanks, "
        f"no comfort, no advice, no stage directions, no name in front. At most {_most(line.text)} words, plain text, nothing else."
    )
    said = "\n".join(f"- {text}" for text in _lately(played)[-LAST:])
    return Asked(system, f"What was said last:\n{said}\n\nThe line to say: {line.text}")


def refused(said: str, line: Line, played: Played) -> tuple[str, ...]:
    """The gates that stop a voiced line, in the order of `GATES`; none lets it pass."""
    text = said.strip()
    if not text:
        return ("empty",)
    checks = {
        "leak": _leaks(text, line, played),
        "sweet": band(played.state.anger) != "calm" and bool(_SWEET.search(text)) and not _SWEET.search(line.text),
        "helper": bool(_COACHING.search(text)) and not _COACHING.search(line.text),
        "speaks-for": bool(_STAGED.search(text)),
        "long": len(text.split()) > _most(line.text),
        "again": _repeats(text, line, played),
        "figures": not known_figures([text]) <= known_figures([line.text, *_quoted(played)]) or _lost_figures(text, line),
        "question": ("?" in text) != ("?" in line.text),
        "markup": bool(_MARKUP.search(text)),
    }
    return tuple(gate for gate in GATES if checks.get(gate))


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
    return any(share(shingles(text, 2), shingles(one, 2)) >= _SAME for one in _lately(played)[:-1] if one != line.text)


def _lost_figures(text: str, line: Line) -> bool:
    return not {one.value for one in figures(line.text)} <= {one.value for one in figures(text)}


def _quoted(played: Played) -> list[str]:
    return [played.turns[-1].text] if played.turns else []


def _lately(played: Played) -> list[str]:
    """What both have said, the oldest first."""
    said = [played.opening.text]
    for heard, step in zip(played.turns, played.steps, strict=True):
        said += [heard.text, *(line.text for line in step.lines)]
    return said


def meters_in_words(state: State) -> dict[str, str]:
    """The three meters in a word each, for people who cannot or do not want to read a gauge."""
    low, high = 35, 65
    trust = "none yet" if state.trust < low else "some" if state.trust < high else "solid"
    clarity = "in the dark" if state.clarity < low else "half clear" if state.clarity < high else "clear"
    return {"anger": band(state.anger), "trust": trust, "clarity": clarity}
