"""Timelines over HTTP: what they answer and refuse, and that every answer is as it is described."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from amends.interfaces.api import examples
from amends.interfaces.api.timelines import ACTS, as_dict, entry_as_dict
from amends.testing import memory_usecases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


LOG = """2026-03-04T10:40:00Z INFO checkout v214 is live
2026-03-04T10:42:07Z ERROR card service does not answer
2026-03-04T10:45:00Z WARN queue is long
"""


class Served:
    """A client, the use cases behind it, and one incident whose log was read."""

    def __init__(self, folder: Path) -> None:
        self.usecases = memory_usecases()
        self.client = TestClient(application(self.usecases), raise_server_exceptions=False)
        self.incident = self.usecases.incidents.open("Saved cards are rejected").id
        self.log = folder / "app.log"
        self.log.write_text(LOG)
        self.usecases.gathering.add_path(self.incident, str(self.log))
        assert self.usecases.gathering.read(self.incident).state == "done"
        self.entry = next(one.id for one in self.usecases.timelines.get(self.incident).entries if "card service" in str(one.row["text"]))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/incidents/{self.incident}{path}", params=query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api/v1/incidents/{self.incident}{path}", json=body)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    assert served.usecases.journal.verify() == []
    served.usecases.close()


def problem(answer: Any, status: int, field: str | None = None) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().get("field") == field
    return str(answer.json()["detail"])


def until_over(api: Served) -> dict[str, Any]:
    for _ in range(1000):
        told: dict[str, Any] = api.get("/timeline").json()
        if told["reading"]["state"] not in ("running", "stopping"):
            return told
        time.sleep(0.01)
    raise AssertionError("the reading does not end")


def test_a_timeline_is_told_with_its_evidence_its_reading_and_its_entries(api: Served) -> None:
    told = api.get("/timeline").json()
    assert told == as_dict(api.usecases.timelines.get(api.incident))
    assert (told["version"], told["versions"], told["reading"]["state"]) == (1, [1], "done")
    assert [(one["name"], one["path"], one["size"], one["read"]) for one in told["evidence"]] == [("app.log", str(api.log), len(LOG), True)]
    entry = next(one for one in told["entries"] if one["id"] == api.entry)
    assert (entry["source"], entry["line"], entry["level"], entry["pinned"], entry["notes"]) == ("app.log", 2, "error", False, [])
    assert problem(api.get("/timeline", version="0"), 422, "version").startswith("version: expected a whole number")
    problem(api.get("/timeline", version="7"), 404)


def test_evidence_is_added_read_left_out_and_taken_in_again(api: Served, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.log").write_text("2026-03-04T10:41:00Z ERROR queue is full\n")
    made = api.post("/evidence", {"path": str(tmp_path / "more")})
    assert made.status_code == 201
    assert [one["read"] for one in made.json()["evidence"]] == [True, False]
    begun = api.post("/timeline/read", {"tz": "Europe/London"})
    assert begun.status_code == 202
    told = until_over(api)
    assert (told["reading"]["state"], told["version"]) == ("done", 2)
    assert any("queue is full" in one["text"] for one in told["entries"])
    name = told["evidence"][0]["id"]
    assert len(api.post(f"/evidence/{name}/remove").json()["evidence"]) == 1
    assert len(api.post(f"/evidence/{name}/restore").json()["evidence"]) == 2
    assert "no file or folder" in problem(api.post("/evidence", {"path": "/nowhere"}), 422, "$.path")
    assert "unknown time zone" in problem(api.post("/timeline/read", {"tz": "Mars"}), 422, "$.tz")
    problem(api.post("/evidence/0/remove"), 404)
    assert api.post("/timeline/stop").json()["reading"]["state"] == "done", "nothing was under way"


def test_every_note_gives_the_entry_as_it_stands(api: Served) -> None:
    here = f"/timeline/entries/{api.entry}"
    assert api.post(f"{here}/pin").json()["pinned"]
    assert not api.post(f"{here}/unpin", {}).json()["pinned"]
    assert api.post(f"{here}/hide").json()["hidden"]
    assert not api.post(f"{here}/show").json()["hidden"]
    assert api.post(f"{here}/comment", {"text": "Kim saw it."}).json()["notes"][-1]["text"] == "Kim saw it."
    told = api.post(f"{here}/correct", {"time": "2026-03-04T11:38:07+01:00", "why": "that clock is fast"}).json()
    assert (told["time"], told["corrected_time"]) == ("2026-03-04T10:42:07.000000Z", "2026-03-04T10:38:07+00:00")
    assert [note["what"] for note in told["notes"]] == ["pinned", "unpinned", "hidden", "shown", "commented", "corrected"]
    assert told == entry_as_dict(api.usecases.timelines.entry(api.incident, api.entry))
    back = api.post(f"/timeline/notes/{told['notes'][-1]['id']}/withdraw").json()
    assert back["corrected_time"] is None
    problem(api.post(f"/timeline/notes/{told['notes'][-1]['id']}/withdraw"), 409)


def test_what_no_log_knows_is_added(api: Served) -> None:
    made = api.post("/timeline/entries", {"time": "2026-03-04T10:43:30Z", "text": "Kim called the shop.", "actor": "Kim"})
    assert made.status_code == 201
    assert (made.json()["text"], made.json()["actor"], made.json()["sha256"]) == ("Kim called the shop.", "Kim", "")
    assert [one["id"] for one in api.get("/timeline").json()["entries"]][1] in (made.json()["id"], api.entry)
    assert "still to come" in problem(api.post("/timeline/entries", {"time": "2031-03-04T10:43:30Z", "text": "x"}), 422, "$.time")
    assert "no offset" in problem(api.post("/timeline/entries", {"time": "2026-03-04T10:43:30", "text": "x"}), 422, "$.time")


def test_the_bytes_behind_an_entry_or_why_there_are_none(api: Served) -> None:
    found = api.get(f"/timeline/entries/{api.entry}/bytes").json()
    lines = LOG.splitlines()
    assert (found["before"], found["text"], found["after"]) == tuple(lines)
    api.log.write_text("something else\n")
    assert "app.log has changed" in problem(api.get(f"/timeline/entries/{api.entry}/bytes"), 404)


@pytest.mark.parametrize("path", ["/timeline", "/timeline/entries/x/bytes"])
def test_an_incident_that_is_not_there_is_not_found(api: Served, path: str) -> None:
    api.incident = "0NOWHERE"
    assert "no incident" in problem(api.get(path), 404)


@pytest.mark.parametrize(("name", "example"), [(name, key) for name, given in examples.TIMELINE_REQUESTS.items() for key in given])
def test_every_example_is_taken(api: Served, name: str, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = examples.TIMELINE_REQUESTS[name][example]["value"]
    monkeypatch.setattr("os.path.exists", lambda _: True)
    monkeypatch.setattr("os.path.isfile", lambda _: False)
    path = {"EvidenceRequest": "/evidence", "ReadRequest": "/timeline/read", "EntryRequest": "/timeline/entries"}.get(name)
    acts = {kind.__name__: act for act, kind, _ in ACTS}
    answer = api.post(path or f"/timeline/entries/{api.entry}/{acts[name]}", body)
    assert answer.status_code in (200, 201, 202), answer.text
    until_over(api)


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(tmp_path_factory.mktemp("evidence"))


ADDRESSES = [
    ("GET", ""), ("GET", "/entries/{entry_id}/bytes"), ("POST", "/stop"), ("POST", "/entries"),
    *(("POST", f"/entries/{{entry_id}}/{act}") for act, _, _ in ACTS),
]  # fmt: skip


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("verb", "path"), ADDRESSES)
def test_every_answer_is_as_described(person: Served, verb: str, path: str, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(person.usecases))
    operation = described[f"/incidents/{{incident_id}}/timeline{path}"][verb]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.path_parameters["incident_id"] = person.incident
        if "entry_id" in case.path_parameters:
            case.path_parameters["entry_id"] = person.entry
        checks = [
            not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, negative_data_rejection,
        ]  # fmt: skip
        case.call_and_validate(checks=checks)

    holds()
    assert person.usecases.journal.verify() == []
