"""Renders pages: templates with escaping always on, a strict content policy, and the theme that the reader chose."""

from __future__ import annotations

import gzip
import os
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from amends.core.people import LOCAL_PERSON
from amends.core.zones import zone_named
from amends.interfaces.web import navigation, words
from amends.interfaces.web.given import who
from amends.interfaces.web.promises_view import say_away, say_length
from amends.interfaces.web.security import content_policy
from amends.interfaces.web.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from starlette.requests import Request

    from amends.core.ports import Ids
    from amends.interfaces.web.assets import Assets

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "amends-theme"
ZONE_COOKIE = "amends-zone"
STYLE = "amends.css"
STYLE_COOKIE = "amends-style"
"""Says which style sheet a browser has. The first page brings it along: on a slow network every other file costs two seconds."""

YEAR_S = 365 * 24 * 3600
QUICKLY = 4
"""How hard whole pages, and data for them, are compressed: most of the gain for a quarter of a millisecond."""


class Pages:
    """The templates, and what every page needs."""

    def __init__(self, assets: Assets, ids: Ids) -> None:
        self._assets = assets
        self._ids = ids
        folder = os.path.join(os.path.dirname(__file__), "templates")
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(asset=assets.url, words=words, navigation=navigation, no_trouble=Trouble())
        self._templates.filters["sentence"] = words.sentence
        self._templates.filters["person"] = words.person
        self._templates.filters["at"] = say_at
        self._templates.filters["clock"] = say_clock
        self._templates.filters["away"] = say_away
        self._templates.filters["length_of"] = lambda seconds: say_length(seconds // 60)
        self._templates.filters["plain"] = words.plain

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A whole page."""
        nonce = self._ids.new()
        by = who(request)
        signed_in = None if by == LOCAL_PERSON else by
        first = request.cookies.get(STYLE_COOKIE) != self._assets.version
        frame = {"theme": theme_of(request), "path": request.url.path, "signed_in": signed_in, "nonce": nonce}
        style = self._assets.text(STYLE) if first else None
        html = self._templates.get_template(template).render(**frame, **values, style=style)
        headers = {"content-security-policy": content_policy(nonce)}
        response = _packed(request, html.encode(), "text/html", status, headers)
        if first:
            response.set_cookie(STYLE_COOKIE, self._assets.version, max_age=YEAR_S, samesite="lax", httponly=True)
        return response

    def sheet(self, *names: str) -> str:
        """Style sheets as text, for a page that must bring along all it needs, because each request of a browser can leave a trace."""
        return Markup("\n").join(self._assets.text(name) for name in names)

    def data(self, request: Request, value: object) -> Response:
        """Plain values for a script."""
        return _packed(request, msgspec.json.encode(value), "application/json")

    def part(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Parts of a page, for htmx to put in their places."""
        return HTMLResponse(self._templates.get_template(template).render(**values), status, {"cache-control": "no-store"})


def _packed(request: Request, body: bytes, kind: str, status: int = 200, more: dict[str, str] | None = None) -> Response:
    """An answer that is not kept, compressed where the reader takes that."""
    headers = {**(more or {}), "cache-control": "no-store", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body, QUICKLY)
    return Response(body, status, headers, kind)


def say_at(at: datetime) -> str:
    """An instant in full, in UTC: what stands on a page until the script turns it to the reader's zone."""
    at = at.astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M} UTC"


def say_clock(at: datetime) -> str:
    """An instant of a timeline in UTC, to the second, and to the part of it that a source told."""
    at = at.astimezone(UTC)
    part = f".{at.microsecond:06}".rstrip("0") if at.microsecond else ""
    return f"{at.day} {at:%b}, {at:%H:%M:%S}{part} UTC"


def reader_zone(request: Request) -> tzinfo:
    """The zone of the reader's clock, as our script told it; UTC until it has, or where nobody knows it."""
    return zone_named(unquote(request.cookies.get(ZONE_COOKIE, "UTC"))[:64]) or UTC


def zone_of(request: Request) -> str | None:
    """The name of the reader's zone; None where nobody knows it."""
    return getattr(reader_zone(request), "key", None)


def theme_of(request: Request) -> str:
    """The reader's theme: `auto` follows the system."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"
