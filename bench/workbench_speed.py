"""How the workbench feels to one person: its start, its memory, opening and listing incidents, and the weight of its pages.

.venv/bin/python bench/workbench_speed.py [--runs 9] [--incidents 10000] [--times 300] [--quick]

The server is `amends start` as a process on SQLite, loopback only. The store is filled through the use cases before the server starts.
Pages are weighed and timed in Chromium, each in a fresh profile, on the networks that Chromium's DevTools call Slow 3G and Fast 3G.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

from common import ENVIRONMENT, PYTHON, compile_bytes, percentile, publish, table
from workbench import Person, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NETWORKS = {
    "Slow 3G": (400.0, 400_000 / 8),
    "Fast 3G": (150.0, 1_600_000 / 8),
    "DevTools Slow 3G": (400.0 * 5, 500_000 / 8 * 0.8),
    "DevTools Fast 3G": (150.0 * 3.75, 1_600_000 / 8 * 0.9),
}
"""Latency in ms and bytes a second down: what the names stand for, and what Chromium's DevTools make of them. They multiply the latency,
because they add it to each request and not to each packet (front_end/core/sdk/NetworkManager.ts of devtools-frontend)."""

PEERS = (
    "Beside them, measured on a machine of 2 cores under load and therefore in no ratio (2026-08): Dispatch with PostgreSQL started cold "
    "in 50 to 79 s, held 631 MB, and created an incident in 1,035 ms (p50); Keep with SQLite in 47 s, 329 MB, 52 ms."
)
FILL = """
import sys
from amends import wiring

usecases = wiring.open_usecases()
words = "Checkout Orders Refunds Logins Search Mail Queues Indexes Caches Certificates".split()
for number in range(int(sys.argv[1])):
    title = f"{words[number % 10]} fail for one in {number % 37 + 2} ({number})"
    usecases.incidents.open(title, severity=f"SEV{number % 5 + 1}")
