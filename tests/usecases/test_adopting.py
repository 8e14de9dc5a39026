"""What other tools exported, taken over: times stay, promises get their fates, and twice is once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import AmendsError, ForbiddenError, InputError, NotFoundError, TooLargeError, UnknownNameError, UsageError
from amends.integrations.imports import records

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.testing import FixedClock
    from amends.usecases.adopting import Adopted
    from amends.usecases.facade import UseCases

UPDATES = [
    {
        "id": "u3",
        "status": "resolved",
        "body": "Cards work again.",
        "created_at": "2026-03-04T12:00:00Z",
        "updated_at": "2026-03-04T15:00:00Z",
    },
    {
        "id": "u2",
        "status": "identified",
        "body": "It was a deploy. Next update by 11:30 UTC.",
        "created_at": "2026-03-04T10:40:00Z",
        "display_at": "2026-03-04T10:20:00Z",
    },
    {"id": "u1", "status": "investigating", "body": "We broke checkout. Next update at 10:45 UTC.", "created_at": "2026-03-04T10:00:00Z"},
]
PAGE: dict[str, Any] = {
    "page": {"id": "pg1", "name": "Shop", "time_zone": "Etc/UTC"},
    "incidents": [
        {
            "id": "i1",
            "name": "Checkout refuses cards",
            "status": "resolved",
            "impact": "major",
            "created_at": "2026-03-04T10:00:00Z",
            "started_at": "2026-03-04T09:50:00Z",
            "monitoring_at": "2026-03-04T11:00:00Z",
            "resolved_at": "2026-03-04T12:00:00Z",
            "shortlink": "https://stspg.example/i1",
            "components": [{"name": "Payments"}, {"name": "API"}],
            "incident_updates": UPDATES,
        },
    ],
}
EVENTS = (
    '"uuid","started_at","ended_at","source","description","owner","details.x"\n'
    '"a1","2026-03-04T10:00:00.000Z","2026-03-04T10:00:00.000Z","Dispatch Core App","Incident created","",""\n'
    '"a2","yesterday","","Slack","no time","",""\n'
    '"a3","2026-03-04T10:05:00.000Z","","Slack Plugin - Conversation Management","Rolled back, ""v214""","Dana",""\n'
)
TABLE = (
    '"name","title","description","resolution","status","incident_type.name","incident_severity.name",'
    '"reported_at","stable_at","closed_at","visibility"\n'
    '"dispatch-7","DB is slow","Slow since ten","Restarted","Closed","Other","High",'
    '"2026-03-01T10:00:00Z","2026-03-01T11:00:00Z","2026-03-02T10:00:00Z","Open"\n'
    '"dispatch-8","Leak","","","Active","Security","Purple","2026-03-01T10:00:00Z","","","Restricted"\n'
    '"dispatch-9","Leak","","","Active","Security","Critical","2026-03-01T10:00:00Z","","","Restricted"\n'
)
FOLLOW_UPS: dict[str, Any] = {
    "follow_ups": [
        {
            "id": "f1",
            "incident_id": "zz",
            "title": "Test the cache",
            "status": "outstanding",
            "assignee": {"name": "Bo"},
            "created_at": "2026-03-03T00:00:00Z",
        },
        {
            "id": "f2",
            "incident_id": "zz",
            "title": "Alert",
            "status": "completed",
            "created_at": "2026-03-03T00:00:00Z",
            "completed_at": "2026-03-04T00:00:00Z",
            "external_issue_reference": {"provider": "jira", "issue_name": "OPS-1", "issue_permalink": "https://j.example/browse/OPS-1"},
        },
        {"id": "f3", "status": "deleted"},
        {"id": "f4", "title": "Maybe", "status": "who knows", "created_at": "2026-03-03T00:00:00Z"},
    ]
}


def _issue(key: str, **fields: Any) -> dict[str, Any]:
    known = {"summary": "Add an alert", "created": "2026-02-01T09:00:00.000-0600", "assignee": {"displayName": "Ada"}} | fields
    return {"key": key, "self": "https://j.example/rest/api/2/issue/1", "fields": known}


