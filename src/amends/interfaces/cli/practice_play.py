"""`amends practice play`: a conversation played again from its transcript, without a terminal and without the store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from amends.core.files import unreadable
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.practice_scenes import scenario_named
from amends.interfaces.cli.result import Tally
from amends.interfaces.cli.rows import Shape, read_rows
from amends.interfaces.cli.session import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.drill import Played
    from amends.practice.stage import Stage

TURNS = Shape(("text",), ("text",), "every line needs the text of one turn", '{"text": "…"}')
SEED = click.IntRange(0, 2**53 - 1)
"""Seeds that every reader of JSON keeps exactly."""

_HELP = """Play a conversation again from the learner's turns, and say what came of it.

SCENARIO is an id of `amends practice list`, or a scenario file that ends in .toml. A transcript holds one turn a line, as JSON:
{"text": "…"}. The same turns and seed give the same output, byte for byte. Nothing is stored. A line that is none is told on standard
error and skipped, and the exit status is then 2.

\b
Examples:
  amends practice play charged-twice --transcript turns.jsonl --format json
  echo '{"text": "We charged you twice."}' | amends practice play charged-twice --transcript -"""


@click.command("play", help=_HELP)
@click.argument("scenario", metavar="SCENARIO")
@click.option("--transcript", metavar="FILE", required=True, help="The turns, as JSON lines; - for standard input.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Chooses wordings, and the variant where none is named.")
@click.option("--difficulty", type=int, metavar="N", help="The level. Default: the easiest that the scenario has.")
@click.option("--variant", metavar="NAME", help="The names and figures that are filled in. Default: the seed chooses.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result.")
def play(scenario: str, transcript: str, seed: int, difficulty: int | None, variant: str | None, style: str) -> int:
    """What `_HELP` says."""
    from amends.practice.stage import stage

    ready = stage(scenario_named(scenario), seed, difficulty, variant)
    tally = Tally()
    played = _replayed(ready, transcript, tally)
    out = open_output(None, machine=style == "json")
    out.write(_as_json(played) if style == "json" else _as_text(played))
    out.done()
    return USAGE if tally.refused else 0


def _replayed(ready: Stage, transcript: str, tally: Tally) -> Played:
    from amends.language.index import load
    from amends.practice.drill import replay

    return replay(ready, _turns(transcript, tally), load())


def _turns(name: str, tally: Tally) -> Iterator[str]:
    """The texts of a transcript; what is wrong with a line is told. Raises InputError when the file cannot be read."""
    label = STDIN if name == "-" else name
    try:
        file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115 (closed below; standard input is not ours to close)
    except OSError as error:
        raise unreadable(name, error) from error
    try:
        for _, row in read_rows(file, label, tally.refuse, TURNS):
            yield row["text"]
    finally:
        if file is not sys.stdin.buffer:
            file.close()


def _as_json(played: Played) -> str:
    from amends.interfaces.cli.as_json import dumps
    from amends.practice.report import played_as_values

    return f"{dumps(played_as_values(played))}\n"


def _as_text(played: Played) -> str:
    from amends.interfaces.cli.practice_text import PracticeText

    text = PracticeText.for_output()
    return text.brief(played) + text.conversation(played) + text.outcome(played)
