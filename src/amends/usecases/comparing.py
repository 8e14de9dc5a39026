"""Holding one telling of an incident against another, as plain texts. Never touches the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from amends.core.errors import TooLargeError, require_known
from amends.core.people import AUDIENCES
from amends.core.problem import Problem
from amends.core.record import record
from amends.language.english import foreign_language
from amends.language.records import Draft
from amends.language.text import parse
from amends.narrative.compare import compare as hold_against
from amends.narrative.drift import Comparison
from amends.narrative.followups import FollowUp, repeated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from amends.language.index import Index
    from amends.language.records import Document
    from amends.narrative.drift import Drift
    from amends.narrative.followups import Repeated

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
    problems = tuple(problem for side, text in sides for problem in _unusable(side, text))
    if problems:
        return Compared(_NOTHING, problems)
    found = hold_against(source, retold, index, audience=audience, withheld=withheld)
    return Compared(found, tuple(Problem("comparison", said) for said in found.problems))


def follow_ups(earlier: Sequence[str], latest: str, at: datetime, check: Callable[[Draft], Document]) -> tuple[Compared, ...]:
    """What the latest of several follow-ups promises that an earlier one promised already, and none with a date.

    One comparison for each of the `earlier` texts, oldest first, with the promises that were made there for the first time. `at` is the
    instant that times in the texts count from. Raises TooLargeError.
    """
    texts = (*earlier, latest)
    problems = [_unusable("source", text) for text in earlier] + [_unusable("retold", latest)]
    rows = [
        FollowUp(f"{number:09}", None, at + timedelta(seconds=number), () if wrong else check(Draft(text, at)).promises)
        for number, (text, wrong) in enumerate(zip(texts, problems, strict=True))
    ]
    found = [one for one in repeated(rows) if one.occurrences[-1].message_id == rows[-1].id]
    made = []
    for row, wrong in zip(rows[:-1], problems, strict=False):
        own = tuple(_again(one) for one in found if one.occurrences[0].message_id == row.id)
        made.append(Compared(Comparison(own, (), 0), (*wrong, *problems[-1])))
    return tuple(made)


def _again(one: Repeated) -> Drift:
    """The drift of a promise that was made again; texts without a time of their own have no date to count from."""
    times = f"in {len(one.occurrences)} of these messages"
    return replace(one.drift, message=f"promised {times}, and never with a date: a reader would believe that it is in hand")


def _unusable(side: str, text: str) -> tuple[Problem, ...]:
    """Why nothing can be said of a text, if so. Raises TooLargeError."""
    if len(text) > LIMIT:
        raise TooLargeError(
            f"the {side} text has {len(text):,} characters, and at most {LIMIT:,} are compared",
            hint="compare the tellings themselves, without logs or transcripts in them",
        )
    if not text.strip():
        return (Problem(f"empty-{side}", f"the {side} text is empty", "give two texts that both tell of the incident", field=f"$.{side}"),)
    foreign = foreign_language(parse(text))
    if foreign:
        said = f"the {side} text does not read as English but as {foreign[1]}, so nothing was compared"
        return (Problem("other-language", said, "compare two tellings in English", field=f"$.{side}"),)
    return ()
