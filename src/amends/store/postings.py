"""The words of incidents as postings: kept in blocks, and brought up to date when somebody asks; see `recurrence.postings`."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import compress, islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from amends.recurrence.postings import BLOCK, Block, Profile, Report, impacts, numbers_from_bytes, numbers_to_bytes, profile_of
from amends.store.access import shown_to
from amends.store.reread import READ
from amends.store.schema import incident, recurrence_doc, recurrence_frequency, recurrence_posting, recurrence_stale, search_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection, Table

BATCH = 500
"""Incidents that are read again in one transaction: less than a second, so that other writers get their turn."""

_AT_ONCE = 400  # values of one statement
_ROWS = 10_000
_NONE: tuple[array[int], bytes] = (array("H"), b"")
_ALL = (recurrence_posting, recurrence_frequency, recurrence_doc, recurrence_stale)


class KeptPostings:
    """The postings of the store, for a person: others' private incidents weigh in how rare a word is, and are never found.

    None for `by` is the machinery that keeps matches, and shows each to those who may see both incidents.
    """

    def __init__(self, connection: Connection, by: str | None) -> None:
        self._connection = connection
        self._by = by

    def documents(self) -> int:
        """How many incidents were read, those included of which no words are left: counting them takes longer than ranking."""
        return _next_number(self._connection)

    def frequencies(self, asked: Collection[str]) -> dict[str, int]:
        """In how many incidents each of these terms stands."""
        return _frequencies(self._connection, asked)

    def blocks(self, asked: Collection[str]) -> Iterator[Block]:
        """The postings of these terms."""
        own = recurrence_posting.c
        for some in _parts(sorted(asked)):
            query = select(own.term, own.block, own.numbers, own.impacts).where(own.term.in_(some))
            for term, block, numbers, much in self._connection.execute(query):
                yield Block(term, block * BLOCK, numbers_from_bytes(numbers), much)

    def profiles(self, numbers: Sequence[int]) -> dict[int, Profile]:
        """The incidents of these numbers that the person may see and that were not removed."""
        own = recurrence_doc.c
        query = select(own.number, own.incident_id, own.title, own.text).join(incident, incident.c.id == own.incident_id)
        query = query.where(incident.c.removed_at.is_(None), *([] if self._by is None else [shown_to(self._by)]))
        found: dict[int, Profile] = {}
        for some in _parts(numbers):
            for number, id, title, text in self._connection.execute(query.where(own.number.in_(some))):
                found[number] = Profile(id, tuple(title.split()), tuple(text.split()))
        return found


def report(connection: Connection, incident_id: str) -> Report:
    """An incident in the words by which it is known; empty where it has none."""
    return _reports(connection, [incident_id]).get(incident_id, Report("", ""))


def waiting(connection: Connection, *, but: str = "") -> bool:
    """Whether incidents have to be read again, others than `but`."""
    own = recurrence_stale.c.incident_id
    return connection.execute(select(own).where(own != but).limit(1)).first() is not None


def read_again(connection: Connection, limit: int | None = BATCH) -> int:
    """Read incidents again whose words changed, at most so many (None for all), the last to be opened first; how many that were.

    In a transaction of `Store.writing`.
    """
    own = recurrence_stale.c.incident_id
    ids = list(connection.execute(select(own).order_by(own.desc()).limit(limit)).scalars())
    if ids:
        _replace(connection, ids)
        for some in _parts(ids):
            connection.execute(delete(recurrence_stale).where(own.in_(some)))
    return len(ids)


def rebuild(connection: Connection) -> int:
    """Read every incident anew; how many there are. In a transaction of `Store.writing` or `Store.migrating`."""
    for table in _ALL:
        connection.execute(delete(table))
    ids = list(connection.execute(select(incident.c.id).order_by(incident.c.id)).scalars())
    holding: Counter[str] = Counter()
    for start in range(0, len(ids), BLOCK):
        holding.update(_fill(connection, start, ids[start : start + BLOCK]))
    _put(connection, recurrence_frequency, ({"term": term, "docs": docs} for term, docs in holding.items()))
    return len(ids)


def _fill(connection: Connection, start: int, ids: Sequence[str]) -> Counter[str]:
    """Read one block of incidents, whose numbers begin with `start`, into empty tables; in how many of them each term stands."""
    lists: defaultdict[str, tuple[array[int], bytearray]] = defaultdict(lambda: (array("H"), bytearray()))
    docs = []
    for number, profile in enumerate(_profiles(connection, ids), start):
        docs.append(_row(number, profile))
        for term, impact in impacts(profile).items():
            numbers, much = lists[term]
            numbers.append(number - start)
            much.append(impact)
    _put(connection, recurrence_doc, docs)
    block = start // BLOCK
    _put(connection, recurrence_posting, (_packed(term, block, numbers, much) for term, (numbers, much) in lists.items()))
    return Counter({term: len(much) for term, (_, much) in lists.items()})


def _replace(connection: Connection, ids: Sequence[str]) -> None:
    """Read some incidents again, and put what changed in the place of what was."""
    own, before = recurrence_doc.c, {}
    for some in _parts(ids):
        for number, id, title, text in connection.execute(
            select(own.number, own.incident_id, own.title, own.text).where(own.incident_id.in_(some))
        ):
            before[id] = (number, Profile(id, tuple(title.split()), tuple(text.split())))
    fresh = _next_number(connection)
    changed: defaultdict[int, _Changes] = defaultdict(_Changes)
    docs, gained = [], Counter[str]()
    for profile in _profiles(connection, ids):
        number, old = before.get(profile.id, (fresh, None))
        fresh += old is None
        if old == profile:
            continue
        was, now = impacts(old) if old is not None else {}, impacts(profile)
        changed[number // BLOCK].note(number % BLOCK, was, now)
        gained.update(now.keys() - was.keys())
        gained.subtract(was.keys() - now.keys())
        docs.append(_row(number, profile))
    for some in _parts([row["incident_id"] for row in docs]):
        connection.execute(delete(recurrence_doc).where(own.incident_id.in_(some)))
    _put(connection, recurrence_doc, docs)
    for block, changes in changed.items():
        _mend(connection, block, changes)
    _recount(connection, gained)


class _Changes:
    """What changed in the postings of one block: by term, the incidents that no longer hold it as they did, and those that now do."""

    def __init__(self) -> None:
        self.gone: defaultdict[str, set[int]] = defaultdict(set)
        self.come: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def note(self, number: int, was: Mapping[str, int], now: Mapping[str, int]) -> None:
        """What one incident held, and what it holds now."""
        for term, _ in was.items() - now.items():
            self.gone[term].add(number)
        for term, impact in now.items() - was.items():
            self.come[term].append((number, impact))


def _mend(connection: Connection, block: int, changes: _Changes) -> None:
    own = recurrence_posting.c
    for some in _parts(sorted(changes.gone.keys() | changes.come.keys())):
        here = (own.block == block) & own.term.in_(some)
        found = connection.execute(select(own.term, own.numbers, own.impacts).where(here))
        kept = {term: (numbers_from_bytes(numbers), much) for term, numbers, much in found}
        connection.execute(delete(recurrence_posting).where(here))
        rows = []
        for term in some:
            numbers, much = _without(*kept.get(term, _NONE), changes.gone.get(term, ()))
            come = changes.come.get(term, ())
            if numbers or come:
                numbers = numbers + array("H", (number for number, _ in come))
                rows.append(_packed(term, block, numbers, much + bytes(impact for _, impact in come)))
        _put(connection, recurrence_posting, rows)


def _without(numbers: array[int], much: bytes, gone: Collection[int]) -> tuple[array[int], bytes]:
    """Postings without those of some incidents."""
    if not gone:
        return numbers, much
    stays = [number not in gone for number in numbers]
    return array("H", compress(numbers, stays)), bytes(compress(much, stays))


def _recount(connection: Connection, gained: Mapping[str, int]) -> None:
    """Add to the number of incidents of each term."""
    own = recurrence_frequency.c
    terms = sorted(term for term, more in gained.items() if more)
    for some in _parts(terms):
        before = _frequencies(connection, some)
        connection.execute(delete(recurrence_frequency).where(own.term.in_(some)))
        now = {term: before.get(term, 0) + gained[term] for term in some}
        _put(connection, recurrence_frequency, ({"term": term, "docs": docs} for term, docs in now.items() if docs > 0))


def _frequencies(connection: Connection, asked: Collection[str]) -> dict[str, int]:
    own, found = recurrence_frequency.c, dict[str, int]()
    for some in _parts(sorted(asked)):
        for term, docs in connection.execute(select(own.term, own.docs).where(own.term.in_(some))).all():
            found[term] = docs
    return found


def _profiles(connection: Connection, ids: Sequence[str]) -> Iterator[Profile]:
    for some in _parts(ids):
        reports = _reports(connection, some)
        for id in some:
            yield profile_of(id, reports.get(id, Report("", "")))


def _reports(connection: Connection, ids: Sequence[str]) -> dict[str, Report]:
    """Incidents in the words by which they are known, by id."""
    own = search_entry.c
    query = select(own.incident_id, own.kind, own.title, own.text).where(own.incident_id.in_(ids), own.owner.is_(None), own.kind.in_(READ))
    titles: dict[str, str] = {}
    told: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for id, kind, title, text in connection.execute(query.order_by(own.at, own.ref)):
        if kind == "incident":
            titles[id] = title
        else:
            told[id].append((READ.index(kind), f"{title}\n{text}" if title else text))
    return {id: Report(titles.get(id, ""), "\n".join(text for _, text in sorted(told[id], key=lambda one: one[0]))) for id in ids}


def _next_number(connection: Connection) -> int:
    highest: int | None = connection.execute(select(func.max(recurrence_doc.c.number))).scalar()
    return 0 if highest is None else highest + 1


def _row(number: int, profile: Profile) -> dict[str, Any]:
    return {"incident_id": profile.id, "number": number, "title": " ".join(profile.title), "text": " ".join(profile.text)}


def _packed(term: str, block: int, numbers: array[int], much: bytes | bytearray) -> dict[str, Any]:
    return {"term": term, "block": block, "numbers": numbers_to_bytes(numbers), "impacts": bytes(much)}


def _put(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS)):
        connection.execute(insert(table), batch)


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Values in portions that one statement takes."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
