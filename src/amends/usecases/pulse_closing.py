"""What becomes of the answers of a wave when it closes: they are opened in memory, counted, and gone.

Nothing here writes. What comes out (`Closing`) is everything that is ever kept: counts per group, comments torn from them, and one sealed
index for each code, as long as a later wave may need it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from amends.core.problem import Problem
from amends.integrations.sealing import seal, unseal
from amends.store.pulses import Kept, SealedPair
from amends.trust.anonymity import counted, why_comments_hidden, why_hidden, why_left_out
from amends.trust.pairing import matched, pair_of, without_twins
from amends.trust.pulse import WAVES, Comment, Wave
from amends.trust.scoring import Answer, person_index, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SEALED_BYTES = 8192
"""Every sealed answer is filled up to this, so that its length does not tell who wrote a comment."""
_PAIR_BYTES = 32


@dataclass(frozen=True, slots=True)
class Closing:
    """What is to be kept of a wave, and what was wrong with its answers."""

    kept: tuple[Kept, ...]
    answered: dict[str, int]
    pairs: tuple[SealedPair, ...]
    comments: tuple[tuple[str, Comment], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What the earlier waves of the incident left: how many answers were counted and had an index in each group, and the sealed pairs."""

    counted: Mapping[str, tuple[int, ...]]
    index_n: Mapping[tuple[str, str], int]
    pairs: Sequence[tuple[str, SealedPair]]


def sealed_answer(key: bytes, wave_id: str, group: str, answer: Answer) -> str:
    """One answer as it lies in the database while the wave is open."""
    scores = {str(number): score for number, score in answer.scores.items()}
    plain = json.dumps({"g": group, "s": scores, "c": dict(answer.comments), "p": answer.code}, ensure_ascii=False)
    return seal(key, plain, wave_id, SEALED_BYTES)


def opened_answers(key: bytes, wave_id: str, sealed: Iterable[str]) -> tuple[dict[str, list[Answer]], int]:
    """The answers by group, and how many could not be opened: changed by somebody, or sealed for another wave."""
    found: dict[str, list[Answer]] = {}
    broken = 0
    for one in sealed:
        plain = unseal(key, one, wave_id)
        if plain is None:
            broken += 1
            continue
        raw = json.loads(plain)
        scores = {int(number): score for number, score in raw["s"].items()}
        found.setdefault(raw["g"], []).append(Answer(scores, raw["c"], raw["p"]))
    return found, broken


def closing(
    wave: Wave, answers: Mapping[str, Sequence[Answer]], broken: int, before: Before, secret: bytes | None, chance: Callable[[], str]
) -> Closing:
    """Count the answers of a wave. `secret` is that of the pairs, None where it is gone; `chance` gives what nobody can guess."""
    kept, pairs, comments = [], [], []
    heard = 0
    for one in wave.groups:
        given = sorted(answers.get(one.name, ()), key=lambda _: chance())
        n = counted(len(given), before.counted.get(one.name, ()), wave.least)
        if not n:
            kept.append(Kept(one.name, None, why_hidden(len(given), wave.least) or why_left_out()))
            continue
        heard += len(given)
        comments += [(chance(), Comment(question, text)) for each in given for question, text in each.comments.items()]
        summed = tally(one.name, [each.scores for each in given[:n]], wave.least)
        own = _indexes(one.name, given[:n], secret)
        told = _told(wave, one.name, own, summed.index_n, before, secret)
        kept.append(Kept(one.name, summed, None, *told))
        if secret is not None and len(own) >= wave.least and wave.which != WAVES[-1]:
            pairs += [_sealed(secret, chance(), wave.id, one.name, pair, index) for pair, index in own.items()]
    if why_comments_hidden(heard) is not None:
        comments = []
    problems: tuple[Problem, ...] = ()
    if broken:
        problems = (
            Problem("pulse-unreadable", f"{broken} answers were changed from outside and could not be opened", "count on the others"),
        )
    answered = {one.name: len(answers.get(one.name, ())) for one in wave.groups}
    return Closing(tuple(kept), answered, tuple(pairs), tuple(comments), problems)


def _indexes(group: str, given: Sequence[Answer], secret: bytes | None) -> dict[str, float]:
    if secret is None:
        return {}
    found = []
    for one in given:
        pair, index = pair_of(secret, group, one.code), person_index(group, one.scores)
        if pair is not None and index is not None:
            found.append((pair, index))
    return without_twins(found)


def _told(
    wave: Wave, group: str, own: Mapping[str, float], index_n: int, before: Before, secret: bytes | None
) -> tuple[tuple[dict[str, object], ...], tuple[dict[str, object], ...]]:
    """What the same people say, as plain values: the pairs themselves are not needed any more then."""
    waves: dict[str, dict[str, float]] = {}
    for which, one in before.pairs:
        if one.group == group and secret is not None:
            plain = unseal(secret, one.sealed, one.wave_id)
            if plain is not None:
                waves.setdefault(which, {})[one.pair] = float(plain)
    totals = {which: before.index_n.get((which, group), 0) for which in waves} | {wave.which: index_n}
    paired, trends = matched({**waves, wave.which: own}, totals, wave.least, group)
    return tuple(asdict(one) for one in paired), tuple(asdict(one) for one in trends)


def _sealed(secret: bytes, key: str, wave_id: str, group: str, pair: str, index: float) -> SealedPair:
    return SealedPair(key, wave_id, group, pair, seal(secret, repr(index), wave_id, _PAIR_BYTES))
