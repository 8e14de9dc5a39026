"""What an incident holds for playbooks: each source of `playbooks.sources` as references, with what each of them still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.incidents.acting import GUARDRAILS
from amends.incidents.facts import words_of
from amends.incidents.hearing import REACHED
from amends.playbooks.known import Item
from amends.trust.breakmap import DIRECTION_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.incidents.acting import ActionStanding
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.narrative.account import Account, Stated
    from amends.promises.ledger import LedgerEntry
    from amends.trust.remark import Remark
    from amends.trust.repair import Repair, RepairAction
    from amends.trust.review import Answer, TrustReview
    from amends.usecases.repairing import Board

Held = dict[str, tuple[Item, ...]]

_LONGEST = 140
_SETTLED = ("kept", "late", "missed", "moved", "withdrawn")
_MOMENTS = ("happened", "impact", "number", "recovery", "decision")
_SLIPS = ("written-twice", "check-past")
"""Remarks of the board that keep nobody from going on: what they are about is there."""
_PROMOTED = ("ownership", "release", "architecture")
_DOCUMENTED = ("onboarding", "operating")


def short(words: str) -> str:
    """Words on one line, as a reference shows them."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def of_story(story: Story, heard: Mapping[str, Heard]) -> Held:
    """What people wrote down, sent, promised and took on; `heard` says what our engine heard in each message."""
    messages = {one.id: _message(one.id, one.text, one.sent_at, one.author) for one in story.reached}
    boxes = {one.kind: one for one in story.standing("box") if one.value == "ticked" and one.text}
    commits = story.standing("commit")
    versions = {f"documents.version.{one.audience}": one for one in story.documents if one.audience is not None}
    reviews = tuple(
        Item("document", one.id, one.title, () if one.length else ("is still empty",), one.updated_at, one.updated_by)
        for one in story.documents
        if one.kind == "review"
    )
    return {
        "incident.lead": tuple(
            Item("person", one.id, f"{one.person} leads the incident", by=one.person) for one in story.holding if one.function == "lead"
        ),
        "incident.told": tuple(Item("link", one.id, one.name) for one in story.told),
        "facts.happened": _facts(story, "happened"),
        "facts.impact": _facts(story, "impact", "number"),
        "facts.recovery": _facts(story, "recovery"),
        "commits.fix": tuple(_commit(one) for one in commits if one.kind in ("hotfix", "rollback")),
        "commits.guardrail": tuple(_commit(one) for one in commits if one.kind == "guardrail"),
        "note.impact": _box(boxes.get("impact")),
        "note.prevention": _box(boxes.get("prevention")),
        "messages.sent": tuple(messages.values()),
        "messages.first": _where(messages, heard, forms=("first-message",)),
        "messages.status": _where(messages, heard, forms=("status-update", "exec-status")),
        "messages.apology": _where(messages, heard, forms=("customer-apology",)),
        "messages.talk": _where(messages, heard, forms=("repair-talk",)),
        "messages.note": _where(messages, heard, forms=("follow-up-note",)),
        "messages.owning": _where(messages, heard, moves=("impact", "ownership")),
        "documents.review": reviews,
        **{name: (Item("document", one.id, one.title, at=one.updated_at, by=one.updated_by),) for name, one in versions.items()},
        **_promises(story.promises),
        **_actions(story.actions),
    }


class Heard:
    """What our own engine heard in a text: its form, its moves, and whether a person is blamed in it, by the words of a rule."""

    __slots__ = ("blames", "form", "moves")

    def __init__(self, form: str, moves: frozenset[str], *, blames: bool) -> None:
        self.form = form
        self.moves = moves
        self.blames = blames


def of_account(account: Account, blamed: Iterable[Item]) -> Held:
    """What stands in the account; of what must cite something, what it does not cite."""
    claims = account.claims
    dated = [one for one in claims if one.point.at is not None and any(cited.stance == "supports" for cited in one.evidence)]
    return {
        "timeline": tuple(_point(one) for one in dated),
        "account.claims": tuple(_point(one, _unshown(one)) for one in claims),
        "account.supported": tuple(_point(one) for one in claims if one.support.status in ("confirmed", "likely")),
        "account.effects": tuple(_point(one) for one in claims if one.point.kind in ("effect", "number")),
        "account.decisions": tuple(
            _point(one, () if one.point.because else ("does not say what made it reasonable",)) for one in account.of("claim", "decision")
        ),
        "account.conditions.technical": tuple(_point(one) for one in account.of("condition", "technical")),
        "account.conditions.organisational": tuple(_point(one) for one in account.of("condition", "organisational")),
        "account.no-organisational": tuple(_point(one) for one in account.of("no-organisational")),
        "account.questions": tuple(_point(one) for one in account.of("question")),
        "account.disagreements": tuple(_disagreement(account, one) for one in account.of("disagreement")),
        "account.costs": tuple(_point(one) for one in account.of("cost")),
        "account.well": tuple(_point(one) for one in (*account.of("well"), *account.of("luck"))),
        "account.blaming": tuple(blamed),
    }


