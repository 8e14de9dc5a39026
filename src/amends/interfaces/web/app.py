"""The workbench as one ASGI application: pages, their files, the theme switch, and pages for errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from amends.core.errors import AmendsError, NotFoundError, UsageError
from amends.interfaces.web.actions import ActionPages
from amends.interfaces.web.assets import Assets
from amends.interfaces.web.calendars import CalendarPages
from amends.interfaces.web.comparing import ComparePage
from amends.interfaces.web.compose import Compose
from amends.interfaces.web.documents import DocumentPages
from amends.interfaces.web.errors import status_of, title_of
from amends.interfaces.web.exports import ExportPages
from amends.interfaces.web.given import wants_json
from amends.interfaces.web.incidents import IncidentPages
from amends.interfaces.web.insights import InsightsPage
from amends.interfaces.web.library import Library
from amends.interfaces.web.live import Live
from amends.interfaces.web.meeting import MeetingPage
from amends.interfaces.web.messages import MessagePages
from amends.interfaces.web.narrating import AccountPages
from amends.interfaces.web.over_time import OverTimePage
from amends.interfaces.web.pages import THEME_COOKIE, THEMES, YEAR_S, Pages, theme_of
from amends.interfaces.web.playbooks import PlaybookPages
from amends.interfaces.web.practice import PracticePages
from amends.interfaces.web.practice_own import OwnPages
from amends.interfaces.web.practice_team import TeamPages
from amends.interfaces.web.promises import Promises
from amends.interfaces.web.pulse_form import PulseForm
from amends.interfaces.web.pulses import PulsePages
from amends.interfaces.web.recurring import RecurringPages
from amends.interfaces.web.reviewing import ReviewPages
from amends.interfaces.web.search import SearchPage
from amends.interfaces.web.sending import Sending
from amends.interfaces.web.settings import Settings
from amends.interfaces.web.signing import SignIn
from amends.interfaces.web.suggestions import SuggestionPages
from amends.interfaces.web.timelines import Timelines
from amends.interfaces.web.today import TodayPage
from amends.interfaces.web.trust import TrustPages
from amends.interfaces.web.trust_reviews import TrustReviewPages
from amends.interfaces.web.versions import VersionPages

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases


def create_app(usecases: UseCases) -> FastAPI:
    """The workbench over `usecases`, to be served behind the fence and the door. What else is served is mounted on it."""
    app = FastAPI(title="Amends workbench", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    assets = Assets()
    pages = Pages(assets, usecases.ids)
    app.include_router(TodayPage(usecases, pages).router())
    incidents = IncidentPages(usecases, pages)
    app.include_router(incidents.router())
    app.include_router(ActionPages(usecases, pages).router())
    app.include_router(MeetingPage(usecases, pages).router())
    app.include_router(MessagePages(usecases, pages).router())
    app.include_router(SearchPage(usecases, pages).router())
    app.state.pages = pages
    app.include_router(SignIn(usecases, pages).router())
    app.include_router(Settings(usecases, pages).router())
    app.include_router(Compose(usecases, pages).router())
    app.include_router(Library(usecases, pages).router())
    app.include_router(Sending(usecases, pages).router())
    app.include_router(Promises(usecases, pages).router())
    app.include_router(CalendarPages(usecases, pages).router())
    app.include_router(Timelines(usecases, pages).router())
    app.include_router(DocumentPages(usecases, pages).router())
    app.include_router(AccountPages(usecases, pages).router())
    app.include_router(OverTimePage(usecases, pages).router())
    app.include_router(InsightsPage(usecases, pages).router())
    app.include_router(VersionPages(usecases, pages).router())
    app.include_router(ComparePage(usecases, pages).router())
    app.include_router(SuggestionPages(usecases, pages).router())
    app.include_router(ReviewPages(usecases, pages).router())
    app.include_router(RecurringPages(usecases, pages).router())
    app.include_router(PulsePages(usecases, pages).router())
    app.include_router(PulseForm(usecases, pages).router())
    app.include_router(TrustReviewPages(usecases, pages).router())
    app.include_router(TrustPages(usecases, pages).router())
    app.include_router(PlaybookPages(usecases, pages).router())
    app.include_router(TeamPages(usecases, pages).router())
    app.include_router(OwnPages(usecases, pages).router())
    app.include_router(PracticePages(usecases, pages).router())
    app.include_router(ExportPages(usecases, pages).router())
    app.include_router(Live(usecases, incidents.one).router())
    _add_files(app, assets)
    _add_theme(app)
    _add_errors(app, pages)
    return app


def _add_files(app: FastAPI, assets: Assets) -> None:
    @app.get("/static/{version}/{name:path}", include_in_schema=False)
    async def file(request: Request, version: str, name: str) -> Response:
        return assets.response(request, version, name)

    @app.get("/favicon.ico", include_in_schema=False)
    async def icon() -> Response:
        return RedirectResponse(assets.url("icon.svg"), 308)


def _add_theme(app: FastAPI) -> None:
    @app.post("/theme", include_in_schema=False)
    async def theme(request: Request) -> Response:
        """The next theme, and back to the page where it was asked for."""
        chosen = THEMES[(THEMES.index(theme_of(request)) + 1) % len(THEMES)]
        response = RedirectResponse(_path_of(request.headers.get("referer", "")), 303)
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR_S, samesite="lax")
        return response


def _path_of(referer: str) -> str:
    """Only a path of ours: a redirect must not lead to where a foreign page says."""
    path = urlsplit(referer).path
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _add_errors(app: FastAPI, pages: Pages) -> None:
    def answer(request: Request, error: AmendsError, status: HTTPStatus) -> Response:
        if wants_json(request):
            return JSONResponse({"detail": error.message, "hint": error.hint, "code": error.code}, status)
        if "hx-request" in request.headers:
            return pages.part("refused.html", status, error=error)
        return pages.page(request, "error.html", status, title=title_of(status), error=error)

    async def ours(request: Request, error: Exception) -> Response:
        known = error if isinstance(error, AmendsError) else AmendsError("", hint="The server's log has the details.")
        status = status_of(known) if known is error else HTTPStatus.INTERNAL_SERVER_ERROR
        return answer(request, known, status)

    async def routing(request: Request, error: Exception) -> Response:
        status = HTTPStatus(getattr(error, "status_code", 500))
        told = NotFoundError("No page has this address.") if status is HTTPStatus.NOT_FOUND else UsageError(status.phrase + ".")
        response = answer(request, told, status)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    app.add_exception_handler(AmendsError, ours)
    app.add_exception_handler(Exception, ours)
    app.add_exception_handler(HTTPException, routing)
