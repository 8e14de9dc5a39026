"""By what two sources tell of the same event: ids, commits, tickets, alerts and quoted messages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.anchors import LONG, OFTEN, first_seen, tokens

SHA = "3f2a91c04b7d5e6f8a9b0c1d2e3f405162738495"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("got 8f14e45f-ceea-467f-9a36-dedd4bea2543 ok", "8f14e45fceea467f9a36dedd4bea2543"),
        ("trace_id=8F14E45FCEEA467F9A36DEDD4BEA2543 done", "8f14e45fceea467f9a36dedd4bea2543"),
        ('{"traceId":"8f14e45f-ceea-467f-9a36-dedd4bea2543"}', "8f14e45fceea467f9a36dedd4bea2543"),
        ("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"),
        (f"commit {SHA}", SHA),
        (f"image shop:main-{SHA[:7]} pulled", f"short:{SHA[:7]}"),
        ("order_id=4711 paid", "order:4711"),
        ('{"orderId": 4711}', "order:4711"),
        ('"order-id":"4711"', "order:4711"),
        ("Order #4711 is stuck", "order:4711"),
        ("deployment 991 began", "deploy:991"),
        ("deploy_id=991", "deploy:991"),
        ("request_id=req-7f.12/3, next", "request:req-7f.12/3"),
        ("build: v1.2.3-rc4", "build:v1.2.3-rc4"),
        ("see SHOP-1234 for it", "SHOP-1234"),
        ("ticket=SHOP-1234", "SHOP-1234"),
        ("[#PT4KHLK] fired", "PT4KHLK"),
        ("alert id: PT4KHLK", "PT4KHLK"),
        ("incident Q2A8RAV2JBOL6Z is open", "Q2A8RAV2JBOL6Z"),
    ],
)
def test_an_id_is_found_however_it_is_written(text: str, wanted: str) -> None:
    assert wanted in tokens(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-04T10:42:07.123Z INFO ready",
        "deploy: 2026-03-04 at noon",
        "read as UTF-8, by ISO-8601 and SHA-256, CVE-2024-3094",
        "added decade facade deadbeef",
        "1772621024000123 1772621024",
        "request failed, order matters",
        "port 8080 10.0.0.9:443",
        "the PRODUCT is PRIVATE",
        "run 12 of 40",
    ],
)
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert {token for token in tokens(text) if not token.startswith("said:")} == set()


def test_a_message_that_somebody_quotes_is_found_in_the_log_that_wrote_it() -> None:
    written = tokens("2026-03-04 10:42:07,123 ERROR [cards] checkout: no answer from cards-db after 5003 ms")
    quoted = tokens("anybody else seeing this?\n> ERROR checkout: no answer from cards-db after 5003 ms\nsince ten")
    coded = tokens("look: `[cards] checkout: No answer from  cards-db after 5003 ms`")
    assert written & quoted & coded == {"said:no answer from cards-db after 5003 ms"}


def test_a_token_counts_from_its_first_time_and_one_that_never_ends_not_at_all() -> None:
    often = [(["version:12"], number * LONG) for number in range(OFTEN + 1)]
    burst = [(["trace:7"], number) for number in range(100, 0, -1)]
    alert = [(["PT4KHLK"], 7), (["PT4KHLK"], 7 + 60 * LONG)]
    assert first_seen([*often, *burst, *alert]) == {"trace:7": 1, "PT4KHLK": 7}


@given(st.text(max_size=300))
def test_any_text_has_tokens_or_none(text: str) -> None:
    assert all(token and token == token.strip() for token in tokens(text))


@pytest.mark.parametrize("filler", ["a", "1", "a1", "] ", ": ", "`", "> a\n", "order ", "id=", "A-1 ", "-", "0" * 8 + "-"])
def test_no_text_takes_long(filler: str) -> None:
    began = time.process_time()
    tokens(filler * (100_000 // len(filler)))
    assert time.process_time() - began < 5
