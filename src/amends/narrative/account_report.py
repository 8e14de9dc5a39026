"""An account as plain values, the same on the command line and over HTTP: `amends.account/1` and what goes with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amends.core.incident import SentMessage
from amends.narrative.account import WITHDRAWN, Evidence
from amends.promises.report import message_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amends.narrative.account import Account, Change, Point, Stated
    from amends.narrative.recorded import Recorded

ACCOUNT = "amends.account/1"
HISTORY = "amends.account-history/1"
CITED = "amends.cited/1"
RECORDED = "amends.account-recorded/1"
BYTES = "amends.entry-bytes/1"
"""The shape in which the timeline gives the bytes of an entry."""

NOT_SHOWN = ("question", "disagreement", "no-organisational")
"""Parts for which nothing is shown by evidence: what nobody knows, what is not agreed on, and a reason of the writer."""

DONE = ("stated", "revised", "withdrawn", "cited", "taken-back")
"""What can be done to an account."""


def as_dict(account: Account) -> dict[str, Any]:
    """The account as it stands, with what was withdrawn beside it."""
    return points_as_dict(account.incident_id, (*account.points, *account.withdrawn))


def points_as_dict(incident_id: str, points: Iterable[Stated]) -> dict[str, Any]:
    """Some points of an account in the same shape, as an act answers; the withdrawn ones stand apart."""
    listed = tuple(points)
    standing = [one for one in listed if one.point.what != WITHDRAWN]
    gone = [one for one in listed if one.point.what == WITHDRAWN]
    return {
        "schema": ACCOUNT,
        "incident": incident_id,
        "points": [stated_as_dict(one) for one in standing],
        "withdrawn": [stated_as_dict(one) for one in gone],
    }


def stated_as_dict(one: Stated) -> dict[str, Any]:
    """A point with how well it is supported, what it cites, and its earlier revisions, oldest first."""
    shown = one.point.part not in NOT_SHOWN
    return {
        **revision_as_dict(one.point),
        "open": one.is_open,
        "support": {"status": one.support.status, "why": one.support.why} if shown else None,
        "evidence": [evidence_as_dict(cited) for cited in one.evidence],
        "before": [revision_as_dict(point) for point in one.before],
    }


def revision_as_dict(point: Point) -> dict[str, Any]:
    """One revision; `id` is what the next change must say it is based on, `item` names the point in all of them."""
    return {
        "id": point.id,
        "item": point.item,
        "incident": point.incident_id,
        "part": point.part,
        "kind": point.kind,
        "text": point.text,
        "what": point.what,
        "at": point.at.isoformat() if point.at is not None else None,
        "who": point.who,
        "value": point.value,
        "because": point.because,
        "of": point.of,
        "answer": point.answer,
        "recorded_at": point.recorded_at.isoformat(),
        "by": point.by,
    }


def evidence_as_dict(one: Evidence) -> dict[str, Any]:
    """One citation."""
    return {
        "id": one.id,
        "kind": one.kind,
        "stance": one.stance,
        "ref": one.ref,
        "text": one.text,
        "quote": one.quote,
        "entry_kind": one.entry_kind,
        "source": one.source,
        "recorded_at": one.recorded_at.isoformat(),
        "by": one.by,
    }


def cited_as_dict(cited: Evidence, found: Any) -> dict[str, Any]:
    """What a citation rests on: `found` is the message, or the record of the bytes behind the entry (`usecases.assembling.Behind`)."""
    told: dict[str, Any] = {"schema": CITED, "incident": cited.incident_id, "evidence": evidence_as_dict(cited)}
    if isinstance(found, SentMessage):
        return {**told, "entry": None, "message": message_as_dict(found)}
    entry = asdict(found)
    return {**told, "entry": {"schema": BYTES, "text": entry.pop("itself"), **entry}, "message": None}


def recorded_as_dict(incident_id: str, rows: Iterable[Recorded]) -> dict[str, Any]:
    """What was written down elsewhere, each as the point that it would become, with the point that holds it already."""
    told = [{**asdict(one), "at": one.at.isoformat() if one.at is not None else None} for one in rows]
    return {"schema": RECORDED, "incident": incident_id, "recorded": told}


def history_as_dict(incident_id: str, changes: Iterable[Change], said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """How the account came to be what it is, oldest change first; `said` tells each by its id (`honesty_report.happened_as_dict`)."""
    return {"schema": HISTORY, "incident": incident_id, "changes": [change_as_dict(one, said[one.id]) for one in changes]}


def change_as_dict(one: Change, said: Mapping[str, Any]) -> dict[str, Any]:
    """One change: which point, what was done to it by whom and when, in a sentence, and the revision or the citation."""
    told: dict[str, Any] = {"done": done(one), "item": one.item, "recorded_at": one.recorded_at.isoformat(), "by": one.by, **said}
    if isinstance(one, Evidence):
        return {**told, "revision": None, "evidence": None if one.undoes else evidence_as_dict(one), "undoes": one.undoes}
    return {**told, "revision": revision_as_dict(one), "evidence": None, "undoes": None}


def done(one: Change) -> str:
    """What a change did, as one of `DONE`."""
    if isinstance(one, Evidence):
        return "cited" if one.undoes is None else "taken-back"
    if one.what == WITHDRAWN:
        return "withdrawn"
    return "stated" if one.replaces is None else "revised"
