"""Turns the data files of the engine into tests: each example of a rule and each model message of a form is one.

`pytest src/amends/language/rules/vague-time.toml` runs one file, `… ::hit[2]` one example. It stands at the root, because pytest asks
only the conftest files above a data file. Teams test their own files with the same functions: `amends rules test`.
"""

from __future__ import annotations

import gc
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.language.index import Index

ROOT = Path(__file__).parent
LANGUAGE = ROOT / "src" / "amends" / "language"

# A busy machine is no failure; and what continuous integration tries must be the same for the same commit.
settings.register_profile("amends", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("amends")

# Tests choose their own zone, home and colours; what the machine sets must not leak in.
for name in ("AMENDS_HOME", "AMENDS_DATABASE_URL", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS"):
    os.environ.pop(name, None)

# What is imported and collected stays, so looking for garbage there finds none; it took a third of the time until the first test.
gc.disable()


def pytest_collection_finish() -> None:
    """The tests begin."""
    gc.enable()


@cache
def fresh_index() -> Index:
    """The engine's data as the files say it now; the built index follows them, so that processes started by tests agree."""
    from amends.language.compile import compile_index
    from amends.language.index import load

    built = LANGUAGE / "index.bin"
    data = compile_index(LANGUAGE)
    if not built.exists() or built.read_bytes() != data:
        # Several test processes may do this at once: each writes its own file and puts it in place in one step.
        own = built.with_suffix(f".{os.getpid()}")
        own.write_bytes(data)
        own.replace(built)
    return load()


def pytest_configure() -> None:
    """The built formats of line logs follow their files too."""
    from amends.timeline.compile import is_current, main

    if not is_current() and main() != 0:
        raise pytest.UsageError("a format in src/amends/timeline/formats is wrong (see above)")


class ExampleFailedError(Exception):
    """An example does not behave as its file says."""


class DataFile(pytest.File):
    """One rule or form file; `kind` is the name of its folder."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each example, and one for the law that there are enough of them."""
        from amends.core.errors import InputError
        from amends.language.selftest import form_cases, rule_cases

        read = {"rules": rule_cases, "forms": form_cases}[self.path.parent.name]
        try:
            for case in read(str(self.path), fresh_index()):
                yield DataCase.from_parent(self, name=case.name, check=case.run)
        except InputError as error:
            place = f"{error.path or self.path}:{error.line}" if error.line else error.path or self.path
            raise self.CollectError(f"{place}: {error.field or 'file'}: {error.message} {error.hint}") from error


class DataCase(pytest.Item):
    """One example; its failure is a sentence, not a traceback."""

    def __init__(self, *, check: Callable[[], str | None], **named: Any) -> None:
        super().__init__(**named)
        self.check = check

    def runtest(self) -> None:
        """Run the example through the engine that the product uses."""
        failure = self.check()
        if failure is not None:
            raise ExampleFailedError(failure)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """What the example shows, without the frames of the engine."""
        if isinstance(excinfo.value, ExampleFailedError):
            return f"{self.path.relative_to(ROOT)}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the example stands, for the summary."""
        return self.path, None, f"{self.path.name}::{self.name}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect rule and form files."""
    if file_path.suffix == ".toml" and file_path.parent in (LANGUAGE / "rules", LANGUAGE / "forms"):
        return DataFile.from_parent(parent, path=file_path)
    return None
