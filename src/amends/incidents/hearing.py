"""Who has heard what: which version reached whom, who read it, and who still believes what was corrected since.

A correction names the message that it corrects; a message, its corrections and theirs are one line. Whoever heard one of a line and not
its last holds something wrong, whatever audience they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.incidents.involved import Delivery, Stakeholder

STATES = ("untold", "trying", "failed", "sent", "read", "acknowledged")
"""How far a message has come with somebody. `trying` has no outcome that we know of: it may have reached them."""

REACHED = ("sent", "read", "acknowledged")


def unreached(deliveries: Iterable[Delivery]) -> frozenset[str]:
    """The messages that were tried and reached nobody yet: they are no word to anybody, and keep no promise of an update."""
    found: dict[str, set[str]] = {}
    for one in deliveries:
        found.setdefault(one.message_id, set()).add(one.what)
    return frozenset(name for name, whats in found.items() if "trying" in whats and not whats.intersection(REACHED))


@dataclass(frozen=True, slots=True)
class Heard:
    """How far one message has come with one stakeholder: since when, by what way, in how many tries, and why the last one failed.

    `sent_at`, `read_at` and `acknowledged_at` are when each happened, None where it did not, or nobody told us.
    """

    stakeholder: Stakeholder
    state: str
    tries: int = 0
    via: str | None = None
    why: str | None = None
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None

    @property
    def reached(self) -> bool:
        """Whether they have it, as far as we know."""
        return self.state in REACHED


@dataclass(frozen=True, slots=True)
class Told:
    """A message and how far it has come.

    `version` numbers the messages to its audience. `heard` are all it was for, in the order in which they were added to the incident;
    `line` is what it corrects and what corrects it, the first one first, and `still_wrong` who heard something of that line and not its
    last message, with how far the last one has come with them.
    """

    message: SentMessage
    version: int
    heard: tuple[Heard, ...]
    line: tuple[SentMessage, ...]
    still_wrong: tuple[Heard, ...]

    @property
    def untold(self) -> tuple[Stakeholder, ...]:
        """Who must hear this and has not, as far as we know."""
        return tuple(one.stakeholder for one in self.heard if not one.reached and one.stakeholder.removed_at is None)

    @property
    def corrected_by(self) -> SentMessage | None:
        """The last correction of it, None where it stands."""
        later = self.line[self.line.index(self.message) + 1 :]
        return later[-1] if later else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What did not get through, and what may have: each can be tried again."""
        return tuple(problem_of(one) for one in self.heard if one.state in ("failed", "trying"))


def heard(stakeholder: Stakeholder, deliveries: Iterable[Delivery]) -> Heard:
    """How far a message has come with a stakeholder, from all that is known of its deliveries."""
    own = [one for one in deliveries if one.stakeholder_id == stakeholder.id]
    by_kind = {one.what: one for one in own}
    tried = [one for one in own if one.what == "trying"]
    last = max(tried, key=lambda one: one.attempt, default=None)
    failed = next((one for one in own if last is not None and one.what == "failed" and one.attempt == last.attempt), None)
    state = next((name for name in reversed(REACHED) if name in by_kind), None)
    if state is None:
        state = "untold" if last is None else "failed" if failed is not None else "trying"
    at = {name: by_kind[name].at if name in by_kind else None for name in REACHED}
    told = by_kind.get("sent") or last
    return Heard(
        stakeholder, state, len(tried), told.via if told else None, failed.text if failed else None, last.at if last else None,
        at["sent"], at["read"], at["acknowledged"],
    )  # fmt: skip


def of_message(message: SentMessage, stakeholders: Sequence[Stakeholder], deliveries: Iterable[Delivery]) -> tuple[Heard, ...]:
    """Everybody that a message was for: those it was tried with, and those of its audience who must be told and were not, in order."""
    own = [one for one in deliveries if one.message_id == message.id]
    known = {one.stakeholder_id for one in own}
    meant = (one for one in stakeholders if one.id in known or (one.audience == message.audience and one.removed_at is None))
    return tuple(heard(one, own) for one in meant)


def version(message: SentMessage, messages: Sequence[SentMessage]) -> int:
    """Which message to its audience this is, from 1, in the order in which they were sent."""
    same = sorted((one for one in messages if one.audience == message.audience), key=lambda one: (one.sent_at, one.id))
    return next(number for number, one in enumerate(same, 1) if one.id == message.id)


def line_of(message: SentMessage, messages: Sequence[SentMessage]) -> tuple[SentMessage, ...]:
    """A message with all that it corrects and all that corrects it, the first one first."""
    by_id = {one.id: one for one in messages}
    root = message
    while root.corrects is not None and root.corrects in by_id:
        root = by_id[root.corrects]
    found = {root.id}
    line = [root]
    for one in sorted(messages, key=lambda one: (one.sent_at, one.recorded_at, one.id)):
        if one.corrects in found and one.id not in found:
            found.add(one.id)
            line.append(one)
    return tuple(line)


def must_hear(wrong: SentMessage, messages: Sequence[SentMessage], deliveries: Sequence[Delivery]) -> frozenset[str]:
    """The ids of all stakeholders who were told a message of this line, or may have been, and so must hear its next correction."""
    ids = {one.id for one in line_of(wrong, messages)}
    return frozenset(one.stakeholder_id for one in deliveries if one.message_id in ids and _may_have_reached(one, deliveries))


def still_wrong(
    message: SentMessage, messages: Sequence[SentMessage], stakeholders: Sequence[Stakeholder], deliveries: Sequence[Delivery]
) -> tuple[Heard, ...]:
    """Who heard something of this line and not its last correction, with how far that one has come with them; nobody without one."""
    line = line_of(message, messages)
    if len(line) == 1:
        return ()
    last = line[-1]
    before = must_hear(line[0], [one for one in messages if one.id != last.id], deliveries)
    of_last = [one for one in deliveries if one.message_id == last.id]
    told = (heard(one, of_last) for one in stakeholders if one.id in before)
    return tuple(one for one in told if not one.reached)


def _may_have_reached(one: Delivery, deliveries: Sequence[Delivery]) -> bool:
    if one.what in REACHED:
        return True
    return one.what == "trying" and not any(
        other.what == "failed" and other.attempt == one.attempt and other.stakeholder_id == one.stakeholder_id
        for other in deliveries
        if other.message_id == one.message_id
    )


def problem_of(one: Heard) -> Problem:
    """What did not get through to somebody, or may not have, and what to do."""
    name = one.stakeholder.name
    if one.state == "failed":
        return Problem(
            "not-delivered", f"it did not reach {name}: {one.why or 'no reason was given'}", "put right what is wrong, and share it again"
        )
    return Problem(
        "may-be-delivered", f"sending it to {name} was interrupted, so it may have reached them", "ask them, or send it again and say so"
    )
