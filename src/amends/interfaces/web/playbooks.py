"""The pages of playbooks: the library, one as a document, beginning one for an incident, and a run with its artifacts beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import ConflictError, NotFoundError, UnknownNameError
from amends.interfaces.web import playbooks_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.playbooks.known import WORD
from amends.usecases.playbook_gates import PlaybookGateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from amends.interfaces.web.pages import Pages
    from amends.playbooks.state import RunState
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

HERE = "/incidents/{incident_id}/playbooks"
RUN = f"{HERE}/{{run_id}}"
RECENT = 8
"""How many incidents are offered to begin a playbook for."""
FIELDS = {
    "fill": ("ref", "person", "text", "said_at"), "unknown": ("person", "asked_at"), "answer": ("person",), "override": ("why",),
    "decide": ("text",), "reply": ("text",), "follow-up": ("text",), "hand-over": ("person",), "stop": ("why",),
}  # fmt: skip
"""The fields of each form that can say beside themselves what is wrong."""

ON_TOP = ("answer", "override", "fill", "unknown", "decide", "reply", "follow-up", "undo", "finish")
"""Acts that are refused above everything: what happened meanwhile may have taken their form off the page."""


class PlaybookPages:
    """The addresses of playbooks. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/playbooks", self.library, methods=["GET"])
        router.add_api_route("/playbooks/{playbook_id}", self.playbook, methods=["GET"])
        router.add_api_route(HERE, self.of_incident, methods=["GET"])
        router.add_api_route(HERE, self.start, methods=["POST"])
        router.add_api_route(RUN, self.run, methods=["GET"])
        router.add_api_route(f"{RUN}/{{act}}", self.act, methods=["POST"])
        return router

    # The library

    def library(self, request: Request) -> Response:
        """All playbooks, by the situation that they are for."""
        use = self._usecases.playbooks
        return self._pages.page(request, "playbooks.html", playbooks=use.list(), wrong=use.wrong(), is_own=use.shelf.is_own)

    def playbook(self, request: Request, playbook_id: str) -> Response:
        """One playbook, as a document."""
        try:
            found = self._usecases.playbooks.get(playbook_id)
        except UnknownNameError as error:
            raise NotFoundError("There is no such playbook.", hint="The library lists those that there are.") from error
        incidents = self._usecases.incidents.list(limit=RECENT, by=who(request))
        return self._pages.page(request, "playbook.html", one=found, view=view, incidents=incidents, now=self._usecases.clock.now())

    # For an incident

    def of_incident(self, request: Request, incident_id: str, begin: str = "") -> Response:
        """What may help an incident now, what runs for it, and the forms to begin one."""
        return self._of_incident(request, incident_id, begin=begin)

    async def start(self, request: Request, incident_id: str) -> Response:
        """Begin a playbook; a refusal comes back with its reason, the first step instead, and every word that was typed."""
        form = await read_form(request)
        return await run_in_threadpool(self._start, request, incident_id, form)

    def _start(self, request: Request, incident_id: str, form: Form) -> Response:
        name = form.get("playbook", "")
        answers = {key.removeprefix("gate-"): value == "yes" for key, value in form.items() if key.startswith("gate-") and value}
        overrides = {key.removeprefix("why-"): value for key, value in form.items() if key.startswith("why-") and value.strip()}
        try:
            now = self._usecases.playbooks.start(
                incident_id, name, lead=form.get("person"), answers=answers, overrides=overrides, by=who(request)
            )
        except REFUSED as error:
            trouble = trouble_with(f"start-{name}", error, form, ("person",))
            shut = error.gates if isinstance(error, PlaybookGateError) else ()
            return self._of_incident(request, incident_id, begin=name, trouble=trouble, shut=shut, status=int(status_of(error)))
        return RedirectResponse(f"/incidents/{incident_id}/playbooks/{now.run.id}", 303)

    def _of_incident(
        self,
        request: Request,
        incident_id: str,
        begin: str = "",
        trouble: Trouble = Trouble(),
        shut: tuple[Any, ...] = (),
        status: int = 200,
    ) -> Response:
        by = who(request)
        use = self._usecases.playbooks
        incident = self._usecases.incidents.get(incident_id, by=by)
        runs, offered = use.of_incident(incident_id, by=by), use.offered(incident_id, by=by)
        named = {one.playbook.id for one in offered} | {one.playbook.id for one in runs if one.is_open}
        others = tuple(one for one in use.list() if one.id not in named)
        return self._pages.page(
            request, "incident_playbooks.html", status, incident=incident, runs=runs, offered=offered, others=others, begin=begin,
            trouble=trouble, shut=shut, view=view, may_write=may_write(self._usecases, by), now=self._usecases.clock.now(),
        )  # fmt: skip

    # A run

    def run(self, request: Request, incident_id: str, run_id: str, step: str = "", done: str = "") -> Response:
        """A run: what to do now, the step with its artifact, and everything else folded."""
        return self._run(request, incident_id, run_id, step=step, done=done)

    async def act(self, request: Request, incident_id: str, run_id: str, act: str) -> Response:
        """One act in a run, then back to its step; what cannot be taken comes back with every word of it."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, incident_id, run_id, act, form)

    def _acted(self, request: Request, incident_id: str, run_id: str, act: str, form: Form) -> Response:
        acts: dict[str, Callable[[str, Form, str], RunState]] = {
            "answer": self._answer, "override": self._override, "fill": self._fill, "unknown": self._unknown, "decide": self._decide,
            "reply": self._reply, "follow-up": self._follow_up, "hand-over": self._hand_over, "undo": self._undo, "stop": self._stop,
            "finish": self._finish,
        }  # fmt: skip
        if act not in acts:
            raise NotFoundError("No page has this address.")
        about, step = form.get("about", ""), form.get("step", "")
        try:
            now = acts[act](run_id, form, who(request))
        except REFUSED as error:
            name = act if isinstance(error, ConflictError) or not about else f"{act}-{about}"  # its form may be gone: said on top
            trouble = trouble_with(name, error, form, FIELDS.get(act, ("",)))
            return self._run(request, incident_id, run_id, step=step, trouble=trouble, status=int(status_of(error)))
        except NotFoundError as error:
            if act != "fill":
                raise
            trouble = Trouble(f"{act}-{about}", "ref", error.message, error.hint, form)
            return self._run(request, incident_id, run_id, step=step, trouble=trouble, status=int(status_of(error)))
        before = now.step(step)
        stay = f"step={step}&" if before is not None and not before.complete else ""
        anchor = f"#{view.anchor(about)}" if about and stay else ""
        return RedirectResponse(f"/incidents/{incident_id}/playbooks/{run_id}?{stay}done={now.events[-1].id}{anchor}", 303)

    def _run(
        self,
        request: Request,
        incident_id: str,
        run_id: str,
        step: str = "",
        done: str = "",
        trouble: Trouble = Trouble(),
        status: int = 200,
    ) -> Response:
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        now = self._usecases.playbooks.state(run_id, by=by)
        if now.run.incident_id != incident_id:
            raise NotFoundError("There is no such run of a playbook for this incident.")
        past = view.history(now)
        return self._pages.page(
            request, "playbook_run.html", status, incident=incident, now=now, shown=view.shown_step(now, step), view=view, trouble=trouble,
            history=past, typed=_typed(trouble),
            did=next((one for one in past if one.event.id == done), None), may_write=may_write(self._usecases, by),
            unwritten=self._unwritten(now, step, by), on_top=bool(trouble.message) and not trouble.field and trouble.act in ON_TOP,
            here=f"/incidents/{incident_id}/playbooks/{run_id}", word=WORD,
        )  # fmt: skip

    def _unwritten(self, now: RunState, step: str, by: str) -> int:
        """How much was written down that the account does not hold, where the step that is shown asks for it; 0 elsewhere."""
        shown = view.shown_step(now, step)
        if not now.is_open or shown is None or not shown.waits_for("account"):
            return 0
        return sum(one.item is None for one in self._usecases.narrating.recorded(now.run.incident_id, by=by))

    def _answer(self, run: str, form: Form, by: str) -> RunState:
        yes = form.get("yes") == "yes"
        return self._usecases.playbooks.answer_gate(run, form.get("about", ""), yes=yes, person=form.get("person"), seen=_seen(form), by=by)

    def _override(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.override(run, form.get("about", ""), why=form.get("why", ""), seen=_seen(form), by=by)

    def _fill(self, run: str, form: Form, by: str) -> RunState:
        use, about = self._usecases.playbooks, form.get("about", "")
        if form.get("ref"):
            kind, _, name = form["ref"].partition(":")
            return use.fill(run, about, kind=kind, ref=name, by=by)
        at = _time(form, "said_at")
        return use.fill(run, about, kind=WORD, person=form.get("person"), text=form.get("text"), said_at=at, by=by)

    def _unknown(self, run: str, form: Form, by: str) -> RunState:
        at = _time(form, "asked_at")
        return self._usecases.playbooks.unknown(run, form.get("about", ""), asked=form.get("person", ""), asked_at=at, by=by)

    def _decide(self, run: str, form: Form, by: str) -> RunState:
        words = form.get("option") or form.get("text", "")
        return self._usecases.playbooks.decide(run, form.get("about", ""), words, seen=_seen(form), by=by)

    def _reply(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.reply(run, form.get("about", ""), form.get("text", ""), by=by)

    def _follow_up(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.follow_up(run, form.get("about", ""), form.get("text", ""), by=by)

    def _hand_over(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.hand_over(run, form.get("person", ""), by=by)

    def _undo(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.undo(run, form.get("event") or None, by=by)

    def _stop(self, run: str, form: Form, by: str) -> RunState:
        return self._usecases.playbooks.stop(run, why=form.get("why", ""), by=by)

    def _finish(self, run: str, _: Form, by: str) -> RunState:
        return self._usecases.playbooks.finish(run, by=by)


def _seen(form: Form) -> int | None:
    """The number of the last event that stood on the page; None where none was sent."""
    said = form.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _typed(trouble: Trouble) -> tuple[str, ...]:
    """What was typed into a form whose act was refused because of what happened meanwhile: it is shown, so that nothing is lost."""
    return tuple(trouble.typed[name] for name in ("option", "text", "why", "yes", "person") if trouble.typed.get(name))


def _time(form: Form, name: str) -> datetime | None:
    return local_time(form[name], form.get("tz", ""), name) if form.get(name) else None
