"""What clients send to the versions of an account: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.core.people import AUDIENCES
from amends.interfaces.api.documents_bodies import Text, Version
from amends.interfaces.api.ledger_bodies import Strict, Time, Zone, require_zone
from amends.interfaces.api.problems import WrongFieldError
from amends.usecases.versions import SENTENCE_LIMIT, WHY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

_Sentence = Annotated[str, Meta(min_length=1, max_length=SENTENCE_LIMIT, description="One whole sentence of the text.")]
_Seen = Annotated[Version, Meta(description="The version of the text that you had before you.")]
_Item = Annotated[str, Meta(description="The point, by its `item`.")]


class SaveVersionRequest(Strict):
    """What somebody wrote for an audience, and the version of the text that they had before them."""

    text: Text
    based_on: _Seen


class HoldRequest(Strict):
    """A text as it is being written."""

    text: Text
    tz: Zone | None = None


class TieRequest(Strict):
    """That a sentence tells a point, or no longer does."""

    sentence: _Sentence
    item: _Item


class RedactRequest(Strict):
    """That a point is withheld from an audience, why, and until when."""

    item: _Item
    audience: Literal["team", "leadership", "customers", "partner"]
    ground: Literal["legal", "privacy", "security"]
    why: Annotated[str, Meta(min_length=1, max_length=WHY_LIMIT, description="One line, for those who will ask.")]
    lift_at: Annotated[Time, Meta(description="When it can be told; open when absent.")] | None = None


REQUESTS = (SaveVersionRequest, HoldRequest, TieRequest, RedactRequest)


def version_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


def read_tz(query: Mapping[str, str]) -> str | None:
    """The zone that an address asks for. Raises WrongFieldError."""
    try:
        return require_zone(query.get("tz"))
    except WrongFieldError as error:
        raise WrongFieldError("tz", error.message.replace("$.tz", "tz"), hint=error.hint) from error


def read_pair(query: Mapping[str, str]) -> tuple[str, str]:
    """The two audiences whose versions are compared. Raises WrongFieldError."""
    for name in ("source", "retold"):
        if query.get(name) not in AUDIENCES:
            raise WrongFieldError(name, f"{name}: expected one of {', '.join(AUDIENCES)}, got {query.get(name, '')[:40]!r}")
    return query["source"], query["retold"]