def recorded_moments(story: Story) -> tuple[Item, ...]:
    """The facts of the record that somebody wrote down with the time at which they were, which is not the time of writing.

    For those who have no log files: such a moment rests on the record and on who wrote it down.
    """
    told = (one for kind in _MOMENTS for one in story.standing("fact", kind) if one.at < one.recorded_at)
    return tuple(Item("fact", one.id, short(words_of(one)), at=one.at, by=one.by) for one in sorted(told, key=lambda one: (one.at, one.id)))


def of_board(board: Board) -> Held:
    """The broken trust on its map, the groups that were hit, and what repairs it."""
    lacking = _by_item(board.map_lacks)
    breaks = tuple(
        Item("break", one.item, short(f"{one.whose}: {one.text}" if one.whose else one.text), lacking.get(one.item, ()))
        for one in board.map.breaks
    )
    return {
        "trust.breaks": breaks,
        "trust.groups": tuple(_groups(board)),
        "trust.honesty": tuple(_honesty(board)),
        "trust.repairs": tuple(_repair(one, board) for one in board.repairs),
        "trust.repairs.shown": tuple(_repair(one, None) for one in board.repairs if one.now.state == "verified"),
    }


def of_word_since(story: Story, board: Board, tied: Iterable[RepairAction]) -> Held:
    """What those affected heard since a repair was tied, and since one was done: what was sent before cannot tell of it.

    `tied` are all rows of repairs, as a repair that is worded anew was tied when its first row was written.
    """
    standing = {one.action.action_id for one in board.repairs}
    begun = min((one.recorded_at for one in tied if one.action_id in standing), default=None)
    done = min((one.now.done_at for one in board.repairs if one.now.done_at is not None), default=None)
    told = [one for one in story.reached if _is_to_affected(one, story, board)]
    return {
        name: tuple(_message(one.id, one.text, one.sent_at, one.author) for one in told if since is not None and one.sent_at > since)
        for name, since in (("messages.since-repairs", begun), ("messages.since-done", done))
    }


def _is_to_affected(message: SentMessage, story: Story, board: Board) -> bool:
    """Whether it reached somebody who was hit; where nobody wrote down whom it reached, its audience says whom it was for."""
    got = {one.stakeholder_id for one in story.deliveries if one.message_id == message.id and one.what in REACHED}
    affected = [one for one in story.told if one.kind != "needs-to-know"]
    if got:
        return any(one.id in got for one in affected)
    towards = {one.placed.direction for one in board.map.breaks if one.placed is not None}
    return message.audience is not None and (
        any(one.audience == message.audience for one in affected) or DIRECTION_OF.get(message.audience) in towards
    )


def of_reviews(reviews: Iterable[TrustReview]) -> Held:
    """The looks back, each lacking that it is held; and what people answered in them."""
    held: dict[str, tuple[Item, ...]] = {}
    worse: list[Item] = []
    promoted: list[Item] = []
    documents: list[Item] = []
    for one in reviews:
        lacks = () if one.held_at is not None else (f"is due on {one.due_at.day} {one.due_at:%B %Y}, and is not held yet",)
        said = f"the look back after a {one.which}" + (f": {one.decision}" if one.decision else "")
        held[f"trust.reviews.{one.which}"] = (Item("review", one.id, said, lacks, one.held_at or one.due_at, one.held_by),)
        worse += [_answer(answer) for answer in one.answered("worse")]
        promoted += [_answer(answer) for name in _PROMOTED for answer in one.answered(name)]
        documents += [_answer(answer) for name in _DOCUMENTED for answer in one.answered(name)]
    return {
        **held,
        "trust.review.worse": tuple(worse),
        "trust.review.promoted": tuple(promoted),
        "trust.review.documents": tuple(documents),
    }


def _facts(story: Story, *kinds: str) -> tuple[Item, ...]:
    return tuple(Item("fact", one.id, short(words_of(one)), at=one.at, by=one.by) for kind in kinds for one in story.standing("fact", kind))


def _commit(one: IncidentEvent) -> Item:
    return Item("commit", one.id, short(f"{(one.value or '')[:10]} {one.text or ''}".strip()), at=one.at, by=one.by)


def _box(one: IncidentEvent | None) -> tuple[Item, ...]:
    return () if one is None else (Item("fact", one.id, short(one.text or ""), at=one.at, by=one.by),)


def _message(name: str, text: str, at: datetime, author: str) -> Item:
    return Item("message", name, short(text), at=at, by=author)


