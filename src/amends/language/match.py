"""Finds thousands of phrases in one walk over the words of a text.

A phrase is written in a small language of words (see `compile_phrases`), compiled when the package is built into a table
of steps: node → next node by word, or by word class. From each word the walk follows the table as far as it leads.
Measured against regular expressions, one automaton and a regex set in docs/decisions/0005.
"""

from __future__ import annotations

import marshal
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    Node = tuple[dict[int | None, int] | None, tuple[tuple[int, int], ...] | None, tuple[int, ...] | None]
    """Next nodes by word, next nodes by class, and the phrases that end here; words and classes by their place in a list."""
    Packed = tuple[str, list[int], bytes, bytes]
    """All words that phrases name, all class masks, the nodes one behind another, and where each begins (four bytes each)."""

SHAPES = ("any", "num", "clock", "ed", "ing", "ly", "cap", "caps", "code", "link", "quote", "mention", "symbol", "word")
"""Classes that follow from how a word looks; they take the lowest bits, lexicon classes the bits above."""
_BIT = {name: 1 << place for place, name in enumerate(SHAPES)}
_STAND_IN_BITS = {"\ue000": _BIT["code"], "\ue001": _BIT["link"], "\ue002": _BIT["quote"], "\ue003": _BIT["mention"]}
_BETWEEN = r"\|(?![^<>]*>)"
"""The bar between alternatives, not the one inside a class."""
_MEMO_LIMIT = 50_000
_STEPS_LIMIT = 200_000
"""So many remembered steps take some 30 MB; a text that needs more begins anew."""
MAGIC = f"amends-index-5-{sys.byteorder}\n".encode()
"""The mark of an index that holds tables of this make; one with another mark is compiled anew from the files beside it."""
MARSHAL_VERSION = 2
"""Read by every Python 3, and without references to shared objects, so that the same data gives the same bytes."""
_EXPANSIONS = 4_000
"""More variants than this in one phrase is a mistake in the phrase, not a richer phrase."""


def shape(word: str) -> int:
    """The shape bits of one word as it was written."""
    bits = _BIT["any"]
    first = word[0]
    if first.isdigit():
        return bits | _BIT["num"] | (_BIT["clock"] if is_clock(word.lower()) else 0)
    if first in _STAND_IN_BITS:
        return bits | _STAND_IN_BITS[first]
    if not first.isalpha():
        return bits | _BIT["symbol"]
    bits |= _BIT["word"]
    if first.isupper():
        bits |= _BIT["cap"] | (_BIT["caps"] if word.isupper() and len(word) > 1 else 0)
    small = word.lower()
    for ending in ("ed", "ing", "ly"):
        if small.endswith(ending) and len(small) > len(ending) + 2:
            bits |= _BIT[ending]
    return bits


def is_clock(word: str) -> bool:
    """Whether a word that begins with a digit is a time of day: 14:30, 9.15am, 7h, 23:59z."""
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = word[len(digits) :]
    hours, mark, minutes = digits.partition(":" if ":" in digits else ".")
    if not (hours.isdecimal() and len(hours) <= 2 and int(hours) <= 24):
        return False
    if not mark:
        return unit in ("am", "pm", "h") and int(hours) <= (24 if unit == "h" else 12)
    return minutes.isdecimal() and len(minutes) == 2 and minutes < "60" and unit in ("", "am", "pm", "h", "z", "utc")


class Lexicon:
    """Which classes a word belongs to, as bits: its looks and the word lists it stands in.

    `lists` are the words of all classes in one text, for each the place of its bits (two bytes each), and those bits.
    """

    __slots__ = ("_lists", "_memo", "_names", "bit")

    def __init__(self, names: Sequence[str], lists: tuple[str, bytes, Sequence[int]]) -> None:
        words, places, masks = lists
        self._names = (*SHAPES, *names)
        self.bit = {name: 1 << place for place, name in enumerate(self._names)}
        self._lists = dict(zip(words.split(), map(masks.__getitem__, memoryview(places).cast("H")), strict=True))
        self._memo = Memo(lambda word: shape(word) | self._lists.get(word.lower(), 0))

    def bits(self, written: Sequence[str]) -> list[int]:
        """The class bits of words as they were written."""
        return list(map(self._memo.__getitem__, written))

    def list_bits(self, word: str) -> int:
        """The bits of the word lists that a lower-case word stands in."""
        return self._lists.get(word, 0)

    def names(self, bits: int) -> list[str]:
        """The names of the classes of some bits, in the order of the bits."""
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self._names[lowest.bit_length() - 1])
            bits ^= lowest
        return found

    def bits_of(self, word: str) -> int:
        """The class bits of one word as it was written; never 0, since every word is <any>."""
        bits: int = self._memo[word]
        return bits


