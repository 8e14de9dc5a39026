"""What clients send about practice, each body with an example."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Name, Strict
from amends.practice.interview import LONGEST, MANY
from amends.practice.session import TEXT_LIMIT
from amends.usecases.drills import TURNS_LIMIT

_Seed = Annotated[int, Meta(ge=0, lt=2**48, description="What chance is made of; by dice when absent.")]
_Level = Annotated[int, Meta(ge=0, le=100, description="One of the levels of the scenario; the easiest when absent.")]
_Text = Annotated[str, Meta(max_length=TEXT_LIMIT)]
_Answer = Annotated[str, Meta(max_length=LONGEST)]
_Answers = Annotated[list[_Answer], Meta(max_length=MANY)]
_Seconds = Annotated[float, Meta(ge=0, le=86_400)]
_Here = Annotated[str, Meta(description="The IANA zone of your clock, in which times are meant; that of the server when absent.")]
_Count = Annotated[int, Meta(ge=0, le=10_000)]


class BeginRequest(Strict):
    """Which drill to begin. `after` is a drill of yours that its day after, or its other chair, comes after."""

    scenario: Name
    difficulty: _Level | None = None
    variant: Name | None = None
    seed: _Seed | None = None
    aided: Annotated[bool, Meta(description="Whether remarks come after each turn.")] = True
    after: Name | None = None
    tz: _Here | None = None
    voice: Annotated[bool, Meta(description="Whether a model voices the other person, where an owner allowed it.")] = False


class DeliveryRequest(Strict):
    """How a turn was spoken, measured where it was spoken. Never scored."""

    seconds: _Seconds
    pauses: _Count = 0
    longest_pause: _Seconds = 0.0
    fillers: _Count = 0
    ownership_at: _Seconds | None = None


class SayRequest(Strict):
    """What you say, and the number of this turn, from 1. The same words for the same turn once more change nothing."""

    text: _Text
    turn: Annotated[int, Meta(ge=1, le=1000)]
    delivery: DeliveryRequest | None = None


class TryRequest(Strict):
    """A whole conversation, of which nothing is kept."""

    scenario: Name
    turns: Annotated[list[_Text], Meta(max_length=TURNS_LIMIT)]
    difficulty: _Level | None = None
    variant: Name | None = None
    seed: _Seed = 0


class OwnRequest(Strict):
    """A conversation that is coming: with whom, what happened, what you know, and what you dread to be asked."""

    name: _Answer
    role: _Answer
    happened: _Answer
    persona: Name
    relation: Literal["customer", "peer", "report", "manager", "executive", "partner", "stranger"] = "customer"
    channel: Literal["chat", "email", "call", "room", "one-to-one"] = "email"
    form: Name = "status-update"
    known: _Answers = msgspec.field(default_factory=list)
    unknown: _Answers = msgspec.field(default_factory=list)
    cost: _Answer = ""
    questions: _Answers = msgspec.field(default_factory=list)
    opening: _Answer = ""


class RehearseRequest(Strict):
    """A draft that you want to hear answered before you send it."""

    text: _Text
    persona: Name
    form: Name = "status-update"
    tz: _Here | None = None


class ChooseRealRequest(Strict):
    """Whether messages that you really send count as looks at a skill."""

    count_real: bool


REQUESTS = (BeginRequest, SayRequest, TryRequest, OwnRequest, RehearseRequest, ChooseRealRequest)

EXAMPLES: dict[str, dict[str, Any]] = {
    "BeginRequest": {"without help": {"summary": "At its easiest level, without remarks", "value": {
        "scenario": "charged-twice", "aided": False}}},
    "SayRequest": {"first turn": {"summary": "The first thing you say", "value": {
        "text": "You were charged twice, and that was our mistake.", "turn": 1}}},
    "TryRequest": {"one turn": {"summary": "For a group that plays together", "value": {
        "scenario": "charged-twice", "turns": ["You were charged twice, and that was our mistake."]}}},
    "OwnRequest": {"a customer": {"summary": "A talk with a customer", "value": {
        "name": "Ana", "role": "head of the warehouse", "happened": "Twelve pallets went to the wrong town on Monday.",
        "persona": "furious-customer", "known": ["Twelve pallets went to Bergen at 09:40."], "questions": ["When do I get them?"]}}},
    "RehearseRequest": {"an update": {"summary": "An update to a customer", "value": {
        "text": "Twelve pallets went to Bergen. I call you by 15:00 today.", "persona": "furious-customer"}}},
    "ChooseRealRequest": {"yes": {"summary": "Count them", "value": {"count_real": True}}},
}  # fmt: skip
"""By the name of the body's schema."""


def practice_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
