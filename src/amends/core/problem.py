"""Bad data is a value: something in an input that could not be used, shown beside what could."""

from __future__ import annotations

from amends.core.record import record


@record
class Problem:
    """What is wrong with an input, where, and what to do about it.

    `code` is stable and kebab-case; `line` is 1-based; `field` is a path such as `$.examples[1].text`.
    """

    code: str
    message: str
    hint: str = ""
    path: str | None = None
    line: int | None = None
    field: str | None = None
