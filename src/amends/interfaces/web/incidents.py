"""The pages of incidents: the list with its filters, and the one page where an incident is owned from its first minute to its review."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.incident import SEVERITIES, STATUSES
from amends.incidents.gates import GateError
from amends.incidents.stale import StaleError
from amends.interfaces.web import words
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import may_write, read_form, who
from amends.interfaces.web.incident_acts import Done, IncidentActs
from amends.interfaces.web.incident_view import incident_view, later_statuses, undo_of
from amends.interfaces.web.playbooks_line import line_of
from amends.interfaces.web.today_view import AHEAD
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.trust.review import HELD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from amends.incidents.gates import Gate
    from amends.interfaces.web.pages import Pages
    from amends.timeline.notes import Entry
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

LISTED = 50
MOST_OPEN = 100
LONGEST_Q = 200
OPEN, OVER = STATUSES[: STATUSES.index("resolved")], STATUSES[STATUSES.index("resolved") :]
"""Statuses of incidents that somebody works on, and of those that are over."""

FIELDS = {
    "status": ("status", "reason", "reached_at"), "severity": ("severity",), "title": ("title",), "start": ("started_at",),
    "follows": ("earlier",), "facts": ("text", "value", "at"), "milestones": ("at", "text"), "boxes": ("text",),
    "commits": ("sha", "subject"),
    "comments": ("text",), "functions": ("person",), "invite": ("person",), "let-in": ("why",),
    "stakeholders": ("name", "address", "size"), "links": ("target", "title"),
}  # fmt: skip
"""The fields of each form that can say beside themselves what is wrong."""


class IncidentPages:
    """The addresses of incidents."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages
        self._acts = IncidentActs(usecases)

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/incidents", self.all, methods=["GET"])
        router.add_api_route("/incidents/{incident_id}", self.one, methods=["GET"])
        router.add_api_route("/incidents/{incident_id}/let-in", self.closed, methods=["GET"])
        for act in self._acts.acts:
            router.add_api_route(f"/incidents/{{incident_id}}/{act}", self.act(act), methods=["POST"])
        return router

    # Looking

    def all(self, request: Request, status: str = "", severity: str = "", q: str = "", before: str = "") -> Response:
        """The open incidents, then those that are over; or those of a status, of a severity, or with some words in their title."""
        by = who(request)
        severities = (severity,) if severity in SEVERITIES else None
        kept = {"status": status if status in STATUSES else "", "severity": severity if severities else "", "q": q[:LONGEST_Q]}
        words_of = kept["q"].replace("\0", "") or None
        is_open: tuple[object, ...] = ()
        wanted: tuple[str, ...] = (status,) if kept["status"] else OVER
        if not kept["status"] and not before:
            is_open = self._usecases.incidents.list(limit=MOST_OPEN, statuses=OPEN, severities=severities, words=words_of, by=by)
        found = self._usecases.incidents.list(
            limit=LISTED + 1, statuses=wanted, severities=severities, words=words_of, before=before or None, by=by
        )
        rest, more = found[:LISTED], found[LISTED:]
        after = urlencode({name: value for name, value in (*kept.items(), ("before", rest[-1].id)) if value}) if more else ""
        return self._pages.page(
            request, "incidents.html", is_open=is_open, rest=rest, after=after, asked=kept, later=bool(before), statuses=STATUSES,
            severities=SEVERITIES, trouble=Trouble(),
        )  # fmt: skip

    def one(self, request: Request, incident_id: str, order: str = "", all: str = "", done: str = "", ref: str = "") -> Response:  # noqa: A002  # the word of the address
        """The page of an incident."""
        return self._one(request, incident_id, done=Done(done, ref), oldest_first=order == "oldest", every=bool(all))

    def closed(self, request: Request, incident_id: str) -> Response:
        """Where an owner of the workspace lets themselves into a private incident, with a reason that shows."""
        return self._pages.page(request, "let_in.html", incident_id=incident_id, trouble=Trouble())

    # Acting

    def act(self, name: str) -> Callable[..., Awaitable[Response]]:
        """The handler of one form."""

        async def handle(request: Request, incident_id: str) -> Response:
            form = await read_form(request)
            return await run_in_threadpool(self._acted, request, incident_id, name, form)

        return handle

    def _acted(self, request: Request, incident_id: str, name: str, form: Form) -> Response:
        by = who(request)
        try:
            done = self._acts.acts[name](incident_id, form, by)
        except GateError as error:
            trouble = Trouble(name, "reason", error.message, "", form)
            return self._one(request, incident_id, trouble=trouble, shut=error.gates, status=409)
        except REFUSED as error:
            typed = {**form, "replaces": _stands(error)} if form.get("replaces") and isinstance(error, StaleError) else form
            trouble = trouble_with(name, error, typed, FIELDS.get(name, ("",)))
            if name == "let-in":
                return self._pages.page(request, "let_in.html", int(status_of(error)), incident_id=incident_id, trouble=trouble)
            return self._one(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return RedirectResponse(_next(incident_id, form, done), 303)

    # Showing

    def _one(
        self,
        request: Request,
        incident_id: str,
        *,
        trouble: Trouble = Trouble(),
        done: Done = Done(""),
        shut: tuple[Gate, ...] = (),
        oldest_first: bool = False,
        every: bool = False,
        status: int = 200,
    ) -> Response:
        by = who(request)
        seq, _ = self._usecases.watching.begin(incident_id, by=by)  # before the story: what changes meanwhile is sent once more
        story = self._usecases.stories.of(incident_id, by=by)
        owed, silence = self._usecases.today.of_story(story)
        following = words.NEXT_STATUS.get(story.incident.status, ("",))[0]
        gates = self._usecases.incidents.gates(incident_id, following, by=by) if following in OVER else ()
        firsts = self._usecases.today.firsts_of(story)
        pinned = self._pinned(incident_id, by) if story.timeline is not None else ()
        reviews = self._usecases.trust_reviews.of_incident(incident_id, by=by)
        soon = [one for one in reviews if one.state != HELD and one.due_at - story.now <= AHEAD]
        view = incident_view(story, owed, silence, shut or gates, pinned, soon, oldest_first=oldest_first, every=every)
        return self._pages.page(
            request, "incident.html", status, view=view, incident=story.incident, story=story, trouble=trouble, shut=shut,
            done=words.INCIDENT_SAYS.get(done.says, ""), undo=undo_of(done, story), statuses=later_statuses(story.incident.status),
            severities=SEVERITIES, here=f"/incidents/{incident_id}", seq=seq, firsts=firsts, may_write=may_write(self._usecases, by),
            playbook=line_of(self._usecases, incident_id, by) if story.incident.removed_at is None else None,
            met=self._usecases.recurring.met_before(incident_id, by=by),
        )  # fmt: skip

    def _pinned(self, incident_id: str, by: str) -> tuple[Entry, ...]:
        """The entries of the timeline that somebody said the story needs."""
        entries = self._usecases.timelines.get(incident_id, by=by).entries
        return tuple(one for one in entries if one.marks.pinned and not one.marks.hidden and one.original)


def _next(incident_id: str, form: Form, done: Done) -> str:
    """Where an act leads back to: its incident, or the page of today where it was done there."""
    if form.get("back") == "/":
        return "/"
    if form.get("back") == "meeting":
        return f"/incidents/{incident_id}/meeting"
    return f"/incidents/{incident_id}?{urlencode({'done': done.says, **({'ref': done.ref} if done.ref else {})})}"


def _stands(error: StaleError) -> str:
    """The event that took the place of the one that somebody wanted to correct; their words go on from there, or are new ones."""
    return error.current.id if getattr(error.current, "what", "") == "fact" else ""
