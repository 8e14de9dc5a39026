"""The follow-up note: how it stands, which commits belong to it, its two boxes, and giving it to everybody it is owed to."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, ConflictError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.incidents.commits import Found, candidates
from amends.incidents.facts import words_of
from amends.incidents.note import FORM, LISTS, note
from amends.store import timelines
from amends.usecases import access
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

    from amends.core.ports import Clock
    from amends.incidents.commits import Commit
    from amends.incidents.hearing import Told
    from amends.incidents.note import Note
    from amends.incidents.story import Story
    from amends.integrations.trackers import Tracker
    from amends.store.engine import Store
    from amends.usecases.telling import Telling

BEFORE, AFTER = timedelta(hours=6), timedelta(hours=48)
"""How long before an incident its cause may have been committed, and how long after it its guardrail."""


class Notes:
    """What people do with the follow-up note. `by` is who does it."""

    def __init__(self, store: Store, clock: Clock, telling: Telling, trackers: Callable[[], Mapping[str, Tracker]]) -> None:
        self._store = store
        self._clock = clock
        self._telling = telling
        self._trackers = trackers

    def of(self, incident_id: str, *, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> Note:
        """The note of an incident as it stands; its sentences tell times in `zone`. Raises NotFoundError."""
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, self._clock.now(), by)
        sent = [one for one in story.messages if one.form == FORM]
        return note(story, sent[-1] if sent else None, zone)

    def candidates(self, incident_id: str, *, repository: str | None = None, by: str = LOCAL_PERSON) -> Found:
        """The commits that most probably are its hotfix, its rollback or its guardrail.

        Looked for in the repositories that are evidence of the incident, in those of the GitHub trackers that are set up, or in the folder
        `repository` alone, which only who manages the workspace may name. What cannot be read is a problem beside what can.
        Raises NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, self._clock.now(), by)
            if repository is not None:
                access.require(connection, by, "manage", f"incident/{incident_id}")
            kept = [one.place for one in timelines.evidence_of(connection, incident_id) if one.removed_at is None and not one.kept]
        folders = [os.path.abspath(os.path.expanduser(repository))] if repository is not None else _repositories(kept)
        began, ended = _window(story)
        since, until = began - BEFORE, ended + AFTER
        found, problems, sources = _local(folders, since, until)
        if repository is None:
            self._outside(since, until, found, problems, sources)
        words = " ".join([story.incident.title, *(words_of(one) for one in story.standing("fact"))])
        return Found(candidates(found.values(), began, ended, words), tuple(sources), tuple(problems))

    def share(self, incident_id: str, *, channel: str | None = None, via: str | None = None, by: str = LOCAL_PERSON) -> Told:
        """Give the note to all who needed to know or saw the wrong number and have not got it.

        Raises ConflictError where it was not sent yet, or everybody has it; and what `Telling.share` raises.
        """
        standing = self.of(incident_id, by=by)
        if standing.message is None:
            raise ConflictError("the note was not sent yet", hint="begin it from the facts, send it, then share it again")
        owed = [one.stakeholder.id for _, people in standing.lists for one in people if not one.reached]
        if not owed:
            raise ConflictError("everybody on both lists has the note", hint=f"add who is missing as {' or '.join(LISTS)}")
        return self._telling.share(standing.message.id, to=owed, channel=channel, via=via, by=by)

    def _outside(self, since: datetime, until: datetime, found: dict[str, Commit], problems: list[Problem], sources: list[str]) -> None:
        from amends.integrations.trackers.github import GitHub

        try:
            trackers = self._trackers()
        except AmendsError as error:
            problems.append(Problem(error.code, error.message, error.hint))
            return
        for name, tracker in trackers.items():
            if not isinstance(tracker, GitHub):
                continue
            sources.append(name)
            try:
                for commit in tracker.commits(since, until):
                    found.setdefault(commit.sha, commit)
            except AmendsError as error:
                problems.append(Problem("not-read", error.message, error.hint, name))


def _window(story: Story) -> tuple[datetime, datetime]:
    """From when to when it hit: until it was right again, or now."""
    began, ended = story.milestone("impact-began"), story.milestone("recovered") or story.milestone("contained")
    return began.at if began else story.incident.started_at, ended.at if ended else story.now


def _repositories(paths: list[str]) -> list[str]:
    from amends.integrations.commits import is_repository

    return [path for path in dict.fromkeys(paths) if is_repository(path)]


def _local(folders: list[str], since: datetime, until: datetime) -> tuple[dict[str, Commit], list[Problem], list[str]]:
    from amends.integrations.commits import local_commits

    found: dict[str, Commit] = {}
    problems: list[Problem] = []
    for folder in folders:
        commits, wrong = local_commits(folder, since, until)
        found |= {one.sha: one for one in commits}
        problems += wrong
    return found, problems, [os.path.basename(folder) or folder for folder in folders]
