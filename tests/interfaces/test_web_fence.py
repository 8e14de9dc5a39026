"""What keeps strangers out of a workbench, with accounts or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

LOOPBACK = "http://127.0.0.1:8321"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as made:
        yield made


PATHS = [
    "/",
    "/write",
    "/drafts",
    "/rules",
    "/rules/vague-time",
    "/forms",
    "/nothing",
    "/healthz",
    "/api/v1/rules",
    "/api/v1/nothing",
    "/static/x/y",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_styles_of_the_editor_are_let_in_by_a_name_that_is_new_each_time(client: TestClient) -> None:
    first, second = client.get("/write"), client.get("/write")

    assert first.headers["content-security-policy"] != second.headers["content-security-policy"]
    assert "script-src 'self';" in first.headers["content-security-policy"]


def test_pages_hold_no_inline_script_and_no_inline_style(client: TestClient) -> None:
    for path in ("/", "/write", "/drafts", "/rules", "/rules/vague-time", "/forms/first-message"):
        page = client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert not [part for part in page.split("<script")[1:] if "src=" not in part.split(">")[0]]
        assert " onclick" not in page


WRITES = [
    ("POST", "/drafts"),
    ("PUT", "/drafts/1"),
    ("POST", "/drafts/1/done"),
    ("POST", "/check"),
    ("POST", "/theme"),
    ("POST", "/api/v1/check"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}, {"origin": "null"}],
    ids=["another site", "a sibling site", "an old browser elsewhere", "a sandbox"],
)
def test_another_site_cannot_write_here(client: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    assert client.request(method, path, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver"}, {}])
def test_our_own_pages_and_programs_can(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/check", headers=headers, data={"text": "At 10:42 my deploy broke the login."}).status_code == 200


def test_another_site_may_link_to_us(client: TestClient) -> None:
    assert client.get("/rules", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/rules"])
def test_on_a_loopback_address_a_foreign_name_is_not_answered(path: str) -> None:
    with served(address=LOOPBACK) as client:
        answer = client.get(path, headers={"host": "evil.example"})

    assert answer.status_code == 421
    assert "AMENDS_ALLOWED_HOSTS" in answer.text


@pytest.mark.parametrize("host", ["localhost:8321", "127.0.0.1:8321", "[::1]:8321", "amends.localhost"])
def test_on_a_loopback_address_its_own_names_are(host: str) -> None:
    with served(address=LOOPBACK) as client:
        assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_a_proxy_can_be_given_its_name() -> None:
    with served(address=LOOPBACK, hosts=("amends.example.org",)) as client:
        assert client.get("/healthz", headers={"host": "amends.example.org"}).status_code == 200
    with served(address=LOOPBACK, hosts=("*",)) as client:
        assert client.get("/healthz", headers={"host": "anything.example"}).status_code == 200


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/rules?x=1", "/rules"),
        ("", "/"),
        ("https://elsewhere.example//evil.example", "/"),
        ("http://testserver//evil.example/", "/"),
    ],
)
def test_the_theme_switch_leads_back_to_a_page_of_ours_only(client: TestClient, referer: str, target: str) -> None:
    answer = client.post("/theme", headers={"referer": referer} if referer else {})

    assert answer.status_code == 303
    assert answer.headers["location"] == target


def test_the_theme_goes_round_and_is_remembered() -> None:
    with served() as client:
        seen = []
        for _ in range(4):
            page = client.get("/rules").text
            seen.append(next((name for name in ("light", "dark") if f'<html lang="en" data-theme="{name}"' in page), "auto"))
            client.post("/theme")

    assert seen == ["auto", "light", "dark", "auto"]


def test_a_theme_that_nobody_knows_is_the_usual_one(client: TestClient) -> None:
    page = client.get("/rules", headers={"cookie": 'amends-theme="><script>'}).text

    assert '<html lang="en">' in page


def test_where_names_are_given_a_server_answers_to_them_on_every_address() -> None:
    with served(hosts=("amends.example.org",), address="http://10.0.0.5:8321") as client:
        assert client.get("/healthz", headers={"host": "amends.example.org"}).status_code == 200
        assert client.get("/healthz", headers={"host": "10.0.0.5:8321"}).status_code == 200
        assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 421


def test_where_none_is_given_a_server_of_the_network_answers_to_the_name_it_has_there() -> None:
    with served(address="http://10.0.0.5:8321") as client:
        assert client.get("/healthz", headers={"host": "workbench.internal"}).status_code == 200
