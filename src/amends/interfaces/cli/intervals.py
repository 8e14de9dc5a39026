"""Shares with their intervals at a terminal: as a row of characters that reads without colour, and in words."""

from __future__ import annotations

CELLS = 20
"""How wide a bar is."""


def bar(low: float, share: float, high: float) -> str:
    """Where a share may lie on the line from none to all, and where it was counted."""
    first, mark, last = (min(CELLS - 1, int(value * CELLS)) for value in (low, share, high))
    return "".join("●" if place == mark else "─" if first <= place <= last else "·" for place in range(CELLS))


def percents(low: float, high: float) -> str:
    """The ends of an interval in words.

    >>> percents(0.4694, 0.921)
    '47 to 92 %'
    """
    return f"{100 * low:.0f} to {100 * high:.0f} %"
