"""Help while a turn is being written: remarks on its words, read at the hour of the drill, and where the sentence stands that owns it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from amends.core.record import replace
from amends.interfaces.web.view import SHOWN, Utf16, compose_view, on_words
from amends.language.records import Draft
from amends.practice.promised import promises
from amends.practice.session import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.responses import Response

    from amends.interfaces.web.pages import Pages
    from amends.language.records import Document, Finding
    from amends.practice.heard import Act
    from amends.practice.stage import Stage
    from amends.usecases.checking import Checking


_OF_TIMES = frozenset({"date-arithmetic", "impossible-date", "next-update-in-the-past", "weekday-of-date"})
"""Rules without a flaw that speak of a promised time; every other one without a flaw asks for the parts of a written message."""


def helped(checking: Checking, pages: Pages, stage: Stage, turns: int, text: str) -> Response:
    """The remarks on a turn that is not sent yet, on words that are there: a turn is speech, and no whole message with its parts."""
    text = text.replace("\r\n", "\n")[:TEXT_LIMIT]
    scenario = stage.scenario
    at = stage.time_of(turns + 1)
    document = checking.check(Draft(text, at, form=scenario.form, audience=scenario.audience, tz=scenario.zone, markup="plain"))
    loose = [one for one in promises(document, text, at) if one.name == "undated"]
    kept = tuple(one for one in document.findings if (one.flaw or one.rule in _OF_TIMES) and on_words(text, one) and _counts(one, loose))
    remarks = compose_view(text, replace(document, findings=kept), checking.forms()).remarks[:SHOWN]
    marks = json.dumps(sorted([one.start, one.end, one.severity] for one in remarks), separators=(",", ":"))
    return pages.part("_practice_help.html", remarks=remarks, marks=marks, owned=_owned(text, document))


def _counts(finding: Finding, loose: Sequence[Act]) -> bool:
    """Whether the drill would mind: beside a promise with a time, one without hangs on that one."""
    return finding.rule != "promise-without-time" or any(one.start < finding.end and one.end > finding.start for one in loose)


def _owned(text: str, document: Document) -> int | None:
    """Where the first sentence begins that owns what happened, as browsers count."""
    found = [one.start for one in document.sentences if any(label.move == "ownership" for label in one.moves)]
    return Utf16(text)(found[0]) if found else None
