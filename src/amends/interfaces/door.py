"""The door of the server: finds out who each request comes from, and turns away who is not signed in where there are accounts.

One layer for pages and API, which differ in which keys they take, what is open to everybody, and how they refuse.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from amends.core.accounts import Caller
from amends.core.errors import AmendsError, NoAccountError
from amends.core.people import LOCAL_PERSON, SESSION, SIGNED_IN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from amends.usecases.facade import UseCases

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]
    Refuse = Callable[[AmendsError, Scope, Receive, Send], Awaitable[None]]

KEY = "amends.session_key"
"""Under which name the key of the session stands in the scope, for the pages that end or renew it."""

SCOPES = "amends.scopes"
"""Under which name the scopes of a token stand in the scope; absent for sessions."""

_LOCAL = Caller(LOCAL_PERSON)


def cookie_name(scope: Scope) -> str:
    """What the cookie of a session is called. The prefix makes browsers refuse one that another host, or plain http, wants to set."""
    return "__Host-amends" if scope.get("scheme") == "https" else "amends-session"


class Door:
    """An ASGI layer. `open_to_all` tells which paths nobody has to be signed in for, `refuse` answers for what is not let in.

    `storeless` tells which requests a workspace without accounts serves without asking its store.
    """

    def __init__(
        self,
        app: App,
        usecases: UseCases,
        refuse: Refuse,
        *,
        open_to_all: Callable[[str], bool],
        storeless: Callable[[Scope], bool] = lambda _: False,
        takes_tokens: bool = False,
    ) -> None:
        self._app = app
        self._usecases = usecases
        self._refuse = refuse
        self._open_to_all = open_to_all
        self._storeless = storeless
        self._takes_tokens = takes_tokens
        self._has_accounts = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request as who sent it, or refuses it."""
        if scope["type"] != "http" or self._is_free(scope):
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        session, token = _session_key(scope, headers), _bearer(headers) if self._takes_tokens else None
        caller = await run_in_threadpool(self._caller, session, token)
        if caller is None:
            hint = "sign in; what you wrote stays on this device until then"
            await self._refuse(NoAccountError("you are not signed in, or not any more", hint=hint), scope, receive, send)
            return
        scope[SIGNED_IN] = caller.person
        if caller.session_id is not None:
            scope[SESSION], scope[KEY] = caller.session_id, session
        if caller.scopes is not None:
            scope[SCOPES] = caller
        await self._app(scope, receive, send)

    def _is_free(self, scope: Scope) -> bool:
        return self._open_to_all(scope["path"]) or (not self._has_accounts and self._storeless(scope))

    def _caller(self, session: str | None, token: str | None) -> Caller | None:
        """Who asks: somebody, the one person of a workspace without accounts, or nobody.

        A store that does not answer is told by what needs it: until then the request is nobody's, and no use case lets nobody do a thing.
        """
        try:
            self._has_accounts = self._has_accounts or self._usecases.people.are_here()
            if not self._has_accounts:
                return _LOCAL
            return self._usecases.signing.caller(session_key=None if token else session, token_key=token)
        except AmendsError:
            return _LOCAL


def _session_key(scope: Scope, headers: dict[bytes, str]) -> str | None:
    try:
        found = SimpleCookie(headers.get(b"cookie", "")).get(cookie_name(scope))
    except CookieError:
        return None
    return found.value if found is not None else None


def _bearer(headers: dict[bytes, str]) -> str | None:
    kind, _, key = headers.get(b"authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else None
