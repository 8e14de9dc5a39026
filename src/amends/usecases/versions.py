"""Versions of the account: each a shared text for one audience, held against the account while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, NotFoundError, TooLargeError, require_known
from amends.core.incident import DraftContent
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.core.problem import Problem
from amends.core.zones import zone_or_utc
from amends.incidents.document import VERSION
from amends.narrative.drift import Comparison
from amends.narrative.linking import VersionSentence, plain, sentences_of, tied_now, told_items, traced, withheld_now
from amends.narrative.telling import as_text, not_owed
from amends.narrative.version import GROUNDS, Redaction, Tie
from amends.store import documents
from amends.store import versions as rows
from amends.usecases import access
from amends.usecases.given import aware, line
from amends.usecases.narrating import account_within
from amends.usecases.stories import promises_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from amends.core.incident import SavedDraft
    from amends.core.ports import Clock, Ids
    from amends.incidents import hearing
    from amends.incidents.document import Document, DocumentHead
    from amends.narrative.account import Account, Stated
    from amends.narrative.linking import Traced
    from amends.narrative.telling import Told
    from amends.promises.ledger import LedgerEntry
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking
    from amends.usecases.documents import Documents
    from amends.usecases.drafting import Drafting
    from amends.usecases.telling import Telling

WHY_LIMIT = 500
SENTENCE_LIMIT = 5000
FORMS = {"team": "status-update", "leadership": "exec-status", "customers": "customer-apology", "partner": "status-update"}
"""The form that a message with a version is checked as, by its audience."""

_NOTHING = Comparison((), (), 0)


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version for a list: its text without what it says, how many drifts it has, and how much of the account it tells.

    `grave` are the drifts that are errors; without `compared` there was nothing to hold against anything, and no drift means nothing.
    """

    document: DocumentHead
    audience: str
    drifts: int
    told: int
    points: int
    grave: int = 0
    compared: bool = True


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version held against the account.

    `text` is what was held: the one that is kept, or the one being written. `sentences` are its sentences with their points; `source` is
    the account as a text, `comparison` what holding one against the other found, `drifts` its drifts with the points that each is about.
    `untold` are the points that it tells nowhere and that are not withheld; `redactions` what is withheld from its audience now.
    """

    document: Document
    audience: str
    text: str
    account: Account
    sentences: tuple[VersionSentence, ...]
    source: Told
    comparison: Comparison
    drifts: tuple[Traced, ...]
    untold: tuple[Stated, ...]
    redactions: tuple[Redaction, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether anything was held against anything: without an account, or without a text, no drift means nothing."""
        return bool(self.account.points and self.text.strip() and not self.problems)


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to tell an audience: points not yet told, the numbers among them, and promises that are open."""

    points: tuple[Stated, ...]
    numbers: tuple[Stated, ...]
    promises: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A message that carried a version: to whom, how far it came, and what corrected it.

    `changed` says that its author changed the text before sending it; `corrections` are the later messages of its line, the first first.
    """

    document: DocumentHead
    version: int
    changed: bool
    told: hearing.Told
    corrections: tuple[hearing.Told, ...]


