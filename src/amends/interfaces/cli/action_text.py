"""Action items for people: what is due first, until when in their own zone, what would show that it helps, and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of, short_length, span
from amends.interfaces.cli.terminal import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.incidents.acting import ActionStanding
    from amends.incidents.actions import ActionEvent
    from amends.interfaces.cli.ledger_desk import Desk
    from amends.promises.promise import Evidence

_STYLES = {"idea": "note", "done": "note", "verified": "good", "no-help": "warning", "dropped": "note"}
_CALL = "amends action"


class ActionText:
    """Writes action items for the person at a desk. `among` are those whose short ids must differ from each other."""

    def __init__(self, desk: Desk, among: Sequence[ActionStanding] = ()) -> None:
        self._desk = desk
        self._length = short_length([one.item.id for one in among])

    def short(self, name: str) -> str:
        """The end of an id, which is enough to name it."""
        return name[-self._length :]

    def entry(self, now: ActionStanding) -> list[str]:
        """An action item in some lines: how it stands and its title, its facts, and what to do next."""
        head = f"{self.short(now.item.id)}  "
        later = " " * len(head)
        state = how_it_stands(now, self._desk.now, self._desk.person)
        first, *rest = wrapped(f"{state}: {safe(now.item.title)}", self._desk.width, head, later)
        paint = self._desk.paint
        style = "error" if now.overdue else _STYLES.get(now.state)
        painted = paint("bold", head) + (paint(style, state) if style else state)
        lines = [painted + first[len(head) + len(state) :] if first.startswith(head + state) else first, *rest]
        lines += wrapped("; ".join(self._facts(now)), self._desk.width, later, later)
        step = self.next_step(now)
        return [*lines, *wrapped(f"→ {step}", self._desk.width, later, f"{later}  ")] if step else lines

    def many(self, items: Sequence[ActionStanding]) -> str:
        """Action items with an empty line between them."""
        return "\n\n".join("\n".join(self.entry(one)) for one in items) + ("\n" if items else "")

    def whole(self, now: ActionStanding, remarks: Sequence[Problem] = ()) -> str:
        """An action item with everything that is known of it and that happened to it."""
        item = now.item
        facts = [
            ("id", item.id),
            ("incident", item.incident_id),
            ("proposed", f"{self.when(item.proposed_at)} by {self._name(item.proposed_by)}"),
            ("detail", safe(item.detail or "")),
            ("was due", ", ".join(self.when(due) for due in now.was_due)),
            ("done", self._shown(now.done_at, now.shown)),
            ("helps" if now.state == "verified" else "judged", self._shown(now.judged_at, now.helps)),
            ("reason", safe(now.reason or "")),
            ("ticket", " ".join(part for part in (now.ticket, now.ticket_url) if part)),
            ("there", self._there(now)),
        ]
        lines = [*self.entry(now), ""]
        for name, said in facts:
            lines += wrapped(said, self._desk.width, f"  {name:<9} ", " " * 12) if said else []
        lines += ["", "  what happened"] if now.events else []
        for event in now.events:
            lines += wrapped(self._event(event), self._desk.width, f"    {self.short(event.id)}  ", " " * (6 + self._length))
        return "\n".join(lines) + "\n" + self.remarks(remarks)

    def remarks(self, remarks: Sequence[Problem]) -> str:
        """What could be said better; a remark keeps nobody from anything."""
        lines: list[str] = []
        for one in remarks:
            joint = " " if one.message.endswith(("?", ".", "!")) else "; "
            lines += wrapped(joint.join(part for part in (one.message, one.hint) if part), self._desk.width, "note: ", "      ")
        return "\n".join(["", *lines]) + "\n" if lines else ""

    def next_step(self, now: ActionStanding) -> str:
        """What somebody has to do now, with the command for it; "" when all is done."""
        name = self.short(now.item.id)
        done = f"{_CALL} done {name} --commit SHA"
        return {
            "accept": f'somebody takes it on: {_CALL} accept {name} --helps-when "…"',
            "do": f"done? {done}" if now.owner == self._desk.person else f"for {self._name(now.owner)} to do; if it is done: {done}",
            "confirm": f"its ticket was closed; if the condition has changed: {done}",
            "verify": f"does it help? {_CALL} verify {name} --measure “…”, or {_CALL} no-help {name} --why “…”",
            "again": f"it did not help: {_CALL} reopen {name} --why “…”, or propose what would",
        }.get(now.step, "")

    def when(self, at: datetime) -> str:
        """An instant on the reader's clock, with its offset."""
        return instant_in_words(at.astimezone(self._desk.zone))

    def _facts(self, now: ActionStanding) -> list[str]:
        facts = [now.item.kind.replace("-", " ")]
        facts += ["yours" if now.owner == self._desk.person else f"owner {self._name(now.owner)}"] if now.owner else []
        facts += [f"{'due' if now.state == 'accepted' else 'was due'} {self.when(now.due)}"] if now.due else []
        facts += [f"moved {len(now.was_due)} {'time' if len(now.was_due) == 1 else 'times'}"] if now.was_due and now.due else []
        facts += [f"helps when: {safe(now.helps_when)}"] if now.helps_when else []
        facts += [f"shown by {self._by(now.helps)}"] if now.helps and now.state == "verified" else []
        facts += [now.ticket] if now.ticket else []
        return facts + ([f"due there {now.due_there:%a} {now.due_there.day} {now.due_there:%b %Y}"] if now.due_there else [])

    def _there(self, now: ActionStanding) -> str:
        said = now.said
        if said is None:
            return ""
        words = said.state + (f" ({safe(said.words)})" if said.words else "")
        words += f", with {safe(said.owner)}" if said.owner else ""
        return words + f", told {self.when(said.told_at)}"

    def _shown(self, at: datetime | None, by: Evidence | None) -> str:
        return f"{self.when(at)}{', by ' + self._by(by) if by else ''}" if at is not None else ""

    def _by(self, shown: Evidence) -> str:
        word = shown.kind == "person"
        return f"the word of {self._name(shown.reference)}" if word else f"{shown.kind} {safe(shown.reference)}"

    def _event(self, event: ActionEvent) -> str:
        said = f"{self.when(event.at)}: {event.what.replace('-', ' ')} by {self._name(event.by)}"
        said += f", for {self._name(event.person)}" if event.person and event.what == "accepted" and event.person != event.by else ""
        said += f", until {self.when(event.due)}" if event.due and event.what != "followed" else ""
        said += f", shown by {event.evidence_kind} {safe(event.evidence)}" if event.evidence and event.evidence_kind != "person" else ""
        said += f", undoing {self.short(event.undoes)}" if event.undoes else ""
        return said + (f": {safe(event.text)}" if event.text else "")

    def _name(self, person: str | None) -> str:
        return name_of(person, self._desk.person)


def how_it_stands(now: ActionStanding, at: datetime, me: str) -> str:
    """The state in a few words, counted from now: `due in 12 days`, `overdue by 3 days`."""
    due = now.due
    late = ", late" if now.late else ""
    if now.state == "accepted" and due is not None:
        return f"overdue by {span(at, due)}" if now.overdue else f"due in {span(due, at)}{late}"
    if now.state == "idea":
        whose = "your idea" if now.item.proposed_by == me else f"idea of {name_of(now.item.proposed_by, me)}"
        return f"{whose}, {span(at, now.item.proposed_at)} ago"
    if now.state == "done":
        return f"done{late}, not shown to help"
    if now.state == "verified":
        word = now.helps is not None and now.helps.kind == "person"
        return f"helps, on somebody's word{late}" if word else f"helps{late}"
    return {"no-help": "did not help", "dropped": "dropped"}[now.state]
