"""Writes the generated parts of the documentation from the code, or says which of them are old.

    python docs/generate.py            writes
    python docs/generate.py --check    writes nothing; lists what differs, exit status 1 when something does

Two kinds of things are generated: whole pages in `docs/reference`, and the output of the commands shown in pages written by hand.
What the code does not say (a setting without a description, an option without help) is an error here.
"""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

from pages import api, cli, consoles, errors, forms, playbooks, rules, schemas, settings
from pages.markdown import UndocumentedError

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
BY_HAND = ["README.md", "docs/tutorial.md", "docs/why.md", "docs/how-to/*.md"]
MOST_DIFFERENCES = 12


def wanted() -> dict[Path, str]:
    """Every generated file with the content that it should have."""
    pages = {
        REFERENCE / "cli.md": cli.page(),
        REFERENCE / "settings.md": settings.page(),
        REFERENCE / "rules.md": rules.page(),
        REFERENCE / "forms.md": forms.page(),
        REFERENCE / "playbooks.md": playbooks.page(),
        REFERENCE / "errors.md": errors.page(),
        REFERENCE / "api.md": api.page(),
        REFERENCE / "schemas" / "README.md": schemas.page(),
    }
    pages |= {REFERENCE / "schemas" / name: as_json(schema) for name, schema in schemas.files().items()}
    for pattern in BY_HAND:
        pages |= {path: consoles.refreshed(path.read_text()) for path in sorted(ROOT.glob(pattern))}
    return pages


def as_json(value: object) -> str:
    """JSON for people: indented, keys in the order of the contract."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main(words: list[str]) -> int:
    """Write or check; see the module."""
    try:
        pages = wanted()
    except UndocumentedError as error:
        print(error, file=sys.stderr)
        return 1
    stray = sorted(path for path in REFERENCE.rglob("*") if path.is_file() and path not in pages)
    old = {path: text for path, text in pages.items() if not path.exists() or path.read_text() != text}
    if "--check" in words:
        for path, text in old.items():
            report(path, text)
        for path in stray:
            print(f"{path.relative_to(ROOT)}: nothing generates this page")
        if old or stray:
            print("`just docs` writes them anew")
        return 1 if old or stray else 0
    for path, text in old.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))
    for path in stray:
        path.unlink()
        print(f"{path.relative_to(ROOT)} removed")
    return 0


def report(path: Path, text: str) -> None:
    """Say that a page is old, with its first differences."""
    before = path.read_text().splitlines() if path.exists() else []
    lines = list(difflib.unified_diff(before, text.splitlines(), "as it is", "as it should be", lineterm="", n=0))[2:]
    print(f"{path.relative_to(ROOT)} is old:")
    for line in lines[:MOST_DIFFERENCES]:
        print(f"    {line[:160]}")
    if len(lines) > MOST_DIFFERENCES:
        print(f"    … and {len(lines) - MOST_DIFFERENCES} more lines")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
