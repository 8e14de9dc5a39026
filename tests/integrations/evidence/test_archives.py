from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from amends.integrations.evidence import coders
from amends.integrations.evidence.sources import find, reopen
from integrations.evidence.making import LOG, PACK, codes, content, gather, lay, streamed_zip, tar, zipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("suffix", PACK)
def test_a_packed_file_is_its_unpacked_bytes_under_its_own_name(tmp_path: Path, suffix: str) -> None:
    lay(tmp_path, {f"app.log.{suffix}": PACK[suffix](LOG)})

    found, problems = gather(tmp_path)

    assert found == {f"app.log.{suffix}": LOG}
    assert problems == []


@pytest.mark.parametrize("suffix", PACK)
def test_packings_one_after_the_other_are_all_read(tmp_path: Path, suffix: str) -> None:
    lay(tmp_path, {"app.log": PACK[suffix](b"one\n") + PACK[suffix](b"") + PACK[suffix](LOG)})

    found, problems = gather(tmp_path)

    assert found == {"app.log": b"one\n" + LOG}
    assert problems == []


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("missing", [1, 5, 20, 700])
def test_what_is_whole_of_a_packing_that_breaks_off_is_read(tmp_path: Path, suffix: str, missing: int) -> None:
    noise = random.Random(5).randbytes(9000).hex().encode()
    packed = PACK[suffix](noise)
    lay(tmp_path, {"app.log": packed[:-missing]})

    found, problems = gather(tmp_path)

    assert noise.startswith(found["app.log"])
    assert codes(problems) == ["archive-truncated"]
    assert f"byte {len(packed) - missing:,}" in problems[0].message
    assert problems[0].field == f"byte {len(found['app.log'])}"
    if suffix in ("gz", "zst") or missing < 9:
        assert len(found["app.log"]) >= (len(noise) - 4000 if suffix == "gz" else 0)


