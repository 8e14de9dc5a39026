"""The ledger for people: what is due first, in their own zone, with the id to use in the next command and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import lengths
from amends.core.people import LOCAL_PERSON
from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.terminal import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Event, Standing

SHORTEST = 6
"""The fewest characters of an id that are shown: enough that two promises of one team hardly ever share them."""
_STYLES = {"missed": "error", "late": "warning", "kept": "good", "proposed": "note", "declined": "warning", "unverifiable": "warning"}
_READERS = {"team": "the team", "leadership": "leadership", "customers": "the customers", "partner": "the partner"}


class LedgerText:
    """Writes promises for the person at a desk. `among` are those whose short ids must differ from each other."""

    def __init__(self, desk: Desk, among: Sequence[LedgerEntry] = ()) -> None:
        self._desk = desk
        self._length = short_length([entry.promise.id for entry in among])

    def short(self, name: str) -> str:
        """The end of an id, which is enough to name it."""
        return name[-self._length :]

    def entry(self, entry: LedgerEntry) -> list[str]:
        """A promise in three lines: how it stands and its words, its facts, and what to do next."""
        head = f"{self.short(entry.promise.id)}  "
        later = " " * len(head)
        state = how_it_stands(entry, self._desk.now, self._me)
        first, *rest = wrapped(f"{state}: “{entry.promise.words}”", self._desk.width, head, later)
        paint = self._desk.paint
        style = _STYLES.get(entry.standing.state)
        painted = paint("bold", head) + (paint(style, state) if style else state)
        lines = [painted + first[len(head) + len(state) :] if first.startswith(head + state) else first, *rest]
        lines += wrapped("; ".join(self._facts(entry)), self._desk.width, later, later)
        step = self.next_step(entry)
        return [*lines, *wrapped(f"→ {step}", self._desk.width, later, f"{later}  ")] if step else lines

    def many(self, entries: Sequence[LedgerEntry]) -> str:
        """Promises with an empty line between them."""
        return "\n\n".join("\n".join(self.entry(entry)) for entry in entries) + ("\n" if entries else "")

    def whole(self, entry: LedgerEntry) -> str:
        """A promise with everything that is known of it and that happened to it."""
        promise, now = entry.promise, entry.standing
        facts = [
            ("id", promise.id),
            ("made", f"{self.when(promise.made_at)} by {self._name(promise.maker)}"),
            ("said", f"“{promise.time_words}”" if promise.time_words else ""),
            ("assumed", promise.note or ""),
            ("firmness", promise.firmness),
            ("message", promise.message_id or ""),
            ("incident", promise.incident_id or ""),
            ("follows", promise.follows or ""),
            ("went on as", now.successor or ""),
            ("settled", self._settled(now)),
        ]
        lines = [*self.entry(entry), ""]
        for name, said in facts:
            lines += wrapped(said, self._desk.width, f"  {name:<11} ", " " * 14) if said else []
        if entry.events:
            lines += ["", "  what happened"]
        for event in entry.events:
            lines += wrapped(self._event(event), self._desk.width, f"    {self.short(event.id)}  ", " " * (6 + self._length))
        return "\n".join(lines) + "\n"

    def next_step(self, entry: LedgerEntry) -> str:
        """What somebody has to do now, with the command for it; "" when all is done."""
        promise, now = entry.promise, entry.standing
        call = "amends promises"
        name = self.short(promise.id)
        told = _READERS.get(promise.audience or "", "") or promise.made_to or "those it was made to"
        return {
            "settle": self._settle(entry),
            "time": f"give it a time: {call} move {name} TIME",
            "accept": f"{self._name(now.owner)} must take it on: {call} accept {name}",
            "assign": f"nobody has taken it on: {call} accept {name} --owner NAME",
            "answer": f"{self._name(now.offered_to)} must take it over: {call} accept {name}",
            "tell": f"tell {told}, then: {call} told {name}",
        }.get(now.step, "")

    def _settle(self, entry: LedgerEntry) -> str:
        promise, now = entry.promise, entry.standing
        call, name = "amends promises", self.short(promise.id)
        if promise.kind == "next_update" and promise.incident_id is not None:
            return f"send the update, then: {call} record FILE --incident {self.short(promise.incident_id)}"
        done = f"{call} keep {name}"
        if now.owner != self._me:
            return f"for {self._name(now.owner)} to keep; if it is done: {done}"
        return f"done? {done}" if now.state == "open" else f"if it is done: {done}; else {call} move {name} TIME"

    def when(self, at: datetime | None) -> str:
        """An instant on the reader's clock, with its offset."""
        return instant_in_words(at.astimezone(self._desk.zone)) if at is not None else "no time"

    @property
    def _me(self) -> str:
        return self._desk.person

    def _name(self, person: str | None) -> str:
        return name_of(person, self._me)

    def _facts(self, entry: LedgerEntry) -> list[str]:
        promise, now = entry.promise, entry.standing
        due = f"{'due' if not now.closed else 'was due'} {self.when(promise.due)}" if promise.due else promise.note or "without a time"
        owner = "yours" if now.owner == self._me else f"owner {self._name(now.owner)}" if now.owner else "owned by nobody"
        facts = [due, promise.kind.replace("_", " "), owner]
        facts += [f"to {_READERS.get(promise.audience, promise.audience)}"] if promise.audience else []
        facts += [f"to {safe(promise.made_to)}"] if promise.made_to else []
        held = now.snoozed_until is not None and not now.closed and now.snoozed_until > self._desk.now
        facts += [f"reminders held until {self.when(now.snoozed_until)}"] if held else []
        return facts + (["private"] if promise.private else [])

    def _settled(self, now: Standing) -> str:
        if now.settled_at is None or now.evidence is None:
            return ""
        word = now.evidence.kind == "person"
        by = f"on the word of {self._name(now.evidence.reference)}" if word else f"by {now.evidence.kind} {now.evidence.reference}"
        return f"{self.when(now.settled_at)}, {by}"

    def _event(self, event: Event) -> str:
        said = f"{self.when(event.at)}: {event.what.replace('-', ' ')} by {self._name(event.by)}"
        said += f", to {event.to}" if event.to else ""
        said += f", until {self.when(event.until)}" if event.until else ""
        said += f", shown by {event.evidence.kind} {event.evidence.reference}" if event.evidence and event.evidence.kind != "person" else ""
        said += f", undoing {self.short(event.undoes)}" if event.undoes else ""
        return said + (f": {event.why}" if event.why else "")


