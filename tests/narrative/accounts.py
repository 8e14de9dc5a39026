"""An account made by hand, of an incident on which people can have opinions: a migration dropped an index, and checkout timed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from amends.core.incident import Incident
from amends.incidents.acting import standing
from amends.incidents.actions import ActionEvent, ActionItem
from amends.incidents.event import IncidentEvent
from amends.incidents.story import Story
from amends.narrative.account import Evidence, Point
from amends.narrative.support import stand

if TYPE_CHECKING:
    from amends.narrative.account import Account

BEGAN = datetime(2026, 3, 4, 10, 42, tzinfo=UTC)
WRITTEN = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
INCIDENT = Incident("01KNAVQNB2V4T1XKX5F1PTC7JB", "Checkout timed out", "SEV2", "resolved", BEGAN, BEGAN)


def minute(number: int) -> datetime:
    """So many minutes after it began."""
    return BEGAN + timedelta(minutes=number)


class Writing:
    """Writes an account by hand: points and what they cite, in the order of writing."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.points: list[Point] = []
        self.evidence: list[Evidence] = []

    def state(self, part: str, text: str, *, cites: tuple[tuple[str, str], ...] = (), **more: Any) -> str:
        """A point with what it cites, each a kind and an id or words; the id of the point."""
        item = f"P{next(self._ids):02}"
        self.points.append(Point(item, INCIDENT.id, item, part, text, WRITTEN, "ana", **more))
        for kind, what in cites:
            cited = Evidence(f"E{next(self._ids):02}", INCIDENT.id, item, kind, "supports", WRITTEN, "ana")
            by_ref = {"ref": what, "quote": f"the words of {what}", "entry_kind": "log", "source": f"{what}.log"}
            self.evidence.append(replace(cited, **(by_ref if kind == "entry" else {"text": what})))
        return item

    def account(self) -> Account:
        """The account as it stands."""
        return stand(INCIDENT.id, self.points, self.evidence)


def action(name: str, title: str, *, kind: str = "test", accepted: bool = True) -> tuple[ActionItem, tuple[ActionEvent, ...]]:
    """An action item, taken on by somebody or not."""
    item = ActionItem(name, INCIDENT.id, title, kind, WRITTEN, "ana")
    taken = ActionEvent(
        f"{name}-1", name, "accepted", WRITTEN, WRITTEN, "ben", person="ben", due=WRITTEN + timedelta(days=14),
        text="a migration that drops an index is refused in the test",
    )  # fmt: skip
    return item, (taken,) if accepted else ()


def story(*actions: tuple[ActionItem, tuple[ActionEvent, ...]]) -> Story:
    """The record of the incident, with its milestones and action items."""
    moments = (("impact-began", 0, None), ("detected", 8, "us"), ("contained", 40, None), ("recovered", 68, None))
    events = [
        IncidentEvent(f"M{number}", INCIDENT.id, "milestone", minute(at), minute(at), "ana", kind=kind, value=value)
        for number, (kind, at, value) in enumerate(moments)
    ]
    repaired = "The index was built again and the timeouts stopped."
    events.append(IncidentEvent("F1", INCIDENT.id, "fact", minute(68), minute(68), "ana", kind="recovery", text=repaired))
    now = tuple(standing(item, told, WRITTEN + timedelta(hours=1)) for item, told in actions)
    return Story(INCIDENT, WRITTEN + timedelta(hours=1), events=tuple(events), actions=now)


GUARD = action("A1", "Refuse a migration that drops an index")
IDEA = action("A2", "Page on slow checkout", kind="alert", accepted=False)


def whole() -> Writing:
    """An account with something of every part, with nothing left to ask for."""
    made = Writing()
    facts = (
        ("fact", "The migration dropped the index on orders.", 0, "deploy"), ("signal", "p99 latency rose to 9 s.", 3, "metrics"),
        ("decision", "We restarted the workers.", 12, "chat"), ("fact", "The index was built again.", 60, "shell"),
        ("fact", "Checkout answered within 300 ms again.", 68, "metrics2"),
    )  # fmt: skip
    for kind, text, at, entry in facts:
        more = {"who": "the on-call engineer"} if kind == "signal" else {}
        more |= {"because": "A restart had helped the last nine times."} if kind == "decision" else {}
        made.state("claim", text, kind=kind, at=minute(at), cites=(("entry", entry),), **more)
    made.state(
        "claim", "Payments that failed", kind="number", value="258 of 831 payments", cites=(("measure", "count in the ledger: 258"),)
    )
    made.state("claim", "Shoppers saw an error page for 68 minutes.", kind="effect", cites=(("person", "Support: 41 calls"),))
    made.state("claim", "Expected: checkout answers within 2 s.", kind="fact", cites=(("measure", "the SLO of checkout: 2 s"),))
    made.state("claim", "Every query on orders read the whole table.", kind="cause", cites=(("entry", "db"),))
    made.state("condition", "The migration tool lets a column go with its index.", kind="technical", cites=(("entry", "deploy"),))
    organisational = "The rota had one person for two regions, and nobody else knew the schema."
    made.state("condition", organisational, kind="organisational", because="Two posts were not filled.", cites=(("person", "Eva: true"),))
    made.state("well", "The rollback was rehearsed in February.")
    made.state("badly", "The alert rang eight minutes late.", answer="A2")
    made.state("badly", "The status page was silent for an hour.", because="It is replaced next month anyway.")
    made.state("luck", "It was a quiet Wednesday.")
    split = made.state("disagreement", "Was the restart of any use?")
    made.state("position", "It cost twelve minutes.", of=split, who="Payments", because="The graph did not move.")
    made.state("position", "It ruled the workers out.", of=split, who="Platform")
    made.state("question", "Why did the canary show nothing?")
    made.state("cost", "Two people worked through the night.", who="the on-call team", cites=(("person", "Ben: until five"),))
    made.state(
        "trust-break", "Support was told that nothing was wrong.", who="support", answer="We said sorry, and they get the alerts now."
    )
    return made
