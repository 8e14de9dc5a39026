"""The facts of an incident as sentences and times, made in one place, so that no two texts begun from them can disagree."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.promises.ledger import LedgerEntry

CLOCK = re.compile(r"(?<![\d:.-])(\d{1,2}):(\d\d)(?![\d:])")
_PRESENT = re.compile(r"\b(?:is|are|has|have|cannot|can't|do not|does not|fails?|rejects?|shows?|gets?)\b", re.IGNORECASE)
_ENDS = (".", "!", "?", "…")


class Facts:
    """What stands of an incident for one audience at one moment, with times on the clock of `zone`."""

    def __init__(self, story: Story, audience: str, now: datetime, zone: tzinfo) -> None:
        self.story = story
        self.audience = audience
        self.now = now
        self.zone = zone

    # Times

    def time(self, at: datetime) -> str:
        """An instant as people write it: the time of day with its zone, and the day where it is not today."""
        return time_in(at, self.now, self.zone)

    @property
    def began(self) -> datetime:
        """When it hit somebody first, as far as anybody wrote down; else when the incident started."""
        found = self.story.milestone("impact-began")
        return found.at if found else self.story.incident.started_at

    def milestone(self, kind: str) -> str | None:
        """When a milestone was reached, None where nobody wrote it down."""
        found = self.story.milestone(kind)
        return self.time(found.at) if found else None

    # What is known

    def all(self, kind: str) -> tuple[str, ...]:
        """The facts of a kind that hold, each as one sentence; a number stands with its figure."""
        return tuple(sentence(words_of(one)) for one in self.story.standing("fact", kind))

    @property
    def opening(self) -> str:
        """What happened and when, in one sentence: the first fact about it, else the title of the incident."""
        told = self.story.standing("fact", "happened")
        words = (told[0].text or "") if told else self.story.incident.title
        bare = words.strip().rstrip("".join(_ENDS))
        if CLOCK.search(bare):
            return sentence(bare)
        ended = self.story.milestone("recovered") is not None
        return sentence(
            f"{bare} since {self.time(self.began)}" if _PRESENT.search(bare) and not ended else f"{bare}, at {self.time(self.began)}"
        )

    @property
    def rest(self) -> tuple[str, ...]:
        """What happened besides."""
        return self.all("happened")[1:]

    @property
    def impact(self) -> tuple[str, ...]:
        """Whom it hit and how many: every fact about the impact, and every number."""
        return self.all("impact") + self.all("number")

    @property
    def recovery(self) -> tuple[str, ...]:
        """What repairs it and when: what people wrote, then what the record says."""
        contained, recovered = self.milestone("contained"), self.milestone("recovered")
        told = list(self.all("recovery"))
        if recovered:
            told.append(f"It has been right again since {recovered}.")
        elif contained:
            told.append(f"It has been contained since {contained}.")
        due = self.due("fix")
        return (*told, f"The fix is done by {due}.") if due else tuple(told)

    @property
    def prevention(self) -> tuple[str, ...]:
        """What keeps it from happening again, and until when that is promised."""
        due = self.due("prevention")
        return (*self.all("prevention"), f"That guard is done by {due}.") if due else self.all("prevention")

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is waited for and what is not known, as far as it was written down."""
        open_questions = tuple(f"Not known yet: {one[0].lower()}{one[1:]}" if len(one) > 1 else one for one in self.all("question"))
        cause = () if self.all("cause") else ("The cause is not known yet.",)
        return (*self.all("constraint"), *open_questions, *cause)

    # What was promised

    def due(self, kind: str) -> str | None:
        """Until when the next promise of a kind is to be kept, None where none is open and still ahead."""
        found = self.open_promise(kind)
        return self.time(found.promise.due) if found is not None and found.promise.due is not None else None

    def open_promise(self, kind: str) -> LedgerEntry | None:
        """The promise of a kind that is due next; a next update counts for this audience only, because each is owed its own."""
        ahead = [
            one
            for one in self.story.promises
            if one.promise.kind == kind
            and one.standing.state == "open"
            and not one.promise.private
            and one.promise.due is not None
            and one.promise.due > self.now
            and (kind not in ("next_update", "deliver") or one.promise.audience == self.audience)
        ]
        return min(ahead, key=lambda one: (one.promise.due, one.promise.id), default=None)


def words_of(fact: IncidentEvent) -> str:
    """A fact in words; the figure of a number stands in front of words that go on from it, and behind words of their own."""
    words, figure = (fact.text or "").strip(), fact.value
    if fact.kind != "number" or not figure or figure in words:
        return words
    counted = set(figure.casefold().split()[1:])  # “412 logins” does not go on to “failed logins”
    goes_on = words[:1].islower() and counted.isdisjoint(words.casefold().split())
    return f"{figure} {words}" if goes_on else f"{words.rstrip('.')}: {figure}"


def time_in(at: datetime, now: datetime, zone: tzinfo) -> str:
    """An instant on the clock of a zone: `10:40 UTC`, or `Tue 3 Mar 10:40 UTC` where it is not the day of `now`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    name = local.strftime("%Z") or local.strftime("UTC%z")
    if zone is UTC or name in ("UTC+00:00", "Z"):
        name = "UTC"
    elif not name.isalpha():
        offset = local.strftime("%z")
        name = f"UTC{offset[:3]}:{offset[3:5]}"
    clock = f"{local:%H:%M} {name}"
    return clock if local.date() == today.date() else f"{local:%a} {local.day} {local:%b} {clock}"


def sentence(words: str) -> str:
    """Words as one sentence: a capital in front, a full stop behind."""
    kept = words.strip()
    if not kept:
        return ""
    return kept[0].upper() + kept[1:] + ("" if kept.endswith(_ENDS) else ".")
