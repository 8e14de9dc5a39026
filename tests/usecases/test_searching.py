"""Searching: what is found, by whom, in which order, and that nothing typed is ever syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from amends.core.errors import ForbiddenError
from amends.core.search import parse
from amends.store import search as rows
from amends.store.schema import person
from amends.testing import START
from amends.usecases.searching import Searching

if TYPE_CHECKING:
    from amends.core.search import Found
    from amends.store.engine import Store
    from amends.usecases.facade import UseCases

COLUMNS = "kind, ref, incident_id, owner, person, at, title, text"


def put(store: Store, ref: str, title: str = "", words: str = "", *, kind: str = "link", owner: str | None = None, at: str = "04") -> None:
    """A row of the index as the triggers write it."""
    with store.writing() as connection:
        values = {"kind": kind, "ref": ref, "owner": owner, "at": f"2026-03-{at}T10:00:00.000000+00:00", "title": title, "words": words}
        connection.execute(
            text(f"INSERT INTO search_entry ({COLUMNS}) VALUES (:kind, :ref, NULL, :owner, 'ana', :at, :title, :words)"), values
        )


def refs(found: Found) -> list[str]:
    return [hit.ref for hit in found.hits]


@pytest.fixture
def searching(store: Store) -> Searching:
    return Searching(store)


def test_all_words_must_stand_there_in_any_order_whatever_their_case_and_marks(store: Store, searching: Searching) -> None:
    put(store, "1", words="The CAFÉ export skipped 12 rows")
    put(store, "2", words="The export of the office")
    assert refs(searching.find("rows cafe")) == ["1"]
    assert refs(searching.find("Éxport")) == ["2", "1"]
    assert refs(searching.find("cafe office")) == []


def test_a_phrase_stands_together_and_a_minus_keeps_out(store: Store, searching: Searching) -> None:
    put(store, "1", words="the payment service failed")
    put(store, "2", words="the service for payment")
    assert refs(searching.find('"payment service"')) == ["1"]
    assert refs(searching.find("payment -failed")) == ["2"]
    assert refs(searching.find('payment -"payment service" ')) == ["2"]
    assert refs(searching.find("-failed")) == ["2"]
    assert refs(searching.find("kind:link -service")) == []


def test_the_last_word_finds_longer_ones_until_a_space_follows(store: Store, searching: Searching) -> None:
    put(store, "1", words="payments were late")
    assert refs(searching.find("pay")) == ["1"]
    assert refs(searching.find("pay ")) == []
    assert refs(searching.find("pay late")) == []


@pytest.mark.parametrize(
    "query", ["payments-api.example.com", "api example", "/srv/payments", "10:42", "user@example.com", "E_TIMEOUT", "“late”"]
)
def test_names_addresses_and_times_are_found_by_their_parts_on_both_databases(store: Store, searching: Searching, query: str) -> None:
    put(store, "1", words="At 10:42 user@example.com saw E_TIMEOUT at https://payments-api.example.com/srv/payments—“late”")
    assert refs(searching.find(query)) == ["1"]


def test_a_word_in_a_title_outranks_one_in_a_text_and_of_equals_the_newer_comes_first(store: Store, searching: Searching) -> None:
    put(store, "old", words="the export failed here", at="02")
    put(store, "title", title="export failed", words="some words of another kind", at="01")
    put(store, "new", words="the export failed here", at="03")
    assert refs(searching.find("export failed")) == ["title", "new", "old"]


def test_what_is_anybodys_own_is_found_by_them_only(store: Store, searching: Searching) -> None:
    put(store, "1", words="a draft about exports", owner="bo")
    assert refs(searching.find("exports")) == []
    with store.reading() as connection:
        assert refs(rows.find(connection, parse("exports", ()), by="bo", limit=5, after=0)) == ["1"]


def test_filters_narrow_by_kind_person_and_day(store: Store, searching: Searching) -> None:
    put(store, "1", words="export", kind="message", at="02")
    put(store, "2", words="export", kind="promise", at="05")
    assert refs(searching.find("export kind:message")) == ["1"]
    assert refs(searching.find("kind:message kind:promise export")) == ["2", "1"]
    assert refs(searching.find("export after:2026-03-05")) == ["2"]
    assert refs(searching.find("before:2026-03-03")) == ["1"]
    assert refs(searching.find("from:Ana export")) == ["2", "1"]
    assert refs(searching.find("from:bo export")) == []


def test_a_filter_that_cannot_be_is_told_and_left_out(store: Store, searching: Searching) -> None:
    put(store, "1", words="export")
    found = searching.find("export kind:nonsense sev:9 before:yesterday")
    assert refs(found) == ["1"]
    assert [problem.field for problem in found.problems] == ["kind", "sev", "before"]


def test_pages_follow_each_other_and_count_all(store: Store, searching: Searching) -> None:
    for number in range(5):
        put(store, str(number), words="export")
    first, second = searching.find("export", limit=3), searching.find("export", limit=3, after=3)
    assert refs(first) + refs(second) == ["4", "3", "2", "1", "0"]
    assert (first.total, first.more) == (5, False)


def test_more_matches_than_are_ranked_are_counted_as_more(store: Store, searching: Searching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "WINDOW", 3)
    for number in range(5):
        put(store, str(number), words="export")
    found = searching.find("export")
    assert (refs(found), found.total, found.more) == (["4", "3", "2", "1"], 3, True)


def test_a_snippet_shows_the_first_place_with_its_words_marked(store: Store, searching: Searching) -> None:
    put(store, "1", words="word " * 100 + "the Éxport failed at <b>10:42</b>" + " word" * 100)
    (hit,) = searching.find("export 10").hits
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["Éxport", "10"]
    assert "<b>10:42</b>" in hit.snippet.text


def test_nothing_asked_finds_nothing(searching: Searching) -> None:
    assert refs(searching.find("  !? ")) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(alphabet=st.characters(codec=None), max_size=60) | st.from_regex(r'[-"*:^(){}\\\'&|!<>a-z0-9 \x00]{0,40}'))
def test_any_text_at_all_is_searched_without_an_error(searching: Searching, query: str) -> None:
    searching.find(query)


@pytest.mark.parametrize(
    "query",
    [
        "NEAR(a b)",
        "title:export",
        "a OR b",
        "a AND NOT b",
        '"',
        "'",
        "a'; DROP TABLE incident; --",
        "x" * 5000,
        "a:*",
        "^a",
        "{a}",
        "\x00a",
    ],
)
def test_the_syntax_of_databases_is_words(store: Store, searching: Searching, query: str) -> None:
    put(store, "1", words="export")
    assert refs(searching.find(query)) == []


@pytest.fixture
def people(usecases: UseCases, store: Store) -> UseCases:
    """A workspace in which ana is an owner, bo a responder and cy a reader."""
    with store.writing() as connection:
        rows_ = [("ana", "owner"), ("bo", "responder"), ("cy", "reader")]
        listed = [{"name": name, "display": name, "role": role, "created_at": START} for name, role in rows_]
        connection.execute(person.insert(), listed)
    return usecases


def kinds(usecases: UseCases, query: str, by: str) -> list[str]:
    return sorted(hit.kind for hit in usecases.searching.find(query, by=by, limit=100).hits)


def written(usecases: UseCases, *, private: bool) -> str:
    """An incident with one thing of every kind in it, each of which says Annabel."""
    incident = usecases.incidents.open("Annabel saw it", private=private, by="bo").id
    usecases.recording.fact(incident, "impact", "Annabel was hit", by="bo")
    usecases.recording.comment(incident, "said Annabel", by="bo")
    usecases.involving.add_stakeholder(incident, "Annabel", by="bo")
    usecases.involving.add_link(incident, "ticket", "https://example.com/annabel", by="bo")
    usecases.messaging.record("I will call Annabel by 11:10 UTC.", audience="team", tz="UTC", incident_id=incident, by="bo")
    usecases.drafting.new("To Annabel", incident_id=incident, by="bo")
    usecases.acting.propose(incident, "Ask Annabel first", kind="checklist", by="bo")
    usecases.documents.new(incident, "Notes", text="Annabel called", by="bo")
    usecases.timelines.add(incident, START, "Annabel called", by="bo")
    usecases.narrating.state(incident, "claim", "rows were skipped", kind="signal", who="Annabel", by="bo")
    return incident


ALL = ["action", "comment", "document", "fact", "incident", "link", "message", "note", "point", "promise", "stakeholder"]


def test_everything_is_found_as_soon_as_it_is_written_and_a_draft_by_its_author_only(people: UseCases) -> None:
    written(people, private=False)
    assert kinds(people, "annabel", "bo") == sorted([*ALL, "draft"])
    assert kinds(people, "annabel", "ana") == kinds(people, "annabel", "cy") == ALL


def test_a_private_incident_is_found_with_all_that_hangs_on_it_by_those_invited_only_whatever_their_role(people: UseCases) -> None:
    incident = written(people, private=True)
    assert kinds(people, "annabel", "ana") == kinds(people, "annabel", "cy") == []
    assert kinds(people, "annabel -nothing kind:fact kind:message", "ana") == []
    people.involving.invite(incident, "cy", by="bo")
    assert kinds(people, "annabel", "cy") == ALL
    assert people.searching.find("annabel", by="ana").total == 0


def test_what_is_removed_or_changed_is_found_no_more_and_what_is_restored_again(people: UseCases) -> None:
    incident = written(people, private=False)
    fact = next(one for one in people.recording.events(incident, by="bo") if one.what == "fact")
    people.recording.fact(incident, "impact", "Nobody was hit", replaces=fact.id, by="bo")
    assert "fact" not in kinds(people, "annabel", "bo")
    people.incidents.remove(incident, by="bo")
    assert kinds(people, "annabel", "bo") == []
    people.incidents.restore(incident, by="bo")
    assert len(kinds(people, "annabel", "bo")) == len(ALL)


def test_a_stranger_finds_nothing(people: UseCases) -> None:
    with pytest.raises(ForbiddenError):
        people.searching.find("annabel", by="nobody")


def test_a_draft_is_found_as_it_stands_and_no_more_once_it_was_discarded(people: UseCases) -> None:
    draft = people.drafting.new("first words", by="bo")
    people.drafting.save(draft.id, "second words", "auto", None, None, 1, by="bo")
    assert (kinds(people, "first", "bo"), kinds(people, "second", "bo")) == ([], ["draft"])
    people.drafting.discard(draft.id, by="bo")
    assert kinds(people, "words", "bo") == []


@pytest.mark.parametrize(
    "letters", ["\ufdfa ", "각", "\U0001f600", "a\u0301\u0302\u0303\u0304", "x" * 3000 + " ", "1e5 12:30 -- ", "\u202e\u0301"]
)
def test_the_longest_text_of_any_letters_is_kept_and_searched(people: UseCases, letters: str) -> None:
    people.drafting.new((letters * 1_000_000)[:999_990] + " the end", by="bo")
    people.drafting.new("".join(chr(0xAC00 + number % 11_000) + " " for number in range(400_000)), by="bo")
    assert kinds(people, "end", "bo") == []
