"""The vocabulary of the engine: moves do something for the reader, flaws cost trust. Labels are per sentence and multiple."""

from __future__ import annotations

MOVES = (
    "fact",
    "impact",
    "cause",
    "ownership",
    "regret",
    "empathy",
    "status",
    "recovery",
    "prevention",
    "commitment",
    "constraint",
    "request",
    "thanks",
)

FLAWS = ("blame", "deflection", "hedge", "vague", "minimizing", "spin", "overclaim")

SEVERITIES = ("error", "warning", "note")
"""From worst to mildest; `error` must be fixed before sending, `warning` is advice, `note` is worth a thought."""
