"""`amends insights`: seven figures over months or quarters, each with its interval and its trap."""

from __future__ import annotations

import sys
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
    from collections.abc import Callable, Sequence

    from amends.trust.figures import Figure
    from amends.trust.insights import Insights, Metric


@click.command()
@click.option("--by", "kind", type=click.Choice(tuple(LENGTHS)), default="quarter", show_default=True, help="What the periods are.")
@click.option("--count", type=click.IntRange(1, MOST), default=COUNT, show_default=True, help="How many periods, the last one running.")
@at_desk
def insights(desk: Desk, kind: str, count: int) -> None:
    """Tell what changes over time in how what breaks is owned here.

    How often the same failure comes again, what was said and turned out, how far stakeholders rely on us, how early people speak up, and
    how promises and action items end. Every figure says what it rests on, and a change is named only where it can be told. There is no
    figure of a person and none of a team beside another.
    """
    _wait(desk, kind, count)
    found = desk.usecases.insights.over(kind, count=count, zone=desk.zone, by=desk.person)
    told = report.as_dict(found)
    desk.answer(told, told["metrics"], _text(desk, found))


def _wait(desk: Desk, kind: str, count: int) -> None:
    """Tell who waits at a terminal how many incidents are read, where these are so many that they have to wait."""
    while sys.stderr.isatty():
        read, total = desk.usecases.insights.read_some(kind, count=count, zone=desk.zone, by=desk.person)
        if read >= total:
            return
        click.echo(f"reading: {read} of {total} incidents", err=True)


def _text(desk: Desk, found: Insights) -> str:
    if not found.incidents:
        return "No incident of your own is written down in these periods yet; the sample does not count.\n"
    lines = [f"{counted(found.incidents, 'incident')} since {found.periods[0].start:%d %B %Y}, all of them together."]
    running = found.periods[-1].name
    for metric in found.metrics:
        lines += ["", *_metric(desk, metric, running)]
    return "".join(f"{line}\n" for line in lines)


def _metric(desk: Desk, one: Metric, running: str) -> list[str]:
    """A metric with the periods that show something; of the others one line."""
    lines = [desk.paint("bold", one.title), *wrapped(one.judged.says, desk.width, "  ", "  ")]
    lines += _rows(desk, one.figures, lambda figure: _row(figure, one.unit), running)
    if one.beside and any(figure.n for figure in one.beside):
        lines += [f"  {one.beside_title}:", *_rows(desk, one.beside, lambda figure: figure.says, running)]
    return [*lines, *wrapped(one.trap, desk.width, "  ! ", "    ")]


def _rows(desk: Desk, figures: Sequence[Figure], says: Callable[[Figure], str], running: str) -> list[str]:
    names = {one.period: f"{one.period}, so far" if one.period == running else one.period for one in figures}
    width = max(map(len, names.values()))
    lines = [f"    {names[one.period]:<{width}}  {says(one)}" for one in figures if one.n]
    without = ", ".join(one.period for one in figures if not one.n)
    return [*lines, *(wrapped(f"nothing in {without}", desk.width, "    ", "    ") if lines and without else ())]


def _row(one: Figure, unit: str) -> str:
    """A share with a bar of its interval and its point in it, so that it reads without colour; a length of time in words."""
    if unit == "seconds":
        between = f" ({length(one.low)} to {length(one.high)})" if one.low is not None and one.high is not None else ""
        return f"{one.says}{between}"
    low, high = one.low or 0.0, 1.0 if one.high is None else one.high
    return f"{bar(low, one.value or 0.0, high)} {100 * (one.value or 0.0):3.0f} % ({percents(low, high)})  {one.says}"
