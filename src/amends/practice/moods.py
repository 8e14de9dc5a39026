"""The meters in a word each: for people who do not want to read a gauge, and for a model that is to sound like somebody."""

from __future__ import annotations

WORDS = {
    "anger": ("calm", "guarded", "angry", "furious"),
    "trust": ("none", "little", "some", "solid"),
    "clarity": ("in the dark", "unsure", "clearer", "clear"),
}
"""A word for each quarter of a meter."""
_QUARTERS = (25, 50, 75)


def mood(meter: str, value: int) -> str:
    """The word for a meter at a value from 0 to 100."""
    return WORDS[meter][sum(value > most for most in _QUARTERS)]
