"""Which moves a sentence makes: each told from what only looks like it, and a measure on sentences that the network never saw."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amends.language import commitments, judging
from amends.language.features import FEATURES, read
from amends.language.index import load
from amends.language.labels import MOVES
from amends.language.options import Options
from amends.language.sections import SECTIONS, has_subject, label_of
from amends.language.text import parse

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from amends.language.features import Reading

AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
INDEX = load()
SENTENCES = Path(__file__).with_name("moves_sentences.jsonl")


def reading_of(text: str) -> Reading:
    parsed = parse(text)
    promises, _ = commitments.find(parsed, AT, None, Options().calendar)
    reading = read(parsed, INDEX.lexicon, INDEX.tables, promises, INDEX.labels)
    reading.odds, reading.least = INDEX.network.judge(reading), INDEX.network.least
    return reading


def moves_of(text: str) -> list[set[str]]:
    """The moves of each sentence."""
    return [{label.move for label in labels} for labels in judging.moves(INDEX.network, reading_of(text), ())]


def misread(*pair: str, why: str) -> ParameterSet:
    """A pair that the network reads wrong today: reported by itself once a better one reads it right."""
    return pytest.param(*pair, marks=pytest.mark.xfail(reason=f"misread: {why}", strict=True))


@pytest.mark.parametrize(
    ("move", "does", "does_not"),
    [
        ("fact", "At 10:42 my deploy broke the login.", "Our platform runs in four regions."),
        ("impact", "Checkout was unavailable for 38 minutes.", "We are looking into it."),
        ("impact", "No data was lost.", "We apologize to all customers who were affected."),
        ("cause", "The outage was caused by an expired certificate.", "The cause is still unknown."),
        ("cause", "Nobody owned the alert.", "We have identified the root cause."),
        ("ownership", "That's on me.", "Mistakes were made."),
        ("ownership", "I should have run the whole suite.", "You should have told us earlier."),
        ("ownership", "I forgot to update the config.", "The users forgot to save."),
        ("regret", "I'm sorry for the noise.", "Unfortunately the site was down."),
        misread("regret", "We apologise for the delay.", "You owe us an apology.", why="asking for an apology is taken for one"),
        ("empathy", "I can see how frustrating this is.", "We understand how important reliability is."),
        ("status", "We are still investigating.", "We will roll back."),
        ("status", "The queue is empty and all services are back online.", "Between 10:00 and 11:00 the service was degraded."),
        ("recovery", "I've reverted the commit.", "We could not restore the comments."),
        ("recovery", "Fix crash on empty cart", "Add dark mode to the settings page"),
        ("recovery", "We are working on a fix.", "We are working to improve our monitoring."),
        ("recovery", "Re-creating the index (ETA 14:25 CET).", "Creating an index takes a while."),
        ("recovery", "terraform apply of the previous state is running, ETA 09:55 UTC.", "The nightly job is running."),
        ("recovery", "I have the commits in my reflog and am pushing them back right now.", "I am pushing the meeting to Friday."),
        ("recovery", "Re-sync started 8:30am, done around noon (about 3 hours).", "The conference started at 8:30am."),
        ("ownership", "my bad", "Not my bad luck alone."),
        ("ownership", "I did that, sorry.", "She did that on Monday."),
        ("ownership", "Sorry, forgot to page the on-call.", "Dave forgot to order the licences."),
        ("ownership", "I deployed on Friday without asking anybody.", "Dave deployed on Friday without asking anybody."),
        ("prevention", "Enabling versioning on the bucket now so a single command can't do this again.", "Users can't log in."),
        ("prevention", "Will turn on branch protection after that.", "Will turn on the heating after that."),
        misread(
            "prevention",
            "From now on two people approve each deploy.",
            "We will be more careful in the future.",
            why="an intention is taken for a safeguard",
        ),
        ("prevention", "I'm adding a test with two tenants.", "Going forward, we will do better."),
        ("prevention", "I'm adding a check to CI so this can't happen again.", "We have rolled back."),
        ("prevention", "From now on two people sign off every change.", "We value reliability above everything."),
        ("commitment", "I'll send the report tomorrow.", "We rolled back."),
        ("commitment", "Next update at 14:30.", "The vendor will patch it."),
        ("constraint", "We don't know yet whether writes were lost.", "Users could not log in."),
        ("constraint", "Waiting for the vendor to confirm.", "We are investigating."),
        ("request", "Please rotate your keys.", "We will rotate the keys."),
        ("request", "Could somebody restart the runner?", "All requests failed."),
        ("thanks", "Thanks for the quick triage.", "Thanks to a bug in the parser the job stopped."),
    ],
)
def test_a_move_is_told_from_what_only_looks_like_it(move: str, does: str, does_not: str) -> None:
    assert move in moves_of(does)[0]
    assert move not in moves_of(does_not)[0]


def test_one_sentence_may_make_several_moves() -> None:
    assert {"regret", "ownership"} <= moves_of("Sorry, my mistake.")[0]
    assert {"recovery", "status"} <= moves_of("We have identified the problem and are working on a fix.")[0]


def test_greetings_and_signatures_make_no_moves() -> None:
    found = moves_of("Hi Ana,\n\nThe build is broken.\n\nThanks,\nJo")
    assert found[0] == set()
    assert found[-1] == set()


def test_a_list_under_action_items_is_prevention_and_no_request() -> None:
    found = moves_of("# Action items\n\n- Write a runbook for certificate renewal\n- Add a test for empty files\n")
    assert all("prevention" in moves and "request" not in moves for moves in found[1:])


def test_entries_of_a_timeline_are_facts() -> None:
    found = moves_of("## Timeline\n\n- 10:02 pager fires\n- 10:09 build 88 rolled back\n")
    assert all("fact" in moves for moves in found[1:])


@pytest.mark.parametrize(
    ("text", "place", "move"),
    [
        ("Impact: 140 invoices", 0, "impact"),
        ("Constraints: none", 0, "constraint"),
        ("Context: the lift stopped at 09:10. Constraints: none before noon. ", 1, "constraint"),
    ],
)
def test_a_label_says_what_its_words_do_not(text: str, place: int, move: str) -> None:
    assert move in moves_of(text)[place]


def test_a_label_of_a_sentence_is_that_of_its_line_or_its_own() -> None:
    text = parse("Current: paused. Risk: the seal. One thing we know: nothing.")
    assert [label_of(text, sentence) for sentence in text.sentences] == ["current", "risk", "current"]
    text = parse("It stopped. Risk: the seal. This one here we know: nothing.")
    assert [label_of(text, sentence) for sentence in text.sentences] == [None, "risk", None]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("What happened", "in-facts"),
        ("Customer impact", "in-impact"),
        ("Root cause", "in-cause"),
        ("Next actions", "in-actions"),
        ("Timeline", "in-timeline"),
    ],
)
def test_headings_name_the_section_of_what_follows(heading: str, section: str) -> None:
    for markup in (f"## {heading}\n\nThe lift stopped.\n", f"{heading}\nThe lift stopped.\n", f"{heading}:\n- The lift stopped.\n"):
        assert section in reading_of(markup).features[-1], markup


def test_a_heading_that_names_no_section_ends_the_one_before() -> None:
    reading = reading_of("## Impact\n\nThe lift stopped.\n\n## Colours\n\nThe door is green.\n")
    assert "in-impact" in reading.features[1]
    assert not set(SECTIONS) & reading.features[3]


def test_the_subject_of_a_commit_is_a_short_first_line_without_a_stop() -> None:
    assert has_subject(parse("Fix crash on empty cart\n\nThe cart was empty."))
    assert not has_subject(parse("The cart was empty. It crashed."))
    assert not has_subject(parse("Fix crash on empty cart."))


def test_all_features_are_named_once() -> None:
    assert len(set(FEATURES)) == len(FEATURES)


def test_moves_of_sentences_outside_the_training_text_are_read_as_people_read_them() -> None:
    """A floor, not the aim: the network of the day it was written reaches F1 0.870 over all moves.

    Its distance leaves room for another training run of the same quality, which moves the figure by a hundredth, and for no worse one.
    """
    right = wrong = missed = 0
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert set(row["moves"]) <= set(MOVES)
        found = set().union(*moves_of(row["text"]))
        right += len(found & set(row["moves"]))
        wrong += len(found - set(row["moves"]))
        missed += len(set(row["moves"]) - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.85
