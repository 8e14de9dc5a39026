"""The pages of practice: what is due and what there is, a drill's brief, the conversation, and what it taught.

All of it is about the person who asks. A conversation is one form: sent without a script it comes back as a page, sent by ours as the part
of it that changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import TooLargeError
from amends.interfaces.web import practice_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_form, who
from amends.interfaces.web.pages import zone_of
from amends.interfaces.web.practice_help import helped
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.practice.scenario import OWN_PREFIX
from amends.practice.score import PASS
from amends.practice.session import TEXT_LIMIT, Delivery
from amends.practice.stage import stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.interfaces.web.practice_view import Next
    from amends.practice.scenario import Scenario
    from amends.practice.session import Entry, Session
    from amends.practice.stage import Stage
    from amends.usecases.facade import UseCases
    from amends.usecases.voicing import Offer

    Form = Mapping[str, str]

HOME = ("/practice", "Practice")
DONE = {
    "forgot": "Deleted for good.",
    "counting": "Messages that you really send count from now on.",
    "not-counting": "Messages that you really send do not count.",
}
MORE = (("/practice/own", "Bring a conversation of your own"), ("/practice/rehearse", "Rehearse a draft"))
"""Further pages of practice, as address and name."""

MICROPHONE = "camera=(), geolocation=(), microphone=(self)"
"""Where people may speak, the browser may ask for the microphone; on every other page it may not."""
LONGEST_S = 3600.0


class PracticePages:
    """The addresses of practice. Those without `async` run in a thread: they ask the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        for path, page in (("", self.home), ("/history", self.history), ("/export", self.export), ("/session/{session_id}", self.session)):
            router.add_api_route(f"/practice{path}", page, methods=["GET"])
        for path, act in (
            ("/forget", self.forget), ("/settings", self.settings), ("/session/{session_id}", self.say),
            ("/session/{session_id}/leave", self.leave), ("/session/{session_id}/forget", self.forget),
            ("/session/{session_id}/check", self.check), ("/session/{session_id}/written", self.written),
        ):  # fmt: skip
            router.add_api_route(f"/practice{path}", act, methods=["POST"])
        router.add_api_route("/practice/{scenario_id}", self.brief, methods=["GET"])
        router.add_api_route("/practice/{scenario_id}", self.begin, methods=["POST"])
        return router

    # Around a conversation

    def home(self, request: Request, done: str = "", form: str = "") -> Response:
        """What is due, what was begun, and every drill there is, or those of one form."""
        by, practising = who(request), self._usecases.practising
        entries = practising.catalogue(by)
        due = practising.due(by)
        going = [one for one in practising.sessions(by) if one.ended_at is None]
        titles = {one.scenario.id: view.title(one.scenario) for one in entries}
        return self._pages.page(
            request, "practice.html", view=view, done=DONE.get(done, ""), due=due, open=going[:5], more=MORE, only=form,
            groups=view.groups([one for one in entries if form in ("", one.scenario.form)]),
            kinds=sorted({one.scenario.form for one in entries}),
            heading=view.heading(due, going), forms=self._form_titles(), titles=titles,
            count_real=practising.settings(by).count_real,
        )  # fmt: skip

    def history(self, request: Request) -> Response:
        """What was practised, and what can honestly be said of it."""
        by, practising = who(request), self._usecases.practising
        found, sittings = practising.history(by), practising.sessions(by)
        return self._pages.page(request, "practice_history.html", view=view, found=found, sittings=sittings, forms=self._form_titles())

    def export(self, request: Request) -> Response:
        """Everything that is kept, as a file."""
        told = json.dumps(self._usecases.practising.export(who(request)), indent=1, ensure_ascii=False)
        headers = {"content-disposition": 'attachment; filename="amends-practice.json"', "cache-control": "no-store"}
        return Response(f"{told}\n", headers=headers, media_type="application/json")

    def forget(self, request: Request, session_id: str | None = None) -> Response:
        """Delete one conversation, or everything."""
        self._usecases.practising.forget(who(request), session_id)
        return RedirectResponse("/practice?done=forgot", 303)

    async def settings(self, request: Request) -> Response:
        """Choose whether real messages count."""
        counts = bool((await read_form(request)).get("count_real"))
        await run_in_threadpool(lambda: self._usecases.practising.set(who(request), count_real=counts))
        return RedirectResponse(f"/practice?done={'counting' if counts else 'not-counting'}", 303)

    def brief(self, request: Request, scenario_id: str, variant: str = "", difficulty: str = "") -> Response:
        """What a drill is about, and how to begin it."""
        by = who(request)
        entry = next((one for one in self._usecases.practising.catalogue(by) if one.scenario.id == scenario_id), None)
        if scenario_id.startswith(OWN_PREFIX):
            scenario = self._usecases.practising.own_scenario(by, scenario_id, zone_of(request))
        else:
            scenario = self._usecases.drills.scenario(scenario_id)
        chosen = chosen_stage(scenario, variant, difficulty, entry.played if entry else 0)
        return self._brief(request, chosen, entry, self._usecases.voicing.offered(by))

    async def begin(self, request: Request, scenario_id: str) -> Response:
        """Begin a drill."""
        form = await read_form(request)
        return await run_in_threadpool(self._begin, request, scenario_id, form)

    def _begin(self, request: Request, scenario_id: str, form: Form) -> Response:
        by, voiced = who(request), bool(form.get("voice"))
        if voiced:
            self._usecases.voicing.require(by)
        begun = self._usecases.practising.begin(
            by, scenario_id, difficulty=number(form.get("difficulty", "")), variant=form.get("variant") or None,
            aided=form.get("aided") != "no", after=form.get("after") or None, zone=zone_of(request),
        )  # fmt: skip
        if voiced:
            self._usecases.voicing.switch(by, begun.id, on=True)
        return RedirectResponse(f"/practice/session/{begun.id}", 303)

    # In it

    def session(self, request: Request, session_id: str) -> Response:
        """A conversation as it stands, or once it is over what it taught."""
        return self._session(request, self._usecases.practising.session(who(request), session_id))

    async def say(self, request: Request, session_id: str) -> Response:
        """Say something."""
        form = await read_form(request)
        return await run_in_threadpool(self._say, request, session_id, form)

    def leave(self, request: Request, session_id: str) -> Response:
        """End it before its end."""
        self._usecases.practising.leave(who(request), session_id)
        return RedirectResponse(f"/practice/session/{session_id}", 303)

    def written(self, request: Request, session_id: str) -> Response:
        """Have the other person's lines said as they are written from now on."""
        self._usecases.voicing.switch(who(request), session_id, on=False)
        return RedirectResponse(f"/practice/session/{session_id}", 303)

    async def check(self, request: Request, session_id: str) -> Response:
        """Remarks on what is being written, and where in it the sentence stands that owns what happened; for our script."""
        form = await read_form(request)

        def told() -> Response:
            played = self._usecases.practising.session(who(request), session_id).played
            return helped(self._usecases.checking, self._pages, played.stage, len(played.turns), form.get("text", ""))

        return await run_in_threadpool(told)

    def _say(self, request: Request, session_id: str, form: Form) -> Response:
        by, practising = who(request), self._usecases.practising
        text = form.get("text", "").replace("\r\n", "\n")
        try:
            now = practising.say(by, session_id, text, number(form.get("turn", "")) or 0, delivery(form))
        except (*REFUSED, TooLargeError) as error:
            trouble = trouble_with("say", error, form, ("none",))
            return self._session(request, practising.session(by, session_id), trouble, int(status_of(error)), text)
        if is_ours(request):
            return self._session(request, self._usecases.voicing.voiced(now))
        self._usecases.voicing.voiced(now)
        return RedirectResponse(f"/practice/session/{session_id}", 303)

    # Showing

    def _brief(self, request: Request, chosen: Stage, entry: Entry | None, voice: Offer | None) -> Response:
        scenario = chosen.scenario
        return self._pages.page(
            request, "practice_brief.html", here=f"/practice/{scenario.id}", entry=entry, receiver=entry.receiver if entry else None,
            back=HOME[0], back_says=HOME[1], group=False, seen="", trouble=Trouble(), voice=voice,
            tried=any(one.scenario_id == scenario.id and one.turns for one in self._usecases.practising.sessions(who(request), 500)),
            **brief_values(chosen),
        )  # fmt: skip

    def _session(self, request: Request, found: Session, trouble: Trouble = Trouble(), status: int = 200, typed: str = "") -> Response:
        here = f"/practice/session/{found.id}"
        ended, voices = found.ended_at is not None, () if found.changed else found.voices
        values: dict[str, Any] = {
            "view": view, "talk": view.talk(found.played, voices), "here": here,
            "over": view.over(found.played, found.score, left=found.sitting.left, voices=voices) if ended else None,
            "deliveries": found.delivery, "aided": found.aided, "key": found.id, "carried": (), "you": "You",
            "check": f"{here}/check", "most": TEXT_LIMIT,
            "group": False, "trouble": trouble, "typed": typed, "back": HOME[0], "back_says": HOME[1],
            "changed": found.changed, "forget": f"{here}/forget", "next": self._next(found) if ended else (),
            "voice": None if ended else found.sitting.voice,
        }  # fmt: skip
        return answered(self._pages, request, values, status)

    def _next(self, found: Session) -> tuple[Next, ...]:
        """What can be played after a drill: it once more, harder, the day after, and the other chair."""
        if found.kind in ("own", "rehearsal"):
            return view.own_next_steps(found)
        drills = self._usecases.drills
        later, receiver = drills.beside(found.scenario_id)
        return view.next_steps(found, drills.scenario(found.scenario_id), drills.scenario(later) if later else None, receiver)

    def _form_titles(self) -> dict[str, str]:
        return {one.id: one.title for one in self._usecases.checking.forms()}


