"""Restoring confidence faster than evidence: safety or trust is claimed, and nothing that was checked by then shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.trust.signs.checked import is_checked
from amends.trust.signs.records import Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard, heard_in, sentences, spared, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.trust.signs.records import Material, Text

ID, TITLE = "faster-than-evidence", "Confidence is restored faster than evidence"
ASK = "Say what was checked, how often and with what result, or say that it is not known yet."
_RULES = frozenset({"trust-restored", "never-again", "nothing-can-go-wrong", "hundred-percent", "guarantee", "rest-assured"})
"""Rules of the checker that hear a claim of safety or trust."""


def find(material: Material) -> Sign | None:
    """The sign, if a text claims what no action that was verified by then, and no figure in it, shows."""
    found = [
        (text, said)
        for text in material.texts
        if not heard_in("measured", text) and not _shown_by(material, text.at)
        for said in _claims(text)
    ]
    if not found:
        return None
    text, said = found[-1]
    done = sum(one.state in ("done", "verified", "no-help") for one in material.actions)
    state = "nothing was done yet" if not done else f"of {done} actions that are done none was shown to help by then"
    saw = f"“{' '.join(said.split())}” was told on {text.at:%Y-%m-%d}; {state}."
    return Sign(ID, TITLE, saw, tuple(ref(one, words) for one, words in found), ASK)


def _claims(text: Text) -> Iterator[str]:
    """The sentences that claim safety, confidence or trust."""
    told = [text.text[one.start : one.end] for one in text.document.findings if one.rule in _RULES]
    for _, said in sentences(text):
        own = unquoted(said)
        if heard("confidence", own) or (not spared("confidence", own) and any(words in own for words in told)):
            yield said


def _shown_by(material: Material, at: datetime) -> bool:
    """Whether something that was done had been shown to help by then."""
    return any(
        is_checked(one) and (one.judged_at or one.done_at or material.now) <= at for one in material.actions if one.state != "no-help"
    )
