"""Part of an id is enough to name a thing, pages are whole whoever looks, and a second try with the same key makes nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, InputError, NotFoundError, UsageError
from amends.promises.promise import Evidence
from amends.usecases.given import KEY_DIGITS, id_once

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def test_either_end_of_an_id_names_a_promise_an_incident_and_a_message(usecases: UseCases) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")
    message = usecases.messaging.record("The export skipped 12 rows.", incident_id=incident.id)
    entry = usecases.promising.add("call the shops", None)
    for part in (entry.promise.id, entry.promise.id[-3:], f"{entry.promise.id}"[-8:].lower()):
        assert usecases.promising.meant(part) == entry
    assert usecases.incidents.meant(incident.id[-4:]) == incident
    assert usecases.messaging.meant(message.id[-4:]) == message


def test_what_could_be_several_is_refused_with_the_list(usecases: UseCases) -> None:
    made = [usecases.promising.add(f"thing {number}", None).promise for number in range(7)]
    with pytest.raises(UsageError, match="'000' could be 7 promises") as refused:
        usecases.promising.meant("000")
    assert f"{made[0].id} “thing 0”" in refused.value.hint
    assert refused.value.hint.endswith("and 2 more")


@pytest.mark.parametrize("part", ["", "ZZZ", "%", "_", "\x00", "é", "a b"])
def test_what_is_part_of_no_id_names_nothing(usecases: UseCases, part: str) -> None:
    usecases.promising.add("call the shops", None)
    usecases.messaging.record("x", incident_id=usecases.incidents.open("A").id)
    for meant in (usecases.promising.meant, usecases.incidents.meant, usecases.messaging.meant):
        with pytest.raises(NotFoundError):
            meant(part)


def test_a_private_promise_of_somebody_else_has_no_name(usecases: UseCases) -> None:
    entry = usecases.promising.add("call my manager", None, by="Dana")
    assert usecases.promising.meant(entry.promise.id, by="Dana") == entry
    with pytest.raises(NotFoundError):
        usecases.promising.meant(entry.promise.id)


def test_a_page_is_full_while_there_is_more_whatever_is_left_out(usecases: UseCases) -> None:
    mine = []
    for number in range(5):
        mine.append(usecases.promising.add(f"mine {number}", None).promise.id)
        for other in range(3):
            usecases.promising.add(f"private {other}", None, by="Dana")
        usecases.promising.add("shared", None, owner="Bo", private=False)
    first = usecases.promising.newest(owner="local", limit=2)
    second = usecases.promising.newest(owner="local", limit=2, before=first[-1].promise.id)
    third = usecases.promising.newest(owner="local", limit=2, before=second[-1].promise.id)
    assert [entry.promise.id for entry in (*first, *second, *third)] == mine[::-1]
    assert len(usecases.promising.newest(limit=100)) == 10


def test_what_a_message_keeps_is_found_until_it_is_taken_back(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")
    usecases.messaging.record("Next update 11:10.", incident_id=incident.id, audience="team", tz="UTC")
    clock.advance(minutes=5)
    message = usecases.messaging.record("Still on it.", incident_id=incident.id, audience="team")
    (kept,) = usecases.promising.kept_by(message.id)
    assert kept.standing.evidence == Evidence("message", message.id)
    usecases.promising.take_back(kept.promise.id)
    assert usecases.promising.kept_by(message.id) == []


def test_the_last_event_that_can_be_undone_is_undone(usecases: UseCases, clock: FixedClock) -> None:
    one = usecases.promising.add("call the shops", None).promise.id
    with pytest.raises(ConflictError, match="can be undone"):
        usecases.promising.take_back(one)
    usecases.promising.offer(one, "Dana")
    clock.advance(minutes=1)
    usecases.promising.keep(one)
    clock.advance(minutes=1)
    assert usecases.promising.take_back(one).standing.offered_to == "Dana"
    clock.advance(minutes=1)
    assert usecases.promising.take_back(one).standing.offered_to is None
    with pytest.raises(ConflictError, match="can be undone"):
        usecases.promising.take_back(one)


def test_a_second_try_finds_what_the_first_one_made(usecases: UseCases) -> None:
    once = id_once("a-1", b"body", "local", "promise")
    first = usecases.promising.add("call the shops", None, once=once)
    assert first.promise.id == once
    assert usecases.promising.add("call the shops", None, once=once) == first
    sent = id_once("a-1", b"body", "local", "message")
    message = usecases.messaging.record("Next update 11:10.", tz="UTC", once=sent)
    assert usecases.messaging.record("Next update 11:10.", tz="UTC", once=sent) == message
    assert len(usecases.promising.newest()) == 2
    assert usecases.drafting.list_open() == ()


def test_a_key_that_stood_for_something_else_is_refused(usecases: UseCases) -> None:
    usecases.promising.add("call the shops", None, once=id_once("a-1", b"body", "local"))
    with pytest.raises(InputError, match="another request"):
        usecases.promising.add("call the banks", None, once=id_once("a-1", b"other", "local"))
    usecases.messaging.record("x", once=id_once("a-1", b"body", "local"))
    with pytest.raises(InputError, match="another request"):
        usecases.messaging.record("y", once=id_once("a-1", b"other", "local"))


def test_an_id_from_a_key_tells_apart_who_asks_and_what_for() -> None:
    one = id_once("key", b"body", "local", "promise")
    assert len(one) == 26
    assert one == id_once("key", b"body", "local", "promise")
    assert one[:KEY_DIGITS] == id_once("key", b"other", "local", "promise")[:KEY_DIGITS]
    others = [
        id_once("key", b"body", "Dana", "promise"),
        id_once("key", b"body", "local", "message"),
        id_once("kez", b"body", "local", "promise"),
    ]
    assert all(other[:KEY_DIGITS] != one[:KEY_DIGITS] for other in others)
