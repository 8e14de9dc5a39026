"""British and American spellings of words that people use in these conversations."""

from __future__ import annotations

import re

_PAIRS = tuple(
    tuple(pair.split("/"))
    for pair in """
    apologise/apologize apologised/apologized apologising/apologizing realise/realize realised/realized realising/realizing
    organise/organize organised/organized prioritise/prioritize prioritised/prioritized recognise/recognize recognised/recognized
    summarise/summarize summarised/summarized minimise/minimize analyse/analyze analysed/analyzed emphasise/emphasize
    authorise/authorize authorised/authorized finalise/finalize finalised/finalized criticise/criticize customise/customize
    behaviour/behavior colour/color honour/honor honoured/honored favour/favor labour/labor neighbour/neighbor rumour/rumor
    centre/center metre/meter litre/liter theatre/theater cancelled/canceled cancelling/canceling labelled/labeled travelled/traveled
    modelled/modeled signalled/signaled cheque/check programme/program catalogue/catalog dialogue/dialog defence/defense
    offence/offense licence/license practise/practice grey/gray enrol/enroll fulfil/fulfill skilful/skillful judgement/judgment
    acknowledgement/acknowledgment ageing/aging learnt/learned spelt/spelled towards/toward whilst/while amongst/among
    """.split()
)
_TO_US = dict(_PAIRS)
_TO_UK = {
    american: british
    for british, american in _PAIRS
    if american not in ("check", "program", "while", "among", "practice", "meter", "dialog")
}
_WORD = re.compile(r"[A-Za-z]+")


def american(text: str) -> str:
    """The text as an American spells it."""
    return _spelt(text, _TO_US)


def british(text: str) -> str:
    """The text as somebody from Britain spells it."""
    return _spelt(text, _TO_UK)


def _spelt(text: str, table: dict[str, str]) -> str:
    def one(word: re.Match[str]) -> str:
        found = table.get(word[0].lower(), word[0])
        return found.capitalize() if word[0][0].isupper() and found != word[0] else found

    return _WORD.sub(one, text)
