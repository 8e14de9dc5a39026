"""Runs the commands shown in pages written by hand, and puts what they print under them.

In a page, a fenced block whose first line names a language and a file (`text draft.md`) is written to a folder that belongs to
the page; a `console` block runs its lines that begin with `$ ` there, and everything between them is their output. A block that
starts a server, or anything but Amends, is shown as it is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=ticks)[ ]*$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"\$ (?!amends |echo |cat )|\$ amends start|.*\.\.\.$")
WIDTH = "100"


def refreshed(text: str) -> str:
    """A page with the output of its commands as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        return FENCE.sub(lambda fence: in_its_place(fence, Path(folder)), text)


def in_its_place(fence: re.Match[str], folder: Path) -> str:
    """One block: a file is written, a console is run, everything else stays."""
    language, _, name = fence["info"].strip().partition(" ")
    if language == "console":
        return f"{fence['ticks']}{fence['info']}\n{run_all(fence['body'], folder)}{fence['ticks']}"
    if name and re.fullmatch(r"[\w./-]+", name) and not name.startswith("/") and ".." not in name:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fence["body"])
    return fence[0]


def run_all(body: str, folder: Path) -> str:
    """The commands of a console block with their output; a block that holds one that cannot be run stays as it is."""
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    if any(NOT_RUN.match(command) for command in commands):
        return body
    return "".join(f"{command}\n{run(command[2:], folder)}" for command in commands)


def run(command: str, folder: Path) -> str:
    """What a command prints, standard error included, and its exit status where it is not 0."""
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    kept = {"PATH": programs, "HOME": str(folder), "LANG": "C.UTF-8", "COLUMNS": WIDTH, "NO_COLOR": "1", "AMENDS_HOME": str(folder)}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    lines = [line.rstrip() for line in done.stdout.rstrip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)
