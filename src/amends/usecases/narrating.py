"""The account of an incident: stating points, revising them, and citing what supports or contradicts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, require_known
from amends.core.people import LOCAL_PERSON
from amends.incidents.stale import StaleError
from amends.narrative.account import EVIDENCE_KINDS, STANCES, WITHDRAWN, WRITTEN, Evidence, Point
from amends.narrative.recorded import recorded, said_in
from amends.narrative.stating import require_statement
from amends.narrative.support import stand
from amends.store import actions, messages, record
from amends.store import narrative as rows
from amends.store.guards import ERASED
from amends.timeline.entry import UNDATED
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, line, one_meant, paragraphs, passed, require_same
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from amends.core.incident import SentMessage
    from amends.core.ports import Clock, Ids
    from amends.incidents.event import IncidentEvent
    from amends.narrative.account import Account, Change, Stated
    from amends.narrative.recorded import Recorded
    from amends.store.engine import Store, Transaction
    from amends.timeline.notes import Entry
    from amends.usecases.assembling import Behind
    from amends.usecases.timelines import Timelines

TEXT_LIMIT = 2000
"""The longest text of a point, of a citation or a reason, in code points: a point says one thing."""
QUOTE_LIMIT = 2000
"""How much of an entry or a message is kept as its quote, in code points."""
NAME_LIMIT = 200
FIGURE_LIMIT = 100
_BY_PERSON = frozenset({"chat", "mail", "ticket", "other"})
"""Sorts of entries that people wrote: two people in one channel are two sources."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fields(TypedDict, total=False):
    """What a point can have beside its part and its text; see `narrative.account.Point`."""

    kind: str | None
    at: datetime | None
    who: str | None
    value: str | None
    because: str | None
    of: str | None
    answer: str | None


