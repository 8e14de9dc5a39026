"""Reminders and messages as e-mail: plain text, one reader, a Message-ID that a repeat shares, so that mail programs show it once.

A reminder is marked as generated, so that no absence notice answers it; a message is not, because a person wrote it.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from amends.integrations.channels import TIMEOUT_S, Channel, ChannelError
from amends.integrations.channels.wording import body, one_line, subject, text, title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.integrations.channels import Letter, Notice

SECURITY = ("starttls", "tls", "none")
"""How the connection is encrypted: from the second line on, from the first byte, or not at all."""


class Email(Channel):
    """Sends through one mail server. `people` are the addresses of persons, `to` that of everybody else."""

    def __init__(
        self,
        name: str,
        host: str,
        sender: str,
        *,
        port: int | None = None,
        user: str | None = None,
        password: str | None = None,
        security: str = "starttls",
        to: str | None = None,
        people: Mapping[str, str] | None = None,
        person: str | None = None,
    ) -> None:
        super().__init__(name, person)
        self._host = host
        self._port = port or {"starttls": 587, "tls": 465, "none": 25}[security]
        self._login = (user, password) if user is not None and password is not None else None
        self._security = security
        self._sender = sender
        self._to = to
        self._people = dict(people or {})

    def is_of(self, person: str) -> bool:
        """Whether a person has an address of their own here, which nobody else reads."""
        return person in self._people or super().is_of(person)

    def send(self, notice: Notice) -> None:
        """Hand a notice over. Raises ChannelError."""
        to = self._people.get(notice.to, self._to)
        if to is None:
            raise ChannelError(f"no e-mail address is known for {one_line(notice.to)}", retry=False)
        self._hand_over(reminder(notice, self._sender, to))

    def post(self, letter: Letter) -> None:
        """Hand a message over. Raises ChannelError."""
        if not letter.address:
            raise ChannelError(f"no e-mail address is known for {one_line(letter.to)}", retry=False)
        self._hand_over(mail(letter, self._sender, letter.address))

    def _hand_over(self, message: EmailMessage) -> None:
        handed = False
        try:
            with self._connected() as server:
                handed = True
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise ChannelError(_said(code, answer), retry=_is_passing(code)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelError(_said(error.smtp_code, error.smtp_error), retry=True) from error  # a password is put right within the day
        except smtplib.SMTPResponseException as error:
            raise ChannelError(_said(error.smtp_code, error.smtp_error), retry=_is_passing(error.smtp_code)) from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]
            raise ChannelError(f"the mail server was not reached: {reason}", retry=True, uncertain=handed) from error

    def _connected(self) -> _Server:
        context = ssl.create_default_context()
        if self._security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        try:
            if self._security == "starttls":
                server.starttls(context=context)
            if self._login is not None:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return _Server(server)


class _Server:
    """A connection that is left politely, where a farewell that goes wrong costs nothing: the message was taken before."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def __enter__(self) -> smtplib.SMTP:
        return self._server

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._server.quit()
        self._server.close()


def reminder(notice: Notice, sender: str, to: str) -> EmailMessage:
    """A notice as a message. Header lines are made by the library from single lines, so nothing in a promise can add one."""
    message = _headed(notice.id, notice.at, sender, to, subject(notice))
    message["Auto-Submitted"] = "auto-generated"
    message["X-Amends-Subject"] = notice.subject
    if notice.repeated:
        message["X-Amends-Repeat"] = "yes"
    message.set_content(text(notice), cte="quoted-printable")  # which every server passes on unharmed
    return message


def mail(letter: Letter, sender: str, to: str) -> EmailMessage:
    """A message about an incident as an e-mail."""
    message = _headed(letter.id, letter.at, sender, to, title(letter))
    message["X-Amends-Message"] = letter.message_id
    message.set_content(body(letter), cte="quoted-printable")
    return message


def _headed(name: str, at: datetime, sender: str, to: str, about: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{name}@amends>"
    message["Date"] = format_datetime(at)
    message["From"] = _address(sender)
    message["To"] = _address(to)
    message["Subject"] = about
    return message


def _address(given: str) -> Address:
    try:
        return Address(addr_spec=one_line(given))
    except (ValueError, IndexError) as error:
        raise ChannelError(f"{one_line(given)[:100]!r} is no e-mail address", retry=False) from error


def _is_passing(code: int) -> bool:
    return 400 <= code < 500


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"the mail server answered {code}: {one_line(words)[:200]}"
