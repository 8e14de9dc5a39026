"""Versions of an account over HTTP: begun, written, held against the account, tied, withheld, and told to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.incidents.document_report import document_schemas
from amends.interfaces.api.comparing import comparison_schemas
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.api.messages_schema import message_schemas
from amends.interfaces.api.narrating_schema import account_record_schemas
from amends.interfaces.api.versions_schema import version_schemas
from amends.narrative.drift import Comparison, Drift, Side
from amends.usecases import comparing

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from amends.usecases.facade import UseCases

PLACE = "#/$defs/"
TEXT = "4,212 payments were charged twice.\n"


def drifts(source: str, retold: str, _: object, **_how: object) -> Comparison:
    """Finds that a figure is gone."""
    if "4,212" not in source or "4,212" in retold:
        return Comparison((), (), 1)
    at = source.index("4,212")
    side = Side(at, at + 5, "4,212")
    return Comparison((Drift("dropped_fact", "error", "Its reader would think of nothing.", side, None),), (), 0)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a comparison whose result is known in the place of the real one."""
    monkeypatch.setattr(comparing, "hold_against", drifts)


@pytest.fixture
def here(usecases: UseCases) -> str:
    """The address of an incident."""
    return f"/api/v1/incidents/{usecases.incidents.open('Checkout is down since 10:42').id}"


@pytest.fixture
def item(client: TestClient, here: str) -> str:
    """A point of its account."""
    number = {"part": "claim", "kind": "number", "text": "Payments that were charged twice", "value": "4,212 payments"}
    return str(client.post(f"{here}/account/points", json=number).json()["points"][0]["item"])


@pytest.fixture(scope="module")
def described() -> Any:
    known = (document_schemas, comparison_schemas, ledger_schemas, message_schemas, account_record_schemas, version_schemas)
    definitions = {name: schema for schemas in known for name, schema in schemas(PLACE).items()}
    definitions |= {name: {} for name in ("EntryBytes",)}
    return lambda record: jsonschema_rs.validator_for({"$ref": f"{PLACE}{record}", "$defs": definitions})


def test_a_version_is_written_and_each_drift_leads_back_to_a_point(client: TestClient, here: str, item: str, described: Any) -> None:
    one = f"{here}/versions/leadership"
    assert client.get(one).status_code == 404
    begun = client.post(one).json()
    assert (begun["kind"], begun["audience"], begun["version"]) == ("version", "leadership", 1)
    saved = client.put(one, json={"text": "Some payments were affected.\n", "based_on": 1}).json()
    described("VersionView").validate(saved)
    assert [(drift["kind"], drift["items"]) for drift in saved["drifts"]] == [("dropped_fact", [item])]
    assert saved["account_text"][saved["drifts"][0]["source"]["start"] :].startswith("4,212")
    held = client.post(f"{one}/hold", json={"text": TEXT}).json()
    assert (held["drifts"], held["text"], client.get(one).json()["text"]) == ([], TEXT, "Some payments were affected.\n")
    listed = client.get(f"{here}/versions").json()
    described("Versions").validate(listed)
    assert [(head["audience"], head["drifts"]) for head in listed["versions"]] == [("leadership", 1)]


def test_what_is_not_told_is_offered(client: TestClient, here: str, item: str, described: Any) -> None:
    offers = client.get(f"{here}/versions/customers/offers").json()
    described("VersionOffers").validate(offers)
    assert ([point["item"] for point in offers["points"]], offers["numbers"]) == ([item], [item])


def test_a_sentence_is_tied_to_a_point_until_it_is_untied(client: TestClient, here: str, item: str, described: Any) -> None:
    one = f"{here}/versions/team"
    client.post(one)
    client.put(one, json={"text": TEXT, "based_on": 1})
    tie = {"sentence": TEXT.strip(), "item": item}
    described("VersionTies").validate(client.post(f"{one}/ties", json=tie).json())
    assert client.get(one).json()["sentences"][0]["tied"] == [item]
    assert client.post(f"{one}/ties/remove", json=tie).json()["ties"][0]["undoes"]
    assert client.get(one).json()["sentences"][0]["tied"] == []
    assert client.post(f"{one}/ties/remove", json=tie).status_code == 404
    absent = client.post(f"{one}/ties", json={"sentence": "Nobody wrote this.", "item": item})
    assert (absent.status_code, absent.json()["field"]) == (422, "$.sentence")


def test_a_point_is_withheld_with_its_reason_until_it_is_lifted(client: TestClient, here: str, item: str, described: Any) -> None:
    client.post(f"{here}/versions/partner")
    what = {"item": item, "audience": "partner", "ground": "legal", "why": "the regulator hears it first"}
    made = client.post(f"{here}/redactions", json=what)
    described("Redactions").validate(made.json())
    assert client.get(f"{here}/versions/partner").json()["redactions"] == made.json()["redactions"]
    assert client.post(f"{here}/redactions", json=what).json() == made.json()
    assert client.post(f"{here}/redactions", json={**what, "why": "it is only a number"}).status_code == 409
    passed = client.post(f"{here}/redactions", json={**what, "audience": "team", "lift_at": "2001-01-01T00:00:00Z"})
    assert (passed.status_code, passed.json()["field"]) == (422, "$.lift_at")
    lift = f"{here}/redactions/{made.json()['redactions'][0]['id']}/lift"
    assert [client.post(lift).status_code for _ in range(2)] == [200, 409]
    assert [one["undoes"] is None for one in client.get(f"{here}/redactions").json()["redactions"]] == [True, False]


def test_versions_are_held_against_each_other(client: TestClient, here: str, described: Any) -> None:
    for audience, text in (("team", TEXT), ("leadership", "All is well.\n")):
        client.post(f"{here}/versions/{audience}")
        client.put(f"{here}/versions/{audience}", json={"text": text, "based_on": 1})
    found = client.get(f"{here}/versions/between?source=team&retold=leadership").json()
    described("Comparison").validate(found)
    assert (found["id"], [drift["source"]["start"] for drift in found["drifts"]]) == ("team:leadership", [0])
    assert client.get(f"{here}/versions/between?source=team").json()["field"] == "retold"


def test_who_was_told_which_version_is_known_once_it_is_sent(client: TestClient, here: str, usecases: UseCases, described: Any) -> None:
    one = f"{here}/versions/customers"
    client.post(one)
    client.put(one, json={"text": TEXT, "based_on": 1})
    begun = client.post(f"{one}/draft")
    described("VersionDraft").validate(begun.json())
    draft = usecases.drafting.get(begun.json()["draft"])
    usecases.messaging.send(draft.id)
    told = client.get(f"{here}/versions/told").json()
    described("VersionsTold").validate(told)
    assert [(row["audience"], row["version"], row["changed"], row["message"]["text"]) for row in told["told"]] == [
        ("customers", 2, False, TEXT)]  # fmt: skip


def test_a_paragraph_that_another_changed_is_kept_beside(client: TestClient, here: str) -> None:
    one = f"{here}/versions/team"
    client.post(one)
    client.put(one, json={"text": "It broke at 10:42.\n", "based_on": 1})
    client.put(one, json={"text": "It broke at 10:44.\n", "based_on": 2})
    refused = client.put(one, json={"text": "It broke at 10:50.\n", "based_on": 2})
    assert (refused.status_code, refused.json()["current"]["text"], refused.json()["kept_as"]) == (409, "It broke at 10:44.\n", 4)
