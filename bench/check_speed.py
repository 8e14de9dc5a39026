"""How fast a check is: cold as a command, warm a message, and on whole documents, beside the peers in the same run.

.venv/bin/python bench/check_speed.py [--runs 15]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from datetime import UTC, datetime

from common import AMENDS, ENVIRONMENT, HERE, PEERS, PYTHON, compile_bytes, install_peers, percentile, process_times, publish, table

MESSAGE = HERE / "corpus" / "five-sentences.md"
MESSAGES = [text.strip() for text in (HERE / "corpus" / "messages.txt").read_text(encoding="utf-8").split("\n\n") if text.strip()]
DOCUMENT = "\n\n".join(MESSAGES * 40)
"""About 170 kB; the doubled one shows whether time is linear."""
AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)


def cold(runs: int, *, peers: bool) -> list[list[str]]:
    """Whole processes: start, check five sentences, print, end."""
    commands = {
        "python -c pass": [str(PYTHON), "-c", "pass"],
        "amends check": [str(AMENDS), "check", str(MESSAGE), "--form", "first-message", "--fail-on", "never"],
    }
    if peers:
        bin_folder = PEERS / "node_modules" / ".bin"
        commands |= {
            "write-good": [str(bin_folder / "write-good"), str(MESSAGE)],
            "proselint": [str(PEERS / "python" / "bin" / "proselint"), "check", str(MESSAGE)],
            "alex": [str(bin_folder / "alex"), str(MESSAGE)],
            "textlint": [str(bin_folder / "textlint"), "--rule", "write-good", "--rule", "no-todo", str(MESSAGE)],
            "harper.js": ["node", str(HERE / "peers" / "harper.mjs"), str(PEERS), str(MESSAGE)],
        }
    times = process_times(commands, runs)
    bare, ours = times["python -c pass"][0], times["amends check"][0]
    return [[name, f"{wall:.1f}", f"{wall / bare:.2f}", f"{wall / ours:.2f}", f"{peak:.0f}"] for name, (wall, peak) in times.items()]


def warm() -> tuple[list[float], float, float]:
    """Milliseconds of each of 2,000 checks of a 150-word message, MB/s on the document, and the ratio of doubling it."""
    from amends.language.records import Draft
    from amends.wiring import open_checking

    checking = open_checking()
    drafts = [Draft(text, AT, tz="Europe/London") for text in MESSAGES]
    for draft in drafts * 20:
        checking.check(draft)
    each = []
    for turn in range(2_000):
        started = time.perf_counter()
        checking.check(drafts[turn % len(drafts)])
        each.append((time.perf_counter() - started) * 1000)

    def seconds(text: str) -> float:
        tries = []
        for _ in range(3):
            started = time.perf_counter()
            checking.check(Draft(text, AT, tz="Europe/London"))
            tries.append(time.perf_counter() - started)
        return min(tries)

    once, twice = seconds(DOCUMENT), seconds(DOCUMENT * 2)
    return each, len(DOCUMENT.encode()) / 1e6 / once, twice / once


def warm_peers() -> dict[str, dict[str, float]]:
    """The same messages and document through write-good and alex, each inside one warm process."""
    (PEERS / "messages.json").write_text(json.dumps(MESSAGES * 40), encoding="utf-8")
    (PEERS / "document.md").write_text(DOCUMENT, encoding="utf-8")
    command = ["node", str(HERE / "peers" / "warm.mjs"), str(PEERS), str(PEERS / "messages.json"), str(PEERS / "document.md")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    runs = parser.parse_args().runs
    compile_bytes()
    peers = install_peers()
    head = ["command", "median ms", "× bare Python", "× amends", "peak MB"]
    text = table(
        "A five-sentence message, cold: process start to exit", head, cold(runs, peers=peers), [f"Median of {runs} runs, taken in turns."]
    )
    each, rate, doubling = warm()
    rows = [["amends", f"{percentile(each, 0.5):.3f}", f"{percentile(each, 0.99):.3f}", f"{rate:.2f}", f"{doubling:.2f}"]]
    for name, found in (warm_peers() if peers else {}).items():
        rows.append([name, f"{found['message_ms']:.3f}", "–", f"{found['document_mb_s']:.2f}", "–"])
    words = sum(len(one.split()) for one in MESSAGES) // len(MESSAGES)
    notes = [
        f"{words} words a message; promises, moves and findings included.",
        f"Document: {len(DOCUMENT) // 1000} kB; × 2: how much longer twice the text takes.",
    ]
    text += "\n" + table("Warm, in one process", ["checker", "message median ms", "p99 ms", "documents MB/s", "× 2"], rows, notes)
    publish("check-speed.md", text)


if __name__ == "__main__":
    main()
