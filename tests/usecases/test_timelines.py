"""The timeline of an incident at work, on each kind of database: evidence, readings and versions, and what people note about entries."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, TooLargeError, UsageError
from amends.integrations.evidence import kept
from amends.integrations.evidence.kept import safe_name
from amends.testing import CountingIds, FixedClock
from amends.timeline.notes import micros_of
from amends.usecases import assembling
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.store.engine import Store
    from amends.timeline.notes import Entry
    from amends.usecases.timelines import Told

LOG = """2026-03-04T10:40:00Z INFO checkout v214 is live
2026-03-04T10:42:07Z ERROR card service does not answer
2026-03-04T10:42:09Z ERROR payment of a basket failed
2026-03-04T10:44:00Z INFO rollback began
2026-03-04T10:45:00Z INFO recovered
"""
OTHER = "2026-03-04T10:41:30Z ERROR queue is full\n2026-03-04T10:46:00Z INFO queue is empty\n"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(store: Store, clock: FixedClock, tmp_path: Path) -> Iterator[UseCases]:
    made = UseCases(Checking, lambda: store, clock, CountingIds(), home=lambda: str(tmp_path / "home"))
    yield made
    assert made.journal.verify() == []


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Saved cards are rejected").id


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text(LOG)
    return path


@pytest.fixture
def told(usecases: UseCases, incident: str, log: Path) -> Told:
    """A timeline that was read once."""
    usecases.gathering.add_path(incident, str(log))
    run = usecases.gathering.read(incident, tz="Europe/London")
    assert (run.state, run.version, run.failure) == ("done", 1, None)
    return usecases.timelines.get(incident)


def hand_over(usecases: UseCases, incident: str, name: str, text: str) -> Any:
    receiving = usecases.gathering.receive(incident, name)
    for part in (text[:10], text[10:]):
        receiving.write(part.encode())
    return receiving.done()


def the_error(told: Told) -> Entry:
    return next(entry for entry in told.entries if "card service" in str(entry.row["text"]))


def again(usecases: UseCases, told: Told) -> Told:
    return usecases.timelines.get(told.incident.id)


# Evidence


def test_a_path_is_evidence_where_it_lies_with_its_hash_and_size(usecases: UseCases, incident: str, log: Path) -> None:
    source = usecases.gathering.add_path(incident, str(log))
    assert (source.name, source.place, source.kept, source.size) == ("app.log", str(log), False, len(LOG))
    assert source.sha256 is not None
    assert usecases.gathering.add_path(incident, str(log)) == source, "the same path twice is one source"
    folder = usecases.gathering.add_path(incident, str(log.parent))
    assert (folder.sha256, folder.size) == (None, None)


@pytest.mark.parametrize("path", ["", "   ", "/nowhere/at/all.log", "a\0b"])
def test_a_path_that_is_not_there_is_refused(usecases: UseCases, incident: str, path: str) -> None:
    with pytest.raises(InputError):
        usecases.gathering.add_path(incident, path)
    assert usecases.timelines.get(incident).evidence == ()


def test_a_file_that_is_handed_over_is_kept_under_a_safe_name_and_the_same_bytes_once(
    usecases: UseCases, incident: str, tmp_path: Path
) -> None:
    source = hand_over(usecases, incident, "../../etc/app.log", LOG)
    (file,) = [path for path in (tmp_path / "home" / "evidence").rglob("*") if path.is_file()]
    assert (source.name, source.kept, file.name, file.read_text()) == ("app.log", True, "app.log", LOG)
    assert file.stat().st_mode & 0o077 == 0, "evidence is private"
    assert hand_over(usecases, incident, "again.log", LOG) == source
    assert [path for path in (tmp_path / "home" / "evidence").rglob("*") if path.is_file()] == [file]


def test_a_file_that_does_not_come_whole_or_is_too_large_leaves_nothing_behind(
    usecases: UseCases, incident: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiving = usecases.gathering.receive(incident, "app.log")
    receiving.write(b"half")
    receiving.abandon()
    monkeypatch.setattr(kept.Incoming.__init__, "__defaults__", (5,))
    receiving = usecases.gathering.receive(incident, "app.log")
    with pytest.raises(TooLargeError, match="larger than 5 bytes"):
        receiving.write(b"123456")
    receiving.abandon()
    assert [path for path in (tmp_path / "home" / "evidence").rglob("*") if path.is_file()] == []
    assert usecases.timelines.get(incident).evidence == ()


def test_an_installation_that_keeps_no_files_says_what_to_do_instead(store: Store, clock: FixedClock) -> None:
    usecases = UseCases(Checking, lambda: store, clock, CountingIds())
    with pytest.raises(UsageError, match="keeps no files"):
        usecases.gathering.receive(usecases.incidents.open("x").id, "app.log")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("", "evidence"), ("..", "evidence"), ("/", "evidence"), (".env", "env"), ("-rf", "rf"), ("a\0b\n.log", "a_b_.log"),
        ("C:\\logs\\app.log", "app.log"), ("x" * 300 + ".tar.gz", "x" * 113 + ".tar.gz"), ("Überblick.json", "Überblick.json"),
    ],
)  # fmt: skip
def test_names_are_made_safe_and_stay_recognisable(given: str, made: str) -> None:
    assert safe_name(given) == made


def test_a_removed_source_is_not_read_again_and_comes_back_when_it_is_restored(usecases: UseCases, told: Told, tmp_path: Path) -> None:
    incident = told.incident.id
    other = tmp_path / "other.log"
    other.write_text(OTHER)
    source = usecases.gathering.add_path(incident, str(other))
    assert [one.name for one in again(usecases, told).unread] == ["other.log"]
    usecases.gathering.remove(incident, told.evidence[0].id)
    assert [one.name for one in again(usecases, told).left] == ["app.log"]
    usecases.gathering.read(incident)
    found = again(usecases, told)
    assert {entry.row["source"] for entry in found.entries} == {"other.log"}
    assert (found.unread, found.left) == ((), ())
    usecases.gathering.restore(incident, told.evidence[0].id)
    assert [one.name for one in again(usecases, told).unread] == ["app.log"]
    with pytest.raises(NotFoundError):
        usecases.gathering.remove(usecases.incidents.open("another").id, source.id)


# Reading


def test_each_reading_is_a_version_that_never_changes(usecases: UseCases, told: Told, log: Path, clock: FixedClock) -> None:
    incident = told.incident.id
    assert told.version is not None
    assert (told.version.number, told.version.tz, told.version.document["zone"]) == (1, "Europe/London", "Europe/London")
    (source,) = told.version.document["sources"]
    assert (source["name"], source["entries"], source["undated"]) == ("app.log", 5, 0)
    log.write_text(LOG + "2026-03-04T10:47:00Z ERROR it came back\n")
    clock.advance(minutes=1)
    usecases.gathering.read(incident)
    found = usecases.timelines.get(incident)
    assert [head.number for head in found.versions] == [2, 1]
    assert any("came back" in str(entry.row["text"]) for entry in found.entries)
    assert usecases.timelines.get(incident, 1).entries == told.entries
    with pytest.raises(NotFoundError):
        usecases.timelines.get(incident, 3)


def test_reading_needs_evidence_and_a_zone_that_there_is(usecases: UseCases, incident: str, log: Path) -> None:
    with pytest.raises(InputError, match="no evidence"):
        usecases.gathering.start(incident)
    usecases.gathering.add_path(incident, str(log))
    with pytest.raises(InputError, match="unknown time zone"):
        usecases.gathering.start(incident, tz="Mars/Olympus")
    with pytest.raises(NotFoundError):
        usecases.gathering.start("0NOWHERE")


def test_evidence_that_cannot_be_read_fails_with_the_reason_and_keeps_no_version(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    usecases.gathering.add_path(incident, str(tmp_path / "empty"))
    run = usecases.gathering.read(incident)
    assert (run.state, run.version) == ("failed", None)
    assert "nothing in the sources could be read" in str(run.failure)
    assert usecases.timelines.get(incident).version is None


class Slow:
    """A reading that waits at its first word until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._real = assembling.assembled
        self._clock = clock
        monkeypatch.setattr(assembling, "assembled", self)

    def __call__(self, now: Any, root: str, operands: Any, tz: str | None, tell: Callable[[int, int], None]) -> dict[str, Any]:
        self._clock.advance(seconds=2)
        tell(10, 100)
        self.reached.set()
        assert self.go_on.wait(10)
        self._clock.advance(seconds=2)
        tell(20, 100)
        return self._real(now, root, operands, tz, tell)

    def until_over(self, usecases: UseCases, incident: str) -> str:
        self.go_on.set()
        for thread in threading.enumerate():
            if thread.name == "amends-timeline":
                thread.join(10)
        run = usecases.gathering.run(incident)
        assert run is not None
        return run.state


