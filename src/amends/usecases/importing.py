"""Bringing back what `exporting` wrote: everything is checked before anything is written, and then all of it is kept, or nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from amends.core.errors import ForbiddenError, InputError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.core.record import fields
from amends.integrations.evidence.kept import Incoming, safe_name
from amends.integrations.export.tree import blocks
from amends.integrations.imports.tree import GivenTree
from amends.store import arrival, schema, shapes
from amends.store.transfer import ORDER
from amends.usecases import access
from amends.usecases.exporting import DATA, KINDS, MANIFEST, SCHEMA, evidence_path
from amends.usecases.gathering import KEPT
from amends.usecases.similar import catch_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store
    from amends.store.transfer import Row, Rows

TAKE = "take the folder as it was exported"


class FileOf(msgspec.Struct, forbid_unknown_fields=True):
    """A file in a manifest."""

    path: str
    sha256: str
    size: int


class PartOf(msgspec.Struct, forbid_unknown_fields=True):
    """A part in a manifest."""

    path: str
    incident: str | None


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What a folder says that it holds."""

    schema: str
    kind: str
    revision: str
    parts: list[PartOf]
    tables: dict[str, int]
    left_out: dict[str, str]
    files: list[FileOf]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: rows by table, the ids of the incidents as they are here, new ids by those that were taken, and what to know of it."""

    counts: dict[str, int]
    incidents: tuple[str, ...]
    renamed: dict[str, str]
    problems: tuple[Problem, ...]
    dry: bool = False

    def as_dict(self) -> dict[str, object]:
        """The same as plain values, as programs get it."""
        told = {"schema": "amends.imported/1", "dry_run": self.dry, "incidents": list(self.incidents), "tables": self.counts}
        return {**told, "renamed": self.renamed, "problems": [plain_problem(one) for one in self.problems]}


def plain_problem(one: Problem) -> dict[str, object]:
    """A problem as plain values."""
    return {name: getattr(one, name) for name in fields(one)}


@dataclass(frozen=True, slots=True)
class _Read:
    """A folder that was found whole."""

    rows: Rows
    evidence: tuple[tuple[str, Row], ...]
    problems: tuple[Problem, ...]
    sha256: str


class Importing:
    """Imports of our own folders. `home` is where evidence that was handed over is kept."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, home: Callable[[], str] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._home = home

    def folder(self, path: str, *, called: str | None = None, dry_run: bool = False, by: str = LOCAL_PERSON) -> Imported:
        """Bring in a folder, or a zip of one. Times and versions stay; ids stay where they are free.

        `called` is how messages name it, where its path says nothing to anybody.
        Raises InputError with the file, and the line or field, for anything that is not as it was exported; then nothing was written.
        Raises ForbiddenError: whoever brings in what others wrote must be an owner of the workspace, and drafts are for their author.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
        with GivenTree(path, called=called) as tree:
            read = _read(tree, by)
            ids = tuple(row["id"] for row in read.rows.get("incident", []))
            if dry_run:
                return Imported({name: len(rows) for name, rows in read.rows.items()}, ids, {}, read.problems, dry=True)
            done = self._keep(tree, read, ids, by)
        catch_up(self._store)
        return done

    def _keep(self, tree: GivenTree, read: _Read, ids: tuple[str, ...], by: str) -> Imported:
        placed: list[Incoming] = []
        try:
            with self._store.writing() as connection:
                access.require(connection, by, "manage")
                now = self._clock.now()
                came = arrival.put(connection, read.rows, new_id=self._ids.new, at=now, by=by, source=read.sha256)
                for name, row in read.evidence:
                    placed.append(self._place(tree, name, row, came.renamed))
        except BaseException:
            for file in placed:
                file.abandon()
            raise
        renamed = tuple(came.renamed.get(name, name) for name in ids)
        return Imported(came.counts, renamed, came.renamed, (*read.problems, *_missing(came), *_private(read.rows, by)))

    def _place(self, tree: GivenTree, name: str, row: Row, renamed: dict[str, str]) -> Incoming:
        """Put the file of a source to its place, where nobody looks for it until the transaction is through."""
        if self._home is None:
            raise UsageError("this installation keeps no files", hint="import into one that has a folder of its own")
        folders = [renamed.get(name, name) for name in (str(row["incident_id"]), str(row["id"]))]
        incoming = Incoming(os.path.join(self._home(), KEPT, *folders), row["place"])
        try:
            with tree.open(name) as file:
                for block in blocks(file):
                    incoming.write(block)
            _require_same(incoming, row, tree.label(name))
            incoming.finish()
        except BaseException:
            incoming.abandon()
            raise
        return incoming


def _require_same(incoming: Incoming, row: Row, path: str) -> None:
    if (incoming.sha256, incoming.size) != (row["sha256"], row["size"]):
        raise InputError("this is not the file that was handed over", hint=TAKE, path=path)


def _read(tree: GivenTree, by: str) -> _Read:
    manifest, sha256 = _manifest(tree)
    problems = list(_compare(tree, manifest))
    listed = {file.path for file in manifest.files}
    merged: Rows = {}
    evidence: list[tuple[str, Row]] = []
    for part in manifest.parts:
        rows = _part(tree, part, listed)
        _belongs(tree, part, rows, manifest.kind, by)
        arrival.check(rows, lambda table, prefix=part.path: tree.label(f"{prefix}{DATA}/{table}.json"))  # type: ignore[misc]  # bound now
        for row in rows.get("evidence", []):
            evidence += _evidence(tree, part, row, listed, problems)
        known = {row["hash"] for row in merged.get("journal", [])}
        for name, found in rows.items():
            merged.setdefault(name, []).extend(row for row in found if name != "journal" or row["hash"] not in known)
    counts = {name: len(rows) for name, rows in merged.items() if name != "journal"}
    said = {name: number for name, number in manifest.tables.items() if name != "journal"}
    if counts != said:
        raise InputError("the manifest counts other rows than there are", hint=TAKE, path=tree.label(MANIFEST), field="$.tables")
    return _Read({name: merged[name] for name in ORDER if name in merged}, tuple(evidence), tuple(problems), sha256)


def _manifest(tree: GivenTree) -> tuple[Manifest, str]:
    path = tree.label(MANIFEST)
    if MANIFEST not in tree:
        raise InputError("this is no export: it has no manifest", hint="name the folder that holds manifest.json", path=path)
    data = tree.read(MANIFEST)
    try:
        found = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the manifest cannot be read: {error}", hint=TAKE, path=path) from None
    if found.schema != SCHEMA or found.kind not in KINDS:
        raise InputError(f"this is {found.schema[:40]!r} of kind {found.kind[:40]!r}", hint=f"this Amends reads {SCHEMA}", path=path)
    if not found.revision.isdecimal() or found.revision > schema.REVISION:
        raise InputError(f"exported from a store of revision {found.revision[:20]!r}", hint="update Amends, then import it", path=path)
    names = [file.path for file in found.files]
    if len(set(names)) != len(names):
        raise InputError("the manifest names a file twice", hint=TAKE, path=path, field="$.files")
    return found, tree.hash_of(MANIFEST)


def _compare(tree: GivenTree, manifest: Manifest) -> list[Problem]:
    """What differs from the manifest: refused for records and evidence, told for what only people read."""
    problems = []
    for file in manifest.files:
        is_text = file.path.endswith(".md") and "/evidence/" not in f"/{file.path}"
        there = file.path in tree
        if there and tree.size(file.path) == file.size and tree.hash_of(file.path) == file.sha256:
            continue
        if not is_text:
            told = "this file is not the one that was exported" if there else "this file is missing"
            raise InputError(told, hint=TAKE, path=tree.label(file.path))
        told = "was changed after the export; what it says now is not imported" if there else "is missing; it is for people only"
        hint = "the JSON beside it counts; write the change into the incident afterwards"
        problems.append(Problem("text-changed", f"{file.path} {told}", hint, path=tree.label(file.path)))
    known = {MANIFEST, *(file.path for file in manifest.files)}
    told = "is not part of the export, and is left out"
    return problems + [Problem("file-unknown", f"{name} {told}", path=tree.label(name)) for name in tree.names if name not in known]


def _part(tree: GivenTree, part: PartOf, listed: set[str]) -> Rows:
    prefix = f"{part.path}{DATA}/"
    rows: Rows = {}
    for name in sorted(name for name in listed if name.startswith(prefix)):
        table = name[len(prefix) :].removesuffix(".json")
        if table not in ORDER or name != f"{prefix}{table}.json":
            raise InputError("no table of ours is called so", hint="update Amends, then import it", path=tree.label(name))
        rows[table] = shapes.decode(table, tree.read(name), tree.label(name))
    return {name: rows[name] for name in ORDER if name in rows}


def _belongs(tree: GivenTree, part: PartOf, rows: Rows, kind: str, by: str) -> None:
    """That rows are of the incident of their part, that ids are ids, and that drafts come back to their author. Raises InputError."""
    for table, listed in rows.items():
        for number, row in enumerate(listed):
            told = _stranger(table, row, part.incident, kind)
            if told is not None:
                raise InputError(told, hint=TAKE, path=tree.label(f"{part.path}{DATA}/{table}.json"), line=number + 2)
            if kind == "mine" and by not in (row.get("author", by), row.get("owner")) and row.get("maker", "") != by:
                raise ForbiddenError("what is there for one person only is brought back by that person", hint=f"{by!r} did not write it")


def _stranger(table: str, row: Row, incident_id: str | None, kind: str) -> str | None:
    """Why a row cannot stand in a part, None where it can."""
    if not all(schema.is_id(row[name]) for name in ("id", "incident_id") if row.get(name) is not None):
        return "this is no id"
    own = row["id"] if table == "incident" else row.get("incident_id", incident_id)
    if own != incident_id and not (table == "draft" and kind == "mine"):
        return f"this belongs to {own or 'no incident'}, not to {incident_id or 'none'}"
    if table == "evidence" and row["kept"] and safe_name(row["place"]) != row["place"]:
        return "the place of this source is no name of a file that we keep"
    return None


def _evidence(tree: GivenTree, part: PartOf, row: Row, listed: set[str], problems: list[Problem]) -> list[tuple[str, Row]]:
    if not row["kept"]:
        return []
    name = evidence_path(part.path, row)
    if name not in listed:
        told = f"the file of the source {row['name']} did not come along"
        problems.append(Problem("evidence-missing", told, "hand it over again where you have it", path=tree.label(name)))
        return []
    if tree.hash_of(name) != row["sha256"]:
        raise InputError("this is not the file that was handed over", hint=TAKE, path=tree.label(name))
    return [(name, row)]


def _missing(came: arrival.Arrived) -> list[Problem]:
    hint = "import that one too; the next export of this one says it again"
    return [Problem("reference-missing", f"{name} {row} refers to {target}, which is not here", hint) for name, row, target in came.missing]


def _private(rows: Rows, by: str) -> list[Problem]:
    """Private incidents that whoever imported them will not see."""
    found = []
    for row in rows.get("incident", []):
        guests = sorted(one["person"] for one in rows.get("invitation", []) if one["incident_id"] == row["id"])
        if row["visibility"] == "private" and by not in guests:
            told = f"“{row['title']}” is private, and you are not invited; it is there for {', '.join(guests) or 'nobody yet'}"
            found.append(Problem("not-invited", told, "an owner of the workspace can let themselves in, with a reason"))
    return found
