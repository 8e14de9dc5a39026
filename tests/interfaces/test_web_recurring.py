"""The pages of recurrence, as forms without script: what was met before, judging it, guardrails, and days that look back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.promises.promise import Evidence
from interfaces.desk import follow, heading
from interfaces.desk import words as run_together

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def words(page: str) -> str:
    """What a reader sees of a page, with a space where a line or an element ends."""
    return run_together(page.replace("<br>", " ").replace("</span>", " </span>"))


def test_what_was_met_before_stands_on_the_incident_and_is_judged_at_the_review(
    client: TestClient, usecases: UseCases, clock: FixedClock
) -> None:
    earlier = usecases.incidents.open("Checkout rejects all cards since the deploy").id
    action = usecases.acting.propose(earlier, "Refuse a deploy without a currency", kind="test").item.id
    usecases.acting.accept(action, helps_when="a deploy without one is red")
    usecases.acting.done(action, evidence=Evidence("commit", "4f2c1ab"))
    usecases.acting.propose(earlier, "Page when cards are rejected", kind="alert")
    clock.advance(days=365)
    later = usecases.incidents.open("Checkout rejects cards since the deploy").id
    here = f"/incidents/{later}"

    page = words(client.get(here).text)
    assert "You have met this before twice in 365 days" in page
    assert "Same component: checkout. Same category: a release defect. Same trigger: a release." in page
    assert "Refuse a deploy without a currency Done. The failure came back once after it was done. Did not hold" in page
    assert "A year ago: Checkout rejects all cards since the deploy Guardrails in place: 1 of 2." in words(client.get("/").text)

    draft = usecases.drafting.new("We broke checkout.", audience="team", incident_id=later).id
    told = client.get(f"/drafts/{draft}").text
    assert f'<a href="{here}">Checkout rejects cards since the deploy</a>' in told
    assert "You have met this before, twice in 365 days." in words(told), "the first page after opening says it"
    usecases.recurring.set_mode("shadow")
    assert "met this before" not in words(client.get(f"/drafts/{draft}").text)
    usecases.recurring.set_mode("live")

    assert "Was it met before?" in words(client.get(f"{here}/review").text)
    client.post(f"{here}/recurrence/judge", data={"earlier": earlier, "verdict": "new", "back": "review"})
    assert "Was it met before?" not in words(client.get(f"{here}/review").text)
    assert "You have met this before" not in words(client.get(here).text)
    away = words(client.get(f"{here}/recurrence").text)
    assert "Another one 1 Checkout rejects all cards since the deploy" in away, "what was judged away can be judged again"
    assert "Say otherwise…" in away
    again = follow(client, f"{here}/recurrence/judge", earlier=f"https://x/incidents/{earlier}", verdict="repeat", why="the same field")
    assert heading(again) == "One guardrail did not hold, one is not in place."
    assert "The same again; judged by you: “the same field”." in words(again)
    refused = client.post(f"{here}/recurrence/judge", data={"earlier": "nothing", "verdict": "repeat"})
    assert (refused.status_code, "That names no incident" in words(refused.text)) == (400, True)
    refused = client.post(f"{here}/recurrence/judge", data={"earlier": "x" * 100_000, "verdict": "repeat", "why": "what I typed"})
    assert (refused.status_code, "what I typed" in refused.text) == (400, True)
    assert "That names no incident" in words(client.post(f"{here}/recurrence/judge", data={"earlier": "", "verdict": "repeat"}).text)
    assert "Related; judged by you" in words(follow(client, f"{here}/recurrence/judge", earlier=earlier[-6:].lower(), verdict="related"))


def test_a_fingerprint_is_declared_and_the_words_are_read_where_it_is_left_empty(client: TestClient, usecases: UseCases) -> None:
    here = f"/incidents/{usecases.incidents.open('Checkout fails since the deploy').id}/recurrence"
    kinds = {"condition-no-alert": "yes", "condition": "nobody in the office"}

    page = words(follow(client, f"{here}/declare", category="credential", component="Mail gateway", trigger="", **kinds))

    assert "Category: a certificate or credential Somebody said so" in page
    assert "Condition: nothing told us Somebody said so Condition: nobody in the office" in page
    assert "Trigger: a release Read from “deploy” in the title" in page


def test_what_somebody_took_on_is_not_offered_to_be_taken_on(client: TestClient, usecases: UseCases, clock: FixedClock) -> None:
    one = usecases.incidents.open("Checkout rejects all cards").id
    action = usecases.acting.propose(one, "Page when cards are rejected", kind="alert").item.id
    assert "Take it on: Page" in words(client.get("/guardrails").text)
    usecases.acting.accept(action, helps_when="it rings")
    clock.advance(days=365)
    page = words(client.get("/guardrails").text)
    assert "Not done, and its time has passed." in page
    assert "Take it on" not in page
    assert "To the action items: Page" in page


def test_guardrails_stand_with_what_shows_that_they_fired(client: TestClient, usecases: UseCases) -> None:
    one = usecases.incidents.open("Checkout rejects all cards").id
    usecases.recording.commit(one, "guardrail", "4f2c1ab", "Refuse a deploy without a currency")
    (guard,) = usecases.recurring.guardrails()[0].guarded
    told = {"incident": one, "kind": "commit", "guardrail": guard.prevention.id, "what": "fired", "evidence": "test"}
    assert "Done. Nothing has tried it yet." in words(client.get("/guardrails").text)

    refused = client.post("/guardrails", data={**told, "reference": ""})
    assert (refused.status_code, "Nothing shows yet that it did" in words(refused.text)) == (400, True)
    of_nothing = {**told, "what": "missed", "evidence": "incident", "reference": "NOSUCH"}
    refused = client.post("/guardrails", data=of_nothing)
    assert (refused.status_code, "That names no incident" in words(refused.text)) == (400, True)
    refused = client.post("/guardrails", data={**told, "reference": "ci/8812", "at": "2025-12-24T10:00", "tz": "UTC"})
    assert (refused.status_code, "It was not in place yet" in words(refused.text)) == (400, True)
    page = words(follow(client, "/guardrails", **told, reference="ci/8812"))
    assert "It stood in the way once." in page
    assert "shown by test “ci/8812”" in page
    event = usecases.recurring.guardrails()[0].guarded[0].events[0].id
    assert "Untried" in words(follow(client, "/guardrails/undo", event=event))

    page = words(follow(client, "/guardrails/mode", mode="shadow"))
    assert "Matches are kept, shown to nobody, and judged at the review." in page
