"""Follow-ups of incident.io: the answer of its API (v2, `follow_ups`), or its CSV with the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.problem import Problem
from amends.integrations.imports.records import ForeignAction, WrongRowError, day_end, instant, perhaps, read_csv, read_json, text

if TYPE_CHECKING:
    from collections.abc import Iterator

STATES = {"outstanding": "open", "completed": "done", "not_doing": "dropped"}
ACTION_LIMIT = 200
_NEEDED = ("id", "title", "status", "created_at")


def read(data: bytes, path: str) -> Iterator[ForeignAction | Problem]:
    """The follow-ups in their order. Raises InputError for what holds none."""
    if data.lstrip()[:1] in (b"{", b"["):
        value = read_json(data, path)
        listed = value.get("follow_ups", [value.get("follow_up")]) if isinstance(value, dict) else value
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise InputError("this holds no follow-ups", hint="ask incident.io for /v2/follow_ups", path=path)
        rows = ((None, f"$.follow_ups[{number}]", one) for number, one in enumerate(listed))
    else:
        rows = ((line, "", dict(row)) for line, row in read_csv(data, path, _NEEDED))  # type: ignore[misc]  # the same shape
    for line, place, one in rows:
        try:
            found = _action(one)
        except WrongRowError as error:
            yield error.problem(path, line, place)
            continue
        yield (
            found
            if found is not None
            else Problem("deleted", "a follow-up that was deleted over there is left out", "", path, line, place or None)
        )


def _action(one: dict[str, Any]) -> ForeignAction | None:
    status = str(one.get("status") or "").strip()
    if status == "deleted":
        return None
    if status not in STATES:
        raise WrongRowError(
            "unknown-status", f"the status {status[:40]!r} is none that we know", f"known: {', '.join(STATES)}, deleted", "status"
        )
    own = text(one.get("id"), "id")
    reference = one.get("external_issue_reference")
    assignee = one.get("assignee")
    owner = assignee.get("name") or assignee.get("email") if isinstance(assignee, dict) else assignee or one.get("assignee.name")
    address = reference.get("issue_permalink") if isinstance(reference, dict) else None
    created = instant(one.get("created_at"), "created_at")
    done = perhaps(one.get("completed_at"), "completed_at") or perhaps(one.get("updated_at"), "updated_at")
    return ForeignAction(
        f"incidentio/{own}", "incidentio", own, text(one.get("title"), "title", most=ACTION_LIMIT), created,
        text(one.get("description"), "description", needed=False) or None, text(owner, "assignee", needed=False, most=100) or None,
        day_end(one.get("due_at") or one.get("due_date"), "due_at"), (), STATES[status], done if status != "outstanding" else None,
        address if isinstance(address, str) and address.startswith("https://") else None,
        text(one.get("incident_id"), "incident_id", needed=False) or None,
    )  # fmt: skip
