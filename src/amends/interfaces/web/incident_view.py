"""What the page of an incident shows beside its story: what it owes, the next step, who knows what, and how its parts stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.interfaces.web import words
from amends.interfaces.web.actions_view import compact
from amends.interfaces.web.story_view import LISTED, Item, story_items
from amends.interfaces.web.today_view import Line, owed_line, promise_line, review_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.incidents.clock import Owed
    from amends.incidents.event import IncidentEvent
    from amends.incidents.gates import Gate
    from amends.incidents.involved import Delivery, Stakeholder
    from amends.incidents.silence import Silence
    from amends.incidents.story import Story
    from amends.interfaces.web.actions_view import Row
    from amends.interfaces.web.incident_acts import Done
    from amends.timeline.notes import Entry
    from amends.trust.review import TrustReview

NOW_SHOWN = 3
"""How many of the things that are owed stand open on the page; the rest unfold."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who must be told, and how far the last message came with them; `told` is None where nothing reached them."""

    who: Stakeholder
    told: Delivery | None = None
    message: SentMessage | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One of the two boxes: whether it is ticked, and what shows that."""

    name: str
    ticked: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes an act back: the end of the address of its form, and the fields."""

    act: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentView:
    """The page of an incident."""

    story: Story
    owed: tuple[Line, ...]
    later: tuple[Line, ...]
    silence: Silence | None
    next_status: str
    next_says: str
    before_next: tuple[Gate, ...]
    items: tuple[Item, ...]
    left_out: int
    oldest_first: bool
    known: tuple[Known, ...]
    boxes: tuple[Box, ...]
    commits: tuple[IncidentEvent, ...]
    actions: tuple[Row, ...]

    @property
    def now(self) -> datetime:
        """The moment that it was read at."""
        return self.story.now


def incident_view(
    story: Story,
    owed: Sequence[Owed],
    silence: Silence | None,
    gates: tuple[Gate, ...] = (),
    pinned: Sequence[Entry] = (),
    reviews: Sequence[TrustReview] = (),
    *,
    oldest_first: bool = False,
    every: bool = False,
) -> IncidentView:
    """Everything that the page shows; `reviews` are the trust reviews to be held soon, `every` lists the whole story, however long."""
    lines = due_lines(story, owed, reviews)
    items = story_items(story, pinned, oldest_first=oldest_first)
    shown = items if every else items[:LISTED]
    following, says = words.NEXT_STATUS.get(story.incident.status, ("", ""))
    return IncidentView(
        story=story,
        owed=tuple(lines[:NOW_SHOWN]),
        later=tuple(lines[NOW_SHOWN:]),
        silence=silence,
        next_status=following,
        next_says=says,
        before_next=gates,
        items=tuple(shown),
        left_out=len(items) - len(shown),
        oldest_first=oldest_first,
        known=known(story),
        boxes=boxes(story),
        commits=story.standing("commit"),
        actions=compact(story.actions, story.now),
    )


def due_lines(story: Story, owed: Sequence[Owed], reviews: Sequence[TrustReview] = ()) -> list[Line]:
    """What is owed, promised and to be looked back on, late first, then by its time."""
    lines = [owed_line(one, None) for one in owed]
    waiting = [one for one in story.promises if one.standing.step == "settle" and one.promise.due is not None]
    lines += [promise_line(one, {}, story.now) for one in waiting]
    lines += [review_line(one, {}, story.now) for one in reviews]
    return sorted(lines, key=lambda line: line.due)


def known(story: Story) -> tuple[Known, ...]:
    """Those who must be told, those who know nothing yet first."""
    messages = {one.id: one for one in story.messages}
    last: dict[str, Delivery] = {}
    for one in story.deliveries:
        last[one.stakeholder_id] = one
    found = []
    for who in story.told:
        told = last.get(who.id)
        found.append(Known(who, told, messages.get(told.message_id) if told else None))
    return tuple(sorted(found, key=lambda one: one.told is not None))


def boxes(story: Story) -> tuple[Box, ...]:
    """The two boxes of the follow-up note, as they stand."""
    found = []
    for name in words.BOX_NAMES:
        stands = story.standing("box", name)
        last = stands[-1] if stands else None
        found.append(Box(name, last is not None and last.value == "ticked", (last.text or "") if last else ""))
    return tuple(found)


def later_statuses(status: str) -> tuple[str, ...]:
    """Every other status, for the list behind the one that comes next."""
    return tuple(one for one in STATUSES if one != status)


def undo_of(done: Done, story: Story) -> Undo | None:
    """What takes back an act that was just done, where something does."""
    if done.says in ("fact", "milestone", "commit", "comment") and any(one.id == done.ref for one in story.events):
        return Undo("withdraw", (("event", done.ref),))
    if done.says == "removed":
        return Undo("restore")
    if done.says == "link-removed":
        for link in story.links:
            if link.id == done.ref:
                return Undo("links", (("kind", link.kind), ("target", link.target), ("title", link.title or "")))
    if done.says == "stakeholder-removed":
        for one in story.stakeholders:
            if one.id == done.ref:
                size = "" if one.size is None else str(one.size)
                told = (("name", one.name), ("kind", one.kind), ("audience", one.audience), ("address", one.address or ""), ("size", size))
                return Undo("stakeholders", told)
    if done.says == "left":
        for held in story.assignments:
            if held.id == done.ref:
                return Undo("functions", (("function", held.function), ("person", held.person)))
    return None
