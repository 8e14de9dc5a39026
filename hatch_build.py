"""Compiles the data files of the language room into one index while the package is built.

Reading a hundred TOML files costs more than a whole check may take; one binary file costs a millisecond (docs/decisions/0003).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Runs for wheels, and for editable installs too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write `language/index.bin`, or fail the build with the file and field that is wrong."""
        source = Path(self.root) / "src"
        target = source / "amends" / "language"
        if not (target / "compile.py").exists():
            return
        sys.path.insert(0, str(source))
        try:
            try:
                from amends.language.compile import compile_index
            except ImportError:
                return
            (target / "index.bin").write_bytes(compile_index(target))
        finally:
            sys.path.remove(str(source))
