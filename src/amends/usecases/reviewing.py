"""The review of an incident: made of its account, its timeline and its action items, and begun as a text in which people write on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.incidents.document import TITLE_LIMIT
from amends.narrative import gaps as lacking
from amends.narrative import review as shapes
from amends.narrative.linking import withheld_now
from amends.narrative.review_parts import Material, numbered
from amends.store import documents as rows
from amends.store import versions
from amends.usecases import access
from amends.usecases.narrating import account_within
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from amends.core.paper import Paper
    from amends.core.ports import Clock
    from amends.incidents.document import Document, DocumentHead
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.narrative.gaps import Gap
    from amends.store.engine import Store
    from amends.timeline.notes import Entry
    from amends.usecases.checking import Checking
    from amends.usecases.documents import Documents
    from amends.usecases.timelines import Timelines

KIND = "review"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as it can be made now, what it still lacks, and `written`: the text that people have begun from one, None before."""

    paper: Paper
    gaps: tuple[Gap, ...]
    written: DocumentHead | None


class Reviewing:
    """Makes reviews; nothing here changes the account. `by` gets what they may see."""

    def __init__(
        self, store: Store, clock: Clock, checking: Callable[[], Checking], documents: Documents, timelines: Callable[[], Timelines]
    ) -> None:
        self._store = store
        self._clock = clock
        self._checking = checking
        self._documents = documents
        self._timelines = timelines

    def of(
        self, incident_id: str, *, shape: str = "review", root_cause: bool = False, zone: tzinfo = UTC, by: str = LOCAL_PERSON
    ) -> Reviewed:
        """The review with all that belongs to it. Raises what `review` raises."""
        account, story = self._told(incident_id, by)
        paper = self._paper(account, story, shape, root_cause=root_cause, zone=zone, by=by)
        written = next((one for one in story.documents if one.kind == KIND), None)
        return Reviewed(paper, lacking.gaps(account, story, self._checking()), written)

    def review(
        self, incident_id: str, *, shape: str = "review", root_cause: bool = False, zone: tzinfo = UTC, by: str = LOCAL_PERSON
    ) -> Paper:
        """The review of an incident in one of `narrative.review.SHAPES`, with times in `zone`.

        What is withheld from the team is named as withheld, and not told.
        Raises UnknownNameError for a shape, NotFoundError, ForbiddenError.
        """
        account, story = self._told(incident_id, by)
        return self._paper(account, story, shape, root_cause=root_cause, zone=zone, by=by)

    def gaps(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Gap, ...]:
        """What the review still lacks, what concerns people first. Raises NotFoundError, ForbiddenError."""
        account, story = self._told(incident_id, by)
        return lacking.gaps(account, story, self._checking())

    def can_be_made(self, incident_id: str, *, by: str = LOCAL_PERSON) -> bool:
        """Whether the account says anything that a review could be made of. Raises NotFoundError, ForbiddenError."""
        return bool(self._told(incident_id, by)[0].points)

    def start(self, incident_id: str, *, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> Document:
        """Begin the shared text of the review from what the account says now; where there is one already, that one.

        Raises NotFoundError, ForbiddenError, TooLargeError.
        """
        from amends.integrations.export.documents import markdown

        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
            begun = next((one for one in rows.heads(connection, incident_id) if one.kind == KIND), None)
        if begun is not None:
            return self._documents.get(begun.id, by=by)
        paper = self.review(incident_id, zone=zone, by=by)
        return self._documents.new(incident_id, paper.title[:TITLE_LIMIT], kind=KIND, text=markdown.write(paper), by=by)

    def _told(self, incident_id: str, by: str) -> tuple[Account, Story]:
        """Both at one moment. Promises that are private to somebody are theirs, and no part of a review."""
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, self._clock.now(), by)
            return account_within(connection, incident_id), story

    def _paper(self, account: Account, story: Story, shape: str, *, root_cause: bool, zone: tzinfo, by: str) -> Paper:
        with self._store.reading() as connection:
            redactions = withheld_now(versions.redactions_of(connection, account.incident_id), story.now, shapes.AUDIENCE)
        account = shapes.withheld(account, redactions)
        entries = self._entries(account, by)
        notes = [one.text or "" for one in story.standing("comment")]
        notes += [said.text or "" for entry in entries.values() for said in entry.marks.comments]
        material = Material(account, story, entries, zone, numbered(account))
        return shapes.review(material, shape, root_cause=root_cause, notes=notes)

    def _entries(self, account: Account, by: str) -> dict[str, Entry]:
        """The entries of the timeline that are cited, by id; one that is gone keeps the words that were cited."""
        refs = {cited.ref for one in account.points for cited in one.evidence if cited.kind == "entry" and cited.ref}
        found = {}
        for ref in sorted(refs):
            try:
                found[ref] = self._timelines().entry(account.incident_id, ref, by=by)
            except NotFoundError:
                continue
        return found
