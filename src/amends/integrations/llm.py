"""The only module that talks to a language model: one question to a server of the team's choice, one answer, and nothing else.

Any server that speaks the chat completions of OpenAI (`POST BASE/chat/completions`) will do, one on the own machine included. Nothing is
asked unless the project file names one and an owner has allowed it (`usecases.suggesting`). The question goes to the address that was
looked at, no redirect is followed, and the answer has limits of time and size; whatever is wrong says what to do. What an answer is worth
is judged elsewhere: here it is only read. What speaks to the network is imported when it is asked: `amends check` reads the project file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from amends.core.errors import OutsideError, UsageError
from amends.integrations.urls import is_base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from httpx2 import Response

TIMEOUT_S = 120
"""How long a model may take as a whole where the file says nothing: a large one on a machine of one's own thinks for a minute."""

SHORTEST_S, LONGEST_S = 1, 600
"""What the file may say instead."""

LARGEST = 1_000_000
"""Bytes of an answer that are read; a whole review has a tenth of it."""

_LONGEST_REASON = 200
_USUAL_WAIT_S = 60
_NAME = re.compile(r"[\w.:/@+-]{1,200}")
_TABLE = "look at [model] in amends.toml"


@dataclass(frozen=True, slots=True)
class Message:
    """One part of a question: `role` is system or user."""

    role: str
    text: str


class Model:
    """A model on a server. `url` is the base of its API, up to and with `/v1`; `seconds` is how long a whole answer may take."""

    def __init__(self, name: str, url: str, key: str | None = None, *, allow_private: bool = False, seconds: float = TIMEOUT_S) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._key = key
        self._allow_private = allow_private
        self._seconds = seconds

    @property
    def host(self) -> str:
        """Where the words go, for people who must know that before they allow it."""
        return urlsplit(self._url).hostname or ""

    def ask(self, messages: Sequence[Message], *, most_tokens: int, within: float | None = None) -> str:
        """The text of the answer, as it came. Asked once: an answer costs money, and whoever asked can ask again.

        `within` is how many seconds it may take, where that is less than the file says.
        Raises OutsideError for a server that is not reached, refuses, or answers something that no such server says.
        """
        body = {
            "model": self.name,
            "messages": [{"role": one.role, "content": one.text} for one in messages],
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream": False,
        }
        status, headers, content = self._post(json.dumps(body).encode(), min(self._seconds, within or self._seconds))
        if self._key is not None and self._key.encode() in content:
            raise OutsideError(
                "the model's server repeated the key that it was sent", hint="change the key, and ask whoever runs the server"
            )
        if status != 200:
            raise self._refusal(status, headers, content)
        return _text(headers, content)

    def _post(self, body: bytes, seconds: float) -> tuple[int, Mapping[str, str], bytes]:
        import ssl

        import httpx2

        url = httpx2.URL(f"{self._url}/chat/completions")
        port = url.port or (443 if url.scheme == "https" else 80)
        address = self._address(url.host, port, url.scheme)
        headers = {"Host": url.netloc.decode("ascii"), "Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"User-Agent": "amends", "Accept-Encoding": "identity"}  # so that what arrives is what is counted
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        context = ssl.create_default_context()
        client = httpx2.Client(verify=context, trust_env=False, follow_redirects=False, timeout=seconds)
        end = _Deadline(seconds, client.close)  # a server that drips its answer is never late with the next byte
        try:
            with end, client:
                request = client.build_request(
                    "POST", url.copy_with(host=address), content=body, headers=headers, extensions={"sni_hostname": url.host}
                )
                response = client.send(request, stream=True)
                try:
                    content = b"".join(_parts(response))
                finally:
                    response.close()
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, RuntimeError, ValueError) as error:
            late = end.is_over or isinstance(error, httpx2.TimeoutException)
            raise self._not_reached(error, seconds if late else None) from error
        return response.status_code, {name.lower(): value for name, value in response.headers.items()}, content

    def _address(self, host: str, port: int, scheme: str) -> str:
        from amends.integrations.addresses import AddressError, looked_up

        try:
            return looked_up(host, port, scheme, allow_private=self._allow_private, what="model")
        except AddressError as error:
            hint = "try again when the network is there" if error.passing else "look at model.url in amends.toml"
            raise OutsideError(error.message, hint=hint, passing=error.passing) from error

    def _not_reached(self, error: Exception, late: float | None) -> OutsideError:
        if late is not None:
            hint = "ask about fewer claims, or raise model.timeout in amends.toml"
            return OutsideError(f"the model took longer than {late:g} s", hint=hint, passing=True)
        reason = self._shown(str(error) or type(error).__name__)
        return OutsideError(f"the model was not reached: {reason}", hint="see whether its server runs, and try again", passing=True)

    def _refusal(self, status: int, headers: Mapping[str, str], content: bytes) -> OutsideError:
        reason = self._shown(_reason(content))
        said = f": {reason}" if reason else ""
        if status == 429:
            from amends.integrations.trackers.talk import wait_of

            wait = wait_of(headers) or _USUAL_WAIT_S
            return OutsideError(
                f"the model has had too many questions{said}", hint=f"try again in {wait} s", retry_after=wait, passing=True
            )
        if status >= 500:
            return OutsideError(f"the model cannot answer now ({status}){said}", hint="try again later", passing=True)
        hint = {
            400: "it may not take this question; look at model.name in amends.toml, and ask about fewer claims",
            401: "the key is wrong or has ended; set a fresh one in the variable that model.key names",
            403: "the key may not use this model; look at model.key and model.name",
            404: "look at model.url (it ends in /v1) and at model.name",
            413: "ask about fewer claims",
        }.get(status, _TABLE)
        if 300 <= status < 400:
            hint = "it has moved, and redirects are not followed; write its new place into model.url"
        return OutsideError(f"the model answered {status}{said}", hint=hint)

    def _shown(self, reason: str) -> str:
        """What a server says, in one line of a bearable length and never with our key in it."""
        from amends.integrations.channels.wording import one_line

        said = one_line(reason)
        return (said.replace(self._key, "…") if self._key else said)[:_LONGEST_REASON]


