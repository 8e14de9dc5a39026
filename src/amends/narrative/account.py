"""The account of an incident: what is claimed and on what evidence, the conditions behind it, and what nobody agrees on or knows yet.

Made of points. A point is never changed: a later revision takes its place and both stay. All instants are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PARTS = (
    "claim", "condition", "well", "badly", "luck", "disagreement", "position", "question", "cost", "trust-break", "no-organisational",
)  # fmt: skip
"""What a point of the account is.

`well`, `badly` and `luck` are what went well, what did not, and where luck helped; a `position` is one side of the `disagreement` that it
is `of`; a `question` is what is not known; `cost` is what it cost people; a `trust-break` is a trust that was broken; `no-organisational`
is the written reason why no organisational condition was found.
"""

CLAIMS = ("fact", "signal", "number", "cause", "effect", "decision")
"""Kinds of claims. A `signal` says in `who` who saw it; a `number` has its figure in `value`; a `decision` says in `because` what made it
reasonable at the time."""

CONDITIONS = ("technical", "organisational")
"""Kinds of contributing conditions. Organisational: where people were misled, overloaded, or left without support."""

CLOSABLE = ("question", "trust-break", "disagreement")
"""Parts that are open until a revision says in `answer` how they were closed."""

STANCES = ("supports", "contradicts")

EVIDENCE_KINDS = ("entry", "message", "measure", "person")
"""What a claim can cite: an entry of the timeline, a message that was sent, a measure (what was measured, how, and the figure), or the word
of a person."""

STATUSES = ("confirmed", "likely", "inconclusive", "unsupported")
"""How well a claim is supported, from best to worst; computed by `support`, never typed in."""

WITHDRAWN = "withdrawn"
WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Point:
    """One revision of a point of the account.

    `item` is the id of its first revision and stays the same; `what` is written or withdrawn; `at` is when it happened, of a claim.
    `of` is the item that it belongs to: the disagreement of a position. `answer` is, of what went badly, the id of the action item that
    answers it, while `because` is then the reason why none does; of a closable part `answer` tells how it was closed.
    """

    id: str
    incident_id: str
    item: str
    part: str
    text: str
    recorded_at: datetime
    by: str
    what: str = WRITTEN
    kind: str | None = None
    at: datetime | None = None
    who: str | None = None
    value: str | None = None
    because: str | None = None
    of: str | None = None
    answer: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that a point cites, or, with `undoes`, the taking back of a citation.

    `ref` is the id of the timeline entry or of the message. A measure and a person's word are `text`; of a word `ref` is the fact or
    milestone of the record in which that person wrote it down, None where none holds it. `entry_kind` is what sort of thing the entry is
    (`timeline.entry.KINDS`), and `source` is where it comes from: two of the same source are not independent. `quote` is the cited words
    as they stood.
    """

    id: str
    incident_id: str
    item: str
    kind: str
    stance: str
    recorded_at: datetime
    by: str
    ref: str | None = None
    text: str | None = None
    quote: str | None = None
    entry_kind: str | None = None
    source: str | None = None
    undoes: str | None = None


Change = Point | Evidence
"""One thing that was written into an account, of which its history is made."""


@dataclass(frozen=True, slots=True)
class Support:
    """How well something is supported, and why, in a sentence."""

    status: str
    why: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A point as it stands: its newest revision, what it cites, how well that supports it, and its earlier revisions, oldest first."""

    point: Point
    evidence: tuple[Evidence, ...]
    support: Support
    before: tuple[Point, ...] = ()

    @property
    def item(self) -> str:
        """The id by which versions, redactions and evidence name it."""
        return self.point.item

    @property
    def is_open(self) -> bool:
        """Whether it is a question, a trust break or a disagreement that nobody has closed."""
        return self.point.part in CLOSABLE and not self.point.answer


@dataclass(frozen=True, slots=True)
class Account:
    """The account of an incident as it stands: its points in the order in which they were begun, withdrawn ones left out."""

    incident_id: str
    points: tuple[Stated, ...]
    withdrawn: tuple[Stated, ...] = ()

    def of(self, part: str, kind: str | None = None) -> tuple[Stated, ...]:
        """The points of one part, and of one kind."""
        return tuple(one for one in self.points if one.point.part == part and kind in (None, one.point.kind))

    def get(self, item: str) -> Stated | None:
        """The point of an id, None where there is none that stands."""
        return next((one for one in self.points if one.item == item), None)

    @property
    def claims(self) -> tuple[Stated, ...]:
        """The claims by the time at which they happened, those without a time last."""
        found = self.of("claim")
        return tuple(sorted(found, key=lambda one: (one.point.at is None, one.point.at.timestamp() if one.point.at else 0.0)))