class Versions:
    """What people can do with the versions of an account. `by` is who does it; who may not see the incident finds none."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        *,
        checking: Callable[[], Checking],
        documents: Documents,
        drafting: Drafting,
        telling: Callable[[], Telling],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._documents = documents
        self._drafting = drafting
        self._telling = telling

    # Looking

    def of_incident(self, incident_id: str, *, tz: str | None = None, by: str = LOCAL_PERSON) -> tuple[VersionHead, ...]:
        """The versions of an incident, one for each audience that has one. Raises NotFoundError, ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            there = [name for name in AUDIENCES if _head(connection, incident_id, name) is not None]
        found = []
        for audience in there:
            view = self.view(incident_id, audience, tz=tz, by=by)
            told = told_items(view.sentences) & {one.item for one in view.account.points}
            grave = sum(one.drift.severity == "error" for one in view.drifts)
            points = len(view.account.points)
            found.append(VersionHead(view.document.head, audience, len(view.drifts), len(told), points, grave, view.compared))
        return tuple(found)

    def view(
        self, incident_id: str, audience: str, *, text: str | None = None, tz: str | None = None, by: str = LOCAL_PERSON
    ) -> VersionView:
        """The version for an audience, held against the account with clock times in `tz`.

        `text` is what is being written, None for what is kept. Raises UnknownNameError, NotFoundError also where nobody began it.
        """
        require_known("audience", audience, AUDIENCES)
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            document = _version(connection, incident_id, audience)
            account = account_within(connection, incident_id)
            ties = rows.ties_of(connection, document.head.id)
            withheld = withheld_now(rows.redactions_of(connection, incident_id), self._clock.now(), audience)
        written = document.text if text is None else text
        source = as_text(account, zone_or_utc(tz))
        hidden = _with_positions(account, (one.item for one in withheld))
        comparison, problems = self._held(source.text, written, audience, (*source.spans_of(hidden), *not_owed(account, source, audience)))
        sentences = sentences_of(written, ties, source, comparison)
        told = told_items(sentences)
        untold = tuple(one for one in account.points if one.item not in told and one.item not in hidden)
        return VersionView(
            document, audience, written, account, sentences, source, comparison, traced(comparison, source), untold, withheld, problems
        )

    def offered(self, incident_id: str, audience: str, *, tz: str | None = None, by: str = LOCAL_PERSON) -> Offered:
        """What there is to tell an audience; everything, where nobody began a version for it. Raises UnknownNameError."""
        require_known("audience", audience, AUDIENCES)
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            begun = _head(connection, incident_id, audience) is not None
            account = account_within(connection, incident_id)
            withheld = withheld_now(rows.redactions_of(connection, incident_id), self._clock.now(), audience)
            made = promises_within(connection, incident_id, self._clock.now(), by)
        hidden = _with_positions(account, (one.item for one in withheld))
        everything = tuple(one for one in account.points if one.item not in hidden)
        points = self.view(incident_id, audience, tz=tz, by=by).untold if begun else everything
        numbers = tuple(one for one in points if one.point.value is not None)
        promises = tuple(one for one in made if not one.standing.closed and one.promise.audience in (None, audience))
        return Offered(points, numbers, promises)

    def between(self, incident_id: str, one: str, other: str, *, tz: str | None = None, by: str = LOCAL_PERSON) -> Comparison:
        """One version held against another, such as leadership's against the team's; what is withheld from the other is no drift."""
        first, second = (self.view(incident_id, audience, tz=tz, by=by) for audience in (one, other))
        hidden = _with_positions(first.account, (redaction.item for redaction in second.redactions))
        spans = tuple((part.start, part.end) for part in first.sentences if {*part.tied, *part.offered} & hidden)
        return self._held(first.text, second.text, other, spans)[0]

    def redactions(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Redaction, ...]:
        """Everything that was ever withheld, and every lifting, oldest first."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.redactions_of(connection, incident_id)

    def told(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[VersionTold, ...]:
        """Who was told which version when, and which correction reached whom, in the order in which the messages were sent."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            sent = {one.message_id: one for one in rows.sent_of(connection, incident_id)}
            heads = {one.id: one for one in documents.heads(connection, incident_id, removed=True)}
            kept = {name: documents.version(connection, one.document_id, one.version) for name, one in sent.items()}
        by_id = {one.message.id: one for one in self._telling().of_incident(incident_id, by=by)}
        found = []
        for name, told in by_id.items():
            if name not in sent:
                continue
            text = kept[name]
            later = told.line[told.line.index(told.message) + 1 :]
            changed = text is not None and plain(text.text) != plain(told.message.text)
            corrections = tuple(by_id[one.id] for one in later)
            found.append(VersionTold(heads[sent[name].document_id], sent[name].version, changed, told, corrections))
        return tuple(found)

    # Writing

    def open(self, incident_id: str, audience: str, *, by: str = LOCAL_PERSON) -> Document:
        """Begin the version for an audience, or give the one there is; it is written with `documents.save`. Raises UnknownNameError."""
        require_known("audience", audience, AUDIENCES)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            head = _head(connection, incident_id, audience)
            if head is not None:
                return documents.get(connection, head.id)
            title = f"Version for {'the team' if audience == 'team' else audience}"
            return self._documents.new_within(connection, incident_id, title, kind=VERSION, audience=audience, by=by)

    def tie(self, document_id: str, sentence: str, item: str, *, by: str = LOCAL_PERSON) -> Tie:
        """Say that a sentence of a version tells a point; the same twice is one.

        Raises NotFoundError for a text that is no version and for a point, InputError for a sentence that does not stand in the text.
        """
        return self.tie_all(document_id, [(sentence, item)], by=by)[0]

    def tie_all(self, document_id: str, pairs: Sequence[tuple[str, str]], *, by: str = LOCAL_PERSON) -> tuple[Tie, ...]:
        """The same for several sentences, each with a point, all of them or none. Raises what `tie` raises."""
        wanted = [(self._sentence(sentence), item) for sentence, item in pairs]
        with self._store.writing() as connection:
            document = _changed(connection, document_id, by)
            account = account_within(connection, document.head.incident_id)
            standing = {plain(one.text) for one in sentences_of(document.text)}
            known = {(one.sentence, one.item): one for one in tied_now(rows.ties_of(connection, document_id))}
            for words, item in wanted:
                if account.get(item) is None:
                    raise NotFoundError(f"there is no point {item[:40]!r} in this account")
                if words not in standing:
                    hint = "save the text first, and name one whole sentence of it"
                    raise InputError("this sentence does not stand in the text", hint=hint, field="sentence")
                if (words, item) not in known:
                    new = Tie(self._ids.new(), document.head.incident_id, document_id, words, item, self._clock.now(), by)
                    rows.add_tie(connection, new, salt=self._ids.new())
                    known[words, item] = new
            return tuple(known[pair] for pair in wanted)

    def untie(self, document_id: str, sentence: str, item: str, *, by: str = LOCAL_PERSON) -> Tie:
        """Take a tie back; it stays in the history. Raises NotFoundError where there is none."""
        words = self._sentence(sentence)
        with self._store.writing() as connection:
            document = _changed(connection, document_id, by)
            known = _tied(connection, document_id, words, item)
            if known is None:
                raise NotFoundError(
                    "this sentence is not tied to this point", hint="look at the version again: somebody may have untied it"
                )
            new = Tie(self._ids.new(), document.head.incident_id, document_id, words, item, self._clock.now(), by, undoes=known.id)
            rows.add_tie(connection, new, salt=self._ids.new())
            return new

    def redact(
        self, incident_id: str, item: str, audience: str, ground: str, why: str, *, lift_at: datetime | None = None, by: str = LOCAL_PERSON
    ) -> Redaction:
        """Declare that a point is withheld from an audience, on a ground of `GROUNDS`, with the reason, until `lift_at` (None for open).

        The same twice is one. Raises UnknownNameError, InputError for a time that has passed, ConflictError where it is withheld otherwise.
        """
        require_known("audience", audience, AUDIENCES)
        require_known("ground", ground, GROUNDS)
        reason = line(why, "why", WHY_LIMIT, "say why in one line, for those who will ask")
        now = self._clock.now()
        if lift_at is not None and aware(lift_at, "lift_at") <= now:
            raise InputError("that time has passed already", hint="say when it can be told, or leave the time out", field="lift_at")
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if account_within(connection, incident_id).get(item) is None:
                raise NotFoundError(f"there is no point {item[:40]!r} in this account")
            until = lift_at.astimezone(UTC) if lift_at is not None else None
            listed = withheld_now(rows.redactions_of(connection, incident_id), now, audience)
            held = next((one for one in listed if one.item == item), None)
            if held is not None and (held.ground, held.why, held.lift_at) == (ground, reason, until):
                return held
            if held is not None:
                hint = "lift it first, then declare it anew"
                raise ConflictError(f"this point is withheld from {audience} already, on other words", hint=hint)
            new = Redaction(self._ids.new(), incident_id, item, audience, ground, reason, now, by, until)
            rows.add_redaction(connection, new, salt=self._ids.new())
            return new

    def lift(self, incident_id: str, redaction_id: str, *, by: str = LOCAL_PERSON) -> Redaction:
        """Withhold a point no longer; that it was stays in the history. Raises NotFoundError, ConflictError where it was lifted."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            listed = rows.redactions_of(connection, incident_id)
            old = next((one for one in listed if one.id == redaction_id and one.undoes is None), None)
            if old is None:
                raise NotFoundError(f"nothing is withheld in this account under the id {redaction_id[:40]!r}")
            if any(one.undoes == old.id for one in listed):
                raise ConflictError("this was lifted already", hint="look at what is withheld now")
            now = self._clock.now()
            new = Redaction(self._ids.new(), incident_id, old.item, old.audience, old.ground, old.why, now, by, old.lift_at, undoes=old.id)
            rows.add_redaction(connection, new, salt=self._ids.new())
            return new

    def begin_message(self, document_id: str, *, tz: str | None = None, by: str = LOCAL_PERSON) -> SavedDraft:
        """A draft with the text of a version for its audience; once it is sent, `told` knows which version went out.

        Raises NotFoundError for a text that is no version, InputError for one in which nothing stands.
        """
        with self._store.writing() as connection:
            document = _seen(connection, document_id, by)
            audience = document.head.audience or ""
            if not document.text.strip():
                raise InputError("nothing stands in this version yet", hint="write it first, then send it", field="text")
            told = dict(zip(rows.DRAFT_OF, (document_id, document.head.version), strict=True))
            content = DraftContent(document.text, FORMS[audience], audience, tz)
            return self._drafting.new_within(connection, content, incident_id=document.head.incident_id, by=by, told=told)

    # Within

    def _held(self, source: str, retold: str, audience: str, withheld: Iterable[tuple[int, int]]) -> tuple[Comparison, tuple[Problem, ...]]:
        """What holding one text against another found; of two texts of which one is empty there is nothing to say."""
        if not source.strip() or not retold.strip():
            return _NOTHING, ()
        try:
            found = self._checking().compare(source, retold, audience, withheld)
        except TooLargeError as error:
            return _NOTHING, (Problem("too-large", error.message, error.hint),)
        return found.comparison, found.problems

    def _sentence(self, given: str) -> str:
        words = plain(given)
        return line(words, "sentence", SENTENCE_LIMIT, "name one whole sentence of the text")


def _with_positions(account: Account, items: Iterable[str]) -> frozenset[str]:
    """Some points, and the positions of the disagreements among them."""
    own = frozenset(items)
    return own | {one.item for one in account.of("position") if one.point.of in own}


def _head(connection: Transaction, incident_id: str, audience: str) -> DocumentHead | None:
    """The version for an audience, None where nobody began one, or it was removed."""
    return next((one for one in documents.heads(connection, incident_id) if one.kind == VERSION and one.audience == audience), None)


def _version(connection: Transaction, incident_id: str, audience: str) -> Document:
    head = _head(connection, incident_id, audience)
    if head is None:
        raise NotFoundError(f"there is no version for {audience} yet", hint="begin it, then write it")
    return documents.get(connection, head.id)


def _seen(connection: Transaction, document_id: str, by: str) -> Document:
    found = documents.get(connection, document_id)
    access.part_seen(connection, found.head.incident_id, by, "document", document_id)
    if found.head.audience is None:
        raise NotFoundError(f"the document {document_id!r} is no version of an account")
    return found


def _changed(connection: Transaction, document_id: str, by: str) -> Document:
    found = _seen(connection, document_id, by)
    access.require(connection, by, "write", f"document/{document_id}")
    return found


def _tied(connection: Transaction, document_id: str, sentence: str, item: str) -> Tie | None:
    return next((one for one in tied_now(rows.ties_of(connection, document_id)) if (one.sentence, one.item) == (sentence, item)), None)
