"""What happened in a run reads as sentences: who did what, about what, and what that changed."""

from __future__ import annotations

from amends.playbooks.happened import LONGEST, told
from amends.playbooks.known import Known
from playbooks.runs import BEGAN, Running


def said(run: Running) -> list[str]:
    return [one.text for one in told(run.playbook, run.events)]


def test_each_event_says_who_did_what_and_what_it_changed() -> None:
    run = Running("repair-trust", Known())
    events: list[tuple[str, str | None, dict[str, object], str]] = [
        ("answered", "speak", {"value": "yes", "person": "Ines"},
         "Mara answered yes at the gate “People can say what they saw” by the word of Ines; that opens it."),
        ("answered", "speak", {"value": "no", "person": "Mara"},
         "Mara answered no at the gate “People can say what they saw”, where it was yes before; that shuts it."),
        ("overridden", "live", {"why": "the talks cannot wait."},
         "Mara went on although the gate “The live response is over” was shut: “the talks cannot wait”."),
        ("filled", "initial-repair-frame.next-talk", {"ref_kind": "person", "ref": "Ines", "person": "Ines",
         "text": "On Thursday.", "asked_at": BEGAN},
         "Mara wrote under “When we talk next” of “Initial repair frame” what Ines said on 9 March 2026: “On Thursday”."),
        ("filled", "initial-repair-frame.operations", {"ref_kind": "action", "ref": "01A", "text": "Refuse to start"},
         "Mara chose for “What operations still does, apart from this” of “Initial repair frame” the action item “Refuse to start”."),
        ("unknown", "trust-break-map.fears", {"asked": "Bo of Finance", "asked_at": BEGAN},
         ("Mara wrote under “What each group fears” of “Trust break map” that it is not known yet, "
         "and that Bo of Finance was asked on 9 March 2026.")),
        ("handed-over", None, {"person": "Bo"}, "Mara handed the run over to Bo, where Mara led it before."),
        ("stopped", None, {"why": "it is another incident"}, "Mara stopped the run: “it is another incident”."),
        ("finished", None, {}, "Mara said that the run is finished."),
    ]  # fmt: skip
    for what, about, fields, _ in events:
        run._tell(what, about, dict(fields))
    assert said(run)[0] == "Mara began the run, and Mara leads it."
    assert said(run)[1:] == [sentence for *_, sentence in events]


def test_a_decision_says_what_it_was_before_and_what_was_taken_back_is_named() -> None:
    run = Running("repair-trust", Known(), lead=None)
    run._tell("decided", "kind-of-trust", {"text": "the system", "value": "the system"})
    run._tell("decided", "kind-of-trust", {"text": "what we say", "value": "what we say"})
    run._tell("undone", None, {"undoes": run.events[-1].id})
    run._tell("decided", "kind-of-trust", {"text": "word " * 100, "value": "x"})
    first, one, two, back, last = told(run.playbook, run.events)
    assert first.text == "Mara began the run, and nobody is named who leads it."
    assert two.text.endswith("“what we say”, where it was “the system” before.")
    assert (two.undone, one.undone, one.may_undo, first.may_undo) == (True, False, True, False)
    assert back.text.startswith("Mara took back that Mara decided on “")
    assert "where it was “the system” before" in last.text, "what was taken back is not what it was before"
    assert len(last.text) < 3 * LONGEST
    assert next(one.text for one in told(run.playbook, run.events, lambda _: "you")).startswith("You began the run")
