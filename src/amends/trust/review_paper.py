"""A trust review as a document for people, and as plain values: the same evidence, whether it is prepared now or was pinned when held."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amends.core.paper import Block, Grid, Heading, Listing, Paper, Paragraph, Quote, clock
from amends.trust.prepared import as_plain
from amends.trust.review import HELD, QUESTIONS
from amends.trust.review_words import ASKED

if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.trust.prepared import Prepared
    from amends.trust.review import Answer, TrustReview

SPANS = {"month": "one month", "quarter": "one quarter"}
DONE_WORDS = {"done": "done, shown by", "by-word": "done, by the word of", "not-done": "not done"}
HELPED_WORDS = {
    "helped": "helped, shown by", "by-word": "helped, by the word of", "did-not-help": "did not help", "no-evidence-yet": "no evidence yet",
}  # fmt: skip
DECIDED = {
    "continue": ("Continue", "the repairs go on as they are"),
    "change": ("Change", "other repairs, or the same otherwise"),
    "stop": ("Stop", "no further repair is owed to this incident"),
}
"""How a decision is called, and what it means."""
SECTIONS = (
    ("pulse", "What people answered", "Nobody was asked by a pulse, or nothing of it may be shown."),
    ("worse", "What got worse, as far as data show it", "The data show nothing that got worse."),
    ("signs", "Warning signs", "No warning sign shows."),
    ("overrides", "Gates that somebody went past", "Nobody went past a gate."),
)
"""What a review shows of other rooms: the field, its title, and what stands there where there is nothing."""


def evidence(review: TrustReview, prepared: Prepared) -> dict[str, Any]:
    """What a review rests on: what was pinned when it was held, else what was prepared now. What was erased since is empty."""
    if review.prepared is None:
        return as_plain(prepared)
    try:
        pinned: dict[str, Any] = json.loads(review.prepared)
    except ValueError:
        return {}
    return pinned


def paper(title: str, review: TrustReview, told: dict[str, Any], zone: tzinfo = UTC) -> Paper:
    """The review of the incident of this title; `told` is its `evidence`, and times are in `zone`."""
    about = [f"Trust review after {SPANS[review.which]}", f"due {clock(review.due_at, zone)}"]
    about += [f"held {clock(review.held_at, zone)} by {review.held_by}"] if review.state == HELD else ["not held yet"]
    blocks: list[Block] = [*_decision(review), *_repairs(told, zone), *_promises(told)]
    for name, heading, none in SECTIONS:
        rows = told.get(name) or []
        absent = [one["words"] for one in told.get("absent") or [] if one["kind"] == name]
        blocks.append(Heading(1, heading))
        blocks.append(Listing(tuple(one["words"] for one in rows)) if rows else Paragraph(" ".join(absent) or none))
    blocks += _answers(review, zone)
    blocks += [Heading(1, "What this cannot show"), Listing(tuple(told["limits"]))] if told.get("limits") else []
    return Paper(f"Trust review: {title}", " · ".join(about), tuple(blocks))


def _decision(review: TrustReview) -> list[Block]:
    if review.state != HELD or review.decision is None:
        return [Paragraph("This review was not held yet: what follows is the evidence as it lies now.")]
    blocks: list[Block] = [Heading(1, "Decision"), Paragraph(f"{decided(review.decision)}\n{review.why or ''}".strip())]
    return [*blocks, Heading(1, "What those who were hit are told"), Quote(review.said)] if review.said else blocks


def _repairs(told: dict[str, Any], zone: tzinfo) -> list[Block]:
    rows = told.get("repairs") or []
    if not rows:
        return [Heading(1, "Repairs"), Paragraph("No repair action was tied to a broken trust.")]
    cells = tuple((one["uncertainty"], f"{one['title']}; {_owned(one, zone)}", done_in_words(one), helped_in_words(one)) for one in rows)
    return [Heading(1, "Repairs"), Grid(("What people were to know", "What was to be done", "Done?", "Helped?"), cells, (4, 4, 3, 3))]


def decided(decision: str) -> str:
    """A decision as a sentence."""
    return "{}: {}.".format(*DECIDED[decision])


def done_in_words(one: dict[str, Any]) -> str:
    """Whether a repair was done, and what shows it."""
    return _with(DONE_WORDS[one["done"]], one["done_by"] if one["done"] != "not-done" else None) + (", late" if one["late"] else "")


def helped_in_words(one: dict[str, Any]) -> str:
    """Whether a repair helped, and what shows it: a question of its own."""
    if one["helped"] == "no-evidence-yet":
        return HELPED_WORDS["no-evidence-yet"]
    if one["helped"] == "did-not-help":
        by = one["helped_by"]
        return f"{HELPED_WORDS['did-not-help']}: {by['words']}" if by and by["words"] else HELPED_WORDS["did-not-help"]
    return _with(HELPED_WORDS[one["helped"]], one["helped_by"])


def _with(words: str, by: dict[str, Any] | None) -> str:
    if by is None:
        return words.removesuffix(", shown by").removesuffix(", by the word of")
    return f"{words} {by['words']}" if by["kind"] == "person" else f"{words} {by['kind']} {by['words']}"


def _owned(one: dict[str, Any], zone: tzinfo) -> str:
    due = datetime.fromisoformat(one["due"]) if one["due"] else None
    return f"{one['owner']}, due {clock(due, zone)}" if one["owner"] and due else "nobody has taken it on"


def _promises(told: dict[str, Any]) -> list[Block]:
    found = told.get("promises") or {}
    names = ("kept", "late", "missed", "moved", "open")
    counted = ", ".join(f"{found[name]} {name}" for name in names if found.get(name))
    blocks: list[Block] = [Heading(1, "Promises since it was contained"), Paragraph(f"{counted or 'None fell due'}.")]
    return [*blocks, Listing(tuple(one["words"] for one in found["broken"]))] if found.get("broken") else blocks


def _answers(review: TrustReview, zone: tzinfo) -> list[Block]:
    blocks: list[Block] = [Heading(1, "What people answered for it")]
    for question in QUESTIONS:
        given = review.answered(question)
        asked = ASKED[question]
        lines = tuple(answer_in_words(one, zone) for one in given) or ("Nobody has answered.",)
        blocks += [Heading(2, asked[0].upper() + asked[1:]), Listing(lines)]
    return blocks


def answer_in_words(one: Answer, zone: tzinfo = UTC) -> str:
    """An answer with what it refers to, or with whom was asked and when."""
    day = f"{one.asked_at.astimezone(zone):%Y-%m-%d}" if one.asked_at is not None else ""
    if one.is_unknown:
        return f"Unknown; {one.asked} was asked on {day}. {one.text}".strip()
    if one.kind == "person":
        return f"{one.text} ({one.ref}, {day})"
    return f"{one.text} ({one.kind} {one.ref})"
