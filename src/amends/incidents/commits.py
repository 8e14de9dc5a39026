"""Commits of an incident: which of many are probably its hotfix, its rollback and its guardrail, and whether their words are understood.

A commit is read in six months, by somebody who was not there. Its subject says which component does what now, its body why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.language.detectors.note import CONTENT_WORDS, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.problem import Problem

_REVERTS = re.compile(r"\brevert(?:s|ed|ing)?\b|\broll(?:s|ed|ing)?[ -]?back\b|\brollback\b|\bundo(?:es)?\b|\bback out\b", re.IGNORECASE)
_GUARDS = re.compile(
    r"\b(?:guard(?:s|rail)?|test(?:s|ed)?|alert(?:s|ing)?|limit(?:s|ed)?|check(?:s|ed)?|lint|block(?:s|ed)?|refus(?:e|es|ed)|reject(?:s|ed)?"
    r"|monitor(?:s|ing)?|assert(?:s|ion)?|validat(?:e|es|ed|ion)|lock(?:s|ed)?|kill[ -]?switch|rate[ -]?limit|canary|prevent(?:s|ed)?)\b",
    re.IGNORECASE,
)
_FIXES = re.compile(
    r"\b(?:hot[ -]?fix|fix(?:es|ed)?|repair(?:s|ed)?|restor(?:e|es|ed)|correct(?:s|ed)?|patch(?:es|ed)?|pin(?:s|ned)?)\b", re.IGNORECASE
)
_EFFECT = re.compile(
    r"\b(?:[a-z]+(?:s|ed)|add|allow|avoid|block|bump|check|close|count|cut|disable|drop|enable|expose|fail|fall|fix|guard|handle|hide|ignore"
    r"|keep|limit|load|lock|log|make|merge|move|open|pick|pin|point|prevent|put|raise|read|refuse|reject|release|remove|rename|repair|replace"
    r"|report|require|reset|restart|restore|retry|return|revert|roll|rotate|run|save|send|serve|set|show|skip|split|start|stop|store|switch"
    r"|take|test|throw|treat|turn|use|validate|wait|warn|write)\b",
    re.IGNORECASE,
)
_COMPONENT = re.compile(
    r"^(?:[\w./ -]{2,40}(?:\([\w./, -]{1,40}\))?!?:\s|.*\b(?:in|of|for|on|from|to|at|into|with)\s+(?:the\s+)?[A-Za-z][\w./-]+)"
)
_KIND_PREFIX = re.compile(r"^(?:fix|feat|test|tests|chore|ci|docs|refactor|perf|build|revert|style|hotfix)!?:\s*", re.IGNORECASE)
_WHY = re.compile(
    r"\b(?:because|since|so that|otherwise|caused|due to|reason|which|when|would|could|without|broke|failed|twice|wrong)\b"
    r"|\b(?:incident|prevents?)\b|[#A-Z]+-?\d+",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"^(?:[A-Z][\w-]+-by|Change-Id|Cc|Refs?|Closes|Fixes|This reverts commit)\b", re.IGNORECASE)
_HALF_HOUR_S = 1800
_SUBJECT, _BODY = 200, 4000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_UNSEEN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as a repository tells it: its hash, when it was made, its subject and body, and where people can look at it."""

    sha: str
    at: datetime
    subject: str
    body: str = ""
    url: str | None = None


