"""`amends search`: find again what was written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.search_report import as_dict, hit_as_dict
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe
from amends.interfaces.cli.transfer_text import warn

if TYPE_CHECKING:
    from amends.core.search import Found, Hit, Snippet

_HELP = """Find incidents, facts, messages, promises, action items, texts, and what else was written here.

All words must be there; "words in quotes" stand together, -word must not be there, and the last word also finds longer ones.
kind:, status:, sev:, from:, before: and after: narrow it down. Exits with 1 where nothing is found.

\b
Examples:
  amends search checkout timeout
  amends search '"session table" kind:fact after:2026-03-01'
  amends search sev:1 -replica --format json"""


@click.command(help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only things of this kind; several times for several.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="The most hits to show.")
@click.option("--after", type=click.IntRange(0, 1000), default=0, help="Begin behind this many hits.")
@at_desk
def search(desk: Desk, words: tuple[str, ...], kinds: tuple[str, ...], limit: int, after: int) -> int:
    """What `_HELP` says."""
    query = " ".join([*(f"kind:{kind}" for kind in kinds), *words])
    found = desk.usecases.searching.find(query, by=desk.person, limit=limit, after=after, zone=desk.zone)
    desk.answer(as_dict(found), [hit_as_dict(hit) for hit in found.hits], _text(desk, found))
    warn(found.problems)
    return 0 if found.total else 1


def _text(desk: Desk, found: Found) -> str:
    shown = "\n".join(_entry(desk, hit) for hit in found.hits)
    more = "more than " if found.more else ""
    count = f"{more}{counted(found.total, 'place')} found\n" if found.total else "nothing has these words\n"
    return f"{shown}\n{count}" if shown else count


def _entry(desk: Desk, hit: Hit) -> str:
    at = hit.at.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M")
    about = "" if hit.kind == "incident" or not hit.incident_title else f"  {safe(hit.incident_title)}"
    lines = [f"{hit.kind}/{hit.ref}  {at}{about}{'  (only you see it)' if hit.is_own else ''}"]
    lines += [f"  {_marked(desk, one)}" for one in (hit.title, hit.snippet) if one.text.strip()]
    return "\n".join(lines)


def _marked(desk: Desk, snippet: Snippet) -> str:
    """One line, with the words that were found in bold where the terminal can."""
    parts, at = [], 0
    for start, end in snippet.marks:
        parts += [_line(snippet.text[at:start]), desk.paint("bold", _line(snippet.text[start:end]))]
        at = end
    return "".join([*parts, _line(snippet.text[at:])]).strip()


def _line(text: str) -> str:
    return safe(text.replace("\t", " "))
