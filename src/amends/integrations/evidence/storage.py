"""Objects in a storage that has an address (S3, Google Cloud Storage, Azure, HTTP …): what is there, what it is known by, and its bytes.

Every file system of fsspec can be asked. What it says of an error is told without addresses, as these may carry passwords and signatures.
"""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from errno import EACCES, EIO, ENOENT
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from amends.core.errors import NeedsExtraError, UsageError
from amends.integrations.evidence.addresses import Identity, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_One = TypeVar("_One")
_Other = TypeVar("_Other")

EXTRA = "dask"
AT_ONCE = 16
"""Objects that a storage is asked for at the same time: what takes the time is the way there and back."""

NO_SIZE = "its storage does not say how many bytes it has"
_TRIES = 3
_PAUSE = 0.5
"""Seconds before a storage is asked again; twice as many the next time."""

_STATES = ("etag", "md5hash", "content-md5", "generation", "sha", "digest", "ino", "created")
"""What storages call that which changes with the bytes, the surest first."""

_TIMES = ("lastmodified", "last_modified", "last-modified", "updated", "mtime", "modify", "modified")
_BLOCK = 1 << 20
_SECRETS = re.compile(r"(?<=://)[^\s/@'\"]*@|\?\S*")
_LONGEST = 200

_systems: dict[tuple[int, str, str], Any] = {}
_lock = Lock()


class Stored(NamedTuple):
    """An object: its path below what was given, its address, its bytes, and when it was last changed, in microseconds since 1970."""

    name: str
    address: str
    size: int | None
    modified_at: int | None


def status(address: str) -> Stored | None:
    """The object of an address, or None where that is a folder. Raises OSError, UsageError and NeedsExtraError."""
    if address.lower().startswith("http") and bare(address).endswith("/"):
        return None
    said = _info(address)
    return None if said.get("type") == "directory" else _stored("", address, said)


def listed(address: str) -> list[Stored]:
    """The objects below an address, in no order. Raises OSError."""
    system, path = _system(address)
    top = str(path).rstrip("/")
    found = _asked(lambda: system.find(path, detail=True))
    base, mark, query = address.partition("?") if address.lower().startswith("http") else (address, "", "")
    files = {key: said for key, said in found.items() if said.get("type") not in ("directory", "other") and not key.endswith("/")}
    below = {key: key[len(top) :].lstrip("/") if key.startswith(f"{top}/") or not top else key for key in files}
    addresses = {key: f"{base.rstrip('/')}/{name}{mark}{query}" for key, name in below.items()}
    sizeless = [key for key, said in files.items() if said.get("size") is None]
    files |= dict(zip(sizeless, at_once(lambda key: _info_if_any(addresses[key]), sizeless), strict=True))
    return [_stored(below[key], addresses[key], said) for key, said in files.items()]


def known_of(address: str) -> Identity:
    """By what an object is known: that it is one, its state, its size and, where nothing else tells its state, when it was changed."""
    said = _info(address)
    state = next((str(said[name]).strip('"') for name in _STATES if said.get(name)), None)
    number = 0 if state is None else int.from_bytes(blake2b(state.encode(), digest_size=8).digest(), "little")
    if said.get("size") is None:
        raise OSError(EIO, NO_SIZE)
    return -1, number, int(said["size"]), _changed_at(said) or 0 if state is None or said.get("ino") else 0


def read_range(address: str, start: int, end: int, size: int | None = None) -> bytes:
    """The bytes of an object in a range that lies in it; fewer where it has become shorter. Raises OSError."""
    system, path = _system(address)

    def read() -> bytes:
        if not address.lower().startswith("http"):
            return bytes(system.cat_file(path, start=start, end=end))
        # `cat_file` would take all that a server sends that knows no ranges; this one looks first.
        with system.open(path, block_size=_BLOCK, cache_type="none", size=size or known_of(address)[2]) as file:
            file.seek(start)
            return bytes(file.read(end - start))

    return _asked(read)


def at_once(function: Callable[[_One], _Other], all_of: Sequence[_One]) -> list[_Other]:
    """What a function that waits for a storage gives for each, several at the same time."""
    if not all_of:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(all_of))) as pool:
        return list(pool.map(function, all_of))


def _stored(name: str, address: str, said: Mapping[str, Any]) -> Stored:
    said = {str(key).lower(): value for key, value in said.items()}
    return Stored(name, address, None if said.get("size") is None else int(said["size"]), _changed_at(said))


