"""`amends practice list`: the scenarios, by what kind of message they exercise."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import require_known
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.output import open_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.practice.scenario import Scenario

SCHEMA = "amends.scenarios/1"


@click.command("list")
@click.option("--form", metavar="FORM", help="Only those that exercise this kind of message.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result.")
def list_scenarios(form: str | None, style: str) -> None:
    """List the scenarios: what each is called, how hard it is, and what it exercises."""
    from amends.practice.loading import load_folder

    found = load_folder()
    if form is not None:
        require_known("form", form, tuple(sorted({one.form for one in found})))
        found = tuple(one for one in found if one.form == form)
    out = open_output(None, machine=style == "json")
    out.write(f"{dumps(as_values(found))}\n" if style == "json" else _as_text(found))
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


def _as_text(scenarios: Sequence[Scenario]) -> str:
    """The drills by form, each with the day after and the other chair below it where it has them."""
    beside = {one.later_of or one.receiver_of for one in scenarios} - {None}
    known = {one.id for one in scenarios}
    mains = sorted((one for one in scenarios if (one.later_of or one.receiver_of) not in known), key=lambda one: (one.form, one.number))
    wide = max((len(one.id) for one in scenarios), default=0)
    lines = []
    for form, group in groupby(mains, key=lambda one: one.form):
        lines += ["", form]
        for main in group:
            lines.append(_line(main, wide))
            if main.id in beside:
                lines += [_line(one, wide) for one in scenarios if main.id in (one.later_of, one.receiver_of)]
    lines += ["", "`amends practice start NAME` begins one. The number is how hard it is, from 1 to 5."]
    return "\n".join(lines[1:]) + "\n"


def _line(one: Scenario, wide: int) -> str:
    hard = "/".join(str(level.difficulty) for level in one.levels)
    which = "the day after: " if one.later_of else "the other chair: " if one.receiver_of else ""
    group = ", several voices" if one.group else ""
    return f"  {one.id:<{wide}}  {hard:<3}  {which}{one.title}{group}"
