"""Today: what is due now, what was missed, what is unsent, and the one field that opens an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.interfaces.web.given import who

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases


class TodayPage:
    """The address of the first page."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.today, methods=["GET"])
        return router

    async def today(self, request: Request) -> Response:
        """What should I do now?"""
        by = who(request)
        look = await run_in_threadpool(lambda: self._usecases.due.look(by=by))
        return self._pages.page(request, "today.html", look=look)
