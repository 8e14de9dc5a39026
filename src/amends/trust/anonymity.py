"""When answers hide a person and when they would show one: what may be asked, kept, and compared.

The rules are those of the practice report, section 5.3, made stricter where that costs nothing: what may not be shown is not kept either,
so that nobody who reads the database finds it. There are no cross-tabulations at all, because no row of one person is ever kept.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, require_known
from amends.core.problem import Problem
from amends.trust.pulse import GROUPS, WAVES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

LEAST = 5
"""So many answers a group needs to be shown, unless the wave asks for more."""
FLOOR = 4
"""Nobody may ask for fewer."""
LEAST_FOR_COMMENTS = 8
LONGEST_DAYS = 28
"""A wave is open for two weeks unless it is said otherwise, and never for longer than this: what people remember changes meanwhile."""
USUAL_DAYS = 14
EARLY, LATE = 3, 10
"""Between which days after containment the baseline is best asked."""
AFTER_DAYS = {"month": 30, "quarter": 91}
"""How long after containment the later waves are meant."""
CONTAINED = ("monitoring", "resolved", "reviewed")
_MARGIN = 9
MOST_INVITED = 500
"""So many links one group can have; whoever asks more people than that wants another kind of survey."""

_INSTEAD = (
    "do not survey them: talk with them (somebody from outside the team asks, and writes down themes without names), look at what people "
    "do (reported early, kept times, duplicate checks), or merge them with another group"
)


def require_wave(which: str, status: str, taken: Collection[str], still_open: str | None) -> None:
    """Whether a wave may be opened now: `taken` are the waves the incident had, `still_open` the one that is open.

    Raises UnknownNameError, ConflictError with the reason and what to do first.
    """
    require_known("wave", which, WAVES)
    if status not in CONTAINED:
        raise ConflictError(
            "no pulse while the incident is live: people would rate the outage and not the trust, in the middle of their work on it",
            hint=f"contain it first (status monitoring or later); the baseline is best asked {EARLY} to {LATE} days after that",
        )
    if still_open is not None:
        told = f"the wave {still_open!r} of this incident is still open"
        raise ConflictError(told, hint="close it first: two waves at once could be subtracted from each other")
    if which in taken:
        raise ConflictError(f"this incident had its wave {which!r} already", hint="each wave is asked once; show it, or open the next one")
    later = [one for one in WAVES[WAVES.index(which) + 1 :] if one in taken]
    if later:
        raise ConflictError(f"the wave {later[0]!r} was asked already", hint=f"what {which!r} would have said is past")


def require_groups(groups: Mapping[str, int], least: int) -> None:
    """Whether these groups can hide a person. Raises InputError naming the group, with what to do instead of a survey."""
    if least < FLOOR:
        raise InputError(f"{least} answers hide nobody", hint=f"the minimum is {LEAST}, and never below {FLOOR}", field="least")
    if not groups:
        raise InputError("nobody is asked", hint=f"name a group and how many are in it: {', '.join(GROUPS)}", field="groups")
    for name, invited in groups.items():
        require_known("group", name, GROUPS)
        if invited < least:
            people = f"{invited} {'person' if invited == 1 else 'people'}"
            raise InputError(f"{name}: {people} cannot answer unrecognised, the minimum is {least}", hint=_INSTEAD, field="groups")
        if invited > MOST_INVITED:
            raise InputError(f"{name}: {invited} is more than one wave can ask ({MOST_INVITED})", hint="ask a part of them", field="groups")


def advice(which: str, contained_at: datetime | None, now: datetime) -> tuple[Problem, ...]:
    """What should be said about the time of a wave; never a refusal."""
    if contained_at is None:
        return ()
    days = (now - contained_at).days
    if which == "baseline":
        if days < EARLY:
            told = f"contained {days} days ago: so soon, people answer for their tiredness"
            return (Problem("pulse-early", told, f"the baseline is best asked {EARLY} to {LATE} days after containment"),)
        if days > LATE:
            told = f"contained {days} days ago: a first repair may already be in the answers"
            return (Problem("pulse-late", told, "say so when you compare with it"),)
        return ()
    meant = AFTER_DAYS[which]
    told = f"contained {days} days ago; the round after a {which} is meant for {meant} days after it"
    if meant - days > _MARGIN:
        return (Problem("pulse-early", told, f"wait {meant - days} days more, or say so when you compare with the other rounds"),)
    if days - meant > _MARGIN:
        return (Problem("pulse-off-time", told, "say so when you compare with the other rounds"),)
    return ()


def best_time(which: str, contained_at: datetime) -> tuple[datetime, datetime]:
    """Between when and when a wave is best opened: a time of which `advice` says nothing.

    The later ones end at the time that they are meant for, so that what comes of them can lie before the review of that day.
    """
    first, last = (EARLY, LATE) if which == "baseline" else (AFTER_DAYS[which] - _MARGIN, AFTER_DAYS[which])
    return contained_at + timedelta(days=first), contained_at + timedelta(days=last)


def coming(taken: Collection[str], contained_at: datetime, now: datetime) -> str | None:
    """The wave to be opened next, where its `best_time` is not over: one that was left out is not asked for when its time is past."""
    asked = max((WAVES.index(one) for one in taken), default=-1)
    return next((one for one in WAVES[asked + 1 :] if now < best_time(one, contained_at)[1]), None)


def why_hidden(answered: int, least: int) -> str | None:
    """Why a group with so many answers is not shown; None where it is."""
    if answered >= least:
        return None
    came = {0: "nobody answered", 1: "one person answered"}.get(answered, f"{answered} answered")
    return f"{came}; a group is shown from {least} answers on, and fewer are destroyed unread"


def why_comments_hidden(answered: int) -> str | None:
    """Why no comments are shown where the groups that are shown have so many answers together; None where they are."""
    if answered >= LEAST_FOR_COMMENTS:
        return None
    return (
        f"comments are shown from {LEAST_FOR_COMMENTS} answers on, because people are known by how they write; fewer are destroyed unread"
    )


def counted(answered: int, earlier: Collection[int], least: int) -> int:
    """How many of a group's answers may be counted, given how many were counted in each earlier wave.

    Where two waves differ by exactly one answer, their difference is what one person said (who left, or who joined). Then one more is left
    out at random, so that no subtraction leads to anybody. 0 where too few are left.
    """
    n = answered
    while n >= least and any(abs(n - one) == 1 for one in earlier if one):
        n -= 1
    return n if n >= least else 0


def why_left_out() -> str:
    """What a group is told whose answers would have to be cut below the minimum."""
    return "one answer more or fewer than in an earlier wave, and too few to leave one out: the difference would be what one person said"


LIVE = (
    (
        "Whoever holds the links and knows who got which can answer in somebody's place: the first answer of a link counts. Hand them out"
        " shuffled, and keep no list."
    ),
    (
        "Whoever hands out the links can keep some, answer them, and subtract their own answers. Let somebody hand them out who is not"
        " the boss of those who are asked, and look whether as many came as you know were answered."
    ),
    "Whoever watches this page sees the number of answers grow, and may know who was at their phone just then.",
    (
        "Whoever reads the files of this machine and its database while the wave is open can open the sealed answers, and find out from the"
        " log of the database which link wrote which."
    ),
    (
        "Whoever can change this program, or records the network or a web server in front of it, can record what is sent. Our logs hold no"
        " link and no address; see that a proxy in front writes none for /p/."
    ),
    (
        "Whoever copies the folder of the data and the database together while the wave is open keeps both after it closed. Backups of"
        " Amends itself help nobody: the key is not in them."
    ),
    "As long as the pairing secret is kept, whoever reads it together with the database can try out codes that are easy to guess.",
    "When everybody in a group answers alike, everybody knows what everybody said. No program can hide that.",
)
"""What an attacker could still see, as the page says it: all of it while a wave is open, the last two also after it closed."""
