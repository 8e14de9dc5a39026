"""Status honesty: each figure counts what it says and quotes what it rests on, and honest messages are accused of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.incidents.event import IncidentEvent
from amends.narrative.account import Evidence
from amends.narrative.honesty import FIGURES
from amends.promises.ledger import entry_of
from amends.promises.promise import Event, Promise
from amends.promises.promise import Evidence as Shown
from narrative.accounts import INCIDENT, WRITTEN, Writing, minute
from narrative.status import figures, message, told

if TYPE_CHECKING:
    from amends.incidents.story import Story
    from amends.narrative.contradicting import Part
    from amends.narrative.honesty import Figure

MEASURED = (("measure", "rows with status failed in the ledger: 258"),)


def figure(name: str, *texts: str, account: Writing | None = None, audience: str = "customers", begins: int = 50) -> Figure:
    """A figure of messages that were sent five minutes apart, the first long after it was contained."""
    sent = tuple(message(begins + 5 * place, text, audience) for place, text in enumerate(texts))
    return figures(told(*sent), account).get(name)


def counted(found: Figure) -> list[Part]:
    return [part for part in found.parts if part.counts]


def quotes(part: Part) -> list[tuple[str, str]]:
    return [(one.source, one.id) for one in part.quotes]


def account(value: str = "258 of 831 payments", text: str = "Payments that failed", **more: object) -> Writing:
    made = Writing()
    given = {"kind": "number", "value": value, "cites": MEASURED, **more}
    made.state("claim", text, **given)  # type: ignore[arg-type]  # any field of a point
    return made


def test_of_an_incident_of_which_nobody_was_told_anything_nothing_can_be_told() -> None:
    found = figures(told())
    assert [one.name for one in found.figures] == list(FIGURES)
    assert [one.name for one in found.figures if one.known] == []
    assert all(one.says.startswith("Cannot tell yet") for one in found.figures)
    assert found.get("first-honest").says == "Cannot tell yet: nobody was told anything."


# Contradicted


def test_a_figure_that_the_account_measured_otherwise_is_quoted_on_both_sides() -> None:
    found = figure("contradicted", "In all, 41 payments failed.", account=account())
    (part,) = counted(found)
    assert part.text == "customers were told 41; the account says 258 of 831"
    assert quotes(part) == [("message", "M50"), ("account", "P01")]
    assert part.quotes[0].words == "In all, 41 payments failed."
    assert (found.n, found.count, found.known, found.share) == (1, 1, False, None)
    assert found.says.startswith("Cannot tell yet how often: 1 of 1")


def test_a_share_is_given_from_three_claims_on() -> None:
    wrong, right = "In all, 41 payments failed.", "In all, 258 payments failed."
    found = figure("contradicted", wrong, right, right, account=account())
    assert (found.n, found.count, found.known, found.share) == (3, 1, True, pytest.approx(1 / 3))
    two = figure("contradicted", wrong, right, account=account())
    assert (two.n, two.count, two.known, two.share) == (2, 1, False, None)
    assert found.says == "1 of 3 statements that could be checked later turned out to be wrong."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("In all, 258 of 831 payments failed.", "258 of 831 payments"),
        ("About 240 payments failed.", "258 payments"),
        ("In all, 4,200 payments failed.", "4,212 payments"),
        ("In all, 41 of 90 payments failed.", "258 of 831 payments"),
        ("In all, 41 payments failed so far.", "258 payments"),
        ("More than 200 payments failed.", "258 payments"),
        ("Up to 300 payments failed.", "258 payments"),
        ("So far 41 payments failed.", "258 payments"),
        ("Another 12 payments failed.", "258 payments"),
        ("41 payments failed in Europe.", "258 payments"),
        ("41 payments failed between 10:42 and 10:50 UTC.", "258 payments"),
        ("Of these, 41 payments failed for good.", "258 payments"),
        ("41 payments that failed were refunded.", "258 payments"),
        ("Did 41 payments fail?", "258 payments"),
        ("In the test, 41 payments failed.", "258 payments"),
        ("We are alerted when 41 payments fail.", "258 payments"),
        ("Two hundred and fifty-eight payments failed.", "258 payments"),
        ("In all, 4.212 payments failed.", "4,212 payments"),
        ("One in three payments failed.", "258 of 831 payments"),
        ("41 payments wait in the queue.", "12 payments"),
        ("41 payments were refunded.", "258 payments"),
        ("41 customers were affected.", "258 payments"),
        ("We raised the limit to 41 payments.", "258 payments"),
        ("We do not expect that 41 payments failed.", "258 payments"),
    ],
)
def test_a_figure_that_can_be_right_beside_the_other_is_not_called_wrong(text: str, value: str) -> None:
    assert counted(figure("contradicted", text, account=account(value))) == []


@pytest.mark.parametrize(
    "text", ["At least 300 payments failed.", "Fewer than 100 payments failed.", "About 400 payments failed.", "31 payments failed."]
)
def test_an_open_end_that_excludes_the_truth_is_wrong(text: str) -> None:
    assert len(counted(figure("contradicted", text, account=account("258 payments")))) == 1


def test_a_count_may_grow_while_the_incident_goes_on_and_not_once_it_is_over() -> None:
    growing, final = "41 payments failed.", "258 payments failed."
    assert counted(figure("contradicted", growing, final, begins=10)) == []
    (part,) = counted(figure("contradicted", growing, final, begins=45))
    assert quotes(part) == [("message", "M45"), ("message", "M50")]
    (fell,) = counted(figure("contradicted", final, growing, begins=10))
    assert fell.text == "customers were told 258; a later message says 41"


def test_a_later_message_that_is_itself_wrong_contradicts_nothing_that_the_account_bears_out() -> None:
    found = figure("contradicted", "In all, 258 payments failed.", "In all, 41 payments failed.", account=account())
    assert [(part.counts, part.quotes[0].id) for part in found.parts] == [(False, "M50"), (True, "M55")]


def test_what_nothing_supports_contradicts_nothing_and_what_is_measured_does() -> None:
    assert figure("contradicted", "41 payments failed.", account=account(cites=())).n == 0
    only = account(value="831 payments", text="Payments in that time", cites=(("measure", "258 payments failed, by SQL"),))
    (part,) = counted(figure("contradicted", "41 payments failed.", account=only))
    assert quotes(part) == [("message", "M50"), ("measure", "P01")]


def test_a_time_is_held_against_the_record_to_the_minute() -> None:
    late = figure("contradicted", "The outage began at 11:05 UTC.")
    (part,) = counted(late)
    assert part.text == "customers were told 11:05 UTC; the record says 10:42 UTC"
    assert quotes(part) == [("message", "M50"), ("record", "M0")]
    for honest in (
        "The outage began at 22:42 UTC.",
        "The outage began at 10:42 UTC.",
        "The outage began at 10:43 UTC.",
        "The outage began around 10:50 UTC.",
    ):
        found = figure("contradicted", honest)
        assert (found.n, found.count) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Refunds began to fail at 11:05 UTC.",
        "Checkout traffic began to grow at 11:05 UTC.",
        "The rollback began at 11:05 UTC.",
        "The second outage began at 11:05 UTC.",
        "No payment has failed since 11:22 UTC.",
        "We noticed at 11:30 UTC that cards were charged.",
        "The search index was restored at 11:30 UTC.",
        "We meet at 11:05 UTC.",
        "The problem was resolved for most customers at 11:30 UTC.",
        "The problem with Cloud Build was resolved at 11:30 UTC.",
        "The outage data was restored to its state of 10:12 UTC.",
    ],
)
def test_a_time_of_something_else_is_held_against_nothing(text: str) -> None:
    assert figure("contradicted", text).n == 0


def test_a_claim_of_the_account_has_a_time_to_hold_messages_against() -> None:
    made = Writing()
    made.state("claim", "Checkout began to fail.", kind="effect", at=minute(-30), cites=MEASURED)
    found = figure("contradicted", "Checkout began to fail at 10:42 UTC.", account=made)
    assert [quotes(part)[1] for part in counted(found)] == [("account", "P01")]


def test_an_incident_that_was_called_over_before_it_was_is_found() -> None:
    (early,) = counted(figure("contradicted", "The incident is resolved.", begins=20))
    assert early.text == "it was called over before it was recovered, at 11:50 UTC"
    assert figure("contradicted", "The incident is resolved.", begins=70).count == 0
    assert figure("contradicted", "The typo on the status page is fixed.", begins=20).n == 0
    assert figure("contradicted", "We tell you when the incident is resolved, not before.", begins=20).n == 0


def test_an_incident_that_came_back_was_not_over() -> None:
    back = IncidentEvent("S1", INCIDENT.id, "status", minute(90), minute(90), "ana", kind="investigating", value="resolved")
    story = told(message(75, "The outage is fixed."))
    found = figures(replace(story, events=(*story.events, back))).get("contradicted")
    assert [part.text for part in counted(found)] == ["it was called over, and was investigating again at 12:12 UTC"]


def test_a_message_that_is_cited_against_a_point_counts_as_contradicted() -> None:
    made = account(text="A customer told us first", kind="fact", value=None)
    made.evidence.append(
        Evidence("E9", INCIDENT.id, "P01", "message", "contradicts", WRITTEN, "ana", ref="M50", quote="Our alerts found it.")
    )
    (part,) = counted(figure("contradicted", "Our alerts found it.", account=made))
    assert [one.words for one in part.quotes] == ["Our alerts found it.", "A customer told us first"]


# Put right, found


def test_a_wrong_message_that_was_corrected_is_put_right() -> None:
    wrong, other = message(50, "41 payments failed."), message(55, "90 payments failed.", "leadership")
    right = message(60, "Correction: we counted again, and 258 payments failed, not 41.", corrects="M50")
    repeats = message(65, "Correction: we said “41 payments failed”. We wrote that 41 payments failed, and that was wrong.", corrects="M50")
    assert figures(told(repeats), account()).get("contradicted").n == 0
    found = figures(told(wrong, other, right), account()).get("put-right")
    assert (found.n, found.count) == (2, 1)
    assert [quotes(part) for part in counted(found)] == [[("message", "M50"), ("message", "M60")]]


def test_who_found_what_was_wrong_is_read_from_the_record_and_the_correction() -> None:
    story = told(
        message(50, "41 payments failed."),
        message(55, "Correction: we noticed nothing, but a customer told us that the figure is wrong.", corrects="M50"),
        message(60, "Correction: we counted again; it is 258.", corrects="M50"),
        message(65, "Correction: it is 259.", corrects="M50"),
    )
    found = figures(story).get("found-first")
    assert [(part.text, part.counts) for part in found.parts] == [
        ("the incident: we found it ourselves", True),
        ("a correction: others found what was wrong", False),
        ("a correction: we found what was wrong", True),
    ]
    assert (found.n, found.count) == (3, 2)
    assert found.says.endswith("Of 1 more nobody wrote down who found them.")


# Softened


def test_a_figure_that_became_some_is_softened_for_the_same_readers() -> None:
    exact, some = "258 payments failed.", "Some payments failed."
    (part,) = counted(figure("softened", exact, some))
    assert quotes(part) == [("message", "M50"), ("message", "M55")]
    assert part.text == "customers no longer read the figure that was known by then"
    assert counted(figure("softened", some, exact)) == []
    assert counted(figure("softened", exact, "Some payments failed: 258 payments failed in all.")) == []
    assert counted(figure("softened", exact, "Some refunds were late.")) == []
    assert counted(figure("softened", exact, "We refunded some payments that failed.")) == []
    other = figures(told(message(50, exact, "team"), message(55, some, "customers")))
    assert counted(other.get("softened")) == [], "what one group of readers was told, another may hear for the first time"


def test_a_figure_that_the_account_knew_by_then_is_softened_and_one_it_learnt_later_is_not() -> None:
    after = int((WRITTEN - minute(0)).total_seconds() // 60)
    (part,) = counted(figure("softened", "A small number of payments failed.", account=account(), begins=after + 5))
    assert quotes(part) == [("account", "P01"), ("message", f"M{after + 5}")]
    assert counted(figure("softened", "A small number of payments failed.", account=account(), begins=after - 5)) == []


# Promises and firsts


def promised(name: str, due: int, came: int | None, *, private: bool = False) -> tuple[Promise, tuple[Event, ...]]:
    at = minute(due - 30)
    made = Promise(
        name, "Next update soon", "next_update", "firm", minute(due), "minute", "ana", "ana", at, at, message_id="M50",
        incident_id=INCIDENT.id, audience="customers", private=private,
    )  # fmt: skip
    if came is None:
        return made, ()
    return made, (Event(f"{name}-1", name, "kept", minute(came), minute(came), "ana", evidence=Shown("message", "M55")),)


def with_promises(*made: tuple[Promise, tuple[Event, ...]]) -> Story:
    story = told(message(50, "258 payments failed."))
    return replace(story, promises=tuple(entry_of(one, story.now) for one in made))


def test_promised_updates_are_counted_by_whether_they_came_in_time() -> None:
    coming = int((WRITTEN - minute(0) + timedelta(days=1)).total_seconds() // 60)
    story = with_promises(
        promised("A", 60, 60), promised("B", 90, 102), promised("C", 120, None), promised("D", coming, None),
        promised("E", 60, None, private=True),
    )  # fmt: skip
    found = figures(story).get("in-time")
    assert (found.n, found.count, found.share) == (3, 1, pytest.approx(1 / 3))
    assert [part.text for part in found.parts] == [
        "promised for 11:42 UTC; it came in time",
        "promised for 12:12 UTC; it came late, 12 min",
        "promised for 12:42 UTC; it came never",
    ]
    assert quotes(found.parts[0]) == [("promise", "A"), ("message", "M50")]


def test_the_time_to_the_first_honest_status_counts_from_when_it_hit_people() -> None:
    spin = message(10, "We take this seriously. It is only a minor blip.")
    honest = message(25, "Since 10:42 UTC checkout fails for all customers; 258 payments failed. We do not know yet why.")
    found = figures(told(spin, honest)).get("first-honest")
    assert (found.seconds, found.n, found.known) == (25 * 60, 2, True)
    assert quotes(found.parts[0]) == [("message", "M25")]
    none = figures(told(spin)).get("first-honest")
    assert (none.seconds, none.count, none.known) == (None, 0, True)
    assert none.says.startswith("None of 1 message")


def test_repeated_promises_are_a_figure_with_every_telling() -> None:
    promise = "We will improve the monitoring of the payment queue."
    found = figures(told(message(50, promise), message(55, promise), message(60, "We will review the deployment process.")))
    assert [(one.n, one.count) for one in [found.get("repeated")]] == [(2, 1)]
    assert quotes(found.get("repeated").parts[0]) == [("message", "M50"), ("message", "M55")]
    assert len(found.repeated) == 1


def test_no_figure_says_who_wrote_what() -> None:
    story = told(message(50, "41 payments failed."), message(55, "Correction: we counted 258.", corrects="M50"))
    assert "ana" not in repr(figures(story, account()).figures)
