"""What each part of an account needs to be a statement, and what would mean nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import InputError, require_known
from amends.narrative.account import CLAIMS, CLOSABLE, CONDITIONS, PARTS

if TYPE_CHECKING:
    from amends.narrative.account import Point

KINDS_OF = {"claim": CLAIMS, "condition": CONDITIONS}
"""The parts that are of several kinds, and which."""

_MEANT = {
    "at": ("claim",),
    "who": ("claim", "position", "cost", "trust-break"),
    "value": ("claim", "cost"),
    "because": ("claim", "condition", "badly", "position"),
    "of": ("position",),
    "answer": ("badly", *CLOSABLE),
}
"""The parts for which a field means something: when it happened; who saw it, holds it, bore it, or whose trust it was; its figure; the
reason; what it belongs to; how it was answered or closed."""

_NEEDED = {
    "signal": ("who", "a signal needs who saw it", "name the person or the part of the system that saw it"),
    "number": ("value", "a number needs its figure", 'give the figure with its unit, such as "258 of 831 payments"'),
    "position": ("of", "a position belongs to a disagreement", "state the disagreement first, then each side of it"),
}


def require_statement(new: Point) -> None:
    """Raises UnknownNameError for a part or kind that is none, and InputError, naming the field, for what is missing or means nothing."""
    require_known("part of the account", new.part, PARTS)
    kinds = KINDS_OF.get(new.part)
    if kinds is not None:
        require_known(f"kind of {new.part}", new.kind or "", kinds)
    elif new.kind is not None:
        raise InputError(f"a {new.part} is of no kind", hint="only claims and conditions are", field="kind")
    for field, parts in _MEANT.items():
        if getattr(new, field) is not None and new.part not in parts:
            raise InputError(f"{field!r} means nothing in a {new.part}", hint=f"leave it out; it is for: {', '.join(parts)}", field=field)
    if new.value is not None and new.part == "claim" and new.kind != "number":
        raise InputError(
            "only a number has a figure of its own", hint="write it in the text, or state a claim of the kind number", field="value"
        )
    for name in (new.kind, new.part):
        needed = _NEEDED.get(name or "")
        if needed is not None and getattr(new, needed[0]) is None:
            raise InputError(needed[1], hint=needed[2], field=needed[0])