def _changed_at(said: Mapping[str, Any]) -> int | None:
    value = next((said[name] for name in _TIMES if said.get(name)), None)
    if isinstance(value, str):
        value = _time_of(value)
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return round(value * 1_000_000) if isinstance(value, (int, float)) else None


def _time_of(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text)
        except ValueError:
            continue
    return None


def _info(address: str) -> dict[str, Any]:
    system, path = _system(address)
    return {str(name).lower(): value for name, value in _asked(lambda: system.info(path)).items()}


def _info_if_any(address: str) -> dict[str, Any]:
    with suppress(OSError):
        return _info(address)
    return {}


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, which a process makes once for itself, and the path in it."""
    scheme = address.partition("://")[0].lower()
    made = _class_of(scheme, address)
    options = made._get_kwargs_from_urls(address)  # noqa: SLF001  # what fsspec gives those who make file systems
    key = (os.getpid(), scheme, repr(sorted(options.items())))
    with _lock:
        if key not in _systems:
            # Listings are not kept: what is asked for is what is there now.
            _systems[key] = _asked(lambda: made(**options, skip_instance_cache=True, use_listings_cache=False))
        return _systems[key], str(made._strip_protocol(address))  # noqa: SLF001  # fsspec gives it too


def _class_of(scheme: str, address: str) -> Any:
    try:
        import fsspec  # type: ignore[import-untyped]  # it has no types
        from fsspec.registry import known_implementations  # type: ignore[import-untyped]  # it has no types
    except ImportError as error:
        raise NeedsExtraError(f"reading {scheme}://", EXTRA) from error
    if "::" in address:
        raise UsageError(f"{bare(address)}: addresses in each other are not read", hint="give the archive itself: it is unpacked")
    try:
        return fsspec.get_filesystem_class(scheme)
    except ValueError as error:
        known = ", ".join(sorted(known_implementations))
        raise UsageError(f"{bare(address)}: nothing is known that reads {scheme}://", hint=f"known: {known}") from error
    except ImportError as error:
        package = str(known_implementations[scheme]["class"]).partition(".")[0]
        missing = getattr(error.__cause__, "name", None) if package == "fsspec" else package
        raise NeedsExtraError(f"reading {scheme}://", EXTRA, package=missing or package) from error


def _asked(ask: Callable[[], _One]) -> _One:
    """What a storage answers; it is asked again when the way to it fails. Raises OSError in words of ours."""
    for number in range(_TRIES - 1):
        try:
            return ask()
        except Exception as error:  # noqa: BLE001  # each file system has errors of its own
            if _is_final(error):
                raise _refused(error) from None
        time.sleep(_PAUSE * 2**number)
    try:
        return ask()
    except Exception as error:  # noqa: BLE001  # each file system has errors of its own
        raise _refused(error) from None


def _code(error: BaseException) -> int | None:
    """The status of HTTP in an error, or in what brought it about."""
    for one in (error, error.__cause__, error.__context__):
        if isinstance(code := getattr(one, "status", None), int):
            return code
    return None


def _cause_of(error: Exception) -> Exception:
    """What is behind an error; a server that does not answer is reported as an object that is not there."""
    cause = error.__cause__
    return cause if isinstance(error, FileNotFoundError) and isinstance(cause, OSError) else error


def _is_final(error: Exception) -> bool:
    """Whether asking again is of no use."""
    error, code = _cause_of(error), _code(error)
    by_kind = (
        isinstance(error, (FileNotFoundError, PermissionError, NotImplementedError, ValueError)) or "Credentials" in type(error).__name__
    )
    return by_kind if code is None else code < 500


def _refused(error: Exception) -> OSError:
    """What a storage said, without addresses."""
    error, code = _cause_of(error), _code(error)
    if isinstance(error, PermissionError) or code in (401, 403):
        return PermissionError(EACCES, "access is denied; give this user, or the workers, the right to read it")
    if isinstance(error, FileNotFoundError) and code in (None, 404, 410):
        return FileNotFoundError(ENOENT, "there is no such object")
    if isinstance(error, ValueError) and "range" in str(error):
        return OSError(EIO, "its server gives no ranges of bytes; copy it, and give the copy")
    said = _SECRETS.sub("", str(error))[:_LONGEST]
    return OSError(EIO, f"its storage answers {type(error).__name__}{f' {code}' if code else ''}: {said}".rstrip(": "))
