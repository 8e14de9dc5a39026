"""Reads what a page sends: a form as browsers post it, or the JSON of our own script. Both become the same fields."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from amends.core.errors import InputError, TooLargeError
from amends.core.people import AUDIENCES

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BYTES = 4_000_000
"""The largest body a page may send: the longest draft that is kept, with every character escaped in the least compact way there is."""


class DraftFields(msgspec.Struct):
    """What a person writes and chooses; `based_on` is the version that they saw."""

    text: str = ""
    form: str = "auto"
    audience: str | None = None
    tz: str | None = None
    based_on: int | None = None


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


def wants_json(request: Request) -> bool:
    """Whether our script asks, not a browser on its own."""
    return request.headers.get("content-type", "").startswith("application/json")


def _from_form(body: bytes) -> DraftFields:
    try:
        pairs = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=50))
    except ValueError as error:
        raise InputError(f"the form cannot be read: {error}", hint="go back and send it again") from None
    based_on = pairs.get("based_on", "")
    return DraftFields(
        text=pairs.get("text", ""),
        form=pairs.get("form", "auto"),
        audience=pairs.get("audience"),
        tz=pairs.get("tz"),
        based_on=int(based_on) if based_on.isdecimal() and len(based_on) < 10 else None,
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