class _Deadline:
    """Calls something when time is over, unless the block ends before."""

    def __init__(self, seconds: float, over: Callable[[], None]) -> None:
        from threading import Timer

        self.is_over = False
        self._over = over
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def _end(self) -> None:
        self.is_over = True
        self._over()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _parts(response: Response) -> Iterator[bytes]:
    """The answer as it comes, undecoded. Raises ValueError where it is too large."""
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > LARGEST:
            raise ValueError(f"its answer has more than {LARGEST:,} bytes")
        yield part


def _text(headers: Mapping[str, str], content: bytes) -> str:
    """What the model said, out of the envelope of the protocol. Raises OutsideError for anything else."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json" or "content-encoding" in headers:
        raise _odd("something that is no JSON")
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise _odd("something that is no JSON") from None
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    if message.get("tool_calls") or message.get("function_call"):
        raise OutsideError("the model wants to call a tool, and it has none", hint="use a model that answers with text")
    if choice.get("finish_reason") == "length":
        raise OutsideError("the model did not come to an end", hint="ask about fewer claims, or use a model with a larger window")
    if not isinstance(message.get("content"), str):
        raise _odd("no text")
    said: str = message["content"]
    return said


def _odd(what: str) -> OutsideError:
    return OutsideError(f"the model's server answered {what}", hint="is model.url the base of an API like OpenAI's, ending in /v1?")


def _reason(content: bytes) -> str:
    """What a server says about a refusal: `{"error": {"message": …}}`, or what others made of that; nothing where it is a page."""
    try:
        value: Any = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    for key in ("error", "detail", "message"):
        inner = value.get(key) if isinstance(value, dict) else None
        if isinstance(inner, dict):
            inner = inner.get("message")
        if isinstance(inner, str):
            return inner
    return ""


def file_mistakes(values: object) -> Iterator[tuple[str, str, str]]:
    """What is wrong in `[model]` of a project file, as field, message and hint; its shape has been seen to already."""
    said = values if isinstance(values, dict) else {}
    if not is_base(str(said["url"])):
        yield "model.url", f"{said['url']!r:.80} is no base of an API", "write https://…/v1, without a name or a question mark in it"
    if not _NAME.fullmatch(str(said["name"])):
        yield "model.name", f"{said['name']!r:.80} is no name of a model", "write it as the server lists it, without spaces"
    if "key" in said and not re.fullmatch(r"\$[A-Za-z_][A-Za-z0-9_]*", str(said["key"])):
        yield "model.key", "the key stands in the file for all to read", 'write key = "$NAME", and set NAME in the environment'
    if not SHORTEST_S <= said.get("timeout", TIMEOUT_S) <= LONGEST_S:
        yield "model.timeout", f"{said['timeout']} is no time to wait", f"write seconds, from {SHORTEST_S} to {LONGEST_S}"


def make(values: Mapping[str, object], environment: Callable[[str], str | None]) -> Model:
    """The model of a table of the project file. Raises UsageError where the variable that it names is not set."""
    named = str(values["key"])[1:] if "key" in values else None
    key = environment(named) if named is not None else None
    if named is not None and (not key or re.search(r"[^\x21-\x7e]", key)):
        state = "which is not set" if not key else "which holds characters that no key has"
        raise UsageError(f"model.key names the variable {named}, {state}", hint=f"set {named} to the key of the model's server")
    timeout = values.get("timeout", TIMEOUT_S)
    assert isinstance(timeout, int), "the settings have seen to it"
    return Model(str(values["name"]), str(values["url"]), key, allow_private=values.get("allow_private") is True, seconds=timeout)
