"""What the forms of an incident's page do: each reads its fields, calls one use case, and says what the banner tells and what undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.interfaces.web.given import local_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from amends.incidents.event import IncidentEvent
    from amends.usecases.facade import UseCases

    Form = Mapping[str, str]

DETECTED = {f"detected-{finder}": finder for finder in ("us", "others")}
"""How the list of milestones offers the one that says who found it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did, by the name of what the banner says; `ref` is the row that undoing it is about."""

    says: str
    ref: str = ""


class IncidentActs:
    """One method for each form, by the end of its address. Each raises what its use case raises."""

    def __init__(self, usecases: UseCases) -> None:
        self._usecases = usecases
        self.acts: dict[str, Callable[[str, Form, str], Done]] = {
            "status": self._status, "severity": self._severity, "title": self._title, "start": self._start, "visibility": self._visibility,
            "facts": self._fact, "milestones": self._milestone, "boxes": self._box, "commits": self._commit, "comments": self._comment,
            "withdraw": self._withdraw, "functions": self._hand_over, "leave": self._leave, "invite": self._invite,
            "uninvite": self._uninvite, "let-in": self._let_in, "stakeholders": self._add_stakeholder,
            "stakeholders-remove": self._remove_stakeholder, "links": self._add_link, "links-remove": self._remove_link,
            "follows": self._follows, "remove": self._remove, "restore": self._restore,
        }  # fmt: skip

    # What it is

    def _status(self, incident_id: str, form: Form, by: str) -> Done:
        reason = form.get("reason") or None
        at = local_time(form["reached_at"], form.get("tz", ""), "reached_at") if form.get("reached_at") else None
        self._usecases.incidents.change_status(
            incident_id, form.get("status", ""), reason=reason, reached_at=at, version=_version(form), by=by
        )
        return Done("status")

    def _severity(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.incidents.change_severity(incident_id, form.get("severity", ""), version=_version(form), by=by)
        return Done("severity")

    def _title(self, incident_id: str, form: Form, by: str) -> Done:
        version = _version(form)
        if version is None:
            version = self._usecases.incidents.get(incident_id, by=by).version
        self._usecases.incidents.rename(incident_id, form.get("title", ""), version=version, by=by)
        return Done("title")

    def _start(self, incident_id: str, form: Form, by: str) -> Done:
        at = local_time(form.get("started_at", ""), form.get("tz", ""), "started_at")
        self._usecases.incidents.change_start(incident_id, at, version=_version(form), by=by)
        return Done("start")

    def _visibility(self, incident_id: str, form: Form, by: str) -> Done:
        private = form.get("private") == "yes"
        self._usecases.incidents.set_private(incident_id, private, by=by)
        return Done("private" if private else "open")

    def _follows(self, incident_id: str, form: Form, by: str) -> Done:
        wanted = form.get("earlier", "").rpartition("/")[2]
        earlier = self._usecases.incidents.meant(wanted, by=by).id if wanted else None
        self._usecases.incidents.follow(incident_id, earlier, by=by)
        return Done("follows")

    def _remove(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.incidents.remove(incident_id, by=by)
        return Done("removed")

    def _restore(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.incidents.restore(incident_id, by=by)
        return Done("restored")

    # Its record

    def _fact(self, incident_id: str, form: Form, by: str) -> Done:
        kind = form.get("kind", "happened")
        value = form.get("value") or None
        made = self._usecases.recording.fact(
            incident_id, kind, form.get("text", ""), value=value, at=_at(form), replaces=form.get("replaces") or None, by=by
        )
        return Done("fact", made.id)

    def _milestone(self, incident_id: str, form: Form, by: str) -> Done:
        kind = form.get("kind", "")
        finder = DETECTED.get(kind)
        made: IncidentEvent = self._usecases.recording.milestone(
            incident_id, "detected" if finder else kind, _at(form), value=finder, text=form.get("text"), by=by
        )
        return Done("milestone", made.id)

    def _box(self, incident_id: str, form: Form, by: str) -> Done:
        ticked = form.get("ticked") != "no"
        self._usecases.recording.tick(incident_id, form.get("box", ""), ticked=ticked, text=form.get("text"), by=by)
        return Done("ticked" if ticked else "unticked")

    def _commit(self, incident_id: str, form: Form, by: str) -> Done:
        made = self._usecases.recording.commit(incident_id, form.get("kind", ""), form.get("sha", ""), form.get("subject", ""), by=by)
        return Done("commit", made.id)

    def _comment(self, incident_id: str, form: Form, by: str) -> Done:
        return Done("comment", self._usecases.recording.comment(incident_id, form.get("text", ""), by=by).id)

    def _withdraw(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.recording.withdraw(incident_id, form.get("event", ""), by=by)
        return Done("withdrawn")

    # Its people, and where else it stands

    def _hand_over(self, incident_id: str, form: Form, by: str) -> Done:
        made = self._usecases.involving.hand_over(incident_id, form.get("function", ""), form.get("person", "") or by, by=by)
        return Done("handed-over", made.id)

    def _leave(self, incident_id: str, form: Form, by: str) -> Done:
        return Done("left", self._usecases.involving.leave(incident_id, form.get("function", ""), by=by).id)

    def _invite(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.involving.invite(incident_id, form.get("person", ""), by=by)
        return Done("invited")

    def _uninvite(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.involving.uninvite(incident_id, form.get("person", ""), by=by)
        return Done("uninvited")

    def _let_in(self, incident_id: str, form: Form, by: str) -> Done:
        self._usecases.involving.let_in(incident_id, form.get("why", ""), by=by)
        return Done("let-in")

    def _add_stakeholder(self, incident_id: str, form: Form, by: str) -> Done:
        made = self._usecases.involving.add_stakeholder(
            incident_id,
            form.get("name", ""),
            kind=form.get("kind", "affected"),
            audience=form.get("audience", "customers"),
            address=form.get("address") or None,
            size=_count(form.get("size", "")),
            by=by,
        )
        return Done("stakeholder", made.id)

    def _remove_stakeholder(self, incident_id: str, form: Form, by: str) -> Done:
        return Done("stakeholder-removed", self._usecases.involving.remove_stakeholder(incident_id, form.get("ref", ""), by=by).id)

    def _add_link(self, incident_id: str, form: Form, by: str) -> Done:
        made = self._usecases.involving.add_link(
            incident_id, form.get("kind", "other"), form.get("target", ""), title=form.get("title") or None, by=by
        )
        return Done("link", made.id)

    def _remove_link(self, incident_id: str, form: Form, by: str) -> Done:
        return Done("link-removed", self._usecases.involving.remove_link(incident_id, form.get("ref", ""), by=by).id)


def _version(form: Form) -> int | None:
    """The version that somebody saw when they filled the form, None where it says none."""
    given = form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _at(form: Form) -> datetime | None:
    """When it was, None for now."""
    return local_time(form["at"], form.get("tz", ""), "at") if form.get("at") else None


def _count(given: str) -> int | None:
    """How many, None where nobody said. Raises InputError."""
    plain = given.replace(",", "").replace(" ", "")
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 12:
        raise InputError(f"{given[:40]!r} is no count", hint="write it in digits, or leave it empty", field="size")
    return int(plain)
