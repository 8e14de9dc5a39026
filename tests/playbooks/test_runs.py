"""What holds for every run of every playbook, whatever people and data do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.playbooks.known import WORD, Item, Known, Saw
from amends.playbooks.run import undoable
from amends.playbooks.state import FINISHED, HALTED, RunState, run_state
from playbooks.runs import BEGAN, PLAYBOOKS, Running

OPEN_GATES = {"incident-live": False, "contained": True, "facts-known": True}


def shown(**changed: bool) -> dict[str, Saw]:
    values = OPEN_GATES | {name.replace("_", "-"): holds for name, holds in changed.items()}
    return {name: Saw(holds, name, since=BEGAN) for name, holds in values.items()}


def things(source: str, sound: int, lacking: int = 0) -> tuple[Item, ...]:
    whole = tuple(Item("point", f"{source}{number}", f"{source} {number}") for number in range(sound))
    return whole + tuple(Item("point", f"{source}-{number}", f"{source} -{number}", ("cites nothing",)) for number in range(lacking))


SOURCES = sorted({name for book in PLAYBOOKS.values() for one in book.artifacts for field in one.fields for name in field.sources})
DATA = st.dictionaries(st.sampled_from(SOURCES), st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=12)
TRIED = ("answered", "overridden", "filled", "word", "unknown", "decided", "undone", "handed-over")
ACTS = st.lists(
    st.tuples(st.sampled_from(TRIED), st.integers(0, 60)),
    max_size=40,
)


def act(run: Running, what: str, pick: int) -> None:
    """One thing that somebody tries; most of what they try at random is refused."""
    book = run.playbook
    gate = book.gates[pick % len(book.gates)].id
    about = book.addresses[pick % len(book.addresses)]
    if what == "answered":
        run.tell(what, gate, value="yes" if pick % 5 else "no")
    elif what == "overridden":
        run.tell(what, gate, why="it cannot wait")
    elif what == "filled":
        field = run.now.field(about)
        for item in field.offered[:1] if field is not None and field.field.pick == "some" else ():
            run.tell(what, about, ref_kind=item.kind, ref=item.id, text=item.words)
    elif what == "word":
        field = run.now.field(about)
        if field is not None and field.field.words:
            run.tell("filled", about, ref_kind=WORD, ref="Jo", person="Jo", text="as Jo said", asked_at=BEGAN)
    elif what == "unknown":
        run.tell(what, about, asked="Jo", asked_at=BEGAN)
    elif what == "decided":
        one = book.decisions[pick % len(book.decisions)]
        run.tell(what, one.id, value=one.options[pick % len(one.options)] if one.options else None, text="so")
    elif what == "handed-over":
        run.tell(what, person="Jo")
    elif undoable(run.events):
        run.tell("undone", undoes=undoable(run.events)[pick % len(undoable(run.events))].id)


def is_anchored(now: RunState) -> bool:
    """Whether everything before the last reached step stands on data, a word, or somebody who was asked."""
    reached = [one for one in now.steps if one.reached]
    before = reached[:-1] if reached else []
    every = (field for step in before for artifact in step.artifacts for field in artifact.fields)
    return all(one.held or one.unknown or not one.misses or not one.field.needed for one in every)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PLAYBOOKS)), DATA, st.booleans(), ACTS)
def test_no_step_is_reached_over_a_missing_field_a_shut_gate_or_an_open_decision(
    name: str, data: dict[str, tuple[int, int]], live: bool, acts: list[tuple[str, int]]
) -> None:
    run = Running(name, Known({source: things(source, *counts) for source, counts in data.items()}, shown(incident_live=live)))
    for what, pick in acts:
        act(run, what, pick)
        now = run.now
        assert is_anchored(now)
        for earlier, later in zip(now.steps, now.steps[1:], strict=False):
            assert not later.reached or (earlier.reached and earlier.complete)
        assert not any(one.reached for one in now.steps) or all(one.lets_through for one in now.gates)
        assert (now.state == HALTED) == any(not one.lets_through for one in now.gates)
        if run.tell("finished") is None:
            assert all(field.passes for step in now.steps for one in step.artifacts for field in one.fields)
            run.tell("undone", undoes=run.events[-1].id)
        assert run.now.next.do


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(PLAYBOOKS)), ACTS)
def test_nobody_finishes_an_empty_playbook_whatever_they_answer_override_decide_or_leave_unknown(
    name: str, acts: list[tuple[str, int]]
) -> None:
    run = Running(name, Known({}, shown()))
    for what, pick in [*(("answered", 1 + 5 * number) for number in range(9)), *acts]:
        if what != "word":
            act(run, what, pick)
    for number in range(60):
        act(run, "unknown", number)
        act(run, "decided", number)

    assert run.tell("finished") is not None
    assert not run.now.steps[-1].reached


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(PLAYBOOKS)), DATA, ACTS, st.integers(0, 60))
def test_what_is_undone_leaves_everything_as_it_was(
    name: str, data: dict[str, tuple[int, int]], acts: list[tuple[str, int]], pick: int
) -> None:
    run = Running(name, Known({source: things(source, *counts) for source, counts in data.items()}, shown()))
    for what, number in acts[:-1]:
        act(run, what, number)
    before, count = run.now, len(run.events)
    act(run, acts[-1][0] if acts else "unknown", pick)
    if len(run.events) > count and run.events[-1].what != "undone":
        run.tell("undone", undoes=run.events[-1].id)
        assert replace(run.now, events=before.events, now=before.now) == before


def test_a_gate_that_shuts_again_halts_the_run_and_says_so_and_an_old_override_does_not_reach_it() -> None:
    run = Running("repair-trust", Known({}, shown(incident_live=True)))
    for gate in ("lead", "optics", "speak"):
        run.tell("answered", gate, value="yes")
    run.tell("overridden", "live", why="the talks with finance cannot wait")
    assert run.now.current is not None
    assert run.now.overrides[0].why == "the talks with finance cannot wait"

    run.known = Known(
        {}, shown() | {"incident-live": Saw(holds=True, words="it is investigating again", since=run.at + timedelta(minutes=1))}
    )

    now = run.now
    assert now.state == HALTED
    assert now.current is None
    assert (now.next.what, now.next.about, now.next.place) == ("gate", "live", "incident")
    assert [one.saw for one in now.gates if one.gate.id == "live"] == ["it is investigating again"]
    assert now.overrides, "the reason stays visible"
    assert now.resting == "The run rests while the incident is live.", "and nothing was finished that could stay so"


def test_what_was_chosen_and_is_gone_counts_no_more_and_stays_named() -> None:
    known = Known({"actions": things("actions", 1), "account.effects": things("account.effects", 1)}, shown())
    run = Running("repair-trust", known)
    for gate in ("lead", "optics", "speak"):
        run.tell("answered", gate, value="yes")
    about = "initial-repair-frame.operations"
    run.tell("filled", about, ref_kind="point", ref="actions0", text="actions 0")
    filled = run.now.field(about)
    assert filled is not None
    assert filled.passes

    run.known = Known({}, shown())

    emptied = run.now.field(about)
    assert emptied is not None
    assert not emptied.passes
    assert [one.text for one in emptied.gone] == ["actions 0"]


@pytest.mark.parametrize(("days", "due"), [(29, []), (31, ["month"]), (92, ["month", "quarter"])])
def test_the_looks_back_are_due_by_the_calendar_until_the_data_show_them(days: int, due: list[str]) -> None:
    run = Running("repair-trust", Known({"trust.review.promoted": things("p", 1), "trust.review.documents": things("d", 1)}, shown()))
    run_at = BEGAN + timedelta(days=days)
    now = run_state(run.run, run.playbook, run.events, run.known, run_at)

    assert [one.follow_up.id for one in now.follow_ups if one.is_due] == due
    assert now.state != FINISHED
