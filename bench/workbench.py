"""What the measurements of the workbench share: a private PostgreSQL, the real server as a process, and a plain HTTP client."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from common import AMENDS, ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
PROGRAMS = Path("/usr/lib/postgresql")
IDLE_S = 4.0
"""After this long without a request a connection is made anew: the server hangs up after five seconds."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database of a PostgreSQL of our own, with its usual settings: what it acknowledges is on the disk."""
    folders = sorted(PROGRAMS.glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    if found is None and not folders:
        raise SystemExit("PostgreSQL is not installed")
    programs = Path(found).parent if found else folders[-1]
    folder = tempfile.mkdtemp(prefix="amends-bench-")
    before = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; its package brings a user for it.
        before = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*before, str(programs / program), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    data, port = f"{folder}/data", free_port()
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "amends", "-E", "UTF8", "--no-locale")
        run("pg_ctl", "-D", data, "-o", f"-h {LOOPBACK} -p {port} -k {folder}", "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://amends@{LOOPBACK}:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


class Server:
    """`amends start` as a process; `cold_s` is how long it took from its start to the first 200 of the first page."""

    def __init__(self, home: str, database: str | None = None) -> None:
        self.port = free_port()
        environment = {**ENVIRONMENT, "AMENDS_HOME": home, "AMENDS_RATE_LIMIT": "off"}
        if database:
            environment["AMENDS_DATABASE_URL"] = database
        began = time.perf_counter()
        command = [str(AMENDS), "start", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._wait("/")
        self.cold_s = time.perf_counter() - began

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    def resident_mb(self) -> float:
        """Its resident memory now, in MB of 1024 kB, as the kernel tells it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def cpu_s(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> tuple[float, str]:
        """Stop it as Ctrl+C does: how long that took, and what it had to say."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        try:
            _, said = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit("the workbench did not stop within half a minute") from None
        return time.perf_counter() - began, said

    def _wait(self, path: str) -> None:
        until = time.perf_counter() + 120
        while time.perf_counter() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"the workbench ended: {self.process.stderr and self.process.stderr.read()}")
            try:
                with urllib.request.urlopen(self.address + path, timeout=60) as answer:  # noqa: S310  # our own server
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.005)
        raise SystemExit("the workbench did not start within two minutes")


class Person:
    """One connection that sends the next request when the last is answered, as a browser tab does; raw, so that the client costs little."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._token = token
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._used = 0.0

    async def ask(self, verb: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and unpacked body of one answer."""
        if self._writer is not None and time.perf_counter() - self._used > IDLE_S:
            self._writer.close()
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(LOOPBACK, self._port, limit=2**22)
        head = f"{verb} {path} HTTP/1.1\r\nHost: {LOOPBACK}:{self._port}\r\nAccept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += f"Content-Type: {kind}\r\n"
        if self._token:
            head += f"Authorization: Bearer {self._token}\r\n"
        self._writer.write(f"{head}\r\n".encode() + body)
        assert self._reader is not None
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
        content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        self._used = time.perf_counter()
        if headers.get("connection") == "close":
            self._writer.close()
        return int(lines[0].split(" ")[1]), headers, gzip.decompress(content) if headers.get("content-encoding") == "gzip" else content

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()


async def stream(port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An answer that lasts, after its head."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port, limit=2**22)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise SystemExit(f"no stream: {head.decode('latin-1')}")
    return reader, writer
