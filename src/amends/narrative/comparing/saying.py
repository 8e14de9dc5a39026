"""What is told of a drift: what a reader of the second text would wrongly believe, in a sentence or two with the words of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amends.narrative.comparing.finding import Seen

_DROPPED = (
    ("trust", "A reader will not learn that trust was hurt."),
    ("people", "A reader will not learn what it cost the people who worked on it."),
    ("unknown", "A reader would believe that nothing about this is open; the source says what is not known."),
    ("again", "A reader would believe that this happened for the first time and came without a warning."),
    ("unseen", "A reader would believe that we noticed in time and by ourselves."),
    ("fault", "A reader will not learn that this was wrong, left out or not checked on our side."),
    ("gap", "A reader will not learn that this was missing in how we work."),
    ("slow", "A reader would believe that the answer went quickly and worked at once."),
    ("harm", "A reader would believe that less came to harm."),
)
"""By the sign that the left-out clause bears, the first that fits."""
_LEFT_OUT = "A reader will not learn this, and nothing says that it was left out."
_ALTERED = {
    "softened_severity": "A reader would believe that it was milder: the source says {theirs}, this says {ours}.",
    "raised_certainty": "A reader would believe that this is certain, done or over; the source says {theirs}.",
    "agent_removed": "A reader would not see that somebody of ours did it: the source says {theirs}, here it just happens.",
    "cause_shifted": "A reader would believe that the cause lies elsewhere; the source says {theirs}.",
    "unsupported_claim": "A reader would believe this, and the source says otherwise: {theirs}.",
    "softened_number": "A reader would believe that it was less: the source says {theirs}, this says {ours}.",
    "changed_time": "A reader would believe another time: the source says {theirs}, this says {ours}.",
}
_NOWHERE = "A reader would believe this, and nothing in the source says it."
_LONGEST = 12
"""Words of a quotation inside a message; the whole stands beside it."""


def message(one: Seen, source: str, retold: str) -> str:
    """What a reader would wrongly believe."""
    if one.kind == "dropped_fact":
        signs = one.theirs.signs if one.theirs is not None else {}
        return next((said for sign, said in _DROPPED if sign in signs), _LEFT_OUT)
    if one.source is None:
        return _NOWHERE
    ours = _short(retold[slice(*one.retold)]) if one.retold is not None else ""
    return _ALTERED[one.kind].format(theirs=_short(source[slice(*one.source)]), ours=ours)


def _short(words: str) -> str:
    """Words as a quotation, cut in the middle of a long one."""
    listed = words.split()
    if len(listed) > _LONGEST:
        listed = [*listed[: _LONGEST - 1], "…"]
    return f"“{' '.join(listed).rstrip('.,;:')}”"
