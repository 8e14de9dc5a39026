"""Whether an incident was met before: a fingerprint and the words together, with a bias towards “new”.

A wrong “you have met this before” costs trust in every later one, so it needs a score of `MET_BEFORE` and at least two reasons: one that is
more than words, and one that says that it is about the same thing (a component, or words). Below it is “maybe related”, which is said
quietly, or new, which is not said at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.recurrence.fingerprint import Reason, reasons
from amends.recurrence.reasons import COMMON_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from amends.recurrence.fingerprint import Fingerprint

MET, MAYBE, NEW = "met-before", "maybe", "new"
"""How sure a match is, from most to least; what is new is not kept."""

MET_BEFORE = 0.6
MAYBE_RELATED = 0.35
"""From which score on. Set on the pairs of `tests/recurrence/pairs.toml`, where a false “met before” counts three times a missed one."""

WORDS = "words"
_WORDS_WEIGHT = 0.45
"""What words that are wholly alike are worth: less than it takes to be met before, by themselves."""
_CHANCE, _CERTAIN = 0.13, 0.73
"""Up to which score of `similar` words are alike by chance, and from which on it is the same text for us. Among 250 reports with a known
twin, nine of ten twins that came up had 0.26 or more, nine of ten others 0.36 or less."""

MODES = ("off", "shadow", "live")
"""`off` looks for nothing; in `shadow` matches are kept, shown to nobody, and judged at the review; `live` shows them."""

VERDICTS = ("repeat", "related", "new")
"""What people say a match is: the same failure again, another one that has to do with it, or nothing of the kind."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike the words of two incidents are, from 0 (nothing) to 1 (the same text), and why, as `recurrence.similar` says it."""

    other_id: str
    share: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier incident that this one may be again: `score` between 0 and 1, `strength` met-before or maybe, and why."""

    incident_id: str
    other_id: str
    score: float
    strength: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said at the review that a match is. `found` is the match as it was judged, None where people found it themselves.

    `shadow` says that nobody had been shown it.
    """

    id: str
    incident_id: str
    other_id: str
    verdict: str
    recorded_at: datetime
    by: str
    why: str | None = None
    found: Match | None = None
    shadow: bool = False


def match(here: Fingerprint, there: Fingerprint, alike: Alike | None, usual: Mapping[tuple[str, str], float] | None = None) -> Match:
    """How much one incident is an earlier one again, `new` included; `usual` as in `fingerprint.reasons`."""
    told = (*reasons(here, there, usual), *_worded(alike))
    score = round(min(1.0, sum(one.weight for one in told)), 3)
    return Match(here.incident_id, there.incident_id, score, _strength(score, told), told)


def _strength(score: float, told: Sequence[Reason]) -> str:
    if score < MAYBE_RELATED:
        return NEW
    parts = {one.part for one in told}
    same_thing = bool(parts & {"component", WORDS})  # the same kind of failure of another thing is not the same failure
    return MET if score >= MET_BEFORE and len(told) > 1 and parts != {WORDS} and same_thing else MAYBE


def best(matches: Iterable[Match], limit: int) -> tuple[Match, ...]:
    """The matches that are worth keeping, the surest first, at most `limit`."""
    kept = [one for one in matches if one.strength != NEW]
    return tuple(sorted(kept, key=lambda one: (one.strength != MET, -one.score, one.other_id))[:limit])


def standing(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    """The judgement that counts for each pair of incidents: the last one."""
    return {(one.incident_id, one.other_id): one for one in judgements}


@dataclass(frozen=True, slots=True)
class Record:
    """How often judged matches of a strength were right: of `judged`, `repeat` were the same failure and `related` had to do with it.

    A “met before” was right where it is a repeat, a “maybe related” also where it is related. `shadow` counts those that nobody had been
    shown, which are the ones that nobody could have been led by.
    """

    strength: str
    judged: int
    repeat: int
    related: int
    shadow: int

    @property
    def right(self) -> int:
        """How many said what they should have said."""
        return self.repeat if self.strength == MET else self.repeat + self.related


def records(judgements: Iterable[Judgement]) -> tuple[Record, ...]:
    """How the matches did that people judged, those of each strength by themselves; what people found themselves is no match of ours."""
    last = [one for one in standing(judgements).values() if one.found is not None]
    return tuple(_record(strength, [one for one in last if one.found and one.found.strength == strength]) for strength in (MET, MAYBE))


def _record(strength: str, judged: list[Judgement]) -> Record:
    said = [one.verdict for one in judged]
    return Record(strength, len(judged), said.count("repeat"), said.count("related"), sum(one.shadow for one in judged))


def _worded(alike: Alike | None) -> tuple[Reason, ...]:
    share = 0.0 if alike is None else (alike.share - _CHANCE) / (_CERTAIN - _CHANCE)
    if alike is None or share <= 0:
        return ()
    told = [one for one in alike.why if one != COMMON_ONLY][:2]
    return (Reason(WORDS, "; ".join(told) or "much the same words", round(_WORDS_WEIGHT * min(1.0, share), 4)),)
