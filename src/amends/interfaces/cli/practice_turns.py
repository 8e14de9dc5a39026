"""How a turn is typed at the terminal: in as many lines as one likes, or pasted whole; an empty line ends it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

HELP, REPEAT, END, QUIT = ":help", ":repeat", ":end", ":quit"
HOW = f"""Say what you would say, in as many lines as you like; an empty line ends your turn, and so does Ctrl+D. A pasted text is one turn.
{HELP} says this again, {REPEAT} what was said last. {QUIT} or Ctrl+C goes away, and you can go on later; {END} ends it for good."""
NOTHING = f"Nothing is said yet. {HELP} says how."


class LeftError(Exception):
    """Somebody goes away, or with `ended` wants no more of it."""

    def __init__(self, *, ended: bool) -> None:
        super().__init__()
        self.ended = ended


class Typist:
    """Reads turns; `told` gives the words that a command is answered with."""

    def __init__(self, told: Callable[[str], str]) -> None:
        self._told = told
        self._live = sys.stdin.isatty()
        self._edits = self._live and sys.stdout.isatty() and _editing()

    def turn(self) -> str:
        """What is typed as one turn. Raises LeftError."""
        lines: list[str] = []
        while True:
            line = self._line(first=not lines)
            word = line.strip()
            if not line and not lines:
                raise LeftError(ended=False)
            if not lines and word in (QUIT, END):
                raise LeftError(ended=word == END)
            if not lines and word in (HELP, REPEAT):
                click.echo(self._told(word), err=True)
            elif word or (lines and line and self._live and waiting()):
                lines.append(line.rstrip("\r\n"))
            elif lines:
                return "\n".join(lines).rstrip("\n")
            elif self._live:
                click.echo(NOTHING, err=True)

    def forget_ahead(self) -> None:
        """Drop what was typed ahead, so that the words of a conversation that is over do not become commands of the shell."""
        if self._live:
            try:
                import termios

                termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
            except (ImportError, OSError, ValueError):
                pass  # not that kind of terminal

    def _line(self, *, first: bool) -> str:
        """One line with its end; nothing at the end of the input. With line editing a pasted text comes as one."""
        prompt = "> " if first else "  "
        if self._edits:
            try:
                return f"{input(prompt)}\n"
            except EOFError:
                click.echo("", err=True)
                return ""
        if self._live and not waiting():
            click.echo(prompt, err=True, nl=False)
        return sys.stdin.readline()


def waiting() -> bool:
    """Whether more was typed or pasted already: what is there before anybody can have read an answer belongs to the same turn."""
    import select

    try:
        return bool(select.select([sys.stdin], [], [], 0.05)[0])
    except (OSError, ValueError):
        return False  # no file that can be asked, as on Windows


def _editing() -> bool:
    """Whether this machine edits lines, and so takes a pasted text as one piece; what is typed is not remembered."""
    try:
        import readline
    except ImportError:
        return False
    readline.set_auto_history(False)
    return True
