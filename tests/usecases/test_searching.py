"""Searching: what is found, by whom, in which order, and that nothing typed is ever syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from amends.core.search import parse
from amends.store import search as rows
from amends.usecases.searching import Searching

if TYPE_CHECKING:
    from amends.core.search import Found
    from amends.store.engine import Store

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
