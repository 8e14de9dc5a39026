from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.people import AUDIENCES
from amends.interfaces.api.examples import CHECK_REQUESTS, PROBLEMS
from amends.interfaces.api.limits import Limits
from amends.language.records import Draft
from amends.language.report import as_dict
from amends.testing import START, FixedClock
from amends.usecases.checking import Checking
from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

TEXT = "At 10:42 my deploy broke the login. We will share more as soon as possible."


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as made:
        yield made


def check(client: TestClient, **fields: Any) -> Any:
    return client.post("/api/v1/check", json=fields)


def test_a_draft_gets_the_same_document_as_everywhere(client: TestClient) -> None:
    answer = check(client, text=TEXT, id="a", form="first-message", audience="team", at="2026-03-04T10:50:00+00:00", tz="Europe/London")

    draft = Draft(TEXT, START, "first-message", "team", "Europe/London", "a")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == as_dict(Checking().check(draft))


def test_a_text_alone_is_enough_and_counts_from_now(client: TestClient) -> None:
    document = check(client, text=TEXT).json()

    assert document["id"] is None
    assert document["tz"] is None
    assert document["at"] == START.isoformat()


def test_fields_that_are_null_are_as_good_as_absent(client: TestClient) -> None:
    assert check(client, text=TEXT, id=None, audience=None, at=None, tz=None).json() == check(client, text=TEXT).json()


def test_keys_that_nobody_knows_are_ignored(client: TestClient) -> None:
    assert check(client, text=TEXT, team="payments", nested={"a": [1]}).json() == check(client, text=TEXT).json()


def test_an_empty_draft_is_a_problem_and_no_error(client: TestClient) -> None:
    answer = check(client, text="")

    assert answer.status_code == 200
    assert len(answer.json()["problems"]) == 1
    assert answer.json()["findings"] == []


def test_an_unknown_zone_is_a_problem_of_the_document(client: TestClient) -> None:
    answer = check(client, text=TEXT, tz="Europe/Atlantis")

    assert answer.status_code == 200
    assert "Europe/Atlantis" in answer.json()["problems"][0]["message"]


@pytest.mark.parametrize("at", ["2026-03-04T10:50:00Z", "2026-03-04t10:50:00z", "2026-03-04 10:50:00+00:00", "2026-03-04T10:50+00:00"])
def test_times_are_taken_as_the_standard_allows_them(client: TestClient, at: str) -> None:
    assert check(client, text=TEXT, at=at).json()["at"] == "2026-03-04T10:50:00+00:00"


def test_a_time_without_an_offset_is_meant_in_the_zone_given(client: TestClient) -> None:
    assert check(client, text=TEXT, at="2026-07-04T10:50:00", tz="Europe/Berlin").json()["at"] == "2026-07-04T10:50:00+02:00"


def test_offsets_count_code_points_also_after_emoji(client: TestClient) -> None:
    plain = check(client, text=TEXT).json()["findings"]
    moved = check(client, text=f"😬 👩‍💻 {TEXT}").json()["findings"]

    words = [TEXT[one["start"] : one["end"]] for one in plain if one["flaw"]]
    assert words
    assert [f"😬 👩‍💻 {TEXT}"[one["start"] : one["end"]] for one in moved if one["flaw"]] == words


def test_a_long_text_is_checked_like_a_short_one(client: TestClient) -> None:
    assert check(client, text=f"{TEXT}\n\n" * 400).status_code == 200


