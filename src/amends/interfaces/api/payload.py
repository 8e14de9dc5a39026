"""One check over HTTP: the fields of a line of `amends check --jsonl`, strictly typed, turned into a draft."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

from amends.core.errors import InputError, UnknownNameError
from amends.core.people import AUDIENCES, LOCAL_PERSON, SIGNED_IN
from amends.core.zones import zone_or_utc
from amends.interfaces.api.problems import WrongFieldError
from amends.language.records import Draft

if TYPE_CHECKING:
    from starlette.requests import Request

Body = TypeVar("Body")


class CheckRequest(msgspec.Struct):
    """What a client sends; keys that are not listed here are ignored, as in data rows everywhere."""

    text: str
    id: str | None = None
    form: str = "auto"
    audience: str | None = None
    at: str | None = None
    tz: str | None = None


class MalformedJsonError(InputError):
    """The body is no JSON; carries the line and column where it stops being it."""

    code = "malformed-json"

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} at line {line}, column {column}", hint="send one JSON object in UTF-8", line=line)
        self.column = column


FIRST_YEAR, LAST_YEAR = 1970, 9998
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60\b")
_decoder = msgspec.json.Decoder(CheckRequest)
encode = msgspec.json.Encoder().encode


def who(request: Request) -> str:
    """Who asks, for the use cases to decide what they may see and do."""
    return str(request.scope.get(SIGNED_IN, LOCAL_PERSON))


def read_draft(body: bytes, now: datetime) -> Draft:
    """The draft in a request body; `now` stands in where it has no time of its own.

    Raises MalformedJsonError, WrongFieldError or UnknownNameError (an audience that is none).
    """
    asked = read_body(body, _decoder)
    if asked.audience is not None and asked.audience not in AUDIENCES:
        raise UnknownNameError("audience", asked.audience, AUDIENCES)
    return Draft(
        text=asked.text,
        at=now if asked.at is None else read_time(asked.at, asked.tz),
        form=asked.form,
        audience=asked.audience,
        tz=asked.tz,
        id=asked.id,
    )


def read_body(body: bytes, decoder: msgspec.json.Decoder[Body]) -> Body:
    """A request body as its record. Raises MalformedJsonError and WrongFieldError."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _wrong_field(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(body, error) from None


def read_time(words: str, tz: str | None) -> datetime:
    """An RFC 3339 time; one without an offset is taken in the zone `tz`, or in UTC.

    Raises WrongFieldError for the field `$.at`, also for a year so early or late that counting from it would leave the calendar.
    """
    time = stated_time(words, "$.at")
    return time.replace(tzinfo=zone_or_utc(tz)) if time.tzinfo is None else time


def stated_time(words: str, field: str) -> datetime:
    """An RFC 3339 time as it was written, with or without an offset. Raises WrongFieldError; see `read_time`."""
    try:
        time = datetime.fromisoformat(_LEAP_SECOND.sub(":59", words.upper()))
    except ValueError:
        message = f"{field}: expected a time, got {words[:40]!r}"
        raise WrongFieldError(field, message, hint="write it as 2026-03-04T10:50:00+00:00") from None
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise WrongFieldError(field, f"{field}: the year {time.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return time


def _wrong_field(error: msgspec.ValidationError) -> WrongFieldError:
    message = str(error)
    missing = re.search(r"(?:missing required|contains unknown) field `([^`]+)`", message)
    place = re.search(r" - at `([^`]+)`$", message)
    field = f"$.{missing[1]}" if missing else place[1] if place else "$"
    plain = message[: place.start()] if place else message
    return WrongFieldError(field, f"{field}: {plain[0].lower()}{plain[1:]}", hint="the fields are described in /api/v1/openapi.json")


def _malformed(body: bytes, error: Exception) -> MalformedJsonError:
    """Where and why a body stops being JSON in UTF-8. Asks the slower decoder of the standard library, which knows the exact place."""
    if isinstance(error, RecursionError):
        return MalformedJsonError("the JSON is nested too deeply", 1, 1)
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        return MalformedJsonError("this is not UTF-8", *_place(body[: wrong.start].decode()))
    try:
        json.loads(text)
    except json.JSONDecodeError as wrong:
        what = "the JSON breaks off" if wrong.pos >= len(text.rstrip()) else "this is not JSON"
        return MalformedJsonError(what, wrong.lineno, wrong.colno)
    except RecursionError:
        return MalformedJsonError("the JSON is nested too deeply", 1, 1)
    return MalformedJsonError("this is not JSON", *_place(text))


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
