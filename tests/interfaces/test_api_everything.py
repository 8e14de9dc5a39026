"""Every address of the API, asked with whatever its description allows and does not allow, about things that are there and that are not.

The tests beside this one ask the acts of each part thoroughly; here nothing can be forgotten: an address that is added is asked too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from amends.narrative.suggestion import Judged, ModelDraft, Suggestion
from amends.narrative.suggestion_report import kept
from amends.practice.interview import Answers
from amends.store.suggesting import add_draft
from amends.testing import memory_usecases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.usecases.facade import UseCases

_JUDGED = Suggestion((Judged(1, "4,212 payments were charged twice.", ()),), ())
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 8
FIRST_ACCOUNT = ("POST", "/people")
"""Once it has made an account, everybody who asks without one is refused: it is asked of a workspace of its own."""


@pytest.fixture(scope="module")
def usecases() -> UseCases:
    return memory_usecases()


@pytest.fixture(scope="module")
def known(usecases: UseCases) -> dict[str, str]:
    """Ids of things that are there, by what addresses call them."""
    incident = usecases.incidents.open("Checkout is down since 10:42")
    message = usecases.messaging.record("I will write by 11:10 UTC.", audience="team", tz="UTC", incident_id=incident.id)
    point = usecases.narrating.state(incident.id, "claim", "Payments charged twice", kind="number", value="4,212 payments")
    cited = usecases.narrating.cite(incident.id, point.item, "message", ref=message.id)
    usecases.versions.open(incident.id, "team")
    withheld = usecases.versions.redact(incident.id, point.item, "partner", "legal", "the regulator hears it first")
    drafted = ModelDraft(
        "0" * 25 + "D", incident.id, "version", "team", "double-7b", "0" * 64, usecases.clock.now(), "local", kept(_JUDGED)
    )
    with usecases.store.writing() as connection:
        add_draft(connection, drafted, salt="pepper")
    over = usecases.incidents.open("Search was slow on Monday").id
    usecases.incidents.change_status(over, "monitoring", reason="it is fast again")
    own = Answers(
        "Ana", "head of the warehouse", "customer", "furious-customer", "email", "status-update", "Twelve pallets went to Bergen."
    )
    return {
        "session_id": usecases.practising.begin("local", "charged-twice").id,
        "own_id": usecases.practising.keep_own("local", own).id,
        "draft_id": drafted.id,
        "incident_id": incident.id,
        "item_id": point.item,
        "citation_id": cited.evidence[0].id,
        "redaction_id": withheld.id,
        "audience": "team",
        "message_id": message.id,
        "promise_id": usecases.promising.of_message(message.id)[0].promise.id,
        "action_id": usecases.acting.propose(incident.id, "Refuse pools that are too large", kind="limit").item.id,
        "document_id": usecases.documents.new(incident.id, "Call at 11:00", text="who, when").head.id,
        "part_id": usecases.involving.add_stakeholder(incident.id, "Finance").id,
        "wave_id": usecases.pulses.open(over, "baseline", {"team": 5}).wave.id,
        "run_id": usecases.playbooks.start(incident.id, "own-a-mistake-first-hour", lead="Jo").run.id,
        "playbook_id": "repair-trust",
        "form": "status-update",
        "which": "month",
        "rule_id": "vague-time",
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_every_address_answers_as_it_is_described(usecases: UseCases, known: dict[str, str], mode: GenerationMode) -> None:
    asked = 0
    for operation in _operations(usecases):
        if (operation.method.upper(), operation.path) == FIRST_ACCOUNT:
            continue
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
            continue
        asked += 1
        _ask(operation, mode, known)
    assert asked > 60
    assert usecases.journal.verify() == []


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_the_address_that_makes_the_first_account_answers_as_it_is_described(mode: GenerationMode) -> None:
    (operation,) = (one for one in _operations(memory_usecases()) if (one.method.upper(), one.path) == FIRST_ACCOUNT)
    _ask(operation, mode, {})


def _operations(usecases: UseCases) -> Iterator[Any]:
    api = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(usecases))
    return (result.ok() for result in api.get_all_operations())


def _ask(operation: Any, mode: GenerationMode, known: dict[str, str]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)  # about what is not there
        there = {name: known[name] for name in case.path_parameters or {} if name in known}
        if there:
            case.path_parameters.update(there)
            case.call_and_validate(checks=CHECKS)

    holds()
