"""GitLab as its API and its webhooks tell it: issues, notes, changes of state, deployments, pipelines, releases, commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, dicts, joined, mapping, said, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

    Teller = Callable[[Desk, Element, dict[str, Any]], None]

_FAILED = frozenset({"failed", "canceled"})
_OVER = frozenset({"success", "failed", "canceled", "skipped"})
_TIMELINE = ("data.project.incidentManagementTimelineEvents.nodes", "incidentManagementTimelineEvents.nodes", "nodes", "")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds things of GitLab."""
    return (
        has(head, "object_kind")
        or has(head, "iid", "project_id")
        or has(head, "iid", "environment", "deployable")
        or has(head, "noteable_type", "body", "created_at")
        or has(head, "resource_type", "resource_id", "created_at")
        or has(head, "note", "occurredAt", paths=_TIMELINE)
        or has(head, "short_id", "committed_date")
        or has(head, "tag_name", "released_at")
        or has(head, "ref", "sha", "status", "web_url", "created_at", "source")
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """What happened in projects."""
    return Desk(source, "ticket").run(_element, "nodes")


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    for path in (("data", "project", "incidentManagementTimelineEvents", "nodes"), ("incidentManagementTimelineEvents", "nodes")):
        if at(value, *path) is not None:
            for entry in desk.inner(one, *path):
                _entry(desk, entry, entry.value)
            return
    if "object_kind" in value:
        _delivery(desk, one)
        return
    for wanted, teller in _TELLERS:
        if value.keys() >= wanted:
            teller(desk, one, value)
            return
    desk.tell("bad-field", "nothing that GitLab writes, or of a kind that is not read", one.piece.offset)


def _issue(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    sign = "!" if "source_branch" in value else "#"
    text, place, thread = f"{sign}{said(value.get('iid'))} {said(value.get('title'))}", word(value, "web_url"), _thread(value)
    words = joined(f"opened {text}", said(value.get("description")), by="\n")
    desk.say(
        one, value.get("created_at"), words, actor=_name(value, "author"), thread=thread, reference=place, id=f"{thread} {sign} opened"
    )
    for field, verb, who, kind in (("merged_at", "merged", "merged_by", "deploy"), ("closed_at", "closed", "closed_by", None)):
        if value.get(field):
            desk.say(one, value[field], f"{verb} {text}", kind=kind, actor=_name(value, who), thread=thread, reference=place)


def _note(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    edited = flag("edited") if value.get("updated_at") not in (None, value.get("created_at")) and not value.get("system") else 0
    thread = joined(said(value.get("noteable_type")), said(value.get("noteable_iid")) or said(value.get("noteable_id")))
    desk.say(
        one,
        value.get("created_at"),
        said(value.get("body")),
        actor=_name(value, "author"),
        flags=edited,
        thread=thread or None,
        reference=f"note {said(value.get('id'))}",
        id=f"note {said(value.get('id'))}" if "id" in value else None,
    )


def _state(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    what = joined(said(value.get("resource_type")), said(value.get("resource_id")))
    id = f"{what} state {said(value.get('id'))}"
    changed = word(value, "state", "action", "label.name", "milestone.title")
    desk.say(one, value.get("created_at"), f"{what}: {changed or 'changed'}", actor=_name(value, "user"), thread=what, id=id)


def _deployment(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    where = word(value, "environment.name", "environment") or "nowhere named"
    title = f"deploy of {said(value.get('ref'))} ({said(value.get('sha'))[:12]}) to {where}"
    thread, status, actor = f"deployment {said(value.get('id'))}", said(value.get("status")), _name(value, "user")
    desk.say(
        one, value.get("created_at"), f"{title} began", kind="deploy", actor=actor, thread=thread, reference=word(value, "sha"), id=thread
    )
    ended = at(value, "deployable", "finished_at") or (value.get("updated_at") if status in _OVER else None)
    if ended:
        bad = "error" if status in _FAILED else None
        desk.say(one, ended, f"{title}: {status}", kind="deploy", level=bad, thread=thread, reference=word(value, "sha"))


def _pipeline(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    title, thread = (
        f"pipeline {said(value.get('id'))} on {said(value.get('ref'))} ({said(value.get('sha'))[:12]})",
        f"pipeline {said(value.get('id'))}",
    )
    place, status = word(value, "web_url", "url"), said(value.get("status"))
    began = value.get("started_at") or value.get("created_at")
    desk.say(one, began, f"{title} began", kind="deploy", actor=_name(value, "user"), thread=thread, reference=place, id=thread)
    ended = value.get("finished_at") or (value.get("updated_at") if status in _OVER else None)
    if ended:
        bad = "error" if status in _FAILED else None
        desk.say(one, ended, f"{title}: {status}", kind="deploy", level=bad, thread=thread, reference=place)


def _entry(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    """An entry of the timeline of an incident, which somebody wrote by hand."""
    desk.say(one, value.get("occurredAt"), said(value.get("note")), actor=_name(value, "author"), id=word(value, "id"))


def _commit(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    written, sha = value.get("authored_date"), word(value, "id")
    late = written not in (None, value.get("committed_date"))
    text = joined(word(value, "message", "title"), f"(written {said(written)})" if late else "")
    place = word(value, "web_url") or sha
    desk.say(one, value.get("committed_date"), text, kind="commit", actor=word(value, "author_name"), thread=sha, reference=place, id=sha)


def _release(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    tag = said(value.get("tag_name"))
    text = joined(f"release {tag}", said(value.get("description")), by="\n")
    when = value.get("released_at") or value.get("created_at")
    desk.say(one, when, text, kind="deploy", actor=_name(value, "author"), thread=tag, reference=word(value, "_links.self"), id=tag)


def _delivery(desk: Desk, one: Element) -> None:
    """What a webhook brought. A push has no time of its own but that of its newest commit."""
    value, kind = one.value, said(one.get("object_kind"))
    things = mapping(value.get("object_attributes"))
    actor = word(value, "user.username", "user.name", "user_username", "user_name")
    if kind in ("push", "tag_push"):
        commits = dicts(value.get("commits"))
        subjects = "; ".join(said(commit.get("message")).partition("\n")[0] for commit in commits)
        ref = said(value.get("ref")).removeprefix("refs/heads/").removeprefix("refs/tags/")
        when = commits[-1].get("timestamp") if commits else None
        size = said(value.get("total_commits_count")) or str(len(commits))
        text = joined(f"push of {'a commit' if size == '1' else size + ' commits'} to {ref}", subjects, by=": ")
        desk.say(one, when, text, kind="commit", actor=actor, thread=word(value, "after"), reference=word(value, "after"))
    elif kind == "deployment":
        status = said(value.get("status"))
        text = f"deploy of {said(value.get('ref'))} ({said(value.get('short_sha'))}) to {said(value.get('environment'))}: {status}"
        thread, place = f"deployment {said(value.get('deployment_id'))}", word(value, "deployable_url")
        bad = "error" if status in _FAILED else None
        desk.say(one, value.get("status_changed_at"), text, kind="deploy", actor=actor, level=bad, thread=thread, reference=place)
    elif kind == "pipeline":
        _pipeline(desk, one, things)
    elif kind == "note":
        about = word(value, "issue.url", "merge_request.url")
        text, place = said(things.get("note")), word(things, "url")
        desk.say(one, things.get("created_at"), text, actor=actor, thread=about, reference=place, id=place)
    elif kind in ("issue", "incident", "merge_request"):
        action = said(things.get("action")) or "changed"
        when = things.get("created_at") if action == "open" else things.get("updated_at")
        text = f"{action}: {'!' if kind == 'merge_request' else '#'}{said(things.get('iid'))} {said(things.get('title'))}"
        desk.say(
            one,
            when,
            text,
            kind="deploy" if action == "merge" else None,
            actor=actor,
            thread=word(things, "url"),
            reference=word(things, "url"),
        )
    else:
        desk.tell("bad-field", f"a delivery of a kind that is not read: {kind[:40]!r}", one.piece.offset)


def _name(value: dict[str, Any], key: str) -> str | None:
    return word(value, f"{key}.username", f"{key}.name")


def _thread(value: dict[str, Any]) -> str | None:
    return word(value, "references.full", "web_url") or joined(said(value.get("project_id")), said(value.get("iid"))) or None


_TELLERS: tuple[tuple[set[str], Teller], ...] = (
    ({"noteable_type"}, _note),
    ({"body", "system"}, _note),
    ({"resource_type"}, _state),
    ({"note", "occurredAt"}, _entry),
    ({"environment", "sha"}, _deployment),
    ({"short_id", "committed_date"}, _commit),
    ({"tag_name", "released_at"}, _release),
    ({"iid", "title"}, _issue),
    ({"sha", "ref", "status"}, _pipeline),
)

READER = Reader("gitlab", "ticket", sniff, read)
