"""Promises in people's calendars: a secret address that is shown once, the addresses in use, and the file that calendars fetch from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.interfaces.web.given import read_form, who

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

FRESH = {"cache-control": "no-store", "content-disposition": 'inline; filename="promises.ics"', "x-robots-tag": "noindex"}


class CalendarPages:
    """The addresses of calendars. Whoever knows the secret in one needs nothing else to read it."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/calendars", self.list, methods=["GET"])
        router.add_api_route("/calendars", self.subscribe, methods=["POST"])
        router.add_api_route("/calendars/{calendar_id}/revoke", self.revoke, methods=["POST"])
        router.add_api_route("/calendar/{token}.ics", self.feed, methods=["GET", "HEAD"])
        return router

    def list(self, request: Request, incident: str = "", revoked: str = "") -> Response:
        """The addresses that are in use."""
        return self._page(request, incident, revoked=bool(revoked))

    async def subscribe(self, request: Request) -> Response:
        """Make an address, and show it this once: the answer to the form itself, so that it stands in no history."""
        form = await read_form(request)
        return await run_in_threadpool(self._subscribe, request, form.get("incident", ""))

    def _subscribe(self, request: Request, incident_id: str) -> Response:
        by = who(request)
        made = self._usecases.calendars.subscribe(person=None if incident_id else by, incident_id=incident_id or None, by=by)
        base = self._usecases.due.team.link or str(request.base_url)
        return self._page(request, incident_id, address=f"{base.rstrip('/')}/calendar/{made.token}.ics")

    def revoke(self, request: Request, calendar_id: str) -> Response:
        """Let an address answer no more."""
        gone = self._usecases.calendars.revoke(calendar_id, by=who(request))
        about = f"incident={gone.incident_id}&" if gone.incident_id else ""
        return RedirectResponse(f"/calendars?{about}revoked=1", 303)

    def feed(self, token: str) -> Response:
        """The file that a calendar fetches."""
        return Response(self._usecases.calendars.feed(token), media_type="text/calendar; charset=utf-8", headers=FRESH)

    def _page(self, request: Request, incident_id: str, *, address: str = "", revoked: bool = False) -> Response:
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by) if incident_id else None
        in_use = self._usecases.calendars.list(person=None if incident else by, incident_id=incident_id or None, by=by)
        return self._pages.page(request, "calendars.html", incident=incident, in_use=in_use, address=address, revoked=revoked)
