"""Addresses of what lies in a storage: which words are one, what it is called, and how it is written without its secrets."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

Identity = tuple[int, int, int, int]
"""By what bytes are known: others, or changed ones, have another. The third number is how many there are."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_NAMES_ITS_PLACE = frozenset(("abfs", "abfss", "wasb", "wasbs", "sftp", "ssh", "smb", "hdfs", "webhdfs"))
"""Schemes in which what stands before the @ is no secret, but a container or who asks."""


def is_remote(path: str) -> bool:
    """Whether it is the address of an object, as `s3://bucket/app.log`, and not the path of a file."""
    return _ADDRESS.match(path) is not None


def bare(path: str) -> str:
    """An address without passwords, tokens and signatures, as it may be shown and kept; a path as it is."""
    found = _ADDRESS.match(path)
    if found is None:
        return path
    scheme = found[0][:-3].lower()
    host, slash, rest = path[found.end() :].partition("?")[0].partition("/")
    user, at, host = host.rpartition("@")
    keeps = scheme in _NAMES_ITS_PLACE and ":" not in user
    return f"{found[0]}{user + at if keeps else ''}{host}{slash}{rest}"


def label(operand: str) -> str:
    """The last part of a path or an address, by which it is called."""
    if not is_remote(operand):
        return os.path.basename(os.path.abspath(operand))
    address = bare(operand)
    last = address.partition("://")[2].rstrip("/").rpartition("/")[2]
    return unquote(last) if address.startswith("http") else last
