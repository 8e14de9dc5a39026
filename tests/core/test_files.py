"""People's files: encodings, limits, and data files whose mistakes are named with file, line and field."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import tomllib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import InputError, TooLargeError
from amends.core.files import decode, load_strict, parse_toml, read_bytes, read_text
from amends.core.globs import Glob, any_matches, parse_globs
from amends.core.shape import near, require_shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "Zürich: 日本 👍🏽\r\nשלום\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), "utf-32"),
    ],
)
def test_an_encoding_that_is_certain_is_decoded_without_its_mark(data: bytes, encoding: str) -> None:
    assert decode(data, "a") == (TEXT, encoding)


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        (b"ab\ncaf\xe9", "not valid UTF-8 at byte 6", 2),
        (b"\xef\xbb\xbfcaf\xe9", "not valid UTF-8 at byte 3", 1),
        (b"\xff\xfea\0b", "not valid UTF-16 at byte", None),
        (b"\xff\xfe\0\0a", "not valid UTF-32 at byte", None),
        (b"\x89PNG\0", "binary, not text: a NUL byte at 4", None),
        ("UTF-16 without a mark".encode("utf-16-le"), "binary, not text: a NUL byte at 1", None),
        ("a\0b".encode("utf-16"), "binary, not text: a NUL byte at 1", None),
    ],
)
def test_what_is_not_certain_is_refused_with_the_place_and_what_to_do(data: bytes, said: str, line: int | None) -> None:
    with pytest.raises(InputError, match=said) as caught:
        decode(data, "draft.md")
    assert (caught.value.path, caught.value.line) == ("draft.md", line)
    assert caught.value.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, "a")
    except InputError:
        return
    assert decode(text.encode(encoding), "a")[0] == text


def test_a_file_of_the_limit_is_read_and_one_above_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abcd")
    assert read_bytes(str(path), 4) == b"abcd"
    with pytest.raises(TooLargeError, match="larger than 3 bytes"):
        read_bytes(str(path), 3)
    os.truncate(path, 10**12)
    with pytest.raises(TooLargeError):
        read_text(str(path))


def test_a_pipe_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"abcd"))
    writer.start()
    with pytest.raises(TooLargeError):
        read_bytes(str(path), 3)
    writer.join()


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_bytes(str(tmp_path / "none"))
    with pytest.raises(InputError, match="this is a folder"):
        read_bytes(str(tmp_path))


DATA = '''# a comment = "with a key"
id = "a"
"quoted.key" = 1
dotted.key.deep = 2
text = """
[not.a.table]
still = "text\\"""
"""
quotes = """"a" and "b""""
literal = \'\'\'
x = 1\'\'\'
list = [ # comment ]
  "a", # [
  ["b",
   "c"],
  { x = 1, y = "]" },
]

[table]
here = 1
[table."a.b".c]
deep = { e = [1, 2], f.g = 3 }
[[many]]
name = "one"
[[many]]
name = "two"
[[many.inner]]
deep = 1979-05-27T07:32:00Z
[many.last]
x = true
'''


def test_every_field_of_a_data_file_has_its_line() -> None:
    values, line_of = parse_toml(DATA, "a.toml")
    lines = DATA.splitlines()
    for field, key in _fields(values, ""):
        line = line_of(field)
        assert line is not None, field
        assert key in lines[line - 1], field


def _fields(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every field of some values with the last part of its name."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}", key
            yield from _fields(item, f"{path}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _fields(item, f"{path}[{number}]")


@pytest.mark.parametrize(
    ("field", "line"),
    [("$.list[0]", 13), ("list[1][1]", 15), ("$.list[2].y", 16), ("many[1].inner[0].deep", 28), ("many[1].missing", 25), ("$.none", None)],
)
def test_a_field_without_a_line_has_that_of_what_stands_around_it(field: str, line: int | None) -> None:
    assert parse_toml(DATA, "a.toml")[1](field) == line


keys = st.text("ab-_1", min_size=1, max_size=3)
quoted = st.text("ab.[]#= \"'\\", max_size=4).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')
scalars = st.one_of(quoted, st.sampled_from(["1", "true", "1979-05-27", "'x\"[' ", "'''\n#[a]\n'''", '"""\n\\"x = [\n"""']))
nested = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ",\n ".join(items) + "]"),
        st.dictionaries(keys, inner, max_size=2).map(
            lambda items: "{ " + ", ".join(f"{key} = {value}" for key, value in items.items()) + " }"
        ),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.one_of(keys, quoted), nested), max_size=5), st.lists(keys, max_size=3))
def test_any_valid_toml_has_a_line_for_each_key(pairs: list[tuple[str, str]], tables: list[str]) -> None:
    source = "".join(f"{key} = {value}\n" for key, value in pairs) + "".join(f"[[{name}]]\nx = 1\n" for name in tables)
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return
    line_of = parse_toml(source, "a")[1]
    for key in values:
        if key and not re.search(r"[.\[\]]", key):
            assert line_of(key) is not None


SHAPE = {
    "id": str,
    "count?": int,
    "share?": float,
    "on?": bool,
    "day?": date,
    "level?": ("low", "high"),
    "words?": [str],
    "rows?": [{"a": int, "*": str}],
    "either?": (str, [str]),
}


