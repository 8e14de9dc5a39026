"""Entries that tell of one change are one: that it was merged, that its deployment began, and that it is out.

What they have in common are a version, a commit, the number of a merge request, a deployment, a title, or a flag, and that little time
lies between them. A change that takes another one back names it too, and is not part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NEAR = 15 * 60 * 1_000_000
"""Microseconds that may lie between two entries of one change."""

AT_ONCE = 60 * 1_000_000
"""The same for the lines with which an autoscaler tells of one step."""

LATE = 2 * 3600 * 1_000_000
"""The same for a commit, which is written some time before it goes out."""

_VERSION = re.compile(r"\bv\d+(?:\.\d+)*(?:-[\w.]+)?\b|(?<![\w.])\d+\.\d+\.\d+(?:-[\w.]+)?(?![\w.])")
_SHA = re.compile(r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,64}\b")
_NUMBER = re.compile(r"(?<![\w#!])[#!]\d+\b")
_FLAG = re.compile(r"\bflag\b", re.IGNORECASE)
_NAME = re.compile(r"\b[a-z0-9]+(?:[-_][a-z0-9]+)+\b")
_SIZE = re.compile(r"\bNew size: (\d+);|\bto (\d+) from \d+$")
_SET = re.compile(r"\breplica set (\S+)-[0-9a-z]+ to (\d+) from (\d+)$")
_SCALED = re.compile(r"^(\S+): scaled from \d+ to (\d+)\b")
_SERVICE = re.compile(r"\b([A-Za-z][\w-]*) v?\d+\.\d+")
_BACK = re.compile(r"\brevert|\broll(?:ed|ing|s)?[ -]?back|\btak(?:es|en|ing) back", re.IGNORECASE)
_TITLE = re.compile(r"^(?:(?:opened|merged|closed) )?(?:[#!]\d+ )?(.*?)(?: \((?:[#!]\d+|tag [^)]*)\))*$")
_WORDS_OF_TITLE = 3
_STEPS = (
    ("merged", re.compile(r"^merged?\b", re.IGNORECASE)),
    ("failed", re.compile(r"\b(?:fail\w*|error|cancell?ed)\b", re.IGNORECASE)),
    ("out", re.compile(r"\b(?:success\w*|succeeded|finished|completed?|is live|deployed|released)\b", re.IGNORECASE)),
    ("began", re.compile(r"\b(?:began|begins?|start\w*|in progress|rolls? out|rolling out)\b", re.IGNORECASE)),
)
_WORKFLOW = re.compile(r"^workflow\b(?!.*\bdeploy)", re.IGNORECASE)
_OWN_WORDS = re.compile(r"^deploy (?:of|to) ")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that tells of a change: when (microseconds), in which source, its kind, its words; `ids` name what it is part of."""

    time: int
    source: int
    kind: str
    text: str
    ids: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Its words in one line: the first one, of what a chat says also the second, since programs have a title there."""
        return " ".join(" ".join(self.text.split("\n", 2)[: 2 if self.kind == "chat" else 1]).split())


def folded(known: Sequence[Change]) -> list[int]:
    """For each of some changes, in the order of time, the place of the first one that it is one with."""
    head = list(range(len(known)))
    latest: dict[str, int] = {}
    for place, one in enumerate(known):
        for mark in sorted(set(_marks(one))):
            before = latest.get(mark)
            if before is not None and _is_one(mark, known[before], one):
                _join(head, before, place)
            latest[mark] = place
    return [_head(head, place) for place in range(len(known))]


def _head(head: list[int], place: int) -> int:
    while head[place] != place:
        place = head[place]
    return place


def _join(head: list[int], one: int, other: int) -> None:
    first, last = sorted((_head(head, one), _head(head, other)))
    head[last] = first


def _is_one(mark: str, before: Change, one: Change) -> bool:
    """Whether two entries with the same mark are near enough to tell of one change."""
    if mark.startswith("rollout ") and (before.kind == "log") == (one.kind == "log"):
        return False  # two deployments of one service are two
    at_once = mark.startswith(("rollout ", "size "))
    return one.time - before.time <= (AT_ONCE if at_once else LATE if before.kind == "commit" else NEAR)


def _marks(one: Change) -> Iterator[str]:
    """What a change has in common with entries of the same one."""
    yield from (f"part of {id}" for id in one.ids if not _SHA.fullmatch(id))
    yield from (f"commit {id[:7]}" for id in one.ids if _SHA.fullmatch(id))
    yield from (f"version {found.removeprefix('v')}" for found in _VERSION.findall(one.line))
    back = "back " if _BACK.search(one.line) else ""
    yield from (f"{back}commit {found[:7]}" for found in _SHA.findall(one.line))
    yield from (f"{back}number {found[1:]}" for found in _NUMBER.findall(one.line))
    if one.kind in ("commit", "deploy"):
        title = _TITLE.match(one.line)
        words = title[1].lower() if title else ""
        if len(words.split()) >= _WORDS_OF_TITLE and not _OWN_WORDS.match(words):
            yield f"title {words}"
    if _FLAG.search(one.line):
        yield from (f"flag {found}" for found in _NAME.findall(one.line))
    yield from _scaled(one)


def _scaled(one: Change) -> Iterator[str]:
    """What a line has in common with others that tell of the same step of an autoscaler, or of the rollout that it is part of."""
    if size := _SIZE.search(one.line):
        yield f"size {size[1] or size[2]} {one.source}"
    if step := _SCALED.search(one.line):
        yield f"size {step[2]} of {step[1]}"
    if made := _SET.search(one.line):
        yield f"size {made[2]} of {made[1]}"
        if made[3] == "0":
            yield f"rollout {made[1]}"
    elif one.kind != "log":
        yield from (f"rollout {found}" for found in _SERVICE.findall(one.line))


def title_of(members: Sequence[Change]) -> str:
    """The words that stand for entries of one change, in the order of time: of a deployment, else the latest, of a chat only if need be."""
    deploys = [one for one in members if one.kind == "deploy" and _step(one) != "merged" and not _WORKFLOW.search(one.line)]
    chosen = (deploys or [one for one in members if one.kind != "chat"] or members)[-1]
    if len(members) > 1 and _OWN_WORDS.match(chosen.line):
        return chosen.line.split(": ", 1)[0]
    return f"{chosen.kind} “{chosen.line}”" if chosen.kind not in ("log", "chat") else f"“{chosen.line}”"


def steps_of(members: Iterable[Change]) -> str:
    """When a change was merged, began and was out, as far as its entries say; a beginning is left out where an end is told."""
    told: dict[str, int] = {}
    for one in sorted(members, key=lambda one: one.kind == "deploy"):  # what a chat says of it comes later
        step = _step(one)
        if step and (step != "merged" or step not in told):
            told[step] = one.time
    if "out" in told or "failed" in told:
        told.pop("began", None)
    return ", ".join(f"{step} {clock(told[step])}" for step in sorted(told, key=lambda step: told[step]))


def end_of(members: Sequence[Change]) -> int:
    """When the last entry of a change was made, those of a chat aside where there are others."""
    return max([one.time for one in members if one.kind != "chat"] or [one.time for one in members])


def _step(one: Change) -> str | None:
    if _WORKFLOW.search(one.line):
        return None
    return next((name for name, words in _STEPS if words.search(one.line)), None)


def clock(micros: int) -> str:
    """The time of day of an instant, in UTC."""
    return f"{str(np.datetime64(micros, 'us'))[11:19]}Z"
