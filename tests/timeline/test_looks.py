"""A line that does not look as the lines of a format must is not matched by it either, so that most patterns are never compiled."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline import compile as formats_compile
from amends.timeline import formats
from amends.timeline.looks import look_of

SHIPPED = formats.shipped()
SAMPLES = [sample.line.encode() for one in SHIPPED for sample in one.samples]
OFFERED = b"0123456789 :-T./,[]<>()|\"'=ZAMPabemgINFOERROR\t\n\x00\xff"


def first(line: bytes) -> str | None:
    """The format that knows a line when every pattern is asked."""
    return next((one.id for one in SHIPPED if one.pattern.match(line)), None)


def known(line: bytes) -> str | None:
    found = formats.match(SHIPPED, line)
    return found and found[0].id


@pytest.mark.parametrize("line", [*SAMPLES, *(line.split(b"\n")[0] for line in SAMPLES)], ids=lambda line: line[:40].decode())
def test_a_sample_is_known_by_the_same_format_whether_or_not_all_are_asked(line: bytes) -> None:
    assert known(line) == first(line)
    taken = [one.id for one in SHIPPED if one.pattern.match(line)]
    assert [one.id for one in SHIPPED if one.id in taken and not one.may_be(formats.blanked(line))] == []


@pytest.mark.parametrize("seed", range(4))
def test_changed_samples_are_known_by_the_same_format_whether_or_not_all_are_asked(seed: int) -> None:
    dice = random.Random(seed)
    for line in dice.sample(SAMPLES, 100):
        changed = line
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(min(len(line), 80))
            put, gone = bytes([dice.choice(OFFERED)]) * dice.randint(0, 1), dice.randint(0, 1)
            changed = changed[:at] + put + changed[at + gone :]
        assert known(changed) == first(changed)


@settings(max_examples=100)
@given(st.binary(max_size=60) | st.text(alphabet=OFFERED.decode("latin-1"), max_size=60).map(lambda text: text.encode("latin-1")))
def test_any_bytes_are_known_by_the_same_format_whether_or_not_all_are_asked(line: bytes) -> None:
    assert known(line) == first(line)


@settings(max_examples=300)
@given(st.data())
def test_what_a_pattern_matches_looks_as_its_look_says(data: st.DataObject) -> None:
    pieces = st.sampled_from(
        [
            r"\d",
            "a",
            "(?i:b)",
            "[^x]",
            "[a-c1]",
            "(?:ab|cd)",
            "(?:ab|c)",
            "a?",
            r"\d{2,3}",
            "(?:b1)+",
            "(?=a)",
            "(?>a)",
            ".",
            "-",
            r"\.",
            "$",
            r"\b",
        ]
    )
    pattern = "".join(data.draw(st.lists(pieces, min_size=1, max_size=6))).encode()
    line = data.draw(st.from_regex(re.compile(pattern)) | st.binary(max_size=6))
    if re.match(pattern, line):
        one = formats.Format("own", "t", "s", SHIPPED[0].layout, "", look_of(pattern))
        assert one.may_be(formats.blanked(line))


@pytest.mark.parametrize(
    ("pattern", "begins", "runs"),
    [
        (rb"\d{4}-\d\d\]", b"0", ((0, b"0000-00]"),)),
        (rb"[a-b]?c", b"abc", ((-1, b"c"),)),
        (rb"x(?i:y) z", b"x", ((0, b"x"), (2, b" z"))),
        (rb"(?i)xy", b"Xx", ()),
        (rb"(?:ab|cb)[T ]\d+ end", b"ac", ((1, b"b"), (3, b"0"), (-1, b" end"))),
        (rb"(?=a)(?:12|ab)", b"0a", ()),
        (rb"(?:1|ab)c", b"0a", ((-1, b"c"),)),
    ],
)
def test_a_look_says_how_a_line_begins_and_what_it_must_hold(pattern: bytes, begins: bytes, runs: tuple[tuple[int, bytes], ...]) -> None:
    assert look_of(pattern) == (begins, runs)


def test_a_line_of_a_common_log_is_asked_of_few_formats() -> None:
    line = b"2026-03-04 10:42:07,123 - INFO  [main:Checkout@41] - began"
    assert sum(one.may_be(formats.blanked(line)) for one in SHIPPED) < len(SHIPPED) / 5
    assert sum(sum(one.may_be(formats.blanked(line)) for one in SHIPPED) for line in SAMPLES) / len(SAMPLES) < len(SHIPPED) / 5


def test_the_built_index_is_that_of_the_files() -> None:
    assert formats_compile.is_current()
    assert Path(formats.INDEX).read_bytes() == formats_compile.compile_formats()
    assert formats.unpacked(formats_compile.compile_formats()) == formats.load(formats.FOLDER)


def test_an_index_that_is_missing_or_of_another_make_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("none.bin", None), ("other.bin", b"amends-formats-0\n...")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(formats, "INDEX", str(path))
        monkeypatch.setattr(formats_compile, "INDEX", str(path))
        assert not formats_compile.is_current()
        assert formats.shipped.__wrapped__() == SHIPPED


def test_a_wrong_format_fails_the_build_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.toml").write_text('id = "own"\n')
    monkeypatch.setattr(formats_compile, "FOLDER", str(tmp_path))
    monkeypatch.setattr(formats_compile, "INDEX", str(tmp_path / "formats.bin"))
    assert formats_compile.main() == 2
    assert "own.toml" in capsys.readouterr().err
    assert not (tmp_path / "formats.bin").exists()
