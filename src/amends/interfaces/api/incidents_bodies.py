"""What clients send about incidents: strictly typed, like the acts of the ledger; what is recorded says by `what` which kind it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.core.incident import SEVERITIES, STATUSES
from amends.interfaces.api.ledger_bodies import Name, Reason, Strict, Time, Words, Zone, ZonedTime
from amends.interfaces.api.problems import WrongFieldError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

LIMIT = 200
"""The most incidents of one answer."""
_ID = re.compile(r"[0-9A-Z]{26}")

Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]
Status = Literal["investigating", "identified", "monitoring", "resolved", "reviewed"]
Title = Annotated[str, Meta(min_length=1, max_length=200, description="One line.")]
Sentence = Annotated[str, Meta(min_length=1, max_length=300, description="What happened, in one line.")]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1, description="The version that the change is based on.")]
EventId = Annotated[str, Meta(description="The id of an event of this incident.")]


class OpenRequest(Strict):
    """An incident to open. A severity and a time that has passed are read from the sentence where they are not given."""

    title: Sentence
    severity: Severity | None = None
    started_at: Annotated[ZonedTime, Meta(description="When it began; now where neither this nor the sentence says it.")] | None = None
    tz: Zone | None = None
    private: Annotated[bool, Meta(description="Whether only those who are invited see it.")] = False
    follows: Annotated[str, Meta(description="The id of the incident whose fix brought this one.")] | None = None


class ChangeRequest(Strict):
    """What to change about an incident: all of it, or nothing."""

    version: Version
    title: Title | None = None
    severity: Severity | None = None
    status: Status | None = None
    reason: Annotated[Reason, Meta(description="Why the status holds all the same, where a gate is shut; it stays visible.")] | None = None
    reached_at: Annotated[Time, Meta(description="When the status was reached; now, when absent.")] | None = None
    started_at: Time | None = None
    private: bool | None = None


class FollowRequest(Strict):
    """Which incident this one follows from; null for none."""

    earlier: Annotated[str, Meta(description="The id of an incident.")] | None


class FactRequest(Strict, tag_field="what", tag="fact"):
    """A fact, and which one it corrects."""

    kind: Literal["happened", "impact", "number", "cause", "recovery", "prevention", "constraint", "decision", "question"]
    text: Words
    value: Annotated[Name, Meta(description="The figure of a `number` with its unit; no other fact has one.")] | None = None
    at: Time | None = None
    replaces: EventId | None = None


class MilestoneRequest(Strict, tag_field="what", tag="milestone"):
    """A milestone, and when it was reached; now when absent."""

    kind: Literal["impact-began", "detected", "contained", "checked-in", "timeline-shared", "meeting", "fix-deployed", "recovered"]
    at: Time | None = None
    value: Annotated[Literal["us", "others"], Meta(description="Who found it; for `detected`, and for no other.")] | None = None
    text: Annotated[str, Meta(max_length=500)] | None = None
    replaces: EventId | None = None


class BoxRequest(Strict, tag_field="what", tag="box"):
    """A box of the follow-up note, ticked or open, and what shows it."""

    kind: Literal["impact", "prevention"]
    ticked: bool = True
    text: Annotated[str, Meta(max_length=500)] | None = None


class CommitRequest(Strict, tag_field="what", tag="commit"):
    """A commit, and what it does for the incident."""

    kind: Literal["hotfix", "rollback", "guardrail"]
    sha: Annotated[str, Meta(min_length=7, max_length=64, pattern="^[0-9a-f]+$")]
    subject: Annotated[str, Meta(min_length=1, max_length=300, description="One line.")]


class CommentRequest(Strict, tag_field="what", tag="comment"):
    """A comment for those who work on it."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class WithdrawnRequest(Strict, tag_field="what", tag="withdrawn"):
    """A fact, milestone, box, commit, or comment of one's own that is taken back."""

    replaces: EventId


EventRequest = FactRequest | MilestoneRequest | BoxRequest | CommitRequest | CommentRequest | WithdrawnRequest


class AssignRequest(Strict):
    """Who holds a function from now on."""

    function: Literal["lead", "communications", "scribe", "operations", "liaison", "deputy"]
    person: Name


class LeaveRequest(Strict):
    """Which function nobody holds any more."""

    function: Literal["lead", "communications", "scribe", "operations", "liaison", "deputy"]


class InviteRequest(Strict):
    """Who may see a private incident, or may no longer."""

    person: Name


class LetInRequest(Strict):
    """Why an owner of the workspace needs to see a private incident; everybody in it reads this."""

    why: Annotated[Reason, Meta(min_length=1)]


class StakeholderRequest(Strict):
    """A group or a person that must be told."""

    name: Name
    kind: Annotated[Literal["affected", "needs-to-know", "saw-wrong"], Meta(description="Why they must be told.")] = "affected"
    audience: Literal["team", "leadership", "customers", "partner"] = "customers"
    address: Annotated[str, Meta(max_length=300, description="How they are told: a mailbox, a channel.")] | None = None
    size: Annotated[int, Meta(ge=0, le=10**12, description="How many they are, where that is known.")] | None = None


class LinkRequest(Strict):
    """Where else something about an incident stands."""

    kind: Literal["repository", "channel", "ticket", "dashboard", "document", "other"]
    target: Annotated[str, Meta(min_length=1, max_length=2000, description="An address, a path, or the name of a channel or ticket.")]
    title: Annotated[str, Meta(max_length=100)] | None = None


REQUESTS = (
    OpenRequest, ChangeRequest, FollowRequest, FactRequest, MilestoneRequest, BoxRequest, CommitRequest, CommentRequest, WithdrawnRequest,
    AssignRequest, LeaveRequest, InviteRequest, LetInRequest, StakeholderRequest, LinkRequest,
)  # fmt: skip


def incident_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    made: dict[str, Any] = msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
    kinds = (FactRequest, MilestoneRequest, BoxRequest, CommitRequest, CommentRequest, WithdrawnRequest)
    one_of = [{"$ref": f"#/components/schemas/{kind.__name__}"} for kind in kinds]
    return made | {"EventRequest": {"description": "One thing to write down; `what` says which kind it is.", "oneOf": one_of}}


class ListQuery(msgspec.Struct):
    """Which incidents are asked for."""

    limit: int
    statuses: tuple[str, ...] | None
    severities: tuple[str, ...] | None
    before: str | None


def read_list(query: QueryParams) -> ListQuery:
    """Which incidents an address asks for. Raises WrongFieldError."""
    said = query.get("limit", str(LIMIT))
    limit = int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0
    if not 1 <= limit <= LIMIT:
        raise WrongFieldError("limit", f"limit: expected a whole number from 1 to {LIMIT}, got {said[:40]!r}")
    before = query.get("before")
    if before is not None and not _ID.fullmatch(before):
        raise WrongFieldError("before", "before: expected the id of an incident", hint="take the id of the last one of the answer before")
    return ListQuery(limit, _some(query, "status", STATUSES), _some(query, "severity", SEVERITIES), before)


def read_status(query: QueryParams) -> str:
    """Which status an address asks about. Raises WrongFieldError."""
    return (_some(query, "status", STATUSES) or ("resolved",))[0]


def _some(query: QueryParams, name: str, known: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names of a parameter that may come several times; None where it does not come."""
    given = tuple(query.getlist(name))
    for one in given:
        if one not in known:
            raise WrongFieldError(name, f"{name}: expected {', '.join(known[:-1])} or {known[-1]}, got {one[:40]!r}")
    return given or None
