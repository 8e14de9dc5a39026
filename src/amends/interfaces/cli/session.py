"""What one run of `amends check` knows: its options, the project file of each place, and one engine per set of settings."""

from __future__ import annotations

import os

from amends import wiring
from amends.core.errors import InputError, UnknownNameError, UsageError
from amends.language.records import Draft
from amends.settings import DEFAULTS, FILE, find_project, load_project, with_options

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from amends.core.globs import Glob
    from amends.interfaces.cli.options import Given
    from amends.language.rules import Rule
    from amends.settings import Project, Settings
    from amends.usecases.checking import Checking

STDIN = "<stdin>"
"""What standard input is called where it has no name."""
_MOST_NAMES = 12
"""A longer list of names is looked up, not read in an error."""
_MARKUP = {".md": "markdown", ".markdown": "markdown", ".eml": "email"}


class Item:
    """One text to check: the draft, its settings, how to name it, the file and row it came from, and the encoding of its file."""

    __slots__ = ("draft", "encoding", "file", "label", "row", "settings")

    def __init__(self, draft: Draft, settings: Settings, label: str, *, encoding: str | None = None) -> None:
        self.draft = draft
        self.settings = settings
        self.label = self.file = label
        self.row: int | None = None
        self.encoding = encoding


class Session:
    """Settings, engines and drafts of one run. Raises UsageError and InputError for options and project files that are wrong."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self._now = wiring.system_clock().now()
        self._at = given.text("at")
        self._home = os.path.expanduser("~")
        self._projects: dict[str, Project | None] = {}
        self._files: dict[str, Project] = {}
        self._settings: dict[Settings, Settings] = {}
        self._engines: dict[Settings, Checking] = {}
        self._excludes: dict[tuple[str, ...], tuple[Glob, ...]] = {}
        if self._at is not None:
            moment(self._at, given.text("tz"), self._now)

    def settings_for(self, path: str | None) -> Settings:
        """What holds for a text: the options over the project file over the defaults."""
        project = self.project_for(path)
        base = DEFAULTS if project is None else project.for_path(path)
        known = self._settings.get(base)
        if known is None:
            given = self.given
            known = with_options(
                base,
                form=given.text("form"),
                audience=given.text("audience"),
                tz=given.text("tz"),
                fail_on=given.text("fail_on"),
                select=given.texts("select"),
                ignore=(*base.ignore, *given.texts("ignore")),
                baseline=given.text("baseline"),
            )
            self._settings[base] = known
        return known

    def project_for(self, path: str | None) -> Project | None:
        """The project file for a path (for the current folder without one), each file read once."""
        said = self.given.text("config")
        folder = "" if said else os.path.dirname(os.path.abspath(path)) if path is not None else os.getcwd()
        if folder not in self._projects:
            file = said or find_project(folder, self._home) or self._own_file()
            if file is not None and file not in self._files:
                self._files[file] = load_project(file, self.given.text("profile"))
            if file is None and self.given.has("profile"):
                raise UsageError(
                    "--profile needs a project file, and there is none", hint="profiles stand in amends.toml under [profiles.NAME]"
                )
            self._projects[folder] = None if file is None else self._files[file]
        return self._projects[folder]

    def _own_file(self) -> str | None:
        """The project file of the person at this machine, which holds where there is no other."""
        config = wiring.environment("XDG_CONFIG_HOME") or os.path.join(self._home, ".config")
        file = os.path.join(config, "amends", FILE)
        return file if os.path.isfile(file) else None

    def engine(self, settings: Settings, path: str | None = None) -> Checking:
        """The engine for some settings, opened once; names of rules and forms that it does not have are refused here."""
        engine = self._engines.get(settings)
        if engine is None:
            engine = wiring.open_checking(settings)
            if settings.select or settings.ignore or self.project_for(path) is not None:
                self._require_names(engine, path)
            self._engines[settings] = engine
        return engine

    def _require_names(self, engine: Checking, path: str | None) -> None:
        known = tuple(rule.id for rule in engine.rules() if rule.id)
        for name in (*self.given.texts("select"), *self.given.texts("ignore")):
            if name not in known and not (name.endswith("*") and any(one.startswith(name[:-1]) for one in known)):
                raise unknown_name("rule", name, known)
        project = self.project_for(path)
        if project is not None:
            project.require_names("rule", known)
            project.require_names("form", [form.id for form in engine.forms() if form.id])

    def rule(self, id: str) -> Rule | None:
        """A rule by its id, from any engine that was opened; with its examples when they are to be shown."""
        for settings, engine in self._engines.items():
            rule = next((one for one in engine.rules() if one.id == id), None)
            if rule is not None and self.given.has("explain"):
                from amends.usecases.datatests import with_examples

                return with_examples(rule, settings.rules)
            if rule is not None:
                return rule
        return None

    def excluded(self, path: str) -> bool:
        """Whether the project file leaves a path out."""
        project = self.project_for(path)
        patterns = () if project is None else project.for_path(path).exclude
        if project is None or not patterns:
            return False
        from amends.core.globs import Glob, any_matches

        if patterns not in self._excludes:
            self._excludes[patterns] = tuple(Glob(pattern) for pattern in patterns)
        inside = os.path.relpath(os.path.abspath(path), os.path.dirname(os.path.abspath(project.path))).replace(os.sep, "/")
        parts = inside.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        globs = self._excludes[patterns]
        return bool(any_matches(globs, inside)) or any(any_matches(globs, folder, folder=True) for folder in above)

    def draft(self, text: str, settings: Settings, path: str | None, row: Mapping[str, str] = {}) -> Draft:
        """A draft: what a row says over what the settings say. Raises UsageError for a time that is none."""
        tz = row.get("tz", settings.tz)
        given = self._now if self._at is None else moment(self._at, tz, self._now)
        at = moment(row["at"], tz) if "at" in row else given
        return Draft(
            text,
            at,
            row.get("form", settings.form),
            row.get("audience", settings.audience),
            tz,
            row.get("id"),
            path,
            _MARKUP.get(os.path.splitext(path)[1].lower(), "auto") if path else "auto",
        )


def moment(text: str, tz: str | None, now: datetime | None = None) -> datetime:
    """The instant that a person wrote; without an offset it is read in `tz`, else in UTC. Raises UsageError when it is none.

    With `now`, a time of day alone is one of today, as the date is where it is read.
    """
    from datetime import datetime

    text = text.strip()
    try:
        time = datetime.fromisoformat(text) if now is None or text.find(":") not in (1, 2) else _today(text, tz, now)
    except ValueError as error:
        hint = "write it as 2026-03-04T10:50:00+00:00" + ("" if now is None else ", or as 10:50 for today")
        raise UsageError(f"not a time: {text!r}", hint=hint) from error
    return time if time.tzinfo is not None else time.replace(tzinfo=_zone(tz))


def _today(text: str, tz: str | None, now: datetime) -> datetime:
    from datetime import datetime, time

    clock = time.fromisoformat(f"0{text}" if text[1] == ":" else text)
    zone = clock.tzinfo or _zone(tz)
    return datetime.combine(now.astimezone(zone).date(), clock, zone)


def _zone(tz: str | None) -> tzinfo:
    """The zone of that name; UTC without one, and where there is none of that name, which the engine tells of as a problem of the text."""
    from datetime import UTC

    if tz is None:
        return UTC
    from amends.core.zones import zone_named

    return zone_named(tz) or UTC


def unknown_name(what: str, name: str, known: tuple[str, ...]) -> UnknownNameError:
    """The error for a name that is none, with the one that was probably meant in front of the list."""
    from amends.core.shape import near

    error = UnknownNameError(what, name, known)
    meant = near(name, known)
    if what in ("rule", "form") and len(known) > _MOST_NAMES:
        error.hint = f"`amends {what}s list` shows all {len(known)}"
    if meant:
        error.hint = f"did you mean {meant!r}? {error.hint}"
    return error


def row_error(error: Exception, name: str, number: int) -> InputError:
    """An error that one line of input caused, naming the line."""
    return InputError(getattr(error, "message", str(error)), hint=getattr(error, "hint", ""), path=name, line=number)
