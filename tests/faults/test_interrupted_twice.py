"""Two interrupts in quick succession, as of somebody who does not want to wait: real processes end with 130, and say nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.interfaces.cli.interrupts import led_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored, where a shell started us in its background
    "from amends.interfaces.cli.main import main; sys.exit(main())"
)
PATIENCE_S = 60
LINE = b"2026-03-04T10:00:%02d.%03dZ INFO worker-%d finished job %d in %d ms\n"


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command in a folder and a session of its own; whatever a test leaves running is ended."""
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    begun: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        begun.append(subprocess.Popen([sys.executable, "-c", PROGRAM, *words], cwd=tmp_path, text=True, start_new_session=True, **pipes))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


def interrupted(process: subprocess.Popen[str], gap: float) -> tuple[int, str]:
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(gap)
    with suppress(ProcessLookupError):  # it was quicker
        os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=PATIENCE_S)[1]
    return process.returncode, said


@pytest.mark.parametrize("gap", [0.005, 0.03, 0.1])
def test_the_workbench(begin: Callable[..., subprocess.Popen[str]], gap: float) -> None:
    process = begin("start", "--port", "0")
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Amends is at")
    time.sleep(0.3)
    status, said = interrupted(process, gap)
    assert (status, said.strip()) == (130, "")


def test_the_worker_does_not_wait_for_an_answer_that_never_comes(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hook = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        (tmp_path / "amends.toml").write_text(f'[channels.room]\nkind = "webhook"\nurl = "{hook}"\nallow_private = true\n')
        usecases = wiring.open_usecases()
        usecases.promising.add("the next update", datetime.now(UTC) + timedelta(seconds=1))
        usecases.close()
        process = begin("work")
        silent.settimeout(PATIENCE_S)
        asked, _ = silent.accept()
        with asked:
            before = time.monotonic()
            status, said = interrupted(process, 0.3)
    assert (status, "Traceback" in said) == (130, False), said
    assert said.splitlines()[0].startswith("reminding through room")
    assert time.monotonic() - before < 8, "the answer is waited for ten seconds by whoever waits"


def test_a_long_command_and_its_workers(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"".join(LINE % (n % 60, n % 1000, n % 7, n, n % 900) for n in range(600_000)))
    process = begin("timeline", str(log), "--format", "jsonl", "-o", str(tmp_path / "out.jsonl"))
    until = time.monotonic() + PATIENCE_S
    while not list((tmp_path / "home").glob("timeline/units/*/*")):
        assert process.poll() is None, "it was over before it could be stopped"
        assert time.monotonic() < until
        time.sleep(0.005)
    status, said = interrupted(process, 0.01)
    assert (status, "Traceback" in said) == (130, False), said
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a worker process stayed behind")


def test_what_breaks_while_an_interrupt_is_tidied_up_after_is_told_from_what_breaks_by_itself() -> None:
    def broken(first: type[BaseException]) -> BaseException:
        try:
            try:
                raise first
            finally:
                raise ValueError  # what closing something half closed does
        except ValueError as error:
            return error

    assert led_to(broken(KeyboardInterrupt))
    assert not led_to(broken(OSError))
