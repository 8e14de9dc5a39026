"""Who may erase, and what is left of an account that was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from amends.core.errors import ConflictError, ForbiddenError, NotFoundError
from amends.store.schema import api_token, person, session
from amends.testing import START

if TYPE_CHECKING:
    from amends.store.engine import Store
    from amends.usecases.facade import UseCases

WHY = "asked for on 4 March"


@pytest.fixture
def people(usecases: UseCases, store: Store) -> UseCases:
    """A workspace in which ana is the owner, bo a responder who is signed in and has a token, and cy a reader."""
    with store.writing() as connection:
        for name, role in (("ana", "owner"), ("bo", "responder"), ("cy", "reader")):
            row = {"name": name, "display": f"{name.title()} Example", "email": f"{name}@example.com", "role": role, "created_at": START}
            connection.execute(person.insert(), row | {"password": "a hash"})
        signed = {"id": "S", "person": "bo", "token_sha256": "x", "created_at": START, "seen_at": START, "expires_at": START}
        connection.execute(session.insert(), signed | {"agent": "Bo's phone"})
        token = {"id": "T", "person": "bo", "name": "bo's laptop", "token_sha256": "y", "scopes": "read", "created_at": START}
        connection.execute(api_token.insert(), token)
    return usecases


@pytest.mark.parametrize("by", ["bo", "cy", "nobody"])
def test_only_an_owner_may_erase_and_the_plan_is_theirs_too(people: UseCases, by: str) -> None:
    incident = people.incidents.open("Annabel saw it", by="bo").id
    with pytest.raises(ForbiddenError):
        people.erasing.plan(f"incident/{incident}", by=by)
    with pytest.raises(ForbiddenError):
        people.erasing.erase(f"incident/{incident}", WHY, by=by)
    assert people.incidents.get(incident, by="bo").title == "Annabel saw it"


def test_an_owner_who_was_not_invited_does_not_reach_into_a_private_incident(people: UseCases) -> None:
    incident = people.incidents.open("Annabel saw it", private=True, by="bo").id
    fact = people.recording.fact(incident, "cause", "Annabel", by="bo").id
    link = people.involving.add_link(incident, "ticket", "https://example.com/annabel", by="bo").id
    action = people.acting.propose(incident, "Ask Annabel", kind="other", by="bo").item.id
    for subject in (f"incident/{incident}", f"event/{fact}", f"link/{link}", f"action/{action}"):
        with pytest.raises(NotFoundError):
            people.erasing.plan(subject, by="ana")
    people.involving.let_in(incident, "asked to erase a name", by="ana")
    for subject in (f"incident/{incident}", f"event/{fact}", f"link/{link}", f"action/{action}"):
        people.erasing.erase(subject, WHY, by="ana")
    assert people.searching.find("annabel", by="bo").total == 0
    assert people.journal.verify(by="ana") == []


def test_of_an_account_only_its_name_is_left_and_nobody_comes_in_by_it(people: UseCases, store: Store) -> None:
    people.incidents.open("The export skips rows", by="bo")
    done = people.erasing.erase("person/bo", WHY, by="ana")
    assert any("pseudonym" in line for line in done.left)
    with store.reading() as connection:
        left = connection.execute(select(person).where(person.c.name == "bo")).mappings().one()
        ended = connection.execute(select(session.c.revoked_at, session.c.agent)).one()
        token = connection.execute(select(api_token.c.revoked_at, api_token.c.name)).one()
    assert (left["display"], left["email"], left["password"], left["disabled_at"]) == ("bo", None, None, people.clock.now())
    assert (ended.revoked_at, ended.agent) == (people.clock.now(), None)
    assert (token.revoked_at, token.name) == (people.clock.now(), "[erased]")
    with pytest.raises(ForbiddenError):
        people.incidents.list(by="bo")
    assert people.journal.verify(by="ana") == []


def test_the_last_owner_cannot_be_erased(people: UseCases) -> None:
    with pytest.raises(ConflictError, match="last owner"):
        people.erasing.erase("person/ana", WHY, by="ana")


@pytest.mark.parametrize("kind", ["draft", "document", "note", "stakeholder", "promise"])
def test_each_kind_of_thing_is_erased_everywhere(people: UseCases, kind: str) -> None:
    incident = people.incidents.open("The export skips rows", by="bo").id
    made = {
        "draft": lambda: people.drafting.new("To Annabel", incident_id=incident, by="bo").id,
        "document": lambda: people.documents.new(incident, "On Annabel", text="Annabel called", by="bo").head.id,
        "note": lambda: people.timelines.add(incident, START, "Annabel called", actor="Annabel", by="bo").id,
        "stakeholder": lambda: people.involving.add_stakeholder(incident, "Annabel", address="annabel@example.com", by="bo").id,
        "promise": lambda: people.promising.add("call Annabel", None, incident_id=incident, by="bo").promise.id,
    }[kind]()
    assert people.searching.find("annabel", by="bo").total == 1
    people.erasing.erase(f"{kind}/{made}", WHY, by="ana")
    assert people.searching.find("annabel", by="bo").total == 0
    assert people.journal.verify(by="ana") == []
