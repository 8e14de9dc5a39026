"""The pages of timelines: evidence is handed over and read, and people pin, hide, comment, correct and add what no log knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, TooLargeError, UsageError
from amends.interfaces.web import timelines_view as view
from amends.interfaces.web import words
from amends.interfaces.web.errors import status_of
from amends.interfaces.web.given import local_time, read_form, who
from amends.interfaces.web.trouble import Trouble
from amends.interfaces.web.uploads import read_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.interfaces.web.pages import Pages
    from amends.timeline.notes import Entry, Note
    from amends.usecases.facade import UseCases
    from amends.usecases.timelines import Told

    Form = Mapping[str, str]

INCIDENTS = 200
BACK_NAMES = ("q", "show", "from", "version")
"""What the address of a list may carry, and an act leads back to."""

REFRESH = {"hx-refresh": "true", "cache-control": "no-store"}
"""Tells the script of a page to load the whole page anew."""


@dataclass(frozen=True, slots=True)
class After:
    """The banner after a note: what it did, how to undo it, and those who corrected the same time meanwhile."""

    says: str
    note: Note | None = None
    undo: str = ""
    meanwhile: tuple[Note, ...] = ()


_OPPOSITE = {"pinned": "unpin", "unpinned": "pin", "hidden": "show", "shown": "hide"}


class Timelines:
    """The addresses of timelines."""

    def __init__(self, usecases: UseCases, pages: Pages) -> None:
        self._usecases = usecases
        self._pages = pages

    def router(self) -> APIRouter:
        """The routes, none of which belongs to the API. Those without `async` run in a thread: they ask the store."""
        router = APIRouter(include_in_schema=False)
        here = "/incidents/{incident_id}/timeline"
        gets: dict[str, Callable[..., object]] = {
            "/timelines": self.all, here: self.one, f"{here}/reading": self.reading, f"{here}/payload.json": self.payload,
            f"{here}/entries/{{entry_id}}": self.entry,
        }  # fmt: skip
        posts: dict[str, Callable[..., object]] = {
            "/timelines": self.begin, f"{here}/files": self.files, f"{here}/path": self.path, f"{here}/read": self.read,
            f"{here}/stop": self.stop, f"{here}/add": self.add, f"{here}/evidence/{{evidence_id}}/{{act}}": self.source,
            f"{here}/entries/{{entry_id}}/{{act}}": self.note, f"{here}/notes/{{note_id}}/withdraw": self.withdraw,
        }  # fmt: skip
        for path, answer in gets.items():
            router.add_api_route(path, answer, methods=["GET"])
        for path, answer in posts.items():
            router.add_api_route(path, answer, methods=["POST"])
        return router

    # Looking

    def all(self, request: Request, trouble: Trouble = Trouble(), status: int = 200) -> Response:
        """The incidents, with how much evidence each has."""
        by = who(request)
        known = self._usecases.timelines.known(by=by)
        listed = [(one, known.get(one.id)) for one in self._usecases.incidents.list(limit=INCIDENTS, by=by)]
        return self._pages.page(request, "timelines.html", status, listed=listed, trouble=trouble)

    def one(self, request: Request, incident_id: str, done: str = "", seen: str = "") -> Response:
        """The timeline of an incident."""
        return self._one(request, incident_id, banner=self._banner(incident_id, done, seen, who(request)))

    def reading(self, request: Request, incident_id: str) -> Response:
        """How far the reading is; when it is over, the page is loaded anew."""
        told = self._usecases.timelines.get(incident_id, by=who(request))
        if told.run is None or not told.run.is_going:
            return Response("", headers=REFRESH)
        return self._pages.part("_reading_evidence.html", told=told, progress=view.progress(told.run))

    def payload(self, request: Request, incident_id: str, version: str = "") -> Response:
        """What the picture is drawn from."""
        return self._pages.data(request, self._usecases.timelines.payload(incident_id, _number(version), by=who(request)))

    def entry(self, request: Request, incident_id: str, entry_id: str, done: str = "", seen: str = "") -> Response:
        """One entry with the bytes behind it, what was noted, and forms to note more; its own page, or a part of the list."""
        return self._entry(request, incident_id, entry_id, banner=self._banner(incident_id, done, seen, who(request)))

    # Evidence

    async def begin(self, request: Request) -> Response:
        """Open an incident to gather evidence for."""
        form = await read_form(request)
        return await run_in_threadpool(self._begin, request, form)

    def _begin(self, request: Request, form: Form) -> Response:
        try:
            incident = self._usecases.incidents.open(form.get("title", ""), by=who(request))
        except InputError as error:
            return self.all(request, Trouble("begin", "title", error.message, error.hint, form), 400)
        return RedirectResponse(_at(incident.id), 303)

    async def files(self, request: Request, incident_id: str) -> Response:
        """Take the files of a form, each to disk as it comes."""
        gathering = await run_in_threadpool(lambda: self._usecases.gathering)
        trouble, status = Trouble("files", "files", "no file was chosen", "choose one or more, then add them"), 400
        try:
            if await read_files(request, lambda name: gathering.receive(incident_id, name, by=who(request))):
                return RedirectResponse(_at(incident_id), 303)
        except (InputError, UsageError, TooLargeError) as error:
            trouble, status = Trouble("files", "files", error.message, error.hint), int(status_of(error))
        return await run_in_threadpool(self._one, request, incident_id, trouble=trouble, status=status)

    async def path(self, request: Request, incident_id: str) -> Response:
        """Name a file or folder of this machine as evidence."""
        form = await read_form(request)
        path, by = form.get("path", ""), who(request)
        return await run_in_threadpool(
            self._done, request, incident_id, "path", form, lambda: self._usecases.gathering.add_path(incident_id, path, by=by)
        )

    def source(self, request: Request, incident_id: str, evidence_id: str, act: str) -> Response:
        """Leave a source out of what is read next, or take it in again."""
        acts = {"remove": self._usecases.gathering.remove, "restore": self._usecases.gathering.restore}
        if act not in acts:
            raise NotFoundError("No page has this address.")
        acts[act](incident_id, evidence_id, by=who(request))
        return RedirectResponse(_at(incident_id), 303)

    async def read(self, request: Request, incident_id: str) -> Response:
        """Begin to read the evidence."""
        form = await read_form(request)
        return await run_in_threadpool(
            self._done, request, incident_id, "read", form,
            lambda: self._usecases.gathering.start(incident_id, tz=form.get("tz") or None, by=who(request)),
        )  # fmt: skip

    def stop(self, request: Request, incident_id: str) -> Response:
        """Stop the reading."""
        self._usecases.gathering.stop(incident_id, by=who(request))
        return RedirectResponse(_at(incident_id), 303)

    # Noting

    async def add(self, request: Request, incident_id: str) -> Response:
        """Write down what no log knows."""
        form = await read_form(request)

        def added() -> Note:
            at = local_time(form.get("time", ""), form.get("tz", ""), "time")
            return self._usecases.timelines.add(incident_id, at, form.get("text", ""), actor=form.get("actor"), by=who(request))

        return await run_in_threadpool(self._done, request, incident_id, "add", form, added)

    async def note(self, request: Request, incident_id: str, entry_id: str, act: str) -> Response:
        """Note something about an entry; what cannot be taken comes back with every word of it."""
        form = await read_form(request)
        return await run_in_threadpool(self._noted, request, incident_id, entry_id, act, form)

    def _noted(self, request: Request, incident_id: str, entry_id: str, act: str, form: Form) -> Response:
        timelines, by = self._usecases.timelines, who(request)
        acts: dict[str, Callable[[], Note | None]] = {
            "pin": lambda: timelines.pin(incident_id, entry_id, by=by),
            "unpin": lambda: timelines.unpin(incident_id, entry_id, by=by),
            "hide": lambda: timelines.hide(incident_id, entry_id, by=by),
            "show": lambda: timelines.show(incident_id, entry_id, by=by),
            "comment": lambda: timelines.comment(incident_id, entry_id, form.get("text", ""), by=by),
            "correct": lambda: timelines.correct(
                incident_id, entry_id, local_time(form.get("time", ""), form.get("tz", ""), "time"), form.get("why", ""), by=by
            ),
        }
        if act not in acts:
            raise NotFoundError("No page has this address.")
        try:
            made = acts[act]()
        except InputError as error:
            trouble = Trouble(act, error.field or "text", error.message, error.hint, form)
            return self._entry(request, incident_id, entry_id, trouble=trouble, status=400)
        if "hx-request" in request.headers:
            found = view.line(timelines.entry(incident_id, entry_id, by=by))
            return self._pages.part("_entry_alone.html", line=found, here=_at(incident_id), back=form.get("back", ""))
        return _back(incident_id, form, entry_id, done=made.id if made else "", seen=form.get("seen", ""))

    async def withdraw(self, request: Request, incident_id: str, note_id: str) -> Response:
        """Take back a note of one's own."""
        form = await read_form(request)
        made = await run_in_threadpool(lambda: self._usecases.timelines.withdraw(incident_id, note_id, by=who(request)))
        gone = made.undoes == made.entry
        return _back(incident_id, form, "" if gone else made.entry, done=made.id, seen="")

    # Within

    def _done(self, request: Request, incident_id: str, act: str, form: Form, work: Callable[[], object]) -> Response:
        try:
            made = work()
        except (InputError, ConflictError, UsageError) as error:
            trouble = Trouble(act, getattr(error, "field", None) or act, error.message, error.hint, form)
            return self._one(request, incident_id, trouble=trouble, status=int(status_of(error)))
        if act == "add":
            name = getattr(made, "id", "")
            return _back(incident_id, form, name, done=name, seen="")
        return RedirectResponse(_at(incident_id), 303)

    def _one(
        self, request: Request, incident_id: str, *, banner: After | None = None, trouble: Trouble = Trouble(), status: int = 200
    ) -> Response:
        asked = {name: request.query_params.get(name, "") for name in BACK_NAMES}
        number = _number(asked["version"])
        told = self._usecases.timelines.get(incident_id, number, by=who(request))
        lanes = self._usecases.timelines.lanes(incident_id, by=who(request))
        show = asked["show"] if asked["show"] in view.SHOWS else ""
        start, at = _number(asked["from"]) or 0, request.query_params.get("at", "")
        shown = view.shown(told, lanes, show=show, query=asked["q"][:200], start=start, at=at)
        values = {
            "told": told, "shown": shown, "asked": asked, "here": _at(incident_id), "back": _query(asked), "sources": view.sources(told),
            "size": view.size, "listed": view.LISTED, "progress": view.progress(told.run) if told.run else "", "is_old": _is_old(told),
            "query": _query,
        }  # fmt: skip
        return self._pages.page(request, "timeline.html", status, banner=banner, trouble=trouble, **values)

    def _entry(
        self,
        request: Request,
        incident_id: str,
        entry_id: str,
        *,
        banner: After | None = None,
        trouble: Trouble = Trouble(),
        status: int = 200,
    ) -> Response:
        timelines, by = self._usecases.timelines, who(request)
        found = timelines.entry(incident_id, entry_id, by=by)
        behind, refusal = None, None
        if found.marks.added is None:
            try:
                behind = timelines.behind(incident_id, entry_id, by=by)
            except AmendsError as error:
                refusal = error
        values = {
            "line": view.line(found), "behind": behind, "refusal": refusal, "trouble": trouble, "here": _at(incident_id),
            "history": view.history(found, by), "back": _query(dict(request.query_params)), "seen": _seen(found),
        }  # fmt: skip
        if "hx-request" in request.headers:
            return self._pages.part("_behind_part.html", status, **values)
        incident = self._usecases.incidents.get(incident_id, by=by)
        return self._pages.page(request, "entry.html", status, incident=incident, banner=banner, **values)

    def _banner(self, incident_id: str, done: str, seen: str, by: str) -> After | None:
        """What was noted last, as the store tells it: an address cannot make the page claim anything that did not happen."""
        if not done:
            return None
        notes = self._usecases.timelines.notes(incident_id, by=by)
        note = next((one for one in notes if one.id == done), None)
        if note is None:
            return None
        if note.what != "corrected":
            return After(words.NOTE_SAYS[note.what], note, _OPPOSITE.get(note.what, ""))
        others = [one for one in notes if one.entry == note.entry and one.what == "corrected" and one.id != note.id]
        known = [one.id for one in others].index(seen) + 1 if seen in [one.id for one in others] else 0
        before = [one for one in others[known:] if notes.index(one) < notes.index(note)]
        return After(words.NOTE_SAYS[note.what], note, meanwhile=tuple(before))


