"""Asks axe about a page: the common accessibility rules, and best practice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from e2e.page import Workbench

AXE = (Path(__file__).parent / "vendor/axe.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every rule is asked of every element. Only what is wrong is told: what is right too would be megabytes for each page.
_ASK = "([within, tags]) => axe.run(within, {runOnly: tags, resultTypes: ['violations']}).then((said) => said.violations)"


def complaints_of_axe(page: Workbench | Page, within: str = "html") -> list[str]:
    """What axe finds, in a part of the page or in all of it."""
    page.evaluate(f"() => {{ {AXE} }}")
    found: list[dict[str, Any]] = page.evaluate(_ASK, [within, TAGS])
    return [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
