"""What people read of an incident, as papers: its story, its action items, its timeline, and texts that were written about it.

Made from the rows of `store.transfer`, so that nothing depends on the hour at which it is exported: what became of a promise is told by
what was recorded of it, and a promise without an answer says so.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from amends.core.paper import Block, Grid, Heading, Listing, Paper, Paragraph, Quote, clock
from amends.integrations.imports.markdown import read_paper
from amends.timeline.entry import UNDATED
from amends.timeline.notes import Note, marks, noted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from amends.store.transfer import Row, Rows
    from amends.timeline.notes import Entry

_FACTS = {
    "happened": "What happened", "impact": "Impact", "number": "Numbers", "cause": "Contributing conditions", "recovery": "Recovery",
    "prevention": "Prevention", "constraint": "Constraints", "decision": "Decisions", "question": "Open questions",
}  # fmt: skip
FORMS = {"note": "follow-up-note", "review": "post-incident-review"}
TITLES = {"note": "Follow-up note", "review": "Review"}
_UNTOLD = "no answer recorded"


def story(rows: Rows, zone: tzinfo = UTC) -> Paper:
    """The whole story of an incident."""
    incident = rows["incident"][0]
    blocks = [
        *_facts(rows, zone), *_people(rows, zone), *_told(rows, zone), *_promises(rows, zone), *_actions(rows, zone), *_links(rows),
        *_record(rows, zone),
    ]  # fmt: skip
    return Paper(incident["title"], about(incident, zone), tuple(blocks))


def about(incident: Row, zone: tzinfo = UTC) -> str:
    """The line under a title: what an incident is."""
    parts = [f"Incident {incident['id']}", incident["severity"], incident["status"], f"began {clock(incident['started_at'], zone)}"]
    parts += ["private"] if incident["visibility"] == "private" else []
    parts += [f"follows from {incident['follows']}"] if incident["follows"] else []
    parts += [f"removed {clock(incident['removed_at'], zone)}"] if incident["removed_at"] else []
    return " · ".join(parts)


def actions(rows: Rows, zone: tzinfo = UTC) -> Paper:
    """The action items with all that happened to them."""
    incident = rows["incident"][0]
    blocks: list[Block] = _actions(rows, zone) or [Paragraph("No action item was written down.")]
    for item in rows.get("action_item", []):
        blocks.append(Heading(2, item["title"]))
        blocks.append(Paragraph(f"{item['kind']}, proposed by {item['proposed_by']}, {clock(item['proposed_at'], zone)}"))
        if item["detail"]:
            blocks.append(Quote(item["detail"]))
        events = [row for row in rows.get("action_event", []) if row["action_id"] == item["id"]]
        if events:
            blocks.append(Listing(tuple(_happened(row, zone) for row in events)))
    return Paper(f"Action items: {incident['title']}", about(incident, zone), tuple(blocks))


def timeline(rows: Rows, zone: tzinfo = UTC, start: datetime | None = None, end: datetime | None = None) -> Paper:
    """The newest version of the timeline, with what people noted; hidden entries are left out, and counted."""
    incident = rows["incident"][0]
    newest, shown = _entries(rows)
    cells, hidden = [], 0
    for entry in shown:
        at = _instant(entry.time)
        if entry.marks.hidden:
            hidden += 1
        elif at is None or ((start is None or at >= start) and (end is None or at <= end)):
            cells.append(_entry(entry, at, zone))
    made = f"version {newest['number']}, made {clock(newest['made_at'], zone)}" if newest else "nothing was read yet"
    made += f", {len(cells):,} entries"
    told = f"{about(incident, zone)}\nTimeline: {made}" + (f", {hidden:,} hidden by people and left out" if hidden else "")
    return Paper(f"Timeline: {incident['title']}", told, (Grid(("Time", "What", "Source"), tuple(cells), (3, 8, 3)),) if cells else ())


def timeline_rows(rows: Rows) -> Iterator[dict[str, object]]:
    """The entries of the newest timeline in the form of the contract, with what people noted about each; hidden ones too, and said so."""
    for entry in _entries(rows)[1]:
        row: dict[str, object] = dict(entry.row)
        if entry.marks.history:
            row["notes"] = [{"what": note.what, "by": note.by, "text": note.text} for note in entry.marks.history]
            row["hidden"] = entry.marks.hidden
        if (corrected := _instant(entry.time)) is not None and entry.time != entry.original:
            row["corrected_time"] = f"{corrected:%Y-%m-%dT%H:%M:%S.%f}Z"
        yield row


def message(rows: Rows, sent: Row, zone: tzinfo = UTC) -> Paper:
    """One message that was sent, as it was sent."""
    text = text_of(rows, sent)
    reached = [row for row in rows.get("delivery", []) if row["message_id"] == sent["id"]]
    names = {row["id"]: row["name"] for row in rows.get("stakeholder", [])}
    told = tuple(f"{row['what']} {clock(row['at'], zone)}: {names.get(row['stakeholder_id'], row['stakeholder_id'])}" for row in reached)
    when = clock(sent["sent_at"], zone)
    blocks: list[Block] = [Quote(text["text"], f"{sent['author']}, {when}")]
    blocks += [Heading(1, "Whom it reached"), Listing(told)] if told else []
    return Paper(f"Message to {sent['audience'] or 'its readers'}", f"Sent {when} by {sent['author']}", tuple(blocks))


def written(rows: Rows, kind: str, zone: tzinfo = UTC) -> Paper | None:
    """The note or the review of an incident as people wrote it: the shared text of this kind, else the message of its form, the newest."""
    incident = rows["incident"][0]
    shared = [row for row in rows.get("document", []) if row["kind"] == kind and row["removed_at"] is None]
    if shared:
        row = max(shared, key=lambda row: (row["created_at"], row["id"]))
        version = next(one for one in rows["document_version"] if (one["document_id"], one["version"]) == (row["id"], row["version"]))
        told = f"Version {row['version']}, {clock(version['recorded_at'], zone)}, by {version['author']}"
        return read_paper(row["title"], f"{about(incident, zone)}\n{told}", version["text"])
    sent = [row for row in rows.get("message", []) if text_of(rows, row)["form"] == FORMS[kind]]
    if not sent:
        return None
    row = max(sent, key=lambda row: (row["sent_at"], row["id"]))
    told = f"Sent {clock(row['sent_at'], zone)} by {row['author']}"
    return read_paper(f"{TITLES[kind]}: {incident['title']}", f"{about(incident, zone)}\n{told}", text_of(rows, row)["text"])


def text_of(rows: Rows, sent: Row) -> Row:
    """The version of the draft that a message was."""
    return next(row for row in rows["draft_version"] if (row["draft_id"], row["version"]) == (sent["draft_id"], sent["version"]))


def current(events: Iterable[Row]) -> list[Row]:
    """The events of an incident that hold: nothing took their place, and nobody took them back."""
    listed = list(events)
    gone = {row["replaces"] for row in listed if row["replaces"]}
    return [row for row in listed if row["id"] not in gone and row["what"] != "withdrawn"]


def read_instant(written: str) -> datetime:
    """An instant as our files have it. Raises ValueError for what is none."""
    at = datetime.fromisoformat(written)
    if at.utcoffset() is None:
        raise ValueError("a time without an offset")
    return at


def _entries(rows: Rows) -> tuple[Row | None, list[Entry]]:
    """The newest version of the timeline, None where nothing was read yet, and its entries with all that was noted."""
    versions = rows.get("timeline_version", [])
    said = marks([_note(row) for row in rows.get("timeline_note", [])])
    newest = max(versions, key=lambda row: int(row["number"])) if versions else None
    read = json.loads(newest["document"])["rows"] if newest else []
    known = {row["id"] for row in read}
    elsewhere = {row["id"]: row for version in versions for row in json.loads(version["document"])["rows"] if row["id"] in said}
    return newest, noted(read, said, {name: row for name, row in elsewhere.items() if name not in known})


def _facts(rows: Rows, zone: tzinfo) -> list[Block]:
    blocks: list[Block] = []
    standing = current(rows.get("incident_event", []))
    for kind, heading in _FACTS.items():
        found = [row for row in standing if row["what"] == "fact" and row["kind"] == kind]
        if found:
            points = tuple((row["text"] or "") + (f" ({row['value']})" if row["value"] else "") for row in found)
            blocks += [Heading(1, heading), Listing(points)]
    moments = [row for row in standing if row["what"] == "milestone"]
    if moments:
        moments.sort(key=lambda row: (row["at"], row["id"]))
        points = tuple(f"{clock(row['at'], zone)}: {row['kind']}{_more(row)}" for row in moments)
        blocks += [Heading(1, "Moments"), Listing(points)]
    boxes = [row for row in standing if row["what"] == "box"]
    if boxes:
        ticked = tuple(row["value"] == "ticked" for row in boxes)
        blocks += [Heading(1, "Boxes"), Listing(tuple(f"{row['kind']}{_more(row, value=False)}" for row in boxes), ticked)]
    return blocks


def _people(rows: Rows, zone: tzinfo) -> list[Block]:
    blocks: list[Block] = []
    if held := rows.get("assignment", []):
        cells = tuple((row["function"], row["person"], clock(row["since"], zone), clock(row["until"], zone) or "still") for row in held)
        blocks += [Heading(1, "Who did what"), Grid(("Function", "Person", "Since", "Until"), cells)]
    if concerned := rows.get("stakeholder", []):
        cells = tuple((row["name"], row["kind"], row["audience"], str(row["size"] or "")) for row in concerned if row["removed_at"] is None)
        blocks += [Heading(1, "Who must be told"), Grid(("Who", "Why", "Audience", "How many"), cells)] if cells else []
    return blocks


def _told(rows: Rows, zone: tzinfo) -> list[Block]:
    sent = rows.get("message", [])
    if not sent:
        return []
    cells = []
    for row in sorted(sent, key=lambda row: (row["sent_at"], row["id"])):
        form = text_of(rows, row)["form"]
        words = " ".join(text_of(rows, row)["text"].split())
        cells.append((clock(row["sent_at"], zone), row["audience"] or "", row["author"], f"{form}: {_short(words)}"))
    return [Heading(1, "What was told"), Grid(("Sent", "To", "By", "What"), tuple(cells), (3, 2, 2, 7))]


def _promises(rows: Rows, zone: tzinfo) -> list[Block]:
    made = rows.get("promise", [])
    if not made:
        return []
    cells = []
    for row in made:
        events = [event for event in rows.get("promise_event", []) if event["promise_id"] == row["id"]]
        undone = {event["undoes"] for event in events if event["undoes"]}
        became = "; ".join(_happened(event, zone) for event in events if event["id"] not in undone and not event["undoes"]) or _UNTOLD
        cells.append((row["words"], row["owner"] or "nobody yet", clock(row["due"], zone) or "no time", became))
    return [Heading(1, "What was promised"), Grid(("Promise", "Owner", "Due", "What became of it"), tuple(cells), (5, 2, 3, 4))]


def _actions(rows: Rows, zone: tzinfo) -> list[Block]:
    items = rows.get("action_item", [])
    if not items:
        return []
    cells = []
    for item in items:
        events = [row for row in rows.get("action_event", []) if row["action_id"] == item["id"]]
        cells.append((item["title"], item["kind"], _happened(events[-1], zone) if events else "an idea; nobody accepted it"))
    return [Heading(1, "What shall prevent it"), Grid(("Action item", "Kind", "What was recorded last"), tuple(cells), (5, 2, 5))]


def _links(rows: Rows) -> list[Block]:
    shown = [row for row in rows.get("link", []) if row["removed_at"] is None]
    points = tuple(
        f"{row['kind']}: {row['title']}, {row['target']}" if row["title"] else f"{row['kind']}: {row['target']}" for row in shown
    )
    return [Heading(1, "Elsewhere"), Listing(points)] if points else []


def _record(rows: Rows, zone: tzinfo) -> list[Block]:
    events = rows.get("incident_event", [])
    if not events:
        return []
    cells = tuple((clock(row["at"], zone), row["by"], f"{row['what']} {row['kind'] or ''}".strip() + _more(row)) for row in events)
    return [Heading(1, "Record"), Grid(("When", "Who", "What"), cells, (3, 2, 8))]


def _happened(row: Row, zone: tzinfo) -> str:
    said = [f"{row['what']} {clock(row['at'], zone)} by {row['by']}"]
    said += [f"for {clock(row['due'], zone)}"] if row.get("due") else []
    said += [f"{row['evidence_kind']} {row['evidence'] or ''}".strip()] if row.get("evidence_kind") else []
    said += [words] if (words := row.get("why") or row.get("text")) else []
    return ", ".join(said)


def _more(row: Row, *, value: bool = True) -> str:
    parts = [part for part in (row["value"] if value else None, row["text"]) if part]
    return f": {', '.join(parts)}" if parts else ""


def _entry(entry: Entry, at: datetime | None, zone: tzinfo) -> tuple[str, str, str]:
    row, state = entry.row, entry.marks
    words = " ".join(str(part) for part in (f"{row['actor']}:" if row["actor"] else "", row["text"]) if part)
    times = row.get("count", 1)
    words += f" (×{times:,})" if isinstance(times, int) and times > 1 else ""
    said = [f"{note.by}: {note.text}" for note in state.comments]
    if state.correction is not None:
        said.append(
            f"time corrected by {state.correction.by}: {state.correction.text}; the source says {clock(_instant(entry.original), zone)}"
        )
    where = f"{row['source']}:{row['line']}" if row.get("line") else str(row["source"])
    shown = clock(at, zone) or str(row.get("time_text") or "no time")
    return shown, "\n".join([("★ " if state.pinned else "") + words, *said]), where


def _instant(micros: int) -> datetime | None:
    """The instant of a time as entries have it; None for none."""
    return None if micros == UNDATED else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _note(row: Row) -> Note:
    return Note(**{name: value for name, value in row.items() if name not in ("salt", "journal", "journal_seq")})


def _short(words: str, most: int = 160) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
