"""The pages of messages about an incident: who knows what, corrections, the follow-up note, and the page behind a reader's own link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError
from amends.core.people import AUDIENCES
from amends.incidents.event import BOXES
from amends.interfaces.web import messages_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form, who
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

TO = "to-"
"""How the fields are named that say for whom a message is."""

_FORM_FIELDS = {"share": ("via", "channel", "to", "at", "tz"), "acknowledge": ("at", "tz"), "begin": ("form",), "note": ("via", "channel")}


class MessagePages:
    """The addresses of the pages. What asks the store runs in a thread."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        here = "/incidents/{incident_id}"
        router.add_api_route(f"{here}/messages", self.all, methods=["GET"])
        router.add_api_route(f"{here}/messages", self.begin, methods=["POST"])
        router.add_api_route(f"{here}/messages/{{message_id}}/share", self.share, methods=["POST"])
        router.add_api_route(f"{here}/messages/{{message_id}}/acknowledge", self.acknowledge, methods=["POST"])
        router.add_api_route(f"{here}/messages/{{message_id}}/link", self.link, methods=["POST"])
        router.add_api_route(f"{here}/note", self.note, methods=["GET"])
        router.add_api_route(f"{here}/note", self.change_note, methods=["POST"])
        router.add_api_route("/ack/{token}", self.opened, methods=["GET"])
        router.add_api_route("/ack/{token}", self.read, methods=["POST"])
        return router

    # Messages

    def all(self, request: Request, incident_id: str, done: str = "") -> Response:
        """All messages by audience, and who has heard them."""
        return self._all(request, incident_id, Trouble(), done=done)

    async def begin(self, request: Request, incident_id: str) -> Response:
        """Begin a draft from the facts, and go on in it."""
        form = await read_form(request)
        zone = getattr(reader_zone(request), "key", None)

        def begun() -> str:
            what, by = form.get("form", ""), who(request)
            audience = form.get("audience") if form.get("audience") in AUDIENCES else None
            made = self._usecases.beginning.start(
                incident_id, what, audience=audience, corrects=form.get("corrects") or None, with_changes=form.get("changes") == "yes",
                tz=zone, by=by,
            )  # fmt: skip
            checked_as = made.form if made.form != "any" else "auto"
            draft = self._usecases.drafting.new(made.text, checked_as, made.audience, zone, incident_id=incident_id, by=by)
            return f"/drafts/{draft.id}"

        return await self._done(request, incident_id, "begin", form, begun)

    async def share(self, request: Request, incident_id: str, message_id: str) -> Response:
        """Give the same version to those who were chosen."""
        form = await read_form(request)

        def shared() -> str:
            at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
            to = chosen(form)
            self._usecases.telling.share(
                message_id, to=to or None, channel=form.get("channel") or None, via=form.get("via") or None, at=at,
                sure=form.get("sure") == "yes", by=who(request),
            )  # fmt: skip
            return self._back(incident_id, "shared", message_id)

        return await self._done(request, incident_id, "share", form, shared, message_id)

    async def acknowledge(self, request: Request, incident_id: str, message_id: str) -> Response:
        """Say that somebody has read or acknowledged a message."""
        form = await read_form(request)

        def noted() -> str:
            at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
            self._usecases.telling.acknowledge(
                message_id, form.get("stakeholder") or None, only_read=form.get("how") == "read", at=at, by=who(request)
            )
            return self._back(incident_id, "acknowledged", message_id)

        return await self._done(request, incident_id, "acknowledge", form, noted, message_id)

    async def link(self, request: Request, incident_id: str, message_id: str) -> Response:
        """Show the link by which one reader acknowledges without an account."""
        form = await read_form(request)
        stakeholder = form.get("stakeholder", "")
        path = await run_in_threadpool(lambda: self._usecases.telling.link(message_id, stakeholder, by=who(request)))
        address = await run_in_threadpool(self._place) or f"{request.url.scheme}://{request.headers.get('host', '')}"
        address = f"{address}{path}"
        return await run_in_threadpool(lambda: self._all(request, incident_id, Trouble(), done="link", link=address))

    def _all(
        self, request: Request, incident_id: str, trouble: Trouble, status: int = 200, *, done: str = "", link: str = "", about: str = ""
    ) -> Response:
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        told = self._usecases.telling.of_incident(incident_id, by=by)
        wrong = self._usecases.telling.owed_to(incident_id, by=by)
        drafts = [one for one in self._usecases.drafting.list_open(by=by) if one.incident_id == incident_id]
        people = self._usecases.stories.of(incident_id, by=by).told
        return self._pages.page(
            request, "messages.html", status, incident=incident, here=f"/incidents/{incident_id}", now=self._usecases.clock.now(),
            heading=view.heading(told, wrong, people), groups=view.shown(told), wrong=wrong, drafts=drafts, trouble=trouble,
            said=view.SAYS.get(done, ""), link=link, about=about, view=view, channels=channels_of(self._usecases),
        )  # fmt: skip

    # The note

    def note(self, request: Request, incident_id: str, done: str = "", look: str = "") -> Response:
        """The follow-up note, and with `look` the commits that probably belong to it."""
        return self._note(request, incident_id, Trouble(), done=done, look=bool(look))

    async def change_note(self, request: Request, incident_id: str) -> Response:
        """Tick or date a box, name a commit, or share the note with both lists."""
        form = await read_form(request)
        act = form.get("act", "")

        def changed() -> str:
            by, notes, recording = who(request), self._usecases.notes, self._usecases.recording
            if act == "boxes":
                box = form.get("box", "")
                ticked = form.get("ticked") != "no"
                recording.tick(incident_id, box if box in BOXES else box[:40], ticked=ticked, text=form.get("text"), by=by)
            elif act == "commits":
                recording.commit(incident_id, form.get("kind", ""), form.get("sha", ""), form.get("subject", ""), by=by)
            else:
                notes.share(incident_id, channel=form.get("channel") or None, via=form.get("via") or None, by=by)
            says = {"boxes": "ticked", "commits": "named"}.get(act, "shared")
            return f"/incidents/{incident_id}/note?{urlencode({'done': says})}"

        try:
            return RedirectResponse(await run_in_threadpool(changed), 303)
        except REFUSED as error:
            trouble = trouble_with(act, error, dict(form))
            status = int(status_of(error))
            return await run_in_threadpool(lambda: self._note(request, incident_id, trouble, status))

    def _note(
        self, request: Request, incident_id: str, trouble: Trouble, status: int = 200, *, done: str = "", look: bool = False
    ) -> Response:
        by = who(request)
        note = self._usecases.notes.of(incident_id, zone=reader_zone(request), by=by)
        found = self._usecases.notes.candidates(incident_id, by=by) if look else None
        return self._pages.page(
            request, "note.html", status, incident=self._usecases.incidents.get(incident_id, by=by), here=f"/incidents/{incident_id}",
            now=self._usecases.clock.now(), note=note, found=found, trouble=trouble, said=view.SAYS.get(done, ""), view=view,
            channels=channels_of(self._usecases),
        )  # fmt: skip

    # Without an account

    def opened(self, request: Request, token: str) -> Response:
        """A message behind its reader's link, with one button. Looking at it is not taken for reading it."""
        return self._opened(request, self._usecases.telling.opened(token))

    def read(self, request: Request, token: str) -> Response:
        """The reader says that they have read it."""
        return self._opened(request, self._usecases.telling.acknowledge_by_link(token))

    def _opened(self, request: Request, opened: Any) -> Response:
        response = self._pages.page(request, "acknowledge.html", opened=opened)
        response.headers["referrer-policy"] = "no-referrer"  # the address is the reader's own
        response.headers["x-robots-tag"] = "noindex"
        return response

    # Within

    async def _done(self, request: Request, incident_id: str, act: str, form: Form, work: Callable[[], str], about: str = "") -> Response:
        try:
            return RedirectResponse(await run_in_threadpool(work), 303)
        except REFUSED as error:
            trouble = trouble_with(act, error, dict(form), _FORM_FIELDS[act])
            status = int(status_of(error))
            return await run_in_threadpool(lambda: self._all(request, incident_id, trouble, status, about=about))

    def _place(self) -> str | None:
        """Where readers reach this workbench; where the project file does not say, it is where this page was asked for."""
        try:
            return self._usecases.telling.place
        except AmendsError:
            return None

    def _back(self, incident_id: str, done: str, message_id: str) -> str:
        return f"/incidents/{incident_id}/messages?{urlencode({'done': done})}#message-{message_id}"


def channels_of(usecases: UseCases) -> tuple[str, ...]:
    """The channels that messages can be sent through; none where they cannot be had, which sending then tells."""
    try:
        return usecases.telling.channels
    except AmendsError:
        return ()


def chosen(form: Form) -> list[str]:
    """The ids of the stakeholders whose boxes are ticked."""
    return [name.removeprefix(TO) for name in form if name.startswith(TO)]
