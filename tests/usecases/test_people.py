"""Accounts: the first owner, roles, invitations, passwords; and that whoever guesses waits while its owner gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.core.accounts import SignInError, TooManyTriesError
from amends.core.errors import ConflictError, ForbiddenError, InputError, NoAccountError, NotFoundError, UnknownNameError, UsageError
from amends.integrations import passwords
from amends.store import people as rows

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

PASSWORD = "four ducks on a quiet pond"
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest hash there is: what is tested here is not how slow it is."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def anna(usecases: UseCases) -> str:
    usecases.people.add("anna", "owner", password=PASSWORD)
    return "anna"


def test_before_the_first_account_the_one_person_of_this_machine_may_do_everything(usecases: UseCases) -> None:
    assert usecases.people.me().role == "owner"
    assert not usecases.people.are_here()


def test_the_first_account_is_an_owners(usecases: UseCases) -> None:
    with pytest.raises(UsageError, match="first account"):
        usecases.people.add("ben", "responder", password=PASSWORD)


def test_from_the_first_account_on_nobody_is_local(usecases: UseCases, anna: str) -> None:
    with pytest.raises(NoAccountError):
        usecases.drafting.new("a text")
    with pytest.raises(NoAccountError):
        usecases.people.list()
    assert usecases.people.me(by=anna).role == "owner"


def test_the_first_account_takes_over_what_was_local(usecases: UseCases) -> None:
    draft = usecases.drafting.new("The deploy broke the login.")
    promise = usecases.promising.add("call the shops", None)
    usecases.people.add("anna", "owner", password=PASSWORD)

    assert usecases.drafting.get(draft.id, by="anna").content.text == "The deploy broke the login."
    entry = usecases.promising.get(promise.promise.id, by="anna")
    assert entry.standing.owner == "anna"
    assert [event.what for event in entry.events] == ["offered", "taken-on"]


@pytest.mark.parametrize("name", ["", "local", "a b", "-a", "Ä", "x" * 41, "a/b"])
def test_a_name_is_small_letters_digits_and_hyphens(usecases: UseCases, name: str) -> None:
    with pytest.raises(InputError):
        usecases.people.add(name, "owner", password=PASSWORD)


@pytest.mark.parametrize("password", ["short", "anna", "x" * 1001, "half a \ud800 letter pair"])
def test_a_password_that_cannot_be_used_is_refused_before_anything_is_written(usecases: UseCases, password: str) -> None:
    with pytest.raises(InputError):
        usecases.people.add("anna", "owner", password=password)
    assert not usecases.people.are_here()


def test_only_who_manages_makes_accounts_and_changes_roles(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "responder", password=PASSWORD, by=anna)

    with pytest.raises(ForbiddenError):
        usecases.people.add("eve", "owner", password=PASSWORD, by="ben")
    with pytest.raises(ForbiddenError):
        usecases.people.change_role("ben", "owner", by="ben")
    with pytest.raises(ConflictError):
        usecases.people.add("ben", "reader", by=anna)
    with pytest.raises(UnknownNameError):
        usecases.people.change_role("ben", "admin", by=anna)
    assert usecases.people.change_role("ben", "owner", by=anna).role == "owner"


def test_the_last_owner_stays_one(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "owner", password=PASSWORD, by=anna)
    usecases.people.disable("ben", by=anna)

    with pytest.raises(ConflictError, match="last owner"):
        usecases.people.disable(anna, by=anna)
    with pytest.raises(ConflictError, match="last owner"):
        usecases.people.change_role(anna, "reader", by=anna)
    usecases.people.enable("ben", by=anna)
    assert usecases.people.change_role(anna, "reader", by=anna).role == "reader"


def test_who_reads_sees_names_and_no_addresses(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "reader", email="ben@example.org", password=PASSWORD, by=anna)
    usecases.people.add("cy", "reader", email="cy@example.org", password=PASSWORD, by=anna)

    assert [one.email for one in usecases.people.list(by=anna)] == [None, "ben@example.org", "cy@example.org"]
    assert [one.email for one in usecases.people.list(by="ben")] == [None, "ben@example.org", None]


def test_an_invitation_is_taken_up_once_and_within_a_week(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    usecases.people.add("ben", "responder", by=anna)
    first, second = usecases.people.invite("ben", by=anna), usecases.people.invite("ben", by=anna)

    with pytest.raises(SignInError):
        usecases.people.take_up(first, PASSWORD)
    with pytest.raises(InputError):
        usecases.people.take_up(second, "short")
    assert usecases.people.take_up(second, PASSWORD).name == "ben"
    with pytest.raises(SignInError):
        usecases.people.take_up(second, PASSWORD)
    third = usecases.people.invite("ben", by=anna)
    clock.advance(days=8)
    with pytest.raises(SignInError):
        usecases.people.invited(third)


def test_an_invitation_opens_nothing_but_its_page(usecases: UseCases, anna: str) -> None:
    assert usecases.signing.caller(token_key=usecases.people.invite(anna, by=anna)) is None


def test_whoever_signs_in_is_known_by_the_key_until_they_sign_out(usecases: UseCases, anna: str) -> None:
    entered = usecases.signing.sign_in(" Anna ", PASSWORD, address=HERE, agent="Firefox\r\nx")

    caller = usecases.signing.caller(session_key=entered.key)
    assert caller is not None
    assert (caller.person, caller.session_id) == (anna, entered.session.id)
    assert entered.session.agent == "Firefoxx"
    assert usecases.signing.caller(session_key=entered.key + "x") is None
    usecases.signing.sign_out(entered.key)
    assert usecases.signing.caller(session_key=entered.key) is None


def test_signing_in_anew_ends_the_session_before(usecases: UseCases, anna: str) -> None:
    first = usecases.signing.sign_in(anna, PASSWORD, address=HERE)
    second = usecases.signing.sign_in(anna, PASSWORD, address=HERE, instead_of=first.key)

    assert first.key != second.key
    assert usecases.signing.caller(session_key=first.key) is None
    assert usecases.signing.caller(session_key=second.key) is not None


def test_a_session_ends_after_a_week_unused_and_after_a_month_in_any_case(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    idle, busy = (usecases.signing.sign_in(anna, PASSWORD, address=HERE) for _ in range(2))
    for _ in range(4):
        clock.advance(days=6)
        assert usecases.signing.caller(session_key=busy.key) is not None
    assert usecases.signing.caller(session_key=idle.key) is None
    clock.advance(days=6)
    assert usecases.signing.caller(session_key=busy.key) is None


def test_a_new_password_ends_every_session_but_the_one_it_was_given_in(usecases: UseCases, anna: str) -> None:
    one, two = (usecases.signing.sign_in(anna, PASSWORD, address=HERE) for _ in range(2))

    with pytest.raises(SignInError):
        usecases.people.set_password(anna, "another five ducks", current="wrong", by=anna)
    usecases.people.set_password(anna, "another five ducks", current=PASSWORD, keep=two.session.id, by=anna)
    assert usecases.signing.caller(session_key=one.key) is None
    assert usecases.signing.caller(session_key=two.key) is not None
    with pytest.raises(SignInError):
        usecases.signing.sign_in(anna, PASSWORD, address=HERE)
    usecases.signing.sign_in(anna, "another five ducks", address=HERE)


def test_who_was_disabled_is_out_at_once(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "responder", password=PASSWORD, by=anna)
    entered = usecases.signing.sign_in("ben", PASSWORD, address=HERE)
    _, key = usecases.signing.new_token("ci", ("read",), by="ben")
    usecases.people.disable("ben", by=anna)

    assert usecases.signing.caller(session_key=entered.key) is None
    assert usecases.signing.caller(token_key=key) is None
    with pytest.raises(SignInError):
        usecases.signing.sign_in("ben", PASSWORD, address=HERE)
    usecases.people.enable("ben", by=anna)
    assert usecases.signing.caller(session_key=entered.key) is None, "letting somebody in again opens no old session"


def test_one_ends_ones_own_sessions_and_an_owner_those_of_others(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "responder", password=PASSWORD, by=anna)
    bens, annas = (usecases.signing.sign_in(name, PASSWORD, address=HERE).session for name in ("ben", anna))

    with pytest.raises(NotFoundError):
        usecases.signing.revoke(annas.id, by="ben")
    with pytest.raises(ForbiddenError):
        usecases.signing.sessions(anna, by="ben")
    assert [one.id for one in usecases.signing.sessions(by="ben")] == [bens.id]
    assert usecases.signing.revoke(bens.id, name="ben", by=anna) == 1
    assert usecases.signing.sessions(by="ben") == ()


def test_a_token_opens_what_its_scopes_say_until_it_is_revoked(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    token, key = usecases.signing.new_token("dashboard", ("read",), by=anna)
    caller = usecases.signing.caller(token_key=key)

    assert caller is not None
    assert [caller.may(scope) for scope in ("check", "read", "write", "manage")] == [True, True, False, False]
    first = usecases.signing.tokens(by=anna)[0].used_at
    clock.advance(seconds=30)
    usecases.signing.caller(token_key=key)
    assert usecases.signing.tokens(by=anna)[0].used_at == first, "noted once a minute"
    usecases.signing.revoke_token(token.id, by=anna)
    assert usecases.signing.caller(token_key=key) is None


def test_a_token_gives_nobody_more_than_their_role(usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "reader", password=PASSWORD, by=anna)
    mine, _ = usecases.signing.new_token("mine", ("manage",), by=anna)

    with pytest.raises(ForbiddenError):
        usecases.signing.new_token("too much", ("write",), by="ben")
    with pytest.raises(UnknownNameError):
        usecases.signing.new_token("odd", ("everything",), by=anna)
    with pytest.raises(NotFoundError):
        usecases.signing.revoke_token(mine.id, by="ben")


def test_no_key_stands_in_the_store(usecases: UseCases, anna: str) -> None:
    entered = usecases.signing.sign_in(anna, PASSWORD, address=HERE)
    _, key = usecases.signing.new_token("ci", ("read",), by=anna)
    with usecases.store.reading() as connection:
        everything = "".join(
            str(tuple(row))
            for table in ("person", "session", "api_token", "journal")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )

    for secret in (entered.key, key, PASSWORD):
        assert secret not in everything


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(usecases: UseCases, anna: str) -> None:
    from argon2 import PasswordHasher

    with usecases.store.writing() as connection:
        rows.change(connection, anna, password=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD))
    usecases.signing.sign_in(anna, PASSWORD, address=HERE)
    with usecases.store.reading() as connection:
        assert "m=8,t=1" in str(rows.password_of(connection, anna))


def test_who_guesses_waits_longer_and_longer_and_never_for_ever(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    for _ in range(5):
        with pytest.raises(SignInError):
            usecases.signing.sign_in(anna, "a wrong password", address=HERE)
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyTriesError) as told:
            usecases.signing.sign_in(anna, PASSWORD, address=HERE)
        waits.append(told.value.retry_after)
        clock.advance(seconds=told.value.retry_after)
        with pytest.raises(SignInError):
            usecases.signing.sign_in(anna, "a wrong password", address=HERE)
    assert waits[:4] == [3, 5, 9, 17]
    assert max(waits) <= 300
    clock.advance(seconds=300)
    assert usecases.signing.sign_in(anna, PASSWORD, address=HERE).session.person == anna


def test_a_stranger_who_guesses_keeps_no_owner_out(usecases: UseCases, anna: str) -> None:
    usecases.signing.sign_in(anna, PASSWORD, address=HERE)
    for number in range(110):
        with pytest.raises((SignInError, TooManyTriesError)):
            usecases.signing.sign_in(anna, "a wrong password", address=f"198.51.100.{number}")
    with pytest.raises(TooManyTriesError):
        usecases.signing.sign_in(anna, PASSWORD, address="203.0.113.1")
    assert usecases.signing.sign_in(anna, PASSWORD, address=HERE).session.person == anna


@pytest.mark.usefixtures("anna")
def test_one_address_that_tries_many_names_waits_too(usecases: UseCases) -> None:
    refused = 0
    for number in range(60):
        try:
            usecases.signing.sign_in(f"name-{number}", "a wrong password", address="203.0.113.9")
        except TooManyTriesError:
            refused += 1
        except SignInError:
            pass
    assert refused == 10


def test_an_unknown_name_answers_as_a_wrong_password_does(usecases: UseCases, anna: str) -> None:
    answers = set()
    for name in (anna, "nobody"):
        with pytest.raises(SignInError) as told:
            usecases.signing.sign_in(name, "a wrong password", address=HERE)
        answers.add((told.value.message, told.value.hint))
    assert len(answers) == 1


def test_denied_access_is_written_down_once_a_minute_and_without_a_word_of_it(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    usecases.people.add("ben", "reader", password=PASSWORD, by=anna)

    def told() -> list[tuple[str, str, str]]:
        return [(one.actor, one.subject, one.data) for one in usecases.journal.entries(limit=1000, by=anna) if one.what == "access.denied"]

    for _ in range(3):
        with pytest.raises(ForbiddenError):
            usecases.promising.add("a secret thing", None, by="ben")
    assert told() == [("ben", "workspace", '{"verb":"write"}')]
    clock.advance(minutes=2)
    with pytest.raises(ForbiddenError):
        usecases.journal.entries(by="ben")
    assert len(told()) == 2
