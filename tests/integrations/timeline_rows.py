"""Timelines made up for tests of what shows them: one incident, told by eight sources, of any number of entries.

A deploy at 10:38 of 4 March 2026 makes payments time out from 10:42:07 on; somebody notices, it is rolled back at 10:57.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN = datetime(2026, 3, 4, 9, tzinfo=UTC)
DEPLOYED = datetime(2026, 3, 4, 10, 38, 12, tzinfo=UTC)
BROKEN = datetime(2026, 3, 4, 10, 42, 7, 123000, tzinfo=UTC)
ROLLED_BACK = datetime(2026, 3, 4, 10, 57, 3, tzinfo=UTC)
END = datetime(2026, 3, 4, 12, tzinfo=UTC)

LOGS = ("evidence/payment.log", "evidence/checkout.log", "bundle.zip!/var/log/nginx/access.log.gz", "evidence/db/postgres.log")
NAMES = (*LOGS, "slack-export.zip!/incidents/2026-03-04.json", "evidence/pagerduty.json", "evidence/deploys.jsonl", "evidence/notes.md")
USUAL = (
    ("info", "authorised payment {0} for order {1} in {2} ms"),
    ("info", "GET /api/v2/orders/{1} 200 {2}"),
    ("debug", "cache hit for customer {0}"),
    ("info", "checkpoint complete: wrote {2} buffers"),
    (None, "heartbeat {0}"),
    ("warning", "slow query: {2} ms on orders_by_customer"),
)
BROKEN_LINES = (
    ("error", "timeout after 5000 ms talking to payments-db (attempt {2}) for order {1}"),
    ("error", "upstream timed out (110: Connection timed out) while reading response header, order {1}"),
    ("critical", "connection pool exhausted: {2} waiting, 0 idle"),
)
FIRST_ERROR = "timeout after 5000 ms talking to payments-db (attempt 1) for order 88121"
CANDIDATE = "candidate: deploy “payments 4.18.0 to production (pool size 40 → 4)”, 234 s before"
SILENT = "no line for 4 min 10 s, where one came every second"
SLACK, PAGER, DEPLOYS = NAMES[4:7]
TOLD: tuple[tuple[str, str, str | None, str | None, datetime, str, list[str], list[str]], ...] = (
    (DEPLOYS, "deploy", None, "ci", DEPLOYED, "payments 4.18.0 to production (pool size 40 → 4)", ["change"], []),
    (DEPLOYS, "deploy", None, "ci", DEPLOYED - timedelta(minutes=40), "checkout 2.7.1 to production", ["change"], []),
    (LOGS[0], "log", "error", None, BROKEN, FIRST_ERROR, ["first-seen", "after-change"], [CANDIDATE, "a new kind of line"]),
    (SLACK, "chat", None, "Mara", BROKEN + timedelta(minutes=3), "Anyone else seeing payments hang?", ["human"], []),
    (PAGER, "alert", "critical", None, BROKEN + timedelta(seconds=123), "payments: error rate above 20 % for 2 min", ["alert"], []),
    (SLACK, "chat", None, "Jonas", BROKEN + timedelta(minutes=9), "That was my deploy, I am rolling it back.", ["human"], []),
    (DEPLOYS, "deploy", None, "Jonas", ROLLED_BACK, "rollback payments 4.18.0 → 4.17.2", ["change"], []),
    (LOGS[3], "log", "warning", None, ROLLED_BACK + timedelta(seconds=40), "slots are reserved", ["silence"], [SILENT]),
)


def rows_made(count: int, *, seed: int = 4, everything: bool = False) -> list[dict[str, Any]]:
    """So many rows of the contract in the order of time, the undated at the end; `everything` as with `--all`: without reasons."""
    dice = random.Random(seed)
    told = [_told(one, everything=everything) for one in TOLD]
    undated = [_row("evidence/notes.md", None, "other", None, f"note {at}: call the bank back", dice) for at in range(3)]
    lines = [_line(dice, everything=everything) for _ in range(count - len(told) - len(undated))]
    dated = sorted([*told, *lines], key=lambda row: row["time"])
    return [*dated, *undated]


def head_made(rows: list[dict[str, Any]], **given: Any) -> dict[str, Any]:
    """The head of the payload that fits the rows."""
    sources = [_source(name, [row for row in rows if row["source"] == name]) for name in NAMES]
    sources[1]["skew"] = [{"against": 0, "seconds": 3.2, "spread": 0.4, "anchors": 12}]
    sources[2]["problems"] = ["14 lines could not be read, the first at byte 88121"]
    return {
        "title": "Payments time out after a deploy",
        "made_at": "2026-03-04T15:00:00Z",
        "zone": "Europe/London",
        "all": False,
        "sources": sources,
        "rates": [_rates(at, rows) for at in range(len(LOGS))],
        "promises": [
            _promise("p1", "Next update at 11:15", ("10:51:07", "11:15:00", None), "missed"),
            _promise("p2", "I will write the review by noon", ("11:05:00", "12:00:00", "11:50:00"), "kept"),
        ],
        "updates": [{"id": "u1", "time": _at("10:52:00"), "form": "first-message", "text": "Payments fail since 10:42. It was my deploy."}],
        "problems": [{"source": "bundle.zip!/core.dump", "message": "not text, and no format that is known"}],
        **given,
    }


def _promise(name: str, quote: str, times: tuple[str, str, str | None], fate: str) -> dict[str, Any]:
    made, due, settled = times
    return {
        "id": name,
        "quote": quote,
        "made_at": _at(made),
        "due": _at(due),
        "fate": fate,
        "settled_at": _at(settled) if settled else None,
    }


def _at(clock: str) -> str:
    return f"2026-03-04T{clock}Z"


def _told(one: tuple[Any, ...], *, everything: bool) -> dict[str, Any]:
    name, kind, level, actor, time, text, why, because = one
    row = _row(name, time, kind, level, text, random.Random(text))
    return {**row, "actor": actor, "why": [] if everything else why, "because": because}


def _line(dice: random.Random, *, everything: bool) -> dict[str, Any]:
    broken = dice.random() < 0.3
    low, high = (BROKEN + timedelta(seconds=1), ROLLED_BACK) if broken else (BEGIN, END)
    time = low + timedelta(microseconds=dice.randrange(int((high - low).total_seconds() * 1e6)) // 1000 * 1000)
    level, wording = dice.choice(BROKEN_LINES if broken else USUAL)
    text = wording.format(dice.randrange(10**9), dice.randrange(10**6), dice.randrange(5000))
    row = _row(dice.choice(LOGS), time, "log", level, text, dice)
    if everything or dice.random() < 0.6:
        return row
    until = time + timedelta(seconds=dice.randrange(2, 240))
    why, because = (["burst"], [f"{text[:24]}…: 40 in a minute, before that 1"]) if broken else (["first-seen"], [])
    return {**row, "count": dice.randrange(2, 5000), "last_time": _iso(until), "why": why, "because": because}


def _row(name: str, time: datetime | None, kind: str, level: str | None, text: str, dice: random.Random) -> dict[str, Any]:
    offset = dice.randrange(10**8)
    digest = sha256(name.encode()).hexdigest()
    is_log = name in LOGS
    return {
        "id": f"{digest[:8]}-{offset:x}",
        "time": _iso(time) if time else None,
        "time_text": time.strftime("%Y-%m-%d %H:%M:%S,%f")[:-3] if time else "",
        "zone": "assumed:Europe/London" if is_log else "stated",
        "source": name,
        "sha256": digest,
        "line": offset // 120 + 1,
        "offset": offset,
        "length": len(text.encode()) + 26,
        "flags": ["zone_assumed"] if is_log else [],
        "kind": kind,
        "level": level,
        "actor": None,
        "text": text,
        "count": 1,
        "last_time": None,
        "why": [],
        "because": [],
    }


def _source(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    times = [micros_of(row["time"]) for row in rows if row["time"]]
    return {
        "name": name, "sha256": sha256(name.encode()).hexdigest(), "size": 120 * len(rows), "reader": "lines" if name in LOGS else "json",
        "formats": ["iso-comma"] if name in LOGS else [], "entries": 7 * len(rows), "undated": sum(not row["time"] for row in rows),
        "first": min(times, default=None), "last": max(times, default=None), "zone": "assumed:Europe/London" if name in LOGS else "stated",
        "problems": [], "skew": [],
    }  # fmt: skip


def _rates(source: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    start = int(BEGIN.timestamp()) // 60
    everything, serious = [0] * 180, [0] * 180
    for row in _with_time(rows, LOGS[source]):
        minute = min(micros_of(row["time"]) // 60_000_000 - start, 179)
        everything[minute] += row["count"]
        serious[minute] += row["count"] if row["level"] in ("error", "critical") else 0
    return {"source": source, "start": start, "step": 1, "all": everything, "serious": serious}


def _with_time(rows: list[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    return (row for row in rows if row["source"] == name and row["time"])


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros_of(written: str) -> int:
    return (datetime.fromisoformat(written) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
