"""The sections of a review, each made of the account, the cited entries of the timeline, the record and the action items.

A section says what it is made of as it stands: each claim with how well it is supported and the numbers of what it cites, and what nobody
wrote down is said to be missing. Nothing is judged here and nothing is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from amends.core.paper import Grid, Heading, Listing, Paragraph, clock
from amends.incidents.acting import GUARDRAILS
from amends.incidents.facts import sentence as as_sentence
from amends.incidents.facts import words_of
from amends.timeline.entry import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from amends.core.paper import Block
    from amends.incidents.acting import ActionStanding
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.narrative.account import Account, Evidence, Point, Stated
    from amends.timeline.notes import Entry

NOTHING = "Nothing is written down about this yet."
_WEIGHED = ("claim", "condition", "cost", "trust-break", "well", "badly", "luck")
"""Parts that something can support; of the others no status is told."""

SAME = timedelta(minutes=1)
"""A claim that cites an entry tells it at its time where both are this close: people round to the minute."""

LONGEST = 200
"""Code points of a cited entry in the timeline of a review."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RECORDED = {
    "impact-began": "It began to hit people", "detected": "It was detected", "contained": "It was contained",
    "fix-deployed": "The fix was deployed", "recovered": "It was restored",
}  # fmt: skip
"""The milestones of the record that belong to the timeline of a review, and how they are said there."""

