"""Trust repaired on evidence: the map, the repairs tied to it, and the two looks back; on each kind of database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from amends.core.paper import texts
from amends.promises.promise import Evidence
from amends.promises.reminding import Plan
from amends.trust.review import QUESTIONS
from amends.usecases.reminded import everything

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.store.engine import Store
    from amends.testing import FixedClock
    from amends.trust.breakmap import TrustBreak
    from amends.trust.review import TrustReview
    from amends.usecases.facade import UseCases

UNCERTAIN = "You will know within 5 minutes if payments fail"
FEAR = "That we hear it from our own customers again."
UNKEPT: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
    ({"kind": "feelings"}, UnknownNameError, "kind of trust break"),
    ({"whose": " "}, InputError, "whose trust it was"),
    ({"fear": "x" * 501}, InputError, "500"),
)
UNTIED: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
    ({"kind": "other"}, InputError, "a reason must not be empty"),
    ({"kind": "apology"}, UnknownNameError, "kind of repair"),
    ({"breaks": []}, InputError, "at least one broken trust"),
    ({"breaks": ["0"]}, InputError, "no broken trust"),
    ({"uncertainty": "Trust in the status page is restored"}, InputError, "not ours to say"),
)
REFERS_TO_NOTHING: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
    ({"kind": "unknown"}, InputError, "when they were asked"),
    ({"kind": "person", "ref": "Ines", "text": "They ask twice."}, InputError, "when they said it"),
    ({"kind": "document", "text": "The runbook"}, InputError, "reference"),
    ({"kind": "link", "ref": "https://wiki.example/x", "text": ""}, InputError, "in a line"),
    ({"kind": "link", "ref": "javascript:alert(1)", "text": "Step 3"}, InputError, "no address"),
    ({"kind": "action", "ref": "nothing", "text": "An alert"}, NotFoundError, "no action"),
    ({"kind": "link", "ref": "https://wiki.example/x", "text": "Trust has been restored"}, InputError, "not ours to say"),
)
MEASURE = Evidence("measure", "you heard first in 2 of 3 failures")


@pytest.fixture
def live(usecases: UseCases) -> Incident:
    """Still going on, and one group was hit."""
    made = usecases.incidents.open("Payments were charged twice", severity="SEV1")
    usecases.involving.add_stakeholder(made.id, "Payments partners", audience="partner")
    return made


@pytest.fixture
def incident(usecases: UseCases, live: Incident) -> Incident:
    return usecases.incidents.change_status(live.id, "monitoring")


@pytest.fixture
def broken(usecases: UseCases, live: Incident) -> TrustBreak:
    return usecases.repairing.add_break(
        live.id, "They do not believe our status page.", whose="Payments partners", subject="behaviour", direction="outward",
        kind="honesty", fear=FEAR, heard_from="Ines of Payments",
    )  # fmt: skip


def repair(usecases: UseCases, incident: Incident, broken: TrustBreak, **changed: Any) -> str:
    """The id of an action item that was tied to a break."""
    given: dict[str, Any] = {
        "item_kind": "monitoring", "kind": "misleading-status", "breaks": [broken.item], "uncertainty": UNCERTAIN,
        "visible": "the error rate stands on the public status page",
    }  # fmt: skip
    made = usecases.repairing.propose(incident.id, "Publish the error rate as it is", **{**given, **changed})
    return made.action.action_id


def answered(usecases: UseCases, incident: Incident, which: str, clock: FixedClock) -> None:
    """Every question of a review, by asking somebody who has not answered yet."""
    for question in QUESTIONS:
        usecases.trust_reviews.answer(incident.id, which, question, kind="unknown", asked="Ines of Payments", asked_at=clock.now())


def codes(usecases: UseCases, incident: Incident) -> set[str]:
    board = usecases.repairing.board(incident.id)
    return {one.code for one in (*board.map_lacks, *board.repairs_lack)}


# The map


def test_a_break_on_the_map_is_a_point_of_the_account(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    (point,) = usecases.narrating.get(incident.id).of("trust-break")

    assert (point.item, point.point.who) == (broken.item, "Payments partners")
    assert broken.placed is not None
    assert (broken.placed.state, broken.placed.fear, broken.placed.kind) == ("heard", FEAR, "honesty")


def test_a_break_of_the_account_stands_on_the_map_before_anybody_placed_it(usecases: UseCases, incident: Incident) -> None:
    stated = usecases.narrating.state(incident.id, "trust-break", "The night shift was not told.", who="night shift")

    assert usecases.repairing.board(incident.id).map.breaks[0].placed is None
    assert "not-placed" in codes(usecases, incident)
    placed = usecases.repairing.place(incident.id, stated.item, subject="behaviour", direction="inside", kind="care", asked="Bo")
    assert placed.placed is not None
    assert (placed.whose, placed.placed.state) == ("night shift", "asked")
    assert "not-placed" not in codes(usecases, incident)


def test_what_is_not_said_again_stays_and_an_empty_text_takes_it_away(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    moved = usecases.repairing.place(incident.id, broken.item, kind="care")
    assert moved.placed is not None
    assert (moved.placed.kind, moved.placed.fear, moved.placed.heard_from) == ("care", FEAR, "Ines of Payments")

    unsaid = usecases.repairing.place(incident.id, broken.item, heard_from="")

    assert unsaid.placed is not None
    assert (unsaid.placed.heard_from, unsaid.placed.heard_at, unsaid.placed.fear) == (None, None, FEAR)
    assert "fear-unsaid" in codes(usecases, incident), "a fear that nobody said is an assertion"


def test_a_break_that_is_written_twice_is_remarked_and_names_the_other(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    twice: dict[str, Any] = {"whose": "payments  Partners", "kind": "honesty"}
    again = usecases.repairing.add_break(incident.id, "They do not believe our status page any more", **twice)
    found = [one for one in usecases.repairing.board(incident.id).map_lacks if one.code == "written-twice"]
    assert [(one.item, broken.text.rstrip(".") in one.message) for one in found] == [(again.item, True)], "the second one, and only it"
    for other in ({"kind": "care"}, {"whose": "support"}):
        usecases.repairing.place(incident.id, again.item, **other)  # other people, or another doubt
        assert "written-twice" not in codes(usecases, incident)
        usecases.repairing.place(incident.id, again.item, **twice)
    usecases.repairing.add_break(incident.id, "They check each of our numbers by hand.", **twice)
    assert len([one for one in usecases.repairing.board(incident.id).map_lacks if one.code == "written-twice"]) == 1
    usecases.repairing.withdraw_break(incident.id, again.item, why="it stands there already")
    assert "written-twice" not in codes(usecases, incident)


def test_a_wrong_row_is_taken_back_with_its_reason_counts_nowhere_and_comes_back(
    usecases: UseCases, incident: Incident, broken: TrustBreak, clock: FixedClock
) -> None:
    usecases.repairing.add_break(incident.id, "They ask each time.", whose="support", direction="upward")
    repair(usecases, incident, broken)
    clock.advance(minutes=1)
    board = usecases.repairing.withdraw_break(incident.id, broken.item, why="they spoke of the outage in May", by="ben")
    assert [one.text for one in board.map.breaks] == ["They ask each time."]
    (gone,) = board.map.withdrawn
    assert (gone.text, gone.whose, gone.why, gone.by) == (broken.text, "Payments partners", "they spoke of the outage in May", "ben")
    assert usecases.narrating.get(incident.id).of("trust-break") == usecases.narrating.get(incident.id).points, "the account lets go of it"
    assert {"untied", "group-missing"} <= codes(usecases, incident), "what was tied to it, and who is missing now, is named"
    with pytest.raises(ConflictError, match="withdrawn already"):
        usecases.repairing.withdraw_break(incident.id, broken.item, why="again")
    board = usecases.repairing.restore_break(incident.id, broken.item, by="ana")
    back = board.map.get(broken.item)
    assert back is not None
    assert (back.placed is not None and back.placed.fear, board.map.withdrawn) == (FEAR, ())
    with pytest.raises(ConflictError, match="was not withdrawn"):
        usecases.repairing.restore_break(incident.id, broken.item)
    assert usecases.journal.verify() == []


def test_a_break_that_nobody_placed_can_be_withdrawn_and_is_unplaced_when_it_is_back(usecases: UseCases, incident: Incident) -> None:
    stated = usecases.narrating.state(incident.id, "trust-break", "Finance asks twice.")
    usecases.repairing.withdraw_break(incident.id, stated.item, why="it is about another team")
    usecases.repairing.restore_break(incident.id, stated.item)
    back = usecases.repairing.board(incident.id).map.get(stated.item)
    assert back is not None
    assert (back.placed, back.whose) == (None, None)
    for item, error in ((incident.id, NotFoundError), (stated.item, InputError)):
        with pytest.raises(error):
            usecases.repairing.withdraw_break(incident.id, item, why=" " if error is InputError else "wrong")


def test_a_group_that_was_hit_is_missed_until_it_stands_as_not_yet_asked(usecases: UseCases, incident: Incident) -> None:
    assert "group-missing" in codes(usecases, incident)

    made = usecases.repairing.not_asked(incident.id, "Payments partners")

    assert made.placed is not None
    assert (made.placed.state, made.placed.direction, made.placed.kind) == ("not-yet-asked", "outward", None)
    assert usecases.repairing.not_asked(incident.id, "payments partners") == made
    assert "group-missing" not in codes(usecases, incident)


@pytest.mark.usefixtures("broken")
def test_a_direction_without_any_row_is_asked_for(usecases: UseCases, incident: Incident) -> None:
    lacks = usecases.repairing.board(incident.id).map_lacks

    assert [one.item for one in lacks if one.code == "direction-empty"] == ["inside", "upward"]


def test_what_cannot_be_kept_is_refused_by_name_and_nothing_is_written_by_halves(usecases: UseCases, incident: Incident) -> None:
    for given, error, said in UNKEPT:
        with pytest.raises(error, match=said):
            usecases.repairing.add_break(incident.id, "They ask twice.", **{"whose": "support", **given})

    assert usecases.narrating.get(incident.id).points == ()


# Repairs


def test_nothing_is_repaired_while_it_still_goes_on(usecases: UseCases, live: Incident, broken: TrustBreak) -> None:
    with pytest.raises(ConflictError, match="not contained yet"):
        repair(usecases, live, broken)

    assert usecases.acting.of_incident(live.id) == []


def test_the_first_repair_plans_both_reviews_from_the_containment(
    usecases: UseCases, clock: FixedClock, incident: Incident, broken: TrustBreak
) -> None:
    contained = clock.now()
    usecases.involving.hand_over(incident.id, "lead", "Dana")
    clock.advance(days=4)

    repair(usecases, incident, broken)
    repair(usecases, incident, broken)

    found = usecases.trust_reviews.of_incident(incident.id)
    assert [(one.which, one.due_at - contained, one.lead) for one in found] == [
        ("month", timedelta(days=30), "Dana"),
        ("quarter", timedelta(days=91), "Dana"),
    ]


def test_what_a_repair_lacks_is_remarked_and_nothing_is_refused(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    assert "unanswered" in codes(usecases, incident)

    repair(usecases, incident, broken, uncertainty="Implemented alerting on the queue", visible=None, item_kind="documentation")
    poor = codes(usecases, incident)
    repair(usecases, incident, broken)

    assert {"work-done-only", "not-visible", "honesty-unverifiable", "no-check", "no-owner", "too-few"} <= poor
    assert not {"unanswered", "untied"} & poor
    assert "honesty-unverifiable" not in codes(usecases, incident), "what is published by itself can be checked without our word"


def test_a_check_on_a_day_that_has_passed_is_remarked_by_its_day_and_taken(
    usecases: UseCases, incident: Incident, broken: TrustBreak, clock: FixedClock
) -> None:
    repair(usecases, incident, broken, check_at=clock.now() - timedelta(days=3))
    (past,) = [one for one in usecases.repairing.board(incident.id).repairs_lack if one.code == "check-past"]
    assert past.message == "the day of its check, 1 March 2026, had passed when it was written down"
    other = repair(usecases, incident, broken, check_at=clock.now() + timedelta(days=3))
    clock.advance(days=5)
    late = [one.item for one in usecases.repairing.board(incident.id).repairs_lack if one.code == "check-past"]
    assert other not in late, "a day that was to come when it was written down is no slip"


def test_a_repair_that_answers_nothing_or_declares_trust_is_refused(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    for changed, error, said in UNTIED:
        with pytest.raises(error, match=said):
            repair(usecases, incident, broken, **changed)

    assert usecases.acting.of_incident(incident.id) == [], "nothing is written by halves"


def test_a_withdrawn_repair_leaves_its_action_item_and_can_come_back(usecases: UseCases, incident: Incident, broken: TrustBreak) -> None:
    name = repair(usecases, incident, broken)

    usecases.repairing.withdraw(incident.id, name, why="it is plain maintenance")

    board = usecases.repairing.board(incident.id)
    assert ([one.item.id for one in board.ideas], board.repairs) == ([name], ())
    with pytest.raises(ConflictError, match="is no repair"):
        usecases.repairing.withdraw(incident.id, name, why="again")
    assert usecases.repairing.restore(incident.id, name).action.uncertainty == UNCERTAIN


# Reviews


@pytest.fixture
def month(usecases: UseCases, clock: FixedClock, incident: Incident, broken: TrustBreak) -> TrustReview:
    """Due, with one repair that nothing was shown of."""
    repair(usecases, incident, broken)
    clock.advance(days=30)
    return usecases.trust_reviews.get(incident.id, "month")


@pytest.mark.usefixtures("month")
def test_done_and_helped_are_two_questions(usecases: UseCases, incident: Incident) -> None:
    (item,) = usecases.acting.of_incident(incident.id)

    def told() -> tuple[str, str]:
        (one,) = usecases.trust_reviews.laid(incident.id, "month").told["repairs"]
        return one["done"], one["helped"]

    assert told() == ("not-done", "no-evidence-yet")
    usecases.acting.accept(item.item.id, helps_when="partners hear first")
    usecases.acting.done(item.item.id)
    assert told() == ("by-word", "no-evidence-yet")
    usecases.acting.verify(item.item.id, Evidence("person", "Bo"))
    assert told() == ("by-word", "by-word")
    usecases.acting.undo(item.item.id)
    usecases.acting.verify(item.item.id, MEASURE)
    assert told() == ("by-word", "helped")
    usecases.acting.no_help(item.item.id, why="the page lagged by an hour")
    assert told() == ("by-word", "did-not-help")


@pytest.mark.usefixtures("month")
def test_nobody_holds_a_review_whose_questions_have_no_answer(usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    with pytest.raises(ConflictError, match="nobody has answered worse"):
        usecases.trust_reviews.hold(incident.id, "month", "continue", why="Two of three failures were told first.")

    answered(usecases, incident, "month", clock)

    assert usecases.trust_reviews.hold(incident.id, "month", "continue", why="Two of three were told first.").state == "held"


@pytest.mark.usefixtures("month")
def test_an_answer_refers_to_something_or_says_whom_we_asked(usecases: UseCases, incident: Incident) -> None:
    for given, error, said in REFERS_TO_NOTHING:
        with pytest.raises(error, match=said):
            usecases.trust_reviews.answer(incident.id, "month", "operating", **given)


@pytest.mark.usefixtures("month")
def test_a_held_review_keeps_the_evidence_of_its_day_and_is_reopened_with_a_reason(
    usecases: UseCases, clock: FixedClock, incident: Incident
) -> None:
    reviews = usecases.trust_reviews
    answered(usecases, incident, "month", clock)
    reviews.hold(incident.id, "month", "change", why="Nothing was done.", said="The page still lags; Bo mends it by 1 June.")
    (item,) = usecases.acting.of_incident(incident.id)
    usecases.acting.accept(item.item.id, helps_when="partners hear first")
    usecases.acting.done(item.item.id, evidence=Evidence("commit", "4f2c1ab"))

    laid = reviews.laid(incident.id, "month")

    assert [one["done"] for one in laid.told["repairs"]] == ["not-done"]
    assert "The page still lags; Bo mends it by 1 June." in texts(reviews.paper(incident.id, "month"))
    with pytest.raises(ConflictError, match="held already"):
        reviews.move(incident.id, "month", clock.now() + timedelta(days=3), why="later")
    again = reviews.reopen(incident.id, "month", why="the repair was done the day after")
    assert (again.state, again.decision, len(again.answers)) == ("planned", None, len(QUESTIONS))
    assert [one["done"] for one in reviews.laid(incident.id, "month").told["repairs"]] == ["done"]


@pytest.mark.usefixtures("month")
def test_a_review_is_moved_with_a_reason_and_not_held_weeks_before_its_time(
    usecases: UseCases, clock: FixedClock, incident: Incident
) -> None:
    reviews = usecases.trust_reviews
    answered(usecases, incident, "quarter", clock)
    with pytest.raises(ConflictError, match="it is due on 3 June 2026 and open for a decision from 27 May 2026"):
        reviews.hold(incident.id, "quarter", "stop", why="All seems well.")
    with pytest.raises(InputError, match="a reason must not be empty"):
        reviews.move(incident.id, "quarter", clock.now() + timedelta(days=3), why=" ")

    moved = reviews.move(incident.id, "quarter", clock.now() + timedelta(days=3), why="the team is dissolved in May")

    assert (moved.due_at, len(moved.was_due)) == (clock.now() + timedelta(days=3), 1)
    assert reviews.take_back(incident.id, "quarter").was_due == ()


@pytest.mark.usefixtures("month")
def test_words_that_close_the_matter_are_remarked_and_the_same_sentence_again(
    usecases: UseCases, clock: FixedClock, incident: Incident
) -> None:
    reviews = usecases.trust_reviews
    again = "We are committed to telling our partners earlier about failures."
    answered(usecases, incident, "month", clock)
    reviews.hold(incident.id, "month", "continue", why="Nothing shows yet whether it helped.", said=again)
    clock.advance(days=61)

    laid = reviews.laid(incident.id, "quarter", why="This was an isolated incident.", said=again, decision="stop")

    found = {one.code for one in laid.lacks}
    assert {"isolated-incident", "same-promise", "stopped-unshown", "unanswered"} <= found
    with pytest.raises(InputError, match="not ours to say"):
        reviews.hold(incident.id, "quarter", "stop", why="All action items are done and trust is restored.")


@pytest.mark.usefixtures("month")
def test_missed_promises_and_what_followed_stand_under_what_got_worse(usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    due = clock.now() + timedelta(hours=1)
    usecases.promising.add("I tell you the figure", due=due, incident_id=incident.id, private=False)
    later = usecases.incidents.open("Refunds were charged twice", severity="SEV2")
    usecases.incidents.follow(later.id, incident.id)
    clock.advance(days=1)

    told = usecases.trust_reviews.laid(incident.id, "month").told

    assert (told["promises"]["kept"], told["promises"]["missed"]) == (0, 1)
    assert {one["kind"] for one in told["worse"]} == {"promise", "incident"}
    assert told["limits"] == ["A quarter is usually too short to prove a lower repeat rate."]


@pytest.mark.usefixtures("month")
def test_what_only_some_may_see_is_not_kept_in_a_review_that_all_read(usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    later = usecases.incidents.open("Bo charged them again", private=True)
    usecases.incidents.follow(later.id, incident.id)
    usecases.messaging.record("It will not happen again. Confidence is restored.", audience="leadership", incident_id=incident.id)
    answered(usecases, incident, "month", clock)
    before = usecases.trust_reviews.laid(incident.id, "month").told
    assert any(later.id == one["ref"] for one in before["worse"]), "whoever was invited sees it as long as it is open"
    assert any("“" in one["words"] for one in before["signs"])

    usecases.trust_reviews.hold(incident.id, "month", "continue", why="Two of three were told first.")

    kept = usecases.trust_reviews.laid(incident.id, "month").told
    assert later.id not in str(kept)
    assert "Bo charged them" not in str(kept)
    assert [one["ref"] for one in kept["signs"]] == [one["ref"] for one in before["signs"]]
    assert all("“" not in one["words"] for one in kept["signs"]), "nobody is quoted by a sign for ever"


@pytest.mark.usefixtures("month")
def test_who_sees_to_a_review_is_reminded_until_it_is_held(usecases: UseCases, store: Store, clock: FixedClock, incident: Incident) -> None:
    usecases.trust_reviews.hand_over(incident.id, "month", "Bo")

    def reminded() -> dict[str, str]:
        with store.reading() as connection:
            return {one.page.rpartition("/")[2]: one.to for one in everything(connection, clock.now(), Plan()) if one.step == "review"}

    assert reminded()["month"] == "Bo"
    assert [one.which for one in usecases.trust_reviews.open(person="Bo")] == ["month"]
    answered(usecases, incident, "month", clock)
    usecases.trust_reviews.hold(incident.id, "month", "continue", why="Two of three were told first.")
    assert set(reminded()) == {"quarter"}
