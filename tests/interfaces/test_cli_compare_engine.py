"""`amends compare` with the engine itself: two tellings of our own, one of them cleaner than the review, and an honest one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends.interfaces.api.comparing import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Run = Callable[..., Any]

REVIEW = """\
# Label printers, 9 April

At 06:20 we pushed a driver to all 37 packing stations without trying it on one of them first. No station could print labels until 08:05.
1,140 parcels missed the morning truck and arrived a day late.
Nobody watches the print queue: a packer told us at 06:50.
We suspect that the old driver was removed too early, and have not confirmed it.
Four packers wrote 200 labels by hand in their break.
"""
CLEANED = """\
On 9 April a driver was pushed to the packing stations. Printing was slow for about half an hour. Some parcels were delayed.
The old driver had been removed too early. We noticed it at once, and it cannot happen again.
"""
HONEST = """\
On 9 April we pushed an untried driver to all 37 packing stations, and none of them could print labels from 06:20 to 08:05.
1,140 parcels arrived a day late. A packer told us, because nobody watches the print queue.
We think that the old driver was removed too early, but have not confirmed it. Four packers wrote 200 labels by hand.
"""


@pytest.fixture
def tellings(tmp_path: Path) -> None:
    for name, text in (("review.md", REVIEW), ("cleaned.md", CLEANED), ("honest.md", HONEST)):
        (tmp_path / name).write_text(text)


@pytest.mark.usefixtures("tellings")
@pytest.mark.parametrize(("style", "file"), [("text", "txt"), ("json", "json")])
def test_what_became_cleaner_is_told_with_both_sides(run: Run, golden: Any, style: str, file: str) -> None:
    ran = run("compare", "review.md", "cleaned.md", "--audience", "leadership", "--format", style)
    assert (ran.status, ran.err) == (1, "")
    golden(f"cli/compare-engine.{file}", ran.out)


@pytest.mark.usefixtures("tellings")
def test_each_kind_is_found_where_it_stands(run: Run) -> None:
    (told,) = json.loads(run("compare", "review.md", "cleaned.md", "--format", "json").out)["documents"]
    kinds = {one["kind"] for one in told["drifts"]}
    assert kinds >= {"agent_removed", "softened_severity", "softened_number", "changed_time", "raised_certainty", "unsupported_claim"}
    for one in told["drifts"]:
        for side, text in (("source", REVIEW), ("retold", CLEANED)):
            assert one[side] is None or text[one[side]["start"] : one[side]["end"]] == one[side]["quote"]


@pytest.mark.usefixtures("tellings")
def test_an_honest_telling_half_as_long_has_no_drift(run: Run) -> None:
    ran = run("compare", "review.md", "honest.md", "--audience", "leadership")
    assert ran.status == 0
    assert ran.out.endswith(" sentences of the source told, no drift found\n")


def test_a_telling_held_against_itself_has_no_drift(run: Run) -> None:
    for text in (REVIEW, CLEANED, HONEST):
        ran = run("compare", "--jsonl", "-", stdin=json.dumps({"source": text, "retold": text}))
        assert (ran.status, json.loads(ran.out)["drifts"]) == (0, [])


def test_the_example_of_the_description_drifts(client: TestClient) -> None:
    for example in EXAMPLES.values():
        found = client.post("/api/v1/compare", json=example["value"]).json()["drifts"]
        assert {one["kind"] for one in found} >= {"softened_number", "softened_severity"}


def test_the_same_pair_is_answered_alike_over_http(client: TestClient, run: Run) -> None:
    asked = {"id": "printers", "source": REVIEW, "retold": CLEANED, "audience": "partner"}
    printed = json.loads(run("compare", "--jsonl", "-", stdin=json.dumps(asked)).out)
    assert printed == client.post("/api/v1/compare", json=asked).json()
    assert len(printed["drifts"]) >= 5
