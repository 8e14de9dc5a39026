"""Repairing trust: placing broken trust on a map, and tying visible changes to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, require_known
from amends.core.people import LOCAL_PERSON
from amends.incidents.acting import standing as stands
from amends.incidents.actions import ACTION_KINDS, ActionItem
from amends.narrative.account import WITHDRAWN, WRITTEN, Point
from amends.narrative.stating import require_statement
from amends.store import actions, involved, narrative
from amends.store import trusting as rows
from amends.trust import repair
from amends.trust.breakmap import DIRECTION_OF, DIRECTIONS, KINDS, SUBJECTS, BreakMap, Group, Placed, TrustBreak, break_map
from amends.trust.repair import Repair, RepairAction
from amends.trust.wording import INSTEAD, declared
from amends.usecases import access
from amends.usecases.acting import DETAIL_LIMIT, TITLE_LIMIT
from amends.usecases.given import KEY_DIGITS, aware, line, paragraphs, passed, require_same
from amends.usecases.narrating import NAME_LIMIT, TEXT_LIMIT, account_within
from amends.usecases.stories import actions_within
from amends.usecases.trust_planning import LIVE, LIVE_HINT, contained_within, plan_within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.incidents.acting import ActionStanding
    from amends.narrative.account import Account
    from amends.store.engine import Store, Transaction
    from amends.trust.remark import Remark

WORDS_LIMIT = 500
"""The longest wording of a repair action, a fear or a reason, in code points."""

_CHOICES = {"subject": SUBJECTS, "direction": DIRECTIONS, "kind": KINDS}
_CALLED = {"subject": "subject of a trust break", "direction": "direction of a trust break", "kind": "kind of trust break"}
_WHOSE = "name the group as it calls itself, such as “Payments partners” or “the night shift”"
_UNCERTAIN = "say what people will know, and by when: “you will know within 5 minutes if …”"
_WHY_OTHER = "say why it is none of the four: misleading-status, unclear-ownership, weak-rollback, alert-gap"


class Place(TypedDict, total=False):
    """Where a break stands; see `trust.breakmap.Placed`. What is absent stays as it was, an empty text takes it away."""

    whose: str | None
    subject: str | None
    direction: str | None
    kind: str | None
    fear: str | None
    heard_from: str | None
    heard_at: datetime | None
    asked: str | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """The broken trust of an incident, what is done about it, and what both still lack.

    `since` is since when it is contained. `ideas` are its action items that are no repair yet and could become one.
    """

    incident_id: str
    map: BreakMap
    repairs: tuple[Repair, ...]
    since: datetime | None
    map_lacks: tuple[Remark, ...]
    repairs_lack: tuple[Remark, ...]
    ideas: tuple[ActionStanding, ...]


class Repairing:
    """What a person can do about broken trust. `by` is who does it; who may not see the incident finds nothing."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    # Looking

    def board(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Board:
        """The map with its repairs and what they lack. Raises NotFoundError, ForbiddenError, as all below do."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return board_within(connection, incident_id, self._clock.now(), by)

    def breaks_like(self, incident_id: str, part: str, *, by: str = LOCAL_PERSON) -> list[TrustBreak]:
        """The breaks of an incident whose id begins or ends with some characters."""
        return [one for one in self.board(incident_id, by=by).map.breaks if one.item.startswith(part) or one.item.endswith(part)]

    # The map

    def add_break(
        self, incident_id: str, text: str, *, once: str | None = None, by: str = LOCAL_PERSON, **place: Unpack[Place]
    ) -> TrustBreak:
        """State a broken trust in the account, and place it. `whose` is needed; for a group that nobody asked yet it is enough.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote.
        Raises UnknownNameError, InputError for a field that is missing or cannot be kept.
        """
        words = paragraphs(text, "text", TEXT_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            account = account_within(connection, incident_id)
            made = next((one.item for one in account.points if once is not None and one.item.startswith(once[:KEY_DIGITS])), None)
            if made is not None and once is not None:
                require_same(made, once)
                return _break(connection, incident_id, made)
            item = once or self._ids.new()
            whose = line(place.get("whose") or "", "whose", NAME_LIMIT, _WHOSE)
            point = Point(item, incident_id, item, "trust-break", words, self._clock.now(), by, who=whose)
            require_statement(point)
            narrative.add_point(connection, point, salt=self._ids.new())
            self._place(connection, incident_id, item, by, None, {**place, "whose": whose})
            return _break(connection, incident_id, item)

    def not_asked(self, incident_id: str, group: str, *, by: str = LOCAL_PERSON) -> TrustBreak:
        """Put a group on the map that nobody has asked yet: known to be hit, and nothing else. The same group twice is one."""
        whose = line(group, "whose", NAME_LIMIT, _WHOSE)
        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
            board = board_within(connection, incident_id, self._clock.now(), by)
        known = next((one for one in board.map.breaks if one.whose and one.whose.casefold() == whose.casefold()), None)
        if known is not None:
            return known
        audience = next((one.audience for one in board.map.groups if one.name.casefold() == whose.casefold()), None)
        direction = DIRECTION_OF.get(audience or "")
        return self.add_break(incident_id, f"Not known yet: what {whose} rely on less since then.", whose=whose, direction=direction, by=by)

    def place(self, incident_id: str, item: str, *, by: str = LOCAL_PERSON, **place: Unpack[Place]) -> TrustBreak:
        """Say where a broken trust stands on the map. What is not given stays as it was, an empty text takes it away.

        Who was heard or asked and no time with it was heard or asked now. Nothing changed: no new row.
        Raises NotFoundError for the item, UnknownNameError, InputError where nobody is named whose trust it was.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = _break(connection, incident_id, item)
            known = before.placed
            given: dict[str, Any] = {**({"whose": before.who} if known is None else {}), **place}
            if known is None or any(getattr(known, name) != (value or None) for name, value in given.items()):
                self._place(connection, incident_id, item, by, known, given)
            return _break(connection, incident_id, item)

    def withdraw_break(self, incident_id: str, item: str, *, why: str, by: str = LOCAL_PERSON) -> Board:
        """Take a wrong row of the map back, and with it the point of the account; both stay to be read. The board without it.

        Raises NotFoundError for the item, ConflictError where it was withdrawn already, InputError without a reason.
        """
        reason = line(why, "why", WORDS_LIMIT, "say why in one line, for those who will ask")
        return self._turn_break(incident_id, item, by, WITHDRAWN, reason)

    def restore_break(self, incident_id: str, item: str, *, by: str = LOCAL_PERSON) -> Board:
        """Undo `withdraw_break`: it stands where it stood. Raises NotFoundError, ConflictError where it was not withdrawn."""
        return self._turn_break(incident_id, item, by, WRITTEN, None)

    # Repairs

    def tie(
        self,
        incident_id: str,
        action_id: str,
        *,
        kind: str,
        breaks: Iterable[str],
        uncertainty: str,
        visible: str | None = None,
        check_at: datetime | None = None,
        why_other: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Repair:
        """Say why an action item repairs trust, and which; the first time, this plans both reviews. A later call takes its place.

        Raises ConflictError while the incident is not contained, NotFoundError for the action item, InputError for breaks that do not
        stand, for the kind `other` without a reason, and for a text that says itself that trust is back.
        """
        with self._store.writing() as connection:
            incident = access.changed(connection, incident_id, by)
            new = self._repair(
                connection, incident_id, action_id, by, kind=kind, breaks=tuple(dict.fromkeys(breaks)), uncertainty=uncertainty,
                visible=visible, check_at=check_at, why_other=why_other,
            )  # fmt: skip
            plan_within(connection, self._clock, self._ids, incident, by)
            rows.add_repair(connection, new, salt=self._ids.new())
            return self._one(connection, incident_id, action_id)

    def propose(
        self,
        incident_id: str,
        title: str,
        *,
        item_kind: str = "other",
        detail: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
        **tied: Any,
    ) -> Repair:
        """Write down a new action item that repairs trust, and tie it, in one step; `tied` is what `tie` takes. Raises what it raises."""
        require_known("kind of action item", item_kind, ACTION_KINDS)
        words = line(title, "title", TITLE_LIMIT, "say in one line what will be there, the rest in the detail")
        more = paragraphs(detail, "detail", DETAIL_LIMIT) if detail and detail.strip() else None
        with self._store.writing() as connection:
            incident = access.changed(connection, incident_id, by)
            if once is not None and (known := actions.named_like(connection, once[:KEY_DIGITS], seen_by=by)):
                require_same(known[0][0].id, once)
                return self._one(connection, incident_id, known[0][0].id)
            item = ActionItem(once or self._ids.new(), incident_id, words, item_kind, self._clock.now(), by, more)
            actions.add(connection, item, salt=self._ids.new())
            tied = {**tied, "breaks": tuple(dict.fromkeys(tied["breaks"]))}
            new = self._repair(connection, incident_id, item.id, by, **tied)
            plan_within(connection, self._clock, self._ids, incident, by)
            rows.add_repair(connection, new, salt=self._ids.new())
            return self._one(connection, incident_id, item.id)

    def withdraw(self, incident_id: str, action_id: str, *, why: str, by: str = LOCAL_PERSON) -> None:
        """Say that an action item is no repair any more, and why; the action item stays. Raises ConflictError where it was none."""
        reason = line(why, "why", WORDS_LIMIT, "say why in one line, for those who will ask")
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            last = _tied_last(rows.repairs_of(connection, incident_id), action_id)
            if last is None or last.withdrawn is not None:
                raise ConflictError("this action item is no repair of trust", hint="look at the board again: somebody may have acted")
            gone = replace(last, id=self._ids.new(), recorded_at=self._clock.now(), by=by, withdrawn=reason)
            rows.add_repair(connection, gone, salt=self._ids.new())

    def restore(self, incident_id: str, action_id: str, *, by: str = LOCAL_PERSON) -> Repair:
        """Undo `withdraw`: as it was tied last, it is a repair again. Raises ConflictError where it was not withdrawn."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            last = _tied_last(rows.repairs_of(connection, incident_id), action_id)
            if last is None or last.withdrawn is None:
                raise ConflictError("nothing of this action item was withdrawn", hint="look at the board again: somebody may have acted")
            again = replace(last, id=self._ids.new(), recorded_at=self._clock.now(), by=by, withdrawn=None)
            rows.add_repair(connection, again, salt=self._ids.new())
            return self._one(connection, incident_id, action_id)

    # Within

    def _turn_break(self, incident_id: str, item: str, by: str, what: str, why: str | None) -> Board:
        """The point of a break as withdrawn or written again, with a row of the map that says why; the board then."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            account = account_within(connection, incident_id)
            last = next((one.point for one in (*account.points, *account.withdrawn) if one.item == item), None)
            if last is None or last.part != "trust-break":
                raise NotFoundError(f"there is no broken trust {item[:40]!r} in this account")
            if last.what == what:
                done = "was withdrawn already" if what == WITHDRAWN else "was not withdrawn"
                raise ConflictError(f"this broken trust {done}", hint="look at the board again: somebody may have acted")
            now = self._clock.now()
            turned = replace(last, id=self._ids.new(), replaces=last.id, what=what, recorded_at=now, by=by)
            narrative.add_point(connection, turned, salt=self._ids.new())
            row = _last(rows.placed_of(connection, incident_id), item) or Placed("", incident_id, item, "", now, by)
            rows.add_placed(connection, replace(row, id=self._ids.new(), recorded_at=now, by=by, withdrawn=why), salt=self._ids.new())
            return board_within(connection, incident_id, now, by)

    def _place(self, connection: Transaction, incident_id: str, item: str, by: str, before: Placed | None, given: dict[str, Any]) -> None:
        kept = {name: self._kept(name, value) for name, value in given.items()}
        now = self._clock.now()
        for who, at in (("heard_from", "heard_at"), ("asked", "asked_at")):
            known = getattr(before, who) if before is not None else None
            if kept.get(who) and kept.get(at) is None and (known != kept[who] or at in kept):
                kept[at] = now
            if who in kept and not kept[who]:
                kept[at] = None
        if not kept.get("whose", before.whose if before else None):
            raise InputError("nobody is named whose trust it was", hint=_WHOSE, field="whose")
        if before is None:
            new = Placed(self._ids.new(), incident_id, item, recorded_at=now, by=by, **kept)
        else:
            new = replace(before, id=self._ids.new(), recorded_at=now, by=by, withdrawn=None, **kept)
        rows.add_placed(connection, new, salt=self._ids.new())

    def _kept(self, name: str, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if name in _CHOICES:
            return require_known(_CALLED[name], str(value), _CHOICES[name])
        if name in ("heard_at", "asked_at"):
            return passed(value, self._clock.now(), name).astimezone(UTC)
        if name == "fear":
            return paragraphs(value, name, WORDS_LIMIT)
        return line(value, name, NAME_LIMIT, _WHOSE if name == "whose" else "name who it was, or their role")

    def _repair(
        self,
        connection: Transaction,
        incident_id: str,
        action_id: str,
        by: str,
        *,
        kind: str,
        breaks: tuple[str, ...],
        uncertainty: str,
        visible: str | None = None,
        check_at: datetime | None = None,
        why_other: str | None = None,
    ) -> RepairAction:
        require_known("kind of repair", kind, repair.KINDS)
        if contained_within(connection, access.seen(connection, incident_id, by)) is None:
            raise ConflictError(LIVE, hint=LIVE_HINT)
        if actions.get(connection, action_id)[0].incident_id != incident_id:
            raise NotFoundError(f"there is no action item {action_id[:40]!r} of this incident")
        account = account_within(connection, incident_id)
        for item in breaks:
            stated = account.get(item)
            if stated is None or stated.point.part != "trust-break":
                raise InputError(f"{item[:40]!r} is no broken trust of this account", hint=_ON_THE_MAP, field="breaks")
        if not breaks:
            raise InputError("a repair action answers at least one broken trust", hint=_ON_THE_MAP, field="breaks")
        reason = line(why_other or "", "why_other", WORDS_LIMIT, _WHY_OTHER) if kind == "other" else None
        words = honest(line(uncertainty, "uncertainty", WORDS_LIMIT, _UNCERTAIN), "uncertainty")
        seen = honest(line(visible, "visible", WORDS_LIMIT), "visible") if visible and visible.strip() else None
        if check_at is not None:
            check_at = aware(check_at, "check_at").astimezone(UTC)
        return RepairAction(
            self._ids.new(), incident_id, action_id, kind, breaks, words, self._clock.now(), by, seen, check_at, reason
        )  # fmt: skip

    def _one(self, connection: Transaction, incident_id: str, action_id: str) -> Repair:
        last = _tied_last(rows.repairs_of(connection, incident_id), action_id)
        if last is None:
            raise NotFoundError(f"the action item {action_id[:40]!r} is no repair of trust")
        return Repair(last, stands(*actions.get(connection, action_id), self._clock.now()))


_ON_THE_MAP = "put it on the map first, and name it by its id"


def honest(text: str, field: str) -> str:
    """The text itself. Raises InputError where it says that trust is back: that is for those to say whose trust it is."""
    found = declared(text)
    if found:
        raise InputError(f"“{found[0].words}” is not ours to say", hint=INSTEAD, field=field)
    return text


def board_within(connection: Transaction, incident_id: str, now: datetime, by: str) -> Board:
    """The board inside a transaction that asked who may see the incident."""
    account = account_within(connection, incident_id)
    told = _map(connection, incident_id, account)
    items = actions_within(connection, incident_id, now)
    tied = rows.repairs_of(connection, incident_id)
    done = repair.repairs(tied, items)
    names = {one.action.action_id for one in done}
    ideas = tuple(one for one in items if one.item.id not in names and one.state != "dropped")
    since = contained_within(connection, access.seen(connection, incident_id, by))
    return Board(incident_id, told, done, since, told.problems(), repair.remarks(done, told), ideas)


def _map(connection: Transaction, incident_id: str, account: Account) -> BreakMap:
    affected = (one for one in involved.stakeholders_of(connection, incident_id) if one.removed_at is None and one.kind != "needs-to-know")
    groups = [Group(one.name, one.audience) for one in affected]
    return break_map(account, rows.placed_of(connection, incident_id), groups)


def _break(connection: Transaction, incident_id: str, item: str) -> TrustBreak:
    found = _map(connection, incident_id, account_within(connection, incident_id)).get(item)
    if found is None:
        raise NotFoundError(f"there is no broken trust {item[:40]!r} in this account")
    return found


def _last(placed: Iterable[Placed], item: str) -> Placed | None:
    return next((one for one in reversed(tuple(placed)) if one.item == item), None)


def _tied_last(tied: Iterable[RepairAction], action_id: str) -> RepairAction | None:
    return next((one for one in reversed(tuple(tied)) if one.action_id == action_id), None)
