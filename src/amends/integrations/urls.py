"""Addresses of servers as a settings file gives them; light, since settings are read before anything else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_base(url: str) -> bool:
    """Whether an address can be the base of others: http or https, a host, and nothing behind the path or before the host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and plain and not re.search(r"[\s\\]", url)