def commit_of(sha: str, at: datetime, message: str, url: str | None = None) -> Commit:
    """A commit from its whole message: the first line is its subject, cut where no reader gets to, as the body is."""
    subject, _, body = message.strip().partition("\n")
    return Commit(sha, at, " ".join(_UNSEEN.sub(" ", subject).split())[:_SUBJECT], _UNSEEN_TEXT.sub(" ", body).strip()[:_BODY], url)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader will miss in six months: a stable code, what is missing, and what to write instead."""

    code: str
    message: str
    instead: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit that may belong to the incident: what it probably does (one of `event.COMMITS`), and why that is thought.

    `judgements` are what its words lack; `score` orders candidates and means nothing besides.
    """

    commit: Commit
    kind: str
    why: str
    score: float
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Commits that may belong to an incident, the likeliest first; where they were looked for, and what could not be read."""

    candidates: tuple[Candidate, ...]
    sources: tuple[str, ...]
    problems: tuple[Problem, ...]


def judge(subject: str, body: str | None = None) -> tuple[Judgement, ...]:
    """What a commit does not tell. A body of None is one that nobody knows, and is not judged."""
    words = subject.strip()
    bare = _KIND_PREFIX.sub("", words)
    found = []
    if says_nothing(words) or says_nothing(bare):
        found.append(
            Judgement(
                "subject-empty",
                f"fewer than {CONTENT_WORDS} words of “{words[:80]}” carry something",
                "[component]: [what it does now] ([why])",
            )
        )
    else:
        if not _COMPONENT.match(bare) and not _COMPONENT.match(words):
            found.append(Judgement("no-component", f"“{words[:80]}” names no component", f"[component]: {bare[:100]}"))
        if not _EFFECT.search(bare.partition(": ")[2] or bare):
            head = bare.partition(": ")[0] if ": " in bare else bare
            found.append(Judgement("no-effect", f"“{words[:80]}” does not say what it does now", f"{head[:60]}: [what it does now]"))
    if body is not None and not _says_why(body):
        found.append(Judgement("no-why", "its body does not say why", "Because [what went wrong], [this does what about it]."))
    return tuple(found)


def candidates(commits: Iterable[Commit], began: datetime, ended: datetime, words: str, *, most: int = 10) -> tuple[Candidate, ...]:
    """The commits that most probably belong to an incident, the likeliest first: near to it in time, and alike in words.

    `began` and `ended` are when it hit and when it was over (or now); `words` are its title and facts.
    """
    told = set(re.findall(r"[a-z][a-z0-9_-]{3,}", words.casefold()))
    found = [_candidate(one, began, ended, told) for one in commits]
    return tuple(sorted(found, key=lambda one: (-one.score, one.commit.at, one.commit.sha))[:most])


def _candidate(commit: Commit, began: datetime, ended: datetime, told: set[str]) -> Candidate:
    text = f"{commit.subject}\n{commit.body}"
    reasons = []
    kind, weight = "hotfix", 0.0
    if _REVERTS.search(text):
        kind, weight = "rollback", 3.0
        reasons.append("its words say that it takes something back")
    elif _GUARDS.search(commit.subject):
        kind, weight = "guardrail", 2.0
        reasons.append("its words say that it guards")
    elif _FIXES.search(text):
        weight = 2.0
        reasons.append("its words say that it repairs")
    shared = sorted(told & set(re.findall(r"[a-z][a-z0-9_-]{3,}", text.casefold())))
    if shared:
        reasons.append(f"speaks of {', '.join(shared[:3])}")
    elif told:
        weight *= 0.5  # it repairs or guards something, and nothing says that it is this
    inside = began <= commit.at <= ended
    away = 0.0 if inside else min(abs((commit.at - began).total_seconds()), abs((commit.at - ended).total_seconds()))
    if inside:
        reasons.append("made during the incident")
    near = 2.0 if inside else 2.0 / (1.0 + away / _HALF_HOUR_S)
    before = commit.at < began
    score = weight + min(len(shared), 4) * 0.75 + near - (2.0 if before else 0.0)  # what was made before it hit may be what broke it
    return Candidate(commit, kind, "; ".join(reasons) or "made near to it", round(score, 3), judge(commit.subject, commit.body))


def _says_why(body: str) -> bool:
    lines = [one for one in body.strip().splitlines() if one.strip() and not _TRAILER.match(one.strip())]
    words = " ".join(lines)
    return len(words.split()) >= 4 and _WHY.search(words) is not None
