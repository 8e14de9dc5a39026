"""How fast evidence becomes a timeline, how much memory it takes, and whether what is cited is there; beside the peers in the same run.

.venv/bin/python bench/timeline_speed.py [--logs FOLDER] [--quick] [--big] [--plaso] [--runs 5] [--keep]

The corpus is about 300 MB of logs of eight systems, replicated from samples as `timeline_corpus.py` says. FOLDER, or AMENDS_BENCH_LOGS,
holds those of LogHub: `<system>/<system>_2k.log` with its `_structured.csv` beside it. Without it our own samples of eight formats stand
in. `--big` adds 5 GB for the row about memory. ripgrep and lnav are taken from the system (`apt-get install ripgrep lnav`), DuckDB and
polars are installed into `.bench/timeline-peers/`, plaso there too with `--plaso`; what cannot be had is named and left out. All that was
made for a run is removed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import timeline_corpus as corpus
from common import AMENDS, ENVIRONMENT, HERE, PEERS, PYTHON, compile_bytes, publish, table
from timeline_processes import WORK, home, in_turns, peaks, seconds_of, started

if TYPE_CHECKING:
    from collections.abc import Callable

VENV = PEERS / "timeline-peers"
THEIRS = VENV / "bin" / "python"
INSIDE = HERE / "timeline_inside.py"
BY_HAND = HERE / "peers" / "timeline_by_hand.py"
TIME_AND_LEVEL = r"\d\d:\d\d:\d\d.{0,60}\b(ERROR|WARN|FATAL|error|notice|Info)\b"
LOGS_BYTES, JSON_BYTES, MESSAGES = 300_000_000, 130_000_000, 40_000
WINDOW_COPIES, BIG_COPIES = 10, 16
FIRST_LINES = 50
PLASO_LINES = 5_000
SPARE = 3
"""Free bytes of disk that are asked for, as a multiple of those that a row writes."""


@dataclass
class Run:
    """One run of this script: what is measured, and with what."""

    logs: Path | None
    runs: int
    part: int
    given: list[tuple[corpus.System, list[str]]]
    lines: int = 0
    json_lines: int = 0
    messages: int = 0
    skipped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The logs."""
        return WORK / "corpus"

    @property
    def json(self) -> Path:
        """The lines of JSON."""
        return WORK / "json" / "app.jsonl"

    @property
    def slack(self) -> Path:
        """The Slack export."""
        return WORK / "slack"

    @property
    def files(self) -> list[str]:
        """Each log, in the order of the systems."""
        return [str(self.folder / f"{system.name}.log") for system, _ in self.given]


