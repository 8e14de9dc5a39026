"""What makes incidents comparable: category, components, the conditions behind them and what set them off, each with how it is known.

What people declared of a part counts and nothing else; the other parts are read out of what was written. Two fingerprints are compared by
reasons that a person can check. Words about people are never part of one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from amends.recurrence.components import canonical, components, is_general
from amends.recurrence.traits import found, title, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

PARTS = ("category", "component", "condition", "trigger")
"""What a fingerprint is made of."""

DECLARED = "declared"
SAID = {
    "cause": 3.0, "condition": 3.0, "title": 2.0, "happened": 2.0, "badly": 2.0, "deploy": 2.0, "claim": 1.0, "commit": 1.0, "entry": 1.0,
    "message": 1.0,
}  # fmt: skip
"""Where words stand, and how much they say there: what people found out later says most, what was written on the way least.

`cause` and `happened` are facts and claims, `condition` and `badly` points of the account, `deploy` and `entry` what the account cites of
the timeline."""

MOST = {"category": 2, "component": 3, "condition": 5, "trigger": 2}
"""How many values of a part are kept: an incident of five categories has none."""

LONGEST = 4000
"""How much of one text is read, in code points."""

_WEIGHTS = {"category": 0.2, "component": 0.3, "condition": 0.25, "trigger": 0.15}
"""What the first value of a part that two incidents share is worth; chosen by hand on `tests/recurrence/pairs.toml`."""
_GENERAL = 0.12
_FURTHER = 0.1
_RARE = 100
_MORE = 200
_WEAK = 0.6
"""What is left of a reason that one of the two incidents is only said in passing to have."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words about an incident: `source` of `SAID`, and the id of the fact, point, message or commit that holds them."""

    source: str
    text: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody said an incident is; the last one of an incident counts, and a part that is None is left to the words.

    `category` and `trigger` are ids of kinds; `component` and `condition` may be several, with commas between.
    """

    id: str
    incident_id: str
    recorded_at: datetime
    by: str
    category: str | None = None
    component: str | None = None
    condition: str | None = None
    trigger: str | None = None

    def of(self, part: str) -> tuple[str, ...]:
        """What was declared of a part, each value by itself."""
        given: str | None = getattr(self, part)
        values = (given or "").split(",") if part in ("component", "condition") else (given or "",)
        return tuple(value.strip() for value in values if value.strip())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared any more."""
        return not any(self.of(part) for part in PARTS)


