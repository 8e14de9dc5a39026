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
MAKERS = ("Problem", "_problem", "problem", "_tell")
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
            if isinstance(node, ast.Call) and _name_of(node.func) in MAKERS and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def _name_of(called: ast.expr) -> str | None:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else None


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
    "bad-archive": "A member of an archive was left closed: encrypted, damaged, too large, or with a name that leads out of it.",
    "bad-field": "A field of an update has another kind of value than expected; the update was left out.",
    "bad-line": "A line, or a mail, of a feed of updates cannot be read; the rest was.",
    "bad-time": "An update has a time that is none. Write it as 2026-03-04T10:50:00+00:00.",
    "missing-field": "An update lacks a field that it needs; the message names it.",
    "no-incident": "Nothing says to which incident an update belongs. Write it into its front matter, or put it into a folder of its own.",
    "no-time": "An update has no time of its own. Write it into its front matter or its file name.",
    "not-read": "A file among the sources holds no updates of a kind that is known.",
    "too-large": "A line, mail or file among the sources is larger than what is read as one.",
    "unknown-audience": "An update names an audience that is none; it was left out.",
    "unreadable": "A file among the sources cannot be opened, or breaks off.",
    "deleted": "A message of a chat was changed or deleted; what it said is not in the export, so nothing is known of it.",
    "duplicate": "An update is there twice. It counts once; export it once.",
    "empty": "An update has no text. It tells its readers nothing, and promises nothing.",
    "same-id": "Two different updates carry one id. Both count; give each its own.",
    "unordered": "The updates of an incident are not in the order of their times. They were sorted.",
    "later": "Updates after the time given by --at were left out.",
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
