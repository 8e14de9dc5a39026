"""A message as a letter: a subject in one line, and the text below it."""

from __future__ import annotations

import re

_SUBJECT = re.compile(r"\s*subject\s*:[ \t]*(?P<subject>\S[^\n]*)\n+", re.IGNORECASE)
_LIMIT = 200


def parts_of(text: str, usual: str) -> tuple[str, str]:
    """The subject and the text of a message: its own first line where that says `Subject:`, else what is `usual`."""
    found = _SUBJECT.match(text)
    if found is None:
        return usual[:_LIMIT], text.strip()
    return found["subject"].strip()[:_LIMIT], text[found.end() :].strip()
