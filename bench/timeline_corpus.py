"""Makes what `timeline_speed.py` reads: logs of eight systems, the same as lines of JSON, and a Slack export. All from fixed seeds.

A log is a short real one many times over: copy k keeps its order, its times lie in the k-th part of the original span, and runs of
four or more digits are drawn anew.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from common import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = ROOT / "src" / "amends" / "timeline" / "formats"
SEED = 20260304
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = re.compile(r"\d{4,}")
_BASE = 2_000
"""Lines that are repeated where a system has only samples."""

_PLAIN = r"^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) "
_JAVA = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) "


@dataclass(frozen=True, slots=True)
class System:
    """How the lines of a system begin, as somebody writes it down who wants to read this one file.

    `stamps` says how the times in the groups of `pattern` are written, as strftime has it, with `%3f` and `%6f` for fractions of a second
    and `%s` for seconds since 1970; `time` and `level` are the groups that hold them. `year` is supplied where the lines have none,
    `west` the hours that local times are behind UTC where a line also has seconds since 1970.
    """

    name: str
    pattern: str
    stamps: tuple[str, ...]
    time: int = 1
    level: int | None = None
    year: int | None = None
    west: int = 0

    def read(self, text: str) -> int:
        """A time as it is written, in microseconds since 1970."""
        stamp = self.stamps[self.time - 1].replace("%3f", "%f").replace("%6f", "%f").replace("%e", "%d")
        if self.year is not None:
            stamp, text = f"%Y {stamp}", f"{self.year} {text}"
        return round((datetime.strptime(text, stamp).replace(tzinfo=UTC) - _EPOCH) / timedelta(microseconds=1))


LOGHUB = (
    System("Apache", r"^\[([A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4})\] \[(\w+)\] ", ("%a %b %d %H:%M:%S %Y",), 1, 2),
    System(
        "BGL",
        r"^\S+ (\d{10}) (\d{4}\.\d\d\.\d\d) \S+ (\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.\d{6}) \S+ \S+ \S+ (\w+) ",
        ("%s", "%Y.%m.%d", "%Y-%m-%d-%H.%M.%S.%6f"), 3, 4, west=7,
    ),
    System("HDFS", r"^(\d{6} \d{6}) \d+ (\w+) ", ("%y%m%d %H%M%S",), 1, 2),
    System("Hadoop", _JAVA + r"(\w+) ", ("%Y-%m-%d %H:%M:%S,%3f",), 1, 2),
    System("Linux", _PLAIN, ("%b %e %H:%M:%S",), year=2005),
    System("OpenSSH", _PLAIN, ("%b %e %H:%M:%S",), year=2015),
    System("Spark", r"^(\d\d/\d\d/\d\d \d\d:\d\d:\d\d) (\w+) ", ("%y/%m/%d %H:%M:%S",), 1, 2),
    System("Zookeeper", _JAVA + r"- (\w+) ", ("%Y-%m-%d %H:%M:%S,%3f",), 1, 2),
)  # fmt: skip
"""The systems of which LogHub has samples of 2,000 lines that are read here."""

OURS = (
    System("apache-error", LOGHUB[0].pattern, LOGHUB[0].stamps, 1, 2),
    System("glog-year", r"^([A-Z])(\d{8} \d\d:\d\d:\d\d\.\d{6}) ", ("", "%Y%m%d %H:%M:%S.%6f"), 2, 1),
    System("hadoop", LOGHUB[3].pattern, LOGHUB[3].stamps, 1, 2),
    System("nginx-error", r"^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] ", ("%Y/%m/%d %H:%M:%S",), 1, 2),
    System("redis", r"^\d+:[A-Z] (\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) ", ("%d %b %Y %H:%M:%S.%3f",)),
    System("spark", LOGHUB[6].pattern, LOGHUB[6].stamps, 1, 2),
    System("syslog", _PLAIN, ("%b %e %H:%M:%S",), year=2026),
    System("zookeeper", _JAVA + r".*- (\w+) ", ("%Y-%m-%d %H:%M:%S,%3f",), 1, 2),
)
"""Formats of ours whose samples stand in for them where LogHub is not at hand."""

JSON = ("Hadoop", "Spark", "HDFS", "Zookeeper", "hadoop", "spark", "zookeeper")


def systems(logs: Path | None) -> list[tuple[System, list[str]]]:
    """The systems with the lines that are repeated: those of a folder of LogHub, else our own samples."""
    if logs is None:
        return [(one, _samples(one)) for one in OURS]
    found = [(one, logs / one.name / f"{one.name}_2k.log") for one in LOGHUB]
    return [(one, path.read_text(encoding="utf-8").splitlines()) for one, path in found]


def _samples(system: System) -> list[str]:
    """The samples of a format again and again, over an hour; only the first time of a line is told."""
    told = tomllib.loads((FORMATS / f"{system.name}.toml").read_text(encoding="utf-8"))
    lines = [sample["line"] for sample in told["samples"] if re.match(system.pattern, sample["line"])]
    made = []
    for number in range(_BASE):
        line = lines[number % len(lines)]
        match = re.match(system.pattern, line)
        assert match is not None, "chosen so"
        at = system.read(match[system.time]) + number * 1_800_000
        made.append("".join(_with_times(system, line, match, _Clock(), at)))
    return made


class _Clock:
    """Writes times; what is the same within a second is made once."""

    def __init__(self) -> None:
        self._second: tuple[str, int] = ("", -1)
        self._written = ""

    def __call__(self, stamp: str, at: int) -> str:
        seconds, micros = divmod(at, 1_000_000)
        if stamp == "%s":
            return str(seconds)
        if (stamp, seconds) != self._second:
            self._second = (stamp, seconds)
            self._written = (_EPOCH + timedelta(seconds=seconds)).strftime(stamp.removesuffix("%3f").removesuffix("%6f"))
        fraction = {"%3f": f"{micros // 1000:03d}", "%6f": f"{micros:06d}"}.get(stamp[-3:], "")
        return self._written + fraction


def _with_times(system: System, line: str, match: re.Match[str], clock: _Clock, at: int) -> Iterator[str]:
    done = 0
    for group, stamp in enumerate(system.stamps, 1):
        if stamp:
            yield line[done : match.start(group)]
            yield clock(stamp, at + system.west * 3_600_000_000 * (stamp == "%s"))
            done = match.end(group)
    yield line[done:]


class _Digits:
    """Digits without end; drawn once, read from changing places."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # data for a measurement
        self._drawn = "".join(self._random.choices("0123456789", k=1 << 18))
        self._at = 0

    def __call__(self, run: re.Match[str]) -> str:
        size = run.end() - run.start()
        if self._at + size > len(self._drawn):
            self._at = self._random.randrange(1 << 10)
        self._at += size
        return self._drawn[self._at - size : self._at]


