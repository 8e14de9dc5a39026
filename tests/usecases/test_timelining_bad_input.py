"""Evidence is what people found in a hurry: nothing is dropped silently, nothing written elsewhere, and what is wrong is told."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import random
import stat
import subprocess
import sys
import tarfile
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.core.errors import InputError
from amends.integrations.evidence import sources
from amends.interfaces.cli.main import main
from amends.usecases.timelining import Timelining, index
from amends.usecases.timelining.rows import Texts, all_rows
from integrations.evidence.making import PACK, tar, zipped
from usecases.evidence_told import NOW, Row, codes, told, units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from pathlib import Path

    from amends.integrations.evidence.member import Member
    from amends.usecases.timelining.sources import Bytes

GOOD = b"2026-03-04T10:42:07Z ERROR card service does not answer\n"
MANY = b"".join(b"2026-03-04T10:%02d:%02dZ INFO request %d\n" % (n // 60 % 60, n % 60, n) for n in range(4000))
RSS_MB = 600
FILES = 1000
JSON_LINE = b'{"time": "2026-03-04T10:42:07Z", "msg": "a"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "evidence"
    made.mkdir()
    (made / "good.log").write_bytes(GOOD)
    return made


def read(folder: Path, *, rest: int | None = None) -> tuple[list[Row], list[tuple[str, str | None]]]:
    """The rows of all but the good log, which is always there, and each problem with its source."""
    rows, problems = told(folder.parent / "kept", folder)
    assert [row["text"] for row in rows if row["source"] == "good.log"] == [GOOD.decode().strip()]
    others = [row for row in rows if row["source"] != "good.log"]
    assert rest is None or len(others) == rest
    assert all(one.message for one in problems)
    return others, [(one.code, one.path) for one in problems]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# Archives


@pytest.mark.parametrize("packing", sorted(PACK))
def test_of_an_archive_that_breaks_off_the_whole_lines_are_read(folder: Path, packing: str) -> None:
    noise = random.Random(1).randbytes(200_000).hex().encode()
    data = b"".join(line + noise[at * 90 : at * 90 + 90] + b"\n" for at, line in enumerate(MANY.splitlines()))
    packed = PACK[packing](data)
    (folder / f"cut.log.{packing}").write_bytes(packed[: len(packed) * 3 // 4])
    rows, problems = read(folder)
    assert ("archive-truncated", f"cut.log.{packing}") in problems
    assert len(rows) > 500 or (packing, rows) == ("bz2", [])  # of which a block has 900 kB
    assert all(data.startswith(row["text"].encode(), row["offset"]) for row in rows)


@pytest.mark.parametrize(("name", "pack"), [("cut.zip", zipped), ("cut.tar", tar)])
def test_of_an_archive_of_several_that_breaks_off_the_whole_members_are_read(
    folder: Path, name: str, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    packed = pack({"a.log": GOOD * 2, "b.log": MANY, "c.log": GOOD * 3})
    (folder / name).write_bytes(packed[: len(packed) // 2])
    rows, problems = read(folder)
    assert {row["source"] for row in rows} >= {f"{name}!/a.log"}
    assert {path for _, path in problems} <= {name, f"{name}!/b.log"}
    assert problems


def test_a_bomb_is_stopped_and_told_and_takes_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packing of nothing but line ends, and zips in a zip; so that it is quick, a hundredth of what is allowed is allowed."""
    monkeypatch.setattr(sources, "Limits", partial(sources.Limits, free=2 << 20, ratio=10))
    (folder / "flat.log.xz").write_bytes(lzma.compress(b"\n" * (30 << 20)))
    inner = zipped({"x.log": b"\n" * (5 << 20)})
    (folder / "nested.zip").write_bytes(zipped({f"{n}.zip": inner for n in range(3)}))
    rows, problems = read(folder)
    assert {path for code, path in problems if code == "archive-bomb"} == {"flat.log.xz", "nested.zip"}
    assert sum(row["length"] for row in rows) < 5 << 20


def test_names_that_lead_out_of_an_archive_lead_nowhere(folder: Path) -> None:
    evil = ["../out.log", "/etc/out.log", "a/../../out.log", "..\\out.log", "C:\\out.log"]
    (folder / "evil.zip").write_bytes(zipped(dict.fromkeys([*evil, "in.log"], GOOD + b"\n")))
    (folder / "evil.tar").write_bytes(tar(dict.fromkeys([*evil[:3], "in2.log"], GOOD + b"\n\n")))
    before = tree(folder)
    rows, problems = read(folder)
    assert {row["source"] for row in rows} >= {"evil.zip!/in.log", "evil.tar!/in2.log"}
    assert {path for code, path in problems if code == "unsafe-name"} == {"evil.zip", "evil.tar"}
    assert tree(folder) == before
    assert not list(folder.parent.rglob("out.log"))


