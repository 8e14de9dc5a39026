"""What is exported as one file that a browser saves: made whole before its first byte leaves, and gone when its last one has."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from amends.core.errors import UnknownNameError
from amends.core.people import LOCAL_PERSON
from amends.integrations.export.documents import FORMATS, MEDIA, SUFFIXES, render
from amends.integrations.export.tree import ZipTree, blocks
from amends.usecases.exporting import PAPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from amends.core.paper import Paper
    from amends.usecases.bundling import Bundling
    from amends.usecases.exporting import Exporting

ARCHIVES = ("zip", "bundle")
"""A folder that can be imported again, and a signed bundle; both are zips."""

FORMS = (*ARCHIVES, *FORMATS)
_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out: a name that is safe in every header and folder, its type, its bytes, and how many they are."""

    name: str
    media: str
    size: int
    file: BinaryIO

    def chunks(self) -> Iterator[bytes]:
        """The bytes, a block at a time; then the file is gone."""
        with self.file:
            yield from blocks(self.file)

    @property
    def disposition(self) -> str:
        """The header that makes a browser save it."""
        return f'attachment; filename="{self.name}"'


class Downloads:
    """Makes them; `by` gets what they may see."""

    def __init__(self, exporting: Exporting, bundling: Callable[[], Bundling]) -> None:
        self._exporting = exporting
        self._bundling = bundling

    def of(self, incident_id: str, form: str, what: str, *, zone: tzinfo, by: str = LOCAL_PERSON) -> Download:
        """An incident in one of `FORMS`; `what` is one of `exporting.PAPERS` where that is a document.

        Raises UnknownNameError, NotFoundError, ForbiddenError, NeedsExtraError, UsageError.
        """
        if form not in FORMS:
            raise UnknownNameError("format", form[:40], FORMS)
        if what not in PAPERS:
            raise UnknownNameError("document", what[:40], PAPERS)
        title = str(self._exporting.rows(incident_id, by=by)["incident"][0]["title"])
        if form == "zip":
            return _zipped(f"incident-{slug(title, incident_id)}.zip", lambda tree: self._exporting.incident(incident_id, tree, by=by))
        if form == "bundle":
            bundling = self._bundling()
            return _zipped(f"bundle-{slug(title, incident_id)}.zip", lambda tree: bundling.write(incident_id, tree, by=by))
        return of_paper(self._exporting.paper(incident_id, what, zone=zone, by=by), form, f"{what}-{slug(title, incident_id)}")

    def workspace(self, *, by: str = LOCAL_PERSON) -> Download:
        """Everything that somebody may see, as a zip that can be imported. Raises ForbiddenError."""
        return _zipped("workspace.zip", lambda tree: self._exporting.workspace(tree, by=by))


def of_paper(paper: Paper, form: str, name: str) -> Download:
    """A document as a file; its name without an ending. Raises UnknownNameError for a format, NeedsExtraError, TooLargeError."""
    data = render(paper, form)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when its last byte has left
    file.write(data)
    file.seek(0)
    return Download(f"{name}.{SUFFIXES[form]}", MEDIA[form], len(data), file)


def slug(title: str, incident_id: str) -> str:
    r"""A title as a part of a file name: small Latin letters, digits and hyphens, and the end of the id, so that two are two.

    >>> slug('Zahlung: "Köln"\r\nX', "01KNAVQNB2V4T1XKX5F1PTC7JB")
    'zahlung-koln-x-PTC7JB'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return f"{_OTHER.sub('-', plain).strip('-')[:60] or 'incident'}-{_OTHER.sub('', incident_id[-6:].lower()).upper()}"


def _zipped(name: str, write: Callable[[ZipTree], object]) -> Download:
    with tempfile.TemporaryDirectory(prefix="amends-export-") as folder:
        path = os.path.join(folder, "export.zip")
        with ZipTree(path) as tree:
            write(tree)
        file = open(path, "rb")  # noqa: SIM115  # closed when its last byte has left; its name goes now
        return Download(name, "application/zip", os.fstat(file.fileno()).st_size, file)
