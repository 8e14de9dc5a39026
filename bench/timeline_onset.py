"""How near the onset of errors is found in made-up incidents, and whether the true change is among the candidates that are named.

.venv/bin/python bench/timeline_onset.py

Sixty incidents a row: six hours of log lines whose errors come at a steady rate, for twenty minutes at a multiple of it, with one deploy
shortly before and three elsewhere. They are written as log lines, read, digested and judged as `amends timeline` does it. The peer is PELT
of ruptures on square roots of the counts of each minute, where the Python that runs this has that package.
"""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
from common import publish, table

from amends.timeline.digest import digest, keys_of
from amends.timeline.entry import Event
from amends.timeline.highlight import Place, highlights, why
from amends.timeline.lines.source import LineLog
from amends.timeline.table import of_events

ruptures: Any = import_module("ruptures") if find_spec("ruptures") else None

ROWS = ((0.2, 10), (2.0, 3), (2.0, 10), (20.0, 3))
INCIDENTS = 60
NOTES = [
    f"{INCIDENTS} made-up incidents a row, fixed seeds: six hours of lines, twenty minutes of them at the higher rate from a",
    "whole minute on,",
    "the true deploy 20 to 180 seconds before, three others elsewhere. The minute of the mark is compared with that of the onset, as",
    "the peer knows no more. Ours reads written log lines (time, level, kind) and judges digests of them, and its time is that of the",
    'whole; the peer is given counts. In all runs every candidate stands before the entry that names it; that is asserted. "Named',
    'after it" counts incidents in which a deploy after the true onset is named, since the mark may be later than the onset. At 0.2',
    "lines a minute chance itself moves the best place by minutes: of 200 other incidents a row, by which thresholds were chosen, the",
    "shares were 0.975, 0.970, 1.00 and 1.00.",
]
HOURS = 6
MINUTE = 60_000_000
BEGAN = int(np.datetime64("2026-03-04T04:00:00", "us").astype(np.int64))
MINUTES = HOURS * 60
BURST = 20


@dataclass(frozen=True)
class Incident:
    """Times in microseconds since the log began: of errors, of other lines, of the onset, and of deploys, the true one first."""

    errors: Any
    others: Any
    onset: int
    deploys: list[int]


@dataclass
class Tally:
    """What came out for a row."""

    found: int = 0
    spurious: int = 0
    named: int = 0
    later: int = 0
    off: list[float] = field(default_factory=list)
    seconds: float = 0.0


def incident(rate: float, factor: float, seed: int) -> Incident:
    """An incident by its seed; the burst begins with a minute of the middle hours, the true deploy 20 to 180 seconds before."""
    random = np.random.default_rng(seed)
    onset = int(random.integers(90, MINUTES - 90)) * MINUTE
    base = random.uniform(0, MINUTES * MINUTE, random.poisson(rate * MINUTES)).astype(np.int64)
    more = random.uniform(onset, onset + BURST * MINUTE, random.poisson(rate * (factor - 1) * BURST)).astype(np.int64)
    others = random.uniform(0, MINUTES * MINUTE, MINUTES * 4).astype(np.int64)
    true = onset - int(random.uniform(20, 180) * 1_000_000)
    decoys: list[int] = []
    while len(decoys) < 3:
        at = int(random.uniform(0, MINUTES) * MINUTE)
        if abs(at - onset) > 5 * MINUTE:
            decoys.append(at)
    return Incident(np.sort(np.concatenate([base, more])), others, onset, [true, *decoys])


