"""Eight ways to win a drill without talking to the person in it, made mechanically from the scenario's own file.

Each attack is several conversations, of as many turns as the level has; none of them may pass.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta
from itertools import cycle, islice, pairwise
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import rank
from amends.practice.figures import figures
from practice.scenes import good, rewrites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amends.practice.stage import Stage

_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]*\s*")
_PLAIN = re.compile(r"[A-Za-z]{5,}")
_SORRY = (
    "I am so sorry that you had to go through this.",
    "I can see how frustrating and exhausting this must have been for you.",
    "You have every right to be angry, I would be too in your place.",
    "That sounds really hard, and I feel for you and everybody around you.",
    "I hear you, and I understand completely how upsetting this is.",
    "It hurts me to read how much trouble this has caused you.",
    "Nobody should have to feel the way that you are feeling today.",
    "I truly understand your disappointment, and I am deeply sorry for the pain.",
)
_CONFESSED = (
    "I have been going over this again and again since it happened and I keep asking myself how I could let it come to this.",
    "I was tired that week, I had slept badly, there was a lot going on at home, and I thought that I could still manage it all.",
    "To be completely honest with you I have always been somebody who takes on too much and then loses sight of what matters.",
    "When I started here I told myself that I would never become a person who lets others down, and now look at me.",
    "My first thought was that it could not be true, my second was that somebody would notice, and my third was that I should say it.",
    "I could explain at length how the tools are set up, who decided on them and why that seemed reasonable in the year before last.",
    "There are so many small things that came together that day, each of which on its own would not have mattered at all.",
)
_INVENTED = (
    "By now 4,817 of 5,206 cases are repaired, which is 92.53 percent, under ticket QX-77341.",
    "Our log of 03:17 shows 61,944 calls in 733 seconds, and invoice ZZ-90218 lists 8,312 of them.",
    "The audit counted 2,749 failures, 17,630 retries and 398 people, all closed at 02:41 under KV-55120.",
)


def turns(on: Stage, texts: Iterable[str]) -> tuple[str, ...]:
    """So many turns as the level has, taken from some texts again and again."""
    return tuple(islice(cycle(list(texts)), on.level.turns))


def sentences(text: str) -> list[str]:
    """The sentences of a text, roughly."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def keyword_list(on: Stage) -> Iterator[tuple[str, ...]]:
    """Headwords instead of sentences: what the acts are called, and the figures and nouns of the facts."""
    names = [name.replace("-", " ") for name in rewrites(on)]
    facts = [word for fact in on.scenario.facts if fact.known_to == "learner" for word in _keys(fact.text)]
    words = [*names, *facts]
    yield turns(on, [". ".join(word.capitalize() for word in words) + "."])
    yield turns(on, [", ".join(words)])
    apart = [words[at :: on.level.turns] for at in range(on.level.turns)]
    yield turns(on, ["\n".join(f"- {word}" for word in some) for some in apart])
    yield turns(on, [", ".join(some) for some in apart])
    yield turns(on, [" ".join(some) for some in apart])


def _keys(text: str) -> list[str]:
    plain = _PLAIN.findall(text)
    return [*(text[one.start : one.end] for one in figures(text)), *plain[:4]]


def script_repeated(on: Stage) -> Iterator[tuple[str, ...]]:
    """The same good paragraph again and again, whole or with its sentences in another order."""
    for paragraph in (good(on)[0][0], " ".join(rewrites(on).values())):
        yield turns(on, [paragraph])
        parts = sentences(paragraph)
        yield turns(on, [" ".join(parts[at:] + parts[:at]) for at in range(len(parts))])


def rubric_quoted(on: Stage) -> Iterator[tuple[str, ...]]:
    """The questions of the rubric, as they stand, all at once, one by one, and in the first person."""
    items = [item.text for item in on.scenario.rubric]
    yield turns(on, items)
    own = [f"I do what is asked here: {text[:1].lower()}{text[1:]}" for text in items]
    yield turns(on, [" ".join(own)])
    yield turns(on, own)


