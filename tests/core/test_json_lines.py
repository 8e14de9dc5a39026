"""Lines of fields in JSON, for errors that name them."""

from __future__ import annotations

import pytest

from amends.core.errors import InputError
from amends.core.json_lines import parse_json

TEXT = """
{"a": {"known": [1, "}"]},
 "known": [ "one, \\"two\\"]",

   {"x": [[]]}
 ],
 "empty": [], "last": -1.5e3}
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [("a", 2), ("known", 3), ("known[0]", 3), ("known[1]", 5), ("known[7]", 3), ("last", 7), ("gone", 2), ("", 2)],
)
def test_a_field_has_its_line(field: str, line: int) -> None:
    assert parse_json(TEXT, "a.json")[1](field) == line


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,}', "[" * 100_000, "1" * 5_000])
def test_what_is_no_json_names_its_file(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_json(text, "a.json")
    assert refusal.value.path == "a.json"


def test_a_value_that_is_no_table_has_a_line() -> None:
    assert parse_json("\n[1]", "a.json")[1]("name") == 2
