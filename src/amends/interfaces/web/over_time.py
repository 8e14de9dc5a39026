"""The page of an account over time: how honest the status was, which promise came again without a date, and how the account changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from amends.interfaces.web.given import may_write, who
from amends.interfaces.web.pages import reader_zone

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.narrative.contradicting import Quoted
    from amends.narrative.honesty import Figure, StatusHonesty
    from amends.usecases.facade import UseCases

HERE = "/incidents/{incident_id}/account/history"
NAMES = {
    "contradicted": "Turned out to be wrong",
    "put-right": "Put right",
    "found-first": "Found by us first",
    "softened": "Softened",
    "repeated": "Promised again without a date",
    "in-time": "Updates in time",
    "first-honest": "The first honest status",
}
SOURCES = {"message": "Message", "account": "Account", "measure": "Measure", "record": "Record", "promise": "Promise"}
_WORSE_WITH_MORE = ("contradicted", "softened", "repeated")


class OverTimePage:
    """The address of the page. It runs in a thread: it asks the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The route, which does not belong to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        return router

    def page(self, request: Request, incident_id: str) -> Response:
        """The figures with all that they rest on, and the history of the account, newest first."""
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        found = self._usecases.honesty.of(incident_id, zone=reader_zone(request), by=by)
        changes = self._usecases.honesty.history(incident_id, by=by)
        return self._pages.page(
            request, "account_history.html", incident=incident, found=found, changes=tuple(reversed(changes)), heading=_heading(found),
            names=NAMES, sources=SOURCES, tone=_tone, place=_place, here=f"/incidents/{incident.id}",
            may_write=may_write(self._usecases, by),
        )  # fmt: skip


def _heading(found: StatusHonesty) -> str:
    """What to do now, in one sentence."""
    wrong = sum(not part.counts for part in found.get("put-right").parts)
    if wrong:
        return (
            "One message says what turned out to be wrong. Correct it."
            if wrong == 1
            else f"{wrong} messages turned out wrong. Correct them."
        )
    if any(one.ended is None for one in found.repeated):
        return "Give a date to what was promised again, or take it back."
    if not any(one.known or one.n for one in found.figures):
        return "Nothing can be told yet: nobody was told anything."
    return "Nothing that was told has to be put right, as far as is known."


def _tone(figure: Figure) -> tuple[str, str]:
    """How a figure looks, and says, at a glance."""
    if figure.n == 0:
        return "quiet", "Cannot tell yet"
    if figure.name == "first-honest":
        return ("kept", "There is one") if figure.count else ("missed", "There is none")
    says = f"{figure.count} of {figure.n}"
    if not figure.known and (figure.count == 0 or figure.name not in _WORSE_WITH_MORE):
        return "quiet", says  # too few to praise or to worry
    if figure.name in _WORSE_WITH_MORE:
        return ("missed" if figure.count else "kept"), says
    return ("kept" if figure.count == figure.n else "late"), says


def _place(quoted: Quoted, here: str) -> str:
    """Where quoted words stand."""
    if quoted.source == "message":
        return f"{here}/messages#message-{quoted.id}"
    if quoted.source == "promise":
        return f"/promises/{quoted.id}"
    return f"{here}/account#{quoted.id}" if quoted.source in ("account", "measure") else here
