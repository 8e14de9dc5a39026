"""A bundle of evidence about one incident that somebody else can check: its story, its timeline, its sources, its journal, and a signature.

SHA256SUMS names every file by its hash, in the form of `sha256sum`; SHA256SUMS.sig signs that list. So nothing in the bundle can be
changed unseen by anybody who does not have the key. The same content makes the same bundle.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import InputError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.integrations.evidence.kept import hash_of, safe_name
from amends.integrations.export import signing
from amends.integrations.export.documents import markdown
from amends.integrations.export.tree import blocks
from amends.integrations.imports.tree import GivenTree
from amends.store import transfer
from amends.store.instant import stamp
from amends.usecases import access, papers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amends.integrations.export.tree import Tree
    from amends.store.engine import Store
    from amends.store.transfer import Row, Rows
    from amends.usecases.exporting import Exporting

SCHEMA = "amends.bundle/1"
SUMS, SIGNATURE, KEY, ABOUT, JOURNAL = "SHA256SUMS", "SHA256SUMS.sig", "signing-key.pub", "bundle.json", "journal.jsonl"
_ASK = "ask for the bundle again, from whoever signed it"
_FIELDS = ("seq", "at", "actor", "what", "subject", "data", "previous", "hash")


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle that was written: how many files and sources, whose key, and which sources could not be taken along."""

    files: int
    sources: int
    fingerprint: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a bundle was found to be: whose key signed it, how many files and rows of the journal fit, and everything that does not."""

    fingerprint: str | None
    files: int
    rows: int
    problems: tuple[Problem, ...]


class Bundling:
    """Writes bundles; `home` is where the key and the evidence are kept."""

    def __init__(self, store: Store, exporting: Exporting, home: Callable[[], str] | None = None) -> None:
        self._store = store
        self._exporting = exporting
        self._home = home

    def write(self, incident_id: str, tree: Tree, *, include_sources: bool = False, by: str = LOCAL_PERSON) -> Bundled:
        """Write the bundle of an incident. `include_sources` takes files along that were only named by their path, if they are unchanged.

        Raises NotFoundError, ForbiddenError, UsageError where this installation keeps no key, NeedsExtraError.
        """
        if self._home is None:
            raise UsageError("this installation has no folder for a key", hint="bundle on one that has")
        signer = signing.Signer(self._home())
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            rows = transfer.of_incident(connection, incident_id, as_first=False)
        problems: list[Problem] = []
        sources = {path: place for row in rows.get("evidence", []) for path, place in self._source(row, problems, include_sources)}
        texts = dict(_texts(rows, sources, problems)) | {KEY: signer.public_key}
        sums = []
        for path in sorted([*texts, *sources]):
            if path in texts:
                written = tree.write(path, [texts[path]])
            else:
                with open(sources[path], "rb") as file:
                    written = tree.write(path, blocks(file))
            sums.append(f"{written.sha256}  {path}\n")
        listed = "".join(sums).encode()
        tree.write(SUMS, [listed])
        tree.write(SIGNATURE, [signer.sign(listed)])
        return Bundled(len(sums) + 2, len(sources), signing.fingerprint(signer.public_key), tuple(problems))

    def _source(self, row: Row, problems: list[Problem], include: bool) -> Iterator[tuple[str, str]]:
        """Where the bytes of a source go, and where they lie; nothing for one that is not taken along, which is told."""
        if row["removed_at"] is not None:
            return
        name = row["name"]
        if not row["kept"] and not include:
            problems.append(_left(name, "it was named by its path, not handed over", "--include-sources takes it along"))
            return
        place = self._exporting.evidence_file(row)
        if place is None or row["sha256"] is None:
            problems.append(_left(name, "it is a folder, or its bytes are not here", "hand it over as an archive"))
            return
        try:
            same = hash_of(place) == (row["sha256"], row["size"])
        except OSError:
            problems.append(_left(name, "its file is gone", "hand it over again where you have it"))
            return
        if not same:
            problems.append(_left(name, "its file was changed after it was added", "restore it as it was"))
            return
        yield f"sources/{row['id']}/{safe_name(row['place'])}", place


def verify(path: str, *, key: str | None = None) -> Verified:
    """Check a bundle: its list of hashes, its signature, the links of its journal, and the sources that its timeline cites.

    `key` is the fingerprint that the signer is known by; without it anybody's key will do, and the fingerprint is for people to compare.
    Raises InputError for what is no bundle at all.
    """
    signing.require()
    with GivenTree(path) as tree:
        for name in (SUMS, SIGNATURE, KEY, ABOUT, JOURNAL):
            if name not in tree:
                raise InputError(f"this is no bundle: {name} is missing", hint="name what `amends export bundle` wrote", path=path)
        sums = tree.read(SUMS)
        problems: list[Problem] = []
        files = _check_sums(tree, sums, problems)
        fingerprint = _check_signature(tree, sums, key, problems)
        rows = _check_journal(tree, problems)
    return Verified(fingerprint, files, rows, tuple(problems))


def _texts(rows: Rows, sources: Iterable[str], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    incident = rows["incident"][0]
    yield "account/incident.md", markdown.write(papers.story(rows)).encode()
    yield "account/timeline.md", markdown.write(papers.timeline(rows)).encode()
    for row in rows.get("message", []):
        yield f"account/messages/{row['id']}.md", markdown.write(papers.message(rows, row)).encode()
    yield "timeline.jsonl", _lines(papers.timeline_rows(rows))
    yield JOURNAL, _lines({name: transfer.plain(row[name]) for name in _FIELDS} for row in rows.get("journal", []))
    listed = [
        {"id": row["id"], "name": row["name"], "sha256": row["sha256"], "size": row["size"], "added_at": stamp(row["added_at"])}
        for row in rows.get("evidence", [])
        if row["removed_at"] is None
    ]
    told = {
        "schema": SCHEMA,
        "incident": {name: transfer.plain(incident[name]) for name in ("id", "title", "severity", "status", "started_at")},
        "sources": listed,
        "included": sorted(sources),
        "left_out": [problem.message for problem in problems],
    }
    yield ABOUT, json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _lines(rows: Iterable[object]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}\n" for row in rows).encode()


def _check_sums(tree: GivenTree, sums: bytes, problems: list[Problem]) -> int:
    """How many files are as the list has them."""
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.decode("utf-8", "replace").splitlines(), 1):
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name or name in listed:
            problems.append(Problem("sums-broken", f"line {number} of {SUMS} is no hash with a name", _ASK, SUMS, number))
            continue
        listed[name] = digest
    fitting = 0
    for name, digest in listed.items():
        if name not in tree:
            problems.append(_unfit("file-missing", f"{name} is listed and missing", name))
        elif tree.hash_of(name) != digest:
            problems.append(_unfit("file-altered", f"{name} is not as it was signed", name))
        else:
            fitting += 1
    unlisted = [name for name in tree.names if name not in listed and name not in (SUMS, SIGNATURE)]
    problems += [_unfit("file-unlisted", f"{name} is not in the list that was signed", name) for name in unlisted]
    return fitting


def _check_signature(tree: GivenTree, sums: bytes, key: str | None, problems: list[Problem]) -> str | None:
    """The fingerprint of the key that signed; None where the signature does not fit."""
    public = tree.read(KEY)
    found = signing.fingerprint(public)
    if key is not None and key.replace(":", "").replace(" ", "").lower() != found:
        problems.append(_unfit("key-other", f"signed by another key than the one asked for: {found}", KEY))
    if not signing.fits(public, tree.read(SIGNATURE), sums):
        problems.append(_unfit("signature-wrong", f"the signature does not fit {SUMS}: the list, or the key, was changed", SIGNATURE))
        return None
    return found


def _check_journal(tree: GivenTree, problems: list[Problem]) -> int:
    """How many rows of the journal carry the hash that they must, and follow the row before where that one is here too."""
    fitting, before = 0, None
    for number, line in enumerate(tree.read(JOURNAL).splitlines(), 1):
        try:
            row = json.loads(line)
            row["at"] = papers.read_instant(row["at"])
            own = transfer.journal_hash(row)
            seq = int(row["seq"])
        except (ValueError, KeyError, TypeError, AttributeError):
            problems.append(Problem("journal-broken", f"line {number} of {JOURNAL} is no row of a journal", _ASK, JOURNAL, number))
            before = None
            continue
        told = None
        if own != row["hash"]:
            told = f"row {seq} of the journal is not as it was written"
        elif before is not None and seq <= before["seq"]:
            told = f"row {seq} of the journal stands behind row {before['seq']}"
        elif before is not None and seq == before["seq"] + 1 and row["previous"] != before["hash"]:
            told = f"row {seq} of the journal does not follow row {before['seq']}"
        if told is None:
            fitting += 1
        else:
            problems.append(Problem("journal-altered", told, _ASK, JOURNAL, number))
        before = row
    return fitting


def _unfit(code: str, told: str, path: str) -> Problem:
    return Problem(code, told, _ASK, path=path)


def _left(name: str, why: str, hint: str) -> Problem:
    return Problem("source-left-out", f"the source {name} is left out: {why}", hint, path=name)
