"""Detectors: what a rule needs that words alone cannot show. Each is a function of the whole draft, named in rule files.

The functions stand in modules by what they look at, and a module is loaded when a rule of the draft's form first needs it.
"""

from __future__ import annotations

import sys
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from amends.language.context import Detector

DETECTORS = {
    "about-the-speaker": "apology",
    "action-without-check": "review",
    "action-without-date": "review",
    "action-without-owner": "review",
    "cause-too-long": "shape",
    "change-without-check": "apology",
    "date-arithmetic": "dates",
    "empty-commit-subject": "note",
    "explaining-oneself": "apology",
    "fact-without-time": "time",
    "impact-without-number": "status",
    "impossible-date": "dates",
    "missing-estimate": "time",
    "missing-fields": "note",
    "missing-move": "shape",
    "news-not-first": "status",
    "next-step-without-time": "apology",
    "next-update-in-the-past": "time",
    "next-update-too-late": "time",
    "next-update-without-zone": "time",
    "no-decision-named": "status",
    "no-human-route": "apology",
    "no-room-to-answer": "apology",
    "nothing-went-well": "review",
    "nothing-would-catch-it": "review",
    "one-sided-conditions": "review",
    "open-boxes": "note",
    "open-gaps": "shape",
    "opening-sentences": "note",
    "order-of-four-cs": "status",
    "order-of-moves": "shape",
    "over-explaining": "shape",
    "patience-before-fix": "apology",
    "promise-without-time": "time",
    "reads-as-flaw": "shape",
    "repeat-without-promise": "apology",
    "repeated-apology": "apology",
    "resolution-estimate": "time",
    "risk-without-trigger": "status",
    "short-timeline": "review",
    "slip-without-dates": "status",
    "soft-action": "review",
    "subject-without-state": "status",
    "timeline-without-evidence": "review",
    "too-few-commits": "note",
    "too-many-actions": "review",
    "too-many-internals": "apology",
    "too-many-sentences": "shape",
    "too-many-words": "shape",
    "update-without-next-time": "time",
    "weekday-of-date": "dates",
    "wrong-person": "shape",
}
"""The module of each detector; the function has the name of the detector, with underscores."""


def detector(name: str) -> Detector:
    """The function behind a detector's name; the name must be one of `DETECTORS`."""
    found: Detector = getattr(*_place(name))
    return found


@cache
def _place(name: str) -> tuple[ModuleType, str]:
    """The module of a detector, loaded, and the name of its function there: each check asks for some twenty."""
    module = f"{__name__}.{DETECTORS[name]}"
    __import__(module)  # `importlib` would do the same and cost its own import
    return sys.modules[module], name.replace("-", "_")
