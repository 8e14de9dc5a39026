"""Ranking reports by their words: what must hold of every order, and the reasons that are given."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.recurrence.postings import BLOCK, Corpus, Report, numbers_from_bytes, numbers_to_bytes, report_of
from amends.recurrence.similar import CANDIDATES, similar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.recurrence.postings import Profile
    from amends.recurrence.similar import Match

REPORTS = {
    "pool": Report("Checkout answers with errors", "Every request waits for the connection pool until pool_timeout, then fails."),
    "rows": Report("Nightly export skips rows", "The cursor of the export is closed while the ledger is still being read."),
    "cert": Report("Partners cannot log in", "The certificate of the gateway expired on Sunday, and nothing had warned us."),
    "blank": Report("Login page is blank on phones", "The bundle for phones was built without the login page."),
    "mail": Report("Receipts are sent twice", "The queue of receipts was read by two workers after the deploy."),
    "disk": Report("", "The disk of the search cluster is full; indexing has stopped and results are stale."),
}
WORDS = "pool request export cursor gateway login page queue worker deploy disk index result stale partner receipt zebra".split()
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
corpora = st.lists(st.tuples(texts, texts), min_size=2, max_size=8)


def corpus(reports: dict[str, Report] = REPORTS) -> Corpus:
    return Corpus(reports.items())


def ids(matches: Sequence[Match]) -> list[str]:
    return [one.id for one in matches]


def test_what_is_like_everything_is_less_like_a_question_that_it_shares_the_same_words_with() -> None:
    usual = [f"usual{number}" for number in range(40)]
    others = {f"other{at}": Report("", " ".join(usual[(at + step) % 40] for step in range(0, 40, 2))) for at in range(1000)}
    alike = {
        "a": Report("", f"valve stuck {' '.join(usual[:30])}"),
        "b": Report("", f"valve stuck {' '.join(f'own{number}' for number in range(30))}"),
    }

    first, second = similar(corpus(others | alike), Report("", "valve stuck at dawn"), limit=2)

    assert (first.id, second.id) == ("b", "a")
    assert first.score > second.score


@pytest.mark.parametrize("id", REPORTS)
def test_a_report_is_most_like_itself(id: str) -> None:
    assert similar(corpus(), REPORTS[id])[0].id == id


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("Shop is down\nAll threads hang in pool_timeout", "pool"),
        ("the nightly exports skipped a row", "rows"),
        ("expired certificates", "cert"),
        ("Log-in page stays blank", "blank"),
        ("Customers got a receipt two times", "mail"),
        ("stale search results\nno room is left on the disk", "disk"),
    ],
)
def test_the_same_fault_is_found_in_other_words(asked: str, best: str) -> None:
    assert similar(corpus(), report_of(asked))[0].id == best


@settings(max_examples=20)
@given(corpora, texts, texts)
def test_scores_lie_between_0_and_1_the_best_first_and_the_order_of_reports_does_not_matter(
    made: list[tuple[str, str]], title: str, text: str
) -> None:
    reports = [(str(number), Report(*one)) for number, one in enumerate(made)]
    asked = Report(title, text)
    found = similar(Corpus(reports), asked, limit=10)
    assert found == similar(Corpus(reversed(reports)), asked, limit=10)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 and one.why for one in found)


@settings(max_examples=20)
@given(texts, st.lists(st.sampled_from(WORDS), min_size=2, max_size=10, unique=True), st.data())
def test_one_more_rare_word_in_common_never_lowers_the_score(title: str, words: list[str], data: st.DataObject) -> None:
    """A word that nobody else has gives way to one that is asked for; the length stays."""
    at = data.draw(st.integers(0, len(words) - 1))
    before = [*words[:at], "nothingelse", *words[at + 1 :]]

    def score(told: list[str]) -> float:
        filler = {f"other{number}": Report("another matter", f"unrelated talk {number}") for number in range(8)}
        made = corpus({**filler, "one": Report(title, " ".join(told))})
        found = similar(made, Report(title, " ".join(words)), limit=20)
        return next((one.score for one in found if one.id == "one"), 0.0)

    assert score(words) >= score(before)


def test_the_report_that_is_asked_about_is_not_its_own_match_and_nothing_is_like_no_words() -> None:
    assert "pool" not in ids(similar(corpus(), REPORTS["pool"], without=("pool",)))
    assert similar(corpus(), Report("", "…")) == ()
    assert similar(Corpus([]), REPORTS["pool"]) == ()


def test_equal_reports_come_in_the_order_of_their_ids() -> None:
    same = dict.fromkeys(("c", "a", "b"), REPORTS["mail"])
    assert ids(similar(corpus(same), REPORTS["mail"])) == ["a", "b", "c"]


class Hidden(Corpus):
    """Postings of which whoever asks may see one report only."""

    def profiles(self, numbers: Sequence[int]) -> dict[int, Profile]:
        """The one report."""
        return {number: one for number, one in super().profiles(numbers).items() if one.id == "seen"}


def test_behind_many_better_ones_that_may_not_be_seen_the_one_that_may_is_found() -> None:
    hidden = {f"h{number}": REPORTS["pool"] for number in range(3 * CANDIDATES)}
    made = Hidden({**hidden, "seen": Report("Checkout is slow", "It waits for the pool")}.items())
    assert ids(similar(made, REPORTS["pool"])) == ["seen"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Report("Checkout answers with errors", ""), "the titles say the same"),
        (Report("Checkout times out", ""), "the titles share Checkout"),
        (Report("Shop is down", "We saw pool_timeout from the checkout"), "both name pool_timeout and checkout"),
        (Report("Down", "Threads wait for the connection pool until noon"), "both say “wait for the connection pool until”"),
    ],
)  # fmt: skip
def test_reasons_quote_what_both_have_as_the_question_spells_it(asked: Report, why: str) -> None:
    best = similar(corpus(), asked)[0]
    assert best.id == "pool"
    assert why in best.why


def test_a_quote_says_nothing_that_the_other_does_not_say() -> None:
    """Times and numbers are no terms, so that a quote which ran over them would put ours into the mouth of the other."""
    old = Report("Mails are late", "Rolled back the mailer. Next update 10:30 UTC. Ledger drained by hand")
    told = {**REPORTS, "old": old}
    asked = Report("Mails are lost", "We rolled back the mailer. Next update 15:00 UTC. Ledger stands since noon")
    (best, *_) = similar(corpus(told), asked)
    assert best.id == "old"
    assert [one for one in best.why if one.startswith("both say")] == ["both say “rolled back the mailer”"]


def test_words_that_name_nothing_and_parts_of_a_name_that_was_given_are_no_reasons() -> None:
    told = {"old": Report("payments-api hangs", "nobody noticed since noon"), "other": Report("Search is down", "Zebra")}
    (best,) = similar(corpus(told), Report("payments-api fails", "payments fail since noon, nobody was told, the api is gone"))
    assert best.why == ("the titles share payments-api", "both name noon")


def test_the_answer_does_not_depend_on_how_a_process_orders_its_sets() -> None:
    program = (
        "import json, sys; from amends.recurrence.postings import Corpus, Report; from amends.recurrence.similar import similar\n"
        "made = Corpus((id, Report(*told)) for id, told in json.loads(sys.argv[1]))\n"
        "print(similar(made, Report('Checkout page waits', 'for the queue, the pool and the disk of the gateway'), limit=9))"
    )
    told = json.dumps([(id, (one.title, one.text)) for id, one in REPORTS.items()])

    def answer(seed: str) -> str:
        command = [sys.executable, "-c", program, told]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        ).stdout

    assert answer("1") == answer("2")


@settings(max_examples=20)
@given(st.lists(st.integers(0, BLOCK - 1)))
def test_numbers_are_kept_in_two_bytes_each_with_the_low_one_first(numbers: list[int]) -> None:
    from array import array

    data = numbers_to_bytes(array("H", numbers))
    assert list(numbers_from_bytes(data)) == numbers
    assert data == b"".join(number.to_bytes(2, "little") for number in numbers)
