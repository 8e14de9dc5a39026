"""The project file and the environment: every key that the code reads, with the words for it kept here and checked for completeness."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import amends
from amends.settings import _shape as project_shape
from pages.markdown import code, described, document, table

ABOUT = """
`amends.toml` holds what a team decides once for all its messages. It is looked for in the folder of the checked file and above it,
up to the root of the repository; a `[tool.amends]` table in `pyproject.toml` does as well. An option on the command line beats the
file. An unknown key is refused, with its line and the name that was probably meant.
"""

KEYS = {
    "form": "The form of messages that do not say; `auto` recognises it.",
    "audience": "Who reads them. Without it, the usual reader of the form.",
    "tz": "The sender's time zone, as an IANA name.",
    "fail_on": "The severity from which on `amends check` ends with 1.",
    "select": "Only these rules; a trailing `*` takes a family.",
    "ignore": "Not these rules; a trailing `*` takes a family. Sections add to what stands above them.",
    "severity": "Another severity for single rules; `off` switches one off.",
    "switches.root_cause": "Whether a message may name one root cause; rules that ask for contributing conditions instead follow it.",
    "rules": "A folder with the team's own rules. One of the same name replaces ours.",
    "forms": "A folder with the team's own forms. One of the same name replaces ours.",
    "scenarios": "A folder with the team's own scenarios for practice. One of the same name replaces ours.",
    "playbooks": "A folder with the team's own playbooks. One of the same name replaces ours.",
    "baseline": "The file of findings that are known and do not count; see [how to adopt an old corpus](../how-to/adopt-an-old-corpus.md).",
    "exclude": "Files and folders to leave out, written as in `.gitignore`.",
    "profile": "The profile that holds when none is named with `--profile`.",
    "profiles": "Named sets of the keys above, for one team or one channel each.",
    "paths": "Keys for some files only, by a pattern; a later section wins over an earlier one.",
    "calendar.eod": "The hour at which a working day ends: what “EOD” means.",
    "calendar.day_start": "The hour at which a working day begins: what “first thing tomorrow” means.",
    "calendar.morning_end": "The hour at which a morning ends.",
    "calendar.afternoon_end": "The hour at which an afternoon ends.",
    "calendar.evening_end": "The hour at which an evening ends.",
    "calendar.week_end": "The last day of a working week: what “end of the week” means.",
    "calendar.weekend": "The days off.",
    "calendar.day_first": "Whether 3/4 is 3 April. Without it, the zone decides.",
    "calendar.holidays": "Further days off.",
    "calendar.year_start": "The month in which the first quarter begins.",
    "calendar.sprint_end": "The last day of any one sprint.",
    "calendar.sprint_days": "How many days a sprint has.",
    "channels": "Ways to remind people of promises, each under a name; see [how to be reminded](../how-to/be-reminded.md).",
    "channels.*.kind": "What it is.",
    "channels.*.person": "Whose it is. Without it, everybody's reminders go there, and private promises without their words.",
    "channels.*.url": "Where to: the address of a webhook, or one of Apprise. `$NAME` is read from the environment.",
    "channels.*.secret": "What a webhook is signed with; only as `$NAME`.",
    "channels.*.allow_private": "Whether a webhook may lead into the own network, and be without encryption there.",
    "channels.*.host": "The mail server.",
    "channels.*.port": "Its port. Default: 587, 465 for `tls`, 25 for `none`.",
    "channels.*.security": "How the connection to it is encrypted. Default: `starttls`.",
    "channels.*.user": "The name to log in with.",
    "channels.*.password": "The password to log in with; only as `$NAME`.",
    "channels.*.from": "The address that mail comes from.",
    "channels.*.to": "The address for everybody who has none of their own.",
    "channels.*.people": "The addresses of persons.",
    "trackers": "Where action items become tickets, each under a name; see [how to follow through](../how-to/follow-through.md).",
    "trackers.*.kind": "What it is.",
    "trackers.*.url": "The address of a server of your own; for Jira, that of your site. Default: `https://api.github.com`, `https://gitlab.com`.",
    "trackers.*.repository": "The repository of GitHub, as `owner/name`.",
    "trackers.*.project": "The project: of GitLab its path or number, of Jira its key.",
    "trackers.*.user": "The address of the account that a token of Jira belongs to.",
    "trackers.*.token": "What it lets us in with; only as `$NAME`.",
    "trackers.*.type": "What kind of issue Jira makes. Default: `Task`.",
    "trackers.*.labels": "Labels for each ticket.",
    "trackers.*.allow_private": "Whether the server may be in the own network, and without encryption there.",
    "sign_in.issuer": "The server of OpenID Connect where people sign in; see [how to let people in](../how-to/let-people-in.md).",
    "sign_in.client_id": "What this workbench is called there.",
    "sign_in.client_secret": "What this workbench shows it; only as `$NAME`.",
    "sign_in.name": "What stands on the button. Default: `the company`.",
    "sign_in.domains": "Whose verified addresses get an account when they first sign in. Without it, nobody does.",
    "sign_in.role": "The role of such an account. Default: `reader`.",
    "sign_in.address": "Where this workbench is reached, for the way back. Default: the address that the request went to.",
    "model.url": "The base of an API like OpenAI's, ending in `/v1`; see [how to draft with a model](../how-to/draft-with-a-model.md).",
    "model.name": "The model, as that server calls it.",
    "model.key": "What lets us in there; only as `$NAME`.",
    "model.timeout": "How many seconds a whole answer may take. Default: 120.",
    "model.allow_private": "Whether the server may be in the own network or on this machine, and without encryption there.",
    "reminders.before": "How long before the due time to remind, such as `30m`, `2h`, `1d`. Without it, that depends on the promise.",
    "reminders.after": "How long after the due minute has passed to remind of what was missed. Without it, that depends on the promise.",
    "reminders.quiet": "Hours in which nobody is reminded, as `22:00-07:00`.",
    "reminders.quiet_tz": "The zone of these hours. Default: `tz`, else that of the machine.",
    "reminders.link": "The address of the workbench, for links in reminders and calendars.",
}

ENVIRONMENT = {
    "AMENDS_HOME": "The folder for the data of the workbench, and of what was read of evidence. Default: the platform's folder for data.",
    "AMENDS_DASK": "The Dask scheduler of `amends timeline --engine dask`, as `tcp://host:8786`. Default: workers of this machine.",
    "AMENDS_DATABASE_URL": "The database. Default: a SQLite file in `AMENDS_HOME`. For PostgreSQL: `postgresql://user@host/name`.",
    "AMENDS_ALLOWED_HOSTS": "The host names that the workbench answers to, beside its own address, separated by commas; `*` for any.",
    "AMENDS_PERSON": "Who is at the keyboard, in a workspace with accounts.",
    "AMENDS_RATE_LIMIT": "How many API requests a second one client may make, or `off`.",
    "AMENDS_MAX_BYTES": "The largest body of an API request, in bytes.",
    "TZ": "The time zone of this machine, as an IANA name, where it is not that of its clock.",
    "XDG_CONFIG_HOME": "The folder in which `amends/amends.toml` is looked for where no project has a file. Default: `~/.config`.",
    "NO_COLOR": "Set to anything: no colours.",
    "FORCE_COLOR": "Set to anything: colours, even where standard output is no terminal.",
    "TERM": "Set to `dumb`: no colours.",
    "COLUMNS": "The width to write for. Default: that of the terminal.",
}

EXAMPLE = """
```toml
tz = "Europe/London"
fail_on = "error"
rules = "our-rules"
ignore = ["missing-empathy"]

[severity]
vague-time = "error"

[calendar]
eod = 18
holidays = [2026-12-25]

[profiles.support]
audience = "customers"

[paths."docs/postmortems/**"]
form = "post-incident-review"
```
"""


def every_key() -> dict[str, str]:
    """The keys that the project file may have, with what each takes."""
    found: dict[str, str] = {}
    for name, kind in project_shape().items():
        name = name.rstrip("?")
        inner = kind if isinstance(kind, dict) and "*" not in kind else None
        for key, value in inner.items() if inner else [("", kind)]:
            found[f"{name}.{key.rstrip('?')}" if inner else name] = takes(value)
        if name in ("channels", "trackers"):
            found |= {f"{name}.*.{key.rstrip('?')}": takes(value) for key, value in kind["*"].items()}
            found[name] = "table of tables, by name"
    return found


def takes(kind: object) -> str:
    """What a key takes, for people."""
    if isinstance(kind, tuple):
        return "one of " + ", ".join(code(str(one)) for one in kind)
    if isinstance(kind, list):
        return f"list: {takes(kind[0])}"
    if isinstance(kind, dict):
        inner = kind["*"]
        if inner is str:
            return "table: name = text"
        return "table of the keys above, by name" if isinstance(inner, dict) else f"table: rule = {takes(inner)}"
    return {"str": "text", "int": "whole number", "bool": "true or false", "date": "date"}[getattr(kind, "__name__", "")]


@cache
def every_variable() -> set[str]:
    """The variables of the environment that the code asks for by name."""
    found: set[str] = set()
    for path in Path(amends.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("environment", "variable"):
                    found.add(str(node.args[0].value))
    return found


def page() -> str:
    """The page."""
    keys = table(
        ("key", "takes", "what it does"),
        ((code(name), kind, described(f"setting {name} (docs/pages/settings.py)", KEYS.get(name))) for name, kind in every_key().items()),
    )
    variables = table(
        ("variable", "what it does"),
        ((code(name), described(f"variable {name} (docs/pages/settings.py)", ENVIRONMENT.get(name))) for name in sorted(every_variable())),
    )
    gone = [name for name in (*KEYS, *ENVIRONMENT) if name not in every_key() and name not in every_variable()]
    described(f"a setting that is gone, {', '.join(gone)},", None if gone else "none")
    return document("Settings", ABOUT, "## The project file", keys, "For example:", EXAMPLE, "## The environment", variables)
