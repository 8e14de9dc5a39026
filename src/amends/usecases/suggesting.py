"""Drafting by a language model: only where an owner allowed it, only from claims it is given, and only for a person to adopt.

A model is never asked while the store is being read or written. What it answers is kept whole, judged sentence by sentence; nothing of it
becomes part of a version before a person takes it over, and then only sentences that passed, or that the person rewrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Protocol

from amends.core.errors import ConflictError, ForbiddenError, NotFoundError, TooLargeError, UsageError, require_known
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.core.problem import Problem
from amends.integrations.llm import Message
from amends.language.records import Draft
from amends.narrative.asking import LONGEST_QUESTION, LONGEST_SENTENCE, MOST_CLAIMS, PURPOSES, chosen, question, status_of
from amends.narrative.linking import plain, sentences_of, withheld_now
from amends.narrative.suggestion import Guards, ModelDraft, Suggestion, judge, same_words
from amends.narrative.suggestion_report import Adoption, Kept, kept, unkept
from amends.narrative.telling import as_text
from amends.store import involved, people, settings, versions
from amends.store import suggesting as rows
from amends.usecases import access
from amends.usecases.given import line, one_meant
from amends.usecases.narrating import account_within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.ports import Clock, Ids
    from amends.incidents.document import Document
    from amends.integrations.llm import Model
    from amends.narrative.account import Account
    from amends.narrative.asking import Given, Question
    from amends.narrative.drift import Comparison
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking
    from amends.usecases.documents import Documents

    Redact = Callable[[str], str]
    Compare = Callable[[str, str, str], Comparison]
    Taken = tuple[int, str, tuple[str, ...]]

OPEN, PRIVATE, VOICE = "model.open", "model.private", "model.voice"
"""Under which keys the workspace keeps that a model may be given open incidents, private ones, and what people say in practice."""

MOST_TOKENS = 8_000
"""The longest answer that is asked for, in the model's own units: `MOST_SENTENCES` of some length."""

AT_ONCE = 3
"""Drafts that one process asks for at a time: a slow model must not hold every thread of the server."""

SURE = 0.5
"""From which confidence on a flaw that no rule tells by its words is held against a sentence."""

_UNSURE_FLAWS = ("hedge", "vague")
"""Flaws that a sentence must have where its claim is not confirmed."""

_ALSO_WORDS = frozenset(
    "art bill chase dean don drew frank grace grant hope jack joy mark may max miles pat penny pierce ray rob rose sandy sue will".split()
)
"""Names that are words as well: taken out with a capital only."""

