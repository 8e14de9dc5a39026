"""Personal data: e-mail addresses, addresses of the internet, and people by the names under which the sources let them speak.

Telephone numbers are found by a library, see `integrations.evidence.secrets`. Addresses that name nobody (loopback, "any") stay.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from amends.timeline.redaction.found import Found, Rule
from amends.timeline.redaction.sieve import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIL = re.compile(r"(?<![\w.%+'-])(?P<name>[\w.%+'-]{1,64}+)@(?P<host>(?:[\w-]{1,63}\.){1,8}(?P<top>[A-Za-z]{2,24}))(?![\w-])")
_NOBODY = {"git", "noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon"}
_UNITS = {"service", "socket", "timer", "mount", "automount", "target", "slice", "scope", "device", "path", "swap", "js", "py", "go", "rb"}
"""What ends the names of units of systemd (`getty@tty1.service`) and of files, not of hosts."""

_V4 = re.compile(r"[0-9](?<![\w.-].)[0-9]{0,2}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w-]|\.\w)")
_VERSION_BEFORE = re.compile(r"(?i)(?:\b(?:version|release|ver|rev|build|kernel|firmware|upgraded to|package)[\s:=]{0,3}|[a-z]/)$")
_V6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,38}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:]|\.\d)")
_FULL_GROUP = re.compile(r"::|:[0-9A-Fa-f]{3}")
_SMALL_V6 = re.compile(r"(?i)(?:fe[89ab]|f[cd]|2[0-9a-f])[0-9a-f]{1,2}:")

_WORD = re.compile(r"@?\w[\w'’.-]*\w|\w")
_ALSO_WORDS = set(
    "Will May Mark Rose Hope Grace Art Bill Rob Jack Frank Max Miles Sandy Pat Don Dean Chase Grant April June August The Team Bot".split()
)
"""Given names that are words as well: taken out only as part of a whole name."""
_SPEAKERS = set("user by login author assignee owner from account username reviewer commander thanks cc".split())


def _mails(text: str) -> Iterator[Found]:
    if "@" not in text:
        return
    for match in _MAIL.finditer(text):
        if match["name"].lower() not in _NOBODY and match["top"].lower() not in _UNITS:
            yield Found(match.start(), match.end(), "e-mail", match[0].lower())


def _addresses(text: str) -> Iterator[Found]:
    for match in _V4.finditer(text):
        if _is_host(match[0]) and not _is_version(text, match):
            yield Found(match.start(), match.end(), "ip address")
    for match in _V6.finditer(text) if _FULL_GROUP.search(text) else ():
        said = match[0]
        if _FULL_GROUP.search(said) and (said.count(":") >= 3 or _SMALL_V6.match(said)) and _is_host(said):
            yield Found(match.start(), match.end(), "ip address", said.lower())


def _is_host(said: str) -> bool:
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified) and said != "255.255.255.255"


def _is_version(text: str, match: re.Match[str]) -> bool:
    """Whether four numbers are a version: named so, or behind a product and a slash, unless a port follows."""
    before = _VERSION_BEFORE.search(text[max(match.start() - 14, 0) : match.start()])
    return bool(before) and not re.match(r":\d", text[match.end() : match.end() + 2])


class People:
    """The names of people that were seen, and where they stand in texts.

    A whole name is found in any case; a given or family name by itself when it is written with a capital and is no common word; a login
    behind `@` or behind a word such as `user` or `by`.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._whole: dict[str, list[tuple[str, ...]]] = {}
        self._part: dict[str, str] = {}
        self._login: dict[str, str] = {}

    def learn(self, name: str) -> str:
        """Takes note of a name; the form in which all its spellings are the same."""
        words = tuple(match[0].casefold().strip("@") for match in _WORD.finditer(name))
        key = " ".join(words)
        if key and key not in self.seen:
            self.seen.add(key)
            if len(words) == 1:
                self._login[key] = key
            else:
                self._whole.setdefault(words[0], []).append(words)
                self._whole[words[0]].sort(key=len, reverse=True)
                self._learn_parts(name, key)
        return key

    def _learn_parts(self, name: str, key: str) -> None:
        for match in _WORD.finditer(name):
            part = match[0]
            if len(part) >= 3 and part[0].isupper() and part not in _ALSO_WORDS:
                self._part[part] = key if self._part.get(part, key) == key else part.casefold()

    def find(self, text: str) -> Iterator[Found]:
        """Where people who were seen are named; `value` is the form that `learn` gives."""
        if not self.seen:
            return
        words = list(_WORD.finditer(text))
        plain = [match[0].casefold().strip("@") for match in words]
        number = 0
        while number < len(words):
            whole = next((one for one in self._whole.get(plain[number], ()) if tuple(plain[number : number + len(one)]) == one), None)
            length = len(whole) if whole else 1
            key = " ".join(whole) if whole else self._alone(words[number][0], plain, number)
            if key:
                yield Found(words[number].start(), words[number + length - 1].end(), "person", key)
            number += length

    def _alone(self, word: str, plain: list[str], number: int) -> str | None:
        if word.startswith("@") or (number and plain[number - 1] in _SPEAKERS):
            return self._login.get(plain[number]) or self._part.get(word.strip("@"))
        bare = word.removesuffix("'s").removesuffix("’s")
        return self._part.get(bare)


def personal_rules(people: People) -> tuple[Rule, ...]:
    """The rules for personal data."""
    return (
        Rule("e-mail", _mails, (ADDRESS,)),
        Rule("ip address", _addresses, (ADDRESS,)),
        Rule("person", people.find, ()),
    )
