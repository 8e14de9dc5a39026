"""Running a playbook on the data of an incident, on each kind of database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from amends.incidents.stale import StaleError
from amends.playbooks.loading import PROCEDURES
from amends.playbooks.state import FINISHED, HALTED
from amends.usecases.playbook_gates import PlaybookGateError
from amends.usecases.playbook_shelf import PlaybookShelf
from amends.usecases.sample import seed_sample, tell_sample
from usecases.playbook_walk import ByUseCase, Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amends.core.incident import Incident
    from amends.playbooks.state import RunState
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases
    from amends.usecases.playbooks import Playbooks


@pytest.fixture
def sample(usecases: UseCases) -> Incident:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    return incident


@pytest.fixture
def begun(usecases: UseCases, sample: Incident) -> RunState:
    return usecases.playbooks.start(sample.id, "repair-trust", lead="Mara", answers={"lead": True, "optics": True, "speak": True})


def only_what_was_sent_since_tells_of_the_repairs(usecases: UseCases, clock: FixedClock, incident: str, run: str) -> None:
    def offered(about: str) -> list[str]:
        field = usecases.playbooks.state(run).field(about)
        assert field is not None
        return [one.id for one in field.offered]

    def sent(text: str) -> str:
        clock.advance(minutes=5)
        return usecases.messaging.record(text, audience="leadership", incident_id=incident).id

    (*_, before) = usecases.messaging.of_incident(incident)
    since = sent("You will know within 5 minutes if payments fail.")
    assert offered("repair-action-set.told") == [since]
    with pytest.raises(NotFoundError, match="to choose") as caught:
        usecases.playbooks.fill(run, "repair-action-set.told", kind="message", ref=before.id)
    assert "sent after the first repair was tied" in caught.value.hint
    usecases.acting.done(usecases.repairing.board(incident).repairs[0].action.action_id)
    assert offered("trust-recovery-review.told") == [], "a message from before the first repair was done tells of nothing that is different"
    told = sent("Payments that fail stand on the status page now.")
    assert offered("trust-recovery-review.told") == [told]


def test_the_sample_goes_through_the_whole_playbook_by_doing_what_it_says_is_to_be_done(
    usecases: UseCases, sample: Incident, clock: FixedClock
) -> None:
    offered = {one.playbook.id: one for one in usecases.playbooks.offered(sample.id)}
    assert [one.condition for one, _ in offered["repair-trust"].because] == ["severe", "trust-broken", "told-cleaner"]
    began = clock.now()
    run = usecases.playbooks.start(sample.id, "repair-trust", lead="Mara", answers={"lead": True}).run
    assert [one.which for one in usecases.trust_reviews.of_incident(sample.id)] == ["month", "quarter"]

    walk = Walk(usecases, clock, sample, run.id, ByUseCase(usecases, run.id))
    walk.until("repair-action-set.told")
    only_what_was_sent_since_tells_of_the_repairs(usecases, clock, sample.id, run.id)
    ended = walk.to_the_end()

    assert ended.state == FINISHED
    assert (clock.now() - began).days >= 90, "the last look back is a quarter after the containment"
    assert walk.did[:2] == ["optics", "speak"]
    assert walk.did[-1] == "finish"
    for about in (
        "trust-break-map.breaks",
        "repair-action-set.repairs",
        "trust-recovery-review.quarter",
    ):
        assert about in walk.did
    assert [one.title for one in (step.artifacts[0].artifact for step in ended.steps)][-1] == "Trust recovery review"
    assert "repair-trust" not in {one.playbook.id for one in usecases.playbooks.offered(sample.id)}


def test_who_has_no_log_gives_moments_by_facts_and_by_claims_that_cite_somebodys_word(usecases: UseCases, clock: FixedClock) -> None:
    incident, at = usecases.incidents.open("Charged twice").id, clock.now()

    def moments() -> list[tuple[str, str]]:
        return [(one.kind, one.words) for one in usecases.playbooks._sources.known(incident, by="local").held["timeline"]]

    claim = usecases.narrating.state(incident, "claim", "Support saw the first refund.", kind="signal", at=at, who="Ines").item
    usecases.recording.fact(incident, "happened", "We told support that it was fixed.")
    assert moments() == [], "the claim cites nothing yet, and of the fact nobody said when it was"
    usecases.narrating.cite(incident, claim, "person", text="Ines of Support: the first call came at ten.")
    usecases.recording.fact(incident, "happened", "A release charged customers twice.", at=at - timedelta(hours=2))
    assert moments() == [("point", "Support saw the first refund."), ("fact", "A release charged customers twice.")]


def test_a_doubt_about_honesty_is_answered_by_a_repair_that_others_can_check_and_never_by_itself(
    usecases: UseCases, clock: FixedClock
) -> None:
    incident = usecases.incidents.open("Charged twice").id
    usecases.incidents.change_status(incident, "monitoring")
    doubt = usecases.narrating.state(incident, "trust-break", "My boss asks for every number twice now.").item
    usecases.repairing.place(
        incident, doubt, whose="Finance", subject="behaviour", direction="upward", kind="honesty",
        fear="That a number is wrong again.", heard_from="Bo of Finance",
    )  # fmt: skip

    def answers() -> list[tuple[str, bool]]:
        return [(one.kind, not one.lacks) for one in usecases.playbooks._sources.known(incident, by="local").held["trust.honesty"]]

    assert answers() == [("break", False)]
    usecases.repairing.propose(
        incident, "Publish the failed share", item_kind="monitoring", kind="alert-gap", breaks=[doubt],
        uncertainty="You will know within 5 minutes if payments fail", visible="on the public status page",
        check_at=clock.now() + timedelta(days=21),
    )  # fmt: skip
    assert answers() == [("repair", True)]


def test_a_live_incident_refuses_and_a_written_reason_stays_and_is_shown(usecases: UseCases) -> None:
    live = usecases.incidents.open("Logins fail", severity="SEV1")
    with pytest.raises(PlaybookGateError, match="investigating") as caught:
        usecases.playbooks.start(live.id, "repair-trust", lead="Mara", answers={"lead": True})
    assert [one.gate.id for one in caught.value.gates] == ["live"]
    with pytest.raises(PlaybookGateError, match="nobody is named"):
        usecases.playbooks.start(live.id, "repair-trust", overrides={"live": "the talks cannot wait"})
    assert usecases.playbooks.of_incident(live.id) == ()

    run = usecases.playbooks.start(
        live.id, "repair-trust", lead="Mara", answers={"lead": True}, overrides={"live": "the talks cannot wait"}
    )

    assert run.state == HALTED
    assert (run.next.about, run.next.place) == ("contained", "incident")
    ((_, event),) = usecases.playbooks.overrides(live.id)
    assert (event.about, event.why, event.by) == ("live", "the talks cannot wait", "local")


def test_an_incident_that_is_live_again_halts_the_run_and_ends_what_was_overridden_before(
    usecases: UseCases, sample: Incident, begun: RunState, clock: FixedClock
) -> None:
    assert begun.current is not None
    clock.advance(minutes=1)
    usecases.incidents.change_status(sample.id, "investigating")

    now = usecases.playbooks.state(begun.run.id)

    assert (now.state, now.next.about) == (HALTED, "live")
    with pytest.raises(ConflictError, match="is not reached"):
        usecases.playbooks.unknown(begun.run.id, "initial-repair-frame.acknowledged", asked="Bo")
    clock.advance(minutes=1)
    usecases.incidents.change_status(sample.id, "monitoring")
    assert usecases.playbooks.state(begun.run.id).current is not None


def test_what_was_finished_stays_finished_while_the_incident_is_live_again(usecases: UseCases, sample: Incident, clock: FixedClock) -> None:
    run = usecases.playbooks.start(sample.id, "repair-trust", lead="Mara", answers={"lead": True}).run
    Walk(usecases, clock, sample, run.id, ByUseCase(usecases, run.id)).until("trust-break-map.breaks")
    before = usecases.playbooks.state(run.id)
    assert ([one.state for one in before.steps], before.resting) == (["finished", "finished", "now", "ahead", "ahead"], None)
    clock.advance(minutes=1)
    usecases.incidents.change_status(sample.id, "investigating", reason="it is back")
    rests = usecases.playbooks.state(run.id)
    assert [one.state for one in rests.steps] == ["finished", "finished", "waiting", "ahead", "ahead"]
    assert rests.resting == "The run rests while the incident is live. What is finished stays finished."
    assert not any(one.reached for one in rests.steps), "nothing can be taken in it meanwhile"
    assert rests.standing is not None
    assert rests.standing.number == 3


def test_a_slip_that_the_board_remarks_keeps_nobody_from_going_on(usecases: UseCases, sample: Incident, begun: RunState) -> None:
    for _ in range(2):
        usecases.repairing.add_break(sample.id, "They ask twice before each release.", whose="support", kind="care")
    assert "written-twice" in {one.code for one in usecases.repairing.board(sample.id).map_lacks}
    field = usecases.playbooks.state(begun.run.id).field("trust-break-map.breaks")
    assert field is not None
    assert not any("nearly the same" in lack for held in field.held for lack in held.item.lacks)


REFUSED: list[tuple[Callable[[Playbooks, str], object], type[Exception], str]] = [
    (lambda use, run: use.fill(run, "initial-repair-frame.operations", kind="action", ref="nothing"), NotFoundError, "no action"),
    (lambda use, run: use.fill(run, "initial-repair-frame.impact", kind="point", ref="nothing"), NotFoundError, "no point"),
    (lambda use, run: use.fill(run, "initial-repair-frame.known", kind="person", person="Bo", text="all"), InputError, "does not count"),
    (lambda use, run: use.fill(run, "initial-repair-frame.next-talk", kind="person", text="Thursday"), InputError, "a name must not"),
    (lambda use, run: use.fill(run, "initial-repair-frame.feelings", kind="point", ref="x"), UnknownNameError, "unknown field"),
    (lambda use, run: use.unknown(run, "initial-repair-frame.impact", asked="Bo"), ConflictError, "cannot stay unknown"),
    (lambda use, run: use.unknown(run, "trust-break-map.fears", asked="Bo"), ConflictError, "is not reached"),
    (lambda use, run: use.unknown(run, "initial-repair-frame.acknowledged", asked=" "), InputError, "a name must not"),
    (lambda use, run: use.decide(run, "kind-of-trust", "the system"), ConflictError, "is not reached"),
    (lambda use, run: use.override(run, "live", why="no"), ConflictError, "the gate is open"),
    (lambda use, run: use.answer_gate(run, "live", yes=True), ConflictError, "the data answer it"),
    (lambda use, run: use.follow_up(run, "month", "All is well."), ConflictError, "is due on .* and what came of it shows only then"),
    (lambda use, run: use.finish(run), ConflictError, "first: "),
]


def test_nothing_is_written_that_cites_nothing_or_comes_too_early(usecases: UseCases, begun: RunState) -> None:
    for act, error, says in REFUSED:
        with pytest.raises(error, match=says):
            act(usecases.playbooks, begun.run.id)
    assert usecases.playbooks.state(begun.run.id).events == begun.events


def test_two_people_at_once_keep_what_they_wrote_and_the_second_sees_what_the_first_did(usecases: UseCases, begun: RunState) -> None:
    use, run, seen = usecases.playbooks, begun.run.id, begun.version
    use.answer_gate(run, "speak", yes=False, person="Ines", seen=seen)

    with pytest.raises(StaleError, match="meanwhile") as caught:
        use.answer_gate(run, "speak", yes=True, seen=seen)

    assert caught.value.refused == "yes"
    assert caught.value.current.next.about == "speak"
    use.undo(run)
    assert use.state(run).state == begun.state
    for _ in range(2):  # pressed twice
        once = use.fill(run, "initial-repair-frame.next-talk", kind="person", person="Ines", text="We meet on Thursday.")
    assert once.version == seen + 3
    with pytest.raises(ConflictError, match="running for this incident"):
        use.start(begun.run.incident_id, "repair-trust", lead="Bo", answers={"lead": True})


def test_a_run_goes_on_as_it_was_begun_whatever_becomes_of_the_file(usecases: UseCases, sample: Incident, tmp_path: Path) -> None:
    own = tmp_path / "own-a-mistake-first-hour.toml"
    source = (PROCEDURES / own.name).read_text()
    own.write_text(source.replace("Own a mistake in the first hour", "Our first hour"))
    usecases.playbooks.shelf = PlaybookShelf(str(tmp_path))
    run = usecases.playbooks.start(sample.id, "own-a-mistake-first-hour", lead="Jo")
    own.write_text("broken = ")
    usecases.playbooks.shelf = PlaybookShelf(str(tmp_path))

    assert usecases.playbooks.state(run.run.id).playbook.title == "Our first hour"
    assert [getattr(one, "path", None) for one in usecases.playbooks.wrong()] == [str(own)]
    assert usecases.playbooks.get("own-a-mistake-first-hour").title == "Own a mistake in the first hour", "ours stands in"


def test_a_private_playbook_is_there_for_who_began_it_and_who_leads_it(usecases: UseCases) -> None:
    for name, role in (("anna", "owner"), ("ben", "responder"), ("dan", "responder")):
        usecases.people.add(name, role, by="local" if name == "anna" else "anna")
    incident = usecases.incidents.change_status(usecases.incidents.open("A date was promised", by="ben").id, "monitoring", by="ben")
    run = usecases.playbooks.start(incident.id, "repair-a-managers-mistake", lead="ben", by="ben").run.id

    for other in ("anna", "dan"):
        assert usecases.playbooks.of_incident(incident.id, by=other) == ()
        with pytest.raises(NotFoundError, match="no run"):
            usecases.playbooks.state(run, by=other)
    usecases.playbooks.hand_over(run, "dan", by="ben")

    assert usecases.playbooks.state(run, by="dan").lead == "dan"
    with pytest.raises(NotFoundError):
        usecases.playbooks.meant(run[-6:], by="anna")