class Narrating:
    """What a person can do with the account of an incident. `by` is who does it; who may not see the incident finds no account."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, timelines: Callable[[], Timelines]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._timelines = timelines

    # Looking

    def get(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Account:
        """The account as it stands. Raises NotFoundError, ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return account_within(connection, incident_id)

    def history(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Change, ...]:
        """Everything that was ever written into it, oldest first: each a revision of a point, a citation, or the taking back of one."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.changes_of(connection, incident_id)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> Stated:
        """The one point whose id is, begins with or ends with `part`, withdrawn or not. Raises UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.points_like(connection, part.upper(), seen_by=by)
            one = one_meant("point", part, [(one.item, one.text, one) for one in found])
            return _stated(connection, one.incident_id, one.item)

    def citation_meant(self, part: str, *, by: str = LOCAL_PERSON) -> Evidence:
        """The one citation whose id is, begins with or ends with `part`. Raises UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.evidence_like(connection, part.upper(), seen_by=by)
        return one_meant("citation", part, [(one.id, one.quote or one.text or one.kind, one) for one in found])

    def recorded(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Recorded, ...]:
        """What was written down elsewhere, as the points that it would become: facts, milestones, messages, and marked entries.

        Each says which point of the account holds it already.
        """
        entries = self._timelines().marked(incident_id, by=by)
        with self._store.reading() as connection:
            return self._recorded(connection, incident_id, entries, by)

    def behind(self, incident_id: str, evidence_id: str, *, by: str = LOCAL_PERSON) -> Behind | SentMessage:
        """What a citation rests on: the bytes of the entry, or the message. Raises NotFoundError where nothing else holds it."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            cited = rows.evidence(connection, incident_id, evidence_id)
            if cited.kind == "message":
                return messages.get(connection, cited.ref or "")
        if cited.kind != "entry" or cited.ref is None:
            hint = "its history says who wrote it and when" if cited.ref is None else "it stands in the record of the incident"
            raise NotFoundError(f"a {cited.kind} is cited in words; no source holds it", hint=hint)
        return self._timelines().behind(incident_id, cited.ref, by=by)

    # Stating

    def state(
        self,
        incident_id: str,
        part: str,
        text: str,
        *,
        kind: str | None = None,
        at: datetime | None = None,
        who: str | None = None,
        value: str | None = None,
        because: str | None = None,
        of: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Stated:
        """State a point; the fields are those of `narrative.account.Point`. Nothing is cited yet, so it stands as unsupported.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote.
        Raises UnknownNameError for a part or a kind, InputError for a field that is missing, empty, or means nothing in this part.
        """
        fields = self._fields(kind=kind, at=at, who=who, value=value, because=because, of=of)
        words = paragraphs(text, "text", TEXT_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            points = rows.points_of(connection, incident_id)
            made = next((one for one in points if once is not None and one.id.startswith(once[:KEY_DIGITS])), None)
            if made is not None and once is not None:
                require_same(made.id, once)
                return _stated(connection, incident_id, made.item)
            item = once or self._ids.new()
            new = Point(item, incident_id, item, part, words, self._clock.now(), by, **fields)
            self._keep(connection, new)
            return _stated(connection, incident_id, item)

    def revise(
        self, incident_id: str, item: str, *, based_on: str, text: str | None = None, by: str = LOCAL_PERSON, **changed: Unpack[Fields]
    ) -> Stated:
        """Put another revision in the place of the one that was seen, `based_on`; what is not given stays, and an empty text takes away.

        Of what went badly, `answer` is the id of the action item that answers it; of a question, a trust break or a disagreement it says
        how it was closed, and an empty one opens it again. A withdrawn point comes back. Nothing changed: no new revision.
        Raises StaleError where somebody else revised it meanwhile, and what `state` raises.
        """
        given: dict[str, Any] = {**self._fields(**changed)}
        given |= {name: None for name, value in changed.items() if name != "at" and isinstance(value, str) and not value.strip()}
        if text is not None:
            given["text"] = paragraphs(text, "text", TEXT_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            now = _stated(connection, incident_id, item).point
            wanted = replace(now, what=WRITTEN, **given)
            if wanted != now:
                self._require_newest(connection, now, based_on, text)
                self._keep(connection, self._next(wanted, now, by))
            return _stated(connection, incident_id, item)

    def withdraw(self, incident_id: str, item: str, *, based_on: str, by: str = LOCAL_PERSON) -> Stated:
        """Take a point back, and with a disagreement its positions; it stays in the history, and `revise` brings it back.

        Raises StaleError where somebody else revised it meanwhile.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            account = account_within(connection, incident_id)
            now = _stated(connection, incident_id, item).point
            if now.what != WITHDRAWN:
                self._require_newest(connection, now, based_on, None)
                sides = [one.point for one in account.of("position") if one.point.of == item]
                for one in (now, *sides):
                    self._keep(connection, self._next(replace(one, what=WITHDRAWN), one, by), checked=False)
            return _stated(connection, incident_id, item)

    def choose(self, incident_id: str, entry_ids: Sequence[str], *, kind: str = "fact", by: str = LOCAL_PERSON) -> tuple[Stated, ...]:
        """Claims made from entries of the timeline, with their text and time, each citing its entry; in the order of the ids.

        A signal was seen by whoever the entry says acted, else by its source. An entry that a standing claim cites already gives that
        claim. Raises NotFoundError for an entry, InputError for the kind `number`, whose figure nobody can read off for sure.
        """
        chosen = [self._timelines().entry(incident_id, one, by=by) for one in dict.fromkeys(entry_ids)]
        made = []
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            claims = account_within(connection, incident_id).of("claim")
            known = {cited.ref: claim.item for claim in claims for cited in claim.evidence if cited.kind == "entry"}
            for entry in chosen:
                item = known.get(entry.id) or self._claim(connection, incident_id, entry, kind, by)
                made.append(item)
            account = account_within(connection, incident_id)
        return tuple(one for item in made if (one := account.get(item)) is not None)

    def begin(self, incident_id: str, names: Sequence[str], *, by: str = LOCAL_PERSON) -> tuple[Stated, ...]:
        """Points made of what was written down, named by the ids that `recorded` gives; each cites where it stands, and none comes twice.

        What the account holds already gives the point that holds it. Raises NotFoundError for an id of nothing that was written down.
        """
        entries = {one.id: one for one in self._timelines().marked(incident_id, by=by)}
        made = []
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            known = {one.id: one for one in self._recorded(connection, incident_id, entries.values(), by)}
            for name in dict.fromkeys(names):
                written = known.get(name)
                if written is None:
                    hint = "name a fact or a milestone that holds, a message, or an entry that is pinned or was added by hand"
                    raise NotFoundError(f"nothing of this incident is written down under {name[:40]!r}", hint=hint)
                made.append(written.item or self._begun(connection, incident_id, written, entries, by))
            account = account_within(connection, incident_id)
        return tuple(one for item in dict.fromkeys(made) if (one := account.get(item)) is not None)

    # Citing

    def cite(
        self,
        incident_id: str,
        item: str,
        kind: str,
        *,
        ref: str | None = None,
        text: str | None = None,
        stance: str = "supports",
        by: str = LOCAL_PERSON,
    ) -> Stated:
        """Cite what supports or contradicts a point; the same citation twice is one.

        `ref` is the id of the timeline entry or of the message, and `text` the words of it that matter, all of them where none is given.
        Of a measure, `text` says what was measured, how, and the figure; of a person's word, what they said, after `Name:` where it is not
        the word of `by`, or `ref` is the fact or milestone of the record in which they wrote it down.
        Raises UnknownNameError, NotFoundError for what `ref` names, InputError for words that do not stand there.
        """
        require_known("kind of evidence", kind, EVIDENCE_KINDS)
        require_known("stance", stance, STANCES)
        words = paragraphs(text, "text", TEXT_LIMIT) if text is not None else None
        entry = self._timelines().entry(incident_id, _needed(kind, ref), by=by) if kind == "entry" else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = _stated(connection, incident_id, item)
            now = self._clock.now()
            new = Evidence(self._ids.new(), incident_id, item, kind, stance, now, by)
            if entry is not None:
                new = _from_entry(new, entry, words)
            elif kind == "message":
                sent = messages.get(connection, _needed(kind, ref))
                if sent.incident_id != incident_id:
                    raise NotFoundError(f"there is no message {sent.id!r} of this incident")
                new = replace(new, ref=sent.id, quote=_quote(sent.text, words), source=f"person:{sent.author}")
            elif kind == "person" and ref:
                new = _from_record(new, record.get(connection, incident_id, ref))
            else:
                new = replace(new, text=_said(kind, words), source=_speaker(words or "", by) if kind == "person" else None)
            if not any(_same(new, one) for one in before.evidence):
                rows.add_evidence(connection, new, salt=self._ids.new())
            return _stated(connection, incident_id, item)

    def uncite(self, incident_id: str, evidence_id: str, *, by: str = LOCAL_PERSON) -> Stated:
        """Take a citation back; it stays in the history. Raises NotFoundError, ConflictError where it was taken back already."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            old = rows.evidence(connection, incident_id, evidence_id)
            if old.undoes is not None or any(one.undoes == old.id for one in rows.evidence_of(connection, incident_id)):
                raise ConflictError("this citation was taken back already", hint="cite it again where it should count")
            new = Evidence(self._ids.new(), incident_id, old.item, old.kind, old.stance, self._clock.now(), by, undoes=old.id)
            rows.add_evidence(connection, new, salt=self._ids.new())
            return _stated(connection, incident_id, old.item)

    # Within

    def _fields(self, **given: Unpack[Fields]) -> Fields:
        """What was given, as it is kept; what is None or empty is left out."""
        kept: Fields = {}
        if given.get("kind"):
            kept["kind"] = given["kind"]
        at = given.get("at")
        if at is not None:
            kept["at"] = passed(at, self._clock.now(), "at").astimezone(UTC)
        if (who := given.get("who")) and who.strip():
            kept["who"] = line(who, "who", NAME_LIMIT)
        if (value := given.get("value")) and value.strip():
            kept["value"] = line(value, "value", FIGURE_LIMIT)
        if (because := given.get("because")) and because.strip():
            kept["because"] = paragraphs(because, "because", TEXT_LIMIT)
        if (answer := given.get("answer")) and answer.strip():
            kept["answer"] = paragraphs(answer, "answer", TEXT_LIMIT)
        if given.get("of"):
            kept["of"] = given["of"]
        return kept

    def _next(self, wanted: Point, before: Point, by: str) -> Point:
        return replace(wanted, id=self._ids.new(), replaces=before.id, recorded_at=self._clock.now(), by=by)

    def _keep(self, connection: Transaction, new: Point, *, checked: bool = True) -> None:
        if checked:
            require_statement(new)
            self._require_related(connection, new)
        rows.add_point(connection, new, salt=self._ids.new())

    def _require_related(self, connection: Transaction, new: Point) -> None:
        """Raises InputError where the disagreement of a position, or the action item that answers, is none of this incident."""
        if new.of is not None:
            account = account_within(connection, new.incident_id)
            of = account.get(new.of)
            if of is None or of.point.part != "disagreement":
                raise InputError(f"{new.of[:40]!r} is no disagreement of this account", hint=_SIDES, field="of")
        if new.part == "badly" and new.answer is not None:
            known = {item.id for item, _ in actions.of_incident(connection, new.incident_id)}
            if new.answer not in known:
                hint = "name an action item of this incident by its id, or say in `because` why none answers it"
                raise InputError(f"{new.answer[:40]!r} is no action item of this incident", hint=hint, field="answer")

    def _require_newest(self, connection: Transaction, now: Point, based_on: str, refused: str | None) -> None:
        if now.id == based_on:
            return
        known = {one.id for one in rows.points_of(connection, now.incident_id) if one.item == now.item}
        if based_on not in known:
            raise NotFoundError(f"there is no revision {based_on[:40]!r} of this point")
        done = "withdrawn" if now.what == WITHDRAWN else "revised"
        raise StaleError(f"this point was {done} by {now.by} meanwhile", now, refused)

    def _claim(self, connection: Transaction, incident_id: str, entry: Entry, kind: str, by: str) -> str:
        if kind == "number":
            hint = "state the number with its figure, and cite the entry"
            raise InputError("the figure of a number is not read off an entry", hint=hint, field="kind")
        said = " ".join(str(entry.row["text"]).split())[:TEXT_LIMIT]
        who = str(entry.row.get("actor") or entry.row["source"])[:NAME_LIMIT] if kind == "signal" else None
        at = None if entry.time == UNDATED else _EPOCH + timedelta(microseconds=entry.time)
        item = self._ids.new()
        self._keep(connection, Point(item, incident_id, item, "claim", said, self._clock.now(), by, kind=kind, at=at, who=who))
        cited = Evidence(self._ids.new(), incident_id, item, "entry", "supports", self._clock.now(), by)
        rows.add_evidence(connection, _from_entry(cited, entry, None), salt=self._ids.new())
        return item

    def _recorded(self, connection: Transaction, incident_id: str, entries: Iterable[Entry], by: str) -> tuple[Recorded, ...]:
        story = told_within(connection, incident_id, self._clock.now(), by)
        found = recorded(story, entries, account_within(connection, incident_id))
        return tuple(one for one in found if ERASED not in one.text)

    def _begun(self, connection: Transaction, incident_id: str, one: Recorded, entries: Mapping[str, Entry], by: str) -> str:
        """The point that something written down becomes, with its citation; its id."""
        if one.where == "entry":
            return self._claim(connection, incident_id, entries[one.id], one.kind or "fact", by)
        item, now = self._ids.new(), self._clock.now()
        self._keep(connection, Point(item, incident_id, item, one.part, one.text, now, by, kind=one.kind, at=one.at, value=one.value))
        cited = Evidence(self._ids.new(), incident_id, item, "message" if one.where == "message" else "person", "supports", now, by)
        if one.where == "message":
            sent = messages.get(connection, one.id)
            cited = replace(cited, ref=sent.id, quote=_quote(sent.text, None), source=f"person:{sent.author}")
        else:
            cited = _from_record(cited, record.get(connection, incident_id, one.id))
        rows.add_evidence(connection, cited, salt=self._ids.new())
        return item


_SIDES = "state the disagreement first, then each side of it"


def account_within(connection: Transaction, incident_id: str) -> Account:
    """The account as it stands, inside a transaction that asked who may see it."""
    return stand(incident_id, rows.points_of(connection, incident_id), rows.evidence_of(connection, incident_id))


def _stated(connection: Transaction, incident_id: str, item: str) -> Stated:
    """A point of an incident, withdrawn or not. Raises NotFoundError."""
    account = account_within(connection, incident_id)
    found = next((one for one in (*account.points, *account.withdrawn) if one.item == item), None)
    if found is None:
        raise NotFoundError(f"there is no point {item[:40]!r} in this account")
    return found


def _from_entry(new: Evidence, entry: Entry, words: str | None) -> Evidence:
    """A citation of an entry: its words, what sort of thing it is, and where it comes from."""
    row = entry.row
    kind, actor = str(row["kind"]), row.get("actor")
    added = entry.marks.added
    source = f"person:{actor or added.by}" if added is not None else str(row["source"])
    if added is None and kind in _BY_PERSON and actor:
        source = f"{source}: {actor}"
    return replace(new, ref=entry.id, quote=_quote(str(row["text"]), words), entry_kind=kind, source=source)


def _from_record(new: Evidence, event: IncidentEvent) -> Evidence:
    """A citation of a fact or a milestone: the word of who wrote it down. Raises InputError for an event that is neither."""
    words = said_in(event)
    if not words:
        raise InputError(f"{event.what!r} is nothing that somebody said", hint="name a fact or a milestone of the record", field="ref")
    return replace(new, ref=event.id, text=words, source=f"person:{event.by}")


def _quote(text: str, words: str | None) -> str:
    """The words of a source that are cited. Raises InputError for words that do not stand in it; spaces and ends of lines do not count."""
    if words is not None and " ".join(words.split()) not in " ".join(text.split()):
        raise InputError(
            "these words do not stand there", hint="copy them as they stand, or leave them out to cite all of it", field="text"
        )
    return (words if words is not None else text.strip())[:QUOTE_LIMIT]


def _said(kind: str, words: str | None) -> str:
    if words is None:
        what = "what was measured, how, and the figure" if kind == "measure" else "what the person said"
        raise InputError(f"a {kind} is cited in words", hint=f"write {what}", field="text")
    return words


def _speaker(words: str, by: str) -> str:
    """Whose word it is: the name before the first colon of a first line that begins with one, else who cites it."""
    name, colon, _ = words.partition("\n")[0].partition(":")
    named = colon and len(name.split()) <= _LONGEST_NAME
    return f"person:{name.strip() if named else by}"


_LONGEST_NAME = 4
"""Words of a name before a colon; what is longer begins a sentence."""


def _needed(kind: str, ref: str | None) -> str:
    if ref is None:
        raise InputError(f"which {kind}?", hint=f"give the id of the {kind}", field="ref")
    return ref


def _same(one: Evidence, two: Evidence) -> bool:
    return (one.kind, one.stance, one.ref, one.text, one.quote) == (two.kind, two.stance, two.ref, two.text, two.quote)
