"""Reads what a page sends: a form as browsers post it, or the JSON of our own script. Both become the same fields."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from amends.core.errors import InputError, TooLargeError
from amends.core.people import AUDIENCES, LOCAL_PERSON, ROLES, SIGNED_IN
from amends.core.zones import zone_named

if TYPE_CHECKING:
    from starlette.requests import Request

    from amends.usecases.facade import UseCases

MAX_BYTES = 4_000_000
"""The largest body a page may send: the longest draft that is kept, with every character escaped in the least compact way there is."""

MOST_FIELDS = 120
READER = ROLES[-1]
FIRST_YEAR, LAST_YEAR = 1970, 9000


class DraftFields(msgspec.Struct):
    """What a person writes and chooses; `based_on` is the version that they saw, `then` where they want to go next."""

    text: str = ""
    form: str = "auto"
    audience: str | None = None
    tz: str | None = None
    based_on: int | None = None
    then: str = ""


_decode = msgspec.json.Decoder(DraftFields).decode


async def read_fields(request: Request) -> DraftFields:
    """The fields of a request. Raises InputError for a body that is neither a form nor our JSON, TooLargeError above `MAX_BYTES`."""
    body = await _read(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            fields = _decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"the request cannot be read: {error}", hint="reload the page") from None
    else:
        fields = _from_form(body)
    fields.text = fields.text.replace("\r\n", "\n").replace("\r", "\n")
    fields.form = fields.form or "auto"
    fields.audience = fields.audience if fields.audience in AUDIENCES else None
    fields.tz = (fields.tz or "").strip() or None
    return fields


def who(request: Request) -> str:
    """Who asks, for the use cases to decide what they may see and do."""
    return str(request.scope.get(SIGNED_IN, LOCAL_PERSON))


def may_write(usecases: UseCases, by: str) -> bool:
    """Whether a page offers its forms to somebody; the use cases decide once more when one is sent."""
    return usecases.people.me(by=by).role != READER


def wants_json(request: Request) -> bool:
    """Whether our script asks, not a browser on its own."""
    return request.headers.get("content-type", "").startswith("application/json")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as they were typed, without outer spaces. Raises InputError and TooLargeError, as `read_fields` does."""
    return {name: value.strip() for name, value in _pairs(await _read(request)).items()}


async def read_exact(request: Request) -> dict[str, str]:
    """The same with every space as it was typed: a password may begin with one."""
    return _pairs(await _read(request))


def zone_of(name: str) -> tzinfo:
    """The time zone of that name, UTC for none. Raises InputError for one that nobody knows."""
    if name in ("", "UTC"):
        return UTC
    zone = zone_named(name[:64])
    if zone is None:
        raise InputError(f"there is no time zone {name[:64]!r}", hint="write it like Europe/London, or UTC", field="tz")
    return zone


def local_time(written: str, tz: str, field: str) -> datetime:
    """The instant that the clock of a zone shows as `written`, the way browsers write it. Raises InputError where it shows no such time."""
    zone = zone_of(tz)
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise InputError(f"{written[:40]!r} is no date with a time", hint="write it like 2026-03-04 15:30", field=field) from None
    at = read if read.tzinfo else read.replace(tzinfo=zone)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise InputError(f"the year {at.year} is out of reach", hint="give a time that people will see", field=field)
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise InputError("the clocks skip this time that day", hint="choose a time before or after the change", field=field)
    return at


def _pairs(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise InputError(f"the form cannot be read: {error}", hint="go back and send it again") from None


def _from_form(body: bytes) -> DraftFields:
    pairs = _pairs(body)
    based_on = pairs.get("based_on", "")
    return DraftFields(
        text=pairs.get("text", ""),
        form=pairs.get("form", "auto"),
        audience=pairs.get("audience"),
        tz=pairs.get("tz"),
        based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 10 else None,
        then=pairs.get("then", ""),
    )


async def _read(request: Request) -> bytes:
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise TooLargeError(f"a page may send at most {MAX_BYTES:,} bytes", hint="check long documents with: amends check FILE")
        parts.append(part)
    return b"".join(parts)
