"""Repair actions: visible changes, each tied to the broken trust that it answers, and worded as what people will know from now on.

A repair action is an action item with a row beside it that says why it repairs trust. Who does it until when, whether it is done and
whether it helped are the action item's own, so that nothing has to be said twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.incidents.acting import GUARDRAILS
from amends.trust.breakmap import NOT_ASKED
from amends.trust.remark import Remark
from amends.trust.wording import worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from amends.incidents.acting import ActionStanding
    from amends.trust.breakmap import BreakMap

KINDS = ("misleading-status", "unclear-ownership", "weak-rollback", "alert-gap", "other")
"""What a repair changes: what we say of the state, who it belongs to, the way back, what nobody would hear of; `other` needs its reason."""

LEAST, MOST = 3, 5
"""How many repair actions an incident should have: fewer leave doubts, more are not seen through."""


@dataclass(frozen=True, slots=True)
class RepairAction:
    """Why an action item repairs trust, as somebody wrote it; of several rows of one action item the last recorded holds.

    `breaks` are the points of the account that it answers. `uncertainty` says what people will know, and by when, that they do not know
    today. `visible` says how somebody outside sees it. `check_at` is when we look whether it helped. `why_other` is the reason for
    the kind `other`. `withdrawn` says why it is no repair action any more.
    """

    id: str
    incident_id: str
    action_id: str
    kind: str
    breaks: tuple[str, ...]
    uncertainty: str
    recorded_at: datetime
    by: str
    visible: str | None = None
    check_at: datetime | None = None
    why_other: str | None = None
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair action and how its action item stands."""

    action: RepairAction
    now: ActionStanding

    @property
    def is_mechanism(self) -> bool:
        """Whether it works when nobody thinks of it, and somebody outside can check that it does."""
        return self.now.item.kind in GUARDRAILS and bool(self.action.visible) and self.now.state != "no-help"


def repairs(rows: Iterable[RepairAction], items: Iterable[ActionStanding]) -> tuple[Repair, ...]:
    """The repair actions that stand, in the order in which they were tied first; those whose action item was dropped are none.

    `rows` come in the order in which they were recorded.
    """
    known = {one.item.id: one for one in items}
    last = {one.action_id: one for one in rows}
    return tuple(
        Repair(one, known[one.action_id])
        for one in last.values()
        if one.withdrawn is None and one.action_id in known and known[one.action_id].state != "dropped"
    )


def remarks(done: tuple[Repair, ...], told: BreakMap) -> tuple[Remark, ...]:
    """What the repair actions of an incident still lack together, and each of them."""
    found = list(_of_all(done, told))
    for one in done:
        found += remarks_on(one, told)
    return tuple(found)


def remarks_on(one: Repair, told: BreakMap) -> tuple[Remark, ...]:
    """What one repair action still lacks."""
    action, item = one.action, one.action.action_id
    found = list(worded(action.uncertainty))
    standing = [told.get(name) for name in action.breaks]
    if not any(known is not None for known in standing):
        found.append(Remark("untied", "it answers no broken trust that stands on the map", "tie it to the break that it answers", "breaks"))
    if not action.visible:
        hint = "say where somebody outside the team can see it: a page, a number that is sent to them, an alert that reaches them"
        found.append(Remark("not-visible", "nothing says how somebody outside sees it", hint, "visible"))
    if action.check_at is None:
        found.append(Remark("no-check", "nothing says when we look whether it helped", "give the day of the check", "check_at"))
    elif action.check_at < action.recorded_at and one.now.state != "verified":
        said = f"the day of its check, {action.check_at.day} {action.check_at:%B %Y}, had passed when it was written down"
        found.append(Remark("check-past", said, "give a day to come, or verify it with what was seen then", "check_at"))
    elif one.now.due is not None and action.check_at < one.now.due:
        hint = "look when it has been in place for a while"
        found.append(Remark("check-before-due", "it is checked before it is due", hint, "check_at"))
    if one.now.owner is None:
        hint = "let somebody accept its action item until a time, and say what would show that it helps"
        found.append(Remark("no-owner", "nobody has taken it on, so it has no due date", hint, "owner"))
    return tuple(Remark(each.code, each.message, each.hint, each.field, item, one.now.item.title) for each in found)


def _of_all(done: tuple[Repair, ...], told: BreakMap) -> Iterator[Remark]:
    if done and len(done) < LEAST:
        hint = "look which broken trust nothing answers yet"
        yield Remark("too-few", f"{_counted(len(done))}; {LEAST} to {MOST} are what people can follow and believe", hint)
    if len(done) > MOST:
        hint = "keep those that change what people know, and let the others be plain action items"
        yield Remark("too-many", f"{_counted(len(done))}; more than {MOST} are not seen through", hint)
    for one in told.breaks:
        if not one.is_open or one.placed is None or one.placed.state == NOT_ASKED:
            continue  # what nobody has placed or asked about cannot be answered yet; the map says so
        answers = [each for each in done if one.item in each.action.breaks]
        if not answers:
            hint = "tie a repair action to it, or say how it was closed"
            yield Remark("unanswered", "no repair action answers this broken trust", hint, "breaks", one.item, one.text)
        elif one.placed.kind == "honesty" and not any(each.is_mechanism for each in answers):
            hint = (
                "add what others can check without believing us: a number that is published by itself, a limit, an alert that reaches them"
            )
            message = "they doubt our word, and none of its repairs can be checked without it"
            yield Remark("honesty-unverifiable", message, hint, "breaks", one.item, one.text)


def _counted(number: int) -> str:
    return "there is 1 repair action" if number == 1 else f"there are {number} repair actions"
