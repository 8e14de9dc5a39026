"""What detectors promise beyond the examples in the rule files: places, values and edits of their remarks, and linear time."""

from __future__ import annotations

from datetime import datetime
from time import process_time
from typing import TYPE_CHECKING

import pytest

from amends.language.check import check
from amends.language.detectors import DETECTORS, note
from amends.language.detectors.note import says_nothing, subjects
from amends.language.index import Index, load
from amends.language.records import Document, Draft, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context, Remark
    from amends.language.rules import Rule

NOW = "2026-03-04T10:50:00+00:00"

FORMS = ["first-message", "status-update", "exec-status", "repair-talk", "customer-apology", "follow-up-note", "post-incident-review"]


@pytest.fixture(scope="module")
def index() -> Index:
    return load()


def checked(index: Index, form: str, text: str, *, at: str = NOW, tz: str | None = None, audience: str | None = None) -> Document:
    return check(Draft(text=text, at=datetime.fromisoformat(at), form=form, tz=tz, audience=audience), index)


def found(document: Document, rule: str) -> Finding:
    return next(one for one in document.findings if one.rule == rule)


def test_every_detector_is_used_by_a_rule_and_every_rule_names_one_that_exists(index: Index) -> None:
    named = {rule.detector for rule in index.rules if rule.detector}
    assert named <= set(DETECTORS)
    assert set(DETECTORS) - named == set()


def test_findings_speak_of_the_message_and_never_of_its_author(index: Index) -> None:
    for rule in index.rules:
        for words in (rule.message, rule.why, rule.title, *rule.suggest):
            assert "you are" not in words.lower()
            assert "you're" not in words.lower()


def test_each_rule_offers_a_rewrite_or_asks_a_question(index: Index) -> None:
    for rule in index.rules:
        assert rule.suggest or rule.edits or "?" in rule.message, rule.id


def test_a_missing_move_asks_the_readers_question_and_adds_its_stub_where_it_belongs(index: Index) -> None:
    text = "At 10:42 a config change broke the checkout. We are still investigating. Next update at 11:15 UTC."
    finding = found(checked(index, "status-update", text), "missing-constraint")
    edit = finding.edits[0]
    assert "?" in finding.message
    assert (finding.start, finding.end) == (0, 44)
    assert edit.start == edit.end == text.index(" Next update")
    assert "still investigating. Constraints: [" in text[: edit.start] + edit.text + text[edit.end :]


def test_a_stub_behind_a_labelled_line_gets_a_line_of_its_own(index: Index) -> None:
    text = "Context: at 07:50 UTC the disk filled.\nCurrent: 2 of 6 runners are up.\nConstraints: none."
    edit = found(checked(index, "status-update", text), "update-without-next-time").edits[0]
    assert (text + edit.text if edit.start == len(text) else text[: edit.start] + edit.text).count("\n") >= 3


def test_a_stub_that_was_added_is_asked_for_as_an_open_gap_and_not_a_second_time(index: Index) -> None:
    text = "At 10:42 a config change broke the checkout."
    edit = found(checked(index, "first-message", text), "missing-ownership").edits[0]
    document = checked(index, "first-message", text[: edit.start] + edit.text + text[edit.end :])
    rules = {one.rule for one in document.findings}
    assert "open-gap" in rules
    assert "missing-ownership" not in rules
    assert not next(one for one in document.moves if one.move == "ownership").present


@pytest.mark.parametrize("form", FORMS)
def test_the_template_of_a_form_makes_no_move_and_all_its_gaps_are_open(index: Index, form: str) -> None:
    template = next(one.template for one in index.forms if one.id == form)
    document = checked(index, form, template)
    assert sum(one.rule == "open-gap" for one in document.findings) >= 4
    assert [one.move for one in document.moves if one.present and one.move in ("ownership", "fact", "empathy")] == []


def test_a_next_update_that_has_passed_today_is_said_to_be_read_as_tomorrows(index: Index) -> None:
    passed = found(checked(index, "status-update", "Logins fail. Next update at 10:30 UTC."), "next-update-in-the-past")
    assert "tomorrow" in passed.message


def test_the_message_on_a_soft_action_quotes_its_words_without_its_box(index: Index) -> None:
    text = "Actions\n- [ ] Improve communication\n- [ ] Remind everybody who deploys on a Friday of the agreed rules"
    said = [one.message for one in checked(index, "post-incident-review", text).findings if one.rule == "review-soft-action"]
    assert ["“Improve communication”" in said[0], "“Remind everybody who deploys on a Friday of …”" in said[1]] == [True, True]


def test_a_note_whose_sentences_tell_what_happened_is_not_asked_for_fields_of_it(index: Index) -> None:
    text = (
        "From 09:05 to 10:20 the export broke and 12 customers could not download their invoices. I have rolled back the export.\n"
        "I'm adding a test with two tenants.\n\n`fix: add tenant id to the export query`\n`test: export with two tenants`"
    )
    assert not {"note-fields", "note-two-commits"} & {one.rule for one in checked(index, "follow-up-note", text).findings}


