from __future__ import annotations

import io
import os
import socket
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError, NotFoundError, UsageError
from amends.integrations.evidence.names import in_order
from amends.integrations.evidence.sources import Limits, beside, find, reopen
from integrations.evidence.making import PACK, codes, content, gather, lay, tar, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from amends.core.problem import Problem


def members_of(*operands: object) -> list[str]:
    return list(gather(*operands)[0])


def test_a_file_is_a_member_by_its_own_name(tmp_path: Path) -> None:
    lay(tmp_path, {"logs/app.log": b"one\n"})
    problems: list[Problem] = []

    (member,) = find([str(tmp_path / "logs" / "app.log")], problems.append)

    assert (member.name, member.size, member.root, member.encoding) == ("app.log", 4, "", None)
    assert member.path is not None
    assert os.path.samefile(member.path, tmp_path / "logs" / "app.log")
    assert member.modified_at == (tmp_path / "logs" / "app.log").stat().st_mtime_ns // 1000
    assert content(member) == content(member) == b"one\n"
    assert problems == []


def test_the_files_of_a_folder_are_named_below_it(tmp_path: Path) -> None:
    lay(tmp_path, {"b.log": b"b", "a/x.log": b"x", "a/deep/y.log": b"y", "c.log": b""})

    assert members_of(tmp_path) == ["a/deep/y.log", "a/x.log", "b.log", "c.log"]


def test_of_several_operands_each_is_named_apart(tmp_path: Path) -> None:
    lay(tmp_path, {"eu/logs/app.log": b"eu", "us/logs/app.log": b"us", "one.log": b"1"})

    found, problems = gather(tmp_path / "eu" / "logs", tmp_path / "us" / "logs", tmp_path / "one.log")

    assert found == {"logs/app.log": b"eu", "logs#2/app.log": b"us", "one.log": b"1"}
    assert problems == []
    for name, data in found.items():
        again = reopen(name, [str(tmp_path / "eu" / "logs"), str(tmp_path / "us" / "logs"), str(tmp_path / "one.log")])
        assert content(again) == data


def test_what_does_not_exist_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        find([str(tmp_path / "gone.log")], lambda _: None)
    with pytest.raises(UsageError):
        find([], lambda _: None)


def test_a_citation_is_found_again_after_a_move(tmp_path: Path) -> None:
    bundle = zipped({"a/app.log.gz": PACK["gz"](b"here\n"), "a/other.log": b"no\n"})
    lay(tmp_path, {"then/b/bundle.zip": bundle})
    found, _ = gather(tmp_path / "then")
    (tmp_path / "then").rename(tmp_path / "now")

    assert list(found) == ["b/bundle.zip!/a/app.log.gz", "b/bundle.zip!/a/other.log"]
    for name, data in found.items():
        assert content(reopen(name, str(tmp_path / "now"))) == data
    with pytest.raises(NotFoundError, match=r"b/bundle\.zip!/a/gone"):
        reopen("b/bundle.zip!/a/gone", str(tmp_path / "now"))


def test_finding_one_again_does_not_open_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.log": b"a", "b/c.zip": zipped({"d.log": b"d"}), "e.log": b"e"})
    opened: list[str] = []
    real = io.open
    monkeypatch.setattr("builtins.open", lambda path, *rest, **named: opened.append(str(path)) or real(path, *rest, **named))

    assert content(reopen("e.log", str(tmp_path))) == b"e"

    assert {os.path.basename(path) for path in opened} == {"e.log"}


@pytest.mark.parametrize(
    "names",
    [
        ["app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log"],
        ["app.log-20251231.gz", "app.log-20260101", "app.log"],
        ["app.log.2026-03-03", "app.log.2026-03-04", "app.log"],
        ["app-2026-03-03.log.gz", "app-2026-03-04.1.log", "app-2026-03-04.2.log", "app.log"],
        ["app.2.log", "app.1.log", "app.log"],
        ["syslog.2.gz", "syslog.1", "syslog"],
        ["log20260303.txt", "log20260304.txt"],
        ["a.log.2026-03-04_09", "a.log.2026-03-04_10", "a.log"],
        ["a.log.1", "a.log", "b.log.1", "b.log"],
        ["messages-20260301.xz", "messages-20260308", "messages"],
        ["release.1.notes", "release.2.notes"],
    ],
)
def test_the_oldest_part_of_a_rotated_log_comes_first(names: list[str]) -> None:
    assert in_order(sorted(names)) == names
    assert in_order(reversed(names)) == names


