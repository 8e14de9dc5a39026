"""Pulses for people at a terminal: shares as bars that read without colour, each with its interval and its n."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.intervals import CELLS, bar, percents
from amends.interfaces.cli.ledger_text import name_of
from amends.interfaces.cli.terminal import safe, wrapped
from amends.trust.anonymity import LIVE
from amends.trust.asking import TWICE
from amends.trust.pulse import GROUPS, OPEN, changes, gap, items, questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.interfaces.cli.ledger_desk import Desk
    from amends.trust.pulse import GroupResult, ItemResult, Wave, WaveResult, WaveStep
    from amends.usecases.pulses import Opened

_TITLE = 28


class PulseText:
    """Writes for the person at a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def opened(self, opened: Opened, links: Mapping[str, Sequence[str]], *, has_place: bool) -> str:
        """A wave that was opened, with its links and what an attacker could still see."""
        lines = [f"The wave {opened.wave.which} takes answers until {self._at(opened.wave.closes_at)}."]
        lines += [f"note: {safe(one.message)}; {one.hint}" for one in opened.advice if one.code != TWICE]
        for group, given in links.items():
            lines += ["", self._desk.paint("bold", f"{group}: {len(given)} links, shown this once"), *(f"  {one}" for one in given)]
        if not has_place:
            told = (
                "Put the address at which others reach your workbench before each link: `link` under [reminders] in amends.toml does it "
                "for you. An address of this machine (127.0.0.1, localhost) opens on no other."
            )
            lines += ["", *wrapped(told, self._desk.width)]
        return "".join(f"{line}\n" for line in [*lines, "", *self._live()])

    def whole(self, waves: Sequence[Wave], results: Sequence[WaveResult], problems: Iterable[Problem], step: WaveStep | None = None) -> str:
        """The waves of an incident and what came of them, and what is to be done next."""
        lines = [f"note: {safe(one.message)}; {one.hint}" for one in problems]
        found = {one.id: one for one in results}
        for wave in waves:
            lines += [*([""] if lines else []), *self._wave(wave, found.get(wave.id))]
        for before, after in combinations(results, 2):
            lines += ["", self._desk.paint("bold", f"from {before.which} to {after.which}")]
            lines += [
                line for one in changes(before, after) for line in wrapped(f"{one.group}: {one.words}", self._desk.width, "  ", "    ")
            ]
        lines = lines or ["Nobody was asked yet: `amends pulse open INCIDENT baseline --team N` does."]
        if step is not None and step.step == OPEN:
            to = name_of(step.to, self._desk.person)
            told = f"{to} {'are' if to == 'you' else 'is'} reminded"
            best = f"{step.which} is best opened between {self._at(step.first)} and {self._at(step.last)}; {told}."
            lines += ["", *wrapped(f"next: {best}", self._desk.width)]
        if any(one.is_open for one in waves):
            lines += ["", *self._live()]
        return "".join(f"{line}\n" for line in lines)

    def statements(self) -> str:
        """The statements and questions of the pulse."""
        lines = []
        for one in items():
            marks = "".join(name[0].upper() if name in one.groups else "·" for name in GROUPS)
            lines += wrapped(f"{one.text}{' (reverse)' if one.reverse else ''}", self._desk.width, f"{one.number:2}  {marks}  ", " " * 9)
        lines += ["", *(f"     {one.text}" for one in questions()), "", "T team, S stakeholders, U users"]
        return "".join(f"{line}\n" for line in lines)

    def _wave(self, wave: Wave, result: WaveResult | None) -> list[str]:
        heading = self._desk.paint("bold", wave.which)
        if result is None:
            counts = ", ".join(f"{one.name} {one.answered} of {one.invited}" for one in wave.groups)
            short = [one.name for one in wave.groups if one.answered < wave.least]
            lines = [f"{heading}: open until {self._at(wave.closes_at)}; answered: {counts}"]
            if short:
                lines.append(f"  if you closed now, nothing would be kept of: {', '.join(short)} (fewer than {wave.least} answers)")
            return lines
        lines = [f"{heading}: closed {self._at(result.closed_at)}, {result.n} answers"]
        for group in result.groups:
            lines += self._group(group)
        found = gap(result)
        lines += wrapped(found.words, self._desk.width, "  ", "  ") if found else []
        for one in result.comments:
            lines += wrapped(f"“{safe(one.text)}”", self._desk.width, "  ", "   ")
        if result.comments_hidden:
            lines += wrapped(result.comments_hidden, self._desk.width, "  ", "  ")
        return lines

    def _group(self, group: GroupResult) -> list[str]:
        head = f"{group.group}: {group.answered} of {group.invited} answered{', partial' if group.partial else ''}"
        if group.hidden:
            return wrapped(f"{head}; not shown: {group.hidden}", self._desk.width, "  ", "    ")
        left = group.answered - group.counted
        lines = [f"  {head}{f'; {left} left out at random, so that nothing can be found by subtracting' if left else ''}"]
        if group.index is not None:
            index = group.index
            lines.append(f"    index {index.mean:.1f} of 7 ({index.low:.1f} to {index.high:.1f}, n {index.n})")
        return lines + [self._item(one) for one in group.items]

    def _item(self, one: ItemResult) -> str:
        unsaid = f", {one.cannot_say} cannot say" if one.cannot_say else ""
        title = f"    {one.item.title:<{_TITLE}}"
        if one.favourable is None:
            return f"{title} {'':{CELLS}}  too few scored it ({one.n}{unsaid})"
        share = one.favourable
        between = percents(share.low, share.high)
        return f"{title} {bar(share.low, share.share, share.high)}  {share.count} of {share.n}, {between}{unsaid}"

    def _live(self) -> list[str]:
        lines = ["What an attacker could still see:"]
        return lines + [line for one in LIVE for line in wrapped(one, self._desk.width, "- ", "  ")]

    def _at(self, at: datetime) -> str:
        return instant_in_words(at.astimezone(self._desk.zone))
