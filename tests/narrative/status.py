"""What was told about an incident, made by hand: messages in order, as a story, and the figures that come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.incident import SentMessage
from amends.incidents.firsts import firsts
from amends.language.records import Draft
from amends.narrative.followups import FollowUp, repeated, vague_in
from amends.narrative.honesty import honesty
from amends.usecases.checking import Checking
from narrative.accounts import INCIDENT, Writing, minute
from narrative.accounts import story as whole_story

if TYPE_CHECKING:
    from datetime import datetime

    from amends.incidents.story import Story
    from amends.language.records import Document
    from amends.narrative.followups import Repeated
    from amends.narrative.honesty import StatusHonesty

ENGINE = Checking()


def message(at: int, text: str, audience: str = "customers", *, corrects: str | None = None) -> SentMessage:
    """A message so many minutes after it began; its id says when."""
    sent = minute(at)
    return SentMessage(f"M{at}", f"D{at}", 1, INCIDENT.id, audience, "ana", sent, sent, text, corrects)


def told(*messages: SentMessage) -> Story:
    """The story of the incident with these messages: it began at 10:42, was found by us at 10:50, contained at 11:22, over at 11:50 UTC."""
    return replace(whole_story(), messages=messages)


def read(one: SentMessage) -> Document:
    """What the engine says of a message."""
    return ENGINE.check(Draft(one.text, one.sent_at, "status-update", one.audience, "UTC"))


def figures(story: Story, account: Writing | None = None) -> StatusHonesty:
    """The status honesty of a story and an account."""
    row = rows(story.messages)
    known = firsts(story.incident, story.events, story.reached, read)
    return honesty(story, (account or Writing()).account(), read, known, repeated(row), vague=vague_in(row))


def rows(messages: tuple[SentMessage, ...]) -> tuple[FollowUp, ...]:
    """Messages as follow-ups, with what the engine finds promised in them."""
    return tuple(FollowUp(one.id, one.audience, one.sent_at, read(one).promises) for one in messages)


def again(*texts: str, kept: tuple[tuple[str, datetime], ...] = (), audiences: tuple[str, ...] = ()) -> tuple[Repeated, ...]:
    """What is repeated in messages that were sent a day apart."""
    sent = [
        replace(message(place, text, audience), sent_at=minute(0) + timedelta(days=place))
        for place, (text, audience) in enumerate(zip(texts, audiences or ["customers"] * len(texts), strict=True))
    ]
    return repeated(rows(tuple(sent)), kept)