def _where(
    messages: Mapping[str, Item], heard: Mapping[str, Heard], *, forms: tuple[str, ...] = (), moves: tuple[str, ...] = ()
) -> tuple[Item, ...]:
    """The messages of some forms, or that make all of some moves."""
    return tuple(
        item
        for name, item in messages.items()
        if name in heard and (heard[name].form in forms if forms else heard[name].moves.issuperset(moves))
    )


def _promises(entries: Iterable[LedgerEntry]) -> Held:
    told = tuple((one, _promise(one)) for one in entries)
    return {
        "promises": tuple(item for _, item in told),
        "promises.open": tuple(item for one, item in told if one.standing.state == "open"),
        "promises.updates": tuple(
            item for one, item in told if one.promise.kind == "next_update" and one.standing.state in ("open", "kept", "late", "moved")
        ),
        "promises.settled": tuple(item for one, item in told if one.standing.state in _SETTLED),
        "promises.handed-over": tuple(item for one, item in told if any(event.what == "taken-on" for event in one.events)),
    }


def _promise(entry: LedgerEntry) -> Item:
    words = short(f"{entry.promise.words} ({entry.standing.state})")
    return Item("promise", entry.promise.id, words, at=entry.promise.due, by=entry.standing.owner)


def _actions(items: Iterable[ActionStanding]) -> Held:
    standing = [one for one in items if one.state != "dropped"]
    return {
        "actions": tuple(_action(one) for one in standing),
        "actions.owned": tuple(_action(one, _unowned(one)) for one in standing),
        "actions.guardrail": tuple(_action(one, _unowned(one)) for one in standing if one.item.kind in GUARDRAILS),
        "actions.verified": tuple(_action(one) for one in standing if one.state == "verified"),
    }


def _action(one: ActionStanding, lacks: tuple[str, ...] = ()) -> Item:
    return Item("action", one.item.id, short(one.item.title), lacks, one.due or one.done_at, one.owner)


def _unowned(one: ActionStanding) -> tuple[str, ...]:
    return () if one.state != "idea" else ("was accepted by nobody",)


def _point(one: Stated, lacks: tuple[str, ...] = ()) -> Item:
    return Item("point", one.item, short(one.point.text), lacks, one.point.at, one.point.who)


def _unshown(one: Stated) -> tuple[str, ...]:
    return () if one.support.status in ("confirmed", "likely") or one.evidence else ("cites nothing that shows it",)


def _disagreement(account: Account, one: Stated) -> Item:
    sides = sum(side.point.of == one.item for side in account.of("position"))
    return _point(one, () if sides > 1 else ("has fewer than two sides",))


def _by_item(remarks: Iterable[Remark]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in remarks:
        if one.item is not None and one.code not in _SLIPS:
            found[one.item] = (*found.get(one.item, ()), f"is not whole yet: {one.message}")
    return found


def _groups(board: Board) -> Iterable[Item]:
    """Everybody who was hit, by the name of the group: heard, asked, or lacking that somebody asks."""
    named: dict[str, list[str]] = {}
    for group in board.map.groups:
        named.setdefault(group.name, [])
    for one in board.map.breaks:
        if one.whose:
            known = next((name for name in named if name.casefold() == one.whose.casefold()), one.whose)
            named.setdefault(known, []).append(one.placed.state if one.placed is not None else "not-yet-asked")
    for name, states in named.items():
        heard = any(one in ("heard", "asked") for one in states)
        yield Item("link", name, name, () if heard else ("was not asked yet",))


def _honesty(board: Board) -> Iterable[Item]:
    """What answers each open doubt about honesty: repairs tied to it that others can check. The doubt itself is no answer."""
    answers: dict[str, Item] = {}
    for one in board.map.breaks:
        if one.placed is None or one.placed.kind != "honesty" or not one.is_open:
            continue
        tied = [each for each in board.repairs if one.item in each.action.breaks and each.is_mechanism]
        if not tied:
            yield Item("break", one.item, short(one.text), ("is answered by no repair that others can check without us",))
        for each in tied:
            words = short(f"{each.now.item.title}, seen by {each.action.visible}")
            answers[each.action.action_id] = Item("repair", each.action.action_id, words, (), each.now.due, each.now.owner)
    yield from answers.values()


def _repair(one: Repair, board: Board | None) -> Item:
    lacks = () if board is None else _by_item(board.repairs_lack).get(one.action.action_id, ())
    return Item("repair", one.action.action_id, short(f"{one.now.item.title}: {one.action.uncertainty}"), lacks, one.now.due, one.now.owner)


def _answer(one: Answer) -> Item:
    lacks = (f"is unknown: {one.asked} was asked",) if one.is_unknown else ()
    return Item("review", one.id, short(one.text or one.question), lacks, one.asked_at, one.by)
