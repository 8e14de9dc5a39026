"""Practice of one person: drills, what follows from them, and that none of it is anybody else's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import ConflictError, InputError, NoAccountError, NotFoundError, TooLargeError, UnknownNameError, UsageError
from amends.practice import drill
from amends.practice.interview import Answers
from amends.practice.loading import SCENARIOS
from amends.practice.report import played_as_values
from amends.practice.session import TEXT_LIMIT, Delivery, Session
from amends.practice.session_report import session_as_values
from amends.store.schema import journal
from amends.usecases.practising_shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from amends.store.engine import Store
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases
    from amends.usecases.practising import Practising

DRILL, ME = "charged-twice", "local"
OWN = Answers("Ana", "head of the warehouse", "customer", "furious-customer", "email", "status-update", "Twelve pallets went to Bergen.")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A drill, its day after, and some more of the same kind under other names: few enough to be read in no time."""
    folder = tmp_path_factory.mktemp("scenarios")
    source = (SCENARIOS / f"{DRILL}.toml").read_text(encoding="utf-8")
    for name in (DRILL, f"{DRILL}-later"):
        shutil.copy(SCENARIOS / f"{name}.toml", folder)
    for number, name in enumerate(("first-twin", "second-twin", "third-twin", "fourth-twin"), 50):
        told = source.replace(f'id = "{DRILL}"', f'id = "{name}"', 1).replace("number = 11", f"number = {number}", 1)
        (folder / f"{name}.toml").write_text(told, encoding="utf-8")
    return Shelf(shipped=folder)


@pytest.fixture
def usecases(usecases: UseCases, shelf: Shelf) -> UseCases:
    usecases.__dict__["_shelf"] = shelf
    return usecases


@pytest.fixture
def practising(usecases: UseCases) -> Practising:
    return usecases.practising


def turns(practising: Practising, kind: str = "good") -> tuple[str, ...]:
    return next(one.turns for one in practising.scenario(DRILL).transcripts if one.kind == kind)


def played(practising: Practising, kind: str = "good", *, person: str = ME, aided: bool = False) -> Session:
    session = practising.begin(person, DRILL, seed=3, aided=aided)
    for number, text in enumerate(turns(practising, kind), 1):
        session = practising.say(person, session.id, text, number)
        if session.ended_at:
            break
    return session


def told_of(session: Session) -> dict[str, Any]:
    return session_as_values(session)


# Playing


def test_a_drill_is_its_transcript_played_again(practising: Practising, usecases: UseCases) -> None:
    done = played(practising)
    assert (done.kind, done.passed, done.sitting.first, done.sitting.turns) == ("drill", True, True, len(done.played.turns))
    practising._playing.clear()  # as in another process
    assert told_of(practising.session(ME, done.id)) == told_of(done)
    same = usecases.drills.try_out(DRILL, [one.text for one in done.played.turns], seed=3)
    assert played_as_values(same) == played_as_values(done.played)


def test_a_second_try_is_none_of_the_first_and_an_opening_that_nobody_answered_is_no_try(practising: Practising) -> None:
    practising.begin(ME, DRILL)
    assert [played(practising).sitting.first for _ in range(2)] == [True, False]


@pytest.mark.parametrize("text", ["", " \n", "Das war unser Fehler, und es tut uns leid.", "😶" * 500, "x " * 9_000, "you idiot"])
def test_whatever_is_said_is_kept_and_answered_in_role(practising: Practising, text: str) -> None:
    told = practising.say(ME, practising.begin(ME, DRILL).id, text, 1)
    assert told.played.turns[0].text == text
    assert told.played.steps[0].lines[0].text


def test_a_turn_that_is_too_long_or_cannot_be_kept_is_refused_before_anything(practising: Practising) -> None:
    made = practising.begin(ME, DRILL).id
    with pytest.raises(TooLargeError, match="20,001"):
        practising.say(ME, made, "x" * (TEXT_LIMIT + 1), 1)
    with pytest.raises(TooLargeError):
        practising.say(ME, "no such drill", "x" * (TEXT_LIMIT + 1), 1)
    with pytest.raises(InputError):
        practising.say(ME, made, "a\0b", 1)
    assert practising.session(ME, made).sitting.turns == 0


