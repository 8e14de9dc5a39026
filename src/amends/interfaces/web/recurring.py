"""The pages of recurrence: what an incident may be again, and guardrails with what shows that they fired; every act as a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import InputError, NotFoundError, UsageError
from amends.interfaces.web.actions_view import EVIDENCE
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_form, who
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.promises.promise import Evidence
from amends.recurrence.traits import kinds, title
from amends.usecases.recurring import SHOWN, WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amends.interfaces.web.pages import Pages
    from amends.recurrence.fingerprint import Declared
    from amends.recurrence.prevention import Guarded
    from amends.recurrence.told import MetBefore, Mistake
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

OF_INCIDENT = "/incidents/{incident_id}/recurrence"
GUARDRAILS = "/guardrails"
SAID = {
    "judged": "That counts from now on.",
    "declared": "It is compared by that from now on.",
    "told": "That stands beside the guardrail now.",
    "undone": "That was taken back.",
    "mode": "That holds from now on.",
}
"""What the banner says after an act; an address cannot make it say anything else."""

HAPPENED = {"fired": "It fired", "would-have": "It would have fired", "missed": "It let something pass"}
PLACES = {
    "title": "title", "cause": "cause", "condition": "account", "happened": "facts", "badly": "account", "deploy": "timeline",
    "claim": "facts", "commit": "commits", "entry": "timeline", "message": "messages",
}  # fmt: skip
_ID = re.compile(r"[0-9A-Z]{26}")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody declared, as the fields of the form hold it: `own` are conditions in words of their own."""

    category: str
    component: str
    trigger: str
    conditions: frozenset[str]
    own: str


