"""What a clause of the source looks like to somebody who asks whether it was left out, and should not have been."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from amends.narrative.comparing.signs import AGAINST

if TYPE_CHECKING:
    from amends.narrative.comparing.aligning import Alignment
    from amends.narrative.comparing.clauses import Clause

_MOVES = (
    "cause", "impact", "constraint", "ownership", "recovery", "prevention", "status", "fact", "commitment", "deflection", "regret", "vague",
    "hedge",
)  # fmt: skip
_LABELS = {
    "badly": re.compile(r"bad|wrong|poor|improve|better|hard"),
    "action": re.compile(r"action|next|follow|to do|corrective|remed|plan"),
    "impact": re.compile(r"impact|harm|affected"),
    "cause": re.compile(r"cause|contribut|why"),
    "well": re.compile(r"well|luck"),
}
_STATES = ("strong", "planned", "unsure", "person", "causal", "told", "negated", "ended", "began", "passive", "outside")


def look(alignment: Alignment) -> list[dict[str, float]]:
    """The features of every clause of the source, by name."""
    source, retold = alignment.source, alignment.retold
    clauses = source.clauses
    best = alignment.best
    mean = alignment.mean_best
    nearness = [alignment.teller(number) for number in range(len(clauses))]
    usual = sum(nearness) / len(nearness) if nearness else 0.0
    figures = {round(one.value, 3) for clause in retold.clauses for one in clause.figures}
    first = [0] * len(clauses)
    for number in range(len(retold.clauses)):
        for clause in alignment.nearest(number)[:1]:
            first[clause.number] += 1
    like = _tellers(alignment)
    found = []
    for clause in clauses:
        number = clause.number
        gone = 1 - best[number]
        f = {
            "best": best[number], "kept": alignment.kept[number], "near": nearness[number], "best-mean": best[number] - mean,
            "kept-mean": alignment.kept[number] - alignment.mean_kept, "near-usual": nearness[number] - usual, "mean": alignment.mean_kept,
            "told": max((row[number] for row in alignment.told), default=0.0), "first": min(2, first[number]) / 2, "words": alignment.words,
            "size": math.log(1 + clause.size) / 3, "place": number / max(1, len(clauses) - 1), "row": float(clause.row),
            "opening": max(0, 3 - clause.sentence) / 3, "before": best[number - 1] if number else 0.5,
            "after": best[number + 1] if number + 1 < len(clauses) else 0.5,
        }  # fmt: skip
        f["lost 1"], f["lost 2"] = [*alignment.lost[number], 0.0, 0.0][:2]
        f["lost"] = min(4.0, sum(alignment.lost[number])) / 4
        missing = sum(round(one.value, 3) not in figures for one in clause.figures)
        f["figures gone"], f["figures kept"] = min(2, missing) / 2, min(2, len(clause.figures) - missing) / 2
        sentence = source.sentences[clause.sentence]
        f["heads"] = float(clause is sentence[0])
        f["near like"], f["told like"] = like[number]
        f["told otherwise"] = f["near"] - f["near like"]
        f["sentence"] = sum(best[one.number] for one in sentence) / len(sentence) - best[number]
        _moves(f, clause, gone)
        _signs(f, clause, alignment, gone, best[number] - mean)
        for name, label in _LABELS.items():
            if label.search(clause.label):
                f[f"label {name}"] = 1.0
        found.append(f)
    return found


def _tellers(alignment: Alignment) -> list[tuple[float, float]]:
    """How near the nearest clause of the retold text is to each of the source that could tell it, and how much of it it tells.

    A measure does not tell what went wrong, nor an assertion what is denied.
    """
    ways = [_way(clause) for clause in alignment.retold.clauses]
    found = []
    for clause in alignment.source.clauses:
        way, number = _way(clause), clause.number
        able = [place for place, other in enumerate(ways) if other == way]
        near = max((alignment.alike[place][number] for place in able), default=0.0)
        told = max((alignment.told[place][number] for place in able), default=0.0)
        found.append((near, told))
    return found


def _way(clause: Clause) -> tuple[bool, bool]:
    """Whether a clause tells of a measure, and whether it denies."""
    return clause.moves["prevention"] > 0, "negated" in clause.signs


def _moves(f: dict[str, float], clause: Clause, gone: float) -> None:
    for name in _MOVES:
        value = clause.moves[name]
        f[f"move {name}"] = value
        f[f"move {name} gone"] = value * gone


def _signs(f: dict[str, float], clause: Clause, alignment: Alignment, gone: float, behind: float) -> None:
    """The signs that it bears, whether the retold text has them at all, and how near it comes where it has."""
    there = alignment.retold.bearing
    against = 0
    for name in AGAINST:
        if name not in clause.signs:
            continue
        against += 1
        bearing = there.get(name, ())
        f[f"sign {name}"] = 1.0
        f[f"sign {name} gone"] = gone
        f[f"sign {name} nowhere"] = float(not bearing)
        f[f"sign {name} near"] = max((alignment.told[one.number][clause.number] for one in bearing), default=0.0)
        more = len(alignment.source.bearing[name]) - len(bearing)
        f[f"sign {name} fewer"] = max(0, min(3, more)) / 3
    f["signs"] = min(4, against) / 4
    f["signs gone"], f["signs behind"], f["unsigned"] = min(4, against) / 4 * gone, min(4, against) / 4 * behind, float(not against)
    for name in _STATES:
        if name in clause.signs:
            f[name] = 1.0
            f[f"{name} gone"] = gone
    if "unsure" in clause.signs:
        f["unsure nowhere"] = float(not any(alignment.told[one.number][clause.number] > 0.3 for one in there.get("unsure", ())))
    if "told" in clause.signs:
        f["told nowhere"] = float("told" not in there)
