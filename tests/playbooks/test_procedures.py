"""Every playbook that ships is tried by its own examples, and a file that is wrong says where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError
from amends.language.index import load
from amends.playbooks import sources
from amends.playbooks.linting import by_our_rules, faults_in, lint
from amends.playbooks.loading import PROCEDURES, load_text
from amends.playbooks.playing import play
from amends.trust import insights
from amends.trust.signs import records
from playbooks.runs import PLAYBOOKS

if TYPE_CHECKING:
    from amends.playbooks.playbook import Example, Playbook

EXAMPLES = [(book, example) for book in PLAYBOOKS.values() for example in book.examples]
SOURCE = (PROCEDURES / "own-a-mistake-first-hour.toml").read_text()


def test_five_ship_and_the_first_of_them_repairs_trust() -> None:
    assert list(PLAYBOOKS) == [
        "repair-trust", "own-a-mistake-first-hour", "incident-review-that-helps", "repair-a-managers-mistake",
        "string-of-mistakes-before-a-holiday",
    ]  # fmt: skip
    assert [one.title for one in PLAYBOOKS["repair-trust"].artifacts] == [
        "Initial repair frame", "Shared incident account", "Trust break map", "Repair action set", "Trust recovery review",
    ]  # fmt: skip


def test_what_playbooks_name_is_what_the_program_watches_and_computes() -> None:
    """Rooms beside each other may not import each other, so each has the names; here they are held equal."""
    assert sources.SIGNS == records.SIGNS
    assert tuple(sources.METRICS) == insights.METRICS


@pytest.mark.parametrize("book", PLAYBOOKS.values(), ids=lambda one: one.id)
def test_a_playbook_can_be_run_and_keeps_our_own_rules(book: Playbook) -> None:
    assert [f"{one.field}: {one.message}" for one in lint(book, by_our_rules(load()))] == []


@pytest.mark.parametrize(("book", "example"), EXAMPLES, ids=lambda one: getattr(one, "title", "")[:60])
def test_an_example_ends_as_it_says(book: Playbook, example: Example) -> None:
    played = play(book, example)

    assert (played.ends, played.at) == (example.ends, example.at)
    assert played.state.next.do


WRONG = [
    ('place = "incident"', 'place = "inciden"', "gates[0].place", "did you mean 'incident'?"),
    ('sources = ["facts.impact"]', 'sources = ["facts.impacts"]', "artifacts[0].fields[1].sources[0]", "did you mean 'facts.impact'?"),
    ('outputs = ["note"]', 'outputs = ["notes"]', "steps[2].outputs[0]", "did you mean 'note'?"),
    ('gate = "damage"', 'gate = "harm"', "not_when[0].gate", "known: damage"),
    ('id = "hit"', 'id = "happened"', "artifacts[0].fields[1].id", ""),
    ('id = "hit"', 'id = "Hit it"', "artifacts[0].fields[1].id", "use small letters"),
    ("version = 1", "version = 1\nowners = 2", "owners", "did you mean 'owner'?"),
    ('ends = "gate"\nat = "damage"', 'ends = "gate"\nat = "say-it"', "examples[1].at", "known: damage"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "hint"), WRONG)
def test_a_file_that_is_wrong_names_the_line_and_the_field(right: str, wrong: str, field: str, hint: str) -> None:
    assert right in SOURCE
    source = SOURCE.replace(right, wrong, 1)

    with pytest.raises(InputError) as caught:
        load_text(source, "own-a-mistake-first-hour.toml")

    assert caught.value.field == field
    assert hint in caught.value.hint
    assert caught.value.line is not None
    changed = next(line for line, (old, new) in enumerate(zip(SOURCE.splitlines(), source.splitlines(), strict=False), 1) if old != new)
    assert caught.value.line in (changed, changed + 1)


def test_all_that_is_wrong_in_a_file_is_said_at_once_with_line_and_what_to_do() -> None:
    source = SOURCE
    for right, wrong, _, _ in WRONG[1:5]:
        assert right in source
        source = source.replace(right, wrong, 1)
    source = source.replace("may_be_unknown = false", "may_be_unknown = true")

    found = faults_in(source, "own-a-mistake-first-hour.toml", by_our_rules(load()))

    fields = [one.field for one in found]
    assert {field for _, _, field, _ in WRONG[1:5]} <= set(fields), "each of the names"
    assert any("may stay unknown" in one.message for one in found), "and what nobody could do, although names are wrong"
    assert all(one.hint for one in found), [one for one in found if not one.hint]
    assert all(one.line for one in found), [one for one in found if one.line is None]
    assert not any("ends " in one.message for one in found), "examples are tried once all can be read"


def test_what_is_of_another_shape_hides_no_name_that_is_wrong() -> None:
    source = SOURCE.replace("version = 1", 'version = "one"', 1).replace('gate = "damage"', 'gate = "harm"', 1)
    found = faults_in(source.replace("[[metrics]]", "[[metric]]"), "own-a-mistake-first-hour.toml")
    assert {"version", "metric", "metrics", "not_when[0].gate"} <= {one.field for one in found}
    assert [one.line for one in faults_in("version = ", "x.toml")] == [1], "what is no TOML is one fault"
    assert faults_in(SOURCE, "own-a-mistake-first-hour.toml", by_our_rules(load())) == ()


FAULTS = [
    (r'ask = "Is what you can[^\n]+\n', "", "nothing opens the gate 'damage'"),
    (r'outputs = \["note"\]', "outputs = []", "no step leaves the artifact 'note' behind"),
    (r"may_be_unknown = false", "may_be_unknown = true", "everything in 'first-word' may stay unknown"),
    (r'sources = \["note.impact"\]\n', "", "nothing can fill 'impact'"),
    (r'ends = "finished"', 'ends = "step"\nat = "say-it"', "ends finished, not step at say-it"),
    (r"Try the same slip", "Whoever broke it should have known better: try the same slip", "follow_ups[0].text"),
]


@pytest.mark.parametrize(("right", "wrong", "says"), FAULTS)
def test_the_linter_says_what_nobody_could_do(right: str, wrong: str, says: str) -> None:
    book = load_text(re.sub(right, wrong, SOURCE), "own-a-mistake-first-hour.toml")

    assert any(says in f"{one.field} {one.message}" for one in lint(book, by_our_rules(load())))
