"""How long it takes to find the like of an incident among 100,000, on both databases, and how often the right one is found.

    .venv/bin/python bench/recurrence.py [--incidents 100000] [--questions 200] [--sets FOLDER]

The incidents are made: words of made syllables, as frequent as those of real reports of faults are (the commonest in a third of all, half
of all words in one or two), in reports as long as those are, each about one of 5,000 subjects with words of its own. Every tenth incident
is private, and who asks was invited to every second of those. The timed call is `Similar.like`, reasons and incidents included; beside
it stands a query of SQLite's FTS5 for any word of the same question, ranked by its BM25 with the title weighing three times.

With --sets, a folder that holds `recurrence_docs*.jsonl` (reports) and `recurrence*.jsonl` (which report is the twin of which), the
quality of both is measured on them too. Writes `results/recurrence.md`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import compile_bytes, percentile, publish, table
from workbench import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amends.store.engine import Store

START = datetime(2016, 1, 1, tzinfo=UTC)
BATCH = 2_000
VOCABULARY, FLATNESS = 120_000, 20
SUBJECTS, WORDS_OF_SUBJECT, OF_SUBJECT = 5_000, 30, 0.3
TITLE, TEXT, SPREAD = 8, 3.7, 0.96
"""Words of a title; mean and spread of the logarithm of the words of a text."""
TURNS, PEER_SHARE = 3, 10
"""How often each question is asked, and one in how many the peer is asked too, which takes long."""
FIRST, LAST = 5, 10
KINDS = {"a title": 0, "a report": None, "a long report (600 words)": 600}
HEAD = ["where", "asked with", "p50 ms", "p95 ms", "p99 ms", "p95 ms of our process alone"]
SAID = (
    "Each question is asked three times and the fastest counts. The last column is processor time of this process: with the database for "
    "SQLite and FTS5, without the server of PostgreSQL. It tells what the clock would say on a machine that has nothing else to do."
)
SYLLABLES = [f"{one}{two}" for one in "bdfgklmnprstvz" for two in ("a", "e", "i", "o", "u", "ar", "en", "ol")]


class Made:
    """Reports that nobody wrote, the same at every run."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311  # made words, no secret
        fixed = random.Random(9)  # noqa: S311  # the words and subjects of all runs
        self._words = list(islice(_words(fixed), VOCABULARY))
        self._weights = list(accumulate(1 / (rank + FLATNESS) for rank in range(VOCABULARY)))
        self._subjects = [
            [self._words[min(VOCABULARY - 1, int(VOCABULARY * fixed.random() ** 3))] for _ in range(WORDS_OF_SUBJECT)]
            for _ in range(SUBJECTS)
        ]

    def report(self, words: int | None = None) -> tuple[str, str]:
        """A title and a text, which has so many words or as many as reports have."""
        dice = self._dice
        subject = dice.choice(self._subjects)
        length = min(400, int(dice.lognormvariate(TEXT, SPREAD)) + 3) if words is None else words
        return self._some(subject, TITLE, 0.5), self._some(subject, length, OF_SUBJECT)

    def _some(self, subject: Sequence[str], count: int, share: float) -> str:
        own = sum(self._dice.random() < share for _ in range(count))
        words = self._dice.choices(subject, k=own) + self._dice.choices(self._words, cum_weights=self._weights, k=count - own)
        self._dice.shuffle(words)
        return " ".join(words)


def _words(dice: random.Random) -> Iterator[str]:
    known: set[str] = set()
    while True:
        word = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 3, 3, 4))))
        if word not in known:
            known.add(word)
            yield word


