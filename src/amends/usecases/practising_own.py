"""Scenarios that somebody made themselves: of the answers of an interview, or of a draft that they want to hear answered.

What was answered is kept, not the scenario: it is made again from the persona, so that both can be told apart and exported.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from amends.core.errors import UnknownNameError
from amends.practice.interview import Answers, made, rehearsal
from amends.practice.loading import PERSONAS
from amends.usecases.practising_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from amends.practice.scenario import Scenario


class Personas:
    """Who can be spoken to in a scenario of one's own, and making one."""

    def __init__(self, folder: Path = PERSONAS) -> None:
        self._shelf = Shelf(shipped=folder)

    def all(self) -> tuple[Scenario, ...]:
        """The personas, by their numbers."""
        return self._shelf.all()

    def asked(self, answers: Answers, own_id: str, at: datetime, zone: str) -> str:
        """What is kept of a scenario that was made of an interview. Raises what `made` raises."""
        return json.dumps({"answers": asdict(answers), "id": own_id, "at": at.isoformat(), "zone": zone})

    def drafted(self, text: str, form: str, persona: str, at: datetime, zone: str) -> str:
        """What is kept of a scenario that was made of a draft."""
        return json.dumps({"draft": text, "form": form, "persona": persona, "at": at.isoformat(), "zone": zone})

    def scenario(self, source: str) -> Scenario:
        """The scenario, from what was kept of it. Raises InputError, UnknownNameError."""
        kept = json.loads(source)
        persona = self._persona(kept["answers"]["persona"] if "answers" in kept else kept["persona"])
        if "answers" in kept:
            found = made(_answers(kept["answers"]), persona, kept["id"], kept["at"], kept["zone"])
        else:
            found = rehearsal(kept["draft"], kept["form"], persona, kept["at"], kept["zone"])
        return replace(found, sha256=sha256(f"{persona.sha256} {found.sha256}".encode()).hexdigest())

    def _persona(self, name: str) -> Scenario:
        try:
            return self._shelf.get(name)
        except UnknownNameError as error:
            raise UnknownNameError("persona", error.name, error.known) from None


def _answers(values: Mapping[str, Any]) -> Answers:
    known = {name: values[name] for name in Answers.__slots__ if name in values}  # the interview may have asked more, or less, then
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Answers(**given)
