"""`amends insights`: seven figures over months or quarters, each with its interval and its trap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.intervals import bar, percents
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import wrapped
from amends.trust import insights_report as report
from amends.trust.figures import length
from amends.trust.periods import COUNT, LENGTHS, MOST

if TYPE_CHECKING:
    from amends.trust.figures import Figure
    from amends.trust.insights import Insights, Metric


@click.command()
@click.option("--by", "kind", type=click.Choice(tuple(LENGTHS)), default="quarter", show_default=True, help="What the periods are.")
@click.option("--count", type=click.IntRange(1, MOST), default=COUNT, show_default=True, help="How many periods, the last one running.")
@at_desk
def insights(desk: Desk, kind: str, count: int) -> None:
    """Tell what changes over time in how what breaks is owned here.

    How often a kind comes again, what was said and turned out, how far stakeholders rely on us, how early people speak up, and how
    promises and action items end. Every figure says what it rests on, and a change is named only where it can be told. There is no figure
    of a person and none of a team beside another.
    """
    found = desk.usecases.insights.over(kind, count=count, zone=desk.zone, by=desk.person)
    told = report.as_dict(found)
    desk.answer(told, told["metrics"], _text(desk, found))


def _text(desk: Desk, found: Insights) -> str:
    if not found.incidents:
        return "No incident of your own is written down in these periods yet; the sample does not count.\n"
    lines = [f"{counted(found.incidents, 'incident')} since {found.periods[0].start:%d %B %Y}, all of them together."]
    for metric in found.metrics:
        lines += ["", *_metric(desk, metric)]
    return "".join(f"{line}\n" for line in lines)


def _metric(desk: Desk, one: Metric) -> list[str]:
    lines = [desk.paint("bold", one.title), *wrapped(one.judged.says, desk.width, "  ", "  ")]
    lines += [_row(figure, one.unit) for figure in one.figures]
    if one.beside:
        lines += [f"  {one.beside_title}:", *(f"    {figure.period:<14} {figure.says}" for figure in one.beside)]
    return [*lines, *wrapped(one.trap, desk.width, "  ! ", "    ")]


def _row(one: Figure, unit: str) -> str:
    """A share with a bar of its interval and its point in it, so that it reads without colour; a length of time in words."""
    if one.value is None:
        return f"    {one.period:<14} {one.says}"
    if unit == "seconds":
        between = f" ({length(one.low)} to {length(one.high)})" if one.low is not None and one.high is not None else ""
        return f"    {one.period:<14} {one.says}{between}"
    low, high = one.low or 0.0, 1.0 if one.high is None else one.high
    return f"    {one.period:<14} {bar(low, one.value, high)} {100 * one.value:3.0f} % ({percents(low, high)})  {one.says}"
