"""A bundle of evidence: made of what is here, the same for the same content, and checked by anybody who has the file."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError, NotFoundError
from amends.integrations.export import signing
from amends.integrations.export.tree import ZipTree
from amends.testing import CountingIds, FixedClock
from amends.usecases.bundling import verify
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from usecases.whole_story import LOG, Teller

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amends.store.engine import Store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(store: Store, clock: FixedClock, tmp_path: Path) -> UseCases:
    return UseCases(Checking, lambda: store, clock, CountingIds(), home=lambda: str(tmp_path / "home"))


@pytest.fixture
def incident(usecases: UseCases, clock: FixedClock) -> str:
    return Teller(usecases, clock, 1).tell()


def _bundle(usecases: UseCases, incident: str, path: Path, **how: bool) -> Path:
    with ZipTree(str(path)) as tree:
        usecases.bundling.write(incident, tree, **how)
    return path


def _changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return other


def test_a_bundle_holds_the_account_the_timeline_the_sources_and_the_journal(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    path = _bundle(usecases, incident, tmp_path / "x.zip")
    told = verify(str(path))
    assert told.problems == ()
    assert told.rows > 20
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        (source,) = [name for name in names if name.startswith("sources/")]
        assert file.read(source) == LOG
        rows = [json.loads(line) for line in file.read("timeline.jsonl").splitlines()]
        assert any(row.get("hidden") for row in rows), "what people hid is in the evidence all the same"
        assert all({"id", "time", "source", "sha256", "offset", "length", "text"} <= set(row) for row in rows)
    assert names == [*sorted(names[:-2]), "SHA256SUMS", "SHA256SUMS.sig"]


def test_the_same_content_is_the_same_bundle(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    one, two = (_bundle(usecases, incident, tmp_path / name).read_bytes() for name in ("one.zip", "two.zip"))
    assert one == two


def test_the_key_is_made_once_and_nobody_else_can_read_it(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    first = verify(str(_bundle(usecases, incident, tmp_path / "one.zip"))).fingerprint
    assert first == verify(str(_bundle(usecases, incident, tmp_path / "two.zip")), key=first).fingerprint
    key = tmp_path / "home" / signing.FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir() if path.name.endswith(".new")] == []


def test_other_tools_can_check_the_signature_and_the_hashes(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with zipfile.ZipFile(_bundle(usecases, incident, tmp_path / "x.zip")) as file:
        file.extractall(tmp_path / "x")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path / "x", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
    key = load_pem_public_key((tmp_path / "x" / "signing-key.pub").read_bytes())
    key.verify((tmp_path / "x" / "SHA256SUMS.sig").read_bytes(), (tmp_path / "x" / "SHA256SUMS").read_bytes())


def _alter(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        found = next(one for one in members if one.startswith(name))
        members[found] = members[found] + b"\nand more"

    return change


def _forge(members: dict[str, bytes]) -> None:
    """What somebody without the key would do: change a file, and the list of hashes with it."""
    from hashlib import sha256

    members["account/incident.md"] = b"It was Bob."
    sums = [line for line in members["SHA256SUMS"].decode().splitlines() if "account/incident.md" not in line]
    members["SHA256SUMS"] = "\n".join([*sums, f"{sha256(b'It was Bob.').hexdigest()}  account/incident.md", ""]).encode()


def _forge_journal(members: dict[str, bytes]) -> None:
    lines = members["journal.jsonl"].splitlines()
    row = json.loads(lines[0])
    lines[0] = json.dumps(row | {"actor": "bob"}).encode()
    members["journal.jsonl"] = b"\n".join(lines) + b"\n"


def _swap_journal(members: dict[str, bytes]) -> None:
    lines = members["journal.jsonl"].splitlines()
    members["journal.jsonl"] = b"\n".join([lines[1], lines[0], *lines[2:]]) + b"\n"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (_alter("sources/"), {"file-altered"}),
        (_alter("timeline.jsonl"), {"file-altered"}),
        (lambda members: members.pop("bundle.json") and members.update({"bundle.json": b"{}"}), {"file-altered"}),
        (lambda members: members.pop("account/incident.md"), {"file-missing"}),
        (lambda members: members.update({"account/more.md": b"x"}), {"file-unlisted"}),
        (_forge, {"signature-wrong"}),
        (_alter("SHA256SUMS.sig"), {"signature-wrong"}),
        (_forge_journal, {"file-altered", "journal-altered"}),
        (_swap_journal, {"file-altered", "journal-altered"}),
        (lambda members: members.update({"journal.jsonl": b"[]\n{\n"}), {"file-altered", "journal-broken"}),
    ],
)
def test_whatever_is_changed_is_told_by_name(
    change: Callable[[dict[str, bytes]], None], codes: set[str], usecases: UseCases, incident: str, tmp_path: Path
) -> None:
    told = verify(str(_changed(_bundle(usecases, incident, tmp_path / "x.zip"), change)))
    assert {one.code for one in told.problems} == codes
    assert all(one.path and one.hint for one in told.problems)


def test_a_bundle_of_another_key_is_told_apart(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    path = _bundle(usecases, incident, tmp_path / "x.zip")
    assert [one.code for one in verify(str(path), key="0" * 64).problems] == ["key-other"]
    (tmp_path / "home" / signing.FILE).unlink()
    other = verify(str(_bundle(usecases, incident, tmp_path / "y.zip"))).fingerprint
    assert other != verify(str(path)).fingerprint


def test_what_is_no_bundle_and_a_key_of_another_kind_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr("a", "b")
    with pytest.raises(InputError, match="no bundle"):
        verify(str(tmp_path / "x.zip"))
    with pytest.raises(InputError, match="no public key"):
        signing.fingerprint(base64.b64encode(b"x"))
    (tmp_path / signing.FILE).write_text("not a key")
    with pytest.raises(InputError, match="cannot be read"):
        signing.Signer(str(tmp_path))


def test_sources_named_by_path_come_along_only_when_asked_and_unchanged(usecases: UseCases, tmp_path: Path) -> None:
    own = usecases.incidents.open("Checkout is down").id
    log = tmp_path / "named.log"
    log.write_bytes(LOG)
    usecases.gathering.add_path(own, str(log))
    with ZipTree(str(tmp_path / "without.zip")) as tree:
        told = usecases.bundling.write(own, tree)
    assert (told.sources, [one.code for one in told.problems]) == (0, ["source-left-out"])
    with ZipTree(str(tmp_path / "with.zip")) as tree:
        assert usecases.bundling.write(own, tree, include_sources=True).sources == 1
    log.write_bytes(LOG + b"more")
    with ZipTree(str(tmp_path / "changed.zip")) as tree:
        told = usecases.bundling.write(own, tree, include_sources=True)
    assert told.sources == 0
    assert "changed after it was added" in told.problems[0].message


def test_a_private_incident_is_bundled_for_the_invited_only(usecases: UseCases, clock: FixedClock, tmp_path: Path) -> None:
    own = Teller(usecases, clock, 2, by="ada").tell(private=True)
    with pytest.raises(NotFoundError), ZipTree(str(tmp_path / "no.zip")) as tree:
        usecases.bundling.write(own, tree, by="bo")
    assert not (tmp_path / "no.zip").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if ".new" in path.name) == []


def test_the_bundle_of_an_imported_incident_holds_the_chain_of_this_store(usecases: UseCases, incident: str, tmp_path: Path) -> None:
    from amends.integrations.export.tree import FolderTree

    with FolderTree(str(tmp_path / "out")) as tree:
        usecases.exporting.incident(incident, tree)
    copy = usecases.importing.folder(str(tmp_path / "out")).incidents[0]
    path = _bundle(usecases, copy, tmp_path / "copy.zip")
    assert verify(str(path)).problems == ()
    with zipfile.ZipFile(path) as file:
        rows = [json.loads(line) for line in file.read("journal.jsonl").splitlines()]
    assert rows[-1]["what"] == "incident.imported"
    assert all("imported" in json.loads(row["data"]) for row in rows[:-1])


LARGE = """
import resource, sys
from amends.integrations.export.tree import ZipTree, blocks
with open(sys.argv[1], "rb") as file, ZipTree(sys.argv[2]) as tree:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tree.write("sources/large.gz", blocks(file))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_source_passes_through_without_sitting_in_memory(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(300_000_000)
    done = subprocess.run([sys.executable, "-c", LARGE, str(large), str(tmp_path / "x.zip")], capture_output=True, check=True)
    assert int(done.stdout) < 20_000, "kilobytes that the process grew by"
    assert os.path.getsize(tmp_path / "x.zip") > 300_000_000
