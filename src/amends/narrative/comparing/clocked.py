"""Two tellings with their times: what every rule about times asks, and the quotes that its candidates show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.comparing.candidates import Candidate
from amends.narrative.comparing.moments import between, fits, read, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from amends.narrative.comparing.clauses import Clause, Telling
    from amends.narrative.comparing.moments import Day, Length, Moment, Times

    Alike = Callable[[int, int], float]
    Place = Moment | Day | Length

CHANGED = "changed_time"
SOFTENED = "softened_number"

_LEAD_IN, _LEAD_OUT = 14, 20
"""Characters of text that a short quote takes in before a time and behind it, to the next space."""
_SHORT = 30
"""Characters of a quote that needs nothing more around it."""
_SOURCE_OUT = 60


@dataclass(slots=True)
class Clocked:
    """A source and a text that retells it; `then` are the times of the source, `now` those of the retold text.

    `low_then` and `low_now` are the texts in lower case.
    `alike(i, j)` says in 0..1 how alike retold clause i and source clause j are.
    """

    source: Telling
    retold: Telling
    alike: Alike
    then: Times
    now: Times
    low_then: str
    low_now: str

    def clause_then(self, place: Place) -> Clause:
        """The clause of the source in which a time stands."""
        return self.source.clauses[place.clause]

    def clause_now(self, place: Place) -> Clause:
        """The clause of the retold text in which a time stands."""
        return self.retold.clauses[place.clause]

    def origins(self, moment: Moment) -> list[Moment]:
        """The moments of the source that a moment of the retold text can be."""
        return [other for other in self.then.moments if same(moment, other)]

    def told(self, moment: Moment) -> bool:
        """Whether the retold text tells a moment of the source."""
        return any(same(other, moment) for other in self.now.moments)

    def tells_whole(self) -> bool:
        """Whether the retold text tells how long all of it took."""
        whole = [max(between(a, b)) for a, b in self.then.ranges]
        if self.then.moments:
            ats = [moment.at for moment in self.then.moments]
            whole.append(max(ats) - min(ats))
        return any(fits(length, minutes) for length in self.now.lengths for minutes in whole)

    def nearest(self, place: Place, among: Iterable[Place]) -> Place | None:
        """The one of some times of the source whose clause is most like that of a time of the retold text."""
        return max(among, key=lambda other: self.alike(place.clause, other.clause), default=None)

    def changed(self, old: Place | None, new: Place, confidence: float, rule: str, whole: tuple[int, int] | None = None) -> Candidate:
        """A candidate for a changed time; `whole` is the span of the source to be quoted where it is more than `old`."""
        was = self.source.text.masked[old.start : old.end] if old is not None else "nothing"
        quote = whole or (self.source_quote(old) if old is not None else None)
        what = f"{was} => {self.retold.text.masked[new.start : new.end]}"
        return Candidate(CHANGED, quote, self.retold_quote(new), confidence, rule, what)

    def retold_quote(self, place: Place) -> tuple[int, int]:
        """A time of the retold text with a few of the words around it."""
        text, clause = self.retold.text.masked, self.clause_now(place)
        if place.end - place.start >= _SHORT:
            return place.start, place.end
        start = max(clause.start, text.rfind(" ", 0, max(0, place.start - _LEAD_IN)) + 1)
        if place.end - start >= _SHORT or not text.startswith(" ", place.end):
            return min(start, place.start), place.end
        end = text.find(" ", place.end + _LEAD_OUT)
        return min(start, place.start), max(place.end, clause.end if end < 0 else min(end, clause.end))

    def source_quote(self, place: Place) -> tuple[int, int]:
        """A time of the source with the rest of its clause, as far as a quote should go."""
        clause = self.clause_then(place)
        start = clause.start if place.start - clause.start < _SHORT else place.start
        return start, max(place.end, min(clause.end, place.end + _SOURCE_OUT))


def hold(source: Telling, retold: Telling, alike: Alike) -> Clocked:
    """Read the times of two tellings."""
    return Clocked(source, retold, alike, read(source), read(retold), source.low, retold.low)
