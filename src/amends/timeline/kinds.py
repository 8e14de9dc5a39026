"""The kind of a log line: its wording without what differs from one line to the next, and wordings that say the same put together.

A wording is the first line of an entry behind its time, in which numbers, times, versions, addresses and identifiers are all `#`, so that
no number of digits makes a kind of its own. Of a web request in an access log it is the method, the path and the status, whoever asked and
with which browser. Wordings of one length that differ in few words are one cluster, as in Drain (He and others,
"Drain: an online log parsing approach with fixed depth tree", 2017); ours are put together in the order of the alphabet, so that it does
not matter in which order lines come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from amends.timeline.readers import logkeys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 1024
"""Bytes of a line that make its wording."""

MOST_WORDINGS = 5_000
"""Wordings of one source that are compared with each other; beyond them only the first words of each count."""

MOST_PATHS = 20
"""Paths of one method and status in a log that are kinds of their own; where more are asked for, as by a scanner, they are one kind."""

ALIKE = 0.7
"""The share of words that two wordings of one kind have in common at least."""

_FIRST_WORDS = 4
_CHANGING = "#"
_FREE = "*"

_DIFFERS = re.compile(
    rb"""
      0[xX][0-9a-fA-F]+
    | (?<![0-9A-Za-z]) [0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12} (?![0-9A-Za-z])       # a UUID
    | (?<![0-9A-Za-z]) (?: (?=[a-fA-F]{0,16}[0-9]) [0-9a-fA-F]{6,} | [0-9a-fA-F]{12,} ) (?![0-9A-Za-z])   # a hash or an identifier
    | (?<![0-9A-Za-z:]) (?:[0-9a-fA-F]{0,4}:){3,7} [0-9a-fA-F]{1,4} (?![0-9A-Za-z:])              # IPv6, or a clock
    | (?<![0-9A-Za-z:]) (?=[a-fA-F:]{0,16}[0-9]) (?:[0-9a-fA-F]{1,4}:)?:[0-9a-fA-F]{1,4} (?![0-9A-Za-z:])     # IPv6 made short
    | [0-9]+ (?: [.,:] [0-9]+ )*                                                                  # numbers, versions, IPv4, times
    """,
    re.VERBOSE,
)
_CLIENT = re.compile(
    rb"""
      "https?://[^"\s]*"                                                                          # where from, or to
    | "[A-Za-z][\w.+-]*/[0-9][\w.+-]* (?: \s*\([^"]* | \s+[\w.+-]+/[0-9][^"]* )?"                 # a browser or another program
    """,
    re.VERBOSE,
)
_QUERY = re.compile(rb"""\?[^\s"'?=]*=[^\s"']*""")
_REQUEST = re.compile(rb'"?([A-Z]{3,9}) (?:[a-z]+://[^/\s"]*)?([^\s"?]+)[^\s"]* HTTP/[0-9.]+"? ([0-9]{3})(?![0-9.])')
_OF_REQUEST = re.compile(r"([A-Z]{3,9}) (\S+) ([0-9]{3})")
_WORDS = re.compile(r"[^\s=:,;|()\[\]{}<>\"']+|[=:,;|()\[\]{}<>\"']")

STEMS = (b"deploy", b"roll", b"releas", b"migrat", b"upgrad", b"flag", b"config", b"scal", b"restart", b"new size: ")
"""What a line that tells of a change has in it, in lower case (the last one is of the autoscaler of Kubernetes); if it does tell of one
is for `is_change`."""

_CHANGE = re.compile(
    r"""
      \b(?:re)?deploy(?:ed|ing)\b
    | \b(?:re)?deploy(?:ment)?\b [^.;]{0,40} \b(?:start(?:ed|ing)|begins?|began|succeeded|completed?|finished|done)\b
    | \b(?:start(?:ed|ing)|finished|completed|new) \s (?:re)?deploy(?:ment)?\b
    | \broll(?:ed|ing) [ -]? (?:back|out)\b
    | \broll(?:out|back)\b [^.;]{0,40} \b(?:start(?:ed|ing)|begins?|began|succeeded|completed?|finished|done|triggered|to)\b
    | \breleas(?:ed|ing) \s (?:version|build|v\#|\#)
    | \b(?:apply|applied|applying|run|ran|running|executing|start(?:ed|ing)|finished|completed) \s (?:\S+\s){0,3} migrations?\b
    | \bmigrat(?:ing|ed) \s (?:the \s)? (?:schema|database|db|table)\b
    | \bmigrations? \b [^.;]{0,40} \b(?:start(?:ed|ing)|applied|completed?|finished)\b
    | \brunning \s upgrade \b
    | \bupgrad(?:ed|ing) \s (?:\S+\s){0,3} (?:to|from) \b
    | \bfeature [ _-]? (?:flag|toggle|gate)s?\b .{0,60} \b(?:enabled|disabled|turned|changed|switched|set|toggled|updated|on|off)\b
    | \b(?:enabled|disabled|enabling|disabling|turned|switched|toggled|changed) \b .{0,40} \bfeature [ _-]? (?:flag|toggle|gate)
    | \bflag \b .{0,60} \b(?:turned|switched|toggled) \s (?:on|off)\b
    | \bre-?load(?:ed|ing) \s (?:\S+\s){0,2} config
    | \bconfig(?:uration)? s? (?:\sfile)? \s (?:was\s|has\sbeen\s)? (?:re-?load(?:ed|ing)|changed|updated)\b
    | \b(?:changed|updated|applied|applying) \s (?:\S+\s){0,2} config(?:uration)?\b
    | \bscal(?:ed|ing) \s (?:up|down|out|in|to|from|replica|deployment)
    | \bscaled \b .{0,60} \breplicas?\b
    | \bnew \s size: \s \# ; \s reason:
    | \brestart(?:ed|ing)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_CHANGE = re.compile(
    r'"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [/h]|transaction|'
    r"savepoint|back-?off|retry|\b(?:no|not|without|skipp\w+) \b.{0,30}(?:deploy|migrat|config|restart)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(rb'"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [/h]')
_BOT = re.compile(r"bot\b|^(?:github|gitlab|jenkins|argo ?cd|flux|circleci|buildkite|launchdarkly|unleash|octopus deploy)\b", re.IGNORECASE)
_TOLD_BY_BOT = re.compile(
    r"""
      (?:→|->|\bto\b) \s* (?:\S+[ /])? (?:prod\w*|staging|live)\b .{0,20} \b(?:started|finished|succeeded|completed|failed|live)\b
    | \b(?:feature \s)?flag\b .{0,60} \b(?:changed|updated|toggled|turned|enabled|disabled)\b
    | \bscaled \s (?:from|to|up|down)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MESSAGE = msgspec.json.Decoder(dict[str, object])


def wording(line: bytes) -> str:
    """What a line says, with `#` for all that differs between lines that say the same; of a JSON object, its message."""
    said = line[:LONGEST].strip()
    if said.startswith(b"{"):
        said = _message(line) or said
    elif asked := request(said):
        return f"{asked[0]} {said[asked[1] : asked[1] + 3].decode()}"
    if b'"' in said:
        said = _CLIENT.sub(b'"#"', said)
    if b"?" in said:
        said = _QUERY.sub(b"?#", said)
    return _DIFFERS.sub(b"#", said).decode("utf-8", "replace")


def request(line: bytes) -> tuple[str, int] | None:
    """Of the line of an access log, the method and the path, without what differs, and the place of the three digits of the status.

    None where there is no request with a status behind it.
    """
    if b" HTTP/" not in line or line.startswith(b"{"):
        return None
    found = _REQUEST.search(line)
    if found is None:
        return None
    return f"{found[1].decode()} {_DIFFERS.sub(b'#', found[2]).decode('utf-8', 'replace')}", found.start(3)


def is_request(line: bytes) -> bool:
    """Whether a line tells of a web request, which is no change, whatever its path is called."""
    return _ASKED_FOR.search(line) is not None


def _message(line: bytes) -> bytes | None:
    try:
        told = _MESSAGE.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    said = next((told[name] for name in logkeys.MESSAGES if isinstance(told.get(name), str)), None)
    return str(said).encode("utf-8", "surrogatepass").split(b"\n", 1)[0][:LONGEST].strip() if said else None


def has_stem(text: bytes) -> bool:
    """Whether a text may tell of a change."""
    low = text.lower()
    return any(stem in low for stem in STEMS)


def is_change(said: str) -> bool:
    """Whether a wording tells that something was deployed, released, migrated, switched, configured, scaled or restarted."""
    return _CHANGE.search(said) is not None and _NO_CHANGE.search(said) is None and not _OF_REQUEST.fullmatch(said)


def is_told_by_bot(actor: str | None, text: str) -> bool:
    """Whether a program says in a chat that something was deployed, switched or scaled; most else is talk."""
    if not actor or not _BOT.search(actor):
        return False
    return _TOLD_BY_BOT.search(text) is not None or is_change(wording(text.encode("utf-8", "replace").split(b"\n", 1)[0]))


def first_words(said: str) -> str:
    """What is left of a wording where there are too many to keep them apart."""
    if asked := _OF_REQUEST.fullmatch(said):
        return f"{asked[1]} … {asked[3]}"
    return " ".join([*said.split(" ", _FIRST_WORDS)[:_FIRST_WORDS], "…"])


def clusters(wordings: Mapping[int, str]) -> dict[int, int]:
    """For the key of each wording that of its cluster: the first of it in the order of the alphabet."""
    of_words: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    asked: dict[int, str] = {}
    for key, said in wordings.items():
        if said[-3:].isdigit() and _OF_REQUEST.fullmatch(said):
            asked[key] = said
            continue
        of_words[_words(said)].append((said, key))
    heads = {words: min(members)[1] for words, members in of_words.items()}
    groups: dict[tuple[object, ...], list[tuple[str, ...]]] = defaultdict(list)
    for words in sorted(of_words):
        groups[(len(words), words[:1])].append(words)
    cluster = dict(_coarse(sorted(of_words)) if len(of_words) > MOST_WORDINGS else _merged(groups.values()))
    return _requests(asked) | {key: heads[cluster[words]] for words, members in of_words.items() for _, key in members}


def _requests(asked: Mapping[int, str]) -> dict[int, int]:
    """The same for web requests: each path is a kind, where they are few."""
    of_status: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, said in asked.items():
        of_status[first_words(said)].append((said, key))
    found: dict[int, int] = {}
    for members in of_status.values():
        paths: dict[str, int] = {}
        for said, key in sorted(members):
            paths.setdefault(said, key)
        head = next(iter(paths.values()))
        found |= {key: head if len(paths) > MOST_PATHS else paths[said] for said, key in members}
    return found


@lru_cache(maxsize=4 * MOST_WORDINGS)
def _words(said: str) -> tuple[str, ...]:
    """The words, and the signs between them; a word in which something changes is wholly free."""
    return tuple(_FREE if _CHANGING in word else word for word in _WORDS.findall(said))


def _coarse(all_words: list[tuple[str, ...]]) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Wordings by their first words only."""
    first: dict[tuple[str, ...], tuple[str, ...]] = {}
    return [(words, first.setdefault(words[:_FIRST_WORDS], words)) for words in all_words]


def _merged(groups: Iterable[list[tuple[str, ...]]]) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each wording of a group, all of one length and one first word, with the first of its cluster."""
    for group in groups:
        if len(group) == 1:
            yield group[0], group[0]
            continue
        numbers: dict[str, int] = {_FREE: 0}
        rows = np.array([[numbers.setdefault(word, len(numbers)) for word in words] for words in group], np.int32)
        templates = np.empty_like(rows)
        heads: list[tuple[str, ...]] = []
        for words, row in zip(group, rows, strict=True):
            known = templates[: len(heads)]
            same = ((known == row) & (row > 0)).sum(axis=1) if heads else np.zeros(0, np.int64)
            best = int(same.argmax()) if heads else -1
            if best >= 0 and same[best] >= ALIKE * max(1, int((row > 0).sum())):
                templates[best][templates[best] != row] = 0
            else:
                best = len(heads)
                templates[best] = row
                heads.append(words)
            yield words, heads[best]
