"""The account of an incident: what is stated stays in all revisions, what is cited decides how it stands, nobody undoes another unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.core.incident import SentMessage
from amends.incidents.stale import StaleError
from amends.narrative.account import Evidence, Point
from amends.testing import START
from amends.usecases.given import id_once

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases
    from amends.usecases.narrating import Narrating


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout is down").id


@pytest.fixture
def narrating(usecases: UseCases) -> Narrating:
    return usecases.narrating


def test_a_claim_has_its_words_its_time_and_stands_as_unsupported(narrating: Narrating, incident: str) -> None:
    stated = narrating.state(incident, "claim", "  Payments failed ", kind="fact", at=START - timedelta(minutes=8), by="ana")
    assert (stated.point.text, stated.point.kind, stated.point.by) == ("Payments failed", "fact", "ana")
    assert (stated.point.at, stated.point.recorded_at) == (START - timedelta(minutes=8), START)
    assert (stated.support.status, stated.before) == ("unsupported", ())
    assert narrating.get(incident).points == (stated,)


def test_what_is_missing_or_means_nothing_in_a_part_is_refused_by_its_field(narrating: Narrating, incident: str) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"part": "claim", "text": "an alert rang", "kind": "signal"}, "who"),
        ({"part": "claim", "text": "payments failed", "kind": "number"}, "value"),
        ({"part": "claim", "text": "payments failed", "kind": "fact", "value": "12"}, "value"),
        ({"part": "position", "text": "it was the network"}, "of"),
        ({"part": "position", "text": "it was the network", "of": "NOBODY"}, "of"),
        ({"part": "well", "text": "the rollback", "kind": "fact"}, "kind"),
        ({"part": "luck", "text": "it was night", "who": "ana"}, "who"),
        ({"part": "question", "text": "  "}, "text"),
        ({"part": "claim", "text": "it is", "kind": "fact", "at": START + timedelta(hours=1)}, "at"),
    ]
    for given, field in refused:
        with pytest.raises(InputError) as caught:
            narrating.state(incident, given.pop("part"), given.pop("text"), **given)
        assert caught.value.field == field
    for part, kind in (("tale", None), ("claim", None), ("claim", "rumour"), ("condition", "fact")):
        with pytest.raises(UnknownNameError):
            narrating.state(incident, part, "words", kind=kind)
    assert narrating.get(incident).points == ()


def test_a_revision_takes_the_place_of_a_point_and_the_former_stays_readable(narrating: Narrating, incident: str) -> None:
    first = narrating.state(incident, "claim", "failed", kind="number", value="40 payments", by="ana")
    second = narrating.revise(incident, first.item, based_on=first.point.id, value="258 payments", by="ben")
    assert (second.item, second.point.text, second.point.value, second.point.by) == (first.item, "failed", "258 payments", "ben")
    assert second.before == (first.point,)
    assert narrating.revise(incident, first.item, based_on=second.point.id, value="258 payments").point == second.point


def test_the_second_of_two_who_revise_the_same_point_is_told_what_stands_and_keeps_their_words(narrating: Narrating, incident: str) -> None:
    first = narrating.state(incident, "claim", "the deploy", kind="cause").point
    newer = narrating.revise(incident, first.item, based_on=first.id, text="the pool", by="ana").point
    with pytest.raises(StaleError) as caught:
        narrating.revise(incident, first.item, based_on=first.id, text="the network", by="ben")
    assert (caught.value.current, caught.value.refused) == (newer, "the network")
    assert narrating.revise(incident, first.item, based_on=first.id, text="the pool", by="ana").point == newer, "a retry is no news"
    with pytest.raises(NotFoundError):
        narrating.revise(incident, first.item, based_on="NOSUCH", text="the network")


def test_an_empty_text_takes_a_field_away_and_a_needed_one_cannot_be(narrating: Narrating, incident: str) -> None:
    decided = narrating.state(incident, "claim", "we waited", kind="decision", because="the graph looked flat").point
    assert narrating.revise(incident, decided.item, based_on=decided.id, because="").point.because is None
    seen = narrating.state(incident, "claim", "errors rose", kind="signal", who="Ana").point
    with pytest.raises(InputError, match="who saw it"):
        narrating.revise(incident, seen.item, based_on=seen.id, who=" ")


def test_what_is_withdrawn_stays_in_the_history_and_a_revision_brings_it_back(narrating: Narrating, incident: str) -> None:
    point = narrating.state(incident, "well", "the rollback took a minute").point
    gone = narrating.withdraw(incident, point.item, based_on=point.id)
    account = narrating.get(incident)
    assert (account.points, account.withdrawn) == ((), (gone,))
    assert narrating.withdraw(incident, point.item, based_on=point.id) == gone
    back = narrating.revise(incident, point.item, based_on=gone.point.id)
    assert (back.point.text, [one.what for one in back.before]) == (point.text, ["written", "withdrawn"])


def test_a_disagreement_goes_with_its_positions_and_is_open_until_it_is_closed(narrating: Narrating, incident: str) -> None:
    split = narrating.state(incident, "disagreement", "Was the alert late?")
    side = narrating.state(incident, "position", "It rang at once", of=split.item, who="Ana")
    assert split.is_open
    closed = narrating.revise(incident, split.item, based_on=split.point.id, answer="The log shows 10:42.")
    assert not closed.is_open
    assert narrating.revise(incident, split.item, based_on=closed.point.id, answer="").is_open
    newest = narrating.get(incident).get(split.item)
    assert newest is not None
    narrating.withdraw(incident, split.item, based_on=newest.point.id)
    assert {one.item for one in narrating.get(incident).withdrawn} == {split.item, side.item}


def test_what_went_badly_is_answered_by_an_action_item_of_the_incident(usecases: UseCases, narrating: Narrating, incident: str) -> None:
    badly = narrating.state(incident, "badly", "nobody was paged").point
    with pytest.raises(InputError) as caught:
        narrating.revise(incident, badly.item, based_on=badly.id, answer="NOSUCH")
    assert caught.value.field == "answer"
    action = usecases.acting.propose(incident, "Page on failed payments", kind="alert").item.id
    assert narrating.revise(incident, badly.item, based_on=badly.id, answer=action).point.answer == action


def test_a_claim_is_made_of_an_entry_with_its_text_time_and_citation_and_only_once(usecases: UseCases, incident: str) -> None:
    added = usecases.timelines.add(incident, START - timedelta(minutes=5), "the shop called", actor="Ben")
    (claim,) = usecases.narrating.choose(incident, [added.id], by="ana")
    assert (claim.point.kind, claim.point.text, claim.point.at) == ("fact", "the shop called", START - timedelta(minutes=5))
    (cited,) = claim.evidence
    assert (cited.ref, cited.quote, cited.entry_kind, cited.source) == (added.id, "the shop called", "other", "person:Ben")
    assert claim.support.status == "likely"
    assert usecases.narrating.choose(incident, [added.id, added.id], kind="signal") == (claim,)
    narrating = usecases.narrating
    narrating.withdraw(incident, claim.item, based_on=claim.point.id)
    (signal,) = narrating.choose(incident, [added.id], kind="signal")
    assert (signal.point.kind, signal.point.who) == ("signal", "Ben")
    with pytest.raises(InputError):
        narrating.choose(incident, [usecases.timelines.add(incident, START, "12 failed").id], kind="number")
    with pytest.raises(NotFoundError):
        narrating.choose(incident, ["NOSUCH"])


def test_what_is_cited_decides_how_a_point_stands_until_it_is_taken_back(narrating: Narrating, incident: str) -> None:
    item = narrating.state(incident, "claim", "twelve cards were charged twice", kind="fact").item
    assert narrating.cite(incident, item, "person", text="I counted them", by="ana").support.status == "likely"
    assert narrating.cite(incident, item, "person", text="So did I", by="ana").support.status == "likely", "one person is one source"
    stated = narrating.cite(incident, item, "person", text="Ben: I counted them too", by="ana")
    assert stated.support.status == "confirmed"
    assert narrating.cite(incident, item, "person", text="Ben: I counted them too", by="cem") == stated, "the same twice is one"
    against = narrating.cite(incident, item, "measure", text="charges without an order, by SQL: 11", stance="contradicts")
    assert against.support.status == "inconclusive"
    back = narrating.uncite(incident, against.evidence[-1].id)
    assert back.support.status == "confirmed"
    with pytest.raises(ConflictError):
        narrating.uncite(incident, against.evidence[-1].id)


def test_a_message_is_cited_by_words_that_stand_in_it(usecases: UseCases, narrating: Narrating, incident: str) -> None:
    sent = usecases.messaging.record("We rolled back at 10:40.\nAll is well.", form="status-update", incident_id=incident, by="ana")
    item = narrating.state(incident, "claim", "the rollback was at 10:40", kind="fact").item
    with pytest.raises(InputError, match="do not stand there"):
        narrating.cite(incident, item, "message", ref=sent.id, text="We rolled back at 10:20")
    (cited,) = narrating.cite(incident, item, "message", ref=sent.id, text="We rolled back at 10:40").evidence
    behind = narrating.behind(incident, cited.id)
    assert isinstance(behind, SentMessage)
    assert behind.id == sent.id
    elsewhere = usecases.incidents.open("Another one").id
    other = narrating.state(elsewhere, "claim", "words", kind="fact").item
    with pytest.raises(NotFoundError):
        narrating.cite(elsewhere, other, "message", ref=sent.id)


def test_a_citation_in_words_has_nothing_behind_it_and_what_is_needed_is_asked_for(narrating: Narrating, incident: str) -> None:
    item = narrating.state(incident, "claim", "words", kind="fact").item
    (cited,) = narrating.cite(incident, item, "measure", text="by SQL: 11").evidence
    with pytest.raises(NotFoundError, match="cited in words"):
        narrating.behind(incident, cited.id)
    for kind, field in (("entry", "ref"), ("message", "ref"), ("measure", "text"), ("person", "text")):
        with pytest.raises(InputError) as caught:
            narrating.cite(incident, item, kind)
        assert caught.value.field == field
    with pytest.raises(UnknownNameError):
        narrating.cite(incident, item, "rumour", text="they say")


def test_the_history_is_everything_that_was_written_oldest_first(narrating: Narrating, incident: str, clock: FixedClock) -> None:
    point = narrating.state(incident, "claim", "one", kind="fact", by="ana").point
    clock.advance(minutes=1)
    cited = narrating.cite(incident, point.item, "person", text="I saw it", by="ben").evidence[0]
    narrating.uncite(incident, cited.id, by="ben")
    narrating.withdraw(incident, point.item, based_on=point.id, by="ana")
    told = narrating.history(incident)
    assert [type(one) for one in told] == [Point, Evidence, Evidence, Point]
    assert [one.by for one in told] == ["ana", "ben", "ben", "ana"]


def test_of_many_who_revise_one_point_at_once_one_is_taken_and_the_others_are_told(narrating: Narrating, incident: str) -> None:
    first = narrating.state(incident, "question", "who knew?").point

    def revise(number: int) -> str | None:
        try:
            narrating.revise(incident, first.item, based_on=first.id, text=f"who knew {number}?", by=f"p{number}")
        except StaleError as error:
            return error.refused
        return None

    with ThreadPoolExecutor(4) as pool:
        refused = [one for one in pool.map(revise, range(8)) if one is not None]
    stated = narrating.meant(first.item)
    assert (len(refused), len(stated.before)) == (7, 1)
    assert stated.point.text not in refused


def test_whoever_watches_the_incident_sees_that_its_account_changed(usecases: UseCases, incident: str) -> None:
    seen, _ = usecases.watching.begin(incident)
    usecases.narrating.state(incident, "luck", "it was night")
    assert usecases.watching.since(seen).about == {incident: frozenset({f"incident/{incident}"})}


def test_a_second_try_with_the_same_key_writes_nothing_new(narrating: Narrating, incident: str) -> None:
    key = id_once("k", b"one", incident)
    first = narrating.state(incident, "luck", "it was night", once=key)
    assert narrating.state(incident, "luck", "it was night", once=key) == first
    with pytest.raises(InputError):
        narrating.state(incident, "luck", "it was noon", once=id_once("k", b"two", incident))
    assert len(narrating.get(incident).points) == 1


def test_a_point_and_a_citation_are_meant_by_the_end_of_their_ids(narrating: Narrating, incident: str) -> None:
    stated = narrating.state(incident, "luck", "it was night")
    cited = narrating.cite(incident, stated.item, "person", text="I was there").evidence[0]
    assert narrating.meant(stated.item[-6:]).item == stated.item
    assert narrating.citation_meant(cited.id[-6:]) == cited
    with pytest.raises(NotFoundError):
        narrating.meant("ZZZZZZ")


def test_who_may_not_see_a_private_incident_finds_no_account_and_a_reader_writes_none(usecases: UseCases) -> None:
    usecases.people.add("anna", "owner")
    for name, role in (("ben", "responder"), ("cora", "reader")):
        usecases.people.add(name, role, by="anna")
    private = usecases.incidents.open("Private", private=True, by="anna").id
    opened = usecases.incidents.open("Open", by="anna").id
    item = usecases.narrating.state(private, "luck", "it was night", by="anna").item
    for ask in (
        lambda: usecases.narrating.get(private, by="ben"),
        lambda: usecases.narrating.history(private, by="ben"),
        lambda: usecases.narrating.meant(item[-6:], by="ben"),
        lambda: usecases.narrating.state(private, "luck", "words", by="ben"),
        lambda: usecases.narrating.cite(private, item, "person", text="words", by="ben"),
        lambda: usecases.narrating.withdraw(private, item, based_on=item, by="ben"),
    ):
        with pytest.raises(NotFoundError):
            ask()
    with pytest.raises(ForbiddenError):
        usecases.narrating.state(opened, "luck", "words", by="cora")


def written_down(usecases: UseCases, incident: str) -> dict[str, str]:
    """Something of each sort that the account can begin with; the ids."""
    recording = usecases.recording
    sent = usecases.messaging.send(
        usecases.drafting.new("Payments fail since 10:42.", "status-update", "customers", incident_id=incident).id
    )
    entry = usecases.timelines.add(incident, START - timedelta(minutes=6), "The pool was raised to 40", by="ana")
    return {
        "impact": recording.fact(incident, "impact", "shops could not take cards", at=START - timedelta(minutes=7), by="ana").id,
        "number": recording.fact(incident, "number", "payments failed", value="258 of 831").id,
        "question": recording.fact(incident, "question", "Do we refund at once?").id,
        "detected": recording.milestone(incident, "detected", START - timedelta(minutes=5), value="others", by="ben").id,
        "message": sent.id,
        "entry": entry.id,
    }


def test_the_account_begins_with_what_was_written_down_and_cites_where_it_stands(
    usecases: UseCases, narrating: Narrating, incident: str
) -> None:
    ids = written_down(usecases, incident)
    proposed = narrating.recorded(incident)
    assert {one.id for one in proposed} == set(ids.values())
    assert all(one.item is None for one in proposed)
    made = {one.evidence[0].ref: one for one in narrating.begin(incident, [one.id for one in proposed], by="mara")}
    impact, number = made[ids["impact"]], made[ids["number"]]
    assert (impact.point.kind, impact.point.text, impact.point.at) == (
        "effect",
        "Shops could not take cards.",
        START - timedelta(minutes=7),
    )
    assert (impact.evidence[0].kind, impact.evidence[0].source, impact.support.status) == ("person", "person:ana", "likely")
    assert (number.point.kind, number.point.value, number.point.at) == ("number", "258 of 831", None), "written now is not happened now"
    assert made[ids["question"]].point.part == "question"
    assert made[ids["detected"]].point.text == "Others told us of it."
    assert made[ids["message"]].evidence[0].kind == "message"
    assert made[ids["entry"]].evidence[0].kind == "entry"
    assert {one.point.by for one in made.values()} == {"mara"}


def test_nothing_is_copied_that_the_account_holds_already(usecases: UseCases, narrating: Narrating, incident: str) -> None:
    ids = written_down(usecases, incident)
    typed = narrating.state(incident, "claim", "Shops could not take  cards", kind="effect")
    assert next(one.item for one in narrating.recorded(incident) if one.id == ids["impact"]) == typed.item, "the same words are there"
    first = narrating.begin(incident, [ids["entry"], ids["impact"], ids["entry"]])
    assert [one.item for one in first] == [first[0].item, typed.item]
    assert narrating.begin(incident, [ids["entry"]])[0].item == first[0].item
    assert len(narrating.get(incident).points) == 2
    narrating.withdraw(incident, first[0].item, based_on=first[0].point.id)
    gone = next(one for one in narrating.recorded(incident) if one.id == ids["entry"])
    assert (gone.item, gone.gone) == (None, True), "taken back by somebody, so it is offered and says so"
    with pytest.raises(NotFoundError):
        narrating.begin(incident, [ids["number"], "NOSUCH"])
    assert all(one.point.kind != "number" for one in narrating.get(incident).points), "all of it or nothing"


def test_what_no_longer_holds_is_not_offered(usecases: UseCases, narrating: Narrating, incident: str) -> None:
    ids = written_down(usecases, incident)
    better = usecases.recording.fact(incident, "number", "payments failed", value="260 of 831", replaces=ids["number"])
    usecases.recording.withdraw(incident, ids["impact"])
    usecases.timelines.hide(incident, ids["entry"])
    names = {one.id for one in narrating.recorded(incident)}
    assert better.id in names
    assert not names & {ids["number"], ids["impact"], ids["entry"]}


def test_the_word_of_who_wrote_a_fact_down_is_cited_by_the_fact(usecases: UseCases, narrating: Narrating, incident: str) -> None:
    fact = usecases.recording.fact(incident, "happened", "the pool ran out", by="ana")
    claim = narrating.state(incident, "claim", "Connections ran out", kind="cause")
    (cited,) = narrating.cite(incident, claim.item, "person", ref=fact.id, by="ben").evidence
    assert (cited.ref, cited.text, cited.source) == (fact.id, "The pool ran out.", "person:ana")
    opened = usecases.recording.events(incident)[0]
    with pytest.raises(InputError, match="nothing that somebody said"):
        narrating.cite(incident, claim.item, "person", ref=opened.id)
