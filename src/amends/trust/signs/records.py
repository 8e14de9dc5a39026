"""What the detectors of warning signs look at, and what they say. All instants are aware and in UTC.

Nothing here is about who somebody is: authors are left out, and a pulse comes as shares of groups that are large enough to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from amends.incidents.acting import ActionStanding
    from amends.language.records import Document
    from amends.narrative.account import Account
    from amends.narrative.version import Redaction
    from amends.promises.ledger import LedgerEntry

SIGNS = (
    "cleaner-upward", "same-promise", "careful-in-public", "still-defensive", "faster-than-evidence", "one-person", "closed-unchecked",
    "no-word-on-people", "regret-without-change",
)  # fmt: skip
"""The warning signs that data can show, in the order in which they are told."""

TEXT_KINDS = ("message", "version", "review", "trust-review")
"""What a text is: sent to somebody, a version of the account, the review of the incident, the look back at the trust."""

REF_KINDS = ("message", "point", "entry", "action", "promise", "document", "break", "review", "wave", "incident")
"""What a sign links to; `review` is a trust review, `document` a shared text, also the review of the incident."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something that was told: `kind` is one of `TEXT_KINDS`, `document` what the engine says of it, `audience` None for everybody."""

    id: str
    kind: str
    at: datetime
    text: str
    document: Document
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class Felt:
    """How many of `n` answers of a group to one item of the pulse were favourable, in one wave; only of groups that may be shown."""

    wave_id: str
    which: str
    group: str
    item: int
    n: int
    favourable: int


@dataclass(frozen=True, slots=True)
class Course:
    """How an incident went in time: `began` is its first signal, `said_at` the first message of a person, None where there was none."""

    id: str
    title: str
    began: datetime
    said_at: datetime | None
    category: str | None = None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A time that was promised, and when it was done: `due` less `made_at` is what was asked for, `done_at` less `made_at` what it took."""

    id: str
    words: str
    made_at: datetime
    due: datetime
    done_at: datetime | None
    category: str | None = None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What the data show of one incident at `now`; every tuple in the order of time.

    `contained_at` is when it was contained, None before. `courses` are this incident and others, before and after it; `estimates` the
    promised times of all of these. `redactions` are the declared ones that hold.
    """

    incident_id: str
    title: str
    began: datetime
    now: datetime
    account: Account
    contained_at: datetime | None = None
    category: str | None = None
    component: str | None = None
    texts: tuple[Text, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    actions: tuple[ActionStanding, ...] = ()
    promises: tuple[LedgerEntry, ...] = ()
    felt: tuple[Felt, ...] = ()
    courses: tuple[Course, ...] = ()
    estimates: tuple[Estimate, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """What a sign rests on: a thing of one of `REF_KINDS`, and the words or the figure in it that show the sign."""

    kind: str
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign that shows: what was seen, where, and the one thing to do about it."""

    id: str
    title: str
    saw: str
    where: tuple[Ref, ...] = field(default=())
    ask: str = ""
