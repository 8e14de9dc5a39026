"""What clients send to the account of an incident: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Strict, Time
from amends.usecases.narrating import FIGURE_LIMIT, NAME_LIMIT, TEXT_LIMIT

MOST_ENTRIES = 200
"""The most entries that are chosen at once."""

Text = Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT, description="In a sentence or two.")]
_Kind = Literal["fact", "signal", "number", "cause", "effect", "decision", "technical", "organisational"]
_Who = Annotated[str, Meta(max_length=NAME_LIMIT, description="Who saw a signal, holds a position, bore a cost, or whose trust it was.")]
_Figure = Annotated[str, Meta(max_length=FIGURE_LIMIT, description="The figure of a number, with its unit.")]
_Because = Annotated[str, Meta(max_length=TEXT_LIMIT, description="What made it reasonable then, or why nothing answers it.")]
_Of = Annotated[str, Meta(description="The disagreement of a position.")]
_Seen = Annotated[str, Meta(description="The id of the revision that you saw.")]


class StateRequest(Strict):
    """A point of the account. Nothing is cited yet, so it stands as unsupported."""

    part: Literal[
        "claim", "condition", "well", "badly", "luck", "disagreement", "position", "question", "cost", "trust-break", "no-organisational"
    ]
    text: Text
    kind: Annotated[_Kind, Meta(description="Of a claim or a condition.")] | None = None
    at: Annotated[Time, Meta(description="When it happened.")] | None = None
    who: _Who | None = None
    value: _Figure | None = None
    because: _Because | None = None
    of: _Of | None = None


class ReviseRequest(Strict):
    """What is to be said instead. What is absent stays; an empty text takes a field away."""

    based_on: _Seen
    text: Text | None = None
    kind: _Kind | None = None
    at: Time | None = None
    who: _Who | None = None
    value: _Figure | None = None
    because: _Because | None = None
    of: _Of | None = None
    answer: Annotated[str, Meta(max_length=TEXT_LIMIT, description="How it was closed, or the action item that answers it.")] | None = None


class WithdrawPointRequest(Strict):
    """That a point is taken back, having seen this revision of it."""

    based_on: _Seen


class ChooseRequest(Strict):
    """Entries of the timeline that matter, as claims of one kind."""

    entries: Annotated[list[str], Meta(min_length=1, max_length=MOST_ENTRIES, description="Their ids.")]
    kind: Literal["fact", "signal", "cause", "effect", "decision"] = "fact"


class BeginRequest(Strict):
    """What was written down already and becomes a point of the account."""

    names: Annotated[list[str], Meta(min_length=1, max_length=MOST_ENTRIES, description="The ids of it.")]


class CiteRequest(Strict):
    """What supports or contradicts a point. Of an entry or a message, `text` are the words that matter; all of them when absent.

    Of a person's word, `ref` can be the fact or milestone of the record in which it was written down, instead of the text.
    """

    kind: Literal["entry", "message", "measure", "person"]
    ref: Annotated[str, Meta(description="The id of the entry, the message, or the fact.")] | None = None
    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT, description="What was measured, or what the person said.")] | None = None
    stance: Literal["supports", "contradicts"] = "supports"


REQUESTS = (StateRequest, ReviseRequest, WithdrawPointRequest, ChooseRequest, BeginRequest, CiteRequest)


def narrating_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
