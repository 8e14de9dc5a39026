"""What clients send to the ledger: strictly typed, and a key that nobody knows is refused, since an act must mean what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from amends.core.people import LOCAL_PERSON
from amends.core.zones import zone_named
from amends.interfaces.api.payload import read_body, stated_time
from amends.interfaces.api.problems import WrongFieldError
from amends.usecases.given import id_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KEY = "Idempotency-Key"
KEY_LIMIT = 200
KEY_PATTERN = "^[!-~]+$"
LIMIT = 200
"""The most promises of one answer."""
_USUAL_LIMIT = 100
_LOST_PLUS = re.compile(r"(T[\d:.]+) (?=\d\d:?\d\d$)", re.IGNORECASE)
"""An offset whose plus became a space, as it does in addresses."""
_ID = re.compile(r"[0-9A-Z]{26}")


_WHEN = {"format": "date-time"}
Time = Annotated[str, Meta(description="RFC 3339 with its offset.", extra_json_schema=_WHEN)]
ZonedTime = Annotated[str, Meta(description="RFC 3339; without an offset, on the clock of `tz`.", extra_json_schema=_WHEN)]
Zone = Annotated[str, Meta(description="An IANA zone, in which times without an offset are read.")]
Words = Annotated[str, Meta(min_length=1, max_length=500, description="One line.")]
Name = Annotated[str, Meta(min_length=1, max_length=100, description="One line.")]
Reason = Annotated[str, Meta(max_length=500, description="One line, for those who will ask.")]
Incident = Annotated[str, Meta(description="The id of an incident, as GET /incidents lists them.")]


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A body of which every key is known."""


class AddRequest(Strict):
    """A promise that stands alone. Without `due`, its time is read from the words; without `kind`, its kind."""

    words: Words
    due: ZonedTime | None = None
    tz: Zone | None = None
    kind: Literal["next_update", "fix", "prevention", "deliver", "other"] | None = None
    owner: Annotated[Name, Meta(description="Who must keep it; somebody else than you must accept it.")] | None = None
    to: Annotated[Name, Meta(description="Whom it was made to.")] | None = None
    incident: Incident | None = None
    shared: Annotated[bool, Meta(description="Whether others than you and its owner see it; about an incident they always do.")] = False


class MessageRequest(Strict):
    """A message that was sent by other means."""

    text: Annotated[str, Meta(min_length=1, description="The message as its readers got it.")]
    incident: Incident | None = None
    audience: Literal["team", "leadership", "customers", "partner"] | None = None
    form: Annotated[str, Meta(description="A form of GET /forms, or `auto` to have it recognised.")] = "auto"
    sent_at: Annotated[ZonedTime, Meta(description="When its readers got it; now when absent.")] | None = None
    tz: Zone | None = None


class EvidenceRequest(Strict):
    """What shows that a promise was kept: the id of a message, a commit, a ticket, a deploy, or who says so."""

    kind: Literal["message", "commit", "ticket", "deploy", "person"]
    reference: Words


class KeepRequest(Strict):
    """That a promise was kept: when (now when absent), and by what that is shown (your word when absent)."""

    at: Time | None = None
    evidence: EvidenceRequest | None = None


class MoveRequest(Strict):
    """Another time for a promise."""

    due: Time
    why: Reason | None = None


class WithdrawRequest(Strict):
    """That a promise is taken back, and why."""

    why: Annotated[Reason, Meta(min_length=1)]


class AcceptRequest(Strict):
    """That a promise is taken on, and for whom where you write down another's word."""

    owner: Name | None = None


class DeclineRequest(Strict):
    """That a promise is refused."""

    why: Reason | None = None


class OfferRequest(Strict):
    """Who is asked to take a promise over."""

    to: Name
    why: Reason | None = None


class TellRequest(Strict):
    """That the change was told, and to whom."""

    to: Name | None = None


class SnoozeRequest(Strict):
    """Until when a promise does not remind."""

    until: Time


