"""The pages of an account: its points with what shows each, made from the timeline, and every act on them as a form."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError, NotFoundError
from amends.core.incident import SentMessage
from amends.incidents.stale import StaleError
from amends.interfaces.web import narrating_view as view
from amends.interfaces.web import timelines_view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.narrative.account import WITHDRAWN, Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amends.interfaces.web.pages import Pages
    from amends.narrative.account import Account, Change, Stated
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

HERE = "/incidents/{incident_id}/account"
CHOSEN = "entry-"
"""How the boxes are named by which entries are chosen."""
BETWEEN = ","
"""What stands between the ids of several changes that one press made, and one press takes back."""
LISTED = 60
"""Entries of one page to choose from."""
CITABLE = 400
"""Entries that the form for a citation offers, the pinned ones first."""
WRITABLE = ("text", "kind", "who", "value", "because", "of", "answer")


class AccountPages:
    """The addresses of an account."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        router.add_api_route(HERE, self.state, methods=["POST"])
        router.add_api_route(f"{HERE}/entries", self.entries, methods=["GET"])
        router.add_api_route(f"{HERE}/entries", self.choose, methods=["POST"])
        router.add_api_route(f"{HERE}/recorded", self.recorded, methods=["GET"])
        router.add_api_route(f"{HERE}/recorded", self.begin, methods=["POST"])
        router.add_api_route(f"{HERE}/undo", self.undo, methods=["POST"])
        router.add_api_route(f"{HERE}/evidence/{{evidence_id}}", self.behind, methods=["GET"])
        router.add_api_route(f"{HERE}/evidence/{{evidence_id}}/uncite", self.uncite, methods=["POST"])
        router.add_api_route(f"{HERE}/points/{{item}}", self.point, methods=["GET"])
        router.add_api_route(f"{HERE}/points/{{item}}/{{act}}", self.act, methods=["POST"])
        return router

    # Looking

    def page(self, request: Request, incident_id: str, done: str = "") -> Response:
        """The account, with what it lacks on top."""
        return self._page(request, incident_id, done=done)

    def point(self, request: Request, incident_id: str, item: str) -> Response:
        """One point with the forms that change it; a page of its own, or a part of the account."""
        return self._point(request, incident_id, item)

    def behind(self, request: Request, incident_id: str, evidence_id: str) -> Response:
        """What a citation rests on: bytes, or a message; a page of its own, or a part of the account."""
        by, narrating = who(request), self._usecases.narrating
        changes = narrating.history(incident_id, by=by)
        cited = next((one for one in changes if isinstance(one, Evidence) and one.id == evidence_id), None)
        if cited is None:
            raise NotFoundError("No page has this address.")
        found, refusal = None, None
        try:
            found = narrating.behind(incident_id, evidence_id, by=by)
        except AmendsError as error:
            refusal = error
        message = found if isinstance(found, SentMessage) else None
        values: dict[str, Any] = {
            "cited": cited, "behind": found if message is None else None, "message": message, "refusal": refusal, "view": view,
            "here": f"/incidents/{incident_id}",
        }  # fmt: skip
        if "hx-request" in request.headers:
            return self._pages.part("_account_behind.html", **values)
        incident = self._usecases.incidents.get(incident_id, by=by)
        return self._pages.page(request, "account_behind.html", incident=incident, **values)

    def entries(self, request: Request, incident_id: str) -> Response:
        """The entries of the timeline, to choose from."""
        return self._entries(request, incident_id)

    def recorded(self, request: Request, incident_id: str) -> Response:
        """What was written down already, to begin the account with."""
        return self._recorded(request, incident_id)

    # Acting

    async def state(self, request: Request, incident_id: str) -> Response:
        """State a point."""
        form = await read_form(request)
        return await run_in_threadpool(self._state, request, incident_id, form)

    async def choose(self, request: Request, incident_id: str) -> Response:
        """Make claims of the entries that are ticked."""
        form = await read_form(request)
        return await run_in_threadpool(self._choose, request, incident_id, form)

    async def begin(self, request: Request, incident_id: str) -> Response:
        """Make points of what was written down and is ticked."""
        form = await read_form(request)
        return await run_in_threadpool(self._begin, request, incident_id, form)

    async def act(self, request: Request, incident_id: str, item: str, act: str) -> Response:
        """One act on a point; what cannot be taken comes back on the page of the point, with every word of it."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, incident_id, item, act, form)

    async def undo(self, request: Request, incident_id: str) -> Response:
        """Take the last act back."""
        form = await read_form(request)
        return await run_in_threadpool(self._undone, request, incident_id, form)

    def uncite(self, request: Request, incident_id: str, evidence_id: str) -> Response:
        """Take a citation back."""
        by = who(request)
        try:
            now = self._usecases.narrating.uncite(incident_id, evidence_id, by=by)
        except REFUSED as error:
            return self._page(request, incident_id, trouble=trouble_with("uncite", error, {}, ("none",)), status=int(status_of(error)))
        changes = self._usecases.narrating.history(incident_id, by=by)
        done = next((one.id for one in changes if isinstance(one, Evidence) and one.undoes == evidence_id), "")
        return self._back(incident_id, now.item, done)

    def _state(self, request: Request, incident_id: str, form: Form) -> Response:
        by, part = who(request), form.get("part", "")
        act = "-".join(one for one in (part, form.get("of", "")) if one)
        try:
            at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
            fields = {name: form[name] for name in ("kind", "who", "value", "because", "of") if form.get(name)}
            made = self._usecases.narrating.state(incident_id, part, form.get("text", ""), at=at, by=by, **fields)
        except REFUSED as error:
            trouble = trouble_with(act, error, form, ("text", "at", "who", "value", "because"))
            return self._page(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return self._back(incident_id, made.item, made.point.id)

    def _choose(self, request: Request, incident_id: str, form: Form) -> Response:
        chosen = [name.removeprefix(CHOSEN) for name in form if name.startswith(CHOSEN)]
        if not chosen:
            trouble = Trouble("choose", "", "no entry is ticked", "tick those that tell what happened", form)
            return self._entries(request, incident_id, trouble=trouble, status=400)
        try:
            made = self._usecases.narrating.choose(incident_id, chosen, kind=form.get("kind", "fact"), by=who(request))
        except REFUSED as error:
            trouble = trouble_with("choose", error, form, ("none",))
            return self._entries(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return self._back(incident_id, made[0].item, _all_of(made))

    def _begin(self, request: Request, incident_id: str, form: Form) -> Response:
        chosen = [name.removeprefix(CHOSEN) for name in form if name.startswith(CHOSEN)]
        if not chosen:
            trouble = Trouble("choose", "", "nothing is ticked", "tick what belongs to the account", form)
            return self._recorded(request, incident_id, trouble=trouble, status=400)
        try:
            made = self._usecases.narrating.begin(incident_id, chosen, by=who(request))
        except REFUSED as error:
            trouble = trouble_with("choose", error, form, ("none",))
            return self._recorded(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return self._back(incident_id, made[0].item, _all_of(made))

    def _acted(self, request: Request, incident_id: str, item: str, act: str, form: Form) -> Response:
        acts: dict[str, Callable[[str, str, Form, str], Stated]] = {"revise": self._revise, "withdraw": self._withdraw, "cite": self._cite}
        if act not in acts:
            raise NotFoundError("No page has this address.")
        try:
            now = acts[act](incident_id, item, form, who(request))
        except StaleError as error:
            typed = {**form, "based_on": error.current.id}
            trouble = Trouble(act, "", "not taken yet", "read what stands now, then send it again", typed)
            return self._point(request, incident_id, item, trouble=trouble, theirs=error, status=409)
        except REFUSED as error:
            known = (*WRITABLE, "at") if act == "revise" else ("text",)
            return self._point(request, incident_id, item, trouble=trouble_with(act, error, form, known), status=int(status_of(error)))
        done = now.evidence[-1].id if act == "cite" and now.evidence else now.point.id
        return self._back(incident_id, item, done if done != form.get("based_on") else "")

    def _revise(self, incident_id: str, item: str, form: Form, by: str) -> Stated:
        at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
        stands = self._usecases.narrating.get(incident_id, by=by).get(item)
        if at is not None and stands is not None and stands.point.at is not None and stands.point.at.replace(second=0, microsecond=0) == at:
            at = None  # the field shows minutes: what was not touched keeps its seconds
        changed: dict[str, Any] = {name: form[name] for name in WRITABLE if name in form}
        return self._usecases.narrating.revise(incident_id, item, based_on=form.get("based_on", ""), at=at, by=by, **changed)

    def _withdraw(self, incident_id: str, item: str, form: Form, by: str) -> Stated:
        return self._usecases.narrating.withdraw(incident_id, item, based_on=form.get("based_on", ""), by=by)

    def _cite(self, incident_id: str, item: str, form: Form, by: str) -> Stated:
        kind, _, ref = form.get("what", "").partition(":")
        return self._usecases.narrating.cite(
            incident_id, item, kind, ref=ref or None, text=form.get("text") or None, stance=form.get("stance", "supports"), by=by
        )

    def _undone(self, request: Request, incident_id: str, form: Form) -> Response:
        by, changes = who(request), self._usecases.narrating.history(incident_id, by=who(request))
        found = [view.of_change(changes, one) for one in form.get("change", "").split(BETWEEN)]
        item = ""
        try:
            for change, before in found:
                if change is None:
                    raise NotFoundError("No page has this address.")
                self._take_back(incident_id, change, before, by)
                item = change.item
        except REFUSED as error:
            return self._page(request, incident_id, trouble=trouble_with("undo", error, form, ("none",)), status=int(status_of(error)))
        return self._back(incident_id, item, "")

    def _take_back(self, incident_id: str, change: Change, before: Any, by: str) -> None:
        """The opposite of one change, as a change of its own: nothing is ever taken out of the history."""
        narrating = self._usecases.narrating
        if isinstance(change, Evidence):
            if change.undoes is None:
                narrating.uncite(incident_id, change.id, by=by)
                return
            history = narrating.history(incident_id, by=by)
            old = next(one for one in history if isinstance(one, Evidence) and one.id == change.undoes)
            words = old.quote if old.quote is not None else old.text
            narrating.cite(incident_id, old.item, old.kind, ref=old.ref, text=words, stance=old.stance, by=by)
        elif before is None:
            narrating.withdraw(incident_id, change.item, based_on=change.id, by=by)
        elif change.what == WITHDRAWN:
            narrating.revise(incident_id, change.item, based_on=change.id, by=by)
        else:
            kept = asdict(before)
            fields: dict[str, Any] = {name: kept[name] or "" for name in WRITABLE if name not in ("kind", "of")}
            narrating.revise(incident_id, change.item, based_on=change.id, kind=before.kind, at=before.at, by=by, **fields)

    # Showing

    def _page(self, request: Request, incident_id: str, *, done: str = "", trouble: Trouble = Trouble(), status: int = 200) -> Response:
        by = who(request)
        seq = self._usecases.watching.begin(incident_id, by=by)[0]  # before the account: what changes meanwhile is fetched once more
        account = self._usecases.narrating.get(incident_id, by=by)
        gaps = self._usecases.reviewing.gaps(incident_id, by=by)
        after = view.done_with(self._usecases.narrating.history(incident_id, by=by), done.split(BETWEEN)) if done else None
        waiting = sum(one.item is None for one in self._usecases.narrating.recorded(incident_id, by=by))
        return self._pages.page(
            request, "account.html", status, shown=view.shown(account, gaps, waiting), view=view, after=after, trouble=trouble, seq=seq,
            waiting=waiting, **self._common(incident_id, by),
        )  # fmt: skip

    def _point(
        self,
        request: Request,
        incident_id: str,
        item: str,
        *,
        trouble: Trouble = Trouble(),
        theirs: StaleError | None = None,
        status: int = 200,
    ) -> Response:
        by = who(request)
        account = self._usecases.narrating.get(incident_id, by=by)
        one = _stated(account, item)
        entries = self._usecases.timelines.get(incident_id, by=by).entries if view.can_cite(one) else ()
        seen = sorted((entry for entry in entries if not entry.marks.hidden), key=lambda entry: not entry.marks.pinned)
        lines = [timelines_view.line(entry) for entry in seen[:CITABLE]]
        messages = self._usecases.telling.of_incident(incident_id, by=by) if view.can_cite(one) else ()
        actions = self._usecases.acting.of_incident(incident_id, by=by) if one.point.part == "badly" else ()
        values = {
            "one": one, "view": view, "trouble": trouble, "theirs": theirs, "lines": lines, "messages": messages, "actions": actions,
            **self._common(incident_id, by),
        }  # fmt: skip
        if "hx-request" in request.headers:
            return self._pages.part("_account_forms.html", status, **values)
        return self._pages.page(request, "account_point.html", status, **values)

    def _entries(self, request: Request, incident_id: str, *, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        by = who(request)
        told = self._usecases.timelines.get(incident_id, by=by)
        account = self._usecases.narrating.get(incident_id, by=by)
        cited = {one.ref: claim for claim in account.points for one in claim.evidence if one.kind == "entry"}
        query, show = request.query_params.get("q", "")[:200], request.query_params.get("show", "")
        words = query.lower().split()
        lines = [timelines_view.line(one) for one in told.entries if not one.marks.hidden and (show != "pinned" or one.marks.pinned)]
        found = [one for one in lines if one.entry and all(word in str(one.entry.row["text"]).lower() for word in words)]
        start = _number(request.query_params.get("from", ""))
        return self._pages.page(
            request, "account_entries.html", status, lines=found[start : start + LISTED], start=start, total=len(found), listed=LISTED,
            cited=cited, query=query, show=show, view=view, trouble=trouble, chosen=CHOSEN, **self._common(incident_id, by),
        )  # fmt: skip

    def _recorded(self, request: Request, incident_id: str, *, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        by = who(request)
        found = self._usecases.narrating.recorded(incident_id, by=by)
        return self._pages.page(
            request,
            "account_recorded.html",
            status,
            found=found,
            view=view,
            trouble=trouble,
            chosen=CHOSEN,
            **self._common(incident_id, by),
        )

    def _common(self, incident_id: str, by: str) -> dict[str, Any]:
        return {
            "incident": self._usecases.incidents.get(incident_id, by=by), "here": f"/incidents/{incident_id}/account",
            "may_write": may_write(self._usecases, by),
        }  # fmt: skip

    def _back(self, incident_id: str, item: str, done: str) -> Response:
        return RedirectResponse(f"/incidents/{incident_id}/account?done={done}#{item}", 303)


def _stated(account: Account, item: str) -> Stated:
    found = next((one for one in (*account.points, *account.withdrawn) if one.item == item), None)
    if found is None:
        raise NotFoundError("No page has this address.")
    return found


def _all_of(made: Iterable[Stated]) -> str:
    return BETWEEN.join(one.point.id for one in made)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
