"""Doubles of trackers: servers on the loopback address that speak the protocol of GitHub, GitLab and Jira as far as we use it.

They keep what they are sent, divide lists into pages, ask for their token, and fail on request in every way that the real ones do.
"""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.integrations.trackers import Tracker

KINDS = ("github", "gitlab", "jira")
FAULTS = ("401", "403", "404", "410", "422", "500", "503", "301", "limit", "slow", "drip", "cut", "lost", "html", "huge", "odd")
"""Ways to fail: a status; `limit` is too many requests, `slow` says nothing, `drip` never ends, `cut` closes inside the answer, `lost` does
what was asked and closes without a word, `html` is no JSON, `huge` is too much, `odd` is JSON of another shape."""

TOKEN, USER = "t0ken", "dana@example.com"
WAIT_S = 42
DATE, RESET = "Wed, 04 Mar 2026 10:50:00 GMT", 1772621400 + WAIT_S
"""What a limit says: the clock of the server, and when the limit ends by it."""

_PLACES = {"github": "acme/shop", "gitlab": "acme/shop", "jira": "OPS"}


class TrackerDouble:
    """One server. `issues` are its tickets as it tells them; `seen` are method and path of each request; `faults` come before answers."""

    def __init__(self, kind: str, page_size: int = 2) -> None:
        self.kind = kind
        self.page_size = page_size
        self.url = ""
        self.issues: list[dict[str, Any]] = []
        self.seen: list[tuple[str, str]] = []
        self.faults: deque[str] = deque()
        self.closing = Event()

    def tracker(self, name: str | None = None, *, token: str = TOKEN, allow_private: bool = True) -> Tracker:
        """A tracker of the product that is set to this server."""
        from amends.integrations.trackers.configured import make

        values: dict[str, object] = {
            "kind": self.kind,
            "url": self.url,
            "token": token,
            "allow_private": allow_private,
            "labels": ("post-incident",),
        }
        place = _PLACES[self.kind]
        values |= {"repository": place} if self.kind == "github" else {"project": place}
        return make(name or self.kind, values | ({"user": USER} if self.kind == "jira" else {}), lambda _: None)

    def settings(self, name: str, variable: str) -> str:
        """The table of a project file that leads here."""
        place = f'{"repository" if self.kind == "github" else "project"} = "{_PLACES[self.kind]}"'
        user = f'user = "{USER}"\n' if self.kind == "jira" else ""
        return f'[trackers.{name}]\nkind = "{self.kind}"\nurl = "{self.url}"\n{place}\n{user}token = "${variable}"\nallow_private = true\n'

    def close(self, number: int = 0, words: str | None = None) -> None:
        """Somebody closes a ticket there."""
        issue = self.issues[number]
        if self.kind == "jira":
            issue["fields"]["status"] = {"name": "Done", "statusCategory": {"key": "done"}}
            issue["fields"]["resolution"] = {"name": words or "Done"}
        else:
            issue |= {"state": "closed"} | ({"state_reason": words or "completed"} if self.kind == "github" else {})

    def reassign(self, person: str, day: str | None = None, number: int = 0) -> None:
        """Somebody gives a ticket to a person there, and another day."""
        issue = self.issues[number]
        if self.kind == "jira":
            issue["fields"] |= {"assignee": {"displayName": person}, "duedate": day}
        elif self.kind == "gitlab":
            issue |= {"assignee": {"username": person}, "due_date": day}
        else:
            issue |= {"assignee": {"login": person}, "milestone": {"due_on": f"{day}T08:00:00Z"} if day else None}

    # What the server does

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any, dict[str, str]]:
        """The answer to a request: status, JSON, and headers."""
        place = unquote(path)
        if method == "POST":
            return self._made(body)
        if named := re.fullmatch(r".*/issues?/([A-Z]*-?\d+)", place):
            key = {"github": "number", "gitlab": "iid", "jira": "key"}[self.kind]
            found = [one for one in self.issues if str(one[key]) == named[1]]
            return (200, found[0], {}) if found else (404, self._refused("Not Found"), {})
        return self._listed(query)

    def _made(self, body: Any) -> tuple[int, Any, dict[str, str]]:
        number = len(self.issues) + 1
        if self.kind == "jira":
            fields = body.get("fields", {})
            if fields.get("description", {}).get("type") != "doc" or not fields.get("summary"):
                return 400, {"errorMessages": [], "errors": {"description": "Operation value must be an Atlassian Document"}}, {}
            status = {"name": "To Do", "statusCategory": {"key": "new"}}
            kept = {"assignee": None, "duedate": None, **fields, "status": status, "updated": "2026-03-04T10:50:00.000+0000"}
            self.issues.append({"id": str(10000 + number), "key": f"OPS-{number}", "fields": kept})
            return 201, {"id": str(10000 + number), "key": f"OPS-{number}", "self": f"{self.url}/rest/api/3/issue/{10000 + number}"}, {}
        if not body.get("title"):
            return 422, self._refused("Validation Failed"), {}
        shown = f"{self.url}/acme/shop/issues/{number}"
        common = {"title": body["title"], "assignee": None, "updated_at": "2026-03-04T10:50:00Z"}
        if self.kind == "github":
            issue = common | {"number": number, "html_url": shown, "state": "open", "body": body.get("body"), "labels": body.get("labels")}
        else:
            issue = common | {"iid": number, "web_url": shown, "state": "opened", "description": body.get("description")}
            issue |= {"labels": body.get("labels"), "due_date": body.get("due_date")}
        self.issues.append(issue)
        return 201, issue, {}

    def _listed(self, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        newest = self.issues[::-1]
        if self.kind == "jira":
            wanted = re.search(r'labels = "([^"]+)"', query.get("jql", ""))
            found = [one for one in newest if wanted and wanted[1] in one["fields"].get("labels", ())]
            start = int(query.get("nextPageToken", "0"))
            end = start + self.page_size
            further = {"nextPageToken": str(end)} if end < len(found) else {}
            return 200, {"issues": found[start:end], "isLast": not further, **further}, {}
        if self.kind == "gitlab":
            newest = [one for one in newest if query.get("search", "")[:10] in (one["description"] or "")]
        page = int(query.get("page", "1"))
        part = newest[(page - 1) * self.page_size : page * self.page_size]
        more = page * self.page_size < len(newest)
        if self.kind == "gitlab":
            return 200, part, {"x-next-page": str(page + 1) if more else ""}
        return 200, part, {"link": f'<{self.url}/elsewhere?page={page + 1}>; rel="next"'} if more else {}

    def _refused(self, message: str) -> dict[str, Any]:
        return {"errorMessages": [message], "errors": {}} if self.kind == "jira" else {"message": message}

    def failed(self, fault: str) -> tuple[int, Any, dict[str, str]]:
        """The answer that a fault gives in place of the right one."""
        if fault == "limit":
            headers = (
                {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(RESET)} if self.kind == "github" else {"retry-after": str(WAIT_S)}
            )
            return (403 if self.kind == "github" else 429), self._refused("API rate limit exceeded"), {**headers, "date": DATE}
        if fault == "odd":
            return 200, {"message": ["what", {"else": None}]}, {}
        message = {"401": "Bad credentials", "404": "Not Found", "422": "Validation Failed"}.get(fault, f"Failure {fault}")
        return int(fault), self._refused(message), {"location": "http://169.254.169.254/"} if fault == "301" else {}

    def is_allowed(self, headers: dict[str, str]) -> bool:
        """Whether a request brings the token in the way of this kind."""
        basic = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        wanted = {
            "github": ("authorization", f"Bearer {TOKEN}"),
            "gitlab": ("private-token", TOKEN),
            "jira": ("authorization", f"Basic {basic}"),
        }
        name, value = wanted[self.kind]
        return headers.get(name) == value


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: TrackerDouble

    def do_GET(self) -> None:
        """A request that reads."""
        self._handle("GET")

    def do_POST(self) -> None:
        """A request that makes."""
        self._handle("POST")

    def _handle(self, method: str) -> None:
        double = self.double
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        double.seen.append((method, parts.path))
        self.close_connection = True
        fault = double.faults.popleft() if double.faults else ""
        if fault == "slow":
            double.closing.wait()
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not double.is_allowed(headers):
            fault = "401"
        if fault and fault not in ("drip", "cut", "lost", "html", "huge"):
            self._send(*double.failed(fault))
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer = double.answer(method, parts.path, query, json.loads(body) if body else None)
        if fault != "lost":
            self._send(*answer, fault=fault)

    def _send(self, status: int, value: Any, more: dict[str, str], fault: str = "") -> None:
        content = {"html": b"<html>Sign in</html>", "huge": b"x" * 9_000_000}.get(fault) or json.dumps(value).encode()
        self.send_response_only(status)
        length = len(content) + (10_000 if fault in ("cut", "drip") else 0)
        for name, said in {
            "date": DATE,
            "content-type": "application/json",
            **more,
            "content-length": str(length),
            "connection": "close",
        }.items():
            self.send_header(name, said)
        self.end_headers()
        try:
            self.wfile.write(content)
            while fault == "drip" and not self.double.closing.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            self.close_connection = True  # the other side had enough

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def tracker_double(kind: str, page_size: int = 2) -> Iterator[TrackerDouble]:
    """A double of a kind, which serves until the end of the block."""
    double = TrackerDouble(kind, page_size)
    handler = type("Handler", (_Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield double
    finally:
        double.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
