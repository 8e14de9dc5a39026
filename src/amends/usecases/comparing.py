"""Holding one telling of an incident against another, as plain texts. Never touches the store."""

from __future__ import annotations

from amends.core.errors import TooLargeError, require_known
from amends.core.people import AUDIENCES
from amends.core.problem import Problem
from amends.core.record import record
from amends.language.english import foreign_language
from amends.language.text import parse
from amends.narrative.compare import compare as hold_against
from amends.narrative.drift import Comparison

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.index import Index

LIMIT = 200_000
"""The longest telling that is compared, in characters: some sixty pages. What is longer is evidence, not a telling of it."""

_NOTHING = Comparison((), (), 0)


@record
class Compared:
    """What a comparison says, and what of the two texts could not be used."""

    comparison: Comparison
    problems: tuple[Problem, ...]


def compare(source: str, retold: str, index: Index, audience: str | None = None, withheld: Iterable[tuple[int, int]] = ()) -> Compared:
    """Hold a retold text against its source; `withheld` are spans of the source whose absence was declared elsewhere.

    A text that is empty, or in a language that is not read, is a problem and no drift: nothing is claimed about what was not understood.

    Raises:
        UnknownNameError: an audience that is none.
        TooLargeError: a text of more than `LIMIT` characters.
    """
    if audience is not None:
        require_known("audience", audience, AUDIENCES)
    sides = (("source", source), ("retold", retold))
    for side, text in sides:
        if len(text) > LIMIT:
            raise TooLargeError(
                f"the {side} text has {len(text):,} characters, and at most {LIMIT:,} are compared",
                hint="compare the tellings themselves, without logs or transcripts in them",
            )
    problems = tuple(problem for side, text in sides for problem in _unusable(side, text))
    if problems:
        return Compared(_NOTHING, problems)
    found = hold_against(source, retold, index, audience=audience, withheld=withheld)
    return Compared(found, tuple(Problem("comparison", said) for said in found.problems))


def _unusable(side: str, text: str) -> tuple[Problem, ...]:
    if not text.strip():
        return (Problem(f"empty-{side}", f"the {side} text is empty", "give two texts that both tell of the incident", field=f"$.{side}"),)
    foreign = foreign_language(parse(text))
    if foreign:
        said = f"the {side} text does not read as English but as {foreign[1]}, so nothing was compared"
        return (Problem("other-language", said, "compare two tellings in English", field=f"$.{side}"),)
    return ()
