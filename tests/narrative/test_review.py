"""The review says all that the account says, how sure it is and where it is opened; its plain form loses nothing of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from amends.core.errors import UnknownNameError
from amends.core.paper import Grid, Heading, Listing, Paper, Paragraph, texts
from amends.integrations.export.documents import render
from amends.integrations.export.documents.markdown import write
from amends.language.records import Draft
from amends.narrative.account import Evidence
from amends.narrative.plain import WORDS, definitions, plainly
from amends.narrative.review import review
from amends.narrative.review_parts import Material, numbered
from amends.timeline.notes import Entry, Marks
from amends.usecases.checking import Checking
from narrative.accounts import GUARD, INCIDENT, WRITTEN, Writing, action, minute, story, whole

if TYPE_CHECKING:
    from amends.narrative.account import Account

TAKEN = action("A2", "Page on slow checkout", kind="alert")
READ = {"deploy": 0, "metrics": 3, "chat": 12, "db": 20, "shell": 60, "metrics2": 68}
FORMS_OF = [("review", "post-incident-review"), ("plain", "post-incident-review"), ("bug-report", "bug-report")]
NEVER = action("A3", "Ask everybody to look twice", kind="other", accepted=False)


def entry(name: str, at: int) -> Entry:
    cited = {"id": name, "source": f"{name}.log", "line": 7, "offset": 100, "length": 20, "sha256": "ab" * 32, "text": name, "kind": "log"}
    return Entry(cited, Marks(), int(minute(at).timestamp() * 1_000_000), 0)


def material(account: Account, *actions: Any, zone: str = "UTC") -> Material:
    entries = {name: entry(name, at) for name, at in READ.items()}
    return Material(account, story(*(actions or (GUARD, TAKEN))), entries, ZoneInfo(zone), numbered(account))


def section(paper: Paper, title: str) -> str:
    """The words below a heading of the first level, up to the next one."""
    places = {number: one.text for number, one in enumerate(paper.blocks) if isinstance(one, Heading) and one.level == 1}
    start = next(number for number, text in places.items() if text.startswith(title))
    end = next((number for number in places if number > start), len(paper.blocks))
    return "\n".join(texts(Paper("", "", paper.blocks[start + 1 : end])))


def sections(paper: Paper) -> list[str]:
    return [one.text for one in paper.blocks if isinstance(one, Heading) and one.level == 1]


def test_the_review_says_everything_that_the_account_says() -> None:
    account = whole().account()
    told = "\n".join(texts(review(material(account))))
    for one in account.points:
        point = one.point
        for words in (point.text, point.value, point.because, point.who, None if point.part == "badly" else point.answer):
            assert words is None or words.rstrip(".").casefold() in told.casefold(), f"{point.part}: {words}"
        for cited in one.evidence:
            assert (cited.quote or cited.text or "") in told


@pytest.mark.parametrize(("shape", "form"), FORMS_OF)
def test_the_language_engine_finds_nothing_to_mend_in_a_whole_account(shape: str, form: str) -> None:
    text = write(review(material(whole().account()), shape))
    document = Checking().check(Draft(text, WRITTEN, form=form, markup="markdown"))
    assert document.problems == ()
    assert [(one.rule, text[one.start : one.end]) for one in document.findings] == []


def test_each_claim_says_how_well_it_is_supported_and_by_which_numbers_of_the_evidence() -> None:
    made = whole()
    made.state("claim", "Nobody lost money.", kind="effect")
    split = made.state("claim", "Twelve cards were charged twice.", kind="effect", cites=(("measure", "charges without an order: 12"),))
    made.evidence.append(Evidence("AGAINST", INCIDENT.id, split, "person", "contradicts", WRITTEN, "ben", text="The bank counts none"))
    told = section(review(material(made.account())), "Impact")
    assert re.search(r"258 of 831 payments\. \[confirmed: \d+\]", told)
    assert re.search(r"error page for 68 minutes\. \[likely: \d+\]", told)
    assert "Nobody lost money. [unsupported]" in told
    assert re.search(r"charged twice\. \[inconclusive: \d+; against it \d+\]", told)


def test_every_number_leads_to_a_row_of_the_evidence_that_says_where_its_bytes_are() -> None:
    paper = review(material(whole().account()))
    grid = next(one for one in paper.blocks if isinstance(one, Grid) and one.head[0] == "No.")
    used = {int(number) for text in texts(paper) for marks in re.findall(r"\[\w+: ([\d, ]+)", text) for number in marks.split(", ")}
    assert used == {int(row[0]) for row in grid.rows}
    opened = next(row[2] for row in grid.rows if "the words of deploy" in row[1])
    assert opened.startswith(f"deploy.log, line 7, bytes 100 to 120, SHA-256 {'ab' * 32}, entry deploy; citation E")


def test_the_timeline_is_in_the_zone_of_the_reader_and_holds_what_is_only_cited() -> None:
    paper = review(material(whole().account(), zone="Europe/Berlin"))
    grid = next(one for one in paper.blocks if isinstance(one, Grid) and one.head[0].startswith("Time"))
    times = [row[0] for row in grid.rows]
    assert grid.head[0] == "Time (CET)"
    assert times == sorted(times)
    assert times[0] == "2026-03-04 11:42 CET"
    assert ("2026-03-04 12:02 CET", "The words of db.") in [row[:2] for row in grid.rows], "a cited entry that no claim tells at its time"
    assert ["It was restored." in row for row in grid.rows].count(True) == 1
    assert "bytes" not in section(paper, "Timeline")


def test_what_nobody_wrote_down_is_said_to_be_missing() -> None:
    paper = review(material(Writing().account(), NEVER))
    assert "Nothing is written down about this yet." in section(paper, "What went well")
    assert "Nothing is cited yet." in section(paper, "Evidence")
    assert "No owner yet, no due date yet" in section(paper, "Actions")


def test_what_went_badly_stands_with_its_action_item_or_the_reason_or_without_both() -> None:
    made = whole()
    made.state("badly", "Nobody knew whom to call.")
    told = section(review(material(made.account())), "What did not go well")
    assert "rang eight minutes late. Answered by the action “Page on slow checkout” (accepted)." in told
    assert "silent for an hour. No action: It is replaced next month anyway." in told
    assert "whom to call. No action item answers it, and no reason is written down." in told


def test_a_disagreement_has_its_sides_beside_each_other_until_it_is_settled() -> None:
    made = whole()
    open_one = review(material(made.account()))
    grid = next(one for one in open_one.blocks if isinstance(one, Grid) and one.head == ("Payments", "Platform"))
    assert grid.rows == (("It cost twelve minutes.", "It ruled the workers out."), ("Because: The graph did not move.", "No reason given."))
    assert "This is open." in section(open_one, "Open disagreements")
    made.points = [replace(one, answer="the graph shows it was of no use") if one.part == "disagreement" else one for one in made.points]
    assert "Settled: The graph shows" in section(review(material(made.account())), "Open disagreements")


def test_an_open_trust_break_and_the_cost_to_people_cannot_be_missed() -> None:
    made = whole()
    made.points = [replace(one, answer=None) if one.part == "trust-break" else one for one in made.points]
    for shape in ("review", "retro", "plain"):
        paper = review(material(made.account()), shape)
        assert "Not closed yet." in section(paper, "Trust that was broken")
        assert "1 broken trust" in section(paper, "Summary")
        assert "Two people worked through the night" in section(paper, "What it cost people")


def test_there_is_a_root_cause_only_where_it_is_asked_for_and_never_alone() -> None:
    account = whole().account()
    assert "Root cause" not in sections(review(material(account)))
    told = section(review(material(account), root_cause=True), "Root cause")
    assert "read the whole table" in told
    assert "none of this is the one cause" in told


def test_the_retro_is_about_what_to_keep_and_what_to_change() -> None:
    found = sections(review(material(whole().account()), "retro"))
    assert {"What went well", "What did not go well", "Contributing conditions", "Actions"} <= set(found)
    assert not {"Timeline (UTC)", "Evidence"} & set(found)


def test_the_bug_report_sets_what_happened_against_what_was_expected_and_says_what_would_have_caught_it() -> None:
    paper = review(material(whole().account(), GUARD, TAKEN, NEVER), "bug-report")
    assert sections(paper) == ["What happened", "Expected", "Actual", "Since when", "Impact", "Cause", "Fix", "What would have caught it"]
    assert "answers within 2 s" in section(paper, "Expected")
    assert "dropped the index" in section(paper, "Actual")
    assert "2026-03-04 10:42 UTC" in section(paper, "Since when")
    caught = section(paper, "What would have caught it")
    assert "Refuse a migration" in caught
    assert "look twice" not in caught, "asking people to be careful catches nothing"
    bare = review(material(Writing().account()), "bug-report")
    assert "state a fact that begins with “Expected:”" in section(bare, "Expected")


def test_it_is_written_in_every_format_in_which_documents_leave() -> None:
    paper = review(material(whole().account()))
    assert render(paper, "pdf").startswith(b"%PDF")
    assert render(paper, "docx").startswith(b"PK")
    assert b"258 of 831 payments" in render(paper, "markdown")


def test_a_shape_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        review(material(whole().account()), "blame")


# In plain words


def test_the_plain_review_loses_nothing_without_what_was_explained_it_is_the_review() -> None:
    account = whole().account()
    full, plain = review(material(account)), review(material(account), "plain")
    (words,) = (one for one in plain.blocks if isinstance(one, Grid) and one.head == ("Word", "What it means"))
    told = "\n".join(texts(plain))
    for _, meaning in words.rows:
        assert told.count(f" ({meaning})") == 1, "each word is explained once, where it stands first"
        told = told.replace(f" ({meaning})", "")
    for text in texts(full)[1:]:
        assert text in told
    assert {"timeout", "index", "SLO", "p99", "rota", "confirmed"} <= {row[0] for row in words.rows}


def test_a_word_that_people_explained_goes_before_ours_and_what_nobody_explained_is_said() -> None:
    notes = ["PSP means the company that takes the money. It was slow.", "the “deploy” stands for what the ferry does\nThis means trouble"]
    own = definitions([*notes, "we called them at ten", "It means nothing", "limit = 300"])
    assert own == {"PSP": "the company that takes the money", "deploy": "what the ferry does"}
    said = "The PSP and the XQT failed in the deploy, and the PSP again."
    paper = Paper("T", "", (Paragraph(said), Listing(("see 3f2a91c0-DB, /DB",))))
    made = plainly(paper, own)
    told = texts(made)
    explained = "The PSP (the company that takes the money) and the XQT failed in the deploy (what the ferry does), and the PSP again."
    assert told[1] == explained
    assert told[2] == "see 3f2a91c0-DB, /DB", "a part of an id or an address is no word"
    assert WORDS in told
    assert told[-1] == "Nobody has said yet what these mean: XQT."