def test_a_reading_beside_everything_else_says_how_far_it_is_and_a_second_one_is_refused(
    usecases: UseCases, incident: str, log: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch, clock)
    usecases.gathering.add_path(incident, str(log))
    usecases.gathering.start(incident)
    assert slow.reached.wait(10)
    run = usecases.gathering.run(incident)
    assert run is not None
    assert (run.state, run.done, run.total) == ("running", 10, 100)
    with pytest.raises(ConflictError, match="read already"):
        usecases.gathering.start(incident)
    assert slow.until_over(usecases, incident) == "done"


def test_a_reading_that_is_stopped_keeps_nothing(
    usecases: UseCases, incident: str, log: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch, clock)
    usecases.gathering.add_path(incident, str(log))
    usecases.gathering.start(incident)
    assert slow.reached.wait(10)
    stopping = usecases.gathering.stop(incident)
    assert stopping is not None
    assert stopping.state == "stopping"
    assert slow.until_over(usecases, incident) == "stopped"
    assert usecases.timelines.get(incident).version is None
    monkeypatch.undo()
    assert usecases.gathering.read(incident).state == "done", "and can be begun again"


def test_a_restart_in_between_is_said_and_can_be_gone_on_from(
    usecases: UseCases, incident: str, log: Path, clock: FixedClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch, clock)
    usecases.gathering.add_path(incident, str(log))
    usecases.gathering.start(incident)
    assert slow.reached.wait(10)
    ids = CountingIds()
    for _ in range(500):
        ids.new()
    restarted = UseCases(Checking, lambda: store, clock, ids)
    other = restarted.gathering.run(incident)
    assert other is not None
    assert other.state == "running", "another process may well be at it"
    clock.advance(minutes=3)
    other = restarted.gathering.run(incident)
    assert other is not None
    assert other.state == "interrupted"
    assert slow.until_over(usecases, incident) == "done"