class Memo(dict):  # type: ignore[type-arg]  # generic in both, and importing TypeVar would cost start-up time
    """What was worked out for the keys met so far; asked for a new one, it works it out."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        found = self[key] = self._make(key)
        return found


class _State(dict[str, "_State"]):
    """Where several phrases may be at once: the nodes, the phrases that end there, and what each word led to so far.

    Itself the table of those words, which asks once for a word that is new: so the walk is one look-up per word.
    """

    __slots__ = ("_table", "closed", "ends", "nodes")

    def __init__(self, table: PhraseTable | None, nodes: tuple[int, ...], ends: tuple[int, ...], closed: tuple[int, ...]) -> None:
        super().__init__()
        self._table = table
        self.nodes = nodes
        self.ends = ends
        self.closed = closed

    def __missing__(self, word: str) -> _State:
        return self._table.step(self, word) if self._table is not None else self


_NOWHERE = _State(None, (), (), ())


class PhraseTable:
    """The compiled phrases. `scan` returns hits as (phrase number, first word, past the last word).

    The table is not deterministic (a word may be a word of one phrase and a class of another); its deterministic form is
    made while reading, state by state, and remembered, so that a word costs one look-up (as in RE2, Cox 2007). Nodes
    come packed and are unpacked when a text first leads to them: a message visits some hundred of many thousand.
    """

    __slots__ = ("_anywhere", "_at_start", "_begins", "_lexicon", "_made", "_masks", "_packed", "_places", "_states", "_unpacked")

    def __init__(self, packed: Packed, lexicon: Lexicon) -> None:
        words, self._masks, self._packed, begins = packed
        self._begins = memoryview(begins).cast("I")
        self._places = {word: place for place, word in enumerate(words.split())}
        self._lexicon = lexicon
        self._unpacked: dict[int, Node] = {}
        self._forget()

    def _forget(self) -> None:
        """Begin anew: what is remembered must stay small, whatever is read."""
        self._states: dict[tuple[int, ...], _State] = {}
        self._made = 0
        self._anywhere = self._state((0,))
        self._at_start = self._state((0, 1))

    def scan(self, written: Sequence[str], first: int, last: int, hits: list[tuple[int, int, int]]) -> None:
        """Append every phrase found among words [first, last) of one sentence, in order of its first word."""
        if self._made > _STEPS_LIMIT:
            self._forget()
        nowhere, found = _NOWHERE, hits.append  # looked up once: this loop is run for every word
        begin = self._at_start
        for begun in range(first, last):
            state = begin
            at = begun
            while at < last:
                state = state[written[at]]
                if state is nowhere:
                    break
                at += 1
                if state.ends:
                    for phrase in state.ends:
                        found((phrase, begun, at))
            else:
                if state.closed:
                    hits += [(phrase, begun, last) for phrase in state.closed]
            begin = self._anywhere

    def step(self, state: _State, word: str) -> _State:
        """Where a word leads from a state; remembered."""
        place = self._places.get(word.lower())
        bits = self._lexicon.bits_of(word)
        masks = self._masks
        reached: set[int] = set()
        for number in state.nodes:
            by_word, by_class, _ = self._unpacked.get(number) or self._unpack(number)
            if by_word and place in by_word:
                reached.add(by_word[place])
            if by_class:
                reached.update(target for mask, target in by_class if bits & masks[mask])
        found = state[word] = self._state(tuple(sorted(reached))) if reached else _NOWHERE
        self._made += 1
        return found

    def _state(self, nodes: tuple[int, ...]) -> _State:
        found = self._states.get(nodes)
        if found is None:
            ends = [phrase for number in nodes for phrase in (self._unpacked.get(number) or self._unpack(number))[2] or ()]
            always = tuple(sorted({phrase for phrase in ends if phrase >= 0}))
            found = self._states[nodes] = _State(self, nodes, always, tuple(sorted({~phrase for phrase in ends if phrase < 0})))
        return found

    def _unpack(self, number: int) -> Node:
        node: Node = marshal.loads(self._packed[self._begins[number] : self._begins[number + 1]])  # noqa: S302 - the package's own index, built with it
        self._unpacked[number] = node
        return node


class PhraseError(ValueError):
    """A phrase that cannot be read: names the phrase and what is wrong with it."""


def compile_phrases(phrases: Iterable[tuple[str, int]], bit: dict[str, int]) -> Packed:
    """Compile (phrase, number) pairs into what a `PhraseTable` is made of.

    The language: words separated by spaces; `a|b` either word; `a_b` two words in one alternative; a trailing `?`
    makes an element optional; `<class>` any word of a class, `<a|b>` of either; `*` any one word, `*3` up to three;
    `^` first in the sentence, `$` last.

    Raises:
        PhraseError: an unknown class, an empty phrase, or more variants than anybody meant.
    """
    nodes = [_Growing(), _Growing()]
    for phrase, number in phrases:
        anchored, closed, variants = _expand(phrase, bit)
        for variant in variants:
            node = nodes[1 if anchored else 0]
            for step in variant:
                node = nodes[_follow(nodes, node, step)]
            mark = ~number if closed else number
            if mark not in node.ends:
                node.ends.append(mark)
    return _packed(_merged(nodes))


def _merged(nodes: list[_Growing]) -> list[_Growing]:
    """The tree of phrases with equal ends shared: `a|b c|d` takes three nodes instead of seven.

    A node is always made after the one that leads to it, so going backwards every target is known before its sources.
    """
    place: dict[int, int] = {}
    seen: dict[tuple[object, ...], int] = {}
    kept: list[int] = []
    for number in range(len(nodes) - 1, -1, -1):
        node = nodes[number]
        node.words = {word: place[target] for word, target in node.words.items()}
        node.classes = {mask: place[target] for mask, target in node.classes.items()}
        same = (frozenset(node.words.items()), frozenset(node.classes.items()), frozenset(node.ends)) if number > 1 else (number,)
        if same not in seen:
            seen[same] = number
            kept.append(number)
        place[number] = seen[same]
    kept.reverse()
    moved = {number: at for at, number in enumerate(kept)}
    for number in kept:
        node = nodes[number]
        node.words = {word: moved[target] for word, target in node.words.items()}
        node.classes = {mask: moved[target] for mask, target in node.classes.items()}
    return [nodes[number] for number in kept]


def _packed(nodes: list[_Growing]) -> Packed:
    """Nodes as bytes, each on its own, with words and masks as places in two lists, so that neither is written twice."""
    from array import array  # only when the package is built

    words = sorted({word for node in nodes for word in node.words})
    masks = sorted({mask for node in nodes for mask in node.classes})
    word_at = {word: at for at, word in enumerate(words)}
    mask_at = {mask: at for at, mask in enumerate(masks)}
    packed = []
    begins = [0]
    for node in nodes:
        by_word = {word_at[word]: target for word, target in sorted(node.words.items())}
        by_class = tuple((mask_at[mask], target) for mask, target in sorted(node.classes.items()))
        packed.append(marshal.dumps((by_word or None, by_class or None, tuple(node.ends) or None), MARSHAL_VERSION))
        begins.append(begins[-1] + len(packed[-1]))
    return " ".join(words), masks, b"".join(packed), array("I", begins).tobytes()


class _Growing:
    """A node while the table is being built."""

    __slots__ = ("classes", "ends", "words")

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.classes: dict[int, int] = {}
        self.ends: list[int] = []


def _follow(nodes: list[_Growing], node: _Growing, step: str | int) -> int:
    """The number of the node after a step, made when it is not there yet."""
    found = node.words.get(step) if isinstance(step, str) else node.classes.get(step)
    if found is not None:
        return found
    nodes.append(_Growing())
    if isinstance(step, str):
        node.words[step] = len(nodes) - 1
    else:
        node.classes[step] = len(nodes) - 1
    return len(nodes) - 1


def _expand(phrase: str, bit: dict[str, int]) -> tuple[bool, bool, list[tuple[str | int, ...]]]:
    """A phrase as (anchored at the start, closed at the end, every sequence of steps that it stands for)."""
    parts = phrase.split()
    anchored = bool(parts) and parts[0] == "^"
    closed = bool(parts) and parts[-1] == "$"
    parts = parts[anchored : len(parts) - closed]
    if not parts:
        raise PhraseError(f"the phrase {phrase!r} has no words")
    variants: list[tuple[str | int, ...]] = [()]
    for part in parts:
        choices = _choices(part, phrase, bit)
        variants = [begun + choice for begun in variants for choice in choices]
        if len(variants) > _EXPANSIONS:
            raise PhraseError(f"the phrase {phrase!r} stands for more than {_EXPANSIONS} variants; split it or use a class")
    return anchored, closed, [variant for variant in dict.fromkeys(variants) if variant]


def _choices(part: str, phrase: str, bit: dict[str, int]) -> list[tuple[str | int, ...]]:
    """What one element of a phrase may be: a list of short step sequences."""
    optional = len(part) > 1 and part.endswith("?")
    body = part[:-1] if optional else part
    choices: list[tuple[str | int, ...]]
    if body.startswith("*") and (body == "*" or body[1:].isdigit()):
        longest = int(body[1:] or 1)
        choices = [(_BIT["any"],) * count for count in range(0 if body != "*" else 1, longest + 1)]
    else:
        choices = []
        for alternative in re.split(_BETWEEN, body):
            words = alternative.lower().split("_")
            if "" in words:
                raise PhraseError(f"the phrase {phrase!r} has an empty word in {part!r}")
            choices.append(tuple(_mask(word[1:-1], phrase, bit) if word[0] == "<" and word[-1] == ">" else word for word in words))
    return [(), *choices] if optional else choices


def _mask(names: str, phrase: str, bit: dict[str, int]) -> int:
    mask = 0
    for name in names.split("|"):
        if name not in bit:
            raise PhraseError(f"the phrase {phrase!r} names the class <{name}>, which no lexicon defines")
        mask |= bit[name]
    return mask
