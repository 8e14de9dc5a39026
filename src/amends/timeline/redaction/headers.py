"""Secrets in the headers of requests and answers: Authorization, Cookie and Set-Cookie, and `Bearer …` or `Basic …` wherever they stand.

Sources: RFC 9110 (sections 11.4 and 11.6), RFC 6750, RFC 7617, RFC 6265 (sections 4.1.1 and 4.2.1).
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

from amends.timeline.redaction.found import MARK, Found, Rule, by_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_COOKIES = re.compile(
    r"(?i)(?<![a-z])(?:set-?|_)?cookies?2?(?:\\{0,3}[\"'])?\]?\s{0,3}(?:=>|[:=])\s{0,3}\[?(?:\\{0,3}[\"'])?(?=[\w.%*-]{1,128}=)"
)
_PAIR = re.compile(
    rf"\s*+(?P<name>[\w.%*!#$&'+^`|~-]{{1,128}}+)(?:=(?:\\{{0,3}}\"(?=[^;]*;))?(?P<value>{MARK.pattern}|[^\s;,\"'\\\]}})]*+))?"
    r"(?P<on>\\{0,3}\"?;|,(?=\s?[\w.%-]{1,64}=))?"
)
_ATTRIBUTES = {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "partitioned", "version", "comment"}
_EXPIRES = re.compile(r"[^;\"']{0,40}?GMT")


def _cookies(text: str) -> Iterator[Found]:
    """The value of each cookie by itself, so that one session can be followed; attributes stay."""
    behind = 0
    for header in _COOKIES.finditer(text):
        at = header.end()
        while at >= behind and (pair := _PAIR.match(text, at)):
            if pair["name"].lower() == "expires" and (date := _EXPIRES.match(text, pair.end("name"))):
                at = date.end() + 1
                continue
            if pair["value"] and pair["name"].lower() not in _ATTRIBUTES and not MARK.fullmatch(pair["value"]):
                yield Found(pair.start("value"), pair.end("value"), "cookie")
            at = pair.end()
            if not pair["on"]:
                break
        behind = max(behind, at)


def _is_login(match: re.Match[str]) -> bool:
    """Whether the letters after `Basic` are a name and a password, with a colon between them."""
    said = match["value"]
    try:
        login = b64decode(said + "=" * (-len(said) % 4), validate=True)
    except ValueError:
        return False
    return b":" in login and all(one >= 32 and one != 127 for one in login)


def _is_made(match: re.Match[str]) -> bool:
    said = match["value"]
    return any(one.isdigit() for one in said) or len(said) >= 32


_NAME = r"(?i:authori[sz]ation|x-(?:amz-security|auth|access|csrf|xsrf|vault|gitlab|consul)-token)(?:\\{0,3}[\"'])?"
_NAME += r"\]?\s{0,3}(?:=>|[:=])\s{0,3}\[?(?:\\{0,3}[\"'])?"
RULES = (
    by_pattern(
        "bearer token",
        r"(?i:bearer)(?:\s|%20|\+|\\{0,3}[\"']:?\s?\\{0,3}[\"']?|: ?){1,3}(?P<value>[A-Za-z0-9._~+/%-]{12,}+=*+)",
        ("bearer",),
        _is_made,
    ),
    by_pattern("basic login", r"(?i:basic)\s{1,3}(?P<value>[A-Za-z0-9+/]{6,}+={0,2})", ("basic",), _is_login),
    by_pattern(
        "authorization",
        _NAME + r"(?:(?i:bearer|basic|token|digest|negotiate|ntlm|apikey|hawk|oauth|key|bot|sso-key|genie-?key|signature)[ :=]{1,2})?"
        r"(?P<value>(?=[^\s\"'\\]*[0-9+/=_])[^\s\"'\\,;@)}\]]{6,}+)",
        ("oriz", "oris", "-token"),
        lambda match: not re.match(r"(?i)(?:AWS4|\d{1,5}$)", match["value"]),
    ),
    by_pattern(
        "signature",
        r"(?i:signature|response|nonce)=\\{0,2}\"?(?P<value>[A-Za-z0-9+/%_-]{32,}+={0,2})",
        ("signature=", "response=", "nonce="),
    ),
    Rule("cookie", _cookies, ("cooki",)),
)
"""Headers."""
