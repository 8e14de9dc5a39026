"""Takes out of texts what rules find, and puts marks there that tell kinds, and same values from others."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from amends.core.errors import UnknownNameError
from amends.timeline.redaction import assigned, blocks, headers, numbers, tokens
from amends.timeline.redaction.found import MARK, Found
from amends.timeline.redaction.personal import People, personal_rules
from amends.timeline.redaction.sieve import sieve_of

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Iterable, Iterator, Sequence

    from amends.timeline.redaction.found import Rule

LEVELS = ("secrets", "personal", "none")
"""What is taken out: secrets; secrets and personal data; nothing."""

OWN = (*blocks.RULES, *tokens.RULES, *headers.RULES, *assigned.RULES, *numbers.RULES)
"""Our rules for secrets. Of two that find the same, the first names its kind."""

NUMBERED = 100_000
"""Values that get a number of their own; the marks of later ones have none, so that memory stays bounded."""

_PASSES = 8  # taking something out can lay bare what stood beside it; two are nearly always enough
_ROWS = 4096
_PSEUDONYM = re.compile(r"person(?: \d+)?")


class Redactor:
    """Takes secrets, and at the level `personal` personal data, out of texts. Not meant for several threads at once.

    `more` are rules beside our own. `people` are names that are taken out of texts at the level `personal`; `person` learns further ones.
    """

    def __init__(self, level: str = "secrets", more: Iterable[Rule] = (), people: Iterable[str] = ()) -> None:
        if level not in LEVELS:
            raise UnknownNameError("level of redaction", level, LEVELS)
        self.level = level
        self.counts: Counter[str] = Counter()
        """How many marks were made, by kind."""
        self._people = People()
        self._labels: dict[bytes, str] = {}
        self._numbers: Counter[str] = Counter()
        self._in_key = 0
        rules = (*OWN, *more, *(personal_rules(self._people) if level == "personal" else ()))
        self._rules = rules
        self._by_name = len(rules) - 1  # people come last
        self._sieve = sieve_of(tuple(rule.signs for rule in rules))
        for name in people:
            self.person(name)

    def __call__(self, text: str) -> str:
        """The text with marks in it; the text itself where there is nothing to take out. For more than a few, `many` is much faster."""
        return self.many((text,))[0]

    def many(self, texts: Sequence[str]) -> list[str]:
        """Each text with marks in it, in order."""
        done = list(texts)
        if self.level == "none":
            return done
        changed: Sequence[int] = range(len(done))
        for again in range(_PASSES):
            changed = self._pass(done, changed, again)
            if not changed:
                break
        return done

    def rows(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Rows of a timeline with `text` and `because` redacted, and `actor` a pseudonym at the level `personal`; all else is untouched."""
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _ROWS:
                yield from self._rows(batch)
                batch = []
        yield from self._rows(batch)

    def person(self, name: str) -> str:
        """The pseudonym of an actor under `personal`, such as `person 3`, the same for the same name; else, and of a bot, the name."""
        if self.level != "personal" or name.endswith("[bot]") or _PSEUDONYM.fullmatch(name):
            return name
        key = self._people.learn(name)
        return self._label("person", key) if key else name

    def _rows(self, batch: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        actors = [self.person(row["actor"]) if row.get("actor") else row.get("actor") for row in batch]
        texts = self.many([row["text"] for row in batch])
        reasons = [row.get("because") or [] for row in batch]
        said = iter(self.many([one for some in reasons for one in some]))
        for row, text, actor, some in zip(batch, texts, actors, reasons, strict=True):
            changed = {**row, "text": text}
            if "actor" in row:
                changed["actor"] = actor
            if "because" in row:
                changed["because"] = [next(said) for _ in some]
            yield changed

    def _asked(self, texts: Sequence[str]) -> defaultdict[int, set[int]]:
        """The rules that are to be asked of texts, by their numbers; names of people are no signs, since they are learnt on the way."""
        asked = self._sieve.candidates(texts)
        if self._people.seen:
            for number in range(len(texts)):
                asked[number].add(self._by_name)
        return asked

    def _pass(self, texts: list[str], numbers: Sequence[int], again: int) -> list[int]:
        """Asks the rules once of some of the texts; the numbers of those that are changed by that."""
        asked = self._asked([texts[number] for number in numbers])
        changed = []
        for place, number in enumerate(numbers):
            if place in asked or (self._in_key and not again):
                text = texts[number] if again else self._without_line_of_key(texts[number])
                found = self._found(text, asked.get(place, ()))
                text = self._marked(text, found) if found else text
                if text is not texts[number]:
                    texts[number] = text
                    changed.append(number)
        return changed

    def _without_line_of_key(self, text: str) -> str:
        """The text, without the line of a private key that goes on from text to text."""
        line = blocks.line_of_key(text) if self._in_key else None
        self._in_key = blocks.lines_to_come(text, self._in_key)
        return self._marked(text, [Found(*line, "private key")]) if line else text

    def _found(self, text: str, rules: Iterable[int]) -> list[Found]:
        """What the rules find outside of marks, in order and without overlaps: the longer first, then the rule that stands first."""
        all_found = [(one.start, -one.end, number, one) for number in rules for one in self._rules[number].find(text)]
        if not all_found:
            return []
        marks = [match.span() for match in MARK.finditer(text)]
        chosen: list[Found] = []
        for _, _, _, one in sorted(all_found, key=lambda found: found[:3]):
            if chosen and one.start < chosen[-1].end:
                if one.end > chosen[-1].end:
                    chosen[-1] = chosen[-1]._replace(end=one.end, value="")
            else:
                chosen.append(one)
        return [part for one in chosen for part in _outside(text, one, marks)]

    def _marked(self, text: str, found: list[Found]) -> str:
        """The text with marks in place of what was found."""
        parts, behind = [], 0
        for one in found:
            self.counts[one.kind] += 1
            parts += [text[behind : one.start], f"[redacted: {self._label(one.kind, one.value or text[one.start : one.end])}]"]
            behind = one.end
        return "".join([*parts, text[behind:]])

    def _label(self, kind: str, value: str) -> str:
        """The kind and the number of a value; only a hash of the value is kept, and never shown."""
        key = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        label = self._labels.get(key)
        if label is None:
            if len(self._labels) >= NUMBERED:
                return kind
            self._numbers[kind] += 1
            label = self._labels[key] = f"{kind} {self._numbers[kind]}"
        return label


def _outside(text: str, found: Found, marks: list[tuple[int, int]]) -> Iterator[Found]:
    """The parts of something found that are no marks, and have letters or digits."""
    at = found.start
    touching = marks[bisect_right(marks, found.start, key=itemgetter(1)) : bisect_left(marks, found.end, key=itemgetter(0))]
    if not touching and found.end > found.start:
        yield found
    for start, end in [*touching, (found.end, found.end)] if touching else ():
        if any(one.isalnum() for one in text[at:start]):
            yield Found(at, start, found.kind)
        at = max(at, end)
