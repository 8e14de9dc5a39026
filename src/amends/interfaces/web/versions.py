"""The pages of the versions of an account: which there are and where they drift, and writing one beside what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import NotFoundError
from amends.core.people import AUDIENCES
from amends.incidents.document import DocumentConflictError
from amends.interfaces.web import versions_view as view
from amends.interfaces.web import words
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, may_write, read_fields, read_form, who
from amends.interfaces.web.pages import reader_zone
from amends.interfaces.web.trouble import REFUSED, Trouble, trouble_with
from amends.narrative.linking import withheld_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.interfaces.web.given import DraftFields
    from amends.interfaces.web.pages import Pages
    from amends.usecases.facade import UseCases
    from amends.usecases.versions import VersionView

    Form = Mapping[str, str]

HERE = "/incidents/{incident_id}/versions"
ONE = f"{HERE}/{{audience}}"
INSERT = "insert:"
DONE = {
    "saved": "Saved, and held against the account.",
    "inserted": "It stands at the end of the text now. Put it into your own words.",
    "tied": "Tied. It holds as long as the sentence stands like this.",
    "untied": "No longer tied.",
    "redacted": "Withheld, and said to be. It is no drift while it holds.",
    "lifted": "Withheld no longer.",
    "begun": "Write it. What a reader of it would wrongly believe shows beside it.",
}


class VersionPages:
    """The addresses of versions."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.all, methods=["GET"])
        router.add_api_route(ONE, self.one, methods=["GET"])
        router.add_api_route(ONE, self.save, methods=["POST"])
        router.add_api_route(f"{ONE}/drift", self.drift, methods=["POST"])
        router.add_api_route(f"{ONE}/{{act}}", self.act, methods=["POST"])
        return router

    # Looking

    def all(self, request: Request, incident_id: str, one: str = "", other: str = "") -> Response:
        """The versions for each audience, who was told them, what is withheld; and any two held against each other."""
        by, zone = who(request), _zone(request)
        versions = self._usecases.versions
        heads = {head.audience: head for head in versions.of_incident(incident_id, tz=zone, by=by)}
        told = versions.told(incident_id, by=by)
        between = None
        if one in heads and other in heads and one != other:
            source, retold = (self._usecases.documents.get(heads[name].document.id, by=by).text for name in (one, other))
            found = versions.between(incident_id, one, other, tz=zone, by=by)
            between = view.compared(source, retold, found.drifts, reader=words.AUDIENCE_NAMES[other])
        redactions = versions.redactions(incident_id, by=by)
        account = self._usecases.narrating.get(incident_id, by=by)
        return self._pages.page(
            request, "incident_versions.html", heads=heads, told=told, between=between, one=one, other=other, audiences=AUDIENCES,
            heading=_heading(heads, empty=not account.points), account=account, view=view,
            redactions=withheld_now(redactions, self._usecases.clock.now()), **self._common(incident_id, by),
        )  # fmt: skip

    def one(self, request: Request, incident_id: str, audience: str, done: str = "", withhold: str = "") -> Response:
        """One version beside the account."""
        return self._one(request, incident_id, audience, done=DONE.get(done, ""), withhold=withhold)

    async def drift(self, request: Request, incident_id: str, audience: str) -> Response:
        """What is being written, held against the account: the parts of the page that tell of it, for our script."""
        fields = await read_fields(request)
        return await run_in_threadpool(self._drift, request, incident_id, audience, fields.text)

    # Writing

    async def save(self, request: Request, incident_id: str, audience: str) -> Response:
        """Keep what somebody wrote, and put in what was offered where they asked for it; without a script this is how drift shows."""
        fields = await read_fields(request)
        return await run_in_threadpool(self._save, request, incident_id, audience, fields)

    async def act(self, request: Request, incident_id: str, audience: str, act: str) -> Response:
        """One of the other things that can be done with a version."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, incident_id, audience, act, form)

    def _save(self, request: Request, incident_id: str, audience: str, fields: DraftFields) -> Response:
        by, zone = who(request), _zone(request)
        held = self._usecases.versions.view(incident_id, audience, text=fields.text, tz=zone, by=by)
        head = held.document.head
        text, done = fields.text, "saved"
        if fields.then.startswith(INSERT):
            text, done = _with(fields.text, self._offered(request, held, fields.then.removeprefix(INSERT))), "inserted"
        based_on = head.version if fields.based_on is None else fields.based_on
        try:
            self._usecases.documents.save(head.id, text, based_on, by=by)
        except DocumentConflictError as conflict:
            return self._one(request, incident_id, audience, text=text, conflict=conflict, status=409)
        return RedirectResponse(f"/incidents/{incident_id}/versions/{audience}?done={done}", 303)

    def _offered(self, request: Request, held: VersionView, name: str) -> str:
        """What is put in: a point as the account tells it, or an open promise."""
        for one in view.held(held, words.AUDIENCE_NAMES).paragraphs:
            if one.one.item == name and one.state != "withheld":
                return one.told
        incident_id = held.document.head.incident_id
        open_ones = self._usecases.versions.offered(incident_id, held.audience, tz=_zone(request), by=who(request)).promises
        found = next((one for one in open_ones if one.promise.id == name), None)
        if found is None:
            raise NotFoundError("No page has this address.")
        return view.promised(found)

    def _acted(self, request: Request, incident_id: str, audience: str, act: str, form: Form) -> Response:
        by, versions = who(request), self._usecases.versions
        here = f"/incidents/{incident_id}/versions/{audience}"

        def document() -> str:
            return versions.view(incident_id, audience, tz=_zone(request), by=by).document.head.id

        def begin() -> str:
            versions.open(incident_id, audience, by=by)
            return f"{here}?done=begun"

        def tie() -> str:
            versions.tie(document(), form.get("sentence", ""), form.get("item", ""), by=by)
            return f"{here}?done=tied#sentences"

        def untie() -> str:
            versions.untie(document(), form.get("sentence", ""), form.get("item", ""), by=by)
            return f"{here}?done=untied#sentences"

        def redact() -> str:
            until = local_time(form["lift_at"], form.get("tz", ""), "lift_at") if form.get("lift_at") else None
            versions.redact(incident_id, form.get("item", ""), audience, form.get("ground", ""), form.get("why", ""), lift_at=until, by=by)
            return f"{here}?done=redacted"

        def lift() -> str:
            versions.lift(incident_id, form.get("redaction", ""), by=by)
            return f"{here}?done=lifted"

        def message() -> str:
            return f"/drafts/{versions.begin_message(document(), tz=_zone(request), by=by).id}"

        acts: dict[str, Callable[[], str]] = {
            "begin": begin, "tie": tie, "untie": untie, "redact": redact, "lift": lift, "message": message,
        }  # fmt: skip
        if act not in acts:
            raise NotFoundError("No page has this address.")
        try:
            return RedirectResponse(acts[act](), 303)
        except REFUSED as error:
            trouble = trouble_with(act, error, form, ("why", "lift_at", "ground", "item", "sentence"))
            return self._one(request, incident_id, audience, trouble=trouble, status=int(status_of(error)))

    # Showing

    def _drift(self, request: Request, incident_id: str, audience: str, text: str) -> Response:
        by = who(request)
        found = self._usecases.versions.view(incident_id, audience, text=text, tz=_zone(request), by=by)
        values: dict[str, Any] = {"found": found, "held": view.held(found, words.AUDIENCE_NAMES), "view": view, "audience": audience}
        return self._pages.part("_version_parts.html", **values, **self._common(incident_id, by))

    def _one(
        self,
        request: Request,
        incident_id: str,
        audience: str,
        *,
        text: str | None = None,
        done: str = "",
        withhold: str = "",
        conflict: DocumentConflictError | None = None,
        trouble: Trouble = Trouble(),
        status: int = 200,
    ) -> Response:
        by, zone = who(request), _zone(request)
        if audience not in AUDIENCES:
            raise NotFoundError("No page has this address.")
        seq = self._usecases.watching.begin(incident_id, by=by)[0]
        common = self._common(incident_id, by)
        offered = self._usecases.versions.offered(incident_id, audience, tz=zone, by=by)
        try:
            found = self._usecases.versions.view(incident_id, audience, text=text, tz=zone, by=by)
        except NotFoundError:
            return self._pages.page(
                request, "version_begin.html", status, audience=audience, offered=offered, view=view, trouble=trouble, **common
            )
        return self._pages.page(
            request, "version.html", status, found=found, held=view.held(found, words.AUDIENCE_NAMES), view=view, audience=audience,
            promises=offered.promises, trouble=trouble, conflict=conflict, done=done, withhold=withhold, seq=seq, me=by, **common,
        )  # fmt: skip

    def _common(self, incident_id: str, by: str) -> dict[str, Any]:
        return {
            "incident": self._usecases.incidents.get(incident_id, by=by), "here": f"/incidents/{incident_id}/versions",
            "may_write": may_write(self._usecases, by),
        }  # fmt: skip


def _zone(request: Request) -> str | None:
    """The name of the zone of the reader's clock; None for UTC."""
    return getattr(reader_zone(request), "key", None)


def _with(text: str, sentence: str) -> str:
    """A text with a sentence as its last paragraph."""
    return f"{text.rstrip()}\n\n{sentence}\n" if text.strip() else f"{sentence}\n"


def _heading(heads: Mapping[str, Any], *, empty: bool) -> str:
    """The answer to "what should I do now?"."""
    if empty:
        return "State the account first. Versions are held against it."
    drifting = [words.AUDIENCE_NAMES[name] for name, head in heads.items() if head.grave]
    if drifting:
        return f"The version for {drifting[0]} drifts." if len(drifting) == 1 else f"{len(drifting)} versions drift from the account."
    weighed = [words.AUDIENCE_NAMES[name] for name, head in heads.items() if head.drifts]
    if weighed:
        return f"Nothing drifts gravely. Weigh what the version for {weighed[0]} says."
    unwritten = [words.AUDIENCE_NAMES[name] for name, head in heads.items() if not head.compared]
    if unwritten:
        return f"Write the version for {unwritten[0]}."
    missing = [name for name in AUDIENCES if name not in heads]
    if missing:
        return f"Nothing drifts. There is no version for {words.AUDIENCE_NAMES[missing[0]]} yet."
    return "Nothing drifts. Every audience has its version."
