"""Jira Cloud: REST, version 3. Its texts are documents of the Atlassian Document Format, and its search knows labels."""

from __future__ import annotations

import base64
import re
from typing import Any

from amends.integrations.trackers import NewTicket, Ticket, TicketState, Tracker
from amends.integrations.trackers.gitlab import day_of
from amends.integrations.trackers.talk import Talk, field, listed, odd, require_ref, text_of, time_of

KEY = re.compile(r"[A-Z][A-Z0-9_]{1,79}-[1-9][0-9]{0,9}")
_MOST_PAGES = 10


class Jira(Tracker):
    """The issues of one project, by its key. `user` is the address of the account that the token belongs to, `type` the kind of issue."""

    def __init__(
        self,
        name: str,
        url: str,
        project: str,
        user: str,
        token: str,
        *,
        type: str = "Task",  # noqa: A002  # as Jira and the project file call it
        labels: tuple[str, ...] = (),
        allow_private: bool = False,
    ) -> None:
        super().__init__(name, labels)
        basic = base64.b64encode(f"{user}:{token}".encode()).decode("ascii")
        self._site = url.rstrip("/")
        said_in = f"trackers.{name}.token"
        self._talk = Talk(name, self._site, {"Authorization": f"Basic {basic}"}, said_in=said_in, allow_private=allow_private)
        self._project = project
        self._type = type

    def find(self, ticket: NewTicket) -> Ticket | None:
        """The issue that carries the marker as a label. Jira's search learns of an issue some seconds after it was made."""
        query: dict[str, str | int] = {
            "jql": f'project = "{self._project}" AND labels = "{ticket.marker}"',
            "fields": "labels",
            "maxResults": 50,
        }
        for _ in range(_MOST_PAGES):
            answer = self._talk.get("/rest/api/3/search/jql", **query).value
            for issue in listed(field(answer, "issues"), self.name):
                if ticket.marker in (field(issue, "fields", "labels") or ()):
                    return self._ticket(issue, found=True)
            token = text_of(answer, "nextPageToken")
            if token is None:
                return None
            query["nextPageToken"] = token
        return None

    def make(self, ticket: NewTicket) -> Ticket:
        """Create an issue, due on the day of the action item."""
        fields: dict[str, Any] = {
            "project": {"key": self._project},
            "issuetype": {"name": self._type},
            "summary": ticket.title,
            "description": document((*ticket.body, f"Amends: {ticket.marker}")),
            "labels": [*self.labels, ticket.marker],
        }
        if ticket.due is not None:
            fields["duedate"] = ticket.due.isoformat()
        return self._ticket(self._talk.post("/rest/api/3/issue", {"fields": fields}).value)

    def read(self, ref: str) -> TicketState:
        """How an issue stands; it is closed where its status belongs to the category `done`."""
        require_ref(ref, KEY.fullmatch(ref) is not None, self.name)
        issue = self._talk.get(f"/rest/api/3/issue/{ref}", fields="status,resolution,assignee,duedate,updated").value
        self._ticket(issue)
        is_open = field(issue, "fields", "status", "statusCategory", "key") != "done"
        words = text_of(issue, "fields", "status", "name") if is_open else text_of(issue, "fields", "resolution", "name")
        return TicketState(
            is_open=is_open,
            words=words,
            owner=text_of(issue, "fields", "assignee", "displayName"),
            due=day_of(issue, "fields", "duedate"),
            updated_at=time_of(issue, "fields", "updated"),
            url=f"{self._site}/browse/{ref}",
        )

    def _ticket(self, issue: Any, *, found: bool = False) -> Ticket:
        key = text_of(issue, "key")
        if key is None or not KEY.fullmatch(key):
            raise odd(self.name)
        return Ticket(key, f"{self._site}/browse/{key}", found)


def document(paragraphs: tuple[str, ...]) -> dict[str, Any]:
    """Paragraphs of plain text in the Atlassian Document Format, where a line break is a node of its own."""
    return {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": _lines(one)} for one in paragraphs]}


def _lines(paragraph: str) -> list[dict[str, str]]:
    nodes: list[dict[str, str]] = []
    for line in paragraph.splitlines():
        nodes += [{"type": "hardBreak"}] if nodes else []
        nodes += [{"type": "text", "text": line}] if line else []
    return nodes
