"""The settings: oneself (password, where one is signed in, tokens), the people of the workspace, and what the workspace has set up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.accounts import TOKEN_SCOPES, SignInError
from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, UsageError
from amends.core.people import ROLES, SESSION
from amends.incidents.presets import names, preset
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import read_exact, who
from amends.interfaces.web.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

SAID = {
    "password": "Your password is another one now. Everywhere else you were signed out.",
    "session": "That session has ended.",
    "sessions": "Everywhere else you were signed out.",
    "token": "That token opens nothing any more.",
    "role": "The role has changed.",
    "disabled": "This account is closed. Its sessions and tokens have ended, and what it did stays.",
    "enabled": "This account is open again.",
    "clock": "The clocks of all incidents follow these rules from now on.",
    "model": "That is what a model may be given from now on.",
}
"""What the banner says after an act; an address cannot make it say anything else."""


class Settings:
    """The addresses of the settings."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/settings", self.show, methods=["GET"])
        for act in ("password", "sessions", "tokens", "people", "invitations", "clock", "model"):
            router.add_api_route(f"/settings/{act}", getattr(self, act), methods=["POST"])
        router.add_api_route("/settings/sessions/{session_id}/end", self.end, methods=["POST"])
        router.add_api_route("/settings/tokens/{token_id}/revoke", self.revoke, methods=["POST"])
        router.add_api_route("/settings/people/{name}/{act}", self.change, methods=["POST"])
        return router

    def show(self, request: Request, done: str = "") -> Response:
        """All of it, on one page."""
        return self._page(request, said=SAID.get(done, ""))

    async def password(self, request: Request) -> Response:
        """Another password."""
        form = await read_exact(request)

        def work() -> Response:
            if form.get("password") != form.get("again"):
                raise InputError("these are two different passwords", hint="write the same one twice", field="again")
            by = who(request)
            people, keep = self._usecases.people, request.scope.get(SESSION)
            people.set_password(by, form.get("password", ""), current=form.get("current", ""), keep=keep, by=by)
            return _done("password")

        return await run_in_threadpool(self._try, request, "password", form, work)

    async def clock(self, request: Request) -> Response:
        """Let the clocks of incidents follow other rules."""
        form = await read_exact(request)

        def work() -> Response:
            self._usecases.today.choose_preset(form.get("preset", ""), by=who(request))
            return _done("clock")

        return await run_in_threadpool(self._try, request, "clock", form, work)

    async def model(self, request: Request) -> Response:
        """Let a language model be given claims, or no longer."""
        form = await read_exact(request)

        def work() -> Response:
            ticked = {name: bool(form.get(name)) for name in ("open", "private", "practice")}
            self._usecases.suggesting.allow(**ticked, by=who(request))
            return _done("model")

        return await run_in_threadpool(self._try, request, "model", form, work)

    async def sessions(self, request: Request) -> Response:
        """Sign out everywhere else."""
        session: str | None = request.scope.get(SESSION)
        await run_in_threadpool(lambda: self._usecases.signing.revoke(but=session, by=who(request)))
        return _done("sessions")

    def end(self, request: Request, session_id: str) -> Response:
        """End one session of one's own."""
        self._usecases.signing.revoke(session_id, by=who(request))
        return _done("session")

    async def tokens(self, request: Request) -> Response:
        """Make a token, and show it this once: the answer to the form itself, so that it stands in no history."""
        form = await read_exact(request)

        def work() -> Response:
            days = form.get("days", "").strip()
            if days and not (days.isascii() and days.isdecimal() and len(days) < 6):
                raise InputError(f"{days[:20]!r} is no number of days", hint="write a number, or nothing", field="days")
            lasts = timedelta(days=int(days)) if days else None
            _, key = self._usecases.signing.new_token(form.get("name", ""), (form.get("scope", "read"),), lasts=lasts, by=who(request))
            return self._page(request, key=key)

        return await run_in_threadpool(self._try, request, "tokens", form, work)

    def revoke(self, request: Request, token_id: str) -> Response:
        """Let a token open nothing any more."""
        self._usecases.signing.revoke_token(token_id, by=who(request))
        return _done("token")

    async def people(self, request: Request) -> Response:
        """Make an account, and show the invitation to it this once."""
        form = await read_exact(request)

        def work() -> Response:
            by, people = who(request), self._usecases.people
            role, display = form.get("role", "responder"), form.get("display", "").strip() or None
            new = people.add(form.get("name", ""), role, display=display, email=form.get("email"), by=by)
            return self._invited(request, new.name)

        return await run_in_threadpool(self._try, request, "people", form, work)

    async def invitations(self, request: Request) -> Response:
        """A new invitation for somebody who has an account: for a first password, or one that was forgotten."""
        form = await read_exact(request)
        return await run_in_threadpool(self._try, request, "people", form, lambda: self._invited(request, form.get("name", "")))

    async def change(self, request: Request, name: str, act: str) -> Response:
        """Another role for somebody, or their account closed or opened again."""
        form = await read_exact(request)
        people, by = self._usecases.people, who(request)
        acts: dict[str, Callable[[], object]] = {
            "role": lambda: people.change_role(name, form.get("role", ""), by=by),
            "disable": lambda: people.disable(name, by=by),
            "enable": lambda: people.enable(name, by=by),
        }
        if act not in acts:
            raise NotFoundError("No page has this address.")

        def work() -> Response:
            acts[act]()
            return _done({"role": "role", "disable": "disabled", "enable": "enabled"}[act])

        return await run_in_threadpool(self._try, request, f"of-{name}", form, work)

    # Within

    def _invited(self, request: Request, name: str) -> Response:
        key = self._usecases.people.invite(name, by=who(request))
        return self._page(request, invited=name, link=f"{request.base_url}invitation/{key}")

    def _try(self, request: Request, act: str, form: Form, work: Callable[[], Response]) -> Response:
        try:
            return work()
        except (InputError, UsageError, ConflictError, SignInError) as error:
            field = "current" if isinstance(error, SignInError) else getattr(error, "field", None) or ""
            typed = {name: value for name, value in form.items() if name not in ("password", "current", "again")}
            return self._page(request, int(status_of(error)), trouble=Trouble(act, field, error.message, error.hint, typed))

    def _page(self, request: Request, status: int = 200, *, trouble: Trouble = Trouble(), said: str = "", **once: str) -> Response:
        usecases, by = self._usecases, who(request)
        accounts = usecases.people.are_here()
        me = usecases.people.me(by=by)
        values: dict[str, Any] = {
            "me": me, "accounts": accounts, "people": usecases.people.list(by=by) if accounts else (), "roles": ROLES,
            "scopes": TOKEN_SCOPES, "sessions": usecases.signing.sessions(by=by) if accounts else (), "here": request.scope.get(SESSION),
            "tokens": usecases.signing.tokens(by=by) if accounts else (), "said": said, "trouble": trouble,
            "key": once.get("key", ""), "invited": once.get("invited", ""), "link": once.get("link", ""),
            "channels": self._channels(), "elsewhere": self._elsewhere(), "store": usecases.store.kind, "device": device,
            "clock": usecases.today.preset(by=by), "presets": [preset(name) for name in names()],
            "model": usecases.suggesting.allowed(by=by),
        }  # fmt: skip
        return self._pages.page(request, "settings.html", status, **values)

    def _channels(self) -> tuple[str, ...]:
        try:
            return self._usecases.due.channels
        except AmendsError as error:
            return (f"{error.message}; {error.hint}",)

    def _elsewhere(self) -> str:
        elsewhere = self._usecases.elsewhere
        return elsewhere.name if elsewhere is not None else ""


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def device(agent: str | None) -> str:
    """What a browser says about itself, in words that people know.

    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    >>> device(None)
    'A browser that does not say its name'
    """
    if not agent:
        return "A browser that does not say its name"
    browser = next((name for mark, name in _BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def _done(what: str) -> Response:
    return RedirectResponse(f"/settings?done={what}", 303)
