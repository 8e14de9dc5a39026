"""An audit as one page that can be sent on: nothing in it is fetched from anywhere, and nothing from the sources is taken for HTML."""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING

from amends.core.files import read_text
from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.audit_text import (
    CODES,
    AuditRenderer,
    Closing,
    counted_k,
    headline,
    lateness_in_words,
    outcome,
    percent,
    reason_in_words,
)
from amends.promises.fate import FATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.promises.audit import AuditedPromise
    from amends.promises.picks import Strip
    from amends.promises.reckon import Figures, Month

MONTHS = 24
"""So many months are drawn; the table holds all."""
PROBLEMS = 50
"""So many problems are listed on the page."""
MARKS = {"kept": "●", "late": "▲", "missed": "✕", "moved": "◆", "withdrawn": "◇", "open": "○"}
"""A shape for each fate, so that colour is not needed."""

_WIDTH, _HEIGHT, _TOP, _FOOT = 720, 150, 18, 20
_HOW = (
    "An update is in time until the end of the promised minute. The first later update of the same incident keeps a promise of the next "
    "update; in chat and mail only one of the same author does. A promise of a fix is kept by the update that says resolved. Whether "
    "anything else was done, published updates do not show, so nobody is said to have missed it."
)


class AuditPage(AuditRenderer):
    """The page. It is written at the end, from what is bounded: the figures, some incidents, the newest silent updates."""

    def end(self, closing: Closing) -> str:
        """All of it."""
        figures = closing.figures
        parts = (
            _head(figures),
            _months(figures),
            _lateness(figures),
            _incidents(closing),
            _silent(closing),
            _feed(closing),
            f"<footer><p>{_HOW}</p><p>Made by amends promises audit.</p></footer>",
        )
        style = read_text(os.path.join(os.path.dirname(__file__), "audit_page.css"))
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            f"<title>Promises kept: {escape(percent(figures.hit_rate))}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
            + "\n".join(part for part in parts[:-1] if part)
            + f"\n</main>\n{parts[-1]}\n</body>\n</html>\n"
        )


def safe(text: str | None) -> str:
    """Text from a source on a page: escaped, without characters that steer."""
    return escape("".join(char if char.isprintable() or char in "\n\t\xa0" else "\ufffd" for char in text or ""))


def _head(figures: Figures) -> str:
    counts = dict(figures.counts)
    shown = [name for name in MARKS if counts[name] or name in ("kept", "late", "missed")]
    tiles = "".join(f'<li class="{name}"><b>{counts[name]:,}</b> {MARKS[name]} {name}</li>' for name in shown)
    lines = [
        '<p class="kicker">Promises in published updates</p>',
        f"<h1>{escape(headline(figures))}</h1>",
        f"<p>Read: {counted_k(figures.updates, 'update')} of {counted_k(figures.incidents, 'incident')}.</p>",
        f'<ul class="tiles">{tiles}</ul>' if figures.made else "",
    ]
    unverifiable = counts["unverifiable"]
    if unverifiable:
        why = "".join(f"<li>{escape(reason_in_words(reason, number))}</li>" for reason, number in figures.reasons)
        lines.append(
            f'<p class="quiet lead">{counted_k(unverifiable, "more promise")} cannot be judged:</p><ul class="quiet why">{why}</ul>'
        )
    return "\n".join(line for line in lines if line)


def _months(figures: Figures) -> str:
    judged = [month for month in figures.months if month.hit_rate is not None]
    if len(judged) < 2:
        return ""
    drawn = judged[-MONTHS:]
    cut = f" The picture shows the last {MONTHS} of {len(judged)} months." if len(judged) > MONTHS else ""
    rows = "".join(
        f'<tr><th scope="row">{escape(one.month)}</th>'
        + "".join(f'<td class="n">{dict(one.counts)[name]:,}</td>' for name in ("kept", "late", "missed"))
        + f'<td class="n">{percent(one.hit_rate)}</td></tr>'
        for one in judged
    )
    return (
        "<section>\n<h2>In time, month by month</h2>\n"
        f'<figure><div class="wide newest">{_bars(drawn)}</div><figcaption>Share of the promises made in a month that were kept in time; '
        f"the number under each month tells how many could be judged.{cut}</figcaption></figure>\n"
        "<details><summary>The months as a table</summary>"
        '<div class="wide"><table><thead><tr><th scope="col">made in</th><th class="n" scope="col">kept</th>'
        '<th class="n" scope="col">late</th><th class="n" scope="col">missed</th><th class="n" scope="col">in time</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>\n</section>"
    )