# What the pages of a team share with these


def brief_values(chosen: Stage) -> dict[str, Any]:
    """What the brief of a drill shows: the words of one variant, and what can be chosen."""
    scenario = chosen.scenario
    return {
        "view": view, "scenario": scenario, "turns": chosen.level.turns, "variant": chosen.variant, "levels": scenario.levels,
        "chosen": chosen.level.difficulty, "pass_mark": PASS, "opening": scenario.opening.replace("{promise}", scenario.promise),
        "others": tuple(name for name, _ in scenario.variants if name != chosen.variant),
    }  # fmt: skip


def chosen_stage(scenario: Scenario, variant: str, difficulty: str, played: int) -> Stage:
    """A scenario with what was asked for; without a variant another one each time."""
    names = [name for name, _ in scenario.variants]
    return stage(scenario, 0, number(difficulty), variant or names[played % len(names)])


def answered(pages: Pages, request: Request, values: dict[str, Any], status: int = 200) -> Response:
    """A conversation: the changed part of its page for our script, else the page, which may ask for the microphone."""
    if is_ours(request):
        return pages.part("_practice_over.html" if values["over"] else "_practice_talk.html", status, **values)
    response = pages.page(request, "practice_session.html", status, **values)
    response.headers["content-security-policy"] += "; media-src blob:"
    response.headers["permissions-policy"] = MICROPHONE
    return response


def is_ours(request: Request) -> bool:
    """Whether our script asks, not a browser on its own."""
    return "hx-request" in request.headers


def number(text: str) -> int | None:
    """A small number that was sent, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def delivery(form: Form) -> Delivery | None:
    """How a turn was spoken, as the browser measured it; None where it was typed."""
    seconds = _figure(form, "seconds")
    if not seconds:
        return None
    owned = _figure(form, "ownership_at")
    pauses, fillers = (int(_figure(form, name) or 0) for name in ("pauses", "fillers"))
    return Delivery(seconds, pauses, _figure(form, "longest_pause") or 0.0, fillers, owned)


def _figure(form: Form, name: str) -> float | None:
    try:
        found = float(form.get(name, ""))
    except ValueError:
        return None
    return found if 0 <= found <= LONGEST_S else None
