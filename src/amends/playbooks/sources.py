"""The names by which playbooks speak of the data: what a field may be bound to, what a gate may ask, and where something is written.

A team's own playbook can use every one of them; a name that is not here is refused when the file is read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Something that the data hold: what it is, in the plural, and the place where more of it is written."""

    words: str
    place: str


PLACES = {
    "incident": "the incident",
    "compose": "a new message",
    "messages": "the messages",
    "promises": "the promises",
    "timeline": "the timeline",
    "account": "the account",
    "versions": "the tellings of the account",
    "actions": "the action items",
    "review": "the review",
    "note": "the follow-up note",
    "trust": "the trust board",
    "pulse": "the pulse",
    "people": "the people",
    "practice": "practice",
    "run": "this run",
}
"""Where something is written, each as people call it."""

SOURCES = {
    "run.lead": Source("who leads this run", "run"),
    "incident.lead": Source("who holds the incident", "people"),
    "incident.told": Source("who must be told", "people"),
    "facts.happened": Source("facts about what happened", "incident"),
    "facts.impact": Source("facts about whom it hit, and how many", "incident"),
    "facts.recovery": Source("facts about what repairs it", "incident"),
    "commits.fix": Source("hotfixes and rollbacks", "note"),
    "commits.guardrail": Source("commits that guard against it", "note"),
    "note.impact": Source("the ticked box for impact", "note"),
    "note.prevention": Source("the ticked box for prevention", "note"),
    "timeline": Source("moments: dated claims that cite something, and facts of the record with their time", "account"),
    "account.claims": Source("claims of the account", "account"),
    "account.supported": Source("claims that evidence supports", "account"),
    "account.effects": Source("effects and numbers of the account", "account"),
    "account.decisions": Source("decisions, with what made them reasonable at the time", "account"),
    "account.conditions.technical": Source("technical conditions", "account"),
    "account.conditions.organisational": Source("organisational conditions", "account"),
    "account.no-organisational": Source("the reason why no organisational condition was found", "account"),
    "account.questions": Source("questions, open and answered", "account"),
    "account.disagreements": Source("disagreements", "account"),
    "account.costs": Source("what it cost people", "account"),
    "account.well": Source("what went well, and where luck helped", "account"),
    "account.blaming": Source("points and messages in which a person is blamed", "account"),
    "messages.first": Source("first messages", "compose"),
    "messages.status": Source("status updates", "compose"),
    "messages.sent": Source("messages that were sent", "compose"),
    "messages.since-repairs": Source("messages to those affected, sent after the first repair was tied", "compose"),
    "messages.since-done": Source("messages to those affected, sent after the first repair was done", "compose"),
    "messages.owning": Source("messages that name the impact and own it", "compose"),
    "messages.apology": Source("apologies that were sent", "compose"),
    "messages.talk": Source("repair talks that were written", "compose"),
    "messages.note": Source("follow-up notes that were shared", "note"),
    "documents.version.team": Source("the account as the team has it", "versions"),
    "documents.version.leadership": Source("the account as leadership has it", "versions"),
    "documents.version.customers": Source("the account as customers have it", "versions"),
    "documents.version.partner": Source("the account as partners have it", "versions"),
    "documents.review": Source("the review as it is written", "review"),
    "promises": Source("promises", "promises"),
    "promises.open": Source("promises that are open", "promises"),
    "promises.updates": Source("next updates that are promised", "promises"),
    "promises.settled": Source("promises that were kept, late or missed", "promises"),
    "promises.handed-over": Source("promises with an owner who accepted them", "promises"),
    "actions": Source("action items", "actions"),
    "actions.owned": Source("action items with an owner and a time", "actions"),
    "actions.guardrail": Source("action items that would catch the same mistake", "actions"),
    "actions.verified": Source("action items that were shown to help", "actions"),
    "trust.breaks": Source("trust breaks", "trust"),
    "trust.groups": Source("groups that it affected", "trust"),
    "trust.honesty": Source("repairs that others can check, for each doubt about honesty", "trust"),
    "trust.repairs": Source("repair actions", "trust"),
    "trust.repairs.shown": Source("repair actions that were shown to help", "trust"),
    "trust.reviews.month": Source("the look back after a month", "trust"),
    "trust.reviews.quarter": Source("the look back after a quarter", "trust"),
    "trust.review.worse": Source("what got worse, as a review says it", "trust"),
    "trust.review.promoted": Source("what others took over: ownership, releases, architecture", "trust"),
    "trust.review.documents": Source("onboarding and operating documents that say it by now", "trust"),
    "pulse.waves": Source("waves of the pulse", "pulse"),
    "recurrence.earlier": Source("earlier incidents like this one", "incident"),
    "recurrence.guardrails": Source("guardrails, each with the mistake that it stands against", "incident"),
}
"""What a field may be bound to. `usecases.playbook_sources` says what each of them holds at a moment."""

CONDITIONS = {
    "incident-live": "the response is still going on",
    "contained": "it is contained, and nobody waits for a promised fix",
    "facts-known": "what happened and whom it hit stands in the account, with evidence",
    "lead-named": "somebody is named who leads this run",
    "severe": "it is of the two worst severities",
    "just-begun": "it began within the last hours, and nothing is over yet",
    "silent": "nobody outside the team has heard from us about it",
    "trust-broken": "the account names a trust that was broken",
    "promise-missed": "a promise about it was missed or kept late",
    "told-cleaner": "what was told to somebody says less than the account",
    "blamed": "a person is blamed in what was written about it",
    "met-before": "something like it happened before",
    "resolved-unreviewed": "it is over, and no review of it was written",
    "no-organisational-condition": "the account names no organisational condition",
    "promised-for-others": "something was promised that its owner has not accepted",
    "commitment-repeated": "a promise was made again after it had been missed",
    "several-lately": "three or more incidents began here within two weeks",
    "fix-brought-another": "it followed from the fix of another incident",
}
"""What can show in the data, as a gate or as a reason to use a playbook."""

METRICS = {
    "repeat-rate": "incidents in a similar category",
    "status-honesty": "how often a status had to be corrected, and by whom",
    "stakeholder-confidence": "what those affected say in the pulse",
    "early-escalation": "how early somebody speaks up; it should rise first",
    "first-honest-status": "time to the first status that says what is known",
    "promise-hit-rate": "promises kept by their time",
    "actions-verified": "action items that were shown to help",
}
"""What is watched over a longer time; each is computed under insights."""

SIGNS = (
    "cleaner-upward", "same-promise", "careful-in-public", "still-defensive", "faster-than-evidence", "one-person", "closed-unchecked",
    "no-word-on-people", "regret-without-change",
)  # fmt: skip
"""Ids of the warning signs that the program watches for, by the names that `trust.signs` gives them."""
