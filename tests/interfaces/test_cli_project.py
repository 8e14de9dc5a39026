"""The project file: where it is found, what holds for which text, and what is refused in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.settings import DEFAULTS, find_project, load_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]


def written(folder: Path, text: str, name: str = "amends.toml") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert find_project(str(tmp_path), str(tmp_path)) is None


def test_it_is_found_by_walking_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    above = written(tmp_path, "")
    assert find_project(str(tmp_path / "a" / "b"), None) == above
    (tmp_path / "a" / ".git").mkdir(parents=True)
    assert find_project(str(tmp_path / "a" / "b"), None) is None


def test_it_is_not_looked_for_above_the_home_folder(tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / "home" / "a").mkdir(parents=True)
    assert find_project(str(tmp_path / "home" / "a"), str(tmp_path / "home")) is None


def test_pyproject_counts_only_when_it_speaks_of_amends(tmp_path: Path) -> None:
    written(tmp_path, "[tool.other]\n", "pyproject.toml")
    assert find_project(str(tmp_path), str(tmp_path)) is None
    path = written(tmp_path, '[tool.amends]\nform = "exec-status"\n', "pyproject.toml")
    assert find_project(str(tmp_path), str(tmp_path)) == path
    assert load_project(path).for_path(None).form == "exec-status"


def test_a_file_of_our_own_beats_pyproject(tmp_path: Path) -> None:
    written(tmp_path, '[tool.amends]\nform = "exec-status"\n', "pyproject.toml")
    path = written(tmp_path, "")
    assert find_project(str(tmp_path), str(tmp_path)) == path


def test_every_key_arrives(tmp_path: Path) -> None:
    settings = load_project(
        written(
            tmp_path,
            """
            form = "status-update"
            audience = "customers"
            tz = "Europe/London"
            fail_on = "error"
            select = ["demo-t*"]
            ignore = ["demo-empty"]
            rules = "team/rules"
            forms = "team/forms"
            baseline = "known.json"
            exclude = ["old/"]
            [severity]
            demo-time = "note"
            [switches]
            root_cause = true
            [calendar]
            eod = 18
            week_end = "thursday"
            weekend = ["friday", "saturday"]
            day_first = true
            holidays = [2026-12-25]
            """,
        )
    ).for_path(None)
    assert (settings.form, settings.audience, settings.tz, settings.fail_on) == ("status-update", "customers", "Europe/London", "error")
    assert (settings.select, settings.ignore, settings.severity) == (("demo-t*",), ("demo-empty",), (("demo-time", "note"),))
    assert settings.rules == str(tmp_path / "team" / "rules")
    assert settings.baseline == str(tmp_path / "known.json")
    assert settings.switches == (("root-cause", True),)
    calendar = dict(settings.calendar)
    assert (calendar["eod"], calendar["week_end"], calendar["weekend"]) == (18, 3, (4, 5))


def test_a_path_section_holds_for_its_texts_and_the_later_one_wins(tmp_path: Path) -> None:
    project = load_project(
        written(
            tmp_path,
            """
            ignore = ["a"]
            [severity]
            x = "note"
            [paths."docs/**"]
            form = "post-incident-review"
            ignore = ["b"]
            severity.y = "error"
            [paths."*.txt"]
            form = "status-update"
            """,
        )
    )
    inside = project.for_path(str(tmp_path / "docs" / "deep" / "a.md"))
    assert (inside.form, inside.ignore, inside.severity) == ("post-incident-review", ("a", "b"), (("x", "note"), ("y", "error")))
    assert project.for_path(str(tmp_path / "docs" / "a.txt")).form == "status-update"
    assert project.for_path(str(tmp_path / "a.md")).form == "auto"
    assert project.for_path(None).ignore == ("a",)


def test_a_profile_lies_over_the_file_and_under_its_path_sections(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'form = "exec-status"\ntz = "UTC"\n[profiles.support]\nform = "customer-apology"\n[paths."*.txt"]\nform = "bug-report"\n',
    )
    project = load_project(path, "support")
    assert (project.for_path(None).form, project.for_path(None).tz) == ("customer-apology", "UTC")
    assert project.for_path(str(tmp_path / "a.txt")).form == "bug-report"
    assert load_project(path).for_path(None).form == "exec-status"


def test_the_file_can_name_the_profile_that_usually_holds(tmp_path: Path) -> None:
    path = written(tmp_path, 'profile = "a"\n[profiles.a]\nform = "bug-report"\n[profiles.b]\nform = "exec-status"\n')
    assert load_project(path).for_path(None).form == "bug-report"
    assert load_project(path, "b").for_path(None).form == "exec-status"


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_project(written(tmp_path, "")).for_path("a.md") == DEFAULTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('form = "x"\nadience = "team"\n', "amends.toml:2: adience: unknown key 'adience'\n  did you mean 'audience'?"),
        ('audience = "boss"\n', "amends.toml:1: audience: expected one of 'team', 'leadership', 'customers', 'partner', not 'boss'"),
        ('\nfail_on = "eror"\n', "amends.toml:2: fail_on: expected one of"),
        ("ignore = [\n  'a',\n  5,\n]\n", "amends.toml:3: ignore[1]: expected text in quotes, not 5"),
        ("[severity]\ndemo-time = 'of'\n", "amends.toml:2: severity.demo-time: expected one of"),
        ("[profiles.a]\nforms = 'x'\n", "amends.toml:2: profiles.a.forms: unknown key 'forms'\n  did you mean 'form'?"),
        ("[paths.'docs/**']\ntz = 'Mars/Base'\n", "amends.toml:2: paths.docs/**.tz: unknown time zone 'Mars/Base'"),
        ("[calendar]\neod = 24\n", "amends.toml:2: calendar.eod: expected a number from 0 to 23, not 24"),
        ("[calendar]\nholidays = ['2026-12-25']\n", "amends.toml:2: calendar.holidays[0]: expected a date, not '2026-12-25'"),
        ("form = \n", "amends.toml:1: not valid TOML: invalid value"),
        ("a = 1\na = 2\n", "amends.toml:2: not valid TOML: cannot overwrite a value"),
        ("ignore = ['demo-tme']\n", "amends.toml:1: ignore[0]: unknown rule 'demo-tme'\n  did you mean 'demo-time'?"),
        ("[profiles.a]\nselect = ['b']\n", "amends.toml:2: profiles.a.select[0]: unknown rule 'b'"),
        ("form = 'status'\n", "did you mean 'status-update'?"),
        ("profile = 'a'\n", "unknown profile"),
        ("baseline = 'none.json'\n", "none.json: there is no such file"),
    ],
)
@pytest.mark.usefixtures("engines")
def test_what_is_wrong_is_named_with_file_line_and_field(run: Run, tmp_path: Path, text: str, said: str) -> None:
    written(tmp_path, text)
    ran = run("check", "-", stdin="A test.")
    assert ran.status == 2
    assert said in ran.err


@pytest.mark.usefixtures("engines")
def test_an_unknown_rule_in_a_file_named_by_an_option_is_refused_too(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "ignore = ['nothing']\n", "other.toml")
    assert "other.toml:1: ignore[0]: unknown rule 'nothing'" in run("check", "-", "--config", "other.toml", stdin="A test.").err


@pytest.mark.usefixtures("engines")
def test_the_severity_that_fails_may_differ_by_path(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "[paths.'old/*']\nfail_on = 'error'\n")
    written(tmp_path / "old", "Up soon. A test.", "a.md")
    assert run("check", "old").status == 0
    written(tmp_path, "Up soon. A test.", "a.md")
    assert run("check", "a.md", "old").status == 1


@pytest.mark.usefixtures("engines")
def test_excluded_texts_are_left_out_even_when_they_are_named(run: Run, tmp_path: Path) -> None:
    written(tmp_path, "exclude = ['old/', '*.txt']\n")
    for name in ("a.md", "b.txt"):
        written(tmp_path, "Up soon.", name)
        written(tmp_path / "old" / "deep", "Up soon.", name)
    assert run("check", ".", "old/deep/a.md", "b.txt", "--format", "jsonl").out.count("\n") == 1


def test_each_text_has_the_project_file_of_its_own_place(run: Run, engines: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / name, f"form = '{'status-update' if name == 'two' else 'first-message'}'\n")
        written(tmp_path / name, "A test.", "a.md")
    run("check", "one", "two")
    assert [draft.form for engine in engines for draft in engine.checked] == ["first-message", "status-update"]


def test_a_persons_own_file_holds_where_there_is_no_other(run: Run, engines: Any, tmp_path: Path) -> None:
    written(tmp_path / ".config" / "amends", 'tz = "Asia/Tokyo"\n')
    run("check", "-", stdin="A test.")
    written(tmp_path, 'tz = "UTC"\n')
    run("check", "-", stdin="A test.")
    assert [engine.checked[0].tz for engine in engines] == ["Asia/Tokyo", "UTC"]
