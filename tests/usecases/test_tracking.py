"""Action items as tickets: pushed once, followed in turn, and never taken for done because a ticket was closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from amends.core.errors import ConflictError, NotFoundError, OutsideError, UnknownNameError, UsageError
from amends.integrations.trackers import talk
from amends.testing.trackers import KINDS, TrackerDouble, tracker_double
from amends.usecases import tracking as module
from amends.usecases.tracking import Outside, Tracking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.incidents.acting import ActionStanding
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

LONDON = ZoneInfo("Europe/London")
HELPS = "a deploy that drops an index is red"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "PAUSES_S", ())


@pytest.fixture(params=KINDS)
def double(request: pytest.FixtureRequest) -> Iterator[TrackerDouble]:
    with tracker_double(request.param) as made:
        yield made


@pytest.fixture
def github() -> Iterator[TrackerDouble]:
    with tracker_double("github") as made:
        yield made


def tracking(usecases: UseCases, *doubles: TrackerDouble, link: str | None = None) -> Tracking:
    trackers = {double.kind: double.tracker() for double in doubles}
    return Tracking(usecases.store, usecases.clock, usecases.acting, lambda: Outside(trackers, LONDON, link))


def accepted(usecases: UseCases, title: str = "Refuse a deploy that drops an index", **more: object) -> ActionStanding:
    incident = usecases.incidents.open("Checkout is down", severity="SEV1", **more)  # type: ignore[arg-type]  # options, by name
    by = str(more.get("by", "local"))
    item = usecases.acting.propose(incident.id, title, kind="test", detail="The check reads the plan.", by=by)
    due = datetime(2026, 3, 19, 23, 59, tzinfo=LONDON)
    return usecases.acting.accept(item.item.id, helps_when=HELPS, due=due, person="Bo", by=by)


def test_an_item_is_pushed_and_carries_its_ticket(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases)

    pushed, found = tracking(usecases, double, link="https://amends.example").push(item.item.id)

    assert (pushed.ticket, found) == (f"{double.kind}:{'OPS-1' if double.kind == 'jira' else '1'}", False)
    assert pushed.ticket_url is not None
    assert pushed.ticket_url.startswith(double.url)
    told = str(double.issues[0])
    for words in (
        "The check reads the plan.",
        HELPS,
        f"amends-{item.item.id}",
        f"https://amends.example/actions/{item.item.id}",
        "2026-03-19",
    ):
        assert words in told
    assert "Checkout" not in told, "the incident stays here"


def test_it_is_pushed_once(usecases: UseCases, github: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, github)
    outside.push(item.item.id)

    with pytest.raises(ConflictError, match="it has a ticket already, github:1"):
        outside.push(item.item.id)
    assert len(github.issues) == 1


def test_a_push_that_broke_off_is_pushed_again_and_makes_no_second_ticket(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, double)
    double.faults.extend(["", "lost"])
    with pytest.raises(OutsideError):
        outside.push(item.item.id)
    assert usecases.acting.get(item.item.id).ticket is None

    pushed, found = outside.push(item.item.id)

    assert (found, len(double.issues)) == (True, 1)
    assert pushed.ticket is not None


def test_nothing_leaves_a_private_incident_unless_that_is_said_and_then_only_the_title(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases, private=True, by="Dana")
    outside = tracking(usecases, double, link="https://amends.example")

    with pytest.raises(UsageError, match="private incident") as refused:
        outside.push(item.item.id, by="Dana")
    assert "--private-too" in refused.value.hint
    assert double.seen == [], "nobody was even asked"
    with pytest.raises(NotFoundError):
        outside.push(item.item.id, private_too=True, by="Bo")
    outside.push(item.item.id, private_too=True, by="Dana")
    told = str(double.issues[0])
    assert "Refuse a deploy" in told
    assert not any(words in told for words in ("The check reads", HELPS, "https://amends.example", "2026-03-19"))


def test_which_tracker_is_asked_for_where_there_are_several(usecases: UseCases) -> None:
    item = accepted(usecases)
    with pytest.raises(UsageError, match="no tracker is set up"):
        tracking(usecases).push(item.item.id)
    with tracker_double("github") as one, tracker_double("gitlab") as other:
        outside = tracking(usecases, one, other)
        with pytest.raises(UsageError, match="several trackers"):
            outside.push(item.item.id)
        with pytest.raises(UnknownNameError, match="tracker 'linear'"):
            outside.push(item.item.id, "linear")
        assert outside.push(item.item.id, "gitlab")[0].ticket == "gitlab:1"
        assert one.seen == []


def test_a_ticket_that_was_closed_asks_its_owner_and_does_not_make_it_done(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, double)
    outside.push(item.item.id)
    double.reassign("ines")
    double.close()

    now = outside.follow(item.item.id)

    assert (now.state, now.step, now.owner) == ("accepted", "confirm", "Bo")
    assert now.said is not None
    assert (now.said.state, now.said.owner) == ("closed", "ines")
    assert now.events[-1].by == f"tracker:{double.kind}"
    assert usecases.acting.done(item.item.id).state == "done", "its owner says so"


def test_another_day_there_is_shown_and_moves_nothing_here(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, double)
    outside.push(item.item.id)
    double.reassign("bo", "2026-03-19")
    assert outside.follow(item.item.id).due_there is None, "the same day in the zone of the team"
    double.reassign("bo", "2026-03-31")

    now = outside.follow(item.item.id)

    assert now.due == item.due
    assert now.due_there == datetime(2026, 3, 31, 23, 59, tzinfo=LONDON)


def test_what_says_nothing_new_writes_nothing(usecases: UseCases, double: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, double)
    outside.push(item.item.id)
    first = outside.follow(item.item.id)

    assert outside.follow(item.item.id) == first
    assert outside.follow_all().news == ()
    assert [event.what for event in first.events] == ["accepted", "linked", "followed"]


def test_one_look_follows_all_open_tickets_and_no_others(usecases: UseCases, github: TrackerDouble) -> None:
    outside = tracking(usecases, github)
    items = [accepted(usecases, f"Add test {number}") for number in range(4)]
    for item in items[:3]:
        outside.push(item.item.id)
    usecases.acting.drop(items[0].item.id, why="not needed")
    github.close(1)

    look = outside.follow_all(by="local")

    assert look.asked == 2
    assert [(one.item.title, one.step) for one in look.news] == [("Add test 1", "confirm"), ("Add test 2", "do")]
    assert look.problems == ()


def test_a_look_ends_and_the_next_one_goes_on_where_it_ended(
    usecases: UseCases, github: TrackerDouble, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    outside = tracking(usecases, github)
    for number in range(5):
        outside.push(accepted(usecases, f"Add test {number}").item.id)
    followed: set[str] = set()
    for _ in range(3):
        look = outside.follow_all()
        assert look.asked == 2
        followed |= {one.item.id for one in look.news}
        clock.advance(minutes=15)
    assert len(followed) == 5


def test_a_worker_looks_once_in_a_quarter_of_an_hour(usecases: UseCases, github: TrackerDouble, clock: FixedClock) -> None:
    outside = tracking(usecases, github)
    assert outside.follow_in_turn() is not None
    clock.advance(minutes=1)
    assert outside.follow_in_turn() is None
    clock.advance(minutes=15)
    assert outside.follow_in_turn() is not None


def test_a_tracker_that_asks_for_patience_is_left_alone_and_the_others_are_not(usecases: UseCases) -> None:
    with tracker_double("github") as one, tracker_double("gitlab") as other:
        outside = tracking(usecases, one, other)
        for number, name in enumerate(["github", "github", "gitlab"]):
            outside.push(accepted(usecases, f"Add test {number}").item.id, name)
        one.seen.clear()
        one.faults.append("limit")

        look = outside.follow_all()

        assert len(one.seen) == 1
        assert [event.item.title for event in look.news] == ["Add test 2"]
        assert [problem.message for problem in look.problems] == ["github has had too many requests"]
        assert look.problems[0].hint == "try again in 42 s"


def test_a_ticket_that_was_deleted_does_not_keep_the_others_waiting(usecases: UseCases, github: TrackerDouble) -> None:
    outside = tracking(usecases, github)
    for number in range(3):
        outside.push(accepted(usecases, f"Add test {number}").item.id)
    del github.issues[0]

    look = outside.follow_all()

    assert [one.item.title for one in look.news] == ["Add test 1", "Add test 2"]
    assert "answered 404" in look.problems[0].message


def test_a_look_sees_what_its_person_may_see_and_the_worker_sees_all(usecases: UseCases, github: TrackerDouble) -> None:
    outside = tracking(usecases, github)
    hidden = accepted(usecases, private=True, by="Dana")
    outside.push(hidden.item.id, private_too=True, by="Dana")

    assert outside.follow_all(by="Bo").asked == 0
    assert outside.follow_all().asked == 1


def test_a_tracker_that_is_set_up_no_more_is_passed_over(usecases: UseCases, github: TrackerDouble) -> None:
    item = accepted(usecases)
    tracking(usecases, github).push(item.item.id)

    assert tracking(usecases).follow_all().asked == 0
    with pytest.raises(UsageError, match="no tracker is set up"):
        tracking(usecases).follow(item.item.id)


def test_a_link_that_was_a_mistake_can_be_undone(usecases: UseCases, github: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, github)
    outside.push(item.item.id)
    outside.follow(item.item.id)

    back = usecases.acting.undo(item.item.id)

    assert (back.ticket, back.said) == (None, None), "what a tracker said about it goes with it"
    with pytest.raises(ConflictError, match="no ticket"):
        outside.follow(item.item.id)
    assert outside.push(item.item.id)[1], "and pushing again finds the same ticket"


def test_a_time_there_that_is_ahead_of_ours_is_told_as_now(usecases: UseCases, github: TrackerDouble, clock: FixedClock) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, github)
    outside.push(item.item.id)
    github.issues[0]["updated_at"] = "2030-01-01T00:00:00Z"

    assert outside.follow(item.item.id).events[-1].at == clock.now()
    assert clock.now().tzinfo == UTC
    assert clock.now() < datetime(2030, 1, 1, tzinfo=UTC) - timedelta(days=1)


def test_the_store_is_not_held_while_a_tracker_is_asked(usecases: UseCases, github: TrackerDouble) -> None:
    """A tracker that takes its time must not keep anybody else from writing."""
    item = accepted(usecases)
    outside = tracking(usecases, github)
    real = github.answer

    def slow(*words: object) -> object:
        usecases.acting.propose(item.item.incident_id, "Add a limit to the queue")
        return real(*words)  # type: ignore[arg-type]  # the words of a request

    github.answer = slow  # type: ignore[assignment,method-assign]  # somebody else writes meanwhile
    outside.push(item.item.id)

    assert len(usecases.acting.newest()) > 1


def test_two_who_push_at_once_are_told_which_ticket_is_one_too_many(usecases: UseCases, github: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, github)
    real = github.answer

    def meanwhile(method: str, *words: object) -> object:
        if method == "POST":
            github.answer = real  # type: ignore[method-assign]  # the double answers as itself again
            outside.push(item.item.id)
        return real(method, *words)  # type: ignore[arg-type]  # the words of a request

    github.answer = meanwhile  # type: ignore[assignment,method-assign]  # somebody else is faster
    with pytest.raises(ConflictError, match="it has a ticket already, github:1") as refused:
        outside.push(item.item.id)
    assert "github:2" in refused.value.hint
    assert "close it there" in refused.value.hint


def test_two_runs_that_are_told_the_same_write_it_once(usecases: UseCases, github: TrackerDouble) -> None:
    item = accepted(usecases)
    outside = tracking(usecases, github)
    outside.push(item.item.id)
    real = github.answer

    def meanwhile(*words: object) -> object:
        github.answer = real  # type: ignore[method-assign]  # the double answers as itself again
        outside.follow(item.item.id)
        return real(*words)  # type: ignore[arg-type]  # the words of a request

    github.answer = meanwhile  # type: ignore[assignment,method-assign]  # another run is faster
    now = outside.follow(item.item.id)

    assert [event.what for event in usecases.acting.get(item.item.id).events] == ["accepted", "linked", "followed"]
    assert now.ticket == "github:1"