JIRA: dict[str, Any] = {
    "issues": [
        _issue("OPS-1", duedate="2026-02-20", resolutiondate="2026-02-19T10:00:00.000+0000", resolution={"name": "Done"})
        | {
            "changelog": {
                "histories": [
                    {
                        "id": "9",
                        "created": "2026-02-10T09:00:00.000+0000",
                        "items": [{"field": "duedate", "from": "2026-02-12", "to": "2026-02-20"}, {"field": "status"}],
                    },
                ]
            }
        },
        _issue(
            "OPS-2",
            duedate="2026-05-01",
            description={"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Say why"}]}]},
        ),
        _issue("OPS-3", resolutiondate="2026-02-19T10:00:00.000+0000", resolution={"name": "Won't Do"}),
        {"key": "not a key", "fields": {}},
    ]
}


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("Checkout refuses cards")


def _take(usecases: UseCases, tool: str, value: Any, **how: Any) -> Adopted:
    data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return usecases.adopting.take(tool, data, "given", **how)


# Statuspage


def test_updates_become_messages_with_their_times_and_their_promises_get_fates(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    told = _take(usecases, "statuspage", PAGE)
    assert dict(told.made) == {"incidents": 1, "messages": 3, "promises": 2}
    own = usecases.incidents.get(told.incidents[0])
    assert (own.title, own.severity, own.status) == ("Checkout refuses cards", "SEV2", "resolved")
    assert own.started_at == datetime(2026, 3, 4, 9, 50, tzinfo=UTC)
    sent = usecases.messaging.of_incident(own.id)
    assert [one.sent_at.hour for one in sent] == [10, 10, 12]
    assert {one.audience for one in sent} == {"customers"}
    fates = {entry.promise.words: entry.standing.state for entry in usecases.promising.newest(incident_id=own.id)}
    assert fates == {"Next update at 10:45 UTC": "kept", "Next update by 11:30 UTC": "late"}
    story = usecases.stories.of(own.id)
    assert [one.name for one in story.told] == ["Payments", "API"]
    assert [one.target for one in story.linked] == ["https://stspg.example/i1"]
    assert story.milestone("recovered") is not None


def test_backdated_and_edited_updates_are_both_told(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    said = [one.message for one in _take(usecases, "statuspage", PAGE).problems]
    assert sum("earlier time than that at which it appeared" in one for one in said) == 1
    assert sum("changed after it appeared" in one for one in said) == 1


def test_a_second_run_makes_nothing_and_a_longer_one_adds_what_is_new(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    short = json.loads(json.dumps(PAGE))
    short["incidents"][0]["incident_updates"] = UPDATES[1:]
    assert _take(usecases, "statuspage", short).made["messages"] == 2
    assert dict(+_take(usecases, "statuspage", short).made) == {}
    told = _take(usecases, "statuspage", PAGE)
    assert (dict(+told.made), dict(told.known)) == ({"messages": 1}, {"incidents": 1, "messages": 2})
    assert len(usecases.incidents.list()) == 1


def test_words_that_were_edited_since_are_told_and_what_was_sent_stays(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    own = _take(usecases, "statuspage", PAGE).incidents[0]
    changed = json.loads(json.dumps(PAGE))
    changed["incidents"][0]["incident_updates"][2]["body"] = "A small number of cards was affected."
    told = _take(usecases, "statuspage", changed)
    assert any("other words than when it was taken over" in one.message for one in told.problems)
    assert usecases.messaging.of_incident(own)[0].text.startswith("We broke checkout.")


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    told = _take(usecases, "statuspage", PAGE, dry_run=True)
    assert (told.dry, dict(told.made)) == (True, {"incidents": 1, "messages": 3})
    assert usecases.incidents.list() == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"impact": "spicy"}, "$.incidents[0].severity"),
        ({"impact": None}, "$.incidents[0].severity"),
        ({"status": "scheduled"}, "$.incidents[0].status"),
        ({"name": ""}, "$.incidents[0].name"),
        ({"name": "a\0b"}, "$.incidents[0].name"),
        ({"id": None}, "$.incidents[0].id"),
        ({"started_at": None, "created_at": None}, "$.incidents[0].started_at"),
        ({"resolved_at": "soon"}, "$.incidents[0].recovered"),
    ],
)
def test_an_incident_that_cannot_be_used_is_named_and_the_rest_is_done(
    change: dict[str, Any], field: str, usecases: UseCases, clock: FixedClock
) -> None:
    clock.advance(days=30)
    page = json.loads(json.dumps(PAGE))
    page["incidents"].insert(0, page["incidents"][0] | {"id": "i2"} | change)
    told = _take(usecases, "statuspage", page)
    assert (told.refused, told.made["incidents"]) == (1, 1)
    assert field in [one.field for one in told.problems]