def test_hidden_files_are_left_out_and_counted(tmp_path: Path) -> None:
    lay(tmp_path, {".secret/a.log": b"a", ".env": b"b", ".DS_Store": b"c", "app.log": b"d"})

    found, problems = gather(tmp_path)

    assert list(found) == ["app.log"]
    assert codes(problems) == ["hidden"]
    assert problems[0].message.startswith("2 hidden files")
    assert members_of(tmp_path / ".env") == [".env"]


def test_a_link_that_leads_out_is_told_and_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"secret/passwords": b"p", "ev/app.log": b"a"})
    (tmp_path / "ev" / "file").symlink_to(tmp_path / "secret" / "passwords")
    (tmp_path / "ev" / "folder").symlink_to("../secret")
    (tmp_path / "evil").symlink_to(tmp_path / "ev")

    found, problems = gather(tmp_path / "evil")

    assert found == {"app.log": b"a"}
    assert codes(problems) == ["link-outside", "link-outside"]
    assert [problem.path for problem in problems] == ["file", "folder"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    lay(tmp_path, {"a/app.log": b"a"})
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "a" / "gone").symlink_to("nowhere")
    (tmp_path / "b").symlink_to("a")

    found, problems = gather(tmp_path)

    assert found == {"a/app.log": b"a"}
    assert {problem.path: problem.code for problem in problems} == {
        "a/up": "link-loop",
        "a/self": "link-broken",
        "a/gone": "link-broken",
        "b": "duplicate",
    }


def test_a_link_to_what_is_hidden_in_the_folder_is_followed(tmp_path: Path) -> None:
    """As Kubernetes lays out the files of a volume."""
    lay(tmp_path, {"..2026_03_04/app.log": b"a"})
    (tmp_path / "..data").symlink_to("..2026_03_04")
    (tmp_path / "app.log").symlink_to("..data/app.log")
    (tmp_path / "all").symlink_to("..data")

    found, problems = gather(tmp_path)

    assert found == {"all/app.log": b"a"}
    assert codes(problems) == ["duplicate", "hidden"]


def test_the_same_file_twice_is_told_once(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "a.log": b"same\n",
            "copy.log": b"same\n",
            "other.log": b"four\n",
            "z.zip": zipped({"in.log": b"same\n"}),
            "empty": b"",
            "void": b"",
        },
    )
    os.link(tmp_path / "a.log", tmp_path / "hard.log")

    found, problems = gather(tmp_path, tmp_path / "a.log")

    top = tmp_path.name
    assert list(found) == [f"{top}/{name}" for name in ("a.log", "empty", "other.log", "void")]
    assert [(problem.code, problem.path) for problem in problems] == [
        ("duplicate", f"{top}/copy.log"),
        ("duplicate", f"{top}/hard.log"),
        ("duplicate", f"{top}/z.zip!/in.log"),
        ("duplicate", "a.log"),
    ]
    assert f"{top}/a.log" in problems[0].message


def test_a_copy_of_an_archive_is_one_duplicate(tmp_path: Path) -> None:
    made = zipped({"a.log": b"a\n", "b.log": b"b\n"})
    lay(tmp_path, {"one.zip": made, "two.zip": made})

    found, problems = gather(tmp_path)

    assert list(found) == ["one.zip!/a.log", "one.zip!/b.log"]
    assert [(problem.code, problem.path) for problem in problems] == [("duplicate", "two.zip")]


def test_a_packed_copy_beside_its_original_is_a_duplicate(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "app.log": b"line\n" * 99,
            "app.log.gz": PACK["gz"](b"line\n" * 99),
            "b.gz": PACK["gz"](b"other\n"),
            "c.tar": tar({"d.gz": PACK["gz"](b"other\n")}),
        },
    )

    found, problems = gather(tmp_path)

    assert list(found) == ["app.log", "b.gz"]
    assert [(problem.code, problem.path) for problem in problems] == [("duplicate", "app.log.gz"), ("duplicate", "c.tar!/d.gz")]


def test_a_single_source_that_was_renamed_is_found_again(tmp_path: Path) -> None:
    lay(tmp_path, {"new.log": b"n\n", "new.zip": zipped({"a.log": b"a\n"})})

    assert content(reopen("old.log", str(tmp_path / "new.log"))) == b"n\n"
    assert content(reopen("old.zip!/a.log", str(tmp_path / "new.zip"))) == b"a\n"
    with pytest.raises(NotFoundError):
        reopen("folder/old.log", str(tmp_path / "new.log"))


def test_two_exports_keep_the_tables_that_they_share(tmp_path: Path) -> None:
    lay(tmp_path, {"a/users.json": b"[1]", "b/users.json": b"[1]", "b/general/2026-03-04.json": b"{}"})

    found, problems = gather(tmp_path)

    assert list(found) == ["a/users.json", "b/general/2026-03-04.json", "b/users.json"]
    assert problems == []


