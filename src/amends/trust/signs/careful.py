"""Careful in public and bitter in private: the texts praise what the pulse of the team says is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.trust.signs.records import Ref, Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard, heard_in, sentences

if TYPE_CHECKING:
    from amends.trust.signs.records import Felt, Material, Text

ID, TITLE = "careful-in-public", "Careful in public, bitter in private"
ASK = "Ask the people in small rounds what they would not say in the review, and report what you hear in their words."
LEAST = 5
"""Smaller groups are not shown, and not looked at."""
LOW = 0.4
"""Below this share of favourable answers an item is low."""
LONG_AGO = timedelta(days=180)
"""What was said so long before the incident says nothing about the time of the pulse."""
ITEMS = {
    4: "what they are told matches what they find out later",
    6: "the account left nothing important out",
    8: "a raised concern changes something",
    9: "they would report a half-confirmed problem the same day",
    10: "the last one with bad news was treated well",
}
"""The items of candour, and what a favourable answer says."""


def find(material: Material) -> Sign | None:
    """The sign, if the newest pulse of the team is low on candour while the texts praise it, and no later text says so."""
    low = _low(material)
    recent = [one for one in material.texts if one.at >= material.began - LONG_AGO]
    praise = [(one, said) for one in recent for said in _praise(one)]
    if not low or not praise:
        return None
    last = praise[-1][0].at
    if any(one.at >= last and _is_candid(one) for one in material.texts):
        return None
    worst = min(low, key=lambda one: (one.favourable / one.n, one.item))
    _, said = praise[-1]
    saw = (
        f"The texts say “{' '.join(said.split())}”; in the pulse of the team {worst.favourable} of {worst.n} say that {ITEMS[worst.item]}."
    )
    waves = tuple(Ref("wave", one.wave_id, f"item {one.item}: {one.favourable} of {one.n} favourable") for one in low)
    return Sign(ID, TITLE, saw, (*(ref(one, words) for one, words in praise), *waves), ASK)


def _is_candid(text: Text) -> bool:
    """Whether a text says itself what people feel; a sentence that praises is not it."""
    praised = _praise(text)
    return any(said not in praised for said in heard_in("candour", text))


def _praise(text: Text) -> list[str]:
    """The sentences that call good what is between people, or say that nothing ill is."""
    return [said for _, said in sentences(text) if heard("praise", said) or heard("no_ill", said)]


def _low(material: Material) -> list[Felt]:
    """The low items of the newest wave in which the team was large enough; none where fewer of them are low than are not."""
    team = [one for one in material.felt if one.group == "team" and one.n >= LEAST]
    if not team:
        return []
    newest = [one for one in team if one.wave_id == team[-1].wave_id]
    core = [one for one in newest if one.item in ITEMS]
    low = [one for one in core if one.favourable < LOW * one.n]
    return low if 2 * len(low) >= len(core) else []
