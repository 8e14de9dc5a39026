"""The words that times are made of: one table, from a word to the kind of atom it can begin and its value.

Data only. `atoms` reads it; a new word for an old kind of time is one entry here.
"""

from __future__ import annotations

WEEKDAYS = {
    "monday": 0,
    "mon": 0,
    "tuesday": 1,
    "tues": 1,
    "tue": 1,
    "wednesday": 2,
    "weds": 2,
    "wed": 2,
    "thursday": 3,
    "thurs": 3,
    "thur": 3,
    "thu": 3,
    "friday": 4,
    "fri": 4,
    "saturday": 5,
    "sat": 5,
    "sunday": 6,
    "sun": 6,
}
SHY_WEEKDAYS = frozenset({"mon", "wed", "sat", "sun", "fri", "tue", "thu"})
"""Short forms that are also words or names: without a capital they need a preposition before them."""

MONTHS = {
    "january": 1,
    "jan": 1,
    "february": 2,
    "feb": 2,
    "march": 3,
    "mar": 3,
    "april": 4,
    "apr": 4,
    "may": 5,
    "june": 6,
    "jun": 6,
    "july": 7,
    "jul": 7,
    "august": 8,
    "aug": 8,
    "september": 9,
    "sept": 9,
    "sep": 9,
    "october": 10,
    "oct": 10,
    "november": 11,
    "nov": 11,
    "december": 12,
    "dec": 12,
}
SHY_MONTHS = frozenset({"may", "march", "mar", "dec", "sep", "jan"})
"""Months that are also words or names: alone they need a capital and a preposition."""

SHORT_MONTHS = frozenset({"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"})

DAYS = {
    "today": 0,
    "tonight": 0,
    "tonite": 0,
    "tomorrow": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tommorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "tomo": 1,
    "2moro": 1,
    "overmorrow": 2,
    "yesterday": -1,
}

PARTS = {
    "morning": "morning",
    "forenoon": "morning",
    "afternoon": "afternoon",
    "arvo": "afternoon",
    "lunch": "lunch",
    "lunchtime": "lunch",
    "evening": "evening",
    "night": "night",
    "overnight": "overnight",
}

CLOCKS = {
    "noon": "noon",
    "midday": "noon",
    "midnight": "midnight",
    "eod": "eod",
    "cob": "eod",
    "eob": "eod",
    "eop": "eod",
    "eodb": "eod",
}
"""Instants of the day that have a name."""

PERIOD_ENDS = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}

UNITS = {
    "second": "second",
    "seconds": "second",
    "sec": "second",
    "secs": "second",
    "s": "second",
    "minute": "minute",
    "minutes": "minute",
    "min": "minute",
    "mins": "minute",
    "mn": "minute",
    "mns": "minute",
    "m": "minute",
    "hour": "hour",
    "hours": "hour",
    "hr": "hour",
    "hrs": "hour",
    "h": "hour",
    "day": "day",
    "days": "day",
    "d": "day",
    "night": "day",
    "nights": "day",
    "week": "week",
    "weeks": "week",
    "wk": "week",
    "wks": "week",
    "w": "week",
    "fortnight": "fortnight",
    "fortnights": "fortnight",
    "month": "month",
    "months": "month",
    "quarter": "quarter",
    "quarters": "quarter",
    "year": "year",
    "years": "year",
    "yr": "year",
    "yrs": "year",
    "sprint": "sprint",
    "sprints": "sprint",
}
GLUED_UNITS = frozenset({"s", "m", "h", "d", "w"})
"""One-letter units, which must stand right behind their number."""

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
UNCOUNTED = frozenset({"few", "several", "some", "many"})
"""Words that name a number without telling it."""

RECURRENCES = {
    "hourly": (1, "hour"),
    "half-hourly": (30, "minute"),
    "daily": (1, "day"),
    "nightly": (1, "day"),
    "weekly": (1, "week"),
    "biweekly": (2, "week"),
    "fortnightly": (2, "week"),
    "monthly": (1, "month"),
    "quarterly": (1, "quarter"),
}

ABOUT = frozenset({"about", "around", "approximately", "approx", "roughly", "circa", "~", "maybe", "perhaps", "say"})
"""Words before a quantity or a clock time that make it approximate."""
AT_MOST = frozenset({"under", "max", "maximum", "another", "only", "further", "additional", "full", "just"})
"""Words before a quantity that leave its upper end as it is."""
BETWEEN = frozenset({"more", "additional", "further", "other", "full", "whole", "extra", "short", "calendar", "consecutive", "solid"})
"""Words between a number and its unit that change nothing."""
WORKING = frozenset({"banking", "business", "working", "work", "bank"})

LEADS = frozenset(
    {
        "about",
        "after",
        "around",
        "at",
        "before",
        "between",
        "by",
        "circa",
        "during",
        "every",
        "for",
        "from",
        "in",
        "inside",
        "latest",
        "of",
        "on",
        "over",
        "since",
        "starting",
        "beginning",
        "commencing",
        "than",
        "through",
        "throughout",
        "till",
        "til",
        "to",
        "towards",
        "under",
        "until",
        "within",
        "w",
        "@",
        "eta",
        "lasted",
        "lasting",
        "took",
        "takes",
        "take",
        "taking",
        "another",
    }
)
"""Words that say how a time relates to what happens; the nearest one before a time is its lead."""
FILLERS = frozenset(
    {"the", "~", "about", "around", "approximately", "approx", "roughly", "next", "this", "coming", "or", "say", "maybe", "a", "an"}
)
"""Words that may stand between a lead and its time."""

JOINERS = frozenset(
    {
        "at",
        "on",
        ",",
        "the",
        "of",
        "by",
        "(",
        ")",
        "in",
        "~",
        "around",
        "about",
        "from",
        "between",
        "starting",
        "beginning",
        "commencing",
        "before",
        "no",
        "later",
        "than",
        "@",
        "or",
    }
)
"""Words and marks that may stand between two halves of one time."""
RANGES = frozenset({"to", "until", "till", "til", "through", "thru", "-", "\u2013", "\u2014", "\u2192"})
"""Words and marks that make two times the ends of one."""

AFTER_HOUR = frozenset(
    ". , ; : ! ? ) ( / - \u2013 \u2014 \u2192 & today tomorrow tmrw tonight this on or and but to until till so at in local sharp latest"
    " then if unless when with for here my your his her their our we i i'll we'll you they once pending assuming as again instead max"
    " though because since eta exactly every each both monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur"
    " thurs fri sat sun".split()
)
"""What may follow a bare number that is an hour: "by 4", "at 11 tomorrow", but not "at 4 sites"."""

RELATIVE_SHIFTS = {
    "this": 0,
    "current": 0,
    "the": 0,
    "coming": 0,
    "upcoming": 0,
    "next": 1,
    "following": 1,
    "last": -1,
    "past": -1,
    "previous": -1,
}
ENDS = frozenset({"end", "close", "finish"})
RECURRING_NOUNS = frozenset(
    "update updates report reports note notes status summary check checks review reviews call sync post posts until till for from at"
    " on and or as in by here via to while during before after with through".split()
)
"""What may follow "weekly" where it tells when; "weekly releases" tells of which kind."""
MONTH_LEADS = frozenset("in by of until till from during since mid late early before - to next this last through end".split())
"""Words before a month without a day."""
SHY_WEEKDAY_LEADS = frozenset("by on until till before next this cob eod end of from last , - since".split())
"""Words before a short weekday in small letters."""
EDGES = {"early": "early", "mid": "mid", "middle": "mid", "late": "late", "later": "late", "beginning": "early", "start": "early"}
