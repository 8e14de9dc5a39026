"""The page of insights: what changes over time over all incidents together, each figure with its plot, its table and its trap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from amends.interfaces.web.given import who
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.plotting import plot
from amends.trust.figures import length
from amends.trust.periods import COUNT, LENGTHS

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.trust.insights import Insights
    from amends.trust.statistics import Verdict
    from amends.usecases.facade import UseCases

TONES: dict[Verdict, str] = {
    "improved": "kept", "probably improved": "kept", "cannot tell yet": "quiet", "probably worse": "late", "worse": "missed",
}  # fmt: skip


class InsightsPage:
    """The address of the page. It runs in a thread: it asks the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The route, which does not belong to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/insights", self.page, methods=["GET"])
        return router

    def page(self, request: Request, by: str = "quarter") -> Response:
        """All figures; months where the address says so, quarters for anything else."""
        kind = by if by in LENGTHS else "quarter"
        insights, count, zone = self._usecases.insights, 12 if kind == "month" else COUNT, reader_zone(request)
        read, total = insights.read_some(kind, count=count, zone=zone, by=who(request))
        if read < total:
            return self._pages.page(request, "insights_reading.html", read=read, total=total, kind=kind)
        found = insights.over(kind, count=count, zone=zone, by=who(request))
        running = found.periods[-1].name if found.periods else None
        plots = {one.id: plot(one.figures, one.unit, running) for one in found.metrics}
        return self._pages.page(
            request, "insights.html", found=found, kind=kind, heading=heading(found), tones=TONES, plots=plots, running=running,
            length=length,
        )  # fmt: skip


def heading(found: Insights) -> str:
    """What to do now, in one sentence."""
    if not found.incidents:
        return "Nothing can be told yet: write your incidents down here."
    told: tuple[tuple[Verdict, str], ...] = (
        ("worse", "Look at what got worse"), ("probably worse", "Look at what probably got worse"),
        ("improved", "Something got better"), ("probably improved", "Something probably got better"),
    )  # fmt: skip
    for verdict, says in told:
        titles = [one.title for one in found.metrics if one.judged.verdict == verdict]
        if titles:
            return f"{says}: {titles[0][0].lower()}{titles[0][1:]}."
    return "No change can be told yet; keep writing down what happens."