class UndoRequest(Strict):
    """Which event is undone; the last one that can be when absent."""

    event: str | None = None


REQUESTS = (
    AddRequest, MessageRequest, KeepRequest, MoveRequest, WithdrawRequest, AcceptRequest, DeclineRequest, OfferRequest, TellRequest,
    SnoozeRequest, UndoRequest,
)  # fmt: skip


def request_schemas() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


class ListQuery(msgspec.Struct):
    """Which promises are asked for."""

    incident: str | None
    owner: str | None
    everything: bool
    limit: int
    before: str | None


Asked = TypeVar("Asked", bound=Strict)


def decoder(kind: type[Asked]) -> msgspec.json.Decoder[Asked]:
    """What reads a body of a kind; made once."""
    return msgspec.json.Decoder(kind)


def read_act(body: bytes, kind: msgspec.json.Decoder[Asked]) -> Asked:
    """The body of an act; none at all is as good as an empty object. Raises MalformedJsonError, WrongFieldError."""
    return read_body(body.strip() or b"{}", kind)


def instant(words: str, field: str, tz: str | None = None) -> datetime:
    """An RFC 3339 time with its offset, or on the clock of `tz`. Raises WrongFieldError."""
    time = stated_time(_LOST_PLUS.sub(r"\1+", words), field)
    if time.tzinfo is not None:
        return time
    if tz is None:
        raise WrongFieldError(field, f"{field}: this time has no offset, so it could mean any zone", hint="write +00:00 behind it")
    return time.replace(tzinfo=zone_named(require_zone(tz)))


def instant_or_none(words: str | None, field: str, tz: str | None = None) -> datetime | None:
    """The same where no time may be given."""
    return None if words is None else instant(words, field, tz)


def require_zone(tz: str | None) -> str | None:
    """The zone itself. Raises WrongFieldError for one that there is not."""
    if tz is not None and zone_named(tz) is None:
        raise WrongFieldError("$.tz", f"$.tz: unknown time zone {tz!r:.60}", hint="write an IANA name such as Europe/London")
    return tz


def read_list(query: Mapping[str, str]) -> ListQuery:
    """Which promises an address asks for. Raises WrongFieldError."""
    state = query.get("state", "unsettled")
    if state not in ("unsettled", "all"):
        raise WrongFieldError("state", f"state: expected unsettled or all, got {state[:40]!r}")
    said = query.get("limit", str(_USUAL_LIMIT))
    limit = int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0
    if not 1 <= limit <= LIMIT:
        raise WrongFieldError("limit", f"limit: expected a whole number from 1 to {LIMIT}, got {said[:40]!r}")
    before = query.get("before")
    if before is not None and (state != "all" or not _ID.fullmatch(before)):
        hint = "take the id of the last promise of the answer before"
        raise WrongFieldError("before", "before: expected the id of a promise, together with state=all", hint=hint)
    return ListQuery(query.get("incident"), query.get("owner"), state == "all", limit, before)


def read_absence(query: Mapping[str, str]) -> tuple[str, datetime, datetime]:
    """Who is away, from when to when. Raises WrongFieldError."""
    for name in ("person", "leaves", "returns"):
        if not query.get(name):
            raise WrongFieldError(name, f"{name}: this parameter is missing", hint="the fields are described in /api/v1/openapi.json")
    return query["person"], instant(query["leaves"], "leaves"), instant(query["returns"], "returns")


def once(headers: Mapping[str, str], body: bytes, what: str, by: str = LOCAL_PERSON) -> str | None:
    """The id of what a request with a key makes, None where it has no key. Raises WrongFieldError for one that cannot be used."""
    key = headers.get(KEY)
    if key is None:
        return None
    if not re.fullmatch(KEY_PATTERN, key) or len(key) > KEY_LIMIT:
        raise WrongFieldError(KEY, f"{KEY}: expected 1 to {KEY_LIMIT} visible ASCII characters", hint="a fresh UUID will do")
    return id_once(key, body, by, what)
