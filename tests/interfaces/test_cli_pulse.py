"""Pulses at the terminal: the links this once, how many answered while it is open, and figures with intervals and plain words after."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.interfaces.cli import pulse
from amends.testing import FixedClock
from amends.trust.pulse import items_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def incident(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    clock = FixedClock()
    monkeypatch.setattr(wiring, "system_clock", lambda: clock)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.setenv("TZ", "Europe/London")
    usecases = wiring.open_usecases()
    made = usecases.incidents.open("Checkout is down").id
    usecases.incidents.change_status(made, "monitoring", reason="payments go through")
    usecases.close()
    return made


def answer(links: list[str], values: list[int]) -> None:
    usecases = wiring.open_usecases()
    for link, value in zip(links, values, strict=True):
        usecases.pulses.answer(link.removeprefix("/p/"), {one.number: value for one in items_for("team")})
    usecases.close()


def test_a_wave_goes_from_links_to_words_at_the_terminal(run: Run, incident: str) -> None:
    told = run("pulse", "open", incident[-6:], "baseline", "--team", "6", "--until", "tomorrow 17:00", "--format", "json")
    links = json.loads(told.out)["links"]["team"]
    assert len(set(links)) == 6
    answer(links, [2, 3, 2, 3, 2, 4])
    while_open = run("pulse", "show", incident[-6:]).out
    assert "answered: team 6 of 6" in while_open
    assert "What an attacker could still see:" in while_open
    closed = run("pulse", "close", incident[-6:])
    assert closed.status == 0, closed.err
    assert "team: 6 of 6 answered\n    index 3.0 of 7 (2.3 to 3.6, n 6)" in closed.out
    assert "0 of 6, 0 to 33 %" in closed.out
    assert "comments are shown from 8 answers on" in " ".join(closed.out.split())
    assert links[0] not in while_open + closed.out


def test_links_are_printed_with_what_to_do_with_them(run: Run, incident: str) -> None:
    told = run("pulse", "open", incident[-6:], "baseline", "--team", "5", "--users", "7").out
    assert "team: 5 links, shown this once" in told
    assert told.count("  /p/") == 12
    assert "Put the address at which others reach your workbench before each link" in " ".join(told.split())
    anew = run("pulse", "links", incident[-6:], "--format", "jsonl").out.splitlines()
    assert (len(anew), json.loads(anew[0])["group"]) == (12, "team")
    assert "Nobody was asked yet" in run("pulse", "abandon", incident[-6:]).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("baseline", "--team", "4"), "4 people cannot answer unrecognised"),
        (("baseline",), "nobody is asked"),
        (("baseline", "--team", "9", "--least", "2"), "2 answers hide nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(run: Run, incident: str, words: tuple[str, ...], said: str) -> None:
    refused = run("pulse", "open", incident[-6:], *words)
    assert (refused.status, said in refused.err) == (2, True), refused.err


def test_the_statements_are_listed_with_who_is_asked(run: Run, incident: str) -> None:
    assert incident
    listed = run("pulse", "items").out
    assert " 9  T··  I would report a half-confirmed problem here the same day." in listed
    assert "12  TSU  I am braced for the same thing to happen again. (reverse)" in listed


def test_the_next_wave_is_told_with_its_time_and_who_is_reminded(run: Run, incident: str) -> None:
    assert "next:" not in run("pulse", "show", incident[-6:]).out
    usecases = wiring.open_usecases()
    usecases.trust_reviews.plan(incident, lead="Bo")
    usecases.close()
    told = " ".join(run("pulse", "show", incident[-6:]).out.split())
    assert "next: baseline is best opened between Sat 7 Mar 2026, 10:50 UTC and Sat 14 Mar 2026, 10:50 UTC; Bo is reminded." in told
    assert "10:50 UTC; you are reminded." in " ".join(run("pulse", "show", incident[-6:], "--as", "Bo").out.split())


def test_that_the_same_people_are_asked_twice_is_said_before_a_wave_is_opened(
    run: Run, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usecases = wiring.open_usecases()
    other = usecases.incidents.open("Search is slow").id
    usecases.incidents.change_status(other, "monitoring", reason="it is fast again")
    usecases.pulses.open(other, "baseline", {"team": 6})
    usecases.close()
    said = "a team are being asked about “Search is slow” too"
    assert said in " ".join(run("pulse", "show", incident[-6:]).out.split())
    asked: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(pulse, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
        patch.setattr("click.confirm", lambda question, **_: asked.append(question))
        refused = run("pulse", "open", incident[-6:], "baseline", "--team", "6")
    assert (refused.status, refused.out, asked) == (0, "", ["Open it all the same?"])
    assert said in " ".join(refused.err.split())
    opened = run("pulse", "open", incident[-6:], "baseline", "--team", "6")
    assert "team: 6 links, shown this once" in opened.out
    assert said in " ".join(opened.err.split())
