"""What pages load: vendored files that nobody changed by hand, kept for ever under a name made from them, small enough for a phone."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import NotFoundError
from amends.interfaces.web.assets import Assets
from house.laws import HOSTS, ROOT
from interfaces.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

STATIC = ROOT / "src/amends/interfaces/web/static"
VENDORED = [STATIC / "vendor", ROOT / "tests/e2e/vendor"]
HEAVIEST_PAGE = 150_000
"""Bytes on the wire at the first visit of any page."""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as made:
        yield made


@pytest.mark.parametrize("folder", VENDORED, ids=["pages", "tests"])
def test_vendored_files_are_the_built_ones_and_carry_their_licences(folder: Path) -> None:
    told = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "SHA256SUMS"}

    assert found == told
    for script in folder.glob("*.js"):
        licence = (folder / f"LICENSE.{script.stem}.txt").read_text()
        assert "Permission" in licence or "Mozilla Public License" in licence


def test_everything_that_is_bundled_is_pinned_to_a_version() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())

    for name, version in package["devDependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    licences = (STATIC / "vendor/LICENSE.codemirror.txt").read_text()
    for name in ("@codemirror/view", "@codemirror/state", "@codemirror/commands"):
        assert f"{name} {package['devDependencies'][name]} (MIT)" in licences


def test_the_lock_of_the_front_end_names_no_place_to_download_from() -> None:
    text = (ROOT / "frontend/package-lock.json").read_text()

    assert '"resolved"' not in text
    assert not [host for host in HOSTS if host in text]


def test_scripts_and_styles_load_nothing_from_elsewhere() -> None:
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        assert not re.findall(r"""(?:from|import|url\(|fetch\()\s*["'(]*(?:https?:)?//""", path.read_text()), path.name


def test_files_are_kept_for_ever_under_their_own_name(client: TestClient) -> None:
    url = Assets().url("amends.css")

    answer = client.get(url)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == (STATIC / "amends.css").read_bytes()


def test_the_first_page_brings_the_style_sheet_along_and_later_ones_name_it(client: TestClient) -> None:
    client.cookies.clear()
    first, later = client.get("/"), client.get("/")
    (nonce,) = re.findall(r'<style nonce="(\w+)">', first.text)

    assert (STATIC / "amends.css").read_text() in first.text
    assert f"'nonce-{nonce}'" in first.headers["content-security-policy"]
    assert "<style" not in later.text
    assert f'<link rel="stylesheet" href="{Assets().url("amends.css")}">' in later.text


def test_a_browser_that_has_the_style_sheet_of_yesterday_gets_the_one_of_today(client: TestClient) -> None:
    client.cookies.clear()
    client.cookies.set("amends-style", "0123456789abcdef")

    assert "<style nonce=" in client.get("/").text


def test_a_browser_that_cannot_unpack_gets_the_file_as_it_is(client: TestClient) -> None:
    answer = client.get(Assets().url("theme.js"), headers={"accept-encoding": "identity"})

    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.content == (STATIC / "theme.js").read_bytes()


def test_a_page_of_yesterday_still_gets_its_files_but_may_not_keep_them(client: TestClient) -> None:
    assert client.get("/static/0123456789abcdef/amends.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "../app.py", "..%2fapp.py", "vendor/SHA256SUMS"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{Assets().version}/{name}").status_code == 404


def test_the_name_changes_when_any_file_does(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = Assets(str(tmp_path)).url("a.js")
    (tmp_path / "b.js").write_text("2")

    assert Assets(str(tmp_path)).url("a.js") != before
    with pytest.raises(NotFoundError):
        Assets(str(tmp_path)).url("c.js")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/write", "/write?start=example", "/incidents", "/search", "/drafts", "/promises", "/promises/absence", "/actions",
        "/settings", "/timelines", "/rules", "/forms", "/forms/first-message", "/compare",
    ],
)  # fmt: skip
def test_no_page_is_heavier_than_a_phone_on_a_train_can_take(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assets = Assets()
    names = set(re.findall(rf"/static/{assets.version}/([\w./-]+)", answer.text))

    weight = int(answer.headers["content-length"]) + sum(len(assets.packed(name)) for name in names)

    assert "amends.css" in names
    assert weight <= HEAVIEST_PAGE, f"{path} weighs {weight:,} bytes"


def test_the_pages_of_an_incident_are_no_heavier(client: TestClient) -> None:
    for number in range(60):
        answer = client.post("/incidents", data={"title": f"The login fails for the {number}th time"})
        assert answer.status_code == 303
    listed = client.get("/incidents").text
    found = re.search(r'href="(/incidents/[0-9A-Z]{26})"', listed)
    assert found
    for number in range(120):
        client.post(f"{found[1]}/comments", data={"text": f"Comment {number}: " + "words and words " * 20})

    for path in ("/incidents", found[1], f"{found[1]}/meeting", "/"):
        answer = client.get(path)
        names = set(re.findall(rf"/static/{Assets().version}/([\w./-]+)", answer.text))
        weight = int(answer.headers["content-length"]) + sum(len(Assets().packed(name)) for name in names)
        assert weight <= HEAVIEST_PAGE, f"{path} weighs {weight:,} bytes"


def test_every_script_that_the_compose_page_imports_is_announced_in_its_head(client: TestClient) -> None:
    page = client.get("/write").text
    loaded = re.findall(r'<script type="module" src="/static/[0-9a-f]+/([\w./-]+)"', page)
    imported: set[str] = set()
    while loaded:
        found = set(re.findall(r'from "\./([\w./-]+)"', (STATIC / loaded.pop()).read_text())) - imported
        imported |= found
        loaded += found

    assert "remarks.js" in imported
    assert imported <= set(re.findall(r"/static/[0-9a-f]+/([\w./-]+)", page))
