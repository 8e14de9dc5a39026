"""The way in and out of a workbench with accounts, and what those who are not signed in get to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

import pytest

from amends.integrations import passwords
from interfaces.desk import heading, words
from interfaces.serving import served

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

PASSWORD = "four ducks on a quiet pond"
COOKIE = "amends-session"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def anna(usecases: UseCases) -> str:
    usecases.people.add("anna", "owner", password=PASSWORD, email="anna@example.org")
    return "anna"


def enter(client: TestClient, name: str = "anna", password: str = PASSWORD, **more: str) -> None:
    answer = client.post("/sign-in", data={"name": name, "password": password, **more})
    assert answer.status_code == 303, words(answer.text)


def test_without_accounts_nobody_signs_in(client: TestClient) -> None:
    assert client.get("/rules").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"
    assert "Only you use this workspace." in heading(client.get("/settings").text)
    assert "amends people add" in client.get("/settings").text


PAGES = ["/", "/write", "/drafts", "/promises", "/rules", "/settings", "/calendars", "/nothing-here", "/incidents/00/timeline"]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_who_is_signed_out_to_the_way_in(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?x=1")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={quote(path + '?x=1', safe='')}"


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sign-in", "/favicon.ico", "/api/v1/openapi.json"])
def test_what_everybody_needs_is_open_to_all(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (200, 308)


@pytest.mark.usefixtures("anna")
def test_signing_in_leads_on_and_sets_a_cookie_that_no_script_reads(client: TestClient) -> None:
    page = client.get("/sign-in?next=%2Fdrafts%3Fclosed%3D1")
    assert heading(page.text) == "Sign in to go on."
    answer = client.post("/sign-in", data={"name": "anna", "password": PASSWORD, "next": "/drafts?closed=1"})

    assert answer.headers["location"] == "/drafts?closed=1"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie, "plain http on the loopback address"
    assert client.get("/drafts").status_code == 200
    assert "You are anna, an owner here." in heading(client.get("/settings").text)


def test_behind_https_the_cookie_is_for_this_host_alone(usecases: UseCases, anna: str, clock: FixedClock) -> None:
    with served(open_store=lambda: usecases.store, clock=clock, address="https://amends.example.org") as client:
        enter(client, anna)
        assert client.cookies.get("__Host-amends")
        assert client.get("/drafts").status_code == 200
        client.cookies.clear()
        client.cookies.set(COOKIE, "x")
        assert client.get("/drafts").status_code == 303


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/a\r\nx: y",
    "/\t/evil.example",
    "http:evil.example",
    "/sign-out",
]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_pages_of_ours_only(client: TestClient, target: str) -> None:
    answer = client.post("/sign-in", data={"name": "anna", "password": PASSWORD, "next": target})

    assert answer.headers["location"] == "/"
    assert "x" not in answer.headers
    assert "evil" not in client.get("/sign-in", params={"next": target}).text


@pytest.mark.usefixtures("anna")
def test_a_wrong_password_keeps_the_name_and_says_what_to_do(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"name": "anna", "password": "wrong"})

    assert answer.status_code == 401
    assert 'value="anna"' in answer.text
    assert "wrong" not in answer.text.replace("went wrong", "")
    assert "do not belong together" in words(answer.text)
    assert COOKIE not in client.cookies


@pytest.mark.usefixtures("anna")
def test_whoever_guesses_is_told_how_long_to_wait(client: TestClient) -> None:
    answers = [client.post("/sign-in", data={"name": "anna", "password": f"wrong {number}"}) for number in range(7)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert answers[-1].headers["retry-after"] == "3"


@pytest.mark.usefixtures("anna")
def test_another_site_cannot_sign_anybody_in_or_out(client: TestClient) -> None:
    for path in ("/sign-in", "/sign-out", "/settings/password"):
        assert client.post(path, headers={"sec-fetch-site": "cross-site"}, data={"name": "anna", "password": PASSWORD}).status_code == 403


@pytest.mark.usefixtures("anna")
def test_the_key_of_a_session_is_another_one_after_each_sign_in(client: TestClient) -> None:
    enter(client)
    first = client.cookies[COOKIE]
    enter(client)

    assert client.cookies[COOKIE] != first
    client.cookies.clear()
    client.cookies.set(COOKIE, first)
    assert client.get("/drafts").status_code == 303


@pytest.mark.usefixtures("anna")
def test_a_key_that_somebody_planted_becomes_nobodys(client: TestClient) -> None:
    client.cookies.set(COOKIE, "planted")
    answer = client.post("/sign-in", data={"name": "anna", "password": PASSWORD})

    assert "planted" not in answer.headers["set-cookie"]


@pytest.mark.usefixtures("anna")
def test_signing_out_ends_the_session_and_leaves_nothing_on_the_device(client: TestClient) -> None:
    enter(client)
    key = client.cookies[COOKIE]
    answer = client.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["clear-site-data"] == '"storage"'
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, key)
    assert client.get("/drafts").status_code == 303


@pytest.mark.usefixtures("anna")
def test_a_script_learns_that_the_session_is_over_and_keeps_the_text(client: TestClient) -> None:
    for method, path in (("POST", "/drafts"), ("PUT", "/drafts/0")):
        answer = client.request(method, path, json={"text": "The deploy broke the login.", "form": "auto"})
        assert answer.status_code == 401
        told = answer.json()
        assert told["code"] == "no-account"
        assert "stays on this device" in told["hint"]
        assert told["sign_in"] == "/sign-in"
    part = client.post("/check", headers={"hx-request": "true"}, data={"text": "a"})
    assert part.status_code == 401
    assert "not signed in" in words(part.text)
    assert client.get("/drafts/0", headers={"accept": "application/json"}).status_code == 401


@pytest.mark.usefixtures("anna")
def test_a_form_that_was_sent_too_late_comes_back_with_every_word(client: TestClient) -> None:
    text = "First line <b>\nSecond line " + "x" * 80
    answer = client.post("/promises?incident=1", data={"words": "call the shops", "note": text, "password": "secret words"})

    assert answer.status_code == 401
    assert 'action="/promises?incident=1"' in answer.text
    assert 'name="words" value="call the shops"' in answer.text
    assert "First line &lt;b&gt;\nSecond line" in answer.text
    assert "secret words" not in answer.text


def test_an_invitation_leads_in_once(client: TestClient, usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "responder", display="Ben", by=anna)
    path = f"/invitation/{usecases.people.invite('ben', by=anna)}"

    assert heading(client.get(path).text) == "Choose a password, Ben."
    assert client.post(path, data={"password": PASSWORD, "again": "another"}).status_code == 400
    assert client.post(path, data={"password": "short", "again": "short"}).status_code == 400
    assert client.post(path, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert "You are Ben, a responder here." in heading(client.get("/settings").text)
    assert client.get(path).status_code == 401
    assert client.get("/invitation/unknown").status_code == 401


@pytest.mark.usefixtures("anna")
def test_an_owner_invites_in_the_settings(client: TestClient) -> None:
    enter(client)
    page = client.post("/settings/people", data={"name": "ben", "role": "reader"})

    assert "http://testserver/invitation/" in page.text
    assert client.post("/settings/people", data={"name": "Not a name!", "role": "reader"}).status_code == 400
    again = client.post("/settings/people", data={"name": "ben", "role": "reader"})
    assert again.status_code == 409
    assert "somebody is called ben already" in words(again.text).lower()
    client.post("/settings/people/ben/role", data={"role": "responder"})
    assert "Responder" in words(client.get("/settings").text)
    assert client.post("/settings/people/anna/disable").status_code == 409
    assert "last owner" in words(client.post("/settings/people/anna/role", data={"role": "reader"}).text)


def test_who_does_not_manage_finds_no_way_to(client: TestClient, usecases: UseCases, anna: str) -> None:
    usecases.people.add("ben", "responder", password=PASSWORD, by=anna)
    enter(client, "ben")

    page = client.get("/settings").text
    assert "anna@example.org" not in page
    assert "Invite somebody" not in page
    assert client.post("/settings/people", data={"name": "eve", "role": "owner"}).status_code == 403
    assert client.post("/settings/people/ben/role", data={"role": "owner"}).status_code == 403


@pytest.mark.usefixtures("anna")
def test_a_token_is_shown_once_and_can_be_revoked(client: TestClient, usecases: UseCases) -> None:
    enter(client)
    page = client.post("/settings/tokens", data={"name": "dashboard", "scope": "read", "days": "30"}).text
    assert "amends_" in page
    listed = client.get("/settings").text
    assert "amends_" not in listed
    assert "dashboard: read" in words(listed)
    assert client.post("/settings/tokens", data={"name": "x", "scope": "read", "days": "many"}).status_code == 400
    token = usecases.signing.tokens(by="anna")[0]
    assert client.post(f"/settings/tokens/{token.id}/revoke").headers["location"] == "/settings?done=token"
    assert usecases.signing.tokens(by="anna") == ()


@pytest.mark.usefixtures("anna")
def test_a_new_password_asks_for_the_old_one(client: TestClient) -> None:
    enter(client)
    new = {"password": "another five ducks", "again": "another five ducks"}
    assert client.post("/settings/password", data={"current": "wrong", **new}).status_code == 401
    assert client.post("/settings/password", data={"current": PASSWORD, **new}).headers["location"] == "/settings?done=password"
    assert client.get("/drafts").status_code == 200, "here somebody stays signed in"


# The API


@pytest.mark.usefixtures("anna")
def test_the_api_asks_for_a_key(client: TestClient) -> None:
    for path in ("/api/v1/promises", "/api/v1/incidents", "/api/v1/rules", "/api/v1/nothing"):
        client.get("/drafts")
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.post("/api/v1/check", json={"text": "a"}).status_code == 401
    assert client.get("/api/v1/promises", headers={"authorization": "Bearer amends_wrong"}).status_code == 401
    assert client.get("/api/v1/promises", headers={"authorization": "Basic YTpi"}).status_code == 401


def test_a_token_is_held_to_its_scope(client: TestClient, usecases: UseCases, anna: str) -> None:
    def asked(scope: str, method: str, path: str, **more: Any) -> int:
        _, key = usecases.signing.new_token(scope, (scope,), by=anna)
        return client.request(method, path, headers={"authorization": f"Bearer {key}"}, **more).status_code

    promise = {"words": "call the shops", "due": "2026-03-04T15:00:00Z"}
    assert asked("check", "POST", "/api/v1/check", json={"text": "a"}) == 200
    assert asked("check", "GET", "/api/v1/promises") == 403
    assert asked("read", "GET", "/api/v1/promises") == 200
    assert asked("read", "POST", "/api/v1/check", json={"text": "a"}) == 200
    assert asked("read", "POST", "/api/v1/promises", json=promise) == 403
    assert asked("write", "POST", "/api/v1/promises", json=promise) == 201
    assert asked("manage", "POST", "/api/v1/promises", json=promise) == 201


@pytest.mark.usefixtures("anna")
def test_the_api_takes_the_session_of_the_browser_and_no_other_site_uses_it(client: TestClient) -> None:
    enter(client)

    assert client.get("/api/v1/promises").status_code == 200
    body = {"words": "call the shops", "due": "2026-03-04T15:00:00Z"}
    assert client.post("/api/v1/promises", headers={"sec-fetch-site": "cross-site"}, json=body).status_code == 403
    assert client.get("/api/v1/promises", headers={"authorization": "Bearer amends_wrong"}).status_code == 401, "a wrong key is no session"


def test_a_token_opens_no_pages(client: TestClient, usecases: UseCases, anna: str) -> None:
    _, key = usecases.signing.new_token("all", ("manage",), by=anna)
    assert client.get("/drafts", headers={"authorization": f"Bearer {key}"}).status_code == 303


def test_a_check_needs_no_store_where_nobody_has_an_account() -> None:
    def none() -> NoReturn:
        raise AssertionError("the store was opened")

    with served(open_store=none) as client:
        assert client.post("/api/v1/check", json={"text": "a"}).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_a_request_costs_one_question_to_the_store(client: TestClient, usecases: UseCases, anna: str, clock: FixedClock) -> None:
    from sqlalchemy import event

    enter(client, anna)
    client.get("/rules")
    asked: list[str] = []
    event.listen(usecases.store.engine, "before_cursor_execute", lambda _c, _cur, statement, *_more: asked.append(statement))

    def questions() -> list[str]:
        return [one for one in asked if not one.startswith("BEGIN")]

    assert client.get("/rules").status_code == 200
    assert len(questions()) == 1
    clock.advance(minutes=2)
    client.get("/rules")
    assert len(questions()) == 3, "and once a minute it is noted that the session was used"
