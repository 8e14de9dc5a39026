"""The day that the name of a file says, for logs whose lines say none."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NAMED = re.compile(
    r"(?<!\d)(?P<Y>(?:19|20)\d\d)(?:(?P<mark>[-_.])(?P<m>\d\d)(?P=mark)(?P<d>\d\d)(?!\d)|(?P<m2>\d\d)(?P<d2>\d\d)(?:\d\d){0,3}(?!\d))"
)
"""Year, month and day, parted alike or not at all; hours, minutes and seconds may follow."""

_MONTH = timedelta(days=31)


def day_named(name: str) -> date | None:
    """The day in the name of a file, the last one where there are several; of a path the file counts first, then its folders upwards."""
    for part in reversed(re.split(r"[/\\\\]|!/", name)):
        for found in reversed(list(_NAMED.finditer(part))):
            try:
                return date(int(found["Y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"]))
            except ValueError:  # on no calendar: a number of something else
                continue
    return None


def day_of_end(name: str, modified: date | None, *, has_day: bool) -> date | None:
    """The day on which a log ended, as its name and the time of its last change tell; None where neither does.

    A log of one day is named by it, and one that was put away by the day of that; so the name counts for lines that say no day. Where
    lines say the day (`has_day`) and no year, a log of a week or a month may be named by its first day, and ends when it was last
    changed. A change more than a month later, or one before the day, is that of a copy.
    """
    named = day_named(name)
    if named is None or modified is None:
        return named or modified
    return modified if has_day and named <= modified <= named + _MONTH else named
