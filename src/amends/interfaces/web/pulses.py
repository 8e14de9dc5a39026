"""The page of the pulse of an incident: opening a wave, its links this once, how many answered, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.address import is_this_machine
from amends.core.errors import AmendsError, InputError, NotFoundError
from amends.interfaces.web import pulse_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.pulse_form import PLACE
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.trust.anonymity import LEAST, LEAST_FOR_COMMENTS, LIVE
from amends.trust.pulse import GROUPS, next_wave, questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases
    from amends.usecases.pulses import Opened

HERE = "/incidents/{incident_id}/pulse"
SAYS = {
    "extend": "The wave is open longer.",
    "close": "The wave is closed. Its answers were counted and destroyed.",
    "abandon": "The wave was destroyed with its answers, unread.",
    "strike": "The comment is gone for good.",
    "forget": "What tied answers together over the waves was destroyed.",
}
_MADE = ("open", "links")
"""Acts whose answer is shown this once, and can therefore not be looked up by going somewhere."""


class PulsePages:
    """The addresses of the page."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        router.add_api_route(f"{HERE}/{{act}}", self.act, methods=["POST"])
        return router

    def page(self, request: Request, incident_id: str, done: str = "") -> Response:
        """The waves of an incident; runs in a thread: it asks the store."""
        return self._page(request, incident_id, done=done)

    async def act(self, request: Request, incident_id: str, act: str) -> Response:
        """Open, extend, close or abandon a wave, or forget what ties waves together."""
        if act not in {*_MADE, *SAYS}:
            raise NotFoundError(f"nothing like {act[:40]!r} can be done with a wave")
        form = await read_form(request)
        return await run_in_threadpool(self._act, request, incident_id, act, form)

    def _act(self, request: Request, incident_id: str, act: str, form: Mapping[str, str]) -> Response:
        try:
            made = self._done(request, incident_id, act, form)
        except REFUSED as error:
            trouble = trouble_with(act, error, dict(form), ("closes_at", "groups"))
            return self._page(request, incident_id, int(status_of(error)), trouble=trouble)
        if made is not None:
            return self._page(request, incident_id, opened=made)
        return RedirectResponse(f"/incidents/{incident_id}/pulse?{urlencode({'done': act})}", 303)

    def _done(self, request: Request, incident_id: str, act: str, form: Mapping[str, str]) -> Opened | None:
        pulses, by, wave = self._usecases.pulses, who(request), form.get("wave", "")
        written = form.get("closes_at", "")
        ends = local_time(written, form.get("tz", ""), "closes_at") if written else None
        if act == "open":
            return pulses.open(incident_id, form.get("which", ""), _groups(form), closes_at=ends, by=by)
        if act == "links":
            return pulses.links(wave, by=by)
        if act == "extend":
            if ends is None:
                raise InputError("a time is needed", hint="say until when answers are taken", field="closes_at")
            pulses.extend(wave, ends, by=by)
        elif act == "close":
            pulses.close(wave, by=by)
        elif act == "abandon":
            pulses.abandon(wave, by=by)
        elif act == "strike":
            pulses.strike(wave, form.get("comment", ""), by=by)
        else:
            pulses.forget_pairing(incident_id, by=by)
        return None

    def _page(
        self,
        request: Request,
        incident_id: str,
        status: int = 200,
        *,
        trouble: Trouble = Trouble(),
        done: str = "",
        opened: Opened | None = None,
    ) -> Response:
        by, pulses = who(request), self._usecases.pulses
        incident = self._usecases.incidents.get(incident_id, by=by)
        waves, results = pulses.of_incident(incident_id, by=by), pulses.results(incident_id, by=by)
        now = self._usecases.clock.now()
        following = next_wave([one.which for one in waves])
        still = next((one for one in waves if one.is_open), None)
        address = self._address(request)
        return self._pages.page(
            request, "pulse.html", status, incident=incident, here=f"/incidents/{incident_id}/pulse", now=now, trouble=trouble,
            done=SAYS.get(done, ""),
            heading="Copy the links now: they are shown this once." if opened else view.heading(incident, waves, results, now),
            still=still, shown=view.shown(results), following=None if still else following, opened=opened, view=view, groups=GROUPS,
            address=address, is_this_machine=is_this_machine(address), least=LEAST, least_words=LEAST_FOR_COMMENTS, live=LIVE,
            questions={one.id: one.text for one in questions()},
            advice=self._advice(incident_id, following, by) if following and not still else (), may_write=may_write(self._usecases, by),
            step=pulses.step(incident_id, by=by),
        )  # fmt: skip

    def _advice(self, incident_id: str, which: str, by: str) -> Any:
        try:
            return self._usecases.pulses.advice(incident_id, which, by=by)
        except AmendsError:
            return ()  # why it cannot be opened now stands above

    def _address(self, request: Request) -> str:
        try:
            place = self._usecases.telling.place
        except AmendsError:
            place = None
        host = request.headers.get("host", "")
        return f"{place or f'{request.url.scheme}://{host}'}{PLACE}/"


def _groups(form: Mapping[str, str]) -> dict[str, int]:
    found = {}
    for name in GROUPS:
        typed = form.get(name, "")
        if not typed:
            continue
        if not typed.isdecimal() or len(typed) > 6:
            raise InputError(f"{typed[:20]!r} is no number of people", hint="write how many are asked, or leave it empty", field="groups")
        if int(typed):
            found[name] = int(typed)
    return found
