"""The page that turns a draft into a message that was sent: what it promises, about what, to whom, when; one click where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import ConflictError, InputError, NotFoundError, UsageError
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form
from amends.interfaces.web.library import plain
from amends.interfaces.web.promises import INCIDENTS
from amends.interfaces.web.trouble import Trouble
from amends.interfaces.web.view import GAP
from amends.language.records import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.incident import SavedDraft, SentMessage
    from amends.interfaces.web.pages import Pages
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases

TELLS = "tells-"
"""How the fields are named that say which changes this message tells of."""


class Sending:
    """The two addresses of the page."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/drafts/{draft_id}/send", self.ask, methods=["GET"])
        router.add_api_route("/drafts/{draft_id}/send", self.send, methods=["POST"])
        return router

    def ask(self, request: Request, draft_id: str) -> Response:
        """What goes into the ledger, and the few things that only the author knows."""
        return self._page(request, draft_id, Trouble())

    async def send(self, request: Request, draft_id: str) -> Response:
        """Record it as sent."""
        form = await read_form(request)
        return await run_in_threadpool(self._send, request, draft_id, form)

    def _send(self, request: Request, draft_id: str, form: Mapping[str, str]) -> Response:
        given = dict(form)
        try:
            message = self._sent(draft_id, given)
        except (InputError, UsageError, ConflictError) as error:
            name = getattr(error, "field", None) or ""
            return self._page(request, draft_id, Trouble("send", name, error.message, error.hint, given), int(status_of(error)))
        self._tell(given)
        if message.incident_id is None and not self._usecases.promising.of_message(message.id):
            return RedirectResponse(f"/drafts?{urlencode({'sent': message.id})}", 303)
        about = {"incident": message.incident_id} if message.incident_id else {}
        return RedirectResponse(f"/promises?{urlencode({**about, 'sent': message.id})}", 303)

    def _sent(self, draft_id: str, given: Mapping[str, str]) -> SentMessage:
        sent_at = local_time(given["sent_at"], given.get("tz", ""), "sent_at") if given.get("sent_at") else None
        return self._usecases.messaging.send(
            draft_id,
            incident_id=given.get("incident") or None,
            new_incident=given.get("title") or None,
            audience=given.get("audience") or None,
            sent_at=sent_at,
        )

    def _tell(self, given: Mapping[str, str]) -> None:
        for name in given:
            if name.startswith(TELLS):
                try:
                    self._usecases.promising.tell(name.removeprefix(TELLS))
                except (ConflictError, NotFoundError):  # somebody else told them already
                    continue

    def _page(self, request: Request, draft_id: str, trouble: Trouble, status: int = 200) -> Response:
        usecases = self._usecases
        draft = usecases.drafting.get(draft_id)
        now = usecases.clock.now()
        values = {
            "draft": draft,
            "text": plain(draft.content.text),
            "message": usecases.messaging.of_draft(draft_id),
            "promises": usecases.messaging.promises_in(draft_id),
            "gaps": len(GAP.findall(draft.content.text)),
            "tells": self._tells(draft),
            "audience": draft.content.audience or self._audience(draft),
            "incidents": [one for one in usecases.incidents.list(limit=INCIDENTS) if one.status != "reviewed"],
            "trouble": trouble,
        }
        return self._pages.page(request, "send.html", status, now=now, **values)

    def _audience(self, draft: SavedDraft) -> str:
        content = draft.content
        form = content.form if content.form in {one.id for one in self._usecases.checking.forms()} else "auto"
        return self._usecases.checking.check(Draft(content.text, self._usecases.clock.now(), form, None, content.tz)).audience

    def _tells(self, draft: SavedDraft) -> list[LedgerEntry]:
        """The changes that this message tells of: its text quotes the promise that changed."""
        waiting = self._usecases.promising.unsettled(incident_id=draft.incident_id)
        said = draft.content.text.casefold()
        return [one for one in waiting if one.standing.untold and one.promise.words.casefold() in said]