_STATES = {
    "idea": "an idea, nobody has accepted it yet", "accepted": "accepted", "done": "done, not shown to help yet",
    "verified": "done, and shown to help", "no-help": "done, and shown not to help", "dropped": "dropped",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """What a review is made of, and the zone of its times. `entries` are the cited ones of the timeline, by id.

    `numbers` gives each citation the number by which the sections name it: the same source has the same number everywhere.
    """

    account: Account
    story: Story
    entries: Mapping[str, Entry]
    zone: tzinfo = UTC
    numbers: Mapping[str, int] = field(default_factory=dict)

    def clock(self, at: datetime) -> str:
        """An instant in the zone of the review."""
        return clock(at, self.zone)

    @property
    def zone_name(self) -> str:
        """What the zone is called at the beginning of the incident."""
        return self.story.incident.started_at.astimezone(self.zone).tzname() or "UTC"


def numbered(account: Account) -> dict[str, int]:
    """A number for each citation, from 1 on, in the order of the account; two citations of the same thing share theirs."""
    known: dict[tuple[str, str], int] = {}
    found = {}
    for one in (*account.claims, *(point for point in account.points if point.point.part != "claim")):
        for cited in one.evidence:
            key = (cited.kind, cited.ref or cited.text or cited.id)
            found[cited.id] = known.setdefault(key, len(known) + 1)
    return found


def said(one: Stated, material: Material) -> str:
    """A point as one sentence, or as many as it was written in, with its figure, its status, and what it cites: `[confirmed: 1, 2]`."""
    point = one.point
    words = point.text
    if point.value and point.value.casefold() not in words.casefold():
        words = f"{words.rstrip('.')}: {point.value}"
    if point.who and point.part in ("claim", "cost", "trust-break") and point.who.casefold() not in words.casefold():
        words = f"{words.rstrip('.')} ({'seen by ' if point.kind == 'signal' else ''}{point.who})"
    why = f" {sentence(point.because)}" if point.because and _says_why(point) else ""
    return f"{sentence(words)}{why}{standing_of(one, material)}"


def _says_why(point: Point) -> bool:
    """Whether the reason of a point belongs behind it; the others have a place of their own for it."""
    return point.part == "condition" or (point.part == "claim" and point.kind != "decision")


def standing_of(one: Stated, material: Material) -> str:
    """How well a point is supported, and by which numbers of the evidence; empty for a part that nothing can support and nothing does."""
    point = one.point
    told = one.support.status if point.part in ("claim", "condition") or (one.evidence and point.part in _WEIGHED) else ""
    numbers = _numbers(one.evidence, material, "supports")
    against = _numbers(one.evidence, material, "contradicts")
    listed = "; ".join(part for part in (numbers, f"against it {against}" if against else "") if part)
    told = f"{told}: {listed}" if told and listed else told or listed
    return f" [{told}]" if told else ""


def _numbers(cited: Iterable[Evidence], material: Material, stance: str) -> str:
    found = sorted({material.numbers[one.id] for one in cited if one.stance == stance})
    return ", ".join(str(number) for number in found)


def listed(points: Iterable[Stated], material: Material) -> list[Block]:
    """Points one a line; a sentence that there is none where there is none."""
    told = tuple(said(one, material) for one in points)
    return [Listing(told)] if told else [Paragraph(NOTHING)]


# What happened


def summary(material: Material) -> list[Block]:
    """What happened, from when to when, in the words of the title; and how much of it is open."""
    story = material.story
    began, ended = story.milestone("impact-began"), story.milestone("recovered")
    start = began.at if began else story.incident.started_at
    found = story.milestone("detected")
    told = f"{story.incident.title.rstrip('.')}: it began at {material.clock(start)}"
    told += f", was detected at {material.clock(found.at)}" if found else ""
    told += (
        f" and was restored at {material.clock(ended.at)}, after {_length(ended.at - start)}." if ended else " and is not recorded as over."
    )
    return [Paragraph(f"{told} Severity {story.incident.severity}, {story.incident.status}."), *_open(material)]


def _open(material: Material) -> list[Block]:
    account = material.account
    counts = [
        (sum(one.is_open for one in account.of(part)), one, many)
        for part, one, many in (
            ("question", "question", "questions"), ("disagreement", "disagreement", "disagreements"),
            ("trust-break", "broken trust", "broken trusts"),
        )
    ]  # fmt: skip
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return [Paragraph(f"Still open: {', '.join(told)}.")] if told else []


def impact(material: Material) -> list[Block]:
    """Numbers and effects of the account; where it has none, what the record of the incident says of them."""
    points = (*material.account.of("claim", "number"), *material.account.of("claim", "effect"))
    return listed(points, material) if points else _from_record(material, "impact", "number")


def _from_record(material: Material, *kinds: str) -> list[Block]:
    facts = [one for kind in kinds for one in material.story.standing("fact", kind)]
    return [Listing(tuple(_recorded(one) for one in facts))] if facts else [Paragraph(NOTHING)]


def _recorded(fact: IncidentEvent) -> str:
    return f"{sentence(words_of(fact))} [record of the incident]"


def timeline(material: Material) -> list[Block]:
    """The timed claims, the cited entries that no claim tells at their own time, and the milestones of the record, in one order."""
    rows: list[tuple[datetime, str, str]] = []
    told: dict[str, list[datetime]] = {}
    for one in material.account.claims:
        if one.point.at is not None:
            rows.append((one.point.at, _decided(one, material), _cited(one.evidence, material)))
            for cited in one.evidence:
                told.setdefault(cited.ref or "", []).append(one.point.at)
    for cited in (cited for one in material.account.points for cited in one.evidence):
        entry = material.entries.get(cited.ref or "")
        at = _instant(entry) if entry else None
        if entry is not None and at is not None and not any(abs(at - other) <= SAME for other in told.get(entry.id, ())):
            told.setdefault(entry.id, []).append(at)
            rows.append((at, _shortened(sentence(str(cited.quote or entry.row["text"]))), _cited([cited], material)))
    for event in material.story.standing("milestone"):
        if event.kind in _RECORDED:
            words = f"{_RECORDED[event.kind]}{' by others' if event.value == 'others' else ''}."
            rows.append((event.at, words, "[record of the incident]"))
    if not rows:
        return [Paragraph(NOTHING)]
    rows.sort(key=lambda row: row[0])
    cells = tuple((material.clock(at), words, source) for at, words, source in rows)
    return [Grid((f"Time ({material.zone_name})", "What", "Evidence"), cells, (3, 8, 3))]


def _shortened(words: str) -> str:
    """The beginning of the words of an entry; all of them stand in the evidence."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rpartition(' ')[0] or words[:LONGEST]} …"


def _decided(one: Stated, material: Material) -> str:
    kind = "Decision: " if one.point.kind == "decision" else ""
    return f"{kind}{said(one, material)}"


def _cited(evidence: Iterable[Evidence], material: Material) -> str:
    told = dict.fromkeys(f"{material.numbers[one.id]} {_place(one)}" for one in evidence)
    return f"[{'; '.join(told)}]" if told else "none"


def _place(one: Evidence) -> str:
    """Where a citation comes from, in a few words."""
    if one.kind == "entry":
        return (one.source or "timeline").removeprefix("person:")
    return {"message": "message", "measure": "measure", "person": "somebody's word"}[one.kind]


def _instant(entry: Entry) -> datetime | None:
    return None if entry.time == UNDATED else _EPOCH + timedelta(microseconds=entry.time)


def untimed(material: Material) -> list[Block]:
    """Facts and signals without a time, which no timeline has."""
    points = [one for one in material.account.claims if one.point.at is None and one.point.kind in ("fact", "signal")]
    return [Heading(1, "What else is known"), *listed(points, material)] if points else []


def recovery(material: Material) -> list[Block]:
    """What repaired it, as the record says, and when it was right again."""
    story = material.story
    points = [_recorded(one) for one in story.standing("fact", "recovery")]
    for kind in ("contained", "fix-deployed", "recovered"):
        found = story.milestone(kind)
        if found is not None:
            points.append(f"{_RECORDED[kind]} at {material.clock(found.at)}. [record of the incident]")
    return [Listing(tuple(points))] if points else [Paragraph("How it was repaired is not written down yet.")]


# Why


def conditions(material: Material) -> list[Block]:
    """Contributing conditions of both kinds, and what is claimed as a cause, side by side with them."""
    account = material.account
    blocks: list[Block] = [Heading(2, "Technical"), *listed(account.of("condition", "technical"), material)]
    blocks += [Heading(2, "Organisational")]
    if account.of("condition", "organisational") or not account.of("no-organisational"):
        blocks += listed(account.of("condition", "organisational"), material)
    blocks += [Paragraph(f"Why none is named: {sentence(one.point.text)}") for one in account.of("no-organisational")]
    if causes := account.of("claim", "cause"):
        blocks += [Heading(2, "What is claimed to have led to it"), *listed(causes, material)]
    return blocks


def root_cause(material: Material) -> list[Block]:
    """What is claimed as a cause, under the name that some readers ask for; with the conditions without which it had done nothing."""
    causes = material.account.of("claim", "cause")
    if not causes:
        return [Paragraph("No cause is claimed in the account yet.")]
    return [*listed(causes, material), Paragraph("It took the contributing conditions above as well: none of this is the one cause.")]


def decisions(material: Material) -> list[Block]:
    """Each decision with what made it reasonable at the time."""
    found = material.account.of("claim", "decision")
    if not found:
        return [Paragraph("No decision is written down in the account yet.")]
    unsaid = "Not written down yet."
    cells = tuple(
        (material.clock(one.point.at) if one.point.at else "no time", said(one, material), sentence(one.point.because) or unsaid)
        for one in found
    )
    return [Grid(("When", "Decision", "What made it reasonable at the time"), cells, (2, 5, 5))]


# What to keep, and what to change


def badly(material: Material) -> list[Block]:
    """What did not go well, each with the action item that answers it, or with the reason why none does."""
    items = {one.item.id: one for one in material.story.actions}
    told = []
    for one in material.account.of("badly"):
        item = items.get(one.point.answer or "")
        if item is not None:
            answer = f"Answered by the action “{item.item.title}” ({_STATES[item.state].split(',')[0]})."
        elif one.point.because:
            answer = f"No action: {sentence(one.point.because)}"
        else:
            answer = "No action item answers it, and no reason is written down."
        reason = f" {sentence(one.point.because)}" if item is not None and one.point.because else ""
        told.append(f"{said(one, material)} {answer}{reason}")
    return [Listing(tuple(told))] if told else [Paragraph(NOTHING)]


def disagreements(material: Material) -> list[Block]:
    """Each disagreement with its sides beside each other, none before the other; settled ones with how."""
    blocks: list[Block] = []
    for one in material.account.of("disagreement"):
        blocks.append(Heading(2, one.point.text.rstrip(".")))
        sides = [side for side in material.account.of("position") if side.point.of == one.item]
        if sides:
            head = tuple(sentence(side.point.who).rstrip(".") or f"Side {number}" for number, side in enumerate(sides, 1))
            rows = [tuple(said(side, material) for side in sides)]
            if any(side.point.because for side in sides):
                reasons = (side.point.because for side in sides)
                rows.append(tuple(f"Because: {sentence(one)}" if one else "No reason given." for one in reasons))
            blocks.append(Grid(head, tuple(rows)))
        else:
            blocks.append(Paragraph("No side of it is written down yet."))
        blocks.append(Paragraph(f"Settled: {sentence(one.point.answer)}" if one.point.answer else "This is open."))
    return blocks or [Paragraph("No disagreement is written down.")]


def closable(points: Iterable[Stated], material: Material, *, still: str, closed: str, none: str) -> list[Block]:
    """Points that are open until somebody says how they were closed; each says which."""
    told = tuple(f"{said(one, material)} {f'{closed}: {sentence(one.point.answer)}' if one.point.answer else still}" for one in points)
    return [Listing(told)] if told else [Paragraph(none)]


def actions(material: Material, *, only_guards: bool = False) -> list[Block]:
    """The action items with owner, due date and state; `only_guards` those that would have caught it. Dropped ones say why."""
    found = [one for one in material.story.actions if not only_guards or one.item.kind in GUARDRAILS]
    told = tuple(_action(one, material) for one in found)
    return [Listing(told)] if told else [Paragraph("No action item is written down yet.")]


def _action(one: ActionStanding, material: Material) -> str:
    owner = f"Owner {one.owner}" if one.owner else "No owner yet"
    due = f"due {material.clock(one.due)}" if one.due else "no due date yet"
    helps = f", done when {one.helps_when.rstrip('.')}" if one.helps_when else ""
    state = _STATES[one.state] + (f": {one.reason.rstrip('.')}" if one.state == "dropped" and one.reason else "")
    late = ", late" if one.late else ""
    return f"{sentence(one.item.title)} {owner}, {due}{helps}; {state}{late} ({one.item.kind})."


# What it all rests on


def evidence(material: Material) -> list[Block]:
    """Everything that is cited, by its number, with its words and how they are opened down to their bytes."""
    rows: dict[int, tuple[str, str, str]] = {}
    for one in material.account.points:
        for cited in one.evidence:
            number = material.numbers[cited.id]
            rows.setdefault(number, (str(number), _what(cited), _opens(cited, material)))
    if not rows:
        return [Paragraph("Nothing is cited yet.")]
    return [Grid(("No.", "What is cited", "Where it is opened"), tuple(rows[number] for number in sorted(rows)), (1, 6, 6))]


def _what(cited: Evidence) -> str:
    words = " ".join((cited.quote or cited.text or "").split())
    return f"{cited.kind}: {words}" if words else cited.kind


def _opens(cited: Evidence, material: Material) -> str:
    """Where the words stand: of an entry its file, line and bytes; of a message its id; else who wrote it down and when."""
    here = f"citation {cited.id}"
    entry = material.entries.get(cited.ref or "")
    if entry is not None and entry.marks.added is None:
        row = entry.row
        end = int(str(row["offset"])) + int(str(row["length"]))
        return f"{row['source']}, line {row['line']}, bytes {row['offset']} to {end}, SHA-256 {row['sha256']}, entry {entry.id}; {here}"
    if entry is not None:
        return f"written by hand by {entry.marks.added.by if entry.marks.added else ''}, entry {entry.id}; {here}"
    if cited.ref and cited.kind == "person":
        return f"written down in the record by {(cited.source or '').removeprefix('person:')}, event {cited.ref}; {here}"
    if cited.ref:
        return f"{cited.kind} {cited.ref}; {here}"
    return f"in words only, written down by {cited.by} at {material.clock(cited.recorded_at)}; {here}"


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "less than a minute"


def sentence(words: str | None) -> str:
    """Words as one sentence on one line; a first word that is written in a way of its own (p99, iOS) keeps it."""
    kept = " ".join((words or "").split())
    first = kept.partition(" ")[0]
    own = any(char.isdigit() or char.isupper() for char in first) or "." in first.rstrip(".")
    return f"{first}{as_sentence(f'X{kept[len(first) :]}')[1:]}" if own else as_sentence(kept)
