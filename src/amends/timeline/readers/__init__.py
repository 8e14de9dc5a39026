"""Readers of structured sources: exports of chats, alerts, tickets and repositories. Each is one module that brings its `Reader`.

JSON lines by the million have a way of their own beside it: `jsoncolumns.JsonLines` reads them by the block, as columns.
"""

from __future__ import annotations

from amends.timeline.readers import (
    alertmanager,
    git,
    github,
    gitlab,
    jira,
    journald,
    jsonlogs,
    linear,
    mail,
    markdown,
    opsgenie,
    otlp,
    pagerduty,
    sentry,
    slack,
    statuspage,
    tables,
    teams,
)
from amends.timeline.readers.source import HEAD, Reader, Source

READERS: tuple[Reader, ...] = (
    git.READER,
    journald.READER,
    mail.READER,
    otlp.READER,
    *slack.READERS,
    teams.READER,
    statuspage.READER,
    alertmanager.READER,
    pagerduty.READER,
    jira.READER,
    gitlab.READER,
    github.READER,
    linear.READER,
    opsgenie.READER,
    sentry.READER,
    jsonlogs.READER,
    markdown.READER,
    tables.READER,
)
"""The readers, those that know the most particular signs first."""


def reader_of(head: bytes, name: str) -> Reader | None:
    """The reader that knows a file by its first bytes; None where none does."""
    head = bytes(head[:HEAD])
    return next((one for one in READERS if one.sniff(head, name)), None)


__all__ = ["HEAD", "READERS", "Reader", "Source", "reader_of"]
