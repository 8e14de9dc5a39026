"""Versions of the account: one text for each audience, tied to its points, held against them, and known by who was told which."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.narrative.drift import Comparison, Drift, Side
from amends.testing import START
from amends.usecases import comparing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.index import Index
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def sides(text: str) -> list[Side]:
    """The paragraphs of a text."""
    found, at = [], 0
    for part in text.split("\n"):
        if part.strip():
            found.append(Side(at, at + len(part), part))
        at += len(part) + 1
    return found


def by_paragraphs(
    source: str, retold: str, _: Index, *, audience: str | None = None, withheld: Iterable[tuple[int, int]] = ()
) -> Comparison:
    """A comparison that a reader of this file can follow: a paragraph is told where its last word stands in the other text."""
    assert audience is not None
    hidden = list(withheld)
    pairs, drifts = [], []
    for part in sides(source):
        word = part.quote.rstrip(".").split()[-1]
        told = [one for one in sides(retold) if word in one.quote]
        pairs += [(one, (part,)) for one in told]
        if not told and (part.start, part.end) not in hidden:
            drifts.append(Drift("dropped_fact", "error", f"a reader never hears of {word}", part, None))
    return Comparison(tuple(drifts), (), len(pairs), tuple(pairs))


@pytest.fixture(autouse=True)
def _comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "hold_against", by_paragraphs)


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout is down").id


def claim(usecases: UseCases, incident: str, text: str, **more: str) -> str:
    item = usecases.narrating.state(incident, "claim", text, kind=more.pop("kind", "fact"), **more).item  # type: ignore[arg-type]  # any field of a point
    usecases.narrating.cite(incident, item, "measure", text=f"by SQL: {text}")
    return item


def write(usecases: UseCases, incident: str, audience: str, text: str) -> str:
    head = usecases.versions.open(incident, audience).head
    usecases.documents.save(head.id, text, head.version)
    return head.id


def test_a_version_is_begun_once_for_an_audience_and_written_like_every_shared_text(usecases: UseCases, incident: str) -> None:
    first = usecases.versions.open(incident, "leadership", by="ana")
    assert (first.head.kind, first.head.audience, first.head.title) == ("version", "leadership", "Version for leadership")
    usecases.documents.save(first.head.id, "Payments failed.", 1)
    assert usecases.versions.open(incident, "leadership", by="ben").text == "Payments failed."
    assert [one.id for one in usecases.documents.list(incident)] == [first.head.id]
    with pytest.raises(UnknownNameError):
        usecases.versions.open(incident, "everybody")
    with pytest.raises(UnknownNameError):
        usecases.documents.new(incident, "Mine", kind="version")
    with pytest.raises(NotFoundError):
        usecases.versions.view(incident, "team")


def test_a_version_that_drops_a_fact_is_seen_to_and_leads_back_to_the_point(usecases: UseCases, incident: str) -> None:
    told, dropped = claim(usecases, incident, "we lost orders"), claim(usecases, incident, "we tested nothing")
    write(usecases, incident, "leadership", "Some orders were late.")
    view = usecases.versions.view(incident, "leadership")
    assert [one.items for one in view.drifts] == [(dropped,)]
    assert [one.item for one in view.untold] == [dropped]
    assert [(one.text, one.tied, one.offered) for one in view.sentences] == [("Some orders were late.", (), (told,))]
    live = usecases.versions.view(incident, "leadership", text="Some orders were late. We tested nothing.")
    assert live.drifts == ()
    assert live.document.text == "Some orders were late."
    (head,) = usecases.versions.of_incident(incident)
    assert (head.audience, head.drifts, head.told, head.points) == ("leadership", 1, 1, 2)


def test_an_empty_version_is_held_against_nothing_and_has_everything_to_tell(usecases: UseCases, incident: str) -> None:
    item = claim(usecases, incident, "failed", kind="number", value="12 payments")
    usecases.versions.open(incident, "team")
    view = usecases.versions.view(incident, "team")
    assert (view.drifts, [one.item for one in view.untold]) == ((), [item])
    usecases.promising.add("refund by 14:00", START + timedelta(hours=4), incident_id=incident)
    for audience in ("team", "partner"):
        offered = usecases.versions.offered(incident, audience)
        assert ([one.item for one in offered.points], [one.item for one in offered.numbers]) == ([item], [item])
        assert [one.promise.words for one in offered.promises] == ["refund by 14:00"]


def test_a_sentence_is_tied_to_a_point_as_long_as_it_stands_in_the_text(usecases: UseCases, incident: str) -> None:
    item = claim(usecases, incident, "the pool was too large")
    text = write(usecases, incident, "team", "We asked for more\nthan there is. It is over.")
    tie = usecases.versions.tie(text, "We asked for more than there is.", item, by="ana")
    assert usecases.versions.tie(text, "We asked for more\nthan there is.", item, by="ben") == tie
    view = usecases.versions.view(incident, "team")
    assert [one.tied for one in view.sentences] == [(item,), ()]
    assert view.untold == ()
    with pytest.raises(InputError, match="does not stand"):
        usecases.versions.tie(text, "We asked for", item)
    with pytest.raises(NotFoundError):
        usecases.versions.tie(text, "It is over.", "NOSUCH")
    assert usecases.versions.view(incident, "team", text="We asked for less.").sentences[0].tied == ()
    usecases.versions.untie(text, "We asked for more than there is.", item)
    assert [one.tied for one in usecases.versions.view(incident, "team").sentences] == [(), ()]
    with pytest.raises(NotFoundError):
        usecases.versions.untie(text, "We asked for more than there is.", item)
    note = usecases.documents.new(incident, "Note", text="It is over.").head.id
    with pytest.raises(NotFoundError, match="no version"):
        usecases.versions.tie(note, "It is over.", item)


def test_what_is_withheld_with_a_reason_is_no_drift_until_it_is_lifted_or_its_time_has_come(
    usecases: UseCases, incident: str, clock: FixedClock
) -> None:
    item = claim(usecases, incident, "the key of a customer leaked")
    write(usecases, incident, "customers", "All is well.")
    assert len(usecases.versions.view(incident, "customers").drifts) == 1
    until = START + timedelta(hours=1)
    redaction = usecases.versions.redact(incident, item, "customers", "security", "the key is still valid", lift_at=until, by="ana")
    view = usecases.versions.view(incident, "customers")
    assert (view.drifts, view.untold, view.redactions) == ((), (), (redaction,))
    again = usecases.versions.redact(incident, item, "customers", "security", "the key is still valid", lift_at=until, by="ben")
    assert again == redaction, "the same twice is one"
    with pytest.raises(ConflictError):
        usecases.versions.redact(incident, item, "customers", "legal", "because")
    write(usecases, incident, "leadership", "All is well.")
    assert len(usecases.versions.view(incident, "leadership").drifts) == 1, "it is withheld from one audience only"
    usecases.versions.lift(incident, redaction.id, by="ben")
    assert len(usecases.versions.view(incident, "customers").drifts) == 1
    with pytest.raises(ConflictError):
        usecases.versions.lift(incident, redaction.id)
    usecases.versions.redact(incident, item, "customers", "security", "the key is still valid", lift_at=until)
    clock.advance(hours=2)
    assert usecases.versions.view(incident, "customers").redactions == ()
    assert [one.undoes is None for one in usecases.versions.redactions(incident)] == [True, False, True]


def test_a_redaction_needs_a_ground_a_reason_and_a_time_to_come(usecases: UseCases, incident: str) -> None:
    item = claim(usecases, incident, "words")
    for audience, ground in (("customers", "shame"), ("everybody", "legal")):
        with pytest.raises(UnknownNameError):
            usecases.versions.redact(incident, item, audience, ground, "because")
    with pytest.raises(InputError) as caught:
        usecases.versions.redact(incident, item, "customers", "legal", " ")
    assert caught.value.field == "why"
    with pytest.raises(InputError):
        usecases.versions.redact(incident, item, "customers", "legal", "because", lift_at=START)
    with pytest.raises(NotFoundError):
        usecases.versions.redact(incident, "NOSUCH", "customers", "legal", "because")


def test_one_version_is_held_against_another(usecases: UseCases, incident: str) -> None:
    hidden = claim(usecases, incident, "the key leaked")
    write(usecases, incident, "team", "We lost orders.\nThe key leaked.")
    write(usecases, incident, "leadership", "A few orders were late.")
    found = usecases.versions.between(incident, "team", "leadership")
    assert [one.source.quote for one in found.drifts if one.source] == ["The key leaked."]
    usecases.versions.redact(incident, hidden, "leadership", "security", "the key is still valid")
    assert usecases.versions.between(incident, "team", "leadership").drifts == ()


def test_who_was_told_which_version_and_which_correction_reached_them_is_known(
    usecases: UseCases, incident: str, clock: FixedClock
) -> None:
    shop = usecases.involving.add_stakeholder(incident, "The shops", kind="affected", audience="customers")
    text = write(usecases, incident, "customers", "Payments failed for 40 of you.")
    draft = usecases.versions.begin_message(text, by="ana")
    assert (draft.content.form, draft.content.audience, draft.content.text) == (
        "customer-apology", "customers", "Payments failed for 40 of you.",
    )  # fmt: skip
    usecases.documents.save(text, "Payments failed for 258 of you.", 2)
    sent = usecases.messaging.send(draft.id, by="ana")
    clock.advance(minutes=5)
    correction = usecases.messaging.record(
        "Payments failed for 258 of you.", form="any", audience="customers", incident_id=incident, corrects=sent.id, by="ana"
    )
    first, second = usecases.versions.told(incident)
    assert (first.document.id, first.version, first.changed, first.told.message.id) == (text, 2, False, sent.id)
    assert [one.stakeholder.id for one in first.told.heard if one.reached] == [shop.id]
    assert [one.message.id for one in first.corrections] == [correction.id]
    assert (second.version, second.told.message.id) == (3, correction.id), "a message that says the same as a version carries it"


def test_a_message_that_its_author_changed_says_so_and_an_empty_version_begins_none(usecases: UseCases, incident: str) -> None:
    text = usecases.versions.open(incident, "team").head.id
    with pytest.raises(InputError, match="nothing stands"):
        usecases.versions.begin_message(text)
    usecases.documents.save(text, "All is well.", 1)
    draft = usecases.versions.begin_message(text)
    usecases.drafting.save(draft.id, "All is well again.", "status-update", "team", None, 1)
    usecases.messaging.send(draft.id)
    (told,) = usecases.versions.told(incident)
    assert (told.version, told.changed) == (2, True)


def test_who_may_not_see_a_private_incident_finds_no_versions_and_a_reader_writes_none(usecases: UseCases) -> None:
    usecases.people.add("anna", "owner")
    for name, role in (("ben", "responder"), ("cora", "reader")):
        usecases.people.add(name, role, by="anna")
    private = usecases.incidents.open("Private", private=True, by="anna").id
    opened = usecases.incidents.open("Open", by="anna").id
    text = usecases.versions.open(private, "team", by="anna").head.id
    item = usecases.narrating.state(private, "luck", "it was night", by="anna").item
    for ask in (
        lambda: usecases.versions.of_incident(private, by="ben"),
        lambda: usecases.versions.view(private, "team", by="ben"),
        lambda: usecases.versions.offered(private, "team", by="ben"),
        lambda: usecases.versions.told(private, by="ben"),
        lambda: usecases.versions.redactions(private, by="ben"),
        lambda: usecases.versions.open(private, "team", by="ben"),
        lambda: usecases.versions.tie(text, "words", item, by="ben"),
        lambda: usecases.versions.redact(private, item, "team", "legal", "because", by="ben"),
        lambda: usecases.versions.begin_message(text, by="ben"),
    ):
        with pytest.raises(NotFoundError):
            ask()
    with pytest.raises(ForbiddenError):
        usecases.versions.open(opened, "team", by="cora")