def make(run: Run) -> None:
    """The corpus, and byte code of our own source."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    run.lines = corpus.write_logs(run.folder, run.given, LOGS_BYTES // run.part)
    run.json_lines = corpus.write_json(run.json, run.folder, run.given, JSON_BYTES // run.part)
    run.messages = corpus.write_slack(run.slack, MESSAGES // run.part)
    compile_bytes()


def ours(sources: list[str], *, at: Path | None = None) -> float:
    """Cold: a process, nothing read before, all entries to one sorted file of Parquet. `at` is where something may have been read."""
    folder = at or home()
    try:
        return seconds_of(parquet(sources), folder)
    finally:
        if at is None:
            shutil.rmtree(folder)


def parquet(sources: list[str]) -> list[str]:
    return [str(AMENDS), "timeline", *sources, "--all", "--format", "parquet", "-o", str(WORK / "out.parquet"), "--quiet"]


def inside(what: str, source: str) -> dict[str, Any]:
    """A measurement within a process of ours."""
    folder = home()
    try:
        command = [str(PYTHON), str(INSIDE), what, str(folder), source]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=WORK)
        if done.returncode:
            raise RuntimeError(f"{what}: {done.stderr[-800:]}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told
    finally:
        shutil.rmtree(folder)


def first_screen(source: str) -> float:
    """Seconds until a timeline has written its first lines of text, or is complete; then it is stopped."""
    folder = home()
    began = time.perf_counter()
    with started([str(AMENDS), "timeline", source, "--quiet"], folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen = sum(1 for _ in zip(range(FIRST_LINES), process.stdout, strict=False))
        took = time.perf_counter() - began
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    assert seen, "a timeline has lines"
    return took


def installed(run: Run, *, plaso: bool) -> bool:
    """Bring the peers of Python into `.bench/`; what cannot be had is named."""
    if not THEIRS.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(THEIRS), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    have = subprocess.run([*pip, "-r", str(HERE / "peers" / "timeline-requirements.txt")], check=False).returncode == 0
    if not have:
        run.skipped.append("DuckDB and polars (they cannot be installed here)")
    if plaso and subprocess.run([*pip, "plaso"], check=False).returncode:
        run.skipped.append("plaso (it cannot be installed here)")
    for tool in ("rg", "lnav"):
        if shutil.which(tool) is None:
            run.skipped.append({"rg": "ripgrep", "lnav": "lnav"}[tool] + " (not installed here)")
    return have


def versions() -> dict[str, str]:
    """The peers' versions."""
    found = {}
    for tool, name in (("rg", "ripgrep"), ("lnav", "lnav")):
        if shutil.which(tool):
            told = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout
            found[name] = re.findall(r"\d+\.\d+\.\d+", told)[0]
    if THEIRS.exists():
        told = subprocess.run([str(THEIRS), "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=False).stdout
        found |= {one["name"]: one["version"] for one in json.loads(told) if one["name"] in ("duckdb", "polars", "msgspec", "plaso")}
    return found


def lnav(files: list[str]) -> list[str]:
    """The command by which lnav reads files and counts the lines that it understood."""
    return ["lnav", "-n", "-c", ";SELECT count(*) FROM all_logs", *files]


def known_to_lnav(run: Run) -> tuple[list[str], int]:
    """The files of which lnav understands half of the lines or more, by the heads of them; and how many lines those have."""
    known, lines = [], 0
    for path in run.files:
        head = WORK / "head.log"
        with Path(path).open("rb") as file:
            some = file.readlines(200_000)
            head.write_bytes(b"".join(some))
            rest = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        environment = ENVIRONMENT | {"HOME": str(WORK)}
        told = subprocess.run(lnav([str(head)]), capture_output=True, text=True, check=False, env=environment).stdout
        if 2 * int((re.findall(r"\d+", told) or ["0"])[-1]) >= len(some):
            known.append(path)
            lines += len(some) + rest
        head.unlink()
    return known, lines


def plan(run: Run) -> Path:
    """What the hand-written peers are told: a pattern for each file."""
    path = WORK / "plan.json"
    told = [
        {"path": file, "pattern": one.pattern, "stamp": one.stamps[one.time - 1], "time": one.time, "level": one.level, "year": one.year}
        for file, (one, _) in zip(run.files, run.given, strict=True)
    ]
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Row:
    """A line of the table of goals."""

    what: str
    goal: str
    measured: str
    beside: str = "–"

    def cells(self) -> list[str]:
        """As a row of the table."""
        return [self.what, self.goal, self.measured, self.beside]


def cold(run: Run, *, peers: bool) -> tuple[list[Row], list[list[str]]]:
    """Whole commands on the logs: ours, and each peer that is here."""
    again, known, known_lines = home(), list[str](), 0
    ways: dict[str, Callable[[], float]] = {
        "ours": lambda: ours([str(run.folder)]),
        "ours again": lambda: ours([str(run.folder)], at=again),
        "first": lambda: first_screen(str(run.folder)),
    }
    lines = {"ours": run.lines, "ours again": run.lines, "first": run.lines}
    if shutil.which("rg"):
        ways["ripgrep"] = lambda: seconds_of(["rg", "--no-config", "--no-ignore", "-c", TIME_AND_LEVEL, str(run.folder)])
    if shutil.which("lnav"):
        known, known_lines = known_to_lnav(run)
        lines |= {"lnav": known_lines, "ours on lnav's": known_lines}
        ways["lnav"] = lambda: seconds_of(lnav(known), WORK)
        ways["ours on lnav's"] = lambda: ours(known)
    if peers:
        by_hand = [str(THEIRS), str(BY_HAND)]
        asked = plan(run)
        ways["polars"] = lambda: seconds_of([*by_hand, "polars", str(asked), str(WORK / "polars.parquet")])
        ways["duckdb"] = lambda: seconds_of([*by_hand, "duckdb", str(asked), str(WORK / "duckdb.parquet")])
    times = in_turns(ways, run.runs)
    rate = {name: lines.get(name, run.lines) / 1e6 / took for name, took in times.items()}
    beside = []
    if "ripgrep" in times:
        beside.append(f"{times['ours'] / times['ripgrep']:.1f} × ripgrep (goal: at most 3.5)")
    if "lnav" in times:
        faster = times["lnav"] / times["ours on lnav's"]
        beside.append(f"{faster:.1f} × as fast as lnav on the {len(known)} of {len(run.files)} files that it knows")
    quicker = times["ours"] / times["ours again"]
    rows = [
        Row("text logs to sorted, cited Parquet, cold command", "1.5 M lines/s", f"{rate['ours']:.2f} M lines/s", "; ".join(beside) or "–"),
        Row("the same again, sources unchanged", "–", f"{times['ours again']:.2f} s", f"{quicker:.1f} × as fast"),
        Row(f"first screen: {FIRST_LINES} lines of `amends timeline FOLDER`, cold", "2 s", f"{times['first']:.2f} s"),
    ]
    return rows, peers_table(times, rate)


_DOES = {
    "ours": ("amends", "formats found; time, level, place and hash of each entry; sorted Parquet"),
    "ours on lnav's": ("amends, lnav's files", "the same"),
    "ripgrep": ("ripgrep", "counts lines with a time and a level"),
    "lnav": ("lnav, the files it knows", "reads times and levels, counts lines"),
    "polars": ("polars", "a pattern by hand for each file; time and level, sorted Parquet"),
    "duckdb": ("duckdb", "the same"),
}


def peers_table(times: dict[str, float], rate: dict[str, float]) -> list[list[str]]:
    version = versions()
    made = []
    for key, (name, does) in _DOES.items():
        if key in times:
            tool, comma, which = name.partition(",")
            shown = f"{tool} {version.get(tool, '')}".strip() + comma + which
            made.append([shown, f"{times[key]:.2f}", f"{rate[key]:.2f}", f"{times[key] / times['ours']:.2f}", does])
    return made


def warm(run: Run) -> Row:
    """Within a process, imports done, nothing read before."""
    times = [inside("read", str(run.folder))["seconds"] for _ in range(run.runs)]
    return Row("the same reading, warm, in process", "2 M lines/s", f"{run.lines / 1e6 / statistics.median(times):.2f} M lines/s")


def json_lines(run: Run, *, peers: bool) -> Row:
    """Lines of JSON, within a process each."""
    ways: dict[str, Callable[[], float]] = {
        "cold": lambda: ours([str(run.json)]),
        "ours": lambda: float(inside("read", str(run.json))["seconds"]),
    }
    if peers:
        for engine in ("duckdb-json", "msgspec-json"):
            ways[engine] = lambda engine=engine: float(  # type: ignore[misc]  # the default binds the name of this turn
                subprocess.run([str(THEIRS), str(BY_HAND), engine, str(run.json)], capture_output=True, text=True, check=True).stdout
            )
    rate = {name: run.json_lines / 1000 / took for name, took in in_turns(ways, run.runs).items()}
    beside = [f"{name.removesuffix('-json')} {rate[name]:,.0f} k" for name in rate if name.endswith("-json")]
    said = f"{rate['ours']:,.0f} k lines/s; as a cold command with sorted Parquet {rate['cold']:,.0f} k"
    others = f"only time, level and logger: {', '.join(beside)}" if beside else "–"
    return Row("JSON lines (time, level, logger)", "1,000 k lines/s", said, others)


def slack(run: Run) -> Row:
    """A Slack export in files of channels and days, as a cold command and within a process."""
    times = in_turns({"cold": lambda: ours([str(run.slack)]), "warm": lambda: float(inside("read", str(run.slack))["seconds"])}, run.runs)
    said = f"{run.messages / times['warm']:,.0f} messages/s; as a cold command {run.messages / times['cold']:,.0f}"
    return Row(f"Slack export of {run.messages:,} messages", "20,000 messages/s", said)


def copied(run: Run, copies: int) -> Path | None:
    """The logs so many times, each time without some more first lines, so that none is the same file; None where the disk is too small."""
    folder = WORK / "copies"
    size = copies * sum(os.path.getsize(path) for path in run.files)
    if shutil.disk_usage(WORK).free < SPARE * size:
        return None
    for copy in range(copies):
        (folder / f"{copy:02d}").mkdir(parents=True)
        for path in run.files:
            with Path(path).open("rb") as file, (folder / f"{copy:02d}" / Path(path).name).open("wb") as out:
                for _ in range(copy):
                    file.readline()
                shutil.copyfileobj(file, out, 1 << 22)
    return folder


def window(run: Run) -> Row:
    """Ten minutes of many lines, of which everything was read."""
    what = "ten-minute window, indexed"
    folder = copied(run, WINDOW_COPIES)
    if folder is None:
        return Row(what, "50 ms", "left out: the disk is too small")
    told = inside("window", str(folder))
    shutil.rmtree(folder)
    said = (
        f"counted in {told['count_ms']:.0f} ms (at most {told['count_most_ms']:.0f}); "
        f"{told['rows']:,.0f} rows read in {told['read_ms']:.0f} ms ({told['rows_most']:,.0f} in {told['read_most_ms']:,.0f})"
    )
    return Row(f"{what}: {told['entries'] / 1e6:.1f} M lines", "50 ms", said, "medians over windows in the middle of each log")


def memories(run: Run, *, big: bool) -> Row:
    """Peak memory of the cold command, on the logs and on many times as much."""
    said = []
    sizes = {sum(os.path.getsize(path) for path in run.files): run.folder}
    if big:
        folder = copied(run, BIG_COPIES)
        if folder is None:
            run.skipped.append("5 GB (the disk is too small)")
        else:
            sizes[BIG_COPIES * next(iter(sizes))] = folder
    for size, folder in sizes.items():
        total, largest, took = peaks(parquet([str(folder)]))
        said.append(f"{total:.0f} MB on {size / 1e9:.2f} GB (largest process {largest:.0f} MB; {took:.1f} s)")
    shutil.rmtree(WORK / "copies", ignore_errors=True)
    return Row("peak memory, all processes, shared pages once", "600 MB, the same for 0.3 and 5 GB", "; ".join(said))


def truths(run: Run) -> list[Row]:
    """LogHub's own keys, and citations."""
    rows = []
    if run.logs is not None:
        told = inside("truth", str(run.logs))
        lines, times, leveled, levels = (sum(one[place] for one in told.values()) for place in range(4))
        wrong = [name for name, (a, b, c, d) in told.items() if (a, c) != (b, d)]
        said = f"{times / lines:.4f} of {lines:,}; {levels / leveled:.4f} of {leveled:,}"
        said += f"; not all of {', '.join(wrong)}" if wrong else ""
        rows.append(Row("LogHub's samples: right time; right level where told", "1.0; 1.0", said, "Linux and OpenSSH tell no levels"))
    else:
        run.skipped.append("the keys of LogHub (no --logs)")
    ours([str(run.folder)])
    told = inside("cited", f"{WORK / 'out.parquet'}={run.folder}")
    said = f"{told['exact']:,} of {told['entries']:,} byte-exact, {told['shown']} of {told['asked']} by their id; {told['orphans']:,} bytes"
    return [*rows, Row("citations read back; bytes that belong to no entry", "100 %; 0", said, "line ends are between entries")]


def plaso(run: Run) -> list[list[str]]:
    """The rate of plaso on a few lines of one log."""
    tool = VENV / "bin" / "log2timeline"
    tool = tool if tool.exists() else VENV / "bin" / "log2timeline.py"
    if not tool.exists():
        return []
    system = next((system for system, _ in run.given if system.name in ("OpenSSH", "syslog")), run.given[0][0])
    folder = WORK / "plaso"
    folder.mkdir()
    with (run.folder / f"{system.name}.log").open("rb") as file:
        (folder / "some.log").write_bytes(b"".join(file.readline() for _ in range(PLASO_LINES)))
    command = [str(tool), "--quiet", "--status_view", "none", "--single_process", "--parsers", "text/syslog_traditional", "--storage_file"]
    took = seconds_of([*command, str(folder / "out.plaso"), str(folder / "some.log")], folder)
    name = f"plaso {versions().get('plaso', '')}, {PLASO_LINES:,} lines of {system.name}, once"
    return [[name, f"{took:.2f}", f"{PLASO_LINES / 1e6 / took:.4f}", "–", "one named parser of syslog; no sorting"]]


def measured(run: Run, given: argparse.Namespace) -> str:
    """All rows, and the tables of them."""
    peers = installed(run, plaso=given.plaso)
    began = time.perf_counter()
    make(run)
    rows, compared = cold(run, peers=peers)
    asked: tuple[Callable[[], list[Row]], ...] = (
        lambda: [warm(run)],
        lambda: [json_lines(run, peers=peers)],
        lambda: [slack(run)],
        lambda: [memories(run, big=given.big)],
        lambda: [window(run)],
        lambda: truths(run),
    )
    for ask in asked:
        try:
            rows += ask()
        except RuntimeError as error:  # the other rows still stand
            run.failed.append(str(error))
    compared += plaso(run) if given.plaso else []
    size = sum(os.path.getsize(path) for path in run.files)
    where = "samples of LogHub" if run.logs else "samples of our own formats"
    notes = [
        f"{size / 1e6:.0f} MB, {run.lines:,} lines of {len(run.files)} systems, replicated from {where}.",
        f"{os.path.getsize(run.json) / 1e6:.0f} MB, {run.json_lines:,} lines of JSON.",
        f"Medians of {run.runs} runs, taken in turns; files are in the page cache. Took {(time.perf_counter() - began) / 60:.1f} minutes.",
        *(["Quick: a twentieth of the size, in which starting weighs more; only shows that everything works."] if given.quick else []),
        *(f"Failed: {told(one)}." for one in run.failed),
        *([f"Left out: {'; '.join(run.skipped)}."] if run.skipped else []),
    ]
    text = table("Evidence to a timeline", ["what", "goal", "measured", "beside it"], [row.cells() for row in rows], notes)
    head = ["tool", "median s", "M lines/s", "× amends", "what it does"]
    return text + "\n" + table("The same logs, cold, whole processes", head, compared, ["× amends: its time by ours on all logs."])


def told(failure: str) -> str:
    """The line that says what went wrong."""
    lines = failure.strip().splitlines()
    return next((line for line in reversed(lines) if "Error" in line), lines[-1])


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=Path, default=os.environ.get("AMENDS_BENCH_LOGS"), help="LogHub's samples")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the size, one run, and no file of results")
    parser.add_argument("--big", action="store_true", help="memory on 5 GB too")
    parser.add_argument("--plaso", action="store_true", help="install plaso and measure its rate")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each")
    parser.add_argument("--keep", action="store_true", help="do not remove what was made")
    given = parser.parse_args()
    logs = Path(given.logs).resolve() if given.logs else None
    run = Run(logs, 1 if given.quick else given.runs, 20 if given.quick else 1, corpus.systems(logs))
    try:
        text = measured(run, given)
        print(text) if given.quick else publish("timeline-speed.md", text)
    finally:
        if not given.keep:
            shutil.rmtree(WORK, ignore_errors=True)
    if run.failed:
        sys.exit("\n".join(run.failed))


if __name__ == "__main__":
    main()
