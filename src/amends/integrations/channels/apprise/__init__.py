"""Reminders and messages through the services that Apprise knows: chat programs, telephones, desktops. One address each, as it writes them.

Needs the extra `notify`. Apprise tells only that it failed, not why, so everything is tried again; whether a repeat is dropped is up to
the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import NeedsExtraError
from amends.integrations.channels import Channel, ChannelError
from amends.integrations.channels.wording import body, subject, text, title

if TYPE_CHECKING:
    from amends.integrations.channels import Letter, Notice


class AppriseChannel(Channel):
    """Sends to one address of Apprise. Raises NeedsExtraError where Apprise is not installed."""

    def __init__(self, name: str, url: str, *, person: str | None = None) -> None:
        try:
            from apprise import Apprise
        except ModuleNotFoundError as error:
            raise NeedsExtraError(f"the channel {name!r} of kind apprise", "notify") from error
        super().__init__(name, person)
        self._sender = Apprise()
        self._is_known = self._sender.add(url)

    def send(self, notice: Notice) -> None:
        """Hand a notice over. Raises ChannelError."""
        self._notify(text(notice), subject(notice))

    def post(self, letter: Letter) -> None:
        """Hand a message over. Raises ChannelError."""
        self._notify(body(letter), title(letter))

    def _notify(self, words: str, heading: str) -> None:
        if not self._is_known:
            raise ChannelError("Apprise does not know the address of this channel", retry=False)
        if not self._sender.notify(body=words, title=heading):
            raise ChannelError("Apprise could not hand it over", retry=True)
