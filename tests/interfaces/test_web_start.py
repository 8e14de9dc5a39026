"""How a server process comes to be: what the environment and the project file say, and a port that is free."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from amends import asgi
from amends.core.errors import InputError, UsageError
from amends.interfaces.api.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN = [sys.executable, "-c", "import sys; from amends.interfaces.cli.main import main; sys.exit(main(sys.argv[1:]))"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asgi.limits_from_environment() == Limits(burst=100)
    monkeypatch.setenv("AMENDS_RATE_LIMIT", "2.5")
    monkeypatch.setenv("AMENDS_MAX_BYTES", "5000")
    assert asgi.limits_from_environment() == Limits(max_bytes=5000, per_second=2.5, burst=5)
    monkeypatch.setenv("AMENDS_RATE_LIMIT", "off")
    assert asgi.limits_from_environment().per_second == 0


@pytest.mark.parametrize("said", ["none", "-1", "0", "nan", "inf"])
def test_a_limit_that_is_no_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("AMENDS_RATE_LIMIT", said)

    with pytest.raises(UsageError, match="AMENDS_RATE_LIMIT"):
        asgi.limits_from_environment()


def test_the_project_file_of_the_folder_counts_here_as_on_the_command_line(home: Path) -> None:
    (home / "project/amends.toml").write_text('ignore = ["vague-time"]\n')
    client = TestClient(asgi.create())

    rules = [
        one["rule"] for one in client.post("/api/v1/check", json={"text": "We will share more as soon as possible."}).json()["findings"]
    ]

    assert "vague-time" not in rules


def test_a_project_file_that_is_wrong_is_told(home: Path) -> None:
    (home / "project/amends.toml").write_text("ignores = []\n")

    with pytest.raises(InputError, match=r"ignores"):
        asgi.create()


@pytest.fixture
def started(home: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "AMENDS_HOME": str(home / "home")}
    process = subprocess.Popen([*MAIN, "start", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment)
    yield process
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def test_start_says_where_it_is_and_serves_with_its_own_database(started: subprocess.Popen[str], home: Path) -> None:
    assert started.stderr is not None
    said = started.stderr.readline()
    address = said.split()[3]

    assert said.startswith("Amends is at http://127.0.0.1:")
    for path in ("/healthz", "/readyz", "/", "/drafts", "/api/v1/openapi.json"):
        with urllib.request.urlopen(address + path, timeout=20) as answer:
            assert answer.status == 200, path
    assert (home / "home/amends.sqlite3").exists()
    assert (home / "home/amends.sqlite3").stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_an_error_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([*MAIN, "start", "--port", str(port)], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "--port 0" in done.stderr
