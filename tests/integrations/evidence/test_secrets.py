"""With the rules of libraries: every made-up secret is found, nothing harmless is, and nothing is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from amends.core.errors import NeedsExtraError
from amends.integrations.evidence import secrets
from amends.integrations.evidence.secrets import PLUGINS, expressions, redactor
from timeline.redaction_cases import BY_LIBRARIES, HARMLESS, NOT_PERSONAL, PERSONAL, SECRETS


@pytest.mark.parametrize(("kind", "line", "secret"), SECRETS)
def test_every_made_up_secret_is_found(kind: str, line: str, secret: str) -> None:
    assert redactor()(line.format(secret)) == line.format(f"[redacted: {kind} 1]")


@pytest.mark.parametrize("line", HARMLESS)
def test_nothing_harmless_is(line: str) -> None:
    assert redactor()(line) is line


@pytest.mark.parametrize(("kind", "line", "value"), [case for case in PERSONAL if case[0] in BY_LIBRARIES])
def test_telephone_numbers_are_personal(kind: str, line: str, value: str) -> None:
    assert redactor("personal")(line.format(value)) == line.format(f"[redacted: {kind} 1]")
    assert redactor()(line.format(value)) == line.format(value)


@pytest.mark.parametrize("line", NOT_PERSONAL)
def test_versions_and_times_are_no_telephone_numbers(line: str) -> None:
    assert redactor("personal")(line) == line


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_plugin_that_is_named_is_there(plugin: str) -> None:
    assert expressions(plugin)


def test_the_library_is_imported_for_a_line_with_its_signs_only() -> None:
    code = (
        "import sys; from amends.integrations.evidence.secrets import redactor; r = redactor(); r('ERROR no connection'); "
        "print('detect_secrets' in sys.modules); r('list sync -us1'); print('detect_secrets' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["False", "True"]


def test_without_the_libraries_redaction_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "find_spec", lambda _: None)

    assert redactor("none")("password=x9") == "password=x9"
    with pytest.raises(NeedsExtraError):
        redactor()
