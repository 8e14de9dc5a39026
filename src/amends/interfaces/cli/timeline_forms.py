"""The forms of a timeline: for people, for programs, for a table, for a document; one entry after the other."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from amends import wiring
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amends.core.problem import Problem
    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.timeline.skew import Skew
    from amends.usecases.timelining import Timeline

    Window = tuple[int | None, int | None]
    Row = dict[str, Any]

COLUMNS = (
    "time", "kind", "level", "actor", "text", "count", "last_time", "why", "source", "line", "offset", "length", "zone", "flags", "id"
)  # fmt: skip
_LONGEST = 160
"""Characters of a log line that are shown; what people wrote is hardly ever cut."""

_LONGEST_SAID = 4000
_AT_ONCE = 256
"""Entries that are written at once."""


def write(made: Timeline, form: str, given: Given, window: Window, troubles: Sequence[Problem], out: Output) -> list[str]:
    """Write the entries of a window in a form: what matters of them, or with --all every one. What is to be said beside it."""
    from amends.integrations.evidence.secrets import redactor
    from amends.timeline.skew import words
    from amends.usecases.timelining.rows import Texts, all_rows, kept_rows
    from amends.usecases.timelining.skews import skews

    redact = redactor(given.text("redact") or "secrets")
    with Texts() as texts:
        kept = cache(lambda: made.kept(*window))
        rows = redact.rows(all_rows(made, texts, *window) if given.has("all") else kept_rows(made, kept(), texts))
        if form == "html":
            clocks = skews(made, kept, texts)
            _page(made, rows, clocks, troubles, given, out)
        else:
            written = writer(form, out)
            while some := list(islice(rows, _AT_ONCE)):
                out.write("".join(map(written, some)))
            clocks = skews(made, kept, texts)
    beside = [f"{words(one)}; times are left as they are" for one in clocks]
    beside += _assumed(made)
    if redact.counts:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(redact.counts.items()))
        beside.append(f"made unreadable: {kinds}; --redact none shows it")
    return beside


def _assumed(made: Timeline) -> list[str]:
    """Whose times name no zone, where none was given for them."""
    from amends.timeline.table import ZONES

    names = [one.name for one in made.evidence if one.zones >> ZONES.index("assumed") & 1]
    if made.zone is not None or not names:
        return []
    some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return [f"no zone is told in {some}; times there were read as UTC, and --tz says another"]


def write_parquet(made: Timeline, given: Given, window: Window) -> None:
    """Write the entries of a window as Parquet, where the text of log lines is left out with --all."""
    from amends.integrations.evidence.secrets import redactor
    from amends.usecases.timelining.rows import Texts, kept_rows

    redact = redactor(given.text("redact") or "secrets")
    path = given.text("output") or ""
    if given.has("all"):
        made.write_parquet(path, window, None if redact.level == "none" else (redact, redact.person))
        return
    with Texts() as texts:
        made.parts.write_rows(redact.rows(kept_rows(made, made.kept(*window), texts)), path)


def _page(made: Timeline, rows: Iterator[Row], clocks: Sequence[Skew], troubles: Sequence[Problem], given: Given, out: Output) -> None:
    from amends.integrations.export.timeline import write_page
    from amends.usecases.timelining.page import beside

    title = f"Timeline of {', '.join(_sources(given))}"
    about = {"title": title, "made_at": wiring.system_clock().now().isoformat(), "all": given.has("all"), "promises": [], "updates": []}
    write_page({**about, **beside(made, troubles, clocks)}, rows, out.write)


def _sources(given: Given) -> list[str]:
    from amends.integrations.evidence.addresses import label

    return ["standard input" if one == "-" else label(one) or one for one in given.operands]


def writer(form: str, out: Output) -> Callable[[Row], str]:
    """What makes the text of one entry in a form; a head is written at once."""
    if form == "csv":
        out.write(_comma(dict(zip(COLUMNS, COLUMNS, strict=True))))
    if form == "markdown":
        out.write("| time | what | where |\n|---|---|---|\n")
    return {"text": _text, "jsonl": _line, "csv": _comma, "markdown": _cells}[form]


def _text(row: Row) -> str:
    words = _one_line(row)
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
    words = _cell(_one_line(row))
    more = f" (×{row['count']})" if row["count"] > 1 else ""
    more += "".join(f"<br>{_cell(reason)}" for reason in row["because"])
    return f"| {_clock(row['time'])} | {row['kind']} {row['level'] or ''}: {words}{more} | `{_cell(row['source'])}:{row['line']}` |\n"


def _cell(text: str) -> str:
    """Words that a table of Markdown shows as they are."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("<", "&lt;")


def _one_line(row: Row) -> str:
    line = " ".join(row["text"].split())
    most = _LONGEST if row["kind"] == "log" else _LONGEST_SAID
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    return f"{line} (edited later)" if "edited" in row["flags"] else line


def _clock(time: str | None) -> str:
    return f"{time[:10]} {time[11:23]}Z" if time else "undated" + " " * 17
