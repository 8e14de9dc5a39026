"""Renders pages: templates with escaping always on, a strict content policy, and the theme that the reader chose."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from amends.interfaces.web import words
from amends.interfaces.web.security import content_policy

if TYPE_CHECKING:
    from starlette.requests import Request

    from amends.core.ports import Ids
    from amends.interfaces.web.assets import Assets

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "amends-theme"


class Pages:
    """The templates, and what every page needs."""

    def __init__(self, assets: Assets, ids: Ids) -> None:
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
        self._templates.globals.update(asset=assets.url, words=words)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page."""
        nonce = self._ids.new()
        html = self._templates.get_template(template).render(theme=theme_of(request), path=request.url.path, nonce=nonce, **values)
        return HTMLResponse(html, status, {"content-security-policy": content_policy(nonce), "cache-control": "no-store"})

    def part(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Parts of a page, for htmx to put in their places."""
        return HTMLResponse(self._templates.get_template(template).render(**values), status, {"cache-control": "no-store"})


def theme_of(request: Request) -> str:
    """The reader's theme: `auto` follows the system."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"
