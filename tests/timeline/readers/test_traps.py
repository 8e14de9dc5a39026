"""Traps that data of each kind sets, each as a sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from amends.core.problem import Problem
from amends.timeline.entry import UNDATED, Event, flag
from amends.timeline.readers import READERS, Source, git, reader_of, slack
from amends.timeline.readers.severity import level

BY_ID = {one.id: one for one in READERS}
AT = 1_772_620_927_000_000  # 2026-03-04 10:42:07 UTC


def read(id: str, data: object, **more: Any) -> tuple[list[Event], list[str]]:
    raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    told = list(BY_ID[id].read(Source(more.pop("name", "x"), raw, **more)))
    return [one for one in told if isinstance(one, Event)], [one.code for one in told if isinstance(one, Problem)]


def test_slack_tells_of_an_edit_and_of_a_deletion_that_an_export_for_the_courts_holds() -> None:
    before = {"type": "message", "user": "U1", "text": "it was me", "ts": "1772620927.000100"}
    changed = {"type": "message", "subtype": "message_changed", "ts": "1772620930.000100", "message": {**before, "text": "it was us"}}
    deleted = {"type": "message", "subtype": "message_deleted", "ts": "1772620940.000100", "previous_message": before}
    events, problems = read("slack", [before, changed, deleted])
    assert [one.text for one in events] == ["it was me", "changed a message: it was us", "deleted a message: it was me"]
    assert {one.thread for one in events[1:]} == {"1772620927.000100"}
    assert not problems


def test_slack_takes_the_words_of_a_bot_from_where_they_are() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; b"}}, {"type": "actions", "elements": []}]
    events, _ = read(
        "slack", [{"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "", "blocks": blocks, "ts": "1772620927.1"}]
    )
    assert [(one.text, one.actor) for one in events] == [("a & b", "B1")]


def test_slack_unescapes_last_so_that_what_was_typed_is_no_mark() -> None:
    assert slack.decoded("&lt;@U1&gt; <@U1> <!here> <!subteam^S1|@ops> <#C1>", {"U1": "ines"}.get) == "<@U1> @ines @here @ops #None"


def test_slack_lists_that_are_broken_name_nobody() -> None:
    assert slack.names_of([("a/users.json", b"[{"), ("b/users.json", b'[{"id": "U1", "name": "x"}, 7]'), ("c.json", b"[]")]) == {"U1": "x"}


def test_an_alert_that_goes_on_is_told_once_and_has_no_end() -> None:
    alert = {
        "status": "firing",
        "labels": {"alertname": "A"},
        "startsAt": "2026-03-04T10:42:07Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": "f",
    }
    hook = {"version": "4", "groupKey": "g", "alerts": [alert]}
    events, problems = read("alertmanager", "\n".join(json.dumps(hook) for _ in range(3)))
    assert [(one.time, one.text) for one in events] == [(AT, "firing: A")]
    assert not problems


def test_alerts_that_were_left_out_are_told() -> None:
    _, problems = read("alertmanager", {"groupKey": "g", "truncatedAlerts": 2, "alerts": []})
    assert problems == ["missing-alerts"]


def test_the_start_of_an_alert_is_known_from_its_end() -> None:
    alert = {"status": "resolved", "labels": {"alertname": "A"}, "startsAt": "2026-03-04T10:42:07Z", "endsAt": "2026-03-04T10:52:07Z"}
    events, _ = read("alertmanager", [alert])
    assert [(one.text, one.thread) for one in events] == [("firing: A", events[0].thread), ("resolved: A", events[0].thread)]


def test_a_status_update_that_was_dated_back_stands_when_it_could_be_read() -> None:
    update = {"id": "u", "status": "resolved", "body": "x", "created_at": "2026-03-04T10:42:07Z", "display_at": "2026-03-04T09:00:00Z"}
    (event,), _ = read("statuspage", {"incidents": [{"id": "i", "name": "n", "impact": "none", "incident_updates": [update]}]})
    assert event.time == AT
    assert "backdated" in event.text


def test_wiki_text_is_taken_where_old_versions_of_jira_have_it() -> None:
    issue = {"key": "A-1", "fields": {"summary": "s", "description": "h1. Not *ADF*", "created": "2026-03-04T10:42:07.000+0000"}}
    (event,), _ = read("jira", issue)
    assert event.text == "opened A-1: s\nh1. Not *ADF*"


def test_a_due_date_that_moved_is_said() -> None:
    items = [{"field": "duedate", "from": "2026-03-10", "to": "2026-03-20"}]
    (event,), _ = read(
        "jira", {"values": [{"id": "1", "author": {"displayName": "Ines"}, "created": "2026-03-04T10:42:07.000+0000", "items": items}]}
    )
    assert "a due date that moved" in event.text


@pytest.mark.parametrize("data", [b"Subject: x\n\nhello", b"not mail at all", b"{}", b"From here on it is different\nTo: think"])
def test_what_begins_like_mail_is_not_all_mail(data: bytes) -> None:
    assert not BY_ID["mail"].sniff(data, "x.eml")


def test_mail_that_names_no_zone_is_taken_in_that_of_the_source() -> None:
    (event,), _ = read("mail", "From: a@example.com\nDate: Wed, 4 Mar 2026 10:42:07\nSubject: s\n\nx")
    assert (event.time, event.zone, event.flags) == (AT, "assumed:UTC", flag("zone_assumed"))


@pytest.mark.parametrize(
    "quote",
    [
        "On Tue, 3 Mar 2026, Ines wrote:\n> old words",
        "Am 3. März 2026 um 10:00 schrieb Ines <i@example.com>:\n> old words",
        "-----Original Message-----\nFrom: Ines\n\nold words",
        "________________________________\nFrom: Ines\nold words",
        "From: Ines\nSent: Tuesday\nTo: all\n\nold words",
    ],
)
def test_what_a_mail_quotes_is_left_out(quote: str) -> None:
    data = f"From: a@example.com\nDate: Wed, 4 Mar 2026 10:42:07 +0000\nSubject: s\n\nnew words\n\n{quote}\n"
    (event,), _ = read("mail", data)
    assert event.text == "s\nnew words"
    assert event.length == len(data.encode())


def test_a_sentence_that_begins_with_on_is_no_quote() -> None:
    (event,), _ = read("mail", "From: a@example.com\nDate: Wed, 4 Mar 2026 10:42:07 +0000\nSubject: s\n\nOn Monday we wrote:\nnothing")
    assert event.text.endswith("On Monday we wrote:\nnothing")


def test_rows_are_cited_exactly_also_where_a_cell_goes_over_lines() -> None:
    data = b'time,text\r\n2026-03-04 10:42:07Z,"a\nb ""c"", d"\r\n\r\n2026-03-04 10:42:08Z,e\r\n'
    events, _ = read("table", data)
    assert [data[one.offset : one.offset + one.length] for one in events] == [
        b'2026-03-04 10:42:07Z,"a\nb ""c"", d"',
        b"2026-03-04 10:42:08Z,e",
    ]
    assert [one.text for one in events] == ['a\nb "c", d', "e"]


def test_a_quote_that_is_not_closed_costs_one_line() -> None:
    events, _ = read("table", 'time,text\n2026-03-04 10:42:07Z,"open\n2026-03-04 10:42:08Z,next\n')
    assert [one.time for one in events] == [AT, AT + 1_000_000]


@pytest.mark.parametrize(
    ("rows", "times"),
    [
        (("13/03/2026 10:00", "04/03/2026 10:42:07"), AT),
        (("03/13/2026 10:00", "03/04/2026 10:42:07"), AT),
        (("03/13/2026 10:00 AM", "03/04/2026 10:42:07 AM"), AT),
        (("03/04/2026 10:00", "03/04/2026 10:42:07"), UNDATED),
        (("13/03/2026 10:00", "03/13/2026 10:00", "03/04/2026 10:42:07"), UNDATED),
    ],
)
def test_whether_the_day_comes_first_is_told_by_the_column(rows: tuple[str, ...], times: int) -> None:
    events, _ = read("table", "time,text\n" + "".join(f"{row},x\n" for row in rows))
    assert events[-1].time == times


@pytest.mark.parametrize(
    "data",
    [
        "id,count\n1,2\n",
        "time\n",
        "LineId,Date,Time,Level\n1,081109,203615,INFO\n",
        "a,b\n",
        "2026-03-04 10:42:07,x\n2026-03-04 10:42:08,y\n",
    ],
)
def test_tables_without_a_column_of_times_are_left_alone(data: str) -> None:
    assert not BY_ID["table"].sniff(data.encode(), "x.csv")


def test_a_time_of_day_takes_the_day_of_the_heading_then_of_the_name_then_of_the_file() -> None:
    text = "# Notes\n\n- 10:42 first\n"
    changed = int(datetime(2026, 3, 6, tzinfo=UTC).timestamp() * 1_000_000)
    inferred = flag("date_inferred") | flag("zone_assumed")
    headed, _ = read("markdown", text.replace("Notes", "Notes of 2026-03-04"), name="2026-03-05-notes.md", modified_at=changed)
    named, _ = read("markdown", text, name="a/2026-03-05-notes.md", modified_at=changed)
    dated, _ = read("markdown", text, name="notes.md", modified_at=changed)
    undated, problems = read("markdown", text, name="notes.md")
    assert [one.time // 86_400_000_000 for one in (*headed, *named, *dated)] == [20516, 20517, 20518]
    assert {one.flags for one in (*headed, *named, *dated)} == {inferred}
    assert ([one.time for one in undated], problems) == ([UNDATED], ["no-date"])


@pytest.mark.parametrize(
    "line",
    [
        "- 11:42:07 CET – x",
        "* **10:42:07Z** x",
        "1. [10:42:07 UTC] x",
        "| 10:42:07 UTC | x |",
        "- 10:42:07 AM UTC: x",
        "- 05:42:07 EST x",
        "- 12:42:07 UTC+2 x",
        "10:42:07 UTC - x",
    ],
)
def test_times_are_written_in_many_ways(line: str) -> None:
    (event,), _ = read("markdown", f"# 4 March 2026\n\n{line}\n")
    assert (event.time, event.text, event.zone) == (AT, "x", "stated")


@pytest.mark.parametrize(
    "data", [b"10:42:07 INFO start\n10:42:08 INFO go\n", b"# Title\n\nno times\n- a\n- b: 10:42\n", b"2026-03-04 10:42:07 x\n" * 9]
)
def test_logs_and_plain_lists_are_no_markdown_with_times(data: bytes) -> None:
    assert not BY_ID["markdown"].sniff(data, "x.md")


def commit(id: str, message: str) -> str:
    fields = (id, "", "Ines", "2026-03-04T10:42:07+00:00", "Ines", "2026-03-04T10:42:07+00:00", "", message, "\n")
    return "\0amends-commit\0" + "\0".join(fields)


def test_a_change_and_its_reverts_share_a_thread() -> None:
    first, second, third, other = (letter * 40 for letter in "abcd")
    history = (
        commit(third, f"x\n\nThis reverts commit {second[:7]}.") + commit(second, f"y\n\nThis reverts commit {first}.") + commit(first, "z")
    )
    events, problems = read("git", history + commit(other, "This reverts nothing"))
    assert [one.thread for one in events] == [first, first, first, other]
    assert not problems


def test_reverts_in_a_circle_end() -> None:
    events, _ = read("git", commit("a" * 40, f"This reverts commit {'b' * 40}.") + commit("b" * 40, f"This reverts commit {'a' * 40}."))
    assert len(events) == 2


def test_a_short_id_that_two_commits_have_joins_nothing() -> None:
    one, two = "a" * 39 + "1", "a" * 39 + "2"
    events, _ = read("git", commit("f" * 40, "This reverts commit aaaaaaa.") + commit(one, "x") + commit(two, "y"))
    assert {event.thread for event in events[1:]} == {one, two}
    assert events[0].thread not in {one, two}


def test_a_message_with_the_mark_of_a_record_is_one_commit() -> None:
    (event,), _ = read("git", commit("a" * 40, "amends-commit\n\n\x1e 1\t2\tnot a count"))
    assert event.text.startswith("amends-commit")


def test_the_format_of_git_is_what_the_reader_reads() -> None:
    assert git.FORMAT.replace("%x00", "\0").startswith("\0amends-commit\0%H\0")
    assert f"--format={git.FORMAT}" in git.ARGUMENTS


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("WARN", "warning"),
        ("Fatal", "critical"),
        (30, "info"),
        ("50", "error"),
        (3, "error"),
        (60, "critical"),
        ("verbose", "trace"),
        ("P2", "error"),
        ("maybe", None),
        (True, None),
        (None, None),
        (99, None),
    ],
)
def test_levels(word: object, told: str | None) -> None:
    assert level(word) == told


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"[1]", b'{"a": 1}', b'{"time": "soon"}', b"hello", b"\x00\x01", b'{"id": 1, "name": "x", "items": []}']
)
def test_what_nobody_knows_is_read_by_nobody(data: bytes) -> None:
    assert reader_of(data, "log.json") is None


def test_nobody_is_named_whom_the_data_does_not_name() -> None:
    line = {"time": "2026-03-04T10:42:07Z", "level": "info", "msg": "user ines logged in", "user": "ines", "name": "auth"}
    (event,), _ = read("jsonlogs", line)
    assert event.actor is None


@pytest.mark.parametrize(
    "header",
    [
        "From: " + "(" * 20_000,
        "Message-ID: " + "<" * 20_000,
        "Content-Type: text/plain; " + "a=b; " * 20_000,
        "Content-Type: text/plain; " + "".join(f"a*{number}*=b; " for number in range(3000)),
        "References: " + "<a@b> " * 20_000,
    ],
)
def test_a_header_that_is_too_much_costs_the_header_and_not_the_mail(header: str) -> None:
    (event,), problems = read("mail", f"{header}\nDate: Wed, 4 Mar 2026 10:42:07 +0000\nSubject: s\n\nx")
    assert (event.time, event.text) == (AT, "s\nx")
    assert not problems
