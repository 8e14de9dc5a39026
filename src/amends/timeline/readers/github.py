"""GitHub as its API, its webhooks and `gh --json` tell it: issues, comments, deployments, runs, releases, pushes, commits.

What a thing is, its keys tell, since lists of the API do not name their kind. A delivery of a webhook is the thing in it, with who sent it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.source import Reader
from amends.timeline.readers.times import instant
from amends.timeline.readers.values import at, dicts, joined, mapping, said, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_MOMENT = 1_000_000
_FAILED = frozenset({"failure", "error", "timed_out", "startup_failure"})
_INNER = ("deployment_status", "workflow_run", "comment", "release", "deployment", "pull_request", "issue")
_LISTS = ("workflow_runs", "items", "deployments", "releases")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds things of GitHub."""
    top = keys(head)
    if has(head, "head_sha", "run_number", paths=("", "workflow_runs")) or has(head, "headSha", "conclusion"):
        return True
    if has(head, "sender", "repository") and (top & set(_INNER) or has(head, "ref", "before", "after")):
        return True
    return (
        has(head, "number", "title", "user", "created_at", paths=("", "items"))
        or has(head, "number", "title", "author", "createdAt")
        or has(head, "event", "node_id")
        or has(head, "body", "user", "issue_url")
        or has(head, "sha", "ref", "task", "environment")
        or has(head, "state", "deployment_url")
        or has(head, "tag_name", "published_at")
        or has(head, "type", "actor", "repo", "payload")
        or has(head, "sha", "commit", "parents")
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """What happened in repositories."""
    return Desk(source, "ticket").run(_element, *_LISTS)


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    if "sender" in value and "repository" in value:
        _delivery(desk, one)
        return
    tell = _teller(value)
    if tell is None:
        desk.tell("bad-field", "nothing that GitHub writes, or of a kind that is not read", one.piece.offset)
    else:
        tell(desk, one, value)


def _teller(value: dict[str, Any]) -> Callable[[Desk, Element, dict[str, Any]], None] | None:
    """Who tells of a thing, by the keys that it has."""
    for wanted, teller in _TELLERS:
        if value.keys() >= wanted:
            return teller
    return None


def _delivery(desk: Desk, one: Element) -> None:
    """What a webhook brought."""
    value, action, sender = one.value, said(one.get("action")), word(one.value, "sender.login")
    if "commits" in value and "after" in value:
        _push(desk, one, value)
        return
    name = next((name for name in _INNER if isinstance(value.get(name), dict)), None)
    if name is None:
        desk.tell("bad-field", "a delivery of a kind that is not read", one.piece.offset)
        return
    thing = value[name]
    if name in ("issue", "pull_request"):
        when = next((thing.get(key) for key in (f"{action}_at", "updated_at", "created_at") if thing.get(key)), None)
        if action == "opened":
            when = thing.get("created_at")
        was = [f"{field} was {said(at(old, 'from'))!r}" for field, old in mapping(value.get("changes")).items() if field == "title"]
        text = joined(f"{action} {_number(thing)}", *was, by="; ")
        desk.say(one, when, text, actor=sender, thread=word(thing, "html_url"), reference=word(thing, "html_url"))
    elif name == "comment":
        _comment(desk, one, thing)
    else:
        if name == "deployment_status":
            thing = {**mapping(value.get("deployment")), **thing}
        tell = _teller(thing)
        if tell is not None:
            tell(desk, one, thing)


def _issue(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    text, place = _number(value), word(value, "html_url", "url")
    body = said(value.get("body"))
    actor = word(value, "user.login", "author.login")
    desk.say(
        one,
        _first(value, "created_at", "createdAt"),
        joined(f"opened {text}", body, by="\n"),
        actor=actor,
        thread=place,
        reference=place,
        id=f"{place or text} opened",
    )
    merged = _first(value, "merged_at", "mergedAt") or at(value, "pull_request", "merged_at")
    closed = _first(value, "closed_at", "closedAt")
    if merged:
        desk.say(
            one,
            merged,
            f"merged {text}",
            kind="deploy",
            actor=word(value, "merged_by.login", "mergedBy.login"),
            thread=place,
            reference=place,
        )
    elif closed:
        desk.say(one, closed, f"closed {text}", actor=word(value, "closed_by.login"), thread=place, reference=place)


def _timeline(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    event = said(value.get("event"))
    who = word(value, "actor.login", "user.login", "author.name")
    what = word(
        value, "label.name", "assignee.login", "milestone.title", "rename.to", "source.issue.html_url", "commit_id", "sha", "state", "body"
    )
    words = word(value, "body", "message") if event in ("commented", "reviewed", "committed") else None
    verb = event.replace("_", " ").replace("-", " ")
    when = _first(value, "created_at", "submitted_at") or at(value, "committer", "date") or at(value, "author", "date")
    kind = "commit" if event == "committed" else "deploy" if event in ("merged", "deployed") else None
    text = f"{verb}: {words or what}" if words or what else verb
    desk.say(
        one,
        when,
        text,
        kind=kind,
        actor=who,
        thread=word(value, "issue_url", "issue.html_url"),
        reference=word(value, "html_url", "url"),
        id=word(value, "node_id"),
    )


def _comment(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    created, updated = desk.time(value.get("created_at")), desk.time(value.get("updated_at"))
    edited = flag("edited") if created and updated and updated.time - created.time >= _MOMENT else 0
    place = word(value, "html_url")
    thread = word(value, "issue_url") or (place or "").partition("#")[0] or None
    actor = word(value, "user.login")
    desk.say(one, value.get("created_at"), said(value.get("body")), actor=actor, flags=edited, thread=thread, reference=place, id=place)


def _deployment(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    text = joined(
        f"deploy of {said(value.get('ref')) or said(value.get('sha'))[:12]} to {said(value.get('environment'))}",
        said(value.get("description")),
        by=": ",
    )
    desk.say(
        one,
        value.get("created_at"),
        text,
        kind="deploy",
        actor=word(value, "creator.login"),
        thread=word(value, "url", "sha"),
        reference=word(value, "sha"),
        id=word(value, "url"),
    )


def _deployment_status(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    state = said(value.get("state"))
    what = (
        joined("deploy of", word(value, "ref"), "to", said(value.get("environment")))
        if value.get("ref")
        else f"deploy to {said(value.get('environment'))}"
    )
    text = joined(f"{what}: {state.replace('_', ' ')}", said(value.get("description")), by=": ")
    desk.say(
        one,
        value.get("created_at"),
        text,
        kind="deploy",
        actor=word(value, "creator.login"),
        level="error" if state in _FAILED else None,
        thread=word(value, "deployment_url"),
        reference=word(value, "log_url", "target_url") or word(value, "url"),
        id=word(value, "node_id", "url"),
    )


def _run(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    """A run of a workflow, as it began and, where it is over, as it ended."""
    sha, branch = word(value, "head_sha", "headSha") or "", word(value, "head_branch", "headBranch")
    title = joined(
        f"workflow {said(value.get('name')) or said(value.get('workflowName'))}",
        f"on {branch}" if branch else "",
        f"({sha[:12]})" if sha else "",
    )
    place, actor = word(value, "html_url", "url"), word(value, "triggering_actor.login", "actor.login")
    attempt = f"{place} {said(value.get('run_attempt'))}"
    began = _first(value, "run_started_at", "startedAt", "created_at", "createdAt")
    thread = word(value, "html_url", "url")
    desk.say(
        one, began, f"{title} began", kind="deploy", actor=actor, thread=thread, reference=place, id=f"{attempt} began" if place else None
    )
    conclusion = said(value.get("conclusion"))
    ended = _first(value, "updated_at", "updatedAt")
    if conclusion and ended:
        bad = "error" if conclusion in _FAILED else None
        desk.say(one, ended, f"{title}: {conclusion.replace('_', ' ')}", kind="deploy", level=bad, thread=thread, reference=place)


def _release(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    name, tag = said(value.get("name")), said(value.get("tag_name"))
    text = joined(f"release {tag}", name if name != tag else "", said(value.get("body")), by="\n")
    when = value.get("published_at") or value.get("created_at")
    desk.say(
        one,
        when,
        text,
        kind="deploy",
        actor=word(value, "author.login"),
        thread=tag,
        reference=word(value, "html_url"),
        id=word(value, "html_url"),
    )


def _push(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    """A push, from a webhook or from the events of a repository."""
    payload = mapping(value.get("payload")) or value
    commits = dicts(at(payload, "commits"))
    subjects = [said(commit.get("message")).partition("\n")[0] for commit in commits]
    ref = said(at(payload, "ref")).removeprefix("refs/heads/")
    size = at(payload, "size") or len(commits)
    text = joined(
        f"{'force-' if at(payload, 'forced') is True else ''}push of {size} commits to {ref}"
        if size != 1
        else f"push of a commit to {ref}",
        "; ".join(subjects),
        by=": ",
    )
    when = value.get("created_at") or at(value, "repository", "pushed_at") or at(payload, "head_commit", "timestamp")
    actor = word(value, "sender.login", "pusher.name", "actor.login")
    desk.say(
        one,
        when,
        text,
        kind="commit",
        actor=actor,
        thread=word(payload, "after", "head"),
        reference=word(payload, "compare", "after", "head"),
    )


def _activity(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    """An entry of the events of a repository or a person."""
    kind = said(value.get("type")).removesuffix("Event")
    if kind == "Push":
        _push(desk, one, value)
        return
    payload = value.get("payload")
    title = word(payload, "issue.title", "pull_request.title", "release.tag_name", "ref")
    text = joined(joined(kind, word(payload, "action", "ref_type")), title, word(payload, "comment.body"), by=": ")
    desk.say(
        one, value.get("created_at"), text, actor=word(value, "actor.login"), thread=word(payload, "issue.html_url"), id=word(value, "id")
    )


def _commit(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    commit, sha = value["commit"], said(value.get("sha"))
    written, committed = instant(at(commit, "author", "date")), at(commit, "committer", "date")
    reached = instant(committed)
    late = written and reached and abs(reached.time - written.time) >= _MOMENT
    text = joined(said(at(commit, "message")), f"(written {written.text})" if written and late else "")
    desk.say(
        one,
        committed or at(commit, "author", "date"),
        text,
        kind="commit",
        actor=word(commit, "author.name"),
        thread=sha,
        reference=word(value, "html_url") or sha,
        id=sha,
    )


def _number(value: dict[str, Any]) -> str:
    return joined(f"#{said(value.get('number'))}", said(value.get("title")))


def _first(value: dict[str, Any], *names: str) -> Any:
    return next((value[name] for name in names if value.get(name)), None)


_TELLERS: tuple[tuple[set[str], Callable[[Desk, Element, dict[str, Any]], None]], ...] = (
    ({"payload", "repo", "actor"}, _activity),
    ({"commit", "sha", "parents"}, _commit),
    ({"run_number", "head_sha"}, _run),
    ({"headSha", "conclusion"}, _run),
    ({"tag_name", "published_at"}, _release),
    ({"deployment_url", "state"}, _deployment_status),
    ({"statuses_url", "task", "environment"}, _deployment),
    ({"environment", "sha", "task"}, _deployment),
    ({"event"}, _timeline),
    ({"number", "title"}, _issue),
    ({"body", "user", "created_at"}, _comment),
)

READER = Reader("github", "ticket", sniff, read)
