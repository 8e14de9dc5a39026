"""Detectors: what a rule needs that words alone cannot show. Each is a function of the whole draft, named in rule files."""

from __future__ import annotations

from amends.language.context import Remark
from amends.language.records import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context, Detector
    from amends.language.rules import Rule


def missing_move(context: Context, rule: Rule) -> Iterator[Remark]:
    """A move that the form asks for and no sentence makes; as severe as the form says, with a sentence to fill in."""
    wanted = context.form.move(rule.move or "")
    report = next((one for one in context.reports if one.move == rule.move), None)
    if wanted is None or wanted.need == "optional" or report is None or report.present:
        return
    start, end = context.whole()
    at = _insertion_point(context, wanted.move)
    lead = "" if at == 0 or context.text.raw[at - 1].isspace() else " "
    tail = " " if at < len(context.text.raw) and not context.text.raw[at : at + 1].isspace() else ""
    edit = Edit(f"Add: {wanted.stub}", at, at, lead + wanted.stub + tail)
    yield Remark(start, end, {"question": wanted.question, "stub": wanted.stub, "form": context.form.title}, wanted.need, (edit,))


def _insertion_point(context: Context, move: str) -> int:
    """Where a sentence for a missing move belongs: behind the last move that the form puts before it."""
    order = [one.move for one in context.form.moves]
    before = set(order[: order.index(move)])
    places = [place for place, labels in enumerate(context.moves) if any(label.move in before for label in labels)]
    if places:
        return context.text.sentences[places[-1]].end
    prose = context.prose()
    return prose[0].start if prose else len(context.text.raw)


def promise_without_time(context: Context, rule: Rule) -> Iterator[Remark]:
    """A promise with no time in it: nobody can plan around it, nobody can say that it was kept."""
    for promise in context.promises:
        if promise.actor == "speaker" and promise.firmness == "vague":
            yield Remark(promise.start, promise.end, {"words": promise.quote})


DETECTORS: dict[str, Detector] = {
    "missing-move": missing_move,
    "promise-without-time": promise_without_time,
}
