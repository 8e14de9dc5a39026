"""Bring your own conversation: a few answers about one that is coming turn a persona into a private scenario.

The persona (a file in `personas/`, of the same kind as a scenario) brings how somebody reacts; the answers bring who it is, what is true,
what it cost them and which questions are dreaded. Nothing of it leaves the person who answered.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amends.core.errors import InputError, require_known
from amends.narrative.comparing.vocabulary import weight
from amends.practice.figures import figures
from amends.practice.loading import CHANNELS, RELATIONS
from amends.practice.scenario import OWN_PREFIX, Ending, Fact, Item, Person, Reply
from amends.practice.wording import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.practice.scenario import Scenario

LONGEST = 2_000
"""So many characters has an answer at most; an interview is no incident report."""
MANY = 12
"""So many facts, gaps or questions at most."""
_DISTINCT = 6
"""So many of the words of a fact are looked for, the most telling ones."""
_STEM = 4
_COST = "cost"
_MUST = 2


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody says about a conversation that is coming.

    `persona` is the id of a persona, `happened` what went wrong, `known` what they know (a sentence each), `unknown` what nobody knows yet,
    `cost` what it did to the other person, in that person's words, `questions` what they dread to be asked, likewise; `opening` how the
    other one will probably begin, empty for the persona's own beginning.
    """

    name: str
    role: str
    relation: str
    persona: str
    channel: str
    form: str
    happened: str
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    cost: str = ""
    questions: tuple[str, ...] = ()
    opening: str = ""


QUESTIONS = (
    ("name", "Who will you talk to?", "A first name is enough; any name will do."),
    ("role", "What are they to this?", "For example: head of the warehouse, our oldest customer, my report."),
    ("happened", "What went wrong, in two or three sentences?", "As you would tell a friend at work."),
    (
        "known",
        "What do you know for certain? One fact a line.",
        "With times, counts and names of things: they are yours to use.",
    ),
    ("unknown", "What is not known yet? One thing a line.", "Leave empty if nothing is open."),
    ("cost", "What did it cost them? Say it as they would.", "They will only tell you if you earn it."),
    ("questions", "Which questions do you dread? One a line, as they would ask them.", "They will ask."),
    ("opening", "How will they begin?", "Leave empty if you do not know."),
)
"""The interview, in its order: field, question, help. Relation, persona, channel and form are chosen from lists beside it."""
NEEDED = ("name", "role", "happened")
"""Questions that cannot be left out."""
LISTS = ("known", "unknown", "questions")
"""Questions that are answered with one thing a line."""


def made(answers: Answers, persona: Scenario, key: str, at: str, zone: str) -> Scenario:
    """The private scenario of some answers; `key` makes its id, `at` (RFC 3339) and `zone` are the now of the person who answered.

    Raises:
        InputError: an answer is missing or too long; names the field.
        UnknownNameError: a relation or channel that is none.
    """
    _require(answers)
    facts = tuple(_fact(f"fact-{number}", text) for number, text in enumerate(answers.known, 1))
    hidden = (Fact(_COST, answers.cost, "counterpart", _patterns(answers.cost), _EARNED),) if answers.cost.strip() else ()
    known = tuple(fact.id for fact in facts)
    return replace(
        persona, id=f"{OWN_PREFIX}{key}", version=1, number=0, title=f"{answers.name}: {_short(answers.happened)}", at=at, zone=zone,
        form=answers.form, channel=answers.channel, brief=_brief(answers), opening=answers.opening.strip() or persona.opening,
        cast=(Person(answers.name, answers.role, answers.relation), *persona.cast[1:]), facts=(*facts, *hidden),
        replies=(*_own_replies(answers, known), *persona.replies),
        endings=tuple(_asked_first(one, len(answers.questions)) for one in persona.endings),
        rubric=_rubric(persona.rubric, known, hidden=bool(hidden)), variants=(("own", (("name", answers.name),)),),
        transcripts=(), sha256=hashlib.sha256(repr(answers).encode()).hexdigest(), path="",
    )  # fmt: skip


def rehearsal(draft: str, form: str, persona: Scenario, at: str, zone: str) -> Scenario:
    """A scenario in which a real draft is the first turn: all that it says is taken as true, and the persona answers."""
    brief = f"You are about to send this, and want to hear it answered first:\n\n{draft.strip()}"
    return replace(
        persona, id=f"rehearsal-{persona.id}", number=0, at=at, zone=zone, form=form, brief=brief, transcripts=(),
        variants=(persona.variants[0],), sha256=hashlib.sha256(draft.encode()).hexdigest(), path="",
        patience=max(persona.patience, len(draft.split()) + 1),
    )  # fmt: skip


