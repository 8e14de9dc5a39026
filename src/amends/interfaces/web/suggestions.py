"""The page of what a language model drafted: asking for a draft, seeing what was struck out and why, and adopting the rest by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import OutsideError, TooLargeError
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

HERE = "/incidents/{incident_id}/suggestions"
DONE = {"adopted": "It stands at the end of the version now, tied to its claims. Read it there as its reader will."}


class SuggestionPages:
    """The addresses of drafts by a model."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.all, methods=["GET"])
        router.add_api_route(HERE, self.ask, methods=["POST"])
        router.add_api_route(f"{HERE}/{{draft_id}}", self.one, methods=["GET"])
        router.add_api_route(f"{HERE}/{{draft_id}}/adopt", self.adopt, methods=["POST"])
        return router

    def all(self, request: Request, incident_id: str) -> Response:
        """The drafts of an incident, and the form to ask for one."""
        return self._page(request, incident_id)

    def one(self, request: Request, incident_id: str, draft_id: str, done: str = "") -> Response:
        """One draft, sentence by sentence."""
        return self._page(request, incident_id, draft_id, done=DONE.get(done, ""))

    async def ask(self, request: Request, incident_id: str) -> Response:
        """Have the model draft; it takes as long as a model takes."""
        form = await read_form(request)
        return await run_in_threadpool(self._ask, request, incident_id, form)

    async def adopt(self, request: Request, incident_id: str, draft_id: str) -> Response:
        """Take over what was ticked, and what was put into other words."""
        form = await read_form(request)
        return await run_in_threadpool(self._adopt, request, incident_id, draft_id, form)

    def _ask(self, request: Request, incident_id: str, form: Form) -> Response:
        audience, purpose = form.get("audience", "team"), form.get("purpose", "version")
        try:
            made = self._usecases.suggesting.draft(
                incident_id, audience, purpose=purpose, private_too=bool(form.get("private_too")), by=who(request)
            )
        except (*REFUSED, OutsideError, TooLargeError) as error:
            return self._page(request, incident_id, trouble=trouble_with("ask", error, form, ("none",)), status=int(status_of(error)))
        return RedirectResponse(f"/incidents/{incident_id}/suggestions/{made.draft.id}", 303)

    def _adopt(self, request: Request, incident_id: str, draft_id: str, form: Form) -> Response:
        try:
            self._usecases.suggesting.adopt(incident_id, draft_id, _taken(form), by=who(request))
        except REFUSED as error:
            trouble = trouble_with("adopt", error, form, ("none",))
            return self._page(request, incident_id, draft_id, trouble=trouble, status=int(status_of(error)))
        return RedirectResponse(f"/incidents/{incident_id}/suggestions/{draft_id}?done=adopted", 303)

    def _page(
        self,
        request: Request,
        incident_id: str,
        draft_id: str | None = None,
        *,
        done: str = "",
        trouble: Trouble = Trouble(),
        status: int = 200,
    ) -> Response:
        by, suggesting = who(request), self._usecases.suggesting
        values: dict[str, Any] = {
            "incident": self._usecases.incidents.get(incident_id, by=by),
            "one": suggesting.get(incident_id, draft_id, by=by) if draft_id is not None else None,
            "listed": suggesting.of_incident(incident_id, by=by),
            "allowed": suggesting.allowed(by=by),
        }
        return self._pages.page(request, "suggestions.html", status, done=done, trouble=trouble, **values)


def _taken(form: Form) -> dict[int, str | None]:
    """The sentences that were ticked, and those that were put into other words, by their numbers."""
    taken: dict[int, str | None] = {}
    for name, value in form.items():
        what, _, number = name.partition("-")
        if what in ("take", "text") and value and number.isascii() and number.isdecimal() and len(number) < 4:
            taken[int(number)] = value if what == "text" else taken.get(int(number))
    return taken
