"""Which section of a longer text a sentence stands in: a list under "Action items" means other things than one under "Timeline"."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.text import Sentence, Text

_KINDS = {
    "in-facts": "happened summary overview background context description events event",
    "in-impact": "impact affected effect effects consequences damage scope",
    "in-cause": "cause causes why conditions factors trigger reason reasons contributing contributed analysis",
    "in-actions": "action actions prevention preventive preventative improvements improvement follow-up follow-ups followup followups"
    " safeguards guardrails corrective next todo todos changes measures",
    "in-timeline": "timeline chronology",
    "in-recovery": "recovery resolution mitigation remediation fix repair response recovered fixed",
    "in-constraints": "constraints risks unknowns unknown blockers open waiting",
}
SECTIONS = tuple(_KINDS)
"""The features that this module gives."""
_SECTION_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_HEADING_WORDS = 6
_SUBJECT_WORDS = 14
_LABEL_LENGTH, _LABEL_WORDS = 24, 3


def mark_sections(text: Text, features: Sequence[set[str]]) -> frozenset[int]:
    """Give each sentence below a heading that names a section the feature of that section; answers with the headings' numbers."""
    titles: set[int] = set()
    section: str | None = None
    for place, sentence in enumerate(text.sentences):
        if _is_heading(text, sentence):
            words = text.words[sentence.first : sentence.last]
            section = next((_SECTION_OF[word] for word in words if word in _SECTION_OF), None)
            titles.add(place)
        elif section is not None:
            features[place].add(section)
    return frozenset(titles)


def _is_heading(text: Text, sentence: Sentence) -> bool:
    """Headings by markup, labels with nothing after them, and short lines that name a section and end without a stop."""
    if sentence.kind == "heading":
        return True
    size = sentence.last - sentence.first
    if size > _HEADING_WORDS:
        return False
    end = text.masked[sentence.end - 1]
    if sentence.kind == "label":
        return end == ":"
    if sentence.kind != "sentence" or not (end.isalpha() or end in ":?)"):
        return False
    return any(word in _SECTION_OF for word in text.words[sentence.first : sentence.last]) and _alone(text, sentence)


def _alone(text: Text, sentence: Sentence) -> bool:
    """Whether a sentence has its line for itself."""
    masked = text.masked
    before = masked[masked.rfind("\n", 0, sentence.start) + 1 : sentence.start]
    stop = masked.find("\n", sentence.end)
    return stop >= 0 and not before.strip() and not masked[sentence.end : stop].strip()


def label_of(text: Text, sentence: Sentence) -> str | None:
    """The label of a sentence: its own where labelled sentences follow one another in a line, else that of the line."""
    masked = text.masked
    colon = masked.find(":", sentence.start, min(sentence.end, sentence.start + _LABEL_LENGTH))
    if colon > 0 and masked[sentence.start].isupper() and masked[colon + 1 : colon + 2].isspace():
        name = masked[sentence.start : colon]
        if name.count(" ") < _LABEL_WORDS and not name[-1].isspace():
            return name.lower()
    return sentence.label


def has_subject(text: Text) -> bool:
    """Whether the text opens with a line like the subject of a commit: short, without a stop, with nothing else beside it."""
    if not text.sentences:
        return False
    first = text.sentences[0]
    if (
        first.kind not in ("sentence", "label")
        or not 0 < first.last - first.first <= _SUBJECT_WORDS
        or text.masked[first.end - 1] in ".!?:,;…"
    ):
        return False
    return len(text.sentences) == 1 or text.sentences[1].paragraph > first.paragraph or _alone(text, first)
