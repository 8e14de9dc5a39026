"""The words by which a clause of a telling says what a time is the time of: an end, a start, an alarm, a breakdown, or something beside.

Data only: patterns over the lower-case words of a clause. A new way of saying an old thing is one more word here.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    """What finds any of some patterns."""
    return re.compile("|".join(patterns))


_RETURNED = r"return(?:s|ed)?\b(?! (?:\w+ )?(?:errors?|5|4|wrong|http))"
"""Came back; servers that "returned errors" did not."""
_RECOVERED = (
    r"restor\w*|resolv\w*|recover\w*|back (?:to normal|up|online|in service)|normal\w*|operational|stable|fixed|closed|mitigat\w*",
    r"contain(?:ed|ment)|healthy|complete\w*|finish\w*|\bover\b|ended|\bending|\bends\b|revoked|until",
    _RETURNED,
)

END = _any(
    *_RECOVERED,
    r"(?:is|are|was|were|came|come|comes|went|services?|users?|all|terminals|fully) back\b|back (?:at|on|in)\b",
    r"(?:working|running|open|available) again|reopen\w*|\bend\b|fully|done\b|\bthe rest\b|\blast\b|\ball\b|brought online|empty",
    r"reactivated|went on|continued|stayed (?:up|open|down|overloaded|black)",
)
"""What the source says where something was over then, or went on until then."""
WHOLE = _any(*_RECOVERED, r"\b(?:is|are|was|were|came|had) (?:\w+ )?back\b|again\b|down\b")
"""What the retold text says where it tells a time as the end."""
PART = _any(
    r"part\w*|some\b|most\b|first\b|began|begin\w*|start\w*|gradual\w*|enough|fail\w*|but not|except|only\b|\d ?%|attempt|tried",
    r"temporar\w*|degraded|missed|half|believed|majority",
)
"""What the source says where it was not all of it, or did not last."""
SOME = _any(r"\bpart\w*|\bsome\b|\bmost\b|\bfirst\b|\d ?%|percent|began|majority|half\b|fail\w*")
"""Words with which the retold text says itself that it was not all of it."""
STATUS = _any(r"status|page\b|dashboard|post(?:ed|s)?\b")
ASIDE = _any(
    r"status|page\b|post(?:ed|s)?\b|updat\w*|alert\w*|alarm\w*|told|tell\w*|inform\w*|notic\w*|acknowledg\w*|react\w*|respond\w*",
    r"escalat\w*|ticket\w*|call\w*|rang\b|unread|unanswered|silent|joined|understand\w*|understood|attempt|midnight|report\w*",
    r"reopen\w*|announc\w*",
)
"""A clause beside the end of it all: about the status page, an alarm, somebody who was told."""
DETECT = _any(
    r"alert\w*|alarm\w*|report\w*|notic\w*|detect\w*|discover\w*|page[drs]?\b|pager|ticket\w*|tells?\b|told|complain\w*|asks?\b|asked",
    r"writes?\b|wrote|investigat\w*|declared|acknowledg\w*|mail\w*|call(?:s|ed)\b|rang|escalat\w*|triage|engaged",
    r"incident (?:is )?opened|realis\w*|realiz\w*|found\b|read\b(?!-)|post(?:ed|s)?\b|aware",
)
"""What the source says of the moment when somebody noticed."""
OPENLY = _any(r"ticket|told|alert|notic|report(?:s|ed)\b|detect|phoned|called|complain")
"""Words with which the retold text says itself that it tells of the alarm."""
TELLS = _any(r"\b(?:told|tells|informed|mailed|mails|wrote|writes|rang|rings|phoned|phones|called|calls|reported|reports|warned|warns)\b")
"""How somebody outside speaks up."""
BROKEN = _any(
    r"outage|\bdown\b|downtime|unavailab\w*|disrupt\w*|incident|lasted|lasting|impact\w*|affect\w*|fail(?:s|ed|ure|ing)?\b",
    r"could ?n[o']t|did ?n[o']t (?:receive|get|arrive|reach|work|load|open|start)|impair\w*",
    r"cannot|unable|nobody|no one|offline|errors?\b|problems?|trouble|interrupt\w*|degraded|slow\b|pending|exposed",
    r"(?:were|was|be) (?:public|open|reached)|ran\b|went\b|dead|how long|duration|difficult\w*|bounc\w*|reject\w*|delay(?:ed|s)?\b",
)
"""What was broken: a length beside it is that of the incident."""
BESIDE = _any(
    r"another|further|\blater|\bafter\b|within|unread|unopened|unanswered|complain\w*|noticed|told|called|needed|word\b|rebuild\w*",
    r"restor(?:e|ing) took|before|earlier|behind|old\b|waited|delayed by|held up",
)
"""Words beside which a length is none of the whole incident."""