@pytest.mark.parametrize("suffix", PACK)
def test_wrong_bytes_in_a_packing_are_told(tmp_path: Path, suffix: str) -> None:
    packed = bytearray(PACK[suffix](random.Random(6).randbytes(50_000).hex().encode()))
    packed[len(packed) // 2] ^= 0x55
    packed[len(packed) // 2 + 1] ^= 0x55
    lay(tmp_path, {"app.log": bytes(packed)})

    _, problems = gather(tmp_path)

    assert codes(problems) == ["archive-damaged"]
    assert problems[0].path == "app.log"
    assert str(problems[0].field).startswith("byte ")


@pytest.mark.parametrize("suffix", PACK)
def test_what_follows_a_packing_is_told_and_padding_is_not(tmp_path: Path, suffix: str) -> None:
    lay(tmp_path, {"junk": PACK[suffix](b"good\n") + b"something else", "padded": PACK[suffix](b"well\n") + b"\0" * 70_000})

    found, problems = gather(tmp_path)

    assert found == {"junk": b"good\n", "padded": b"well\n"}
    assert [(problem.code, problem.path) for problem in problems] == [("trailing-bytes", "junk")]


def test_bytes_tell_what_a_file_is_and_names_do_not(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "a.zip": b"plain\n",
            "b.log": zipped({"in.log": b"zip\n"}),
            "c.gz": bz2.compress(b"bz2\n"),
            "d.txt": tar({"in.log": b"tar\n"}),
            "e.tar.gz": lzma.compress(tar({"x": b"xz\n"})),
            "f": gzip.compress(zipped({"in.log": b"both\n"})),
        },
    )

    assert gather(tmp_path)[0] == {
        "a.zip": b"plain\n",
        "b.log!/in.log": b"zip\n",
        "c.gz": b"bz2\n",
        "d.txt!/in.log": b"tar\n",
        "e.tar.gz!/x": b"xz\n",
        "f!/in.log": b"both\n",
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_gives_the_bytes_that_went_in(tmp_path: Path, method: int) -> None:
    files = {"a.log": LOG, "déjà/b.log": b"b", "empty": b""}
    lay(tmp_path, {"x.zip": zipped(files, method)})

    found, problems = gather(tmp_path)

    assert found == {f"x.zip!/{name}": data for name, data in files.items()}
    assert problems == []


def test_a_zip_with_wide_sizes_and_a_strange_comment_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        with made.open("wide.log", "w", force_zip64=True) as member:
            member.write(LOG)
        made.comment = b"PK\x05\x06 in a comment" * 20 + b"PK\x05\x06" + b"\0" * 18

    assert gather(tmp_path) == ({"x.zip!/wide.log": LOG}, [])


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_gives_the_bytes_that_went_in(tmp_path: Path, form: int) -> None:
    long = "folder/" * 14 + "a.log" if form == tarfile.USTAR_FORMAT else "é" * 80 + "/" + "x" * 180 + ".log"
    lay(tmp_path, {"x.tar": tar({"./a.log": b"a\n", long: LOG, "empty": b""}, form)})

    found, problems = gather(tmp_path)

    assert found == {"x.tar!/a.log": b"a\n", "x.tar!/empty": b"", f"x.tar!/{long}": LOG}
    assert problems == []


def test_tars_one_after_the_other_are_all_read(tmp_path: Path) -> None:
    lay(tmp_path, {"x.tar": tar({"a": b"a"}) + tar({"b": b"b", "a": b"c"})})

    assert gather(tmp_path)[0] == {"x.tar!/a": b"a", "x.tar!/a#2": b"c", "x.tar!/b": b"b"}


def test_members_know_when_they_were_changed(tmp_path: Path) -> None:
    lay(tmp_path, {"a.tar": tar({"x": b"x"}), "b.zip": zipped({"y": b"yy"}), "c.gz": gzip.compress(b"zzz", mtime=1_772_600_001)})

    times = {member.name: member.modified_at for member in find([str(tmp_path)], lambda _: None)}

    assert times == {"a.tar!/x": 1_772_600_000_000_000, "b.zip!/y": 1_772_600_768_000_000, "c.gz": 1_772_600_001_000_000}


def test_parts_of_a_rotated_log_in_an_archive_are_ordered_too(tmp_path: Path) -> None:
    lay(tmp_path, {"x.tar": tar({"l/app.log": b"3", "l/app.log.1": b"2", "k.log": b"k", "l/app.log.2.gz": PACK["gz"](b"1")})})

    assert list(gather(tmp_path)[0]) == ["x.tar!/k.log", "x.tar!/l/app.log.2.gz", "x.tar!/l/app.log.1", "x.tar!/l/app.log"]


UNSAFE = [
    "../up.log",
    "a/../../up.log",
    "/etc/shadow",
    "C:\\evil.log",
    "c:evil.log",
    "\\\\host\\share\\x.log",
    "..\\up.log",
    "a\\..\\..\\x",
]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_leads_out_of_its_archive_is_told_and_left_out(tmp_path: Path, name: str) -> None:
    lay(tmp_path, {"x.zip": zipped({name: b"evil", "good.log": b"1"}), "x.tar": tar({name: b"evil", "good.log": b"2"})})

    found, problems = gather(tmp_path)

    assert found == {"x.zip!/good.log": b"1", "x.tar!/good.log": b"2"}
    assert codes(problems) == ["unsafe-name", "unsafe-name"]
    assert sorted(os.listdir(tmp_path)) == ["x.tar", "x.zip"]


def test_a_nul_in_a_name_is_told(tmp_path: Path) -> None:
    made = zipped({"good.logQ.exe": b"x"}).replace(b"good.logQ.exe", b"good.log\0.exe")
    lay(tmp_path, {"x.zip": made})

    found, problems = gather(tmp_path)

    assert found == {}
    assert codes(problems) == ["unsafe-name"]
    assert "\\x00" in problems[0].message


def test_folders_parted_by_backslashes_are_folders(tmp_path: Path) -> None:
    lay(tmp_path, {"x.zip": zipped({"logs\\eu\\app.log": b"a", "logs\\eu\\": b""}), "y.tar": tar({"odd\\name.log": b"b"})})

    found, _ = gather(tmp_path)

    assert found == {"x.zip!/logs/eu/app.log": b"a", "y.tar!/odd\\name.log": b"b"}
    for name, data in found.items():
        assert content(reopen(name, str(tmp_path))) == data


def test_names_that_come_twice_are_told_apart(tmp_path: Path) -> None:
    lay(tmp_path, {"x.tar": tar([("a.log", b"1"), ("./a.log", b"22"), ("a.log#2", b"333"), ("a.log", b"4444")])})

    found, _ = gather(tmp_path)

    assert sorted(found.values()) == [b"1", b"22", b"333", b"4444"]
    for name, data in found.items():
        assert content(reopen(name, str(tmp_path))) == data


def test_links_and_devices_in_a_tar_are_told(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, kind in (
            ("sym", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("null", tarfile.CHRTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("dir", tarfile.DIRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "/etc/passwd"
            made.addfile(info)
    lay(tmp_path, {"x.tar": out.getvalue()})

    found, problems = gather(tmp_path)

    assert found == {}
    assert [(problem.code, problem.message[:5]) for problem in problems] == [("link-in-archive", "sym: "), ("not-a-file", "null:")]
    assert "1 more" in problems[0].message


def test_what_is_hidden_in_an_archive_is_left_out(tmp_path: Path) -> None:
    lay(tmp_path, {"x.zip": zipped({".git/config": b"c", "__MACOSX/._a": b"m", ".ssh/key": b"k", "a.log": b"a"})})

    found, problems = gather(tmp_path)

    assert list(found) == ["x.zip!/a.log"]
    assert codes(problems) == ["hidden", "git-in-archive"]


def test_encrypted_members_are_told_once(tmp_path: Path) -> None:
    made = bytearray(zipped({"a.log": b"aaaa", "b.log": b"bbbb", "c.log": b"cccc"}))
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        for _ in range(2):
            at = made.index(mark, at + 1)
            made[at + flags] |= 1
    lay(tmp_path, {"x.zip": bytes(made)})

    found, problems = gather(tmp_path)

    assert found == {"x.zip!/c.log": b"cccc"}
    assert codes(problems) == ["encrypted"]
    assert problems[0].message.startswith("a.log: encrypted")


@pytest.mark.parametrize(
    "data", [b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, b"Rar!\x1a\x07\x01\x00" + b"\0" * 40, b"\x1f\x9d\x90abc", b"\x04\x22\x4d\x18abc"]
)
def test_other_archives_are_named_and_not_taken_for_logs(tmp_path: Path, data: bytes) -> None:
    lay(tmp_path, {"x": data})

    found, problems = gather(tmp_path)

    assert found == {}
    assert codes(problems) == ["unsupported-archive"]


def test_a_log_that_begins_with_digits_is_no_archive(tmp_path: Path) -> None:
    lay(tmp_path, {"mysql.log": b"070701 12:34:56 [Note] ready\n", "x.cpio": b"070701" + b"0000A1B2" * 13 + b"name"})

    found, problems = gather(tmp_path)

    assert list(found) == ["mysql.log"]
    assert [(problem.code, problem.path) for problem in problems] == [("unsupported-archive", "x.cpio")]


def test_zstandard_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.log.zst": PACK["zst"](b"z"), "b.tar": tar({"c.zst": PACK["zst"](b"zz"), "d": b"d"})})
    monkeypatch.setattr(coders, "find_spec", lambda _: None)

    found, problems = gather(tmp_path)

    assert found == {"b.tar!/d": b"d"}
    assert [(problem.code, problem.path) for problem in problems] == [("needs-extra", "a.log.zst"), ("needs-extra", "b.tar!/c.zst")]
    assert "amends[evidence]" in problems[0].hint


def test_everything_else_works_with_the_standard_library_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.gz": PACK["gz"](b"1\n") + PACK["gz"](LOG), "b.zip": zipped({"c": LOG}), "t.gz": PACK["gz"](LOG * 5)[:-2000]})
    monkeypatch.setattr(coders, "find_spec", lambda _: None)
    for name in ("isal", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)

    found, problems = gather(tmp_path)

    assert found["a.gz"] == b"1\n" + LOG
    assert found["b.zip!/c"] == LOG
    assert len(found["t.gz"]) < len(LOG * 5)
    assert (LOG * 5).startswith(found["t.gz"])
    assert codes(problems) == ["archive-truncated"]


@pytest.mark.parametrize("make", [zipped, streamed_zip])
def test_a_zip_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path, make: object) -> None:
    made = make({"a.log": LOG, "b.log": b"b" * 100, "c.log": random.Random(1).randbytes(5000)})
    cut = made.index(b"c.log") + 2000
    lay(tmp_path, {"x.zip": made[:cut]})

    found, problems = gather(tmp_path)

    assert found["x.zip!/a.log"] == LOG
    assert found["x.zip!/b.log"] == b"b" * 100
    assert len(found["x.zip!/c.log"]) < 5000
    assert [(problem.code, problem.path) for problem in problems] == [("archive-truncated", "x.zip"), ("archive-truncated", "x.zip!/c.log")]
    assert problems[0].field == f"byte {cut}"


def test_a_tar_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    made = tar({"a.log": b"a" * 600, "b.log": b"b" * 5000})
    cut = made.index(b"bbbbbb") + 1234
    lay(tmp_path, {"x.tar": made[:cut], "y.tgz": PACK["gz"](tar({"a.log": LOG}))[:-3000]})

    found, problems = gather(tmp_path)

    assert found["x.tar!/a.log"] == b"a" * 600
    assert found["x.tar!/b.log"] == b"b" * 1234
    assert LOG.startswith(found["y.tgz!/a.log"])
    assert len(found["y.tgz!/a.log"]) > 100_000
    assert [(problem.code, problem.path) for problem in problems] == [("archive-truncated", "x.tar"), ("archive-truncated", "y.tgz")]
    assert problems[0].field == f"byte {cut}"


def test_a_tar_with_a_damaged_header_gives_what_stands_before(tmp_path: Path) -> None:
    made = bytearray(tar({"a.log": b"a", "b.log": b"b"}))
    made[1024 + 3] ^= 0xFF
    lay(tmp_path, {"x.tar": bytes(made)})

    found, problems = gather(tmp_path)

    assert found == {"x.tar!/a.log": b"a"}
    assert [(problem.code, problem.field) for problem in problems] == [("archive-damaged", "byte 1024")]


def test_a_wrong_checksum_in_a_zip_is_told(tmp_path: Path) -> None:
    made = bytearray(zipped({"a.log": b"original"}, zipfile.ZIP_STORED))
    made[made.index(b"original")] ^= 1
    lay(tmp_path, {"x.zip": bytes(made)})

    _, problems = gather(tmp_path)

    assert [(problem.code, problem.path) for problem in problems] == [("archive-damaged", "x.zip!/a.log")]
