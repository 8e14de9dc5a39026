"""What a retold text asserts against its source, by rules that hardly err: vows, settled questions, plans told as done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.narrative.comparing.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.comparing.aligning import Alignment
    from amends.narrative.comparing.clauses import Clause

_VOW = re.compile(
    r"guarantee\w*|(?:cannot|can't|can no longer|will not|won't|never) (?:ever )?(?:\w+ )?(?:happen|recur|occur|be repeated)\b"
    r"|never (?:happen )?again\b|rules? out (?:a|any) (?:repeat|recurrence)|once and for all|(?:fully|completely) safe from"
    r"|(?:impossible|excluded) (?:from now on|in (?:the )?future)|no longer (?:be )?possible|will prevent (?:any|all|every|this)"
)
_SETTLED = re.compile(
    r"(?:cause|reason|origin|trigger|problem|issue|mechanism)\w* (?:of \w+ (?:\w+ )?)?(?:is|was|are|were|has been|have been)"
    r" (?:now |fully |well |clearly )*(?:understood|known|clear|identified|confirmed|established|found|determined|explained)"
    r"|we (?:now )?(?:fully )?(?:understand|know) (?:the|what|why|how)"
)
_WHY = r"\b(?:cause|reason|origin|trigger|why|how|what|mechanism|explanation|explained?|understand|understood)\b"
_NOT_KNOWN = (
    r"\b(?:unknown|unclear|not (?:\w+ ){0,3}(?:known|clear|understood|found|certain|explained|established|confirmed|identified)|open"
    r"|(?:don't|do not) (?:yet )?know|(?:being|under) investigat\w+|still (?:exploring|investigating|looking into|analysing|analyzing))\b"
)
_OPEN = re.compile(rf"{_WHY}.{{0,60}}{_NOT_KNOWN}|{_NOT_KNOWN}.{{0,60}}{_WHY}")
_FOR_NOW = re.compile(r"\btemporar\w*|\bworkaround|\binterim\b|\bstop-?gap|\bfor now\b|\bprovisional\w*|\bmakeshift|\bband-?aid")
_FOR_GOOD = re.compile(
    r"\b(?:is|was|are|were|has been|have been|been) (?:now |since |fully |completely |permanently )*"
    r"(?:fixed|solved|resolved|repaired|corrected|remedied|cured|closed)\b"
    r"|\bpermanent(?:ly)? (?:fix\w*|solution|solved|resolved|repaired)|\bfor good\b|\bfully resolved"
)
_SOME = re.compile(
    r"\b(?:some|several|many|certain|various|a (?:few|number|subset|part|portion|fraction|share|handful|minority)|parts?|occasional"
    r"|individual)\b(?: of)?(?: (?:the|our|its|their|these|those))? ([a-z][\w-]+)(?: ([a-z][\w-]+))?"
)
_ALL = re.compile(
    r"\b(?:all|every|each|entire|whole|100 ?%|total|none)\b(?: of)?(?: (?:the|our|its|their))?"
    r" ([a-z][\w-]+)(?: ([a-z][\w-]+))?(?: ([a-z][\w-]+))?"
)
_GONE = re.compile(
    r"(?:could|can|can't|couldn't|cannot|not) (?:not )?(?:be )?(?:recover(?:ed)?|restored?|retrieved?|rebuilt|regenerated?|determined)\b"
    r"|\b(?:ir|un)recoverabl\w*|\b(?:is|are|was|were) (?:\w+ )?(?:lost|gone|destroyed|deleted|wiped|discarded|dropped)\b"
    r"|\bnever delivered\b|\b(?:lost|gone) for good\b|\bpermanently lost\b"
)
_AWAY = re.compile(
    r"\b(?:currently|temporarily|presently) (?:un\w+|not \w+|missing)|\bnot (?:currently |yet )?(?:available|accessible|reachable)"
    r"|\b(?:delayed|held up|late)\b|\b(?:is|are|were|was) (?:still )?being (?:restored|recovered|corrected|repaired|rebuilt)"
    r"|working on (?:restoring|recovering)|\bat present\b"
)
_PENDING = re.compile(
    r"[(\[][^()\[\]]*\b(?:progress|created|open|opened|draft\w*|planned|plan|todo|to do|scheduled|started|review|testing|test|trial|pilot"
    r"|proposed|proposal|pending|awaiting|requested|ordered|negotiat\w*|evaluat\w*|discuss\w*|consider\w*|ongoing|under|due|target|eta|q[1-4]"
    r"|half|half-\w+|written|asked|no owner|nobody|not|unassigned|looking|backlog|agreed|specified|wanted|budget|\d+ ?%)\b[^()\[\]]*[)\]]"
)
_FINISHED = re.compile(
    r"[(\[][^()\[\]]*\b(?:done|complete[d]?|live|deployed|finished|closed|active|enabled|merged|in force|in place)\b[^()\[\]]*[)\]]"
)
_IN_FORCE = re.compile(
    r"\bnow\b|\bin place\b|\b(?:has|have) (?:since |now |already |all )?(?:been )?\w+(?:ed|en|lt|wn|ut|et)\b"
    r"|\b(?:is|are) (?:set up|live|active|done|enforced|mandatory|compulsory|in operation|in use|in force|\w+ed\b)"
    r"|\bwe (?:now )?(?:alert|check|test|monitor|require|run|have)\b|\bfully \w+ed\b"
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nobody|none|nor|neither|without|cannot|hardly|yet|un\w+|\w+n't|should|planned|will|to be|only|late|later)\b"
)
_TERM = re.compile(r"[a-z]{4,}|\d+")
_SHORT = 12
"""A clause of up to so many words is quoted whole."""
_HERE = 0.25
"""Two clauses speak of one thing from this likeness on."""


def find_assertions(alignment: Alignment) -> list[Candidate]:
    """Everything that the rules see, in the order of the retold text."""
    source = alignment.source.low
    found: list[Candidate] = []
    for clause in alignment.retold.clauses:
        near = alignment.nearest(clause.number)
        found += _vow(clause, near, source)
        found += _settled(alignment, clause)
        found += _repaired(alignment, clause, near)
        found += _in_force(alignment, clause, near)
        found += _some(alignment, clause, near)
        found += _away(alignment, clause, near)
    return found


def _vow(clause: Clause, near: list[Clause], source: str) -> Iterator[Candidate]:
    """That it cannot happen again, where the source does not say so."""
    found = _VOW.search(clause.low)
    if found and found.group() not in source and not _VOW.search(source):
        plan = next((one for one in near if one.moves["prevention"] > 0 or "planned" in one.signs), near[0] if near else None)
        yield _candidate("raised_certainty", plan, clause, found, 0.85, "vow", "nothing")


def _settled(alignment: Alignment, clause: Clause) -> Iterator[Candidate]:
    """That the cause is known, where the source leaves it open and the retold text says so nowhere."""
    found = _SETTLED.search(clause.low)
    if found is None or any("unknown" in one.signs for one in alignment.retold.sentences[clause.sentence]):
        return
    if _OPEN.search(alignment.retold.low):
        return
    row = alignment.alike[clause.number]
    left_open = [one for one in alignment.source.clauses if _OPEN.search(one.low)]
    if left_open:
        nearest = max(left_open, key=lambda one: row[one.number])
        yield _candidate("raised_certainty", nearest, clause, found, 0.75, "settled", nearest.low)


def _repaired(alignment: Alignment, clause: Clause, near: list[Clause]) -> Iterator[Candidate]:
    """That it is repaired, where the source calls the repair temporary."""
    found = _FOR_GOOD.search(clause.low)
    if found and not _FOR_NOW.search(alignment.retold.low):
        for one in near[:4]:
            if (brief := _FOR_NOW.search(one.low)) and alignment.alike[clause.number][one.number] >= _HERE:
                yield _candidate("raised_certainty", one, clause, found, 0.7, "for good", brief.group())
                return


def _in_force(alignment: Alignment, clause: Clause, near: list[Clause]) -> Iterator[Candidate]:
    """That a measure is in force, whose state the source gives in brackets as something less."""
    found = _IN_FORCE.search(clause.low)
    if found is None or "planned" in clause.signs or _DENIAL.search(clause.low) or not near:
        return
    one = near[0]
    state = _PENDING.search(one.low)
    if state is None or _FINISHED.search(one.low) or any(word in clause.low for word in _TERM.findall(state.group())):
        return
    if alignment.alike[clause.number][one.number] >= _HERE:
        yield _candidate("raised_certainty", one, clause, found, 0.7, "in force", state.group())


def _some(alignment: Alignment, clause: Clause, near: list[Clause]) -> Iterator[Candidate]:
    """Some of what the source says were all."""
    for found in _SOME.finditer(clause.low):
        nouns = {word for word in found.groups() if word}
        if found.group() in alignment.source.low:
            continue
        for one in near[:4]:
            for whole in _ALL.finditer(one.low):
                if nouns & {word for word in whole.groups() if word}:
                    yield _candidate("softened_severity", one, clause, found, 0.7, "some", whole.group())
                    return


def _away(alignment: Alignment, clause: Clause, near: list[Clause]) -> Iterator[Candidate]:
    """That something is away or late, where the source says that it is lost."""
    found = _AWAY.search(clause.low)
    if found is None or found.group() in alignment.source.low or _GONE.search(clause.low):
        return
    for one in near[:3]:
        if (gone := _GONE.search(one.low)) and alignment.alike[clause.number][one.number] >= _HERE:
            yield _candidate("softened_severity", one, clause, found, 0.75, "away", gone.group())
            return


def _candidate(kind: str, theirs: Clause | None, ours: Clause, found: re.Match[str], confidence: float, rule: str, there: str) -> Candidate:
    """One assertion: the words around what was found, or all of a short clause, against what the source says."""
    quote = (ours.start, ours.end) if ours.size <= _SHORT else ours.around(found.span(), 5, 5)
    source = (theirs.start, theirs.end) if theirs is not None else None
    return Candidate(kind, source, quote, confidence, rule, f"{there} => {found.group()}")