def test_links_in_and_out_of_archives_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.log").write_bytes(b"2026-03-04T10:42:07Z ERROR secret\n")
    os.symlink(tmp_path / "secret.log", folder / "link.log")
    os.symlink("link-to-nothing", folder / "broken.log")
    os.symlink(folder, folder / "loop")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        info = tarfile.TarInfo("inner.log")
        info.type, info.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.log")
        packed.addfile(info)
    (folder / "links.tar").write_bytes(out.getvalue())
    _, problems = read(folder, rest=0)
    assert sorted(problems) == [
        ("link-broken", "broken.log"), ("link-in-archive", "links.tar"), ("link-loop", "loop"), ("link-outside", "link.log"),
    ]  # fmt: skip


@pytest.mark.parametrize("packing", [".gz", ".xz", ".zst", ".bz2", ".zip", ".tar", ""])
def test_what_is_there_twice_is_read_once(folder: Path, packing: str) -> None:
    pack = {".zip": lambda data: zipped({"x": data}), ".tar": lambda data: tar({"x": data}), "": bytes}
    (folder / f"zz{packing}").write_bytes((pack | {f".{name}": made for name, made in PACK.items()})[packing](GOOD))
    _, problems = read(folder, rest=0)
    assert [code for code, _ in problems] == ["duplicate"]


# Files that are no files, or not at rest


def test_a_pipe_and_a_socket_are_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.log")
    _, problems = read(folder, rest=0)
    assert problems == [("not-a-file", "pipe.log")]
    with pytest.raises(InputError, match=r"pipe\.log: a named pipe"):
        told(folder.parent / "kept", folder / "pipe.log")


def test_a_file_that_nobody_may_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_of = index.bytes_of

    def failing(member: Member, spool: Callable[[], str]) -> Bytes:  # whoever runs the tests may be allowed to read everything
        if member.name == "mine.log":
            raise PermissionError(13, "Permission denied")
        return bytes_of(member, spool)

    monkeypatch.setattr(index, "bytes_of", failing)
    (folder / "mine.log").write_bytes(GOOD * 2)
    assert read(folder, rest=0)[1] == [("unreadable", "mine.log")]


