"""Threads, processes, and processes that are killed: the chain never forks, and what was acknowledged is there."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amends.core.incident import DraftConflictError
from amends.testing import CountingIds, FixedClock
from amends.usecases.drafting import Drafting
from amends.usecases.incidents import Incidents
from amends.usecases.journal import Journal

if TYPE_CHECKING:
    from amends.store.engine import Store

WRITER = Path(__file__).with_name("writer.py")


def start(url: str, author: str, count: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), url, author, str(count), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept_texts(store: Store, author: str) -> list[str]:
    drafting = Drafting(store, FixedClock(), CountingIds())
    (draft,) = drafting.list_open(by=author)
    return [version.content.text for version in drafting.versions(draft.id, by=author)]


def test_threads_that_write_at_once_make_one_chain(store: Store) -> None:
    drafting, incidents = Drafting(store, FixedClock(), ids := CountingIds()), Incidents(store, FixedClock(), ids)

    def work(number: int) -> None:
        incident = incidents.open(f"incident {number}")
        draft = drafting.new("", incident_id=incident.id)
        for step in range(4):
            draft = drafting.save(draft.id, f"{number} {step}", "auto", None, None, draft.version)
        incidents.change_status(incident.id, "identified")

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, number) for number in range(16)]:
            future.result()
    journal = Journal(store)
    assert journal.verify() == []
    assert [entry.seq for entry in journal.entries(limit=1000)] == list(range(1, 16 * 7 + 1))


def test_threads_that_save_the_same_draft_at_once_have_one_winner_and_lose_no_text(store: Store) -> None:
    drafting = Drafting(store, FixedClock(), CountingIds())
    draft = drafting.new("I broke")
    ready = threading.Barrier(8)

    def work(number: int) -> str:
        ready.wait()
        try:
            drafting.save(draft.id, f"I broke the export, says page {number}.", "auto", None, None, draft.version)
        except DraftConflictError:
            return "conflict"
        return "saved"

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(work, range(8)))
    assert outcomes == {"saved": 1, "conflict": 7}
    assert {version.content.text for version in drafting.versions(draft.id)} == {
        "I broke",
        *(f"I broke the export, says page {number}." for number in range(8)),
    }
    assert Journal(store).verify() == []


def test_processes_that_write_at_once_make_one_chain(store: Store, store_url: str) -> None:
    processes = [start(store_url, f"author{number}", 40) for number in range(4)]
    told = [process.communicate(timeout=120) for process in processes]
    assert [error for _, error in told] == [""] * 4
    journal = Journal(store)
    assert journal.verify() == []
    assert [entry.seq for entry in journal.entries(limit=1000)] == list(range(1, 161))
    for number, (acknowledged, _) in enumerate(told):
        assert kept_texts(store, f"author{number}") == acknowledged.splitlines()


@pytest.mark.parametrize("after", [1, 7, 30])
def test_a_killed_process_leaves_a_whole_chain_with_everything_it_acknowledged(store: Store, store_url: str, after: int) -> None:
    with start(store_url, "ana", 100_000) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().rstrip("\n") for _ in range(after)]
        process.kill()
        # Not `communicate`: it reads past the lines that `readline` has already taken into its buffer.
        acknowledged += process.stdout.read().splitlines()
    assert Journal(store).verify() == []
    kept = kept_texts(store, "ana")
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) <= len(acknowledged) + 1, "one more may have been kept than there was time to say"
    again = start(store_url, "bo", 3)
    assert again.communicate(timeout=30) == ("bo 0\nbo 1\nbo 2\n", "")
    assert Journal(store).verify() == []


def test_a_process_killed_between_the_journal_and_the_draft_leaves_neither(store: Store, store_url: str) -> None:
    process = start(store_url, "ana", 3, "die-in-journal")
    assert process.communicate(timeout=30) == ("ana 0\nana 1\n", "")
    assert process.returncode == -signal.SIGKILL
    assert kept_texts(store, "ana") == ["ana 0", "ana 1"]
    journal = Journal(store)
    assert (len(journal.entries()), journal.verify()) == (2, [])
