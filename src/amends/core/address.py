"""Whether an address of the web leads anybody but us anywhere."""

from __future__ import annotations

import re

_HERE = re.compile(r"https?://(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|(?:[\w-]+\.)*localhost)(?:[:/]|$)", re.IGNORECASE)


def is_this_machine(address: str) -> bool:
    """Whether an address such as `http://127.0.0.1:8433/p/` can be opened on the machine that it was made on, and on no other."""
    return _HERE.match(address) is not None
