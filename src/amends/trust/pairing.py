"""The same people over several waves, without knowing who they are: each makes up a code that only they know.

A code becomes a hash under a secret of the incident, which lies outside the database and its backups and is destroyed when no wave needs it
any more. What a paired answer holds is sealed under the same secret. So afterwards nobody can try out codes, not even easy ones.
"""

from __future__ import annotations

import hmac
import math
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from amends.trust.pulse import WAVES, Paired, Trended
from amends.trust.statistics import page_trend, paired_better, sign_test, t_interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CODE_LIMIT = 60
_BLANK = re.compile(r"[\W_]+")


def normal(code: str) -> str:
    """A code as it is compared: letters and digits only, in one case, because nobody remembers their hyphens for three months."""
    return _BLANK.sub("", code.casefold())[:CODE_LIMIT]


def pair_of(secret: bytes, group: str, code: str) -> str | None:
    """The hash that stands for a code in one group; None where nothing is left of it."""
    plain = normal(code)
    if not plain:
        return None
    return hmac.new(secret, f"{group}/{plain}".encode(), sha256).hexdigest()


def matched(
    waves: Mapping[str, Mapping[str, float]], answered: Mapping[str, int], least: int, group: str
) -> tuple[tuple[Paired, ...], tuple[Trended, ...]]:
    """What the same people's indexes say, from index by pair in each wave; nothing where fewer than `least` are in both, or in all three.

    The last wave in `waves` is the one that is compared with those before it; `answered` is how many indexes each wave has, with a code or
    without. Where exactly one person left none, one pair is left out, so that nobody's change is what remains after subtracting.
    """
    order = [which for which in WAVES if which in waves]
    if len(order) < 2:
        return (), ()
    now = waves[order[-1]]
    found = []
    for earlier in order[:-1]:
        then = waves[earlier]
        both = sorted(then.keys() & now.keys())
        if any(answered[which] - len(both) == 1 for which in (earlier, order[-1])):
            both.pop()  # hashes under a secret have no order that means anything
        if len(both) >= max(least, 2):
            found.append(_paired(group, earlier, [now[pair] - then[pair] for pair in both]))
    if len(order) < len(WAVES):
        return tuple(found), ()
    everywhere = sorted(set.intersection(*(set(waves[which]) for which in order)))
    trend = page_trend([[waves[which][pair] for which in order] for pair in everywhere]) if everywhere else None
    if trend is None or not trend.enough or trend.n < least:
        return tuple(found), ()
    return tuple(found), (Trended(group, trend.n, trend.statistic, trend.p_rising, trend.p_falling),)


def without_twins(indexes: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Index by pair, without codes that two people made up alike: they cannot be told apart, so neither is followed."""
    seen: dict[str, list[float]] = {}
    for pair, index in indexes:
        seen.setdefault(pair, []).append(index)
    return {pair: values[0] for pair, values in seen.items() if len(values) == 1}


def _paired(group: str, earlier: str, changes: list[float]) -> Paired:
    up = sum(change > 0 and not math.isclose(change, 0, abs_tol=1e-9) for change in changes)
    down = sum(change < 0 and not math.isclose(change, 0, abs_tol=1e-9) for change in changes)
    return Paired(group, earlier, len(changes), up, down, t_interval(changes), paired_better(changes), sign_test(up, down).p)
