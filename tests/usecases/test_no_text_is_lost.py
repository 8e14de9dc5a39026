"""Whatever several pages do to drafts in whatever order, each text that was handed over can be read afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule, run_state_machine_as_test

from amends.core.errors import InputError
from amends.core.incident import DraftConflictError, SavedDraft
from amends.store.engine import open_store
from amends.testing import CountingIds, FixedClock, memory_store
from amends.usecases.drafting import Drafting
from amends.usecases.journal import Journal

if TYPE_CHECKING:
    from amends.store.engine import Store

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["I broke", "I broke the export.", "fixed"]
)
forms = st.sampled_from(["auto", "first-message", "exec-status"])
audiences = st.sampled_from([None, "team", "customers"])


class Pages(RuleBasedStateMachine):
    """Pages open drafts, write, save, and close them, each knowing only the version that it saw last."""

    store: Store
    seen = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock()
        self.drafting = Drafting(self.store, self.clock, CountingIds() if self.store.address == "sqlite+pysqlite://" else IDS)
        self.handed_over: dict[str, set[str]] = {}
        self.closed: dict[str, bool] = {}

    def given(self, draft_id: str, text: str) -> None:
        self.handed_over.setdefault(draft_id, set()).add(text)

    @rule(target=seen, text=texts, form=forms, audience=audiences)
    def begin(self, text: str, form: str, audience: str | None) -> SavedDraft:
        draft = self.drafting.new(text, form, audience)
        self.given(draft.id, text)
        self.closed[draft.id] = False
        return draft

    @rule(target=seen, draft=seen)
    def look(self, draft: SavedDraft) -> SavedDraft:
        return self.drafting.get(draft.id)

    @rule(target=seen, draft=seen, text=texts, form=forms, audience=audiences)
    def save(self, draft: SavedDraft, text: str, form: str, audience: str | None) -> SavedDraft:
        return self._save(draft, text, form, audience)

    @rule(target=seen, draft=seen, text=texts)
    def write_on(self, draft: SavedDraft, text: str) -> SavedDraft:
        return self._save(draft, draft.content.text + text, draft.content.form, draft.content.audience)

    @rule(draft=seen)
    def finish(self, draft: SavedDraft) -> None:
        self.closed[draft.id] = not self.drafting.finish(draft.id).is_open

    @rule(draft=seen)
    def discard(self, draft: SavedDraft) -> None:
        self.closed[draft.id] = not self.drafting.discard(draft.id).is_open

    @rule(draft=seen)
    def reopen(self, draft: SavedDraft) -> None:
        self.closed[draft.id] = not self.drafting.reopen(draft.id).is_open

    @rule(draft=seen)
    def hand_over_what_cannot_be_kept(self, draft: SavedDraft) -> None:
        with pytest.raises(InputError):
            self.drafting.save(draft.id, "\0", "auto", None, None, draft.version)

    @rule(target=seen, draft=consumes(seen), minutes=st.integers(0, 90))
    def wait(self, draft: SavedDraft, minutes: int) -> object:
        self.clock.advance(minutes=minutes)
        return multiple(draft)

    @invariant()
    def every_text_can_be_read(self) -> None:
        for draft_id, handed_over in self.handed_over.items():
            kept = self.drafting.versions(draft_id)
            assert handed_over <= {version.content.text for version in kept}
            assert [version.version for version in kept] == list(range(1, len(kept) + 1))

    @invariant()
    def a_draft_stands_at_a_version_that_was_not_set_aside(self) -> None:
        for draft_id, closed in self.closed.items():
            draft = self.drafting.get(draft_id)
            head = self.drafting.versions(draft_id)[draft.version - 1]
            assert (head.version, head.content, draft.is_open) == (draft.version, draft.content, not closed)
            assert head.outcome != "set-aside"

    @invariant()
    def the_journal_is_whole(self) -> None:
        assert Journal(self.store).verify() == []

    def _save(self, draft: SavedDraft, text: str, form: str, audience: str | None) -> SavedDraft:
        self.given(draft.id, text)
        try:
            return self.drafting.save(draft.id, text, form, audience, None, draft.version)
        except DraftConflictError as conflict:
            aside = self.drafting.versions(draft.id)[conflict.kept_as - 1]
            assert (aside.outcome, aside.content.text, aside.content.form) == ("set-aside", text, form)
            return conflict.current


IDS = CountingIds()
"""Shared by all runs on PostgreSQL, because they share a database: starting one anew takes longer than the run."""

BRIEF = settings(deadline=None, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None)


def test_no_text_is_lost_on_sqlite() -> None:
    class OnSqlite(Pages):
        def __init__(self) -> None:
            type(self).store = memory_store()
            super().__init__()

        def teardown(self) -> None:
            self.store.close()

    run_state_machine_as_test(OnSqlite, settings=settings(BRIEF, max_examples=60))


@pytest.mark.postgres
def test_no_text_is_lost_on_postgresql(migrated_postgres: str) -> None:
    class OnPostgresql(Pages):
        store = open_store(migrated_postgres)

    run_state_machine_as_test(OnPostgresql, settings=settings(BRIEF, max_examples=15))
    OnPostgresql.store.close()
