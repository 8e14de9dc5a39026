"""What the check command hands to the way of writing that was chosen."""

from __future__ import annotations

from amends.core.errors import AmendsError, InputError
from amends.core.record import record
from amends.interfaces.cli.failures import tell

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.interfaces.cli.terminal import Paint
    from amends.language.explain import Explained
    from amends.language.records import Document, Draft
    from amends.language.rules import Rule

SEVERITIES = ("error", "warning", "note")


@record
class Checked:
    """One text and what the engine says about it. `label` names the text for people; `guessed` tells that nobody gave the form."""

    draft: Draft
    document: Document
    guessed: bool
    label: str
    evidence: tuple[Explained, ...] = ()


@record
class View:
    """How much to show and how: at most `top` findings a text (None for all), `width` columns, `rule` looks a rule up by id."""

    paint: Paint
    width: int
    top: int | None
    explain: bool
    quiet: bool
    rule: Callable[[str], Rule | None]


class Tally:
    """Counts over one run: texts, findings by severity, silenced ones, and the inputs that were refused."""

    __slots__ = ("counts", "refused", "silenced", "texts")

    def __init__(self) -> None:
        self.texts = 0
        self.silenced = 0
        self.counts = dict.fromkeys(SEVERITIES, 0)
        self.refused: list[AmendsError] = []

    def add(self, document: Document) -> None:
        """Count one document."""
        self.texts += 1
        self.silenced += len(document.suppressed)
        for finding in document.findings:
            self.counts[finding.severity] += 1

    def refuse(self, error: Exception) -> None:
        """Count an input that cannot be used, and tell of it."""
        self.refused.append(error if isinstance(error, AmendsError) else InputError(str(error)))
        tell(error)


class Renderer:
    """A way of writing results: something before, one piece per text, something after. Each piece ends its own lines."""

    def __init__(self, view: View) -> None:
        self.view = view

    def begin(self) -> str:
        """What stands before the first text."""
        return ""

    def document(self, checked: Checked) -> str:
        """One text."""
        raise NotImplementedError

    def end(self, tally: Tally) -> str:
        """What stands after the last text."""
        return ""


def reaches(severity: str, bar: str) -> bool:
    """Whether a severity is at or above the one that makes the command fail."""
    return bar != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(bar)


def counted(number: int, word: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
