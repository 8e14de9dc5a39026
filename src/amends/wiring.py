"""The composition root: the only place that knows the clock, chance, and the environment.

Parts are made when first needed: checking a draft never opens the store.
"""

from __future__ import annotations

from datetime import UTC

from amends.usecases.checking import Checking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from amends.language.check import Options
    from amends.language.index import Index
    from amends.settings import Settings


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        from datetime import datetime

        return datetime.now(UTC)


def system_clock() -> SystemClock:
    """The clock of this machine."""
    return SystemClock()


def environment(name: str) -> str | None:
    """A variable of the environment, None when it is not set."""
    import os

    return os.environ.get(name)


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


def _options(settings: Settings, index: Index) -> Options:
    """A team's settings as options of the engine; `select` and `ignore` may end in `*`."""
    from amends.language.calendar import DEFAULT, Calendar
    from amends.language.check import Options

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
        calendar=Calendar(**dict(settings.calendar)) if settings.calendar else DEFAULT,  # type: ignore[arg-type]  # checked by `settings`
    )
