"""Practice as a group: a drill is spun, played from one screen, and talked about. Nothing is kept; the conversation travels in its form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import InputError, TooLargeError
from amends.interfaces.web import practice_view as view
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_form
from amends.interfaces.web.practice import answered, brief_values, chosen_stage, number
from amends.interfaces.web.practice_help import helped
from amends.interfaces.web.practice_view import Next
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.practice.session import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.web.pages import Pages
    from amends.practice.drill import Played
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

HERE = "/practice/team"
ONE = f"{HERE}/{{scenario_id}}"
SEEN = 12
"""So many drills that were spun last do not come up again."""


class TeamPages:
    """The addresses of practice as a group; none of them touches the store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.wheel, methods=["GET"])
        router.add_api_route(HERE, self.spin, methods=["POST"])
        router.add_api_route(ONE, self.brief, methods=["GET"])
        router.add_api_route(ONE, self.say, methods=["POST"])
        router.add_api_route(f"{ONE}/leave", self.leave, methods=["POST"])
        router.add_api_route(f"{ONE}/check", self.check, methods=["POST"])
        return router

    def wheel(self, request: Request) -> Response:
        """How it goes, and the button that spins."""
        drills = [(one.id, view.title(one)) for one in self._usecases.drills.mains()]
        return self._pages.page(request, "practice_team.html", group=True, drills=drills)

    async def spin(self, request: Request) -> Response:
        """A drill by chance, none of the last ones."""
        seen = [one for one in (await read_form(request)).get("seen", "").split(",") if one][-SEEN:]
        found = await run_in_threadpool(lambda: self._usecases.drills.spin(without=seen))
        return RedirectResponse(f"{HERE}/{found.scenario.id}?seen={','.join((*seen, found.scenario.id))}", 303)

    def brief(self, request: Request, scenario_id: str, variant: str = "", difficulty: str = "", seen: str = "") -> Response:
        """What the drill is about."""
        chosen = chosen_stage(self._usecases.drills.scenario(scenario_id), variant, difficulty, 0)
        return self._pages.page(
            request, "practice_brief.html", here=f"{HERE}/{scenario_id}", entry=None, receiver=None, back=HERE, back_says="Team practice",
            group=True, seen=seen or scenario_id, trouble=Trouble(), **brief_values(chosen),
        )  # fmt: skip

    async def say(self, request: Request, scenario_id: str) -> Response:
        """Say something as a group; without anything said before, begin."""
        form = await read_form(request)
        return await run_in_threadpool(self._say, request, scenario_id, form)

    async def leave(self, request: Request, scenario_id: str) -> Response:
        """End it before its end."""
        form = await read_form(request)
        return await run_in_threadpool(
            lambda: self._page(request, scenario_id, form, self._played(scenario_id, form, _said(form)), left=True)
        )

    async def check(self, request: Request, scenario_id: str) -> Response:
        """Remarks on what is being written; for our script."""
        form = await read_form(request)

        def told() -> Response:
            chosen = chosen_stage(self._usecases.drills.scenario(scenario_id), form.get("variant", ""), form.get("difficulty", ""), 0)
            return helped(self._usecases.checking, self._pages, chosen, len(_said(form)), form.get("text", ""))

        return await run_in_threadpool(told)

    def _say(self, request: Request, scenario_id: str, form: Form) -> Response:
        said = _said(form)
        if "said" not in form:
            return self._page(request, scenario_id, form, self._played(scenario_id, form, said))
        text = form.get("text", "").replace("\r\n", "\n")
        try:
            played = self._played(scenario_id, form, (*said, text))
        except (*REFUSED, TooLargeError) as error:
            trouble = trouble_with("say", error, form, ("none",))
            before = self._played(scenario_id, form, said)
            return self._page(request, scenario_id, form, before, trouble=trouble, status=int(status_of(error)), typed=text)
        return self._page(request, scenario_id, form, played)

    def _played(self, scenario_id: str, form: Form, said: tuple[str, ...]) -> Played:
        seed, difficulty = number(form.get("seed", "")) or 0, number(form.get("difficulty", ""))
        return self._usecases.drills.try_out(scenario_id, said, seed=seed, difficulty=difficulty, variant=form.get("variant") or None)

    def _page(
        self,
        request: Request,
        scenario_id: str,
        form: Form,
        played: Played,
        *,
        left: bool = False,
        trouble: Trouble = Trouble(),
        status: int = 200,
        typed: str = "",
    ) -> Response:
        here = f"{HERE}/{scenario_id}"
        stage = played.stage
        said = json.dumps([one.text for one in played.turns], ensure_ascii=False)
        carried = (("said", said), ("seed", stage.seed), ("difficulty", stage.level.difficulty), ("variant", stage.variant))
        seen = (("seen", form.get("seen") or scenario_id),)
        again = Next("Another drill", "Spin again; this one does not come up", HERE, "Spin", seen)
        values: dict[str, Any] = {
            "view": view, "talk": view.talk(played), "over": view.over(played) if left or played.over else None, "here": here,
            "deliveries": (), "aided": True, "key": "", "carried": (*carried, *seen), "you": "Your group",
            "check": f"{here}/check", "most": TEXT_LIMIT,
            "group": True, "trouble": trouble, "typed": typed, "back": HERE, "back_says": "Team practice",
            "changed": False, "forget": "", "next": (again,),
        }  # fmt: skip
        return answered(self._pages, request, values, status)


def _said(form: Form) -> tuple[str, ...]:
    """What the group said so far, as the page carried it. Raises InputError for anything else."""
    try:
        said = json.loads(form.get("said", "[]"))
    except ValueError:
        said = None
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise InputError("the conversation cannot be read", hint="begin it again")
    return tuple(said)
