"""Backing up the whole workspace while it is worked in, and restoring it into an empty database of either kind."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, ConflictError, InputError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.integrations.evidence.kept import safe_name
from amends.integrations.evidence.limits import Limits
from amends.integrations.export.signing import FILE as KEY_FILE
from amends.integrations.export.tree import ZipTree, blocks
from amends.integrations.imports.tree import GivenTree
from amends.store import journal
from amends.store import snapshot as rows
from amends.store.instant import stamp
from amends.store.schema import REVISION, is_id
from amends.usecases import access
from amends.usecases.gathering import KEPT
from amends.usecases.journal import problems_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

SCHEMA = "amends.backup/1"
MANIFEST, SUMS, KEYS = "manifest.json", "SHA256SUMS", "keys/"
TABLES, ENDING = "tables/", ".jsonl"
_ROOMY = Limits(members=5_000_000, unpacked=1 << 50, free=1 << 50)
"""A backup is ours and may be large; it is held to its own sums instead."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: rows by table, files of evidence, and the end of the journal at its moment; `problems` tell what is missing."""

    path: str
    made_at: str
    revision: str
    tables: dict[str, int]
    files: int
    keys: bool
    journal_seq: int
    journal_hash: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore put in; `safety` is the backup that was taken before of what was replaced, `problems` tell what is missing."""

    tables: dict[str, int]
    files: int
    journal_seq: int
    journal_hash: str
    safety: str | None = None
    problems: tuple[Problem, ...] = ()


class Backup:
    """What an owner of the workspace, or who runs the program on its machine, can do with the whole of it."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, home: Callable[[], str] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._home = home

    def back_up(self, path: str, *, with_keys: bool = False, by: str = LOCAL_PERSON) -> BackedUp:
        """Write one moment of the workspace to a zip, which appears under its name only when it is whole and on the disk.

        People work on meanwhile; what was acknowledged before this began is in it. Raises ForbiddenError, InputError where the disk
        refuses, StoreError.
        """
        problems: list[Problem] = []
        sums: dict[str, str] = {}
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            with ZipTree(path) as tree:

                def write(name: str, parts: Iterable[bytes]) -> None:
                    sums[name] = tree.write(name, parts).sha256

                counts = {table.name: self._write_table(connection, table, write, with_keys=with_keys) for table in rows.tables()}
                files = self._write_files(connection, write, problems)
                keys = with_keys and self._write_key(write)
                seq, last = journal.head(connection)
                made = BackedUp(path, stamp(self._clock.now()), REVISION, counts, files, keys, seq, last, tuple(problems))
                write(MANIFEST, [_manifest(made, self._store.kind, with_keys=with_keys)])
                tree.write(SUMS, [f"{sha}  {name}\n".encode() for name, sha in sorted(sums.items())])
        return made

    def restore(self, path: str, *, replace: str | None = None, by: str = LOCAL_PERSON) -> Restored:
        """Put a backup into this database: everything, or where something does not fit, nothing.

        The database must be empty, or `replace` name the file for a safety backup of what is in it, which is taken first. All sums are
        verified before anything is written, and the journal afterwards. Backups of older versions are migrated.
        Raises ForbiddenError, ConflictError, InputError, StoreError.
        """
        with GivenTree(path, _ROOMY) as tree:
            manifest = _read_manifest(tree)
            _verify_sums(tree)
            with self._store.reading() as connection:
                empty = rows.is_empty(connection)
                if not empty:
                    access.require(connection, by, "manage")
            if not empty and replace is None:
                hint = "restore into an empty database, or say --replace: what is there is backed up first, then replaced"
                raise ConflictError("there is something in this database already", hint=hint)
            safety = None if empty or replace is None else self.back_up(replace, with_keys=True, by=by).path
            return self._load(tree, manifest, safety)

    def _write_table(self, connection: Transaction, table: Any, write: Callable[[str, Iterable[bytes]], None], *, with_keys: bool) -> int:
        done = 0

        def counted() -> Iterator[bytes]:
            nonlocal done
            for line in rows.lines(connection, table, with_keys=with_keys):
                done += 1
                yield line

        write(f"{TABLES}{table.name}{ENDING}", counted())
        return done

    def _write_files(self, connection: Transaction, write: Callable[[str, Iterable[bytes]], None], problems: list[Problem]) -> int:
        """The files of evidence; one that is kept never changes, so it is of the same moment as the rows."""
        done = 0
        for incident_id, evidence_id, place in rows.kept_files(connection):
            name = f"{KEPT}/{incident_id}/{evidence_id}/{place}"
            try:
                with open(self._at_home(name), "rb") as file:
                    write(name, blocks(file))
                done += 1
            except (FileNotFoundError, UsageError):
                told = f"{place} of incident {incident_id} is not in its folder, so it is not in the backup"
                problems.append(Problem("evidence-missing", told, "see that AMENDS_HOME names the folder of the data", path=name))
        return done

    def _write_key(self, write: Callable[[str, Iterable[bytes]], None]) -> bool:
        if self._home is None:
            return False
        try:
            with open(self._at_home(KEY_FILE), "rb") as file:
                write(f"{KEYS}{KEY_FILE}", [file.read()])
        except FileNotFoundError:
            return False
        return True

    def _load(self, tree: GivenTree, manifest: dict[str, Any], safety: str | None) -> Restored:
        files: list[str] = []
        try:
            with self._store.migrating() as connection:
                rows.clear(connection)
                loading = rows.Loading(connection, manifest["revision"])
                counts = {}
                for name in manifest["tables"]:
                    member = f"{TABLES}{name}{ENDING}"
                    with tree.open(member) as file:
                        counts[name] = loading.fill(name, file, tree.label(member))
                    _require(counts[name] == manifest["tables"][name], f"{name} has {counts[name]} rows, not those of the manifest", tree)
                loading.finish()
                wrong = [problem.message for problem in problems_in(connection)]
                _require(not wrong, f"the journal in it does not hold: {'; '.join(wrong[:3])}", tree)
                seq, last = journal.head(connection)
                _require(last == manifest["journal"]["hash"], "its journal ends elsewhere than its manifest says", tree)
                problems = self._restore_files(connection, tree, files)
        except BaseException:
            for path in files:
                with suppress(OSError):
                    os.unlink(path)
            raise
        return Restored(counts, len(files), seq, last, safety, tuple(problems))

    def _restore_files(self, connection: Transaction, tree: GivenTree, done: list[str]) -> list[Problem]:
        problems = []
        for incident_id, evidence_id, place in rows.kept_files(connection):
            name = f"{KEPT}/{incident_id}/{evidence_id}/{place}"
            safe = is_id(incident_id) and is_id(evidence_id) and safe_name(place) == place
            _require(safe, f"a file of it would be written to {name[:120]!r}", tree)
            if name not in tree:
                problems.append(Problem("evidence-missing", f"{place} of incident {incident_id} is not in the backup", path=name))
                continue
            self._put(tree, name, self._at_home(name), done)
        if f"{KEYS}{KEY_FILE}" in tree and self._home is not None:
            self._put(tree, f"{KEYS}{KEY_FILE}", self._at_home(KEY_FILE), done)
        return problems

    def _put(self, tree: GivenTree, name: str, path: str, done: list[str]) -> None:
        """Write a file under its name when it is whole; one that is there already is the same one, or is left as it is."""
        if os.path.exists(path):
            return
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            handle = os.open(f"{path}.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out, tree.open(name) as file:
                for block in blocks(file):
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            os.replace(f"{path}.part", path)
        except OSError as error:
            told = f"{name} cannot be written: {(error.strerror or str(error)).lower()}"
            raise AmendsError(told, hint="see that AMENDS_HOME is yours and the disk has room") from error
        done.append(path)

    def _at_home(self, name: str) -> str:
        if self._home is None:
            raise UsageError("this installation keeps no files", hint="set AMENDS_HOME to the folder that holds them")
        return os.path.join(self._home(), *name.split("/"))


def _manifest(made: BackedUp, kind: str, *, with_keys: bool) -> bytes:
    told = {
        "schema": SCHEMA,
        "made_at": made.made_at,
        "from": kind,
        "revision": made.revision,
        "tables": made.tables,
        "files": made.files,
        "keys": with_keys,
        "journal": {"seq": made.journal_seq, "hash": made.journal_hash},
        "left_out": dict(rows.EXCLUDED) | ({} if with_keys else {"keys": rows.WITHOUT_KEYS}),
        "missing": [problem.path for problem in made.problems],
    }
    return json.dumps(told, indent=2).encode() + b"\n"


def _read_manifest(tree: GivenTree) -> dict[str, Any]:
    hint = "name a file that `amends backup` wrote"
    if MANIFEST not in tree or SUMS not in tree:
        raise InputError("this is no backup of Amends", hint=hint, path=tree.path)
    try:
        read: dict[str, Any] = json.loads(tree.read(MANIFEST, 1 << 20))
        fits = read["schema"] == SCHEMA and isinstance(read["tables"], dict) and isinstance(read["journal"]["seq"], int)
        fits = fits and isinstance(read["revision"], str) and read["revision"].isalnum()
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("the manifest of this backup cannot be read", hint=hint, path=tree.label(MANIFEST)) from error
    if not fits:
        raise InputError(f"this is no backup of the form {SCHEMA}", hint="it was made by a newer Amends: install that one", path=tree.path)
    return read


def _verify_sums(tree: GivenTree) -> None:
    """Every file has the sum that stands in the list, and nothing else is there."""
    listed = {}
    for line in tree.read(SUMS).decode("utf-8", "replace").splitlines():
        sha, _, name = line.partition("  ")
        listed[name] = sha
    for name in sorted({*listed, *tree.names} - {SUMS}):
        if name not in listed or name not in tree:
            told = "this file is not in the list of sums" if name in tree else "this file is missing"
            raise InputError(told, hint="the backup was changed; take another copy", path=tree.label(name))
        if tree.hash_of(name) != listed[name]:
            raise InputError("this file is not as it was written", hint="the backup is damaged; take another copy", path=tree.label(name))


def _require(fits: bool, told: str, tree: GivenTree) -> None:
    if not fits:
        raise InputError(f"this backup cannot be restored: {told}", hint="nothing was changed; take another backup", path=tree.path)
