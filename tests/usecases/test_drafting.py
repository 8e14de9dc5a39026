"""A draft is kept for ever as versions; two pages that write at once are joined or told apart, and no text is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError, NotFoundError, TooLargeError, UnknownNameError
from amends.core.incident import DraftConflictError, DraftContent, SavedDraft
from amends.testing import START

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def save(usecases: UseCases, draft: SavedDraft, text: str, *, form: str = "auto", audience: str | None = None) -> SavedDraft:
    """Save as a page does that last saw `draft`."""
    return usecases.drafting.save(draft.id, text, form, audience, draft.content.tz, draft.version)


def texts(usecases: UseCases, draft: SavedDraft) -> list[tuple[int, str, str]]:
    return [(kept.version, kept.outcome, kept.content.text) for kept in usecases.drafting.versions(draft.id)]


def whats(usecases: UseCases, draft: SavedDraft) -> list[str]:
    return [entry.what for entry in usecases.journal.about(f"draft/{draft.id}")]


def test_a_new_draft_is_version_1_and_open(usecases: UseCases) -> None:
    draft = usecases.drafting.new("I broke the export.", "first-message", "team", "Europe/London")
    assert draft == usecases.drafting.get(draft.id)
    assert draft.content == DraftContent("I broke the export.", "first-message", "team", "Europe/London")
    assert (draft.version, draft.is_open, draft.author, draft.created_at, draft.updated_at) == (1, True, "local", START, START)


def test_a_draft_can_begin_empty_and_about_an_incident(usecases: UseCases) -> None:
    incident = usecases.incidents.open("The export skipped rows")
    draft = usecases.drafting.new(incident_id=incident.id)
    assert (draft.incident_id, draft.content) == (incident.id, DraftContent(""))
    with pytest.raises(NotFoundError, match="no incident"):
        usecases.drafting.new(incident_id="0" * 26)


def test_each_change_is_a_version_with_its_time(usecases: UseCases, clock: FixedClock) -> None:
    draft = usecases.drafting.new("I broke")
    clock.advance(seconds=20)
    draft = save(usecases, draft, "I broke the export.")
    assert (draft.version, draft.created_at, draft.updated_at) == (2, START, clock.now())
    assert texts(usecases, draft) == [(1, "saved", "I broke"), (2, "saved", "I broke the export.")]
    assert [kept.based_on for kept in usecases.drafting.versions(draft.id)] == [None, 1]


def test_saving_what_is_there_already_makes_no_version_and_no_entry(usecases: UseCases) -> None:
    draft = usecases.drafting.new("I broke the export.")
    assert save(usecases, draft, "I broke the export.") == draft
    assert whats(usecases, draft) == ["draft.started"]


def test_a_change_of_form_or_audience_alone_is_a_version_too(usecases: UseCases) -> None:
    draft = usecases.drafting.new("I broke the export.")
    draft = save(usecases, draft, "I broke the export.", form="exec-status", audience="leadership")
    assert (draft.version, draft.content.form, draft.content.audience) == (2, "exec-status", "leadership")


class TestTwoPagesWriteAtOnce:
    def test_the_same_text_twice_is_no_conflict(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        first = save(usecases, seen, "I broke the export.")
        assert save(usecases, seen, "I broke the export.") == first

    def test_a_page_that_changed_nothing_takes_the_newer_text(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        newer = save(usecases, seen, "I broke the export.")
        assert save(usecases, seen, "I broke") == newer

    def test_changes_of_different_fields_are_joined(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        save(usecases, seen, "I broke the export.")
        joined = save(usecases, seen, "I broke", form="first-message")
        assert joined.content == DraftContent("I broke the export.", "first-message")
        assert (joined.version, usecases.drafting.versions(seen.id)[-1].outcome) == (3, "merged")
        assert whats(usecases, seen) == ["draft.started", "draft.saved", "draft.merged"]

    def test_the_other_way_round_too(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        save(usecases, seen, "I broke", form="first-message")
        assert save(usecases, seen, "I broke the export.").content == DraftContent("I broke the export.", "first-message")

    def test_two_texts_are_a_conflict_that_carries_the_current_draft_and_keeps_the_losing_text(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        current = save(usecases, seen, "I broke the export.")
        with pytest.raises(DraftConflictError, match="your text is kept as version 3") as caught:
            save(usecases, seen, "I broke the import.")
        assert (caught.value.current, caught.value.kept_as, caught.value.code) == (current, 3, "conflict")
        assert usecases.drafting.get(seen.id) == current
        assert texts(usecases, seen)[2] == (3, "set-aside", "I broke the import.")

    def test_two_forms_are_a_conflict_as_well(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        save(usecases, seen, "I broke", form="first-message")
        with pytest.raises(DraftConflictError):
            save(usecases, seen, "I broke", form="exec-status")

    def test_a_page_that_retries_does_not_fill_the_store(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        save(usecases, seen, "I broke the export.")
        for _ in range(3):
            with pytest.raises(DraftConflictError, match="version 3"):
                save(usecases, seen, "I broke the import.")
        assert len(texts(usecases, seen)) == 3

    def test_after_a_conflict_the_next_save_based_on_the_current_version_goes_on(self, usecases: UseCases) -> None:
        seen = usecases.drafting.new("I broke")
        save(usecases, seen, "I broke the export.")
        with pytest.raises(DraftConflictError) as caught:
            save(usecases, seen, "I broke the import.")
        both = save(usecases, caught.value.current, "I broke the export and the import.")
        assert (both.version, both.content.text) == (4, "I broke the export and the import.")

    @pytest.mark.parametrize("version", [0, -1, 7, 2**31, 2**70])
    def test_a_version_that_is_not_there_is_taken_as_unknown_ground_not_as_permission(self, usecases: UseCases, version: int) -> None:
        draft = usecases.drafting.new("I broke")
        assert usecases.drafting.save(draft.id, "I broke", "auto", None, None, version) == draft
        with pytest.raises(DraftConflictError):
            usecases.drafting.save(draft.id, "I broke the export.", "auto", None, None, version)
        assert texts(usecases, draft)[-1] == (2, "set-aside", "I broke the export.")


class TestClosing:
    def test_a_finished_or_discarded_draft_leaves_the_list_and_comes_back_when_reopened(
        self, usecases: UseCases, clock: FixedClock
    ) -> None:
        kept, sent, unwanted = (usecases.drafting.new(text) for text in ("kept", "sent", "unwanted"))
        clock.advance(minutes=1)
        assert usecases.drafting.finish(sent.id).finished_at == clock.now()
        assert usecases.drafting.discard(unwanted.id).discarded_at == clock.now()
        assert usecases.drafting.list_open() == (kept,)
        assert {usecases.drafting.reopen(one.id) for one in (sent, unwanted)} == {sent, unwanted}
        assert set(usecases.drafting.list_open()) == {kept, sent, unwanted}
        assert whats(usecases, unwanted) == ["draft.started", "draft.discarded", "draft.reopened"]

    def test_closing_twice_changes_nothing_and_is_noted_once(self, usecases: UseCases, clock: FixedClock) -> None:
        draft = usecases.drafting.new("sent")
        first = usecases.drafting.finish(draft.id)
        clock.advance(minutes=1)
        assert usecases.drafting.finish(draft.id) == first
        assert whats(usecases, draft) == ["draft.started", "draft.finished"]

    def test_a_finished_draft_that_is_discarded_is_discarded_only(self, usecases: UseCases) -> None:
        draft = usecases.drafting.new("sent")
        usecases.drafting.finish(draft.id)
        discarded = usecases.drafting.discard(draft.id)
        assert (discarded.finished_at, discarded.discarded_at) == (None, START)

    def test_a_text_for_a_closed_draft_is_refused_and_kept(self, usecases: UseCases) -> None:
        draft = usecases.drafting.new("sent")
        usecases.drafting.finish(draft.id)
        with pytest.raises(DraftConflictError, match="already finished") as caught:
            save(usecases, draft, "sent and more")
        assert "reopen" in caught.value.hint
        assert texts(usecases, draft)[-1] == (2, "set-aside", "sent and more")
        usecases.drafting.reopen(draft.id)
        assert save(usecases, draft, "sent and more").version == 3

    def test_a_late_autosave_of_the_same_text_does_not_disturb_a_closed_draft(self, usecases: UseCases) -> None:
        draft = usecases.drafting.new("sent")
        usecases.drafting.discard(draft.id)
        assert not save(usecases, draft, "sent").is_open


class TestPrivacy:
    def test_a_draft_is_there_for_its_author_only(self, usecases: UseCases) -> None:
        draft = usecases.drafting.new("I broke the export.", by="ana")
        drafting = usecases.drafting
        for attempt in (
            lambda: drafting.get(draft.id, by="bo"),
            lambda: drafting.versions(draft.id, by="bo"),
            lambda: drafting.save(draft.id, "x", "auto", None, None, 1, by="bo"),
            lambda: drafting.finish(draft.id, by="bo"),
            lambda: drafting.discard(draft.id, by="bo"),
            lambda: drafting.reopen(draft.id, by="bo"),
        ):
            with pytest.raises(NotFoundError, match="there is no draft"):
                attempt()
        assert drafting.list_open(by="bo") == ()
        assert drafting.list_open(by="ana") == (draft,)

    def test_the_journal_knows_a_text_by_length_and_salted_hash_only(self, usecases: UseCases) -> None:
        one, same = (usecases.drafting.new("Payroll ran twice.", "first-message", "team", "Europe/London", by="ana") for _ in range(2))
        entries = [*usecases.journal.about(f"draft/{one.id}"), *usecases.journal.about(f"draft/{same.id}")]
        data = [json.loads(entry.data) for entry in entries]
        assert [entry.actor for entry in entries] == ["ana", "ana"]
        assert {key: value for key, value in data[0].items() if key != "sha256"} == {
            "audience": "team", "based_on": None, "form": "first-message", "length": 18, "tz": "Europe/London", "version": 1,
        }  # fmt: skip
        assert data[0]["sha256"] != data[1]["sha256"], "equal texts must not show as equal"
        assert "Payroll" not in "".join(map(repr, entries))


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "named"), [("a\0b", r"character 2 of the text \(U\+0000\)"), ("\ud83d", r"character 1 .* \(U\+D83D\)")]
    )
    def test_characters_that_no_database_holds_are_named_by_place(self, usecases: UseCases, text: str, named: str) -> None:
        draft = usecases.drafting.new("kept")
        with pytest.raises(InputError, match=named) as caught:
            save(usecases, draft, text)
        assert caught.value.field == "text"
        assert usecases.drafting.get(draft.id) == draft

    def test_a_text_beyond_the_limit_is_refused_with_the_limit(self, usecases: UseCases) -> None:
        assert usecases.drafting.new("a" * 1_000_000).version == 1
        with pytest.raises(TooLargeError, match="1,000,001 characters, the limit is 1,000,000"):
            usecases.drafting.new("a" * 1_000_001)

    @pytest.mark.parametrize("form", ["", "First", "a b", "x" * 65, "../etc", "a\0"])
    def test_what_cannot_be_a_form_is_refused(self, usecases: UseCases, form: str) -> None:
        with pytest.raises(InputError) as caught:
            usecases.drafting.new("a", form)
        assert caught.value.field == "form"

    @pytest.mark.parametrize("tz", ["", "Europe London", "x" * 65, "a\0"])
    def test_what_cannot_be_a_zone_is_refused(self, usecases: UseCases, tz: str) -> None:
        with pytest.raises(InputError) as caught:
            usecases.drafting.new("a", tz=tz)
        assert caught.value.field == "tz"

    def test_an_unknown_audience_is_refused_with_the_list(self, usecases: UseCases) -> None:
        with pytest.raises(UnknownNameError, match="unknown audience 'everybody'") as caught:
            usecases.drafting.new("a", audience="everybody")
        assert "customers" in caught.value.hint

    @pytest.mark.parametrize("draft_id", ["", "0" * 26, "a\0b", "ü", "' OR 1=1 --", "../x"])
    def test_an_id_that_is_none_is_not_found(self, usecases: UseCases, draft_id: str) -> None:
        with pytest.raises(NotFoundError):
            usecases.drafting.get(draft_id)


@pytest.mark.parametrize("text", ["שלום עולם", "👩‍🚒 e\u0301", "a\r\nb\rc\u2028d", " \t ", "'; DROP TABLE draft; --", "%s %(x)s :x {y}"])
def test_a_text_comes_back_character_by_character(usecases: UseCases, text: str) -> None:
    draft = usecases.drafting.new(text)
    assert usecases.drafting.get(draft.id).content.text == text


def test_open_drafts_are_listed_by_last_change_up_to_a_limit(usecases: UseCases, clock: FixedClock) -> None:
    drafts = []
    for number in range(5):
        clock.advance(minutes=1)
        drafts.append(usecases.drafting.new(f"draft {number}"))
    clock.advance(minutes=1)
    save(usecases, drafts[1], "changed last")
    assert [draft.content.text for draft in usecases.drafting.list_open(limit=3)] == ["changed last", "draft 4", "draft 3"]
