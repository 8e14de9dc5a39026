"""The API as one ASGI application, to be served under `/api/v1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from amends.core.errors import AmendsError, NotFoundError, UnknownNameError
from amends.core.record import fields
from amends.interfaces.api import describe
from amends.interfaces.api.accounts import account_requests, account_schemas, add_accounts
from amends.interfaces.api.actions import add_actions
from amends.interfaces.api.comparing import add_comparing, comparison_requests, comparison_schemas
from amends.interfaces.api.documents import add_documents
from amends.interfaces.api.exports import add_exports
from amends.interfaces.api.honesty import add_honesty, honesty_schemas
from amends.interfaces.api.incidents import add_incidents
from amends.interfaces.api.insights import add_insights, insights_schemas
from amends.interfaces.api.ledger import add_ledger
from amends.interfaces.api.limits import Guard, Limits
from amends.interfaces.api.messages import add_messages
from amends.interfaces.api.narrating import add_narrating
from amends.interfaces.api.payload import encode, read_draft
from amends.interfaces.api.playbooks import add_playbooks
from amends.interfaces.api.playbooks_bodies import playbook_requests
from amends.interfaces.api.playbooks_schema import playbook_schemas
from amends.interfaces.api.practising import add_practising
from amends.interfaces.api.problems import HEADERS, on_error, on_http_error, problem
from amends.interfaces.api.pulses import add_pulses, pulse_components
from amends.interfaces.api.recurring import add_recurring
from amends.interfaces.api.recurring_bodies import recurrence_requests
from amends.interfaces.api.recurring_schema import recurrence_schemas
from amends.interfaces.api.reviewing import add_reviewing, review_schemas
from amends.interfaces.api.search import add_search
from amends.interfaces.api.signs import add_signs, signs_schemas
from amends.interfaces.api.similar import add_similar, similar_requests, similar_schemas
from amends.interfaces.api.suggestions import add_suggestions
from amends.interfaces.api.timelines import add_timelines
from amends.interfaces.api.trust import add_trust
from amends.interfaces.api.trust_bodies import trust_requests
from amends.interfaces.api.trust_schema import trust_schemas
from amends.interfaces.api.versions import add_versions
from amends.language.report import as_dict
from amends.usecases.datatests import with_examples

if TYPE_CHECKING:
    from amends.core.ports import Clock
    from amends.interfaces.api.limits import App, Receive, Scope, Send
    from amends.language.records import Draft
    from amends.usecases.checking import Checking
    from amends.usecases.facade import UseCases

LONG_TEXT = 20_000
"""Characters above which a check leaves the event loop: below it, the hop to a thread costs more than the check."""


def create_api(usecases: UseCases, limits: Limits = Limits()) -> App:
    """The API over the use cases. Their clock dates drafts that bring no time, and paces the rate limit; checks never touch their store."""
    checking, clock = usecases.checking, usecases.clock
    app = FastAPI(title="Amends", version="1", description=describe.ABOUT, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.add_exception_handler(AmendsError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_error)
    _add_check(app, checking, clock)
    add_comparing(app, checking)
    _add_lists(app, checking)
    add_incidents(app, usecases)
    add_actions(app, usecases)
    add_accounts(app, usecases)
    add_messages(app, usecases)
    add_ledger(app, usecases)
    add_timelines(app, usecases)
    add_narrating(app, usecases)
    add_versions(app, usecases)
    add_reviewing(app, usecases)
    add_honesty(app, usecases)
    add_trust(app, usecases)
    add_insights(app, usecases)
    add_playbooks(app, usecases)
    add_signs(app, usecases)
    add_pulses(app, usecases)
    add_suggestions(app, usecases)
    add_practising(app, usecases)
    add_search(app, usecases)
    add_similar(app, usecases)
    add_recurring(app, usecases)
    add_documents(app, usecases)
    add_exports(app, usecases)
    names = [form.id for form in checking.forms()]
    more = account_schemas() | account_requests() | comparison_schemas() | comparison_requests() | review_schemas() | honesty_schemas()
    more |= similar_schemas() | similar_requests() | recurrence_schemas() | recurrence_requests()
    more |= signs_schemas() | insights_schemas() | pulse_components()
    more |= trust_schemas() | trust_requests()
    more |= playbook_schemas() | playbook_requests()
    app.openapi = lambda: describe.openapi(app, names, more)  # type: ignore[method-assign]  # the documented way to extend the description
    return Guard(app, limits, clock, _refuse)


def _add_check(app: FastAPI, checking: Checking, clock: Clock) -> None:
    def answer(draft: Draft) -> bytes:
        return encode(as_dict(checking.check(draft)))

    @app.post("/check", **describe.CHECK)
    async def check(request: Request) -> Response:
        """Check one draft: what each sentence does, what the form misses, what costs trust, and the promises in it."""
        draft = read_draft(await request.body(), clock.now())
        body = answer(draft) if len(draft.text) <= LONG_TEXT else await run_in_threadpool(answer, draft)
        return _json(body)


def _add_lists(app: FastAPI, checking: Checking) -> None:
    @app.get("/forms", **describe.FORMS)
    def forms() -> Response:
        """The forms that a message can have, and the moves that each asks for."""
        return _json(encode({"schema": "amends.forms/1", "forms": [_plain(form) for form in checking.forms()]}))

    @app.get("/rules", **describe.RULES)
    def rules() -> Response:
        """Every rule, with why it matters to the reader and where that is known from."""
        return _json(encode({"schema": "amends.rules/1", "rules": [_plain(rule) for rule in checking.rules()]}))

    @app.get("/rules/{rule_id}", **describe.RULE)
    def rule(rule_id: str) -> Response:
        """One rule with its examples."""
        try:
            known = with_examples(checking.rule(rule_id))
        except UnknownNameError:
            raise NotFoundError(f"there is no rule {rule_id[:80]!r}", hint="GET /api/v1/rules lists them") from None
        return _json(encode({"schema": "amends.rule/1", **_plain(known)}))


def _plain(record: Any) -> dict[str, Any]:
    """A record as names and values, without where its file lies on this machine."""
    return {name: _value(getattr(record, name)) for name in fields(record) if name != "path"}


def _value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    return _plain(value) if hasattr(value, "__slots__") and not isinstance(value, str) else value


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers=HEADERS)


async def _refuse(error: AmendsError, scope: Scope, receive: Receive, send: Send) -> None:
    await problem(error)(scope, receive, send)
