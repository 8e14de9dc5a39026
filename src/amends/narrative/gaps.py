"""What the account of an incident still lacks to be a review that others can learn from.

The wants are those of a review without blame (“own it, fix it, grow”) and of the shared account in the repair playbook: enough timed and
cited entries to follow, numbers, conditions of both kinds, what made decisions reasonable, an answer to all that went badly, and nobody
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.naming import known_people, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.incidents.acting import ActionStanding
    from amends.incidents.story import Story
    from amends.narrative.account import Account, Stated
    from amends.narrative.naming import Engine

GAPS = (
    "empty", "trust-break", "cost", "timeline", "impact", "single-cause", "organisational", "named", "unreasoned", "unsupported",
    "unanswered", "one-sided", "nothing-went-well", "action", "unaccepted",
)  # fmt: skip
"""What can lack, in the order in which it is asked for: what concerns people first."""

TIMELINE = 5
"""Timed claims with evidence that a timeline needs to be followed; the rule `review-timeline` asks for as many."""

SHOWN = 60
"""Characters of a point that are quoted to say which one is meant."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that lacks: `message` says what, `hint` what to do; `item` is the point that it is about, `quote` words of it."""

    code: str
    message: str
    hint: str
    item: str | None = None
    quote: str = ""


def gaps(account: Account, story: Story, engine: Engine) -> tuple[Gap, ...]:
    """Everything that a review of this account still lacks, what concerns people first; nothing where it can be read out."""
    if not account.points:
        return (Gap("empty", "nothing stands in the account yet", "choose the entries of the timeline that tell what happened"),)
    found = [
        *_people(account), *_basis(account), *_conditions(account), *_named(account, story, engine), *_decisions(account),
        *_unsupported(account), *_unanswered(account, story.actions), *_one_sided(account), *_good(account), *_actions(story.actions),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda gap: GAPS.index(gap.code)))


def _people(account: Account) -> Iterator[Gap]:
    for one in account.of("trust-break"):
        if one.is_open:
            yield _about(
                "trust-break", one, "a trust that was broken is not repaired: {}", "say how it was closed, or propose what mends it"
            )
    if not account.of("cost"):
        hint = "ask those who were on call, in support and among the customers, and write down what they say"
        yield Gap("cost", "nobody has said what it cost people", hint)


def _basis(account: Account) -> Iterator[Gap]:
    followed = [one for one in account.claims if one.point.at is not None and one.evidence]
    if len(followed) < TIMELINE:
        message = f"the timeline has {len(followed)} timed claims with evidence; with {TIMELINE} it can be followed"
        yield Gap("timeline", message, "choose the signals, the decisions and the repair from the timeline")
    if not account.of("claim", "number"):
        yield Gap("impact", "no number says whom it hit, for how long, or what it cost", "state one with its figure, and cite its measure")


def _conditions(account: Account) -> Iterator[Gap]:
    causes = (*account.of("condition"), *account.of("claim", "cause"))
    hint = "ask what else had to be true for it to happen, and to last as long"
    if not causes:
        yield Gap("single-cause", "nothing says why it happened", hint)
    elif len(causes) == 1:
        yield _about("single-cause", causes[0], "one thing alone is named as why it happened: {}", hint)
    if not account.of("condition", "organisational") and not account.of("no-organisational"):
        hint = "ask where people were misled, overloaded, or left without support; or write down why there was nothing"
        yield Gap("organisational", "no organisational condition is named, and no reason why there is none", hint)


def _named(account: Account, story: Story, engine: Engine) -> Iterator[Gap]:
    people = known_people(story, account, engine.is_first_name)
    for one in account.points:
        point = one.point
        if point.part in ("question", "position", "cost", "trust-break"):
            continue  # who asks, who holds what, who bore it: there the name is the point
        causal = point.part in ("condition", "badly") or point.kind == "cause"
        for text in (point.text, point.because if point.part == "condition" else None):
            for words in pinned(text, point.recorded_at, engine, people, causal=causal) if text else ():
                yield Gap("named", words.why, "write the role, and what let it happen there", one.item, words.quote)


def _decisions(account: Account) -> Iterator[Gap]:
    for one in account.of("claim", "decision"):
        if not one.point.because:
            yield _about("unreasoned", one, "nothing says what made a decision reasonable: {}", "say what was known and seen at that time")


def _unsupported(account: Account) -> Iterator[Gap]:
    for one in (*account.claims, *account.of("condition")):
        if one.support.status == "unsupported":
            hint = "cite what shows it, or withdraw it; until then the review says that it is unsupported"
            yield _about("unsupported", one, "{} is told, and " + one.support.why, hint)


def _unanswered(account: Account, actions: tuple[ActionStanding, ...]) -> Iterator[Gap]:
    states = {one.item.id: one.state for one in actions}
    hint = "name the action item that answers it, or write down why none does"
    for one in account.of("badly"):
        if one.point.answer is None and not one.point.because:
            yield _about("unanswered", one, "nothing answers what went badly: {}", hint)
        elif one.point.answer is not None and states.get(one.point.answer, "dropped") == "dropped":
            yield _about("unanswered", one, "the action item was dropped that answered what went badly: {}", hint)


def _one_sided(account: Account) -> Iterator[Gap]:
    for one in account.of("disagreement"):
        sides = [side for side in account.of("position") if side.point.of == one.item]
        if one.is_open and len(sides) < 2:
            count = "only one side" if sides else "no side"
            yield _about("one-sided", one, f"{count} is told of a disagreement: {{}}", "ask those who see it otherwise for their words")


def _good(account: Account) -> Iterator[Gap]:
    if not account.of("well") and not account.of("luck"):
        hint = "write down what helped, and where it was luck: that part must not be lost when things are changed"
        yield Gap("nothing-went-well", "nothing says what went well, or where luck helped", hint)


def _actions(actions: tuple[ActionStanding, ...]) -> Iterator[Gap]:
    standing = [one for one in actions if one.state != "dropped"]
    if not standing:
        yield Gap("action", "no action item changes what let it happen", "propose a test, an alert, a limit or an owner")
    for one in standing:
        if one.state == "idea":
            message = f"nobody has taken on “{_short(one.item.title)}”, so it has no owner and no due date"
            yield Gap("unaccepted", message, "let somebody accept it until a time, and say what would show that it helps")


def _about(code: str, one: Stated, message: str, hint: str = "") -> Gap:
    quote = _short(one.point.text)
    return Gap(code, message.format(f"“{quote}”"), hint, one.item, quote)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rpartition(' ')[0] or words[:SHOWN]} …"
