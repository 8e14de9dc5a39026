"""What goes into the engine and what comes out; the shapes of the `amends.check/1` contract.

Offsets count Unicode code points of the draft as it was given, half-open. Times are aware.
"""

from __future__ import annotations

from amends.core.record import record

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost the command line 4 ms
if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.problem import Problem


@record
class Draft:
    """A message on its way to being sent.

    `at` is when it is (to be) sent; `tz` an IANA zone name of the sender, or None for the offset of `at`;
    `form` a form id or "auto"; `audience` one of `core.people.AUDIENCES`, or None for the form's own;
    `markup` is "auto", "plain", "markdown", "slack" or "email".
    """

    text: str
    at: datetime
    form: str = "auto"
    audience: str | None = None
    tz: str | None = None
    id: str | None = None
    path: str | None = None
    markup: str = "auto"


@record
class MoveLabel:
    """A move that a sentence makes, with the engine's confidence from 0 to 1."""

    move: str
    confidence: float


@record
class FlawLabel:
    """A flaw and the exact words that carry it; `told` where a rule tells it by its words, not the network alone."""

    flaw: str
    confidence: float
    start: int
    end: int
    told: bool = True


@record
class SentenceReport:
    """One sentence, list item, heading or labelled line, and what it does."""

    start: int
    end: int
    moves: tuple[MoveLabel, ...]
    flaws: tuple[FlawLabel, ...]


@record
class MoveReport:
    """Whether a move that the form speaks of is there, and where the best sentence for it stands."""

    move: str
    required: bool
    present: bool
    start: int | None
    end: int | None


@record
class Edit:
    """One change to the draft that answers a finding: replace [start, end) by `text`.

    Words in [square brackets] inside `text` are for the author to fill in.
    """

    label: str
    start: int
    end: int
    text: str


@record
class Finding:
    """A rule's remark on a span: what the reader will ask, why it matters, and what to write instead.

    `suggestions` are for people to read; `edits` are the ones that can be applied with one click.
    """

    rule: str
    flaw: str | None
    move: str | None
    severity: str
    message: str
    why: str
    start: int
    end: int
    line: int
    column: int
    suggestions: tuple[str, ...]
    source: str
    edits: tuple[Edit, ...] = ()


@record
class Commitment:
    """A commitment found in a text: its clause, its time words, and the instant they mean.

    `kind`: next_update | fix | prevention | deliver | other; `actor`: speaker | other;
    `firmness`: firm | conditional | expectation | vague; `grain`: minute | hour | day | week | month | quarter | None.
    `due` is None where no instant follows from the words; `note` then says why, and otherwise what was assumed.
    """

    quote: str
    start: int
    end: int
    time_quote: str | None
    kind: str
    actor: str
    firmness: str
    due: datetime | None
    due_earliest: datetime | None
    grain: str | None
    time_start: int | None = None
    time_end: int | None = None
    note: str | None = None


@record
class PastTime:
    """A time in the text that is no promise: when something happened, or how long it lasted."""

    quote: str
    start: int
    end: int
    time: datetime | None


@record
class Signal:
    """One of the three signals that readers look for first: ownership, impact awareness, recovery."""

    signal: str
    met: bool
    start: int | None
    end: int | None


@record
class Suppressed:
    """A finding that an inline switch, the project file or the baseline silenced, and the reason given."""

    rule: str
    start: int
    end: int
    by: str
    reason: str


@record
class Document:
    """Everything the engine says about one draft."""

    id: str | None
    path: str | None
    form: str
    audience: str
    at: datetime
    tz: str | None
    language: str
    signals: tuple[Signal, ...]
    sentences: tuple[SentenceReport, ...]
    moves: tuple[MoveReport, ...]
    findings: tuple[Finding, ...]
    promises: tuple[Commitment, ...]
    past_times: tuple[PastTime, ...]
    suppressed: tuple[Suppressed, ...]
    problems: tuple[Problem, ...]
