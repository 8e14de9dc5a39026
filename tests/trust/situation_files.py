"""Situations that show a warning sign, or nearly do: read from plain text files that people write who do not program.

The format is told in `tests/trust/situations/README.md`. A file holds situations of one sign; each becomes the `Material` that the
detectors look at. `python tests/trust/situation_files.py FILE…` says what is wrong with a file, without showing what any detector says.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.core.people import AUDIENCES
from amends.incidents.acting import standing
from amends.incidents.actions import ACTION_EVIDENCE, ACTION_KINDS, ACTION_STATES, ActionEvent, ActionItem
from amends.language.check import check
from amends.language.index import load
from amends.language.records import Draft
from amends.narrative.account import CLAIMS, CLOSABLE, CONDITIONS, EVIDENCE_KINDS, PARTS, Evidence, Point
from amends.narrative.support import stand
from amends.narrative.version import GROUNDS, Redaction
from amends.promises.ledger import entry_of
from amends.promises.promise import Event, Promise
from amends.trust.signs.records import SIGNS, Course, Estimate, Felt, Material, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.language.index import Index
    from amends.language.records import Document

FOLDER = Path(__file__).with_name("situations")
OPEN, APART, LAST, OWN = FOLDER / "open", FOLDER / "apart", FOLDER / "last", FOLDER / "own"
"""Written blind and read since; written blind and never opened; written blind after the last change; the worked examples."""

POINTS: dict[str, tuple[str, str | None]] = {kind: ("claim", kind) for kind in CLAIMS} | {kind: ("condition", kind) for kind in CONDITIONS}
POINTS |= {part: (part, None) for part in PARTS if part not in ("claim", "condition")}
GROUPS = ("team", "stakeholders", "users")
WAVES = ("baseline", "month", "quarter")
FATES = ("kept", "late", "missed", "open", "moved", "withdrawn")
LINES = tuple("incident contained now message version review trust-review withheld action shows promise pulse other estimate".split())
_BEGIN = re.compile(r"==\s*(?P<what>positive|near-miss)\s*:\s*(?P<about>.*)")
_HEAD = re.compile(r"(?P<head>[a-z].*?):(?:\s+(?P<text>.*))?$")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class SituationError(Exception):
    """A line that cannot be read: the file, the line, and what was expected."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation: whether its sign shows in it, and what the data show."""

    sign: str
    name: str
    about: str
    positive: bool
    material: Material


def situations(path: Path) -> tuple[Situation, ...]:
    """The situations of a file, which is called after its sign. Raises SituationError."""
    sign = next((one for one in SIGNS if path.stem == one or path.stem.startswith(f"{one}-")), None)
    if sign is None:
        raise SituationError(f"{path}: the name must begin with one of {', '.join(SIGNS)}")
    found = []
    for number, (begin, what, about, lines) in enumerate(_blocks(path), 1):
        material = _Reading(path, begin).read(lines)
        found.append(Situation(sign, f"{path.stem}:{number}", about, what == "positive", material))
    return tuple(found)


def _blocks(path: Path) -> Iterator[tuple[int, str, str, list[tuple[int, str, str]]]]:
    """Each situation: its first line, what it is, what it is about, and its entries as line number, head and text."""
    block: tuple[int, str, str, list[tuple[int, str, str]]] | None = None
    gap = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            gap = True
            continue
        if line.startswith("#"):
            continue
        if begin := _BEGIN.match(line):
            if block is not None:
                yield block
            block = number, begin["what"], begin["about"].strip(), []
        elif block is None:
            raise SituationError(f"{path}:{number}: a situation begins with “== positive: …” or “== near-miss: …”")
        elif line[0] in " \t":
            if not block[3]:
                raise SituationError(f"{path}:{number}: an indented line goes on with the text of a line above, and there is none")
            at, head, text = block[3][-1]
            block[3][-1] = at, head, text + ("\n\n" if gap else "\n") + line.strip()
        else:
            head_line = _HEAD.match(line.rstrip())
            if head_line is None:
                raise SituationError(f"{path}:{number}: expected “what …: text”")
            block[3].append((number, head_line["head"].strip(), (head_line["text"] or "").strip()))
        gap = False
    if block is not None:
        yield block


_UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@cache
def index() -> Index:
    """The engine's data, loaded once."""
    return load()


READ: dict[tuple[str, str | None, str], Document] = {}
"""What the engine said of texts: situations share some."""


