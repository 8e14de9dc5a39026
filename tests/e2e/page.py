"""The compose page as its tests speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Request

OFFLINE = ("net::ERR_INTERNET_DISCONNECTED", "Failed to fetch", "htmx:error")


class Workbench:
    """One page in one tab. `complaints` is what the console said, `strangers` every request that left this address."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.offline = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        told = f"{message.type}: {message.text}"
        expected = self.offline and any(words in told for words in OFFLINE)
        refused = "status of 409" in told or "status of 404" in told
        if message.type in ("error", "warning") and not expected and not refused:
            self.complaints.append(told)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.strangers.append(request.url)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def until_live(self) -> None:
        """Waits for the script of the compose page."""
        expect(self.page.locator("html")).to_have_class("js live")

    @property
    def editor(self) -> Locator:
        return self.page.locator(".cm-content")

    @property
    def now(self) -> Locator:
        return self.page.locator("h1.now")

    @property
    def kept(self) -> Locator:
        return self.page.locator("#kept")

    @property
    def spoken(self) -> Locator:
        return self.page.locator("#spoken")

    def step(self, move: str) -> Locator:
        return self.page.locator(f"#step-{move}")

    def remark(self, rule: str) -> Locator:
        return self.page.locator(f".remark[data-rule='{rule}']").first

    def found(self, severity: str) -> Locator:
        return self.page.locator(f".cm-content .found-{severity}")

    def write(self, text: str) -> None:
        """Types at the cursor, as one who types fast."""
        self.until_live()
        self.editor.click()
        self.page.keyboard.insert_text(text)

    def text(self) -> str:
        """The text in the editor, without what is drawn into it."""
        return str(self.page.evaluate("document.querySelector('#text').value"))

    def until_checked(self) -> None:
        """Waits for the check of what stands there now."""
        expect(self.page.locator("#editor")).to_have_attribute("data-checked", "yes")

    def until_saved(self) -> str:
        """Waits until the server has the text; the draft's id."""
        expect(self.kept).to_contain_text("Saved", timeout=10_000)
        return str(self.page.evaluate("document.querySelector('#compose').dataset.draft"))

    def go_offline(self) -> None:
        self.offline = True
        self.page.context.set_offline(True)

    def go_online(self) -> None:
        self.page.context.set_offline(False)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)
