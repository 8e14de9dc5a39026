"""Repairing trust in the terminal: from the map to a review that is held."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.trust.review import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.testing import FixedClock

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_home")

REPAIR = (
    "--kind",
    "misleading-status",
    "--uncertainty",
    "Partners see within 5 minutes if payments fail",
    "--visible",
    "on the status page",
)


@pytest.fixture
def incident(own_home: FixedClock) -> str:
    """Still going on; one group was hit."""
    assert own_home.now() == wiring.system_clock().now(), "the commands live in the time of the test"
    usecases = wiring.open_usecases()
    opened = usecases.incidents.open("Payments were charged twice", severity="SEV1")
    usecases.involving.add_stakeholder(opened.id, "Payments partners", audience="partner")
    usecases.close()
    return opened.id


def trust(run: Run, *words: str) -> Any:
    """What `amends trust …` wrote, as JSON."""
    ran = run("trust", *words, "--format", "json")
    assert ran.status == 0, ran.err
    return json.loads(ran.out)


def test_trust_goes_from_the_map_to_a_review_that_is_held(run: Run, incident: str, clock: FixedClock) -> None:
    bare = run("trust", "board", incident)
    assert bare.status == 1
    assert "not contained yet" in bare.out
    assert "Payments partners were hit, and do not stand on the map" in bare.out
    broken = trust(
        run, "break", "add", incident, "They do not believe our status page", "--whose", "Payments partners", "--subject", "behaviour",
        "--direction", "outward", "--kind", "honesty", "--fear", "That we hear it from customers", "--heard-from", "Ines of Payments",
    )  # fmt: skip
    assert (broken["state"], broken["lacks"]) == ("heard", [])
    propose = (
        "trust",
        "repair",
        "propose",
        incident,
        "Publish the error rate",
        "--item-kind",
        "monitoring",
        "--break",
        broken["item"][-6:],
    )
    early = run(*propose, *REPAIR)
    assert (early.status, "not contained yet" in early.err) == (2, True)
    run("incident", "status", incident, "monitoring")
    boastful = run(*propose, *REPAIR[:2], "--uncertainty", "Trust in the status page is restored")
    assert (boastful.status, "not ours to say" in boastful.err, "leave the judgement" in boastful.err) == (2, True, True)
    repair = trust(run, *propose[1:], *REPAIR)
    assert (repair["done"], repair["helped"], repair["mechanism"]) == ("not-done", "no-evidence-yet", True)
    clock.advance(days=31)
    assert run("trust", "review", "list").status == 1, "one is overdue"
    shown = run("trust", "review", "show", incident, "month").out
    assert "Partners see within 5 minutes if payments fail (Publish the error rate): not done; no evidence yet" in " ".join(shown.split())
    hold = ("trust", "review", "hold", incident, "month", "change", "--why", "Nothing was done; Dana does it by 20 April.")
    assert "nobody has answered worse" in run(*hold).err
    for question in QUESTIONS:
        trust(run, "review", "answer", incident, "month", question, "--unknown", "Ines of Payments")
        trust(run, "review", "answer", incident, "quarter", question, "--unknown", "Ines of Payments")
    assert "everything is laid out: hold it" in run("trust", "review", "show", incident, "month").out
    assert "→ it can be held from Wed 27 May 2026" in run("trust", "review", "show", incident, "quarter").out, "not due yet"
    held = trust(run, *hold[1:])
    assert (held["state"], held["decision"], held["evidence"]["repairs"][0]["done"]) == ("held", "change", "not-done")
    paper = run("trust", "review", "paper", incident, "month").out
    assert paper.startswith("# Trust review: Payments were charged twice")
    assert "A quarter is usually too short to prove a lower repeat rate." in paper
    board = run("trust", "board", incident).out
    assert "after one month: held" in board
    assert "they fear: “That we hear it from customers”" in " ".join(board.split())


def test_a_group_that_nobody_asked_stands_as_not_yet_asked_and_is_placed_later(run: Run, incident: str) -> None:
    row = trust(run, "break", "not-asked", incident, "Payments partners")
    assert (row["state"], row["direction"]) == ("not-yet-asked", "outward")

    placed = trust(run, "break", "place", incident, row["item"][-6:], "--asked", "Ines", "--asked-at", "10:30", "--subject", "system")

    assert (placed["state"], placed["asked"], placed["subject"]) == ("asked", "Ines", "system")
    assert "Ines was asked" in run("trust", "board", incident).out


def test_a_wrong_row_is_withdrawn_and_comes_back(run: Run, incident: str) -> None:
    row = trust(run, "break", "not-asked", incident, "Payments partners")
    gone = run("trust", "break", "withdraw", incident, row["item"][-6:], "--why", "they were not hit")
    assert "withdrawn, counted nowhere" in gone.out
    assert "withdrawn by you" in " ".join(gone.out.split())
    assert "they were not hit" in " ".join(gone.out.split())
    assert trust(run, "break", "restore", incident, row["item"][-6:])["withdrawn"] == []
    assert run("trust", "break", "restore", incident, row["item"][-6:]).status != 0


def test_a_break_that_is_written_twice_says_so_when_it_is_written(run: Run, incident: str) -> None:
    add = ("break", "add", incident, "They ask twice before each release", "--whose", "support")
    assert [one["code"] for one in trust(run, *add)["lacks"]] == []
    again = run("trust", *add)
    assert again.status == 0
    assert "nearly the same stands here already, of support" in " ".join(again.out.split())
