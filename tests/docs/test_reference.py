"""What users meet is documented, and the generated pages say what the code says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import click
import pytest

import generate
from house.laws import ROOT
from pages import cli, consoles, errors, forms, rules, settings
from pages.markdown import UndocumentedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REFERENCE = ROOT / "docs" / "reference"


def undocumented(page: str, names: Iterable[str]) -> list[str]:
    text = (REFERENCE / page).read_text()
    return [name for name in names if name not in text]


def test_every_command_has_its_section() -> None:
    assert undocumented("cli.md", (f"## {path}\n" for path, _ in cli.every_command())) == []


def test_every_option_is_described() -> None:
    options = [one for _, command in cli.every_command() for one in command.params if isinstance(one, click.Option)]

    assert len(options) > 20
    assert undocumented("cli.md", (f"`{option.opts[-1]}`" for option in options)) == []


def test_every_setting_and_variable_is_described() -> None:
    assert undocumented("settings.md", (f"| `{key}` |" for key in settings.every_key())) == []
    assert undocumented("settings.md", (f"| `{name}` |" for name in settings.every_variable())) == []


def test_every_rule_and_every_form_has_its_section() -> None:
    assert undocumented("rules.md", (f"## {rule.id}\n" for rule in rules.every_rule())) == []
    assert undocumented("forms.md", (f"## {form.id}\n" for form in forms.every_form())) == []


def test_every_error_and_every_problem_is_described() -> None:
    assert undocumented("errors.md", (f"| `{kind.code}` |" for kind in errors.every_error())) == []
    assert undocumented("errors.md", (f"| `{code}` |" for code in errors.every_problem())) == []


def test_every_endpoint_has_its_section() -> None:
    sources = (ROOT / "src" / "amends" / "interfaces" / "api").glob("*.py")
    routes = [
        f"## {node.func.attr.upper()} /api/v1{node.args[0].value}\n"
        for source in sources
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "post", "put", "patch", "delete")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and str(node.args[0].value).startswith("/")
    ]

    assert len(routes) >= 10
    assert undocumented("api.md", routes) == []


def test_an_option_without_help_is_refused() -> None:
    with pytest.raises(UndocumentedError, match="--silent"):
        cli.section("amends planted", click.Command("planted", help="Planted.", params=[click.Option(["--silent"])]))


def test_a_command_without_help_is_refused() -> None:
    with pytest.raises(UndocumentedError, match="amends planted"):
        cli.section("amends planted", click.Command("planted"))


@pytest.mark.parametrize(
    ("table", "page"), [(settings.KEYS, settings.page), (settings.ENVIRONMENT, settings.page), (errors.PROBLEMS, errors.page)]
)
def test_a_setting_variable_or_problem_without_words_is_refused(
    table: dict[str, str], page: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(table, next(iter(table)))

    with pytest.raises(UndocumentedError):
        page()  # type: ignore[operator]  # a page is a function without parameters


def test_words_for_a_setting_that_is_gone_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.KEYS, "colour", "Long gone.")

    with pytest.raises(UndocumentedError, match="colour"):
        settings.page()


def test_an_old_page_is_reported_with_its_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ROOT / "docs" / "reference" / "settings.md"
    monkeypatch.setattr(generate, "wanted", lambda: {page: "# Other\n"})
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)

    assert generate.main(["--check"]) == 1
    assert "docs/reference/settings.md is old" in capsys.readouterr().out


def test_the_output_under_a_command_follows_the_program() -> None:
    page = "```text draft.md\nThe fix goes out asap.\n```\n\n```console\n$ amends check --quiet draft.md\nsomething old\n```\n"

    shown = consoles.refreshed(page)

    assert "something old" not in shown
    assert "vague-time" in shown
    assert shown.startswith("```text draft.md\nThe fix goes out asap.\n```")


def test_a_console_that_starts_a_server_is_shown_as_it_is() -> None:
    page = "```console\n$ amends start\nAmends is at …\n```\n"

    assert consoles.refreshed(page) == page
