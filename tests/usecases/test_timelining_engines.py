"""Where units are done changes nothing: in this process, in a pool, on a cluster, and when workers die on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amends.integrations.evidence.engines import Here, Pool
from amends.usecases import timelining
from amends.usecases.timelining import index
from usecases import engine_tasks
from usecases.evidence_told import codes, told, units_of
from usecases.test_timelining_resume import LOG, parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amends.integrations.evidence.engines import Engine

SIZE = 40_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    units_of(monkeypatch, SIZE)
    monkeypatch.setattr(timelining, "ALONE", 0)
    made = tmp_path / "evidence"
    made.mkdir()
    (made / "app.log").write_bytes(LOG)
    (made / "syslog").write_bytes(b"".join(b"Mar  4 10:%02d:%02d web-1 cron[7]: job %d\n" % (n // 60 % 60, n % 60, n) for n in range(3000)))
    (made / "a.jsonl").write_text(
        "".join(
            json.dumps({"time": f"2026-03-04T10:{n // 60 % 60:02}:{n % 60:02}Z", "level": "warn", "msg": f"x {n}"}) + "\n"
            for n in range(3000)
        )
    )
    for number in range(30):
        (made / f"small-{number}.log").write_bytes(b"2026-03-04T10:00:%02dZ INFO small\n" % number)
    return made


def pool() -> Engine:
    return Pool(2)


def dask() -> Engine:
    from amends.integrations.evidence.on_dask import Dask

    return Dask(None, 2)


@pytest.mark.parametrize("cluster", [pool, dask], ids=["pool", "dask"])
def test_every_engine_leaves_the_same_bytes(folder: Path, tmp_path: Path, cluster: Callable[[], Engine]) -> None:
    alone = told(tmp_path / "here", folder, cluster=Here)
    assert told(tmp_path / "other", folder, cluster=cluster) == alone
    assert parts(tmp_path / "other") == parts(tmp_path / "here")
    assert len(parts(tmp_path / "here")) > 20


@pytest.mark.parametrize("cluster", [pool, dask], ids=["pool", "dask"])
def test_what_a_worker_had_in_hand_when_it_died_is_done_by_another(
    folder: Path, tmp_path: Path, cluster: Callable[[], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = told(tmp_path / "here", folder, cluster=Here)
    monkeypatch.setattr(index, "work", engine_tasks.deadly_once)
    assert told(tmp_path / "other", folder, cluster=cluster) == alone
    assert (tmp_path / "other" / "killed").exists()
    assert parts(tmp_path / "other") == parts(tmp_path / "here")


def test_a_source_that_kills_its_worker_is_told_and_the_others_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = told(tmp_path / "here", folder, cluster=Here)
    (folder / "deadly.log").write_bytes(LOG.replace(b"request", b"deadly!"))
    monkeypatch.setattr(index, "work", engine_tasks.deadly)
    rows, problems = told(tmp_path / "other", folder, cluster=pool)
    assert [(one.path, one.code) for one in problems] == [("deadly.log", "unreadable")]
    assert "died" in problems[0].message
    assert [row["id"] for row in rows] == [row["id"] for row in before]


def test_a_pool_of_this_machine_says_what_this_process_says(folder: Path, tmp_path: Path) -> None:
    alone, problems = told(tmp_path / "here", folder, workers=1)
    assert codes(problems) == []
    assert told(tmp_path / "pool", folder, workers=2) == (alone, problems)