@pytest.mark.parametrize("size", [1 << 10, 200_000], ids=["short", "long"])
@pytest.mark.parametrize("change", ["grows", "shrinks", "goes"])
def test_a_file_that_changes_while_it_is_read_is_told_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str, size: int
) -> None:
    units_of(monkeypatch, 50_000)
    live = folder / "live.log"
    live.write_bytes((MANY * (size // len(MANY) + 1))[: size // 35 * 35])
    whole = live.read_bytes()
    days_of = index.days_of

    def then(member: Member, now: datetime) -> tuple[date, date]:  # when its size is known, and none of its bytes
        if member.name == "live.log" and live.exists():
            if change == "goes":
                live.unlink()
            else:
                live.write_bytes(whole + GOOD if change == "grows" else whole[: len(whole) // 2])
        return days_of(member, now)

    monkeypatch.setattr(index, "days_of", then)
    if change == "shrinks":  # what is cited must be what is there
        with pytest.raises(Exception, match="changed since it was read"):
            read(folder)
        return
    rows, problems = read(folder)
    if change == "goes":
        assert (rows, [code for code, _ in problems]) == ([], ["unreadable"])
    else:
        assert problems == [("changed", "live.log")]
        covered(whole, rows)


def test_a_log_that_is_written_meanwhile_can_still_be_told(folder: Path, tmp_path: Path) -> None:
    (folder / "live.log").write_bytes(MANY)
    with Timelining(lambda: NOW, str(tmp_path / "kept")).assemble([str(folder)], lambda _: None) as made, Texts() as texts:
        with open(folder / "live.log", "ab") as live:
            live.write(GOOD)
        assert len(list(all_rows(made, texts))) == 4001


# Bytes


def covered(data: bytes, rows: Iterable[Row]) -> None:
    """Every byte that is not blank lies in exactly one entry."""
    at, line = 0, 1
    for row in sorted(rows, key=lambda row: row["offset"]):
        assert not data[at : row["offset"]].strip(b"\r\n\xef\xbb\xbf"), "between two entries there are only line ends"
        assert row["offset"] >= at, "no byte is in two"
        line += data.count(b"\n", at, row["offset"])
        assert row["line"] == line
        line += data.count(b"\n", row["offset"], row["offset"] + row["length"])
        at = row["offset"] + row["length"]
    assert not data[at:].strip(b"\r\n")
    assert at <= len(data)


PIECES = st.lists(
    st.sampled_from(
        [
            b"2026-03-04T10:42:07Z ERROR a\n",
            b"2026-03-04T10:42:07Z INFO \xe4\xff b\r\n",
            b"  at shop.Cart.pay(Cart.java:411)\n",
            b"Caused by: x\r\n",
            b"\n",
            b"\r\n",
            b"\0\0\0\n",
            b"no time at all",
            b"\n2026-03-04T10:42:08Z WARN c",
            b"Mar  4 10:42:09 h cron: d\n",
            b"9999-12-31 23:59:59 ERROR e\n",
            b"10:42:07 f\n",
            b"1772620927 g\n",
            b"\x1b[31mred\x1b[0m\n",
        ]
    ),
    min_size=1,
    max_size=40,
)


@given(PIECES, st.sampled_from([1 << 20, 7, 40, 111]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_every_byte_of_a_log_is_in_exactly_one_entry_wherever_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], size: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    data = b"2026-03-04T10:42:06Z INFO began\n" + b"".join(pieces)
    (folder / "a.log").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        units_of(patch, size)
        rows, _ = told(folder / "kept", folder / "a.log")
    covered(data, rows)
    assert all(
        row["text"].encode() == data[row["offset"] : row["offset"] + row["length"]].decode("utf-8", "replace").encode() for row in rows
    )


@pytest.mark.parametrize("size", [64, 300, 5000])
def test_json_that_goes_on_over_lines_has_its_time_wherever_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    data = b"".join(
        b'{"time": "2026-03-04T10:%02d:00Z", "level": "error", "msg": "a%d"}\n  at x.Y(z:%d)\n\n  at y\n' % (n % 60, n, n)
        for n in range(60)
    )
    (tmp_path / "a.jsonl").write_bytes(data)
    before = told(tmp_path / "kept", tmp_path / "a.jsonl")
    covered_but_for_blanks(data, before[0])
    units_of(monkeypatch, size)
    rows, problems = told(tmp_path / "other", tmp_path / "a.jsonl")
    assert rows == before[0]
    assert codes(problems) == codes(before[1])
    assert all(row["time"] for row in rows)


def covered_but_for_blanks(data: bytes, rows: Iterable[Row]) -> None:
    left = bytearray(data)
    for row in rows:
        left[row["offset"] : row["offset"] + row["length"]] = b" " * row["length"]
    assert not left.strip()


def test_years_in_which_nobody_wrote_logs_are_told_with_their_place(folder: Path) -> None:
    (folder / "y.log").write_bytes(b"2026-03-04T10:00:00Z INFO a\n0001-01-01T00:00:00Z ERROR b\n9999-12-31T23:59:59Z ERROR c\n" + GOOD)
    (folder / "y.jsonl").write_bytes(
        b"".join(b'{"time": "%s-01-01T00:00:00Z", "level": "error", "msg": "x"}\n' % year for year in (b"0001", b"2026", b"9999"))
    )
    rows, problems = told(folder.parent / "kept", folder)
    assert [(one.code, one.path, one.field) for one in problems] == [
        ("bad-time", "y.jsonl", "byte 0"), ("bad-time", "y.jsonl", "byte 126"), ("bad-time", "y.log", "byte 28"),
    ]  # fmt: skip
    assert all(row["time"] is None or row["time"].startswith("2026") for row in rows)
    assert len([row for row in rows if row["source"] == "y.jsonl"]) == 3


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.log", b"", "empty"),
        ("core", b"\x7fELF" + bytes(range(256)) * 40, "not-text"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, "not-text"),
        ("rest.7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), "unsupported-archive"),
        ("quiet.log", b"no line of this\nsays when\n", "no-times"),
        ("broken.json", b'{"incidents": [{"id": ', None),
        ("deep.jsonl", b'{"time": "2026-03-04T10:42:07Z", "msg": ' + b"[" * 100_000 + b"\n" + b'{"a": ' * 50_000 + b"\n", None),
    ],
)
def test_what_cannot_be_read_is_told(folder: Path, name: str, data: bytes, code: str | None) -> None:
    (folder / name).write_bytes(data)
    rows, problems = read(folder)
    assert {path for _, path in problems} == {name}
    assert code is None or [one for one, _ in problems] == [code]
    assert code not in ("empty", "not-text", "unsupported-archive") or not rows


def test_broken_lines_are_told_each_with_its_byte_and_the_others_are_read(folder: Path) -> None:
    whole = b'{"time": "2026-03-04T10:42:07Z", "level": "info", "msg": "a"}\n'
    (folder / "a.jsonl").write_bytes(whole + b'{"time": \n' + whole + b"\xff\xfe\0\n" + whole)
    rows, problems = told(folder.parent / "kept", folder)
    assert [(one.path, one.field) for one in problems] == [("a.jsonl", f"byte {len(whole)}"), ("a.jsonl", f"byte {2 * len(whole) + 10}")]
    assert len([row for row in rows if row["source"] == "a.jsonl"]) == 5


def test_encodings_may_change_within_a_file(folder: Path) -> None:
    line = "2026-03-04T10:42:07Z INFO Käthe\n"
    data = line.encode() + line.encode("latin-1") + line.encode("utf-16-le") + line.encode()
    (folder / "mixed.log").write_bytes(data)
    rows, _ = read(folder)
    covered(data, rows)
    assert rows[0]["text"] == line.strip()


# Very much


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (b"2026-03-04T10:42:07Z ERROR ", b""),
        (GOOD + b"2026-03-04T10:42:08Z ERROR ", b"\n" + GOOD),
        (JSON_LINE + JSON_LINE[:-4], b'"}\n' + JSON_LINE),
    ],
    ids=["alone", "amid others", "json"],
)
def test_a_line_of_100_megabytes_is_one_entry_in_bounded_memory(tmp_path: Path, head: bytes, tail: bytes) -> None:
    log = tmp_path / "long.log"
    with open(log, "wb") as file:
        file.write(head)
        file.writelines(b"x" * 1_000_000 for _ in range(100))
        file.write(tail)
    program = (
        "import resource, sys; from amends.interfaces.cli.main import main; code = main(sys.argv[1:]);"
        # what the system counts for the process itself begins with what this one had when it made it
        "own = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM'));"
        "print(own // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, code)"
    )
    words = [sys.executable, "-c", program, "timeline", str(log), "--all", "--format", "jsonl", "-o", str(tmp_path / "out.jsonl")]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "AMENDS_HOME": str(tmp_path / "home")}, check=True)
    own, children, code = map(int, done.stdout.split())
    assert code == 0
    assert max(own, children) < RSS_MB
    assert "a line of 100,000" in done.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert sum(row["length"] for row in rows) >= len(head.strip()) + 100_000_000 + len(tail.strip()) - 4


def test_a_folder_of_very_many_files_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}.log").write_bytes(b"2026-03-04T10:%02d:07Z ERROR file %d\n" % (number % 60, number))
    rows, problems = told(tmp_path / "kept", folder)
    assert (len(rows), problems) == (FILES, [])


