"""What keeps strangers out of a workbench, with accounts or without: no foreign page may frame it, write to it, or pose as its host."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE = ("GET", "HEAD", "OPTIONS")

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def content_policy(nonce: str | None = None) -> str:
    """The content security policy of a page: everything from here, nothing inline but styles that carry `nonce` (the editor's)."""
    styles = f"style-src 'self' 'nonce-{nonce}'" if nonce else "style-src 'self'"
    return (
        f"default-src 'none'; script-src 'self'; {styles}; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class Fence:
    """An ASGI layer that adds the security headers, refuses foreign hosts and writes from other sites.

    Without the host check a foreign page could rebind its own name to 127.0.0.1 and read drafts as if it were ours.
    `hosts` are further names to answer to, such as the one of a proxy; `*` answers to any. Where none is given, a server on another address
    than a loopback one answers to whatever name its network gives it.
    """

    def __init__(self, app: App, hosts: tuple[str, ...] = ()) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or refuses it with 421 (not our name) or 403 (written from elsewhere)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in given)]
                if b"content-security-policy" not in given:
                    message["headers"].append((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
            await send(message)

        refusal = self._refusal(scope, headers)
        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> PlainTextResponse | None:
        host = headers.get(b"host", "")
        if not self._is_ours(scope, host):
            hint = "Open it as localhost, or name the host in AMENDS_ALLOWED_HOSTS."
            return PlainTextResponse(f"This workbench does not answer to the name {host[:100]!r}. {hint}\n", 421)
        if scope["method"] not in SAFE and _from_elsewhere(headers, host):
            return PlainTextResponse("Another site may not write here. Open the workbench itself.\n", 403)
        return None

    def _is_ours(self, scope: Scope, host: str) -> bool:
        server = scope.get("server")
        known = server and (self._hosts or _is_loopback(server[0]))
        if not host or not server or not known or "*" in self._hosts:
            return True
        name = _host_name(host)
        return name in self._hosts or name == server[0] or name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _from_elsewhere(headers: dict[bytes, str], host: str) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get(b"origin")
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