@dataclass(frozen=True, slots=True)
class Trait:
    """One value of a part, and how it is known: declared, or by the words `quote` of a `source` of `SAID`, which stand in `ref`.

    `value` is the id of a kind, or a name as it is compared. `weight` is how much the words that say it are worth together.
    """

    part: str
    value: str
    source: str
    ref: str | None = None
    quote: str = ""
    weight: float = 0.0

    @property
    def title(self) -> str:
        """What it is called where people read it."""
        return title(self.part, self.value)

    @property
    def is_weak(self) -> bool:
        """Whether it was only said in passing."""
        return self.source != DECLARED and self.weight < SAID["title"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The traits of an incident, those of each part with the surest first."""

    incident_id: str
    traits: tuple[Trait, ...] = ()

    def of(self, part: str) -> tuple[Trait, ...]:
        """What is known of a part."""
        return tuple(one for one in self.traits if one.part == part)

    @property
    def category(self) -> str | None:
        """The category by which incidents are counted: the surest one."""
        found = self.of("category")
        return found[0].value if found else None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two incidents have in common: `text` for people; `weight` between 0 and 1.

    `part` is one of `PARTS`, or `words` where only the words are alike. `here` and `there` are the words that say it, of each incident.
    """

    part: str
    text: str
    weight: float
    here: str = ""
    there: str = ""


def fingerprint(
    incident_id: str, said: Iterable[Said], declared: Declared | None = None, known: frozenset[str] = frozenset()
) -> Fingerprint:
    """The fingerprint of an incident by what was written of it; `known` are components that people declared of other incidents.

    A total function: whatever the words are, the same words give the same fingerprint.
    """
    told = _declared(declared)
    open_parts = [part for part in PARTS if part not in {one.part for one in told}]
    names: dict[str, dict[str, list[tuple[float, Trait]]]] = {part: defaultdict(list) for part in open_parts}
    for one in said:
        for trait in _traits(one, open_parts, known):
            names[trait.part][trait.value].append((SAID[one.source], trait))
    read = [trait for part in open_parts for trait in _surest(part, names[part])]
    return Fingerprint(incident_id, tuple(sorted((*told, *read), key=lambda one: PARTS.index(one.part))))


def reasons(here: Fingerprint, there: Fingerprint, usual: Mapping[tuple[str, str], float] | None = None) -> tuple[Reason, ...]:
    """What two incidents have in common by their fingerprints, the weightiest reason first.

    `usual` says of a part and a value how usual it is here, see `usualness`: what every incident has says nothing.
    """
    told = []
    for part in PARTS:
        others = {_key(one): one for one in there.of(part)}
        shared = [(one, others[_key(one)]) for one in here.of(part) if _key(one) in others]
        if shared:
            worth = sum(
                _worth(part, one, other, first=number == 0) * (1 - (usual or {}).get((part, one.value), 0.0))
                for number, (one, other) in enumerate(shared)
            )
            names = ", ".join(one.title for one, _ in shared)
            told.append(Reason(part, f"same {part}: {names}", round(worth, 4), shared[0][0].quote, shared[0][1].quote))
    return tuple(sorted(told, key=lambda one: -one.weight))


def usualness(holding: int, total: int) -> float:
    """How usual something is that `holding` of `total` incidents have: 0 for one in a hundred and rarer, a half for one in ten, 1 for all.

    It is what the share tells, as information content, measured against that of one in a hundred. Of few incidents a share says little, so
    there are taken to be `_MORE` others that do not have it.
    """
    share = holding / (total + _MORE)
    return 1 - min(1.0, log(1 / share) / log(_RARE)) if share > 0 else 0.0


def _declared(given: Declared | None) -> list[Trait]:
    if given is None:
        return []
    return [
        Trait(part, canonical(value) if part == "component" else value, DECLARED, given.id, value)
        for part in PARTS
        for value in dict.fromkeys(given.of(part))
    ]


def _traits(said: Said, parts: Sequence[str], known: frozenset[str]) -> Iterable[Trait]:
    """What one text says of the parts that are open; each value once."""
    text = said.text[:LONGEST]
    words = tokens(text)
    seen: set[tuple[str, str]] = set()
    for part in parts:
        if part == "component":
            named = [(one.name, one.start, one.end) for one in components(text, words, known)]
        else:
            named = [(hit.kind.id, hit.start, hit.end) for hit in found(part, words)]
        if part == "trigger" and said.source == "deploy":
            named.append(("release", 0, len(text)))
        for value, start, end in named:
            if (part, value) not in seen:
                seen.add((part, value))
                yield Trait(part, value, said.source, said.ref, text[start:end])


def _surest(part: str, named: Mapping[str, Sequence[tuple[float, Trait]]]) -> list[Trait]:
    """The values that the words speak of most, each with the words that say most; half as much as the first one is too little."""
    ranked = sorted(((sum(weight for weight, _ in told), told) for told in named.values()), key=lambda one: -one[0])
    kept = [(worth, told) for worth, told in ranked if part in ("component", "condition") or worth > ranked[0][0] / 2]
    best = [(worth, max(told, key=lambda one: one[0])[1]) for worth, told in kept[: MOST[part]]]
    return [Trait(part, one.value, one.source, one.ref, one.quote, worth) for worth, one in best]


def _worth(part: str, here: Trait, there: Trait, *, first: bool) -> float:
    worth = _GENERAL if part == "component" and is_general(here.value) else _WEIGHTS[part]
    if not first:
        worth = min(worth, _FURTHER)
    return worth * (_WEAK if here.is_weak or there.is_weak else 1.0)


def _key(one: Trait) -> str:
    return one.value.casefold()