def test_where_a_file_beside_a_member_may_stand(tmp_path: Path) -> None:
    lay(tmp_path, {"x.zip": zipped({"export/general/2026-03-04.json": b"{}"})})

    (member,) = find([str(tmp_path)], lambda _: None)

    assert beside(member, "users.json") == [
        "x.zip!/export/general/users.json",
        "x.zip!/export/users.json",
        "x.zip!/users.json",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("talk")
        found, problems = gather(tmp_path, tmp_path / "pipe", "/dev/zero")

    assert found == {}
    assert codes(problems) == ["not-a-file"] * 4
    assert "named pipe" in problems[0].message
    assert "socket" in problems[1].message


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no permissions of that kind")
def test_what_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"ok.log": b"ok", "shut.log": b"x", "shut/a.log": b"y"})
    real_open, real_list = io.open, os.listdir

    def refusing_open(path: str, *rest: object, **named: object) -> object:
        if str(path).endswith("shut.log"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *rest, **named)

    def refusing_list(path: str) -> list[str]:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real_list(path)

    monkeypatch.setattr("builtins.open", refusing_open)
    monkeypatch.setattr("os.listdir", refusing_list)
    found, problems = gather(tmp_path)

    assert found == {"ok.log": b"ok"}
    assert [(problem.code, problem.path) for problem in problems] == [("unreadable", "shut"), ("unreadable", "shut.log")]
    assert "permission denied" in problems[0].message


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    lay(tmp_path, {f"{number:03}.log": str(number).encode() for number in range(30)})

    found, problems = gather(tmp_path, limits=Limits(members=10))

    assert len(found) == 10
    assert codes(problems) == ["too-many-members"]


def test_a_deep_folder_is_no_trouble(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep /= "d"
    os.makedirs(deep)
    (deep / "app.log").write_bytes(b"deep\n")

    found, problems = gather(tmp_path)

    assert list(found.values()) == [b"deep\n"]
    assert problems == []


def test_names_that_cannot_be_written_are_told_by_number(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m\n.log")
    lay(tmp_path, {name: b"x", "zoë.log": b"y"})

    found, _ = gather(tmp_path)

    assert list(found) == ["caf\\udce9\\x1b[31m\\x0a.log", "zoë.log"]
    for one, data in found.items():
        one.encode()
        assert content(reopen(one, str(tmp_path))) == data


def test_standard_input_is_read_once_and_may_be_an_archive() -> None:
    problems: list[Problem] = []

    plain = list(find(["-", "-"], problems.append, stdin=io.BytesIO(b"line\n" * 3_000_000)))
    packed = list(find(["-"], problems.append, stdin=io.BytesIO(zipped({"a.log": b"in\n"}))))

    assert [(member.name, member.size, member.path) for member in plain] == [("-", 15_000_000, None)]
    assert content(plain[0]) == content(plain[0]) == b"line\n" * 3_000_000
    assert [(member.name, content(member)) for member in packed] == [("-!/a.log", b"in\n")]
    assert codes(problems) == ["duplicate"]
    with pytest.raises(NotFoundError, match="second time"):
        reopen("-!/a.log", "-")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_becomes_utf_8_and_says_so(tmp_path: Path, encoding: str) -> None:
    text = "".join(f"2026-03-04 10:00:0{number % 10} Überlauf 𝄞 {number}\r\n" for number in range(20_000))
    mark = "\ufeff" if encoding.endswith("e") else ""
    lay(tmp_path, {"win.log": (mark + text).encode(encoding)})

    (member,) = find([str(tmp_path)], lambda _: None)

    assert (member.encoding, member.path, member.size) == (encoding[:6], None, None)
    assert content(member) == text.encode()
    assert content(reopen("win.log", str(tmp_path))) == text.encode()


def test_broken_utf_16_is_read_and_told_with_its_place(tmp_path: Path) -> None:
    lay(tmp_path, {"win.log": ("ok\n" * 1000).encode("utf-16") + b"\x00\xd8" + "after\n".encode("utf-16-le")})

    found, problems = gather(tmp_path)

    assert found["win.log"] == b"ok\n" * 1000 + "\ufffdafter\n".encode()
    assert [(problem.code, problem.field) for problem in problems] == [("bad-encoding", "byte 3000")]


def test_bytes_that_only_begin_like_utf_16_stay_as_they_are(tmp_path: Path) -> None:
    data = b"\xff\xfe" + b"\x00\xdc" * 40
    lay(tmp_path, {"x.bin": data, "y.log": b"\xef\xbb\xbfutf-8 with a mark\n"})

    assert gather(tmp_path)[0] == {"x.bin": data, "y.log": b"\xef\xbb\xbfutf-8 with a mark\n"}
