"""What is to be said about a review before it is held: what it repeats, what it cannot mean, and what it leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.language.records import Draft
from amends.trust.remark import Remark
from amends.trust.review import unanswered
from amends.trust.same import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.naming import Engine
    from amends.trust.prepared import Prepared, RepairShown
    from amends.trust.review import TrustReview

RULES = ("isolated-incident", "moving-on", "vague-improvement", "going-forward", "be-more-careful", "trust-restored", "never-again")
"""The rules for messages that hold in a review too, by which the engine finds words that close a matter instead of telling it."""

FORM = "follow-up-note"


def remarks(
    review: TrustReview, prepared: Prepared, last: TrustReview | None, engine: Engine, *, why: str = "", said: str = "", decision: str = ""
) -> tuple[Remark, ...]:
    """The remarks on a review as it would be held now, with these words; `last` is the one held before it, None where there was none."""
    found = [*_open(review), *_words(why, "why", engine, prepared), *_words(said, "said", engine, prepared)]
    if last is not None:
        for text, field in ((why, "why"), (said, "said")):
            found += _again(text, field, last)
        for answer in review.answers:
            found += _again(answer.text, answer.question, last)
    return (*found, *_decided(decision, prepared))


def _open(review: TrustReview) -> Iterator[Remark]:
    for question in unanswered(review):
        hint = "refer to something, or write that it is unknown, whom you asked and when"
        yield Remark("unanswered", f"nobody has answered yet: {ASKED[question]}", hint, question)
    for answer in review.answers:
        if answer.is_unknown and len(review.answered(answer.question)) == 1:
            message = f"not known yet: {ASKED[answer.question]} {answer.asked} was asked"
            yield Remark(
                "unknown", message, "ask again, or move the review where it depends on it", answer.question, answer.id, answer.text
            )


ASKED = {
    "worse": "what got worse since then, as people say it?",
    "ownership": "what was promoted into ownership: who answers for it now?",
    "release": "what was promoted into release work?",
    "architecture": "what was promoted into architecture work?",
    "onboarding": "which onboarding document says by now what was learnt?",
    "operating": "which operating document (runbook, on-call page) says it?",
}
"""The questions of a review in words."""


def _words(text: str, field: str, engine: Engine, prepared: Prepared) -> Iterator[Remark]:
    if not text.strip():
        return
    for one in engine.check(Draft(text, prepared.at, form=FORM)).findings:
        if one.rule in RULES:
            hint = one.suggestions[0] if one.suggestions else ""
            yield Remark(one.rule, one.message, hint, field, quote=text[one.start : one.end])


def _again(text: str, field: str, last: TrustReview) -> Iterator[Remark]:
    before = " ".join(part if part.rstrip().endswith((".", "!", "?")) else f"{part}." for part in _texts(last) if part)
    for one in repeated(text, before):
        hint = "say what has become of it since then, with a figure or a date, or that nothing has"
        yield Remark("same-promise", f"the last review said the same: “{one.before}”", hint, field, last.id, one.now)


def _texts(review: TrustReview) -> tuple[str, ...]:
    return (review.why or "", review.said or "", *(one.text for one in review.answers))


def _decided(decision: str, prepared: Prepared) -> Iterator[Remark]:
    unshown = [one for one in prepared.repairs if one.helped == "no-evidence-yet"]
    failed = [one for one in prepared.repairs if one.helped == "did-not-help"]
    if decision == "stop" and unshown:
        hint = "look at the measure first, or say in the reason why it need not be known"
        yield Remark("stopped-unshown", f"nothing shows yet that {_named(unshown)} helped", hint, "decision")
    if decision == "continue" and failed:
        hint = "decide to change, or say in the reason why the same again will help now"
        yield Remark("continued-unhelpful", f"{_named(failed)} did not help", hint, "decision")


def _named(repairs: list[RepairShown]) -> str:
    first = f"“{repairs[0].title}”"
    return first if len(repairs) == 1 else f"{first} and {len(repairs) - 1} more"
