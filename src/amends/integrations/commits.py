"""The commits around an incident from a repository of this machine, read as evidence is: without its configuration, hooks or a shell."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.core.problem import Problem
from amends.incidents.commits import commit_of
from amends.integrations.evidence.git import open_log, readable_repository
from amends.integrations.evidence.limits import Limits, Teller
from amends.integrations.evidence.repository import NotOursError

if TYPE_CHECKING:
    from amends.incidents.commits import Commit

LIMITS = Limits(git_seconds=20.0, git_bytes=16 << 20, git_memory=1 << 30)
"""What one look may cost: it is made while somebody waits for a page."""

MOST = 2000
_MARK = b"\x00amends-commit\x00"
_HASH = re.compile(r"[0-9a-f]{40,64}")


def is_repository(path: str) -> bool:
    """Whether a folder is a git repository, or the work tree of one."""
    return os.path.exists(os.path.join(path, ".git")) or (
        os.path.isfile(os.path.join(path, "HEAD")) and os.path.isdir(os.path.join(path, "objects"))
    )


def local_commits(folder: str, since: datetime, until: datetime) -> tuple[tuple[Commit, ...], tuple[Problem, ...]]:
    """The commits of a repository between two moments, at most `MOST`, and what could not be read of it."""
    problems: list[Problem] = []
    teller = Teller(problems.append)
    name = os.path.basename(os.path.abspath(folder)) or folder
    if not os.path.isdir(folder):
        return (), (Problem("unreadable", f"there is no folder {folder!r}", "give the folder of a git repository", folder),)
    if readable_repository(folder, folder, name, teller) is None:
        return (), tuple(problems)
    try:
        with open_log(folder, folder, name, LIMITS, teller, since, until) as log:
            data = log.read() or b""
    except (NotOursError, OSError) as error:
        problems.append(Problem("unreadable", f"the history of {name} cannot be read: {error}", "run git fsck in it", folder))
        return (), tuple(problems)
    found = [one for record in data.split(_MARK)[1:] if (one := _commit(record)) is not None]
    return tuple(found[:MOST]), tuple(problems)


def _commit(record: bytes) -> Commit | None:
    fields = [field.decode("utf-8", "replace") for field in record.split(b"\x00", 8)]
    if len(fields) < 8 or not _HASH.fullmatch(fields[0]):
        return None  # the last record of a history that broke off, which was told
    try:
        at = datetime.fromisoformat(fields[5]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return commit_of(fields[0], at, fields[7])
