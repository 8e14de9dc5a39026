"""Inline switches: an author silences a rule where it is wrong, says why, and the silence stays visible.

    <!-- amends: ignore vague-time because the vendor gave no time -->      the line it stands on, or the next one when alone
    <!-- amends: ignore-word vague-time -->                                 the word before it
    <!-- amends: ignore-line … -->  <!-- amends: ignore-next-line … -->  <!-- amends: ignore-file … -->
    <!-- amends: ignore-start vague-time --> … <!-- amends: ignore-end vague-time -->

In plain text and commit messages the same stands behind `# amends:`. Several rules are separated by commas; `all` names every rule.
"""

from __future__ import annotations

import re

from amends.core.problem import Problem
from amends.core.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from amends.core.span import LineIndex

_SWITCH = r"(?m:(?:<!--|#)[ \t]*amends:[ \t]*(?P<verb>ignore(?:-[a-z]+){0,2})[ \t]*(?P<rest>[^\n]{0,400}?)[ \t]*(?:-->|$))"
_MISTYPED = r"(?:<!--|#)[ \t]*(?P<word>(?i:amends?)[ \t]{0,8}[:=;,]?)[ \t]*ignore\b"
_REASON = r"\s+(?:because|[-–—:])\s+|\s+-\s+"
LEVELS = ("ignore", "ignore-word", "ignore-line", "ignore-next-line", "ignore-file", "ignore-start", "ignore-end")


@record
class Switch:
    """One inline switch: which rules it silences on which span, why, and where it stands."""

    rules: tuple[str, ...]
    start: int
    end: int
    reason: str
    at: int
    line: int

    def covers(self, rule: str, start: int, end: int) -> bool:
        """Whether a finding of `rule` on a span is silenced: its first character lies in the switch's span."""
        return ("all" in self.rules or rule in self.rules) and self.start <= start < max(self.end, self.start + 1)


def read_switches(text: str, lines: LineIndex, known: Collection[str]) -> tuple[list[Switch], list[Problem]]:
    """The switches of a text, and what is wrong with those that cannot be used (unknown rule, no end, no such level)."""
    if "mend" not in text and "MEND" not in text:
        return [], []
    switches: list[Switch] = []
    problems = _mistyped(text, lines)
    started: dict[tuple[str, ...], tuple[int, str, int]] = {}
    for found in re.finditer(_SWITCH, text):
        line, _ = lines.place(found.start())
        names, _, reason = _split_reason(found["rest"])
        rules = tuple(name for name in re.split(r"[\s,]+", names) if name)
        problem = _wrong(found["verb"], rules, known, line)
        if not problem and not reason and found["verb"] != "ignore-end":
            problems.append(Problem("switch-reason", f"no reason given for ignoring {', '.join(rules)}", "add: because …", line=line))
        if problem:
            problems.append(problem)
        elif found["verb"] == "ignore-start":
            started[rules] = (found.end(), reason, line)
        elif found["verb"] == "ignore-end":
            if rules in started:
                start, why, begun = started.pop(rules)
                switches.append(Switch(rules, start, found.start(), why, start, begun))
            else:
                problems.append(
                    Problem(
                        "switch",
                        f"ignore-end without an ignore-start for {', '.join(rules)}",
                        "add the start, or remove the end",
                        line=line,
                    )
                )
        else:
            start, end = _extent(text, lines, found, line)
            switches.append(Switch(rules, start, end, reason, found.start(), line))
    for rules, (start, why, begun) in started.items():
        switches.append(Switch(rules, start, len(text), why, start, begun))
    return switches, problems


def _mistyped(text: str, lines: LineIndex) -> list[Problem]:
    """What was probably meant as a switch and is none, because it does not begin with `amends:`."""
    return [
        Problem(
            "switch",
            f"“{found['word'].strip()} ignore” is no switch, so it silences nothing",
            "did you mean “amends: ignore”?",
            line=lines.place(found.start())[0],
        )
        for found in re.finditer(_MISTYPED, text)
        if found["word"] != "amends:"
    ]


def _split_reason(rest: str) -> tuple[str, str, str]:
    found = re.search(_REASON, rest)
    return (rest, "", "") if found is None else (rest[: found.start()], found.group(), rest[found.end() :].strip())


def _wrong(verb: str, rules: tuple[str, ...], known: Collection[str], line: int) -> Problem | None:
    if verb not in LEVELS:
        return Problem("switch", f"unknown switch {verb!r}", f"known: {', '.join(LEVELS)}", line=line)
    if not rules:
        return Problem("switch", f"{verb} names no rule", "name the rule to silence, as in: ignore vague-time because …", line=line)
    unknown = [rule for rule in rules if rule != "all" and rule not in known]
    if unknown:
        return Problem("switch", f"unknown rule {unknown[0]!r}", "see the names with: amends rules list", line=line)
    return None


def _extent(text: str, lines: LineIndex, found: re.Match[str], line: int) -> tuple[int, int]:
    """The span that a switch silences."""
    verb = found["verb"]
    start, end = lines.line_span(line)
    if verb == "ignore-file":
        return 0, len(text)
    if verb == "ignore-word":
        before = text[: found.start()].rstrip()
        begin = max(before.rfind(" "), before.rfind("\n"), before.rfind("\t")) + 1
        return begin, len(before)
    alone = not (text[start : found.start()].strip() or text[found.end() : end].strip())
    if verb == "ignore-next-line" or (verb == "ignore" and alone):
        return lines.line_span(line + 1) if line < len(lines) else (end, end)
    return start, end
