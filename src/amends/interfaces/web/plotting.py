"""Figures with their intervals as drawings: where each mark stands, in the units of the drawing.

They read without colour: an interval is a line, its value a mark on it, and a value of another kind, such as one that may still change
or that of the time before, a ring. Their table is beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from amends.trust.figures import length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.trust.figures import Figure
    from amends.trust.statistics import Share

WIDTH, HEIGHT = 480, 198
_LEFT = 76
_RIGHT, _TOP, _BOTTOM = 16, 12, 46
_STRIP, _MARGIN = 200, 10
_EDGE = 4
_LETTER = 8.5
"""How wide a letter of a name is on a phone, on average; where names would run into each other, only each second or third stands."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure: its place from the left, its height and that of the ends of its interval (None where it has none), and its words.

    `name` is empty where there is no room for it, and stands at `name_x`. `rests_on` is how many it counts: one of one is drawn as high as
    forty of forty.
    """

    x: float
    name: str
    name_x: float
    rests_on: int
    y: float | None
    low: float | None
    high: float | None
    running: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """The marks from left to right, and the lines across with their words; `left` and `right` are where those begin and end."""

    marks: tuple[Mark, ...]
    lines: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


@dataclass(frozen=True, slots=True)
class Strip:
    """A share on a line from none to all: where it may lie, and where it was counted; `before` is the share of the time before."""

    low: int
    share: int
    high: int
    before: int | None
    width: int = _STRIP
    left: int = _MARGIN
    right: int = _STRIP - _MARGIN


def plot(figures: Sequence[Figure], unit: str, running: str | None = None) -> Plot | None:
    """The plot of some figures; `running` is the name of the period that is not over. None where nothing could be drawn."""
    known = [one for one in figures if one.value is not None]
    if not known:
        return None
    top = 1.0 if unit == "share" else _round_up(max(one.high if one.high is not None else one.value or 0.0 for one in known))
    step, widest = (WIDTH - _LEFT - _RIGHT) / len(figures), _LETTER * max(len(one.period) for one in figures)
    last, every = len(figures) - 1, ceil(widest / step)
    places = [round(_LEFT + step * (place + 0.5), 1) for place in range(len(figures))]
    marks = tuple(
        Mark(
            x, one.period if (last - place) % every == 0 else "", min(x, WIDTH - widest / 2 - _EDGE), one.n,
            _height(one.value, top), _height(one.low, top), _height(one.high, top), one.period == running,
        )
        for place, (x, one) in enumerate(zip(places, figures, strict=True))
    )  # fmt: skip
    lines = tuple((_height(share * top, top) or 0.0, _said(share * top, unit)) for share in (0.0, 0.5, 1.0))
    return Plot(marks, lines)


def strip(share: Share, before: Share | None) -> Strip:
    """The strip of a share, with the one of the time before where there is one."""
    return Strip(_along(share.low), _along(share.share), _along(share.high), None if before is None else _along(before.share))


def _along(share: float) -> int:
    return round(_MARGIN + share * (_STRIP - 2 * _MARGIN))


def _height(value: float | None, top: float) -> float | None:
    return None if value is None else round(HEIGHT - _BOTTOM - min(1.0, value / top) * (HEIGHT - _TOP - _BOTTOM), 1)


def _said(value: float, unit: str) -> str:
    return f"{100 * value:.0f} %" if unit == "share" else length(value)


def _round_up(seconds: float) -> float:
    """The next length of time that a line may stand at."""
    steps = (600, 1_200, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800)
    return next((float(step) for step in steps if step >= seconds), seconds or 600.0)
