"""A team's own rules and forms on top of the ones that ship: the same files, the same loader, the same tests."""

from __future__ import annotations

from pathlib import Path

from amends.core.errors import InputError
from amends.language.compile import Phrases, compile_forms, compile_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.index import Index


def with_team_files(index: Index, rules: str | None, forms: str | None) -> Index:
    """The index with the rules and forms of two folders added; one of the same name replaces ours.

    Raises:
        InputError: a folder that is not there, or a file that cannot be read as a rule or a form.
    """
    phrases = Phrases(index.lexicon.bit)
    team_rules = compile_rules(_files(rules), phrases, tuple(rule.id for rule in index.rules)) if rules else {}
    team_forms = compile_forms(_files(forms) if forms else [], phrases, tuple(form.id for form in index.forms), len(index.form_signs))
    return index.extended({**team_forms, "rules": team_rules, "table": phrases.table(), "effects": phrases.effects})


def _files(folder: str) -> list[Path]:
    path = Path(folder)
    if not path.is_dir():
        raise InputError("there is no such folder", hint="create it, or correct the project file", path=folder)
    return sorted(path.glob("*.toml"))
