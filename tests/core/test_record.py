"""Records: frozen, slotted, compared by value, and as strict as a call."""

from __future__ import annotations

import copy
import pickle

import pytest

from amends.core.record import fields, record, replace, values


@record
class Point:
    """A place on a map."""

    x: int
    y: int = 0
    name: str | None = None


def test_fields_are_given_by_place_or_name_and_defaults_fill_the_rest() -> None:
    assert Point(1, name="a") == Point(x=1, y=0, name="a")
    assert fields(Point) == ("x", "y", "name")
    assert values(Point(1, 2)) == (1, 2, None)


def test_a_record_cannot_be_changed_but_copied_with_changes() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 2  # type: ignore[misc]  # the point of the test
    with pytest.raises(AttributeError):
        del point.x
    assert replace(point, y=5) == Point(1, 5)
    assert point == Point(1)


def test_records_hash_and_compare_by_kind_and_value() -> None:
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert Point(1) != (1, 0, None)
    assert repr(Point(1)) == "Point(x=1, y=0, name=None)"


@pytest.mark.parametrize(
    ("args", "named", "says"),
    [((), {}, "misses x"), ((1, 2, "a", 4), {}, "takes 3 fields"), ((1,), {"x": 2}, "twice"), ((1,), {"z": 2}, "does not have")],
)
def test_a_wrong_call_says_what_is_wrong(args: tuple[object, ...], named: dict[str, object], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        Point(*args, **named)  # type: ignore[arg-type]  # the point of the test


def test_records_survive_pickling_and_copying() -> None:
    point = Point(1, 2, "a")
    assert pickle.loads(pickle.dumps(point)) == point
    assert copy.deepcopy(point) == point
