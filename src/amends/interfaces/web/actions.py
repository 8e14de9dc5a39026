"""The pages of action items: what is late, what is to be done, what is done and not shown to help; every act as a form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError, OutsideError, UsageError
from amends.incidents.acting import undoable
from amends.interfaces.web import actions_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.incidents.acting import ActionStanding
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

OVER = 50
"""How many of the items proposed last the page looks at for those that are over."""

FIELDS = {
    "propose": ("title", "detail"), "accept": ("helps_when", "due", "person"), "done": ("evidence", "at"),
    "verify": ("evidence", "at", "why"), "no-help": ("why", "evidence", "at"), "move": ("due", "why"), "reopen": ("why", "due"),
    "decline": ("why",), "drop": ("why",),
}  # fmt: skip
"""The fields of each form that can say beside themselves what is wrong."""

_BACK = re.compile(r"/actions(/[0-9A-Z]{26})?|/incidents/[0-9A-Z]{26}/actions")


class ActionPages:
    """The addresses of action items."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/actions", self.all, methods=["GET"])
        router.add_api_route("/actions/{action_id}", self.one, methods=["GET"])
        router.add_api_route("/actions/{action_id}/{act}", self.act, methods=["POST"])
        router.add_api_route("/incidents/{incident_id}/actions", self.of_incident, methods=["GET"])
        router.add_api_route("/incidents/{incident_id}/actions", self.propose, methods=["POST"])
        return router

    # Looking

    def all(self, request: Request, mine: str = "", done: str = "", event: str = "") -> Response:
        """What asks for something, of all incidents; or only what the reader accepted."""
        by = who(request)
        acting = self._usecases.acting
        owner = by if mine else None
        asking = acting.open(owner=owner, by=by)
        over = [one for one in acting.newest(owner=owner, limit=OVER, by=by) if not one.is_open]
        known = self._incidents([*asking, *over], by)
        board = view.board([*asking, *over], known, self._usecases.clock.now())
        return self._pages.page(
            request, "actions.html", board=board, now=board.at, mine=bool(mine), trouble=Trouble(), **self._common(request, done, event)
        )

    def of_incident(self, request: Request, incident_id: str, done: str = "", event: str = "") -> Response:
        """The action items of one incident, and the form for an idea."""
        return self._of_incident(request, incident_id, done=done, event=event)

    def one(self, request: Request, action_id: str, done: str = "", event: str = "") -> Response:
        """One action item with its whole history."""
        return self._one(request, action_id, back=f"/actions/{action_id}", done=done, event=event)

    # Acting

    async def propose(self, request: Request, incident_id: str) -> Response:
        """Write an idea down."""
        form = await read_form(request)
        return await run_in_threadpool(self._propose, request, incident_id, form)

    def _propose(self, request: Request, incident_id: str, form: Form) -> Response:
        try:
            made = self._usecases.acting.propose(
                incident_id, form.get("title", ""), kind=form.get("kind", "other"), detail=form.get("detail"), by=who(request)
            )
        except REFUSED as error:
            trouble = trouble_with("propose", error, form, FIELDS["propose"])
            return self._of_incident(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return _see(f"/incidents/{incident_id}/actions", made)

    async def act(self, request: Request, action_id: str, act: str) -> Response:
        """One act on an action item; then back to where it was asked for. What cannot be taken comes back with every word of it."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, action_id, act, form)

    def _acted(self, request: Request, action_id: str, act: str, form: Form) -> Response:
        acts: dict[str, Callable[[str, Form, str], ActionStanding]] = {
            "accept": self._accept, "decline": self._decline, "move": self._move, "done": self._done, "reopen": self._reopen,
            "verify": self._verify, "no-help": self._no_help, "drop": self._drop, "undo": self._undo, "push": self._push,
            "follow": self._follow,
        }  # fmt: skip
        if act not in acts:
            raise NotFoundError("No page has this address.")
        back = _back(form.get("back", ""), action_id)
        try:
            return _see(back, acts[act](action_id, form, who(request)))
        except (*REFUSED, OutsideError) as error:
            trouble = trouble_with(act, error, form, FIELDS.get(act, ("",)))
            return self._one(request, action_id, back=back, trouble=trouble, status=int(status_of(error)))

    def _accept(self, action_id: str, form: Form, by: str) -> ActionStanding:
        due = _time(form, "due")
        person = form.get("person") or None
        return self._usecases.acting.accept(action_id, helps_when=form.get("helps_when", ""), person=person, due=due, by=by)

    def _decline(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.decline(action_id, why=form.get("why"), by=by)

    def _move(self, action_id: str, form: Form, by: str) -> ActionStanding:
        due = local_time(form.get("due", ""), form.get("tz", ""), "due")
        return self._usecases.acting.move(action_id, due, why=form.get("why"), by=by)

    def _done(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.done(action_id, evidence=_evidence(form), at=_time(form, "at"), by=by)

    def _reopen(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.reopen(action_id, why=form.get("why", ""), due=_time(form, "due"), by=by)

    def _verify(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.verify(action_id, _evidence(form), at=_time(form, "at"), note=form.get("why"), by=by)

    def _no_help(self, action_id: str, form: Form, by: str) -> ActionStanding:
        why, at = form.get("why", ""), _time(form, "at")
        return self._usecases.acting.no_help(action_id, why=why, evidence=_evidence(form), at=at, by=by)

    def _drop(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.drop(action_id, why=form.get("why", ""), by=by)

    def _undo(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.acting.undo(action_id, form.get("event") or None, by=by)

    def _push(self, action_id: str, form: Form, by: str) -> ActionStanding:
        tracker, private_too = form.get("tracker") or None, form.get("private_too") == "yes"
        pushed, _ = self._usecases.tracking.push(action_id, tracker, private_too=private_too, by=by)
        return pushed

    def _follow(self, action_id: str, form: Form, by: str) -> ActionStanding:
        return self._usecases.tracking.follow(action_id, by=by)

    # Showing

    def _of_incident(
        self, request: Request, incident_id: str, *, trouble: Trouble = Trouble(), done: str = "", event: str = "", status: int = 200
    ) -> Response:
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        items = self._usecases.acting.of_incident(incident_id, by=by)
        board = view.board(items, {incident_id: incident}, self._usecases.clock.now())
        return self._pages.page(
            request, "incident_actions.html", status, board=board, now=board.at, incident=incident, trouble=trouble,
            rule=self._usecases.acting.due_rule(incident_id, by=by), **self._common(request, done, event),
        )  # fmt: skip

    def _one(
        self,
        request: Request,
        action_id: str,
        *,
        back: str,
        trouble: Trouble = Trouble(),
        done: str = "",
        event: str = "",
        status: int = 200,
    ) -> Response:
        by = who(request)
        acting = self._usecases.acting
        now = acting.get(action_id, by=by)
        at = self._usecases.clock.now()
        incident = self._usecases.incidents.get(now.item.incident_id, by=by)
        return self._pages.page(
            request, "action.html", status, row=view.row(now, at, incident), history=view.history(now), now=at, back=back, trouble=trouble,
            incident=incident, rule=acting.due_rule(incident.id, by=by), remarks=acting.remarks_on(now, by=by), trackers=self._trackers(),
            moved_by=view.moved_by(now), **self._common(request, done, event),
        )  # fmt: skip

    def _common(self, request: Request, done: str, event: str) -> dict[str, Any]:
        """What every page of action items is given: the banner after an act, and the names of what there is to choose."""
        return {"banner": self._banner(request, done, event), "kinds": view.KINDS, "evidence": view.EVIDENCE}

    def _banner(self, request: Request, done: str, event: str) -> dict[str, Any] | None:
        """What was done last, as the store tells it: an address cannot make the page claim anything that did not happen."""
        by = who(request)
        if not re.fullmatch(r"[0-9A-Z]{26}", done):
            return None
        try:
            now = self._usecases.acting.get(done, by=by)
        except NotFoundError:
            return None
        found = next((one for one in now.events if one.id == event), None)
        if found is None:
            says = view.remark(self._usecases.acting.remarks_on(now, by=by))
            return {"says": "Written down. It binds nobody before somebody takes it on.", "remark": says, "undo": ""} if not event else None
        says = view.remark(self._usecases.acting.remarks_on(now, by=by)) if found.what in ("accepted", "moved") else ""
        undo = f"/actions/{done}/undo" if found in undoable(now) else ""
        return {"says": f"{view.EVENT_NAMES[found.what]}: {now.item.title}", "remark": says, "undo": undo, "event": event}

    def _trackers(self) -> tuple[tuple[str, str], ...]:
        """The trackers to choose from; none where one is not set up to the end, which the terminal tells."""
        try:
            return tuple((name, name) for name in self._usecases.tracking.names)
        except UsageError:
            return ()

    def _incidents(self, items: Iterable[ActionStanding], by: str) -> dict[str, Incident]:
        return {name: self._usecases.incidents.get(name, by=by) for name in {one.item.incident_id for one in items}}


def _evidence(form: Form) -> Evidence | None:
    reference = form.get("reference", "")
    return Evidence(form.get("evidence", ""), reference) if reference else None


def _time(form: Form, field: str) -> datetime | None:
    return local_time(form[field], form.get("tz", ""), field) if form.get(field) else None


def _see(back: str, now: ActionStanding) -> Response:
    """Back to a page of ours, with what was done."""
    query = {"done": now.item.id} | ({"event": now.events[-1].id} if now.events else {})
    return RedirectResponse(f"{back}?{urlencode(query)}", 303)


def _back(asked: str, action_id: str) -> str:
    """Only a page of action items: no form can lead anywhere else."""
    try:
        path = urlsplit(asked).path if asked.startswith("/") and not asked.startswith(("//", "/\\")) else ""
    except ValueError:
        path = ""
    return path if _BACK.fullmatch(path) else f"/actions/{action_id}"
