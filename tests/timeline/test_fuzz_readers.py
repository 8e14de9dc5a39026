"""Readers of lines, of JSON by the column, and of archives meet any bytes: nothing raises, and all that is cited is there.

Readers of structured sources have the same in `readers/test_hostile.py`; `faults/fuzz_readers.py` looks longer, guided by what is reached.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults.fuzz_readers import TARGETS
from timeline.readers.golden import samples

PIECES = [
    b"2026-03-04T10:42:07.123Z ERROR a",
    b"Mar  4 10:42:07 h cron[7]: b",
    b"1772620927.5 c",
    b"10:42:07 d",
    b"9999-12-31 23:59:59",
    b"0001-01-01",
    b"29 Feb",
    b"E0304 10:42:07.1 7 a.cc:1] e",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"  at x",
    b"[",
    b"]",
    b"-",
    b"+99:99",
    b",",
    b".",
    b'{"time": "2026-03-04T10:42:07Z", "level": "error", "msg": "a"}',
    b'{"time": 1e400, "level": 50}',
    b'{"ts": -1}',
    b'{"time": "',
    b'"}',
    b"{",
    b"}",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"ustar\0",
    b"BZh9",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\xff\xfe",
    b"9" * 30,
]
SEEDS = [path.read_bytes() for path in samples() if path.stat().st_size < 20_000]


@pytest.mark.parametrize("target", sorted(TARGETS))
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=30))
@settings(max_examples=40, deadline=None)
def test_any_bytes(target: str, pieces: list[bytes]) -> None:
    TARGETS[target](b"".join(pieces))


@pytest.mark.parametrize("target", sorted(TARGETS))
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from(PIECES)), max_size=4), st.integers(0, 40_000))
@settings(max_examples=15, deadline=None)
def test_samples_that_were_changed(target: str, data: bytes, edits: list[tuple[int, bytes]], cut: int) -> None:
    changed = bytearray(data)
    for at, piece in edits:
        at %= len(changed) + 1
        changed[at : at + len(piece)] = piece
    TARGETS[target](bytes(changed[: cut % (2 * len(changed) + 1)]))
