"""An incident and its parts for people at a terminal: one line each, on their own clock, with the end of the id to name it by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from amends.incidents.facts import words_of
from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of, short_length, span
from amends.interfaces.cli.terminal import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.incident import Incident
    from amends.incidents.event import IncidentEvent
    from amends.incidents.involved import Assignment, Invitation, Link, Stakeholder
    from amends.interfaces.cli.ledger_desk import Desk

_STYLES = {"SEV1": "error", "SEV2": "error", "SEV3": "warning"}
_MOMENTS = {
    "impact-began": "the impact began",
    "detected": "it was detected",
    "contained": "it was contained",
    "checked-in": "we checked in",
    "timeline-shared": "the timeline was shared",
    "meeting": "we met",
    "fix-deployed": "the fix was deployed",
    "recovered": "all was back",
}


class IncidentText:
    """Writes incidents for the person at a desk. `among` are those whose short ids must differ from each other."""

    def __init__(self, desk: Desk, among: Sequence[Incident] = ()) -> None:
        self._desk = desk
        self._length = short_length([one.id for one in among])

    def short(self, name: str) -> str:
        """The end of an id, which is enough to name it."""
        return name[-self._length :]

    def entry(self, one: Incident) -> list[str]:
        """An incident in two lines: how bad, how far and what; since when, and what is special about it."""
        head = f"{self.short(one.id)}  "
        later = " " * len(head)
        state = f"{one.severity}, {one.status}:"
        lines = wrapped(f"{state} {one.title}", self._desk.width, head, later)
        if lines[0].startswith(head + state):
            painted = self._desk.paint(_STYLES.get(one.severity, "note"), state)
            lines[0] = self._desk.paint("bold", head) + painted + lines[0][len(head) + len(state) :]
        return [*lines, *wrapped("; ".join(self._facts(one)), self._desk.width, later, later)]

    def _facts(self, one: Incident) -> list[str]:
        began = f"began {self.when(one.started_at)}, {span(self._desk.now, one.started_at)} ago"
        marks = ["sample"] if one.origin == "sample" else []
        marks += ["private"] if one.visibility == "private" else []
        return [began, *marks, *(["removed"] if one.removed_at is not None else [])]

    def event(self, event: IncidentEvent) -> str:
        """What happened, in words, without its time and who wrote it down."""
        said = safe(event.text or "")
        match event.what:
            case "fact":
                return f"{event.kind}: {safe(words_of(event))}"
            case "milestone":
                return self._milestone(event)
            case "box":
                return f"{event.kind} box {event.value}" + (f": {said}" if said else "")
            case "commit":
                return f"{event.kind} {(event.value or '')[:12]}: {said}"
            case "comment" | "opened":
                return f"{event.what}: {said}"
            case "withdrawn":
                return f"took back the {event.kind} {self.short(event.replaces or '')}"
            case _:
                return self._change(event, f"“{said}”" if said else "")

    def _milestone(self, event: IncidentEvent) -> str:
        found = {"us": ", by us", "others": ", by others"}.get(event.value or "", "")
        said = f" ({safe(event.text)})" if event.text else ""
        return f"{_MOMENTS[event.kind or '']}{found} at {self.when(event.at)}{said}"

    def _change(self, event: IncidentEvent, words: str) -> str:
        """A change of a field of the incident."""
        match event.what:
            case "gate":
                what, _, name = (event.kind or "").partition(":")
                return f"passed the gate of the {what}{f' {self.short(name)}' if name else ''} with the reason {words}"
            case "renamed":
                return f"renamed from “{safe(event.value or '')}” to {words}"
            case "started":
                return f"began {self._stated(event.kind)}, not {self._stated(event.value)}"
            case "follows":
                return f"follows from {self.short(event.kind)}" if event.kind else "follows from no other"
            case "visibility":
                return "made private" if event.kind == "private" else "opened to everybody here"
            case "removed" | "restored":
                return "taken out of the lists" if event.what == "removed" else "brought back"
            case _:
                return f"{event.what} {event.kind}, was {event.value}" + (f": {words}" if words else "")

    def _stated(self, at: str | None) -> str:
        """A time that an event holds as text."""
        return self.when(datetime.fromisoformat(at)) if at is not None else "at no known time"

    def assignment(self, one: Assignment) -> str:
        """Who holds which function, or held it."""
        return f"{one.function}  {self.held(one)}"

    def held(self, one: Assignment) -> str:
        """Who holds a function, or held it, from when to when."""
        until = f" to {self.when(one.until)}" if one.until is not None else ""
        return f"{self.name(one.person)}, from {self.when(one.since)}{until}"

    def invitation(self, one: Invitation) -> str:
        """Who may see it, and why where an owner let themselves in."""
        why = f", let in by themselves: “{safe(one.why)}”" if one.why else f", invited by {self.name(one.invited_by)}"
        return f"{self.name(one.person)}{why}"

    def stakeholder(self, one: Stakeholder) -> str:
        """Who must be told, how many they are, and how they are reached."""
        facts = [one.kind.replace("-", " "), one.audience]
        facts += [f"{one.size:,}"] if one.size is not None else []
        facts += [safe(one.address)] if one.address else []
        return f"{self.short(one.id)}  {safe(one.name)} ({', '.join(facts)})" + (", removed" if one.removed_at is not None else "")

    def link(self, one: Link) -> str:
        """Where else something stands, with the id to name it by."""
        return f"{self.short(one.id)}  {self.target(one)}"

    def target(self, one: Link) -> str:
        """Where else something stands."""
        called = f" ({safe(one.title)})" if one.title else ""
        return f"{one.kind}: {safe(one.target)}{called}" + (", removed" if one.removed_at is not None else "")

    def when(self, at: datetime) -> str:
        """An instant on the reader's clock: the time alone where it is of today, else with its day."""
        local = at.astimezone(self._desk.zone)
        return f"{local:%H:%M}" if local.date() == self._desk.local_now.date() else instant_in_words(local)

    def name(self, person: str) -> str:
        """How somebody is called."""
        return name_of(person, self._desk.person)
