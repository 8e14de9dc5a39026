"""Secrets that are told by the name before them: `password=…`, `"client_secret": "…"`, `--token …`, `<pwd>…</pwd>`, `user:…@host`.

Where prose could stand (`password: expired for root`), a value has to look like one: digits or signs among its letters, or it is the last
word of its line. A value that says that there is none, names a file or stands for another (`${DB_PASSWORD}`) is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amends.timeline.redaction.found import Found, Rule, by_pattern
from amends.timeline.redaction.sieve import LOGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(
    r"""(?x) (?: passw(?:or)?d | passphrase | passcode | p(?<![a-z]p)ass | p(?:(?<![a-z]p)|(?<=dbp)|(?<=userp))wd | p(?<![a-z]p)w
    | c(?<![a-z]c)v[vc]2? | c(?<![a-z]c)vc2? | sess(?:ion)?[_.-]?id | s(?<![a-z]s)id | s(?<![a-z]s)ig(?:nature)?(?==)
    | secret | key | token | credentials? )
    (?:[_.-]?(?:value|key|key[_-]?base|text|plain|hash|enc|encrypted|base64|b64|new|old|current|confirm|confirmation|[0-9]{1,2}))?
    (?![a-z0-9_])"""
)
"""Names in small letters; each alternative begins with a letter, so that the engine can skip to it."""
_KEY_OF = re.compile(
    r"(?:api|app|access|account|auth|private|secret|signing|encryption|shared|master|licen[sc]e|client|consumer|subscription|session|webhook"
    r"|aes|hmac|jwt)[_.-]?$"
)
_KINDS = {"pass": "password", "pw": "password", "cv": "card code", "sess": "session id", "sid": "session id", "key": "key"}
_KINDS |= {"secret": "secret", "tok": "token", "cred": "token", "sig": "signature"}
_SIGNS = (
    *("passw", "passp", "passc", "pass=", "pass:", 'pass"', "pass'", "pass>", "pass ", "pass\\"),
    *(
        "pwd=",
        "pwd:",
        'pwd"',
        "pwd'",
        "pwd>",
        "pwd ",
        "pwd\\",
        "^pw:",
        "^pw=",
        "#pw:",
        "#pw=",
        "pwd_",
        "pwd2",
        "pass_",
        "pass2",
        "pwd1",
        "pass1",
    ),
    *("cvv", "cvc", "onid", "on_id", "on-id", "on.id", "ssid", "ss_id", "^sid", "#sid"),
    *("key=", "key:", 'key"', "key'", "key>", "_key", "-key", "key\\", "key_", "key]", "key ="),
    *("cret", "toke", "credentia", "sig=", "ure="),
)
_BETWEEN = re.compile(
    r"""(?x) (?:\\{0,3}["'`])? \]? (?: (?P<sign> \s{0,3}(?:=>|:=|={1,2}|:) ) (?P<gap>\s{0,3})
    | (?P<prose> [ \t]{1,3}(?:is|was)(?:[ \t]now)?:?[ \t]{1,3} ) | (?P<tag> > ) | (?P<option> [ \t]{1,3} ) )"""
)
_OPEN = re.compile(r"""(?:\[|b(?=["']))?(?P<escapes>\\{0,3})(?P<quote>["'`])""")
_CLOSED = {quote: re.compile(rf"(?:[^{quote}\\\n]|\\.)*+") for quote in "\"'`"}
_ESCAPED = re.compile(r"""(?:[^"'\\\n]|\\++(?!["']))*+""")
_BARE = re.compile(r"""(?:[^\s"'`&;,<>()\[\]{}\\|]|[,()\[\]{}|](?=[^\s"'`&;,<>()\[\]{}\\|=:]{1,64}(?:[\s"'&;,<>)\]}|]|$)))++""")
_ELEMENT = re.compile(r"[^<>\n]*+")
_OPTION = re.compile(r"(?:^|[\s\"'\[,=(])--?[\w.-]*$")
_REST_OF_LINE = re.compile(r"[ \t]*+(?:$|[\r\n])")

_NO_VALUE = re.compile(
    r"""(?xi) [\W_]*+ | [\[(<*]*(?:none|null|nil|undefined|true|false|yes|no|not|empty|unset|set|optional|required|missing|invalid
    |wrong|incorrect|bad|expired|expires|denied|rejected|revoked|failed|failure|ok|okay|success|accepted|changed
    |updated|reset|rotated|created|deleted|removed|found
    |present|absent|string|str|int|bytes|object|text|password|passwd|secret|token|masked|hidden|redacted|filtered|scrubbed|unknown|default
    |disabled|enabled|auto|basic|bearer|refresh|access|csrf|session|keyboard-interactive|publickey|unexpected|mismatch|error|for|from|in|is
    |the|was|has|and|or|of|to|by|with|at|must|should|cannot|could|will|would|can|n/a|x{3,})[\])>*.,:;!?]*
    | \$\{?[\w.:-]*\}? | \$\(.* | %[\w(].* | \{\{.* | \#\{.* | <.* | (?:process\.|os\.|env[.:]|vault:|arn:|file:|secretref).*
    | (?:~|\.{0,2})(?:/[\w.-]+){2,} | [\w./-]+\.(?:pem|key|crt|cer|json|ya?ml|txt|env|conf|properties|py|js|java|go|rb)(?::\d+)*"""
)
_NOT_THIS_NAME = re.compile(
    r"(?:unexpected|illegal|unknown|next|page|continuation|pagination|cancellation|cursor|sync|max|min|num)[\W_]{0,2}$"
)
_IN_ADDRESS = re.compile(r"://[\w.-]*$")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|S-1-[\d-]+|-?[\d.,]{1,8}")


class _Value(NamedTuple):
    start: int
    end: int
    sure: bool
    """Whether the way it stands there says that it is a value, not the next word of a sentence."""


def _assigned(text: str) -> Iterator[Found]:
    """Each name with a value behind it; a value is looked at once, whatever stands in it."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is longer
        lowered = "".join(one.lower() if one.isascii() else one for one in text)
    behind = 0
    for name in _NAME.finditer(lowered):
        if name.start() < behind:
            continue
        value = _value(text, name)
        if value and value.end > value.start:
            behind = value.end
            kind = next(kind for head, kind in _KINDS.items() if name[0].startswith(head))
            before = lowered[max(name.start() - 40, 0) : name.start()]
            if _is_secret(kind, name[0], before, text, value):
                yield Found(value.start, value.end, kind)


def _value(text: str, name: re.Match[str]) -> _Value | None:
    """Where the value of a name stands; None where none does."""
    between = _BETWEEN.match(text, name.end())
    if not between:
        return None
    at = between.end()
    if between["tag"]:
        element = _ELEMENT.match(text, at) if text[max(name.start() - 40, 0) : name.start()].rpartition("<")[1] else None
        return _Value(at, element.end(), sure=True) if element and text[element.end() : element.end() + 2] == "</" else None
    if between["option"] and not _OPTION.search(text[max(name.start() - 40, 0) : name.start()]):
        return None
    opened = _OPEN.match(text, at)
    if opened:
        closed = (_ESCAPED if opened["escapes"] else _CLOSED[opened["quote"]]).match(text, opened.end())
        return _Value(opened.end(), closed.end(), sure=True) if closed else None
    bare = _BARE.match(text, at)
    sure = not between["prose"] and not (between["gap"] and ":" in (between["sign"] or ""))
    return _Value(at, bare.end(), sure) if bare else None


def _is_secret(kind: str, name: str, before: str, text: str, value: _Value) -> bool:
    """Whether a value is one that must not be shown, by its kind, its name and what stands before that."""
    said = text[value.start : value.end]
    if _NO_VALUE.fullmatch(said) or _IN_ADDRESS.search(before):
        return False
    if kind == "password":
        return _is_password(name, said) and (value.sure or _looks_made(said) or bool(_REST_OF_LINE.match(text, value.end)))
    if kind == "card code":
        return said.isdigit() and 3 <= len(said) <= 4
    if kind == "signature":
        return len(said) >= 20
    if kind == "session id":
        return len(said) >= (12 if name == "sid" else 6) and any(one.isdigit() for one in said) and not _NUMBER.fullmatch(said)
    if _NUMBER.fullmatch(said) or _NOT_THIS_NAME.search(before) or (kind == "key" and not _KEY_OF.search(before)):
        return False
    return len(said) >= 6 and (value.sure or _looks_made(said))


def _is_password(name: str, said: str) -> bool:
    """`PWD=/srv/app` is a folder, and `pass=12 fail=3` a count."""
    if name.startswith("pw"):
        return not said.startswith(("/", "~")) and said[1:3] != ":\\"
    return name != "pass" or not said.isdigit()


def _looks_made(said: str) -> bool:
    """Not a word as sentences have it."""
    core = said.strip(".,:;!?'\"()")
    letters, digits = any(one.isalpha() for one in core), any(one.isdigit() for one in core)
    signs = any(not one.isalnum() and one not in "-'’/._:" for one in core)
    mixed = any(one.isupper() for one in core[1:]) and any(one.islower() for one in core)
    return len(core) >= 4 and letters and (digits or signs or mixed)


def _not_a_placeholder(match: re.Match[str]) -> bool:
    return not _NO_VALUE.fullmatch(match["value"])


def _is_random(match: re.Match[str]) -> bool:
    """Digits and letters: `spark://CoarseGrainedScheduler@…` is a name."""
    return any(one.isdigit() for one in match["value"]) and any(one.isalpha() for one in match["value"])


RULES = (
    Rule("assigned", _assigned, _SIGNS),
    by_pattern("password", r"://[^\s/:@\"'<>]{0,128}:(?P<value>[^\s/\"'<>]{1,256})@(?=[\w\[.-])", (LOGIN,), _not_a_placeholder),
    by_pattern("token", r"://(?P<value>[^\s/:@\"'<>]{20,256})@(?=[\w\[.-])", (LOGIN,), _is_random),
    by_pattern("password", r"(?<![^\s\"'=(])[\w.-]{1,64}+:(?P<value>[^\s\"'<>]{1,128})@(?:tcp|unix)\(", ("@tcp(", "@unix(")),
    by_pattern("password", r"\bmysql\w*+(?: [^\s|;&]{1,80}){0,12}? -p(?P<value>[^\s|;&]{3,})", (" -p",)),
    by_pattern("password", r"(?:\bsshpass -p ?|\bplink(?: \S{1,80}){0,8}? -pw )(?P<value>[^\s|;&]{1,128})", (" -p",)),
    by_pattern(
        "password",
        r"(?:\bcurl(?: [^\s|;&]{1,200}){0,12}? -u ?|\s--user[ =])[\"']?[^\s:\"']{1,128}:(?P<value>[^\s\"']{1,128})",
        (" -u", "--user"),
    ),
)
"""Names and their values."""
