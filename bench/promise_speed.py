"""How fast promises are found in a message, and in a stream of updates: reading the text included.

.venv/bin/python bench/promise_speed.py [--updates FILE.jsonl …]

Dense messages are our own, with a promise or a past time in nearly every sentence. Ordinary ones are those of 130 to 170 words
in files of published updates (`{"text", "at", "tz"?}` a line), where such files are given; all updates of the files together
are the stream.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from common import HERE, compile_bytes, percentile, publish, table

Message = tuple[str, datetime, str | None]
AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
ROUNDS = 2_000
DENSE: list[Message] = [
    (text.strip(), AT, "Europe/London")
    for text in (HERE / "corpus" / "messages.txt").read_text(encoding="utf-8").split("\n\n")
    if text.strip()
]
PROMISES = "I'll send the next update by 14:30 UTC. We will roll back the release by Friday.\n"
MEGABYTE = 1_000_000 // len(PROMISES)


def updates(files: list[Path]) -> list[Message]:
    """The published updates of some files."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], datetime.fromisoformat(row["at"]) if row.get("at") else AT, row.get("tz")) for row in rows]


def milliseconds(messages: list[Message]) -> list[float]:
    """The time that each of many readings takes, after every message was read once."""
    from amends.language.commitments import find
    from amends.language.text import parse

    for text, at, zone in messages:
        find(parse(text), at, zone)
    each = []
    for turn in range(max(ROUNDS, len(messages))):
        text, at, zone = messages[turn % len(messages)]
        started = time.perf_counter()
        find(parse(text), at, zone)
        each.append((time.perf_counter() - started) * 1000)
    return each


def seconds(text: str) -> float:
    """How long one reading of a text takes, the better of two."""
    from amends.language.commitments import find
    from amends.language.text import parse

    tries = []
    for _ in range(2):
        started = time.perf_counter()
        find(parse(text), AT, None)
        tries.append(time.perf_counter() - started)
    return min(tries)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=Path, nargs="*", default=[], help="files of published updates, one JSON object a line")
    stream = updates(parser.parse_args().updates)
    compile_bytes()
    kinds = {
        "dense: our own": DENSE,
        "ordinary: updates of 130 to 170 words": [message for message in stream if 130 <= len(message[0].split()) <= 170],
        "stream: all updates": stream,
    }
    rows = []
    for name, messages in kinds.items():
        if messages:
            each = milliseconds(messages)
            words = sum(len(text.split()) for text, _, _ in messages) / len(messages)
            rate = f"{1000 * len(each) / sum(each):,.0f}"
            rows.append([name, str(len(messages)), f"{words:.0f}", f"{percentile(each, 0.5):.3f}", f"{percentile(each, 0.99):.3f}", rate])
    head = ["messages", "how many", "words each", "median ms", "p99 ms", "messages a second"]
    text = table("Promises found in a message, warm, reading included", head, rows, ["One process, one core."])
    once, twice = seconds(PROMISES * MEGABYTE), seconds(PROMISES * 2 * MEGABYTE)
    head = ["nothing but promises", "seconds", "× 2"]
    text += "\n" + table(
        "A pathological text", head, [["1 MB", f"{once:.2f}", f"{twice / once:.2f}"]], ["× 2: how much longer twice the text takes."]
    )
    publish("promise-speed.md", text)


if __name__ == "__main__":
    main()