def how_it_stands(entry: LedgerEntry, now: datetime, me: str) -> str:
    """The state in a few words, counted from now: `due in 12 min`, `missed 40 min ago`."""
    promise, standing = entry.promise, entry.standing
    due = promise.due
    if standing.state == "open" and due is not None:
        return f"due in {span(due, now)}" if due > now else "due now"
    if standing.state == "missed" and due is not None:
        return f"missed {span(now, due)} ago"
    if standing.state == "late":
        return f"kept {seconds_in_words(standing.late_by_s)} late"
    if standing.state == "unverifiable":
        return "done, without a time" if standing.closed else "no time"
    if standing.state in ("proposed", "declined"):
        by = "proposed to" if standing.state == "proposed" else "declined by"
        whose = f"{by} {name_of(standing.owner, me)}" if standing.owner else "taken on by nobody"
        left = "" if due is None else f", due in {span(due, now)}" if due > now else f", was due {span(now, due)} ago"
        return whose + left
    return standing.state


def name_of(person: str | None, me: str) -> str:
    """How a person is called: you, or by name; the one person of an installation without accounts has none."""
    if person is None:
        return "nobody"
    return "you" if person == me else "the person of this machine" if person == LOCAL_PERSON else safe(person)


def span(later: datetime, earlier: datetime) -> str:
    """How long it is from one instant to a later one, in the two units that matter."""
    return seconds_in_words(max(0, round((later - earlier).total_seconds())))


def seconds_in_words(seconds: int) -> str:
    """A length for people: `40 s`, `12 min`, `3 h 20 min`, `2 days`."""
    return f"{seconds} s" if seconds < 60 else lengths.in_words(seconds // 60)


def short_length(names: Sequence[str]) -> int:
    """How many characters from the end tell these ids apart."""
    length = SHORTEST
    while length < 26 and len({name[-length:] for name in names}) < len(set(names)):
        length += 1
    return length
