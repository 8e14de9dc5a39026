"""The composition root: where the data lies, and which parts are made of what."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC
from pathlib import Path

import pytest

import amends.practice
from amends import wiring
from amends.core.errors import NeedsExtraError, UsageError
from amends.store.engine import StoreError
from amends.usecases.sample import seed_sample


def test_the_clock_tells_the_time_in_utc() -> None:
    assert wiring.system_clock().now().tzinfo is UTC


def test_ids_have_26_characters_of_an_alphabet_that_is_safe_everywhere_and_sort_by_time() -> None:
    ids = [wiring.ids().new() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 26 and set(one) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for one in ids)
    assert [one[:10] for one in ids] == sorted(one[:10] for one in ids)


def test_the_first_use_makes_the_database_in_the_home_folder_and_a_second_start_finds_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "a home with ? and #"))
    first = wiring.open_usecases()
    assert first.checking.forms() is not None
    assert list(tmp_path.iterdir()) == [], "checking needs no store"
    assert first.readiness.problems() == ()
    assert (tmp_path / "a home with ? and #" / "amends.sqlite3").exists()
    incident = seed_sample(first)
    first.close()
    second = wiring.open_usecases()
    assert second.incidents.list() == (incident,)
    second.close()


def test_the_home_folder_is_the_platforms_data_folder_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(wiring.home()).name == "amends"
    monkeypatch.setenv("AMENDS_HOME", "~/kept")
    assert wiring.home() == os.path.expanduser("~/kept")


def test_a_database_url_beats_the_home_folder(store_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AMENDS_DATABASE_URL", store_url)
    usecases = wiring.open_usecases()
    assert usecases.incidents.open("The export skipped 12 rows") in usecases.incidents.list()
    assert not (tmp_path / "home").exists()
    usecases.close()


@pytest.mark.parametrize(("url", "error"), [("nonsense", UsageError), ("postgresql://u@127.0.0.1:1/d", StoreError)])
def test_a_wrong_url_is_an_error_when_the_store_is_first_needed(url: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_DATABASE_URL", url)
    usecases = wiring.open_usecases()
    with pytest.raises(error):
        _ = usecases.drafting


def test_without_the_server_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("amends.store")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(NeedsExtraError) as caught:
        wiring.open_store()
    assert "amends[server]" in caught.value.hint


def test_opening_a_current_store_does_not_pay_for_the_migration_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path))
    wiring.open_store().close()
    program = "import sys; from amends.wiring import open_store; open_store(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("tz", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":America/New_York", "America/New_York"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("CET-1CEST,M3.5.0", None),
        ("../../etc/passwd", None),
    ],
)
def test_the_zone_of_the_machine_is_an_iana_name_or_none(tz: str, name: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", tz)
    assert wiring.machine_zone() == name


def test_a_team_names_the_folder_of_its_scenarios_from_where_its_project_file_is(tmp_path: Path) -> None:
    (tmp_path / "amends.toml").write_text('scenarios = "team/practice"\n', encoding="utf-8")
    (tmp_path / "team" / "practice").mkdir(parents=True)
    shipped = Path(amends.practice.__file__).with_name("scenarios") / "charged-twice.toml"
    told = shipped.read_text(encoding="utf-8").replace('id = "charged-twice"', 'id = "ours"', 1)
    (tmp_path / "team" / "practice" / "ours.toml").write_text(told, encoding="utf-8")
    usecases = wiring.open_usecases(wiring.settings_in(str(tmp_path)))
    assert usecases.drills.scenario("ours").id == "ours"
    assert usecases.drills.scenario("charged-twice").path == str(shipped)
