"""Reminders through the services that Apprise knows: chat programs, telephones, desktops. One address each, in Apprise's own notation.

Needs the extra `notify`. Apprise tells only that it failed, not why, so everything is tried again; whether a repeat is dropped is up to
the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import NeedsExtraError
from amends.integrations.channels import Channel, ChannelError
from amends.integrations.channels.wording import subject, text

if TYPE_CHECKING:
    from amends.integrations.channels import Notice


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
        if not self._is_known:
            raise ChannelError("Apprise does not know the address of this channel", retry=False)
        if not self._sender.notify(body=text(notice), title=subject(notice)):
            raise ChannelError("Apprise could not hand it over", retry=True)
