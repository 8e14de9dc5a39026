"""A timeline as one file that any browser opens: a picture by source, a list, filters, and no network.

Entries come as rows of the contract and leave as columns in blocks, so that the writer never holds all of them and a browser
reads 100,000 in a blink. Script and style are the files of this folder; `mount(element, payload)` in `page.js` shows the same
payload in an element of any other page. The picture is our own canvas code: a library for plots knows series, and what is needed
here is marks in lanes with shapes for kinds, which would have to be written beside it anyway.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from itertools import islice
from string import Template
from typing import TYPE_CHECKING, Any

from amends.integrations.export.timeline.columns import Columns, for_script, named
from amends.integrations.export.timeline.plain import ROWS, plain, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

BLOCK = 4000
"""Rows in one block of columns: large enough that names cost nothing, small enough to hold one."""

STYLES = ("tokens.css", "page.css")

SCRIPTS = (
    "dom.js", "times.js", "shapes.js", "model.js", "opening.js", "filter.js", "filtering.js", "drawing.js", "pointing.js", "picture.js",
    "entry.js", "list.js", "about.js", "page.js", "start.js",
)  # fmt: skip
"""In the order of their imports: a file uses only those before it."""

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|class|async)", re.MULTILINE)


def write_page(head: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], out: Callable[[str], object]) -> None:
    """Writes the page in pieces of text to `out`, which is to be a file in UTF-8.

    `head` is the payload without its entries: title, made_at, zone, all, sources, rates, promises, updates, problems. `entries` are rows
    of the contract in the order of time, each of one of the sources (the same name and sha256), with `because` as a list of words.
    """
    rows = iter(entries)
    shown = list(islice(rows, ROWS + 1))
    style, script = style_of_page(), script_of_page()
    values = {
        "policy": _policy(style, script),
        "title": safe(head["title"]),
        "style": style,
        "plain": plain(head, shown[:ROWS], more=len(shown) > ROWS),
        "head": for_script(named(head)),
        "script": script,
    }
    top, foot = _file("page.html").split("$blocks")
    out(Template(top).substitute(values))
    columns = Columns(head["sources"])
    for block in _blocks(shown, rows):
        out(f'<script type="application/json" class="amends-block">{for_script(columns.block(block))}</script>\n')
    out(Template(foot).substitute(values))


@cache
def style_of_page() -> str:
    """The style as it stands in a page: tokens, then everything else under one class."""
    return "".join(_file(name) for name in STYLES)


@cache
def script_of_page() -> str:
    """The modules as one: names are unique across them, so imports and exports fall away."""
    return "".join(_EXPORT.sub("", _IMPORT.sub("", _file(name))) for name in SCRIPTS)


def _blocks(begun: list[Mapping[str, Any]], rest: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    block = [*begun, *islice(rest, BLOCK - len(begun))]
    while block:
        yield block
        block = list(islice(rest, BLOCK))


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere, and of style and script only what was written into the file."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
