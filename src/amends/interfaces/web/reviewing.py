"""The page of the review: what it still lacks as what to do now, the review as it stands below, and the way to take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError
from amends.interfaces.web.exports import FORMATS, sent
from amends.interfaces.web.given import may_write, who
from amends.interfaces.web.pages import reader_zone
from amends.narrative.review import SHAPES
from amends.usecases.downloads import of_paper, slug

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.narrative.gaps import Gap
    from amends.usecases.facade import UseCases

HERE = "/incidents/{incident_id}/review"
NAMES = {"review": "Review", "retro": "For the retro", "bug-report": "As a bug report", "plain": "In plain words"}
_OF_ACTIONS = ("action", "unaccepted", "unanswered")


class ReviewPages:
    """The addresses of the review. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        router.add_api_route(HERE, self.start, methods=["POST"])
        router.add_api_route(f"{HERE}/{{name}}", self.file, methods=["GET"])
        return router

    def page(self, request: Request, incident_id: str, shape: str = "review", root_cause: str = "") -> Response:
        """The review in one of its shapes, with what it lacks above it."""
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        shape = shape if shape in SHAPES else SHAPES[0]
        told = self._usecases.reviewing.of(incident_id, shape=shape, root_cause=bool(root_cause), zone=reader_zone(request), by=by)
        return self._pages.page(
            request, "review.html", incident=incident, paper=told.paper, gaps=[(gap, _place(gap)) for gap in told.gaps],
            heading=_heading(told.gaps), written=told.written, shape=shape, names=NAMES, formats=FORMATS, root_cause=bool(root_cause),
            may_write=may_write(self._usecases, by), here=f"/incidents/{incident.id}",
            met=self._usecases.recurring.met_before(incident_id, by=by),
        )  # fmt: skip

    def file(self, request: Request, incident_id: str, name: str, root_cause: str = "") -> Response:
        """One shape as a file, such as `retro.pdf`."""
        forms = {f"{shape}.{form}": (shape, form) for shape in SHAPES for form, _ in FORMATS}
        if name not in forms:
            raise NotFoundError("No page has this address.")
        shape, form = forms[name]
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        paper = self._usecases.reviewing.review(incident_id, shape=shape, root_cause=bool(root_cause), zone=reader_zone(request), by=by)
        return sent(of_paper(paper, form, f"{shape}-{slug(incident.title, incident.id)}"))

    async def start(self, request: Request, incident_id: str) -> Response:
        """Begin the shared text of the review, and write on in it; where there is one already, in that one."""
        by, zone = who(request), reader_zone(request)
        begun = await run_in_threadpool(lambda: self._usecases.reviewing.start(incident_id, zone=zone, by=by))
        return RedirectResponse(f"/incidents/{incident_id}/documents/{begun.head.id}/edit", 303)


def _heading(gaps: tuple[Gap, ...]) -> str:
    """What to do now, in one sentence."""
    if not gaps:
        return "Nothing is missing. Read the review out to each other."
    if gaps[0].code == "empty":
        return "Say first what happened."
    return "One thing is missing in the review." if len(gaps) == 1 else f"{len(gaps)} things are missing in the review."


def _place(gap: Gap) -> str:
    """Where a gap is filled: the end of the address of the page of the incident."""
    if gap.code in _OF_ACTIONS and gap.item is None:
        return "actions"
    return "timeline" if gap.code == "empty" else f"account#{gap.item}" if gap.item else "account"
