"""What a clause of the retold text looks like to somebody who asks whether it says another thing than the source.

Each kind of drift has questions of its own ("does a milder word stand where the source has a strong one?"); together with what is asked of
every clause they are the features that `weighing` weighs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amends.narrative.comparing.signs import AGAINST

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.narrative.comparing.aligning import Alignment
    from amends.narrative.comparing.clauses import Clause

ALTERED = ("softened_severity", "raised_certainty", "agent_removed", "cause_shifted", "unsupported_claim")
"""The kinds of drift that are looked for clause by clause in the retold text."""

_MOVES = (
    "cause", "impact", "constraint", "ownership", "recovery", "prevention", "status", "fact", "commitment", "overclaim", "minimizing",
    "vague", "hedge", "deflection", "blame", "spin",
)  # fmt: skip
_THEIRS = ("cause", "impact", "constraint", "recovery", "prevention", "ownership")
_LOST = (*AGAINST, "strong", "unsure", "planned", "person", "told", "negated")


_WINDOW = {"softened_severity": (5, 7), "raised_certainty": (6, 6)}
"""So many words before and behind the sign are quoted, of the kinds where the sign is the drift."""
_WHOLE = 10
"""A clause of up to so many words is quoted whole."""
_SHOWN = {"softened_severity": ("milder", "vague"), "raised_certainty": ("guaranteed", "done", "sure")}
_SHOWN_THERE = {"softened_severity": ("strong",), "raised_certainty": ("planned", "unsure", "unknown")}


def _acts(one: Clause) -> bool:
    """Whether somebody of ours does something in a clause, and owns it or does it wrong."""
    return "person" in one.signs and ("fault" in one.signs or one.moves["ownership"] > -0.2)


def quoted(clause: Clause, kind: str, *, there: bool = False) -> tuple[int, int]:
    """The span of a clause that shows a drift: the words around its sign, or all of it."""
    if kind in _WINDOW and clause.size > _WHOLE:
        for sign in (_SHOWN_THERE if there else _SHOWN)[kind]:
            if sign in clause.signs:
                return clause.around(clause.signs[sign], *_WINDOW[kind])
    return clause.start, clause.end


class Looks:
    """The clauses of a retold text as they are judged: `features[i]` by name, `against[i]` the clause of the source by kind."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._source_low = alignment.source.low
        self._retold_low = alignment.retold.low
        self.features: list[dict[str, float]] = []
        self.against: list[dict[str, Clause | None]] = []
        for clause in alignment.retold.clauses:
            near = alignment.nearest(clause.number)
            f = self._common(clause, near)
            against: dict[str, Clause | None] = dict.fromkeys(ALTERED, near[0] if near else None)
            if near:
                against["softened_severity"] = self._severity(f, clause, near)
                against["raised_certainty"] = self._certainty(f, clause, near)
                against["agent_removed"] = self._agent(f, clause, near)
                against["cause_shifted"] = self._cause(f, clause, near)
                against["unsupported_claim"] = self._claim(f, clause, near)
            self.features.append(f)
            self.against.append(against)

    def _common(self, clause: Clause, near: list[Clause]) -> dict[str, float]:
        """What is asked of every clause: how far the source has it, its moves and signs, and those of the clause nearest to it."""
        a, i = self._alignment, clause.number
        most, next_most = [*a.added[i], 0.0, 0.0][:2]
        f = {
            "words": a.words, "size": math.log(1 + clause.size) / 3, "place": i / max(1, len(a.retold.clauses) - 1),
            "based": a.based[i], "based-mean": a.based[i] - a.mean_based, "mean": a.mean_based, "closest": a.closest[i],
            "closest-mean": a.closest[i] - a.mean_based, "added 1": most, "added 2": next_most, "added": min(4.0, sum(a.added[i])) / 4,
            "last": float(clause.sentence == len(a.retold.sentences) - 1), "opening": max(0, 3 - clause.sentence) / 3,
        }  # fmt: skip
        for name in _MOVES:
            f[f"move {name}"] = clause.moves[name]
        for sign in clause.signs:
            f[f"sign {sign}"] = 1.0
            f[f"new {sign}"] = float(not any(sign in other.signs for other in near[:3]))
        if near:
            j = near[0].number
            f["alike"], f["tells"], f["told"] = a.alike[i][j], a.tells[i][j], a.told[i][j]
            f["alike 2"] = a.alike[i][near[1].number] if len(near) > 1 else 0.0
            f["lost"] = min(3.0, sum(a.lost[j])) / 3
            for name in _THEIRS:
                f[f"their {name}"] = near[0].moves[name]
            for sign in _LOST:
                if sign in near[0].signs:
                    f[f"their {sign}"] = 1.0
                    f[f"lost {sign}"] = float(sign not in clause.signs)
        return f

    def _nearest(self, clause: Clause, near: list[Clause], fits: Callable[[Clause], bool]) -> tuple[float, Clause | None]:
        """The nearest clause of the source that fits, and how near it is."""
        row = self._alignment.alike[clause.number]
        return next(((row[one.number], one) for one in near if fits(one)), (0.0, None))

    def _severity(self, f: dict[str, float], clause: Clause, near: list[Clause]) -> Clause:
        """Does a milder word stand where the source says plainly how bad it was?"""
        mild, strong = clause.told("milder"), "strong" in clause.signs
        how, found = self._nearest(clause, near, lambda one: "strong" in one.signs)
        f["strong there"] = how
        if mild:
            new = mild not in self._source_low
            f["milder for strong"], f["milder for strong, none left"] = how, how * (not strong)
            f["milder there too"] = float(any(mild in one.low for one in near[:3]))
            f["milder is new"], f["milder is new for strong"] = float(new), how * new
        if found is not None:
            words = found.told("strong") or ""
            f["strong word kept"] = float(len(words) > 2 and words in self._retold_low)
        vague = clause.told("vague")
        if vague:
            f["vague for strong"] = how * (vague not in self._source_low)
        return found or near[0]

    def _certainty(self, f: dict[str, float], clause: Clause, near: list[Clause]) -> Clause:
        """Is something certain, done or impossible that the source calls likely, planned or open?"""
        done, sure, sworn = "done" in clause.signs, "sure" in clause.signs, "guaranteed" in clause.signs
        plain = "planned" not in clause.signs
        planned, plan = self._nearest(clause, near, lambda one: "planned" in one.signs and "done" not in one.signs)
        unsure, doubt = self._nearest(clause, near, lambda one: "unsure" in one.signs or "unknown" in one.signs)
        firm = "unsure" not in clause.signs and "unknown" not in clause.signs
        f["sworn anew"] = float(sworn and not any("guaranteed" in one.signs or "unknown" in one.signs for one in near[:4]))
        f["planned there"], f["done for planned"], f["plain for planned"] = planned, done * plain * planned, plain * planned
        f["done, nearest planned"] = float(done and plain and near[0] is plan)
        f["unsure there"], f["sure for unsure"], f["firm for unsure"] = unsure, sure * firm * unsure, firm * unsure
        f["firm, nearest unsure"] = float(firm and near[0] is doubt)
        f["done there too"] = float(any("done" in one.signs for one in near[:2]))
        f["prevention there"] = max(one.moves["prevention"] for one in near[:2])
        f["done and alike"] = done * f["alike"]
        if done and plan is not None and (not sure or planned >= unsure):
            return plan
        return doubt if doubt is not None and not sworn and firm else plan or near[0]

    def _agent(self, f: dict[str, float], clause: Clause, near: list[Clause]) -> Clause:
        """Did somebody of ours do it there, while here it happens, or is done?"""
        person, passive = "person" in clause.signs, "passive" in clause.signs
        did, doer = self._nearest(clause, near, _acts)
        ours, own = self._nearest(clause, near, lambda one: "fault" in one.signs or "person" in one.signs)
        f["doer there"], f["ours there"] = did, ours
        f["nobody for doer"], f["passive for doer"] = did * (not person), did * (not person) * passive
        f["nobody for ours"], f["passive for ours"] = ours * (not person) * ("fault" not in clause.signs), ours * (not person) * passive
        sentence = any("person" in one.signs for one in self._alignment.retold.sentences[clause.sentence])
        f["somebody in the sentence"], f["nobody in the sentence for doer"] = float(sentence), did * (not sentence)
        f["nobody, nearest somebody"] = float(not person and "person" in near[0].signs)
        f["passive, nearest active"] = float(passive and "passive" not in near[0].signs)
        f["owned elsewhere"] = float(any("person" in one.signs for one in self._alignment.retold.bearing.get("fault", ())))
        f["ownership anywhere"] = max(one.moves["ownership"] for one in self._alignment.retold.clauses)
        return doer if doer is not None and did > 0.5 * f["alike"] else own or near[0]

    def _cause(self, f: dict[str, float], clause: Clause, near: list[Clause]) -> Clause:
        """Is somebody else the cause of what the source says was our fault?"""
        outside = clause.told("outside")
        how, found = self._nearest(clause, near, lambda one: "fault" in one.signs or "gap" in one.signs or one.moves["cause"] > 0)
        f["fault there"] = how
        if outside:
            causal, person = "causal" in clause.signs, "person" in clause.signs
            f["others and causal"], f["others as cause"] = float(causal), clause.moves["cause"]
            f["others to blame"], f["others for fault"] = clause.moves["blame"], how
            f["others are new"] = float(outside not in self._source_low)
            f["others not there"] = float(outside not in near[0].low)
            f["others, not us"], f["others as cause, not us"] = float(not person), float(causal and not person)
            f["others for somebody of ours"] = float(not person and "person" in near[0].signs)
        f["others there"] = float("outside" in near[0].signs)
        return found or near[0]

    def _claim(self, f: dict[str, float], clause: Clause, near: list[Clause]) -> Clause | None:
        """Does it say something, and mostly something that flatters, that the source does not have or denies?"""
        a, i = self._alignment, clause.number
        praise = clause.told("praise")
        gone, away = 1 - a.based[i], 1 - f["tells"]
        f["not there"], f["away"] = gone, away
        if praise:
            f["praise is new"] = float(not any(praise in one.low for one in near[:4]))
            f["praise nowhere there"] = float(praise not in self._source_low)
            f["praise not there"], f["praise away"], f["praise based"] = gone, away, f["based-mean"]
        bearing = a.source.bearing
        told = bearing.get("told", ())
        if "spotted" in clause.signs:
            f["spotted anew"] = float("spotted" not in bearing)
            f["spotted for told"] = float(bool(told) and "told" not in a.retold.bearing)
        denied = ("negated" in clause.signs) != ("negated" in near[0].signs)
        f["denied"], f["denied and alike"] = float(denied), denied * f["alike"]
        f["done away"] = ("done" in clause.signs) * away
        f["against there"] = float("strong" in near[0].signs or any(sign in near[0].signs for sign in AGAINST))
        f["against here"] = float(any(sign in clause.signs for sign in AGAINST))
        if "instant" in clause.signs:
            f["instant anew"] = float(not any("instant" in one.signs for one in near[:4]))
        if f.get("spotted for told"):
            return max(told, key=lambda one: a.alike[i][one.number])
        return near[0] if f["alike"] > 0.25 else None
