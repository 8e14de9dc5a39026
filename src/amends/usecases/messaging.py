"""Sending: a version of a draft becomes a message for good, its promises enter the ledger, and it keeps the update that was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, UnknownNameError
from amends.core.incident import DraftContent, SentMessage
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.language.commitments.subjects import named
from amends.language.records import Draft
from amends.promises.promise import Promise
from amends.store import drafts, incidents
from amends.store import messages as rows
from amends.usecases.drafting import content_of
from amends.usecases.given import KEY_DIGITS, aware, one_meant, require_same

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.core.incident import SavedDraft
    from amends.core.ports import Clock, Ids
    from amends.language.records import Commitment, Document
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking
    from amends.usecases.drafting import Drafting
    from amends.usecases.incidents import Incidents
    from amends.usecases.promising import Promising


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
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._incidents = incidents
        self._drafting = drafting
        self._promising = promising

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
        by: str = LOCAL_PERSON,
    ) -> SentMessage:
        """Mark a draft as sent: `sent_at` is when its readers got it, None for now; an incident or audience given here wins.

        `new_incident` is the title of an incident that is opened for it, or not at all where the message is refused.

        Its promises are recorded, those of others proposed to them; the promise of an update to this audience is kept by it.
        Raises NotFoundError, ConflictError for a draft that was sent or discarded, InputError for a time to come.
        """
        with self._store.writing() as connection:
            draft = drafts.get(connection, draft_id, author=by)
            about = self._about(connection, incident_id or draft.incident_id, new_incident, sent_at, by)
            return self._send(connection, draft, about, audience, sent_at, by)

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
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> SentMessage:
        """Write down a message that was sent by other means, with its promises. Raises what `send` and a new draft raise.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote.
        """
        content = content_of(text, form, audience, tz)
        with self._store.writing() as connection:
            if once is not None and (known := rows.named_like(connection, once[:KEY_DIGITS])):
                require_same(known[0].id, once)
                return known[0]
            about = self._about(connection, incident_id, new_incident, sent_at, by)
            draft = self._drafting.new_within(connection, content, incident_id=about, by=by)
            return self._send(connection, draft, about, audience, sent_at, by, message_id=once)

    def meant(self, part: str) -> SentMessage:
        """The one message whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            found = rows.named_like(connection, part.upper())
        return one_meant("message", part, [(one.id, one.text.strip(), one) for one in found])

    def get(self, message_id: str) -> SentMessage:
        """One message. Raises NotFoundError."""
        with self._store.reading() as connection:
            return rows.get(connection, message_id)

    def of_draft(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SentMessage | None:
        """The message that a draft became, None where it was not sent. Raises NotFoundError."""
        with self._store.reading() as connection:
            drafts.get(connection, draft_id, author=by)
            return rows.of_draft(connection, draft_id)

    def of_incident(self, incident_id: str) -> tuple[SentMessage, ...]:
        """The messages about an incident, in the order they were sent. Raises NotFoundError."""
        with self._store.reading() as connection:
            incidents.get(connection, incident_id)
            return rows.of_incident(connection, incident_id)

    def _about(
        self, connection: Transaction, incident_id: str | None, new_incident: str | None, sent_at: datetime | None, by: str
    ) -> str | None:
        """The incident that a message is about, opened where it is new."""
        if new_incident is None:
            return incident_id
        return self._incidents.open_within(connection, new_incident, severity="SEV3", started_at=sent_at, by=by).id

    def _send(
        self,
        connection: Transaction,
        draft: SavedDraft,
        incident_id: str | None,
        audience: str | None,
        sent_at: datetime | None,
        by: str,
        *,
        message_id: str | None = None,
    ) -> SentMessage:
        now = self._clock.now()
        sent_at = now if sent_at is None else aware(sent_at, "sent_at")
        self._require_sendable(connection, draft, incident_id, audience, sent_at)
        document = self._document(draft.content, sent_at)
        audience = audience or draft.content.audience or document.audience
        message = SentMessage(
            message_id or self._ids.new(), draft.id, draft.version, incident_id, audience, by, sent_at, now, draft.content.text
        )  # fmt: skip
        rows.add(connection, message)
        self._drafting.finish_within(connection, draft, by=by)
        for found in _binding(document):
            self._promising.record_within(connection, self._promise(found, message, draft.content.tz))
        if incident_id is not None:
            sent = rows.of_incident(connection, incident_id, audience=audience)
            self._promising.settle_within(connection, incident_id, audience, sent)
        return message

    def _require_sendable(
        self, connection: Transaction, draft: SavedDraft, incident_id: str | None, audience: str | None, sent_at: datetime
    ) -> None:
        if rows.of_draft(connection, draft.id) is not None:
            raise ConflictError("this draft was sent already", hint="write a new message; what was sent stays as it was")
        if draft.discarded_at is not None:
            raise ConflictError("this draft was put away", hint="reopen it, then send it")
        if not draft.content.text.strip():
            raise InputError("there is nothing to send", hint="write the message first", field="text")
        if sent_at > self._clock.now():
            raise InputError("a message cannot have been sent in the future", hint="say when its readers got it", field="sent_at")
        if audience is not None and audience not in AUDIENCES:
            raise UnknownNameError("audience", audience[:80], AUDIENCES)
        if incident_id is not None:
            incidents.get(connection, incident_id)

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


def _binding(document: Document) -> tuple[Commitment, ...]:
    """The promises that somebody can be held to, each once: a forecast is none, and saying a thing twice makes it no two."""
    found: dict[tuple[object, ...], Commitment] = {}
    for promise in document.promises:
        if promise.firmness != "expectation" or promise.kind == "next_update":
            found.setdefault((promise.kind, promise.actor, promise.due or promise.quote.casefold()), promise)
    return tuple(found.values())
