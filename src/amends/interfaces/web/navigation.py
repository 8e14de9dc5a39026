"""Where the pages are: the places of the bar, and those under "More". Each says which addresses belong to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the navigation; `also` are further beginnings of addresses that it holds, `wide` that a phone shows it under "More"."""

    href: str
    name: str
    also: tuple[str, ...] = ()
    wide: bool = False

    def holds(self, path: str) -> bool:
        """Whether the page at `path` belongs here."""
        return any(path == start or (start != "/" and path.startswith(f"{start}/")) for start in (self.href, *self.also))


PLACES = (
    Place("/", "Today"),
    Place("/incidents", "Incidents"),
    Place("/write", "Write"),
    Place("/promises", "Promises", ("/calendars",)),
    Place("/actions", "Actions", wide=True),
    Place("/practice", "Practice", wide=True),
    Place("/search", "Search", wide=True),
)

MORE = (
    Place("/playbooks", "Playbooks"),
    Place("/insights", "Insights"),
    Place("/guardrails", "Guardrails"),
    Place("/timelines", "Timelines"),
    Place("/drafts", "Drafts"),
    Place("/compare", "Compare"),
    Place("/rules", "Rules"),
    Place("/forms", "Forms"),
    Place("/settings", "Settings"),
)


def is_more(path: str) -> bool:
    """Whether the page at `path` is one of those under "More"."""
    return any(place.holds(path) for place in MORE)
