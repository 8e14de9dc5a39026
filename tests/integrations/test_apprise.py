"""Apprise carries a reminder to a real HTTP server in its own JSON; without Apprise the error names what to install."""

from __future__ import annotations

import json
import sys

import pytest

from amends.core.errors import NeedsExtraError
from amends.integrations.channels import ChannelError
from amends.integrations.channels.apprise import AppriseChannel
from amends.integrations.channels.wording import subject, text
from integrations.servers import web
from integrations.test_webhook import NOTICE

# Apprise tries a module that later Pythons do not have.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_a_reminder_arrives_through_apprise() -> None:
    with web() as server:
        AppriseChannel("chat", server.url.replace("http:", "json:") + "/room").send(NOTICE)
        ((path, _, body),) = server.seen
    assert path.startswith("/room")
    told = json.loads(body)
    assert (told["title"], told["message"].strip()) == (subject(NOTICE), text(NOTICE).strip())


def test_what_apprise_cannot_hand_over_is_tried_again() -> None:
    with web() as server:
        server.answers = [500]
        with pytest.raises(ChannelError) as caught:
            AppriseChannel("chat", server.url.replace("http:", "json:") + "/").send(NOTICE)
    assert caught.value.retry


def test_an_address_that_apprise_does_not_know_is_told() -> None:
    with pytest.raises(ChannelError, match="does not know") as caught:
        AppriseChannel("chat", "nothing-of-the-kind://x").send(NOTICE)
    assert not caught.value.retry


def test_without_apprise_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(NeedsExtraError, match="chat") as caught:
        AppriseChannel("chat", "json://x")
    assert "amends[notify]" in caught.value.hint
