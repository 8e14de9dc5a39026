"""The record of an incident: what is written down stays, corrections stand beside it, and nobody undoes another unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.incidents.event import FACTS, MILESTONES, IncidentEvent, standing
from amends.incidents.stale import StaleError
from amends.testing import START, CountingIds, FixedClock, memory_usecases

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.usecases.facade import UseCases
    from amends.usecases.recording import Recording


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout is down").id


def facts(recording: Recording, incident: str) -> list[str | None]:
    return [event.text for event in standing(recording.events(incident), "fact")]


def test_a_fact_has_its_words_its_time_and_when_we_were_told(usecases: UseCases, incident: str) -> None:
    fact = usecases.recording.fact(incident, "impact", "  Cards fail in the EU ", at=START - timedelta(minutes=8), by="ana")
    assert (fact.what, fact.kind, fact.text, fact.value) == ("fact", "impact", "Cards fail in the EU", None)
    assert (fact.at, fact.recorded_at, fact.by) == (START - timedelta(minutes=8), START, "ana")
    assert usecases.recording.events(incident)[-1] == fact


def test_a_number_has_its_figure_as_it_was_written(usecases: UseCases, incident: str) -> None:
    fact = usecases.recording.fact(incident, "number", "charged twice", value="4212 payments")
    assert (fact.value, fact.text) == ("4212 payments", "charged twice")
    with pytest.raises(InputError, match="needs its figure") as caught:
        usecases.recording.fact(incident, "number", "charged twice")
    assert caught.value.field == "value"
    with pytest.raises(InputError, match="no figure of its own"):
        usecases.recording.fact(incident, "cause", "an index is gone", value="1")


def test_a_correction_takes_the_place_of_a_fact_and_the_former_stays_readable(usecases: UseCases, incident: str) -> None:
    first = usecases.recording.fact(incident, "number", "charged twice", value="40 payments", by="ana")
    second = usecases.recording.fact(incident, "number", "charged twice", value="4212 payments", replaces=first.id, by="ben")
    events = usecases.recording.events(incident)
    assert standing(events, "fact") == (second,)
    assert first in events


def test_the_second_of_two_who_correct_the_same_fact_is_told_both_texts(usecases: UseCases, incident: str) -> None:
    first = usecases.recording.fact(incident, "cause", "the deploy")
    won = usecases.recording.fact(incident, "cause", "the schema change", replaces=first.id, by="ana")
    with pytest.raises(StaleError, match="corrected meanwhile") as caught:
        usecases.recording.fact(incident, "cause", "the cache", replaces=first.id, by="ben")
    assert (caught.value.current, caught.value.refused) == (won, "the cache")
    assert facts(usecases.recording, incident) == ["the schema change"]
    taken = usecases.recording.withdraw(incident, won.id, by="ana")
    with pytest.raises(StaleError, match="withdrawn meanwhile") as caught:
        usecases.recording.fact(incident, "cause", "the cache", replaces=first.id, by="ben")
    assert caught.value.current == taken
    with pytest.raises(StaleError):
        usecases.recording.withdraw(incident, first.id)


def test_of_many_who_correct_the_same_fact_at_once_one_wins_and_no_text_is_lost(usecases: UseCases, incident: str) -> None:
    first = usecases.recording.fact(incident, "number", "charged twice", value="40 payments")

    def correct(number: int) -> IncidentEvent | StaleError:
        try:
            return usecases.recording.fact(incident, "number", "charged twice", value=f"{number} payments", replaces=first.id)
        except StaleError as error:
            return error

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(correct, range(8)))
    (won,) = [one for one in told if isinstance(one, IncidentEvent)]
    lost = [one for one in told if isinstance(one, StaleError)]
    assert standing(usecases.recording.events(incident), "fact") == (won,)
    assert {one.current for one in lost} == {won}
    assert {won.value, *(str(one.refused).partition(":")[0] for one in lost)} == {f"{number} payments" for number in range(8)}


def test_milestones_lie_in_the_past_and_those_that_happen_once_are_corrected(usecases: UseCases, incident: str) -> None:
    recording = usecases.recording
    recording.milestone(incident, "detected", START - timedelta(minutes=5), value="us")
    better = recording.milestone(incident, "detected", START - timedelta(minutes=7), value="others", text="a shop called")
    assert standing(recording.events(incident), "milestone", "detected") == (better,)
    assert recording.milestone(incident, "detected", better.at, value="others", text="a shop called") == better
    meetings = [recording.milestone(incident, "meeting", START - timedelta(minutes=one)) for one in (4, 2)]
    assert standing(recording.events(incident), "milestone", "meeting") == tuple(meetings)
    moved = recording.milestone(incident, "meeting", START - timedelta(minutes=1), replaces=meetings[1].id)
    assert standing(recording.events(incident), "milestone", "meeting") == (meetings[0], moved)
    assert recording.milestone(incident, "recovered").at == START
    attempts: tuple[Callable[[], object], ...] = (
        lambda: recording.milestone(incident, "recovered", START + timedelta(seconds=1)),
        lambda: recording.milestone(incident, "recovered", datetime(2026, 3, 4, 10, 0)),
        lambda: recording.milestone(incident, "recovered", value="us"),
    )
    for attempt in attempts:
        with pytest.raises(InputError):
            attempt()
    for kind, value in (("began", None), ("detected", None), ("detected", "me")):
        with pytest.raises(UnknownNameError):
            recording.milestone(incident, kind, value=value)


def test_a_box_is_ticked_with_what_shows_it_and_opened_again(usecases: UseCases, incident: str) -> None:
    recording = usecases.recording
    ticked = recording.tick(incident, "prevention", text="the migration check runs in CI")
    assert recording.tick(incident, "prevention", text="the migration check runs in CI") == ticked
    opened = recording.tick(incident, "prevention", ticked=False)
    assert standing(recording.events(incident), "box", "prevention") == (opened,)
    assert (opened.value, opened.replaces) == ("open", ticked.id)
    with pytest.raises(UnknownNameError):
        recording.tick(incident, "done")


def test_a_commit_is_named_by_its_hash(usecases: UseCases, incident: str) -> None:
    recording = usecases.recording
    made = recording.commit(incident, "hotfix", "A1B2C3D", "Restore the region index")
    assert (made.value, made.text) == ("a1b2c3d", "Restore the region index")
    assert recording.commit(incident, "hotfix", "a1b2c3d", "Restore the region index") == made
    for sha in ("", "a1b2", "HEAD", "g" * 40, "a" * 65):
        with pytest.raises(InputError) as caught:
            recording.commit(incident, "hotfix", sha, "x")
        assert caught.value.field == "sha"


def test_a_comment_is_taken_back_by_who_wrote_it(usecases: UseCases, incident: str) -> None:
    said = usecases.recording.comment(incident, "The cache\nlooks cold.", by="ana")
    with pytest.raises(ForbiddenError):
        usecases.recording.withdraw(incident, said.id, by="ben")
    usecases.recording.withdraw(incident, said.id, by="ana")
    assert standing(usecases.recording.events(incident), "comment") == ()


def test_what_is_not_said_by_somebody_cannot_be_taken_back(usecases: UseCases, incident: str) -> None:
    (opened,) = usecases.recording.events(incident)
    with pytest.raises(ConflictError, match="cannot be replaced"):
        usecases.recording.withdraw(incident, opened.id)
    other = usecases.incidents.open("Search is down").id
    fact = usecases.recording.fact(other, "cause", "the index")
    for name in (fact.id, "0" * 26, "a\0b"):
        with pytest.raises(NotFoundError):
            usecases.recording.withdraw(incident, name)


@pytest.mark.parametrize("text", ["", " ", "two\nlines", "x" * 501, "a\0b", "\ud800"])
def test_what_cannot_be_a_fact_is_refused(usecases: UseCases, incident: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        usecases.recording.fact(incident, "cause", text)
    assert caught.value.field == "text"
    assert len(usecases.recording.events(incident)) == 1


ACTS = st.tuples(st.sampled_from(("fact", "correct", "withdraw", "milestone", "tick", "comment")), st.integers(0, 5))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=15))
def test_whatever_people_do_each_fact_stands_or_was_replaced_once(acts: list[tuple[str, int]]) -> None:
    usecases = memory_usecases(clock := FixedClock(), CountingIds())
    incident = usecases.incidents.open("Checkout is down").id
    for what, number in acts:
        clock.advance(minutes=1)
        _act(usecases.recording, incident, what, number)
    events = usecases.recording.events(incident)
    gone = [event.replaces for event in events if event.replaces is not None]
    assert len(gone) == len(set(gone)), "nothing has two successors"
    for what in ("fact", "milestone", "box", "comment"):
        stands = standing(events, what)
        assert not {event.id for event in stands} & set(gone)
        assert {event.id for event in events if event.what == what} == {event.id for event in stands} | (
            set(gone) & {event.id for event in events if event.what == what}
        )
    assert usecases.journal.verify() == []
    usecases.close()


def _act(recording: Recording, incident: str, what: str, number: int) -> None:
    known = recording.events(incident)
    chosen = known[number % len(known)].id
    try:
        match what:
            case "fact":
                recording.fact(incident, FACTS[0], f"fact {number}")
            case "correct":
                recording.fact(incident, FACTS[0], f"correction {number}", replaces=chosen)
            case "withdraw":
                recording.withdraw(incident, chosen)
            case "milestone":
                recording.milestone(incident, MILESTONES[-1 - number % 3])
            case "tick":
                recording.tick(incident, "impact", ticked=bool(number % 2))
            case _:
                recording.comment(incident, f"comment {number}")
    except ConflictError:
        pass


WHATS = ("fact", "withdrawn", "milestone")
EVENTS = st.lists(st.tuples(st.sampled_from(WHATS), st.none() | st.integers(0, 12)), max_size=12)


@given(EVENTS, st.randoms())
def test_any_sequence_of_events_has_one_meaning(raw: list[tuple[str, int | None]], dice: object) -> None:
    events = tuple(
        IncidentEvent(str(n), "i", what, START, START, "ana", "cause", None, None, str(old) if old is not None else None)
        for n, (what, old) in enumerate(raw)
    )
    stands = standing(events, "fact")
    gone = {event.replaces for event in events}
    assert stands == tuple(event for event in events if event.what == "fact" and event.id not in gone)
    mixed = list(events)
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert set(standing(tuple(mixed), "fact")) == set(stands), "what stands does not depend on the order of reading"