def test_an_update_that_cannot_be_used_is_named_by_its_place(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    page = json.loads(json.dumps(PAGE))
    page["incidents"].insert(0, page["incidents"][0] | {"id": "i2", "incident_updates": []})
    page["incidents"][1]["incident_updates"][0]["created_at"] = "noon"
    told = _take(usecases, "statuspage", page)
    assert "$.incidents[1].incident_updates[0].created_at" in [one.field for one in told.problems]
    assert told.made["messages"] == 2


def test_html_of_a_status_page_becomes_text(usecases: UseCases, clock: FixedClock) -> None:
    clock.advance(days=30)
    page = json.loads(json.dumps(PAGE))
    page["incidents"][0]["incident_updates"] = [UPDATES[2] | {"body": "<p>We <b>broke</b> it.</p><script>alert(1)</script>"}]
    page["incidents"][0]["shortlink"] = "javascript:alert(1)"
    own = _take(usecases, "statuspage", page).incidents[0]
    assert "<" not in usecases.messaging.of_incident(own)[0].text
    assert [one.target for one in usecases.stories.of(own).linked] == ["statuspage/pg1/i1"]


# Dispatch


def test_a_timeline_of_dispatch_becomes_entries_that_people_added(usecases: UseCases, incident: Incident) -> None:
    told = _take(usecases, "dispatch", EVENTS, incident_id=incident.id)
    assert (told.made["entries"], told.refused) == (2, 1)
    assert [(one.line, one.field) for one in told.problems] == [(3, "started_at")]
    entries = usecases.timelines.get(incident.id).entries
    assert [(entry.row["text"], entry.row["actor"]) for entry in entries] == [
        ("Incident created", "Dispatch Core App"), ('Rolled back, "v214"', "Dana"),
    ]  # fmt: skip
    again = _take(usecases, "dispatch", EVENTS, incident_id=incident.id)
    assert (again.made["entries"], again.known["entries"]) == (0, 2)


def test_incidents_of_dispatch_keep_their_times_and_those_that_were_restricted_are_private(usecases: UseCases) -> None:
    told = _take(usecases, "dispatch", TABLE)
    assert (told.made["incidents"], told.refused) == (2, 1)
    assert [(one.line, one.code) for one in told.problems] == [(3, "unknown-severity")]
    slow, leak = (usecases.incidents.get(one) for one in told.incidents)
    assert (slow.severity, slow.status, slow.visibility) == ("SEV2", "resolved", "open")
    assert (leak.severity, leak.visibility) == ("SEV1", "private")
    story = usecases.stories.of(slow.id)
    assert [event.text for event in story.standing("fact", "recovery")] == ["Restarted"]
    assert _take(usecases, "dispatch", TABLE).made["incidents"] == 0


def test_a_timeline_needs_its_incident(usecases: UseCases) -> None:
    with pytest.raises(UsageError, match="belongs to an incident"):
        _take(usecases, "dispatch", EVENTS)


# Action items


def test_changes_of_a_due_date_are_moves_and_an_assignee_with_a_date_has_accepted(
    usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    told = _take(usecases, "jira", JIRA, incident_id=incident.id)
    assert (dict(+told.made), told.refused) == ({"action items": 3, "moves": 1}, 1)
    done, waiting, dropped = sorted(usecases.acting.of_incident(incident.id), key=lambda one: one.ticket or "")
    assert (done.state, done.owner, done.late) == ("done", "Ada", False), "it was moved before it was due, and done in time"
    assert [at.day for at in (*done.was_due, done.due or clock.now())] == [12, 20]
    assert (done.ticket, done.ticket_url) == ("jira:OPS-1", "https://j.example/browse/OPS-1")
    assert (waiting.state, waiting.item.detail) == ("accepted", "Say why")
    assert (dropped.state, dropped.owner) == ("dropped", None)


def test_a_new_change_in_jira_is_added_to_what_is_here(usecases: UseCases, incident: Incident) -> None:
    _take(usecases, "jira", JIRA, incident_id=incident.id)
    assert dict(+_take(usecases, "jira", JIRA, incident_id=incident.id).made) == {}
    later = {"issues": [_issue("OPS-2", duedate="2026-06-01") | {"changelog": {"histories": [
        {"id": "12", "created": "2026-03-03T09:00:00.000+0000", "items": [{"field": "duedate", "from": "2026-05-01", "to": "2026-06-01"}]},
    ]}}]}  # fmt: skip
    assert dict(+_take(usecases, "jira", later, incident_id=incident.id).made) == {"moves": 1}
    (item,) = [one for one in usecases.acting.of_incident(incident.id) if one.ticket == "jira:OPS-2"]
    assert (item.due or datetime.now(UTC)).month == 6


def test_a_suggestion_becomes_nobodys_commitment(usecases: UseCases, incident: Incident) -> None:
    told = _take(usecases, "incidentio", FOLLOW_UPS, incident_id=incident.id)
    assert (told.made["action items"], told.refused) == (2, 1)
    assert [one.code for one in told.problems] == ["not-accepted", "deleted", "unknown-status"]
    assert {one.state for one in usecases.acting.of_incident(incident.id)} == {"idea"}
    rows = (
        "id,title,status,created_at,assignee\nf9,From a table,outstanding,2026-03-03T00:00:00Z,Bo\nf10,,outstanding,2026-03-03T00:00:00Z,\n"
    )
    told = _take(usecases, "incidentio", rows, incident_id=incident.id)
    assert (told.made["action items"], [one.line for one in told.problems if one.line]) == (1, [3])


def test_an_action_item_without_an_incident_is_told(usecases: UseCases) -> None:
    told = _take(usecases, "jira", JIRA)
    assert told.refused == 4
    assert {one.code for one in told.problems} == {"no-incident", "bad-field"}


# Refusals


@pytest.mark.parametrize("tool", ["statuspage", "incidentio", "jira", "dispatch"])
@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b"[1, 2]", b'{"issues": 7}', b"[" * 5000, b'a,b\n"', b'"title\n']
)
def test_what_is_no_file_of_a_tool_is_refused_and_never_breaks(tool: str, data: bytes, usecases: UseCases, incident: Incident) -> None:
    before, hints = len(usecases.journal.entries(limit=1000)), []
    try:
        told = usecases.adopting.take(tool, data, "given", incident_id=incident.id)
        assert not +told.made
    except AmendsError as error:
        hints.append(error.hint)
    assert all(hints)
    assert len(usecases.journal.entries(limit=1000)) == before


