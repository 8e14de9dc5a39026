"""Search over everything that is written here: a page of hits, and what the palette offers while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from markupsafe import Markup, escape

from amends.interfaces.web import words
from amends.interfaces.web.given import who
from amends.interfaces.web.pages import reader_zone

if TYPE_CHECKING:
    from amends.core.search import Hit, Snippet
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

LISTED = 20
OFFERED = 8
"""How many hits the palette shows below its own commands."""

OFFERED_KINDS = "kind:incident kind:action"


class SearchPage:
    """The addresses of search. They run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/search", self.search, methods=["GET"])
        router.add_api_route("/search/offers", self.offers, methods=["GET"])
        return router

    def search(self, request: Request, q: str = "", after: str = "") -> Response:
        """What was found, the best first."""
        start = int(after) if after.isdecimal() and len(after) < 6 else 0
        found = None
        if q.strip():
            found = self._usecases.searching.find(q, by=who(request), limit=LISTED, after=start, zone=reader_zone(request))
        rows = [(hit, address(hit), marked(hit.title), marked(hit.snippet)) for hit in found.hits] if found else []
        seen = start + len(rows)
        following = urlencode({"q": q, "after": seen}) if found and seen < found.total else ""
        return self._pages.page(
            request, "search.html", q=q, found=found, rows=rows, start=start, following=following, kinds=words.HIT_NAMES
        )

    def offers(self, request: Request, q: str = "") -> Response:
        """Incidents and action items with these words, for the palette."""
        text = f"{q} {OFFERED_KINDS}" if q.strip() else ""
        hits = self._usecases.searching.find(text, by=who(request), limit=OFFERED).hits if text else ()
        return self._pages.data(request, [{"name": named(hit), "href": address(hit), "kind": words.HIT_NAMES[hit.kind]} for hit in hits])


def named(hit: Hit) -> str:
    """A hit in one line of plain words."""
    return hit.title.text or hit.snippet.text


def address(hit: Hit) -> str:
    """Where a hit is read."""
    if hit.kind in ("promise", "draft"):
        return f"/{hit.kind}s/{hit.ref}"
    if hit.incident_id is None:
        return "/search"
    here = f"/incidents/{hit.incident_id}"
    ends = {
        "fact": f"?all=1#event-{hit.ref}",
        "comment": f"?all=1#event-{hit.ref}",
        "message": f"?all=1#message-{hit.ref}",
        "action": "/actions",
        "document": f"/documents/{hit.ref}",
        "note": "/timeline",
        "evidence": "/timeline",
        "link": "#links",
        "stakeholder": "#knows",
        "point": f"/account#point-{hit.ref}",
    }
    return here + ends.get(hit.kind, "")


def marked(snippet: Snippet) -> Markup:
    """A part of a text with the words that were found marked."""
    made, at = Markup(""), 0
    for start, end in snippet.marks:
        made += escape(snippet.text[at:start]) + Markup("<mark>{}</mark>").format(snippet.text[start:end])
        at = end
    return made + escape(snippet.text[at:])
