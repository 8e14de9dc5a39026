"""The same promise made again without a date: found with all its tellings, and not where it was dated, kept, or only a sign-off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from narrative.accounts import minute
from narrative.status import again

PROMISE = "The queue is empty. We will improve the monitoring of the payment queue."


def test_a_promise_without_a_date_that_comes_again_is_quoted_with_every_telling() -> None:
    (one,) = again(
        PROMISE, "Nothing new.", "We plan to improve our monitoring of the payment queue soon.", "We'll improve payment queue monitoring."
    )
    assert [told.message_id for told in one.occurrences] == ["M0", "M2", "M3"]
    assert [told.at for told in one.occurrences] == [minute(0) + timedelta(days=day) for day in (0, 2, 3)]
    assert one.occurrences[0].quote == PROMISE[one.occurrences[0].start : one.occurrences[0].end]
    assert (one.drift.kind, one.drift.severity) == ("repeated_promise", "warning")
    assert one.drift.message.startswith("promised for the third time since 4 March 2026")
    assert one.drift.source is not None
    assert one.drift.retold is not None
    assert "monitoring of the payment queue" in one.drift.source.quote
    assert one.drift.retold.quote.startswith("We'll improve")


@pytest.mark.parametrize(
    "texts",
    [
        (PROMISE,),
        (PROMISE, "We will improve the documentation of the refund page."),
        (PROMISE, "We will improve the texts and the pictures of the payment form in the shop."),
        ("We will add an alert for the queue.", "We will add an alert for the disk."),
        ("If you are affected, we will contact you.", "If you are affected, we will contact you."),
        ("We will answer all of your questions.", "We will answer all of your questions."),
        (PROMISE, "We'll improve the monitoring of the payment queue by 12 March."),
        ("We will keep you posted.", "We will keep you posted.", "We will keep you posted."),
        ("We will share more as soon as we can.", "We will share more details as soon as we can."),
        ("We will continue to monitor the situation closely.", "We will continue to monitor the situation closely."),
        ("We will continue to investigate and monitor for full recovery.", "We will continue to monitor for full recovery."),
        ("Next update 14:30 UTC.", "Next update 16:30 UTC."),
        ("The vendor will improve the monitoring of the payment queue.", "The vendor will improve the monitoring of the payment queue."),
        (f"{PROMISE} {PROMISE}",),
        ("We have improved the monitoring of the payment queue.", PROMISE),
    ],
)
def test_what_is_told_once_dated_a_sign_off_or_not_ours_is_not_repeated(texts: tuple[str, ...]) -> None:
    assert again(*texts) == ()


def test_a_promise_that_got_a_date_or_was_kept_meanwhile_begins_anew() -> None:
    assert again(PROMISE, "We will improve the monitoring of the payment queue by 9 March.", PROMISE) == ()
    (dated,) = again(
        PROMISE, PROMISE, "We will improve the monitoring of the payment queue by the end of the working day on Friday, 13 March 2026."
    )
    assert (dated.ended, dated.ended_at) == ("dated", minute(0) + timedelta(days=2))
    assert dated.drift.message == "promised for the second time since 4 March 2026; it got a date on 6 March 2026"
    short = "We will add an alert soon."
    assert again(short, "We will add an alert by the end of the working day on Friday, 13 March 2026.", short) == ()
    done = ("We will improve the monitoring of the payment queue", minute(0) + timedelta(days=3))
    assert [(one.ended, one.ended_at) for one in again(PROMISE, PROMISE, kept=(done,))] == [("kept", done[1])]
    kept = ("We will improve the monitoring of the payment queue", minute(0) + timedelta(hours=30))
    assert again(PROMISE, "Nothing new.", PROMISE, kept=(kept,)) == ()
    before = (kept[0], minute(0) - timedelta(days=1))
    other = ("We will refund every charge", minute(0) + timedelta(hours=30))
    assert len(again(PROMISE, PROMISE, kept=(before, other))) == 1


def test_each_of_several_readers_was_promised_on_their_own() -> None:
    assert again(PROMISE, PROMISE, audiences=("customers", "leadership")) == ()
    found = again(PROMISE, PROMISE, PROMISE, PROMISE, audiences=("customers", "leadership", "leadership", "customers"))
    assert [one.audience for one in found] == ["customers", "leadership"]