@pytest.mark.parametrize("example", CHECK_REQUESTS.values(), ids=CHECK_REQUESTS)
def test_the_examples_of_the_description_work(client: TestClient, example: dict[str, Any]) -> None:
    answer = check(client, **example["value"])

    assert answer.status_code == 200
    assert answer.json()["id"] == example["value"].get("id")
    assert answer.json()["problems"] == []


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert set(body) >= {"type", "title", "code", "detail"}
    return body


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b"", 1, 1),
        (b'{"text": "a"', 1, 13),
        (b'{"text":\n  nope}', 2, 3),
        (b'{"text": "one\ntwo"}', 1, 14),
        (b'{"text": "a"} and more', 1, 15),
        (b'{"text": "\xff"}', 1, 11),
        (b"\xff", 1, 1),
        (b'{"text": "a", "more": ' + b"[" * 9000 + b"]" * 9000 + b"}", 1, 1),
    ],
    ids=["empty", "cut off", "bare word", "line break", "more", "not utf-8 inside", "not utf-8", "too deep"],
)
def test_what_is_no_json_is_refused_with_its_place(client: TestClient, body: bytes, line: int, column: int) -> None:
    told = problem(client.post("/api/v1/check", content=body), 400)

    assert told["code"] == "malformed-json"
    assert (told["line"], told["column"]) == (line, column)
    assert f"line {line}, column {column}" in told["detail"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "$.text"),
        ({"text": 7}, "$.text"),
        ({"text": None}, "$.text"),
        ({"text": "a", "id": 7}, "$.id"),
        ({"text": "a", "form": ["auto"]}, "$.form"),
        ({"text": "a", "tz": 1.5}, "$.tz"),
        ({"text": "a", "at": "yesterday"}, "$.at"),
        ({"text": "a", "at": "0001-01-01T00:00:00+14:00"}, "$.at"),
        ({"text": "a", "at": "9999-12-31T23:59:59-12:00"}, "$.at"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(client: TestClient, fields: dict[str, Any], field: str) -> None:
    told = problem(client.post("/api/v1/check", json=fields), 422)

    assert told["field"] == field
    assert field in told["detail"]


def test_a_body_that_is_no_object_is_refused(client: TestClient) -> None:
    assert problem(client.post("/api/v1/check", json=["text"]), 422)["field"] == "$"


def test_an_unknown_form_is_answered_with_the_list(client: TestClient) -> None:
    told = problem(check(client, text=TEXT, form="postcard"), 422)

    assert "postcard" in told["detail"]
    assert {"auto", "first-message", "status-update"} <= set(told["known"])


def test_an_unknown_audience_is_answered_with_the_list(client: TestClient) -> None:
    assert problem(check(client, text=TEXT, audience="everybody"), 422)["known"] == list(AUDIENCES)


def test_a_large_body_is_refused_before_it_is_read() -> None:
    with served(Limits(max_bytes=1000, per_second=0)) as client:
        told = problem(check(client, text="a" * 1000), 413)

    assert told["code"] == "too-large"
    assert "1,000 bytes" in told["detail"]


def test_a_large_body_that_hides_its_length_is_cut_off() -> None:
    with served(Limits(max_bytes=1000, per_second=0)) as client:
        told = problem(client.post("/api/v1/check", content=(b"a" * 400 for _ in range(9))), 413)

    assert "1,000 bytes" in told["detail"]


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    clock = FixedClock()
    with served(Limits(per_second=0.5, burst=2), clock) as client:
        statuses = [check(client, text=TEXT).status_code for _ in range(3)]
        refused = check(client, text=TEXT)
        clock.advance(seconds=float(refused.headers["retry-after"]))
        later = check(client, text=TEXT)

    assert statuses == [200, 200, 429]
    assert problem(refused, 429)["detail"] == "more than 0.5 requests a second"
    assert refused.headers["retry-after"] == "2"
    assert later.status_code == 200


def test_the_rate_limit_can_be_switched_off() -> None:
    with served(Limits(per_second=0)) as client:
        assert {check(client, text="").status_code for _ in range(150)} == {200}


def test_lists_tell_forms_and_rules_without_where_they_lie(client: TestClient) -> None:
    forms = client.get("/api/v1/forms").json()
    rules = client.get("/api/v1/rules").json()
    rule = client.get("/api/v1/rules/vague-time").json()

    assert "first-message" in [form["id"] for form in forms["forms"]]
    assert rule["why"]
    assert rule["hits"]
    assert rule["id"] in [one["id"] for one in rules["rules"]]
    assert "path" not in rule
    assert not [name for name in (*forms["forms"][0], *rules["rules"][0]) if name == "path"]


def test_an_unknown_rule_and_an_unknown_address_are_problems_too(client: TestClient) -> None:
    assert "vague-tyme" in problem(client.get("/api/v1/rules/vague-tyme"), 404)["detail"]
    assert problem(client.get("/api/v1/nothing"), 404)["code"] == "not-found"


def test_the_wrong_method_names_the_right_ones(client: TestClient) -> None:
    answer = client.get("/api/v1/check")

    assert problem(answer, 405)["detail"]
    assert answer.headers["allow"] == "POST"


def test_a_fault_of_ours_says_so_and_shows_nothing_of_its_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(Checking, "check", broken)
    with served() as client:
        answer = check(client, text=TEXT)

    assert problem(answer, 500)["code"] == "error"
    assert "secret" not in answer.text


@pytest.mark.parametrize("status", PROBLEMS)
def test_the_problems_of_the_description_look_like_the_real_ones(client: TestClient, status: int) -> None:
    real = {
        400: lambda: client.post("/api/v1/check", content=b'{"text": no}'),
        404: lambda: client.get("/api/v1/rules/vague-tyme"),
        422: lambda: check(client, text="", form="postcard"),
    }
    if status in real:
        assert set(real[status]().json()) == set(PROBLEMS[status])
    assert json.dumps(PROBLEMS[status])


def test_answers_may_not_be_kept_or_taken_for_something_else(client: TestClient) -> None:
    headers = check(client, text=TEXT).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
