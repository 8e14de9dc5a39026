"""A bad call is an exception: one tree, each with a stable code, what is wrong, and what to do.

Each interface renders the tree from one table of its own (exit status, problem+json, editor message).
"""

from __future__ import annotations


class AmendsError(Exception):
    """Something that Amends was asked to do cannot be done as asked."""

    code = "error"
    denied: tuple[str, str, str] | None = None
    """Who was kept from which verb on what, where this is how access was denied; for the journal, never for who asked."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AmendsError):
    """The call itself is wrong: an unknown option, a value of the wrong kind."""

    code = "usage"


class InputError(AmendsError):
    """An input cannot be read; names the file, and the line or field where it is known."""

    code = "input"

    def __init__(self, message: str, *, hint: str = "", path: str | None = None, line: int | None = None, field: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line
        self.field = field


class UnknownNameError(UsageError):
    """A name that is none of the known ones; carries the list of names."""

    code = "unknown-name"

    def __init__(self, what: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown {what} {name!r}", hint=f"known: {', '.join(known)}")
        self.what = what
        self.name = name
        self.known = known


def require_known(what: str, name: str, known: tuple[str, ...]) -> str:
    """A name that is one of the known ones. Raises UnknownNameError, which quotes no more than the beginning of another."""
    if name not in known:
        raise UnknownNameError(what, name[:80], known)
    return name


class TooLargeError(AmendsError):
    """An input is larger than the limit, which the message names."""

    code = "too-large"


class NotFoundError(AmendsError):
    """The thing asked for is not there."""

    code = "not-found"


class ForbiddenError(AmendsError):
    """Somebody may see this, or be here, and may not do what they asked for."""

    code = "forbidden"


class NoAccountError(ForbiddenError):
    """Whoever asks has no account in a workspace that has accounts, or one that was disabled."""

    code = "no-account"


class ConflictError(AmendsError):
    """Somebody else changed the same thing since it was read."""

    code = "conflict"


class OutsideError(AmendsError):
    """A service outside, such as a tracker, refused, was not reached, or wants to be asked again after `retry_after` seconds."""

    code = "outside"

    def __init__(self, message: str, *, hint: str = "", retry_after: int | None = None, passing: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after
        self.passing = passing
        """Whether the same may well succeed later."""


class NeedsExtraError(AmendsError):
    """A part of Amends that is installed separately is missing; the hint names the extra to install, or a `package` of others beside it."""

    code = "needs-extra"

    def __init__(self, what: str, extra: str, package: str | None = None) -> None:
        missing = "a part of Amends" if package is None else f"the package {package}"
        named = f"'amends[{extra}]'" if package is None else f"'amends[{extra}]' {package}"
        super().__init__(f"{what} needs {missing} that is not installed", hint=f"install it with: pip install {named}")
