"""The pulse: what twelve short statements say about a group's trust, and how it changed since the wave before.

A wave holds counts per group, never a row per person (`trust/scoring.py` makes them). The items stand in `pulse.toml`; the words for a
change are those of the practice report, section 5.4: the index is judged first, single statements are only described.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from amends.core.errors import require_known
from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.trust.statistics import beta_better, mean_better, verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.trust.statistics import Mean, Share, Verdict

PATH = os.path.join(os.path.dirname(__file__), "pulse.toml")
GROUPS = ("team", "stakeholders", "users")
"""Who is asked: those who were in it, those who rely on the team inside the company, those who use the service."""
WAVES = ("baseline", "month", "quarter")
OPEN, CLOSE = "open", "close"
"""What can be done next about a wave."""
LOWEST, HIGHEST = 1, 7
FAVOURABLE = 5
"""From which score on an answer counts as favourable."""

_SHAPE: dict[str, object] = {
    "item": [{"number": int, "id": str, "title": str, "groups": [str], "text": str, "reverse?": bool}],
    "question": [{"id": str, "text": str}],
}


@dataclass(frozen=True, slots=True)
class Item:
    """One statement: its number, who is asked, its words, a short `title` for tables, and whether agreeing is bad news."""

    number: int
    id: str
    groups: tuple[str, ...]
    text: str
    reverse: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the open questions that are asked once a wave."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class GroupNow:
    """A group that is asked: how many were invited, and how many answered so far. Nothing else can be known while a wave is open."""

    name: str
    invited: int
    answered: int


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave as it stands: takes answers until `closes_at`, or until somebody closes it. A group is shown from `least` answers on."""

    id: str
    incident_id: str
    which: str
    opened_at: datetime
    opened_by: str
    closes_at: datetime
    closed_at: datetime | None
    least: int
    groups: tuple[GroupNow, ...]

    @property
    def is_open(self) -> bool:
        """Whether it was not closed yet; after `closes_at` it takes no answers all the same."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class WaveStep:
    """The next thing to be done in the pulse of an incident, and who does it.

    `OPEN`: the wave `which` is best opened between `first` and `last`. `CLOSE`: it takes answers from `first` to `last`, then it is to
    be closed; `wave_id` is its id. `to` is who opened it, or who sees to the review that will rest on it.
    """

    incident: Incident
    which: str
    step: str
    to: str
    first: datetime
    last: datetime
    wave_id: str | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item in one group; `favourable` is the share of 5 to 7 (turned round for a reverse item), None where too few scored it."""

    item: Item
    n: int
    cannot_say: int
    favourable: Share | None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One group: `answered` of `invited`. `hidden` says why nothing more is shown; then there is no index and no item.

    `counted` is how many answers the figures rest on: one or two may have been left out at random so that nobody can be found by
    subtracting one wave from another. `partial` is true where fewer than 60 % answered. The index runs from 1 to 7.
    """

    group: str
    invited: int
    answered: int
    hidden: str | None
    partial: bool
    index: Mean | None
    items: tuple[ItemResult, ...]
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Paired:
    """The same people's index now and in an earlier wave: how many rose, fell and stayed, and the mean change with its interval."""

    group: str
    earlier: str
    n: int
    up: int
    down: int
    change: Mean
    chance: float
    """The chance that their mean rose (paired t)."""
    p: float
    """The exact sign test, two-sided."""


@dataclass(frozen=True, slots=True)
class Trended:
    """Page's trend over three waves in the index of people who answered all of them."""

    group: str
    n: int
    statistic: float
    p_rising: float
    p_falling: float


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody's words to one of the open questions. It belongs to no scores, no group and no place in an order; `id` is chance."""

    question: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class WaveResult:
    """A closed wave as it may be shown. `comments_hidden` says why there are none where they may not be shown."""

    id: str
    incident_id: str
    which: str
    opened_at: datetime
    closed_at: datetime
    groups: tuple[GroupResult, ...]
    comments: tuple[Comment, ...]
    comments_hidden: str | None = None
    paired: tuple[Paired, ...] = ()
    trends: tuple[Trended, ...] = ()

    def group(self, name: str) -> GroupResult | None:
        """The result of a group, None where it was not asked."""
        return next((group for group in self.groups if group.group == name), None)

    @property
    def n(self) -> int:
        """How many answered, over all groups."""
        return sum(group.answered for group in self.groups)


@cache
def _read() -> tuple[tuple[Item, ...], tuple[Question, ...]]:
    values, line_of = read_toml(PATH)
    require_shape(values, _SHAPE, PATH, line_of)
    raw: dict[str, Any] = values
    items = tuple(Item(i["number"], i["id"], tuple(i["groups"]), i["text"], i.get("reverse", False), i["title"]) for i in raw["item"])
    return items, tuple(Question(q["id"], q["text"]) for q in raw["question"])


def items() -> tuple[Item, ...]:
    """The twelve statements, in order."""
    return _read()[0]


def questions() -> tuple[Question, ...]:
    """The open questions, in order."""
    return _read()[1]


