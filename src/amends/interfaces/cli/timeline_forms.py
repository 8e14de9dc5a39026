"""The forms of a timeline: for people, for programs, for a table, for a document; one entry after the other."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.usecases.timelining import Timeline

    Row = dict[str, Any]

COLUMNS = (
    "time", "kind", "level", "actor", "text", "count", "last_time", "why", "source", "line", "offset", "length", "zone", "flags", "id"
)  # fmt: skip
_LONGEST = 160


def write(made: Timeline, form: str, window: tuple[int | None, int | None], given: Given, out: Output) -> None:
    """Write the entries of a window in a form: what matters of them, or with --all every one."""
    from amends.usecases.timelining.rows import Texts, all_rows, kept_rows

    with Texts() as texts:
        rows = all_rows(made, texts, *window) if given.has("all") else kept_rows(made, made.kept(*window), texts)
        write_row = writer(form, out)
        for row in rows:
            write_row(row)


def writer(form: str, out: Output) -> Callable[[Row], None]:
    """What writes one entry in a form; a head is written at once."""
    if form == "csv":
        out.write(_comma(dict(zip(COLUMNS, COLUMNS, strict=True))))
    if form == "markdown":
        out.write("| time | what | where |\n|---|---|---|\n")
    made = {"text": _text, "jsonl": _line, "csv": _comma, "markdown": _cells}[form]
    return lambda row: out.write(made(row))


def _text(row: Row) -> str:
    words = _one_line(row["text"])
    level = f" {row['level']}" if row["level"] else ""
    actor = f" {row['actor']}:" if row["actor"] else ""
    more = f" (×{row['count']} until {_clock(row['last_time'])})" if row["count"] > 1 else ""
    place = f"{row['source']}:{row['line']}"
    lines = [f"{_clock(row['time'])} {row['kind']}{level}{actor} {words}{more}  [{place}, {row['id']}]"]
    lines += [f"    {reason}" for reason in row["because"]]
    return "".join(f"{safe(line)}\n" for line in lines)


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _comma(row: Row) -> str:
    made = io.StringIO()
    cells = [" ".join(value) if isinstance(value, list) else value for value in (row[name] for name in COLUMNS)]
    # A cell that begins like a formula is text here, whatever a spreadsheet makes of it.
    safe_cells = [f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in ("=", "+", "-", "@") else cell for cell in cells]
    csv.writer(made, lineterminator="\n").writerow(safe_cells)
    return made.getvalue()


def _cells(row: Row) -> str:
    words = _cell(_one_line(row["text"]))
    more = f" (×{row['count']})" if row["count"] > 1 else ""
    more += "".join(f"<br>{_cell(reason)}" for reason in row["because"])
    return f"| {_clock(row['time'])} | {row['kind']} {row['level'] or ''}: {words}{more} | `{_cell(row['source'])}:{row['line']}` |\n"


def _cell(text: str) -> str:
    """Words that a table of Markdown shows as they are."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("<", "&lt;")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _clock(time: str | None) -> str:
    return f"{time[:10]} {time[11:23]}Z" if time else "undated" + " " * 17
