"""The part of the page that needs no script: what it is, and its first entries as a table. It is also there while the rest loads."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROWS = 200
"""How many entries can be read without a script."""

_COLUMNS = ("Time (UTC)", "Level", "Kind", "What", "Where")
_SCRIPTLESS = "<noscript><p>Scripts are off, so there is no picture, no filter and no more than this table.</p></noscript>"


def plain(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *, more: bool) -> str:
    """Markup with the first rows; `more` says that there are others."""
    sources = head.get("sources", ())
    counted = f"{len(sources)} source{'' if len(sources) == 1 else 's'}"
    named = f"The first {len(rows)} entries" if more else "Entries"
    heads = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    zone = safe(head.get("zone", "UTC"))
    return (
        f'<section class="tl-plain"><h1>{safe(head["title"])}</h1>'
        f"<p>{counted}. Where a source states no zone, {zone} is assumed. Made {safe(head['made_at'])}.</p>{_SCRIPTLESS}"
        f'<table class="tl-table"><caption>{named}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{''.join(map(_row, rows))}</tbody></table></section>"
    )


def safe(text: object) -> str:
    """Text as markup; what UTF-8 cannot hold becomes a question mark."""
    return escape(str(text)).encode("utf-8", "replace").decode()


def _row(row: Mapping[str, Any]) -> str:
    text = " ".join([*([f"{row['actor']}:"] if row["actor"] else []), row["text"][:500]])
    if row["count"] > 1:
        text += f" (×{row['count']:,} until {row['last_time']})"
    cells = (
        _clock(row["time"]) or row["time_text"] or "no time",
        row["level"] or "",
        row["kind"],
        text,
        f"{row['source']}:{row['line']}",
    )
    return f"<tr>{''.join(f'<td>{safe(cell)}</td>' for cell in cells)}</tr>\n"


def _clock(written: str | None) -> str:
    return written.replace("T", " ").removesuffix("Z").removesuffix("000") if written else ""
