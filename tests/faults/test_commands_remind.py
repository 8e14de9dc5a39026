"""The commands themselves, as processes, with a project file, a real HTTP server and a real mail server, on both databases."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends.store.engine import open_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.wiring import ids, system_clock
from integrations.servers import Mail, Web, mail, web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAIN = [sys.executable, "-c", "import sys; from amends.interfaces.cli.main import main; sys.exit(main(sys.argv[1:]))"]
PATIENCE_S = 30


class House:
    """A folder with a project file, a store with one promise that is due now, and servers that reminders go to."""

    def __init__(self, url: str, folder: Path, hook: Web, post: Mail) -> None:
        self.folder, self.hook, self.post = folder, hook, post
        self.environment = {**os.environ, "AMENDS_DATABASE_URL": url, "AMENDS_HOME": str(folder / "home"), "HOME": str(folder)}
        self.environment |= {"HOOK": f"{hook.url}/hook", "HOOK_SECRET": "a secret"}
        (folder / "amends.toml").write_text(
            '[channels.room]\nkind = "webhook"\nurl = "$HOOK"\nsecret = "$HOOK_SECRET"\nallow_private = true\nperson = "local"\n'
            f'[channels.letters]\nkind = "email"\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
            'from = "amends@example.org"\npeople = { local = "me@example.org" }\n'
        )
        store = open_store(url)
        usecases = UseCases(Checking, lambda: store, system_clock(), ids())
        self.due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        self.promise = usecases.promising.add("the next update", self.due).promise.id
        usecases.close()

    def start(self, *words: str) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.started = subprocess.Popen([*MAIN, *words], env=self.environment, cwd=self.folder, text=True, **pipes)
        return self.started

    def wait_until_due(self) -> None:
        time.sleep(max(0.0, (self.due - datetime.now(UTC)).total_seconds()) + 0.01)

    def wait_for(self, happened: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not happened():
            if time.monotonic() > until:
                self.started.kill()
                pytest.fail(f"arrived: {self.hook.seen} {self.post.seen}; the process said: {self.started.communicate()}")
            time.sleep(0.02)

    def arrived(self) -> tuple[dict[str, object], email.message.EmailMessage]:
        self.wait_for(lambda: self.hook.seen and self.post.seen)
        ((_, _, body),), ((_, to, content),) = self.hook.seen, self.post.seen
        assert to == ["me@example.org"]
        return json.loads(body), email.message_from_bytes(content, policy=email.policy.default)


@pytest.fixture
def house(store_url: str, tmp_path: Path) -> Iterator[House]:
    with web() as hook, mail() as post:
        yield House(store_url, tmp_path, hook, post)


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


def test_cron_reminds_by_webhook_and_by_mail_and_the_next_call_by_none(house: House) -> None:
    house.wait_until_due()
    process = house.start("due", "--send", "--format", "json")
    out, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said) == (0, "")
    assert json.loads(out)["run"] == {"sent": 2, "repeated": 0, "unsent": 0}
    event, letter = house.arrived()
    assert event["subject"] == house.promise
    assert event["type"] == "amends.reminder.due"
    assert "the next update" in str(letter["Subject"])
    assert letter["Message-ID"] != f"<{event['id']}@amends>", "each channel has a reminder of its own"
    house.start("due", "--send", "--quiet").communicate(timeout=PATIENCE_S)
    house.arrived()


def test_the_worker_reminds_and_ends_cleanly(house: House) -> None:
    house.wait_until_due()
    process = house.start("work")
    house.arrived()
    status, said = end(process)
    assert status == 0
    assert said == "reminding through room, letters (Ctrl+C stops it)\n", "and nothing of the job engine"
    done = house.start("due", "--send", "--format", "json")
    assert json.loads(done.communicate(timeout=PATIENCE_S)[0])["run"]["sent"] == 0


def test_the_server_reminds_beside_its_pages_and_ends_cleanly(house: House) -> None:
    house.wait_until_due()
    process = house.start("start", "--port", "0")
    house.arrived()
    _, said = end(process)
    assert "Traceback" not in said
    assert said.count("\n") == 1, said
    done = house.start("due", "--send", "--format", "json")
    assert json.loads(done.communicate(timeout=PATIENCE_S)[0])["run"] == {"sent": 0, "repeated": 0, "unsent": 0}


def test_without_a_channel_the_commands_say_how_to_have_one(house: House) -> None:
    (house.folder / "amends.toml").write_text("")
    for words in (("work",), ("due", "--send")):
        process = house.start(*words)
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 2
        assert "[channels.NAME]" in said


def test_a_variable_that_is_not_set_is_named(house: House) -> None:
    del house.environment["HOOK"]
    process = house.start("work")
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "HOOK" in said
