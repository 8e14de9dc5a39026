"""Compares two tellings of one incident and finds the places where the second became cleaner but less true.

Both are read clause by clause and held together (`aligning`); each place that might be a drift is looked at (`dropping`, `altering`,
`timing`, `counting`), weighed (`weighing`) and told where it is likely enough (`choosing`). An honest summary leaves out half of its
source: what counts is whether a reader would believe something that the source denies, or would miss what the teller owes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.narrative.comparing.choosing import chosen
from amends.narrative.comparing.clauses import tell
from amends.narrative.comparing.finding import gather
from amends.narrative.comparing.saying import message
from amends.narrative.comparing.weighing import chance, scale
from amends.narrative.comparing.withholding import covered, declared
from amends.narrative.drift import Comparison, Drift, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.language.index import Index
    from amends.narrative.comparing.aligning import Alignment
    from amends.narrative.comparing.clauses import Telling
    from amends.narrative.comparing.finding import Seen
    from amends.narrative.drift import Withheld

MOST_PAIRS = 6_000_000
"""Clauses of one text times clauses of the other that are held together: some 40 pages against 40, ten seconds and 500 MB."""
MOST_FIGURES = 1_500
"""Times and numbers of a text that are held together: what has more is a table or a log, and no telling."""
_TOLD = 0.5
"""A sentence of the source counts as told from this share of its matter on."""
_PAIRED = 0.3
"""A clause tells another from this likeness on, as far as pages show it."""
_ERROR = 0.5
"""From this chance on a drift is an error; below, a warning."""
_OWED = ("trust broken and not repaired", "what it cost people")
"""Lines of an account that the team and leadership must be told, however short the version is."""
_INSIDE = ("team", "leadership")
_SURE = 3.0


def compare(source: str, retold: str, index: Index, *, audience: str | None = None, withheld: Iterable[tuple[int, int]] = ()) -> Comparison:
    """Hold a retold text against its source.

    `withheld` are spans of the source whose absence was declared elsewhere. Deterministic: the same texts give the same comparison. Texts
    that are too long together are a problem of the comparison, without drifts.
    """
    texts = tell(source, index), tell(retold, index)
    figures = max(len(text.times) + sum(len(clause.figures) for clause in text.clauses) for text in texts)
    if len(texts[0].clauses) * len(texts[1].clauses) > MOST_PAIRS or figures > MOST_FIGURES:
        return Comparison(
            (), (), 0, problems=("the texts are too long, or have too many figures, to be held together; compare them part by part",)
        )
    alignment, seen = gather(*texts)
    model = scale()
    for one in seen:
        if one.features is not None:
            one.odds = model.odds(one.kind, one.features)
    drifting = model.drifting(((one.kind, one.odds) for one in seen), alignment.mean_best, alignment.words)
    redactions = declared(alignment.retold)
    possible = _open(seen, alignment, redactions, tuple(withheld))
    told = chosen(possible, drifting, model.least, model.gate, len(alignment.source.clauses))
    told += [one for one in _owed(possible, alignment, audience) if one not in told]
    drifts = tuple(_drift(one, source, retold) for one in sorted(told, key=_place))
    return Comparison(drifts, tuple(redactions.values()), _kept(alignment), _pairs(alignment))


def _open(seen: Iterable[Seen], alignment: Alignment, redactions: dict[int, Withheld], withheld: Sequence[tuple[int, int]]) -> list[Seen]:
    """What may be told: not what was declared as withheld, nor the declaration itself."""
    hidden = covered(alignment, redactions) if redactions else frozenset()
    return [
        one
        for one in seen
        if not (one.ours is not None and one.ours.sentence in redactions)
        and not (one.theirs is not None and one.kind == "dropped_fact" and one.theirs.number in hidden)
        and not (one.source is not None and any(start < one.source[1] and end > one.source[0] for start, end in withheld))
    ]


def _owed(seen: Iterable[Seen], alignment: Alignment, audience: str | None) -> list[Seen]:
    """Open trust breaks and the cost to people that a version for people inside leaves out; one a line of the account."""
    if audience not in _INSIDE:
        return []
    found: dict[int, Seen] = {}
    for one in seen:
        clause = one.theirs
        if one.kind == "dropped_fact" and clause is not None and clause.label in _OWED and alignment.best[clause.number] < _TOLD:
            one.odds = _SURE
            found.setdefault(clause.sentence, one)
    return list(found.values())


def _drift(one: Seen, source: str, retold: str) -> Drift:
    severity = "error" if chance(one.odds) >= _ERROR else "warning"
    return Drift(one.kind, severity, message(one, source, retold), _side(source, one.source), _side(retold, one.retold))


def _side(text: str, span: tuple[int, int] | None) -> Side | None:
    return None if span is None else Side(*span, text[slice(*span)])


def _place(one: Seen) -> tuple[int, int, str]:
    """Where a drift is shown: in the order of the second text, what is missing from it where the source has it."""
    return (0, one.retold[0], one.kind) if one.retold is not None else (1, one.source[0] if one.source else 0, one.kind)


def _kept(alignment: Alignment) -> int:
    """How many sentences of the source the second text tells."""
    best = alignment.best
    return sum(any(best[clause.number] >= _TOLD for clause in clauses) for clauses in alignment.source.sentences)


def _pairs(alignment: Alignment) -> tuple[tuple[Side, tuple[Side, ...]], ...]:
    """Each sentence of the second text with the sentences of the source that it tells."""
    found = []
    for place, clauses in enumerate(alignment.retold.sentences):
        theirs = sorted(
            {
                other.sentence
                for clause in clauses
                for other in alignment.nearest(clause.number)[:2]
                if alignment.alike[clause.number][other.number] >= _PAIRED
            }
        )
        found.append((_sentence(alignment.retold, place), tuple(_sentence(alignment.source, one) for one in theirs)))
    return tuple(found)


def _sentence(telling: Telling, place: int) -> Side:
    sentence = telling.text.sentences[place]
    return Side(sentence.start, sentence.end, telling.text.of(sentence))
