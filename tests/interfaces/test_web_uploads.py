"""Forms with files, taken apart as they come: whatever the pieces, the same files; whatever is broken, nothing half kept."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends.core.errors import InputError
from amends.interfaces.web.uploads import Parts

BOUNDARY = b"----WebKitFormBoundary7MA4YWxkTrZu0gW"


def body(*files: tuple[str | None, bytes]) -> bytes:
    made = b""
    for name, data in files:
        told = b"" if name is None else b'; filename="' + name.encode() + b'"\r\nContent-Type: text/plain'
        made += b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="files"' + told + b"\r\n\r\n" + data + b"\r\n"
    return made + b"--" + BOUNDARY + b"--\r\n"


def taken(pieces: list[bytes]) -> list[tuple[str, bytes]]:
    parts = Parts(BOUNDARY)
    found: list[tuple[str, bytes]] = []
    for piece in pieces:
        for part in parts.feed(piece):
            if isinstance(part, str):
                found.append((part, b""))
            elif part is not None:
                found[-1] = (found[-1][0], found[-1][1] + part)
    assert parts.is_over
    return found


def test_files_and_fields_come_out_with_their_names_and_bytes() -> None:
    whole = body(("app.log", b"a\r\nb\r\n"), (None, b"a field"), ("Überblick.json", b""), ('a"b.txt'.replace('"', "%22"), b"\r\n--x"))
    assert taken([whole]) == [("app.log", b"a\r\nb\r\n"), ("", b"a field"), ("Überblick.json", b""), ('a"b.txt', b"\r\n--x")]


@given(
    st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    st.lists(st.integers(1, 60), min_size=1, max_size=40),
)
@example([b"\r\n--" + BOUNDARY[:-1], b"\r\n\r\n--", b"-"], [1])
def test_however_the_body_is_cut_the_files_are_the_same(contents: list[bytes], steps: list[int]) -> None:
    contents = [one for one in contents if b"\r\n--" + BOUNDARY not in one]
    whole = body(*((f"{number}.log", data) for number, data in enumerate(contents)))
    pieces, at, turn = [], 0, 0
    while at < len(whole):
        step = steps[turn % len(steps)]
        pieces.append(whole[at : at + step])
        at, turn = at + step, turn + 1
    assert taken(pieces) == [(f"{number}.log", data) for number, data in enumerate(contents)]


@pytest.mark.parametrize(
    "broken",
    [b"--" + BOUNDARY + b"garbage", b"--" + BOUNDARY + b"\r\nContent-Disposition: " + b"x" * 9000, b"--" + BOUNDARY + b" \r\n\r\n"],
)
def test_what_is_no_form_is_refused(broken: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(Parts(BOUNDARY).feed(broken))


def test_a_large_file_passes_through_without_being_gathered() -> None:
    parts = Parts(BOUNDARY)
    list(parts.feed(body(("big.log", b""))[: -len(BOUNDARY) - 8]))
    for _ in range(20):
        passed = sum(len(part) for part in parts.feed(b"x" * 100_000) if isinstance(part, bytes))
        assert passed >= 99_000
