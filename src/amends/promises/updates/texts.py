"""A folder of messages as files, .md or .txt: the time in front matter or in the name, the incident in front matter or the sub-folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError
from amends.core.files import decode
from amends.promises.updates.update import Update, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.promises.updates.update import Desk

SUFFIXES = (".md", ".markdown", ".txt")
_KEYS = ("at", "incident", "tz", "id", "status", "title", "audience", "author")
_LINE = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")
_NAME = re.compile(
    r"(?<!\d)(?P<y>\d{4})-?(?P<mo>\d\d)-?(?P<d>\d\d)[T_ -]?(?P<h>\d\d)[-:.h]?(?P<mi>\d\d)(?:[-:.]?(?P<s>\d\d))?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?(?!\d)"
)
_WRITE = "write it in lines between --- and --- at the top: at: 2026-03-04T10:50:00+00:00"


def read_text(data: bytes, name: str, source: str, desk: Desk) -> Iterator[Update | Problem]:
    """The update in a file; `name` is its path inside what was given, with slashes."""
    try:
        text, _ = decode(data, source)
    except AmendsError as error:
        yield problem("unreadable", error.message, error.hint, source)
        return
    front, body = front_matter(text)
    tz, unknown = desk.known_zone(front.get("tz"), source, None)
    if unknown is not None:
        yield unknown
    folder, _, last = name.rpartition("/")
    at = desk.instant(front["at"], desk.zone(tz)) if "at" in front else time_in(last, tz, desk)
    if at is None:
        what = f"not a time: {front['at'][:60]!r}" if "at" in front else "nothing says when this was published"
        hint = f"{_WRITE}; or name the file 2026-03-04T1050Z.md"
        yield problem("bad-time" if "at" in front else "no-time", what, hint, source, field="at")
        return
    incident = front.get("incident") or folder
    if not incident:
        hint = "write `incident: NAME` in lines between --- and --- at the top, or put the messages of an incident in a folder of their own"
        yield problem("no-incident", "nothing says to which incident this belongs", hint, source, field="incident")
        return
    audience, strange = desk.known_audience(front.get("audience"), source, None)
    if strange is not None:
        yield strange
    id, status, title, author = front.get("id") or name, front.get("status"), front.get("title"), front.get("author")
    yield Update(id, incident, at, tz, body, status, title, author, audience, source=source)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The known keys at the top of a text, and what stands below them."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return {}, text
    found: dict[str, str] = {}
    for number, line in enumerate(lines[1:60], 1):
        if line.strip() in ("---", "..."):
            return found, "".join(lines[number + 1 :])
        pair = _LINE.fullmatch(line.strip())
        if pair and pair[1].lower() in _KEYS and pair[2].strip():
            found[pair[1].lower()] = pair[2].strip().strip("\"'")
    return {}, text


def time_in(name: str, tz: str | None, desk: Desk) -> datetime | None:
    """The instant in the name of a file, such as 2026-03-04T1050Z.md or 2026-03-04_10-50.md; None without one."""
    found = _NAME.search(name)
    if found is None:
        return None
    parts = found.groupdict()
    written = f"{parts['y']}-{parts['mo']}-{parts['d']}T{parts['h']}:{parts['mi']}:{parts['s'] or '00'}{parts['zone'] or ''}"
    return desk.instant(written, desk.zone(tz))
