"""The account of an incident in the terminal: stated, cited, revised, and opened down to the bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.narrative.drift import Comparison, Drift, Side
from amends.usecases import comparing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amends.testing import FixedClock

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def incident(own_home: FixedClock) -> str:
    assert own_home is wiring.system_clock(), "the commands live in the time of the test"
    usecases = wiring.open_usecases()
    opened = usecases.incidents.open("Checkout is down", severity="SEV1")
    usecases.close()
    return opened.id


def account(run: Run, *words: str) -> Any:
    """What `amends account …` wrote, as JSON."""
    ran = run("account", *words, "--format", "json")
    assert ran.status == 0, ran.err
    return json.loads(ran.out)


def test_an_account_is_told_by_its_parts_with_how_well_each_is_supported(run: Run, incident: str) -> None:
    add = ("add", incident)
    (number,) = account(run, *add, "claim", "payments", "charged", "twice", "--kind", "number", "--figure", "4212")["points"]
    account(run, "cite", number["item"], "--measure", "4212 rows with two charges, counted in the ledger")
    account(run, *add, "condition", "Nobody on call had restored an index", "--kind", "organisational")
    (side,) = account(run, *add, "disagreement", "Whether the alert was seen")["points"]
    account(run, *add, "position", "It was seen at 10:50", "--of", side["item"], "--who", "Ines")
    account(run, *add, "question", "Were refunds charged twice?")
    shown = run("account", "show", incident).out
    flat = " ".join(shown.split())
    assert [line for line in shown.splitlines() if line and not line.startswith(" ")] == [
        "claims", "what contributed", "not agreed on", "not known"]  # fmt: skip
    assert f"  {number['item'][-6:]}  confirmed, number: payments charged twice (4212)\n" in shown
    assert "cites measure “4212 rows with two charges, counted in the ledger” [" in flat
    assert "unsupported, organisational: Nobody on call had restored an index" in flat
    assert "  open: Were refunds charged twice?" in shown
    assert shown.index("Whether the alert was seen") < shown.index("It was seen at 10:50; Ines") < shown.index("not known")


def test_a_point_keeps_its_revisions_and_a_stale_one_is_refused_with_what_stands(run: Run, incident: str) -> None:
    (first,) = account(run, "add", incident, "claim", "It", "broke", "at", "10:42", "--kind", "fact")["points"]
    short = first["item"][-8:]
    (second,) = account(run, "revise", short, "It", "broke", "at", "10:40")["points"]
    assert (second["text"], [one["text"] for one in second["before"]]) == ("It broke at 10:40", ["It broke at 10:42"])
    ran = run("account", "revise", short, "It broke at 10:50", "--based-on", first["id"])
    assert ran.status == 2
    assert "revised by local meanwhile" in ran.err
    assert "“It broke at 10:40”; not taken: “It broke at 10:50”" in ran.err
    shown = run("account", "point", short).out
    assert "unsupported, because nothing is cited" in shown
    assert shown.index("“It broke at 10:42”") < shown.index("“It broke at 10:40”")
    assert run("account", "revise", short).err.startswith("amends: nothing is to be said otherwise")
    run("account", "withdraw", short)
    assert "1 withdrawn" in run("account", "show", incident).out
    history = run("account", "history", incident).out
    assert history.index("Stated as claim (fact)") < history.index("“It broke at 10:42” became") < history.index("Withdrawn: ")


def test_an_entry_becomes_a_claim_that_opens_down_to_its_bytes(run: Run, incident: str, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("2026-03-04T10:29:00Z INFO start\n2026-03-04T10:30:07Z ERROR the coupon service timed out\n")
    usecases = wiring.open_usecases()
    usecases.gathering.add_path(incident, str(tmp_path / "app.log"))
    usecases.gathering.read(incident)
    entry = next(one for one in usecases.timelines.get(incident).entries if "timed out" in str(one.row["text"]))
    usecases.close()
    assert f"  {entry.id}  03-04 10:30:07  " in run("account", "entries", incident).out
    (claim,) = account(run, "choose", incident, entry.id)["points"]
    assert f"* {entry.id}" in run("account", "entries", incident).out
    assert claim["support"]["status"] == "confirmed"
    ran = run("account", "behind", claim["evidence"][0]["id"][-8:])
    assert "app.log, line 2, byte 32, " in ran.out
    assert "> 2026-03-04T10:30:07Z ERROR the coupon service timed out\n" in ran.out
    (bare,) = account(run, "uncite", claim["evidence"][0]["id"][-8:])["points"]
    assert bare["evidence"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nothing"), "nothing"),
        (("add", "INCIDENT", "claim", "x", "--kind", "number"), "a number needs its figure"),
        (("add", "INCIDENT", "rumour", "x"), "'rumour' is not one of"),
        (("point", "ZZZZZZZZ"), "`amends account show INCIDENT` shows them"),
        (("behind", "ZZZZZZZZ"), "`amends account show INCIDENT` shows them in brackets"),
        (("cite", "ZZZZZZZZ"), "give one of --entry, --message, --measure and --person"),
        (("choose", "INCIDENT", "none"), "none"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(run: Run, incident: str, words: tuple[str, ...], said: str) -> None:
    ran = run("account", *(incident if word == "INCIDENT" else word for word in words))
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


TEXT = "4,212 payments were charged twice.\n"


def drifts(source: str, retold: str, _: object, **_how: object) -> Comparison:
    """Finds that a figure is gone."""
    if "4,212" not in source or "4,212" in retold:
        return Comparison((), (), 1)
    at = source.index("4,212")
    side = Side(at, at + 5, "4,212")
    return Comparison((Drift("dropped_fact", "error", "Its reader would think of nothing.", side, None),), (), 0)


@pytest.fixture
def number(run: Run, incident: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A point of the account; drifts are found by a comparison whose result is known."""
    monkeypatch.setattr(comparing, "hold_against", drifts)
    words = ("Payments", "charged", "twice", "--kind", "number", "--figure", "4,212")
    return str(account(run, "add", incident, "claim", *words)["points"][0]["item"])


