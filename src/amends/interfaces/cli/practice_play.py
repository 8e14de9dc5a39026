"""`amends practice play`: a conversation played again from its transcript, without a terminal and without the store."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

from amends.core.files import unreadable
from amends.interfaces.cli.engine import config_option
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.practice_scenes import naming_nearest, usecases_for
from amends.interfaces.cli.result import Tally
from amends.interfaces.cli.rows import Shape, read_rows
from amends.interfaces.cli.session import STDIN
from amends.practice.session import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.drill import Played

TURNS = Shape(("text",), ("text",), "every line needs the text of one turn", '{"text": "…"}')
SEED = click.IntRange(0, 2**53 - 1)
"""Seeds that every reader of JSON keeps exactly."""

_HELP = """Play a conversation again from a file of turns.

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
@config_option
def play(scenario: str, transcript: str, seed: int, difficulty: int | None, variant: str | None, style: str, config: str | None) -> int:
    """What `_HELP` says."""
    usecases, name = usecases_for(scenario, config)
    with naming_nearest():
        usecases.drills.try_out(name, (), seed=seed, difficulty=difficulty, variant=variant)  # refuses the call before it reads
    tally = Tally()
    played = usecases.drills.try_out(name, list(_turns(transcript, tally)), seed=seed, difficulty=difficulty, variant=variant)
    out = open_output(None, machine=style == "json")
    out.write(_as_json(played) if style == "json" else _as_text(played))
    out.done()
    return USAGE if tally.refused else 0


def _turns(name: str, tally: Tally) -> Iterator[str]:
    """The texts of a transcript; what is wrong with a line is told. Raises InputError when the file cannot be read."""
    from amends.usecases.drills import TURNS_LIMIT

    label = STDIN if name == "-" else name
    try:
        file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115 (closed below; standard input is not ours to close)
    except OSError as error:
        raise unreadable(name, error) from error
    try:
        for number, row in islice(read_rows(file, label, tally.refuse, TURNS), TURNS_LIMIT + 1):
            yield _heard(row["text"], f"{label}:{number}")
    finally:
        if file is not sys.stdin.buffer:
            file.close()


def _heard(text: str, place: str) -> str:
    """As much of a turn as anybody hears; of a longer one the other person stops reading long before."""
    if len(text) > TEXT_LIMIT:
        click.echo(f"note: {place}: {len(text):,} characters, of which the first {TEXT_LIMIT:,} are looked at", err=True)
    return text[:TEXT_LIMIT]


def _as_json(played: Played) -> str:
    from amends.interfaces.cli.as_json import dumps
    from amends.practice.report import played_as_values

    return f"{dumps(played_as_values(played))}\n"


def _as_text(played: Played) -> str:
    from amends.interfaces.cli.practice_text import PracticeText

    text = PracticeText.for_output()
    return text.brief(played) + text.conversation(played) + text.outcome(played)
