"""A model's server that speaks the protocol and fails in every way: nothing gets further than an error that says what to do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amends
from amends import wiring
from amends.core.errors import InputError, OutsideError, UsageError
from amends.integrations import llm
from amends.integrations.llm import Message, Model
from amends.settings import load_project
from amends.testing.models import KEY, NAME, ModelDouble, model_double

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.settings import Settings

ASKED = (Message("system", "Tell it."), Message("user", '{"claims": []}'))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelDouble]:
    with model_double() as made:
        made.says = "[]"
        yield made


def settings(folder: Path, text: str) -> Settings:
    (folder / "amends.toml").write_text(text, encoding="utf-8")
    return load_project(str(folder / "amends.toml")).for_path(None)


def test_a_question_goes_out_as_the_protocol_has_it_and_its_answer_comes_back(server: ModelDouble) -> None:
    assert server.model().ask(ASKED, most_tokens=500) == "[]"

    sent = server.asked[-1]
    assert sent["model"] == NAME
    assert sent["messages"] == [{"role": "system", "content": "Tell it."}, {"role": "user", "content": '{"claims": []}'}]
    assert (sent["temperature"], sent["stream"], sent["max_tokens"]) == (0, False, 500)
    assert "tools" not in sent, "a model that can call nothing can do nothing"


@pytest.mark.parametrize(
    ("fault", "words", "hint"),
    [
        ("301", "answered 301", "redirects are not followed"),
        ("302", "answered 302", "redirects are not followed"),
        ("400", "answered 400", "model.name"),
        ("403", "answered 403", "model.key"),
        ("404", "answered 404", "model.url"),
        ("429", "too many questions", "in 42 s"),
        ("500", "cannot answer now", "later"),
        ("cut", "was not reached", "its server runs"),
        ("huge", "more than 1,000,000 bytes", "its server runs"),
        ("gzip", "no JSON", "model.url"),
        ("type", "no JSON", "model.url"),
        ("odd", "no text", "model.url"),
        ("empty", "no text", "model.url"),
        ("tools", "wants to call a tool", "text"),
        ("length", "did not come to an end", "fewer claims"),
        ("echo", "repeated the key", "change the key"),
    ],
)
def test_each_failure_says_what_to_do(server: ModelDouble, fault: str, words: str, hint: str) -> None:
    server.faults.append(fault)

    with pytest.raises(OutsideError) as refused:
        server.model().ask(ASKED, most_tokens=500)

    assert words in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize("fault", ["silent", "drip", "drip-head"])
def test_a_server_that_takes_its_time_is_left_when_the_time_is_over(server: ModelDouble, fault: str) -> None:
    server.faults.append(fault)
    began = time.monotonic()

    with pytest.raises(OutsideError, match=r"took longer than 0\.2 s") as refused:
        server.model(seconds=0.2).ask(ASKED, most_tokens=500)

    assert time.monotonic() - began < 2
    assert "model.timeout" in refused.value.hint


def test_the_key_is_in_no_error_even_where_the_server_repeats_it(server: ModelDouble) -> None:
    with pytest.raises(OutsideError) as refused:
        server.model(key="sk-wrong-key-of-ours").ask(ASKED, most_tokens=500)

    assert "sk-wrong" not in refused.value.message + refused.value.hint


def test_a_server_of_the_own_network_is_asked_only_where_the_file_says_so(server: ModelDouble) -> None:
    before = len(server.asked)

    with pytest.raises(OutsideError, match="own network"):
        server.model(allow_private=False).ask(ASKED, most_tokens=500)

    assert len(server.asked) == before


@pytest.mark.parametrize("url", ["http://169.254.169.254/v1", "http://8.8.8.8/v1"])
def test_no_question_goes_to_where_clouds_keep_secrets_nor_over_the_internet_in_the_open(url: str) -> None:
    with pytest.raises(OutsideError, match=r"no service for people|without encryption"):
        Model(NAME, url, KEY, allow_private=True).ask(ASKED, most_tokens=500)


def test_there_is_no_model_before_the_file_names_one(tmp_path: Path) -> None:
    assert wiring.model(None) is None
    assert wiring.model(settings(tmp_path, 'tz = "UTC"\n')) is None


def test_a_table_becomes_a_model_whose_key_comes_from_the_environment(
    server: ModelDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_KEY", KEY)
    made = wiring.model(settings(tmp_path, server.settings("MODEL_KEY")))

    assert made is not None
    assert (made.name, made.host) == (NAME, "127.0.0.1")
    assert made.ask(ASKED, most_tokens=500) == "[]"


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MODEL_KEY_NOT_SET, which is not set"):
        wiring.model(settings(tmp_path, '[model]\nurl = "https://api.example.com/v1"\nname = "m"\nkey = "$MODEL_KEY_NOT_SET"\n'))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('key = "sk-in-the-file"', "model.key"),
        ("timeout = 0", "model.timeout"),
        ('url = "https://user:word@api.example.com/v1"', "model.url"),
        ('url = "file:///etc/passwd"', "model.url"),
        ('name = "a model"', "model.name"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(tmp_path: Path, line: str, field: str) -> None:
    given = {"url": 'url = "https://api.example.com/v1"', "name": 'name = "m"'} | {line.split(" = ", maxsplit=1)[0]: line}

    with pytest.raises(InputError) as refused:
        settings(tmp_path, "[model]\n" + "\n".join(given.values()))

    assert refused.value.field == field
    assert refused.value.line


def test_only_one_module_speaks_to_models() -> None:
    folder = Path(amends.__file__).parent
    speaking = [path for path in folder.rglob("*.py") if "chat/completions" in path.read_text(encoding="utf-8")]

    assert [path.relative_to(folder).as_posix() for path in sorted(speaking)] == ["integrations/llm.py", "testing/models.py"]
    assert llm.__file__ == str(folder / "integrations" / "llm.py")
