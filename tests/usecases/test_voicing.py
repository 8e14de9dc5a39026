"""A model lends its voice and nothing else: asked only where it may be, heard only where the gates let it, and never of any weight."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, NotFoundError, OutsideError, UsageError
from amends.practice.moods import mood
from amends.practice.report import played_as_values
from amends.practice.voice import GATES, refused
from amends.store import practising as rows
from amends.store.schema import journal
from amends.testing import memory_usecases
from amends.testing.actors import ACTORS, HOST, NAME, Actor, acted, faithful
from amends.testing.models import FAULTS, ModelDouble, model_double
from amends.usecases import voicing as module
from amends.usecases.voicing import Voicing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.practice.session import Session
    from amends.practice.state import Line
    from amends.store.engine import Store
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases
    from amends.usecases.voicing import Speaker

DRILL, ME = "charged-twice", "local"
RUNS = 50
WORDS = "You were charged twice, and I do not know yet when the money comes back."


@pytest.fixture
def actor() -> Actor:
    return Actor()


@pytest.fixture
def voicing(usecases: UseCases, store: Store, clock: FixedClock, actor: Actor) -> Voicing:
    usecases.suggesting.allow(practice=True)
    return Voicing(store, clock, lambda: actor)


@pytest.fixture
def told(usecases: UseCases, voicing: Voicing) -> Session:
    """A drill after its first turn, which may be voiced and was not yet."""
    begun = usecases.practising.begin(ME, DRILL, seed=3)
    voicing.switch(ME, begun.id, on=True)
    return usecases.practising.say(ME, begun.id, WORDS, 1)


def lines(session: Session) -> list[Line]:
    return [one for one in session.played.steps[-1].lines if not one.outside]


# What may be asked


def test_nothing_is_asked_before_an_owner_allowed_it_and_the_person_switched_it_on(
    usecases: UseCases, voicing: Voicing, actor: Actor
) -> None:
    usecases.suggesting.allow(practice=False)
    assert voicing.offered(ME) is None
    begun = usecases.practising.begin(ME, DRILL, seed=3)
    with pytest.raises(ForbiddenError, match="nobody allowed"):
        voicing.switch(ME, begun.id, on=True)
    usecases.suggesting.allow(practice=True)

    assert str(voicing.offered(ME)) == f"{NAME} at {HOST}"
    said = usecases.practising.say(ME, begun.id, WORDS, 1)
    assert voicing.voiced(said) == said
    assert actor.asked == []


def test_without_a_model_there_is_nothing_to_switch_on(usecases: UseCases, store: Store, clock: FixedClock) -> None:
    usecases.suggesting.allow(practice=True)
    begun = usecases.practising.begin(ME, DRILL)
    with pytest.raises(UsageError, match="no model is set up"):
        Voicing(store, clock, lambda: None).switch(ME, begun.id, on=True)


def test_what_was_allowed_can_be_taken_back_in_the_middle(usecases: UseCases, voicing: Voicing, told: Session, actor: Actor) -> None:
    usecases.suggesting.allow(practice=False)
    assert {one.note for one in voicing.voiced(told).voices} == {"off"}
    usecases.suggesting.allow(practice=True)

    voicing.switch(ME, told.id, on=False)
    after = usecases.practising.say(ME, told.id, "It was my mistake.", 2)
    assert voicing.voiced(after) == after
    assert actor.asked == []


def test_who_agreed_to_one_host_did_not_agree_to_another(voicing: Voicing, told: Session, actor: Actor) -> None:
    actor.host = "elsewhere.example"
    assert {one.note for one in voicing.voiced(told).voices} == {"off"}
    assert actor.asked == []


def test_only_ones_own_drill_that_goes_on_is_switched(usecases: UseCases, voicing: Voicing, told: Session) -> None:
    with pytest.raises(NotFoundError):
        voicing.switch(ME, "01HZZZZZZZZZZZZZZZZZZZZZZZ", on=True)
    usecases.practising.leave(ME, told.id)
    with pytest.raises(ConflictError, match="over"):
        voicing.switch(ME, told.id, on=True)


def test_what_is_asked_holds_no_secret_and_only_what_was_said_last(voicing: Voicing, told: Session, actor: Actor) -> None:
    voicing.voiced(told)

    [asked] = actor.asked
    hidden = [one.text for one in told.played.stage.scenario.facts if one.id in told.played.stage.hidden]
    assert hidden
    assert not any(fact in asked for fact in hidden)
    assert WORDS in asked
    assert lines(told)[0].text in asked


# What is heard


def test_a_voiced_line_stands_beside_the_written_one(usecases: UseCases, voicing: Voicing, told: Session) -> None:
    after = voicing.voiced(told)

    assert [(one.turn, one.line, one.model, one.text, one.note) for one in after.voices] == [
        (1, one.id, NAME, faithful(one.text), None) for one in lines(told)
    ]
    assert usecases.practising.session(ME, told.id) == after
    assert usecases.practising.export(ME)["sessions"][0]["voices"][0]["text"] == after.voices[0].text


def test_a_line_is_asked_for_once_and_what_was_kept_stands(usecases: UseCases, voicing: Voicing, told: Session, actor: Actor) -> None:
    first = voicing.voiced(told)
    assert voicing.voiced(first) == first
    assert len(actor.asked) == len(lines(told))

    actor.say = lambda line, _: f"Hm. {line}"
    voicing.voiced(told)  # as another window would
    assert usecases.practising.session(ME, told.id) == first


def test_with_and_without_a_voice_it_is_the_same_drill(usecases: UseCases, voicing: Voicing) -> None:
    plain, voiced = (usecases.practising.begin(ME, DRILL, seed=3) for _ in range(2))
    voicing.switch(ME, voiced.id, on=True)
    for number, text in enumerate(next(one.turns for one in usecases.practising.scenario(DRILL).transcripts if one.kind == "good"), 1):
        plain = usecases.practising.say(ME, plain.id, text, number)
        voiced = voicing.voiced(usecases.practising.say(ME, voiced.id, text, number))
        if plain.ended_at:
            break

    assert any(one.text for one in voiced.voices)
    assert json.dumps(played_as_values(plain.played)) == json.dumps(played_as_values(voiced.played))
    assert (plain.score, plain.passed, plain.played.state) == (voiced.score, voiced.passed, voiced.played.state)


def test_a_refused_answer_is_asked_for_once_more_with_what_was_wrong(voicing: Voicing, told: Session, actor: Actor) -> None:
    actor.say = lambda line, time: f"Thank you so much. {line}" if time == 1 else faithful(line)
    after = voicing.voiced(told)

    assert after.voices[0].text == faithful(lines(told)[0].text)
    assert GATES["sweet"] in actor.asked[1]
    assert GATES["sweet"] not in actor.asked[0]


def test_after_two_refused_answers_the_written_line_is_said(voicing: Voicing, told: Session, actor: Actor) -> None:
    actor.say = lambda line, _: f"No worries at all. {line}"
    after = voicing.voiced(told)

    assert [(one.text, one.note) for one in after.voices] == [(None, "refused")] * len(lines(told))
    assert len(actor.asked) == 2 * len(lines(told))


def test_quotation_marks_around_a_line_are_taken_off(voicing: Voicing, told: Session, actor: Actor) -> None:
    actor.say = lambda line, _: f"“{faithful(line)}”"
    assert voicing.voiced(told).voices[0].text == faithful(lines(told)[0].text)


def test_what_is_forgotten_meanwhile_is_not_kept(usecases: UseCases, voicing: Voicing, told: Session, actor: Actor, store: Store) -> None:
    usecases.practising.forget(ME, told.id)  # in another window, while this one still waits for the model
    voicing.voiced(told)
    assert actor.asked
    with store.reading() as connection:
        assert rows.voices(connection, told.id) == ()


def test_forgetting_takes_the_voice_along_and_the_journal_never_had_it(
    usecases: UseCases, voicing: Voicing, told: Session, store: Store
) -> None:
    voicing.voiced(told)
    with store.reading() as connection:
        before = str(connection.execute(journal.select()).all())
    assert faithful(lines(told)[0].text)[:20] not in before

    usecases.practising.forget(ME)
    with store.reading() as connection:
        assert rows.voices(connection, told.id) == ()


# Fifty hostile runs of each kind


@pytest.fixture(scope="module")
def stage() -> tuple[UseCases, list[Session]]:
    """Fifty drills of many scenarios after a poor turn or two, with somebody who is not calm."""
    usecases = memory_usecases()
    usecases.suggesting.allow(practice=True)
    switched = Voicing(usecases.store, usecases.clock, Actor)
    found: list[Session] = []
    for seed in range(3):
        for scenario in usecases.practising.scenarios():
            begun = usecases.practising.begin(ME, scenario.id, seed=seed)
            switched.switch(ME, begun.id, on=True)
            texts = next(one.turns for one in begun.played.stage.scenario.transcripts if one.kind == "poor")
            session = usecases.practising.say(ME, begun.id, texts[0], 1)
            if lines(session) and mood("anger", session.played.state.anger) != "calm":
                found.append(session)
            if len(found) == RUNS:
                return usecases, found
    raise AssertionError("there are scenarios enough")


def secrets(session: Session) -> list[str]:
    told, played = session.played.stage, session.played
    return [one.text for one in told.scenario.facts if one.id in told.hidden - played.state.revealed]


def hostile(kind: str, number: int, session: Session) -> Callable[[str, int], str]:
    """What an actor of this kind says; it knows every secret of the drill, which no model does."""
    hidden = secrets(session) or ["The board of the insurance company meets about it in Lisbon."]
    fact, name, before = hidden[number % len(hidden)], lines(session)[0].by, session.played.opening.text
    return lambda line, time: acted(kind, number + time, line, fact=fact, name=name, before=before)


@pytest.mark.parametrize("kind", sorted(ACTORS))
def test_in_fifty_runs_nothing_of_a_hostile_model_is_heard(stage: tuple[UseCases, list[Session]], kind: str) -> None:
    usecases, sessions = stage
    heard, asked = [], 0
    for number, session in enumerate(sessions):
        actor = Actor(hostile(kind, 2 * number, session))
        after = Voicing(usecases.store, usecases.clock, partial(Actor, actor.say, actor.asked)).voiced(session)
        asked += len(actor.asked)
        heard += [one.text for one in after.voices if one.text]

    assert heard == []
    assert asked >= 2 * RUNS


def test_a_model_that_does_as_it_is_told_is_heard_nearly_always(stage: tuple[UseCases, list[Session]]) -> None:
    usecases, sessions = stage
    made = [one for session in sessions for one in Voicing(usecases.store, usecases.clock, Actor).voiced(session).voices]
    assert sum(one.text is not None for one in made) >= 0.9 * len(made)


def test_every_kind_of_actor_has_its_gate() -> None:
    assert set(ACTORS) == set(GATES)


def test_an_answer_of_any_shape_is_judged_at_once(told: Session) -> None:
    line = lines(told)[0]
    for said in (" - x" * 999, "(" * 3999, "*a" * 1999, "A b " * 999, "? " * 1999, "a" * 1_000_000, "1." * 1999, "You say " * 499):
        began = time.process_time()
        assert refused(said, line, told.played)
        assert time.process_time() - began < 2


# A server that fails


@pytest.fixture(scope="module")
def server() -> Iterator[ModelDouble]:
    with model_double() as made:
        yield made


@pytest.fixture
def double(server: ModelDouble) -> ModelDouble:
    server.faults.clear()
    server.asked.clear()
    server.acting = None
    return server


def over_the_wire(usecases: UseCases, double: ModelDouble, seconds: float = 5) -> tuple[Voicing, Session]:
    usecases.suggesting.allow(practice=True)
    made = Voicing(usecases.store, usecases.clock, double.model, seconds=seconds)
    begun = usecases.practising.begin(ME, DRILL, seed=3)
    made.switch(ME, begun.id, on=True)
    return made, usecases.practising.say(ME, begun.id, WORDS, 1)


def test_a_line_is_voiced_by_a_server(double: ModelDouble) -> None:
    voicing, session = over_the_wire(memory_usecases(), double)
    assert voicing.voiced(session).voices[0].text == faithful(lines(session)[0].text)


@pytest.mark.parametrize("fault", FAULTS)
def test_where_the_server_fails_the_written_line_is_said_in_time(double: ModelDouble, fault: str) -> None:
    slow = fault in ("silent", "drip", "drip-head")
    voicing, session = over_the_wire(memory_usecases(), double, 0.3 if slow else 5)
    double.faults.append(fault)

    began = time.perf_counter()
    after = voicing.voiced(session)

    assert time.perf_counter() - began < 2
    assert [(one.text, one.note) for one in after.voices] == [(None, "late" if slow else "unanswered")]


def test_a_model_that_failed_is_left_alone_for_a_while(
    usecases: UseCases, voicing: Voicing, told: Session, actor: Actor, clock: FixedClock
) -> None:
    def failing(_: str, __: int) -> str:
        raise OutsideError("not there", retry_after=90)

    actor.say = failing
    voicing.voiced(told)
    actor.say = lambda line, _: faithful(line)
    second = voicing.voiced(usecases.practising.say(ME, told.id, "It was my mistake.", 2))
    assert {one.note for one in second.voices if one.turn == 2} == {"unanswered"}
    assert len(actor.asked) == 1

    clock.advance(seconds=91)
    third = voicing.voiced(usecases.practising.say(ME, told.id, "I call you at noon.", 3))
    assert any(one.text for one in third.voices if one.turn == 3)


def test_a_model_that_hangs_holds_nobody_up_and_too_many_at_once_hear_the_written_line(
    store: Store, clock: FixedClock, told: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    free = Event()
    actor.say = lambda line, _: faithful(line) if free.wait(5) else ""
    hanging = Voicing(store, clock, lambda: actor, seconds=0.1)

    assert {one.note for one in hanging.voiced(told).voices} == {"late"}
    clock.advance(seconds=61)
    assert {one.note for one in hanging.voiced(replace(told, voices=())).voices} == {"busy"}
    free.set()


def test_what_nobody_foresaw_is_a_fault_like_any_other(voicing: Voicing, told: Session, actor: Actor) -> None:
    def broken(_: str, __: int) -> str:
        raise UsageError("what?")

    actor.say = broken
    assert {one.note for one in voicing.voiced(told).voices} == {"unanswered"}


def test_a_key_that_is_not_there_offers_nothing(usecases: UseCases, store: Store, clock: FixedClock) -> None:
    def model() -> Speaker | None:
        raise UsageError("the key is not set")

    usecases.suggesting.allow(practice=True)
    assert Voicing(store, clock, model).offered(ME) is None
