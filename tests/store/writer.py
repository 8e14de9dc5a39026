"""A process that writes until it is told to stop, or dies: `writer.py URL AUTHOR COUNT [die-in-journal]`.

It prints each text once the store has acknowledged it.
"""

from __future__ import annotations

import os
import signal
import sys

from amends.core.incident import DraftConflictError
from amends.store import drafts
from amends.store.engine import open_store
from amends.testing import CountingIds, FixedClock
from amends.usecases.drafting import Drafting


class OwnIds(CountingIds):
    """Ids that no other process makes."""

    def __init__(self, author: str) -> None:
        super().__init__()
        self.author = author

    def new(self) -> str:
        return f"{self.author}{super().new()}"


def acknowledge(text: str) -> None:
    """Say that this text is kept."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(url: str, author: str, count: int, die: str = "") -> None:
    """Begin a draft and save it again and again; with `die`, the last save is cut off between the journal and the version."""
    drafting = Drafting(open_store(url), FixedClock(), OwnIds(author))
    draft = drafting.new(f"{author} 0", by=author)
    acknowledge(draft.content.text)
    for number in range(1, count):
        if die and number == count - 1:
            drafts.add_version = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        try:
            draft = drafting.save(draft.id, f"{author} {number}", "auto", None, None, draft.version, by=author)
        except DraftConflictError as conflict:
            draft = conflict.current
        acknowledge(f"{author} {number}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
