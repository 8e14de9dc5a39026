"""Reminders as a use case: what is planned, who sends it, and what becomes of it, on each kind of database."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import NotFoundError
from amends.integrations.channels import Channel, ChannelError, Notice
from amends.language.times.calendar import DEFAULT
from amends.promises.plan import plan_of
from amends.promises.reminding import Plan
from amends.testing import CountingIds, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.due import TRIES, WAITS, Done, Due, Reminding
from amends.usecases.facade import UseCases
from amends.usecases.sample import seed_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.store.engine import Store

MINUTES = timedelta(minutes=1)
STEPS = (44, 1, 14, 1, 10, 1, 20 * 60 + 58, 1, 24 * 60)
"""Minutes to go on by: to the last minute before each reminder of a promise in an hour, then to the reminder, then a day."""


class Box(Channel):
    """A channel that keeps what it is given, or fails as it is told to."""

    def __init__(self, name: str = "box", person: str | None = None) -> None:
        super().__init__(name, person)
        self.notices: list[Notice] = []
        self.fail: ChannelError | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, notice: Notice) -> None:
        self.meanwhile()
        if self.fail is not None:
            raise self.fail
        self.notices.append(notice)

    @property
    def moments(self) -> list[str]:
        return [notice.moment for notice in self.notices]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def team(store: Store, clock: FixedClock, box: Box) -> Iterator[UseCases]:
    made = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=(box,)))
    yield made
    assert made.journal.verify() == []


def other_run(store: Store, clock: FixedClock, *channels: Channel, plan: Plan | None = None) -> Due:
    """Another process over the same store, as far as one process can play it."""
    return Due(store, clock, Prefixed("B"), lambda: Reminding(plan or Plan(), channels))


class Prefixed(CountingIds):
    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def new(self) -> str:
        return self.prefix + super().new()[1:]


def promise(team: UseCases, clock: FixedClock, minutes: float = 60, words: str = "we will write again", **more: object) -> str:
    return team.promising.add(words, clock.now() + minutes * MINUTES, **more).promise.id


def states(team: UseCases, promise_id: str) -> list[tuple[str, str]]:
    return [(one.moment, one.state) for one in team.due.of_promise(promise_id)]


def test_a_promise_reminds_before_at_and_after_its_time_and_once_more_in_the_morning(team: UseCases, clock: FixedClock, box: Box) -> None:
    due = clock.now() + 60 * MINUTES
    promise(team, clock)
    assert team.due.run_once() == Done(), "nothing is due yet"
    heard: list[tuple[str, datetime]] = []
    for step in STEPS:
        clock.advance(minutes=step)
        if team.due.run_once().sent:
            heard.append((box.notices[-1].moment, clock.now()))
    morning = due.replace(hour=9, minute=0) + timedelta(days=1)
    assert heard == [("before", due - 15 * MINUTES), ("due", due), ("after", due + 11 * MINUTES), ("after", morning)]


def test_planning_twice_changes_nothing(team: UseCases, clock: FixedClock) -> None:
    promise(team, clock)
    assert team.due.plan() == 4
    assert team.due.plan() == 0


def test_after_a_long_sleep_only_the_latest_reminder_is_sent(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    team.due.plan()
    clock.advance(days=3)
    assert team.due.run_once() == Done(sent=1)
    assert box.moments == ["after"]
    assert states(team, one) == [("before", "overtaken"), ("due", "overtaken"), ("after", "overtaken"), ("after", "sent")]


def test_what_was_never_planned_while_nobody_looked_is_sent_all_the_same(team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock)
    clock.advance(minutes=61)
    assert team.due.run_once() == Done(sent=1)
    assert box.moments == ["due"]


def test_a_kept_promise_reminds_nobody(team: UseCases, clock: FixedClock) -> None:
    one = promise(team, clock)
    team.due.plan()
    team.promising.keep(one)
    clock.advance(days=2)
    assert team.due.run_once() == Done()
    assert {state for _, state in states(team, one)} == {"overtaken"}


def test_a_promise_kept_between_planning_and_sending_reminds_nobody(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    team.due.plan()
    clock.advance(minutes=60)
    (due,) = (row for row in team.due.to_send() if row.moment == "due")
    team.promising.keep(one)
    assert team.due.deliver(due.id) == "nothing"
    assert not box.notices


def test_keeping_that_is_taken_back_brings_the_reminders_back(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    team.due.plan()
    kept = team.promising.keep(one)
    team.due.plan()
    team.promising.take_back(one, kept.events[-1].id)
    clock.advance(minutes=1)
    team.due.plan()
    clock.advance(minutes=60)
    team.due.run_once()
    assert box.moments == ["due"]


def test_a_snooze_holds_every_reminder_and_then_reminds_once(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    team.due.plan()
    clock.advance(minutes=45)
    team.due.run_once()
    entry = team.promising.snooze(one, clock.now() + 40 * MINUTES)
    assert entry.events[-1].what == "snoozed", "the trace that everybody sees"
    clock.advance(minutes=39)
    assert team.due.run_once() == Done()
    clock.advance(minutes=1)
    assert team.due.run_once() == Done(sent=1)
    assert box.moments == ["before", "after"]


def test_a_moved_promise_reminds_of_the_new_time_only(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    team.due.plan()
    _, new = team.promising.move(one, clock.now() + 120 * MINUTES)
    clock.advance(minutes=120)
    assert team.due.run_once() == Done(sent=1)
    assert [notice.subject for notice in box.notices] == [f"promise/{new.promise.id}"]


def test_a_proposed_promise_asks_its_owner_to_be(team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock, owner="ben")
    clock.advance(minutes=45)
    team.due.run_once()
    assert [(one.to, one.step) for one in box.notices] == [("ben", "accept")]


def test_a_declined_promise_goes_back_to_who_made_it(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock, owner="ben")
    team.promising.decline(one, by="ben")
    clock.advance(minutes=60)
    team.due.run_once()
    assert [(one.to, one.step) for one in box.notices] == [("local", "assign")]


def test_who_took_a_promise_over_is_reminded(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock, private=False)
    team.promising.offer(one, "ben")
    team.promising.accept(one, by="ben")
    clock.advance(minutes=60)
    team.due.run_once()
    assert [one.to for one in box.notices] == ["ben"]


def test_others_do_not_read_the_words_of_a_private_promise(store: Store, clock: FixedClock) -> None:
    shared, own, not_mine = Box("room"), Box("phone", "local"), Box("bens", "ben")
    team = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=(shared, own, not_mine)))
    promise(team, clock, words="I will tell the board")
    clock.advance(minutes=60)
    assert team.due.run_once() == Done(sent=2)
    assert [one.words for one in shared.notices] == [None]
    assert [one.words for one in own.notices] == ["I will tell the board"]
    assert not not_mine.notices


def test_nobody_is_reminded_of_the_sample_of_the_first_start(team: UseCases, clock: FixedClock) -> None:
    incident = seed_sample(team)
    assert incident is not None
    promise(team, clock, incident_id=incident.id)
    clock.advance(days=1)
    assert team.due.run_once() == Done()


def test_a_failed_reminder_waits_longer_each_time_and_is_shown_then_given_up(store: Store, clock: FixedClock, box: Box) -> None:
    team = UseCases(
        Checking, lambda: store, clock, Prefixed("C"),
        reminding=lambda: Reminding(plan_of({"before": [], "after": []}, None, DEFAULT), (box,)),
    )  # fmt: skip
    one = promise(team, clock)
    box.fail = ChannelError("the line is dead", retry=True)
    clock.advance(minutes=60)
    assert team.due.run_once() == Done(unsent=1)
    for wait in WAITS:
        (shown,) = team.due.look().unsent
        assert (shown.state, shown.failure) == ("planned", "the line is dead")
        clock.advance(seconds=wait.total_seconds() - 1)
        assert team.due.run_once() == Done(), "not yet"
        clock.advance(seconds=1)
        assert team.due.run_once() == Done(unsent=1)
    (given_up,) = team.due.look().unsent
    assert (given_up.state, given_up.attempts, given_up.repeated) == ("failed", TRIES, False)
    clock.advance(days=7)
    assert team.due.run_once() == Done()
    team.promising.keep(one)
    assert team.due.look().unsent == (), "nobody needs to know any more"


def test_what_cannot_succeed_is_not_tried_again(team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock)
    box.fail = ChannelError("no such address", retry=False)
    clock.advance(minutes=60)
    assert team.due.run_once() == Done(unsent=1)
    assert [one.state for one in team.due.look().unsent] == ["failed"]


def test_a_try_that_may_have_arrived_makes_the_next_one_a_repeat_under_the_same_id(team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock)
    box.fail = ChannelError("no answer came", retry=True, uncertain=True)
    clock.advance(minutes=60)
    team.due.run_once()
    (waiting,) = team.due.look().unsent
    box.fail = None
    clock.advance(minutes=1)
    assert team.due.run_once() == Done(sent=1, repeated=1)
    assert [(one.id, one.repeated) for one in box.notices] == [(waiting.id, True)]


def test_a_later_reminder_overtakes_one_that_does_not_get_through(team: UseCases, clock: FixedClock, box: Box) -> None:
    one = promise(team, clock)
    clock.advance(minutes=45)
    box.fail = ChannelError("no", retry=True)
    team.due.run_once()
    box.fail = None
    clock.advance(minutes=15)
    team.due.run_once()
    assert box.moments == ["due"]
    assert states(team, one)[:2] == [("before", "overtaken"), ("due", "sent")]


def test_a_channel_that_breaks_down_costs_no_other_reminder(store: Store, clock: FixedClock) -> None:
    class Broken(Box):
        def send(self, notice: Notice) -> None:
            raise ZeroDivisionError

    broken, box = Broken("a"), Box("b")
    team = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=(broken, box)))
    promise(team, clock)
    clock.advance(minutes=60)
    assert team.due.run_once() == Done(sent=1, unsent=1)
    (failed,) = team.due.look().unsent
    assert failed.failure == "the channel broke down: ZeroDivisionError"
    assert failed.repeated, "nobody knows whether it went out"


def test_the_claim_of_a_living_run_is_left_alone_however_the_clock_jumps(store: Store, team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock)
    clock.advance(minutes=60)
    other_box = Box()
    other = other_run(store, clock, other_box)

    def look_meanwhile() -> None:
        clock.advance(days=400)
        assert other.run_once().repeated == 0
        assert not [one for one in other_box.notices if one.id == claimed]
        clock.advance(days=-800)
        assert other.run_once() == Done()

    team.due.plan()
    claimed = next(one.id for one in team.due.to_send() if one.moment == "due")
    box.meanwhile = look_meanwhile
    assert team.due.deliver(claimed) == "sent"


def test_two_runs_at_once_send_each_reminder_once(store: Store, clock: FixedClock) -> None:
    boxes = [Box(), Box()]
    runs = [Due(store, clock, Prefixed(name), lambda box=box: Reminding(channels=(box,))) for name, box in zip("XY", boxes, strict=True)]
    team = UseCases(Checking, lambda: store, clock, CountingIds())
    expected = {promise(team, clock, words=f"promise {number}") for number in range(12)}
    clock.advance(minutes=60)
    together = threading.Barrier(2)
    done: list[Done] = []

    def work(run: Due) -> None:
        together.wait()
        done.append(run.run_once())

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [one.subject.removeprefix("promise/") for box in boxes for one in box.notices]
    assert sorted(sent) == sorted(expected)
    assert sum(one.sent for one in done) == 12


def test_a_clock_set_forward_and_back_loses_nothing_and_sends_nothing_twice(team: UseCases, clock: FixedClock, box: Box) -> None:
    promise(team, clock)
    team.due.run_once()
    clock.advance(days=2)
    assert team.due.run_once() == Done(sent=1)
    clock.advance(days=-2)
    assert team.due.run_once() == Done()
    for step in STEPS:
        clock.advance(minutes=step)
        team.due.run_once()
    ids = [one.id for one in box.notices]
    assert len(ids) == len(set(ids))
    assert box.moments == ["after", "before", "due", "after"], "what the wrong time overtook is sent at the right one"


def test_a_clock_set_back_does_not_make_a_failed_reminder_wait_for_the_old_time(team: UseCases, clock: FixedClock, box: Box) -> None:
    clock.advance(days=1)
    promise(team, clock)
    clock.advance(minutes=61)
    box.fail = ChannelError("no", retry=True)
    team.due.run_once()
    clock.advance(seconds=-30)
    box.fail = None
    assert team.due.run_once() == Done(sent=1)


def test_what_went_out_while_the_store_was_away_is_marked_later_and_not_repeated(
    team: UseCases, clock: FixedClock, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(team, clock)
    clock.advance(minutes=60)
    writing = type(team.store).writing

    def away() -> None:
        def refuse(_: Store) -> None:
            raise OSError("away")

        monkeypatch.setattr(type(team.store), "writing", refuse)

    box.meanwhile = away
    with pytest.raises(OSError, match="away"):
        team.due.run_once()
    monkeypatch.setattr(type(team.store), "writing", writing)
    assert team.due.run_once() == Done()
    assert len(box.notices) == 1
    assert "sent" in [state for _, state in states(team, box.notices[0].subject.removeprefix("promise/"))]


def test_a_channel_that_is_taken_out_of_the_file_keeps_nothing_planned(store: Store, team: UseCases, clock: FixedClock) -> None:
    one = promise(team, clock)
    team.due.plan()
    other_run(store, clock, Box("new")).plan()
    rows = team.due.of_promise(one)
    assert {row.state for row in rows if row.channel == "box"} == {"overtaken"}
    assert {row.state for row in rows if row.channel == "new"} == {"planned"}


def test_looking_tells_missed_and_coming_apart_and_whose_they_are(team: UseCases, clock: FixedClock) -> None:
    soon, later = promise(team, clock, 10), promise(team, clock, 60)
    bens = promise(team, clock, 5, owner="ben")
    clock.advance(minutes=11)
    look = team.due.look(person="local")
    assert [one.promise.id for one in look.missed] == [soon]
    assert [one.promise.id for one in look.coming] == [later]
    assert [one.promise.id for one in team.due.look().missed] == [bens, soon]
    assert [one.promise.id for one in team.due.look(person="ben", by="ben").missed] == [bens]


def test_a_reminder_that_is_not_there_is_nothing_to_deliver(team: UseCases) -> None:
    assert team.due.deliver("no-such-thing") == "nothing"
    with pytest.raises(NotFoundError):
        team.due.of_promise("NOSUCH")


def test_the_notice_says_where_the_promise_can_be_read(store: Store, clock: FixedClock, box: Box) -> None:
    reminding = Reminding(channels=(box,), link="https://amends.example/")
    team = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: reminding)
    one = promise(team, clock)
    clock.advance(minutes=60)
    team.due.run_once()
    assert box.notices[0].link == f"https://amends.example/promises/{one}"


def test_a_promise_that_was_overdue_when_its_incident_was_taken_over_is_history(team: UseCases, clock: FixedClock, box: Box) -> None:
    began = clock.now() - timedelta(days=400)
    incident = team.incidents.open("An old outage", started_at=began)
    team.messaging.record("Next update in 30 minutes.", audience="customers", tz="UTC", incident_id=incident.id, sent_at=began)
    clock.advance(days=1)
    team.due.run_once()
    assert box.notices == []


# Drafts and action items


def lying(team: UseCases, text: str = "We broke checkout at 10:42.", **more: str) -> str:
    """A draft about an incident that nobody has got."""
    incident = team.incidents.open("Checkout is down")
    return team.drafting.new(text, incident_id=incident.id, **more).id


def test_a_draft_about_an_incident_reminds_its_author_when_it_has_lain_for_ten_minutes_then_an_hour_later_and_next_morning(
    team: UseCases, clock: FixedClock, box: Box
) -> None:
    draft = lying(team)
    for minutes in (9, 2, 30, 31, 24 * 60):
        clock.advance(minutes=minutes)
        team.due.run_once()
    assert [(notice.moment, notice.subject) for notice in box.notices] == [("unsent", f"draft/{draft}")] * 3
    assert {notice.words for notice in box.notices} == {None}, "what somebody has not sent is told to nobody"


def test_who_goes_on_writing_is_left_alone_and_the_time_begins_anew(team: UseCases, clock: FixedClock, box: Box) -> None:
    draft = lying(team)
    for version in range(1, 6):
        clock.advance(minutes=8)
        team.due.run_once()
        team.drafting.save(draft, f"We broke checkout, {version}.", "auto", None, None, version)
    assert box.notices == []
    clock.advance(minutes=11)
    team.due.run_once()
    assert len(box.notices) == 1


@pytest.mark.parametrize("become", ["sent", "put away", "emptied", "about nothing"])
def test_nobody_is_reminded_of_a_draft_that_waits_for_nothing(team: UseCases, clock: FixedClock, box: Box, become: str) -> None:
    draft = lying(team) if become != "about nothing" else team.drafting.new("A note to myself.").id
    if become == "sent":
        team.messaging.send(draft, audience="team")
    elif become == "put away":
        team.drafting.discard(draft)
    elif become == "emptied":
        team.drafting.save(draft, "", "auto", None, None, 1)
    clock.advance(minutes=11)
    team.due.run_once()
    assert [notice for notice in box.notices if notice.moment == "unsent"] == []


def test_an_accepted_action_item_reminds_its_owner_on_the_morning_of_its_day_until_it_is_done(
    team: UseCases, clock: FixedClock, box: Box
) -> None:
    incident = team.incidents.open("Checkout is down")
    item = team.acting.propose(incident.id, "Add a check of the pools at start-up", kind="test").item.id
    team.acting.accept(item, person="ben", due=clock.now() + timedelta(days=2), helps_when="a release with a large pool is refused")
    clock.advance(days=1, hours=23)
    team.due.run_once()
    assert [(notice.to, notice.subject, notice.step) for notice in box.notices] == [("ben", f"action/{item}", "finish")]
    team.acting.done(item, by="ben")
    clock.advance(days=3)
    team.due.run_once()
    assert len(box.notices) == 1