def _bars(months: list[Month]) -> str:
    """A bar for each month, on a phone as readable as on paper: every other label is left out where there are many."""
    step = _WIDTH / len(months)
    width = min(step * 0.7, 48)
    every = 1 if len(months) <= 12 else 3
    parts = [f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_TOP + _HEIGHT}" y2="{_TOP + _HEIGHT}"/>']
    for number, one in enumerate(months):
        left, middle = number * step + (step - width) / 2, (number + 0.5) * step
        rate = one.hit_rate or 0
        top = _TOP + _HEIGHT * (1 - rate)
        counts = dict(one.counts)
        judged = counts["kept"] + counts["late"] + counts["missed"]
        parts.append(
            f"<g><title>{escape(one.month)}: {percent(rate)} of {judged:,}</title>"
            f'<rect class="of" x="{left:.1f}" y="{_TOP}" width="{width:.1f}" height="{_HEIGHT}" rx="2"/>'
            f'<rect class="part" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_TOP + _HEIGHT - top:.1f}" rx="2"/></g>'
        )
        parts.append(f'<text class="value" x="{middle:.1f}" y="{_TOP + _HEIGHT + 14}" text-anchor="middle">{judged:,}</text>')
        if every == 1:
            parts.append(f'<text x="{middle:.1f}" y="{_TOP - 6}" text-anchor="middle">{percent(rate)}</text>')
        if number % every == 0:
            at, anchor = (left, "start") if number == 0 and every > 1 else (middle, "middle")
            parts.append(f'<text x="{at:.1f}" y="{_TOP + _HEIGHT + 29}" text-anchor="{anchor}">{escape(one.month)}</text>')
    label = f"Share of promises kept in time, {months[0].month} to {months[-1].month}"
    size = f"0 0 {_WIDTH} {_TOP + _HEIGHT + _FOOT + 12}"
    return f'<svg viewBox="{size}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _lateness(figures: Figures) -> str:
    if not figures.judged:
        return ""
    most = max(count for _, count in figures.lateness) or 1
    rows = []
    for name, count in figures.lateness:
        kind = "kept" if name == "on time" else "missed" if name == "never" else "late"
        bar = f'<i style="width:{100 * count / most:.1f}%"></i>' if count else ""
        rows.append(f'<tr><th scope="row">{name}</th><td class="n">{count:,}</td><td class="bar {kind}" aria-hidden="true">{bar}</td></tr>')
    about = f'<p class="quiet">{lateness_in_words(figures)}</p>' if figures.latest_s is not None else ""
    head = '<thead><tr><th scope="col">came</th><th class="n" scope="col">promises</th><td></td></tr></thead>'
    return f"<section>\n<h2>How late</h2>\n{about}<table>{head}<tbody>{''.join(rows)}</tbody></table>\n</section>"


def _incidents(closing: Closing) -> str:
    bad, new = closing.picks.strips()
    if not bad and not new:
        return ""
    shown = len(bad) + len(new)
    hidden = closing.picks.drawable - shown
    about = f"Drawn are {shown:,} of {counted_k(closing.picks.drawable, 'incident')} with a promise that can be judged" + (
        ": the worst and the newest. The rest stands in --format json." if hidden else "."
    )
    marks = ", ".join(f"{mark} {name}" for name, mark in MARKS.items() if dict(closing.figures.counts)[name])
    parts = [f'<section>\n<h2>Incidents</h2>\n<p class="quiet">{about} Each mark stands where a promise was due: {marks}.</p>']
    if bad:
        parts += ['<h3 class="lead">The worst</h3>', *(_strip(one, opened=False) for one in bad)]
    if new:
        title = "The newest of the others" if bad else "The newest"
        inside = "\n".join(_strip(one, opened=False) for one in new)
        parts.append(f"<details{'' if bad else ' open'}><summary>{title} ({len(new)})</summary>\n{inside}</details>")
    return "\n".join([*parts, "</section>"])


