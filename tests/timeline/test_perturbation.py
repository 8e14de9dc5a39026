"""What happened does not depend on how its traces are written down, packed, cut or named (reference: metamorphic tests of a timeline)."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import zstandard

from integrations.evidence.making import tar, zipped
from usecases.evidence_told import codes, told, units_of, what

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEGAN = datetime(2026, 3, 4, 10, tzinfo=UTC)
TRACE = "  at shop.Cart.pay(Cart.java:{})\n  at shop.Till.close(Till.java:88)\n"


def line(seconds: float, level: str, words: str, moved: float = 0, zone: int = 0, form: str = "%Y-%m-%dT%H:%M:%S") -> str:
    """A line of a log whose clock is wrong by some seconds, and shows the time of a zone so many minutes east."""
    at = BEGAN + timedelta(seconds=seconds + moved, minutes=zone)
    written = "Z" if zone == 0 else f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
    return f"{at.strftime(form)}.{at.microsecond // 1000:03}{written} {level} {words}\n"


def shop(moved: float = 0, zone: int = 0) -> str:
    """An hour of a shop: quiet, then a release, then errors with traces, then quiet again."""
    dice = random.Random(5)
    made = []
    for second in range(0, 3600, 2):
        made.append(line(second + 0.25, "INFO", f"cart {second} of Käthe stored in {dice.randrange(90)} ms", moved, zone))
        if 1200 <= second < 2000 and dice.random() < 0.4:
            made.append(line(second + 0.5, "ERROR", f"payment {second} failed: no answer", moved, zone) + TRACE.format(second))
        if second == 1150:
            made.append(line(second + 0.75, "INFO", "deploy of checkout v214 finished", moved, zone))
        if second % 600 == 300:
            made.append(line(second + 0.9, "WARN", f"queue has {second} jobs", moved, zone))
    return "".join(made)


def till(moved: float = 0, zone: int = 0) -> str:
    return "".join(
        line(second, "WARN" if second % 900 == 7 else "INFO", f"till {second % 4} open", moved, zone) for second in range(1, 3600, 6)
    )


SHOP, TILL = shop(), till()


def lay(folder: Path, shop_log: bytes = SHOP.encode(), till_log: bytes = TILL.encode()) -> Path:
    folder.mkdir()
    (folder / "shop.log").write_bytes(shop_log)
    (folder / "till.log").write_bytes(till_log)
    return folder


def plain(tmp_path: Path, *, all_entries: bool) -> list[tuple[object, ...]]:
    rows, problems = told(tmp_path / "kept", lay(tmp_path / "plain"), all_entries=all_entries)
    assert not problems
    return what(rows)


BOTH = pytest.mark.parametrize("all_entries", [True, False], ids=["all", "what matters"])


def test_the_hour_has_what_it_should(tmp_path: Path) -> None:
    kept = plain(tmp_path, all_entries=False)
    errors = [one for one in kept if one[1] == "error"]
    assert sum(int(str(one[3])) for one in errors) == SHOP.count(" ERROR ")
    assert {"change", "first-seen", "burst"} <= {reason for one in kept for reason in one[5]}  # type: ignore[attr-defined]  # a tuple of words


@BOTH
@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(lambda name, data: (f"{name}.gz", gzip.compress(data)), id="gz"),
        pytest.param(lambda name, data: (f"{name}.xz", lzma.compress(data)), id="xz"),
        pytest.param(lambda name, data: (f"{name}.zst", zstandard.compress(data)), id="zst"),
        pytest.param(lambda name, data: (f"{name}.bz2", bz2.compress(data)), id="bz2"),
        pytest.param(lambda name, data: (f"{name}.zip", zipped({name: data})), id="zip"),
        pytest.param(lambda name, data: (f"{name}.tar", tar({f"a/{name}": data})), id="tar"),
        pytest.param(lambda name, data: (f"{name}.tar.gz", gzip.compress(tar({name: data}))), id="tar.gz"),
        pytest.param(lambda name, data: (f"{name}.zip", zipped({f"{name}.gz": gzip.compress(data)})), id="gz in zip"),
        pytest.param(lambda name, data: (name, data.replace(b"\n", b"\r\n")), id="CRLF"),
        pytest.param(lambda name, data: (name, b"\xef\xbb\xbf" + data), id="UTF-8 with its mark"),
        pytest.param(lambda name, data: (name, b"\xff\xfe" + data.decode().encode("utf-16-le")), id="UTF-16 LE"),
        pytest.param(lambda name, data: (name, b"\xfe\xff" + data.decode().encode("utf-16-be")), id="UTF-16 BE"),
        pytest.param(lambda name, data: (name, data.rstrip(b"\n")), id="no last line end"),
    ],
)
def test_packing_and_writing_change_nothing(
    tmp_path: Path, packed: Callable[[str, bytes], tuple[str, bytes]], *, all_entries: bool
) -> None:
    before = plain(tmp_path, all_entries=all_entries)
    folder = tmp_path / "packed"
    folder.mkdir()
    for name, text in (("shop.log", SHOP), ("till.log", TILL)):
        file, data = packed(name, text.encode())
        (folder / file).write_bytes(data)
    rows, problems = told(tmp_path / "kept", folder, all_entries=all_entries)
    assert (what(rows), codes(problems)) == (before, [])


@BOTH
def test_latin_1_changes_only_the_letters_that_are_no_utf_8(tmp_path: Path, *, all_entries: bool) -> None:
    before = plain(tmp_path, all_entries=all_entries)
    rows, _ = told(tmp_path / "kept", lay(tmp_path / "other", SHOP.encode("latin-1")), all_entries=all_entries)
    assert what(rows) == [(time, level, str(text).replace("ä", "\ufffd"), *more) for time, level, text, *more in before]


@BOTH
def test_a_clock_that_shows_another_zone_changes_nothing_but_how_times_are_written(tmp_path: Path, *, all_entries: bool) -> None:
    before = plain(tmp_path, all_entries=all_entries)
    rows, _ = told(tmp_path / "kept", lay(tmp_path / "other", shop(zone=-210).encode()), all_entries=all_entries)
    behind = [(time, level, str(text).partition(" ")[2], *more) for time, level, text, *more in before]
    assert [(time, level, str(text).partition(" ")[2], *more) for time, level, text, *more in what(rows)] == behind


def test_a_clock_that_names_no_zone_is_told_which_it_is(tmp_path: Path) -> None:
    before = plain(tmp_path, all_entries=True)
    local = shop(zone=60).replace("+01:00", "")
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "shop.log").write_bytes(local.encode())
    rows, _ = told(tmp_path / "kept", folder, tz="Europe/Berlin")
    times = [one[0] for one in before if "till" not in str(one[2])]
    assert [one["time"] for one in rows] == times
    assert {one["zone"] for one in rows} == {"assumed:Europe/Berlin"}


def test_a_source_whose_clock_is_wrong_by_90_seconds_moves_by_that_and_nothing_else(tmp_path: Path) -> None:
    """What it says keeps its order, levels and texts; skew is told, never applied."""

    def of_shop(rows: list[tuple[object, ...]]) -> list[tuple[datetime, object, str]]:
        found = [one for one in rows if "till" not in str(one[2])]
        return [(datetime.fromisoformat(str(time)), level, str(text).partition(" ")[2]) for time, level, text, *_ in found]

    before = of_shop(plain(tmp_path, all_entries=True))
    rows, _ = told(tmp_path / "kept", lay(tmp_path / "other", shop(moved=90).encode()))
    assert of_shop(what(rows)) == [(time + timedelta(seconds=90), level, text) for time, level, text in before]
    assert sorted(str(one[2]) for one in what(rows) if "till" in str(one[2])) == sorted(TILL.splitlines())


@BOTH
@pytest.mark.parametrize(
    "names", [("shop.log.2", "shop.log.1", "shop.log"), ("shop.log-20260302", "shop.log-20260303", "shop.log-20260304")]
)
@pytest.mark.parametrize("pack", [False, True])
def test_rotation_changes_nothing(tmp_path: Path, names: tuple[str, ...], *, pack: bool, all_entries: bool) -> None:
    before = plain(tmp_path, all_entries=all_entries)
    entries = SHOP.replace("\n2026", "\n\f2026").split("\f")
    folder = lay(tmp_path / "rotated")
    (folder / "shop.log").unlink()
    for number, name in enumerate(names):
        part = "".join(entries[number * 750 : (number + 1) * 750 if number < 2 else None]).encode()
        (folder / (name + ".gz" * pack)).write_bytes(gzip.compress(part) if pack else part)
    rows, problems = told(tmp_path / "kept", folder, all_entries=all_entries)
    assert (what(rows), codes(problems)) == (before, [])


@BOTH
@pytest.mark.parametrize("names", [("z.txt", "a"), ("2026-03-01.log", "x.1.out"), ("ä ö.log", "till log (copy).log")])
def test_names_of_files_change_nothing(tmp_path: Path, names: tuple[str, str], *, all_entries: bool) -> None:
    before = plain(tmp_path, all_entries=all_entries)
    folder = lay(tmp_path / "renamed")
    for old, new in zip(("shop.log", "till.log"), names, strict=True):
        (folder / old).rename(folder / new)
    rows, problems = told(tmp_path / "kept", folder, all_entries=all_entries)
    assert (what(rows), codes(problems)) == (before, [])


@BOTH
@pytest.mark.parametrize("size", [700, 4096, 50_000])
def test_the_size_of_units_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, *, all_entries: bool) -> None:
    before, _ = told(tmp_path / "kept", lay(tmp_path / "plain"), all_entries=all_entries)
    units_of(monkeypatch, size)
    again, problems = told(tmp_path / "other", tmp_path / "plain", all_entries=all_entries)
    assert (again, problems) == (before, [])
