"""Two hundred people practise at once, each with an account and a drill of their own: how long a turn takes them.

.venv/bin/python bench/practice_load.py [--seconds 60] [--people 200] [--think 20] [--quick]

The server is `amends start` as a process of its own, on a fresh SQLite file and then on a PostgreSQL with its usual settings; the people
are one more process, all on loopback. Everybody says something every twenty seconds, from the transcripts of the scenarios; whose drill
is over begins another one. It stops by itself, and asks at the end whether every turn that was answered is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from common import ENVIRONMENT, PYTHON, compile_bytes, percentile, publish, table
from workbench import Person, Server, postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/v1/practice/sessions"
GOAL_MS = 100
WARM_S = 20.0
"""Until then everybody has come and begun, and nothing is counted."""
MAKE = """
import json, sys
from amends import wiring
usecases = wiring.open_usecases()
usecases.people.add("lead", "owner")
keys = []
for number in range(int(sys.argv[1])):
    name = f"person-{number}"
    usecases.people.add(name, "reader", by="lead")
    keys.append(usecases.signing.new_token("practice", ("practice",), by=name)[1])
usecases.close()
json.dump(keys, sys.stdout)
"""


class Crowd:
    """The people, what they said and was answered, and how long it took."""

    def __init__(self, port: int, keys: list[str], think: float) -> None:
        self._port = port
        self._keys = keys
        self._think = think
        self._began = time.perf_counter()
        self.turns: list[float] = []
        self.begins: list[float] = []
        self.errors: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self._whose: dict[str, str] = {}
        self._texts = _texts()

    async def run(self, seconds: float) -> dict[str, Any]:
        """Everybody at it for a time; what became of it."""
        until = self._began + WARM_S + seconds
        await asyncio.gather(*(self._practise(number, until) for number in range(len(self._keys))))
        lost = [one async for one in self._lost()]
        return {"turns": self.turns, "begins": self.begins, "errors": dict(self.errors), "said": sum(self.said.values()), "lost": lost}

    async def _practise(self, number: int, until: float) -> None:
        dice = random.Random(number)  # noqa: S311  # the same turns in each run, and nothing is secret
        person = Person(self._port, self._keys[number])
        await asyncio.sleep(dice.uniform(0, WARM_S * 0.9))
        session, left = "", []
        while time.perf_counter() < until:
            if not left:
                session, left = await self._begin(person, dice, number)
            over = await self._say(person, session, left.pop(0)) if session else True
            left = [] if over else left
            await asyncio.sleep(self._think * dice.uniform(0.9, 1.1))
        person.close()

    async def _begin(self, person: Person, dice: random.Random, number: int) -> tuple[str, list[str]]:
        scenario, variant, texts = dice.choice(self._texts)
        body = json.dumps({"scenario": scenario, "variant": variant, "seed": dice.randrange(10**6)}).encode()
        status, content, took = await self._asked(person, "POST", PATH, body)
        if status != 201:
            self.errors[f"begin: {status}"] += 1
            return "", []
        self._count(self.begins, took)
        session = json.loads(content)["id"]
        self._whose[session] = self._keys[number]
        return session, list(texts)

    async def _say(self, person: Person, session: str, text: str) -> bool:
        """Whether the drill is over after this turn."""
        body = json.dumps({"text": text, "turn": self.said[session] + 1}).encode()
        status, content, took = await self._asked(person, "POST", f"{PATH}/{session}/turns", body)
        if status != 200:
            self.errors[f"turn: {status} {content[:80].decode(errors='replace')}"] += 1
            return True
        self.said[session] += 1
        self._count(self.turns, took)
        return json.loads(content)["ended_at"] is not None

    async def _asked(self, person: Person, verb: str, path: str, body: bytes) -> tuple[int, bytes, float]:
        began = time.perf_counter()
        try:
            status, _, content = await person.ask(verb, path, body)
        except (OSError, asyncio.IncompleteReadError) as error:
            status, content = 0, type(error).__name__.encode()
            person.close()
        return status, content, (time.perf_counter() - began) * 1000

    def _count(self, times: list[float], took: float) -> None:
        if time.perf_counter() - self._began > WARM_S:
            times.append(took)

    async def _lost(self) -> Any:
        """Drills of which not every turn is kept that was answered."""
        for session, turns in self.said.items():
            person = Person(self._port, self._whose[session])
            _, _, content = await person.ask("GET", f"{PATH}/{session}")
            if json.loads(content).get("turns") != turns:
                yield session
            person.close()


def _texts() -> list[tuple[str, str, tuple[str, ...]]]:
    """What can be said: scenario, variant, and the turns of a transcript with the names of the variant filled in."""
    from amends.practice.loading import load_folder
    from amends.practice.stage import stage

    found = []
    for one in load_folder():
        if one.later_of is None and one.receiver_of is None:
            variant = one.variants[0][0]
            found += [(one.id, variant, transcript.turns) for transcript in stage(one, 0, None, variant).scenario.transcripts]
    return found


@contextmanager
def _sqlite() -> Iterator[str | None]:
    yield None


def measured(database: str | None, people: int, seconds: float, think: float) -> dict[str, Any]:
    """What two hundred people met on one database."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**ENVIRONMENT, "AMENDS_HOME": home, **({"AMENDS_DATABASE_URL": database} if database else {})}
        keys = subprocess.run([str(PYTHON), "-c", MAKE, str(people)], env=environment, check=True, stdout=subprocess.PIPE).stdout
        server = Server(home, database)
        cpu = server.cpu_s()
        command = [str(PYTHON), __file__, "--crowd", str(server.port), "--seconds", str(seconds), "--think", str(think)]
        told: dict[str, Any] = json.loads(
            subprocess.run(command, check=True, input=keys, stdout=subprocess.PIPE, timeout=seconds + 300).stdout
        )
        told["cpu"], told["resident"] = (server.cpu_s() - cpu) / (seconds + WARM_S), server.resident_mb()
        server.stop()
    return told


