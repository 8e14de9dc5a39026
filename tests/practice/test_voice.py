"""A model may voice a line, and nothing that spoils the drill gets through."""

from __future__ import annotations

import pytest

from amends.practice.moods import mood
from amends.practice.state import Line
from amends.practice.voice import GATES, question, refused
from practice.told import play

LINE = Line("Ines", "Fine. By when?", "when")
ANGRY = play("I will get back to you soon.")


@pytest.mark.parametrize(
    "said",
    ["All right. And by when is that?", "Fine, noted. By when, please?", "Fine. By when?", "Right, then. When?"],
)
def test_the_line_in_other_words_is_heard(said: str) -> None:
    assert refused(said, LINE, ANGRY) == ()


@pytest.mark.parametrize(
    ("said", "gate"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("The board meets at noon, so by when?", "leak"),
        ("Thank you so much. By when?", "sweet"),
        ("No worries at all! By when?", "sweet"),
        ("I appreciate your honesty. By when?", "sweet"),
        ("You might want to name a time. By when?", "helper"),
        ("As an AI I cannot wait. By when?", "helper"),
        ("Here's a good apology: say when. By when?", "helper"),
        ("This role-play needs a time. By when?", "helper"),
        ("You: by noon. Ines: fine. By when?", "speaks-for"),
        ("*sighs* By when?", "speaks-for"),
        ("(She looks away.) By when?", "speaks-for"),
        ("Ines: By when?", "speaks-for"),
        (f"By when, {'and ' * 40} when?", "long"),
        ("What happened to the export, and by when?", "again"),
        ("Fine. By 14:00?", "figures"),
        ("Fine. For 300 rows, by when?", "figures"),
        ("Fine, noted.", "question"),
        ("By when? <script>alert(1)</script>", "markup"),
        ("By when? See https://example.org", "markup"),
    ],
)
def test_what_spoils_the_drill_is_stopped(said: str, gate: str) -> None:
    assert gate in refused(said, LINE, ANGRY)


def test_every_gate_says_what_it_stops() -> None:
    assert all(GATES.values())


def test_a_figure_of_the_line_may_not_get_lost() -> None:
    line = Line("Ines", "My report goes out at 12:00.", "x")
    assert "figures" in refused("My report goes out at midday.", line, ANGRY)


def test_somebody_calm_may_be_kind() -> None:
    calm = play("I broke the export at 10:12, that was my mistake. What do you need it for?")
    assert mood("anger", calm.state.anger) == "calm"
    assert refused("All right, thanks. By when?", LINE, calm) == ()


def test_a_model_is_never_given_a_secret() -> None:
    asked = question(ANGRY, LINE)
    assert "board" not in asked.system + asked.user
    assert LINE.text in asked.user
    assert "guarded" in asked.system or "angry" in asked.system


@pytest.mark.parametrize(("anger", "word"), [(0, "calm"), (25, "calm"), (26, "guarded"), (51, "angry"), (76, "furious"), (100, "furious")])
def test_a_mood_has_a_word(anger: int, word: str) -> None:
    assert mood("anger", anger) == word
