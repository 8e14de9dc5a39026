"""Every refusal and every problem, from the classes and the calls that make them."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import amends
from amends.core.errors import AmendsError
from amends.interfaces.api.problems import status_of_kind
from pages.markdown import code, described, document, paragraphs, table

ABOUT = """
What cannot be done as asked is refused with an error: one line that says what is wrong, one that says what to do. Its code is stable. The
command line ends with exit status 2, the HTTP API answers with `application/problem+json`.

What is wrong *in* an input and does not stop the rest is a problem: it stands in the `problems` of its document, beside the result.
"""
SKIPPED = ("amends.store.migrations",)
MAKERS = ("Problem", "_problem")
SOURCE = Path(amends.__file__).parent


def every_error() -> list[type[AmendsError]]:
    """All classes of the tree, ordered by code."""
    for module in pkgutil.walk_packages(amends.__path__, "amends."):
        if not module.name.startswith(SKIPPED):
            importlib.import_module(module.name)
    found: set[type[AmendsError]] = set()
    waiting: list[type[AmendsError]] = [AmendsError]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += kind.__subclasses__()
    return sorted((kind for kind in found if kind.__module__.startswith("amends.")), key=lambda kind: (kind.code, kind.__name__))


def every_problem() -> set[str]:
    """The codes of problems, from the calls that make them."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS
            if is_call and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def page() -> str:
    """The page."""
    refusals = table(
        ("code", "HTTP", "what it means"),
        ((code(kind.code), str(status_of(kind)), paragraphs(described(kind.__name__, own_words(kind)))) for kind in every_error()),
    )
    problems = table(
        ("code", "what it means, and what to do"),
        ((code(name), described(f"problem {name} (docs/pages/errors.py)", PROBLEMS.get(name))) for name in sorted(every_problem())),
    )
    return document("Errors and problems", ABOUT, "## Errors", refusals, "## Problems", problems)


def own_words(kind: type[AmendsError]) -> str | None:
    """The docstring of the class itself, not of a parent."""
    return kind.__dict__.get("__doc__")


def status_of(kind: type[AmendsError]) -> int:
    """The status that the API answers with."""
    return int(status_of_kind(kind))


PROBLEMS = {
    "draft-altered": "A stored version of a draft is not the text that the journal recorded. Restore the store from a copy made before.",
    "draft-missing": "The journal speaks of a version of a draft that is not there. Restore the store from a copy made before.",
    "record-altered": "A sent message, a promise or what happened to one is not as it was written. Restore the store from an older copy.",
    "record-missing": "A sent message, a promise or what happened to one is gone. Restore the store from a copy made before.",
    "record-unrecorded": "A message, promise or event that the journal does not know. Restore the store from a copy made before.",
    "draft-unrecorded": "A version of a draft is there that the journal does not speak of. Restore the store from a copy made before.",
    "empty-draft": "There is no text yet. The hint says what the form wants to be said first.",
    "journal-altered": "A row of the journal was changed after it was written. Restore the store from a copy made before.",
    "journal-gap": "Rows of the journal are missing. Restore the store from a copy made before.",
    "journal-link": "A row of the journal does not follow the one before it. Restore the store from a copy made before.",
    "migrations": "The store was last opened by another version of Amends. Start that version, or the newest one.",
    "other-language": "The text does not read as English. Its structure was checked, its words were not.",
    "switch": "An inline switch cannot be used: mistyped, an unknown rule or level, or an end without a start. It names its line.",
    "switch-reason": "An inline switch does not say why. It works; a reason lets the next reader judge whether it still holds.",
    "unknown-zone": "The zone is not in the zone database; the offset of `at` was used. Write an IANA name, such as Europe/London.",
    "unused-switch": "An inline switch silences nothing any more. Remove it.",
}
"""What each problem means for the person who reads it; a code that is missing here fails the check."""
