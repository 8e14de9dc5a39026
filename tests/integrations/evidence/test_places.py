"""Objects of a storage are read in ranges like files, known by their state, and called by names in which no secret stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import InputError, NeedsExtraError, UsageError
from amends.integrations.evidence import addresses, places, storage
from amends.integrations.evidence.sources import find, reopen

if TYPE_CHECKING:
    from pathlib import Path

    from amends.core.problem import Problem

ADDRESSES = [
    ("s3://bucket/logs/app.log", "s3://bucket/logs/app.log", "app.log"),
    ("s3://bucket", "s3://bucket", "bucket"),
    ("https://ana:geheim@example.org/a%20b.log?sig=geheim&x=1", "https://example.org/a%20b.log", "a b.log"),
    ("https://geheim@example.org/app.log", "https://example.org/app.log", "app.log"),
    ("ftp://ana:ge@heim@example.org/logs/", "ftp://example.org/logs/", "logs"),
    ("sftp://ana@example.org/logs/app.log", "sftp://ana@example.org/logs/app.log", "app.log"),
    ("sftp://ana:geheim@example.org/app.log", "sftp://example.org/app.log", "app.log"),
    ("abfs://logs@account.dfs.core.windows.net/app.log", "abfs://logs@account.dfs.core.windows.net/app.log", "app.log"),
    ("gs://bucket/a@b/app.log", "gs://bucket/a@b/app.log", "app.log"),
]


@pytest.mark.parametrize(("address", "bare", "label"), ADDRESSES)
def test_an_address_is_shown_without_its_secrets(address: str, bare: str, label: str) -> None:
    assert addresses.is_remote(address)
    assert addresses.bare(address) == bare
    assert addresses.label(address) == label
    assert "geheim" not in addresses.bare(address)


@pytest.mark.parametrize("path", ["/var/log/app.log", "logs/app.log", "C:\\logs\\app.log", "a:b", "-", "s3:/bucket"])
def test_a_path_is_no_address(path: str) -> None:
    assert not addresses.is_remote(path)
    assert addresses.bare(path) == path


@given(st.binary(max_size=300_000), st.lists(st.tuples(st.integers(0, 310_000), st.integers(0, 310_000)), max_size=12))
def test_any_ranges_of_an_object_are_those_of_its_bytes(data: bytes, ranges: list[tuple[int, int]]) -> None:
    fsspec.filesystem("memory").pipe("/ranges/any.bin", data)
    with places.opened("memory://ranges/any.bin") as file:
        for start, end in ranges:
            room = bytearray(max(end - start, 0))
            assert file.read(start, end) == data[start:end]
            assert room[: file.fill(memoryview(room), start)] == data[start : max(end, start)]


def test_what_follows_is_read_ahead_and_what_is_far_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 40_000
    fsspec.filesystem("memory").pipe("/ahead/any.bin", data)
    asked: list[int] = []
    read_range = storage.read_range

    def counting(address: str, start: int, end: int, size: int | None = None) -> bytes:
        asked.append(end - start)
        return read_range(address, start, end, size)

    monkeypatch.setattr(storage, "read_range", counting)
    with places.opened("memory://ahead/any.bin", len(data)) as file:
        for start in range(0, len(data), 1000):
            file.read(start, start + 1000)
    assert len(asked) < 20
    assert max(asked) <= 2 << 20
    del asked[:]
    with places.opened("memory://ahead/any.bin", len(data)) as file:
        file.read(9_000_000, 9_000_010)
        file.read(10, 20)
    assert sum(asked) <= 2 << 17


def test_an_object_is_known_by_its_state() -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/state/app.log", b"one\n")
    before = places.identity("memory://state/app.log")
    assert places.identity("memory://state/app.log") == before
    assert before[2] == 4
    store.pipe("/state/app.log", b"two\n")
    assert places.identity("memory://state/app.log") != before
    assert places.identities(["memory://state/app.log", "memory://state/none.log"]).keys() == {"memory://state/app.log"}


def test_errors_say_what_to_do_and_no_secret() -> None:
    with pytest.raises(NeedsExtraError, match="reading gs:// needs the package gcsfs") as needs:
        list(find(["gs://bucket/app.log"], print))
    assert "gcsfs" in needs.value.hint
    with pytest.raises(UsageError, match="nothing is known that reads nowhere://"):
        find(["nowhere://bucket/app.log"], print)
    with pytest.raises(UsageError, match="addresses in each other") as chained:
        find(["zip://app.log::s3://bucket/a.zip"], print)
    assert "archive" in chained.value.hint
    with pytest.raises(InputError, match="there is no such object") as gone:
        find(["memory://gone/app.log?sig=geheim"], print)
    assert gone.value.path == "memory://gone/app.log"
    with pytest.raises(InputError) as refused:
        find(["http://ana:geheim@127.0.0.1:9/app.log?sig=geheim"], print)
    assert "connect" in refused.value.message
    assert "geheim" not in f"{refused.value.message} {refused.value.path}"


class Odd(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A storage that answers with the errors that it is given, and then with bytes."""

    protocol = "odd"
    cachable = False
    errors: ClassVar[list[Exception]] = []

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: object) -> bytes:
        if self.errors:
            raise self.errors.pop(0)
        return b"0123456789"[start:end]


