"""The ledger at work, on each kind of database: what a message promises, what settles it, and what people do about it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError, UsageError
from amends.promises.promise import Evidence
from amends.promises.report import as_dict
from amends.promises.telling import told_text

if TYPE_CHECKING:
    from amends.promises.ledger import LedgerEntry
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

FIRST = (
    "At 10:40 UTC I deployed a change that rejects saved cards; about 300 orders failed. I will roll it back by 11:20 UTC. "
    "Dana will call the three shops by 12:00 UTC. Next update by 11:10 UTC."
)
SECOND = "The rollback is through since 11:04 UTC. Next update by 11:40 UTC."


def start(usecases: UseCases, text: str = FIRST) -> tuple[str, list[LedgerEntry]]:
    incident = usecases.incidents.open("Saved cards are rejected", severity="SEV2")
    message = usecases.messaging.record(text, incident_id=incident.id, audience="team", tz="UTC")
    return incident.id, usecases.promising.of_message(message.id)


def state(usecases: UseCases, entry: LedgerEntry) -> str:
    return usecases.promising.get(entry.promise.id).standing.state


def test_a_sent_message_puts_its_promises_into_the_ledger_with_words_time_and_owner(usecases: UseCases) -> None:
    incident, (fix, call, update) = start(usecases)
    assert [entry.promise.kind for entry in (fix, call, update)] == ["fix", "deliver", "next_update"]
    assert [entry.promise.due for entry in (fix, update)] == [datetime(2026, 3, 4, 11, minute, tzinfo=UTC) for minute in (20, 10)]
    assert (fix.standing.state, fix.standing.owner, fix.promise.audience) == ("open", "local", "team")
    assert (call.standing.state, call.standing.owner, call.standing.step) == ("proposed", "Dana", "accept"), (
        "what others must do is theirs to accept"
    )
    assert {entry.promise.incident_id for entry in (fix, call, update)} == {incident}
    assert update.promise.words == "Next update by 11:10 UTC"


def test_the_next_update_to_the_same_audience_keeps_the_promise_and_is_its_evidence(usecases: UseCases, clock: FixedClock) -> None:
    incident, (*_, update) = start(usecases)
    clock.advance(minutes=10)
    usecases.messaging.record("We are on it.", incident_id=incident, audience="customers", tz="UTC")
    assert state(usecases, update) == "open", "customers are not the team"
    clock.advance(minutes=10, seconds=59)
    message = usecases.messaging.record(SECOND, incident_id=incident, audience="team", tz="UTC")
    kept = usecases.promising.get(update.promise.id).standing
    assert (kept.state, kept.evidence) == ("kept", Evidence("message", message.id))


def test_an_update_a_minute_late_is_late_by_that_minute(usecases: UseCases, clock: FixedClock) -> None:
    incident, (*_, update) = start(usecases)
    clock.advance(minutes=21)
    usecases.messaging.record(SECOND, incident_id=incident, audience="team", tz="UTC")
    found = usecases.promising.get(update.promise.id).standing
    assert (found.state, found.late_by_s) == ("late", 60)


def test_an_update_written_down_later_with_its_true_time_takes_the_place_of_the_one_that_seemed_to_be_first(
    usecases: UseCases, clock: FixedClock
) -> None:
    incident, (*_, update) = start(usecases)
    clock.advance(minutes=40)
    usecases.messaging.record("Resolved.", incident_id=incident, audience="team")
    assert state(usecases, update) == "late"
    told = usecases.messaging.record(SECOND, incident_id=incident, audience="team", tz="UTC", sent_at=clock.now() - timedelta(minutes=25))
    found = usecases.promising.get(update.promise.id)
    assert (found.standing.state, found.standing.evidence) == ("kept", Evidence("message", told.id))
    assert [event.what for event in found.events] == ["kept", "taken-back", "kept"]
    (second,) = usecases.promising.of_message(told.id)
    assert second.standing.state == "kept", "the message that was sent after it, though recorded before it, keeps its promise"


def test_saying_a_thing_twice_makes_one_promise_and_a_forecast_makes_none(usecases: UseCases) -> None:
    text = "Next update by 11:10 UTC. We expect recovery within 30 minutes. Again: next update by 11:10 UTC."
    _, found = start(usecases, text)
    assert [entry.promise.kind for entry in found] == ["next_update"]


def test_a_message_about_no_incident_records_its_promises_and_settles_none(usecases: UseCases, clock: FixedClock) -> None:
    first = usecases.messaging.record("Next update by 11:10 UTC.", audience="team", tz="UTC")
    clock.advance(minutes=5)
    usecases.messaging.record("All done.", audience="team")
    (update,) = usecases.promising.of_message(first.id)
    assert update.standing.state == "open"


# Sending a draft


def test_a_sent_draft_is_finished_stays_as_it_was_and_cannot_be_sent_or_opened_again(usecases: UseCases) -> None:
    draft = usecases.drafting.new(FIRST, "first-message", "team", "UTC")
    assert [found.quote for found in usecases.messaging.promises_in(draft.id)][-1] == "Next update by 11:10 UTC"
    message = usecases.messaging.send(draft.id)
    assert (message.text, message.audience, message.incident_id) == (FIRST, "team", None)
    assert usecases.drafting.get(draft.id).finished_at is not None
    with pytest.raises(ConflictError, match="sent already"):
        usecases.messaging.send(draft.id)
    with pytest.raises(ConflictError, match="was sent"):
        usecases.drafting.reopen(draft.id)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"sent_at": datetime(2030, 1, 1, tzinfo=UTC)}, InputError),
        ({"sent_at": datetime(2026, 3, 4, 10, 0)}, InputError),
        ({"audience": "everybody"}, UnknownNameError),
        ({"incident_id": "nowhere"}, NotFoundError),
    ],
)
def test_a_message_that_cannot_have_been_sent_so_leaves_nothing_behind(
    usecases: UseCases, given: dict[str, object], error: type[Exception]
) -> None:
    draft = usecases.drafting.new(FIRST)
    with pytest.raises(error):
        usecases.messaging.send(draft.id, **given)  # type: ignore[arg-type]  # each case is wrong in one field
    assert usecases.promising.newest() == []
    assert usecases.drafting.get(draft.id).is_open


def test_an_empty_or_discarded_draft_cannot_be_sent(usecases: UseCases) -> None:
    with pytest.raises(InputError, match="nothing to send"):
        usecases.messaging.send(usecases.drafting.new(" \n").id)
    away = usecases.drafting.new(FIRST)
    usecases.drafting.discard(away.id)
    with pytest.raises(ConflictError, match="put away"):
        usecases.messaging.send(away.id)


# Acts


def test_moving_before_it_is_due_is_honest_and_after_it_the_old_one_stays_missed(usecases: UseCases, clock: FixedClock) -> None:
    _, (fix, _, update) = start(usecases)
    clock.advance(minutes=25)
    old, new = usecases.promising.move(fix.promise.id, clock.now() + timedelta(hours=1), why="two more shops are affected")
    assert (old.standing.state, old.standing.step, old.standing.successor) == ("moved", "tell", new.promise.id)
    assert (new.standing.state, new.promise.follows, new.promise.due) == ("open", fix.promise.id, clock.now() + timedelta(hours=1))
    old, new = usecases.promising.move(update.promise.id, clock.now() + timedelta(minutes=5))
    assert (old.standing.state, new.standing.state) == ("missed", "open")
    assert usecases.promising.tell(old.promise.id).is_settled


def test_a_moved_promise_cannot_be_moved_twice_nor_into_the_past(usecases: UseCases, clock: FixedClock) -> None:
    _, (fix, *_) = start(usecases)
    with pytest.raises(InputError, match="passed already"):
        usecases.promising.move(fix.promise.id, clock.now())
    usecases.promising.move(fix.promise.id, clock.now() + timedelta(hours=1))
    with pytest.raises(ConflictError, match="took its place"):
        usecases.promising.move(fix.promise.id, clock.now() + timedelta(hours=2))


def test_only_its_maker_withdraws_a_promise_and_says_why(usecases: UseCases) -> None:
    _, (fix, *_) = start(usecases)
    with pytest.raises(UsageError, match="only local"):
        usecases.promising.withdraw(fix.promise.id, why="not needed", by="Dana")
    with pytest.raises(InputError, match="a reason must not be empty"):
        usecases.promising.withdraw(fix.promise.id, why=" ")
    assert usecases.promising.withdraw(fix.promise.id, why="the flag made it needless").standing.state == "withdrawn"


def test_what_others_must_keep_is_theirs_once_they_accept(usecases: UseCases) -> None:
    _, (_, call, _) = start(usecases)
    accepted = usecases.promising.accept(call.promise.id).standing
    assert (accepted.state, accepted.owner, accepted.step) == ("open", "Dana", "settle")
    with pytest.raises(ConflictError, match="accepted already"):
        usecases.promising.accept(call.promise.id)


def test_handing_over_is_asked_answered_and_told(usecases: UseCases) -> None:
    _, (fix, *_) = start(usecases)
    offered = usecases.promising.offer(fix.promise.id, "Bo", why="I am on the train")
    assert (offered.standing.owner, offered.standing.offered_to) == ("local", "Bo")
    taken = usecases.promising.accept(fix.promise.id, by="Bo")
    assert (taken.standing.owner, taken.standing.step) == ("Bo", "tell")
    assert "Bo does this now" in told_text(taken, None, UTC)
    assert usecases.promising.tell(fix.promise.id, "the team").standing.step == "settle"


def test_a_promise_is_kept_by_a_commit_at_the_time_it_was_made_and_undoing_keeps_the_trace(usecases: UseCases, clock: FixedClock) -> None:
    _, (fix, *_) = start(usecases)
    clock.advance(hours=2)
    done = clock.now() - timedelta(minutes=95)
    kept = usecases.promising.keep(fix.promise.id, evidence=Evidence("commit", "4f2a91c"), at=done)
    assert (kept.standing.state, kept.standing.settled_at) == ("kept", done)
    with pytest.raises(ConflictError, match="settled already"):
        usecases.promising.keep(fix.promise.id)
    back = usecases.promising.take_back(fix.promise.id, kept.events[-1].id)
    assert (back.standing.state, len(back.events)) == ("missed", 2)
    with pytest.raises(ConflictError, match="cannot be undone"):
        usecases.promising.take_back(fix.promise.id, kept.events[-1].id)
    with pytest.raises(NotFoundError):
        usecases.promising.take_back(fix.promise.id, "nothing")


@pytest.mark.parametrize("minutes", [-30, 1])
def test_nobody_keeps_a_promise_before_it_was_made_or_in_the_future(usecases: UseCases, clock: FixedClock, minutes: int) -> None:
    _, (fix, *_) = start(usecases)
    with pytest.raises(InputError, match="before the promise was made"):
        usecases.promising.keep(fix.promise.id, at=clock.now() + timedelta(minutes=minutes))


def test_a_snooze_stays_in_the_history_and_ends_in_the_future(usecases: UseCases, clock: FixedClock) -> None:
    _, (fix, *_) = start(usecases)
    until = clock.now() + timedelta(minutes=20)
    assert usecases.promising.snooze(fix.promise.id, until).standing.snoozed_until == until
    with pytest.raises(InputError, match="past"):
        usecases.promising.snooze(fix.promise.id, clock.now())


# Promises that stand alone


def test_a_promise_that_stands_alone_is_seen_by_nobody_else(usecases: UseCases, clock: FixedClock) -> None:
    mine = usecases.promising.add("Send Dana the numbers", clock.now() + timedelta(hours=5), made_to="Dana", by="Ana")
    assert mine.promise.private
    assert [entry.promise.id for entry in usecases.promising.unsettled(by="Ana")] == [mine.promise.id]
    assert usecases.promising.unsettled(by="Bo") == usecases.promising.newest(by="Bo") == []
    with pytest.raises(NotFoundError):
        usecases.promising.get(mine.promise.id, by="Bo")
    with pytest.raises(NotFoundError):
        usecases.promising.keep(mine.promise.id, by="Bo")


def test_one_for_somebody_else_is_proposed_to_them(usecases: UseCases) -> None:
    asked = usecases.promising.add("Add the guard to the deploy script", None, owner="Bo")
    assert (asked.standing.state, asked.standing.owner, asked.standing.step) == ("proposed", "Bo", "accept")
    declined = usecases.promising.decline(asked.promise.id, why="I leave on Friday", by="Bo")
    assert declined.standing.step == "assign"


@pytest.mark.parametrize("words", ["", " \n", "two\nlines", "x" * 501, "nul\0"])
def test_words_that_cannot_be_kept_are_refused_by_name(usecases: UseCases, words: str) -> None:
    with pytest.raises(InputError) as refused:
        usecases.promising.add(words, None)
    assert refused.value.field == "words"


# Lists


def test_what_asks_for_something_is_listed_by_urgency_and_what_is_settled_and_told_is_not(usecases: UseCases, clock: FixedClock) -> None:
    incident, (fix, call, update) = start(usecases)
    ids = [entry.promise.id for entry in usecases.promising.unsettled()]
    assert ids == [update.promise.id, fix.promise.id, call.promise.id]
    usecases.promising.keep(update.promise.id)
    moved, new = usecases.promising.move(fix.promise.id, clock.now() + timedelta(days=1))
    ids = [entry.promise.id for entry in usecases.promising.unsettled(incident_id=incident)]
    assert ids == [moved.promise.id, call.promise.id, new.promise.id], "a change that nobody was told of still asks"
    usecases.promising.tell(moved.promise.id)
    assert moved.promise.id not in {entry.promise.id for entry in usecases.promising.unsettled()}
    assert len(usecases.promising.unsettled(owner="local")) == 1


def test_the_whole_history_is_read_page_by_page(usecases: UseCases) -> None:
    made = [usecases.promising.add(f"Promise {number}", None).promise.id for number in range(5)]
    first = usecases.promising.newest(limit=2)
    second = usecases.promising.newest(limit=10, before=first[-1].promise.id)
    assert [entry.promise.id for entry in (*first, *second)] == made[::-1]


def test_promises_of_a_removed_incident_ask_nothing_until_it_is_restored(usecases: UseCases) -> None:
    incident, _ = start(usecases)
    usecases.incidents.remove(incident)
    assert usecases.promising.unsettled() == []
    usecases.incidents.restore(incident)
    assert len(usecases.promising.unsettled()) == 3


def test_an_absence_asks_until_nothing_is_left_behind(usecases: UseCases, clock: FixedClock) -> None:
    week = clock.now() + timedelta(days=7)
    _, (fix, _, update) = start(usecases)
    assert len(usecases.promising.left_behind("local", clock.now(), week)) == 2
    usecases.promising.offer(fix.promise.id, "Bo")
    usecases.promising.accept(fix.promise.id)
    usecases.promising.withdraw(update.promise.id, why="Bo posts the updates")
    assert len(usecases.promising.left_behind("local", clock.now(), week)) == 2, "nobody was told yet"
    for entry in (fix, update):
        usecases.promising.tell(entry.promise.id)
    assert usecases.promising.left_behind("local", clock.now(), week) == []
    with pytest.raises(InputError, match="ends before it begins"):
        usecases.promising.left_behind("local", week, clock.now())


# Two people, and the record


def test_of_two_who_act_at_once_one_is_told_that_the_other_was_first(usecases: UseCases) -> None:
    _, (fix, *_) = start(usecases)
    refused: list[Exception] = []

    def keep(name: str) -> None:
        try:
            usecases.promising.keep(fix.promise.id, by=name)
        except ConflictError as error:
            refused.append(error)

    people = [threading.Thread(target=keep, args=(name,)) for name in ("Ana", "Bo", "Cy", "Di")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(refused) == 3
    assert [event.what for event in usecases.promising.get(fix.promise.id).events] == ["kept"]


def test_every_act_is_in_the_journal_which_never_holds_the_words(usecases: UseCases, clock: FixedClock) -> None:
    _, (fix, *_) = start(usecases)
    usecases.promising.move(fix.promise.id, clock.now() + timedelta(hours=1), why="a private reason")
    told = usecases.journal.entries(limit=1000)
    assert [entry.what for entry in told if entry.subject == f"promise/{fix.promise.id}"] == ["promise.made", "promise.moved"]
    assert not any("roll it back" in entry.data or "a private reason" in entry.data for entry in told)


def test_a_ledger_entry_as_plain_values_tells_how_it_stands_and_its_history(usecases: UseCases) -> None:
    _, (fix, *_) = start(usecases)
    told = as_dict(usecases.promising.keep(fix.promise.id, evidence=Evidence("deploy", "web-411")))
    assert (told["state"], told["settled_by"], told["events"][0]["what"]) == ("kept", "deploy:web-411", "kept")
    assert told["due"] == "2026-03-04T11:20:00+00:00"
