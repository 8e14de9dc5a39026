"""The files that pages load, those of the picture of a timeline too: read once, compressed once, and named by what is in them.

So browsers may keep them for ever. All share one folder name made from their contents: scripts import each other by plain relative names.
"""

from __future__ import annotations

import gzip
import os
from hashlib import sha256
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import Response

from amends.core.errors import NotFoundError
from amends.integrations.export import timeline

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER = os.path.join(os.path.dirname(__file__), "static")
PICTURE = os.path.dirname(timeline.__file__)
"""The picture of a timeline is the same here as in a page that is exported."""

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """The static files of the pages."""

    def __init__(self, folder: str = FOLDER) -> None:
        self._files = dict(_read(folder)) | {f"timeline/{name}": data for name, data in _read(PICTURE)}
        digest = sha256()
        for name in sorted(self._files):
            digest.update(name.encode() + b"\0" + self._files[name] + b"\0")
        self.version = digest.hexdigest()[:16]
        self._packed: dict[str, bytes] = {}

    def url(self, name: str) -> str:
        """The address of a file, which changes whenever any file does. Raises NotFoundError for a file that is not there."""
        self._content(name)
        return f"/static/{self.version}/{name}"

    def text(self, name: str) -> Markup:
        """A file of our own as text, to stand in a page. Raises NotFoundError."""
        return Markup(self._content(name).decode())  # noqa: S704  # it comes from the package, not from people

    def response(self, request: Request, version: str, name: str) -> Response:
        """A file; kept for ever under its own version, asked for again under one that a page of yesterday still names."""
        content = self._content(name)
        headers = {
            "cache-control": FOR_EVER if version == self.version else "no-cache",
            "vary": "accept-encoding",
            "x-content-type-options": "nosniff",
        }
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            content = self.packed(name)
        return Response(content, media_type=TYPES[os.path.splitext(name)[1]], headers=headers)

    def packed(self, name: str) -> bytes:
        """A file compressed, the same bytes each time."""
        if name not in self._packed:
            self._packed[name] = gzip.compress(self._content(name), 9, mtime=0)
        return self._packed[name]

    def _content(self, name: str) -> bytes:
        if name not in self._files:
            raise NotFoundError(f"there is no file {name[:80]!r}")
        return self._files[name]


def _read(folder: str) -> list[tuple[str, bytes]]:
    found = []
    for root, _, names in os.walk(folder):
        for name in names:
            if os.path.splitext(name)[1] in TYPES:
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    found.append((os.path.relpath(path, folder).replace(os.sep, "/"), file.read()))
    return found
