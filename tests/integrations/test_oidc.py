"""Signing in at a company's own server: a real one on the loopback address, which also misbehaves in every way that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from starlette.testclient import TestClient

from amends.integrations import passwords
from amends.integrations.oidc import Provider
from amends.testing import CountingIds, FixedClock, memory_store
from amends.testing.identity import CLIENT, FAULTS, SECRET, identity_double
from amends.usecases.checking import Checking
from amends.usecases.elsewhere import Rules
from amends.usecases.facade import UseCases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.testing.identity import IdentityDouble

PASSWORD = "four ducks on a quiet pond"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def server(clock: FixedClock) -> Iterator[IdentityDouble]:
    with identity_double(clock) as double:
        yield double


@pytest.fixture
def usecases(server: IdentityDouble, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[UseCases]:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    rules = Rules(Provider(server.url, CLIENT, SECRET), "Example", ("example.org",), "responder")
    made = UseCases(Checking, memory_store, clock, CountingIds(), new_secret=_secrets(), elsewhere=lambda: rules)
    made.people.add("owner", "owner", password=PASSWORD)
    yield made
    made.close()


def _secrets() -> Any:
    import secrets

    return lambda: secrets.token_urlsafe(32)


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    with TestClient(application(usecases), follow_redirects=False) as made:
        yield made


def go(client: TestClient, **changes: str) -> Any:
    """There and back as a browser goes: to the server with what we say, and back with what it says."""
    there = client.get("/sign-in/elsewhere?next=%2Fdrafts").headers["location"]
    back = httpx2.get(there).headers["location"]
    for old, new in changes.items():
        back = back.replace(f"{old}=", f"{old}={new}")
    return client.get(back)


def test_somebody_of_the_company_enters_with_an_account_of_their_own(
    client: TestClient, usecases: UseCases, server: IdentityDouble
) -> None:
    assert "Sign in with Example" in client.get("/sign-in").text
    answer = go(client)

    assert answer.headers["location"] == "/drafts"
    assert client.get("/drafts").status_code == 200
    anna = next(one for one in usecases.people.list(by="owner") if one.name == "anna")
    assert (anna.role, anna.email, anna.identity, anna.has_password) == ("responder", "anna@example.org", f"{server.url} 0001", False)
    assert "code_verifier" in server.seen[0]
    assert "secret" not in server.seen[0], "the secret goes where secrets go"


def test_who_comes_back_is_the_same_account_whatever_the_address_says(
    client: TestClient, usecases: UseCases, server: IdentityDouble
) -> None:
    go(client)
    server.person |= {"email": "married@elsewhere.example", "preferred_username": "other"}
    assert go(client).headers["location"] == "/drafts"
    assert len(usecases.people.list(by="owner")) == 2


def test_the_same_address_of_somebody_else_is_somebody_else(client: TestClient, usecases: UseCases, server: IdentityDouble) -> None:
    go(client)
    server.person["sub"] = "0002"
    go(client)

    assert [one.name for one in usecases.people.list(by="owner")] == ["anna", "anna-2", "owner"]


def test_an_account_here_is_not_entered_by_its_address_alone(client: TestClient, usecases: UseCases, server: IdentityDouble) -> None:
    server.person |= {"email": "owner@example.org", "preferred_username": "owner"}
    usecases.people.add("boss", "owner", email="owner@example.org", by="owner")
    go(client)

    assert usecases.people.list(by="owner")[-1].name == "owner-2"
    assert usecases.people.list(by="owner")[-1].role == "responder"


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "anna@example.org.evil"},
        {"email": "anna@evil.example"},
        {"email": "a@evil.example@example.org"},
    ],
)
def test_only_an_address_of_the_company_that_was_verified_lets_in(
    client: TestClient, usecases: UseCases, server: IdentityDouble, claims: dict[str, Any]
) -> None:
    server.person |= claims
    answer = go(client)

    assert answer.status_code == 401
    assert "does not let you in" in answer.text
    assert [one.name for one in usecases.people.list(by="owner")] == ["owner"]


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "metadata"])
def test_a_server_that_says_what_cannot_be_believed_lets_nobody_in(
    client: TestClient, usecases: UseCases, server: IdentityDouble, fault: str
) -> None:
    server.fault = fault
    answer = go(client)

    assert answer.status_code == 401
    assert "amends-session" not in client.cookies
    assert "did not work" in answer.text
    assert [one.name for one in usecases.people.list(by="owner")] == ["owner"]


def test_a_server_of_another_name_is_not_gone_to(client: TestClient, server: IdentityDouble) -> None:
    server.fault = "metadata"
    answer = client.get("/sign-in/elsewhere")
    assert answer.status_code == 502
    assert "another name" in answer.text


def test_a_way_back_that_began_elsewhere_leads_nowhere(client: TestClient, server: IdentityDouble, clock: FixedClock) -> None:
    assert go(client, state="x").status_code == 401
    there = client.get("/sign-in/elsewhere").headers["location"]
    back = httpx2.get(there).headers["location"]
    clock.advance(minutes=11)
    assert client.get(back).status_code == 401
    client.cookies.clear()
    assert go_without_cookie(client).status_code == 401
    assert client.get("/sign-in/back?error=access_denied").status_code == 401
    assert server.seen == [], "no code was ever changed for a token"


def go_without_cookie(client: TestClient) -> Any:
    back = httpx2.get(client.get("/sign-in/elsewhere").headers["location"]).headers["location"]
    client.cookies.clear()
    return client.get(back)


def test_a_code_works_once(client: TestClient) -> None:
    there = client.get("/sign-in/elsewhere").headers["location"]
    kept = dict(client.cookies)
    back = httpx2.get(there).headers["location"]
    assert client.get(back).status_code == 303
    client.cookies.clear()
    client.cookies.update(kept)
    assert client.get(back).status_code == 401


def test_who_was_disabled_stays_out_however_they_come(client: TestClient, usecases: UseCases) -> None:
    go(client)
    usecases.people.disable("anna", by="owner")
    client.cookies.clear()
    assert go(client).status_code == 401


def test_the_way_there_carries_a_challenge_and_no_secret(client: TestClient) -> None:
    there = client.get("/sign-in/elsewhere?next=https%3A%2F%2Fevil.example").headers["location"]

    assert "code_challenge_method=S256" in there
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Fsign-in%2Fback" in there
    assert SECRET not in there
    assert "evil" not in there


def test_where_no_server_answers_the_page_says_so(client: TestClient, usecases: UseCases) -> None:
    gone = Rules(Provider("http://127.0.0.1:9", CLIENT, SECRET), "Example")
    usecases.__dict__.pop("elsewhere", None)
    usecases._elsewhere = lambda: gone  # as if the settings said so
    answer = client.get("/sign-in/elsewhere")
    assert answer.status_code == 502
    assert "does not answer" in answer.text
