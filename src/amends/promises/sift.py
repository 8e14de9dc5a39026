"""The updates of an incident in order, each once, and what is strange about the feed that they came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.promises.updates.update import FINAL, Update, problem, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from amends.core.problem import Problem

_MOST_IDS = 100_000
"""How many ids of one incident are remembered to find duplicates."""


def in_order(update: Update) -> tuple[datetime, bool, int, str, str]:
    """The key by which updates are put in order: by time, and by what they say where the time is the same, however they came."""
    return (update.at, word(update.status) in FINAL, len(update.id), update.id, update.text)


_Same = dict[tuple[str, tuple[str, ...], str | None], Update]
"""The updates of one instant, by what they say, where, and to whom."""


class Sift:
    """Passes the ordered updates of an incident on without those that are there twice, and tells what is strange about them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, numbered: Iterable[tuple[int, Update]]) -> Iterator[Update]:
        """The updates; each comes with its place in the order of reading, which tells whether the source was in order."""
        known: dict[str, tuple[datetime, int]] = {}
        same: _Same = {}
        at: datetime | None = None
        highest = pending = -1
        told = False
        for number, update in numbered:
            if update.at != at:
                at, highest, same = update.at, max(highest, pending), {}
            if number < highest and not told:
                told = True
                self._tell("unordered", f"the updates of {update.incident} are not in the order of their times; they were sorted", update)
            pending = max(pending, number)
            if not self._is_new(update, known, same):
                continue
            yield update
            if len(known) > _MOST_IDS:
                del known[next(iter(known))]

    def _is_new(self, update: Update, known: dict[str, tuple[datetime, int]], same: _Same) -> bool:
        """Whether an update was not there yet; what is strange about a new one is told."""
        twin = known.get(update.id)
        if twin is not None and (twin[0] == update.at or twin[1] == hash(update.text)):
            self._tell("duplicate", f"the update {update.id} is there twice; it counts once", update)
            return False
        key = (update.text, update.places, update.audience)
        if update.text.strip() and key in same and same[key].author == update.author:
            self._tell("duplicate", f"the updates {same[key].id} and {update.id} say the same at the same time; they count once", update)
            return False
        if twin is not None:
            self._tell("same-id", f"two different updates are called {update.id}; both count", update)
        known[update.id] = (update.at, hash(update.text))
        same[key] = update
        for flag in update.flags:
            self._tell(flag, _FLAGS[flag].format(update.id), update)
        if not update.text.strip():
            self._tell("empty", f"the update {update.id} has no text", update)
        return True

    def _tell(self, code: str, what: str, update: Update) -> None:
        named = what if update.incident in what else f"{update.where}: {what}"
        self.problems.append(problem(code, named, _DO.get(code, ""), update.source, update.line))


_FLAGS = {
    "backdated": "the update {0} shows an earlier time than the one at which it was published; the later one counts",
    "edited": "the update {0} was changed after it was published; only its last words are known",
}
_DO = {
    "duplicate": "export it once",
    "same-id": "give each update an id of its own",
    "empty": "an update without words tells its readers nothing",
}
