"""How much one client may ask for: the size of a request and how many of them in a second.

Both are checked before any of the work is done, in a plain ASGI layer that costs a request a few microseconds.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from amends.core.ports import Clock

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]
    Refuse = Callable[[AmendsError, Scope, Receive, Send], Awaitable[None]]

CLIENTS_REMEMBERED = 10_000
"""Beyond this many the one that has been silent longest is forgotten, so that memory stays bounded."""


class TooManyRequestsError(AmendsError):
    """A client asks more often than the rate limit allows; carries the seconds after which it may ask again."""

    code = "too-many-requests"

    def __init__(self, limit: float, wait: float) -> None:
        seconds = max(1, ceil(wait))
        super().__init__(f"more than {limit:g} requests a second", hint=f"wait {seconds} s and ask again")
        self.retry_after = seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_bytes` of a request body; `per_second` requests in the long run (0 switches the limit off), `burst` at once."""

    max_bytes: int = 1_000_000
    per_second: float = 50.0
    burst: int = 100


class TokenBucket:
    """A bucket of tokens for each client: a request takes one, and they come back at a steady rate."""

    def __init__(self, per_second: float, burst: int, clock: Clock) -> None:
        self._rate = per_second
        self._burst = float(max(burst, 1))
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Takes a token for `client`; returns 0.0, or the seconds until there is one."""
        now = self._clock.now().timestamp()
        tokens, since = self._buckets.pop(client, (self._burst, now))
        tokens = min(self._burst, tokens + max(0.0, now - since) * self._rate)
        wait = 0.0 if tokens >= 1.0 else (1.0 - tokens) / self._rate
        self._buckets[client] = (tokens if wait else tokens - 1.0, now)
        if len(self._buckets) > CLIENTS_REMEMBERED:
            self._buckets.popitem(last=False)
        return wait


class Guard:
    """An ASGI layer that refuses what is too large or too often; `refuse` renders the error."""

    def __init__(self, app: App, limits: Limits, clock: Clock, refuse: Refuse) -> None:
        self._app = app
        self._limits = limits
        self._refuse = refuse
        self._bucket = TokenBucket(limits.per_second, limits.burst, clock) if limits.per_second > 0 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._admit(scope)
        except AmendsError as error:
            await self._refuse(error, scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _admit(self, scope: Scope) -> None:
        if self._bucket is not None:
            client = scope.get("client")
            wait = self._bucket.take(client[0] if client else "")
            if wait:
                raise TooManyRequestsError(self._limits.per_second, wait)
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self._limits.max_bytes:
                raise too_large(self._limits.max_bytes)

    def _counted(self, receive: Receive) -> Receive:
        """The body as it comes, cut off where it passes the limit (a request without a length can lie about nothing)."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limits.max_bytes:
                raise too_large(self._limits.max_bytes)
            return message

        return counted


def too_large(limit: int) -> TooLargeError:
    """The error for a body above `limit` bytes, naming it."""
    return TooLargeError(
        f"the request is larger than the limit of {limit:,} bytes",
        hint="check long documents with `amends check FILE`, which has no such limit",
    )
