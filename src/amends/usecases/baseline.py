"""The baseline: what an old corpus already holds, so that a team can start today and only new findings count.

A finding is known by its rule, its file and its sentence in normal form, with a count, and never by its line: lines
inserted above move nothing. Findings about a whole text, such as a missing move, are known by rule and file alone.
"""

from __future__ import annotations

import json
import os

from amends.core.errors import InputError
from amends.core.files import read_text
from amends.core.record import record, replace
from amends.language.records import Suppressed

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.records import Document, Finding

SCHEMA = "amends.baseline/1"
WHOLE = "whole text"
Key = tuple[str, str, str]
"""File, rule, fingerprint of the sentence."""


@record
class Change:
    """What writing a baseline did: findings that stay known, that are new in it, and that were fixed and left it."""

    kept: int
    added: int
    fixed: int


class Baseline:
    """The known findings of one baseline file. Paths in it are relative to the folder of the file, with forward slashes."""

    __slots__ = ("_by_file", "_known", "_now", "_seen", "path")

    def __init__(self, path: str, known: dict[Key, int]) -> None:
        self.path = path
        self._known = known
        self._by_file: dict[str, dict[Key, int]] = {}
        for key, count in known.items():
            self._by_file.setdefault(key[0], {})[key] = count
        self._now: dict[Key, int] = {}
        self._seen: set[str] = set()

    def apply(self, document: Document, text: str) -> Document:
        """The document with its known findings moved to `suppressed`, at most as often as they are known."""
        left = dict(self._by_file.get(self._name(document), {}))
        new: list[Finding] = []
        known: list[Suppressed] = []
        for finding, key in zip(document.findings, self._keys(document, text), strict=True):
            if left.get(key, 0) > 0:
                left[key] -= 1
                known.append(Suppressed(finding.rule, finding.start, finding.end, "baseline", ""))
            else:
                new.append(finding)
        return replace(document, findings=tuple(new), suppressed=(*document.suppressed, *known)) if known else document

    def learn(self, document: Document, text: str) -> None:
        """Take in what a document holds now (as the engine gave it), for `write`."""
        for key in self._keys(document, text):
            self._now[key] = self._now.get(key, 0) + 1
        self._seen.add(self._name(document))

    def write(self) -> Change:
        """Write what was learnt; files that were not checked keep their entries, files that are gone lose them.

        Raises InputError when the file cannot be written.
        """
        after = dict(self._now)
        after |= {key: count for key, count in self._known.items() if key[0] not in self._seen and self._still_there(key[0])}
        _write(self.path, after)
        kept = sum(min(count, self._known.get(key, 0)) for key, count in after.items())
        return Change(kept, sum(after.values()) - kept, sum(self._known.values()) - kept)

    def fixed(self) -> int:
        """How many known findings of the texts learnt so far are no longer there."""
        mine = ((key, count) for key, count in self._known.items() if key[0] in self._seen)
        return sum(max(0, count - self._now.get(key, 0)) for key, count in mine)

    def _keys(self, document: Document, text: str) -> list[Key]:
        name = self._name(document)
        return [(name, finding.rule, _fingerprint(document, finding, text)) for finding in document.findings]

    def _name(self, document: Document) -> str:
        if document.path is None:
            return f"id:{document.id}" if document.id is not None else "-"
        folder = os.path.dirname(os.path.abspath(self.path))
        return os.path.relpath(os.path.abspath(document.path), folder).replace(os.sep, "/")

    def _still_there(self, name: str) -> bool:
        return name == "-" or name.startswith("id:") or os.path.exists(os.path.join(os.path.dirname(os.path.abspath(self.path)), name))


def open_baseline(path: str, *, new: bool = False) -> Baseline:
    """The baseline in a file; with `new`, an empty one when there is no such file. Raises InputError for a file that is none."""
    if new and not os.path.exists(path):
        return Baseline(path, {})
    try:
        values = json.loads(read_text(path))
    except ValueError as error:
        raise InputError("not a baseline: not valid JSON", hint="write it anew with --write-baseline", path=path) from error
    if not isinstance(values, dict) or values.get("schema") != SCHEMA or not isinstance(values.get("findings"), dict):
        raise InputError(f"not a baseline: expected the schema {SCHEMA}", hint="write it anew with --write-baseline", path=path)
    return Baseline(path, dict(_entries(values["findings"], path)))


def _entries(findings: dict[str, object], path: str) -> Iterable[tuple[Key, int]]:
    for file, rules in findings.items():
        for rule, sentences in rules.items() if isinstance(rules, dict) else ():
            for fingerprint, count in sentences.items() if isinstance(sentences, dict) else ():
                if type(count) is not int or count < 1:
                    field = f"findings.{file}.{rule}.{fingerprint}"
                    raise InputError(f"not a baseline: expected a count, not {count!r}", path=path, field=field)
                yield (file, rule, fingerprint), count


def _fingerprint(document: Document, finding: Finding, text: str) -> str:
    """The sentence that holds a finding, in lower case with single spaces, as 16 hexadecimal digits."""
    if finding.flaw is None and finding.move is not None:
        return WHOLE
    from hashlib import sha256

    for sentence in document.sentences:
        if sentence.start <= finding.start < sentence.end:
            words = text[sentence.start : sentence.end]
            return sha256(" ".join(words.lower().split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return WHOLE


def _write(path: str, known: dict[Key, int]) -> None:
    nested: dict[str, dict[str, dict[str, int]]] = {}
    for file, rule, fingerprint in sorted(known):
        nested.setdefault(file, {}).setdefault(rule, {})[fingerprint] = known[file, rule, fingerprint]
    text = json.dumps({"schema": SCHEMA, "findings": nested}, ensure_ascii=False, indent=1) + "\n"
    beside = f"{path}.{os.getpid()}.new"
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"the baseline cannot be written: {(error.strerror or str(error)).lower()}", path=path) from error
