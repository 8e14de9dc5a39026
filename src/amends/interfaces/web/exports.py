"""The page from which an incident is taken along, and the files behind its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from amends.core.errors import NotFoundError
from amends.interfaces.web.given import who
from amends.interfaces.web.pages import reader_zone

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.usecases.downloads import Download
    from amends.usecases.facade import UseCases

DOCUMENTS = (
    ("account", "The whole story"),
    ("note", "Follow-up note"),
    ("review", "Review"),
    ("timeline", "Timeline"),
    ("actions", "Action items"),
)
FORMATS = (("pdf", "PDF"), ("docx", "DOCX"), ("markdown", "Markdown"))


class ExportPages:
    """The addresses of exports. None of them changes anything, and all of them run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, which do not belong to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/incidents/{incident_id}/export", self.page, methods=["GET"])
        router.add_api_route("/incidents/{incident_id}/export/{name}", self.file, methods=["GET"])
        router.add_api_route("/export/workspace.zip", self.workspace, methods=["GET"])
        return router

    def page(self, request: Request, incident_id: str) -> Response:
        """What can be taken along; documents that nobody wrote yet are named, without a link."""
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        there = self._usecases.exporting.papers_of(incident_id, by=by)
        documents = [(what, name, what in there) for what, name in DOCUMENTS]
        here = f"/incidents/{incident.id}/export"
        return self._pages.page(request, "export.html", incident=incident, documents=documents, formats=FORMATS, here=here)

    def file(self, request: Request, incident_id: str, name: str) -> Response:
        """One file: `folder.zip`, `bundle.zip`, or a document and its format, as `timeline.pdf`."""
        forms = {"folder.zip": ("zip", "account"), "bundle.zip": ("bundle", "account")}
        forms |= {f"{one}.{ending}": (ending, one) for one, _ in DOCUMENTS for ending, _ in FORMATS}
        if name not in forms:
            raise NotFoundError("No page has this address.")
        form, what = forms[name]
        return sent(self._usecases.downloads.of(incident_id, form, what, zone=reader_zone(request), by=who(request)))

    def workspace(self, request: Request) -> Response:
        """Everything that the reader may see."""
        return sent(self._usecases.downloads.workspace(by=who(request)))


def sent(made: Download) -> Response:
    """A file that a browser saves."""
    headers = {"content-disposition": made.disposition, "content-length": str(made.size)}
    headers |= {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return StreamingResponse(made.chunks(), media_type=made.media, headers=headers)
