"""Files that people hand over as evidence, kept in a folder for each incident: `<folder>/<incident>/<evidence>/<name>`.

The name is made safe and stays readable, because citations are written with it. A file appears under its name only when all of it came.
"""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from hashlib import sha256

from amends.core.errors import AmendsError, TooLargeError

LARGEST = 2_000_000_000
"""The most bytes of one file that is handed over; what is larger is read where it lies."""

_NAME_BYTES = 120
_ALLOWED = " ._-()+@=,"
_SUFFIXES = 2
"""How many endings a shortened name keeps: `.tar.gz` says what a file is."""


class Incoming:
    """A file on its way in: `write` what comes, then `finish` it or `abandon` it."""

    def __init__(self, folder: str, name: str, largest: int = LARGEST) -> None:
        self._folder = folder
        self._largest = largest
        self.name = safe_name(name)
        self._path = os.path.join(folder, self.name)
        self._hash = sha256()
        self.size = 0
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle = os.open(f"{self._path}.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise _unwritable(error) from error
        self._file = os.fdopen(handle, "wb")

    def write(self, data: bytes) -> None:
        """Keep the next bytes. Raises TooLargeError above the limit, AmendsError where the disk refuses."""
        self.size += len(data)
        if self.size > self._largest:
            hint = "put it where the server can read it, and give its path"
            raise TooLargeError(f"{self.name} is larger than {self._largest:,} bytes", hint=hint)
        self._hash.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise _unwritable(error) from error

    @property
    def sha256(self) -> str:
        """The hash of what came until now, in hexadecimal."""
        return self._hash.hexdigest()

    def finish(self) -> None:
        """Give the file its name. Raises AmendsError where the disk refuses."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(f"{self._path}.part", self._path)
        except OSError as error:
            raise _unwritable(error) from error

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._file.close()
        for path in (f"{self._path}.part", self._path):
            with suppress(OSError):
                os.unlink(path)
        with suppress(OSError):
            os.rmdir(self._folder)


def safe_name(name: str) -> str:
    r"""The last part of a path as a name that is safe in every folder, recognisable, and at most 120 bytes long.

    >>> safe_name("../../etc/app log:1.tar.gz")
    'app log_1.tar.gz'
    >>> safe_name("C:\\logs\\.hidden")
    'hidden'
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    kept = "".join(char if char.isalnum() or char in _ALLOWED else "_" for char in last).lstrip(" .-").rstrip(" .")
    kept = kept.encode("utf-8", "replace").decode()
    if len(kept.encode()) > _NAME_BYTES:
        stem, *endings = kept.rsplit(".", _SUFFIXES)
        ending = "".join(f".{one}" for one in endings if len(one) < 8)
        kept = stem.encode()[: _NAME_BYTES - len(ending.encode())].decode("utf-8", "ignore") + ending
    return kept or "evidence"


def hash_of(path: str) -> tuple[str, int]:
    """The SHA-256 of a file in hexadecimal, and its size in bytes. Raises OSError."""
    digest, size = sha256(), 0
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
            size += len(part)
    return digest.hexdigest(), size


def _unwritable(error: OSError) -> AmendsError:
    return AmendsError(
        f"the file cannot be kept: {(error.strerror or str(error)).lower()}", hint="see that the disk has room, then try again"
    )
