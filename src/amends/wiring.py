"""The composition root: the only place that knows the clock, chance, and the environment.

Parts are made when first needed: checking a draft never opens the store.
"""

from __future__ import annotations

from datetime import UTC

from amends.usecases.checking import Checking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from amends.integrations.evidence.engines import Engine
    from amends.integrations.llm import Model
    from amends.language.index import Index
    from amends.language.options import Options
    from amends.language.times.calendar import Calendar
    from amends.settings import Settings
    from amends.store.engine import Store
    from amends.usecases.due import Reminding
    from amends.usecases.elsewhere import Rules
    from amends.usecases.facade import UseCases
    from amends.usecases.timelining import Timelining
    from amends.usecases.tracking import Outside


class Stopping:
    """Whether the server of this process has begun to stop: answers that last end then, so that they hold nothing up."""

    begun = False


stopping = Stopping()
"""The one of this process, which the server sets and whoever sends for long reads."""


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        from datetime import datetime

        return datetime.now(UTC)


def system_clock() -> SystemClock:
    """The clock of this machine."""
    return SystemClock()


class Ulids:
    """Ids of 26 characters: 48 bits of milliseconds, 80 bits of chance, in an alphabet without letters that look like digits."""

    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    def new(self) -> str:
        """A fresh id; ids made in different milliseconds sort in the order of making."""
        import os
        import time

        number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
        return "".join(self.alphabet[number >> shift & 31] for shift in range(125, -1, -5))


def ids() -> Ulids:
    """Where fresh ids come from on this machine."""
    return Ulids()


def environment(name: str) -> str | None:
    """A variable of the environment, None when it is not set."""
    import os

    return os.environ.get(name)


def machine_zone() -> str | None:
    """The IANA name of this machine's time zone: `TZ`, or what its clock is set to; None where that has no name."""
    import os

    from amends.core.zones import zone_named

    place = environment("TZ") or os.path.realpath("/etc/localtime")
    zone = zone_named(place.rpartition("zoneinfo/")[2].lstrip(":"))
    return zone.key if zone else None


def open_checking(settings: Settings | None = None) -> Checking:
    """The engine with a team's decisions; imports nothing but the language room.

    Raises:
        InputError: a rule or form of the team's own folders cannot be read.
    """
    if settings is None:
        return Checking()
    from amends.language.index import load

    index = load()
    if settings.rules or settings.forms:
        from amends.language.overlay import with_team_files

        index = with_team_files(index, settings.rules, settings.forms)
    return Checking(_options(settings, index), index)


def home() -> str:
    """The folder that holds the data: `AMENDS_HOME`, or this platform's data folder of the user."""
    given = environment("AMENDS_HOME")
    if given:
        import os

        return os.path.abspath(os.path.expanduser(given))
    from platformdirs import user_data_dir

    return user_data_dir("amends", appauthor=False)


def open_store() -> Store:
    """The store that `AMENDS_DATABASE_URL` names, else a SQLite file in `home()`; migrated, and created where it is not there.

    Raises:
        StoreError: the database cannot be opened, is busy, or was written by a newer Amends.
        UsageError: the URL names no database that we know.
        NeedsExtraError: the parts that speak to databases are not installed.
    """
    try:
        from amends.store.engine import file_url
        from amends.store.engine import open_store as opened
        from amends.store.migrate import migrate
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        from amends.core.errors import NeedsExtraError

        raise NeedsExtraError("the store", "server") from error
    store = opened(environment("AMENDS_DATABASE_URL") or file_url(f"{home()}/amends.sqlite3"))
    try:
        migrate(store)
    except BaseException:
        store.close()
        raise
    return store


def open_usecases(settings: Settings | None = None) -> UseCases:
    """Everything a user can do, under a team's decisions; the store is opened when a part first needs it."""
    from amends.usecases.facade import UseCases

    return UseCases(
        lambda: open_checking(settings),
        open_store,
        system_clock(),
        ids(),
        reminding=lambda: reminding(settings),
        new_secret=new_secret,
        home=home,
        elsewhere=lambda: elsewhere(settings),
        outside=lambda: outside(settings),
        model=lambda: model(settings),
        scenarios=settings.scenarios if settings else None,
        playbooks=settings.playbooks if settings else None,
        zone=lambda: (settings.tz if settings else None) or machine_zone(),
        read_apart=True,
    )


def timelining() -> Timelining:
    """What assembles timelines: it keeps what it read in `home()`, and has a worker for each core.

    Raises:
        NeedsExtraError: the parts that read evidence are not installed.
    """
    try:
        from amends.integrations.evidence.engines import cores
        from amends.usecases.timelining import Timelining
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        from amends.core.errors import NeedsExtraError

        raise NeedsExtraError("the timeline", "evidence") from error
    return Timelining(system_clock().now, f"{home()}/timeline", cores(), lambda: _cluster(cores()))