_EARNED = 'heard("open-question") or (heard("empathy") and trust >= 35)'


def _require(answers: Answers) -> None:
    require_known("relation", answers.relation, RELATIONS)
    require_known("channel", answers.channel, tuple(CHANNELS))
    for field, _, _ in QUESTIONS:
        require_answer(field, getattr(answers, field))


def require_answer(field: str, answer: str | Sequence[str]) -> None:
    """Raises InputError, which names the field, for an answer to one of `QUESTIONS` that is missing or too long."""
    if field in NEEDED and not "".join(answer).strip():
        raise InputError("this is needed to make a conversation of it", hint="a few words are enough", field=field)
    rows = (answer,) if isinstance(answer, str) else answer
    if len(rows) > MANY:
        raise InputError(f"{len(rows)} lines, and at most {MANY} are used", hint="keep those that matter most", field=field)
    for row in rows:
        _require_short(row, field)


def _require_short(text: str, field: str) -> None:
    if len(text) > LONGEST:
        raise InputError(f"{len(text):,} characters, and at most {LONGEST:,} are used", hint="say it shorter", field=field)


def _brief(answers: Answers) -> str:
    parts = [answers.happened.strip()]
    if answers.known:
        parts.append("You know: " + " ".join(_sentence(one) for one in answers.known))
    if answers.unknown:
        parts.append("Not known yet: " + " ".join(_sentence(one) for one in answers.unknown))
    return "\n\n".join(parts)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def _fact(name: str, text: str) -> Fact:
    return Fact(name, text, "learner", _patterns(text))


def _patterns(text: str) -> tuple[str, ...]:
    """What shows that somebody states this: one of its figures, or two of its most telling words in one sentence."""
    found = [rf"(?<!\d){re.escape(text[one.start : one.end].strip())}(?!\d)" for one in figures(text)]
    telling = sorted({word for word in words_in(text) if word.isalpha() and len(word) > _STEM}, key=lambda word: (-weight(word), word))
    stems = [rf"\b{re.escape(word[: max(_STEM, len(word) - 3)])}\w*" for word in telling[:_DISTINCT]]
    pairs = [f"{one}.{{0,80}}{other}" for one in stems for other in stems if one != other]
    return (*found, *(pairs or stems)) or (re.escape(text.strip()) or "(?!)",)


def _own_replies(answers: Answers, known: tuple[str, ...]) -> tuple[Reply, ...]:
    """The dreaded questions, each once, the first from the first turn on; and what it cost, once it is earned."""
    told = (*known, "fact", "constraint", "timed", "recovery", "ownership", "prevention")
    asked = tuple(
        Reply(f"theirs-{number}", (_asked(text),), f"turn >= {number}", asks=told, question=_asked(text), boost=6)
        for number, text in enumerate(answers.questions, 1)
    )
    if not answers.cost.strip():
        return asked
    hear = "Do you hear what I am saying?"
    told_cost = Reply(
        "tells-cost", (_sentence(answers.cost),), f'can("{_COST}")', asks=("listening",), question=hear, reveal=(_COST,), boost=4
    )
    return (told_cost, *asked)


def _asked_first(ending: Ending, questions: int) -> Ending:
    """A good end comes only once the dreaded questions were asked, two of them at least where there are so many."""
    if ending.result != "success" or not questions:
        return ending
    asked = " and ".join(f'used("theirs-{number}")' for number in range(1, min(questions, _MUST) + 1))
    return replace(ending, when=f"({ending.when}) and {asked}")


def _asked(text: str) -> str:
    text = text.strip()
    return text if text.endswith("?") else f"{text}?"


def _rubric(items: tuple[Item, ...], known: tuple[str, ...], *, hidden: bool) -> tuple[Item, ...]:
    """The persona's questions: `facts` asks for a fact of this case, `listens` falls away where there is nothing to hear."""
    kept = [replace(item, any=known) if item.id == "facts" and known else item for item in items if hidden or item.id != "listens"]
    total = sum(item.weight for item in kept)
    weights = [round(item.weight * 100 / total) for item in kept]
    weights[0] += 100 - sum(weights)
    return tuple(replace(item, weight=points) for item, points in zip(kept, weights, strict=True))
