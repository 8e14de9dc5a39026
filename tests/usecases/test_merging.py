"""Two changes of one draft: joined field by field, never woven into a text that nobody wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amends.core.incident import DraftContent
from amends.usecases.merging import merged

contents = st.builds(
    DraftContent,
    text=st.sampled_from(["", "one", "two", "three"]),
    form=st.sampled_from(["auto", "first-message", "exec-status"]),
    audience=st.sampled_from([None, "team", "customers"]),
    tz=st.sampled_from([None, "Europe/London"]),
)


@given(contents, contents)
def test_whoever_changed_nothing_takes_what_the_other_did(base: DraftContent, changed: DraftContent) -> None:
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed


@given(contents, contents, contents)
def test_it_does_not_matter_who_came_first(base: DraftContent, one: DraftContent, other: DraftContent) -> None:
    assert merged(base, one, other) == merged(base, other, one)


@given(contents, contents, contents)
def test_every_field_is_as_somebody_left_it_and_every_change_is_in_or_the_whole_is_a_conflict(
    base: DraftContent, one: DraftContent, other: DraftContent
) -> None:
    joined = merged(base, one, other)
    for field in ("text", "form", "audience", "tz"):
        before, mine, theirs = (getattr(content, field) for content in (base, one, other))
        changes = {change for change in (mine, theirs) if change != before}
        if joined is None:
            continue
        assert getattr(joined, field) == (changes.pop() if changes else before)
        assert not changes
    if joined is None:
        pairs = [[getattr(content, field) for content in (base, one, other)] for field in ("text", "form", "audience", "tz")]
        assert any(len({before, mine, theirs}) == 3 for before, mine, theirs in pairs)


@given(contents, contents)
def test_without_a_common_base_only_equal_contents_agree(one: DraftContent, other: DraftContent) -> None:
    assert merged(None, one, other) == (one if one == other else None)
