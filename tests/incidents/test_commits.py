"""Whether the words of a commit are understood in six months, and which commits probably belong to an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.incidents.commits import Commit, candidates, judge
from incidents.told import BEGAN, NOW


@pytest.mark.parametrize(
    ("subject", "codes"),
    [
        ("fix", ["subject-empty"]),
        ("wip", ["subject-empty"]),
        ("hotfix 2", ["subject-empty"]),
        ("fix: stuff", ["subject-empty"]),
        ("more small updates", ["subject-empty"]),
        ("billing: run the invoice job on one host only", []),
        ("dashboards: pin EU margin tile to v13 source (v12 double-counted refunds)", []),
        ("ci: block publish when tile source is not the latest approved", []),
        ('Revert "Raise the pool size of payments to 40"', []),
        ("fix(billing): refuse a second run of the invoice job", []),
        ("Refuse double runs safely", ["no-component"]),
        ("billing: invoice job mutex file", ["no-effect"]),
    ],
)  # fmt: skip
def test_a_subject_names_the_component_and_what_it_does_now(subject: str, codes: list[str]) -> None:
    assert [one.code for one in judge(subject)] == codes


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Two hosts ran the job, because it had no lock.", []),
        ("The job ran twice on 3 March, see INC-42 for the list.", []),
        ("", ["no-why"]),
        ("Signed-off-by: Ana <ana@example.org>", ["no-why"]),
        ("As discussed.", ["no-why"]),
    ],
)
def test_a_body_says_why(body: str, codes: list[str]) -> None:
    assert [one.code for one in judge("billing: run the invoice job on one host only", body)] == codes


def test_each_judgement_says_what_to_write_instead() -> None:
    for subject in ("fix", "Refuse double runs safely", "billing: invoice job mutex file"):
        for one in judge(subject, ""):
            assert one.message
            assert "[" in one.instead


def commit(sha: str, minutes: float, subject: str, body: str = "") -> Commit:
    return Commit(sha * 40, NOW + timedelta(minutes=minutes), subject, body)


def test_the_likeliest_commits_come_first_with_what_they_probably_do() -> None:
    told = [
        commit("1", -300, "docs: describe the colours of the charts"),
        commit("2", -45, "billing: start the invoice job on both hosts"),
        commit("3", -20, 'Revert "billing: start the invoice job on both hosts"', "This reverts commit 2222222."),
        commit("4", 30, "billing: refuse a second run of the invoice job with a lock"),
        commit("5", -10, "docs: fix a typo in the index of the manual"),
        commit("6", -15, "billing: fix the invoice job to run on one host"),
    ]
    found = candidates(told, BEGAN, NOW, "Invoices went out twice: the nightly invoice job ran on two hosts")
    assert [(one.commit.sha[0], one.kind) for one in found[:3]] == [("3", "rollback"), ("6", "hotfix"), ("4", "guardrail")]
    assert found[-1].commit.sha[0] == "1"
    assert "speaks of" in found[0].why
    assert "made during the incident" in found[0].why


def test_only_so_many_are_offered_and_always_the_same_ones() -> None:
    told = [commit(f"{number:x}", -number, "billing: count the invoices of the job") for number in range(16)]
    first = candidates(told, BEGAN, NOW, "invoices", most=5)
    assert len(first) == 5
    assert first == candidates(reversed(told), BEGAN, NOW, "invoices", most=5)