class _Reading:
    """Reads the lines of one situation."""

    def __init__(self, path: Path, begin: int) -> None:
        self._place = f"{path}:{begin}"
        self._path = path
        self._count: dict[str, int] = {}
        self._fields: dict[str, Any] = {
            "title": "An incident",
            "began": _DEFAULT,
            "contained_at": None,
            "category": None,
            "component": None,
        }
        self._texts: list[Text] = []
        self._points: list[Point] = []
        self._evidence: list[Evidence] = []
        self._tags: dict[str, str] = {}
        self._redactions: list[Redaction] = []
        self._actions: list[tuple[ActionItem, list[ActionEvent]]] = []
        self._promises: list[tuple[Promise, list[Event]]] = []
        self._felt: list[Felt] = []
        self._courses: list[Course] = []
        self._estimates: list[Estimate] = []
        self._latest = _DEFAULT
        self._now: datetime | None = None
        self._said: timedelta | None = None
        self._cite: Callable[[str, str], None] | None = None

    def read(self, lines: list[tuple[int, str, str]]) -> Material:
        for number, head, text in lines:
            self._place = f"{self._path}:{number}"
            words = head.split()
            read: Callable[[list[str], str], None] | None = getattr(self, f"_on_{words[0].replace('-', '_')}", None)
            if read is None and words[0] in POINTS:
                self._point(words, text)
            elif read is None:
                known = ", ".join(LINES)
                raise self._wrong(f"unknown line {words[0]!r}; known are {known}, and the points {', '.join(POINTS)}")
            else:
                read(words[1:], text)
        return self._material()

    def _material(self) -> Material:
        now = self._now or self._latest + timedelta(hours=1)
        own = Course(
            "this", self._fields["title"], self._fields["began"], self._first(), self._fields["category"], self._fields["component"]
        )
        by_time = sorted((own, *self._courses), key=lambda one: one.began)
        return Material(
            incident_id="this", now=now, account=stand("this", self._points, self._evidence), **self._fields,
            texts=tuple(sorted(self._texts, key=lambda one: one.at)), redactions=tuple(self._redactions),
            actions=tuple(standing(item, events, now) for item, events in self._actions),
            promises=tuple(entry_of((promise, tuple(events)), now) for promise, events in self._promises),
            felt=tuple(self._felt), courses=tuple(by_time), estimates=tuple(sorted(self._estimates, key=lambda one: one.made_at)),
        )  # fmt: skip

    def _first(self) -> datetime | None:
        if self._said is not None:
            began: datetime = self._fields["began"]
            return began + self._said
        return min((one.at for one in self._texts if one.kind == "message"), default=None)

    # What a line can be

    def _on_incident(self, words: list[str], text: str) -> None:
        """`incident DATE TIME [CATEGORY[/COMPONENT]] [delay LENGTH]: title`."""
        at, rest = self._at(words)
        self._fields |= {"title": text, "began": at}
        if "delay" in rest:
            place = rest.index("delay")
            self._said = self._length(rest[place + 1 : place + 2])
            rest = rest[:place] + rest[place + 2 :]
        if rest:
            self._fields["category"], self._fields["component"] = _parted(rest.pop(0))
        self._none_left(rest)

    def _on_contained(self, words: list[str], _: str) -> None:
        self._fields["contained_at"], rest = self._at(words)
        self._none_left(rest)

    def _on_now(self, words: list[str], _: str) -> None:
        self._now, rest = self._at(words)
        self._none_left(rest)

    def _on_message(self, words: list[str], text: str) -> None:
        self._text("message", words, text)

    def _on_version(self, words: list[str], text: str) -> None:
        self._text("version", words, text)

    def _on_review(self, words: list[str], text: str) -> None:
        self._text("review", words, text, has_audience=False)

    def _on_trust_review(self, words: list[str], text: str) -> None:
        self._text("trust-review", words, text, has_audience=False)

    def _text(self, kind: str, words: list[str], text: str, *, has_audience: bool = True) -> None:
        """`message DATE TIME AUDIENCE: text`."""
        at, rest = self._at(words)
        audience = self._one_of(rest, "audience", AUDIENCES) if has_audience else None
        self._none_left(rest)
        if not text:
            raise self._wrong("a text without words")
        form = "post-incident-review" if kind == "review" else "auto"
        key = text, audience, f"{form}{at}"
        if key not in READ:
            READ[key] = check(Draft(text, at, form, audience, "UTC"), index())
        self._texts.append(Text(self._id(kind), kind, at, text, READ[key], audience))

    def _point(self, words: list[str], text: str) -> None:
        """`fact [#tag] [DATE TIME] [closed]: text`."""
        part, kind = POINTS[words[0]]
        item, rest = self._id("point"), words[1:]
        if rest and rest[0].startswith("#"):
            self._tags[rest.pop(0)] = item
        answer = None
        if "closed" in rest:
            if part not in CLOSABLE:
                raise self._wrong(f"only {', '.join(CLOSABLE)} can be closed")
            rest.remove("closed")
            answer = "closed"
        at = None
        if rest:
            at, rest = self._at(rest)
        self._none_left(rest)
        recorded = at or self._fields["began"]
        figure = (match[0] if (match := re.search(r"[€$£]?\d[\d.,]*\s?%?", text)) else "1") if kind == "number" else None
        point = Point(item, "this", item, part, text, recorded, "somebody", kind=kind, at=at, answer=answer, value=figure)
        self._points.append(point)
        self._cite = lambda sort, words: self._cites(item, sort, words, recorded)

    def _cites(self, item: str, sort: str, words: str, at: datetime) -> None:
        self._known(sort, "kind of evidence", EVIDENCE_KINDS)
        entry: dict[str, Any] = {"entry_kind": "log", "quote": words, "source": words} if sort in ("entry", "message") else {"text": words}
        new = Evidence(self._id("evidence"), "this", item, sort, "supports", at, "somebody", source=f"person:{words}")
        self._evidence.append(replace(new, **entry))

    def _on_withheld(self, words: list[str], text: str) -> None:
        """`withheld #tag AUDIENCE GROUND: why`."""
        rest = list(words)
        if not rest or rest[0] not in self._tags:
            raise self._wrong(f"which point? give the #tag of a point above, one of {', '.join(self._tags) or 'none yet'}")
        item = self._tags[rest.pop(0)]
        audience, ground = self._one_of(rest, "audience", AUDIENCES), self._one_of(rest, "ground", GROUNDS)
        self._redactions.append(Redaction(self._id("redaction"), "this", item, audience, ground, text, self._fields["began"], "somebody"))

    def _on_action(self, words: list[str], text: str) -> None:
        """`action KIND STATE DATE [due DATE]: title`; the date is when it came into that state."""
        rest = list(words)
        kind, state = self._one_of(rest, "kind of action", ACTION_KINDS), self._one_of(rest, "state", ACTION_STATES)
        at, rest = self._at(rest)
        due = at if state in ("done", "verified", "no-help") else at + timedelta(days=30)
        if rest and rest[0] == "due":
            due, rest = self._at(rest[1:])
        self._none_left(rest)
        name = self._id("action")
        item = ActionItem(name, "this", text, kind, min(at, self._fields["began"]), "somebody")
        events: list[ActionEvent] = []
        self._actions.append((item, events))
        if state in ("accepted", "done", "verified", "no-help"):
            early = min(at, due) - timedelta(days=1) if state != "accepted" else at
            events.append(ActionEvent(f"{name}-1", name, "accepted", early, early, "somebody", person="somebody", due=due, text="it shows"))
        if state in ("done", "verified", "no-help"):
            done = at if state == "done" else at - timedelta(hours=1)
            events.append(ActionEvent(f"{name}-2", name, "done", done, done, "somebody"))
        if state in ("verified", "no-help"):
            shown: dict[str, Any] = {"evidence_kind": "measure", "evidence": "measured"}
            events.append(ActionEvent(f"{name}-3", name, state, at, at, "somebody", **shown))
        if state == "dropped":
            events.append(ActionEvent(f"{name}-4", name, "dropped", at, at, "somebody", text="dropped"))

        def shows(sort: str, words: str) -> None:
            self._known(sort, "kind of evidence", ACTION_EVIDENCE)
            if not events or state not in ("done", "verified", "no-help"):
                raise self._wrong("only what is done, verified or no-help can be shown")
            events[-1] = replace(events[-1], evidence_kind=sort, evidence=words)

        self._cite = shows

    def _on_shows(self, words: list[str], text: str) -> None:
        """`shows KIND: words`, of the point or the action above it."""
        if self._cite is None or len(words) != 1:
            raise self._wrong("“shows KIND: words” stands under the point or the action that it shows")
        self._cite(words[0], text)

    def _on_promise(self, words: list[str], text: str) -> None:
        """`promise DATE TIME AUDIENCE [due DATE TIME] FATE [DATE TIME]: words`."""
        at, rest = self._at(words)
        audience = self._one_of(rest, "audience", AUDIENCES)
        due = None
        if rest and rest[0] == "due":
            due, rest = self._at(rest[1:])
        fate = self._one_of(rest, "what became of it", FATES)
        when = None
        if rest:
            when, rest = self._at(rest)
        self._none_left(rest)
        name = self._id("promise")
        promise = Promise(
            name, text, "other", "firm" if due else "vague", due, "minute" if due else None, "x", "x", at, at, audience=audience
        )
        events = []
        if fate in ("kept", "late"):
            settled = when or (due if due is not None and fate == "kept" else at + timedelta(days=1))
            events.append(Event(f"{name}-1", name, "kept", settled, settled, "x"))
        elif fate in ("moved", "withdrawn"):
            settled = when or at + timedelta(minutes=1)
            events.append(Event(f"{name}-1", name, fate, settled, settled, "x"))
        self._promises.append((promise, events))

    def _on_pulse(self, words: list[str], text: str) -> None:
        """`pulse WAVE GROUP n=N: ITEM=FAVOURABLE …`; a group that is too small to be shown says `hidden` and has no answers."""
        rest = list(words)
        wave, group = self._one_of(rest, "wave", WAVES), self._one_of(rest, "group", GROUPS)
        if rest == ["hidden"]:
            return
        size = re.fullmatch(r"n=(\d+)", rest.pop(0) if rest else "")
        self._none_left(rest)
        if size is None:
            raise self._wrong("how many answered? “n=8”, or “hidden” where the group is too small to be shown")
        n = int(size[1])
        if n < 5:
            return
        for one in text.split():
            answer = re.fullmatch(r"(\d+)=(\d+)", one)
            if answer is None or not 1 <= int(answer[1]) <= 12 or int(answer[2]) > n:
                raise self._wrong(f"{one!r}: expected ITEM=FAVOURABLE, item 1 to 12, at most {n} favourable")
            self._felt.append(Felt(f"wave-{wave}", wave, group, int(answer[1]), n, int(answer[2])))

    def _on_other(self, words: list[str], text: str) -> None:
        """`other DATE TIME CATEGORY[/COMPONENT] delay LENGTH|none: title`: another incident, and how long until a person spoke."""
        at, rest = self._at(words)
        if len(rest) != 3 or rest[1] != "delay":
            raise self._wrong("expected “other DATE TIME CATEGORY[/COMPONENT] delay LENGTH: title”, the length as 35m, 2h, or none")
        category, component = _parted(rest[0])
        said = None if rest[2] == "none" else at + self._length(rest[2:])
        self._courses.append(Course(self._id("incident"), text, at, said, category, component))

    def _on_estimate(self, words: list[str], text: str) -> None:
        """`estimate DATE CATEGORY[/COMPONENT] promised LENGTH took LENGTH|open: words`."""
        at, rest = self._at(words)
        if len(rest) != 5 or rest[1] != "promised" or rest[3] != "took":
            raise self._wrong("expected “estimate DATE CATEGORY[/COMPONENT] promised 5d took 2d: words”, or “took open”")
        category, component = _parted(rest[0])
        due = at + self._length(rest[2:3])
        done = None if rest[4] == "open" else at + self._length(rest[4:])
        self._estimates.append(Estimate(self._id("promise"), text, at, due, done, category, component))

    # Words of a head

    def _at(self, words: list[str]) -> tuple[datetime, list[str]]:
        """The day and time at the beginning of a head, and the rest; without a time it is noon."""
        rest = list(words)
        day = re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)", rest[0]) if rest else None
        if day is None:
            raise self._wrong(f"expected a day such as 03-04 or 2026-03-04, not {' '.join(words) or 'nothing'!r}")
        rest.pop(0)
        hours = minutes = 0
        if rest and (clock := re.fullmatch(r"(\d\d?):(\d\d)", rest[0])):
            rest.pop(0)
            hours, minutes = int(clock[1]), int(clock[2])
        else:
            hours = 12
        try:
            at = datetime(int(day[1] or 2026), int(day[2]), int(day[3]), hours, minutes, tzinfo=UTC)
        except ValueError as error:
            raise self._wrong(str(error)) from error
        self._latest = max(self._latest, at)
        return at, rest

    def _length(self, words: list[str]) -> timedelta:
        found = _LENGTH.fullmatch(words[0]) if words else None
        if found is None:
            raise self._wrong(f"expected a length such as 35m, 2h, 3d or 1w, not {' '.join(words)!r}")
        return timedelta(**{_UNITS[found[2]]: float(found[1])})

    def _one_of(self, rest: list[str], what: str, known: tuple[str, ...]) -> str:
        word = rest.pop(0) if rest else ""
        self._known(word, what, known)
        return word

    def _known(self, word: str, what: str, known: tuple[str, ...]) -> None:
        if word not in known:
            raise self._wrong(f"{word!r} is no {what}; known are {', '.join(known)}")

    def _none_left(self, rest: list[str]) -> None:
        if rest:
            raise self._wrong(f"{' '.join(rest)!r} is not understood here")

    def _id(self, sort: str) -> str:
        self._count[sort] = self._count.get(sort, 0) + 1
        return f"{sort}-{self._count[sort]}"

    def _wrong(self, message: str) -> SituationError:
        return SituationError(f"{self._place}: {message}")


def _parted(words: str) -> tuple[str | None, str | None]:
    category, _, component = words.partition("/")
    return category or None, component or None


def main() -> int:
    """Say for each file what it holds, or what is wrong with it."""
    failed = False
    for name in sys.argv[1:]:
        try:
            found = situations(Path(name))
        except SituationError as error:
            failed = True
            sys.stderr.write(f"{error}\n")
        else:
            positive = sum(one.positive for one in found)
            sys.stdout.write(f"{name}: {positive} positive, {len(found) - positive} near-misses\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
