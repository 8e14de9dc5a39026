"""The page for a meeting about an incident: impact, what changed since last time, and what has to be decided, or that nothing has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from amends.core.incident import SentMessage
from amends.incidents.changes import since
from amends.interfaces.web.given import may_write, who
from amends.interfaces.web.incident_view import due_lines
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from amends.incidents.changes import Change
    from amends.incidents.event import IncidentEvent
    from amends.incidents.involved import Assignment
    from amends.incidents.story import Story
    from amends.interfaces.web.pages import Pages
    from amends.interfaces.web.today_view import Line
    from amends.usecases.facade import UseCases

AUDIENCE = "team"
"""Whom a meeting is for: what is private to somebody, or promised to others alone, is not read out in it."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a meeting is about: `last` is when people met before, None for the first time."""

    heading: str
    last: datetime | None
    impact: tuple[IncidentEvent, ...]
    changes: tuple[Change, ...]
    questions: tuple[IncidentEvent, ...]
    decisions: tuple[IncidentEvent, ...]
    due: tuple[Line, ...]
    people: tuple[Assignment, ...]

    @property
    def is_needed(self) -> bool:
        """Whether anything has to be decided."""
        return bool(self.questions)


class MeetingPage:
    """The address of the page."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The route, which does not belong to the API and runs in a thread: it asks the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/incidents/{incident_id}/meeting", self.meeting, methods=["GET"])
        return router

    def meeting(self, request: Request, incident_id: str) -> Response:
        """What people who sit down together need to see, on one page."""
        story = self._usecases.stories.of(incident_id, by=who(request))
        last = story.milestone("meeting")
        met = last.at if last else None
        changes = since(story, _told_at(story, met or story.incident.recorded_at), reader_zone(request))
        questions = story.standing("fact", "question")
        asked = {one.id for one in questions}
        agenda = Agenda(
            heading=_heading(len(questions)),
            last=met,
            impact=(*story.standing("fact", "impact"), *story.standing("fact", "number")),
            changes=tuple(one for one in changes if one.about not in asked),
            questions=questions,
            decisions=tuple(one for one in story.standing("fact", "decision") if met is None or one.recorded_at >= met),
            due=tuple(due_lines(story, ())),
            people=story.holding,
        )
        return self._pages.page(
            request,
            "meeting.html",
            agenda=agenda,
            incident=story.incident,
            now=story.now,
            trouble=Trouble(),
            may_write=may_write(self._usecases, who(request)),
            here=f"/incidents/{incident_id}",
        )


def _heading(questions: int) -> str:
    if not questions:
        return "Nothing is left to decide. Cancel the meeting."
    return "One thing is left to decide." if questions == 1 else f"{questions} things are left to decide."


def _told_at(story: Story, at: datetime) -> SentMessage:
    """The last meeting as an update that everybody in it heard: changes are counted from there."""
    return SentMessage("", "", 0, story.incident.id, AUDIENCE, "", at, at, "")
