"""Flaws that no rule has words for: the network reads them, and the finding points at the words that weigh most."""

from __future__ import annotations

from amends.language.context import Remark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule


def reads_as_flaw(context: Context, rule: Rule) -> Iterator[Remark]:
    """Each sentence that has the flaw of the rule, unless the words of another rule tell it."""
    for labels in context.flaws:
        for label in labels:
            if label.flaw == rule.flaw and not label.told:
                yield Remark(label.start, label.end)
