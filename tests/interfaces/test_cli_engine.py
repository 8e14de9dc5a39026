"""The command with the real engine: whatever the text, places are exact and the words of the report are ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.core.span import LineIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

PIECES = (
    "We will fix it soon. ",
    "Dave broke it. ",
    "\n\n",
    "\r\n- ",
    "👍🏽 ",
    "日本で ",
    "שלום, next update 14:30 ",
    "e\u0301tat ",
    "# Title\n",
    "> quoted soon\n",
    "`soon` ",
    "<!-- amends: ignore vague-time because of it -->\n",
    "Next update 14:30 UTC.\n",
    "\t",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(texts=st.lists(st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=80)), min_size=1, max_size=5))
def test_every_place_of_every_document_is_exact(run: Run, texts: list[str]) -> None:
    texts = [text for text in texts if not any("\ud800" <= char <= "\udfff" for char in text)]
    rows = "\n".join(json.dumps({"id": str(number), "text": text, "at": "2026-03-04T10:50Z"}) for number, text in enumerate(texts))
    ran = run("check", "--jsonl", "-", stdin=rows)
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.err == ""
    assert [document["id"] for document in documents] == [str(number) for number in range(len(texts))]
    for text, document in zip(texts, documents, strict=True):
        index = LineIndex(text)
        for finding in document["findings"]:
            assert 0 <= finding["start"] <= finding["end"] <= len(text)
            assert (finding["line"], finding["column"]) == index.place(finding["start"])
        for promise in document["promises"]:
            assert text[promise["start"] : promise["end"]] == promise["quote"]
        for sentence in document["sentences"]:
            assert 0 <= sentence["start"] < sentence["end"] <= len(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=80)))
def test_every_text_can_be_shown_in_every_format(run: Run, text: str) -> None:
    data = text.encode("utf-8", "replace").replace(b"\0", b"")
    for format in ("text", "json", "sarif", "github", "markdown"):
        assert run("check", "-", "--all", "--format", format, stdin=data).status in (0, 1)


def test_a_text_that_was_marked_as_meant_is_left_alone(run: Run) -> None:
    text = "It is up soon. <!-- amends: ignore-file all because it is a test -->\n"
    ran = run("check", "-", "--format", "json", stdin=text)
    document = json.loads(ran.out)["documents"][0]
    assert document["findings"] == []
    assert all(one["reason"] == "it is a test" for one in document["suppressed"])


def test_findings_never_speak_of_the_author(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "Mistakes were made. Dave broke it. We're sorry if anyone was affected. It was just a blip, fixed soon.\n"
    )
    assert "you are" not in run("check", "a.md", "--all", "--explain").out.lower().replace("you are told", "")


@pytest.mark.parametrize("text", ["", "   ", "\n\n\n", "\ufeff"])
def test_an_empty_draft_is_no_failure(run: Run, text: str) -> None:
    ran = run("check", "-", stdin=text)
    assert ran.status == 0
    assert "write first:" in ran.out
