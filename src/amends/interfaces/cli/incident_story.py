"""The story of an incident for people at a terminal: what is due first, then who is in it, what is known, sent, promised and prevented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.incident_text import IncidentText
from amends.interfaces.cli.ledger_text import how_it_stands
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.interfaces.cli.today_text import OWED_STYLES, how_owed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.incident import Incident, SentMessage
    from amends.incidents.acting import ActionStanding
    from amends.incidents.clock import Owed
    from amends.incidents.event import IncidentEvent
    from amends.incidents.silence import Silence
    from amends.incidents.story import Story
    from amends.interfaces.cli.ledger_desk import Desk

_MOST = 300
"""How much of a message is shown, in code points; the rest is in the message."""


def story_text(desk: Desk, story: Story, owed: Sequence[Owed], silence: Silence | None) -> str:
    """Everything that is known of an incident, what to do first."""
    told = _Told(desk, story)
    blocks = [
        told.head(),
        told.now(owed, silence),
        told.people(),
        told.known(),
        told.messages(),
        told.promises(),
        told.actions(),
        told.papers(),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def history_text(desk: Desk, story: Story) -> str:
    """Everything that happened, in the order in which it was written down, with who held which function."""
    text = IncidentText(desk, [story.incident])
    gone = {event.replaces for event in story.events if event.replaces is not None}
    rows = [(event.recorded_at, event.id, _happened(text, event, gone)) for event in story.events]
    rows += [(one.since, one.id, f"{text.name(one.given_by)} gave {one.function} to {text.name(one.person)}") for one in story.assignments]
    lines: list[str] = []
    for at, name, words in sorted(rows, key=lambda row: row[0]):
        lines += wrapped(words, desk.width, f"{text.short(name)}  {text.when(at)}  ", " " * 8)
    return "\n".join(lines) + "\n"


def _happened(text: IncidentText, event: IncidentEvent, gone: set[str]) -> str:
    late = f", of {text.when(event.at)}" if event.at != event.recorded_at and event.what != "milestone" else ""
    instead = f", instead of {text.short(event.replaces)}" if event.replaces is not None and event.what != "withdrawn" else ""
    mark = ", no longer holds" if event.id in gone else ""
    return f"{text.event(event)}{late}{instead}; {text.name(event.by)}{mark}"


class _Told:
    """The parts of one story, each as lines."""

    def __init__(self, desk: Desk, story: Story) -> None:
        self._desk = desk
        self._story = story
        self._text = IncidentText(desk, [story.incident, *story.before, *story.after])

    def head(self) -> list[str]:
        """The incident, when we were told, and the chain that it belongs to."""
        story, text = self._story, self._text
        lines = text.entry(story.incident)
        opened = [event for event in story.events if event.what == "opened"]
        facts = [f"opened {text.when(story.incident.recorded_at)} by {text.name(opened[0].by)}"] if opened else []
        if (detected := story.milestone("detected")) is not None:
            facts.append(f"found by {detected.value} at {text.when(detected.at)}")
        lines += self._under("; ".join(facts)) if facts else []
        for one in story.before:
            lines += self._under(f"follows from {self._named(one)}")
        for one in story.after:
            lines += self._under(f"led to {self._named(one)}")
        return lines

    def now(self, owed: Sequence[Owed], silence: Silence | None) -> list[str]:
        """What it owes, and the silence about it."""
        lines = []
        for one in owed:
            state = how_owed(one, self._desk.now)
            more = wrapped(f"{state}: {one.title}", self._desk.width, "    ", "      ")
            lines += [f"    {self._desk.paint(OWED_STYLES[one.state], state)}{more[0][4 + len(state) :]}", *more[1:]]
        if silence is not None:
            said = f"{counted(silence.count, 'piece')} of work since {self._text.when(silence.since)}, and nobody told"
            lines.append(f"    {self._desk.paint('warning', said)}")
        return [self._title("now"), *lines] if lines else []

    def people(self) -> list[str]:
        """Who holds which function, who may see it, and who must be told."""
        story, text = self._story, self._text
        rows = [(one.function, text.held(one)) for one in story.holding]
        if story.incident.visibility == "private":
            rows += [("may see it", text.invitation(one)) for one in story.invitations]
        return self.section("people", [*rows, *(("must be told", text.stakeholder(one)) for one in story.told)])

    def known(self) -> list[str]:
        """Facts, milestones, boxes, commits and comments that hold, and the gates that were passed, in the order of their times."""
        story, text = self._story, self._text
        found = [one for what in ("fact", "milestone", "box", "commit", "comment", "gate") for one in story.standing(what)]
        rows = []
        for one in sorted(found, key=lambda one: (one.at, one.id)):
            at = "" if one.what == "milestone" else f"{text.when(one.at)}  "
            rows.append((text.short(one.id), at + text.event(one)))
        return self.section("what is known", rows)

    def messages(self) -> list[str]:
        """What was sent: when, to whom, and its words."""
        return self.section("messages", [(self._text.short(one.id), self._message(one)) for one in self._story.messages])

    def _message(self, one: SentMessage) -> str:
        words = " ".join(one.text.split())
        cut = f"{words[:_MOST]}…" if len(words) > _MOST else words
        to = f", to {one.audience}" if one.audience else ""
        corrects = f", correcting {self._text.short(one.corrects)}" if one.corrects else ""
        return f"{self._text.when(one.sent_at)}{to}{corrects}: “{cut}”"

    def promises(self) -> list[str]:
        """What was promised, and how each promise stands."""
        now, me = self._desk.now, self._desk.person
        rows = [(entry.promise.id, f"{how_it_stands(entry, now, me)}: “{entry.promise.words}”") for entry in self._story.promises]
        return self.section("promises", [(self._text.short(name), words) for name, words in rows])

    def actions(self) -> list[str]:
        """The action items: how each stands, whose it is, and until when."""
        return self.section("action items", [(self._text.short(one.item.id), self._action(one)) for one in self._story.actions])

    def _action(self, one: ActionStanding) -> str:
        facts = [self._text.name(one.owner)] if one.owner else []
        facts += [f"due {self._text.when(one.due)}"] if one.due is not None and one.is_open else []
        more = f" ({', '.join(facts)})" if facts else ""
        return f"{one.state}{', late' if one.late else ''}: {one.item.title}{more}"

    def papers(self) -> list[str]:
        """Its timeline, shared texts, and links."""
        story, text = self._story, self._text
        rows = []
        if story.timeline is not None and story.timeline_at is not None:
            rows.append(("timeline", f"version {story.timeline}, made {text.when(story.timeline_at)}"))
        for head in story.documents:
            by = f"version {head.version} by {text.name(head.updated_by)}, {text.when(head.updated_at)}"
            rows.append((text.short(head.id), f"{head.kind}: {head.title} ({by})"))
        return self.section("papers and links", [*rows, *((text.short(one.id), text.target(one)) for one in story.linked)])

    def section(self, title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
        """Rows of a name and words under a heading, the words in one column; nothing without rows."""
        if not rows:
            return []
        width = max(len(name) for name, _ in rows)
        lines = [self._title(title)]
        for name, words in rows:
            lines += wrapped(words, self._desk.width, f"    {name:<{width}}  ", " " * (width + 6))
        return lines

    def _title(self, title: str) -> str:
        return "  " + self._desk.paint("bold", title)

    def _named(self, one: Incident) -> str:
        return f"{self._text.short(one.id)} “{safe(one.title)}” ({one.severity}, {one.status})"

    def _under(self, words: str) -> list[str]:
        return wrapped(words, self._desk.width, " " * 8, " " * 8)
