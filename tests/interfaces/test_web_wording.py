"""The words of the pages keep our own rules: the checker reads what a fresh workbench says."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from amends.interfaces.web import words
from amends.language.records import Draft

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

LABELS = {("on-it", "Investigating"), ("vague-soon", "Due soon")}
"""The field's name of a status, and a label that always stands beside its time and countdown."""

HIDDEN = re.compile(r"<(head|script|style|svg|blockquote|option)\b.*?</\1>", re.DOTALL)


def lines(page: str) -> set[str]:
    """What a page says, by the elements that it says it in; without examples."""
    bare = re.sub(r"</?(?:b|a|span|code|kbd|q)\b[^>]*>", "", HIDDEN.sub(" ", page))
    return {" ".join(html.unescape(one).split()) for one in re.split(r"<[^>]+>", bare)} - {""}


def found(usecases: UseCases, said: set[str]) -> set[tuple[str, str]]:
    now = usecases.clock.now()
    checked = ((line, usecases.checking.check(Draft(text=line, at=now, form="any", audience="team", tz="UTC"))) for line in said)
    return {(one.rule, line) for line, document in checked for one in document.findings if one.severity == "error" or one.rule == "on-it"}


def test_the_pages_of_a_fresh_workbench_say_nothing_that_our_own_rules_would_stop(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("The login fails")
    clock.advance(minutes=2)
    here = f"/incidents/{incident.id}"
    paths = ["/", "/incidents", "/search", "/search?q=nowhere", here, f"{here}/meeting", "/promises", "/drafts", f"{here}/let-in"]
    paths += ["/compare", f"{here}/account", f"{here}/account/entries", f"{here}/versions", f"{here}/versions/team"]
    paths += ["/practice/history", "/practice/team", "/practice/own", "/practice/rehearse"]
    said = {line for path in paths for line in lines(client.get(path).text)}

    assert len(said) > 100
    assert found(usecases, said) <= LABELS


def test_what_the_banners_say_keeps_them_too(usecases: UseCases) -> None:
    said = {*words.INCIDENT_SAYS.values(), *words.BOX_ASKS.values(), *words.ASKS.values(), *(does for _, does in words.KEYS)}

    assert found(usecases, said) == set()
