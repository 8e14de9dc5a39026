"""A message about an incident arrives at real servers as its author wrote it, once however often it is tried, and adds no header."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from amends.integrations.channels import Channel, ChannelError, Letter
from amends.integrations.channels.email import Email
from amends.integrations.channels.webhook import Webhook
from integrations.servers import mail, web

if TYPE_CHECKING:
    from amends.integrations.channels import Notice

LETTER = Letter(
    id="01HZX0000000000000000000D1", message_id="01HZX0000000000000000000M1", to="Nordwind GmbH", address="ops@nordwind.example",
    audience="customers", subject="Your invoices of 4 March", text="Dear team,\n\nWe sent 41 invoices twice. – Ana",
    at=datetime(2026, 3, 4, 14, 20, tzinfo=UTC), link="https://amends.example/ack/T",
)  # fmt: skip


def test_a_mailbox_gets_the_words_and_where_to_say_that_they_were_read() -> None:
    with mail() as server:
        Email("mail", "127.0.0.1", "amends@example.org", port=server.port, security="none", to="team@example.org").post(LETTER)
        ((_, to, content),) = server.seen
    read = email.message_from_bytes(content, policy=email.policy.default)
    assert to == ["ops@nordwind.example"]
    assert read["Subject"] == "Your invoices of 4 March"
    assert read["Message-ID"] == "<01HZX0000000000000000000D1@amends>"
    assert read["Auto-Submitted"] is None
    assert read.get_content().splitlines() == [
        "Dear team,", "", "We sent 41 invoices twice. – Ana", "", "-- ", "Say that you have read this: https://amends.example/ack/T"
    ]  # fmt: skip


def test_nobody_without_a_mailbox_is_written_to() -> None:
    with mail() as server, pytest.raises(ChannelError, match="Nordwind"):
        Email("mail", "127.0.0.1", "amends@example.org", port=server.port, security="none", to="team@example.org").post(
            replace(LETTER, address=None)
        )
    assert server.seen == []


@pytest.mark.parametrize("words", ["Sorry\r\nBcc: all@example.org", "Sorry\nX-Evil: 1", "a\u2028b\x00c"])
def test_a_subject_adds_no_header(words: str) -> None:
    with mail() as server:
        Email("mail", "127.0.0.1", "amends@example.org", port=server.port, security="none").post(replace(LETTER, subject=words))
        read = email.message_from_bytes(server.seen[0][2], policy=email.policy.default)
    assert not {"bcc", "x-evil"} & {name.lower() for name in read}
    assert "\n" not in read["Subject"]


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "no address", "a@b, c@d"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(address: str) -> None:
    with mail() as server:
        sender = Email("mail", "127.0.0.1", "amends@example.org", port=server.port, security="none")
        with pytest.raises(ChannelError):
            sender.post(replace(LETTER, address=address))
    assert server.seen == []


def test_a_webhook_gets_an_event_that_a_chat_channel_can_show() -> None:
    with web() as server:
        Webhook("hook", server.url, allow_private=True).post(LETTER)
        ((_, headers, body),) = server.seen
    told = json.loads(body)
    assert headers["idempotency-key"] == LETTER.id
    assert (told["type"], told["subject"], told["id"]) == ("amends.message", LETTER.message_id, LETTER.id)
    assert told["data"]["words"] == LETTER.text
    assert told["data"]["title"] == "Your invoices of 4 March"
    assert told["data"]["link"] in told["data"]["text"]


def test_a_channel_that_only_reminds_says_so() -> None:
    class Bell(Channel):
        def send(self, notice: Notice) -> None:
            """Ring."""

    with pytest.raises(ChannelError, match="reminders only"):
        Bell("bell").post(LETTER)