def test_the_same_turn_again_is_a_retry_and_another_one_a_conflict(practising: Practising) -> None:
    made = practising.begin(ME, DRILL).id
    first = practising.say(ME, made, "We charged you twice.", 1)
    assert told_of(practising.say(ME, made, "We charged you twice.", 1)) == told_of(first)
    for text, turn in (("Something else.", 1), ("Ahead.", 3), ("Before the first.", 0)):
        with pytest.raises(ConflictError):
            practising.say(ME, made, text, turn)
    assert practising.session(ME, made).sitting.turns == 1


def test_many_windows_at_once_neither_lose_nor_double_a_turn(practising: Practising, store: Store) -> None:
    if store.address == "sqlite://":
        pytest.skip("one connection, which everybody waits for")
    made = practising.begin(ME, DRILL).id
    practising.say(ME, made, "We charged you twice.", 1)
    barrier, won, lost = Barrier(6), [], []

    def window(number: int) -> None:
        barrier.wait()
        try:
            won.append(practising.say(ME, made, f"I am window {number}.", 2))
        except ConflictError:
            lost.append(number)

    threads = [Thread(target=window, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(won), len(lost)) == (1, 5)
    kept = practising.session(ME, made)
    assert [one.text for one in kept.played.turns] == [one.text for one in won[0].played.turns]


def test_after_its_end_nothing_is_said_any_more(practising: Practising) -> None:
    done = played(practising, "poor")
    with pytest.raises(ConflictError, match="over"):
        practising.say(ME, done.id, "One more thing.", done.sitting.turns + 1)


def test_a_drill_that_was_left_is_scored_and_counts_for_nothing(practising: Practising) -> None:
    made = practising.begin(ME, DRILL, aided=False).id
    practising.say(ME, made, "We charged you twice.", 1)
    left = practising.leave(ME, made)
    assert (left.sitting.left, left.passed) == (True, False)
    assert left.score is not None
    assert told_of(practising.leave(ME, made)) == told_of(left)
    assert (practising.history(ME).drills, practising.export(ME)["cards"]) == (0, [])
    assert practising.leave(ME, practising.begin(ME, DRILL).id).score is None


def test_a_scenario_that_was_changed_keeps_the_result_and_goes_on_no_more(practising: Practising, monkeypatch: pytest.MonkeyPatch) -> None:
    done, going = played(practising), practising.begin(ME, DRILL)
    monkeypatch.setattr("amends.usecases.practising.ENGINE", drill.ENGINE + 1)
    again = practising.session(ME, done.id)
    assert (again.changed, again.score, again.locked) == (True, done.score, done.locked)
    with pytest.raises(ConflictError, match="changed"):
        practising.say(ME, going.id, "Hello?", 1)


def test_the_day_after_speaks_of_what_was_promised(practising: Practising) -> None:
    done = played(practising)
    harder = practising.begin(ME, DRILL, difficulty=max(one.difficulty for one in practising.scenario(DRILL).levels))
    practising.say(ME, harder.id, "It was our mistake. I will write to you on Wednesday 1 April by 10:00.", 1)
    with pytest.raises(UsageError, match="nothing with a time"):
        practising.begin(ME, f"{DRILL}-later", after=practising.begin(ME, DRILL).id)
    assert practising.begin(ME, f"{DRILL}-later", after=harder.id).locked.difficulty == harder.locked.difficulty
    later = practising.begin(ME, f"{DRILL}-later", after=done.id)
    assert (later.kind, later.locked.seed, later.locked.variant) == ("later", 3, done.locked.variant)
    promised = drill.promise_for(done.played, later.played.stage.scenario)
    assert promised is not None
    assert promised in later.played.opening.text
    practising._playing.clear()
    assert practising.session(ME, later.id).played.opening == later.played.opening
    with pytest.raises(UsageError):
        practising.begin(ME, DRILL, after=done.id)
    with pytest.raises(NotFoundError):
        practising.begin(ME, f"{DRILL}-later", after="0" * 26)


@pytest.mark.parametrize("wrong", [{"difficulty": 99}, {"variant": "nobody"}])
def test_what_a_scenario_has_not_is_refused_with_what_it_has(practising: Practising, wrong: dict[str, object]) -> None:
    with pytest.raises(UnknownNameError):
        practising.begin(ME, DRILL, **wrong)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(UnknownNameError):
        practising.begin(ME, "../charged-twice")


# What follows


def test_what_failed_is_due_soon_in_another_scenario_and_three_a_day_are_enough(practising: Practising, clock: FixedClock) -> None:
    played(practising, "poor")
    assert practising.due(ME) == (), "not on the same day"
    clock.advance(days=2)
    due = practising.due(ME)
    assert len(due) == 3
    assert all(one.scenario_id not in (None, DRILL) for one in due)
    assert {one.scenario.id for one in practising.catalogue(ME) if one.due} == {one.scenario_id for one in due}
    for _ in range(3):
        played(practising)
    assert practising.due(ME) == ()


def test_the_catalogue_knows_what_was_played(practising: Practising) -> None:
    done = played(practising)
    entry = next(one for one in practising.catalogue(ME) if one.scenario.id == DRILL)
    assert (entry.played, entry.best, entry.later) == (1, done.score, f"{DRILL}-later")


def test_history_takes_first_tries_without_help(practising: Practising) -> None:
    played(practising)
    played(practising, aided=True)
    told = practising.history(ME)
    assert (told.drills, told.counted, [one.form for one in told.forms]) == (2, 1, ["customer-apology"])


def test_delivery_is_kept_with_its_turn_and_changes_no_score(practising: Practising) -> None:
    one, other = (practising.begin(ME, DRILL, seed=3).id for _ in range(2))
    spoken = practising.say(ME, one, "We charged you twice.", 1, Delivery(12.5, 3, 2.1, 4, 0.5))
    typed = practising.say(ME, other, "We charged you twice.", 1)
    assert practising.session(ME, one).delivery == (Delivery(12.5, 3, 2.1, 4, 0.5),)
    assert spoken.played.score == typed.played.score
    assert practising.history(ME).delivery[0].turns == 1


def test_forgetting_a_drill_takes_what_followed_from_it_and_only_that(practising: Practising) -> None:
    first = played(practising)
    after_first = practising.export(ME)
    second = played(practising, "poor")
    practising.forget(ME, second.id)
    assert practising.export(ME) == after_first
    with pytest.raises(NotFoundError):
        practising.session(ME, second.id)
    practising.keep_own(ME, OWN)
    practising.set(ME, count_real=True)
    practising.forget(ME)
    left = practising.export(ME)
    assert [left[name] for name in ("sessions", "reviews", "cards", "own", "settings")] == [[], [], [], [], {"count_real": False}]
    with pytest.raises(NotFoundError):
        practising.forget(ME, first.id)


# What part of an id means


def test_either_end_of_an_id_means_a_drill_or_a_conversation(practising: Practising) -> None:
    made, own = practising.begin(ME, DRILL).id, practising.keep_own(ME, OWN)
    assert {practising.meant(ME, part).id for part in (made, made[-6:].lower(), made[:-1])} == {made}
    assert [practising.own_meant(ME, part) for part in (own.id, own.scenario_id, f"own-{own.id[-6:]}".lower())] == [own] * 3


def test_what_could_be_several_is_listed_and_what_is_none_is_looked_for_in_the_history(practising: Practising) -> None:
    ids = {practising.begin(ME, DRILL).id for _ in range(2)}
    with pytest.raises(UsageError, match="2 drills") as several:
        practising.meant(ME, next(iter(ids))[:1])
    assert all(one in several.value.hint for one in ids)
    for part in ("", "NOWHERE"):
        with pytest.raises(NotFoundError) as none:
            practising.meant(ME, part)
        assert "amends practice history" in none.value.hint


# One's own


def test_a_conversation_of_ones_own_is_played_again_as_it_was(practising: Practising, clock: FixedClock) -> None:
    own = practising.keep_own(ME, OWN)
    begun = practising.begin(ME, own.scenario_id)
    told = practising.say(ME, begun.id, "Twelve pallets went to Bergen, and that was our mistake.", 1)
    clock.advance(days=9)
    practising._playing.clear()
    assert told_of(practising.session(ME, begun.id)) == told_of(told)
    practising.drop_own(ME, own.id)
    assert told_of(practising.session(ME, begun.id)) == told_of(told), "what was played stays until it is forgotten"
    assert practising.export(ME)["sessions"][0]["made_of"]["answers"]["name"] == "Ana"
    with pytest.raises(UnknownNameError):
        practising.begin(ME, own.scenario_id)


@pytest.mark.parametrize("wrong", [{"happened": " "}, {"name": "a\0"}, {"known": ("x" * 3_000,)}])
def test_answers_that_cannot_be_used_name_their_field(practising: Practising, wrong: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        practising.keep_own(ME, replace(OWN, **wrong))  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.field == next(iter(wrong))
    assert practising.own(ME) == ()


def test_a_draft_is_tried_on_a_persona(practising: Practising) -> None:
    told = practising.rehearse(ME, "Twelve pallets went to Bergen. I call you by 15:00 UTC.", "furious-customer")
    assert (told.kind, told.sitting.turns) == ("rehearsal", 1)
    assert told_of(practising.session(ME, told.id)) == told_of(told)
    with pytest.raises(UnknownNameError, match="persona"):
        practising.rehearse(ME, "Hello.", "nobody")


def test_times_are_meant_on_the_clock_of_the_person_else_of_this_place(practising: Practising) -> None:
    own = practising.keep_own(ME, OWN)
    places = (practising.begin(ME, own.scenario_id, zone="Asia/Tokyo"), practising.begin(ME, own.scenario_id))
    assert [one.played.stage.scenario.zone for one in places] == ["Asia/Tokyo", "UTC"]
    assert places[0].played.stage.scenario.at.endswith("+09:00")
    practising._here = lambda: "Europe/Oslo"
    assert practising.begin(ME, own.scenario_id).played.stage.scenario.zone == "Europe/Oslo"
    assert practising.rehearse(ME, "We lost it.", "quiet-report").played.stage.scenario.zone == "Europe/Oslo"
    with pytest.raises(UsageError, match="Nowhere"):
        practising.begin(ME, own.scenario_id, zone="Nowhere/At-All")


def test_what_cannot_be_heard_is_refused_before_anything_is_kept(practising: Practising) -> None:
    with pytest.raises(UnknownNameError, match="form 'poem'"):
        practising.rehearse(ME, "Hello.", "quiet-report", form="poem")
    with pytest.raises(InputError, match="no words"):
        practising.rehearse(ME, " \n", "quiet-report")
    with pytest.raises(UnknownNameError, match="form 'poem'"):
        practising.keep_own(ME, replace(OWN, form="poem"))
    assert practising.sessions(ME) == ()
    assert practising.own(ME) == ()
    assert "status-update" in {one.id for one in practising.forms()}


def test_real_messages_count_once_and_by_choice(practising: Practising, usecases: UseCases) -> None:
    text = "Checkout is down. Next update 11:10 UTC."
    usecases.messaging.record(text, form="first-message")
    assert practising.export(ME)["reviews"] == []
    practising.set(ME, count_real=True)
    usecases.messaging.record(text, form="first-message", once="1" * 52)
    usecases.messaging.record(text, form="first-message", once="1" * 52)
    looks = practising.export(ME)["reviews"]
    assert len({one["skill"] for one in looks}) == len(looks) > 0
    assert practising.history(ME).skills == (), "the history is about drills"


# Nobody else's


@pytest.fixture
def company(usecases: UseCases) -> UseCases:
    usecases.people.add("anna", "owner")
    usecases.people.add("ben", "reader", by="anna")
    return usecases


def test_what_is_anothers_answers_as_what_is_not_there_and_leaves_no_note(company: UseCases, store: Store) -> None:
    practising = company.practising
    made = played(practising, person="ben").id
    own = practising.keep_own("ben", OWN)
    with store.reading() as connection:
        before = connection.execute(journal.select()).all()
    for asked in (
        lambda: practising.session("anna", made),
        lambda: practising.meant("anna", made),
        lambda: practising.own_meant("anna", own.id),
        lambda: practising.say("anna", made, "Hello?", 1),
        lambda: practising.leave("anna", made),
        lambda: practising.forget("anna", made),
        lambda: practising.begin("anna", f"{DRILL}-later", after=made),
        lambda: practising.drop_own("anna", own.id),
    ):
        with pytest.raises(NotFoundError):
            asked()
    with pytest.raises(UnknownNameError):
        practising.begin("anna", own.scenario_id)
    practising.forget("anna")
    assert (practising.sessions("anna"), practising.own("anna"), practising.due("anna")) == ((), (), ())
    assert practising.session("ben", made).id == made
    with store.reading() as connection:
        assert connection.execute(journal.select()).all() == before, "practice writes nothing into the journal, not even who was kept out"
    with pytest.raises(NoAccountError):
        practising.catalogue("local")


def test_the_first_account_takes_over_what_was_practised_without_one(usecases: UseCases) -> None:
    made = played(usecases.practising)
    usecases.people.add("anna", "owner")
    assert usecases.practising.session("anna", made.id).score == made.score
    assert usecases.practising.export("anna")["cards"]


def test_erasing_a_person_erases_their_practice_and_tells_nobody_that_there_was_any(company: UseCases, store: Store) -> None:
    played(company.practising, person="ben")
    company.practising.keep_own("ben", OWN)
    kept = company.practising.begin("anna", DRILL)
    assert company.erasing.plan("person/ben", by="anna").rows == {"person": 1}
    company.erasing.erase("person/ben", "asked for on 4 March", by="anna")
    from amends.store import practising as rows

    with store.reading() as connection:
        for table in rows.TABLES:
            if "person" in table.c:
                assert {row.person for row in connection.execute(table.select())} <= {"anna"}, table.name
        assert rows.said(connection, kept.id) == ()


# The scenarios


def test_trying_a_drill_out_and_spinning_the_wheel_need_no_store(usecases: UseCases, store: Store) -> None:
    store.close()
    drills = usecases.drills
    chosen = drills.spin(7)
    assert chosen == drills.spin(7)
    names = tuple(one.scenario.id for one in map(drills.spin, range(200)))
    assert len(set(names)) == 5
    assert drills.spin(7, without=(chosen.scenario.id,)).scenario.id != chosen.scenario.id
    with pytest.raises(TooLargeError):
        drills.try_out(DRILL, ["x"] * 201)


def test_a_team_adds_scenarios_and_a_broken_file_takes_nothing_down(tmp_path: Path, shelf: Shelf) -> None:
    source = (SCENARIOS / f"{DRILL}.toml").read_text()
    (tmp_path / "ours.toml").write_text(source.replace(f'id = "{DRILL}"', 'id = "ours"', 1))
    (tmp_path / "broken.toml").write_text(
        source.replace(f'id = "{DRILL}"', 'id = "broken"', 1).replace("version = 1", 'version = "one"', 1)
    )
    (tmp_path / f"{DRILL}.toml").write_text("no = ")
    shelf = Shelf(str(tmp_path), shelf.shipped)
    assert {"ours", DRILL, f"{DRILL}-later"} <= {one.id for one in shelf.all()}
    assert shelf.get("ours").path == str(tmp_path / "ours.toml")
    wrong = {error.path: error for error in shelf.wrong() if isinstance(error, InputError)}
    assert (wrong[str(tmp_path / "broken.toml")].line, wrong[str(tmp_path / "broken.toml")].field) == (2, "version")
    assert str(tmp_path / f"{DRILL}.toml") in wrong
    with pytest.raises(InputError):
        shelf.get("broken")
    with pytest.raises(UnknownNameError):
        shelf.get("nothing")


def test_a_folder_that_is_away_is_told_and_takes_nothing_down(tmp_path: Path, shelf: Shelf) -> None:
    shelf = Shelf(str(tmp_path / "away"), shelf.shipped)
    assert shelf.get(DRILL).id == DRILL
    assert [error.message for error in shelf.wrong() if "away" in str(getattr(error, "path", ""))] == ["there is no such folder"]