class RecurringPages:
    """The addresses of recurrence. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(OF_INCIDENT, self.of_incident, methods=["GET"])
        router.add_api_route(f"{OF_INCIDENT}/judge", self.judge, methods=["POST"])
        router.add_api_route(f"{OF_INCIDENT}/declare", self.declare, methods=["POST"])
        router.add_api_route(GUARDRAILS, self.guardrails, methods=["GET"])
        router.add_api_route(GUARDRAILS, self.tell, methods=["POST"])
        router.add_api_route(f"{GUARDRAILS}/undo", self.undo, methods=["POST"])
        router.add_api_route(f"{GUARDRAILS}/mode", self.mode, methods=["POST"])
        return router

    # What an incident may be again

    def of_incident(self, request: Request, incident_id: str, done: str = "") -> Response:
        """The earlier incidents that this one may be again, and by what it is compared."""
        return self._of_incident(request, incident_id, said=SAID.get(done, ""))

    async def judge(self, request: Request, incident_id: str) -> Response:
        """Say whether it is the same failure; then back to where that was asked."""
        form = await read_form(request)

        def work() -> Response:
            by = who(request)
            earlier = self._meant(form.get("earlier", ""), "earlier", by)
            self._usecases.recurring.judge(incident_id, earlier, form.get("verdict", ""), why=form.get("why"), by=by)
            if form.get("back") == "review":
                return RedirectResponse(f"/incidents/{incident_id}/review", 303)
            return _done(incident_id, "judged")

        return await run_in_threadpool(self._tried, request, incident_id, "judge", form, work, ("earlier", "why"))

    async def declare(self, request: Request, incident_id: str) -> Response:
        """Say what the incident is."""
        form = await read_form(request)

        def work() -> Response:
            chosen = [one.id for one in kinds("condition") if form.get(f"condition-{one.id}")]
            own = [name.strip() for name in form.get("condition", "").split(",") if name.strip()]
            parts = {"category": form.get("category", ""), "component": form.get("component", ""), "trigger": form.get("trigger", "")}
            self._usecases.recurring.declare(incident_id, condition=", ".join((*chosen, *own)), by=who(request), **parts)
            return _done(incident_id, "declared")

        return await run_in_threadpool(self._tried, request, incident_id, "declare", form, work, ("component",))

    def _meant(self, given: str, field: str, by: str) -> str:
        """The incident of an address, an id, or a part of one, as the terminal shows it. Raises InputError where it names none."""
        nothing = InputError("that names no incident", hint="take the address of its page, or its id", field=field)
        found = _ID.search(given.upper())
        if not given:
            raise nothing
        try:
            return self._usecases.incidents.meant(found[0] if found else given, by=by).id
        except (NotFoundError, UsageError) as error:
            raise nothing from error

    def _tried(self, request: Request, incident_id: str, act: str, form: Form, work: Any, fields: tuple[str, ...]) -> Response:
        try:
            answer: Response = work()
        except REFUSED as error:
            trouble = trouble_with(act, error, form, fields)
            return self._of_incident(request, incident_id, trouble=trouble, status=int(status_of(error)))
        return answer

    def _of_incident(
        self, request: Request, incident_id: str, *, said: str = "", trouble: Trouble = Trouble(), status: int = 200
    ) -> Response:
        by = who(request)
        told = self._usecases.recurring.met_before(incident_id, by=by)
        return self._pages.page(
            request, "recurrence.html", status, incident=told.incident, told=told, heading=_heading(told), said=said, trouble=trouble,
            places=PLACES, categories=_options("category"), triggers=_options("trigger"), conditions=kinds("condition"),
            waiting=[one for one in told.to_judge if one not in (*told.same, *told.related)], given=_given(told.declared),
            here=f"/incidents/{incident_id}", may_write=may_write(self._usecases, by),
        )  # fmt: skip

    # Guardrails

    def guardrails(self, request: Request, before: str = "", done: str = "") -> Response:
        """Mistakes with their guardrails, the latest first; what came again; and how often matches were right."""
        return self._guardrails(request, before=before, said=SAID.get(done, ""))

    async def tell(self, request: Request) -> Response:
        """Write down that a guardrail fired, would have, or let something pass."""
        form = await read_form(request)

        def work() -> None:
            kind, reference, by = form.get("evidence", ""), form.get("reference", ""), who(request)
            if kind == "incident" and reference:
                reference = self._meant(reference, "reference", by)
            shown = Evidence(kind, reference) if reference else None
            at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
            about = (form.get("incident", ""), form.get("kind", ""), form.get("guardrail", ""), form.get("what", ""))
            self._usecases.recurring.tell_guardrail(*about, at=at, evidence=shown, text=form.get("text"), by=by)

        return await run_in_threadpool(self._acted, request, "tell", form, work, "told")

    async def undo(self, request: Request) -> Response:
        """Take back what was told of a guardrail."""
        form = await read_form(request)
        recurring = self._usecases.recurring
        return await run_in_threadpool(
            self._acted, request, "undo", form, lambda: recurring.undo_guardrail(form.get("event", ""), by=who(request)), "undone"
        )

    async def mode(self, request: Request) -> Response:
        """Choose whether matches are looked for and shown."""
        form = await read_form(request)
        recurring = self._usecases.recurring
        return await run_in_threadpool(
            self._acted, request, "mode", form, lambda: recurring.set_mode(form.get("mode", ""), by=who(request)), "mode"
        )

    def _acted(self, request: Request, act: str, form: Form, work: Any, done: str) -> Response:
        try:
            work()
        except REFUSED as error:
            trouble = trouble_with(act, error, form, ("text", "reference", "at"))
            return self._guardrails(request, trouble=trouble, status=int(status_of(error)))
        return RedirectResponse(f"{GUARDRAILS}?{urlencode({'done': done})}", 303)

    def _guardrails(
        self, request: Request, *, before: str = "", said: str = "", trouble: Trouble = Trouble(), status: int = 200
    ) -> Response:
        by, recurring = who(request), self._usecases.recurring
        found = recurring.guardrails(before=before or None, by=by)
        return self._pages.page(
            request, "guardrails.html", status, mistakes=found, heading=_answer(found), said=said, trouble=trouble, happened=HAPPENED,
            evidence=(*EVIDENCE, ("incident", "An incident that came all the same")), category=lambda name: title("category", name),
            repeats=recurring.repeats(by=by), judged=recurring.records(by=by), mode=recurring.mode(by=by), window=WINDOW,
            after=found[-1].incident.id if len(found) >= SHOWN else "", may_write=may_write(self._usecases, by),
            is_owner=self._usecases.people.me(by=by).role == "owner", now=self._usecases.clock.now(),
        )  # fmt: skip


def _done(incident_id: str, what: str) -> Response:
    return RedirectResponse(f"/incidents/{incident_id}/recurrence?{urlencode({'done': what})}", 303)


def _heading(told: MetBefore) -> str:
    """What to do now, in one sentence."""
    if told.same:
        return _held_or_not([one for met in told.same for one in met.guarded]) or f"It came {told.often}."
    return "Say whether it was met before." if told.to_judge else "Nothing earlier is known to be the same failure."


def _answer(found: Sequence[Mistake]) -> str:
    """What the list says, in one sentence."""
    guarded = [one for mistake in found for one in mistake.guarded]
    return _held_or_not(guarded) or ("Every guardrail is in place." if guarded else "No mistake has a guardrail yet.")


def _held_or_not(guarded: Sequence[Guarded]) -> str:
    """How many did not hold, and how many are not in place, the worse first; "" where all is well."""
    failed = sum(one.held == "did-not-hold" for one in guarded)
    missing = sum(one.held == "not-there" for one in guarded)
    if failed:
        told = "One guardrail did not hold" if failed == 1 else f"{failed} guardrails did not hold"
        return f"{told}, {'one' if missing == 1 else missing} {'is' if missing == 1 else 'are'} not in place." if missing else f"{told}."
    if missing:
        return "One guardrail is not in place." if missing == 1 else f"{missing} guardrails are not in place."
    return ""


def _options(part: str) -> tuple[tuple[str, str], ...]:
    return (("", "Read it from the words"), *((one.id, f"{one.title}: {one.about}") for one in kinds(part)))


def _given(declared: Declared | None) -> Given:
    if declared is None:
        return Given("", "", "", frozenset(), "")
    known = {one.id for one in kinds("condition")}
    said = declared.of("condition")
    own = ", ".join(name for name in said if name not in known)
    return Given(declared.category or "", declared.component or "", declared.trigger or "", frozenset(known & set(said)), own)
