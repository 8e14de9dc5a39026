"""Speaks HTTP with a tracker: to the address that was looked at, within limits of time and size, and every failure with what to do.

Reading is tried again where the other side stumbled; what makes a ticket never is, since nobody can tell whether it had arrived. No
redirect is followed: what was allowed is the address in the file.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from amends.core.errors import InputError, OutsideError
from amends.integrations.addresses import AddressError, looked_up
from amends.integrations.channels.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from httpx2 import Client, Response

TIMEOUT_S = 10
"""How long to wait for each part of an answer."""

DEADLINE_S = 30
"""How long one request may take as a whole, however slowly the other side drips its answer."""

LARGEST = 8_000_000
"""Bytes of an answer that are read; a page of a hundred long tickets has less."""

PAUSES_S = (0.5, 2.0)
"""How long to wait before reading is tried again."""

_STUMBLED = (500, 502, 503, 504)
_LONGEST_REASON = 200
_USUAL_WAIT_S = 60
"""How long to wait where a tracker says that it is too much and not until when; what GitHub asks for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the JSON, and the headers in lower case."""

    value: Any
    headers: Mapping[str, str]


class Talk:
    """A way to speak with one tracker. `url` is the base of its API, `headers` hold the token; `said_in` names where that token is set."""

    def __init__(self, name: str, url: str, headers: Mapping[str, str], *, said_in: str, allow_private: bool = False) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._headers = {"User-Agent": "amends", "Accept": "application/json", **headers}
        self._said_in = said_in
        self._allow_private = allow_private

    def get(self, path: str, **query: str | int) -> Answer:
        """Read something; tried again where the other side stumbled. Raises OutsideError."""
        for pause in PAUSES_S:
            try:
                return self._send("GET", path, query)
            except OutsideError as error:
                if not error.passing or error.retry_after is not None:
                    raise
                sleep(pause)
        return self._send("GET", path, query)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Make something, tried once. Raises OutsideError, which says whether it may have arrived."""
        return self._send("POST", path, {}, body)

    def _send(self, method: str, path: str, query: Mapping[str, str | int], body: Mapping[str, Any] | None = None) -> Answer:
        import httpx2

        parts = urlsplit(self._url)
        host, scheme = parts.hostname or "", parts.scheme
        address = self._address(host, parts.port or (443 if scheme == "https" else 80), scheme)
        url = httpx2.URL(f"{self._url}{path}", params=dict(query)) if query else httpx2.URL(f"{self._url}{path}")
        headers = {**self._headers, "Host": url.netloc.decode("ascii")}
        try:
            with _client() as client:
                request = client.build_request(
                    method, url.copy_with(host=address), json=body, headers=headers, extensions={"sni_hostname": host}
                )
                response = client.send(request, stream=True)
                try:
                    content = b"".join(_parts(response))
                finally:
                    response.close()
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
            raise self._not_reached(method, str(error) or type(error).__name__) from error
        return self._understood(response.status_code, {name.lower(): value for name, value in response.headers.items()}, content)

    def _address(self, host: str, port: int, scheme: str) -> str:
        try:
            return looked_up(host, port, scheme, allow_private=self._allow_private, what="tracker")
        except AddressError as error:
            hint = "try again when the network is there" if error.passing else f"look at trackers.{self._name}.url in amends.toml"
            raise OutsideError(f"{self._name}: {error.message}", hint=hint, passing=error.passing) from error

    def _not_reached(self, method: str, reason: str) -> OutsideError:
        sent = method == "POST"
        hint = "push again: if the ticket was made, it is found, and none is made twice" if sent else "try again later"
        return OutsideError(f"{self._name} was not reached: {one_line(reason)[:_LONGEST_REASON]}", hint=hint, passing=True)

    def _understood(self, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
        try:
            value = json.loads(content) if content else None
        except (ValueError, RecursionError):
            value = None
        if 200 <= status < 300:
            if value is None:
                hint = f"is trackers.{self._name}.url the address of its API?"
                raise OutsideError(f"{self._name} answered something that is no JSON", hint=hint)
            return Answer(value, headers)
        raise self._refusal(status, headers, reason_of(value))

    def _refusal(self, status: int, headers: Mapping[str, str], reason: str) -> OutsideError:
        said = f": {reason}" if reason else ""
        if status == 429 or (status == 403 and _is_limit(headers, reason)):
            wait = wait_of(headers) or _USUAL_WAIT_S
            return OutsideError(f"{self._name} has had too many requests", hint=f"try again in {wait} s", retry_after=wait, passing=True)
        if status in _STUMBLED:
            return OutsideError(f"{self._name} cannot answer now ({status}){said}", hint="try again later", passing=True)
        hint = {
            401: f"the token is wrong or has ended; set a fresh one in {self._said_in}",
            403: f"the token in {self._said_in} may not do this; give it the right to read and write issues",
            404: f"look at trackers.{self._name} in amends.toml, and at what the token may see",
            410: "issues are switched off there, or the ticket was deleted",
        }.get(status, "")
        if 300 <= status < 400:
            hint = f"it has moved, and redirects are not followed; write its new place into trackers.{self._name}"
        return OutsideError(f"{self._name} answered {status}{said}", hint=hint or f"look at trackers.{self._name} in amends.toml")


def _client() -> Client:
    import httpx2

    context = ssl.create_default_context()
    return httpx2.Client(verify=context, trust_env=False, follow_redirects=False, timeout=TIMEOUT_S)


def _parts(response: Response) -> Iterator[bytes]:
    """The answer as it comes. Raises TimeoutError where it takes too long as a whole, ValueError where it is too large."""
    end, size = monotonic() + DEADLINE_S, 0
    for part in response.iter_bytes():
        size += len(part)
        if monotonic() > end:
            raise TimeoutError(f"the answer took longer than {DEADLINE_S} s")
        if size > LARGEST:
            raise ValueError(f"the answer has more than {LARGEST:,} bytes")
        yield part


def _is_limit(headers: Mapping[str, str], reason: str) -> bool:
    """Whether a refusal is about how often was asked: GitHub says so with 403, for its hourly limit and for its secondary one."""
    return headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers or "rate limit" in reason.casefold()


def wait_of(headers: Mapping[str, str]) -> int | None:
    """How many seconds a tracker asks to wait: `Retry-After` as seconds or as a date, else when its limit is reset, by its own clock."""
    there = _date(headers.get("date")) or datetime.fromtimestamp(0, UTC)
    said = headers.get("retry-after", "")
    if said.isascii() and said.isdecimal():
        return min(int(said), 86_400) or 1
    until = _date(said)
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        reset = headers.get(name, "")
        if until is None and reset.isascii() and reset.isdecimal() and len(reset) < 12:
            until = datetime.fromtimestamp(int(reset), UTC)
    if until is None or "date" not in headers:
        return None
    return max(1, min(86_400, round((until - there).total_seconds())))


def _date(said: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(said) if said else None
    except (ValueError, TypeError):
        return None
    return found if found is None or found.tzinfo is not None else found.replace(tzinfo=UTC)


def reason_of(value: Any) -> str:
    """What a tracker says about a refusal, in one line: each kind has its own shape, and all are read here."""
    if not isinstance(value, dict):
        return ""
    said: list[str] = [str(one) for one in value.get("errorMessages", ()) if isinstance(one, str)]
    said += [value[key] for key in ("message", "error_description", "error") if isinstance(value.get(key), str)][:1]
    for key in ("message", "errors"):
        inner = value.get(key)
        if isinstance(inner, dict):
            said += [f"{name}: {', '.join(map(str, why)) if isinstance(why, list) else why}" for name, why in inner.items()]
        elif isinstance(inner, list):
            said += [_of_list(one) for one in inner]
    return one_line("; ".join(part for part in said if part))[:_LONGEST_REASON]


def _of_list(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(one.get("message") or " ".join(str(one[key]) for key in ("field", "code") if key in one))


def listed(value: Any, name: str) -> list[Any]:
    """A list from outside. Raises OutsideError for anything else: what is no list does not say that there is nothing."""
    if not isinstance(value, list):
        raise odd(name)
    return value


def odd(name: str) -> OutsideError:
    """An answer that is JSON, and not what this kind of tracker says."""
    return OutsideError(f"{name} answered something that no such tracker says", hint=f"look at trackers.{name}: is its kind right?")


def field(value: Any, *path: str) -> Any:
    """A value inside JSON from outside, None where it is not there."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text_of(value: Any, *path: str) -> str | None:
    """The same where it must be text, which is shown in one line."""
    found = field(value, *path)
    return one_line(found)[:_LONGEST_REASON] or None if isinstance(found, str) else None


def time_of(value: Any, *path: str) -> datetime | None:
    """The same as an instant, None where it is none."""
    found = field(value, *path)
    try:
        read = datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def web_address(said: str | None, otherwise: str) -> str:
    """An address for people, as a tracker tells it: only one that a browser may open, else `otherwise`."""
    return said if said is not None and said.startswith(("https://", "http://")) else otherwise


def require_ref(ref: str, is_ref: bool, name: str) -> None:
    """Raises InputError for what cannot name a ticket, before it becomes part of an address."""
    if not is_ref:
        raise InputError(f"{ref[:40]!r} is no ticket of {name}", hint="unlink it with `undo`, and push again", field="ticket")
