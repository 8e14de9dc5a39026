"""Whatever somebody typed, pasted or imported, pages show it as text; and no page leads where somebody else says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from amends.interfaces.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

MARK = "xzqx"
HOSTILE = f"<script>{MARK}()</script><img src=x onerror={MARK}()>\"'><svg/onload={MARK}()>{{{{7*7}}}}"
"""What is dangerous in a text, in an attribute, in a script, and to a template that is rendered twice."""

ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example")


@pytest.fixture
def story(usecases: UseCases) -> dict[str, str]:
    """An incident that is hostile in every field, with everything that hangs on it; the ids that addresses take."""
    u = usecases
    before = u.incidents.open(f"before {HOSTILE}")
    incident = u.incidents.open(HOSTILE, follows=before.id)
    fact = u.recording.fact(incident.id, "number", HOSTILE, value=HOSTILE)
    u.recording.fact(incident.id, "question", HOSTILE)
    u.recording.milestone(incident.id, "detected", value="others", text=HOSTILE)
    u.recording.comment(incident.id, HOSTILE)
    u.recording.commit(incident.id, "hotfix", "4f2c1ab", HOSTILE)
    u.recording.tick(incident.id, "impact", text=HOSTILE)
    u.involving.hand_over(incident.id, "lead", HOSTILE)
    reader = u.involving.add_stakeholder(incident.id, HOSTILE, address=HOSTILE)
    u.involving.add_link(incident.id, "other", HOSTILE, title=HOSTILE)
    draft = u.drafting.new(f"Next update 11:10 UTC. {HOSTILE}", incident_id=incident.id)
    message = u.messaging.record(f"I will write by 11:10 UTC. {HOSTILE}", audience="team", tz="UTC", incident_id=incident.id)
    promise = u.promising.add(HOSTILE, None, owner=HOSTILE, made_to=HOSTILE, incident_id=incident.id)
    action = u.acting.propose(incident.id, HOSTILE, kind="test", detail=HOSTILE)
    u.acting.accept(action.item.id, person=HOSTILE, helps_when=HOSTILE)
    document = u.documents.new(
        incident.id, HOSTILE, kind="note", text=f"# {HOSTILE}\n\n[{HOSTILE}](javascript:{MARK}())\n\n![]({HOSTILE})\n"
    )
    return {
        "incident_id": incident.id,
        "draft_id": draft.id,
        "message_id": message.id,
        "promise_id": promise.promise.id,
        "action_id": action.item.id,
        "document_id": document.head.id,
        "event_id": fact.id,
        "stakeholder_id": reader.id,
        "rule_id": "vague-time",
        "form_id": "first-message",
    }


class Page(HTMLParser):
    """Collects what a browser would run or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.leads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (name == "style" and MARK in (value or "")):
                self.runs.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                self.leads.append(value or "")
        if tag in ("script", "iframe", "object", "embed") and not dict(attrs).get("src", "").startswith("/static/"):
            self.runs.append(f"{tag} {attrs}")


def addresses(usecases: UseCases, story: dict[str, str]) -> Iterator[str]:
    """Every address that can be looked at, with the ids of the story; those that need another thing are named by their own tests."""
    for route in _routes(create_app(usecases).routes):
        path = str(getattr(route, "path", ""))
        if "GET" not in (getattr(route, "methods", None) or ()) or path.startswith(("/static", "/favicon")) or path.endswith("/live"):
            continue
        filled = re.sub(r"\{(\w+)[^}]*\}", lambda found: story.get(found[1], "{none}"), path)
        if "{none}" not in filled:
            yield filled


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inside = getattr(route, "original_router", None)
        yield from _routes(inside.routes) if inside is not None else (route,)


def test_what_was_typed_is_shown_as_text_on_every_page(client: TestClient, usecases: UseCases, story: dict[str, str]) -> None:
    seen = 0
    for path in addresses(usecases, story):
        answer = client.get(path, headers={"accept": "text/html"})
        assert answer.status_code in (200, 303, 307, 404), f"{path} answers {answer.status_code}"
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page = Page()
        page.feed(answer.text)
        assert [one for one in page.runs if MARK in one or "script" not in one] == [], path
        assert [one for one in page.leads if one.strip().lower().startswith(("javascript:", "data:", "vbscript:"))] == [], path
        assert f"<script>{MARK}" not in answer.text, path
        assert "49" not in re.findall(r">\s*\{?\{?7\*7\}?\}?\s*<|>49<", answer.text), path
        seen += MARK in answer.text
    assert seen >= 10, "the story is shown somewhere"


@pytest.mark.parametrize("query", [f"q={quote(HOSTILE)}", f"incident={quote(HOSTILE)}", f"next={quote(HOSTILE)}"])
def test_what_stands_in_an_address_is_shown_as_text_too(client: TestClient, usecases: UseCases, story: dict[str, str], query: str) -> None:
    for path in addresses(usecases, story):
        answer = client.get(f"{path}?{query}", headers={"accept": "text/html"})
        assert answer.status_code < 500, f"{path}?{query[:20]}"
        assert f"<script>{MARK}" not in answer.text, path


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_page_leads_where_somebody_else_says(client: TestClient, usecases: UseCases, story: dict[str, str], elsewhere: str) -> None:
    for path in addresses(usecases, story):
        answer = client.get(f"{path}?next={quote(elsewhere)}&back={quote(elsewhere)}", headers={"accept": "text/html"})
        led = answer.headers.get("location", "")
        assert not led or (led.startswith("/") and not led.startswith(("//", "/\\"))), f"{path} leads to {led}"
        page = Page()
        page.feed(answer.text if "text/html" in answer.headers.get("content-type", "") else "")
        assert [one for one in page.leads if one.strip().lstrip("\t").startswith(elsewhere.strip())] == [], path


def test_a_theme_that_is_chosen_on_a_foreign_page_leads_home(client: TestClient) -> None:
    for elsewhere in ELSEWHERE:
        led = client.post("/theme", headers={"referer": elsewhere, "sec-fetch-site": "same-origin"}).headers["location"]
        assert led.startswith("/")
        assert not led.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path", ["/static/x/../../../pyproject.toml", "/static/x/%2e%2e/%2e%2e/settings.py", "/static/..%2f..%2fsettings.py"]
)
def test_no_file_but_our_own_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404
