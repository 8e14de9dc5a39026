"""Where updates come from: every kind of source with its traps, told by what is in it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import InputError
from amends.core.html_text import looks_like_html, text_of
from amends.core.problem import Problem
from amends.promises.updates import trees
from amends.promises.updates.mailbox import bare_subject
from amends.promises.updates.slack import moment
from amends.promises.updates.sources import read_source, read_stream
from amends.promises.updates.update import Desk, Update

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-03-04T10:50:00+00:00"


def read(path: Path | str, tz: str | None = None) -> tuple[list[Update], list[Problem]]:
    found = list(read_source(str(path), Desk(tz)))
    return [one for one in found if isinstance(one, Update)], [one for one in found if isinstance(one, Problem)]


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def row(**changes: Any) -> dict[str, Any]:
    return {"id": "1", "incident": "login", "at": AT, "text": "Next update at 11:30.", **changes}


# JSON lines


def test_a_row_is_an_update_and_unknown_keys_are_passed_over(tmp_path: Path) -> None:
    file = lines(tmp_path / "u.jsonl", row(tz="Europe/London", status="Resolved", title="Logins", audience="customers", colour="red"))
    (update,), problems = read(file)
    assert problems == []
    assert (update.id, update.incident, update.tz, update.status, update.title) == ("1", "login", "Europe/London", "Resolved", "Logins")
    assert (update.audience, update.line, update.source, update.talk) == ("customers", 1, str(file), False)
    assert update.at == datetime(2026, 3, 4, 10, 50, tzinfo=UTC)


def test_a_broken_line_is_told_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = ("{", row(), "", "[]", row(id="2", at="soon"), row(id="3", text=7), {"id": "4", "at": AT, "text": "x"}, row(id="5"))
    updates, problems = read(lines(tmp_path / "u.jsonl", *rows))
    assert [one.id for one in updates] == ["1", "5"]
    assert [(one.code, one.line, one.field) for one in problems] == [
        ("bad-line", 1, None),
        ("bad-line", 4, None),
        ("bad-time", 5, "at"),
        ("bad-field", 6, "text"),
        ("missing-field", 7, "incident"),
    ]
    assert all(one.hint for one in problems)


def test_bytes_that_are_no_text_spoil_one_line_only(tmp_path: Path) -> None:
    file = tmp_path / "u.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf"
        + json.dumps(row()).encode()
        + b'\n{"text": "\xff"}\n'
        + rb'{"incident":"a","at":"2026-03-04T10:50Z","text":"\ud800"}'
    )
    updates, problems = read(file)
    assert len(updates) == 1
    assert codes(problems) == ["bad-line", "bad-field"]


def test_numbers_may_stand_for_names_and_a_row_without_an_id_is_called_by_its_line(tmp_path: Path) -> None:
    nameless = row(incident=17)
    del nameless["id"]
    file = lines(tmp_path / "u.jsonl", nameless)
    (update,), _ = read(file)
    assert (update.incident, update.id) == ("17", f"{file}:1")


def test_an_unknown_zone_is_a_problem_of_its_row_and_the_offset_holds(tmp_path: Path) -> None:
    (update,), problems = read(lines(tmp_path / "u.jsonl", row(tz="Mars/Olympus", audience="martians")), "Europe/London")
    assert update.tz is None
    assert codes(problems) == ["unknown-zone", "unknown-audience"]


def test_a_time_without_an_offset_is_read_in_the_zone_of_its_row_else_of_the_run_else_in_utc(tmp_path: Path) -> None:
    bare = "2026-07-04T10:50:00"
    file = lines(tmp_path / "u.jsonl", row(at=bare, tz="Asia/Tokyo"), row(at=bare))
    assert [one.at.astimezone(UTC).hour for one in read(file, "Europe/London")[0]] == [1, 9]
    assert [one.at.astimezone(UTC).hour for one in read(file)[0]] == [1, 10]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T10:00:00Z", "", "١٢"])
def test_times_at_the_ends_of_the_calendar_are_mistakes_not_crashes(at: str, tmp_path: Path) -> None:
    assert codes(read(lines(tmp_path / "u.jsonl", row(at=at)))[1]) == ["bad-time"]


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_fail_in_an_unforeseen_way(data: bytes) -> None:
    for start in (b"", b"{", b"From a\n", b"Date: x\nFrom: y\n", b"[", json.dumps(row()).encode() + b"\n", b"---\nat: "):
        try:
            found = list(read_stream(io.BytesIO(start + data), "x.md", Desk()))
        except InputError:
            continue
        assert all(isinstance(one, (Update, Problem)) for one in found)


# Statuspage


def page(*updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    incident = {"id": "abc", "name": "Logins fail", "status": "resolved", "incident_updates": list(updates)}
    return {"page": {"time_zone": "America/New_York"}, "incidents": [incident], **more}


def said(id: str, created: str, **changes: Any) -> dict[str, Any]:
    return {"id": id, "status": "investigating", "body": "Next update at 11:30.", "created_at": created, **changes}


def test_a_status_page_lists_the_newest_first_and_is_read_from_the_oldest(tmp_path: Path) -> None:
    file = tmp_path / "incidents.json"
    file.write_text(json.dumps(page(said("2", "2026-03-04T11:00:00Z"), said("1", "2026-03-04T10:00:00Z")), indent=2))
    updates, problems = read(file)
    assert [(one.id, one.incident, one.title, one.tz) for one in updates] == [
        ("1", "abc", "Logins fail", "America/New_York"),
        ("2", "abc", "Logins fail", "America/New_York"),
    ]
    assert problems == []


def test_what_was_backdated_or_edited_is_flagged_and_counts_from_when_readers_could_see_it(tmp_path: Path) -> None:
    file = tmp_path / "renamed.txt"
    backdated = said("1", "2026-03-04T11:00:00Z", display_at="2026-03-04T09:00:00Z", updated_at="2026-03-04T11:00:10Z")
    edited = said("2", "2026-03-04T11:30:00Z", display_at="2026-03-04T11:30:00Z", updated_at="2026-03-05T11:00:00Z")
    file.write_text(json.dumps(page(edited, backdated)))
    updates, _ = read(file)
    assert [(one.flags, one.at.hour) for one in updates] == [(("backdated",), 11), (("edited",), 11)]


def test_the_html_of_a_body_becomes_text(tmp_path: Path) -> None:
    body = "<p>We are on it &amp; sorry.<br>Next update at <b>11:30</b>.</p><script>alert(1)</script><ul><li>EU</li></ul>"
    file = tmp_path / "i.json"
    file.write_text(json.dumps(page(said("1", AT, body=body))["incidents"]))
    (update,), _ = read(file)
    assert update.text == "We are on it & sorry.\nNext update at 11:30.\n\n- EU"


def test_an_update_of_a_page_without_its_time_is_told_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "i.json"
    file.write_text(json.dumps(page({"id": "1", "body": "x"}, "no object", said("2", AT), more=1)))
    updates, problems = read(file)
    assert [one.id for one in updates] == ["2"]
    assert [one.field for one in problems] == ["$.incidents[0].incident_updates[1]", "$.incidents[0].incident_updates[0].created_at"]
    file.write_text(json.dumps({"page": {"time_zone": "Nowhere"}, "incidents": [{"id": "a"}]}))
    assert codes(read(file)[1]) == ["unknown-zone", "missing-field"]


@pytest.mark.parametrize("text", ["1 < 2 and 3 > 2", "a < b", "AT&T", "R&D &c"])
def test_a_sign_is_no_html(text: str) -> None:
    assert not looks_like_html(text)


@given(st.text(max_size=200))
def test_any_html_gives_text_without_tags_that_were_closed(text: str) -> None:
    assert "<b>" not in text_of(f"<div>{text.replace('<', '')}<b>x</b></div>")


# Slack


def export(folder: Path, days: dict[str, list[Any]], **lists: Any) -> Path:
    channels = [{"id": "C1", "name": "incidents"}]
    users = [{"id": "U1", "name": "ada", "tz": "Europe/London"}, {"id": "U2", "name": "max", "tz": "Nowhere"}]
    folder.mkdir(exist_ok=True)
    for name, value in {"channels": channels, "users": users, **lists}.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    for name, messages in days.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(messages))
    return folder


def spoken(ts: str, text: str = "Next update at 11:30.", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": text, "ts": ts, **more}


def test_a_channel_is_an_incident_and_the_zone_is_that_of_the_person(tmp_path: Path) -> None:
    days = {"incidents/2026-03-04.json": [spoken("1772621400.000100"), spoken("1772621460.000200", user="U2")]}
    updates, problems = read(export(tmp_path / "e", days), "Asia/Tokyo")
    assert problems == []
    assert [(one.id, one.incident, one.author, one.tz, one.talk) for one in updates] == [
        ("1772621400.000100", "incidents", "U1", "Europe/London", True),
        ("1772621460.000200", "incidents", "U2", "Asia/Tokyo", True),
    ]


def test_a_reply_stands_in_its_thread_even_on_another_day_and_the_first_of_a_thread_in_both(tmp_path: Path) -> None:
    first = "1772621400.000100"
    days = {
        "incidents/2026-03-04.json": [spoken(first, thread_ts=first)],
        "incidents/2026-03-05.json": [
            spoken("1772707800.000100", thread_ts=first),
            spoken("1772707900.000100", thread_ts=first, subtype="thread_broadcast"),
        ],
    }
    updates, _ = read(export(tmp_path / "e", days))
    assert [one.places for one in updates] == [("", first), (first,), ("", first)]
    assert [one.where for one in updates] == ["incidents", f"incidents/{first}", "incidents"]


def test_what_the_program_says_is_no_message_and_what_was_deleted_is_told(tmp_path: Path) -> None:
    day = [
        spoken("1.1", subtype="channel_join"),
        spoken("2.1", subtype="channel_topic"),
        spoken("3.1", subtype="tombstone"),
        spoken("4.1", subtype="message_deleted"),
        spoken("1772621400.0", "", subtype="bot_message", user=None, bot_id="B1", attachments=[{"text": "All is well."}]),
        spoken("1772621401.000000", edited={"ts": "1772621499.000000"}),
        spoken("not a time"),
        "junk",
    ]  # fmt: skip
    updates, problems = read(export(tmp_path / "e", {"incidents/2026-03-04.json": day}))
    assert [(one.text, one.flags) for one in updates] == [("All is well.", ()), ("Next update at 11:30.", ("edited",))]
    assert codes(problems) == ["deleted", "deleted", "bad-time", "bad-field"]


def test_blocks_are_read_where_the_text_is_empty(tmp_path: Path) -> None:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Back at "}, {"type": "text", "text": "11:30."}]}
    blocks = [{"type": "rich_text", "elements": [section]}, {"type": "section", "text": {"type": "mrkdwn", "text": "Sorry."}}]
    day = [spoken("1772621400.0", text="", blocks=blocks)]
    (update,), _ = read(export(tmp_path / "e", {"incidents/2026-03-04.json": day}))
    assert update.text == "Back at 11:30.\nSorry."


@pytest.mark.parametrize("ts", [None, 5, "", "x.1", "99999999999999.1", "1.1234567"])
def test_a_ts_that_is_none_is_no_time(ts: object) -> None:
    assert moment(ts) is None


def test_an_export_may_be_zipped_with_or_without_a_folder_around_it(tmp_path: Path) -> None:
    folder = export(tmp_path / "e", {"incidents/2026-03-04.json": [spoken("1772621400.0")]})
    for around in ("", "company export/"):
        with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
            for path in sorted(folder.rglob("*.json")):
                archive.write(path, around + str(path.relative_to(folder)))
        (update,), problems = read(tmp_path / "e.zip")
        assert (update.incident, problems) == ("incidents", [])


def test_one_day_of_a_channel_can_be_given_alone(tmp_path: Path) -> None:
    export(tmp_path / "e", {"incidents/2026-03-04.json": [spoken("1772621400.0")]})
    (update,), _ = read(tmp_path / "e" / "incidents" / "2026-03-04.json")
    assert update.incident == "incidents"


# Archives that mean harm


def zipped(path: Path, entries: dict[str, bytes], **how: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, **how)
    return path


GOOD = {"login/2026-03-04T1050Z.md": b"Next update at 11:30."}


@pytest.mark.parametrize(
    "name", ["../../evil/2026-03-04T1050Z.md", "/etc/2026-03-04T1050Z.md", "C:/x/2026-03-04T1050Z.md", "a\\..\\..\\b.md"]
)
def test_a_name_that_leads_out_of_an_archive_is_left_closed_and_told(name: str, tmp_path: Path) -> None:
    updates, problems = read(zipped(tmp_path / "a.zip", {name: b"x", **GOOD}))
    assert [one.incident for one in updates] == ["login"]
    assert codes(problems) == ["bad-archive"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"], "nothing is unpacked"


def test_a_bomb_is_left_closed_and_told(tmp_path: Path) -> None:
    updates, problems = read(zipped(tmp_path / "a.zip", {"login/bomb.md": b"\0" * 60_000_000, **GOOD}))
    assert len(updates) == 1
    assert [(one.code, "bomb" in one.message) for one in problems] == [("bad-archive", True)]


def test_an_archive_of_too_much_is_refused_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "TOTAL_LIMIT", 10)
    with pytest.raises(InputError, match="more than is read"):
        read(zipped(tmp_path / "a.zip", GOOD))


def test_a_damaged_archive_says_so(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", {"login/2026-03-04T1050Z.md": bytes(range(256)) * 50}).read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"not a whole \.zip"):
        read(tmp_path / "half.zip")
    (tmp_path / "flipped.zip").write_bytes(whole[:80] + b"\xff\xff\xff\xff" + whole[84:])
    with pytest.raises(InputError, match="no published updates"):
        read(tmp_path / "flipped.zip")


# Mail


def mail(text: str = "Next update at 11:30.", **headers: str) -> str:
    usual = {"From": "Ada <ada@example.com>", "Date": "Wed, 04 Mar 2026 10:50:00 +0100", "Subject": "Logins fail", "Message-ID": "<1@x>"}
    names = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return "".join(f"{name}: {value}\n" for name, value in names.items() if value) + f"\n{text}\n"


def test_a_mail_has_its_own_offset_its_author_and_its_subject(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(mail(Subject="AW: Re[2]: Logins fail"))
    (update,), problems = read(tmp_path / "a.eml")
    assert problems == []
    assert (update.incident, update.author, update.id, update.talk) == ("Logins fail", "ada@example.com", "<1@x>", True)
    assert update.at.isoformat() == "2026-03-04T10:50:00+01:00"


def test_headers_and_tags_without_an_end_cost_no_more_time_than_their_length(tmp_path: Path) -> None:
    crowd = ", ".join(f"Person {number} <p{number}@example.com>" for number in range(100_000))
    (tmp_path / "a.eml").write_text(mail(To=crowd))
    (update,), problems = read(tmp_path / "a.eml")
    assert (update.incident, problems) == ("Logins fail", [])
    assert "down" in text_of("<p>down" + "<a " * 50_000 + "<![foo")


def test_an_mbox_is_read_mail_by_mail_with_the_line_of_each(tmp_path: Path) -> None:
    body = "First.\n\n>From here on it works.\nFrom the start."
    (tmp_path / "all").write_text(
        f"From ada Wed\n{mail(body)}\nFrom ada Wed\n{mail(Message_ID='<2@x>', Date='')}\nFrom x\n{mail(Date='soon')}"
    )
    updates, problems = read(tmp_path / "all")
    assert [one.text for one in updates] == ["First.\n\nFrom here on it works.\nFrom the start.\n\n"]
    assert [(one.code, one.line) for one in problems] == [("bad-time", 12), ("bad-time", 19)]


def test_a_thread_holds_together_when_its_subject_changes(tmp_path: Path) -> None:
    texts = [
        mail(),
        mail(Message_ID="<2@x>", References="<1@x>", Subject="Solved: logins"),
        mail(Message_ID="<3@x>", In_Reply_To="<2@x>", Subject="Other"),
        mail(Message_ID="<4@x>", Subject="fwd: [EXT] Logins fail"),
        mail(Message_ID="<5@x>", Subject=""),
    ]
    (tmp_path / "box").write_text("\n".join(f"From x\n{text}" for text in texts))
    assert [one.incident for one in read(tmp_path / "box")[0]] == ["Logins fail"] * 4 + ["<5@x>"]


def test_the_plain_part_is_taken_before_the_html_part_and_charsets_are_decoded(tmp_path: Path) -> None:
    html = mail("<p>Next update at <b>11:30</b></p>", Content_Type="text/html; charset=utf-8")
    parts = (
        '--B\nContent-Type: text/html\n\n<b>rich</b>\n--B\nContent-Type: text/plain; charset="iso-8859-1"\n'
        "Content-Transfer-Encoding: quoted-printable\n\nBis sp=E4ter\n--B--"
    )
    both = mail(parts, Content_Type='multipart/alternative; boundary="B"')
    strange = mail("caf\u00e9", Content_Type="text/plain; charset=klingon")
    for name, text in {"a": html, "b": both, "c": strange}.items():
        (tmp_path / f"{name}.eml").write_text(text)
    texts = [one.text.strip() for one in read(tmp_path)[0]]
    assert texts[:2] == ["Next update at 11:30", "Bis später"]
    assert texts[2].startswith("caf")


def test_a_maildir_is_read_without_what_has_not_arrived(tmp_path: Path) -> None:
    for folder, number in (("cur", 1), ("new", 2), ("tmp", 3)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{number}.host:2,S").write_text(mail(Message_ID=f"<{number}@x>"))
    assert [one.id for one in read(tmp_path)[0]] == ["<1@x>", "<2@x>"]


@pytest.mark.parametrize(("subject", "bare"), [("RE: re: Fwd: X", "X"), ("Report: X", "Report: X"), ("Re:", ""), ("SV: WG: X", "X")])
def test_marks_before_a_subject_are_taken_away(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


# Folders of texts


def test_the_time_may_stand_in_the_name_or_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "login").mkdir()
    (tmp_path / "login" / "2026-03-04T1050Z.md").write_text("One.")
    (tmp_path / "login" / "2026-03-04_11-50.txt").write_text("Two.")
    front = "---\nat: 2026-03-04T12:50:00+01:00\nincident: search\nid: m3\nstatus: resolved\ntz: Europe/Berlin\nother: x\n---\nThree."
    (tmp_path / "three.md").write_text(front)
    updates, problems = read(tmp_path, "Europe/Berlin")
    assert problems == []
    assert [(one.incident, one.at.astimezone(UTC).hour, one.text) for one in updates] == [
        ("login", 10, "One."),
        ("login", 10, "Two."),
        ("search", 11, "Three."),
    ]
    assert (updates[2].id, updates[2].status, updates[2].tz) == ("m3", "resolved", "Europe/Berlin")


def test_a_text_that_does_not_say_when_or_about_what_is_told_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("How to write updates.")
    (tmp_path / "2026-03-04T1050Z.md").write_text("One.")
    (tmp_path / "b.md").write_text("---\nat: noon\n---\nTwo.")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0\0")
    updates, problems = read(tmp_path)
    assert updates == []
    assert [(one.code, (one.path or "").rpartition("/")[2]) for one in problems] == [
        ("no-incident", "2026-03-04T1050Z.md"),
        ("no-time", "README.md"),
        ("bad-time", "b.md"),
        ("not-read", "logo.png"),
    ]
    assert "incident: NAME" in problems[0].hint
    assert "2026-03-04T1050Z.md" in problems[1].hint


# What is no source


@pytest.mark.parametrize("data", [b"", b"  \n", b"{}", b'{"a": 1}', b"[1, 2]", b"\x89PNG\r\n\x1a\n\0", b"just words", b"{ not json"])
def test_what_is_no_source_says_what_was_tried(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(tmp_path / "x")
    assert "Slack export" in caught.value.hint
    assert caught.value.path == str(tmp_path / "x")


def test_a_missing_file_an_empty_folder_and_a_folder_of_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none")
    with pytest.raises(InputError, match="no published updates"):
        read(tmp_path)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0")
    with pytest.raises(InputError, match="no published updates"):
        read(tmp_path)


def test_a_folder_may_hold_sources_of_several_kinds(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", row())
    (tmp_path / "b.json").write_text(json.dumps([row(id="2")]))
    (tmp_path / "c.eml").write_text(mail())
    (tmp_path / ".hidden.jsonl").write_text("{}")
    assert [one.id for one in read(tmp_path)[0]] == ["1", "2", "<1@x>"]
