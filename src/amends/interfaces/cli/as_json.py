"""Results for programs: one JSON object, or one document a line."""

from __future__ import annotations

import json

from amends.interfaces.cli.result import Renderer
from amends.language.report import as_dict, plain

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from amends.interfaces.cli.result import Checked, Tally
    from amends.language.records import Document

SCHEMA = "amends.check/1"


def dumps(value: object) -> str:
    """A value as one line of JSON, with characters as they are."""
    return json.dumps(value, ensure_ascii=False)


def opening(schema: str) -> str:
    """How an object that holds documents begins."""
    return f'{{"schema": "{schema}", "documents": ['


def closing(tally: Tally, *, empty: bool) -> str:
    """How it ends, with the inputs that were refused, if any were; `empty` where it holds no document."""
    refused = [
        {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "path": getattr(error, "path", None),
            "line": getattr(error, "line", None),
            "field": getattr(error, "field", None),
        }
        for error in tally.refused
    ]
    problems = f', "problems": {dumps(refused)}' if refused else ""
    return ("]" if empty else "\n]") + f"{problems}}}\n"


def _with_evidence(checked: Checked, values: Callable[[Document], dict[str, Any]]) -> dict[str, Any]:
    """A document as plain values, with the evidence for its labels where it was asked for."""
    found = values(checked.document)
    if checked.evidence:
        found["evidence"] = [plain(one) for one in checked.evidence]
    return found


class LinesRenderer(Renderer):
    """One document a line, in order. `values` says what of a document is written."""

    values: Callable[[Document], dict[str, Any]] = staticmethod(as_dict)

    def document(self, checked: Checked) -> str:
        """One line."""
        return dumps(_with_evidence(checked, self.values)) + "\n"


class JsonRenderer(Renderer):
    """One object that holds all documents; written document by document, so that memory does not grow with them."""

    schema = SCHEMA
    values: Callable[[Document], dict[str, Any]] = staticmethod(as_dict)
    _first = True

    def begin(self) -> str:
        """The start of the object."""
        return opening(self.schema)

    def document(self, checked: Checked) -> str:
        """One document on a line of its own."""
        comma = "\n" if self._first else ",\n"
        self._first = False
        return comma + dumps(_with_evidence(checked, self.values))

    def end(self, tally: Tally) -> str:
        """The end of the object, with the inputs that were refused, if any were."""
        return closing(tally, empty=self._first)
