"""How fast `POST /api/v1/check` answers: one server process, loopback only, 8 and 32 connections, rate limit off.

.venv/bin/python bench/api_speed.py [--seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from common import AMENDS, ENVIRONMENT, HERE, compile_bytes, percentile, publish, table

MESSAGES = [text.strip() for text in (HERE / "corpus" / "messages.txt").read_text(encoding="utf-8").split("\n\n") if text.strip()]
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_ready(port: int) -> float:
    """Seconds until `/healthz` answers 200."""
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=1) as answer:
                if answer.status == 200:
                    return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the workbench did not start within a minute")


async def connection(port: int, until: float, bodies: list[bytes], times: list[float], errors: list[int]) -> None:
    """One client that sends the next request when the last is answered."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    turn = 0
    while time.perf_counter() < until:
        body = bodies[turn % len(bodies)]
        turn += 1
        started = time.perf_counter()
        head = f"POST /api/v1/check HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        times.append((time.perf_counter() - started) * 1000)
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            errors.append(turn)
    writer.close()


async def load(port: int, connections: int, seconds: float) -> tuple[list[float], int, float]:
    """The times of all requests, the number of errors, and the requests a second."""
    bodies = [
        json.dumps({"id": str(n), "text": text, "at": "2026-03-04T10:50:00+00:00", "tz": "UTC"}).encode() for n, text in enumerate(MESSAGES)
    ]
    times: list[float] = []
    errors: list[int] = []
    started = time.perf_counter()
    await asyncio.gather(*(connection(port, started + seconds, bodies, times, errors) for _ in range(connections)))
    return times, len(errors), len(times) / (time.perf_counter() - started)


def main() -> None:
    """Start the workbench on an empty store, load it, and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    seconds = parser.parse_args().seconds
    compile_bytes()
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        environment = {**ENVIRONMENT, "AMENDS_HOME": home, "AMENDS_RATE_LIMIT": "off"}
        with subprocess.Popen(
            [str(AMENDS), "start", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                ready = wait_until_ready(port)
                rows = []
                for connections in (8, 32):
                    asyncio.run(load(port, connections, 1))  # warm-up
                    times, errors, rate = asyncio.run(load(port, connections, seconds))
                    rows.append(
                        [str(connections), f"{rate:.0f}", f"{percentile(times, 0.5):.1f}", f"{percentile(times, 0.99):.1f}", str(errors)]
                    )
            finally:
                os.kill(server.pid, signal.SIGINT)
                server.wait(20)
    words = sum(len(text.split()) for text in MESSAGES) // len(MESSAGES)
    notes = [
        f"One server process, {words}-word messages; the client shares the machine's cores.",
        f"Ready {ready:.1f} s after start on an empty store.",
    ]
    publish("api-speed.md", table("POST /api/v1/check", ["connections", "requests/s", "p50 ms", "p99 ms", "errors"], rows, notes))


if __name__ == "__main__":
    main()
