"""The pages of practice without any script: choosing a drill, the conversation as a form, and what it taught."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from amends.integrations import passwords
from amends.interfaces.web import practice_view as view
from amends.interfaces.web.assets import Assets
from amends.interfaces.web.practice_help import helped
from amends.practice.session import TEXT_LIMIT
from amends.practice.stage import stage
from amends.testing.actors import HOST, NAME, Actor
from interfaces.desk import banner, follow, heading, words
from interfaces.practice_desk import DRILL, shelf
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

PRIVATE = "Only you can see this here; whoever can read the disk or a backup of this server still can."
SPUN = "We apologise for any inconvenience caused. It should arrive soon."
OURS = {"hx-request": "true"}


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    """A browser at the very use cases of the test, with few drills on the shelf."""
    usecases.__dict__["_shelf"] = shelf()
    with TestClient(application(usecases), follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@cache
def good(usecases: UseCases) -> tuple[str, ...]:
    """Turns that settle the drill, in the words of the variant that comes first."""
    scenario = usecases.drills.scenario(DRILL)
    told = stage(scenario, 0, None, scenario.variants[0][0]).scenario
    return next(one.turns for one in told.transcripts if one.kind == "good")


def begin(client: TestClient, scenario: str = DRILL, **fields: str) -> str:
    answer = client.post(f"/practice/{scenario}", data=fields)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def said(client: TestClient, here: str, text: str, turn: int = 1, **fields: str) -> str:
    return follow(client, here, text=text, turn=str(turn), **fields)


@pytest.fixture
def settled(client: TestClient, usecases: UseCases) -> tuple[str, str]:
    """A drill played to its good end without help: its address, and the page."""
    variant = usecases.drills.scenario(DRILL).variants[0][0]
    here, page = begin(client, variant=variant, aided="no"), ""
    for number, text in enumerate(good(usecases), 1):
        page = said(client, here, text, number)
        if "What now" in page:
            break
    return here, page


def test_the_first_page_offers_every_drill_and_says_who_can_see_it(client: TestClient, usecases: UseCases) -> None:
    page = client.get("/practice").text

    assert heading(page) == "Choose a conversation."
    assert PRIVATE in words(page)
    for entry in usecases.practising.catalogue("local"):
        assert f'href="/practice/{entry.scenario.id}"' in page
    assert 'aria-current="page" class="is-wide">Practice<' in page


def test_the_drills_can_be_those_of_one_kind_of_message(client: TestClient, usecases: UseCases, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = usecases.practising.catalogue("local")
    other = replace(entries[1], scenario=replace(entries[1].scenario, form="repair-talk"))
    monkeypatch.setattr(usecases.practising, "catalogue", lambda _person: (entries[0], other))

    page = client.get("/practice?form=repair-talk").text

    assert 'href="/practice?form=repair-talk" aria-current="true"' in page
    assert f'href="/practice/{other.scenario.id}"' in page
    assert f'href="/practice/{entries[0].scenario.id}"' not in page
    assert f"about {view.minutes(other.scenario)} minutes" in words(page)


def test_a_brief_says_what_one_knows_what_counts_and_how_it_begins_with_names_filled_in(client: TestClient) -> None:
    page = client.get(f"/practice/{DRILL}?variant=liv&difficulty=4").text

    told = words(page)
    assert "Liv Amundrud" in told
    assert "passed from 70 of 100" in told
    assert "{" not in words(page.partition("<main")[2])
    assert 'value="4" checked' in page
    assert PRIVATE in told
    assert client.get("/practice/no-such-drill").status_code == 404
    assert client.get(f"/practice/{DRILL}?variant=nobody").status_code == 404


def test_a_turn_is_answered_with_what_was_heard_and_the_page_comes_again(client: TestClient) -> None:
    here = begin(client, difficulty="3")
    first = client.get(here).text
    assert "angry" in words(first)
    assert 'id="turn-1"' not in first

    page = said(client, here, SPUN)

    told = words(page)
    assert SPUN in told
    assert "It cost you" in told
    assert "They hear:" in told
    assert "Try:" in told
    assert "anger furious, worse than before" in html.unescape(page)
    assert '<input type="hidden" name="turn" value="2">' in page
    assert "Still open:" in told
    assert "autofocus" in page


def test_our_script_gets_the_part_that_changed(client: TestClient) -> None:
    here = begin(client)

    part = client.post(here, data={"text": SPUN, "turn": "1"}, headers=OURS)

    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'id="turn-1"' in part.text
    assert client.post(f"{here}/leave", headers=OURS).status_code == 303


def test_the_same_turn_sent_twice_is_one_and_other_words_for_it_come_back(client: TestClient) -> None:
    here = begin(client)
    said(client, here, SPUN)

    again = said(client, here, SPUN)
    other = client.post(here, data={"text": "Quite <b>other</b> words.", "turn": "1"})

    assert again.count('id="turn-') == 1
    assert other.status_code == 409
    assert "Turn 1 was taken with other words." in words(other.text)
    assert "Quite &lt;b&gt;other&lt;/b&gt; words.</textarea>" in other.text


@pytest.mark.parametrize(
    "text",
    ["", "Nous sommes désolés, la somme sera remboursée.", "You stupid idiot.", "words and " * 900, "<script>x</script>", "😀" * 40],
)
def test_whatever_is_said_is_answered(client: TestClient, text: str) -> None:
    here = begin(client)

    page = said(client, here, text)

    assert re.search(r'<div class="replies">\s*<div class="said theirs">', page)
    assert "<script>x" not in page


def test_a_turn_beyond_all_measure_comes_back_with_every_word(client: TestClient) -> None:
    here = begin(client)

    answer = client.post(here, data={"text": "a" * (TEXT_LIMIT + 1), "turn": "1"})

    assert answer.status_code == 413
    assert "a" * (TEXT_LIMIT + 1) in answer.text
    assert "at most 20,000 characters" in words(answer.text)


def test_at_the_end_every_question_stands_there_with_the_words_that_answered_it(settled: tuple[str, str], usecases: UseCases) -> None:
    _, page = settled
    told = words(page)

    assert heading(page).startswith("Settled. ")
    assert "Passed." in told
    for item in usecases.drills.scenario(DRILL).rubric:
        assert item.text in told
    assert "For it, in turn 1: that was our mistake" in told or "For it, in turn 1:" in told
    assert "It works" in told
    assert "It does not" in told
    assert "For the next real message:" in told
    for question in usecases.drills.scenario(DRILL).reflect:
        assert question in told
    assert PRIVATE in told


def test_after_a_drill_come_the_day_after_and_the_same_with_other_names(client: TestClient, settled: tuple[str, str]) -> None:
    here, page = settled
    steps = re.findall(r'<form method="post" action="(/practice/[\w-]+)">(.*?)<button', page)
    assert steps[0][0] == f"/practice/{DRILL}-later"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', steps[0][1]))
    assert fields["after"] == here.rsplit("/", 1)[1]

    begun = client.post(steps[0][0], data=fields)

    assert begun.status_code == 303
    assert "What you write" in client.get(begun.headers["location"]).text
    assert any(dict(re.findall(r'name="(\w+)" value="([^"]*)"', more)).get("variant") == "liv" for _, more in steps[1:])


def test_who_tests_themselves_sees_findings_only_at_the_end(client: TestClient) -> None:
    here = begin(client, aided="no")
    helped, alone = said(client, begin(client, aided="yes"), SPUN), said(client, here, SPUN)

    assert '<details class="findings" open>' in helped
    assert "It cost you" not in alone
    assert "<mark>" not in alone
    assert "remarks." not in alone.partition("<main")[2]
    assert 'data-check=""' in alone
    assert "It cost you" in follow(client, f"{here}/leave")


def test_a_drill_that_is_left_is_looked_back_at_and_counts_for_nothing(client: TestClient) -> None:
    here = begin(client)
    page = follow(client, f"{here}/leave")
    assert heading(page) == "Ended before a word was said."
    assert "Question by question" not in page
    assert "One that works" not in page
    assert "practise owning it" not in page

    here = begin(client)
    said(client, here, SPUN)
    page = follow(client, f"{here}/leave")

    assert heading(page) == "You ended it. 0 of 100."
    assert "it counts for nothing" in words(page)


def test_going_away_keeps_it_and_ending_it_is_asked_for(client: TestClient) -> None:
    here = begin(client)
    page = said(client, here, SPUN)

    assert "You can go away and go on later" in words(page)
    fold = page.partition('<details class="end-here">')[2].partition("</details>")[0]
    assert "cannot be gone on with" in fold
    assert f'formaction="{here}/leave"' in fold
    assert page.count("/leave") == 1
    assert here in client.get("/practice").text


def test_what_they_wait_for_is_a_quote_only_where_it_was_said(client: TestClient, usecases: UseCases) -> None:
    here = begin(client)
    told = words(said(client, here, SPUN))
    played = usecases.practising.session("local", here.rsplit("/", 1)[1]).played
    waits = played.state.pending
    assert waits is not None
    said_so = any(waits.question in line.text for line in (played.opening, *played.steps[0].lines))

    assert (f"Still open: {waits.by} asked {waits.question}" if said_so else f"Still open for {waits.by}: {waits.question}") in told

    silent = replace(waits, question="What nobody ever said?")
    steps = (replace(played.steps[0], state=replace(played.state, pending=silent)),)
    assert view.talk(replace(played, steps=steps)).asked == (waits.by, "What nobody ever said?", False)
    known = (replace(played.steps[0], state=replace(played.state, pending=replace(silent, known=True))),)
    assert view.talk(replace(played, steps=known)).asked is None


def test_the_day_after_comes_only_where_something_can_come_back(client: TestClient) -> None:
    here = begin(client)
    said(client, here, "We charged you twice. That was our mistake.")
    nothing = follow(client, f"{here}/leave")

    assert "here nothing with a time was promised" in words(nothing)
    assert f'action="/practice/{DRILL}-later"' not in nothing
    here, page = begin(client), ""
    for turn in range(1, 8):
        page = said(client, here, f"You stupid idiot, it is your own fault {turn} times.", turn)
        if "What now" in page:
            break
    assert heading(page).startswith("They broke it off.")
    assert "once the other person does not break it off" in words(page)
    assert f'action="/practice/{DRILL}-later"' not in page


def test_who_played_it_is_told_before_that_it_counts_no_more(client: TestClient) -> None:
    assert "you have not played this one yet" in words(client.get(f"/practice/{DRILL}").text)
    said(client, begin(client), SPUN)

    assert "it does not count any more" in words(client.get(f"/practice/{DRILL}").text)


def test_the_last_turn_is_said_to_be_the_last(client: TestClient) -> None:
    here, page = begin(client), ""
    for turn in range(1, 7):
        page = said(client, here, f"I do not know yet what the {turn}th thing was.", turn)
        if "What now" in page:
            return
        assert ("The last of 7 turns" in words(page)) == (turn == 6)


def test_speech_is_not_asked_for_the_parts_of_a_document(usecases: UseCases) -> None:
    for form in ("follow-up-note", "post-incident-review", "exec-status", "customer-apology"):
        scene = stage(replace(usecases.drills.scenario(DRILL), form=form), 0, None, None)
        pages = FakePages()
        helped(usecases.checking, pages, scene, 0, "Wilmer, you were on shift for those two. It will be fixed soon.")  # type: ignore[arg-type]  # it only shows

        assert [one.quote for one in pages.values["remarks"]] == ["soon"], form


def test_what_hangs_on_a_promise_with_a_time_is_not_asked_for_one(usecases: UseCases) -> None:
    scene, pages = stage(usecases.drills.scenario(DRILL), 0, None, None), FakePages()
    for text, quotes in (
        ("You get a new date from us tomorrow by 17:00. By then I'll either know what the gap is or tell you I don't.", 0),
        ("I'll look into it.", 1),
    ):
        helped(usecases.checking, pages, scene, 0, text)  # type: ignore[arg-type]  # it only shows

        assert len(pages.values["remarks"]) == quotes, text


class FakePages:
    """Takes what a page would show."""

    def part(self, _name: str, _status: int = 200, **values: Any) -> None:
        self.values = values


def test_how_it_was_spoken_is_told_beside_the_turn(client: TestClient) -> None:
    here = begin(client)

    page = said(client, here, SPUN, seconds="6.4", pauses="1", longest_pause="2.3", fillers="2", ownership_at="nonsense")

    assert "Said in 6 s" in words(page)
    assert "2 fillers, 1 long pause before the end; no sentence owns it. Told, never scored." in words(page)
    assert "Said in" not in said(client, begin(client), SPUN, seconds="-4", pauses="inf")


def test_remarks_while_one_writes_are_read_at_the_hour_of_the_drill(client: TestClient) -> None:
    here = begin(client)
    part = client.post(f"{here}/check", data={"text": f"{SPUN} We charged you twice, and that was our fault.", "turn": "1"}).text

    told = words(part)
    assert "any inconvenience" in told
    marks = json.loads(html.unescape(re.findall(r'data-marks="([^"]*)"', part)[0]))
    assert marks
    assert re.search(r'data-owned="\d+"', part)
    hour = client.post(f"{here}/check", data={"text": "I will write to you today by 16:00.", "turn": "1"}).text
    assert "past" not in words(hour)
    assert client.post(f"{here}/check", data={"text": "", "turn": "1"}).status_code == 200


def test_only_a_conversation_may_ask_for_the_microphone(client: TestClient) -> None:
    here = begin(client)

    answer, elsewhere = client.get(here), client.get("/practice")

    assert answer.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(self)"
    assert answer.headers["content-security-policy"].endswith("; media-src blob:")
    assert "microphone=()" in elsewhere.headers["permissions-policy"]
    assert "media-src" not in elsewhere.headers["content-security-policy"]


def test_one_conversation_is_deleted_or_all_of_them_after_being_told_that_this_is_final(
    client: TestClient, settled: tuple[str, str], usecases: UseCases
) -> None:
    here, page = settled
    assert "This cannot be undone." in words(page)
    begin(client)

    assert banner(follow(client, f"{here}/forget")) == "Deleted for good."
    assert client.get(here).status_code == 404
    assert len(usecases.practising.sessions("local")) == 1
    follow(client, "/practice/forget")
    assert usecases.practising.sessions("local") == ()


def test_everything_can_be_taken_along(client: TestClient) -> None:
    said(client, begin(client), SPUN)

    answer = client.get("/practice/export")

    assert answer.headers["content-disposition"] == 'attachment; filename="amends-practice.json"'
    assert SPUN in answer.text
    assert answer.json()["sessions"]


def test_a_conversation_is_nobody_elses_whatever_their_role(
    client: TestClient, usecases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    usecases.people.add("anna", "owner", password="four ducks on a quiet pond")
    usecases.people.add("ben", "responder", by="anna")
    mine = usecases.practising.begin("ben", DRILL).id
    client.post("/sign-in", data={"name": "anna", "password": "four ducks on a quiet pond"})

    for there in (f"/practice/session/{mine}", f"/practice/session/{'0' * 26}"):
        assert client.get(there).status_code == 404
        for act, fields in (("", {"text": "Hello.", "turn": "1"}), ("/leave", {}), ("/forget", {}), ("/check", {"text": "Hello."})):
            assert client.post(f"{there}{act}", data=fields).status_code == 404
    for path in ("/practice", "/practice/history", "/practice/export"):
        assert mine not in client.get(path).text
    assert usecases.practising.session("ben", mine).ended_at is None


def test_the_history_says_what_it_cannot_tell_yet(client: TestClient, settled: tuple[str, str]) -> None:
    assert settled
    said(client, begin(client), SPUN, seconds="6.4", fillers="2")

    told = words(client.get("/practice/history").text)

    assert "You have played 1 drill to the end." in told
    assert "remarks say what to write" in told
    assert "Cannot tell yet. 1 of 8 drills" in told
    assert "Question by question" in told
    assert "Words a minute" in told or "words a minute" in told
    assert "not finished; with help" in told
    assert PRIVATE in told


def test_a_fresh_history_teaches(client: TestClient) -> None:
    assert heading(client.get("/practice/history").text) == "Nothing is finished yet."


def test_what_is_due_and_what_was_begun_stand_first(client: TestClient, settled: tuple[str, str], clock: FixedClock) -> None:
    assert settled
    here = begin(client)
    assert heading(client.get("/practice").text).startswith("Go on with “")
    assert here in client.get("/practice").text

    clock.advance(minutes=60 * 24 * 61)

    page = client.get("/practice").text
    assert heading(page).startswith("Due today: ")
    assert "Due today 3" in words(page)


def test_real_messages_count_only_for_whom_asked_for_it(client: TestClient, usecases: UseCases) -> None:
    assert "They do not count." in words(client.get("/practice").text)

    assert "count from now on" in banner(follow(client, "/practice/settings", count_real="yes"))
    assert usecases.practising.settings("local").count_real
    follow(client, "/practice/settings", count_real="")
    assert not usecases.practising.settings("local").count_real


def test_no_page_of_practice_is_heavier_than_a_phone_on_a_train_can_take(client: TestClient, settled: tuple[str, str]) -> None:
    assets = Assets()
    for path in ("/practice", f"/practice/{DRILL}", "/practice/history", "/practice/own", begin(client), settled[0]):
        client.cookies.clear()
        answer = client.get(path)
        names = set(re.findall(rf"/static/{assets.version}/([\w./-]+)", answer.text))
        weight = int(answer.headers["content-length"]) + sum(len(assets.packed(name)) for name in names)

        assert "practice.css" in names
        assert weight <= 150_000, f"{path} weighs {weight:,} bytes"


def test_a_model_voices_the_other_person_only_where_that_is_allowed_and_ticked(client: TestClient, usecases: UseCases) -> None:
    actor = Actor()
    usecases.__dict__["_model"] = lambda: actor
    assert 'name="voice"' not in client.get(f"/practice/{DRILL}").text
    assert client.post(f"/practice/{DRILL}", data={"voice": "yes"}).status_code == 403
    client.post("/settings/model", data={"practice": "yes"})
    brief = client.get(f"/practice/{DRILL}").text
    assert f"what both of you say goes to {HOST}" in words(brief)
    assert 'name="voice"' not in client.get(f"/practice/team/{DRILL}").text
    begin(client)
    assert actor.asked == []

    here = begin(client, voice="yes")
    page = said(client, here, SPUN)
    assert f"voiced by {NAME}" in words(page)
    assert '<p class="said-words">Well. ' in page
    assert "The written line" in words(page)
    assert f"The other person is voiced by {NAME} at {HOST}" in words(page)

    actor.say = lambda line, _: f"<b>No worries!</b> {line}"
    part = client.post(here, data={"text": "It was my mistake.", "turn": "2"}, headers=OURS).text
    assert "No worries" not in part
    assert "so this is the written line" in words(part)

    page = follow(client, f"{here}/written")
    assert "The other person is voiced by" not in words(page)
    assert f"voiced by {NAME}" in words(page), "what was said stays said"
    asked = len(actor.asked)
    said(client, here, "I call you at noon.", 3)
    assert len(actor.asked) == asked
