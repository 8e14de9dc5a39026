"""Every form: what it must hold, in which order, and messages that do it well and badly; from the form files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.language.compile import HERE
from amends.language.datafiles import read_form
from pages.markdown import code, described, document, quoted, table

if TYPE_CHECKING:
    from amends.language.forms import Form, FormMove

ABOUT = """
A form is a kind of message. Each is one file in `src/amends/language/forms`, with messages that are its tests. `--form auto` recognises the
form from the text; `amends forms new NAME` starts a message of it.
"""
PERSONS = {"i": "“I”", "we": "“we”", "either": "“I” or “we”"}
NEEDS = {"error": "must be there", "warning": "should be there", "note": "is good to have", "optional": "may be there"}
CONDITIONS = {"next-update": "with the time of the next update", "timed": "with a time"}


def every_form() -> list[Form]:
    """The forms that ship, by name."""
    return [read_form(str(path))[0] for path in sorted((HERE / "forms").glob("*.toml"))]


def page() -> str:
    """The page."""
    read = [read_form(str(path)) for path in sorted((HERE / "forms").glob("*.toml"))]
    known = [(form, good, bad) for form, _, _, good, bad in read]
    overview = table(("form", "usual reader", "for"), ((f"[{form.id}](#{form.id})", form.audience, form.purpose) for form, _, _ in known))
    return document("Forms", ABOUT, overview, *(section(*one) for one in known))


def section(form: Form, good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> str:
    """One form."""
    parts = [f"## {form.id}", described(f"form {form.id}: purpose", form.purpose)]
    parts.append(f"Read by {form.audience}; spoken as {PERSONS.get(form.person, form.person)}. Source: {form.source}")
    parts.append(table(("move", "", "what the reader asks"), (move_row(move) for move in form.moves)))
    parts += (
        ["At most " + "; ".join(f"{most} {what.replace('-', ' ')} ({level})" for what, most, level in form.limits) + "."]
        if form.limits
        else []
    )
    parts += [f"Another order of these is {article(form.ordered)}."] if form.ordered != "off" else []
    parts += [f"Not checked here: {', '.join(code(rule) for rule in form.off)}."] if form.off else []
    parts += [f"Template:\n\n```text\n{form.template.strip()}\n```"] if form.template.strip() else []
    parts += [f"A good one:\n\n{quoted(good[0]['text'])}"] if good else []
    if bad:
        found = ", ".join(code(rule) for rule in bad[0].get("findings", ()))
        parts.append(f"One that is not, and what is found in it ({found}):\n\n{quoted(bad[0]['text'])}")
    return "\n\n".join(part for part in parts if part)


def move_row(move: FormMove) -> tuple[str, str, str]:
    """One move of a form."""
    need = NEEDS[move.need] + (f", {CONDITIONS[move.condition]}" if move.condition else "")
    return code(move.move), need, move.question


def article(severity: str) -> str:
    """A severity as the name of a finding."""
    return f"an {severity}" if severity == "error" else f"a {severity}"