_SET_UP = "add a table [model] to amends.toml; docs/how-to/draft-with-a-model.md shows how"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether a model may draft: its name and where it is, None where none is set up, and what an owner allowed it to be given.

    `trouble` says why one that the project file names cannot be asked, or nothing.
    """

    model: str | None
    host: str | None
    open: bool
    private: bool
    trouble: str = ""
    practice: bool = False


class Texts(Protocol):
    """The versions of accounts, as far as adopting needs them."""

    def open(self, incident_id: str, audience: str, *, by: str = ...) -> Document:
        """The text for an audience, begun where there is none."""
        ...

    def tie(self, document_id: str, sentence: str, item: str, *, by: str = ...) -> object:
        """Say that a sentence of a text tells a point."""
        ...


class Suggesting:
    """What people do with drafts of a model. `by` is who does it; who may not see the incident finds no drafts.

    `compare` holds the second text against the first, for an audience; without it the engine's own comparison does.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        *,
        checking: Callable[[], Checking],
        documents: Documents,
        versions: Callable[[], Texts],
        model: Callable[[], Model | None],
        compare: Compare | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._documents = documents
        self._versions = versions
        self._model = model
        self._compare = compare or self._compared
        self._asking = BoundedSemaphore(AT_ONCE)

    # Allowing

    def allowed(self, *, by: str = LOCAL_PERSON) -> Allowed:
        """What is set up and allowed here. Raises ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return self._allowed(connection)

    def allow(
        self,
        *,
        open: bool | None = None,  # noqa: A002  # as in the record
        private: bool | None = None,
        practice: bool | None = None,
        by: str = LOCAL_PERSON,
    ) -> Allowed:
        """Let a model be given claims of open incidents, or of private ones, or voice drills, or no longer; None leaves it as it is.

        For owners. What people say in a drill is given to it only where they switch that on themselves (`usecases.voicing`).
        """
        with self._store.writing() as connection:
            access.require(connection, by, "manage")
            for key, value in ((OPEN, open), (PRIVATE, private), (VOICE, practice)):
                if value is not None:
                    settings.put(connection, key, "yes" if value else "no", at=self._clock.now(), by=by)
            return self._allowed(connection)

    def _allowed(self, connection: Transaction) -> Allowed:
        model, trouble = None, ""
        try:
            model = self._model()
        except UsageError as error:
            trouble = f"{error.message}; {error.hint}"
        said = {key: settings.get(connection, key) == "yes" for key in (OPEN, PRIVATE, VOICE)}
        return Allowed(model.name if model else None, model.host if model else None, said[OPEN], said[PRIVATE], trouble, said[VOICE])

    # Looking

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Kept, ...]:
        """The drafts of an incident, oldest first."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._all(connection, incident_id)

    def get(self, incident_id: str, draft_id: str, *, by: str = LOCAL_PERSON) -> Kept:
        """One of them. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._one(connection, incident_id, draft_id)

    def meant(self, incident_id: str, part: str, *, by: str = LOCAL_PERSON) -> Kept:
        """The draft of an incident whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where several are."""
        listed = self.of_incident(incident_id, by=by)
        found = [one for one in listed if one.draft.id.startswith(part.upper()) or one.draft.id.endswith(part.upper())]
        return one_meant("draft of a model", part, [(one.draft.id, one.draft.purpose, one) for one in found])

    def _all(self, connection: Transaction, incident_id: str) -> tuple[Kept, ...]:
        taken = rows.adoptions_of(connection, incident_id)
        return tuple(
            Kept(one, unkept(one.answer), tuple(other for other in taken if other.draft_id == one.id))
            for one in rows.drafts_of(connection, incident_id)
        )

    def _one(self, connection: Transaction, incident_id: str, draft_id: str) -> Kept:
        found = rows.draft(connection, incident_id, draft_id)
        taken = tuple(one for one in rows.adoptions_of(connection, incident_id) if one.draft_id == draft_id)
        return Kept(found, unkept(found.answer), taken)

    # Drafting

    def draft(
        self,
        incident_id: str,
        audience: str = "team",
        *,
        purpose: str = "version",
        items: Collection[str] | None = None,
        private_too: bool = False,
        by: str = LOCAL_PERSON,
    ) -> Kept:
        """Have the model tell the account to an audience, or sum up the factors, from the points of `items`, or all that fit.

        What is withheld from anybody is not sent. Of a private incident nothing is sent unless an owner allowed that and `private_too`
        says so. Raises UsageError where nothing is set up, ForbiddenError where it is not allowed, NotFoundError for an item,
        TooLargeError for too many claims, ConflictError where too many drafts are asked for at once, OutsideError where the model does
        not answer, NeedsExtraError where nothing can redact.
        """
        require_known("audience", audience, AUDIENCES)
        require_known("purpose", purpose, PURPOSES)
        with self._store.reading() as connection:
            incident = access.changed(connection, incident_id, by)
            model = self._model()
            if model is None:
                raise UsageError("no model is set up", hint=_SET_UP)
            self._require_allowed(connection, incident, private_too=private_too)
            account = account_within(connection, incident_id)
            withheld = _withheld(connection, incident_id, self._clock.now())
            names = _names(connection, incident_id, account)
        redact = _redactor(names)
        asked = _question(account, items, purpose, audience, withheld, redact)
        at = self._clock.now()
        parts = (Message("system", asked.rules), Message("user", asked.data))
        if not self._asking.acquire(blocking=False):
            raise ConflictError(f"the model is busy with {AT_ONCE} other drafts", hint="try again when one of them is there")
        try:
            answer = model.ask(parts, most_tokens=MOST_TOKENS)
        finally:
            self._asking.release()
        judged = judge(answer, asked.given, self._guards(asked, audience, redact, at))
        judged = Suggestion(judged.sentences, (*asked.left_out, *judged.remarks), judged.given)
        new = ModelDraft(self._ids.new(), incident_id, purpose, audience, model.name, asked.hash, at, by, kept(judged))
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            rows.add_draft(connection, new, salt=self._ids.new())
        return Kept(new, judged)

    def _require_allowed(self, connection: Transaction, incident: Incident, *, private_too: bool) -> None:
        private = incident.visibility != "open"
        if settings.get(connection, PRIVATE if private else OPEN) != "yes":
            which = "private incidents" if private else "incidents"
            hint = f"an owner allows it in the settings, or with `amends account model --allow{'-private' if private else ''}`"
            raise ForbiddenError(f"nobody allowed a model to be given claims of {which}", hint=hint)
        if private and not private_too:
            hint = "say --private-too (private_too over HTTP) to send its claims to the model"
            raise UsageError("this incident is private", hint=hint)

    def _guards(self, asked: Question, audience: str, redact: Redact, at: datetime) -> Guards:
        return Guards(
            redact,
            lambda text, cited: self._flaws(text, cited, audience, at),
            lambda source, retold: self._compare(source, retold, audience),
            as_text(asked.account, UTC).text,
        )

    def _compared(self, source: str, retold: str, audience: str) -> Comparison:
        """What the engine says. Where it could not read or compare the texts, that is a problem of the comparison."""
        found = self._checking().compare(source, retold, audience)
        return replace(found.comparison, problems=tuple(one.message for one in found.problems))

    def _flaws(self, text: str, cited: Sequence[Given], audience: str, at: datetime) -> Iterator[Problem]:
        """What the language engine holds against a sentence, and a promise in it that its claims do not make."""
        check = self._checking().check
        said = check(Draft(text, at, audience=audience, tz="UTC", markup="plain"))
        unsure = any(one.status != "confirmed" for one in cited)
        messages = {one.flaw: one.message.rstrip(".") for one in said.findings if one.flaw}
        for flaw in {one.flaw for report in said.sentences for one in report.flaws if one.told or one.confidence >= SURE}:
            if not (unsure and flaw in _UNSURE_FLAWS):
                yield Problem("model-flaw", messages.get(flaw) or f"it reads as {flaw}", "say what happened, as the claim does")
        ground = "\n".join(one.text for one in cited)
        if said.promises and not (ground and check(Draft(ground, at, tz="UTC", markup="plain")).promises):
            yield Problem("model-promise", "it promises something that no claim of it promises", "a promise is made by whoever keeps it")

    # Adopting

    def adopt(
        self, incident_id: str, draft_id: str, sentences: Mapping[int, str | None], *, audience: str | None = None, by: str = LOCAL_PERSON
    ) -> tuple[Kept, Document]:
        """Put sentences of a draft behind the version for its audience, or another one; the draft and the text as they stand then.

        `sentences` are their numbers, each with None to take it as it stands, or with what the person made of it. As it stands only that
        is taken which passed, and whose claims still stand as the model was given them.
        Raises NotFoundError for a number, ConflictError for a sentence that cannot be taken, InputError for what it was rewritten to.
        """
        with self._store.reading() as connection:
            found = self._changed(connection, incident_id, draft_id, by)
            self._taken(connection, found, sentences)
        told = require_known("audience", audience or found.draft.audience or "team", AUDIENCES)
        opened = self._versions().open(incident_id, told, by=by)
        with self._store.writing() as connection:
            found = self._changed(connection, incident_id, draft_id, by)
            taken = self._taken(connection, found, sentences)
            saved = self._documents.add_within(connection, opened.head.id, " ".join(said for _, said, _ in taken), by=by)
            numbers = tuple(number for number, _, _ in taken)
            rewritten = tuple(number for number in numbers if sentences[number] is not None)
            new = Adoption(
                self._ids.new(), incident_id, draft_id, saved.head.id, saved.head.version, self._clock.now(), by, numbers, rewritten
            )  # fmt: skip
            rows.add_adoption(connection, new, salt=self._ids.new())
        self._tie(saved, taken, by)
        return self.get(incident_id, draft_id, by=by), saved

    def _taken(self, connection: Transaction, found: Kept, sentences: Mapping[int, str | None]) -> list[Taken]:
        incident_id = found.draft.incident_id
        account = account_within(connection, incident_id)
        withheld = _withheld(connection, incident_id, self._clock.now())
        now = {(one.item, one.point.id, status_of(one)) for one in account.points if one.item not in withheld}
        standing = frozenset(one[0] for one in found.suggestion.given if one in now)
        return _taken(found, sentences, standing)

    def _changed(self, connection: Transaction, incident_id: str, draft_id: str, by: str) -> Kept:
        access.changed(connection, incident_id, by)
        return self._one(connection, incident_id, draft_id)

    def _tie(self, saved: Document, taken: Sequence[Taken], by: str) -> None:
        """Tie each sentence that was taken to its claims; of a rewritten one, each sentence that it became."""
        standing = {plain(one.text) for one in sentences_of(saved.text)}
        for _, said, items in taken:
            for part in sentences_of(said):
                for item in items if plain(part.text) in standing else ():
                    self._versions().tie(saved.head.id, part.text, item, by=by)


def _question(
    account: Account, items: Collection[str] | None, purpose: str, audience: str, withheld: Collection[str], redact: Redact
) -> Question:
    unknown = [item for item in items or () if account.get(item) is None]
    if unknown:
        raise NotFoundError(f"there is no point {unknown[0][:40]!r} in this account")
    points = chosen(account, purpose, items)
    asked = question(account, points, purpose=purpose, audience=audience, withheld=withheld, redact=redact)
    if not asked.given:
        raise UsageError("there is nothing that a model could be given", hint="state claims first, or lift what is withheld")
    if len(asked.given) > MOST_CLAIMS or len(asked.data) > LONGEST_QUESTION:
        limits = f"{MOST_CLAIMS} claims or {LONGEST_QUESTION:,} characters"
        raise TooLargeError(f"this is more than {limits}", hint="choose the claims that matter to this reader")
    return asked


def _taken(found: Kept, sentences: Mapping[int, str | None], standing: Collection[str]) -> list[Taken]:
    """The sentences to be taken, in their order: number, words, and items; `standing` are those as the model was given them.

    Raises what `Suggesting.adopt` raises.
    """
    if not sentences:
        raise UsageError("no sentence is named", hint="name the numbers of the sentences to adopt")
    known = {one.number: one for one in found.suggestion.sentences}
    taken = []
    for number in sorted(sentences):
        one, own = known.get(number), sentences[number]
        if one is None:
            raise NotFoundError(f"this draft has no sentence {number}")
        if number in found.taken:
            raise ConflictError(f"sentence {number} was adopted already", hint="look at the version that it went into")
        if own is not None:
            own = line(own, "text", LONGEST_SENTENCE)
            if not one.passed and same_words(own, one.text):
                raise ConflictError(f"sentence {number} was struck out, and these are its words", hint="say it in words of your own")
        elif not one.passed:
            raise ConflictError(f"sentence {number} was struck out: {one.reasons[0].message}", hint="rewrite it to adopt it")
        elif not set(one.items) <= set(standing):
            message = f"a claim of sentence {number} was revised, withheld, or cited otherwise since"
            raise ConflictError(message, hint="draft again, or rewrite the sentence")
        taken.append((number, own or one.text, one.items))
    return taken


def _withheld(connection: Transaction, incident_id: str, now: datetime) -> frozenset[str]:
    """The items that are withheld from anybody: whoever runs a model is nobody's audience."""
    return frozenset(one.item for one in withheld_now(versions.redactions_of(connection, incident_id), now))


def _names(connection: Transaction, incident_id: str, account: Account) -> tuple[str, ...]:
    """Everybody whose name may stand in the account: the people of the workspace and of the incident, and those who saw something."""
    found = {name for one in people.listed(connection) for name in (one.name, one.display)}
    found |= {one.person for one in involved.assignments_of(connection, incident_id)}
    found |= {one.point.who for one in account.points if one.point.who}
    return tuple(sorted(found - {LOCAL_PERSON}))


def _redactor(names: Sequence[str]) -> Redact:
    """What takes secrets, personal data and these names out of a text. Raises NeedsExtraError where the parts that do are missing."""
    from amends.integrations.evidence.secrets import redactor

    redact = redactor("personal", names)
    single = {name.casefold() for name in names if name.isalpha()}
    words = [re.escape(name) for name in single - _ALSO_WORDS] or ["(?!)"]
    capital = [re.escape(name.capitalize()) for name in single & _ALSO_WORDS] or ["(?!)"]
    alone = re.compile(rf"\b(?:(?i:{'|'.join(words)})|{'|'.join(capital)})\b")
    return lambda text: alone.sub("[redacted: person]", redact(text)) if single else redact(text)
