"""The looks back after a month and a quarter: planned, prepared from what happened, answered, and held with a decision."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, require_known
from amends.core.people import LOCAL_PERSON
from amends.store import incidents
from amends.store import trusting as rows
from amends.trust import review as reviews
from amends.trust import review_paper, review_words
from amends.trust.prepared import TOO_SHORT, Prepared, Shown, as_plain, promises_shown, repair_shown
from amends.trust.review import (
    DECISIONS,
    HELD,
    QUESTIONS,
    REFERENCES,
    UNKNOWN,
    WHICH,
    ReviewEvent,
    TrustReview,
    is_early,
    refusal,
    undoable,
)
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, aware, line, one_meant, paragraphs, passed, require_same
from amends.usecases.narrating import NAME_LIMIT, account_within
from amends.usecases.repairing import WORDS_LIMIT, board_within, honest
from amends.usecases.stories import told_within
from amends.usecases.trust_planning import contained_within, plan_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo
    from typing import Any

    from amends.core.paper import Paper
    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction
    from amends.store.trusting import Told
    from amends.trust.remark import Remark
    from amends.usecases.checking import Checking

SAID_LIMIT = 4000
"""The longest word to those who were hit, and the longest reason of a decision, in code points."""

_REFER = "refer to something by its kind and id, or say unknown: whom you asked, and when"
_ASKED = "say whom you asked, and when; until they answer that is the answer"
_SAID_BY = "name who said it, and when"


class _Fields(TypedDict, total=False):
    """What an event may say beside what happened and when; see `trust.review.ReviewEvent`."""

    question: str | None
    ref_kind: str | None
    ref: str | None
    text: str | None
    said: str | None
    asked: str | None
    asked_at: datetime | None
    due_at: datetime | None
    lead: str | None
    decision: str | None
    prepared: str | None
    undoes: str | None


@dataclass(frozen=True, slots=True)
class Laid:
    """A review with what is laid out for it: `told` is the evidence as plain values, pinned where it was held; `lacks` what is open."""

    review: TrustReview
    title: str
    told: dict[str, Any]
    lacks: tuple[Remark, ...]
    last: TrustReview | None


class TrustReviews:
    """What a person can do with the reviews of an incident. `by` is who does it; who may not see the incident finds none.

    `sources` asks the other rooms about an incident, for somebody: by the field of `trust.prepared.Prepared` that it is for.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        checking: Callable[[], Checking],
        sources: Callable[[str, str], Mapping[str, tuple[Shown, ...]]] = lambda _, __: {},
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._sources = sources

    # Looking

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[TrustReview, ...]:
        """The reviews of an incident, the month first; none before repair begins. Raises NotFoundError, ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._read(rows.reviews_of(connection, incident_id))

    def get(self, incident_id: str, which: str, *, by: str = LOCAL_PERSON) -> TrustReview:
        """One of them. Raises UnknownNameError for another than `trust.review.WHICH`, NotFoundError where it is not planned."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._one(connection, incident_id, which)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> TrustReview:
        """The one review whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._read(rows.reviews_like(connection, part.upper(), seen_by=by))
        return one_meant("trust review", part, [(one.id, one.which, one) for one in found])

    def open(self, *, person: str | None = None, by: str = LOCAL_PERSON) -> tuple[TrustReview, ...]:
        """The reviews that still have to be held, due first first: of everybody, or those that one person sees to."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._read(rows.open_reviews(connection, seen_by=by))
        return tuple(
            sorted((one for one in found if one.state != HELD and person in (None, one.lead)), key=lambda one: (one.due_at, one.id))
        )

    def laid(self, incident_id: str, which: str, *, why: str = "", said: str = "", decision: str = "", by: str = LOCAL_PERSON) -> Laid:
        """A review with its evidence, as it lies now or was pinned when it was held, and what is to be said about these words of it."""
        from_others = self._from_others(incident_id, by)
        with self._store.reading() as connection:
            review = self._one(connection, incident_id, which)
            title = access.seen(connection, incident_id, by).title
            prepared = self._prepare(connection, incident_id, which, by, from_others)
            last = self._last(connection, review)
        told = review_paper.evidence(review, prepared)
        if review.state == HELD:
            return Laid(review, title, told, (), last)
        lacks = review_words.remarks(review, prepared, last, self._checking(), why=why, said=said, decision=decision)
        return Laid(review, title, told, lacks, last)

    def paper(self, incident_id: str, which: str, *, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> Paper:
        """The review as a document for people, with times in `zone`."""
        laid = self.laid(incident_id, which, by=by)
        return review_paper.paper(laid.title, laid.review, laid.told, zone)

    # Acting

    def plan(self, incident_id: str, *, lead: str | None = None, by: str = LOCAL_PERSON) -> tuple[TrustReview, ...]:
        """Plan both reviews, once: 30 and 91 days after the containment. `lead` sees to them.

        Raises ConflictError while the incident is not contained.
        """
        named = line(lead, "person", NAME_LIMIT) if lead else None
        with self._store.writing() as connection:
            incident = access.changed(connection, incident_id, by)
            plan_within(connection, self._clock, self._ids, incident, by, named)
            return self._read(rows.reviews_of(connection, incident_id))

    def move(self, incident_id: str, which: str, due_at: datetime, *, why: str, by: str = LOCAL_PERSON) -> TrustReview:
        """Give a review another time, with the reason; the old time stays visible. Raises ConflictError where it was held."""
        reason = honest(line(why, "why", WORDS_LIMIT, "say why in one line, for those who wait for it"), "why")
        if aware(due_at, "due_at") <= self._clock.now():
            raise InputError("that time has passed already", hint="agree on a time to come", field="due_at")
        return self._act(incident_id, which, "moved", by, due_at=due_at.astimezone(UTC), text=reason)

    def hand_over(self, incident_id: str, which: str, person: str, *, by: str = LOCAL_PERSON) -> TrustReview:
        """Say who sees to a review from now on, and is reminded of it."""
        return self._act(incident_id, which, "led", by, lead=line(person, "person", NAME_LIMIT))

    def answer(
        self,
        incident_id: str,
        which: str,
        question: str,
        text: str = "",
        *,
        kind: str,
        ref: str | None = None,
        asked: str | None = None,
        asked_at: datetime | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> TrustReview:
        """Answer one of `QUESTIONS` by what is referred to, or say that it is unknown, whom you asked and when; several may answer one.

        `kind` is one of `REFERENCES`, with `ref` which (of a person their name, and `asked_at` when they said it), or `unknown`.
        Raises UnknownNameError, InputError for an answer that refers to nothing, NotFoundError for what is none of this incident.
        """
        require_known("question of a trust review", question, QUESTIONS)
        require_known("kind of answer", kind, (*REFERENCES, UNKNOWN))
        fields: _Fields = {"question": question, "ref_kind": kind, **self._answer(text, kind, ref, asked, asked_at)}
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = self._one(connection, incident_id, which)
            made = next((one.id for one in before.events if once is not None and one.id.startswith(once[:KEY_DIGITS])), None)
            if made is not None and once is not None:
                require_same(made, once)
                return before
            _require_there(connection, incident_id, kind, fields.get("ref") or "", by)
            return self._add(connection, before, "answered", by, once, **fields)

    def hold(
        self, incident_id: str, which: str, decision: str, *, why: str, said: str | None = None, by: str = LOCAL_PERSON
    ) -> TrustReview:
        """Hold a review: decide to continue, to change or to stop, say why, and what those who were hit are told; pins the evidence.

        Raises UnknownNameError for the decision, ConflictError where it is too early or a question has no answer, InputError for words
        that say that trust is back.
        """
        require_known("decision", decision, DECISIONS)
        reason = honest(paragraphs(why, "why", SAID_LIMIT), "why")
        told = honest(paragraphs(said, "said", SAID_LIMIT), "said") if said and said.strip() else None
        from_others = self._from_others(incident_id, by)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = self._one(connection, incident_id, which)
            self._require(before, "held")
            missing = reviews.unanswered(before)
            if missing:
                raise ConflictError(
                    f"this review cannot be held yet: nobody has answered {', '.join(missing)}",
                    hint="refer to something for each, or write that it is unknown, whom you asked and when",
                )
            prepared = _for_everybody(connection, self._prepare(connection, incident_id, which, by, from_others))
            pinned = json.dumps(as_plain(prepared), ensure_ascii=False, sort_keys=True)
            return self._add(connection, before, "held", by, decision=decision, text=reason, said=told, prepared=pinned)

    def reopen(self, incident_id: str, which: str, *, why: str, by: str = LOCAL_PERSON) -> TrustReview:
        """Take a held review up again, with the reason; what was pinned stays in its history. Raises ConflictError where none was held."""
        return self._act(incident_id, which, "reopened", by, text=line(why, "why", WORDS_LIMIT, "say why in one line"))

    def take_back(self, incident_id: str, which: str, event_id: str | None = None, *, by: str = LOCAL_PERSON) -> TrustReview:
        """Take back an answer or a move (None for the last); it stays in the history. Raises NotFoundError, ConflictError."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = self._one(connection, incident_id, which)
            able = undoable(before)
            if event_id is not None and all(one.id != event_id for one in before.events):
                raise NotFoundError(f"nothing of the id {event_id[:40]!r} happened to this review")
            if not able or (event_id is not None and all(one.id != event_id for one in able)):
                raise ConflictError("this cannot be taken back", hint="a review that was held is reopened, with a reason")
            return self._add(connection, before, "taken-back", by, undoes=event_id or able[-1].id)

    # Within

    def _answer(self, text: str, kind: str, ref: str | None, asked: str | None, asked_at: datetime | None) -> _Fields:
        words = honest(line(text, "text", WORDS_LIMIT), "text") if text.strip() else ""
        at = passed(asked_at, self._clock.now(), "asked_at").astimezone(UTC) if asked_at is not None else None
        if kind == UNKNOWN:
            if at is None:
                raise InputError("nothing says when they were asked", hint=_ASKED, field="asked_at")
            return {"text": words, "ref": None, "asked": line(asked or "", "asked", NAME_LIMIT, _ASKED), "asked_at": at}
        if kind == "person" and at is None:
            raise InputError("nothing says when they said it", hint=_SAID_BY, field="asked_at")
        if not words:
            raise InputError("an answer says in a line what is there", hint=_REFER, field="text")
        named = line(ref or "", "ref", WORDS_LIMIT, _SAID_BY if kind == "person" else _REFER)
        if kind == "link" and not named.startswith(("https://", "http://")):
            raise InputError(f"{named[:40]!r} is no address that a reader could open", hint="write it whole, with https://", field="ref")
        return {"text": words, "ref": named, "asked": None, "asked_at": at if kind == "person" else None}

    def _prepare(
        self, connection: Transaction, incident_id: str, which: str, by: str, from_others: Mapping[str, tuple[Shown, ...]]
    ) -> Prepared:
        now = self._clock.now()
        story = told_within(connection, incident_id, now, by)
        board = board_within(connection, incident_id, now, by)
        since = contained_within(connection, story.incident)
        worse = [Shown("incident", one.id, f"followed from it: “{one.title}”, {one.severity}") for one in story.after]
        promises = promises_shown(story.promises, since or story.incident.started_at, now)
        worse += [one for one in promises.broken if one.words.startswith("missed")]
        worse += [one for one in from_others.get("worse", ()) if all(one.ref != known.ref for known in worse)]
        return Prepared(
            which, incident_id, now, since, tuple(repair_shown(one) for one in board.repairs), promises,
            pulse=from_others.get("pulse", ()), signs=from_others.get("signs", ()), worse=tuple(worse),
            overrides=from_others.get("overrides", ()), absent=from_others.get("absent", ()), limits=(TOO_SHORT,),
        )  # fmt: skip

    def _from_others(self, incident_id: str, by: str) -> Mapping[str, tuple[Shown, ...]]:
        """What other rooms show, read before our own transaction begins: they open theirs."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
        return self._sources(incident_id, by)

    def _last(self, connection: Transaction, review: TrustReview) -> TrustReview | None:
        """The review that was held before this one."""
        before = WHICH[: WHICH.index(review.which)]
        held = [one for one in self._read(rows.reviews_of(connection, review.incident_id)) if one.which in before and one.state == HELD]
        return held[-1] if held else None

    def _act(self, incident_id: str, which: str, what: str, by: str, **fields: Unpack[_Fields]) -> TrustReview:
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            return self._add(connection, self._one(connection, incident_id, which), what, by, **fields)

    def _add(
        self, connection: Transaction, before: TrustReview, what: str, by: str, once: str | None = None, **fields: Unpack[_Fields]
    ) -> TrustReview:
        self._require(before, what)
        new = ReviewEvent(once or self._ids.new(), before.incident_id, before.id, what, self._clock.now(), by, **fields)
        rows.add_event(connection, new, salt=self._ids.new())
        return self._read([rows.review(connection, before.id)])[0]

    def _require(self, review: TrustReview, what: str) -> None:
        if because := refusal(review, what, self._clock.now()):
            early = what == "held" and is_early(review, self._clock.now())
            hint = "it is moved with a reason; what is answered until then stays" if early else "look at it again: somebody may have acted"
            raise ConflictError(f"this review cannot be {what.replace('-', ' ')}: {because}", hint=hint)

    def _one(self, connection: Transaction, incident_id: str, which: str) -> TrustReview:
        require_known("trust review", which, WHICH)
        found = next((one for one in self._read(rows.reviews_of(connection, incident_id)) if one.which == which), None)
        if found is None:
            hint = "it is planned when the first repair is tied, or by planning it: 30 and 91 days after the containment"
            raise NotFoundError(f"no trust review after a {which} is planned for this incident", hint=hint)
        return found

    def _read(self, told: Iterable[Told]) -> tuple[TrustReview, ...]:
        now = self._clock.now()
        return tuple(reviews.standing(plan, events, now) for plan, events in told)


def _for_everybody(connection: Transaction, prepared: Prepared) -> Prepared:
    """The evidence as it is pinned: what only some may see stays out, and so do the words of others that a sign quotes.

    It is read by all who may see the incident, and a quotation in it could not be found again when its words are to be erased.
    """
    worse = tuple(one for one in prepared.worse if one.kind != "incident" or incidents.get(connection, one.ref or "").visibility == "open")
    signs = tuple(Shown(one.kind, one.ref, one.words.partition(":")[0]) for one in prepared.signs)
    return replace(prepared, worse=worse, signs=signs)


def _require_there(connection: Transaction, incident_id: str, kind: str, ref: str, by: str) -> None:
    """Raises NotFoundError where an answer refers to what is none of this incident; addresses and people are taken as they are."""
    from amends.store import actions, documents, messages, promises

    found: Iterable[str] | None = None
    if kind in ("point", "break"):
        points = account_within(connection, incident_id).points
        found = (one.item for one in points if kind == "point" or one.point.part == "trust-break")
    elif kind == "action":
        found = (item.id for item, _ in actions.of_incident(connection, incident_id))
    elif kind == "message":
        found = (one.id for one in messages.of_incident(connection, incident_id))
    elif kind == "document":
        found = (one.id for one in documents.heads(connection, incident_id))
    elif kind == "promise":
        found = (one.id for one, _ in promises.of_incident(connection, incident_id))
    elif kind == "review":
        found = (plan.id for plan, _ in rows.reviews_of(connection, incident_id))
    elif kind == "incident":
        access.seen(connection, ref, by)
    if found is not None and ref not in found:
        raise NotFoundError(f"there is no {kind} {ref[:40]!r} of this incident", hint=_REFER)
