"""Who may do what, as a table: each row is a thing, what is done with it, and what each person of a small company is answered.

The rows are run against the web, the API and the command line, on both databases (`test_permissions.py`). To cover a new thing, add what
it needs to `World` there and a row here; a row needs only the faces that have the thing.

`anna` is an owner, `ben` a responder and `cora` a reader: all three were invited to the private incident, which `ben` opened. `olga` is an
owner too and `dan` a responder, and neither was invited. `nobody` is not signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PEOPLE = ("anna", "ben", "cora", "olga", "dan", "nobody")
ROLES = {"anna": "owner", "ben": "responder", "cora": "reader", "olga": "owner", "dan": "responder"}

YES, NO, ABSENT, SIGN_IN = "yes", "forbidden", "absent", "sign in"


def answers(anna: str, ben: str, cora: str, olga: str, dan: str) -> dict[str, str]:
    """What each is answered; who is not signed in never gets further than the door."""
    return {"anna": anna, "ben": ben, "cora": cora, "olga": olga, "dan": dan, "nobody": SIGN_IN}


ALL_READ = answers(YES, YES, YES, YES, YES)
ALL_WRITE = answers(YES, YES, NO, YES, YES)
INVITED_READ = answers(YES, YES, YES, ABSENT, ABSENT)
INVITED_WRITE = answers(YES, YES, NO, ABSENT, ABSENT)
OWNERS = answers(YES, NO, NO, YES, NO)
BEN_ONLY = answers(ABSENT, YES, ABSENT, ABSENT, ABSENT)


@dataclass(frozen=True, slots=True)
class Row:
    """A thing, what is done with it, what is answered, and how each face is asked. `{names}` stand for ids of the world."""

    thing: str
    verb: str
    expected: dict[str, str]
    api: tuple[str, str] | tuple[str, str, dict[str, Any]] | None = None
    web: tuple[str, str] | tuple[str, str, dict[str, str]] | None = None
    cli: tuple[str, ...] | None = None


DUE = "2040-03-05T10:00:00Z"
"""A time to come, by the clock of the machine, which the command line takes."""


def _forms(which: str) -> tuple[tuple[str, str, dict[str, str]], ...]:
    """What is written by the forms of the pages about an incident."""
    here, promise, one = f"/incidents/{{{which}}}", f"{{{which}_promise}}", f"{{{which}}}"
    noted = {"time": "2026-03-04T10:00", "tz": "UTC", "text": "somebody called"}
    return (
        ("promise", "/promises", {"words": "call the shops", "due": "2040-03-05T10:00", "tz": "UTC", "incident": one}),
        ("record", f"{here}/comments", {"text": "seen"}),
        ("action", f"{here}/actions", {"title": "Test the coupon service", "kind": "test"}),
        ("shared text", f"{here}/documents", {"title": "Call"}),
        ("text of the review", f"{here}/review", {}),
        ("point", f"{here}/account", {"part": "question", "text": "Was it seen?"}),
        ("citation", f"{here}/account/points/{{{which}_point}}/cite", {"what": "person:", "text": "Ines: it was seen"}),
        ("version", f"{here}/versions/leadership/begin", {}),
        ("broken trust", f"{here}/trust/not-asked", {"group": "the shops"}),
        ("looks back", f"{here}/trust/reviews", {}),
        ("judgement", f"{here}/recurrence/judge", {"earlier": "{open}", "verdict": "new"}),
        ("run of a playbook", f"{here}/playbooks/{{{which}_run}}/hand-over", {"person": "ben"}),
        ("fingerprint", f"{here}/recurrence/declare", {"category": "capacity"}),
        ("pairing of a pulse", f"{here}/pulse/forget", {}),
        ("stakeholder", f"{here}/stakeholders", {"name": "the shops", "kind": "affected", "audience": "customers"}),
        ("function", f"{here}/functions", {"function": "scribe", "person": "ben"}),
        ("entry", f"{here}/timeline/add", noted),
        ("reading", f"{here}/timeline/stop", {}),
        ("reminders held", f"/promises/{promise}/snooze", {"for": "15"}),
    )


Read = tuple[str, str | None, str | None, tuple[str, ...] | None]
"""What is read: a thing, its address in the API and on the pages, and the command."""

Written = tuple[str, str, dict[str, Any], tuple[str, ...] | None]
"""What is written: a thing, its address in the API, what is sent there, and the command."""


def _account_read(which: str) -> tuple[Read, ...]:
    """What is read of the account of an incident and of its versions."""
    here, point, one = f"/incidents/{{{which}}}", f"{{{which}_point}}", f"{{{which}}}"
    return (
        ("account", f"{here}/account", f"{here}/account", ("account", "show", one)),
        ("point", f"{here}/account/points/{point}", f"{here}/account/points/{point}", ("account", "point", point)),
        ("history of the account", f"{here}/account/history", None, ("account", "history", one)),
        ("what was written down", f"{here}/account/recorded", f"{here}/account/recorded", ("account", "begin", one)),
        ("entries to choose", None, f"{here}/account/entries", None),
        ("versions", f"{here}/versions", f"{here}/versions", ("account", "version", "list", one)),
        ("version", f"{here}/versions/team", f"{here}/versions/team", ("account", "version", "show", one, "team")),
        ("what to tell", f"{here}/versions/team/offers", None, ("account", "version", "offers", one, "team")),
        ("who was told which version", f"{here}/versions/told", None, ("account", "version", "told", one)),
        ("what is withheld", f"{here}/redactions", None, ("account", "version", "redactions", one)),
        ("review", f"{here}/review", f"{here}/review", ("account", "review", one)),
        ("status honesty", f"{here}/honesty", None, ("account", "honesty", one)),
        ("what was met before", f"{here}/recurrence", f"{here}/recurrence", ("recurrence", "met-before", one)),
        ("guardrails", f"{here}/guardrails", None, ("recurrence", "guardrails", "--incident", one)),
        ("trust board", f"{here}/trust", f"{here}/trust", ("trust", "board", one)),
        ("looks back", f"{here}/trust/reviews", None, ("trust", "review", "list", "--incident", one)),
        ("warning signs", f"{here}/signs", None, ("trust", "signs", one)),
        ("playbooks", f"{here}/playbooks", f"{here}/playbooks", ("playbook", "offer", one)),
        ("what may help", f"{here}/playbooks/offered", None, None),
        ("pulse", f"{here}/pulse", f"{here}/pulse", ("pulse", "show", one)),
    )


def _account_written(which: str) -> tuple[Written, ...]:
    """What is written into them."""
    here, point, one, run = f"/incidents/{{{which}}}", f"{{{which}_point}}", f"{{{which}}}", f"{{{which}_run}}"
    action = f"{{{which}_action}}"
    asked, word = {"part": "question", "text": "Was it seen?"}, {"kind": "person", "text": "Ines: it was seen"}
    withheld = {"item": point, "audience": "customers", "ground": "legal", "why": "the case is open"}
    return (
        ("point", f"{here}/account/points", asked, ("account", "add", one, "question", "Was it seen?")),
        ("citation", f"{here}/account/points/{point}/cite", word, ("account", "cite", point, "--person", word["text"])),
        ("version", f"{here}/versions/leadership", {}, None),
        ("redaction", f"{here}/redactions", withheld, None),
        ("text of the review", f"{here}/review", {}, ("account", "review", one, "--start")),
        ("fingerprint", f"{here}/recurrence/declare", {"category": "capacity"}, ("recurrence", "declare", one, "--category", "capacity")),
        ("judgement", f"{here}/recurrence/judge", {"earlier": "{open}", "verdict": "new"}, None),
        ("repair", f"{here}/trust/repairs/{action}/withdraw", {"why": "it is none"}, None),
        ("looks back", f"{here}/trust/reviews", {}, None),
        ("pulse", f"{here}/pulse", {"which": "baseline", "groups": {"team": 9}}, None),
        ("broken trust", f"{here}/trust/breaks/not-asked", {"group": "the shops"}, ("trust", "break", "not-asked", one, "the shops")),
        ("pairing of a pulse", f"{here}/pulse/forget", {}, ("pulse", "forget", one)),
        ("run of a playbook", f"/playbook-runs/{run}/hand-over", {"person": "ben"}, ("playbook", "hand-over", run, "ben")),
    )


def about(which: str, read: dict[str, str], write: dict[str, str]) -> tuple[Row, ...]:
    """The rows of an incident and of everything that belongs to it; `which` is `open` or `private`."""
    here, promise, message = f"/incidents/{{{which}}}", f"{{{which}_promise}}", f"{{{which}_message}}"
    action, text, one, run = f"{{{which}_action}}", f"{{{which}_text}}", f"{{{which}}}", f"{{{which}_run}}"
    reading: tuple[Read, ...] = (
        ("incident", here, here, ("incident", "show", one)),
        ("record", f"{here}/events", None, ("incident", "history", one)),
        ("people", f"{here}/assignments", None, None),
        ("invitations", f"{here}/invitations", None, None),
        ("stakeholders", f"{here}/stakeholders", None, None),
        ("links", f"{here}/links", None, None),
        ("meeting", None, f"{here}/meeting", None),
        ("promises", f"/promises?incident={one}", f"/promises?incident={one}", ("promises", "list", "--incident", one)),
        ("promise", f"/promises/{promise}", f"/promises/{promise}", ("promises", "show", promise)),
        ("messages", f"{here}/messages", f"{here}/messages", ("message", "list", one)),
        ("message", f"/messages/{message}", None, ("message", "show", message)),
        ("who has heard", f"/messages/{message}/deliveries", None, ("message", "told", message)),
        ("what changed", f"{here}/changes?audience=team", None, None),
        ("text begun from facts", f"{here}/starts/exec-status", None, ("message", "start", one, "exec-status")),
        ("actions", f"{here}/actions", f"{here}/actions", None),
        ("action", f"/actions/{action}", f"/actions/{action}", ("action", "show", action)),
        ("shared texts", f"{here}/documents", f"{here}/documents", None),
        ("shared text", f"{here}/documents/{text}", f"{here}/documents/{text}", None),
        ("timeline", f"{here}/timeline", f"{here}/timeline", None),
        *_account_read(which),
        ("drafts of a model", f"{here}/account/drafts", f"{here}/suggestions", ("account", "drafts", one)),
        ("run of a playbook", f"/playbook-runs/{run}", f"{here}/playbooks/{run}", ("playbook", "status", run)),
        ("export", f"{here}/export", f"{here}/export", ("export", "incident", one, "-o", "{out}")),
        ("calendar", None, f"/calendars?incident={one}", None),
    )  # fmt: skip
    promised = {"words": "call the shops", "due": DUE, "incident": one, "shared": True}
    sent = {"text": "The rollback runs.", "incident": one, "form": "status-update"}
    entry = {"time": "2026-03-04T10:00:00Z", "text": "somebody called"}
    add, propose = ("promises", "add", "call the shops tomorrow 10:00"), ("action", "propose", "Test the coupon service")
    writing: tuple[Written, ...] = (
        ("promise", "/promises", promised, (*add, "--incident", one)),
        ("record", f"{here}/events", {"what": "comment", "text": "seen"}, ("incident", "comment", one, "seen")),
        ("message", "/messages", sent, None),
        ("action", f"{here}/actions", {"title": "Test the coupon service", "kind": "test"}, (*propose, "--incident", one)),
        ("shared text", f"{here}/documents", {"title": "Call"}, None),
        ("stakeholder", f"{here}/stakeholders", {"name": "the shops"}, None),
        ("link", f"{here}/links", {"kind": "channel", "target": "#checkout"}, None),
        ("function", f"{here}/assignments", {"function": "scribe", "person": "ben"}, ("incident", "assign", one, "scribe", "ben")),
        ("entry", f"{here}/timeline/entries", entry, None),
        ("reminders held", f"/promises/{promise}/snooze", {"until": DUE}, None),
        *_account_written(which),
    )
    return (
        *(
            Row(f"{which}: {thing}", "read", read, api and ("GET", api), web and ("GET", web), cli)
            for thing, api, web, cli in reading
            if api or web or cli
        ),
        *(Row(f"{which}: {thing}", "write", write, ("POST", api, body), None, cli) for thing, api, body, cli in writing),
        *(Row(f"{which}: {thing}", "write by form", write, web=("POST", path, form)) for thing, path, form in _forms(which)),
    )


ROWS = (
    *about("open", ALL_READ, ALL_WRITE),
    *about("private", INVITED_READ, INVITED_WRITE),
    Row("incident", "open", ALL_WRITE, ("POST", "/incidents", {"title": "Search is slow"}), None, ("incident", "new", "Search is slow")),
    Row("incidents", "list", ALL_READ, ("GET", "/incidents"), ("GET", "/incidents"), ("incident", "list")),
    Row("promises", "list", ALL_READ, ("GET", "/promises"), ("GET", "/promises"), ("promises", "list", "--all")),
    Row("actions", "list", ALL_READ, ("GET", "/actions"), ("GET", "/actions"), ("action", "list")),
    Row("today", "read", ALL_READ, None, ("GET", "/"), ("due",)),
    Row("search", "read", ALL_READ, ("GET", "/search?q=checkout"), ("GET", "/search?q=checkout"), ("search", "checkout")),
    Row("similar incidents", "read", ALL_READ, ("POST", "/similar", {"text": "checkout"}), None, ("similar", "checkout")),
    Row("insights", "read", ALL_READ, ("GET", "/insights"), ("GET", "/insights"), ("insights",)),
    Row("playbooks", "list", ALL_READ, ("GET", "/playbooks"), ("GET", "/playbooks"), None),
    Row("days that look back", "read", ALL_READ, ("GET", "/on-this-day"), None, ("recurrence", "on-this-day")),
    Row("workspace", "export", ALL_READ, ("GET", "/export"), None, None),
    Row("ben's draft", "read", BEN_ONLY, None, ("GET", "/drafts/{draft}"), None),
    Row("ben's draft", "list its versions", BEN_ONLY, None, ("GET", "/drafts/{draft}/versions"), None),
    Row("ben's draft", "write", BEN_ONLY, None, ("POST", "/drafts/{draft}", {"text": "mine", "form": "auto"}), None),
    Row("ben's private promise", "read", BEN_ONLY, ("GET", "/promises/{own}"), ("GET", "/promises/{own}"), ("promises", "show", "{own}")),
    Row("a draft of one's own", "begin", ALL_READ, None, ("POST", "/drafts", {"text": "mine", "form": "auto"}), None),
    Row("practice", "list", ALL_READ, ("GET", "/practice"), ("GET", "/practice"), ("practice", "due")),
    Row("a drill of one's own", "begin", ALL_READ, ("POST", "/practice/sessions", {"scenario": "charged-twice"}), None, None),
    Row("ben's drill", "read", BEN_ONLY, ("GET", "/practice/sessions/{drill}"), ("GET", "/practice/session/{drill}"), None),
    Row("ben's drill", "write", BEN_ONLY, ("POST", "/practice/sessions/{drill}/turns", {"text": "and so on", "turn": 2}), None, None),
    Row("ben's drill", "write", BEN_ONLY, None, ("POST", "/practice/session/{drill}/written", {}), None),
    Row("people", "list", ALL_READ, ("GET", "/people"), ("GET", "/settings"), ("people", "list")),
    Row(
        "people", "manage", OWNERS, ("POST", "/people/cora/invitation"), ("POST", "/settings/invitations", {"name": "cora"}),
        ("people", "password", "cora", "--invite"),
    ),
    Row(
        "role", "change", OWNERS, ("PATCH", "/people/cora", {"role": "reader"}),
        ("POST", "/settings/people/cora/role", {"role": "reader"}), ("people", "role", "cora", "reader"),
    ),
    Row("file of the server", "name as evidence", OWNERS, ("POST", "/incidents/{open}/evidence", {"path": "{file}"}), None, None),
    Row("model", "read", ALL_READ, ("GET", "/model"), None, ("account", "model")),
    Row(
        "model", "allow", OWNERS, ("POST", "/model", {"open": True}),
        ("POST", "/settings/model", {"open": "yes"}), ("account", "model", "--allow"),
    ),
    Row(
        "recurrence", "choose its mode", OWNERS, ("POST", "/recurrence", {"mode": "live"}),
        ("POST", "/guardrails/mode", {"mode": "live"}), ("recurrence", "mode", "live"),
    ),
    Row("journal", "read", OWNERS, None, None, ("journal", "verify")),
    Row("me", "read", ALL_READ, ("GET", "/me"), None, None),
    Row("sessions", "read", ALL_READ, ("GET", "/sessions"), None, ("people", "sessions")),
    Row("tokens", "read", ALL_READ, ("GET", "/tokens"), None, ("people", "tokens")),
)  # fmt: skip

LEAKS_PRACTICE = (
    "/practice", "/practice/sessions", "/practice/due", "/practice/history", "/practice/own", "/practice/export", "/practice/settings",
)  # fmt: skip
"""Addresses of the API that tell everybody of their own practice; somebody else's must stand in none."""

