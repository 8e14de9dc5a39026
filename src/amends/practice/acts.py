"""What a learner can be heard to do in a turn: the moves and flaws of the checker, and what only a conversation knows."""

from __future__ import annotations

from amends.language.labels import FLAWS, MOVES

HEARD_GOOD = {
    "timed": "a promise of the speaker with a time that is still to come",
    "next-update": "when the next message comes",
    "question": "a question to the other person",
    "open-question": "a question that cannot be answered with yes or no",
    "listening": "something that only the other person knew, and has told",
}
"""Good acts beyond the moves of the checker."""

HEARD_BAD = {
    "undated": "a promise without a time that could be checked",
    "unanswered": "a question of the other person that got no answer",
    "long": "more words than somebody in this state reads",
}
"""Bad acts beyond the flaws of the checker."""

FOULS = {
    "empty": "nothing was said",
    "foreign": "not in English, which is the only language that this drill hears",
    "abuse": "an insult",
    "repeated": "the same as an earlier turn",
    "copied": "words of the example or of the criteria instead of one's own",
    "listed": "headwords without sentences",
    "invented": "figures that nobody in this drill knows",
    "rambling": "far more words than anybody reads",
}
"""Turns that earn nothing, whatever else is in them."""

GOOD = (*MOVES, *HEARD_GOOD)
BAD = (*FLAWS, *HEARD_BAD, *FOULS)
ACTS = (*GOOD, *BAD)
"""Every act that every scenario knows; a scenario adds its cues and facts."""

MENDING = frozenset({"ownership", "regret", "empathy"})
"""Moves that count for nothing in a sentence that also blames or deflects."""
UNDOING = frozenset({"blame", "deflection"})

SKILLS = {
    "fact": "saying what happened",
    "impact": "saying whom it hits",
    "ownership": "owning it",
    "cause": "explaining without excusing",
    "recovery": "saying what is being done",
    "prevention": "naming what will catch it next time",
    "timed": "promising with a time",
    "constraint": "saying what is not known or cannot be done",
    "empathy": "seeing what it cost them",
    "listening": "hearing and using what they say",
    "question": "asking before answering",
    "answering": "answering what was asked",
    "plain": "keeping costly words out",
    "judgement": "choosing what to do in this case",
}
"""What drills exercise; together with a form, the cards of the schedule."""
