"""Every rule with its reason, its examples and what it suggests, from the rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.language.compile import HERE
from amends.language.datafiles import read_rule
from pages.markdown import code, described, document, table

if TYPE_CHECKING:
    from amends.language.rules import Rule

ABOUT = """
Each rule is one file in `src/amends/language/rules`; its examples are its tests. `amends rules explain NAME` shows the same at
the terminal. A finding is silenced where it is wrong with `<!-- amends: ignore NAME because … -->`, or for a project in
[`amends.toml`](settings.md).

In the examples, the words that are found stand in ⟦brackets⟧.
"""
SHOWN = 3


def every_rule() -> list[Rule]:
    """The rules that ship, by name."""
    return [read_rule(str(path))[0] for path in sorted((HERE / "rules").glob("*.toml"))]


def page() -> str:
    """The page."""
    known = every_rule()
    overview = table(("rule", "severity", "flaw or move", "about"), (row(rule) for rule in known))
    return document("Rules", ABOUT, f"{len(known)} rules.", overview, *(section(rule) for rule in known))


def row(rule: Rule) -> tuple[str, ...]:
    """One line of the overview."""
    return f"[{rule.id}](#{rule.id})", rule.severity, rule.flaw or rule.move or "", rule.title


def section(rule: Rule) -> str:
    """One rule."""
    for name in ("title", "why", "message", "source"):
        described(f"rule {rule.id}: {name}", getattr(rule, name))
    parts = [f"## {rule.id}", f"**{rule.title}.** {facts(rule)}", rule.why, f"It says: {rule.message}"]
    parts += [f"Instead: {suggestion}" for suggestion in rule.suggest]
    parts += ["Found in:\n\n" + examples(rule.hits), "Not found in:\n\n" + examples(rule.misses), f"Source: {rule.source}"]
    return "\n\n".join(parts)


def facts(rule: Rule) -> str:
    """Severity, and for whom and where the rule holds."""
    known = [rule.severity.capitalize()]
    known += [f"{severity} towards {audience}" for audience, severity in rule.severity_for]
    known += [f"only towards {', '.join(rule.audiences)}"] if rule.audiences else []
    known += [f"only in {', '.join(rule.forms)}"] if rule.forms else []
    known += [f"only where the project switches on {code(rule.switch)}"] if rule.switch else []
    return "; ".join(known) + "."


def examples(given: tuple[Any, ...]) -> str:
    """The first examples as a list."""
    texts = [one if isinstance(one, str) else str(one["text"]) for one in given[:SHOWN]]
    return "\n".join("- " + indented(text.strip().replace("[[", "⟦").replace("]]", "⟧")) for text in texts)


def indented(text: str) -> str:
    """A text as one item of a list; several lines stand in a block."""
    if "\n" not in text:
        return text
    lines = ["```text", *text.splitlines(), "```"]
    return "\n  ".join(lines)
