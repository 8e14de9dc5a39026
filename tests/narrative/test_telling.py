"""The account as prose says in words how well each point is supported, and knows where each stands."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from amends.narrative.account import PARTS, Account, Evidence, Point
from amends.narrative.support import stand
from amends.narrative.telling import SHORT_LABEL, as_text, not_owed
from amends.testing import START


def account(*points: Point, cited: tuple[Evidence, ...] = ()) -> Account:
    return stand("I", points, cited)


def point(name: str, part: str, text: str, **more: object) -> Point:
    return Point(name, "I", name, part, text, START, "ana", **more)  # type: ignore[arg-type]  # any field of a point


def measure(item: str, stance: str = "supports") -> Evidence:
    return Evidence(f"{item}-{stance}", "I", item, "measure", stance, START, "ana", text="by SQL")


def test_what_is_confirmed_is_told_plainly_and_everything_else_as_what_it_is() -> None:
    sure, split, bare = (point(name, "claim", f"{name} failed", kind="fact") for name in ("One", "Two", "Three"))
    likely = point("Four", "claim", "Four failed", kind="fact")
    said = Evidence("w", "I", "Four", "person", "supports", START, "ana", text="I saw it")
    cited = (measure("One"), measure("Two"), measure("Two", "contradicts"), said)
    assert as_text(account(sure, split, bare, likely, cited=cited), UTC).text.split("\n\n") == [
        "One failed.", "Unclear, evidence differs: Two failed.", "Not confirmed: Three failed.", "Likely: Four failed.\n",
    ]  # fmt: skip


def test_every_part_says_what_it_is_open_ones_that_they_are_open() -> None:
    told = as_text(
        account(
            point("q", "question", "how many cards were charged"),
            point("t", "trust-break", "shops were told all was well", who="The shops"),
            point("d", "disagreement", "whether the alert was late", answer="The log says 10:42."),
            point("p", "position", "it rang at once", of="d", who="Ana"),
            point("c", "cost", "one night of work", who="Three people"),
            point("b", "badly", "nobody was paged", because="the pager is being replaced"),
            point("o", "condition", "two people carried four pagers", kind="organisational"),
        ),
        UTC,
    )
    assert told.text.strip().split("\n\n") == [
        "What it cost people: one night of work (Three people).",
        "Trust broken and not repaired: shops were told all was well (The shops).",
        "Unproven organisational condition: two people carried four pagers.",
        "What went badly: nobody was paged. No action answers it: the pager is being replaced.",
        "Agreed after all: whether the alert was late. The log says 10:42.",
        "Held by Ana: it rang at once.",
        "Not known: how many cards were charged.",
    ]


def test_claims_come_in_the_order_of_their_time_on_the_readers_clock_with_figures_and_who_saw_it() -> None:
    late = point("l", "claim", "The pool was rolled back", kind="decision", at=START, because="four pods had fitted before")
    early = point("e", "claim", "cards fail", kind="signal", at=START.replace(hour=9, minute=5), who="A shop")
    number = point("n", "claim", "payments failed.", kind="number", value="258 of 831")
    cited = tuple(measure(one) for one in "len")
    clock = f"{START.astimezone(ZoneInfo('Europe/Berlin')):%H:%M %Z}"
    assert as_text(account(late, number, early, cited=cited), ZoneInfo("Europe/Berlin")).text.strip().split("\n\n") == [
        "At 10:05 CET, a shop saw it: cards fail.",
        f"At {clock}, the pool was rolled back. It was reasonable at the time: four pods had fitted before.",
        "payments failed: 258 of 831.",
    ]


def test_each_point_is_found_by_its_place_and_each_place_by_its_point() -> None:
    told = as_text(account(point("a", "luck", "it was night"), point("b", "well", "the rollback\nwas quick")), UTC)
    assert [told.text[start:end] for start, end, _ in told.places] == [
        "What went well: the rollback was quick.",
        "Where luck helped: it was night.",
    ]
    (second,) = told.spans_of(["a"])
    assert told.at(*second) == ("a",)
    assert told.at(0, len(told.text)) == ("b", "a")
    assert as_text(account(), UTC).text == ""


def test_what_nobody_is_owed_is_the_reason_of_a_decision_a_side_of_a_disagreement_and_words_of_ours() -> None:
    found = account(
        point("d", "claim", "the pool was rolled back", kind="decision", because="four pods had fitted before"),
        point("f", "claim", "cards failed", kind="fact", because="the pool was empty"),
        point("s", "disagreement", "whether the alert was late"),
        point("p", "position", "it rang at once", of="s", who="Ana", because="the log says so"),
        point("b", "badly", "nobody was paged", because="the pager is being replaced"),
        point("c", "cost", "one night of work", who="Three people"),
        point("t", "trust-break", "shops were told all was well", who="The shops"),
    )
    told = as_text(found, UTC)
    assert [told.text[start:end] for start, end in not_owed(found, told, "leadership")] == [
        "It was reasonable at the time: four pods had fitted before.",
        "What it cost people:",
        "Trust broken and not repaired:",
        "No action answers it: the pager is being replaced.",
        "it rang at once. the log says so.",
    ]
    assert "Not confirmed: cards failed. the pool was empty." in told.text


def test_readers_outside_are_not_owed_what_the_team_learnt_from_it_and_still_what_happened_what_it_cost_and_what_is_open() -> None:
    parts = {
        "claim": "fact", "condition": "organisational", "cost": None, "trust-break": None, "question": None,
        "well": None, "badly": None, "luck": None, "disagreement": None,
    }  # fmt: skip
    found = account(*(point(part, part, f"{part} of it", kind=kind) for part, kind in parts.items()))
    told = as_text(found, UTC)

    def untold(audience: str) -> set[str]:
        return {item for start, end in not_owed(found, told, audience) for item in told.at(start, end) if told.text[start:end][-1] != ":"}

    assert untold("team") == untold("leadership") == set()
    assert untold("customers") == untold("partner") == {"well", "badly", "luck", "disagreement"}


def test_a_label_is_too_short_to_be_compared_as_a_statement_or_is_set_aside() -> None:
    every = [point(f"{part}-{answer}", part, "it", answer=answer) for part in PARTS for answer in (None, "yes")]
    cited = tuple(measure(one.id, stance) for one in every for stance in ("supports", "contradicts"))
    told = as_text(account(*every, cited=cited), UTC)
    for start, end, item in told.places:
        label = told.text[start:end].rpartition(": ")[0]
        assert len(label.split()) <= SHORT_LABEL or any(start == aside for aside, _ in told.asides), (item, label)
