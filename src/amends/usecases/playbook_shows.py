"""Which conditions of `playbooks.sources` show in the data of an incident, what was seen, where, and since when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.playbooks.known import Item, Saw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.incidents.story import Story
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.playbook_held import Held

_CONTAINED, _RESOLVED = STATUSES.index("monitoring"), STATUSES.index("resolved")
_GRAVE = ("SEV1", "SEV2")
_LATELY = timedelta(days=14)
_FIRST_HOURS = timedelta(hours=4)
_SEVERAL = 3


def shows(story: Story, held: Held, since: datetime | None, lately: Sequence[Incident]) -> Mapping[str, Saw]:
    """Every condition that the data of one incident answer; `since` is its containment, `lately` what else began here in two weeks."""
    incident, now = story.incident, story.now
    live = STATUSES.index(incident.status) < _CONTAINED
    here = (Item("incident", incident.id, incident.title),)
    changed = next((one.recorded_at for one in reversed(story.events) if one.what == "status"), incident.recorded_at)
    missed = _promises(story.promises, "missed", "late")
    repeated = _repeated(story.promises)
    waiting = tuple(_about(one) for one in story.promises if one.promise.kind == "fix" and not one.is_settled)
    others = tuple(Item("incident", one.id, one.title, at=one.started_at) for one in lately)
    drifting = tuple(item for name, items in held.items() if name.startswith("documents.version.") for item in items if item.lacks)
    outside = [one for one in story.reached if one.audience not in (None, "team")]
    over = STATUSES.index(incident.status) >= _RESOLVED
    reviewed = any(not item.lacks for item in held.get("documents.review", ()))
    return {
        "incident-live": Saw(live, f"its status is {incident.status}", here, changed),
        "contained": Saw(
            since is not None and not waiting,
            "a fix that was promised is still waited for" if waiting else f"its status is {incident.status}",
            waiting or here,
        ),
        "facts-known": _facts(held),
        "severe": Saw(incident.severity in _GRAVE and not live, f"it was {incident.severity}, and is {incident.status}", here),
        "just-begun": Saw(
            not over and now - incident.started_at <= _FIRST_HOURS and live, "it began within the last hours and is not contained", here
        ),
        "silent": Saw(live and not outside, "nobody outside the team has heard of it from here", here),
        "trust-broken": _any(held, "trust.breaks", "the account names {} of trust", "break"),
        "promise-missed": _several(missed, "late or not at all: {} about it", "promise"),
        "told-cleaner": _several(drifting, "less than the account stands in {} of it", "telling"),
        "blamed": _any(held, "account.blaming", "a person is blamed in {}", "place"),
        "met-before": _any(held, "recurrence.earlier", "it is like {}", "earlier incident"),
        "resolved-unreviewed": Saw(over and not reviewed, f"it is {incident.status}, and no review of it is written", here),
        "no-organisational-condition": _uncaused(held),
        "promised-for-others": _several(
            _promises(story.promises, "proposed", "declined"), "made for somebody who has not accepted it: {}", "promise"
        ),
        "commitment-repeated": _several(repeated, "made again after it was missed: {}", "promise"),
        "several-lately": Saw(len(others) >= _SEVERAL - 1, f"with this one, {len(others) + 1} began here within two weeks", others),
        "fix-brought-another": Saw(
            bool(story.before), "it followed from another incident", tuple(Item("incident", one.id, one.title) for one in story.before[-1:])
        ),
    }


def began_lately(incident: Incident, others: Sequence[Incident]) -> tuple[Incident, ...]:
    """The other incidents that began within two weeks around one."""
    return tuple(one for one in others if one.id != incident.id and abs(one.started_at - incident.started_at) <= _LATELY)


def _facts(held: Held) -> Saw:
    known, effects = held.get("account.supported", ()), held.get("account.effects", ())
    if not known:
        return Saw(holds=False, words="no claim of the account cites what shows it")
    if not effects:
        return Saw(holds=False, words="the account does not say yet whom it hit", where=known[:1])
    return Saw(holds=True, words="what happened and whom it hit stands in the account", where=known[:1])


def _uncaused(held: Held) -> Saw:
    claims = held.get("account.claims", ())
    named = (*held.get("account.conditions.organisational", ()), *held.get("account.no-organisational", ()))
    return Saw(bool(claims) and not named, "the account names no organisational condition", claims[:1])


def _any(held: Held, source: str, words: str, noun: str) -> Saw:
    return _several(held.get(source, ()), words, noun)


def _several(found: tuple[Item, ...], words: str, noun: str) -> Saw:
    said = words.format(f"{len(found)} {noun}" if len(found) == 1 else f"{len(found)} {noun}s")
    return Saw(bool(found), said, found[:3])


def _promises(entries: Sequence[LedgerEntry], *states: str) -> tuple[Item, ...]:
    return tuple(_about(one) for one in entries if one.standing.state in states)


def _repeated(entries: Sequence[LedgerEntry]) -> tuple[Item, ...]:
    """Promises that took the place of one that was missed."""
    missed = {one.promise.id for one in entries if one.standing.state in ("missed", "late")}
    return tuple(_about(one) for one in entries if one.promise.follows in missed)


def _about(entry: LedgerEntry) -> Item:
    return Item("promise", entry.promise.id, " ".join(entry.promise.words.split())[:140], at=entry.promise.due, by=entry.standing.owner)