class StatusError(Exception):
    """An error as clients of HTTP have them."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}, url='https://ana:geheim@example.org/app.log?sig=geheim&x=1'")
        self.status = status


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    fsspec.register_implementation("odd", Odd, clobber=True)
    monkeypatch.setattr(storage, "_PAUSE", 0)
    monkeypatch.setattr(Odd, "errors", [])
    return Odd.errors


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), TimeoutError(), StatusError(503)])
def test_a_storage_that_fails_for_a_moment_is_asked_again(odd: list[Exception], error: Exception) -> None:
    odd += [error, error]
    assert storage.read_range("odd://bucket/app.log", 2, 5) == b"234"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError("https://ana:geheim@example.org"), "access is denied"),
        (StatusError(403), "access is denied"),
        (StatusError(400), "StatusError 400: 400, url='https://example.org/app.log"),
        (FileNotFoundError("https://example.org?sig=geheim"), "there is no such object"),
        (NotImplementedError("no"), "NotImplementedError: no"),
    ],
)
def test_a_storage_that_refuses_is_asked_once_and_told_in_words_without_secrets(odd: list[Exception], error: Exception, words: str) -> None:
    odd += [error]
    with pytest.raises(OSError) as told:  # noqa: PT011  # its words are looked at below
        storage.read_range("odd://bucket/app.log", 2, 5)
    assert words in str(told.value.strerror)
    assert "geheim" not in repr(told.value)
    assert storage.read_range("odd://bucket/app.log", 2, 5) == b"234"


def test_a_folder_of_a_storage_has_the_names_and_the_order_of_a_folder(tmp_path: Path) -> None:
    for name in ("b/app.log.2", "b/app.log", "b/app.log.10", "a.log", "z/é x.log", "z/.hidden/c.log", ".env", "z/.DS_Store", "e.log"):
        (tmp_path / "ev" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ev" / name).write_text(f"{name}\n" * len(name))
    (tmp_path / "more.log").write_text("another\n")
    told: dict[str, list[Problem]] = {"": [], "file://": []}
    for others in ([], [str(tmp_path / "more.log")]):
        names = {
            scheme: [member.name for member in find([f"{scheme}{tmp_path}/ev", *others], refused.append)]
            for scheme, refused in told.items()
        }
        assert names[""] == names["file://"]
        assert len(names[""]) == 6 + len(others)
    assert told[""] == told["file://"]
    assert [member.name for member in find([f"file://{tmp_path}/ev/b/app.log.2"], print)] == ["app.log.2"]


def test_a_git_repository_in_a_storage_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    (tmp_path / "shop" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "shop" / "app.log").write_text("2026-03-04T10:40:00Z INFO live\n")
    told: list[Problem] = []
    assert [member.name for member in find([f"file://{tmp_path}/shop"], told.append)] == ["app.log"]
    assert [one.code for one in told] == ["git-elsewhere"]


def test_a_citation_is_opened_again_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "ev").mkdir()
    (tmp_path / "ev" / "app.log").write_bytes(b"2026-03-04T10:40:00Z INFO live\n")
    for base in (f"file://{tmp_path}/ev", f"file://{tmp_path}/ev/app.log"):
        member = reopen("app.log", base)
        with member.open() as stream:
            assert stream.read() == b"2026-03-04T10:40:00Z INFO live\n"
