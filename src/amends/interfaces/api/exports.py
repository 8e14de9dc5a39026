"""Taking along and bringing in over HTTP: an incident as one file, and what was exported here or by other tools."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from amends.core.errors import UnknownNameError, UsageError
from amends.core.zones import zone_named
from amends.interfaces.api import exports_describe as describe
from amends.interfaces.api.payload import encode, who
from amends.interfaces.api.problems import HEADERS, WrongFieldError

if TYPE_CHECKING:
    from amends.usecases.downloads import Download
    from amends.usecases.facade import UseCases
    from amends.usecases.importing import Imported

IncidentId = Annotated[str, Path(description="The id of an incident.")]
Tool = Annotated[str, Path(description="What wrote it: `folder` for a zip of ours, else one of the tools.")]
FOLDER = "folder"


def add_exports(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of exports and imports beside the others."""

    @app.get("/incidents/{incident_id}/export", **describe.EXPORT)
    async def export(request: Request, incident_id: IncidentId) -> Response:
        """An incident as one file: a zip that can be imported, a signed bundle, or a document for people."""
        asked, by = request.query_params, who(request)
        zone = zone_named(asked.get("tz", "UTC")[:64])
        if zone is None:
            raise WrongFieldError("tz", "there is no such time zone", hint="write an IANA name such as Europe/London")
        made = await run_in_threadpool(
            lambda: usecases.downloads.of(incident_id, asked.get("format", "zip"), asked.get("what", "account"), zone=zone, by=by)
        )
        return sent_file(made)

    @app.get("/export", **describe.WORKSPACE)
    async def workspace(request: Request) -> Response:
        """Everything that you may see, as a zip that can be imported."""
        by = who(request)
        return sent_file(await run_in_threadpool(lambda: usecases.downloads.workspace(by=by)))

    @app.post("/import/{tool}", **describe.IMPORT)
    async def bring(request: Request, tool: Tool) -> Response:
        """Bring in one file. All of a zip of ours is kept, or nothing; of other tools, rows that cannot be used are told and left out."""
        if tool not in describe.TOOLS:
            raise UnknownNameError("tool", tool[:40], describe.TOOLS)
        dry = _yes(request, "dry_run")
        incident, by = request.query_params.get("incident"), who(request)
        data = await request.body()
        if not data:
            raise UsageError("the body is empty", hint="send the file as it was exported")
        if tool == FOLDER:
            return _json((await run_in_threadpool(lambda: _bring_back(usecases, data, dry, by))).as_dict())
        told = await run_in_threadpool(lambda: usecases.adopting.take(tool, data, "body", incident_id=incident, dry_run=dry, by=by))
        return _json(told.as_dict(tool))


def _bring_back(usecases: UseCases, data: bytes, dry: bool, by: str) -> Imported:
    with tempfile.NamedTemporaryFile(prefix="amends-import-", suffix=".zip") as file:
        file.write(data)
        file.flush()
        return usecases.importing.folder(file.name, called="body", dry_run=dry, by=by)


def _yes(request: Request, name: str) -> bool:
    written = request.query_params.get(name, "no")
    if written not in ("no", "yes"):
        raise WrongFieldError(name, f"{name}: expected yes or no, got {written[:40]!r}")
    return written == "yes"


def sent_file(made: Download) -> Response:
    """A download as an answer."""
    headers = {**HEADERS, "content-disposition": made.disposition, "content-length": str(made.size)}
    return StreamingResponse(made.chunks(), media_type=made.media, headers=headers)


def _json(value: object) -> Response:
    return Response(encode(value), media_type="application/json", headers=HEADERS)