def _strip(strip: Strip, *, opened: bool) -> str:
    """One incident: its lanes, a lane a fate, and its promises as a table."""
    passed = strip.passed
    dues = [one.due for one in strip.promises if one.due is not None]
    start, end = min([passed.first, *dues]), max([passed.last, *dues])
    name = passed.title or passed.incident
    known = f'<p class="dates">{safe(passed.incident)}</p>' if passed.title and passed.title != passed.incident else ""
    counts = ", ".join(f"{dict(strip.counts)[fate]:,} {fate}" for fate in FATES if fate in dict(strip.counts))
    more = f'<p class="quiet">… and {strip.more:,} more of this incident.</p>' if strip.more > 0 else ""
    rows = "".join(_row(one) for one in strip.promises)
    return (
        f'<article class="incident"><h3>{safe(name)}</h3>{known}\n<p class="quiet">{counts}; {counted_k(passed.updates, "update")}</p>\n'
        f'<dl class="lanes">{"".join(_lanes(strip, start, end))}</dl>\n'
        f'<p class="ends"><span>{instant_in_words(start)}</span><span>{instant_in_words(end.astimezone(start.tzinfo))}</span></p>\n'
        f"<details{' open' if opened else ''}><summary>Its promises</summary>"
        '<table class="promises"><thead><tr><th scope="col">fate</th><th scope="col">promise</th><th scope="col">due</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{more}</details></article>"
    )


def _lanes(strip: Strip, start: datetime, end: datetime) -> Iterator[str]:
    whole = (end - start).total_seconds() or 1
    for fate, mark in MARKS.items():
        own = [one for one in strip.promises if one.fate == fate and one.due is not None]
        if own:
            marks = "".join(
                f'<i style="left:{100 * ((one.due or start) - start).total_seconds() / whole:.2f}%" '
                f'title="due {instant_in_words(one.due or start)}">{mark}</i>'
                for one in own
            )
            yield f'<dt class="{fate}">{fate}</dt><dd class="{fate}" aria-hidden="true">{marks}</dd>'


def _row(one: AuditedPromise) -> str:
    due = instant_in_words(one.due) if one.due is not None else ""
    said = outcome(one).removeprefix(": ")
    mark = MARKS.get(one.fate, "")
    place = f"{one.source}:{one.line}" if one.line is not None else one.source
    return (
        f'<tr><td class="fate {one.fate}">{mark} {one.fate}</td><td><q>{safe(one.quote)}</q>'
        f'<br><span class="dates">{safe(place)}</span></td><td>{due}{"<br>" if said else ""}{safe(said)}</td></tr>'
    )


def _silent(closing: Closing) -> str:
    figures = closing.figures
    if not figures.updates_without_next_time:
        return ""
    listed = closing.picks.silent.items()
    items = "".join(
        f"<li>{instant_in_words(one.at)}, {safe(one.title or one.incident)}{f' ({safe(one.status)})' if one.status else ''}"
        f'<br><span class="dates">{safe(one.source)}{f":{one.line}" if one.line is not None else ""}</span></li>'
        for one in listed
    )
    title = "Which ones" if len(listed) == figures.updates_without_next_time else f"The newest {len(listed)}"
    return (
        "<section>\n<h2>Updates that promised no next one</h2>\n"
        f"<p>{figures.updates_without_next_time:,} of {counted_k(figures.updates, 'update')} neither ended their incident nor said when "
        f'the next one comes.</p>\n<details><summary>{title}</summary><ul class="plain">{items}</ul></details>\n</section>'
    )


def _feed(closing: Closing) -> str:
    if not closing.problem_counts:
        return ""
    ordered = sorted(closing.problem_counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = "".join(f'<tr><td class="n">{count:,}</td><td>{escape(CODES.get(code, code))}</td></tr>' for code, count in ordered)
    listed = closing.problems[:PROBLEMS]
    items = "".join(f"<li>{_place(one.path, one.line)}{safe(one.message)}</li>" for one in listed)
    title = "Each of them" if len(listed) == sum(closing.problem_counts.values()) else f"The first {len(listed)}"
    return (
        "<section>\n<h2>What was wrong with what was read</h2>\n"
        f'<table class="few"><tbody>{rows}</tbody></table>\n'
        f'<details><summary>{title}</summary><ul class="plain">{items}</ul></details>\n</section>'
    )


def _place(path: str | None, line: int | None) -> str:
    return f'<span class="dates">{safe(path)}{f":{line}" if line is not None else ""}</span> ' if path else ""
