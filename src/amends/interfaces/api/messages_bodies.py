"""What clients send about messages: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Strict, Time, Zone, ZonedTime

Channel = Annotated[str, Meta(min_length=1, max_length=100, description="The name of a channel of the project file; it is sent now.")]
Via = Annotated[str, Meta(min_length=1, max_length=100, description="How it went out, in a few words; one line.")]
Stakeholders = Annotated[list[str], Meta(max_length=200, description="Ids of those it is for by name; all it is for when absent.")]
_Message = Annotated[str, Meta(description="The id of a message.")]
_Stakeholder = Annotated[str, Meta(description="The id of a stakeholder.")]


class IncidentMessageRequest(Strict):
    """A message about an incident: marked as sent, or sent through a channel now. A correction names the message that was wrong."""

    text: Annotated[str, Meta(min_length=1, description="The message as its readers get it.")]
    audience: Literal["team", "leadership", "customers", "partner"] | None = None
    form: Annotated[str, Meta(description="A form of GET /forms, or `auto` to have it recognised.")] = "auto"
    sent_at: (
        Annotated[ZonedTime, Meta(description="When its readers got it; now when absent, and always now through a channel.")] | None
    ) = None
    tz: Zone | None = None
    corrects: _Message | None = None
    via: Via | None = None
    channel: Channel | None = None
    to: Stakeholders | None = None


class ShareRequest(Strict):
    """To whom the same version goes, and how. Nobody gets it twice; `sure` also repeats what may have arrived."""

    to: Stakeholders | None = None
    channel: Channel | None = None
    via: Via | None = None
    at: Time | None = None
    sure: bool = False


class AcknowledgeRequest(Strict):
    """Who has read or acknowledged it, and when (now when absent); without a stakeholder it is who asks."""

    stakeholder: _Stakeholder | None = None
    only_read: bool = False
    at: Time | None = None


class CorrectionRequest(Strict):
    """The message that corrects, for everybody who was told the wrong one."""

    text: Annotated[str, Meta(min_length=1, description="The correction as its readers get it.")]
    tz: Zone | None = None
    sent_at: ZonedTime | None = None
    via: Via | None = None
    channel: Channel | None = None
    to: Stakeholders | None = None


REQUESTS = (IncidentMessageRequest, ShareRequest, AcknowledgeRequest, CorrectionRequest)


def message_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
