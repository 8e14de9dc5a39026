"""`amends practice list` and `spin`: the scenarios, by what kind of message they exercise, and one of them by chance."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import require_known
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.engine import config_option
from amends.interfaces.cli.failures import USAGE, tell
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.practice_play import SEED
from amends.interfaces.cli.practice_scenes import drills_here, mains
from amends.practice.session import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.practice.scenario import Scenario

SCHEMA = "amends.scenarios/1"
_style = click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result.")


@click.command("list")
@click.option("--form", metavar="FORM", help="Only those that exercise this kind of message.")
@_style
@config_option
def list_scenarios(form: str | None, style: str, config: str | None) -> int:
    """List the scenarios by what they exercise.

    A file of the team's own that is wrong is told on standard error and left out; the exit status is then 2.
    """
    drills = drills_here(config)
    found = drills.scenarios()
    if form is not None:
        require_known("form", form, tuple(sorted({one.form for one in found})))
        found = tuple(one for one in found if one.form == form)
    for error in drills.wrong():
        tell(error)
    out = open_output(None, machine=style == "json")
    out.write(f"{dumps(as_values(found))}\n" if style == "json" else _as_text(found))
    out.done()
    return USAGE if drills.wrong() else 0


@click.command("spin")
@click.option("--seed", type=SEED, help="The same number gives the same scenario. Default: by chance.")
@click.option("--without", metavar="ID", multiple=True, help="Not this one, because you played it lately; can be given several times.")
@_style
@config_option
def spin(seed: int | None, without: tuple[str, ...], style: str, config: str | None) -> None:
    """Let chance choose a scenario for the team's meeting. Nothing is kept of it."""
    from amends.interfaces.cli.practice_text import PracticeText

    drills = drills_here(config)
    chosen = drills.spin(seed, without=without).scenario
    out = open_output(None, machine=style == "json")
    if style == "json":
        out.write(f"{dumps(as_values([chosen]))}\n")
    else:
        more = f"\nTo play it together without keeping anything: amends practice start {chosen.id} --unsaved\n"
        out.write(PracticeText.for_output().brief(drills.try_out(chosen.id, ())) + more)
    out.done()


def as_values(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The scenarios as plain values."""
    return {"schema": SCHEMA, "scenarios": [_values(one) for one in scenarios]}


def _values(one: Scenario) -> dict[str, Any]:
    return {
        "id": one.id, "version": one.version, "sha256": one.sha256, "number": one.number, "title": one.title, "form": one.form,
        "audience": one.audience, "learner_role": one.learner_role, "channel": one.channel, "group": one.group,
        "difficulties": [level.difficulty for level in one.levels], "variants": [name for name, _ in one.variants],
        "later_of": one.later_of, "receiver_of": one.receiver_of,
    }  # fmt: skip


def _as_text(scenarios: tuple[Scenario, ...]) -> str:
    """The drills by form, each with the day after and the other chair below it where it has them."""
    wide = max((len(one.id) for one in scenarios), default=0)
    lines = []
    for form, group in groupby(sorted(mains(scenarios), key=lambda one: (one.form, one.number)), key=lambda one: one.form):
        lines += ["", form]
        for main in group:
            lines += [_line(main, wide), *(_line(one, wide) for one in scenarios if main.id in (one.later_of, one.receiver_of))]
    lines += ["", "`amends practice start NAME` begins one. The number is how hard it is, from 1 to 5."]
    return "\n".join(lines[1:]) + "\n"


def _line(one: Scenario, wide: int) -> str:
    hard = "/".join(str(level.difficulty) for level in one.levels)
    which = KINDS["later" if one.later_of else "receiver" if one.receiver_of else "drill"]
    group = ", several voices" if one.group else ""
    return f"  {one.id:<{wide}}  {hard:<3}  {which}{one.title}{group}"
