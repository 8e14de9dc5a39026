"""What the tests of the pages of promises share: reading a page as its reader does, and acting on the ledger behind it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases

TEXT = "The rollback runs. I will refund the orders by 13:20 UTC. Next update at 11:20 UTC."


def words(page: str) -> str:
    """What a reader sees of a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.replace("\n", " "))).split())


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return words(found[1])


def banner(page: str) -> str:
    found = re.search(r'<div class="banner[^"]*"[^>]*>(.*?)</div>', page, re.DOTALL)
    return words(found[1]) if found else ""


def section(page: str, key: str) -> str:
    found = re.search(rf'id="section-{key}"(.*?)</section>', page, re.DOTALL)
    return words(found[1]) if found else ""


def promised(usecases: UseCases, text: str = "send the row counts", minutes: int = 30, **more: Any) -> LedgerEntry:
    return usecases.promising.add(text, usecases.clock.now() + timedelta(minutes=minutes), **more)


def follow(client: TestClient, path: str, **fields: str) -> str:
    """Sends a form and gives the page that it leads to."""
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, words(answer.text)
    return client.get(answer.headers["location"]).text


def act(client: TestClient, entry: LedgerEntry, what: str, **fields: str) -> str:
    return follow(client, f"/promises/{entry.promise.id}/{what}", back="/promises", **fields)


def state(usecases: UseCases, entry: LedgerEntry) -> str:
    return usecases.promising.get(entry.promise.id).standing.state
