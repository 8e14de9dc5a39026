"""What a language model drafted, judged sentence by sentence: what stands on its claims may be adopted by a person, the rest is struck out.

Nothing here trusts the model, its server, or the claims that it was given: whatever stood in a question, only the answer is judged. What
fails is kept with the reason, so that a person sees what was tried.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.core.problem import Problem
from amends.language.text import parse
from amends.narrative.asking import ADDRESSED, LONGEST_SENTENCE, MOST_SENTENCES, RULES
from amends.narrative.grounding import ungrounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from amends.narrative.asking import Given
    from amends.narrative.drift import Comparison

LONGEST_KEPT = 2_000
"""Characters that are kept of an answer that is no list of sentences, to show what came."""

MOST_CITED = 4
"""Claims that one sentence may rest on. Whatever cites all of them could take a word from each."""

_RUN = 6
"""Words in a row that a sentence may not share with the rules of the question: by chance that does not happen."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]|&(?:#\w+|\w+);|\]\s*\(|!\[|`|\*\*|__|~~|\{\{|\}\}|\{%|<\||^\s*(?:[#>|*+-]|\d+[.)])\s")
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}:(?://|[^\s\d])\S*|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\S+|\b(?:[\w-]{2,}\.)+[a-z]{2,}\b(?:/\S*)?",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[redacted: ")
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)
"""Many models put one fence of Markdown around everything; it changes nothing of what they say."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence of a draft, from 1 on: what it says, the items that it cites, and why it was struck out, where it was."""

    number: int
    text: str
    items: tuple[str, ...]
    reasons: tuple[Problem, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether a person may adopt it as it stands."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole answer, judged. `remarks` are about all of it: what was not sent, what the sentences that passed leave out.

    `given` are the items that were sent, each with its revision and its status of then.
    """

    sentences: tuple[Judged, ...]
    remarks: tuple[Problem, ...]
    given: tuple[tuple[str, str, str], ...] = ()

    @property
    def passed(self) -> tuple[Judged, ...]:
        """The sentences that may be adopted."""
        return tuple(one for one in self.sentences if one.passed)


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A draft of a model as it is kept: what for, by which model and question, who asked when, and `answer`: what came of it, as JSON."""

    id: str
    incident_id: str
    purpose: str
    audience: str | None
    model: str
    prompt_sha256: str
    asked_at: datetime
    asked_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class Guards:
    """What judges beside this module: each is a function of texts only.

    `redact` takes secrets and personal data out; `flaws` are what the language engine holds against a sentence, knowing the claims that it
    cites; `compare` holds the second text against the first; `source` is the prose of the claims.
    """

    redact: Callable[[str], str]
    flaws: Callable[[str, Sequence[Given]], Iterable[Problem]]
    compare: Callable[[str, str], Comparison]
    source: str


def judge(answer: str, given: Sequence[Given], guards: Guards) -> Suggestion:
    """Judge an answer as it came. Never raises for what stands in it: an answer that is none is one struck out sentence."""
    sent = tuple((one.item, one.revision, one.status) for one in given)
    said = read(answer)
    if isinstance(said, Problem):
        return Suggestion((Judged(1, guards.redact(_shown(answer)), (), (said,)),), (), sent)
    known = {one.label: one for one in given}
    judged: list[Judged] = []
    for number, (text, labels) in enumerate(said[:MOST_SENTENCES], 1):
        cited = [known[label] for label in dict.fromkeys(labels) if label in known]
        reasons = [*_form(text), *_cites(labels, known), *_content(text, cited, guards)]
        kept = guards.redact(_shown(text))
        if any(_plain(kept) == _plain(other.text) for other in judged):
            reasons.append(Problem("model-twice", "it is said already"))
        told = tuple(Problem(one.code, guards.redact(one.message), one.hint) for one in reasons)  # a reason quotes what it is about
        judged.append(Judged(number, kept, tuple(one.item for one in cited), told))
    judged, remarks = _drift(judged, guards)
    more = len(said) - MOST_SENTENCES
    if more > 0:
        reason = Problem("model-too-many", f"an answer has at most {MOST_SENTENCES} sentences")
        judged.append(Judged(MOST_SENTENCES + 1, f"({more} further)", (), (reason,)))
    return Suggestion(tuple(judged), remarks, sent)


def read(answer: str) -> tuple[tuple[str, tuple[str, ...]], ...] | Problem:
    """The sentences of an answer with the labels that each cites; a Problem for anything but exactly that list."""
    plain = answer.strip()
    if fenced := _FENCE.fullmatch(plain):
        plain = fenced[1]
    hint = "ask again; where that does not help, use a model that follows instructions"
    try:
        value = json.loads(plain, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Problem("model-malformed", "the answer is not the list of sentences that was asked for", hint)
    if not isinstance(value, list) or not value:
        return Problem("model-malformed", "the answer has no list of sentences", hint)
    for one in value:
        if not isinstance(one, dict) or set(one) != {"text", "claims"} or not isinstance(one["text"], str) or not one["text"].strip():
            return Problem("model-malformed", "an element of the answer is no sentence with its claims", hint)
        if not isinstance(one["claims"], list) or not all(isinstance(label, str) for label in one["claims"]):
            return Problem("model-malformed", "an element of the answer does not list its claims", hint)
    return tuple((one["text"].strip(), tuple(one["claims"])) for one in value)


def same_words(one: str, other: str) -> bool:
    """Whether two sentences say the same in the same words, however they are cased and punctuated."""
    return _plain(one) == _plain(other)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(said: str) -> Any:
    raise ValueError(said)


def _form(text: str) -> Iterator[Problem]:
    """What no sentence may be, whatever it says."""
    if len(text) > LONGEST_SENTENCE:
        yield Problem("model-too-long", f"a sentence has at most {LONGEST_SENTENCE} characters", "say it shorter")
        return
    if _UNSEEN.search(text):
        yield Problem("model-unseen", "it has line breaks or characters that nobody sees")
        return
    if text[0].islower():
        yield Problem("model-markup", "it does not begin like a sentence")
    if _MARKUP.search(text):
        yield Problem("model-markup", "it has markup, which plain sentences have none of")
    elif len(parse(text, "plain").sentences) != 1:
        yield Problem("model-several", "it is more than one sentence, and its claims are cited for one", "take them one by one")


def _cites(labels: Sequence[str], known: dict[str, Given]) -> Iterator[Problem]:
    if len(set(labels)) > MOST_CITED:
        yield Problem("model-several", f"it cites more than {MOST_CITED} claims, so it says too much at once", "take them one by one")
    if not labels:
        yield Problem("model-uncited", "it cites no claim", "tie it to the claim that it tells")
    for label in dict.fromkeys(labels):
        if label not in known:
            yield Problem("model-unknown-claim", f"it cites {_shown(label)[:40]!r}, and no such claim was given")


def _content(text: str, cited: Sequence[Given], guards: Guards) -> Iterator[Problem]:
    """What is wrong with what it says. A sentence that is too long to be one is not looked into."""
    if len(text) > LONGEST_SENTENCE:
        return
    if _MARK.search(text):
        yield Problem("model-redacted", "it shows the mark of something that was taken out", "say who or what it was")
    without = guards.redact(text)
    if without != text:
        yield Problem("model-private", "it has a secret or personal data, which no claim was sent with")
        text = without  # no reason below may quote it
    ground = "\n".join(one.text for one in cited)
    if ADDRESSED.search(text) or _shares_rules(text, ground):
        yield Problem("model-instructions", "it repeats instructions, or gives some")
    for link in _LINK.finditer(text):
        if link[0].rstrip(".,;:!?)") not in ground:
            yield Problem("model-link", "it has a link or an address that no claim has")
            break
    if _MARK.search(text):
        yield Problem(
            "model-redacted", "it shows the mark of something that was taken out", "say who or what it was, as far as the reader may know"
        )
    if guards.redact(text) != text:
        yield Problem("model-private", "it has a secret or personal data, which no claim was sent with")
    yield from guards.flaws(text, cited)
    if cited:
        yield from ungrounded(text, cited)


def _shares_rules(text: str, ground: str) -> bool:
    """Whether a run of words comes from the rules of the question and not from a claim."""
    words, rules, told = (_plain(one) for one in (text, RULES, ground))
    listed = words.split()
    runs = (" ".join(listed[start : start + _RUN]) for start in range(len(listed) - _RUN + 1))
    return any(f" {run} " in f" {rules} " and f" {run} " not in f" {told} " for run in runs)


def _drift(judged: list[Judged], guards: Guards) -> tuple[list[Judged], tuple[Problem, ...]]:
    """Hold what passed against all claims, and strike out what drifts, until nothing does.

    What drifts without words of the draft is left out of it; that is said of the whole.
    """
    while passed := [one for one in judged if one.passed]:
        text, ends, places = "", [], []
        for one in passed:
            places.append(len(text))
            text += one.text if one.text[-1:] in ".!?" else f"{one.text}."
            ends.append(len(text))
            text += " "
        found = guards.compare(guards.source, text.rstrip())
        struck = {one.number: [Problem("model-not-compared", said) for said in found.problems] for one in passed if found.problems}
        for drift in found.drifts:
            side = drift.retold
            for one, start, end in zip(passed, places, ends, strict=True):
                if side is not None and side.start < end and start < side.end:
                    struck.setdefault(one.number, []).append(Problem(drift.kind, drift.message))
        if not struck:
            remarks = [Problem(one.kind, one.message, one.source.quote if one.source else "") for one in found.drifts]
            return judged, tuple(remarks)
        judged = [Judged(one.number, one.text, one.items, (*one.reasons, *struck.get(one.number, ()))) for one in judged]
    return judged, ()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _shown(text: str) -> str:
    """A text as it may be kept and shown: of a bearable length, and without characters that nobody sees."""
    return _UNSEEN.sub(" ", text[:LONGEST_KEPT]).encode("utf-8", "replace").decode()
