"""A story is told whole, from one moment, in the same number of questions to the store however long it has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from amends.testing import START, CountingIds, FixedClock, memory_usecases
from amends.usecases.narrating import account_within
from amends.usecases.stories import lived_within, told_within

if TYPE_CHECKING:
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.store.engine import Store
    from amends.usecases.facade import UseCases


def fill(usecases: UseCases, incident: str, times: int) -> None:
    """As much of everything as a story can hold, several times."""
    for number in range(times):
        usecases.recording.fact(incident, "impact", f"shop {number} cannot sell")
        usecases.involving.hand_over(incident, "lead", f"person {number}")
        usecases.involving.invite(incident, f"guest {number}")
        usecases.involving.add_stakeholder(incident, f"shop {number}")
        usecases.involving.add_link(incident, "ticket", f"OPS-{number}")
        usecases.messaging.record(f"Fact {number}. Next update 11:{10 + number}.", incident_id=incident, sent_at=START)
        usecases.documents.new(incident, f"note {number}")
        usecases.acting.propose(incident, f"test {number}", kind="test")
        usecases.incidents.open(f"what followed {number}", follows=incident)


def asked(store: Store, usecases: UseCases, incident: str) -> int:
    count = 0

    def seen(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(store.engine, "before_cursor_execute", seen)
    usecases.stories.of(incident)
    event.remove(store.engine, "before_cursor_execute", seen)
    return count


def test_a_story_holds_everything_that_belongs_to_an_incident(usecases: UseCases) -> None:
    first = usecases.incidents.open("The deploy")
    incident = usecases.incidents.open("Checkout is down", follows=first.id).id
    usecases.incidents.open("Search is down")
    fill(usecases, incident, 2)
    story = usecases.stories.of(incident)
    assert (story.incident, story.now) == (usecases.incidents.get(incident), START)
    assert [event.what for event in story.events] == ["opened", "fact", "fact"]
    parts = (story.stakeholders, story.links, story.messages, story.promises, story.documents, story.actions, story.after)
    assert [len(part) for part in parts] == [2] * len(parts)
    assert (len(story.assignments), [one.person for one in story.holding]) == (2, ["person 1"])
    assert [one.person for one in story.invitations] == ["guest 0", "guest 1"]
    assert (story.before, story.timeline, story.timeline_at) == ((first,), None, None)
    assert [entry.standing.state for entry in story.promises] == ["open", "open"]
    assert story.milestone("detected") is None


def test_a_long_story_takes_as_many_questions_as_a_short_one(store: Store, usecases: UseCases) -> None:
    short, long = usecases.incidents.open("short").id, usecases.incidents.open("long").id
    fill(usecases, short, 1)
    fill(usecases, long, 8)
    assert asked(store, usecases, short) == asked(store, usecases, long) <= 22


@pytest.mark.parametrize("wanted", ["newest", "of one severity"])
def test_a_list_is_read_along_its_index(wanted: str) -> None:
    usecases = memory_usecases(FixedClock(), CountingIds())
    told: list[str] = []
    event.listen(usecases.store.engine, "before_cursor_execute", lambda *given: told.append(str(given[2])))
    usecases.incidents.list(severities=("SEV1",) if wanted == "of one severity" else None)
    (query,) = [one for one in told if "ORDER BY incident.started_at" in one]
    with usecases.store.reading() as connection:
        plan = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {query}", ("x",) * query.count("?")).fetchall()
    steps = " ".join(str(row[-1]) for row in plan)
    assert "ix_incident_started_at_id" in steps
    assert "TEMP B-TREE" not in steps, "nothing is sorted that is not asked for"
    usecases.close()


def test_many_incidents_are_read_for_figures_as_one_is_in_no_more_questions(usecases: UseCases, store: Store, clock: FixedClock) -> None:
    names = [usecases.incidents.open(f"Shop {number} is down").id for number in range(3)]
    for number, name in enumerate(names):
        fill(usecases, name, number + 1)
        usecases.promising.add("only for me", START, incident_id=name, private=True, by="ana")
        point = usecases.narrating.state(name, "claim", f"Shop {number} was down for an hour", kind="effect").item
        usecases.narrating.cite(name, point, "message", ref=usecases.messaging.of_incident(name)[0].id)
    fields = ("incident", "now", "events", "messages", "deliveries", "promises", "actions")

    def lived(some: list[str]) -> tuple[list[tuple[Story, Account]], int]:
        count = 0

        def seen(*_: object) -> None:
            nonlocal count
            count += 1

        with store.reading() as connection:
            found = [usecases.incidents.get(one) for one in some]
            event.listen(store.engine, "before_cursor_execute", seen)
            told = list(lived_within(connection, found, clock.now(), "local"))
            event.remove(store.engine, "before_cursor_execute", seen)
        return told, count

    told, asked_of_all = lived(names)
    with store.reading() as connection:
        for name, (story, account) in zip(names, told, strict=True):
            whole = told_within(connection, name, clock.now(), "local")
            assert [getattr(story, one) for one in fields] == [getattr(whole, one) for one in fields]
            assert story.reached == whole.reached
            assert account == account_within(connection, name)
            assert account.points
    assert asked_of_all == lived(names[:1])[1] <= 10
