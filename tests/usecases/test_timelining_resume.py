"""What was read stays read: after a crash, beside another run, when a log has grown, and when a part of it was lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import AmendsError
from usecases.evidence_told import told, units_of

if TYPE_CHECKING:
    from pathlib import Path

LOG = "".join(
    f"2026-03-04T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z {'ERROR' if n % 97 == 0 else 'INFO'} request {n} of {n * 7 % 1013}\n"
    + "  at shop.Cart.pay(Cart.java:411)\n" * (n % 97 == 0)
    for n in range(6000)
).encode()
MAIN = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored, where a shell started us in its background
    "from amends.interfaces.cli.main import main; sys.exit(main(sys.argv[1:]))"
)
MB = 6
PATIENCE_S = 60


def files(root: Path) -> dict[str, tuple[int, int]]:
    """Parts and records of units, with when they were made and how large they are; drafts come and go, and are none."""
    found = {}
    for path in root.glob("units/*/*"):
        with suppress(FileNotFoundError):
            found[path.name] = (path.stat().st_mtime_ns * path.name.endswith(".parquet"), path.stat().st_size)
    return found


def parts(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.glob("units/*/*")}


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    units_of(monkeypatch, 30_000)
    path = tmp_path / "app.log"
    path.write_bytes(LOG)
    return path


def test_a_second_run_reads_nothing_again(log: Path, tmp_path: Path) -> None:
    root = tmp_path / "kept"
    first = told(root, log)
    before = files(root)
    assert told(root, log) == first
    assert files(root) == before


def test_of_a_log_that_has_grown_only_the_end_is_read(log: Path, tmp_path: Path) -> None:
    root = tmp_path / "kept"
    told(root, log)
    before = files(root)
    with log.open("ab") as file:
        file.write(LOG[:2000])
    os.utime(log, (time.time() + 200_000,) * 2)  # on another day
    rows, problems = told(root, log)
    assert (rows, problems) == told(tmp_path / "fresh", log)
    after = files(root)
    assert {name: after[name] for name in before} == before
    assert len([name for name in after if name not in before and name.endswith(".parquet")]) <= 2


def test_of_a_log_without_years_that_has_grown_only_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units_of(monkeypatch, 30_000)
    log, root = tmp_path / "syslog", tmp_path / "kept"
    lines = [f"Mar  {1 + n // 1500} 10:{n // 60 % 25:02}:{n % 60:02} web-1 cron[7]: job {n}\n" for n in range(6000)]
    log.write_text("".join(lines[:5800]))
    told(root, log)
    before = [name for name in files(root) if name.endswith(".parquet")]
    log.write_text("".join(lines))
    rows, problems = told(root, log)
    assert (rows, problems) == told(tmp_path / "fresh", log)
    assert len([name for name in files(root) if name.endswith(".parquet")]) <= len(before) + 2


@pytest.mark.parametrize("damage", ["cut part", "cut record", "no part", "no record", "empty record", "cut list", "cut place"])
def test_what_was_damaged_is_noticed_and_made_again(log: Path, tmp_path: Path, damage: str) -> None:
    root = tmp_path / "kept"
    first = told(root, log)
    before = parts(root)
    what, kind = damage.split()
    pattern = {"part": "units/*/*.parquet", "record": "units/*/*", "list": "sources/*/*", "place": "known/*/*"}[kind]
    hit = next(path for path in sorted(root.glob(pattern)) if kind == "part" or path.suffix != ".parquet")
    if what == "no":
        hit.unlink()
    else:
        hit.write_bytes(hit.read_bytes()[: -len(hit.read_bytes()) // 2] if what == "cut" else b"")
    assert told(root, log) == first
    assert parts(root) == before


def test_two_runs_at_once_leave_the_same_as_one(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(LOG * 20)
    runs = [start(tmp_path / "both", log, tmp_path / f"{n}.jsonl") for n in range(2)]
    assert [ended(run) for run in runs] == [0, 0]
    assert ended(start(tmp_path / "one", log, tmp_path / "2.jsonl")) == 0
    assert parts(tmp_path / "both" / "timeline") == parts(tmp_path / "one" / "timeline")
    said = {(tmp_path / f"{n}.jsonl").read_bytes() for n in range(3)}
    assert len(said) == 1


def start(home: Path, log: Path, out: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", MAIN, "timeline", str(log), "--format", "jsonl", "-o", str(out)]
    return subprocess.Popen(words, env={**os.environ, "AMENDS_HOME": str(home)}, text=True, stderr=subprocess.PIPE, start_new_session=True)


def ended(run: subprocess.Popen[str]) -> int:
    run.communicate(timeout=PATIENCE_S)
    return run.returncode


def wait_for_units(process: subprocess.Popen[str], root: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while len([name for name in files(root) if not name.endswith((".parquet", ".draft")) and not name.startswith(".")]) < count:
        assert process.poll() is None, "it was over before it could be stopped"
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_run_that_was_stopped_goes_on_and_comes_to_the_same(tmp_path: Path, number: signal.Signals) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(LOG * (MB * 1_000_000 // len(LOG)) * 4)
    root = tmp_path / "home" / "timeline"
    run = start(tmp_path / "home", log, tmp_path / "first.jsonl")
    wait_for_units(run, root, 3)
    os.killpg(run.pid, number)
    _, said = run.communicate(timeout=PATIENCE_S)
    if number == signal.SIGINT:
        assert run.returncode == 130
        assert "what was read is kept" in said
        assert "Traceback" not in said
    before = {name: made for name, made in files(root).items() if name.endswith(".parquet")}
    assert before
    assert not (tmp_path / "first.jsonl").exists()
    assert ended(start(tmp_path / "home", log, tmp_path / "again.jsonl")) == 0
    assert ended(start(tmp_path / "other", log, tmp_path / "whole.jsonl")) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    after = files(root)
    records = [name for name in before if name.rpartition("-")[0] in after]
    assert {name: after[name] for name in records} == {name: before[name] for name in records}
    wanted = parts(tmp_path / "other" / "timeline")
    assert {name: data for name, data in parts(root).items() if not name.endswith(".draft") and not name.startswith(".")} == wanted


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path, *, packed: bool) -> None:
    import gzip

    (tmp_path / "kept").write_bytes(b"a file where a folder should be")
    (tmp_path / "a.log").write_bytes(gzip.compress(LOG) if packed else LOG)
    with pytest.raises(AmendsError, match=r"not a directory|file exists"):
        told(tmp_path / "kept", tmp_path / "a.log")


@pytest.mark.parametrize("packed", [False, True])
def test_a_full_disk_is_an_error_in_words(tmp_path: Path, *, packed: bool) -> None:
    """A process that may write no file larger than 2 kB is as good as a disk that is full."""
    import gzip

    log = tmp_path / ("a.log.gz" if packed else "a.log")
    log.write_bytes(gzip.compress(LOG * 10) if packed else LOG * 10)
    program = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); {MAIN}"
    words = [sys.executable, "-c", program, "timeline", str(log)]
    done = subprocess.run(
        words, env={**os.environ, "AMENDS_HOME": str(tmp_path / "home")}, text=True, capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "timeline: file too large" in done.stderr
    assert "make room" in done.stderr


def test_an_entry_of_an_earlier_run_is_shown_after_its_list_was_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from amends.interfaces.cli.main import main

    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    log = tmp_path / "app.log"
    log.write_bytes(LOG)
    out = tmp_path / "out.jsonl"
    assert main(["timeline", str(log), "--format", "jsonl", "-o", str(out)]) == 0
    entry = json.loads(out.read_text().splitlines()[0])["id"]
    assert main(["timeline", "show", entry]) == 0
    for place in (tmp_path / "home" / "timeline").glob("known/*/*"):
        place.write_bytes(b"{")
    assert main(["timeline", "show", entry]) == 2
    assert main(["timeline", "show", entry, str(log)]) == 0
