"""What clients send to shared texts: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.incidents.document import TEXT_LIMIT, TITLE_LIMIT
from amends.interfaces.api.ledger_bodies import Strict

Title = Annotated[str, Meta(min_length=1, max_length=TITLE_LIMIT, description="One line.")]
Text = Annotated[str, Meta(description=f"Markdown, of at most {TEXT_LIMIT:,} code points.")]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class NewTextRequest(Strict):
    """A shared text to begin."""

    title: Title
    kind: Literal["note", "review", "agenda", "other"] = "note"
    text: Text = ""


class SaveTextRequest(Strict):
    """What somebody wrote, and the version that they had before them."""

    text: Text
    based_on: Version


class RenameTextRequest(Strict):
    """Another title."""

    title: Title


class GoBackRequest(Strict):
    """The version whose text is to be the newest again."""

    version: Version


REQUESTS = (NewTextRequest, SaveTextRequest, RenameTextRequest, GoBackRequest)


def shared_text_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
