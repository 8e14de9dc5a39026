"""A reminder arrives at a real mail server, whole, as the library reads it back."""

from __future__ import annotations

import email
import email.policy
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import amends.integrations.channels.email as module
from amends.integrations.channels import ChannelError
from amends.integrations.channels.email import Email, reminder
from integrations.servers import Mail, mail
from integrations.test_webhook import NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

EXAMPLE = Path(module.__file__).with_name("example.eml")


@pytest.fixture
def server() -> Iterator[Mail]:
    with mail() as running:
        yield running


def channel(server: Mail, **more: object) -> Email:
    given = {"port": server.port, "security": "none", "to": "team@example.org", "people": {"ana": "ana@example.org"}, **more}
    return Email("mail", "127.0.0.1", "amends@example.org", **given)


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def test_what_is_sent_is_the_example(server: Mail) -> None:
    channel(server).send(NOTICE)
    ((sender, to, content),) = server.seen
    assert (sender, to) == ("amends@example.org", ["ana@example.org"])
    sent, example = read(content), read(EXAMPLE.read_bytes())
    assert dict(sent.items()) == dict(example.items())
    assert sent.get_content().splitlines() == example.get_content().splitlines()


def test_who_has_no_address_of_their_own_is_written_to_where_everybody_is(server: Mail) -> None:
    channel(server).send(replace(NOTICE, to="ben"))
    assert server.seen[0][1] == ["team@example.org"]


def test_nobody_to_write_to_is_told(server: Mail) -> None:
    with pytest.raises(ChannelError, match="ben") as caught:
        channel(server, to=None).send(replace(NOTICE, to="ben"))
    assert not caught.value.retry


def test_a_repeat_has_the_same_message_id_and_says_so(server: Mail) -> None:
    channel(server).send(NOTICE)
    channel(server).send(replace(NOTICE, repeated=True))
    first, second = (read(content) for *_, content in server.seen)
    assert first["Message-ID"] == second["Message-ID"] == f"<{NOTICE.id}@amends>"
    assert (first["X-Amends-Repeat"], second["X-Amends-Repeat"]) == (None, "yes")
    assert second["Subject"].startswith("Repeat: ")
    assert second.get_content().startswith("Repeat: ")


@pytest.mark.parametrize(("answer", "retry"), [("451 try later", True), ("550 no", False)])
def test_a_refused_message_is_told_with_whether_it_may_pass(server: Mail, answer: str, retry: bool) -> None:
    server.answer = answer
    with pytest.raises(ChannelError, match=answer[:3]) as caught:
        channel(server).send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (retry, False)


@pytest.mark.parametrize(("answer", "retry"), [("450 busy", True), ("550 nobody of that name", False)])
def test_a_refused_person_is_told_with_whether_it_may_pass(server: Mail, answer: str, retry: bool) -> None:
    server.recipient_answer = answer
    with pytest.raises(ChannelError, match=answer[:3]) as caught:
        channel(server).send(NOTICE)
    assert caught.value.retry is retry


def test_a_server_that_does_not_encrypt_gets_nothing_unless_the_file_says_so(server: Mail) -> None:
    with pytest.raises(ChannelError) as caught:
        channel(server, security="starttls").send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (True, False)
    assert server.seen == []


def test_no_server_is_tried_again_and_nothing_went_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ChannelError) as caught:
        Email("mail", "127.0.0.1", "a@example.org", port=port, security="none", to="b@example.org").send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (True, False)


@given(words=st.text(max_size=300), to=st.text(max_size=40))
def test_nothing_in_a_promise_adds_a_header_or_a_recipient(words: str, to: str) -> None:
    notice = replace(NOTICE, words=words.encode("utf-8", "replace").decode() or "x", to=to.encode("utf-8", "replace").decode() or "y")
    made = read(reminder(notice, "amends@example.org", "ana@example.org").as_bytes())
    assert [name for name, _ in made.items()] == [name for name, _ in reminder(NOTICE, "a@example.org", "b@example.org").items()]
    assert made["To"] == "ana@example.org"
    assert "\n" not in made["Subject"]


def test_words_that_try_to_be_headers_stay_words() -> None:
    evil = "fine\r\nBcc: everybody@example.org\r\n\r\nbody"
    made = read(reminder(replace(NOTICE, words=evil, to=evil), "amends@example.org", "ana@example.org").as_bytes())
    assert made["Bcc"] is None
    with pytest.raises(ChannelError, match="no e-mail address"):
        reminder(NOTICE, "amends@example.org", "ana@example.org\r\nBcc: everybody@example.org")
