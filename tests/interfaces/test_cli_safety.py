"""`amends search`, `journal`, `backup` and `restore` in the terminal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]


@pytest.fixture
def work(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A workspace in a file, with an incident and a promise."""
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    assert run("incident", "new", "The export skips rows").status == 0
    assert run("promises", "add", "send Annabel the row counts", "--due", "tomorrow 10:00", "--tz", "UTC").status == 0
    return run


def found(run: Run, *words: str) -> list[dict[str, object]]:
    hits: list[dict[str, object]] = json.loads(run("search", *words, "--format", "json").out)["hits"]
    return hits


def test_what_was_written_is_found_with_its_kind_and_id(work: Run) -> None:
    done = work("search", "skips")
    assert done.status == 0
    assert re.search(r"^incident/[0-9A-Z]{26}  \d{4}-", done.out)
    assert "The export skips rows" in done.out
    assert "1 place found" in done.out


def test_options_and_filters_mean_the_same(work: Run) -> None:
    assert [hit["kind"] for hit in found(work, "rows", "-export")] == []
    assert [hit["kind"] for hit in found(work, "row", "--kind", "promise")] == ["promise"]
    assert [hit["kind"] for hit in found(work, "kind:promise row")] == ["promise"]


def test_nothing_found_is_status_1_and_a_filter_that_cannot_be_is_told(work: Run) -> None:
    done = work("search", "nowhere", "kind:nonsense")
    assert (done.status, done.out) == (1, "nothing has these words\n")
    assert "kind: cannot be 'nonsense'" in done.err


def test_the_head_proves_later_that_no_end_was_cut_off(work: Run) -> None:
    seq, head = work("journal", "head").out.split()
    assert int(seq) >= 2
    assert work("journal", "verify", "--head", head).status == 0
    done = work("journal", "verify", "--head", "1" * 64)
    assert done.status == 1
    assert "its end was cut off" in done.out


def test_the_journal_is_shown_whole_and_by_subject(work: Run) -> None:
    (incident,) = found(work, "skips")
    shown = json.loads(work("journal", "show", f"incident/{incident['id']}", "--format", "json").out)
    assert shown["entries"][0]["what"] == "incident.opened"
    assert "promise.made" in work("journal", "show").out


def test_erasing_asks_where_somebody_is_and_refuses_without_yes_where_nobody_is(work: Run) -> None:
    (promise,) = found(work, "Annabel")
    subject = f"promise/{promise['id']}"
    refused = work("journal", "erase", subject, "--why", "asked for")
    assert (refused.status, "--yes" in refused.err) == (2, True)
    done = work("journal", "erase", subject, "--why", "asked for", "--yes")
    assert done.status == 0
    assert "Backups, exports and messages" in done.out
    assert found(work, "Annabel") == []
    assert work("journal", "verify").status == 0


def test_a_backup_is_restored_on_another_machine(work: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = work("journal", "head").out
    assert work("backup", "-o", "b.zip").status == 0
    refused = work("restore", "b.zip")
    assert (refused.status, "--replace" in refused.err) == (2, True)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "other"))
    done = work("restore", "b.zip")
    assert (done.status, "the journal holds" in done.out) == (0, True)
    assert work("journal", "head").out == head
    assert len(found(work, "skips")) == 1
