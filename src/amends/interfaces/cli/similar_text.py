"""Matches for people: what is alike, how much, and why, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from amends.interfaces.cli.terminal import Paint
    from amends.recurrence.similar import Match, SimilarIncident

NOTHING = "nothing is like it\n"
NO_INCIDENT = "there is no incident yet that it could be like; --corpus looks among the reports of a file\n"


def matches_as_text(paint: Paint, matches: Sequence[Match]) -> str:
    """Reports of a file by their ids."""
    return "\n".join(_lines(f"{one.score:.2f}  {paint('bold', safe(one.id))}", one.why) for one in matches) + "\n" if matches else NOTHING


def incidents_as_text(paint: Paint, zone: tzinfo, met: Sequence[SimilarIncident]) -> str:
    """Incidents by their titles, with the day they began."""
    return "\n".join(_incidents(paint, zone, met)) + "\n" if met else NOTHING


def _incidents(paint: Paint, zone: tzinfo, met: Iterable[SimilarIncident]) -> Iterator[str]:
    for one in met:
        about = one.incident
        day = about.started_at.astimezone(zone).strftime("%Y-%m-%d")
        title = paint("bold", safe(about.title))
        yield _lines(f"{one.score:.2f}  {day}  {about.severity}  {title}  ({about.status}, {about.id})", one.why)


def _lines(head: str, why: Iterable[str]) -> str:
    return "\n".join([head, *(f"      {safe(reason)}" for reason in why)])
