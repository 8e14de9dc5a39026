"""The sample evidence is of one piece: what people say in it is what its logs tell, and its generator still writes what is kept."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from house.laws import ROOT
from samples.repository import write_repository
from samples.story import FIRST_FAILED, ONSET, WELL, afternoon, at, waiting_at
from samples.write import files

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = ROOT / "src" / "amends" / "samples" / "checkout"
MOST = 600_000


def unpacked(name: str, data: bytes) -> dict[str, bytes]:
    """What is in a file, however it was compressed: another zlib writes other bytes of the same."""
    if name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            held = {entry.name: tar.extractfile(entry) for entry in tar}
            return {inner: body for each, file in held.items() if file for inner, body in unpacked(each, file.read()).items()}
    return {name: gzip.decompress(data) if name.endswith(".gz") else data}


def log(name: str, inner: str = "") -> str:
    return unpacked(name, (SAMPLE / name).read_bytes())[inner or name].decode()


def words() -> str:
    """All that people wrote."""
    kept = ("slack", "statuspage", "jira", "notes", "mail")
    paths = sorted(path for folder in kept for path in (SAMPLE / folder).rglob("*.*") if path.is_file())
    return "\n".join(path.read_text("utf-8") for path in paths)


def history(repository: Path) -> str:
    return subprocess.run(
        ["git", "--git-dir", str(repository), "log", "--all", "--format=%H %P %cI %s %D"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("name", sorted(files()))
def test_the_generator_still_writes_what_is_kept(name: str) -> None:
    assert unpacked(name, files()[name]) == unpacked(name, (SAMPLE / name).read_bytes())


def test_the_repository_is_made_the_same_again(tmp_path: Path) -> None:
    write_repository(str(tmp_path / "payments.git"))

    assert history(tmp_path / "payments.git") == history(SAMPLE / "payments.git")


def test_deploys_runs_and_chats_name_commits_that_the_repository_has() -> None:
    known = re.findall(r"[0-9a-f]{40}", history(SAMPLE / "payments.git"))
    told = (SAMPLE / "github" / "workflow-runs.json").read_text() + (SAMPLE / "github" / "pulls.json").read_text()

    assert set(re.findall(r'"(?:head_sha|merge_commit_sha)": "([0-9a-f]{40})"', told)) <= set(known)
    assert all(any(id.startswith(short) for id in known) for short in re.findall(r"v2\.31\.\d \(([0-9a-f]{7})\)", words()))


def test_what_people_counted_is_what_the_logs_tell() -> None:
    day, access = afternoon(), log("logs/web-1.tar.gz", "var/log/nginx/access.log")
    tried = [one for one in day.attempts if FIRST_FAILED <= one.time < WELL]
    failed, charged = access.count('"POST /checkout/pay HTTP/2.0" 504 '), [one for one in day.failed if one.charged]

    assert f"{failed} of {len(tried)} payments failed" in words()
    assert log("logs/payments.log.gz").count("was made but could not be recorded") == len(charged) == 61
    assert f"{sum(one.cents for one in charged) / 100:,.2f} EUR" in words()
    assert f"{day.most_waiting} paid orders had to wait" in words()
    assert f"wait in its queue: {waiting_at(day, at('14:35:02'))} by now" in words()
    assert f"{waiting_at(day, at('15:18:00'))} paid orders wait" in words()
    assert day.drained is not None
    assert f"empty since {day.drained:%H:%M:%S}" in words()
    assert f"began at {day.failed[-1].time:%H:%M:%S}" in words()


def test_the_first_error_stands_in_the_database_and_reaches_customers_ten_seconds_later() -> None:
    first = next(line for line in log("logs/postgresql-2026-03-04.log.gz").splitlines() if "FATAL" in line)
    seen = next(json.loads(line) for line in log("logs/checkout-api.jsonl.gz").splitlines() if '"level":"error"' in line)

    assert first.startswith("2026-03-04 15:06:31.412 CET")
    assert f"{ONSET:%H:%M:%S}" == "14:06:31"
    assert seen["timestamp"] == "2026-03-04T14:06:41.381Z"


def test_the_clock_of_the_gateway_is_forty_seconds_ahead() -> None:
    charges = {one.charge: one.time + one.took / 2 for one in afternoon().attempts}
    line = re.search(r"time=2026-03-04T(\S+)Z level=info msg=\"charge authorised\" charge=(\w+)", log("logs/card-gateway.log.gz"))
    assert line is not None
    told = sum(float(part) * unit for part, unit in zip(line[1].split(":"), (3600, 60, 1), strict=True))
    true = charges[line[2]]

    assert told - (true.hour * 3600 + true.minute * 60 + true.second + true.microsecond / 1e6) == pytest.approx(40, abs=0.21)


def test_the_one_secret_is_an_obvious_example() -> None:
    assert log("logs/orders-worker.log").count("EXAMPLE-not-a-real-password") == 1


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MOST
    assert not [path for path in SAMPLE.rglob("*") if path.is_dir() and not any(path.iterdir())], "git and wheels lose empty folders"
