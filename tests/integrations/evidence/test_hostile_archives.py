from __future__ import annotations

import bz2
import gzip
import struct
import tarfile
import tempfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.integrations.evidence.sources import Limits, find, reopen
from integrations.evidence.making import LOG, PACK, codes, content, gather, lay, streamed_zip, tar, zipped


def nested(levels: int) -> bytes:
    data = b"deep\n"
    for level in range(levels):
        data = zipped({f"{level}.zip" if level else "app.log": data})
    return data


def test_archives_in_archives_are_opened_to_a_bounded_depth(tmp_path: Path) -> None:
    lay(tmp_path, {"ok.zip": nested(5), "no.zip": nested(6)})

    found, problems = gather(tmp_path)

    assert found == {"ok.zip!/4.zip!/3.zip!/2.zip!/1.zip!/app.log": b"deep\n"}
    assert [(problem.code, problem.path) for problem in problems] == [("too-deep", "no.zip!/5.zip!/4.zip!/3.zip!/2.zip!/1.zip")]


def test_a_packing_in_a_packing_ends_too(tmp_path: Path) -> None:
    data = b"x"
    for _ in range(60):
        data = PACK["gz"](data)
    lay(tmp_path, {"x.gz": data})

    found, problems = gather(tmp_path)

    assert found == {}
    assert codes(problems) == ["too-deep"]


SMALL = Limits(free=1 << 20, ratio=20)


@pytest.mark.parametrize("suffix", PACK)
def test_a_bomb_is_stopped_and_told(tmp_path: Path, suffix: str) -> None:
    lay(tmp_path, {"bomb": PACK[suffix](b"\0" * (200 << 20)), "fine.log": b"ok\n"})
    started = time.perf_counter()

    sizes, problems = {}, []
    for member in find([str(tmp_path)], problems.append, SMALL):
        with member.open() as stream:
            sizes[member.name] = sum(len(block) for block in iter(lambda: stream.read(1 << 16), b""))

    assert time.perf_counter() - started < 5
    assert (1 << 20) * 0.9 < sizes["bomb"] <= 1 << 22
    assert sizes["fine.log"] == 3
    assert codes(problems) == ["archive-bomb"]
    assert problems[0].path == "bomb"


def test_a_bomb_of_zips_in_zips_is_stopped(tmp_path: Path) -> None:
    """Sixteen times sixteen times sixteen files of zeros, as the well-known one."""
    data = zipped({"0.dll": b"\0" * (8 << 20)})
    for _ in range(3):
        data = zipped({f"lib {number:x}.zip": data[:-1] + bytes((number,)) if number < 0 else data for number in range(16)})
    lay(tmp_path, {"42.zip": data})
    started = time.perf_counter()

    problems: list[object] = []
    total = 0
    for member in find([str(tmp_path)], problems.append, SMALL):
        with member.open() as stream:
            total += sum(len(block) for block in iter(lambda: stream.read(1 << 16), b""))

    assert time.perf_counter() - started < 10
    assert total <= 4 << 20
    assert "archive-bomb" in codes(problems)


def test_a_zip_whose_members_overlap_is_stopped(tmp_path: Path) -> None:
    one = zipped({"a": b"\0" * (1 << 20)})
    start = one.index(b"PK\x01\x02")
    record = one[start : one.index(b"PK\x05\x06")]
    many = b"".join(record[:46] + bytes((97 + number % 26,)) for number in range(5000))
    lay(tmp_path, {"x.zip": one[:start] + many + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5000, 5000, len(many), start, 0)})
    started = time.perf_counter()

    found, problems = gather(tmp_path, limits=Limits(free=4 << 20, ratio=1))

    assert time.perf_counter() - started < 5
    assert sum(map(len, found.values())) <= 4 << 20
    assert "archive-bomb" in codes(problems)


def test_an_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    """A zip may be made that holds its own bytes; here by a member that begins where the archive begins."""
    name = b"self.zip"
    total = 46 + len(name) + 22
    size = 30 + len(name) + total
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0x21, 0, size, size, len(name), 0) + name
    listed = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0x21, 0, size, size, len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), len(header), 0)
    lay(tmp_path, {"self.zip": header + listed + end})

    found, problems = gather(tmp_path)

    assert len(found) <= 1
    assert problems


def test_the_number_of_members_is_bounded(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "x.zip": zipped({f"{number}": str(number).encode() for number in range(50)}),
            "x.tar": tar({f"{number}": b"x%d" % number for number in range(50)}),
        },
    )

    found, problems = gather(tmp_path, limits=Limits(members=20))

    assert len(found) == 40
    assert codes(problems) == ["too-many-members", "too-many-members"]


