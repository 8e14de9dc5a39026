"""Sending: a version of a draft becomes a message for good, its promises enter the ledger, and it keeps the update that was promised.

Who gets it by name is decided in the same transaction: marked as told where it went out by other means, or claimed for a channel and then
handed over. A message that a channel brought to nobody yet keeps no promise of an update.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from amends.core.incident import DraftContent, SentMessage
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.incidents.hearing import must_hear
from amends.language.commitments.subjects import named
from amends.language.records import Draft
from amends.narrative.version import Sent
from amends.promises.promise import Promise, standing
from amends.store import deliveries, documents, drafts, involved, promises, versions
from amends.store import messages as rows
from amends.usecases import access
from amends.usecases.drafting import content_of
from amends.usecases.given import KEY_DIGITS, aware, one_meant, require_same
from amends.usecases.posting import chosen, via_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from amends.core.incident import SavedDraft
    from amends.core.ports import Clock, Ids
    from amends.incidents.involved import Delivery, Stakeholder
    from amends.integrations.channels import Channel
    from amends.language.records import Commitment, Document
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking
    from amends.usecases.drafting import Drafting
    from amends.usecases.incidents import Incidents
    from amends.usecases.posting import Posting
    from amends.usecases.promising import Promising


@dataclass(frozen=True, slots=True)
class Way:
    """How a message goes out, and to whom by name.

    `sent_at` is when its readers got it, None for now. `corrects` is the message that it corrects; `via` says in a few words how it went
    out, `channel` that it is sent through that channel now. `to` are ids of stakeholders; None means everybody it is for, who are those of
    its audience, or for a correction everybody who was told the wrong one.
    """

    audience: str | None = None
    sent_at: datetime | None = None
    corrects: str | None = None
    via: str | None = None
    channel: str | None = None
    to: Sequence[str] | None = None


class Messaging:
    """What an author does once a message is on its way. `by` is the author, whose draft it was until then."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        checking: Callable[[], Checking],
        incidents: Incidents,
        drafting: Drafting,
        promising: Promising,
        posting: Posting,
        counting: Callable[[Transaction, str, Document, str], None] = lambda *_: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._incidents = incidents
        self._drafting = drafting
        self._promising = promising
        self._posting = posting
        self._counting = counting

    def promises_in(self, draft_id: str, *, by: str = LOCAL_PERSON) -> tuple[Commitment, ...]:
        """What would enter the ledger if this draft were sent now. Raises NotFoundError."""
        draft = self._drafting.get(draft_id, by=by)
        return _binding(self._document(draft.content, self._clock.now()))

    def send(
        self,
        draft_id: str,
        *,
        incident_id: str | None = None,
        new_incident: str | None = None,
        audience: str | None = None,
        sent_at: datetime | None = None,
        corrects: str | None = None,
        via: str | None = None,
        channel: str | None = None,
        to: Sequence[str] | None = None,
        by: str = LOCAL_PERSON,
    ) -> SentMessage:
        """Mark a draft as sent, or send it through a channel; see `Way`. An incident or audience given here wins over the draft's.

        `new_incident` is the title of an incident that is opened for it, or not at all where the message is refused.

        Its promises are recorded, those of others proposed to them; the promise of an update to this audience is kept by it.
        What a channel did not bring to somebody raises nothing: `telling` shows it, and lets it be tried again.
        Raises NotFoundError, ForbiddenError, ConflictError for a draft that was sent or discarded, InputError for a time to come and for
        somebody who is not to be told, UnknownNameError for an audience or a channel.
        """
        way = Way(audience, sent_at, corrects, via_of(via), channel, to)
        through = self._through(way)
        with self._store.writing() as connection:
            access.require(connection, by, "write")
            draft = drafts.get(connection, draft_id, author=by)
            about = self._about(connection, incident_id or draft.incident_id, new_incident, way, by)
            message, people = self._send(connection, draft, about, way, by)
            claims = self._told(connection, message, people, way, by)
        if through is not None:
            self._posting.carry(message, people, claims, through)
        return message

    def record(
        self,
        text: str,
        *,
        form: str = "auto",
        audience: str | None = None,
        tz: str | None = None,
        incident_id: str | None = None,
        new_incident: str | None = None,
        sent_at: datetime | None = None,
        corrects: str | None = None,
        via: str | None = None,
        channel: str | None = None,
        to: Sequence[str] | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> SentMessage:
        """Write down a message that was sent by other means, or send it now. Raises what `send` and a new draft raise.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote, and send nothing.
        """
        content = content_of(text, form, audience, tz)
        way = Way(audience, sent_at, corrects, via_of(via), channel, to)
        through = self._through(way)
        with self._store.writing() as connection:
            access.require(connection, by, "write")
            if once is not None and (known := rows.named_like(connection, once[:KEY_DIGITS])):
                require_same(known[0].id, once)
                return _seen(connection, known[0], by)
            about = self._about(connection, incident_id, new_incident, way, by)
            draft = self._drafting.new_within(connection, content, incident_id=about, by=by)
            message, people = self._send(connection, draft, about, way, by, message_id=once)
            claims = self._told(connection, message, people, way, by)
        if through is not None:
            self._posting.carry(message, people, claims, through)
        return message

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> SentMessage:
        """The one message whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = [one for one in rows.named_like(connection, part.upper()) if _is_seen(connection, one, by)]
        return one_meant("message", part, [(one.id, one.text.strip(), one) for one in found])

    def get(self, message_id: str, *, by: str = LOCAL_PERSON) -> SentMessage:
        """One message. Raises NotFoundError, also for one about an incident that somebody may not see."""
        with self._store.reading() as connection:
            return _seen(connection, rows.get(connection, message_id), by)

    def of_draft(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SentMessage | None:
        """The message that a draft became, None where it was not sent. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            drafts.get(connection, draft_id, author=by)
            return rows.of_draft(connection, draft_id)

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[SentMessage, ...]:
        """The messages about an incident, in the order they were sent. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.of_incident(connection, incident_id)

    def _through(self, way: Way) -> Channel | None:
        if way.channel is None:
            return None
        if way.sent_at is not None:
            raise InputError("what is sent through a channel is sent now", hint="leave out the time, or mark it as sent", field="sent_at")
        return self._posting.channel(way.channel)

    def _about(self, connection: Transaction, incident_id: str | None, new_incident: str | None, way: Way, by: str) -> str | None:
        """The incident that a message is about, opened where it is new; a correction is about what the wrong message is about.

        Raises InputError for a message that was sent in the future, before anything is opened for it.
        """
        if way.sent_at is not None and aware(way.sent_at, "sent_at") > self._clock.now():
            raise InputError("a message cannot have been sent in the future", hint="say when its readers got it", field="sent_at")
        if new_incident is not None:
            return self._incidents.open_within(connection, new_incident, severity="SEV3", started_at=way.sent_at, by=by).id
        if way.corrects is None:
            return incident_id
        wrong = _seen(connection, rows.get(connection, way.corrects), by)
        if incident_id is not None and incident_id != wrong.incident_id:
            hint = "name a message about the same incident, or leave it out"
            raise InputError("the message that it corrects is about another incident", hint=hint, field="corrects")
        return wrong.incident_id

    def _send(
        self, connection: Transaction, draft: SavedDraft, incident_id: str | None, way: Way, by: str, *, message_id: str | None = None
    ) -> tuple[SentMessage, tuple[Stakeholder, ...]]:
        """The message, kept for good, and the people it is for by name."""
        now = self._clock.now()
        sent_at = way.sent_at or now
        wrong = rows.get(connection, way.corrects) if way.corrects is not None else None
        self._require_sendable(connection, draft, incident_id, way.audience, by)
        document = self._document(draft.content, sent_at)
        audience = way.audience or draft.content.audience or (wrong.audience if wrong else None) or document.audience
        message = SentMessage(
            message_id or self._ids.new(), draft.id, draft.version, incident_id, audience, by, sent_at, now, draft.content.text,
            way.corrects, way.channel or way.via, document.form,
        )  # fmt: skip
        people = self._people(connection, message, wrong, way)
        rows.add(connection, message)
        self._note_version(connection, message)
        self._drafting.finish_within(connection, draft, by=by)
        self._counting(connection, by, document, message.id)
        known = _waiting(connection, message)
        for found in _binding(document):
            if (found.kind, found.due) not in known:
                self._promising.record_within(connection, self._promise(found, message, draft.content.tz))
        return message, people

    def _note_version(self, connection: Transaction, message: SentMessage) -> None:
        """Write down which version of the account a message carries: the one that its draft was begun from, else one that says the same."""
        if message.incident_id is None:
            return
        texts = {one.id: one for one in documents.heads(connection, message.incident_id, removed=True) if one.audience is not None}
        begun = versions.begun_from(connection, message.draft_id)
        if begun is None:
            same = (one for one in texts.values() if documents.get(connection, one.id).text.strip() == message.text.strip())
            begun = next(((one.id, one.version) for one in same), None)
        if begun is not None and begun[0] in texts:
            sent = Sent(message.id, *begun, message.incident_id)
            versions.add_sent(connection, sent, at=message.recorded_at, by=message.author, salt=self._ids.new())

    def _people(self, connection: Transaction, message: SentMessage, wrong: SentMessage | None, way: Way) -> tuple[Stakeholder, ...]:
        """Whom the message is for by name: those who were chosen, else everybody it is for."""
        everybody = involved.stakeholders_of(connection, message.incident_id) if message.incident_id is not None else ()
        if way.to is not None:
            people = chosen(everybody, way.to)
        elif wrong is not None and wrong.incident_id is not None:
            told = deliveries.of_incident(connection, wrong.incident_id)
            wanted = must_hear(wrong, rows.of_incident(connection, wrong.incident_id), told)
            people = tuple(one for one in everybody if one.id in wanted)
        else:
            people = tuple(one for one in everybody if one.audience == message.audience and one.removed_at is None)
        if way.channel is not None and not people:
            hint = "add who must be told to the incident, or mark the message as sent"
            raise InputError("there is nobody to send this to", hint=hint, field="to")
        return people

    def _told(
        self, connection: Transaction, message: SentMessage, people: Sequence[Stakeholder], way: Way, by: str
    ) -> tuple[Delivery, ...]:
        """Write down who has it, or claim the tries of its channel. What was told keeps the update that was promised."""
        if way.channel is not None:
            return self._posting.claim_within(connection, message, people, way.channel, by)
        self._posting.mark_within(connection, message, people, way.via, message.sent_at, by)
        self._posting.settle_within(connection, message)
        return ()

    def _require_sendable(self, connection: Transaction, draft: SavedDraft, incident_id: str | None, audience: str | None, by: str) -> None:
        if rows.of_draft(connection, draft.id) is not None:
            raise ConflictError("this draft was sent already", hint="write a new message; what was sent stays as it was")
        if draft.discarded_at is not None:
            raise ConflictError("this draft was put away", hint="reopen it, then send it")
        if not draft.content.text.strip():
            raise InputError("there is nothing to send", hint="write the message first", field="text")
        if audience is not None and audience not in AUDIENCES:
            raise UnknownNameError("audience", audience[:80], AUDIENCES)
        if incident_id is not None:
            access.changed(connection, incident_id, by)

    def _document(self, content: DraftContent, at: datetime) -> Document:
        return self._checking().check(Draft(content.text, at, content.form, content.audience, content.tz))

    def _promise(self, found: Commitment, message: SentMessage, tz: str | None) -> Promise:
        others = found.actor == "other"
        return Promise(
            id=self._ids.new(),
            words=found.quote,
            kind=found.kind,
            firmness=found.firmness,
            due=found.due,
            grain=found.grain,
            maker=message.author,
            owner=named(found.quote) if others else message.author,
            made_at=message.sent_at,
            recorded_at=message.recorded_at,
            due_earliest=found.due_earliest,
            time_words=found.time_quote,
            tz=tz,
            note=found.note,
            message_id=message.id,
            incident_id=message.incident_id,
            audience=message.audience,
            proposed=others,
        )


def _seen(connection: Transaction, message: SentMessage, by: str) -> SentMessage:
    """The message itself, where somebody may see it. Raises NotFoundError and ForbiddenError."""
    access.part_seen(connection, message.incident_id, by, "message", message.id)
    return message


def _is_seen(connection: Transaction, message: SentMessage, by: str) -> bool:
    try:
        _seen(connection, message, by)
    except NotFoundError:
        return False
    return True


def _waiting(connection: Transaction, message: SentMessage) -> set[tuple[str, datetime | None]]:
    """The fixes and the like that its author has promised to these readers already: to tell of them again is no second promise.

    The promise of an update is one each time, because each message settles the one before.
    """
    if message.incident_id is None:
        return set()
    told = promises.of_incident(connection, message.incident_id)
    waiting = (made for made, events in told if not standing(made, events, message.recorded_at).closed)
    same = (one for one in waiting if one.owner == message.author and one.audience == message.audience and one.due is not None)
    return {(one.kind, one.due) for one in same if one.kind != "next_update"}


def _binding(document: Document) -> tuple[Commitment, ...]:
    """The promises that somebody can be held to, each once: a forecast is none, and saying a thing twice makes it no two."""
    found: dict[tuple[object, ...], Commitment] = {}
    for promise in document.promises:
        if promise.firmness != "expectation" or promise.kind == "next_update":
            found.setdefault((promise.kind, promise.actor, promise.due or promise.quote.casefold()), promise)
    return tuple(found.values())
