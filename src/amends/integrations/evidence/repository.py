"""Where the history of a git repository lies, found without git: one from somebody else may run commands through its configuration.

What git is later shown is a folder of our own with the names of commits copied into it, and the objects of the repository to read. Its own
configuration, hooks, attributes and replacements never reach git. Nothing outside of the given folder is read: not through links, not
through `gitdir:` files, not through borrowed objects.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
_LEFT_OUT = ("refs/notes/", "refs/replace/", "refs/bisect/")
_SHA256 = re.compile(r"^\s*objectformat\s*=\s*\"?sha256", re.IGNORECASE | re.MULTILINE)
_MOST_TEXT = 64 << 20
_MOST_REFS = 500_000
_LENT_DEPTH = 5


class NotOursError(Exception):
    """The repository cannot or may not be read; code, message and hint of the problem to tell."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Repository:
    """The parts of a repository: the folder of this work tree, and the one that all its work trees share."""

    own: str
    common: str

    @property
    def objects(self) -> str:
        """The folder with the objects."""
        return os.path.join(self.common, "objects")

    @property
    def is_shallow(self) -> bool:
        """Whether older commits were never fetched."""
        return os.path.isfile(os.path.join(self.common, "shallow"))

    @property
    def is_partial(self) -> bool:
        """Whether contents of files were never fetched."""
        packs = os.path.join(self.objects, "pack")
        return os.path.isdir(packs) and any(name.endswith(".promisor") for name in os.listdir(packs))


def locate(folder: str, top: str) -> Repository:
    """The repository of a folder. Raises NotOursError when it lies, wholly or in part, outside of `top`."""
    folder, top = os.path.realpath(folder), os.path.realpath(top)
    dotgit = os.path.join(folder, ".git")
    if not os.path.lexists(dotgit):
        own = folder
    elif os.path.isdir(dotgit):
        own = _inside(os.path.realpath(dotgit), top)
    else:
        own = _pointed_to(dotgit, top)
    common = _common(own, top)
    _check_links(own, common, top)
    _check_lent(os.path.join(common, "objects"), (top, common), _LENT_DEPTH)
    if os.path.isdir(os.path.join(common, "reftable")):
        raise NotOursError(
            "git-unsupported", "keeps the names of its commits in a reftable, which is not read", "git refs migrate --ref-format=files"
        )
    return Repository(own, common)


def imitate(repository: Repository, place: str) -> bool:
    """Make `place` a bare repository with the names of commits of another and an innocent configuration; False when it names none."""
    refs = _refs(repository)
    head = _text(os.path.join(repository.own, "HEAD")).strip()
    symbolic = head.removeprefix("ref: ").strip()
    if head.startswith("ref: ") and _is_name(symbolic):
        head = f"ref: {symbolic}"
    elif not _ID.fullmatch(head):
        head = "ref: refs/heads/none"
    os.makedirs(os.path.join(place, "refs"))
    os.makedirs(os.path.join(place, "objects"))
    _write(os.path.join(place, "HEAD"), head + "\n")
    _write(os.path.join(place, "packed-refs"), "".join(f"{id} {name}\n" for name, id in sorted(refs.items())))
    sha256 = _SHA256.search(_text(os.path.join(repository.common, "config"))) is not None
    _write(os.path.join(place, "config"), _CONFIG + (_CONFIG_SHA256 if sha256 else ""))
    if repository.is_shallow:
        shutil.copyfile(os.path.join(repository.common, "shallow"), os.path.join(place, "shallow"))
    return bool(refs) or not head.startswith("ref: ")


_CONFIG = """[core]
\tbare = true
\tcommitGraph = false
\tmultiPackIndex = false
\tpackedGitLimit = 256m
\tpackedGitWindowSize = 16m
\tdeltaBaseCacheLimit = 32m
\tbigFileThreshold = 16m
\trepositoryFormatVersion = 1
"""
_CONFIG_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


def _inside(path: str, *tops: str) -> str:
    if not any(_is_below(path, top) for top in tops):
        raise NotOursError(
            "link-outside", "its history lies outside of the given folder; it is not read", "give the repository that it belongs to"
        )
    return path


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def _pointed_to(dotgit: str, top: str) -> str:
    """Where a `.git` file points to: below `top`, or to a repository that says itself that this is a work tree of it."""
    where = _text(dotgit).partition("gitdir:")[2].strip()
    own = os.path.realpath(os.path.join(os.path.dirname(dotgit), where))
    if not where or not os.path.isdir(own):
        raise NotOursError("git-damaged", "its .git file names no folder")
    if not _is_below(own, top) and not _names_back(own, dotgit):
        _inside(own, top)
    return own


def _names_back(own: str, dotgit: str) -> bool:
    back = _text(os.path.join(own, "gitdir")).strip()
    return bool(back) and os.path.realpath(back) == os.path.realpath(dotgit)


def _common(own: str, top: str) -> str:
    """The folder that the work trees of a repository share."""
    where = _text(os.path.join(own, "commondir")).strip()
    if not where:
        return own
    common = os.path.realpath(os.path.join(own, where))
    is_parent = os.path.dirname(os.path.dirname(own)) == common and os.path.basename(os.path.dirname(own)) == "worktrees"
    return common if is_parent else _inside(common, top)


def _check_links(own: str, common: str, top: str) -> None:
    """Refuse a repository of which a part is a link that leads out."""
    objects = os.path.join(common, "objects")
    for folder in (own, common, objects, os.path.join(objects, "pack"), os.path.join(objects, "info"), os.path.join(common, "refs")):
        if os.path.isdir(folder):
            with os.scandir(folder) as inside:
                for one in inside:
                    if one.is_symlink():
                        _inside(os.path.realpath(one.path), top, common)


def _check_lent(objects: str, tops: tuple[str, ...], depth: int) -> None:
    """Refuse a repository that borrows objects from outside."""
    for line in _text(os.path.join(objects, "info", "alternates")).splitlines():
        if line.strip() and not line.startswith("#"):
            lender = os.path.realpath(os.path.join(objects, line.strip().strip('"')))
            if depth == 0 or not any(_is_below(lender, top) for top in tops):
                raise NotOursError(
                    "git-borrowed",
                    "borrows objects from a repository outside of the given folder; it is not read",
                    "git repack -a -d in it, and give it again",
                )
            _check_lent(lender, tops, depth - 1)


def _refs(repository: Repository) -> dict[str, str]:
    """The names of commits and what they stand for; a file wins over the packed list."""
    found: dict[str, str] = {}
    for line in _text(os.path.join(repository.common, "packed-refs")).splitlines():
        id, _, name = line.partition(" ")
        _note(found, name, id)
    top = os.path.join(repository.common, "refs")
    for folder, folders, files in os.walk(top):
        folders.sort()
        for file in files:
            path = os.path.join(folder, file)
            if len(found) < _MOST_REFS and os.path.isfile(path) and not os.path.islink(path):
                _note(found, "refs/" + os.path.relpath(path, top).replace(os.sep, "/"), _text(path, 200).strip())
    return found


def _note(found: dict[str, str], name: str, id: str) -> None:
    if len(found) < _MOST_REFS and _ID.fullmatch(id) and _is_name(name) and not name.startswith(_LEFT_OUT):
        found[name] = id


def _is_name(name: str) -> bool:
    return (
        _REF.fullmatch(name) is not None
        and not any(part in name for part in ("..", "//", "@{", "/."))
        and not name.endswith(("/", ".", ".lock"))
    )


def _text(path: str, most: int = _MOST_TEXT) -> str:
    """The text of a small file of a repository; none where there is no such plain file."""
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read(most)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
