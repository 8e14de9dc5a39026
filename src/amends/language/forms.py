"""Forms: what a kind of message must hold, in which order, how long it may be, and how it is recognised. One data file each."""

from __future__ import annotations

from amends.core.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.language.features import Reading

ANY = "any"
"""The form of a text that looks like none of the others: only its flaws are judged."""
ENOUGH = 1.5
"""With less evidence than this for any form, a text is no form."""
_BOXES = ("[x]", "[X]", "[ ]", "☑", "☐", "✅")
_TIMELINE = 4
_HEADINGS = 3
_SHORT = 150
"""In a longer text, how often a word occurs says nothing."""
_OFTEN = 2
_VERY_SHORT = 14
"""Said in the first minute, a message is hardly longer: "it broke, sorry"."""
_BROKEN = frozenset("broke broken down dead crashed failing deleted dropped wiped 500s offline".split())
_SORRY = frozenset("sorry oops whoops i i've my me fixing reverting restoring investigating".split())
_I = frozenset("i i'm i've i'd i'll my mine me".split())
_YOU = frozenset("you you're you've you'd you'll your yours".split())


@record
class FormMove:
    """A move that a form speaks of.

    `need` is the severity of its absence ("error", "warning", "note") or "optional". With a `condition` the move is only
    there when the condition holds: "next-update" (a commitment that names the time of the next update) or "timed".
    `question` is what the reader will ask, `stub` a sentence with [gaps] to fill in, `prompt` what to write in a template.
    `counts` is a regular expression for sentences that make the move in this form where no sentence makes it by its words alone
    ("Risk: …" is what an executive status calls a constraint); `empty` one for sentences that only name it ("Impact: pending").
    """

    move: str
    need: str
    question: str
    stub: str
    prompt: str
    condition: str | None = None
    counts: str | None = None
    empty: str | None = None


@record
class Form:
    """One form as it stands in its file.

    `moves` are in the order in which a reader wants them; `ordered` is the severity of another order, or "off".
    `limits` are (what is counted, most allowed, severity beyond it); `off` are rules that do not apply to it;
    `severities` change the severity of rules for it; `template` is the text that `amends forms new` starts from.
    """

    id: str
    title: str
    purpose: str
    source: str
    audience: str
    moves: tuple[FormMove, ...]
    ordered: str = "off"
    limits: tuple[tuple[str, int, str], ...] = ()
    off: tuple[str, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    template: str = ""
    person: str = "i"
    path: str | None = None

    def move(self, name: str) -> FormMove | None:
        """What the form says about a move, if anything."""
        return next((one for one in self.moves if one.move == name), None)


def recognise(
    names: Sequence[str], reading: Reading, signs: Sequence[tuple[int, float]], labels: Mapping[str, Iterable[tuple[int, float]]]
) -> int:
    """The place in `names` of the form that a text looks most like; the form `ANY` where nothing speaks for one of them.

    `signs` are (form, weight) for each group of phrases that speaks for a form, `labels` the same by label.
    """
    scores = [0.0] * len(names)
    for sign in reading.form_cues:
        form, weight = signs[sign]
        scores[form] += weight
    seen = _shapes(reading)
    for shape in seen:
        for form, weight in labels.get(shape, ()):
            scores[form] += weight
    for sentence in reading.text.sentences:
        if sentence.label is not None and sentence.label not in seen:
            seen.add(sentence.label)
            for form, weight in labels.get(sentence.label, ()):
                scores[form] += weight
    best = max(range(len(names)), key=lambda number: (scores[number], -number))
    if scores[best] >= ENOUGH:
        return best
    return list(names).index(ANY)


def _shapes(reading: Reading) -> set[str]:
    """What a text looks like beyond its phrases, named like labels.

    (boxes), (timeline), (headings), (greeting), (terse), (i), (you), (clock).
    """
    text = reading.text
    shapes: set[str] = set()
    if any(map(text.raw.__contains__, _BOXES)):
        shapes.add("(boxes)")
    timed = sum(_timed(text.words[one.first : one.first + 3]) for one in text.sentences if one.kind != "label")
    kinds = [one.kind for one in text.sentences]
    if timed >= _TIMELINE:
        shapes.add("(timeline)")
    if kinds.count("heading") >= _HEADINGS:
        shapes.add("(headings)")
    if kinds[:1] == ["greeting"]:
        shapes.add("(greeting)")
    if len(text.words) <= _SHORT:
        shapes |= _people(text.words)
    if len(text.words) <= _VERY_SHORT and not _BROKEN.isdisjoint(text.words) and not _SORRY.isdisjoint(text.words):
        shapes.add("(terse)")
    return shapes


def _people(words: Sequence[str]) -> set[str]:
    """Who speaks to whom in a short text, and whether a clock time is named."""
    shapes: set[str] = set()
    if sum(map(_I.__contains__, words)) >= _OFTEN:
        shapes.add("(i)")
    if sum(map(_YOU.__contains__, words)) >= _OFTEN + 1:
        shapes.add("(you)")
    if _timed(words):
        shapes.add("(clock)")
    return shapes


def _timed(words: Sequence[str]) -> bool:
    """Whether a line opens with a clock time, perhaps behind a date: `14:02`, `Fri 09:00`, `4 Nov 18:10`."""
    return any(word[0].isdigit() for word in words if ":" in word)
