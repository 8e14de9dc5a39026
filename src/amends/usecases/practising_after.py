"""What comes of somebody's drills: the cards of skills to practise again, and everything as values to take along."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amends.practice.schedule import replayed, reviewed, serving, today
from amends.practice.session import Card
from amends.practice.session_report import EXPORT, own_as_values, sitting_as_values
from amends.store import practising as rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.practice.scenario import Scenario
    from amends.practice.session import Reviewed, Sitting
    from amends.store.engine import Transaction


def look(connection: Transaction, person: str, looks: Sequence[Reviewed], message_id: str | None = None) -> None:
    """Keep looks at skills, and when each is due again; `message_id` is the real message that they were at."""
    rows.add_reviews(connection, person, looks, message_id)
    cards = rows.cards(connection, person)
    for one in looks:
        _, last, state = cards.get((one.skill, one.form), (None, None, None))
        after, due_at = reviewed(state, one.rating, one.at)
        rows.put_card(connection, person, one.skill, one.form, due=due_at, scenario_id=one.scenario_id or last, state=after)


def due(connection: Transaction, person: str, sittings: Sequence[Sitting], drills: Sequence[Scenario], now: datetime) -> tuple[Card, ...]:
    """What to practise today: as many as the day has room for, each with a drill of `drills` that exercises it."""
    cards = rows.cards(connection, person)
    done = sum(one.ended_at is not None and not one.left and one.ended_at.date() == now.date() for one in sittings)
    played: dict[str, int] = {}
    for one in sittings:
        played[one.scenario_id] = played.get(one.scenario_id, 0) + 1
    found = []
    for skill, form in today({key: at for key, (at, _, _) in cards.items()}, now, done):
        at, last, _ = cards[skill, form]
        found.append(Card(skill, form, at, serving(skill, form, last, drills, played)))
    return tuple(found)


def deal_again(connection: Transaction, person: str) -> None:
    """Make the cards anew from the looks that are left."""
    rows.drop_cards(connection, person)
    looks: dict[tuple[str, str], list[Reviewed]] = {}
    for one in rows.reviews(connection, person):
        looks.setdefault((one.skill, one.form), []).append(one)
    for (skill, form), many in looks.items():
        card = replayed((one.rating, one.at) for one in many)
        last = next((one.scenario_id for one in reversed(many) if one.scenario_id), None)
        if card:
            rows.put_card(connection, person, skill, form, due=card[1], scenario_id=last, state=card[0])


def exported(connection: Transaction, person: str) -> dict[str, Any]:
    """Everything that is kept of somebody's practice, as plain values."""
    cards, made = rows.cards(connection, person), rows.sources(connection, person)
    return {
        "schema": EXPORT,
        "person": person,
        "sessions": [_session(connection, one, made.get(one.id)) for one in reversed(rows.listed(connection, person))],
        "reviews": [{**asdict(one), "at": one.at.isoformat()} for one in rows.reviews(connection, person)],
        "cards": [
            {"skill": skill, "form": form, "due": at.isoformat(), "scenario_id": last} for (skill, form), (at, last, _) in cards.items()
        ],
        "own": [own_as_values(one) for one in rows.owns(connection, person)],
        "settings": asdict(rows.choices(connection, person)),
    }


def _session(connection: Transaction, one: Sitting, made_of: str | None) -> dict[str, Any]:
    said = rows.said(connection, one.id)
    turns = [{"text": text, "said_at": at.isoformat(), "delivery": asdict(how) if how else None} for text, at, how in said]
    voices = [asdict(voiced) for voiced in rows.voices(connection, one.id)]
    return {**sitting_as_values(one), "said": turns, "voices": voices, "made_of": json.loads(made_of) if made_of else None}
