"""Where the command starts: `check` and `compare` directly, before click is imported, everything else through click."""

from __future__ import annotations

import gc
import sys

from amends.core.errors import AmendsError
from amends.interfaces.cli import interrupts
from amends.interfaces.cli.failures import INTERRUPTED, USAGE, tell

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from typing import NoReturn


def main(words: list[str] | None = None) -> int:
    """Run the command line and give its exit status: 0 done, 1 findings, 2 a usage or input error, 130 interrupted.

    Without `words` this is the program itself: it takes those of the process, and `check` ends the process here.
    """
    if words is not None:
        return _run(words)
    interrupts.heed()
    if sys.argv[1:2] != ["check"]:
        return _run(sys.argv[1:])
    gc.disable()  # loading the engine makes much and drops nothing; `check` turns it on again after the first text
    return _leave(_run(sys.argv[1:]))


def _run(words: list[str]) -> int:
    try:
        status = _dispatch(words)
        sys.stdout.flush()
    except AmendsError as error:
        tell(error)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        if not interrupts.led_to(error):
            raise
        return INTERRUPTED
    return status


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["check"]:
        from amends.interfaces.cli.check import run

        return run(words[1:], lambda: _help_of("check"))
    if words[:1] == ["compare"]:
        from amends.interfaces.cli.compare import run

        return run(words[1:], lambda: _help_of("compare"))
    if words == ["--version"]:
        from amends import __version__

        print(f"amends {__version__}")
        return 0
    from amends.interfaces.cli.commands import run_click

    return run_click(words)


def _help_of(command: str) -> int:
    from amends.interfaces.cli.commands import run_click

    return run_click([command, "--help"])


def _leave(status: int) -> NoReturn:
    """End the process without taking the engine's data apart piece by piece, which is a tenth of the time of a short run."""
    import os

    sys.stderr.flush()
    os._exit(status)


def _reader_left() -> int:
    """Whoever read the output has stopped, as `head` does: end quietly, with the status that shells give for it."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
