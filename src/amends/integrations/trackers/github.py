"""GitHub issues and commits: REST, version 2022-11-28. Its issues have no due date; that of their milestone counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from amends.incidents.commits import commit_of
from amends.integrations.trackers import NewTicket, Ticket, TicketState, Tracker
from amends.integrations.trackers.talk import Talk, field, listed, odd, require_ref, text_of, time_of, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.incidents.commits import Commit

API = "https://api.github.com"
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
MOST_COMMITS = 300
"""Commits that are asked for: more than a team makes in the hours of an incident."""

_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_PAGE = 100
_MOST_PAGES = 10
"""Pages of issues, the newest first, that are looked through for an earlier try; a thousand since the item was proposed."""


class GitHub(Tracker):
    """The issues of one repository, `owner/name`."""

    def __init__(
        self, name: str, repository: str, token: str, *, url: str = API, labels: tuple[str, ...] = (), allow_private: bool = False
    ) -> None:
        super().__init__(name, labels)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._talk = Talk(name, url, headers, said_in=f"trackers.{name}.token", allow_private=allow_private)
        self._issues = f"/repos/{repository}/issues"
        self._commits = f"/repos/{repository}/commits"

    def find(self, ticket: NewTicket) -> Ticket | None:
        """The issue whose text holds the marker. The list is asked, not the search, which learns of an issue only after a while."""
        since = ticket.since.strftime(_STAMP)
        for page in range(1, _MOST_PAGES + 1):
            answer = self._talk.get(self._issues, state="all", since=since, sort="created", direction="desc", per_page=_PAGE, page=page)
            for issue in listed(answer.value, self.name):
                if ticket.marker in (field(issue, "body") or "") and field(issue, "pull_request") is None:
                    return self._ticket(issue, found=True)
            if not _has_next(answer.headers):
                return None
        return None

    def make(self, ticket: NewTicket) -> Ticket:
        """Open an issue."""
        due = (f"Due {ticket.due:%Y-%m-%d}.",) if ticket.due is not None else ()
        body = "\n\n".join((*ticket.body, *due, f"Amends: {ticket.marker}"))
        return self._ticket(self._talk.post(self._issues, {"title": ticket.title, "body": body, "labels": list(self.labels)}).value)

    def read(self, ref: str) -> TicketState:
        """How an issue stands; GitHub tells whether a closed one was completed or not planned."""
        require_ref(ref, NUMBER.fullmatch(ref) is not None, self.name)
        issue = self._talk.get(f"{self._issues}/{ref}").value
        known = self._ticket(issue)
        reason = text_of(issue, "state_reason")
        return TicketState(
            is_open=field(issue, "state") != "closed",
            words=reason.replace("_", " ") if reason is not None else None,
            owner=text_of(issue, "assignee", "login"),
            due=found.date() if (found := time_of(issue, "milestone", "due_on")) is not None else None,
            updated_at=time_of(issue, "updated_at"),
            url=known.url,
        )

    def commits(self, since: datetime, until: datetime) -> tuple[Commit, ...]:
        """The commits of the main branch between two moments, the newest first, at most `MOST_COMMITS`. Raises OutsideError."""
        found: list[Commit] = []
        between = {"since": since.strftime(_STAMP), "until": until.strftime(_STAMP)}
        for page in range(1, MOST_COMMITS // _PAGE + 1):
            answer = self._talk.get(self._commits, **between, per_page=_PAGE, page=page)
            found += [read for one in listed(answer.value, self.name) if (read := _commit(one)) is not None]
            if not _has_next(answer.headers):
                break
        return tuple(found)

    def _ticket(self, issue: Any, *, found: bool = False) -> Ticket:
        number = field(issue, "number")
        if not isinstance(number, int):
            raise odd(self.name)
        return Ticket(str(number), web_address(text_of(issue, "html_url"), ""), found)


def _commit(value: Any) -> Commit | None:
    """A commit as GitHub tells it; None for one without a hash or a time, which cannot be named."""
    sha, at = text_of(value, "sha"), time_of(value, "commit", "committer", "date")
    message = field(value, "commit", "message")
    if sha is None or at is None or re.fullmatch(r"[0-9a-f]{7,64}", sha) is None or not isinstance(message, str):
        return None
    return commit_of(sha, at, message, web_address(text_of(value, "html_url"), "") or None)


def _has_next(headers: Mapping[str, str]) -> bool:
    return 'rel="next"' in headers.get("link", "")
