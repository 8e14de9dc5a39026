"""Work in a process of its own: what it tells, what it gives, and what becomes of it when either side ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from amends.integrations.evidence.apart import ApartError, apart
from integrations.apart_tasks import counting, dying, refusing


class EnoughError(Exception):
    pass


def test_what_it_tells_and_gives_arrives_and_it_was_done_elsewhere() -> None:
    told: list[tuple[int, int]] = []
    made = apart(counting, (3,), lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert made["process"] != os.getpid()


def test_what_went_wrong_there_is_told_in_its_words() -> None:
    with pytest.raises(ApartError, match=r"nothing could be read of app\.log") as caught:
        apart(refusing, ("app.log",), lambda *_: None)
    assert caught.value.hint == "give another file"


def test_a_process_that_dies_is_an_error_and_not_a_wait_for_ever() -> None:
    with pytest.raises(ApartError, match="died"):
        apart(dying, (), lambda *_: None)


def test_who_has_heard_enough_ends_it() -> None:
    def enough(done: int, _: int) -> None:
        if done == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        apart(counting, (1_000_000_000,), enough)


def test_a_server_that_stops_waits_for_no_reading_and_leaves_no_process_behind(tmp_path: Path) -> None:
    program = (
        "import threading, time\n"
        "from amends.integrations.evidence.apart import apart\n"
        "from integrations.apart_tasks import endless\n"
        "if __name__ == '__main__':\n"
        f"    threading.Thread(target=lambda: apart(endless, ({str(tmp_path)!r},), lambda *_: None), daemon=True).start()\n"
        f"    while not list(__import__('pathlib').Path({str(tmp_path)!r}).iterdir()): time.sleep(0.01)\n"
    )
    file = tmp_path.with_suffix(".py")
    file.write_text(program)
    paths = os.pathsep.join(sys.path)
    there = {**os.environ, "PYTHONPATH": paths}
    ran = subprocess.run([sys.executable, str(file)], check=False, env=there, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    (name,) = [path.name for path in tmp_path.iterdir()]
    deadline = time.monotonic() + 10
    while Path(f"/proc/{name}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{name}").exists()
