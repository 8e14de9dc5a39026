"""The page of a timeline as a file: one piece, no network, nothing of an entry that becomes markup, and never all rows at once."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.integrations.export import timeline
from amends.integrations.export.timeline import write_page
from amends.integrations.export.timeline.columns import TEXT_LIMIT
from amends.integrations.export.timeline.plain import ROWS
from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASONS
from integrations.timeline_rows import NAMES, head_made, micros_of, rows_made

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = resources.files(timeline)
AMENDS_CSS = Path(__file__).parents[2] / "src/amends/interfaces/web/static/amends.css"
SAME = ("text", "actor", "count", "id", "line", "offset", "length", "time_text")
HOSTILE = "</script><img src=x onerror=hacked()><!--<script>\u2028\u2029 ]]> & \" ' \udcff é 日本"


class Read(HTMLParser):
    """What a browser finds in the page: elements, and the texts of the scripts and the style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.style = ""
        self.policy = ""
        self._open: tuple[str, dict[str, str | None]] = ("", {})
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [str(given[name]) for name in ("src", "href") if name in given]
        self._open = (tag, given)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])

    def handle_endtag(self, tag: str) -> None:
        self._open = ("", {})

    def handle_data(self, data: str) -> None:
        tag, given = self._open
        if tag == "script":
            self.scripts.append((given, data))
        elif tag == "style":
            self.style += data

    @property
    def module(self) -> str:
        return next(text for given, text in self.scripts if given.get("type") == "module")

    @property
    def head(self) -> dict[str, Any]:
        return dict(json.loads(next(text for given, text in self.scripts if given.get("id") == "amends-head")))

    @property
    def blocks(self) -> list[dict[str, list[Any]]]:
        return [json.loads(text) for given, text in self.scripts if given.get("class") == "amends-block"]


def page_of(rows: list[dict[str, Any]], **given: Any) -> str:
    pieces: list[str] = []
    write_page(head_made(rows, **given), iter(rows), pieces.append)
    return "".join(pieces)


def test_the_page_is_one_file_that_asks_nobody_for_anything() -> None:
    text = page_of(rows_made(300))
    read = Read(text)

    assert read.links == ["data:,"]
    assert not re.search(r"url\(|@import|\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write", read.module + read.style)
    assert "fetch(" not in read.module
    assert "default-src 'none'" in read.policy
    assert "unsafe" not in read.policy


def test_the_policy_allows_exactly_the_script_and_the_style_of_the_file() -> None:
    read = Read(page_of(rows_made(20)))

    for part in (read.module, read.style):
        assert f"'sha256-{base64.b64encode(sha256(part.encode()).digest()).decode()}'" in read.policy


def test_every_row_comes_back_from_the_columns() -> None:
    rows = rows_made(9001)
    read = Read(page_of(rows))
    head = read.head

    assert [len(block["time"]) for block in read.blocks] == [4000, 4000, 1001]
    cells = [dict(zip(block, cell, strict=True)) for block in read.blocks for cell in zip(*block.values(), strict=True)]
    for row, cell in zip(rows, cells, strict=True):
        assert head["sources"][cell["source"]]["name"] == row["source"]
        assert head["kinds"][cell["kind"]] == row["kind"]
        assert head["levels"][cell["level"]] == row["level"]
        assert [name for bit, name in enumerate(head["reasons"]) if cell["why"] >> bit & 1] == row["why"]
        assert [name for bit, name in enumerate(head["flags"]) if cell["flags"] >> bit & 1] == row["flags"]
        assert (cell["because"] or []) == row["because"]
        assert [cell[name] for name in SAME] == [row[name] for name in SAME]
        assert (cell["zone"] or head["sources"][cell["source"]]["zone"]) == row["zone"]
    assert (cells[0]["time"], cells[-1]["time"]) == (micros_of(rows[0]["time"]), None)


def test_the_head_names_what_the_numbers_stand_for() -> None:
    head = Read(page_of(rows_made(20))).head

    assert head["schema"] == "amends.timeline-page/1"
    assert (head["kinds"], head["levels"]) == (list(KINDS), [None, *LEVELS])
    assert (head["reasons"], head["flags"]) == (list(REASONS), list(FLAGS))


def test_a_row_says_its_zone_only_where_it_is_not_that_of_its_source() -> None:
    rows = rows_made(20)
    rows[3]["zone"] = "utc"

    zones = Read(page_of(rows)).blocks[0]["zone"]

    assert [at for at, zone in enumerate(zones) if zone] == [3]
    assert zones[3] == "utc"