def test_the_edit_of_a_wrong_sum_puts_the_right_number(index: Index) -> None:
    text = "The launch slips 2 days (Fri → Mon)."
    edit = found(checked(index, "exec-status", text), "date-arithmetic").edits[0]
    assert text[: edit.start] + edit.text + text[edit.end :] == "The launch slips 3 days (Fri → Mon)."


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Launch slips 3 days (Fri → Mon).", None),
        ("Launch slips 10 days (Fri → Mon).", None),
        ("Launch slips 1 business day (Fri → Mon).", None),
        ("Launch slips 2 business days (Fri → Mon).", "1 working day"),
        ("Opening is 3 March, not 24 February (a week later).", None),
        ("Opening is 3 March, not 24 February (8 days).", "7 days"),
        ("The release moves from 2026-03-04 to 2026-03-09, 4 days.", "5 days"),
        ("Support answers Monday to Friday within 2 days.", None),
        ("From 3 March to 5 March the shop was closed, refunds take 7 days.", None),
    ],
)
def test_sums_of_days_count_calendar_days_unless_working_days_are_said(index: Index, text: str, right: str | None) -> None:
    remarks = [one for one in checked(index, "exec-status", text).findings if one.rule == "date-arithmetic"]
    assert [one.edits[0].text for one in remarks] == ([right] if right else [])


def test_a_zone_stated_once_holds_for_the_whole_message(index: Index) -> None:
    text = "Logins fail since 10:20 {zone}. Next update at 11:15."
    with_zone = checked(index, "status-update", text.format(zone="CET"))
    without = checked(index, "status-update", text.format(zone="today"))
    known = checked(index, "status-update", text.format(zone="today"), tz="Europe/Berlin")
    assert "next-update-without-zone" not in {one.rule for one in with_zone.findings}
    assert found(without, "next-update-without-zone").severity == "warning"
    assert found(known, "next-update-without-zone").severity == "note"


def test_an_estimate_is_asked_for_towards_the_team_and_warned_against_towards_customers(index: Index) -> None:
    mending = "At 10:20 UTC our deploy broke logins. We are restoring the old version. Next update at 11:15 UTC."
    promised = mending.replace("We are", "We expect it to be fixed by 11:00 UTC, we are")
    towards_customers = {one.rule for one in checked(index, "status-update", promised, audience="customers").findings}
    towards_team = {one.rule for one in checked(index, "status-update", promised, audience="team").findings}
    assert "resolution-estimate" in towards_customers
    assert "resolution-estimate" not in towards_team


def test_the_last_message_of_an_incident_only_notes_the_missing_next_update(index: Index) -> None:
    text = "This incident has been resolved. Logins failed from 10:20 to 10:45 UTC."
    assert found(checked(index, "status-update", text), "update-without-next-time").severity == "note"


@pytest.mark.parametrize("subject", ["fix", "wip", "fix 2", "Fix bug", "hotfix", "changes", "update stuff", "fix: typo"])
def test_a_commit_subject_that_says_nothing(subject: str) -> None:
    assert says_nothing(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "rates: pick file by booking day",
        "gateway: prod certificate restored",
        "ci: block publish of unapproved sources",
        "Revert permission cache for shared folders",
        "mail: restore support number",
    ],
)
def test_a_commit_subject_that_names_component_and_effect(subject: str) -> None:
    assert not says_nothing(subject)


@pytest.mark.parametrize(
    "lines",
    [
        "Commits: `cache: drop the old key` / `ci: test two visitors`",
        'commits: "cache: drop the old key" + "ci: test two visitors"',
        "Commit A: cache: drop the old key\nCommit B: ci: test two visitors",
        "Commit 1 – cache: drop the old key\nCommit 2 – ci: test two visitors",
        "Commits:\n- cache: drop the old key\n- ci: test two visitors",
        "Change one: cache: drop the old key\nChange two: ci: test two visitors",
    ],
)
def test_commits_are_read_however_they_are_listed(monkeypatch: pytest.MonkeyPatch, index: Index, lines: str) -> None:
    seen: list[list[str]] = []

    def spy(context: Context, _rule: Rule) -> Iterator[Remark]:
        seen.append([words for _, _, words in subjects(context)])
        return iter(())

    monkeypatch.setattr(note, "too_few_commits", spy)
    checked(index, "follow-up-note", f"The cache answered for others. It is off since 12:20.\n\n{lines}\n")
    assert seen == [["cache: drop the old key", "ci: test two visitors"]]


def test_an_opening_of_two_sentences_ends_at_the_first_commit_or_label(index: Index) -> None:
    text = "The rate page showed the old rate from 09:00. I loaded the new one at 10:40.\n\nWhat: old rate shown. When: 09:00. Done: yes."
    assert "note-two-sentences" not in {one.rule for one in checked(index, "follow-up-note", text).findings}


@pytest.mark.parametrize("form", FORMS)
def test_a_long_document_takes_time_in_proportion_to_its_length(index: Index, form: str) -> None:
    part = "At 10:42 my deploy broke the login, and 41 people waited (Fri → Mon). 14:02 restart [log]\n- [x] Impact: 3 due 4 May.\n"

    def seconds(times: int) -> float:
        draft = Draft(text=part * times, at=datetime.fromisoformat(NOW), form=form)
        begin = process_time()
        check(draft, index)
        return process_time() - begin

    seconds(20)
    small, large = min(seconds(40) for _ in range(3)), min(seconds(160) for _ in range(3))
    assert large < small * 12


HOSTILE = [one * (20_000 // len(one)) for one in ("a", "1", "- ", "10:00 ", "[x] ", "commit: ", "if I ", "from ", "3 due ", "Fri ", "\n")]


@pytest.mark.parametrize("form", FORMS)
def test_a_hostile_line_does_not_hang_a_detector(index: Index, form: str) -> None:
    for hostile in HOSTILE:
        begin = process_time()
        checked(index, form, hostile)
        assert process_time() - begin < 6, hostile[:20]
