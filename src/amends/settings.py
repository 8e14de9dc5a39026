"""The project file: what a team sets once for all its messages, in `amends.toml` or under `[tool.amends]` in pyproject.toml.

Found by walking up from the checked file to the root of its repository, at most to the home folder; where there is none,
a person's own file in the configuration folder holds. Read strictly: an unknown key is refused with file, line and the
name that was probably meant. Without a file nothing is read or parsed.
"""

from __future__ import annotations

import os

from amends.core.errors import InputError, UnknownNameError
from amends.core.people import AUDIENCES, ROLES
from amends.core.record import record, replace

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from amends.core.globs import Glob

    Pairs = tuple[tuple[str, object], ...]

FILE = "amends.toml"
FAIL_ON = ("error", "warning", "note", "never")
_HOURS = ("eod", "day_start", "morning_end", "afternoon_end", "evening_end")
_LIMITS = {**dict.fromkeys(_HOURS, (0, 23)), "year_start": (1, 12), "sprint_days": (1, 366)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_LAYER: dict[str, object] = {
    "form?": str,
    "audience?": AUDIENCES,
    "tz?": str,
    "fail_on?": FAIL_ON,
    "select?": [str],
    "ignore?": [str],
    "severity?": {"*": ("error", "warning", "note", "off")},
    "switches?": {"root_cause?": bool},
}

_CHANNEL: dict[str, object] = {
    "kind": ("webhook", "email", "apprise"),
    "person?": str,
    "url?": str,
    "secret?": str,
    "allow_private?": bool,
    "host?": str,
    "port?": int,
    "security?": ("starttls", "tls", "none"),
    "user?": str,
    "password?": str,
    "from?": str,
    "to?": str,
    "people?": {"*": str},
}

_TRACKER: dict[str, object] = {
    "kind": ("github", "gitlab", "jira"),
    "url?": str,
    "repository?": str,
    "project?": str,
    "user?": str,
    "token?": str,
    "type?": str,
    "labels?": [str],
    "allow_private?": bool,
}


_MODEL: dict[str, object] = {
    "url": str,
    "name": str,
    "key?": str,
    "timeout?": int,
    "allow_private?": bool,
}


_SIGN_IN: dict[str, object] = {
    "issuer": str,
    "client_id": str,
    "client_secret?": str,
    "name?": str,
    "domains?": [str],
    "role?": ROLES[1:],
    "address?": str,
}


@record
class Settings:
    """What holds for one text after the project file, its profile and its path sections are put together.

    `severity` pairs a rule with error, warning, note or off; `rules`, `forms`, `scenarios` and `playbooks` are folders of the
    team's own; `exclude` are patterns as in .gitignore. Paths are absolute. `switches` turn groups of rules on or off, such as
    `root-cause`, which decides whether a message may speak of a root cause. `calendar` pairs the arguments of
    `language.times.calendar.Calendar` with their values (weekdays counted from Monday as 0). `channels` pairs the name of each
    way to remind people with its keys, `reminders` are the keys that say when, `trackers` pairs the name of each tracker with its keys;
    all as the file has them. `model` are the keys of the language model that may draft, empty where there is none.
    """

    form: str = "auto"
    audience: str | None = None
    tz: str | None = None
    fail_on: str = "warning"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    rules: str | None = None
    forms: str | None = None
    scenarios: str | None = None
    playbooks: str | None = None
    baseline: str | None = None
    exclude: tuple[str, ...] = ()
    calendar: tuple[tuple[str, object], ...] = ()
    switches: tuple[tuple[str, bool], ...] = ()
    channels: tuple[tuple[str, Pairs], ...] = ()
    reminders: Pairs = ()
    trackers: tuple[tuple[str, Pairs], ...] = ()
    sign_in: Pairs = ()
    model: Pairs = ()


DEFAULTS = Settings()


class Project:
    """One project file, from which `for_path` makes the settings of each text."""

    __slots__ = ("_base", "_cache", "_folder", "_line_of", "_prefix", "_sections", "_values", "path")

    def __init__(
        self, path: str, values: dict[str, object], line_of: Callable[[str], int | None], prefix: str, profile: str | None
    ) -> None:
        self.path = path
        self._folder = os.path.dirname(os.path.abspath(path))
        self._values = values
        self._line_of = line_of
        self._prefix = prefix
        self._base = _with_profile(values, self._folder, profile, path)
        self._sections = _sections(values.get("paths", {}))
        self._cache: dict[tuple[int, ...], Settings] = {}

    def for_path(self, path: str | None) -> Settings:
        """The settings of the text at `path`, or of a text without a path. Later path sections win over earlier ones."""
        if not self._sections or path is None:
            return self._base
        inside = os.path.relpath(os.path.abspath(path), self._folder).replace(os.sep, "/")
        matching = tuple(number for number, (glob, _) in enumerate(self._sections) if glob.matches(inside))
        if matching not in self._cache:
            settings = self._base
            for number in matching:
                settings = _layered(settings, self._sections[number][1])
            self._cache[matching] = settings
        return self._cache[matching]

    def require_names(self, what: str, known: Iterable[str]) -> None:
        """Raises InputError, with file and line, when the file speaks of a rule or form (`what`) that is none of `known`."""
        names = set(known)
        for name, field in _names(self._values, what, ""):
            if name not in names and not (name.endswith("*") and any(one.startswith(name[:-1]) for one in names)):
                from amends.core.shape import near

                meant = near(name, sorted(names))
                hint = f"did you mean {meant!r}?" if meant else f"`amends {what}s list` shows the names"
                line = self._line_of(f"{self._prefix}{field}")
                raise InputError(f"unknown {what} {name!r}", hint=hint, path=self.path, line=line, field=f"{self._prefix}{field}")


def find_project(folder: str, home: str | None = None) -> str | None:
    """The project file that holds for a folder: the first one walking up, not beyond the repository root or `home`."""
    folder = os.path.abspath(folder)
    while True:
        for name in (FILE, "pyproject.toml"):
            candidate = os.path.join(folder, name)
            if os.path.isfile(candidate) and (name == FILE or _speaks_of_us(candidate)):
                return candidate
        parent = os.path.dirname(folder)
        if folder in (parent, home) or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def load_project(path: str, profile: str | None = None) -> Project:
    """Read a project file. Raises InputError for what is wrong in it, UnknownNameError for a profile that it does not have."""
    from amends.core.files import read_toml
    from amends.core.shape import require_shape

    values, line_of = read_toml(path)
    prefix = ""
    if os.path.basename(path) == "pyproject.toml":
        tool = values.get("tool")
        inside = tool.get("amends", {}) if isinstance(tool, dict) else {}
        values, prefix = inside, "tool.amends."
    require_shape(values, _shape(), path, line_of, prefix.removesuffix("."))
    _require_sense(values, path, line_of, prefix)
    return Project(path, values, line_of, prefix, profile)


def with_options(settings: Settings, **given: object) -> Settings:
    """Settings with what the command line says on top; None means not said."""
    said = {name: value for name, value in given.items() if value is not None and value != ()}
    return replace(settings, **said) if said else settings


def _shape() -> dict[str, object]:
    from datetime import date

    calendar = {
        **{f"{hour}?": int for hour in _HOURS},
        "week_end?": WEEKDAYS,
        "weekend?": [WEEKDAYS],
        "day_first?": bool,
        "holidays?": [date],
        "year_start?": int,
        "sprint_end?": date,
        "sprint_days?": int,
    }
    return {
        **_LAYER,
        "rules?": str,
        "forms?": str,
        "scenarios?": str,
        "playbooks?": str,
        "baseline?": str,
        "exclude?": [str],
        "profile?": str,
        "profiles?": {"*": _LAYER},
        "paths?": {"*": _LAYER},
        "calendar?": calendar,
        "channels?": {"*": _CHANNEL},
        "trackers?": {"*": _TRACKER},
        "sign_in?": _SIGN_IN,
        "model?": _MODEL,
        "reminders?": {"before?": [str], "after?": [str], "quiet?": str, "quiet_tz?": str, "link?": str},
    }


def _speaks_of_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b"tool.amends" in file.read(1_000_000)
    except OSError:
        return False


def _with_profile(values: dict[str, object], folder: str, profile: str | None, path: str) -> Settings:
    def inside(key: str) -> str | None:
        value = values.get(key)
        return os.path.normpath(os.path.join(folder, value)) if isinstance(value, str) else None

    calendar = values.get("calendar")
    base = replace(
        _layered(DEFAULTS, values),
        rules=inside("rules"),
        forms=inside("forms"),
        scenarios=inside("scenarios"),
        playbooks=inside("playbooks"),
        baseline=inside("baseline"),
        exclude=_texts(values, "exclude"),
        calendar=_calendar(calendar) if isinstance(calendar, dict) else (),
        channels=tuple((name, pairs) for name, pairs in _pairs(values.get("channels")) if isinstance(pairs, tuple)),
        reminders=_pairs(values.get("reminders")),
        trackers=tuple((name, pairs) for name, pairs in _pairs(values.get("trackers")) if isinstance(pairs, tuple)),
        sign_in=_pairs(values.get("sign_in")),
        model=_pairs(values.get("model")),
    )
    name = profile or values.get("profile")
    if not isinstance(name, str):
        return base
    profiles = values.get("profiles")
    layer = profiles.get(name) if isinstance(profiles, dict) else None
    if not isinstance(layer, dict):
        raise UnknownNameError(f"profile in {path}:", name, tuple(profiles) if isinstance(profiles, dict) else ())
    return _layered(base, layer)


def _layered(below: Settings, layer: dict[str, object]) -> Settings:
    """One layer over another: a name replaces, `ignore` and `severity` add."""
    changes: dict[str, object] = {key: layer[key] for key in ("form", "audience", "tz", "fail_on") if key in layer}
    if "select" in layer:
        changes["select"] = _texts(layer, "select")
    if "ignore" in layer:
        changes["ignore"] = (*below.ignore, *(one for one in _texts(layer, "ignore") if one not in below.ignore))
    severity = layer.get("severity")
    if isinstance(severity, dict):
        changes["severity"] = tuple(sorted({**dict(below.severity), **severity}.items()))
    switches = layer.get("switches")
    if isinstance(switches, dict):
        said = {name.replace("_", "-"): on for name, on in switches.items()}
        changes["switches"] = tuple(sorted({**dict(below.switches), **said}.items()))
    return replace(below, **changes)


def _texts(layer: dict[str, object], key: str) -> tuple[str, ...]:
    value = layer.get(key)
    return tuple(value) if isinstance(value, list) else ()


def _calendar(values: dict[str, object]) -> tuple[tuple[str, object], ...]:
    """The table as arguments: weekdays by number, lists as tuples."""
    plain: dict[str, object] = {}
    for key, value in values.items():
        if key in ("week_end", "weekend"):
            plain[key] = WEEKDAYS.index(value) if isinstance(value, str) else tuple(WEEKDAYS.index(day) for day in _texts(values, key))
        else:
            plain[key] = tuple(value) if isinstance(value, list) else value
    return tuple(sorted(plain.items()))


def _pairs(table: object) -> Pairs:
    """A table as pairs, its tables and lists too, so that settings can be compared and remembered."""
    if not isinstance(table, dict):
        return ()
    return tuple(
        (key, _pairs(value) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value)
        for key, value in table.items()
    )


def _sections(paths: object) -> tuple[tuple[Glob, dict[str, object]], ...]:
    if not isinstance(paths, dict) or not paths:
        return ()
    from amends.core.globs import Glob

    return tuple((Glob(pattern), layer) for pattern, layer in paths.items())


def _names(values: dict[str, object], what: str, field: str) -> Iterable[tuple[str, str]]:
    """Every rule or form that a layer speaks of, with its field, and then those of the layers inside it."""
    if what == "form":
        if isinstance(values.get("form"), str) and values["form"] != "auto":
            yield str(values["form"]), f"{field}form"
    else:
        for key in ("select", "ignore"):
            for index, name in enumerate(_texts(values, key)):
                yield name, f"{field}{key}[{index}]"
        severity = values.get("severity")
        for name in severity if isinstance(severity, dict) else ():
            yield name, f"{field}severity.{name}"
    for key in ("profiles", "paths"):
        layers = values.get(key)
        for name, layer in layers.items() if isinstance(layers, dict) else ():
            yield from _names(layer, what, f"{field}{key}.{name}.")


def _require_sense(values: dict[str, object], path: str, line_of: Callable[[str], int | None], prefix: str) -> None:
    """An unknown zone in any layer, or a number that is no hour or month, is a mistake of the file."""
    layers = [(values, prefix)]
    for key in ("profiles", "paths"):
        inner = values.get(key)
        layers += [(layer, f"{prefix}{key}.{name}.") for name, layer in inner.items()] if isinstance(inner, dict) else []
    for layer, field in layers:
        if isinstance(layer.get("tz"), str) and not _is_zone(str(layer["tz"])):
            where = f"{field}tz"
            message, hint = f"unknown time zone {layer['tz']!r}", "write an IANA name such as Europe/London"
            raise InputError(message, hint=hint, path=path, line=line_of(where), field=where)
    calendar = values.get("calendar")
    for key, value in calendar.items() if isinstance(calendar, dict) else ():
        low, high = _LIMITS.get(key, (0, 0))
        if key in _LIMITS and not low <= value <= high:
            where = f"{prefix}calendar.{key}"
            raise InputError(f"expected a number from {low} to {high}, not {value}", path=path, line=line_of(where), field=where)
    for field, message, hint in _mistakes_outside(values):
        where = f"{prefix}{field}"
        raise InputError(message, hint=hint, path=path, line=line_of(where), field=where)


def _mistakes_outside(values: dict[str, object]) -> Iterable[tuple[str, str, str]]:
    """What is wrong with the tables that lead to other services."""
    if "channels" in values or "reminders" in values:
        from amends.integrations.channels.configured import file_mistakes

        yield from file_mistakes(values)
    if "trackers" in values:
        from amends.integrations.trackers.configured import file_mistakes as tracker_mistakes

        yield from tracker_mistakes(values["trackers"])
    if "sign_in" in values:
        from amends.integrations.oidc import file_mistakes as sign_in_mistakes

        yield from sign_in_mistakes(values["sign_in"])
    if "model" in values:
        from amends.integrations.llm import file_mistakes as model_mistakes

        yield from model_mistakes(values["model"])


def _is_zone(name: str) -> bool:
    from amends.core.zones import zone_named

    return zone_named(name) is not None
