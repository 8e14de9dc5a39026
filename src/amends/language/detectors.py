"""Detectors: what a rule needs that words alone cannot show. Each is a function of the whole draft, named in rule files.

The functions stand in modules by what they look at; a form that does not use them does not pay for them, since their
patterns are compiled when they are first needed.
"""

from __future__ import annotations

from amends.language import detectors_apology as apology
from amends.language import detectors_dates as dates
from amends.language import detectors_note as note
from amends.language import detectors_review as review
from amends.language import detectors_shape as shape
from amends.language import detectors_status as status
from amends.language import detectors_time as time
from amends.language.context import Remark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context, Detector
    from amends.language.rules import Rule


def promise_without_time(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A promise with no time in it: nobody can plan around it, nobody can say that it was kept."""
    for promise in context.promises:
        if promise.actor == "speaker" and promise.firmness == "vague":
            yield Remark(promise.start, promise.end, {"words": promise.quote})


DETECTORS: dict[str, Detector] = {
    "about-the-speaker": apology.about_the_speaker,
    "action-without-check": review.action_without_check,
    "action-without-date": review.action_without_date,
    "action-without-owner": review.action_without_owner,
    "cause-too-long": shape.cause_too_long,
    "change-without-check": apology.change_without_check,
    "date-arithmetic": dates.date_arithmetic,
    "empty-commit-subject": note.empty_commit_subject,
    "explaining-oneself": apology.explaining_oneself,
    "fact-without-time": time.fact_without_time,
    "impact-without-number": status.impact_without_number,
    "impossible-date": dates.impossible_date,
    "missing-estimate": time.missing_estimate,
    "missing-fields": note.missing_fields,
    "missing-move": shape.missing_move,
    "news-not-first": status.news_not_first,
    "next-step-without-time": apology.next_step_without_time,
    "next-update-in-the-past": time.next_update_in_the_past,
    "next-update-too-late": time.next_update_too_late,
    "next-update-without-zone": time.next_update_without_zone,
    "no-decision-named": status.no_decision_named,
    "no-human-route": apology.no_human_route,
    "no-room-to-answer": apology.no_room_to_answer,
    "nothing-went-well": review.nothing_went_well,
    "nothing-would-catch-it": review.nothing_would_catch_it,
    "one-sided-conditions": review.one_sided_conditions,
    "open-boxes": note.open_boxes,
    "opening-sentences": note.opening_sentences,
    "order-of-four-cs": status.order_of_four_cs,
    "order-of-moves": shape.order_of_moves,
    "over-explaining": shape.over_explaining,
    "patience-before-fix": apology.patience_before_fix,
    "promise-without-time": promise_without_time,
    "repeat-without-promise": apology.repeat_without_promise,
    "repeated-apology": apology.repeated_apology,
    "resolution-estimate": time.resolution_estimate,
    "risk-without-trigger": status.risk_without_trigger,
    "short-timeline": review.short_timeline,
    "slip-without-dates": status.slip_without_dates,
    "soft-action": review.soft_action,
    "subject-without-state": status.subject_without_state,
    "timeline-without-evidence": review.timeline_without_evidence,
    "too-few-commits": note.too_few_commits,
    "too-many-actions": review.too_many_actions,
    "too-many-internals": apology.too_many_internals,
    "too-many-sentences": shape.too_many_sentences,
    "too-many-words": shape.too_many_words,
    "update-without-next-time": time.update_without_next_time,
    "weekday-of-date": dates.weekday_of_date,
    "wrong-person": shape.wrong_person,
}
