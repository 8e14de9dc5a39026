"""The history of a git repository, as git writes it for `amends.timeline.readers.git`.

git sees a folder of ours (`repository.imitate`), no environment but what stands here, may fetch nothing, and is stopped when it takes too
long, writes too much or needs too much memory.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

from amends.integrations.evidence.repository import NotOursError, Repository, imitate, locate
from amends.integrations.evidence.streams import ByteStream
from amends.timeline.readers.git import ARGUMENTS

if TYPE_CHECKING:
    from datetime import datetime

    from amends.integrations.evidence.limits import Limits, Teller

_BEFORE = ("--no-pager", "--no-replace-objects", "--no-optional-locks", "-c", "core.hooksPath=" + os.devnull, "-c", "protocol.allow=never")
_MORE = (
    "--ignore-missing", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-mailmap", "--no-notes",
    "--decorate-refs=HEAD", "--decorate-refs=refs/heads/", "--decorate-refs=refs/remotes/", "--decorate-refs=refs/tags/",
)  # fmt: skip
_WORDS = 2000


class GitLog(ByteStream):
    """What `git log` writes, while it writes it; `since` and `until` leave out what was committed before and after."""

    def __init__(
        self,
        repository: Repository,
        name: str,
        limits: Limits,
        teller: Teller,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self._name = name
        self._limits = limits
        self._teller = teller
        self._given = 0
        self._stopped = ""
        self._ended = False
        self._place = tempfile.mkdtemp(prefix="amends-git-")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the stream
        try:
            self._process = self._start(repository, _between(since, until))
        except BaseException:
            self._errors.close()
            shutil.rmtree(self._place, ignore_errors=True)
            io.RawIOBase.close(self)
            raise
        self._timer = threading.Timer(limits.git_seconds, self._stop, ("it took longer than {0.git_seconds:g} seconds",))
        self._timer.daemon = True
        self._timer.start()

    def _fill(self, buffer: memoryview) -> int:
        if self._ended:
            return 0
        assert self._process.stdout is not None
        room = min(len(buffer), self._limits.git_bytes - self._given + 1)
        data = self._process.stdout.read(room) or b""
        if self._given + len(data) > self._limits.git_bytes:
            self._stop("it wrote more than {0.git_bytes:,} bytes")
            data = data[: self._limits.git_bytes - self._given]
        self._given += len(data)
        if not data or self._stopped:
            self._end()
        buffer[: len(data)] = data
        return len(data)

    def _release(self) -> None:
        self._timer.cancel()
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()
        shutil.rmtree(self._place, ignore_errors=True)

    def _start(self, repository: Repository, between: tuple[str, ...]) -> subprocess.Popen[bytes]:
        program = git_program()
        assert program is not None
        home = os.path.join(self._place, "home")
        shown = os.path.join(self._place, "git")
        os.makedirs(home)
        imitate(repository, shown)
        arguments = [one for one in ARGUMENTS[1:] if one != "--numstat" or not repository.is_partial]
        command = [program, *_BEFORE, ARGUMENTS[0], *_MORE, *arguments, *between]
        process = subprocess.Popen(  # noqa: S603  # no shell, and no word of the command comes from the repository
            command,
            cwd=home,
            env=_environment(program, home, shown, repository.objects),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        _bound(process.pid, self._limits)
        return process

    def _stop(self, why: str) -> None:
        self._stopped = self._stopped or why.format(self._limits)
        with contextlib.suppress(OSError):
            self._process.kill()

    def _end(self) -> None:
        """The process is at its end, or was stopped: tell when that is not the end of the history."""
        self._ended = True
        self._timer.cancel()
        status = self._process.wait()
        if status or self._stopped:
            self._errors.seek(0)
            words = self._errors.read(_WORDS).decode("utf-8", "replace").strip().splitlines()
            why = self._stopped or (words[-1].replace(self._place, "") if words else f"it ended with status {status}")
            self._teller.tell(
                "git-broken-off", f"git could not tell the whole history: {why}", self._name, "git fsck shows what is damaged", self._given
            )  # fmt: skip


def git_program() -> str | None:
    """Where git is; None where it is not installed. Never from the current folder, which may be the evidence."""
    found = shutil.which("git")
    return found if found is not None and os.path.isabs(found) else None


def open_log(
    folder: str, top: str, name: str, limits: Limits, teller: Teller, since: datetime | None = None, until: datetime | None = None
) -> GitLog:
    """The history of the repository in `folder`, as a stream; between two moments where they are given."""
    return GitLog(locate(folder, top), name, limits, teller, since, until)


def readable_repository(folder: str, top: str, name: str, teller: Teller) -> Repository | None:
    """The repository in a folder, when it can be read; tells why not, and what is missing from its history."""
    try:
        repository = locate(folder, top)
        with tempfile.TemporaryDirectory(prefix="amends-git-") as place:
            is_empty = not imitate(repository, os.path.join(place, "git"))
    except NotOursError as error:
        teller.tell(error.code, error.message, name, error.hint)
        return None
    except OSError as error:
        teller.tell(
            "unreadable", f"the repository cannot be read: {(error.strerror or str(error)).lower()}", name, "change its permissions"
        )
        return None
    if git_program() is None:
        teller.tell("git-missing", "the history of a repository is read with git, which is not installed", name, "install git")
        return None
    if is_empty:
        teller.tell("git-empty", "a git repository without a commit", name)
        return None
    if repository.is_shallow:
        teller.tell("git-shallow", "a shallow clone: older commits are missing from it", name, "git fetch --unshallow brings them")
    if repository.is_partial:
        teller.tell("git-partial", "a partial clone: it lacks contents, so that sizes of changes are not told", name)
    return repository


def _between(since: datetime | None, until: datetime | None) -> tuple[str, ...]:
    """The arguments that bound a history. Sizes of changes are not asked for then: they are what takes time."""
    if since is None and until is None:
        return ()
    bounds = [f"--{name}=@{int(at.timestamp())}" for name, at in (("since", since), ("until", until)) if at is not None]
    return (*bounds, "--no-patch")


def _environment(program: str, home: str, shown: str, objects: str) -> dict[str, str]:
    """All that git knows of the outside."""
    return {
        "PATH": os.pathsep.join((os.path.dirname(program), os.defpath)),
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_DIR": shown,
        "GIT_OBJECT_DIRECTORY": objects,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _bound(process: int, limits: Limits) -> None:
    """Bound the memory and the time of a process, where the system can do that from outside."""
    if sys.platform == "linux":
        import resource

        for kind, most in (
            (resource.RLIMIT_AS, limits.git_memory),
            (resource.RLIMIT_CPU, int(limits.git_seconds) + 1),
            (resource.RLIMIT_FSIZE, 1 << 20),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(process, kind, (most, most))
