"""Mistake, guardrail, and what shows that it stood in the way: untried is not held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.incidents.acting import standing as standing_of
from amends.incidents.actions import ActionEvent, ActionItem
from amends.recurrence.fingerprint import Fingerprint, Trait
from amends.recurrence.prevention import Again, GuardrailEvent, Prevention, guarded, of_actions, repeats

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROMISED = NOW - timedelta(days=100)
DONE = NOW - timedelta(days=60)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def promised(state: str = "done", done_at: datetime | None = DONE) -> Prevention:
    return Prevention("action", "A", "old", "Refuse a deploy that drops an index", state, PROMISED, "test", ago(50), done_at)


def told(what: str, days: float = 30, *, id: str = "e", undoes: str | None = None) -> GuardrailEvent:
    return GuardrailEvent(id, "old", "action", "A", what, ago(days), ago(days), "ann", "test", "ci/8812", undoes=undoes)


@pytest.mark.parametrize(
    ("prevention", "events", "came_back", "held", "text"),
    [
        (promised("open", None), [], [], "not-there", "it is not in place"),
        (promised("overdue", None), [], [10], "not-there", "it was not in place when the failure came back once"),
        (promised("dropped", None), [], [10, 5], "not-there", "it was not in place when the failure came back twice"),
        (promised(), [], [], "untried", "nothing has tried it in 60 days"),
        (promised(), [told("would-have")], [], "untried", "nothing has tried it in 60 days, though it was shown that it would fire"),
        (promised(), [told("fired")], [], "held", "it stood in the way once"),
        (promised("verified"), [], [80], "not-in-time", "it came after the failure was back; nothing has tried it in 60 days"),
        (promised("verified"), [], [80, 20], "did-not-hold", "the failure came back once after it was done"),
        (promised(), [told("fired", 40), told("missed", 20, id="m")], [], "did-not-hold", "it let something pass once"),
        (promised("no-help"), [], [], "did-not-hold", "it was shown not to help"),
        (promised(), [told("missed"), told("taken-back", id="t", undoes="e")], [], "untried", "nothing has tried it in 60 days"),
        (promised(), [], [200], "untried", "nothing has tried it in 60 days"),  # before it was promised: the failure itself
    ],
)
def test_a_guardrail_is_judged_by_what_came_since(
    prevention: Prevention, events: list[GuardrailEvent], came_back: list[float], held: str, text: str
) -> None:
    found = guarded(prevention, events, [Again(f"i{days}", ago(days)) for days in came_back], NOW)

    assert (found.held, found.text) == (held, text)


def test_an_action_item_says_how_far_it_is_and_by_what_that_is_shown() -> None:
    item = ActionItem("A", "old", "Alert when the queue grows", "alert", PROMISED, "ann")
    accepted = ActionEvent("1", "A", "accepted", PROMISED, PROMISED, "ann", "ann", ago(70))
    done = ActionEvent("2", "A", "done", ago(60), ago(60), "ann", evidence_kind="commit", evidence="9f3c1d2")

    (late,) = of_actions([standing_of(item, [accepted, done], NOW)])
    (overdue,) = of_actions([standing_of(item, [accepted], NOW)])
    (idea,) = of_actions([standing_of(item, [], NOW)])

    assert (late.state, late.told, late.shown and late.shown.reference) == ("done", "done, later than promised", "9f3c1d2")
    assert (overdue.state, overdue.told) == ("overdue", "not done, and its time has passed")
    assert (idea.state, idea.told) == ("not-accepted", "nobody took it on")


def test_a_repeat_is_told_with_its_exposure_and_without_what_has_no_category() -> None:
    def of(name: str, category: str | None) -> Fingerprint:
        return Fingerprint(name, (Trait("category", category, "title"),) if category else ())

    known = [(of("a", "capacity"), ago(150)), (of("b", "capacity"), ago(20)), (of("c", None), ago(10)), (of("d", "network"), ago(5))]
    (found,) = repeats([*known, (of("z", "capacity"), ago(400))], ago(180), NOW)

    assert (found.category, [name for name, _ in found.incidents], found.text) == ("capacity", ["a", "b"], "2 incidents in 180 days")
