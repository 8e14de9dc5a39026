"""A small drill for tests of the machine: one customer, one question, one secret. Its texts are no content of the product."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from amends.language.index import load
from amends.practice.drill import replay
from amends.practice.loading import load_text
from amends.practice.stage import stage

if TYPE_CHECKING:
    from amends.language.index import Index
    from amends.practice.drill import Played
    from amends.practice.scenario import Scenario

DRILL = """
id = "drill"
version = 1
number = 1
title = "A drill"
form = "any"
audience = "team"
learner_role = "engineer"
at = "2026-03-04T10:47:00+00:00"
zone = "Europe/London"
channel = "chat"
stakes = "A drill."
brief = "You broke the export at 10:12. {count} rows are missing."
opening = "What happened to the export?"
opening_asks = ["fact", "ownership"]
opening_question = "What happened?"
press = ["Again: {question}", "Once more: {question}"]
idle = ["And?", "Go on."]
open = "I have to go."
model = "I broke the export at 10:12 and I am restoring the {count} rows until 11:30; you hear from me then, whatever the state is."
anti_model = "Mistakes were made and we are looking into it with the highest priority, thank you for your patience in this matter."
reflect = ["What did they need?"]
patience = 60

[[cast]]
name = "Ines"
role = "analyst"
relation = "peer"

[[facts]]
id = "rows"
text = "{count} rows are missing."
known_to = "learner"
match = ['{count}', '\\brows\\b']

[[facts]]
id = "meeting"
text = "Her report goes to the board at noon."
known_to = "counterpart"
match = ['\\bboard\\b', '\\bnoon\\b']
reveal = 'heard("open-question")'

[[triggers]]
act = "ownership"
anger = -30
trust = 30
cap = 1

[[triggers]]
act = "timed"
clarity = 30
cap = 1

[[triggers]]
act = "listening"
trust = 20
anger = -20
cap = 1

[[triggers]]
act = "blame"
anger = 40
trust = -40

[[triggers]]
act = "unanswered"
anger = 5

[[replies]]
id = "tells"
when = 'can("meeting")'
say = "My report goes to the board at noon."
reveal = ["meeting"]
asks = ["listening"]
question = "Do you see why I ask?"

[[replies]]
id = "blamed"
about = "blame"
say = '"{quote}"? I did not ask who.'

[[replies]]
id = "when"
when = 'ever("ownership") and not ever("timed")'
say = "Fine. By when?"
asks = ["timed"]
question = "By when?"

[[replies]]
id = "asked"
when = "asked()"
say = "I only want my rows."
repeat = true

[[endings]]
id = "good"
result = "success"
when = 'anger <= 40 and trust >= 50 and ever("timed")'
say = "Thanks, noted."

[[endings]]
id = "bad"
result = "failure"
when = "anger >= 95"
say = "Forget it."

[[rubric]]
id = "owns"
text = "Says that it was them."
weight = 60
skill = "ownership"
all = ["ownership"]
none = ["blame"]
blocker = true

[[rubric]]
id = "dated"
text = "Says by when."
weight = 40
skill = "timed"
all = ["timed"]

[[coaching]]
act = "ownership"
heard = "Nobody did it."
rewrite = "I broke it."

[[coaching]]
act = "timed"
heard = "No time."
rewrite = "It is back by 11:30."

[[coaching]]
act = "blame"
heard = "Somebody else did it."
rewrite = "I broke it."

[[coaching]]
act = "unanswered"
heard = "No answer."
rewrite = "Answer first."

[[levels]]
difficulty = 1
turns = 5
max_change = 25
anger = 50
trust = 40
clarity = 20

[[levels]]
difficulty = 3
turns = 4
max_change = 20
anger = 60
trust = 35
clarity = 20

[variants.first]
count = "4,212"

[variants.second]
count = "318"

[[transcripts]]
kind = "good"
turns = [
  "I broke the export at 10:12, that was my mistake, and {count} rows are missing. They are back by 11:30. What do you need them for?",
  "Then the board comes first: I send you the rows for your report by 11:15 and tell you before if that slips.",
]

[[transcripts]]
kind = "poor"
turns = ["Dave did not read the runbook.", "Dave is careless, it is all his fault.", "As I said, it was Dave who broke it."]
"""


@cache
def index() -> Index:
    """The language engine as it ships."""
    return load()


def drill(source: str = DRILL, path: str = "drill.toml") -> Scenario:
    """The small drill, or another text of one."""
    return load_text(source, path)


def play(*turns: str, source: str = DRILL, difficulty: int = 1, variant: str = "first", seed: int = 0) -> Played:
    """The conversation that these turns make with Ines."""
    return replay(stage(drill(source), seed, difficulty, variant), turns, index())


def last(played: Played) -> frozenset[str]:
    """What was heard in the last turn."""
    return played.steps[-1].names
