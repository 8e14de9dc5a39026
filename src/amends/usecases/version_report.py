"""Versions of an account as plain values, the same on the command line and over HTTP: `amends.version/1` and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.incidents.document_report import head_as_dict
from amends.incidents.message_report import told_as_dict
from amends.narrative.account_report import stated_as_dict
from amends.narrative.drift_report import as_dict as comparison_as_dict
from amends.narrative.drift_report import drift_as_dict
from amends.promises.report import as_dict as promise_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.incident import SavedDraft
    from amends.narrative.drift import Comparison
    from amends.narrative.version import Redaction, Tie
    from amends.usecases.versions import Offered, VersionHead, VersionTold, VersionView

VERSIONS = "amends.versions/1"
VERSION = "amends.version/1"
OFFERS = "amends.version-offers/1"
TIES = "amends.version-ties/1"
REDACTIONS = "amends.redactions/1"
TOLD = "amends.versions-told/1"
DRAFT = "amends.version-draft/1"


def heads_as_dict(incident_id: str, heads: Iterable[VersionHead]) -> dict[str, Any]:
    """The versions of an incident, one for each audience that has one."""
    return {"schema": VERSIONS, "incident": incident_id, "versions": [_head(one) for one in heads]}


def view_as_dict(view: VersionView) -> dict[str, Any]:
    """A version held against the account: its sentences with their points, and its drifts with the points that each is about."""
    found = comparison_as_dict(view.comparison, view.problems, audience=view.audience)
    return {
        "schema": VERSION,
        "incident": view.document.head.incident_id,
        "audience": view.audience,
        "document": head_as_dict(view.document.head),
        "text": view.text,
        "account_text": view.source.text,
        "sentences": [
            {"start": one.start, "end": one.end, "text": one.text, "tied": list(one.tied), "offered": list(one.offered)}
            for one in view.sentences
        ],
        "drifts": [{**drift_as_dict(one.drift), "items": list(one.items)} for one in view.drifts],
        "kept": found["kept"],
        "declared": found["redactions"],
        "untold": [one.item for one in view.untold],
        "redactions": [redaction_as_dict(one) for one in view.redactions],
        "problems": found["problems"],
    }


def offered_as_dict(incident_id: str, audience: str, offered: Offered) -> dict[str, Any]:
    """What there is to tell an audience."""
    return {
        "schema": OFFERS,
        "incident": incident_id,
        "audience": audience,
        "points": [stated_as_dict(one) for one in offered.points],
        "numbers": [one.item for one in offered.numbers],
        "promises": [promise_as_dict(one) for one in offered.promises],
    }


def between_as_dict(source: str, retold: str, comparison: Comparison) -> dict[str, Any]:
    """One version held against another, in the shape of any comparison; its `id` says which."""
    return comparison_as_dict(comparison, id=f"{source}:{retold}", audience=retold)


def ties_as_dict(incident_id: str, ties: Iterable[Tie]) -> dict[str, Any]:
    """That sentences tell points, or no longer do."""
    return {"schema": TIES, "incident": incident_id, "ties": [_tie(one) for one in ties]}


def redactions_as_dict(incident_id: str, redactions: Iterable[Redaction]) -> dict[str, Any]:
    """What was withheld, and lifted, oldest first."""
    return {"schema": REDACTIONS, "incident": incident_id, "redactions": [redaction_as_dict(one) for one in redactions]}


def redaction_as_dict(one: Redaction) -> dict[str, Any]:
    """That a point is withheld from an audience, or with `undoes` no longer."""
    return {
        "id": one.id,
        "item": one.item,
        "audience": one.audience,
        "ground": one.ground,
        "why": one.why,
        "lift_at": one.lift_at.isoformat() if one.lift_at is not None else None,
        "recorded_at": one.recorded_at.isoformat(),
        "by": one.by,
        "undoes": one.undoes,
    }


def versions_told_as_dict(incident_id: str, told: Iterable[VersionTold]) -> dict[str, Any]:
    """Who was told which version when, and which correction reached whom."""
    return {"schema": TOLD, "incident": incident_id, "told": [_told(one) for one in told]}


def draft_as_dict(draft: SavedDraft) -> dict[str, Any]:
    """A draft that was begun with the text of a version."""
    return {
        "schema": DRAFT,
        "incident": draft.incident_id,
        "draft": draft.id,
        "form": draft.content.form,
        "audience": draft.content.audience,
        "text": draft.content.text,
    }


def _head(one: VersionHead) -> dict[str, Any]:
    return {"audience": one.audience, "drifts": one.drifts, "told": one.told, "points": one.points, "document": head_as_dict(one.document)}


def _tie(one: Tie) -> dict[str, Any]:
    return {
        "id": one.id,
        "document": one.document_id,
        "sentence": one.sentence,
        "item": one.item,
        "recorded_at": one.recorded_at.isoformat(),
        "by": one.by,
        "undoes": one.undoes,
    }


def _told(one: VersionTold) -> dict[str, Any]:
    return {
        "document": one.document.id,
        "audience": one.document.audience,
        "version": one.version,
        "changed": one.changed,
        "message": told_as_dict(one.told),
        "corrections": [told_as_dict(later) for later in one.corrections],
    }
