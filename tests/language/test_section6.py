"""The examples of the practice reference, section 6: each message behaves as the reference says, each failure phrase is remarked on."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.language.check import check
from amends.language.index import Index, load
from amends.language.options import Options
from amends.language.records import Document, Draft

NOW = "2026-03-04T08:15:00+00:00"


@pytest.fixture(scope="module")
def index() -> Index:
    return load()


def one_line(text: str) -> str:
    return " ".join(text.split())


def checked(
    index: Index, form: str, text: str, *, at: str = NOW, audience: str | None = None, switches: frozenset[str] = frozenset()
) -> Document:
    draft = Draft(text=text, at=datetime.fromisoformat(at), form=form, audience=audience)
    return check(draft, index, Options(switches=switches))


def rules(document: Document, *severities: str) -> set[str]:
    return {one.rule for one in document.findings if not severities or one.severity in severities}


FIRST_GOOD = one_line("""
    At 16:08 I merged a schema change that dropped the `region` index. Search has been timing out for EU users since 16:11.
    I skipped the staging run, that was my call. The index is rebuilding now, done by 16:50, and I'll post at 16:40 either
    way. I'm adding a migration check that blocks index drops without a second reviewer.
""")
FIRST_BAD = one_line("""
    Hey all, looks like there might have been some slowness earlier, possibly related to a migration. These things happen
    when reviews are rushed. Looking into it, will update soon!
""")
STATUS_GOOD = one_line("""
    Context: since 07:52 UTC logins by SMS code fail. Current: 38 % of logins affected, e-mail login works. Not known yet:
    why only one carrier. Constraints: carrier ticket 5512 open, they answer within 30 min. Commitments: we switch to the
    backup route by 08:40; next update 08:45 UTC.
""")
STATUS_BAD = one_line("""
    We are experiencing some intermittent issues with login. Our engineers are working hard and the provider is being
    difficult. We will share more information as soon as possible.
""")
APOLOGY_GOOD = one_line("""
    You had to explain this to your own clients twice, I can see why you are fed up. We sent your reports to the wrong
    address after our import on Monday. I have recalled them and removed that address; access was blocked at 11:20. You will
    get the delivery log by 15:00 today and I will phone you at 15:30.
""")
APOLOGY_BAD = one_line("""
    We apologize for any inconvenience you may have experienced. Protecting your data is our top priority. The matter has
    been escalated to the relevant team.
""")
EXEC_GOOD = one_line("""
    TL;DR: Partner payouts go live 14 May, not 9 May (5 days): reconciliation fails on refunds. Impact: 41 partners paid by
    the old run, no money lost. Recovery: refund mapping by Wed 18:00, dry run Thu. Risk: one currency untested; if dry run
    shows >0.1 % mismatch we ship without refunds. Decision: none. Next update: Thu 16:00 CET.
""")
EXEC_BAD = one_line("""
    Small slip on payouts as the team ran into some unexpected complexity. We are confident we will get there soon and
    quality comes first.
""")
NOTE_GOOD = """\
Finance pulled last week's margin from v12 of the dashboard between 09:05 and 10:20, it overstates EU by 4.1 %. \
I have repointed the link to v13 and will list everyone who exported it by 11:30.

Commits: `dashboards: pin EU margin tile to v13 source (v12 double-counted refunds)` / \
`ci: block publish when tile source != latest approved`

What: tile on v12. When: 09:05, seen 10:12, contained 10:20. Who: 6 people in finance. Fix: link to v13. Guardrail: publish check.
[x] Impact: 6 people, 2 exports recalled
[x] Prevention: check tried with v12, it blocked
"""
NOTE_BAD = "FYI there was a dashboard issue, should be sorted.\n\nCommits: `fix`, `fix 2`"
REPAIR_GOOD = one_line("""
    On Monday I told the client we would ship exports by the 20th without asking any of you. Three of you worked Saturday
    because of that. I should have said I need to check with the team. From now on I give no date in a client call; I answer
    within a day after you have sized it, and you can hold me to that at Thursday planning. What did I miss about what this
    cost you?
""")
REPAIR_BAD = one_line("""
    I know things got stressful and mistakes were made on all sides. I'm sorry if anyone felt pressured, but the client was
    really pushing. I've had a rough month. Are we OK?
""")
REVIEW_GOOD = one_line("""
    At 14:02 the on-call engineer restarted the queue because the runbook's step 3 says to; the runbook predates the
    two-region setup.
""")
REVIEW_BAD = "Sam should have known not to restart the queue."
TRUST_GOOD = one_line("""
    We said you would hear about payment errors before your customers do. In 30 days there were 3; you heard first in 2. The
    miss was a muted alert; it now pages, test on the 4th.