def replicated(system: System, lines: list[str], size: int, seed: int) -> Iterator[str]:
    """The lines over and over until `size` bytes are about reached."""
    matches = [re.match(system.pattern, line) for line in lines]
    times: list[int] = []
    for match in matches:
        times.append(system.read(match[system.time]) if match else times[-1])
    first, span = min(times), max(times) - min(times)
    copies = max(1, round(size / sum(len(line.encode()) + 1 for line in lines)))
    clocks, digits = [_Clock() for _ in range(4)], _Digits(seed)
    for copy in range(copies):
        for line, match, time in zip(lines, matches, times, strict=True):
            at = first + (copy * span + time - first) // copies
            done, made = 0, []
            for group, stamp in enumerate(system.stamps if match else (), 1):
                if stamp and match:
                    made += [line[done : match.start(group)], clocks[group](stamp, at + system.west * 3_600_000_000 * (stamp == "%s"))]
                    done = match.end(group)
            yield "".join(made) + _DIGITS.sub(digits, line[done:])


def write_logs(folder: Path, given: list[tuple[System, list[str]]], size: int) -> int:
    """One log for each system, about `size` bytes in all. How many lines."""
    folder.mkdir(parents=True)
    count = 0
    for number, (system, lines) in enumerate(given):
        with (folder / f"{system.name}.log").open("w", encoding="utf-8", newline="\n") as file:
            made = replicated(system, lines, size // len(given), SEED + number)
            while some := list(islice(made, 10_000)):
                file.write("\n".join(some) + "\n")
                count += len(some)
    return count


def write_json(path: Path, logs: Path, given: list[tuple[System, list[str]]], size: int) -> int:
    """Lines of logs as lines of JSON with time, level, logger and message. How many."""
    path.parent.mkdir(parents=True)
    chosen = [system for system, _ in given if system.name in JSON]
    count = written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for number, system in enumerate(chosen, 1):
            with (logs / f"{system.name}.log").open(encoding="utf-8") as lines:
                for line in lines:
                    match = re.match(system.pattern, line)
                    if match is None:
                        continue
                    if written >= size * number // len(chosen):
                        break
                    at = (_EPOCH + timedelta(microseconds=system.read(match[system.time]))).isoformat(timespec="milliseconds")
                    logger, _, message = line[match.end() :].rstrip("\n").partition(": ")
                    told = {"timestamp": at.replace("+00:00", "Z"), "level": match[system.level or 0], "logger": logger, "message": message}
                    written += file.write(json.dumps(told) + "\n")
                    count += 1
    return count


_CHANNELS = ("incidents", "checkout", "platform", "support", "deploys", "general", "on-call", "payments")
_PEOPLE = ("ana", "bo", "chidi", "dara", "emre", "fay", "goran", "hana", "ines", "jun")
_SAID = (
    "the queue of checkout is growing again, looking",
    "rolling <#C002|checkout> back to what ran yesterday",
    "<@U003> can you see it from your side? customers write that cards are refused",
    "not better yet; I raise the limit of connections to 400",
    "numbers are back to normal since 10:42, I keep watching for half an hour",
    "thanks, I tell support & sales",
    "```ERROR payment 4711 was refused by the bank```\nthat is the first one that I find",
)
_MESSAGES_A_DAY = 100


def write_slack(folder: Path, messages: int) -> int:
    """An export of a made-up workspace: threads, edits, bots and files among the messages. How many messages."""
    drawn = random.Random(SEED)  # noqa: S311  # data for a measurement
    folder.mkdir(parents=True)
    people = [{"id": f"U{n:03d}", "team_id": "T1", "name": name, "profile": {"display_name": name}} for n, name in enumerate(_PEOPLE)]
    same = {"created": 1700000000, "creator": "U000", "members": []}
    channels = [{"id": f"C{n:03d}", "name": name} | same for n, name in enumerate(_CHANNELS)]
    (folder / "users.json").write_text(json.dumps(people), encoding="utf-8")
    (folder / "channels.json").write_text(json.dumps(channels), encoding="utf-8")
    days = messages // _MESSAGES_A_DAY // len(_CHANNELS)
    for channel in _CHANNELS:
        (folder / channel).mkdir()
        for day in range(days):
            began = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=day)
            made = _a_day(drawn, began.timestamp())
            (folder / channel / f"{began:%Y-%m-%d}.json").write_text(json.dumps(made, indent=4), encoding="utf-8")
    return days * _MESSAGES_A_DAY * len(_CHANNELS)


def _a_day(drawn: random.Random, began: float) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    thread = ""
    for number in range(_MESSAGES_A_DAY):
        ts = f"{began + number * 300 + 200 * drawn.random():.6f}"
        user = f"U{drawn.randrange(len(_PEOPLE)):03d}"
        one: dict[str, object] = {"type": "message", "user": user, "text": drawn.choice(_SAID), "ts": ts}
        chance = drawn.random()
        if chance < 0.3 and thread:
            one["thread_ts"] = thread
        elif chance < 0.4:
            thread = ts
            one |= {"thread_ts": ts, "reply_count": 3}
        elif chance < 0.45:
            one["edited"] = {"user": user, "ts": f"{float(ts) + 60:.6f}"}
        elif chance < 0.5:
            one |= {"subtype": "bot_message", "bot_id": "B001", "username": "deploys", "text": f"checkout {number} is out"}
        elif chance < 0.53:
            one["files"] = [{"id": f"F{number}", "name": "graph.png", "mimetype": "image/png"}]
        made.append(one)
    return made