def test_a_name_of_a_gigabyte_in_a_tar_costs_nothing(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type = b"L"
    info.size = 1 << 30
    lay(tmp_path, {"x.tar": tar({"a": b"a"})[:1024] + info.tobuf() + b"n" * 100_000})

    found, problems = gather(tmp_path)

    assert found == {"x.tar!/a": b"a"}
    assert codes(problems) == ["archive-damaged"]


def test_reading_again_costs_nothing_of_the_limit_and_tells_nothing_twice(tmp_path: Path) -> None:
    lay(tmp_path, {"x.gz": PACK["gz"](LOG)[:-4]})
    problems: list[object] = []
    (member,) = find([str(tmp_path)], problems.append, Limits(free=len(LOG) + 10, ratio=1))

    assert content(member) == content(member) == content(member)
    assert codes(problems) == ["archive-truncated"]


def test_members_can_be_read_side_by_side_after_all_were_found(tmp_path: Path) -> None:
    inner = {f"{number}.zip": zipped({"a.log": b"%d a\n" % number * 9999, "b.log": b"%d b\n" % number * 9999}) for number in range(8)}
    lay(tmp_path, {"x.tar.gz": PACK["gz"](tar(inner))})

    members = list(find([str(tmp_path)], lambda _: None))
    streams = [member.open() for member in members]
    parts = [b"" for _ in streams]
    while any(blocks := [stream.read(5000) for stream in streams]):
        parts = [part + block for part, block in zip(parts, blocks, strict=True)]
    for stream in streams:
        stream.close()

    assert len(members) == 16
    assert [part[:3] for part in parts] == [b"%d %c" % (number, letter) for number in range(8) for letter in b"ab"]
    assert {len(part) for part in parts} == {9999 * 4}


NAMES = st.text(st.sampled_from("abcdeé-_ .#!"), min_size=1, max_size=8).filter(
    lambda name: not name.startswith(".") and name.strip(". ") == name
)
LEAF = st.one_of(
    st.binary(max_size=3000).map(lambda data: b"~" + data),  # so that it is nothing that is known by how it begins
    st.binary(max_size=50).map(lambda data: b"~" + data * 2000),
    st.sampled_from([b"", LOG]),
)
TREE = st.recursive(
    LEAF.map(lambda data: ("leaf", data)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(sorted(PACK)), inner),
        st.tuples(st.sampled_from(["zip", "stored"]), st.dictionaries(NAMES, inner, max_size=3)),
        st.tuples(st.just("tar"), st.dictionaries(NAMES, inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


def build(tree: tuple[str, object]) -> tuple[bytes, dict[str, bytes]]:
    """The bytes of a tree, and what must come out of it below its own name."""
    kind, inner = tree
    if kind == "leaf":
        return inner, {"": inner}
    if kind in PACK:
        data, found = build(inner)
        return PACK[kind](data), found
    files, out = {}, {}
    for name, one in inner.items():
        files[name], found = build(one)
        out |= {f"!/{name}{rest}": data for rest, data in found.items()}
    made = tar(files) if kind == "tar" else zipped(files, zipfile.ZIP_STORED if kind == "stored" else zipfile.ZIP_DEFLATED)
    return made, out


@settings(max_examples=150)
@given(TREE)
def test_what_goes_in_comes_out(tree: tuple[str, object]) -> None:
    data, expected = build(tree)
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder), {"top": data})
        problems: list[object] = []
        members = list(find([folder], problems.append, Limits(depth=60)))
        found = {member.name: content(member) for member in members}

        duplicates = {problem.path for problem in problems if problem.code == "duplicate"}
        assert {problem.code for problem in problems} <= {"duplicate"}
        wanted = {f"top{name}": inside for name, inside in expected.items()}
        assert {name: inside for name, inside in wanted.items() if name not in duplicates} == found
        assert duplicates <= set(wanted)
        for member in members:
            assert member.size in (None, len(found[member.name]))
            assert content(reopen(member.name, folder, limits=Limits(depth=60))) == found[member.name]


WHOLE = [
    zipped({"a.log": LOG[:3000], "b/c.log": b"c" * 500}),
    tar({"a.log": LOG[:3000], "é" * 90: b"c" * 500}),
    PACK["gz"](tar({"a.log": LOG[:3000]})),
    PACK["zst"](LOG[:5000]),
    PACK["xz"](LOG[:5000]),
    PACK["bz2"](LOG[:5000]),
    streamed_zip({"a.log": LOG[:3000], "b": b"b"}),
]


@settings(max_examples=300)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), max_size=4),
    st.integers(0, 10_000),
)
def test_damage_of_any_kind_is_no_crash(whole: bytes, edits: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(whole)
    for at, new in edits:
        at %= len(data)
        data[at : at + len(new)] = new
    data = data[: cut % (2 * len(data))]
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder), {"x": bytes(data)})
        gather(folder, limits=Limits(free=1 << 20, ratio=10))


def test_a_frame_of_zeros_stays_small_in_memory(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "x.zst": zstandard.compress(b"\0" * (300 << 20), 19),
            "y.bz2": bz2.compress(b"\0" * (30 << 20)),
            "z.gz": gzip.compress(b"\0" * (100 << 20)),
        },
    )
    tracemalloc.start()
    sizes = []
    for member in find([str(tmp_path)], lambda _: None, Limits(ratio=10**9)):
        with member.open() as stream:
            sizes.append(sum(len(block) for block in iter(lambda stream=stream: stream.read(1 << 16), b"")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sorted(sizes) == [30 << 20, 100 << 20, 300 << 20]
    assert peak < 100 << 20
