"""Accounts over HTTP: people and their invitations, sessions and tokens, and what a wrong request is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amends.integrations import passwords

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

API = "/api/v1"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def owner(usecases: UseCases, client: TestClient) -> TestClient:
    """The client of an owner, with a token that may manage."""
    usecases.people.add("anna", "owner", email="anna@example.org")
    _, key = usecases.signing.new_token("all", ("manage",), by="anna")
    client.headers["authorization"] = f"Bearer {key}"
    return client


def test_without_accounts_the_one_person_is_an_owner_and_needs_no_token(client: TestClient) -> None:
    assert client.get(f"{API}/me").json()["person"]["role"] == "owner"
    assert client.get(f"{API}/people").json() == {"schema": "amends.people/1", "people": []}
    assert client.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]}).status_code == 422


def test_the_first_account_can_be_made_here_and_is_taken_up_by_its_invitation(client: TestClient) -> None:
    made = client.post(f"{API}/people", json={"name": "anna", "role": "owner"})

    assert made.status_code == 201
    assert made.json()["person"]["role"] == "owner"
    assert client.get(f"/invitation/{made.json()['invitation']}").status_code == 200
    assert client.get(f"{API}/me").status_code == 401


def test_an_owner_makes_changes_and_closes_accounts(owner: TestClient) -> None:
    made = owner.post(f"{API}/people", json={"name": "ben", "display": "Ben"}).json()

    assert made["person"] == {"name": "ben", "display": "Ben", "role": "responder", "email": None, "disabled_at": None}
    assert owner.patch(f"{API}/people/ben", json={"role": "reader"}).json()["person"]["role"] == "reader"
    assert owner.patch(f"{API}/people/ben", json={"disabled": True}).json()["person"]["disabled_at"]
    assert owner.patch(f"{API}/people/ben", json={"disabled": False}).json()["person"]["disabled_at"] is None
    again = owner.post(f"{API}/people/ben/invitation").json()["invitation"]
    assert again != made["invitation"]
    assert [one["name"] for one in owner.get(f"{API}/people").json()["people"]] == ["anna", "ben"]


WRONG: list[tuple[str, str, dict[str, Any], int]] = [
    ("POST", "/people", {"name": "Not a name!"}, 422),
    ("POST", "/people", {"name": "ben", "role": "king"}, 422),
    ("POST", "/people", {"name": "ben", "email": "nowhere"}, 422),
    ("POST", "/people", {"name": "anna"}, 409),
    ("POST", "/people", {"name": "local"}, 422),
    ("PATCH", "/people/anna", {}, 422),
    ("PATCH", "/people/anna", {"role": "reader"}, 409),
    ("PATCH", "/people/anna", {"disabled": True}, 409),
    ("PATCH", "/people/nobody", {"role": "reader"}, 404),
    ("POST", "/tokens", {"name": "x", "scopes": []}, 422),
    ("POST", "/tokens", {"name": "x", "scopes": ["everything"]}, 422),
    ("POST", "/tokens", {"name": "", "scopes": ["read"]}, 422),
    ("POST", "/tokens", {"name": "a\nb", "scopes": ["read"]}, 422),
    ("DELETE", "/tokens/nothing", {}, 404),
    ("DELETE", "/tokens/%00", {}, 404),
    ("DELETE", "/sessions/nothing", {}, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), WRONG)
def test_a_wrong_request_says_what_is_wrong(owner: TestClient, method: str, path: str, body: dict[str, Any], status: int) -> None:
    answer = owner.request(method, f"{API}{path}", json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_token_shows_its_key_once(owner: TestClient) -> None:
    made = owner.post(f"{API}/tokens", json={"name": "dashboard", "scopes": ["read"], "days": 30}).json()

    assert made["key"].startswith("amends_")
    assert made["key"] not in owner.get(f"{API}/tokens").text
    assert owner.get(f"{API}/me", headers={"authorization": f"Bearer {made['key']}"}).status_code == 200
    assert owner.delete(f"{API}/tokens/{made['token']['id']}").json()["token"]["revoked_at"]
    assert owner.get(f"{API}/me", headers={"authorization": f"Bearer {made['key']}"}).status_code == 401


def test_a_token_that_may_not_manage_makes_no_token(owner: TestClient) -> None:
    key = owner.post(f"{API}/tokens", json={"name": "writer", "scopes": ["write"]}).json()["key"]
    answer = owner.post(f"{API}/tokens", json={"name": "more", "scopes": ["manage"]}, headers={"authorization": f"Bearer {key}"})

    assert answer.status_code == 403
    assert "manage" in answer.json()["hint"]


def test_sessions_are_listed_and_ended(owner: TestClient, usecases: UseCases) -> None:
    entered = usecases.signing.enter("anna", agent="Firefox")
    listed = owner.get(f"{API}/sessions").json()["sessions"]

    assert [(one["id"], one["agent"]) for one in listed] == [(entered.session.id, "Firefox")]
    assert entered.key not in str(listed)
    assert owner.delete(f"{API}/sessions/{entered.session.id}").json()["sessions"] == []
    assert usecases.signing.caller(session_key=entered.key) is None
