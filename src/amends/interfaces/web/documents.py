"""The pages of shared texts: reading one, writing in one with others at the same time, and every version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError
from amends.incidents.document import DOCUMENT_KINDS, DocumentConflictError
from amends.interfaces.web.given import read_fields, read_form, wants_json, who
from amends.interfaces.web.prose import rendered
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.incidents.document import Document
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

HERE = "/incidents/{incident_id}/documents"
ONE = f"{HERE}/{{document_id}}"
NO_STORE = {"cache-control": "no-store"}
DONE = {
    "removed": "The text is put away. It stands in no list, and nothing of it is lost.",
    "restored": "The text is back.",
    "renamed": "It has another title now.",
    "went-back": "The earlier version is the newest again.",
    "saved": "Saved.",
}


class DocumentPages:
    """The addresses of shared texts."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.all, methods=["GET"])
        router.add_api_route(HERE, self.begin, methods=["POST"])
        router.add_api_route(ONE, self.one, methods=["GET"])
        router.add_api_route(ONE, self.save, methods=["PUT", "POST"])
        router.add_api_route(f"{ONE}/edit", self.edit, methods=["GET"])
        router.add_api_route(f"{ONE}/history", self.history, methods=["GET"])
        router.add_api_route(f"{ONE}/{{act}}", self.act, methods=["POST"])
        return router

    # Looking

    def all(self, request: Request, incident_id: str) -> Response:
        """The texts of an incident, and a form to begin one."""
        return self._all(request, incident_id)

    def one(self, request: Request, incident_id: str, document_id: str, done: str = "") -> Response:
        """A text to read; for our script, what stands there now."""
        document = self._get(incident_id, document_id, who(request))
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse(as_json(document), 200, NO_STORE)
        return self._one(request, incident_id, document, done=done)

    def edit(self, request: Request, incident_id: str, document_id: str) -> Response:
        """A text to write in."""
        document = self._get(incident_id, document_id, who(request))
        return self._edit(request, incident_id, document, document.text)

    def history(self, request: Request, incident_id: str, document_id: str, before: str = "", after: str = "") -> Response:
        """Every version, and what changed between two of them: the last two, or those that are asked for."""
        by = who(request)
        document = self._get(incident_id, document_id, by)
        versions = self._usecases.documents.versions(document_id, by=by)
        numbers = [one.version for one in versions]
        last = _number(after, numbers) or document.head.version
        first = _number(before, numbers) or next((one.based_on for one in versions if one.version == last and one.based_on), last)
        hunks = self._usecases.documents.differences(document_id, first, last, by=by)
        values: dict[str, Any] = {"document": document, "versions": versions, "hunks": hunks, "first": first, "last": last}
        return self._page(request, "document_history.html", incident_id, **values)

    # Writing

    async def begin(self, request: Request, incident_id: str) -> Response:
        """Begin a text."""
        form = await read_form(request)
        return await run_in_threadpool(self._begin, request, incident_id, form)

    async def save(self, request: Request, incident_id: str, document_id: str) -> Response:
        """Keep what somebody wrote; where another one changed the same paragraph, answer with both texts."""
        fields = await read_fields(request)
        by = who(request)
        document = await run_in_threadpool(self._get, incident_id, document_id, by)
        based_on = document.head.version if fields.based_on is None else fields.based_on
        try:
            saved = await run_in_threadpool(lambda: self._usecases.documents.save(document_id, fields.text, based_on, by=by))
        except DocumentConflictError as conflict:
            current = conflict.current
            if wants_json(request):
                told = {"detail": conflict.message, "hint": conflict.hint, "current": as_json(current), "kept_as": conflict.kept_as}
                return JSONResponse(told, 409, NO_STORE)
            return await run_in_threadpool(self._edit, request, incident_id, current, fields.text, conflict)
        if wants_json(request):
            return JSONResponse(as_json(saved), 200, NO_STORE)
        return RedirectResponse(f"/incidents/{incident_id}/documents/{document_id}?done=saved", 303)

    async def act(self, request: Request, incident_id: str, document_id: str, act: str) -> Response:
        """One of the other things that can be done with a text."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, incident_id, document_id, act, form)

    def _begin(self, request: Request, incident_id: str, form: Mapping[str, str]) -> Response:
        kind = form.get("kind", "")
        try:
            made = self._usecases.documents.new(
                incident_id, form.get("title", ""), kind=kind if kind in DOCUMENT_KINDS else "note", by=who(request)
            )
        except REFUSED as error:
            return self._all(request, incident_id, trouble_with("new", error, form, ("title",)), 400)
        return RedirectResponse(f"/incidents/{incident_id}/documents/{made.head.id}/edit", 303)

    def _acted(self, request: Request, incident_id: str, document_id: str, act: str, form: Mapping[str, str]) -> Response:
        by, documents = who(request), self._usecases.documents
        document = self._get(incident_id, document_id, by)
        acts: dict[str, tuple[str, Callable[[], object]]] = {
            "rename": ("renamed", lambda: documents.rename(document_id, form.get("title", ""), by=by)),
            "remove": ("removed", lambda: documents.remove(document_id, by=by)),
            "restore": ("restored", lambda: documents.restore(document_id, by=by)),
            "go-back": ("went-back", lambda: documents.go_back(document_id, _number(form.get("version", "")) or 0, by=by)),
        }
        if act not in acts:
            raise NotFoundError("No page has this address.")
        done, work = acts[act]
        try:
            work()
        except REFUSED as error:
            return self._one(request, incident_id, document, trouble=trouble_with(act, error, form, ("title",)), status=400)
        return RedirectResponse(f"/incidents/{incident_id}/documents/{document_id}?done={done}", 303)

    # Showing

    def _all(self, request: Request, incident_id: str, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        heads = self._usecases.documents.list(incident_id, removed=True, by=who(request))
        return self._page(request, "documents.html", incident_id, status, heads=heads, kinds=DOCUMENT_KINDS, trouble=trouble)

    def _one(
        self, request: Request, incident_id: str, document: Document, *, done: str = "", trouble: Trouble = Trouble(), status: int = 200
    ) -> Response:
        values = {"document": document, "html": rendered(document.text), "done": DONE.get(done, ""), "trouble": trouble}
        return self._page(request, "document.html", incident_id, status, **values)

    def _edit(
        self, request: Request, incident_id: str, document: Document, text: str, conflict: DocumentConflictError | None = None
    ) -> Response:
        values = {"document": document, "text": text, "conflict": conflict, "me": who(request)}
        return self._page(request, "document_edit.html", incident_id, 409 if conflict else 200, **values)

    def _page(self, request: Request, template: str, incident_id: str, status: int = 200, **values: Any) -> Response:
        by = who(request)
        seq = self._usecases.watching.begin(incident_id, by=by)[0]
        incident = self._usecases.incidents.get(incident_id, by=by)
        return self._pages.page(request, template, status, incident=incident, seq=seq, here=f"/incidents/{incident_id}/documents", **values)

    def _get(self, incident_id: str, document_id: str, by: str) -> Document:
        document = self._usecases.documents.get(document_id, by=by)
        if document.head.incident_id != incident_id:
            raise NotFoundError(f"there is no document {document_id!r} in this incident")
        return document


def as_json(document: Document) -> dict[str, Any]:
    """A text for our script."""
    head = document.head
    return {
        "id": head.id,
        "version": head.version,
        "text": document.text,
        "open": head.removed_at is None,
        "saved_at": head.updated_at.isoformat(),
        "by": head.updated_by,
    }


def _number(given: str, known: list[int] | None = None) -> int | None:
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
    return number if known is None or number in known else None
