"""`amends rules`: what is found, why, with examples; and the tests of a team's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import UnknownNameError
from amends.core.record import fields, values
from amends.interfaces.cli.engine import config_option, engine_here, format_option, print_json, settings_here
from amends.interfaces.cli.session import unknown_name
from amends.interfaces.cli.terminal import wrapped

if TYPE_CHECKING:
    from amends.language.rules import Rule
    from amends.usecases.checking import Checking

_WIDTH = 88
_GAPS = {
    "words": "your words",
    "question": "the question of the form",
    "form": "form",
    "stub": "a sentence to fill in, from the form",
    "all": "how many in all",
    "most": "the most that are allowed",
    "least": "the least that is wanted",
    "count": "how many",
    "right": "what fits",
    "late": "the later time",
    "early": "the earlier time",
}


@click.group()
def rules() -> None:
    """What is found, why it matters to the reader, and what to write instead."""


@rules.command("list")
@click.argument("words", nargs=-1, metavar="[WORD]…")
@format_option
@config_option
def list_rules(words: tuple[str, ...], style: str, config: str | None) -> None:
    """List the rules: name, severity, and what each is about. With WORDs, those that have all of them in their name, title or reason."""
    every = [rule for rule in engine_here(config).rules() if rule.id]
    known = [rule for rule in every if all(word.lower() in f"{rule.id} {rule.title} {rule.why}".lower() for word in words)]
    if style == "json":
        print_json({"schema": "amends.rules/1", "rules": [_as_dict(rule) for rule in known]})
        return
    wide = max((len(rule.id) for rule in known), default=0)
    for rule in known:
        click.echo(f"{rule.id:<{wide}}  {rule.severity:<7}  {rule.title}")
    if words and not known:
        click.echo(f"none of the {len(every)} rules has {' and '.join(words)} in its name, title or reason")
        return
    number = f"{len(known)} of {len(every)}" if words else str(len(known))
    click.echo(f"\n{number} rules. `amends rules explain NAME` tells why one matters and what to write instead.")


@rules.command()
@click.argument("name", metavar="RULE")
@format_option
@config_option
def explain(name: str, style: str, config: str | None) -> None:
    """Explain a rule: why it matters, where it comes from, what it finds and what it leaves alone. A trailing * takes a family."""
    from amends.usecases.datatests import with_examples

    folder = settings_here(config).rules
    named = [with_examples(rule, folder) for rule in _named(name, engine_here(config))]
    if style == "text":
        click.echo("\n\n\n".join("\n".join(_explained(rule)) for rule in named))
    elif name.endswith("*"):
        print_json({"schema": "amends.rules/1", "rules": [_as_dict(rule) for rule in named]})
    else:
        print_json({"schema": "amends.rule/1", **_as_dict(named[0])})


def _named(name: str, engine: Checking) -> list[Rule]:
    """The rule of that name, or those whose names begin so. Raises UnknownNameError when there is none."""
    if name.endswith("*"):
        family = [rule for rule in engine.rules() if rule.id and rule.id.startswith(name[:-1])]
        if family:
            return family
    try:
        return [engine.rule(name)]
    except UnknownNameError as error:
        raise unknown_name("rule", name, error.known) from error


@rules.command()
@click.argument("folder", required=False, type=click.Path())
@config_option
def test(folder: str | None, config: str | None) -> int:
    """Run the examples in rule and form files, which are their tests.

    FOLDER holds rule files, or has folders named rules and forms in it. Without it, the folders of the project file are
    tested, and without those the rules that ship with Amends.
    """
    from amends.usecases.datatests import folders_in, run_examples

    settings = settings_here(config)
    places = (settings.rules, settings.forms) if folder is None else folders_in(folder)
    failed = total = 0
    for outcome in run_examples(*places):
        total += 1
        if outcome.wrong is not None:
            failed += 1
            click.echo(f"{outcome.path}: {outcome.name}: {outcome.wrong}")
    click.echo(f"{total - failed} of {total} examples behave as their files say")
    return 1 if failed else 0


def _explained(rule: Rule) -> list[str]:
    lines = [f"{rule.id}: {rule.title}", ""]
    lines += [f"  {kind:<9} {text}" for kind, text in _facts(rule)]
    lines += ["", *wrapped(rule.why, _WIDTH, "  Why it matters: ", "  ")]
    lines += ["", *wrapped(readable(rule.message), _WIDTH, "  It says: ", "  ")]
    for suggestion in rule.suggest:
        lines += wrapped(readable(suggestion), _WIDTH, "  Try: ", "  ")
    for label, replacement in rule.edits:
        lines += wrapped(f"{readable(label)}: “{readable(replacement)}”", _WIDTH, "  Rewrite: ", "  ")
    for title, examples in (("Found in", rule.hits), ("Not found in", rule.misses)):
        lines += ["", f"  {title}:"] if examples else []
        for example in examples:
            lines += _example(example)
    lines += ["", "  To silence it once, where it is wrong:", f"    <!-- amends: ignore {rule.id} because … -->"]
    lines += ["  To silence it for a project, in amends.toml:", f'    ignore = ["{rule.id}"]']
    return lines


def readable(text: str) -> str:
    """What a rule says, with words in place of the gaps that each message fills: `{words}` becomes `<your words>`."""
    return re.sub(r"\{(\w+)\}", lambda found: f"<{_GAPS.get(found[1], found[1])}>", text)


def _facts(rule: Rule) -> list[tuple[str, str]]:
    towards = ", ".join(f"{severity} towards {audience}" for audience, severity in rule.severity_for)
    facts = [("severity", f"{rule.severity}, {towards}" if towards else rule.severity)]
    facts += [("flaw", rule.flaw)] if rule.flaw else []
    facts += [("move", rule.move)] if rule.move else []
    facts += [("readers", ", ".join(rule.audiences))] if rule.audiences else []
    facts += [("forms", ", ".join(rule.forms))] if rule.forms else []
    facts += [("switch", f"only with [switches] {rule.switch.replace('-', '_')} = true in amends.toml")] if rule.switch else []
    return [*facts, ("source", rule.source)]


def _example(example: Any) -> list[str]:
    text = example if isinstance(example, str) else str(example["text"])
    lines: list[str] = []
    for number, line in enumerate(text.strip().splitlines()):
        lines += wrapped(line.replace("[[", "⟦").replace("]]", "⟧"), _WIDTH, "    - " if number == 0 else "      ", "      ")
    return lines


def _as_dict(rule: Rule) -> dict[str, Any]:
    left_out = ("detector", "pattern", "anchors", "path")
    return {name: _plain(value) for name, value in zip(fields(rule), values(rule), strict=True) if name not in left_out}


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