def test_what_nobody_foresaw_ends_a_reading_and_not_the_server(
    usecases: UseCases, incident: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> dict[str, Any]:
        raise RuntimeError("planted")

    monkeypatch.setattr(assembling, "assembled", broken)
    usecases.gathering.add_path(incident, str(log))
    run = usecases.gathering.read(incident)
    assert (run.state, "planted" in str(run.failure)) == ("failed", False)


# Noting


def test_pins_hides_and_comments_stay_through_a_new_reading(usecases: UseCases, told: Told) -> None:
    incident, name = told.incident.id, the_error(told).id
    assert usecases.timelines.pin(incident, name) is not None
    assert usecases.timelines.pin(incident, name) is None, "a second click says nothing new"
    usecases.timelines.comment(incident, name, "This is when Kim saw it.\nShe called.")
    usecases.timelines.hide(incident, name)
    usecases.gathering.read(incident)
    marks = the_error(again(usecases, told)).marks
    assert (marks.pinned, marks.hidden, [note.text for note in marks.comments]) == (True, True, ["This is when Kim saw it.\nShe called."])
    usecases.timelines.show(incident, name)
    usecases.timelines.unpin(incident, name)
    marks = the_error(again(usecases, told)).marks
    assert (marks.pinned, marks.hidden) == (False, False)


def test_two_people_who_correct_one_time_both_stay_and_the_later_wins(usecases: UseCases, told: Told) -> None:
    incident, found = told.incident.id, the_error(told)
    early, late = (datetime(2026, 3, 4, 10, minute, tzinfo=UTC) for minute in (39, 50))
    first = usecases.timelines.correct(incident, found.id, early, "the clock of the host was ahead", by="ana")
    second = usecases.timelines.correct(incident, found.id, late, "no, behind", by="ben")
    now = the_error(again(usecases, told))
    assert now.time == micros_of(late)
    assert now.original == found.original
    assert now.marks.corrections == (first, second)
    with pytest.raises(UsageError, match="only ben"):
        usecases.timelines.withdraw(incident, second.id, by="ana")
    usecases.timelines.withdraw(incident, second.id, by="ben")
    assert the_error(again(usecases, told)).time == micros_of(early)
    with pytest.raises(ConflictError):
        usecases.timelines.withdraw(incident, second.id, by="ben")


def test_many_people_at_once_lose_no_note(usecases: UseCases, told: Told) -> None:
    incident, name = told.incident.id, the_error(told).id
    people = [
        threading.Thread(target=usecases.timelines.comment, args=(incident, name, f"from {n}"), kwargs={"by": f"p{n}"}) for n in range(8)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert {note.text for note in the_error(again(usecases, told)).marks.comments} == {f"from {n}" for n in range(8)}


def test_what_no_log_knows_is_added_with_its_time_and_can_be_taken_back(usecases: UseCases, told: Told, clock: FixedClock) -> None:
    incident = told.incident.id
    new = usecases.timelines.add(incident, datetime(2026, 3, 4, 10, 43, tzinfo=UTC), "Kim called the shop.", actor="Kim")
    entries = again(usecases, told).entries
    texts = [str(entry.row["text"]) for entry in entries]
    assert texts.index("Kim called the shop.") == max(n for n, text in enumerate(texts) if "basket" in text) + 1
    usecases.timelines.pin(incident, new.id)
    assert usecases.timelines.entry(incident, new.id).marks.pinned
    with pytest.raises(NotFoundError, match="a person wrote this"):
        usecases.timelines.behind(incident, new.id)
    usecases.timelines.withdraw(incident, new.id)
    assert again(usecases, told).entries == told.entries
    assert [note.what for note in usecases.timelines.entry(incident, new.id).marks.history] == ["added", "pinned", "withdrawn"]
    with pytest.raises(InputError, match="still to come"):
        usecases.timelines.add(incident, clock.now() + timedelta(minutes=1), "x")


def test_words_that_cannot_be_kept_are_refused_and_so_is_an_entry_that_is_not_there(usecases: UseCases, told: Told) -> None:
    incident, name = told.incident.id, the_error(told).id
    at = datetime(2026, 3, 4, tzinfo=UTC)
    for text in ("", "  ", "x" * 2001, "a\0b"):
        with pytest.raises(InputError):
            usecases.timelines.comment(incident, name, text)
        with pytest.raises(InputError):
            usecases.timelines.correct(incident, name, at, text)
    with pytest.raises(InputError, match="no offset"):
        usecases.timelines.correct(incident, name, datetime(2026, 3, 4), "why")
    with pytest.raises(NotFoundError, match="no entry"):
        usecases.timelines.pin(incident, "00000000-0")
    with pytest.raises(NotFoundError):
        usecases.timelines.withdraw(incident, "0")
    with pytest.raises(NotFoundError):
        usecases.timelines.pin(usecases.incidents.open("another").id, name)


def test_what_was_pinned_stays_when_a_new_version_does_not_hold_it(usecases: UseCases, told: Told, tmp_path: Path) -> None:
    incident, name = told.incident.id, the_error(told).id
    usecases.timelines.pin(incident, name)
    (tmp_path / "other.log").write_text(OTHER)
    usecases.gathering.add_path(incident, str(tmp_path / "other.log"))
    usecases.gathering.remove(incident, told.evidence[0].id)
    usecases.gathering.read(incident)
    found = the_error(again(usecases, told))
    assert (found.id, found.is_current, found.marks.pinned) == (name, False, True)
    assert usecases.timelines.behind(incident, name).itself == LOG.splitlines()[1], "and its bytes can still be read"


# The bytes behind an entry


def test_the_bytes_behind_an_entry_stand_between_their_neighbours(usecases: UseCases, told: Told) -> None:
    behind = usecases.timelines.behind(told.incident.id, the_error(told).id)
    lines = LOG.splitlines()
    assert (behind.before, behind.itself) == (lines[0], lines[1])
    assert behind.after.splitlines() == lines[2:5]
    assert (behind.source, behind.line, behind.offset, behind.length) == ("app.log", 2, len(lines[0]) + 1, len(lines[1]))
    assert usecases.timelines.behind(told.incident.id, the_error(told).id) == behind


def test_bytes_of_a_handed_over_archive_are_found_again(usecases: UseCases, incident: str) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logs/app.log", LOG)
        archive.writestr("logs/other.log", OTHER)
    receiving = usecases.gathering.receive(incident, "bundle.zip")
    receiving.write(packed.getvalue())
    receiving.done()
    assert usecases.gathering.read(incident).state == "done"
    found = usecases.timelines.get(incident)
    behind = usecases.timelines.behind(incident, the_error(found).id)
    assert (behind.source, behind.itself) == ("bundle.zip!/logs/app.log", LOG.splitlines()[1])


@pytest.mark.parametrize(("change", "says"), [("edit", "has changed"), ("remove", "not there any more"), ("replace", "has changed")])
def test_a_source_that_changed_or_is_gone_is_said_and_its_bytes_are_not_made_up(
    usecases: UseCases, told: Told, log: Path, change: str, says: str
) -> None:
    incident, name = told.incident.id, the_error(told).id
    usecases.timelines.behind(incident, name)
    if change == "remove":
        log.unlink()
    else:
        log.write_text(LOG.replace("card", "CARD") if change == "edit" else "something else\n")
        os.utime(log, (1, 1))
    with pytest.raises(AmendsError, match=says):
        usecases.timelines.behind(incident, name)


def test_secrets_are_unreadable_in_a_version_and_stand_in_the_source_as_they_were(
    usecases: UseCases, incident: str, tmp_path: Path
) -> None:
    (tmp_path / "app.log").write_text("2026-03-04T10:42:07Z ERROR login failed, password=hunter22-correct-horse\n")
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    usecases.gathering.read(incident)
    told = usecases.timelines.get(incident)
    (entry,) = told.entries
    assert told.version is not None
    assert "hunter22" not in str(told.version.document)
    assert "password=[redacted: password 1]" in str(entry.row["text"])
    assert told.version.document["unreadable"] == {"password": 1}
    assert "hunter22-correct-horse" in usecases.timelines.behind(incident, entry.id).itself


# What the picture is drawn from


def test_the_payload_has_columns_sources_rates_and_the_lanes_of_promises_and_updates(usecases: UseCases, told: Told) -> None:
    incident = told.incident.id
    usecases.messaging.record("We are on it. Next update at 11:20 UTC.", incident_id=incident, audience="team", tz="UTC")
    usecases.timelines.add(incident, datetime(2026, 3, 4, 10, 43, tzinfo=UTC), "Kim called the shop.")
    found = the_error(told)
    usecases.timelines.correct(incident, found.id, datetime(2026, 3, 4, 10, 41, tzinfo=UTC), "the host was ahead")
    hidden = next(entry for entry in told.entries if entry.id != found.id)
    usecases.timelines.hide(incident, hidden.id)
    page = usecases.timelines.payload(incident)
    (columns,) = page["entries"]
    assert {len(column) for column in columns.values()} == {len(told.entries)}, "one is added and one is hidden"
    assert hidden.id not in columns["id"]
    at = columns["id"].index(found.id)
    assert columns["time"][at] == micros_of(datetime(2026, 3, 4, 10, 41, tzinfo=UTC))
    assert page["levels"][columns["level"][at]] == "error"
    assert [one["name"] for one in page["sources"]] == ["app.log", "added by hand"]
    assert sum(page["rates"][0]["all"]) == 5
    assert [(one["quote"], one["fate"]) for one in page["promises"]] == [("Next update at 11:20 UTC", "open")]
    assert [one["form"] for one in page["updates"]] == ["message"]
    with pytest.raises(NotFoundError, match="not read yet"):
        usecases.timelines.payload(usecases.incidents.open("another").id)


def test_incidents_with_evidence_are_known_with_how_much_there_is(usecases: UseCases, told: Told) -> None:
    other = usecases.incidents.open("another").id
    usecases.gathering.add_path(other, told.evidence[0].place)
    assert usecases.timelines.known() == {told.incident.id: (1, len(told.version.document["rows"])), other: (1, -1)}  # type: ignore[union-attr]  # it was read


def test_evidence_that_is_read_in_a_process_of_its_own_gives_the_same_timeline(store: Store, clock: FixedClock, tmp_path: Path) -> None:
    apart = UseCases(Checking, lambda: store, clock, wiring.ids(), home=lambda: str(tmp_path / "apart"), read_apart=True)
    here = UseCases(Checking, lambda: store, clock, wiring.ids(), home=lambda: str(tmp_path / "here"))
    log = tmp_path / "app.log"
    log.write_text("2026-03-04 10:42:07 ERROR payments: pool exhausted\n2026-03-04 10:42:09 ERROR payments: pool exhausted\n")
    told = []
    for made in (apart, here):
        incident = made.incidents.open("Checkout is down")
        made.gathering.add_path(incident.id, str(log))
        assert made.gathering.read(incident.id, tz="UTC").failure is None
        told.append([entry.row for entry in made.timelines.get(incident.id).entries])
    assert told[0] == told[1] != []