def fill(store: Store, reports: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Put incidents into an empty store and read their words; the seconds that each took."""
    from sqlalchemy import insert, text

    from amends.store import postings, schema

    began = time.perf_counter()
    for start in range(0, len(reports), BATCH):
        rows, told, invited = [], [], []
        for number, (title, words) in enumerate(reports[start : start + BATCH], start):
            at, id = START + timedelta(minutes=40 * number), f"I{number:025}"
            private = number % 10 == 0
            rows.append({
                "id": id, "title": title, "severity": f"SEV{number % 5 + 1}", "status": "resolved", "origin": "own", "started_at": at,
                "recorded_at": at, "visibility": "private" if private else "open", "version": 1,
            })  # fmt: skip
            told.append({"kind": "fact", "ref": f"F{number:025}", "incident_id": id, "at": at, "title": "", "text": words})
            if number % 20 == 0:
                invited.append({"incident_id": id, "person": "local", "since": at, "invited_by": "ana"})
        with store.writing() as connection:
            connection.execute(insert(schema.incident), rows)
            connection.execute(insert(schema.search_entry), told)
            if invited:
                connection.execute(insert(schema.invitation), invited)
    filled = time.perf_counter() - began
    with store.writing() as connection:
        postings.rebuild(connection)
    if store.kind == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return filled, time.perf_counter() - began - filled


def questions(count: int) -> dict[str, list[str]]:
    """Questions of each kind."""
    made = Made(77)
    return {kind: ["\n".join(made.report(words)).strip() for _ in range(count)] for kind, words in KINDS.items()}


def times(asked: dict[str, list[str]], ask: Callable[[str], object]) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each question by the clock, and of this process alone.

    The kinds take turns, after a round of ten that is not counted. Each question is asked three times in a row and the fastest counts:
    the machine is shared, and what others do on it is not ours to measure.
    """
    each: dict[str, list[tuple[float, float]]] = {kind: [] for kind in asked}
    for texts in asked.values():
        for text in texts[:10]:
            ask(text)
    for turn in zip(*asked.values(), strict=True):
        for kind, text in zip(asked, turn, strict=True):
            took = []
            for _ in range(TURNS):
                started, used = time.perf_counter(), time.process_time()
                ask(text)
                took.append(((time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000))
            each[kind].append((min(wall for wall, _ in took), min(own for _, own in took)))
    return each


class FullText:
    """SQLite's FTS5, asked for any word of a question."""

    def __init__(self, reports: Sequence[tuple[str, str]], path: str = ":memory:") -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("CREATE VIRTUAL TABLE report USING fts5(title, text, tokenize='porter unicode61')")
        rows = ((number, *report) for number, report in enumerate(reports, 1))
        self._connection.executemany("INSERT INTO report (rowid, title, text) VALUES (?, ?, ?)", rows)
        self._connection.commit()

    def like(self, text: str, limit: int = FIRST) -> list[int]:
        """The numbers of the best reports, from 0."""
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", text.lower())))
        query = "SELECT rowid FROM report WHERE report MATCH ? ORDER BY bm25(report, 3.0, 1.0), rowid LIMIT ?"
        return [row[0] - 1 for row in self._connection.execute(query, (words, limit))]


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a new file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/amends.sqlite3"


def speed(incidents: int, count: int) -> tuple[list[list[str]], list[str]]:
    """The rows of the table of times, and what else there is to say."""
    from amends.store.engine import open_store
    from amends.store.migrate import migrate
    from amends.usecases.similar import Similar

    made = Made(5)
    reports = [made.report() for _ in range(incidents)]
    asked = questions(count)
    found, notes = {}, []
    for kind, opened in (("SQLite", sqlite()), ("PostgreSQL", postgres())):
        with opened as url:
            store = open_store(url)
            migrate(store)
            filled, read = fill(store, reports)
            notes.append(f"{kind}: incidents put in within {filled:.0f} s, their words read within {read:.0f} s.")
            found[kind] = times(asked, Similar(partial(_itself, store)).like)
            store.close()
    with tempfile.TemporaryDirectory() as folder:
        some = {kind: texts[::PEER_SHARE] for kind, texts in asked.items()}
        found["FTS5, any word"] = times(some, FullText(reports, f"{folder}/fts.sqlite3").like)
    notes.append(SAID)
    return told(found), notes


def told(found: dict[str, dict[str, list[tuple[float, float]]]]) -> list[list[str]]:
    """The rows of the table of times."""
    rows = []
    for name, each in found.items():
        for kind, listed in (*each.items(), ("all of them", [one for few in each.values() for one in few])):
            wall, own = [one for one, _ in listed], [one for _, one in listed]
            rows.append([name, kind, *(f"{percentile(wall, share):.1f}" for share in (0.5, 0.95, 0.99)), f"{percentile(own, 0.95):.1f}"])
    return rows


def _itself(store: Store) -> Store:
    return store


def quality(folder: Path) -> list[list[str]]:
    """The rows of the table of quality, for each set of a folder."""
    rows = []
    for path in sorted(folder.glob("recurrence_docs*.jsonl")):
        pairs = _read(path.with_name(path.name.replace("_docs", "")))
        for name, way in ways(_read(path)).items():
            started = time.perf_counter()
            ranks = [_rank(way(pair["query"]), pair) for pair in pairs]
            took = time.perf_counter() - started
            within = sum(rank is not None and rank <= FIRST for rank in ranks) / len(ranks)
            mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
            rows.append([path.stem.replace("_docs", ""), name, f"{within:.3f}", f"{mean:.3f}", f"{1000 * took / len(pairs):.1f}"])
    return rows


def ways(docs: Sequence[dict[str, Any]]) -> dict[str, Callable[[str], list[str]]]:
    """How the like of a report, given by its id, is found."""
    from amends.recurrence.postings import Report, report_of
    from amends.usecases.similar import Among

    texts = {one["id"]: f"{one['title']}\n{one['text']}" for one in docs}
    ours = Among((one["id"], Report(one["title"], one["text"])) for one in docs)
    peer = FullText([(one["title"], one["text"]) for one in docs])
    ids = list(texts)
    return {
        "amends similar": lambda id: [one.id for one in ours.like(report_of(texts[id]), limit=LAST, without=(id,))],
        "FTS5 BM25, any word, title three times": lambda id: [ids[one] for one in peer.like(texts[id], LAST + 1)],
    }


def _rank(order: list[str], pair: dict[str, Any]) -> int | None:
    others = [one for one in order if one != pair["query"]][:LAST]
    return others.index(pair["relevant"]) + 1 if pair["relevant"] in others else None


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--sets", type=Path)
    given = parser.parse_args()
    compile_bytes()
    rows, notes = speed(given.incidents, given.questions)
    title = f"Similar incidents among {given.incidents:,} (goal: p95 100 ms)"
    text = table(title, HEAD, rows, notes)
    if given.sets is not None:
        head = ["set", "way", "recall@5", "MRR", "ms a question"]
        told = ["Goals: recall@5 0.72, MRR 0.60. MRR counts the first ten."]
        text += "\n" + table("Reports of the same fault found", head, quality(given.sets), told)
    publish("recurrence.md", text)


if __name__ == "__main__":
    main()
