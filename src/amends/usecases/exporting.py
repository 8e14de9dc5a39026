"""Taking along what is here: a lossless folder of an incident, of the whole workspace or of what is one's own, and documents for people.

A folder has Markdown to read, JSON to read back (a file for each table, see `store.shapes`), the evidence that was handed over, and a
manifest that knows every file by its hash. The same content makes the same bytes: nothing in it says when or where it was exported.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError, UnknownNameError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.integrations.evidence.kept import hash_of
from amends.integrations.export.documents import markdown
from amends.integrations.export.tree import blocks
from amends.store import schema, shapes, transfer
from amends.usecases import access, papers
from amends.usecases.gathering import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, tzinfo

    from amends.core.paper import Paper
    from amends.integrations.export.tree import Tree, Written
    from amends.store.engine import Store
    from amends.store.transfer import Row, Rows
    from amends.usecases.reviewing import Reviewing

MANIFEST = "manifest.json"
SCHEMA = "amends.export/1"
KINDS = ("incident", "workspace", "mine")
"""What a folder holds: one incident, everything that somebody may see, or what is there for one person only."""

DATA, EVIDENCE = "data", "evidence"
PAPERS = ("account", "note", "review", "timeline", "actions")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: files, rows by table, incidents, and sources that could not be taken along."""

    files: int
    counts: dict[str, int]
    incidents: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a folder: where it stands (empty, or ending in a slash), of which incident, None for what belongs to none."""

    path: str
    incident_id: str | None
    rows: Rows


class Exporting:
    """Exports. `by` gets what they may see, and nothing else; `home` is where evidence that was handed over is kept.

    `reviewing` makes the review of an account of which nobody has begun to write one.
    """

    def __init__(self, store: Store, home: Callable[[], str] | None = None, reviewing: Callable[[], Reviewing] | None = None) -> None:
        self._store = store
        self._home = home
        self._reviewing = reviewing

    def incident(self, incident_id: str, tree: Tree, *, by: str = LOCAL_PERSON) -> Exported:
        """Write the folder of one incident. Raises NotFoundError, ForbiddenError."""
        return self._write("incident", iter([Part("", incident_id, self.rows(incident_id, by=by))]), tree)

    def workspace(self, tree: Tree, *, by: str = LOCAL_PERSON) -> Exported:
        """Write everything that somebody may see: all incidents, removed ones too, and what belongs to none. Raises ForbiddenError."""
        return self._write("workspace", self._parts(by), tree)

    def mine(self, tree: Tree, *, by: str = LOCAL_PERSON) -> Exported:
        """Write what is there for one person only: drafts that were not sent, and private promises. Raises ForbiddenError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            rows = transfer.own_of(connection, by)
        return self._write("mine", iter([Part("", None, rows)]), tree)

    def rows(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Rows:
        """Everything of one incident as rows. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return transfer.of_incident(connection, incident_id)

    def paper(
        self,
        incident_id: str,
        what: str,
        *,
        zone: tzinfo,
        start: datetime | None = None,
        end: datetime | None = None,
        by: str = LOCAL_PERSON,
    ) -> Paper:
        """A document for people, one of `PAPERS`; a stretch of time is for the timeline.

        Raises UnknownNameError, NotFoundError where there is no such text yet, ForbiddenError.
        """
        if what not in PAPERS:
            raise UnknownNameError("document", what[:40], PAPERS)
        rows = self.rows(incident_id, by=by)
        if what == "timeline":
            return papers.timeline(rows, zone, start, end)
        if what == "actions":
            return papers.actions(rows, zone)
        if what == "account":
            return papers.story(rows, zone)
        found = papers.written(rows, what, zone)
        if found is None and self._can_be_made(incident_id, what, by) and self._reviewing is not None:
            return self._reviewing().review(incident_id, zone=zone, by=by)
        if found is None:
            raise NotFoundError(f"there is no {what} of this incident yet", hint="write it as a document of the incident, or send it")
        return found

    def papers_of(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[str, ...]:
        """The documents that can be made now: a note where somebody wrote one, a review also where there is an account to make it of.

        Raises NotFoundError, ForbiddenError.
        """
        rows = self.rows(incident_id, by=by)
        return tuple(
            what
            for what in PAPERS
            if what not in papers.FORMS or papers.written(rows, what) is not None or self._can_be_made(incident_id, what, by)
        )

    def _can_be_made(self, incident_id: str, what: str, by: str) -> bool:
        return what == "review" and self._reviewing is not None and self._reviewing().can_be_made(incident_id, by=by)

    def evidence_file(self, row: Row) -> str | None:
        """Where a source lies on this machine: the file that was handed over, or the path that was named; None where it is not known."""
        if not row["kept"]:
            return str(row["place"])
        return os.path.join(self._home(), KEPT, row["incident_id"], row["id"], row["place"]) if self._home else None

    def _parts(self, by: str) -> Iterator[Part]:
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            for name in transfer.incidents_shown_to(connection, by):
                yield Part(f"incidents/{name}/", name, transfer.of_incident(connection, name))
            yield Part("loose/", None, transfer.loose(connection))

    def _write(self, kind: str, parts: Iterator[Part], tree: Tree) -> Exported:
        written: list[Written] = []
        problems: list[Problem] = []
        counts: dict[str, int] = {}
        listed: list[dict[str, str | None]] = []
        for part in parts:
            for name, number in transfer.counts(part.rows).items():
                counts[name] = counts.get(name, 0) + number
            listed.append({"path": part.path, "incident": part.incident_id})
            written += [tree.write(path, [data]) for path, data in files_of(part)]
            for row in part.rows.get("evidence", []):
                written += self._evidence(part, row, tree, problems)
        files = [{"path": one.path, "sha256": one.sha256, "size": one.size} for one in sorted(written, key=lambda one: one.path)]
        told = {
            "schema": SCHEMA, "kind": kind, "revision": schema.REVISION, "parts": listed, "tables": counts, "left_out": transfer.LEFT_OUT,
            "files": files,
        }  # fmt: skip
        tree.write(MANIFEST, [json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"])
        return Exported(len(written) + 1, counts, sum(one["incident"] is not None for one in listed), tuple(problems))

    def _evidence(self, part: Part, row: Row, tree: Tree, problems: list[Problem]) -> list[Written]:
        """The file of a source that was handed over; one that is gone, or is another one by now, is told and left out."""
        if not row["kept"]:
            return []
        place = self.evidence_file(row)
        try:
            same = place is not None and hash_of(place) == (row["sha256"], row["size"])
        except OSError:
            problems.append(_lost(row, "its file is gone"))
            return []
        if place is None or not same:
            problems.append(_lost(row, "its file is not the one that was handed over" if place else "this installation keeps no files"))
            return []
        with open(place, "rb") as file:
            return [tree.write(evidence_path(part.path, row), blocks(file))]


def evidence_path(prefix: str, row: Row) -> str:
    """Where the file of a source stands in a folder."""
    return f"{prefix}{EVIDENCE}/{row['id']}/{row['place']}"


def files_of(part: Part) -> Iterator[tuple[str, bytes]]:
    """The files of a part but the evidence: Markdown for people, JSON for programs."""
    rows = part.rows
    if part.incident_id is not None:
        yield f"{part.path}incident.md", markdown.write(papers.story(rows)).encode()
        yield f"{part.path}actions.md", markdown.write(papers.actions(rows)).encode()
        yield f"{part.path}timeline.md", markdown.write(papers.timeline(rows)).encode()
    sent = sorted(rows.get("message", []), key=lambda row: (row["sent_at"], row["id"]))
    for number, row in enumerate(sent, 1):
        yield f"{part.path}messages/{number:04d}-{row['id']}.md", _message(rows, row)
    texts = {(row["document_id"], row["version"]): row["text"] for row in rows.get("document_version", [])}
    for row in rows.get("document", []):
        front = {name: row[name] for name in ("id", "kind", "title", "version", "created_at", "created_by", "removed_at")}
        yield f"{part.path}documents/{row['kind']}-{row['id']}.md", _fronted(front, texts[row["id"], row["version"]])
    if part.incident_id is None:
        versions = {(row["draft_id"], row["version"]): row for row in rows.get("draft_version", [])}
        messages = {row["draft_id"] for row in rows.get("message", [])}
        for row in rows.get("draft", []):
            if row["id"] not in messages:
                head = versions[row["id"], row["version"]]
                front = {name: head[name] for name in ("form", "audience", "recorded_at", "version")}
                yield f"{part.path}drafts/{row['id']}.md", _fronted({"id": row["id"], **front}, head["text"])
    for name, listed in rows.items():
        yield f"{part.path}{DATA}/{name}.json", shapes.encode(name, listed)


def _message(rows: Rows, sent: Row) -> bytes:
    text = papers.text_of(rows, sent)
    reached = [row for row in rows.get("delivery", []) if row["message_id"] == sent["id"]]
    front = {name: sent[name] for name in ("id", "audience", "author", "sent_at", "recorded_at", "corrects", "via")}
    front |= {"form": text["form"], "version": sent["version"]}
    front["deliveries"] = [{name: row[name] for name in ("stakeholder_id", "what", "at", "by", "via")} for row in reached]
    return _fronted(front, text["text"])


def _fronted(front: Row, text: str) -> bytes:
    """A text behind its front matter: YAML, of which JSON values are a part."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False, sort_keys=True, default=transfer.plain)}" for name, value in front.items()]
    return "\n".join(["---", *lines, "---", "", text.rstrip("\n"), ""]).encode()


def _lost(row: Row, why: str) -> Problem:
    hint = "what its entries say stays in the versions of the timeline; hand the file over again where you have it"
    return Problem("evidence-missing", f"the source {row['name']} is left out: {why}", hint, path=row["name"])
