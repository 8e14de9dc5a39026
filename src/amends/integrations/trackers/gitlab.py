"""GitLab issues: REST, version 4, of gitlab.com or of a server of one's own."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from amends.integrations.trackers import NewTicket, Ticket, TicketState, Tracker
from amends.integrations.trackers.talk import Talk, field, listed, odd, require_ref, text_of, time_of, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = "https://gitlab.com"
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_PAGE = 100
_MOST_PAGES = 10


class GitLab(Tracker):
    """The issues of one project, by its path or its number. `url` is the address of the server."""

    def __init__(
        self, name: str, project: str, token: str, *, url: str = SERVER, labels: tuple[str, ...] = (), allow_private: bool = False
    ) -> None:
        super().__init__(name, labels)
        base = f"{url.rstrip('/')}/api/v4"
        self._talk = Talk(name, base, {"PRIVATE-TOKEN": token}, said_in=f"trackers.{name}.token", allow_private=allow_private)
        self._issues = f"/projects/{quote(project, safe='')}/issues"

    def find(self, ticket: NewTicket) -> Ticket | None:
        """The issue whose description holds the marker."""
        return next((self._ticket(one, found=True) for one in self._searched(ticket.marker)), None)

    def _searched(self, marker: str) -> Iterator[Any]:
        """The search of GitLab finds parts of words too, and its pages may hold what only resembles the marker."""
        for page in range(1, _MOST_PAGES + 1):
            query: dict[str, str | int] = {"search": marker, "in": "description", "scope": "all", "per_page": _PAGE, "page": page}
            answer = self._talk.get(self._issues, **query)
            yield from (one for one in listed(answer.value, self.name) if marker in (field(one, "description") or ""))
            if not answer.headers.get("x-next-page"):
                return

    def make(self, ticket: NewTicket) -> Ticket:
        """Open an issue, due on the day of the action item."""
        described = "\n\n".join((*ticket.body, f"Amends: {ticket.marker}"))
        body = {"title": ticket.title, "description": described, "labels": ",".join(self.labels)}
        due = {"due_date": ticket.due.isoformat()} if ticket.due is not None else {}
        return self._ticket(self._talk.post(self._issues, body | due).value)

    def read(self, ref: str) -> TicketState:
        """How an issue stands."""
        require_ref(ref, NUMBER.fullmatch(ref) is not None, self.name)
        issue = self._talk.get(f"{self._issues}/{ref}").value
        known = self._ticket(issue)
        return TicketState(
            is_open=field(issue, "state") != "closed",
            words=None,
            owner=text_of(issue, "assignee", "username"),
            due=day_of(issue, "due_date"),
            updated_at=time_of(issue, "updated_at"),
            url=known.url,
        )

    def _ticket(self, issue: Any, *, found: bool = False) -> Ticket:
        number = field(issue, "iid")
        if not isinstance(number, int):
            raise odd(self.name)
        return Ticket(str(number), web_address(text_of(issue, "web_url"), ""), found)


def day_of(value: Any, *path: str) -> date | None:
    """A day as trackers write it, None where there is none."""
    said = text_of(value, *path)
    try:
        return date.fromisoformat(said) if said is not None else None
    except ValueError:
        return None
