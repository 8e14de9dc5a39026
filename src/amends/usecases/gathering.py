"""The evidence of an incident, and reading it: beside everything else, to be watched and stopped, into a new version of its timeline."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, ConflictError, InputError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.zones import zone_named
from amends.integrations.evidence.apart import apart
from amends.integrations.evidence.kept import Incoming, hash_of
from amends.store import timelines as rows
from amends.timeline.versions import INTERRUPTED, SILENCE, Evidence, Run, Version
from amends.usecases import access, assembling
from amends.usecases.given import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store

logger = logging.getLogger("amends")

KEPT = "evidence"
"""The folder of the files that were handed over."""

_BEAT_S = 1.0
"""Seconds between two words of a reading about how far it is."""


class StoppedError(AmendsError):
    """A reading was asked to stop."""

    code = "stopped"


class Gathering:
    """What people can do with the evidence of an incident. `by` is who does it.

    `home` tells the folder in which files that are handed over are kept, below `evidence/`, and what was read of evidence, below
    `timeline/`, where the command line keeps it too; None where this installation keeps no files. `read_apart` has evidence read in a
    process of its own, as a server wants it: what reading takes of memory goes when it ends.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, home: Callable[[], str] | None = None, *, read_apart: bool = False) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._home = home
        self._apart = read_apart
        self._process = ids.new()
        self._going: set[str] = set()
        self._passing: str | None = None

    # Evidence

    def add_path(self, incident_id: str, path: str, *, by: str = LOCAL_PERSON) -> Evidence:
        """Name a file or folder of this machine as evidence; it is read where it lies. Raises InputError, NotFoundError.

        For who manages the workspace: whoever names a path makes the server read it.
        """
        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
            access.require(connection, by, "manage", f"incident/{incident_id}")
        given = storable(path, "path").strip()
        path = os.path.abspath(os.path.expanduser(given))
        if not given or not os.path.exists(path):
            raise InputError(f"there is no file or folder {given!r}", hint="give its path on the machine that Amends runs on", field="path")
        try:
            digest, size = hash_of(path) if os.path.isfile(path) else (None, None)
        except OSError as error:
            because = (error.strerror or str(error)).lower()
            raise InputError(f"{path} cannot be read: {because}", hint="let the user that Amends runs as read it", field="path") from error
        return self._added(incident_id, os.path.basename(path) or path, path, kept=False, sha256=digest, size=size, by=by)

    def receive(self, incident_id: str, name: str, *, by: str = LOCAL_PERSON) -> Receiving:
        """Begin to take a file that is handed over. Raises NotFoundError, UsageError where this installation keeps no files."""
        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
        if self._home is None:
            raise UsageError("this installation keeps no files", hint="give the path of the evidence instead")
        evidence_id = self._ids.new()
        return Receiving(self, incident_id, evidence_id, Incoming(os.path.join(self._home(), KEPT, incident_id, evidence_id), name), by)

    def received(self, incoming: Incoming, incident_id: str, evidence_id: str, by: str) -> Evidence:
        """Keep a file that came whole; the same bytes twice are one source. For `Receiving`."""
        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
            known = [one for one in rows.evidence_of(connection, incident_id) if one.sha256 == incoming.sha256 and one.removed_at is None]
        if known:
            incoming.abandon()
            return known[0]
        incoming.finish()
        return self._added(
            incident_id, incoming.name, incoming.name, kept=True, sha256=incoming.sha256, size=incoming.size, by=by, once=evidence_id
        )

    def remove(self, incident_id: str, evidence_id: str, *, by: str = LOCAL_PERSON) -> Evidence:
        """Leave a source out of what is read next; `restore` takes it in again. Its file stays. Raises NotFoundError."""
        return self._hide(incident_id, evidence_id, by, removed=True)

    def restore(self, incident_id: str, evidence_id: str, *, by: str = LOCAL_PERSON) -> Evidence:
        """Undo `remove`. Raises NotFoundError."""
        return self._hide(incident_id, evidence_id, by, removed=False)

    # Reading the evidence

    def start(self, incident_id: str, *, tz: str | None = None, then: Callable[[], None] | None = None, by: str = LOCAL_PERSON) -> Run:
        """Begin to read the evidence beside everything else; `run` tells how far it is, and `then` is done once it has ended.

        Raises InputError where there is no evidence or the zone is unknown, ConflictError while it is being read already, NotFoundError.
        """
        run, operands, read = self._begin(incident_id, tz, by)

        def work() -> None:
            self._work(run, operands, read)
            if then is not None:
                then()

        threading.Thread(target=work, name="amends-timeline", daemon=True).start()
        return run

    def read(self, incident_id: str, *, tz: str | None = None, by: str = LOCAL_PERSON) -> Run:
        """The same, and wait for it. What went wrong with the evidence stands in the `failure` of the reading."""
        run, operands, read = self._begin(incident_id, tz, by)
        self._work(run, operands, read)
        with self._store.reading() as connection:
            return rows.get_run(connection, run.id)

    def stop(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Run | None:
        """Ask the reading that is under way to stop, and keep nothing of it. Raises NotFoundError."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            run = self.as_it_is(rows.last_run(connection, incident_id))
            if run is not None and run.state in ("running", INTERRUPTED):
                rows.set_run(connection, run.id, state="stopping" if run.state == "running" else "stopped")
            return self.as_it_is(rows.last_run(connection, incident_id))

    def run(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Run | None:
        """The reading that began last, as it is; None where none ever did. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self.as_it_is(rows.last_run(connection, incident_id))

    # Within

    def _added(
        self, incident_id: str, name: str, place: str, *, kept: bool, sha256: str | None, size: int | None, by: str, once: str | None = None
    ) -> Evidence:
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            for one in rows.evidence_of(connection, incident_id):
                if not kept and one.place == place and one.removed_at is None:
                    return one
            new = Evidence(once or self._ids.new(), incident_id, name, kept, place, sha256, size, self._clock.now(), by)
            rows.add_evidence(connection, new)
            return new

    def _hide(self, incident_id: str, evidence_id: str, by: str, *, removed: bool) -> Evidence:
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = rows.one_evidence(connection, incident_id, evidence_id)
            if (before.removed_at is not None) != removed:
                now = self._clock.now()
                rows.set_removed(connection, before, now if removed else None, at=now, by=by)
            return rows.one_evidence(connection, incident_id, evidence_id)

    def operands(self, evidence: Sequence[Evidence], wanted: Sequence[str]) -> list[str]:
        """Where the sources of these ids lie now, in that order: the names in citations depend on it."""
        places = {one.id: self._place(one) for one in evidence}
        return [places[name] for name in wanted]

    def _place(self, one: Evidence) -> str:
        if not one.kept:
            return one.place
        if self._home is None:
            raise UsageError("this installation keeps no files", hint="set AMENDS_HOME to the folder that holds them")
        return os.path.join(self._home(), KEPT, one.incident_id, one.id, one.place)

    def _begin(self, incident_id: str, tz: str | None, by: str) -> tuple[Run, list[str], list[str]]:
        if tz is not None and zone_named(tz) is None:
            raise InputError(f"unknown time zone {tz[:40]!r}", hint="write an IANA name such as Europe/London", field="tz")
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            evidence = [one for one in rows.evidence_of(connection, incident_id) if one.removed_at is None]
            if not evidence:
                raise InputError("there is no evidence to read yet", hint="add a file or a folder first", field="evidence")
            before = self.as_it_is(rows.last_run(connection, incident_id))
            if before is not None and before.is_going:
                raise ConflictError("the evidence is being read already", hint="wait for it, or stop it")
            now = self._clock.now()
            run = Run(self._ids.new(), incident_id, "running", tz, now, by, self._process, now)
            rows.add_run(connection, run)
            self._going.add(run.id)
        read = [one.id for one in evidence]
        return run, self.operands(evidence, read), read

    def _read_root(self) -> str:
        """Where what was read is kept: with the command line's, or until this object goes where there is no home."""
        if self._home is not None:
            return os.path.join(self._home(), "timeline")
        if self._passing is None:
            self._passing = tempfile.mkdtemp(prefix="amends-")
            weakref.finalize(self, shutil.rmtree, self._passing, ignore_errors=True)
        return self._passing

    def _work(self, run: Run, operands: list[str], read: list[str]) -> None:
        try:
            what = (self._clock.now(), self._read_root(), operands, run.tz)
            tell = self._teller(run)
            made = apart(assembling.assembled, what, tell) if self._apart else assembling.assembled(*what, tell)
            self._keep(run, {"evidence": read, **made})
        except StoppedError:
            self._end(run, "stopped", None)
        except AmendsError as error:
            self._end(run, "failed", f"{error.message}; {error.hint}" if error.hint else error.message)
        except Exception:
            logger.exception("reading the evidence of incident %s failed", run.incident_id)
            self._end(run, "failed", "something went wrong here, not in the evidence; the server's log has the details")
        finally:
            self._going.discard(run.id)

    def _teller(self, run: Run) -> Callable[[int, int], None]:
        told = run.beat_at

        def tell(done: int, total: int) -> None:
            nonlocal told
            now = self._clock.now()
            if (now - told).total_seconds() < _BEAT_S and done < total:
                return
            told = now
            with self._store.writing() as connection:
                if rows.get_run(connection, run.id).state == "stopping":
                    raise StoppedError("the reading was stopped")
                rows.set_run(connection, run.id, beat_at=now, done=done, total=total)

        return tell

    def _keep(self, run: Run, document: dict[str, Any]) -> None:
        with self._store.writing() as connection:
            if rows.get_run(connection, run.id).state == "stopping":
                raise StoppedError("the reading was stopped")
            now, number = self._clock.now(), rows.last_number(connection, run.incident_id) + 1
            new = Version(run.incident_id, number, now, run.started_by, run.tz, len(document["rows"]), document)
            rows.add_version(connection, new, salt=self._ids.new())
            rows.set_run(connection, run.id, state="done", beat_at=now, version=number)

    def _end(self, run: Run, state: str, failure: str | None) -> None:
        """Note how a reading ended; where the store does not answer, it is found to be interrupted later."""
        try:
            with self._store.writing() as connection:
                rows.set_run(connection, run.id, state=state, beat_at=self._clock.now(), failure=failure)
        except AmendsError as error:
            logger.warning("the end of a reading of incident %s was not kept: %s", run.incident_id, error.message)

    def as_it_is(self, run: Run | None) -> Run | None:
        """A reading whose process is gone, or silent for too long, was interrupted, whatever it said last."""
        if run is None or not run.is_going:
            return run
        here = run.process == self._process
        alive = run.id in self._going if here else self._clock.now() - run.beat_at < SILENCE
        return run if alive else replace(run, state=INTERRUPTED)


class Receiving:
    """A file that is being handed over: `write` its bytes, then `done`; `abandon` where it does not come whole."""

    def __init__(self, gathering: Gathering, incident_id: str, evidence_id: str, incoming: Incoming, by: str) -> None:
        self._by = by
        self._gathering = gathering
        self._incident_id = incident_id
        self._evidence_id = evidence_id
        self._incoming = incoming

    def write(self, data: bytes) -> None:
        """The next bytes. Raises TooLargeError, AmendsError where the disk refuses."""
        self._incoming.write(data)

    def done(self) -> Evidence:
        """The source that it became. Raises AmendsError where the disk refuses."""
        return self._gathering.received(self._incoming, self._incident_id, self._evidence_id, self._by)

    def abandon(self) -> None:
        """Leave nothing of it behind."""
        self._incoming.abandon()
