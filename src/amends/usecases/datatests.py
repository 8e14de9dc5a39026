"""The examples in rule and form files: shown with their rule, and run as tests, for a team's files or for the ones that ship."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.core.record import record
from amends.language.compile import HERE
from amends.language.datafiles import read_rule
from amends.language.index import load
from amends.language.overlay import with_team_files
from amends.language.selftest import form_cases, rule_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.rules import Rule


@record
class Outcome:
    """One example: where it stands, and what is wrong with it, or None when it behaves as its file says."""

    path: str
    name: str
    wrong: str | None


def with_examples(rule: Rule, team_rules: str | None = None) -> Rule:
    """A rule with the examples of its file; the engine loads rules without them, which start-up would pay for.

    `team_rules` is the folder of the team's own, where a file of the same name counts first.
    """
    for folder in (Path(team_rules) if team_rules is not None else None, HERE / "rules"):
        if folder is not None and (folder / f"{rule.id}.toml").is_file():
            return read_rule(str(folder / f"{rule.id}.toml"))[0]
    return rule


def run_examples(rules: str | None = None, forms: str | None = None) -> Iterator[Outcome]:
    """The examples of the files in two folders, each tried with the engine as the team has it; of our own files without folders.

    Raises:
        InputError: a folder that is not there or holds no files, or a file that is no rule or form.
    """
    index = load()
    if rules is None and forms is None:
        rules, forms = str(HERE / "rules"), str(HERE / "forms")
    else:
        index = with_team_files(index, rules, forms)
    for path in _files(rules):
        for case in rule_cases(path, index):
            yield Outcome(path, case.name, case.run())
    for path in _files(forms):
        for case in form_cases(path, index):
            yield Outcome(path, case.name, case.run())


def folders_in(folder: str) -> tuple[str | None, str | None]:
    """The rules and the forms folder that a folder means: those of that name in it, else itself as a folder of rules.

    Raises:
        InputError: there is nothing to test in it.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError("there is no such folder", hint="name the folder that holds the rule files", path=folder)
    rules, forms = path / "rules", path / "forms"
    if rules.is_dir() or forms.is_dir():
        return str(rules) if rules.is_dir() else None, str(forms) if forms.is_dir() else None
    if not any(path.glob("*.toml")):
        raise InputError(
            "no rule files here", hint="a rule is one .toml file; `amends rules explain NAME` shows what is in one", path=folder
        )
    return (None, folder) if path.name == "forms" else (folder, None)


def _files(folder: str | None) -> list[str]:
    return [] if folder is None else sorted(str(path) for path in Path(folder).glob("*.toml"))
