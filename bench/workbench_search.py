"""How long a search takes among 100,000 messages: rare words, common ones, phrases, and what somebody types letter by letter.

.venv/bin/python bench/workbench_search.py [--messages 100000] [--rounds 30]

The messages are made: sentences over a vocabulary whose words are as frequent as those of English (the most frequent in nearly every
message, the tail once), in 10,000 incidents of which every tenth is private. The timed call is `Searching.find`, hits and snippets
included, by somebody who was invited to every second private incident. The store is filled by rows, whose triggers make the index.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from common import compile_bytes, percentile, publish, table
from workbench import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.store.engine import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS_OF_MESSAGE = 60
INCIDENTS = 10_000
BATCH = 2_000
FREQUENT = (
    "the to of and we a is in at for on will it are was by update next payment service customers checkout export rows rollback "
    "database login error deploy queue timeout card refund order session cause impact team failed restored"
).split()
QUERIES = {
    "two common words": "the payment",
    "a phrase of common words": '"the payment"',
    "as it is typed: p, pa, pay, paym": ("p", "pa", "pay", "paym"),
    "a rare word": "w15321",
    "a rare and a common word": "the w9001",
    "a common word without another": "payment -checkout",
    "a common word with filters": "payment kind:message sev:2 status:resolved after:2026-02-01",
    "words that nobody wrote": "nobody wroteit",
    "one common word": "the ",
    "ten common words": "the to of and we a is in at for ",
}


def sentences(count: int) -> Iterator[str]:
    """Made messages, the same at every run."""
    dice = random.Random(6)  # noqa: S311  # made words, no secret
    words = [*FREQUENT, *(f"w{number}" for number in range(20_000))]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    for _ in range(count):
        yield " ".join(dice.choices(words, cum_weights=weights, k=WORDS_OF_MESSAGE))


def fill(store: Store, messages: int) -> float:
    """Put incidents and messages into an empty store, with their journal; how many seconds that took."""
    from sqlalchemy import insert, text

    from amends.store import journal, schema

    began = time.perf_counter()
    seq, last = 0, journal.ORIGIN

    def told(what: str, subject: str, data: dict[str, object], at: datetime) -> dict[str, Any]:
        nonlocal seq, last
        seq += 1
        row = {"seq": seq, "at": at, "actor": "ana", "what": what, "subject": subject, "data": journal.canonical(data), "previous": last}
        last = journal.row_hash(**row)
        return row | {"hash": last}

    def put(rows: dict[str, list[dict[str, Any]]]) -> None:
        with store.writing() as connection:
            for name, listed in rows.items():
                connection.execute(insert(schema.metadata.tables[name]), listed)

    incidents, invited = [], []
    for number in range(INCIDENTS):
        private = number % 10 == 0
        at = START + timedelta(minutes=number * 10)
        incidents.append(
            {
                "id": f"I{number:025}", "title": f"Incident {number}: the export skips rows", "severity": f"SEV{number % 5 + 1}",
                "status": ("investigating", "identified", "monitoring", "resolved", "reviewed")[number % 5], "origin": "own",
                "started_at": at, "recorded_at": at, "visibility": "private" if private else "open", "version": 1,
            }
        )  # fmt: skip
        if number % 20 == 0:
            invited.append({"incident_id": f"I{number:025}", "person": "local", "since": at, "invited_by": "ana"})
    put({"incident": incidents, "invitation": invited})
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("journal", "draft", "draft_version", "message")}
    for number, words in enumerate(sentences(messages)):
        at = START + timedelta(minutes=number)
        draft, sent, about = f"D{number:025}", f"M{number:025}", f"I{number % INCIDENTS:025}"
        kept = {"version": 1, "sha256": journal.text_hash("salt", words)}
        rows["journal"].append(told("draft.started", f"draft/{draft}", kept, at))
        version = {"draft_id": draft, "version": 1, "text": words, "form": "auto", "outcome": "saved", "recorded_at": at, "salt": "salt"}
        rows["draft_version"].append(version | {"journal_seq": seq})
        rows["draft"].append({"id": draft, "author": "ana", "incident_id": about, "version": 1, "created_at": at, "finished_at": at})
        row = {"id": sent, "draft_id": draft, "version": 1, "incident_id": about, "author": "ana", "sent_at": at, "recorded_at": at}
        rows["journal"].append(told("message.sent", f"message/{sent}", {}, at))
        rows["message"].append(row | {"journal_seq": seq, "audience": "team"})
        if len(rows["message"]) == BATCH or number == messages - 1:
            put(rows)
            rows = {name: [] for name in rows}
    if store.kind == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return time.perf_counter() - began


def measured(store: Store, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each search, the queries taking turns, after one round that is not counted."""
    from amends.usecases.searching import Searching

    searching = Searching(store)
    each: dict[str, list[float]] = {name: [] for name in QUERIES}
    for turn in range(rounds + 1):
        for name, asked in QUERIES.items():
            for query in (asked,) if isinstance(asked, str) else asked:
                started = time.perf_counter()
                searching.find(query)
                if turn:
                    each[name].append((time.perf_counter() - started) * 1000)
    return each


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a new file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/amends.sqlite3"


def main() -> None:
    """Fill, search, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    compile_bytes()
    from amends.store.engine import open_store
    from amends.store.migrate import migrate

    found, notes = {}, []
    for kind, opened in (("SQLite", sqlite()), ("PostgreSQL", postgres())):
        with opened as url:
            store = open_store(url)
            migrate(store)
            notes.append(f"{kind}: filled in {fill(store, given.messages):.0f} s, journal, triggers and index included.")
            found[kind] = measured(store, given.rounds)
            store.close()
    head = ["query", *(f"{kind}, {which} ms" for kind in found for which in ("p50", "p99"))]
    whole = {kind: [one for times in each.values() for one in times] for kind, each in found.items()}
    rows = [[name, *(f"{percentile(each[name], share):.1f}" for each in found.values() for share in (0.5, 0.99))] for name in QUERIES]
    rows.append(["all of them", *(f"{percentile(each, share):.1f}" for each in whole.values() for share in (0.5, 0.99))])
    made = table(f"Searching {given.messages:,} messages (goal: p50 30 ms)", head, rows, notes)
    publish("workbench-search.md", made)


if __name__ == "__main__":
    main()
