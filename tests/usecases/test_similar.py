"""Incidents are met again by their words: by those that stand now, and only by people who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from amends.core.errors import NotFoundError, UsageError
from amends.store import postings
from amends.store.schema import metadata, person
from amends.testing import START
from amends.usecases.similar import catch_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amends.recurrence.similar import SimilarIncident
    from amends.store.engine import Store
    from amends.usecases.facade import UseCases

ASKED = "Checkout times out\nEvery request waits for the connection pool: pool_timeout."


def opened(usecases: UseCases, title: str, *facts: str, private: bool = False, by: str = "local") -> str:
    incident = usecases.incidents.open(title, private=private, by=by).id
    for fact in facts:
        usecases.recording.fact(incident, "impact", fact, by=by)
    return incident


def ids(found: Iterable[SimilarIncident]) -> list[str]:
    return [one.incident.id for one in found]


@pytest.fixture
def checkout(usecases: UseCases) -> str:
    opened(usecases, "Nightly export skips rows", "The cursor is closed too early")
    opened(usecases, "Login page is blank")
    return opened(usecases, "Checkout answers with errors", "The connection pool is exhausted: pool_timeout")


@pytest.fixture
def people(usecases: UseCases, store: Store) -> UseCases:
    """A workspace in which ana is an owner and bo a responder."""
    with store.writing() as connection:
        listed = [
            {"name": name, "display": name, "role": role, "created_at": START} for name, role in (("ana", "owner"), ("bo", "responder"))
        ]
        connection.execute(person.insert(), listed)
    return usecases


def derived(store: Store) -> dict[str, set[tuple[object, ...]]]:
    """What was made of the words, without the numbers, which may differ."""
    with store.reading() as connection:
        docs = {row.number: row.incident_id for row in connection.execute(text("SELECT number, incident_id FROM recurrence_doc"))}
        held = postings.KeptPostings(connection, "local")
        found = {(row.term, row.docs) for row in connection.execute(text("SELECT term, docs FROM recurrence_frequency"))}
        blocks = held.blocks([term for term, _ in found])
        pairs = {
            (one.term, docs[one.first + number], impact) for one in blocks for number, impact in zip(one.numbers, one.impacts, strict=True)
        }
    return {"frequencies": found, "postings": pairs}


def test_an_incident_is_met_by_what_is_known_of_it_with_the_reason(usecases: UseCases, checkout: str) -> None:
    best = usecases.similar.like(ASKED)[0]
    assert best.incident.id == checkout
    assert 0 < best.score <= 1
    assert "the titles share Checkout" in best.why
    assert any("pool_timeout" in reason for reason in best.why)


def test_an_incident_is_not_met_by_itself(usecases: UseCases, checkout: str) -> None:
    again = opened(usecases, "Checkout answers with errors once more")
    assert ids(usecases.similar.like_incident(again))[0] == checkout
    assert again not in ids(usecases.similar.like_incident(again))
    assert checkout not in ids(usecases.similar.like(ASKED, incident_id=checkout))


def test_a_changed_incident_is_met_by_its_new_words_and_not_by_the_old(usecases: UseCases, store: Store, checkout: str) -> None:
    assert ids(usecases.similar.like("pool_timeout")) == [checkout]
    fact = next(one.id for one in usecases.recording.events(checkout) if one.what == "fact")
    usecases.recording.fact(checkout, "impact", "The certificate of the gateway expired", replaces=fact)
    assert ids(usecases.similar.like("pool_timeout")) == []
    assert ids(usecases.similar.like("expired certificate")) == [checkout]
    kept = usecases.incidents.get(checkout)
    usecases.incidents.rename(checkout, "Payments are refused", version=kept.version)
    assert ids(usecases.similar.like("checkout")) == []
    now = derived(store)
    usecases.similar.rebuild()
    assert derived(store) == now, "what is kept current step by step is what is made anew"


def test_what_was_erased_is_gone_from_the_words_at_once(usecases: UseCases, store: Store, checkout: str) -> None:
    fact = next(one.id for one in usecases.recording.events(checkout) if one.what == "fact")
    catch_up(store)
    usecases.erasing.erase(f"event/{fact}", "asked for on 4 March")
    with store.reading() as connection:
        kept = [
            row for table in metadata.sorted_tables if table.name.startswith("recurrence_") for row in connection.execute(table.select())
        ]
    assert kept
    assert "exhaust" not in str(kept)


def test_a_private_incident_is_met_by_those_invited_only(people: UseCases) -> None:
    incident = opened(people, "Checkout times out", private=True, by="bo")
    assert ids(people.similar.like(ASKED, by="bo")) == [incident]
    assert ids(people.similar.like(ASKED, by="ana")) == []
    with pytest.raises(NotFoundError):
        people.similar.like_incident(incident, by="ana")


def test_a_removed_incident_is_not_met_until_it_is_back(usecases: UseCases, checkout: str) -> None:
    usecases.incidents.remove(checkout)
    assert checkout not in ids(usecases.similar.like(ASKED))
    usecases.incidents.restore(checkout)
    assert checkout in ids(usecases.similar.like(ASKED))


@pytest.mark.usefixtures("checkout")
def test_nothing_is_like_a_text_without_words_and_a_limit_must_be_one(usecases: UseCases) -> None:
    assert usecases.similar.like("… — 1") == ()
    assert len(usecases.similar.like(f"{ASKED} login export", limit=2)) == 2
    with pytest.raises(UsageError, match="1 to 100"):
        usecases.similar.like(ASKED, limit=0)


def test_after_a_restore_incidents_are_met_as_before(usecases: UseCases, store: Store, checkout: str, tmp_path: Path) -> None:
    before = usecases.similar.like(ASKED)
    now = derived(store)
    usecases.backup.back_up(str(tmp_path / "all.zip"))
    usecases.backup.restore(str(tmp_path / "all.zip"), replace=str(tmp_path / "safety.zip"))
    assert derived(store) == now, "the words are read with the restore, not by whoever asks first"
    assert usecases.similar.like(ASKED) == before
    assert ids(before)[0] == checkout