def _at(incident_id: str) -> str:
    return f"/incidents/{quote(incident_id, safe='')}/timeline"


def _query(asked: Mapping[str, str], **more: object) -> str:
    """What the address of a list carries, without what is empty."""
    kept = {**{name: asked.get(name, "") for name in BACK_NAMES}, **more}
    return urlencode({name: value for name, value in kept.items() if value not in ("", None)})


def _back(incident_id: str, form: Form, entry_id: str, *, done: str, seen: str) -> Response:
    """Back to the list, or to the page of the entry, where an act was asked for; with what was done."""
    asked = dict(parse_qsl(form.get("back", "")))
    query = _query(asked, done=done, seen=seen)
    alone = form.get("on") == "entry" and entry_id
    path = f"{_at(incident_id)}/entries/{quote(entry_id, safe='')}" if alone else _at(incident_id)
    anchor = f"#entry-{quote(entry_id, safe='')}" if entry_id and not alone else ""
    return RedirectResponse(f"{path}{f'?{query}' if query else ''}{anchor}", 303)


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None


def _is_old(told: Told) -> bool:
    return told.version is not None and told.version.number != told.versions[0].number


def _seen(entry: Entry) -> str:
    """The correction that whoever corrects now has seen."""
    return entry.marks.correction.id if entry.marks.correction else ""