def test_hostile_text_never_becomes_markup() -> None:
    rows = rows_made(30)
    for row in rows:
        row.update(text=HOSTILE, actor=HOSTILE, time_text=HOSTILE, because=[HOSTILE])
    plain, read = Read(page_of(rows_made(30))), Read(page_of(rows, title=HOSTILE, problems=[{"source": HOSTILE, "message": HOSTILE}]))

    assert read.tags == plain.tags
    assert set(read.blocks[0]["text"]) == {HOSTILE}
    assert read.head["title"] == HOSTILE


def test_a_hostile_name_of_a_source_never_becomes_markup() -> None:
    rows = rows_made(30)
    head = head_made(rows)
    for row in rows:
        row["source"] = f"{HOSTILE}{row['source']}"
    for source in head["sources"]:
        source["name"] = f"{HOSTILE}{source['name']}"
    pieces: list[str] = []
    write_page(head, rows, pieces.append)

    assert Read("".join(pieces)).tags == Read(page_of(rows_made(30))).tags


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_comes_back_and_the_file_can_be_written(text: str) -> None:
    rows = rows_made(12)
    rows[0].update(text=text, actor=text)

    page = page_of(rows)

    assert page.encode()
    assert Read(page).blocks[0]["text"][0] == text


def test_the_writer_holds_one_block_of_rows_and_no_more() -> None:
    rows = rows_made(20_000)
    taken = 0

    def given() -> Iterator[dict[str, Any]]:
        nonlocal taken
        for row in rows:
            taken += 1
            yield row

    written = 0
    ahead: list[int] = []

    def out(piece: str) -> None:
        nonlocal written
        if 'class="amends-block"' in piece:
            ahead.append(taken - written)
            written += timeline.BLOCK

    write_page(head_made(rows), given(), out)

    assert len(ahead) == 5
    assert max(ahead) == timeline.BLOCK


def test_the_first_entries_can_be_read_without_a_script() -> None:
    text = page_of(rows_made(1000))
    table = text[text.index("<table") : text.index("</table>")]

    assert table.count("<tr>") == ROWS + 1
    assert f"The first {ROWS} entries" in table
    assert "<caption>Entries</caption>" in page_of(rows_made(50))


def test_an_endless_text_is_cut_and_says_so() -> None:
    rows = rows_made(12)
    rows[0]["text"] = "x" * (TEXT_LIMIT + 1234)

    text = Read(page_of(rows)).blocks[0]["text"][0]

    assert text == "x" * TEXT_LIMIT + " … (1,234 more characters)"


def test_a_timeline_without_entries_is_a_page_too() -> None:
    read = Read(page_of([]))

    assert read.blocks == []
    assert read.head["title"] == "Payments time out after a deploy"


def test_a_row_of_a_source_that_the_head_does_not_list_is_an_error() -> None:
    rows = rows_made(12)
    head = head_made(rows)
    rows[0]["source"] = "another.log"

    with pytest.raises(KeyError):
        write_page(head, rows, lambda _: None)


def test_sources_of_one_name_are_told_apart_by_their_hash() -> None:
    rows = rows_made(40)
    head = head_made(rows)
    for source in head["sources"]:
        source["name"] = "app.log"
    by_hash = {source["sha256"]: at for at, source in enumerate(head["sources"])}
    for row in rows:
        row["source"] = "app.log"
    pieces: list[str] = []
    write_page(head, rows, pieces.append)

    assert Read("".join(pieces)).blocks[0]["source"] == [by_hash[row["sha256"]] for row in rows]
    assert len(NAMES) == len(by_hash)


def test_the_tokens_are_those_of_the_workbench() -> None:
    def tokens(text: str) -> str:
        return text[text.index(":root {") : text.index('[data-theme="dark"]')]

    ours = FOLDER.joinpath("tokens.css").read_text(encoding="utf-8")

    assert tokens(ours) == tokens(AMENDS_CSS.read_text(encoding="utf-8"))


def test_each_module_uses_only_those_before_it_so_that_they_can_stand_in_one_script() -> None:
    seen: list[str] = []
    for name in timeline.SCRIPTS:
        text = FOLDER.joinpath(name).read_text(encoding="utf-8")
        assert set(re.findall(r'from "\./(.+?)"', text)) <= set(seen), name
        seen.append(name)

    assert set(seen) == {part.name for part in FOLDER.iterdir() if part.name.endswith(".js")}
    assert not re.search(r"^(import|export)\b", timeline.script_of_page(), re.MULTILINE)


def test_all_style_stands_under_one_class() -> None:
    text = FOLDER.joinpath("page.css").read_text(encoding="utf-8")
    outer = re.findall(r"^(?![ }/]|  )(.+?) \{", text, re.MULTILINE)

    assert all(".amends-timeline" in selector or selector == "@media print" for selector in outer)
    assert not re.search(r"#[0-9a-f]{3,8}\b", text.replace("#c3c0b8", "").replace("#4a515c", "").replace("#fff", "")), "colours are tokens"
