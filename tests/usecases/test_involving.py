"""The people of an incident: one holder a function, private to those invited, told by name, linked to where else it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.store.schema import person
from amends.testing import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.store.engine import Store
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout is down").id


def holds(usecases: UseCases, incident: str) -> dict[str, str]:
    return {one.function: one.person for one in usecases.stories.of(incident, by="ana").holding}


def invited(usecases: UseCases, incident: str, by: str = "ana") -> list[str]:
    return [one.person for one in usecases.stories.of(incident, by=by).invitations]


def test_a_function_has_one_holder_and_is_handed_over_at_one_instant(usecases: UseCases, incident: str, clock: FixedClock) -> None:
    first = usecases.involving.hand_over(incident, "lead", "ana", by="ben")
    assert (first.person, first.since, first.given_by, first.until) == ("ana", START, "ben", None)
    assert usecases.involving.hand_over(incident, "lead", "ana") == first
    at = clock.advance(minutes=20)
    usecases.involving.hand_over(incident, "lead", "cem", by="ana")
    usecases.involving.hand_over(incident, "scribe", "cem", by="ana")
    story = usecases.stories.of(incident)
    assert [(one.function, one.person, one.since, one.until) for one in story.assignments] == [
        ("lead", "ana", START, at),
        ("lead", "cem", at, None),
        ("scribe", "cem", at, None),
    ]
    ended = usecases.involving.leave(incident, "lead", by="cem")
    assert (ended.person, ended.until, holds(usecases, incident)) == ("cem", at, {"scribe": "cem"})
    with pytest.raises(ConflictError, match="nobody holds"):
        usecases.involving.leave(incident, "lead")
    with pytest.raises(UnknownNameError, match="unknown function 'boss'"):
        usecases.involving.hand_over(incident, "boss", "ana")


def test_a_private_incident_is_not_there_for_who_was_not_invited(usecases: UseCases, incident: str) -> None:
    usecases.involving.hand_over(incident, "lead", "ana")
    usecases.messaging.record("Checkout fails.", incident_id=incident, by="ben")
    usecases.incidents.set_private(incident, private=True, by="cem")
    assert sorted(invited(usecases, incident)) == ["ana", "ben", "cem"]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: usecases.incidents.get(incident, by="dora"),
        lambda: usecases.stories.of(incident, by="dora"),
        lambda: usecases.recording.events(incident, by="dora"),
        lambda: usecases.recording.comment(incident, "I see it", by="dora"),
        lambda: usecases.involving.invite(incident, "dora", by="dora"),
        lambda: usecases.incidents.meant(incident, by="dora"),
        lambda: usecases.incidents.open("The next one", follows=incident, by="dora"),
    )
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()
    assert usecases.incidents.list(by="dora") == ()
    usecases.involving.hand_over(incident, "scribe", "dora", by="ana")
    assert [one.id for one in usecases.incidents.list(by="dora")] == [incident]


def test_an_incident_can_be_private_from_the_first_sentence(usecases: UseCases) -> None:
    made = usecases.incidents.open("A mailbox was read by a stranger", private=True, by="ana")
    assert (made.visibility, invited(usecases, made.id)) == ("private", ["ana"])
    opened = usecases.incidents.set_private(made.id, private=False, by="ana")
    assert (opened.visibility, usecases.incidents.get(made.id, by="dora").visibility) == ("open", "open")


def test_a_chain_shows_only_what_its_reader_may_see(usecases: UseCases) -> None:
    first = usecases.incidents.open("A mailbox was read by a stranger", private=True, by="ana")
    second = usecases.incidents.open("Mail is slow", follows=first.id, by="ana")
    assert usecases.stories.of(second.id, by="ana").before == (first,)
    assert usecases.stories.of(second.id, by="dora").before == ()


def test_an_owner_lets_themselves_in_with_a_reason_that_shows(usecases: UseCases, incident: str) -> None:
    usecases.incidents.set_private(incident, private=True, by="ana")
    with pytest.raises(InputError, match="reason"):
        usecases.involving.let_in(incident, " ", by="dora")
    usecases.involving.let_in(incident, "the regulator asks", by="dora")
    (own,) = [one for one in usecases.stories.of(incident, by="ana").invitations if one.person == "dora"]
    assert (own.why, own.invited_by) == ("the regulator asks", "dora")
    assert "incident.let-in" in [entry.what for entry in usecases.journal.about(f"incident/{incident}")]


def test_who_is_invited_twice_is_invited_once_and_can_be_taken_off(usecases: UseCases, incident: str) -> None:
    usecases.incidents.set_private(incident, private=True, by="ana")
    first = usecases.involving.invite(incident, "ben", by="ana")
    assert usecases.involving.invite(incident, "ben", by="ana") == first
    assert [one.person for one in usecases.involving.uninvite(incident, "ben", by="ana")] == ["ana"]
    usecases.involving.hand_over(incident, "lead", "ben", by="ana")
    for name, reason in (("ben", "function"), ("dora", "not invited")):
        with pytest.raises(ConflictError, match=reason):
            usecases.involving.uninvite(incident, name, by="ana")
    usecases.involving.leave(incident, "lead", by="ana")
    usecases.involving.uninvite(incident, "ben", by="ana")
    with pytest.raises(ConflictError, match="nobody could see it"):
        usecases.involving.uninvite(incident, "ana", by="ana")


def test_where_there_are_accounts_functions_and_invitations_are_for_them(usecases: UseCases, incident: str, store: Store) -> None:
    with store.writing() as connection:
        for name, role in (("ana", "owner"), ("ben", "reader")):
            row = {"name": name, "display": name, "role": role, "created_at": START}
            connection.execute(person.insert(), row)
    usecases.involving.hand_over(incident, "lead", "ben", by="ana")
    for attempt in (usecases.involving.hand_over, lambda one, _, who, by: usecases.involving.invite(one, who, by=by)):
        with pytest.raises(InputError, match="no account"):
            attempt(incident, "lead", "stranger", by="ana")
    with pytest.raises(ForbiddenError):
        usecases.involving.let_in(incident, "curious", by="ben")
    with pytest.raises(ForbiddenError):
        usecases.incidents.open("Checkout is down", by="ben")
    with store.writing() as connection:  # for the look at the journal that ends each test, which is the local person's
        connection.execute(person.delete())


def test_those_who_must_be_told_are_a_list_that_forgets_nothing(usecases: UseCases, incident: str) -> None:
    shops = usecases.involving.add_stakeholder(
        incident, "EU shops", kind="affected", audience="customers", address="shops@example.com", size=312
    )
    finance = usecases.involving.add_stakeholder(incident, "Finance", kind="saw-wrong", audience="leadership", by="ana")
    assert (shops.size, shops.address, finance.size, finance.added_by) == (312, "shops@example.com", None, "ana")
    gone = usecases.involving.remove_stakeholder(incident, shops.id)
    story = usecases.stories.of(incident)
    assert (gone.removed_at, story.stakeholders, story.told) == (START, (gone, finance), (finance,))
    for field, given in (("size", {"size": -1}), ("address", {"address": "a@b.example\nBcc: c@d.example"}), ("name", {"name": " "})):
        with pytest.raises(InputError) as caught:
            usecases.involving.add_stakeholder(incident, **{"name": "x", **given})  # type: ignore[arg-type]  # one field each
        assert caught.value.field == field
    with pytest.raises(UnknownNameError):
        usecases.involving.add_stakeholder(incident, "x", kind="angry")
    with pytest.raises(UnknownNameError):
        usecases.involving.add_stakeholder(incident, "x", audience="press")


def test_links_are_addresses_paths_or_names_and_nothing_that_runs(usecases: UseCases, incident: str) -> None:
    kept = [
        usecases.involving.add_link(incident, kind, target)
        for kind, target in (
            ("ticket", "https://tracker.example/OPS-12"), ("channel", "#checkout-down"), ("repository", "git@git.example:shop/checkout"),
            ("document", r"C:\reports\draft.docx"), ("other", "/var/log/checkout"),
        )
    ]  # fmt: skip
    assert usecases.involving.add_link(incident, "channel", "#checkout-down") == kept[1]
    gone = usecases.involving.remove_link(incident, kept[0].id)
    story = usecases.stories.of(incident)
    assert (story.links, story.linked) == ((gone, *kept[1:]), tuple(kept[1:]))
    for target in ("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"):
        with pytest.raises(InputError, match="cannot begin with") as caught:
            usecases.involving.add_link(incident, "other", target)
        assert caught.value.field == "target"


def test_the_journal_knows_what_was_done_and_no_name_address_or_word(usecases: UseCases, incident: str) -> None:
    usecases.involving.add_stakeholder(incident, "Mrs Example", address="mrs@example.com")
    usecases.involving.add_link(incident, "ticket", "https://tracker.example/OPS-12", title="The secret ticket")
    usecases.recording.fact(incident, "number", "charged twice", value="4212 payments")
    usecases.recording.comment(incident, "The cache looks cold.")
    told = [(entry.what, json.loads(entry.data)) for entry in usecases.journal.about(f"incident/{incident}")]
    assert [what for what, _ in told] == ["incident.opened", "stakeholder.added", "link.added", "incident.fact", "incident.comment"]
    for secret in ("Example", "mrs@", "tracker", "secret", "4212", "charged", "cache"):
        assert not any(secret in json.dumps(data) for _, data in told)