def judged(one: Incident) -> tuple[list[int], list[list[int]]]:
    """The times at which a rise is marked, and beside each the deploys that are named, by their number; each is later than all of them."""
    times = np.concatenate([one.errors, one.others])
    order = np.argsort(times, kind="stable")
    stamps = np.datetime_as_string((times[order] + BEGAN).astype("datetime64[us]"), unit="ms")
    said = np.where(order < len(one.errors), "ERROR payment 4711 was refused by the bank", "INFO  request 4711 served in 12 ms")
    data = np.frombuffer("".join(f"{stamp}Z {text}\n" for stamp, text in zip(stamps, said, strict=True)).encode(), np.uint8)
    log = LineLog(0, date(2026, 3, 4))
    log.read(data, 0)
    rows = log.table()
    deploys = [Event(BEGAN + at, "", "utc", place, 1, "deploy", f"number {place} went out") for place, at in enumerate(one.deploys)]
    kept = highlights([(Place(0, 0, 0), digest(rows, *keys_of(rows, data, 0)))], of_events(1, deploys))
    marks: list[int] = []
    named: list[list[int]] = []
    for row in range(len(kept.table)):
        own = [int(found[1]) for words in kept.because[row] if (found := re.match(r"candidate: deploy “number (\d+)", words))]
        at = int(kept.table["time"][row]) - BEGAN
        assert all(one.deploys[number] <= at for number in own), "a candidate stands after its effect"
        if int(kept.why[row]) & why("rate-change") and kept.because[row][0].startswith("rose"):
            marks.append(at)
            named.append(own)
    return marks, named


def by_peer(one: Incident) -> tuple[list[int], list[list[int]]]:
    """The same by PELT: rises of the mean, and the three deploys nearest before each."""
    counts = np.sqrt(np.bincount(one.errors // MINUTE, minlength=MINUTES)[:, None].astype(float))
    ends = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(counts).predict(pen=3 * np.log(MINUTES) * max(counts.var() / 2, 0.25))
    means = [float(counts[a:b].mean()) for a, b in pairwise([0, *ends])]
    marks = [end * MINUTE for end, (before, after) in zip(ends[:-1], pairwise(means), strict=True) if after > before]
    order = sorted(range(len(one.deploys)), key=lambda number: -one.deploys[number])
    return marks, [[number for number in order if one.deploys[number] <= mark + MINUTE][:3] for mark in marks]


def tallied(incidents: list[Incident], by: Any) -> Tally:
    """How near the marks are, and what is named beside the nearest."""
    tally = Tally()
    for one in incidents:
        started = time.perf_counter()
        marks, named = by(one)
        tally.seconds += time.perf_counter() - started
        near = min(range(len(marks)), key=lambda place: abs(marks[place] - one.onset), default=None)
        hit = near is not None and abs(marks[near] // MINUTE - one.onset // MINUTE) <= 3
        tally.spurious += len(marks) - hit
        if near is not None and hit:
            tally.found += 1
            tally.off.append(abs(marks[near] - one.onset) / 1e6)
            tally.named += 0 in named[near][:3]
            tally.later += any(one.deploys[number] > one.onset for number in named[near])
    return tally


def main() -> None:
    """Measure all rows, and publish the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    lines = []
    for number, (rate, factor) in enumerate(ROWS):
        incidents = [incident(rate, factor, 1000 * number + seed) for seed in range(INCIDENTS)]
        ways = {"ours": judged} | ({"PELT (ruptures)": by_peer} if ruptures else {})
        for name, by in ways.items():
            tally = tallied(incidents, by)
            shares = (f"{tally.found / INCIDENTS:.2f}", f"{tally.spurious / INCIDENTS:.2f}", f"{tally.named / INCIDENTS:.2f}")
            off = f"{np.median(tally.off):.0f}" if tally.off else "–"
            lines.append([f"{rate:g}, ×{factor}", name, *shares, off, str(tally.later), f"{1000 * tally.seconds / INCIDENTS:.0f}"])
    head = [
        "rate a minute",
        "by",
        "onset within 3 minutes",
        "spurious onsets in 6 h",
        "true change among the first three",
        "median off, s",
        "named after it",
        "ms",
    ]
    publish("timeline-onset.md", table("Onset of errors, and the changes before it", head, lines, NOTES))


if __name__ == "__main__":
    main()
