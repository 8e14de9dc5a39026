"""Whether an incident was met before: pairs as data, the bias towards new, and how matches did that people judged."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amends.recurrence.fingerprint import Declared, Fingerprint, Said, Trait, fingerprint, reasons, usualness
from amends.recurrence.matching import MET, Alike, Judgement, Match, best, match, records
from amends.recurrence.postings import Corpus, Report
from amends.recurrence.similar import similar

PAIRS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text())["pair"]
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOURCES = {"fact": "happened"}


def report(told: dict[str, str]) -> Report:
    return Report(told["title"], "\n".join(text for name, text in told.items() if name != "title"))


def fingerprint_of(name: str, told: dict[str, str], declared: Declared | None = None) -> Fingerprint:
    return fingerprint(name, [Said(SOURCES.get(name, name), text) for name, text in told.items()], declared)


def declared(**parts: str) -> Declared:
    return Declared("d", "here", AT, "ann", **parts)


CORPUS = Corpus([(str(number), report(one["there"])) for number, one in enumerate(PAIRS)])


def matched(number: int) -> Match:
    """What the program says of the second incident of a pair, where all first ones are known."""
    one = PAIRS[number]
    found = {two.id: Alike(two.id, two.score, two.why) for two in similar(CORPUS, report(one["here"]), limit=30)}
    return match(fingerprint_of("here", one["here"]), fingerprint_of(str(number), one["there"]), found.get(str(number)))


@pytest.mark.parametrize("number", range(len(PAIRS)), ids=[f"{one['expect']}: {one['here']['title']}" for one in PAIRS])
def test_a_pair_is_told_as_it_should_be(number: int) -> None:
    found = matched(number)

    assert found.strength == PAIRS[number]["expect"], (found.score, [(one.text, one.weight) for one in found.reasons])


def test_what_people_declared_counts_and_the_other_parts_are_read_with_their_words() -> None:
    told = {"title": "Checkout fails since the deploy", "cause": "The disk was full"}
    found = fingerprint_of("here", told, declared(category="hardware", component="Payments, cart"))

    assert [(one.part, one.value, one.source, one.quote) for one in found.traits] == [
        ("category", "hardware", "declared", "hardware"),
        ("component", "payments", "declared", "Payments"),
        ("component", "cart", "declared", "cart"),
        ("trigger", "release", "title", "deploy"),
    ]


def test_what_somebody_found_out_later_weighs_more_than_what_was_written_on_the_way() -> None:
    found = fingerprint_of(
        "here", {"message": "Maybe the network", "cause": "A firewall rule was changed by hand", "condition": "No owner"}
    )

    assert found.category == "configuration"
    assert {one.value: one.is_weak for one in found.of("condition")} == {"unclear-owner": False}
    assert fingerprint_of("here", {"message": "the DNS is wrong"}).traits[0].is_weak


def test_a_deploy_that_the_account_cites_is_a_trigger_whatever_its_words_are() -> None:
    assert [one.value for one in fingerprint_of("here", {"deploy": "web-7f2c to 40 hosts"}).of("trigger")] == ["release"]


def test_what_every_incident_has_says_less_that_two_are_the_same() -> None:
    here, there = (Fingerprint(name, (Trait("component", "checkout", "declared"),)) for name in ("here", "there"))

    assert [one.weight for one in reasons(here, there)] == [0.3]
    assert [one.weight for one in reasons(here, there, {("component", "checkout"): usualness(100, 800)})] == [0.15]
    assert [usualness(*counts) for counts in ((0, 0), (2, 25), (8, 600))] == [0.0, 0.0, 0.0], "few say little, and rare ones nothing"


def test_words_alone_are_never_met_before_and_neither_is_the_same_kind_of_failure_of_another_thing() -> None:
    here, there = (Fingerprint(name, tuple(Trait(part, "x", "declared") for part in ("category", "condition", "trigger"))) for name in "ab")

    assert match(Fingerprint("a"), Fingerprint("b"), Alike("b", 1.0)).strength == "maybe"
    assert match(here, there, None).strength == "maybe"
    assert match(here, there, Alike("b", 0.3)).strength == MET


def test_the_best_are_kept_and_what_is_new_is_not() -> None:
    found = [
        Match("here", name, score, strength, ()) for name, score, strength in (("a", 0.5, "maybe"), ("b", 0.6, MET), ("c", 0.2, "new"))
    ]

    assert [one.other_id for one in best(found, 5)] == ["b", "a"]
    assert [one.other_id for one in best(found, 1)] == ["b"]


def test_a_met_before_was_right_where_it_is_a_repeat_and_the_last_judgement_of_a_pair_counts() -> None:
    def judged(other: str, verdict: str, strength: str | None = MET) -> Judgement:
        found = None if strength is None else Match("here", other, 0.7, strength, ())
        return Judgement("j", "here", other, verdict, AT, "ann", found=found, shadow=other == "a")

    met, maybe = records([
        judged("a", "new"), judged("a", "repeat"), judged("b", "related"), judged("c", "new"), judged("d", "related", "maybe"),
        judged("e", "repeat", None),
    ])  # fmt: skip

    assert (met.judged, met.right, met.related, met.shadow) == (3, 1, 1, 1)
    assert (maybe.judged, maybe.right) == (1, 1)
