"""Taking along and bringing in, by terminal, browser and API: the same files, safe names, and errors that say where."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from amends import wiring
from amends.interfaces.api.exports_describe import FORMS, IMPORTED, PAPERS, TAKEN, TOOLS
from amends.testing import FixedClock, memory_store
from amends.usecases import downloads, exporting
from amends.usecases.adopting import TOOLS as KNOWN_TOOLS
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from interfaces.serving import application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOSTILE = 'Zahlung "kaputt"; filename="evil.sh" \\ ../../etc — お詫び'
PAGE = {
    "page": {"id": "pg1"},
    "incidents": [
        {
            "id": "i1",
            "name": "Checkout refuses cards",
            "status": "resolved",
            "impact": "major",
            "created_at": "2026-03-01T10:00:00Z",
            "incident_updates": [],
        },
        {"id": "i2", "name": "Odd", "status": "resolved", "impact": "spicy", "created_at": "2026-03-01T10:00:00Z", "incident_updates": []},
    ],
}


@pytest.fixture
def usecases(clock: FixedClock, tmp_path: Path) -> Iterator[UseCases]:
    made = UseCases(Checking, memory_store, clock, wiring.ids(), home=lambda: str(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def client(usecases: UseCases) -> Iterator[TestClient]:
    app = application(usecases)
    with TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def incident(usecases: UseCases) -> str:
    own = usecases.incidents.open(HOSTILE, severity="SEV2").id
    usecases.documents.new(own, "What we learnt", kind="review", text="# What we learnt\n\nAlerts come first.\n")
    usecases.messaging.record("A deploy broke checkout. Next update in 30 min.", incident_id=own, audience="team")
    return own


def test_what_the_api_describes_is_what_there_is() -> None:
    assert FORMS == downloads.FORMS
    assert PAPERS == exporting.PAPERS
    assert TOOLS[1:] == KNOWN_TOOLS


# Over HTTP


@pytest.mark.parametrize("form", FORMS)
def test_an_incident_is_one_file_with_a_name_that_is_safe_everywhere(form: str, client: TestClient, incident: str) -> None:
    answer = client.get(f"/api/v1/incidents/{incident}/export", params={"format": form})
    assert answer.status_code == 200
    told = answer.headers["content-disposition"]
    kind, _, ending = told.removeprefix('attachment; filename="').removesuffix('"').partition("-zahlung-kaputt-filename-evil-sh-etc-")
    assert kind in ("incident", "bundle", "account")
    assert ending.partition(".")[2] in ("zip", "md", "pdf", "docx")
    assert told.isascii()
    assert not {"\r", "\n", "/", "\\"} & set(told)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("title", ['a"\\', "x" * 200, "...", "お詫び", "CON", "a/../b", "<script>", "a;b=c", "%0d%0aSet-Cookie: a=b"])
def test_no_title_gets_into_a_header(title: str, client: TestClient, usecases: UseCases) -> None:
    own = usecases.incidents.open(title).id
    answer = client.get(f"/incidents/{own}/export/account.markdown")
    assert answer.status_code == 200
    name = answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert name.replace("-", "").replace(".", "").isalnum()
    assert len(name) < 100
    assert "set-cookie" not in answer.headers


def test_documents_have_the_zone_of_the_reader(client: TestClient, incident: str) -> None:
    asked = {"format": "markdown", "tz": "Europe/Berlin"}
    assert " CET" in client.get(f"/api/v1/incidents/{incident}/export", params=asked).text
    client.cookies.set("amends-zone", "Asia/Tokyo")
    assert " JST" in client.get(f"/incidents/{incident}/export/account.markdown").text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"format": "rtf"}, 422),
        ({"format": "pdf", "what": "gossip"}, 422),
        ({"tz": "Mars/Base"}, 422),
        ({"format": "pdf", "what": "note"}, 404),
    ],
)
def test_what_cannot_be_exported_is_a_problem_with_its_status(
    asked: dict[str, str], status: int, client: TestClient, incident: str
) -> None:
    answer = client.get(f"/api/v1/incidents/{incident}/export", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_private_incident_is_not_there_for_others(client: TestClient, usecases: UseCases) -> None:
    own = usecases.incidents.open("Private", private=True, by="ada").id
    for path in (
        f"/api/v1/incidents/{own}/export",
        f"/incidents/{own}/export",
        f"/incidents/{own}/export/folder.zip",
        f"/incidents/{own}/export/bundle.zip",
    ):
        assert client.get(path).status_code == 404
    with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/export").content)) as file:
        assert not any(own in name for name in file.namelist())


def test_a_folder_that_left_over_http_comes_back_over_http(client: TestClient, incident: str, tmp_path: Path) -> None:
    zipped = client.get(f"/api/v1/incidents/{incident}/export").content
    other = UseCases(Checking, memory_store, FixedClock(), wiring.ids(), home=lambda: str(tmp_path / "other"))
    with TestClient(application(other), base_url="http://localhost") as there:
        dry = there.post("/api/v1/import/folder", params={"dry_run": "yes"}, content=zipped)
        assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
        answer = there.post("/api/v1/import/folder", content=zipped)
        assert answer.status_code == 200
        jsonschema_rs.validate(IMPORTED, answer.json())
        assert answer.json()["incidents"] == [incident]
        assert there.get(f"/api/v1/incidents/{incident}/export").content == zipped
    other.close()


def test_another_tools_file_is_taken_over_and_odd_rows_are_told(client: TestClient) -> None:
    answer = client.post("/api/v1/import/statuspage", content=json.dumps(PAGE))
    assert answer.status_code == 200
    told = answer.json()
    jsonschema_rs.validate(TAKEN, told)
    assert (told["made"], told["refused"], told["problems"][0]["field"]) == ({"incidents": 1}, 1, "$.incidents[1].severity")
    assert client.post("/api/v1/import/statuspage", content=json.dumps(PAGE)).json()["made"] == {}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("sharepoint", b"{}", 422),
        ("folder", b"", 422),
        ("folder", b"no zip", 400),
        ("statuspage", b"{", 400),
        ("jira?incident=00000000000000000000000000", b'{"issues": []}', 404),
        ("dispatch", b"uuid,started_at,description\n1,2026-03-01T10:00:00Z,x\n", 422),
        ("statuspage?dry_run=perhaps", b"{}", 422),
    ],
)
def test_an_import_that_cannot_be_is_refused_and_names_no_file_of_the_server(
    path: str, body: bytes, status: int, client: TestClient
) -> None:
    answer = client.post(f"/api/v1/import/{path}", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "/tmp" not in answer.text


def test_the_page_links_what_is_there_and_names_what_nobody_wrote(client: TestClient, incident: str) -> None:
    page = client.get(f"/incidents/{incident}/export")
    assert page.status_code == 200
    assert f'href="/incidents/{incident}/export/review.pdf"' in page.text
    assert f'href="/incidents/{incident}/export/note.pdf"' not in page.text
    for name in ("folder.zip", "bundle.zip", "account.docx", "timeline.pdf"):
        assert f"/export/{name}" in page.text
        assert client.get(f"/incidents/{incident}/export/{name}").status_code == 200
    assert client.get(f"/incidents/{incident}/export/secrets.zip").status_code == 404
    assert client.get("/export/workspace.zip").status_code == 200


# In the terminal


@pytest.fixture
def amends(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AMENDS_DATABASE_URL", "")
    monkeypatch.delenv("AMENDS_DATABASE_URL")
    (tmp_path / "m.md").write_text("A deploy broke checkout. Next update in 30 min.\n")
    assert run("promises", "record", "m.md", "--new-incident", "Checkout refuses cards", "--form", "follow-up-note").status == 0
    return run


def _id(amends: Callable[..., Any]) -> str:
    answer = json.loads(amends("promises", "list", "--format", "json").out)
    return str(answer["promises"][0]["incident"])


def test_an_incident_leaves_and_comes_back_in_the_terminal(
    amends: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = _id(amends)
    gone = amends("export", "incident", own[-6:], "-o", "out")
    assert (gone.status, gone.err) == (0, "")
    assert gone.out.startswith("out: 1 incident, ")
    assert (tmp_path / "out" / "incident.md").read_text().startswith("# Checkout refuses cards\n")
    assert amends("export", "workspace", "-o", "all.zip").status == 0
    assert amends("export", "mine", "-o", "mine").status == 0
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "other"))
    dry = amends("import", "folder", "all.zip", "--dry-run")
    assert dry.out.startswith("would bring in 1 incident")
    back = amends("import", "folder", "out", "--format", "json")
    assert back.status == 0
    jsonschema_rs.validate(IMPORTED, json.loads(back.out))
    again = amends("import", "folder", "out")
    assert "ids were taken here" in again.out


def test_a_folder_that_was_changed_is_refused_with_file_and_line(amends: Callable[..., Any], tmp_path: Path) -> None:
    amends("export", "incident", _id(amends), "-o", "out")
    path = tmp_path / "out" / "data" / "promise.json"
    path.write_text(path.read_text().replace("Next update", "No update"))
    ran = amends("import", "folder", "out")
    assert (ran.status, ran.out) == (2, "")
    assert "out/data/promise.json" in ran.err


def test_a_bundle_is_made_and_checked_in_the_terminal(amends: Callable[..., Any], tmp_path: Path) -> None:
    made = json.loads(amends("export", "bundle", _id(amends), "-o", "x.zip", "--format", "json").out)
    good = amends("export", "verify", "x.zip", "--key", made["key"])
    assert (good.status, good.err) == (0, "")
    assert f"signed by {made['key']}" in good.out
    with zipfile.ZipFile(tmp_path / "x.zip", "a") as file:
        file.writestr("more.txt", "x")
    bad = amends("export", "verify", "x.zip", "--format", "json")
    assert (bad.status, json.loads(bad.out)["problems"][0]["code"]) == (1, "file-unlisted")
    assert amends("export", "verify", "nothing.zip").status == 2


def test_documents_are_written_in_the_format_of_their_name(amends: Callable[..., Any], tmp_path: Path) -> None:
    own = _id(amends)
    for name, begins in (("note.pdf", b"%PDF-"), ("note.docx", b"PK"), ("note.md", b"# Follow-up note")):
        assert amends("export", "note", own, "-o", name).status == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert amends("export", "account", own).out.startswith("# Checkout refuses cards")
    assert amends("export", "timeline", own, "--as-format", "markdown").status == 0
    assert amends("export", "note", own, "-o", "note.rtf").status == 2
    refused = amends("export", "review", own)
    assert (refused.status, "there is no review" in refused.err) == (2, True)


def test_odd_rows_of_other_tools_are_named_counted_and_end_with_status_2(amends: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "incidents.json").write_text(json.dumps(PAGE))
    dry = amends("import", "statuspage", "incidents.json", "--dry-run")
    assert (dry.status, dry.out) == (2, "would make 1 incident; 1 row refused\n")
    assert "incidents.json:$.incidents[1].severity: the severity 'spicy'" in dry.err
    assert amends("import", "statuspage", "incidents.json").out.startswith("made 1 incident;")
    told = json.loads(amends("import", "statuspage", "-", "--format", "json", stdin=json.dumps(PAGE)).out)
    jsonschema_rs.validate(TAKEN, told)
    assert (told["made"], told["known"]) == ({}, {"incidents": 1})
    assert amends("import", "jira", "missing.json").status == 2
