"""The job engine: a delivery that a crash interrupted is taken up again, and nothing piles up."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = textwrap.dedent("""
    import os, sys, time
    from amends.integrations.jobs import JobsError, open_jobs
    url, trace, mode = sys.argv[1:]
    def deliver(reminder):
        with open(trace, "a") as file:
            file.write(reminder + "\\n")
        if mode == "die":
            os.kill(os.getpid(), 9)
        return "sent"
    try:
        with open_jobs(url, deliver) as jobs:
            if mode != "wake":
                jobs.start("R1", 0)
                jobs.start("R1", 0)
            until = time.monotonic() + 10
            while time.monotonic() < until and os.path.getsize(trace) < {"wake": 6, "run": 9}.get(mode, 99):
                time.sleep(0.02)
            time.sleep(0.3)
            jobs.tidy()
    except JobsError as error:
        sys.stdout.write(f"refused: {error}")
""")


def run(url: str, trace: Path, mode: str) -> subprocess.CompletedProcess[str]:
    trace.touch()
    return subprocess.run([sys.executable, "-c", PROGRAM, url, str(trace), mode], capture_output=True, text=True, timeout=60, check=False)


def jobs_url(store_url: str, tmp_path: Path) -> str:
    return store_url if store_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'jobs.sqlite3'}"


def test_an_interrupted_delivery_is_taken_up_again_at_the_next_start_and_only_then(store_url: str, tmp_path: Path) -> None:
    url, trace = jobs_url(store_url, tmp_path), tmp_path / "trace"
    killed = run(url, trace, "die")
    assert killed.returncode == -9
    assert trace.read_text() == "R1\n"
    woken = run(url, trace, "wake")
    assert (woken.returncode, woken.stdout, woken.stderr) == (0, "", ""), "nor does the engine say anything"
    assert trace.read_text() == "R1\nR1\n"
    again = run(url, trace, "run")
    assert again.returncode == 0
    assert trace.read_text() == "R1\nR1\nR1\n", "started twice, run once; what was done is not done again"


def test_its_records_are_no_pickles(tmp_path: Path) -> None:
    import sqlite3

    run(f"sqlite:///{tmp_path / 'jobs.sqlite3'}", tmp_path / "trace", "die")
    with sqlite3.connect(tmp_path / "jobs.sqlite3") as connection:
        rows = connection.execute("SELECT serialization FROM workflow_status").fetchall()
    connection.close()
    assert rows == [("portable_json",)]


def test_an_engine_that_cannot_start_says_so(tmp_path: Path) -> None:
    refused = run("sqlite:////nowhere/at/all/jobs.sqlite3", tmp_path / "trace", "run")
    assert refused.stdout.startswith("refused: ")


@pytest.mark.parametrize(
    ("database", "jobs"),
    [
        ("sqlite:////srv/amends/store.sqlite3", "sqlite:////srv/amends/jobs.sqlite3"),
        ("postgres://me:secret@db/amends", "postgresql+psycopg://me:secret@db/amends"),
    ],
)
def test_its_tables_lie_beside_the_store(database: str, jobs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from amends import wiring

    monkeypatch.setenv("AMENDS_DATABASE_URL", database)
    assert wiring.jobs_url() == jobs
    monkeypatch.delenv("AMENDS_DATABASE_URL")
    monkeypatch.setenv("AMENDS_HOME", "/srv/home")
    assert wiring.jobs_url() == "sqlite:////srv/home/jobs.sqlite3"
