"""Compiles the data files of the language room, the formats of line logs and the scenarios, into one file each while the package is built.

Reading a hundred TOML files costs more than a whole check may take; one binary file costs a millisecond (docs/decisions/0003).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Writes `language/index.bin`, `timeline/formats.bin` and `practice/scenarios.bin` into the package that is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, or fail the build with the file and the field that is wrong.

        An editable install is left alone: there `just index`, the scripts and the tests compile, and a half-written rule
        does not cost anybody the environment.
        """
        if version == "editable":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        try:
            from amends.language.compile import main as compile_language
            from amends.practice.compile import main as compile_scenarios
            from amends.timeline.compile import main as compile_formats
        finally:
            sys.path.remove(str(source))
        if compile_language() != 0 or compile_formats() != 0 or compile_scenarios() != 0:
            raise SystemExit("a data file of amends/language, amends/timeline or amends/practice is wrong (see above)")
