"""A double of a company's sign-in: a server on the loopback address that speaks OpenID Connect, and misbehaves on request."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from joserfc.jwk import RSAKey

    from amends.core.ports import Clock

FAULTS = (
    "nonce", "audience", "party", "issuer", "expired", "future", "subject", "key", "unsigned", "own-secret", "no-token", "metadata",
    "500", "html", "huge",
)  # fmt: skip
"""Ways to misbehave. Those up to `subject` say a wrong thing in the id token; `key` signs with a key that it does not show, `unsigned` not
at all, `own-secret` with the secret of the client; `no-token` leaves the id token out, `metadata` calls itself by another name."""

CLIENT, SECRET = "amends", "s3cret-of-the-client-0123456789abcdef"


class IdentityDouble:
    """One server. `person` is who signs in, as claims; `fault` is how it misbehaves next; `seen` are the forms that came for tokens."""

    def __init__(self, clock: Clock) -> None:
        self.url = ""
        self.clock = clock
        self.person: dict[str, Any] = {"sub": "0001", "email": "anna@example.org", "email_verified": True, "preferred_username": "anna"}
        self.fault = ""
        self.seen: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def metadata(self) -> dict[str, Any]:
        """What it says about itself."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        issuer = "https://elsewhere.example" if self.fault == "metadata" else self.url
        return {"issuer": issuer, **{name: f"{self.url}/{path}" for name, path in names.items()}}

    def keys(self) -> dict[str, Any]:
        """The keys that it shows."""
        return {"keys": [_key("shown").as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes when somebody has signed in there: back, with a code and the state."""
        code = sha256(json.dumps(asked).encode()).hexdigest()
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        """Changes a code for tokens, once, for who knows the verifier of its challenge and the secret."""
        self.seen.append(form)
        asked = self._codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or credentials != expected or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked.get("code_challenge_method") != "S256" or challenge != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        answer: dict[str, Any] = {"access_token": "x", "token_type": "Bearer"}
        return 200, answer if self.fault == "no-token" else {**answer, "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        from joserfc import jwt
        from joserfc.jwk import OctKey

        now = int(self.clock.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        wrong: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "audience": {"aud": "another"},
            "party": {"aud": [CLIENT, "another"], "azp": "another"},
            "issuer": {"iss": "https://elsewhere.example"},
            "expired": {"exp": now - 3600},
            "future": {"iat": now + 3600, "exp": now + 7200},
            "subject": {"sub": ""},
        }
        claims |= wrong.get(self.fault, {})
        if self.fault == "unsigned":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.fault == "own-secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, _key("hidden" if self.fault == "key" else "shown"))


@contextmanager
def identity_double(clock: Clock) -> Iterator[IdentityDouble]:
    """A server that runs as long as the block."""
    double = IdentityDouble(clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(double))
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


def _handler(double: IdentityDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("location", double.authorize(asked))
                self.send_header("content-length", "0")
                self.end_headers()
            else:
                known = {"/.well-known/openid-configuration": double.metadata, "/keys": double.keys}
                self._answer(*((200, known[parts.path]()) if parts.path in known else (404, {})))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*double.token(form, self.headers.get("authorization", "")))

        def _answer(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            if self.command == "POST" and double.fault in ("500", "html", "huge"):
                status = 500 if double.fault == "500" else 200
                body = {"500": body, "html": b"<html>", "huge": b'{"x": "' + b"x" * 2_000_000 + b'"}'}[double.fault]
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests say what matters themselves."""

    return Handler


@cache
def _key(_name: str) -> RSAKey:
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(2048, {"kid": "1"})


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
