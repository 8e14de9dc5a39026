"""What happened in a run, in sentences: who did what, about what, and what that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.playbooks.known import WORD
from amends.playbooks.run import YES, lead, undoable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.playbooks.playbook import Playbook
    from amends.playbooks.run import RunEvent

    Name = Callable[[str], str]

LONGEST = 160
"""Characters of somebody's words that a sentence quotes; the event holds all of them."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a run as a sentence; `undone` says that it holds no more, `may_undo` that it can be undone."""

    event: RunEvent
    text: str
    undone: bool
    may_undo: bool


def told(playbook: Playbook, events: tuple[RunEvent, ...], name: Name = str) -> tuple[Happened, ...]:
    """Everything that happened in a run of a playbook, oldest first; `name` says how a person is called."""
    undone = {one.undoes for one in events if one.what == "undone"}
    able = {one.id for one in undoable(events)}
    sentences = (_sentence(playbook, one, events[:number], name) for number, one in enumerate(events))
    return tuple(Happened(one, said, one.id in undone, one.id in able) for one, said in zip(events, sentences, strict=True))


def _sentence(playbook: Playbook, one: RunEvent, before: tuple[RunEvent, ...], name: Name) -> str:
    if one.what == "undone":
        gone = next((each for each in before if each.id == one.undoes), None)
        done = f"that {name(gone.by)} {_did(playbook, gone, (), name)}" if gone is not None else "something"
        return _whole(f"{name(one.by)} took back {done}")
    undone = {each.undoes for each in before if each.what == "undone"}
    return _whole(f"{name(one.by)} {_did(playbook, one, tuple(each for each in before if each.id not in undone), name)}")


def _did(playbook: Playbook, one: RunEvent, before: tuple[RunEvent, ...], name: Name) -> str:
    """What somebody did, as the end of a sentence; `before` are the events that held then."""
    if one.what in ("answered", "overridden"):
        return _at_gate(playbook, one, before, name)
    if one.what in ("filled", "unknown"):
        return _in_field(playbook, one, name)
    if one.what in ("decided", "replied", "followed"):
        return _said(playbook, one, before)
    return _of_the_run(one, before, name)


def _at_gate(playbook: Playbook, one: RunEvent, before: tuple[RunEvent, ...], name: Name) -> str:
    gate = playbook.gate(one.about or "")
    title = _quoted(gate.title if gate is not None else one.about)
    if one.what == "overridden":
        return f"went on although the gate {title} was shut: {_quoted(one.why)}"
    word = f" by the word of {name(one.person)}" if one.person and one.person != one.by else ""
    last = next((each for each in reversed(before) if each.what == "answered" and each.about == one.about), None)
    was = f", where it was {last.value} before" if last is not None and last.value != one.value else ""
    effect = "" if gate is None or gate.condition is not None else "; that opens it" if one.value == YES else "; that shuts it"
    return f"answered {one.value} at the gate {title}{word}{was}{effect}"


def _in_field(playbook: Playbook, one: RunEvent, name: Name) -> str:
    field = playbook.field(one.about or "")
    artifact = playbook.artifact((one.about or "").partition(".")[0])
    where = _quoted(field.title if field is not None else one.about) + (f" of {_quoted(artifact.title)}" if artifact is not None else "")
    if one.what == "unknown":
        why = f": {_quoted(one.why)}" if one.why else ""
        return f"wrote under {where} that it is not known yet, and that {name(one.asked or '')} was asked{_on(one.asked_at)}{why}"
    if one.ref_kind == WORD:
        return f"wrote under {where} what {name(one.person or '')} said{_on(one.asked_at)}: {_quoted(one.text)}"
    return f"chose for {where} the {_KINDS.get(one.ref_kind or '', one.ref_kind or 'thing')} {_quoted(one.text or one.ref)}"


def _said(playbook: Playbook, one: RunEvent, before: tuple[RunEvent, ...]) -> str:
    about, words = one.about or "", _quoted(one.text)
    if one.what == "decided":
        decision = playbook.decision(about)
        last = next((each for each in reversed(before) if each.what == "decided" and each.about == about), None)
        was = f", where it was {_quoted(last.text)} before" if last is not None and last.text != one.text else ""
        return f"decided on {_quoted(decision.text if decision is not None else about)}: {words}{was}"
    if one.what == "replied":
        question = playbook.question(about)
        return f"answered the question {_quoted(question.text if question is not None else about)}: {words}"
    later = playbook.follow_up(about)
    return f"said that the follow-up {_quoted(later.title if later is not None else about)} is done: {words}"


def _of_the_run(one: RunEvent, before: tuple[RunEvent, ...], name: Name) -> str:
    if one.what == "started":
        return f"began the run, and {name(one.person)} leads it" if one.person else "began the run, and nobody is named who leads it"
    if one.what == "handed-over":
        was = lead(before)
        return f"handed the run over to {name(one.person or '')}" + (f", where {name(was)} led it before" if was else "")
    if one.what == "stopped":
        return f"stopped the run: {_quoted(one.why)}"
    return "said that the run is finished"


_KINDS = {
    "point": "point of the account", "entry": "entry of the timeline", "action": "action item", "document": "text", "break": "broken trust",
    "review": "look back", "wave": "wave of the pulse",
}  # fmt: skip
"""Kinds of references as people call them, where their name says too little."""


def _on(at: datetime | None) -> str:
    return f" on {at.day} {at:%B %Y}" if at is not None else ""


def _quoted(words: str | None) -> str:
    """Words of somebody inside a sentence of ours, which ends for both."""
    line = " ".join((words or "").split())
    return f"“{(line if len(line) <= LONGEST else f'{line[: LONGEST - 1].rstrip()}…').rstrip('.')}”"


def _whole(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
