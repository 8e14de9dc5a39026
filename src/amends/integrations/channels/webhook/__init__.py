"""Reminders and messages as HTTP requests: a CloudEvents 1.0 event in JSON, signed as Standard Webhooks does where a secret is set.

The address comes from the team's own file, but a file can be wrong, and a name can change where it leads. So each request resolves the
name once, looks at the addresses, and connects to the very one it looked at. No redirect is followed: what was allowed is the address
in the file. Python's own client does this in a few lines, because it lets us make the connection; a larger one would have to be talked
out of its pool, its proxies and its redirects first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from amends.integrations.addresses import AddressError, looked_up
from amends.integrations.channels import TIMEOUT_S, Channel, ChannelError
from amends.integrations.channels.wording import body, subject, text, title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.integrations.channels import Letter, Notice

SOURCE = "amends"
DEADLINE_S = 30
"""How long one request may take as a whole, however slowly the other side drips its answer."""

_TRY_AGAIN = (408, 425, 429)


class Webhook(Channel):
    """Sends to one address. `person` is whose it is, `secret` signs, `allow_private` lets it be in the own network."""

    def __init__(self, name: str, url: str, *, person: str | None = None, secret: str | None = None, allow_private: bool = False) -> None:
        super().__init__(name, person)
        self._url = url
        self._secret = secret
        self._allow_private = allow_private

    def send(self, notice: Notice) -> None:
        """Hand a notice over. Raises ChannelError."""
        self._hand_over(notice.id, notice.at, event(notice))

    def post(self, letter: Letter) -> None:
        """Hand a message over. Raises ChannelError."""
        self._hand_over(letter.id, letter.at, message_event(letter))

    def _hand_over(self, name: str, at: datetime, told: dict[str, object]) -> None:
        sent = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/cloudevents+json; charset=utf-8", "User-Agent": SOURCE, "Idempotency-Key": name}
        if self._secret is not None:
            headers |= signature(self._secret, name, at, sent)
        status = self._post(sent, headers)
        if not 200 <= status < 300:
            redirected = " and redirects are not followed" if 300 <= status < 400 else ""
            raise ChannelError(f"the webhook answered {status}{redirected}", retry=status in _TRY_AGAIN or status >= 500)

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            parts = urlsplit(self._url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise ChannelError("the address of the webhook cannot be read", retry=False) from None
        if parts.scheme not in ("http", "https") or not host:
            raise ChannelError("the address of a webhook begins with https://", retry=False)
        address = self._allowed(host, port, parts.scheme)
        connection = _connection(parts.scheme, host, port)
        deadline = Timer(DEADLINE_S, lambda: _shut(connection))
        deadline.daemon = True
        sent = False
        try:
            connection.sock = _connect(address, port, host if parts.scheme == "https" else None)
            deadline.start()
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, headers)
            sent = True
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ChannelError(f"the webhook was not reached: {_reason(error)}", retry=True, uncertain=sent) from error
        finally:
            deadline.cancel()
            connection.close()

    def _allowed(self, host: str, port: int, scheme: str) -> str:
        """The address to connect to. Raises ChannelError where the name leads nowhere, or somewhere that a webhook must not lead to."""
        try:
            return looked_up(host, port, scheme, allow_private=self._allow_private, what="webhook")
        except AddressError as error:
            raise ChannelError(error.message, retry=error.passing) from error


def event(notice: Notice) -> dict[str, object]:
    """A notice as a CloudEvents 1.0 event. Its `id` is the same in a repeat, so that the other side can drop what it has already."""
    kind, _, name = notice.subject.partition("/")
    data: dict[str, object] = {
        "id": notice.id,
        "promise": name if kind == "promise" else None,
        "subject": notice.subject,
        "moment": notice.moment,
        "step": notice.step,
        "person": notice.to,
    }
    data |= {"words": notice.words, "due": notice.due.isoformat(), "tz": notice.tz, "link": notice.link}
    data |= {"repeated": notice.repeated, "title": subject(notice), "text": text(notice)}
    return _cloud_event(notice.id, f"amends.reminder.{notice.moment}", name, notice.at, data)


def message_event(letter: Letter) -> dict[str, object]:
    """A message about an incident as a CloudEvents 1.0 event; `text` is what a chat channel shows, `words` what its author wrote."""
    data = {"id": letter.id, "message": letter.message_id, "to": letter.to, "address": letter.address, "audience": letter.audience}
    data |= {"words": letter.text, "link": letter.link, "title": title(letter), "text": body(letter)}
    return _cloud_event(letter.id, "amends.message", letter.message_id, letter.at, data)


def _cloud_event(name: str, kind: str, about: str, at: datetime, data: Mapping[str, object]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": SOURCE,
        "type": kind,
        "subject": about,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 over id, time and body. A `whsec_…` secret is base64, any other is taken as it is."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        with suppress(ValueError):
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    seconds = str(int(at.timestamp()))
    signed = hmac.new(key, b".".join((message_id.encode(), seconds.encode(), body)), hashlib.sha256).digest()
    return {"webhook-id": message_id, "webhook-timestamp": seconds, "webhook-signature": f"v1,{base64.b64encode(signed).decode()}"}


def _connection(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """It writes requests and reads answers; its socket is ours. The port is left out of the host where it is the usual one."""
    usual = 443 if scheme == "https" else 80
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    connection.default_port = usual  # a constant of the class, which knows port 80 only
    return connection


def _connect(address: str, port: int, encrypted_for: str | None) -> socket.socket:
    bare = socket.create_connection((address, port), TIMEOUT_S)
    if encrypted_for is None:
        return bare
    try:
        return ssl.create_default_context().wrap_socket(bare, server_hostname=encrypted_for)
    except BaseException:
        bare.close()
        raise


def _shut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]
