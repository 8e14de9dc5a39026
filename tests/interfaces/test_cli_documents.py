"""Shared texts in the terminal: begun, saved by two at once, compared, brought back, and the same facts as over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.incidents.document_report import document_schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

NOTES = "# Call\n\nOne.\n\nTwo.\n"


@pytest.fixture
def terminal(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    return lambda *words, stdin="": run("incident", *words, stdin=stdin)


@pytest.fixture
def incident(terminal: Run) -> str:
    return str(json.loads(terminal("new", "Checkout fails", "--format", "json").out)["id"])


@pytest.fixture
def text(terminal: Run, incident: str) -> str:
    ran = terminal("document", "new", incident, "Call at 11:00", "-", "--format", "json", stdin=NOTES)
    assert ran.status == 0, ran.err
    return str(json.loads(ran.out)["id"])[-6:]


def said(ran: Any, schema: str) -> dict[str, Any]:
    """The result of a command, which is as its schema describes it."""
    assert (ran.status, ran.err) == (0, ""), ran.err
    value: dict[str, Any] = json.loads(ran.out)
    schemas = document_schemas("#/$defs/")
    jsonschema_rs.validate({"$ref": f"#/$defs/{schema}", "$defs": schemas}, value)
    return value


def test_a_text_comes_out_as_it_went_in(terminal: Run, text: str) -> None:
    assert terminal("document", "show", text).out == NOTES


def test_two_who_began_with_the_same_version_are_joined(terminal: Run, text: str) -> None:
    assert terminal("document", "save", text, "-", "--based-on", "1", stdin=NOTES.replace("One", "First")).status == 0
    assert terminal("document", "save", text, "-", "--based-on", "1", stdin=NOTES.replace("Two", "Second")).status == 0
    assert terminal("document", "show", text).out == NOTES.replace("One", "First").replace("Two", "Second")


def test_one_paragraph_that_two_changed_is_refused_and_kept(terminal: Run, text: str) -> None:
    terminal("document", "save", text, "-", "--based-on", "1", stdin=NOTES.replace("One", "First"))
    refused = terminal("document", "save", text, "-", "--based-on", "1", stdin=NOTES.replace("One", "Uno"))
    assert refused.status == 2
    assert "yours is kept as version 3" in refused.err
    assert terminal("document", "show", text, "--version", "3").out == NOTES.replace("One", "Uno")
    shown = terminal("document", "history", text, "--from", "2", "--to", "3").out
    assert "- First.\n+ Uno.\n" in shown
    assert "- First." not in terminal("document", "history", text).out
    assert terminal("document", "go-back", text, "1").status == 0
    assert terminal("document", "show", text).out == NOTES


def test_every_result_is_as_its_schema_describes_it(terminal: Run, incident: str, text: str) -> None:
    asked = ("--format", "json")
    said(terminal("document", "save", text, "-", *asked, stdin="Other.\n"), "SharedText")
    said(terminal("document", "show", text, *asked), "SharedText")
    said(terminal("document", "list", incident, *asked), "SharedTexts")
    said(terminal("document", "history", text, *asked), "SharedTextHistory")
    said(terminal("document", "history", text, "--from", "1", *asked), "SharedTextDifferences")
    lines = terminal("document", "history", text, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["version"] for line in lines] == [1, 2]


def test_a_text_is_removed_brought_back_and_renamed(terminal: Run, incident: str, text: str) -> None:
    assert terminal("document", "rename", text, "First call").out.startswith(f"renamed {text}  First call (note, version 1 by you")
    terminal("document", "remove", text)
    assert terminal("document", "list", incident).out == "this incident has no shared text yet\n"
    assert terminal("document", "list", incident, "--removed").out.rstrip().endswith("removed")
    terminal("document", "restore", text)
    assert "First call" in terminal("document", "list", incident).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "ZZZZZZ"), "there is no document"),
        (("history", "ZZZZZZ"), "there is no document"),
        (("list", "ZZZZZZ"), "there is no incident"),
    ],
)
def test_what_is_not_there_is_said_with_where_to_look(terminal: Run, text: str, words: tuple[str, ...], told: str) -> None:
    refused = terminal("document", *words)
    assert (refused.status, refused.out) == (2, "")
    assert told in refused.err
    assert terminal("document", "history", text, "--to", "1").status == 2
