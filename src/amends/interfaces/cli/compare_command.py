"""`amends compare` as click knows it, for help and completion; `interfaces.cli.compare` runs it without."""

from __future__ import annotations

from amends.interfaces.cli.compare import OPTIONS, run
from amends.interfaces.cli.handed import Handed

_HELP = """Find the places where a retold text became cleaner than its source but less true.

SOURCE is what is known, such as the review for the team. RETOLD is what somebody else is told, such as the notice for customers. Each
drift quotes both, and says what a reader of RETOLD alone would wrongly believe. One of the two may be - for standard input. A shorter
and plainer text is no drift, and nor is a redaction that is declared. Exits with 0 when nothing reaches --fail-on, 1 when something
does, 2 when an input cannot be read.

\b
Examples:
  amends compare review.md notice.md --audience customers
  pbpaste | amends compare review.md -
  amends compare --follow-up march.md april.md may.md
  amends compare --jsonl pairs.jsonl --fail-on never > compared.jsonl"""


def _run(words: list[str]) -> int:
    from amends.interfaces.cli.commands import run_click

    return run(words, lambda: run_click(["compare", "--help"]))


_STYLE = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
compare = Handed("compare", OPTIONS, _run, inputs="SOURCE… RETOLD", help=_HELP, context_settings=_STYLE)
