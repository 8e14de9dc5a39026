"""You have met this before: what was promised then and whether it was done, on each kind of database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.promises.promise import Evidence
from amends.store import recurring as rows

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

TITLE = "Checkout rejects cards since the deploy"
ALERT = Evidence("alert", "cards-rejected at 14:03")


def opened(usecases: UseCases, title: str = TITLE, **more: object) -> Incident:
    return usecases.incidents.open(title, severity="SEV2", **more)  # type: ignore[arg-type]  # as `open` takes them


@pytest.fixture
def earlier(usecases: UseCases, clock: FixedClock) -> Incident:
    """An incident of some months ago, of which the cause is known; one thing that was promised is done, one is not."""
    one = opened(usecases, "Checkout rejects all cards")
    usecases.recording.fact(one.id, "cause", "The deploy of the payment form dropped the currency")
    done = usecases.acting.propose(one.id, "Refuse a deploy without a currency", kind="test")
    usecases.acting.accept(done.item.id, helps_when="a deploy without one is red", person="Bo")
    usecases.acting.propose(one.id, "Page when a third of the cards is rejected", kind="alert")
    clock.advance(days=5)
    usecases.acting.done(done.item.id, evidence=Evidence("commit", "4f2c1ab"))
    clock.advance(days=95)
    return one


def test_on_opening_what_was_met_before_is_known_with_what_was_promised_and_whether_it_was_done(
    usecases: UseCases, earlier: Incident
) -> None:
    new = opened(usecases)
    with usecases.store.reading() as connection:
        assert [one.other_id for one, _ in rows.matches_of(connection, new.id)] == [earlier.id], "found when it was opened"

    told = usecases.recurring.met_before(new.id)

    (met,) = told.same
    assert met.incident.id == earlier.id
    assert met.match is not None
    reasons = [one.text for one in met.match.reasons]
    assert reasons[:3] == ["same component: checkout", "same category: a release defect", "same trigger: a release"]
    assert [(one.prevention.words, one.prevention.told, one.held) for one in met.guarded] == [
        ("Refuse a deploy without a currency", "done", "did-not-hold"),
        ("Page when a third of the cards is rejected", "nobody took it on", "not-there"),
    ]
    assert met.guarded[0].text == "the failure came back once after it was done"
    assert (told.times, told.days, met.kept) == (2, 100, (1, 2))


@pytest.mark.usefixtures("earlier")
def test_what_has_nothing_to_do_with_it_is_new(usecases: UseCases) -> None:
    told = usecases.recurring.met_before(opened(usecases, "VPN of the second office is down").id)

    assert (told.same, told.related, told.to_judge) == ((), (), ())


def test_what_people_find_out_later_is_looked_at_again(usecases: UseCases, earlier: Incident) -> None:
    new = opened(usecases, "Shop looks empty")
    assert usecases.recurring.met_before(new.id).same == ()

    usecases.recording.fact(new.id, "cause", "The deploy of the payment form dropped the currency of checkout")

    assert [one.incident.id for one in usecases.recurring.met_before(new.id).same] == [earlier.id]


def test_what_came_from_elsewhere_is_looked_at_when_somebody_asks_for_all(usecases: UseCases, earlier: Incident) -> None:
    with usecases.store.writing() as connection:
        usecases.incidents.open_within(connection, TITLE)
    assert usecases.recurring.guardrails(incident_id=earlier.id)[0].guarded[0].held == "untried"

    assert usecases.recurring.look_again() == 2

    assert usecases.recurring.guardrails(incident_id=earlier.id)[0].guarded[0].held == "did-not-hold"


def test_a_private_incident_is_told_to_nobody_who_may_not_see_it_not_even_as_a_number(usecases: UseCases, clock: FixedClock) -> None:
    for name, role in (("olga", "owner"), ("rob", "responder")):
        usecases.people.add(name, role=role, by="olga")
    hidden = opened(usecases, "Checkout rejects all cards since the deploy", private=True, by="olga")
    clock.advance(days=30)
    new = opened(usecases, by="rob")

    for_rob, for_olga = (usecases.recurring.met_before(new.id, by=by) for by in ("rob", "olga"))

    assert [one.incident.id for one in for_olga.same] == [hidden.id]
    assert (for_rob.same, for_rob.related, for_rob.to_judge, for_rob.times) == ((), (), (), 1)
    with pytest.raises(ConflictError):  # it would stand in a record that others read
        usecases.recurring.judge(new.id, hidden.id, "repeat", by="olga")
    with pytest.raises(NotFoundError):
        usecases.recurring.judge(new.id, hidden.id, "new", by="rob")


def test_a_judgement_of_an_incident_that_became_private_is_told_to_nobody_else(usecases: UseCases, earlier: Incident) -> None:
    for name, role in (("olga", "owner"), ("rob", "responder")):
        usecases.people.add(name, role=role, by="olga")
    new = opened(usecases, by="rob")
    usecases.recurring.judge(new.id, earlier.id, "repeat", by="rob")
    usecases.incidents.set_private(earlier.id, private=True, by="olga")

    told = usecases.recurring.met_before(new.id, by="rob")

    assert (told.same, told.judged, told.times) == ((), (), 1)
    assert [[one.record.judged for one in usecases.recurring.records(by=by)] for by in ("rob", "olga")] == [[0, 0], [1, 0]]


def test_words_that_were_erased_are_gone_from_what_was_found(usecases: UseCases, earlier: Incident) -> None:
    new = opened(usecases)
    fact = usecases.recording.fact(new.id, "cause", "Wanda Zyx dropped the currency of the payment form")
    usecases.recurring.met_before(new.id)

    usecases.erasing.erase(f"event/{fact.id}", "asked for by who it is about")

    for _ in range(2):  # what is kept, and what is found anew
        with usecases.store.reading() as connection:
            assert "Zyx" not in str(rows.matches_of(connection, new.id))
        assert [one.incident.id for one in usecases.recurring.met_before(new.id).same] == [earlier.id]


def test_in_shadow_matches_are_kept_told_to_nobody_and_judged_at_the_review(usecases: UseCases, earlier: Incident) -> None:
    usecases.recurring.set_mode("shadow")
    new = opened(usecases)

    before = usecases.recurring.met_before(new.id)
    assert (before.same, before.related, before.to_judge) == ((), (), ())
    usecases.incidents.change_status(new.id, "resolved", reason="a test")
    at_review = usecases.recurring.met_before(new.id)
    assert ([one.incident.id for one in at_review.to_judge], at_review.same) == ([earlier.id], ())

    judged = usecases.recurring.judge(new.id, earlier.id, "repeat", why="the same form, the same field")

    assert ([one.incident.id for one in judged.same], judged.to_judge) == ([earlier.id], ())
    met, _ = usecases.recurring.records()
    assert (met.record.judged, met.record.right, met.record.shadow) == (1, 1, 1)
    assert met.share is not None
    assert met.share.low > 0.14  # one of one still allows a third, and more


def test_a_judgement_whose_words_were_erased_still_counts(usecases: UseCases, earlier: Incident) -> None:
    new = opened(usecases)
    told = usecases.recurring.judge(new.id, earlier.id, "repeat", why="Wanda Zyx said so")
    (judged,) = (one.judgement for one in told.judged)
    assert judged is not None

    usecases.erasing.erase(f"judgement/{judged.id}", "asked for by who it is about")

    (met,) = usecases.recurring.met_before(new.id).same
    assert met.judgement is not None
    assert (met.judgement.verdict, "Zyx" in (met.judgement.why or "")) == ("repeat", False)


def test_a_judgement_counts_more_than_the_program_and_the_last_one_counts(usecases: UseCases, earlier: Incident) -> None:
    new, recurring = opened(usecases), usecases.recurring
    seen = usecases.journal.entries()[-1].seq

    recurring.judge(new.id, earlier.id, "repeat")
    told = recurring.judge(new.id, earlier.id, "new", why="another form")
    recurring.judge(new.id, earlier.id, "new", why="another form")  # once more, as a browser does

    assert (told.same, told.related) == ((), ())
    assert [one.judgement.verdict for one in told.judged if one.judgement] == ["new"]
    assert [one.what for one in usecases.journal.entries(after=seen)] == ["recurrence.judged"] * 2
    guarded = recurring.guardrails(incident_id=earlier.id)[0].guarded
    assert guarded[0].held == "untried", "what is no repeat does not speak against the guardrail"
    with pytest.raises(ConflictError, match="only be an earlier one again"):
        recurring.judge(earlier.id, new.id, "repeat")
    with pytest.raises(ConflictError, match="the incident itself"):
        recurring.judge(new.id, new.id, "repeat")
    with pytest.raises(UnknownNameError):
        recurring.judge(new.id, earlier.id, "maybe")


def test_what_is_declared_of_an_incident_takes_the_place_of_what_its_words_say(usecases: UseCases) -> None:
    one = opened(usecases)
    told = usecases.recurring.declare(one.id, category="hardware", component=" Night  jar, cart")

    assert [(trait.part, trait.value, trait.source) for trait in told.fingerprint.traits] == [
        ("category", "hardware", "declared"),
        ("component", "night jar", "declared"),
        ("component", "cart", "declared"),
        ("trigger", "release", "title"),
    ]
    assert usecases.recurring.declare(one.id, component="").fingerprint.of("component")[0].source == "title"
    assert usecases.recurring.declare(one.id, trigger="load").fingerprint.category == "hardware", "the other parts stay"
    entries = len(usecases.journal.entries())
    usecases.recurring.declare(one.id, trigger="load")
    assert len(usecases.journal.entries()) == entries, "saying the same again changes nothing"
    with pytest.raises(UnknownNameError):
        usecases.recurring.declare(one.id, category="bad luck")
    declared = usecases.recurring.declare(one.id, component="Wanda Zyx").declared
    assert declared is not None
    usecases.erasing.erase(f"fingerprint/{declared.id}", "asked for by who it is about")
    assert [trait.value for trait in usecases.recurring.met_before(one.id).fingerprint.of("component")] == ["checkout"]


def test_a_guardrail_is_told_to_have_fired_by_evidence_once_and_can_be_taken_back(usecases: UseCases, earlier: Incident) -> None:
    recurring = usecases.recurring
    (guarded, *_) = recurring.guardrails()[0].guarded
    name = ("action", guarded.prevention.id)
    assert guarded.held == "untried"

    recurring.tell_guardrail(earlier.id, *name, "fired", evidence=ALERT, once="A" * 26)
    (told, *_) = recurring.tell_guardrail(earlier.id, *name, "fired", evidence=ALERT, once="A" * 26).guarded  # a browser tries again
    assert (told.held, told.text, len(told.events)) == ("held", "it stood in the way once", 1)
    (undone, *_) = recurring.undo_guardrail(told.events[0].id).guarded
    assert (undone.held, undone.events) == ("untried", ())

    with pytest.raises(InputError):
        recurring.tell_guardrail(earlier.id, *name, "fired")
    with pytest.raises(InputError, match="not in place yet"):
        recurring.tell_guardrail(earlier.id, *name, "fired", at=earlier.started_at, evidence=ALERT)
    with pytest.raises(NotFoundError):
        recurring.tell_guardrail(earlier.id, *name, "missed", evidence=Evidence("incident", "NOSUCH"))
    with pytest.raises(InputError, match="not in place yet"):  # its own incident did not come in spite of it
        recurring.tell_guardrail(earlier.id, *name, "missed", evidence=Evidence("incident", earlier.id))
    (_, idea) = recurring.guardrails()[0].guarded
    with pytest.raises(ConflictError, match="nobody took it on"):
        recurring.tell_guardrail(earlier.id, "action", idea.prevention.id, "fired", evidence=ALERT)
    (_, would) = recurring.tell_guardrail(earlier.id, "action", idea.prevention.id, "would-have", evidence=ALERT).guarded
    assert (would.held, len(would.events)) == ("not-there", 1), "a look back shows that it would have, where it was there"
    with pytest.raises(NotFoundError):
        recurring.tell_guardrail(earlier.id, "commit", "nothing", "fired", evidence=ALERT)
    with pytest.raises(ConflictError):
        recurring.undo_guardrail(told.events[0].id)


def test_a_year_ago_today_is_told_in_the_zone_of_who_reads(usecases: UseCases, clock: FixedClock) -> None:
    then = opened(usecases, started_at=clock.now() - timedelta(days=1))
    clock.advance(days=364)

    (told,) = usecases.recurring.on_this_day(tz="Pacific/Kiritimati")
    assert (told.years, told.incident.id) == (1, then.id)
    clock.advance(days=2)
    assert usecases.recurring.on_this_day() == ()


def test_categories_that_repeat_are_told_with_their_exposure(usecases: UseCases, clock: FixedClock) -> None:
    for title in ("The disk of the orders database is full", "VPN is down", "The API ran out of connections"):
        opened(usecases, title)
        clock.advance(days=20)

    (found,) = usecases.recurring.repeats()
    assert (found.category, found.text) == ("capacity", "2 incidents in 60 days")


@pytest.mark.usefixtures("earlier")
def test_a_store_that_fails_while_matches_are_looked_for_does_not_fail_the_opening(
    usecases: UseCases, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("amends.usecases.recurring.found_for", fails)

    assert opened(usecases).title == TITLE
    assert "was not found" in caplog.text


def test_readers_look_and_do_not_judge_and_only_owners_choose_the_mode(usecases: UseCases, earlier: Incident) -> None:
    for name, role in (("olga", "owner"), ("rob", "responder"), ("rea", "reader")):
        usecases.people.add(name, role=role, by="olga")
    new = opened(usecases, by="rob")

    assert usecases.recurring.met_before(new.id, by="rea").times == 2
    with pytest.raises(ForbiddenError):
        usecases.recurring.judge(new.id, earlier.id, "repeat", by="rea")
    with pytest.raises(ForbiddenError):
        usecases.recurring.set_mode("off", by="rob")
    usecases.recurring.set_mode("off", by="olga")
    assert usecases.recurring.met_before(new.id, by="rob").same == ()


def test_a_repeat_is_counted_for_who_may_see_both_incidents_and_as_people_judged_it(
    usecases: UseCases, earlier: Incident, clock: FixedClock
) -> None:
    def repeats(by: str) -> str:
        return usecases.insights.over("month", by=by).metrics[0].figures[-1].says

    for name, role in (("olga", "owner"), ("rob", "responder")):
        usecases.people.add(name, role=role, by="olga")
    new = opened(usecases, by="olga")
    clock.advance(hours=1)
    one, none = "1 of 1 incidents repeated one before", "0 of 1 incidents repeated one before"
    assert (repeats("olga"), repeats("rob")) == (one, one)

    usecases.incidents.set_private(earlier.id, private=True, by="olga")
    assert (repeats("olga"), repeats("rob")) == (one, none)

    usecases.incidents.set_private(earlier.id, private=False, by="olga")
    usecases.recurring.judge(new.id, earlier.id, "new", by="olga")
    assert (repeats("olga"), repeats("rob")) == (none, none)
