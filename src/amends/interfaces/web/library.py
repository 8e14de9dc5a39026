"""The quiet pages: open drafts and their versions, rules with their reasons and examples, forms with what they ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool

from amends.interfaces.web import words
from amends.interfaces.web.given import who
from amends.language.labels import SEVERITIES
from amends.usecases.datatests import with_examples

if TYPE_CHECKING:
    from amends.interfaces.web.pages import Pages
    from amends.language.rules import Rule
    from amends.usecases.facade import UseCases

_MARKED = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
LISTED = 100
"""Open drafts on one page; whoever has more looks for the newest anyway."""


class Library:
    """The addresses of the lists. Rules and forms need no store."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._checking = usecases.checking
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/drafts", self.drafts, methods=["GET"])
        router.add_api_route("/drafts/{draft_id}/versions", self.versions, methods=["GET"])
        router.add_api_route("/drafts/{draft_id}/discard", self.discard, methods=["POST"])
        router.add_api_route("/drafts/{draft_id}/reopen", self.reopen, methods=["POST"])
        router.add_api_route("/rules", self.rules, methods=["GET"])
        router.add_api_route("/rules/{rule_id}", self.rule, methods=["GET"])
        router.add_api_route("/forms", self.forms, methods=["GET"])
        router.add_api_route("/forms/{form_id}", self.form, methods=["GET"])
        return router

    async def drafts(self, request: Request, closed: str = "", sent: str = "") -> Response:
        """The open drafts, and how to undo what was put away last."""
        found = await run_in_threadpool(lambda: self._usecases.drafting.list_open(limit=LISTED + 1, by=who(request)))
        drafts = [(draft, words.plain(draft.content.text)) for draft in found[:LISTED]]
        titles = {form.id: form.title for form in self._checking.forms()}
        waiting = sum(draft.origin == "own" and bool(text) for draft, text in drafts)
        more = len(found) > LISTED
        return self._pages.page(request, "drafts.html", drafts=drafts, waiting=waiting, more=more, titles=titles, closed=closed, sent=sent)

    async def versions(self, request: Request, draft_id: str) -> Response:
        """Every text that was ever kept for a draft."""
        versions = await run_in_threadpool(lambda: self._usecases.drafting.versions(draft_id, by=who(request)))
        return self._pages.page(request, "versions.html", draft_id=draft_id, versions=versions[::-1])

    async def discard(self, request: Request, draft_id: str) -> Response:
        """The draft is not wanted."""
        await run_in_threadpool(lambda: self._usecases.drafting.discard(draft_id, by=who(request)))
        return RedirectResponse(f"/drafts?closed={draft_id}", 303)

    async def reopen(self, request: Request, draft_id: str) -> Response:
        """Undo that."""
        await run_in_threadpool(lambda: self._usecases.drafting.reopen(draft_id, by=who(request)))
        return RedirectResponse(f"/drafts/{draft_id}", 303)

    async def rules(self, request: Request, q: str = "") -> Response:
        """All rules, or those with every word of `q` in them, the strictest first."""
        found = [rule for rule in self._checking.rules() if all(word in about(rule) for word in q.lower().split())]
        rules = sorted(found, key=lambda rule: (SEVERITIES.index(rule.severity), rule.title.lower()))
        groups = [(words.SEVERITY_NAMES[one], [rule for rule in rules if rule.severity == one]) for one in SEVERITIES]
        return self._pages.page(
            request, "rules.html", groups=[group for group in groups if group[1]], total=len(self._checking.rules()), q=q
        )

    async def rule(self, request: Request, rule_id: str) -> Response:
        """One rule: why it matters to the reader, and examples of what it finds and leaves alone."""
        rule = with_examples(self._checking.rule(rule_id))
        return self._pages.page(
            request, "rule.html", rule=rule, hits=shown(rule.hits), misses=shown(rule.misses), titles=self._titles(rule)
        )

    async def forms(self, request: Request) -> Response:
        """All forms."""
        return self._pages.page(request, "forms.html", forms=[form for form in self._checking.forms() if form.moves])

    async def form(self, request: Request, form_id: str) -> Response:
        """One form: the moves that it asks for and a text with gaps to begin from."""
        return self._pages.page(request, "form.html", form=self._checking.form(form_id))

    def _titles(self, rule: Rule) -> list[tuple[str, str]]:
        return [(form.id, form.title) for form in self._checking.forms() if form.id in rule.forms]


def about(rule: Rule) -> str:
    """What a filter of rules looks into."""
    return f"{rule.id} {rule.title}".lower()


def shown(examples: tuple[Any, ...]) -> list[Markup]:
    """Examples for reading, with the words in `[[double brackets]]` marked; an example is a text, or a table that has one."""
    texts = [example if isinstance(example, str) else str(example.get("text", "")) for example in examples]
    return [mark(text) for text in texts]


def mark(text: str) -> Markup:
    """Escaped text with `[[words]]` as marked words."""
    parts = _MARKED.split(text)
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts))
