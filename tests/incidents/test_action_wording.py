"""The title of an action item says what will be different. Each remark brings its own examples, which are its tests."""

from __future__ import annotations

import pytest

from amends.incidents.action_wording import remarks, remarks_known

ALL = remarks_known()


@pytest.mark.parametrize(("code", "title"), [(one.code, title) for one in ALL for title in one.examples])
def test_every_example_is_remarked_upon(code: str, title: str) -> None:
    assert code in [problem.code for problem in remarks(title)]


@pytest.mark.parametrize("title", [title for one in ALL for title in one.fine])
def test_every_fine_title_passes_all_remarks(title: str) -> None:
    assert remarks(title) == ()


def test_a_remark_says_what_to_write_instead() -> None:
    (problem,) = remarks("Investigate the slow query")

    assert problem.message == "nobody can say when “investigate” is finished"
    assert problem.hint.startswith("say what will be there afterwards")
    assert problem.field == "title"


@pytest.mark.parametrize("title", ["", "…", "42", " - "])
def test_what_holds_no_words_is_left_alone(title: str) -> None:
    assert remarks(title) == ()
