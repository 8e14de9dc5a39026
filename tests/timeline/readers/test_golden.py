"""Every reader reads its samples as the lines kept beside them say, and no other reader takes them first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.core.problem import Problem
from amends.timeline.entry import KINDS, LEVELS, Event
from amends.timeline.readers import HEAD, READERS, reader_of
from timeline.readers.golden import KEPT, samples, source_of, told

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")


@SAMPLES
def test_a_sample_is_read_as_kept(path: Path) -> None:
    assert told(path) == path.with_name(path.name + KEPT).read_text()


@SAMPLES
def test_a_sample_is_known_by_what_it_holds(path: Path) -> None:
    found = reader_of(path.read_bytes()[:HEAD], "nothing")
    assert found is not None
    assert found.id == path.parent.name


@SAMPLES
def test_citations_are_inside_and_words_are_of_the_contract(path: Path) -> None:
    source = source_of(path)
    reader = next(one for one in READERS if one.id == path.parent.name)
    for one in reader.read(source):
        if isinstance(one, Problem):
            assert one.path == path.name
            continue
        assert isinstance(one, Event)
        assert 0 <= one.offset < one.offset + one.length <= len(source.data)
        assert one.kind in KINDS
        assert one.level is None or one.level in LEVELS
        assert one.zone in {"stated", "utc"} or one.zone.startswith("assumed:")


def test_every_reader_has_a_sample() -> None:
    assert {one.id for one in READERS} == {path.parent.name for path in samples()}


@SAMPLES
def test_a_mark_of_the_byte_order_moves_citations_only(path: Path) -> None:
    """Programs of Windows put one before JSON."""
    data = path.read_bytes()
    if data[:1] not in {b"{", b"["}:
        return
    reader = next(one for one in READERS if one.id == path.parent.name)
    source = source_of(path)
    marked = type(source)(source.name, b"\xef\xbb\xbf" + data, source.zone, None, source.names)
    plain = [one for one in reader.read(source) if isinstance(one, Event)]
    moved = [one for one in reader.read(marked) if isinstance(one, Event)]
    assert reader.sniff(marked.data[:HEAD], "")
    assert [(one.time, one.text, one.offset + 3) for one in plain] == [(one.time, one.text, one.offset) for one in moved]
