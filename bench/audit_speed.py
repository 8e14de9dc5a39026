"""How fast published updates are audited, and in how much memory: 50,000, 200,000 and a million of them, as a command on one core.

.venv/bin/python bench/audit_speed.py [FILE.jsonl ...]

The files (JSON lines of updates, such as the history of a status page) are repeated under new names until there are enough; without
them the updates are of our own making.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from common import AMENDS, ENVIRONMENT, PEERS, compile_bytes, publish, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES = (50_000, 200_000, 1_000_000)
BEGAN = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
SAID = (
    ("investigating", "We are investigating failed logins in the European region. About one in five attempts ends with an error page."),
    ("identified", "Logins fail because the session store runs out of connections. We are raising its limit. Next update by {next} UTC."),
    ("identified", "Half of the machines have the new limit, and errors fell from 20 to 6 percent. Next update at {next} UTC."),
    ("monitoring", "Errors are below 0.1 percent since {now} UTC. We expect to close this incident today, and keep watching until then."),
    ("resolved", "All logins work again. We will publish what happened, and what we change, by Friday."),
)  # fmt: skip


def authored() -> Iterator[dict[str, Any]]:
    """Incidents of five updates each, twenty minutes apart."""
    for incident in count():
        for step, (status, text) in enumerate(SAID):
            at = BEGAN + timedelta(hours=7 * (incident % 2_000), minutes=20 * step + incident % 3)
            said = text.format(now=f"{at:%H:%M}", next=f"{at + timedelta(minutes=20):%H:%M}")
            yield {"id": f"{incident}#{step}", "incident": f"{incident}", "at": at.isoformat(), "tz": "UTC", "status": status, "text": said}


def repeated(files: list[str]) -> Iterator[dict[str, Any]]:
    """The updates of some files, again and again, each time under new names."""
    rows = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            rows += [json.loads(line) for line in file if line.strip()]
    for turn in count():
        for row in rows:
            yield {**row, "id": f"{turn}:{row['id']}", "incident": f"{turn}:{row['incident']}"}


def written(path: Path, updates: Iterator[dict[str, Any]], size: int) -> None:
    """A file of that many updates."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in islice(updates, size))


def measured(path: Path) -> tuple[float, float, float, int]:
    """Wall seconds, processor seconds, peak memory in MB, and promises found by one run."""
    command = [str(AMENDS), "promises", "audit", str(path), "--format", "jsonl", "--fail-on", "never", "--quiet"]
    result = path.with_suffix(".promises")
    started = time.perf_counter()
    with result.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    assert process.returncode == 0, f"the command ended with {process.returncode}"
    with result.open("rb") as file:
        promises = sum(1 for _ in file)
    result.unlink()
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, promises


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="JSON lines of updates to repeat")
    arguments = parser.parse_args()
    compile_bytes()
    PEERS.mkdir(exist_ok=True)
    path = PEERS / "updates.jsonl"
    rows = []
    for size in SIZES:
        written(path, repeated(arguments.files) if arguments.files else authored(), size)
        wall, busy, peak, promises = measured(path)
        megabytes = path.stat().st_size / 1e6
        rows.append([f"{size:,}", f"{megabytes:.0f}", f"{promises:,}", f"{wall:.1f}", f"{busy:.1f}", f"{size / busy:,.0f}", f"{peak:.0f}"])
        print(rows[-1], flush=True)
    path.unlink()
    first, last = (float(rows[n][-1]) for n in (0, -1))
    kind = "public status histories, repeated under new names" if arguments.files else "of our own making"
    notes = [
        f"The updates are {kind}. One process on one core, the whole command with its start, promises written as JSON lines to a file.",
        "Updates a second are counted in processor time, so that a busy machine does not change them.",
        f"A million updates take {last / first:.2f} times the memory of 50,000: above 20,000 they are sorted in temporary files.",
    ]
    head = ["updates", "MB", "promises", "wall s", "processor s", "updates a second", "peak MB"]
    publish("audit-speed.md", table("Auditing published updates", head, rows, notes))


if __name__ == "__main__":
    main()
