"""Warning signs as plain values, for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.trust.signs.records import Sign

SCHEMA = "amends.trust-signs/1"


def as_dict(incident_id: str, signs: Iterable[Sign]) -> dict[str, Any]:
    """The signs that show in an incident; an empty list says that none shows, not that there is none."""
    return {"schema": SCHEMA, "incident": incident_id, "signs": [sign_as_dict(one) for one in signs]}


def sign_as_dict(one: Sign) -> dict[str, Any]:
    """One sign with what it rests on."""
    where = [{"kind": ref.kind, "id": ref.id, "quote": ref.words} for ref in one.where]
    return {"sign": one.id, "title": one.title, "saw": one.saw, "where": where, "ask": one.ask}
