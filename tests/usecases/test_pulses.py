"""A pulse from opening to comparing: who may be asked, that one link is one answer, what is shown, and what happens when things break."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from amends import wiring
from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UsageError
from amends.store import journal
from amends.store import pulses as rows
from amends.store.schema import trust_review, trust_review_event
from amends.testing import START, FixedClock, memory_store
from amends.trust.pulse import gap, items_for
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amends.store.engine import Store
    from amends.trust.pulse import WaveResult
    from amends.usecases.pulses import Opened, Pulses


def people(store: Store, home: Path, clock: FixedClock | None = None) -> UseCases:
    return UseCases(Checking, lambda: store, clock or FixedClock(), wiring.ids(), new_secret=wiring.new_secret, home=lambda: str(home))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(tmp_path: Path, clock: FixedClock) -> Iterator[UseCases]:
    store = memory_store()
    yield people(store, tmp_path / "home", clock)
    store.close()


@pytest.fixture
def kept(store: Store, tmp_path: Path, clock: FixedClock) -> UseCases:
    """The same on each kind of database, for what is about writing at once, or being interrupted."""
    return people(store, tmp_path / "home", clock)


@pytest.fixture
def pulses(usecases: UseCases) -> Pulses:
    return usecases.pulses


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return contained(usecases)


def contained(usecases: UseCases) -> str:
    made = usecases.incidents.open("Checkout is down").id
    usecases.incidents.change_status(made, "monitoring", reason="payments go through again")
    return made


def scores(group: str, value: int | None) -> dict[int, int | None]:
    """The same answer to everything, with the reverse item turned so that it means the same."""
    return {item.number: (8 - value if item.reverse and value is not None else value) for item in items_for(group)}


def fill(pulses: Pulses, opened: Opened, group: str, values: list[int | None], codes: bool = False, comment: str = "") -> None:
    for number, (token, value) in enumerate(zip(opened.links[group], values, strict=False)):
        comments = {"fear": f"{comment} {number}"} if comment else {}
        pulses.answer(token, scores(group, value), comments=comments, code=f"code {number}" if codes else "")


def wave(pulses: Pulses, incident: str, which: str, values: list[int | None], group: str = "team", **more: bool) -> WaveResult:
    opened = pulses.open(incident, which, {group: 9})
    fill(pulses, opened, group, values, **more)
    return pulses.close(opened.wave.id).result


def test_a_live_incident_is_not_asked_about(usecases: UseCases, pulses: Pulses) -> None:
    live = usecases.incidents.open("Checkout is down").id
    with pytest.raises(ConflictError, match="while the incident is live") as refused:
        pulses.open(live, "baseline", {"team": 8})
    assert "3 to 10 days after" in refused.value.hint


def test_a_group_that_is_too_small_is_told_what_to_do_instead(pulses: Pulses, incident: str) -> None:
    with pytest.raises(InputError, match="4 people cannot answer unrecognised") as refused:
        pulses.open(incident, "baseline", {"team": 8, "users": 4})
    for instead in ("talk with them", "what people do", "merge them"):
        assert instead in refused.value.hint
    with pytest.raises(InputError, match="3 answers hide nobody"):
        pulses.open(incident, "baseline", {"team": 8}, least=3)
    assert pulses.of_incident(incident) == ()


def test_a_wave_is_asked_once_and_alone(pulses: Pulses, incident: str) -> None:
    first = pulses.open(incident, "baseline", {"team": 5})
    with pytest.raises(ConflictError, match="still open"):
        pulses.open(incident, "month", {"team": 5})
    fill(pulses, first, "team", [4])
    pulses.close(first.wave.id)
    with pytest.raises(ConflictError, match="had its wave"):
        pulses.open(incident, "baseline", {"team": 5})


def test_the_time_of_a_wave_is_advised_and_not_enforced(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    usecases.recording.milestone(incident, "contained")
    for days, code in ((1, "pulse-early"), (3, None), (10, None), (12, "pulse-late")):
        later = people(usecases.store, tmp_path, FixedClock(START + timedelta(days=days))).pulses
        assert [one.code for one in later.advice(incident, "baseline")] == ([code] if code else [])


def test_one_link_is_one_answer_however_often_it_is_sent(kept: UseCases) -> None:
    pulses, incident = kept.pulses, contained(kept)
    opened = pulses.open(incident, "baseline", {"team": 5})
    token = opened.links["team"][0]
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda value: pulses.answer(token, scores("team", value)), [7, 1, 7, 1, 7, 1]))
    assert pulses.asked(token).group == "team", "an answered link looks like any other, so that nobody learns from it who answered"
    assert [one.answered for one in pulses.get(opened.wave.id).groups] == [1]


def test_an_answer_is_held_whole_or_not_at_all(kept: UseCases, monkeypatch: pytest.MonkeyPatch) -> None:
    pulses, incident = kept.pulses, contained(kept)
    opened = pulses.open(incident, "baseline", {"team": 5})
    with monkeypatch.context() as broken:
        broken.setattr(rows, "hold", lambda *_: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            pulses.answer(opened.links["team"][0], scores("team", 5))
    assert pulses.get(opened.wave.id).groups[0].answered == 0, "the link is not spent without its answer"
    pulses.answer(opened.links["team"][0], scores("team", 5))
    assert pulses.get(opened.wave.id).groups[0].answered == 1


def test_links_that_are_over_or_never_were_are_refused_alike(pulses: Pulses, incident: str, clock: FixedClock) -> None:
    opened = pulses.open(incident, "baseline", {"team": 5, "users": 5})
    over = opened.links["team"][0]
    said = []
    clock.advance(days=15)
    for token in (over, "x" * 22, "x" * 5000, ""):
        with pytest.raises(NotFoundError) as refused:
            pulses.asked(token)
        said.append((refused.value.message, refused.value.hint))
        with pytest.raises(NotFoundError):
            pulses.answer(token, scores("team", 5))
    pulses.extend(opened.wave.id, clock.now() + timedelta(days=2))
    pulses.answer(over, scores("team", 5))
    pulses.close(opened.wave.id)
    with pytest.raises(NotFoundError) as refused:
        pulses.asked(over)
    assert {*said, (refused.value.message, refused.value.hint)} == {said[0]}


def test_what_is_no_answer_is_refused_before_the_link_is_spent(pulses: Pulses, incident: str) -> None:
    opened = pulses.open(incident, "baseline", {"team": 5})
    token = opened.links["team"][0]
    for wrong, comments in (({3: 8}, {}), ({}, {}), ({1: 5}, {}), ({3: 5}, {"fear": "x" * 601})):
        with pytest.raises(UsageError):
            pulses.answer(token, wrong, comments=comments)
    assert pulses.get(opened.wave.id).groups[0].answered == 0
    pulses.answer(token, {3: None}, comments={"fear": "\u4e16" * 600, "seen": '"\n' * 300})


def test_a_wave_shows_shares_an_index_and_who_could_not_say(pulses: Pulses, incident: str) -> None:
    opened = pulses.open(incident, "baseline", {"team": 8, "stakeholders": 8})
    fill(pulses, opened, "team", [2, 2, 3, 3, 6, 6])
    fill(pulses, opened, "stakeholders", [6, 6, 6, 6, 7, 7, None, None])
    result = pulses.close(opened.wave.id).result
    team = result.group("team")
    assert team is not None
    assert team.index is not None
    assert (team.answered, team.invited, team.partial, team.hidden) == (6, 8, False, None)
    assert team.index.mean == pytest.approx(22 / 6, abs=1e-3)
    braced = next(one for one in team.items if one.item.id == "braced")
    assert braced.favourable is not None
    assert (braced.favourable.count, braced.favourable.n) == (2, 6), "agreeing with the reverse item is bad news"
    others = result.group("stakeholders")
    assert others is not None
    assert {(one.n, one.cannot_say) for one in others.items} == {(6, 2)}
    found = gap(result)
    assert found is not None
    assert found.chance > 0.95
    assert "stand above the team" in found.words


def test_too_few_answers_are_not_shown_and_not_kept(usecases: UseCases, pulses: Pulses, incident: str) -> None:
    opened = pulses.open(incident, "baseline", {"team": 8, "users": 8})
    fill(pulses, opened, "team", [4] * 5, comment="the queue again")
    fill(pulses, opened, "users", [1] * 4, comment="only us four")
    result = pulses.close(opened.wave.id).result
    users = result.group("users")
    assert users is not None
    assert (users.index, users.items, users.answered, users.invited) == (None, (), 4, 8)
    assert users.hidden == "4 answered; a group is shown from 5 answers on, and fewer are destroyed unread"
    assert users.partial
    assert result.comments == ()
    assert "from 8 answers on" in str(result.comments_hidden)
    with usecases.store.reading() as connection:
        assert rows.kept_of(connection, opened.wave.id)["users"].tally is None


def test_comments_of_eight_are_shown_without_group_score_or_order(pulses: Pulses, incident: str) -> None:
    result = wave(pulses, incident, "baseline", [3] * 8, comment="the nightly job")
    assert sorted(one.text for one in result.comments) == [f"the nightly job {number}" for number in range(8)]
    assert {field for one in result.comments for field in one.__slots__} == {"question", "text", "id"}


def test_a_comment_that_names_somebody_is_erased_for_good(pulses: Pulses, incident: str) -> None:
    result = wave(pulses, incident, "baseline", [3] * 8, comment="Mia did it")
    left = pulses.strike(result.id, result.comments[0].id)
    assert set(left.comments) == set(result.comments[1:])
    with pytest.raises(NotFoundError):
        pulses.strike(result.id, result.comments[0].id)


def test_waves_that_differ_by_one_answer_are_never_subtracted(pulses: Pulses, incident: str) -> None:
    wave(pulses, incident, "baseline", [4] * 8)
    later = wave(pulses, incident, "month", [4] * 6 + [1]).group("team")
    assert later is not None
    assert (later.answered, later.counted) == (7, 6), "one more is left out at random"
    last = wave(pulses, incident, "quarter", [4] * 5).group("team")
    assert last is not None
    assert (last.answered, last.counted, last.items) == (5, 0, ())
    assert "the difference would be what one person said" in str(last.hidden)


def test_a_change_has_exact_words_and_pairs_need_fewer_people(pulses: Pulses, incident: str) -> None:
    wave(pulses, incident, "baseline", [3, 4, 2, 5, 3, 4, 2, 5], codes=True)
    later = wave(pulses, incident, "month", [4, 5, 3, 6, 4, 5, 3, 5], codes=True)
    assert [(one.n, one.up, one.down) for one in later.paired] == [(8, 7, 0)]
    index, *items = pulses.compare(incident)
    assert index.item is None
    assert index.verdict == "improved"
    assert index.words == "Improved: the index went from 3.5 to 4.4 (judged by the same 8 people in both; chance that it rose: over 99 %)."
    assert {one.verdict for one in items} == {None}, "single statements are described, not judged"
    wave(pulses, incident, "quarter", [4, 5, 3, 6, 4, 5, 3, 5], codes=True)
    assert pulses.compare(incident, "month", "quarter")[0].verdict == "cannot tell yet"


def test_who_trends_over_three_waves_is_told_by_the_last_and_then_forgotten(pulses: Pulses, incident: str, tmp_path: Path) -> None:
    wave(pulses, incident, "baseline", [2, 3, 4, 3, 2, 3], codes=True)
    wave(pulses, incident, "month", [3, 4, 5, 4, 3, 4], codes=True)
    assert os.listdir(tmp_path / "home" / "pulse") != []
    last = wave(pulses, incident, "quarter", [4, 5, 6, 5, 4, 5], codes=True)
    assert [(one.n, one.p_rising < 0.001) for one in last.trends] == [(6, True)]
    assert not [one for one in os.listdir(tmp_path / "home" / "pulse") if one.endswith(".key")], "no wave needs a secret any more"
    assert not pulses.forget_pairing(incident)


def test_a_pairing_secret_that_was_destroyed_ends_the_pairs_and_nothing_else(pulses: Pulses, incident: str) -> None:
    wave(pulses, incident, "baseline", [2, 3, 4, 3, 2, 3], codes=True)
    assert pulses.forget_pairing(incident)
    later = wave(pulses, incident, "month", [3, 4, 5, 4, 3, 4], codes=True)
    assert later.paired == ()
    assert pulses.compare(incident)[0].words.endswith("(6 and 6 answers; chance that it rose: 98 %).")


def test_the_review_after_a_quarter_ends_the_pairs_too(usecases: UseCases, pulses: Pulses, incident: str, tmp_path: Path) -> None:
    usecases.recording.milestone(incident, "contained")
    wave(pulses, incident, "baseline", [2, 3, 4, 3, 2, 3], codes=True)
    usecases.trust_reviews.plan(incident)
    pulses.of_incident(incident)
    secret = tmp_path / "home" / "pulse" / f"pairing-{incident}.key"
    assert secret.exists()
    with usecases.store.writing() as connection:
        held = {"id": "H", "incident_id": incident, "what": "held", "recorded_at": START, "by": "local", "salt": "s", "decision": "stop"}
        quarter = select(trust_review.c.id).where(trust_review.c.which == "quarter").scalar_subquery()
        seq = journal.append(connection, at=START, actor="local", what="test", subject="test", data={})
        connection.execute(insert(trust_review_event).values(**held, review_id=quarter, journal_seq=seq))
    pulses.of_incident(incident)
    assert not secret.exists()


def test_a_close_that_was_interrupted_is_finished_by_whoever_looks_next(
    kept: UseCases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulses, incident = kept.pulses, contained(kept)
    opened = pulses.open(incident, "baseline", {"team": 6})
    fill(pulses, opened, "team", [4] * 6)
    real = rows.close
    with monkeypatch.context() as broken:
        broken.setattr(rows, "close", lambda *given, **named: (real(*given, **named), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            pulses.close(opened.wave.id)
    assert pulses.get(opened.wave.id).is_open, "before the end of the transaction nothing has happened"
    key = tmp_path / "home" / "pulse" / f"{opened.wave.id}.key"
    bytes_of_it = key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert pulses.close(opened.wave.id).result.n == 6
    key.write_bytes(bytes_of_it)  # as if the process had ended before it destroyed the key
    pulses.of_incident(incident)
    assert not key.exists()
    assert pulses.close(opened.wave.id).result.n == 6, "closing a closed wave changes nothing"


def test_without_its_key_a_wave_says_so_and_can_be_asked_anew(usecases: UseCases, pulses: Pulses, incident: str, tmp_path: Path) -> None:
    opened = pulses.open(incident, "baseline", {"team": 6})
    fill(pulses, opened, "team", [4] * 6)
    elsewhere = people(usecases.store, tmp_path / "another machine").pulses
    for refused in (lambda: elsewhere.close(opened.wave.id), lambda: elsewhere.answer(opened.links["team"][0], scores("team", 4))):
        with pytest.raises(ConflictError, match="key of this wave is not on this machine"):
            refused()
    elsewhere.abandon(opened.wave.id)
    assert elsewhere.of_incident(incident) == ()
    elsewhere.open(incident, "baseline", {"team": 6})


def test_lost_links_are_replaced_only_while_nobody_answered(pulses: Pulses, incident: str) -> None:
    first = pulses.open(incident, "baseline", {"team": 5, "users": 5})
    fill(pulses, first, "team", [4])
    fresh = pulses.links(first.wave.id)
    assert set(fresh.links) == {"users"}
    with pytest.raises(NotFoundError):
        pulses.asked(first.links["users"][0])
    fill(pulses, fresh, "users", [4])
    with pytest.raises(ConflictError, match="nobody knows whose links are left"):
        pulses.links(first.wave.id)


def test_what_nobody_closes_is_closed_some_days_after_its_time(pulses: Pulses, incident: str, clock: FixedClock) -> None:
    opened = pulses.open(incident, "baseline", {"team": 5}, closes_at=START + timedelta(days=3))
    clock.advance(days=5)
    assert pulses.close_due() == (), "there is time to extend it, where one answer is missing"
    clock.advance(days=1)
    assert pulses.close_due() == (opened.wave.id,)
    assert not pulses.get(opened.wave.id).is_open


def test_a_wave_that_nobody_answered_is_not_spent_by_closing_it(pulses: Pulses, incident: str) -> None:
    opened = pulses.open(incident, "baseline", {"team": 5})
    with pytest.raises(ConflictError, match="nobody has answered"):
        pulses.close(opened.wave.id)
    pulses.abandon(opened.wave.id)
    assert pulses.open(incident, "baseline", {"team": 6}).wave.is_open, "asked wrongly, it is asked anew"


def test_two_servers_take_answers_of_one_wave(kept: UseCases, tmp_path: Path) -> None:
    pulses, incident = kept.pulses, contained(kept)
    opened = pulses.open(incident, "baseline", {"team": 8})
    servers = [pulses, people(kept.store, tmp_path / "home").pulses]

    def send(number: int) -> None:
        for server in servers:
            server.answer(opened.links["team"][number], scores("team", 5))

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(send, range(8)))
    assert servers[1].close(opened.wave.id).result.n == 8


def test_who_may_only_read_does_not_ask_and_who_has_no_account_only_answers(usecases: UseCases, pulses: Pulses, incident: str) -> None:
    opened = pulses.open(incident, "baseline", {"team": 5})
    with pytest.raises(ConflictError, match="nothing of it can be read"):
        pulses.result(opened.wave.id)
    usecases.people.add("mia", "owner")
    usecases.people.add("rob", "reader", by="mia")
    fill(pulses, opened, "team", [4] * 5)
    for refused in (pulses.close, pulses.abandon, pulses.links):
        with pytest.raises(ForbiddenError):
            refused(opened.wave.id, by="rob")
    with pytest.raises(ForbiddenError):
        pulses.open(incident, "month", {"team": 5}, by="rob")
    pulses.close(opened.wave.id, by="mia")
    assert pulses.result(opened.wave.id, by="rob").n == 5
    with pytest.raises(ForbiddenError):
        pulses.result(opened.wave.id, by="somebody")