usecases.close()
"""


def filled(home: str, incidents: int) -> None:
    """A store with so many incidents."""
    environment = {**ENVIRONMENT, "AMENDS_HOME": home}
    subprocess.run([str(PYTHON), "-c", FILL, str(incidents)], check=True, env=environment, cwd=home)


ASKED = {
    "create": ("create an incident (API)", "15 / 60 ms"),
    "list": ("list of incidents (API)", "20 ms"),
    "list page": ("list of incidents (page)", ""),
    "page": ("page of a new incident", ""),
}
WARM_UP = 3
READY = "performance.getEntriesByName('first-contentful-paint').length > 0"
TOLD = (
    "() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, "
    "performance.getEntriesByType('navigation')[0].loadEventStart]"
)


def starts(runs: int) -> tuple[list[float], list[float], float, float]:
    """Seconds of cold starts on fresh and on existing databases, the processor's seconds of the latter, and the memory after one, in MB."""
    fresh, existing, resident, worked = [], [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            server = Server(home)
            fresh.append(server.cold_s)
            time.sleep(1.5)  # the sample of the first start is read beside it
            server.stop()
            server = Server(home)
            worked.append(server.cpu_s())
            existing.append(server.cold_s)
            time.sleep(1)
            resident.append(server.resident_mb())
            server.stop()
    return fresh, existing, statistics.median(resident), statistics.median(worked)


async def asked(port: int, times: int) -> dict[str, list[float]]:
    """Milliseconds of each request of one person after the other, the first few left out."""
    person = Person(port)
    found: dict[str, list[float]] = {name: [] for name in ASKED}
    newest = await _newest(port)
    for turn in range(times + WARM_UP):
        body = json.dumps({"title": f"Checkout fails for one in five ({turn})"}).encode()
        requests = {"create": ("POST", "/api/v1/incidents", body), "list": ("GET", "/api/v1/incidents", b"")}
        requests |= {"list page": ("GET", "/incidents", b""), "page": ("GET", f"/incidents/{newest}", b"")}
        for kind, (verb, path, content) in requests.items():
            began = time.perf_counter()
            status, _, answer = await person.ask(verb, path, content)
            if status >= 400:
                raise SystemExit(f"{verb} {path}: {status}")
            if turn >= WARM_UP:
                found[kind].append((time.perf_counter() - began) * 1000)
            if kind == "create":
                newest = json.loads(answer)["id"]
    person.close()
    return found


def weighed(browser: Browser, address: str, path: str) -> tuple[int, int]:
    """The bytes over the wire of a first visit, and how many files that were."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    page.goto(path, wait_until="load")
    page.wait_for_timeout(500)
    context.close()
    return int(sum(sizes)), len(sizes)


def usable(browser: Browser, address: str, path: str, network: tuple[float, float]) -> tuple[float, float]:
    """Seconds until a page stands there to be read and its forms can be sent, and until all of it is there and its script has run."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    latency, rate = network
    wanted = {"offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", wanted)
    page.goto(path, wait_until="load", timeout=120_000)
    page.wait_for_function(f"() => {READY}", timeout=120_000)
    told = page.evaluate(TOLD)
    context.close()
    return told[0] / 1000, told[1] / 1000


def pages(server: Server, runs: int, shown: dict[str, str]) -> list[list[str]]:
    """The weight of each page, and how long it takes to be usable on slow networks."""
    from playwright.sync_api import sync_playwright

    path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    arguments = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for name, address in shown.items():
            size, files = weighed(browser, server.address, address)
            row = [name, f"{size / 1000:.0f}", str(files)]
            for network in NETWORKS.values():
                times = [usable(browser, server.address, address, network) for _ in range(runs)]
                row.append(" / ".join(f"{statistics.median(one[which] for one in times):.2f}" for which in (0, 1)))
            rows.append(row)
        browser.close()
    return rows


def main() -> None:
    """Measure everything, and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--quick", action="store_true", help="small numbers, and nothing is written to results/")
    given = parser.parse_args()
    if given.quick:
        given.runs, given.incidents, given.times = 2, 300, 30
    compile_bytes()
    fresh, existing, resident, worked = starts(given.runs)
    with tempfile.TemporaryDirectory() as home:
        filled(home, given.incidents)
        server = Server(home)
        found = asyncio.run(asked(server.port, given.times))
        shown = {"Today": "/", "Incidents": "/incidents", "Write": "/write", "Promises": "/promises", "Search": "/search"}
        newest = asyncio.run(_newest(server.port))
        shown |= {"An incident": f"/incidents/{newest}", "Its documents": f"/incidents/{newest}/documents"}
        weights = pages(server, max(1, given.runs // 3), shown)
        used = server.resident_mb()
        server.stop()
    texts = {"workbench-speed.md": speed(fresh, existing, worked, (resident, used), found, given), "workbench-pages.md": weight(weights)}
    for name, text in texts.items():
        if given.quick:
            print(text)
        else:
            publish(name, text)


async def _newest(port: int) -> str:
    person = Person(port)
    listed = json.loads((await person.ask("GET", "/api/v1/incidents"))[2])
    person.close()
    found: str = listed["incidents"][0]["id"]
    return found


def speed(
    fresh: list[float], existing: list[float], worked: float, resident: tuple[float, float], found: dict[str, list[float]], given: Any
) -> str:
    """The table of times and memory."""

    def of(times: list[float], unit: str, digits: int) -> list[str]:
        return [f"{percentile(times, 0.5):.{digits}f} {unit}", f"{percentile(times, 0.99):.{digits}f} {unit}"]

    rows = [
        ["cold start to the first 200 of `/`, existing database", *of(existing, "s", 2), "1.5 s"],
        ["processor time of that start", f"{worked:.2f} s", "", ""],
        ["cold start on a fresh database", *of(fresh, "s", 2), "3 s"],
        ["resident memory after start", f"{resident[0]:.0f} MB", "", "150 MB"],
        ["resident memory after use", f"{resident[1]:.0f} MB", "", "150 MB"],
        *([ASKED[kind][0], *of(times, "ms", 1), ASKED[kind][1]] for kind, times in found.items()),
    ]
    about = (
        f"{given.runs} starts each; {given.times} requests each, one after the other on one connection, with {given.incidents:,} incidents "
        "in the store, on SQLite. Byte code is compiled before."
    )
    notes = [about, PEERS]
    return table("The workbench: start, memory, requests", ["what", "p50", "p99", "at most"], rows, notes)


def weight(rows: list[list[str]]) -> str:
    """The table of pages."""
    visit = (
        "A first visit with nothing kept: everything the page loads, compressed, with its heads; at most 150 kB. Seconds until the page "
        "can be read and its forms sent (first contentful paint: each page is whole before any script) / until all of it is there and its "
        "script has run; medians. At most 4 s on Slow 3G, 1.5 s on Fast 3G."
    )
    networks = (
        "Slow 3G is 400 ms and 400 kbit/s, Fast 3G 150 ms and 1.6 Mbit/s, set through `Network.emulateNetworkConditions` of the DevTools "
        "protocol (https://chromedevtools.github.io/devtools-protocol/tot/Network/). What DevTools itself calls so adds 2,000 and 562 ms "
        "to each request, at 400 kbit/s and 1.44 Mbit/s (`Slow3GConditions`, `Fast3GConditions` in front_end/core/sdk/NetworkManager.ts)."
    )
    notes = [visit, networks]
    head = ["page", "kB", "files", *(f"{name}, s" for name in NETWORKS)]
    return table("The workbench: its pages", head, rows, notes)


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    main()
