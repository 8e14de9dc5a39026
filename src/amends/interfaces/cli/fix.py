"""Changes that need nobody's knowledge: made in the file, or shown as a diff."""

from __future__ import annotations

import os

from amends.core.errors import InputError

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from amends.language.records import Document, Edit


def fixed(text: str, document: Document) -> tuple[str, int]:
    """The text after the complete edits of its findings, and how many there were. Where two overlap, the first finding wins."""
    chosen: list[Edit] = []
    for finding in document.findings:
        edit = next((one for one in finding.edits if is_complete(one)), None)
        if edit is not None and all(edit.end <= other.start or edit.start >= other.end for other in chosen):
            chosen.append(edit)
    for edit in sorted(chosen, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text, len(chosen)


def is_complete(edit: Edit) -> bool:
    """Whether an edit leaves nothing for its author to fill in; that is what words in [square brackets] ask for."""
    opened = edit.text.find("[")
    closed = edit.text.find("]", opened + 1)
    return opened < 0 or closed < 0 or edit.text.startswith("(", closed + 1)  # [words](address) is a link


def diff(before: str, after: str, label: str) -> str:
    """A unified diff, empty when nothing changes."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), label, label)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write_back(path: str, text: str, encoding: str) -> None:
    """Replace the text of a file in one step, in the encoding it had. Raises InputError when it cannot be written."""
    real = os.path.realpath(path)
    beside = f"{real}.{os.getpid()}.new"
    try:
        with open(beside, "w", encoding=encoding, newline="") as file:
            file.write(text)
        os.chmod(beside, os.stat(real).st_mode & 0o7777)
        os.replace(beside, real)
    except OSError as error:
        raise InputError(f"the file cannot be written: {(error.strerror or str(error)).lower()}", path=path) from error
