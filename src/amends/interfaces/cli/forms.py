"""`amends forms`: the kinds of messages, what each must hold, and templates to start from."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import InputError, UnknownNameError
from amends.core.record import fields, values
from amends.interfaces.cli.engine import config_option, engine_here, format_option, print_json
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.session import unknown_name
from amends.interfaces.cli.terminal import wrapped

if TYPE_CHECKING:
    from amends.language.forms import Form, FormMove

_WIDTH = 88
_BEFORE = 60
"""How many characters of the line so far are shown when a gap is asked for."""
_GAP = re.compile(r"\[([^\[\]\n]+)\](?!\()")
"""What a template leaves to its author: words in square brackets that are no link."""


@click.group()
def forms() -> None:
    """The kinds of messages: what each must hold, and templates."""


@forms.command("list")
@format_option
@config_option
def list_forms(style: str, config: str | None) -> None:
    """List every form, and what it is for."""
    known = [form for form in engine_here(config).forms() if form.id]
    if style == "json":
        print_json({"schema": "amends.forms/1", "forms": [_plain(form) for form in known]})
        return
    wide = max((len(form.id) for form in known), default=0)
    for form in known:
        for line in wrapped(f"{form.title}. {form.purpose}", _WIDTH, f"{form.id:<{wide}}  ", " " * (wide + 2)):
            click.echo(line)
    click.echo("\n`amends forms show NAME` tells what a form must hold, `amends forms new NAME` starts one.")


@forms.command()
@click.argument("name", metavar="FORM")
@format_option
@config_option
def show(name: str, style: str, config: str | None) -> None:
    """Show what a form must hold, in which order, and how long it may be."""
    form = _form(name, config)
    if style == "json":
        print_json({"schema": "amends.form/1", **_plain(form)})
    else:
        click.echo("\n".join(_shown(form)))


@forms.command()
@click.argument("name", metavar="FORM")
@click.option("-o", "--output", metavar="FILE", help="Write the message to FILE instead of standard output.")
@click.option("--force", is_flag=True, help="Write over FILE where there is one.")
@click.option("--ask/--no-ask", default=None, help="Ask for each part, or print the template. Default: ask when this is a terminal.")
@config_option
def new(name: str, output: str | None, force: bool, ask: bool | None, config: str | None) -> None:
    """Start a message from the template of a form.

    At a terminal, each part is asked for; an empty answer leaves its gap open. Elsewhere the template is printed.
    """
    form = _form(name, config)
    if output is not None and os.path.isfile(output) and not force:
        raise InputError("there is such a file already", hint="choose another name, or write over it with --force", path=output)
    text = form.template.strip() or " ".join(move.stub for move in form.moves if move.need != "optional")
    if sys.stdin.isatty() if ask is None else ask:
        click.echo("\n".join([*wrapped(form.purpose, _WIDTH), "An empty answer leaves the gap open.", ""]), err=True)
        text = fill(text)
    out = open_output(output, machine=False)
    out.write(f"{text}\n")
    out.done()
    if output not in (None, "-"):
        click.echo(f"Written to {output}. Next: amends check --form {form.id} {output}", err=True)


def fill(template: str) -> str:
    """A template with its gaps filled from standard input, each asked for with the words before it on standard error."""
    text = ""
    done = 0
    for found in _GAP.finditer(template):
        text += template[done : found.start()]
        before = text.rpartition("\n")[2][-_BEFORE:]
        click.echo(f"{before}[{found[1]}]: ", err=True, nl=False)
        text += sys.stdin.readline().strip() or found[0]  # no more input leaves the rest open, like an empty answer
        done = found.end()
    return text + template[done:]


def _form(name: str, config: str | None) -> Form:
    try:
        return engine_here(config).form(name)
    except UnknownNameError as error:
        raise unknown_name("form", name, error.known) from error


def _shown(form: Form) -> list[str]:
    lines = [f"{form.id}: {form.title}", "", *wrapped(form.purpose, _WIDTH, "  ", "  "), ""]
    lines += [f"  reader    {form.audience}", f"  speaks as {_PERSONS.get(form.person, form.person)}", f"  source    {form.source}"]
    if form.moves:
        lines += ["", "  What it holds, in the order in which a reader wants it:"]
    for number, move in enumerate(form.moves, 1):
        lines += wrapped(f"{_needed(move)}: {move.prompt}", _WIDTH, f"    {number}. {move.move}, ", "       ")
    lines += ["", "  Limits:"] if form.limits else []
    lines += [f"    at most {most} {what.replace('-', ' ')} ({severity})" for what, most, severity in form.limits]
    if form.template.strip():
        lines += ["", "  Template:", *(f"    {line}" for line in form.template.strip().splitlines())]
    return lines


_PERSONS = {"i": "I", "we": "we", "either": "I or we"}


def _needed(move: FormMove) -> str:
    need = "may be there" if move.need == "optional" else "must be there" if move.need == "error" else f"is missed ({move.need})"
    condition = {"next-update": ", with the time of the next update", "timed": ", with a time"}.get(move.condition or "", "")
    return need + condition


def _plain(thing: Any) -> Any:
    if isinstance(thing, (str, int, float, bool)) or thing is None:
        return thing
    if isinstance(thing, (tuple, list)):
        return [_plain(item) for item in thing]
    return {name: _plain(value) for name, value in zip(fields(thing), values(thing), strict=True) if name != "path"}
