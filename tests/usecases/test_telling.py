"""Who was told what: by name, by version, once; what failed is tried again; a correction reaches everybody who got the wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, UnknownNameError
from amends.integrations.channels import Channel, ChannelError
from amends.store.schema import person
from amends.testing import CountingIds
from amends.usecases.checking import Checking
from amends.usecases.due import Reminding
from amends.usecases.facade import UseCases
from amends.usecases.given import id_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.incident import Incident
    from amends.incidents.involved import Stakeholder
    from amends.integrations.channels import Letter, Notice
    from amends.store.engine import Store
    from amends.testing import FixedClock

WRONG = "At 10:40 UTC 41 invoices went out twice. Next update at 11:20 UTC."


class Post(Channel):
    """A channel that keeps what it is given, and fails as it is told, by the name of the reader."""

    def __init__(self, name: str = "mail") -> None:
        super().__init__(name)
        self.sent: list[Letter] = []
        self.fails: dict[str, BaseException] = {}

    def send(self, notice: Notice) -> None:
        """Remind nobody."""

    def post(self, letter: Letter) -> None:
        if letter.to in self.fails:
            raise self.fails[letter.to]
        self.sent.append(letter)

    @property
    def reached(self) -> list[str]:
        return [letter.to for letter in self.sent]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def usecases(store: Store, clock: FixedClock, post: Post) -> Iterator[UseCases]:
    team = Reminding(channels=(post,), link="https://amends.example")
    made = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: team, new_secret=lambda: "a secret of the workspace")
    yield made
    assert made.journal.verify() == [], "whatever a test does, the journal stays whole"


@pytest.fixture
def incident(usecases: UseCases) -> Incident:
    return usecases.incidents.open("Invoices went out twice")


def meet(usecases: UseCases, incident: Incident, name: str, audience: str = "customers", **more: str) -> Stakeholder:
    more.setdefault("kind", "affected")
    return usecases.involving.add_stakeholder(incident.id, name, audience=audience, **more)


def states(usecases: UseCases, message: str) -> dict[str, str]:
    return {one.stakeholder.name: one.state for one in usecases.telling.of(message).heard}


def test_a_message_marked_as_sent_was_told_to_everybody_of_its_audience_once(usecases: UseCases, incident: Incident) -> None:
    meet(usecases, incident, "Nordwind")
    meet(usecases, incident, "the board", "leadership")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", via="phone")
    (told,) = usecases.telling.of_incident(incident.id)
    assert (told.message, told.version, told.untold) == (message, 1, ())
    assert [(one.stakeholder.name, one.state, one.via, one.sent_at) for one in told.heard] == [
        ("Nordwind", "sent", "phone", message.sent_at)
    ]


def test_those_who_are_named_get_it_and_the_others_stay_untold(usecases: UseCases, incident: Incident) -> None:
    ana, ben = meet(usecases, incident, "Ana"), meet(usecases, incident, "Ben")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", to=[ana.id])
    assert usecases.telling.of(message.id).untold == (ben,)
    with pytest.raises(InputError, match="nobody who must be told"):
        usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", to=["0" * 26])
    assert len(usecases.messaging.of_incident(incident.id)) == 1, "what is refused leaves nothing behind"


def test_a_channel_brings_it_to_each_with_a_link_of_their_own(usecases: UseCases, incident: Incident, post: Post) -> None:
    meet(usecases, incident, "Ana", address="ana@example.org")
    meet(usecases, incident, "Ben", address="ben@example.org")
    message = usecases.messaging.record(
        "Subject: Your invoices\n\nDear all,\n" + WRONG, incident_id=incident.id, audience="customers", channel="mail"
    )
    assert [(one.to, one.address, one.subject) for one in post.sent] == [
        ("Ana", "ana@example.org", "Your invoices"), ("Ben", "ben@example.org", "Your invoices"),
    ]  # fmt: skip
    assert post.sent[0].text.startswith("Dear all,")
    assert post.sent[0].link != post.sent[1].link
    assert states(usecases, message.id) == {"Ana": "sent", "Ben": "sent"}
    assert message.via == "mail"


def test_what_failed_is_told_with_its_reason_and_tried_again_without_bothering_the_others(
    usecases: UseCases, incident: Incident, post: Post
) -> None:
    meet(usecases, incident, "Ana")
    meet(usecases, incident, "Ben")
    post.fails["Ben"] = ChannelError("the mailbox is full", retry=True)
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    (problem,) = usecases.telling.of(message.id).problems
    assert (problem.code, problem.message) == ("not-delivered", "it did not reach Ben: the mailbox is full")
    post.fails.clear()
    told = usecases.telling.share(message.id, channel="mail")
    assert post.reached == ["Ana", "Ben"]
    assert told.problems == ()
    assert told.untold == ()
    assert [one.tries for one in told.heard] == [1, 2]
    with pytest.raises(ConflictError, match="everybody"):
        usecases.telling.share(message.id, channel="mail")
    assert post.reached == ["Ana", "Ben"]


def test_what_was_interrupted_may_have_arrived_and_is_sent_again_only_by_saying_so(
    usecases: UseCases, incident: Incident, post: Post, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    post.fails["Ana"] = ChannelError("the line broke", retry=True, uncertain=True)
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    assert states(usecases, message.id) == {"Ana": "trying"}
    assert usecases.telling.of(message.id).problems[0].code == "may-be-delivered"
    post.fails.clear()
    with pytest.raises(ConflictError):
        usecases.telling.share(message.id, channel="mail")
    with pytest.raises(ConflictError):
        usecases.telling.share(message.id, channel="mail", sure=True)
    clock.advance(minutes=3)
    assert usecases.telling.share(message.id, channel="mail", sure=True).untold == ()
    assert post.reached == ["Ana"]


def test_a_program_that_breaks_while_sending_leaves_a_try_that_nobody_repeats_unknowingly(
    usecases: UseCases, incident: Incident, post: Post, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    post.fails["Ana"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    (message,) = usecases.messaging.of_incident(incident.id)
    assert states(usecases, message.id) == {"Ana": "trying"}
    clock.advance(minutes=10)
    with pytest.raises(ConflictError):
        usecases.telling.share(message.id, channel="mail")


def test_a_message_that_reached_nobody_keeps_no_promise_of_an_update(
    usecases: UseCases, incident: Incident, post: Post, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    first = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC")
    clock.advance(minutes=10)
    post.fails["Ana"] = ChannelError("refused", retry=False)
    second = usecases.messaging.record("Still 41 invoices.", incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    (promise,) = usecases.promising.of_message(first.id)
    assert promise.standing.state == "open"
    post.fails.clear()
    usecases.telling.share(second.id, channel="mail")
    (promise,) = usecases.promising.of_message(first.id)
    assert promise.standing.state == "kept"


def test_a_second_try_with_the_same_key_sends_nothing(usecases: UseCases, incident: Incident, post: Post) -> None:
    meet(usecases, incident, "Ana")
    key = id_once("k", b"body", "local", "message")
    given: dict[str, Any] = {"incident_id": incident.id, "audience": "customers", "channel": "mail", "once": key}
    first = usecases.messaging.record(WRONG, **given)
    assert usecases.messaging.record(WRONG, **given) == first
    assert post.reached == ["Ana"]


def test_who_is_added_later_is_untold_and_gets_the_same_version_by_one_act(
    usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC")
    clock.advance(minutes=5)
    meet(usecases, incident, "Zoe")
    assert [one.name for one in usecases.telling.of(message.id).untold] == ["Zoe"]
    told = usecases.telling.share(message.id, via="phone")
    assert [(one.stakeholder.name, one.sent_at) for one in told.heard] == [("Ana", message.sent_at), ("Zoe", clock.now())]


def test_a_correction_is_for_everybody_who_was_told_the_wrong_one_whatever_their_audience(
    usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    ana, board = meet(usecases, incident, "Ana"), meet(usecases, incident, "the board", "leadership")
    never = meet(usecases, incident, "Never told")
    wrong = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", to=[ana.id, board.id])
    assert {one.name for one in usecases.telling.for_correction(wrong.id)} == {"Ana", "the board"}
    clock.advance(minutes=5)
    right = usecases.messaging.record("It was 43 invoices, not 41.", corrects=wrong.id, tz="UTC")
    assert (right.incident_id, right.audience, right.corrects) == (incident.id, "customers", wrong.id)
    assert {one.stakeholder.name for one in usecases.telling.of(right.id).heard if one.reached} == {"Ana", "the board"}
    assert usecases.telling.of(wrong.id).corrected_by == right
    assert usecases.telling.owed_to(incident.id) == ()
    assert usecases.telling.of(right.id).untold == (never,), "of its audience, and told neither"


def test_who_heard_only_an_earlier_one_of_the_line_is_still_wrong(usecases: UseCases, incident: Incident, clock: FixedClock) -> None:
    ana, ben = meet(usecases, incident, "Ana"), meet(usecases, incident, "Ben")
    wrong = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", to=[ana.id])
    clock.advance(minutes=5)
    first = usecases.messaging.record("It was 43.", corrects=wrong.id, tz="UTC", to=[ana.id, ben.id])
    clock.advance(minutes=5)
    second = usecases.messaging.record("It was 44.", corrects=first.id, tz="UTC", to=[ben.id])
    assert {one.name for one in usecases.telling.for_correction(second.id)} == {"Ana", "Ben"}
    assert [one.stakeholder.name for one in usecases.telling.owed_to(incident.id)] == ["Ana"]
    assert usecases.telling.of(wrong.id).corrected_by == second
    usecases.telling.share(second.id)
    assert usecases.telling.owed_to(incident.id) == ()


def test_a_correction_of_another_incident_is_refused(usecases: UseCases, incident: Incident) -> None:
    other = usecases.incidents.open("Another")
    wrong = usecases.messaging.record(WRONG, incident_id=other.id, audience="team")
    with pytest.raises(InputError) as caught:
        usecases.messaging.record("No.", incident_id=incident.id, corrects=wrong.id)
    assert caught.value.field == "corrects"
    with pytest.raises(NotFoundError):
        usecases.messaging.record("No.", corrects="0" * 26)


def test_a_reader_without_an_account_acknowledges_by_a_link_that_looking_at_does_not_use_up(
    usecases: UseCases, incident: Incident, post: Post, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    token = str(post.sent[0].link).removeprefix("https://amends.example/ack/")
    assert usecases.telling.opened(token).acknowledged_at is None
    assert states(usecases, message.id) == {"Ana": "sent"}
    clock.advance(minutes=1)
    at = clock.now()
    assert usecases.telling.acknowledge_by_link(token).acknowledged_at == at
    clock.advance(minutes=1)
    assert usecases.telling.acknowledge_by_link(token).acknowledged_at == at, "a second click changes nothing"
    assert states(usecases, message.id) == {"Ana": "acknowledged"}
    assert usecases.telling.link(message.id, usecases.telling.of(message.id).heard[0].stakeholder.id) == f"/ack/{token}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: t[26:52] + t[:26] + t[52:],
        lambda _: "",
        lambda _: "ü" * 84,
        lambda t: t + "A",
    ],
)
def test_a_link_that_we_did_not_sign_leads_nowhere(usecases: UseCases, incident: Incident, post: Post, spoil: Callable[[str], str]) -> None:
    meet(usecases, incident, "Ana")
    usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    token = str(post.sent[0].link).removeprefix("https://amends.example/ack/")
    with pytest.raises(NotFoundError):
        usecases.telling.acknowledge_by_link(spoil(token))
    usecases.incidents.remove(incident.id)
    with pytest.raises(NotFoundError):
        usecases.telling.opened(token)


def test_a_link_tells_of_the_correction_that_its_reader_was_sent(
    usecases: UseCases, incident: Incident, post: Post, clock: FixedClock
) -> None:
    meet(usecases, incident, "Ana")
    wrong = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC", channel="mail")
    token = str(post.sent[0].link).removeprefix("https://amends.example/ack/")
    clock.advance(minutes=5)
    right = usecases.messaging.record("It was 43.", corrects=wrong.id, tz="UTC", channel="mail")
    assert usecases.telling.opened(token).correction == right


def test_somebody_says_that_another_has_read_it(usecases: UseCases, incident: Incident, clock: FixedClock) -> None:
    ana = meet(usecases, incident, "Ana")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC")
    usecases.telling.acknowledge(message.id, ana.id, only_read=True)
    assert states(usecases, message.id) == {"Ana": "read"}
    usecases.telling.acknowledge(message.id, ana.id)
    assert states(usecases, message.id) == {"Ana": "acknowledged"}
    for wrong in (message.sent_at.replace(hour=1), clock.now().replace(hour=23)):
        with pytest.raises(InputError):
            usecases.telling.acknowledge(message.id, ana.id, at=wrong)


def test_a_reader_reads_and_acknowledges_for_themselves_and_sends_nothing(usecases: UseCases, incident: Incident, store: Store) -> None:
    ana, ben = meet(usecases, incident, "ana"), meet(usecases, incident, "Ben")
    message = usecases.messaging.record(WRONG, incident_id=incident.id, audience="customers", tz="UTC")
    with store.writing() as connection:
        for name, role in (("ana", "reader"), ("olga", "owner")):
            row = {"name": name, "display": name, "role": role, "created_at": usecases.clock.now()}
            connection.execute(person.insert().values(**row))
    for act in (
        lambda: usecases.messaging.record("x", by="ana"),
        lambda: usecases.telling.share(message.id, by="ana"),
        lambda: usecases.telling.acknowledge(message.id, ben.id, by="ana"),
        lambda: usecases.telling.link(message.id, ana.id, by="ana"),
        lambda: usecases.messaging.get(message.id, by="stranger"),
    ):
        with pytest.raises(ForbiddenError):
            act()
    usecases.telling.acknowledge(message.id, by="ana")
    assert usecases.telling.of(message.id, by="ana").heard[0].state == "acknowledged"
    usecases.incidents.set_private(incident.id, private=True, by="olga")
    for hidden in (
        lambda: usecases.messaging.get(message.id, by="ana"),
        lambda: usecases.messaging.meant(message.id[-6:], by="ana"),
        lambda: usecases.messaging.of_incident(incident.id, by="ana"),
        lambda: usecases.telling.of(message.id, by="ana"),
        lambda: usecases.telling.of_incident(incident.id, by="ana"),
        lambda: usecases.telling.acknowledge(message.id, by="ana"),
    ):
        with pytest.raises(NotFoundError):
            hidden()
    with store.writing() as connection:  # so that the journal can be read at the end
        connection.execute(person.delete())


def test_a_channel_that_there_is_not_and_a_time_for_what_is_sent_now_are_refused(
    usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    with pytest.raises(UnknownNameError, match="pigeon"):
        usecases.messaging.record(WRONG, incident_id=incident.id, channel="pigeon")
    with pytest.raises(InputError) as caught:
        usecases.messaging.record(WRONG, incident_id=incident.id, channel="mail", sent_at=clock.now())
    assert caught.value.field == "sent_at"
    with pytest.raises(InputError) as caught:
        usecases.messaging.record(WRONG, incident_id=incident.id, audience="team", channel="mail")
    assert caught.value.field == "to"
    assert usecases.messaging.of_incident(incident.id) == ()


def test_what_is_promised_to_the_same_readers_once_more_stays_one_promise(
    usecases: UseCases, incident: Incident, clock: FixedClock
) -> None:
    text = "We fix the job by 12:30 UTC. Next update at {}."
    first = usecases.messaging.record(text.format("11:20 UTC"), incident_id=incident.id, audience="team", tz="UTC")
    clock.advance(minutes=10)
    again = usecases.messaging.record(text.format("11:40 UTC"), incident_id=incident.id, audience="team", tz="UTC")
    other = usecases.messaging.record(text.format("11:40 UTC"), incident_id=incident.id, audience="customers", tz="UTC")
    made = [[entry.promise.kind for entry in usecases.promising.of_message(one.id)] for one in (first, again, other)]
    assert made == [["fix", "next_update"], ["next_update"], ["fix", "next_update"]]