CORA_ANSWERS = Row("a promise that cora must keep", "keep", answers(YES, YES, YES, YES, YES), ("POST", "/promises/{coras}/keep", {}))
"""A reader answers for herself; it is run once for her alone, because a promise is kept once."""

LEAKS_WEB = (
    "/", "/incidents", "/promises", "/drafts", "/timelines", "/actions", "/search?q={marker}", "/search?q=checkout", "/calendars",
    "/settings", "/practice", "/practice/history", "/practice/own", "/guardrails", "/insights",
    "/promises/absence?from=2026-03-01T00:00&until=2041-04-01T00:00&who=ben",
)  # fmt: skip
LEAKS_API = (
    "/incidents", "/promises", "/promises?state=all", "/actions", "/search?q={marker}", "/search?q=checkout", "/export", "/guardrails",
    "/recurrence", "/on-this-day", "/insights", "/promises/absence?person=ben&leaves=2026-03-01T00:00:00Z&returns=2041-04-01T00:00:00Z",
)  # fmt: skip
LEAKS_CLI = (
    ("incident", "list", "--all"), ("promises", "list", "--all"), ("action", "list"), ("due",), ("search", "{marker}"),
    ("similar", "{marker}"), ("trust", "review", "list"), ("recurrence", "guardrails"), ("recurrence", "mode"), ("insights",),
    ("search", "checkout"), ("promises", "absence", "ben", "--from", "2026-03-01", "--to", "2041-04-01"),
)  # fmt: skip
"""Whatever lists things; the word of the private incident must stand in none of it for who was not invited."""
