"""Shared texts of an incident: whatever several people write at once, every text that is handed over is kept as a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError, TooLargeError, UnknownNameError
from amends.core.people import LOCAL_PERSON
from amends.incidents.document import DOCUMENT_KINDS, TEXT_LIMIT, TITLE_LIMIT, DocumentConflictError, DocumentVersion
from amends.incidents.merging import differences, in_lines, merged
from amends.store import documents as rows
from amends.store import journal
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, line, one_meant, require_same, storable

if TYPE_CHECKING:
    from amends.core.ports import Clock, Ids
    from amends.incidents.document import Document, DocumentHead
    from amends.incidents.merging import Hunk
    from amends.store.engine import Store, Transaction


class Documents:
    """What people who may see an incident can do with its texts; what they may not see is not there."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def new(
        self, incident_id: str, title: str, *, kind: str = "note", text: str = "", once: str | None = None, by: str = LOCAL_PERSON
    ) -> Document:
        """Begin a text of an incident; `kind` is one of `DOCUMENT_KINDS`.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote.

        Raises NotFoundError, ForbiddenError, UnknownNameError for a kind, InputError for a title or a character, TooLargeError.
        """
        title, text = line(title, "title", TITLE_LIMIT), _text(text)
        if kind not in DOCUMENT_KINDS:
            raise UnknownNameError("kind of document", kind[:80], DOCUMENT_KINDS)
        with self._store.writing() as connection:
            incident = access.changed(connection, incident_id, by)
            known = rows.begun_with(connection, once[:KEY_DIGITS]) if once else None
            if known is not None and once:
                require_same(known, once)
                return rows.get(connection, known)
            return self.new_within(connection, incident.id, title, kind=kind, text=text, document_id=once, by=by)

    def new_within(
        self,
        connection: Transaction,
        incident_id: str,
        title: str,
        *,
        kind: str,
        text: str = "",
        audience: str | None = None,
        document_id: str | None = None,
        by: str,
    ) -> Document:
        """The same inside a transaction that asked whether `by` may; `audience` is whom a version of the account is for."""
        own, now = document_id or self._ids.new(), self._clock.now()
        rows.add(connection, document_id=own, incident_id=incident_id, kind=kind, title=title, at=now, by=by, audience=audience)
        self._keep(connection, DocumentVersion(own, 1, text, None, "saved", by, now), "document.started")
        return rows.get(connection, own)

    def add_within(self, connection: Transaction, document_id: str, paragraph: str, *, by: str) -> Document:
        """Put a paragraph behind a text, inside a transaction that asked whether `by` may. Raises InputError, TooLargeError."""
        current = rows.get(connection, document_id)
        text = _text("\n\n".join(part for part in (current.text.rstrip(), paragraph) if part) + "\n")
        self._take(connection, current, text, current.head.version, by)
        return rows.get(connection, document_id)

    def get(self, document_id: str, *, by: str = LOCAL_PERSON) -> Document:
        """A text as it stands, removed or not. Raises NotFoundError, ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            return _seen(connection, document_id, by)

    def list(self, incident_id: str, *, removed: bool = False, by: str = LOCAL_PERSON) -> tuple[DocumentHead, ...]:
        """The texts of an incident without what they say, in the order in which they were begun; `removed` ones too, or not."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.heads(connection, incident_id, removed=removed)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> DocumentHead:
        """The text that an id, or the beginning or the end of one, means. Raises UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.named_like(connection, part.upper(), by)
        return one_meant("document", part, [(one.id, one.title, one) for one in found])

    def versions(self, document_id: str, *, by: str = LOCAL_PERSON) -> tuple[DocumentVersion, ...]:
        """Every text that was given, oldest first, those set aside included."""
        with self._store.reading() as connection:
            _seen(connection, document_id, by)
            return rows.versions(connection, document_id)

    def version(self, document_id: str, number: int, *, by: str = LOCAL_PERSON) -> DocumentVersion:
        """One of them."""
        with self._store.reading() as connection:
            _seen(connection, document_id, by)
            return _version(connection, document_id, number)

    def differences(self, document_id: str, before: int, after: int, *, by: str = LOCAL_PERSON) -> tuple[Hunk, ...]:
        """What turns one version into another, line by line."""
        with self._store.reading() as connection:
            _seen(connection, document_id, by)
            one, two = _version(connection, document_id, before), _version(connection, document_id, after)
        return differences(one.text, two.text)

    def save(self, document_id: str, text: str, based_on: int, *, by: str = LOCAL_PERSON) -> Document:
        """Keep what somebody wrote, having seen version `based_on`, and return the text as it stands then.

        Nothing changed, or the very same was given before: no new version. Changed by others since: joined where the two changes touch
        different paragraphs. Otherwise, and when the text was removed, it is kept beside as a version of its own and
        DocumentConflictError says where. Raises InputError for a character no database can hold, TooLargeError.
        """
        mine = _text(text)
        with self._store.writing() as connection:
            current = _changed(connection, document_id, by)
            kept_as = self._take(connection, current, mine, based_on, by)
            current = rows.get(connection, document_id)
        if kept_as is not None:  # raised here, because an error inside the transaction would take the kept text back
            raise DocumentConflictError(current, kept_as)
        return current

    def go_back(self, document_id: str, number: int, *, by: str = LOCAL_PERSON) -> Document:
        """Make the text of an earlier version the newest one; what stood until then stays in the history."""
        with self._store.writing() as connection:
            current = _changed(connection, document_id, by)
            earlier = _version(connection, document_id, number)
            kept_as = self._take(connection, current, earlier.text, current.head.version, by)
            current = rows.get(connection, document_id)
        if kept_as is not None:
            raise DocumentConflictError(current, kept_as)
        return current

    def rename(self, document_id: str, title: str, *, by: str = LOCAL_PERSON) -> Document:
        """Give it another title. Raises InputError."""
        title = line(title, "title", TITLE_LIMIT)
        with self._store.writing() as connection:
            current = _changed(connection, document_id, by)
            if title != current.head.title:
                rows.set_title(connection, document_id, title)
                salt = self._ids.new()
                told = {"salt": salt, "sha256": journal.text_hash(salt, title)}
                subject = f"document/{document_id}"
                journal.append(connection, at=self._clock.now(), actor=by, what="document.renamed", subject=subject, data=told)
            return rows.get(connection, document_id)

    def remove(self, document_id: str, *, by: str = LOCAL_PERSON) -> Document:
        """Hide a text that is not wanted; nothing of it is lost, and `restore` undoes it."""
        return self._hide(document_id, hidden=True, by=by)

    def restore(self, document_id: str, *, by: str = LOCAL_PERSON) -> Document:
        """Undo `remove`."""
        return self._hide(document_id, hidden=False, by=by)

    def _take(self, connection: Transaction, current: Document, mine: str, based_on: int, by: str) -> int | None:
        """Keep `mine` as the text, or beside it; the version it is kept under if it lost."""
        head = current.head
        if mine == current.text:
            return None
        stale = based_on != head.version
        before = rows.given_before(connection, head.id, mine, based_on=based_on, author=by) if stale else None
        if before is not None:
            return before.version if before.outcome == "set-aside" else None
        base = rows.version(connection, head.id, based_on) if stale else None
        joined = mine if not stale else merged(base.text, current.text, mine) if base else None
        if joined == current.text:
            return None
        aside = joined is None or head.removed_at is not None or len(joined) > TEXT_LIMIT
        outcome = "set-aside" if aside else "merged" if stale else "saved"
        number = rows.last_number(connection, head.id) + 1
        seen = based_on if base or not stale else None
        text = mine if aside or joined is None else joined
        self._keep(connection, DocumentVersion(head.id, number, text, seen, outcome, by, self._clock.now()), f"document.{outcome}")
        if aside:
            return number
        rows.set_head(connection, head.id, number)
        return None

    def _keep(self, connection: Transaction, new: DocumentVersion, what: str) -> None:
        rows.add_version(connection, new, what=what, salt=self._ids.new())

    def _hide(self, document_id: str, *, hidden: bool, by: str) -> Document:
        with self._store.writing() as connection:
            head = _changed(connection, document_id, by).head
            if hidden != (head.removed_at is not None):
                now = self._clock.now()
                rows.set_removed(connection, document_id, now if hidden else None)
                what = "document.removed" if hidden else "document.restored"
                subject = f"document/{document_id}"
                journal.append(connection, at=now, actor=by, what=what, subject=subject, data={"version": head.version})
            return rows.get(connection, document_id)


def _text(given: str) -> str:
    """A text as it is kept. Raises InputError and TooLargeError."""
    text = in_lines(storable(given, "text"))
    if len(text) > TEXT_LIMIT:
        hint = "split it, or attach the log as evidence"
        raise TooLargeError(f"the text has {len(text):,} characters, the limit is {TEXT_LIMIT:,}", hint=hint)
    return text


def _seen(connection: Transaction, document_id: str, by: str) -> Document:
    found = rows.get(connection, document_id)
    access.part_seen(connection, found.head.incident_id, by, "document", document_id)
    return found


def _changed(connection: Transaction, document_id: str, by: str) -> Document:
    found = _seen(connection, document_id, by)
    access.require(connection, by, "write", f"document/{document_id}")
    return found


def _version(connection: Transaction, document_id: str, number: int) -> DocumentVersion:
    found = rows.version(connection, document_id, number)
    if found is None:
        raise NotFoundError(f"this document has no version {number}")
    return found