def test_folders_in_folders_are_read_down_to_what_the_system_can_name(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "good.log").write_bytes(GOOD)
    here = os.open(folder, os.O_RDONLY)
    for number in range(60):
        os.mkdir("d" * 100, dir_fd=here)
        below = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
        handle = os.open("a.log", os.O_WRONLY | os.O_CREAT, dir_fd=here)
        os.write(handle, b"2026-03-04T10:42:%02dZ ERROR down here\n" % number)
        os.close(handle)
    os.close(here)
    try:
        rows, problems = read(folder)
        assert len(rows) > 20
        assert {code for code, _ in problems} == {"unreadable"}
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)  # deeper than shutil can go


# The command


def test_the_command_ends_with_0_when_there_is_a_timeline_and_2_when_nothing_could_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(folder.parent / "home"))
    monkeypatch.chdir(folder.parent)
    (folder / "core").write_bytes(bytes(range(256)) * 40)
    (folder / "a.jsonl").write_bytes(b'{"time": "2026-03-04T10:42:07Z", "msg": "a"}\n{"time": \n')
    before = tree(folder)
    assert main(["timeline", str(folder), "--all"]) == 0
    said = capsys.readouterr()
    assert "card service does not answer" in said.out
    assert "core: binary" in said.err
    assert "a.jsonl, byte 45: " in said.err
    assert main(["timeline", str(folder / "core")]) == 2
    assert "core" in capsys.readouterr().err
    assert main(["timeline", str(folder / "gone")]) == 2
    assert tree(folder) == before
    assert sorted(os.listdir(folder.parent)) == ["evidence", "home"]
    assert stat.S_IMODE((folder.parent / "home" / "timeline").stat().st_mode) == 0o700


def test_a_packed_folder_leaves_nothing_unpacked_behind(folder: Path) -> None:
    (folder / "big.log.gz").write_bytes(gzip.compress(MANY))
    read(folder, rest=4000)
    kept = folder.parent / "kept"
    assert not [path for path in kept.iterdir() if path.name.startswith("spool-")]
