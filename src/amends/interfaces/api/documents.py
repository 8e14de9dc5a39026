"""Shared texts over HTTP: several people write at once, and each save says which version it was based on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.errors import NotFoundError
from amends.incidents import document_report as report
from amends.incidents.document import DocumentConflictError
from amends.interfaces.api import documents_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.documents_bodies import GoBackRequest, NewTextRequest, RenameTextRequest, SaveTextRequest
from amends.interfaces.api.ledger_bodies import KEY, decoder, once
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import WrongFieldError, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.incidents.document import Document
    from amends.usecases.documents import Documents
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
DocumentId = Annotated[str, Path(description="The id of a shared text.")]
HERE = "/incidents/{incident_id}/documents"
ONE = f"{HERE}/{{document_id}}"
ANSWERS = Answers("GET /api/v1/incidents/{incident_id}/documents lists the texts of an incident", untold=frozenset({KEY}))


def add_documents(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of shared texts beside those of the incident."""
    _add_reading(app, usecases)
    _add_writing(app, usecases)
    _add_keeping(app, usecases)


def _add_reading(app: FastAPI, usecases: UseCases) -> None:
    @app.get(HERE, **describe.LIST)
    async def texts(request: Request, incident_id: IncidentId) -> Response:
        """The shared texts of an incident, without what they say; with those that were removed where `removed` is `yes`."""
        removed = _choice(request, "removed", ("no", "yes")) == "yes"
        return await ANSWERS.of(lambda: report.list_as_dict(usecases.documents.list(incident_id, removed=removed, by=who(request))))

    @app.get(ONE, **describe.ONE)
    async def text(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """A shared text as it stands."""
        return await ANSWERS.of(lambda: report.as_dict(_of(usecases.documents, incident_id, document_id, who(request))))

    @app.get(f"{ONE}/versions", **describe.HISTORY)
    async def versions(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Every text that was given for it, oldest first; those that lost a conflict too."""
        by = who(request)

        def history() -> dict[str, Any]:
            _of(usecases.documents, incident_id, document_id, by)
            return report.history_as_dict(document_id, usecases.documents.versions(document_id, by=by))

        return await ANSWERS.of(history)

    @app.get(f"{ONE}/differences", **describe.DIFFERENCES)
    async def differences(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """What turns one version into another, line by line."""
        by, one, two = who(request), _number(request, "from"), _number(request, "to")

        def told() -> dict[str, Any]:
            _of(usecases.documents, incident_id, document_id, by)
            return report.differences_as_dict(document_id, one, two, usecases.documents.differences(document_id, one, two, by=by))

        return await ANSWERS.of(told)


def _add_writing(app: FastAPI, usecases: UseCases) -> None:
    read_new, read_save = decoder(NewTextRequest), decoder(SaveTextRequest)

    @app.post(HERE, **describe.NEW)
    async def begin(request: Request, incident_id: IncidentId) -> Response:
        """Begin a shared text."""
        body = await request.body()
        asked = read_body(body, read_new)
        key = once(request.headers, body, f"document {incident_id}", who(request))

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.documents.new(incident_id, asked.title, kind=asked.kind, text=asked.text, once=key, by=who(request))
            return new.head.id, report.as_dict(new)

        return await ANSWERS.made(request, f"incidents/{incident_id}/documents", made)

    @app.post(f"{ONE}/save", **describe.SAVE)
    async def save(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Save what somebody wrote.

        Changes that others made since are joined with it where they touch other paragraphs. Where they touch the same one, the answer
        is 409 with the text as it stands in `current`; what was sent is kept as version `kept_as`. The same request once more is harmless.
        """
        asked = read_body(await request.body(), read_save)
        return await _taken(usecases, request, incident_id, document_id, lambda documents, by: documents.save(
            document_id, asked.text, asked.based_on, by=by
        ))  # fmt: skip


def _add_keeping(app: FastAPI, usecases: UseCases) -> None:
    read_rename, read_back = decoder(RenameTextRequest), decoder(GoBackRequest)

    @app.post(f"{ONE}/rename", **describe.RENAME)
    async def rename(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Give a shared text another title."""
        asked = read_body(await request.body(), read_rename)
        return await _taken(usecases, request, incident_id, document_id, lambda documents, by: documents.rename(
            document_id, asked.title, by=by
        ))  # fmt: skip

    @app.post(f"{ONE}/go-back", **describe.GO_BACK)
    async def go_back(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Make an earlier version the newest one. What stood until then stays in the history."""
        asked = read_body(await request.body(), read_back)
        return await _taken(usecases, request, incident_id, document_id, lambda documents, by: documents.go_back(
            document_id, asked.version, by=by
        ))  # fmt: skip

    @app.post(f"{ONE}/remove", **describe.REMOVE)
    async def remove(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Hide a shared text; nothing of it is lost."""
        return await _taken(usecases, request, incident_id, document_id, lambda documents, by: documents.remove(document_id, by=by))

    @app.post(f"{ONE}/restore", **describe.RESTORE)
    async def restore(request: Request, incident_id: IncidentId, document_id: DocumentId) -> Response:
        """Bring a shared text back that was removed."""
        return await _taken(usecases, request, incident_id, document_id, lambda documents, by: documents.restore(document_id, by=by))


async def _taken(
    usecases: UseCases, request: Request, incident_id: str, document_id: str, act: Callable[[Documents, str], Document]
) -> Response:
    """What an act on a text of this incident leaves it as, or the conflict with what stands there."""
    by = who(request)

    def acted() -> dict[str, Any]:
        _of(usecases.documents, incident_id, document_id, by)
        return report.as_dict(act(usecases.documents, by))

    try:
        return await ANSWERS.of(acted)
    except DocumentConflictError as error:
        return problem(error, current=report.as_dict(error.current), kept_as=error.kept_as)


def _of(documents: Documents, incident_id: str, document_id: str, by: str) -> Document:
    found = documents.get(document_id, by=by)
    if found.head.incident_id != incident_id:
        raise NotFoundError(f"there is no document {document_id!r} in this incident")
    return found


def _choice(request: Request, name: str, known: tuple[str, ...]) -> str:
    given = request.query_params.get(name, known[0])
    if given not in known:
        raise WrongFieldError(name, f"{name}: expected {' or '.join(known)}, got {given[:40]!r}")
    return given


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", given):
        raise WrongFieldError(name, f"{name}: expected the number of a version, got {given[:40]!r}")
    return int(given)
