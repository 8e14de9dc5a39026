"""Drafts of a language model as plain values: how one is kept, and how every interface tells it, as `amends.suggestion/1`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.core.problem import Problem
from amends.narrative.suggestion import Judged, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.narrative.suggestion import ModelDraft

SCHEMA = "amends.suggestion/1"
LIST_SCHEMA = "amends.suggestions/1"
ALLOWED_SCHEMA = "amends.model/1"


@dataclass(frozen=True, slots=True)
class Adoption:
    """That a person took sentences of a draft into a text, and which version of it that made.

    `taken` are the numbers of these sentences; `rewritten` are those of them that the person put into other words.
    """

    id: str
    incident_id: str
    draft_id: str
    document_id: str
    version: int
    adopted_at: datetime
    adopted_by: str
    taken: tuple[int, ...] = ()
    rewritten: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with what was judged of it and who adopted what, oldest adoption first."""

    draft: ModelDraft
    suggestion: Suggestion
    adoptions: tuple[Adoption, ...] = ()

    @property
    def taken(self) -> frozenset[int]:
        """The numbers of the sentences that were adopted."""
        return frozenset(number for one in self.adoptions for number in one.taken)


def kept(suggestion: Suggestion) -> str:
    """A judged answer as the text under which it is kept."""
    told = {"sentences": _sentences(suggestion.sentences), "remarks": _problems(suggestion.remarks), "given": suggestion.given}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unkept(text: str) -> Suggestion:
    """The judged answer that `kept` wrote; one remark where it was erased since."""
    try:
        told = json.loads(text)
        return Suggestion(
            tuple(
                Judged(one["number"], one["text"], tuple(one["items"]), tuple(Problem(**reason) for reason in one["reasons"]))
                for one in told["sentences"]
            ),
            tuple(Problem(**one) for one in told["remarks"]),
            tuple((item, revision, status) for item, revision, status in told["given"]),
        )
    except (ValueError, TypeError, KeyError):
        return Suggestion((), (Problem("model-erased", "what the model wrote was erased"),))


def as_dict(one: Kept) -> dict[str, Any]:
    """A draft with its sentences, why some were struck out, and its provenance; times are RFC 3339 with an offset."""
    draft = one.draft
    return {
        "schema": SCHEMA,
        "id": draft.id,
        "incident": draft.incident_id,
        "purpose": draft.purpose,
        "audience": draft.audience,
        "model": draft.model,
        "prompt_sha256": draft.prompt_sha256,
        "asked_at": draft.asked_at.isoformat(),
        "asked_by": draft.asked_by,
        "sentences": [
            {**said, "struck": bool(said["reasons"]), "adopted": said["number"] in one.taken}
            for said in _sentences(one.suggestion.sentences)
        ],
        "remarks": _problems(one.suggestion.remarks),
        "adoptions": [_adoption(taken) for taken in one.adoptions],
    }


def list_as_dict(listed: Iterable[Kept]) -> dict[str, Any]:
    """The drafts of an incident, oldest first."""
    return {"schema": LIST_SCHEMA, "drafts": [as_dict(one) for one in listed]}


def allowed_as_dict(model: str | None, host: str | None, *, is_open: bool, is_private: bool, practice: bool) -> dict[str, Any]:
    """Which model may draft, where it is, and what it may be given."""
    return {"schema": ALLOWED_SCHEMA, "model": model, "host": host, "open": is_open, "private": is_private, "practice": practice}


def _adoption(one: Adoption) -> dict[str, Any]:
    return {
        "id": one.id,
        "document": one.document_id,
        "version": one.version,
        "at": one.adopted_at.isoformat(),
        "by": one.adopted_by,
        "sentences": list(one.taken),
        "rewritten": list(one.rewritten),
    }


def _sentences(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    return [{"number": one.number, "text": one.text, "items": list(one.items), "reasons": _problems(one.reasons)} for one in judged]


def _problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"code": one.code, "message": one.message, "hint": one.hint} for one in problems]
