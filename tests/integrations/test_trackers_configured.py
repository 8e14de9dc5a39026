"""From amends.toml to a tracker that makes a ticket; and a table that is wrong is refused with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from amends import wiring
from amends.core.errors import InputError, UsageError
from amends.integrations.trackers import NewTicket
from amends.settings import load_project
from amends.testing.trackers import KINDS, TOKEN, tracker_double

if TYPE_CHECKING:
    from pathlib import Path

    from amends.settings import Settings


def settings(folder: Path, text: str) -> Settings:
    (folder / "amends.toml").write_text(text, encoding="utf-8")
    return load_project(str(folder / "amends.toml")).for_path(None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_becomes_a_tracker_whose_token_comes_from_the_environment(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)
    with tracker_double(kind) as double:
        text = f'tz = "Europe/London"\n[reminders]\nlink = "https://amends.example"\n{double.settings("ours", "TRACKER_TOKEN")}'
        outside = wiring.outside(settings(tmp_path, text))
        made = outside.trackers["ours"].create(NewTicket("Add a test", (), "amends-1", datetime(2026, 3, 4, tzinfo=UTC)))

    assert made.url.startswith(double.url)
    assert (outside.zone, outside.link) == (ZoneInfo("Europe/London"), "https://amends.example")


def test_without_a_file_there_is_no_tracker() -> None:
    assert wiring.outside(None).trackers == {}


def test_a_variable_that_is_not_set_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_TOKEN", raising=False)
    text = '[trackers.ours]\nkind = "github"\nrepository = "acme/shop"\ntoken = "$TRACKER_TOKEN"\n'

    with pytest.raises(UsageError, match=r"trackers\.ours\.token names the variable TRACKER_TOKEN, which is not set"):
        wiring.outside(settings(tmp_path, text))


WRONG = [
    ('[trackers.ours]\nkind = "github"\nrepository = "acme/shop"\ntoken = "s3cret"\n', 4, "trackers.ours.token"),
    ('[trackers.ours]\nkind = "github"\nproject = "acme/shop"\n', 1, "trackers.ours.repository"),
    ('[trackers.ours]\nkind = "trello"\n', 2, "trackers.ours.kind"),
    ('[trackers.ours]\nkind = "github"\nrepo = "acme/shop"\n', 3, "trackers.ours.repo"),
    ('[trackers.ours]\nkind = "gitlab"\nproject = 7\n', 3, "trackers.ours.project"),
    ('[trackers."Our One"]\nkind = "gitlab"\nproject = "a/b"\ntoken = "$T"\n', 1, "trackers.Our One"),
]


@pytest.mark.parametrize(("text", "line", "field"), WRONG)
def test_what_is_wrong_is_refused_with_its_line_and_its_field(text: str, line: int, field: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        settings(tmp_path, text)

    assert (refused.value.field, refused.value.line) == (field, line)
    assert "s3cret" not in refused.value.message
