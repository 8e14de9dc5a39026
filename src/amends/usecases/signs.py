"""Warning signs that the repair of an incident does not land: gathers what the data show, and asks the nine detectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.incidents.document import VERSION
from amends.incidents.event import standing
from amends.language.records import Draft
from amends.narrative.linking import withheld_now
from amends.promises.ledger import entry_of
from amends.recurrence.similar import similar
from amends.store import documents, postings, promises, recurring, trusting
from amends.store import today as rows
from amends.store import versions as versions_rows
from amends.trust import review as reviews
from amends.trust.signs.records import Course, Estimate, Felt, Material, Text
from amends.usecases.narrating import account_within
from amends.usecases.recurring_found import prints_of
from amends.usecases.stories import told_within
from amends.usecases.trust_planning import contained_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.ports import Clock
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.recurrence.fingerprint import Fingerprint
    from amends.store.engine import Store, Transaction
    from amends.trust.pulse import WaveResult
    from amends.trust.signs.records import Sign
    from amends.usecases.checking import Checking
    from amends.usecases.today import Today

REVIEW = "review"
CANDIDATES = 30
"""Incidents that are looked at because their words are alike; what is declared alike comes beside."""
_WORK = frozenset({"fix", "prevention", "deliver", "other"})
"""Promises of work; when the next update comes says nothing about padding."""

Kinds = tuple[str | None, str | None]
"""The category and the component of an incident, None where nothing is known."""


class Signs:
    """Looks for warning signs; nothing here changes anything. `by` gets what they may see.

    `pulses` gives the closed waves of an incident as they may be shown.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        checking: Callable[[], Checking],
        today: Callable[[], Today],
        pulses: Callable[[str, str], Iterable[WaveResult]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._checking = checking
        self._today = today
        self._pulses = pulses

    def of(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Sign, ...]:
        """The signs that show, in the order of `trust.signs.records.SIGNS`. Raises NotFoundError, ForbiddenError."""
        return self._checking().signs(self.material(incident_id, by=by))

    def material(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Material:
        """What the detectors look at. Raises NotFoundError, ForbiddenError."""
        now = self._clock.now()
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, now, by)
            account = account_within(connection, incident_id)
            contained = contained_within(connection, story.incident)
            withheld = withheld_now(versions_rows.redactions_of(connection, incident_id), now)
            texts = [*self._documents(connection, story), *self._reviews(connection, incident_id, now)]
            kinds = _of_the_same_kind(connection, incident_id)
            courses, estimates = _others(connection, kinds, by, now)
        category, component = kinds[incident_id]
        read = self._today().reader_of(incident_id, story.reached)
        texts += [Text(one.id, "message", one.sent_at, one.text, read(one), one.audience) for one in story.reached]
        return Material(
            incident_id, story.incident.title, _began(story.incident, story.events), now, account, contained, category, component,
            texts=tuple(sorted(texts, key=lambda one: (one.at, one.id))), redactions=withheld, actions=story.actions,
            promises=tuple(one for one in story.promises if not one.promise.private), felt=tuple(self._felt(incident_id, by)),
            courses=tuple(sorted(courses, key=lambda one: one.began)), estimates=tuple(sorted(estimates, key=lambda one: one.made_at)),
        )  # fmt: skip

    def _documents(self, connection: Transaction, story: Story) -> Iterator[Text]:
        """The versions of the account and the written reviews, as they stand."""
        for head in story.documents:
            if head.kind not in (VERSION, REVIEW) or not head.length:
                continue
            kind, form = ("version", "auto") if head.kind == VERSION else ("review", "post-incident-review")
            text = documents.get(connection, head.id).text
            yield self._text(head.id, kind, head.updated_at, text, form, head.audience)

    def _reviews(self, connection: Transaction, incident_id: str, now: datetime) -> Iterator[Text]:
        """The trust reviews that were held: why it was decided so, and what those affected were told."""
        for plan, events in trusting.reviews_of(connection, incident_id):
            held = reviews.standing(plan, events, now)
            words = "\n\n".join(one for one in (held.why, held.said) if one)
            if held.held_at is not None and words:
                yield self._text(held.id, "trust-review", held.held_at, words, "auto", None)

    def _text(self, name: str, kind: str, at: datetime, text: str, form: str, audience: str | None) -> Text:
        return Text(name, kind, at, text, self._checking().check(Draft(text, at, form, audience, "UTC")), audience)

    def _felt(self, incident_id: str, by: str) -> Iterator[Felt]:
        for wave in self._pulses(incident_id, by):
            for group in wave.groups:
                for item in group.items if group.hidden is None else ():
                    if (share := item.favourable) is not None:
                        yield Felt(wave.id, wave.which, group.group, item.item.number, share.n, share.count)


def _of_the_same_kind(connection: Transaction, incident_id: str) -> dict[str, Kinds]:
    """The incident and those that may share its category or a component, each with the value that it shares, or its own."""
    here = prints_of(connection, (incident_id,))[incident_id]
    categories, components = ([one.value for one in here.of(part) if not one.is_weak] for part in ("category", "component"))
    report = postings.report(connection, incident_id)
    words = [one.id for one in similar(postings.KeptPostings(connection, None), report, limit=CANDIDATES, without=(incident_id,))]
    others = prints_of(connection, tuple(dict.fromkeys((*words, *recurring.declared_alike(connection, categories, components)))))
    found: dict[str, Kinds] = {incident_id: (next(iter(categories), None), next(iter(components), None))}
    for name, one in others.items():
        if name != incident_id:
            found[name] = (_shared(one, "category", found[incident_id][0]), _shared(one, "component", found[incident_id][1]))
    return {name: kinds for name, kinds in found.items() if name == incident_id or any(kinds)}


def _shared(one: Fingerprint, part: str, wanted: str | None) -> str | None:
    return wanted if wanted is not None and any(trait.value == wanted and not trait.is_weak for trait in one.of(part)) else None


def _others(connection: Transaction, kinds: Mapping[str, Kinds], by: str, now: datetime) -> tuple[list[Course], list[Estimate]]:
    """How each of some incidents went, and the times that were promised in them; of those that somebody may see."""
    seen = recurring.incidents_of(connection, tuple(kinds), seen_by=by)
    events, sent = rows.events(connection, tuple(seen)), rows.messages(connection, tuple(seen))
    courses, estimates = [], []
    for name, one in seen.items():
        category, component = kinds[name]
        said_at = min((message.sent_at for message in sent.get(name, ())), default=None)
        courses.append(Course(name, one.title, _began(one, events.get(name, ())), said_at, category, component))
        for made in promises.of_incident(connection, name):
            entry = entry_of(made, now)
            told = entry.promise
            if told.kind in _WORK and told.due is not None and told.due > told.made_at and entry.is_seen_by(by):
                estimates.append(Estimate(told.id, told.words, told.made_at, told.due, entry.standing.settled_at, category, component))
    return courses, estimates


def _began(incident: Incident, events: tuple[IncidentEvent, ...]) -> datetime:
    """The first signal of an incident: when its impact began, else when somebody noticed it, else when it started."""
    for kind in ("impact-began", "detected"):
        if found := standing(events, "milestone", kind):
            return found[-1].at
    return incident.started_at
