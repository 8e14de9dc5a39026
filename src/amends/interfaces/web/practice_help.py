"""Help while a turn is being written: remarks on its words, read at the hour of the drill, and where the sentence stands that owns it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.interfaces.web.view import SHOWN, Utf16, compose_view
from amends.language.records import Draft
from amends.practice.session import TEXT_LIMIT

if TYPE_CHECKING:
    from fastapi.responses import Response

    from amends.interfaces.web.pages import Pages
    from amends.language.records import Document
    from amends.practice.stage import Stage
    from amends.usecases.checking import Checking


def helped(checking: Checking, pages: Pages, stage: Stage, turns: int, text: str) -> Response:
    """The remarks on a turn that is not sent yet. A turn is no whole message, so nothing is called missing here."""
    text = text.replace("\r\n", "\n")[:TEXT_LIMIT]
    scenario = stage.scenario
    at = stage.at + timedelta(minutes=scenario.pace * turns)
    document = checking.check(Draft(text, at, form=scenario.form, audience=scenario.audience, tz=scenario.zone, markup="plain"))
    remarks = [one for one in compose_view(text, document, checking.forms()).remarks if one.underlined][:SHOWN]
    marks = json.dumps(sorted([one.start, one.end, one.severity] for one in remarks), separators=(",", ":"))
    return pages.part("_practice_help.html", remarks=remarks, marks=marks, owned=_owned(text, document))


def _owned(text: str, document: Document) -> int | None:
    """Where the first sentence begins that owns what happened, as browsers count."""
    found = [one.start for one in document.sentences if any(label.move == "ownership" for label in one.moves)]
    return Utf16(text)(found[0]) if found else None
