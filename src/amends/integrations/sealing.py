"""Keys in files of their own, and texts sealed with them, so that destroying a small file makes texts unreadable wherever they were copied.

The keys lie beside the data and never in it: no table, no backup of ours and no export holds one. Sealing is ChaCha20-Poly1305 (RFC 8439);
a sealed text holds no time, and all texts of one kind are filled up to one length.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, NeedsExtraError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_TAG = "CACHEDIR.TAG"
_TAGGED = b"Signature: 8a477f597d28d172789f06886806bc55\n# Keys of open pulses: who copies them keeps what should be destroyed.\n"
"""Tools for backups (tar, restic, borg) leave out a folder that has this file, where they are told to leave out caches."""
_NONCE = 12


class Keyring:
    """Keys by name, each in a file that its owner only can read; without a folder they live as long as this object.

    `new_secret` gives 256 bits that nobody can guess.
    """

    def __init__(self, folder: Callable[[], str] | None, new_secret: Callable[[], str]) -> None:
        self._folder = folder
        self._new_secret = new_secret
        self._in_memory: dict[str, bytes] = {}

    def make(self, name: str) -> bytes:
        """The key of a name, made where there is none; of two who make it at once both get the same. Raises AmendsError."""
        fresh = sha256(self._new_secret().encode()).digest()
        if self._folder is None:
            return self._in_memory.setdefault(name, fresh)
        path = self._path(name)
        try:
            self._prepare()
            own = f"{path}.{self._new_secret()[-12:]}"
            _write(own, fresh)
            with suppress(FileExistsError):
                os.link(own, path)
            os.unlink(own)
            _keep_folder(os.path.dirname(path))
        except OSError as error:
            raise AmendsError(f"the key {path} cannot be kept: {error.strerror}", hint="see that AMENDS_HOME is yours") from error
        found = self.get(name)
        assert found is not None, "it was just written"
        return found

    def get(self, name: str) -> bytes | None:
        """The key of a name, None where it is not on this machine."""
        if self._folder is None:
            return self._in_memory.get(name)
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def destroy(self, name: str) -> bool:
        """Overwrite a key and delete it; whether there was one. What a file system or a disk keeps of old blocks is beyond us."""
        if self._folder is None:
            return self._in_memory.pop(name, None) is not None
        path = self._path(name)
        try:
            with open(path, "r+b") as file:
                file.write(b"\0" * os.path.getsize(path))
                file.flush()
                os.fsync(file.fileno())
            os.unlink(path)
            _keep_folder(os.path.dirname(path))
        except FileNotFoundError:
            return False
        return True

    def names(self) -> tuple[str, ...]:
        """The names of the keys that are on this machine."""
        if self._folder is None:
            return tuple(sorted(self._in_memory))
        try:
            found = os.listdir(self._folder())
        except FileNotFoundError:
            return ()
        return tuple(sorted(name.removesuffix(".key") for name in found if name.endswith(".key")))

    def _path(self, name: str) -> str:
        assert self._folder is not None, "only asked where there is a folder"
        return os.path.join(self._folder(), f"{name}.key")

    def _prepare(self) -> None:
        assert self._folder is not None, "only asked where there is a folder"
        folder = self._folder()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        tag = os.path.join(folder, _TAG)
        if not os.path.exists(tag):
            with suppress(FileExistsError):
                _write(tag, _TAGGED)


def mark(key: bytes, what: str, word: str) -> str:
    """The hash that stands for a word, which nobody can make or compare without the key; `what` keeps uses of one key apart."""
    return hmac.new(key, f"{what}/{word}".encode("utf-8", "surrogatepass"), sha256).hexdigest()


def seal(key: bytes, text: str, about: str, length: int) -> str:
    """A text under a key, filled up to `length` bytes, for one place (`about`) only. Raises NeedsExtraError, ValueError if it is longer."""
    plain = text.encode()
    if len(plain) > length:
        raise ValueError(f"{len(plain)} bytes do not fit into {length}")
    nonce = os.urandom(_NONCE)
    return b64encode(nonce + _cipher(key).encrypt(nonce, plain.ljust(length), about.encode())).decode()


def unseal(key: bytes, sealed: str, about: str) -> str | None:
    """The text again, with blanks behind it; None where it was sealed with another key, for another place, or was changed."""
    from cryptography.exceptions import InvalidTag

    try:
        raw = b64decode(sealed, validate=True)
        return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def require() -> None:
    """Raises NeedsExtraError where sealing is not installed."""
    _cipher(b"\0" * 32)


def _cipher(key: bytes) -> ChaCha20Poly1305:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    except ModuleNotFoundError as error:
        raise NeedsExtraError("a pulse", "server") from error
    return ChaCha20Poly1305(hmac.new(key, b"seal", sha256).digest())


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep_folder(folder: str) -> None:
    """See that a name that was added or removed survives a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