def test_an_unknown_tool_and_an_unknown_incident_are_refused(usecases: UseCases) -> None:
    with pytest.raises(UnknownNameError):
        _take(usecases, "sharepoint", {})
    with pytest.raises(NotFoundError):
        _take(usecases, "jira", JIRA, incident_id="0" * 26)


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch, usecases: UseCases) -> None:
    monkeypatch.setattr(records, "LARGEST", 100)
    with pytest.raises(TooLargeError):
        _take(usecases, "statuspage", PAGE)
    with pytest.raises(TooLargeError):
        _take(usecases, "dispatch", TABLE)


def test_a_private_incident_takes_nothing_from_strangers(usecases: UseCases) -> None:
    own = usecases.incidents.open("Private", private=True, by="ada")
    for tool, value in (("jira", JIRA), ("dispatch", EVENTS)):
        with pytest.raises((NotFoundError, ForbiddenError)):
            _take(usecases, tool, value, incident_id=own.id, by="bo")


@pytest.mark.parametrize(
    ("theirs", "ours"), [("Critical", "SEV1"), ("SEV-2", "SEV2"), ("p 3", "SEV3"), ("minor", "SEV3"), ("None", "SEV5")]
)
def test_severities_are_mapped_by_name(theirs: str, ours: str) -> None:
    assert records.severity(theirs) == ours


def test_times_without_an_offset_are_utc_and_days_last_until_their_end() -> None:
    assert records.instant("2026-03-04T10:00:00", "x") == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert records.day_end("2026-03-04", "x") == datetime(2026, 3, 4, 23, 59, tzinfo=UTC)
    assert records.perhaps("", "x") is None
    with pytest.raises(records.WrongRowError):
        records.instant("0001-01-01T00:00:00Z", "x")
    with pytest.raises(InputError):
        records.read_json(b"{", "x")


def test_what_others_took_over_in_private_is_refused_by_row(usecases: UseCases) -> None:
    restricted = TABLE.replace("Purple", "High")
    assert _take(usecases, "dispatch", restricted, by="ada").made["incidents"] == 3
    told = _take(usecases, "dispatch", restricted, by="bo")
    assert (told.known["incidents"], told.refused, +told.made) == (1, 2, {})
