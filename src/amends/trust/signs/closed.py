"""Closing tickets without checks: actions are done, or called complete, and nobody looked at whether one of them helps."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.trust.signs.checked import DONE, is_checked
from amends.trust.signs.records import Ref, Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard, heard_in, sentences

if TYPE_CHECKING:
    from amends.trust.signs.records import Material, Text

ID, TITLE = "closed-unchecked", "Tickets are closed without checks"
ASK = "Choose the one that matters most, and try on a named day whether it would have stopped this."
SETTLED = timedelta(days=14)
"""What is done for so long could have been checked; the limit is ours."""
LEAST = 2
_ALL_OVER = ("whole", "agreed", "over")
_PART = re.compile(r"[:;–—]\s")


def find(material: Material) -> Sign | None:
    """The sign, if of the done actions none was checked and they are old, or a text calls them complete and speaks of no check."""
    done = [one for one in material.actions if one.state in DONE]
    if any(is_checked(one) for one in done):
        return None
    is_all = all(one.state != "accepted" for one in material.actions)
    told = _called_complete(material, is_all) if done else []
    old = [one for one in done if one.done_at is not None and material.now - one.done_at >= SETTLED]
    if not told and len(old) < LEAST:
        return None
    if not told and any(heard_in("to_check", text) for text in material.texts):
        return None
    saw = f"Of {len(done)} actions that are done, none was shown to help or not to help"
    oldest = min((one.done_at for one in done if one.done_at is not None), default=material.now)
    saw += (
        f"; “{' '.join(told[-1][1].split())}”, it was told." if told else f"; the oldest is done for {(material.now - oldest).days} days."
    )
    actions = tuple(Ref("action", one.item.id, one.item.title) for one in done)
    return Sign(ID, TITLE, saw, (*(ref(text, said) for text, said in told), *actions), ASK)


def _called_complete(material: Material, is_all: bool) -> list[tuple[Text, str]]:
    """The sentences that call the actions complete, of texts that do not say how they will be checked."""
    texts = [one for one in material.texts if not heard_in("to_check", one)]
    return [(text, said) for text in texts for _, said in sentences(text) if heard("complete", said) or (is_all and _ends_all(said))]


def _ends_all(said: str) -> bool:
    """Whether a sentence says of what was agreed that the whole of it is over; this is enough where none is open."""
    return any(all(heard(name, part) for name in _ALL_OVER) for part in _PART.split(said))
