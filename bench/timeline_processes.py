"""Processes as `timeline_speed.py` starts them: how long they take, in turns, and the memory of one with all that it started."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import ENVIRONMENT, PEERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORK = PEERS / "timeline"
STEP = 0.02
"""Seconds between two looks at the memory of processes."""


def home() -> Path:
    """A folder that is new, for what ours keeps."""
    return Path(tempfile.mkdtemp(dir=WORK, prefix="home-"))


def started(command: list[str], at: Path | None = None, **how: Any) -> subprocess.Popen[bytes]:
    """A process of its own group, so that it can be ended with all its workers."""
    environment = ENVIRONMENT | ({"AMENDS_HOME": str(at), "HOME": str(at)} if at else {})
    given: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": WORK, "env": environment}
    return subprocess.Popen(command, start_new_session=True, **given | how)


def seconds_of(command: list[str], at: Path | None = None) -> float:
    """Wall seconds of a whole process, which must succeed."""
    began = time.perf_counter()
    with started(command, at, stderr=subprocess.PIPE) as process:
        said = process.communicate()[1]
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} …: {said.decode(errors='replace')[-800:]}")
    return time.perf_counter() - began


def in_turns(ways: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """Median seconds; the ways take turns, so that drift hits all alike, and the first turn is a warm-up."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(runs + 1):
        for name, way in ways.items():
            took = way()
            if turn:
                found[name].append(took)
    return {name: statistics.median(times) for name, times in found.items()}


def peaks(command: list[str]) -> tuple[float, float, float]:
    """Peak MB of a process with all its children: shared pages counted once (PSS), and the largest process (RSS); and its seconds."""
    folder = home()
    began = time.perf_counter()
    total = largest = 0
    with started(command, folder) as process:
        while process.poll() is None:
            sizes = [found for found in map(memory, family(process.pid)) if found]
            total = max(total, sum(pss for pss, _ in sizes))
            largest = max([largest, *(rss for _, rss in sizes)])
            time.sleep(STEP)
    took = time.perf_counter() - began
    shutil.rmtree(folder)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed")
    return total / 1024, largest / 1024, took


def family(pid: int) -> Iterator[int]:
    """A process and what it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from family(int(child))


def memory(pid: int) -> tuple[int, int] | None:
    """PSS and RSS of a process in kB, None where it has ended."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found = dict(re.findall(r"^(Pss|Rss):\s+(\d+)", told, re.MULTILINE))
        if found:
            return int(found["Pss"]), int(found["Rss"])
    return None
