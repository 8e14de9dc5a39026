"""What a comparison of two tellings says: the places where the second became cleaner but less true.

The shapes of the `amends.compare/1` contract. Offsets count Unicode code points of the text as it was given, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass

DRIFTS = (
    "dropped_fact", "softened_number", "softened_severity", "raised_certainty", "changed_time", "agent_removed", "unsupported_claim",
    "cause_shifted", "repeated_promise",
)  # fmt: skip
"""The ways in which a telling drifts."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one text says: its words and where they stand; at most two sentences."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Drift:
    """One drift: what kind, how grave, and what a reader of the second text would wrongly believe; one side may be missing."""

    kind: str
    severity: str
    message: str
    source: Side | None
    retold: Side | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A declared redaction: the sentence that declares it, or the reason that was recorded for a point."""

    quote: str
    start: int | None = None
    end: int | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a comparison says. `kept` counts the sentences of the source that the second text tells.

    `pairs` are, for each sentence of the second text, its span and the spans of the sentences of the source that it tells.
    """

    drifts: tuple[Drift, ...]
    redactions: tuple[Withheld, ...]
    kept: int
    pairs: tuple[tuple[Side, tuple[Side, ...]], ...] = ()
    problems: tuple[str, ...] = ()
