"""The page of a trust review: what is laid out, the questions that people answer, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import InputError, NotFoundError
from amends.interfaces.web import trust_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.exports import FORMATS, sent
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.trust.review import HELD, QUESTIONS, UNKNOWN, WHICH, is_early, unanswered, undoable
from amends.usecases.downloads import of_paper, slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.interfaces.web.pages import Pages
    from amends.trust.review import TrustReview
    from amends.usecases.facade import UseCases

    Form = dict[str, str]

HERE = "/incidents/{incident_id}/trust/reviews/{which}"
_FIELDS = {
    "answer": ("what", "text", "ref", "asked_at"), "move": ("due_at", "why"), "hand-over": ("person",), "hold": ("decision", "why", "said"),
    "reopen": ("why",), "take-back": ("none",),
}  # fmt: skip


class TrustReviewPages:
    """The addresses of the reviews of an incident. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.page, methods=["GET"])
        router.add_api_route(f"{HERE}/{{act}}", self.act, methods=["POST"])
        router.add_api_route(f"{HERE}/{{name}}", self.file, methods=["GET"])
        return router

    def page(self, request: Request, incident_id: str, which: str) -> Response:
        """A review, prepared or held."""
        return self._page(request, incident_id, which)

    def file(self, request: Request, incident_id: str, which: str, name: str) -> Response:
        """The review as a file, such as `review.pdf`."""
        forms = {f"review.{form}": form for form, _ in FORMATS}
        if name not in forms or which not in WHICH:
            raise NotFoundError("No page has this address.")
        by = who(request)
        incident = self._usecases.incidents.get(incident_id, by=by)
        paper = self._usecases.trust_reviews.paper(incident_id, which, zone=reader_zone(request), by=by)
        return sent(of_paper(paper, forms[name], f"trust-review-{which}-{slug(incident.title, incident.id)}"))

    async def act(self, request: Request, incident_id: str, which: str, act: str) -> Response:
        """One act on a review; what cannot be taken comes back on its page, with every word of it."""
        if act not in _FIELDS or which not in WHICH:
            raise NotFoundError("No page has this address.")
        form, by = await read_form(request), who(request)

        def answered() -> Response:
            name = f"answer-{form.get('question', '')}" if act == "answer" else act
            try:
                self._act(incident_id, which, act, form, by)
            except REFUSED as error:
                trouble = trouble_with(name, error, form, _FIELDS[act])
                return self._page(request, incident_id, which, trouble=trouble, status=int(status_of(error)))
            place = f"#{form['question']}" if act == "answer" else ""
            return RedirectResponse(f"/incidents/{incident_id}/trust/reviews/{which}{place}", 303)

        return await run_in_threadpool(answered)

    def _act(self, incident_id: str, which: str, act: str, form: Form, by: str) -> TrustReview:
        reviews = self._usecases.trust_reviews
        acts: dict[str, Callable[[], TrustReview]] = {
            "answer": lambda: self._answer(incident_id, which, form, by),
            "move": lambda: reviews.move(incident_id, which, _time(form, "due_at"), why=form.get("why", ""), by=by),
            "hand-over": lambda: reviews.hand_over(incident_id, which, form.get("person", ""), by=by),
            "take-back": lambda: reviews.take_back(incident_id, which, form.get("event") or None, by=by),
            "hold": lambda: reviews.hold(
                incident_id, which, form.get("decision", ""), why=form.get("why", ""), said=form.get("said"), by=by
            ),
            "reopen": lambda: reviews.reopen(incident_id, which, why=form.get("why", ""), by=by),
        }
        return acts[act]()

    def _answer(self, incident_id: str, which: str, form: Form, by: str) -> TrustReview:
        """An answer as its form says it: `what` is the kind, or the kind and the id of something of this incident."""
        kind, _, chosen = form.get("what", "").partition(":")
        named = form.get("ref", "")
        given: dict[str, Any] = {"asked": named} if kind == UNKNOWN else {"ref": chosen or named}
        at = _time(form, "asked_at") if form.get("asked_at") else None
        if at is None and kind in (UNKNOWN, "person"):
            at = self._usecases.clock.now()
        return self._usecases.trust_reviews.answer(
            incident_id, which, form.get("question", ""), form.get("text", ""), kind=kind, asked_at=at, by=by, **given
        )

    def _page(self, request: Request, incident_id: str, which: str, *, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        if which not in WHICH:
            raise NotFoundError("No page has this address.")
        by, usecases = who(request), self._usecases
        incident = usecases.incidents.get(incident_id, by=by)
        words = {name: trouble.value("hold", name) for name in ("why", "said", "decision")}
        laid = usecases.trust_reviews.laid(incident_id, which, **words, by=by)
        now, zone = usecases.clock.now(), reader_zone(request)
        things = self._things(incident_id, by) if laid.review.state != HELD else ()
        return self._pages.page(
            request, "trust_review.html", status, incident=incident, laid=laid, review=laid.review, told=laid.told, view=view,
            first=view.review_heading(laid, now, zone), early=is_early(laid.review, now), missing=unanswered(laid.review),
            trouble=trouble, things=things, questions=QUESTIONS, formats=FORMATS,
            undoable=undoable(laid.review), here=f"/incidents/{incident_id}/trust/reviews/{which}", zone=zone,
            may_write=may_write(usecases, by), now=now,
        )  # fmt: skip

    def _things(self, incident_id: str, by: str) -> tuple[tuple[str, str], ...]:
        """What an answer can refer to by choosing it: action items, shared texts and promises of the incident."""
        story = self._usecases.stories.of(incident_id, by=by)
        found = [(f"action:{one.item.id}", f"Action item: {one.item.title}") for one in story.actions]
        found += [(f"document:{one.id}", f"Text: {one.title}") for one in story.documents]
        found += [(f"promise:{one.promise.id}", f"Promise: {one.promise.words}") for one in story.promises if not one.promise.private]
        return tuple(found)


def _time(form: Form, name: str) -> datetime:
    if not form.get(name):
        raise InputError("no time is given", hint="choose a day and a time", field=name)
    return local_time(form[name], form.get("tz", ""), name)
