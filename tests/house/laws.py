"""The laws of the house that no ready-made tool checks. Each takes a folder or a text and returns what breaks it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 500
MOST_FUNCTION_LINES = 60

UNFINISHED = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" * 3)))
"""Put together here, so that this file does not break its own law."""

IGNORE = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|nosec|mypy:\s*ignore-errors|ruff:\s*noqa)\b(?P<rest>.*)", re.IGNORECASE)
REASONED = re.compile(
    r"""
    ^(?: :\s*[A-Z]+[0-9]+ (?: [,\s]+[A-Z]+[0-9]+ )* | \[[a-z-]+ (?: ,\s*[a-z-]+ )* \] )   # which rule is silenced
    \s* [#(—-] \s* \S .{8,}                                                                     # and why
""",
    re.VERBOSE,
)

HOSTS = tuple(".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("unpkg", "com"),
    ("jsdelivr", "net"), ("cdnjs", "com"), ("crates", "io"), ("golang", "org"), ("rubygems", "org"), ("anaconda", "org"), ("esm", "sh"),
))  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|Users|work|home/(?!user\b|you\b|\$)[a-z])[/\w]")
TEXT_SUFFIXES = frozenset(
    ".py .toml .txt .md .json .jsonl .html .css .js .mjs .svg .sh .yml .yaml .cfg .ini .sql .mako".split()
)  # fmt: skip


def python_files(root: Path) -> list[Path]:
    """Our Python files below a folder, in a fixed order."""
    kept = ("src", "tests", "docs", "bench", "script")
    found = [path for part in kept for path in (root / part).rglob("*.py")] + list(root.glob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def committed_files(root: Path) -> list[Path]:
    """The files that git keeps, or will keep when they are added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    return sorted(path for name in listed.split("\0") if name and (path := root / name).is_file())


def long_modules(root: Path) -> list[str]:
    """Modules with more lines than somebody reads in one go."""
    counted = ((path, len(path.read_text().splitlines())) for path in python_files(root))
    return [f"{path.relative_to(root)}: {lines} lines" for path, lines in counted if lines > MOST_LINES]


def long_functions(root: Path) -> list[str]:
    """Functions with more lines than fit a screen."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: {node.name} has {length} lines"
        for path, node in _functions(root)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]


def untyped_functions(root: Path) -> list[str]:
    """Functions with a parameter or a result that no annotation speaks of."""
    return [f"{path.relative_to(root)}:{node.lineno}: {node.name}" for path, node in _functions(root) if not _is_typed(node)]


def unfinished(root: Path) -> list[str]:
    """Marks of work that was left for later."""
    return list(_lines_with(root, lambda line: bool(UNFINISHED.search(line))))


def bare_ignores(root: Path) -> list[str]:
    """Silenced tools without the code of what is silenced, or without the reason."""
    return list(_lines_with(root, _is_bare))


def foreign_addresses(files: list[Path], root: Path) -> list[str]:
    """Registry hosts, and paths that exist on one machine only, in files that others will read."""
    found = []
    for path in files:
        if path.suffix not in TEXT_SUFFIXES and path.suffix:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            named = [host for host in HOSTS if host in line] + MACHINE_PATH.findall(line)
            found += [f"{path.relative_to(root)}:{number}: {name}" for name in named]
    return found


def _functions(root: Path) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _has_typed_twin(path, node):
                yield path, node


def _has_typed_twin(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """`record` is declared twice: typed for the checker, and plain for the run (core/record.py tells why)."""
    return path.name == "record.py" and node.name == "record"


def _is_typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *(one for one in (given.vararg, given.kwarg) if one)]
    missing = [one for one in named if one.annotation is None and one.arg not in ("self", "cls")]
    return node.returns is not None and not missing


def _is_bare(line: str) -> bool:
    match = IGNORE.search(line)
    return bool(match) and not REASONED.match(match["rest"])


def _lines_with(root: Path, breaks: Callable[[str], bool]) -> Iterator[str]:
    for path in python_files(root):
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if breaks(line):
                yield f"{path.relative_to(root)}:{number}: {line.strip()}"
