"""What the pages of practice show of a conversation: the gauge, each turn with its remarks, and the look back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.acts import SKILLS
from amends.practice.drill import no_day_after
from amends.practice.feedback import debrief, remarks
from amends.practice.loading import CHANNELS
from amends.practice.moods import mood
from amends.practice.scenario import METERS
from amends.practice.score import CAPS, PASS
from amends.practice.session import KINDS, voiced_in
from amends.practice.stage import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.practice.drill import Played
    from amends.practice.feedback import Debrief, Remark
    from amends.practice.scenario import Scenario
    from amends.practice.session import Card, Entry, Session, Sitting, Voiced
    from amends.practice.state import Line, State

SPOKEN = ("call", "room", "one-to-one")
"""Where people speak, so that saying it aloud is offered before typing it."""
RELATIONS = {
    "customer": "A customer", "peer": "Somebody next to me", "report": "Somebody who reports to me", "manager": "My manager",
    "executive": "Somebody at the top", "partner": "A partner", "stranger": "A stranger",
}  # fmt: skip
REMARKS = {"costly": ("error", "It cost you"), "missing": ("note", "Not heard yet"), "foul": ("error", "This turn earned nothing")}
"""The kinds of remark: how heavy, and in words."""
TOLD = {"costly": "They hear:", "missing": "They think:", "foul": "Why:"}
"""Whose words follow in a remark; what was not said was not heard either."""
CAPPED = {
    "failure": "The other person broke it off",
    "open": "It was not settled",
    "blocker": "A question that decides was answered with no",
    "fouls": "Half of the turns or more earned nothing",
}
ENDS = {"success": "Settled.", "failure": "They broke it off.", "open": "The turns ran out before it was settled."}
UNFINISHED, UNSAID = "You ended it.", "Ended before a word was said."
VOICE_NOTES = {
    "refused": "What the model said does not fit here, so this is the written line.",
    "unanswered": "The model did not answer, so this is the written line.",
    "late": "The model was too slow, so this is the written line.",
    "busy": "The model is busy with others, so this is the written line.",
    "off": "The model may not be asked any more, so this is the written line.",
}
LEFT = " You ended it yourself, so it counts for nothing."
LEVELS = {1: "easy", 2: "fairly easy", 3: "demanding", 4: "hard", 5: "very hard"}
NO_DAY_AFTER = {
    "failure": "it comes once the other person does not break it off",
    "promise": "it comes back to what you promised; here nothing with a time was promised",
}
PLAYED = {1: "played once", 2: "played twice"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """One meter: its name, how full it is, the word for it, and whether the last turn made it `better` or `worse`, or neither."""

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
    """A conversation as its page shows it. `turn` is the number of the next turn, `most` how many there are at most.

    `asked` is the question that waits, by whom, and whether they said it in these very words.
    """

    scenario: Scenario
    opening: Shown
    turns: tuple[Turn, ...]
    gauges: tuple[Gauge, ...]
    asked: tuple[str, str, bool] | None
    turn: int
    most: int
    over: bool
    spoken: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Something to play next: what it is, and the form that begins it; or with `leads` a page that `action` is the address of.

    Without an `action` it cannot be played yet, and `about` says what would bring it.
    """

    title: str
    about: str
    action: str
    button: str
    fields: tuple[tuple[str, str], ...] = ()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """The end of a conversation as its page shows it; without a look back where nothing was said."""

    heading: str
    about: str
    last: tuple[Shown, ...]
    capped: tuple[str, ...]
    debrief: Debrief | None


def talk(played: Played, voices: Sequence[Voiced] = ()) -> Talk:
    """The conversation so far, with what a model made of its lines."""
    scene = played.stage
    turns = []
    before = played.first
    for number, (heard, step) in enumerate(zip(played.turns, played.steps, strict=True), 1):
        told = remarks(played, number)
        turns.append(Turn(number, _pieces(heard.text, told), told, _shown(step.lines, number, voices), gauges(step.state, before)))
        before = step.state
    last = turns[-1].gauges if turns else gauges(played.first, played.first)
    return Talk(
        scene.scenario, _shown((played.opening,), 0)[0], tuple(turns), last, _asked(played), len(turns) + 1, scene.level.turns, played.over,
        scene.scenario.channel in SPOKEN,
    )  # fmt: skip


def _asked(played: Played) -> tuple[str, str, bool] | None:
    """The question that still waits: who waits, for what, and whether somebody said these words; what they know waits for nothing."""
    waits = played.state.pending
    if waits is None or waits.known or not played.turns:
        return None
    said = [played.opening, *(line for one in played.steps for line in one.lines)]
    return waits.by, waits.question, any(waits.question in line.text for line in said)


def _shown(lines: Iterable[Line], turn: int, voices: Sequence[Voiced] = ()) -> tuple[Shown, ...]:
    """The lines of a turn, each in the words in which it was said."""
    made = voiced_in(turn, voices)
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
    ended = ENDS[played.state.ended] if played.state.ended else UNFINISHED
    passed = "Passed." if score.passed else "Not passed."
    last = _shown(played.steps[-1].lines, len(played.steps), voices) if played.steps and played.over else ()
    if not played.turns:
        return Over(UNSAID, "There is nothing to look back at, and it counts for nothing.", (), (), None)
    heading = f"{ended} {score.total if total is None else total} of 100."
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
    now = ", ".join(f"{one.label.lower()} {one.says}{moved(one)}" for one in turn.gauges)
    count = len(turn.remarks) if aided else 0
    found = "" if not count else " One remark." if count == 1 else f" {count} remarks."
    return f"{answers} Now: {now}.{found}"


def moved(one: Gauge) -> str:
    """What the last turn did to a meter, for who only listens."""
    return f", {one.moved} than before" if one.moved else ""


def minutes(scenario: Scenario) -> int:
    """About how long a drill takes somebody who thinks before they write."""
    return max(5, min(15, 5 * round(min(level.turns for level in scenario.levels) * 1.5 / 5)))


def times(played: int) -> str:
    """How often something was played."""
    return PLAYED.get(played, f"played {played} times")


def _gauge(name: str, now: int, before: int) -> Gauge:
    return Gauge(name, name.capitalize(), now, mood(name, now), _moved(name, now, before))


def _moved(name: str, now: int, before: int) -> str:
    if now == before:
        return ""
    return "better" if (now < before) == (name == "anger") else "worse"


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


def titled(one: Sitting) -> str:
    """The title of a drill, after what it is where it is no main one."""
    return f"{KINDS[one.kind].capitalize()}{one.title}"


def where(scenario: Scenario) -> str:
    """Where people talk in it."""
    return CHANNELS[scenario.channel]


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


def next_steps(found: Session, scenario: Scenario, later: Scenario | None, receiver: str | None) -> tuple[Next, ...]:
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
    if later and found.sitting.turns:
        steps = [_day_after(found, later, after), *steps]
    if receiver:
        steps.append(Next("The other chair", "you hear it, and answer", f"/practice/{receiver}", "Begin", after))
    return tuple(steps)


def _day_after(found: Session, later: Scenario, fields: tuple[tuple[str, str], ...]) -> Next:
    """The day after a drill, where something that was promised can come back; else what would bring it."""
    title = "The day after"
    why = no_day_after(found.played, later)
    if why is not None:
        return Next(title, NO_DAY_AFTER[why], "", "")
    days = later.in_days or 1
    about = f"{'one day' if days == 1 else f'{days} days'} later: what you promised comes back"
    return Next(title, about, f"/practice/{later.id}", "Begin", fields)
