"""Trackers against doubles that speak their protocols: what is sent, what is read, and every way to fail with what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import InputError, OutsideError, UsageError
from amends.integrations.trackers import NewTicket, Ticket, configured
from amends.integrations.trackers import talk as module
from amends.integrations.trackers.jira import document
from amends.integrations.trackers.talk import reason_of, wait_of
from amends.testing.trackers import DATE, KINDS, TOKEN, WAIT_S, TrackerDouble, tracker_double

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW = NewTicket(
    "Refuse a deploy that drops an index",
    ("The check reads the plan.\nIt runs in CI.", "It helps when: a deploy that drops an index is red."),
    "amends-00000000000000000000000007",
    datetime(2026, 3, 4, 10, 50, tzinfo=UTC),
    date(2026, 3, 19),
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_S", (0.01, 0.01))


@pytest.fixture(params=KINDS)
def double(request: pytest.FixtureRequest) -> Iterator[TrackerDouble]:
    with tracker_double(request.param) as made:
        yield made


def told(double: TrackerDouble) -> dict[str, Any]:
    issue = double.issues[0]
    fields: dict[str, Any] = issue["fields"] if double.kind == "jira" else issue
    return fields


def text(double: TrackerDouble) -> str:
    return str(told(double)[{"github": "body", "gitlab": "description", "jira": "description"}[double.kind]])


def test_a_ticket_is_made_with_its_words_its_marker_its_labels_and_its_day(double: TrackerDouble) -> None:
    made = double.tracker().create(NEW)

    assert made.url.startswith(double.url)
    assert (made.ref, made.found) == ("OPS-1" if double.kind == "jira" else "1", False)
    assert told(double)["summary" if double.kind == "jira" else "title"] == NEW.title
    assert "It helps when: a deploy that drops an index is red." in text(double)
    assert NEW.marker in text(double)
    assert "post-incident" in told(double)["labels"]
    if double.kind == "github":
        assert "Due 2026-03-19." in text(double), "its issues have no due date of their own"
    else:
        assert told(double)["duedate" if double.kind == "jira" else "due_date"] == "2026-03-19"


def test_a_second_try_finds_the_first_ticket_on_whichever_page_it_stands(double: TrackerDouble) -> None:
    tracker = double.tracker()
    first = tracker.create(NEW)
    for number in range(6):
        tracker.make(NewTicket(f"Another {number}", (), f"amends-{number:026}"[:33], NEW.since))

    again = tracker.create(NEW)

    assert again == Ticket(first.ref, first.url, found=True)
    assert len(double.issues) == 7


def test_what_broke_off_after_it_arrived_is_found_and_not_made_twice(double: TrackerDouble) -> None:
    tracker = double.tracker()
    double.faults.extend(["", "lost"])  # the search is answered, the making is not

    with pytest.raises(OutsideError, match="was not reached") as broken:
        tracker.create(NEW)
    assert "none is made twice" in broken.value.hint
    assert [method for method, _ in double.seen] == ["GET", "POST"], "making is tried once"
    assert tracker.create(NEW).found
    assert len(double.issues) == 1


def test_how_a_ticket_stands_is_read(double: TrackerDouble) -> None:
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    double.reassign("bo", "2026-03-25")

    state = tracker.read(ref)

    assert (state.is_open, state.owner, state.due) == (True, "bo", date(2026, 3, 25))
    assert state.updated_at == NEW.since
    assert state.url.startswith(double.url)


def test_a_ticket_that_was_closed_says_so_in_the_words_of_its_tracker(double: TrackerDouble) -> None:
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    double.close(words={"github": "not_planned", "jira": "Won't Do"}.get(double.kind))

    state = tracker.read(ref)

    assert not state.is_open
    assert state.words == {"github": "not planned", "gitlab": None, "jira": "Won't Do"}[double.kind]


FAILURES = [
    ("401", "answered 401", "trackers.{kind}.token"),
    ("403", "answered 403", "give it the right"),
    ("404", "answered 404", "look at trackers.{kind}"),
    ("410", "answered 410", "switched off"),
    ("422", "answered 422", "amends.toml"),
    ("301", "answered 301", "redirects are not followed"),
    ("html", "is no JSON", "the address of its API"),
    ("huge", "more than", "try again later"),
    ("odd", "no such tracker says", "is its kind right"),
]


@pytest.mark.parametrize(("fault", "message", "hint"), FAILURES)
def test_every_refusal_says_what_is_wrong_and_what_to_do(double: TrackerDouble, fault: str, message: str, hint: str) -> None:
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    double.faults.extend([fault] * 3)

    with pytest.raises(OutsideError, match=message) as refused:
        tracker.read(ref)

    assert hint.format(kind=double.kind) in refused.value.hint
    assert TOKEN not in refused.value.message + refused.value.hint


def test_an_odd_list_does_not_say_that_there_is_no_ticket(double: TrackerDouble) -> None:
    tracker = double.tracker()
    tracker.create(NEW)
    double.faults.append("odd")

    with pytest.raises(OutsideError):
        tracker.create(NEW)
    assert len(double.issues) == 1


def test_too_many_requests_tell_when_to_come_back_and_are_not_repeated(double: TrackerDouble) -> None:
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    asked = len(double.seen)
    double.faults.append("limit")

    with pytest.raises(OutsideError, match="too many requests") as refused:
        tracker.read(ref)

    assert (refused.value.retry_after, refused.value.hint) == (WAIT_S, f"try again in {WAIT_S} s")
    assert len(double.seen) == asked + 1


@pytest.mark.parametrize("fault", ["500", "503", "cut"])
def test_reading_is_tried_again_where_the_other_side_stumbled(double: TrackerDouble, fault: str) -> None:
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    double.faults.extend([fault, fault])

    assert tracker.read(ref).is_open


@pytest.mark.parametrize("fault", ["503", "cut"])
def test_reading_is_given_up_after_three_tries_and_making_after_one(double: TrackerDouble, fault: str) -> None:
    tracker = double.tracker()
    double.faults.extend([fault] * 3)
    with pytest.raises(OutsideError) as refused:
        tracker.read("OPS-1" if double.kind == "jira" else "1")
    assert refused.value.passing
    assert len(double.seen) == 3
    double.faults.extend(["", fault])
    with pytest.raises(OutsideError):
        tracker.create(NEW)
    assert [method for method, _ in double.seen].count("POST") == 1


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_a_tracker_that_is_slow_is_not_waited_for(double: TrackerDouble, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(module, "DEADLINE_S", 0.3)
    double.faults.extend([fault] * 3)

    with pytest.raises(OutsideError, match="was not reached"):
        double.tracker().read("OPS-1" if double.kind == "jira" else "1")


def test_a_tracker_in_the_own_network_needs_to_be_meant(double: TrackerDouble) -> None:
    with pytest.raises(OutsideError, match="allow_private") as refused:
        double.tracker(allow_private=False).create(NEW)

    assert not refused.value.passing
    assert double.seen == []


def test_a_wrong_token_is_told_by_the_place_where_it_is_set(double: TrackerDouble) -> None:
    with pytest.raises(OutsideError, match="answered 401: Bad credentials") as refused:
        double.tracker("ours", token="stale").create(NEW)

    assert "trackers.ours.token" in refused.value.hint


@pytest.mark.parametrize("ref", ["../../user", "1/../2", "", "0", "OPS-1?x=1", "1 ", "-1"])
def test_what_is_no_ticket_never_becomes_part_of_an_address(double: TrackerDouble, ref: str) -> None:
    with pytest.raises(InputError, match="is no ticket"):
        double.tracker().read(ref)
    assert double.seen == []


def test_texts_for_jira_are_documents_with_a_node_for_each_line() -> None:
    assert document(("one\n\ntwo", "three")) == {
        "version": 1,
        "type": "doc",
        "content": [
            {
                "type": "paragraph",
                "content": [{"type": "text", "text": "one"}, {"type": "hardBreak"}, {"type": "hardBreak"}, {"type": "text", "text": "two"}],
            },
            {"type": "paragraph", "content": [{"type": "text", "text": "three"}]},
        ],
    }


def test_links_that_a_browser_must_not_open_are_left_out(double: TrackerDouble) -> None:
    if double.kind == "jira":
        return
    tracker = double.tracker()
    ref = tracker.create(NEW).ref
    double.issues[0] |= {"html_url": "javascript:alert(1)", "web_url": "javascript:alert(1)"}

    assert tracker.read(ref).url == ""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "999999"}, 86_400),
        ({"retry-after": "Wed, 04 Mar 2026 10:51:00 GMT", "date": DATE}, 60),
        ({"ratelimit-reset": "1772621430", "date": DATE}, 30),
        ({"x-ratelimit-reset": "1", "date": DATE}, 1),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-reset": "1772621430"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_in_every_way_in_which_it_is_told(headers: dict[str, str], seconds: int | None) -> None:
    assert wait_of(headers) == seconds


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"message": "Validation Failed", "errors": [{"field": "title", "code": "missing"}]}, "Validation Failed; title missing"),
        ({"message": {"title": ["can't be blank"]}}, "title: can't be blank"),
        ({"errorMessages": ["No project"], "errors": {"summary": "is required"}}, "No project; summary: is required"),
        ({"error": "invalid_token", "error_description": "Token was revoked."}, "Token was revoked."),
        ({"message": "two\nlines\u202e"}, "two lines"),
        (["what"], ""),
        (None, ""),
    ],
)  # fmt: skip
def test_what_a_tracker_says_is_told_in_one_line(value: object, said: str) -> None:
    assert reason_of(value) == said


GOOD: dict[str, dict[str, object]] = {
    "github": {"kind": "github", "repository": "acme/shop", "token": "$TOKEN"},
    "gitlab": {"kind": "gitlab", "project": "acme/shop", "token": "$TOKEN", "labels": ["post-incident"]},
    "jira": {"kind": "jira", "url": "https://acme.example", "project": "OPS", "user": "dana@example.com", "token": "$TOKEN"},
}


def mistakes(name: str = "ours", **values: object) -> list[tuple[str, str]]:
    return [(field, message) for field, message, _ in configured.file_mistakes({name: values})]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_is_right_has_no_mistakes(kind: str) -> None:
    assert mistakes(**GOOD[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_that_a_kind_needs_is_asked_for(kind: str) -> None:
    for key in [key for key in GOOD[kind] if key not in ("kind", "labels")]:
        given = {name: value for name, value in GOOD[kind].items() if name != key}
        assert mistakes(**given) == [(f"trackers.ours.{key}", f"a tracker of kind {kind} needs the key {key!r}")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "t0ken"}, "token"),
        ({"token": "$"}, "token"),
        ({"repository": "shop"}, "repository"),
        ({"repository": "acme/shop/../.."}, "repository"),
        ({"project": "OPS"}, "project"),
        ({"url": "ftp://acme.example"}, "url"),
        ({"url": "https://dana:secret@acme.example"}, "url"),
        ({"url": "https://acme.example/?x=1"}, "url"),
        ({"url": "https://acme.example:99999"}, "url"),
        ({"labels": ["two words"]}, "labels[0]"),
    ],
)
def test_a_value_that_cannot_be_right_is_a_mistake_of_the_file(change: dict[str, object], field: str) -> None:
    assert [where for where, _ in mistakes(**{**GOOD["github"], **change})] == [f"trackers.ours.{field}"]


def test_a_project_of_jira_is_named_by_its_key() -> None:
    assert mistakes(**{**GOOD["jira"], "project": 'OPS" OR 1=1'})[0][0] == "trackers.ours.project"


def test_a_name_that_could_not_stand_before_a_ticket_is_a_mistake() -> None:
    assert mistakes("Our Tracker", **GOOD["github"]) == [("trackers.Our Tracker", "'Our Tracker' is no name of a tracker")]


@pytest.mark.parametrize(("said", "why"), [(None, "is not set"), ("t0ken\r\nX-Other: 1", "characters that no token has")])
def test_a_token_that_is_missing_or_would_break_the_request_is_named_by_its_variable(said: str | None, why: str) -> None:
    with pytest.raises(UsageError, match=f"TOKEN, which {why}|TOKEN, which holds {why}"):
        configured.make("ours", GOOD["github"], lambda _: said)