def items_for(group: str) -> tuple[Item, ...]:
    """What a group is asked."""
    return tuple(item for item in items() if group in item.groups)


def item_named(name: str) -> Item:
    """The item with an id. Raises UnknownNameError."""
    require_known("statement", name, tuple(item.id for item in items()))
    return next(item for item in items() if item.id == name)


@dataclass(frozen=True, slots=True)
class Change:
    """How a group's index (`item` None) or one statement changed between two waves.

    `before` and `after` are index points from 1 to 7, or favourable shares from 0 to 1. `chance` is the chance that it improved; `verdict`
    is its word and is given for the index only, because among twelve statements one always seems to have moved. `words` is the sentence.
    """

    group: str
    item: Item | None
    before: float
    after: float
    n_before: int
    n_after: int
    chance: float
    verdict: Verdict | None
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """How much more favourably the stakeholders answer one statement than the team; `chance` is the chance that they really do."""

    item: Item
    team: Share
    stakeholders: Share
    chance: float
    words: str


def changes(before: WaveResult, after: WaveResult) -> tuple[Change, ...]:
    """What changed between two waves in the groups that both show: for each the index first, then every statement both show.

    Where enough people left a code in both waves, the index is judged by the same people's change, which needs fewer of them.
    """
    found: list[Change] = []
    for now in after.groups:
        then = before.group(now.group)
        if then is None or then.hidden or now.hidden:
            continue
        if then.index is not None and now.index is not None:
            found.append(_index_change(now.group, then.index, now.index, _pairs(before, after, now.group)))
        earlier = {result.item.number: result for result in then.items}
        found += [change for result in now.items if (change := _item_change(now.group, earlier.get(result.item.number), result))]
    return tuple(found)


def next_wave(taken: Collection[str]) -> str | None:
    """The wave that can be opened after those that were; None after the last."""
    asked = max((WAVES.index(one) for one in taken), default=-1)
    return WAVES[asked + 1] if asked + 1 < len(WAVES) else None


def last_shown(results: Sequence[WaveResult], group: str) -> WaveResult | None:
    """The last of some waves that shows a group: what a later wave is compared with. A wave that hides it breaks no comparison."""
    showing = (wave for wave in reversed(results) if any(one.group == group and not one.hidden for one in wave.groups))
    return next(showing, None)


def gap(wave: WaveResult, item: str = "whole-story") -> Gap | None:
    """Team against stakeholders in one statement: an account that got cleaner on its way up shows here. None where one is not shown.

    Raises UnknownNameError for a statement that is none.
    """
    wanted = item_named(item)
    shares = []
    for name in ("team", "stakeholders"):
        group = wave.group(name)
        shares.append(next((r.favourable for r in group.items if r.item == wanted), None) if group else None)
    team, stakeholders = shares
    if team is None or stakeholders is None:
        return None
    chance = beta_better(team.count, team.n, stakeholders.count, stakeholders.n)
    said = verdict(chance, min(team.n, stakeholders.n))
    above = {"improved": "above", "probably improved": "probably above", "worse": "below", "probably worse": "probably below"}
    place = f"the stakeholders stand {above[said]} the team" if said in above else "whether the two groups differ, we cannot tell yet"
    words = (
        f"{wanted.title}: {stakeholders.count} of {stakeholders.n} stakeholders and {team.count} of {team.n} in the team agree; {place}."
    )
    return Gap(wanted, team, stakeholders, chance, words)


def _pairs(before: WaveResult, after: WaveResult, group: str) -> Paired | None:
    return next((pair for pair in after.paired if pair.group == group and pair.earlier == before.which), None)


def _index_change(group: str, then: Mean, now: Mean, pairs: Paired | None) -> Change:
    chance = mean_better(then, now) if pairs is None else pairs.chance
    least = min(then.n, now.n) if pairs is None else pairs.n
    said = verdict(chance, least)
    ground = f"{then.n} and {now.n} answers" if pairs is None else f"judged by the same {pairs.n} people in both"
    rose = f"chance that it rose: {_percent(chance)}"
    words = f"{said.capitalize()}: the index went from {then.mean:.1f} to {now.mean:.1f} ({ground}; {rose})."
    return Change(group, None, then.mean, now.mean, then.n, now.n, chance, said, words)


def _percent(chance: float) -> str:
    """A chance in words; nothing is ever certain with so few answers."""
    return "over 99 %" if chance > 0.99 else "under 1 %" if chance < 0.01 else f"{100 * chance:.0f} %"


def _item_change(group: str, then: ItemResult | None, now: ItemResult) -> Change | None:
    if then is None or then.favourable is None or now.favourable is None:
        return None
    first, last = then.favourable, now.favourable
    chance = beta_better(first.count, first.n, last.count, last.n)
    words = f"{now.item.title}: {last.count} of {last.n} favourable, before {first.count} of {first.n}"
    if now.cannot_say > then.cannot_say:
        words += f"; more could not say ({now.cannot_say}, before {then.cannot_say}), which often means that no repair is visible"
    return Change(group, now.item, first.share, last.share, first.n, last.n, chance, None, words + ".")