def row(name: str, times: list[float]) -> list[str]:
    """A row of the table."""
    if not times:
        return [name, "0", "", "", "", ""]
    return [name, f"{len(times):,}", *(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99)), f"{max(times):.0f}"]


def main() -> None:
    """Start everything, let them practise, and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--think", type=float, default=20)
    parser.add_argument("--quick", action="store_true", help="ten seconds on SQLite alone, and nothing is written to results/")
    parser.add_argument("--crowd", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.crowd:
        json.dump(asyncio.run(Crowd(given.crowd, json.load(sys.stdin), given.think).run(given.seconds)), sys.stdout)
        return
    compile_bytes()
    rows, notes, lost = [], [f"{given.people} people, a turn each every {given.think:.0f} s. The goal is a p99 of {GOAL_MS} ms."], []
    for name, opened in (("SQLite", _sqlite), *([] if given.quick else [("PostgreSQL", postgres)])):
        with opened() as database:
            told = measured(database, given.people, 10.0 if given.quick else given.seconds, given.think)
        rows += [row(f"a turn, {name}", told["turns"]), row(f"begin a drill, {name}", told["begins"])]
        kept = f"{told['said']:,} turns were answered, {len(told['lost'])} drills lack one of them; errors: {told['errors'] or 'none'}"
        notes.append(f"{name}: {kept}; {told['cpu'] * 100:.0f} % of one core, {told['resident']:.0f} MB.")
        lost += told["lost"]
    text = table("Two hundred people practise", ["what they do", "times", "p50 ms", "p95 ms", "p99 ms", "longest ms"], rows, notes)
    if given.quick:
        print(text)
    else:
        publish("practice-load.md", text)
    if lost:
        raise SystemExit(f"lost: {lost[:20]}")


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    main()
