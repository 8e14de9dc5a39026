"""Who does what a verb says: the speaker, somebody else, the reader, a thing, or nobody named."""

from __future__ import annotations

import re

from amends.language.commitments.words import ACTIONS, OTHERS, OWN_ROLES, PARTNERS, PLANS, PRONOUNS
from amends.language.mask import STAND_INS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.commitments.clauses import Clause
    from amends.language.commitments.cues import Cues
    from amends.language.commitments.sentences import Reading
    from amends.language.times.lexer import Words

_NAMED = r"(?P<name>[A-Z][\w’'-]*(?: (?:and )?[A-Z][\w’'-]*){0,2}?)(?:'ll|’ll| will| has| is| are| can| plans?) "
_NO_PEOPLE = frozenset("They He She It We I You The This That These Those Our Their His Her Next Somebody Someone Everybody".split())
_NO_NAMES = frozenset("is are am was has and then also so but still now hopefully accordingly finally".split())
_REPORTED = frozenset({"said", "says", "say", "confirmed", "promised", "announced"})
_THEIRS = frozenset({"their", "his", "her"})
_WHO = {"i": "speaker", "we": "speaker", "you": "you", "your": "you", **dict.fromkeys(OTHERS, "other")}


def named(quote: str) -> str | None:
    """The name at the head of somebody else's promise ("Dana will call the shops"), None where it names nobody."""
    found = re.match(_NAMED, quote)  # not compiled before: no check asks for it
    return found["name"] if found and found["name"].split()[0] not in _NO_PEOPLE else None


def who(pronoun: str) -> str:
    """Whom a pronoun means: speaker, you, other or thing; contractions count as their pronoun."""
    return _WHO.get(pronoun.partition("'")[0], "thing")


def subject(reading: Reading, clause: Clause, cues: Cues, i: int) -> str:
    """The subject of the verb at `i`: speaker, other, you, thing, or empty where none is named."""
    if "'" in reading.w.words[i]:
        return who(reading.w.words[i])
    earlier = max((j + 1 for j, _ in cues.heads if j < i), default=clause.main)
    return _nearest(reading, earlier, i) or (_nearest(reading, clause.main, earlier - 1) if earlier > clause.main else "")


def _nearest(reading: Reading, first: int, i: int) -> str:
    """The subject between `first` and the verb at `i`: the nearest pronoun, or else the noun."""
    w = reading.w
    for j in range(i - 1, first - 1, -1):
        word = w.words[j]
        if word in PRONOUNS:
            return _whom(w, j, i)
        if word in (",", ":") or (word in ("and", "or") and i - j > 1):
            break
    first = max([j + 1 for j in range(first, i) if w.words[j] in ("and", ",", "but")], default=first)
    places = [j for j in range(first, i) if j not in reading.taken and _names(w.words[j])]
    return _noun(w, places, i) if places else ""


def _whom(w: Words, j: int, i: int) -> str:
    """Whom the pronoun at `j`, the nearest before the verb at `i`, means: "someone from our desk" speaks for us, "it" may be told of."""
    word = w.words[j]
    if word in ("someone", "somebody") and not {"our", "my"}.isdisjoint(w.words[j + 1 : i]):
        return "speaker"
    return "other" if word in ("it", "it'll") and w.at(j - 1) in _REPORTED else who(word)


def _names(word: str) -> bool:
    """Whether a word can stand for somebody or something; masked code and links can."""
    return (word[0].isalpha() and word not in _NO_NAMES) or word[0] in STAND_INS


def _noun(w: Words, places: list[int], i: int) -> str:
    """Whom a noun means: our own people, somebody else, or a thing."""
    known = {w.words[j] for j in places}
    if not PARTNERS.isdisjoint(known) or not _THEIRS.isdisjoint(known):
        return "other"
    if not OWN_ROLES.isdisjoint(known):
        return "speaker"
    if not OTHERS.isdisjoint(known) or (len(places) == 1 and _is_name(w, places[0], i)):
        return "other"
    return "thing"


def _is_name(w: Words, j: int, i: int) -> bool:
    """Whether a single capitalised word before a verb of doing is a person: "Marta will draft", but "Access will be"."""
    written = w.text[w.starts[j] : w.ends[j]]
    after = w.at(i + 2) if w.words[i] == "going" else w.at(i + 1)
    return (
        written[0].isupper()
        and not written.isupper()
        and not written.endswith("s")
        and after != "be"
        and (after in ACTIONS or w.words[i] in PLANS)
    )
