"""People who sign in at a company's own server: who they are stays with issuer and subject, and the team's settings say who may enter."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from amends.core.accounts import Person, SignInError
from amends.integrations.oidc import Claims, ElsewhereError, Provider
from amends.store import access as standings
from amends.store import people as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.core.ports import Clock
    from amends.store.engine import Store
    from amends.usecases.people import People

LASTS_S = 600
"""How long somebody may take there; also how long the browser keeps what it takes along."""

_ODD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the team decided: the server, what it is called on the button, whose addresses may enter, and in which role.

    `address` is where this workbench is reached, for the way back; None for wherever the request went to.
    """

    provider: Provider
    name: str
    domains: tuple[str, ...] = ()
    role: str = "reader"
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where the browser goes, and what it keeps for the way back, which nobody else has."""

    address: str
    kept: str


@dataclass(frozen=True, slots=True)
class _Way:
    """What the browser keeps: what proves that the way back began here, and the page that somebody wants."""

    state: str
    nonce: str
    verifier: str
    target: str
    began: int


class Elsewhere:
    """Going there and coming back."""

    def __init__(self, store: Store, clock: Clock, new_secret: Callable[[], str], people: People, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._new_secret = new_secret
        self._people = people
        self._rules = rules

    @property
    def address(self) -> str | None:
        """Where this workbench is reached, where the team has said so."""
        return self._rules.address

    @property
    def name(self) -> str:
        """What the server is called."""
        return self._rules.name

    def leave(self, callback: str, target: str) -> Leaving:
        """Begin; `callback` is our address for the way back, `target` the page that somebody wants. Raises ElsewhereError."""
        state, nonce, verifier = (self._new_secret() for _ in range(3))
        began = int(self._clock.now().timestamp())
        way = _Way(state, nonce, verifier, target, began)
        address = self._rules.provider.address(state=state, nonce=nonce, verifier=verifier, callback=callback)
        return Leaving(address, urlsafe_b64encode(json.dumps(asdict(way)).encode()).decode())

    def arrive(self, said: Mapping[str, str], kept: str, callback: str) -> tuple[str, str]:
        """Who came back, by account, and where they wanted to go. Raises ElsewhereError, SignInError for who may not enter."""
        way = _read(kept)
        now = self._clock.now()
        known = way is not None and compare_digest(way.state.encode(), said.get("state", "").encode())
        if way is None or not known or now.timestamp() - way.began > LASTS_S:
            raise ElsewhereError("this way back was not begun here, or too long ago", hint="sign in again")
        if "error" in said or not said.get("code"):
            raise ElsewhereError(f"{self.name} did not let you in", hint="try again, or ask whoever runs it")
        claims = self._rules.provider.claims(said["code"], nonce=way.nonce, verifier=way.verifier, callback=callback, now=now)
        return self._account(claims), way.target

    def _account(self, claims: Claims) -> str:
        with self._store.writing() as connection:
            found = rows.of_identity(connection, claims.identity)
            if found is not None:
                return found.name
            if not standings.has_accounts(connection):
                raise SignInError("this workspace has no owner yet", hint="make one: amends people add NAME --role owner")
            if not self._may_enter(claims):
                hint = "ask an owner of the workspace to invite you"
                raise SignInError(f"{self.name} knows you, and this workspace does not let you in", hint=hint)
            email, now = claims.email, self._clock.now()
            new = Person(_name(claims), (claims.name or email or "")[:100].strip(), self._rules.role, now, email, claims.identity)
            return self._people.add_within(connection, new).name

    def _may_enter(self, claims: Claims) -> bool:
        """Only an address that the server has seen to itself says anything about where somebody belongs."""
        if not claims.is_verified or claims.email is None or claims.email.count("@") != 1:
            return False
        return claims.email.rpartition("@")[2].lower() in self._rules.domains


def _name(claims: Claims) -> str:
    """A name for a new account, from what they are called there; no claim on an account of the same name here."""
    said = (claims.username or claims.email or "").partition("@")[0].lower()
    name = _ODD.sub("-", said).strip("-")[:36].strip("-")
    return "guest" if name in ("", "local") else name


def _read(kept: str) -> _Way | None:
    try:
        read = json.loads(urlsafe_b64decode(kept.encode("ascii")))
        return _Way(str(read["state"]), str(read["nonce"]), str(read["verifier"]), str(read["target"]), int(read["began"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
