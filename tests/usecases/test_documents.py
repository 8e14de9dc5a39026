"""Shared texts: several people write at once, and every word of every one of them is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ForbiddenError, InputError, NotFoundError, TooLargeError, UnknownNameError
from amends.incidents.document import TEXT_LIMIT, DocumentConflictError
from amends.incidents.merging import Line
from amends.store.schema import invitation, person
from amends.usecases.given import id_once

if TYPE_CHECKING:
    from amends.incidents.document import Document
    from amends.store.engine import Store
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

BASE = "# Notes\n\nThe queue is full.\n\nDana calls the shops.\n"


@pytest.fixture
def incident_id(usecases: UseCases) -> str:
    return usecases.incidents.open("Checkout fails").id


@pytest.fixture
def text(usecases: UseCases, incident_id: str) -> Document:
    return usecases.documents.new(incident_id, "Notes of the call", text=BASE)


def outcomes(usecases: UseCases, document: Document) -> list[tuple[int, str]]:
    return [(one.version, one.outcome) for one in usecases.documents.versions(document.head.id)]


def test_a_text_belongs_to_its_incident(usecases: UseCases, incident_id: str, text: Document) -> None:
    assert usecases.documents.list(incident_id) == (text.head,)
    assert usecases.documents.get(text.head.id).text == BASE
    assert (text.head.kind, text.head.title, text.head.version, text.head.length) == ("note", "Notes of the call", 1, len(BASE))


def test_a_save_is_a_version_and_the_same_once_more_is_none(usecases: UseCases, text: Document, clock: FixedClock) -> None:
    clock.advance(minutes=1)
    for _ in range(2):
        after = usecases.documents.save(text.head.id, BASE + "It drains.\n", 1)
    assert (after.head.version, after.head.updated_at) == (2, clock.now())
    assert outcomes(usecases, text) == [(1, "saved"), (2, "saved")]


def test_a_retry_that_comes_after_the_save_of_somebody_else_is_no_version(usecases: UseCases, text: Document) -> None:
    usecases.documents.save(text.head.id, BASE.replace("full", "stuck"), 1)
    usecases.documents.save(text.head.id, BASE.replace("full", "empty"), 2)
    assert usecases.documents.save(text.head.id, BASE.replace("full", "stuck"), 1).text == BASE.replace("full", "empty")
    assert len(outcomes(usecases, text)) == 3


def test_changes_of_different_paragraphs_are_joined(usecases: UseCases, text: Document) -> None:
    usecases.documents.save(text.head.id, BASE.replace("full", "stuck"), 1)
    joined = usecases.documents.save(text.head.id, BASE.replace("Dana", "Ben"), 1)
    assert joined.text == BASE.replace("full", "stuck").replace("Dana", "Ben")
    assert outcomes(usecases, text) == [(1, "saved"), (2, "saved"), (3, "merged")]


def test_changes_of_one_paragraph_are_a_conflict_and_both_are_kept(usecases: UseCases, text: Document) -> None:
    usecases.documents.save(text.head.id, BASE.replace("full", "stuck"), 1)
    mine = BASE.replace("full", "empty")
    with pytest.raises(DocumentConflictError) as refused:
        usecases.documents.save(text.head.id, mine, 1)
    assert refused.value.kept_as == 3
    assert refused.value.current.head.version == 2
    assert usecases.documents.version(text.head.id, 3).text == mine
    with pytest.raises(DocumentConflictError) as again:
        usecases.documents.save(text.head.id, mine, 1)
    assert again.value.kept_as == 3
    decided = usecases.documents.save(text.head.id, mine, 2)
    assert (decided.text, decided.head.version) == (mine, 4)


def test_a_version_that_never_was_joins_nothing(usecases: UseCases, text: Document) -> None:
    with pytest.raises(DocumentConflictError):
        usecases.documents.save(text.head.id, "Something else.", 77)
    assert usecases.documents.version(text.head.id, 2).based_on is None
    assert usecases.documents.save(text.head.id, BASE, -1).head.version == 1


def test_line_ends_of_another_system_change_nothing(usecases: UseCases, text: Document) -> None:
    assert usecases.documents.save(text.head.id, BASE.replace("\n", "\r\n"), 1).head.version == 1


def test_an_emptied_text_is_a_version_too(usecases: UseCases, text: Document) -> None:
    assert usecases.documents.save(text.head.id, "", 1).text == ""
    assert usecases.documents.go_back(text.head.id, 1).text == BASE
    assert [outcome for _, outcome in outcomes(usecases, text)] == ["saved"] * 3


def test_the_differences_of_two_versions_are_told_by_line(usecases: UseCases, text: Document) -> None:
    usecases.documents.save(text.head.id, BASE.replace("full", "stuck"), 1)
    (hunk,) = usecases.documents.differences(text.head.id, 1, 2)
    assert [line for line in hunk.lines if line.what != "same"] == [
        Line("removed", "The queue is full."),
        Line("added", "The queue is stuck."),
    ]
    with pytest.raises(NotFoundError):
        usecases.documents.differences(text.head.id, 1, 9)


def test_what_was_removed_is_hidden_keeps_what_is_written_and_comes_back(usecases: UseCases, incident_id: str, text: Document) -> None:
    usecases.documents.remove(text.head.id)
    assert usecases.documents.list(incident_id) == ()
    assert [one.id for one in usecases.documents.list(incident_id, removed=True)] == [text.head.id]
    with pytest.raises(DocumentConflictError, match="was removed"):
        usecases.documents.save(text.head.id, BASE + "Late words.", 1)
    assert usecases.documents.version(text.head.id, 2).text == BASE + "Late words."
    usecases.documents.restore(text.head.id)
    assert usecases.documents.save(text.head.id, BASE + "Late words.", 1).text == BASE + "Late words."


def test_a_new_title_is_in_the_journal_without_its_words(usecases: UseCases, text: Document) -> None:
    assert usecases.documents.rename(text.head.id, "  What we said ").head.title == "What we said"
    last = list(usecases.journal.entries())[-1]
    assert last.what == "document.renamed"
    assert "What" not in last.data


def test_what_cannot_be_kept_is_refused_by_name(usecases: UseCases, incident_id: str, text: Document) -> None:
    with pytest.raises(UnknownNameError, match="kind of document"):
        usecases.documents.new(incident_id, "Poem", kind="poem")
    for title in ("", "a\nb", "x" * 201):
        with pytest.raises(InputError):
            usecases.documents.new(incident_id, title)
    with pytest.raises(InputError):
        usecases.documents.save(text.head.id, "half \ud800", 1)
    with pytest.raises(TooLargeError):
        usecases.documents.save(text.head.id, "x" * (TEXT_LIMIT + 1), 1)
    with pytest.raises(NotFoundError):
        usecases.documents.new("nowhere", "Notes")
    with pytest.raises(NotFoundError):
        usecases.documents.get("no id at all")
    assert len(outcomes(usecases, text)) == 1


def test_a_second_try_to_begin_finds_the_first(usecases: UseCases, incident_id: str) -> None:
    key = id_once("a key", b"notes", "local")
    first = usecases.documents.new(incident_id, "Notes", once=key)
    assert usecases.documents.new(incident_id, "Notes", once=key) == first
    with pytest.raises(InputError, match="another request"):
        usecases.documents.new(incident_id, "Notes", once=id_once("a key", b"another", "local"))


def test_part_of_an_id_is_enough(usecases: UseCases, text: Document) -> None:
    assert usecases.documents.meant(text.head.id[-4:]).id == text.head.id
    with pytest.raises(NotFoundError):
        usecases.documents.meant("ZZZZ")


def test_who_may_not_see_an_incident_finds_none_of_its_texts(usecases: UseCases, store: Store, incident_id: str, text: Document) -> None:
    now = usecases.clock.now()
    with store.writing() as connection:
        people = [("ana", "owner"), ("ben", "responder"), ("cem", "reader")]
        rows = [{"name": name, "display": name, "role": role, "created_at": now} for name, role in people]
        connection.execute(person.insert(), rows)
    assert usecases.documents.get(text.head.id, by="cem").text == BASE
    with pytest.raises(ForbiddenError):
        usecases.documents.save(text.head.id, "Mine.", 1, by="cem")
    with pytest.raises(ForbiddenError):
        usecases.documents.get(text.head.id, by="nobody")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE incident SET visibility = 'private'")
        connection.execute(invitation.insert(), {"incident_id": incident_id, "person": "ana", "since": now, "invited_by": "ana"})
    assert usecases.documents.save(text.head.id, "Ana's.", 1, by="ana").head.updated_by == "ana"
    with pytest.raises(NotFoundError, match="no document") as refused:
        usecases.documents.get(text.head.id, by="ben")
    assert incident_id not in str(refused.value)
    for hidden in (lambda: usecases.documents.list(incident_id, by="ben"), lambda: usecases.documents.meant(text.head.id, by="ben")):
        with pytest.raises(NotFoundError):
            hidden()


def test_eight_people_who_write_at_once_lose_nothing(usecases: UseCases, incident_id: str) -> None:
    names = [f"person-{number}" for number in range(8)]
    sections = "\n\n".join(f"## {name}\n\n- start" for name in names)
    made = usecases.documents.new(incident_id, "Minutes", text=sections)

    def write(name: str) -> None:
        seen = made
        for turn in range(5):
            text = seen.text.replace(f"## {name}\n\n", f"## {name}\n\n- {name} {turn}\n")
            seen = usecases.documents.save(made.head.id, text, seen.head.version)

    threads = [threading.Thread(target=write, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    final = usecases.documents.get(made.head.id).text
    assert all(f"- {name} {turn}\n" in final for name in names for turn in range(5))
