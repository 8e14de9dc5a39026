"""What clients send about recurrence: strictly typed, like the acts of the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Incident, Reason, Strict, Time, Words
from amends.interfaces.api.problems import WrongFieldError
from amends.usecases.recurring import NAME_LIMIT, WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DAYS = 3650
_ID = re.compile(r"[0-9A-Z]{26}")
_Kind = Annotated[str, Meta(max_length=40, description="The id of a kind, as GET /recurrence/kinds lists them; empty takes it back.")]
_Names = Annotated[str, Meta(max_length=NAME_LIMIT, description="One or several with commas between; empty takes it back.")]


class JudgeRequest(Strict):
    """What an earlier incident is to this one: the same failure, one that has to do with it, or another one. The last word counts."""

    earlier: Incident
    verdict: Literal["repeat", "related", "new"]
    why: Reason | None = None


class DeclareRequest(Strict):
    """What an incident is. What is absent stays as it is."""

    category: _Kind | None = None
    component: _Names | None = None
    condition: _Names | None = None
    trigger: _Kind | None = None


class GuardrailEvidenceRequest(Strict):
    """What shows it; `person` is somebody's word, `incident` one that came in spite of it."""

    kind: Literal["measure", "alert", "test", "message", "commit", "ticket", "deploy", "person", "incident"]
    reference: Words


class TellGuardrailRequest(Strict):
    """That a guardrail of this incident fired, would have fired, or let something pass; when (now when absent), and what shows it."""

    kind: Literal["action", "promise", "commit"]
    guardrail: Annotated[str, Meta(max_length=26, description="Its id, as the guardrails of the incident list it.")]
    what: Literal["fired", "would-have", "missed"]
    evidence: GuardrailEvidenceRequest
    at: Time | None = None
    text: Annotated[str, Meta(max_length=500, description="What else there is to say, in one line.")] | None = None


class UndoGuardrailRequest(Strict):
    """That what was told of a guardrail is taken back."""


class ModeRequest(Strict):
    """Whether matches are looked for, and shown."""

    mode: Literal["off", "shadow", "live"]


REQUESTS = (JudgeRequest, DeclareRequest, GuardrailEvidenceRequest, TellGuardrailRequest, UndoGuardrailRequest, ModeRequest)


def recurrence_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


def read_days(query: Mapping[str, str]) -> int:
    """In how many days repeats are counted. Raises WrongFieldError."""
    said = query.get("days", str(WINDOW))
    days = int(said) if re.fullmatch(r"[0-9]{1,5}", said) else 0
    if not 1 <= days <= MOST_DAYS:
        raise WrongFieldError("days", f"days: expected a whole number from 1 to {MOST_DAYS}, got {said[:40]!r}")
    return days


def read_before(query: Mapping[str, str]) -> str | None:
    """The incident that the page before ended with. Raises WrongFieldError."""
    before = query.get("before")
    if before is not None and not _ID.fullmatch(before):
        raise WrongFieldError("before", "before: expected the id of an incident", hint="take the last one of the answer before")
    return before
