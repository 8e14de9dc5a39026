"""Secrets become marks that name their kind; what only looks so stays, and so does all text around."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.errors import UnknownNameError
from amends.timeline.redaction import MARK, Redactor
from amends.timeline.redaction.numbers import is_iban, luhn
from amends.timeline.redaction.redactor import NUMBERED
from timeline.redaction_cases import (
    BY_LIBRARIES,
    CARD,
    HARMLESS,
    KEY_LINES,
    LONG,
    NOT_PERSONAL,
    PEM,
    PERSONAL,
    SECRETS,
    made,
)

OWN = [case for case in SECRETS if case[0] not in BY_LIBRARIES]


@pytest.mark.parametrize(("kind", "line", "secret"), OWN)
def test_a_secret_becomes_a_mark_of_its_kind_and_the_text_around_it_stays(kind: str, line: str, secret: str) -> None:
    before, behind = line.format("\0").split("\0")

    assert Redactor()(line.format(secret)).removeprefix(before).removesuffix(behind) == f"[redacted: {kind} 1]"


@pytest.mark.parametrize("line", HARMLESS)
def test_what_timelines_live_of_stays(line: str) -> None:
    assert Redactor()(line) is line


@pytest.mark.parametrize(("kind", "line", "value"), [case for case in PERSONAL if case[0] not in BY_LIBRARIES])
def test_personal_data_are_taken_out_on_request(kind: str, line: str, value: str) -> None:
    text = line.format(value)

    assert Redactor("personal", people=["Jana Novak", "obrien"])(text) == line.format(
        f"[redacted: {kind} {2 if value == '@obrien' else 1}]"
    )
    assert Redactor("secrets")(text) == text


@pytest.mark.parametrize("line", NOT_PERSONAL)
def test_versions_times_and_loopback_are_not_personal(line: str) -> None:
    assert Redactor("personal", people=["Will Smith"])(line) == line


def test_the_same_secret_has_the_same_number_and_another_one_another() -> None:
    redactor = Redactor()
    other = made(41)

    said = redactor.many(
        [f"token={LONG}", f"token={other}", f'{{"token": "{LONG}"}}', f"paid with {CARD}", f"paid with {CARD.replace(' ', '')}"]
    )

    assert said == [
        "token=[redacted: token 1]",
        "token=[redacted: token 2]",
        '{"token": "[redacted: token 1]"}',
        "paid with [redacted: card number 1]",
        "paid with [redacted: card number 1]",
    ]
    assert redactor.counts == {"token": 3, "card number": 2}


def test_the_level_none_changes_nothing_and_an_unknown_one_is_an_error() -> None:
    assert Redactor("none")(f"token={LONG}") == f"token={LONG}"
    with pytest.raises(UnknownNameError, match="level of redaction"):
        Redactor("some")


def test_actors_are_pseudonyms_only_among_personal_data() -> None:
    redactor = Redactor("personal")

    assert [redactor.person(name) for name in ("Jana Novak", "obrien", "jana novak", "ci[bot]", "person 1")] == [
        "person 1", "person 2", "person 1", "ci[bot]", "person 1",
    ]  # fmt: skip
    assert redactor("Novak asked Jana Novak") == "[redacted: person 1] asked [redacted: person 1]"
    assert Redactor("secrets").person("Jana Novak") == "Jana Novak"


def test_a_given_name_of_two_people_is_neither_of_them() -> None:
    redactor = Redactor("personal", people=["Jana Novak", "Jana Kral"])

    assert redactor("Jana did it, not Kral") == "[redacted: person 3] did it, not [redacted: person 2]"


def test_rows_keep_what_cites() -> None:
    row = {
        "id": "3f2a91c0-15a39",
        "source": "password=x.log",
        "sha256": "ab" * 32,
        "offset": 7,
        "length": 9,
        "time_text": "10:00",
        "actor": "Jana",
    }
    rows = [row | {"text": f"token={LONG}", "because": [f"like token={LONG}"]}, {"text": "fine", "actor": None}]

    assert list(Redactor("personal").rows(rows)) == [
        row | {"text": "token=[redacted: token 1]", "because": ["like token=[redacted: token 1]"], "actor": "person 1"},
        {"text": "fine", "actor": None},
    ]


def test_a_private_key_is_found_when_its_lines_are_entries_of_their_own() -> None:
    lines = [f"10:00:0{number} dump: {line}" for number, line in enumerate(PEM.splitlines())]

    said = Redactor().many(["before", *lines, "10:00:09 all fine", f"10:00:10 etag {KEY_LINES[0]}"])

    assert not any(line in "\n".join(said[:-1]) for line in [*KEY_LINES, PEM.splitlines()[4]])
    assert [one.partition("[redacted: private key")[0] for one in said[1:5]] == [f"10:00:0{number} dump: " for number in range(4)]
    assert said[0] == "before"
    assert said[-2:] == ["10:00:09 all fine", f"10:00:10 etag {KEY_LINES[0]}"]


def test_two_private_keys_leave_what_stands_between_them() -> None:
    assert Redactor()(f"{PEM}\nand\n{PEM.replace('RSA', 'EC')}") == "[redacted: private key 1]\nand\n[redacted: private key 2]"


def test_memory_for_numbers_is_bounded() -> None:
    redactor = Redactor()
    redactor._labels = dict.fromkeys((number.to_bytes(4, "big") for number in range(NUMBERED)), "token 1")

    assert redactor(f"token={LONG}") == "token=[redacted: token]"


def test_check_digits() -> None:
    assert luhn(CARD.replace(" ", ""))
    assert not luhn("4111111111111112")
    assert is_iban("DE89" + "370400440532013000")
    assert not is_iban("DE89370400440532013001")
    assert not is_iban("ZZ89370400440532013000")


PARTS = st.sampled_from(
    [secret for _, _, secret in SECRETS] + [case.split("{}")[0] for _, case, _ in SECRETS] + HARMLESS
    + ["[redacted: token 1]", "[redacted: ", "]", "=", ": ", '"', "'", "\\", " ", "\n", ",", ";", "@", "://", "İ", "password", "--token "]
)  # fmt: skip
TEXTS = st.lists(PARTS | st.text(max_size=6), max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_redacting_again_changes_nothing(text: str) -> None:
    for level in ("secrets", "personal"):
        once = Redactor(level)(text)

        assert Redactor(level)(once) == once


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_what_is_left_stands_in_the_text_in_the_same_order(text: str) -> None:
    at = 0
    for piece in MARK.split(Redactor()(text)):
        assert piece in text[at:]
        at = text.index(piece, at) + len(piece)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_a_text_is_judged_alike_alone_and_among_others(texts: list[str]) -> None:
    """The numbers differ, and a private key may go on; what is asked of which text does not."""
    together = Redactor()

    asked = together._sieve.candidates(texts)
    for number, text in enumerate(texts):  # a shape that ends behind a text is asked of once too often, never once too seldom
        assert set(asked.get(number, ())) >= set(Redactor()._sieve.candidates([text]).get(0, ()))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_sieve_holds_nothing_back(text: str) -> None:
    redactor = Redactor("personal")
    passed = redactor._sieve.candidates([text]).get(0, set())

    assert [rule.name for number, rule in enumerate(redactor._rules) if number not in passed and rule.signs and list(rule.find(text))] == []


LARGE = 200_000
HOSTILE = [
    "password=",
    'password="',
    "password:",
    "token",
    "--token ",
    "eyJ",
    "eyJaaaaaaaa.",
    "a@",
    "a.",
    "a@a.",
    "://",
    "://a:",
    "://a@",
    "Cookie: a=b;",
    "cookie=",
    "a=",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN ",
    "-----END PRIVATE KEY-----",
    "AAAA",
    "1",
    "4111 ",
    "4-",
    "GB82",
    "GB82 WEST ",
    "1.",
    "1:",
    "::",
    "sk-",
    "sk-a-",
    "xoxb-1-",
    "ghp_",
    "Bearer ",
    "Basic ",
    "Authorization: ",
    "signature=",
    "mysql ",
    "mysql -p",
    "curl -u ",
    "curl ",
    "<password>",
    "\\",
    '\\"',
    "[redacted: ",
    "[redacted: token 1]",
    "aws key ",
    "session_id=",
    "pass",
    "secret is ",
    "{",
    "password={",
    "a:b@tcp(",
    "+1 ",
    "Private-Lines: 1",
    "ya29.",
    "glpat-",
    "Proc-Type: ",
    "\n",
    " ",
    "İ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_much_of_anything_takes_linear_time(unit: str) -> None:
    spent = []
    for size in (LARGE // 8, LARGE):
        text = unit * (size // len(unit))
        start = time.process_time()
        Redactor("personal")(text)
        spent.append(time.process_time() - start)

    assert spent[1] < max(24 * spent[0], 4.0), spent


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(SECRETS) >= 80
    assert len(HARMLESS) >= 80
