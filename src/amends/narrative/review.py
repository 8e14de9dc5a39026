"""The review of an incident as a document, made of its account: for learning, for the retro, as a bug report, and in plain words.

A review has no place for one root cause unless somebody asks for the heading, and no sentence without its status.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from amends.core.errors import require_known
from amends.core.paper import Heading, Paper, Paragraph
from amends.narrative import review_parts as parts
from amends.narrative.plain import definitions, plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.core.paper import Block
    from amends.narrative.account import Account, Stated
    from amends.narrative.review_parts import Material
    from amends.narrative.version import Redaction

AUDIENCE = "team"
"""Whom a review is for: what is declared to be withheld from them is named as withheld, and not told."""

SHAPES = ("review", "retro", "bug-report", "plain")
"""The whole review; the write-up of a retro; a short bug report; and the whole review for a reader who knows none of the words."""

TITLES = {"review": "Review", "retro": "Retro", "bug-report": "Bug", "plain": "What happened, in plain words"}
EXPECTED = "Expected:"
"""How a fact begins that says what should have happened; the bug report sets it against what did."""


def review(material: Material, shape: str = "review", *, root_cause: bool = False, notes: Iterable[str] = ()) -> Paper:
    """The document of a shape. `notes` are words of people that may say what a word means, for the plain one.

    `root_cause` adds the section that some readers ask for. Raises UnknownNameError for a shape.
    """
    require_known("shape of a review", shape, SHAPES)
    blocks = {"review": _whole, "plain": _whole, "retro": _retro}.get(shape)
    made = list(_bug(material)) if blocks is None else list(blocks(material, root_cause=root_cause))
    paper = Paper(f"{TITLES[shape]}: {material.story.incident.title}", _about(material), tuple(made))
    return plainly(paper, definitions(notes)) if shape == "plain" else paper


def withheld(account: Account, redactions: Iterable[Redaction]) -> Account:
    """The account with what is withheld named as that: the ground, the reason and the day of lifting in the place of the words.

    What a disagreement that is withheld says of its sides is withheld with it; what is cited for it is left out.
    """
    known = {one.item: one for one in redactions}
    known |= {one.item: known[one.point.of] for one in account.of("position") if one.point.of in known}
    return replace(account, points=tuple(_hidden(one, known[one.item]) if one.item in known else one for one in account.points))


def _hidden(one: Stated, because_of: Redaction) -> Stated:
    until = f" until {because_of.lift_at:%Y-%m-%d}" if because_of.lift_at else ""
    words = f"Withheld on {because_of.ground} grounds{until}: {because_of.why}"
    answer = one.point.answer if one.point.part == "badly" else "withheld as well" if one.point.answer else None
    point = replace(one.point, text=words, who=None, value=None, because=None, answer=answer)
    return replace(one, point=point, evidence=(), before=())


def _about(material: Material) -> str:
    incident = material.story.incident
    told = f"Incident {incident.id} · {incident.severity} · {incident.status} · times in {material.zone_name}"
    return f"{told}{' · private' if incident.visibility == 'private' else ''}"


def _whole(material: Material, *, root_cause: bool) -> Iterator[Block]:
    account = material.account
    yield from _section("Summary", parts.summary(material))
    yield from _section("Impact", parts.impact(material))
    yield from _section(f"Timeline ({material.zone_name})", parts.timeline(material))
    yield from parts.untimed(material)
    yield from _section("Recovery", parts.recovery(material))
    yield from _why(material, root_cause=root_cause)
    yield from _kept(material)
    yield from _section("Open disagreements", parts.disagreements(material))
    still, closed = "Nobody knows yet.", "Asked and answered"
    questions = parts.closable(account.of("question"), material, still=still, closed=closed, none="No question is written down.")
    yield from _section("What we do not know", questions)
    yield from _harmed(material)
    yield from _section("Actions", parts.actions(material))
    yield from _section("Evidence", parts.evidence(material))


def _why(material: Material, *, root_cause: bool) -> Iterator[Block]:
    yield from _section("Contributing conditions", parts.conditions(material))
    if root_cause:
        yield from _section("Root cause", parts.root_cause(material))
    yield from _section("What made decisions reasonable at the time", parts.decisions(material))


def _kept(material: Material) -> Iterator[Block]:
    account = material.account
    yield from _section("What went well", parts.listed(account.of("well"), material))
    yield from _section("What did not go well", parts.badly(material))
    yield from _section("Where luck helped", parts.listed(account.of("luck"), material))


def _harmed(material: Material) -> Iterator[Block]:
    account = material.account
    yield from _section("What it cost people", parts.listed(account.of("cost"), material))
    trust = parts.closable(
        account.of("trust-break"), material, still="Not closed yet.", closed="Closed", none="No broken trust is written down."
    )
    yield from _section("Trust that was broken", trust)


def _retro(material: Material, *, root_cause: bool) -> Iterator[Block]:
    """What a retro talks about: without the timeline and the evidence, which stand in the review."""
    yield from _section("Summary", parts.summary(material))
    yield from _section("Impact", parts.impact(material))
    yield from _kept(material)
    yield from _why(material, root_cause=root_cause)
    yield from _section("Open disagreements", parts.disagreements(material))
    yield from _harmed(material)
    yield from _section("Actions", parts.actions(material))


def _bug(material: Material) -> Iterator[Block]:
    """What happened against what should have, and what would have caught it."""
    claims = [one for one in material.account.claims if one.point.kind in ("fact", "signal")]
    expected = [one for one in claims if one.point.text.startswith(EXPECTED)]
    actual = [one for one in claims if one not in expected]
    causes = (*material.account.of("claim", "cause"), *material.account.of("condition"))
    unsaid = Paragraph(f"Not written down yet: state a fact that begins with “{EXPECTED}”.")
    yield from _section("What happened", parts.summary(material))
    yield from _section("Expected", parts.listed(expected, material) if expected else [unsaid])
    yield from _section("Actual", parts.listed(actual, material))
    start = material.story.milestone("impact-began")
    since = f"It was there since {material.clock(start.at if start else material.story.incident.started_at)}."
    yield from _section("Since when", [Paragraph(since)])
    yield from _section("Impact", parts.impact(material))
    yield from _section("Cause", parts.listed(causes, material))
    yield from _section("Fix", parts.recovery(material))
    yield from _section("What would have caught it", parts.actions(material, only_guards=True))


def _section(title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    yield Heading(1, title)
    yield from blocks
