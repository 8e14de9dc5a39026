"""The terminals shown in these pages are real ones: every command of a page is run, at the times that the page names."""

from __future__ import annotations

import os
import re
import shlex
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from amends import wiring
from amends.interfaces.cli.main import main
from amends.testing import START, FixedClock
from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ("follow-through", "keep-promises", "look-back-honestly", "own-an-incident", "tell-one-account", "tell-people", "write-together")
PART = re.compile(
    r"<!-- at (?:(?P<day>\d+) March )?(?P<hour>\d\d):(?P<minute>\d\d) -->"
    r"|^```text(?: (?P<file>[\w.]+))?\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class PageIds:
    """Ids in the order in which they were made, each with another end, the same in every run."""

    def __init__(self) -> None:
        self._number = 0
        self._dice = Random(11)

    def new(self) -> str:
        self._number += 1
        return f"{self._number:020d}" + "".join(self._dice.choices(wiring.Ulids.alphabet, k=6))


class Page:
    """The page as it would be if its commands were run now."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        self.commands = 0
        self._folder = folder

    def refreshed(self, text: str) -> str:
        return PART.sub(self._part, text)

    def _part(self, part: re.Match[str]) -> str:
        if part["hour"]:
            there = START.replace(day=int(part["day"] or START.day), hour=int(part["hour"]), minute=int(part["minute"]))
            self.clock.advance(seconds=(there - self.clock.now()).total_seconds())
            return part[0]
        if part["file"]:
            (self._folder / part["file"]).write_text(part["body"])
            return part[0]
        commands = [line for line in part["body"].splitlines() if line.startswith("$ amends ")]
        return "```text\n" + "".join(f"{command}\n{self._run(command)}" for command in commands) + "```" if commands else part[0]

    def _run(self, command: str) -> str:
        self.commands += 1
        runner = CliRunner()
        with runner.isolation() as (_, _, out):  # both streams, as a terminal shows them
            main(shlex.split(command)[2:])
            return out.getvalue().decode()


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    made = Page(tmp_path)
    ids: Any = PageIds()
    monkeypatch.chdir(tmp_path)
    for name, value in {"AMENDS_HOME": str(tmp_path), "HOME": str(tmp_path), "TZ": "Europe/London", "COLUMNS": "100"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.setattr(wiring, "system_clock", lambda: made.clock)
    monkeypatch.setattr(wiring, "ids", lambda: ids)
    return made


@pytest.mark.parametrize("name", PAGES)
def test_what_the_page_shows_is_what_the_commands_print(page: Page, name: str) -> None:
    path = ROOT / "docs" / "how-to" / f"{name}.md"
    shown = path.read_text()
    now = page.refreshed(shown)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(now)
    assert page.commands >= 8
    assert now == shown or os.environ.get("UPDATE_GOLDEN")
