"""The folder in which units of work leave what they found: named by their content, written whole or not at all, shared by all processes.

A unit is a part (or several) in Parquet and a record that says so; a unit without a record was never done. There is no list beside them
that could disagree, nothing to lock, and it works on any file system that can rename: two runs at once do the same work at worst.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

KEPT_DAYS = 30
"""Days after which what nobody asked for is removed; it is made again from its sources when it is asked for."""

_DAY = 86_400
_DIGEST = 20


def name_of(*parts: str | bytes | int | None) -> str:
    """A name for what follows from these: the same wherever it is made."""
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogateescape")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


class Folder:
    """One folder of units. Raises OSError where it cannot be written."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)
        self._made: set[Path] = set()

    def put(self, kind: str, name: str, data: bytes) -> None:
        """Keep a record, whole or not at all."""
        place = self._place(kind, name)
        handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(draft, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise

    def get(self, kind: str, name: str) -> bytes | None:
        """A record, None where there is none; what is asked for is kept for another while."""
        place = self.root / kind / name[:2] / name
        try:
            data = place.read_bytes()
            os.utime(place)
        except OSError:
            return None
        return data

    def part(self, name: str, number: int) -> str:
        """Where part number `number` of a unit is, or will be."""
        return str(self._place("units", f"{name}-{number}.parquet"))

    def spool(self) -> tempfile.TemporaryDirectory[str]:
        """A folder for the bytes of packed sources, gone when it is closed."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return tempfile.TemporaryDirectory(dir=self.root, prefix="spool-", ignore_cleanup_errors=True)

    def _place(self, kind: str, name: str) -> Path:
        folder = self.root / kind / name[:2]
        if folder not in self._made:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._made.add(folder)
        return folder / name

    def sweep(self, now: float) -> None:
        """Remove what nobody asked for in a month, and what broken runs left behind; at most once a day. `now` in seconds since 1970."""
        mark = self.root / "swept"
        with suppress(OSError):
            if now - mark.stat().st_mtime < _DAY:
                return
        with suppress(OSError):
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            mark.touch()
            for folder, _, files in os.walk(self.root, topdown=False):
                for file in files:
                    self._forget(Path(folder, file), now)
                if os.path.basename(folder).startswith("spool-"):
                    with suppress(OSError):
                        os.rmdir(folder)

    def _forget(self, file: Path, now: float) -> None:
        with suppress(OSError):
            age = now - file.stat().st_mtime
            leftover = file.name.startswith(".draft-") or "spool-" in file.parent.name
            if age > (_DAY if leftover else KEPT_DAYS * _DAY):
                file.unlink()
