"""What became of promises: fates follow from times alone, and nobody is accused without evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.problem import Problem
from amends.core.record import replace
from amends.promises.audit import Audit, AuditedPromise, Passed, Silent, as_values
from amends.promises.fate import FATES
from amends.promises.sift import Sift, in_order
from amends.promises.updates.update import Update
from amends.promises.waiting import TOLD

START = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
LONG_AFTER = START + timedelta(days=30)
NEXT = "Next update at 11:30."


def at(clock: str, day: int = 4) -> datetime:
    parts = [int(part) for part in clock.split(":")]
    return START.replace(day=day, hour=parts[0], minute=parts[1], second=parts[2] if len(parts) > 2 else 0)


def update(id: str, clock: str, text: str = "We are still looking.", **changes: Any) -> Update:
    return replace(Update(id, "login", at(clock), "UTC", text, source="u.jsonl"), **changes)


def audited(*updates: Update, now: datetime = LONG_AFTER) -> list[Any]:
    return list(Audit(now).incident(sorted(updates, key=in_order)))


def promises(*updates: Update, now: datetime = LONG_AFTER) -> list[AuditedPromise]:
    return [one for one in audited(*updates, now=now) if isinstance(one, AuditedPromise)]


def fates(*updates: Update, now: datetime = LONG_AFTER) -> list[str]:
    return [one.fate for one in promises(*updates, now=now)]


# The next update


@pytest.mark.parametrize(
    ("clock", "fate", "late"),
    [("10:51", "kept", 0), ("11:30", "kept", 0), ("11:30:59", "kept", 0), ("11:31", "late", 60), ("13:30", "late", 7200)],
)
def test_an_update_is_in_time_until_the_end_of_the_promised_minute(clock: str, fate: str, late: int) -> None:
    (one,) = promises(update("1", "10:50", NEXT), update("2", clock))
    assert (one.fate, one.late_by_s, one.settled_by, one.settled_at) == (fate, late, "2", at(clock))
    assert (one.incident, one.message, one.quote, one.kind) == ("login", "1", "Next update at 11:30", "next_update")
    assert (one.due, one.made_at) == (at("11:30"), at("10:50"))


@pytest.mark.parametrize(("now", "fate"), [("11:00", "open"), ("11:30:59", "open"), ("11:31", "missed")])
def test_without_another_update_it_is_open_until_its_minute_has_passed_and_then_missed(now: str, fate: str) -> None:
    (one,) = promises(update("1", "10:50", NEXT), now=at(now))
    assert (one.fate, one.settled_at, one.settled_by, one.late_by_s) == (fate, None, None, None)


def test_an_update_at_the_same_instant_is_not_the_next_one() -> None:
    assert fates(update("1", "10:50", NEXT), update("2", "10:50", "Another view of it.")) == ["missed"]


def test_only_the_first_later_update_settles() -> None:
    (one,) = promises(update("1", "10:50", NEXT), update("2", "11:40"), update("3", "11:20", "Earlier than the second."))
    assert (one.fate, one.settled_by) == ("kept", "3")


def test_an_expected_next_update_is_waited_for_and_a_forecast_of_anything_else_is_no_promise() -> None:
    text = "We expect the next update at 11:30. We expect recovery by 12:00."
    assert [one.kind for one in promises(update("1", "10:50", text))] == ["next_update"]


def test_what_somebody_else_plans_is_no_promise_of_ours() -> None:
    assert promises(update("1", "10:50", "Our vendor will deploy the patch by 14:00.")) == []


def test_a_promise_said_twice_counts_once_and_keeping_posted_beside_a_time_adds_nothing() -> None:
    text = "Next update at 11:30. We will keep you updated. We will post the next update at 11:30."
    assert [one.quote for one in promises(update("1", "10:50", text))] == ["Next update at 11:30"]


def test_without_a_time_nobody_can_tell() -> None:
    (one,) = promises(update("1", "10:50", "We will provide an update soon."), update("2", "11:00"))
    assert (one.fate, one.due, bool(one.reason)) == ("unverifiable", None, True)


def test_a_time_that_had_passed_when_it_was_published_accuses_nobody() -> None:
    text = "Wednesday 4 March 2026, starting at 9:15 UTC, we will upgrade the cluster."
    (one,) = promises(update("1", "10:50", text), update("2", "11:00"))
    assert (one.fate, one.reason) == ("unverifiable", TOLD["past"])


# Who may keep it


def test_another_audience_does_not_settle_and_one_that_is_not_named_does() -> None:
    made = update("1", "10:50", NEXT, audience="customers")
    assert fates(made, update("2", "11:00", audience="team"), update("3", "11:40", audience="customers")) == ["late"]
    assert fates(made, update("2", "11:00")) == ["kept"]


def test_in_talk_only_the_same_author_settles_and_only_where_it_was_said() -> None:
    made = update("1", "10:50", NEXT, talk=True, author="ada")
    other, own = update("2", "11:00", talk=True, author="max"), update("3", "11:40", talk=True, author="ada")
    assert [(one.fate, one.settled_by) for one in promises(made, other, own)] == [("late", "3")]
    elsewhere = replace(own, id="4", at=at("11:10"), places=("77.1",))
    assert [one.settled_by for one in promises(made, elsewhere, own)] == ["3"]
    opening = replace(made, places=("", "77.1"))
    assert [one.settled_by for one in promises(opening, elsewhere, own)] == ["4"]
    in_thread = replace(made, places=("77.1",))
    assert [(one.settled_by, one.incident) for one in promises(in_thread, own, elsewhere)] == [("4", "login/77.1")]


# Everything else


@pytest.mark.parametrize("status", ["Resolved", "resolved", "COMPLETED", " closed "])
def test_a_fix_is_settled_by_the_update_that_says_resolved(status: str) -> None:
    made = update("1", "10:50", "The fix will be deployed by 12:00.")
    assert fates(made, update("2", "11:00"), update("3", "11:50", status=status)) == ["kept"]
    assert fates(made, update("2", "11:00"), update("3", "12:40", status=status)) == ["late"]


def test_a_fix_that_no_update_tells_of_is_not_called_missed() -> None:
    made = update("1", "10:50", "The fix will be deployed by 12:00.")
    assert [(one.fate, one.reason) for one in promises(made, update("2", "13:00"))] == [("unverifiable", TOLD["unsaid"])]
    assert fates(made, now=at("11:00")) == ["open"]


def test_what_updates_do_not_show_is_unverifiable_once_it_was_due() -> None:
    made = update("1", "10:50", "We will send you the report by 12:00.")
    for later in ((), (update("2", "11:00"),), (update("2", "13:00", status="resolved"),)):
        assert [(one.fate, one.reason) for one in promises(made, *later)] == [("unverifiable", TOLD["unseen"])]
    assert fates(made, now=at("11:59")) == ["open"]


def test_a_new_time_before_the_old_one_has_passed_moves_a_promise_and_afterwards_it_does_not() -> None:
    made = update("1", "10:50", "The fix will be deployed by 12:00.")
    moved, new = promises(made, update("2", "11:30", "The fix will now be deployed by 16:00."), now=at("12:30"))
    assert (moved.fate, moved.moved_to, moved.settled_by, moved.late_by_s) == ("moved", at("16:00"), "2", None)
    assert (new.fate, new.due) == ("open", at("16:00"))
    late = update("2", "12:30", "The fix will now be deployed by 16:00.")
    assert fates(made, late, now=at("17:00")) == ["unverifiable", "unverifiable"]


def test_another_thing_by_another_time_moves_nothing() -> None:
    made = update("1", "10:50", "We will send you the report by 12:00.")
    other = update("2", "11:00", "We will publish the timeline by 16:00.")
    assert fates(made, other, now=at("11:30")) == ["open", "open"]


def test_a_fix_promised_in_talk_waits_only_until_its_time_because_talk_has_no_status() -> None:
    made = update("1", "10:50", "The fix will be deployed by 12:00.", talk=True, author="ada")
    later = update("2", "13:00", talk=True, author="ada")
    assert [(one.fate, one.reason) for one in promises(made, later)] == [("unverifiable", TOLD["unsaid"])]


def test_a_promise_that_nobody_answers_does_not_hold_up_the_others_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends.promises.audit._MOST_QUEUED", 2)
    unanswered = update("0", "10:50", NEXT, talk=True, author="eve")
    others = [update(f"{n}", "10:51", NEXT, at=START + timedelta(minutes=n), talk=True, author="ada") for n in range(1, 9)]
    found = promises(unanswered, *others)
    assert sorted(one.message for one in found) == [f"{n}" for n in range(9)]
    assert [one.fate for one in found if one.message == "0"] == ["missed"]
    assert found[0].message == "1", "it is written when all is known"


# Beside the promises


def silent(*updates: Update) -> list[str]:
    return [one.message for one in audited(*updates) if isinstance(one, Silent)]


def test_an_update_that_is_not_the_last_and_names_no_next_time_is_told() -> None:
    middle = (update("1", "10:50"), update("2", "11:00", NEXT), update("3", "11:20", "We will update you soon."))
    assert silent(*middle, update("4", "12:00", "It works.", status="Resolved")) == ["1", "3"]
    assert silent(*middle) == ["1"], "the last one may be the last"
    assert silent(update("1", "10:50", status="postmortem"), update("2", "11:00")) == []
    assert silent(update("1", "10:50", talk=True), update("2", "11:00", talk=True)) == [], "people who talk owe no next time"


def test_each_incident_ends_with_its_count() -> None:
    last = audited(update("1", "10:50"), update("2", "11:00", status="Resolved", title="Logins"))[-1]
    assert last == Passed("login", "Logins", 2, at("10:50"), at("11:00"), ended=True)
    assert audited() == []


def test_promises_come_in_the_order_in_which_they_were_made() -> None:
    made = [update("1", "10:50", "The fix will be deployed by 15:00."), update("2", "11:00", NEXT), update("3", "11:10")]
    assert [one.message for one in promises(*made, update("4", "14:00", status="resolved"))] == ["1", "2"]


def test_values_have_the_fields_of_the_contract_first() -> None:
    (one,) = promises(update("1", "10:50", NEXT, line=3), update("2", "11:39"))
    values = as_values(one)
    contract = ["incident", "message", "made_at", "quote", "kind", "due", "fate", "settled_at", "late_by_s", "settled_by"]
    assert list(values)[:10] == contract
    assert (values["due"], values["late_by_s"], values["line"]) == ("2026-03-04T11:30:00+00:00", 540, 3)


# What is strange about a feed


def sifted(*updates: Update) -> tuple[list[str], list[str]]:
    sift = Sift()
    numbered = sorted(enumerate(updates), key=lambda pair: in_order(pair[1]))
    kept = [one.id for one in sift(numbered)]
    assert all(isinstance(one, Problem) for one in sift.problems)
    return kept, [one.code for one in sift.problems]


def test_twice_the_same_counts_once() -> None:
    one = update("1", "10:50")
    assert sifted(one, one) == (["1"], ["duplicate"])
    assert sifted(one, replace(one, text="Edited since.")) == (["1"], ["duplicate"])
    assert sifted(one, replace(one, at=at("10:55"))) == (["1"], ["duplicate"])
    assert sifted(one, replace(one, id="2")) == (["1"], ["duplicate"])


def test_two_updates_that_only_share_an_id_both_count() -> None:
    assert sifted(update("1", "10:50"), update("1", "11:00", "Another.")) == (["1", "1"], ["same-id"])


def test_the_same_words_of_two_people_or_to_two_audiences_are_two_updates() -> None:
    one = update("1", "10:50", audience="team")
    assert sifted(one, replace(one, id="2", audience="customers"))[1] == []
    assert sifted(replace(one, author="ada"), replace(one, id="2", author="max"))[1] == []


def test_disorder_is_told_once_and_the_same_minute_is_no_disorder() -> None:
    assert sifted(update("3", "12:00"), update("1", "10:50"), update("2", "11:00")) == (["1", "2", "3"], ["unordered"])
    assert sifted(update("2", "10:50", "b"), update("1", "10:50", "a"))[1] == []


def test_flags_and_empty_texts_are_told_and_an_empty_update_still_counts() -> None:
    assert sifted(update("1", "10:50", flags=("backdated", "edited")), update("2", "11:00", " "))[1] == ["backdated", "edited", "empty"]
    assert fates(update("1", "10:50", NEXT), update("2", "11:00", "")) == ["kept"]


# Properties

TEXTS = st.sampled_from(
    [NEXT, "Next update in 20 minutes.", "We are looking.", "The fix will be deployed by 14:00.", "We will tell you more soon."]
)
STREAMS = st.lists(st.tuples(st.integers(0, 600), TEXTS, st.sampled_from([None, "Resolved", "Update"])), max_size=12)


def stream(parts: list[tuple[int, str, str | None]]) -> list[Update]:
    return [
        update(f"u{number}", "10:50", text, at=START + timedelta(minutes=minutes), status=status)
        for number, (minutes, text, status) in enumerate(parts)
    ]


def judged(updates: list[Update]) -> list[AuditedPromise]:
    numbered = sorted(enumerate(updates), key=lambda pair: in_order(pair[1]))
    return [one for one in Audit(LONG_AFTER).incident(Sift()(numbered)) if isinstance(one, AuditedPromise)]


@given(STREAMS, st.randoms(use_true_random=False))
def test_shuffling_changes_nothing(parts: list[tuple[int, str, str | None]], random: Any) -> None:
    updates = stream(parts)
    shuffled = list(updates)
    random.shuffle(shuffled)
    assert judged(shuffled) == judged(updates)


@given(STREAMS)
def test_reading_everything_twice_changes_nothing(parts: list[tuple[int, str, str | None]]) -> None:
    updates = stream(parts)
    assert judged(updates + updates) == judged(updates)


@given(STREAMS, st.integers(1, 400))
def test_fates_depend_only_on_times(parts: list[tuple[int, str, str | None]], days: int) -> None:
    """Everything by whole days later, under other names: the same fates, as long as the words name no day."""
    updates = stream(parts)
    later = [replace(one, id=f"x{one.id}", incident="other", at=one.at + timedelta(days=days)) for one in updates]
    found = [
        one
        for one in Audit(LONG_AFTER + timedelta(days=days)).incident(Sift()(enumerate(sorted(later, key=in_order))))
        if isinstance(one, AuditedPromise)
    ]
    assert [(one.fate, one.late_by_s) for one in found] == [(one.fate, one.late_by_s) for one in judged(updates)]


@given(STREAMS)
def test_every_fate_is_one_of_the_contract_and_fits_its_times(parts: list[tuple[int, str, str | None]]) -> None:
    for one in judged(stream(parts)):
        assert one.fate in FATES
        assert (one.late_by_s is not None) == (one.fate in ("kept", "late"))
        assert (one.fate == "late") == bool(one.late_by_s)
        assert (one.settled_by is None) == (one.settled_at is None)
        assert one.settled_at is None or one.settled_at > one.made_at
        assert one.due is not None or one.fate == "unverifiable"
