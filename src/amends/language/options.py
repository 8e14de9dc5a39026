"""What a team decides about the engine; apart from the check itself, because the search for findings needs it too."""

from __future__ import annotations

from amends.core.record import record
from amends.language.times.calendar import DEFAULT, Calendar


@record
class Options:
    """What a team has decided about the rules.

    `select` empty means all rules; `severity` gives a rule another severity or "off"; `switches` are settings that rules
    may depend on (`root-cause`).
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: tuple[tuple[str, str], ...] = ()
    switches: frozenset[str] = frozenset()
    calendar: Calendar = DEFAULT
