"""What people do with the action items of a review, on each kind of database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError, UsageError
from amends.promises.promise import Evidence
from amends.store import actions

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.incidents.acting import ActionStanding
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

HELPS = "a deploy that drops an index is red"
COMMIT = Evidence("commit", "4f2c1ab")
MEASURE = Evidence("measure", "0 of 212 deploys dropped an index")


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("Checkout is down", severity="SEV1")


@pytest.fixture
def idea(usecases: UseCases, incident: Incident) -> ActionStanding:
    return usecases.acting.propose(incident.id, "Refuse a deploy that drops an index", kind="test", by="Dana")


def test_an_idea_goes_all_the_way_to_shown_that_it_helps(usecases: UseCases, clock: FixedClock, idea: ActionStanding) -> None:
    acting = usecases.acting
    assert (idea.state, idea.item.proposed_by, idea.step) == ("idea", "Dana", "accept")
    accepted = acting.accept(idea.item.id, helps_when=HELPS, by="Bo")
    assert (accepted.state, accepted.owner, accepted.helps_when) == ("accepted", "Bo", HELPS)
    clock.advance(days=3)
    done = acting.done(idea.item.id, evidence=COMMIT, by="Bo")
    assert (done.state, done.shown, done.step) == ("done", COMMIT, "verify")
    clock.advance(days=30)
    verified = acting.verify(idea.item.id, MEASURE, note="since the check runs", by="Ines")
    assert (verified.state, verified.helps, verified.step) == ("verified", MEASURE, "")
    assert [event.what for event in verified.events] == ["accepted", "done", "verified"]
    assert acting.get(idea.item.id) == verified


def test_without_a_time_the_rule_of_the_severity_says_until_when(usecases: UseCases, clock: FixedClock, idea: ActionStanding) -> None:
    accepted = usecases.acting.accept(idea.item.id, helps_when=HELPS)

    assert accepted.due == (clock.now() + timedelta(days=15)).replace(hour=23, minute=59)
    assert usecases.acting.remarks_on(accepted) == ()


def test_a_time_later_than_usual_is_remarked_upon_and_taken(usecases: UseCases, clock: FixedClock, idea: ActionStanding) -> None:
    accepted = usecases.acting.accept(idea.item.id, helps_when=HELPS, due=clock.now() + timedelta(days=40))

    (remark,) = usecases.acting.remarks_on(accepted)
    assert remark.message == "due later than the 15 days that are usual for SEV1"
    assert remark.hint.startswith("PagerDuty")


def test_who_accepts_says_what_would_show_that_it_helps(usecases: UseCases, idea: ActionStanding) -> None:
    with pytest.raises(InputError, match="what would show that it helps must not be empty") as refused:
        usecases.acting.accept(idea.item.id, helps_when="  ")

    assert refused.value.field == "helps_when"


def test_the_word_of_another_person_can_be_written_down(usecases: UseCases, idea: ActionStanding) -> None:
    accepted = usecases.acting.accept(idea.item.id, helps_when=HELPS, person="Bo", by="Dana")

    assert (accepted.owner, accepted.events[0].by) == ("Bo", "Dana")


def test_nobody_says_that_it_helps_without_evidence(usecases: UseCases, idea: ActionStanding) -> None:
    usecases.acting.accept(idea.item.id, helps_when=HELPS)
    usecases.acting.done(idea.item.id)

    with pytest.raises(InputError, match="nothing shows yet that it helps"):
        usecases.acting.verify(idea.item.id, None)
    with pytest.raises(UnknownNameError, match="kind of evidence"):
        usecases.acting.verify(idea.item.id, Evidence("feeling", "better"))
    on_word = usecases.acting.verify(idea.item.id, Evidence("person", "Ines, who is on call"))
    assert on_word.helps == Evidence("person", "Ines, who is on call"), "a word counts where it is called that"


@pytest.mark.parametrize(
    ("act", "because"),
    [
        (lambda acting, one: acting.done(one), "nobody has accepted it yet"),
        (lambda acting, one: acting.decline(one), "nobody has accepted it yet"),
        (lambda acting, one: acting.verify(one, MEASURE), "it is not done yet"),
        (lambda acting, one: acting.reopen(one, why="the test never ran"), "it is not done yet"),
        (lambda acting, one: acting.no_help(one, why="again on Tuesday"), "it is not done yet"),
        (lambda acting, one: acting.undo(one), "nothing that happened"),
    ],
)
def test_what_makes_no_sense_for_an_idea_is_refused_with_the_reason(
    usecases: UseCases, idea: ActionStanding, act: object, because: str
) -> None:
    with pytest.raises(ConflictError, match=because):
        act(usecases.acting, idea.item.id)  # type: ignore[operator]  # one of the acts above


def test_what_is_overdue_is_listed_first_and_moving_it_then_stays_late(usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    acting = usecases.acting
    first = acting.propose(incident.id, "Alert when the queue is old", kind="alert")
    second = acting.propose(incident.id, "Write a runbook for the queue", kind="runbook")
    acting.accept(second.item.id, helps_when=HELPS, due=clock.now() + timedelta(days=9))
    acting.accept(first.item.id, helps_when=HELPS, due=clock.now() + timedelta(days=1), person="Bo")
    clock.advance(days=2)

    assert [one.item.id for one in acting.open()] == [first.item.id, second.item.id]
    assert [one.item.id for one in acting.open(overdue=True)] == [first.item.id]
    moved = acting.move(first.item.id, clock.now() + timedelta(days=3), why="the pager was replaced")
    assert (moved.overdue, moved.late, len(moved.was_due)) == (False, True, 1)
    assert acting.open(overdue=True) == []


def test_times_that_have_passed_are_no_agreement(usecases: UseCases, clock: FixedClock, idea: ActionStanding) -> None:
    with pytest.raises(InputError, match="passed already"):
        usecases.acting.accept(idea.item.id, helps_when=HELPS, due=clock.now())
    usecases.acting.accept(idea.item.id, helps_when=HELPS)
    with pytest.raises(InputError, match="passed already"):
        usecases.acting.move(idea.item.id, clock.now() - timedelta(days=1))
    with pytest.raises(InputError, match="still to come"):
        usecases.acting.done(idea.item.id, at=clock.now() + timedelta(days=1))


def test_lists_are_by_incident_by_owner_and_whole(usecases: UseCases, incident: Incident, idea: ActionStanding) -> None:
    acting = usecases.acting
    other = acting.propose(usecases.incidents.open("Mail is late").id, "Add a limit to the mail queue", kind="limit")
    acting.accept(other.item.id, helps_when=HELPS, person="Bo")

    assert [one.item.id for one in acting.of_incident(incident.id)] == [idea.item.id]
    assert [one.item.id for one in acting.open(incident_id=incident.id)] == [idea.item.id]
    assert [one.item.id for one in acting.open(owner="Bo")] == [other.item.id]
    assert [one.item.id for one in acting.open_of("Bo")] == [other.item.id]
    assert acting.open_of("Dana") == [], "an idea binds nobody, not even who had it"
    assert [one.item.id for one in acting.newest()] == [other.item.id, idea.item.id]
    assert [one.item.id for one in acting.newest(limit=1, before=other.item.id)] == [idea.item.id]
    assert [one.item.id for one in acting.newest(owner="Bo")] == [other.item.id]


def test_what_was_shown_to_help_is_open_no_more_until_something_says_otherwise(
    usecases: UseCases, clock: FixedClock, idea: ActionStanding
) -> None:
    acting = usecases.acting
    acting.accept(idea.item.id, helps_when=HELPS)
    acting.done(idea.item.id)
    assert [one.step for one in acting.open()] == ["verify"], "done is not the end"
    acting.verify(idea.item.id, MEASURE)
    assert acting.open() == []
    clock.advance(days=30)
    acting.no_help(idea.item.id, why="it happened again on Tuesday", evidence=Evidence("alert", "checkout-errors of 8 April"))
    assert [one.step for one in acting.open()] == ["again"]
    acting.undo(idea.item.id)
    assert acting.open() == []
    clock.advance(days=1)
    acting.reopen(idea.item.id, why="the check was switched off", due=clock.now() + timedelta(days=5))
    assert [one.state for one in acting.open()] == ["accepted"]
    acting.drop(idea.item.id, why="the service is switched off")
    assert acting.open() == []
    assert [one.state for one in acting.newest()] == ["dropped"]


def test_what_the_store_leaves_out_is_what_asks_for_nothing(usecases: UseCases, clock: FixedClock, incident: Incident) -> None:
    """The query is an approximation of the fold from above: it may show too much, and never too little."""
    acting = usecases.acting
    acts = {
        "accept": lambda one: acting.accept(one, helps_when=HELPS),
        "done": acting.done,
        "verify": lambda one: acting.verify(one, MEASURE),
        "no-help": lambda one: acting.no_help(one, why="again"),
        "reopen": lambda one: acting.reopen(one, why="not there"),
        "undo": acting.undo,
        "drop": lambda one: acting.drop(one, why="not needed"),
    }
    for history in (
        "accept done verify undo", "accept done verify no-help undo undo", "accept done verify reopen", "drop undo",
        "accept done verify reopen undo", "accept done no-help verify", "accept done verify no-help verify",
    ):  # fmt: skip
        name = acting.propose(incident.id, f"Add a test for {history}").item.id
        for act in history.split():
            clock.advance(minutes=1)
            acts[act](name)  # type: ignore[operator]  # one of the acts above
        asks = acting.get(name).is_open
        assert (name in [one.item.id for one in acting.open()]) == asks, history


def test_undoing_takes_back_one_thing_and_keeps_the_history(usecases: UseCases, idea: ActionStanding) -> None:
    acting = usecases.acting
    acting.accept(idea.item.id, helps_when=HELPS)
    done = acting.done(idea.item.id)
    back = acting.undo(idea.item.id)
    assert (back.state, len(back.events)) == ("accepted", 3)
    with pytest.raises(ConflictError, match="cannot be undone"):
        acting.undo(idea.item.id, done.events[-1].id)
    with pytest.raises(NotFoundError):
        acting.undo(idea.item.id, "0" * 26)
    assert acting.undo(idea.item.id).state == "idea"


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 201, "half a \ud800"])
def test_a_title_that_cannot_be_kept_is_refused_and_nothing_is_written(usecases: UseCases, incident: Incident, title: str) -> None:
    with pytest.raises(InputError):
        usecases.acting.propose(incident.id, title)
    assert usecases.acting.newest() == []


def test_an_unknown_kind_is_told_with_those_that_there_are(usecases: UseCases, incident: Incident) -> None:
    with pytest.raises(UnknownNameError, match="kind of action item") as refused:
        usecases.acting.propose(incident.id, "Add a test", kind="hope")
    assert "kill-switch" in refused.value.hint


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Be more careful with restarts", "be-more-careful"),
        ("Remind everyone of the runbook", "review-soft-action"),
        ("Train the team on restores", "review-soft-action"),
        ("Investigate the slow query", "action-without-end"),
        ("Fix it", "action-without-thing"),
    ],
)
def test_a_title_that_changes_no_condition_is_remarked_upon_and_taken(
    usecases: UseCases, incident: Incident, title: str, code: str
) -> None:
    proposed = usecases.acting.propose(incident.id, title)

    assert [remark.code for remark in usecases.acting.remarks_on(proposed)][:1] == [code]


def test_a_title_that_names_what_will_be_there_is_left_alone(usecases: UseCases, idea: ActionStanding) -> None:
    assert usecases.acting.remarks_on(idea) == ()


def test_part_of_an_id_names_one_item_or_lists_those_it_could_be(usecases: UseCases, incident: Incident, idea: ActionStanding) -> None:
    assert usecases.acting.meant(idea.item.id[-6:]).item == idea.item
    usecases.acting.propose(incident.id, "Add a limit to the queue")
    with pytest.raises(UsageError, match="could be 2 action items"):
        usecases.acting.meant("0000")
    with pytest.raises(NotFoundError):
        usecases.acting.meant("ZZZZZZ")


def test_a_second_try_with_the_same_key_gives_what_the_first_one_made(usecases: UseCases, incident: Incident) -> None:
    first = usecases.acting.propose(incident.id, "Add a limit to the queue", once="A" * 26)

    assert usecases.acting.propose(incident.id, "Add a limit to the queue", once="A" * 26) == first
    with pytest.raises(InputError, match="used for another request"):
        usecases.acting.propose(incident.id, "Add a test", once="A" * 16 + "B" * 10)


ACTS = {
    "get": lambda acting, one: acting.get(one, by="Bo"),
    "meant": lambda acting, one: acting.meant(one, by="Bo"),
    "accept": lambda acting, one: acting.accept(one, helps_when=HELPS, by="Bo"),
    "done": lambda acting, one: acting.done(one, by="Bo"),
    "drop": lambda acting, one: acting.drop(one, why="curious", by="Bo"),
    "undo": lambda acting, one: acting.undo(one, by="Bo"),
}


@pytest.mark.parametrize("act", ACTS)
def test_of_a_private_incident_nobody_else_learns_that_an_item_exists(usecases: UseCases, act: str) -> None:
    hidden = usecases.incidents.open("A key was published", private=True, by="Dana")
    item = usecases.acting.propose(hidden.id, "Rotate keys each month", kind="automation", by="Dana")

    with pytest.raises(NotFoundError, match=f"there is no action item '{item.item.id}'"):
        ACTS[act](usecases.acting, item.item.id)
    assert usecases.acting.get(item.item.id, by="Dana") == item
    assert [usecases.acting.open(by="Bo"), usecases.acting.newest(by="Bo")] == [[], []]
    with pytest.raises(NotFoundError):
        usecases.acting.of_incident(hidden.id, by="Bo")


def test_items_of_an_incident_that_was_removed_leave_the_lists(usecases: UseCases, incident: Incident, idea: ActionStanding) -> None:
    usecases.incidents.remove(incident.id)

    assert usecases.acting.open() == []
    assert usecases.acting.get(idea.item.id).item == idea.item, "its address still leads to it"


def test_the_journal_knows_every_change_and_no_words(usecases: UseCases, idea: ActionStanding) -> None:
    usecases.acting.accept(idea.item.id, helps_when=HELPS, person="Bo")
    told = [entry for entry in usecases.journal.entries() if entry.subject == f"action/{idea.item.id}"]

    assert [entry.what for entry in told] == [actions.PROPOSED, "action.accepted"]
    assert not any(words in entry.data for entry in told for words in ("index", "Bo", "red"))


CHANGES = {
    "propose": lambda acting, item, by: acting.propose(item.item.incident_id, "Add a test", by=by),
    "accept": lambda acting, item, by: acting.accept(item.item.id, helps_when=HELPS, by=by),
    "drop": lambda acting, item, by: acting.drop(item.item.id, why="not needed", by=by),
    "undo": lambda acting, item, by: acting.undo(item.item.id, by=by),
}


@pytest.mark.parametrize("act", CHANGES)
def test_a_reader_looks_and_changes_nothing_and_a_stranger_does_not_even_look(usecases: UseCases, idea: ActionStanding, act: str) -> None:
    for name, role in (("ana", "owner"), ("ben", "responder"), ("cleo", "reader")):
        usecases.people.add(name, role, by="local" if role == "owner" else "ana")

    assert usecases.acting.get(idea.item.id, by="cleo").item == idea.item
    assert usecases.acting.open(by="cleo")
    with pytest.raises(ForbiddenError):
        CHANGES[act](usecases.acting, idea, "cleo")
    for look in (lambda: usecases.acting.get(idea.item.id, by="mallory"), lambda: usecases.acting.open(by="mallory")):
        with pytest.raises(ForbiddenError):
            look()
    usecases.acting.accept(idea.item.id, helps_when=HELPS, by="ben")


def test_what_was_local_is_handed_to_the_first_account_with_its_time(usecases: UseCases, clock: FixedClock, idea: ActionStanding) -> None:
    before = usecases.acting.accept(idea.item.id, helps_when=HELPS)
    clock.advance(days=1)
    usecases.people.add("ana", "owner")

    now = usecases.acting.get(idea.item.id, by="ana")
    assert (now.owner, now.due, now.was_due, now.helps_when) == ("ana", before.due, (), HELPS)
    assert [one.item.id for one in usecases.acting.open_of("ana", by="ana")] == [idea.item.id]