""")
TRUST_BAD = "All action items are complete and trust has been restored."


@pytest.mark.parametrize(
    ("form", "at", "text"),
    [
        pytest.param("first-message", "2026-03-04T16:20:00+00:00", FIRST_GOOD, id="first message"),
        pytest.param("status-update", NOW, STATUS_GOOD, id="status"),
        pytest.param("customer-apology", "2026-03-04T12:00:00+00:00", APOLOGY_GOOD, id="customer apology"),
        pytest.param("exec-status", "2026-05-04T15:00:00+02:00", EXEC_GOOD, id="executive status"),
        pytest.param("follow-up-note", "2026-03-04T10:40:00+00:00", NOTE_GOOD, id="follow-up note"),
        pytest.param("repair-talk", NOW, REPAIR_GOOD, id="repair talk"),
    ],
)
def test_a_good_message_has_neither_error_nor_warning_and_is_recognised(index: Index, form: str, at: str, text: str) -> None:
    assert rules(checked(index, form, text, at=at), "error", "warning") == set()
    assert checked(index, "auto", text, at=at).form == form


def test_a_good_line_of_a_review_and_of_a_trust_review_has_no_flaw(index: Index) -> None:
    for form, text in (("post-incident-review", REVIEW_GOOD), ("any", TRUST_GOOD)):
        found = [one for one in checked(index, form, text).findings if one.move is None and not one.rule.startswith("review-")]
        assert found == []


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        pytest.param(
            "first-message",
            FIRST_BAD,
            {"missing-ownership", "missing-recovery", "missing-prevention"},
            id="first message",
        ),
        pytest.param("status-update", STATUS_BAD, {"missing-constraint", "update-without-next-time"}, id="status"),
        pytest.param(
            "customer-apology",
            APOLOGY_BAD,
            {"missing-empathy", "missing-ownership", "missing-recovery", "missing-commitment"},
            id="customer apology",
        ),
        pytest.param(
            "exec-status",
            EXEC_BAD,
            {"exec-slip-without-dates", "missing-impact", "missing-recovery", "missing-constraint", "update-without-next-time"},
            id="executive status",
        ),
        pytest.param(
            "follow-up-note",
            NOTE_BAD,
            {"missing-impact", "missing-prevention", "commit-subject-empty", "note-boxes", "note-fields", "note-two-sentences"},
            id="follow-up note",
        ),
        pytest.param(
            "repair-talk",
            REPAIR_BAD,
            {"missing-fact", "missing-ownership", "missing-prevention", "repair-self-explanation", "repair-but", "apology-forgiveness"},
            id="repair talk",
        ),
        pytest.param("post-incident-review", REVIEW_BAD, {"review-should-have", "review-timeline"}, id="review"),
    ],
)
def test_a_bad_message_lacks_what_its_reader_needs(index: Index, form: str, text: str, found: set[str]) -> None:
    assert found <= rules(checked(index, form, text))


@pytest.mark.parametrize(
    ("form", "text", "flaws"),
    [
        pytest.param("first-message", FIRST_BAD, {"hedge", "vague"}, id="first message"),
        pytest.param("status-update", STATUS_BAD, {"vague", "blame"}, id="status"),
        pytest.param("customer-apology", APOLOGY_BAD, {"spin"}, id="customer apology"),
        pytest.param("exec-status", EXEC_BAD, {"minimizing", "vague", "spin"}, id="executive status"),
        pytest.param("repair-talk", REPAIR_BAD, {"deflection"}, id="repair talk"),
        pytest.param("post-incident-review", REVIEW_BAD, {"blame"}, id="review"),
    ],
)
def test_a_bad_message_shows_its_flaws(index: Index, form: str, text: str, flaws: set[str]) -> None:
    assert flaws <= {one.flaw for one in checked(index, form, text).findings if one.flaw}


def test_a_trust_review_that_declares_trust_restored_is_remarked_on(index: Index) -> None:
    assert {one.flaw for one in checked(index, "any", TRUST_BAD).findings} & {"overclaim", "spin"}


def test_a_prevention_that_is_honestly_open_is_accepted_with_its_date(index: Index) -> None:
    text = (
        "At 16:08 I merged a schema change that dropped the region index. Search has been timing out for EU users since 16:11. That was my "
        "mistake. I am rebuilding the index, done by 16:50 UTC. Prevention: not decided, proposal by Tue 12:00."
    )
    assert "missing-prevention" not in rules(checked(index, "first-message", text))


def test_being_more_careful_is_no_prevention(index: Index) -> None:
    text = "At 16:08 my merge dropped the index and search failed for all users. That's on me. I have restored it. I will be more careful."
    assert "missing-prevention" in rules(checked(index, "first-message", text), "error")


def test_a_date_that_slips_needs_a_sum_that_adds_up(index: Index) -> None:
    right = "TL;DR: the launch slips 3 days (Fri → Mon)."
    assert "date-arithmetic" not in rules(checked(index, "exec-status", right))
    assert "date-arithmetic" in rules(checked(index, "exec-status", right.replace("3", "2")), "error")


def test_the_next_update_comes_within_the_hour_while_it_is_live(index: Index) -> None:
    late = STATUS_GOOD.replace("08:45 UTC", "11:45 UTC")
    assert "next-update-too-late" in rules(checked(index, "status-update", late), "warning")


def test_an_unchanged_status_still_counts_as_an_update(index: Index) -> None:
    text = "Context: since 07:52 UTC logins fail. Current: no change since 13:40. Constraints: none. Commitments: next update 14:10 UTC."
    assert "update-without-next-time" not in rules(checked(index, "status-update", text, at="2026-03-04T13:45:00+00:00"))


PHRASES = [
    ("first-message", "Looks like my deploy caused some slowness."),
    ("first-message", "It may have affected some users."),
    ("first-message", "It was a small issue."),
    ("first-message", "It should be fine now."),
    ("first-message", "I was told to merge it."),
    ("first-message", "I was rushed."),
    ("first-message", "It won't happen again."),
    ("first-message", "I will be more careful."),
    ("first-message", "Sorry for any trouble."),
    ("status-update", "Our engineers are working hard."),
    ("status-update", "It is all hands on deck."),
    ("status-update", "We are monitoring closely."),
    ("status-update", "We will update as soon as we can."),
    ("status-update", "Hopefully it is resolved by noon."),
    ("status-update", "The provider is being difficult."),
    ("customer-apology", "We apologise for any inconvenience."),
    ("customer-apology", "Dear valued customer, we lost your order."),
    ("customer-apology", "We take your privacy seriously."),
    ("customer-apology", "Rest assured that we are looking into it."),
    ("customer-apology", "This was done as per policy."),
    ("customer-apology", "Unfortunately your order was lost."),
    ("customer-apology", "You should have read the terms."),
    ("customer-apology", "Thank you for your patience."),
    ("exec-status", "There was a small slip."),
    ("exec-status", "The team ran into unexpected complexity."),
    ("exec-status", "We are on track overall."),
    ("exec-status", "We are confident that it works out."),
    ("exec-status", "It is just a minor delay."),
    ("exec-status", "There is alignment in the team."),
    ("exec-status", "We have many learnings."),
    ("repair-talk", "I'm sorry if anyone felt hurt."),
    ("repair-talk", "Mistakes were made on all sides."),
    ("repair-talk", "I'm sorry, but I had no choice."),
    ("repair-talk", "My intention was good, and I'm under a lot of pressure."),
    ("repair-talk", "That's just how I am."),
    ("repair-talk", "Let's move on."),
    ("repair-talk", "I hope there are no hard feelings."),
    ("repair-talk", "You know I'd never hurt you."),
    ("post-incident-review", "The engineer should have known."),
    ("post-incident-review", "Obviously the alert was wrong."),
    ("post-incident-review", "If only somebody had looked."),
    ("post-incident-review", "The cause was human error."),
    ("post-incident-review", "The engineer failed to follow the runbook."),
    ("post-incident-review", "It was careless."),
    ("post-incident-review", "We will be more vigilant."),
    ("any", "Trust has been restored."),
    ("any", "Let's put this behind us."),
    ("any", "Lessons learned."),
    ("any", "We will continue to improve."),
    ("any", "It was a one-off."),
    ("any", "This was an isolated incident."),
    ("any", "Communication could have been better."),
]


STRUCTURAL = {
    "human-error",
    "repair-self-explanation",
    "repair-but",
    "apology-forgiveness",
    "review-should-have",
    "patience-before-fix",
    "exec-jargon",
} | {
    "apology-unfortunately",
    "review-judging-words",
}


@pytest.mark.parametrize(("form", "text"), PHRASES, ids=[text for _, text in PHRASES])
def test_a_failure_phrase_is_remarked_on(index: Index, form: str, text: str) -> None:
    found = [
        one
        for one in checked(index, form, text).findings
        if not one.rule.startswith(("missing-", "update-without", "note-", "review-timeline"))
    ]
    assert any(one.flaw or one.rule in STRUCTURAL for one in found)


@pytest.mark.parametrize(("text", "on"), [("The root cause was a missing index.", True), ("The root cause was a missing index.", False)])
def test_the_wording_root_cause_is_remarked_on_where_a_team_wants_it(index: Index, text: str, on: bool) -> None:
    switches = frozenset({"root-cause"} if on else ())
    assert ("root-cause-wording" in rules(checked(index, "post-incident-review", text, switches=switches))) is on
