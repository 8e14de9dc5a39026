"""What the pages of practice show of a conversation: the gauge, each turn with its remarks, and the look back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.acts import SKILLS
from amends.practice.feedback import debrief, remarks
from amends.practice.scenario import METERS
from amends.practice.score import CAPS, PASS
from amends.practice.stage import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from amends.practice.drill import Played
    from amends.practice.feedback import Debrief, Remark
    from amends.practice.scenario import Scenario
    from amends.practice.session import Card, Entry, Session, Sitting, Voiced
    from amends.practice.state import Line, State

SPOKEN = ("call", "room", "one-to-one")
"""Where people speak, so that saying it aloud is offered before typing it."""
CHANNELS = {"chat": "in a chat", "email": "by e-mail", "call": "on a call", "room": "in a room", "one-to-one": "one to one"}
RELATIONS = {
    "customer": "A customer", "peer": "Somebody next to me", "report": "Somebody who reports to me", "manager": "My manager",
    "executive": "Somebody at the top", "partner": "A partner", "stranger": "A stranger",
}  # fmt: skip
BANDS = {
    "anger": ("Anger", ("calm", "guarded", "angry", "furious")),
    "trust": ("Trust", ("none", "little", "some", "solid")),
    "clarity": ("Clarity", ("in the dark", "unsure", "clearer", "clear")),
}
"""The meters by their name on the page, with a word for each quarter of them."""
REMARKS = {"costly": ("error", "It cost you"), "missing": ("note", "Not heard yet"), "foul": ("error", "This turn earned nothing")}
"""The kinds of remark: how heavy, and in words."""
CAPPED = {
    "failure": "The other person broke it off",
    "open": "It ended without being settled",
    "blocker": "A question that decides was answered with no",
    "fouls": "Half of the turns or more earned nothing",
}
ENDS = {"success": "Settled.", "failure": "They broke it off.", "open": "It was left open."}
VOICE_NOTES = {
    "refused": "What the model said does not fit here, so this is the written line.",
    "unanswered": "The model did not answer, so this is the written line.",
    "late": "The model was too slow, so this is the written line.",
    "busy": "The model is busy with others, so this is the written line.",
    "off": "The model may not be asked any more, so this is the written line.",
}
MOVED = {"up": ", more than before", "down": ", less than before", "": ""}
LEFT = " You left it, so it counts for nothing."
LEVELS = {1: "easy", 2: "fairly easy", 3: "demanding", 4: "hard", 5: "very hard"}
PLAYED = {1: "played once", 2: "played twice"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """One meter: its name, how full it is, the word for it, and whether the last turn moved it `up` or `down`, or not."""

    name: str
    label: str
    value: int
    says: str
    moved: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that is said, as the page shows it: where a `model` voiced it, with the line as it is `written`; else perhaps why not."""

    by: str
    text: str
    outside: bool
    model: str = ""
    written: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the learner with what came of it; `pieces` are its words, each with whether a remark is about it."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    remarks: tuple[Remark, ...]
    lines: tuple[Shown, ...]
    gauges: tuple[Gauge, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as its page shows it. `turn` is the number of the next turn, `most` how many there are at most."""

    scenario: Scenario
    opening: Shown
    turns: tuple[Turn, ...]
    gauges: tuple[Gauge, ...]
    asked: str
    turn: int
    most: int
    over: bool
    spoken: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Something to play next: what it is, and the form that begins it; or with `leads` a page that `action` is the address of."""

    title: str
    about: str
    action: str
    button: str
    fields: tuple[tuple[str, str], ...] = ()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """The end of a conversation as its page shows it."""

    heading: str
    about: str
    last: tuple[Shown, ...]
    capped: tuple[str, ...]
    debrief: Debrief


def talk(played: Played, voices: Sequence[Voiced] = ()) -> Talk:
    """The conversation so far, with what a model made of its lines."""
    scene, state = played.stage, played.state
    turns = []
    before = played.first
    for number, (heard, step) in enumerate(zip(played.turns, played.steps, strict=True), 1):
        told = remarks(played, number)
        turns.append(Turn(number, _pieces(heard.text, told), told, _shown(step.lines, number, voices), gauges(step.state, before)))
        before = step.state
    last = turns[-1].gauges if turns else gauges(played.first, played.first)
    asked = state.pending.question if state.pending and turns else ""
    return Talk(
        scene.scenario, _shown((played.opening,), 0)[0], tuple(turns), last, asked, len(turns) + 1, scene.level.turns, played.over,
        scene.scenario.channel in SPOKEN,
    )  # fmt: skip


def _shown(lines: Iterable[Line], turn: int, voices: Sequence[Voiced] = ()) -> tuple[Shown, ...]:
    """The lines of a turn, each in the words in which it was said."""
    made = {(one.number, one.line): one for one in voices if one.turn == turn}
    found = []
    for number, line in enumerate(lines):
        voiced = made.get((number, line.id))
        if voiced is None:
            found.append(Shown(line.by, line.text, line.outside))
        elif voiced.text is None:
            found.append(Shown(line.by, line.text, line.outside, note=VOICE_NOTES.get(voiced.note or "", "")))
        else:
            found.append(Shown(line.by, voiced.text, line.outside, voiced.model, line.text))
    return tuple(found)


def over(played: Played, total: int | None = None, *, left: bool = False, voices: Sequence[Voiced] = ()) -> Over:
    """How it ended, and what it teaches; `total` is the result that was kept, where that is another, `left` that they ended it."""
    score = played.score
    end = played.state.ended or "open"
    passed = "Passed." if score.passed else "Not passed."
    last = _shown(played.steps[-1].lines, len(played.steps), voices) if played.steps and played.over else ()
    heading = f"{ENDS[end]} {score.total if total is None else total} of 100." if played.turns else "Left before a word was said."
    about = f"{passed} The mark is {PASS}, in a conversation that is settled.{LEFT if left else ''}"
    return Over(
        heading,
        about,
        last,
        tuple(f"{CAPPED[one]}, so it counts {CAPS[one]} at most." for one in score.capped if score.raw > CAPS[one]),
        debrief(played),
    )


def gauges(state: State, before: State) -> tuple[Gauge, ...]:
    """The three meters after a turn, each against what it was before."""
    return tuple(_gauge(name, state.meter(name), before.meter(name)) for name in METERS)


def said(turn: Turn, *, aided: bool = True) -> str:
    """What a screen reader hears after a turn: what was answered, and how the other person is now; `aided` whether findings show."""
    answers = " ".join(f"{line.by}: {line.text}" for line in turn.lines)
    now = ", ".join(f"{one.label.lower()} {one.says}{MOVED[one.moved]}" for one in turn.gauges)
    count = len(turn.remarks) if aided else 0
    found = "" if not count else " One remark." if count == 1 else f" {count} remarks."
    return f"{answers} Now: {now}.{found}"


def minutes(scenario: Scenario) -> int:
    """About how long a drill takes somebody who thinks before they write."""
    return max(5, min(15, 5 * round(min(level.turns for level in scenario.levels) * 1.5 / 5)))


def times(played: int) -> str:
    """How often something was played."""
    return PLAYED.get(played, f"played {played} times")


def _gauge(name: str, now: int, before: int) -> Gauge:
    label, bands = BANDS[name]
    return Gauge(name, label, now, bands[min(3, max(0, now - 1) // 25)], "" if now == before else "up" if now > before else "down")


def _pieces(text: str, told: Iterable[Remark]) -> tuple[tuple[str, bool], ...]:
    """A text cut where remarks begin and end; of two that overlap the first counts."""
    spans = sorted((one.start, one.end) for one in told if one.start is not None and one.end is not None)
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        if start < at or end <= start:
            continue
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*found, (text[at:], False)) if piece[0])


# The pages around a conversation


def a(noun: str) -> str:
    """A noun with its article, where it has none."""
    if noun.startswith(("the ", "a ", "an ")):
        return noun
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def skill(name: str) -> str:
    """What a skill is called."""
    return SKILLS.get(name, name)


def title(scenario: Scenario) -> str:
    """The title of a scenario, filled in where it names somebody."""
    return stage(scenario).scenario.title if "{" in scenario.title else scenario.title


def heading(due: Sequence[Card], going: Sequence[Sitting]) -> str:
    """The answer to "what should I do now?"."""
    if due:
        more = f", and {len(due) - 1} more" if len(due) > 1 else ""
        return f"Due today: {skill(due[0].skill)}{more}."
    if going:
        return f"Go on with “{going[0].title}”."
    return "Choose a conversation."


def due_about(card: Card, forms: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Where a skill is practised again, and by which drill."""
    form = forms.get(card.form, card.form)
    name = titles.get(card.scenario_id or "")
    return f"{form}: “{name}”" if name else f"{form}: no drill exercises it here"


def groups(entries: Sequence[Entry]) -> tuple[tuple[str, list[Entry]], ...]:
    """The catalogue by how hard its drills are at their easiest."""
    found: dict[str, list[Entry]] = {}
    for one in entries:
        easiest = min(level.difficulty for level in one.scenario.levels)
        found.setdefault("To begin with" if easiest <= 2 else "Demanding" if easiest == 3 else "Hard", []).append(one)
    return tuple((name, found[name]) for name in ("To begin with", "Demanding", "Hard") if name in found)


def own_next_steps(found: Session) -> tuple[Next, ...]:
    """What can be played after a conversation of one's own: it once more, or another draft."""
    if found.kind == "own":
        return (Next("Once more", "the same conversation", f"/practice/{found.scenario_id}", "Begin"),)
    return (Next("Another draft", "or this one, changed", "/practice/rehearse", "Rehearse", leads=True),)


def next_steps(found: Session, scenario: Scenario, entry: Entry | None, get: Callable[[str], Scenario]) -> tuple[Next, ...]:
    """What can be played after a drill: it once more, harder, the day after, and the other chair."""
    locked, names = found.locked, [name for name, _ in scenario.variants]
    other = names[(names.index(locked.variant) + 1) % len(names)] if locked.variant in names else names[0]
    harder = min((one.difficulty for one in scenario.levels if one.difficulty > locked.difficulty), default=None)
    aided = ("aided", "yes" if found.aided else "no")
    here = f"/practice/{scenario.id}"

    def again(name: str, about: str, difficulty: int) -> Next:
        return Next(name, about, here, "Begin", (("variant", other), ("difficulty", str(difficulty)), aided))

    steps = [again("Once more", "with other names and figures", locked.difficulty)]
    if harder and found.passed:
        steps.append(again("Harder", f"the same situation, {LEVELS.get(harder, 'harder')}", harder))
    after = (("after", found.id), aided)
    if entry and entry.later and found.sitting.turns:
        days = get(entry.later).in_days or 1
        about = f"{'one day' if days == 1 else f'{days} days'} later: what you promised comes back"
        steps.insert(0, Next("The day after", about, f"/practice/{entry.later}", "Begin", after))
    if entry and entry.receiver:
        steps.append(Next("The other chair", "you hear it, and answer", f"/practice/{entry.receiver}", "Begin", after))
    return tuple(steps)
