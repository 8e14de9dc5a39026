"""What somebody opens who was asked: one calm page without an account, without script, without a cookie, and without a trace.

The form is sent to an address that holds no secret, so that the way back shows none; a link that has answered shows the same form again,
so that whoever handed the links out cannot look who answered. None of these requests is written to the log of the server.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, UsageError
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_form
from amends.interfaces.web.pages import STYLE
from amends.interfaces.web.pulse_view import GROUP_WORDS
from amends.trust.anonymity import LIVE
from amends.trust.pairing import CODE_LIMIT
from amends.trust.scoring import COMMENT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases
    from amends.usecases.pulses import Asked

PLACE = "/p"
"""Where links lead: short, because people copy it by hand."""

CANNOT_SAY = "x"
_NO_FORM = "no form stands at this address"
_WHOLE_LINK = (
    "if you sent yours and were thanked, it was taken, and you can close this page; to answer, open the whole link that you were given"
)
_LOGS = ("uvicorn.access", "gunicorn.access", "hypercorn.access")


class Unlogged(logging.Filter):
    """Keeps the lines about links of a pulse out of a server's log: when somebody came, and from where, is nobody's business."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line may be written."""
        said = record.getMessage()
        return f" {PLACE}/" not in said and f" {PLACE} " not in said and "/pulse/answers" not in said and "/pulse/asked" not in said


def keep_out_of_logs() -> None:
    """See that no access log of this process tells of links, whoever started the server."""
    for name in _LOGS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, Unlogged) for one in logger.filters):
            logger.addFilter(Unlogged())


class PulseForm:
    """The addresses of the form."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages
        keep_out_of_logs()

    def router(self) -> APIRouter:
        """The routes, which are open to everybody."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(f"{PLACE}/{{token}}", self.ask, methods=["GET", "HEAD"])
        router.add_api_route(PLACE, self.nothing, methods=["GET"])
        router.add_api_route(PLACE, self.take, methods=["POST"])
        return router

    def ask(self, request: Request, token: str) -> Response:
        """The form behind a link, or the same quiet page for every link that takes no answer."""
        try:
            return self._page(request, token=token, asked=self._usecases.pulses.asked(token))
        except (NotFoundError, ConflictError) as error:
            return self._page(request, int(status_of(error)), error=error)

    def nothing(self, request: Request) -> Response:
        """What stands where forms are sent to, for who opens that address: the same for all, as nothing tells who has answered."""
        return self._page(request, error=NotFoundError(_NO_FORM, hint=_WHOLE_LINK))

    async def take(self, request: Request) -> Response:
        """Take what was answered, and say thank you; where something is missing, the form comes back with everything that was chosen."""
        typed = await read_form(request)
        return await run_in_threadpool(self._taken, request, typed)

    def _taken(self, request: Request, typed: Mapping[str, str]) -> Response:
        token = typed.get("link", "")
        try:
            asked = self._usecases.pulses.asked(token)
            try:
                scores = {one.number: _score(typed[one.id]) for one in asked.items if typed.get(one.id)}
                comments = {one.id: typed.get(one.id, "") for one in asked.questions}
                self._usecases.pulses.answer(token, scores, comments=comments, code=typed.get("code", ""))
            except (UsageError, InputError) as error:
                return self._page(request, int(status_of(error)), token=token, asked=asked, typed=typed, error=error)
        except (NotFoundError, ConflictError) as error:
            return self._page(request, int(status_of(error)), error=error)
        return self._page(request, is_done=True)

    def _page(
        self,
        request: Request,
        status: int = 200,
        *,
        token: str = "",
        asked: Asked | None = None,
        typed: Mapping[str, str] | None = None,
        error: AmendsError | None = None,
        is_done: bool = False,
    ) -> Response:
        response = self._pages.page(
            request, "pulse_form.html", status, link=token, asked=asked, typed=typed or {}, error=error, is_done=is_done,
            place=PLACE, most=COMMENT_LIMIT, code_most=CODE_LIMIT, live=LIVE,
            sheet=self._pages.sheet(STYLE, "pulse.css"), group_words=GROUP_WORDS,
        )  # fmt: skip
        response.headers["referrer-policy"] = "no-referrer"
        response.headers["x-robots-tag"] = "noindex"
        if "set-cookie" in response.headers:
            del response.headers["set-cookie"]  # whoever answers gets nothing that is sent back later
        return response


def _score(typed: str) -> int | None:
    """A score, None for "cannot say"; what is neither is a score that the pulse refuses."""
    if typed == CANNOT_SAY:
        return None
    return int(typed) if typed.isdecimal() and len(typed) == 1 else 0
