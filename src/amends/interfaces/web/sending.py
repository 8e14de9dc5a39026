"""The page that turns a draft into a message that was sent: what it promises, about what, to whom, when; one click where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import ConflictError, InputError, NotFoundError, UsageError
from amends.core.zones import zone_named
from amends.incidents.starts import corrects_in
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form, who
from amends.interfaces.web.messages import TO, channels_of, chosen
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.promises import INCIDENTS
from amends.interfaces.web.trouble import Trouble
from amends.interfaces.web.view import GAP
from amends.interfaces.web.words import plain
from amends.language.records import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.incident import SavedDraft, SentMessage
    from amends.interfaces.web.pages import Pages
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases

LISTED = 50
"""How many messages can be chosen from as the one that was wrong."""

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
        given, by = dict(form), who(request)
        try:
            message = self._sent(draft_id, given, by)
        except (InputError, UsageError, ConflictError) as error:
            name = getattr(error, "field", None) or ""
            return self._page(request, draft_id, Trouble("send", name, error.message, error.hint, given), int(status_of(error)))
        self._tell(given, by)
        if message.incident_id is not None and shows_people(given):
            return RedirectResponse(f"/incidents/{message.incident_id}/messages?done=sent#message-{message.id}", 303)
        if message.incident_id is None and not self._usecases.promising.of_message(message.id, by=by):
            return RedirectResponse(f"/drafts?{urlencode({'sent': message.id})}", 303)
        about = {"incident": message.incident_id} if message.incident_id else {}
        return RedirectResponse(f"/promises?{urlencode({**about, 'sent': message.id})}", 303)

    def _sent(self, draft_id: str, given: Mapping[str, str], by: str) -> SentMessage:
        sent_at = local_time(given["sent_at"], given.get("tz", ""), "sent_at") if given.get("sent_at") else None
        return self._usecases.messaging.send(
            draft_id,
            incident_id=given.get("incident") or None,
            new_incident=given.get("title") or None,
            audience=given.get("audience") or None,
            sent_at=sent_at,
            corrects=given.get("corrects") or None,
            via=given.get("via") or None,
            channel=given.get("channel") or None,
            to=chosen(given) if given.get("people") else None,
            by=by,
        )

    def _tell(self, given: Mapping[str, str], by: str) -> None:
        for name in given:
            if name.startswith(TELLS):
                try:
                    self._usecases.promising.tell(name.removeprefix(TELLS), by=by)
                except (ConflictError, NotFoundError):  # somebody else told them already
                    continue

    def _page(self, request: Request, draft_id: str, trouble: Trouble, status: int = 200) -> Response:
        usecases, by = self._usecases, who(request)
        draft = usecases.drafting.get(draft_id, by=by)
        now = usecases.clock.now()
        audience = draft.content.audience or self._audience(draft)
        values = {
            "draft": draft,
            "text": plain(draft.content.text),
            "message": usecases.messaging.of_draft(draft_id, by=by),
            "promises": usecases.messaging.promises_in(draft_id, by=by),
            "gaps": len(GAP.findall(draft.content.text)),
            "tells": self._tells(draft, by),
            "audience": audience,
            "incidents": [one for one in usecases.incidents.list(limit=INCIDENTS, by=by) if one.status != "reviewed"],
            "trouble": trouble,
            **self._about(request, draft, audience, by),
        }
        return self._pages.page(request, "send.html", status, now=now, **values)

    def _about(self, request: Request, draft: SavedDraft, audience: str, by: str) -> dict[str, Any]:
        """What the incident of a draft adds: who gets it by name, what it corrects, its channels, and where it contradicts the record."""
        if draft.incident_id is None:
            return {"people": (), "corrects": None, "sent_before": (), "channels": (), "disagreements": (), "to_prefix": TO}
        story = self._usecases.stories.of(draft.incident_id, by=by)
        zone = zone_named(draft.content.tz) or reader_zone(request)
        wrong = corrects_in(draft.content.text, story.messages, zone)
        told = {one.id for one in self._usecases.telling.for_correction(wrong.id, by=by)} if wrong is not None else None
        people = [(one, one.id in told if told is not None else one.audience == audience) for one in story.told]
        found = self._usecases.beginning.disagreements(
            draft.incident_id, draft.content.text, audience=audience, tz=getattr(zone, "key", None), by=by
        )
        before = tuple(reversed(story.messages))[:LISTED]
        return {
            "people": people, "corrects": wrong, "sent_before": before, "channels": channels_of(self._usecases), "disagreements": found,
            "to_prefix": TO,
        }  # fmt: skip

    def _audience(self, draft: SavedDraft) -> str:
        content = draft.content
        form = content.form if content.form in {one.id for one in self._usecases.checking.forms()} else "auto"
        return self._usecases.checking.check(Draft(content.text, self._usecases.clock.now(), form, None, content.tz)).audience

    def _tells(self, draft: SavedDraft, by: str) -> list[LedgerEntry]:
        """The changes that this message tells of: its text quotes the promise that changed."""
        waiting = self._usecases.promising.unsettled(incident_id=draft.incident_id, by=by)
        said = draft.content.text.casefold()
        return [one for one in waiting if one.standing.untold and one.promise.words.casefold() in said]


def shows_people(given: Mapping[str, str]) -> bool:
    """Whether who heard it is what its author looks at next: it went to people by name, through a channel, or corrects something."""
    return bool(given.get("people") or given.get("channel") or given.get("corrects"))
