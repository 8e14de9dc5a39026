"""Commits around an incident: from a repository of this machine without running anything of it, and from GitHub whatever it answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from amends.core.errors import OutsideError
from amends.integrations.commits import is_repository, local_commits
from amends.integrations.trackers import talk
from amends.integrations.trackers.github import MOST_COMMITS, GitHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SINCE, UNTIL = datetime(2026, 3, 4, 8, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str, at: str = "2026-03-04T10:00:00+00:00") -> None:
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "a@example.org"), ("DATE", at))
    }
    env = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for at, message in (
        ("2026-03-01T10:00:00+00:00", "long before"),
        ("2026-03-04T10:30:00+01:00", "billing: run the job on one host\n\nBecause two hosts ran it."),
        ("2026-03-04T11:00:00+00:00", "subject with \x1b[31mcolour\u202e\n\nbody"),
        ("2026-03-05T10:00:00+00:00", "long after"),
    ):
        git(folder, "commit", "-q", "--allow-empty", "-m", message, at=at)
    return folder


@needs_git
def test_the_commits_between_two_moments_are_read_with_their_bodies(repository: Path) -> None:
    assert is_repository(str(repository))
    found, problems = local_commits(str(repository), SINCE, UNTIL)
    assert problems == ()
    assert [(one.at.hour, one.subject, one.body) for one in found] == [
        (11, "subject with [31mcolour", "body"), (9, "billing: run the job on one host", "Because two hosts ran it."),
    ]  # fmt: skip
    assert all(len(one.sha) == 40 for one in found)


@needs_git
def test_nothing_of_a_repository_is_run(repository: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    for hook in ("post-checkout", "reference-transaction", "fsmonitor-watchman"):
        (repository / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (repository / ".git" / "hooks" / hook).chmod(0o755)
    with (repository / ".git" / "config").open("a") as file:
        file.write(f"[core]\n\tpager = touch {marker}\n\tfsmonitor = touch {marker}\n[alias]\n\tlog = !touch {marker}\n")
    found, _ = local_commits(str(repository), SINCE, UNTIL)
    assert len(found) == 2
    assert not marker.exists()


def test_a_folder_that_is_no_repository_is_a_problem(tmp_path: Path) -> None:
    assert not is_repository(str(tmp_path))
    for folder in (tmp_path, tmp_path / "none"):
        found, problems = local_commits(str(folder), SINCE, UNTIL)
        assert found == ()
        assert problems


# GitHub


class Server:
    """A server that speaks as GitHub does: `answers` are pages of commits, or a status with a body and headers."""

    def __init__(self) -> None:
        self.pages: list[list[dict[str, Any]]] = [[]]
        self.refuse: tuple[int, bytes, dict[str, str]] | None = None
        self.stall = threading.Event()
        self.slow = False
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.url = ""


@contextmanager
def running() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            told.asked.append((parts.path, query, self.headers.get("Authorization", "")))
            if told.slow:
                told.stall.wait(5)
                return
            status, body, headers = told.refuse or self._page(int(query["page"][0]))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _page(self, number: int) -> tuple[int, bytes, dict[str, str]]:
            more = {"Link": f'<{told.url}?page={number + 1}>; rel="next"'} if number < len(told.pages) else {}
            return 200, json.dumps(told.pages[number - 1]).encode(), more

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield told
    told.stall.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(talk, "PAUSES_S", (0.0, 0.0))
    with running() as told:
        yield told


def hub(server: Server, **more: Any) -> GitHub:
    return GitHub("ours", "shop/billing", "t0ken", url=server.url, **{"allow_private": True, **more})


def told(sha: str, message: str = "billing: run the job on one host\n\nWhy.", **more: Any) -> dict[str, Any]:
    commit = {"message": message, "committer": {"date": "2026-03-04T09:30:00Z"}}
    return {"sha": sha * 40, "html_url": f"https://github.com/shop/billing/commit/{sha}", "commit": commit, **more}


def test_github_is_asked_for_the_window_page_by_page_with_the_token(server: Server) -> None:
    server.pages = [[told("a")], [told("b")]]
    found = hub(server).commits(SINCE, UNTIL)
    first = found[0]
    assert (first.sha[0], first.subject, first.body) == ("a", "billing: run the job on one host", "Why.")
    assert (first.at, first.url) == (datetime(2026, 3, 4, 9, 30, tzinfo=UTC), "https://github.com/shop/billing/commit/a")
    assert len(found) == 2
    path, query, token = server.asked[0]
    assert (path, token) == ("/repos/shop/billing/commits", "Bearer t0ken")
    assert (query["since"], query["until"]) == (["2026-03-04T08:00:00Z"], ["2026-03-04T12:00:00Z"])


def test_no_more_pages_are_asked_for_than_an_incident_can_need(server: Server) -> None:
    server.pages = [[told("a")]] * 50
    hub(server).commits(SINCE, UNTIL)
    assert len(server.asked) == MOST_COMMITS // 100


def test_what_is_no_commit_is_left_out_and_what_is_no_address_is_not_shown(server: Server) -> None:
    odd = [
        {},
        None,
        7,
        {"sha": "x"},
        {**told("c"), "sha": "../../x"},
        {**told("c"), "commit": {"message": 3, "committer": {"date": "2026-03-04T09:30:00Z"}}},
    ]
    server.pages = [[*odd, told("d", html_url="javascript:alert(1)"), told("e", message="\n\n")]]
    found = hub(server).commits(SINCE, UNTIL)
    assert [(one.sha[0], one.url, one.subject) for one in found] == [
        ("d", None, "billing: run the job on one host"),
        ("e", "https://github.com/shop/billing/commit/e", ""),
    ]


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        ((403, b'{"message": "API rate limit exceeded"}', {"x-ratelimit-remaining": "0", "retry-after": "30"}), "too many requests"),
        ((404, b'{"message": "Not Found"}', {}), "answered 404"),
        ((401, b'{"message": "Bad credentials"}', {}), "answered 401"),
        ((200, b'[{"sha": "aaa', {}), "no JSON"),
        ((200, b"", {}), "no JSON"),
        ((200, b'{"sha": "a"}', {}), "no such tracker"),
        ((302, b"", {"location": "http://169.254.169.254/"}), "answered 302"),
        ((500, b"", {}), "cannot answer now"),
    ],
)  # fmt: skip
def test_every_refusal_is_told_with_what_to_do(server: Server, refuse: tuple[int, bytes, dict[str, str]], words: str) -> None:
    server.refuse = refuse
    with pytest.raises(OutsideError, match=words) as caught:
        hub(server).commits(SINCE, UNTIL)
    assert caught.value.hint
    assert all(path.startswith("/repos/") for path, _, _ in server.asked), "no redirect is followed"


def test_a_server_that_is_slow_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "TIMEOUT_S", 0.2)
    server.slow = True
    with pytest.raises(OutsideError, match="not reached"):
        hub(server).commits(SINCE, UNTIL)


def test_the_own_network_has_to_be_meant(server: Server) -> None:
    with pytest.raises(OutsideError, match="own network"):
        hub(server, allow_private=False).commits(SINCE, UNTIL)
    assert server.asked == []
