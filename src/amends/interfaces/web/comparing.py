"""The page that holds two pasted texts against each other: no incident is needed, and nothing of them is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from amends.core.errors import TooLargeError
from amends.core.people import AUDIENCES
from amends.interfaces.web import versions_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.responses import Response

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

KNOWN = (
    "At 15:30 UTC a release raised the pool of each payments pod from 10 to 40 connections. 258 of 831 payments failed until 16:19 UTC.\n\n"
    "Customers told us before our alert rang. We do not know yet how many cards were charged without an order."
)
EXAMPLE = (
    KNOWN,
    "This afternoon some payments were delayed. Our alerts found it right away, and it is fully understood.",
)
"""A review inside, and what was told of it: the one real example of the empty page."""


class ComparePage:
    """The address of the comparison."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/compare", self.page, methods=["GET"])
        router.add_api_route("/compare", self.compare, methods=["POST"])
        return router

    def page(self, request: Request, start: str = "") -> Response:
        """Two empty fields, or the example."""
        source, retold = EXAMPLE if start == "example" else ("", "")
        return self._compared(request, {"source": source, "retold": retold})

    async def compare(self, request: Request) -> Response:
        """What holding one text against the other finds; for our script only the parts that tell of it."""
        form = {name: value.replace("\r\n", "\n") for name, value in (await read_exact(request)).items()}
        return await run_in_threadpool(self._compared, request, form)

    def _compared(self, request: Request, form: Mapping[str, str]) -> Response:
        source, retold = form.get("source", ""), form.get("retold", "")
        audience = form.get("audience") if form.get("audience") in AUDIENCES else None
        drifts: tuple[Any, ...] = ()
        problems: tuple[Any, ...] = ()
        redactions: tuple[Any, ...] = ()
        status = 200
        if source.strip() and retold.strip():
            try:
                found = self._usecases.checking.compare(source, retold, audience)
                drifts, redactions, problems = found.comparison.drifts, found.comparison.redactions, found.problems
            except TooLargeError as error:
                problems, status = (error,), int(status_of(error))
        values: dict[str, Any] = {
            "shown": view.compared(source, retold, drifts, usable=not problems), "problems": problems, "redactions": redactions,
            "view": view, "given": bool(source.strip() and retold.strip()),
        }  # fmt: skip
        if "hx-request" in request.headers:
            return self._pages.part("_compare_parts.html", **values)
        return self._pages.page(
            request, "compare.html", status, source=source, retold=retold, audience=audience or "", audiences=AUDIENCES, **values
        )
