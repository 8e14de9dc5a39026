"""From the project file to trackers: what each kind needs, which mistakes a file can hold, and the tracker itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import UsageError
from amends.integrations.urls import is_base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amends.integrations.trackers import Tracker

_NEEDS = {"github": ("repository", "token"), "gitlab": ("project", "token"), "jira": ("url", "project", "user", "token")}
_TAKES = {
    "github": ("repository", "token", "url", "labels", "allow_private"),
    "gitlab": ("project", "token", "url", "labels", "allow_private"),
    "jira": ("url", "project", "user", "token", "type", "labels", "allow_private"),
}
_FORMS = {
    ("github", "repository"): (r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}", "owner/name"),
    ("gitlab", "project"): (r"[A-Za-z0-9_.-]{1,255}(/[A-Za-z0-9_.-]{1,255}){0,20}", "group/name, or the number of the project"),
    ("jira", "project"): (r"[A-Z][A-Z0-9_]{1,79}", "its key, such as OPS"),
}
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""What a tracker may be called: its name stands before the ticket, as in `github:12`."""

_LABEL = re.compile(r"[^\s,]{1,50}")


def file_mistakes(trackers: object) -> Iterator[tuple[str, str, str]]:
    """What is wrong in `[trackers]` of a project file, as field, message and hint; its shape has been seen to already."""
    for name, values in trackers.items() if isinstance(trackers, dict) else ():
        if not _NAME.fullmatch(name):
            yield f"trackers.{name}", f"{name[:40]!r} is no name of a tracker", "write small letters, digits and hyphens"
        for key, message, hint in _mistakes(values):
            yield f"trackers.{name}.{key}", message, hint


def _mistakes(values: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    kind = str(values["kind"])
    for key in _NEEDS[kind]:
        if key not in values:
            yield key, f"a tracker of kind {kind} needs the key {key!r}", ""
    for key, value in values.items():
        if key != "kind" and key not in _TAKES[kind]:
            yield key, f"a tracker of kind {kind} has no key {key!r}", f"it takes: {', '.join(_TAKES[kind])}"
        elif (kind, key) in _FORMS and not re.fullmatch(_FORMS[kind, key][0], str(value)):
            yield key, f"{value!r:.80} is no {key} of {kind}", f"write {_FORMS[kind, key][1]}"
        elif key == "token" and not re.fullmatch(r"\$[A-Za-z_][A-Za-z0-9_]*", str(value)):
            yield key, "the token stands in the file for all to read", 'write token = "$NAME", and set NAME in the environment'
        elif key == "url" and not is_base(str(value)):
            yield key, f"{value!r:.80} is no address of a server", "write https://…, without a name, a question mark or a number sign in it"
    labels = values.get("labels")
    for index, label in enumerate(labels if isinstance(labels, list) else ()):
        if not _LABEL.fullmatch(str(label)):
            yield (
                f"labels[{index}]",
                f"{label!r:.80} is no label",
                "a label has no spaces and no commas",
            )


def make(name: str, values: Mapping[str, object], environment: Callable[[str], str | None]) -> Tracker:
    """The tracker of a name, from its keys as `settings` keeps them. Raises UsageError where a variable that it names is not set."""

    def said(key: str, otherwise: str = "") -> str:
        value = str(values.get(key, otherwise))
        if not value.startswith("$"):
            return value
        found = environment(value[1:])
        if not found or re.search(r"[\x00-\x20\x7f-\uffff]", found):
            state = "which is not set" if not found else "which holds characters that no token has"
            raise UsageError(f"trackers.{name}.{key} names the variable {value[1:]}, {state}", hint=f"set {value[1:]} to the {key}")
        return found

    labels = values.get("labels")
    told = tuple(map(str, labels)) if isinstance(labels, tuple) else ()
    private = values.get("allow_private") is True
    if values["kind"] == "github":
        from amends.integrations.trackers.github import API, GitHub

        return GitHub(name, said("repository"), said("token"), url=said("url", API), labels=told, allow_private=private)
    if values["kind"] == "gitlab":
        from amends.integrations.trackers.gitlab import SERVER, GitLab

        return GitLab(name, said("project"), said("token"), url=said("url", SERVER), labels=told, allow_private=private)
    from amends.integrations.trackers.jira import Jira

    return Jira(
        name, said("url"), said("project"), said("user"), said("token"), type=said("type", "Task"), labels=told, allow_private=private
    )  # fmt: skip
