"""The pages by which people come in and go: signing in, invitations, signing out; and what is answered to who is not signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.accounts import SignInError, TooManyTriesError
from amends.core.errors import AmendsError, InputError
from amends.core.people import LOCAL_PERSON, SIGNED_IN
from amends.interfaces.web import words
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import MAX_BYTES, MOST_FIELDS, read_exact, wants_json
from amends.interfaces.web.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from amends.core.accounts import Person
    from amends.interfaces.web.pages import Pages
    from amends.interfaces.web.security import App, Receive, Scope, Send
    from amends.usecases.facade import UseCases
    from amends.usecases.signing import Entered

    Refuse = Callable[[AmendsError, Scope, Receive, Send], Awaitable[None]]

OPEN = ("/sign-in", "/sign-out", "/invitation", "/ack/", "/p", "/static/", "/calendar/", "/favicon.ico", "/healthz", "/readyz", "/theme")
"""What is served to everybody: the way in, what every page needs, and addresses that are secrets themselves."""

CLEAR = {"clear-site-data": '"storage"'}
"""Whoever sits down at this device next finds none of our drafts in it."""


def is_open(path: str) -> bool:
    """Whether nobody has to be signed in for a path."""
    return any(path == one or (path.startswith(one) if one.endswith("/") else path.startswith(f"{one}/")) for one in OPEN)


def own_path(asked: str) -> str:
    """Only a path of ours: no address can make us send somebody elsewhere. Browsers read a backslash as a slash."""
    plain = "".join(one for one in asked if one.isprintable())
    if not plain.startswith("/") or plain.startswith("//") or "\\" in plain or len(plain) > 2000 or plain != asked:
        return "/"
    parts = urlsplit(plain)
    return plain if not parts.scheme and not parts.netloc and not parts.path.startswith("/sign-") else "/"


def cookie_of(request: Request) -> str:
    """What the cookie of a session is called; see `interfaces.door`, which reads it."""
    return "__Host-amends" if request.url.scheme == "https" else "amends-session"


class SignIn:
    """The addresses of the way in."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/sign-in", self.ask, methods=["GET"])
        router.add_api_route("/sign-in", self.enter, methods=["POST"])
        router.add_api_route("/sign-in/elsewhere", self.elsewhere, methods=["GET"])
        router.add_api_route("/sign-in/back", self.back, methods=["GET"])
        router.add_api_route("/sign-out", self.leave, methods=["POST"])
        router.add_api_route("/invitation/{key}", self.invited, methods=["GET"])
        router.add_api_route("/invitation/{key}", self.take_up, methods=["POST"])
        return router

    async def ask(self, request: Request) -> Response:
        """Name and password, or the way through the company's own sign-in."""
        return await run_in_threadpool(self._form, request, _wanted(request))

    async def enter(self, request: Request) -> Response:
        """Sign in, and on to where somebody wanted to go."""
        form = await read_exact(request)
        return await run_in_threadpool(self._enter, request, form)

    def _enter(self, request: Request, form: Mapping[str, str]) -> Response:
        target = own_path(form.get("next", ""))
        try:
            entered = self._usecases.signing.sign_in(
                form.get("name", ""), form.get("password", ""), address=_address(request), agent=request.headers.get("user-agent"),
                instead_of=request.cookies.get(cookie_of(request)),
            )  # fmt: skip
        except (SignInError, TooManyTriesError) as error:
            typed = {"name": form.get("name", "").strip()}
            response = self._form(request, target, Trouble("sign-in", "password", error.message, error.hint, typed), int(status_of(error)))
            if isinstance(error, TooManyTriesError):
                response.headers["retry-after"] = str(error.retry_after)
            return response
        return _entered(request, entered, target)

    async def leave(self, request: Request) -> Response:
        """End this session, and leave nothing of it in the browser."""
        key = request.cookies.get(cookie_of(request))
        if key:
            await run_in_threadpool(self._usecases.signing.sign_out, key)
        response = RedirectResponse("/sign-in", 303, CLEAR)
        response.delete_cookie(cookie_of(request), secure=request.url.scheme == "https", httponly=True, samesite="lax")
        return response

    def invited(self, request: Request, key: str) -> Response:
        """Where somebody who was invited chooses a password."""
        try:
            return self._invitation(request, self._usecases.people.invited(key))
        except SignInError as error:
            return self._form(request, "/", Trouble("sign-in", "password", error.message, error.hint), int(status_of(error)))

    async def take_up(self, request: Request, key: str) -> Response:
        """Take the password, and sign in with it."""
        form = await read_exact(request)
        return await run_in_threadpool(self._take_up, request, key, form)

    def _take_up(self, request: Request, key: str, form: Mapping[str, str]) -> Response:
        people = self._usecases.people
        try:
            person = people.invited(key)
        except SignInError as error:
            return self._form(request, "/", Trouble("sign-in", "password", error.message, error.hint), int(status_of(error)))
        if form.get("password") != form.get("again"):
            trouble = Trouble("password", "again", "these are two different passwords", "write the same one twice")
            return self._invitation(request, person, trouble, 400)
        try:
            name = people.take_up(key, form.get("password", "")).name
        except InputError as error:
            return self._invitation(request, person, Trouble("password", "password", error.message, error.hint), 400)
        return _entered(request, self._usecases.signing.enter(name, agent=request.headers.get("user-agent")), "/")

    # Through the company's own sign-in

    def elsewhere(self, request: Request) -> Response:
        """Send the browser to who knows these people, with what proves on the way back that it was sent by us."""
        elsewhere = self._usecases.elsewhere
        if elsewhere is None:
            return RedirectResponse("/sign-in", 303)
        try:
            leaving = elsewhere.leave(_callback(request, elsewhere.address), _wanted(request))
        except AmendsError as error:
            return self._form(request, _wanted(request), Trouble("elsewhere", "", error.message, error.hint), 502)
        response = RedirectResponse(leaving.address, 303)
        response.set_cookie(_journey(request), leaving.kept, max_age=600, **_guarded(request))
        return response

    def back(self, request: Request) -> Response:
        """Somebody comes back from there: who they are is asked of the other server, not of the browser."""
        elsewhere = self._usecases.elsewhere
        if elsewhere is None:
            return RedirectResponse("/sign-in", 303)
        kept = request.cookies.get(_journey(request), "")
        try:
            person, target = elsewhere.arrive(dict(request.query_params), kept, _callback(request, elsewhere.address))
            entered = self._usecases.signing.enter(
                person, agent=request.headers.get("user-agent"), instead_of=request.cookies.get(cookie_of(request))
            )
        except AmendsError as error:
            response = self._form(request, "/", Trouble("elsewhere", "", error.message, error.hint), int(status_of(error)))
        else:
            response = _entered(request, entered, own_path(target))
        response.delete_cookie(_journey(request), secure=request.url.scheme == "https", httponly=True, samesite="lax")
        return response

    # Within

    def _form(self, request: Request, target: str, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        elsewhere = self._usecases.elsewhere
        here = self._usecases.people.are_here()
        if not here:
            return RedirectResponse("/", 303)
        shown = elsewhere.name if elsewhere is not None else ""
        values = {"target": target, "trouble": trouble, "elsewhere": shown, "asked": quote(target, safe="")}
        return self._pages.page(request, "sign-in.html", status, **values)

    def _invitation(self, request: Request, person: Person, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        return self._pages.page(request, "invitation.html", status, person_invited=person, trouble=trouble)


class Reading:
    """An ASGI layer by which pages know who reads them, so that they call that person “you”."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        words.READER.set(str(scope.get(SIGNED_IN, LOCAL_PERSON)))
        await self._app(scope, receive, send)


def turned_away(pages: Pages) -> Refuse:
    """How pages answer to who is not signed in: scripts learn it, links lead to the way in, and forms show every word that was sent."""

    async def refuse(error: AmendsError, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await _answer(pages, request, error)
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    return refuse


async def _answer(pages: Pages, request: Request, error: AmendsError) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asks_json = wants_json(request) or "application/json" in request.headers.get("accept", "")
    if asks_json or "text/event-stream" in request.headers.get("accept", ""):
        body = {"detail": error.message, "hint": error.hint, "code": error.code, "sign_in": "/sign-in"}
        return JSONResponse(body, 401)
    if "hx-request" in request.headers:
        return pages.part("refused.html", 401, error=error)
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?{urlencode({'next': own_path(here)})}", 303)
    return pages.page(request, "signed-out.html", 401, fields=await _fields(request), here=own_path(here))


async def _fields(request: Request) -> list[tuple[str, str]]:
    """What a form held, but for passwords; files cannot be kept, and are chosen again."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return []
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            return []
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        return []
    return [(name, value) for name, value in pairs if name not in ("password", "current", "again")]


def _entered(request: Request, entered: Entered, target: str) -> Response:
    response = RedirectResponse(target, 303)
    left = int((entered.session.expires_at - entered.session.created_at).total_seconds())
    response.set_cookie(cookie_of(request), entered.key, max_age=left, **_guarded(request))
    return response


def _guarded(request: Request) -> dict[str, Any]:
    """How cookies are set that only this server reads, and that come along when somebody follows a link to us."""
    return {"path": "/", "secure": request.url.scheme == "https", "httponly": True, "samesite": "lax"}


def _journey(request: Request) -> str:
    return "__Host-amends-way" if request.url.scheme == "https" else "amends-way"


def _callback(request: Request, address: str | None) -> str:
    if address is not None:
        return f"{address.rstrip('/')}/sign-in/back"
    return str(request.url.replace(path="/sign-in/back", query="", fragment=""))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _wanted(request: Request) -> str:
    """The page that somebody was on the way to."""
    return own_path(request.query_params.get("next", ""))
