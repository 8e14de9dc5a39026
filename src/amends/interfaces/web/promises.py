"""The pages of promises: what is due next and what was missed, every act on a promise as a form, and what an absence leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, UsageError
from amends.interfaces.web import promises_view, words
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form, who, zone_of
from amends.interfaces.web.trouble import Trouble
from amends.promises.promise import Evidence
from amends.promises.telling import told_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.interfaces.web.pages import Pages
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

NEWEST = 200
"""How many of the promises recorded last the page looks at for those that are settled."""

INCIDENTS = 200
BACK_NAMES = ("incident", "who", "from", "until", "tz", "before")
"""What the address that an act leads back to may carry."""

UPDATE = "status-update"
"""The form that a promised update is begun with."""

MORNING = 9
SNOOZES = {"15": timedelta(minutes=15), "60": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class After:
    """The banner after an act: what it did, and the event that can be undone, if it can."""

    says: str
    promise_id: str
    event_id: str = ""
    until: datetime | None = None
    untold: bool = False


class Promises:
    """The addresses of the ledger."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/promises", self.board, methods=["GET"])
        router.add_api_route("/promises", self.add, methods=["POST"])
        router.add_api_route("/promises/absence", self.absence, methods=["GET"])
        router.add_api_route("/promises/{promise_id}", self.one, methods=["GET"])
        router.add_api_route("/promises/{promise_id}/{act}", self.act, methods=["POST"])
        return router

    # Looking

    def board(
        self, request: Request, incident: str = "", before: str = "", done: str = "", event: str = "", sent: str = "", new: str = ""
    ) -> Response:
        """What is due, what was missed and what waits, of one incident or of all."""
        return self._list(request, incident, before=before, banner=self._banner(who(request), done, event, sent, new))

    def one(self, request: Request, promise_id: str, done: str = "", event: str = "") -> Response:
        """One promise with its whole history."""
        return self._one(request, promise_id, back=f"/promises/{promise_id}", banner=self._banner(who(request), done, event))

    def absence(self, request: Request, done: str = "", event: str = "") -> Response:
        """What an absence would break; the page asks who is away and when, and answers as soon as it knows."""
        typed = {name: value.strip() for name, value in request.query_params.items() if name in BACK_NAMES}
        found, trouble, by = None, Trouble(), who(request)
        if typed.get("from") or typed.get("until"):
            try:
                found = self._left_behind(typed, by)
            except InputError as error:
                named = {"leaves": "from", "returns": "until"}.get(error.field or "", error.field or "until")
                trouble = Trouble("absence", named, error.message, error.hint, typed)
        rows = None if found is None else self._rows(found, by)
        values = {
            "rows": rows, "typed": typed, "trouble": trouble, "banner": self._banner(who(request), done, event),
            "who": _person(typed.get("who", ""), by), "back": _back(str(request.url.replace(scheme="", netloc=""))),
        }  # fmt: skip
        return self._pages.page(request, "absence.html", 400 if trouble.field else 200, now=self._usecases.clock.now(), **values)

    # Writing one down

    async def add(self, request: Request) -> Response:
        """Write down a promise that stands alone."""
        form = await read_form(request)
        return await run_in_threadpool(self._add, request, form)

    def _add(self, request: Request, form: Form) -> Response:
        try:
            entry = self._added(form, who(request))
        except InputError as error:
            trouble = Trouble("add", error.field or "words", error.message, error.hint, form)
            return self._list(request, form.get("about", ""), trouble=trouble, status=400)
        except (NotFoundError, UsageError) as error:
            trouble = Trouble("add", "incident", error.message, error.hint, form)
            return self._list(request, form.get("about", ""), trouble=trouble, status=400)
        return _see(_back(form.get("back", "")), new=entry.promise.id)

    def _added(self, form: Form, by: str) -> LedgerEntry:
        tz = form.get("tz", "")
        zone = zone_of(tz)
        now = self._usecases.clock.now().astimezone(zone)
        said, written = form.get("words", ""), form.get("due", "")
        due = local_time(written, tz, "due") if written else None
        kind, grain = "other", "minute"
        if said and due is None:
            read = self._usecases.checking.promise_in(said, now, tz or "UTC")
            kind = read.kind
            if read.time is not None:
                due, grain = read.time.due, read.time.grain
        return self._usecases.promising.add(
            said,
            due,
            kind=kind,
            grain=grain,
            made_to=form.get("made_to") or None,
            incident_id=form.get("incident") or None,
            tz=tz or None,
            by=by,
        )

    # Acting

    async def act(self, request: Request, promise_id: str, act: str) -> Response:
        """One act on a promise; then back to where it was asked for. What cannot be taken comes back with every word of it."""
        form = await read_form(request)
        return await run_in_threadpool(self._acted, request, promise_id, act, form)

    def _acted(self, request: Request, promise_id: str, act: str, form: Form) -> Response:
        acts: dict[str, Callable[[str, Form, str], LedgerEntry]] = {
            "keep": self._keep, "move": self._move, "withdraw": self._withdraw, "offer": self._offer, "accept": self._accept,
            "decline": self._decline, "snooze": self._snooze, "tell": self._tell, "undo": self._undo,
        }  # fmt: skip
        back = _back(form.get("back", ""))
        begun = {"write": self._write, "update": self._update}.get(act)
        if begun is not None:
            return RedirectResponse(f"/drafts/{begun(promise_id, form, who(request))}", 303)
        if act not in acts:
            raise NotFoundError("No page has this address.")
        try:
            entry = acts[act](promise_id, form, who(request))
        except NotFoundError:
            raise
        except AmendsError as error:
            if not isinstance(error, (InputError, UsageError, ConflictError)):
                raise
            name = "keep-when" if act == "keep" else act
            trouble = Trouble(name, getattr(error, "field", None) or "", error.message, error.hint, form)
            return self._one(request, promise_id, back=back, trouble=trouble, status=int(status_of(error)))
        return _see(back, done=promise_id, event=entry.events[-1].id)

    def _keep(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        reference = form.get("reference", "")
        evidence = Evidence(form.get("evidence", "person"), reference) if reference else None
        at = local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None
        return self._usecases.promising.keep(promise_id, evidence=evidence, at=at, by=by)

    def _move(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        due = local_time(form.get("due", ""), form.get("tz", ""), "due")
        old, _ = self._usecases.promising.move(promise_id, due, why=form.get("why"), by=by)
        return old

    def _withdraw(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.withdraw(promise_id, why=form.get("why", ""), by=by)

    def _offer(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.offer(promise_id, _name(form.get("to", ""), by), why=form.get("why"), by=by)

    def _accept(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.accept(promise_id, owner=_name(form.get("owner", ""), by) or None, by=by)

    def _decline(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.decline(promise_id, why=form.get("why"), by=by)

    def _tell(self, promise_id: str, _: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.tell(promise_id, by=by)

    def _undo(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        return self._usecases.promising.take_back(promise_id, form.get("event", ""), by=by)

    def _snooze(self, promise_id: str, form: Form, by: str) -> LedgerEntry:
        now = self._usecases.clock.now()
        if form.get("for") == "morning":
            there = now.astimezone(zone_of(form.get("tz", "")))
            tomorrow = there.replace(tzinfo=None) + timedelta(days=there.hour >= MORNING)
            until = local_time(f"{tomorrow:%Y-%m-%d}T{MORNING:02}:00", form.get("tz", ""), "for")
        else:
            until = now + SNOOZES.get(form.get("for", ""), SNOOZES["15"])
        return self._usecases.promising.snooze(promise_id, until, by=by)

    def _write(self, promise_id: str, form: Form, by: str) -> str:
        """Begin the message that tells people of a change; the id of its draft."""
        entry = self._usecases.promising.get(promise_id, by=by)
        promise = entry.promise
        successor = self._usecases.promising.get(entry.standing.successor, by=by).promise if entry.standing.successor else None
        tz = form.get("tz", "") or promise.tz or "UTC"
        text = told_text(entry, successor, zone_of(tz))
        return self._usecases.drafting.new(text, "auto", promise.audience, tz, incident_id=promise.incident_id, by=by).id

    def _update(self, promise_id: str, form: Form, by: str) -> str:
        """Begin the update that was promised, with the gaps of its form; sending it in time keeps the promise. The id of its draft."""
        promise = self._usecases.promising.get(promise_id, by=by).promise
        text = next((one.template for one in self._usecases.checking.forms() if one.id == UPDATE), "").strip()
        tz = form.get("tz") or promise.tz or "UTC"
        return self._usecases.drafting.new(text, UPDATE, promise.audience, tz, incident_id=promise.incident_id, by=by).id

    # Within

    def _list(
        self,
        request: Request,
        incident_id: str,
        *,
        before: str = "",
        banner: After | None = None,
        trouble: Trouble = Trouble(),
        status: int = 200,
    ) -> Response:
        usecases, by = self._usecases, who(request)
        incident = usecases.incidents.get(incident_id, by=by) if incident_id else None
        unsettled = usecases.promising.unsettled(incident_id=incident_id or None, by=by)
        start = before if before.isalnum() else None
        newest = usecases.promising.newest(incident_id=incident_id or None, limit=NEWEST, before=start, by=by)
        known = self._incidents([*unsettled, *newest], by)
        board = promises_view.board(unsettled, newest, known, usecases.clock.now())
        about = [one for one in known.values() if one.status != "reviewed" and one.removed_at is None]
        here = {"incident": incident_id} if incident_id else {}
        older = f"/promises?{urlencode({**here, 'before': newest[-1].promise.id})}" if len(newest) == NEWEST else ""
        back = f"/promises?{urlencode(here)}" if here else "/promises"
        values = {"board": board, "incident": incident, "incidents": about, "older": older, "before": before, "back": back}
        shown = {entry.promise.id for entry in unsettled}
        unsent = [reminder for reminder in usecases.due.unsent(by=by) if reminder.promise_id in shown]
        return self._pages.page(
            request, "promises.html", status, now=board.now, banner=banner, trouble=trouble, unsent=unsent, **values
        )  # fmt: skip

    def _one(
        self, request: Request, promise_id: str, *, back: str, banner: After | None = None, trouble: Trouble = Trouble(), status: int = 200
    ) -> Response:
        promising, by = self._usecases.promising, who(request)
        entry = promising.get(promise_id, by=by)
        row = self._rows([entry], by)[0]
        message = self._usecases.messaging.get(entry.promise.message_id, by=by) if entry.promise.message_id else None
        near = [promising.get(other, by=by).promise if other else None for other in (entry.promise.follows, entry.standing.successor)]
        values = {"row": row, "history": promises_view.history(entry), "message": message, "follows": near[0], "successor": near[1]}
        values["reminders"] = self._usecases.due.of_promise(promise_id, by=by)
        now = self._usecases.clock.now()
        return self._pages.page(request, "promise.html", status, now=now, back=back, banner=banner, trouble=trouble, **values)

    def _left_behind(self, typed: Form, by: str) -> list[LedgerEntry]:
        tz = typed.get("tz", "")
        leaves = local_time(typed.get("from", ""), tz, "from")
        returns = local_time(typed.get("until", ""), tz, "until")
        return self._usecases.promising.left_behind(_person(typed.get("who", ""), by), leaves, returns, by=by)

    def _rows(self, entries: Iterable[LedgerEntry], by: str) -> list[promises_view.Row]:
        listed = [*entries]
        known = self._incidents(listed, by)
        return [promises_view.row(entry, known, self._usecases.clock.now()) for entry in listed]

    def _incidents(self, entries: Iterable[LedgerEntry], by: str) -> dict[str, Incident]:
        """The incidents that are listed anyway, and those that the promises are about."""
        known = {one.id: one for one in self._usecases.incidents.list(limit=INCIDENTS, by=by)}
        for entry in entries:
            name = entry.promise.incident_id
            if name is not None and name not in known:
                known[name] = self._usecases.incidents.get(name, by=by)
        return known

    def _banner(self, by: str, done: str = "", event: str = "", sent: str = "", new: str = "") -> After | None:
        """What was done last, as the ledger tells it: an address cannot make the page claim anything that did not happen."""
        try:
            if sent:
                return self._after_sending(sent, by)
            entry = self._usecases.promising.get(done or new, by=by) if done or new else None
        except NotFoundError:
            return None
        if entry is not None and new:
            due = entry.promise.due
            return After("Written down. It is due:" if due else "Written down, without a time.", entry.promise.id, until=due)
        found = next((one for one in entry.events if one.id == event), None) if entry is not None else None
        if entry is None or found is None:
            return None
        undoable = found.id if promises_view.can_be_undone(entry, found) else ""
        return After(words.EVENT_SAYS[found.what], entry.promise.id, undoable, found.until, entry.standing.untold)

    def _after_sending(self, message_id: str, by: str) -> After:
        message = self._usecases.messaging.get(message_id, by=by)
        made = len(self._usecases.promising.of_message(message.id, by=by))
        about = message.incident_id
        settled = self._usecases.promising.newest(incident_id=about, limit=NEWEST, by=by) if about else ()
        kept = any(entry.standing.evidence == Evidence("message", message.id) for entry in settled)
        says = {0: "It promises nothing new.", 1: "Its promise is in the ledger."}.get(made, f"Its {made} promises are in the ledger.")
        return After(f"Recorded as sent. {'It is the update that was promised. ' if kept else ''}{says}", "")


def _see(back: str, **query: str) -> Response:
    """Back to a page of ours, with what was done."""
    parts = urlsplit(back)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] in BACK_NAMES]
    return RedirectResponse(f"{parts.path}?{urlencode([*kept, *query.items()])}", 303)


def _back(asked: str) -> str:
    """Only a page of promises: no form can lead anywhere else."""
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/promises"
    name = parts.path.removeprefix("/promises").removeprefix("/")
    if parts.scheme or parts.netloc or not parts.path.startswith("/promises") or not (not name or (name.isalnum() and name.isascii())):
        return "/promises"
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] in BACK_NAMES]
    path = f"/promises/{name}" if name else "/promises"
    return f"{path}?{urlencode(kept)}" if kept else path


def _name(written: str, by: str) -> str:
    """A person as the ledger knows them, where `by` writes of themselves as people do."""
    return by if written.casefold() in ("me", "you", "myself") else written


def _person(written: str, by: str) -> str:
    return _name(written, by) or by
