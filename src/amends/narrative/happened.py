"""How an account came to be what it is, in sentences: what changed, when, and how well the point was supported before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.account import WITHDRAWN, Evidence
from amends.narrative.account_report import NOT_SHOWN, done
from amends.narrative.support import support

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.narrative.account import Change, Point

_PARTS = {
    "claim": "claim", "condition": "what contributed", "well": "what went well", "badly": "what went badly", "luck": "where luck helped",
    "disagreement": "what is not agreed on", "position": "one side of a disagreement", "question": "what is not known",
    "cost": "what it cost people", "trust-break": "a trust that was broken",
    "no-organisational": "why no organisational condition was found",
}  # fmt: skip
_CLAIMED = ("claim", "condition")
"""Parts that stand as unsupported where nothing is cited; what else people write is theirs to say."""
_CITED = {"entry": "an entry of the timeline", "message": "a message", "measure": "a measure", "person": "the word of a person"}
_FIELDS = {
    "text": "its words", "kind": "its kind", "at": "its time", "who": "who", "value": "its figure", "because": "its reason",
    "answer": "its answer", "of": "what it belongs to",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of an account as a sentence, with `id` of the revision or citation that made it.

    `before` and `after` are how well the point was supported, None where nothing is shown by evidence or there was no point.
    """

    id: str
    item: str
    done: str
    at: datetime
    by: str
    text: str
    before: str | None
    after: str | None

    @property
    def turned(self) -> bool:
        """Whether the change made the point better or worse supported."""
        return self.before is not None and self.after is not None and self.before != self.after


def told(changes: Iterable[Change]) -> tuple[Happened, ...]:
    """The changes of an account, in the order in which they were recorded, each as a sentence."""
    points: dict[str, Point] = {}
    cited: dict[str, dict[str, Evidence]] = {}
    found = []
    for one in changes:
        own = cited.setdefault(one.item, {})
        before = _status(points.get(one.item), own)
        if isinstance(one, Evidence):
            gone = own.pop(one.undoes, None) if one.undoes is not None else None
            if one.undoes is None:
                own[one.id] = one
            text = _of_evidence(one, gone, points.get(one.item))
        else:
            text = _of_point(one, points.get(one.item))
            points[one.item] = one
        after = _status(points.get(one.item), own)
        found.append(Happened(one.id, one.item, done(one), one.recorded_at, one.by, text + _turn(before, after), before, after))
    return tuple(found)


def _status(point: Point | None, cited: dict[str, Evidence]) -> str | None:
    if point is None or point.part in NOT_SHOWN or point.what == WITHDRAWN or (point.part not in _CLAIMED and not cited):
        return None
    return support(point, cited.values()).status


def _of_point(new: Point, old: Point | None) -> str:
    name = f"{_PARTS[new.part]} ({new.kind})" if new.kind else _PARTS[new.part]
    if old is None:
        return f"Stated as {name}: {_quoted(_words(new))}."
    if new.what == WITHDRAWN:
        return f"Withdrawn: {_quoted(_words(old))}."
    if old.what == WITHDRAWN:
        return f"Brought back: {_quoted(_words(new))}."
    if new.text != old.text:
        return f"{_quoted(old.text)} became {_quoted(new.text)}.{_rest(new, old, 'text')}"
    if new.answer != old.answer:
        return _answered(new) + _rest(new, old, "answer")
    return f"Of {_quoted(new.text)},{_changed(new, old)}."


def _answered(new: Point) -> str:
    if new.part == "badly":  # its answer is the id of an action item
        return f"{_quoted(new.text)} {'is answered by an action item' if new.answer else 'is no longer answered by an action item'}."
    return f"{_quoted(new.text)} was answered: {_quoted(new.answer)}." if new.answer else f"{_quoted(new.text)} was opened again."


def _rest(new: Point, old: Point, told_of: str) -> str:
    others = _changed(new, old, told_of)
    return f" Also{others}." if others else ""


def _changed(new: Point, old: Point, *told_of: str) -> str:
    """The fields that changed, with what each was and is."""
    said = []
    for field, name in _FIELDS.items():
        was, now = getattr(old, field), getattr(new, field)
        if field in told_of or was == now:
            continue
        if was is None:
            said.append(f" {name} was added: {_shown(now)}")
        elif now is None:
            said.append(f" {name} was taken away: {_shown(was)}")
        else:
            said.append(f" {name} became {_shown(now)}, and was {_shown(was)}")
    return ";".join(said)


def _of_evidence(new: Evidence, gone: Evidence | None, point: Point | None) -> str:
    of = f"{_quoted(_words(point))}" if point is not None else "a point"
    if new.undoes is not None:
        kind = gone.kind if gone is not None else new.kind
        return f"The citation of {_CITED[kind]} was taken back from {of}."
    words = new.text or new.quote or ""
    side = "against" if new.stance == "contradicts" else "for"
    return f"{_CITED[new.kind].capitalize()} was cited {side} {of}: {_quoted(words)}."


def _words(point: Point) -> str:
    return f"{point.text} ({point.value})" if point.value and point.value not in point.text else point.text


def _quoted(words: str) -> str:
    """Words of somebody inside a sentence of ours, which ends for both."""
    return f"“{words.rstrip('.')}”"


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M UTC}" if hasattr(value, "strftime") else _quoted(str(value))


def _turn(before: str | None, after: str | None) -> str:
    if after is None or before == after:
        return ""
    return f" It stands as {after}." if before is None else f" It went from {before} to {after}."
