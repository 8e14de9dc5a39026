"""Fifty people edit and watch one incident on PostgreSQL: how long each thing takes them, and whether any acknowledged write was lost.

.venv/bin/python bench/workbench_load.py [--seconds 300] [--people 50] [--think 6] [--quick] [--no-live]

The server is `amends start` as a process of its own, PostgreSQL runs beside it with its usual settings, and the people are one more
process, all on loopback. Everybody has the page open with its live stream. After a time to think, of six seconds on average, each does
one thing: writes down a fact in the form of the page and gets the page anew, saves their part of a shared text, sends a message that makes
a promise, makes or keeps a promise, or opens the page. At the end the store is asked for everything that was acknowledged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from common import PYTHON, compile_bytes, percentile, publish, table
from workbench import Person, Server, postgres, stream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ACTS = {"fact": 30, "text": 30, "message": 3, "promise": 12, "page": 25}
"""What people do, in hundredths of their turns."""

FORM = "application/x-www-form-urlencoded"
MARK = re.compile(rb"mark-[0-9]+-[0-9]+")
WARM_S = 10.0
"""Until then everybody has come, and nothing is counted."""


class Crowd:
    """The people, what they were told is kept, and how long each thing took."""

    def __init__(self, port: int, people: int, think: float, *, live: bool) -> None:
        self._port = port
        self._people = people
        self._think = think
        self._live = live
        self._began = time.perf_counter()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.delays: list[float] = []
        self.errors: Counter[str] = Counter()
        self.conflicts = 0
        self.merges = 0
        self.pieces = 0
        self.streamed = 0
        self.facts: set[str] = set()
        self.lines: set[str] = set()
        self.messages: set[str] = set()
        self.settled: dict[str, str] = {}
        self._said: dict[bytes, float] = {}
        self.incident = ""
        self.document = ""

    async def run(self, seconds: float) -> dict[str, Any]:
        """Everybody at work for a time; what became of it."""
        first = Person(self._port)
        made = await self._json(first, "POST", "/api/v1/incidents", {"title": "Checkout fails for one shop in five"})
        self.incident = made.get("incident", made)["id"]
        parts = "\n\n".join(f"## Person {number}\n\n- here" for number in range(self._people))
        text = await self._json(first, "POST", f"/api/v1/incidents/{self.incident}/documents", {"title": "Minutes", "text": parts})
        self.document = text["id"]
        until = self._began + WARM_S + seconds
        watchers = [asyncio.create_task(self._watch(number)) for number in range(self._people)] if self._live else []
        await asyncio.gather(*(self._work(number, until) for number in range(self._people)))
        await asyncio.sleep(3)
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
        return await self._verdict(first)

    async def _work(self, number: int, until: float) -> None:
        dice = random.Random(number)  # noqa: S311  # the same turns in each run, and nothing is secret
        person = Person(self._port)
        own: dict[str, Any] = {"n": 0, "version": 1, "text": "", "promises": []}
        await asyncio.sleep(dice.uniform(0, WARM_S / 2))
        await self._timed("page", lambda: person.ask("GET", f"/incidents/{self.incident}"), count=False)
        acts: dict[str, Callable[..., Awaitable[None]]] = {
            "fact": self._fact, "text": self._text, "message": self._message, "promise": self._promise, "page": self._page,
        }  # fmt: skip
        while time.perf_counter() < until:
            await asyncio.sleep(dice.expovariate(1 / self._think))
            if time.perf_counter() >= until:
                break
            act = dice.choices([*ACTS], [*ACTS.values()])[0]
            own["n"] += 1
            try:
                await acts[act](person, number, own, dice)
            except (OSError, asyncio.IncompleteReadError) as error:
                self.errors[f"{act}: {type(error).__name__}"] += 1
                person = Person(self._port)
        person.close()

    # What people do

    async def _page(self, person: Person, _number: int, _own: dict[str, Any], _dice: random.Random) -> None:
        await self._timed("page", lambda: person.ask("GET", f"/incidents/{self.incident}"))

    async def _fact(self, person: Person, number: int, own: dict[str, Any], dice: random.Random) -> None:
        mark = f"mark-{number}-{own['n']}"
        kind = dice.choice(["happened", "impact", "cause"])
        body = urlencode({"kind": kind, "text": f"One in five orders is refused ({mark})", "value": "", "at": "", "tz": "UTC"}).encode()
        status, headers, _ = await self._timed("fact", lambda: person.ask("POST", f"/incidents/{self.incident}/facts", body, FORM), 303)
        if status == 303:
            self.facts.add(mark)
            self._said[mark.encode()] = time.perf_counter()
            await self._timed("page", lambda: person.ask("GET", headers["location"]))

    async def _text(self, person: Person, number: int, own: dict[str, Any], _dice: random.Random) -> None:
        place = f"/incidents/{self.incident}/documents/{self.document}"
        if not own["text"]:
            found = await self._json(person, "GET", f"/api/v1{place}")
            own.update(version=found["version"], text=found["text"])
        mark = f"line-{number}-{own['n']}."
        text = own["text"].replace(f"## Person {number}\n\n", f"## Person {number}\n\n- {mark}\n", 1)
        body = json.dumps({"text": text, "based_on": own["version"]}).encode()
        status, _, content = await self._timed("text", lambda: person.ask("PUT", place, body), 200, 409)
        answer = json.loads(content) if status in (200, 409) else {}
        if status in (200, 409):
            self.lines.add(mark)
        if status == 200:
            self.merges += answer["version"] != own["version"] + 1
            own.update(version=answer["version"], text=answer["text"])
        elif status == 409:
            self.conflicts += 1
            own["text"] = ""

    async def _message(self, person: Person, number: int, own: dict[str, Any], _dice: random.Random) -> None:
        text = f"One in five orders is refused since 10:42 UTC. I will call shop {number}-{own['n']} tomorrow. Next update at 23:30 UTC."
        body = json.dumps({"text": text, "incident": self.incident, "audience": "team", "tz": "UTC"}).encode()
        status, _, content = await self._timed("message", lambda: person.ask("POST", "/api/v1/messages", body), 201)
        if status == 201:
            answer = json.loads(content)
            self.messages.add(answer["message"]["id"])
            own["promises"] += [one["id"] for one in answer["promises"] if one["message"] == answer["message"]["id"] and not one["closed"]]

    async def _promise(self, person: Person, number: int, own: dict[str, Any], _dice: random.Random) -> None:
        """Make a promise, or keep the one that was made last."""
        path, body = "/api/v1/promises", {"words": f"I will call shop {number}-{own['n']} by 23:30 UTC", "incident": self.incident}
        if own["promises"]:
            path, body = f"/api/v1/promises/{own['promises'].pop()}/keep", {}
        status, _, content = await self._timed("promise", lambda: person.ask("POST", path, json.dumps(body).encode()), 200, 201, 409)
        if status in (200, 201):
            promise = json.loads(content)["promises"][0]
            self.settled[promise["id"]] = promise["state"]
            own["promises"] += [promise["id"]] if status == 201 else []

    # Watching

    async def _watch(self, number: int) -> None:
        await asyncio.sleep(number * WARM_S / 2 / self._people)
        reader, writer = await stream(self._port, f"/incidents/{self.incident}/live")
        left, unpacker = b"", zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while True:
                chunk = await reader.readuntil(b"\r\n")  # the length of a piece, in hexadecimal
                piece = (await reader.readexactly(int(chunk, 16) + 2))[:-2]
                if not piece:
                    self.errors["stream ended"] += 1
                    return
                self.streamed += len(piece)
                self.pieces += 1
                if number == 0:
                    left = self._seen(left + unpacker.decompress(piece))
        finally:
            writer.close()

    def _seen(self, text: bytes) -> bytes:
        """How long after its acknowledgement a fact stood on the page of the first person."""
        now = time.perf_counter()
        for mark in MARK.findall(text[: text.rfind(b")") + 1]):
            began = self._said.pop(mark, None)
            if began is not None and began - self._began > WARM_S:
                self.delays.append((now - began) * 1000)
        return text[-64:]

    # Counting

    async def _timed(
        self, kind: str, work: Callable[[], Awaitable[tuple[int, dict[str, str], bytes]]], *wanted: int, count: bool = True
    ) -> tuple[int, dict[str, str], bytes]:
        began = time.perf_counter()
        answer = await work()
        if answer[0] not in (wanted or (200,)):
            self.errors[f"{kind}: {answer[0]}"] += 1
        if count and began - self._began > WARM_S:
            self.times[kind].append((time.perf_counter() - began) * 1000)
        return answer

    async def _json(self, person: Person, verb: str, path: str, body: Any = None) -> Any:
        status, _, content = await person.ask(verb, path, json.dumps(body).encode() if body is not None else b"")
        if status >= 400:
            raise SystemExit(f"{verb} {path}: {status} {content[:400].decode()}")
        return json.loads(content)

    async def _verdict(self, person: Person) -> dict[str, Any]:
        """Everything that was acknowledged, looked for in the store."""
        place = f"/api/v1/incidents/{self.incident}"
        found = (await person.ask("GET", place))[2].decode()
        versions = (await person.ask("GET", f"{place}/documents/{self.document}/versions"))[2].decode()
        lost = [mark for mark in self.facts if f"({mark})" not in found] + [mark for mark in self.lines if mark not in versions]
        for message in self.messages:
            status, _, _ = await person.ask("GET", f"/api/v1/messages/{message}")
            lost += [message] if status != 200 else []
        for promise, state in self.settled.items():
            answer = json.loads((await person.ask("GET", f"/api/v1/promises/{promise}"))[2])
            lost += [promise] if answer["promises"][0]["state"] != state else []
        head = json.loads((await person.ask("GET", f"{place}/documents/{self.document}"))[2])
        lost += [mark for mark in self.lines if mark not in head["text"]] if not self.conflicts else []
        written = {"facts": len(self.facts), "texts": len(self.lines), "messages": len(self.messages), "promises": len(self.settled)}
        return {
            "times": self.times, "delays": self.delays, "errors": dict(self.errors), "lost": lost, "written": written,
            "conflicts": self.conflicts, "merges": self.merges, "pieces": self.pieces, "streamed": self.streamed,
        }  # fmt: skip


def main() -> None:
    """Start everything, let them work, and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--think", type=float, default=6)
    parser.add_argument("--quick", action="store_true", help="20 seconds, and nothing is written to results/")
    parser.add_argument("--no-live", action="store_true", help="without the streams, to see what they cost")
    parser.add_argument("--crowd", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    seconds = 20.0 if given.quick else given.seconds
    if given.crowd:
        crowd = Crowd(given.crowd, given.people, given.think, live=not given.no_live)
        json.dump(asyncio.run(crowd.run(seconds)), sys.stdout)
        return
    compile_bytes()
    with postgres() as database, tempfile.TemporaryDirectory() as home:
        server = Server(home, database)
        resident, cpu = server.resident_mb(), server.cpu_s()
        command = [str(PYTHON), __file__, "--crowd", str(server.port), "--seconds", str(seconds), "--people", str(given.people)]
        command += ["--think", str(given.think), *(["--no-live"] if given.no_live else [])]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        after, spent = server.resident_mb(), server.cpu_s() - cpu
        stopped, said = server.stop()
    text = report(told, given.people, seconds, (resident, after), spent, stopped)
    if said.count("\n") > 1:
        print(said[-3000:], file=sys.stderr)
    if given.quick or given.no_live:
        print(text)
    else:
        publish("workbench-load.md", text)
    if told["lost"]:
        raise SystemExit(f"lost: {told['lost'][:20]}")


NAMES = {
    "page": "open the page",
    "fact": "write down a fact",
    "text": "save a shared text",
    "message": "send a message",
    "promise": "make or keep a promise",
}


def report(told: dict[str, Any], people: int, seconds: float, resident: tuple[float, float], spent: float, stopped: float) -> str:
    """The table."""
    every = [one for times in told["times"].values() for one in times]
    rows = [
        [NAMES[kind], f"{len(times):,}", *(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99)), f"{max(times):.0f}"]
        for kind, times in sorted(told["times"].items())
        if times
    ]
    rows.append(["all", f"{len(every):,}", *(f"{percentile(every, share):.0f}" for share in (0.5, 0.95, 0.99)), f"{max(every):.0f}"])
    delays = told["delays"] or [float("nan")]
    written, whole = told["written"], seconds + WARM_S
    kinds = ", ".join(f"{count:,} {name}" for name, count in written.items())
    each = f"{people} people for {seconds:.0f} s: {sum(written.values()) / whole:.1f} writes a second, which take turns."
    kept = f"Acknowledged writes: {sum(written.values()):,} ({kinds}); lost: **{len(told['lost'])}**."
    joined = f"Saves joined with those of others: {told['merges']:,}; conflicts: {told['conflicts']}. Errors: {told['errors'] or 'none'}."
    seen = (
        f"A fact stood on the page of another reader {percentile(delays, 0.5):.0f} ms (p99 {percentile(delays, 0.99):.0f} ms) after it was "
        f"acknowledged; {told['streamed'] / 1e6:.1f} MB in {people} streams."
    )
    server = (
        f"Server: {spent / whole * 100:.0f} % of one core, {resident[0]:.0f} MB resident after start, {resident[1]:.0f} MB at the end; it "
        f"stopped in {stopped:.1f} s with streams open."
    )
    shared = "The people and PostgreSQL share the machine's cores with the server. PostgreSQL acknowledges what is on the disk."
    notes = [each, kept, joined, *([seen] if told["delays"] else []), server, shared]
    return table("Fifty people in one incident", ["what they do", "times", "p50 ms", "p95 ms", "p99 ms", "longest ms"], rows, notes)


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    main()
