"""What a person should do now, over all incidents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ForbiddenError, NotFoundError, UnknownNameError
from amends.incidents.involved import Delivery
from amends.timeline.versions import Version
from amends.usecases.today import PRESET

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases
    from amends.usecases.today import TodayView

FIRST = "Since 10:50 UTC checkout fails for all customers. I merged a change that dropped an index. Next update 11:10 UTC."


def names(view: TodayView) -> list[str]:
    return [one.what for one in view.owed]


def test_nothing_is_owed_before_anything_went_wrong(usecases: UseCases) -> None:
    view = usecases.today.of()
    assert (view.owed, view.silences, view.missed, view.coming, view.drafts, view.open) == ((), (), (), (), (), ())


def test_a_new_incident_owes_its_first_messages_its_timeline_its_check_in_and_its_note(usecases: UseCases) -> None:
    usecases.incidents.open("Checkout is down", severity="SEV2")
    assert names(usecases.today.of()) == ["first-customers-message", "first-message", "timeline", "checked-in", "follow-up-note"]


def test_what_is_sent_assembled_and_written_down_is_owed_no_more(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down", severity="SEV2")
    clock.advance(minutes=3)
    usecases.messaging.record(FIRST, form="first-message", audience="team", tz="UTC", incident_id=incident.id)
    usecases.recording.milestone(incident.id, "checked-in")
    usecases.messaging.record("What happened and when.", form="follow-up-note", audience="team", incident_id=incident.id)
    with usecases.store.writing() as connection:
        from amends.store import timelines

        rows = [{"kind": "log", "time": None}]
        timelines.add_version(connection, Version(incident.id, 1, clock.now(), "local", None, 1, {"rows": rows}), salt="s")
    assert [(one.what, one.audience) for one in usecases.today.of().owed if one.audience != "team"] == [
        ("first-customers-message", "customers")
    ]


def test_the_most_urgent_of_all_incidents_stands_first(usecases: UseCases, clock: FixedClock) -> None:
    usecases.incidents.open("The older one", severity="SEV4")
    clock.advance(minutes=20)
    usecases.incidents.open("The newer one", severity="SEV4")
    view = usecases.today.of()
    assert [one.due for one in view.owed] == sorted(one.due for one in view.owed)
    assert view.incidents[view.owed[0].incident_id].title == "The older one"
    assert [one.state for one in view.owed][:2] == ["late", "late"]


def test_work_without_a_message_is_silence_and_a_message_ends_it(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down")
    clock.advance(minutes=2)
    usecases.recording.fact(incident.id, "cause", "the pool is larger than the database takes")
    clock.advance(minutes=6)
    (silence,) = usecases.today.of().silences
    assert (silence.incident_id, silence.since, silence.count) == (incident.id, clock.now() - timedelta(minutes=6), 1)
    usecases.messaging.record(FIRST, audience="team", tz="UTC", incident_id=incident.id)
    assert usecases.today.of().silences == ()


def test_commits_and_chat_in_the_timeline_are_work_and_log_lines_are_not(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down")
    clock.advance(minutes=10)
    times = [(clock.now() - timedelta(minutes=away)).isoformat() for away in (9, 8, 7)]
    rows = [{"kind": kind, "time": at} for kind, at in zip(("log", "commit", "chat"), times, strict=True)]
    with usecases.store.writing() as connection:
        from amends.store import timelines

        timelines.add_version(connection, Version(incident.id, 1, clock.now(), "local", None, 3, {"rows": rows}), salt="s")
    (silence,) = usecases.today.of().silences
    assert (silence.count, silence.since) == (2, clock.now() - timedelta(minutes=8))


def test_an_unsent_draft_is_its_authors_and_shows_its_age(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down")
    usecases.drafting.new("We broke checkout.", incident_id=incident.id, by="ana")
    usecases.drafting.new("   ", by="ana")
    clock.advance(minutes=12)
    (draft,) = usecases.today.of(by="ana").drafts
    assert clock.now() - draft.updated_at == timedelta(minutes=12)
    assert usecases.today.of(by="ben").drafts == ()


def test_promises_stand_under_what_they_ask(usecases: UseCases, clock: FixedClock) -> None:
    soon = usecases.promising.add("we will write to the board", clock.now() + timedelta(hours=1))
    asked = usecases.promising.add("Dana will call the shops", clock.now() + timedelta(hours=1), owner="dana")
    missed = usecases.promising.add("we will send the list", clock.now() + timedelta(minutes=1))
    clock.advance(minutes=5)
    view = usecases.today.of()
    assert [one.promise.id for one in view.missed] == [missed.promise.id]
    assert [one.promise.id for one in view.coming] == [soon.promise.id]
    assert [one.promise.id for one in view.asking] == [asked.promise.id]


def test_a_private_incident_is_in_nobodys_day_who_was_not_invited(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("An account was read", private=True, by="ana")
    usecases.recording.fact(incident.id, "cause", "a token in a log", by="ana")
    clock.advance(minutes=8)
    mine, theirs = usecases.today.of(by="ana"), usecases.today.of(by="ben")
    assert mine.owed
    assert mine.silences
    assert (theirs.owed, theirs.silences, theirs.open, theirs.incidents) == ((), (), (), {})
    with pytest.raises(NotFoundError):
        usecases.today.of_incident(incident.id, by="ben")


def test_one_incident_is_asked_for_alone(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down")
    usecases.incidents.open("Another")
    clock.advance(minutes=1)
    owed, silence = usecases.today.of_incident(incident.id)
    assert {one.incident_id for one in owed} == {incident.id}
    assert silence is None


def test_a_sample_is_looked_at_until_there_is_an_incident_of_our_own(usecases: UseCases) -> None:
    with usecases.store.writing() as connection:
        usecases.incidents.open_within(connection, "A sample", severity="SEV2", origin="sample")
    assert usecases.today.of().owed
    own = usecases.incidents.open("Checkout is down", severity="SEV4")
    assert {one.incident_id for one in usecases.today.of().owed} == {own.id}


def test_the_workspace_chooses_whose_rules_its_clocks_follow(usecases: UseCases) -> None:
    usecases.incidents.open("Checkout is down", severity="SEV1")
    assert usecases.today.preset().id == "sources"
    usecases.today.choose_preset("pagerduty")
    assert usecases.today.preset().id == "pagerduty"
    assert names(usecases.today.of()) == ["first-customers-message"]
    assert [(one.what, one.subject) for one in usecases.journal.about(f"setting/{PRESET}")] == [("setting.changed", f"setting/{PRESET}")]
    with pytest.raises(UnknownNameError):
        usecases.today.choose_preset("ours")


def test_the_time_to_the_first_honest_status_is_read_from_what_was_sent(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down")
    usecases.recording.milestone(incident.id, "detected", value="others")
    clock.advance(minutes=3)
    vague = "There might be a small issue with checkout, should be fine soon."
    usecases.messaging.record(vague, form="status-update", audience="team", incident_id=incident.id)
    clock.advance(minutes=9)
    honest = usecases.messaging.record(FIRST, form="first-message", audience="team", tz="UTC", incident_id=incident.id)
    found = usecases.today.firsts(incident.id)
    assert (found.seconds_to_told, found.seconds_to_honest, found.found_by) == (180, 720, "others")
    assert found.honest is not None
    assert found.honest.id == honest.id


def test_a_story_that_was_read_tells_the_same_as_its_incident(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down", severity="SEV2")
    usecases.recording.fact(incident.id, "happened", "Checkout fails")
    clock.advance(minutes=30)
    for text in (FIRST, "We look into it."):
        usecases.messaging.record(text, audience="team", tz="UTC", incident_id=incident.id)
        clock.advance(minutes=40)
    for _ in range(2):
        story = usecases.stories.of(incident.id)
        assert usecases.today.of_story(story) == usecases.today.of_incident(incident.id)
        assert usecases.today.firsts_of(story) == usecases.today.firsts(incident.id)
        usecases.recording.fact(incident.id, "impact", "All shops")
        clock.advance(hours=2)


def test_where_people_sign_in_a_stranger_sees_nothing_and_a_responder_does_not_choose(usecases: UseCases) -> None:
    usecases.people.add("ana", "owner")
    usecases.people.add("ben", "responder", by="ana")
    with pytest.raises(ForbiddenError):
        usecases.today.of(by="carl")
    with pytest.raises(ForbiddenError):
        usecases.today.choose_preset("google", by="ben")
    assert usecases.today.choose_preset("google", by="ana").id == "google"


def test_a_message_that_reached_nobody_is_no_word_on_any_page(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down", severity="SEV1")
    sent = usecases.messaging.record(FIRST, form="first-message", audience="team", tz="UTC", incident_id=incident.id)
    reader = usecases.involving.add_stakeholder(incident.id, "Support", audience="team")
    with usecases.store.writing() as connection:
        from amends.store import deliveries

        for number, what in enumerate(("trying", "failed")):
            row = Delivery(f"D{number}", sent.id, reader.id, what, clock.now(), clock.now(), "local", attempt=1)
            deliveries.add(connection, row)
    story = usecases.stories.of(incident.id)
    everywhere = [usecases.today.of().owed, usecases.today.of_incident(incident.id)[0], usecases.today.of_story(story)[0]]
    assert ["first-message" in {one.what for one in owed} for owed in everywhere] == [True] * 3
    assert usecases.today.firsts_of(story).told is usecases.today.firsts(incident.id).told is None
