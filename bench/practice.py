"""How practice behaves: the same bytes in two processes, time a turn, good replies above bad ones, and attacks that do not pass.

    .venv/bin/python bench/practice.py [--replies FOLDER] [--quick]

`--replies` is a folder of replies written without sight of the scenarios: a file `<scenario>.jsonl` each, with {"text", "good", "kind"} a
line. Each is played as the only turn of its scenario, at the easiest level; what it is worth are its points before any cap. Without the
folder that table is left as it is. `bench/practice_load.py` measures two hundred people at once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from common import AMENDS, ENVIRONMENT, ROOT, compile_bytes, percentile, publish, table

sys.path.pop(0)  # the folder of the tests is called as this file is, and would not be found beside it
sys.path.insert(0, str(ROOT / "tests"))
from amends.practice.drill import start, take
from amends.practice.stage import stage
from practice.gaming import ATTACKS
from practice.scenes import INDEX, MAINS, SCENARIOS, play, ready

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.practice.scenario import Scenario
    from amends.practice.stage import Stage

HASH_SEEDS = ("1", "4711")
RESAMPLES = 2000
GOAL_MS = 10
GOAL_AUC = 0.95


def same_bytes(scenarios: Sequence[Scenario]) -> list[list[str]]:
    """Every transcript of every scenario, played by two processes whose sets are in another order."""
    plays = differing = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in scenarios:
            for number, transcript in enumerate(ready(one).scenario.transcripts):
                path = Path(folder) / f"{one.id}-{number}.jsonl"
                path.write_text("".join(json.dumps({"text": text}) + "\n" for text in transcript.turns), encoding="utf-8")
                command = [str(AMENDS), "practice", "play", one.id, "--transcript", str(path), "--seed", "3", "--format", "json"]
                told = {_output(command, seed) for seed in HASH_SEEDS}
                plays += 1
                differing += len(told) != 1
    return [[str(len(scenarios)), str(plays), str(differing)]]


def _output(command: list[str], hash_seed: str) -> bytes:
    return subprocess.run(command, env={**ENVIRONMENT, "PYTHONHASHSEED": hash_seed}, stdout=subprocess.PIPE, check=True).stdout


def times(scenarios: Sequence[Scenario]) -> list[list[str]]:
    """Milliseconds of a turn that nobody has said before, in a warm process, and of making a scenario ready, once in each process."""
    play(ready(MAINS[0]), ["The tables of the language are read when the first turn is heard, so this one is not counted."])
    made, turns, spent, longest = [], [], [], ("", 0.0)
    for one in scenarios:
        began = time.perf_counter()
        on = stage(one, 1, None, one.variants[-1][0])
        made.append((time.perf_counter() - began) * 1000)
        for transcript in on.scenario.transcripts:
            played = start(on)
            for text in transcript.turns:
                if played.over:
                    break
                began, busy = time.perf_counter(), time.thread_time()
                played = take(played, text, INDEX)
                took = (time.perf_counter() - began) * 1000
                turns.append(took)
                spent.append((time.thread_time() - busy) * 1000)
                longest = max(longest, (one.id, took), key=lambda pair: pair[1])
    rows = [
        [what, f"{len(found):,}", *_three(found)]
        for what, found in (("a turn", turns), ("processor time of it", spent), ("a scenario made ready", made))
    ]
    rows[0][-1] += f" ({longest[0]})"
    return rows


def _three(values: list[float]) -> list[str]:
    return [f"{statistics.median(values):.1f}", f"{percentile(values, 0.95):.1f}", f"{max(values):.1f}"]


class Reply(NamedTuple):
    """A reply: its points before any cap, how far it moved the other person, whether it is good, and of what kind it is."""

    points: int
    moved: int
    good: bool
    kind: str


def replies(folder: Path) -> dict[str, list[Reply]]:
    """For each scenario its replies."""
    known = {one.id: one for one in SCENARIOS}
    found: dict[str, list[Reply]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in known:
            print(f"{path.name}: there is no such scenario", file=sys.stderr)
            continue
        on = ready(known[path.stem])
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found[path.stem] = [_worth(on, line) for line in lines]
    return found


def _worth(on: Stage, line: dict[str, Any]) -> Reply:
    played = play(on, [line["text"]])
    now, first = played.state, played.first
    moved = now.trust - first.trust + now.clarity - first.clarity - (now.anger - first.anger)
    return Reply(played.score.raw, moved, bool(line["good"]), str(line.get("kind", "")))


def auc(good: Sequence[int], bad: Sequence[int]) -> float:
    """How often a good one is worth more than a bad one; equal ones count half."""
    wins = sum((one > other) + (one == other) / 2 for one in good for other in bad)
    return wins / (len(good) * len(bad)) if good and bad else float("nan")


def interval(groups: Sequence[tuple[list[int], list[int]]]) -> tuple[float, float]:
    """The middle 95 % of the mean AUC over the groups, drawn again and again from the replies of each."""
    dice = random.Random(8)  # noqa: S311  # the same draws in each run
    means = []
    for _ in range(RESAMPLES):
        drawn = [auc(dice.choices(good, k=len(good)), dice.choices(bad, k=len(bad))) for good, bad in groups]
        means.append(statistics.fmean(drawn))
    return percentile(means, 0.025), percentile(means, 0.975)


def auc_rows(worth: dict[str, list[Reply]]) -> tuple[list[list[str]], list[list[str]]]:
    """A row for each form, over its scenarios; and one for each scenario. A good reply is only held against the bad of its scenario."""
    forms: dict[str, list[tuple[list[int], list[int]]]] = defaultdict(list)
    moved: dict[str, list[float]] = defaultdict(list)
    each = []
    form_of = {one.id: one.form for one in SCENARIOS}
    for name, found in worth.items():
        good, bad = [one for one in found if one.good], [one for one in found if not one.good]
        if not good or not bad:
            continue
        points = [one.points for one in good], [one.points for one in bad]
        taken = auc([one.moved for one in good], [one.moved for one in bad])
        forms[form_of[name]].append(points)
        moved[form_of[name]].append(taken)
        middle = [f"{statistics.median(many):.0f}" for many in points]
        each.append([name, form_of[name], f"{len(good)} + {len(bad)}", f"{auc(*points):.3f}", f"{taken:.3f}", *middle])
    rows = []
    for form, groups in sorted(forms.items()):
        low, high = interval(groups)
        mean = statistics.fmean(auc(good, bad) for good, bad in groups)
        count = f"{sum(len(good) for good, _ in groups)} + {sum(len(bad) for _, bad in groups)}"
        met = "yes" if mean >= GOAL_AUC else "no"
        told = [f"{mean:.3f}", f"{low:.3f} to {high:.3f}", met, f"{statistics.fmean(moved[form]):.3f}"]
        rows.append([f"`{form}`", str(len(groups)), count, *told])
    return rows, sorted(each, key=lambda row: (row[1], row[0]))


def attacks(scenarios: Iterable[Scenario]) -> list[list[str]]:
    """Each attack on each scenario at each level: how often it was tried, passed, and the most that it was worth."""
    rows = []
    for name, attack in ATTACKS.items():
        scores = [
            play(on, said).score
            for one in scenarios
            for level in one.levels
            for on in [ready(one, level.difficulty)]
            for said in attack(on)
        ]
        rows.append([name, f"{len(scores):,}", str(sum(one.passed for one in scores)), str(max(one.total for one in scores))])
    return rows


def worst(worth: dict[str, list[Reply]]) -> list[str]:
    """The kinds of good replies that are worth least and of bad ones that are worth most, for who looks for the reason."""
    kinds: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for found in worth.values():
        for one in found:
            kinds[one.good, one.kind].append(one.points)
    means = {key: statistics.fmean(points) for key, points in kinds.items() if len(points) > 2}
    low = sorted((value, kind) for (right, kind), value in means.items() if right)[:6]
    high = sorted(((value, kind) for (right, kind), value in means.items() if not right), reverse=True)[:6]
    told = ["Good ones that are worth least on average: ", "Bad ones that are worth most on average: "]
    return [f"{head}{', '.join(f'{kind} ({value:.0f})' for value, kind in found)}." for head, found in zip(told, (low, high), strict=True)]


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=Path, help="a folder of replies written without sight of the scenarios")
    parser.add_argument("--quick", action="store_true", help="without the two processes, and nothing is written to results/")
    given = parser.parse_args()
    tell: Any = (lambda _, text: print(text)) if given.quick else publish
    if given.replies:
        worth = replies(given.replies)
        rows, each = auc_rows(worth)
        notes = [
            "AUC: how often a good reply is worth more than a bad one to the same opening, equal ones counted half; the mean over the",
            f"scenarios of a form, with the middle 95 % of {RESAMPLES:,} draws. Written from the brief alone. The goal is {GOAL_AUC}.",
            "One turn cannot answer the questions of the rubric that ask for what comes later. The last column holds replies against each",
            "other by how far they moved the other person instead: trust and clarity won, anger lost.",
        ]  # fmt: skip
        head = ["form", "scenarios", "good + bad", "AUC", "95 %", "goal met", "AUC by how it is taken"]
        text = table("Good replies and bad ones", head, rows, [*notes, *worst(worth)])
        text += "\n" + table(
            "Scenario by scenario", ["scenario", "form", "good + bad", "AUC", "by how it is taken", "median good", "median bad"], each, []
        )
        tell("practice-replies.md", text)
    note = f"Every transcript of every scenario; each turn is new to the process. The goal is {GOAL_MS} ms a turn."
    text = table("Practice: time a turn", ["what", "times", "median ms", "95 % ms", "longest ms"], times(SCENARIOS), [note])
    note = "Made mechanically from each main scenario's own file (`tests/practice/gaming.py`), at every level; 70 passes."
    text += "\n" + table("Practice: attacks", ["attack", "tried", "passed", "most points"], attacks(MAINS), [note])
    if not given.quick:
        compile_bytes()
        note = f"`amends practice play --format json` with PYTHONHASHSEED {' and '.join(HASH_SEEDS)}."
        text += "\n" + table("Practice: the same bytes", ["scenarios", "transcripts", "that differ"], same_bytes(SCENARIOS), [note])
    tell("practice.md", text)


if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    main()
