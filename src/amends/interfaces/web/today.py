"""Today: what is due now, what was missed, what is unsent, and the one field that opens an incident."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.interfaces.web.given import may_write, read_form, who
from amends.interfaces.web.pages import zone_of
from amends.interfaces.web.today_view import AHEAD, PRESSING, today_view
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

FIELDS = ("title",)
FIRST = "first-message"


class TodayPage:
    """The address of the first page, and where its field leads."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.today, methods=["GET"])
        router.add_api_route("/incidents", self.open, methods=["POST"])
        return router

    def today(self, request: Request) -> Response:
        """What should I do now?"""
        return self._page(request, Trouble())

    async def open(self, request: Request) -> Response:
        """Own what happened; then on to the first message, which is begun with the same words."""
        form = await read_form(request)
        return await run_in_threadpool(self._open, request, form)

    def _open(self, request: Request, form: Mapping[str, str]) -> Response:
        by = who(request)
        said, tz = form.get("title", ""), form.get("tz") or None
        try:
            incident = self._usecases.incidents.open(said, tz=tz, by=by)
        except REFUSED as error:
            return self._page(request, trouble_with("open", error, form, FIELDS), 400)
        begun = self._usecases.beginning.start(incident.id, FIRST, tz=tz, by=by)
        draft = self._usecases.drafting.new(begun.text, FIRST, begun.audience, tz, incident_id=incident.id, by=by)
        return RedirectResponse(f"/drafts/{draft.id}", 303)

    def _page(self, request: Request, trouble: Trouble, status: int = 200) -> Response:
        by = who(request)
        view = self._usecases.today.of(by=by)
        actions = self._usecases.acting.open(by=by)
        reviews = [one for one in self._usecases.trust_reviews.open(by=by) if one.due_at - view.now <= AHEAD]
        follow_ups = self._usecases.playbooks.due(by=by)
        older = {one.incident_id for one in reviews}.union(one.run.incident_id for one in follow_ups) - view.incidents.keys()
        view = replace(view, incidents={**view.incidents, **{one: self._usecases.incidents.get(one, by=by) for one in older}})
        values = {"today_incidents": view.incidents, "most": PRESSING, "may_write": may_write(self._usecases, by)}
        values["looked_back"] = self._usecases.recurring.on_this_day(tz=zone_of(request), by=by)
        shown = today_view(view, actions, reviews, self._usecases.pulses.steps(by=by), follow_ups)
        return self._pages.page(request, "today.html", status, today=shown, trouble=trouble, **values)
