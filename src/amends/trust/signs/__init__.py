"""Warning signs that a trust repair is executed but not landing: nine detectors, each silent where the data are too thin.

Each says what it saw, links to it, and asks one thing. None looks at who wrote something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import require_known
from amends.trust.signs import blamed, careful, closed, confidence, defensive, people, promised, regret, upward
from amends.trust.signs.records import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.language.index import Index
    from amends.trust.signs.records import Material, Sign

TITLES = {one.ID: one.TITLE for one in (upward, promised, careful, defensive, confidence, blamed, closed, people, regret)}
"""What each sign is called."""

_WITH_INDEX: dict[str, Callable[[Material, Index], Sign | None]] = {one.ID: one.find for one in (upward, blamed, people)}
_WITHOUT_INDEX: dict[str, Callable[[Material], Sign | None]] = {
    one.ID: one.find for one in (promised, careful, defensive, confidence, closed, regret)
}


def sign(name: str, material: Material, index: Index) -> Sign | None:
    """One sign, None where it does not show or the data are too thin. Raises UnknownNameError for a name that is none of `SIGNS`."""
    require_known("warning sign", name, SIGNS)
    return _WITH_INDEX[name](material, index) if name in _WITH_INDEX else _WITHOUT_INDEX[name](material)


def signs(material: Material, index: Index) -> tuple[Sign, ...]:
    """Every sign that shows, in the order of `SIGNS`. `index` is the engine's data, for comparing texts and reading points."""
    return tuple(found for name in SIGNS if (found := sign(name, material, index)) is not None)