def elsewhere(settings: Settings | None) -> Rules | None:
    """Where a team's people sign in beside here, and who of them may enter; None where the team has not said.

    Raises UsageError where the settings name a variable of the environment that is not set.
    """
    if settings is None or not settings.sign_in:
        return None
    from amends.core.errors import UsageError
    from amends.integrations.oidc import Provider
    from amends.usecases.elsewhere import Rules

    said = dict(settings.sign_in)

    def value(key: str) -> str | None:
        written = said.get(key)
        if not isinstance(written, str) or not written.startswith("$"):
            return written if isinstance(written, str) else None
        found = environment(written[1:])
        if not found:
            raise UsageError(f"sign_in.{key} names the variable {written[1:]}, which is not set", hint=f"set {written[1:]}")
        return found

    domains = said.get("domains")
    return Rules(
        Provider(value("issuer") or "", value("client_id") or "", value("client_secret")),
        value("name") or "the company",
        tuple(str(one).lower() for one in domains) if isinstance(domains, tuple) else (),
        value("role") or "reader",
        value("address"),
    )


def _cluster(workers: int) -> Engine:
    """The Dask cluster of the scheduler that `AMENDS_DASK` names, else workers of this machine."""
    try:
        from amends.integrations.evidence.on_dask import Dask
    except ModuleNotFoundError as error:
        from amends.core.errors import NeedsExtraError

        raise NeedsExtraError("reading on a Dask cluster", "dask") from error
    return Dask(environment("AMENDS_DASK"), workers)


def stopwatch() -> float:
    """Seconds of a clock that only counts."""
    import time

    return time.monotonic()


def settings_in(folder: str) -> Settings | None:
    """What holds in a folder: its project file, or where it has none the person's own; None without either.

    Raises InputError for a file that is wrong.
    """
    import os

    from amends.settings import FILE, find_project, load_project

    own_home = os.path.expanduser("~")
    own = os.path.join(environment("XDG_CONFIG_HOME") or os.path.join(own_home, ".config"), "amends", FILE)
    path = find_project(folder, own_home) or (own if os.path.isfile(own) else None)
    return load_project(path).for_path(None) if path else None


def reminding(settings: Settings | None) -> Reminding:
    """When and how a team wants to be reminded.

    Raises:
        UsageError: a channel names a variable of the environment that is not set.
        NeedsExtraError: a channel is of a kind that is not installed.
    """
    from amends.usecases.due import Reminding

    if settings is None:
        return Reminding()
    from amends.integrations.channels.configured import make
    from amends.promises.plan import plan_of

    said = dict(settings.reminders)
    plan = plan_of(said, settings.tz or machine_zone(), calendar_of(settings))
    link = said.get("link")
    channels = tuple(make(name, dict(keys), environment) for name, keys in settings.channels)
    return Reminding(plan, channels, link if isinstance(link, str) else None)


def outside(settings: Settings | None) -> Outside:
    """The trackers of a team, and the zone in which its days end.

    Raises:
        UsageError: a tracker names a variable of the environment that is not set.
    """
    from amends.core.zones import zone_named
    from amends.usecases.tracking import Outside

    zone = zone_named((settings.tz if settings else None) or machine_zone()) or UTC
    if settings is None:
        return Outside(zone=zone)
    from amends.integrations.trackers.configured import make

    link = dict(settings.reminders).get("link")
    made = {name: make(name, dict(keys), environment) for name, keys in settings.trackers}
    return Outside(made, zone, link if isinstance(link, str) else None)


def model(settings: Settings | None) -> Model | None:
    """The language model that a team has set up for drafting; None where it has not.

    Raises UsageError where it names a variable of the environment that is not set.
    """
    if settings is None or not settings.model:
        return None
    from amends.integrations.llm import make

    return make(dict(settings.model), environment)


def new_secret() -> str:
    """256 bits that nobody can guess, safe in an address."""
    import secrets

    return secrets.token_urlsafe(32)


def jobs_url() -> str:
    """Where the job engine keeps its own tables: the store's database on PostgreSQL, else a file beside the store's."""
    database = environment("AMENDS_DATABASE_URL")
    if database is None:
        from amends.store.engine import file_url

        return file_url(f"{home()}/jobs.sqlite3")
    from amends.store.engine import jobs_beside

    return jobs_beside(database)


def _options(settings: Settings, index: Index) -> Options:
    """A team's settings as options of the engine; `select` and `ignore` may end in `*`."""
    from amends.language.options import Options

    names = sorted(index.rule_names)

    def expanded(patterns: tuple[str, ...]) -> frozenset[str]:
        return frozenset(
            name for pattern in patterns for name in names if name == pattern or (pattern[-1:] == "*" and name.startswith(pattern[:-1]))
        )

    return Options(
        select=expanded(settings.select),
        ignore=expanded(settings.ignore),
        severity=settings.severity,
        switches=frozenset(name for name, on in settings.switches if on),
        calendar=calendar_of(settings),
    )


def calendar_of(settings: Settings) -> Calendar:
    """A team's calendar, whose values the settings have checked."""
    from amends.language.times.calendar import DEFAULT, Calendar

    return Calendar(**dict(settings.calendar)) if settings.calendar else DEFAULT  # type: ignore[arg-type]  # checked by `settings`
