"""From answers to counts, while the answers are still in memory: what `tally` returns is all that is ever kept of a group.

The scoring is that of the practice report, section 5.2: "cannot say" is no score and is counted apart, a reverse item is turned round, and
an index is the mean of what somebody answered where that is at least 70 % of what they were asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import UsageError
from amends.trust.pulse import FAVOURABLE, HIGHEST, LOWEST, GroupResult, Item, ItemResult, items, items_for, questions
from amends.trust.statistics import jeffreys, mean_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENOUGH = 0.7
"""Which share of the items asked somebody must have answered for an index of theirs."""
PARTIAL = 0.6
"""Below which share of the invited a result is called partial."""
COMMENT_LIMIT = 600
"""How many characters a comment may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said, as long as it is in memory: raw scores by item (None is "cannot say"), comments by question, their own code."""

    scores: Mapping[int, int | None]
    comments: Mapping[str, str]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """One item in one group: how many scored it, how many of them favourably (None where too few did), how many could not say."""

    item: int
    n: int
    favourable: int | None
    cannot_say: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All that is kept of a group's answers: `n` of them counted, one `Count` per item, and mean and spread of the index."""

    n: int
    counts: tuple[Count, ...]
    index_n: int
    index_mean: float | None
    index_deviation: float | None


def check_answer(group: str, answer: Answer) -> Answer:
    """The answer, trimmed: only items this group is asked and comments that say something.

    Raises UsageError for a score outside 1 to 7, a comment over COMMENT_LIMIT characters, or an answer that says nothing at all.
    """
    asked = {item.number for item in items_for(group)}
    scores = {number: score for number, score in answer.scores.items() if number in asked}
    for number, score in scores.items():
        if score is not None and not LOWEST <= score <= HIGHEST:
            raise UsageError(f"{score} is no answer to statement {number}", hint="answer from 1 to 7, or say that you cannot say")
    comments = {question.id: _clean(answer.comments.get(question.id, "")) for question in questions()}
    for text in comments.values():
        if len(text) > COMMENT_LIMIT:
            raise UsageError(f"a comment has {len(text)} characters", hint=f"say it in at most {COMMENT_LIMIT}")
    if not scores and not any(comments.values()):
        raise UsageError("nothing was answered yet", hint="answer at least one statement, or say that you cannot say")
    return Answer(scores, {key: text for key, text in comments.items() if text}, answer.code.strip())


def person_index(group: str, scores: Mapping[int, int | None]) -> float | None:
    """One person's index from 1 to 7: the mean of the items answered, where they answered at least 70 % of those asked; else None."""
    asked = items_for(group)
    given = [_score(item, score) for item in asked if (score := scores.get(item.number)) is not None]
    return math.fsum(given) / len(given) if given and len(given) >= ENOUGH * len(asked) else None


def tally(group: str, scores: Sequence[Mapping[int, int | None]], least: int) -> Tally:
    """The counts of a group's answers. A figure that fewer than `least` people stand behind is not in it, so that it is kept nowhere."""
    counts = []
    for item in items_for(group):
        given = [_score(item, score) for each in scores if (score := each.get(item.number)) is not None]
        favourable = sum(score >= FAVOURABLE for score in given) if len(given) >= least else None
        unsaid = sum(item.number in each and each[item.number] is None for each in scores)
        counts.append(Count(item.number, len(given), favourable, unsaid))
    indices = [index for each in scores if (index := person_index(group, each)) is not None]
    if len(indices) < least:
        return Tally(len(scores), tuple(counts), len(indices), None, None)
    mean = math.fsum(indices) / len(indices)
    deviation = math.sqrt(math.fsum((index - mean) ** 2 for index in indices) / (len(indices) - 1))
    # Three digits are more than is ever shown, and too few to work back from the spread to who said what.
    return Tally(len(scores), tuple(counts), len(indices), round(mean, 3), round(deviation, 3))


def group_result(group: str, invited: int, answered: int, kept: Tally | None, hidden: str | None) -> GroupResult:
    """A group as it may be shown, from what was kept of it."""
    partial = answered < PARTIAL * invited
    if kept is None or hidden is not None:
        return GroupResult(group, invited, answered, hidden or "nothing was kept of this group", partial, None, ())
    index = None
    if kept.index_mean is not None and kept.index_deviation is not None:
        index = mean_of(kept.index_n, kept.index_mean, kept.index_deviation, within=(LOWEST, HIGHEST))
    by_number = {item.number: item for item in items()}
    shown = tuple(
        ItemResult(by_number[c.item], c.n, c.cannot_say, None if c.favourable is None else jeffreys(c.favourable, c.n)) for c in kept.counts
    )
    return GroupResult(group, invited, answered, None, partial, index, shown, kept.n)


def _score(item: Item, raw: int) -> int:
    return HIGHEST + LOWEST - raw if item.reverse else raw


def _clean(text: str) -> str:
    """A comment without control characters, and with its blanks made one: how somebody types is also a trace."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
