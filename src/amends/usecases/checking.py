"""Checking drafts, and looking up the rules and forms that they are checked against. Never touches the store."""

from __future__ import annotations

from amends.core.errors import UnknownNameError
from amends.language.check import check
from amends.language.index import Index, load
from amends.language.options import Options
from amends.language.records import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.language.explain import Explained
    from amends.language.forms import Form
    from amends.language.records import Document
    from amends.language.rules import Rule
    from amends.trust.signs.records import Material, Sign
    from amends.usecases.comparing import Compared
    from amends.usecases.given_incident import GivenIncident
    from amends.usecases.given_time import GivenPromise, GivenTime


class Checking:
    """The engine with the decisions of one team; made once, used for every draft."""

    def __init__(self, options: Options | None = None, index: Index | None = None) -> None:
        self._options = options or Options()
        self._index = index or load()

    def check(self, draft: Draft) -> Document:
        """Everything the engine says about a draft.

        Raises:
            UnknownNameError: unknown form or audience.
        """
        return check(draft, self._index, self._options)

    def compare(self, source: str, retold: str, audience: str | None = None, withheld: Iterable[tuple[int, int]] = ()) -> Compared:
        """Where a retold text became cleaner than its source but less true; `withheld` are spans of the source that were declared absent.

        Raises UnknownNameError, TooLargeError.
        """
        from amends.usecases.comparing import compare

        return compare(source, retold, self._index, audience, withheld)

    def follow_ups(self, earlier: Sequence[str], latest: str, at: datetime) -> tuple[Compared, ...]:
        """What the latest follow-up promises again without a date, held against each earlier one; times count from `at`."""
        from amends.usecases.comparing import follow_ups

        return follow_ups(earlier, latest, at, self.check)

    def signs(self, material: Material) -> tuple[Sign, ...]:
        """The warning signs that show in what the data show of an incident."""
        from amends.trust.signs import signs

        return signs(material, self._index)

    def explain(self, draft: Draft, document: Document) -> tuple[Explained, ...]:
        """What spoke for and against each label of a document that `check` made of the draft."""
        from amends.language.explain import explain

        return explain(draft, document, self._index, self._options)

    def time_in(self, words: str, at: datetime, tz: str | None, field: str = "due") -> GivenTime:
        """The one time that somebody wrote in words, by the team's calendar. Raises InputError, for `field`, where it is none."""
        from amends.usecases.given_time import read_time

        return read_time(words, at, tz, self._options.calendar, field)

    def promise_in(self, words: str, at: datetime, tz: str | None) -> GivenPromise:
        """The kind and the time of one promise, read from its words. Raises InputError for an impossible time, or several."""
        from amends.usecases.given_time import read_promise

        promises = self.check(Draft(words, at, tz=tz, markup="plain")).promises
        return read_promise(words, promises, at, tz, self._options.calendar)

    def incident_in(self, words: str, at: datetime, tz: str | None, *, dated: bool = False, rated: bool = False) -> GivenIncident:
        """What one sentence says of an incident: when it began, how bad it is, and its title.

        `dated` and `rated` say that its beginning or its severity was given otherwise; then the words of one stay in the title.
        """
        from amends.language.times import find_times
        from amends.usecases.given_incident import read_incident

        past = () if dated else self.check(Draft(words, at, tz=tz, markup="plain")).past_times
        return read_incident(words, past, find_times(words, at, tz, self._options.calendar) if past else (), at, rated=rated)

    def is_first_name(self, word: str) -> bool:
        """Whether a word, as it was written, is the first name of people and hardly anything else."""
        lexicon = self._index.lexicon
        return word[:1].isupper() and bool(lexicon.bits_of(word) & lexicon.bit["first-name"])

    def rules(self) -> Sequence[Rule]:
        """All rules, in the order of their names, without their examples."""
        return self._index.rules

    def forms(self) -> Sequence[Form]:
        """All forms, in the order of their names."""
        return self._index.forms

    def rule(self, name: str) -> Rule:
        """A rule, without its examples (see `datatests.with_examples`).

        Raises:
            UnknownNameError: no rule has that name.
        """
        return self._index.rules[_place("rule", name, self._index.rule_names)]

    def form(self, name: str) -> Form:
        """A form.

        Raises:
            UnknownNameError: no form has that name.
        """
        return self._index.forms[_place("form", name, self._index.form_names)]


def _place(what: str, name: str, known: tuple[str, ...]) -> int:
    if name not in known:
        raise UnknownNameError(what, name, known)
    return known.index(name)
