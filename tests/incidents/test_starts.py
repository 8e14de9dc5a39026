"""Texts begun from facts: nothing known is left out, nothing unknown is said, and two texts about one incident agree."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import UnknownNameError
from amends.incidents.letters import parts_of
from amends.incidents.starts import STARTS, start, wrong_sentence
from amends.language.records import Draft
from amends.usecases.checking import Checking
from incidents.told import FACTS, NOW, event, fact, incident, message, promise, story

FULL = story(
    *FACTS,
    event("C1", "commit", -10, kind="hotfix", value="a1b2c3d4e5f6a7", text="billing: run the invoice job on one host only"),
    event("C2", "commit", -5, kind="guardrail", value="b1b2c3d4e5f6a7", text="billing: refuse a second run of the invoice job"),
    event("B1", "box", -5, kind="impact", value="ticked", text="412 invoices counted in the mail log"),
    promises=(
        *(promise(f"N-{one}", "next_update", 30, audience=one) for one in ("team", "leadership", "customers")),
        promise("P-fix", "fix", 100),
        promise("P-guard", "prevention", 300),
    ),
)
FILLED = {
    "What this cost you: what they had to do, miss or pay.": "You had to explain the second invoice to your bookkeeping.",
    "what that was like": "how annoying this was",
    "what we did wrong, in the active voice": "sent you the same invoice twice",
    "name": "Ms Berg",
    "see or receive what": "receive a corrected statement",
    "direct line": "030 123456",
    "HH:MM and zone": "11:30 UTC",
    "HH:MM ZONE": "11:30 UTC",
    "HH:MM": "10:30 UTC",
    "day HH:MM ZONE": "Wed 4 March 11:30 UTC",
    "day HH:MM": "Wed 4 March 12:30 UTC",
    "the act, or what I left out": "started the job on two hosts",
    "the trouble it caused": "the double invoices",
    "role": "support",
    "trigger": "more than 5 customers pay twice",
    "what you do then": "refund them by Thu 5 March 12:00",
    "what could still go wrong": "customers may pay twice",
    "what you need decided, by when; or: none": "none",
    "tested how, or due on DATE": "due on 6 March",
    "checked how, with a number": "due on 6 March",
    "do what": "stop the job",
    "what": "the second run",
    "have reverted, am restoring": "have stopped",
    "What is done or being done": "I have stopped the job on the second host",
    "Who or what is affected since when, and how many; or: impact not known yet, I check X by HH:MM.": "41 customers got an invoice twice.",
    "a test, check, alert, limit or runbook step": "a lock to the job",
    "stops or shows this class of error": "refuses a second run",
    "what is true now, with a number": "41 customers have two invoices",
    "what works": "new invoices are correct",
    "who, how many, how much money, until when": "41 customers got an invoice twice",
    "what is put right already, with its amount or reference": "cancelled the second invoice",
    "what keeps it from happening again": "added a lock to the job",
    "component": "billing",
    "what the hotfix does, and why": "stop the job on the second host because it sent twice",
    "what the rollback or guardrail does, and why": "refuse a second run because two hosts sent",
    "What you have done and will do, by HH:MM.": "I have stopped the job and list everyone by 11:30 UTC.",
    "who was affected and how many, and what they may have used": "41 customers got an invoice twice",
    "what repairs it": "the job was stopped on the second host",
    "what you wait for and from which role; what you do not know yet; or: none": "none",
    "what was wrong": "41 customers got it",
    "What is true instead.": "43 customers got it.",
    "what to do about it": "please delete the second invoice",
}
TIMES = r"(?:\w{3} \d{1,2} \w{3} )?\d{1,2}:\d\d \w+"


def filled(text: str) -> str:
    """A start with plausible words in each of its gaps."""
    dated = re.sub(r"\[what catches it next time, owner, next look on [^\]]+\]", "a lock, owner billing, next look on 18 March", text)
    return re.sub(r"\[([^\]\[\n]{2,160})\]", lambda gap: FILLED[gap[1]], dated)


def figures(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w:])\d+(?![\w:])", re.sub(TIMES, "", text)))


@pytest.mark.parametrize("form", STARTS)
@pytest.mark.parametrize("told", [FULL, story()], ids=["much is known", "nothing is known"])
def test_once_its_gaps_are_filled_the_check_has_no_error(form: str, told: object) -> None:
    assert isinstance(told, type(FULL))
    checked_as, audience = STARTS[form]
    text = filled(start(told, form, None, NOW, UTC, message("W")))
    document = Checking().check(Draft(text, NOW, checked_as, audience, "UTC"))
    assert [(one.rule, text[one.start : one.end]) for one in document.findings if one.severity == "error"] == []


@pytest.mark.parametrize("form", sorted(set(STARTS) - {"correction"}))
def test_what_is_not_known_stands_as_a_gap_that_the_check_sees(form: str) -> None:
    text = start(story(), form, None, NOW, UTC)
    document = Checking().check(Draft(text, NOW, STARTS[form][0], STARTS[form][1], "UTC"))
    open_gaps = {text[one.start : one.end] for one in document.findings if one.rule == "open-gap"}
    assert set(re.findall(r"\[[^\]\[\n]{2,160}\]", text)) - open_gaps <= {"[name]"}


@pytest.mark.parametrize("form", sorted(set(STARTS) - {"correction", "follow-up-note"}))
def test_every_figure_and_time_that_is_known_stands_in_it(form: str) -> None:
    text = start(FULL, form, None, NOW, UTC)
    assert {"412", "41"} <= figures(text)
    times = {"10:10 UTC", "12:30 UTC"} | (set() if form == "internal-apology" else {"11:20 UTC"})
    assert times <= set(re.findall(TIMES, text))


def test_the_executive_status_and_the_customer_apology_have_the_same_figures_and_times() -> None:
    executive, apology = start(FULL, "exec-status", None, NOW, UTC), start(FULL, "customer-apology", None, NOW, UTC)
    assert figures(executive) == figures(apology)
    assert set(re.findall(TIMES, executive)) == set(re.findall(TIMES, apology))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["happened", "impact", "number", "recovery", "prevention"]),
            st.integers(2, 99_999),
            st.sampled_from(["rows are missing", "the export stopped for shops", "Orders were lost"]),
        ),
        max_size=8,
    ),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo"]),
)
def test_whatever_the_facts_are_the_two_agree(told: list[tuple[str, int, str]], zone: str) -> None:
    events = [
        fact(f"F{number}", kind, words if kind == "number" else f"{figure} {words}", value=str(figure) if kind == "number" else None)
        for number, (kind, figure, words) in enumerate(told)
    ]
    made = story(*events, promises=(promise("P", "fix", 2000),))
    clock = ZoneInfo(zone)
    executive, apology = (start(made, form, None, NOW, clock) for form in ("exec-status", "customer-apology"))
    assert figures(executive) == figures(apology)
    assert set(re.findall(r"\d\d:\d\d", executive)) == set(re.findall(r"\d\d:\d\d", apology))


def test_times_are_told_on_the_clock_of_the_reader_with_their_day_where_it_is_another() -> None:
    assert "11:10 CET" in start(FULL, "status-update", None, NOW, ZoneInfo("Europe/Berlin"))
    assert "15:40 IST" in start(FULL, "status-update", None, NOW, ZoneInfo("Asia/Kolkata"))
    assert "07:10 UTC-03:00" in start(FULL, "status-update", None, NOW, ZoneInfo("America/Sao_Paulo"))
    assert "Wed 4 Mar 10:10 UTC" in start(FULL, "status-update", None, NOW.replace(day=6), UTC)


def test_an_update_that_another_audience_waits_for_is_not_promised_to_this_one() -> None:
    told = story(promises=(promise("N", "next_update", 30, audience="customers"), promise("M", "next_update", -5)))
    assert "next update [HH:MM ZONE]" in start(told, "status-update", "team", NOW, UTC)
    assert "next update 11:20 UTC" in start(told, "status-update", "customers", NOW, UTC)


def test_a_private_promise_is_told_to_nobody() -> None:
    told = story(promises=(promise("P", "fix", 100, private=True, audience=None),))
    assert "12:30" not in start(told, "exec-status", None, NOW, UTC)


def test_a_correction_names_the_sentence_that_was_wrong_and_what_holds() -> None:
    wrong = message("W", text="We are on it. At 10:10 UTC the job sent 412 invoices twice. More at 11:20.")
    told = story(*FACTS, fact("F9", "number", "invoices went out twice", -5, value="438", replaces="F3"), messages=(wrong,))
    assert wrong_sentence(told, wrong) == ("At 10:10 UTC the job sent 412 invoices twice.", "438 invoices went out twice.")
    text = start(told, "correction", None, NOW, UTC, wrong)
    assert text.startswith(
        "Correction of our message of 10:30 UTC: it said “At 10:10 UTC the job sent 412 invoices twice.”\nThat was wrong."
    )
    assert "438 invoices went out twice." in text


@pytest.mark.parametrize("said", ["1412 invoices.", "412.5 GB were read.", "Release 4.412 is out.", "14,412 rows"])
def test_another_figure_with_the_same_digits_is_not_what_was_wrong(said: str) -> None:
    told = story(*FACTS, fact("F9", "number", "invoices went out twice", -5, value="438", replaces="F3"))
    assert wrong_sentence(told, message("W", text=said)) is None


def test_names_that_are_none_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        start(FULL, "poem", None, NOW, UTC)
    with pytest.raises(UnknownNameError):
        start(FULL, "status-update", "everybody", NOW, UTC)


def test_the_note_has_the_commits_the_boxes_and_when_it_was_noticed() -> None:
    text = start(FULL, "follow-up-note", None, NOW, UTC)
    assert "Commit 1: `billing: run the invoice job on one host only` (a1b2c3d4e5f6)" in text
    assert "Commit 2: `billing: refuse a second run of the invoice job` (b1b2c3d4e5f6)" in text
    assert "[x] Impact: 412 invoices counted in the mail log" in text
    assert "☐ Prevention: [tested how, or due on DATE]" in text
    assert "from 10:10 UTC, noticed 10:19 UTC, contained 10:35 UTC" in text


def test_a_title_tells_what_happened_where_nobody_wrote_it_down() -> None:
    titled = replace(story(), incident=incident(title="Saved cards are rejected"))
    assert "Saved cards are rejected since 10:10 UTC." in start(titled, "first-message", None, NOW, UTC)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Subject: Your invoices\n\nDear Ana,\nhello", ("Your invoices", "Dear Ana,\nhello")),
        ("subject:Two\nx", ("Two", "x")),
        ("No subject here", ("usual", "No subject here")),
        ("Subject: \nx", ("usual", "Subject: \nx")),
        ("About the Subject: none", ("usual", "About the Subject: none")),
    ],
)
def test_the_first_line_is_the_subject_of_a_letter_where_it_says_so(text: str, parts: tuple[str, str]) -> None:
    assert parts_of(text, "usual") == parts
