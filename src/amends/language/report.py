"""The `amends.check/1` shape of a document, made in one place for every interface."""

from __future__ import annotations

from amends.core.record import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from amends.language.records import Document

SCHEMA = "amends.check/1"


def as_dict(document: Document) -> dict[str, Any]:
    """A document as plain values, in the order of its fields; times are RFC 3339 with an offset."""
    return {name: plain(getattr(document, name)) for name in fields(document)}


def as_report(documents: list[Document]) -> dict[str, Any]:
    """The whole output of a check over several documents."""
    return {"schema": SCHEMA, "documents": [as_dict(document) for document in documents]}


def plain(value: Any) -> Any:
    """A record, or what one holds, as plain values."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return {name: plain(getattr(value, name)) for name in fields(value)}