def test_a_version_that_drifts_is_shown_with_the_point_that_it_leaves_out(run: Run, incident: str, number: str, tmp_path: Path) -> None:
    (tmp_path / "summary.md").write_text("Some payments were affected.\n")
    ran = run("account", "version", "write", incident, "leadership", "summary.md")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("version 2 for leadership against account\n")
    assert f"     point  {number[-6:]} Payments charged twice\n" in ran.out
    assert "1 point not told" in ran.out
    assert run("account", "version", "show", incident, "leadership").out == "Some payments were affected.\n"
    assert run("account", "version", "list", incident).out == "leadership  version 2, 1 drift, tells 0 of 1 point\n"
    held = run("account", "version", "compare", incident, "leadership", "-", stdin=TEXT)
    assert (held.status, "no drift found" in held.out) == (0, True)
    run("account", "version", "write", incident, "team", "-", stdin=TEXT)
    between = run("account", "version", "compare", incident, "leadership", "--against", "team")
    assert (between.status, between.out.splitlines()[0]) == (1, "version for leadership against version for team")
    assert run("account", "version", "compare", incident, "leadership", "--fail-on", "never").status == 0


def test_a_sentence_is_tied_and_a_point_withheld_and_lifted(run: Run, incident: str, number: str) -> None:
    assert "unsupported, number: Payments charged twice (4,212)" in run("account", "version", "offers", incident, "team").out
    run("account", "version", "write", incident, "team", "-", stdin=TEXT)
    tied = run("account", "version", "tie", incident, "team", number[-8:], *TEXT.split())
    assert tied.out == f"tied to {number[-6:]}: “{TEXT.strip()}”\n"
    assert run("account", "version", "offers", incident, "team").out == "everything is told\n"
    assert run("account", "version", "tie", incident, "team", number[-8:], TEXT, "--remove").out.startswith("no longer tied to")
    withheld = run("account", "version", "redact", incident, "partner", number[-8:], "--ground", "legal", "--why", "the regulator first")
    assert withheld.out.endswith(f"  {number[-6:]} withheld from partner, legal: the regulator first\n")
    lifted = run("account", "version", "lift", incident, withheld.out[:6])
    assert "no longer withheld from partner" in lifted.out
    assert len(run("account", "version", "redactions", incident).out.splitlines()) == 2
    assert run("account", "version", "told", incident).out.startswith("no version was sent yet")


def test_who_was_told_which_version_is_told(run: Run, incident: str, number: str) -> None:
    assert number
    run("account", "version", "write", incident, "customers", "-", stdin=TEXT)
    usecases = wiring.open_usecases()
    draft = usecases.versions.begin_message(usecases.versions.view(incident, "customers").document.head.id)
    usecases.messaging.send(draft.id)
    usecases.close()
    told = run("account", "version", "told", incident).out
    assert told.startswith("version 2 for customers\n")
    assert "version 1 to customers, sent" in told


def test_an_account_begins_with_what_was_written_down(run: Run, incident: str) -> None:
    assert "nothing is written down" in run("account", "begin", incident).out
    run("incident", "fact", incident, "impact", "Shops", "could", "not", "take", "cards")
    run("incident", "milestone", incident, "detected", "--found-by", "others")
    listed = run("account", "begin", incident).out
    assert "fact → effect: Shops could not take cards." in listed
    assert "`--all` takes all 2" in " ".join(listed.split())
    (first, _) = account(run, "begin", incident)["recorded"]
    (point,) = account(run, "begin", incident, first["id"][-6:])["points"]
    assert point["evidence"][0]["ref"] == first["id"]
    assert "written down by you" in " ".join(run("account", "show", incident).out.split())
    assert len(account(run, "begin", incident, "--all")["points"]) == 1
    assert len(account(run, "show", incident)["points"]) == 2
    assert "nothing is left to take" in run("account", "begin", incident, "--all").err
    assert run("account", "begin", incident, first["id"], "--all").status == 2
