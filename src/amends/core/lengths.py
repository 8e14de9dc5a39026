"""Lengths of time as people say them."""

from __future__ import annotations

_HOURS_OF_A_DAY = 24
_HOURS_OF_TWO_DAYS = 48


def in_words(minutes: int) -> str:
    """A length in words, as exactly as somebody acts on it: from a day on without its minutes, from two days on in days.

    >>> [in_words(one) for one in (0, 12, 120, 200, 1445, 3000)]
    ['0 min', '12 min', '2 h', '3 h 20 min', '24 h', '2 days']
    """
    hours, rest = divmod(minutes, 60)
    if hours >= _HOURS_OF_TWO_DAYS:
        return f"{hours // _HOURS_OF_A_DAY} days"
    if hours >= _HOURS_OF_A_DAY or (hours and not rest):
        return f"{hours} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"
