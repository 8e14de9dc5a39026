"""Rules: what the engine remarks on, why it matters to the reader, and what to write instead. One data file each.

A rule finds its words by `phrases` (see `match`), by a `pattern` (a regular expression behind anchor words), or by a
`detector` (a function in `detectors` or `formchecks` for what words alone cannot show).
"""

from __future__ import annotations

from amends.core.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


@record
class Rule:
    """One rule as it stands in its file; `hits` and `misses` are its examples, its tests and its documentation.

    `severity_for` gives another severity for an audience, or "off"; an empty `audiences` or `forms` means all.
    `weight` orders findings of one severity, the higher first. `switch` names the project setting that must be on.
    `mark` are the words that a finding points at within the phrase found; the rest of the phrase is only context.
    `edits` are (label, replacement) pairs for the span found. In `message`, `suggest` and replacements, `{words}` stands
    for the words found, and further names for what a detector found out.
    """

    id: str
    title: str
    severity: str
    message: str
    why: str
    source: str
    flaw: str | None = None
    move: str | None = None
    confidence: float = 0.9
    weight: int = 5
    suggest: tuple[str, ...] = ()
    edits: tuple[tuple[str, str], ...] = ()
    mark: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    severity_for: tuple[tuple[str, str], ...] = ()
    switch: str | None = None
    detector: str | None = None
    pattern: str | None = None
    anchors: tuple[str, ...] = ()
    hits: tuple[Any, ...] = ()
    misses: tuple[Any, ...] = ()
    path: str | None = None

    def severity_towards(self, audience: str) -> str:
        """The severity for an audience, or "off" where the rule does not apply to it."""
        if self.audiences and audience not in self.audiences:
            return "off"
        for name, severity in self.severity_for:
            if name == audience:
                return severity
        return self.severity


def structural_numbers(rules: Sequence[Rule]) -> dict[str, list[int]]:
    """The numbers of the rules with a detector or a pattern, by the form they are limited to; "" for those of every form."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        if rule.detector or rule.pattern:
            for form in rule.forms or ("",):
                found.setdefault(form, []).append(number)
    return found
