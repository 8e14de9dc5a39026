"""Redactions that a text declares: what is declared is honest, and it covers what it speaks of, and nothing else."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.aligning import Alignment
from amends.narrative.comparing.clauses import tell
from amends.narrative.comparing.withholding import covered, declared
from narrative.comparing.tellings import INDEX

SOURCE = (
    "A contractor of Bruun and Sons left the side gate open. The ferry lost its bell. An attacker used the old password of the gate."
    " Forty guests went home."
)


def grounds(text: str) -> list[str | None]:
    return [one.ground for one in declared(tell(text, INDEX)).values()]


@pytest.mark.parametrize(
    ("sentence", "ground"),
    [
        ("The name of the contractor is withheld for legal reasons.", "legal"),
        ("We do not name the contractor here, because the contract forbids it.", "legal"),
        ("In this note we leave out the names of colleagues, for their privacy.", "privacy"),
        ("For privacy reasons the guests are not named.", "privacy"),
        ("How the attacker got in is not disclosed until the gate is safe.", "security"),
        ("The report on the gate is withheld until 3 May.", None),
        ("The name of the caretaker is deliberately withheld in this summary.", None),
        ("The name of the contractor is withheld in this summary.", None),
    ],
)
def test_what_is_withheld_on_a_ground_or_until_a_date_is_declared(sentence: str, ground: str | None) -> None:
    [one] = declared(tell("The gate was open. " + sentence, INDEX)).values()
    assert (one.quote, one.ground) == (sentence, ground)


def test_a_declaration_stands_where_the_text_has_it() -> None:
    told = "🚨 The gate was open. The contractor is not named for legal reasons."
    [one] = declared(tell(told, INDEX)).values()
    assert one.start is not None
    assert told[one.start : one.end] == one.quote == "The contractor is not named for legal reasons."


@pytest.mark.parametrize(
    "sentence",
    [
        "The contractor left the gate open.",
        "We do not share this view.",
        "Payment was withheld from the crew.",
        "The step was omitted by the night shift.",
        "The letter did not say when.",
        "The legal team met at noon.",
    ],
)
def test_what_only_sounds_like_a_redaction_declares_nothing(sentence: str) -> None:
    assert grounds(sentence) == []


def test_a_declaration_covers_what_it_speaks_of_and_nothing_else() -> None:
    source = tell(SOURCE, INDEX)
    retold = tell("Forty guests went home. The name of the contractor who left the gate open is withheld for legal reasons.", INDEX)
    hidden = covered(Alignment(source, retold), declared(retold))
    words = " ".join(one.low for one in source.clauses if one.number in hidden)
    assert "bruun" in words
    assert "bell" not in words
    assert "guests" not in words


def test_where_nothing_is_declared_nothing_is_covered() -> None:
    retold = tell("Forty guests went home.", INDEX)
    assert covered(Alignment(tell(SOURCE, INDEX), retold), declared(retold)) == frozenset()
