"""The key by which an installation signs what it gives out (Ed25519, RFC 8032), and the check of such a signature.

The private key is made at first use, in a file that only its owner can read. A bundle carries the public key; that it is the key of the
installation that one thinks of is for people to compare, by its fingerprint.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from amends.core.errors import InputError, NeedsExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE = "signing-key.pem"


class Signer:
    """Signs with the key in a folder, which is made where there is none. Raises NeedsExtraError, InputError where it cannot be read."""

    def __init__(self, folder: str) -> None:
        self._key = _load(os.path.join(folder, FILE))

    @property
    def public_key(self) -> bytes:
        """The public key as PEM, which other tools read too."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of a signature; the same for the same data."""
        return self._key.sign(data)


def fingerprint(public_key: bytes) -> str:
    """How people compare keys: SHA-256 over the raw key in hexadecimal. Raises InputError for what is no such key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return sha256(_public(public_key).public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def fits(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the holder of this key signed this data. Raises InputError for what is no such key."""
    from cryptography.exceptions import InvalidSignature

    try:
        _public(public_key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def require() -> None:
    """Raises NeedsExtraError where signing is not installed."""
    try:
        import cryptography  # noqa: F401  # asked for before work begins
    except ModuleNotFoundError as error:
        raise NeedsExtraError("a signed bundle", "export") from error


def _public(pem: bytes) -> Ed25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"this is no public key: {error}", hint="take the bundle as it was exported") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("this is a key of another kind than ours (Ed25519)", hint="take the bundle as it was exported")
    return key


def _load(path: str) -> Ed25519PrivateKey:
    require()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if not os.path.exists(path):
            _make(path)
        with open(path, "rb") as file:
            key = load_pem_private_key(file.read(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        because = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(
            f"the signing key cannot be read: {because}", hint="restore it from a backup; do not make it anew", path=path
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("the signing key is of another kind than ours (Ed25519)", hint="restore it from a backup", path=path)
    return key


def _make(path: str) -> None:
    """Make a key, whole or not at all; where two make one at once, the first stays."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    beside = f"{path}.{os.getpid()}.new"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        os.unlink(beside)