@pytest.mark.parametrize(
    ("text", "said", "line", "field", "hint"),
    [
        ('id = "a"\ncout = 1', "unknown key 'cout'", 2, "cout", "did you mean 'count'?"),
        ("count = 1", "the key 'id' is missing", None, "id", 'add id = "…"'),
        ("id = 1", "expected text in quotes, not 1", 1, "id", ""),
        ('id = "a"\ncount = true', "expected a whole number, not true", 2, "count", ""),
        ('id = "a"\ncount = 1.0', "expected a whole number, not 1.0", 2, "count", ""),
        ('id = "a"\nshare = "x"', "expected a number, not 'x'", 2, "share", ""),
        ('id = "a"\nlevel = "hihg"', "expected one of 'low', 'high', not 'hihg'", 2, "level", "did you mean 'high'?"),
        ('id = "a"\nwords = "x"', "expected a list of text in quotes, not 'x'", 2, "words", ""),
        ('id = "a"\nwords = [\n"x",\n2]', "expected text in quotes, not 2", 4, "words[1]", ""),
        ('id = "a"\n[[rows]]\na = 1\n[[rows]]\nb = "x"', "the key 'a' is missing", 4, "rows[1].a", "add a = 1"),
        ('id = "a"\n[[rows]]\na = 1\nb = 2', "expected text in quotes, not 2", 4, "rows[0].b", ""),
        ('id = "a"\neither = 1', "expected one of text in quotes, a list of text in quotes, not 1", 2, "either", ""),
        ('id = "a"\nday = "2026-01-01"', "expected a date, not '2026-01-01'", 2, "day", ""),
    ],
)
def test_a_file_of_another_shape_is_refused_with_line_and_field(
    tmp_path: Path, text: str, said: str, line: int | None, field: str, hint: str
) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_strict(str(tmp_path / "a.toml"), SHAPE)
    error = caught.value
    assert (error.message, error.line, error.field, error.hint) == (said, line, field, hint)


def test_a_file_of_the_right_shape_gives_its_values(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('id = "a"\nshare = 1\nday = 2026-01-01\neither = ["x"]\nrows = [{a = 1, b = "x"}]\n')
    assert load_strict(str(tmp_path / "a.toml"), SHAPE)["rows"] == [{"a": 1, "b": "x"}]


def test_values_that_were_not_read_from_a_file_can_be_checked_too() -> None:
    require_shape({"id": "a"}, SHAPE, "<given>", lambda _: None)


@pytest.mark.parametrize(("text", "line"), [("a = [1\nb = 2", 2), ("a =\n", 1), ('a = "x', 1), ("[a]\n[a]\n", 2)])
def test_a_file_that_is_no_toml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InputError, match="not valid TOML") as caught:
        parse_toml(text, "a.toml")
    assert caught.value.line == line


def test_the_closest_name_is_offered_and_none_when_nothing_is_close() -> None:
    assert near("severty", ["title", "severity"]) == "severity"
    assert near("xyz", ["title", "severity"]) is None


PATTERNS = [
    "*.md",
    "build/",
    "/top.md",
    "a/b.md",
    "a/**/z.md",
    "**/deep.md",
    "docs/**",
    "x?.md",
    "[ab]c.md",
    "[!ab]d.md",
    "!keep.md",
    "\\!odd.md",
    "# no",
    "sp ace.md",
    "a/*",
    "doc*/x.md",
    "[]-]e.md",
]
NAMES = [
    "a.md",
    "top.md",
    "a/top.md",
    "a/b.md",
    "c/a/b.md",
    "a/z.md",
    "a/q/r/z.md",
    "deep.md",
    "q/deep.md",
    "docs/a.txt",
    "docs/q/a.txt",
    "xy.md",
    "q/xy.md",
    "ac.md",
    "cd.md",
    "keep.md",
    "!odd.md",
    "build/a",
    "q/build/b",
    "sp ace.md",
    "docs2/x.md",
    "-e.md",
    "]e.md",
    "a/b/c.txt",
]


@given(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4, unique=True))
def test_patterns_mean_what_they_mean_to_git(git_folder: Path, patterns: list[str]) -> None:
    (git_folder / ".gitignore").write_text("\n".join(patterns) + "\n")
    asked = "\n".join(NAMES)
    command = ["git", "-c", "core.quotePath=off", "check-ignore", "--no-index", "--stdin"]
    done = subprocess.run(command, cwd=git_folder, input=asked, capture_output=True, text=True, check=False)
    ignored = set(done.stdout.splitlines())
    globs = parse_globs("\n".join(patterns))
    assert {name for name in NAMES if _ignored(globs, name)} == ignored


def _ignored(globs: tuple[Glob, ...], name: str) -> bool:
    parts = name.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return any(any_matches(globs, folder, folder=True) for folder in above) or bool(any_matches(globs, name))


@pytest.fixture(scope="session")
def git_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("git")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).touch() if not any(other.startswith(f"{name}/") for other in NAMES) else (folder / name).mkdir()
    return folder


def test_a_hostile_pattern_does_not_take_long() -> None:
    assert not Glob("*a" * 12 + "b").matches("a" * 60)
