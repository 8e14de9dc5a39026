"""Writing a message: every text that is handed over is kept as a version, whatever else happens to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, TooLargeError, UnknownNameError
from amends.core.incident import DraftConflictError, DraftContent, DraftVersion, SavedDraft
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.store import drafts as rows
from amends.store import journal, messages
from amends.usecases import access
from amends.usecases.given import storable
from amends.usecases.merging import merged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

TEXT_LIMIT = 1_000_000
"""The longest draft, in code points. A message is some hundreds; this keeps a pasted log from filling the store version by version."""

_FORM = re.compile(r"[a-z][a-z0-9-]{0,63}")
_ZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,64}")


class Drafting:
    """What an author can do with drafts. `by` is the author: nobody else sees a draft, whatever their role, not even that it is there."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def new(
        self,
        text: str = "",
        form: str = "auto",
        audience: str | None = None,
        tz: str | None = None,
        *,
        incident_id: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> SavedDraft:
        """Begin a draft, about an incident or about none yet. Raises NotFoundError, and what `save` raises for its content."""
        content = content_of(text, form, audience, tz)
        with self._store.writing() as connection:
            return self.new_within(connection, content, incident_id=incident_id, by=by)

    def new_within(
        self, connection: Transaction, content: DraftContent, *, incident_id: str | None, by: str, told: Mapping[str, object] | None = None
    ) -> SavedDraft:
        """The same inside a transaction that does more; see `new`. `told` stands in the journal besides: ids and numbers, never words."""
        access.require(connection, by, "read")
        if incident_id is not None:
            access.seen(connection, incident_id, by)
        now = self._clock.now()
        draft_id = self._ids.new()
        rows.add(connection, draft_id=draft_id, author=by, incident_id=incident_id, at=now)
        self._keep(connection, DraftVersion(draft_id, 1, content, None, "saved", now), "draft.started", by, told)
        return rows.get(connection, draft_id, author=by)

    def get(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SavedDraft:
        """A draft as it stands, open or closed. Raises NotFoundError, also when it is somebody else's."""
        with self._store.reading() as connection:
            return _own(connection, draft_id, by)

    def list_open(self, *, limit: int = 100, by: str = LOCAL_PERSON) -> tuple[SavedDraft, ...]:
        """The drafts that are neither finished nor discarded, the one written in last first."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return rows.opened(connection, author=by, limit=limit)

    def versions(self, draft_id: str, *, by: str = LOCAL_PERSON) -> tuple[DraftVersion, ...]:
        """Every text that was given for a draft, oldest first, those set aside included. Raises NotFoundError."""
        with self._store.reading() as connection:
            _own(connection, draft_id, by)
            return rows.versions(connection, draft_id)

    def save(
        self,
        draft_id: str,
        text: str,
        form: str,
        audience: str | None,
        tz: str | None,
        based_on_version: int,
        *,
        by: str = LOCAL_PERSON,
    ) -> SavedDraft:
        """Keep what the author wrote, having seen version `based_on_version`, and return the draft as it stands then.

        Nothing changed: no new version. Changed elsewhere since: joined where the two changes do not touch the same field. Otherwise,
        and when the draft was closed, the text is kept beside the draft as a version of its own and DraftConflictError says where.
        Raises NotFoundError, InputError for a character no database can hold, TooLargeError, UnknownNameError for an audience.
        """
        mine = content_of(text, form, audience, tz)
        with self._store.writing() as connection:
            current = _own(connection, draft_id, by)
            kept_as = self._take(connection, current, mine, based_on_version)
            current = rows.get(connection, draft_id, author=by)
        if kept_as is not None:  # raised here, because an error inside the transaction would take the kept text back
            raise DraftConflictError(current, kept_as)
        return current

    def finish(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SavedDraft:
        """Close a draft whose message is on its way; `reopen` undoes it. Raises NotFoundError."""
        return self._close(draft_id, "draft.finished", by)

    def discard(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SavedDraft:
        """Close a draft that is not wanted; its texts stay, and `reopen` undoes it. Raises NotFoundError."""
        return self._close(draft_id, "draft.discarded", by)

    def reopen(self, draft_id: str, *, by: str = LOCAL_PERSON) -> SavedDraft:
        """Undo `finish` or `discard`. Raises NotFoundError, ConflictError for a draft that was sent: what readers have stays as it is."""
        with self._store.writing() as connection:
            draft = _own(connection, draft_id, by)
            if messages.of_draft(connection, draft_id) is not None:
                raise ConflictError("this draft was sent, so it cannot be opened again", hint="write a new message that corrects it")
            return self._close_within(connection, draft, "draft.reopened", by)

    def finish_within(self, connection: Transaction, draft: SavedDraft, *, by: str) -> SavedDraft:
        """The same as `finish` inside a transaction that does more."""
        return self._close_within(connection, draft, "draft.finished", by)

    def _take(self, connection: Transaction, current: SavedDraft, mine: DraftContent, based_on: int) -> int | None:
        """Keep `mine` as the draft, or beside it; the version it is kept under if it lost."""
        if mine == current.content:
            return None
        stale = based_on != current.version
        base = rows.version(connection, current.id, based_on) if stale else None
        joined = merged(base.content if base else None, current.content, mine) if stale else mine
        if joined is None or (joined != current.content and not current.is_open):
            return self._set_aside(connection, current, mine, based_on if base or not stale else None)
        if joined != current.content:
            number = rows.last_number(connection, current.id) + 1
            outcome, what = ("merged", "draft.merged") if stale else ("saved", "draft.saved")
            self._keep(connection, DraftVersion(current.id, number, joined, based_on, outcome, self._clock.now()), what, current.author)
            rows.set_head(connection, current.id, number)
        return None

    def _set_aside(self, connection: Transaction, current: SavedDraft, mine: DraftContent, based_on: int | None) -> int:
        before = rows.same_set_aside(connection, current.id, mine)
        if before is not None:
            return before
        number = rows.last_number(connection, current.id) + 1
        lost = DraftVersion(current.id, number, mine, based_on, "set-aside", self._clock.now())
        self._keep(connection, lost, "draft.set-aside", current.author)
        return number

    def _keep(self, connection: Transaction, new: DraftVersion, what: str, by: str, told: Mapping[str, object] | None = None) -> None:
        """Write a version and the journal's row about it, which knows the text by hash and length only."""
        salt = self._ids.new()
        content = new.content
        data: dict[str, object] = {"version": new.version, "based_on": new.based_on, "form": content.form}
        data |= {"audience": content.audience, "tz": content.tz}
        data |= {"length": len(content.text), "sha256": journal.text_hash(salt, content.text), **(told or {})}
        seq = journal.append(connection, at=new.recorded_at, actor=by, what=what, subject=f"draft/{new.draft_id}", data=data)
        rows.add_version(connection, new, salt=salt, journal_seq=seq)

    def _close(self, draft_id: str, what: str, by: str) -> SavedDraft:
        with self._store.writing() as connection:
            return self._close_within(connection, _own(connection, draft_id, by), what, by)

    def _close_within(self, connection: Transaction, before: SavedDraft, what: str, by: str) -> SavedDraft:
        now = self._clock.now()
        finished_at, discarded_at = _closed(before, what, now)
        if (finished_at, discarded_at) != (before.finished_at, before.discarded_at):
            rows.set_closed(connection, before.id, finished_at=finished_at, discarded_at=discarded_at)
            journal.append(connection, at=now, actor=by, what=what, subject=f"draft/{before.id}", data={"version": before.version})
        return rows.get(connection, before.id, author=by)


def _own(connection: Transaction, draft_id: str, by: str) -> SavedDraft:
    """A draft of who asks. Raises NotFoundError, also when it is somebody else's, and ForbiddenError for who may not work here."""
    access.require(connection, by, "read")
    return rows.get(connection, draft_id, author=by)


def _closed(before: SavedDraft, what: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the draft is finished and discarded after a change of that name; what was closed before keeps its time."""
    if what == "draft.finished":
        return before.finished_at or now, None
    if what == "draft.discarded":
        return None, before.discarded_at or now
    return None, None


def content_of(text: str, form: str, audience: str | None, tz: str | None) -> DraftContent:
    """What somebody handed over, as a draft can keep it. Raises InputError, TooLargeError and UnknownNameError, as `Drafting.save` does."""
    storable(text, "text")
    if len(text) > TEXT_LIMIT:
        raise TooLargeError(
            f"the draft has {len(text):,} characters, the limit is {TEXT_LIMIT:,}", hint="keep the message, attach the rest"
        )
    if not _FORM.fullmatch(form):
        raise InputError(f"{form[:80]!r} cannot be the name of a form", hint="small letters, digits and hyphens", field="form")
    if audience is not None and audience not in AUDIENCES:
        raise UnknownNameError("audience", audience[:80], AUDIENCES)
    if tz is not None and not _ZONE.fullmatch(tz):
        raise InputError(f"{tz[:80]!r} cannot be the name of a time zone", hint="write it like Europe/London", field="tz")
    return DraftContent(text, form, audience, tz)
