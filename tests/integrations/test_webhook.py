"""A reminder arrives at a real HTTP server, and goes nowhere else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amends.integrations.channels.webhook as module
from amends.integrations.addresses import refusal
from amends.integrations.channels import ChannelError, Notice
from amends.integrations.channels.webhook import Webhook, event, signature
from integrations.servers import Web, web

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTICE = Notice(
    id="01HZX0000000000000000000R1", subject="promise/01HZX0000000000000000000P1", moment="before", step="settle", to="ana",
    words="We will post the next update by 14:30 UTC.", due=datetime(2026, 3, 4, 14, 30, tzinfo=UTC), tz="Europe/London",
    at=datetime(2026, 3, 4, 14, 20, tzinfo=UTC), link="https://amends.example/promises/01HZX0000000000000000000P1",
)  # fmt: skip
EXAMPLE = Path(module.__file__).with_name("example.json")


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as running:
        yield running


def hook(server: Web, path: str = "/hook?team=1", **more: object) -> Webhook:
    return Webhook("hook", server.url + path, allow_private=True, **more)


def test_what_is_sent_is_the_example(server: Web) -> None:
    hook(server).send(NOTICE)
    ((path, headers, body),) = server.seen
    assert path == "/hook?team=1"
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert headers["idempotency-key"] == NOTICE.id
    assert headers["host"] == server.url.removeprefix("http://")
    assert json.loads(body) == json.loads(EXAMPLE.read_text(encoding="utf-8"))


def test_it_is_an_event_as_cloudevents_wants_it() -> None:
    told = event(NOTICE)
    assert told["specversion"] == "1.0"
    assert all(isinstance(told[name], str) and told[name] for name in ("id", "source", "type", "time", "subject"))
    datetime.fromisoformat(str(told["time"]))


def test_a_repeat_has_the_same_id_and_says_so(server: Web) -> None:
    hook(server).send(NOTICE)
    hook(server).send(replace(NOTICE, repeated=True))
    first, second = (json.loads(body) for _, _, body in server.seen)
    assert first["id"] == second["id"]
    assert (first["data"]["repeated"], second["data"]["repeated"]) == (False, True)
    assert second["data"]["text"].startswith("Repeat: ")


@pytest.mark.parametrize("secret", ["a plain word", "whsec_" + base64.b64encode(b"sixteen and more").decode()])
def test_the_signature_can_be_checked_by_whoever_knows_the_secret(server: Web, secret: str) -> None:
    hook(server, secret=secret).send(NOTICE)
    ((_, headers, body),) = server.seen
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == NOTICE.at.timestamp()


def test_the_signature_is_that_of_the_published_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("status", "retry"), [(500, True), (503, True), (429, True), (408, True), (400, False), (404, False), (410, False)]
)
def test_a_refusal_is_told_with_whether_it_may_pass(server: Web, status: int, retry: bool) -> None:
    server.answers = [status]
    with pytest.raises(ChannelError, match=str(status)) as caught:
        hook(server).send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (retry, False)


def test_a_redirect_is_not_followed(server: Web) -> None:
    server.answers, server.headers = [307], {"Location": f"{server.url}/elsewhere"}
    with pytest.raises(ChannelError, match="not followed"):
        hook(server).send(NOTICE)
    assert [path for path, _, _ in server.seen] == ["/hook?team=1"]


def test_an_answer_that_never_comes_leaves_it_uncertain(server: Web) -> None:
    server.answers = [0]
    with pytest.raises(ChannelError) as caught:
        hook(server).send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (True, True)


def test_an_answer_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                while not stop.wait(0.05):
                    connection.sendall(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(ChannelError) as caught:
            Webhook("hook", f"http://127.0.0.1:{listener.getsockname()[1]}/", allow_private=True).send(NOTICE)
        stop.set()
        thread.join()
    assert caught.value.uncertain
    assert time.monotonic() - began < 5


def test_nobody_there_is_tried_again_and_nothing_went_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ChannelError) as caught:
        Webhook("hook", f"http://127.0.0.1:{port}/", allow_private=True).send(NOTICE)
    assert (caught.value.retry, caught.value.uncertain) == (True, False)


def test_an_encrypted_address_that_does_not_encrypt_is_an_error(server: Web) -> None:
    with pytest.raises(ChannelError) as caught:
        Webhook("hook", server.url.replace("http:", "https:"), allow_private=True).send(NOTICE)
    assert caught.value.retry
    assert server.seen == []


def test_the_own_network_needs_to_be_meant(server: Web) -> None:
    with pytest.raises(ChannelError, match="allow_private") as caught:
        Webhook("hook", f"{server.url}/").send(NOTICE)
    assert not caught.value.retry
    assert server.seen == []


def test_the_name_is_looked_up_once_and_the_address_that_was_looked_at_is_used(server: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "169.254.169.254", port))]

    monkeypatch.setattr(module.socket, "getaddrinfo", lookup)
    name = server.url.replace("127.0.0.1", "hooks.example")
    with pytest.MonkeyPatch.context() as patch:
        real = socket.create_connection
        patch.setattr(module.socket, "create_connection", lambda address, timeout: _direct(address, timeout, asked, real))
        Webhook("hook", f"{name}/", allow_private=True).send(NOTICE)
    assert asked == ["hooks.example", "connected to 127.0.0.1"]
    assert server.seen[0][1]["host"] == name.removeprefix("http://")


def _direct(address: tuple[str, int], timeout: float, asked: list[str], _real: object) -> socket.socket:
    asked.append(f"connected to {address[0]}")
    made = socket.socket()
    made.settimeout(timeout)
    made.connect(address)
    return made


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "100.100.100.200",
     "0.0.0.0", "::", "224.0.0.1", "2002:a9fe:a9fe::"],
)  # fmt: skip
def test_addresses_where_no_service_for_people_is_are_refused_whatever_the_file_says(address: str) -> None:
    assert refusal(address, "https", allow_private=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "fd12::1", "100.64.0.1", "::ffff:10.0.0.1"]
)
def test_addresses_of_the_own_network_are_refused_unless_the_file_allows_them(address: str) -> None:
    assert refusal(address, "https", allow_private=False)
    assert refusal(address, "http", allow_private=True) is None


def test_the_open_network_needs_encryption() -> None:
    assert refusal("93.184.215.14", "https", allow_private=False) is None
    assert refusal("93.184.215.14", "http", allow_private=True)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://files.example/", "gopher://x/", "https://", "https://[", "no address", "http://x:y/"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ChannelError) as caught:
        Webhook("hook", url).send(NOTICE)
    assert not caught.value.retry
