"""The compose page: an empty or a kept draft, checked with and without script, saved without ever losing a text."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError
from amends.core.incident import DraftConflictError
from amends.core.record import replace
from amends.interfaces.web import words
from amends.interfaces.web.given import DraftFields, read_fields, wants_json, who
from amends.interfaces.web.view import ComposeView, compose_view
from amends.language.records import Draft

if TYPE_CHECKING:
    from amends.core.incident import SavedDraft
    from amends.incidents.agreeing import Disagreement
    from amends.interfaces.web.pages import Pages
    from amends.recurrence.told import MetBefore
    from amends.usecases.facade import UseCases

UNRECOGNISED = "any"
USUAL = "first-message"
"""What a text is read as until its form can be told: who opens this page has usually just broken something."""

LONG_TEXT = 20_000
"""Characters above which a check leaves the event loop, so that one long text does not hold up everybody's typing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft of the compose page stands: kept under an id at a version, or nowhere yet.

    `sent` says that it became a message, so that nothing opens it again; `started` that the text was put there by us (an example, a
    template), not by the author. `theirs` is the kept text where it differs from what the author just sent.
    """

    id: str = ""
    version: int | None = None
    open: bool = True
    sent: bool = False
    started: bool = False
    kept_tz: str = ""
    theirs: SavedDraft | None = None


class Compose:
    """The addresses of the compose page. Drafting is asked for in a thread each time: its first use opens the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._checking = usecases.checking
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/write", self.empty, methods=["GET"])
        router.add_api_route("/write", self.checked, methods=["POST"])
        router.add_api_route("/check", self.parts, methods=["POST"])
        router.add_api_route("/drafts", self.keep, methods=["POST"])
        router.add_api_route("/drafts/{draft_id}", self.kept, methods=["GET"])
        router.add_api_route("/drafts/{draft_id}", self.save, methods=["PUT", "POST"])
        return router

    async def empty(self, request: Request, form: str = "auto", start: str = "") -> Response:
        """A new draft: empty, or begun with the example or with the gaps of a form."""
        fields = DraftFields(form=form if form in self._form_ids() else "auto")
        if start == "example":
            fields.text = " ".join(sentence for _, sentence in words.EXAMPLE)
        elif start == "template":
            fields.text = next((one.template for one in self._checking.forms() if one.id == fields.form), "").strip()
        return await self._page(request, fields, Place(started=bool(fields.text)))

    async def checked(self, request: Request) -> Response:
        """The page with its results, for a browser that runs no script."""
        return await self._page(request, await read_fields(request), Place())

    async def parts(self, request: Request) -> Response:
        """The parts of the page that change while somebody types."""
        fields = await read_fields(request)
        return self._pages.part("checked.html", view=await self._view(fields), live=True)

    async def keep(self, request: Request) -> Response:
        """Begin to keep a draft."""
        fields = await read_fields(request)
        draft = await run_in_threadpool(
            lambda: self._usecases.drafting.new(fields.text, fields.form, fields.audience, fields.tz, by=who(request))
        )
        if wants_json(request):
            return JSONResponse(as_json(draft), 201, {"location": f"/drafts/{draft.id}", "cache-control": "no-store"})
        return RedirectResponse(_next(draft.id, fields), 303)

    async def kept(self, request: Request, draft_id: str) -> Response:
        """A kept draft: as a page, or for our script that asks whether it changed elsewhere."""
        draft = await run_in_threadpool(lambda: self._usecases.drafting.get(draft_id, by=who(request)))
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse(as_json(draft), 200, {"cache-control": "no-store"})
        sent = (
            not draft.is_open and await run_in_threadpool(lambda: self._usecases.messaging.of_draft(draft_id, by=who(request))) is not None
        )
        differs = await run_in_threadpool(lambda: self._differs(draft, who(request))) if draft.is_open else ()
        about = await run_in_threadpool(lambda: self._about(draft, who(request)))
        return await self._page(request, fields_of(draft), replaced(place_of(draft), sent=sent), differs=differs, about=about)

    async def save(self, request: Request, draft_id: str) -> Response:
        """Keep what the author wrote; where the draft changed elsewhere, answer with both texts."""
        fields = await read_fields(request)
        before = await run_in_threadpool(lambda: self._usecases.drafting.get(draft_id, by=who(request)))
        based_on = before.version if fields.based_on is None else fields.based_on
        try:
            draft = await run_in_threadpool(
                lambda: self._usecases.drafting.save(
                    draft_id, fields.text, fields.form, fields.audience, fields.tz, based_on, by=who(request)
                )
            )
        except DraftConflictError as conflict:
            if wants_json(request):
                body = {
                    "detail": conflict.message,
                    "hint": conflict.hint,
                    "current": as_json(conflict.current),
                    "kept_as": conflict.kept_as,
                }
                return JSONResponse(body, 409, {"cache-control": "no-store"})
            place = replaced(place_of(conflict.current), theirs=conflict.current)
            return await self._page(request, fields, place, 409)
        if wants_json(request):
            return JSONResponse(as_json(draft), 200, {"cache-control": "no-store"})
        return RedirectResponse(_next(draft_id, fields), 303)

    def _form_ids(self) -> tuple[str, ...]:
        return tuple(form.id for form in self._checking.forms())

    def _differs(self, draft: SavedDraft, by: str) -> tuple[Disagreement, ...]:
        """Where a draft contradicts the record of its incident, as far as its author may see that."""
        if draft.incident_id is None:
            return ()
        content = draft.content
        try:
            return self._usecases.beginning.disagreements(draft.incident_id, content.text, audience=content.audience, tz=content.tz, by=by)
        except NotFoundError:  # it became private since, and the draft is still theirs
            return ()

    def _about(self, draft: SavedDraft, by: str) -> MetBefore | None:
        """The incident of a draft and what it may be again, as far as its author may see that."""
        if draft.incident_id is None:
            return None
        try:
            return self._usecases.recurring.met_before(draft.incident_id, by=by)
        except NotFoundError:  # as above
            return None

    async def _page(
        self,
        request: Request,
        fields: DraftFields,
        place: Place,
        status: int = 200,
        differs: tuple[Disagreement, ...] = (),
        about: MetBefore | None = None,
    ) -> Response:
        view = await self._view(fields)
        return self._pages.page(
            request,
            "compose.html",
            status,
            view=view,
            fields=fields,
            place=place,
            forms=self._checking.forms(),
            live=False,
            differs=differs,
            about=about,
        )

    async def _view(self, fields: DraftFields) -> ComposeView:
        if len(fields.text) > LONG_TEXT:
            return await run_in_threadpool(self._check, fields)
        return self._check(fields)

    def _check(self, fields: DraftFields) -> ComposeView:
        form = fields.form if fields.form in self._form_ids() else "auto"
        draft = Draft(text=fields.text, at=self._usecases.clock.now(), form=form, audience=fields.audience, tz=fields.tz)
        document = self._checking.check(draft)
        if form == "auto" and document.form == UNRECOGNISED and USUAL in self._form_ids():
            document = self._checking.check(replace(draft, form=USUAL))
        return compose_view(fields.text, document, self._checking.forms())


def _next(draft_id: str, fields: DraftFields) -> str:
    """Where saving leads: back to the draft, or on to the page that records it as sent."""
    return f"/drafts/{draft_id}/send" if fields.then == "send" else f"/drafts/{draft_id}"


def fields_of(draft: SavedDraft) -> DraftFields:
    """What a kept draft holds, as the fields of the page."""
    content = draft.content
    return DraftFields(content.text, content.form, content.audience, content.tz, draft.version)


def place_of(draft: SavedDraft) -> Place:
    """Where a kept draft stands."""
    return Place(id=draft.id, version=draft.version, open=draft.is_open, kept_tz=draft.content.tz or "")


def as_json(draft: SavedDraft) -> dict[str, Any]:
    """A kept draft for our script."""
    content = draft.content
    return {
        "id": draft.id,
        "version": draft.version,
        "text": content.text,
        "form": content.form,
        "audience": content.audience or "",
        "tz": content.tz or "",
        "open": draft.is_open,
        "saved_at": draft.updated_at.isoformat(),
    }
