"""Signing in at a company's own server: OpenID Connect Core 1.0, the code flow, with PKCE (RFC 7636), state and nonce.

What the server says is believed only after its signature, issuer, audience, time and nonce were seen to. Its own addresses come from its
discovery document, which must name the issuer that the settings name; no redirect of it is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from amends.core.accounts import SignInError
from amends.core.errors import NeedsExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "PS384", "PS512", "ES512", "EdDSA")
"""Signatures with a key that only the server has. What is signed with our own secret, or not at all, proves nothing."""

TIMEOUT_S = 10.0
LARGEST = 1_000_000
SKEW_S = 120
"""How far the clocks of two servers may be apart."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ElsewhereError(SignInError):
    """The other server does not answer, or says something that cannot be believed."""

    code = "sign-in-elsewhere"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is there: `identity` is issuer and subject, the only thing that stays; the rest may change from day to day."""

    identity: str
    email: str | None
    is_verified: bool
    username: str | None
    name: str | None


class Provider:
    """One server that knows people, as the settings name it. Its discovery document and keys are asked for when they are needed."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._known: dict[str, Any] | None = None

    def address(self, *, state: str, nonce: str, verifier: str, callback: str) -> str:
        """Where to send the browser. Raises ElsewhereError, NeedsExtraError."""
        try:
            from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it ships no types
        except ModuleNotFoundError as error:
            raise NeedsExtraError("signing in elsewhere", "sso") from error

        asked = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": callback, "scope": "openid email profile",
            "state": state, "nonce": nonce, "code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        address = str(self._metadata()["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def claims(self, code: str, *, nonce: str, verifier: str, callback: str, now: datetime) -> Claims:
        """Who came back with a code. Raises ElsewhereError for whatever does not fit."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
        answer = self._post(str(self._metadata()["token_endpoint"]), asked)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _unbelievable("it sent no id token")
        return self._believed(token, nonce, now.timestamp())

    def _believed(self, token: str, nonce: str, now: float) -> Claims:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(self._get(str(self._metadata()["jwks_uri"])))  # type: ignore[arg-type]  # seen to by the library
            said = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _unbelievable("the signature of the id token is not its own") from error
        audience = said.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        wrong = {
            "another issuer": said.get("iss") != self.issuer,
            "another audience": self._client_id not in audiences,
            "another party": len(audiences) > 1 and said.get("azp") != self._client_id,
            "a token that is over": not _number(said.get("exp")) or said["exp"] + SKEW_S <= now,
            "a token of the future": not _number(said.get("iat")) or said["iat"] - SKEW_S > now,
            "another nonce": not nonce or said.get("nonce") != nonce,
            "no subject": not isinstance(said.get("sub"), str) or not 0 < len(said["sub"]) <= 255,
        }
        for what, holds in wrong.items():
            if holds:
                raise _unbelievable(f"its id token has {what}")
        return Claims(
            f"{self.issuer} {said['sub']}", _text(said.get("email")), said.get("email_verified") is True,
            _text(said.get("preferred_username")), _text(said.get("name")),
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        if self._known is None:
            found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise _unbelievable("it calls itself by another name than the settings do")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_safe(str(found.get(name, ""))):
                    raise _unbelievable(f"its {name} is no https address")
            self._known = found
        return self._known

    def _get(self, address: str) -> dict[str, Any]:
        return self._asked("GET", address)

    def _post(self, address: str, form: Mapping[str, str]) -> dict[str, Any]:
        if self._client_secret is None:
            return self._asked("POST", address, data={**form, "client_id": self._client_id})
        return self._asked("POST", address, data=dict(form), auth=(self._client_id, self._client_secret))

    def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            import httpx2
        except ModuleNotFoundError as error:
            raise NeedsExtraError("signing in elsewhere", "sso") from error
        try:
            with (
                httpx2.Client(trust_env=False, follow_redirects=False, timeout=TIMEOUT_S) as client,
                client.stream(method, address, headers={"accept": "application/json"}, **more) as response,
            ):
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise _unbelievable("its answer has no end")
                status = response.status_code
            import json

            answer = json.loads(body) if status == 200 else None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _unbelievable(f"{urlsplit(address).hostname} does not answer as it should") from error
        if not isinstance(answer, dict):
            raise _unbelievable(f"{urlsplit(address).hostname} refused, with status {status}")
        return answer


def file_mistakes(values: object) -> Iterator[tuple[str, str, str]]:
    """What is wrong in `[sign_in]` of a project file, as field, message and hint; its shape has been seen to already."""
    said = values if isinstance(values, dict) else {}
    for key in ("issuer", "address"):
        if key in said and not str(said[key]).startswith("$") and not is_safe(str(said[key])):
            yield f"sign_in.{key}", f"{said[key]!r} is no https address", "write it like https://accounts.example.org"
    if "client_secret" in said and not str(said["client_secret"]).startswith("$"):
        hint = 'write client_secret = "$NAME", and set NAME in the environment'
        yield "sign_in.client_secret", "the client_secret stands in the file for all to read", hint
    for domain in said.get("domains", ()):
        if "@" in str(domain) or "." not in str(domain):
            yield "sign_in.domains", f"{domain!r} is no domain", "write what stands behind the @ of an address, such as example.org"


def is_safe(address: str) -> bool:
    """Whether nobody between can read or change what goes there: https, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _unbelievable(what: str) -> ElsewhereError:
    return ElsewhereError(f"signing in elsewhere did not work: {what}", hint="try again, or sign in with a password")


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 300 else None
