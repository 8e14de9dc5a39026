"""Practice with conversations of one's own: answers make a drill of one that is coming, and a draft is answered before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import TooLargeError
from amends.interfaces.web import practice_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_form, who
from amends.interfaces.web.pages import zone_of
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.practice.interview import LISTS, QUESTIONS, Answers
from amends.practice.loading import CHANNELS, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

OWN, REHEARSE = "/practice/own", "/practice/rehearse"
SHORT = ("name", "role")
DRAFTS = 20
_ANSWERS = (*(field for field, _, _ in QUESTIONS), "relation", "persona", "channel", "form")


class OwnPages:
    """The addresses of one's own conversations. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(OWN, self.own, methods=["GET"])
        router.add_api_route(OWN, self.keep, methods=["POST"])
        router.add_api_route(f"{OWN}/{{own_id}}/forget", self.drop, methods=["POST"])
        router.add_api_route(REHEARSE, self.draft, methods=["GET"])
        router.add_api_route(REHEARSE, self.rehearse, methods=["POST"])
        return router

    def own(self, request: Request, done: str = "") -> Response:
        """The interview, and the conversations that were described so far."""
        return self._own(request, done="Deleted for good." if done == "forgot" else "")

    async def keep(self, request: Request) -> Response:
        """Keep the answers, and begin."""
        form = await read_form(request)
        return await run_in_threadpool(self._keep, request, form)

    def drop(self, request: Request, own_id: str) -> Response:
        """Forget a conversation that was described."""
        self._usecases.practising.drop_own(who(request), own_id)
        return RedirectResponse(f"{OWN}?done=forgot", 303)

    def draft(self, request: Request, draft: str = "") -> Response:
        """A draft to rehearse: one that is kept, or words put in here."""
        text, form = "", ""
        if draft:
            content = self._usecases.drafting.get(draft, by=who(request)).content
            text, form = content.text, content.form
        return self._rehearse(request, text, form)

    async def rehearse(self, request: Request) -> Response:
        """Say a draft to a persona."""
        form = await read_form(request)
        return await run_in_threadpool(self._rehearsed, request, form)

    def _keep(self, request: Request, form: Form) -> Response:
        by, practising = who(request), self._usecases.practising
        try:
            kept = practising.keep_own(by, _answers(form))
            begun = practising.begin(by, kept.scenario_id, zone=zone_of(request))
        except (*REFUSED, TooLargeError) as error:
            return self._own(request, trouble=trouble_with("own", error, form, _ANSWERS), status=int(status_of(error)))
        return RedirectResponse(f"/practice/session/{begun.id}", 303)

    def _rehearsed(self, request: Request, form: Form) -> Response:
        text, zone = form.get("text", "").replace("\r\n", "\n"), zone_of(request)
        chosen = form.get("form", "any")
        try:
            begun = self._usecases.practising.rehearse(who(request), text, form.get("persona", ""), form=chosen, zone=zone)
        except (*REFUSED, TooLargeError) as error:
            trouble = trouble_with("rehearse", error, form, ("text",))
            return self._rehearse(request, text, chosen, trouble, int(status_of(error)))
        return RedirectResponse(f"/practice/session/{begun.id}", 303)

    def _own(self, request: Request, *, done: str = "", trouble: Trouble = Trouble(), status: int = 200) -> Response:
        return self._pages.page(
            request, "practice_own.html", status, done=done, trouble=trouble, mine=self._usecases.practising.own(who(request)),
            questions=QUESTIONS, lines=LISTS, short=SHORT, channels=[(one, words.capitalize()) for one, words in CHANNELS.items()],
            relations=[(one, view.RELATIONS[one]) for one in RELATIONS], **self._choices(),
        )  # fmt: skip

    def _rehearse(self, request: Request, text: str, form: str, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        drafts = self._usecases.drafting.list_open(limit=DRAFTS, by=who(request))
        return self._pages.page(
            request, "practice_rehearse.html", status, trouble=trouble, text=text, chosen=form,
            drafts=[one for one in drafts if one.content.text.strip()], **self._choices(),
        )  # fmt: skip

    def _choices(self) -> dict[str, Any]:
        forms = [(one.id, one.title) for one in self._usecases.practising.forms()]
        return {"personas": [(one.id, one.title) for one in self._usecases.practising.personas()], "forms": forms}


def _answers(form: Form) -> Answers:
    """The answers of the interview; where several are asked for, each line is one."""
    values: dict[str, Any] = {name: form.get(name, "").replace("\r\n", "\n") for name in _ANSWERS}
    for name in LISTS:
        values[name] = tuple(line.strip() for line in values[name].splitlines() if line.strip())
    return Answers(**values)
