"""The trust board of an incident: the map, the repairs tied to it, and the reviews; each act is a form that works without script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError
from amends.interfaces.web import trust_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.interfaces.web.trust_slots import slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = dict[str, str]

HERE = "/incidents/{incident_id}/trust"
CHOSEN = "break-"
"""What the names of the boxes begin with by which broken trust is chosen."""

PLACED = ("whose", "subject", "direction", "kind", "fear", "heard_from", "asked")
PLACE_FIELDS = ("text", *PLACED, "heard_at", "asked_at")
TIED = ("kind", "uncertainty", "visible", "why_other")
TIE_FIELDS = ("title", *TIED, "check_at", "breaks")


class TrustPages:
    """The addresses of the board. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        router.add_api_route(f"{HERE}/breaks", self.add, methods=["POST"])
        router.add_api_route(f"{HERE}/breaks/{{item}}", self.place, methods=["POST"])
        router.add_api_route(f"{HERE}/breaks/{{item}}/{{act}}", self.turn, methods=["POST"])
        router.add_api_route(f"{HERE}/not-asked", self.not_asked, methods=["POST"])
        router.add_api_route(f"{HERE}/repairs", self.tie, methods=["POST"])
        router.add_api_route(f"{HERE}/repairs/{{action}}/{{act}}", self.untie, methods=["POST"])
        router.add_api_route(f"{HERE}/reviews", self.plan, methods=["POST"])
        return router

    def page(self, request: Request, incident_id: str, done: str = "") -> Response:
        """The board, with what to do now on top."""
        return self._page(request, incident_id, done=done)

    # Acting

    async def add(self, request: Request, incident_id: str) -> Response:
        """State a broken trust and place it."""
        form = await read_form(request)

        def work(by: str) -> str:
            given = _place(form, new=True)
            return self._usecases.repairing.add_break(incident_id, form.get("text", ""), by=by, **given).item

        return await self._acted(request, incident_id, "break", form, PLACE_FIELDS, work)

    async def place(self, request: Request, incident_id: str, item: str) -> Response:
        """Say where a broken trust stands."""
        form = await read_form(request)

        def work(by: str) -> str:
            given = _place(form, new=False)
            known = self._usecases.repairing.board(incident_id, by=by).map.get(item)
            for name in ("heard_at", "asked_at"):
                stands = getattr(known.placed, name) if known is not None and known.placed is not None else None
                if stands is not None and given.get(name) == stands.replace(second=0, microsecond=0):
                    del given[name]  # the field shows minutes: what was not touched keeps its seconds
            return self._usecases.repairing.place(incident_id, item, by=by, **given).item

        return await self._acted(request, incident_id, f"place-{item}", form, PLACE_FIELDS, work)

    async def turn(self, request: Request, incident_id: str, item: str, act: str) -> Response:
        """Take a wrong row of the map back, or undo that."""
        form = await read_form(request)

        def withdraw(by: str) -> str:
            self._usecases.repairing.withdraw_break(incident_id, item, why=form.get("why", ""), by=by)
            return "map"

        def restore(by: str) -> str:
            self._usecases.repairing.restore_break(incident_id, item, by=by)
            return item

        work = {"withdraw": withdraw, "restore": restore}.get(act)
        if work is None:
            raise NotFoundError("No page has this address.")
        done = item if act == "withdraw" else ""
        return await self._acted(request, incident_id, f"{act}-{item}", form, ("why",), work, done)

    async def not_asked(self, request: Request, incident_id: str) -> Response:
        """Put a group on the map that nobody has asked yet."""
        form = await read_form(request)

        def work(by: str) -> str:
            return self._usecases.repairing.not_asked(incident_id, form.get("group", ""), by=by).item

        return await self._acted(request, incident_id, "not-asked", {**form, "whose": form.get("group", "")}, ("whose",), work)

    async def tie(self, request: Request, incident_id: str) -> Response:
        """Tie a repair: an action item that is there, or a new one."""
        form = await read_form(request)

        def work(by: str) -> str:
            given: dict[str, Any] = {name: form.get(name, "") for name in TIED}
            given["breaks"] = [name.removeprefix(CHOSEN) for name in form if name.startswith(CHOSEN)]
            given["check_at"] = local_time(form["check_at"], form.get("tz", ""), "check_at") if form.get("check_at") else None
            repairing = self._usecases.repairing
            if form.get("action"):
                return repairing.tie(incident_id, form["action"], by=by, **given).action.action_id
            kind = form.get("item_kind") or "other"
            return repairing.propose(incident_id, form.get("title", ""), item_kind=kind, by=by, **given).action.action_id

        act = f"tie-{form['action']}" if form.get("again") else "tie"
        return await self._acted(request, incident_id, act, form, TIE_FIELDS, work)

    async def untie(self, request: Request, incident_id: str, action: str, act: str) -> Response:
        """Say that something is no repair any more, or undo that."""
        form = await read_form(request)

        def withdraw(by: str) -> str:
            self._usecases.repairing.withdraw(incident_id, action, why=form.get("why", ""), by=by)
            return "repairs"

        def restore(by: str) -> str:
            return self._usecases.repairing.restore(incident_id, action, by=by).action.action_id

        work = {"withdraw": withdraw, "restore": restore}.get(act)
        if work is None:
            raise NotFoundError("No page has this address.")
        done = action if act == "withdraw" else ""
        return await self._acted(request, incident_id, f"{act}-{action}", form, ("why",), work, done)

    async def plan(self, request: Request, incident_id: str) -> Response:
        """Plan both reviews."""
        form = await read_form(request)

        def work(by: str) -> str:
            self._usecases.trust_reviews.plan(incident_id, lead=form.get("lead") or None, by=by)
            return "reviews"

        return await self._acted(request, incident_id, "plan", form, ("lead",), work)

    async def _acted(
        self, request: Request, incident_id: str, act: str, form: Form, fields: tuple[str, ...], work: Any, done: str = ""
    ) -> Response:
        """The board after some work, at the place that the work names; what was refused stands on it with all that was typed."""
        by = who(request)

        def answered() -> Response:
            try:
                place = work(by)
            except REFUSED as error:
                trouble = trouble_with(act, error, form, fields)
                return self._page(request, incident_id, trouble=trouble, status=int(status_of(error)))
            query = f"?done={done}" if done else ""
            return RedirectResponse(f"/incidents/{incident_id}/trust{query}#{place}", 303)

        return await run_in_threadpool(answered)

    # Showing

    def _page(self, request: Request, incident_id: str, *, done: str = "", trouble: Trouble = Trouble(), status: int = 200) -> Response:
        by, usecases = who(request), self._usecases
        incident = usecases.incidents.get(incident_id, by=by)
        board = usecases.repairing.board(incident_id, by=by)
        reviews = usecases.trust_reviews.of_incident(incident_id, by=by)
        lacks = [(one, view.place_of(one, f"/incidents/{incident_id}/trust")) for one in (*board.map_lacks, *board.repairs_lack)]
        undone = next((one for one in board.ideas if one.item.id == done), None)
        gone = next((one for one in board.map.withdrawn if one.item == done), None)
        return self._pages.page(
            request, "trust.html", status, incident=incident, board=board, reviews=reviews, lacks=lacks, map=view.drawn(board.map),
            first=view.heading(board, reviews, usecases.clock.now()), view=view, trouble=trouble, undone=undone, gone=gone, chosen=CHOSEN,
            now=usecases.clock.now(), here=f"/incidents/{incident_id}/trust", may_write=may_write(usecases, by),
            slots=slots(usecases, incident_id, by),
        )  # fmt: skip


def _place(form: Mapping[str, str], *, new: bool) -> dict[str, Any]:
    """Where a break stands, as the form says; an empty field takes away what stood there, a time without change stays."""
    given: dict[str, Any] = {name: form[name] for name in PLACED if name in form and (form[name] or not new)}
    for name in ("heard_at", "asked_at"):
        if form.get(name):
            given[name] = local_time(form[name], form.get("tz", ""), name)
    return given