def model_pasted(on: Stage) -> Iterator[tuple[str, ...]]:
    """The example, whole, in parts, and with one word in eight left out."""
    model = on.scenario.model
    parts = sentences(model)
    words = model.split()
    yield turns(on, [model])
    yield turns(on, [" ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)])
    yield turns(on, [" ".join(word for number, word in enumerate(words) if (number - first) % 8) for first in range(8)])
    yield turns(on, [f"Hello. {model} Thank you."])


def empathy_loop(on: Stage) -> Iterator[tuple[str, ...]]:
    """Feeling for the other person, in ever new words, and nothing else."""
    yield turns(on, _SORRY)
    yield turns(on, [f"{one} {other}" for one, other in zip(_SORRY, _SORRY[3:] + _SORRY[:3], strict=True)])


def confession(on: Stage) -> Iterator[tuple[str, ...]]:
    """Everything that there is to say, somewhere in far too many words."""
    said = list(rewrites(on).values())
    for times in (1.6, 4.0):
        yield turns(on, [_long(on, said[at:] + said[:at], times, at) for at in range(len(said))])


def _long(on: Stage, said: list[str], times: float, first: int) -> str:
    """A text of so many times the words that are read, in which each sentence that counts follows several that do not."""
    filler = islice(cycle(_CONFESSED), first, None)
    parts: list[str] = []
    count = 0
    for text in cycle(said):
        if count >= times * on.scenario.patience:
            return " ".join(parts)
        parts += [next(filler), next(filler), text]
        count = sum(len(part.split()) for part in parts)
    return " ".join(parts)


def dates_without_verbs(on: Stage) -> Iterator[tuple[str, ...]]:
    """Days and hours to come, and nothing that happens at them."""
    times = [on.at + timedelta(hours=hours) for hours in (1, 3, 5, 22, 24, 27, 48, 50, 72)]
    words = [f"{time:%A} {time.day} {time:%B}, {time:%H:%M}" for time in times]
    yield turns(on, [f"{one}. {other}." for one, other in pairwise(words)])
    yield turns(on, [f"By {time:%H:%M}. By {later:%A}, {later:%H:%M}." for time, later in zip(times, times[3:], strict=False)])
    yield turns(on, [f"Next update {time:%H:%M}." for time in times])


def facts_invented(on: Stage) -> Iterator[tuple[str, ...]]:
    """Figures that nobody knows: added to good turns, and in the place of every figure that is known."""
    said = good(on)[0]
    yield turns(on, [f"{text} {false}" for text, false in zip(said, cycle(_INVENTED), strict=False)])
    yield turns(on, _INVENTED)
    yield tuple(f"{_INVENTED[number % 3]} {text}" for number, text in enumerate(said))


ATTACKS: dict[str, Callable[[Stage], Iterator[tuple[str, ...]]]] = {
    "keyword list": keyword_list,
    "script repeated": script_repeated,
    "rubric quoted": rubric_quoted,
    "model answer pasted": model_pasted,
    "empathy loop": empathy_loop,
    "over-long confession": confession,
    "dates without verbs": dates_without_verbs,
    "facts invented": facts_invented,
}


def slipped(text: str, seed: int, one_in: int = 12) -> str:
    """The text with a slip of the fingers in one of so many words, none of them a figure or a name, and none that makes another word."""
    dice = random.Random(seed)
    words = re.split(r"(\s+)", text)
    plain = [number for number, word in enumerate(words) if re.fullmatch(r"[a-z]{4,}[.,;:!?]?", word)]
    for number in dice.sample(plain, min(len(plain), max(1, len(text.split()) // one_in))):
        tried = (_slip(words[number], dice) for _ in range(20))
        words[number] = next((one for one in tried if rank(one.rstrip(".,;:!?")) is None), words[number])
    return "".join(words)


def _slip(word: str, dice: random.Random) -> str:
    """One letter left out, doubled, changed about with the next, or hit beside."""
    at = dice.randrange(1, len(word.rstrip(".,;:!?")) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz".replace(word[at], "")) + word[at + 1 :]
