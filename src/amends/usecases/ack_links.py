"""Links by which somebody without an account says that they have read a message: signed, for one message and one reader.

A link is worth nothing but that one word of that one reader, so it is signed and not kept: it answers as long as the message is there.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError
from amends.store import secrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.store.engine import Transaction

_NAME = "acknowledgement"
_ID = 26
_SIGNED = 32
"""Characters of the signature: 128 bits, which nobody guesses."""


def secret_of(connection: Transaction, new_secret: Callable[[], str], at: datetime, by: str) -> str:
    """What signs the links, made when the first one is needed; for a transaction that writes."""
    known = secrets.get(connection, _NAME)
    if known is None:
        known = new_secret()
        secrets.add(connection, _NAME, known, at=at, by=by)
    return known


def token(secret: str, message_id: str, stakeholder_id: str) -> str:
    """The end of the address at which one reader acknowledges one message: letters and digits only."""
    return f"{message_id}{stakeholder_id}{_signature(secret, message_id, stakeholder_id)}"


def meant(connection: Transaction, given: str) -> tuple[str, str]:
    """The message and the stakeholder that a token names. Raises NotFoundError for one that we did not sign."""
    message_id, stakeholder_id, signature = given[:_ID], given[_ID : 2 * _ID], given[2 * _ID :]
    known = secrets.get(connection, _NAME)
    expected = _signature(known or "", message_id, stakeholder_id)
    if known is None or not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")):
        raise NotFoundError("this link leads to no message", hint="open it from the message itself, as it was sent to you")
    return message_id, stakeholder_id


def _signature(secret: str, message_id: str, stakeholder_id: str) -> str:
    about = f"{message_id}/{stakeholder_id}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), about, sha256).hexdigest()[:_SIGNED].upper()
